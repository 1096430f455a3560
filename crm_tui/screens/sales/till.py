"""Transaksi langsung: a till that lives on the keyboard; codes, Enter, pay."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.items import finding
from crm_tui.screens.sales.paying import pay_form
from crm_tui.screens.sales.receipts import show_receipt
from crm_tui.screens.shell import words
from crm_tui.screens.shell.asking import sure
from crm_tui.screens.shell.finders import NOBODY, CustomerFinder
from crm_tui.screens.shell.listpage import ListingSource
from crm_tui.screens.shell.page import Page, once_a_time
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.customers import people
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate import listing, money
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadDiscount, DiscountTooLarge
from crm_tui.shop.gate.listing import View
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.lists import ITEMS
from crm_tui.shop.loyalty import points, settings, tiers
from crm_tui.shop.promos import pricing
from crm_tui.shop.sales import parked, till
from crm_tui.shop.sales.cart import Cart, CartLine
from crm_tui.shop.sales.payments import Paid
from crm_tui.shop.sales.settings import ROUNDING

CUSTOMER = Action("sales.customer", "f3", N_("Buyer"), N_("The buyer"),
                  permission="customers.view")  # fmt: skip
PAY = Action("sales.sell", "f4", N_("Pay"), N_("Take the money: the sale is done"),
             command="sales.sell")  # fmt: skip
DISCOUNT = Action("sales.discount", "f8", N_("Discount"),
                  N_("A discount on the line, or on the whole sale"),
                  permission="sales.discount")  # fmt: skip
PARK = Action("sales.park", "f11", N_("Put aside"),
              N_("Put the sale aside, or bring one back that was put aside"),
              command="sales.park")  # fmt: skip

_DRAFT = "till"
_QUANTITY = re.compile(r"\*\s*([0-9]{1,6})")


class TillScreen(Page):
    """One line to type in; what was found below it, the sale beside."""

    heading = N_("Direct sale")
    about = N_(
        "Type or scan a code, or a part of the name, and press Enter; 3 vario adds three. *5 sets "
        "the marked line to five, Del removes it, ↑ ↓ mark another line. Enter on the empty line, "
        "or {sales_sell}, goes on to the payment."
    )
    own: ClassVar[tuple[Action, ...]] = (PAY, CUSTOMER, DISCOUNT, PARK)
    topics = frozenset({"items", "stock", "parked", "customers"})

    @classmethod
    def all_actions(cls) -> tuple[Action, ...]:
        return (*cls.own, actions.BACK, *actions.EVERYWHERE)

    def __init__(self) -> None:
        super().__init__()
        self._cart = Cart()
        self._customer: Customer | None = None
        self._last: Mapping[int, int] = {}
        self._standing: tuple[int, int, str] = (0, 0, "")
        self._step = 0
        self._marked = 0
        self._aside = 0

    @property
    def cart(self) -> Cart:
        """What is being put together; it outlives the screen as a draft."""
        return self._cart

    @cart.setter
    def cart(self, cart: Cart) -> None:
        self._cart = cart
        self._keep()

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.TELEPHONE, actions.HELP)

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def body(self) -> ComposeResult:
        yield Plain("", id="till-who")
        yield Line(Field("find", ""), "")
        matches = PagedList((), finding.cells, id="till-found")
        matches.can_focus = False
        yield matches
        yield Plain("", id="till-lines")
        yield Plain("", id="till-total")

    def on_mount(self) -> None:
        self.query_one(Line).focus()
        self.beside(self._take_up)

    async def _take_up(self) -> None:
        """Go on with what this user was putting together before somebody else signed in."""
        draft = self.crm.drafts.get(self.crm.draft_key(_DRAFT))
        if draft and not self.cart.lines:
            self.cart = await self.desk.ask(parked.restored, draft["cart"])
            if draft["customer"]:
                self._customer = await self.desk.ask(people.by_id, int(draft["customer"]))
            await self._learn()
            self.draw_frame()

    def _keep(self) -> None:
        key = self.crm.draft_key(_DRAFT)
        if self.cart.lines:
            who = str(self._customer.id) if self._customer else ""
            self.crm.drafts[key] = {"cart": parked.as_text(self.cart), "customer": who}
        else:
            self.crm.drafts.pop(key, None)

    @property
    def matches(self) -> PagedList:
        """The items that fit what was typed."""
        return self.query_one("#till-found", PagedList)

    def draw_frame(self) -> None:
        super().draw_frame()
        self.matches.show_columns(
            [replace(each, heading=self.tr(each.heading)) for each in finding.COLUMNS]
        )
        self.matches.explain(
            (self.tr(N_("Nothing found")), self.tr(N_("Type less or something else."))),
            lambda first, last, total, news: "",
        )
        self._draw()

    async def show(self) -> None:
        self._aside = await self.desk.ask(parked.count)
        await self._learn()
        await self._find(finding.counted(self.query_one(Line).value)[1])
        self._draw()

    async def _learn(self) -> None:
        """What the customer paid last time, what they are offered now, and their points."""
        wanted = [line.item_id for line in self.cart.lines]
        who = self._customer
        self._last = {} if who is None else await self.desk.ask(pricing.last_prices, who.id, wanted)
        self._standing = (0, 0, "")
        if who is not None:
            self._standing = await self.desk.ask(_standing, who.id)
        # At once: what is typed ahead waits for no second question.
        off, self._step = await self.desk.ask(
            lambda ctx: (pricing.off(ctx, wanted, who.id if who else None), ROUNDING(ctx))
        )
        if self.cart.lines:
            self.cart = self.cart.offered(off)

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        tr = self.tr
        who = self._customer.name if self._customer else tr(N_("somebody"))
        pieces: list[Piece] = [(tr(N_("Customer")) + "  ", "$muted"), (who, "bold")]
        there, value, tier = self._standing
        if tier:
            pieces.append((f"  {tier}", "$success"))
        if there and value:
            points = tr(N_("{points} points"), points=words.thousands(there))
            pieces.append((f"  {points}", "$muted"))
        if self._aside:
            aside = tr(N_("{count} put aside"), count=self._aside)
            pieces.append((f"     {aside}", "$accent"))
        self.query_one("#till-who", Plain).show(content(*pieces))
        self._marked = max(0, min(self._marked, len(self.cart.lines) - 1))
        width = max(40, self.size.width - (48 if self.has_class("-beside") else 4))
        rows: list[Piece] = []
        for place, (line, sold) in enumerate(zip(self.cart.lines, self.cart.sold(), strict=True)):
            last = self._last.get(line.item_id)
            left = f"{line.quantity:>5} {line.unit:<6} {line.code}  {line.name}"
            if last:
                left += "  " + tr(N_("last time {price}"), price=words.rupiah(last))
            right = words.rupiah(sold.total)
            if sold.discount:
                right = f"−{words.rupiah(sold.discount)}  {right}"
            text = fit(left, width - len(right) - 1) + " " + right
            style = "$list-cursor-text on $list-cursor" if place == self._marked else ""
            rows += [(text, style), "\n"]
        if not rows:
            rows = [(tr(N_("Nothing is in the sale yet.")), "$muted")]
        self.query_one("#till-lines", Plain).show(content(*rows))
        sums: list[Piece] = [(tr(N_("Total {total}"), total=words.rupiah(self.cart.total)), "bold")]
        if self.cart.saved:
            saved = tr(N_("saved {total}"), total=words.rupiah(self.cart.saved))
            sums += ["   ", (saved, "$success")]
        self.query_one("#till-total", Plain).show(content(*sums))

    # ── typing ────────────────────────────────────────────────────────────────────────────────

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        text = finding.counted(event.value)[1]
        beside(self, partial(self._find, text), group="search", exclusive=True)

    async def _find(self, text: str) -> None:
        view = View("code", "active", "" if text.startswith("*") else text)
        await self.matches.use(ListingSource(self.desk, ITEMS, view))

    def on_key(self, event: events.Key) -> None:
        line = self.query_one(Line)
        step = {"up": -1, "down": 1}.get(event.key)
        if step is not None and line.value.strip():
            self.matches.move(step)
        elif step is not None:
            self._marked += step
            self.draw_frame()
        elif event.key == "delete" and not line.value and self.cart.lines:
            self.cart = self.cart.change(self.cart.lines[self._marked].item_id, 0)
            self.draw_frame()
        else:
            return
        event.stop()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            self.perform(PAY)
            return
        take = partial(self.guarded, partial(self._take, event.value))
        beside(self, take, group="search", exclusive=True)

    async def _take(self, typed: str) -> None:
        changed = _QUANTITY.fullmatch(typed.strip())
        if changed and self.cart.lines:
            line = self.cart.lines[self._marked]
            self.cart = self.cart.change(line.item_id, int(changed[1]))
        else:
            count, text = finding.counted(typed)
            item = await self.desk.ask(catalogue.exactly, text)
            if item is None:
                if not self.matches.settled:
                    # Typed, or scanned, quicker than it was found.
                    await self._find(text)
                row = self.matches.current
                if row is None:
                    self.notice(self.tr(N_("Nothing matches “{text}”."), text=text), bad=True)
                    return
                item = await self.desk.ask(catalogue.by_id, row.id)
            self.cart = self.cart.put(
                CartLine(item.id, item.code, item.name, item.unit, item.price, count)
            )
            self._marked = next(
                at for at, line in enumerate(self.cart.lines) if line.item_id == item.id
            )
        self.draw_frame()
        # A task of its own: the emptied line begins a search, which takes the place of this one.
        beside(self, self._offer, group="offers", exclusive=True)
        self.query_one(Line).value = ""

    async def _offer(self) -> None:
        """Look up what the lines cost the customer, and show it."""
        await self.guarded(self._learn)
        self.draw_frame()

    # ── what is done with it ──────────────────────────────────────────────────────────────────

    def ready_for(self, action: Action) -> bool:
        if action in (PAY, DISCOUNT):
            return bool(self.cart.lines)
        return action is not PARK or bool(self.cart.lines or self._aside)

    @once_a_time
    async def do_app_back(self) -> None:
        if self.query_one(Line).value:
            self.query_one(Line).value = ""
            return
        if self.cart.lines and not await sure(
            self, self.tr(N_("Discard the sale?")),
            self.tr(N_("Nothing was sold yet. It can be put aside instead.")),
            self.tr(N_("Discard")),
        ):  # fmt: skip
            return
        self.crm.beside(self._leave)

    async def _leave(self) -> None:
        self.cart = Cart()
        self._keep()
        self.dismiss(None)

    @once_a_time
    async def do_sales_customer(self) -> None:
        somebody = self.tr(N_("somebody"))
        title = self.tr(N_("Whose sale is it?"))
        answer = await self.ask_for(CustomerFinder(title, nobody=somebody))
        if answer == NOBODY:
            self._customer = None
        elif isinstance(answer, listing.Line):
            self._customer = await self.desk.ask(people.by_id, answer.id)
        self._keep()
        await self._learn()
        self.draw_frame()

    @once_a_time
    async def do_sales_discount(self) -> None:
        marked = self.cart.lines[self._marked]

        async def give(values: Values) -> object:
            cart = self.cart.discounted(money.discount(values["line"]), marked.item_id)
            self.cart = cart.discounted(money.discount(values["all"]))
            return True

        help = self.tr(N_("10% or 5000; empty: none"))
        errors = (BadDiscount, DiscountTooLarge)
        fields = [
            Field("line", f"{marked.code}  {marked.name}", help, marked.discount.typed, errors),
            Field("all", self.tr(N_("On the whole sale")), help, self.cart.discount.typed, errors),
        ]
        if await self.ask_for(Form("till discount", self.tr(N_("Discount")), fields, give)):
            self.draw_frame()

    @once_a_time
    async def do_sales_park(self) -> None:
        if self.cart.lines:
            who = self._customer
            label = who.name if who else ""
            await self.desk.act(parked.park, self.cart, who.id if who else None, label)
            self._clear()
            self.notice(self.tr(N_("The sale is put aside; the same key brings it back.")))
        else:
            waiting = await self.desk.ask(parked.parked)
            chosen = await self._which(waiting)
            if chosen is None:
                return
            taken = await self.desk.act(parked.unpark, chosen)
            self.cart = taken.cart
            if taken.customer_id is not None:
                self._customer = await self.desk.ask(people.by_id, taken.customer_id)
        self.look_again()

    async def _which(self, waiting: Sequence[parked.Parked]) -> int | None:
        """The key of the sale to bring back; one sale needs no question."""
        if len(waiting) < 2:
            return waiting[0].id if waiting else None
        now = self.desk.clock.now()
        answers = []
        for sale in waiting:
            lines = ", ".join(f"{line.quantity} {line.code}" for line in sale.cart.lines)
            who = sale.label or self.tr(N_("somebody"))
            label = content(
                (f"{words.clock_time(sale.at, now):>11}  ", "$muted"), (fit(who, 18), "bold"), " ",
                fit(lines, 24), (f" {words.rupiah(sale.cart.total):>13}", "$muted"),
            )  # fmt: skip
            answers.append((str(sale.id), label))
        found = await self.ask_for(Choose(self.tr(N_("Which sale do you want back?")), answers))
        return int(found) if found else None

    def _clear(self) -> None:
        self._customer, self._marked = None, 0
        self.cart = Cart()
        self.query_one(Line).value = ""
        self.draw_frame()

    @once_a_time
    async def do_sales_sell(self) -> None:
        who = self._customer

        await self._learn()
        self._draw()
        there, value, _ = self._standing

        async def sell(paid: Sequence[Paid], spent: int) -> object:
            lines = self.cart.redeeming(spent * value).sold()
            return await self.desk.act(till.sell, lines, paid, who.id if who else None, spent=spent)

        form = pay_form(
            self, "till pay", self.cart.total, sell, points=there if who else 0, value=value,
            step=self._step,
        )  # fmt: skip
        number = await self.ask_for(form)
        if isinstance(number, int) and not isinstance(number, bool):
            self._clear()
            self.look_again()
            await show_receipt(self, number, N_("Next customer"), sold=True)


def _standing(ctx: Context, customer_id: int) -> tuple[int, int, str]:
    """The buyer's points, what each is worth in rupiah, and the name of the buyer's tier."""
    return (
        points.balance(ctx, customer_id), settings.POINT_VALUE(ctx),
        tiers.name_of(ctx, customer_id),
    )  # fmt: skip
