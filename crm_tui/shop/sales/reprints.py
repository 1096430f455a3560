"""Receipts on paper or in a file: each time is written down, and after the first it is a copy."""

from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.sales import receipt
from crm_tui.shop.sales.errors import SaleUnknown


@command("sales.print_receipt", access.OWN)
def take(ctx: Context, sale_id: int, where: str) -> str:
    """Write down that the receipt of a sale goes to `where` (printer or file); its text, marked as a
    copy if it went out before. For those who sell, or see sales. Raises `SaleUnknown`.

    It is written down before it is printed: a paper that nobody knows of is worse than a copy that
    jammed.
    """
    if not any(access.allowed(ctx, each) for each in ("sales.view", "sales.sell")):
        raise NotAllowed(who=ctx.actor.name, permission="sales.view")
    if ctx.db.execute("SELECT 1 FROM sales WHERE id = ?", (sale_id,)).fetchone() is None:
        raise SaleUnknown(number=sale_id)
    copy = ctx.db.execute(
        "INSERT INTO receipt_prints (sale_id, at, actor, copy) SELECT ?, ?, ?,"
        " (SELECT count(*) FROM receipt_prints WHERE sale_id = ?) RETURNING copy",
        (sale_id, ctx.at, ctx.actor.name, sale_id),
    ).fetchone()[0]
    ctx.record(f"sale {sale_id}", None, {"receipt to": where, "copy": copy})
    ctx.changed("sales", sale_id)
    return receipt.text(ctx, sale_id, copy)
