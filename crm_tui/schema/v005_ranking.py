"""Ranking: the running score of each customer under a model, what explains it, and old sales books."""

from sqlite_utils import Database

_STATEMENTS = (
    # A sale of an old sales book: it counts for revenue and ranking, moved no stock and no money here.
    "ALTER TABLE sales ADD COLUMN import_id INTEGER REFERENCES imports",
    "CREATE INDEX sales_import ON sales (import_id) WHERE import_id IS NOT NULL",
    # How purchases are weighed; `built_upto`: customers up to this key have their standing under it.
    # `proof`: what the backtest said, as JSON.
    """CREATE TABLE models (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        half_life INTEGER NOT NULL CHECK (half_life > 0),
        power REAL NOT NULL,
        proof TEXT,
        status TEXT NOT NULL CHECK (status IN ('building', 'active', 'old')),
        built_upto INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE UNIQUE INDEX models_status ON models (status) WHERE status <> 'old'",
    """CREATE TABLE standings (
        model_id INTEGER NOT NULL REFERENCES models,
        customer_id INTEGER NOT NULL REFERENCES customers,
        heat REAL NOT NULL,
        PRIMARY KEY (model_id, customer_id)
    ) STRICT, WITHOUT ROWID""",
    # In the order of the list: the best first, of equals the older key.
    "CREATE INDEX standings_top ON standings (model_id, -heat, customer_id)",
    # What each customer bought, returns taken off; days are proleptic ordinals.
    """CREATE TABLE buyers (
        customer_id INTEGER PRIMARY KEY REFERENCES customers,
        first_day INTEGER NOT NULL,
        last_day INTEGER NOT NULL,
        days INTEGER NOT NULL,
        sales INTEGER NOT NULL,
        spent INTEGER NOT NULL
    ) STRICT""",
)


def apply(db: Database) -> None:
    """Adds tables and a column; changes no row. Standings are built when they are first asked for."""
    for statement in _STATEMENTS:
        db.execute(statement)
