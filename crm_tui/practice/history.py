"""Three months in the practice shop, lived through in seconds by the shop's own commands.

Every SMS is a PDU that is taken in, read and answered as a real one; all of it is one transaction.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from crm_tui.clock import SimulatedClock
from crm_tui.gsm import pdu as pdus
from crm_tui.gsm.text import segments
from crm_tui.practice import people
from crm_tui.practice.people import Person
from crm_tui.shop.answers import handling
from crm_tui.shop.customers import cards
from crm_tui.shop.customers import people as customers
from crm_tui.shop.customers.cards import Card
from crm_tui.shop.gate.commands import together
from crm_tui.shop.gate.context import GATEWAY, Actor, Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items import catalogue, stock
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.loyalty import tiers
from crm_tui.shop.messages import correspondence, delivery, inbox
from crm_tui.shop.orders import changing, deciding
from crm_tui.shop.promos import campaigns, pricing
from crm_tui.shop.promos import due as promos_due
from crm_tui.shop.promos import sending as promo_sending
from crm_tui.shop.sales import collecting, drawer, receivables, till
from crm_tui.shop.sales.cart import Sold
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.store import Store

DAYS = 90
PROMO_DAYS = 4
"""How many days ago the promo that still goes on began."""
_CENTRE = "+6281100000"
Progress = Callable[[float], None]
_DELIVERIES = (0, 3)
"""Weekdays on which suppliers come: Monday and Thursday."""
_SUPPLIERS = {
    "Oli": "PT Sumber Pelumas", "Aki": "UD Baterai Jaya", "Ban": "CV Ban Sriwijaya",
    "Rem": "PT Astra Parts Palembang", "Filter": "PT Astra Parts Palembang",
}  # fmt: skip
_OTHERS = "Toko Grosir 16 Ilir"
_ONCE = 4
"""Units that there were of what has run out since."""
_OFFERED, _PROMO, _PROMO_LASTS = "OLI-FED", "Ganti oli hemat", 14
_RAN_OUT = "KR-BEAT-B"
_SOLD_TODAY = ("BSI-C7", 2)
_LIMIT, _FLOAT, _COINS = 3_000_000, 200_000, 2_000
"""Rupiah: what the debtor may owe, what stays in the drawer, what may be missing from it."""


def live(
    store: Store,
    staff: Mapping[str, Actor],
    shelf: Mapping[str, int],
    costs: Mapping[str, int],
    now: datetime,
    progress: Progress,
    *,
    days: int = DAYS,
) -> None:
    """Fill the store with `days` days before `now`, and with what waits this very hour.

    `staff`: the accounts by their names; `shelf`: how much of each code stands there this morning;
    `costs`: rupiah that suppliers take for a unit.
    """
    clock = SimulatedClock(now - timedelta(days=days))
    history = _History(store, clock, staff, shelf, costs)
    first = (now - timedelta(days=days)).astimezone().date()
    before = days - PROMO_DAYS
    with together(*history.everybody):
        history.open()
        for number in range(before):
            history.day(first + timedelta(days=number))
            progress(number / days)
    # A promo is no single transaction: its list is written in slices.
    history.promo(first + timedelta(days=before))
    with together(*history.everybody):
        for number in range(before, days):
            history.day(first + timedelta(days=number))
            progress(number / days)
        history.this_hour(now)
    progress(1.0)


class _History:
    def __init__(
        self,
        store: Store,
        clock: SimulatedClock,
        staff: Mapping[str, Actor],
        shelf: Mapping[str, int],
        costs: Mapping[str, int],
    ) -> None:
        self._clock = clock
        self.worker = Context(store, clock, GATEWAY)
        self.counter = Context(store, clock, staff["sari"])
        self._foreman = Context(store, clock, staff["tono"])
        self._manager = Context(store, clock, staff["dewi"])
        self.everybody = (self.worker, self.counter, self._foreman, self._manager)
        # The same shop every time: only the days differ.
        self._chance = random.Random(2026)
        self._catalogue = Catalogue()
        self._reference = 0
        rows = store.db.execute("SELECT id, code, price, category FROM items ORDER BY id")
        self._items = {row["code"]: row for row in rows.fetchall()}
        self._shelf, self._costs = shelf, costs
        codes = list(self._items)
        self._tastes: dict[str, Sequence[str]] = {
            person.phone: self._chance.sample(codes, 6) for person in people.PEOPLE
        }

    def open(self) -> None:
        """The first delivery, before the first customer."""
        self._at(self._clock.now().astimezone().date(), 7 * 60)
        self._deliver({code: shelf or _ONCE for code, shelf in self._shelf.items()})
        self._on_account({"OLI-SHL10": 2, "FO-INN": 3})

    def day(self, day: date) -> None:
        """A working day: customers write from eight to six, the staff answer by and by."""
        sunday = day.weekday() == 6
        if day.weekday() in _DELIVERIES:
            self._at(day, 7 * 60 + 40)
            self._refill()
        count = self._chance.randint(1, 4) if sunday else self._chance.randint(5, 10)
        writers = self._chance.choices(
            people.PEOPLE, weights=[person.weight for person in people.PEOPLE], k=count
        )
        minutes = sorted(self._chance.sample(range(8 * 60, 17 * 60 + 30), count))
        for person, minute in zip(writers, minutes, strict=True):
            self._at(day, minute)
            self._writes(person, people.message(self._chance, person, self._tastes[person.phone]))
            self._work(day, min(minute + self._chance.randint(1, 12), 17 * 60 + 50))
            if self._chance.random() < 0.3:
                self._sells()
        self._at(day, 17 * 60 + 55)
        for number in changing.overdue(self.worker):
            changing.expire(self.worker, number)
        self._send()
        self._close_the_drawer()

    def promo(self, day: date) -> None:
        """Whoever signed for it hears of a discount; it lasts on."""
        self._at(day, 7 * 60 + 55)
        for number, person in enumerate(people.PEOPLE):
            found = customers.by_phone(self.counter, person.phone)
            if found is not None and number % 4 != 3 and found.consent == "unknown":
                customers.consent(self.counter, found.id, "yes", "formulir")
        tiers.keep_up(self.worker)
        for tier, discount in zip(tiers.every(self.worker), (300, 200, 100), strict=False):
            tiers.save(self._manager, replace(tier, discount=discount))
        receivables.repay(self.counter, self._debtor(), 500_000, "transfer")
        self._on_account({"AKI-NS40": 1})
        self._at(day, 10 * 60)
        item = self._items[_OFFERED]
        draft = campaigns.beginning(self._manager, "discount")
        draft = replace(draft, name=_PROMO, items=((item["id"], 1000),), days=_PROMO_LASTS)
        promo = campaigns.save(self._manager, draft)
        campaigns.start(self._manager, promo)
        promos_due.finish_building(self._manager)
        for minute in range(30):
            self._at(day, 10 * 60 + minute)
            promo_sending.feed(self.worker)
            self._send()

    def this_hour(self, now: datetime) -> None:
        """What waits for the trainee: two orders, a message that only people understand, and one
        order that is ready to be fetched; a drawer that was used, and something that ran out."""
        self._clock.set(now - timedelta(minutes=175))
        self._arrive()
        self._clock.set(now - timedelta(minutes=168))
        self._sells(*_SOLD_TODAY)
        self._clock.set(now - timedelta(minutes=161))
        self._writes(people.PEOPLE[3], f"HARGA {_RAN_OUT}")
        self._clock.set(now - timedelta(minutes=160))
        self._writes(people.PEOPLE[3], "kabari kalau ada")
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

    # ── goods and money ───────────────────────────────────────────────────────────────────────

    def _there(self) -> dict[str, tuple[int, int]]:
        """Units on the shelf and units promised, by code."""
        rows = self.worker.db.execute(
            "SELECT code, on_hand, reserved FROM stock JOIN items ON items.id = item_id"
        ).fetchall()
        return {row["code"]: (int(row["on_hand"]), int(row["reserved"])) for row in rows}

    def _deliver(self, wanted: Mapping[str, int]) -> None:
        """Goods in, a document of each supplier."""
        by_supplier: dict[str, list[Goods]] = {}
        for code, quantity in wanted.items():
            item = self._items[code]
            supplier = _SUPPLIERS.get(item["category"], _OTHERS)
            goods = Goods(int(item["id"]), quantity, self._costs[code])
            by_supplier.setdefault(supplier, []).append(goods)
        for supplier, delivered in by_supplier.items():
            stock.receive(self._foreman, delivered, supplier)

    def _refill(self) -> None:
        """Whatever has fallen below half of what is usually there; a shelf may be full and promised."""
        there = self._there()
        self._deliver(
            {
                code: shelf - there[code][0]
                for code, shelf in self._shelf.items()
                if there[code][0] - there[code][1] < shelf / 2 and there[code][0] < shelf
            }
        )

    def _arrive(self) -> None:
        """This morning's shelves, and the goods that are promised."""
        more, less = {}, []
        for code, (there, promised) in self._there().items():
            wanted = max(self._shelf[code], promised)
            if wanted > there:
                more[code] = wanted - there
            elif wanted < there:
                less.append(Goods(int(self._items[code]["id"]), there - wanted))
        self._deliver(more)
        if less:
            stock.give_back(self._foreman, less, _OTHERS, "tidak laku")

    def _sells(self, code: str = "", quantity: int = 1) -> None:
        """Somebody comes in, takes something and pays."""
        there = self._there()
        free = [each for each, (count, promised) in there.items() if count - promised > 3]
        line = self._line(code or self._chance.choice(free), quantity)
        method = self._chance.choice(("cash", "cash", "cash", "qris"))
        till.sell(self.counter, [line], [Paid(method, line.total)])

    def _line(self, code: str, quantity: int, customer_id: int | None = None) -> Sold:
        """What is sold now, at today's offer."""
        item = catalogue.by_code(self.counter, code)
        off = item.price - pricing.of(self.counter, item, customer_id).price
        return Sold(item.id, item.price, quantity, off * quantity, offer=bool(off))

    def _on_account(self, wanted: Mapping[str, int]) -> None:
        """A workshop takes goods that it pays later."""
        customer_id = self._debtor()
        lines = [self._line(code, count, customer_id) for code, count in wanted.items()]
        total = sum(line.total for line in lines)
        till.sell(self._foreman, lines, [Paid("account", total)], customer_id)

    def _debtor(self) -> int:
        """The workshop that may pay later; its key."""
        who = people.DEBTOR
        found = customers.by_phone(self._manager, who.phone)
        if found is not None:
            return found.id
        card = Card(who.name, who.address, "Bayar tiap awal bulan.", _LIMIT, who.phone)
        return cards.add(self._manager, card)

    def _close_the_drawer(self) -> None:
        """Count it; now and then some coins are missing."""
        seen = drawer.current(self.counter)
        if seen is None:
            return
        counted = dict(seen.expected)
        if self._chance.random() < 0.1 and counted["cash"] > _COINS:
            counted["cash"] -= _COINS
        drawer.close(self.counter, counted, seen, left=min(_FLOAT, counted["cash"]))

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
            segment = delivery.upcoming(self.worker)
            if segment is None:
                return
            if not delivery.claim(self.worker, segment, promos_due.unwanted):
                continue
            self._reference = (self._reference + 1) & 0xFF
            delivery.sent(self.worker, segment, self._reference)
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
