"""Promos that the head office has chosen people for: each lies here as a draft to this shop's own
customers.

Somebody starts it here; consent, hours and budget rule as for any other promo.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crm_tui.shop.branches import applying
from crm_tui.shop.branches.keys import code, number, text
from crm_tui.shop.gate import money
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import UnknownItem
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos.audience import Audience
from crm_tui.shop.promos.campaigns import Draft
from crm_tui.shop.promos.settings import CONTROL

_MOST_TEXT = 2_000
_MOST_PEOPLE = 100_000


@applying.kind("promo")
def _promo(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    """A draft for some customers of this shop; told again it changes nothing.

    `{"name", "kind", "text", "days", "items": [{"code", "part"}], "customers": […], "decided_at"}`
    """
    # No other promo has that: those that are made here have sixteen signs.
    seed = f"office {number(key)} {text(body, 'decided_at', 30)}"
    if ctx.db.execute("SELECT 1 FROM promos WHERE seed = ?", (seed,)).fetchone() is not None:
        return
    words = body["text"]
    if not isinstance(words, str) or len(words) > _MOST_TEXT:
        raise TypeError("no text")
    draft = Draft(
        text(body, "name", campaigns.MOST_NAME), text(body, "kind", 20), words,
        Audience(base="hand", customers=_people(ctx, body["customers"])),
        _items(ctx, body.get("items", ())), number(body["days"], 1), CONTROL(ctx),
    )  # fmt: skip
    made = campaigns.save(ctx, draft)
    ctx.db.execute("UPDATE promos SET seed = ? WHERE id = ?", (seed, made))


def _people(ctx: Context, told: Sequence[object]) -> tuple[int, ...]:
    """Those of them who are customers here, each under the key of now."""
    wanted = [number(each, 1) for each in told[:_MOST_PEOPLE]]
    rows = ctx.db.execute(
        "SELECT DISTINCT kept_id FROM kept WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1",
        (json.dumps(wanted),),
    )
    return tuple(int(row[0]) for row in rows)


def _items(ctx: Context, told: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, int], ...]:
    """Items that this shop has, with their discount."""
    found = []
    for each in told:
        part = number(each["part"])
        if part > money.WHOLE:
            raise ValueError(f"no part: {part}")
        try:
            found.append((catalogue.by_code(ctx, code(each)).id, part))
        except UnknownItem:
            continue
    return tuple(found)
