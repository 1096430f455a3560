"""What changes in the mutable tables is noted in `ship` by triggers (`ship_triggers`). Enrolling makes
them; each start of `crm-tui chain run` looks whether they are those that this program wants, for a
migration may have made a table anew, or a newer program may ship more.

What stood in the tables before the triggers is entered afterwards, in short slices: what changes
meanwhile is noted by the trigger already, and stays as it is. What changes with a new row of a ledger
alone (`Versions.moved_by`) no trigger notes, nor new orders and messages with all that belongs to them
(`Versions.grows_by`): before each batch they are found by the rows that came since, `chain.moved` says
behind which, so that a sale, or an order by SMS, writes nothing for the office that it writes anyway.
Triggers note what becomes of those that were found.
"""

import json
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from typing import Any

from sqlite_utils import Database

from crm_tui import ship_triggers
from crm_tui.replication import reading
from crm_tui.shipped import BLOT, LEDGERS, VERSIONS, Versions
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Context


def keep(ctx: Context) -> None:
    """Make the triggers what they should be, and enter what no trigger has seen. Takes a while on a
    large store that has just been enrolled; nobody waits for it. Killed, it is begun again."""
    if ship_triggers.present(ctx.db.conn) != ship_triggers.wanted():
        with part(ctx, "replication.watch"):
            make_triggers(ctx)
    for table in VERSIONS:
        mark = _mark(table)
        if _entered(ctx.db).get(table.table) != mark:
            _enter(ctx, table)
            with part(ctx, "replication.enter"):
                told = _entered(ctx.db) | {table.table: mark}
                ctx.db.execute("UPDATE chain SET entered = ?", (json.dumps(told),))


def note_moves(ctx: Context) -> None:
    """Note what changed with new rows of ledgers, in the order in which it changed last."""
    for by in reading.GROWN:
        _note(ctx, by, partial(_note_new, ctx.db, by))
    for table in reading.MOVED:
        _note(ctx, table.moved_by[0], partial(_note_moved, ctx.db, table))


def _note(ctx: Context, by: str, note: Callable[[int, int], None]) -> None:
    slices.run(ctx, "replication.enter", reading.noted(ctx.db, by), _highest(ctx.db, by), note)


def _note_new(db: Database, by: str, after: int, upto: int) -> None:
    for table in reading.GROWN[by]:
        column = table.grows_by[1]
        keys = [(table.table, table.key_of("new"))]
        if table.moves:
            keys.append((table.moves[0], f"new.\"{table.moves[1]}\" || ''"))
        for noted, key in keys:
            db.execute(
                f"INSERT INTO ship SELECT ?, key, ? + row_number() OVER (ORDER BY last, key), 0 FROM"  # noqa: S608
                f" (SELECT {key} AS key, max({column}) AS last FROM {table.table} AS new"
                f" WHERE {column} > ? AND {column} <= ? GROUP BY 1) WHERE true {ship_triggers.OVER}",
                (noted, reading.last_change(db), after, upto),
            )
    _pass(db, by, upto)


def _note_moved(db: Database, table: Versions, after: int, upto: int) -> None:
    key = table.key_of("moves")
    db.execute(
        f"INSERT INTO ship SELECT ?, key, ? + row_number() OVER (ORDER BY last), 0 FROM (SELECT"  # noqa: S608
        f" {key} AS key, max(id) AS last FROM {table.moved_by[0]} AS moves"
        f" WHERE id > ? AND id <= ? GROUP BY 1) WHERE true {ship_triggers.OVER}",
        (table.table, reading.last_change(db), after, upto),
    )
    _pass(db, table.moved_by[0], upto)


def _pass(db: Database, by: str, upto: int) -> None:
    db.execute("UPDATE chain SET moved = json_set(moved, ?, ?)", (f"$.{by}", upto))


def _highest(db: Database, by: str) -> int:
    query = f"SELECT coalesce(max(id), 0) FROM {by}"  # noqa: S608
    return int(db.execute(query).fetchone()[0])


def make_triggers(ctx: Context) -> None:
    """All triggers, within a transaction."""
    wanted, present = ship_triggers.wanted(), ship_triggers.present(ctx.db.conn)
    for name in present:
        if present[name] != wanted.get(name):
            ship_triggers.drop(ctx.db.conn, name)
    for name, sql in wanted.items():
        if present.get(name) != sql:
            ctx.db.execute(sql)
            # What happened while it was not there is entered anew.
            _enter_again(ctx, sql.split(" ON ", 1)[1].split()[0])
    for by in reading.GROWN:
        # All up to here is entered; what becomes of it meanwhile is noted.
        ctx.db.execute(
            "UPDATE chain SET moved = json_insert(moved, ?, ?)", (f"$.{by}", _highest(ctx.db, by))
        )


def note_erased(ctx: Context) -> None:
    """Note all rows of ledgers out of which a person was taken, within a transaction: that may have
    been while the shop belonged to no chain, and the head office has them as they were."""
    from crm_tui.shop.upkeep import redaction

    erased = ctx.db.execute(
        "SELECT json_group_array(id) FROM customers WHERE name = '' AND active = 0"
    ).fetchone()[0]
    for ledger in LEDGERS:
        taken = [f"instr(\"{each}\", '{BLOT}')" for each in ledger.free]
        taken += [f"{each} = ''" for each in ledger.free if each == "phone"]
        taken += [
            f"{each} = '' AND ({redaction.OWN[f'{ledger.table}.{each}']})"
            for each in ledger.free
            if f"{ledger.table}.{each}" in redaction.OWN
        ]
        if taken:
            ctx.db.execute(
                f"INSERT INTO ship SELECT :table, {ship_triggers.key_of(ledger, 't')},"  # noqa: S608
                f' :last + row_number() OVER (ORDER BY "{ledger.lead}"), 0 FROM {ledger.table} AS t'
                f" WHERE {' OR '.join(taken)} {ship_triggers.OVER}",
                {"table": ledger.table, "last": reading.last_change(ctx.db), "keys": erased},
            )


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
    for name in ship_triggers.wanted():
        ctx.db.execute(f"DROP TRIGGER IF EXISTS {name}")


def _mark(table: Versions) -> str:
    """Changes with the columns of a table: then all its rows go once more."""
    told = json.dumps([table.table, table.key, table.spec])
    return blake2b(told.encode(), digest_size=6).hexdigest()


def _entered(db: Database) -> dict[str, str]:
    row = db.execute("SELECT entered FROM chain").fetchone()
    return dict(json.loads(row[0])) if row else {}


def _enter(ctx: Context, table: Versions) -> None:
    """Note all rows of a table that stand in it; those that were noted already get a new number."""
    if table.moved_by:
        # What moved until now is in the rows that are read from here on.
        with part(ctx, "replication.enter"):
            _pass(ctx.db, table.moved_by[0], _highest(ctx.db, table.moved_by[0]))
    size, after = slices.FIRST, None
    upto = ctx.db.execute("SELECT coalesce(max(seq), 0) FROM ship").fetchone()[0]
    while True:
        began = ctx.clock.monotonic()
        with part(ctx, "replication.enter"):
            rows = _some(ctx.db, table, after, size)
            for row in rows:
                # What a trigger has noted since is newer than this.
                ctx.db.execute(
                    f"INSERT INTO ship SELECT ?, ?, {ship_triggers.NEXT}, 0 WHERE true"
                    " ON CONFLICT (tbl, key) DO UPDATE SET seq = excluded.seq, gone = 0"
                    " WHERE ship.seq <= ?",
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
