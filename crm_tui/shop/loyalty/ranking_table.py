"""The ranked list: of now from the running scores, of a past day from the ledger as it stood then."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import floor
from typing import Any

from crm_tui import ranking
from crm_tui.ranking import Model, Purchase
from crm_tui.shop.customers import people
from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.phones import FOR_SMS
from crm_tui.shop.loyalty import scores
from crm_tui.shop.loyalty.scores import Chosen, Figures

PHONE = (
    f"coalesce((SELECT {FOR_SMS} FROM phones WHERE phones.customer_id = standings.customer_id), '')"
)
TIER = (
    "coalesce((SELECT tiers.name FROM members JOIN tiers ON tiers.id = tier_id AND active = 1"
    " WHERE members.customer_id = standings.customer_id), '')"
)
RANK = (
    # Two questions, for each is answered by the index alone.
    "1 + (SELECT count(*) FROM standings AS better WHERE better.model_id = :model"
    "  AND -better.heat < -standings.heat)"
    " + (SELECT count(*) FROM standings AS equal WHERE equal.model_id = :model"
    "  AND -equal.heat = -standings.heat AND equal.customer_id < standings.customer_id)"
)
"""SQL: number, name of the tier and place of the customer of a standing."""
RANKED = (
    "SELECT standings.customer_id, customers.name, heat, first_day, last_day, days, sales, spent,"
    f" {PHONE} AS phone, members.tier_id"
    " FROM standings JOIN customers ON customers.id = standings.customer_id"
    " JOIN buyers ON buyers.customer_id = standings.customer_id"
    " LEFT JOIN members ON members.customer_id = standings.customer_id"
    " WHERE model_id = ? ORDER BY -heat, standings.customer_id"
)


def params(ctx: Context, chosen: Chosen | None) -> dict[str, str | int]:
    """The values of the :fields in the listing of ranked customers."""
    today = ctx.now.astimezone().date().toordinal()
    return {"model": chosen.id if chosen else 0, "today": today}


@dataclass(frozen=True)
class Reasons:
    """What explains the rank of a customer. `months`: rupiah of the last twelve months, the oldest
    first; `lately` and `before`: of the last half-life and the one before it. `profit` of what was
    bought for `covered` rupiah, whose costs are known; None if none are."""

    figures: Figures
    score: float
    rank: int
    ranked: int
    months: tuple[int, ...]
    lately: int
    before: int
    profit: int | None
    covered: int


def reasons(ctx: Context, chosen: Chosen, customer_id: int) -> Reasons | None:
    """What explains the rank of a customer; None for one without a rank."""
    today = ctx.now.astimezone().date()
    with ctx.store.reading() as db:
        row = db.execute(
            f"SELECT heat, buyers.*, {RANK} AS rank FROM standings JOIN buyers USING (customer_id)"
            " WHERE model_id = :model AND customer_id = :customer",
            {"model": chosen.id, "customer": customer_id},
        ).fetchone()
        if row is None:
            return None
        ranked = db.execute(
            "SELECT count(*) FROM standings WHERE model_id = ?", (chosen.id,)
        ).fetchone()[0]
        sums: dict[int, int] = {}
        for day, total in db.execute(
            f"SELECT {scores.DAY.format(at='at')} AS day, sum(total) FROM sales"
            f" WHERE customer_id IN {people.FAMILY} GROUP BY 1", {"customer": customer_id},
        ):  # fmt: skip
            sums[day] = total
        profit, covered = db.execute(
            "SELECT sum(sale_lines.total - sale_lines.cost * sale_lines.quantity),"
            " coalesce(sum(sale_lines.total) FILTER (WHERE sale_lines.cost IS NOT NULL), 0)"
            f" FROM sale_lines JOIN sales ON sales.id = sale_id WHERE customer_id IN {people.FAMILY}",
            {"customer": customer_id},
        ).fetchone()
    if not access.allowed(ctx, "costs.view"):
        profit, covered = None, 0
    now_day, half = today.toordinal(), chosen.model.half_life
    months = [0] * 12
    for day, total in sums.items():
        when = date.fromordinal(day)
        ago = (today.year - when.year) * 12 + today.month - when.month
        if 0 <= ago < 12:
            months[11 - ago] += total
    return Reasons(
        Figures(row["first_day"], row["last_day"], row["days"], row["sales"], row["spent"]),
        chosen.model.score(row["heat"], now_day), row["rank"], ranked, tuple(months),
        sum(total for day, total in sums.items() if day > now_day - half),
        sum(total for day, total in sums.items() if now_day - 2 * half < day <= now_day - half),
        profit, covered,
    )  # fmt: skip


def now(ctx: Context, model_id: int, model: Model, today: int) -> Iterator[Mapping[str, Any]]:
    """All ranked customers, the best first, as records of the report."""
    weight = model.weight(today)
    tier_name, iso = _tier_names(ctx).get, _iso
    cursor = ctx.db.execute(RANKED, (model_id,))
    # Plain tuples: there may be very many.
    cursor.row_factory = None
    rank = 0
    # Six digits tell enough. Scores only fall, so that it is seldom asked how many decimals that is.
    decimals, least = -10, 1e15
    tens, ones = 1, 10**10
    while rows := cursor.fetchmany(2000):
        for _, name, heat, first, last, days, sales, spent, phone, tier in rows:
            rank += 1
            score = heat / weight
            while score < least and decimals < 20:
                decimals, least = decimals + 1, least / 10
                tens, ones = 10 ** max(0, decimals), 10 ** max(0, -decimals)
            yield {
                "rank": rank,
                "customer": name,
                "phone": phone,
                # `round` takes as long as all the rest of a row.
                "score": floor(score * tens / ones + 0.5) * ones / tens,
                "tier": tier_name(tier, ""),
                "spent": spent,
                "purchases": sales,
                "last_day": iso(last),
                "first_day": iso(first),
                "rhythm_days": scores.rhythm(last - first, days),
            }


def _tier_names(ctx: Context) -> dict[int | None, str]:
    return dict(ctx.db.execute("SELECT id, name FROM tiers WHERE active = 1").fetchall())


def _tiers_as_of(ctx: Context, until: str) -> dict[int, str]:
    """The tier that each customer had at a moment, by the ledger: the best of those that the customer,
    and all who were merged into the customer since, had then."""
    rows = ctx.db.execute(
        "SELECT kept_id, name FROM tier_changes JOIN (SELECT max(id) AS last FROM tier_changes"
        "  WHERE at < ? GROUP BY customer_id) AS ends ON last = tier_changes.id"
        " JOIN kept ON kept.id = customer_id LEFT JOIN tiers ON tiers.id = tier_id"
        " ORDER BY level DESC, tiers.id DESC",
        (until,),
    )
    # The better one comes later, and stays.
    return {int(row[0]): str(row[1]) for row in rows if row[1] is not None}


def as_of(ctx: Context, day: date) -> Iterator[Mapping[str, Any]]:
    """The list as it would have been on the evening of a past day: its sales, what had come back by
    then, and the model that its own past would have chosen."""
    until = scores.end_of(day)
    purchases: list[Purchase] = list(scores.purchases(ctx, until))
    if not purchases:
        return
    proof = scores.prove(ctx, day, purchases)
    model = proof.model if proof else Model(min(purchase[1] for purchase in purchases))
    heats = ranking.heats(model, purchases)
    figures = scores.figures(sorted(purchases))
    known = {
        row[0]: (row[1], row[2])
        for row in ctx.db.execute(
            f"SELECT id, name, coalesce((SELECT {FOR_SMS} FROM phones WHERE customer_id ="
            " customers.id), '') FROM customers"
        )
    }
    order = ranking.ranked(heats)
    tiers = _tiers_as_of(ctx, until)
    for rank, customer in enumerate(order, start=1):
        name, phone = known[customer]
        score = model.score(heats[customer], day.toordinal())
        buyer = figures[customer]
        yield _record(
            rank,
            name,
            phone,
            score,
            tiers.get(customer, ""),
            buyer.first_day,
            buyer.last_day,
            buyer.days,
            buyer.sales,
            buyer.spent,
        )


@lru_cache(maxsize=20_000)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _record(
    rank: int, name: str, phone: str, score: float, tier: str, first: int, last: int, days: int,
    sales: int, spent: int,
) -> Mapping[str, Any]:  # fmt: skip
    """A row of the report. There may be many: nothing is made here that is not in it."""
    return {
        "rank": rank,
        "customer": name,
        "phone": phone,
        "score": float(f"{score:.6g}"),
        "tier": tier,
        "spent": spent,
        "purchases": sales,
        "last_day": _iso(last),
        "first_day": _iso(first),
        "rhythm_days": scores.rhythm(last - first, days),
    }
