"""What a customer was asked, and may answer with YA: one open question of each kind.

A question counts from the moment at which its SMS went out, and only for a YA that was sent after it:
whoever says YA has read it.

    asked (no SMS yet) ─asks─▶ its SMS is queued ─sent─▶ counts ─YA, or overtaken─▶ closed
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from crm_tui.clock import moment, stamp
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.shoptime import LEAP
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders.settings import QUESTION_HOURS

_EXACTNESS = timedelta(seconds=1)
"""So exact is the time that a service centre gives."""


@dataclass(frozen=True)
class Question:
    """What the customer was asked, and may answer with YA: units by item key. `other`: a second one
    that the YA may be meant for as well."""

    id: int
    order_id: int | None
    wanted: Mapping[int, int]
    other: "Question | None" = None


def ask(
    ctx: Context,
    customer_id: int,
    kind: str,
    wanted: Mapping[int, int],
    *,
    order_id: int | None = None,
) -> None:
    """Open a question (`kind` order or change) that the customer's YA answers, within a command.

    It replaces an older one of its kind. The SMS that asks is named by `asks`.
    """
    assert ctx.work is not None, "a question outside a command"
    ctx.work.did.add(_ASKED)
    ctx.db.execute(
        "UPDATE questions SET open = 0 WHERE customer_id = ? AND kind = ? AND open = 1",
        (customer_id, kind),
    )
    until = stamp(ctx.now + timedelta(hours=QUESTION_HOURS(ctx)))
    ctx.db.execute(
        "INSERT INTO questions (customer_id, kind, order_id, lines, asked_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (customer_id, kind, order_id, json.dumps(list(wanted.items())), ctx.at, until),
    )


def open_one(ctx: Context, customer_id: int, about: int | None = None) -> Question | None:
    """The question that this customer was asked last, or the one about an order, whether or not its
    SMS has gone out."""
    row = ctx.db.execute(
        "SELECT id, order_id, lines FROM questions WHERE customer_id = ? AND open = 1"
        " AND expires_at > ? ORDER BY coalesce(order_id = ?, 0) DESC, id DESC LIMIT 1",
        (customer_id, ctx.at, about),
    ).fetchone()
    if row is None:
        return None
    return Question(row["id"], row["order_id"], _wanted(row["lines"]))


def asked_about(ctx: Context, order_id: int) -> dict[int, int] | None:
    """What the customer is asked to say YA to about this order, by item; None if nothing is open."""
    row = ctx.db.execute(
        "SELECT lines FROM questions WHERE order_id = ? AND open = 1 AND expires_at > ?"
        " ORDER BY id DESC LIMIT 1",
        (order_id, ctx.at),
    ).fetchone()
    return None if row is None else _wanted(row["lines"])


def by_staff(ctx: Context, question: Question) -> bool:
    """Whether people have asked, and not the shop by itself."""
    row = ctx.db.execute(
        "SELECT 1 FROM questions JOIN messages ON messages.id = message_id"
        " WHERE questions.id = ? AND messages.kind = 'change'",
        (question.id,),
    ).fetchone()
    return row is not None


def asks(ctx: Context, customer_id: int, message_id: int | None) -> None:
    """This SMS asks what has been opened now, within a command; without one nobody was asked."""
    assert ctx.work is not None, "a question outside a command"
    if _ASKED not in ctx.work.did:
        return
    ctx.db.execute(
        "UPDATE questions SET message_id = ?, open = ? WHERE customer_id = ?"
        " AND open = 1 AND message_id IS NULL AND asked_at = ?",
        (message_id, int(message_id is not None), customer_id, ctx.at),
    )


_ASKED = "asked"
_ASKED_BEFORE = (
    # NULL: it was asked before this was kept.
    "(message_id IS NULL OR :phone = (SELECT phone FROM messages"  # noqa: S608
    " WHERE messages.id = questions.message_id)"
    f" AND {outbox.OUT_AT.format('questions.message_id')} <= :said)"
)


def answered_by(ctx: Context, customer_id: int, phone: str, message_id: int) -> Question | None:
    """The question that a YA in this SMS answers: one that had gone out, to the number that says so,
    when the SMS was sent. A customer's other number has not read it."""
    rows = ctx.db.execute(
        "SELECT id, order_id, lines FROM questions WHERE customer_id = :customer AND open = 1"  # noqa: S608
        f" AND expires_at > :now AND {_ASKED_BEFORE} ORDER BY id",
        {
            "customer": customer_id, "now": ctx.at, "phone": phone,
            "said": said_at(ctx, phone, message_id),
        },
    ).fetchall()  # fmt: skip
    found = None
    for row in rows:
        found = Question(row["id"], row["order_id"], _wanted(row["lines"]), found)
    return found


def _wanted(lines: str) -> dict[int, int]:
    return {int(key): int(count) for key, count in json.loads(lines)}


def said_at(ctx: Context, phone: str, message_id: int) -> str:
    """When an SMS was written, by our clock.

    The service centre's clock is another one: how far it is behind ours is the least that it was in
    the last SMS of this number, for some came at once. No SMS comes before it was sent: those that did
    are of a time when our clock was behind, and say nothing since it was set right.
    """
    rows = ctx.db.execute(
        "SELECT id, at, sent_at FROM messages WHERE phone = ? AND direction = 'in' AND id <= ?"
        " ORDER BY id DESC LIMIT 20",
        (phone, message_id),
    ).fetchall()
    own = next((row for row in rows if row["id"] == message_id), None)
    if own is None or own["sent_at"] is None:
        return ctx.at if own is None else str(own["at"])
    taken = [
        moment(row["at"]) - moment(row["sent_at"]) for row in rows if row["sent_at"] is not None
    ]
    right = takewhile(lambda each: each >= -LEAP, taken) if taken[0] >= -LEAP else taken
    behind = min(right)
    return stamp(moment(own["sent_at"]) + behind + _EXACTNESS)


def reopen(ctx: Context, question_id: int) -> None:
    """Let a YA answer this question again, within a command, unless it is over or overtaken."""
    ctx.db.execute(
        "UPDATE questions SET open = 1 WHERE id = ? AND expires_at > ? AND NOT EXISTS (SELECT 1"
        " FROM questions AS newer WHERE newer.customer_id = questions.customer_id AND newer.kind ="
        " questions.kind AND newer.open = 1)",
        (question_id, ctx.at),
    )


def close_about(ctx: Context, order_id: int) -> None:
    """What was asked about this order is void, within a command."""
    ctx.db.execute("UPDATE questions SET open = 0 WHERE order_id = ? AND open = 1", (order_id,))


def close(ctx: Context, customer_id: int) -> None:
    """The question was answered, or overtaken by what the customer did, within a command."""
    ctx.db.execute(
        "UPDATE questions SET open = 0 WHERE customer_id = ? AND open = 1", (customer_id,)
    )
