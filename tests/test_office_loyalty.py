"""What the office chooses over all branches: ranking, tiers and promos, and what the branches are
told."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui.clock import SimulatedClock
from crm_tui.office import promos, ranking, reports, tiers
from crm_tui.office.central import CentralItemUnknown
from crm_tui.office.promos import Nobody, Promo, PromoThere
from crm_tui.office.reading import ReadSide
from crm_tui.office.tiers import Tier, TierBad, TierUnknown
from crm_tui.shipped import VERSIONED
from crm_tui.shop.gate import settings
from crm_tui.shop.promos.campaigns import PromoNameMissing
from crm_tui.shop.promos.texts import NothingToName, UnknownField
from crm_tui.shop.reports.period import Period
from tests import office as offices

NOW = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)
ANI, BUDI, CITRA = "+6281100000001", "+6281100000002", "+6281100000003"


@dataclass
class Rows:
    """An office whose branches' rows are written by hand."""

    office: ReadSide
    numbers: dict[int, int] = field(default_factory=dict)
    """The branches' numbers at the office, by ours."""

    def put(self, table: str, **columns: Any) -> None:
        columns["branch"] = self.numbers[columns["branch"]]
        names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO crm.{table} ({names}) VALUES ({marks})"
        acting = "SELECT set_config('crm.acting_for', %s, true)"
        with self.office.writing():
            self.office.ask_nothing(acting, (str(columns["branch"]),))
            self.office.ask_nothing(statement, tuple(columns.values()))

    _version = 0

    def customer(self, branch: int, id: int, **more: Any) -> None:
        self._version += 1
        known = {"name": f"Orang {id}", "kind": "customer", "consent": "yes", "active": 1, **more}
        self.put(
            "customers_versions", branch=branch, epoch=1, key=str(id), version=self._version, id=id,
            **known,
        )  # fmt: skip

    def phone(self, branch: int, number: str, customer: int) -> None:
        self._version += 1
        self.put(
            "phones_versions", branch=branch, epoch=1, key=number, version=self._version,
            number=number, customer_id=customer,
        )  # fmt: skip

    def sale(self, branch: int, id: int, customer: int, total: int, ago: int = 1) -> None:
        self.put(
            "sales", branch=branch, epoch=1, id=id, at=NOW - timedelta(ago), channel="counter",
            kind="sale", customer_id=customer, total=total, actor="bos", reason="",
        )  # fmt: skip

    def downs(self, kind: str) -> list[tuple[int | None, str, dict[str, Any]]]:
        rows = self.office.ask(
            "SELECT branch, key, body FROM crm.downs_of WHERE kind = %s ORDER BY seq", (kind,)
        )
        ours = {number: at for at, number in self.numbers.items()}
        return [(ours.get(row[0]), row[1], json.loads(row[2])) for row in rows]


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Rows]:
    """Ani buys in both branches, a little in each; Budi in the first alone, Citra in the second."""
    dsn = offices.database(tmp_path / "pusat")
    office = offices.open_office(dsn, tmp_path, SimulatedClock(NOW))
    made = Rows(office)
    try:
        _fill(made, dsn)
        yield made
    finally:
        office.connection.close()


def _fill(made: Rows, dsn: str) -> None:
    for branch, name in enumerate(("Ampera", "Plaju"), start=1):
        made.numbers[branch] = offices.add_branch(dsn, name)
    for branch, customers in ((1, (ANI, BUDI)), (2, (ANI, CITRA))):
        for id, number in enumerate(customers, start=1):
            made.customer(branch, id)
            made.phone(branch, number, id)
    for week in range(4):
        made.sale(1, 10 + week, 1, 60_000, ago=10 * week + 1)
        made.sale(2, 10 + week, 1, 60_000, ago=10 * week + 2)
        made.sale(1, 20 + week, 2, 90_000, ago=10 * week + 1)
    made.sale(2, 30, 2, 50_000)


def test_who_buys_everywhere_is_first_and_told_to_each_branch(chain: Rows) -> None:
    """A person's purchases in all branches count together; the tier goes to every branch that knows the
    person, with what was bought elsewhere, and a second ranking tells nobody anything anew."""
    tiers.set_tier(chain.office, Tier("Emas", 1, top=3_000, discount=500))
    assert chain.downs("tier")[0][:2] == (None, "Emas")
    found = ranking.ranked(chain.office)
    assert [found.names[person] for person in found.order] == ["Orang 1", "Orang 2", "Orang 2"]
    assert tiers.rank(chain.office) == tiers.Outcome(3, 1, 2)
    told = chain.downs("standing")
    assert [(branch, key, body["tier"], body["phones"]) for branch, key, body in told] == [
        (1, "1", "Emas", [ANI]),
        (2, "1", "Emas", [ANI]),
    ]
    assert [body["spent_elsewhere"] for _, _, body in told] == [240_000, 240_000]
    assert tiers.rank(chain.office) == tiers.Outcome(3, 0, 0)
    # What is another now takes the place of what was told before.
    chain.sale(2, 40, 1, 10_000)
    assert tiers.rank(chain.office).sent == 1
    assert sorted(branch or 0 for branch, _, _ in chain.downs("standing")) == [1, 2]
    tiers.set_tier(chain.office, Tier("Emas", 1, top=3_000, discount=600))
    assert [body["discount"] for _, _, body in chain.downs("tier")] == [600]
    (first, *_) = reports.find("ranking").rows(chain.office.chain(), Period())
    assert (first["spent"], first["tier"], first["branches"]) == (490_000, "Emas", "Plaju, Ampera")


def test_goods_on_the_way_are_what_was_sent_and_not_received(chain: Rows) -> None:
    """Of goods between branches it is told what is on the way, and of what came, what is missing."""

    def transfer(number: int, quantity: int) -> None:
        chain.put("transfers", branch=1, epoch=1, id=number, at=NOW, actor="bos",
                  to_branch=chain.numbers[2], note="")  # fmt: skip
        chain.put("transfer_lines", branch=1, epoch=1, transfer_id=number, line=1, item_id=6,
                  code="PQ-R", name="Pelek", unit="pcs", quantity=quantity, price=9_000,
                  cost=7_000)  # fmt: skip

    transfer(1, 5)
    transfer(2, 3)
    chain.put("transfer_receipts", branch=2, epoch=1, id=1, at=NOW, actor="bos",
              from_branch=chain.numbers[1], from_epoch=1, from_id=1, note="")  # fmt: skip
    chain.put("transfer_receipt_lines", branch=2, epoch=1, receipt_id=1, line=1, code="PQ-R", sent=5,
              arrived=3, broken=1)  # fmt: skip
    first, second = reports.find("transfers").rows(chain.office.chain(), Period())
    assert (first["branch"], first["to_branch"], first["value"]) == ("Ampera", "Plaju", 0)
    assert [first[key] for key in ("sent", "arrived", "broken", "on_the_way", "missing")] == [
        5, 3, 1, 0, 1,
    ]  # fmt: skip
    assert [second[key] for key in ("sent", "arrived", "on_the_way", "missing", "value")] == [
        3, 0, 3, 0, 21_000,
    ]  # fmt: skip


def test_no_secret_setting_leaves_a_branch() -> None:
    """Of a branch's settings only those go up by which reports go, and none of them is a secret."""
    shipped = set(re.findall(r"'([^']+)'", VERSIONED["settings"].only))
    known = settings.every()
    assert shipped <= set(known)
    assert not [key for key in shipped if known[key].secret]


def test_a_merge_links_and_its_undo_parts(chain: Rows) -> None:
    """Two customers merged in one branch are one person in the chain; taken apart there, they are two
    again, whatever was ranked in between."""
    chain.customer(1, 2, merged_into=1)
    assert len(ranking.ranked(chain.office).order) == 2
    chain.customer(1, 2)
    assert len(ranking.ranked(chain.office).order) == 3


def test_a_tier_is_kept_for_a_while(chain: Rows) -> None:
    """Who does not fulfil a tier any more keeps it for 90 days; one that was given up goes at once."""
    tiers.set_tier(chain.office, Tier("Emas", 1, spent=400_000))
    tiers.rank(chain.office)
    tiers.set_tier(chain.office, Tier("Emas", 1, spent=4_000_000))
    assert tiers.rank(chain.office).changed == 0
    assert isinstance(chain.office.clock, SimulatedClock)
    chain.office.clock.set(NOW + timedelta(91))
    assert tiers.rank(chain.office).changed == 1
    assert chain.downs("standing")[-1][2]["tier"] is None
    tiers.set_tier(chain.office, Tier("Emas", 1, spent=100_000))
    assert tiers.rank(chain.office).changed == 2
    tiers.drop_tier(chain.office, "emas")
    assert tiers.rank(chain.office).changed == 2


def test_a_promo_goes_to_each_person_once(chain: Rows) -> None:
    """Each person is written to by one branch, that where most was bought; a STOP in another branch, or
    an archived customer, is not written to. No two promos have one name."""
    chain.sale(2, 40, 1, 1_000)
    assert promos.promote(chain.office, Promo("Rame", "Halo {name}")) == {"Ampera": 1, "Plaju": 2}
    sent = {branch: body["customers"] for branch, _, body in chain.downs("promo")}
    assert sent == {1: [2], 2: [1, 2]}
    # Nobody would send it in a branch that closes.
    closing = "UPDATE crm.branches SET closing_at = %s WHERE name = 'Plaju'"
    chain.office.ask_nothing(closing, ("2026-11-24T01:00:00Z",))
    assert list(promos.promote(chain.office, Promo("Tutup", "Halo"))) == ["Ampera"]
    chain.office.ask_nothing(closing, (None,))
    chain.customer(1, 1, consent="stopped")
    chain.customer(1, 2, active=0)
    assert promos.promote(chain.office, Promo("Lagi", "Halo", top=10_000)) == {"Plaju": 1}
    assert chain.downs("promo")[-1][2]["customers"] == [2]
    with pytest.raises(PromoThere):
        promos.promote(chain.office, Promo(" rame", "Halo"))
    chain.customer(2, 2, consent="stopped")
    with pytest.raises(Nobody):
        promos.promote(chain.office, Promo("Sia-sia", "Halo"))


def test_a_promo_that_no_branch_could_send_is_refused(chain: Rows) -> None:
    """Fields that nothing fills, items that are not named, those that nobody has, a name that no list
    holds: nothing goes down."""
    for text, items, problem in (
        ("Halo {nama}", (), UnknownField),
        ("Halo {name", (), UnknownField),
        ("Promo: {items}", (), NothingToName),
        ("Halo", (("TIDAK-ADA", 500),), CentralItemUnknown),
    ):
        with pytest.raises(problem):
            promos.promote(chain.office, Promo("A", text, items=items))
    with pytest.raises(PromoNameMissing):
        promos.promote(chain.office, Promo("A" * 200, "Halo"))
    assert not chain.downs("promo")


def test_what_is_no_tier_is_refused(chain: Rows) -> None:
    """A tier needs a name and one of the two conditions; of unknown ones the names are told."""
    for tier in (Tier("", 1, top=1), Tier("A", 1), Tier("A", 1, 1, 1), Tier("A", 1, top=10_001)):
        with pytest.raises(TierBad):
            tiers.set_tier(chain.office, tier)
    for refused in (
        lambda: tiers.drop_tier(chain.office, "Perak"),
        lambda: promos.promote(chain.office, Promo("A", "B", tier="Perak")),
    ):
        with pytest.raises(TierUnknown):
            refused()
