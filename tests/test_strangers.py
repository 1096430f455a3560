"""Strangers who write: what a sender's name, a flood, a hoard or an old YA can do, which is nothing."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui import reading
from crm_tui.gsm import pdu
from crm_tui.shop.answers import choosing, understanding
from crm_tui.shop.answers import settings as answer_settings
from crm_tui.shop.customers import cards, name_rules, people
from crm_tui.shop.gate import settings
from crm_tui.shop.items import catalogue, prices
from crm_tui.shop.messages import budget, diagnostics, findings, outbox, replies
from crm_tui.shop.messages import settings as budget_settings
from crm_tui.shop.orders import book, deciding
from crm_tui.shop.orders import settings as order_settings
from crm_tui.shop.orders.settings import ASK_FIRST, HOLD_PROSPECT
from crm_tui.shop.sales import payment_methods, till
from crm_tui.store import Store
from crm_tui.text import visible
from tests.day import line
from tests.shop import ANI, BUDI, Shop, cart_of


@pytest.mark.parametrize("name", ["08110000000", ANI[:11], "62811000000"])
def test_a_name_is_no_number(shop: Shop, name: str) -> None:
    """Whoever sends under a name that is the digits of a customer's number does nothing in that
    customer's name, is not answered, and stands in nobody's conversation."""
    number = "+62811000000"
    shop.ask(number, "PESAN PQ-R 2")
    for text in ("BATAL", "START", "STOP", "DAFTAR Budi, Jalan Lain", "PESAN PQ-S 1", "STATUS"):
        sent = len(shop.modem.sent)
        shop.says(name, text, named=True)
        shop.run(5)
        assert len(shop.modem.sent) == sent
    customer = people.by_phone(shop.ctx, number)
    assert customer is not None
    assert (customer.name, customer.consent) == ("", "unknown")
    assert [order.status for order in book.open_of(shop.ctx, customer.id)] == ["waiting"]
    written = shop.rows("SELECT * FROM messages WHERE text = 'BATAL'")[0]
    assert (written["status"], written["reachable"], written["customer_id"]) == ("staff", 0, None)
    assert written["phone"] == f"“{name}”"
    assert "under a name" in written["reason"]
    assert (
        shop.one("SELECT count(*) FROM messages WHERE phone = ? AND direction = 'in'", number) == 1
    )


@pytest.mark.parametrize(
    ("kind", "telephone"),
    [("91", True), ("A1", True), ("81", True), ("B1", False), ("98", False), ("D1", False)],
)
def test_only_telephones_are_numbers(shop: Shop, kind: str, telephone: bool) -> None:
    """The type and the plan of an address decide, not its digits."""
    written = shop.modem.inject(ANI, "HARGA PQ-R")[0]
    sms = pdu.decode(written.replace("0D91", "0D" + kind))
    assert isinstance(sms, pdu.Deliver)
    assert sms.telephone is telephone


def test_an_old_order_is_not_cancelled_unasked(shop: Shop) -> None:
    """A BATAL or UBAH a day after the order, or from another number than it came from, is asked about:
    only the YA does it. From the same number on the same day it is done at once."""
    shop.set(HOLD_PROSPECT, 72)
    shop.ask(ANI, "PESAN PQ-R 2")
    assert "dibatalkan." in shop.ask(ANI, "BATAL")
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.clock.wait(timedelta(hours=25).total_seconds())
    assert "YA 2" in shop.ask(ANI, "UBAH PQ-R 1")
    assert list(book.get(shop.ctx, 2).wanted.values()) == [2]
    assert "jadi 1" in shop.ask(ANI, "YA")
    assert "YA 2" in shop.ask(ANI, "BATAL")
    assert book.get(shop.ctx, 2).status == "waiting"
    assert "dibatalkan." in shop.ask(ANI, "YA 2")
    assert book.get(shop.ctx, 2).status == "cancelled"


def test_a_second_number_is_asked(shop: Shop) -> None:
    """An order of a customer's one number is not cancelled by the other without a YA; the shop may set
    that it is."""
    shop.ask(ANI, "PESAN PQ-R 2")
    customer = people.by_phone(shop.ctx, ANI)
    assert customer is not None
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO phones VALUES (?, ?)", (BUDI, customer.id))
    assert "YA 1" in shop.ask(BUDI, "BATAL")
    assert book.get(shop.ctx, 1).status == "waiting"
    shop.set(ASK_FIRST, "no")
    assert "dibatalkan." in shop.ask(BUDI, "BATAL")
    assert replies.SURE.needed == {"number"}


# ── floods and money ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "number", ["+88161234567", "+8821612345678", "+19005551234", "+447012345678", "+628091234567",
               "+6580001234", "+6285"],
)  # fmt: skip
def test_dear_numbers_are_not_answered(shop: Shop, number: str) -> None:
    """An unknown number of another country, of satellites or of paid services gets no SMS, by
    whatever it asks; the staff see what it wrote, and why nothing was said."""
    for text in ("HARGA PQ-R", "PESAN PQ-R 1", "START"):
        shop.says(number, text)
    shop.run(10)
    assert not shop.modem.sent
    assert not shop.rows("SELECT * FROM orders")
    for row in shop.rows("SELECT status, reason FROM messages"):
        assert row["status"] == "staff"
        assert row["reason"]


def test_a_known_number_is_answered_wherever_it_is(shop: Shop) -> None:
    """A customer whom the staff wrote down is answered, of whatever country; so is everybody, if the
    shop says so."""
    cards.add(shop.ctx, cards.Card("Pak Lee", phone="+6581234567"))
    assert shop.ask("+6581234567", "HARGA PQ-R")
    assert not shop.ask("+6587654321", "HARGA PQ-R")
    shop.set(answer_settings.RANGES, "all")
    assert shop.ask("+6587654321", "HARGA PQ-R")


def test_an_answer_is_two_sms(shop: Shop) -> None:
    """An answer takes two SMS at most, however long the codes: what does not fit is counted."""
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET name = substr(name || hex(zeroblob(60)), 1, 70)")
        db.execute("UPDATE counters SET value = value + 1 WHERE name = 'catalogue'")
    codes = [row["code"] for row in shop.rows("SELECT code FROM items LIMIT 10")]
    told = shop.ask(ANI, "HARGA " + " ".join(codes))
    assert codes[0] in told
    assert "lagi" in told
    assert shop.one("SELECT max(segments) FROM messages WHERE direction = 'out'") <= 2


@given(
    st.lists(st.text("AB, \n.…é", max_size=60), min_size=1, max_size=20).map("\n".join),
    st.integers(1, 3),
)
def test_any_answer_is_bounded(text: str, most: int) -> None:
    """Whatever an answer says, it goes into as many SMS as it may take, and begins as it began."""
    shorter = choosing.bounded(text, most)
    assert choosing.fits(shorter, most)
    assert shorter[:10] == text[:10] or len(text) < 10


def test_a_flood_leaves_room_for_customers(shop: Shop) -> None:
    """Numbers that never bought use up their share of the day, and no more; who bought is answered."""
    shop.set(answer_settings.DAILY_LIMIT, 4)
    buyer = people.prospect(shop.ctx, BUDI)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE customers SET kind = 'customer' WHERE id = ?", (buyer.id,))
    for number in range(6):
        shop.ask(f"+62812000000{number}0", "HARGA PQ-R")
    assert len(shop.modem.sent) == 2
    assert "never bought" in shop.one("SELECT reason FROM messages ORDER BY id DESC LIMIT 1")
    assert shop.ask(BUDI, "HARGA PQ-R")
    assert shop.ask(BUDI, "HARGA PQ-S")
    assert not shop.ask(BUDI, "HARGA PQ-R")


def test_a_number_has_its_day(shop: Shop) -> None:
    """A number gets so many SMS of answers a day; tomorrow it gets them again."""
    shop.set(answer_settings.NUMBER_DAY, 2)
    assert shop.ask(ANI, "HARGA PQ-R")
    assert shop.ask(ANI, "HARGA PQ-S")
    assert not shop.ask(ANI, "STATUS")
    assert "today" in shop.one("SELECT reason FROM messages ORDER BY id DESC LIMIT 1")
    shop.clock.wait(24 * 3600)
    assert shop.ask(ANI, "STATUS")


def test_answers_are_taken_in_turn(shop: Shop) -> None:
    """Who asks many things at once has three answers waiting at most, and gets them all in the end."""
    codes = [row["code"] for row in shop.rows("SELECT code FROM items LIMIT 10")]
    for code in codes:
        shop.says(ANI, f"HARGA {code}")
    queued: list[int] = []

    def look() -> None:
        queued.append(
            shop.one("SELECT count(*) FROM messages WHERE status = 'queued' AND phone = ?", ANI)
        )
        shop.after(0.5, look)

    shop.after(0.5, look)
    shop.run(120)
    assert max(queued) <= 3
    assert len(shop.modem.sent) == len(codes)


def test_numbers_take_turns(shop: Shop) -> None:
    """Of several SMS to a number the second goes out when every other number had its first."""
    for number in (ANI, ANI, ANI, BUDI):
        outbox.send(shop.ctx, number, "Halo")
    shop.run(30)
    assert [sent.to for sent in shop.modem.sent] == [ANI, BUDI, ANI, ANI]


@pytest.mark.parametrize("setting", [budget_settings.BUDGET_DAY, budget_settings.BUDGET_MONTH])
def test_the_budget_stops_answers(shop: Shop, setting: settings.Setting[int]) -> None:
    """Near the budget people are told; at its end nothing is answered by itself, and an SMS of the
    staff still goes out."""
    shop.set(setting, 5)
    for code in ("PQ-R", "PQ-S", "STATUS", "HELP"):
        shop.ask(ANI, f"HARGA {code}" if code.startswith("PQ") else code)
    assert findings.spending(shop.ctx) is not None
    told = findings.spending(shop.ctx)
    assert told is not None
    assert told.state == "attention"
    assert diagnostics.standing_still(shop.ctx)
    shop.ask(ANI, "STATUS")
    assert not shop.ask(ANI, "HARGA PQ-R")
    assert "budget" in shop.one("SELECT reason FROM messages WHERE direction='in' ORDER BY id DESC")
    told = findings.spending(shop.ctx)
    assert told is not None
    assert told.state == "bad"
    sent = len(shop.modem.sent)
    outbox.send(shop.ctx, ANI, "Halo")
    shop.run(5)
    assert len(shop.modem.sent) == sent + 1


def test_rupiah_count_as_sms(shop: Shop) -> None:
    """A budget in rupiah is one of SMS at the price of an SMS; the smaller of two counts."""
    shop.set(budget_settings.SMS_COST, 500)
    shop.set(budget_settings.BUDGET_DAY_RUPIAH, 1000)
    shop.set(budget_settings.BUDGET_DAY, 50)
    assert [(share.span, share.most) for share in budget.shares(shop.ctx)] == [("day", 2)]
    # One that is less than an SMS is a budget all the same.
    shop.set(budget_settings.BUDGET_DAY_RUPIAH, 499)
    assert [(share.span, share.most) for share in budget.shares(shop.ctx)] == [("day", 1)]
    shop.set(budget_settings.BUDGET_DAY_RUPIAH, 1000)
    for code in ("PQ-R", "PQ-S"):
        assert shop.ask(ANI, f"HARGA {code}")
    assert not shop.ask(ANI, "STATUS")
    shop.clock.wait(24 * 3600)
    assert shop.ask(ANI, "STATUS")


def test_of_two_budgets_the_longer_one_holds(shop: Shop) -> None:
    """Where the day's and the month's SMS are used up, it goes on with the next month."""
    shop.set(budget_settings.BUDGET_DAY, 1)
    shop.set(budget_settings.BUDGET_MONTH, 1)
    assert shop.ask(ANI, "HARGA PQ-R")
    opens = budget.opens_at(shop.ctx)
    assert opens is not None
    now = shop.clock.now().astimezone()
    assert (opens.day, opens.month) == (1, now.month % 12 + 1)


# ── hoarding ──────────────────────────────────────────────────────────────────────────────────────


def test_stock_is_told_to_nobody_who_orders_all(shop: Shop) -> None:
    """Who orders far more than there can be does not learn how many there are."""
    there = shop.one(
        "SELECT on_hand FROM stock JOIN items ON items.id = item_id WHERE code = 'PQ-R'"
    )
    for asked in ("PESAN PQ-R 99999", f"PESAN PQ-R {20 * there}"):
        told = shop.ask(ANI, asked)
        assert "tidak sebanyak itu" in told
        assert f"sisa {there}" not in told
    assert f"sisa {there}" in shop.ask(ANI, f"PESAN PQ-R {there + 1}")


def test_no_hoard_of_orders(shop: Shop) -> None:
    """A number has three orders waiting at most, and one less for each that it did not collect; what it
    orders beyond is not recorded, and it is told so."""
    for _ in range(3):
        assert "kami terima" in shop.ask(ANI, "PESAN PQ-R 1")
    told = shop.ask(ANI, "PESAN PQ-R 1")
    assert "1, 2, 3" in told
    assert shop.one("SELECT count(*) FROM orders") == 3
    assert (
        shop.one("SELECT status FROM messages WHERE direction = 'in' ORDER BY id DESC") == "staff"
    )
    for number in (1, 2, 3):
        deciding.confirm(shop.ctx, number)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE orders SET status = 'expired', status_at = ?", (shop.ctx.at,))
        db.execute("DELETE FROM reservations")
    assert "kami terima" in shop.ask(ANI, "PESAN PQ-S 1")
    assert "4 masih menunggu" in shop.ask(ANI, "PESAN PQ-S 1")
    with shop.ctx.store.transaction() as db:
        # What nobody made ready was not left lying.
        db.execute("UPDATE orders SET confirmed_at = NULL")
    assert "kami terima" in shop.ask(ANI, "PESAN PQ-S 1")


def test_nobody_keeps_all_of_an_item(shop: Shop) -> None:
    """One customer's unconfirmed orders keep a share of an item; the rest waits without being kept."""
    code = "PQ-R"
    item = catalogue.by_code(shop.ctx, code)
    assert item.on_hand == 100
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET price = 1000 WHERE id = ?", (item.id,))
    shop.ask(ANI, f"PESAN {code} 80")
    shop.ask(ANI, f"PESAN {code} 15")
    kept = [row["reserved_until"] is not None for row in shop.rows("SELECT * FROM orders")]
    assert kept == [True, False]
    assert "kami terima" in shop.ask(BUDI, f"PESAN {code} 20")


def test_many_numbers_keep_no_more(shop: Shop) -> None:
    """However many numbers order, those that never bought keep a share of an item together; a customer
    still gets what is left, and a number whose share is gone waits without being kept."""
    buyer = people.prospect(shop.ctx, BUDI)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET price = 1000 WHERE code = 'PQ-R'")
        db.execute("UPDATE customers SET kind = 'customer' WHERE id = ?", (buyer.id,))
    for number in range(6):
        assert "kami terima" in shop.ask(f"+62812000000{number}0", "PESAN PQ-R 15")
    kept = [row["reserved_until"] is not None for row in shop.rows("SELECT * FROM orders")]
    assert kept == [True] * 5 + [False]
    assert "kami terima" in shop.ask(BUDI, "PESAN PQ-R 20")
    assert shop.one("SELECT reserved_until FROM orders ORDER BY id DESC") is not None


def test_a_customer_keeps_a_multiple_of_what_was_bought(shop: Shop) -> None:
    """Goods are kept for a customer up to a multiple of what they bought, and as for anybody."""
    shop.set(order_settings.PROSPECT_CAP, 100_000)
    buyer = people.prospect(shop.ctx, ANI)
    item = catalogue.by_code(shop.ctx, "PQ-R")
    till.sell(
        shop.ctx,
        cart_of([line(item, 1)]).sold(),
        [payment_methods.Paid("cash", item.price)],
        buyer.id,
    )
    shop.ask(ANI, "PESAN PQ-R 4")
    assert shop.one("SELECT reserved_until FROM orders")
    shop.set(order_settings.CUSTOMER_CAP, 1)
    shop.ask(ANI, "PESAN PQ-S 1")
    assert shop.one("SELECT reserved_until FROM orders ORDER BY id DESC") is None


def test_added_units_cost_what_they_cost_today(shop: Shop) -> None:
    """TAMBAH does not keep yesterday's price for more units: they are an order of their own."""
    shop.ask(ANI, "PESAN PQ-R 1")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET price = 90000 WHERE code = 'PQ-R'")
    told = shop.ask(ANI, "TAMBAH PQ-R 2")
    assert "Pesanan 2" in told
    assert "Rp180.000" in told
    assert shop.rows("SELECT order_id, price, quantity FROM order_lines ORDER BY order_id") == [
        {"order_id": 1, "price": 85_000, "quantity": 1},
        {"order_id": 2, "price": 90_000, "quantity": 2},
    ]


# ── YA ────────────────────────────────────────────────────────────────────────────────────────────


def test_yes_answers_what_was_sent(shop: Shop) -> None:
    """A YA that was written before the question went out answers nothing."""
    shop.ask(ANI, "PESAN PQ-R 1")
    deciding.change(shop.ctx, 1, {shop.one("SELECT item_id FROM order_lines"): 3}, hold=60)
    shop.ask(ANI, "YA")
    assert list(book.get(shop.ctx, 1).wanted.values()) == [1]
    assert shop.one("SELECT status FROM messages WHERE text = 'YA'") == "staff"
    shop.run(90)
    assert "3 PQ-R" in shop.ask(ANI, "YA")
    assert list(book.get(shop.ctx, 1).wanted.values()) == [3]


def test_a_yes_keeps_no_price_of_before(shop: Shop) -> None:
    """Who was asked about a change, and waits with the YA until prices have risen, pays the new one for
    what is added; the rest of the change, and what the staff told a sum for, is as it was asked."""
    shop.set(HOLD_PROSPECT, 72)
    shop.ask(ANI, "PESAN PQ-R 1, PQ-S 3")
    item = shop.one("SELECT id FROM items WHERE code = 'PQ-R'")
    shop.clock.wait(timedelta(hours=25).total_seconds())
    assert "YA 1" in shop.ask(ANI, "UBAH PQ-R 4, PQ-S 1")
    prices.set_price(shop.ctx, item, 200_000)
    told = shop.ask(ANI, "YA")
    assert "200.000" in told
    lines = "SELECT order_id, code, price, quantity FROM order_lines ORDER BY order_id, code"
    assert [tuple(row.values()) for row in shop.rows(lines)] == [
        (1, "PQ-R", 85_000, 1), (1, "PQ-S", 62_000, 1), (2, "PQ-R", 200_000, 3),
    ]  # fmt: skip
    deciding.change(shop.ctx, 1, {item: 2})
    shop.run(20)
    shop.ask(ANI, "YA 1")
    assert shop.one("SELECT quantity FROM order_lines WHERE order_id = 1 AND price = 85000") == 2


def test_a_yes_counts_when_the_clock_was_wrong(shop: Shop) -> None:
    """Once a clock that was behind is right again, a YA answers what was asked since."""
    shop.says(ANI, "HARGA PQ-R", sent_at=shop.clock.now() + timedelta(hours=2))
    shop.run(5)
    shop.clock.wait(60)
    for said in ("PESAN EF-3 2", "YA"):
        shop.says(ANI, said, sent_at=shop.clock.now())
        shop.run(5)
        shop.clock.wait(30)
    assert [row["status"] for row in shop.rows("SELECT status FROM orders")] == ["waiting"]


def test_a_late_yes_answers_what_was_read(shop: Shop) -> None:
    """A YA that the network brings late, written before the question, does not answer it; one of a
    service centre whose clock is an hour slow does."""
    shop.ask(ANI, "PESAN PQ-R 1")
    item = shop.one("SELECT item_id FROM order_lines")
    written = shop.clock.now()
    shop.clock.wait(600)
    deciding.change(shop.ctx, 1, {item: 3})
    shop.run(30)
    shop.says(ANI, "YA", sent_at=written)
    shop.run(5)
    assert list(book.get(shop.ctx, 1).wanted.values()) == [1]
    slow = timedelta(hours=1)
    shop.says(BUDI, "PESAN PQ-S 1", sent_at=shop.clock.now() - slow)
    shop.run(5)
    deciding.change(
        shop.ctx, 2, {shop.one("SELECT item_id FROM order_lines WHERE order_id = 2"): 2}
    )
    shop.run(5)
    shop.says(BUDI, "YA", sent_at=shop.clock.now() - slow)
    shop.run(5)
    assert list(book.get(shop.ctx, 2).wanted.values()) == [2]


def test_who_was_not_asked_answers_nothing(shop: Shop) -> None:
    """A YA answers what was sent to its own number: a customer's other one has not read it; nor has
    anybody of whose question a part has not gone out."""
    shop.ask(ANI, "PESAN PQ-R 1")
    customer = people.by_phone(shop.ctx, ANI)
    assert customer is not None
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO phones VALUES (?, ?)", (BUDI, customer.id))
    deciding.change(shop.ctx, 1, {shop.one("SELECT item_id FROM order_lines"): 3})
    shop.run(5)
    shop.ask(BUDI, "YA")
    assert shop.one("SELECT quantity FROM order_lines") == 1
    with shop.ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO segments (message_id, number, phone, pdu, status, status_at) SELECT"
            " message_id, 2, phone, pdu, 'failed', status_at FROM segments WHERE message_id ="
            " (SELECT message_id FROM questions WHERE open = 1)"
        )
    shop.ask(ANI, "YA")
    assert shop.one("SELECT quantity FROM order_lines") == 1
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE segments SET out_at = status_at WHERE number = 2")
    shop.ask(ANI, "YA")
    assert shop.one("SELECT quantity FROM order_lines") == 3


def test_a_number_answers_what_was_sent(shop: Shop) -> None:
    """A number, or a yes, that was written before the list or the offer went out chooses nothing from
    it; written afterwards it does."""
    listed = "yg PQ ada brp?"
    assert "1" in shop.ask(BUDI, listed)
    outbox.send(shop.ctx, ANI, "Halo")
    shop.run(5)
    written = shop.clock.now()
    shop.clock.wait(60)
    told = shop.ask(ANI, listed)
    assert "1." in told or "1 " in told, told
    shop.says(ANI, "1", sent_at=written)
    shop.run(5)
    late = shop.rows("SELECT status, read_as FROM messages WHERE text = '1' ORDER BY id DESC")[0]
    assert late["status"] == "staff"
    assert shop.ask(BUDI, "1")


def test_two_questions_are_told_apart(shop: Shop) -> None:
    """With two questions open a YA is asked which it means; YA with the order's number is that one."""
    shop.ask(ANI, "PESAN PQ-R 1")
    item = shop.one("SELECT item_id FROM order_lines")
    shop.ask(ANI, "PESAN PQ-S 9999")
    deciding.change(shop.ctx, 1, {item: 2})
    shop.run(5)
    there = catalogue.by_code(shop.ctx, "PQ-S").available
    shop.ask(ANI, f"PESAN PQ-S {there + 1}")
    told = shop.ask(ANI, "YA")
    assert "YA 1" in told
    assert f"PESAN PQ-S {there}" in told
    assert list(book.get(shop.ctx, 1).wanted.values()) == [1]
    assert "jadi 2" in shop.ask(ANI, "YA 1")


# ── names and signs ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said",
    [
        "Menang hadiah klik bit.ly/abc", "Budi, www.contoh.example", "budi@contoh.example",
        "Anda menang undian hadiah mobil silakan hubungi kami", "Budi\u200bSantoso", "\u3164",
        "Bud\u0456 Santoso", "081234567890", "Budi!!! $$$", "\U0001d400\U0001d427\U0001d422",
        "Ｂｕｄｉ",
        "B\u0336u\u0336d\u0336i", "Budi" + "\u0301" * 20, "Budi\u00b2", "1234", "Toko Uji", "TOKO UJl",
        "CS Toko Uji", "toko uji palembang", "Pak Ani Lestari", "Admin", "Bank BCA", "Klik contoh com",
        "Ani Lestari", "ani  LESTAR1", "Àni Lestari", "Andi, bayar ke BCA 123 456 7890",
    ],
)  # fmt: skip
def test_what_is_no_name_is_for_a_person(shop: Shop, said: str) -> None:
    """DAFTAR with a link, a sentence, unseen, struck out or look-alike signs, a number, or the name of
    the shop or of who may owe writes no name and says nothing of it back; the staff see why."""
    cards.add(shop.ctx, cards.Card("Ani Lestari", credit_limit=1_000_000))
    told = shop.ask(ANI, f"DAFTAR {said}")
    owner = people.by_phone(shop.ctx, ANI)
    assert owner is None or owner.name == ""
    assert not told or "petugas" in told
    assert shop.one("SELECT status FROM messages WHERE direction = 'in'") == "staff"


def test_what_looks_like_another_name_is_for_a_person() -> None:
    """Letters that only look like those of the alphabet, words of banks and clerks however they are
    spelt, and another's name turned about, are no name; ordinary ones of any script are."""
    somebody = people.Customer(1, "", "", "prospect", "unknown")
    others = {"Toko Uji", "Ani Lestari"}
    for name in (
        "ᴀᴅᴍɪɴ ʙᴄᴀ", "ᴛᴏᴋᴏ ᴜᴊɪ", "ТОКО", "ꓔꓳꓗꓳ", "ᏴᏟᎪ", "Budı", "Ƭoko Uji", "Tɵko Uji", "ΒΑΝΚ",
        "Uji Toko", "Lestari Ani", "Ani L3stari", "Pak Ani Lestar1", "B.C.A", "B C A",
        "Kasir1", "Adm1n", "Admln", "C5", "BCA1", "a.d.m.i.n", "Gopay", "Bank-Jaya",
    ):  # fmt: skip
        assert name_rules.doubt(somebody, name, "", others), name
    assert name_rules.doubt(somebody, "Budi", "Јалан 5", others)
    for name in (
        "Budi", "H. Abdul Rahman", "André", "Đặng", "Müller", "Jørgen", "王小明", "علي",
        "Bengkel Jaya 3", "Ujang (Plaju)", "M. Rizky, S.T.", "Brian", "Ani Lestiana", "Csaba",
        "Mas Bro",
    ):  # fmt: skip
        assert not name_rules.doubt(somebody, name, "Jl. Merdeka 5", others), name


def test_a_name_of_the_staff_stays(shop: Shop) -> None:
    """What the staff wrote is not replaced by SMS; what the customer said is."""
    shop.ask(ANI, "DAFTAR Ani")
    assert "Ani Wijaya" in shop.ask(ANI, "DAFTAR Ani Wijaya")
    owner = people.by_phone(shop.ctx, ANI)
    assert owner is not None
    cards.edit(shop.ctx, owner.id, cards.Card("Ani Bengkel", "Jl. Sudirman 1"))
    for said in ("Budi", "Ani Bengkel, Jl. Lain 2"):
        assert "petugas" in shop.ask(ANI, f"DAFTAR {said}")
        owner = people.by_phone(shop.ctx, ANI)
        assert owner is not None
        assert (owner.name, owner.address) == ("Ani Bengkel", "Jl. Sudirman 1")


@pytest.mark.parametrize("number", ["1⒉", "①", "٣", "१", "½", "1\u200b2", "Ⅻ", "1\u00b2"])
def test_only_digits_are_numbers(shop: Shop, number: str) -> None:
    """Nothing but ASCII and full-width digits is a quantity."""
    shop.ask(ANI, f"PESAN PQ-R {number}")
    assert not shop.rows("SELECT quantity FROM order_lines WHERE quantity > 1")


def test_full_width_digits_are_numbers(shop: Shop) -> None:
    """A telephone that writes wide digits orders as any other."""
    shop.ask(ANI, "PESAN PQ-R ２")
    assert shop.one("SELECT quantity FROM order_lines") == 2


def test_little_is_said_back(shop: Shop) -> None:
    """Of what a stranger calls an item, letters and digits are said back, twenty at most."""
    for asked in (
        "HARGA bit.ly/xYz9",
        "HARGA http://a.b/c",
        "HARGA " + "X1" * 40,
        "HARGA A{shop}1",
    ):
        told = shop.ask(ANI, asked)
        assert "/" not in told
        assert "{" not in told
        assert "bit.ly" not in told
        assert "X1" * 11 not in told


def test_what_has_no_shape_is_shown() -> None:
    """No sign without a shape of its own reaches the screen as it is."""
    for code in (0x200B, 0x3164, 0xAD, 0x2060, 0x115F, 0xFFA0, 0xE0041, 0x180E, 0xFE00, 0x034F):
        assert chr(code) not in visible(f"a{chr(code)}b")


# ── what takes long ───────────────────────────────────────────────────────────────────────────────


def test_reading_locks_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker reads an SMS while others may write; what it does then it does with what it read."""
    locked: list[bool] = []
    once = reading.read

    def seen(*args: Any, **how: Any) -> Any:
        locked.append(worker.db.conn.in_transaction)
        return once(*args, **how)

    monkeypatch.setattr(understanding, "read", seen)
    worker = Store(shop.ctx.store.path)
    for asked in ("PESAN PQ-R 2", "yg PQ-S ada brp?", "2", "YA"):
        shop.says(ANI, asked)
    shop.run(10, worker)
    assert locked
    assert not any(locked)


def test_beginnings_make_no_work(shop: Shop) -> None:
    """Of a number that sends nothing but the first parts of long texts five wait; the others go to the
    staff at once, and another number's long text is put together as ever."""
    long = "PESAN PQ-R 1 " + "tolong " * 30
    for number in range(9):
        shop.says(ANI, long, order=[1], reference=number)
    shop.says(BUDI, long, order=[2, 1], reference=3)
    shop.run(10)
    waiting = "SELECT count(*) FROM messages WHERE status = ? AND phone = ?"
    assert shop.one(waiting, "incomplete", ANI) == 5
    assert shop.one(waiting, "staff", ANI) == 4
    assert shop.one(waiting, "incomplete", BUDI) == 0
