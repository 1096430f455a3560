"""Columns of an old book whose heading is a state, and whose cells say whether it holds: “Batal”. A
number below “Retur” says how much of the line it holds for."""

from collections.abc import Sequence

from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import EMPTY, plain
from crm_tui.shop.imports.numbers import number
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks

_STATES = ("cancelled", "returned")
_LONGEST = 40


class Flags:
    """Those of a file that nobody has taken for a field."""

    def __init__(self, plan: Plan, asks: Asks) -> None:
        known = headings.status_words()
        meant = [known.get(headings.words(each)) for each in plan.headings]
        self._asks, self._headings = asks, plan.headings
        self.columns = [
            column for column, name in enumerate(plan.fields)
            if name is None and meant[column] in _STATES
        ]  # fmt: skip
        # Beside a number of pieces, one below “Retur” is that of those that came back.
        self.parts = [
            column for column in self.columns
            if meant[column] == "returned" and "quantity" in plan.places
        ]  # fmt: skip

    def fate(self, row: Sequence[object], line: int) -> str:
        """What becomes of a sale by the first of these columns that says anything but no or nothing:
        "counted" if none does; "" if that is open."""
        for column in self.columns:
            told = plain(row[column]) if column < len(row) else ""
            if told.casefold() in EMPTY or headings.sold_words().get(headings.words(told)) == "no":
                continue
            amount = number(told, money=True)
            if amount is None or (amount.value and column not in self.parts):
                return self._asks.settle(
                    f"status:{self._headings[column][:_LONGEST]}", line,
                    column=self._headings[column], example=told,
                )  # fmt: skip
        return "counted"

    def rest(
        self, row: Sequence[object], line: int, quantity: int | None, total: int
    ) -> tuple[int | None, int]:
        """How many pieces of a line were sold, and for how much, less what came back of them; as it
        stands there while that is open."""
        for column in self.parts:
            told = plain(row[column]) if column < len(row) else ""
            amount = number(told, money=True)
            if amount is None or not amount.value:
                continue
            back = abs(int(amount.value))
            pieces = quantity is not None and back <= quantity
            answer = self._asks.settle(
                f"back:{self._headings[column][:_LONGEST]}", line, column=self._headings[column],
                example=f"{told} / {quantity if pieces else rupiah(total)}",
            )  # fmt: skip
            if answer == "off" and pieces and quantity:
                return quantity - back, total - (2 * total * back + quantity) // (2 * quantity)
            if answer == "off":
                return quantity, max(0, total - back)
            if answer == "told" and pieces and quantity is not None:
                return quantity - back, total
        return quantity, total
