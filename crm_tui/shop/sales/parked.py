"""Sales that were put aside."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui import sqlite
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.sales import sale_codec, unfinished
from crm_tui.shop.sales.cart import Cart
from crm_tui.shop.sales.errors import CartEmpty, ParkedGone


@dataclass(frozen=True)
class Parked:
    """A sale that was put aside."""

    id: int
    at: str
    actor: str
    customer_id: int | None
    label: str
    cart: Cart


@command("sales.park", "sales.sell")
def park(
    ctx: Context,
    cart: Cart,
    customer_id: int | None = None,
    label: str = "",
    place: int | None = None,
) -> int:
    """Put a sale aside, to be taken up at any counter; its key. It stands open at `place` no more."""
    if not cart.lines:
        raise CartEmpty()
    row = ctx.db.execute(
        "INSERT INTO parked_sales (at, actor, customer_id, label, cart) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (ctx.at, ctx.actor.name, customer_id, label.strip(), sale_codec.as_text(cart)),
    ).fetchone()
    unfinished.forget(ctx, place)
    ctx.record(f"parked sale {row[0]}", None, _told(cart, label.strip()))
    ctx.changed("parked", row[0])
    return int(row[0])


def _told(cart: Cart, label: str) -> dict[str, object]:
    """What the audit has of it: units by code, and whose it is."""
    return {"lines": {line.code: line.quantity for line in cart.lines}, "label": label}


def count(ctx: Context) -> int:
    """How many sales were put aside."""
    return int(ctx.db.execute("SELECT count(*) FROM parked_sales").fetchone()[0])


def parked(ctx: Context) -> list[Parked]:
    """All sales that were put aside, oldest first, at the prices of now."""
    return _parked(ctx, ctx.db.execute("SELECT * FROM parked_sales ORDER BY id").fetchall())


def _parked(ctx: Context, rows: Sequence[sqlite.Row]) -> list[Parked]:
    carts = sale_codec.restored(ctx, [row["cart"] for row in rows])
    return [
        Parked(row["id"], row["at"], row["actor"], row["customer_id"], row["label"], cart)
        for row, cart in zip(rows, carts, strict=True)
    ]


@command("sales.unpark", "sales.sell")
def unpark(ctx: Context, parked_id: int, place: int | None = None) -> Parked:
    """Take up a sale that was put aside, at `place`. Raises `ParkedGone` if somebody was quicker."""
    rows = ctx.db.execute(
        "DELETE FROM parked_sales WHERE id = ? RETURNING *", (parked_id,)
    ).fetchall()
    if not rows:
        raise ParkedGone()
    sale = _parked(ctx, rows)[0]
    if place is not None:
        # What stood open there until now was not put aside with it.
        unfinished.keep(ctx, place, Cart())
        unfinished.put(ctx, place, sale.cart, sale.customer_id)
    ctx.record(f"parked sale {parked_id}", _told(sale.cart, sale.label), None)
    ctx.changed("parked", parked_id)
    return sale
