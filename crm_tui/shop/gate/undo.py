"""Taking back what was deleted or merged, for some minutes.

A step keeps the rows as they stood; undoing puts them back, if nothing has taken their place.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crm_tui import sqlite
from crm_tui.clock import moment, stamp
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import COMMANDS, command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import TooLateToUndo

MINUTES = 10
"""How long a step can be taken back."""

Restore = Callable[[Context, Any], None]
_RESTORERS: dict[str, tuple[str, Restore]] = {}
_MAY_REMOVE = {
    "items": "items.edit", "customers": "customers.edit", "users": "users.edit",
    "roles": "users.edit",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Something that can be taken back; `label` names what it was done to."""

    id: int
    kind: str
    label: str
    at: str


def restorer(kind: str, permission: str) -> Callable[[Restore], Restore]:
    """Declares how steps of a kind are undone, and by whom."""

    def declare(function: Restore) -> Restore:
        _RESTORERS[kind] = permission, function
        return function

    return declare


_SOUND: dict[str, Callable[[Context, int], None]] = {}


def sound(topic: str) -> Callable[[Callable[[Context, int], None]], Callable[[Context, int], None]]:
    """Declares what looks whether a row of this topic that comes back breaks none of the shop's rules:
    much may have been done since it was deleted. It raises what says why it cannot come back."""

    def declare(function: Callable[[Context, int], None]) -> Callable[[Context, int], None]:
        _SOUND[topic] = function
        return function

    return declare


def keep(
    ctx: Context, kind: str, label: str, table: str, row_id: int,
    instead: Mapping[str, object] | None = None, **parts: str,
) -> int:  # fmt: skip
    """Keep a row that is about to be deleted, within a command, and the rows of other tables
    (`table=column`) that name it; the step's key. `instead`: what the row has in these columns, should
    it come back."""
    own = [{**row, **(instead or {})} for row in _rows(ctx, table, "id", row_id)]
    rows: list[tuple[str, Sequence[dict[str, object]]]] = [(table, own)]
    rows += [(other, _rows(ctx, other, column, row_id)) for other, column in parts.items()]
    # A user who may delete such a row may put it back.
    step = {"topic": kind, "id": row_id, "rows": rows, "permission": COMMANDS[ctx.command]}
    return write(ctx, "rows", label, step)


def is_named(ctx: Context, table: str, row_id: int, besides: Collection[str] = ()) -> bool:
    """Whether a row of any table names this one, as the schema knows; those of `besides` go along with
    it. Such a row is not deleted: it is put away."""
    return bool(named(ctx, table, [row_id], besides))


def named(
    ctx: Context, table: str, rows: Collection[int], besides: Collection[str] = ()
) -> frozenset[int]:
    """The keys of these rows that a row of any table names, in the same way."""
    pointing = ctx.db.execute(
        'SELECT m.name, f."from" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f'
        " WHERE m.type = 'table' AND f.\"table\" = ? ORDER BY m.name",
        (table,),
    ).fetchall()
    asked = [
        f"EXISTS (SELECT 1 FROM {name} WHERE {column} = asked.value)"  # noqa: S608 - names of ours
        for name, column in pointing
        if name not in besides
    ]
    found = ctx.db.execute(
        f"SELECT value FROM json_each(?) AS asked WHERE {' OR '.join(asked) or 0}",  # noqa: S608
        (json.dumps(list(rows)),),
    )
    return frozenset(int(row[0]) for row in found)


def write(ctx: Context, kind: str, label: str, data: Mapping[str, object]) -> int:
    """Keep a step of any kind, within a command; its key. `data` may say `until` which moment it can
    be taken back, where that is less long."""
    row = ctx.db.execute(
        "INSERT INTO undo_steps (at, actor, kind, label, data) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (ctx.at, ctx.actor.name, kind, label, json.dumps(data)),
    ).fetchone()
    return int(row[0])


def _rows(ctx: Context, table: str, column: str, value: int) -> list[dict[str, object]]:
    # Names of ours, never typed ones.
    query = f"SELECT * FROM {table} WHERE {column} = ?"  # noqa: S608
    return [dict(row) for row in ctx.db.execute(query, (value,))]


def last(ctx: Context) -> Step | None:
    """The last step of the actor, if it is not too old to be taken back."""
    row = ctx.db.execute(
        "SELECT id, kind, label, at FROM undo_steps WHERE actor IN (SELECT value FROM json_each(?))"
        " AND done_at IS NULL AND at >= ?"
        " AND CASE data WHEN '' THEN 0 ELSE coalesce(json_extract(data, '$.until') > ?, 1) END"
        " ORDER BY id DESC LIMIT 1",
        (ctx.names, stamp(ctx.now - timedelta(minutes=MINUTES)), ctx.at),
    ).fetchone()
    return None if row is None else Step(*row)


@command("undo", access.OWN)
def undo(ctx: Context, step_id: int) -> str:
    """Take a step back; the label of what it was. Raises `TooLateToUndo`, `NotAllowed`."""
    row = ctx.db.execute("SELECT * FROM undo_steps WHERE id = ?", (step_id,)).fetchone()
    late = timedelta(minutes=MINUTES)
    gone = row is None or row["done_at"] is not None or not row["data"]
    if gone or moment(row["at"]) + late < ctx.now:
        raise TooLateToUndo()
    permission, restore = _RESTORERS[row["kind"]]
    data = json.loads(row["data"])
    # A step of an older program does not say it.
    needed = permission or data.get("permission") or _MAY_REMOVE[data["topic"]]
    # As in a command: how far it goes, what takes it back says itself.
    if needed not in access.CEILINGS:
        access.require(ctx, needed)
    try:
        restore(ctx, data)
    except sqlite.IntegrityError as trouble:
        raise TooLateToUndo() from trouble
    if needed in access.CEILINGS:
        access.require(ctx, needed)
    ctx.db.execute("UPDATE undo_steps SET done_at = ? WHERE id = ?", (ctx.at, step_id))
    # Not its label: the audit keeps what it is told for good.
    ctx.record(f"undo {row['kind']}", None, {"step": step_id})
    return str(row["label"])


def forget(ctx: Context, step_id: int) -> None:
    """Let go what a step holds and whom it names, within a command: it cannot be taken back."""
    ctx.db.execute("UPDATE undo_steps SET data = '', label = '' WHERE id = ?", (step_id,))


def past(ctx: Context) -> list[int]:
    """Steps that hold something, and that nobody can take back any more."""
    before = stamp(ctx.now - timedelta(minutes=MINUTES))
    rows = ctx.db.execute(
        "SELECT id FROM undo_steps WHERE (data <> '' OR label <> '') AND at < ?", (before,)
    )
    return [int(row[0]) for row in rows]


@restorer("rows", "")
def _put_back(ctx: Context, data: Any) -> None:
    for table, rows in data["rows"]:
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            # A trigger may have made the row of another table already.
            ctx.db.execute(
                f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
                if table == "stock"
                else f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608
                tuple(row.values()),
            )
    if (check := _SOUND.get(data["topic"])) is not None:
        check(ctx, data["id"])
    ctx.changed(data["topic"], data["id"])
