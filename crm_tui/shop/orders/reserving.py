"""Goods that are kept for orders: for how long, and what is left for others."""

from collections.abc import Mapping
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.orders import limits
from crm_tui.shop.orders.book import Order, get
from crm_tui.shop.orders.settings import HOLD_CUSTOMER, HOLD_PROSPECT


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


def reserve_for_a_while(ctx: Context, order: Order, until: str | None) -> str | None:
    """Reserve a waiting order that holds nothing, whose goods are there: `until` the moment that it
    had before, or for the usual time; until when it is now. `None`: no more is held (`limits`)."""
    kind = limits.holder(ctx, order)
    if kind is None:
        return None
    hours = (HOLD_PROSPECT if kind == "prospect" else HOLD_CUSTOMER)(ctx)
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
