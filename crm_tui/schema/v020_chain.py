"""The chain over the ledgers, the triggers that some of them lacked, and sessions that end."""

import json

from sqlite_utils import Database

_STATEMENTS = (
    # `rows` and `sum`: crm_tui/ledger_chain.py. `key` tells which key made them; `begins`: what
    # was before is not asked for any more.
    """CREATE TABLE links (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key BLOB NOT NULL,
        begins INTEGER NOT NULL DEFAULT 0 CHECK (begins IN (0, 1)),
        rows BLOB NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # A drawer is closed once, and then as it is; so is a gift given. A step is taken back
    # once, and what it holds may go.
    "CREATE TRIGGER drawers_no_update BEFORE UPDATE ON drawers WHEN old.closed_at IS NOT NULL"
    " OR new.closed_at IS NULL OR (new.id, new.opened_at, new.opened_by, new.float)"
    " <> (old.id, old.opened_at, old.opened_by, old.float)"
    " BEGIN SELECT RAISE(ABORT, 'a drawer is closed once'); END",
    "CREATE TRIGGER reward_entries_no_update BEFORE UPDATE ON reward_entries"
    " WHEN old.given_at IS NOT NULL OR new.given_at IS NULL"
    " OR (new.period_id, new.rank, new.customer_id, new.name, new.phone, new.tier, new.gift,"
    " new.score, new.spent) <> (old.period_id, old.rank, old.customer_id, old.name, old.phone,"
    " old.tier, old.gift, old.score, old.spent)"
    " BEGIN SELECT RAISE(ABORT, 'a reward is given once'); END",
    "CREATE TRIGGER undo_steps_no_update BEFORE UPDATE ON undo_steps WHEN new.data <> ''"
    " AND (old.done_at IS NOT NULL OR new.done_at IS NULL) OR (new.id, new.at, new.actor,"
    " new.kind, new.label) <> (old.id, old.at, old.actor, old.kind, old.label)"
    " BEGIN SELECT RAISE(ABORT, 'a step is taken back once'); END",
    # The session of a user ends when this changes: another password, another role, locked, put out.
    "ALTER TABLE users ADD COLUMN session INTEGER NOT NULL DEFAULT 0",
    # When the console gave the user a new password because nobody could sign in any more.
    "ALTER TABLE users ADD COLUMN recovered_at TEXT",
)

_WHOLE = ("drawer_counts",)
_STAYS = ("drawers", "reward_entries", "undo_steps", "links")


def apply(db: Database) -> None:
    """Adds a table, columns and triggers; takes the hashes of deleted users out of their steps."""
    _let_hashes_go(db)
    for statement in _STATEMENTS:
        db.execute(statement)
    for table in (*_WHOLE, "links"):
        db.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
    for table in (*_WHOLE, *_STAYS):
        db.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )


def _let_hashes_go(db: Database) -> None:
    """Who was deleted takes the hashes of password and PIN along, even if the user comes back."""
    rows = db.execute("SELECT id, data FROM undo_steps WHERE data LIKE '%_hash%'").fetchall()
    for step_id, text in rows:
        data = json.loads(text)
        for table, kept in data.get("rows", []) if isinstance(data, dict) else ():
            for row in kept if table == "users" else ():
                row.pop("password_hash", None)
                row.pop("pin_hash", None)
        db.execute("UPDATE undo_steps SET data = ? WHERE id = ?", (json.dumps(data), step_id))
