"""Frozen reward lists: printed, written to a file, and ticked off as gifts are handed out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import card
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.plain import Piece
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import access, folder, listing, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.stored_words import actor
from crm_tui.shop.loyalty import rewards
from crm_tui.shop.loyalty.lists import ENTRIES, PERIODS
from crm_tui.shop.sales import printing
from crm_tui.shop.sales.settings import PRINTER

OPEN = Action(
    "periods.open",
    "enter",
    N_("Look inside"),
    N_("Who is on the list"),
    permission="customers.view",
    opens=True,
)
PRINT = Action("entries.print", "c", N_("Print"), N_("Print the list"), permission="reports.export")
SAVE = Action(
    "entries.save", "f", N_("To a file"), N_("Save the list in exports/"),
    permission="reports.export",
)  # fmt: skip
GIVE = Action(
    "entries.give",
    "a",
    N_("Handed out"),
    N_("The customer has the gift"),
    command="loyalty.give_reward",
    done=N_("{row} has got it."),
)


class PeriodsScreen(ListPage):
    """The lists that were frozen, the newest first."""

    needs = "customers.view"
    heading = N_("Saved lists")
    about = N_("A list stays as it was on the day it was saved. Enter opens it.")
    own = (OPEN,)
    topics = frozenset({"rewards"})
    listed = PERIODS
    columns = (
        Column(N_("Name"), 16, flex=True),
        Column(N_("As of"), 11),
        Column(N_("Customers"), 10, align="right"),
        Column(N_("Handed out"), 13, align="right"),
        Column(N_("By"), 12, rank=1),
    )
    empty = {"": (N_("No saved lists yet"), N_("“Save list” in Rewards keeps today's list."))}

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        year, month, day = str(values["last_day"]).split("-")
        return (
            Cell(str(values["name"]), "strong"),
            Cell(f"{day}/{month}/{year}"),
            Cell(display.thousands(int(values["entries"] or 0))),
            Cell(display.thousands(int(values["given"] or 0))),
            Cell(actor(str(values["actor"]), self.tr), "dim"),
        )

    def ready_for(self, action: Action) -> bool:
        return self.current is not None

    def on_paged_list_chosen(self) -> None:
        self.perform(OPEN)

    async def do_periods_open(self) -> None:
        row = self.current
        if row is not None:
            await self.app.push_screen(
                EntriesScreen(row.id, str(row.values["name"]), str(row.values["last_day"]))
            )


class EntriesScreen(ListPage):
    """The customers of a frozen list, the best first."""

    needs = "customers.view"
    heading = N_("Reward list")
    about = N_(
        "{entries_give} ticks off gifts that were handed out; {entries_print} prints the list."
    )
    own = (GIVE, PRINT, SAVE)
    topics = frozenset({"rewards"})
    listed = ENTRIES
    columns = (
        Column(N_("No."), 5, align="right"),
        Column(N_("Customer"), 16, flex=True),
        Column(N_("Tier"), 10),
        Column(N_("Gift"), 14, flex=True),
        Column(N_("Bought for"), 14, align="right", rank=1),
        Column(N_("Handed out"), 13),
    )
    empty = {"": (N_("Nobody here"), N_("→ shows the others."))}

    def __init__(self, period: int = 0, name: str = "", last_day: str = "2026-01-01") -> None:
        super().__init__()
        self._view = replace(self._view, given={"period": period})
        self._period, self._called, self._last_day = period, name, last_day

    def title_text(self) -> str:
        return self._called or self.tr(self.heading)

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        given_at = values["given_at"]
        return (
            Cell(str(values["number"])),
            Cell(display.who(str(values["name"]), str(values["phone"])), "strong"),
            Cell(str(values["tier"])),
            Cell(str(values["gift"])),
            Cell(display.rupiah(int(values["spent"] or 0))),
            Cell(
                display.clock_time(str(given_at), self.desk.clock.now()) if given_at else "", "dim"
            ),
        )

    async def details(self, row: listing.Line) -> Content:
        values, tr = row.values, self.tr
        given_at, now = values["given_at"], self.desk.clock.now()
        rows: list[tuple[str, str | Piece]] = [
            (tr(N_("Number")), display.phone(str(values["phone"]))),
            (tr(N_("Tier")), str(values["tier"])),
            (tr(N_("Gift")), str(values["gift"])),
            (tr(N_("Score")), display.thousands(round(float(values["score"] or 0)))),
            (tr(N_("Bought for")), display.rupiah(int(values["spent"] or 0))),
            (tr(N_("Handed out")), display.clock_time(str(given_at), now) if given_at else ""),
            (tr(N_("By")), actor(str(values["given_by"]), tr)),
        ]
        name = display.who(str(values["name"]), str(values["phone"]))
        return card([(name, "bold")], rows)

    def _text(self, ctx: Context) -> str:
        lines = rewards.entries(ctx, self._period)
        return rewards.printed(settings.SHOP_NAME(ctx), self._called, self._last_day, lines)

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action is GIVE:
            return row is not None and not row.values["given_at"] and super().ready_for(action)
        return row is not None

    async def do_entries_give(self) -> None:
        row = self.current
        if row is not None:
            await self.desk.act(rewards.give, self._period, row.id)

    @once_a_time
    async def do_entries_print(self) -> None:
        def send(ctx: Context) -> None:
            # All their names and numbers leave the program, as in a file.
            access.require(ctx, "reports.export")
            printing.send(self._text(ctx), PRINTER(ctx))

        await self.desk.take_time(send)
        self.notice(self.tr(N_("It was sent to the printer.")))

    @once_a_time
    async def do_entries_save(self) -> None:
        def save(ctx: Context) -> str:
            # All their names and numbers, like any report.
            access.require(ctx, "reports.export")
            return str(folder.save(ctx, f"rewards-{self._period}.txt", self._text(ctx)))

        path = await self.desk.take_time(save)
        self.notice(self.tr(N_("Written: {file}"), file=path))
