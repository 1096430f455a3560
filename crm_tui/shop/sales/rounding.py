"""Cash without small coins: what it is rounded by is a line of its own, in the drawer's sum."""

from crm_tui.shop.gate import money
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import drawer
from crm_tui.shop.sales.settings import ROUNDING


def of(ctx: Context, amount: int) -> int:
    """What so many rupiah in cash are rounded by, up or down: 0 without the setting. What goes out is
    rounded as what comes in."""
    step = ROUNDING(ctx)
    size = money.rounded(abs(amount), step) - abs(amount)
    return size if amount >= 0 else -size


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
