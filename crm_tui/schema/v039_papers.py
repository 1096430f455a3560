"""What is written once refuses to be changed or taken away, as the ledgers do: a store's epochs, names
that users had, periods of rewards, and papers, which may only lose a person's name or number."""

from sqlite_utils import Database

_WHOLE = ("epochs", "former_logins", "reward_periods")
_FREE = {
    "stock_documents": ("partner", "note"),
    "transfer_ends": ("note",),
    "transfers_lost": ("note",),
}
"""The columns of papers into which somebody may have written a name."""
_MARK = "…"
"""Stands where a name or a number was."""


def apply(db: Database) -> None:
    """Adds triggers; changes no row."""
    for table in _WHOLE:
        _refuse(db, table, "")
    for table, free in _FREE.items():
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()]
        stays = [f"new.{column} IS old.{column}" for column in columns if column not in free]
        stays += [
            f"(new.{column} IS old.{column} OR new.{column} = '' OR instr(new.{column}, '{_MARK}'))"
            for column in free
        ]
        _refuse(db, table, f" WHEN NOT ({' AND '.join(stays)})")


def _refuse(db: Database, table: str, when: str) -> None:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
    db.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}{when} {refusal}")
    db.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refusal}")
