"""A head office for tests: its database, and shops whose tables it has, without a line between them."""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from crm_tui.clock import Clock
from crm_tui.office.reading import ReadSide
from crm_tui.shipped import LEDGERS, VERSIONS
from crm_tui.shop.gate.context import Context, console
from tests.postgres import office

_versions = itertools.count(1)


def database(folder: Path) -> str:
    """A new office without branches, its files in a folder; how to reach its database as its owner."""
    return office(folder).dsn


def open_office(dsn: str, folder: Path, clock: Clock) -> ReadSide:
    return ReadSide(psycopg.connect(dsn), folder, clock, console())


def add_branch(dsn: str, name: str, **columns: Any) -> int:
    """A branch that was enrolled and has begun its first epoch."""
    columns = {
        "name": name,
        "seen_at": "2027-01-02T03:04:05Z",
        "behind": 0,
        "skew": "1 s",
        **columns,
    }
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    with psycopg.connect(dsn, autocommit=True) as connection:
        made = connection.execute(
            f"INSERT INTO crm.branches ({names}) VALUES ({marks}) RETURNING branch".encode(),
            tuple(columns.values()),
        ).fetchone()
        assert made is not None
        connection.execute("INSERT INTO crm.epochs (branch, epoch) VALUES (%s, 1)", made)
    return int(made[0])


def marks(ctx: Context) -> dict[str, int]:
    """The number of the last row of each ledger of a shop."""
    return {
        ledger.table: ctx.db.execute(
            f"SELECT coalesce(max({ledger.number.format('t')}), 0) FROM {ledger.table} AS t"
        ).fetchone()[0]
        for ledger in LEDGERS
    }


def begin_epoch(dsn: str, branch: int, epoch: int, common: Mapping[str, int]) -> None:
    """The branch was restored: from here on it has only these rows in common with what it was."""
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT set_config('crm.acting_for', %s, true)", (str(branch),))
        connection.execute("SELECT crm.begin_epoch(%s, now(), %s)", (epoch, json.dumps(common)))


def send(
    dsn: str, branch: int, ctx: Context, epoch: int = 1, above: Mapping[str, int] | None = None
) -> None:
    """All rows of a shop come to the office, those of ledgers above these numbers, as the line brings
    them."""
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT set_config('crm.acting_for', %s, true)", (str(branch),))
        for ledger in LEDGERS:
            names = ", ".join(f'"{name}"' for name in ledger.names)
            query = f"SELECT {names}, {ledger.number.format('t')} FROM {ledger.table} AS t"
            rows = [tuple(row) for row in ctx.db.execute(query).fetchall()]
            lines = [
                ledger.line(epoch, row[:-1])
                for row in rows
                if row[-1] > (above or {}).get(ledger.table, 0)
            ]
            _copy(connection, ledger.table, ledger.copied, lines)
        for table in VERSIONS:
            names = ", ".join(f'"{name}"' for name in table.names)
            query = f"SELECT {names}, {table.key_of('t')} FROM {table.table} AS t"
            query += f" WHERE {table.only.format('t')}" if table.only else ""
            rows = [tuple(row) for row in ctx.db.execute(query).fetchall()]
            lines = [table.line(epoch, row[-1], next(_versions), row[:-1]) for row in rows]
            _copy(connection, table.versions, table.copied, lines)


def _copy(connection: Any, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    statement = f"COPY crm.{table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor().copy(statement.encode()) as copy:
        for line in lines:
            copy.write(line)
