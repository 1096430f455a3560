"""The worker between the modem and the store. One thread, one line, one thing after the other.

    take in ─T1→ store ─T2→ orders, replies ─claim→ line ─OK→ sent ─report→ delivered

Each arrow is a commit. They are made while the modem is busy with the next command, never with the
line idle behind them; what is not yet committed has not yet been seen by anybody.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from filelock import Timeout

from crm_tui.background import Helper
from crm_tui.clock import Clock
from crm_tui.errors import Problem
from crm_tui.gsm.errors import Interrupted, ModemProblem
from crm_tui.gsm.line import nothing_with
from crm_tui.gsm.send_gate import Outlet
from crm_tui.intake import Intake
from crm_tui.lookout import Lookout
from crm_tui.modem import Modem
from crm_tui.program_lock import ProgramLock
from crm_tui.shop.answers import agenda
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.folder import MODEM_LOCK
from crm_tui.shop.gate.practice import is_practice
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.messages import balance, delivery, gateway_state
from crm_tui.shop.messages.balance_query import Asking
from crm_tui.shop.messages.dispatch import HandingOver
from crm_tui.shop.messages.errors import DueUndone, ModemHeld, Unexpected
from crm_tui.shop.messages.settings import POLL, PORT
from crm_tui.shop.promos import due as promos_due
from crm_tui.store import Store, StoreProblem

log = logging.getLogger(__name__)

_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
_HEARTBEAT = 20.0
_TEND = 1.0
_IDLE = 0.25
_POLL_DEAF = 5.0
_GIVEN = 0.01
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
        self._lock = ProgramLock(folder / MODEM_LOCK, mode=0o600, thread_local=False)
        self._port = port
        self._rest = rest
        self._patient = patient
        self._opened = False
        self._tell = tell
        self._after: deque[Callable[[], object]] = deque()
        self._handing = HandingOver(Outlet(clock), self._after, agenda.unwanted)
        self._asking = Asking(clock)
        self._lookout = Lookout(clock)
        self._intake = Intake(
            clock, self._flush, due=self._turn_due, turn=self._take_turn,
            beside=self._handing.look_ahead, step=self._step,
        )  # fmt: skip
        self._in_hand = self._intake.in_hand
        self._helper = Helper(store, clock)
        finish_lists = agenda.Duty(promos_due.stale_at, self._finish_lists, doubted=True)
        review = agenda.Duty(tiers.due_at, self._review_tiers)
        self._agenda = agenda.Agenda([*agenda.DUTIES, finish_lists, review])
        self._undone = DueUndone()
        self._failures = 0
        self._last_out = 0.0

    def begin_anew(self) -> None:
        """Have it let go of the modem, where it waits for that, and open it again; from any thread."""
        self._lookout.say_anew()
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
                    said = gateway_state.read(ctx)
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
                self._lookout.error = problem
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
                self._intake.keep_in_hand(ctx)
                self._intake.note_emptied(ctx)
                self._say(ctx, word, self._lookout.error)
        except StoreProblem as problem:
            log.warning("what is in hand waits: %s", problem)
        except Exception:
            log.warning("what is in hand waits", exc_info=True)

    def _shift(self, ctx: Context) -> None:
        """From opening the modem to losing it."""
        with self._store.told():
            self._flush()
            # Only a start follows a time without us; a cable that comes and goes is another thing.
            delivery.recover(ctx, grace=not self._opened)
            balance.recover(ctx)
            self._finish_lists(ctx)
            port = port_name(ctx, self._port)
        modem = Modem(
            port, self._clock, pin=gateway_state.StoredPin(ctx), stop=_Either(self.stop, self._let_go),
            rescue=self._in_hand.extend,
        )  # fmt: skip
        try:
            self._lookout.opened()
            self._opened = True
            self._intake.reachable = ctx.now
            self._asking = Asking(self._clock)
            # Another card, perhaps.
            held, self._handing.outlet = self._handing.outlet.trying, Outlet(self._clock)
            if held:
                self._after.append(lambda: delivery.resume(ctx))
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
        opened, held, sends = True, False, False
        # What a modem that went too soon had left.
        while self._intake.read_next(ctx):
            self._step()
        while not self.stop.is_set():
            busy = False
            self._step()
            modem.attend()
            if now() >= next_scan:
                busy = self._intake.scanned(ctx, modem, modem.scan())
                pause = float(POLL(ctx))
                if modem.memories.walking:
                    pause = 0.0
                next_scan = now() + (pause if modem.notifies else min(pause, _POLL_DEAF))
            if now() >= next_beat:
                self._look_after(ctx, modem)
                self._failures = 0
                next_beat = now() + _HEARTBEAT
            if now() >= next_tend:
                busy = self._tend(ctx) or busy
                next_tend = now() + _TEND
            places, direct = modem.arrivals(patient=sends)
            self._in_hand += direct
            busy = self._intake.keep_in_hand(ctx) or busy
            if any(index < 0 for _, index in places):
                next_scan = now()
            busy = self._intake.announced(ctx, modem, places) or busy
            busy = self._asking.listen(ctx, modem) or busy
            self._handing.outlet.network(modem.network)
            opened, before = self._handing.outlet.may_send(), opened
            if held and not self._handing.outlet.trying:
                self._after.append(lambda: delivery.resume(ctx))
            held = self._handing.outlet.trying
            # An idle worker asks the store for nothing but whether somebody else wrote.
            seen = ctx.db.execute("PRAGMA data_version").fetchone()[0]
            if busy or self._after or seen != version or opened != before:
                version = seen
                sends = self._answer_next(ctx, modem)
                busy = self._asking.begin(ctx, modem) or sends or busy
            if self._problem(modem) is not self._lookout.told:
                self._say(ctx, "ready", self._problem(modem))
            if busy:
                version = -1
            else:
                self._flush()
                self._helper.give_way(_GIVEN)
                modem.listen(0.0 if modem.memories.walking else self._rest)

    # ── out ───────────────────────────────────────────────────────────────────────────────────

    def _answer_next(self, ctx: Context, modem: Modem) -> bool:
        """Read messages until an SMS is to be sent that none of them may call off, and send it; whether
        there was anything to do. What is left is read while the network takes it."""
        read = False
        while not self._presses(ctx) and self._intake.read_next(ctx):
            self._step()
            read = True
        return self._send_next(ctx, modem) or read

    def _presses(self, ctx: Context) -> bool:
        return not self._asking.waits and self._handing.presses(ctx)

    def _turn_due(self) -> bool:
        return self._clock.monotonic() - self._last_out >= _TURN

    def _take_turn(self, ctx: Context, modem: Modem) -> None:
        """However much comes in, what goes out is not kept waiting for long."""
        if self._turn_due():
            if not self._presses(ctx):
                self._intake.read_next(ctx)
            self._send_next(ctx, modem)

    def _send_next(self, ctx: Context, modem: Modem) -> bool:
        """Send the next SMS of the outbox; whether there was one."""
        self._step()
        self._last_out = self._clock.monotonic()
        if self._asking.waits:
            return False
        went = self._handing.next(
            ctx, modem, self._flush, meanwhile=lambda: self._intake.read_next(ctx)
        )
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
        self._lookout.clock_problem(gateway_state.clock_problem(ctx))
        self._flush()
        return self._agenda.tend(ctx)

    def _finish_lists(self, ctx: Context) -> None:
        """Lists of promos that were cut off are built beside the line."""
        if not self._helper.works and promos_due.unfinished(ctx):
            self._helper.begin(promos_due.finish_building)

    def _review_tiers(self, _: Context) -> None:
        """The tiers are given anew among all customers, which takes seconds: beside the line."""
        self._helper.begin(lambda ctx, _: tiers.review(ctx))

    def _problem(self, modem: Modem) -> Problem | None:
        found = self._lookout.problem(modem, self._handing.outlet, self._intake.stuck)
        left = self._agenda.fails or self._helper.fails
        return found or (self._undone if left else None)

    def _look_after(self, ctx: Context, modem: Modem) -> None:
        health = self._lookout.look(modem)
        self._handing.outlet.network(health.network)
        if not health.registered:
            # What the network could not bring it brings again.
            self._intake.reachable = ctx.now
        self._lookout.ask_time(ctx, modem)
        self._say(ctx, "ready", self._problem(modem))

    def _say(self, ctx: Context, word: str, problem: Problem | None = None) -> None:
        self._lookout.say(ctx, port_name(ctx, self._port), word, problem)
