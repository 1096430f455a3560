"""A customer takes an order away: it becomes a sale."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadQuantity
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.orders import book, reserving, writing
from crm_tui.shop.orders.errors import NothingLeft, OnlyOrdered
from crm_tui.shop.sales import payment_entries
from crm_tui.shop.sales.ledger import write
from crm_tui.shop.sales.payment_methods import Paid


@command("sales.collect", "orders.collect")
def collect(
    ctx: Context,
    number: int,
    taken: Mapping[int, int] | None = None,
    *,
    expected: Mapping[int, int] | None = None,
    paid: Sequence[Paid] | None = None,
) -> int:
    """Hand an order out; the key of the sale. `taken`: units by item key, if not all of it.

    What is not taken is free again. `expected`: what the order held when the sum was told. `paid`: how,
    if not in cash. Raises `OrderNotOpen`, `OrderChanged`, `NotEnoughStock`,
    `OnlyOrdered`, `BadQuantity`.
    """
    order = book.still_open(ctx, number, expected=expected)
    quantities = order.wanted if taken is None else dict(taken)
    lines = [line for line in order.lines if quantities.get(line.item_id)]
    for line in lines:
        quantity = quantities[line.item_id]
        if quantity > line.quantity:
            raise OnlyOrdered(ordered=line.quantity, code=line.code)
        if quantity < 1:
            raise BadQuantity(quantity=quantity)
    if not lines:
        raise NothingLeft()
    held = reserving.reserved_for(ctx, number)
    items = catalogue.by_ids(ctx, [line.item_id for line in lines])
    for line in lines:
        item = items[line.item_id]
        own = held.get(line.item_id, 0)
        # The customer gets what was reserved as long as it is there; more only as anybody would.
        left = (
            item.on_hand if quantities[line.item_id] <= own else item.on_hand - item.reserved + own
        )
        if quantities[line.item_id] > left:
            raise NotEnoughStock(
                code=line.code, available=max(0, left), wanted=quantities[line.item_id]
            )
    writing.set_status(ctx, order, "collected")
    sold = [
        (replace(items[line.item_id], code=line.code, name=line.name,
                 price=line.price + line.discount),
         quantities[line.item_id], line.discount * quantities[line.item_id])
        for line in lines
    ]  # fmt: skip
    sale_id = write(ctx, "sms", order.customer_id, sold, order_id=number)
    total = sum(line.price * quantities[line.item_id] for line in lines)
    if total:
        payment_entries.settle(
            ctx, sale_id, order.customer_id, total, paid or [Paid("cash", total)]
        )
    return sale_id
