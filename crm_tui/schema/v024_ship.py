"""The branch's end of a chain: what changed and was not sent, who it is there, how it stands."""

from sqlite_utils import Database

_STATEMENTS = (
    # The rows of mutable tables by the number of their last change (`seq` only grows), one row a key;
    # `gone`: it was deleted. Rows of ledgers are here only if they were deleted (an old sales book that
    # was taken back). Triggers write it, which enrolling makes (`replication/watching.py`): a shop
    # without a chain pays nothing.
    """CREATE TABLE ship (
        tbl TEXT NOT NULL,
        key TEXT NOT NULL,
        seq INTEGER NOT NULL UNIQUE,
        gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
        PRIMARY KEY (tbl, key)
    ) STRICT, WITHOUT ROWID""",
    # One row as long as the shop is enrolled. `token` stands at the head office beside the last change
    # it has; `coming` is what it will be after the batch that is under way: a copy of this store has
    # older ones. `cursor`, `lineage`: how far the head office's own rows were taken, and of which head
    # office. `told`: marks of the last round (JSON), `behind`: rows that it left, `skew`: seconds by
    # which the head office's clock is ahead.
    """CREATE TABLE chain (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        branch INTEGER NOT NULL CHECK (branch > 0),
        name TEXT NOT NULL,
        office TEXT NOT NULL,
        enrolled_at TEXT NOT NULL,
        token BLOB NOT NULL DEFAULT x'',
        coming BLOB NOT NULL DEFAULT x'',
        cursor INTEGER NOT NULL DEFAULT 0,
        lineage TEXT NOT NULL DEFAULT '',
        met_at TEXT,
        told TEXT NOT NULL DEFAULT '{}',
        behind INTEGER NOT NULL DEFAULT 0,
        skew REAL NOT NULL DEFAULT 0,
        trouble TEXT NOT NULL DEFAULT '',
        trouble_at TEXT,
        round INTEGER NOT NULL DEFAULT 0,
        holder TEXT NOT NULL DEFAULT ''
    ) STRICT""",
)


def apply(db: Database) -> None:
    """Adds two tables; changes no row."""
    for statement in _STATEMENTS:
        db.execute(statement)
