"""Strangers who write: what a sender's name, a flood, a hoard or an old YA can do, which is nothing."""

from datetime import timedelta

import pytest

from crm_tui.gsm import pdu
from crm_tui.shop.customers import people
from crm_tui.shop.messages import replies
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
