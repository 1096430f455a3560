"""What changes in the mutable tables is noted in `ship` by triggers, one row a key, with a number
that only grows. Enrolling makes them; each start of `crm-tui chain run` looks whether they are
those that this program wants, for a migration may have made a table anew, or a newer program may
ship more.

 INSERT · UPDATE · DELETE ─trigger─▶ ship: (table, key) ─▶ seq = the highest + 1, gone?

What stood in the tables before the triggers is entered afterwards, in short slices: what changes
meanwhile is noted by the trigger already, and stays as it is.
"""

import json
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlite_utils import Database

from crm_tui.replication.tables import LEDGERS, VERSIONS, Ledger, Versions
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Context

_PREFIX = "ship_"
_NEXT = "(SELECT coalesce(max(seq), 0) + 1 FROM ship)"
# An upsert, not OR REPLACE: the statement that fires a trigger puts its own OR in the place of
# that.
_OVER = "ON CONFLICT (tbl, key) DO UPDATE SET seq = excluded.seq, gone = excluded.gone"


def _note(table: str, key: str, gone: int, when: str = "true") -> str:
    return f"INSERT INTO ship SELECT '{table}', {key}, {_NEXT}, {gone} WHERE {when} {_OVER};"


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
        columns = ", ".join(f'"{each}"' for each in table.names)
        moved = "" if table.key == "id" else _note(name, old, 1, f"{old} <> {new}")
        noted = f"BEGIN {_note(name, new, 0)} END"
        when, went = _only(table, "new"), _only(table, "old")
        made = {
            "insert": f"AFTER INSERT ON {name} {when}{noted}",
            "update": f"AFTER UPDATE OF {columns} ON {name} {when}BEGIN {moved}{noted[6:]}",
            "delete": f"AFTER DELETE ON {name} {went}BEGIN {_note(name, old, 1)} END",
        }
    return {
        f"{_PREFIX}{name}_{event}": f"CREATE TRIGGER {_PREFIX}{name}_{event} {rest}"
        for event, rest in made.items()
    }


def _only(table: Versions, row: str) -> str:
    """What is not sent is not noted."""
    return f"WHEN {table.only.format(row)} " if table.only else ""


_COMES_AGAIN = frozenset({"price_changes", "cost_changes"})
"""Ledgers whose rows undo may put back."""


def keep(ctx: Context) -> None:
    """Make the triggers what they should be, and enter what no trigger has seen. Takes a while on a
    large store that has just been enrolled; nobody waits for it. Killed, it is begun again."""
    if _present(ctx.db) != _wanted():
        with part(ctx, "replication.watch"):
            make_triggers(ctx)
    for table in VERSIONS:
        mark = _mark(table)
        if _entered(ctx.db).get(table.table) != mark:
            _enter(ctx, table)
            with part(ctx, "replication.enter"):
                told = _entered(ctx.db) | {table.table: mark}
                ctx.db.execute("UPDATE chain SET entered = ?", (json.dumps(told),))


def make_triggers(ctx: Context) -> None:
    """All triggers, within a transaction."""
    wanted, present = _wanted(), _present(ctx.db)
    for name in present:
        if present[name] != wanted.get(name):
            ctx.db.execute(f"DROP TRIGGER {name}")
    for name, sql in wanted.items():
        if present.get(name) != sql:
            ctx.db.execute(sql)
            # What happened while it was not there is entered anew.
            _enter_again(ctx, sql.split(" ON ", 1)[1].split()[0])


def _enter_again(ctx: Context, table: str) -> None:
    told = _entered(ctx.db)
    if told.pop(table, None) is not None:
        ctx.db.execute("UPDATE chain SET entered = ?", (json.dumps(told),))
        # Those that went are among them: no row is found for them any more.
        ctx.db.execute(
            "UPDATE ship SET seq = seq + (SELECT max(seq) FROM ship) WHERE tbl = ?", (table,)
        )


def drop_triggers(ctx: Context) -> None:
    """None of them any more, within a transaction."""
    for each in _tables():
        for name in triggers(each):
            ctx.db.execute(f"DROP TRIGGER IF EXISTS {name}")


def _tables() -> Iterator[Ledger | Versions]:
    yield from VERSIONS
    yield from LEDGERS


@cache
def _wanted() -> dict[str, str]:
    return {name: sql for each in _tables() for name, sql in triggers(each).items()}


def _present(db: Database) -> dict[str, str]:
    return dict(
        db.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB ?",
            (f"{_PREFIX}*",),
        ).fetchall()
    )


def _mark(table: Versions) -> str:
    """Changes with the columns of a table: then all its rows go once more."""
    told = json.dumps([table.table, table.key, table.spec])
    return blake2b(told.encode(), digest_size=6).hexdigest()


def _entered(db: Database) -> dict[str, str]:
    row = db.execute("SELECT entered FROM chain").fetchone()
    return dict(json.loads(row[0])) if row else {}


def _enter(ctx: Context, table: Versions) -> None:
    """Note all rows of a table that stand in it; those that were noted already get a new number."""
    size, after = slices.FIRST, None
    upto = ctx.db.execute("SELECT coalesce(max(seq), 0) FROM ship").fetchone()[0]
    while True:
        began = ctx.clock.monotonic()
        with part(ctx, "replication.enter"):
            rows = _some(ctx.db, table, after, size)
            for row in rows:
                # What a trigger has noted since is newer than this.
                ctx.db.execute(
                    f"INSERT INTO ship SELECT ?, ?, {_NEXT}, 0 WHERE true ON CONFLICT (tbl, key)"
                    " DO UPDATE SET seq = excluded.seq, gone = 0 WHERE ship.seq <= ?",
                    (table.table, "/".join(str(value) for value in row), upto),
                )
        if len(rows) < size:
            return
        after = tuple(rows[-1])
        size = slices.next_size(size, ctx.clock.monotonic() - began)
        slices.breathe(ctx)


def _some(db: Database, table: Versions, after: tuple[Any, ...] | None, size: int) -> list[Any]:
    names = ", ".join(f'"{name}"' for name in table.keys)
    marks = ", ".join("?" for _ in table.keys)
    only = table.only.format(table.table) if table.only else "true"
    behind = f"AND ({names}) > ({marks})" if after is not None else ""
    return db.execute(
        f"SELECT {names} FROM {table.table} WHERE {only} {behind}"  # noqa: S608
        f" ORDER BY {names} LIMIT ?",
        (*(after or ()), size),
    ).fetchall()
