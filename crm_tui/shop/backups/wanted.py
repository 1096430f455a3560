"""A backup is wanted soon: said by whoever ends a day's work, done by whoever keeps backups."""

from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context

_KEY = "backup.wanted"
"""Stands beside the settings and is none of them."""


def want(ctx: Context) -> None:
    """Have a backup made soon, within a command."""
    settings.put(ctx, _KEY, ctx.at)


def at(ctx: Context) -> str:
    """When one was wanted last (a stored moment), "" if never."""
    return settings.stored(ctx, _KEY)
