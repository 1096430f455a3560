"""How much may wait unconfirmed, so that nobody keeps goods from others: orders of a number, rupiah of
a customer, a share of each item."""

from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders.book import Order
from crm_tui.shop.orders.settings import (
    CUSTOMER_CAP,
    MOST_WAITING,
    MOST_WAITING_BOUGHT,
    PROSPECT_CAP,
    STRANGERS_SHARE,
    UNCONFIRMED_SHARE,
)

FEW = 5
"""So many units of an item are kept for anybody."""
UNCOLLECTED = timedelta(days=90)
"""For so long it counts against a customer that goods were made ready and not fetched."""


def waiting_enough(ctx: Context, customer: Customer) -> list[int]:
    """The customer's waiting orders, if no more may wait; else none. Each order that was not
    fetched is one less."""
    rows = ctx.db.execute(
        "SELECT id, status FROM orders WHERE customer_id IN (SELECT id FROM kept WHERE kept_id = ?)"
        " AND (status = 'waiting' OR status = 'expired' AND confirmed_at IS NOT NULL"
        "  AND status_at > ?) ORDER BY id",
        (customer.id, stamp(ctx.now - UNCOLLECTED)),
    ).fetchall()
    waiting = [int(row["id"]) for row in rows if row["status"] == "waiting"]
    most = (MOST_WAITING_BOUGHT if customer.kind == "customer" else MOST_WAITING)(ctx)
    return waiting if len(waiting) >= max(1, most - (len(rows) - len(waiting))) else []


def holder(ctx: Context, order: Order) -> str | None:
    """The kind of customer for whom the goods of a waiting order, which holds nothing yet, may be held:
    "prospect" or "customer"; None if they may not.

    Only up to a value: a setting for those who have never bought, a multiple of what they bought for
    others. And only up to a share of each item's stock, for one customer and for all strangers.
    """
    kind, reserved = _kind_and_reserved(ctx, order.customer_id)
    held = reserved + order.total
    if held > PROSPECT_CAP(ctx) and held > CUSTOMER_CAP(ctx) * _spent(ctx, order.customer_id):
        return None
    return None if _hoards(ctx, order, kind) else kind


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
        row[kept] + row["quantity"] > max(FEW, row["on_hand"] * share // 100)
        for row in rows for kept, share in shares
    )  # fmt: skip
