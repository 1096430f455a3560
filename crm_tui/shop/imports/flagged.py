"""Columns of an old book whose heading is a state, and whose cells say whether it holds: “Batal”."""

from collections.abc import Sequence

from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import EMPTY, plain
from crm_tui.shop.imports.numbers import number
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.questions import Asks

_STATES = ("cancelled", "returned")
_LONGEST = 40


def columns(plan: Plan) -> list[int]:
    """Those of a file that nobody has taken for a field."""
    known = headings.status_words()
    return [
        column for column, name in enumerate(plan.fields)
        if name is None and known.get(headings.words(plan.headings[column])) in _STATES
    ]  # fmt: skip


def fate(row: Sequence[object], of: Sequence[int], plan: Plan, asks: Asks, line: int) -> str:
    """What becomes of a sale by the first of these columns that says anything but no or nothing:
    "counted" if none does; "" if that is open."""
    for column in of:
        told = plain(row[column]) if column < len(row) else ""
        if told.casefold() in EMPTY or headings.sold_words().get(headings.words(told)) == "no":
            continue
        amount = number(told, money=True)
        if amount is None or amount.value:
            heading = plan.headings[column]
            return asks.settle(f"status:{heading[:_LONGEST]}", line, column=heading, example=told)
    return "counted"
