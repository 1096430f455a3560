"""Numbers as people and programs write them: 85.000 · Rp 85.000,00 · 85.000,- · 85rb · 85,000.00."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_RUPIAH = re.compile(r"^(?:rp|idr)\.?\s*|\s*(?:rp|idr|rupiah)\.?$", re.IGNORECASE)
_NO_SEN = re.compile(r"\s*[.,]?\s*(?:-+|=)$")
_TIMES = {"rb": 1000, "ribu": 1000, "k": 1000, "jt": 10**6, "juta": 10**6}
_THOUSANDS = re.compile(r"([\d.,]+)\s*(rb|ribu|k|jt|juta)\.?", re.IGNORECASE)
_APIECE = re.compile(
    r"^@\s*|\s*(?:/|\bper\b)\s*(?:pcs|pc|pce|buah|bh|biji|unit|set|btl|botol|psg|pasang)\.?$", re.I
)
"""A price is that of one piece."""
_PIECES = re.compile(
    r"([\d.,\s]*\d)\s*(?:pcs|pc|pce|buah|bh|biji|unit|set|btl|botol|psg|pasang|ltr|liter|ea)\.?",
    re.IGNORECASE,
)
_GROUPED = {
    # Separator of thousands: with a rest behind the other sign, or in two groups, nothing else fits.
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}"),
    ",": re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}"),
}
_THREE = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_FRACTION = re.compile(r"\d+[.,]\d+")
_SPACED = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d{1,3}", re.IGNORECASE)
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Number:
    """What a text says. `three`: the sign before its last three digits, which may part thousands or
    a fraction; `value` has it as thousands. `form`: how it was written, "" for digits alone."""

    value: Decimal
    three: str = ""
    form: str = ""

    @property
    def as_fraction(self) -> Decimal:
        """The value if those three digits are a fraction: 1,500 is one and a half."""
        return self.value / 1000 if self.three and self.form == "" else self.value


def shortened(text: str) -> bool:
    """8,99E+12: a program has thrown digits away."""
    return _SHORTENED.fullmatch(text.strip()) is not None


def number(text: str, *, money: bool) -> Number | None:
    """The number that a text is, or None. "(3)" and "-3" are negative; only money is so many
    thousand or million, only what is no money so many pieces."""
    if len(text) > _LONGEST:
        return None
    if text.isdecimal() and text.isascii():
        return Number(Decimal(text))
    text, negative = _bare(text, money)
    times = 1
    if money and (match := _THOUSANDS.fullmatch(text)):
        text, times = match[1], _TIMES[match[2].casefold()]
        # 1,250 jt and 1.5jt: nobody writes thousands of thousands with a separator.
        text = text.replace(",", ".") if text.count(".") + text.count(",") == 1 else text
        if re.fullmatch(r"\d+(?:\.\d+)?", text):
            return _made(text, times, negative, form="rb")
    elif not money and (match := _PIECES.fullmatch(text)):
        text = match[1]
    if text.isdecimal() and text.isascii():
        return _made(text, 1, negative)
    if _SPACED.fullmatch(text):
        return _made(text.replace(" ", "").replace(",", "."), 1, negative, form=" ")
    for sign, pattern in _GROUPED.items():
        if pattern.fullmatch(text):
            other = "," if sign == "." else "."
            digits = text.replace(sign, "").replace(other, ".")
            rest = text.rpartition(other)[2] if other in text else ""
            # Three digits behind the other sign: a program that writes all with three decimals.
            three = other if len(rest) == 3 else ""
            return _made(digits, 1, negative, three=three, form=sign)
    if match := _THREE.fullmatch(text):
        return _made(re.sub(r"[.,]", "", text), 1, negative, three=match[1])
    if _FRACTION.fullmatch(text):
        return _made(text.replace(",", "."), 1, negative, form="," if "," in text else "")
    return None


def _bare(text: str, money: bool) -> tuple[str, bool]:
    """Without currency, sign and ",-"; whether it is negative."""
    text = " ".join(text.split())
    negative = False
    if match := re.fullmatch(r"\((.+)\)", text):
        text, negative = match[1].strip(), True
    for _ in range(2):
        if text[:1] in "-−–" and text[1:2]:
            text, negative = text[1:].lstrip(), True
        text = _RUPIAH.sub("", text)
        text = _APIECE.sub("", text) if money else text
    return (_NO_SEN.sub("", text) if money else text), negative


def _made(
    digits: str, times: int, negative: bool, *, three: str = "", form: str = ""
) -> Number | None:
    try:
        value = Decimal(digits) * times
    except InvalidOperation:
        return None
    return Number(-value if negative else value, three, form)


def of_float(value: float) -> Decimal | None:
    """What a cell of a workbook holds, without the noise of computing (93500.00000001); None if that
    is no number."""
    if value != value or value in (float("inf"), float("-inf")) or abs(value) > 1e15:
        return None
    exact = Decimal(repr(value))
    near = exact.to_integral_value()
    return near if abs(exact - near) < Decimal("0.001") else exact
