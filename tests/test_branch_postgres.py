"""A branch and a head office on PostgreSQL: cuts, deaths, restores; the sums agree after each."""

import contextlib
import dataclasses
import random
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("psycopg")

from crm_tui.office import administering
from crm_tui.office.database import Office
from crm_tui.replication import enrolling, errors
from crm_tui.replication.enrolling import Enrolment
from crm_tui.replication.line import Wire
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payments import Paid
from tests import postgres
from tests.branch import Postgres, rounds_of, same_sums
from tests.cuts import cut
from tests.day import STEPS, found_people
from tests.shop import Shop, cart_of

LINE = CartLine(6, "PQ-R", "x", "set", 85000, 1)


def sell(shop: Shop) -> Any:
    shop.clock.wait(1)
    return till.sell(shop.ctx, cart_of([LINE]).sold(), [Paid("cash", 85_000)])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return postgres.office(tmp_path)


@dataclasses.dataclass
class Branch:
    """A shop that is enrolled with the office."""

    shop: Shop
    number: int
    office: Office

    @property
    def books(self) -> Postgres:
        return Postgres(self.office)

    def wire(self, port: int | None = None, **extra: Any) -> Wire:
        where = enrolling.address(self.shop.ctx)
        return Wire(dataclasses.replace(where, port=port or where.port), **extra)

    def round(self, wire: Wire | None = None) -> int:
        made = rounds_of(self.shop, wire or self.wire())
        try:
            return made.round()
        finally:
            made.line.close()
            made._ctx.store.close()

    def agrees(self) -> None:
        same_sums(self.shop.ctx, self.books, self.number)


def enrol(shop: Shop, office: Office, name: str = "Satu", **how: Any) -> Branch:
    told: dict[str, Any] = administering.add(office, name, **how)
    enrolling.enrol(shop.ctx, Enrolment(**told))
    return Branch(shop, int(told["branch"]), office)


@pytest.fixture
def branch(shop: Shop, office: Office) -> Branch:
    found_people(shop.ctx)
    return enrol(shop, office)


def test_a_day(branch: Branch) -> None:
    """Whatever a day does, the office has each row once, over TLS, as the branch that it is."""
    chance = random.Random(11)
    wire = branch.wire()
    for _ in range(4):
        for _ in range(30):
            with contextlib.suppress(RuleBroken):
                step = STEPS[chance.choice(sorted(STEPS))]
                step(branch.shop.ctx, *(chance.randrange(24) for _ in range(3)))
        made = rounds_of(branch.shop, wire)
        made.round()
        made._ctx.store.close()
        branch.agrees()
    wire.close()
    assert branch.round() == 0


def test_texts_of_all_kinds(branch: Branch, hostile: str) -> None:
    """Whatever a text holds, it arrives as it is, but for what PostgreSQL cannot hold."""
    branch.shop.ctx.db.execute("UPDATE customers SET name = ? WHERE id = 1", (hostile + "\0",))
    branch.round()
    rows = branch.books.now("customers", branch.number)
    assert rows["1"][1] == hostile + "\ufffd"
    assert branch.round() == 0


@pytest.mark.parametrize("way", ["up", "down"])
def test_cut_after_any_octet(branch: Branch, way: str) -> None:
    """A line that is cut after any number of octets, within COPY or before the answer to COMMIT, loses
    nothing and doubles nothing."""
    branch.round()
    sell(branch.shop)
    with cut(branch.office.port) as whole:
        branch.round(branch.wire(whole.port))
        total = whole.passed[way]
    chance = random.Random(5)
    tried = 0
    for _ in range(12):
        sell(branch.shop)
        at = chance.randrange(total)
        with cut(branch.office.port, **{way: at}) as line:
            with contextlib.suppress(errors.OfficeProblem):
                branch.round(branch.wire(line.port))
            tried += line.cut
    assert tried > 6
    branch.round()
    branch.agrees()
