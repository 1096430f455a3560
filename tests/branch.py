"""A shop that is a branch, for tests: enrolled with whatever office, its rounds, its sums."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import psycopg

from crm_tui import shipped
from crm_tui.office.database import Office as Headquarters
from crm_tui.replication import enrolling
from crm_tui.replication.enrolling import Enrolment
from crm_tui.replication.line import Line
from crm_tui.replication.rounds import Rounds
from crm_tui.shop.gate.context import Context
from tests.shop import Shop


class Books(Protocol):
    """What a test asks of an office: rows of a branch's ledger, and of a mutable table now, by key."""

    def ledger(self, table: str, branch: int) -> list[dict[str, Any]]: ...

    def now(self, table: str, branch: int) -> dict[str, tuple[Any, ...]]: ...


class Postgres:
    """The same of a head office on PostgreSQL."""

    def __init__(self, office: Headquarters) -> None:
        self._office = office

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._office.dsn) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def ledger(self, table: str, branch: int) -> list[dict[str, Any]]:
        names = shipped.LEDGER[table].names
        rows = self.ask(f"SELECT {_listed(names)} FROM crm.{table} WHERE branch = %s", branch)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def now(self, table: str, branch: int) -> dict[str, tuple[Any, ...]]:
        names = shipped.VERSIONED[table].names
        rows = self.ask(
            f"SELECT key, {_listed(names)} FROM crm.{table} WHERE branch = %s AND NOT gone", branch
        )
        return {row[0]: row[1:] for row in rows}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def plain(table: str, row: Any) -> tuple[Any, ...]:
    """A row with its moments as moments, whichever side it is from."""
    declared = shipped.LEDGER.get(table) or shipped.VERSIONED[table]
    return tuple(
        _moment(value) if column.kind == "moment" else value
        for column, value in zip(declared.columns, row, strict=True)
    )


def _moment(value: Any) -> datetime | None:
    text = shipped.moment(value) if isinstance(value, str) else value
    found = datetime.fromisoformat(text) if isinstance(text, str) else text
    return found.astimezone(UTC) if found else None


def enrolment(branch: int, name: str = "Satu") -> Enrolment:
    """With keys that nobody asks for."""
    return Enrolment(branch, name, f"crm_branch_{branch}", "localhost", 5432, "crm", "K", "C", "O")


def enrol(ctx: Context, branch: int, name: str = "Satu") -> None:
    """Make the shop a branch of an office in memory."""
    enrolling.enrol(ctx, enrolment(branch, name))


def rounds_of(shop: Shop, line: Line, **how: Any) -> Rounds:
    """The branch's rounds over a line, on a connection of their own."""
    return Rounds(shop.ctx.store.path, shop.clock, shop.folder, lambda: line, **how)


def told(ctx: Context, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table as they are shipped, in the order of their keys."""
    declared = (shipped.LEDGER | shipped.VERSIONED)[table]
    names = ", ".join(f'"{name}"' for name in declared.names)
    keys = ", ".join(f'"{name}"' for name in declared.keys)
    only = getattr(declared, "only", "").format(table) or "true"
    query = f"SELECT {names} FROM {table} WHERE {only} ORDER BY {keys}"
    return [tuple(row) for row in ctx.db.execute(query)]


def same_sums(ctx: Context, office: Books, branch: int) -> None:
    """What the office has of a branch is what stands in its store: each row once, no row of
    another."""
    back = {row["id"] for row in office.ledger("sales", branch) if taken_back(office, branch, row)}
    for ledger in shipped.LEDGERS:
        if ledger.table in ("price_changes", "cost_changes"):
            continue
        there = Counter(
            plain(ledger.table, row.values())
            for row in office.ledger(ledger.table, branch)
            if row.get("sale_id", row["id"] if ledger.table == "sales" else None) not in back
        )
        assert there == Counter(_mine(ctx, ledger.table)), ledger.table
    for table in ("price_changes", "cost_changes"):
        # Those of an item that was deleted went with it here.
        there_too = {plain(table, row.values()) for row in office.ledger(table, branch)}
        assert set(_mine(ctx, table)) <= there_too
    for versions in shipped.VERSIONS:
        now = office.now(versions.table, branch).values()
        there_now = Counter(plain(versions.table, row) for row in now)
        assert there_now == Counter(_mine(ctx, versions.table)), versions.table


def _mine(ctx: Context, table: str) -> list[tuple[Any, ...]]:
    return [plain(table, row) for row in told(ctx, table)]


def taken_back(office: Books, branch: int, sale: dict[str, Any]) -> bool:
    """Whether a sale at the office is one of an old book that its branch has taken back."""
    names = shipped.VERSIONED["imports"].names
    row = office.now("imports", branch).get(str(sale["import_id"]))
    return row is not None and dict(zip(names, row, strict=True))["back_from"] is not None


def copy_of(shop: Shop, aside: Path) -> None:
    """The folder as somebody copies it who closed the program."""
    shop.ctx.store.checkpoint()
    shop.leave()
    aside.write_bytes(shop.ctx.store.path.read_bytes())


def put_back(shop: Shop, aside: Path) -> None:
    shop.leave()
    for each in shop.folder.glob("crm.db*"):
        each.unlink()
    shop.ctx.store.path.write_bytes(aside.read_bytes())
