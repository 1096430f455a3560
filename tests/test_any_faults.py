"""Modem, network, worker and store, with any faults in any order: a machine of states.

The worker is the real one, in a thread that runs only while the clock's seconds pass; between two of
them anything may happen: SMS, staff, a cable, a network, a clock, a disk, death. At the end all is put
right, and what went over the air is compared with the store.
"""

import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlite_utils import Database

from crm_tui import sqlite
from crm_tui import store as stores
from crm_tui.gateway import Gateway
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.outbox import AGAIN
from crm_tui.shop.messages.settings import DOUBT_ANSWER, DOUBT_ORDER, PIN
from crm_tui.shop.orders import deciding
from crm_tui.simulator import registry
from crm_tui.simulator.faults import Faults
from crm_tui.store import StoreProblem
from tests.shop import START, CountingClock, NetworkClock, calm, ledgers_add_up
from tests.test_crash import Fuse, Killed, MortalLine, MortalStore
from tests.test_in_step import Watched

TEXTS = ("PESAN PQ-R 1", "HARGA AB-1", "Kak, tolong telepon saya ya", "STOP",
         "PESAN PQ-R 1" + " " * 150 + "PQ-S 2" + " " * 150 + "AB-1 1")  # fmt: skip
TRICKS = ("mute", "less 0", "less 1", "late 7", "deaf", "before OK", "double 2", "after 1 OK")
"""Such as leave it open whether an SMS is out, but say nothing that is not true."""
FAULTS: dict[str, dict[str, Any]] = {
    "hangs": {"silent": True}, "slow": {"slow": 1.5}, "no network": {"registered": False},
    "deaf": {"lost_commands": 10}, "no prompt": {"lost_prompts": 3}, "no answers": {"lost_answers": 2},
    "no reports": {"no_reports": True}, "late reports": {"report_delay": 60.0},
    "card refused": {"sms_errors": [21] * 5}, "refused for now": {"sms_errors": [42] * 3},
    "stuck": {"stuck_slots": True}, "deletion lies": {"lying_delete": True},
    "deletion hangs": {"hanging_delete": True},
    "octets": {"garbage": "fffe00c3280d0a"}, "news": {"noise": ["RING", "^RSSI:11", "OKE mas"]},
    "SIM out": {"sim": "MISSING"}, "PIN": {"sim": "PIN"}, "text mode": {"text_profile": True},
}  # fmt: skip


class SteppedClock(CountingClock):
    """A clock whose seconds the worker's thread passes, as far as the other thread lets them pass."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.until = 0.0
        self.ended = False
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        done = super().wait(seconds, until)
        while threading.current_thread() is not threading.main_thread() and (
            self.monotonic() >= self.until and not self.ended
        ):
            self._stands.release()
            self._go.acquire()
        return done or (until is not None and until.is_set())

    def serve(self, run: Callable[[], None]) -> threading.Thread:
        """Let a thread begin that runs only within `pass_on`."""
        self.ended = False

        def work() -> None:
            self._go.acquire()
            try:
                run()
            finally:
                self.ended = True
                self._stands.release()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def pass_on(self, seconds: float) -> None:
        """Let so much time pass for the worker; without one, it passes by itself."""
        self.until = self.monotonic() + seconds
        if not self.ended:
            self._go.release()
            self._stands.acquire()
        if self.ended and self.monotonic() < self.until:
            super().wait(self.until - self.monotonic())


class FailingStore(MortalStore):
    """A store whose disk may be full, or fail, or be read-only: by SQLite's code for it."""

    trouble: Callable[[], str]

    def commit(self, db: Database) -> None:
        if self.trouble():
            error = sqlite.OperationalError(self.trouble())
            error.sqlite_errorcode = getattr(sqlite, f"SQLITE_{self.trouble()}")
            raise error
        super().commit(db)


class AnyFaults(RuleBasedStateMachine):
    """What may happen to a shop's line, and what must be true all the while."""

    @initialize()
    def begin(self) -> None:
        self.made = tempfile.TemporaryDirectory()
        self.clock = SteppedClock(START)
        self.watched = Watched(Path(self.made.name) / "shop", self.clock)
        self.shop = self.watched.shop
        self.fuse = Fuse(0)
        modem = MortalLine(NetworkClock(self.clock), card=self.shop.modem.card)
        modem.fuse = self.fuse
        self.modem = self.shop.modem = modem
        registry.register(self.shop.name, modem)
        for setting, value in ((PIN, "1234"), (DOUBT_ANSWER, 60), (DOUBT_ORDER, 60)):
            self.shop.set(setting, value)
        self.number = 0
        self.hand: Counter[tuple[str, str]] = Counter()
        self.died: list[BaseException] = []
        self.lock: sqlite.Connection | None = None
        self.trouble = ""
        self.start()

    # ── the worker ────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        self.fuse.steps, self.fuse.at = 0, 0
        self.gone = threading.Event()

        def run() -> None:
            store = FailingStore(self.shop.ctx.store.path)
            store.fuse = self.fuse
            store.trouble = lambda: self.trouble
            try:
                Gateway(store, self.clock, self.shop.folder, self.shop.port, stop=self.gone).run()
            except Killed:
                store.close()
            except BaseException as trouble:  # noqa: BLE001 - it is told where the test can see it
                self.died.append(trouble)
                store.close()

        self.thread = self.clock.serve(run)
        self.clock.pass_on(0.0)

    def settle(self, seconds: float) -> None:
        self.clock.pass_on(seconds)
        if self.clock.ended:
            self.thread.join(30)
            assert not self.died, self.died
            self.start()

    @rule(seconds=st.sampled_from([0.05, 0.3, 1.0, 4.0, 20.0, 90.0]))
    def time(self, seconds: float) -> None:
        self.settle(seconds)

    @rule(steps=st.integers(1, 40), seconds=st.sampled_from([1.0, 10.0]))
    def killed(self, steps: int, seconds: float) -> None:
        """It dies at a commit, or at a write to the line, now or within the next seconds."""
        self.fuse.steps, self.fuse.at = 0, steps
        self.settle(seconds)

    @rule()
    def restarted(self) -> None:
        """Somebody ends the program, and begins it anew."""
        self.gone.set()
        self.settle(30.0)

    # ── the world ─────────────────────────────────────────────────────────────────────────────

    @rule(text=st.sampled_from(TEXTS), memory=st.sampled_from(["SM", "SM", "ME"]))
    def customer(self, text: str, memory: str) -> None:
        self.number += 1
        phone = f"+62811000{self.number:05}"
        self.watched.brought += self.modem.inject(phone, text, memory=memory)

    @rule(parts=st.sampled_from([1, 3]))
    def by_hand(self, parts: int) -> None:
        self.number += 1
        phone, text = (
            f"+62812000{self.number:05}",
            f"Barang {self.number} siap. " * (1 + 8 * (parts > 1)),
        )
        try:
            outbox.send(self.shop.ctx, phone, text)
        except StoreProblem:
            return
        self.hand[phone, text] += 1

    @rule(number=st.integers(0, 50), good=st.booleans())
    def decision(self, number: int, good: bool) -> None:
        orders = self.shop.rows("SELECT id FROM orders WHERE status = 'waiting' ORDER BY id")
        if not orders:
            return
        order = orders[number % len(orders)]["id"]
        try:
            if good:
                deciding.confirm(self.shop.ctx, order)
            else:
                deciding.reject(self.shop.ctx, order, "habis")
        except (StoreProblem, RuleBroken):
            pass

    # ── faults ────────────────────────────────────────────────────────────────────────────────

    @rule(name=st.sampled_from(sorted(FAULTS)))
    def fault(self, name: str) -> None:
        for field, value in FAULTS[name].items():
            setattr(self.modem.faults, field, value if not isinstance(value, list) else [*value])

    @rule(tricks=st.lists(st.sampled_from(TRICKS), min_size=1, max_size=6))
    def tricks(self, tricks: list[str]) -> None:
        self.modem.faults.tricks += tricks

    @rule(words=st.sampled_from([(), ("RDY", "+CPIN: READY"), ("^BOOT:27710117,0,0,0,6",)]))
    def reboot(self, words: tuple[str, ...]) -> None:
        self.modem.reboot(words, 5.0)

    @rule()
    def cable(self) -> None:
        if self.modem.plugged:
            self.modem.unplug()
        else:
            self.modem.replug()

    @rule(slots=st.integers(1, 5))
    def full(self, slots: int) -> None:
        # A card has the slots in which something lies.
        used = self.modem.card.slots["SM"]
        self.modem.card.capacities["SM"] = max(slots, max(used, default=0))

    @rule(hours=st.sampled_from([-400_000, -24, -1, 1, 24, 400_000]))
    def clock_leaps(self, hours: int) -> None:
        try:
            self.clock.set(self.clock.now() + timedelta(hours=hours))
        except OverflowError:
            self.clock.set(START)

    @rule()
    def store_locked(self) -> None:
        if self.lock is None:
            self.lock = sqlite.connect(self.shop.ctx.store.path, isolation_level=None)
            try:
                self.lock.execute("BEGIN IMMEDIATE")
            except sqlite.OperationalError:
                self.free()

    @rule(trouble=st.sampled_from(["FULL", "IOERR", "READONLY"]))
    def store_fails(self, trouble: str) -> None:
        self.trouble = trouble

    def free(self) -> None:
        self.trouble = ""
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    @rule()
    def all_is_well(self) -> None:
        """Somebody puts everything right."""
        self.modem.faults = Faults()
        self.modem.card.capacities["SM"] = 60
        if not self.modem.plugged:
            self.modem.replug()
        self.clock.set(self.modem.clock.now())
        self.free()

    # ── what is true all the while ────────────────────────────────────────────────────────────

    @invariant()
    def nothing_is_lost(self) -> None:
        assert not self.watched.unstored, "deleted, and never stored before"
        assert not self.modem.texts, "a PDU went out as a text"
        air = {(sent.pdu, sent.reference) for sent in self.modem.sent}
        for row in self.shop.rows(
            "SELECT pdu, reference FROM segments WHERE status IN ('sent', 'delivered')"
        ):
            assert (row["pdu"], row["reference"]) in air, "called sent, and never was"

    def teardown(self) -> None:
        if not hasattr(self, "thread"):
            return
        try:
            self.all_is_well()
            self.fuse.at = 0
            # What was refused or not emptied is tried again after ten minutes.
            self.settle(1500)
            self.nothing_is_lost()
            self.compare()
        finally:
            self.all_is_well()
            self.fuse.at = 0
            self.gone.set()
            self.clock.pass_on(60.0)
            self.thread.join(30)
            self.watched.close()
            registry.forget(self.shop.name)
            self.made.cleanup()

    def compare(self) -> None:
        shop = self.shop
        assert not self.died, self.died
        assert not self.modem.waiting
        assert not self.modem.card.used("SM") + self.modem.card.used("ME")
        assert all(self.watched.is_stored(pdu) for pdu in self.watched.brought)
        ledgers_add_up(shop.ctx)
        rows = shop.rows("SELECT * FROM messages")
        incoming = [row for row in rows if row["direction"] == "in"]
        assert not {"new", "incomplete"} & {row["status"] for row in incoming}
        often = Counter(row["phone"] for row in incoming)
        assert max(often.values(), default=0) <= 1, "taken in twice"
        orders = Counter(row["phone"] for row in shop.rows("SELECT phone FROM orders"))
        assert max(orders.values(), default=0) <= 1, "ordered twice"
        outgoing = [row for row in rows if row["direction"] == "out"]
        assert not {"queued", "held", "sending"} & {row["status"] for row in outgoing}
        hand = Counter((row["phone"], row["text"]) for row in outgoing if row["kind"] == "hand")
        assert hand == self.hand
        shown = Counter((sent["to"], sent["text"]) for sent in self.modem.messages_sent())
        known = {(row["phone"], row["text"]) for row in outgoing}
        for (phone, text), times in shown.items():
            if "[…]" not in str(text):
                assert (phone, text) in known, "out, and the store does not know"
                assert times == 1, "shown twice, unmarked"
        for row in outgoing:
            if row["status"] in ("sent", "delivered"):
                assert shown[row["phone"], row["text"]], "called sent, and nobody has it"
        again = [row for row in outgoing if row["text"].endswith(AGAIN)]
        assert all(row["repeat_of"] for row in again)


def _run(monkeypatch: pytest.MonkeyPatch, examples: int, steps: int) -> None:
    monkeypatch.setattr(stores, "BUSY_SECONDS", 0.0)
    calm(monkeypatch)
    run_state_machine_as_test(
        AnyFaults,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_any_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some 200 steps: nothing is lost, nothing twice without a mark, nothing called what it is not."""
    _run(monkeypatch, 6, 30)


@pytest.mark.soak
def test_any_faults_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with 10,000 steps."""
    _run(monkeypatch, 200, 50)
