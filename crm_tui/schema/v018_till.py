"""The till: the sale that stands open at a counter, kept as it is typed."""

from sqlite_utils import Database

_STATEMENTS = (
    # `place`: which counter of the shop it is; each user has a sale of their own there.
    """CREATE TABLE open_sales (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        place INTEGER NOT NULL,
        actor TEXT NOT NULL,
        at TEXT NOT NULL,
        customer_id INTEGER REFERENCES customers,
        cart TEXT NOT NULL,
        UNIQUE (place, actor)
    ) STRICT""",
)


def apply(db: Database) -> None:
    """Adds a table; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
