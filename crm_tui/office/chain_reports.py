"""Reports that only the office can tell: how the branches stand, revenue by branch, goods on the
way."""

from collections.abc import Iterator
from typing import Any, cast

from crm_tui import clock
from crm_tui.errors import N_
from crm_tui.office import asides
from crm_tui.office.reading import CANNOT_BE, CannotBe, ChainContext, ReadSide
from crm_tui.shop.gate.context import Context
from crm_tui.shop.reports.base import Chart, Column, Record, Report, local
from crm_tui.shop.reports.period import Period

_ENDS = {"": "-infinity", "~": "infinity"}


def _stands(ctx: Context, period: Period) -> Iterator[Record]:
    office = cast(ChainContext, ctx).office
    rows = office.ask(
        "SELECT branch, (SELECT max(epoch) FROM crm.epochs AS e WHERE e.branch = b.branch) AS epoch,"
        " (SELECT rows FROM crm.days AS d WHERE d.branch = b.branch"
        "  AND day = (now() AT TIME ZONE 'UTC')::date) AS today,"
        " (SELECT coalesce(sum(rows), 0)::bigint FROM crm.odd AS o WHERE o.branch = b.branch) AS aside,"
        " (SELECT why FROM crm.odd AS o WHERE o.branch = b.branch GROUP BY why"
        "  ORDER BY sum(rows) DESC, why LIMIT 1) AS why"
        " FROM crm.branches AS b"
    )
    more = {row["branch"]: row for row in rows}
    for branch in office.branches():
        state = N_("closed") if branch.closed_at else N_("never seen")
        if not branch.closed_at and branch.seen_at:
            state = N_("behind") if branch.behind else N_("up to date")
        yield {
            "branch": branch.name, "state": state, "as_of": local(branch.seen_at or None),
            "behind": branch.behind, "today": more[branch.id]["today"] or 0,
            "clock": N_("clock off") if branch.clock_off else N_("well") if branch.seen_at else "",
            "skew": None if branch.skew is None else round(branch.skew),
            "epoch": more[branch.id]["epoch"], "aside": more[branch.id]["aside"],
            "why": asides.said(more[branch.id]["why"]),
        }  # fmt: skip


BRANCHES = Report(
    "branches", N_("Branches"),
    (
        Column("branch", N_("Branch")),
        Column("state", N_("State"), "status"),
        Column("as_of", N_("Last contact"), "time"),
        Column("behind", N_("Rows behind"), "number", total=True),
        Column("today", N_("Rows today"), "number", rank=2, total=True),
        Column("clock", N_("Clock"), "status"),
        Column("skew", N_("Seconds ahead"), "number", rank=1),
        Column("epoch", N_("Epoch"), "key", rank=3),
        Column("aside", N_("Rows aside"), "number", rank=2, total=True),
        Column("why", N_("Why aside"), "status", rank=4),
    ),
    make=_stands, by_days=False,
)  # fmt: skip

# One look at the sales of all branches; what a restore lost was sold all the same.
_REVENUE = (
    "SELECT branch, count(*) FILTER (WHERE kind = 'sale') AS sales, sum(total) AS total,"
    " sum(total) FILTER (WHERE channel = 'counter') AS counter,"
    " -sum(total) FILTER (WHERE kind <> 'sale') AS returned"
    " FROM crm.sales AS s{zone} WHERE at >= %(begin)s AND at < %(end)s{back} GROUP BY branch"
)
_OF_ZONE = " JOIN unnest(%(branches)s) AS zone(branch) USING (branch)"
_TAKEN_BACK = (
    " AND (import_id IS NULL OR NOT EXISTS (SELECT FROM crm.imports AS i WHERE i.branch = s.branch"
    "  AND i.id = import_id AND NOT gone AND back_from IS NOT NULL))"
)
"""Without old sales books that were taken back."""
_CAME_BACK = (
    " AND NOT EXISTS (SELECT FROM crm.lost_files AS f JOIN crm.imports AS i USING (branch, digest)"
    "  JOIN crm.branches AS own USING (branch) JOIN crm.epochs AS e USING (branch)"
    "  WHERE f.branch = s.branch AND f.epoch = s.epoch AND NOT i.gone AND i.back_from IS NULL"
    "  AND i.epoch >= own.since AND e.epoch = s.epoch"
    "  AND s.id > coalesce((e.lives ->> 'sales')::bigint, 0) AND e.lives IS NOT NULL)"
)
"""Without what was lost, and came back from a file."""


def _question(office: ReadSide, zones: int) -> str:
    """The query with what is needed: what it need not ask of each sale it does not."""
    some = office.ask(
        "SELECT EXISTS (SELECT FROM crm.imports WHERE NOT gone AND back_from IS NOT NULL),"
        " EXISTS (SELECT FROM crm.lost_files)"
    )[0]
    return _REVENUE.format(
        zone=_OF_ZONE if zones > 1 else "",
        back=(_TAKEN_BACK if some[0] else "") + (_CAME_BACK if some[1] else ""),
    )


def _revenue(ctx: Context, period: Period) -> Iterator[Record]:
    office = cast(ChainContext, ctx).office
    branches = office.branches()
    by_branch: dict[int, Record] = {}
    wrong: set[int] = set()
    zones = {branch.zone for branch in branches}
    query = _question(office, len(zones))
    for zone in zones:
        # A day is the branch's own.
        clock.use_zone(zone)
        begin, end = (_ENDS.get(each, each) for each in period.bounds())
        those = [branch.id for branch in branches if branch.zone == zone]
        given = {"begin": begin, "end": end, "branches": those}
        try:
            with office.apart():
                by_branch |= {row["branch"]: row for row in office.ask(query, given)}
        except CannotBe:
            wrong |= _one_by_one(office, given, by_branch)
    clock.use_zone(clock.ZONE)
    for branch in branches:
        row = by_branch.get(branch.id, {})
        sums = {
            key: row[key] or 0 if row else 0 for key in ("sales", "total", "counter", "returned")
        }
        yield {
            "branch": branch.name, "as_of": local(branch.seen_at or None),
            "clock": CANNOT_BE if branch.id in wrong
            else N_("clock off") if branch.clock_off else N_("well") if branch.seen_at else "",
            **sums, "sms": sums["total"] - sums["counter"],
        }  # fmt: skip


def _one_by_one(office: ReadSide, given: dict[str, Any], found: dict[int, Record]) -> set[int]:
    """Puts the revenue of each branch into `found`; those that have sent what cannot be."""
    query, wrong = _question(office, 2), set()
    for branch in given["branches"]:
        try:
            with office.apart():
                rows = office.ask(query, {**given, "branches": [branch]})
                found |= {row["branch"]: row for row in rows}
        except CannotBe:
            wrong.add(branch)
    return wrong


def _largest(ctx: Context, period: Period) -> list[Chart]:
    rows = sorted(_revenue(ctx, period), key=lambda row: -int(row["total"]))[:10]
    return [
        Chart(N_("By branch"), "ranked", [str(row["branch"]) for row in rows],
              {N_("Total"): [int(row["total"]) for row in rows]}, money=True)
    ]  # fmt: skip


REVENUE = Report(
    "revenue", N_("Revenue by branch"),
    (
        Column("branch", N_("Branch")),
        Column("as_of", N_("As of"), "time"),
        Column("clock", N_("Clock"), "status", rank=2),
        Column("sales", N_("Sales"), "number", total=True),
        Column("total", N_("Total"), "money", total=True),
        Column("counter", N_("At the counter"), "money", rank=3, total=True),
        Column("sms", N_("SMS"), "money", rank=3, total=True),
        Column("returned", N_("Given back"), "money", rank=4, total=True),
    ),
    make=_revenue, charts=_largest,
)  # fmt: skip

# What left one branch and did not arrive in another yet (`has_ended` of `closing.sql`). What a restored
# branch sent twice over, once a history, counts as it was sent.
_ON_THE_WAY = (
    "SELECT home.name AS branch, away.name AS to_branch, t.id AS number, t.epoch, t.at, l.line, l.code,"
    " l.name, l.unit, l.quantity AS sent, a.arrived, a.broken, r.at AS arrived_at, l.cost,"
    " crm.has_ended(t) AS ended"
    " FROM crm.transfers AS t JOIN crm.transfer_lines AS l ON l.branch = t.branch AND l.epoch = t.epoch"
    "  AND l.transfer_id = t.id JOIN crm.branches AS home ON home.branch = t.branch"
    " LEFT JOIN crm.branches AS away ON away.branch = t.to_branch"
    " LEFT JOIN LATERAL (SELECT r.branch, r.epoch, r.id, r.at FROM crm.transfer_receipts AS r"
    "  WHERE r.branch = t.to_branch AND r.from_branch = t.branch AND r.from_epoch = t.epoch"
    "  AND r.from_id = t.id"
    "  ORDER BY r.epoch, r.id LIMIT 1) AS r ON true"
    " LEFT JOIN crm.transfer_receipt_lines AS a ON a.branch = r.branch AND a.epoch = r.epoch"
    "  AND a.receipt_id = r.id AND a.line = l.line"
    " WHERE t.at >= %(begin)s AND t.at < %(end)s ORDER BY t.at, t.branch, t.id, l.line"
)


def _transfers(ctx: Context, period: Period) -> Iterator[Record]:
    office = cast(ChainContext, ctx).office
    if "transfers" not in office.catalogue.tables:
        return
    begin, end = (_ENDS.get(each, each) for each in period.bounds())
    for row in office.ask(_ON_THE_WAY, {"begin": begin, "end": end}):
        came = (row["arrived"] or 0) + (row["broken"] or 0)
        on_the_way = 0 if row["ended"] else row["sent"]
        yield {
            "branch": row["branch"], "to_branch": row["to_branch"] or "?", "number": row["number"],
            "at": _when(row["at"]), "code": row["code"], "name": row["name"], "sent": row["sent"],
            "arrived": row["arrived"] or 0, "broken": row["broken"] or 0, "on_the_way": on_the_way,
            "missing": row["sent"] - came - on_the_way,
            "value": None if row["cost"] is None else on_the_way * row["cost"],
            "arrived_at": _when(row["arrived_at"]),
        }  # fmt: skip


def _when(at: str | None) -> str | None:
    """A moment that a branch wrote; None for one in no calendar."""
    try:
        return local(at)
    except (ValueError, OverflowError):
        return None


TRANSFERS = Report(
    "transfers", N_("Goods between branches"),
    (
        Column("branch", N_("From")),
        Column("to_branch", N_("To")),
        Column("number", N_("No."), "key"),
        Column("at", N_("Sent"), "time", rank=2),
        Column("code", N_("Code")),
        Column("name", N_("Name"), rank=3),
        Column("sent", N_("Count"), "number", total=True),
        Column("arrived", N_("Arrived"), "number", total=True),
        Column("broken", N_("Broken"), "number", rank=4, total=True),
        Column("on_the_way", N_("On the way"), "number", total=True),
        Column("missing", N_("Missing"), "number", rank=1, total=True),
        Column("value", N_("On the way, at cost"), "money", rank=1, total=True, of_cost=True),
        Column("arrived_at", N_("Arrived on"), "time", rank=5),
    ),
    make=_transfers,
)  # fmt: skip

REPORTS = (BRANCHES, REVENUE, TRANSFERS)
