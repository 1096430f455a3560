"""Reports of what was sold: at the counter, by SMS, both together; and what is owed for it."""
# ruff: noqa: S608 - what is put into queries is names of ours

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crm_tui.errors import N_
from crm_tui.shop.customers.lists import name_of, phone_of, phones_of
from crm_tui.shop.customers.settings import CREDIT_DAYS
from crm_tui.shop.gate import stored_words
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.loyalty.scores import DAY
from crm_tui.shop.reports import days
from crm_tui.shop.reports.base import Chart, Column, Record, Report, evening, local, ranked
from crm_tui.shop.reports.period import Period

_BUYER = name_of("sales.customer_id")


_PHONE = phone_of("sales.customer_id")
_LINES = (
    "(SELECT json_group_array(json_object('code', code, 'name', name, 'quantity', quantity, 'price',"
    " price, 'total', total)) FROM (SELECT * FROM sale_lines WHERE sale_id = sales.id ORDER BY line))"
)
_PAID = (
    "coalesce((SELECT group_concat(method) FROM (SELECT method FROM payments"
    " WHERE payments.sale_id = sales.id GROUP BY method ORDER BY min(id))), '')"
)
_DISCOUNT = (
    "(SELECT coalesce(sum(discount - redeemed), 0) FROM sale_lines WHERE sale_id = sales.id)"
)
_REDEEMED = "(SELECT coalesce(sum(redeemed), 0) FROM sale_lines WHERE sale_id = sales.id)"
# Of the lines whose cost is known; how much of the revenue they are stands beside it.
_PROFIT = "(SELECT sum(total - cost * quantity) FROM sale_lines WHERE sale_id = sales.id)"
_COVERED = "(SELECT sum(total) FROM sale_lines WHERE sale_id = sales.id AND cost IS NOT NULL)"

LISTED = Listing(
    columns=(
        f"sales.id AS number, sales.at, channel, sales.kind, of_sale, {_BUYER} AS customer,"
        f" {_PHONE} AS phone, {_LINES} AS lines, {_DISCOUNT} AS discount,"
        f" {_REDEEMED} AS redeemed, sales.total,"
        f" {_PROFIT} AS profit, {_COVERED} AS covered, {_PAID} AS paid, sales.actor,"
        ' order_id AS "order"'
    ),
    source="sales",
    id="sales.id",
    sorts={
        "oldest": Sort(N_("oldest first"), "sales.at"),
        "newest": Sort(N_("newest first"), "sales.at", descending=True),
    },
    parts={
        "all": Part(N_("All"), ""),
        "sale": Part(N_("Sold"), "sales.kind = 'sale'"),
        "back": Part(N_("Taken back"), "sales.kind <> 'sale'"),
    },
    search=(_BUYER, "CAST(sales.id AS TEXT)", "sales.actor",
            "(SELECT group_concat(code || ' ' || name) FROM sale_lines WHERE sale_id = sales.id)"),
    phones=phones_of("sales.customer_id"),
)  # fmt: skip

_COLUMNS = (
    Column("number", N_("No."), "number"),
    Column("at", N_("Time"), "time"),
    Column("channel", N_("Channel"), "status", rank=2),
    Column("kind", N_("Kind"), "status", rank=3),
    Column("of_sale", N_("Of sale"), "number", rank=8),
    Column("customer", N_("Customer"), "customer"),
    Column("phone", N_("Phone"), rank=7),
    Column("lines", N_("Items"), "lines"),
    Column("discount", N_("Discount"), "money", rank=4, total=True),
    Column("redeemed", N_("Points"), "money", rank=11, total=True),
    Column("total", N_("Total"), "money", total=True),
    Column("profit", N_("Profit"), "money", rank=5, total=True, of_cost=True),
    Column("covered", N_("Its revenue"), "money", rank=12, total=True, of_cost=True),
    Column("paid", N_("Paid by"), "words", rank=6),
    Column("actor", N_("By"), rank=9, told=stored_words.actor),
    Column("order", N_("Order"), "number", rank=10),
)


def _record(row: Mapping[str, Any]) -> Record:
    return {**row, "at": local(row["at"]), "lines": json.loads(row["lines"])}


_DAY_OF_SALE = "date(at, 'localtime')"
TOP_ITEMS = (
    # Called as now, as everywhere else: it may have had other names when it was sold.
    "SELECT max(coalesce(items.code || ' ' || items.name, sale_lines.code || ' ' || sale_lines.name)),"
    " sum(sale_lines.total) FROM sales JOIN sale_lines ON sale_id = sales.id"
    " LEFT JOIN items ON items.id = item_id WHERE at >= :begin AND at < :end{only}"
    " GROUP BY item_id ORDER BY 2 DESC, 1 LIMIT 10"
)


_WAYS = {"counter": N_("counter"), "sms": N_("SMS")}


def over_time(ctx: Context, period: Period, channel: str = "") -> Chart:
    """Sales by their way, or of one: a day, or a month where the period is long."""
    ways = [channel] if channel else list(_WAYS)
    sums = ", ".join(f"sum(total * (channel = '{way}'))" for way in ways)
    return days.over_time(
        ctx, period,
        f"SELECT {_DAY_OF_SALE}, {sums} FROM sales WHERE at >= :begin AND at < :end"
        f"{_of(channel)} GROUP BY 1",
        (N_("Sales a day"), N_("Sales a month")), [_WAYS[way] for way in ways], money=True,
    )  # fmt: skip


def _of(channel: str) -> str:
    return f" AND channel = '{channel}'" if channel else ""


def _charts(channel: str = "") -> Any:
    def charts(ctx: Context, period: Period) -> list[Chart]:
        begin, end = period.bounds()
        charts = [
            over_time(ctx, period, channel),
            ranked(ctx, N_("Top ten items"), TOP_ITEMS.format(only=_of(channel)), period,
                   N_("Total"), money=True),
        ]  # fmt: skip
        if not channel:
            row = ctx.db.execute(
                "SELECT coalesce(sum(total * (channel = 'counter')), 0),"
                " coalesce(sum(total * (channel = 'sms')), 0) FROM sales WHERE at >= ? AND at < ?",
                (begin, end),
            ).fetchone()
            charts.append(
                Chart(N_("SMS against counter"), "share", [N_("counter"), N_("SMS")],
                      {N_("Total"): [row[0], row[1]]}, money=True)
            )  # fmt: skip
        return charts

    return charts


def _only(channel: str) -> Listing:
    parts = {
        name: Part(each.label, f"({each.condition or 'TRUE'}) AND channel = '{channel}'")
        for name, each in LISTED.parts.items()
    }
    return replace(LISTED, parts=parts)


SALES = Report("sales", N_("Sales"), _COLUMNS, LISTED, "sales.at", record=_record, charts=_charts())
DIRECT = Report(
    "sales-direct", N_("Direct sales"), _COLUMNS, _only("counter"), "sales.at", record=_record,
    charts=_charts("counter"),
)  # fmt: skip
BY_SMS = Report(
    "sales-sms", N_("Sales by SMS"), _COLUMNS, _only("sms"), "sales.at", record=_record,
    charts=_charts("sms"),
)  # fmt: skip

_DEBTOR = name_of("dues.customer_id")
_DEBTORS_PHONE = phone_of("dues.customer_id")
_THEN = "receivables.sale_id = dues.sale_id AND receivables.at < :evening"
# What was put on account; a repayment that was taken back is none of it.
_CHARGED = (
    "(SELECT coalesce(sum(receivables.amount), 0) FROM receivables JOIN payments"
    f" ON payments.id = payment_id WHERE {_THEN} AND payments.kind = 'sale')"
)
_DUE = (
    "CASE WHEN :current THEN dues.due ELSE"
    f" (SELECT coalesce(sum(amount), 0) FROM receivables WHERE {_THEN}) END"
)
_AGE = f"(:today - {DAY.format(at='sales.at')})"

OWED = Listing(
    columns=(
        f"dues.sale_id AS sale, sales.at, {_DEBTOR} AS customer, {_DEBTORS_PHONE} AS phone,"
        f" {_CHARGED} AS charged, {_CHARGED} - ({_DUE}) AS repaid, {_DUE} AS due, {_AGE} AS days,"
        " date(sales.at, 'localtime', '+' || :term || ' days') AS pay_by"
    ),
    source="dues JOIN sales ON sales.id = dues.sale_id",
    id="dues.sale_id",
    sorts={
        "oldest": Sort(N_("oldest first"), "sales.at"),
        "largest": Sort(N_("largest first"), _DUE, descending=True),
    },
    parts={
        "open": Part(N_("Owed"), f"({_DUE}) > 0"),
        "late": Part(N_("Over 30 days"), f"({_DUE}) > 0 AND {_AGE} > 30"),
        "overdue": Part(N_("Overdue"), f"({_DUE}) > 0 AND {_AGE} > :term"),
        "all": Part(N_("All"), "sales.at < :evening"),
    },
    search=(_DEBTOR, "CAST(dues.sale_id AS TEXT)"),
    phones=phones_of("dues.customer_id"),
)


def _today(ctx: Context, period: Period) -> Mapping[str, str | int]:
    today = period.as_of or ctx.now.astimezone().date()
    return {"today": today.toordinal(), "term": CREDIT_DAYS(ctx)}


def _ages(ctx: Context, period: Period) -> list[Chart]:
    rows = ctx.db.execute(
        "SELECT coalesce(sum(due * (age <= 7)), 0), coalesce(sum(due * (age BETWEEN 8 AND 30)), 0),"
        " coalesce(sum(due * (age BETWEEN 31 AND 90)), 0), coalesce(sum(due * (age > 90)), 0)"
        f" FROM (SELECT {_DUE} AS due, {_AGE} AS age FROM {OWED.source}) WHERE due > 0",
        {**evening(ctx, period), **_today(ctx, period)},
    ).fetchone()
    return [
        Chart(N_("Owed by age in days"), "bar", ["0–7", "8–30", "31–90", "91+"],
              {N_("Owed"): [int(each) for each in rows]}, money=True)
    ]  # fmt: skip


RECEIVABLES = Report(
    "receivables", N_("Receivables"),
    (
        Column("sale", N_("Sale"), "number"),
        Column("at", N_("Time"), "time"),
        Column("customer", N_("Customer"), "customer"),
        Column("phone", N_("Phone"), rank=2),
        Column("charged", N_("On account"), "money", rank=1, total=True),
        Column("repaid", N_("Paid, or goods back"), "money", rank=1, total=True),
        Column("due", N_("Still owed"), "money", total=True),
        Column("days", N_("Days"), "number"),
        Column("pay_by", N_("Pay by"), "day", rank=3),
    ),
    OWED, record=lambda row: {**row, "at": local(row["at"])}, given=_today, charts=_ages,
    by_days=False, evenings=True,
)  # fmt: skip
