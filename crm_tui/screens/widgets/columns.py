"""The columns of a list: how wide each is, and which are worth their room.

A column is as wide as what stands in it. One in which nothing stands, or the same in all rows, tells
nothing and gives its room to the others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from crm_tui.screens.widgets.plain import fit
from crm_tui.text import one_line

GAP = 1
_LONGEST = 200
"""Cells of a text that are measured: no screen is wider."""
_LEAST = 4
"""Cells of a flexible column on the narrowest screen."""
_MOST_RIGID = 24
"""A column that is not flexible is at most so wide, if it does not ask for more itself."""
_NUMBER = re.compile(r"(Rp|-|−|\+)*[0-9][0-9.,\- ]*")


@dataclass(frozen=True)
class Column:
    """A column that needs `width` cells; one that is `flex` can do with them where there is no room for
    all that stands in it. Then the highest `rank` gives way first; 0 always stays."""

    heading: str
    width: int
    flex: bool = False
    align: str = "left"
    rank: int = 0


@dataclass(frozen=True)
class Cell:
    """`tone`: "" plain, "dim", "strong", "due" (it waits for somebody) or "bad"."""

    text: str
    tone: str = ""


class Measured:
    """What was seen of the rows of a list so far: columns grow with it and never shrink again, so that
    nothing moves to and fro while somebody reads."""

    def __init__(self) -> None:
        self._longest: list[int] = []
        self._first: list[str] = []
        self._differ: list[bool] = []
        self._rows = 0

    def see(self, rows: Sequence[Sequence[Cell]]) -> bool:
        """Look at these rows; whether anything has changed by them."""
        before = (list(self._longest), list(self._differ), self._rows > 1)
        for cells in rows:
            if not self._first:
                self._first = [cell.text for cell in cells]
                self._longest = [0] * len(cells)
                self._differ = [False] * len(cells)
            for place, cell in enumerate(cells):
                if cell.text != self._first[place]:
                    self._differ[place] = True
                if len(cell.text) > self._longest[place] // 2:
                    wide = cell_len(one_line(cell.text, _LONGEST))
                    self._longest[place] = max(self._longest[place], wide)
        self._rows = max(self._rows, len(rows))
        return before != (self._longest, self._differ, self._rows > 1)

    def _tells(self, place: int) -> bool:
        """Whether a column says anything about a row."""
        return self._differ[place] or (self._rows < 2 and self._longest[place] > 0)

    def widths(self, columns: Sequence[Column], room: int | None = None) -> list[int]:
        """The cells of each column, 0 for one that is left out; as wide as they like without `room`."""
        if not self._rows or len(self._first) != len(columns):
            return shared(columns, [each.width for each in columns], room)
        kept = [not each.rank or self._tells(place) for place, each in enumerate(columns)]
        likes = [
            _liked(each, longest) if keep else 0
            for each, longest, keep in zip(columns, self._longest, kept, strict=True)
        ]
        return shared(columns, likes, room)

    def width(self, columns: Sequence[Column]) -> int:
        """What all columns together like to have, with the blanks between and around them."""
        shown = [each for each in self.widths(columns) if each]
        return sum(shown) + GAP * (len(shown) - 1) + 2


def _liked(column: Column, longest: int) -> int:
    most = _LONGEST if column.flex else max(column.width, _MOST_RIGID)
    return max(min(longest, most), cell_len(column.heading), 1)


def shared(columns: Sequence[Column], likes: Sequence[int], room: int | None) -> list[int]:
    """`room` shared among columns that like to be so wide: what is not flexible comes first; what is
    too much gives way by rank; what is left over goes to the flexible ones."""
    if room is None:
        return list(likes)
    least = [
        min(like, column.width) if column.flex else like
        for column, like in zip(columns, likes, strict=True)
    ]
    shown = [place for place, each in enumerate(least) if each]
    while len(shown) > 1 and sum(least[each] for each in shown) + GAP * (len(shown) - 1) > room:
        worst = max(shown, key=lambda each: columns[each].rank)
        if columns[worst].rank == 0:
            break
        shown.remove(worst)
    widths = [least[place] if place in shown else 0 for place in range(len(columns))]
    left = room - sum(widths) - GAP * (len(shown) - 1)
    flexible = [place for place in shown if columns[place].flex]
    while left < 0 and any(widths[place] > _LEAST for place in flexible):
        # Rather than that the last column is cut off.
        widest = max(flexible, key=lambda place: widths[place])
        widths[widest] -= 1
        left += 1
    wanting = [place for place in flexible if widths[place] < likes[place]]
    while left > 0 and wanting:
        # A cell each in turn, until each has what it likes.
        share = max(1, left // len(wanting))
        for place in wanting:
            more = min(share, likes[place] - widths[place], left)
            widths[place] += more
            left -= more
        wanting = [place for place in wanting if widths[place] < likes[place]]
    if left > 0 and flexible:
        widths[flexible[-1]] += left
    return widths


def fit_cell(text: str, width: int, align: str = "left") -> str:
    """`text` on one line of exactly `width` cells. Words lose their end where there is no room, numbers
    their beginning: by their last digits they are known."""
    if len(text) > width and (align == "right" or _NUMBER.fullmatch(text)):
        line = one_line(text)
        if cell_len(line) > width > 0:
            return fit("…" + line[max(0, len(line) - width + 1) :], width, "right")
    return fit(text, width, align)
