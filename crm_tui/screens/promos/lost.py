"""Ditanyakan: what customers asked for by SMS and did not get; a promo brings them back."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.promos import telling
from crm_tui.screens.promos.compose import promo_to
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.sms.conversation import ConversationScreen
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.customers.lists import LOST
from crm_tui.shop.gate import listing
from crm_tui.shop.promos.audience import Audience

TALK = Action(
    "lost.talk", "enter", N_("Conversation"), N_("All SMS with this customer"),
    permission="messages.view", opens=True,
)  # fmt: skip
PROMO = Action(
    "lost.promo", "p", N_("Promo"), N_("A promo to all who asked and went without"),
    command="promos.save",
)  # fmt: skip

WHY = {"stock": N_("not enough there"), "unknown": N_("no such item")}


class LostScreen(ListPage):
    """Lost sales, the newest first: the customers who asked, and for what."""

    needs = "messages.view"
    heading = N_("Asked, not had")
    about = N_(
        "What customers asked for by SMS and could not get: what to order, and whom to tell. "
        "{lost_promo} writes to everybody who asked in the last three months and has not bought "
        "it since."
    )
    own = (TALK, PROMO)
    topics = frozenset({"lost", "sales", "stock"})
    listed = LOST
    columns = (
        Column(N_("Time"), 11),
        Column(N_("Customer"), 14, flex=True),
        Column(N_("Asked for"), 16, flex=True),
        Column(N_("Count"), 6, align="right", rank=1),
        Column(N_("Why"), 16, rank=2),
        Column(N_("There now"), 9, align="right"),
    )
    empty = {"": (N_("Nobody went without"), N_("Missed sales appear here by themselves."))}

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        there = values["available"]
        return (
            Cell(display.clock_time(str(values["at"]), self.desk.clock.now()), "dim"),
            Cell(display.who(str(values["customer"] or ""), str(values["phone"])), "strong"),
            Cell(str(values["asked"])),
            Cell(str(values["quantity"] or "")),
            Cell(self.tr(WHY[str(values["why"])])),
            Cell("" if there is None else display.thousands(int(there)), "due" if there else "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        values, tr = row.values, self.tr
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Asked for")), str(values["asked"])),
            (tr(N_("Item")), str(values["name"] or "")),
            (tr(N_("Count")), str(values["quantity"] or "")),
            (tr(N_("Why")), tr(WHY[str(values["why"])])),
            (tr(N_("Number")), display.phone(str(values["phone"]))),
        ]
        name = display.who(str(values["customer"] or ""), str(values["phone"]))
        return card([(name, "bold")], rows)

    def ready_for(self, action: Action) -> bool:
        row = self.current
        return action is PROMO or (row is not None and bool(row.values["phone"]))

    def on_paged_list_chosen(self) -> None:
        self.perform(TALK)

    async def do_lost_talk(self) -> None:
        row = self.current
        if row is not None and row.values["phone"]:
            await self.app.push_screen(ConversationScreen(str(row.values["phone"])))

    @once_a_time
    async def do_lost_promo(self) -> None:
        await promo_to(self, Audience("asked"), "asked", telling.BASES["asked"])
