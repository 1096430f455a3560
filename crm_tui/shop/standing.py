"""The ranked list: of now from the running scores, of a past day from the ledger as it stood then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_tui import ranking
from crm_tui.ranking import Model, Purchase
from crm_tui.shop import loyalty
from crm_tui.shop.context import Context


@dataclass(frozen=True)
class Figures:
    """What explains a score: days (ordinals) of the first and the last purchase, on how many days and
    how often he bought, and for how many rupiah, returns taken off."""

    first_day: int
    last_day: int
    days: int
    sales: int
    spent: int

    @property
    def rhythm(self) -> float | None:
        """Days between two purchases, on average; None before the second one."""
        return (self.last_day - self.first_day) / (self.days - 1) if self.days > 1 else None


_NOW = (
    "SELECT standings.customer_id, customers.name, heat, first_day, last_day, days, sales, spent,"
    " coalesce((SELECT min(number) FROM phones WHERE phones.customer_id = standings.customer_id), '')"
    " AS phone FROM standings JOIN customers ON customers.id = standings.customer_id"
    " JOIN buyers ON buyers.customer_id = standings.customer_id"
    " WHERE model_id = ? ORDER BY heat DESC, standings.customer_id"
)


def now(ctx: Context, model_id: int, model: Model, today: int) -> Iterator[Mapping[str, Any]]:
    """All ranked customers, the best first, as records of the report."""
    weight = model.weight(today)
    cursor = ctx.db.execute(_NOW, (model_id,))
    rank = 0
    while rows := cursor.fetchmany(2000):
        for customer_id, name, heat, first, last, days, sales, spent, phone in rows:
            rank += 1
            yield _record(
                rank,
                customer_id,
                name,
                phone,
                heat / weight,
                Figures(first, last, days, sales, spent),
            )


def as_of(ctx: Context, day: date) -> Iterator[Mapping[str, Any]]:
    """The list as it would have been on the evening of a past day: its sales, what had come back by
    then, and the model that its own past would have chosen."""
    until = loyalty.end_of(day)
    found: list[Purchase] = list(loyalty.purchases(ctx, until))
    if not found:
        return
    proof = loyalty.prove(ctx, day, found)
    model = proof.model if proof else Model(min(each[1] for each in found))
    heats = ranking.heats(model, found)
    figures = _figures(found)
    known = {
        row[0]: (row[1], row[2])
        for row in ctx.db.execute(
            "SELECT id, name, coalesce((SELECT min(number) FROM phones WHERE customer_id ="
            " customers.id), '') FROM customers"
        )
    }
    for rank, customer in enumerate(ranking.ranked(heats), start=1):
        name, phone = known[customer]
        score = model.score(heats[customer], day.toordinal())
        yield _record(rank, customer, name, phone, score, figures[customer])


def _figures(found: list[Purchase]) -> dict[int, Figures]:
    days: dict[int, set[int]] = {}
    sums: dict[int, list[int]] = {}
    for customer, day, amount in found:
        days.setdefault(customer, set()).add(day)
        each = sums.setdefault(customer, [0, 0])
        each[0] += 1
        each[1] += amount
    return {
        customer: Figures(min(each), max(each), len(each), *sums[customer])
        for customer, each in days.items()
    }


def _record(
    rank: int, customer_id: int, name: str, phone: str, score: float, figures: Figures
) -> Mapping[str, Any]:
    rhythm = figures.rhythm
    return {
        "rank": rank,
        "customer": name,
        "phone": phone,
        "score": float(f"{score:.6g}"),
        "tier": "",
        "spent": figures.spent,
        "purchases": figures.sales,
        "last_day": date.fromordinal(figures.last_day).isoformat(),
        "first_day": date.fromordinal(figures.first_day).isoformat(),
        "rhythm_days": None if rhythm is None else round(rhythm, 1),
    }
