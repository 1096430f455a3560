"""Weeks of running: what the worker holds is flat at the end."""

import gc
import logging
import os
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crm_tui import gateway
from crm_tui.gsm import ports
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.messages import outbox
from crm_tui.shop.messages.settings import BALANCE_CODE, POLL
from crm_tui.simulator.faults import Faults
from crm_tui.store import Store
from tests.shop import Shop, ledgers_add_up

WEEKS = 4
WORDS = ["HARGA PQ-R", "PESAN PQ-R 1", "STOK AB-1", "STATUS", "BATAL", "ada kampas rem supra bos"]
_FORMS = ("text", "ucs2", "menu", "never", "refused")
_MOST_OBJECTS = 1_000
_MOST_PAGES = 2_000
_MOST_HANDLES = 4
"""By so much (of 4 KiB) the process may have grown from the second weighing to the last. Hundreds of
SMS, thousands of beats or a hundred starts lie between them: what each left behind would be more.
(SQLite itself keeps a few handles back while a file has other connections, and uses them again.)"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    opened = ports.open_port

    def patient(name: str, baud: int = ports.BAUD) -> Any:
        port: Any = opened(name, baud)
        port.timeout = 20.0
        return port

    # Each beat does the same: fewer of them make weeks pass in a minute.
    monkeypatch.setattr(ports, "open_port", patient)
    monkeypatch.setattr(gateway, "_IDLE", 20.0)
    monkeypatch.setattr(gateway, "_HEARTBEAT", 300.0)
    made = Shop(tmp_path / "toko")
    made.set(BALANCE_CODE, "*888#")
    made.set(POLL, 900)
    # The test's own framework keeps each line of the log.
    logging.disable()
    yield made
    logging.disable(logging.NOTSET)
    made.close()


@dataclass(frozen=True)
class Weight:
    """What the process holds."""

    objects: int
    pages: int
    handles: int
    threads: int


def weigh(shop: Shop) -> Weight:
    """What it holds now, without what the simulated network remembers."""
    shop.modem.sent.clear()
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return Weight(
        len(gc.get_objects()), pages, len(os.listdir("/proc/self/fd")), threading.active_count()
    )


def is_flat(weights: Sequence[Weight]) -> bool:
    """Whether nothing grew once all caches were filled."""
    first, last = weights[1], weights[-1]
    return (
        last.objects - first.objects < _MOST_OBJECTS
        and last.pages - first.pages < _MOST_PAGES
        and last.handles - first.handles < _MOST_HANDLES
        and last.threads <= first.threads
    )


def a_day(shop: Shop, chance: random.Random, number: int) -> None:
    """Appointments of one day: customers, the staff, and what modems, cables and networks do."""
    hour = 3600.0

    def at(low: float, high: float) -> float:
        return chance.uniform(low * hour, high * hour)

    for _ in range(chance.randint(5, 25)):
        phone = f"+62813{chance.randrange(400):08d}"
        text = chance.choice(WORDS)
        shop.after(at(0, 23), partial(shop.says, phone, text))
    for _ in range(3):
        phone = f"+62813{chance.randrange(400):08d}"
        shop.after(at(0, 23), partial(outbox.send, shop.ctx, phone, "Barang ada."))
    trouble = chance.choice(["reboot", "cable", "network", "silent", "lost", "none"])
    begin = at(1, 20)
    end = begin + chance.uniform(5, 2 * hour)
    faults = shop.modem.faults
    faults.ussd_form = chance.choice(_FORMS)
    if trouble == "reboot":
        shop.after(begin, lambda: shop.modem.reboot(["RDY"] if number % 2 else []))
    elif trouble == "cable":
        shop.after(begin, shop.modem.unplug)
        shop.after(end, shop.modem.replug)
    elif trouble == "network":
        shop.after(begin, lambda: setattr(faults, "registered", False))
        shop.after(end, lambda: setattr(faults, "registered", True))
    elif trouble == "silent":
        shop.after(begin, lambda: setattr(faults, "silent", True))
        shop.after(end, lambda: setattr(faults, "silent", False))
    elif trouble == "lost":
        shop.after(begin, lambda: setattr(faults, "lost_answers", 2))


@pytest.mark.soak
def test_nothing_grows(shop: Shop) -> None:
    """Over simulated weeks of traffic, of modems that begin anew, of cables and networks that go and
    come, one worker's memory, handles and threads stay as they were; nothing waits at the end, and the
    line's own books are short."""
    chance = random.Random(5)
    weights: list[Weight] = []
    store = Store(shop.ctx.store.path)
    worker = shop.worker(store)
    start = shop.clock.now()
    for week in range(WEEKS):
        # The evening of its last day, when what came was answered.
        shop.clock.at(
            start + timedelta(days=7 * week + 6, hours=23, minutes=59),
            lambda: weights.append(weigh(shop)),
        )
    for day in range(7 * WEEKS):
        shop.clock.at(start + timedelta(days=day), partial(a_day, shop, chance, day))
    shop.clock.at(start + timedelta(days=7 * WEEKS), worker.stop.set)
    worker.run()
    assert len(weights) == WEEKS
    assert is_flat(weights), weights
    # The fault of the last day may be going on: what is left is settled once it is over.
    shop.modem.faults = Faults()
    if not shop.modem.plugged:
        shop.modem.replug()
    shop.run(1800)
    assert (
        shop.one("SELECT count(*) FROM messages WHERE status IN ('new', 'queued', 'sending')") == 0
    )
    assert shop.modem.card.used("SM") == 0
    assert shop.one("SELECT count(*) FROM messages WHERE direction = 'in'") > 7 * WEEKS * 5
    assert shop.one("SELECT count(*) FROM balances WHERE status = 'answered'") > WEEKS
    ledgers_add_up(Context(shop.ctx.store, shop.clock, GATEWAY))


@pytest.mark.soak
def test_restarts_leave_nothing_behind(shop: Shop) -> None:
    """Two hundred starts and ends of the worker, some in the middle of an SMS, leave no handle, no
    thread and no memory behind, and every SMS is answered."""
    chance = random.Random(6)
    weights: list[Weight] = []
    for number in range(200):
        shop.says(f"+62814{number:08d}", "HARGA PQ-R")
        shop.run(chance.choice([0.5, 1.0, 2.0, 5.0, 30.0]))
        if number % 50 == 49:
            weights.append(weigh(shop))
    assert is_flat(weights), weights
    shop.run(900)
    assert statuses_in(shop) == {"answered"}


def statuses_in(shop: Shop) -> set[str]:
    """What became of all SMS that came."""
    return {
        row["status"] for row in shop.rows("SELECT status FROM messages WHERE direction = 'in'")
    }
