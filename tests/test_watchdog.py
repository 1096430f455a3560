"""A worker that stands still is told of and begins anew; there is never a second one on its line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.gateway import Gateway
from crm_tui.shop.gate import health
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.messages import gateway_state, outbox
from crm_tui.watchdog import LIMIT, Watchdog
from tests.shop import ANI, BUDI, CITRA, Shop, statuses


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "toko")
    yield made
    made.close()


def watched(shop: Shop) -> tuple[Gateway, Watchdog]:
    worker = shop.worker()
    return worker, Watchdog(worker, shop.ctx.store, shop.clock)


def test_one_that_goes_on_is_left_alone(shop: Shop) -> None:
    """Whatever a worker does, idle, busy or without a modem, it goes on often enough."""
    worker, dog = watched(shop)
    ctx = shop.ctx.acting(GATEWAY)
    seen: list[bool] = []
    for minute in range(0, 60, 2):
        shop.after(60 * minute + 1, lambda: seen.append(dog.look(ctx)))
        shop.after(60 * minute + 2, lambda: seen.append(dog.look(ctx)))
    shop.after(300, lambda: shop.says(ANI, "PESAN PQ-R 1"))
    shop.after(600, shop.modem.unplug)
    shop.after(1800, shop.modem.replug)
    shop.after(2400, lambda: setattr(shop.modem.faults, "silent", True))
    shop.after(3600, worker.stop.set)
    worker.run()
    assert seen == [False] * 60


def test_one_that_stands_still(shop: Shop) -> None:
    """It is told of in words with what to do, once, on the status line and in Health; not before its
    limit, and not because the computer slept."""
    shop.run(5)
    worker, dog = watched(shop)
    ctx = shop.ctx.acting(GATEWAY)
    shop.clock.wait(LIMIT - 30)
    assert not dog.look(ctx)
    # The computer slept: one look sees hours, before the next one the worker goes on.
    worker._step()
    shop.clock.wait(3600)
    assert not dog.look(ctx)
    worker._step()
    shop.clock.wait(20)
    assert not dog.look(ctx)
    shop.clock.wait(LIMIT)
    assert dog.look(ctx)
    said = gateway_state.read(ctx)
    assert said is not None
    assert said.brief == "the worker stands still"
    line = next(each for each in health.look(shop.ctx) if each.name == "line")
    assert line.state == health.BAD
    changes = shop.one("SELECT count(*) FROM changes")
    assert dog.look(ctx)
    assert shop.one("SELECT count(*) FROM changes") == changes


def test_it_begins_anew(shop: Shop) -> None:
    """Cut short in the middle of waiting, it opens the modem again, serves, and says that all is well;
    it keeps its lock meanwhile."""
    worker = shop.worker()
    held: list[bool] = []
    shop.after(20, worker.begin_anew)
    shop.after(20.5, lambda: held.append(worker._lock.is_locked))
    shop.after(40, lambda: shop.says(ANI, "HARGA PQ-R"))
    shop.after(60, worker.stop.set)
    said: list[gateway_state.GatewayState | None] = []
    shop.after(55, lambda: said.append(gateway_state.read(shop.ctx)))
    worker.run()
    assert held == [True]
    assert said[0] is not None
    assert (said[0].state, said[0].error) == ("ready", "")
    assert statuses(shop, "in") == ["answered"]


@pytest.mark.parametrize("at", [10.2, 10.6, 12.0, 30.0])
def test_an_sms_that_was_being_sent(shop: Shop, at: float) -> None:
    """One on the line when it is cut short is neither lost nor sent again unmarked."""
    shop.modem.faults.lost_answers = 1
    worker = shop.worker()
    shop.after(10, lambda: outbox.send(shop.ctx, ANI, "Halo"))
    shop.after(at, worker.begin_anew)
    shop.after(900, worker.stop.set)
    worker.run()
    assert [sent.text for sent in shop.modem.sent] == ["Halo"]
    assert statuses(shop, "out") == ["delivered"]


def test_slots_read_one_by_one(shop: Shop) -> None:
    """Hundreds of slots that a slow modem gives one by one take longer than a step may: each is come
    to, SMS of the first are answered and others sent meanwhile, and nobody calls that a standstill."""
    shop.modem.card.capacities = {"SM": 250, "ME": 250}
    shop.modem.faults.hanging_list, shop.modem.faults.slow = True, 1.3
    shop.says(ANI, "HARGA PQ-R")
    shop.says(BUDI, "HARGA PQ-R", memory="ME")
    worker, dog = watched(shop)
    ctx = shop.ctx.acting(GATEWAY)
    still: list[bool] = []
    answered: list[list[str]] = []
    for at in range(20, 1200, 20):
        shop.after(at, lambda: still.append(dog.look(ctx)))
    shop.after(100, lambda: answered.append([sent.to for sent in shop.modem.sent]))
    shop.after(110, lambda: outbox.send(shop.ctx, CITRA, "Halo"))
    shop.after(150, lambda: answered.append([sent.to for sent in shop.modem.sent]))
    shop.after(1200, worker.stop.set)
    worker.run()
    assert answered == [[ANI], [ANI, CITRA]]
    assert not any(still)
    assert statuses(shop, "in") == ["answered", "answered"]
