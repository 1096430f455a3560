"""Looks after the worker: one that stands still is told of, and its shift is begun anew.

Nobody takes its place: there is one worker a line. It is asked to let go of the modem, wherever it
waits for it, and begins anew with the same lock; what it was sending is in doubt, as after any broken
line.
"""

import logging
import threading
from types import TracebackType
from typing import Protocol

from crm_tui.clock import Clock
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.messages import gateway_state
from crm_tui.shop.messages.errors import StandsStill
from crm_tui.store import Store

log = logging.getLogger(__name__)

LIMIT = 600.0
"""Seconds for one step of a worker; none that comes to an end by itself takes as long."""
_EVERY = 20.0


class Worker(Protocol):
    """What is used of `gateway.Gateway`."""

    @property
    def last_step(self) -> float:
        """When (monotonic) it last went on."""

    def begin_anew(self) -> None:
        """Let go of the modem, and open it again."""


class Watchdog:
    """Watches one worker, on a thread of its own, within `with`."""

    def __init__(self, worker: Worker, store: Store, clock: Clock) -> None:
        self._worker, self._store, self._clock = worker, store, clock
        self._seen = float("-inf")
        self._told = float("-inf")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(2)

    def _run(self) -> None:
        ctx: Context | None = None
        try:
            while not self._stop.wait(_EVERY):
                try:
                    ctx = ctx or Context(self._store, self._clock, GATEWAY)
                    self.look(ctx)
                except Exception:
                    # The store may be what it stands still for.
                    log.exception("watching the worker failed")
        finally:
            self._store.close()

    def look(self, ctx: Context) -> bool:
        """Look once; whether the worker stands still."""
        step, before = self._worker.last_step, self._seen
        self._seen = step
        still = self._clock.monotonic() - step
        # Seen twice: a computer that slept lets the worker go on before it is judged.
        if still < LIMIT or step != before:
            return False
        self._worker.begin_anew()
        if self._told != step:
            log.error("the worker has stood still for %.0f s: it begins anew", still)
            gateway_state.stands_still(ctx, StandsStill(minutes=round(still / 60)))
            self._told = step
        return True
