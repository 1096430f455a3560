"""The till: a sale at the counter, whole or not at all; parked sales; what is taken back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from crm_tui.errors import N_
from crm_tui.shop import access, customers, items, payments, points, pricing, sales
from crm_tui.shop.cart import Cart, CartLine, Sold
from crm_tui.shop.commands import command
from crm_tui.shop.context import Context
from crm_tui.shop.errors import (
    BadQuantity,
    CartEmpty,
    DiscountTooLarge,
    ItemGone,
    NotEnoughStock,
    ParkedGone,
    PriceChanged,
    RuleBroken,
)
from crm_tui.shop.money import Discount, rupiah
from crm_tui.shop.payments import Paid


@command("sales.sell", "sales.sell")
def sell(
    ctx: Context,
    lines: Sequence[Sold],
    paid: Sequence[Paid],
    customer_id: int | None = None,
    *,
    spent: int = 0,
) -> int:
    """Sell at the counter; the key of the sale.

    Discounts beyond a promo's, the tier's and `spent` points', sales on account and sales beyond the
    books need their permissions too. Raises `CartEmpty`, `PriceChanged`, `OfferOver`, `ItemGone`,
    `NotEnoughStock`, `PaymentWrong`, `NotEnoughCash`, `AccountNeedsCustomer`, `OverLimit`,
    `NotEnoughPoints`.
    """
    if not lines:
        raise CartEmpty()
    if customer_id is not None:
        customer_id = customers.by_id(ctx, customer_id).id
    sold = [(_checked(ctx, line), line.quantity, line.discount) for line in lines]
    _check_discounts(ctx, lines, customer_id, spent)
    redeemed = [line.redeemed for line in lines] if spent else []
    sale_id = sales.write(ctx, "counter", customer_id, sold, spent=spent, redeemed=redeemed)
    payments.settle(ctx, sale_id, customer_id, sum(line.total for line in lines), paid)
    return sale_id


class OfferOver(RuleBroken):
    text = N_(
        "{code} costs {now} now. Look at the sale again: an offer is over, or another buyer is."
    )


def _check_discounts(
    ctx: Context, lines: Sequence[Sold], customer_id: int | None, spent: int
) -> None:
    """Refuse discounts that neither an offer nor points nor the seller's right accounts for."""
    off = pricing.off(ctx, [line.item_id for line in lines], customer_id)
    beyond = [
        (line, line.discount - off.get(line.item_id, 0) * line.quantity)
        for line in lines
    ]  # fmt: skip
    free = sum(max(0, more) for _, more in beyond)
    covered = points.worth(ctx, spent)
    if spent and (customer_id is None or covered > sum(line.discount for line in lines)):
        least = sum(line.discount for line in lines)
        raise DiscountTooLarge(discount=rupiah(covered), amount=rupiah(least))
    if free > covered and not access.allowed(ctx, "sales.discount"):
        line = max(beyond, key=lambda each: each[1])[0]
        if any(each.offer for each in lines):
            # What was offered when the line was typed is offered no more.
            item = items.by_id(ctx, line.item_id)
            now = item.price - off.get(item.id, 0)
            raise OfferOver(code=item.code, now=rupiah(now))
        access.require(ctx, "sales.discount")


def _checked(ctx: Context, line: Sold) -> items.Item:
    if line.quantity < 1:
        raise BadQuantity(quantity=line.quantity)
    item = items.by_id(ctx, line.item_id)
    if not item.active:
        raise ItemGone(code=item.code)
    if item.price != line.price:
        raise PriceChanged(code=item.code, now=rupiah(item.price), seen=rupiah(line.price))
    if not 0 <= line.discount <= line.price * line.quantity:
        raise DiscountTooLarge(
            discount=rupiah(line.discount), amount=rupiah(line.price * line.quantity)
        )
    if line.quantity > item.available:
        if not access.allowed(ctx, "sales.oversell"):
            raise NotEnoughStock(code=item.code, available=item.available, wanted=line.quantity)
        # Somebody shall look at what is really there.
        ctx.db.execute("UPDATE items SET recount = 1 WHERE id = ?", (item.id,))
        ctx.changed("items", item.id)
    return item


def last_prices(ctx: Context, customer_id: int, wanted: Sequence[int]) -> Mapping[int, int]:
    """What the customer paid for a unit of each item last time, in rupiah, by item key."""
    found = {}
    for item_id in wanted:
        row = ctx.db.execute(
            "SELECT sale_lines.total + redeemed, quantity FROM sale_lines"  # noqa: S608 - ours
            " JOIN sales ON sales.id = sale_id"
            f" WHERE item_id = :item AND kind = 'sale' AND customer_id IN {customers.FAMILY}"
            " ORDER BY sale_id DESC LIMIT 1",
            {"item": item_id, "customer": customer_id},
        ).fetchone()
        if row is not None:
            found[item_id] = (2 * row[0] + row[1]) // (2 * row[1])
    return found


# ── sales put aside ───────────────────────────────────────────────────────────────────────────────


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
        item = items.by_id(ctx, line["item_id"])
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
