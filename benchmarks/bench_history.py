"""The cost of one more SMS with 1,000,000 messages stored, over that with 1,000.

One more SMS is the whole exchange in the store: taken in, read, answered, claimed, sent, reported;
every step committed. Both stores are measured in turns in one run; at most 1.10 is wanted.
"""

import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from crm_tui.clock import stamp
from crm_tui.gsm import pdu
from crm_tui.gsm.text import segments
from crm_tui.practice.clock import EventClock
from crm_tui.shop.answers import handling
from crm_tui.shop.answers.settings import DAILY_LIMIT
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import delivery, inbox
from crm_tui.shop.messages.deduplication import identity
from crm_tui.shop.promos import due as promos_due
from tests.shop import START, found

SMALL, LARGE = 1_000, 1_000_000
EXCHANGES = 1_500
WARM_UP = 100
WANTED = 1.10
CUSTOMERS = 20_000


def filled(folder: Path, count: int) -> Context:
    """A shop with so many messages, half of them answers, of up to 20,000 customers."""
    clock = EventClock(START)
    ctx = found(folder, clock)
    settings.change(ctx, DAILY_LIMIT.key, "1000000")
    connection = ctx.db.conn
    begin = START - timedelta(days=400)
    people = min(CUSTOMERS, count // 4)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO customers (id, created_at) VALUES (?, '')",
        ((n,) for n in range(1, people + 1)),
    )
    connection.executemany(
        "INSERT INTO phones VALUES (?, ?)", ((phone(n), n) for n in range(1, people + 1))
    )
    pairs = count // 2

    def moments(number: int) -> str:
        return stamp(begin + timedelta(seconds=number * 30))

    connection.executemany(
        "INSERT INTO messages (id, direction, kind, at, phone, customer_id, text, status, status_at,"
        " read_as, wishes)"
        " VALUES (?, 'in', 'sms', ?, ?, ?, 'HARGA AB-1', 'answered', ?, 'price', '[]')",
        (
            (2 * n + 1, moments(n), phone(1 + n * 7919 % people), 1 + n * 7919 % people, moments(n))
            for n in range(pairs)
        ),
    )
    connection.executemany(
        "INSERT INTO messages (id, direction, kind, at, phone, customer_id, text, status, status_at,"
        " reply_to) VALUES (?, 'out', 'answer', ?, ?, ?, 'AB-1 Rp10.000, ada', 'delivered', ?, ?)",
        (
            (2 * n + 2, moments(n), phone(1 + n * 7919 % people), 1 + n * 7919 % people, moments(n),
             2 * n + 1)
            for n in range(pairs)
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO pdus (identity, at, kind, pdu, message_id, segment)"
        " VALUES (?, ?, 'deliver', ?, ?, 1)",
        ((identity(f"{n:032x}"), moments(n), "0" * 80, 2 * n + 1) for n in range(pairs)),
    )
    connection.executemany(
        "INSERT INTO segments (message_id, number, phone, pdu, status, status_at, reference)"
        " VALUES (?, 1, ?, ?, 'delivered', ?, ?)",
        (
            (2 * n + 2, phone(1 + n * 7919 % people), "0" * 120, moments(n), n % 256)
            for n in range(pairs)
        ),
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ctx.acting(GATEWAY)


def phone(number: int) -> str:
    return f"+62811{number:08d}"


def exchange(ctx: Context, catalogue: Catalogue, number: int, people: int) -> float:
    """The seconds of one exchange with a customer who has written before."""
    who = phone(1 + number * 104_729 % people)
    assert isinstance(ctx.clock, EventClock)
    ctx.clock.wait(40)
    came = pdu.deliver(who, segments("HARGA AB-1")[0], ctx.clock.now())
    began = time.perf_counter()
    inbox.take_in(ctx, [came])
    handling.handle(ctx, inbox.unread(ctx, 1)[0], catalogue)
    segment = delivery.upcoming(ctx)
    assert segment is not None
    delivery.claim(ctx, segment, promos_due.unwanted)
    delivery.sent(ctx, segment, number % 256)
    now = ctx.clock.now()
    inbox.take_in(ctx, [pdu.report(who, number % 256, now, now)])
    return time.perf_counter() - began


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        shops = {
            count: (
                filled(Path(place) / str(count), count),
                Catalogue(),
                min(CUSTOMERS, count // 4),
            )
            for count in (SMALL, LARGE)
        }
        seconds: dict[int, list[float]] = {SMALL: [], LARGE: []}
        for number in range(EXCHANGES):
            for count, (ctx, catalogue, people) in shops.items():
                seconds[count].append(exchange(ctx, catalogue, number, people))
        for ctx, _, _ in shops.values():
            ctx.store.close()
    small, large = (statistics.median(seconds[count][WARM_UP:]) for count in (SMALL, LARGE))
    ratio = large / small
    print(
        f"one more SMS: {small * 1000:.2f} ms with {SMALL:,} messages, {large * 1000:.2f} ms with"
        f" {LARGE:,}; ratio {ratio:.2f}, at most {WANTED}: {'yes' if ratio <= WANTED else 'NO'}"
    )
    return 0 if ratio <= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
