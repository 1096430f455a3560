"""Reports: each declares its columns once, for the screen, text, CSV, JSON and workbooks."""

import json
import sqlite3
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.shop import access, loyalty, standing
from crm_tui.shop.context import Context
from crm_tui.shop.errors import BadDate, BadPeriod, NotAllowed, UnknownReport

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: its key in JSON, its heading, and what it holds.

    `kind`: text, number, money (rupiah), time (ISO 8601 with offset), day, seconds, status (a word of
    the catalogues), customer, lines, list.
    """

    key: str
    heading: str
    kind: str = "text"
    rank: int = 0
    """What gives way where a table is too wide: the highest rank first; 0 always stays."""


@dataclass(frozen=True)
class Period:
    """Local days, both included; None is open. `as_of`: the day on whose evening it is looked."""

    first: date | None = None
    last: date | None = None
    as_of: date | None = None

    @classmethod
    def parse(cls, first: str | None, last: str | None, as_of: str | None = None) -> "Period":
        """From "2026-12-31" each. Raises `BadDate` or `BadPeriod`."""
        period = cls(_day(first), _day(last), _day(as_of))
        if period.first and period.last and period.first > period.last:
            raise BadPeriod(first=first, last=last)
        return period

    def bounds(self) -> tuple[str, str]:
        """The moments as the store writes them: from, and before."""
        begin = stamp(_midnight(self.first)) if self.first else ""
        end = stamp(_midnight(self.last + timedelta(days=1))) if self.last else "~"
        return begin, end


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadDate(date=text) from None
    if not 1970 < day.year < 9999:
        raise BadDate(date=text)
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


@dataclass(frozen=True)
class Report:
    """`rows` yields the records of a period; `summary` tells figures in words below a table."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Context, Period], Iterator[Record]]
    summary: Callable[[Context, Period], list[Record]] = field(default=lambda ctx, period: [])


def local(at: str | None) -> str | None:
    """A stored moment as ISO 8601 with this computer's offset."""
    return None if at is None else moment(at).astimezone().isoformat(timespec="milliseconds")


def _each(cursor: sqlite3.Cursor) -> Iterator[sqlite3.Row]:
    while rows := cursor.fetchmany(500):
        yield from rows


def _orders(ctx: Context, period: Period) -> Iterator[Record]:
    cursor = ctx.db.execute(
        "SELECT orders.id, received_at, name, phone, status,"
        " (SELECT json_group_array(json_object('code', code, 'name', name, 'quantity', quantity,"
        "  'price', price)) FROM (SELECT * FROM order_lines WHERE order_id = orders.id ORDER BY line))"
        "  AS lines,"
        " (SELECT sum(price * quantity) FROM order_lines WHERE order_id = orders.id) AS total"
        " FROM orders JOIN customers ON customers.id = customer_id"
        " WHERE received_at >= ? AND received_at < ? ORDER BY orders.id",
        period.bounds(),
    )
    for row in _each(cursor):
        yield {
            "number": row["id"],
            "received_at": local(row["received_at"]),
            "customer": row["name"],
            "phone": row["phone"],
            "status": row["status"],
            "lines": json.loads(row["lines"]),
            "total": row["total"],
        }


def _messages(ctx: Context, period: Period) -> Iterator[Record]:
    cursor = ctx.db.execute(
        "SELECT * FROM messages WHERE at >= ? AND at < ? ORDER BY id", period.bounds()
    )
    for row in _each(cursor):
        yield {
            "id": row["id"],
            "direction": row["direction"],
            "kind": row["kind"],
            "at": local(row["at"]),
            "phone": row["phone"],
            "text": row["text"],
            "status": row["status"],
            "status_at": local(row["status_at"]),
            "read_as": row["read_as"],
            "wishes": json.loads(row["wishes"]) if row["wishes"] else [],
            "reply_to": row["reply_to"],
            "order": row["order_id"],
        }


_ANSWER_TIMES = (
    "SELECT question.at, reply.sent_at FROM messages AS reply"
    " JOIN messages AS question ON question.id = reply.reply_to"
    " WHERE reply.direction = 'out' AND reply.kind = 'answer' AND reply.sent_at IS NOT NULL"
    " AND reply.repeat_of IS NULL AND question.at >= ? AND question.at < ?"
)
_CONFIRM_TIMES = (
    "SELECT received_at, messages.sent_at FROM orders JOIN messages ON order_id = orders.id"
    " WHERE kind = 'confirmation' AND messages.sent_at IS NOT NULL AND repeat_of IS NULL"
    " AND received_at >= ? AND received_at < ?"
)


def _times(name: str, query: str) -> Callable[[Context, Period], list[Record]]:
    def figures(ctx: Context, period: Period) -> list[Record]:
        seconds = sorted(
            (moment(row[1]) - moment(row[0])).total_seconds()
            for row in ctx.db.execute(query, period.bounds())
        )
        if not seconds:
            return []
        # The 95th percentile by nearest rank: a wait that somebody really had.
        p95 = seconds[max(0, -(-95 * len(seconds) // 100) - 1)]
        median = statistics.median(seconds)
        return [{"what": name, "count": len(seconds), "median": median, "p95": p95}]

    return figures


_answer_times = _times(N_("question → answer"), _ANSWER_TIMES)
_confirm_times = _times(N_("order → confirmation"), _CONFIRM_TIMES)


def _both_times(ctx: Context, period: Period) -> Iterator[Record]:
    yield from _answer_times(ctx, period)
    yield from _confirm_times(ctx, period)


def _ranking(ctx: Context, period: Period) -> Iterator[Record]:
    if period.as_of is not None:
        yield from standing.as_of(ctx, period.as_of)
        return
    now = loyalty.chosen(ctx)
    if now is not None:
        yield from standing.now(ctx, now.id, now.model, ctx.now.astimezone().date().toordinal())


REPORTS = {
    report.name: report
    for report in (
        Report(
            "orders",
            N_("Orders"),
            (
                Column("number", N_("No."), "number"),
                Column("received_at", N_("Received"), "time"),
                Column("customer", N_("Customer"), "customer"),
                Column("phone", N_("Phone"), rank=1),
                Column("status", N_("Status"), "status"),
                Column("lines", N_("Items"), "lines"),
                Column("total", N_("Total"), "money"),
            ),
            _orders,
            _confirm_times,
        ),
        Report(
            "messages",
            N_("Messages"),
            (
                Column("id", N_("No."), "number"),
                Column("direction", N_("Way"), "status"),
                Column("kind", N_("Kind"), "status", rank=3),
                Column("at", N_("Time"), "time"),
                Column("phone", N_("Phone")),
                Column("text", N_("Text")),
                Column("status", N_("Status"), "status"),
                Column("status_at", N_("Since"), "time", rank=6),
                Column("read_as", N_("Read as"), "status", rank=1),
                Column("wishes", N_("Wishes"), "list", rank=7),
                Column("reply_to", N_("Answers"), "number", rank=4),
                Column("order", N_("Order"), "number", rank=2),
            ),
            _messages,
            _answer_times,
        ),
        Report(
            "times",
            N_("Waiting times"),
            (
                Column("what", N_("What"), "status"),
                Column("count", N_("Count"), "number"),
                Column("median", N_("Median"), "seconds"),
                Column("p95", N_("95 % within"), "seconds"),
            ),
            _both_times,
        ),
        Report(
            "ranking",
            N_("Ranking"),
            (
                Column("rank", N_("Rank"), "number"),
                Column("customer", N_("Customer"), "customer"),
                Column("phone", N_("Phone"), rank=2),
                Column("score", N_("Score"), "number"),
                Column("tier", N_("Tier"), rank=1),
                Column("spent", N_("Bought for"), "money"),
                Column("purchases", N_("Purchases"), "number"),
                Column("last_day", N_("Last time"), "day"),
                Column("first_day", N_("First time"), "day", rank=4),
                Column("rhythm_days", N_("Every … days"), "number", rank=3),
            ),
            _ranking,
        ),
    )
}


def find(ctx: Context, name: str) -> Report:
    """The report called `name`. Raises `UnknownReport` or `NotAllowed`."""
    if name not in REPORTS:
        raise UnknownReport(name=name, names=", ".join(REPORTS))
    if not access.allowed(ctx, "reports.view"):
        raise NotAllowed(who=ctx.actor.name, permission="reports.view")
    return REPORTS[name]
