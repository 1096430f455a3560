"""Orders in the words that customers read."""

from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.messages import replies
from crm_tui.shop.orders.book import Order, OrderLine


def differences(before: Order, after: Order) -> str:
    """What changed, in short: "ABC-1 3 jadi 2"."""
    codes = {line.item_id: line.code for line in (*before.lines, *after.lines)}
    return ", ".join(
        f"{code} {before.wanted.get(item_id, 0)} jadi {after.wanted.get(item_id, 0)}"
        for item_id, code in codes.items()
        if before.wanted.get(item_id, 0) != after.wanted.get(item_id, 0)
    )


def listed(ctx: Context, order: Order, before: Order | None = None) -> str:
    """The lines as the customer reads them, one a line.

    A price that differs from the one last told is pointed out, where the line is new; what a tier or a
    promo takes off the price that was told is no other price.
    """
    known = before.wanted if before else {}
    fresh = [line.item_id for line in order.lines if line.item_id not in known]
    told_last = people.last_quotes(ctx, order.customer_id, fresh)
    return "\n".join(
        replies.ORDER_LINE(
            ctx, quantity=line.quantity, code=line.code, name=line.name, unit=line.unit,
            amount=rupiah(line.amount),
            difference=_difference(ctx, line, told_last.get(line.item_id)),
        )
        for line in order.lines
    )  # fmt: skip


def _difference(ctx: Context, line: OrderLine, before: int | None) -> str:
    if before is None or before in (line.price, line.price + line.discount):
        return ""
    return replies.DIFFERENCE(ctx, price=rupiah(line.price), before=rupiah(before))
