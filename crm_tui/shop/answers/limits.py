"""How often and how long the shop answers by itself, and whom: no loops with other machines, no bills
that grow at night, no flood that uses up what is there for customers. What is over is stored and
shown to the staff with the reason.
"""

from datetime import timedelta

from crm_tui.clock import day_begin, stamp
from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.gsm.text import segments
from crm_tui.shop.answers.settings import (
    DAILY_LIMIT,
    KEPT_SHARE,
    NUMBER_DAY,
    NUMBER_LIMIT,
    RANGES,
    SAME_LIMIT,
)
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate import phones, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import budget
from crm_tui.shop.messages.inbox import MOST_QUEUED
from crm_tui.shop.messages.outbox import UNSENT_SQL


def _today(ctx: Context) -> str:
    return f"answers {ctx.now.astimezone():%Y-%m-%d}"


def _of_strangers(ctx: Context) -> str:
    return f"{_today(ctx)} never bought"


def out_of_range(ctx: Context, phone: str, customer: Customer) -> Sentence:
    """Why this number is never answered by itself, or ""."""
    ranges = RANGES(ctx)
    if ranges == "all" or customer.known:
        return UNSAID
    if phones.of_the_country(phone, settings.COUNTRY(ctx), mobile=ranges == "mobile"):
        return UNSAID
    return N_("an unknown number of another country or kind; an SMS to it may be dear")


def over(ctx: Context, phone: str, customer: Customer) -> Sentence:
    """Why no automatic answer may be given now, or ""."""
    row = ctx.db.execute(
        "SELECT (SELECT value FROM counters WHERE name = :today) AS today,"  # noqa: S608 - ours
        " (SELECT value FROM counters WHERE name = :strangers) AS strangers,"
        " (SELECT at FROM messages WHERE phone = :phone AND kind = 'answer'"
        "  ORDER BY at DESC LIMIT 1 OFFSET :number) AS earlier,"
        " (SELECT sum(segments) FROM messages WHERE phone = :phone AND kind = 'answer'"
        "  AND at >= :midnight) AS sent,"
        f" (SELECT sum(status IN {UNSENT_SQL}) FROM messages WHERE phone = :phone"
        "  AND kind = 'answer' AND at > :fresh) AS waiting",
        {
            "today": _today(ctx), "strangers": _of_strangers(ctx), "phone": phone,
            "number": NUMBER_LIMIT(ctx) - 1, "midnight": stamp(day_begin(ctx.now)),
            "fresh": stamp(ctx.now - timedelta(hours=2)),
        },
    ).fetchone()  # fmt: skip
    day = _day_over(ctx, row["today"] or 0, row["strangers"] or 0, customer)
    if day:
        return day
    if row["earlier"] and row["earlier"] > stamp(ctx.now - timedelta(minutes=5)):
        return N_("too many answers to this number in 5 minutes")
    if (row["sent"] or 0) >= NUMBER_DAY(ctx):
        return N_("too many answers to this number today")
    if (row["waiting"] or 0) >= MOST_QUEUED:
        return N_("three answers to this number have not gone out yet")
    return budget.used_up(ctx)


def _day_over(ctx: Context, today: int, strangers: int, customer: Customer) -> Sentence:
    """Why nothing more is said to a customer today after so many SMS, of which `strangers` to numbers
    that never bought; "" if more may be."""
    most = DAILY_LIMIT(ctx)
    if today >= most:
        return N_("the day's automatic answers are used up")
    shared = most - most * KEPT_SHARE(ctx) // 100
    if customer.kind != "customer" and strangers >= max(1, shared):
        return N_("the day's automatic answers for numbers that never bought are used up")
    return UNSAID


def day_over(ctx: Context, customer: Customer) -> bool:
    """Whether nothing more is said to a customer by itself before midnight."""
    counted = dict(
        ctx.db.execute(
            "SELECT name, value FROM counters WHERE name IN (?, ?)",
            (_today(ctx), _of_strangers(ctx)),
        ).fetchall()
    )
    today, strangers = (counted.get(each, 0) for each in (_today(ctx), _of_strangers(ctx)))
    return bool(_day_over(ctx, today, strangers, customer))


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


def count(ctx: Context, reply: str, customer: Customer) -> None:
    """So many more SMS of automatic answers today, within a command."""
    names = [_today(ctx)]
    if customer.kind != "customer":
        names.append(_of_strangers(ctx))
    ctx.db.execute(
        f"INSERT INTO counters VALUES {', '.join(['(?, ?)'] * len(names))}"  # noqa: S608 - ours
        " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
        [value for name in names for value in (name, len(segments(reply)))],
    )
