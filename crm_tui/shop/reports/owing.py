"""Reports of debts by customer: how old they are, and each customer's account with its due dates."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Mapping

from crm_tui.errors import N_
from crm_tui.shop.customers.lists import name_of, phone_of, phones_of
from crm_tui.shop.customers.settings import CREDIT_DAYS
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.loyalty.scores import DAY
from crm_tui.shop.reports.base import Chart, Column, Report, evening, times
from crm_tui.shop.reports.period import Period

_WHO = f"{name_of('who')} AS customer, {phone_of('who')} AS phone"


def _terms(ctx: Context, period: Period) -> Mapping[str, str | int]:
    today = period.as_of or ctx.now.astimezone().date()
    return {"today": today.toordinal(), "term": CREDIT_DAYS(ctx)}


# What was owed of each sale that evening, and how many days it was overdue.
_OPEN = (
    "(SELECT kept_id, owed.due, :today - " + DAY.format(at="sales.at") + " - :term AS late FROM"
    " (SELECT sale_id, sum(amount) AS due FROM receivables WHERE at < :evening GROUP BY sale_id"
    "  HAVING sum(amount) > 0) AS owed JOIN sales ON sales.id = owed.sale_id"
    " JOIN kept ON kept.id = (SELECT customer_id FROM dues WHERE dues.sale_id = owed.sale_id))"
)
_PAID_LAST = (
    "(SELECT date(max(payments.at), 'localtime') FROM payments JOIN kept ON kept.id = customer_id"
    " WHERE kind = 'repayment' AND kept_id = who AND payments.at < :evening)"
)
AGES = Listing(
    columns=(
        f"{_WHO}, not_yet, to_30, to_60, to_90, over_90, due, due - not_yet AS overdue,"
        f" {_PAID_LAST} AS paid_on"
    ),
    source=(
        "(SELECT kept_id AS who, sum(due * (late <= 0)) AS not_yet,"
        " sum(due * (late BETWEEN 1 AND 30)) AS to_30, sum(due * (late BETWEEN 31 AND 60)) AS to_60,"
        " sum(due * (late BETWEEN 61 AND 90)) AS to_90, sum(due * (late > 90)) AS over_90,"
        f" sum(due) AS due FROM {_OPEN} GROUP BY kept_id) AS ages"
    ),
    id="ages.who",
    sorts={
        "largest": Sort(N_("largest first"), "due", descending=True),
        "overdue": Sort(N_("most overdue first"), "due - not_yet", descending=True),
        "name": Sort(N_("by name"), name_of("who")),
    },
    parts={
        "all": Part(N_("All"), ""),
        "overdue": Part(N_("Overdue"), "due > not_yet"),
    },
    search=(name_of("who"),),
    phones=phones_of("who"),
)


def _by_age(ctx: Context, period: Period) -> list[Chart]:
    row = ctx.db.execute(
        "SELECT coalesce(sum(not_yet), 0), coalesce(sum(to_30), 0), coalesce(sum(to_60), 0),"
        f" coalesce(sum(to_90), 0), coalesce(sum(over_90), 0) FROM {AGES.source}",
        {**evening(ctx, period), **_terms(ctx, period)},
    ).fetchone()
    return [
        Chart(N_("Owed by days overdue"), "bar", [N_("Not yet due"), "1–30", "31–60", "61–90", "91+"],
              {N_("Owed"): [int(each) for each in row]}, money=True)
    ]  # fmt: skip


AGEING = Report(
    "ageing", N_("Debts by age"),
    (
        Column("customer", N_("Customer"), "customer"),
        Column("phone", N_("Phone"), rank=2),
        Column("not_yet", N_("Not yet due"), "money", total=True),
        # Some of them alone would not add up: what is overdue stays for all.
        Column("to_30", N_("1–30 days late"), "money", rank=6, total=True),
        Column("to_60", N_("31–60 days"), "money", rank=6, total=True),
        Column("to_90", N_("61–90 days"), "money", rank=6, total=True),
        Column("over_90", N_("Over 90 days"), "money", rank=6, total=True),
        Column("due", N_("Owed"), "money", total=True),
        Column("overdue", N_("Overdue"), "money", total=True),
        Column("paid_on", N_("Last paid"), "day", rank=3),
    ),
    AGES, given=_terms, charts=_by_age, by_days=False, evenings=True,
)  # fmt: skip

# ── the statement ─────────────────────────────────────────────────────────────────────────────────

_ENTRIES = (
    "(SELECT receivables.id, kept_id AS who, receivables.at, payments.kind, receivables.sale_id,"
    " amount_, sum(amount_) OVER (PARTITION BY kept_id ORDER BY receivables.id) AS balance"
    " FROM (SELECT id, customer_id, sale_id, at, payment_id, amount AS amount_ FROM receivables"
    "  WHERE at < :end) AS receivables JOIN kept ON kept.id = receivables.customer_id"
    " JOIN payments ON payments.id = payment_id)"
)
# What was owed before these days comes first, as one line.
_ACCOUNT = (
    "(SELECT -kept_id AS id, kept_id AS who, :begin AS at, 'forward' AS what, NULL AS sale,"
    " NULL AS charged, NULL AS paid, sum(amount) AS balance FROM receivables"
    " JOIN kept ON kept.id = customer_id WHERE at < :begin GROUP BY kept_id HAVING sum(amount) <> 0"
    " UNION ALL SELECT id, who, at, CASE WHEN kind = 'sale' THEN 'on account' WHEN kind = 'refund' THEN"
    " 'goods back' ELSE 'repayment' END, sale_id, CASE WHEN kind = 'sale' THEN amount_ END,"
    # A repayment that was taken back is less than nothing paid.
    " CASE WHEN kind <> 'sale' THEN -amount_ END, balance"
    f" FROM {_ENTRIES} WHERE at >= :begin) AS account"
)
ACCOUNTS = Listing(
    columns=(
        f"{_WHO}, account.at, what, sale, CASE WHEN charged IS NOT NULL THEN"
        " date(account.at, 'localtime', '+' || :term || ' days') END AS pay_by, charged, paid, balance"
    ),
    source=_ACCOUNT,
    id="account.id",
    sorts={
        "customer": Sort(
            N_("by customer"),
            f"printf('%s %012d %s', {name_of('who')}, who, account.at)",
        ),
        "newest": Sort(N_("newest first"), "account.at", descending=True),
    },
    parts={"all": Part(N_("All"), "")},
    search=(name_of("who"),),
    phones=phones_of("who"),
)

STATEMENT = Report(
    "statement", N_("Customers' accounts"),
    (
        Column("customer", N_("Customer"), "customer"),
        Column("phone", N_("Phone"), rank=3),
        Column("at", N_("Time"), "time"),
        Column("what", N_("What"), "status"),
        Column("sale", N_("Sale"), "key", rank=2),
        Column("pay_by", N_("Pay by"), "day", rank=1),
        Column("charged", N_("On account"), "money", total=True),
        Column("paid", N_("Amount paid"), "money", total=True),
        Column("balance", N_("Still owed"), "money"),
    ),
    ACCOUNTS, sort="customer", given=_terms, record=times("at"),
)  # fmt: skip
