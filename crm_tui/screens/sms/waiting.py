"""Daftar tunggu: who wants to be told by SMS when goods come in, and who was told."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.answers.lists import WAITING
from crm_tui.shop.gate import listing

TALK = Action(
    "waiting.talk", "enter", N_("Conversation"), N_("All SMS with this customer"),
    permission="messages.view", opens=True,
)  # fmt: skip


class WaitingScreen(ListPage):
    """Those who wait, the oldest first: that is the order in which they are told."""

    needs = "messages.view"
    heading = N_("Waiting list")
    about = N_(
        "Customers who want to be told when something comes in. They are told by SMS by themselves, "
        "in this order, by day, and no more of them than there are pieces. → shows who was told."
    )
    own = (TALK,)
    topics = frozenset({"waiting_list", "stock", "items", "messages"})
    listed = WAITING
    columns = (
        Column(N_("Since"), 11),
        Column(N_("Customer"), 14, flex=True),
        Column(N_("Item"), 16, flex=True),
        Column(N_("Count"), 6, align="right", rank=2),
        Column(N_("There now"), 9, align="right"),
        Column(N_("Status"), 13, rank=1),
    )
    empty = {
        "open": (
            N_("Nobody is waiting"),
            N_("Customers who answer “kabari kalau ada” to what is sold out appear here."),
        ),
        "": (N_("Nobody is here"), N_("→ shows the others.")),
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        there = int(values["available"] or 0)
        enough = not values["ended_at"] and there >= int(values["quantity"] or 1)
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(display.who(str(values["customer"] or ""), str(values["phone"])), "strong"),
            Cell(f"{values['code']} {values['name']}"),
            Cell(display.thousands(int(values["quantity"] or 1))),
            Cell(display.thousands(there), "due" if enough else "dim"),
            Cell(self._state(row), "dim"),
        )

    def _state(self, row: Record) -> str:
        values = cast(listing.Line, row).values
        if values["sms"]:
            return self.tr(str(values["sms"]))
        return self.tr(N_("over") if values["ended_at"] else N_("waits"))

    async def details(self, row: listing.Line) -> Content:
        values, tr, now = row.values, self.tr, self.desk.clock.now()
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Item")), f"{values['code']} {values['name']}"),
            (tr(N_("Count")), display.thousands(int(values["quantity"] or 1))),
            (tr(N_("There now")), display.thousands(int(values["available"] or 0))),
            (tr(N_("Since")), display.clock_time(str(values["at"]), now)),
            (tr(N_("Waits until")), display.clock_time(str(values["until"]), now)),
            (tr(N_("Status")), self._state(row)),
            (tr(N_("Number")), display.phone(str(values["phone"]))),
        ]
        name = display.who(str(values["customer"] or ""), str(values["phone"]))
        return card([(name, "bold")], rows)

    def ready_for(self, action: Action) -> bool:
        return self.current is not None

    def on_paged_list_chosen(self) -> None:
        self.perform(TALK)

    async def do_waiting_talk(self) -> None:
        if self.current is not None:
            await self.app.push_screen(ConversationScreen(str(self.current.values["phone"])))
