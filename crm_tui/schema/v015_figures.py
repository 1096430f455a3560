"""Figures of past days: what an item cost when, what was taken off an ordered unit, how debts and
points stood on an evening; and what cash was rounded by.
"""

from sqlite_utils import Database

_STATEMENTS = (
    # Each change of an item's cost, the first one too. What it was before this table nobody knows: the
    # oldest known cost, at '', stands for all the time before.
    """CREATE TABLE cost_changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        item_id INTEGER NOT NULL REFERENCES items,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        before INTEGER,
        after INTEGER
    ) STRICT""",
    "CREATE INDEX cost_changes_item ON cost_changes (item_id, id)",
    "INSERT INTO cost_changes (item_id, at, actor, after)"
    " SELECT id, '', '', cost FROM items WHERE cost IS NOT NULL",
    "CREATE TRIGGER cost_changes_no_update BEFORE UPDATE ON cost_changes"
    " BEGIN SELECT RAISE(ABORT, 'cost_changes is only added to'); END",
    "CREATE TRIGGER cost_changes_no_delete BEFORE DELETE ON cost_changes"
    " WHEN EXISTS (SELECT 1 FROM items WHERE id = old.item_id)"
    " BEGIN SELECT RAISE(ABORT, 'cost_changes is only added to'); END",
    # Items that were made by hand had no first price. One that is deleted, having never been used,
    # takes its first price along.
    "INSERT INTO price_changes (item_id, at, actor, after)"
    " SELECT id, coalesce((SELECT min(at) FROM audit WHERE command = 'items.add'"
    "  AND subject = 'item ' || code), ''), '', price FROM items"
    " WHERE NOT EXISTS (SELECT 1 FROM price_changes WHERE item_id = items.id)",
    "DROP TRIGGER price_changes_no_delete",
    "CREATE TRIGGER price_changes_no_delete BEFORE DELETE ON price_changes"
    " WHEN EXISTS (SELECT 1 FROM items WHERE id = old.item_id)"
    " BEGIN SELECT RAISE(ABORT, 'price_changes is only added to'); END",
    # Rupiah that a promo or a tier took off the item's price, a unit; `price` is what is left of it.
    "ALTER TABLE order_lines ADD COLUMN discount INTEGER NOT NULL DEFAULT 0",
    # What cash was rounded by, up or down: the drawer has it as a payment of its own (`payment_id`), so
    # that a sale is paid to the rupiah all the same.
    """CREATE TABLE roundings (
        payment_id INTEGER PRIMARY KEY REFERENCES payments,
        sale_id INTEGER NOT NULL REFERENCES sales,
        amount INTEGER NOT NULL CHECK (amount <> 0)
    ) STRICT""",
    "CREATE INDEX roundings_sale ON roundings (sale_id)",
    "CREATE TRIGGER roundings_no_update BEFORE UPDATE ON roundings"
    " BEGIN SELECT RAISE(ABORT, 'roundings is only added to'); END",
    "CREATE TRIGGER roundings_no_delete BEFORE DELETE ON roundings"
    " BEGIN SELECT RAISE(ABORT, 'roundings is only added to'); END",
    "CREATE INDEX receivables_customer ON receivables (customer_id, at, amount)",
    "CREATE INDEX receivables_sale ON receivables (sale_id, at, amount)",
)


def apply(db: Database) -> None:
    """Adds two tables, a column and indexes; writes first costs and prices where there are none."""
    for statement in _STATEMENTS:
        db.execute(statement)
