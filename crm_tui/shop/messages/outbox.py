"""SMS are put on their way out, and taken back as long as they have not begun to go."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from crm_tui.clock import stamp
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.fields import Concatenation
from crm_tui.gsm.text import plain, segments
from crm_tui.shop.gate import phones, settings, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import TooLateToUndo
from crm_tui.shop.messages.errors import TextMissing, TooManySms

AGAIN = " (ulang)"
"""Marks a message that may have come before."""

MOST_BY_HAND = 10
"""So many SMS may one text by hand be: longer ones were pasted by mistake."""


class Doubt(Enum):
    """What becomes of a message of which nobody knows whether it went out."""

    REPEAT = "order"
    REPEAT_IF_FRESH = "answer"
    LEAVE = "leave"


@dataclass(frozen=True)
class KindOfMessage:
    """The row of a kind: `priority` 1 goes first; one older than `expires` is not sent. What is no
    answer to what was just said keeps `quiet` hours; nobody asked for what `promotes`: it needs
    consent, too (`messages.consent`)."""

    priority: int
    expires: timedelta
    doubt: Doubt
    promotes: bool = False
    quiet: bool = False


PROMO, HOWTO = "promo", "howto"
"""The kinds that a promo's SMS have: an offer, and how one orders by SMS."""
KINDS = {
    "confirmation": KindOfMessage(1, timedelta(hours=24), Doubt.REPEAT),
    "rejection": KindOfMessage(1, timedelta(hours=24), Doubt.REPEAT),
    "change": KindOfMessage(1, timedelta(hours=24), Doubt.REPEAT),
    "hand": KindOfMessage(1, timedelta(hours=24), Doubt.LEAVE),
    # What was done in a customer's name; it must not be lost, and comes too late after a day.
    "notice": KindOfMessage(2, timedelta(hours=24), Doubt.LEAVE),
    "answer": KindOfMessage(2, timedelta(hours=2), Doubt.REPEAT_IF_FRESH),
    # The customers asked for it themselves: it needs no consent, which is about promos.
    "waiting_list": KindOfMessage(3, timedelta(hours=24), Doubt.LEAVE, quiet=True),
    PROMO: KindOfMessage(4, timedelta(hours=24), Doubt.LEAVE, promotes=True, quiet=True),
    HOWTO: KindOfMessage(4, timedelta(hours=24), Doubt.LEAVE, promotes=True, quiet=True),
}
PROMOTING = "(" + ", ".join(f"'{name}'" for name, kind in KINDS.items() if kind.promotes) + ")"
"""SQL: the kinds that promote. A literal, for the indexes of work."""
UNSENT = ("queued", "held", "sending")
"""The statuses of what has not gone out, or not wholly."""
UNSENT_SQL = "(" + ", ".join(f"'{status}'" for status in UNSENT) + ")"
"""The same, for the indexes of work."""
BEGUN = "EXISTS (SELECT 1 FROM segments WHERE message_id = messages.id AND status <> 'queued')"
"""SQL: whether a message has begun to go."""
OUT_AT = "(SELECT max(coalesce(out_at, '~')) FROM segments WHERE message_id = {})"
"""SQL, of the key of a message: when all of it had gone out; beyond all moments if it has not."""


def queue(
    ctx: Context,
    phone: str,
    text: str,
    kind: str,
    *,
    customer_id: int | None = None,
    reply_to: int | None = None,
    order_id: int | None = None,
    repeat_of: int | None = None,
    hold: float = 0.0,
    expires_at: str | None = None,
) -> int:
    """Put a message into the outbox, within a command; its key.

    It waits `hold` seconds and can be taken back; its kind says `expires_at` if it is left out.
    Raises `TextTooLong`.
    """
    rule = KINDS[kind]
    text = plain(text)
    parts = segments(text)
    expires = expires_at or stamp(ctx.now + rule.expires)
    row = ctx.db.execute(
        "INSERT INTO messages (direction, kind, at, phone, customer_id, text, status, status_at,"
        " order_id, segments, reply_to, repeat_of, priority, not_before, expires_at)"
        " VALUES ('out', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            kind, ctx.at, phone, customer_id, text, "held" if hold else "queued", ctx.at, order_id,
            len(parts), reply_to, repeat_of, rule.priority,
            stamp(ctx.now + timedelta(seconds=hold)) if hold else None, expires,
        ),
    ).fetchone()  # fmt: skip
    message_id = int(row[0])
    reference = _next_reference(ctx) if len(parts) > 1 else 0
    for number, part in enumerate(parts, start=1):
        joined = Concatenation(reference, len(parts), number) if len(parts) > 1 else None
        pdu = pdus.submit(phone, part, joined=joined, validity=rule.expires)
        ctx.db.execute(
            "INSERT INTO segments (message_id, number, phone, pdu, status_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (message_id, number, phone, pdu, ctx.at),
        )
    ctx.changed("messages", message_id)
    return message_id


def _next_reference(ctx: Context) -> int:
    """The reference that joins the segments of one long message."""
    row = ctx.db.execute(
        "INSERT INTO counters VALUES ('long messages', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
    ).fetchone()
    return int(row[0]) & 0xFF


@command("messages.send", "messages.send")
def send(ctx: Context, phone: str, text: str, *, hold: float = 0.0) -> int:
    """Write to a customer by hand; the message's key. It waits `hold` seconds, in which it can be
    undone. Raises `BadPhone`, `TextMissing`, `TextTooLong`, `TooManySms`."""
    number = phones.checked(phone, settings.COUNTRY(ctx))
    owner = ctx.db.execute("SELECT customer_id FROM phones WHERE number = ?", (number,)).fetchone()
    return by_hand(ctx, number, text, owner[0] if owner else None, hold=hold)


def by_hand(
    ctx: Context,
    phone: str,
    text: str,
    customer_id: int | None,
    *,
    reply_to: int | None = None,
    before: str = "",
    hold: float = 0.0,
) -> int:
    """Queue what somebody wrote, within a command; its key. `before`: the status of the SMS that it
    answers, which undoing gives back. Raises `TextMissing`, `TextTooLong`, `TooManySms`."""
    if not text.strip():
        raise TextMissing()
    parts = len(segments(plain(text)))
    if parts > MOST_BY_HAND:
        raise TooManySms(parts=parts, most=MOST_BY_HAND)
    message_id = queue(
        ctx, phone, text, "hand", customer_id=customer_id, reply_to=reply_to, hold=hold
    )
    if hold:
        until = stamp(ctx.now + timedelta(seconds=hold))
        kept = {"message": message_id, "asked": reply_to, "before": before, "until": until}
        undo.write(ctx, "hand", "SMS " + phone, kept)
    # Not its text, which the message has: the audit keeps what it is told for good.
    ctx.record(f"message {message_id}", None, {"phone": phone})
    return message_id


@undo.restorer("hand", "messages.send")
def _take_back(ctx: Context, kept: Any) -> None:
    """It does not go out, and what it answered waits as before."""
    if not cancel(ctx, [kept["message"]]):
        raise TooLateToUndo()
    if kept["before"]:
        ctx.db.execute(
            "UPDATE messages SET status = ?, status_at = ? WHERE id = ? AND status = 'answered'",
            (kept["before"], ctx.at, kept["asked"]),
        )
        ctx.changed("messages", kept["asked"])


def cancel(ctx: Context, messages: Sequence[int]) -> list[int]:
    """Take back those of these messages that have not begun to go out, within a command."""
    return _cancel_unsent(ctx, "id IN (SELECT value FROM json_each(?))", json.dumps(list(messages)))


def cancel_repetitions(ctx: Context, message_id: int) -> None:
    """It did arrive: what was prepared to be sent once more is not needed, within a command."""
    row = ctx.db.execute("SELECT 1 FROM messages WHERE repeat_of = ?", (message_id,)).fetchone()
    if row is not None:
        _cancel_unsent(ctx, "repeat_of = ?", message_id)


def cancel_promoting(ctx: Context, customer_id: int) -> None:
    """Take back what promotes and is queued for a customer, within a command."""
    _cancel_unsent(
        ctx,
        f"kind IN {PROMOTING} AND customer_id IN (SELECT id FROM kept WHERE kept_id = ?)",  # noqa: S608
        customer_id,
    )


def _cancel_unsent(ctx: Context, where: str, value: object) -> list[int]:
    cancelled: list[int] = []
    # A status at a time, for each has an index of its own.
    for status in UNSENT:
        rows = ctx.db.execute(
            "UPDATE messages SET status = 'cancelled', status_at = ?"  # noqa: S608
            f" WHERE status = '{status}' AND {where} AND NOT {BEGUN} RETURNING id",
            (ctx.at, value),
        ).fetchall()
        cancelled += [int(row[0]) for row in rows]
    for message_id in cancelled:
        ctx.changed("messages", message_id)
    return cancelled
