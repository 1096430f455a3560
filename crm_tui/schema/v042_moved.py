"""What changes with a new row of a ledger alone, the head office's branch finds there: a sale notes no
stock besides."""

from sqlite_utils import Database

_STATEMENTS = (
    # By ledger (JSON) its last row of which it stands in `ship` what changed with it. A branch of
    # before notes all of that once more: its triggers are made anew.
    "ALTER TABLE chain ADD COLUMN moved TEXT NOT NULL DEFAULT '{}'",
)


def apply(db: Database) -> None:
    """Adds a column; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
