"""Sales: goods and money change hands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crm_tui.shop import customers, items, loyalty, orders, payments, points
from crm_tui.shop.commands import command
from crm_tui.shop.context import Context
from crm_tui.shop.errors import BadQuantity, NotEnoughStock, NothingLeft
from crm_tui.shop.payments import Paid

if TYPE_CHECKING:
    from crm_tui.shop.returns import Left


@command("orders.collect", "orders.collect")
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
    if not in cash. Raises `OrderNotOpen`, `OrderChanged`, `NotEnoughStock`, `BadQuantity`.
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
    sold = [
        (replace(items.by_id(ctx, line.item_id), code=line.code, name=line.name, price=line.price),
         quantities[line.item_id], 0)
        for line in lines
    ]  # fmt: skip
    sale_id = write(ctx, "sms", order.customer_id, sold, order_id=number)
    total = sum(line.price * quantities[line.item_id] for line in lines)
    if total:
        payments.settle(ctx, sale_id, order.customer_id, total, paid or [Paid("cash", total)])
    return sale_id


def write(
    ctx: Context,
    channel: str,
    customer_id: int | None,
    sold: Sequence[tuple[items.Item, int, int]],
    *,
    order_id: int | None = None,
    spent: int = 0,
    redeemed: Sequence[int] = (),
) -> int:
    """Write a sale into the ledgers, within a command; its key.

    `sold`: the item with the price in force, the units, and the discount in rupiah on the line, which
    holds what `spent` points take off (`redeemed`, by line). Raises `NotEnoughPoints`.
    """
    total = sum(item.price * quantity - discount for item, quantity, discount in sold)
    sale_id = ctx.db.execute(
        "INSERT INTO sales (at, channel, customer_id, order_id, total, actor)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (ctx.at, channel, customer_id, order_id, total, ctx.actor.name),
    ).fetchone()[0]
    for position, (item, quantity, discount) in enumerate(sold, start=1):
        ctx.db.execute(
            "INSERT INTO sale_lines (sale_id, line, item_id, code, name, unit, price, quantity, total,"
            " discount, redeemed, cost)"
            " SELECT ?, ?, id, ?, ?, ?, ?, ?, ?, ?, ?, cost FROM items WHERE id = ?",
            (sale_id, position, item.code, item.name, item.unit, item.price, quantity,
             item.price * quantity - discount, discount,
             redeemed[position - 1] if redeemed else 0, item.id),
        )  # fmt: skip
        items.move_stock(ctx, item.id, -quantity, "sale", sale_id=sale_id)
    if customer_id is not None:
        customers.bought(ctx, customer_id)
        loyalty.sold(ctx, customer_id, ctx.at, total)
        if spent:
            points.use(ctx, customer_id, sale_id, spent)
        points.earn(ctx, customer_id, sale_id, total)
    ctx.record(f"sale {sale_id}", None, {"order": order_id, "total": total})
    ctx.changed("sales", sale_id)
    return int(sale_id)


def customer_of(ctx: Context, sale_id: int) -> int | None:
    """Whose sale it was, None for somebody whom nobody knows."""
    row = ctx.db.execute("SELECT customer_id FROM sales WHERE id = ?", (sale_id,)).fetchone()
    return None if row[0] is None else int(row[0])


def take_back(
    ctx: Context,
    kind: str,
    sale_id: int,
    chosen: "Sequence[tuple[Left, int, int]]",
    reason: str,
) -> int:
    """Write a return or void into the ledgers, within a command; its key.

    `chosen`: lines of the sale with units and rupiah that come back. The goods are on the shelf again.
    """
    sale = ctx.db.execute("SELECT * FROM sales WHERE id = ?", (sale_id,)).fetchone()
    total = -sum(refund for _, _, refund in chosen)
    back = ctx.db.execute(
        "INSERT INTO sales (at, channel, customer_id, total, actor, kind, of_sale, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            ctx.at,
            sale["channel"],
            sale["customer_id"],
            total,
            ctx.actor.name,
            kind,
            sale_id,
            reason,
        ),
    ).fetchone()[0]
    for position, (line, quantity, refund) in enumerate(chosen, start=1):
        ctx.db.execute(
            "INSERT INTO sale_lines (sale_id, line, item_id, code, name, unit, price, quantity, total,"
            " discount, redeemed, of_line, cost)"
            " SELECT ?, ?, item_id, code, name, unit, price, ?, ?, ?, -redeemed * ? / quantity, line,"
            " cost FROM sale_lines WHERE sale_id = ? AND line = ?",
            (
                back,
                position,
                -quantity,
                -refund,
                refund - line.price * quantity,
                quantity,
                sale_id,
                line.line,
            ),
        )
        items.move_stock(ctx, line.item_id, quantity, kind, sale_id=back)
    loyalty.came_back(ctx, sale_id, -total)
    points.came_back(ctx, sale_id)
    ctx.record(f"sale {sale_id}", None, {kind: back, "total": total, "reason": reason})
    ctx.changed("sales", back)
    ctx.changed("sales", sale_id)
    return int(back)
