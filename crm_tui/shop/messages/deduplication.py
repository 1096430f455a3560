"""Which SMS is which: whether octets that are known already are the same SMS or another one.

Two SMS of the same words have the same octets but for the service centre's time. Where that time can
be believed, equal octets are one SMS that came twice. Where it cannot (zeros, no date, years off, the
same for everybody), it rests on what the SIM says: an SMS is read again as long as its slot was not
emptied; what lies in a slot that was is another one.

    stored (place, care 0) ─▶ about to be emptied (care 1, 2) ─▶ off the SIM (no place)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from crm_tui.clock import moment
from crm_tui.clock import stamp as at_of
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.errors import PduProblem
from crm_tui.shop.gate.commands import journal
from crm_tui.shop.gate.context import Context

_OLD, _AHEAD = timedelta(days=8), timedelta(days=1)
"""A service centre keeps an SMS for about a week; its time zone may be wrong."""
_REPEATS = timedelta(hours=1)
"""A network repeats itself so long after it could reach us."""
_NIGHT = timedelta(hours=14)
"""Longer than that nothing but a clock that is known to go tells a repetition from a second SMS."""
_APART = timedelta(minutes=1)
_RECENT = 20


@dataclass(frozen=True)
class Received:
    """An SMS as the modem gave it. `place`: memory and slot, "" if it was handed over directly;
    `unread`: whether the SIM says that nobody had read it before, None if it does not say."""

    pdu: str
    place: str = ""
    unread: bool | None = None


@dataclass(frozen=True)
class Verdict:
    """`new`: another SMS, the `again`-th of its octets; else it is the one with the key `known`, which
    came again (`told`: so that people should know) or was only read again. `care`: its time does not
    tell it from others."""

    new: bool
    again: int = 0
    known: int = 0
    told: bool = False
    care: bool = False


def identity(pdu: str, again: int = 0) -> bytes:
    """What tells this SMS from every other: 16 octets. `again` counts those of the same octets.

    "More messages to send" and "loop prevention" (23.040 § 9.2.3.2, § 9.2.3.28) say how the network
    is doing, and may differ when it repeats an SMS: they do not count.
    """
    try:
        whole = bytearray(pdus.octets(pdu))
        whole[whole[0] + 1] &= ~0x0C
    except (PduProblem, IndexError):
        whole = bytearray(pdu.upper().encode("utf-8", "replace"))
    # What follows the octets can be no octets of a PDU: its length is another.
    mark = again.to_bytes(8, "big") + b"again" if again else b""
    return blake2b(bytes(whole) + mark, digest_size=16).digest()


def believable(sent_at: datetime | None, now: datetime) -> bool:
    """Whether the service centre's time is one at which an SMS that comes now may have been sent."""
    return sent_at is not None and now - _OLD <= sent_at <= now + _AHEAD


def judge(
    ctx: Context, received: Received, sent_at: datetime | None, stamp: str, since: datetime | None
) -> Verdict:
    """Whether it is another SMS than those that are stored, within the worker's journal.

    `sent_at` is the service centre's time, `stamp` the same as it stands in the octets, "" if there
    is none; `since` is when the network could reach us again.
    """
    care = not believable(sent_at, ctx.now) or _the_same_for_all(ctx, received, stamp)
    first = ctx.db.execute(
        "SELECT id, again FROM pdus WHERE identity = ?", (identity(received.pdu),)
    ).fetchone()
    if first is None:
        return Verdict(new=True, care=care)
    another = Verdict(new=True, again=first["again"] + 1, care=care)
    here = _at_its_place(ctx, received)
    if here is not None:
        key, state = here
        if state == 1 and received.unread:
            # The one that lay here had been marked as read: it is gone, and another one came.
            return another
        return Verdict(new=False, known=key, told=state == 2, care=care)
    latest = ctx.db.execute(
        "SELECT id FROM pdus WHERE identity = ?", (identity(received.pdu, first["again"]),)
    ).fetchone()
    if stamp and care:
        return another
    known = Verdict(new=False, known=latest["id"], told=True, care=care)
    last = _last_seen(ctx, latest["id"])
    if ctx.now - max(last, since or last) <= _REPEATS and ctx.now - last <= _NIGHT:
        return known
    return known if stamp and _clock_goes(ctx, latest["id"], sent_at) else another


def _at_its_place(ctx: Context, received: Received) -> tuple[int, int | None] | None:
    if not received.place:
        return None
    row = ctx.db.execute(
        "SELECT id, care FROM pdus WHERE place = ? AND pdu = ? ORDER BY id DESC LIMIT 1",
        (received.place, received.pdu),
    ).fetchone()
    return None if row is None else (row[0], row[1])


def _the_same_for_all(ctx: Context, received: Received, stamp: str) -> bool:
    """Whether the service centre gives other SMS, which came at another time, the same moment."""
    if not stamp:
        return False
    rows = ctx.db.execute(
        "SELECT 1 FROM pdus WHERE id > (SELECT max(id) FROM pdus) - ? AND at <= ?"
        " AND kind = 'deliver' AND pdu <> ? AND instr(upper(pdu), ?) > 0 LIMIT 1",
        (_RECENT, at_of(ctx.now - _APART), received.pdu, stamp),
    ).fetchall()
    return bool(rows)


def _last_seen(ctx: Context, pdu_id: int) -> datetime:
    """When an SMS came last, as a repetition or for the first time."""
    row = ctx.db.execute(
        "SELECT coalesce((SELECT max(last_at) FROM repeats WHERE pdu_id = pdus.id), at) FROM pdus"
        " WHERE id = ?",
        (pdu_id,),
    ).fetchone()
    return moment(row[0])


def _clock_goes(ctx: Context, pdu_id: int, sent_at: datetime | None) -> bool:
    """Whether the service centre has given a later moment since: then equal moments are one SMS."""
    for row in ctx.db.execute(
        # Of somebody who was erased since, or whose SMS was archived, the octets are gone.
        "SELECT pdu, at FROM pdus WHERE id > ? AND kind = 'deliver' AND pdu <> ''"
        " ORDER BY id DESC LIMIT ?",
        (pdu_id, _RECENT),
    ).fetchall():
        other = pdus.decode(row["pdu"])
        if not isinstance(other, pdus.Deliver) or other.sent_at is None or sent_at is None:
            continue
        if other.sent_at > sent_at and believable(other.sent_at, moment(row["at"])):
            return True
    return False


def note(ctx: Context, pdu_id: int, place: str) -> None:
    """Leave a row that says: this SMS came again and was not taken in, within the worker's journal."""
    row = ctx.db.execute("SELECT message_id FROM pdus WHERE id = ?", (pdu_id,)).fetchone()
    ctx.db.execute(
        "INSERT INTO repeats (pdu_id, message_id, place, at, last_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (pdu_id, place) DO UPDATE SET times = times + 1, last_at = excluded.last_at",
        (pdu_id, row[0], place, ctx.at, ctx.at),
    )
    if row[0] is not None:
        ctx.changed("messages", row[0])


# ── what becomes of slots ─────────────────────────────────────────────────────────────────────


def lies_at(ctx: Context, verdict: Verdict, place: str) -> None:
    """One that is known, and off the SIM as far as that was known, lies there: it is told once, however
    often it is read. Within the worker's journal."""
    if not place:
        return
    row = ctx.db.execute("SELECT place FROM pdus WHERE id = ?", (verdict.known,)).fetchone()
    if row[0] is None:
        forget(ctx, [place])
        ctx.db.execute(
            "UPDATE pdus SET place = ?, care = ? WHERE id = ?",
            (place, 0 if verdict.care else None, verdict.known),
        )


def needs_care(ctx: Context, place: str) -> bool:
    """Whether a slot holds an SMS that only its slot tells from others."""
    row = ctx.db.execute(
        "SELECT 1 FROM pdus WHERE place = ? AND care IS NOT NULL", (place,)
    ).fetchone()
    return row is not None


@journal
def about_to_empty(ctx: Context, place: str, *, marked: bool) -> None:
    """From now on the slot may be empty, or hold another SMS; `marked`: the modem marks SMS that were
    read."""
    ctx.db.execute(
        "UPDATE pdus SET care = ? WHERE place = ? AND care IS NOT NULL", (1 if marked else 2, place)
    )


def unsettled(ctx: Context) -> list[tuple[str, str]]:
    """Slots that were about to be emptied, and of which nobody knows whether they are; each with the
    octets that lay there."""
    rows = ctx.db.execute("SELECT place, pdu FROM pdus WHERE place IS NOT NULL AND care > 0")
    return [(str(row[0]), str(row[1])) for row in rows.fetchall()]


@journal
def emptied(ctx: Context, places: Iterable[str]) -> None:
    """What these slots held is off the SIM."""
    forget(ctx, places)


def forget(ctx: Context, places: Iterable[str]) -> None:
    """As `emptied`, within the worker's journal."""
    for place in places:
        ctx.db.execute("UPDATE pdus SET place = NULL WHERE place = ?", (place,))
