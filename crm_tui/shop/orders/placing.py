"""Placing an order: checked, written with the prices of now, reserved."""

from collections.abc import Mapping
from dataclasses import replace

from crm_tui.shop.customers import people
from crm_tui.shop.customers.errors import CustomerUnknown
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.messages import replies
from crm_tui.shop.orders import questions
from crm_tui.shop.orders.book import Order, _order
from crm_tui.shop.orders.errors import NothingLeft
from crm_tui.shop.orders.reserving import check_stock, reserve_for_a_while
from crm_tui.shop.orders.wording import listed
from crm_tui.shop.orders.writing import record_order, write_lines


@command("orders.place", "orders.place")
def place(
    ctx: Context,
    customer_id: int,
    phone: str,
    wanted: Mapping[int, int],
    message_id: int | None = None,
) -> Order:
    """Record an order of `wanted` units by item key and reserve them.

    For a customer who has never bought, goods are reserved up to a value (setting); an order beyond
    it waits without a reservation. Raises `NotEnoughStock`.
    """
    check(wanted)
    items = check_stock(ctx, wanted).values()
    # The customer may have been merged into another one since somebody looked.
    row = ctx.db.execute(
        "INSERT INTO orders (customer_id, phone, message_id, received_at, status, status_at)"
        " SELECT kept_id, ?, ?, ?, 'waiting', ? FROM kept WHERE id = ? RETURNING *",
        (phone, message_id, ctx.at, ctx.at, customer_id),
    ).fetchone()
    if row is None:
        raise CustomerUnknown()
    customer_id = row["customer_id"]
    order = _order(row, write_lines(ctx, row["id"], customer_id, wanted, {}, items))
    order = replace(order, reserved_until=reserve_for_a_while(ctx, order, None))
    # Whatever was asked before, this is the answer: a later YA must not order again.
    questions.close(ctx, customer_id)
    record_order(ctx, order, None)
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
