"""The life of an order by SMS: received, changed, confirmed, collected, cancelled, expired."""

from datetime import timedelta

import pytest

from crm_tui.clock import moment
from crm_tui.shop.items import catalogue
from crm_tui.shop.items.errors import NotEnoughStock
from crm_tui.shop.orders import book, changing, deciding, placing
from crm_tui.shop.orders.errors import NothingLeft, OrderNotOpen, OrderUnknown, ReasonMissing
from crm_tui.shop.orders.settings import HOLD_CUSTOMER
from crm_tui.shop.sales import collecting
from tests.shop import ANI, BUDI, CITRA, Shop, ledgers_add_up


def reserved(shop: Shop, code: str) -> int:
    return catalogue.by_code(shop.ctx, code).reserved


def status(shop: Shop, number: int) -> str:
    return book.get(shop.ctx, number).status


def test_received_confirmed_collected(shop: Shop) -> None:
    """An order is reserved at once, confirmed by SMS, and becomes a sale; its writer a customer."""
    reply = shop.ask(ANI, "PESAN PQ-R 2, AB-1 1")
    assert reply.startswith(
        "Pesanan 1 kami terima:\n2 PQ-R Rp170.000\n1 AB-1 Rp10.000\nTotal Rp180.000"
    )
    assert reserved(shop, "PQ-R") == 2
    deciding.confirm(shop.ctx, 1)
    shop.run(5)
    assert shop.modem.sent[-1].text.startswith("Pesanan 1 siap: 2 PQ-R, 1 AB-1. Total Rp180.000.")
    collecting.collect(shop.ctx, 1)
    assert status(shop, 1) == "collected"
    assert catalogue.by_code(shop.ctx, "PQ-R").on_hand == 98
    assert shop.one("SELECT kind FROM customers") == "customer"
    assert shop.one("SELECT total FROM sales") == 180_000
    ledgers_add_up(shop.ctx)
    with pytest.raises(OrderNotOpen):
        collecting.collect(shop.ctx, 1)


def test_unknown_numbers(shop: Shop) -> None:
    """A number that no order has is told, however odd."""
    for number in (0, -1, 1, 2**70):
        with pytest.raises(OrderUnknown):
            deciding.confirm(shop.ctx, number)


def test_last_piece(shop: Shop) -> None:
    """The last piece is promised once; the next one is told, and offered nothing."""
    assert "kami terima" in shop.ask(ANI, "PESAN EF-3")
    reply = shop.ask(BUDI, "PESAN EF-3")
    assert "EF-3 kosong" in reply
    assert "YA" not in reply
    assert shop.one("SELECT count(*) FROM orders") == 1


def test_offer_and_yes(shop: Shop) -> None:
    """What is left of too large an order is offered; YA orders just that, once."""
    reply = shop.ask(ANI, "PESAN AB-1 9, PQ-R 1")
    assert "AB-1 sisa 5" in reply
    assert "Balas YA untuk pesan 5 AB-1, 1 PQ-R" in reply
    assert shop.one("SELECT count(*) FROM orders") == 0
    assert "Pesanan 1 kami terima" in shop.ask(ANI, "ya")
    assert reserved(shop, "AB-1") == 5
    assert shop.ask(ANI, "ya") == ""
    assert shop.one("SELECT count(*) FROM orders") == 1


def test_old_questions_are_closed(shop: Shop) -> None:
    """A YA after the question's time goes to the staff."""
    shop.ask(ANI, "PESAN AB-1 9")
    shop.clock.wait(25 * 3600)
    assert shop.ask(ANI, "YA") == ""
    assert shop.one("SELECT status FROM messages WHERE text = 'YA'") == "staff"


def test_two_ways_are_asked(shop: Shop) -> None:
    """A number between two codes is asked about, and YA takes the reading that was shown."""
    assert "Maksudnya 2 PQ-R, 1 PQ-S?" in shop.ask(ANI, "PESAN PQ-R 2 PQ-S")
    shop.ask(ANI, "YA")
    assert book.get(shop.ctx, 1).wanted == {6: 2, 7: 1}


def test_change_by_sms(shop: Shop) -> None:
    """The customer may change and cancel an order by SMS until it is confirmed."""
    shop.ask(ANI, "PESAN PQ-R 2")
    assert "PQ-R 2 jadi 3" in shop.ask(ANI, "UBAH PQ-R 3")
    assert "PQ-S 0 jadi 1" in shop.ask(ANI, "TAMBAH PQ-S")
    assert (reserved(shop, "PQ-R"), reserved(shop, "PQ-S")) == (3, 1)
    assert "AB-1 sisa 5" in shop.ask(ANI, "TAMBAH AB-1 6")
    assert "PQ-S 1 jadi 0" in shop.ask(ANI, "UBAH PQ-S 0")
    assert shop.ask(ANI, "BATAL") == "Pesanan 1 dibatalkan."
    assert reserved(shop, "PQ-R") == 0
    assert shop.ask(ANI, "BATAL") == "Tidak ada pesanan Anda yang terbuka."
    ledgers_add_up(shop.ctx)


def test_emptied_order_is_cancelled(shop: Shop) -> None:
    """An order whose last line is taken out is cancelled."""
    shop.ask(ANI, "PESAN PQ-R 2")
    assert shop.ask(ANI, "UBAH PQ-R 0") == "Pesanan 1 dibatalkan."


def test_confirmed_is_not_cancelled_by_sms(shop: Shop) -> None:
    """After the confirmation a BATAL is passed to the staff."""
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.confirm(shop.ctx, 1)
    shop.run(5)
    assert shop.ask(ANI, "BATAL").startswith("Pesanan 1 sudah dikonfirmasi.")
    assert status(shop, 1) == "confirmed"
    assert shop.one("SELECT status FROM messages WHERE text = 'BATAL'") == "staff"


def test_which_order(shop: Shop) -> None:
    """With two orders the shop asks which; another customer's number is not among them."""
    shop.ask(ANI, "PESAN PQ-R 1")
    shop.ask(ANI, "PESAN PQ-S 1")
    shop.ask(BUDI, "PESAN PQ-S 1")
    assert "Pesanan mana? 1, 2." in shop.ask(ANI, "BATAL")
    assert "Tidak ada" in shop.ask(ANI, "BATAL 3")
    assert "Tidak ada" in shop.ask(ANI, "STATUS 3")
    assert "Pesanan 2 dibatalkan." in shop.ask(ANI, "BATAL 2")
    assert "Pesanan 1: menunggu konfirmasi, Rp85.000" in shop.ask(ANI, "STATUS")


def test_staff_may_take_away_but_must_ask_for_more(shop: Shop) -> None:
    """Less is changed and told; more waits for the customer's YA."""
    shop.ask(ANI, "PESAN PQ-R 3, PQ-S 1")
    assert deciding.change(shop.ctx, 1, {6: 2})
    shop.run(5)
    assert "PQ-R 3 jadi 2, PQ-S 1 jadi 0" in shop.modem.sent[-2].text + shop.modem.sent[-1].text
    assert not deciding.change(shop.ctx, 1, {6: 5})
    shop.run(5)
    assert "boleh kami ubah jadi 5 PQ-R" in shop.modem.sent[-1].text
    assert book.get(shop.ctx, 1).wanted == {6: 2}
    shop.ask(ANI, "YA")
    assert book.get(shop.ctx, 1).wanted == {6: 5}
    ledgers_add_up(shop.ctx)


def test_price_of_receipt(shop: Shop) -> None:
    """An order keeps the price of its receipt, and says where it differs from the one last told. What
    is added later costs what it costs then, and is an order of its own."""
    shop.ask(ANI, "HARGA PQ-R")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET price = 90000 WHERE code = 'PQ-R'")
    reply = shop.ask(ANI, "PESAN PQ-R 2")
    assert "2 PQ-R Rp180.000 (harga kini Rp90.000, tadi Rp85.000)" in reply
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET price = 95000 WHERE code = 'PQ-R'")
    assert book.get(shop.ctx, 1).total == 180_000
    shop.ask(ANI, "UBAH PQ-R 3")
    assert book.get(shop.ctx, 1).total == 180_000
    assert book.get(shop.ctx, 2).total == 95_000


def test_rejected(shop: Shop) -> None:
    """A rejection needs a reason, frees the goods and tells the customer."""
    shop.ask(ANI, "PESAN EF-3")
    with pytest.raises(ReasonMissing):
        deciding.reject(shop.ctx, 1, "  ")
    deciding.reject(shop.ctx, 1, "barang cacat.")
    shop.run(5)
    assert shop.modem.sent[-1].text == "Maaf, pesanan 1 tidak dapat kami penuhi: barang cacat."
    assert reserved(shop, "EF-3") == 0


def test_expiry(shop: Shop) -> None:
    """An order that nobody confirmed or collected ends, frees its goods, and is told."""
    shop.ask(ANI, "PESAN EF-3")
    shop.clock.wait(24 * 3600)
    shop.run(5)
    assert status(shop, 1) == "expired"
    assert "belum sempat kami konfirmasi" in shop.modem.sent[-1].text
    assert reserved(shop, "EF-3") == 0
    shop.ask(BUDI, "PESAN EF-3")
    deciding.confirm(shop.ctx, 2)
    shop.clock.wait(73 * 3600)
    shop.run(5)
    assert status(shop, 2) == "expired"
    ledgers_add_up(shop.ctx)


def test_prospects_cap(shop: Shop) -> None:
    """For a number that never bought, goods are kept up to a value; beyond it the staff decide."""
    shop.ask(ANI, "PESAN GH-4 1")
    shop.ask(ANI, "PESAN GH-4 1")
    assert reserved(shop, "GH-4") == 1
    assert status(shop, 2) == "waiting"
    shop.ask(BUDI, "PESAN GH-4 1")
    with pytest.raises(NotEnoughStock):
        deciding.confirm(shop.ctx, 2)
    changing.cancel(shop.ctx, 1)
    deciding.confirm(shop.ctx, 2)
    ledgers_add_up(shop.ctx)


def test_clock_that_goes_back(shop: Shop) -> None:
    """A clock set back by a dead battery lets nothing expire, and is told."""
    shop.ask(ANI, "PESAN EF-3")
    right = shop.clock.now()
    shop.clock.set(moment("2009-01-01T00:00:00.000Z"))
    shop.run(30)
    assert status(shop, 1) == "waiting"
    assert "clock went back" in shop.one("SELECT error FROM gateway")
    shop.clock.set(right + timedelta(seconds=30))
    shop.clock.wait(30 * 3600)
    shop.run(30)
    assert status(shop, 1) == "expired"
    assert shop.one("SELECT error FROM gateway") == ""


def test_collected_in_part(shop: Shop) -> None:
    """What is not taken is free again; more than was ordered cannot be taken this way."""
    shop.ask(ANI, "PESAN PQ-R 3, PQ-S 1")
    collecting.collect(shop.ctx, 1, {6: 2})
    assert catalogue.by_code(shop.ctx, "PQ-R").on_hand == 98
    assert catalogue.by_code(shop.ctx, "PQ-S").available == 100
    ledgers_add_up(shop.ctx)
    shop.ask(ANI, "PESAN PQ-R 1")
    with pytest.raises(NothingLeft):
        collecting.collect(shop.ctx, 2, {})


def test_true_repeats(shop: Shop) -> None:
    """Read twice, or repeated by the network, it is one; written again a minute later it is two."""
    shop.says(ANI, "PESAN PQ-R 2")
    pdu = next(iter(shop.modem.card.slots["SM"].values())).pdu
    shop.run(5)
    shop.modem.inject_pdu(pdu)
    shop.modem.inject_pdu(pdu, "ME")
    shop.run(65)
    assert shop.one("SELECT count(*) FROM orders") == 1
    shop.says(ANI, "PESAN PQ-R 2")
    shop.run(5)
    assert shop.one("SELECT count(*) FROM orders") == 2
    assert shop.modem.card.used("SM") == shop.modem.card.used("ME") == 0


def test_customers_hold(shop: Shop) -> None:
    """A customer's goods are kept longer than a prospect's."""
    shop.ask(CITRA, "PESAN PQ-R 1")
    collecting.collect(shop.ctx, 1)
    shop.ask(CITRA, "PESAN PQ-R 1")
    until = book.get(shop.ctx, 2).reserved_until
    assert until is not None
    hours = (moment(until) - shop.clock.now()).total_seconds() / 3600
    assert round(hours) == HOLD_CUSTOMER(shop.ctx)


def test_an_answered_question_is_closed(shop: Shop) -> None:
    """A customer who orders anew after a question is not asked any more: YA does not order twice."""
    assert "Maksudnya" in shop.ask(ANI, "PESAN AB-12")
    shop.ask(ANI, "PESAN AB-1 2")
    assert shop.ask(ANI, "YA") == ""
    assert shop.one("SELECT count(*) FROM orders") == 1


def test_a_proposal_is_void_after_a_change(shop: Shop) -> None:
    """What the staff proposed does not undo what the customer wished later."""
    shop.ask(ANI, "PESAN PQ-R 3")
    deciding.change(shop.ctx, 1, {6: 5})
    shop.ask(ANI, "UBAH PQ-R 2")
    shop.ask(ANI, "YA")
    assert book.get(shop.ctx, 1).wanted == {6: 2}


def test_cap_holds_for_changes(shop: Shop) -> None:
    """Adding to an order does not reserve beyond the cap, nor does a change renew the time."""
    shop.ask(ANI, "PESAN PQ-R 2")
    before = book.get(shop.ctx, 1).reserved_until
    shop.clock.wait(3600)
    shop.ask(ANI, "UBAH PQ-R 3")
    assert book.get(shop.ctx, 1).reserved_until == before
    shop.ask(ANI, "TAMBAH GH-4 2")
    assert (reserved(shop, "GH-4"), reserved(shop, "PQ-R")) == (0, 0)
    assert book.get(shop.ctx, 1).wanted == {6: 3, 4: 2}
    shop.ask(ANI, "UBAH GH-4 0")
    assert reserved(shop, "PQ-R") == 3
    ledgers_add_up(shop.ctx)


def test_proposal_keeps_the_price(shop: Shop) -> None:
    """What the staff propose is told at the price that will hold."""
    shop.ask(ANI, "PESAN PQ-R 2")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET price = 90000 WHERE code = 'PQ-R'")
    deciding.change(shop.ctx, 1, {6: 5})
    shop.run(5)
    assert "total Rp425.000" in shop.modem.sent[-1].text
    assert "harga kini" not in shop.ask(ANI, "YA")


def test_change_of_a_confirmed_order(shop: Shop) -> None:
    """A change after the confirmation is passed to the staff, and said so."""
    shop.ask(ANI, "PESAN PQ-R 2")
    deciding.confirm(shop.ctx, 1)
    shop.run(5)
    assert "teruskan ke petugas" in shop.ask(ANI, "TAMBAH PQ-S 1")
    assert shop.one("SELECT status FROM messages WHERE text = 'TAMBAH PQ-S 1'") == "staff"


def test_change_of_what_was_not_ordered(shop: Shop) -> None:
    """GANTI with another item is not guessed at."""
    shop.ask(ANI, "PESAN PQ-R 2")
    shop.ask(ANI, "GANTI PQ-S 2")
    assert book.get(shop.ctx, 1).wanted == {6: 2}
    assert shop.one("SELECT status FROM messages WHERE text LIKE 'GANTI%'") == "staff"


def test_shelves_hold_less_than_promised(shop: Shop) -> None:
    """After a correction below what is reserved, a change goes to the staff."""
    shop.ask(ANI, "PESAN GH-4 1")
    with shop.ctx.store.transaction():
        items_work(shop, -2)
    shop.says(ANI, "TAMBAH PQ-S 1")
    shop.run(5)
    assert shop.one("SELECT status FROM messages WHERE text LIKE 'TAMBAH%'") in (
        "staff",
        "answered",
    )
    assert book.get(shop.ctx, 1).wanted == {4: 1}


def items_work(shop: Shop, quantity: int) -> None:
    shop.ctx.db.execute(
        "INSERT INTO stock_moves (item_id, at, quantity, reason) VALUES (4, '', ?, 'correction')",
        (quantity,),
    )


def test_absurd_numbers(shop: Shop) -> None:
    """A telephone number behind a code is no quantity that an offer is made for."""
    reply = shop.ask(ANI, "PESAN PQ-R 081234567890")
    assert "PQ-R tidak sebanyak itu" in reply
    assert "YA" not in reply


def test_strangers_words_are_not_echoed(shop: Shop) -> None:
    """However many odd codes are asked for, the answer is one plain SMS."""
    shop.ask(ANI, "PESAN " + " ".join(f"ЖЖ-{n}AAAAAAAAAAAAAA" for n in range(25)))
    assert len(shop.modem.sent) == 1
    assert shop.modem.sent[0].data.alphabet.value == "gsm7"


def test_states_are_guarded(shop: Shop) -> None:
    """What is confirmed is neither changed, rejected nor confirmed again; nothing expires early."""
    shop.ask(ANI, "PESAN PQ-R 2")
    with pytest.raises(OrderNotOpen):
        changing.expire(shop.ctx, 1)
    deciding.confirm(shop.ctx, 1)
    for act in (
        lambda: changing.amend(shop.ctx, 1, {6: 1}),
        lambda: deciding.change(shop.ctx, 1, {6: 1}),
        lambda: deciding.reject(shop.ctx, 1, "x"),
        lambda: deciding.confirm(shop.ctx, 1),
        lambda: changing.expire(shop.ctx, 1),
    ):
        with pytest.raises(OrderNotOpen):
            act()


def test_collect_needs_the_goods(shop: Shop) -> None:
    """What is not on the shelves, or is kept for another, is not handed out."""
    shop.ask(ANI, "PESAN EF-3")
    with shop.ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO stock_moves (item_id, at, quantity, reason) VALUES (3, '', -1, 'correction')"
        )
    with pytest.raises(NotEnoughStock):
        collecting.collect(shop.ctx, 1)
    # One that nothing is kept for waits for the one that something is kept for.
    shop.ask(BUDI, "PESAN GH-4 1")
    shop.ask(CITRA, "PESAN GH-4 1")
    shop.ask(BUDI, "PESAN GH-4 1")
    unkept = placing.place(shop.ctx, 1, ANI, {6: 1})
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM reservations WHERE order_id = ?", (unkept.number,))
        db.execute("UPDATE order_lines SET item_id = 4 WHERE order_id = ?", (unkept.number,))
    with pytest.raises(NotEnoughStock):
        collecting.collect(shop.ctx, unkept.number)


def test_yes_to_another_order(shop: Shop) -> None:
    """YA with the number of another order than was asked about goes to the staff."""
    shop.ask(ANI, "PESAN PQ-R 3")
    deciding.change(shop.ctx, 1, {6: 5})
    shop.ask(ANI, "YA 99")
    assert book.get(shop.ctx, 1).wanted == {6: 3}
    shop.ask(ANI, "YA 1")
    assert book.get(shop.ctx, 1).wanted == {6: 5}


def test_item_taken_out_of_sale(shop: Shop) -> None:
    """An item that is no longer sold is not ordered by an old question."""
    shop.ask(ANI, "PESAN AB-1 9")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET active = 0 WHERE code = 'AB-1'")
    shop.ask(ANI, "YA")
    assert shop.one("SELECT count(*) FROM orders") == 0
