"""The reports of this program over all branches: a line a branch, one sum, or all rows with their
branch.

Each is made from the branch's own report (`shop.reports`), column by column, so that neither columns
nor queries are declared twice; `of_branches` puts the branch before them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from crm_tui.errors import N_
from crm_tui.office import chain_reports, ranking
from crm_tui.office.reading import CANNOT_BE, Branch, CannotBe, ChainContext
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.loyalty import ranking_table
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.base import Chart, Column, Record, Report, Wanted, local, summed
from crm_tui.shop.reports.people import RANKING
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.sms import MESSAGES

FORMS = ("branch", "sum", "row")
"""How a report over the chain is told: a line a branch, one line in all, or all rows."""

_NOT_HERE = frozenset({"health", "readings"})
"""They tell of a modem, and of what customers wrote, which stays at the branch."""


def _as_of_today(ctx: Context, period: Period) -> Iterator[Record]:
    """A branch's ranking out of its ledgers: what it keeps up by each sale is not sent."""
    yield from ranking_table.as_of(ctx, period.as_of or ctx.now.astimezone().date())


def _without(report: Report, *keys: str) -> Report:
    """A report without columns that a branch does not send."""
    record = report.record

    def told(row: Mapping[str, Any]) -> Record:
        return {key: value for key, value in record(row).items() if key not in keys}

    columns = tuple(column for column in report.columns if column.key not in keys)
    return replace(report, columns=columns, record=told)


OF_BRANCHES = {
    **{name: each for name, each in registry.REPORTS.items() if name not in _NOT_HERE},
    "messages": _without(MESSAGES, "text", "wishes", "reason"),
    "ranking": replace(RANKING, make=_as_of_today, prepare=None),
}
"""Those of a branch, as the office can tell them."""
CHAIN = {
    report.name: report
    for report in (*chain_reports.REPORTS, ranking.RANKING)
}  # fmt: skip
"""Those of the chain itself."""
NAMES = tuple(dict.fromkeys((*CHAIN, *OF_BRANCHES)))
"""In the order of the menu."""

BRANCH = Column("branch", N_("Branch"))
AS_OF = Column("as_of", N_("As of"), "time")
STATE = Column("state", N_("State"), "status", rank=1)
ROWS = Column("rows", N_("Rows"), "number", rank=2, total=True)


_COUNT_THE_LOST = frozenset({"sales", "sales-direct", "sales-sms", "takings", "profit"})
"""What was sold counts, though a restored branch has lost it."""


class UnknownReport(BadInput):
    text = N_("The office has no report called {name}. There are: {names}.")


class OnlyTheChain(BadInput):
    text = N_("The report {name} is about the whole chain. Leave out --branch and --by.")


def seen(branch: Branch) -> Record:
    """As of when a branch's figures are: its last contact, and whether its clock was off then."""
    state = N_("clock off") if branch.clock_off else N_("well")
    if not branch.seen_at:
        state = N_("never seen")
    return {"as_of": local(branch.seen_at or None), "state": state}


@dataclass(frozen=True)
class OfBranches(Report):
    """A report over all branches, made from the report `of` a branch. What it asks of its context is a
    `ChainContext`."""

    of: Report = RANKING
    form: str = "branch"

    def check(self, ctx: Context, wanted: Wanted) -> None:
        self.of.check(ctx, wanted)

    def rows(
        self, ctx: Context, period: Period, part: str = "", search: str = ""
    ) -> Iterator[Record]:
        self.check(ctx, Wanted(period, part, search))
        wanted = Wanted(period, part, search)
        if self.form == "row":
            yield from self._all(cast(ChainContext, ctx), wanted)
            return
        lines = self._lines(cast(ChainContext, ctx), wanted)
        yield from [_sum(self.of, list(lines))] if self.form == "sum" else lines

    def totals(self, ctx: Context, wanted: Wanted) -> dict[str, int]:
        keys = [column.key for column in self.columns if column.total]
        return summed(self.rows(ctx, wanted.period, wanted.part, wanted.search), keys)

    def _all(self, ctx: ChainContext, wanted: Wanted) -> Iterator[Record]:
        for branch in ctx.office.branches():
            try:
                with ctx.office.apart():
                    there = ctx.office.context(branch)
                    rows = list(self.of.rows(there, wanted.period, wanted.part, wanted.search))
            except CannotBe:
                # By branch it is told that these are missing.
                continue
            yield from ({"branch": branch.name, **row} for row in rows)

    def _lines(self, ctx: ChainContext, wanted: Wanted) -> Iterator[Record]:
        keys = [column.key for column in self.of.columns if column.total]
        for branch in ctx.office.branches():
            try:
                with ctx.office.apart():
                    lines = list(self._of_one(ctx, branch, wanted, keys))
            except CannotBe:
                nothing = _line(branch, {}, keys)
                lines = [{**nothing, "rows": None, "state": CANNOT_BE}]
            yield from lines

    def _of_one(
        self, ctx: ChainContext, branch: Branch, wanted: Wanted, keys: list[str]
    ) -> Iterator[Record]:
        totals = self.of.totals(ctx.office.context(branch), wanted)
        yield _line(branch, totals, keys)
        for lost in ctx.office.losses(branch) if self.of.name in _COUNT_THE_LOST else ():
            totals = self.of.totals(lost, wanted)
            yield {**_line(branch, totals, keys), "state": N_("lost in a restore")}


def _line(branch: Branch, totals: Mapping[str, int], keys: Sequence[str]) -> Record:
    figures = {key: totals.get(key) for key in keys}
    return {"branch": branch.name, **seen(branch), "rows": totals.get("count"), **figures}


_WORST = (CANNOT_BE, N_("never seen"), N_("clock off"))


def _sum(report: Report, lines: list[Record]) -> Record:
    """All branches in one line, as old as the oldest of them."""
    keys = ["rows", *(column.key for column in report.columns if column.total)]
    known = {key: [line[key] for line in lines if line[key] is not None] for key in keys}
    contacts = [line["as_of"] for line in lines]
    states = {str(line["state"]) for line in lines}
    return {
        "branches": len({line["branch"] for line in lines}),
        "as_of": min(contacts) if contacts and None not in contacts else None,
        # The worst of them.
        "state": next((each for each in _WORST if each in states), N_("well")),
        **{key: sum(values) if values or not lines else None for key, values in known.items()},
    }


def _drawn(report: "OfBranches", ctx: Context, period: Period) -> list[Chart]:
    """The first sum of rupiah by branch, the largest first."""
    money = next((each for each in report.of.columns if each.total and each.kind == "money"), None)
    if report.form != "branch" or money is None:
        return []
    lines = [row for row in report.rows(ctx, period) if row[money.key]]
    lines = sorted(lines, key=lambda row: -int(row[money.key]))[:10]
    values = [int(row[money.key]) for row in lines]
    names = [str(row["branch"]) for row in lines]
    return [Chart(N_("By branch"), "ranked", names, {money.heading: values}, money=True)]


def of_branches(report: Report, form: str = "branch") -> OfBranches:
    """A report of a branch as one over all of them; `form` as of `FORMS`."""
    if form == "row":
        columns: tuple[Column, ...] = (BRANCH, *report.columns)
    else:
        summed_up = tuple(column for column in report.columns if column.total)
        head = BRANCH if form == "branch" else Column("branches", N_("Branches"), "number")
        columns = (head, AS_OF, STATE, ROWS, *summed_up)
    made = OfBranches(
        report.name, report.title, columns, make=_nothing, by_days=report.by_days,
        evenings=report.evenings, permission=report.permission, of=report, form=form,
        rows_are=N_("Rows") if form == "row" else N_("Lines of branches"),
    )  # fmt: skip
    return replace(made, charts=lambda ctx, period: _drawn(made, ctx, period))


def _nothing(ctx: Context, period: Period) -> Iterator[Record]:
    yield from ()


def find(name: str, branch: str | None = None, form: str | None = None) -> Report:
    """The report called `name`: of one branch, or over all. Raises `UnknownReport`, `OnlyTheChain`."""
    if name not in NAMES:
        raise UnknownReport(name=name, names=", ".join(NAMES))
    if branch is not None and name in OF_BRANCHES:
        return OF_BRANCHES[name]
    if name in CHAIN and form is None and branch is None:
        return CHAIN[name]
    if name not in OF_BRANCHES:
        raise OnlyTheChain(name=name)
    return of_branches(OF_BRANCHES[name], form or "branch")
