"""Reading cells: each kind of field has its own way, and refuses by name what it cannot be."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from crm_tui.errors import Problem
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.gate.phones import e164, with_zero
from crm_tui.shop.imports import guessed_amounts, numbers
from crm_tui.shop.imports.errors import (
    CellDate,
    CellError,
    CellLogical,
    CellShortened,
    FileUncalculated,
    RowCodeBad,
    RowLetters,
    RowMinusBehind,
    RowNumberBad,
    RowPhoneBad,
    RowTextLong,
)
from crm_tui.shop.imports.questions import Asks
from crm_tui.text import thousands

EMPTY = frozenset(
    {"", "-", "--", "–", "—", "#n/a", "n/a", "null", "(null)", "#n/a!", "nan", "none"}
)
"""What stands for nothing."""
_ERRORS = re.compile(r"#(?:REF|VALUE|DIV/0|NAME|NULL|NUM|SPILL|CALC|GETTING_DATA)[!?]?", re.I)
_LOGICAL = frozenset({"true", "false", "benar", "salah"})
_MADE_DATE = re.compile(
    r"\d{1,2}[-/ ](?:jan|feb|mar|apr|mei|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)[a-z]*"
    r"(?:[-/ ]\d{2,4})?"
    r"|\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d(?: 00:00:00)?",
    re.I,
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r"'(?=[=+\-@0-9'])")
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
"""How programs keep a spreadsheet from taking a code for a number: ="0012"."""
_ENTITY = re.compile(r"&(?:amp|quot|apos|lt|gt|nbsp|#0?39|#34);", re.I)
_MISREAD = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u2122]|\u00e2[\u20ac\u201a\u2030]")
_DIGITS_KEPT = 10**15
"""Of longer numbers a spreadsheet has put zeros for the last digits."""
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+")
"""What a spreadsheet that parts thousands makes of a barcode."""
_DECIMAL = re.compile(r"\d+\.0")
"""What a program makes of a code that it takes for a number."""
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


class Hollow:
    """A formula whose value is not stored in the file."""


HOLLOW = Hollow()


class ThreeDecimals(float):
    """A number of a workbook that is shown with three decimals, as an amount in thousands is: whoever
    types 85.000 into a spreadsheet that takes the dot for a fraction sees 85.000 there."""


def plain(value: object) -> str:
    """A cell as text on one line: without line breaks, unseen characters and the apostrophe with which
    spreadsheets mark text."""
    if not isinstance(value, str):
        return "" if value is None else _text_of(value)
    if value.isascii() and value.isprintable():
        text = value
        if "_x" in text:
            text = _ESCAPED.sub(_unescaped, text)
    else:
        text = _ESCAPED.sub(_unescaped, unicodedata.normalize("NFC", _decoded(value)))
        text = "".join(
            " " if unicodedata.category(each) in ("Zs", "Zl", "Zp") else each
            for each in text if unicodedata.category(each) != "Cf"
        )  # fmt: skip
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text).replace("\xa0", " ")
    if text[:2] == '="' and (match := _FORMULA_TEXT.fullmatch(text)):
        text = match[1]
    if text[:1] == "'" or "  " in text or text != text.strip() or not text.isprintable():
        text = _QUOTED.sub("", _BLANKS.sub(" ", text).strip(), 1)
    return text


def digits_of(barcode: str) -> str:
    """A barcode without the signs between its thousands: "8.991.102.123.456"."""
    match = _GROUPED.fullmatch(barcode)
    return barcode.replace(match[1], "") if match else barcode


def _decoded(text: str) -> str:
    """What a text was before a program read its octets in the wrong alphabet: "Ã˜35 â€“" is "Ø35 –"."""
    if _MISREAD.search(text) is None:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _unescaped(match: re.Match[str]) -> str:
    code = chr(int(match[1], 16))
    return code if code.isprintable() else " "


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        exact = numbers.of_float(value)
        return str(value) if exact is None else f"{exact:f}"
    if isinstance(value, datetime) and value.time() == time(0):
        return str(value.date())
    return str(value)


@dataclass
class Cells:
    """Reads the cells of one file. `headings`: what stands above each field; `line`: the one being
    read; `remarks`: how often something was taken otherwise than written, by what and field."""

    headings: Mapping[str, str]
    asks: Asks
    file: str
    country: str = "ID"
    line: int = 0
    remarks: Counter[tuple[str, str]] = field(default_factory=Counter)
    forms: dict[str, str] = field(default_factory=dict)
    scaled: frozenset[str] = frozenset()
    amounts: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _phones: dict[str, list[str] | str] = field(default_factory=dict)

    def heading(self, name: str) -> str:
        return self.headings.get(name, name)

    def text(self, name: str, value: object) -> str:
        """Text, "" if there is none. Raises `CellError`, `FileUncalculated`."""
        if value is None:
            return ""
        if value is HOLLOW:
            raise FileUncalculated(file=self.file, line=self.line, column=self.heading(name))
        text = plain(value)
        if text[:1] == "#" and _ERRORS.fullmatch(text):
            raise CellError(column=self.heading(name), value=text)
        return "" if text.casefold() in EMPTY else text

    def bounded(self, name: str, value: object, most: int) -> str:
        """Text of at most so many characters. Raises `RowTextLong`."""
        text = self.text(name, value)
        if len(text) > most:
            raise RowTextLong(column=self.heading(name), most=most, value=text[:_SHOWN])
        return text

    def code(self, name: str, value: object, most: int) -> str:
        """A code or barcode, as a text: what a spreadsheet made of it is no code any more. Raises
        `CellDate`, `CellLogical`, `CellShortened`, `RowCodeBad`."""
        heading = self.heading(name)
        if isinstance(value, bool):
            raise CellLogical(column=heading, value=plain(value))
        if isinstance(value, datetime | date | time | timedelta):
            raise CellDate(column=heading, value=plain(value))
        if isinstance(value, float) and not value.is_integer():
            raise RowCodeBad(value=plain(value), most=most)
        if isinstance(value, int | float) and abs(value) >= _DIGITS_KEPT:
            raise CellShortened(column=heading, value=plain(value))
        text = self.text(name, value)
        if not text:
            return ""
        if numbers.shortened(text) and "+" in text:
            raise CellShortened(column=heading, value=text)
        if text.casefold() in _LOGICAL:
            raise CellLogical(column=heading, value=text)
        if _MADE_DATE.fullmatch(text):
            raise CellDate(column=heading, value=text)
        if len(text) > most or not code_key(text):
            raise RowCodeBad(value=text[:most], most=most)
        if _DECIMAL.fullmatch(text):
            whole = text.removesuffix(".0")
            answer = self.asks.settle(
                f"decimal:{name}", self.line, column=heading, example=text, whole=whole
            )
            return text if answer == "text" else whole
        return text

    def money(self, name: str, value: object, most: int, *, signed: bool = False) -> int | None:
        """Whole rupiah; fractions of large amounts are rounded half up, and remarked. Whether small
        ones are in thousands is asked. Raises `RowNumberBad`, `RowMinusBehind`."""
        if type(value) is int:
            exact: Decimal | None = Decimal(value)
        elif isinstance(value, float):
            exact = numbers.of_float(value)
        else:
            text = self._number_text(name, value, most)
            if not text:
                return None
            read = numbers.number(text, money=True)
            if read is None or (read.form and read.three):
                raise self._bad(name, text, most)
            if signed and _MINUS_BEHIND.search(text):
                # Some programs write it so, and others mean ",-".
                raise RowMinusBehind(column=self.heading(name), value=text)
            if read.form in (".", ",") or read.three:
                self.forms[name] = read.form if read.form else read.three
            exact = read.value
        if exact is None:
            raise self._bad(name, plain(value), most)
        if exact < 0 and not signed:
            raise self._bad(name, plain(value), most)
        if name in _SCALED:
            answer = self._scale(name, exact, value)
            if answer is None:
                # Nothing is taken in before that is settled.
                return int(exact)
            exact *= answer
        whole = exact.to_integral_value(ROUND_HALF_UP)
        if whole != exact:
            if abs(exact) < _SMALL:
                # 85.5 may well be 85,500.
                raise self._bad(name, plain(value), most)
            self.remarks["rounded", name] += 1
        if abs(whole) > most:
            raise self._bad(name, plain(value), most)
        return int(whole)

    def _scale(self, name: str, exact: Decimal, value: object) -> int | None:
        """How many times an amount is to be taken; None if that is open. 85, or 85.000 where a
        spreadsheet has it for 85, may well be 85,000: nothing costs as little."""
        if not exact:
            return 1
        small = abs(exact) < _SMALL
        self.amounts[name, small] += 1
        whole = exact == exact.to_integral_value()
        doubtful = (
            name in self.scaled or (abs(exact) < _TINY and whole)
            or (type(value) is ThreeDecimals and abs(exact) < 10 * _SMALL)
            or (small and isinstance(value, float) and not whole)
            or (small and name == "credit_limit")
        )  # fmt: skip
        answer = self.asks.said(f"scale:{name}")
        if doubtful:
            answer = self.asks.settle(f"scale:{name}", self.line, "", **self._scales(name, exact))
            if not answer:
                return None
        return _TIMES[answer] if answer != "small" or small else 1

    def _scales(self, name: str, exact: Decimal) -> dict[str, object]:
        told = f"{exact.normalize():f}"
        return {
            "column": self.heading(name), "example": told, "rupiah": rupiah(int(exact)),
            "thousand": rupiah(int(exact * 1000)), "million": rupiah(int(exact * 10**6)),
        }  # fmt: skip

    def settle_scales(self, line: int) -> None:
        """Ask about the columns most of whose amounts are below a thousand; behind the last row."""
        for name in sorted({name for name, _ in self.amounts}):
            small, large = self.amounts[name, True], self.amounts[name, False]
            if small > max(large, _FEW) and f"scale:{name}" not in self.asks.questions:
                self.asks.settle(f"scale:{name}", line, "", **self._scales(name, Decimal(150)))

    def quantity(self, name: str, value: object, most: int, *, signed: bool = False) -> int | None:
        """Whole pieces. Whether 1,000 is a thousand is asked, a stock below zero, too; None meanwhile.
        Raises `RowNumberBad`."""
        if type(value) is int:
            exact: Decimal | None = Decimal(value)
        elif isinstance(value, float):
            exact = numbers.of_float(value)
        else:
            text = self._number_text(name, value, most)
            if not text:
                return None
            read = numbers.number(text, money=False)
            if read is None and not signed and (guessed := guessed_amounts.read(text)) is not None:
                return self._guessed(name, text, guessed)
            exact = None if read is None else read.value
            if read is not None and read.three and not self._thousands(name, read):
                answer = self.asks.settle(
                    f"three:{name}", self.line, column=self.heading(name), example=text,
                    sign=read.three,
                    thousands=f"{read.value * (1000 if read.form else 1):.0f}",
                    fraction=f"{read.as_fraction.normalize():f}",
                )  # fmt: skip
                if not answer:
                    return None
                if answer == "thousands" and read.form:
                    raise self._bad(name, text, most)
                exact = read.value if answer == "thousands" else read.as_fraction
            if read is not None and read.three and exact == read.value and not read.form:
                # The preview says so.
                self.forms[name] = read.three
        if exact is None or exact != exact.to_integral_value() or abs(exact) > most:
            raise self._bad(name, plain(value), most)
        if exact < 0 and not signed:
            answer = self.asks.settle(
                "negative", self.line, column=self.heading(name), example=plain(value)
            )
            return 0 if answer else None
        return int(exact)

    def _guessed(self, name: str, text: str, guessed: guessed_amounts.Guessed) -> int | None:
        """What was answered to a stock that nobody counted; None if that is open, or not to be told."""
        answer = self.asks.settle(
            f"{guessed.question}:{name}", self.line, column=self.heading(name), example=text,
            pieces=thousands(guessed.pieces), packs=thousands(guessed.packs),
        )  # fmt: skip
        return {"zero": 0, "take": guessed.pieces, "packs": guessed.packs}.get(answer)

    def _thousands(self, name: str, read: numbers.Number) -> bool:
        """1.200 is a thousand and more where the prices of the file are written so."""
        return (
            read.three == "." and not read.form
            and "." in (each for key, each in self.forms.items() if key != name)
        )  # fmt: skip

    def _number_text(self, name: str, value: object, most: int) -> str:
        if isinstance(value, bool | datetime | date | time | timedelta):
            raise self._bad(name, plain(value), most)
        text = self.text(name, value)
        if _CUT.fullmatch(text):
            raise self._bad(name, text, most)
        if text and numbers.shortened(text) and not text.isdecimal():
            raise CellShortened(column=self.heading(name), value=text)
        return text

    def _bad(self, name: str, text: str, most: int) -> Problem:
        digits = text.translate(_LIKE_DIGITS)
        if digits != text and numbers.number(digits, money=True) is not None:
            return RowLetters(column=self.heading(name), value=text[:60])
        return RowNumberBad(column=self.heading(name), value=text[:60], most=thousands(most))

    def phones(self, name: str, value: object) -> list[str]:
        """All numbers of a cell as E.164. Raises `RowPhoneBad`, `CellShortened`."""
        if isinstance(value, str) and "\n" in value:
            value = value.replace("\n", " / ")
        text = self.text(name, value)
        if not text or text.casefold() in _NO_PHONE or _MASKED.fullmatch(text):
            return []
        found = self._phones.get(text)
        if found is None:
            found = phones(text, self.country)
            if len(self._phones) < _REMEMBERED:
                self._phones[text] = found
        if isinstance(found, str):
            if numbers.shortened(text):
                raise CellShortened(column=self.heading(name), value=text)
            raise RowPhoneBad(value=found)
        return found


_SCALED = frozenset({"price", "cost", "total", "credit_limit"})
_TIMES = {"": 1, "rupiah": 1, "small": 1000, "thousands": 1000, "millions": 10**6}
_TINY, _SMALL = 100, 1000
_FEW = 2
_LIKE_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "i": "1", "|": "1"})
_MINUS_BEHIND = re.compile(r"\d\s*[-−]+\s*$")
_CUT = re.compile(r"0\d\d")
"""What is left of 85,000 behind a comma that parts cells."""
_REMEMBERED, _SHOWN = 200_000, 60
_NO_PHONE = frozenset(
    {"tidak ada", "tdk ada", "gak ada", "ga ada", "belum ada", "kosong", "tanpa hp", "0"}
    | {"sama", "idem", "sda", "s.d.a", "s.d.a.", "x", "xxx"}
)
_MASKED = re.compile(r"(?=(?:.*[*•]){3})[\d*•+() .-]+")
"""What a marketplace leaves of a number: ******89."""
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_LABELS = re.compile(
    r"(?:tel|phone):|https?:|wa\.me|@(?:c\.us|s\.whatsapp\.net)|\b(?:no|nomor|hp|wa|whatsapp|telp?|tlp|tlpn|telepon|telpon|phone|mobile|cell|rumah|home"
    r"|kantor|work|kerja|seluler|ponsel|utama|main)\b[.:]*",
    re.I,
)
_NEIGHBOURS = re.compile(r"65[89]\d{7}|601\d{8,9}")
"""Mobile telephones of Singapore and Malaysia."""
_EXTENSION = re.compile(r"\b(?:ext|ekst|pes|pesawat)\b[.:]? *\d{1,5}", re.I)
_WHOSE = re.compile(r"\([^()\d+]*[^\W\d_][^()\d+]*\)")
"""(istri)"""
_PARTED = re.compile(r"[/;,&|\n]|\bdan\b|\batau\b|\bor\b|\band\b|:::", re.I)


def phones(text: str, country: str) -> list[str] | str:
    """The numbers of a cell as E.164, or what in it is none."""
    # A number of a spreadsheet on its way through a text.
    text = re.sub(r"(?<=\d)\.0$", "", text)
    if country == "ID" and _NEIGHBOURS.fullmatch(text):
        # As messengers copy them. No town of the country has such numbers.
        text = f"+{text}"
    # 0711/355123 is one number, 08121111111/12 is not.
    if not _PARTED.search(re.sub(r"^(\(?\d{2,4}\)?) ?/", r"\1", text)) and (
        (number := e164(with_zero(text), country)) is not None
    ):
        return [number]
    text = _DASHES.sub("-", text)
    found: list[str] = []
    for part in _PARTED.split(_WHOSE.sub(" ", _EXTENSION.sub(" ", text))):
        bare = _LABELS.sub(" ", part).strip(" .:()")
        if not bare:
            continue
        bare = re.sub(r"\(\s*\)", "", bare).strip()
        number = e164(with_zero(re.sub(r"[\s\-.]", "", bare)), country)
        if number is None:
            # Two numbers with nothing but a blank between.
            several = [e164(with_zero(each), country) for each in bare.split()]
            if len(several) < 2 or None in several:
                return bare
            found += [each for each in several if each is not None]
            continue
        found.append(number)
    return list(dict.fromkeys(found)) or text
