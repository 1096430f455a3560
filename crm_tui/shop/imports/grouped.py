"""Whose the sales of an old book are that is grouped by customer: the name stands once above them, on a
line of its own or in the first of theirs."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import phones, plain
from crm_tui.shop.imports.dates import is_month
from crm_tui.shop.imports.questions import Asks

Who = tuple[str | None, str | None]
"""Number and name."""
NOBODY: Who = (None, None)
_NUMBER = re.compile(r"(?:\+|\b)\d[\d .()-]{6,}\d")
_LABEL = re.compile(r"^([^:=]{2,30})\s*[:=]\s*(?=\S)")
_LEFT_OVER = re.compile(r"[\s:;,./|()\[\]–—-]+$|^[\s:;,./|()\[\]–—-]+")
_MOST_CELLS = 4
_RECORDS = ("date", "quantity", "price", "discount", "total", "code")
_DIALLED = re.compile(r"(?:\+|\b0|\b62)[\d .()-]{7,}\d")
_REMEMBERED = 200_000
_FEW_DAYS = 3
_WORDS = re.compile(r"[^\W\d_]+")


class Groups:
    """Reads the lines above others, and remembers what speaks for a customer in the first line only."""

    def __init__(self, at: Mapping[str, int], asks: Asks, country: str, most: int) -> None:
        self._at, self._asks, self._country, self._most = at, asks, country, most
        self._title: tuple[int, Who, str, bool] | None = None
        self._counts = ""
        # Those of the lines above in which somebody stands.
        self._above = NOBODY
        self._carried = asks.said("unnamed") == "above"
        self._before = ""
        self._begins_named = False
        self._steps: Counter[tuple[bool, int]] = Counter()
        self._days: Counter[bool] = Counter()
        self._behind_sum: Counter[bool] = Counter()
        self._summed = False
        self._seen: set[Who] = set()
        self._twice = False
        self._example: tuple[int, str] = (0, "")
        self._blank = 0

    # ── a line of its own ─────────────────────────────────────────────────────────────────────────

    def summed(self) -> None:
        """The line is one of sums."""
        self._summed = True

    def title(self, line: int, row: Sequence[object], *, alone: bool) -> bool:
        """Whether a line may name the customer of those below; it is kept if it does. `alone`: it is no
        sale, whatever it is; then who stands in its first cell is asked about."""
        cells = [text for text in map(plain, row) if text]
        if not 0 < len(cells) <= _MOST_CELLS:
            return False
        if len(cells) > 1:
            records = (plain(row[self._at[name]]) for name in _RECORDS if name in self._at)
            # A telephone number may stand in any column; other figures are those of a sale.
            if any(map(str.isdigit, "".join(_DIALLED.sub("", each) for each in records))):
                return False
        text = " ".join(cells)
        who, sure = self._read(text)
        if len(cells) > 1 and not sure and who[0] is None:
            who = self._read(cells[0])[0] if alone else NOBODY
        if who == NOBODY:
            return False
        self._title, self._counts = (line, who, text, sure), ""
        return True

    def parted(self, name: str) -> Who:
        """A name, with the number that stands in its cell."""
        if not _DIALLED.search(name):
            return None, name
        (number, rest), _ = self._read(name)
        return (None, name) if number is None else (number, rest)

    def _read(self, text: str) -> tuple[Who, bool]:
        """Whom a text names, and whether it says that it does."""
        known = headings.aliases("sales")
        label, sure = _LABEL.match(text), False
        if label is not None:
            meant = known.meanings(label[1])[0][:1]
            if meant not in (("name",), ("phone",)):
                return NOBODY, False
            sure, text = True, text[label.end() :]
        number = None
        for match in _NUMBER.finditer(text):
            found = phones(match[0], self._country)
            if not isinstance(found, str) and found:
                number = number or found[0]
                text = text.replace(match[0], " ")
        parts = text.split()
        for so_many in range(min(3, len(parts) - 1), 0, -1):
            if known.meanings(" ".join(parts[:so_many]))[0][:1] == ("name",):
                sure, parts = True, parts[so_many:]
                break
        words = [
            each for each in parts
            if known.meanings(each.strip(".:()"))[0][:1] != ("phone",)
        ]  # fmt: skip
        name = _LEFT_OVER.sub("", " ".join(words))[: self._most]
        told = {each.casefold() for each in _WORDS.findall(name)}
        if not told or all(each in headings.times() or is_month(each) for each in told):
            return (number, None), sure
        return (number, name), sure

    # ── each sale ─────────────────────────────────────────────────────────────────────────────────

    def whose(self, line: int, moment: str, who: Who, row: Sequence[object]) -> Who:
        """Whose a sale is in whose line `who` stands."""
        if self._title is not None:
            if who == NOBODY:
                return self._titled()
            return who
        named = who != NOBODY
        if moment != self._before:
            self._days[named] += 1
        if named and self._twice and not self._summed:
            # Only sums and days can tell anything still, and there may be a million rows.
            self._above, self._before = who, moment
            return who
        if not self._before:
            self._begins_named = named
        else:
            self._steps[named, (moment > self._before) - (moment < self._before)] += 1
        if self._summed and self._before:
            self._behind_sum[named] += 1
        self._before, self._summed = moment, False
        if named:
            self._above = who
            self._twice |= who in self._seen
            if len(self._seen) < _REMEMBERED:
                self._seen.add(who)
        elif self._above != NOBODY:
            self._blank += 1
            if not self._example[0]:
                self._example = line, ", ".join(plain(each) for each in row if each)[:60]
            if self._carried:
                return self._above
        return who

    def _titled(self) -> Who:
        assert self._title is not None
        line, who, text, sure = self._title
        if not self._counts:
            self._counts = "customer" if sure else "?"
            if not sure:
                self._counts = self._asks.settle("group", line, example=text[:60]) or "?"
        return who if self._counts == "customer" else NOBODY

    def ask(self) -> None:
        """Behind the last row: ask whether who stands in the first line of some is the others', too. It
        must be said if the order of days begins anew where somebody stands and nowhere else, sums stand
        before, or each day begins with somebody; else nobody is meant if nothing is said."""
        if not self._blank or not self._begins_named:
            return
        steps = self._steps
        back, on = ({way: steps[way, to] for way in (True, False)} for to in (-1, 1))
        # A book that goes up in time, or down, throughout, begins nowhere anew.
        mixed = any(back.values()) and any(on.values())
        # A name that stands twice does not stand once above all that is theirs.
        anew = (
            mixed and not self._twice and any(each[True] and not each[False] for each in (back, on))
        )
        summed = self._behind_sum[True] and not self._behind_sum[False]
        by_day = self._days[True] >= _FEW_DAYS and not self._days[False]
        line, example = self._example
        default = "" if anew or summed or by_day else "nobody"
        self._asks.settle("unnamed", line, default, lines=self._blank, example=example)
