"""Orders as they stand: what one is, finding them, and whether one is still open.

waiting → confirmed | rejected;  waiting or confirmed → collected (a sale) | cancelled | expired
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm_tui import sqlite
from crm_tui.shop.gate import conflicts, stored_words
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders.errors import (
    OrderChanged,
    OrderNotOpen,
    OrderUnknown,
    OthersWereQuicker,
)

OPEN = ("waiting", "confirmed")


@dataclass(frozen=True)
class Agreed:
    """What a unit of an item costs the customer, in rupiah, and what a promo or the customer's tier has
    taken off its price for that."""

    price: int
    discount: int = 0


@dataclass(frozen=True)
class OrderLine:
    """So many units of an item, at the price in rupiah when the order came; `discount`: what had been
    taken off a unit then."""

    item_id: int
    code: str
    name: str
    unit: str
    price: int
    quantity: int
    discount: int = 0

    @property
    def agreed(self) -> Agreed:
        return Agreed(self.price, self.discount)

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


def _orders(ctx: Context, rows: Sequence[sqlite.Row]) -> list[Order]:
    lines: dict[int, list[OrderLine]] = {row["id"]: [] for row in rows}
    for number, *line in ctx.db.execute(
        "SELECT order_id, item_id, code, name, unit, price, quantity, discount FROM order_lines"
        " WHERE order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, line",
        (json.dumps(list(lines)),),
    ):
        lines[number].append(OrderLine(*line))
    return [_order(row, lines[row["id"]]) for row in rows]


def _order(row: sqlite.Row, lines: Iterable[OrderLine]) -> Order:
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


def as_audited(order: Order | None) -> dict[str, object] | None:
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
        raise not_open(ctx, order)
    if expected is not None and order.wanted != dict(expected):
        raise OrderChanged(number=number)
    return order


def not_open(ctx: Context, order: Order) -> OrderNotOpen:
    """That an order is what it is, and who has just made it so, if that was somebody else."""
    deed = conflicts.by_another(ctx, f"order {order.number}")
    if deed is None or not stored_words.is_person(deed.who):
        return OrderNotOpen(number=order.number, status=order.status)
    return OthersWereQuicker(number=order.number, status=order.status, who=deed.who)


def why_closed(ctx: Context, number: int, states: Sequence[str]) -> OrderNotOpen | None:
    """Why an order is none of those that wait for something, `states`; None if it is."""
    order = get(ctx, number)
    return None if order.status in states else not_open(ctx, order)


def brief(order: Order) -> str:
    """The lines on one line: "2 ABC-1, 1 ABC-2"."""
    return ", ".join(f"{line.quantity} {line.code}" for line in order.lines)
