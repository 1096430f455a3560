"""What a report is: columns declared once, rows that a query finds, totals and charts.

A report over a `Listing` is paged on the screen, streamed into files, and summed by the database; all
from the same query, so that they cannot differ.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from crm_tui import sqlite
from crm_tui.clock import moment
from crm_tui.errors import N_, Sentence
from crm_tui.i18n import Translate, retell
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Part, View
from crm_tui.shop.gate.phones import FOR_SMS
from crm_tui.shop.reports.errors import (
    DayAhead,
    DaysNotOneDay,
    EitherDays,
    NoDays,
    NoPastDay,
    OnlyOneDay,
    UnknownPart,
)
from crm_tui.shop.reports.period import Period

Record = Mapping[str, Any]
_MANY = 2000


class Told(str):
    """A sentence of the store: for programs in English, for people in their language."""

    stored: Sentence

    def __new__(cls, stored: Sentence) -> "Told":
        made = super().__new__(cls, retell(stored, "en") if stored else "")
        made.stored = stored
        return made


class Words(str):
    """Words of the store, with commas between them, in a column of texts: told in words of people."""


@dataclass(frozen=True)
class Column:
    """A column: its key in JSON, its heading, and what it holds.

    `kind`: text, number, key (a number that is no amount), money (rupiah), time (ISO 8601 with
    offset), day, seconds, decimal (a number with one place),
    status (a word of the catalogues), words (several), sentence (of the catalogues), told (`Told`),
    customer, lines, list.
    `total`: it is summed up.
    """

    key: str
    heading: str
    kind: str = "text"
    rank: int = 0
    """What gives way where a table is too wide: the highest rank first; 0 always stays."""
    total: bool = False
    told: Callable[[Any, Translate], str] | None = None
    """How people read its values, where the store keeps them in another way."""
    as_of_now: bool = False
    """It holds no period, so that it is not compared with the one before."""
    read: bool = False
    """It is read through: others give way on paper before it becomes narrow."""
    of_cost: bool = False
    """It tells what goods cost, or what they earn: not everybody sees that."""
    of: str = ""
    """The column of how many pieces it is the cost of: empty beside some, it is not known."""


@dataclass(frozen=True)
class Chart:
    """Figures to be drawn: for each label a value of each row. `kind`: bar (upright), ranked (lying,
    the largest first), share (of a whole). `money`: rupiah. Labels that are words of ours are
    `Sentence`s; names of items and people are none."""

    title: str
    kind: str
    labels: Sequence[str]
    rows: Mapping[str, Sequence[int]]
    money: bool = False

    def labels_in(self, translate: Translate) -> list[str]:
        """The labels in the reader's language."""
        return [translate(label) if isinstance(label, Sentence) else label for label in self.labels]


@dataclass(frozen=True)
class Wanted:
    """What a user asks of a report: its days, a part of its rows, words to be found."""

    period: Period = field(default_factory=Period)
    part: str = ""
    search: str = ""


@dataclass(frozen=True)
class Report:
    """`listed`: its rows, in its first order unless `sort` says otherwise; `at`: SQL of the moment by
    which the period chooses them, "" if they are as of now. `record` makes a row what JSON has.

    A report without a list has `make`, which yields its records. `summary` tells figures in words,
    `charts` draws. `permission`: what one needs beside reports.view.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    listed: Listing | None = None
    at: str = ""
    sort: str = ""
    record: Callable[[Mapping[str, Any]], Record] = dict
    make: Callable[[Context, Period], Iterator[Record]] | None = None
    given: Callable[[Context, Period], Mapping[str, str | int]] = lambda ctx, period: {}
    summary: Callable[[Context, Period], list[Record]] = lambda ctx, period: []
    charts: Callable[[Context, Period], list[Chart]] = lambda ctx, period: []
    permission: str = ""
    by_days: bool = True
    """Whether days choose its rows, or what is summed up in them."""
    evenings: bool = False
    """Whether it can be told as of the evening of a past day, from the ledgers. Its SQL has :evening,
    the moment at which the last day is over; :current, whether that is still to come; and :moment,
    which is :evening, or now."""
    rows_are: str = N_("Rows")
    """What its rows are, where they are counted."""
    regrouped: bool = False
    """Whether its parts are the same figures grouped in other ways."""
    charts_of_cost: bool = False
    """Whether its charts tell what goods cost."""
    prepare: Callable[[Context], object] | None = None
    """What must be brought up to date before rows as of now are read; it changes the store."""

    def without_costs(self) -> "Report":
        """The report for users who may not see what goods cost and earn."""
        secret = {column.key for column in self.columns if column.of_cost}
        if not secret:
            return self
        record = self.record

        def told(row: Mapping[str, Any]) -> Record:
            return {key: value for key, value in record(row).items() if key not in secret}

        return replace(
            self, columns=tuple(each for each in self.columns if not each.of_cost), record=told,
            charts=(lambda ctx, period: []) if self.charts_of_cost else self.charts,
        )  # fmt: skip

    def bring_up_to_date(self, ctx: Context, period: Period) -> None:
        """Prepare what rows of this period need. A past day is computed from the ledgers."""
        if self.prepare is not None and period.as_of is None:
            self.prepare(ctx)

    def check(self, ctx: Context, wanted: Wanted) -> None:
        """Refuse what it cannot honour: a `BadInput` that says what to do instead."""
        period = wanted.period
        days = period.first is not None or period.last is not None
        if period.as_of is not None and not self.evenings:
            raise (DaysNotOneDay if self.by_days else NoPastDay)(name=self.name)
        if days and not self.by_days:
            raise (OnlyOneDay if self.evenings else NoDays)(name=self.name)
        if days and period.as_of is not None:
            raise EitherDays()
        if period.as_of is not None and period.as_of > ctx.now.astimezone().date():
            raise DayAhead(date=f"{period.as_of:%d/%m/%Y}")
        parts = self.listed.parts if self.listed is not None else {}
        if wanted.part and wanted.part not in parts:
            raise UnknownPart(name=wanted.part, names=", ".join(parts) or "–")

    def of_days(self, period: Period, today: date) -> Period:
        """The period that it can be told of where a user has chosen days: a report as of one day is
        told as of the last of them."""
        if self.by_days or not self.evenings:
            return period if self.by_days else Period()
        return Period(as_of=period.last if period.last and period.last < today else None)

    @property
    def as_of_now(self) -> frozenset[str]:
        """The totals that belong to no period: columns as of now, and the rows where no day chooses."""
        columns = {column.key for column in self.columns if column.as_of_now}
        return frozenset(columns if self.at else columns | {"count"})

    def bounded(self) -> Listing:
        """Its list, cut to the period of :begin and :end."""
        assert self.listed is not None, self.name
        if not self.at:
            return self.listed
        inside = f"{self.at} >= :begin AND {self.at} < :end"
        parts = {
            name: Part(each.label, f"({each.condition or 'TRUE'}) AND {inside}")
            for name, each in self.listed.parts.items()
        }
        return replace(self.listed, parts=parts)

    def view(self, ctx: Context, wanted: Wanted) -> View:
        """The view in which the list shows that."""
        assert self.listed is not None, self.name
        part = wanted.part or next(iter(self.listed.parts))
        sort = self.sort or next(iter(self.listed.sorts))
        params = {**evening(ctx, wanted.period), **self.given(ctx, wanted.period)}
        return View(sort, part, wanted.search, params)

    def rows(
        self, ctx: Context, period: Period, part: str = "", search: str = ""
    ) -> Iterator[Record]:
        """The records, one by one. Raises as `check`."""
        self.check(ctx, Wanted(period, part, search))
        if self.make is not None and not (part or search):
            yield from self.make(ctx, period)
            return
        if self.listed is None:
            assert self.make is not None, self.name
            others = _other_numbers(ctx) if search else {}
            for record in self.make(ctx, period):
                told = [*map(str, record.values()), others.get(record.get("phone", ""), "")]
                if listing.holds(search, told):
                    yield record
            return
        wanted = self.view(ctx, Wanted(period, part, search))
        for row in listing.every(ctx, self.bounded(), wanted):
            yield self.record(row)

    def totals(self, ctx: Context, wanted: Wanted) -> dict[str, int]:
        """How many rows ("count"), and the sum of each column that has one and is known. Raises as
        `check`."""
        self.check(ctx, wanted)
        keys = [column.key for column in self.columns if column.total]
        if self.listed is None or (self.make is not None and wanted.period.as_of is not None):
            return summed(self.rows(ctx, wanted.period, wanted.part, wanted.search), keys)
        return listing.totals(ctx, self.bounded(), self.view(ctx, wanted), keys)

    def unknown(self, ctx: Context, wanted: Wanted) -> dict[str, int]:
        """By column of what goods cost, if it is summed: of how many rows nobody knows it, where there
        are some. Their goods are in no sum."""
        if self.listed is None:
            return {}
        view = self.view(ctx, wanted)
        found = {
            column.key: listing.lacking(ctx, self.bounded(), view, column.key, column.of)
            for column in self.columns if column.of
        }  # fmt: skip
        return {key: count for key, count in found.items() if count}

    def unknown_among(self, rows: Iterable[Record]) -> dict[str, int]:
        """The same of rows that were read already."""
        found: dict[str, int] = {}
        for row in rows:
            for column in self.columns:
                if column.of and row[column.key] is None and row[column.of]:
                    found[column.key] = found.get(column.key, 0) + 1
        return found


def _other_numbers(ctx: Context) -> dict[str, str]:
    """All numbers of the customers who have several, by the one that is told."""
    return dict(
        ctx.db.execute(
            f"SELECT {FOR_SMS}, group_concat(number, ' ') FROM phones GROUP BY customer_id"  # noqa: S608 - ours
            " HAVING count(*) > 1"
        ).fetchall()
    )


def evening(ctx: Context, period: Period) -> dict[str, str | int]:
    """The moments of a period for queries: :begin and :end, and those of its last evening."""
    begin, end = period.bounds()
    current = end > ctx.at
    return {
        "begin": begin, "end": end, "evening": end, "current": int(current),
        "moment": ctx.at if current else end,
    }  # fmt: skip


def summed(rows: Iterable[Record], keys: Sequence[str]) -> dict[str, int]:
    """How many rows ("count"), and the sum of each of these columns that is known."""
    sums = {"count": 0}
    for row in rows:
        sums["count"] += 1
        for key in keys:
            if row[key] is not None:
                sums[key] = sums.get(key, 0) + row[key]
    return sums if sums["count"] else {"count": 0, **dict.fromkeys(keys, 0)}


def change(value: int, before: int) -> float | None:
    """By which share of what was before a sum has changed; None where nothing was, or either is below
    zero: no share of that says anything."""
    return (value - before) / before if before > 0 and value >= 0 else None


def local(at: str | None) -> str | None:
    """A stored moment as ISO 8601 with this computer's offset."""
    return None if at is None else moment(at).astimezone().isoformat(timespec="milliseconds")


def fetched(cursor: sqlite.Cursor) -> Iterator[sqlite.Row]:
    """The rows of a query, some at a time."""
    while rows := cursor.fetchmany(_MANY):
        yield from rows


def times(*keys: str) -> Callable[[Mapping[str, Any]], Record]:
    """A record whose moments of these keys are told with this computer's offset."""

    def record(row: Mapping[str, Any]) -> Record:
        return {**row, **{key: local(row[key]) for key in keys}}

    return record


def ranked(
    ctx: Context, title: str, query: str, period: Period, name: str, *, money: bool
) -> Chart:
    """A chart of the ten largest: the query gives label and value, the largest first."""
    rows = ctx.db.execute(query, evening(ctx, period)).fetchall()
    return Chart(
        title,
        "ranked",
        [str(row[0]) for row in rows],
        {name: [int(row[1] or 0) for row in rows]},
        money,
    )
