"""Goods put together in a few keys, as at the till: how many and what, Enter, and again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual import events, on
from textual.containers import Container, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from crm_tui.errors import N_, Problem
from crm_tui.screens.items.entering import Entering, ItemLine, typed_by
from crm_tui.screens.items.fitting import Fitting
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import parse_money
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.sales import entry


@dataclass(frozen=True)
class Picked:
    """So many units of an item; `cost` of one in rupiah, where somebody asks for it."""

    item: Item
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
    short: entry.Short = "refused"
    """What becomes of more than is there."""
    keys: Sequence[tuple[str, str]] = (
        ("Enter", N_("Add")), ("↑↓", N_("Choose")), ("F4", N_("Place the order")),
        ("Del", N_("Remove the last")), ("Esc", N_("Back")),
    )  # fmt: skip
    hints = (
        ("3 Enter", N_("A number alone is the quantity of the last line")),
        ("0 vario", N_("Takes the item out")),
    )

    def __init__(self, key: str, text: str, place: Place) -> None:
        super().__init__()
        self._key, self._text, self._place = key, text, place
        self._lines: dict[int, Picked] = {}
        self._taken_up = asyncio.Event()
        self._leaving = False
        self._held: list[events.Key] | None = None
        """What is typed while the lines are handed over: it is among them no more."""
        self.entering = Entering(
            self, self._take, self._say, self._entered, lambda typed: self.read(typed)[0]
        )

    @property
    def crm(self) -> Program:
        return program(self)

    def body(self) -> Sequence[Widget]:
        hint = self.tr(N_("Code, name, or scan…"))
        field = Field("find", "", placeholder=hint)
        return [
            Container(Plain(self._text), id="said"),
            Plain(self.tr(self.prompt), classes="label"),
            ItemLine(field, self._pressed, self.entering.put),
            Plain("", id="problem", classes="problem"),
            Fitting(self.tr),
            VerticalScroll(Plain("", id="basket"), id="basket-lines", can_focus=False),
            Plain("", id="basket-total"),
        ]

    def on_mount(self) -> None:
        self.query_one(ItemLine).focus()
        self._draw()
        beside(self, self._take_up)

    async def _take_up(self) -> None:
        """Go on with what was put in before; nothing comes to it until that is there."""
        try:
            await self._find_kept()
        finally:
            self._taken_up.set()
        self._draw()

    async def _find_kept(self) -> None:
        kept = dict(self.program.drafts.get(self.program.draft_key(self._key), {}))
        there = await self.crm.desk.ask(catalogue.there, [int(item) for item in kept])
        for key, told in kept.items():
            count, _, cost = told.partition("@")
            item = there.get(int(key))
            if item is not None and item.id not in self._lines:
                self._lines[item.id] = Picked(item, int(count), int(cost) if cost else None)

    # ── typing ────────────────────────────────────────────────────────────────────────────────

    def read(self, typed: str) -> tuple[str, str]:
        """How many of what, and the cost of one as typed, if a cost is asked."""
        return typed, ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.entering.typed(event.value)

    def _pressed(self, event: events.Key) -> bool:
        """A key before the line has it: whether that is all there is to it."""
        if self._held is not None:
            self._held.append(events.Key(event.key, event.character))
            return event.is_printable or event.key in ("enter", "scanned", "delete")
        if self._leaving and event.key != "escape":
            self._leaving = False
            self.show_keys(self.keys)
        if event.key in ("enter", "scanned"):
            if not self.entering.enter(event):
                self._send()
        elif self.entering.pressed(event):
            pass
        elif event.key == "f4":
            # What stands in the line is meant to be in it.
            if self.entering.line.value.strip():
                self.entering.put_line()
            elif self.entering.holds_up():
                return True
            self._send()
        elif event.key == "delete" and self._lines and not self.entering.line.value:
            self._lines.popitem()
            self._keep()
            self._draw()
        else:
            return False
        return True

    async def _take(self, typed: str, chosen: int | None, again: bool) -> None:
        await self._taken_up.wait()
        what, cost = self.read(typed)
        price, ask = parse_money(cost), self.crm.desk.ask
        out = await ask(entry.taken_out, what, sure=chosen)
        if out is not None:
            self._put(out, 0, None)
            return
        having = {each.item.id: each.count for each in self._lines.values()}
        marked = next(reversed(self._lines), None)
        meant = await ask(
            entry.enter, what, having, marked, sure=chosen, again=again, short=self.short
        )
        there = self._lines.get(meant.item.id)
        count = meant.count if meant.sets or there is None else there.count + meant.count
        if price is None and there is not None:
            price = there.cost
        self._put(meant.item, count, price)

    def _put(self, item: Item, count: int, cost: int | None) -> None:
        """It is the last line now, so that a lone number means it."""
        self._lines.pop(item.id, None)
        if count:
            self._lines[item.id] = Picked(item, count, cost)
        self._keep()
        self._draw()

    async def _entered(self) -> None:
        self._draw()

    def _say(self, text: str, bad: bool) -> None:
        problem = self.query_one("#problem", Plain)
        problem.set_class(not bad, "question")
        problem.show(f"✗ {text}" if bad and text else text)

    # ── showing ───────────────────────────────────────────────────────────────────────────────

    def action_leave(self) -> None:
        if self._busy:
            self._say(self.tr(N_("One moment …")), False)
            return
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
        lines = list(self._lines.values())
        self.query_one("#basket", Plain).show(content(*self.contents(lines)))
        self.query_one("#basket-total", Plain).show(content((self.total(lines), "bold")))
        # What was put in last stands at the end.
        scroll = self.query_one("#basket-lines", VerticalScroll)
        self.call_after_refresh(scroll.scroll_end, animate=False)

    def contents(self, lines: Sequence[Picked]) -> list[Piece]:
        """The lines, as pieces to show."""
        if not lines:
            return [(self.tr(N_("Nothing in the order yet.")), "$muted")]
        pieces: list[Piece] = []
        for line in lines:
            name = f"{line.item.code}  {line.item.name}  "
            price = display.rupiah(line.item.price * line.count)
            pieces += ["\n"] if pieces else []
            pieces += [(f"{line.count:>4} ", "bold"), name, (price, "$muted")]
        return pieces

    def total(self, lines: Sequence[Picked]) -> str:
        """What they come to, in words; it is in sight however many they are."""
        total = sum(line.item.price * line.count for line in lines)
        return self.tr(N_("Total {total}"), total=display.rupiah(total)) if lines else ""

    # ── placing ───────────────────────────────────────────────────────────────────────────────

    def _send(self) -> None:
        if not self._busy and not self._leaving and (self._lines or self.entering.busy):
            self._busy = True
            beside(self, partial(self._try, self.entering.misses))

    async def _try(self, misses: int) -> None:
        try:
            await self.entering.idle()
            if not self._lines or misses != self.entering.misses:
                return
            done = await self._hand_over()
        except Problem as trouble:
            self._say(self.program.say(trouble), True)
        else:
            if done is not None:
                self._lines.clear()
                self._keep()
                self.dismiss(done)
        finally:
            self._busy = False

    async def _hand_over(self) -> object:
        """Hand the lines over; what is typed meanwhile is put in if they stay here, and told of, or
        offered, if they go."""
        done, self._held = None, []
        try:
            done = await self._place(list(self._lines.values()))
        finally:
            typed, self._held = typed_by(self._held), None
            if typed and done is None:
                self.entering.put(typed)
            elif typed:
                self.crm.beside(partial(self.crm.offer_scans, typed))
        return done
