"""Kiriman: goods to and from other branches, on their way and received."""

from collections.abc import Mapping, Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.branches.arrival import ArrivalScreen
from crm_tui.screens.branches.telling import described
from crm_tui.screens.items.basket import Picked
from crm_tui.screens.items.stock import GoodsBasket
from crm_tui.screens.shell import display
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.branches import arrivals, identity, transfers
from crm_tui.shop.branches.lists import TRANSFERS
from crm_tui.shop.gate import listing
from crm_tui.shop.items.stock import Goods

SEND = Action(
    "transfers.send", "k", N_("Send"), N_("Send goods to another branch: several items at once"),
    permission="branches.send", settled=True,
)  # fmt: skip
OPEN = Action(
    "transfers.open", "enter", N_("Line by line"),
    N_("What is in a transfer, and entering what came of it"), permission="items.view",
    opens=True,
)  # fmt: skip


class TransfersScreen(ListPage):
    """Goods that come to us stand first: somebody has to receive them."""

    needs = "items.view"
    heading = N_("Transfers")
    about = N_(
        "Goods between branches. {transfers_send} sends some: they leave the stock at once, and are on "
        "the way until the other branch has received them. {transfers_open} receives what comes, line "
        "by line. A wrong transfer is not called off; the receiver sends it back."
    )
    own = (SEND, OPEN)
    topics = frozenset({"branches", "stock"})
    listed = TRANSFERS
    subject = "transfer"
    columns = (
        Column(N_("Sent"), 11),
        Column(N_("Number"), 8, align="right"),
        Column(N_("Branch"), 16, flex=True),
        Column(N_("Pieces"), 7, align="right"),
        Column(N_("Status"), 13),
        Column(N_("Note"), 12, flex=True, rank=2),
    )
    empty = {
        "coming": (N_("Nothing is coming to us"), N_("→ shows what we sent, and what has come.")),
        "": (N_("Nothing here"), N_("{transfers_send} sends goods to another branch.")),
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        told, tone = self._state(values)
        arrow = "◂ " if values["incoming"] else "▸ "
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(str(values["number"]), "strong"),
            Cell(arrow + str(values["name"])),
            Cell(display.thousands(int(values["pieces"] or 0))),
            Cell(told, tone),
            Cell(str(values["note"]), "dim"),
        )

    def _state(self, values: Mapping[str, str | int | None]) -> tuple[str, str]:
        if not values["ended_at"]:
            return self.tr(N_("on the way")), "due"
        missing = int(values["pieces"] or 0) - int(values["arrived"] or 0)
        if missing:
            return self.tr(N_("differs: {count}"), count=f"{-missing:+}"), "bad"
        return self.tr(N_("received")), "dim"

    async def details(self, row: listing.Line) -> Content:
        told = await self.desk.ask(
            arrivals.look if row.values["incoming"] else transfers.look, row.id // 2
        )
        return described(self, told)

    def ready_for(self, action: Action) -> bool:
        return action is SEND or self.current is not None

    def on_paged_list_chosen(self) -> None:
        self.perform(OPEN)

    async def do_transfers_open(self) -> None:
        row = self.current
        if row is not None and row.values["incoming"]:
            await self.app.push_screen(ArrivalScreen(row.id // 2))
        elif row is not None:
            self.notice(self.tr(N_("What the other branch has found stands beside the list.")))

    @once_a_time
    async def do_transfers_send(self) -> None:
        others = await self.desk.ask(identity.others)
        choices = [(str(each.number), each.name) for each in others]
        if not choices:
            self.notice(self.tr(N_("No other branch is known yet.")), bad=True)
            return
        chosen = await self.ask_for(Choose(self.tr(N_("To which branch?")), choices))
        if chosen is None:
            return
        branch = next(each for each in others if str(each.number) == chosen)

        async def place(lines: Sequence[Picked]) -> object:
            goods = [Goods(each.item.id, each.count) for each in lines]

            async def send(values: Values) -> object:
                return await self.desk.act(transfers.send, branch.number, goods, values["note"])

            field = Field(
                "note", self.tr(N_("Note")), self.tr(N_("Who carries it, in how many boxes"))
            )
            title = self.tr(N_("To {branch}"), branch=branch.name)
            return await self.ask_for(Form("transfer to", title, [field], send, done=N_("Send")))

        box = GoodsBasket(
            self, f"transfer {chosen}", self.tr(N_("Goods for {branch}"), branch=branch.name), place,
            costs=False,
            about=N_("Everything that goes there together. It leaves the stock as soon as it is sent."),
        )  # fmt: skip
        number = await self.ask_for(box)
        if number:
            told = N_("Transfer {number} is on its way to {branch}. Write the number on the boxes.")
            self.notice(self.tr(told, number=number, branch=branch.name))
            self.look_again()
