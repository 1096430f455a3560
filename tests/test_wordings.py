"""Kinds of single messages, in a shop whose goods no other test knows."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Reading
from tests import reading_judge as judge
from tests.daily import daily

NEW = Conversation()
_ids = count(1)


def item(
    code: str, name: str, unit: str = "pcs", others: tuple[str, ...] = (), price: int = 10_000
) -> Entry:
    return Entry(next(_ids), code, name, unit, name.split()[0], others, price, 50)


ENTRIES = [
    item("TPL-R", "TAPLAK RANTAU 250-17", others=("taplak luar rantau 250",)),
    item("TPL-S", "TAPLAK SIMPUR 80/90-14"),
    item("TPL-K", "TAPLAK KELUWIH 80/90-14", price=12_000),
    item("TPD-S", "TAPLAK DALAM SIMPUR 2.25/2.50-17"),
    item("TPD-K", "TAPLAK DALAM KELUWIH 80/90-14"),
    item("LKM-19", "LUKMIN 191ML", "klg"),
    item("LKM-33", "LUKMIN 333ML", "klg"),
    item("PGS-10", "PEGASUS GARIS 1000 RPM MUSANG"),
    item("PGS-15", "PEGASUS GARIS 1500 RPM MUSANG"),
    item("GRG-14", "GERIGI DPN MUSANG 14T"),
    item("GRG-15", "GERIGI DPN MUSANG 15T"),
    item("UNTAI-4", "UNTAI DELIMA 428H 104L"),
    item("UNTAI-6", "UNTAI DELIMA 428H 116L"),
    item("LMP-S", "LAMPION SEIN 12V", others=("lampion sein",)),
    item("LMP-T", "LAMPION STOP 12V 18W"),
    item("SRG-L", "SARINGGA TENUK 2015-2019", price=30_000),
    item("SRG-B", "SARINGGA TENUK 2020 UP", price=40_000),
    item("TRT-1", "TIRTA AJAIB 15W-40 1L", "botol"),
    item("TRT-4", "TIRTA AJAIB 15W-40 4L", "galon"),
    item("BKL-M", "BANGKAL MUSANG"),
    item("BKL-T", "BANGKAL TENUK"),
    item("KND-M", "KENDALI MUSANG SUPER"),
    item("KND-X", "KENDALI MUSANG SUPER BALAP", price=20_000),
    item("ATP-M", "ATAP DPN MUSANG"),
    item("ATP-B", "ATAP BLK MUSANG"),
]
INDEX = ItemIndex(ENTRIES)


def free(text: str, talk: Conversation = NEW) -> Reading:
    return read(text, INDEX, talk, free=True)


def shown(text: str) -> tuple[str, dict[str, int | None], list[str]]:
    reading = free(text)
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    options = sorted(entry.code for wish in reading.wishes for entry in wish.options)
    return reading.outcome.value, lines, options


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pesan bangkal musang papat njih", {"BKL-M": 4}),
        ("tumbas bangkal musang sekawan, bangkal tenuk kalih", {"BKL-M": 4, "BKL-T": 2}),
        ("pesen bangkal musang setunggal kalih bangkal tenuk tiga", {"BKL-M": 1, "BKL-T": 3}),
        ("bangkal musang rolas sareng bangkal tenuk hiji pesen", {"BKL-M": 12, "BKL-T": 1}),
        ("pesan bangkal musang limabelas", {"BKL-M": 15}),
        ("pesan bangkal musang satengah losin", {"BKL-M": 6}),
        ("pesan tirta ajaib sabotol", {"TRT-1": 1}),
        ("pesan tirta ajaib 10 btl", {"TRT-1": 10}),
        ("nyuwun sewu pak, pesen bangkal musang 3", {"BKL-M": 3}),
    ],
)
def test_numbers_of_the_region(text: str, wanted: dict[str, int]) -> None:
    """Numbers and units are understood in the languages that customers mix."""
    outcome, lines, _ = shown(text)
    assert (lines if outcome == "order" else {}) == wanted


@pytest.mark.parametrize(
    ("text", "outcome", "lines", "options"),
    [
        ("pesan taplak luar 80/90-14 2", "choices", {}, ["TPL-K", "TPL-S"]),
        ("pesan taplak luar simpur 80/90-14 2", "order", {"TPL-S": 2}, []),
        ("pesan taplak simpur 250-17 2", "choices", {"TPD-S": 2}, []),
        ("pesan taplak dalam simpur 250 17 2", "order", {"TPD-S": 2}, []),
        ("pesan lukmin yg kecil 3", "order", {"LKM-19": 3}, []),
        ("pesan lukmin besar 3", "order", {"LKM-33": 3}, []),
        ("pesan pegasus garis 1500rpm 2", "order", {"PGS-15": 2}, []),
        ("harga gerigi musang 15 mata", "price", {"GRG-15": None}, []),
        ("untai delima 104 mata 1 pesan", "order", {"UNTAI-4": 1}, []),
        ("pesan saringga tenuk 2022 1", "order", {"SRG-B": 1}, []),
        ("pesan kendali musang yg biasa 2", "order", {"KND-M": 2}, []),
        ("pesan kendali musang bukan yang balap 2", "order", {"KND-M": 2}, []),
        ("pesan bangkal musang 2 bukan yang musang", "human", {}, []),
        ("pesan atap musang depan belakang 1", "choices", {"ATP-B": 1, "ATP-M": 1}, []),
    ],
)
def test_which(text: str, outcome: str, lines: dict[str, int | None], options: list[str]) -> None:
    """Sizes, years, sides and what is said not to be meant tell things apart."""
    assert shown(text) == (outcome, lines, options)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("musang: bangkal 2, kendali super balap 1", {"BKL-M": 2, "KND-X": 1}),
        ("utk musang: bangkal 2, gerigi dpn 15t 1", {"BKL-M": 2, "GRG-15": 1}),
        ("gerigi 14 sama 15 masing2 1, bangkal tenuk 3", {"GRG-14": 1, "GRG-15": 1, "BKL-T": 3}),
        ("pesan taplak simpur 80/90-14 1, bangkal tenuk 2", {"TPL-S": 1, "BKL-T": 2}),
        ("2 lampion stop pesan ya", {"LMP-T": 2}),
        ("pesan bangkal musang 2, an Bengkel Mandiri jl Merdeka no 45", {"BKL-M": 2}),
        ("pesan bangkal musang 2, nota an CV Sumber", {"BKL-M": 2}),
        ("pesan bangkal musang 2 kirim lewat travel ke Sekayu", {"BKL-M": 2}),
        ("pesan bangkal musang 2 nanti anak saya yg ambil", {"BKL-M": 2}),
        ("bangkal musang 2, bangkal tenuk 4. ini pesanan CV Karya Mandiri", {"BKL-M": 2, "BKL-T": 4}),
        ("batalke bae yg tadi, ganti pesan bangkal musang 4", {"BKL-M": 4}),
        ("buatke pesanan bangkal musang 4", {"BKL-M": 4}),
    ],
)  # fmt: skip
def test_what_stands_around(text: str, wanted: dict[str, int]) -> None:
    """What stands around an order (a heading, an address, a bill, who fetches it) is no part of it."""
    assert shown(text)[:2] == ("order", wanted)


@pytest.mark.parametrize(
    ("text", "outcome", "lines"),
    [
        ("musang sy bocor, bangkalnya ada? brp", "price", {"BKL-M": None}),
        ("harga bangkal musang brp, punya saya sudah oblak", "price", {"BKL-M": None}),
        ("bangkal musang yg saya beli bocor, ada gantinya?", "human", {}),
        ("bangkal musang lah sampe, mokasih banyak", "human", {}),
        ("bangkal musang 10rb kan? 2 ya mau", "choices", {"BKL-M": 2}),
        ("harga net bangkal musang berapa", "price", {"BKL-M": None}),
        ("bangkal musang 2 net 15rb ya", "human", {}),
        ("minta kurang lah, ambil bangkal musang 10", "human", {}),
        ("pesan bangkal musang 2 sm zulkifar 3", "choices", {"BKL-M": 2}),
        ("jgn kirim sms iklan lg ke no ini tlg", "stop", {}),
        ("caronyo mesen lewat sms ni cakmano?", "help", {}),
        ("pesan bangkal musang 2 lewat travel brp ongkosnya", "human", {}),
        ("pesan bangkal musang 2 nanti anak saya yg bilang jadi apa gak", "human", {}),
    ],
)
def test_told_and_asked(text: str, outcome: str, lines: dict[str, int | None]) -> None:
    """What is told beside a question is no complaint; complaints and haggling stay with people."""
    assert shown(text)[:2] == (outcome, lines)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("daftar Sumi jl kapten rivai 12", "Sumi", "jl kapten rivai 12"),
        ("daftar nama Ahmad Yani alamat jl Sudirman 45", "Ahmad Yani", "jl Sudirman 45"),
        ("mau daftar member ya. nama: Rina, alamat: lrg Sukun no 3", "Rina", "lrg Sukun no 3"),
        ("saya mau daftar jadi pelanggan, nama Budi", "Budi", ""),
        ("REG*Bengkel Maju*Jl Mawar, RT 4", "Bengkel Maju", "Jl Mawar, RT 4"),
    ],
)
def test_registering(text: str, name: str, address: str) -> None:
    """Name and address are told apart, also without a comma and in own words."""
    reading = free(text)
    assert [(wish.name, wish.address) for wish in reading.wishes] == [(name, address)]


NO = st.sampled_from(
    ["ga", "gak", "gk", "g", "ngga", "gag", "dak", "ndak", "tdk", "kagak", "jngan"]
)
VERB = st.sampled_from(["kirim", "pesan", "mau", "jadi", "ambil", "siapkan", "butuh", "order"])


@settings(max_examples=60, deadline=None)
@given(NO, VERB, st.integers(2, 9), st.booleans())
def test_what_is_refused_is_never_ordered(no: str, verb: str, number: int, last: bool) -> None:
    """A small word for "not" before a verb is no order, wherever it stands."""
    order = f"bangkal musang {number}"
    text = f"pesan {order} {no} {verb}" if last else f"saya {no} {verb} {order}"
    assert free(text).outcome.value != "order"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("tak pesen 2 bangkal musang mas", "order"),
        ("klw ada kirim bangkal musang 2", "order"),
        ("bisa gak kirim bangkal musang 2", "choices"),
        ("bangkal musang tak jadi 2", "human"),
    ],
)
def test_what_only_looks_refused(text: str, outcome: str) -> None:
    """The same words behind "is there" only ask, and "tak" may say "I will"."""
    assert free(text).outcome.value == outcome


SHOPS = sorted(path.parent for path in judge.CORPORA.glob("*/messages.jsonl"))


@pytest.mark.parametrize("number", daily(range(len(SHOPS)), 3))
def test_texts_of_another_shop(number: int) -> None:
    """What the customers of another shop write is read without an error, and orders what is there."""
    index = judge.catalogue(SHOPS[number])
    for label in judge.labels(SHOPS[number - 1] / "messages.jsonl"):
        shop = judge.Shop(index)
        shop.take(label["text"])
        codes = [index.find(judge._key(code)) for code in shop.order]
        assert all(entry is not None and entry.available for entry in codes), label["text"]


NAMED = st.sampled_from(["bangkal musang", "bangkal tenuk", "lampion stop", "taplak rantau"])


@settings(max_examples=60, deadline=None)
@given(NAMED, NAMED, st.integers(2, 9), st.sampled_from(["bukan yang", "dudu sing", "bkn yg"]))
def test_what_is_not_meant_is_never_ordered(one: str, two: str, number: int, no: str) -> None:
    """What is said not to be meant is in no order, and nothing is ordered that was not named before."""
    shop = judge.Shop(INDEX)
    shop.take(f"pesan {one} {no} {two} {number}")
    unmeant = {entry.code for entry in ENTRIES if _called(entry, two)}
    assert not unmeant & set(shop.order)
    assert set(shop.order) <= {entry.code for entry in ENTRIES if _called(entry, one)}


def _called(entry: Entry, said: str) -> bool:
    return set(said.upper().split()) <= set(entry.name.split())
