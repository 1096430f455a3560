"""Reports of people: customers and what they bought, the ranking, and who changed what."""
# ruff: noqa: S608 - what is put into queries is names of ours

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from crm_tui.errors import N_
from crm_tui.shop.customers import lists
from crm_tui.shop.customers.people import PURCHASE
from crm_tui.shop.gate import stored_words
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, Sort
from crm_tui.shop.gate.phones import FOR_SMS
from crm_tui.shop.loyalty import ranking_table, scores, tiers
from crm_tui.shop.reports.base import Chart, Column, Record, Report, evening, ranked, times
from crm_tui.shop.reports.period import Period
from crm_tui.shop.users import audit_telling
from crm_tui.shop.users import lists as user_lists

_THEIRS = "customer_id IN (SELECT id FROM kept WHERE kept_id = customers.id)"
_INSIDE = f"FROM sales WHERE {_THEIRS} AND sales.at >= :begin AND sales.at < :end"
_PURCHASE = PURCHASE.format(then=" AND back.at < :end")
_PHONE = f"coalesce((SELECT {FOR_SMS} FROM phones WHERE phones.customer_id = customers.id), '')"

# From the ledgers, so that they can be told of any evening.
_POINTS = (
    "(SELECT coalesce(sum(CASE WHEN :current THEN rest ELSE"
    " (SELECT coalesce(sum(point_moves.points), 0) FROM point_moves"
    "  WHERE lot_id = point_lots.id AND point_moves.at < :evening) END), 0)"
    f" FROM point_lots WHERE {_THEIRS} AND point_lots.at < :evening"
    " AND (expires_at IS NULL OR expires_at > :moment))"
)
_DUE = (
    f"(SELECT coalesce(sum(amount), 0) FROM receivables WHERE receivables.{_THEIRS}"
    " AND receivables.at < :evening)"
)
# The best of those that the customer, and all who were merged into the customer, had by then.
_TIER = (
    "coalesce((SELECT tiers.name FROM kept JOIN tiers ON tiers.id ="
    " (SELECT tier_id FROM tier_changes WHERE tier_changes.customer_id = kept.id"
    "  AND tier_changes.at < :evening ORDER BY tier_changes.id DESC LIMIT 1)"
    " WHERE kept_id = customers.id AND (tiers.active = 1 OR NOT :current)"
    " ORDER BY level, tiers.id LIMIT 1), '')"
)
_KIND = (
    "CASE WHEN :current THEN customers.kind"
    f" WHEN EXISTS (SELECT 1 FROM sales WHERE {_THEIRS} AND sales.at < :evening) THEN 'customer'"
    " ELSE 'prospect' END"
)
# Who had come by then, or somebody who was merged into them since; an old book may know them earlier.
_THERE = (
    "(:current OR EXISTS (SELECT 1 FROM kept JOIN customers AS member ON member.id = kept.id"
    " WHERE kept_id = customers.id AND member.created_at < :evening)"
    f" OR EXISTS (SELECT 1 FROM sales WHERE {_THEIRS} AND sales.at < :evening))"
)
_CONSENT = (
    "CASE WHEN :current THEN consent ELSE coalesce((SELECT answer FROM consents"
    " WHERE consents.customer_id = customers.id AND consents.at < :evening"
    " ORDER BY consents.id DESC LIMIT 1), 'unknown') END"
)

# Who was put away by then nobody can tell, for no ledger knows it: of a past evening all are listed who
# were there, and none as archived.
_LISTED = f"merged_into IS NULL AND (active = 1 OR NOT :current) AND {_THERE}"
_PARTS = {
    "all": _LISTED,
    "customers": f"{_LISTED} AND ({_KIND}) = 'customer'",
    "prospects": f"{_LISTED} AND ({_KIND}) = 'prospect'",
    "owing": f"merged_into IS NULL AND {_DUE} > 0",
    "away": "merged_into IS NULL AND active = 0 AND :current",
}

BOOK = Listing(
    columns=(
        f"customers.id AS number, customers.name AS customer, {_PHONE} AS phone, address,"
        f" {_KIND} AS kind, {_CONSENT} AS consent, created_at,"
        f" (SELECT count(*) {_INSIDE} AND {_PURCHASE}) AS purchases,"
        f" (SELECT coalesce(sum(total), 0) {_INSIDE}) AS spent,"
        f" (SELECT max(at) {_INSIDE} AND {_PURCHASE}) AS last_at,"
        f" {_TIER} AS tier, {_POINTS} AS points, {_DUE} AS due"
    ),
    source="customers",
    id="customers.id",
    sorts={
        "number": Sort(N_("oldest first"), "customers.id"),
        "name": Sort(N_("by name"), lists.BY_NAME, indexed=True),
        "spent": Sort(N_("largest first"), f"(SELECT coalesce(sum(total), 0) {_INSIDE})",
                      descending=True),
    },
    parts={
        name: Part(each.label, _PARTS[name]) for name, each in lists.CUSTOMERS.parts.items()
    },
    search=lists.CUSTOMERS.search,
    phones=lists.CUSTOMERS.phones,
)  # fmt: skip


_MOST = (
    "SELECT coalesce(nullif(customers.name, ''),"
    f" (SELECT {FOR_SMS} FROM phones WHERE customer_id = kept_id), '?'), sum(total) FROM sales"
    " JOIN kept ON kept.id = sales.customer_id JOIN customers ON customers.id = kept_id"
    " WHERE at >= :begin AND at < :end AND {only} GROUP BY kept_id, customers.name"
    " ORDER BY 2 DESC, 1 LIMIT 10"
)


def _top(ctx: Context, period: Period, only: str = "TRUE") -> list[Chart]:
    query = _MOST.format(only=only)
    return [ranked(ctx, N_("Top ten customers"), query, period, N_("Bought for"), money=True)]


def _top_listed(ctx: Context, period: Period) -> list[Chart]:
    """Of those who stand in the list."""
    return _top(ctx, period, "customers.active = 1" if evening(ctx, period)["current"] else "TRUE")


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
        Column("points", N_("Points"), "number", rank=7, total=True),
        Column("due", N_("Owes"), "money", rank=2, total=True),
    ),
    BOOK, record=times("created_at", "last_at"), charts=_top_listed, evenings=True,
)  # fmt: skip


def _ranking(ctx: Context, period: Period) -> Iterator[Record]:
    if period.as_of is not None:
        yield from ranking_table.as_of(ctx, period.as_of)
        return
    now = scores.chosen(ctx)
    if now is not None:
        yield from ranking_table.now(
            ctx, now.id, now.model, ctx.now.astimezone().date().toordinal()
        )


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
    make=_ranking, charts=_top, prepare=tiers.keep_up, by_days=False, evenings=True,
)  # fmt: skip

AUDIT = Report(
    "audit", N_("Audit"),
    (
        Column("number", N_("No."), "number"),
        Column("at", N_("Time"), "time"),
        Column("actor", N_("By"), told=stored_words.actor),
        Column("command", N_("What"), told=audit_telling.done),
        Column("subject", N_("Whom"), told=audit_telling.subject),
        Column("before", N_("Before"), rank=2, told=audit_telling.changes),
        Column("after", N_("After"), rank=1, told=audit_telling.changes),
    ),
    Listing(
        columns=user_lists.AUDIT.columns, source="audit", id="audit.id",
        sorts={name: user_lists.AUDIT.sorts[name] for name in ("oldest", "newest")},
        parts={name: user_lists.AUDIT.parts[name] for name in ("all", "people", "prices", "rights")},
        search=user_lists.AUDIT.search, spelling=user_lists.AUDIT.spelling,
    ),
    "audit.at", record=times("at"), permission="audit.view",
)  # fmt: skip

AUDIT_WITHOUT_COSTS = replace(
    AUDIT,
    listed=replace(
        cast(Listing, AUDIT.listed), columns=user_lists.AUDIT_WITHOUT_COSTS.columns,
        search=user_lists.AUDIT_WITHOUT_COSTS.search,
    ),
)  # fmt: skip
"""The same for users who may not see costs."""
