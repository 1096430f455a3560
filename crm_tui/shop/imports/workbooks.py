"""Workbooks (.xlsx), read as a stream: what can be seen of them, with types."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import counted_in, headings
from crm_tui.shop.imports.cells import HOLLOW, ThreeDecimals
from crm_tui.shop.imports.errors import FileNotText, FileOtherWorkbook, FilePacked, FileTooLarge
from crm_tui.shop.imports.parts import MOST_ROWS, Part, Parts
from crm_tui.shop.imports.source import EPOCH, MOST_SIGNS, Line, opened
from crm_tui.text import thousands

_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, OSError, EOFError, TypeError,
    AttributeError, IndexError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What reading a damaged one raises, by where the damage is."""
_HOLLOW = re.compile(
    rb"<(?:\w+:)?c ([^>]*)>\s*<(?:\w+:)?f(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HIDDEN = re.compile(rb'<(?:\w+:)?row (?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell [^>]*?\bref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"'
)
_EPOCH_1904 = date(1904, 1, 1)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_MOST_HOLLOW = _MOST_MERGED = 200_000
_WIDEST = 300
"""Columns that are looked at."""


_SIZE = re.compile(rb"<(?:\w+:)?dimension [^>]*ref=\"[A-Z]+\d+:[A-Z]+(\d{1,7})\"")


_SHARED, _INLINE, _VALUE, _RUN, _TEXT = (
    f"{{{SHEET_MAIN_NS}}}{each}" for each in ("si", "is", "v", "r", "t")
)


def _told(node: Any) -> str:
    """The text of an element. The library makes an object of each and of all that it is made of, and
    takes a fifth of the time of a file for it."""
    # A text whose letters differ is in several runs; how it is pronounced is none of it.
    runs = (each.findtext(_TEXT) or "" for each in node.iterfind(_RUN))
    return (node.findtext(_TEXT) or "") + "".join(runs)


def _shared_texts(part: Part) -> Iterator[str]:
    """The texts that the sheets share."""
    for _, node in iterparse(part):
        if node.tag == _SHARED:
            told = _told(node)
            node.clear()
            yield told.replace("x005F_", "")


class _Parser(WorkSheetParser):
    """Reads the rows of a sheet."""

    def parse_cell(self, element: Any) -> Any:
        if element.get("t") == "inlineStr" and (inside := element.find(_INLINE)) is not None:
            text = _told(inside)
            element.remove(inside)
            cell: Any = super().parse_cell(element)
            return {**cell, "value": text, "data_type": "s"}
        return super().parse_cell(element)


class _Sheet(ReadOnlyWorksheet):
    """A sheet that is read from one stream, and not read through before for its size."""

    parent: Any
    sheet_state: Any
    _shared_strings: Any
    _get_row: Any
    part: Part
    _worksheet_path: str

    def _get_size(self) -> None:
        """What it says of its size is asked elsewhere, and only for the bar."""

    def _get_source(self) -> Part:
        self.part = self.parent._archive.open(self._worksheet_path)
        return self.part

    def every_row(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """The rows that stand there, with their numbers."""
        about = self.parent
        with self._get_source() as part:
            parser = _Parser(
                part, self._shared_strings, data_only=True, epoch=about.epoch,
                date_formats=about._date_formats, timedelta_formats=about._timedelta_formats,
            )  # fmt: skip
            last = 0
            for number, cells in parser.parse():
                # A row that stands there once more is none.
                if number > last:
                    yield number, self._get_row(cells, 1, None, False)
                last = max(last, number)

    @property
    def place(self) -> str:
        """The name of its part."""
        return self._worksheet_path


class _Reader(ExcelReader):
    """Reads what a list needs of a workbook, part by part within bounds."""

    archive: Any
    package: Any
    wb: Any

    def __init__(self, parts: Parts, file: Any) -> None:
        # From an open file: the name may say .xls all the same.
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.archive = parts

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.texts(part.PartName[1:]) as texts:
                self.shared_strings = list(_shared_texts(texts))

    def read_worksheets(self) -> None:
        for sheet, rel in self.parser.find_sheets():
            if rel.target in self.valid_files and "chartsheet" not in rel.Type:
                made = _Sheet(self.wb, sheet.name, rel.target, self.shared_strings)
                made.sheet_state = sheet.state
                self.wb._sheets.append(made)


class Workbook:
    """Sheets that are not hidden."""

    form, encoding, separator = "xlsx", "", ""

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self._path = path
        self._places: dict[str, set[tuple[int, int]]] = {}
        self._hidden: dict[str, set[int]] = {}
        self._spans: dict[str, dict[int, list[tuple[int, int]]]] = {}
        self._struck: dict[str, dict[int, list[int]]] = {}
        self.epoch = EPOCH
        self._file = opened(path)
        try:
            self._parts = Parts(self._file, path.name, progress or Progress())
            self._check()
            with warnings.catch_warnings():
                # It remarks on styles that it misses; nobody here asked for them.
                warnings.simplefilter("ignore")
                reader = _Reader(self._parts, self._file)
                reader.read()
            self._sheets: dict[str, Any] = {
                sheet.title: sheet
                for sheet in reader.wb.worksheets
                if sheet.sheet_state == "visible"
            }
            self._crossed = _crossed_styles(reader.wb)
            if reader.wb.epoch.year == _EPOCH_1904.year:
                self.epoch = _EPOCH_1904
        except _BROKEN as trouble:
            self._file.close()
            raise FileNotText(file=path.name) from trouble
        except InvalidFileException as trouble:
            self._file.close()
            raise FileOtherWorkbook(file=path.name) from trouble
        except BaseException:
            self._file.close()
            raise
        if not self._sheets:
            self.close()
            raise FileNotText(file=path.name)

    def _check(self) -> None:
        """Raises `FileOtherWorkbook`, `FilePacked`."""
        names = {each.lower(): each for each in self._parts.namelist()}
        book = names.get("xl/workbook.xml")
        of_others = any(each.endswith(".iwa") for each in names)
        if book is None and (of_others or "mimetype" in names or "xl/workbook.bin" in names):
            raise FileOtherWorkbook(file=self._path.name)
        if book is None and "[content_types].xml" not in names:
            raise FilePacked(file=self._path.name)
        if book is not None and b"purl.oclc.org/ooxml" in self._parts.read(book)[:4096]:
            raise FileOtherWorkbook(file=self._path.name)

    @property
    def sheets(self) -> Sequence[str]:
        return tuple(self._sheets)

    def hidden(self, sheet: str) -> Collection[int]:
        self._look_through(sheet)
        return self._hidden[sheet]

    def struck(self, sheet: str) -> Mapping[int, Collection[int]]:
        return self._struck.setdefault(sheet, {})

    def spans(self, sheet: str) -> Mapping[int, Sequence[tuple[int, int]]]:
        self._look_through(sheet)
        return self._spans[sheet]

    def about(self, sheet: str) -> int:
        with self._parts.open(self._sheets[sheet].place) as part:
            told = _SIZE.search(part.read(4096))
        return int(told[1]) if told is not None else 1000

    def close(self) -> None:
        self._parts.close()
        self._file.close()

    def rows(self, sheet: str) -> Iterator[Line]:
        found = self._sheets[sheet]
        formats: dict[int, str] = {}
        try:
            self._look_through(sheet)
            hollow = self._places[sheet]
            for number, row in found.every_row():
                found.part.row()
                if number > MOST_ROWS:
                    raise FileTooLarge(file=self._path.name)
                if not row:
                    continue
                cells = [
                    _value(cell, formats) if cell.value is not None
                    else HOLLOW if hollow and (number, at) in hollow else None
                    for at, cell in enumerate(row[:_WIDEST], start=1)
                ]  # fmt: skip
                if any(cell is not None and cell != "" for cell in cells):
                    if self._crossed:
                        self._note_struck(sheet, number, row)
                    yield number, cells
        except _BROKEN as trouble:
            raise FileNotText(file=self._path.name) from trouble

    def _note_struck(self, sheet: str, number: int, row: Sequence[Any]) -> None:
        """Keep which cells of a row are struck through."""
        crossed = self._crossed
        found = [
            at for at, cell in enumerate(row[:_WIDEST])
            if cell.value is not None and cell._style_id in crossed
        ]  # fmt: skip
        if found:
            self._struck.setdefault(sheet, {})[number] = found

    def _look_through(self, sheet: str) -> None:
        """Find what the library does not tell: the places (row, column from 1) of formulas whose value
        is not stored, which it shows as empty cells, the rows that are hidden, and what was merged."""
        from openpyxl.utils import column_index_from_string

        if sheet in self._places:
            return
        places, hidden = set[tuple[int, int]](), set[int]()
        merged = set[tuple[bytes, bytes, bytes]]()
        rest = b""
        with self._parts.open(self._sheets[sheet].place) as part:
            while chunk := part.read(1 << 18):
                part.row()
                text = rest + chunk
                # A cell may be cut by the end of what was read, and the beginning of a row is.
                whole = text.rfind(b"</c>") + 4 if b"</c>" in text else text.rfind(b":c>") + 3
                whole = max(whole, 0)
                for match in _HOLLOW.finditer(text, 0, whole):
                    place = _PLACE.search(match[1])
                    if place is not None and len(places) < _MOST_HOLLOW:
                        column = column_index_from_string(place[1].decode())
                        places.add((int(place[2]), column))
                hidden.update(int(match[1]) for match in _HIDDEN.finditer(text, 0, whole))
                rest = text[whole:][-(1 << 16) :]
                # They stand behind the rows.
                if b"mergeCell " in text and len(merged) < _MOST_MERGED:
                    merged.update((each[1], each[2], each[3]) for each in _MERGED.finditer(text))
        spans: dict[int, list[tuple[int, int]]] = {}
        for letters, first, last in merged:
            if int(first) < int(last):
                column = column_index_from_string(letters.decode()) - 1
                spans.setdefault(column, []).append((int(first), int(last)))
        self._places[sheet], self._hidden[sheet], self._spans[sheet] = places, hidden, spans


def _crossed_styles(book: Any) -> frozenset[int]:
    """The styles of cells whose letters are struck through."""
    fonts = {at for at, font in enumerate(book._fonts) if font.strike}
    return frozenset(at for at, each in enumerate(book._cell_styles) if each.fontId in fonts)


def _value(cell: Any, formats: dict[int, str]) -> object:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        style = cell._style_id
        form = formats.get(style)
        if form is None:
            # Of several parts the first one is for what is not below zero.
            form = formats[style] = (cell.number_format or "").partition(";")[0]
        if "%" in form:
            return f"{round(value * 100, 6):g}%"
        if "[$" in form and (money := _MONEY.search(form)) and not headings.says_rupiah(money[1]):
            # Of another country: no number of rupiah.
            return f"{money[1].strip()} {value:g}"
        if form.endswith(".000"):
            return ThreeDecimals(value)
        if form not in _USUAL and value >= 0 and float(value).is_integer():
            return _as_shown(int(value), form)
    return value[:MOST_SIGNS] if isinstance(value, str) else value


_USUAL = frozenset({"", "General", "0", "#,##0", "0.00", "#,##0.00", "@"})
_DIGITS = re.compile(r"[\0 ()-]*[0#?][0#?,\0 ()-]*")
_SHORTENS = re.compile(r"[0#?],+(?![0#?,])")
"""A comma behind the digits leaves thousands away."""
_MONEY = re.compile(r"\[\$([^\]-]*[^\]\s-][^\]-]*)(?:-[^\]]*)?\]")
"""[$Rp-421], [$USD]: the money of a format that names it. A sign without brackets is that of the
country of whoever opens the file."""
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')


def _as_shown(value: int, form: str) -> object:
    """A whole number as a format shows it that adds signs to it (BRG-0012, 12-345, Rp 85.000), or
    leading zeros; the number itself where it adds none that count."""
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        text = match[1] or match[2] or ""
        kept.append(text)
        return "\0" if text else ""

    bare = _LITERAL.sub(put_aside, form)
    said = "".join(kept)
    if not _DIGITS.fullmatch(bare):
        return value
    grouped = "," in bare
    counts = bare.count("0") > 1 or re.search(r"\w", said) or re.search(r"[0#?][\0 -]+[0#?]", bare)
    with_digits = re.search(r"\d", said)
    packed = not with_digits and counted_in.says_packs(said) and not _SHORTENS.search(bare)
    if not counts or (grouped and not packed and not with_digits):
        # A currency, blanks or groups of digits.
        return value
    literals = iter([each for each in kept if each])
    if grouped:
        digits = str(value) if packed else thousands(value)
        bare = re.sub(r"[0#?,]+", "\1", bare, count=1)
        return "".join(
            next(literals) if each == "\0" else digits if each == "\1" else each for each in bare
        ).strip()
    rest, told = str(value), list[str]()
    first = re.search(r"[0#?]", bare)
    assert first is not None
    for at in range(len(bare) - 1, -1, -1):
        sign = bare[at]
        if sign not in "0#?":
            told.append(sign)
        elif at == first.start():
            told.append(rest or ("0" if sign == "0" else ""))
        else:
            told.append(rest[-1:] or ("0" if sign == "0" else ""))
            rest = rest[:-1]
    return "".join(next(literals) if each == "\0" else each for each in reversed(told)).strip()
