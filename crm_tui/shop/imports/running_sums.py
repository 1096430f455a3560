"""Whether a line of an old book is the sum of those above it, with or without a word that says so."""

import re
from collections.abc import Sequence

from crm_tui.shop.imports.headings import names_a_sum, sum_row

_CODE = re.compile(r"[^\W\d]+-\d")
"""TOTAL-100 is something that a shop sells."""


class RunningSums:
    """What the lines of a book amount to: all of them, those since the last sum, those of a day."""

    def __init__(self) -> None:
        self._all = self._since = self._of_day = 0
        self._lines = self._lines_of_day = self._named = 0
        self._day = ""

    def add(self, day: str, total: int, *, named: bool) -> None:
        """A line counts; `named`: it says what was sold, or to whom."""
        if day != self._day:
            self._day, self._of_day, self._lines_of_day = day, 0, 0
        self._all += total
        self._since += total
        self._of_day += total
        self._lines += 1
        self._lines_of_day += 1
        self._named += named

    def is_one(self, texts: Sequence[str], total: int | None, *, dated: bool) -> bool:
        """Whether a line with these texts, beside its day, is a sum: a word says so, or nothing is
        named and the amount is that of the lines above; then the next one begins anew."""
        told = [text for text in texts if text]
        if any(map(_CODE.match, told)):
            return False
        word = any(map(names_a_sum, told))
        if not word:
            if not total or (told and not any(map(sum_row().match, told))):
                return False
            # Of lines of which none is named, any may be as much as two others.
            if dated and not told and not self._named:
                return False
            sums = [self._all, self._since] if self._lines > 1 else []
            sums += [self._of_day] if self._lines_of_day > 1 else []
            if total not in sums:
                return False
        self._since = self._lines = self._named = 0
        return True
