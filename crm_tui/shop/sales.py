"""Sales: goods and money change hands."""

from collections.abc import Mapping, Sequence

from crm_tui.shop import customers, items, orders
from crm_tui.shop.commands import command
from crm_tui.shop.context import Context
from crm_tui.shop.errors import BadQuantity, NotEnoughStock, NothingLeft


@command("orders.collect", "orders.collect")
def collect(
    ctx: Context,
    number: int,
    taken: Mapping[int, int] | None = None,
    *,
    expected: Mapping[int, int] | None = None,
) -> int:
    """Hand an order out; the key of the sale. `taken`: units by item key, if not all of it.

    What is not taken is free again. `expected`: what the order held when the sum was told. Raises
    `OrderNotOpen`, `OrderChanged`, `NotEnoughStock`, `BadQuantity`.
    """
    order = orders.still_open(ctx, number, expected=expected)
    quantities = order.wanted if taken is None else dict(taken)
    lines = [line for line in order.lines if quantities.get(line.item_id)]
    for line in lines:
        quantity = quantities[line.item_id]
        if not 1 <= quantity <= line.quantity:
            raise BadQuantity(quantity=quantity)
    if not lines:
        raise NothingLeft()
    held = orders.reserved_for(ctx, number)
    for line in lines:
        item = items.by_id(ctx, line.item_id)
        own = held.get(line.item_id, 0)
        # What was reserved is his as long as it is there; beyond it he takes his turn.
        left = (
            item.on_hand if quantities[line.item_id] <= own else item.on_hand - item.reserved + own
        )
        if quantities[line.item_id] > left:
            raise NotEnoughStock(
                code=line.code, available=max(0, left), wanted=quantities[line.item_id]
            )
    orders.set_status(ctx, order, "collected")
    sold = [(line, quantities[line.item_id]) for line in lines]
    return write(ctx, "sms", order.customer_id, sold, order_id=number)


def write(
    ctx: Context,
    channel: str,
    customer_id: int | None,
    sold: Sequence[tuple[orders.OrderLine, int]],
    *,
    order_id: int | None = None,
) -> int:
    """Write a sale of so many units of each line into the ledgers, within a command; its key."""
    total = sum(line.price * quantity for line, quantity in sold)
    sale_id = ctx.db.execute(
        "INSERT INTO sales (at, channel, customer_id, order_id, total, actor)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (ctx.at, channel, customer_id, order_id, total, ctx.actor.name),
    ).fetchone()[0]
    for position, (line, quantity) in enumerate(sold, start=1):
        ctx.db.execute(
            "INSERT INTO sale_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (sale_id, position, line.item_id, line.code, line.name, line.unit, line.price, quantity,
             line.price * quantity),
        )  # fmt: skip
        items.move_stock(ctx, line.item_id, -quantity, "sale", sale_id=sale_id)
    if customer_id is not None:
        customers.bought(ctx, customer_id)
    ctx.record(f"sale {sale_id}", None, {"order": order_id, "total": total})
    ctx.changed("sales", sale_id)
    return int(sale_id)
