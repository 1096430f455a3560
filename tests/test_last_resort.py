"""The last thing before people: a question about the few things that a text may name, which orders
nothing, is asked but once, and at YA becomes an order of what the customer named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import free as free_texts
from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind
from tests import reading_judge as judge
from tests import store_judge
from tests.shop import Shop

QUAY = judge.CORPORA / "kapal"
NAMES = {
    "KA-D1": "KENARI DEPAN ALPA/BETO KARSA", "KA-D2": "KENARI DEPAN ALPA/BETO LIMAN",
    "KA-B1": "KENARI BELAKANG ALPA KARSA", "GR-6": "GERITA 6MM", "GR-8": "GERITA 8MM",
    "SR-1": "SIRSAK TENGAH ALPA", "LM-1": "LUMAS TIRTA 1L", "LM-5": "LUMAS TIRTA 5L",
}  # fmt: skip
KINDS = {"kenari": "KA", "gerita": "GR", "sirsak": "SR", "lumas": "LM"}
INDEX = ItemIndex(
    Entry(number, code, name, "pcs", "", (), 20_000, 8)
    for number, (code, name) in enumerate(NAMES.items(), start=1)
)
TALKS = (
    (), ("kenari depan alpa brp",), ("pesan kenari depan alpa karsa 2",), ("sirsak tengah alpa ada?",),
    ("pesan gerita 6mm 3, sirsak tengah alpa 1",), ("gerita brp",), ("lumas tirta 5l brp",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "text", "asked", "answer", "order"),
    [
        # What is like what the talk is about, though it is for less.
        (TALKS[2], "karo sing mburi pisan siji", {"KA-B1"}, "ya", {"KA-D1": 2, "KA-B1": 1}),
        # One of both, where one shall come for the other.
        ((), "kenari depan alpa karsa 2, kalau karsa habis liman juga boleh", {"KA-D1", "KA-D2"},
         "yang liman", {"KA-D2": 2}),
        # One clause of it, where no other says anything.
        (TALKS[6], "pesen sikok, corongnyo termasuk dak?", {"LM-5"}, "ya", {"LM-5": 1}),
        (TALKS[3], "ambil semua", {"SR-1"}, "ya", {"SR-1": 8}),
        # Places of a list with how many of each.
        (TALKS[5], "1 2, 2 3 pesan", {"GR-6", "GR-8"}, "ya", {"GR-6": 2, "GR-8": 3}),
    ],
)  # fmt: skip
def test_asked_and_served(
    before: tuple[str, ...], text: str, asked: set[str], answer: str, order: dict[str, int]
) -> None:
    """What nobody understands for certain is asked about, changes nothing, and its answer is served."""
    shop = judge.Shop(INDEX)
    for said in before:
        shop.take(said)
    ordered = dict(shop.order)
    found = shop.take(text)
    assert (found.outcome, found.named, shop.order) == (Kind.CHOICES, asked, ordered)
    shop.take(answer)
    assert shop.order == order


def test_asks_about_lines() -> None:
    """Of several lines that one name is for, each price is told."""
    shop = judge.Shop(INDEX)
    shop.take("pesan gerita 6mm 3, gerita 8mm 1, sirsak tengah alpa 1")
    ordered = dict(shop.order)
    answer = shop.take("gerita tu berapo sikoknyo?")
    assert (answer.outcome, answer.named, shop.order) == (Kind.PRICE, {"GR-6", "GR-8"}, ordered)


def test_each_of_some_places() -> None:
    """Of several places of a list as many are ordered as "each" says; a place that it has not, or a
    number too many, orders nothing."""
    for text, order in (
        ("no 1 samo no 2 masing-masing 2", {"GR-6": 2, "GR-8": 2}),
        ("no 1 samo no 3 masing-masing 2", {}),
        ("no 1 samo no 2 masing-masing 2 atau 3", {}),
    ):
        shop = judge.Shop(INDEX)
        shop.take("gerita brp")
        shop.take(text)
        assert shop.order == order, text


WORDS = [
    "yang", "mburi", "depan", "alpa", "karsa", "liman", "gerita", "kenari", "mm", "tirta", "2", "6",
    "pisan", "besak", "bae", "galo", "zulu", "termasuk", "lagi", "kalo", "pesan",
]  # fmt: skip
REMARKS = (
    "salah alamat, ke 10 ulu ding", "antar ke KM Sinar Jaya 7, dermaga baru jam 2",
    "makasih banyak ya",    "{} kemarin rusak 2", "suami saya tadi pesan {} 2 bener gak",
    "kalau gajian {} 2", "besok aku pesan {} 2",
    "{} 2 atau 3 ya", "{} 15rb bae 2", "jangan {} 2", "bukan {} 2", "pesan {} 0",
    "pesan dari ibu: {} jam 7",
    "transfer {} 2 sudah masuk", "{} bekas saya bisa tukar tambah ga", "kiriman {} 2 belum sampai",
    "pesanan tetangga {} 2 tolong disampaikan",
    "{} yang bagus yang mana", "{} 2 kurang 1 kiriman kemarin",
    "Rek BCA 123456 {} 2", "kode OTP anda 2", "{} 2 kemahalan", "ongkir {} 2 brp",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    before=st.sampled_from(TALKS), remark=st.sampled_from(REMARKS), kind=st.sampled_from([*KINDS]),
    more=st.sampled_from(["", " alpa", " karsa", " depan", " 6mm", " tirta"]),
    yes=st.sampled_from(["ya", "ok"]),
)  # fmt: skip
def test_a_remark_is_no_order(
    before: tuple[str, ...], remark: str, kind: str, more: str, yes: str
) -> None:
    """A complaint, an address, a condition, a bid and the like order nothing, and a yes behind them
    nothing that was not named or proposed before."""
    shop = judge.Shop(INDEX)
    for said in before:
        shop.take(said)
    ordered, text = dict(shop.order), remark.format(kind + more)
    shop.take(text)
    assert shop.order == ordered
    shop.take(yes)
    new = {code for code, count in shop.order.items() if count != ordered.get(code)}
    said = " ".join((*before, text))
    assert all(
        any(word in said and code[:2] == head for word, head in KINDS.items()) for code in new
    )


@settings(max_examples=60, deadline=None)
@given(
    before=st.sampled_from(TALKS),
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
)  # fmt: skip
def test_asked_but_once(before: tuple[str, ...], words: list[str]) -> None:
    """The same words twice never bring the same question twice by themselves."""
    talk = judge.Shop(INDEX)
    for said in before:
        talk.take(said)
    text = " ".join(words)
    first = talk.take(text)
    asked, order = talk.talk, dict(talk.order)
    lenient = not free_texts.read(text, INDEX, talk.talk).certain
    again = talk.take(text)
    if first.outcome is again.outcome is Kind.CHOICES and lenient and talk.order == order:
        assert (talk.talk.offered, talk.talk.proposed, talk.talk.quantity) != (
            asked.offered, asked.proposed, asked.quantity,
        ) or talk.changed is not None  # fmt: skip


def test_of_the_whole_catalogue() -> None:
    """Of somebody who has said nothing before only what is named by its kind is asked about, and not by
    what is not sold."""
    for text, outcome in (
        ("sirsak tengah alpa itu lo", Kind.PRICE),
        ("zulu tengah alpa itu lo", Kind.HUMAN),
        ("alpa itu lo", Kind.HUMAN),
        ("suami saya tadi pesan sirsak tengah 2 ya?", Kind.HUMAN),
    ):
        assert read(text, INDEX, Conversation(), free=True).outcome is outcome, text


@pytest.mark.soak
def test_served_by_the_store(shop: Shop) -> None:
    """What was asked back is served through the store as it is by the reading alone."""
    stock = store_judge.stocked(shop.ctx, QUAY)
    for turns, order in (
        (("kampas rem depan supra x piro pak", "sing federal siji", "karo sing mburi pisan siji", "ya"),
         {"KR003F": 1, "KR004": 1}),
        (("v belt vario 150 ori 3", "emang sisa brp?", "ambil semua", "ya"), {"23100-K36-J01": 2}),
        (("gear set supra x ori brp", "yo sudah la, hargo pas, pesan 1", "ya"), {"06401-KPH-900": 1}),
        (("laher asb ado ukuran apo bae", "no 2 samo no 3 masing-masing 2"),
         {"LHR-6202-ASB": 2, "LHR-6302-ASB": 2}),
        (("gear set revo 1, kalo yg sss abis yg indoparts bae", "yg indoparts"), {"GS-REVO-IND": 1}),
    ):  # fmt: skip
        customer = store_judge.StoreShop(shop.ctx, stock)
        for text in turns:
            customer.take(text)
        assert customer.order == order, turns


@pytest.mark.parametrize("text", ["kata bini", "kemahalan kata bini", "kata bos pak"])
def test_what_is_left_of_nothing(text: str) -> None:
    """What says no more than who has said it is left to people, and changes nothing."""
    customer = judge.Shop(judge.catalogue(judge.CORPORA / "lampu"))
    customer.take("bang mesen bohlam h6 osram 4, led rtd h6 1")
    before = dict(customer.order)
    assert customer.take(text).outcome is Kind.HUMAN
    assert customer.order == before
