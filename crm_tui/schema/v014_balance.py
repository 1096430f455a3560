"""The credit on the SIM card, as the network says it."""

from sqlite_utils import Database

_STATEMENTS = (
    # asked, asking, answered, failed. `amount` in rupiah, NULL where the answer holds none.
    """CREATE TABLE balances (
        id INTEGER PRIMARY KEY,
        asked_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('asked', 'asking', 'answered', 'failed')),
        at TEXT,
        amount INTEGER,
        says TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX balances_open ON balances (id) WHERE status IN ('asked', 'asking')",
)


def apply(db: Database) -> None:
    for statement in _STATEMENTS:
        db.execute(statement)
