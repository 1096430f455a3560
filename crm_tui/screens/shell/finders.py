"""Finding a customer in a box: letters or digits are typed, and Enter takes the customer."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.listed import ListingSource
from crm_tui.screens.shell.program import program
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.tasks import beside
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.customers.lists import CUSTOMERS
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.listing import View

NOBODY = "nobody"
_COLUMNS = (
    Column(N_("Name"), 16, flex=True),
    Column(N_("Phone"), 15),
    Column(N_("Address"), 12, flex=True),
)


def _cells(row: Record) -> Sequence[Cell]:
    values = cast(listing.Line, row).values
    first = str(values["phones"]).partition(" ")[0]
    return (
        Cell(str(values["name"] or display.phone(first)), "strong"),
        Cell(display.phone(first), "dim"),
        Cell(str(values["address"] or "")),
    )


class CustomerFinder(Dialog[object]):
    """Comes back with the row of a customer, with `NOBODY`, or None. `nobody`: what Enter on the empty
    line is called; "" if somebody must be chosen. `but`: the key of one who cannot be."""

    def __init__(self, title: str, *, nobody: str = "", but: int = 0) -> None:
        super().__init__()
        self._title, self._nobody, self._but = title, nobody, but
        self.keys = [("Enter", N_("Take it")), ("↑↓", N_("Choose")), ("Esc", N_("Back"))]

    def title_text(self) -> str:
        return self._title

    def body(self) -> Sequence[Widget]:
        rows = PagedList((), _cells, id="items")
        rows.can_focus = False
        told = self.tr(N_("Name, address or some digits of the number"))
        if self._nobody:
            told += "; " + self.tr(N_("empty: {nobody}"), nobody=self._nobody)
        return [Plain(told, classes="label"), Line(Field("find", ""), ""), rows]

    def on_mount(self) -> None:
        self.rows.show_columns([replace(each, heading=self.tr(each.heading)) for each in _COLUMNS])
        self.rows.explain(
            (self.tr(N_("Nobody found")), self.tr(N_("Type less or something else."))),
            lambda first, last, total, news: "",
        )
        self.query_one(Line).focus()
        self._search("")

    @property
    def rows(self) -> PagedList:
        return self.query_one("#items", PagedList)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, text: str) -> None:
        beside(self, partial(self._find, text), group="search", exclusive=True)

    async def _find(self, text: str) -> None:
        desk = program(self).desk
        view = View("name", "all", text)
        await self.rows.use(ListingSource(desk, CUSTOMERS, view))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down"):
            self.rows.move(1 if event.key == "down" else -1)
            event.stop()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if not event.value.strip() and self._nobody:
            self.dismiss(NOBODY)
        else:
            beside(self, partial(self._take, event.value), group="search", exclusive=True)

    async def _take(self, typed: str) -> None:
        if not self.rows.settled:
            # Typed quicker than it was found.
            await self._find(typed)
        row = cast("listing.Line | None", self.rows.current)
        if row is not None and row.id != self._but:
            self.dismiss(row)

    def on_paged_list_chosen(self) -> None:
        beside(self, partial(self._take, self.query_one(Line).value), group="search")
