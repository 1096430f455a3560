"""Goods that are kept for orders: for how long, and what is left for others."""

from collections.abc import Mapping
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.orders.book import Order, get
from crm_tui.shop.orders.settings import (
    CUSTOMER_CAP,
    HOLD_CUSTOMER,
    HOLD_PROSPECT,
    MOST_WAITING,
    MOST_WAITING_BOUGHT,
    PROSPECT_CAP,
    STRANGERS_SHARE,
    UNCONFIRMED_SHARE,
)

_FEW = 5
"""So many units of an item are kept for anybody."""
_REMEMBERED = timedelta(days=90)


def check_stock(
    ctx: Context, wanted: Mapping[int, int], own: Mapping[int, int] | None = None
) -> dict[int, Item]:
    """The wanted items. Raises `NotEnoughStock`; `own` units are reserved for this order already."""
    items = catalogue.by_ids(ctx, wanted)
    for item in items.values():
        available = item.available + (own or {}).get(item.id, 0)
        if wanted[item.id] > available:
            raise NotEnoughStock(code=item.code, available=available, wanted=wanted[item.id])
    return items


def reserved_for(ctx: Context, number: int) -> dict[int, int]:
    """Units by item key that are reserved for an order."""
    rows = ctx.db.execute(
        "SELECT item_id, quantity FROM reservations WHERE order_id = ?", (number,)
    ).fetchall()
    return {int(row[0]): int(row[1]) for row in rows}


def _kind_and_reserved(ctx: Context, customer_id: int) -> tuple[str, int]:
    """Prospect or customer, and the rupiah that are reserved for them."""
    row = ctx.db.execute(
        "SELECT kind, (SELECT coalesce(sum(reservations.quantity * price), 0) FROM orders"
        "  JOIN reservations ON reservations.order_id = orders.id"
        "  JOIN order_lines ON order_lines.order_id = orders.id"
        "  AND order_lines.item_id = reservations.item_id WHERE orders.customer_id = :id)"
        " FROM kept JOIN customers ON customers.id = kept_id WHERE kept.id = :id",
        {"id": customer_id},
    ).fetchone()
    return str(row[0]), int(row[1])


def reserve(ctx: Context, number: int, hours: int, until: str | None = None) -> None:
    """Reserve the goods of an order for so long, or `until`; what it held before is freed first.

    Raises `NotEnoughStock`.
    """
    free(ctx, number)
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


def _spent(ctx: Context, customer_id: int) -> int:
    row = ctx.db.execute(
        "SELECT coalesce(sum(total), 0) FROM sales WHERE customer_id IN (SELECT id FROM kept"
        " WHERE kept_id = ?)",
        (customer_id,),
    ).fetchone()
    return int(row[0])


_KEPT = (
    "(SELECT coalesce(sum(reservations.quantity), 0) FROM reservations"
    " JOIN orders ON orders.id = reservations.order_id AND orders.status = 'waiting'"
    " JOIN kept ON kept.id = orders.customer_id JOIN customers ON customers.id = kept.kept_id"
    " WHERE reservations.item_id = order_lines.item_id AND {})"
)
_MINE, _STRANGERS = "orders.customer_id = :customer", "customers.kind = 'prospect'"


def _hoards(ctx: Context, order: Order, kind: str) -> bool:
    """Whether more of an item would be kept than may be: for this customer's unconfirmed orders, or,
    where the customer has never bought, for those of all who have not."""
    rows = ctx.db.execute(
        "SELECT order_lines.quantity, on_hand,"  # noqa: S608
        f" {_KEPT.format(_MINE)} AS mine, {_KEPT.format(_STRANGERS)} AS strangers"
        " FROM order_lines JOIN stock ON stock.item_id = order_lines.item_id"
        " WHERE order_lines.order_id = :number",
        {"customer": order.customer_id, "number": order.number},
    ).fetchall()
    shares = [("mine", UNCONFIRMED_SHARE(ctx))]
    if kind == "prospect":
        shares.append(("strangers", STRANGERS_SHARE(ctx)))
    return any(
        row[kept] + row["quantity"] > max(_FEW, row["on_hand"] * share // 100)
        for row in rows for kept, share in shares
    )  # fmt: skip


def waiting_enough(ctx: Context, customer: Customer) -> list[int]:
    """The customer's waiting orders, if no more may wait; else none. Who did not collect has fewer."""
    rows = ctx.db.execute(
        "SELECT id, status FROM orders WHERE customer_id IN (SELECT id FROM kept WHERE kept_id = ?)"
        " AND (status = 'waiting' OR status = 'expired' AND confirmed_at IS NOT NULL"
        "  AND status_at > ?) ORDER BY id",
        (customer.id, stamp(ctx.now - _REMEMBERED)),
    ).fetchall()
    waiting = [int(row["id"]) for row in rows if row["status"] == "waiting"]
    most = (MOST_WAITING_BOUGHT if customer.kind == "customer" else MOST_WAITING)(ctx)
    return waiting if len(waiting) >= max(1, most - (len(rows) - len(waiting))) else []


def reserve_for_a_while(ctx: Context, order: Order, until: str | None) -> str | None:
    """Reserve a waiting order that holds nothing, whose goods are there: `until` the moment that it
    had before, or for the usual time; until when it is now.

    Only up to a value: a setting for those who have never bought, a multiple of what they bought for
    others. And only up to a share of each item's stock, for one customer and for all strangers.
    """
    kind, reserved = _kind_and_reserved(ctx, order.customer_id)
    hours = HOLD_PROSPECT(ctx) if kind == "prospect" else HOLD_CUSTOMER(ctx)
    kept = reserved + order.total
    if kept > PROSPECT_CAP(ctx) and kept > CUSTOMER_CAP(ctx) * _spent(ctx, order.customer_id):
        return None
    if _hoards(ctx, order, kind):
        return None
    until = until or stamp(ctx.now + timedelta(hours=hours))
    _hold(ctx, order.number, until)
    return until


def free(ctx: Context, number: int) -> None:
    rows = ctx.db.execute(
        "DELETE FROM reservations WHERE order_id = ? RETURNING item_id", (number,)
    ).fetchall()
    for row in rows:
        ctx.changed("stock", row[0])
    ctx.db.execute("UPDATE orders SET reserved_until = NULL WHERE id = ?", (number,))
