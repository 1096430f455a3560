"""Messages in: long ones, odd senders, hostile ones, limits, and what a failing store costs."""

import pytest
from sqlite_utils import Database

from crm_tui import sqlite
from crm_tui.gateway import Gateway
from crm_tui.gsm import pdu
from crm_tui.modem import Stored
from crm_tui.shop.answers import handling
from crm_tui.shop.answers.settings import DAILY_LIMIT, KEPT_SHARE
from crm_tui.shop.customers import people
from crm_tui.shop.gate.commands import _transaction
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import inbox, outbox
from crm_tui.shop.orders import deciding
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.period import Period
from crm_tui.store import Store
from tests.shop import ANI, BUDI, Shop, statuses

LONG = "PESAN PQ-R 1," + " " * 150 + "PQ-S 2," + " " * 150 + "AB-1 1"


@pytest.mark.parametrize("order", [[1, 2, 3], [3, 1, 2], [2, 2, 3, 1, 1]])
@pytest.mark.parametrize("bits", [8, 16])
def test_parts_in_any_order(shop: Shop, order: list[int], bits: int) -> None:
    """Parts out of order or doubled make one message and one order."""
    if bits == 16:
        shop.says(ANI, LONG, order=order, bits=16, reference=700)
    else:
        shop.says(ANI, LONG, order=order)
    shop.run(10)
    assert statuses(shop, "in") == ["answered"]
    assert shop.one("SELECT count(*) FROM order_lines") == 3


def test_parts_of_several_senders(shop: Shop) -> None:
    """Parts of several senders with one reference are not mixed."""
    for position in (1, 2, 3):
        for phone in (ANI, BUDI):
            shop.says(phone, LONG, order=[position], reference=7)
    shop.run(10)
    assert statuses(shop, "in") == ["answered", "answered"]


def test_missing_part(shop: Shop) -> None:
    """With a part missing it is shown incomplete and orders nothing; when the part comes, it does."""
    shop.says(ANI, LONG, order=[1, 3], reference=9)
    shop.run(10)
    assert statuses(shop, "in") == ["incomplete"]
    assert "[…]" in shop.one("SELECT text FROM messages")
    shop.says(ANI, LONG, order=[2], reference=9)
    shop.run(10)
    assert statuses(shop, "in") == ["answered"]


def test_reference_used_again(shop: Shop) -> None:
    """A day later the same reference begins another message."""
    shop.says(ANI, LONG, order=[1], reference=9)
    shop.run(5)
    shop.clock.wait(25 * 3600)
    shop.says(ANI, LONG, order=[2, 3, 1], reference=9)
    shop.run(10)
    assert statuses(shop, "in") == ["staff", "answered"]


@pytest.mark.parametrize("sender", ["TELKOMSEL", "888", "3636"])
def test_names_get_no_reply(shop: Shop, sender: str) -> None:
    """Names and short numbers are shown to the staff and never answered."""
    assert shop.ask(sender, "HARGA AB-1") == ""
    row = shop.rows("SELECT * FROM messages")[0]
    assert (row["phone"], row["status"], row["read_as"]) == (sender, "staff", "human")
    assert not shop.modem.sent


def test_undecodable(shop: Shop) -> None:
    """A PDU without sense is kept, shown, taken off the SIM, and never imported again."""
    for _ in range(2):
        shop.modem.inject_pdu("0791261100")
        shop.run(40)
    assert statuses(shop, "in") == ["undecodable"]
    assert shop.modem.card.used("SM") == 0
    assert shop.one("SELECT pdu FROM pdus WHERE kind = 'undecodable'") == "0791261100"


def test_hostile(shop: Shop, hostile: str) -> None:
    """Whatever is written is kept exactly, orders nothing, and harms nothing."""
    shop.says(ANI, hostile)
    shop.run(60)
    text = shop.one("SELECT text FROM messages WHERE direction = 'in'")
    assert text == hostile.replace("\x07", " ") or text == hostile
    assert shop.one("SELECT count(*) FROM orders") == 0
    assert shop.modem.card.used("SM") == 0


def test_failed_handling_goes_to_the_staff(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """If handling a message fails, nothing of it is kept and the staff get it, with the reason."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("defect")

    monkeypatch.setattr(handling, "finish", fail)
    shop.ask(ANI, "PESAN PQ-R 2")
    monkeypatch.undo()
    row = shop.rows("SELECT * FROM messages")[0]
    assert row["status"] == "staff"
    assert row["reason"] == "it could not be dealt with; the details are in crm.log"
    assert (
        shop.one("SELECT count(*) FROM orders") == shop.one("SELECT count(*) FROM customers") == 0
    )


def test_limit_of_a_number(shop: Shop) -> None:
    """A number gets 20 answers in 5 minutes; what is over is kept and shown."""
    for number in range(25):
        shop.says(ANI, f"HARGA ZZ-{number}")
        shop.run(2)
    assert len(shop.modem.sent) == 20
    assert statuses(shop, "in").count("staff") == 5
    shop.clock.wait(300)
    assert shop.ask(ANI, "HARGA AB-1")


def test_same_answer_three_times(shop: Shop) -> None:
    """The same answer to the same text is given three times within the hour."""
    told = [bool(shop.ask(ANI, "INFO")) for _ in range(5)]
    assert told == [True, True, True, False, False]
    assert shop.ask(ANI, "HARGA AB-1")


def test_limit_of_the_day(shop: Shop) -> None:
    """The day's total is kept; the next day begins anew."""
    shop.set(DAILY_LIMIT, 2)
    shop.set(KEPT_SHARE, 0)
    told = [bool(shop.ask(f"+6281100099{number:02d}", "INFO")) for number in range(4)]
    assert told == [True, True, False, False]
    shop.clock.wait(24 * 3600)
    assert shop.ask(ANI, "INFO")


def test_stop_and_start(shop: Shop) -> None:
    """STOP and START write the consent with its basis; STOP takes queued promos back at once."""
    shop.ask(ANI, "INFO")
    owner = people.by_phone(shop.ctx, ANI)
    assert owner is not None
    shop.modem.faults.sms_errors = [38]
    with _transaction(shop.ctx):
        outbox.queue(shop.ctx, ANI, "Promo", "promo", customer_id=owner.id, hold=60)
        outbox.queue(shop.ctx, BUDI, "Promo", "promo", customer_id=None, hold=600)
    assert "tidak akan menerima promo" in shop.ask(ANI, "STOP", 30)
    after = people.by_id(shop.ctx, owner.id)
    assert after.consent == "stopped"
    rows = shop.rows("SELECT phone, status FROM messages WHERE kind = 'promo' ORDER BY phone")
    assert [(row["phone"], row["status"]) for row in rows] == [(ANI, "cancelled"), (BUDI, "held")]
    shop.ask(ANI, "START")
    assert people.by_id(shop.ctx, owner.id).consent == "yes"


def test_times(shop: Shop) -> None:
    """The report of waiting times: median and nearest-rank 95th percentile, from real moments."""
    for number in range(3):
        shop.ask(f"+6281100088{number:02d}", "INFO")
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.clock.wait(60)
    deciding.confirm(shop.ctx, 1)
    shop.run(5)
    rows = list(registry.REPORTS["times"].rows(shop.ctx, Period()))
    assert [row["count"] for row in rows] == [4, 1]
    assert rows[0]["p95"] < 2
    assert 60 <= rows[1]["median"] < 70


def test_stop_beyond_the_limits(shop: Shop) -> None:
    """STOP counts at once, also when no answer may be given any more; an order waits for people."""
    shop.set(DAILY_LIMIT, 1)
    shop.ask(ANI, "INFO")
    assert shop.ask(ANI, "STOP") == ""
    owner = people.by_phone(shop.ctx, ANI)
    assert owner is not None
    assert owner.consent == "stopped"
    shop.ask(ANI, "PESAN PQ-R 1")
    assert shop.one("SELECT read_as FROM messages WHERE text LIKE 'PESAN%'") == "human"
    assert shop.one("SELECT count(*) FROM orders") == 0


def test_constant_reference(shop: Shop) -> None:
    """A phone that always uses one reference: an old part and a new one make no order."""
    shop.says(ANI, LONG, order=[1, 3], reference=1)
    shop.run(5)
    shop.clock.wait(3600)
    other = LONG.replace("PQ-R 1", "PQ-R 9")
    shop.says(ANI, other, order=[2], reference=1)
    shop.run(5)
    assert statuses(shop, "in") == ["staff", "incomplete"]
    shop.says(ANI, other, order=[1, 3], reference=1)
    shop.run(5)
    assert statuses(shop, "in") == ["staff", "answered"]
    assert shop.one("SELECT quantity FROM order_lines WHERE code = 'PQ-R'") == 9


def test_repeated_by_the_network_with_other_flags(shop: Shop) -> None:
    """A repetition that differs only in "more messages to send" is the same SMS."""
    shop.says(ANI, "PESAN PQ-R 2")
    made = next(iter(shop.modem.card.slots["SM"].values())).pdu
    first = 2 * (int(made[:2], 16) + 1)
    other = made[:first] + f"{int(made[first : first + 2], 16) ^ 0x04:02X}" + made[first + 2 :]
    assert other != made
    shop.modem.inject_pdu(other)
    shop.run(5)
    assert statuses(shop, "in") == ["answered"]


def test_defect_does_not_end_the_worker(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong inside, the worker begins anew and says so."""
    from crm_tui.modem import Modem

    calls = []

    def broken(self: Modem) -> None:
        calls.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(Modem, "health", broken)
    shop.after(30, monkeypatch.undo)
    shop.after(40, lambda: shop.says(ANI, "INFO"))
    shop.run(120)
    assert len(calls) > 1
    assert len(shop.modem.sent) == 1


class FullStore(Store):
    """A store whose disk can be full: each commit then needs more pages than there are."""

    full = False

    def fill(self, full: bool) -> None:
        self.full = full
        self.db.execute(f"PRAGMA max_page_count={1 if full else 1_000_000}")

    def commit(self, db: Database) -> None:
        if self.full:
            db.execute("INSERT INTO settings VALUES ('more', hex(zeroblob(200000)))")
        super().commit(db)


def test_full_disk_costs_nothing(shop: Shop) -> None:
    """While nothing can be stored, SMS stay on the SIM and nothing is sent; then all is answered."""
    store = FullStore(shop.ctx.store.path)
    shop.after(10, lambda: store.fill(True))
    for number in range(8):
        phone = f"+62811000{number:05d}"
        shop.after(12 + number, lambda phone=phone: shop.says(phone, "PESAN PQ-R 1"))  # type: ignore[misc]
    left: list[tuple[int, int]] = []
    shop.after(60, lambda: left.append((shop.modem.card.used("SM"), len(shop.modem.sent))))
    shop.after(61, lambda: store.fill(False))
    shop.run(300, store)
    (on_the_sim, sent) = left[0]
    assert on_the_sim + shop.one("SELECT count(*) FROM messages WHERE status = 'answered'") >= 8
    assert on_the_sim > 0
    assert sent < 8
    assert len(shop.modem.sent) == 8
    assert shop.one("SELECT count(*) FROM orders") == 8


def test_held_store_costs_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another program holds the store, what the line has told is kept and written later."""
    monkeypatch.setattr("crm_tui.store.BUSY_SECONDS", 0.05)
    other = sqlite.connect(shop.ctx.store.path, isolation_level=None)
    hand_over = shop.modem.hand_over

    def hold(pdu: str) -> int:
        other.execute("BEGIN IMMEDIATE")
        return hand_over(pdu)

    shop.modem.hand_over = hold  # type: ignore[method-assign]

    def release() -> None:
        other.execute("ROLLBACK")
        shop.modem.hand_over = hand_over  # type: ignore[method-assign]

    shop.after(20, release)
    shop.says(ANI, "INFO")
    shop.run(600)
    other.close()
    assert len(shop.modem.sent) == 1
    assert statuses(shop, "out") == ["delivered"]


def test_a_bad_step_ends_nothing(shop: Shop) -> None:
    """A step that cannot be written is logged, and the service goes on."""
    worker = shop.worker()

    def bad() -> None:
        raise KeyError("x")

    shop.after(2, lambda: worker._after.append(bad))
    shop.after(10, lambda: shop.says(ANI, "INFO"))
    shop.after(60, worker.stop.set)
    worker.run()
    assert len(shop.modem.sent) == 1


def test_in_hand_without_a_modem(shop: Shop) -> None:
    """What was handed over directly is stored though the modem is away, or the worker stops."""
    made = shop.modem.inject(ANI, "HARGA AB-1")[0]
    shop.modem.card.slots["SM"].clear()
    shop.modem.unplug()
    worker = shop.worker()
    worker._in_hand.append(Stored("", -1, made))
    shop.after(60, worker.stop.set)
    worker.run()
    assert statuses(shop, "in") == ["new"]
    shop.modem.replug()
    shop.run(10)
    assert statuses(shop, "in") == ["answered"]


def test_idle_worker_asks_little(shop: Shop) -> None:
    """Between its cares an idle worker asks the store only whether somebody else wrote."""
    store = Store(shop.ctx.store.path)
    statements: list[str] = []
    shop.after(15.6, lambda: store.db.conn.set_trace_callback(statements.append))
    shop.after(16.4, lambda: store.db.conn.set_trace_callback(None))
    # As often as in a shop.
    worker = Gateway(store, shop.clock, shop.folder, shop.port)
    shop.after(20, worker.stop.set)
    worker.run()
    asked = statements.count("PRAGMA data_version")
    assert asked >= 3
    assert len(statements) == asked


def test_one_sms_stops_no_other(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An SMS that cannot even be taken in is kept as it came, and what is behind it passes."""
    deliver = inbox._deliver

    def picky(ctx: Context, pdu_id: int, sms: pdu.Deliver) -> None:
        deliver(ctx, pdu_id, sms)
        if sms.sender == ANI:
            raise ValueError("defect")

    monkeypatch.setattr(inbox, "_deliver", picky)
    shop.says(ANI, "PESAN PQ-R 1")
    shop.says(BUDI, "PESAN PQ-R 1")
    shop.run(60)
    assert statuses(shop, "in") == ["undecodable", "answered"]
    assert shop.modem.card.used("SM") == 0
    assert shop.one("SELECT text FROM messages WHERE status = 'undecodable'").startswith("06")
