"""When an item went off sale, and came back, so that a past evening tells what was on sale then."""

from sqlite_utils import Database

_STATEMENTS = (
    # Items begin on sale. Of what was off sale before this table, nobody asks since when.
    """CREATE TABLE sale_turns (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        item_id INTEGER NOT NULL REFERENCES items,
        at TEXT NOT NULL,
        actor TEXT NOT NULL,
        active INTEGER NOT NULL CHECK (active IN (0, 1))
    ) STRICT""",
    "CREATE INDEX sale_turns_item ON sale_turns (item_id, id)",
    *(
        f"CREATE TRIGGER sale_turns_no_{event.lower()} BEFORE {event} ON sale_turns"
        " BEGIN SELECT RAISE(ABORT, 'sale_turns is only added to'); END"
        for event in ("UPDATE", "DELETE")
    ),
)


def apply(db: Database) -> None:
    """Adds a ledger; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
