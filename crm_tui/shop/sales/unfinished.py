"""The sale that stands open at a counter: kept as it is typed, so that no end of the program loses it.

Each program at the counter has a place, a number that the operating system frees when the program dies.
What a user left open at a place whose program is gone goes on wherever that user opens the till next.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout

from crm_tui.program_lock import ProgramLock
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import sale_codec
from crm_tui.shop.sales.cart import Cart
from crm_tui.sqlite import Row


class Place:
    """A counter's number, 1 or more, held until it is given back or the program ends."""

    def __init__(self, folder: Path) -> None:
        self.number = 1
        while (lock := _locked(folder, self.number)) is None:
            self.number += 1
        self._lock = lock

    def give_back(self) -> None:
        self._lock.release()


def _locked(folder: Path, number: int) -> ProgramLock | None:
    """The lock of a place; None if another program stands there."""
    lock = ProgramLock(folder / f"till-{number}.lock", mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock


@contextmanager
def _abandoned(folder: Path, number: int) -> Iterator[bool]:
    """Whether no program stands at the place, and none comes there meanwhile."""
    lock = _locked(folder, number)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


_MINE = "actor IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True)
class OpenSale:
    """What was put together so far, at the prices of now, and the buyer's key."""

    cart: Cart
    customer_id: int | None


@command("sales.keep", "sales.sell")
def keep(ctx: Context, place: int, cart: Cart, customer_id: int | None = None) -> None:
    """Keep the user's sale at a place as it is now; one without lines is kept no more.

    The audit has that it was opened, what was taken out of it again, and all of what was discarded.
    What only comes in leaves no row: it stands in that of the sale, or of what was put aside.
    """
    before = _forget(ctx, place)
    after = _told(sale_codec.as_text(cart))
    put(ctx, place, cart, customer_id)
    less = [code for code, count in before.items() if after.get(code, 0) < count]
    if after and not before:
        ctx.record(f"open sale {place}", None, after)
    elif less:
        left = {code: after[code] for code in less if code in after}
        ctx.record(f"open sale {place}", {code: before[code] for code in less}, left or None)
    else:
        ctx.recorded_at_its_end()


def put(ctx: Context, place: int, cart: Cart, customer_id: int | None) -> None:
    """Let the user's sale stand open at a place, where none does. Within a command."""
    if cart.lines:
        ctx.db.execute(
            "INSERT INTO open_sales (place, actor, at, customer_id, cart) VALUES (?, ?, ?, ?, ?)",
            (place, ctx.actor.name, ctx.at, customer_id, sale_codec.as_text(cart)),
        )
    ctx.changed("open_sales", place)


def lines(ctx: Context, place: int | None) -> int:
    """How many lines the sale has with which the user would go on here (None: at no place yet)."""
    for row in _left_open(ctx, place):
        if row["place"] == place:
            return int(row["lines"])
        with _abandoned(ctx.store.path.parent, row["place"]) as gone:
            if gone:
                return int(row["lines"])
    return 0


def forget(ctx: Context, place: int | None) -> None:
    """The user's sale at a place is sold, or put aside: it stands open no more. Within a command."""
    if place is not None:
        _forget(ctx, place)


def _forget(ctx: Context, place: int) -> dict[str, int]:
    """What stood open at the place, as the audit has it; now it does no more."""
    rows = ctx.db.execute(
        f"DELETE FROM open_sales WHERE place = ? AND {_MINE} RETURNING cart",  # noqa: S608 - ours
        (place, ctx.names),
    ).fetchall()
    return _told(rows[0][0]) if rows else {}


def _told(text: str) -> dict[str, int]:
    """What the audit has of a sale: units by code."""
    return {line["code"]: line["quantity"] for line in json.loads(text)["lines"]}


def resume(ctx: Context, place: int) -> OpenSale | None:
    """What the user left open here, or where no program stands any more; from now on it is here."""
    for row in _left_open(ctx, place):
        if row["place"] == place:
            return _read(ctx, place)
        with _abandoned(ctx.store.path.parent, row["place"]) as gone:
            if gone:
                move(ctx, row["place"], place)
                return _read(ctx, place)
    return None


def _left_open(ctx: Context, place: int | None) -> Sequence[Row]:
    """Where sales of the user stand open, here first, then the newest."""
    return ctx.db.execute(
        "SELECT place, json_array_length(cart, '$.lines') AS lines FROM open_sales"  # noqa: S608 - ours
        f" WHERE {_MINE} ORDER BY place IS ? DESC, id DESC",
        (ctx.names, place),
    ).fetchall()


@command("sales.resume", "sales.sell")
def move(ctx: Context, before: int, after: int) -> None:
    """What was left open at one place goes on at another."""
    ctx.db.execute(
        f"UPDATE open_sales SET place = ? WHERE place = ? AND {_MINE}",  # noqa: S608 - ours
        (after, before, ctx.names),
    )
    ctx.changed("open_sales", after)
    ctx.record(f"open sale {after}", {"place": before}, {"place": after})


def _read(ctx: Context, place: int) -> OpenSale | None:
    row = ctx.db.execute(
        f"SELECT customer_id, cart FROM open_sales WHERE place = ? AND {_MINE}",  # noqa: S608 - ours
        (place, ctx.names),
    ).fetchone()
    if row is None:
        return None
    return OpenSale(sale_codec.restored(ctx, [row["cart"]])[0], row["customer_id"])
