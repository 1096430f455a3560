"""Any conversation of three customers, the staff, and whoever sends under their numbers as a name:
nobody reads or moves what is another's."""

import random
import re
from typing import Any

import pytest

from crm_tui.gsm import pdu
from crm_tui.gsm.text import segments
from crm_tui.shop.answers import handling
from crm_tui.shop.answers import settings as answer_settings
from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import delivery, inbox
from crm_tui.shop.messages.deduplication import Received
from crm_tui.shop.orders import book, deciding
from crm_tui.shop.orders import settings as order_settings
from crm_tui.shop.sales import collecting
from tests.shop import ANI, BUDI, CITRA, Shop, ledgers_add_up

PEOPLE = {ANI: "Anindya", BUDI: "Budiman", CITRA: "Citrawati"}
FIRST = 50_001
"""Orders are counted from here, so that a number in an answer is an order's and nothing else."""
CODES = ("PQ-R", "PQ-S", "AB-1", "CD-2-X", "GH-4", "EF-3", "KOS-0")
SAID = (
    "PESAN {code} {count}", "PESAN {code} {count}, {other} 1", "TAMBAH {code} {count}",
    "UBAH {code} {count}", "UBAH {code} 0", "BATAL", "BATAL {order}", "YA", "YA {order}", "ya",
    "iya mas", "STATUS", "STATUS {order}", "POIN", "PROMO", "START", "STOP", "DAFTAR {name}",
    "DAFTAR {name}, Jalan {name} 1", "HARGA {code}", "STOK {code} {other}", "PESAN {code} 99999",
    "mau {code} {count} ya", "yg {code} ada?", "jadi {count} aja", "batal deh", "yang {code} jangan",
    "tambah {count} lagi", "{count}", "nomor {order} sudah siap?", "ubah {order} jadi {count}",
    "KABARI {code}", "pesanan saya mana", "INFO",
)  # fmt: skip


class Talks:
    """Three customers and a shop, a step at a time."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.ctx = shop, shop.ctx
        self.worker = shop.ctx.acting(GATEWAY)
        self.chance = random.Random(seed)
        self.catalogue = Catalogue()
        for setting in (
            answer_settings.NUMBER_LIMIT, answer_settings.SAME_LIMIT, order_settings.MOST_WAITING,
            order_settings.MOST_WAITING_BOUGHT,
        ):  # fmt: skip
            shop.set(setting, 100)
        shop.set(answer_settings.NUMBER_DAY, 10_000)
        with self.ctx.store.transaction() as db:
            db.execute(
                "INSERT INTO customers (id, name, created_at, own_name) VALUES (999, 'x', '', 1)"
            )
            db.execute(
                "INSERT INTO orders (id, customer_id, phone, received_at, status, status_at)"
                " VALUES (?, 999, '', '', 'cancelled', '')",
                (FIRST - 1,),
            )
            db.execute("UPDATE stock SET on_hand = on_hand")
        for phone, name in PEOPLE.items():
            people.register(self.worker, people.prospect(self.worker, phone).id, name, "")
        self.steps = (self.say, self.say, self.say, self.say, self.hand_out, self.decide, self.pose,
                      self.wait)  # fmt: skip

    def step(self) -> None:
        self.chance.choice(self.steps)()

    def all_of(self, phone: str) -> tuple[Any, ...]:
        """What belongs to the one with this number."""
        db = self.ctx.db
        owner = db.execute("SELECT customer_id FROM phones WHERE number = ?", (phone,)).fetchone()[
            0
        ]
        queries = (
            "SELECT name, address, consent, kind FROM customers WHERE id = ?",
            "SELECT id, status, item_id, quantity, price FROM orders JOIN order_lines ON order_id ="
            " orders.id WHERE customer_id = ? ORDER BY 1, 3",
            "SELECT answer FROM consents WHERE customer_id = ?",
            "SELECT * FROM point_lots WHERE customer_id = ?",
            "SELECT item_id, quantity, ended_at FROM waiting_list WHERE customer_id = ?",
        )
        return tuple(tuple(map(tuple, db.execute(query, (owner,)).fetchall())) for query in queries)

    def snapshot(self) -> dict[str, tuple[Any, ...]]:
        return {phone: self.all_of(phone) for phone in PEOPLE}

    def orders_of(self, phone: str) -> set[int]:
        rows = self.ctx.db.execute("SELECT id FROM orders WHERE phone = ?", (phone,)).fetchall()
        return {int(row[0]) for row in rows}

    def words(self) -> str:
        orders = [*self.orders_of(ANI), *self.orders_of(BUDI), *self.orders_of(CITRA), FIRST]
        return self.chance.choice(SAID).format(
            code=self.chance.choice(CODES), other=self.chance.choice(CODES),
            count=self.chance.randint(1, 4), order=self.chance.choice(orders),
            name=self.chance.choice(("Anindya", "Ani Dewi", "toko bit.ly/x")),
        )  # fmt: skip

    def written(self, since: int) -> list[Any]:
        return self.ctx.db.execute(
            "SELECT phone, text FROM messages WHERE direction = 'out' AND id > ?", (since,)
        ).fetchall()

    def last(self) -> int:
        return int(self.ctx.db.execute("SELECT coalesce(max(id), 0) FROM messages").fetchone()[0])

    def tells_nothing_of_others(self, since: int) -> None:
        """What was written since is to nobody but whom it is about."""
        for phone, text in self.written(since):
            own = self.orders_of(phone)
            numbers = {int(number) for number in re.findall(r"\b5\d{4}\b", text)}
            assert numbers <= own, (phone, text)
            for other, name in PEOPLE.items():
                assert other == phone or name not in text, (phone, text)
                assert other not in text

    def say(self) -> None:
        """A customer writes."""
        phone = self.chance.choice(list(PEOPLE))
        said = self.words()
        if phone != ANI:
            said = said.replace("Anindya", PEOPLE[phone])
        before, since = self.snapshot(), self.last()
        answerable = self.answerable(phone)
        with self.ctx.store.transaction() as db:
            key = db.execute(
                "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
                " VALUES ('in', 'sms', ?, ?, ?, 'new', ?) RETURNING id",
                (self.ctx.at, phone, said, self.ctx.at),
            ).fetchone()[0]
        handling.handle(self.worker, key, self.catalogue)
        after = self.snapshot()
        for other in PEOPLE:
            assert other == phone or before[other] == after[other], (phone, said)
        if said == "YA" and not answerable:
            # A place on the waiting list costs nobody anything.
            assert before[phone][:4] == after[phone][:4], (phone, "YA to nothing")
        assert {to for to, _ in self.written(since)} <= {phone}
        self.tells_nothing_of_others(since)

    def answerable(self, phone: str) -> bool:
        """Whether anything that this customer was asked has gone out."""
        row = self.ctx.db.execute(
            "SELECT EXISTS (SELECT 1 FROM questions JOIN phones ON phones.customer_id ="
            " questions.customer_id JOIN segments ON segments.message_id = questions.message_id"
            " WHERE phones.number = ? AND questions.open = 1 AND out_at IS NOT NULL)",
            (phone,),
        ).fetchone()
        return bool(row[0])

    def hand_out(self) -> None:
        """Some of what waits goes out, some is delivered."""
        for number in range(self.chance.randint(1, 6)):
            segment = delivery.upcoming(self.worker)
            if segment is None or not delivery.claim(self.worker, segment, lambda *_: ""):
                return
            delivery.sent(self.worker, segment, number)

    def decide(self) -> None:
        """The staff do something with an order, whosever it is."""
        row = self.ctx.db.execute(
            "SELECT id, phone FROM orders WHERE status IN ('waiting', 'confirmed')"
            " ORDER BY random() LIMIT 1"
        ).fetchone()
        if row is None:
            return
        number, phone = row
        order = book.get(self.ctx, number)
        more = {key: count + self.chance.randint(-1, 2) for key, count in order.wanted.items()}
        actions = (
            lambda: deciding.confirm(self.ctx, number),
            lambda: deciding.reject(self.ctx, number, "habis"),
            lambda: deciding.change(self.ctx, number, more, hold=self.chance.choice((0.0, 30.0))),
            lambda: deciding.call_off(self.ctx, number),
            lambda: collecting.collect(self.ctx, number),
            lambda: deciding.take_back(self.ctx, number),
        )
        before, since = self.snapshot(), self.last()
        try:
            self.chance.choice(actions)()
        except RuleBroken:
            return
        after = self.snapshot()
        for other in PEOPLE:
            assert other == phone or before[other] == after[other]
        assert {to for to, _ in self.written(since)} <= {phone}
        self.tells_nothing_of_others(since)

    def pose(self) -> None:
        """Somebody sends under a customer's number as a name."""
        name = self.chance.choice(list(PEOPLE)).removeprefix("+")[:11]
        made = pdu.deliver(
            name, segments(self.words())[0], self.ctx.now.astimezone(), named=True,
            service_centre="+6281100000",
        )  # fmt: skip
        before, since = self.snapshot(), self.last()
        inbox.take_in(self.worker, [Received(made)])
        for key in inbox.unread(self.worker):
            handling.handle(self.worker, key, self.catalogue)
        assert self.snapshot() == before
        assert not self.written(since)

    def wait(self) -> None:
        self.shop.clock.wait(self.chance.choice((1, 30, 600, 7 * 3600)))
        delivery.tend(self.worker)


def _talk(shop: Shop, seed: int, steps: int) -> Talks:
    talks = Talks(shop, seed)
    for _ in range(steps):
        talks.step()
    ledgers_add_up(shop.ctx)
    return talks


@pytest.mark.parametrize("seed", range(4))
def test_nobody_reaches_what_is_anothers(shop: Shop, seed: int) -> None:
    """In any conversation no SMS moves or tells another's order, points, name, consent or data, none
    under a sender's name does anything, and a YA to a question that has not gone out does nothing."""
    talks = _talk(shop, seed, 250)
    assert talks.ctx.db.execute("SELECT count(*) FROM orders").fetchone()[0] > 2


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_nobody_ever_reaches_what_is_anothers(shop: Shop, seed: int) -> None:
    """The same in 20,000 steps."""
    _talk(shop, seed, 2_000)
