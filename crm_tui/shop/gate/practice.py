"""The mark of a practice shop: everybody who opens the file knows that nothing in it is real."""

from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context

_KEY = "shop.practice"
"""Stands beside the settings and is none of them: nobody can change it."""


def is_practice(ctx: Context) -> bool:
    """Whether this shop is for practice: then no real port is ever opened for it."""
    return settings.stored(ctx, _KEY) == "1"


@command("shop.mark_practice", "settings.edit")
def mark_practice(ctx: Context) -> None:
    """Make this a practice shop, for good."""
    settings.put(ctx, _KEY, "1")
    ctx.record("shop", None, {"practice": True})
    ctx.changed("settings", 0)
