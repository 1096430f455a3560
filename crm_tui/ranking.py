"""Ranking: the customers who will be worth most next, from what each bought. Pure; knows no shop.

    score of a day = Σ worth(amount) × 2^(−age / half-life)        worth(amount) = amount^power

A purchase counts half as much after each half-life. The power below 1 lets a single large purchase
count less than many that sum up to it. Sums are kept in *forward form*, weighted by 2^(day / half-life)
from a fixed epoch: they order customers alike on every later day, and each purchase is one addition.
Half-life and power are chosen by a backtest on the shop's own past; the default was measured on the
CDNOW history (benchmarks/bench_ranking.py).

Days are proleptic ordinals (`date.toordinal`), amounts whole rupiah.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

HORIZON = 91
"""Days that a ranking looks ahead, and that a backtest holds back: a quarter."""
SHARES = (0.05, 0.10, 0.20)
"""The tops of the list by which rankings are compared."""
HALF_LIVES = (28, 42, 56, 70, 91, 112, 140, 182, 273, 364)
POWERS = (0.8, 1.0)
WORTH_SWITCHING = 0.01
"""Another model must catch so much more than the default, relatively: less is chance."""
LEAST_BUYERS = 30
"""A backtest says nothing with fewer customers who bought on both sides of the cut."""

# How a customer's silence is judged: by the own usual pause between days of buying.
LEAST_DAYS = 3
"""On fewer days of buying nobody has a usual pause."""
DUE_AFTER = 1.2
"""Times the usual pause: late, but not yet lost."""
LEAVING_AFTER = 3
"""Times the usual pause: slipping away …"""
LEAVING_DAYS = 30
"""… and silent for more than so many days."""
NEW_DAYS = 60
"""So long after the first day of buying a customer is new."""

Purchase = tuple[int, int, int]
"""Customer's key, day, net amount."""


@dataclass(frozen=True)
class Model:
    """How purchases are weighed; `epoch` is the day whose weight is 1."""

    epoch: int
    half_life: int = 91
    power: float = 0.8

    def weight(self, day: int) -> float:
        """The weight of a day in forward form. Half-lives of four weeks and more keep it finite for
        78 years."""
        return float(2.0 ** ((day - self.epoch) / self.half_life))

    def worth(self, amount: int) -> float:
        """What an amount counts; what is negative counts against."""
        size = float(abs(amount) ** self.power)
        return size if amount >= 0 else -size

    def added(self, day: int, before: int, after: int) -> float:
        """What a sale adds to the heat when its net amount changes: 0 → amount as it is sold, less as
        goods come back, with the sale's own day."""
        return (self.worth(after) - self.worth(before)) * self.weight(day)

    def score(self, heat: float, today: int) -> float:
        """The score of a day from the sum in forward form."""
        return heat / self.weight(today)


def heats(model: Model, purchases: Iterable[Purchase]) -> dict[int, float]:
    """The sum in forward form of each customer."""
    worth = model.worth
    return _weighted(model, ((customer, day, worth(amount)) for customer, day, amount in purchases))


def _weighted(model: Model, counted: Iterable[tuple[int, int, float]]) -> dict[int, float]:
    weights: dict[int, float] = {}
    sums: dict[int, float] = {}
    for customer, day, value in counted:
        weight = weights.get(day)
        if weight is None:
            weight = weights[day] = model.weight(day)
        sums[customer] = sums.get(customer, 0.0) + value * weight
    return sums


def ranked(sums: Mapping[int, float]) -> list[int]:
    """Customers, the best first; of equals the older key."""
    return sorted(sums, key=lambda customer: (-sums[customer], customer))


def caught(order: Sequence[int], later: Mapping[int, int], share: float) -> float:
    """The part of all later spend that the top `share` of the list makes."""
    whole = sum(later.values())
    top = order[: ceil(len(order) * share)]
    return sum(later.get(customer, 0) for customer in top) / whole if whole else 0.0


@dataclass(frozen=True)
class Proof:
    """How good a ranking was: the parts of the later quarter's spend that its best 5, 10 and 20 %
    (`SHARES`) made, and what an all-knowing list would have caught. `buyers`: how many
    customers were ranked."""

    model: Model
    buyers: int
    caught: tuple[float, ...]
    best: tuple[float, ...]


def backtest(
    purchases: Sequence[Purchase], today: int, allow: Callable[[], None] = lambda: None
) -> Proof | None:
    """The model that would have ranked the customers of a quarter ago best, seen from today; None if
    there is too little past. `allow` is called now and then, and may raise."""
    cut = today - HORIZON
    before = [each for each in purchases if each[1] <= cut]
    later: dict[int, int] = {}
    known = {each[0] for each in before}
    for customer, day, amount in purchases:
        if cut < day <= today and customer in known:
            later[customer] = later.get(customer, 0) + amount
    later = {customer: amount for customer, amount in later.items() if amount > 0}
    if len(later) < LEAST_BUYERS or len(known) < 2 * LEAST_BUYERS:
        return None
    epoch = min(each[1] for each in purchases)
    default = Model(epoch)
    proofs = {}
    for power in POWERS:
        # What an amount counts is the same for every half-life.
        worth = Model(epoch, power=power).worth
        counted = [(customer, day, worth(amount)) for customer, day, amount in before]
        for half_life in HALF_LIVES:
            allow()
            model = Model(epoch, half_life, power)
            order = ranked(_weighted(model, counted))
            proofs[model] = tuple(caught(order, later, share) for share in SHARES)
    chosen = max(proofs, key=lambda model: sum(proofs[model]))
    if sum(proofs[chosen]) < sum(proofs[default]) * (1 + WORTH_SWITCHING):
        chosen = default
    ideal = sorted(known, key=lambda customer: -later.get(customer, 0))
    best = tuple(caught(ideal, later, share) for share in SHARES)
    return Proof(chosen, len(known), proofs[chosen], best)
