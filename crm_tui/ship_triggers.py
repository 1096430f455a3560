"""The triggers by which a branch notes what is to be sent, made from what is shipped: their exact text
tells them from what somebody plants under such a name.

 INSERT · UPDATE · DELETE ─trigger─▶ ship: (table, key) ─▶ seq = the highest + 1, gone?

One row a key, with a number that only grows. Columns that change with a new row of a ledger alone are
watched by none: `replication/change_capture.py` finds them there (`Versions.moved_by`). So it does rows
that are new since it looked last (`Versions.grows_by`): what becomes of them until then is not noted.
"""

from functools import cache

from crm_tui import sqlite
from crm_tui.shipped import LEDGERS, VERSIONS, Ledger, Versions

PREFIX = "ship_"
NEXT = "(SELECT coalesce(max(seq), 0) + 1 FROM ship)"
# An upsert, not OR REPLACE: the statement that fires a trigger puts its own OR in the place of
# that.
OVER = "ON CONFLICT (tbl, key) DO UPDATE SET seq = excluded.seq, gone = excluded.gone"


def _note(table: str, key: str, gone: int, when: str = "true") -> str:
    return f"INSERT INTO ship SELECT '{table}', {key}, {NEXT}, {gone} WHERE {when} {OVER};"


def noted(table: str) -> str:
    """SQL for the last `id` of a table up to which all is noted; NULL before it was looked at."""
    return f"(SELECT json_extract(moved, '$.{table}') FROM chain)"  # noqa: S608


def key_of(table: Ledger | Versions, row: str) -> str:
    """SQL for the key of a row as `ship` has it."""
    return " || '/' || ".join(f'{row}."{name}"' for name in table.keys) + " || ''"


def triggers(table: Ledger | Versions) -> dict[str, str]:
    """The triggers of a table, by name.

    A row of a ledger is noted when it goes (an old sales book that is taken back, the prices of an
    item without history), when such a one comes again, and when a person is taken out of it."""
    name, new, old = table.table, key_of(table, "new"), key_of(table, "old")
    gone = f"AFTER DELETE ON {name} BEGIN {_note(name, old, 1)} END"
    if isinstance(table, Ledger):
        went = f"EXISTS (SELECT 1 FROM ship WHERE tbl = '{name}' AND key = {new})"  # noqa: S608
        made = {
            "delete": gone,
            "insert": f"AFTER INSERT ON {name} WHEN {went} BEGIN {_note(name, new, 0)} END",
        }
        if name not in _COMES_AGAIN:
            del made["insert"]
        if table.free:
            free = ", ".join(f'"{each}"' for each in table.free)
            made["update"] = f"AFTER UPDATE OF {free} ON {name} BEGIN {_note(name, new, 0)} END"
    else:
        columns = ", ".join(f'"{each}"' for each in table.names if each not in table.moved_by)
        moved = "" if table.key == "id" else _note(name, old, 1, f"{old} <> {new}")
        came, changed = _note(name, new, 0), _only(table, "new", "old")
        made = {
            "insert": f"AFTER INSERT ON {name} {_only(table, 'new')}BEGIN {came}{_moved(table, 'new')}"
            " END",
            "update": f"AFTER UPDATE OF {columns} ON {name} {changed}BEGIN {moved}{came} END",
            "delete": f"AFTER DELETE ON {name} {_only(table, 'old')}BEGIN {_note(name, old, 1)} END",
        }
        if table.grows_by == (name, table.key):
            # A number that was given is given to no other row.
            del made["insert"]
        if table.moves:
            # What goes is not found any more: a row of the other table that was sent may hold it.
            made["update_moves"] = f"AFTER UPDATE ON {name} BEGIN {_moved(table, 'new')} END"
            made["delete_moves"] = f"AFTER DELETE ON {name} BEGIN {_moved(table, 'old')} END"
    return {
        f"{PREFIX}{name}_{event}": f"CREATE TRIGGER {PREFIX}{name}_{event} {rest}"
        for event, rest in made.items()
    }


def _only(table: Versions, row: str, before: str = "") -> str:
    """What is not sent is not noted, nor what is found anyway."""
    if table.only:
        return f"WHEN {table.only.format(row)} "
    if not table.grows_by:
        return ""
    by, column = table.grows_by
    number = f'{row}."{column}"'
    if before and table.key != "id":
        number = f'min({number}, {before}."{column}")'
    return f"WHEN {number} <= {noted(by)} "


def _moved(table: Versions, row: str) -> str:
    """What changes with a row of another table."""
    if not table.moves:
        return ""
    other, column = table.moves
    return _note(other, f"{row}.\"{column}\" || ''", 0)


_COMES_AGAIN = frozenset({"price_changes", "cost_changes"})
"""Ledgers whose rows undo may put back."""


@cache
def wanted() -> dict[str, str]:
    """All of them, by name."""
    tables: tuple[Ledger | Versions, ...] = (*VERSIONS, *LEDGERS)
    return {name: sql for each in tables for name, sql in triggers(each).items()}


def present(connection: sqlite.Connection) -> dict[str, str]:
    """Those that are there under such names, as they are."""
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB ?",
        (f"{PREFIX}*",),
    )
    return {str(row[0]): str(row[1]) for row in rows}


def allowed(connection: sqlite.Connection) -> dict[str, str]:
    """Those that may be there: none where the shop is no branch."""
    enrolled = connection.execute("SELECT 1 FROM chain").fetchone() is not None
    return wanted() if enrolled else {}


def drop_outdated(connection: sqlite.Connection) -> None:
    """Take away, within a transaction, what an older program made otherwise: `chain run` makes it anew
    and enters what was changed meanwhile. Those of ledgers are made anew here: whom a text was emptied
    of, or what went, until then nothing would tell afterwards."""
    allow = allowed(connection)
    for name, sql in present(connection).items():
        if allow.get(name) != sql:
            drop(connection, name)
    there = present(connection)
    for ledger in LEDGERS:
        for name in triggers(ledger):
            if name in allow and name not in there:
                connection.execute(allow[name])


def drop(connection: sqlite.Connection, name: str) -> None:
    """Take one away, whatever signs its name has."""
    quoted = name.replace('"', '""')
    connection.execute(f'DROP TRIGGER "{quoted}"')
