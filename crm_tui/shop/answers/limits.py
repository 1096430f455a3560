"""How often the shop answers by itself: no loops with other machines, no bills that grow at night."""

from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.shop.answers.settings import DAILY_LIMIT, NUMBER_LIMIT, SAME_LIMIT
from crm_tui.shop.gate.context import Context


def _today(ctx: Context) -> str:
    return f"answers {ctx.now.astimezone():%Y-%m-%d}"


def over(ctx: Context, phone: str) -> Sentence:
    """Why no automatic answer may be given now, or ""."""
    row = ctx.db.execute("SELECT value FROM counters WHERE name = ?", (_today(ctx),)).fetchone()
    if row and row[0] >= DAILY_LIMIT(ctx):
        return N_("the day's automatic answers are used up")
    row = ctx.db.execute(
        "SELECT at FROM messages WHERE phone = ? AND kind = 'answer'"
        " ORDER BY at DESC LIMIT 1 OFFSET ?",
        (phone, NUMBER_LIMIT(ctx) - 1),
    ).fetchone()
    if row and row[0] > stamp(ctx.now - timedelta(minutes=5)):
        return N_("too many answers to this number in 5 minutes")
    return UNSAID


def said_often(ctx: Context, phone: str, text: str, reply: str) -> bool:
    """Whether `text` was answered with `reply` too often within the hour: two machines, perhaps."""
    rows = ctx.db.execute(
        "SELECT answer.text, question.text FROM"
        " (SELECT text, reply_to FROM messages WHERE phone = ? AND kind = 'answer'"
        "  AND at > ? ORDER BY at DESC LIMIT 300) AS answer"
        " JOIN messages AS question ON question.id = answer.reply_to",
        (phone, stamp(ctx.now - timedelta(hours=1))),
    ).fetchall()
    same = sum(row[0] == reply and row[1] == text for row in rows)
    return bool(same >= SAME_LIMIT(ctx))


def count(ctx: Context) -> None:
    """One more automatic answer today, within a command."""
    ctx.db.execute(
        "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
        (_today(ctx),),
    )
