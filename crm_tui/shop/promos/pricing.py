"""What an item costs whom: the price, less a promo's discount or his tier's, whichever is more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm_tui.clock import moment
from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import share
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.loyalty import tiers


@dataclass(frozen=True)
class Priced:
    """Rupiah a unit: what is to be paid, and the `regular` price. `why` the difference: promo, tier or
    "". `until`: the end of the promo (a stored moment); `tier`: its name."""

    price: int
    regular: int
    why: str = ""
    until: str = ""
    tier: str = ""


COUNTS = (
    "status IN ('building', 'running', 'paused', 'done') AND starts_at <= :now AND ends_at > :now"
)
"""SQL: the promos whose discounts count at :now."""


def last_day(ends_at: str) -> date:
    """The last day on which a promo counts: it ends at the midnight after it."""
    return (moment(ends_at).astimezone() - timedelta(minutes=1)).date()


def of(ctx: Context, item: Item, customer_id: int | None = None) -> Priced:
    """The price of an item for somebody; without a key for anybody."""
    row = ctx.db.execute(
        "SELECT part, ends_at FROM promo_items JOIN promos ON promos.id = promo_id"  # noqa: S608
        f" WHERE item_id = :item AND part > 0 AND {COUNTS} ORDER BY part DESC, ends_at DESC LIMIT 1",
        {"item": item.id, "now": ctx.at},
    ).fetchone()
    promo = int(row[0]) if row is not None else 0
    tier = tiers.of(ctx, customer_id) if customer_id is not None else None
    part = max(promo, tier.discount if tier else 0)
    price = item.price - share(item.price, part)
    if price == item.price:
        return Priced(item.price, item.price)
    if promo == part:
        return Priced(price, item.price, "promo", until=row[1])
    return Priced(price, item.price, "tier", tier=tier.name if tier else "")


def off(ctx: Context, wanted: Sequence[int], customer_id: int | None = None) -> dict[int, int]:
    """What is taken off a unit of each item, in rupiah by item key; without those that have nothing."""
    found = {}
    for item_id in wanted:
        priced = of(ctx, catalogue.by_id(ctx, item_id), customer_id)
        if priced.price < priced.regular:
            found[item_id] = priced.regular - priced.price
    return found


def on_offer(ctx: Context, most: int) -> list[Item]:
    """Items on sale whose price a promo has lowered now, the largest discount first."""
    rows = ctx.db.execute(
        "SELECT item_id FROM promo_items JOIN promos ON promos.id = promo_id"  # noqa: S608
        " JOIN items ON items.id = item_id"
        f" WHERE part > 0 AND active = 1 AND {COUNTS} GROUP BY item_id"
        " ORDER BY max(part) DESC, item_id LIMIT :most",
        {"now": ctx.at, "most": most},
    )
    return [catalogue.by_id(ctx, row[0]) for row in rows.fetchall()]


def last_prices(ctx: Context, customer_id: int, wanted: Sequence[int]) -> Mapping[int, int]:
    """What the customer paid for a unit of each item last time, in rupiah, by item key."""
    found = {}
    for item_id in wanted:
        row = ctx.db.execute(
            "SELECT sale_lines.total + redeemed, quantity FROM sale_lines"  # noqa: S608 - ours
            " JOIN sales ON sales.id = sale_id"
            f" WHERE item_id = :item AND kind = 'sale' AND customer_id IN {people.FAMILY}"
            " ORDER BY sale_id DESC LIMIT 1",
            {"item": item_id, "customer": customer_id},
        ).fetchone()
        if row is not None:
            found[item_id] = (2 * row[0] + row[1]) // (2 * row[1])
    return found
