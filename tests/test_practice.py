"""The practice shop: its history, its lessons, its telephone, and that nothing of it is real."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui.clock import SystemClock
from crm_tui.gateway import port_name
from crm_tui.practice import history, lessons, people
from crm_tui.practice.shop import ACCOUNTS, PACES, PASSWORD, Practice
from crm_tui.shop.answers import handling
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import GATEWAY, Context, console
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.gate.practice import is_practice
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.messages import correspondence
from crm_tui.shop.messages.settings import PORT
from crm_tui.shop.orders import deciding
from crm_tui.shop.promos import pricing
from crm_tui.shop.sales import collecting, drawer, parked, receivables, till
from crm_tui.shop.sales.cart import CartLine, Sold
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.users import login
from crm_tui.store import Store
from tests.counter import StillClock
from tests.shop import START, Shop, cart_of, gone_out, ledgers_add_up


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    copy = tmp_path / "latihan"
    copy.mkdir()
    for name in ("crm.db", "crm.db-wal"):
        if (made / name).exists():
            shutil.copy(made / name, copy / name)
    return copy


def opened(folder: Path) -> Context:
    return Context(Store(store_path(folder)), SystemClock(), console())


def waiting(ctx: Context) -> list[int]:
    """The orders that wait for the trainee."""
    return [row[0] for row in ctx.db.execute("SELECT id FROM orders WHERE status = 'waiting'")]


@pytest.mark.parametrize(
    "hours", [9, *(pytest.param(hours, marks=pytest.mark.soak) for hours in (40, 65, 80, 89))]
)
def test_on_any_day(tmp_path: Path, hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever day and hour it is founded, its ledgers add up and two orders wait."""
    if hours == 9:
        monkeypatch.setattr(history, "DAYS", 12)
    clock = StillClock(START + timedelta(hours=hours))
    Practice(tmp_path, clock).prepare()
    ctx = opened(tmp_path)
    ledgers_add_up(ctx)
    assert len(waiting(ctx)) == 2
    ctx.store.close()


def test_three_months_of_history(folder: Path) -> None:
    """The history is what the rules make of it: ledgers that add up, people who came back, orders of
    every fate, and something that waits for the trainee."""
    ctx = opened(folder)
    ledgers_add_up(ctx)

    def count(query: str) -> int:
        return int(ctx.db.execute(query).fetchone()[0])

    assert count("SELECT count(*) FROM items") >= 60
    assert count("SELECT count(*) FROM messages WHERE direction = 'in'") > 400
    assert count("SELECT count(DISTINCT substr(at, 1, 10)) FROM messages") > 80
    assert count("SELECT count(*) FROM sales") > 100
    assert count("SELECT count(DISTINCT status) FROM orders") >= 5
    assert count("SELECT count(*) FROM orders WHERE status = 'waiting'") == 2
    assert count("SELECT count(*) FROM messages WHERE status = 'staff'") == 1
    assert count("SELECT count(*) FROM orders WHERE status = 'confirmed'") >= 1
    assert count("SELECT count(*) FROM messages WHERE status IN ('queued', 'held', 'new')") == 0
    latest = ctx.db.execute("SELECT max(at) FROM messages").fetchone()[0]
    assert latest <= ctx.at
    for account in ACCOUNTS:
        user = login.sign_in(ctx, account.login, PASSWORD)
        assert (user.name, user.role) == (account.name, account.role)


def test_every_screen_has_something_to_try(folder: Path) -> None:
    """Categories and costs, somebody who owes, what ran out and is waited for, an offer in force,
    tiers with discounts, a drawer of today beside those of past days; no shelf held less than none."""
    ctx = opened(folder)

    def rows(query: str) -> list[Any]:
        return ctx.db.execute(query).fetchall()

    def count(query: str) -> int:
        return int(rows(f"SELECT count(*) FROM ({query})")[0][0])

    assert not count("SELECT 1 FROM items WHERE category = ''")
    assert count("SELECT DISTINCT category FROM items") > 8
    assert not count(
        "SELECT 1 FROM items JOIN stock ON item_id = items.id WHERE cost IS NULL AND on_hand"
    )
    assert count("SELECT 1 FROM dues WHERE due > 0") == 2
    waits = "SELECT 1 FROM waiting_list JOIN stock USING (item_id) WHERE ended_at IS NULL"
    assert count(f"{waits} AND on_hand = 0")
    assert pricing.on_offer(ctx, 5)
    assert any(tier.discount for tier in tiers.every(ctx))
    assert count("SELECT 1 FROM members WHERE tier_id IS NOT NULL")
    open_drawer = drawer.current(ctx)
    assert open_drawer is not None
    assert open_drawer.opened_at > (ctx.now - timedelta(hours=4)).isoformat()[:13]
    assert count("SELECT 1 FROM drawers WHERE closed_at IS NOT NULL") > 50
    by_item: dict[int, int] = {}
    for item_id, quantity in rows("SELECT item_id, quantity FROM stock_moves ORDER BY at, id"):
        by_item[item_id] = by_item.get(item_id, 0) + quantity
        assert by_item[item_id] >= 0, item_id


def test_what_the_clerk_of_the_lessons_may(folder: Path) -> None:
    """The account that is offered first may do all that the lessons ask for."""
    ctx = opened(folder)
    clerk = ctx.acting(login.sign_in(ctx, ACCOUNTS[0].login, PASSWORD).actor)
    assert not any(lessons.done(ctx))
    first, second = waiting(ctx)
    deciding.confirm(clerk, first, hold=5)
    deciding.take_back(clerk, first)
    deciding.confirm(clerk, first)
    deciding.reject(clerk, second, "habis")
    letter = ctx.db.execute("SELECT id FROM messages WHERE status = 'staff'").fetchone()[0]
    correspondence.reply(clerk, letter, "Silakan mampir")
    collecting.collect(clerk, first)
    item = catalogue.by_code(ctx, "BSI-C7")
    till.sell(clerk, [Sold(item.id, item.price, 2)], [Paid("cash", 2 * item.price)])
    line = CartLine(item.id, item.code, item.name, item.unit, item.price, 1)
    aside = parked.park(clerk, cart_of([line]))
    parked.unpark(clerk, aside)
    debtor = ctx.db.execute("SELECT customer_id FROM dues WHERE due > 0").fetchone()[0]
    receivables.repay(clerk, debtor, 10_000, "cash")
    done = zip(lessons.LESSONS, lessons.done(ctx), strict=True)
    names = [lesson.name for lesson, each in done if each]
    assert names == [
        "confirm",
        "take back",
        "reject",
        "staff",
        "collect",
        "sell",
        "put aside",
        "repay",
    ]


def writes(ctx: Context, phone: str, text: str) -> str:
    """What a customer gets back."""
    worker = ctx.acting(GATEWAY)
    with ctx.store.transaction() as db:
        number = db.execute(
            "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
            " VALUES ('in', 'sms', ?, ?, ?, 'new', ?) RETURNING id",
            (ctx.at, phone, text, ctx.at),
        ).fetchone()[0]
    handling.handle(worker, number, Catalogue())
    gone_out(ctx)
    answer = ctx.db.execute("SELECT text FROM messages WHERE reply_to = ?", (number,))
    return str(answer.fetchone()[0])


def test_the_lesson_of_a_price(folder: Path) -> None:
    """The answer to an order is none to a price: only that ticks the lesson."""
    ctx = opened(folder)
    place = [lesson.name for lesson in lessons.LESSONS].index("price")
    for text, ticked in (("PESAN KR-VAR-D 2", False), ("HARGA KR-VAR-D", True)):
        writes(ctx, people.STRANGER.phone, text)
        with ctx.store.transaction() as db:
            db.execute("UPDATE messages SET status = 'sent' WHERE status = 'queued'")
        assert lessons.done(ctx)[place] is ticked


def test_the_lesson_of_free_texts(folder: Path) -> None:
    """The text that the lesson names gets a list, and a number out of it an answer: then it is done."""
    ctx = opened(folder)
    place = [lesson.name for lesson in lessons.LESSONS].index("free")
    stranger = people.STRANGER.phone
    text = "bos kampas rem vario ada ga, brp"
    assert text in lessons.LESSONS[place].how
    assert "2. KR-VAR" in writes(ctx, stranger, text)
    assert not lessons.done(ctx)[place]
    assert "KR-VAR" in writes(ctx, stranger, "2")
    assert lessons.done(ctx)[place]


def test_the_lesson_of_a_talk(folder: Path) -> None:
    """Only the whole talk that the lesson names ticks it: asked, ordered, and changed, in few words."""
    ctx = opened(folder)
    place = [lesson.name for lesson in lessons.LESSONS].index("talk")
    texts = ("ban irc 90/90-14 brp", "2 ya", "yang 80/90 1 juga")
    how = lessons.LESSONS[place].how
    assert all(text in how for text in texts)
    for text in ("PESAN BSI-C7 4", "UBAH BSI-C7 5", "ban irc 70/90-17 brp"):
        writes(ctx, people.PEOPLE[0].phone, text)
    assert not lessons.done(ctx)[place]
    for text in texts:
        assert not lessons.done(ctx)[place]
        writes(ctx, people.STRANGER.phone, text)
    assert lessons.done(ctx)[place]


def test_some_write_as_they_speak(folder: Path) -> None:
    """In the history some customers write freely; most is understood, and orders came of it."""
    ctx = opened(folder)
    read, acted, orders = ctx.db.execute(
        "SELECT count(*), sum(acted), sum(acted AND messages.read_as = 'order') FROM readings"
        " JOIN messages ON messages.id = message_id"
    ).fetchone()
    assert read > 50
    assert acted > read / 2
    assert orders > 10


def test_no_real_port(folder: Path) -> None:
    """Whatever port is named, a practice shop is served by the simulated modem alone."""
    ctx = opened(folder)
    settings.change(ctx, PORT.key, "/dev/ttyUSB0")
    for asked in (None, "auto", "COM3", "socket://10.0.0.1:2000", "/dev/ttyS0"):
        assert port_name(ctx, asked) == "sim://practice"


@pytest.mark.soak
def test_begun_and_not_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A practice shop whose setting up was cut off is set up anew; a whole one is left as it is."""
    folder = tmp_path / "latihan"
    from crm_tui.shop.users import setup

    setup.init(folder, SystemClock(), shop="x", admin="admin", password="kelapa muda").store.close()
    # A week behind it is as good as three months.
    monkeypatch.setattr(history, "DAYS", 7)
    Practice(folder, SystemClock()).prepare()
    ctx = opened(folder)
    assert is_practice(ctx)
    first = waiting(ctx)[0]
    deciding.confirm(ctx, first)
    Practice(folder, SystemClock()).prepare()
    assert (
        ctx.db.execute("SELECT status FROM orders WHERE id = ?", (first,)).fetchone()[0]
        == "confirmed"
    )
    ctx.store.close()


def test_they_write_by_themselves(shop: Shop) -> None:
    """At a pace customers write by themselves; what they write, the shop takes in and answers."""
    practice = Practice(shop.folder, shop.clock)
    practice.plug_in()
    written: list[tuple[str, str]] = []
    practice.write = lambda phone, text: written.append((phone, text))  # type: ignore[method-assign]
    practice.breathe()
    assert not written
    assert [practice.next_pace() for _ in PACES] == [60, 20, 5, 0]
    for _ in range(3):
        practice.next_pace()
    for _ in range(600):
        practice.breathe()
        shop.clock.wait(1.0)
    assert 70 < len(written) < 200
    assert {phone for phone, _ in written} <= {person.phone for person in people.PEOPLE}
    for phone, text in written[:20]:
        shop.says(phone, text)
        # The same words in the same second are the same SMS.
        shop.clock.wait(1.0)
    shop.run(60)
    assert shop.one("SELECT count(*) FROM messages WHERE direction = 'in'") == 20
    assert shop.one("SELECT count(*) FROM messages WHERE status = 'new'") == 0
