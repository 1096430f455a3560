"""Two processes on one shop, at once on the last piece: nobody gets what is not there."""

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from crm_tui.clock import SystemClock
from crm_tui.practice.clock import EventClock
from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.orders import changing, deciding, placing
from crm_tui.shop.sales import collecting
from crm_tui.store import Store
from tests.shop import START, found, ledgers_add_up

PHONES = ["+6281100000001", "+6281100000002", "+6281100000003"]
# Few pieces of few items: the last one is always near.
ITEMS = [1, 3, 4]
STEPS = 50
RUNS = 25


def _place(ctx: Context, customer: int, wanted: dict[int, int]) -> int:
    return placing.place(ctx, customer, PHONES[customer - 1], wanted).number


COMMANDS: dict[str, Callable[..., Any]] = {
    "place": _place,
    "confirm": lambda ctx, number: deciding.confirm(ctx, number).number,
    "reject": lambda ctx, number: deciding.reject(ctx, number, "habis").number,
    "cancel": lambda ctx, number: changing.cancel(ctx, number).number,
    "collect": lambda ctx, number: collecting.collect(ctx, number),
    "amend": lambda ctx, number, wanted: changing.amend(ctx, number, wanted).number,
    "change": lambda ctx, number, wanted: deciding.change(ctx, number, wanted),
}


def _serve(pipe: Connection) -> None:
    """Another counter: opens the shop that it is told, and does as it is told."""
    ctx: Context | None = None
    while True:
        message = pipe.recv()
        if message is None:
            return
        if isinstance(message, Path):
            if ctx:
                ctx.store.close()
            ctx = Context(Store(message), SystemClock(), console())
            pipe.send("open")
            continue
        name, arguments = message
        assert ctx is not None
        try:
            pipe.send(("done", name, COMMANDS[name](ctx, *arguments)))
        except RuleBroken as broken:
            pipe.send(("refused", name, broken.id))


class Counter:
    """One of the two processes."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()

    def close(self) -> None:
        self.pipe.send(None)
        self.process.join(10)
        self.pipe.close()


numbers = st.integers(1, 12)
wanted = st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 3), min_size=1, max_size=2)
requests = st.one_of(
    st.tuples(st.just("place"), st.tuples(st.integers(1, 3), wanted)),
    st.tuples(st.sampled_from(["confirm", "collect", "cancel", "reject"]), st.tuples(numbers)),
    st.tuples(st.sampled_from(["amend", "change"]), st.tuples(numbers, wanted)),
)


@pytest.mark.parametrize("runs", [8, pytest.param(RUNS, marks=pytest.mark.soak)])
def test_two_counters(runs: int) -> None:
    """Hundreds of steps, each a command of both processes at once: all ledgers add up after each."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ctx = found(folder / "muster", EventClock(START))
        for phone in PHONES:
            people.prospect(ctx, phone)
        ctx.store.close()
        counters = Counter(), Counter()
        steps: list[str] = []

        class Shop(RuleBasedStateMachine):
            @initialize()
            def open(self) -> None:
                self.folder = Path(tempfile.mkdtemp(dir=folder))
                path = self.folder / "crm.db"
                shutil.copy(folder / "muster" / "crm.db", path)
                self.store = Store(path)
                self.ctx = Context(self.store, SystemClock(), console())
                self.done: list[str] = []
                for counter in counters:
                    counter.pipe.send(path)
                    counter.pipe.recv()

            @rule(first=requests, second=requests)
            def both(self, first: Any, second: Any) -> None:
                steps.append("both")
                counters[0].pipe.send(first)
                counters[1].pipe.send(second)
                for counter in counters:
                    verdict, name, _ = counter.pipe.recv()
                    if verdict == "done":
                        self.done.append(name)

            @rule(number=numbers, verb=st.sampled_from(["confirm", "collect", "cancel", "reject"]))
            def race(self, number: int, verb: str) -> None:
                """The same order, the same verb, at once: one of them at most."""
                steps.append("race")
                for counter in counters:
                    counter.pipe.send((verb, (number,)))
                told = [counter.pipe.recv()[0] for counter in counters]
                assert told.count("done") <= 1
                self.done += [verb] * told.count("done")

            @invariant()
            def adds_up(self) -> None:
                ledgers_add_up(self.ctx)
                audited = self.store.db.execute(
                    "SELECT count(*) FROM audit WHERE id > (SELECT max(id) FROM audit"
                    " WHERE command = 'customers.prospect')"
                ).fetchone()[0]
                # Handing out an order also ends it: two rows.
                assert audited == len(self.done) + self.done.count("collect")
                sold = self.store.db.execute(
                    "SELECT coalesce(sum(quantity), 0) FROM sale_lines"
                ).fetchone()[0]
                moved = self.store.db.execute(
                    "SELECT coalesce(sum(-quantity), 0) FROM stock_moves WHERE reason = 'sale'"
                ).fetchone()[0]
                assert sold == moved

            def teardown(self) -> None:
                if hasattr(self, "store"):
                    self.store.close()

        try:
            run_state_machine_as_test(
                Shop, settings=profile(max_examples=runs, stateful_step_count=STEPS, deadline=None)
            )
        finally:
            for counter in counters:
                counter.close()
        assert len(steps) >= 0.8 * runs * STEPS
