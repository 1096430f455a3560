"""An SMS as the staff look at it: what it was read as, what answers it, what became of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui import sqlite
from crm_tui.archive import TEXT
from crm_tui.errors import Sentence
from crm_tui.reading.wishes import weightiest
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.lists import WHO


@dataclass(frozen=True)
class Words:
    """An SMS and what it was read as; `why` is for `i18n.retell`."""

    at: str
    text: str
    read_as: str
    wishes: Sequence[dict[str, object]]
    why: Sentence

    @property
    def understood(self) -> str:
        """What it was read as, also where people have to decide about it."""
        kinds = weightiest(str(wish["kind"]) for wish in self.wishes)
        return kinds or self.read_as if self.read_as == "human" else self.read_as


def words(ctx: Context, message_id: int) -> Words:
    """The SMS with this key, which is there."""
    row = ctx.db.execute(
        f"SELECT at, {TEXT} AS text, read_as, wishes, reason FROM messages WHERE id = ?",  # noqa: S608
        (message_id,),
    ).fetchone()
    return Words(
        row["at"], row["text"], row["read_as"] or "", json.loads(row["wishes"] or "[]"),
        Sentence(row["reason"]),
    )  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """An SMS in or out; `reason` is for `i18n.retell`, "" if there is none. `to_decide`: it is held
    until one of the staff decides, and by no clock."""

    id: int
    direction: str
    kind: str
    at: str
    phone: str
    customer: str
    text: str
    status: str
    reason: Sentence
    order_id: int | None
    decided: bool
    to_decide: bool
    segments: int


@dataclass(frozen=True)
class MessageView:
    """`read`: what an incoming one was read as; `answers`: what was written to it; `question`: what
    an outgoing one answers; `again`: when it came again and was taken for a repetition."""

    letter: Letter
    read: Words | None
    answers: Sequence[Letter]
    question: Letter | None
    again: Sequence[str] = ()


_LETTER = (
    f"SELECT messages.id, direction, kind, at, phone, {WHO} AS customer, {TEXT} AS text, status,"  # noqa: S608
    " reason, order_id, decided_at IS NOT NULL AS decided,"
    " status = 'held' AND not_before IS NULL AS to_decide, segments FROM messages"
)


def look(ctx: Context, message_id: int) -> MessageView:
    """The SMS with this key, which is there, and what belongs to it."""
    with ctx.store.reading():
        letter = _letters(ctx, "messages.id = ?", message_id)[0]
        incoming = letter.direction == "in"
        asked = ctx.db.execute(
            "SELECT reply_to FROM messages WHERE id = ?", (message_id,)
        ).fetchone()[0]
        return MessageView(
            letter,
            words(ctx, message_id) if incoming else None,
            _letters(ctx, "reply_to = ?", message_id) if incoming else (),
            _letters(ctx, "messages.id = ?", asked)[0] if asked else None,
            _again(ctx, message_id) if incoming else (),
        )


def _again(ctx: Context, message_id: int) -> list[str]:
    rows = ctx.db.execute(
        "SELECT last_at FROM repeats WHERE message_id = ? ORDER BY last_at", (message_id,)
    )
    return [str(row[0]) for row in rows]


def conversation(ctx: Context, phone: str, most: int) -> list[Letter]:
    """The last SMS with a number, oldest first."""
    rows = ctx.db.execute(
        f"{_LETTER} WHERE phone = ? ORDER BY messages.id DESC LIMIT ?", (phone, most)
    ).fetchall()
    return [_letter(row) for row in reversed(rows)]


def _letter(row: sqlite.Row) -> Letter:
    return Letter(
        **{
            **dict(row),
            "reason": Sentence(row["reason"]),
            "decided": bool(row["decided"]),
            "to_decide": bool(row["to_decide"]),
        }
    )


def _letters(ctx: Context, where: str, value: int) -> list[Letter]:
    rows = ctx.db.execute(f"{_LETTER} WHERE {where} ORDER BY messages.id", (value,)).fetchall()
    return [_letter(row) for row in rows]
