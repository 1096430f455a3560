"""Whether the total beside each line of an old book is that of its whole receipt."""

from collections.abc import Sequence

from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import plain
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks


class Receipts:
    """Compares the totals of lines with one receipt's number, in books that have no price to compare
    them with. Where all of them are the same, whoever reads them asks behind the last row."""

    def __init__(self, plan: Plan, asks: Asks) -> None:
        self._asks = asks
        at, listed = plan.places, headings.listed("receipts")
        named = "item" in at or "code" in at
        numbers = [
            column for column, name in enumerate(plan.fields)
            if name is None and headings.words(plan.headings[column]) in listed
        ]  # fmt: skip
        alone = named and "total" in at and "price" not in at
        self._column = numbers[0] if numbers and alone else None
        self._heading = plan.heading("total")
        self._last: tuple[str, int] = ("", 0)
        self._same: list[tuple[int, int]] = []
        self._unlike = False

    @property
    def told(self) -> bool:
        """Whether the file has numbers of receipts that tell anything."""
        return self._column is not None

    def goes_on(self, line: int, row: Sequence[object], total: int) -> bool:
        """Whether the total was counted with the line above, as was answered."""
        assert self._column is not None
        number = plain(row[self._column]) if self._column < len(row) else ""
        before, self._last = self._last, (number, total)
        if not number or before[0] != number:
            return False
        if before[1] != total:
            self._unlike = True
            return False
        self._same.append((line, total))
        return self._asks.said("receipt") == "whole"

    def ask(self) -> None:
        """Ask, unless lines of one receipt differ: then each has its own."""
        if not self._unlike:
            for line, total in self._same:
                self._asks.settle("receipt", line, column=self._heading, example=rupiah(total))
