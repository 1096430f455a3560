"""Whether a line of an old book is the sum of those above it, with or without a word that says so."""

import re
from collections.abc import Sequence

from crm_tui.shop.imports.headings import names_a_sum, sum_row

_CODE = re.compile(r"[^\W\d]+-\d")
"""TOTAL-100 is something that a shop sells."""


class RunningSums:
    """What the lines of a book amount to: all of them, those since the last sum, those of a day.

    Whoever reads a line adds to `all` and `lines` and sets `named` (whether it says what was sold, or
    to whom) behind `begin_day`: there may be a million of them, and a call a line is dear.
    """

    def __init__(self) -> None:
        self.day = ""
        self.all = self.lines = 0
        self.named = False
        # How much, and how many lines, there were before the day began, and up to the last sum.
        self._before_day = self._summed = (0, 0)

    def begin_day(self, day: str) -> None:
        """The lines that come are of this day."""
        self.day = day
        self._before_day = self.all, self.lines

    def is_one(self, texts: Sequence[str], total: int | None) -> str:
        """Whether a line with these texts is a sum: "word" if one says so, "alike" if nothing is named
        and the amount is that of the lines above, "" if it is none."""
        told = [text for text in texts if text]
        if any(map(_CODE.match, told)):
            return ""
        if any(map(names_a_sum, told)):
            return "word"
        if not total or not self._amounts_to(total):
            return ""
        if told:
            return "word" if any(map(sum_row().match, told)) else ""
        return "alike"

    def begin_anew(self) -> None:
        """The line was a sum: the next one is of what comes."""
        self._summed = self.all, self.lines

    def _amounts_to(self, total: int) -> bool:
        """Whether several lines amount to it: all, those since the last sum, or those of the day."""
        if self.lines == self._summed[1]:
            return False
        return any(
            self.lines - lines > 1 and self.all - amount == total
            for amount, lines in ((0, 0), self._summed, self._before_day)
        )
