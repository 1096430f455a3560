"""Ledgers against the sums that are kept of them: what a sound store shows in every row.

It speaks to a database and to no shop: a copy is looked at as the store is.
"""

import sqlite3
from collections.abc import Callable

from crm_tui.errors import N_

RULES: dict[str, tuple[str, str]] = {
    "stock": (
        N_("stock on hand differs from the goods moved"),
        "SELECT item_id FROM stock LEFT JOIN (SELECT item_id, sum(quantity) AS moved"
        " FROM stock_moves GROUP BY item_id) USING (item_id) WHERE on_hand <> coalesce(moved, 0)",
    ),
    "reserved": (
        N_("reserved goods differ from the reservations"),
        "SELECT item_id FROM stock LEFT JOIN (SELECT item_id, sum(quantity) AS kept"
        " FROM reservations GROUP BY item_id) USING (item_id) WHERE reserved <> coalesce(kept, 0)",
    ),
    "lines": (
        N_("a sale differs from its lines"),
        "SELECT sales.id FROM sales LEFT JOIN (SELECT sale_id, sum(total) AS lines FROM sale_lines"
        " GROUP BY sale_id) AS told ON sale_id = sales.id"
        " WHERE import_id IS NULL AND total <> coalesce(lines, 0)",
    ),
    "payments": (
        N_("a sale differs from its payments"),
        "SELECT sales.id FROM sales LEFT JOIN (SELECT sale_id, sum(amount) AS paid FROM payments"
        " WHERE sale_id IS NOT NULL GROUP BY sale_id) AS told ON sale_id = sales.id"
        " WHERE import_id IS NULL AND total <> coalesce(paid, 0)",
    ),
    "dues": (
        N_("what a customer owes differs from the ledger"),
        "SELECT dues.sale_id FROM dues LEFT JOIN (SELECT sale_id, sum(amount) AS owed"
        " FROM receivables GROUP BY sale_id) AS told ON told.sale_id = dues.sale_id"
        " WHERE due <> coalesce(owed, 0)",
    ),
    "points": (
        N_("points differ from their moves"),
        "SELECT id FROM point_lots LEFT JOIN (SELECT lot_id, sum(points) AS moved FROM point_moves"
        " GROUP BY lot_id) ON lot_id = id WHERE rest <> coalesce(moved, 0)",
    ),
}
"""Each rule's sentence, and a query that finds what breaks it."""


def differences(
    connection: sqlite3.Connection, between: Callable[[], object] = lambda: None
) -> list[tuple[str, int]]:
    """The sentences of the rules that are broken, each with the first key where it is; `between` is
    called between two rules."""
    found: list[tuple[str, int]] = []
    for sentence, query in RULES.values():
        row = connection.execute(query + " LIMIT 1").fetchone()
        if row is not None:
            found.append((sentence, int(row[0])))
        between()
    return found
