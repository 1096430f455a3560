"""Transaksi langsung: a till that lives on the keyboard; codes, Enter, pay."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.items.entering import Entering, ItemLine
from crm_tui.screens.items.fitting import Fitting
from crm_tui.screens.sales.discounting import ask_discount, is_meant
from crm_tui.screens.sales.handing_over import After, Told, told
from crm_tui.screens.sales.known import known_of
from crm_tui.screens.sales.leaving import how_to_leave, sure_to_end
from crm_tui.screens.sales.lines import SaleLines, buyer, total
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.permitted import Permitted
from crm_tui.screens.sales.receipts import paper_of, print_sold, settled, show_receipt
from crm_tui.screens.sales.resuming import Sale, brought_back, left_open
from crm_tui.screens.sales.till_keys import CUSTOMER, DISCOUNT, LAST, PARK, PAY
from crm_tui.screens.shell.finders import NOBODY, CustomerFinder
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.customers import people
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate import listing
from crm_tui.shop.sales import entry, parked, unfinished
from crm_tui.shop.sales.cart import Cart


class TillScreen(Page):
    """The sale, and one line to type in; what fits stands above the line while something is typed."""

    needs = "sales.sell"
    alone = True
    heading = N_("Direct sale")
    about = N_(
        "Type or scan a code, or whole words of the name, and press Enter; 3 vario adds three. A "
        "number alone is the quantity of the marked line, Del removes it, ↑ ↓ mark another line. "
        "Enter on the empty line, or {sales_sell}, goes on to the payment. Every line is kept as "
        "you type it: nothing is lost when the program ends."
    )
    own: ClassVar[tuple[Action, ...]] = (PAY, CUSTOMER, DISCOUNT, PARK, LAST)
    topics = frozenset({"items", "stock", "parked", "customers"})

    def __init__(self, first: Sequence[str] = ()) -> None:
        super().__init__()
        self._permitted = Permitted(self)
        self.cart = Cart()
        self._first = first
        self._customer: Customer | None = None
        self._last: Mapping[int, int] = {}
        self._standing: tuple[int, int, str] = (0, 0, "")
        self._step = 0
        self._marked = 0
        self._aside = 0
        self._told: Told | None = None
        self._sold: int | None = None
        self.entering = Entering(self, self._take, self.say, self._entered)
        self._setting_aside = asyncio.Lock()
        self._changing = asyncio.Lock()
        """Held while the sale becomes another: what is entered meanwhile comes into that one."""
        self._taken_up = asyncio.Event()
        self._low: set[int] = set()
        """Items that are sold far below their price, or below their cost, and are meant to be."""
        self._held: list[events.Key] | None = None
        """What is typed behind the key that pays, until the box for it is there."""

    @property
    def cart(self) -> Cart:
        """The sale; what was permitted in it ends with it, whoever makes it another."""
        return self._cart

    @cart.setter
    def cart(self, cart: Cart) -> None:
        self._cart = cart
        self._permitted.follow(cart)

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.TELEPHONE, actions.HELP)

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def body(self) -> ComposeResult:
        yield Plain("", id="till-who")
        yield SaleLines(self.tr)
        yield After(id="till-after")
        yield Fitting(self.tr)
        with Horizontal(id="till-foot"):
            hint = self.tr(N_("Code, name, or scan…"))
            yield ItemLine(Field("find", "", placeholder=hint), self._pressed, self.entering.put)
            yield Plain("", id="till-total")

    def on_mount(self) -> None:
        self.line.focus()
        self.beside(self._take_up)

    @property
    def line(self) -> ItemLine:
        return self.query_one(ItemLine)

    async def _quiet(self) -> None:
        """Wait until all that was left open, and all that was entered, is in the sale or told of."""
        await self._taken_up.wait()
        await self.entering.idle()

    async def _take_up(self) -> None:
        """Go on with what this user left open; nothing comes into the sale before."""
        try:
            await self._find_open()
        finally:
            self._taken_up.set()
        self.draw_frame()
        if self._first:
            self.entering.put(self._first)

    async def _find_open(self) -> None:
        kept = await left_open(self)
        if kept is not None and not self.cart.lines:
            self._go_on(kept)
            self._marked = len(self.cart.lines) - 1
            await self._learn()

    def _go_on(self, sale: Sale) -> None:
        (self.cart, self._customer), self._told = sale, None
        self.notice(self.tr(N_("Not paid yet: the sale goes on.")))

    async def _change(self, cart: Cart, marked: int | None = None) -> None:
        """Keep what the sale is now, then show it: what is seen is never lost."""
        who, place = self._customer, await self.desk.place()
        await self.desk.act(unfinished.keep, place, cart, who.id if who else None)
        self.cart, self._told = cart, None
        self._marked = self._marked if marked is None else marked
        self.draw_frame()

    def draw_frame(self) -> None:
        super().draw_frame()
        self._draw()

    async def show(self) -> None:
        self._aside = await self.desk.ask(parked.count)
        await self._offer()

    async def _learn(self) -> None:
        """What the customer paid last time, what they are offered now, and their points."""
        known = await known_of(self, self.cart, self._customer)
        self._last, self._standing, self._step = known.last, known.standing, known.step
        if self.cart.lines:
            self.cart = self.cart.offered(known.off)

    def _draw(self) -> None:
        tr = self.tr
        who = self._customer.name if self._customer else ""
        self.query_one("#till-who", Plain).show(buyer(tr, who, self._standing, self._aside))
        self._marked = max(0, min(self._marked, len(self.cart.lines) - 1))
        after, lines = self.query_one(After), self.query_one(SaleLines)
        after.display = self._told is not None
        lines.display = self._told is None
        lines.put(self.cart, self._last, self._marked)
        self.query_one("#till-total", Plain).show(total(tr, self.cart))

    # ── typing ────────────────────────────────────────────────────────────────────────────────

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.entering.typed(event.value)

    def _pressed(self, event: events.Key) -> bool:
        """A key before the line has it: whether that is all there is to it."""
        if self._held is not None:
            self._held.append(events.Key(event.key, event.character))
            return True
        if event.key in ("enter", "scanned"):
            if not self.entering.enter(event):
                self._go_to_pay()
        elif self.entering.pressed(event):
            pass
        elif event.key in ("up", "down"):
            self._marked += 1 if event.key == "down" else -1
            self._draw()
        elif event.key == "delete" and not self.line.value and self.cart.lines:
            self.entering.put(["*0"])
        elif event.key == dict(self.crm.keyed([PAY]))[PAY]:
            self._go_to_pay()
        else:
            return False
        return True

    def _go_to_pay(self) -> None:
        if self.line.value.strip():
            self.entering.put_line()
        elif self.entering.holds_up():
            return
        if self.cart.lines or self.entering.busy:
            self._held = []
            self.beside(self._sell)
        else:
            self.notice(self.tr(N_("Nothing is in the sale yet.")))

    async def _sell(self) -> None:
        try:
            await self.do_sales_sell()
        finally:
            held, self._held = self._held or [], None
            self.entering.leave_out_keys(held)

    async def _take(self, typed: str, chosen: int | None, again: bool) -> None:
        await self._taken_up.wait()
        async with self._changing:
            await self._put(typed, chosen, again)

    async def _put(self, typed: str, chosen: int | None, again: bool) -> None:
        lines = self.cart.lines
        having = {line.item_id: line.quantity for line in lines}
        marked = lines[self._marked].item_id if lines else None
        meant = await self.desk.ask(entry.enter, typed, having, marked, sure=chosen, again=again)
        item = meant.item
        if meant.sets:
            await self._change(self.cart.change(item.id, meant.count))
            if not meant.count:
                self.notice(self.tr(N_("{code} is out of the sale."), code=item.code))
            return
        cart = self.cart.put(meant.line)
        await self._change(cart, cart.place(item.id))

    async def _entered(self) -> None:
        beside(self, partial(self.guarded, self._offer), group="offers", exclusive=True)

    async def _offer(self) -> None:
        """Look up what the lines cost the customer, and show it."""
        await self._learn()
        self._draw()

    # ── what is done with it ──────────────────────────────────────────────────────────────────

    def ready_for(self, action: Action) -> bool:
        if action in (PAY, DISCOUNT):
            return bool(self.cart.lines)
        if action is LAST:
            return self._sold is not None
        return action is not PARK or bool(self.cart.lines or self._aside)

    def label_of(self, action: Action) -> str:
        if action is PARK and not self.cart.lines:
            return N_("Resume a sale")
        return super().label_of(action)

    @once_a_time
    async def do_app_back(self) -> None:
        # What is being put aside is no sale to be asked about.
        async with self._setting_aside:
            await self._go_back()

    async def _go_back(self) -> None:
        if self.line.value or self.entering.left_out:
            self.line.value = ""
            self.entering.forget()
            self.unsay()
            return
        if not self.cart.lines and self.entering.busy:
            await self._quiet()
            if self.entering.line.value:
                # It is nothing, and is told of.
                return
        if self.cart.lines:
            found = await how_to_leave(self)
            await self._quiet()
            if found is None:
                return
            if found == "f11":
                await self._put_aside()
            elif found == "x":
                async with self._changing:
                    await self._change(Cart())
            if self.entering.busy:
                # What was scanned since is the next sale.
                return
        self.crm.beside(self._leave)

    async def _leave(self) -> None:
        self.dismiss(None)

    def take_over(self, other: Screen[Any]) -> None:
        if isinstance(other, TillScreen):
            self.entering.put(other._first)

    def take_scan(self, text: str) -> bool:
        self.entering.put([text])
        self.line.focus()
        return True

    async def may_end(self) -> bool:
        await self._quiet()
        return not self.cart.lines or await sure_to_end(self)

    @once_a_time
    async def do_sales_customer(self) -> None:
        title, nobody = self.tr(N_("Whose sale is it?")), self.tr(N_("Walk-in"))
        answer = await self.ask_for(CustomerFinder(title, nobody=nobody))
        if answer is None:
            return
        # What was entered before is of this sale, too, however late it is put in.
        await self._quiet()
        async with self._changing:
            if answer == NOBODY:
                self._customer = None
            elif isinstance(answer, listing.Line):
                self._customer = await self.desk.ask(people.by_id, answer.id)
            if self.cart.lines:
                await self._change(self.cart)
        await self._offer()

    @once_a_time
    async def do_sales_discount(self) -> None:
        await self._quiet()
        async with self._changing:
            if not self.cart.lines:
                self.notice(self.tr(N_("Nothing is in the sale yet.")))
                return
            marked = self.cart.lines[self._marked]
            who = self._customer.id if self._customer else None
            give = partial(self._permitted.give, self._change, who)
            await ask_discount(self, self.cart, marked, give, self._low)

    @once_a_time
    async def do_sales_park(self) -> None:
        async with self._setting_aside:
            await self._put_aside_or_resume()

    async def _put_aside_or_resume(self) -> None:
        await self._quiet()
        if self.cart.lines:
            await self._put_aside()
        else:
            async with self._changing:
                # Another may have begun meanwhile.
                taken = None if self.cart.lines else await brought_back(self)
                if taken is not None:
                    self._go_on(taken)
        self.look_again()
        self.draw_frame()

    async def _put_aside(self) -> None:
        async with self._changing:
            who, place = self._customer, await self.desk.place()
            label = who.name if who else ""
            await self.desk.act(parked.park, self.cart, who.id if who else None, label, place)
            self._clear()
        self.notice(self.tr(N_("The sale is put aside; the same key brings it back.")))

    def _clear(self) -> None:
        self._low.clear()
        self.entering.forget()
        self._customer, self._told, self._marked, self.cart = None, None, 0, Cart()
        self.draw_frame()

    @once_a_time
    async def do_sales_last_receipt(self) -> None:
        if self._sold is not None:
            await show_receipt(self, self._sold, N_("Back"))

    @once_a_time
    async def do_sales_sell(self) -> None:
        misses = self.entering.misses
        await self._quiet()
        if misses != self.entering.misses:
            return
        async with self._changing:
            box = await self._pay_box()
            if box is None or self.entering.busy:
                # What was pasted meanwhile is to be paid, too.
                return
            box.typed_ahead, self._held = self._held or [], None
            number = await self.ask_for(box)
            if isinstance(number, int):
                await self._done(number)
        if box.scans:
            # Scanned while the money was taken: it goes into this sale, or into the next.
            self.entering.put(box.scans)

    async def _pay_box(self) -> Pay | None:
        """The box that asks for the money; None where nothing is to be paid, or not for that."""
        if not self.cart.lines:
            return None
        key = self._customer.id if self._customer else None
        await self._offer()
        if not await is_meant(self, self.cart, self._low):
            # What was scanned since the discount was given has it, too.
            return None
        spend, value, _ = self._standing
        await self._permitted.see(self.cart, key)
        sell = self._permitted.selling(self.cart, key, await self.desk.place(), value)
        return Pay(self, self.cart.total, sell, points=spend, value=value, step=self._step)

    async def _done(self, number: int) -> None:
        # It is done, whatever can be found out of it.
        self._clear()
        self._sold = number
        done, text, always = await paper_of(self, True, settled, number)
        self._told = told(self.tr, done)
        self.unsay()
        self.draw_frame()
        self.query_one(After).show(self._told, text)
        self.look_again()
        if always:
            self.beside(partial(print_sold, self, number))
