"""What is due by itself: asked for rarely, done on time."""

import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.clock import stamp
from crm_tui.practice.clock import EventClock
from crm_tui.shop.answers import agenda as agendas
from crm_tui.shop.answers.agenda import DUTIES, Agenda, Duty
from crm_tui.shop.gate.context import GATEWAY, Context, console
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.errors import DueUndone
from crm_tui.store import Store, StoreLocked
from tests.shop import ANI, BUDI, START, Shop, found

AFTER = int(agendas.AFTER_A_FAILURE)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "toko")
    yield made
    made.close()


class Bell:
    """A duty that is due at the moments that stand in the store, and takes them off."""

    def __init__(self) -> None:
        self.asked = 0
        self.rung: list[str] = []
        self.duty = Duty(self._due_at, self._ring)

    def _due_at(self, ctx: Context) -> str | None:
        self.asked += 1
        found = ctx.db.execute("SELECT min(value) FROM settings WHERE key LIKE 'bell%'").fetchone()
        return None if found[0] is None else str(found[0])

    def _ring(self, ctx: Context) -> None:
        self.rung.append(ctx.at)
        with ctx.store.transaction() as db:
            db.execute("DELETE FROM settings WHERE key LIKE 'bell%' AND value <= ?", (ctx.at,))


def put(ctx: Context, number: int, at: str) -> None:
    with ctx.store.transaction() as db:
        db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (f"bell{number}", at))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["ours", "others", "wait"]), st.integers(0, 50)), max_size=25
    )
)
def test_each_is_done_within_a_second(steps: list[tuple[str, int]]) -> None:
    """Whoever stores a moment, and whenever, it is kept to the second; asked is only after changes
    and at moments."""
    with tempfile.TemporaryDirectory() as folder:
        clock = EventClock(START)
        store = found(Path(folder), clock).store
        ours, others = Context(store, clock, GATEWAY), Context(Store(store.path), clock, console())
        bell = Bell()
        agenda = Agenda([bell.duty])
        wanted: dict[int, str] = {}
        for number, (what, seconds) in enumerate(steps):
            if what == "wait":
                for _ in range(seconds):
                    clock.wait(1.0)
                    agenda.tend(ours)
                    late = [at for at in wanted.values() if at <= ours.at]
                    assert bool(late) == bool(bell.rung and bell.rung[-1] == ours.at)
                    wanted = {key: at for key, at in wanted.items() if at > ours.at}
            else:
                at = stamp(clock.now() + timedelta(seconds=seconds, milliseconds=500))
                wanted[number] = at
                put(ours if what == "ours" else others, number, at)
        writes = sum(what != "wait" for what, _ in steps)
        # Once at the beginning, after each change, at each moment, and after what was done there.
        assert bell.asked <= 1 + writes + 2 * len(bell.rung)
        others.store.close()
        store.close()


def test_what_fails_is_tried_again(shop: Shop) -> None:
    """A duty that could not be done is tried again, though nothing changed: at once where it was the
    store, else after a while."""
    tries = []
    trouble: Exception = StoreLocked(path=shop.folder)

    def fail(ctx: Context) -> None:
        tries.append(ctx.at)
        raise trouble

    agenda = Agenda([Duty(lambda ctx: "", fail)])
    for _ in range(3):
        with pytest.raises(StoreLocked):
            agenda.tend(shop.ctx)
    assert len(tries) == 3
    trouble = RuntimeError()
    for _ in range(AFTER):
        agenda.tend(shop.ctx)
        assert agenda.fails
        shop.clock.wait(1)
    assert len(tries) == 4
    agenda.tend(shop.ctx)
    assert len(tries) == 5


def test_what_fails_keeps_no_sms(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is due by itself and cannot be done, SMS come and go and the rest is done; the staff are
    told, and no more when it is well again."""
    well = False

    def fail(ctx: Context) -> None:
        assert well

    due = Duty(lambda ctx: "" if not well else None, fail)
    monkeypatch.setattr(agendas, "DUTIES", (due, *DUTIES))
    outbox.send(shop.ctx, BUDI, "Halo")
    assert "Rp85.000" in shop.ask(ANI, "HARGA PQ-R", 5)
    assert [sent.to for sent in shop.modem.sent] == [BUDI, ANI]

    def look() -> None:
        told.append(str(shop.one("SELECT error FROM gateway")))

    told: list[str] = []
    shop.after(30, look)
    shop.run(40)
    assert told == [DueUndone().stored]
    well = True
    shop.after(30, look)
    shop.run(40)
    assert told[1] == ""


def test_a_doubted_clock_expires_nothing(shop: Shop) -> None:
    """While the clock is doubted nothing expires; as soon as it is believed, it does."""
    shop.ask(ANI, "PESAN PQ-R 1")
    right = shop.clock.now()
    worker = Context(Store(shop.ctx.store.path), shop.clock, GATEWAY)
    agenda = Agenda()
    assert not agenda.tend(worker)
    shop.clock.set(right + timedelta(days=40))
    assert not agenda.tend(worker)
    worker.time.agree()
    assert agenda.tend(worker)
    assert shop.one("SELECT status FROM orders") == "expired"
    worker.store.close()


def test_an_idle_shop_is_asked_nothing(shop: Shop) -> None:
    """With nothing due for weeks the store is asked once, and on each new day."""
    asked = []

    def counted(duty: Duty) -> Duty:
        def due_at(ctx: Context) -> str | None:
            asked.append(ctx.at)
            return duty.due_at(ctx)

        return Duty(due_at, duty.do, duty.doubted)

    worker = Context(Store(shop.ctx.store.path), shop.clock, GATEWAY)
    agenda = Agenda([counted(duty) for duty in DUTIES])
    for _ in range(48):
        agenda.tend(worker)
        shop.clock.wait(3600)
    assert len(asked) <= 3 * len(DUTIES)
    worker.store.close()


def test_tiers_are_reviewed_beside_the_line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has which tier is found among all customers on another thread than the line's; where that
    fails the line is served on, and it is not tried again at once."""
    where: list[str] = []

    def review(_: Context) -> int:
        where.append(threading.current_thread().name)
        raise RuntimeError("it failed")

    monkeypatch.setattr(tiers, "due_at", lambda _: "")
    monkeypatch.setattr(tiers, "review", review)
    assert shop.ask(ANI, "HARGA PQ-R", 30)
    assert where == ["beside"]
