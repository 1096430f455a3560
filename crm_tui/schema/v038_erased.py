"""Who was erased is found at once, however long the audit is; backups that hold them are counted where
they lie, for a stick is not always there."""

from sqlite_utils import Database

_STATEMENTS = (
    "CREATE INDEX audit_erased ON audit (subject, at) WHERE command = 'upkeep.erase'",
    "ALTER TABLE backup_places ADD COLUMN holding INTEGER NOT NULL DEFAULT 0",
)


def apply(db: Database) -> None:
    """Adds an index and a column; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
