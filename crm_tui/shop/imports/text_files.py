"""Text files: separator and encoding are found out; lines are counted as a spreadsheet does."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

from crm_tui.shop.imports.errors import (
    FileLineEndless,
    FileNotText,
    FileTooWide,
    FileUnreadable,
    RowQuote,
    RowsRefused,
)
from crm_tui.shop.imports.source import EPOCH, MOST_SIGNS, Line, Look, opened
from crm_tui.text import thousands

_LONGEST = 1 << 20
_MOST_CELLS = 1 << 14
"""As many as a row of the largest sheet has; headings may be fewer still (`planning`)."""
_SEPARATORS = ",;\t|"
_LOOKED_AT = 25
_ONE_CELL = re.compile(r'"((?:[^"]|"")*)"\r?\n?')
"""A line that a program has quoted as a whole: "A;Aki;85000"."""
_SAID = re.compile(r"\ufeff*\"?sep=(.)\"?\s*", re.IGNORECASE)


class TextFile:
    """A file of lines; a first line `sep=;` says the separator, as Excel knows it."""

    form = "csv"
    epoch = EPOCH

    def __init__(self, path: Path, seen: Look) -> None:
        self._path, self._about = path, seen.lines
        self.encoding = seen.encoding
        self._wrapped = False
        self._wrapped = _wrapped(list(islice(self._lines(), _LOOKED_AT)))
        head = list(islice(self._lines(), _LOOKED_AT))
        said = _SAID.fullmatch(head[0]) if head else None
        self._skip = 1 if said else 0
        self.separator = said[1] if said else _separator(head)

    @property
    def sheets(self) -> Sequence[str]:
        return ("",)

    def hidden(self, sheet: str) -> Collection[int]:
        return ()

    def struck(self, sheet: str) -> Mapping[int, Collection[int]]:
        return {}

    def spans(self, sheet: str) -> Mapping[int, Sequence[tuple[int, int]]]:
        return {}

    def about(self, sheet: str) -> int:
        return self._about

    def close(self) -> None:
        """Nothing is held open."""

    def _lines(self) -> Iterator[str]:
        """The lines, each out of the quotes around it if all of them are in some."""
        if not self._wrapped:
            return self._written()
        parted = ((each, _ONE_CELL.fullmatch(each)) for each in self._written())
        return (match[1].replace('""', '"') + "\n" if match else each for each, match in parted)

    def _written(self) -> Iterator[str]:
        try:
            with io.TextIOWrapper(opened(self._path), self.encoding, newline="") as file:
                # Programs write a second mark before the one that Excel wants.
                first = file.readline(_LONGEST).lstrip("\ufeff")
                if first:
                    yield first
                if self.encoding == "utf-16":
                    # In the others a look at the octets has found what has no end.
                    yield from self._bounded(file)
                else:
                    yield from file
        except UnicodeError as trouble:
            raise FileNotText(file=self._path.name) from trouble
        except OSError as trouble:
            why = trouble.strerror or trouble
            raise FileUnreadable(file=self._path.name, why=why) from trouble

    def _bounded(self, file: IO[str]) -> Iterator[str]:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST), ""), start=2):
            if len(line) == _LONGEST:
                raise FileLineEndless(file=self._path.name, line=number)
            yield line

    def rows(self, sheet: str) -> Iterator[Line]:
        lines = islice(self._lines(), self._skip, None)
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                # Quicker than looking at each: there may be a million lines.
                if len(cells) > _MOST_CELLS:
                    raise FileTooWide(
                        file=self._path.name,
                        count=thousands(len(cells)),
                        most=thousands(_MOST_CELLS),
                    )
                if (whole := "".join(cells)).strip():
                    if "\n" in whole and self._swallowed(cells):
                        raise csv.Error
                    if len(whole) > MOST_SIGNS:
                        cells = [each[:MOST_SIGNS] for each in cells]
                    yield number, cells
        except csv.Error as trouble:
            broken = [(number + 1, RowQuote())]
            raise RowsRefused(file=self._path.name, count=1, rows=broken) from trouble

    def _swallowed(self, cells: Sequence[str]) -> bool:
        """Whether a mark that was meant for inches has made one cell of lines: it holds as many
        separators as a line has, none with a blank behind it, as sentences have them."""
        inside = re.compile(re.escape(self.separator) + r"(?!\s)")
        return len(cells) > 1 and any(
            len(inside.findall(cell)) >= len(cells) - 1 for cell in cells if "\n" in cell
        )


def _wrapped(head: Sequence[str]) -> bool:
    """Whether each line is one quoted cell that holds several."""
    told = [match[1] if (match := _ONE_CELL.fullmatch(each)) else "" for each in head]
    return len(told) > 1 and all(told) and any(sign in told[0] for sign in _SEPARATORS)


def _separator(head: Sequence[str]) -> str:
    """The sign that parts most lines into as many cells as the others."""
    best, score = ",", 0
    for sign in _SEPARATORS:
        counts: dict[int, int] = {}
        for line in head:
            if parted := re.sub(r'"[^"]*"', "", line).count(sign):
                counts[parted] = counts.get(parted, 0) + 1
        agreed = max((times * (parted + 1) for parted, times in counts.items()), default=0)
        if agreed > score:
            best, score = sign, agreed
    return best
