"""A thread that looks after something of the shop again and again, while the program is open."""

import threading
from typing import ClassVar

from crm_tui import memory
from crm_tui.clock import Clock
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.store import Store


class Rounds:
    """Goes round from `start` to `stop`, as the worker, on connections of its own: between two looks it
    has none, nor what a look took. Its pauses are real seconds, as of people who sit before it,
    whatever the shop's clock is."""

    name: ClassVar[str]
    first: ClassVar[float]
    """Seconds until the first look: people sign in before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float = 4.0) -> None:
        """Look no more, and wait so long for the end of what is being done."""
        self._stop.set()
        self._thread.join(patience)

    def begin(self, ctx: Context) -> None:
        """What is done once, on the thread, before its first look."""

    def look(self, ctx: Context) -> float:
        """Do what is due; seconds until the next look."""
        raise NotImplementedError

    def _run(self) -> None:
        ctx = Context(self._store, self._clock, GATEWAY)
        try:
            self.begin(ctx)
            pause = self.first
            while not self._rested(pause):
                pause = self.look(ctx)
        finally:
            self._store.close()

    def _rested(self, seconds: float) -> bool:
        """Pause; whether it is to stop."""
        self._store.close()
        memory.give_back()
        return self._stop.wait(seconds)
