"""Orders: received, confirmed or rejected, changed, cancelled, expired; their goods are reserved.

waiting → confirmed | rejected;  waiting or confirmed → collected (a sale) | cancelled | expired
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    return _orders(ctx, [row])[0]


def _orders(ctx: Context, rows: Sequence[sqlite3.Row]) -> list[Order]:
    lines: dict[int, list[OrderLine]] = {row["id"]: [] for row in rows}
    for number, *line in ctx.db.execute(
        "SELECT order_id, item_id, code, name, unit, price, quantity FROM order_lines"
        " WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, line",
        (json.dumps(list(lines)),),
    ):
        lines[number].append(OrderLine(*line))
    return [_order(row, lines[row["id"]]) for row in rows]


def _order(row: sqlite3.Row, lines: Iterable[OrderLine]) -> Order:
    return Order(
        row["id"], row["customer_id"], row["phone"], row["message_id"], row["received_at"],
        row["status"], row["reserved_until"], tuple(lines),
    )  # fmt: skip


def open_of(ctx: Context, customer_id: int) -> list[Order]:
    """The customer's waiting and confirmed orders, oldest first."""
    rows = ctx.db.execute(
        "SELECT * FROM orders WHERE customer_id = ? AND status IN ('waiting', 'confirmed')"
        " ORDER BY id",
        (customer_id,),
    ).fetchall()
    return _orders(ctx, rows)


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
        " VALUES (?, ?, ?, ?, 'waiting', ?) RETURNING *",
        (customer_id, phone, message_id, ctx.at, ctx.at),
    ).fetchone()
    order = _order(row, _write_lines(ctx, row["id"], customer_id, wanted, {}))
    order = replace(order, reserved_until=_reserve_for_a_while(ctx, order, None))
    # Whatever was asked before, this is the answer: a later YA must not order again.
    questions.close(ctx, customer_id)
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
    people.quote(ctx, customer_id, {line.item_id: line.price for line in order.lines})
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
    for item in catalogue.by_ids(ctx, wanted).values():
        available = item.available + (own or {}).get(item.id, 0)
        if wanted[item.id] > available:
            raise NotEnoughStock(code=item.code, available=available, wanted=wanted[item.id])


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
) -> list[OrderLine]:
    """Write the lines of an order that has none; items that were there before keep their `prices`,
    others have what they cost the customer now."""
    items = catalogue.by_ids(ctx, wanted).values()
    now = pricing.of_each(ctx, [item for item in items if item.id not in prices], customer_id)
    prices = {**prices, **{item_id: priced.price for item_id, priced in now.items()}}
    lines = [
        OrderLine(item.id, item.code, item.name, item.unit, prices[item.id], wanted[item.id])
        for item in items
    ]
    for position, line in enumerate(lines, start=1):
        ctx.db.execute(
            "INSERT INTO order_lines (order_id, line, item_id, code, name, unit, price, quantity)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number, position, line.item_id, line.code, line.name, line.unit, line.price,
                line.quantity,
            ),
        )  # fmt: skip
    return lines


def rewrite_lines(
    ctx: Context, order: Order, wanted: Mapping[int, int], prices: Mapping[int, int]
) -> None:
    """Give an order other lines, within a command; nothing is reserved for it then. Items keep their
    `prices`, others have what they cost the customer now."""
    _free(ctx, order.number)
    ctx.db.execute("DELETE FROM order_lines WHERE order_id = ?", (order.number,))
    _write_lines(ctx, order.number, order.customer_id, wanted, prices)


def reserve(ctx: Context, number: int, hours: int, until: str | None = None) -> None:
    """Reserve the goods of an order for so long, or `until`; what it held before is freed first.

    Raises `NotEnoughStock`.
    """
    _free(ctx, number)
    check_stock(ctx, get(ctx, number).wanted)
    _hold(ctx, number, until or stamp(ctx.now + timedelta(hours=hours)))


def _hold(ctx: Context, number: int, until: str) -> None:
    """Reserve what is there for an order that holds nothing."""
    rows = ctx.db.execute(
        "INSERT INTO reservations (order_id, item_id, quantity)"
        " SELECT order_id, item_id, quantity FROM order_lines WHERE order_id = ? ORDER BY line"
        " RETURNING item_id",
        (number,),
    ).fetchall()
    for row in rows:
        ctx.changed("stock", row[0])
    ctx.db.execute("UPDATE orders SET reserved_until = ? WHERE id = ?", (until, number))


def _reserve_for_a_while(ctx: Context, order: Order, until: str | None) -> str | None:
    """Reserve a waiting order that holds nothing, whose goods are there: `until` the moment that it
    had before, or for the usual time; until when it is now.

    For somebody who has never bought, only up to the value of the setting.
    """
    hours = HOLD_CUSTOMER(ctx)
    if people.by_id(ctx, order.customer_id).kind == "prospect":
        hours = HOLD_PROSPECT(ctx)
        if _reserved_value(ctx, order.customer_id) + order.total > PROSPECT_CAP(ctx):
            return None
    until = until or stamp(ctx.now + timedelta(hours=hours))
    _hold(ctx, order.number, until)
    return until


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
    fresh = [line.item_id for line in order.lines if line.item_id not in known]
    told_last = people.last_quotes(ctx, order.customer_id, fresh)
    return "\n".join(
        replies.ORDER_LINE(
            ctx, quantity=line.quantity, code=line.code, name=line.name, unit=line.unit,
            amount=rupiah(line.amount),
            difference=_difference(ctx, line, told_last.get(line.item_id)),
        )
        for line in order.lines
    )  # fmt: skip


def _difference(ctx: Context, line: OrderLine, before: int | None) -> str:
    if before is None or before == line.price:
        return ""
    return replies.DIFFERENCE(ctx, price=rupiah(line.price), before=rupiah(before))
