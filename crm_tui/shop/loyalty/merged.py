"""What loyalty moves when two customers turn out to be one person, and back."""

from typing import Any

from crm_tui.shop.customers import merging
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import scores, tiers


def _joined(ctx: Context, kept_id: int, gone_id: int) -> object:
    scores.anew(ctx, gone_id, kept_id)
    return tiers.joined(ctx, kept_id, gone_id)


def _parted(ctx: Context, kept_id: int, gone_id: int, moved: Any) -> None:
    scores.anew(ctx, kept_id, gone_id)
    tiers.parted(ctx, moved or [])
    tiers.ask_for_review(ctx)


merging.follow(_joined, _parted)
