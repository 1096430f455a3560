"""What a file is, told by its content and not by its name, and its rows one after another.

    Source.sheets ─▶ Source.rows(sheet) ─▶ (line as the spreadsheet numbers it, cells)

Cells of text files are text; those of workbooks have their type. Nothing is kept but the row at hand.
"""

import codecs
import hashlib
import os
import re
from pathlib import Path

from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import source
from crm_tui.shop.imports.errors import (
    FileAddressBook,
    FileEmpty,
    FileLineEndless,
    FileMissing,
    FileNotText,
    FileOldExcel,
    FileOtherWorkbook,
    FilePacked,
    FileTooLarge,
    FileTooLong,
    FileUnreadable,
    FileWebPage,
    FileWrongEncoding,
)
from crm_tui.shop.imports.source import Look, Source
from crm_tui.text import thousands

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""What the alphabet of Western Windows does not know."""
_PAGE = re.compile(
    rb"^(?:\xef\xbb\xbf)*\s*(?:<(?:!doctype|html|table|head|meta|\?xml|style)|MIME-Version:)", re.I
)
"""As a page lies on a server, or in one file with its pictures."""
_XML = re.compile(rb"^(?:\xef\xbb\xbf)*\s*<\?xml(?!.*<(?:!doctype html|html))", re.I | re.S)
_CARDS = re.compile(rb"^(?:\xef\xbb\xbf)*\s*BEGIN:VCARD", re.I)
_PACKED = (b"\x1f\x8b", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")


_MOST_OCTETS = 500_000_000
"""A million sales take a tenth of it."""
_MOST_LINES = 1 << 20
"""As many as the largest sheet has."""
_CHUNK = 1 << 20
"""So much at a time, and no line is as long."""


def look(path: Path, progress: Progress | None = None) -> Look:
    """Whether a file can be read at all, before anything of it is taken. Raises an `ImportProblem`,
    `Cancelled`."""
    progress = progress or Progress()
    digest, lines, blank = hashlib.sha256(), 1, True
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    encoding, wrong = "utf-8-sig", 0
    try:
        with source.opened(path) as file:
            if file.seek(0, os.SEEK_END) > _MOST_OCTETS:
                raise FileTooLarge(file=path.name)
            file.seek(0)
            head = file.read(512)
            workbook = _kind(head, path.name)
            if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                encoding, utf8 = "utf-16", None
            file.seek(0)
            while chunk := file.read(_CHUNK):
                progress.at(0, 1)
                digest.update(chunk)
                blank = blank and not chunk.strip()
                if not workbook and encoding != "utf-16":
                    if _CONTROLS.search(chunk):
                        raise FileNotText(file=path.name)
                    if len(chunk) == _CHUNK and b"\n" not in chunk and b"\r" not in chunk:
                        raise FileLineEndless(file=path.name, line=lines)
                    if utf8 is not None and not _decodes(utf8, chunk):
                        utf8, encoding = None, "cp1252"
                    # What is no UTF-8 must be all of it in the other alphabet.
                    if not wrong and (match := _UNDEFINED.search(chunk)):
                        wrong = lines + chunk.count(b"\n", 0, match.start())
                lines += chunk.count(b"\n") or chunk.count(b"\r")
                if not workbook and lines > _MOST_LINES:
                    raise FileTooLong(file=path.name, most=thousands(_MOST_LINES))
            if utf8 is not None and not workbook and not _decodes(utf8, b"", final=True):
                encoding = "cp1252"
    except FileNotFoundError as trouble:
        raise FileMissing(file=path.name) from trouble
    except OSError as trouble:
        raise FileUnreadable(file=path.name, why=trouble.strerror or trouble) from trouble
    if blank:
        raise FileEmpty(file=path.name)
    if encoding == "cp1252" and wrong:
        raise FileWrongEncoding(file=path.name, line=wrong)
    return Look(digest.hexdigest(), lines, "" if workbook else encoding)


def _kind(head: bytes, file: str) -> bool:
    """Whether it begins as a workbook. Raises `FileOldExcel`, `FileWebPage`, `FileOtherWorkbook`,
    `FileAddressBook`, `FilePacked`, `FileNotText`."""
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or head[:2] in (b"\x09\x08", b"\x09\x04"):
        raise FileOldExcel(file=file)
    if head.startswith(_PACKED):
        raise FilePacked(file=file)
    if head.startswith(b"%PDF-"):
        raise FileNotText(file=file)
    if _CARDS.match(head):
        raise FileAddressBook(file=file)
    if _XML.match(head):
        raise FileOtherWorkbook(file=file)
    if _PAGE.match(head):
        raise FileWebPage(file=file)
    return head[:4] == b"PK\x03\x04"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def opened(path: Path, seen: Look, progress: Progress | None = None) -> Source:
    """The file behind a look. Raises an `ImportProblem`, `Cancelled`."""
    # Takes an eighth of a second to import, and most files are CSV.
    if not seen.encoding:
        from crm_tui.shop.imports import workbooks

        return workbooks.Workbook(path, progress)
    from crm_tui.shop.imports import text_files

    return text_files.TextFile(path, seen)
