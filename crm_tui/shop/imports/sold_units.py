"""In which unit an old book counts what was sold: "2" beside "lusin"."""

from crm_tui.shop.imports import headings
from crm_tui.shop.imports.cells import Cells, plain
from crm_tui.shop.imports.planning import Plan
from crm_tui.text import thousands


def column(plan: Plan) -> int | None:
    """Where the units of an old book stand, which are no field of it."""
    known = headings.aliases("items").meanings
    there = enumerate(zip(plan.headings, plan.fields, strict=True))
    return next(
        (at for at, (told, name) in there if name is None and known(told)[0] == ("unit",)), None
    )


def in_pieces(cells: Cells, unit: object, quantity: int) -> int:
    """How many pieces so many of a unit are: 2 of a dozen are 24 if somebody says so."""
    name = plain(unit).casefold().rstrip(".")
    each = headings.amounts()["pieces"].get(name)
    if each is None or not quantity:
        return quantity
    answer = cells.asks.settle(
        "packs:quantity", cells.line, column=cells.heading("quantity"), example=f"{quantity} {name}",
        pieces=thousands(quantity * each), packs=thousands(quantity),
    )  # fmt: skip
    return quantity * int(each) if answer == "take" else quantity
