"""Reports of people: customers and what they bought, the ranking, and who changed what."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Iterator, Mapping

from crm_tui.errors import N_
from crm_tui.shop.customers import lists
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Sort
from crm_tui.shop.loyalty import scores, standing, tiers
from crm_tui.shop.reports.base import Chart, Column, Record, Report, ranked, times
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.sales import TOP_CUSTOMERS
from crm_tui.shop.users import lists as user_lists

_THEIRS = "customer_id IN (SELECT id FROM kept WHERE kept_id = customers.id)"
_INSIDE = f"FROM sales WHERE {_THEIRS} AND sales.at >= :begin AND sales.at < :end"
_PHONE = "coalesce((SELECT min(number) FROM phones WHERE phones.customer_id = customers.id), '')"

BOOK = Listing(
    columns=(
        f"customers.id AS number, customers.name AS customer, {_PHONE} AS phone, address,"
        " customers.kind, consent, created_at,"
        " (SELECT coalesce(sum(sales.kind = 'sale') - sum(sales.kind = 'void'), 0)"
        f" {_INSIDE}) AS purchases,"
        f" (SELECT coalesce(sum(total), 0) {_INSIDE}) AS spent,"
        f" (SELECT max(at) {_INSIDE} AND sales.kind = 'sale') AS last_at,"
        " coalesce((SELECT tiers.name FROM members"
        "  JOIN tiers ON tiers.id = tier_id AND tiers.active = 1"
        "  WHERE members.customer_id = customers.id), '') AS tier,"
        f" (SELECT coalesce(sum(rest), 0) FROM point_lots WHERE rest > 0 AND {_THEIRS}) AS points,"
        f" (SELECT coalesce(sum(due), 0) FROM dues WHERE due > 0 AND dues.{_THEIRS}) AS due"
    ),
    source="customers",
    id="customers.id",
    sorts={
        "number": Sort(N_("oldest first"), "customers.id"),
        "name": Sort(N_("by name"), "customers.name"),
        "spent": Sort(N_("largest first"), f"(SELECT coalesce(sum(total), 0) {_INSIDE})",
                      descending=True),
    },
    parts=lists.CUSTOMERS.parts,
    search=lists.CUSTOMERS.search,
    phones=_PHONE,
)  # fmt: skip


def _top(ctx: Context, period: Period) -> list[Chart]:
    return [
        ranked(ctx, N_("Top ten customers"), TOP_CUSTOMERS, period, N_("Bought for"), money=True)
    ]


CUSTOMERS = Report(
    "customers", N_("Customers"),
    (
        Column("number", N_("No."), "number"),
        Column("customer", N_("Customer"), "customer"),
        Column("phone", N_("Phone"), rank=1),
        Column("address", N_("Address"), rank=3),
        Column("kind", N_("Kind"), "status", rank=5),
        Column("consent", N_("Promos"), "status", rank=6),
        Column("created_at", N_("Since"), "time", rank=8),
        Column("purchases", N_("Purchases"), "number", total=True),
        Column("spent", N_("Bought for"), "money", total=True),
        Column("last_at", N_("Last time"), "time", rank=4),
        Column("tier", N_("Tier"), rank=2),
        Column("points", N_("Points"), "number", rank=7, total=True, as_of_now=True),
        Column("due", N_("Owes"), "money", rank=2, total=True, as_of_now=True),
    ),
    BOOK, record=times("created_at", "last_at"), charts=_top,
)  # fmt: skip


def _ranking(ctx: Context, period: Period) -> Iterator[Record]:
    if period.as_of is not None:
        yield from standing.as_of(ctx, period.as_of)
        return
    now = scores.chosen(ctx)
    if now is not None:
        yield from standing.now(ctx, now.id, now.model, ctx.now.astimezone().date().toordinal())


def _params(ctx: Context) -> Mapping[str, str | int]:
    return standing.params(ctx, scores.chosen(ctx))


RANKING = Report(
    "ranking", N_("Ranking"),
    (
        Column("rank", N_("Rank"), "number"),
        Column("customer", N_("Customer"), "customer"),
        Column("phone", N_("Phone"), rank=2),
        Column("score", N_("Score"), "number"),
        Column("tier", N_("Tier"), rank=1),
        Column("spent", N_("Bought for"), "money", total=True),
        Column("purchases", N_("Purchases"), "number", total=True),
        Column("last_day", N_("Last time"), "day"),
        Column("first_day", N_("First time"), "day", rank=4),
        Column("rhythm_days", N_("Every … days"), "number", rank=3),
    ),
    make=_ranking, given=_params, charts=_top, prepare=tiers.keep_up,
)  # fmt: skip

AUDIT = Report(
    "audit", N_("Audit"),
    (
        Column("number", N_("No."), "number"),
        Column("at", N_("Time"), "time"),
        Column("actor", N_("By")),
        Column("command", N_("What")),
        Column("subject", N_("Whom")),
        Column("before", N_("Before"), rank=2),
        Column("after", N_("After"), rank=1),
    ),
    Listing(
        columns=user_lists.AUDIT.columns, source="audit", id="audit.id",
        sorts={name: user_lists.AUDIT.sorts[name] for name in ("oldest", "newest")},
        parts={name: user_lists.AUDIT.parts[name] for name in ("all", "people", "prices", "rights")},
        search=user_lists.AUDIT.search,
    ),
    "audit.at", record=times("at"), permission="audit.view",
)  # fmt: skip
