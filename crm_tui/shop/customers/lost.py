"""The lost-sale log: what was asked for by SMS and could not be sold. It is only added to."""
# ruff: noqa: S608 - what is put into queries is ours

from crm_tui.shop.customers.people import STANDS
from crm_tui.shop.gate.context import Context

DAYS = 90
"""A customer who asked is told for so long that the item has come."""
_SHOWN = 60

NEVER_BOUGHT = (
    # From the customer's few sales to their lines, not from all that was ever sold of the item.
    "NOT EXISTS (SELECT 1 FROM sales CROSS JOIN sale_lines ON sale_id = sales.id"
    " WHERE sales.customer_id IN (SELECT same.id FROM kept AS asker"
    "  JOIN kept AS same ON same.kept_id = asker.kept_id WHERE asker.id = lost_sales.customer_id)"
    f" AND sales.at >= lost_sales.at AND sales.kind = 'sale' AND {STANDS}"
    " AND sale_lines.item_id = lost_sales.item_id)"
)
"""SQL: the customer who asked has not bought it since."""


def unknown(ctx: Context, customer_id: int, message_id: int, asked: str) -> None:
    """A customer asked for what no item is, within a command."""
    _write(ctx, customer_id, message_id, None, asked[:_SHOWN], None, "unknown")


def missing(
    ctx: Context, customer_id: int, message_id: int, item_id: int, quantity: int | None = None
) -> None:
    """A customer asked for an item of which there is not enough, within a command; `quantity` None
    for a mere question."""
    _write(ctx, customer_id, message_id, item_id, None, quantity, "stock")


def _write(
    ctx: Context, customer_id: int, message_id: int, item_id: int | None, asked: str | None,
    quantity: int | None, why: str,
) -> None:  # fmt: skip
    # An item is asked for by its code.
    row = ctx.db.execute(
        "INSERT INTO lost_sales (at, customer_id, message_id, item_id, asked, quantity, why)"
        " VALUES (?, ?, ?, ?, coalesce(?, (SELECT code FROM items WHERE id = ?)), ?, ?) RETURNING id",
        (ctx.at, customer_id, message_id, item_id, asked, item_id, quantity, why),
    ).fetchone()
    ctx.changed("lost", row[0])
