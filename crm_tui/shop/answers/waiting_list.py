"""The waiting list: who wants to be told when goods come in, and the SMS that tells them.

    "kabari kalau ada" ─add─▶ waiting_list ─feed (goods there, by day, in turn)─▶ outbox ─claim─▶ line

Each step is a transaction: whoever has been told is marked in the one that queues the SMS, so that a
power cut tells nobody twice. Pieces are offered to no more people than there are pieces: those who
were told have their turn, some hours in which the pieces are thought to be for them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from crm_tui import sqlite
from crm_tui.clock import day_begin, moment, stamp
from crm_tui.errors import N_
from crm_tui.gsm.errors import TextTooLong
from crm_tui.shop.answers import limits, talk
from crm_tui.shop.answers.outcome import Case, More
from crm_tui.shop.answers.settings import TURN_HOURS, WAITING_DAYS
from crm_tui.shop.answers.talk import Said
from crm_tui.shop.customers import people
from crm_tui.shop.gate.commands import journal
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.messages import consent, outbox, replies
from crm_tui.shop.orders import questions
from crm_tui.shop.promos import pricing

KIND = "waiting_list"
MOST = 20
"""A number waits for so many items at most."""
AHEAD = 2
"""SMS of this kind that wait in the outbox at most: who is not told yet keeps their turn."""
_MOST_NAMED = 3
_LATER = timedelta(seconds=30)
_BLOCKED = timedelta(minutes=15)
_TALKING = timedelta(minutes=10)
"""So long after the last SMS with a customer a talk may still go on."""
_ENDED_AT_ONCE = 100


def offered(ctx: Context, items: Collection[Item]) -> tuple[More, ...]:
    """What is said behind an answer that these items are out: how to be told when they come."""
    if not WAITING_DAYS(ctx) or not items:
        return ()
    codes = " ".join(item.code for item in list(items)[:_MOST_NAMED])
    return (More((replies.WAIT(ctx, codes=codes),)),)


def add(case: Case, item_id: int, quantity: int) -> bool:
    """Put a customer on the list, within a command; False if they wait for too many items already.

    Who is on it keeps their place, and waits on for as long as if they had asked now.
    """
    ctx = case.ctx
    row = ctx.db.execute(
        "SELECT count(*), coalesce(sum(item_id = :item), 0) FROM waiting_list"
        " WHERE phone = :phone AND ended_at IS NULL",
        {"phone": case.phone, "item": item_id},
    ).fetchone()
    if row[0] >= MOST and not row[1]:
        return False
    until = stamp(ctx.now + timedelta(days=WAITING_DAYS(ctx)))
    key = ctx.db.execute(
        "INSERT INTO waiting_list"
        " (customer_id, phone, item_id, quantity, message_id, at, until, look_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (phone, item_id) WHERE ended_at IS NULL DO UPDATE SET quantity ="
        " excluded.quantity, message_id = excluded.message_id, at = excluded.at,"
        " until = excluded.until RETURNING id",
        (
            case.customer.id, case.phone, item_id, quantity, case.message_id, ctx.at, until,
            ctx.at,
        ),
    ).fetchone()[0]  # fmt: skip
    ctx.changed("waiting_list", key)
    return True


# ── when goods come in ────────────────────────────────────────────────────────────────────────

_WITH_GOODS = (
    # By the index of those who wait, earliest first.
    "waiting_list CROSS JOIN stock ON stock.item_id = waiting_list.item_id"
    " CROSS JOIN items ON items.id = waiting_list.item_id"
    " WHERE ended_at IS NULL AND on_hand > reserved AND items.active = 1"
)
_DUE = f"{_WITH_GOODS} AND look_at <= :now"
_UNSENT = (
    # Those of which nobody has decided what becomes of them: few, and found by their index.
    "messages WHERE direction = 'out' AND messages.status IN ('failed', 'in_doubt', 'expired')"
    f" AND decided_at IS NULL AND messages.status = 'expired' AND messages.kind = '{KIND}'"
)
_OVER = "waiting_list WHERE ended_at IS NULL AND until <= :now"


def due_at(ctx: Context) -> str | None:
    """When `feed` will have something to do, unless the store changes before."""
    row = ctx.db.execute(
        "SELECT min(at) FROM"  # noqa: S608 - ours
        f" (SELECT * FROM (SELECT look_at AS at FROM {_WITH_GOODS} ORDER BY look_at LIMIT 1)"
        " UNION ALL SELECT min(until) FROM waiting_list WHERE ended_at IS NULL"
        f" UNION ALL SELECT '' WHERE EXISTS (SELECT 1 FROM {_UNSENT}))"
    ).fetchone()
    return cast("str | None", row[0])


@journal
def feed(ctx: Context) -> None:
    """Tell the next customer that something has come in, or put off those who cannot be told now."""
    ctx.db.execute(
        "UPDATE waiting_list SET ended_at = :now WHERE id IN"  # noqa: S608 - ours
        f" (SELECT id FROM {_OVER} LIMIT {_ENDED_AT_ONCE})",
        {"now": ctx.at},
    )
    _wait_on(ctx)
    row = ctx.db.execute(
        f"SELECT waiting_list.* FROM {_DUE} ORDER BY waiting_list.id LIMIT 1",  # noqa: S608
        {"now": ctx.at},
    ).fetchone()
    if row is None:
        return
    opens = consent.opens_at(ctx)
    if opens is not None:
        _put_off_all(ctx, opens)
    elif _queued(ctx) >= AHEAD:
        _put_off_all(ctx, ctx.now + _LATER)
    elif not _wanted(ctx, row):
        _end(ctx, row["id"], None)
    else:
        _tell_or_put_off(ctx, row)


def _wait_on(ctx: Context) -> None:
    """A customer whose SMS expired before the line could take it has not been told, and waits on;
    nobody needs to decide about that SMS."""
    unsent = ctx.db.execute(
        f"SELECT id FROM {_UNSENT} ORDER BY id LIMIT {_ENDED_AT_ONCE}"  # noqa: S608 - ours
    ).fetchall()
    for (message_id,) in unsent:
        ctx.db.execute("UPDATE messages SET decided_at = ? WHERE id = ?", (ctx.at, message_id))
        ctx.changed("messages", message_id)
        row = ctx.db.execute(
            "SELECT id, until FROM waiting_list WHERE told = ?", (message_id,)
        ).fetchone()
        if row is not None and row["until"] > ctx.at:
            _again(ctx, row["id"])


def _again(ctx: Context, waiting_id: int) -> None:
    """Let somebody who was not told wait on, unless they have asked once more since."""
    done = ctx.db.execute(
        "UPDATE waiting_list SET told = NULL, ended_at = NULL, look_at = :now WHERE id = :id"
        " AND NOT EXISTS (SELECT 1 FROM waiting_list AS other WHERE other.phone = waiting_list.phone"
        " AND other.item_id = waiting_list.item_id AND other.ended_at IS NULL)",
        {"now": ctx.at, "id": waiting_id},
    )
    if done.rowcount:
        ctx.changed("waiting_list", waiting_id)


def _put_off_all(ctx: Context, until: datetime) -> None:
    ctx.db.execute(
        "UPDATE waiting_list SET look_at = ? WHERE ended_at IS NULL AND look_at <= ?",
        (stamp(until), ctx.at),
    )


def _queued(ctx: Context) -> int:
    # The status as a literal: each has an index of its own.
    return sum(
        int(
            ctx.db.execute(
                f"SELECT count(*) FROM messages WHERE status = '{status}' AND kind = '{KIND}'"  # noqa: S608
            ).fetchone()[0]
        )
        for status in ("queued", "held")
    )


def _wanted(ctx: Context, row: sqlite.Row) -> bool:
    """Whether the one who asked still wants it: they have not ordered it since, nor said STOP.

    STOP is about promos, and this SMS is none: they asked for it themselves, so it
    needs no consent, and goes to those who had said STOP before. A STOP that came after it is the later
    word of the two, and ends it.
    """
    found = ctx.db.execute(
        "SELECT customers.consent = 'stopped' AND customers.consent_at > :at AS stopped,"
        " EXISTS (SELECT 1 FROM orders JOIN order_lines ON order_id = orders.id"
        "  WHERE orders.customer_id IN (SELECT id FROM kept WHERE kept_id = customers.id)"
        "  AND item_id = :item AND received_at > :at"
        "  AND status IN ('waiting', 'confirmed', 'collected')) AS ordered"
        " FROM phones JOIN customers ON customers.id = phones.customer_id"
        " WHERE number = :phone AND active = 1"
        " AND customers.id = (SELECT kept_id FROM kept WHERE id = :customer)",
        {
            "phone": row["phone"], "customer": row["customer_id"], "at": row["at"],
            "item": row["item_id"],
        },
    ).fetchone()  # fmt: skip
    return found is not None and not found["stopped"] and not found["ordered"]


def _tell_or_put_off(ctx: Context, row: sqlite.Row) -> None:
    item = catalogue.by_id(ctx, row["item_id"])
    if row["quantity"] > item.available - _promised(ctx, item.id):
        _put_off(ctx, row["id"], ctx.now + _BLOCKED)
        return
    busy = _talks_until(ctx, row)
    if busy is not None:
        _put_off(ctx, row["id"], busy)
        return
    customer = people.by_id(ctx, row["customer_id"])
    if limits.day_over(ctx, customer):
        # One SMS puts a number on twenty lists: what they bring costs no more than answers may.
        _put_off(ctx, row["id"], day_begin(ctx.now) + timedelta(days=1))
        return
    price = pricing.of(ctx, item, customer.id).price
    text = replies.ARRIVED(ctx, code=item.code, name=item.name, price=rupiah(price))
    try:
        message_id = outbox.queue(ctx, row["phone"], text, KIND, customer_id=customer.id)
    except TextTooLong:
        # The shop has written a long text around it; there is no shorter one.
        _end(ctx, row["id"], None)
        return
    limits.count(ctx, text, customer)
    people.quote(ctx, customer.id, {item.id: price})
    talk.remember(ctx, customer.id, message_id, Said(quoted=(item.id,)))
    _end(ctx, row["id"], message_id)


def _put_off(ctx: Context, waiting_id: int, until: datetime) -> None:
    ctx.db.execute("UPDATE waiting_list SET look_at = ? WHERE id = ?", (stamp(until), waiting_id))


def _end(ctx: Context, waiting_id: int, message_id: int | None) -> None:
    ctx.db.execute(
        "UPDATE waiting_list SET ended_at = ?, told = ? WHERE id = ?",
        (ctx.at, message_id, waiting_id),
    )
    ctx.changed("waiting_list", waiting_id)


def _promised(ctx: Context, item_id: int) -> int:
    """Units of an item that are thought to be for those who were told of it lately. What they have
    ordered since is reserved, and counts no more."""
    row = ctx.db.execute(
        "SELECT coalesce(sum(waiting_list.quantity), 0) FROM waiting_list"
        " JOIN messages ON messages.id = told"
        " WHERE item_id = :item AND messages.at > :since"
        " AND messages.status NOT IN ('cancelled', 'expired', 'failed')"
        " AND NOT EXISTS (SELECT 1 FROM orders JOIN order_lines ON order_id = orders.id"
        "  WHERE orders.phone = waiting_list.phone AND order_lines.item_id = :item"
        "  AND received_at >= messages.at AND orders.customer_id IN (SELECT id FROM kept"
        "   WHERE kept_id = (SELECT kept_id FROM kept WHERE id = waiting_list.customer_id)))",
        {"item": item_id, "since": stamp(ctx.now - timedelta(hours=TURN_HOURS(ctx)))},
    ).fetchone()
    return int(row[0])


def _talks_until(ctx: Context, row: sqlite.Row) -> datetime | None:
    """Until when a talk with the customer may go on, None if there is none: a YA or a number that
    answers what was said before must not fall to what is told now."""
    if questions.open_one(ctx, people.by_id(ctx, row["customer_id"]).id) is not None:
        return ctx.now + _BLOCKED
    last = ctx.db.execute(
        "SELECT at FROM messages WHERE phone = ? ORDER BY id DESC LIMIT 1", (row["phone"],)
    ).fetchone()
    if last is None:
        return None
    until = moment(last[0]) + _TALKING
    return until if until > ctx.now else None


def unwanted(ctx: Context, message_id: int) -> str:
    """Why this SMS is not to go out any more, "" if it is; asked at the very last moment. Whoever is
    not told because the goods are gone again goes on waiting."""
    row = ctx.db.execute("SELECT * FROM waiting_list WHERE told = ?", (message_id,)).fetchone()
    if row is None:
        return ""
    if not _wanted(ctx, row):
        return N_("not wanted any more")
    item = catalogue.by_id(ctx, row["item_id"])
    if item.active and item.available >= row["quantity"]:
        return ""
    _again(ctx, row["id"])
    return N_("sold again meanwhile")
