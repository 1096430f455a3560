"""What waits behind the last list of a talk, so that it is ordered with what is chosen."""

from sqlite_utils import Database

_STATEMENTS = (
    # JSON: lines that are certain, the list's parts, whether all is proposed; "" if nothing waits.
    "ALTER TABLE talks ADD COLUMN held TEXT NOT NULL DEFAULT ''",
)


def apply(db: Database) -> None:
    """Adds a column; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
