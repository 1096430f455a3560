"""Finding an item as it is typed: a number and a part of its name, and the rows that fit."""

import re
from collections.abc import Sequence
from typing import cast

from crm_tui.errors import N_
from crm_tui.screens.shell import words
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing

COLUMNS = (
    Column(N_("Code"), 12),
    Column(N_("Name"), 16, flex=True),
    Column(N_("Price"), 12, align="right"),
    Column(N_("Stock"), 6, align="right"),
)


def cells(row: Record) -> Sequence[Cell]:
    """The cells of an item that was found."""
    values = cast(listing.Line, row).values
    left = int(values["available"] or 0)
    return (
        Cell(str(values["code"]), "strong"),
        Cell(str(values["name"])),
        Cell(words.rupiah(int(values["price"] or 0))),
        Cell(words.thousands(left), "bad" if left == 0 else ""),
    )


def counted(text: str) -> tuple[int, str]:
    """ "2 vario" → 2, "vario"; without a number 1."""
    found = re.match(r"\s*([0-9]{1,5})\s+(\S.*)", text)
    return (int(found[1]), found[2].strip()) if found else (1, text.strip())
