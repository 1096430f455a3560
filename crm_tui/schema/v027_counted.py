"""Which items are to be counted because of a transfer that a restored backup does not know: when all of
them were counted, it is settled.
"""

from sqlite_utils import Database

_STATEMENTS = (
    """CREATE TABLE transfers_lost_items (
        epoch INTEGER NOT NULL,
        transfer_id INTEGER NOT NULL,
        item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
        PRIMARY KEY (epoch, transfer_id, item_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX transfers_lost_items_item ON transfers_lost_items (item_id)",
    """CREATE TRIGGER transfers_lost_counted AFTER UPDATE OF recount ON items
    WHEN old.recount = 1 AND new.recount = 0
    BEGIN DELETE FROM transfers_lost_items WHERE item_id = new.id; END""",
)


def apply(db: Database) -> None:
    """Adds a table; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
