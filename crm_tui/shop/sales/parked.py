"""Sales that were put aside."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crm_tui import sqlite
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import Discount
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.sales.cart import Cart, CartLine
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
def park(ctx: Context, cart: Cart, customer_id: int | None = None, label: str = "") -> int:
    """Put a sale aside, to be taken up at any counter; its key."""
    if not cart.lines:
        raise CartEmpty()
    row = ctx.db.execute(
        "INSERT INTO parked_sales (at, actor, customer_id, label, cart) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (ctx.at, ctx.actor.name, customer_id, label.strip(), as_text(cart)),
    ).fetchone()
    ctx.record(f"parked sale {row[0]}", None, {"lines": len(cart.lines), "label": label.strip()})
    ctx.changed("parked", row[0])
    return int(row[0])


def count(ctx: Context) -> int:
    """How many sales were put aside."""
    return int(ctx.db.execute("SELECT count(*) FROM parked_sales").fetchone()[0])


def parked(ctx: Context) -> list[Parked]:
    """All sales that were put aside, oldest first, at the prices of now."""
    return _parked(ctx, ctx.db.execute("SELECT * FROM parked_sales ORDER BY id").fetchall())


def _parked(ctx: Context, rows: Sequence[sqlite.Row]) -> list[Parked]:
    carts = _restored(ctx, [row["cart"] for row in rows])
    return [
        Parked(row["id"], row["at"], row["actor"], row["customer_id"], row["label"], cart)
        for row, cart in zip(rows, carts, strict=True)
    ]


def as_text(cart: Cart) -> str:
    """A sale as text, for `restored`."""
    return json.dumps(asdict(cart))


def restored(ctx: Context, text: str) -> Cart:
    """The sale that was kept as text, at the prices of now."""
    return _restored(ctx, [text])[0]


def _restored(ctx: Context, texts: Sequence[str]) -> list[Cart]:
    carts = [json.loads(text) for text in texts]
    # An item that was deleted since is sold by nobody any more.
    wanted = {line["item_id"] for data in carts for line in data["lines"]}
    items = catalogue.there(ctx, wanted)
    # Points are taken, and the buyer's offers counted, when the buyer is there.
    return [
        Cart(
            tuple(
                _line(items[line["item_id"]], line)
                for line in data["lines"]
                if line["item_id"] in items
            ),
            Discount(**data["discount"]),
        )
        for data in carts
    ]


def _line(item: Item, line: Mapping[str, Any]) -> CartLine:
    return CartLine(
        item.id, item.code, item.name, item.unit, item.price, line["quantity"],
        Discount(**line["discount"]),
    )  # fmt: skip


@command("sales.unpark", "sales.sell")
def unpark(ctx: Context, parked_id: int) -> Parked:
    """Take up a sale that was put aside. Raises `ParkedGone` if somebody was quicker."""
    rows = ctx.db.execute(
        "DELETE FROM parked_sales WHERE id = ? RETURNING *", (parked_id,)
    ).fetchall()
    if not rows:
        raise ParkedGone()
    sale = _parked(ctx, rows)[0]
    ctx.record(f"parked sale {parked_id}", {"label": sale.label}, None)
    ctx.changed("parked", parked_id)
    return sale
