"""Branches in a chain: whatever they do, whatever befalls the line, the office has what they have."""

import contextlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.replication import errors
from crm_tui.shop.backups import making
from crm_tui.shop.gate.errors import RuleBroken
from tests.branch import enrol, rounds_of, same_sums, taken_back, told
from tests.day import STEPS, found_people
from tests.memory_office import MemoryLine, Office
from tests.shop import Shop
from tests.test_restore import restore

NUMBER = st.integers(0, 23)
BRANCH = st.integers(0, 2)
CUT = st.one_of(st.none(), st.integers(1, 60))

DO = st.tuples(st.just("do"), BRANCH, st.sampled_from(sorted(STEPS)), NUMBER, NUMBER, NUMBER)
GO = st.tuples(st.just("round"), BRANCH, CUT)
BACK = st.tuples(st.sampled_from(["backup", "restore"]), BRANCH)


class Chain:
    """Some branches and their office."""

    def __init__(self, folder: Path, count: int = 3) -> None:
        self.office = Office()
        self.shops = [Shop(folder / f"toko-{number}") for number in range(count)]
        self.backups: dict[int, Path] = {}
        for number, shop in enumerate(self.shops):
            found_people(shop.ctx)
            enrol(shop.ctx, self.office.add(f"Cabang {number}"), f"Cabang {number}")

    def round(self, branch: int, cut: int | None = None) -> None:
        def fault(step: int) -> Exception | None:
            return errors.OfficeSilent(office="x") if step == cut else None

        made = rounds_of(self.shops[branch], MemoryLine(self.office, branch + 1, fault))
        try:
            made.round()
        except errors.OfficeSilent:
            assert cut is not None

    def do(self, branch: int, name: str, *numbers: int) -> None:
        self.shops[branch].clock.wait(1)
        with contextlib.suppress(RuleBroken):
            STEPS[name](self.shops[branch].ctx, *numbers)

    def sold(self, branch: int) -> set[tuple[Any, ...]]:
        """The sales that the office has of a branch."""
        return {tuple(row.values()) for row in self.office.ledger("sales", branch + 1)}

    def close(self) -> None:
        for shop in self.shops:
            shop.close()


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(DO, DO, DO, GO), max_size=40))
def test_any_days(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]) -> None:
    """Three branches, lines cut anywhere: in the end the sums at the office are those of the ledgers,
    and no branch has a row of another."""
    chain = Chain(tmp_path_factory.mktemp("rantai"))
    try:
        for kind, branch, *rest in steps:
            (chain.do if kind == "do" else chain.round)(branch, *rest)
        for number, shop in enumerate(chain.shops):
            chain.round(number)
            same_sums(shop.ctx, chain.office, number + 1)
    finally:
        chain.close()


def _histories(folder: Path, steps: list[tuple[Any, ...]]) -> None:
    """As above, with restores: all that a branch has is at the office once, and what it lost stays."""
    chain = Chain(folder, 2)
    lost: dict[int, set[tuple[Any, ...]]] = {0: set(), 1: set()}
    try:
        for kind, which, *rest in steps:
            branch = which % 2
            shop = chain.shops[branch]
            shop.clock.wait(2)
            if kind == "do":
                chain.do(branch, *rest)
            elif kind == "round":
                chain.round(branch, *rest)
            elif kind == "backup":
                chain.backups[branch] = folder / f"cadangan-{branch}.db"
                shutil.copy(making.make(shop.ctx).path, chain.backups[branch])
            elif kind == "restore" and branch in chain.backups:
                # What the office has by now it keeps, whatever the store forgets.
                lost[branch] |= chain.sold(branch)
                restore(shop, chain.backups[branch])
        for number, shop in enumerate(chain.shops):
            chain.round(number)
            there = chain.office.ledger("sales", number + 1)
            back = {
                tuple(row.values()) for row in there if taken_back(chain.office, number + 1, row)
            }
            mine = set(told(shop.ctx, "sales")) | lost[number]
            assert chain.sold(number) - back == mine - back
            assert len(there) == len(chain.sold(number)), "a sale came twice"
            assert len({row["id"] for row in there}) == len(there), "a number came twice"
    finally:
        chain.close()


@pytest.mark.soak
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(DO, DO, GO, BACK), max_size=25))
def test_any_histories(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]
) -> None:
    """Backups and restores among it: nothing that happened after a restore is missing or twice."""
    _histories(tmp_path_factory.mktemp("rantai"), steps)


@pytest.mark.soak
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(DO, DO, GO, BACK), max_size=60))
def test_any_histories_long(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]
) -> None:
    """The same, many times, with more steps."""
    _histories(tmp_path_factory.mktemp("rantai"), steps)


@pytest.mark.soak
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(DO, DO, DO, GO), max_size=120))
def test_any_days_long(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]
) -> None:
    """Days of three branches, many times, with more steps."""
    test_any_days.hypothesis.inner_test(tmp_path_factory, steps)  # type: ignore[attr-defined]
