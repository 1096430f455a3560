"""Workbooks (.xlsx), read as a stream: what can be seen of them, with types."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from crm_tui.shop.imports.cells import HOLLOW
from crm_tui.shop.imports.errors import FileNotText, FileOtherWorkbook, FileTooLarge
from crm_tui.shop.imports.source import Line

_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, OSError, EOFError, TypeError,
    AttributeError, IndexError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What reading a damaged one raises, by where the damage is."""
_MOST_OCTETS = 1_000_000_000
_MOST_TEXTS = 48_000_000
"""Octets of the sheets, and of the texts that they share, which are kept in memory."""
_HOLLOW = re.compile(
    rb"<(?:\w+:)?c ([^>]*)>\s*<(?:\w+:)?f(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_MOST_HOLLOW = 200_000
_ZEROS = re.compile(r"0{2,}(?:;.*)?")
_WIDEST = 300
"""Columns that are looked at."""


class Workbook:
    """Sheets that are not hidden."""

    form, encoding, separator = "xlsx", "", ""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, set[tuple[int, int]]] = {}
        self._file = path.open("rb")
        try:
            self._check()
            with warnings.catch_warnings():
                # It remarks on styles that it misses; nobody here asked for them.
                warnings.simplefilter("ignore")
                # From an open file: the name may say .xls all the same.
                self._book = load_workbook(self._file, read_only=True, data_only=True)
            self._sheets = {
                sheet.title: sheet
                for sheet in self._book.worksheets
                if sheet.sheet_state == "visible"
            }
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
        """Raises `FileOtherWorkbook`, `FileTooLarge`."""
        with zipfile.ZipFile(self._file) as archive:
            sizes = {each.filename.lower(): each.file_size for each in archive.infolist()}
            names = {each.filename.lower(): each.filename for each in archive.infolist()}
            book = names.get("xl/workbook.xml")
            if book is None and ("mimetype" in sizes or "xl/workbook.bin" in sizes):
                raise FileOtherWorkbook(file=self._path.name)
            if book is not None:
                with archive.open(book) as text:
                    if b"purl.oclc.org/ooxml" in text.read(4096):
                        raise FileOtherWorkbook(file=self._path.name)
        texts = sizes.get("xl/sharedstrings.xml", 0)
        if sum(sizes.values()) > _MOST_OCTETS or texts > _MOST_TEXTS:
            raise FileTooLarge(file=self._path.name)

    @property
    def sheets(self) -> Sequence[str]:
        return tuple(self._sheets)

    def about(self, sheet: str) -> int:
        return int(self._sheets[sheet].max_row or 1000)

    def close(self) -> None:
        self._book.close()
        self._file.close()

    def rows(self, sheet: str) -> Iterator[Line]:
        found = self._sheets[sheet]
        formats: dict[int, str] = {}
        try:
            if sheet not in self._places:
                self._places[sheet] = self._hollow(found)
            hollow = self._places[sheet]
            # Some programs write a wrong size, and the rest would be cut off.
            found.reset_dimensions()
            for number, row in enumerate(found.iter_rows(), start=1):
                cells = [
                    _value(cell, formats) if cell.value is not None
                    else HOLLOW if hollow and (number, at) in hollow else None
                    for at, cell in enumerate(row[:_WIDEST], start=1)
                ]  # fmt: skip
                if any(cell is not None and cell != "" for cell in cells):
                    yield number, cells
        except _BROKEN as trouble:
            raise FileNotText(file=self._path.name) from trouble

    def _hollow(self, sheet: Any) -> set[tuple[int, int]]:
        """The places (row, column from 1) of formulas whose value is not stored: the library shows
        them as empty cells."""
        from openpyxl.utils import column_index_from_string

        places: set[tuple[int, int]] = set()
        rest = b""
        with sheet.parent._archive.open(sheet._worksheet_path) as file:
            while chunk := file.read(1 << 18):
                text = rest + chunk
                # A cell may be cut by the end of what was read.
                whole = text.rfind(b"</c>") + 4 if b"</c>" in text else text.rfind(b":c>") + 3
                for match in _HOLLOW.finditer(text, 0, max(whole, 0)):
                    place = _PLACE.search(match[1])
                    if place is not None and len(places) < _MOST_HOLLOW:
                        column = column_index_from_string(place[1].decode())
                        places.add((int(place[2]), column))
                rest = text[max(whole, 0) :][-(1 << 16) :]
        return places


def _value(cell: Any, formats: dict[int, str]) -> object:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        style = cell._style_id
        form = formats.get(style)
        if form is None:
            form = formats[style] = cell.number_format or ""
        if "%" in form:
            return f"{round(value * 100, 6):g}%"
        # A code is written with the zeros that the format shows.
        if form and _ZEROS.fullmatch(form) and float(value).is_integer() and value >= 0:
            return f"{int(value):0{len(form.partition(';')[0])}d}"
    return value
