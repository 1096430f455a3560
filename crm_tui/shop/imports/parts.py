"""The parts of a workbook, unfolded within bounds: whoever reads one of them reads it through here.

A workbook is an archive of XML. What a part says of itself is not believed: how far it unfolds, how
many parts there are, how much of it lies in memory at once are counted while it is read. Declarations
of a document type, which no workbook has, are where entities are declared that unfold without end.
"""

import io
import re
import struct
import sys
import zipfile
from typing import IO, Any

from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports.errors import FileNotText, FileTooLarge

MOST_ROWS = 1_048_576
"""Rows of a sheet; no spreadsheet has more."""
_MOST_OCTETS = 1_000_000_000
"""Of all parts together, unfolded."""
_MOST_PARTS = 10_000
_MOST_DIRECTORY = 4_000_000
"""Octets of the archive's list of its parts, which is in memory as a whole."""
_MOST_TEXTS, _MOST_TEXT_SIGNS = 48_000_000, 2_000_000
"""Octets of the texts that the sheets share, which are kept in memory; elements' beginnings and ends,
each of which takes memory, however short."""
_MOST_AT_ONCE, _MOST_SIGNS = 8_000_000, 200_000
"""The same of a part that is read at once, and of a row."""
_MOST_BLOCKS, _BLOCKS_A_ROW = 300_000, 2
"""Things in memory that come to be while one part is read: a hundred octets each, or less. The library
keeps two a row."""
_RATIO, _SMALL = 200, 4_000_000
"""A part of some size unfolds to no more than so many times what it takes; sheets come to 50."""
_LOOK = 1 << 20
_MOST_STRETCH = 500_000
"""Octets without the beginning of an element. A text has 32,767 characters at most."""

_PROLOG = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s+|<\?.*?\?>|<!--.*?-->)*<[A-Za-z_]", re.S
)
"""What stands before the first element of a part; two octets a sign are read without the empty ones."""
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_TAIL = 0xFFFF + _END.size + 20 + _END_64.size
"""The archive's end, a remark behind it, and what stands before it in archives of today."""


class Parts(zipfile.ZipFile):
    """The archive. What goes beyond a bound raises `FileTooLarge`, what no workbook has
    `FileNotText`, what is called off `Cancelled`."""

    def __init__(self, file: IO[bytes], name: str, progress: Progress) -> None:
        self._named, self._progress, self._opened = name, progress, 0
        if _directory(file) > _MOST_DIRECTORY:
            raise FileTooLarge(file=name)
        super().__init__(file)
        every = self.infolist()
        if (
            len(every) > _MOST_PARTS
            or sum(each.file_size for each in every) > _MOST_OCTETS
            or any(each.file_size > max(_SMALL, _RATIO * each.compress_size) for each in every)
        ):
            raise FileTooLarge(file=name)

    def open(self, name: Any, *args: Any, **how: Any) -> Any:
        """A part as a stream."""
        return self._stream(name, _MOST_AT_ONCE)

    def texts(self, name: str) -> "Part":
        """The part with the texts that the sheets share."""
        if self.getinfo(name).file_size > _MOST_TEXTS:
            raise FileTooLarge(file=self._named)
        # To take them in takes long; to see that they are too many does not.
        with self._stream(name, _MOST_TEXTS) as part:
            while part.read(_LOOK):
                pass
        return self._stream(name, _MOST_TEXTS)

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """A part at once."""
        if self.getinfo(name).file_size > _MOST_AT_ONCE:
            raise FileTooLarge(file=self._named)
        with self._stream(name, _MOST_AT_ONCE) as part:
            return part.read()

    def _stream(self, name: str, most: int) -> "Part":
        part = self.getinfo(name)
        # A sheet may be named any number of times.
        self._opened += 1
        self._progress.at(0, 1)
        if self._opened > 2 * _MOST_PARTS:
            raise FileTooLarge(file=self._named)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # What others unfold to is bounded by nothing but what they say.
            raise FileNotText(file=self._named)
        return Part(super().open(part), self._named, self._progress, most)


class Part:
    """A part that is read, at most `most` octets from one `row` to the next."""

    def __init__(self, stream: IO[bytes], file: str, progress: Progress, most: int) -> None:
        self._stream, self._file, self._progress, self._most = stream, file, progress, most
        self._signs_most = _MOST_TEXT_SIGNS if most == _MOST_TEXTS else _MOST_SIGNS
        self._begun = False
        self._octets = self._signs = self._unlooked = self._rows = self._stretch = 0
        self._blocks = sys.getallocatedblocks()

    def read(self, size: int = -1) -> bytes:
        if size > 0:
            # What has no end yet is looked through from its beginning each time something is added to
            # it: the longer nothing came to an end, the more is added at once.
            size = max(size, min(self._octets, 2 * _LOOK))
        octets = self._stream.read(size)
        if not self._begun:
            self._begun = True
            if not _PROLOG.match(octets[:_LOOK].replace(b"\0", b"")):
                raise FileNotText(file=self._file)
        self._octets += len(octets)
        self._signs += octets.count(b"<")
        self._unlooked += len(octets)
        first, last = octets.find(b"<"), octets.rfind(b"<")
        longest = self._stretch + (len(octets) if first < 0 else first)
        self._stretch = self._stretch + len(octets) if last < 0 else len(octets) - last
        if longest > _MOST_STRETCH and size > 0:
            raise FileTooLarge(file=self._file)
        if self._octets > self._most or self._signs > self._signs_most:
            raise FileTooLarge(file=self._file)
        if self._unlooked >= _LOOK:
            self._unlooked = 0
            self._progress.at(0, 1)
            made = sys.getallocatedblocks() - self._blocks
            if made > _MOST_BLOCKS + _BLOCKS_A_ROW * self._rows:
                raise FileTooLarge(file=self._file)
        return octets

    def row(self) -> None:
        """A row was taken from it."""
        self._octets = self._signs = 0
        self._rows += 1

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _directory(file: IO[bytes]) -> int:
    """How many octets the list of the parts takes, by whatever looks like the archive's end."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    file.seek(0)
    ends = [_END.unpack_from(tail, at)[5] for at in _all(tail, b"PK\x05\x06", _END.size)]
    longer = [_END_64.unpack_from(tail, at)[8] for at in _all(tail, b"PK\x06\x06", _END_64.size)]
    # The first says that the second holds.
    return max([*longer, *(each for each in ends if each != 0xFFFFFFFF)], default=0)


def _all(octets: bytes, mark: bytes, size: int) -> list[int]:
    """Where the mark stands, and `size` octets from it."""
    return [
        found.start() for found in re.finditer(re.escape(mark), octets)
        if found.start() + size <= len(octets)
    ]  # fmt: skip
