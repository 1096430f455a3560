"""What people wrote by hand into the books may lose a person's name and number, and nothing else of it
may change; a step that can be taken back no more loses what it held.
"""

from sqlite_utils import Database

_FREE = {
    "sales": "reason",
    "payments": "note",
    "stock_moves": "note",
    "point_moves": "note",
    "consents": "basis",
}
"""The column of each ledger into which somebody may have written a name."""
_MARK = "…"
"""Stands where a name or a number was."""


def apply(db: Database) -> None:
    """Changes triggers; changes no row."""
    for table, free in _FREE.items():
        stays = " AND ".join(
            f"new.{column} IS old.{column}"
            for column in (row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall())
            if column != free
        )
        db.execute(f"DROP TRIGGER {table}_no_update")
        db.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({stays} AND"
            f" new.{free} IS NOT old.{free} AND (new.{free} = '' OR instr(new.{free}, '{_MARK}')))"
            f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
        )
    db.execute("DROP TRIGGER drawers_no_update")
    db.execute(
        "CREATE TRIGGER drawers_no_update BEFORE UPDATE ON drawers WHEN"
        " (new.id, new.opened_at, new.opened_by, new.float)"
        " <> (old.id, old.opened_at, old.opened_by, old.float) OR new.closed_at IS NULL"
        " OR old.closed_at IS NOT NULL AND NOT (new.closed_at IS old.closed_at AND new.closed_by IS"
        f" old.closed_by AND (new.note = '' OR instr(new.note, '{_MARK}')))"
        " BEGIN SELECT RAISE(ABORT, 'a drawer is closed once'); END"
    )
    db.execute("DROP TRIGGER undo_steps_no_update")
    db.execute(
        "CREATE TRIGGER undo_steps_no_update BEFORE UPDATE ON undo_steps WHEN"
        " (new.id, new.at, new.actor, new.kind) <> (old.id, old.at, old.actor, old.kind)"
        " OR new.data <> '' AND (old.done_at IS NOT NULL OR new.done_at IS NULL"
        "  OR new.label <> old.label)"
        " OR new.data = '' AND new.label NOT IN (old.label, '')"
        " BEGIN SELECT RAISE(ABORT, 'a step is taken back once'); END"
    )
