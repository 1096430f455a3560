"""Tiers that the head office declares for all branches, and who has which."""

from collections.abc import Mapping
from typing import Any

from crm_tui.shop.branches import applying
from crm_tui.shop.branches.keys import number, text
from crm_tui.shop.gate import money
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.loyalty.tiers import Tier


@applying.kind("tier")
def _tier(ctx: Context, key: str, body: Mapping[str, Any]) -> None:
    """A tier of all branches, in the place of one of the same name here; `active` false: none any more.

    `{"name", "level", "top" or "spent", "discount", "multiplier", "gift", "active"}`
    """
    name = text(body, "name", 40)
    here = next(
        (each for each in tiers.every(ctx) if each.name.casefold() == name.casefold()), None
    )
    tiers.set_central(ctx, name, is_central=bool(body["active"]))
    if not body["active"]:
        if here is not None:
            tiers.remove(ctx, here.id)
        return
    top, spent = body.get("top"), body.get("spent")
    tier = Tier(
        name, number(body["level"]), None if top is None else number(top, 1),
        None if spent is None else number(spent, 1), _part(body["discount"]),
        number(body["multiplier"]), text(body, "gift", 100, ""), here.id if here is not None else 0,
    )  # fmt: skip
    if tier != here:
        tiers.save(ctx, tier)


def _part(value: object) -> int:
    part = number(value)
    if part > money.WHOLE:
        raise ValueError(f"no part: {part}")
    return part
