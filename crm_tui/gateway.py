"""The worker between the modem and the store. One thread, one line, one thing after the other.

    take in ─T1→ store ─T2→ orders, replies ─claim→ line ─OK→ sent ─report→ delivered

Each arrow is a commit. They are made while the modem is busy with the next command, never with the
line idle behind them; what is not yet committed has not yet been seen by anybody.
"""

import logging
import os
import socket
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from crm_tui.beside import Helper
from crm_tui.clock import Clock
from crm_tui.errors import N_, Problem
from crm_tui.gsm.errors import (
    Interrupted,
    ModemProblem,
    Unreadable,
)
from crm_tui.gsm.line import nothing_with
from crm_tui.gsm.outlet import Outlet
from crm_tui.modem import Health, Modem, Stored
from crm_tui.shop.answers import due, handling, understanding
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.folder import MODEM_LOCK
from crm_tui.shop.gate.practice import is_practice
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import balance, identity, inbox, sending, state
from crm_tui.shop.messages.asking import Asking
from crm_tui.shop.messages.errors import ClockDoubted, ModemHeld, SimFull, Unexpected
from crm_tui.shop.messages.handing import HandingOver
from crm_tui.shop.messages.identity import Received
from crm_tui.shop.messages.settings import POLL, PORT
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.store import Store, StoreProblem

log = logging.getLogger(__name__)

_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
_HEARTBEAT = 20.0
_SAID_AGAIN = 39.0
"""Every second heartbeat at least: others take a worker that says nothing for two minutes for gone."""
_TEND = 1.0
_UNHANDLED = N_("it could not be dealt with; the details are in crm.log")
_IDLE = 0.25
_POLL_DEAF = 5.0
_REFUSED, _STUCK = 60.0, 600.0
"""Seconds until a slot that could not be emptied is tried again: the first time, and from then on."""
_GIVEN = 0.01
_TIME_EVERY = 3600.0
_TURN = 2.0
"""Seconds that what comes may keep what goes waiting."""


class _Either:
    """Set as soon as one of two is."""

    def __init__(self, one: threading.Event, other: threading.Event) -> None:
        self._one, self._other = one, other

    def is_set(self) -> bool:
        return self._one.is_set() or self._other.is_set()


def port_name(ctx: Context, wanted: str | None) -> str:
    """The port that is opened where `wanted`, or the shop's setting, is asked for."""
    name = wanted or PORT(ctx)
    if is_practice(ctx) and not name.startswith("sim://"):
        # Whatever is asked for: practice never reaches a real customer.
        return "sim://practice"
    return name


class Gateway:
    """Serves one shop until `stop` is set. `run` in a thread of its own, or in the main one.

    A `patient` one waits for a modem that is not there yet; else the first opening must succeed.
    `tell` gets what the store cannot be told of, because it is the store that fails.
    At rest it listens for `rest` seconds before it looks whether somebody wrote into the store.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        folder: Path,
        port: str | None = None,
        *,
        patient: bool = True,
        stop: threading.Event | None = None,
        tell: Callable[[Problem], object] = nothing_with,
        rest: float = _IDLE,
    ) -> None:
        self.stop = stop or threading.Event()
        self.last_step = clock.monotonic()
        self._let_go = threading.Event()
        self._store = store
        self._clock = clock
        self._lock = FileLock(folder / MODEM_LOCK, mode=0o600, thread_local=False)
        self._port = port
        self._rest = rest
        self._patient = patient
        self._opened = False
        self._holder = f"{socket.gethostname()}, PID {os.getpid()}"
        self._tell = tell
        self._health = Health()
        self._after: deque[Callable[[], object]] = deque()
        self._handing = HandingOver(Outlet(clock), self._after, due.unwanted)
        self._asking = Asking(clock)
        self._error: Problem | None = None
        self._catalogue = Catalogue()
        self._foreseen = understanding.Foreseen()
        self._helper = Helper(store, clock)
        finish_lists = due.Duty(promo_sending.stale_at, self._finish_lists, doubted=True)
        self._agenda = due.Agenda([*due.DUTIES, finish_lists])
        self._in_hand: list[Stored] = []
        self._stuck: dict[Stored, float] = {}
        self._emptied: list[str] = []
        self._reachable: datetime | None = None
        self._next_time = float("-inf")
        self._failures = 0
        self._logged = ("", "")
        self._said: tuple[object, ...] = ()
        self._said_at = float("-inf")
        self._told: Problem | None = None
        self._last_out = 0.0

    def begin_anew(self) -> None:
        """Have it let go of the modem, where it waits for that, and open it again; from any thread."""
        # What was said of it meanwhile is to be said otherwise.
        self._said = ()
        self._let_go.set()

    def _step(self) -> None:
        """It goes on (`watchdog`)."""
        self.last_step = self._clock.monotonic()

    def run(self, *, wait: bool = False) -> None:
        """Serve. With `wait`, wait for the modem's lock; else raise `ModemHeld`."""
        ctx = Context(self._store, self._clock, GATEWAY)
        try:
            if not self._take_lock(ctx, wait):
                return
            try:
                self._serve(ctx)
            finally:
                self._helper.end()
                self._lock.release()
        finally:
            self._store.close()

    def _take_lock(self, ctx: Context, wait: bool) -> bool:
        while not self.stop.is_set():
            self._step()
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                if not wait:
                    said = state.read(ctx)
                    raise ModemHeld(holder=said.holder if said else "?") from None
                self._clock.wait(1.0, self.stop)
            else:
                return True
        return False

    # ── the line comes and goes ───────────────────────────────────────────────────────────────

    def _serve(self, ctx: Context) -> None:
        while not self.stop.is_set():
            self._step()
            try:
                if not self._failures:
                    # Else it has been told that there is none, and since when.
                    self._say(ctx, "starting")
                self._shift(ctx)
            except Exception as trouble:
                if isinstance(trouble, Interrupted) and not self._let_go.is_set():
                    break
                self._let_go.clear()
                # Nothing that one modem or one message does may end the service of the others.
                problem = trouble if isinstance(trouble, Problem) else Unexpected()
                if isinstance(problem, Interrupted):
                    problem = Unexpected()
                self._error = problem
                log.warning("%s", problem, exc_info=problem is not trouble)
                if isinstance(problem, StoreProblem):
                    self._tell(problem)
                if not self._patient and not self._opened:
                    raise
                self._put_down(ctx, "waiting")
                # What only a person can change is not asked for every second.
                hopeless = isinstance(problem, ModemProblem) and not problem.again
                pause = _PAUSES[-1 if hopeless else min(self._failures, len(_PAUSES) - 1)]
                self._failures += 1
                self._clock.wait(pause, self.stop)
        self._put_down(ctx, "stopped")

    def _put_down(self, ctx: Context, word: str) -> None:
        """Without a modem: store what is in hand, and say how it is, as far as the store lets us."""
        try:
            with self._store.told():
                self._flush()
                self._keep_in_hand(ctx)
                self._say(ctx, word, self._error)
        except StoreProblem as problem:
            log.warning("what is in hand waits: %s", problem)
        except Exception:
            log.warning("what is in hand waits", exc_info=True)

    def _shift(self, ctx: Context) -> None:
        """From opening the modem to losing it."""
        with self._store.told():
            self._flush()
            # Only a start follows a time without us; a cable that comes and goes is another thing.
            sending.recover(ctx, grace=not self._opened)
            balance.recover(ctx)
            self._finish_lists(ctx)
            port = port_name(ctx, self._port)
        modem = Modem(
            port, self._clock, pin=state.StoredPin(ctx), stop=_Either(self.stop, self._let_go),
            rescue=self._in_hand.extend,
        )  # fmt: skip
        try:
            self._error = None
            self._opened = True
            self._reachable = ctx.now
            self._next_time = float("-inf")
            self._asking = Asking(self._clock)
            # Another card, perhaps.
            held, self._handing.outlet = self._handing.outlet.trying, Outlet(self._clock)
            if held:
                self._after.append(lambda: sending.resume(ctx))
            with self._store.told():
                self._work(ctx, modem)
        finally:
            # What was handed over directly stands on no SIM: it must not go with the line.
            self._in_hand += modem.arrivals()[1]
            modem.close()

    def _work(self, ctx: Context, modem: Modem) -> None:
        now = self._clock.monotonic
        next_tend = next_beat = next_scan = now()
        version = -1
        opened, held = True, False
        while not self.stop.is_set():
            busy = False
            self._step()
            modem.attend()
            if now() >= next_scan:
                busy = self._take_in(ctx, modem, modem.scan())
                pause = float(POLL(ctx))
                next_scan = now() + (pause if modem.notifies else min(pause, _POLL_DEAF))
            if now() >= next_beat:
                self._look_after(ctx, modem)
                self._failures = 0
                next_beat = now() + _HEARTBEAT
            if now() >= next_tend:
                busy = self._tend(ctx) or busy
                next_tend = now() + _TEND
            places, direct = modem.arrivals()
            self._in_hand += direct
            busy = self._keep_in_hand(ctx) or busy
            for memory, index in places:
                if index < 0:
                    next_scan = now()
                else:
                    busy = self._fetch(ctx, modem, memory, index) or busy
                    self._take_turn(ctx, modem)
            busy = self._asking.listen(ctx, modem) or busy
            self._handing.outlet.network(modem.network)
            opened, before = self._handing.outlet.may_send(), opened
            if held and not self._handing.outlet.trying:
                self._after.append(lambda: sending.resume(ctx))
            held = self._handing.outlet.trying
            # An idle worker asks the store for nothing but whether somebody else wrote.
            seen = ctx.db.execute("PRAGMA data_version").fetchone()[0]
            if busy or self._after or seen != version or opened != before:
                version = seen
                while self._read_next(ctx):
                    busy = True
                if self._send_next(ctx, modem) or self._asking.begin(ctx, modem):
                    busy = True
            if self._problem(modem) is not self._told:
                self._say(ctx, "ready", self._problem(modem))
            if busy:
                version = -1
            else:
                self._flush()
                self._helper.give_way(_GIVEN)
                modem.listen(self._rest)

    # ── in ────────────────────────────────────────────────────────────────────────────────────

    def _take_in(self, ctx: Context, modem: Modem, stored: list[Stored]) -> bool:
        """T1: store, then take off the SIM; T2 goes on while the modem deletes."""
        now = self._clock.monotonic()
        # A slot may be announced twice: emptied twice, it would lose what came in between.
        stored = [sms for sms in dict.fromkeys(stored) if self._stuck.get(sms, 0.0) <= now]
        if not stored:
            return False
        self._take(ctx, stored)
        for sms in stored:
            self._take_off(ctx, modem, sms)
            self._take_turn(ctx, modem)
        return True

    def _take(self, ctx: Context, stored: list[Stored]) -> None:
        # A report can only be matched once the reference of its message is written.
        self._flush()
        received = [Received(sms.pdu, sms.place, sms.unread) for sms in stored]
        inbox.take_in(ctx, received, since=self._reachable, emptied=self._emptied)
        self._emptied.clear()

    def _keep_in_hand(self, ctx: Context) -> bool:
        """T1 for what was handed over directly; whether there was any."""
        if not self._in_hand:
            return False
        self._take(ctx, self._in_hand)
        self._in_hand.clear()
        return True

    def _fetch(self, ctx: Context, modem: Modem, memory: str, index: int) -> bool:
        """T1 for an announced SMS, while its final result is on the way; then off the SIM."""
        stored: list[Stored] = []

        def keep(sms: Stored) -> None:
            self._take(ctx, [sms])
            stored.append(sms)

        sms = modem.read(memory, index, keep)
        if sms is None or self._stuck.get(sms, 0.0) > self._clock.monotonic():
            return bool(stored)
        if sms not in stored:
            keep(sms)
        self._take_off(ctx, modem, sms)
        return True

    def _take_off(self, ctx: Context, modem: Modem, stored: Stored) -> None:
        self._step()
        careful = stored.index >= 0 and identity.needs_care(ctx, stored.place)
        if careful:
            # Only what the SIM says of this slot will tell the next SMS of these words from it.
            seen = modem.read(stored.memory, stored.index)
            marked = seen is not None and seen.unread is False
            identity.about_to_empty(ctx, stored.place, marked=marked)
        if not modem.delete(stored, meanwhile=lambda: self._read_next(ctx)):
            pause = _STUCK if stored in self._stuck else _REFUSED
            self._stuck[stored] = modem.deletes_again or self._clock.monotonic() + pause
            return
        self._stuck.pop(stored, None)
        if careful:
            identity.emptied(ctx, [stored.place])
        elif stored.place:
            self._emptied.append(stored.place)

    def _read_next(self, ctx: Context) -> bool:
        """T2 for the oldest unread message; whether there was one."""
        waiting = inbox.unread(ctx, 1)
        if not waiting:
            return False
        try:
            # Made anew, if items were renamed, before the store is locked for writing.
            index = self._catalogue.index(ctx)
            understanding.foresee(ctx, waiting[0], index, self._foreseen)
            handling.handle(ctx, waiting[0], self._catalogue, self._foreseen)
        except StoreProblem:
            raise
        except Exception as trouble:
            # Whatever a message does to us, it must reach a person, and the next one its turn.
            log.exception("message %s could not be handled", waiting[0])
            reason = trouble.stored if isinstance(trouble, Problem) else _UNHANDLED
            handling.leave_to_staff(ctx, waiting[0], reason)
        return True

    # ── out ───────────────────────────────────────────────────────────────────────────────────

    def _take_turn(self, ctx: Context, modem: Modem) -> None:
        """However much comes in, what goes out is not kept waiting for long."""
        if self._clock.monotonic() - self._last_out >= _TURN:
            self._send_next(ctx, modem)

    def _send_next(self, ctx: Context, modem: Modem) -> bool:
        """Send the next SMS of the outbox; whether there was one."""
        self._step()
        self._last_out = self._clock.monotonic()
        if self._asking.waits:
            return False
        went = self._handing.next(ctx, modem, self._flush)
        self._last_out = self._clock.monotonic()
        return went

    def _flush(self) -> None:
        """Commit what the line has already told; what cannot be committed now is kept for later."""
        while self._after:
            try:
                self._after[0]()
            except StoreProblem:
                raise
            except Exception:
                # It would fail again and again; the next start settles it as in doubt.
                log.exception("a step could not be written")
            self._after.popleft()

    # ── care ──────────────────────────────────────────────────────────────────────────────────

    def _tend(self, ctx: Context) -> bool:
        """Due work of the outbox and of orders; whether there was any."""
        problem = state.clock_problem(ctx)
        if problem is not None or isinstance(self._error, ClockDoubted):
            self._error = problem
        self._flush()
        return self._agenda.tend(ctx)

    def _finish_lists(self, ctx: Context) -> None:
        """Lists of promos that were cut off are built beside the line."""
        if not self._helper.works and promo_sending.unfinished(ctx):
            self._helper.begin(promo_sending.finish_building)

    def _problem(self, modem: Modem) -> Problem | None:
        """What the staff are to know, the weightiest first."""
        health = self._health
        if isinstance(self._error, ClockDoubted):
            return self._error
        if health.full and self._stuck:
            told: Problem = SimFull(used=health.used, capacity=health.capacity)
        elif not modem.readable:
            told = Unreadable()
        elif self._handing.outlet.problem is not None:
            told = self._handing.outlet.problem
        else:
            return None
        # The same one as before, as long as it says the same.
        return self._told if self._told and self._told.stored == told.stored else told

    def _look_after(self, ctx: Context, modem: Modem) -> None:
        self._health = modem.health()
        self._handing.outlet.network(self._health.network)
        if not self._health.registered:
            # What the network could not bring it brings again.
            self._reachable = ctx.now
        self._ask_time(ctx, modem)
        self._say(ctx, "ready", self._problem(modem))

    def _ask_time(self, ctx: Context, modem: Modem) -> None:
        """Hear the network's time: once an hour, and as long as the computer's clock is doubted."""
        now = self._clock.monotonic()
        if now < self._next_time and not ctx.time.doubted:
            return
        self._next_time = now + _TIME_EVERY
        said = modem.network_time()
        if said is not None:
            state.heard_time(ctx, said)

    def _say(self, ctx: Context, word: str, problem: Problem | None = None) -> None:
        self._told = problem
        health = self._health
        line = state.Line(
            health.signal, health.operator, health.network.value, health.used, health.capacity
        )
        # That it is still so is said less often: it is written to the disk, and drawn on all screens.
        news = word, line, problem.stored if problem else "", port_name(ctx, self._port)
        now = self._clock.monotonic()
        if news == self._said and now - self._said_at < _SAID_AGAIN:
            return
        state.write(ctx, self._holder, news[3], word, line=line, error=problem)
        self._said, self._said_at = news, now
        said = word, str(problem or "well")
        if said != self._logged:
            # A heartbeat is no news.
            log.info("gateway %s, signal %s, %s", word, health.signal, said[1])
            self._logged = said
