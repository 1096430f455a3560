"""Cash without small coins: what it is rounded by is a line of its own, in the drawer's sum."""

from crm_tui.shop.gate import money
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import drawer
from crm_tui.shop.sales.settings import ROUNDING


def of(ctx: Context, amount: int) -> int:
    """What so many rupiah in cash are rounded by, up or down: 0 without the setting, and where nothing
    would be left to pay. What goes out is rounded as what comes in."""
    size = money.in_coins(abs(amount), ROUNDING(ctx)) - abs(amount)
    return size if amount >= 0 else -size


def of_return(ctx: Context, sale_id: int, back: int, amount: int, kept: int) -> int:
    """What the cash that goes out for the return or void `back` of a sale (`amount`, below 0, without
    `kept`, the worth of points that were spent meanwhile) is rounded by, so that all its returns
    together are rounded once, like the sale: else whoever buys many cheap things and brings them back
    one by one would earn half a step with each. Once points were kept it is rounded down: else their
    worth came back with the coins."""
    others = "IN (SELECT id FROM sales WHERE of_sale = :sale AND id <> :back)"
    gone, worth, off, came = ctx.db.execute(
        "SELECT (SELECT coalesce(-sum(amount), 0) FROM payments WHERE method = 'cash'"  # noqa: S608 - ours
        f"  AND kind = 'refund' AND sale_id {others}),"
        " (SELECT coalesce(sum(rupiah), 0) FROM point_refunds JOIN payments"
        f"  ON payments.id = payment_id WHERE method = 'cash' AND return_id {others}),"
        f" (SELECT coalesce(sum(amount), 0) FROM roundings WHERE sale_id {others}),"
        " (SELECT coalesce(sum(amount), 0) FROM payments WHERE sale_id = :sale AND method = 'cash')",
        {"sale": sale_id, "back": back},
    ).fetchone()
    before = gone - worth
    through = before - amount
    paid, points = came + of_sale(ctx, sale_id), worth + kept
    # All of it goes out as it came in, whatever the setting is by now.
    whole = through + points == came
    if points:
        fair = (paid if whole else min(through + points, paid)) - points
        out = fair - fair % max(ROUNDING(ctx), 1)
    else:
        out = paid if whole else through - of(ctx, -through)
    # Nothing comes in with a return.
    out = max(out, before - off)
    return int(through - out - off)


def write(ctx: Context, sale_id: int, amount: int) -> None:
    """Write what the cash of a sale, or of its return, was rounded by, within a command."""
    if not amount:
        return
    payment = drawer.pay(ctx, "drawer", "cash", amount, note=f"Pembulatan nota {sale_id}")
    ctx.db.execute("INSERT INTO roundings VALUES (?, ?, ?)", (payment, sale_id, amount))


def of_sale(ctx: Context, sale_id: int) -> int:
    """What the cash of a sale was rounded by."""
    row = ctx.db.execute(
        "SELECT coalesce(sum(amount), 0) FROM roundings WHERE sale_id = ?", (sale_id,)
    ).fetchone()
    return int(row[0])
