"""Imports that outlive a power cut: from the moment a merge begins, its row says how far it is."""

from sqlite_utils import Database

_STATEMENTS = (
    # `merged`: how many rows of the file that lies aside are in; `digest`: of what was imported.
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        file TEXT NOT NULL,
        digest TEXT NOT NULL,
        at TEXT NOT NULL,
        actor_kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        user_id INTEGER REFERENCES users,
        status TEXT NOT NULL CHECK (status IN ('merging', 'done', 'lost')),
        total INTEGER NOT NULL,
        merged INTEGER NOT NULL DEFAULT 0,
        new INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL DEFAULT 0,
        ended_at TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX imports_merging ON imports (status) WHERE status = 'merging'",
    "CREATE INDEX imports_digest ON imports (kind, digest)",
    "CREATE INDEX stock_moves_document ON stock_moves (document_id) WHERE document_id IS NOT NULL",
    "CREATE INDEX stock_moves_receipts ON stock_moves (id) WHERE reason = 'receipt'",
    "CREATE INDEX stock_moves_supplier ON stock_moves (id) WHERE reason = 'supplier'",
    "CREATE INDEX stock_moves_corrections ON stock_moves (id)"
    " WHERE reason IN ('correction', 'opname')",
    "CREATE INDEX stock_moves_sales ON stock_moves (id) WHERE reason IN ('sale', 'return', 'void')",
)


def apply(db: Database) -> None:
    """Adds a table, and indexes of the stock ledger; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
