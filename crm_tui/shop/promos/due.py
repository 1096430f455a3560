"""What is due of promos, asked all day; what sends them is loaded with the first one that runs."""

from datetime import timedelta
from typing import cast

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress

_STALE = timedelta(seconds=60)
"""Whoever began a list is at it for so long, unless their power went."""


def unfinished(ctx: Context) -> list[int]:
    """The promos whose lists are not whole."""
    rows = ctx.db.execute("SELECT id FROM promos WHERE status = 'building'").fetchall()
    return [int(row[0]) for row in rows]


def stale_at(ctx: Context) -> str | None:
    """When the oldest list that is not whole will surely have been cut off."""
    row = ctx.db.execute("SELECT min(started_at) FROM promos WHERE status = 'building'").fetchone()
    return None if row[0] is None else stamp(moment(row[0]) + _STALE)


def finish_building(ctx: Context, progress: Progress | None = None) -> None:
    """Go on with what was cut off in the middle."""
    for promo_id in unfinished(ctx):
        from crm_tui.shop.promos import sending

        sending.build(ctx, promo_id, progress)


def due_at(ctx: Context) -> str | None:
    """When `feed` will have something to do."""
    row = ctx.db.execute(
        "SELECT min(coalesce(next_at, '')) FROM promos WHERE status = 'running'"
    ).fetchone()
    return cast("str | None", row[0])


def unwanted(ctx: Context, message_id: int) -> str:
    """Why the promo of a message goes on no more, "" if it does; a customer of a paused one waits
    with the others again."""
    promo = ctx.db.execute(
        "SELECT promo_id, status, ends_at FROM promo_people JOIN promos ON promos.id = promo_id"
        " WHERE message_id = ?",
        (message_id,),
    ).fetchone()
    if promo is None:
        return ""
    if promo["status"] == "paused":
        ctx.db.execute(
            "UPDATE promo_people SET message_id = NULL WHERE promo_id = ? AND message_id = ?",
            (promo["promo_id"], message_id),
        )
        return N_("the promo was paused")
    if promo["status"] == "cancelled":
        return N_("the promo was cancelled")
    return N_("the promo was over") if promo["ends_at"] <= ctx.at else ""
