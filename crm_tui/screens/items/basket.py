"""An order put together in a few keys: a number and a part of a name, Enter, and again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from textual import events, on
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Input

from crm_tui.errors import N_, Problem
from crm_tui.screens.items import finding
from crm_tui.screens.shell import words
from crm_tui.screens.shell.asking import parse_money
from crm_tui.screens.shell.listpage import ListingSource
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.listing import View
from crm_tui.shop.items.lists import ITEMS


@dataclass(frozen=True)
class Picked:
    """A count of an item that was found; `cost` in rupiah, where somebody asks for it."""

    row: listing.Line
    count: int
    cost: int | None = None


Place = Callable[[Sequence[Picked]], Awaitable[object]]
"""Does with the lines what they are for; None leaves the box open."""


class Basket(Dialog[object]):
    """Items and quantities; F4 hands them to `place`. `text`: the customer's words.

    `key` names the draft: what was put in is there again until it is placed or thrown away.
    """

    heading = N_("Make an order from it")
    prompt = N_("How many, and what (2 vario; 0 removes it)")
    keys: Sequence[tuple[str, str]] = (
        ("Enter", N_("Add")), ("↑↓", N_("Choose")), ("F4", N_("Place the order")),
        ("Del", N_("Remove the last")), ("Esc", N_("Back")),
    )  # fmt: skip

    def __init__(self, key: str, text: str, place: Place) -> None:
        super().__init__()
        self._key, self._text, self._place = key, text, place
        self._lines: dict[int, Picked] = {}
        self._view = View("code", "active")
        self._busy = False
        self._leaving = False

    @property
    def crm(self) -> Program:
        return program(self)

    def body(self) -> Sequence[Widget]:
        rows = PagedList((), finding.cells, id="items")
        rows.can_focus = False
        return [
            Container(Plain(self._text), id="said"),
            Plain(self.tr(self.prompt), classes="label"),
            Line(Field("find", ""), ""),
            rows,
            Plain("", id="basket"),
            Plain("", id="problem", classes="problem"),
        ]

    def on_mount(self) -> None:
        self.rows.show_columns(
            [replace(each, heading=self.tr(each.heading)) for each in finding.COLUMNS]
        )
        self.rows.explain(
            (self.tr(N_("Nothing found")), self.tr(N_("Type less or something else."))),
            lambda first, last, total, news: "",
        )
        self.query_one(Line).focus()
        self._draw()
        self._search("")
        beside(self, self._take_up)

    async def _take_up(self) -> None:
        """Go on with what was put in before."""
        for item, kept in self.program.drafts.get(self.program.draft_key(self._key), {}).items():
            row = await self.crm.desk.ask(listing.one, ITEMS, self._view, int(item))
            count, _, cost = kept.partition("@")
            if row is not None:
                self._lines[row.id] = Picked(row, int(count), int(cost) if cost else None)
        self._draw()

    @property
    def rows(self) -> PagedList:
        return self.query_one("#items", PagedList)

    # ── search ────────────────────────────────────────────────────────────────────────────────

    def read(self, typed: str) -> tuple[int, str, str]:
        """Count, words that find the item, and the cost of one as typed, if a cost is asked."""
        return (*finding.counted(typed), "")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(self.read(event.value)[1])

    def _search(self, text: str) -> None:
        beside(self, partial(self._find, text), group="search", exclusive=True)

    async def _find(self, text: str) -> None:
        view = replace(self._view, search=text)
        await self.rows.use(ListingSource(self.crm.desk, ITEMS, view))

    def on_key(self, event: events.Key) -> None:
        if self._leaving and event.key != "escape":
            self._leaving = False
            self.show_keys(self.keys)
        if event.key in ("up", "down"):
            self.rows.move(1 if event.key == "down" else -1)
        elif event.key == "f4":
            typed = self.query_one(Line).value
            if typed.strip():
                # What stands in the line is meant to be in the order.
                self._take(typed)
            else:
                self._send()
        else:
            return
        event.stop()

    def key_delete(self) -> None:
        # The key takes an item out only if the line has nothing to delete.
        if self._lines and not self.query_one(Line).value:
            self._lines.popitem()
            self._draw()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._take(event.value)
        else:
            self._send()

    def _take(self, typed: str) -> None:
        # In the group of the searches: it takes the place of one that is under way.
        beside(self, partial(self._put_in, typed), group="search", exclusive=True)

    async def _put_in(self, typed: str) -> None:
        count, text, cost = self.read(typed)
        if not self.rows.settled:
            # Typed, or scanned, quicker than it was found.
            await self._find(text)
        row = cast("listing.Line | None", self.rows.current)
        problem = self.query_one("#problem", Plain)
        if row is None:
            told = N_(
                "✗ Nothing is called “{text}”. Type something else, or empty the line: Ctrl+U"
            )
            problem.show(self.tr(told, text=text))
            return
        try:
            amount = parse_money(cost)
        except Problem as trouble:
            problem.show(f"✗ {self.program.say(trouble)}")
            return
        problem.show("")
        if count:
            self._lines[row.id] = Picked(row, count, amount)
        else:
            self._lines.pop(row.id, None)
        self.query_one(Line).value = ""
        self._draw()

    def action_leave(self) -> None:
        if self._lines and not self._leaving:
            self._leaving = True
            self.show_keys([("Esc", N_("Discard what was typed")), ("Enter", N_("Go on"))])
            return
        self._lines.clear()
        self._keep()
        self.dismiss(None)

    def _keep(self) -> None:
        key = self.program.draft_key(self._key)
        if self._lines:
            self.program.drafts[key] = {
                str(item): f"{each.count}" + (f"@{each.cost}" if each.cost is not None else "")
                for item, each in self._lines.items()
            }
        else:
            self.program.drafts.pop(key, None)

    def _draw(self) -> None:
        self._keep()
        self.query_one("#basket", Plain).show(content(*self.contents(list(self._lines.values()))))

    def contents(self, lines: Sequence[Picked]) -> list[Piece]:
        """The lines of the order and their total, as pieces to show."""
        if not lines:
            return [(self.tr(N_("Nothing in the order yet.")), "$muted")]
        pieces: list[Piece] = []
        total = 0
        for line in lines:
            price = int(line.row.values["price"] or 0) * line.count
            total += price
            name = f"{line.row.values['code']}  {line.row.values['name']}  "
            pieces += [(f"{line.count:>4} ", "bold"), name, (words.rupiah(price), "$muted"), "\n"]
        return [*pieces, (self.tr(N_("Total {total}"), total=words.rupiah(total)), "bold")]

    # ── placing ───────────────────────────────────────────────────────────────────────────────

    def _send(self) -> None:
        if self._lines and not self._busy and not self._leaving:
            self._busy = True
            beside(self, self._try)

    async def _try(self) -> None:
        problem = self.query_one("#problem", Plain)
        try:
            done = await self._place(list(self._lines.values()))
        except Problem as trouble:
            problem.show(f"✗ {self.program.say(trouble)}")
        else:
            if done is not None:
                self._lines.clear()
                self._keep()
                self.dismiss(done)
        finally:
            self._busy = False
