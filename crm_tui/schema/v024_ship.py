"""The branch's end of a chain of branches: what changed and was not sent, who it is there, how it
stands."""

from sqlite_utils import Database

_STATEMENTS = (
    # The rows of mutable tables by the number of their last change (`seq` only grows), one row a
    # key; `gone`: it was deleted. Rows of ledgers are here only if they were deleted (an old
    # sales book that was taken back). Triggers write it, which enrolling makes
    # (`replication/change_capture.py`): a shop without a chain pays nothing.
    """CREATE TABLE ship (
        tbl TEXT NOT NULL,
        key TEXT NOT NULL,
        seq INTEGER NOT NULL UNIQUE,
        gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
        PRIMARY KEY (tbl, key)
    ) STRICT, WITHOUT ROWID""",
    # One row as long as the shop is enrolled. `cursor`, `lineage`: how far the head office's own
    # rows were taken, and of which head office. `told`: marks of the last round (JSON), `behind`
    # rows that it left, `skew` seconds by which the head office's clock is ahead. `entered`: the
    # tables whose old rows stand in `ship`, by the triggers that watch over the new ones (JSON).
    # `fresh`: enrolled since the last round that came to its end.
    """CREATE TABLE chain (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        branch INTEGER NOT NULL CHECK (branch > 0),
        name TEXT NOT NULL,
        office TEXT NOT NULL,
        enrolled_at TEXT NOT NULL,
        cursor INTEGER NOT NULL DEFAULT 0,
        lineage TEXT NOT NULL DEFAULT '',
        met_at TEXT,
        told TEXT NOT NULL DEFAULT '{}',
        behind INTEGER NOT NULL DEFAULT 0,
        skew REAL NOT NULL DEFAULT 0,
        trouble TEXT NOT NULL DEFAULT '',
        trouble_at TEXT,
        entered TEXT NOT NULL DEFAULT '{}',
        fresh INTEGER NOT NULL DEFAULT 1 CHECK (fresh IN (0, 1))
    ) STRICT""",
    # What stood, or may stand, at the head office beside the last change it has: a copy of this
    # store does not know those that came after it.
    "CREATE TABLE chain_tokens (id INTEGER PRIMARY KEY, token BLOB NOT NULL UNIQUE) STRICT",
)


def apply(db: Database) -> None:
    """Adds three tables; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
