"""From the queue to the line: the states of each segment, and what is done in doubt. Each step is
committed before the next.

queued ─claim→ sending ─OK→ sent ─report→ delivered | failed
   ↑              │  └─no answer, crash→ in_doubt ─report→ delivered | failed
 held ←─refused, for now                     └─no report in time→ once more, marked (ulang)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from crm_tui import sqlite
from crm_tui.clock import moment, stamp
from crm_tui.errors import N_, Sentence, stored
from crm_tui.gsm import pdu as pdus
from crm_tui.shop.gate.commands import journal
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import budget, consent
from crm_tui.shop.messages.outbox import AGAIN, BEGUN, KINDS, Doubt, cancel_repetitions, queue
from crm_tui.shop.messages.settings import ANSWER_AGE, DOUBT_ANSWER, DOUBT_ORDER

_BACKOFF = (5, 15, 60, 180, 300)


_REPORT_DAYS = 7


_GRACE = 60


_BROKEN = N_("it could not be dealt with; the details are in crm.log")


@dataclass(frozen=True)
class Segment:
    """One SMS that is to go out. `priority` as in `outbox.KINDS`, 0: its message has begun to go."""

    id: int
    message_id: int
    phone: str
    pdu: str
    priority: int = 0


_AHEAD = 60
"""So many queued SMS are looked at when numbers take turns."""


def upcoming(ctx: Context, served: Sequence[str] = ()) -> Segment | None:
    """The next SMS to send: what has begun first, then by priority, number in turn, and age. `served`:
    the numbers that were written to lately, the last one last; they come after the others."""
    row = ctx.db.execute(
        "SELECT segments.id, message_id, segments.phone, pdu"
        " FROM messages JOIN segments ON message_id = messages.id"
        " WHERE messages.status = 'sending' AND segments.status = 'queued'"
        " ORDER BY messages.id, number LIMIT 1"
    ).fetchone()
    if row is None:
        queued = ctx.db.execute(
            "SELECT priority, phone, id FROM messages WHERE status = 'queued'"
            " ORDER BY priority, id LIMIT ?",
            (_AHEAD,),
        ).fetchall()
        if not queued:
            return None
        turns = {phone: turn for turn, phone in enumerate(served, start=1)}
        following = min(queued, key=lambda each: (each[0], turns.get(each[1], 0), each[2]))
        row = ctx.db.execute(
            "SELECT id, message_id, phone, pdu FROM segments WHERE message_id = ?"
            " AND status = 'queued' ORDER BY number LIMIT 1",
            (following[2],),
        ).fetchone()
        return None if row is None else Segment(row[0], row[1], row[2], row[3], following[0])
    return None if row is None else Segment(row[0], row[1], row[2], row[3])


Unwanted = Callable[[Context, int], str]
"""Why a message that keeps quiet hours is not to go out any more, "" if it is."""


@journal
def claim(ctx: Context, segment: Segment, unwanted: Unwanted) -> bool:
    """Commit that this SMS is about to go out. False: it must not, it expired or was taken back.

    `unwanted` is asked about one that was not just asked for: what a promo is, this room does not know.
    """
    row = ctx.db.execute(
        f"SELECT status, kind, phone, expires_at, {BEGUN} AS begun FROM messages WHERE id = ?",  # noqa: S608
        (segment.message_id,),
    ).fetchone()
    if row["status"] not in ("queued", "sending"):
        return False
    if not row["begun"] and row["expires_at"] <= ctx.at and not ctx.time.doubted:
        _set_message(ctx, segment.message_id, "expired")
        return False
    if KINDS[row["kind"]].quiet and not _may_go(ctx, segment.message_id, row, unwanted):
        return False
    _set_segment(ctx, segment.id, "sending")
    budget.count(ctx)
    if row["status"] != "sending":
        _set_message(ctx, segment.message_id, "sending")
    return True


@journal
def claim_behind(
    ctx: Context, before: Callable[[], object], segment: Segment, unwanted: Unwanted
) -> bool:
    """As `claim`, in one commit with what `before` writes of the SMS before it."""
    before()
    return claim(ctx, segment, unwanted)


def _may_go(ctx: Context, message_id: int, row: sqlite.Row, unwanted: Unwanted) -> bool:
    """The last look before it goes out: a customer who has said STOP meanwhile gets nothing, and
    nobody does at night. A long one that has begun is broken off by a STOP."""
    why = ""
    if KINDS[row["kind"]].promotes and not consent.given_by(ctx, row["phone"], row["kind"]):
        why = N_("no consent any more")
    elif not row["begun"]:
        why = unwanted(ctx, message_id)
    if why:
        _set_message(ctx, message_id, "cancelled")
        ctx.db.execute("UPDATE messages SET reason = ? WHERE id = ?", (why, message_id))
        return False
    opens = budget.opens_at(ctx) or consent.opens_at(ctx)
    if opens is not None and not row["begun"]:
        _set_message(ctx, message_id, "held")
        ctx.db.execute(
            "UPDATE messages SET not_before = ? WHERE id = ?", (stamp(opens), message_id)
        )
        return False
    return True


@journal
def sent(ctx: Context, segment: Segment, reference: int) -> None:
    """The network took it and calls it `reference`."""
    ctx.db.execute(
        "UPDATE segments SET status = 'sent', status_at = ?, out_at = ?, reference = ?, open = 1"
        " WHERE id = ?",
        (ctx.at, ctx.at, reference, segment.id),
    )
    _settle(ctx, segment.message_id)


@journal
def doubted(ctx: Context, segment: Segment) -> None:
    """It was given away whole, and no answer came."""
    _doubt(ctx, segment.id)
    _settle(ctx, segment.message_id)


@journal
def not_sent(ctx: Context, segment: Segment) -> None:
    """It was claimed, and surely did not go out: it waits as before."""
    _set_segment(ctx, segment.id, "queued")
    begun = ctx.db.execute(
        f"SELECT {BEGUN} FROM messages WHERE id = ?",  # noqa: S608 - ours
        (segment.message_id,),
    ).fetchone()[0]
    if not begun:
        _set_message(ctx, segment.message_id, "queued")


@journal
def given_up(ctx: Context, segment: Segment) -> None:
    """The program cannot find out whether it may go, and would not the next time: people see it."""
    _set_segment(ctx, segment.id, "failed")
    ctx.db.execute("UPDATE messages SET reason = ? WHERE id = ?", (_BROKEN, segment.message_id))
    _settle(ctx, segment.message_id)


@journal
def refused(
    ctx: Context, segment: Segment, reason: Sentence, *, passing: bool, pause: float = 0.0
) -> None:
    """The network said no: try again later if it may pass, until the message expires; not before
    `pause` seconds."""
    row = ctx.db.execute(
        "SELECT attempts, expires_at FROM messages WHERE id = ?", (segment.message_id,)
    ).fetchone()
    usual = _BACKOFF[min(row["attempts"], len(_BACKOFF) - 1)]
    wait = timedelta(seconds=max(pause, usual))
    if passing and (pause or row["expires_at"] > stamp(ctx.now + wait)):
        _set_segment(ctx, segment.id, "queued")
        ctx.db.execute(
            "UPDATE messages SET status = 'held', status_at = ?, attempts = attempts + 1,"
            " not_before = ?, reason = ? WHERE id = ?",
            (ctx.at, stamp(ctx.now + wait), reason, segment.message_id),
        )
        ctx.changed("messages", segment.message_id)
    else:
        _set_segment(ctx, segment.id, "failed")
        ctx.db.execute("UPDATE messages SET reason = ? WHERE id = ?", (reason, segment.message_id))
        _settle(ctx, segment.message_id)


@journal
def resume(ctx: Context) -> None:
    """SMS go out again: what was refused before is tried now."""
    ctx.db.execute(
        "UPDATE messages SET not_before = ? WHERE status = 'held' AND attempts > 0"
        " AND not_before > ?",
        (ctx.at, ctx.at),
    )


@journal
def recover(ctx: Context, *, grace: bool = True) -> int:
    """What was going out when the worker or the line ended is in doubt. How many SMS.

    With `grace`, after a start, doubts wait a moment more for the reports that are on their way.
    """
    rows = ctx.db.execute(
        # From the few messages, not from all segments.
        "SELECT segments.id, message_id FROM messages CROSS JOIN segments"
        " ON message_id = messages.id"
        " WHERE messages.status = 'sending' AND segments.status = 'sending'"
    ).fetchall()
    for row in rows:
        _doubt(ctx, row[0])
        _settle(ctx, row[1])
    if not grace:
        return len(rows)
    # No report could come while we were away.
    for row in ctx.db.execute(
        "SELECT id, kind, not_before FROM messages WHERE status = 'in_doubt' AND not_before <= ?",
        (stamp(ctx.now + timedelta(seconds=_GRACE)),),
    ).fetchall():
        pause = min(_GRACE, _patience(ctx, KINDS[row["kind"]].doubt))
        until = max(row["not_before"], stamp(ctx.now + timedelta(seconds=pause)))
        ctx.db.execute("UPDATE messages SET not_before = ? WHERE id = ?", (until, row["id"]))
    return len(rows)


def _patience(ctx: Context, doubt: Doubt) -> int:
    """Seconds that a message in doubt waits for its report."""
    return (DOUBT_ORDER if doubt is Doubt.REPEAT else DOUBT_ANSWER)(ctx)


def due_at(ctx: Context) -> str | None:
    """When `tend` will have something to do."""
    row = ctx.db.execute(
        "SELECT min(at) FROM"
        " (SELECT min(not_before) AS at FROM messages WHERE status = 'held'"
        " UNION ALL SELECT min(not_before) FROM messages WHERE status = 'in_doubt')"
    ).fetchone()
    return cast("str | None", row[0])


@journal
def tend(ctx: Context) -> None:
    """Release what was held, and settle what stayed in doubt by the table of kinds."""
    held = ctx.db.execute(
        f"SELECT id, {BEGUN} AS begun FROM messages"  # noqa: S608 - ours
        " WHERE status = 'held' AND not_before <= ? LIMIT 100",
        (ctx.at,),
    ).fetchall()
    for row in held:
        # A long message of which some segments are out goes on where it stopped.
        _set_message(ctx, row["id"], "sending" if row["begun"] else "queued")
    doubtful = ctx.db.execute(
        "SELECT * FROM messages WHERE status = 'in_doubt' AND not_before <= ? LIMIT 100", (ctx.at,)
    ).fetchall()
    for row in doubtful:
        ctx.db.execute("UPDATE messages SET not_before = NULL WHERE id = ?", (row["id"],))
        if _worth_repeating(ctx, row):
            queue(
                ctx, row["phone"], row["text"] + AGAIN, row["kind"],
                customer_id=row["customer_id"], reply_to=row["reply_to"],
                order_id=row["order_id"], repeat_of=row["id"], expires_at=row["expires_at"],
            )  # fmt: skip
        ctx.changed("messages", row["id"])


def _worth_repeating(ctx: Context, row: sqlite.Row) -> bool:
    if row["repeat_of"] is not None or row["expires_at"] <= ctx.at:
        return False
    doubt = KINDS[row["kind"]].doubt
    if doubt is Doubt.REPEAT_IF_FRESH and row["reply_to"] is not None:
        asked = ctx.db.execute(
            "SELECT at FROM messages WHERE id = ?", (row["reply_to"],)
        ).fetchone()
        age = (ctx.now - moment(asked[0])).total_seconds()
        return age < ANSWER_AGE(ctx)
    return doubt is Doubt.REPEAT


def reported(ctx: Context, report: pdus.Report, phone: str) -> None:
    """A status report came, within the worker's journal: settle the SMS that it speaks of.

    It belongs to the open SMS to this number with its reference: of several, for references begin
    anew after 256, to the one that went out when the network took what it reports, else the newest. One
    in doubt whose reference was never heard is settled by a report that no other SMS explains.
    """
    if report.fate is pdus.Fate.TRYING:
        return
    oldest = stamp(ctx.now - timedelta(days=_REPORT_DAYS))
    rows = ctx.db.execute(
        "SELECT id, message_id, reference, out_at FROM segments"
        " WHERE open = 1 AND phone = ? AND status_at >= ? ORDER BY id DESC",
        (phone, oldest),
    ).fetchall()
    known = [row for row in rows if row["reference"] == report.reference]
    unheard = [row for row in rows if row["reference"] is None]
    sent_at = stamp(report.sent_at) if report.sent_at else None
    segment = _meant(known, report) if known else unheard[-1] if unheard else None
    if segment is None or _told_before(ctx, phone, report.reference, sent_at):
        return
    status = "delivered" if report.fate is pdus.Fate.DELIVERED else "failed"
    ctx.db.execute(
        "UPDATE segments SET status = ?, status_at = ?, reference = ?, taken_at = ?, open = 0"
        " WHERE id = ?",
        (status, ctx.at, report.reference, sent_at, segment["id"]),
    )
    if status == "failed":
        ctx.db.execute(
            "UPDATE messages SET reason = ? WHERE id = ?",
            (
                stored(N_("the network says: status {code}"), code=report.status),
                segment["message_id"],
            ),
        )
    _settle(ctx, segment["message_id"])
    if status == "delivered":
        cancel_repetitions(ctx, segment["message_id"])


def _meant(known: Sequence[sqlite.Row], report: pdus.Report) -> sqlite.Row:
    """Which of the open SMS with its reference, the newest first, a report speaks of."""
    taken = report.sent_at
    if taken is None:
        return known[0]
    apart = [abs(moment(row["out_at"]) - taken) for row in known]
    nearest = min(apart)
    # A service centre without a clock says nothing.
    return known[apart.index(nearest)] if nearest < timedelta(days=_REPORT_DAYS) else known[0]


def _told_before(ctx: Context, phone: str, reference: int, taken_at: str | None) -> bool:
    """Whether a report of this very SMS was heard already: some networks report twice."""
    row = ctx.db.execute(
        "SELECT 1 FROM (SELECT id FROM messages WHERE phone = ? AND direction = 'out'"
        " ORDER BY id DESC LIMIT 100) AS recent"
        " JOIN segments ON message_id = recent.id WHERE reference = ? AND taken_at = ?",
        (phone, reference, taken_at),
    ).fetchone()
    return row is not None


def _doubt(ctx: Context, segment_id: int) -> None:
    ctx.db.execute(
        "UPDATE segments SET status = 'in_doubt', status_at = ?, out_at = ?, open = 1 WHERE id = ?",
        (ctx.at, ctx.at, segment_id),
    )


def _set_segment(ctx: Context, segment_id: int, status: str) -> None:
    ctx.db.execute(
        "UPDATE segments SET status = ?, status_at = ? WHERE id = ?", (status, ctx.at, segment_id)
    )


def _set_message(ctx: Context, message_id: int, status: str) -> None:
    ctx.db.execute(
        "UPDATE messages SET status = ?, status_at = ?, not_before = NULL WHERE id = ?",
        (status, ctx.at, message_id),
    )
    ctx.changed("messages", message_id)


def _settle(ctx: Context, message_id: int) -> None:
    """Give the message the status that follows from its segments."""
    statuses = {
        row[0]
        for row in ctx.db.execute("SELECT status FROM segments WHERE message_id = ?", (message_id,))
    }
    row = ctx.db.execute("SELECT kind, status FROM messages WHERE id = ?", (message_id,)).fetchone()
    if "failed" in statuses:
        status = "failed"
    elif statuses & {"queued", "sending"}:
        return
    elif "in_doubt" in statuses:
        status = "in_doubt"
    else:
        status = "delivered" if statuses == {"delivered"} else "sent"
    if status == row["status"]:
        return
    _set_message(ctx, message_id, status)
    if row["status"] == "sending":
        ctx.db.execute(
            "UPDATE messages SET sent_at = ? WHERE id = ? AND sent_at IS NULL", (ctx.at, message_id)
        )
    doubt = KINDS[row["kind"]].doubt
    if status == "in_doubt" and doubt is not Doubt.LEAVE:
        until = stamp(ctx.now + timedelta(seconds=_patience(ctx, doubt)))
        ctx.db.execute("UPDATE messages SET not_before = ? WHERE id = ?", (until, message_id))
