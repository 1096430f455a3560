"""Power fails between any two steps: nothing is lost, and nobody is answered twice.

The worker is killed before and after every commit of the store, and before, in the middle of and
after every write to the line, of one exchange: one run each. Then what went over the air is
compared with the store.
"""

from collections import Counter
from pathlib import Path

import pytest
from sqlite_utils import Database

from crm_tui.shop.messages.outbox import AGAIN
from crm_tui.shop.messages.settings import DOUBT_ANSWER, DOUBT_ORDER
from crm_tui.shop.orders import deciding
from crm_tui.simulator import registry
from crm_tui.simulator.commands import SimulatedModem
from crm_tui.store import Store
from tests.daily import daily
from tests.shop import ANI, BUDI, CITRA, Shop, ledgers_add_up

LONG = "PESAN " + ", ".join(["AB-1 1", "CD-2-X 2", "PQ-R 3"]) + " " * 140 + ", PQ-S 4"
SHARDS = 8
DAILY = 1
"""So many of them are gone through each time; `make soak` goes through all."""


class Killed(BaseException):
    """The process ends here."""


class Fuse:
    """Ends the process at its n-th step; n = 0: never."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Killed


class MortalStore(Store):
    """A store that may be the last thing its process uses."""

    fuse = Fuse(0)

    def commit(self, db: Database) -> None:
        self.fuse.step()
        super().commit(db)
        self.fuse.step()


class MortalLine(SimulatedModem):
    """A modem whose other side may die while it writes."""

    fuse = Fuse(0)

    def feed(self, octets: bytes, speed: int = 0) -> None:
        self.fuse.step()
        half = len(octets) // 2
        super().feed(octets[:half])
        if half:
            self.fuse.step()
        super().feed(octets[half:])
        self.fuse.step()


def exchange(folder: Path, at: int, *, reports: bool) -> int:
    """One exchange in which the worker dies at its `at`-th step; how many steps it had."""
    shop = Shop(folder)
    fuse = Fuse(at)
    line = MortalLine(shop.clock)
    line.faults.no_reports = not reports
    registry.register(shop.name, line)
    shop.modem = line
    shop.set(DOUBT_ANSWER, 10)
    shop.set(DOUBT_ORDER, 20)
    shop.says(BUDI, "PESAN PQ-R 1")
    shop.run(2)
    deciding.confirm(shop.ctx, 1)
    shop.says(ANI, "HARGA AB-1")
    shop.says(BUDI, "PESAN PQ-R 2")
    shop.says(CITRA, LONG)
    fuse.steps, line.fuse = 0, fuse
    store = MortalStore(shop.ctx.store.path)
    store.fuse = fuse
    worker = shop.worker(store)
    shop.after(3, worker.stop.set)
    try:
        worker.run()
    except Killed:
        store.close()
    steps = fuse.steps
    line.fuse = Fuse(0)
    shop.run(40)
    _check(shop, reports=reports)
    registry.forget(shop.name)
    shop.close()
    return steps


def _check(shop: Shop, *, reports: bool) -> None:
    ledgers_add_up(shop.ctx)
    assert shop.modem.card.used("SM") == 0
    incoming = shop.rows("SELECT * FROM messages WHERE direction = 'in' ORDER BY id")
    assert sorted(row["phone"] for row in incoming) == sorted([BUDI, ANI, BUDI, CITRA])
    assert {row["status"] for row in incoming} == {"answered"}
    assert [row["status"] for row in shop.rows("SELECT status FROM orders ORDER BY id")] == [
        "confirmed", "waiting", "waiting",
    ]  # fmt: skip
    outgoing = shop.rows("SELECT * FROM messages WHERE direction = 'out' ORDER BY id")
    assert not {row["status"] for row in outgoing} & {"queued", "held", "sending"}
    # Each answer and the confirmation, by what telephones show.
    air = Counter((sent["to"], sent["text"]) for sent in shop.modem.messages_sent())
    assert not [text for (_, text) in air if "[…]" in str(text)]
    # One crash puts at most one SMS in doubt: everything before it was committed in time.
    assert len([row for row in outgoing if row["repeat_of"] is not None]) <= 1
    originals = [row for row in outgoing if row["repeat_of"] is None]
    assert len(originals) == len(incoming) + 1
    for row in originals:
        first = air.pop((row["phone"], row["text"]), 0)
        again = air.pop((row["phone"], row["text"] + AGAIN), 0)
        repeats = [other for other in outgoing if other["repeat_of"] == row["id"]]
        assert first <= 1
        assert again == len(repeats)
        # With reports, a message that arrived is known to have: it never goes out again.
        assert first + again == 1 if reports else 1 <= first + again <= 2
        if repeats:
            assert row["status"] == "in_doubt"
    assert not air, "something went out that the store does not know"


@pytest.mark.parametrize("reports", daily([True, False]), ids=["reports", "no reports"])
@pytest.mark.parametrize(
    "shard",
    [
        pytest.param(shard, marks=[] if shard < DAILY else pytest.mark.soak)
        for shard in range(SHARDS)
    ],
)
def test_killed_anywhere(tmp_path: Path, shard: int, reports: bool) -> None:
    """Whatever the step at which the worker dies, the next one ends the exchange rightly."""
    steps = exchange(tmp_path / "whole", 0, reports=reports)
    assert steps > 80
    for at in range(1 + shard, steps + 1, SHARDS):
        exchange(tmp_path / str(at), at, reports=reports)
