"""Files that were made to hurt whoever opens them: `make(name, folder)` writes one."""

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import openpyxl

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STYLES, TEXTS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"
_TYPES = "[Content_Types].xml"

Chunks = Iterator[bytes]


def _sheet(rows: Chunks, before: bytes = b"", after: bytes = b"") -> Chunks:
    yield before + f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    yield from rows
    yield b"</sheetData>" + after + b"</worksheet>"


def _repeated(octets: bytes, count: int) -> Chunks:
    """So often, in pieces of a megabyte."""
    each = max(1, (1 << 20) // len(octets))
    while count > 0:
        yield octets * min(each, count)
        count -= each


def _noise(count: int) -> bytes:
    """Signs that do not pack well, so that the ratio gives nothing away."""
    return os.urandom(count // 2).hex().encode()


def _mixed(unit: bytes, octets: int) -> Chunks:
    """The unit so often, with something between that packs badly."""
    while octets > 0:
        chunk = (unit * (8192 // len(unit)) + b"<!--" + _noise(256) + b"-->") * 64
        octets -= len(chunk)
        yield chunk


def _tagged(octets: int) -> Chunks:
    """Noise with something between that looks like elements."""
    while octets > 0:
        chunk = (_noise(4096) + b"<x>") * 64
        octets -= len(chunk)
        yield chunk


_END = [b"<row>" * 300_000]
_LAUGHS = (
    b'<!DOCTYPE w [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(12)
    )
    + b"]>"
)  # fmt: skip
_CHAIN = (
    b'<!DOCTYPE w [<!ENTITY e0 "x">'
    + b"".join(b'<!ENTITY e%d "&e%d;">' % (n + 1, n) for n in range(60_000))
    + b"]>"
)
_CELL = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>'


def _laughing() -> Chunks:
    return _sheet(iter([_CELL % b"&m;"]), _LAUGHS)


def _wide(encoding: str) -> Chunks:
    text = b"".join(_laughing()).decode()
    return iter([f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)])


def _styles(body: Chunks) -> Chunks:
    yield f'<styleSheet xmlns="{_MAIN}"><cellXfs>'.encode()
    yield from body
    yield b"</cellXfs></styleSheet>"


def _texts(body: Chunks) -> Chunks:
    yield f'<sst xmlns="{_MAIN}">'.encode()
    yield from body
    yield b"</sst>"


def _at(row: str, cell: str = "A1") -> Chunks:
    return _sheet(
        iter([b'<row r="%s"><c r="%s"><v>1</v></c></row>' % (row.encode(), cell.encode())])
    )


PARTS: Mapping[str, tuple[str, Callable[[], Chunks]]] = {
    "entities that unfold": (SHEET, _laughing),
    "entities in UTF-16": (SHEET, lambda: _wide("utf-16")),
    "a chain of entities": (SHEET, lambda: _sheet(iter([_CELL % b"&e60000;"]), _CHAIN)),
    "entities in styles": (STYLES, lambda: iter([_LAUGHS + b"<styleSheet>&m;</styleSheet>"])),
    "entities behind a remark": (
        SHEET, lambda: _sheet(iter([_CELL % b"&m;"]), b"<!--" + _noise(70_000) + b"-->" + _LAUGHS),
    ),
    "blanks without end": (SHEET, lambda: _sheet(_repeated(b" ", 60_000_000))),
    "texts without end": (TEXTS, lambda: _texts(_repeated(b" ", 60_000_000))),
    "texts of nothing": (TEXTS, lambda: _texts(_mixed(b"<si/>", 40_000_000))),
    "styles without end": (STYLES, lambda: _styles(_mixed(b"<xf/>", 12_000_000))),
    "styles of nothing": (STYLES, lambda: _styles(_mixed(b"<xf/>", 6_000_000))),
    "a row without end": (SHEET, lambda: _sheet(iter([b"<row>", *_mixed(b"<c/>", 12_000_000)]))),
    "a cell without end": (
        SHEET,
        lambda: _sheet(iter([b"<row><c><v>", *(_noise(1 << 20) for _ in range(9)), b"</v></c></row>"])),
    ),
    "what is no row": (SHEET, lambda: _sheet(_mixed(b"<x/>", 12_000_000))),
    "what hides among rows": (
        SHEET, lambda: _sheet(_mixed(b"<x/>" * 500 + b"<row/>", 40_000_000)),
    ),
    "a row beyond the sheet": (SHEET, lambda: _at("999999999")),
    "a row beyond all numbers": (SHEET, lambda: _at("9" * 400)),
    "a column beyond the sheet": (SHEET, lambda: _at("1", "ZZZZZZ1")),
    "an attribute without end": (
        SHEET, lambda: _sheet(chain(*([b"<row><c x='", _noise(7 << 20), b"'/></row>"] for _ in "123"))),
    ),
    "remarks without end": (
        SHEET,
        lambda: _sheet(chain(*([b"<!--", *_tagged(7 << 20), b"-->"] for _ in "12345"), _END)),
    ),
    "an attribute of texts": (
        TEXTS, lambda: _texts(iter([b"<si x='", *(_noise(1 << 20) for _ in range(44)), b"'/>"])),
    ),
    "a remark among texts": (TEXTS, lambda: _texts(iter([b"<!--", *_tagged(44 << 20), b"--><si>"]))),
    "attributes without end": (
        SHEET,
        lambda: _sheet(iter([b"<row><c ", b" ".join(b'a%d=""' % n for n in range(600_000)), b"/>"])),
    ),
    "an element in an element": (STYLES, lambda: iter([b"<a>" * 190_000])),
}  # fmt: skip
"""Workbooks of which one part was exchanged: which one, and what it is now."""


def _workbook(file: Path, changed: str, made: Chunks) -> None:
    plain = openpyxl.Workbook()
    assert plain.active is not None
    plain.active.append(["Kode", "Nama"])
    out = io.BytesIO()
    plain.save(out)
    with (
        zipfile.ZipFile(out) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            octets = old.read(name)
            if name == _TYPES and changed == TEXTS:
                kind = (
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                )
                told = f'<Override PartName="/{TEXTS}" ContentType="{kind}"/></Types>'
                octets = octets.replace(b"</Types>", told.encode())
            if name != changed:
                new.writestr(name, octets)
        with new.open(changed, "w") as part:
            for chunk in made:
                part.write(chunk)


def _many_parts(file: Path) -> None:
    """An archive whose list has a hundred thousand names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
    octets = out.getvalue()
    at = octets.index(b"PK\x01\x02")
    end = octets.index(b"PK\x05\x06")
    listed = octets[at:end] * 100_000
    closing = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listed), at, 0)
    file.write_bytes(octets[:at] + listed + closing)


def _packed_otherwise(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as made:
        made.writestr(_TYPES, b"<Types/>")
        made.writestr("xl/workbook.xml", b"<workbook/>")


def _sparse(file: Path) -> None:
    with file.open("wb") as out:
        out.write(b"Kode,Nama\n")
        out.truncate(700_000_000)


OTHERS: Mapping[str, Callable[[Path], object]] = {
    "a hundred thousand parts": _many_parts,
    "packed otherwise": _packed_otherwise,
    "a line without end": lambda file: file.write_bytes(b"Kode,Nama\nA," + b"x" * 4_000_000),
    "a wide line without end": lambda file: file.write_bytes(
        "Kode,Nama\n".encode("utf-16") + ("\u0a0a" * 4_000_000).encode("utf-16-le")
    ),
    "quotes without end": lambda file: file.write_bytes(b'Kode,Nama\nA,"' + b"x\n" * 2_000_000),
    "lines of nothing": lambda file: file.write_bytes(b"Kode,Nama\n" + b"\n" * 5_000_000),
    "ends of lines of nothing": lambda file: file.write_bytes(b"Kode,Nama\r" + b"\r" * 5_000_000),
    "a line beyond the sheet": lambda file: file.write_bytes(
        b"Kode,Nama,Harga\n" + b"A-1,Aki,1\n" * 40 + b"," * 500_000 + b"x\n"
    ),
    "more lines than a sheet": lambda file: file.write_bytes(
        b"Kode,Nama,Harga\n" + b"A-1,Aki,1\n" * 1_100_000
    ),
    "a file of nothing": _sparse,
    "a folder": lambda file: file.mkdir(),
    "a pipe": lambda file: os.mkfifo(file),
    "a device": lambda file: file.symlink_to("/dev/zero"),
}  # fmt: skip
"""Other files; the last ones are none."""

NAMES = (*PARTS, *OTHERS)


def make(name: str, folder: Path) -> Path:
    """Write the file of this name; its path."""
    file = folder / f"{NAMES.index(name)}.dat"
    if name in PARTS:
        part, made = PARTS[name]
        _workbook(file, part, made())
    else:
        OTHERS[name](file)
    return file
