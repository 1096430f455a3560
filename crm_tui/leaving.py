"""What is done when the screens are closed: the last backup of the day, or a restore. One line on the
terminal says how far it is.
"""

import gc
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from crm_tui import i18n
from crm_tui.clock import Clock
from crm_tui.errors import N_, Problem, Sentence, stored

if TYPE_CHECKING:
    from crm_tui.shop.backups.restoring import Wanted
    from crm_tui.shop.gate.progress import Progress

T = TypeVar("T")
log = logging.getLogger(__name__)

RESTORED = N_(
    "The backup is restored. SMS that were on their way then are held for the staff: look at them under"
    " SMS out."
)
PATIENCE = 15.0
"""Seconds for the threads that are just ending."""


def last_backup(folder: Path, clock: Clock, language: str) -> None:
    """Make a backup if anything changed since the last one. Ctrl+C skips it; nothing that goes wrong
    keeps the program from ending."""
    from crm_tui.shop.backups import making, schedule
    from crm_tui.shop.gate.context import GATEWAY, Context
    from crm_tui.shop.gate.folder import store_path
    from crm_tui.store import Store

    if not store_path(folder).exists():
        return
    try:
        store = Store(store_path(folder))
        try:
            ctx = Context(store, clock, GATEWAY)
            if schedule.due_at_exit(ctx):
                _with_line(
                    i18n.translate(N_("Making a backup (Ctrl+C skips it) …"), language),
                    lambda progress: making.run(ctx, "exit", progress),
                )
        finally:
            store.close()
    except KeyboardInterrupt:
        log.info("the backup at the end was skipped")
    except Problem as problem:
        log.warning("backup at the end: %s", problem)
        _say(i18n.say(problem, language) + "\n")
    except Exception:
        log.exception("backup at the end")


def restore(folder: Path, clock: Clock, wanted: "Wanted", language: str) -> Sentence:
    """Restore a backup; what the login says of it, as `errors.stored` keeps it."""
    from crm_tui.shop.backups import preparing, restoring

    def do(progress: "Progress") -> None:
        with preparing.prepared(
            folder, clock, wanted.backup, passphrase=wanted.passphrase, actor=wanted.actor,
            progress=progress,
        ) as ready:  # fmt: skip
            restoring.restore(folder, clock, ready, wait=PATIENCE)

    # What lives until the end has come to it: the connections of the screens' threads, too.
    gc.unfreeze()
    gc.collect()
    try:
        _with_line(i18n.translate(N_("Restoring the backup …"), language), do)
    except Problem as problem:
        log.warning("restore: %s", problem)
        return problem.stored
    except Exception:
        log.exception("restore")
        return stored(N_("The backup was not restored; the details are in crm.log."))
    return RESTORED


def _with_line(text: str, do: "Callable[[Progress], T]") -> T:
    from crm_tui.shop.gate.progress import Progress

    class _Shown(Progress):
        def at(self, done: int, total: int) -> None:
            super().at(done, total)
            _say(f"\r{text} {round(self.share * 100):3}%")

    _say(f"\r{text}")
    try:
        return do(_Shown())
    finally:
        _say("\r" + " " * (len(text) + 6) + "\r")


def _say(text: str) -> None:
    """On the terminal, if it is still there."""
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            sys.stderr.write(text)
            sys.stderr.flush()
