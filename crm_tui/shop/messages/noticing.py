"""Customers are told what the staff did in their name, so that nobody does it behind their back."""

import json
from collections.abc import Sequence

from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.filling import Template
from crm_tui.shop.messages.settings import NOTICES

MOST = 5
"""To so many numbers of a customer at most, those known longest first: who added some cannot take the
others' place. That a customer has more needs the right of merging."""


def tell(
    ctx: Context, phones: Sequence[str], customer_id: int, text: Template, **values: object
) -> None:
    """Tell a customer at all numbers, within a command of the staff's, if the shop wants that. What the
    customer did by SMS was answered by SMS."""
    if ctx.actor == GATEWAY or not NOTICES(ctx):
        return
    shop = settings.SHOP_NAME(ctx)
    for phone in _known_longest(ctx, phones)[:MOST]:
        outbox.queue(
            ctx, phone, text(ctx, shop=shop, **values), "notice", customer_id=customer_id
        )  # fmt: skip


def _known_longest(ctx: Context, phones: Sequence[str]) -> list[str]:
    """Numbers by the first SMS with them, in or out; those without any come last."""
    rows = ctx.db.execute(
        "SELECT value FROM json_each(?) ORDER BY coalesce("
        "(SELECT min(id) FROM messages WHERE phone = value), 9e18), key",
        (json.dumps(list(phones)),),
    )
    return [str(row[0]) for row in rows]


def ending(phone: str) -> str:
    """A number as somebody is told of it whose it may not be: its last four digits."""
    return phone[-4:]
