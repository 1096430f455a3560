"""The segments of long SMS: put together as they come, in whatever order, an hour or a day late.

    incomplete ─the last one came─▶ new (is read and answered)
        └─nothing for some minutes─▶ staff, with what is there ─the rest came─▶ staff, whole

What people have seen is never read by the program any more: they may have acted on it.
"""

from collections.abc import Sequence
from datetime import timedelta

from crm_tui import sqlite
from crm_tui.clock import moment, stamp
from crm_tui.errors import N_, stored
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.fields import Concatenation
from crm_tui.gsm.notices import Notice, notice, words
from crm_tui.gsm.text import join
from crm_tui.shop.gate.commands import journal
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.settings import INCOMPLETE_HOURS, INCOMPLETE_MINUTES

STRETCH = timedelta(minutes=15)
"""The service centre may have taken the segments of one text so far apart."""
_MISSING = N_("parts of it are still missing: {parts}")
_LATER = N_("its missing parts came later; what you saw before was not all of it")
_APART = N_("its parts were sent {minutes} minutes apart; check that they belong together")


MOST_BEGUN = 5
"""So many long SMS of a number wait for their parts at once."""
TOO_MANY = N_("a part of a long SMS; too many of this number wait for their parts already")


def begun(ctx: Context, phone: str) -> int:
    """How many long SMS of a number wait for their parts."""
    row = ctx.db.execute(
        "SELECT count(*) FROM messages WHERE phone = ? AND reference IS NOT NULL"
        " AND status = 'incomplete'",
        (phone,),
    ).fetchone()
    return int(row[0])


def open_message(
    ctx: Context, phone: str, reference: str, joined: Concatenation, sms: pdus.Deliver
) -> tuple[int, bool] | None:
    """The message that lacks this segment, and True; or the one that has it already, and False. None:
    it begins a new one."""
    since = stamp(ctx.now - timedelta(hours=INCOMPLETE_HOURS(ctx)))
    rows = ctx.db.execute(
        "SELECT id, sent_at, at, status, segments, (SELECT count(*) FROM pdus"
        "  WHERE message_id = messages.id) AS there FROM messages"
        " WHERE reference = ? AND phone = ? AND direction = 'in' AND at >= ? ORDER BY id",
        (reference, phone, since),
    ).fetchall()
    # A telephone sends the segments of one text at a stretch; one that uses the same reference
    # again and again begins another text.
    sent_at = sms.sent_at or ctx.now
    for row in rows:
        if row["there"] >= row["segments"]:
            continue
        if abs(moment(row["sent_at"] or row["at"]) - sent_at) > STRETCH:
            continue
        segment = ctx.db.execute(
            "SELECT pdu FROM pdus WHERE message_id = ? AND segment = ?", (row["id"], joined.number)
        ).fetchone()
        if segment is None:
            return int(row["id"]), True
        known = pdus.decode(segment[0])
        if isinstance(known, pdus.Deliver) and known.data == sms.data:
            return int(row["id"]), False
    return None


def assemble(ctx: Context, message_id: int, total: int) -> None:
    """Put the text together from the segments that are there; with all of them it is new."""
    parts: list[pdus.Deliver | None] = [None] * total
    for row in ctx.db.execute(
        "SELECT segment, pdu FROM pdus WHERE message_id = ?", (message_id,)
    ).fetchall():
        decoded = pdus.decode(row[1])
        assert isinstance(decoded, pdus.Deliver)
        parts[row[0] - 1] = decoded
    text, what = told(parts)
    before = ctx.db.execute("SELECT status FROM messages WHERE id = ?", (message_id,)).fetchone()[0]
    if not all(parts):
        status, reason = before, ""
        if before != "incomplete":
            status, reason = "staff", _lacking(parts)
    elif before != "incomplete":
        status, reason = "staff", _LATER
    elif what is not None:
        status, reason = "staff" if what.matters else "done", what.why
    else:
        status, reason = "new", ""
    ctx.db.execute(
        "UPDATE messages SET text = ?, kind = ?, status = ?, status_at = ?, at = ?, reason = ?"
        " WHERE id = ?",
        (text, what.kind if what else "sms", status, ctx.at, ctx.at, reason, message_id),
    )
    ctx.changed("messages", message_id)


def told(parts: Sequence[pdus.Deliver | None]) -> tuple[str, Notice | None]:
    """The text of these segments (None: missing), and what it is if it is no text of a person's."""
    there = [part for part in parts if part is not None]
    text = join([part.data if part else None for part in parts])
    content = b"".join([part.data.content for part in there])
    # One that is damaged speaks for all.
    what = notice(next((part for part in there if part.damage), there[0]), text, content)
    if what is not None and what.kind in ("mms", "wap", "app"):
        text = words(content) or text
    return text, what


def _lacking(parts: Sequence[object]) -> str:
    numbers = [str(at) for at, part in enumerate(parts, start=1) if part is None]
    return stored(_MISSING, parts=", ".join(numbers))


# ── what nobody can wait for any longer ───────────────────────────────────────────────────────


def due_at(ctx: Context) -> str | None:
    """When a long SMS will have waited so long for its parts that people should see it."""
    row = ctx.db.execute("SELECT min(at) FROM messages WHERE status = 'incomplete'").fetchone()
    if row[0] is None:
        return None
    return stamp(moment(row[0]) + timedelta(minutes=INCOMPLETE_MINUTES(ctx)))


def _patience(ctx: Context) -> str:
    return stamp(ctx.now - timedelta(minutes=INCOMPLETE_MINUTES(ctx)))


@journal
def hand_over(ctx: Context) -> None:
    """Give to the staff what has waited too long, with what is there; parts that were sent far apart,
    and fill each other's gaps, are put together first."""
    for row in ctx.db.execute(
        "SELECT id, phone, reference, segments, sent_at, at FROM messages"
        " WHERE status = 'incomplete' AND at <= ? ORDER BY at LIMIT 20",
        (_patience(ctx),),
    ).fetchall():
        numbers = _numbers(ctx, row["id"])
        other = _complement(ctx, row, numbers)
        if other is not None:
            _put_together(ctx, other, row)
            continue
        parts = [None if at + 1 not in numbers else at for at in range(row["segments"])]
        ctx.db.execute(
            "UPDATE messages SET status = 'staff', status_at = ?, read_as = 'human', reason = ?"
            " WHERE id = ?",
            (ctx.at, _lacking(parts), row["id"]),
        )
        ctx.changed("messages", row["id"])


def _numbers(ctx: Context, message_id: int) -> set[int]:
    return {
        int(row[0])
        for row in ctx.db.execute("SELECT segment FROM pdus WHERE message_id = ?", (message_id,))
    }


def _complement(ctx: Context, late: sqlite.Row, numbers: set[int]) -> int | None:
    """The older message of the same number and reference that lacks exactly these segments."""
    since = stamp(ctx.now - timedelta(hours=INCOMPLETE_HOURS(ctx)))
    for row in ctx.db.execute(
        "SELECT id FROM messages WHERE reference = ? AND phone = ? AND direction = 'in' AND id < ?"
        " AND segments = ? AND at >= ? AND status IN ('incomplete', 'staff') ORDER BY id DESC",
        (late["reference"], late["phone"], late["id"], late["segments"], since),
    ).fetchall():
        theirs = _numbers(ctx, row[0])
        if not theirs & numbers and len(theirs) + len(numbers) == late["segments"]:
            return int(row[0])
    return None


def _put_together(ctx: Context, older: int, late: sqlite.Row) -> None:
    row = ctx.db.execute("SELECT sent_at, at FROM messages WHERE id = ?", (older,)).fetchone()
    gap = moment(late["sent_at"] or late["at"]) - moment(row["sent_at"] or row["at"])
    ctx.db.execute("UPDATE pdus SET message_id = ? WHERE message_id = ?", (older, late["id"]))
    assemble(ctx, older, late["segments"])
    ctx.db.execute(
        "UPDATE messages SET status = 'staff', read_as = 'human', reason = ? WHERE id = ?",
        (stored(_APART, minutes=round(abs(gap.total_seconds()) / 60)), older),
    )
    ctx.db.execute(
        "UPDATE messages SET status = 'done', status_at = ?, read_as = 'human', reason = ?"
        " WHERE id = ?",
        (ctx.at, stored(N_("belongs to the long SMS {number}"), number=older), late["id"]),
    )
    ctx.changed("messages", late["id"])
