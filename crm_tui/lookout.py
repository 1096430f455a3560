"""How the line stands, as the staff are told: what is wrong with it, its signal, who has the modem."""

import logging
import os
import socket
from collections.abc import Mapping

from crm_tui.clock import Clock
from crm_tui.errors import Problem
from crm_tui.gsm.errors import NoSlots, Unreadable
from crm_tui.gsm.send_gate import Outlet
from crm_tui.modem import Health, Modem, Stored
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import gateway_state
from crm_tui.shop.messages.errors import ClockDoubted, SimFull, SimFullOfOthers

log = logging.getLogger("crm_tui.gateway")

_SAID_AGAIN = 39.0
"""Every second heartbeat at least: others take a worker that says nothing for two minutes for gone."""
_TIME_EVERY = 3600.0


class Lookout:
    """What one worker knows of its line, and has said of it in the store.

    `error`: what ended the service last, or is wrong with the clock; `told`: what was said last.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._holder = f"{socket.gethostname()}, PID {os.getpid()}"
        self._health = Health()
        self._next_time = float("-inf")
        self._logged = ("", "")
        self._said: tuple[object, ...] = ()
        self._said_at = float("-inf")
        self.error: Problem | None = None
        self.told: Problem | None = None

    def opened(self) -> None:
        """A modem was opened."""
        self.error = None
        self._next_time = float("-inf")

    def say_anew(self) -> None:
        """Somebody else has said something of this worker: it is to be said otherwise."""
        self._said = ()

    def clock_problem(self, problem: Problem | None) -> None:
        """What is wrong with the clock, None if nothing is."""
        if problem is not None or isinstance(self.error, ClockDoubted):
            self.error = problem

    def problem(
        self, modem: Modem, outlet: Outlet, stuck: Mapping[Stored, float]
    ) -> Problem | None:
        """What the staff are to know, the weightiest first; `stuck`: what the SIM does not let go."""
        health = self._health
        if isinstance(self.error, ClockDoubted):
            return self.error
        if health.full and stuck:
            told: Problem = SimFull(used=health.used, capacity=health.capacity)
        elif health.full and modem.memories.left >= health.used:
            told = SimFullOfOthers(used=health.used, capacity=health.capacity)
        elif not modem.memories.readable:
            told = Unreadable()
        elif modem.memories.roomless and not health.capacity:
            told = NoSlots()
        elif outlet.problem is not None:
            told = outlet.problem
        else:
            return None
        # The same one as before, as long as it says the same.
        return self.told if self.told and self.told.stored == told.stored else told

    def look(self, modem: Modem) -> Health:
        """Ask the modem how it is doing."""
        self._health = modem.health()
        return self._health

    def ask_time(self, ctx: Context, modem: Modem) -> None:
        """Hear the network's time: once an hour, and as long as the computer's clock is doubted."""
        now = self._clock.monotonic()
        if now < self._next_time and not ctx.time.doubted:
            return
        self._next_time = now + _TIME_EVERY
        said = modem.network_time()
        if said is not None:
            gateway_state.heard_time(ctx, said)

    def say(self, ctx: Context, port: str, word: str, problem: Problem | None = None) -> None:
        """Write how the line at `port` is, if that is news or was said long ago."""
        self.told = problem
        health = self._health
        line = gateway_state.Line(
            health.signal, health.operator, health.network.value, health.used, health.capacity
        )
        # That it is still so is said less often: it is written to the disk, and drawn on all screens.
        news = word, line, problem.stored if problem else "", port
        now = self._clock.monotonic()
        if news == self._said and now - self._said_at < _SAID_AGAIN:
            return
        gateway_state.write(ctx, self._holder, port, word, line=line, error=problem)
        self._said, self._said_at = news, now
        said = word, str(problem or "well")
        if said != self._logged:
            # A heartbeat is no news.
            log.info("gateway %s, signal %s, %s", word, health.signal, said[1])
            self._logged = said
