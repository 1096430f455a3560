"""A backup becomes the store: what its shop did afterwards is not known to it, and must not come twice.

Each room says in a module `restored` what that means for its rows; numbers jump ahead, and an epoch of
the shop's data begins.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from crm_tui import shipped, sqlite, triggers
from crm_tui.shop.backups import places, wanted
from crm_tui.shop.gate import rooms
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Context

JUMP = 1_000
"""New numbers begin at a whole thousand, at least half of one above all that are known."""


class _Room(Protocol):
    def restored(self, ctx: Context) -> None:
        """Make the rows of this room safe to go on with, within a command."""


class _Eraser(Protocol):
    def erase_again(self, ctx: Context, customers: Iterable[int]) -> int:
        """Erase customers again who were erased since the backup; how many could not be."""


class _Doorkeeper(Protocol):
    def put_out_again(self, ctx: Context, users: Iterable[int]) -> tuple[str, ...]:
        """Put out users whom the shop has put out since the backup; their names."""


class _Ender(Protocol):
    def end_again(self, ctx: Context) -> None:
        """End once more what has ended since the backup."""


@dataclass(frozen=True)
class Settled:
    """What was done besides: how many customers could not be erased again, and who was put out."""

    left: int
    out: tuple[str, ...]


def marks(connection: sqlite.Connection) -> dict[str, int]:
    """The highest key that each table ever gave."""
    return dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())


def _common(connection: sqlite.Connection) -> dict[str, int]:
    """What the epoch that begins has in common with the one before. A row that is numbered by another
    table may be written long after that one's: a drawer is counted when it is closed."""
    highest = {
        ledger.table: connection.execute(
            f'SELECT coalesce(max("{ledger.lead}"), 0) FROM {ledger.table}'  # noqa: S608 - ours
        ).fetchone()[0]
        for ledger in shipped.LEDGERS
        if ledger.numbered_by
    }
    return marks(connection) | highest


def settle(
    ctx: Context,
    backup: str,
    at: str,
    *,
    epoch: int,
    known: Mapping[str, int],
    aside: str,
    erased: Iterable[int] = (),
    out: Sequence[int] = (),
    ended: bool = False,
) -> Settled:
    """Make a backup that was prepared aside ready to be the store. `known`: the highest keys of the
    store that it replaces; `epoch`: the highest one that is known of the shop; `erased`: the customers
    who were erased since; `out`: the users who may sign in no more since; `ended`: whether its branch
    has ended since."""
    with part(ctx, "backups.restore"):
        # What somebody planted in it does nothing here.
        triggers.put_right(ctx.db)
        common = _common(ctx.db.conn)
        # First of all: what is written from here on is of another history.
        jump_ahead(ctx, known)
        for room in rooms.load("restored"):
            cast(_Room, room).restored(ctx)
        left = sum(
            cast(_Eraser, room).erase_again(ctx, erased) for room in rooms.load("erasing_again")
        )
        names = tuple(
            name for room in rooms.load("putting_out_again") if out
            for name in cast(_Doorkeeper, room).put_out_again(ctx, out)
        )  # fmt: skip
        for room in rooms.load("ending_again") if ended else ():
            cast(_Ender, room).end_again(ctx)
        before = places.epoch(ctx)
        following = max(epoch, before) + 1
        ctx.db.execute(
            "INSERT INTO epochs VALUES (?, ?, ?, ?, ?)",
            (following, ctx.at, backup, at, json.dumps(common)),
        )
        ctx.record(
            f"backup {backup}", {"epoch": before},
            {"epoch": following, "backup_at": at, "replaced": aside},
        )  # fmt: skip
        ctx.changed("backups", 0)
        # The first one of this epoch.
        wanted.want(ctx)
    return Settled(left, names)


def jump_ahead(ctx: Context, known: Mapping[str, int]) -> None:
    """No number that a customer, a receipt or another program may have seen is given once more."""
    own = marks(ctx.db.conn)
    for table in _numbered(ctx):
        highest = max(own.get(table, 0), known.get(table, 0))
        if not highest and table not in ("orders", "sales"):
            continue
        target = (highest + JUMP // 2 - 1) // JUMP * JUMP + JUMP
        if table in own:
            ctx.db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (target, table))
        else:
            ctx.db.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, target))


def _numbered(ctx: Context) -> list[str]:
    """The tables whose keys are given once and never again."""
    rows = ctx.db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    )
    return [str(row[0]) for row in rows]
