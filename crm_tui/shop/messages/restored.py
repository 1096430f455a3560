"""What a restored backup means for SMS: what was on its way then may be out by now.

Nothing goes out by itself: what was not final is held until the staff decide about each, and what was
not read yet goes to them, too, for it may have been answered.
"""

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.outbox import UNSENT

HELD = N_("a backup was restored: it may have gone out already")
UNREAD = N_("a backup was restored: it may have been answered already")


def restored(ctx: Context) -> None:
    """Hold what was on its way, within a command."""
    # A status at a time, for each has an index of its own.
    for status in (*UNSENT, "in_doubt"):
        ctx.db.execute(
            "UPDATE segments SET status = 'in_doubt', status_at = ?, open = 1"  # noqa: S608
            " WHERE status = 'sending' AND message_id IN"
            f" (SELECT id FROM messages WHERE status = '{status}')",
            (ctx.at,),
        )
    held = [
        int(row[0])
        for status in (*UNSENT, "in_doubt")
        for row in ctx.db.execute(
            f"SELECT id FROM messages WHERE status = '{status}'"  # noqa: S608
            " AND decided_at IS NULL"
        ).fetchall()
    ]
    for message_id in held:
        ctx.db.execute(
            "UPDATE messages SET status = 'held', status_at = ?, not_before = NULL, reason = ?"
            " WHERE id = ?",
            (ctx.at, HELD, message_id),
        )
        ctx.changed("messages", message_id)
    unread = ctx.db.execute(
        "UPDATE messages SET status = 'staff', status_at = ?, reason = ? WHERE status = 'new'"
        " RETURNING id",
        (ctx.at, UNREAD),
    ).fetchall()
    for row in unread:
        ctx.changed("messages", row[0])
    ctx.db.execute("UPDATE gateway SET state = 'stopped', error = ''")
