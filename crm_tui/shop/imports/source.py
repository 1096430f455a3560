"""A file that is read: sheets, and their rows one after another."""

import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Protocol

from crm_tui.shop.imports.errors import FileNoFile

EPOCH = date(1899, 12, 30)
"""Day 0 of most spreadsheets."""
Line = tuple[int, Sequence[object]]


class Source(Protocol):
    """An opened file. `form`: "xlsx" or "csv"; `encoding` and `separator` of a text file, else ""."""

    form: str
    encoding: str
    separator: str

    @property
    def sheets(self) -> Sequence[str]:
        """The names of the sheets that can be seen; a text file has one without a name."""

    def rows(self, sheet: str) -> Iterator[Line]:
        """The rows of a sheet that are not blank. Raises an `ImportProblem` on the way."""

    def hidden(self, sheet: str) -> Collection[int]:
        """The lines that the spreadsheet does not show."""

    def struck(self, sheet: str) -> Mapping[int, Collection[int]]:
        """The columns (from 0) that are struck through, by line; of lines that were read so far."""

    def spans(self, sheet: str) -> Mapping[int, Sequence[tuple[int, int]]]:
        """The lines over which a cell reaches that was merged from several: by column (from 0), the
        first and the last of them."""

    @property
    def epoch(self) -> date:
        """The day 0 of days that are written as numbers."""

    def about(self, sheet: str) -> int:
        """How many lines there are, roughly."""

    def close(self) -> None:
        """Let the file go."""


@dataclass
class Look:
    """What a first reading of the octets shows: `digest` (SHA-256), how many line ends, and the
    encoding of a text ("" for a workbook)."""

    digest: str
    lines: int
    encoding: str


MOST_SIGNS = 5_000
"""Nothing that is taken of a cell is as long. What is longer is cut, and refused where it is wanted: no
search in it takes more than a moment."""


def opened(path: Path) -> IO[bytes]:
    """A file to be read. What is a pipe or a device is not even waited for. Raises `FileNoFile`,
    `OSError`."""
    # A pipe that nobody writes to would be waited for here.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise FileNoFile(file=path.name or path)
    return os.fdopen(handle, "rb")
