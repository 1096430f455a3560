"""The thread that cares for the store while the program is open: it keeps the log short, looks for what
others planted, and has the store read through once a day and after an unclean end.
"""

import logging
import math
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta

from crm_tui import check_result, page_sums, triggers, wal
from crm_tui.clock import Clock, SystemClock, moment
from crm_tui.feed import Changes
from crm_tui.shop.checks import process
from crm_tui.store import Store, StoreProblem

log = logging.getLogger(__name__)

EVERY = 1.0
LATEST = 5
"""The log is brought to its place after a second without writing, and after so many with it."""
AT_REST = 4
"""As long as nothing is written, so many of these seconds pass between two looks."""
FIRST_CHECK = 10
"""Seconds after which a check is thought of first: the shop opens before."""
THINK = 60
DAILY = timedelta(hours=24)
LOOK_AROUND = 15
"""Seconds of writing between two looks for what others planted, which no sale waits for then."""


class Caretaker:
    """Cares for one store from `start` to `stop`; `post` is told when a check has ended."""

    def __init__(
        self, store: Store, clock: Clock, post: Callable[[Changes], None] = lambda changes: None
    ) -> None:
        self._store, self._clock, self._post = store, clock, post
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)
        self._log: tuple[int, int] | None = None
        self._done: tuple[int, int] | None = None
        self._waited = 0
        self._rests = False
        self._looked_at = -math.inf
        self._check: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End; what is in the log is brought to its place before."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        seconds, next_check = 0, FIRST_CHECK
        try:
            while not self._stop.wait(EVERY * (pause := AT_REST if self._rests else 1)):
                seconds += pause
                self._rests = self._check is None
                self._quietly(self._keep_short)
                if self._rests:
                    # Hours may go by without writing: no connection is held meanwhile.
                    self._store.close()
                if self._check is not None:
                    self._quietly(self._look_at_check)
                elif seconds >= next_check:
                    next_check = seconds + THINK
                    self._quietly(self._think)
            self._quietly(self._store.checkpoint)
        finally:
            if self._check is not None and self._check.poll() is None:
                self._check.terminate()
                self._check.wait(1)
            self._store.close()

    @staticmethod
    def _quietly(do: Callable[[], object]) -> None:
        try:
            do()
        except StoreProblem as problem:
            log.info("caring for the store: %s", problem)
        except Exception:
            log.exception("caring for the store failed")

    def _keep_short(self) -> None:
        """Bring the log to its place if it was written; an idle program asks the system for its size
        and its time, and nothing more."""
        try:
            found = wal.path_of(self._store.path).stat()
        except FileNotFoundError:
            return
        now = found.st_size, found.st_mtime_ns
        if not found.st_size or now == self._done:
            return
        self._rests = False
        if self._clock.monotonic() - self._looked_at >= LOOK_AROUND:
            self._looked_at = self._clock.monotonic()
            self.look_around()
        self._waited += 1
        if now == self._log or self._waited >= LATEST:
            self._waited = 0
            if self._store.checkpoint():
                self._done = now
        self._log = now

    def look_around(self) -> None:
        """Look whether somebody planted something; the next that writes takes it away."""
        now = SystemClock().monotonic()
        with self._store.reading() as db:
            self._store.looked_at = -math.inf if triggers.foreign(db.conn) else now

    def _think(self) -> None:
        """Begin a check if one is due."""
        path = self._store.path
        self._store.look_at_the_check()
        last = check_result.read(path).thorough_at
        age = self._clock.now() - moment(last) if last else DAILY
        # A clock that was put back must not keep it from being checked.
        daily = not timedelta() <= age < DAILY
        if daily or page_sums.touched(path):
            self._check = process.begin(path, thorough=daily)

    def _look_at_check(self) -> None:
        if self._check is None or self._check.poll() is None:
            return
        self._check = None
        self._store.look_at_the_check()
        self._post({"checks": frozenset()})
