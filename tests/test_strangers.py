"""Strangers who write: what a sender's name, a flood, a hoard or an old YA can do, which is nothing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.gsm import pdu
from crm_tui.shop.answers import choosing
from crm_tui.shop.answers import settings as answer_settings
from crm_tui.shop.customers import cards, people
from crm_tui.shop.gate import settings
from crm_tui.shop.messages import budget, findings, health, outbox, replies
from crm_tui.shop.messages import settings as budget_settings
from crm_tui.shop.orders import book
from crm_tui.shop.orders.settings import ASK_FIRST, HOLD_PROSPECT
from tests.shop import ANI, BUDI, Shop


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
    assert health.standing_still(shop.ctx)
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
    for code in ("PQ-R", "PQ-S"):
        assert shop.ask(ANI, f"HARGA {code}")
    assert not shop.ask(ANI, "STATUS")
    shop.clock.wait(24 * 3600)
    assert shop.ask(ANI, "STATUS")
