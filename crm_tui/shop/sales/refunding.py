"""Money that goes back: by the way that it came, less what the customer spent of the sale's points."""

from collections.abc import Mapping

from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import points
from crm_tui.shop.loyalty.settings import POINT_VALUE
from crm_tui.shop.sales import drawer, payment_methods, rounding

# What leaves a trace at a bank goes first, cash last.
_FIRST = sorted(payment_methods.COUNTED, key=lambda method: method == "cash")


def came(ctx: Context, sale_id: int) -> dict[str, int]:
    """The rupiah that came for a sale and did not go back, by way of paying; what was owed counts by
    the ways in which it was repaid."""
    rows = ctx.db.execute(
        "SELECT method, sum(amount) FROM ("
        " SELECT method, amount FROM payments WHERE sale_id = :sale AND method <> 'account'"
        " UNION ALL SELECT method, amount FROM payments JOIN sales ON sales.id = payments.sale_id"
        "  WHERE of_sale = :sale AND method <> 'account'"
        " UNION ALL SELECT method, -receivables.amount FROM receivables JOIN payments"
        "  ON payments.id = payment_id WHERE receivables.sale_id = :sale"
        "  AND payments.kind = 'repayment') GROUP BY method",
        {"sale": sale_id},
    ).fetchall()
    return {row[0]: row[1] for row in rows}


def ways(there: Mapping[str, int], amount: int, method: str | None) -> dict[str, int]:
    """How `amount` goes back of what is `there`: all by one way if one is named, else by the ways in
    which it came."""
    if method is not None:
        return {method: amount} if amount else {}
    parts = {}
    for way in _FIRST:
        part = min(amount, max(0, there.get(way, 0)))
        if part:
            parts[way] = part
            amount -= part
    return parts


def pay_back(
    ctx: Context, sale_id: int, back: int, amount: int, method: str | None, customer_id: int | None
) -> None:
    """Pay back `amount` of a sale for the return `back`, within a command. Another way than it came
    needs its permission. Raises `NotAllowed`."""
    there = came(ctx, sale_id)
    if method is not None and amount > there.get(method, 0):
        access.require(ctx, "sales.refund_way", amount)
    parts = ways(there, amount, method)
    for way, part in parts.items():
        drawer.pay(ctx, "refund", way, -part, sale_id=back, customer_id=customer_id)
    keep_for_points(ctx, sale_id, back, parts, customer_id)


def keep_for_points(
    ctx: Context, sale_id: int, back: int, parts: Mapping[str, int], customer_id: int | None
) -> None:
    """Keep, of what is paid back (`parts`: rupiah by way), the worth of the sale's points that were
    spent before, and round what goes out, if all of it is cash. Points that this does not cover are
    owed on."""
    if list(parts) != ["cash"]:
        _keep(ctx, sale_id, back, parts, customer_id)
        return
    owing = rounding.owing(ctx, sale_id, back, parts["cash"])
    kept = _keep(ctx, sale_id, back, {"cash": min(parts["cash"], owing.rupiah)}, customer_id)
    rounding.write(ctx, back, parts["cash"] - kept - owing.out(kept))


def _keep(
    ctx: Context, sale_id: int, back: int, parts: Mapping[str, int], customer_id: int | None
) -> int:
    """As above, without rounding; the rupiah in all."""
    value, owed, kept = POINT_VALUE(ctx), points.owed(ctx, sale_id), 0
    for way, part in sorted(parts.items(), key=lambda each: each[0] != "cash"):
        count = min(owed, part // value) if value else 0
        if not count:
            continue
        owed -= count
        kept += count * value
        payment = drawer.pay(
            ctx, "drawer", way, count * value, customer_id=customer_id,
            note=f"{count} poin terpakai, nota {sale_id}",
        )  # fmt: skip
        ctx.db.execute(
            "INSERT INTO point_refunds VALUES (?, ?, ?, ?, ?)",
            (payment, sale_id, back, count, count * value),
        )
        points.made_good(ctx, sale_id, count)
    return kept


def kept_for_points(ctx: Context, back: int) -> dict[str, int]:
    """What was kept of the money of a return or void for points that were spent, by way of paying."""
    rows = ctx.db.execute(
        "SELECT method, sum(rupiah) FROM point_refunds JOIN payments ON payments.id = payment_id"
        " WHERE return_id = ? GROUP BY method",
        (back,),
    ).fetchall()
    return {row[0]: row[1] for row in rows}
