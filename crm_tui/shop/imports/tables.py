"""Tables from files, CSV or XLSX: rows by column name, each with its line, and clear refusals."""

import codecs
import csv
import hashlib
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_tui.errors import Problem
from crm_tui.shop.imports.errors import (
    ColumnsMissing,
    FileEmpty,
    FileMissing,
    FileNotText,
    FileUnreadable,
    FileWrongEncoding,
    RowQuote,
    RowsRefused,
    RowTooLong,
)

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(slots=True)
class Row:
    """A record: its line in the file (from 1, the header counted) and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Columns:
    """Which columns a table may have: their names, with what people call them otherwise."""

    needed: Sequence[str]
    optional: Sequence[str]
    aliases: Mapping[str, str]

    def of(self, header: Sequence[str], file: str) -> list[str | None]:
        """The column that each cell of the header names. Raises `ColumnsMissing`."""
        known = {*self.needed, *self.optional}
        names: list[str | None] = []
        for cell in header:
            name = re.sub(r"[\s_-]+", "_", cell.strip().lower())
            name = self.aliases.get(name, name)
            names.append(name if name in known and name not in names else None)
        missing = [name for name in self.needed if name not in names]
        if missing:
            known_as = {name: other for other, name in reversed(list(self.aliases.items()))}
            told = ", ".join(f"{name} ({known_as.get(name, name)})" for name in missing)
            raise ColumnsMissing(file=file, columns=told)
        return names


@dataclass(frozen=True)
class Table:
    """A file that is being read: `rows` are read as they are asked for, and lines that are none come
    as (line, problem); `about` so many lines there are; `digest` is the file's (SHA-256)."""

    rows: Iterator[Row | tuple[int, Problem]]
    headings: Mapping[str, str]
    about: int
    digest: str


def opened(path: Path, columns: Columns) -> Table:
    """The rows of a file; blank ones are left out. Raises an `ImportProblem`, here or on the way."""
    look = _looked_at(path)
    if look.blank:
        raise FileEmpty(file=path.name, columns=", ".join(columns.needed))
    lines = _workbook(path) if look.workbook else _csv(path, look.encoding)
    first = next(lines, None)
    if first is None:
        raise FileEmpty(file=path.name, columns=", ".join(columns.needed))
    names = columns.of(first[1], path.name)
    headings = {
        name: cell.strip() for name, cell in zip(names, first[1], strict=False) if name is not None
    }
    return Table(_rows(lines, names), headings, look.lines, look.digest)


def _rows(
    lines: Iterator[tuple[int, list[str]]], names: list[str | None]
) -> Iterator[Row | tuple[int, Problem]]:
    wide = len(names)
    used = [(name, at) for at, name in enumerate(names) if name is not None]
    for number, cells in lines:
        if len(cells) > wide and any(cell.strip() for cell in cells[wide:]):
            yield number, RowTooLong()
            continue
        if len(cells) < wide:
            cells = [*cells, *[""] * (wide - len(cells))]
        named = {name: cells[at].strip() for name, at in used}
        if any(named.values()):
            yield Row(number, named)


@dataclass
class _Look:
    """What a first reading of a file shows."""

    digest: str
    lines: int
    blank: bool
    workbook: bool
    encoding: str


def _looked_at(path: Path) -> _Look:
    """Whether it can be read at all, before anything of it is taken."""
    digest, lines, blank = hashlib.sha256(), 1, True
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    workbook, encoding = False, "utf-8-sig"
    try:
        with path.open("rb") as file:
            head = file.read(4)
            workbook = head == b"PK\x03\x04"
            if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                encoding = "utf-16"
            file.seek(0)
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                blank = blank and not chunk.strip()
                if not workbook and encoding != "utf-16":
                    _check_text(chunk, decoder, path.name, lines)
                lines += chunk.count(b"\n")
    except FileNotFoundError as trouble:
        raise FileMissing(file=path.name) from trouble
    except OSError as trouble:
        raise FileUnreadable(file=path.name, why=trouble.strerror or trouble) from trouble
    if not workbook and encoding != "utf-16":
        _check_text(b"", decoder, path.name, lines, final=True)
    return _Look(digest.hexdigest(), lines, blank, workbook, encoding)


def _check_text(
    chunk: bytes, decoder: codecs.IncrementalDecoder, file: str, line: int, final: bool = False
) -> None:
    if _CONTROLS.search(chunk):
        raise FileNotText(file=file)
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as trouble:
        raise FileWrongEncoding(
            file=file, line=line + chunk.count(b"\n", 0, max(0, trouble.start))
        ) from trouble


def _csv(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            head = next((line for line in file if line.strip()), "")
            file.seek(0)
            delimiter = max(",;\t", key=head.count)
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            try:
                for cells in reader:
                    # Quicker than looking at each: there may be a million lines.
                    if "".join(cells).strip():
                        yield reader.line_num, cells
            except csv.Error as trouble:
                broken = [(reader.line_num, RowQuote())]
                raise RowsRefused(file=path.name, count=1, rows=broken) from trouble
    except UnicodeError as trouble:
        raise FileNotText(file=path.name) from trouble
    except OSError as trouble:
        raise FileUnreadable(file=path.name, why=trouble.strerror or trouble) from trouble


def _workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    # Takes an eighth of a second to import, and most files are CSV.
    import zipfile
    import zlib
    from xml.etree.ElementTree import ParseError

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    # What reading a damaged one raises, by where the damage is.
    broken = (
        zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, OSError, EOFError,
        TypeError, AttributeError, IndexError,
    )  # fmt: skip
    try:
        with warnings.catch_warnings():
            # It remarks on styles that it misses; nobody here asked for them.
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, *broken) as trouble:
        raise FileNotText(file=path.name) from trouble
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            raise FileNotText(file=path.name)
        # Some programs write a wrong size, and the rest would be cut off.
        sheet.reset_dimensions()
        rows = iter(enumerate(sheet.iter_rows(values_only=True), start=1))
        while True:
            try:
                number, values = next(rows)
            except StopIteration:
                return
            except broken as trouble:
                raise FileNotText(file=path.name) from trouble
            cells = [_cell(value) for value in values]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        # Four decimals, so that nobody takes three of them for thousands.
        return str(int(value)) if value.is_integer() else f"{value:.4f}"
    return str(value).strip()
