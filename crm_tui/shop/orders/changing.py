"""What becomes of an order: amended, cancelled, expired, put back."""

from collections.abc import Mapping
from typing import cast

from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import questions
from crm_tui.shop.orders.book import Agreed, Order, get, still_open
from crm_tui.shop.orders.errors import OrderNotOpen
from crm_tui.shop.orders.placing import check
from crm_tui.shop.orders.reserving import check_stock, reserve, reserve_for_a_while
from crm_tui.shop.orders.writing import notify, record_order, rewrite_lines, set_status


def restore(
    ctx: Context,
    order: Order,
    status: str,
    wanted: Mapping[int, int],
    prices: Mapping[int, Agreed],
    until: str | None,
) -> None:
    """Put an order back as it was, within a command; without `until` nothing is reserved for it.

    Raises `NotEnoughStock`.
    """
    rewrite_lines(ctx, order, wanted, prices)
    ctx.db.execute(
        "UPDATE orders SET status = ?, status_at = ?, reason = '',"
        " confirmed_at = CASE ? WHEN 'waiting' THEN NULL ELSE confirmed_at END WHERE id = ?",
        (status, ctx.at, status, order.number),
    )
    if until is not None:
        reserve(ctx, order.number, 0, until)
    record_order(ctx, get(ctx, order.number), order)


@command("orders.cancel", "orders.confirm")
def cancel(ctx: Context, number: int, reason: str = "") -> Order:
    """End an open order and free its goods; the caller tells the customer, or is the customer."""
    return set_status(ctx, still_open(ctx, number), "cancelled", reason)


@command("orders.expire", "orders.confirm")
def expire(ctx: Context, number: int) -> Order:
    """End an order whose time is over, and tell the customer."""
    order = still_open(ctx, number)
    if order.reserved_until is None or order.reserved_until > ctx.at:
        raise OrderNotOpen(number=number, status=order.status)
    after = set_status(ctx, order, "expired")
    text = replies.EXPIRED if order.status == "confirmed" else replies.UNCONFIRMED
    notify(ctx, after, "change", text(ctx, number=number))
    return after


def due_at(ctx: Context) -> str | None:
    """When the next reservation runs out."""
    row = ctx.db.execute(
        "SELECT min(reserved_until) FROM orders WHERE reserved_until IS NOT NULL"
    ).fetchone()
    return cast("str | None", row[0])


def overdue(ctx: Context) -> list[int]:
    """The orders whose reservation has run out."""
    rows = ctx.db.execute(
        "SELECT id FROM orders WHERE reserved_until IS NOT NULL AND reserved_until <= ?"
        " ORDER BY reserved_until LIMIT 20",
        (ctx.at,),
    )
    return [int(row[0]) for row in rows]


@command("orders.amend", "orders.place")
def amend(ctx: Context, number: int, wanted: Mapping[int, int]) -> Order:
    """The customer's own change of a waiting order: the units of all its lines from now on.

    A line of 0 is taken out. Raises `NotEnoughStock`, `NothingLeft`, `OrderNotOpen`.
    """
    return rewrite(ctx, still_open(ctx, number, ("waiting",)), wanted)


def rewrite(ctx: Context, order: Order, wanted: Mapping[int, int]) -> Order:
    """Give a waiting order other lines, within a command. Raises as `amend`."""
    left = {item_id: quantity for item_id, quantity in wanted.items() if quantity}
    check(left)
    prices = {line.item_id: line.agreed for line in order.lines}
    rewrite_lines(ctx, order, left, prices)
    check_stock(ctx, left)
    # A change does not begin the time anew: nobody keeps goods for ever by changing an order.
    reserve_for_a_while(ctx, get(ctx, order.number), order.reserved_until)
    questions.close_about(ctx, order.number)
    after = get(ctx, order.number)
    record_order(ctx, after, order)
    return after
