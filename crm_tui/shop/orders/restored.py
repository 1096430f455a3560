"""What a restored backup means for orders: the customer may have been told something else since."""

from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.gate.context import Context

HOURS = 24
"""The staff have so long to look at open orders before one of them may run out."""


def restored(ctx: Context) -> None:
    """Let no order run out by itself for a day, and no decision be taken back, within a command."""
    rows = ctx.db.execute(
        "UPDATE orders SET reserved_until = ? WHERE reserved_until < ? RETURNING id",
        (stamp(ctx.now + timedelta(hours=HOURS)),) * 2,
    ).fetchall()
    for row in rows:
        ctx.changed("orders", row[0])
    ctx.db.execute("DELETE FROM order_steps")
