"""What is due in the shop without anybody's doing; the worker asks each second."""

import logging

from crm_tui.shop.answers import waiting
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.loyalty import points, scores, tiers
from crm_tui.shop.messages import inbox, joining, sending
from crm_tui.shop.orders import changing
from crm_tui.shop.promos import sending as promo_sending

log = logging.getLogger(__name__)


def tend(ctx: Context) -> bool:
    """Due work of the inbox, the outbox, orders, promos and rewards; whether there was any."""
    busy = False
    if joining.has_due(ctx):
        joining.hand_over(ctx)
        busy = True
    if sending.has_due(ctx):
        sending.tend(ctx)
        busy = True
    if inbox.unread(ctx, 1):
        # It waited for others, and waits no more.
        busy = True
    # By a wrong clock nothing expires, and nothing goes out unasked.
    return (not ctx.time.doubted and _tend_what_ends(ctx)) or busy


def _tend_what_ends(ctx: Context) -> bool:
    busy = False
    if points.has_due(ctx):
        points.expire(ctx)
        busy = True
    if waiting.has_due(ctx):
        waiting.feed(ctx)
        busy = True
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
