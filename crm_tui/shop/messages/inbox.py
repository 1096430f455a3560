"""SMS taken in: the first of the two transactions, after which the SIM may forget them.

A PDU is stored under its identity, the hash of all its octets with the service centre's time: one
that is read twice, or repeated by the network, is known; a customer's second order is not the first.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from hashlib import blake2b

from crm_tui import sqlite
from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import PduProblem
from crm_tui.gsm.fields import Alphabet, Concatenation
from crm_tui.gsm.text import join
from crm_tui.shop.gate import phones, settings
from crm_tui.shop.gate.commands import journal, savepoint
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import sending
from crm_tui.shop.messages.settings import INCOMPLETE_HOURS

log = logging.getLogger(__name__)

STRETCH = timedelta(minutes=15)
"""The service centre may have taken the segments of one text so far apart."""


def identity(pdu: str) -> bytes:
    """What tells this SMS from every other: 16 octets.

    "More messages to send" and "loop prevention" (23.040 § 9.2.3.2, § 9.2.3.28) say how the network
    is doing, and may differ when it repeats an SMS: they do not count.
    """
    try:
        whole = bytearray(pdus.octets(pdu))
        whole[whole[0] + 1] &= ~0x0C
    except (PduProblem, IndexError):
        whole = bytearray(pdu.upper().encode("utf-8", "replace"))
    return blake2b(whole, digest_size=16).digest()


@journal
def take_in(ctx: Context, received: Iterable[str]) -> int:
    """Store PDUs (hexadecimal) and what they carry; how many of them were new."""
    return sum(_take_in(ctx, pdu) for pdu in received)


def _take_in(ctx: Context, pdu: str) -> bool:
    try:
        # What goes wrong with one SMS undoes nothing of the others.
        with savepoint(ctx):
            return _store(ctx, pdu)
    except sqlite.Error:
        raise
    except PduProblem as problem:
        return _keep_unread(ctx, pdu, problem.stored)
    except Exception:
        # Else it would come back with each reading of the SIM, and nothing behind it would pass.
        log.exception("an SMS could not be taken in: %s", pdu)
        return _keep_unread(ctx, pdu, N_("it could not be taken in; the details are in crm.log"))


def _store(ctx: Context, pdu: str) -> bool:
    decoded = pdus.decode(pdu)
    if isinstance(decoded, pdus.Report):
        if _insert_pdu(ctx, pdu, "report") is None:
            return False
        sending.reported(ctx, decoded, _phone(ctx, decoded.recipient)[0])
        return True
    pdu_id = _insert_pdu(ctx, pdu, "deliver")
    if pdu_id is None:
        return False
    _deliver(ctx, pdu_id, decoded)
    return True


def _keep_unread(ctx: Context, pdu: str, reason: str) -> bool:
    """Keep an SMS as it came, for people to look at."""
    pdu_id = _insert_pdu(ctx, pdu, "undecodable")
    if pdu_id is None:
        return False
    _link(ctx, pdu_id, _insert(ctx, "", False, pdu, "undecodable", reason=reason), 1)
    return True


def _insert_pdu(ctx: Context, pdu: str, kind: str) -> int | None:
    """The key of a PDU that is new; None for one that was stored before."""
    row = ctx.db.execute(
        "INSERT INTO pdus (identity, at, kind, pdu) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (identity) DO NOTHING RETURNING id",
        (identity(pdu), ctx.at, kind, pdu),
    ).fetchone()
    return None if row is None else int(row[0])


def _phone(ctx: Context, address: str) -> tuple[str, bool]:
    """A sender's number as E.164 and True, or what the network named and False."""
    number = phones.e164(address, settings.COUNTRY(ctx))
    return (number, True) if number else (address, False)


def _deliver(ctx: Context, pdu_id: int, sms: pdus.Deliver) -> None:
    phone, reachable = _phone(ctx, sms.sender)
    joined = sms.data.header.concatenation
    sent_at = stamp(sms.sent_at) if sms.sent_at else None
    if joined is None or joined.total == 1:
        plain = sms.data.alphabet is not Alphabet.DATA and not sms.data.header.ports
        message_id = _insert(
            ctx, phone, reachable, join([sms.data]), "new" if plain else "staff", sent_at=sent_at,
            reason="" if plain else N_("data, no text"),
        )  # fmt: skip
        _link(ctx, pdu_id, message_id, 1)
        return
    reference = f"{joined.bits}:{joined.reference}:{joined.total}"
    found = _open_message(ctx, phone, reference, joined, sms)
    if found == 0:
        return
    message_id = found or _insert(
        ctx, phone, reachable, "", "incomplete", sent_at=sent_at, reference=reference,
        segments=joined.total,
    )  # fmt: skip
    _link(ctx, pdu_id, message_id, joined.number)
    _assemble(ctx, message_id, joined.total)


def _open_message(
    ctx: Context, phone: str, reference: str, joined: Concatenation, sms: pdus.Deliver
) -> int | None:
    """The incomplete message that lacks this segment; None: a new one; 0: it has it already."""
    since = stamp(ctx.now - timedelta(hours=INCOMPLETE_HOURS(ctx)))
    rows = ctx.db.execute(
        "SELECT id, sent_at, at FROM messages WHERE status = 'incomplete' AND phone = ?"
        " AND reference = ? AND at >= ? ORDER BY id",
        (phone, reference, since),
    ).fetchall()
    # A telephone sends the segments of one text at a stretch; one that uses the same reference
    # again and again begins another text.
    sent_at = sms.sent_at or ctx.now
    for row in rows:
        if abs(moment(row["sent_at"] or row["at"]) - sent_at) > STRETCH:
            continue
        stored = ctx.db.execute(
            "SELECT pdu FROM pdus WHERE message_id = ? AND segment = ?", (row[0], joined.number)
        ).fetchone()
        if stored is None:
            return int(row[0])
        known = pdus.decode(stored[0])
        if isinstance(known, pdus.Deliver) and known.data == sms.data:
            return 0
    return None


def _assemble(ctx: Context, message_id: int, total: int) -> None:
    """Put the text together from the segments that are there; with all of them it is new."""
    parts: list[pdus.UserData | None] = [None] * total
    for row in ctx.db.execute(
        "SELECT segment, pdu FROM pdus WHERE message_id = ?", (message_id,)
    ).fetchall():
        decoded = pdus.decode(row[1])
        assert isinstance(decoded, pdus.Deliver)
        parts[row[0] - 1] = decoded.data
    complete = all(parts)
    ctx.db.execute(
        "UPDATE messages SET text = ?, status = ?, status_at = ?, at = ? WHERE id = ?",
        (join(parts), "new" if complete else "incomplete", ctx.at, ctx.at, message_id),
    )
    ctx.changed("messages", message_id)


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
    reason: str = "",
) -> int:
    row = ctx.db.execute(
        "INSERT INTO messages (direction, kind, at, sent_at, phone, reachable, text, status,"
        " status_at, reason, reference, segments)"
        " VALUES ('in', 'sms', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (ctx.at, sent_at, phone, int(reachable), text, status, ctx.at, reason, reference, segments),
    ).fetchone()
    ctx.changed("messages", row[0])
    return int(row[0])


def _link(ctx: Context, pdu_id: int, message_id: int, segment: int) -> None:
    ctx.db.execute(
        "UPDATE pdus SET message_id = ?, segment = ? WHERE id = ?", (message_id, segment, pdu_id)
    )


def for_the_staff(ctx: Context, message_id: int) -> tuple[str, str] | None:
    """Number and text of a message that waits for people; None if this one does not."""
    row = ctx.db.execute(
        "SELECT phone, text FROM messages WHERE id = ? AND status = 'staff'", (message_id,)
    ).fetchone()
    return None if row is None else (row[0], row[1])


def unread(ctx: Context, most: int = 100) -> list[int]:
    """The messages that wait to be read, oldest first."""
    rows = ctx.db.execute(
        "SELECT id FROM messages WHERE status = 'new' ORDER BY id LIMIT ?", (most,)
    )
    return [int(row[0]) for row in rows]
