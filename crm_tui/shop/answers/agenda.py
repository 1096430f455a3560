"""What is due in the shop without anybody's doing: the worker's agenda. What takes the longer the more
customers there are is no duty of these: the worker has it done beside the line.

Each duty tells when it will have something to do. The store is asked for that only after it changed,
and when that moment has come; in between an idle worker compares two moments.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from crm_tui.clock import stamp
from crm_tui.shop.answers import waiting_list
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.loyalty import points
from crm_tui.shop.messages import balance, delivery, inbox, joining
from crm_tui.shop.orders import changing
from crm_tui.shop.promos import due as promos_due
from crm_tui.store import StoreProblem

log = logging.getLogger(__name__)


AFTER_A_FAILURE = 600.0
"""Seconds until what failed is tried again."""


@dataclass(frozen=True)
class Duty:
    """`due_at`: the stored moment from which on there is something to `do`, "" for at once, None for
    never, both as long as the store does not change. `doubted`: it is done, too, by a wrong clock, by
    which nothing may expire or go out unasked."""

    due_at: Callable[[Context], str | None]
    do: Callable[[Context], object]
    doubted: bool = False


def _expire_orders(ctx: Context) -> None:
    for number in changing.overdue(ctx):
        try:
            changing.expire(ctx, number)
        except RuleBroken as broken:
            log.info("order %s did not expire: %s", number, broken)


def _feed_promos(ctx: Context) -> None:
    from crm_tui.shop.promos import sending

    sending.feed(ctx)


DUTIES = (
    Duty(joining.due_at, joining.hand_over, doubted=True),
    Duty(delivery.due_at, delivery.tend, doubted=True),
    Duty(inbox.due_at, inbox.read_on, doubted=True),
    Duty(balance.due_at, balance.ask_daily),
    Duty(points.due_at, points.expire),
    Duty(waiting_list.due_at, waiting_list.feed),
    Duty(promos_due.due_at, _feed_promos),
    Duty(changing.due_at, _expire_orders),
)


class Agenda:
    """The duties of one worker, on its connection."""

    def __init__(self, duties: Iterable[Duty] = DUTIES) -> None:
        self._duties = tuple(duties)
        self._seen: tuple[int, int, bool] | None = None
        self._next: str | None = None
        self._failed: dict[Duty, float] = {}
        """Duties that failed, and when (monotonic) each is tried again."""

    @property
    def fails(self) -> bool:
        """Whether there is something that is due and cannot be done."""
        return bool(self._failed)

    def tend(self, ctx: Context) -> bool:
        """Do what is due; whether that changed the store."""
        seen = self._look(ctx)
        reached = self._next is not None and self._next <= ctx.at
        if seen == self._seen and not reached:
            return False
        moments = [moment for duty in self._duties if (moment := self._do(ctx, duty)) is not None]
        self._next = min(moments, default=None)
        # As it was before: what others wrote meanwhile is looked at next time, and so is what was done.
        self._seen = seen
        return bool(ctx.db.conn.total_changes != seen[1])

    @staticmethod
    def _look(ctx: Context) -> tuple[int, int, bool]:
        """What changes when others write, when we do, and when the clock is doubted or believed."""
        others = ctx.db.execute("PRAGMA data_version").fetchone()[0]
        return others, ctx.db.conn.total_changes, ctx.time.doubted

    def _do(self, ctx: Context, duty: Duty) -> str | None:
        """Do it if it is due; when it was, or will be. One that fails keeps no other, and no SMS: it is
        tried again after a while."""
        if ctx.time.doubted and not duty.doubted:
            return None
        left = self._failed.get(duty, 0.0) - ctx.clock.monotonic()
        if left > 0:
            return stamp(ctx.now + timedelta(seconds=left))
        try:
            with ctx.store.told():
                at = duty.due_at(ctx)
                if at is not None and at <= ctx.at:
                    duty.do(ctx)
        except StoreProblem:
            raise
        except Exception:
            log.exception("what is due could not be done")
            self._failed[duty] = ctx.clock.monotonic() + AFTER_A_FAILURE
            return stamp(ctx.now + timedelta(seconds=AFTER_A_FAILURE))
        self._failed.pop(duty, None)
        return at


def unwanted(ctx: Context, message_id: int) -> str:
    """Why an SMS that was not just asked for is not to go out any more, "" if it is."""
    return promos_due.unwanted(ctx, message_id) or waiting_list.unwanted(ctx, message_id)
