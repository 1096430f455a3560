"""How an order is written: lines, status, the audit, and an SMS about it."""

from collections.abc import Collection, Mapping

from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders import questions
from crm_tui.shop.orders.book import OPEN, Agreed, Order, OrderLine, as_audited, get
from crm_tui.shop.orders.reserving import free
from crm_tui.shop.promos import pricing


def write_lines(
    ctx: Context,
    number: int,
    customer_id: int,
    wanted: Mapping[int, int],
    prices: Mapping[int, Agreed],
    items: Collection[Item],
) -> list[OrderLine]:
    """Write the lines of an order that has none; items that were there before keep their `prices`,
    others have what they cost the customer now."""
    now = pricing.of_each(ctx, [item for item in items if item.id not in prices], customer_id)
    agreed = {
        **prices,
        **{key: Agreed(each.price, each.regular - each.price) for key, each in now.items()},
    }
    lines = [
        OrderLine(
            item.id, item.code, item.name, item.unit, agreed[item.id].price, wanted[item.id],
            agreed[item.id].discount,
        )
        for item in items
    ]  # fmt: skip
    for position, line in enumerate(lines, start=1):
        ctx.db.execute(
            "INSERT INTO order_lines (order_id, line, item_id, code, name, unit, price, quantity,"
            " discount) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number, position, line.item_id, line.code, line.name, line.unit, line.price,
                line.quantity, line.discount,
            ),
        )  # fmt: skip
    return lines


def rewrite_lines(
    ctx: Context, order: Order, wanted: Mapping[int, int], prices: Mapping[int, Agreed]
) -> None:
    """Give an order other lines, within a command; nothing is reserved for it then. Items keep their
    `prices`, others have what they cost the customer now."""
    free(ctx, order.number)
    ctx.db.execute("DELETE FROM order_lines WHERE order_id = ?", (order.number,))
    items = catalogue.by_ids(ctx, wanted).values()
    write_lines(ctx, order.number, order.customer_id, wanted, prices, items)


def record_order(ctx: Context, order: Order, before: Order | None) -> None:
    if before is not None:
        # No matter who changed it: the step before this one cannot be taken back any more.
        ctx.db.execute("DELETE FROM order_steps WHERE order_id = ?", (order.number,))
    ctx.record(f"order {order.number}", as_audited(before), as_audited(order))
    ctx.changed("orders", order.number)


def set_status(ctx: Context, order: Order, status: str, reason: str = "") -> Order:
    """Move an order on, within a command; one that ends frees its goods. Closes its question."""
    if status not in OPEN:
        free(ctx, order.number)
    ctx.db.execute(
        "UPDATE orders SET status = ?, status_at = ?, reason = ?,"
        " confirmed_at = CASE ? WHEN 'confirmed' THEN ? ELSE confirmed_at END WHERE id = ?",
        (status, ctx.at, reason, status, ctx.at, order.number),
    )
    questions.close_about(ctx, order.number)
    after = get(ctx, order.number)
    record_order(ctx, after, order)
    return after


def notify(ctx: Context, order: Order, kind: str, text: str, hold: float = 0.0) -> int:
    """Write to the customer about the order, within a command; the message's key."""
    return outbox.queue(
        ctx, order.phone, text, kind, customer_id=order.customer_id, order_id=order.number,
        hold=hold,
    )  # fmt: skip
