"""Reports of SMS: orders, messages, how long customers waited, what could not be sold, promos."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from crm_tui.archive import TEXT
from crm_tui.clock import moment
from crm_tui.errors import N_, Sentence
from crm_tui.shop.customers import lists as customer_lists
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing, Sort
from crm_tui.shop.messages.lists import INBOX, OUTBOX
from crm_tui.shop.orders import lists
from crm_tui.shop.promos import campaigns
from crm_tui.shop.promos import results as promo_results
from crm_tui.shop.reports import days
from crm_tui.shop.reports.base import (
    Chart,
    Column,
    Record,
    Report,
    Told,
    local,
    ranked,
    times,
)
from crm_tui.shop.reports.period import Period

_ORDER_LINES = (
    "(SELECT json_group_array(json_object('code', code, 'name', name, 'quantity', quantity,"
    " 'price', price)) FROM (SELECT * FROM order_lines WHERE order_id = orders.id ORDER BY line))"
)
_TOTAL = "(SELECT sum(price * quantity) FROM order_lines WHERE order_id = orders.id)"

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
        # Half a megabyte, for reports alone.
        import statistics

        # The 95th percentile by nearest rank: a wait that somebody really had.
        p95 = seconds[max(0, -(-95 * len(seconds) // 100) - 1)]
        median = statistics.median(seconds)
        return [{"what": name, "count": len(seconds), "median": median, "p95": p95}]

    return figures


_answer_times = _times(N_("question → answer"), _ANSWER_TIMES)
_confirm_times = _times(N_("order → confirmation"), _CONFIRM_TIMES)


def _both_times(ctx: Context, period: Period) -> list[Record]:
    return [*_answer_times(ctx, period), *_confirm_times(ctx, period)]


def _order_charts(ctx: Context, period: Period) -> list[Chart]:
    query = (
        "SELECT date(received_at, 'localtime'),"
        " sum(status NOT IN ('rejected', 'cancelled', 'expired')),"
        " sum(status IN ('rejected', 'cancelled', 'expired')) FROM orders"
        " WHERE received_at >= :begin AND received_at < :end GROUP BY 1"
    )
    titles = (N_("Orders a day"), N_("Orders a month"))
    return [
        days.over_time(ctx, period, query, titles, (N_("placed"), N_("lost"))),
        *_lost_charts(ctx, period),
    ]


def _record(row: Mapping[str, Any]) -> Record:
    return {**row, "received_at": local(row["received_at"]), "lines": json.loads(row["lines"])}


ORDERS = Report(
    "orders", N_("Orders"),
    (
        Column("number", N_("No."), "number"),
        Column("received_at", N_("Received"), "time"),
        Column("customer", N_("Customer"), "customer"),
        Column("phone", N_("Phone"), rank=1),
        Column("status", N_("Status"), "status"),
        Column("lines", N_("Items"), "lines"),
        Column("total", N_("Total"), "money", total=True),
    ),
    replace(
        lists.ORDERS,
        columns=(
            "orders.id AS number, received_at, customers.name AS customer, orders.phone, orders.status,"
            f" {_ORDER_LINES} AS lines, {_TOTAL} AS total"
        ),
        sorts={
            "number": Sort(N_("oldest first"), "orders.id"),
            "newest": Sort(N_("newest first"), "orders.id", descending=True),
            "largest": Sort(N_("largest first"), _TOTAL, descending=True),
        },
        parts={name: lists.ORDERS.parts[name] for name in ("all", "waiting", "confirmed")},
    ),
    "received_at", record=_record, summary=_both_times, charts=_order_charts,
)  # fmt: skip


def _message(row: Mapping[str, Any]) -> Record:
    return {
        **row, "at": local(row["at"]), "status_at": local(row["status_at"]),
        "wishes": json.loads(row["wishes"]) if row["wishes"] else [],
        "reason": Told(Sentence(row["reason"] or "")),
    }  # fmt: skip


def _message_charts(ctx: Context, period: Period) -> list[Chart]:
    return [by_day(ctx, period), by_hour(ctx, period)]


def by_day(ctx: Context, period: Period) -> Chart:
    """SMS in and out: a day, or a month where the period is long."""
    query = (
        "SELECT date(at, 'localtime'), sum(direction = 'in'), sum(direction = 'out') FROM messages"
        " WHERE at >= :begin AND at < :end GROUP BY 1"
    )
    titles = (N_("SMS a day"), N_("SMS a month"))
    return days.over_time(ctx, period, query, titles, (N_("in"), N_("out")))


def by_hour(ctx: Context, period: Period) -> Chart:
    """When customers write: SMS in by the hour of the day."""
    begin, end = period.bounds()
    rows = dict(
        ctx.db.execute(
            "SELECT CAST(strftime('%H', at, 'localtime') AS INTEGER), count(*) FROM messages"
            " WHERE direction = 'in' AND at >= ? AND at < ? GROUP BY 1", (begin, end),
        ).fetchall()
    )  # fmt: skip
    return Chart(
        N_("SMS by the hour"), "bar", [f"{hour:02}" for hour in range(24)],
        {N_("in"): [rows.get(hour, 0) for hour in range(24)]},
    )  # fmt: skip


_MESSAGES = Listing(
    columns=(
        f"messages.id, direction, kind, messages.at, phone, {TEXT} AS text, status, status_at, read_as,"
        ' wishes, reply_to, order_id AS "order", reason'
    ),
    source="messages",
    id="messages.id",
    sorts={"oldest": INBOX.sorts["oldest"], "newest": INBOX.sorts["newest"]},
    parts={
        "all": replace(INBOX.parts["all"], condition=""),
        "in": replace(INBOX.parts["all"], label=N_("SMS in")),
        "out": replace(OUTBOX.parts["all"], label=N_("SMS out")),
        "trouble": OUTBOX.parts["trouble"],
    },
    search=INBOX.search,
    phones=INBOX.phones,
)

MESSAGES = Report(
    "messages", N_("Messages"),
    (
        Column("id", N_("No."), "number"),
        Column("direction", N_("Way"), "status"),
        Column("kind", N_("Kind"), "status", rank=3),
        Column("at", N_("Time"), "time"),
        Column("phone", N_("Phone")),
        Column("text", N_("Text"), read=True),
        Column("status", N_("Status"), "status"),
        Column("status_at", N_("Since"), "time", rank=6),
        Column("read_as", N_("Read as"), "status", rank=1),
        Column("wishes", N_("Wishes"), "list", rank=7),
        Column("reply_to", N_("Answers"), "number", rank=5),
        Column("order", N_("Order"), "number", rank=2),
        Column("reason", N_("Why"), "told", rank=4),
    ),
    _MESSAGES, "messages.at", record=_message, summary=_answer_times, charts=_message_charts,
)  # fmt: skip

TIMES = Report(
    "times", N_("Waiting times"),
    (
        Column("what", N_("What"), "sentence"),
        Column("count", N_("Count"), "number"),
        Column("median", N_("Median"), "seconds"),
        Column("p95", N_("95 % within"), "seconds"),
    ),
    make=lambda ctx, period: iter(_both_times(ctx, period)),
)  # fmt: skip


def _lost_charts(ctx: Context, period: Period) -> list[Chart]:
    query = (
        "SELECT min(asked), count(*) FROM lost_sales WHERE at >= :begin AND at < :end AND asked <> ''"
        " GROUP BY lower(asked) ORDER BY 2 DESC, 1 LIMIT 10"
    )
    return [ranked(ctx, N_("Asked, not had"), query, period, N_("times"), money=False)]


LOST = Report(
    "lost", N_("Lost sales"),
    (
        Column("number", N_("No."), "number"),
        Column("at", N_("Time"), "time"),
        Column("customer", N_("Customer"), "customer"),
        Column("phone", N_("Phone"), rank=2),
        Column("asked", N_("Asked for")),
        Column("quantity", N_("Count"), "number"),
        Column("why", N_("Why"), "status"),
        Column("name", N_("Item"), rank=3),
        Column("available", N_("There now"), "number", rank=1),
    ),
    replace(
        customer_lists.LOST,
        columns=(
            "CASE why WHEN 'unknown' THEN 'no_item' ELSE 'no_stock' END AS why,"
            + customer_lists.LOST_COLUMNS
        ),
        parts={name: customer_lists.LOST.parts[name] for name in ("all", "never", "there", "unknown")},
    ), "lost_sales.at", sort="oldest", record=times("at"), charts=_lost_charts,
)  # fmt: skip


def _promos(ctx: Context, period: Period) -> Iterator[Record]:
    begun = campaigns.begun(ctx, *period.bounds())
    for promo, results in promo_results.brought(ctx, begun):
        more = results.more_rupiah
        yield {
            "number": promo.id, "name": promo.draft.name, "kind": promo.draft.kind,
            "status": promo.status, "started_at": local(promo.started_at),
            "ends_at": local(promo.ends_at), "people": results.people, "sent": results.out,
            "delivered": results.fates.get("delivered", 0), "failed": results.fates.get("failed", 0),
            "left_out": sum(results.left_out.values()), "replied": results.replied,
            "stopped": results.stopped, "buyers": results.sent.buyers, "bought": results.sent.rupiah,
            "control": results.control.people, "control_buyers": results.control.buyers,
            "control_bought": results.control.rupiah, "discount": results.discount,
            "parts": results.parts, "cost": results.cost,
            # Rupiah a customer, and only where it is more than chance.
            "more": round(more.value) if more is not None and more.certain else None,
        }  # fmt: skip


PROMOS = Report(
    "promos", N_("Promos"),
    (
        Column("number", N_("No."), "number"),
        Column("name", N_("Name")),
        Column("kind", N_("Kind"), "status", rank=6),
        Column("status", N_("Status"), "status", rank=3),
        Column("started_at", N_("Begins"), "time", rank=2),
        Column("ends_at", N_("Until"), "time", rank=9),
        Column("people", N_("Customers"), "number", total=True),
        Column("sent", N_("Sent"), "number", total=True),
        Column("delivered", N_("Delivered"), "number", rank=5, total=True),
        Column("failed", N_("Failed"), "number", rank=5, total=True),
        Column("left_out", N_("Left out"), "number", rank=5, total=True),
        Column("replied", N_("Wrote"), "number", rank=4, total=True),
        Column("stopped", N_("STOP"), "number", rank=4, total=True),
        Column("buyers", N_("Buyers"), "number", total=True),
        Column("bought", N_("Bought for"), "money", total=True),
        Column("discount", N_("Discount"), "money", rank=2, total=True),
        Column("parts", N_("SMS"), "number", rank=6, total=True),
        Column("cost", N_("Cost of SMS"), "money", rank=3, total=True),
        Column("control", N_("To compare"), "number", rank=7, total=True),
        Column("control_buyers", N_("Buyers there"), "number", rank=8, total=True),
        Column("control_bought", N_("Bought there"), "money", rank=8, total=True),
        Column("more", N_("More a customer"), "money", rank=1),
    ),
    make=_promos,
)  # fmt: skip
