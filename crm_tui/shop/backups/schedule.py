"""Backups by themselves: each day, when the drawer was closed, and when the program ends.

What is due follows from the store, so that whatever program is open does it, after a crash too.
"""

import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from crm_tui.clock import Clock, moment
from crm_tui.errors import Problem
from crm_tui.shop.backups import places, state, wanted
from crm_tui.shop.backups.settings import AT_EXIT
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.practice import is_practice
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.gate.rounds import Rounds
from crm_tui.store import Store

log = logging.getLogger(__name__)

FIRST_LOOK = 60.0
"""Seconds after the start: people sign in first."""
EVERY = 30.0
AFTER_TROUBLE = 600.0
_PATIENCE = 0.2
"""Seconds between two looks whether it is made."""
_TO_END = 4.0
"""Seconds in which it ends when it is told to."""
_WRONG_CLOCK = timedelta(hours=1)


def due(ctx: Context) -> str:
    """Why a backup is to be made now ("drawer", "daily"), "" if none is."""
    if is_practice(ctx):
        return ""
    row = ctx.db.execute("SELECT good_at FROM backup_places WHERE place = 'own'").fetchone()
    if row is None or row["good_at"] is None:
        return "daily"
    good = moment(row["good_at"])
    if wanted.at(ctx) > row["good_at"]:
        return "drawer"
    another_day = good.astimezone().date() < ctx.now.astimezone().date()
    # One from the future was made with a wrong clock, and would keep all others from being made.
    return "daily" if another_day or good > ctx.now + _WRONG_CLOCK else ""


def due_at_exit(ctx: Context) -> bool:
    """Whether anything changed since the last backup that the program should not end without."""
    if not AT_EXIT(ctx) or is_practice(ctx):
        return False
    row = ctx.db.execute("SELECT seq FROM backup_places WHERE place = 'own'").fetchone()
    return state.newest_change(ctx) > (row["seq"] if row else 0)


def look_for_the_last(ctx: Context) -> None:
    """If somebody took the last good backup away, the newest that is there counts."""
    row = ctx.db.execute(
        "SELECT file FROM backup_places WHERE place = 'own' AND good_at IS NOT NULL"
    ).fetchone()
    folder = places.own(ctx)
    if row is None or places.read_note(folder / row["file"]) is not None:
        return
    left = next(iter(places.good(ctx, folder, places.OWN)), None)
    state.note_gone(ctx.acting(GATEWAY), places.OWN, left)


def tend(ctx: Context, progress: Progress | None = None) -> str:
    """Do what is due, as the worker; why a backup was made, "" if none was. Raises a `Problem`."""
    from crm_tui.shop.backups import bringing, making, rehearsing

    look_for_the_last(ctx)
    reason = due(ctx)
    if reason:
        making.run(ctx, reason, progress)
    elif not is_practice(ctx):
        making.bring_out(ctx, progress)
        if state.rehearsal_is_due(ctx):
            bringing.read_back(ctx, progress)
            rehearsing.rehearse(ctx, progress=progress)
    return reason


def is_much(ctx: Context) -> bool:
    """Whether more is due than to look at the other folder."""
    look_for_the_last(ctx)
    return bool(due(ctx)) or (not is_practice(ctx) and state.rehearsal_is_due(ctx))


def begin(store: Path) -> "subprocess.Popen[bytes]":
    """Begin it beside the work; told to end, it leaves nothing half made. Raises `OSError`."""
    return subprocess.Popen(
        # Not what lies in the folder in which somebody has opened the shop: a stick, perhaps.
        [sys.executable, "-P", "-m", "crm_tui.shop.backups.process", str(store)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


class Keeper(Rounds):
    """Has backups made while the program is open, by a process of their own."""

    name = "keeper"
    first = FIRST_LOOK

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store, clock)
        self._progress = Progress()

    def stop(self, patience: float = 4.0) -> None:
        """Call off what is being made, and wait a moment for that."""
        self._stop.set()
        self._progress.cancel()
        super().stop(patience)

    def begin(self, ctx: Context) -> None:
        _give_way()

    def look(self, ctx: Context) -> float:
        """Do what is due; seconds until the next look."""
        try:
            with self._store.told():
                if is_much(ctx):
                    return EVERY if self._made(begin(ctx.store.path)) else AFTER_TROUBLE
                if places.chosen(ctx) is not None and not is_practice(ctx):
                    from crm_tui.shop.backups import making

                    making.bring_out(ctx, self._progress)
        except Problem as problem:
            log.warning("backup: %s", problem)
            return AFTER_TROUBLE
        except Exception:
            log.exception("keeping backups failed")
            return AFTER_TROUBLE
        return EVERY

    def _made(self, made: "subprocess.Popen[bytes]") -> bool:
        """Wait for the end of the process, which comes at once when this thread is to stop."""
        while made.poll() is None:
            if self._stop.wait(_PATIENCE):
                made.terminate()
                try:
                    made.wait(_TO_END)
                except subprocess.TimeoutExpired:
                    # It waits where no signal reaches it; the program ends all the same.
                    made.kill()
                    return False
        return made.returncode == 0


def _give_way() -> None:
    """The till and the modem come first, where the system can tell threads apart."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
