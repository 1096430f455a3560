"""Sales: goods and money change hands."""

from collections import Counter
from collections.abc import Sequence

from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.loyalty import points, scores


def write(
    ctx: Context,
    channel: str,
    customer_id: int | None,
    sold: Sequence[tuple[catalogue.Item, int, int]],
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
        catalogue.move_stock(ctx, item.id, -quantity, "sale", sale_id=sale_id)
    if customer_id is not None:
        people.bought(ctx, customer_id)
        scores.sold(ctx, customer_id, ctx.at, total)
        if spent:
            points.use(ctx, customer_id, sale_id, spent)
        points.earn(ctx, customer_id, sale_id, total)
    units: Counter[str] = Counter()
    for item, quantity, _ in sold:
        units[item.code] += quantity
    ctx.record(f"sale {sale_id}", None, {"order": order_id, "lines": units, "total": total})
    ctx.changed("sales", sale_id)
    return int(sale_id)
