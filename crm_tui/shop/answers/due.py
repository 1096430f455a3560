"""What is due in the shop without anybody's doing; the worker asks each second."""

import logging

from crm_tui.shop.answers import waiting
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.loyalty import points, scores, tiers
from crm_tui.shop.messages import sending
from crm_tui.shop.orders import changing
from crm_tui.shop.promos import sending as promo_sending

log = logging.getLogger(__name__)

_STALE = 60.0


def tend(ctx: Context) -> bool:
    """Due work of the outbox, orders, promos and rewards; whether there was any."""
    busy = False
    if sending.has_due(ctx):
        sending.tend(ctx)
        busy = True
    if points.has_due(ctx):
        points.expire(ctx)
        busy = True
    if waiting.has_due(ctx):
        waiting.feed(ctx)
        busy = True
    busy = promo_sending.finish_building(ctx, _STALE) or busy
    if promo_sending.has_due(ctx):
        promo_sending.feed(ctx)
        busy = True
    if scores.chosen(ctx) is not None and tiers.is_due(ctx):
        tiers.review(ctx)
    for number in changing.overdue(ctx):
        try:
            changing.expire(ctx, number)
        except RuleBroken as broken:
            log.info("order %s did not expire: %s", number, broken)
        busy = True
    return busy


def unwanted(ctx: Context, message_id: int) -> str:
    """Why an SMS that was not just asked for is not to go out any more, "" if it is."""
    return promo_sending.unwanted(ctx, message_id) or waiting.unwanted(ctx, message_id)
