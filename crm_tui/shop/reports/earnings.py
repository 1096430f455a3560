"""Reports of earnings: profit by item, category, seller and way of paying, and what was taken a day."""
# ruff: noqa: S608 - what is put into queries is names of ours

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.reports.base import Chart, Column, Report, ranked
from crm_tui.shop.reports.period import Period

# Every line of these days; a sale of an old book may have none, and is a line without an item.
_LINES = (
    "(SELECT sales.id AS sale_id, sales.actor, sale_lines.item_id, coalesce(sale_lines.quantity, 0)"
    " AS quantity, coalesce(sale_lines.total, sales.total) AS total,"
    " coalesce(sale_lines.discount - sale_lines.redeemed, 0) AS discount,"
    " sale_lines.cost AS unit_cost"
    " FROM sales LEFT JOIN sale_lines ON sale_lines.sale_id = sales.id"
    " WHERE sales.at >= :begin AND sales.at < :end) AS sold"
)
_SUMS = (
    "sum(quantity) AS quantity, sum(total) AS total, sum(discount) AS discount,"
    " sum(total - unit_cost * quantity) AS profit,"
    " sum(total) FILTER (WHERE unit_cost IS NOT NULL) AS covered"
)
_PAID = (
    "coalesce((SELECT group_concat(method) FROM (SELECT DISTINCT method FROM payments"
    " WHERE payments.sale_id = sold.sale_id ORDER BY method)), '')"
)
# Each has a key of its own in its part: the first item, or sale, of it.
_BY = {
    "item": "SELECT 'item' AS by, coalesce(item_id, 0) AS id,"
    f" coalesce(code || ' ' || name, '–') AS what, '' AS paid, {_SUMS}"
    f" FROM {_LINES} LEFT JOIN items ON items.id = item_id GROUP BY item_id",
    "category": "SELECT 'category', coalesce(min(item_id), 0), coalesce(nullif(category, ''), '–')"
    f" AS what, '', {_SUMS} FROM {_LINES} LEFT JOIN items ON items.id = item_id GROUP BY 3",
    "seller": f"SELECT 'seller', min(sale_id), actor AS what, '', {_SUMS} FROM {_LINES} GROUP BY actor",
    "payment": f"SELECT 'payment', min(sale_id), '', {_PAID} AS paid, {_SUMS} FROM {_LINES} GROUP BY 4",
}

_EARNED = Listing(
    columns=(
        "what, paid, quantity, total, discount, profit, covered,"
        " CASE WHEN covered <> 0 THEN CAST(round(100.0 * profit / covered) AS INTEGER) END AS margin"
    ),
    source=f"({' UNION ALL '.join(_BY.values())}) AS earned",
    id="earned.id",
    sorts={
        "profit": Sort(N_("most profit first"), "coalesce(profit, 0)", descending=True),
        "total": Sort(N_("largest first"), "total", descending=True),
        "name": Sort(N_("by name"), "what"),
    },
    parts={
        "item": Part(N_("By item"), "by = 'item'"),
        "category": Part(N_("By category"), "by = 'category'"),
        "seller": Part(N_("By seller"), "by = 'seller'"),
        "payment": Part(N_("By way of paying"), "by = 'payment'"),
    },
    search=("what",),
)


def _most(ctx: Context, period: Period) -> list[Chart]:
    return [
        ranked(
            ctx, title,
            f"SELECT what, profit FROM ({_BY[by]}) WHERE profit > 0 ORDER BY 2 DESC LIMIT 10",
            period, N_("Profit"), money=True,
        )
        for by, title in (("item", N_("Most profit by item")), ("category", N_("By category")))
    ]  # fmt: skip


PROFIT = Report(
    "profit", N_("Profit"),
    (
        Column("what", N_("What")),
        Column("paid", N_("Paid by"), "words", rank=6),
        Column("quantity", N_("Count"), "number", rank=4, total=True),
        Column("total", N_("Total"), "money", total=True),
        Column("discount", N_("Discount"), "money", rank=5, total=True),
        Column("profit", N_("Profit"), "money", total=True),
        Column("covered", N_("Its revenue"), "money", rank=3, total=True),
        Column("margin", N_("Margin, %"), "number", rank=1),
    ),
    _EARNED, charts=_most, permission="costs.view",
)  # fmt: skip

_DAY = "date(at, 'localtime')"
_TAKEN = Listing(
    columns="day, method, sold, refunded, repaid, moved, amount",
    source=(
        f"(SELECT {_DAY} AS day, method, sum(amount * (kind = 'sale')) AS sold,"
        " sum(amount * (kind = 'refund')) AS refunded, sum(amount * (kind = 'repayment')) AS repaid,"
        " sum(amount * (kind = 'drawer')) AS moved, sum(amount) AS amount, max(id) AS id"
        " FROM payments WHERE at >= :begin AND at < :end GROUP BY 1, 2) AS taken"
    ),
    id="taken.id",
    sorts={
        "oldest": Sort(N_("oldest first"), "day"),
        "newest": Sort(N_("newest first"), "day", descending=True),
    },
    parts={
        "all": Part(N_("All"), ""),
        "cash": Part(N_("cash"), "method = 'cash'"),
        "qris": Part("QRIS", "method = 'qris'"),
        "transfer": Part(N_("transfer"), "method = 'transfer'"),
        "account": Part(N_("on account"), "method = 'account'"),
    },
    search=("day",),
)


def _shares(ctx: Context, period: Period) -> list[Chart]:
    begin, end = period.bounds()
    rows = ctx.db.execute(
        "SELECT method, sum(amount) FROM payments WHERE kind = 'sale' AND at >= ? AND at < ?"
        " GROUP BY 1 ORDER BY 2 DESC",
        (begin, end),
    ).fetchall()
    return [
        Chart(N_("How sales were paid"), "share", [row[0] for row in rows],
              {N_("Total"): [int(row[1]) for row in rows]}, money=True)
    ] if rows else []  # fmt: skip


TAKINGS = Report(
    "takings", N_("Takings"),
    (
        Column("day", N_("Day"), "day"),
        Column("method", N_("Paid by"), "words"),
        Column("sold", N_("Sales"), "money", total=True),
        Column("refunded", N_("Given back"), "money", rank=1, total=True),
        Column("repaid", N_("Repaid"), "money", rank=2, total=True),
        Column("moved", N_("In and out"), "money", rank=3, total=True),
        Column("amount", N_("Total"), "money", total=True),
    ),
    _TAKEN, charts=_shares,
)  # fmt: skip
