"""What loyalty moves when two customers turn out to be one person, and back."""

from typing import Any

from crm_tui.errors import N_
from crm_tui.shop.customers import merging
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.loyalty import points, scores, tiers


class PointsSpentSince(RuleBroken):
    text = N_(
        "{points} points were spent since these two were merged, and nobody knows whose. It cannot be "
        "undone any more: enter the second customer anew, and give the points that are due."
    )


def _joined(ctx: Context, kept_id: int, gone_id: int) -> object:
    scores.anew(ctx, gone_id, kept_id)
    return {"tiers": tiers.joined(ctx, kept_id, gone_id), "points": points.last_move(ctx)}


def _parted(ctx: Context, kept_id: int, gone_id: int, moved: Any) -> None:
    # An older program kept the tiers alone, or nothing.
    told = moved if isinstance(moved, dict) else {"tiers": moved}
    spent = points.spent_since(ctx, (kept_id, gone_id), told.get("points"))
    if spent:
        raise PointsSpentSince(points=spent)
    scores.anew(ctx, kept_id, gone_id)
    tiers.parted(ctx, told["tiers"] or [])
    tiers.ask_for_review(ctx)


merging.follow(_joined, _parted)
