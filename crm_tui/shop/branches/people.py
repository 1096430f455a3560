"""What the head office knows of customers: the standing in all branches, points in others.

It links people and rewrites no branch's rows; here it is kept beside them, by number.
"""

import json
from collections.abc import Mapping
from typing import Any

from crm_tui.shop.branches.keys import moment, number, text
from crm_tui.shop.gate.context import Context

MOST_PHONES = 50


def _here(ctx: Context, phones: list[str]) -> list[int]:
    """The customers here with these numbers, the oldest first."""
    rows = ctx.db.execute(
        "SELECT DISTINCT customer_id FROM phones WHERE number IN (SELECT value FROM json_each(?))"
        " ORDER BY customer_id",
        (json.dumps(phones),),
    )
    return [int(row[0]) for row in rows]


def standing(ctx: Context, body: Mapping[str, Any]) -> None:
    """A person's tier and rupiah in all branches, within a command; the last one that came counts.

    `{"phones": […], "tier": name or None, "spent_elsewhere", "as_of"}`
    """
    at, tier = moment(body["as_of"]), text(body, "tier", 60, "")
    spent = number(body.get("spent_elsewhere", 0))
    for phone in body["phones"][:MOST_PHONES]:
        ctx.db.execute(
            "INSERT INTO standings_elsewhere VALUES (?, ?, ?, ?) ON CONFLICT (phone) DO UPDATE SET"
            " tier = excluded.tier, spent = excluded.spent, at = excluded.at",
            (str(phone)[:20], tier, spent, at),
        )
    for customer_id in _here(ctx, body["phones"]):
        ctx.changed("customers", customer_id)


def points(ctx: Context, body: Mapping[str, Any]) -> None:
    """Points of a number in another branch, within a command; the last row that came counts.

    `{"branch", "phone", "points", "at"}`
    """
    at, phone = moment(body["at"]), text(body, "phone", 20)
    ctx.db.execute(
        "INSERT INTO points_elsewhere VALUES (?, ?, ?, ?) ON CONFLICT (branch, phone) DO UPDATE SET"
        " points = excluded.points, at = excluded.at",
        (number(body["branch"], 1), phone, number(body["points"]), at),
    )
    for customer_id in _here(ctx, [phone]):
        ctx.changed("customers", customer_id)
