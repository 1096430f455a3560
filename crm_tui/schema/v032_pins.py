"""Tries of a user's PIN over all counters, since the whole password was typed."""

from sqlite_utils import Database

_STATEMENTS = ("ALTER TABLE users ADD COLUMN pin_tries INTEGER NOT NULL DEFAULT 0",)


def apply(db: Database) -> None:
    """Adds a column; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
