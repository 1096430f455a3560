"""The ranking over the chain: who is worth most to all branches together, by the same rules as in each.

A person's purchases are those of all customers who are that person (`people`); days are those of the
branch in which it was bought.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from crm_tui import ranking
from crm_tui.errors import N_
from crm_tui.office import people
from crm_tui.office.people import Known, People
from crm_tui.office.reading import CannotBe, ChainContext, ReadSide
from crm_tui.ranking import Model, Purchase
from crm_tui.shop.gate.context import Context
from crm_tui.shop.loyalty import scores
from crm_tui.shop.loyalty.scores import Figures
from crm_tui.shop.loyalty.tiers import YEAR
from crm_tui.shop.reports.base import Column, Record
from crm_tui.shop.reports.people import RANKING as OF_BRANCH
from crm_tui.shop.reports.period import Period

_SAMPLE = 20_000
"""A backtest looks at so many people at most, as in a branch."""


@dataclass(frozen=True)
class Bought:
    """What somebody bought in one branch: as often, and for so many rupiah."""

    sales: int
    spent: int


@dataclass(frozen=True)
class Ranked:
    """The people of the chain, the best first, on a day. `at`: what each bought where; `year`: for
    how many rupiah in the last year; `names`: how each is called."""

    day: date
    model: Model
    people: People
    order: tuple[int, ...]
    heats: Mapping[int, float]
    figures: Mapping[int, Figures]
    at: Mapping[Known, Bought]
    year: Mapping[int, int]
    names: Mapping[int, str]

    def score(self, person: int) -> float:
        """Six digits tell enough."""
        return float(f"{self.model.score(self.heats[person], self.day.toordinal()):.6g}")

    def where(self, person: int) -> list[int]:
        """The branches in which a person bought, where for most first."""
        sums: dict[int, int] = {}
        for known in self.people.customers[person]:
            if known in self.at:
                sums[known[0]] = sums.get(known[0], 0) + self.at[known].spent
        return sorted(sums, key=lambda branch: (-sums[branch], branch))


def ranked(office: ReadSide, day: date | None = None) -> Ranked:
    """Everybody who bought something until the evening of a day (None: until now)."""
    known = people.everybody(office)
    today = day or office.now.astimezone().date()
    bought: list[Purchase] = []
    at: dict[Known, list[int]] = {}
    called: dict[Known, str] = {}
    for branch in office.branches():
        try:
            with office.apart():
                there = office.context(branch)
                purchases = list(scores.purchases(there, scores.end_of(today)))
                rows = there.db.execute("SELECT id, name FROM customers WHERE name <> ''")
                named = rows.fetchall()
        except CannotBe:
            continue
        for customer, on, amount in purchases:
            key = (branch.id, customer)
            person = known.of.get(key)
            if person is None:
                # It is of somebody whom the branch has not told of yet.
                continue
            bought.append((person, on, amount))
            sums = at.setdefault(key, [0, 0])
            sums[0] += 1
            sums[1] += amount
        called |= {(branch.id, row[0]): row[1] for row in named}
    bought.sort()
    model = _model(bought, today)
    heats = ranking.heats(model, bought)
    year: dict[int, int] = {}
    for person, on, amount in bought:
        if on > today.toordinal() - YEAR:
            year[person] = year.get(person, 0) + amount
    told = {key: Bought(*sums) for key, sums in at.items()}
    names = {person: _name(known.customers[person], called, told) for person in heats}
    return Ranked(
        today,
        model,
        known,
        tuple(ranking.ranked(heats)),
        heats,
        scores.figures(bought),
        told,
        year,
        names,
    )


def _model(bought: list[Purchase], today: date) -> Model:
    """The model that would have ranked them best, as a branch chooses its own."""
    if not bought:
        return Model(today.toordinal())
    step = max(1, len({person for person, _, _ in bought}) // _SAMPLE)
    proof = ranking.backtest([each for each in bought if each[0] % step == 0], today.toordinal())
    return proof.model if proof else Model(min(on for _, on, _ in bought))


def _name(
    customers: tuple[Known, ...], called: Mapping[Known, str], at: Mapping[Known, Bought]
) -> str:
    """The name under which the person bought for most."""
    named = [each for each in customers if each in called]
    best = max(named, key=lambda each: (at[each].spent if each in at else 0, each), default=None)
    return called[best] if best else ""


def _records(ctx: Context, period: Period) -> Iterator[Record]:
    office = cast(ChainContext, ctx).office
    standings = ranked(office, period.as_of)
    names = {branch.id: branch.name for branch in office.branches()}
    tiers = {
        (row[0], row[1]): row[2]
        for row in office.ask("SELECT branch, customer, tier FROM crm.standings WHERE tier <> ''")
    }
    for rank, person in enumerate(standings.order, start=1):
        figures = standings.figures[person]
        theirs = standings.people.customers[person]
        yield {
            "rank": rank, "customer": standings.names[person],
            "phone": next(iter(standings.people.phones.get(person, ())), ""),
            "score": standings.score(person),
            "tier": next((tiers[each] for each in theirs if each in tiers), ""),
            "spent": figures.spent, "purchases": figures.sales,
            "last_day": date.fromordinal(figures.last_day).isoformat(),
            "first_day": date.fromordinal(figures.first_day).isoformat(),
            "rhythm_days": figures.rhythm,
            "branches": ", ".join(names[each] for each in standings.where(person)),
        }  # fmt: skip


RANKING = replace(
    OF_BRANCH, columns=(*OF_BRANCH.columns, Column("branches", N_("Branches"), rank=2)),
    make=_records, prepare=None, charts=lambda ctx, period: [],
)  # fmt: skip
