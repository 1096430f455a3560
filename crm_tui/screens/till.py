"""Transaksi langsung: a till that lives on the keyboard; codes, Enter, pay."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from crm_tui import actions
from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens import finding, words
from crm_tui.screens.asking import as_typed, sure
from crm_tui.screens.base import Page, once_a_time
from crm_tui.screens.listpage import ListingSource
from crm_tui.screens.widgets.dialog import Show
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Piece, Plain, content, fit
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop import customers, items, listing, lists, money, receipt, till
from crm_tui.shop.cart import Cart, CartLine
from crm_tui.shop.customers import Customer
from crm_tui.shop.errors import (
    BadDiscount,
    BadMoney,
    CustomerUnknown,
    DiscountTooLarge,
    OverLimit,
    PaymentWrong,
)
from crm_tui.shop.listing import View
from crm_tui.shop.payments import Paid

CUSTOMER = Action("sales.customer", "f3", N_("Buyer"), N_("Whose sale it is"),
                  permission="customers.view")  # fmt: skip
PAY = Action("sales.sell", "f4", N_("Pay"), N_("Take the money: the sale is done"),
             command="sales.sell")  # fmt: skip
DISCOUNT = Action("sales.discount", "f8", N_("Discount"), N_("A discount on the line, or on all"),
                  permission="sales.discount")  # fmt: skip
PARK = Action("sales.park", "f11", N_("Put aside"),
              N_("Put the sale aside, or take one up that was put aside"),
              command="sales.park")  # fmt: skip

_QUANTITY = re.compile(r"\*\s*([0-9]{1,6})")


class TillScreen(Page):
    """One line to type in; what was found below it, the sale beside."""

    heading = N_("Direct sale")
    about = N_(
        "Type or scan a code, or a part of the name, and press Enter; 3 vario puts three in. *5 makes "
        "it five of the line that is marked, Del takes it out, ↑ ↓ mark another one. Enter on the "
        "empty line, or {sales_sell}, goes on to the payment."
    )
    own: ClassVar[tuple[Action, ...]] = (PAY, CUSTOMER, DISCOUNT, PARK)
    topics = frozenset({"items", "stock", "parked", "customers"})

    @classmethod
    def all_actions(cls) -> tuple[Action, ...]:
        return (*cls.own, actions.BACK, *actions.EVERYWHERE)

    def __init__(self) -> None:
        super().__init__()
        self.cart = Cart()
        self._customer: Customer | None = None
        self._last: Mapping[int, int] = {}
        self._marked = 0
        self._aside = 0

    def last_keys(self) -> tuple[Action, ...]:
        return (actions.BACK, actions.TELEPHONE, actions.HELP)

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def body(self) -> ComposeResult:
        yield Plain("", id="till-who")
        yield Line(Field("find", ""), "")
        found = PagedList((), finding.cells, id="till-found")
        found.can_focus = False
        yield found
        yield Plain("", id="till-lines")
        yield Plain("", id="till-total")

    def on_mount(self) -> None:
        self.query_one(Line).focus()

    @property
    def found(self) -> PagedList:
        """The items that fit what was typed."""
        return self.query_one("#till-found", PagedList)

    def draw_frame(self) -> None:
        super().draw_frame()
        self.found.show_columns(
            [replace(each, heading=self.tell(each.heading)) for each in finding.COLUMNS]
        )
        self.found.explain(
            (self.tell(N_("Nothing found")), self.tell(N_("Type less or something else."))),
            lambda first, last, total, news: "",
        )
        self._draw()

    async def show(self) -> None:
        self._aside = len(await self.desk.ask(till.parked))
        await self._learn()
        await self._find(finding.counted(self.query_one(Line).value)[1])
        self._draw()

    async def _learn(self) -> None:
        """What the customer paid last time."""
        wanted = [line.item_id for line in self.cart.lines]
        who = self._customer
        self._last = {} if who is None else await self.desk.ask(till.last_prices, who.id, wanted)

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        tell = self.tell
        who = self._customer.name if self._customer else tell(N_("somebody"))
        pieces: list[Piece] = [(tell(N_("Customer")) + "  ", "$muted"), (who, "bold")]
        if self._aside:
            told = tell(N_("{count} put aside"), count=self._aside)
            pieces.append((f"     {told}", "$accent"))
        self.query_one("#till-who", Plain).show(content(*pieces))
        self._marked = max(0, min(self._marked, len(self.cart.lines) - 1))
        width = max(40, self.size.width - (48 if self.has_class("-beside") else 4))
        told_lines: list[Piece] = []
        for place, (line, sold) in enumerate(zip(self.cart.lines, self.cart.sold(), strict=True)):
            last = self._last.get(line.item_id)
            left = f"{line.quantity:>5} {line.unit:<6} {line.code}  {line.name}"
            if last:
                left += "  " + tell(N_("last time {price}"), price=words.rupiah(last))
            right = words.rupiah(sold.total)
            if sold.discount:
                right = f"−{words.rupiah(sold.discount)}  {right}"
            text = fit(left, width - len(right) - 1) + " " + right
            style = "$list-cursor-text on $list-cursor" if place == self._marked else ""
            told_lines += [(text, style), "\n"]
        if not told_lines:
            told_lines = [(tell(N_("Nothing is in the sale yet.")), "$muted")]
        self.query_one("#till-lines", Plain).show(content(*told_lines))
        sums: list[Piece] = [
            (tell(N_("Total {total}"), total=words.rupiah(self.cart.total)), "bold")
        ]
        if self.cart.saved:
            told = tell(N_("saved {total}"), total=words.rupiah(self.cart.saved))
            sums += ["   ", (told, "$success")]
        self.query_one("#till-total", Plain).show(content(*sums))

    # ── typing ────────────────────────────────────────────────────────────────────────────────

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        text = finding.counted(event.value)[1]
        beside(self, partial(self._find, text), group="search", exclusive=True)

    async def _find(self, text: str) -> None:
        view = View("code", "active", "" if text.startswith("*") else text)
        await self.found.use(ListingSource(self.desk, lists.ITEMS, view))

    def on_key(self, event: events.Key) -> None:
        line = self.query_one(Line)
        step = {"up": -1, "down": 1}.get(event.key)
        if step is not None and line.value.strip():
            self.found.move(step)
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
            item = await self.desk.ask(items.exactly, text)
            if item is None:
                if not self.found.settled:
                    # Typed, or scanned, quicker than it was found.
                    await self._find(text)
                row = self.found.current
                if row is None:
                    self.notice(self.tell(N_("Nothing fits “{text}”."), text=text), bad=True)
                    return
                item = await self.desk.ask(items.by_id, row.id)
            self.cart = self.cart.put(
                CartLine(item.id, item.code, item.name, item.unit, item.price, count)
            )
            self._marked = next(
                at for at, line in enumerate(self.cart.lines) if line.item_id == item.id
            )
        self.query_one(Line).value = ""
        await self._learn()
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
            self, self.tell(N_("Throw the sale away?")),
            self.tell(N_("Nothing was sold yet. It can be put aside instead.")),
            self.tell(N_("Throw away")),
        ):  # fmt: skip
            return
        self.crm.beside(self._leave)

    async def _leave(self) -> None:
        self.dismiss(None)

    @once_a_time
    async def do_sales_customer(self) -> None:
        async def find(values: Values) -> object:
            if not values["who"].strip():
                return "nobody"
            view = View("name", "all", values["who"])
            rows = await self.desk.ask(listing.page, lists.CUSTOMERS, view, limit=2)
            if len(rows) != 1:
                raise CustomerUnknown()
            return rows[0]

        known = await self.desk.ask(listing.page, lists.CUSTOMERS, View("name", "all"), limit=50)
        usual = [str(row.values["name"]) for row in known if row.values["name"]]
        field = Field(
            "who", self.tell(N_("Name or number")),
            self.tell(N_("So much that only he is found; empty: somebody")),
            errors=(CustomerUnknown,), usual=usual,
        )  # fmt: skip
        form = Form("till customer", self.tell(N_("Whose sale is it?")), [field], find,
                    done=N_("Take it"))  # fmt: skip
        found = await self.ask_for(form)
        if found == "nobody":
            self._customer = None
        elif isinstance(found, listing.Line):
            self._customer = await self.desk.ask(customers.by_id, found.id)
        await self._learn()
        self.draw_frame()

    @once_a_time
    async def do_sales_discount(self) -> None:
        marked = self.cart.lines[self._marked]

        async def give(values: Values) -> object:
            cart = self.cart.discounted(money.discount(values["line"]), marked.item_id)
            self.cart = cart.discounted(money.discount(values["all"]))
            return True

        help = self.tell(N_("10% or 5000; empty: none"))
        errors = (BadDiscount, DiscountTooLarge)
        fields = [
            Field("line", f"{marked.code}  {marked.name}", help, marked.discount.typed, errors),
            Field(
                "all", self.tell(N_("On the whole sale")), help, self.cart.discount.typed, errors
            ),
        ]
        if await self.ask_for(Form("till discount", self.tell(N_("Discount")), fields, give)):
            self.draw_frame()

    @once_a_time
    async def do_sales_park(self) -> None:
        if self.cart.lines:
            who = self._customer
            label = who.name if who else ""
            await self.desk.act(till.park, self.cart, who.id if who else None, label)
            self._clear()
            self.notice(self.tell(N_("The sale is put aside; the same key takes it up again.")))
        else:
            waiting = await self.desk.ask(till.parked)
            if not waiting:
                return
            taken = await self.desk.act(till.unpark, waiting[0].id)
            self.cart = taken.cart
            if taken.customer_id is not None:
                self._customer = await self.desk.ask(customers.by_id, taken.customer_id)
        self.look_again()

    def _clear(self) -> None:
        self.cart, self._customer, self._marked = Cart(), None, 0
        self.query_one(Line).value = ""
        self.draw_frame()

    @once_a_time
    async def do_sales_sell(self) -> None:
        total, who = self.cart.total, self._customer
        ways = {self.tell(words.METHODS[each]): each for each in ("qris", "transfer", "account")}

        def paid(values: Values) -> list[Paid]:
            received = money.parsed(values["cash"] or "0")
            cash = min(received, total)
            parts = [Paid("cash", cash, received)] if cash else []
            if total - cash:
                way = ways.get(values["rest"].strip())
                if way is None:
                    raise PaymentWrong(paid=words.rupiah(cash), total=words.rupiah(total))
                parts.append(Paid(way, total - cash))
            return parts

        def remark(values: Values) -> str:
            try:
                received = money.parsed(values["cash"] or "0")
            except BadMoney:
                return ""
            if received >= total:
                back = words.rupiah(received - total)
                return self.tell(N_("Change: {amount}"), amount=back)
            return self.tell(N_("Still to pay: {amount}"), amount=words.rupiah(total - received))

        async def sell(values: Values) -> object:
            lines = self.cart.sold()
            return await self.desk.act(till.sell, lines, paid(values), who.id if who else None)

        notes = sorted({total, *(-(-total // step) * step for step in (20_000, 50_000, 100_000))})
        fields = [
            Field("cash", self.tell(N_("Cash received")),
                  self.tell(N_("↑ ↓ choose; 0 if all is paid in another way")), as_typed(total),
                  errors=(BadMoney,), usual=[as_typed(each) for each in notes]),
            Field("rest", self.tell(N_("The rest by")), self.tell(N_("↑ ↓ choose")),
                  errors=(PaymentWrong, OverLimit), usual=list(ways)),
        ]  # fmt: skip
        title = self.tell(N_("To pay: {total}"), total=words.rupiah(total))
        form = Form("till pay", title, fields, sell, done=N_("Paid"), remark=remark)
        number = await self.ask_for(form)
        if isinstance(number, int) and not isinstance(number, bool):
            self._clear()
            self.look_again()
            text = await self.desk.ask(receipt.text, number)
            shown = self.tell(N_("Sale {number}"), number=number)
            await self.ask_for(Show(shown, content(text), [("Enter", N_("Next customer"))]))
