"""A receipt as text, for a strip of paper 32 characters wide."""

import textwrap

from crm_tui.clock import moment
from crm_tui.shop import settings
from crm_tui.shop.context import Context
from crm_tui.shop.replies import rupiah

WIDTH = 32


def text(ctx: Context, sale_id: int) -> str:
    """The receipt of a sale; customers read it, so it is Indonesian."""
    sale = ctx.db.execute(
        "SELECT sales.*, customers.name AS customer FROM sales"
        " LEFT JOIN customers ON customers.id = customer_id WHERE sales.id = ?",
        (sale_id,),
    ).fetchone()
    at = moment(sale["at"]).astimezone()
    lines = [settings.SHOP_NAME(ctx)[:WIDTH].center(WIDTH).rstrip(), "-" * WIDTH]
    lines.append(_apart(f"Nota {sale_id}", f"{at:%d/%m/%Y %H:%M}"))
    if sale["order_id"]:
        lines.append(f"Pesanan {sale['order_id']}")
    if sale["customer"]:
        lines += textwrap.wrap(sale["customer"], WIDTH)
    lines.append("-" * WIDTH)
    for row in ctx.db.execute(
        "SELECT * FROM sale_lines WHERE sale_id = ? ORDER BY line", (sale_id,)
    ):
        lines += textwrap.wrap(f"{row['code']} {row['name']}", WIDTH)
        lines.append(
            _apart(f"  {row['quantity']} {row['unit']} x {rupiah(row['price'])}",
                   rupiah(row["total"]))
        )  # fmt: skip
    lines += ["-" * WIDTH, _apart("TOTAL", rupiah(sale["total"])), "", "Terima kasih".center(WIDTH)]
    return "\n".join(line.rstrip() for line in lines)


def _apart(left: str, right: str) -> str:
    """Both on one line, or the right one on a line of its own."""
    room = WIDTH - len(left) - len(right)
    return left + " " * room + right if room > 0 else left + "\n" + right.rjust(WIDTH)
