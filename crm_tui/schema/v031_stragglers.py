"""Messages that are not archived are found by themselves, however old: those that waited, too."""

from sqlite_utils import Database

_STATEMENTS = ("CREATE INDEX messages_unarchived ON messages (id) WHERE archived = 0",)


def apply(db: Database) -> None:
    """Adds an index; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
