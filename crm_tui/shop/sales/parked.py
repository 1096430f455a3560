"""Sales that were put aside."""

import json
from dataclasses import asdict, dataclass

from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import Discount
from crm_tui.shop.items import catalogue
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
        (ctx.at, ctx.actor.name, customer_id, label.strip(), kept(cart)),
    ).fetchone()
    ctx.record(f"parked sale {row[0]}", None, {"lines": len(cart.lines), "label": label.strip()})
    ctx.changed("parked", row[0])
    return int(row[0])


def parked(ctx: Context) -> list[Parked]:
    """All sales that were put aside, oldest first, at the prices of now."""
    rows = ctx.db.execute("SELECT * FROM parked_sales ORDER BY id").fetchall()
    return [
        Parked(
            row["id"], row["at"], row["actor"], row["customer_id"], row["label"],
            restored(ctx, row["cart"]),
        )
        for row in rows
    ]  # fmt: skip


def kept(cart: Cart) -> str:
    """A sale as text, for `restored`."""
    return json.dumps(asdict(cart))


def restored(ctx: Context, text: str) -> Cart:
    """The sale that was kept as text, at the prices of now."""
    data = json.loads(text)
    lines = []
    for line in data["lines"]:
        item = catalogue.by_id(ctx, line["item_id"])
        lines.append(
            CartLine(
                item.id, item.code, item.name, item.unit, item.price, line["quantity"],
                Discount(**line["discount"]),
            )
        )  # fmt: skip
    # Points are taken when the buyer is there, and so are the offers for him.
    return Cart(tuple(lines), Discount(**data["discount"]))


@command("sales.unpark", "sales.sell")
def unpark(ctx: Context, parked_id: int) -> Parked:
    """Take up a sale that was put aside. Raises `ParkedGone` if somebody was quicker."""
    found = next((each for each in parked(ctx) if each.id == parked_id), None)
    if found is None:
        raise ParkedGone()
    ctx.db.execute("DELETE FROM parked_sales WHERE id = ?", (parked_id,))
    ctx.record(f"parked sale {parked_id}", {"label": found.label}, None)
    ctx.changed("parked", parked_id)
    return found
