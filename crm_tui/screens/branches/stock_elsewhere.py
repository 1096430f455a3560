"""Stok cabang lain: what other branches have of each item, and when that was heard."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.branches import goods
from crm_tui.shop.branches.lists import STOCK_THERE
from crm_tui.shop.gate import listing


class StockThereScreen(ListPage):
    """Items with what is here and in all other branches together."""

    needs = "items.view"
    heading = N_("Stock of branches")
    about = N_(
        "What other branches could promise, as the head office heard it last; beside the list by "
        "branch, with its time. Ask the branch before you promise it to a customer."
    )
    own = ()
    topics = frozenset({"branches", "stock", "items"})
    listed = STOCK_THERE
    columns = (
        Column(N_("Code"), 12),
        Column(N_("Name"), 16, flex=True),
        Column(N_("Here"), 7, align="right"),
        Column(N_("Elsewhere"), 11, align="right"),
        Column(N_("Branches"), 8, align="right", rank=2),
        Column(N_("Heard"), 11, rank=1),
    )
    empty = {
        "out": (N_("Nothing is out here that others have"), ""),
        "": (N_("No items yet"), ""),
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        here, there = int(values["here"] or 0), int(values["elsewhere"] or 0)
        at = values["at"]
        return (
            Cell(str(values["code"]), "strong"),
            Cell(str(values["name"])),
            Cell(display.thousands(max(0, here)), "bad" if here <= 0 else ""),
            Cell(display.thousands(there) if at else "", "due" if here <= 0 < there else ""),
            Cell(display.thousands(int(values["branches"] or 0)) if at else "", "dim"),
            Cell(display.clock_time(str(at), self.desk.clock.now()) if at else "", "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        values, now = row.values, self.desk.clock.now()
        found = await self.desk.ask(goods.stock_there, str(values["code"]))
        more: list[Piece] = ["\n"]
        for each in found:
            more += [
                (f"{display.thousands(each.available):>7}  ", "bold" if each.available else "$muted"),
                each.branch.name, (f"  {display.clock_time(each.at, now)}\n", "$muted"),
            ]  # fmt: skip
        if not found:
            more.append((self.tr(N_("Nothing was heard of it yet.")), "$muted"))
        here = f"{display.thousands(int(values['here'] or 0))} {values['unit']}"
        title: list[Piece] = [(str(values["code"]), "bold"), f"  {values['name']}"]
        return card(title, [(self.tr(N_("Here")), here)], *more)
