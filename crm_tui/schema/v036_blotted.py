"""Notes of transfers may lose a person's name and number, too, and nothing else of them may change."""

from sqlite_utils import Database

_TABLES = ("transfers", "transfer_receipts")
_MARK = "…"
"""Stands where a name or a number was."""


def apply(db: Database) -> None:
    """Changes two triggers; changes no row."""
    for table in _TABLES:
        stays = " AND ".join(
            f"new.{column} IS old.{column}"
            for column in (row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall())
            if column != "note"
        )
        db.execute(f"DROP TRIGGER {table}_no_update")
        db.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({stays} AND"
            f" new.note IS NOT old.note AND (new.note = '' OR instr(new.note, '{_MARK}')))"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
