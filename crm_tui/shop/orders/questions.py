"""What a customer was asked, and may answer with YA. One open question a customer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders.settings import QUESTION_HOURS


@dataclass(frozen=True)
class Question:
    """What the customer was asked last, and may answer with YA: units by item key."""

    id: int
    order_id: int | None
    wanted: Mapping[int, int]


def ask(
    ctx: Context,
    customer_id: int,
    kind: str,
    wanted: Mapping[int, int],
    *,
    order_id: int | None = None,
) -> None:
    """Open a question (`kind` order or change) that the customer's YA answers, within a command.

    It replaces an older one.
    """
    close(ctx, customer_id)
    until = stamp(ctx.now + timedelta(hours=QUESTION_HOURS(ctx)))
    ctx.db.execute(
        "INSERT INTO questions (customer_id, kind, order_id, lines, asked_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (customer_id, kind, order_id, json.dumps(list(wanted.items())), ctx.at, until),
    )


def open_one(ctx: Context, customer_id: int) -> Question | None:
    """The question that a YA of this customer answers now."""
    row = ctx.db.execute(
        "SELECT id, order_id, lines FROM questions"
        " WHERE customer_id = ? AND open = 1 AND expires_at > ?",
        (customer_id, ctx.at),
    ).fetchone()
    if row is None:
        return None
    wanted = {int(key): int(count) for key, count in json.loads(row["lines"])}
    return Question(row["id"], row["order_id"], wanted)


def reopen(ctx: Context, question_id: int) -> None:
    """Let a YA answer this question again, within a command, unless it is over or overtaken."""
    ctx.db.execute(
        "UPDATE questions SET open = 1 WHERE id = ? AND expires_at > ? AND NOT EXISTS (SELECT 1"
        " FROM questions AS newer WHERE newer.customer_id = questions.customer_id AND newer.open = 1)",
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
