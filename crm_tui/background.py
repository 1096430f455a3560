"""Long work on the store beside the line: on a thread of its own, in slices, ended with the worker.

Whoever serves the modem must hear it at any moment. What takes seconds is done here; it stands in the
store how far it is, so that the next worker goes on after a power cut.
"""

import logging
import threading
from collections.abc import Callable

from crm_tui.clock import Beside, Clock
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import Cancelled
from crm_tui.shop.gate.progress import Progress
from crm_tui.store import Store

log = logging.getLogger(__name__)

_PATIENCE = 5.0
_AFTER_A_FAILURE = 60.0
"""Seconds until what failed is begun again: it would fail again and again."""


class _Until(Progress):
    """Called off when the worker ends, whatever has been said before: the rest is done by the next."""

    def __init__(self, ends: threading.Event) -> None:
        super().__init__()
        self._ends = ends

    def at(self, done: int, total: int) -> None:
        super().at(done, total)
        if self._ends.is_set():
            raise Cancelled()


class Helper:
    """One thread at most; `begin` while it works, or soon after it failed, does nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._path = store.path
        self._clock = clock
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None
        self._not_before = float("-inf")
        self.fails = False
        """Whether what was begun last failed."""

    @property
    def works(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def begin(self, do: Callable[[Context, Progress], object]) -> None:
        """Do it beside, on a connection of its own."""
        rests = self._clock.monotonic() < self._not_before
        if not (self.works or rests or self._ends.is_set()):
            self._thread = threading.Thread(
                target=self._run, args=(do,), name="beside", daemon=True
            )
            self._thread.start()

    def _run(self, do: Callable[[Context, Progress], object]) -> None:
        try:
            store = Store(self._path)
            try:
                ctx = Context(store, self._clock, GATEWAY)
                # Its pauses are real ones, also in simulated time: that belongs to the worker.
                ctx.clock = Beside(self._clock)
                do(ctx, _Until(self._ends))
                self.fails = False
            finally:
                store.close()
        except Cancelled:
            log.info("the rest is done by the next worker")
        except Exception:
            # It stands in the store how far it is: it is begun again.
            log.exception("work beside the line failed")
            self._not_before = self._clock.monotonic() + _AFTER_A_FAILURE
            self.fails = True

    def give_way(self, seconds: float) -> None:
        """Let it have so much time, if it works; for a worker who has nothing to do."""
        if self._thread is not None:
            self._thread.join(seconds)

    def end(self) -> None:
        """Call it off, and wait for the end of its slice."""
        self._ends.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)
