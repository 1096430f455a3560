"""A computer's clock that is wrong: nothing expires by it, and all goes on when it is right again."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui import actions
from crm_tui.clock import SystemClock, moment, stamp
from crm_tui.practice.clock import EventClock
from crm_tui.shop.gate.context import GATEWAY, Context, console
from crm_tui.shop.gate.shoptime import LEAP, ShopTime
from crm_tui.shop.loyalty import points
from crm_tui.shop.messages import archiving, gateway_state, outbox, text_retention
from crm_tui.shop.messages.errors import ClockUnset, ClockWentBack
from crm_tui.shop.messages.settings import ARCHIVE_MONTHS, KEEP_MONTHS
from crm_tui.shop.orders import deciding
from crm_tui.shop.upkeep import retention
from crm_tui.shop.upkeep.settings import EXPORT_DAYS
from crm_tui.store import Store
from tests.counter import counter, staff
from tests.daily import daily
from tests.shop import ANI, BUDI, START, Shop

WRONG = {
    "1970": datetime(1970, 1, 1, tzinfo=UTC),
    "a day back": START - timedelta(days=1),
    "an hour back": START - timedelta(hours=1),
    "a day ahead": START + timedelta(days=1, hours=6),
    "two months ahead": START + timedelta(days=60),
    "2099": datetime(2099, 1, 1, tzinfo=UTC),
}
Leap = Callable[[Shop, datetime], None]


def runs(shop: Shop, wrong: datetime) -> None:
    """The worker runs while the clock leaps."""
    shop.after(5, lambda: shop.clock.set(wrong))
    # Its end is counted in seconds: appointments go by the wall clock.
    _run(shop, 12)


def _run(shop: Shop, seconds: float) -> None:
    serving = shop.worker()
    end = shop.clock.monotonic() + seconds
    wait = EventClock.wait

    def watched(clock: EventClock, some: float, until: object = None) -> bool:
        done = wait(clock, some, until)  # type: ignore[arg-type]
        if clock.monotonic() >= end:
            serving.stop.set()
        return done

    shop.clock.wait = watched.__get__(shop.clock)  # type: ignore[method-assign]
    try:
        serving.run()
    finally:
        del shop.clock.wait


def restarts(shop: Shop, wrong: datetime) -> None:
    """The program starts anew, the computer does not, and the clock has leapt."""
    again(shop)
    shop.clock.set(wrong)
    _run(shop, 12)


def reboots(shop: Shop, wrong: datetime) -> None:
    """The computer was off."""
    shop.clock.reboot()
    shop.clock.set(wrong)
    again(shop)
    _run(shop, 12)


def again(shop: Shop) -> None:
    """Another program: what the last one knew is what it stored."""
    path = shop.ctx.store.path
    shop.leave()
    shop.ctx = Context(Store(path), shop.clock, console())


def prepare(shop: Shop) -> int:
    """An order, points that end, a question, a message that is held: all of them due within hours."""
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(BUDI, "PESAN EF-3 1")
    owner = int(shop.one("SELECT customer_id FROM phones WHERE number = ?", ANI))
    points.give(shop.ctx, owner, 50, "")
    shop.ctx.db.execute(
        "UPDATE point_lots SET expires_at = ?", (stamp(shop.ctx.now + timedelta(hours=4)),)
    )
    shop.modem.faults.registered = False
    outbox.send(shop.ctx, ANI, "Halo")
    shop.run(1)
    return owner


def as_before(shop: Shop, owner: int) -> None:
    assert shop.rows("SELECT status FROM orders") == [{"status": "waiting"}] * 2
    assert points.balance(shop.ctx, owner) == 50
    assert shop.one("SELECT count(*) FROM point_moves WHERE kind = 'expired'") == 0
    assert shop.one("SELECT count(*) FROM messages WHERE status = 'expired'") == 0


@pytest.mark.parametrize("wrong", daily(WRONG.values(), 2), ids=WRONG)
@pytest.mark.parametrize("leap", [runs, restarts, reboots])
def test_nothing_expires(shop: Shop, wrong: datetime, leap: Leap) -> None:
    """After a leap, whenever it came, nothing expires, and what happens goes by the shop's count; once
    the clock is right again, what was held goes out and time is over for what is over."""
    owner = prepare(shop)
    right = shop.clock.now()
    began = shop.clock.monotonic()
    if leap is reboots and wrong == WRONG["a day ahead"]:
        shop.modem.faults.time = (right + timedelta(minutes=2)).strftime("%y/%m/%d,%H:%M:%S+00")
    leap(shop, wrong)
    as_before(shop, owner)
    assert gateway_state.clock_problem(shop.ctx) is not None
    assert "clock" in shop.one("SELECT error FROM gateway")
    deciding.confirm(shop.ctx, 1)
    assert abs(moment(shop.one("SELECT confirmed_at FROM orders WHERE id = 1")) - right) < 2 * LEAP
    # Right again: as much later as the seconds say.
    shop.clock.set(right + timedelta(seconds=max(90, shop.clock.monotonic() - began)))
    shop.modem.faults.registered = True
    _run(shop, 100)
    assert gateway_state.clock_problem(shop.ctx) is None
    assert shop.one("SELECT error FROM gateway") == ""
    assert [sent.to for sent in shop.modem.sent if "Halo" in sent.text] == [ANI]
    assert shop.one("SELECT status FROM messages WHERE kind = 'confirmation'") == "delivered"
    shop.clock.wait(8 * 86400)
    shop.run(30)
    assert points.balance(shop.ctx, owner) == 0
    assert shop.one("SELECT count(*) FROM orders WHERE status = 'expired'") == 2


def test_nothing_is_deleted_by_it(shop: Shop) -> None:
    """Texts, exports and stores put aside are not old while the clock is doubted; agreed, they are."""
    for setting, value in ((KEEP_MONTHS, 12), (ARCHIVE_MONTHS, 12), (EXPORT_DAYS, 30)):
        shop.set(setting, value)
    for name in (
        "exports/lama.csv",
        "replaced/crm-20260101-080000.db",
        "replaced/crm-20261101-080000.db",
    ):
        file = shop.folder / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
        os.utime(file, (START.timestamp(), START.timestamp()))
    worker = Context(Store(shop.ctx.store.path), shop.clock, GATEWAY)
    assert worker.time.doubt() is None
    shop.clock.set(START + timedelta(days=400))
    worker.time.refresh()

    def old() -> list[bool]:
        limits = text_retention.limit(worker), archiving.limit(worker)
        files = retention.old_exports(worker), retention.old_stores(worker)
        return [bool(each) for each in (*limits, *files)]

    assert old() == [False] * 4
    worker.time.agree()
    assert old() == [True] * 4
    worker.store.close()


def test_person_agrees(shop: Shop) -> None:
    """What a person says counts at once, in all programs, also after the next start; it is recorded."""
    other = shop.console()
    assert other.now == shop.ctx.now
    shop.clock.wait(20)
    shop.clock.set(START + timedelta(days=60))
    assert gateway_state.clock_problem(shop.ctx) is not None
    assert other.now < START + timedelta(days=1)
    gateway_state.trust_clock(shop.ctx)
    assert shop.ctx.now == shop.clock.now()
    row = shop.rows("SELECT at, after FROM audit ORDER BY id DESC LIMIT 1")[0]
    assert row["at"] == stamp(shop.clock.now())
    shop.clock.wait(2)
    assert other.now == shop.clock.now()
    again(shop)
    assert gateway_state.clock_problem(shop.ctx) is None


def test_closed_for_a_while(shop: Shop) -> None:
    """A shop that was closed for a night or ten days is not asked; after a month it is."""
    for days in (0.6, 10):
        shop.run(5)
        shop.clock.reboot(days * 86400)
        again(shop)
        assert gateway_state.clock_problem(shop.ctx) is None
    shop.run(5)
    shop.clock.reboot(30 * 86400)
    again(shop)
    problem = gateway_state.clock_problem(shop.ctx)
    assert problem is not None
    assert "leapt" in problem.text


@pytest.mark.parametrize("step", [240, -240])
def test_many_small_corrections_are_a_leap(shop: Shop, step: int) -> None:
    """What is put right by some minutes again and again is doubted as if it had been done at once; one
    correction an hour is not."""
    right, began = shop.ctx.now, shop.clock.monotonic()
    for _ in range(6):
        shop.clock.set(shop.clock.now() + timedelta(seconds=step))
        assert not shop.ctx.time.doubted
        shop.clock.wait(3700)
        step = -step
    for _ in range(20):
        shop.clock.set(shop.clock.now() + timedelta(seconds=step))
        assert shop.ctx.now
        shop.clock.wait(5)
        counts = right + timedelta(seconds=shop.clock.monotonic() - began)
        assert abs(shop.ctx.now - counts) <= 2 * LEAP
    assert shop.ctx.time.doubted
    shop.clock.set(right + timedelta(seconds=shop.clock.monotonic() - began))
    assert not shop.ctx.time.doubted


def test_sleep_is_no_leap(shop: Shop) -> None:
    """A computer that sleeps goes on with its count of seconds, as the system's does on Linux."""
    clock = SystemClock()
    assert clock.boot == SystemClock().boot
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5
    shop.run(5)
    shop.clock.wait(8 * 3600)
    assert gateway_state.clock_problem(shop.ctx) is None


def test_network_agrees(shop: Shop) -> None:
    """A clock that the network's time agrees with is believed, whatever was counted before."""
    shop.run(5)
    shop.clock.reboot(40 * 86400)
    again(shop)
    assert gateway_state.clock_problem(shop.ctx) is not None
    shop.modem.faults.time = shop.clock.now().strftime("%y/%m/%d,%H:%M:%S+00")
    shop.run(30)
    assert gateway_state.clock_problem(shop.ctx) is None


def test_sms_agrees(shop: Shop) -> None:
    """So it is by the moment of an SMS that has just been sent."""
    shop.run(5)
    shop.clock.reboot(40 * 86400)
    again(shop)
    shop.says(ANI, "HARGA AB-1")
    shop.run(30)
    assert gateway_state.clock_problem(shop.ctx) is None


@pytest.mark.parametrize(
    "told", ["00/01/01,00:00:00+28", "80/01/06,00:00:00", "99/12/31,23:59:59", "x"]
)
def test_modem_that_knows_nothing(shop: Shop, told: str) -> None:
    """What a modem says that was never set changes nothing, also if the computer says the same."""
    shop.run(5)
    shop.modem.faults.time = told
    shop.clock.reboot()
    again(shop)
    shop.run(30)
    assert gateway_state.clock_problem(shop.ctx) is None
    shop.clock.set(datetime(2000, 1, 1, tzinfo=UTC) - timedelta(hours=7))
    _run(shop, 60)
    assert gateway_state.clock_problem(shop.ctx) is not None


steps = st.lists(
    st.tuples(
        st.sampled_from(["wait", "set", "right", "restart", "reboot", "agree", "network"]),
        st.integers(0, 40 * 86400),
    ),
    max_size=12,
)


@settings(max_examples=25)
@given(steps)
def test_any_leaps(tmp_path_factory: pytest.TempPathFactory, taken: list[tuple[str, int]]) -> None:
    """Whatever leaps, restarts and waits: the time that counts never runs ahead of the true time until
    somebody agrees to a wrong clock or it was off with one that could be right, and never goes back
    further than a correction."""
    shop = Shop(tmp_path_factory.mktemp("toko") / "toko")
    true = shop.clock.now()
    last = shop.ctx.now
    misled = False
    for step, number in taken:
        before = shop.clock.monotonic()
        if step == "wait":
            shop.clock.wait(number / 40)
        elif step == "set":
            shop.clock.set(true + timedelta(seconds=3 * number - 60 * 86400))
        elif step == "right":
            shop.clock.set(true)
        elif step == "restart":
            again(shop)
        elif step == "reboot":
            shop.clock.reboot(number)
            again(shop)
            misled = misled or shop.clock.now() > true + LEAP
        elif step == "agree" and abs(shop.clock.now() - true) < LEAP:
            gateway_state.trust_clock(shop.ctx)
            misled, last = False, shop.ctx.now
        elif step == "network":
            shop.ctx.time.heard(true)
        true += timedelta(seconds=shop.clock.monotonic() - before)
        gateway_state.heard_time(shop.ctx.acting(GATEWAY), datetime(2000, 1, 1, tzinfo=UTC))
        if not misled:
            assert shop.ctx.now <= true + LEAP
            assert shop.ctx.now >= last - LEAP
        last = shop.ctx.now
    shop.close()


@pytest.mark.soak
@pytest.mark.asyncio
async def test_asked_at_the_counter(shop: Shop) -> None:
    """The status line asks about a clock that is doubted, a key opens what is known about it, and who
    agrees is believed; a clerk is not offered it."""
    boss, clerk = staff(shop), staff(shop, "Staf Konter", "tono")
    shop.run(3)
    shop.clock.reboot(60 * 86400)
    async with counter(shop, boss) as here:
        await here.until(lambda: "F2 “Jam”" in here.text)
        await here.press("ctrl+t")
        await here.until(lambda: "Apakah benar?" in here.text)
        await here.press("escape")
        assert here.app.pulse.figures is not None
        assert here.app.pulse.figures.clock is not None
        await here.press("ctrl+t")
        await here.until(lambda: "Apakah benar?" in here.text)
        await here.press("y")
        await here.until(lambda: shop.one("SELECT doubt FROM clock") == "")
        await here.until(lambda: "F2 “Jam”" not in here.text)
        assert shop.one("SELECT count(*) FROM audit WHERE command = 'messages.trust_clock'") == 1
        await here.app.signed_in(clerk)
        assert not here.app.screen.offers(actions.CLOCK)  # type: ignore[attr-defined]


@pytest.mark.parametrize("heard", [False, True])
def test_a_shop_that_begins_with_a_clock_that_was_never_set(shop: Shop, heard: bool) -> None:
    """A shop that is founded in 1970 is told so from the beginning, goes by the network's time if it
    hears one, and by the computer's as soon as that is set, with nobody's leave."""
    true = START + timedelta(days=4)
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM clock")
    shop.clock = EventClock(datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    again(shop)
    assert isinstance(gateway_state.clock_problem(shop.ctx), ClockUnset)
    if heard:
        gateway_state.heard_time(shop.ctx.acting(GATEWAY), true)
        assert abs(shop.ctx.now - true) < LEAP
        assert isinstance(gateway_state.clock_problem(shop.ctx), ClockWentBack)
    shop.clock.wait(60)
    shop.clock.set(true + timedelta(seconds=60))
    for _ in range(2):
        assert not shop.ctx.time.doubted
        assert abs(shop.ctx.now - shop.clock.now()) < LEAP
        again(shop)


def test_practice_trusts_the_clock(shop: Shop) -> None:
    """A practice shop never doubts the computer's clock, whatever its own history stored of it."""
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES ('shop.practice', '1')")
        db.execute(
            "INSERT OR REPLACE INTO clock (id, at, elapsed, boot, doubt, gap, network, version)"
            " VALUES (1, ?, ?, ?, ?, 1, '', 9)",
            (
                stamp(START - timedelta(days=4)), shop.clock.monotonic(), shop.clock.boot,
                stamp(START),
            ),
        )  # fmt: skip
    again(shop)
    shop.ctx.time.refresh()
    assert shop.ctx.time.doubt() is None
    assert not shop.ctx.time.doubted


def test_cheap(shop: Shop) -> None:
    """While the clock is believed, asking for the time asks the store nothing."""
    assert shop.ctx.now == shop.clock.now()
    asked: list[str] = []
    shop.ctx.db.conn.set_trace_callback(asked.append)
    for _ in range(100):
        assert shop.ctx.now == shop.clock.now()
    assert not asked
    assert isinstance(shop.ctx.time, ShopTime)
