"""The staff's part in the SMS: replies by hand, what is settled, what is sent again or given up."""

from crm_tui.archive import TEXT
from crm_tui.errors import N_
from crm_tui.shop.gate import conflicts
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.errors import (
    AnsweredMeanwhile,
    MessageSettled,
    NotAnswerable,
    TellsADecision,
)

WITHOUT_DECISION = ("failed", "in_doubt", "expired")


@command("messages.reply", "messages.send")
def reply(
    ctx: Context, message_id: int, text: str, *, answers: int | None = None, hold: float = 0.0
) -> int:
    """Answer an SMS by hand; one that waited for the staff is answered then. The answer's key.

    `answers`: how many there were when it was looked at. It waits `hold` seconds, in which it can be
    undone. Raises `TextMissing`, `TextTooLong`, `TooManySms`, `NotAnswerable`, `AnsweredMeanwhile`.
    """
    if answers is not None and count_answers(ctx, message_id) != answers:
        raise AnsweredMeanwhile()
    row = ctx.db.execute("SELECT * FROM messages WHERE id = ?", (message_id,)).fetchone()
    if not row["reachable"] or not row["phone"]:
        raise NotAnswerable(phone=row["phone"])
    owner = ctx.db.execute(
        "SELECT customer_id FROM phones WHERE number = ?", (row["phone"],)
    ).fetchone()
    waits = row["status"] == "staff"
    answer = outbox.by_hand(
        ctx, row["phone"], text, owner[0] if owner else None,
        reply_to=message_id if row["direction"] == "in" else None,
        before="staff" if waits else "", hold=hold,
    )  # fmt: skip
    if waits:
        _set(ctx, message_id, "answered")
    return answer


def count_answers(ctx: Context, message_id: int) -> int:
    """How many SMS answer this one."""
    row = ctx.db.execute("SELECT count(*) FROM messages WHERE reply_to = ?", (message_id,))
    return int(row.fetchone()[0])


def _set(ctx: Context, message_id: int, status: str) -> None:
    ctx.db.execute(
        "UPDATE messages SET status = ?, status_at = ? WHERE id = ?", (status, ctx.at, message_id)
    )
    ctx.changed("messages", message_id)


@command("messages.settle", "messages.handle")
def settle(ctx: Context, message_id: int) -> None:
    """A message for the staff needs no answer, or got one by telephone. Raises `MessageSettled`."""
    row = ctx.db.execute("SELECT status FROM messages WHERE id = ?", (message_id,)).fetchone()
    if row["status"] not in ("staff", "undecodable"):
        raise MessageSettled()
    _set(ctx, message_id, "done")
    ctx.record(f"message {message_id}", {"status": row["status"]}, {"status": "done"})


def by_another(ctx: Context, message_id: int) -> conflicts.Deed | None:
    """What somebody else has just done about an SMS: answered it, or else."""
    row = ctx.db.execute(
        "SELECT max(id) FROM messages WHERE reply_to = ?", (message_id,)
    ).fetchone()
    answer = conflicts.by_another(ctx, f"message {row[0]}") if row[0] is not None else None
    return answer or conflicts.by_another(ctx, f"message {message_id}")


class PromoOnce(RuleBroken):
    text = N_("A promo goes out once. Write a new one to those whom it did not reach.")


@command("messages.resend", "messages.handle")
def resend(ctx: Context, message_id: int) -> int:
    """Send once more what failed, is in doubt, expired or is held for the staff; the new key.

    One in doubt is marked "(ulang)", for it may have come. Raises `MessageSettled` for one that was
    sent again already, `PromoOnce` for a promo.
    """
    row = ctx.db.execute(
        f"SELECT *, {TEXT} AS whole FROM messages WHERE id = ?",  # noqa: S608 - ours
        (message_id,),
    ).fetchone()
    repeated = ctx.db.execute(
        "SELECT 1 FROM messages WHERE repeat_of = ?", (message_id,)
    ).fetchone()
    held = _held_for_the_staff(ctx, message_id)
    if not (held or row["status"] in WITHOUT_DECISION) or repeated:
        raise MessageSettled()
    if outbox.KINDS[row["kind"]].promotes:
        raise PromoOnce()
    if held:
        # Whether it went out before the backup was restored, nobody knows.
        _set(ctx, message_id, "in_doubt")
    doubtful = held or row["status"] == "in_doubt"
    doubtful = doubtful and not row["whole"].endswith(outbox.AGAIN)
    again = outbox.queue(
        ctx, row["phone"], row["whole"] + (outbox.AGAIN if doubtful else ""), row["kind"],
        customer_id=row["customer_id"], reply_to=row["reply_to"], order_id=row["order_id"],
        repeat_of=message_id,
    )  # fmt: skip
    _decide(ctx, message_id)
    ctx.record(f"message {message_id}", {"status": row["status"]}, {"sent again as": again})
    return again


@command("messages.give_up", "messages.handle")
def give_up(ctx: Context, message_id: int) -> None:
    """Do not send it, or leave it as it is. Raises `MessageSettled` if it is going out or has, and
    `TellsADecision` for one without which a customer would wait for goods, or for nothing."""
    row = ctx.db.execute(
        "SELECT status, kind, order_id FROM messages WHERE id = ?", (message_id,)
    ).fetchone()
    if _held_for_the_staff(ctx, message_id):
        _set(ctx, message_id, "in_doubt")
        _decide(ctx, message_id)
    elif row["status"] in WITHOUT_DECISION:
        _decide(ctx, message_id)
    elif row["kind"] in ("confirmation", "rejection", "change") and row["order_id"]:
        raise TellsADecision(number=row["order_id"])
    elif not outbox.cancel(ctx, [message_id]):
        raise MessageSettled()
    ctx.record(f"message {message_id}", {"status": row["status"]}, {"given": "up"})


def _held_for_the_staff(ctx: Context, message_id: int) -> bool:
    """Whether it waits for a decision, and for no moment (`restored`)."""
    row = ctx.db.execute(
        "SELECT 1 FROM messages WHERE id = ? AND status = 'held' AND not_before IS NULL",
        (message_id,),
    ).fetchone()
    return row is not None


def _decide(ctx: Context, message_id: int) -> None:
    """It asks the staff no more, and is not sent again by itself."""
    ctx.db.execute(
        "UPDATE messages SET decided_at = ?, not_before = NULL WHERE id = ?", (ctx.at, message_id)
    )
    ctx.changed("messages", message_id)
