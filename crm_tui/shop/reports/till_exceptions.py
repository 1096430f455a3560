"""What one looks at who answers for the till: by clerk, all that takes goods or money out of turn."""
# ruff: noqa: S608 - what is put into queries is ours

from collections.abc import Iterator

from crm_tui.errors import N_
from crm_tui.shop.gate import stored_words
from crm_tui.shop.gate.context import Context
from crm_tui.shop.reports.base import Column, Record, Report
from crm_tui.shop.reports.period import Period

_INSIDE = "at >= :begin AND at < :end"
# Each gives the clerk, how often, and how much; what cash was rounded by is nobody's doing.
_QUERIES = {
    ("voids", "voided"): (
        f"SELECT actor, count(*), -sum(total) FROM sales WHERE kind = 'void' AND {_INSIDE}"
        " GROUP BY actor"
    ),
    ("returns", "returned"): (
        # Of an old book nobody knows who gave back what.
        "SELECT actor, count(*), -sum(total) FROM sales WHERE kind = 'return'"
        f" AND import_id IS NULL AND {_INSIDE} GROUP BY actor"
    ),
    ("repayments_undone", "undone"): (
        "SELECT actor, count(*), -sum(amount) FROM payments"
        f" WHERE kind = 'repayment' AND amount < 0 AND {_INSIDE} GROUP BY actor"
    ),
    ("discounts", "discounted"): (
        "SELECT actor, count(*), sum(rupiah) FROM given_discounts JOIN sales"
        f" ON sales.id = sale_id WHERE {_INSIDE} GROUP BY actor"
    ),
    ("cash_outs", "cash_out"): (
        "SELECT actor, count(*), -sum(amount) FROM payments WHERE kind = 'drawer' AND amount < 0"
        f" AND id NOT IN (SELECT payment_id FROM roundings) AND {_INSIDE} GROUP BY actor"
    ),
    ("spendings", "points"): (
        "SELECT actor, count(DISTINCT coalesce(sale_id, -id)), -sum(points) FROM point_moves"
        f" WHERE kind IN ('spent', 'redeemed') AND {_INSIDE} GROUP BY actor"
    ),
    ("gifts", "given"): (
        "SELECT actor, count(*), sum(points) FROM point_moves"
        f" WHERE kind = 'gift' AND {_INSIDE} GROUP BY actor"
    ),
    ("shorts", "short"): (
        "SELECT closed_by, count(*), sum(expected - counted) FROM drawer_counts JOIN drawers"
        " ON drawers.id = drawer_id WHERE counted < expected"
        " AND closed_at >= :begin AND closed_at < :end GROUP BY closed_by"
    ),
    ("overs", "over"): (
        "SELECT closed_by, count(*), sum(counted - expected) FROM drawer_counts JOIN drawers"
        " ON drawers.id = drawer_id WHERE counted > expected"
        " AND closed_at >= :begin AND closed_at < :end GROUP BY closed_by"
    ),
    ("copies", ""): (
        f"SELECT actor, count(*), 0 FROM receipt_prints WHERE copy > 0 AND {_INSIDE} GROUP BY actor"
    ),
    ("permitted", ""): (
        f"SELECT actor, count(*), 0 FROM audit WHERE command = 'users.permit' AND {_INSIDE}"
        " GROUP BY actor"
    ),
    ("was_permitted", ""): (
        "SELECT clerk, count(*), 0 FROM (SELECT json_extract(after, '$.permits') AS clerk FROM audit"
        f" WHERE command = 'users.permit' AND {_INSIDE}) AS permits WHERE clerk IS NOT NULL"
        " GROUP BY clerk"
    ),
}
_KEYS = [key for pair in _QUERIES for key in pair if key]


def _by_clerk(ctx: Context, period: Period) -> Iterator[Record]:
    begin, end = period.bounds()
    clerks: dict[str, dict[str, int]] = {}
    for (often, much), query in _QUERIES.items():
        for actor, count, amount in ctx.db.execute(query, {"begin": begin, "end": end}):
            row = clerks.setdefault(actor, dict.fromkeys(_KEYS, 0))
            row[often] = count
            if much:
                row[much] = amount
    for actor in sorted(clerks):
        yield {"actor": actor, **clerks[actor]}


EXCEPTIONS = Report(
    "exceptions", N_("Exceptions by clerk"),
    (
        Column("actor", N_("By"), told=stored_words.actor),
        Column("voids", N_("Voids"), "number", rank=7, total=True),
        Column("voided", N_("Voided"), "money", rank=1, total=True),
        Column("returns", N_("Returns"), "number", rank=8, total=True),
        Column("returned", N_("Given back"), "money", rank=2, total=True),
        Column("repayments_undone", N_("Repayments undone"), "number", rank=13, total=True),
        Column("undone", N_("Undone"), "money", rank=6, total=True),
        Column("discounts", N_("Discounts"), "number", rank=9, total=True),
        Column("discounted", N_("Discount"), "money", rank=1, total=True),
        Column("cash_outs", N_("Times cash out"), "number", rank=10, total=True),
        Column("cash_out", N_("Cash out"), "money", rank=1, total=True),
        Column("spendings", N_("Times points spent"), "number", rank=11, total=True),
        Column("points", N_("Points spent"), "number", rank=3, total=True),
        Column("gifts", N_("Times points given"), "number", rank=12, total=True),
        Column("given", N_("Points given"), "number", rank=4, total=True),
        Column("shorts", N_("Times short"), "number", rank=12, total=True),
        Column("short", N_("Missing in the drawer"), "money", rank=1, total=True),
        Column("overs", N_("Times over"), "number", rank=12, total=True),
        Column("over", N_("Too much in the drawer"), "money", rank=5, total=True),
        Column("copies", N_("Copies of receipts"), "number", rank=6, total=True),
        Column("permitted", N_("Permitted to others"), "number", rank=3, total=True),
        Column("was_permitted", N_("Permitted by others"), "number", rank=3, total=True),
    ),
    make=_by_clerk, permission="audit.view",
)  # fmt: skip
