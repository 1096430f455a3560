"""A simulated day: things happen at their hour while the worker waits."""

import heapq
import threading
from collections.abc import Callable
from datetime import datetime

from crm_tui.clock import SimulatedClock


class EventClock(SimulatedClock):
    """A simulated clock with appointments: each runs when the time that passes reaches it."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._appointments: list[tuple[datetime, int, Callable[[], None]]] = []

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._appointments, (moment, len(self._appointments), act))

    def due_in(self) -> float | None:
        """Seconds until the next appointment, if there is one."""
        if not self._appointments:
            return None
        return max(0.0, (self._appointments[0][0] - self.now()).total_seconds())

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        done = super().wait(seconds, until)
        while self._appointments and self._appointments[0][0] <= self.now():
            heapq.heappop(self._appointments)[2]()
        return done
