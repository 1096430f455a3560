"""Transaksi via SMS: the customer stands at the counter and takes the order away."""

from collections.abc import Sequence
from typing import cast

from textual.content import Content

from crm_tui.actions import Action
from crm_tui.errors import N_
from crm_tui.screens.sales.paying import Pay
from crm_tui.screens.sales.receipts import show_receipt
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import parse_quantity
from crm_tui.screens.shell.listpage import ListPage
from crm_tui.screens.shell.page import once_a_time
from crm_tui.screens.sms.telling import order_details, unseen_lines
from crm_tui.screens.widgets.columns import Cell, Column
from crm_tui.screens.widgets.dialog import Decide
from crm_tui.screens.widgets.form import Form, Values
from crm_tui.screens.widgets.line import Field
from crm_tui.screens.widgets.window import Record
from crm_tui.shop.gate import listing
from crm_tui.shop.orders import book, deciding, lists
from crm_tui.shop.orders import view as order_view
from crm_tui.shop.orders.errors import NothingLeft, OnlyOrdered
from crm_tui.shop.orders.settings import HOLD_SECONDS
from crm_tui.shop.orders.view import OrderView
from crm_tui.shop.sales import collecting
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.sales.settings import ROUNDING

COLLECT = Action(
    "orders.collect", "a", N_("Hand out"), N_("Hand the whole order out: it becomes a sale"),
    command="sales.collect",
)  # fmt: skip
PART = Action(
    "orders.collect_part", "p", N_("A part"), N_("Hand out only a part; the rest is free again"),
    command="sales.collect",
)  # fmt: skip
CALL_OFF = Action(
    "orders.call_off", "x", N_("Cancel"), N_("Cancel the order; the customer is told"),
    command="orders.call_off",
)  # fmt: skip
RECEIPT = Action("orders.receipt", "c", N_("Receipt"), N_("Show the receipt of the sale"))


class PickupsScreen(ListPage):
    """Orders by name, number or telephone; whole or in part they become sales."""

    needs = "orders.collect"
    heading = N_("Hand out SMS orders")
    about = N_(
        "The customer is here: press {list_search} and type a name, some digits of the number, "
        "or the order's number. Goods that the customer leaves here are free for others again."
    )
    own = (COLLECT, PART, CALL_OFF, RECEIPT)
    topics = frozenset({"orders", "stock", "sales", "customers"})
    listed = lists.PICKUPS
    columns = (
        Column(N_("No."), 5, align="right"),
        Column(N_("Customer"), 12, flex=True),
        Column(N_("Phone"), 14, rank=1),
        Column(N_("Items"), 12, flex=True, rank=2),
        Column(N_("Total"), 12, align="right"),
        Column(N_("Until"), 11, rank=3),
    )
    empty = {
        "confirmed": (
            N_("No orders are ready"),
            N_("Confirmed orders are listed here until they are collected. → shows the open ones."),
        ),
        "": (N_("No orders here"), N_("→ shows the other orders.")),
    }

    def shape(self, row: Record) -> Sequence[Cell]:
        values = cast(listing.Line, row).values
        until = values["reserved_until"]
        now = self.desk.clock.now()
        return (
            Cell(str(values["number"])),
            Cell(display.who(cast(str, values["customer"]), str(values["phone"])), "strong"),
            Cell(display.phone(str(values["phone"])), "dim"),
            Cell(str(values["lines"] or "")),
            Cell(display.rupiah(int(values["total"] or 0))),
            Cell(display.clock_time(str(until), now) if until else "", "dim"),
        )

    async def details(self, row: listing.Line) -> Content:
        view = await self.desk.ask(order_view.look, row.id)
        self._lines = len(view.lines)
        return order_details(self.crm, view, self.details_width)

    _lines = 0
    """Lines of the order that is told beside the list."""

    def more_text(self, hidden: int, lines: int) -> str:
        unseen = unseen_lines(self._lines, hidden, self.details_width)
        if unseen:
            return self.tr(N_("… {count} more items"), count=unseen)
        return super().more_text(hidden, lines)

    def ready_for(self, action: Action) -> bool:
        row = self.current
        if action in (COLLECT, PART, CALL_OFF) and (
            row is None or row.values["status"] not in ("waiting", "confirmed")
        ):
            return False
        if action is RECEIPT:
            return row is not None and row.values["status"] == "collected"
        return super().ready_for(action)

    async def why_not(self, action: Action) -> str:
        row = self.current
        if row is not None and action in (COLLECT, PART, CALL_OFF) and not self.ready_for(action):
            became = await self.became_of(row)
            if became:
                return became
        return await super().why_not(action)

    async def became_of(self, row: listing.Line) -> str:
        why = await self.desk.ask(book.why_closed, row.id, book.OPEN)
        return self.crm.say(why) if why else ""

    _step = 0
    """What cash is rounded to, as it was looked at last."""

    async def _look(self) -> OrderView | None:
        row = self.current
        if row is None:
            return None
        view, self._step = await self.desk.ask(
            lambda ctx: (order_view.look(ctx, row.id), ROUNDING(ctx))
        )
        return view

    def on_paged_list_chosen(self) -> None:
        self.perform(RECEIPT if self.ready_for(RECEIPT) else COLLECT)

    @once_a_time
    async def do_orders_collect(self) -> None:
        view = await self._look()
        if view is not None:
            await self._pay(view, None, view.total)

    async def _pay(self, view: OrderView, taken: dict[int, int] | None, total: int) -> None:
        """Take the money, and hand out what is taken (by item; None: all of it)."""
        number, wanted = view.order.number, view.order.wanted
        handed = [
            (count, line.line)
            for line in view.lines
            if (count := (taken or wanted).get(line.line.item_id, 0))
        ]
        units = max((len(line.unit) for _, line in handed), default=0)
        codes = max((len(line.code) for _, line in handed), default=0)
        lines = "\n".join(
            f"{count:>4} {line.unit:<{units}} {line.code:<{codes}}  {line.name}"
            for count, line in handed
        )

        async def sell(paid: Sequence[Paid], spent: int) -> object:
            return await self.desk.act(
                collecting.collect, number, taken, expected=wanted, paid=paid or None
            )

        title = self.tr(
            N_("Hand out order {number}: {total}"), number=number, total=display.rupiah(total)
        )
        box = Pay(self, total, sell, title=title, intro=lines, step=self._step)
        sale = await self.ask_for(box)
        if isinstance(sale, int):
            self.look_again()
            await show_receipt(self, sale, N_("Back"), sold=True)
        # Scanned while the money was taken: it is none of the order.
        self.crm.offer_scans(box.scans)

    @once_a_time
    async def do_orders_collect_part(self) -> None:
        view = await self._look()
        if view is None:
            return
        fields = [
            Field(
                str(line.line.item_id), f"{line.line.code}  {line.line.name}",
                self.tr(N_("ordered: {count}"), count=line.line.quantity), str(line.line.quantity),
                digits=7,
            )
            for line in view.lines
        ]  # fmt: skip

        def total(values: Values) -> int:
            return sum(line.line.price * int(values[str(line.line.item_id)]) for line in view.lines)

        def remark(values: Values) -> str:
            typed = [(line.line, values[str(line.line.item_id)].strip()) for line in view.lines]
            if not all(each.isdecimal() and int(each) <= line.quantity for line, each in typed):
                # What cannot be taken has no sum.
                return ""
            return self.tr(N_("To pay: {total}"), total=display.rupiah(total(values)))

        async def choose(values: Values) -> object:
            taken = {int(item): parse_quantity(text, item) for item, text in values.items()}
            for line in view.lines:
                ordered, item = line.line.quantity, line.line.item_id
                if taken[item] > ordered:
                    raise OnlyOrdered(ordered=ordered, code=line.line.code, field=str(item))
            if not any(taken.values()):
                raise NothingLeft()
            return taken, total(values)

        form = Form(
            f"part {view.order.number}",
            self.tr(N_("How much of order {number} is taken?"), number=view.order.number), fields,
            choose, intro=self.tr(N_("0 leaves an item here.")), done=N_("Pay"), remark=remark,
        )  # fmt: skip
        chosen = await self.ask_for(form)
        if isinstance(chosen, tuple):
            await self._pay(view, *chosen)

    @once_a_time
    async def do_orders_receipt(self) -> None:
        view = await self._look()
        if view is not None and view.sale_id is not None:
            await show_receipt(self, view.sale_id, N_("Back"))

    @once_a_time
    async def do_orders_call_off(self) -> None:
        row = self.current
        if row is None:
            return
        ask = Decide(
            self.tr(N_("Cancel order {number}?"), number=row.id),
            self.tr(N_("The goods are free again, and the customer is told by SMS.")),
            [("x", "x", self.tr(N_("Cancel it")))],
        )
        if await self.ask_for(ask):
            hold = float(await self.desk.ask(HOLD_SECONDS))
            await self.desk.act(deciding.call_off, row.id, hold=hold)
            self.notice(self.tr(N_("Order {number} is cancelled."), number=row.id))
            self.look_again()
