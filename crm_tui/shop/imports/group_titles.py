"""Titles within a list of items, “OLI” above the oils: the category of the rows below, perhaps."""

from collections.abc import Sequence

from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import plain
from crm_tui.shop.imports.dates import is_month
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks

_EXAMPLES, _LONGEST_NUMBER = 4, 4


class GroupTitles:
    """Remembers the last title of one file, of at most `most` characters."""

    def __init__(self, plan: Plan, asks: Asks, most: int) -> None:
        self._asks, self._most = asks, most
        at = plan.places
        self._own = "category" in at
        self._named = [at[name] for name in ("code", "name") if name in at]
        self._fields = [column for column, name in enumerate(plan.fields) if name is not None]
        self._title: tuple[int, str] | None = None
        self._asked: list[str] = []
        self._category: str | None = None

    def title(self, line: int, row: Sequence[object]) -> bool:
        """Whether the row is a title that may be a category; it is kept then. It may have the number of
        the group before it."""
        if self._own:
            return False
        cells = [(column, text) for column, cell in enumerate(row) if (text := plain(cell))]
        if len(cells) > 1:
            rest = [each for each in cells if each[0] in self._fields]
            numbers = [text for column, text in cells if column not in self._fields]
            if len(rest) != 1 or rest[0][0] not in self._named or len(numbers) != 1:
                return False
            if len(numbers[0]) > _LONGEST_NUMBER or any(map(str.isdigit, rest[0][1])):
                return False
            cells = rest
        if len(cells) != 1:
            return False
        text = self._bare(cells[0][1])
        if not text:
            return False
        self._title = line, text
        return True

    def forget(self) -> None:
        """The last title was that of another table."""
        self._title = None

    def _bare(self, text: str) -> str:
        """A title without “Kategori:” in front; "" for what tells when, or which page, or is a code."""
        label, sign, rest = text.partition(":")
        if sign:
            known = headings.aliases("items").meanings(label)[0]
            if "category" not in known:
                return ""
            text = rest.strip()
        first = (headings.words(text).split() or [""])[0]
        coded = " " not in text and not text.isalpha()
        if len(text) > self._most or not first or first in headings.times() or is_month(first):
            return ""
        return "" if coded or not any(map(str.isalpha, text)) else text

    def category(self) -> str | None:
        """The category of an item that comes now, None if no title tells of it."""
        if self._title is not None:
            line, text = self._title
            self._title = None
            if len(self._asked) <= _EXAMPLES and text not in self._asked:
                self._asked.append(text)
            more = " …" if len(self._asked) > _EXAMPLES else ""
            told = ", ".join(self._asked[:_EXAMPLES]) + more
            answer = self._asks.settle("category", line, example=told)
            self._asks.questions["category"].params["example"] = told
            self._category = text if answer == "category" else None
        return self._category
