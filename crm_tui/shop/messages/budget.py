"""What SMS may cost in a day and in a month: counted as they go out, told of before, stopped after.

Every SMS counts. What goes out by itself (answers, promos, the waiting list) stops when a budget is
used up; what people send, and what tells a customer of an order, goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_tui.clock import day_begin
from crm_tui.errors import N_, UNSAID, Sentence
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.settings import (
    BUDGET_DAY,
    BUDGET_DAY_RUPIAH,
    BUDGET_MONTH,
    BUDGET_MONTH_RUPIAH,
    SMS_COST,
)

WARN = 80
"""Percent of a budget from which on people are told."""


@dataclass(frozen=True)
class Share:
    """So many SMS of `most` went out in this `span` (day or month); `most` 0: no budget."""

    span: str
    used: int
    most: int

    @property
    def percent(self) -> int:
        return 100 * self.used // self.most if self.most else 0


def _names(ctx: Context) -> dict[str, str]:
    now = ctx.now.astimezone()
    return {"day": f"sms {now:%Y-%m-%d}", "month": f"sms {now:%Y-%m}"}


def count(ctx: Context) -> None:
    """One more SMS goes out, within the worker's journal."""
    names = _names(ctx)
    ctx.db.execute(
        "INSERT INTO counters VALUES (?, 1), (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = value + 1",
        (names["day"], names["month"]),
    )


def _most(ctx: Context, sms: Callable[[Context], int], rupiah: Callable[[Context], int]) -> int:
    """The smaller of two budgets, in SMS; 0: neither is set."""
    cost = SMS_COST(ctx)
    wanted = [sms(ctx)] if sms(ctx) else []
    if rupiah(ctx) and cost:
        wanted.append(max(1, rupiah(ctx) // cost))
    return min(wanted, default=0)


def shares(ctx: Context) -> list[Share]:
    """The budgets that are set, with what is used of them."""
    most = {
        "day": _most(ctx, BUDGET_DAY, BUDGET_DAY_RUPIAH),
        "month": _most(ctx, BUDGET_MONTH, BUDGET_MONTH_RUPIAH),
    }
    if not any(most.values()):
        return []
    names = _names(ctx)
    counted = dict(
        ctx.db.execute(
            "SELECT name, value FROM counters WHERE name IN (?, ?)", (names["day"], names["month"])
        ).fetchall()
    )
    return [Share(span, counted.get(names[span], 0), most[span]) for span in most if most[span]]


_USED_UP = {
    "day": N_("the day's budget of SMS is used up"),
    "month": N_("the month's budget of SMS is used up"),
}


def used_up(ctx: Context) -> Sentence:
    """Why nothing goes out by itself now, "" if it may."""
    over = [share.span for share in shares(ctx) if share.used >= share.most]
    return _USED_UP[over[-1]] if over else UNSAID


def opens_at(ctx: Context) -> datetime | None:
    """When SMS go out by themselves again; None if they may now."""
    why = used_up(ctx)
    if not why:
        return None
    midnight = day_begin(ctx.now)
    if why is _USED_UP["day"]:
        return midnight + timedelta(days=1)
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
