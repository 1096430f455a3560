"""Whether an item of a file is sold still: a column that asks, or a remark in any other."""

from collections.abc import Sequence

from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import EMPTY, plain
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks

_MOST_WORDS, _MOST_WORD = 12, 40
_REMEMBERED = 10_000


class Selling:
    """Looks at the rows of one file."""

    def __init__(self, plan: Plan, asks: Asks) -> None:
        self._asks = asks
        self._at = plan.places.get("status")
        self._heading = plan.heading("status")
        self._against = headings.speaks_against(self._heading)
        self._remarks = [
            column for column, name in enumerate(plan.fields) if name in (None, "category")
        ]
        self._name = plan.places.get("name")
        self._known: dict[str, str] = {}
        self._unknown: set[str] = set()

    def state(self, row: Sequence[object], line: int) -> str:
        """Whether the item is "on" sale or "off"; "" if nobody has said yet what its state means."""
        said = self._said(row, line)
        return said if said in ("on", "off") else ""

    def _said(self, row: Sequence[object], line: int) -> str:
        if any(at < len(row) and self._meaning(row[at]) == "off" for at in self._remarks):
            return "off"
        name = "" if self._name is None else plain(row[self._name])
        if any(self._meaning(each) == "off" for each in headings.in_brackets(name)):
            return "off"
        if self._at is None:
            return "on"
        text = plain(row[self._at])
        if text.casefold() in EMPTY:
            return "on"
        meaning = self._meaning(text)
        if meaning in ("on", "off"):
            return meaning
        if meaning:
            return "on" if (meaning == "yes") is not self._against else "off"
        text = text[:_MOST_WORD]
        if len(self._unknown) < _MOST_WORDS:
            self._unknown.add(text)
        key = text if text in self._unknown else "…"
        return self._asks.settle(f"sold:{key}", line, column=self._heading, example=text)

    def _meaning(self, cell: object) -> str:
        if cell is None or not isinstance(cell, str | bool | int):
            return ""
        text = cell if isinstance(cell, str) else plain(cell)
        known = self._known.get(text)
        if known is None:
            known = headings.sold_words().get(headings.words(text), "") if text else ""
            if len(self._known) < _REMEMBERED:
                self._known[text] = known
        return known
