"""The figures that the staff keep an eye on; each is found by an index of work, at any size."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crm_tui import check_result
from crm_tui.clock import moment, stamp
from crm_tui.shop.backups.state import Standing, standing
from crm_tui.shop.checks import telling
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.listing import Listing
from crm_tui.shop.gate.practice import is_practice
from crm_tui.shop.gate.shoptime import Doubt
from crm_tui.shop.imports import cut_off
from crm_tui.shop.items.lists import ITEM_BOOK
from crm_tui.shop.messages import diagnostics, gateway_state
from crm_tui.shop.messages.gateway_state import GatewayState
from crm_tui.shop.messages.lists import OUTBOX
from crm_tui.shop.sales import parked, unfinished


@dataclass(frozen=True)
class Figures:
    """`oldest_at`: when the order that waits longest came; `newest`: the number of the newest order;
    `low`: items whose stock fell to their reorder level; `backups`: how the shop stands with them;
    `clock`: what is wrong with the computer's; `late`: what stands still for too long, in a few words,
    "" if nothing does; `damage`: a text of the catalogues, "" if the store is whole; `chained`: the
    shop is a branch, and `coming` transfers are on their way to it; `unpaid`: lines of the sale
    with which the user goes on at the till, `parked`: sales that anybody put aside."""

    shop: str
    practice: bool
    waiting: int
    oldest_at: str | None
    newest: int
    staff: int
    confirmed: int
    trouble: int
    queue: int
    low: int
    gateway: GatewayState | None
    backups: Standing
    clock: Doubt | None = None
    late: str = ""
    damage: str = ""
    chained: bool = False
    coming: int = 0
    unpaid: int = 0
    parked: int = 0


def _counted(listed: Listing, part: str) -> str:
    """SQL: how many rows a part of a list has, so that the figure says what the list shows."""
    return f"(SELECT count(*) FROM {listed.source} WHERE {listed.parts[part].condition})"  # noqa: S608


def figures(ctx: Context, place: int | None = None) -> Figures:
    """All of them, of one moment; `place`: the counter's, if it has one (`sales/unfinished`)."""
    with ctx.store.reading() as db:
        row = db.execute(
            "SELECT (SELECT count(*) FROM orders WHERE status = 'waiting') AS waiting,"  # noqa: S608
            " (SELECT received_at FROM orders WHERE status = 'waiting' ORDER BY id LIMIT 1) AS oldest,"
            " (SELECT coalesce(max(id), 0) FROM orders) AS newest,"
            " (SELECT count(*) FROM messages WHERE status = 'staff') AS staff,"
            " (SELECT count(*) FROM orders WHERE status = 'confirmed') AS confirmed,"
            f" {_counted(OUTBOX, 'trouble')} AS trouble, {_counted(ITEM_BOOK, 'low')} AS low,"
            " EXISTS (SELECT 1 FROM chain) AS chained,"
            " (SELECT count(*) FROM arrivals WHERE receipt_id IS NULL) AS coming"
        ).fetchone()
        return Figures(
            settings.SHOP_NAME(ctx),
            is_practice(ctx),
            row["waiting"],
            row["oldest"],
            row["newest"],
            row["staff"],
            row["confirmed"],
            row["trouble"],
            gateway_state.queue_length(ctx),
            row["low"],
            gateway_state.read(ctx),
            standing(ctx),
            _doubt(ctx),
            cut_off.in_short(ctx) or diagnostics.standing_still(ctx),
            telling.in_short(check_result.read(ctx.store.path)),
            bool(row["chained"]),
            row["coming"],
            unfinished.lines(ctx, place),
            parked.count(ctx),
        )


def _doubt(ctx: Context) -> Doubt | None:
    # Another program may have heard the network, or a person.
    ctx.time.refresh()
    return ctx.time.doubt()


@dataclass(frozen=True)
class Hours:
    """SMS in and out of one local day, by the hour (24 counts each)."""

    came: tuple[int, ...]
    went: tuple[int, ...]


def hours(ctx: Context) -> Hours:
    """Today's."""
    begin = _midnight(ctx.now)
    counts = {"in": [0] * 24, "out": [0] * 24}
    # By tens of minutes: no offset of a local clock is finer than that.
    for way, tens, count in ctx.db.execute(
        "SELECT direction, substr(at, 1, 15), count(*) FROM messages"
        " WHERE at >= ? AND at < ? GROUP BY 1, 2",
        (stamp(begin), stamp(_midnight(begin + timedelta(hours=30)))),
    ):
        counts[way][moment(f"{tens}0:00Z").astimezone().hour] += count
    return Hours(tuple(counts["in"]), tuple(counts["out"]))


@dataclass(frozen=True)
class Takings:
    """What was sold today and on the same weekday of last week, in rupiah by the local hour (24 each);
    `by_now`: that day's until this time of day, None if an old book tells of it, which knows no times;
    `owed`: all that customers owe."""

    today: tuple[int, ...]
    before: tuple[int, ...]
    by_now: int | None
    owed: int


def takings(ctx: Context) -> Takings:
    """The figures of now."""
    now = ctx.now.astimezone()
    week_ago = now - timedelta(days=7)
    with ctx.store.reading() as db:
        owed = db.execute("SELECT coalesce(sum(due), 0) FROM dues WHERE due > 0").fetchone()[0]
        by_now = db.execute(
            "SELECT coalesce(sum(total) FILTER (WHERE at <= :now), 0) AS told, max(import_id) AS book"
            " FROM sales WHERE at >= :begin AND at < :end",
            {
                "begin": stamp(_midnight(week_ago)),
                "now": stamp(week_ago),
                "end": stamp(_midnight(_midnight(week_ago) + timedelta(hours=30))),
            },
        ).fetchone()
        return Takings(
            _by_hour(ctx, now), _by_hour(ctx, week_ago),
            None if by_now["book"] is not None else by_now["told"], owed,
        )  # fmt: skip


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone().date(), time()).astimezone()


def _by_hour(ctx: Context, day: datetime) -> tuple[int, ...]:
    begin = _midnight(day)
    sums = [0] * 24
    for tens, total in ctx.db.execute(
        "SELECT substr(at, 1, 15), sum(total) FROM sales WHERE at >= ? AND at < ?"
        " AND import_id IS NULL GROUP BY 1",
        (stamp(begin), stamp(_midnight(begin + timedelta(hours=30)))),
    ):
        sums[moment(f"{tens}0:00Z").astimezone().hour] += total
    return tuple(sums)
