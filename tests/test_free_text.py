"""Free texts in a shop with a store: read in their conversation, answered, suggested, or left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_tui.reading.wishes import Kind
from crm_tui.shop.answers import accepting
from crm_tui.shop.answers.accepting import NothingSuggested
from crm_tui.shop.answers.settings import FREE_TEXT, TALK_HOURS
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.items import cards, lexicon, prices, stock
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import outbox
from crm_tui.shop.orders import deciding
from tests import reading_judge, store_judge
from tests.reading_judge import CORPORA
from tests.shop import ANI, BUDI, Shop, ledgers_add_up
from tests.test_commands import session

LEAST = 0.97


@pytest.mark.parametrize(
    "name",
    [
        "shop",
        # Read each time without a store by tests/test_free_texts.py, wrong orders included.
        pytest.param("workshop", marks=pytest.mark.soak),
        pytest.param("trucks", marks=pytest.mark.soak),
    ],
)
def test_labelled_messages(shop: Shop, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each labelled set 97 % are answered as a careful clerk would; no wrong order is recorded."""
    catalogue = store_judge.stocked(shop.ctx, CORPORA / name)
    monkeypatch.setattr(reading_judge, "Shop", store_judge.shop_of(shop.ctx, catalogue))
    verdict = reading_judge.messages(CORPORA / name)
    print(verdict.told())
    assert not verdict.wrong, verdict.told()
    assert verdict.share >= LEAST, verdict.told()
    ledgers_add_up(shop.ctx)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("workshop_put_away", 0.78),
        pytest.param("trucks_put_away", 0.86, marks=pytest.mark.soak),
    ],
)
def test_put_away(shop: Shop, name: str, least: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of texts that nothing was tuned to no wrong order is recorded, and the share only grows."""
    catalogue = store_judge.stocked(shop.ctx, CORPORA / name)
    monkeypatch.setattr(reading_judge, "Shop", store_judge.shop_of(shop.ctx, catalogue))
    verdict = reading_judge.messages(CORPORA / name)
    followed = reading_judge.conversations(CORPORA / name)
    assert not verdict.wrong, verdict.told()
    assert not followed.wrong, followed.told()
    assert verdict.share >= least, verdict.told()


@pytest.mark.parametrize("name", ["workshop", pytest.param("trucks", marks=pytest.mark.soak)])
def test_labelled_conversations(shop: Shop, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the labelled conversations 90 % go right to the last turn, and none orders wrong."""
    catalogue = store_judge.stocked(shop.ctx, CORPORA / name)
    monkeypatch.setattr(reading_judge, "Shop", store_judge.shop_of(shop.ctx, catalogue))
    verdict = reading_judge.conversations(CORPORA / name)
    print(verdict.told())
    assert not verdict.wrong, verdict.told()
    assert verdict.share >= 0.9, verdict.told()
    ledgers_add_up(shop.ctx)


@pytest.fixture
def brakes(shop: Shop) -> Shop:
    """A shop with two brake pads that differ by their side, and a spark plug."""
    for code, name, price in (
        ("KR-D", "Kampas Rem Depan Vario", 85_000), ("KR-B", "Kampas Rem Belakang Vario", 62_000),
        ("BS-1", "Busi Iridium", 98_000),
    ):  # fmt: skip
        key = cards.add(shop.ctx, cards.Card(code, name, "pcs", price))
        stock.receive(shop.ctx, [stock.Goods(key, 10)])
    return shop


def lines(shop: Shop) -> list[tuple[str, int]]:
    """What is ordered and open, line by line."""
    return [
        (row["code"], row["quantity"])
        for row in shop.rows(
            "SELECT code, quantity FROM order_lines JOIN orders ON orders.id = order_id"
            " WHERE status IN ('waiting', 'confirmed') ORDER BY order_id, line"
        )
    ]


def test_a_list_is_chosen_from(brakes: Shop) -> None:
    """Two items fit: a numbered list is sent, its number orders that one, once a quantity is known."""
    asked = brakes.ask(ANI, "pesan kampas rem vario 2")
    assert "1. KR-" in asked
    assert "2. KR-" in asked
    assert lines(brakes) == []
    second = asked.partition("2. ")[2].split()[0]
    brakes.ask(ANI, "2")
    assert lines(brakes) == [(second, 2)]


def test_a_list_counts_while_it_is_the_last_word(brakes: Shop) -> None:
    """Once the shop has said something else, a number chooses from no list: it is for the staff."""
    brakes.ask(ANI, "pesan kampas rem vario 2")
    outbox.send(brakes.ctx, ANI, "Sebentar ya Pak.")
    brakes.run(5)
    assert brakes.ask(ANI, "2") == ""
    assert lines(brakes) == []


def test_the_rest_of_an_order_waits(brakes: Shop) -> None:
    """What is certain beside what has to be chosen is told, and ordered with what is chosen."""
    asked = brakes.ask(ANI, "pesan busi iridium 3 sama kampas rem vario 2")
    assert "1. KR-" in asked
    assert asked.endswith("Ikut dipesan: 3 BS-1.")
    assert lines(brakes) == []
    brakes.ask(ANI, "yang belakang")
    assert sorted(lines(brakes)) == [("BS-1", 3), ("KR-B", 2)]
    ledgers_add_up(brakes.ctx)


def test_each_of_two_things_is_chosen(brakes: Shop) -> None:
    """A list for two things asks for the second one when the first was chosen, and orders both."""
    for code, name in (("SP-1", "Spakbor Depan Supra"), ("SP-2", "Spakbor Belakang Supra")):
        key = cards.add(brakes.ctx, cards.Card(code, name, "pcs", 55_000))
        stock.receive(brakes.ctx, [stock.Goods(key, 10)])
    asked = brakes.ask(ANI, "pesan kampas rem vario 2 sama spakbor supra 1")
    assert "4. SP-" in asked
    chosen = asked.partition("1. ")[2].split()[0]
    again = brakes.ask(ANI, "1")
    assert "1. SP-" in again
    assert "2 " + chosen in again
    second = again.partition("2. ")[2].split()[0]
    assert lines(brakes) == []
    brakes.ask(ANI, "2")
    assert sorted(lines(brakes)) == sorted([(chosen, 2), (second, 1)])


def test_what_waits_is_not_lost_by_a_question(brakes: Shop) -> None:
    """A price that is asked of the list in between loses nothing: all is proposed then."""
    brakes.ask(ANI, "pesan busi iridium 3 sama kampas rem vario 2")
    assert "62.000" in brakes.ask(ANI, "yang belakang berapa")
    assert "3 BS-1" in brakes.ask(ANI, "ya itu aja 2")
    brakes.ask(ANI, "YA")
    assert sorted(lines(brakes)) == [("BS-1", 3), ("KR-B", 2)]


def test_a_list_ends(brakes: Shop) -> None:
    """A list is forgotten after the hours of the setting."""
    brakes.set(TALK_HOURS, 2)
    brakes.ask(ANI, "pesan kampas rem vario 2")
    brakes.run(timedelta(hours=3).total_seconds())
    brakes.ask(ANI, "2")
    assert lines(brakes) == []


def test_a_list_is_gone_back_to(brakes: Shop) -> None:
    """What stood in the last list is known by its words when something of it is ordered; its numbers
    are not, and with the talk the list is forgotten."""
    for code, name in (("BN-1", "Banda 18565 Gete Radian"), ("BN-2", "Banda 18565 Briston Eko")):
        key = cards.add(brakes.ctx, cards.Card(code, name, "pcs", 555_000))
        stock.receive(brakes.ctx, [stock.Goods(key, 10)])
    cards.add(brakes.ctx, cards.Card("BN-3", "Banda 17565 Gete Radian", "pcs", 455_000))
    assert "1. BN-" in brakes.ask(ANI, "banda 18565 ada?")
    brakes.ask(ANI, "yg gete 4 ya")
    assert lines(brakes) == [("BN-1", 4)]
    brakes.ask(ANI, "tambah yg briston 1")
    assert lines(brakes) == [("BN-1", 4), ("BN-2", 1)]
    brakes.ask(ANI, "2")
    assert lines(brakes) == [("BN-1", 4), ("BN-2", 1)]
    listed = "SELECT listed <> '[]' FROM talks"
    assert brakes.one(listed)
    # The talk is over when its hours are.
    brakes.clock.set(brakes.clock.now() + timedelta(hours=30))
    brakes.ask(ANI, "harga busi iridium")
    assert not brakes.one(listed)


def test_a_list_without_one_of_its_items(brakes: Shop) -> None:
    """A list of which an item was taken off sale has no numbers any more."""
    brakes.ask(ANI, "pesan kampas rem vario 2")
    gone = brakes.one("SELECT id FROM items WHERE code = 'KR-D'")
    cards.remove(brakes.ctx, gone)
    brakes.ask(ANI, "2")
    assert lines(brakes) == []


def test_two_customers_do_not_touch(brakes: Shop) -> None:
    """One customer's list, question and order mean nothing in what another one writes."""
    brakes.ask(ANI, "pesan kampas rem vario 2")
    assert brakes.ask(BUDI, "2") == ""
    brakes.ask(BUDI, "pesan busi iridium 1")
    assert lines(brakes) == [("BS-1", 1)]
    brakes.ask(ANI, "jadi 3 aja")
    assert lines(brakes) == [("BS-1", 1)]


def test_an_order_is_amended_until_it_is_confirmed(brakes: Shop) -> None:
    """ "Jadi 3 aja" changes what waits; once confirmed, the staff read what was to be changed."""
    brakes.ask(ANI, "pesan busi iridium 1")
    brakes.ask(ANI, "jadi 3 aja")
    assert lines(brakes) == [("BS-1", 3)]
    deciding.confirm(brakes.ctx, 1)
    brakes.run(5)
    brakes.ask(ANI, "tambah kampas rem depan vario 1")
    assert lines(brakes) == [("BS-1", 3)]
    row = brakes.rows("SELECT status, reason FROM messages ORDER BY id DESC LIMIT 2")
    assert any("KR-D" in each["reason"] and each["status"] == "staff" for each in row)
    ledgers_add_up(brakes.ctx)


@pytest.mark.parametrize(
    "text",
    [
        "tolong jangan dibatalkan pesanan saya ya", "jgn batal pesanan saya", "kenapa dibatalkan?",
        "pesanan belum dibatalkan kan", "siapa yang batalkan pesanan", "kalau dibatalkan gimana",
        "ga jadi batal", "gak usah dibatalin pesanannya", "bisa dibatalkan?", "jangan ga jadi",
        "jangan dihapus businya", "busi jangan dibatalin",
    ],
)  # fmt: skip
def test_nothing_is_taken_back_that_was_not(brakes: Shop, text: str) -> None:
    """Only a plain withdrawal cancels an order: no question, no negation, no complaint about one."""
    brakes.ask(ANI, "pesan busi iridium 2")
    brakes.ask(ANI, text)
    assert lines(brakes) == [("BS-1", 2)]


@pytest.mark.parametrize(
    "text", ["batalkan pesanan saya", "ga jadi deh pak", "maaf bos, pesanan saya batal aja"]
)
def test_a_plain_withdrawal(brakes: Shop, text: str) -> None:
    """Who takes an order back plainly is obeyed, as long as the staff have not confirmed it."""
    brakes.ask(ANI, "pesan busi iridium 2")
    brakes.ask(ANI, text)
    assert lines(brakes) == []


def test_off(brakes: Shop) -> None:
    """Where free text is off it goes to the staff, as it did."""
    brakes.set(FREE_TEXT, "off")
    assert brakes.ask(ANI, "pesan busi iridium 1") == ""
    assert brakes.one("SELECT status FROM messages ORDER BY id DESC LIMIT 1") == "staff"
    assert lines(brakes) == []


def test_answers_alone(brakes: Shop) -> None:
    """Where only questions are answered, an order in free words is suggested; STOP always counts."""
    brakes.set(FREE_TEXT, "answers")
    assert "98.000" in brakes.ask(ANI, "busi iridium brp bos")
    assert brakes.ask(ANI, "pesan busi iridium 1") == ""
    assert lines(brakes) == []
    brakes.ask(ANI, "jangan kirim promo lagi")
    assert brakes.one("SELECT consent FROM customers LIMIT 1") == "stopped"


def test_a_suggestion_is_sent_with_a_key(brakes: Shop) -> None:
    """What was suggested is done when somebody accepts it, once, by a user who may confirm orders."""
    brakes.set(FREE_TEXT, "suggests")
    assert brakes.ask(ANI, "pesan busi iridium 2") == ""
    message, reply = brakes.ctx.db.execute("SELECT message_id, reply FROM readings").fetchone()
    assert "BS-1" in reply
    assert lines(brakes) == []
    ledgers_add_up(brakes.ctx)
    with pytest.raises(NotAllowed):
        accepting.accept(session(brakes, {"messages.handle"}), message)
    accepting.accept(brakes.ctx, message)
    with pytest.raises(NothingSuggested):
        accepting.accept(brakes.ctx, message)
    assert lines(brakes) == [("BS-1", 2)]
    brakes.run(5)
    assert brakes.modem.sent[-1].text.startswith("Pesanan 1")
    assert brakes.one("SELECT verdict FROM readings") == "accepted"
    ledgers_add_up(brakes.ctx)


def test_the_index_follows_the_shop(brakes: Shop) -> None:
    """What is added, renamed, repriced, reworded or taken off sale is read as it is, by one index."""
    catalogue = Catalogue()
    talk = store_judge.StoreShop(brakes.ctx, catalogue)
    key = cards.add(brakes.ctx, cards.Card("LH-1", "Bearing Roda Depan", "pcs", 40_000))
    stock.receive(brakes.ctx, [stock.Goods(key, 10)])
    assert talk.take("bearing roda brp").outcome is Kind.PRICE
    assert talk.take("kelentong roda depan brp").outcome is not Kind.PRICE
    row = lexicon.add(brakes.ctx, ["kelentong", "bearing"])
    assert "Rp40.000" in talk.take("kelentong roda depan brp").named
    lexicon.remove(brakes.ctx, row)
    assert talk.take("kelentong roda depan harganya berapa").outcome is not Kind.PRICE
    prices.set_price(brakes.ctx, key, 45_000)
    before = cards.card(brakes.ctx, key)
    cards.edit(brakes.ctx, key, replace(before, name="Laker Jari Jari"), before)
    assert talk.take("bearing roda depan brp pak").outcome is not Kind.PRICE
    assert "Rp45.000" in talk.take("brp laker jari jari").named
    cards.remove(brakes.ctx, key)
    assert talk.take("laker jari jari brp").outcome is not Kind.PRICE
    assert len(Catalogue().index(brakes.ctx)) == len(catalogue.index(brakes.ctx))


def test_goes_on_in_the_store(shop: Shop) -> None:
    """In a shop with a store, too, what goes on from an SMS that was left to people is proposed, and
    what is chosen instead of a line comes for it."""
    catalogue = store_judge.stocked(shop.ctx, CORPORA / "armada")
    talk = store_judge.StoreShop(shop.ctx, catalogue)
    assert talk.take("mau beli nozel 4d34 4 atau 6 ya").outcome is Kind.HUMAN
    assert talk.take("4 aja").outcome is Kind.CHOICES
    assert not talk.order
    talk.take("ya")
    assert talk.order == {"NZL-4D34": 4}
    other = store_judge.StoreShop(shop.ctx, catalogue)
    other.take("pesan spion canter kiri 1, filter oli canter sakura 4")
    assert other.take("filter olinya yg dutro aja").outcome is Kind.CHOICES
    other.take("1")
    assert sum(other.order.values()) == 5
    assert "C-5604" not in other.order
    ledgers_add_up(shop.ctx)
