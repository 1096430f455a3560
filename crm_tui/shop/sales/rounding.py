"""Cash without small coins: what it is rounded by is a line of its own, in the drawer's sum."""

from dataclasses import dataclass

from crm_tui.shop.gate import money
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import drawer
from crm_tui.shop.sales.settings import ROUNDING


def of(ctx: Context, amount: int) -> int:
    """What so many rupiah in cash are rounded by, up or down: 0 without the setting, and where nothing
    would be left to pay. What goes out is rounded as what comes in."""
    size = money.in_coins(abs(amount), ROUNDING(ctx)) - abs(amount)
    return size if amount >= 0 else -size


@dataclass(frozen=True)
class Owing:
    """So many rupiah are to go out in cash, down to a multiple of `step`."""

    rupiah: int
    step: int

    def out(self, kept: int) -> int:
        """What goes out when `kept` rupiah of it stay for points; what would be nothing, exactly."""
        left = self.rupiah - kept
        return left - left % self.step or left


def owing(ctx: Context, sale_id: int, back: int, amount: int) -> Owing:
    """What is to go out for the return or void `back` of a sale, of goods for which `amount` was paid:
    as if only what the buyer keeps had been bought. Rounded by itself each return could earn half a
    step, once more than the sale did, and leave goods with the buyer for nothing. What went out for
    other returns, or stayed of it for points, went already."""
    came, gone, off = ctx.db.execute(
        "SELECT (SELECT coalesce(sum(amount), 0) FROM payments WHERE sale_id = :sale"
        "   AND method <> 'account')"
        "  - (SELECT coalesce(sum(receivables.amount), 0) FROM receivables JOIN payments"
        "   ON payments.id = payment_id WHERE receivables.sale_id = :sale AND kind = 'repayment'),"
        " (SELECT coalesce(-sum(amount), 0) FROM payments JOIN sales ON sales.id = sale_id"
        "   WHERE of_sale = :sale AND sale_id <> :back AND method <> 'account'),"
        " (SELECT coalesce(sum(amount), 0) FROM roundings JOIN sales ON sales.id = sale_id"
        "   WHERE of_sale = :sale AND sale_id <> :back)",
        {"sale": sale_id, "back": back},
    ).fetchone()
    step, paid = max(1, ROUNDING(ctx)), came + of_sale(ctx, sale_id)
    rest = max(0, came - gone - amount)
    costs = money.in_coins(rest, step)
    # What came in small coins may go out in them.
    small = costs % step or (not rest and paid % step)
    return Owing(max(0, paid - costs - (gone - off)), 1 if small else step)


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
