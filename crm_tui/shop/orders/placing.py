"""Orders: received, confirmed or rejected, changed, cancelled, expired; their goods are reserved.

waiting → confirmed | rejected;  waiting or confirmed → collected (a sale) | cancelled | expired
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.customers import people
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.messages import outbox, replies
from crm_tui.shop.orders import questions
from crm_tui.shop.orders.errors import NothingLeft, OrderChanged, OrderNotOpen, OrderUnknown
from crm_tui.shop.orders.settings import HOLD_CUSTOMER, HOLD_PROSPECT, PROSPECT_CAP
from crm_tui.shop.promos import pricing

OPEN = ("waiting", "confirmed")


@dataclass(frozen=True)
class OrderLine:
    """So many units of an item, at the price in rupiah when the order came."""

    item_id: int
    code: str
    name: str
    unit: str
    price: int
    quantity: int

    @property
    def amount(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True)
class Order:
    """An order with its lines; `number` is its key."""

    number: int
    customer_id: int
    phone: str
    message_id: int | None
    received_at: str
    status: str
    reserved_until: str | None
    lines: tuple[OrderLine, ...]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def wanted(self) -> dict[int, int]:
        """Units by item key."""
        return {line.item_id: line.quantity for line in self.lines}


def get(ctx: Context, number: int) -> Order:
    """The order with this number. Raises `OrderUnknown`."""
    # A number that no key can be is no reason for another sentence.
    row = (
        ctx.db.execute("SELECT * FROM orders WHERE id = ?", (number,)).fetchone()
        if 0 < number < 2**63
        else None
    )
    if row is None:
        raise OrderUnknown(number=number)
    return _order(ctx, row)


def _order(ctx: Context, row: sqlite3.Row) -> Order:
    lines = ctx.db.execute(
        "SELECT item_id, code, name, unit, price, quantity FROM order_lines"
        " WHERE order_id = ? ORDER BY line",
        (row["id"],),
    )
    return Order(
        row["id"], row["customer_id"], row["phone"], row["message_id"], row["received_at"],
        row["status"], row["reserved_until"], tuple(OrderLine(*line) for line in lines),
    )  # fmt: skip


def open_of(ctx: Context, customer_id: int) -> list[Order]:
    """The customer's waiting and confirmed orders, oldest first."""
    rows = ctx.db.execute(
        "SELECT * FROM orders WHERE customer_id = ? AND status IN ('waiting', 'confirmed')"
        " ORDER BY id",
        (customer_id,),
    ).fetchall()
    return [_order(ctx, row) for row in rows]


@command("orders.place", "orders.place")
def place(
    ctx: Context,
    customer_id: int,
    phone: str,
    wanted: Mapping[int, int],
    message_id: int | None = None,
) -> Order:
    """Record an order of `wanted` units by item key and reserve them.

    For somebody who has never bought, goods are reserved up to a value (setting); an order beyond
    it waits without a reservation. Raises `NotEnoughStock`.
    """
    check(wanted)
    check_stock(ctx, wanted)
    # He may have been merged into another one since somebody looked.
    customer_id = people.by_id(ctx, customer_id).id
    row = ctx.db.execute(
        "INSERT INTO orders (customer_id, phone, message_id, received_at, status, status_at)"
        " VALUES (?, ?, ?, ?, 'waiting', ?) RETURNING id",
        (customer_id, phone, message_id, ctx.at, ctx.at),
    ).fetchone()
    number = int(row[0])
    _write_lines(ctx, number, customer_id, wanted, {})
    _reserve_for_a_while(ctx, number, None)
    # Whatever was asked before, this is the answer: a later YA must not order again.
    questions.close(ctx, customer_id)
    order = get(ctx, number)
    _record(ctx, order, None)
    return order


def receive(
    ctx: Context, customer_id: int, phone: str, wanted: Mapping[int, int], message_id: int | None
) -> tuple[Order, str]:
    """Place an order, within a command, and word what the customer is told about it."""
    order = place(ctx, customer_id, phone, wanted, message_id)
    text = replies.RECEIVED(
        ctx, number=order.number, lines=listed(ctx, order), total=rupiah(order.total)
    )
    for line in order.lines:
        people.quote(ctx, customer_id, line.item_id, line.price)
    return order, text


def check(wanted: Mapping[int, int]) -> None:
    """Raises `NothingLeft` or `BadQuantity`."""
    if not wanted:
        raise NothingLeft()
    for quantity in wanted.values():
        if quantity < 1:
            raise BadQuantity(quantity=quantity)


def check_stock(
    ctx: Context, wanted: Mapping[int, int], own: Mapping[int, int] | None = None
) -> None:
    """Raises `NotEnoughStock`; `own` units are reserved for this order already."""
    for item_id, quantity in wanted.items():
        item = catalogue.by_id(ctx, item_id)
        available = item.available + (own or {}).get(item_id, 0)
        if quantity > available:
            raise NotEnoughStock(code=item.code, available=available, wanted=quantity)


def reserved_for(ctx: Context, number: int) -> dict[int, int]:
    """Units by item key that are reserved for an order."""
    rows = ctx.db.execute(
        "SELECT item_id, quantity FROM reservations WHERE order_id = ?", (number,)
    ).fetchall()
    return {int(row[0]): int(row[1]) for row in rows}


def _reserved_value(ctx: Context, customer_id: int) -> int:
    row = ctx.db.execute(
        "SELECT coalesce(sum(reservations.quantity * price), 0) FROM orders"
        " JOIN reservations ON reservations.order_id = orders.id"
        " JOIN order_lines ON order_lines.order_id = orders.id"
        " AND order_lines.item_id = reservations.item_id WHERE customer_id = ?",
        (customer_id,),
    ).fetchone()
    return int(row[0])


def _write_lines(
    ctx: Context,
    number: int,
    customer_id: int,
    wanted: Mapping[int, int],
    prices: Mapping[int, int],
) -> None:
    """Write the lines anew; items that were there before keep their `prices`, others have what they
    cost the customer now."""
    ctx.db.execute("DELETE FROM order_lines WHERE order_id = ?", (number,))
    for line, (item_id, quantity) in enumerate(wanted.items(), start=1):
        item = catalogue.by_id(ctx, item_id)
        price = prices.get(item_id)
        if price is None:
            price = pricing.of(ctx, item, customer_id).price
        ctx.db.execute(
            "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, line, item_id, item.code, item.name, item.unit, price, quantity),
        )


def reserve(ctx: Context, number: int, hours: int, until: str | None = None) -> None:
    """Reserve the goods of an order for so long, or `until`; what it held before is freed first.

    Raises `NotEnoughStock`.
    """
    _free(ctx, number)
    wanted = get(ctx, number).wanted
    check_stock(ctx, wanted)
    for item_id, quantity in wanted.items():
        ctx.db.execute("INSERT INTO reservations VALUES (?, ?, ?)", (number, item_id, quantity))
        ctx.changed("stock", item_id)
    until = until or stamp(ctx.now + timedelta(hours=hours))
    ctx.db.execute("UPDATE orders SET reserved_until = ? WHERE id = ?", (until, number))


def _reserve_for_a_while(ctx: Context, number: int, until: str | None) -> None:
    """Reserve a waiting order, `until` the moment that it had before, or for the usual time.

    For somebody who has never bought, only up to the value of the setting.
    """
    order = get(ctx, number)
    hours = HOLD_CUSTOMER(ctx)
    if people.by_id(ctx, order.customer_id).kind == "prospect":
        hours = HOLD_PROSPECT(ctx)
        if _reserved_value(ctx, order.customer_id) + order.total > PROSPECT_CAP(ctx):
            return
    reserve(ctx, number, hours, until)


def _free(ctx: Context, number: int) -> None:
    rows = ctx.db.execute(
        "DELETE FROM reservations WHERE order_id = ? RETURNING item_id", (number,)
    ).fetchall()
    for row in rows:
        ctx.changed("stock", row[0])
    ctx.db.execute("UPDATE orders SET reserved_until = NULL WHERE id = ?", (number,))


def _record(ctx: Context, order: Order, before: Order | None) -> None:
    # Whoever changed it: the step before this one cannot be taken back any more.
    ctx.db.execute("DELETE FROM order_steps WHERE order_id = ?", (order.number,))
    ctx.record(f"order {order.number}", told(before), told(order))
    ctx.changed("orders", order.number)


def told(order: Order | None) -> dict[str, object] | None:
    """The order as the audit keeps it."""
    if order is None:
        return None
    return {"status": order.status, "lines": {line.code: line.quantity for line in order.lines}}


def still_open(
    ctx: Context,
    number: int,
    states: Sequence[str] = OPEN,
    expected: Mapping[int, int] | None = None,
) -> Order:
    """The order, if its status is one of `states` and it holds what was `expected`.

    Raises `OrderUnknown`, `OrderNotOpen` or `OrderChanged`.
    """
    order = get(ctx, number)
    if order.status not in states:
        raise OrderNotOpen(number=number, status=order.status)
    if expected is not None and order.wanted != dict(expected):
        raise OrderChanged(number=number)
    return order


def set_status(ctx: Context, order: Order, status: str, reason: str = "") -> Order:
    """Move an order on, within a command; one that ends frees its goods. Closes its question."""
    if status not in OPEN:
        _free(ctx, order.number)
    ctx.db.execute(
        "UPDATE orders SET status = ?, status_at = ?, reason = ?,"
        " confirmed_at = CASE ? WHEN 'confirmed' THEN ? ELSE confirmed_at END WHERE id = ?",
        (status, ctx.at, reason, status, ctx.at, order.number),
    )
    questions.close_about(ctx, order.number)
    after = get(ctx, order.number)
    _record(ctx, after, order)
    return after


def tell(ctx: Context, order: Order, kind: str, text: str, hold: float = 0.0) -> int:
    """Write to the customer about his order, within a command; the message's key."""
    return outbox.queue(
        ctx, order.phone, text, kind, customer_id=order.customer_id, order_id=order.number,
        hold=hold,
    )  # fmt: skip


def brief(order: Order) -> str:
    """The lines on one line: "2 ABC-1, 1 ABC-2"."""
    return ", ".join(f"{line.quantity} {line.code}" for line in order.lines)


def listed(ctx: Context, order: Order, before: Order | None = None) -> str:
    """The lines as the customer reads them, one a line.

    A price that differs from the one last told is pointed out, where the line is new.
    """
    known = before.wanted if before else {}
    return "\n".join(
        replies.ORDER_LINE(
            ctx, quantity=line.quantity, code=line.code, name=line.name, unit=line.unit,
            amount=rupiah(line.amount),
            difference="" if line.item_id in known else _difference(ctx, order, line),
        )
        for line in order.lines
    )  # fmt: skip


def _difference(ctx: Context, order: Order, line: OrderLine) -> str:
    before = people.last_quote(ctx, order.customer_id, line.item_id)
    if before is None or before == line.price:
        return ""
    return replies.DIFFERENCE(ctx, price=rupiah(line.price), before=rupiah(before))
