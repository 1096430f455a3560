"""Taking the money: one key for each way to pay, notes by the arrow keys, the change as it is typed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Digits, Input

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import as_typed, parse_quantity
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.gate import money
from crm_tui.shop.gate.errors import BadInput, BadMoney
from crm_tui.shop.loyalty.points import NotEnoughPoints, kept_back
from crm_tui.shop.sales import payment_methods, tendered
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.tendered import BeyondSense

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

Sell = Callable[[Sequence[Paid], int], Awaitable[object]]
"""Takes how it is paid, and how many points are spent."""


class NotIn(BadInput):
    text = N_("“{text}” is not in it yet: Esc first, or the same key again to be paid without it.")


class NoSum(BadInput):
    text = N_("“{text}” is no sum. Type what the customer gives, or press a key below.")


class Pay(Dialog[object]):
    """Asks how `total` rupiah are paid, hands that to `sell`, and comes back with what `sell` gives.

    `points` of the buyer may be spent, each worth `value` rupiah; cash is rounded to `step`. Only F
    keys and a typed sum sell: what a scanner types never does.
    """

    BINDINGS = [
        ("f4", "cash", ""), ("f5", "way('qris')", ""), ("f6", "way('transfer')", ""),
        ("f7", "way('account')", ""), ("f8", "points", ""),
    ]  # fmt: skip

    def __init__(
        self, page: "Page", total: int, sell: Sell, *, title: str = "", intro: str = "",
        points: int = 0, value: int = 0, step: int = 0,
    ) -> None:  # fmt: skip
        super().__init__()
        self._desk, self._total, self._sell = page.desk, total, sell
        self._title, self._intro, self._step = title, intro, step
        self._points, self._value = points if value else 0, value
        self._spent = 0
        self.typed_ahead: Sequence[events.Key] = ()
        """Keys that were pressed before the box was there."""
        self._asked: int | None = None
        """The sum beyond sense that was asked about."""
        self.scans: list[str] = []
        """What was scanned meanwhile: it is in no sale yet."""
        self._said_of: str | None = None
        """What stood in the line when something was said of it."""
        self._told_of = 0
        """Of so many scans it was said that they are not in."""

    def title_text(self) -> str:
        return self._title or self.tr(N_("Payment"))

    def body(self) -> Sequence[Widget]:
        hint = self.tr(N_("exact, or what the customer gives"))
        field = Field("cash", "", placeholder=hint)
        parts: list[Widget] = []
        if self._intro:
            # A long order must not push the keys out of the screen.
            intro = Plain(self._intro, classes="text")
            parts.append(VerticalScroll(intro, id="pay-intro", can_focus=False))
        return [
            *parts,
            Plain("", id="pay-what"),
            Digits("", id="pay-sum"),
            Plain(self.tr(N_("Cash received")), classes="label"),
            Line(field, "", self._entered),
            Plain("", id="pay-notes"),
            Plain("", id="pay-change"),
            Plain("", id="problem", classes="problem"),
        ]

    def on_mount(self) -> None:
        line = self.query_one(Line)
        line.offer(["", *self._notes()])
        line.focus()
        self._draw()
        for key in self.typed_ahead:
            line.post_message(key)

    def _notes(self) -> list[str]:
        return [as_typed(each) for each in tendered.likely(self._in_cash)]

    @property
    def _due(self) -> int:
        return self._total - self._spent * self._value

    @property
    def _in_cash(self) -> int:
        return money.in_coins(self._due, self._step)

    def _draw(self) -> None:
        tr = self.tr
        what: list[Piece] = [(tr(N_("To pay: {total}"), total=display.rupiah(self._due)), "bold")]
        if self._spent:
            spent = tr(N_("{points} points"), points=display.thousands(self._spent))
            what.append((f"   {spent} {display.rupiah(-self._spent * self._value)}", "$success"))
        if self._in_cash != self._due:
            rounded = tr(N_("Rounded: {total}"), total=display.rupiah(self._in_cash))
            what.append((f"   {rounded}", "$muted"))
        self.query_one("#pay-what", Plain).show(content(*what))
        self.query_one("#pay-sum", Digits).update(display.thousands(self._in_cash))
        notes = "  ".join(display.rupiah(each) for each in tendered.likely(self._in_cash))
        self.query_one("#pay-notes", Plain).show(
            content(("↑↓  " if notes else "", "$accent"), (notes, "$muted"))
        )
        self._say_change()

    def _say_change(self) -> None:
        tr, line = self.tr, self.query_one(Line)
        change: Piece = ""
        done = N_("Exact cash")
        try:
            received = money.parsed(line.value) if line.value.strip() else None
        except Problem:
            received = None
        if received is not None:
            done = N_("Paid")
            over = received - self._in_cash
            if over >= 0:
                change = (tr(N_("Change: {amount}"), amount=display.rupiah(over)), "bold $success")
            else:
                change = (
                    tr(N_("Still to pay: {amount}"), amount=display.rupiah(-over)),
                    "bold $accent",
                )
        self.query_one("#pay-change", Plain).show(content(change))
        keys = [("F4", done), ("F5", "QRIS"), ("F6", N_("Transfer")), ("F7", N_("Debt"))]
        if self._points:
            keys.append(("F8", N_("Points")))
        shown = [(key, self.tr(label)) for key, label in keys]
        self.query_one(KeyBar).show(shown, [("Esc", self.tr(N_("Back")))])

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if event.value == self._said_of or event.value != self.query_one(Line).value:
            # It was typed before what is said now.
            return
        self._said_of = None
        self.query_one("#problem", Plain).show("")
        self._asked = None
        self._say_change()

    # ── paying ────────────────────────────────────────────────────────────────────────────────

    def _entered(self) -> None:
        line = self.query_one(Line)
        if line.scanned:
            self._keep_scan(line)
        elif not line.value.strip():
            # A scanner presses this key, too: without a sum it sells nothing.
            self._say(self.tr(N_("F4 takes it exactly in cash. Or type what the customer gives.")))
        elif self._asked is None:
            self.action_cash()

    def _keep_scan(self, line: Line) -> None:
        """What is scanned here is no sum: it is kept for when this is over, and the sum that was typed
        stays. What stands before it and is no sum is the beginning of it, of which a key came late."""
        before, scan = line.value.removesuffix(line.scanned), line.scanned
        try:
            money.parsed(before or "0")
        except Problem:
            before, scan = "", line.value
        self.scans.append(scan)
        with line.prevent(Input.Changed):
            line.value = before
        self._say_change()
        self._say(self.program.say(NotIn(text=scan)))

    def action_cash(self) -> None:
        self._pay(None)

    def action_way(self, way: str) -> None:
        self._pay(way)

    async def action_points(self) -> None:
        """Spend the points that were typed, else as many as the sum takes, or none after all."""
        held = await self._desk.ask(kept_back) if self._points else None
        if held is not None:
            # Before the customer is told a sum that is not paid so.
            self._say(self.program.say(held))
            return
        line = self.query_one(Line)
        typed, most = line.value.strip(), self._total // self._value if self._value else 0
        try:
            wanted = parse_quantity(typed) if typed else 0 if self._spent else most
            if typed and wanted > self._points:
                raise NotEnoughPoints(points=self._points, wanted=wanted)
        except Problem as problem:
            self._say(self.program.say(problem))
            return
        # No more than it costs.
        self._spent = min(wanted, self._points, most)
        line.value = ""
        line.offer(["", *self._notes()])
        self._draw()

    def _pay(self, rest: str | None) -> None:
        if not self._busy:
            self._busy = True
            beside(self, lambda: self._try(rest))

    async def _try(self, rest: str | None) -> None:
        typed = self.query_one(Line).value
        try:
            if self._told_of < len(self.scans):
                self._told_of = len(self.scans)
                raise NotIn(text=", ".join(self.scans))
            try:
                paid = payment_methods.parts(self._due, typed, rest, self._step)
            except BadMoney as problem:
                raise NoSum(text=typed.strip()) from problem
            received = sum(part.received or 0 for part in paid)
            if tendered.beyond_sense(self._in_cash, received) and self._asked != received:
                self._asked = received
                raise BeyondSense(
                    amount=display.rupiah(received), total=display.rupiah(self._due), key="F4"
                )
            result = await self._sell(paid, self._spent)
        except Problem as problem:
            self._say(self.program.say(problem))
        else:
            self.dismiss(result)
        finally:
            self._busy = False

    def action_leave(self) -> None:
        if self._busy:
            # The money is being taken: what comes of it has to be said.
            self.query_one("#problem", Plain).show(self.tr(N_("One moment …")))
        else:
            super().action_leave()

    def _say(self, text: str) -> None:
        if self.is_mounted:
            self._said_of = self.query_one(Line).value
            self.query_one("#problem", Plain).show(f"✗ {text}")
