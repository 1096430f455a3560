"""Three months in the practice shop, lived through in seconds by the shop's own commands.

Every SMS is a PDU that is taken in, read and answered as a real one; all of it is one transaction.
"""

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from crm_tui.clock import SimulatedClock
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.text import segments
from crm_tui.practice import people
from crm_tui.practice.people import Person
from crm_tui.shop.answers import handling
from crm_tui.shop.gate.commands import together
from crm_tui.shop.gate.context import GATEWAY, Actor, Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import correspondence, inbox, sending
from crm_tui.shop.orders import changing, deciding
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.shop.sales import collecting
from crm_tui.store import Store

DAYS = 90
_CENTRE = "+6281100000"
Progress = Callable[[float], None]


def live(
    store: Store, staff: Actor, now: datetime, progress: Progress, *, days: int = DAYS
) -> None:
    """Fill the store with `days` days before `now`, and with what waits this very hour."""
    clock = SimulatedClock(now - timedelta(days=days))
    history = _History(store, clock, staff)
    with together(history.worker, history.counter):
        first = (now - timedelta(days=days)).astimezone().date()
        for number in range(days):
            history.day(first + timedelta(days=number))
            progress(number / days)
        history.this_hour(now)
    progress(1.0)


class _History:
    def __init__(self, store: Store, clock: SimulatedClock, staff: Actor) -> None:
        self._clock = clock
        self.worker = Context(store, clock, GATEWAY)
        self.counter = Context(store, clock, staff)
        # The same shop every time: only the days differ.
        self._chance = random.Random(2026)
        self._catalogue = Catalogue()
        self._reference = 0
        codes = [row[0] for row in store.db.execute("SELECT code FROM items ORDER BY id")]
        self._tastes: dict[str, Sequence[str]] = {
            person.phone: self._chance.sample(codes, 6) for person in people.PEOPLE
        }

    def day(self, day: date) -> None:
        """A working day: customers write from eight to six, the staff answer by and by."""
        sunday = day.weekday() == 6
        count = self._chance.randint(1, 4) if sunday else self._chance.randint(5, 10)
        writers = self._chance.choices(
            people.PEOPLE, weights=[person.weight for person in people.PEOPLE], k=count
        )
        minutes = sorted(self._chance.sample(range(8 * 60, 17 * 60 + 30), count))
        for person, minute in zip(writers, minutes, strict=True):
            self._at(day, minute)
            self._writes(person, people.message(self._chance, person, self._tastes[person.phone]))
            self._work(day, min(minute + self._chance.randint(1, 12), 17 * 60 + 50))
        self._at(day, 17 * 60 + 55)
        for number in changing.overdue(self.worker):
            changing.expire(self.worker, number)
        self._send()

    def this_hour(self, now: datetime) -> None:
        """What waits for the trainee: two orders, a message that only people understand, and one
        order that is ready to be fetched."""
        self._clock.set(now - timedelta(minutes=150))
        self._writes(people.PEOPLE[8], "PESAN OLI-MPX1 1, OLI-GRD 1")
        self._clock.set(now - timedelta(minutes=139))
        for row in self.counter.db.execute(
            "SELECT id FROM orders WHERE status = 'waiting'"
        ).fetchall():
            deciding.confirm(self.counter, int(row[0]))
        self._send()
        waiting = (
            (38, people.PEOPLE[2], "PESAN KR-VAR-D 2, OLI-MPX2 6, BSI-C7 10"),
            (21, people.PEOPLE[4], "Pak, kampas rem yang kemarin kok bunyi ya?"),
            (9, people.PEOPLE[1], "psn FO-AVZ 1, OLI-SHL10 1"),
        )
        for minutes, person, text in waiting:
            self._clock.set(now - timedelta(minutes=minutes))
            self._writes(person, text)
        self._clock.set(now)

    def _at(self, day: date, minute: int) -> None:
        at = datetime.combine(day, time(minute // 60, minute % 60, self._chance.randrange(60)))
        self._clock.set(at.astimezone())

    # ── what happens ──────────────────────────────────────────────────────────────────────────

    def _writes(self, person: Person, text: str) -> None:
        at = self._clock.now().astimezone()
        for part in segments(text):
            inbox.take_in(
                self.worker, [pdus.deliver(person.phone, part, at, service_centre=_CENTRE)]
            )
        for message_id in inbox.unread(self.worker):
            handling.handle(self.worker, message_id, self._catalogue)
        self._send()

    def _send(self) -> None:
        """The network takes what waits, and most telephones say that they have it."""
        while True:
            segment = sending.upcoming(self.worker)
            if segment is None:
                return
            if not sending.claim(self.worker, segment, promo_sending.unwanted):
                continue
            self._reference = (self._reference + 1) & 0xFF
            sending.sent(self.worker, segment, self._reference)
            if self._chance.random() < 0.97:
                at = self._clock.now().astimezone()
                report = pdus.report(
                    segment.phone, self._reference, at, at + timedelta(seconds=3),
                    service_centre=_CENTRE,
                )  # fmt: skip
                inbox.take_in(self.worker, [report])

    def _work(self, day: date, minute: int) -> None:
        """The staff: decide about orders, hand out what is fetched, settle messages."""
        self._at(day, minute)
        db = self.counter.db
        waiting = db.execute("SELECT id FROM orders WHERE status = 'waiting'").fetchall()
        for row in waiting:
            self._decide(int(row[0]))
        ready = db.execute(
            "SELECT orders.id, phone FROM orders WHERE status = 'confirmed'"
        ).fetchall()
        loyal = {person.phone for person in people.PEOPLE if person.loyal}
        for row in ready:
            if self._chance.random() < (0.5 if row["phone"] in loyal else 0.08):
                collecting.collect(self.counter, int(row[0]))
        for row in db.execute("SELECT id FROM messages WHERE status = 'staff'").fetchall():
            if self._chance.random() < 0.4:
                correspondence.reply(
                    self.counter, int(row[0]), "Bisa Pak/Bu, silakan mampir ke toko."
                )
            else:
                correspondence.settle(self.counter, int(row[0]))
        self._send()

    def _decide(self, number: int) -> None:
        try:
            if self._chance.random() < 0.07:
                deciding.reject(self.counter, number, "barang sedang kosong")
            else:
                deciding.confirm(self.counter, number)
        except RuleBroken:
            deciding.reject(self.counter, number, "stok tidak cukup")
