"""Upkeep by itself: once a day, in a quiet hour, on a thread beside the counter and the modem."""

import logging
from collections.abc import Callable
from datetime import timedelta

from filelock import Timeout

from crm_tui import shop_log
from crm_tui.clock import moment
from crm_tui.errors import Problem
from crm_tui.program_lock import ProgramLock
from crm_tui.shop.backups import archived
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.rounds import Rounds
from crm_tui.shop.messages import archiving, gateway_state, text_retention
from crm_tui.shop.upkeep import leavings, retention
from crm_tui.shop.upkeep.settings import LOG_MB

log = logging.getLogger(__name__)

LOCK = "upkeep.lock"
EVERY = timedelta(days=1)
QUIET = timedelta(minutes=5)
"""Nothing came and nothing is to go out for so long: nobody is disturbed."""
OVERDUE = timedelta(days=2)
"""So long after the last time it is done, quiet or not."""

_LOOK_SECONDS = 60.0
_DAILY = "daily"


def is_due(ctx: Context) -> bool:
    """Whether it is time, and nobody is disturbed."""
    row = ctx.db.execute("SELECT done_at FROM upkeep WHERE task = ?", (_DAILY,)).fetchone()
    waited = None if row is None else ctx.now - moment(row[0])
    if waited is not None and timedelta(0) <= waited < EVERY:
        return False
    return is_quiet(ctx) or (waited is not None and waited > OVERDUE)


def is_quiet(ctx: Context) -> bool:
    """Whether no SMS came or went lately, and none waits."""
    row = ctx.db.execute("SELECT at FROM messages ORDER BY id DESC LIMIT 1").fetchone()
    lately = row is not None and timedelta(0) <= ctx.now - moment(row[0]) < QUIET
    return not lately and gateway_state.queue_length(ctx) == 0


def tend(ctx: Context, stop: Callable[[], bool] = lambda: False) -> bool:
    """Do what is due, as the worker; whether it was. Another program that does it already is let do it.

    Raises a `Problem`: what was done until then stays, the rest is for the next time.
    """
    if not is_due(ctx):
        return False
    lock = ProgramLock(ctx.store.path.parent / LOCK, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    try:
        _tend(ctx.acting(GATEWAY), stop)
    finally:
        lock.release()
    return True


def _tend(ctx: Context, stop: Callable[[], bool]) -> None:
    moved = archiving.run(ctx, stop)
    forgotten = text_retention.run(ctx, stop)
    if steps := undo.past(ctx):
        retention.forget_steps(ctx, steps)
    archived.keep(ctx)
    files = [*retention.old_exports(ctx), *retention.old_stores(ctx)]
    shop_log.bound(LOG_MB(ctx))
    if files:
        retention.prune(ctx, files)
    retention.optimise(ctx, stop)
    if stop():
        return
    leavings.go(ctx)
    with part(ctx, "upkeep"):
        ctx.db.execute(
            "INSERT INTO upkeep (task, done_at) VALUES (?, ?)"
            " ON CONFLICT (task) DO UPDATE SET done_at = excluded.done_at",
            (_DAILY, ctx.at),
        )
        ctx.changed("upkeep", 0)
    log.info(
        "upkeep done: %s messages archived, %s forgotten, %s old files deleted",
        moved, forgotten, len(files),
    )  # fmt: skip


class Keeper(Rounds):
    """Tends while the program is open; called off, it stops after the slice that is being written."""

    name = "upkeep"
    first = _LOOK_SECONDS

    def begin(self, ctx: Context) -> None:
        shop_log.bound(LOG_MB(ctx))

    def look(self, ctx: Context) -> float:
        """Do what is due; seconds until the next look."""
        try:
            with self._store.told():
                tend(ctx, self._stop.is_set)
        except Problem as problem:
            log.warning("upkeep: %s", problem)
        except Exception:
            log.exception("upkeep failed")
        return _LOOK_SECONDS
