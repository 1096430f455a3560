"""Workbooks on paper: A4, no letter below 8 pt, and which columns of a wide report are printed.

Widths are counted as Excel counts them: 1 is the width of a digit, which is 1.85 mm in Excel, and
1.96 mm in LibreOffice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crm_tui.i18n import Translate
from crm_tui.shop.reports.base import Column, Report
from crm_tui.text import visible

FONT, SIZE = "Arial", 10
"""A font that all programs have, or have one of the same widths for."""
_LEAST = 80
"""Percent: 10 pt become 8."""
_LANDSCAPE = 136
"""So wide is what a page holds at its full size, lying."""
PORTRAIT = 93
"""The same for a page that stands."""
_MARGIN = 0.4
WIDEST = 1.8
"""The width of the widest letters."""
_NARROW, _WIDE = frozenset("iIjl.,:;'|!()[]/ ft-"), frozenset("mwMW@%—…")


@dataclass(frozen=True)
class Layout:
    """The columns in the order in which they stand, the first `printed` of which go on paper, so wide
    each, at so many percent."""

    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    printed: int
    scale: int


def wide(text: str, *, bold: bool = False) -> float:
    """How wide a line of text is, rather too wide than too narrow."""
    units = 0.0
    for sign in text:
        if sign in _NARROW:
            units += 0.62
        elif sign in _WIDE:
            units += WIDEST
        elif sign.isascii():
            units += 1.3 if sign.isupper() else 1.04
        else:
            units += WIDEST
    return units * (1.08 if bold else 1.0)


def lines_in(text: str, width: float) -> int:
    """How many lines a text takes in a column, which breaks it between words; rather too many."""
    return _lines(text, width) if len(text) > _SHORT else _lines_of_short(text, width)


def _lines(text: str, width: float) -> int:
    # The longest text of a column is as wide as that, but for the noise of adding in another order.
    width += _NOISE
    lines = 0
    for part in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in part.split(" "):
            long = wide(word)
            if used and used + 0.62 + long > width:
                lines, used = lines + 1, 0.0
            used += long + (0.62 if used else 0.0)
            while used > width:
                # A word that is longer than a line is broken.
                lines, used = lines + 1, used - width
    return lines


_NOISE = 1e-6
_SHORT = 60
_lines_of_short = lru_cache(4096)(_lines)
"""Names, codes and numbers come again and again."""


def laid_out(columns: Sequence[Column], ideal: Sequence[float], least: Sequence[float]) -> Layout:
    """What goes on paper: columns leave by their rank, the highest first, until the rest fits with
    texts as narrow as `least`; these become narrower only as far as it must be."""
    room = _LANDSCAPE * 100 / _LEAST
    places = list(range(len(columns)))
    while sum(least[at] for at in places) > room:
        last = max(places, key=lambda at: (columns[at].rank, at))
        if not columns[last].rank:
            break
        places.remove(last)
    widths = list(ideal)
    while (over := sum(widths[at] for at in places) - room) > 0:
        slack = [at for at in places if widths[at] > least[at]]
        if not slack:
            break
        widest = max(slack, key=lambda at: widths[at] - least[at])
        widths[widest] = max(least[widest], widths[widest] - max(1.0, over / len(slack)))
    order = places + [at for at in range(len(columns)) if at not in places]
    whole = sum(widths[at] for at in places)
    scale = min(100, int(100 * _LANDSCAPE / whole))
    return Layout(
        tuple(columns[at] for at in order), tuple(widths[at] for at in order), len(places), scale
    )


ROW = 15.0
"""Points of a row of one line, where nobody says otherwise."""
_TALL = 487.0
"""Points of a page that lies, within its margins."""
_AGREED = (0.96, 1.0, 1.04)
"""So much more or less of it programs take for the same rows."""


class Pages:
    """Where the pages of a sheet end, with the heading on each, as far as programs agree on that."""

    def __init__(self, heading: float, scale: int) -> None:
        self._heading = heading
        self._rooms = [_TALL * part * 100 / scale for part in _AGREED]
        self._ends = [(0, heading, 0)] * len(_AGREED)

    def add(self, height: float) -> None:
        """One row more, so high in points."""
        for at, (before, used, rows) in enumerate(self._ends):
            if rows and used + height > self._rooms[at]:
                self._ends[at] = (before + rows, self._heading + height, 1)
            else:
                self._ends[at] = (before, used + height, rows + 1)

    @property
    def break_behind(self) -> int:
        """Behind how many rows a page must end, that no row stands on the last one alone; 0: behind
        none."""
        before, _, rows = self._ends[0]
        if any(earlier and rows <= 1 for earlier, _, rows in self._ends):
            return max(0, before + rows - _TOGETHER)
        return 0


_TOGETHER = 4
"""Rows that go to a page of their own together."""


def prepare(book: Any) -> None:
    """Give a new workbook its font, by which widths are counted."""
    from openpyxl.styles import Font
    from openpyxl.utils.indexed_list import IndexedList

    font = Font(name=FONT, sz=SIZE, family=2)
    book._fonts = IndexedList([font])
    book._named_styles["Normal"].font = font


def set_up(
    sheet: Any, report: Report, shop: str, period: str, tr: Translate, *, portrait: bool = False
) -> None:
    """A4 with the shop above and the page below; before the sheet's first row."""
    sheet.page_setup.orientation = "portrait" if portrait else "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.scale = 100
    margins = sheet.page_margins
    margins.left = margins.right = _MARGIN
    margins.top = margins.bottom = 0.75
    margins.header = margins.footer = 0.3
    sheet.oddHeader.left.text = _plain(shop)
    sheet.oddHeader.right.text = _plain(f"{tr(report.title)} {period}")
    sheet.oddFooter.center.text = "&P / &N"


def _plain(text: str) -> str:
    # & begins a code there.
    return visible(text).replace("\n", " ").replace("&", "&&")[:100]
