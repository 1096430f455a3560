"""The line's state in words: what there is room for in the status line, the network, since when."""

from sqlite_utils import Database

_STATEMENTS = (
    "ALTER TABLE gateway ADD COLUMN brief TEXT NOT NULL DEFAULT ''",
    # 1: it is tried again without a person doing anything.
    "ALTER TABLE gateway ADD COLUMN again INTEGER NOT NULL DEFAULT 1",
    # home, roaming, searching, off, denied, unknown; "" before a modem was there.
    "ALTER TABLE gateway ADD COLUMN network TEXT NOT NULL DEFAULT ''",
    # When it began to be as it is: the same state with the same sentence.
    "ALTER TABLE gateway ADD COLUMN since TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE gateway ADD COLUMN used INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE gateway ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0",
)


def apply(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
