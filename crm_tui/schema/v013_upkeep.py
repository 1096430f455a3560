"""Upkeep: which messages have their texts in the archive, when what was done last, and the rights to
see whether all is well and to take everything out.
"""

from sqlite_utils import Database

_STATEMENTS = (
    # 1: text and PDUs stand in the archive beside the store; the row itself stays.
    "ALTER TABLE messages ADD COLUMN archived INTEGER NOT NULL DEFAULT 0"
    " CHECK (archived IN (0, 1))",
    # When a task of upkeep was done last, and how far it came: the key up to which it looked.
    """CREATE TABLE upkeep (
        task TEXT PRIMARY KEY,
        done_at TEXT NOT NULL,
        upto INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID""",
    # Everybody may see whether all is well; everything is taken out by those who manage the users.
    "INSERT OR IGNORE INTO role_permissions SELECT id, 'health.view' FROM roles",
    "INSERT OR IGNORE INTO role_permissions SELECT role_id, 'upkeep.export' FROM role_permissions"
    " WHERE permission = 'users.edit'",
    "INSERT OR IGNORE INTO role_permissions SELECT role_id, 'upkeep.run' FROM role_permissions"
    " WHERE permission = 'settings.edit'",
    # Status reports by key: the archive goes through them in slices.
    "CREATE INDEX pdus_reports ON pdus (id) WHERE message_id IS NULL AND kind = 'report'",
)


def apply(db: Database) -> None:
    """Adds a column, a table and two permissions; changes no row of the shop's own."""
    for statement in _STATEMENTS:
        db.execute(statement)
