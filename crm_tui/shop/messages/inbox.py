"""SMS taken in: the first of the two transactions, after which the SIM may forget them.

Whether octets are another SMS or one that is known, `identity` says; segments are put together by
`joining`. What was taken for a repetition leaves a row.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from crm_tui import sqlite
from crm_tui.clock import moment, stamp
from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import PduProblem
from crm_tui.shop.gate import phones, settings
from crm_tui.shop.gate.commands import journal, savepoint
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import deduplication as identities
from crm_tui.shop.messages import delivery, joining
from crm_tui.shop.messages.deduplication import Received, Verdict, identity
from crm_tui.shop.messages.outbox import UNSENT_SQL

log = logging.getLogger(__name__)

MOST_QUEUED = 3
"""So many answers to a number wait to go out at most."""
_PATIENCE = timedelta(seconds=90)
_FRESH = timedelta(hours=2)


@journal
def take_in(
    ctx: Context,
    received: Iterable[str | Received],
    *,
    since: datetime | None = None,
    emptied: Iterable[str] = (),
) -> int:
    """Store PDUs (hexadecimal) and what they carry; how many of them were new.

    `since`: when the network could reach us again; `emptied`: places that were emptied before.
    """
    identities.forget(ctx, emptied)
    all_ = [Received(each) if isinstance(each, str) else each for each in received]
    return sum(_take_in(ctx, each, since) for each in all_)


def _take_in(ctx: Context, received: Received, since: datetime | None) -> bool:
    try:
        # What goes wrong with one SMS undoes nothing of the others.
        with savepoint(ctx):
            return _store(ctx, received, since)
    except sqlite.Error:
        raise
    except PduProblem as problem:
        return _keep_unread(ctx, received, since, problem.stored)
    except Exception:
        # Else it would come back with each reading of the SIM, and nothing behind it would pass.
        log.exception("an SMS could not be taken in: %s", received.pdu)
        why = N_("it could not be taken in; the details are in crm.log")
        return _keep_unread(ctx, received, since, why)


def _store(ctx: Context, received: Received, since: datetime | None) -> bool:
    sms = pdus.decode(received.pdu)
    verdict = identities.judge(ctx, received, sms.sent_at, sms.stamp, since)
    kind = "report" if isinstance(sms, pdus.Report) else "deliver"
    pdu_id = _insert_pdu(ctx, received, kind, verdict)
    if pdu_id is None:
        return False
    if sms.sent_at is not None:
        ctx.time.heard(sms.sent_at, late=True)
    if isinstance(sms, pdus.Report):
        recipient = _phone(ctx, sms.recipient)[0]
        delivery.reported(ctx, sms, recipient)
        _keep_no_stranger(ctx, pdu_id, recipient)
    else:
        _deliver(ctx, pdu_id, sms)
    return True


def _keep_no_stranger(ctx: Context, pdu_id: int, recipient: str) -> None:
    """A report of an SMS to nobody who is known, who was erased since perhaps, is known again by its
    identity; its octets, which have the number in them, are not kept."""
    ctx.db.execute(
        "UPDATE pdus SET pdu = '' WHERE id = :id AND NOT EXISTS (SELECT 1 FROM phones"
        " WHERE number = :phone) AND NOT EXISTS (SELECT 1 FROM messages WHERE phone = :phone)",
        {"id": pdu_id, "phone": recipient},
    )


def _keep_unread(
    ctx: Context, received: Received, since: datetime | None, reason: Sentence
) -> bool:
    """Keep an SMS as it came, for people to look at."""
    verdict = identities.judge(ctx, received, None, "", since)
    pdu_id = _insert_pdu(ctx, received, "undecodable", verdict)
    if pdu_id is None:
        return False
    message_id = _insert(ctx, "", False, received.pdu, "undecodable", reason=reason)
    _link(ctx, pdu_id, message_id, 1)
    return True


def _insert_pdu(ctx: Context, received: Received, kind: str, verdict: Verdict) -> int | None:
    """The key of a PDU that is new; None for one that was stored before."""
    if not verdict.new:
        if verdict.told:
            identities.note(ctx, verdict.known, received.place)
        identities.lies_at(ctx, verdict, received.place)
        return None
    if received.place:
        # Whatever lay there before is gone.
        identities.forget(ctx, [received.place])
    row = ctx.db.execute(
        "INSERT INTO pdus (identity, at, kind, pdu, place, care) VALUES (?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        (
            identity(received.pdu, verdict.again), ctx.at, kind, received.pdu,
            received.place or None, 0 if verdict.care and received.place else None,
        ),
    ).fetchone()  # fmt: skip
    if verdict.again:
        ctx.db.execute(
            "UPDATE pdus SET again = ? WHERE identity = ?", (verdict.again, identity(received.pdu))
        )
    return int(row[0])


def _phone(ctx: Context, address: str) -> tuple[str, bool]:
    """A sender's number as E.164 and True, or what the network named and False."""
    number = phones.e164(address, settings.COUNTRY(ctx))
    return (number, True) if number else (address, False)


def _sender(ctx: Context, sms: pdus.Deliver) -> tuple[str, bool]:
    """Who wrote, as it is stored, and whether it is a number that can be answered.

    A name that could be taken for a number stands in quotes: whatever looks for a number does not
    find it.
    """
    if sms.telephone:
        return _phone(ctx, sms.sender)
    if any(char.isalpha() for char in sms.sender):
        return sms.sender, False
    return f"“{sms.sender}”", False


def _deliver(ctx: Context, pdu_id: int, sms: pdus.Deliver) -> None:
    phone, reachable = _sender(ctx, sms)
    joined = sms.data.header.concatenation
    good = identities.believable(sms.sent_at, ctx.now)
    sent_at = stamp(sms.sent_at) if sms.sent_at and good else None
    if joined is None or joined.total == 1:
        text, what = joining.told([sms])
        status = "new" if what is None else "staff" if what.matters else "done"
        message_id = _insert(
            ctx, phone, reachable, text, status, sent_at=sent_at,
            kind=what.kind if what else "sms", reason=what.why if what else UNSAID,
        )  # fmt: skip
        _link(ctx, pdu_id, message_id, 1)
        return
    reference = f"{joined.bits}:{joined.reference}:{joined.total}"
    open_message = joining.open_message(ctx, phone, reference, joined, sms)
    if open_message is not None and not open_message[1]:
        # Another SMS, but words that are there already: a telephone that sent them twice.
        _link(ctx, pdu_id, None, joined.number)
        known = ctx.db.execute(
            "SELECT id FROM pdus WHERE message_id = ? AND segment = ?",
            (open_message[0], joined.number),
        ).fetchone()[0]
        identities.note(ctx, known, "")
        return
    if open_message is None and joining.begun(ctx, phone) >= joining.MOST_BEGUN:
        # Whoever sends nothing but beginnings makes no work.
        text, _ = joining.told([sms])
        _link(ctx, pdu_id, _insert(
            ctx, phone, reachable, text, "staff", sent_at=sent_at, reason=joining.TOO_MANY,
        ), 1)  # fmt: skip
        return
    message_id = open_message[0] if open_message else _insert(
        ctx, phone, reachable, "", "incomplete", sent_at=sent_at, reference=reference,
        segments=joined.total,
    )  # fmt: skip
    _link(ctx, pdu_id, message_id, joined.number)
    joining.assemble(ctx, message_id, joined.total)


def _insert(
    ctx: Context,
    phone: str,
    reachable: bool,
    text: str,
    status: str,
    *,
    sent_at: str | None = None,
    reference: str | None = None,
    segments: int = 1,
    kind: str = "sms",
    reason: Sentence = UNSAID,
) -> int:
    row = ctx.db.execute(
        "INSERT INTO messages (direction, kind, at, sent_at, phone, reachable, text, status,"
        " status_at, reason, reference, segments, read_as)"
        " VALUES ('in', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            kind, ctx.at, sent_at, phone, int(reachable), text, status, ctx.at, reason, reference,
            segments, None if kind == "sms" else "human",
        ),
    ).fetchone()  # fmt: skip
    ctx.changed("messages", row[0])
    return int(row[0])


def _link(ctx: Context, pdu_id: int, message_id: int | None, segment: int) -> None:
    ctx.db.execute(
        "UPDATE pdus SET message_id = ?, segment = ? WHERE id = ?", (message_id, segment, pdu_id)
    )


def for_the_staff(ctx: Context, message_id: int) -> tuple[str, str] | None:
    """Number and text of a message that waits for people; None if this one does not."""
    row = ctx.db.execute(
        "SELECT phone, text FROM messages WHERE id = ? AND status = 'staff'", (message_id,)
    ).fetchone()
    return None if row is None else (row[0], row[1])


def _answers_waiting(ctx: Context, phone: str) -> int:
    """How many answers to a number have not gone out yet."""
    row = ctx.db.execute(
        "SELECT count(*) FROM messages WHERE phone = ? AND kind = 'answer' AND at > ?"  # noqa: S608 - ours
        f" AND status IN {UNSENT_SQL}",
        (phone, stamp(ctx.now - _FRESH)),
    ).fetchone()
    return int(row[0])


def unread(ctx: Context, most: int = 100) -> list[int]:
    """The messages that wait to be read, oldest first.

    One of a number to which several answers have not gone out yet waits a moment for them.
    """
    first = ctx.db.execute(
        "SELECT id, phone FROM messages WHERE status = 'new' ORDER BY id LIMIT 1"
    ).fetchone()
    if first is None:
        return []
    if most == 1 and _answers_waiting(ctx, first["phone"]) < MOST_QUEUED:
        return [int(first["id"])]
    rows = ctx.db.execute(
        "SELECT id FROM messages AS asked WHERE status = 'new' AND (at <= :patience OR"  # noqa: S608 - ours
        " (SELECT count(*) FROM messages AS answer WHERE answer.phone = asked.phone"
        "  AND kind = 'answer' AND answer.at > :fresh"
        f"  AND answer.status IN {UNSENT_SQL}) < :queued) ORDER BY id LIMIT :most",
        {
            "most": most,
            "queued": MOST_QUEUED,
            "patience": stamp(ctx.now - _PATIENCE),
            "fresh": stamp(ctx.now - _FRESH),
        },
    )
    return [int(row[0]) for row in rows]


def due_at(ctx: Context) -> str | None:
    """When an SMS that waits for answers to go out waits no more."""
    row = ctx.db.execute("SELECT min(at) FROM messages WHERE status = 'new'").fetchone()
    return None if row[0] is None else stamp(moment(row[0]) + _PATIENCE)


@journal
def read_on(ctx: Context) -> None:
    """Let the worker look at what waited: it may be read now."""
    for message_id in unread(ctx, 1):
        ctx.changed("messages", message_id)
