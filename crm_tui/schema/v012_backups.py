"""Backups: where the last good one lies, the keys that seal them, who the shop is and which epoch of
its data this is.
"""

from sqlite_utils import Database

_STATEMENTS = (
    # The shop, for good: a store that was restored, or stands on another computer, is still this shop.
    "CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), shop TEXT NOT NULL) STRICT",
    "INSERT INTO identity VALUES (1, lower(hex(randomblob(8))))",
    # With each restore an epoch begins. `marks`: the highest key of each table in the backup (JSON),
    # which both histories have in common; keys above are new ones of this epoch.
    """CREATE TABLE epochs (
        epoch INTEGER PRIMARY KEY,
        began_at TEXT NOT NULL,
        backup TEXT NOT NULL,
        backup_at TEXT,
        marks TEXT NOT NULL
    ) STRICT""",
    "INSERT INTO epochs VALUES (1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), '', NULL, '{}')",
    # The folder beside the store, and the one of the shop's choice. `good_at`: the moment that the last
    # good backup there shows; `trouble`: why there is no newer one ("" if all is well); `missing`: the
    # folder is not there.
    """CREATE TABLE backup_places (
        place TEXT PRIMARY KEY CHECK (place IN ('own', 'other')),
        folder TEXT NOT NULL,
        good_at TEXT,
        file TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        seq INTEGER NOT NULL DEFAULT 0,
        trouble TEXT NOT NULL DEFAULT '',
        trouble_at TEXT,
        missing INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID""",
    # One row: the last rehearsal of a restore; `trouble` is "" if it went well.
    """CREATE TABLE backup_rehearsals (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        at TEXT NOT NULL,
        file TEXT NOT NULL,
        seconds REAL NOT NULL,
        trouble TEXT NOT NULL
    ) STRICT""",
    # What seals backups (age, X25519); `wrapped` is the identity under the passphrase, which itself is
    # nowhere. The newest row counts; one without a recipient: backups are not sealed any more.
    """CREATE TABLE backup_keys (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        recipient TEXT NOT NULL,
        identity TEXT NOT NULL,
        wrapped BLOB NOT NULL
    ) STRICT""",
    "DROP INDEX messages_trouble",
    "CREATE INDEX messages_trouble ON messages (id) WHERE (direction = 'out'"
    " AND status IN ('failed', 'in_doubt', 'expired') AND decided_at IS NULL"
    " OR status = 'held' AND not_before IS NULL)",
    # A role that may change the settings runs the shop; backups make themselves, whoever is there.
    "INSERT OR IGNORE INTO role_permissions SELECT DISTINCT role_id, 'backups.make'"
    " FROM role_permissions WHERE permission = 'settings.edit'",
    "INSERT OR IGNORE INTO role_permissions SELECT DISTINCT role_id, 'backups.restore'"
    " FROM role_permissions WHERE permission = 'users.edit'",
)


def apply(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
