"""The audience of a promo: a list to begin with, and what narrows it down. All of it is a query."""
# ruff: noqa: S608 - what is put into queries is names of ours

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.shop.customers import lost
from crm_tui.shop.customers import people as customer_people
from crm_tui.shop.gate import phones, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.loyalty.lists import RANKING

LISTS = {"all": "ranked", "due": "due", "leaving": "leaving", "new": "new"}
"""The audience that each list of the ranking is."""


@dataclass(frozen=True)
class Audience:
    """`base`: all, ranked (who has bought), tier, due, leaving, new, asked, hand or nobody. `tier`: its
    key, 0 any. `customers`: chosen by hand. Narrowed to customers who bought an item (key) or of a
    category within `days`, who have not bought for `quiet` days, whose address holds `area`; 0 and ""
    narrow nothing."""

    base: str = "all"
    tier: int = 0
    customers: tuple[int, ...] = ()
    item: int = 0
    category: str = ""
    days: int = 365
    quiet: int = 0
    area: str = ""

    @property
    def as_text(self) -> str:
        """As the store keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)


def restored(text: str) -> Audience:
    """What `as_text` made."""
    data: dict[str, Any] = json.loads(text)
    return Audience(**{**data, "customers": tuple(data["customers"])})


_BOUGHT = (
    "SELECT kept_id FROM sale_lines JOIN sales ON sales.id = sale_id AND sales.kind = 'sale'"
    f" AND {customer_people.STANDS} JOIN kept ON kept.id = sales.customer_id"
)


def people(ctx: Context, audience: Audience) -> list[int]:
    """The keys of all customers who are meant, in order; some may not be written to."""
    conditions = ["merged_into IS NULL", "active = 1"]
    params: dict[str, object] = {
        "today": ctx.now.astimezone().date().toordinal(),
        "tier": audience.tier,
        "item": audience.item,
        "category": audience.category,
        "since": stamp(ctx.now - timedelta(days=audience.days)),
        "asked_since": stamp(ctx.now - timedelta(days=lost.DAYS)),
        "quiet": audience.quiet,
        "area": f"%{_literal(audience.area)}%",
        "chosen": json.dumps(audience.customers),
    }
    conditions += _base(audience)
    if audience.item:
        conditions.append(
            f"customers.id IN ({_BOUGHT} WHERE item_id = :item AND sales.at >= :since)"
        )
    if audience.category:
        conditions.append(
            f"customers.id IN ({_BOUGHT} JOIN items ON items.id = item_id"
            " WHERE category = :category COLLATE NOCASE AND sales.at >= :since)"
        )
    if audience.quiet:
        conditions.append(
            "customers.id NOT IN (SELECT customer_id FROM buyers WHERE last_day > :today - :quiet)"
        )
    if audience.area.strip():
        conditions.append("address LIKE :area ESCAPE '\\'")
    rows = ctx.db.execute(
        f"SELECT customers.id FROM customers WHERE {' AND '.join(conditions)} ORDER BY customers.id",
        params,
    )
    return [int(row[0]) for row in rows]


class NotACustomer(BadInput):
    text = N_("{phone} is no customer's number.")


def chosen(ctx: Context, typed: str) -> tuple[int, ...]:
    """The customers whose numbers were typed, commas between. Raises `BadPhone`, `NotACustomer`."""
    country = settings.COUNTRY(ctx)
    customers: dict[int, None] = {}
    for number in re.split(r"[,;\n]", typed):
        if not number.strip():
            continue
        customer = customer_people.by_phone(ctx, phones.checked(number, country))
        if customer is None:
            raise NotACustomer(phone=number.strip())
        customers[customer.id] = None
    if not customers:
        raise NotACustomer(phone=typed.strip() or "–")
    return tuple(customers)


def typed(ctx: Context, customers: Sequence[int]) -> str:
    """The customers as one would type them: a number of each."""
    rows = ctx.db.execute(
        f"SELECT {phones.FOR_SMS} FROM json_each(:chosen) AS chosen"
        " JOIN phones ON customer_id = chosen.value GROUP BY chosen.key ORDER BY chosen.key",
        {"chosen": json.dumps(customers)},
    )
    return ", ".join(row[0] for row in rows)


def is_category(ctx: Context, name: str) -> bool:
    """Whether items are of this category."""
    row = ctx.db.execute(
        "SELECT 1 FROM items WHERE category = ? COLLATE NOCASE LIMIT 1", (name,)
    ).fetchone()
    return row is not None


def _literal(text: str) -> str:
    for each in "\\%_":
        text = text.replace(each, "\\" + each)
    return text.strip()


def _base(audience: Audience) -> list[str]:
    match audience.base:
        case "tier":
            which = "tier_id = :tier" if audience.tier else "1"
            return [f"customers.id IN (SELECT customer_id FROM members WHERE {which})"]
        case "ranked":
            return ["customers.id IN (SELECT customer_id FROM buyers)"]
        case "due" | "leaving" | "new" as name:
            part = RANKING.parts[name].condition
            return [f"customers.id IN (SELECT customer_id FROM buyers WHERE {part})"]
        case "asked":
            return [
                "customers.id IN (SELECT kept_id FROM lost_sales"
                " JOIN kept ON kept.id = lost_sales.customer_id"
                f" WHERE lost_sales.at >= :asked_since AND {lost.NEVER_BOUGHT})"
            ]
        case "hand":
            return ["customers.id IN (SELECT value FROM json_each(:chosen))"]
        case "nobody":
            return ["0"]
        case _:
            return []
