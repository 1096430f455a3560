"""Reports of earnings: profit by item, category, seller and way of paying, and what was taken a day."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_tui.errors import N_, Sentence
from crm_tui.shop.gate import stored_words
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.reports.base import Chart, Column, Record, Report, Words, ranked, times
from crm_tui.shop.reports.period import Period

# Every line of these days; a sale of an old book may have none, and is a line without an item.
_LINES = (
    "(SELECT sales.id AS sale_id,"
    # The user who took an old book in has not sold what stands in it.
    " CASE WHEN import_id IS NULL THEN sales.actor ELSE '–' END AS actor,"
    " sale_lines.item_id, coalesce(sale_lines.quantity, 0) AS quantity,"
    " coalesce(sale_lines.total, sales.total) AS total,"
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
    f" FROM {_LINES} LEFT JOIN items ON items.id = item_id GROUP BY item_id, code, name",
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
            f"SELECT what, profit FROM ({_BY[by]}) WHERE profit > 0 ORDER BY 2 DESC, 1 LIMIT 10",
            period, N_("Profit"), money=True,
        )
        for by, title in (("item", N_("Most profit by item")), ("category", N_("By category")))
    ]  # fmt: skip


def _named(row: Mapping[str, Any]) -> Record:
    """What the line is about: an item, a category, a seller, or ways of paying."""
    record = dict(row)
    paid = record.pop("paid")
    if paid or record["what"] in stored_words.ACTORS:
        return {**record, "what": Words(paid or stored_words.ACTORS[record["what"]])}
    # An old book does not say how its sales were paid.
    return {**record, "what": record["what"] or "–"}


PROFIT = Report(
    "profit", N_("Profit"),
    (
        Column("what", N_("Breakdown")),
        Column("quantity", N_("Count"), "number", rank=4, total=True),
        Column("total", N_("Total"), "money", total=True),
        Column("discount", N_("Discount"), "money", rank=5, total=True),
        Column("profit", N_("Profit"), "money", total=True),
        Column("covered", N_("Its revenue"), "money", rank=3, total=True),
        Column("margin", N_("Margin, %"), "number", rank=1),
    ),
    _EARNED, record=_named, charts=_most, permission="costs.view", regrouped=True,
)  # fmt: skip

WAYS = {
    "cash": N_("cash"), "qris": "QRIS", "transfer": N_("transfer"), "account": N_("on account"),
}  # fmt: skip
"""The ways of paying, as `sales/payment_methods` has them, which is no room below."""
_WAY_ROWS = " UNION ALL ".join(
    f"SELECT {place} AS place, '{name}' AS method" for place, name in enumerate(WAYS)
)
_DAY = "date(at, 'localtime')"
_TAKEN = Listing(
    columns="day, method, sold, refunded, repaid, moved, amount",
    source=(
        f"(SELECT {_DAY} AS day, method, sum(amount * (kind = 'sale')) AS sold,"
        " sum(amount * (kind = 'refund')) AS refunded, sum(amount * (kind = 'repayment')) AS repaid,"
        " sum(amount * (kind = 'drawer')) AS moved,"
        # What is owed is no money yet: it comes in when it is repaid.
        " sum(amount) FILTER (WHERE method <> 'account') AS amount, max(id) AS id"
        " FROM payments WHERE at >= :begin AND at < :end GROUP BY 1, 2) AS taken"
    ),
    id="taken.id",
    sorts={
        "oldest": Sort(N_("oldest first"), "day"),
        "newest": Sort(N_("newest first"), "day", descending=True),
    },
    parts={
        "all": Part(N_("All"), ""),
        **{name: Part(word, f"method = '{name}'") for name, word in WAYS.items()},
    },
    search=("day",),
)


def _shares(ctx: Context, period: Period) -> list[Chart]:
    begin, end = period.bounds()
    rows = ctx.db.execute(
        "SELECT method, sum(amount) FROM payments WHERE kind = 'sale' AND at >= ? AND at < ?"
        " GROUP BY 1 ORDER BY 2 DESC, 1",
        (begin, end),
    ).fetchall()
    return [
        Chart(N_("How sales were paid"), "share", [Sentence(row[0]) for row in rows],
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
        Column("amount", N_("Money in"), "money", total=True),
    ),
    _TAKEN, charts=_shares,
)  # fmt: skip

# A row for each way of paying of a drawer; cash also where none moved, for it has a float.
_OF_DRAWER = (
    "(SELECT drawers.id AS number, opened_at, opened_by, closed_at,"
    " coalesce(closed_by, '') AS closed_by, note, ways.method, 10 * drawers.id + place AS id,"
    " CASE ways.method WHEN 'cash' THEN float ELSE 0 END AS float, coalesce(sold, 0) AS sold,"
    " coalesce(refunded, 0) AS refunded, coalesce(repaid, 0) AS repaid, coalesce(moved, 0) AS moved,"
    " CASE WHEN ways.method <> 'account' THEN coalesce(amount, 0)"
    "  + CASE ways.method WHEN 'cash' THEN float ELSE 0 END END AS expected,"
    " counted, counted - drawer_counts.expected AS difference"
    f" FROM drawers CROSS JOIN ({_WAY_ROWS}) AS ways"
    " LEFT JOIN (SELECT drawer_id, method, sum(amount * (kind = 'sale')) AS sold,"
    "  sum(amount * (kind = 'refund')) AS refunded, sum(amount * (kind = 'repayment')) AS repaid,"
    "  sum(amount * (kind = 'drawer')) AS moved, sum(amount) AS amount FROM payments"
    "  GROUP BY drawer_id, method) AS paid ON paid.drawer_id = drawers.id"
    "  AND paid.method = ways.method"
    " LEFT JOIN drawer_counts ON drawer_counts.drawer_id = drawers.id"
    "  AND drawer_counts.method = ways.method"
    " WHERE place = 0 OR amount IS NOT NULL OR counted IS NOT NULL) AS counted_drawers"
)

_DRAWERS = Listing(
    columns=(
        "number, opened_at, opened_by, closed_at, closed_by, method, float, sold, refunded, repaid,"
        " moved, expected, counted, difference, note"
    ),
    source=_OF_DRAWER,
    id="counted_drawers.id",
    sorts={
        "oldest": Sort(N_("oldest first"), "counted_drawers.id"),
        "newest": Sort(N_("newest first"), "counted_drawers.id", descending=True),
    },
    parts={
        "all": Part(N_("All"), ""),
        "closed": Part(N_("Closed"), "closed_at IS NOT NULL"),
        "differs": Part(N_("With a difference"), "difference <> 0"),
    },
    search=("opened_by", "closed_by", "note", "CAST(number AS TEXT)"),
)

DRAWERS = Report(
    "drawers", N_("Drawers (Z)"),
    (
        Column("number", N_("No."), "key"),
        Column("opened_at", N_("Opened"), "time", rank=3),
        Column("opened_by", N_("Opened by"), rank=8, told=stored_words.actor),
        Column("closed_at", N_("Closed"), "time"),
        Column("closed_by", N_("Closed by"), rank=6, told=stored_words.actor),
        Column("method", N_("Paid by"), "words"),
        # The same notes lie in the drawer of the next day: their sum is no money of anybody's.
        Column("float", N_("Float"), "money", rank=4),
        Column("sold", N_("Sales"), "money", rank=1, total=True),
        Column("refunded", N_("Given back"), "money", rank=2, total=True),
        Column("repaid", N_("Repaid"), "money", rank=2, total=True),
        Column("moved", N_("In and out"), "money", rank=2, total=True),
        Column("expected", N_("Expected"), "money"),
        Column("counted", N_("Counted"), "money"),
        Column("difference", N_("Difference"), "money", total=True),
        Column("note", N_("Note"), rank=7),
    ),
    _DRAWERS, "opened_at", record=times("opened_at", "closed_at"),
)  # fmt: skip

CLOSED_DRAWERS = replace(
    DRAWERS,
    listed=replace(
        _DRAWERS,
        source=f"(SELECT * FROM {_OF_DRAWER} WHERE closed_at IS NOT NULL) AS counted_drawers",
    ),
)
"""For those who count blind: what should be in the open drawer is told nowhere."""
