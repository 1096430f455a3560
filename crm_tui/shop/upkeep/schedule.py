"""Upkeep by itself: once a day, in a quiet hour, on a thread beside the counter and the modem."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from filelock import Timeout

from crm_tui import shop_log
from crm_tui.clock import moment
from crm_tui.errors import Problem
from crm_tui.program_lock import ProgramLock
from crm_tui.shop.backups import archived
from crm_tui.shop.gate import undo
from crm_tui.shop.gate.commands import journal, part
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.rounds import Rounds
from crm_tui.shop.messages import archiving, gateway_state, text_retention
from crm_tui.shop.upkeep import leavings, retention
from crm_tui.shop.upkeep.settings import LOG_MB
from crm_tui.store import StoreProblem

log = logging.getLogger(__name__)

LOCK = "upkeep.lock"
EVERY = timedelta(days=1)
QUIET = timedelta(minutes=5)
"""Nothing came and nothing is to go out for so long: nobody is disturbed."""
OVERDUE = timedelta(days=2)
"""So long after the last time it is done, quiet or not."""

_LOOK_SECONDS = 60.0
_AFTER_TROUBLE = 600.0
_DAILY, _FAILS = "daily", "fails"
"""Tasks of the table `upkeep`: when all was done last; since when not all of it can be done."""
T = TypeVar("T")


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

    What one step raises keeps no other from being done; it is raised at the end, and that there is
    something is noted (`fails_since`). All of it is tried again the next time.
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


def fails_since(ctx: Context) -> str | None:
    """Since when (a stored moment) upkeep does not come to its end; None if it did the last time."""
    row = ctx.db.execute("SELECT done_at FROM upkeep WHERE task = ?", (_FAILS,)).fetchone()
    return None if row is None else str(row[0])


class _Steps:
    """What is to be done, whatever became of the steps before; a store that cannot be used ends it."""

    def __init__(self) -> None:
        self.trouble: list[Exception] = []

    def do(self, step: Callable[[], T], otherwise: T) -> T:
        try:
            return step()
        except StoreProblem:
            raise
        except Exception as trouble:
            log.warning("upkeep: %s", trouble, exc_info=not isinstance(trouble, Problem))
            self.trouble.append(trouble)
            return otherwise


def _tend(ctx: Context, stop: Callable[[], bool]) -> None:
    steps = _Steps()
    moved = steps.do(lambda: archiving.run(ctx, stop), 0)
    forgotten = steps.do(lambda: text_retention.run(ctx, stop), 0)
    if past := undo.past(ctx):
        retention.forget_steps(ctx, past)
    steps.do(lambda: archived.keep(ctx), None)
    files = [
        *retention.old_exports(ctx), *retention.old_stores(ctx), *retention.left_over(ctx)
    ]  # fmt: skip
    shop_log.bound(LOG_MB(ctx))
    if files:
        retention.prune(ctx, files)
    retention.optimise(ctx, stop)
    if stop():
        return
    leavings.go(ctx)
    if steps.trouble:
        _note_failure(ctx)
        raise steps.trouble[0]
    with part(ctx, "upkeep"):
        ctx.db.execute("DELETE FROM upkeep WHERE task = ?", (_FAILS,))
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


@journal
def _note_failure(ctx: Context) -> None:
    added = ctx.db.execute(
        "INSERT OR IGNORE INTO upkeep (task, done_at) VALUES (?, ?)", (_FAILS, ctx.at)
    )
    if added.rowcount:
        ctx.changed("upkeep", 0)


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
            return _AFTER_TROUBLE
        except Exception:
            log.exception("upkeep failed")
            return _AFTER_TROUBLE
        return _LOOK_SECONDS
