"""The last list that was sent in a talk, so that it can be gone back to."""

from sqlite_utils import Database

_STATEMENTS = (
    # Items of the last numbered list, in its order, though something else was said since.
    "ALTER TABLE talks ADD COLUMN listed TEXT NOT NULL DEFAULT '[]'",
)


def apply(db: Database) -> None:
    """Adds a column; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
