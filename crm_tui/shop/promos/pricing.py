"""What an item costs a customer: the price, less a promo's or a tier's discount, the larger one."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm_tui.clock import moment
from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import share
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.loyalty.tiers import Tier


@dataclass(frozen=True)
class Priced:
    """Rupiah a unit: what is to be paid, and the `regular` price. `why` the difference: promo, tier or
    "". `until`: the end of the promo (a stored moment); `tier`: its name."""

    price: int
    regular: int
    why: str = ""
    until: str = ""
    tier: str = ""


BEGUN = "('building', 'running', 'paused', 'done')"
"""SQL: the statuses of promos that were begun and not called off."""
COUNTS = f"status IN {BEGUN} AND starts_at <= :now AND ends_at > :now"
"""SQL: the promos whose discounts count at :now."""


def last_day(ends_at: str) -> date:
    """The last day on which a promo counts: it ends at the midnight after it."""
    return (moment(ends_at).astimezone() - timedelta(minutes=1)).date()


def of(ctx: Context, item: Item, customer_id: int | None = None) -> Priced:
    """The price of an item for a customer; without a key for anybody."""
    return of_each(ctx, [item], customer_id)[item.id]


def of_each(
    ctx: Context, items: Collection[Item], customer_id: int | None = None
) -> dict[int, Priced]:
    """The prices of items for a customer, by item key; without a customer's key for anybody."""
    if not items:
        return {}
    rows = ctx.db.execute(
        "SELECT item_id, part, ends_at FROM promo_items JOIN promos ON promos.id = promo_id"  # noqa: S608
        f" WHERE item_id IN (SELECT value FROM json_each(:items)) AND part > 0 AND {COUNTS}"
        " ORDER BY part, ends_at",
        {"items": json.dumps([item.id for item in items]), "now": ctx.at},
    )
    # The last one of an item is its best.
    promos = {int(row[0]): (int(row[1]), str(row[2])) for row in rows}
    tier = tiers.of(ctx, customer_id) if customer_id is not None else None
    return {item.id: _priced(item, *promos.get(item.id, (0, "")), tier) for item in items}


def _priced(item: Item, promo: int, until: str, tier: Tier | None) -> Priced:
    part = max(promo, tier.discount if tier else 0)
    price = item.price - share(item.price, part)
    if price == item.price:
        return Priced(item.price, item.price)
    if promo == part:
        return Priced(price, item.price, "promo", until=until)
    return Priced(price, item.price, "tier", tier=tier.name if tier else "")


def off(ctx: Context, wanted: Sequence[int], customer_id: int | None = None) -> dict[int, int]:
    """What is taken off a unit of each item, in rupiah by item key; without those that have nothing."""
    found = of_each(ctx, catalogue.by_ids(ctx, wanted).values(), customer_id)
    return {
        item_id: priced.regular - priced.price
        for item_id, priced in found.items()
        if priced.price < priced.regular
    }


def on_offer(ctx: Context, most: int) -> list[Item]:
    """Items on sale whose price a promo has lowered now, the largest discount first."""
    rows = ctx.db.execute(
        "SELECT item_id FROM promo_items JOIN promos ON promos.id = promo_id"  # noqa: S608
        " JOIN items ON items.id = item_id"
        f" WHERE part > 0 AND active = 1 AND {COUNTS} GROUP BY item_id"
        " ORDER BY max(part) DESC, item_id LIMIT :most",
        {"now": ctx.at, "most": most},
    )
    return list(catalogue.by_ids(ctx, [row[0] for row in rows.fetchall()]).values())


def last_prices(ctx: Context, customer_id: int, wanted: Sequence[int]) -> Mapping[int, int]:
    """What the customer paid for a unit of each item last time, in rupiah, by item key."""
    rows = ctx.db.execute(
        "SELECT item_id, total + redeemed, quantity FROM json_each(:items) AS wanted"  # noqa: S608 - ours
        " CROSS JOIN sale_lines ON item_id = wanted.value AND sale_id ="
        " (SELECT sale_id FROM sale_lines JOIN sales ON sales.id = sale_id"
        f"  WHERE item_id = wanted.value AND kind = 'sale' AND customer_id IN {people.FAMILY}"
        f"  AND {people.STANDS}"
        "  ORDER BY sale_id DESC LIMIT 1)",
        {"items": json.dumps(list(wanted)), "customer": customer_id},
    )
    return {int(row[0]): (2 * row[1] + row[2]) // (2 * row[2]) for row in rows}
