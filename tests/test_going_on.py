"""Talks with shops of several trades: what customers say behind an answer of the shop, in many words,
and what is to stand in their order then. What is doubtful is asked about, or left to people."""

from collections.abc import Sequence
from functools import cache

import pytest

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge


@cache
def stock_of(name: str) -> ItemIndex:
    return judge.catalogue(judge.CORPORA / name)


def talked(name: str, turns: Sequence[str]) -> tuple[Kind, dict[str, int]]:
    """What the last of these SMS was read as, and the order behind it."""
    shop = judge.Shop(stock_of(name))
    answer = [shop.take(text) for text in turns][-1]
    return answer.outcome, shop.order


MPX = ("pasar", "pesan oli mpx2 0.8 3", {"OLI-MPX2": 3})
SPION = ("armada", "pesan spion canter kiri 1", {"SPN-CNT-KR": 1})
THREE = (
    "armada",
    "pesan spion canter kiri 1, kampas rem depan canter ps125 nibk 2, filter oli canter sakura 4",
    {"SPN-CNT-KR": 1, "RM-102": 2, "C-5604": 4},
)  # fmt: skip
PAIR = (
    "armada", "pesan tie rod end canter kiri 1 kanan 1", {"TRE-CNT-KR": 1, "TRE-CNT-KN": 1}
)  # fmt: skip
BULBS = (
    "asesoris", "pesan led t10 putih 10, bohlam h4 osram std 2", {"LD-T10-PTH": 10, "BH-H4-OSR": 2}
)  # fmt: skip
BEARING = ("armada", "PESAN 32211-ASB 4", {"32211-ASB": 4})
NOZZLE = ("armada", "pesan nozel 4d34 6", {"NZL-4D34": 6})


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        # A line of the order, and what it is to be.
        (THREE, "spionnya yang kanan", {"SPN-CNT-KR": 0, "SPN-CNT-KN": 1}),
        (THREE, "spionnya yang kanan aja", {"SPN-CNT-KR": 0, "SPN-CNT-KN": 1}),
        (THREE, "kampas remnya yang kw aja deh", {"RM-102": 0, "RM-103": 2}),
        (THREE, "kanvasnya kw aja 3", {"RM-102": 0, "RM-103": 3}),
        (THREE, "filter olinya yg ori aja", {"C-5604": 0, "ME013307": 4}),
        (THREE, "filternya yg ori", {"C-5604": 0, "ME013307": 4}),
        (THREE, "filter olinya harus yg ori, ganti", {"C-5604": 0, "ME013307": 4}),
        (MPX, "ganti mpx1", {"OLI-MPX2": 0, "OLI-MPX1": 3}),
        (MPX, "ganti mpx1 2", {"OLI-MPX2": 0, "OLI-MPX1": 2}),
        (MPX, "tukar sama mpx1", {"OLI-MPX2": 0, "OLI-MPX1": 3}),
        (MPX, "mpx2 nya ganti mpx1", {"OLI-MPX2": 0, "OLI-MPX1": 3}),
        (MPX, "bukan mpx2 tapi mpx1", {"OLI-MPX2": 0, "OLI-MPX1": 3}),
        (MPX, "jangan mpx2, mpx1 aja", {"OLI-MPX2": 0, "OLI-MPX1": 3}),
        (MPX, "bukan itu, yang 0.65 maksudnya", {"OLI-MPX2": 0, "OLI-MPX2-65": 3}),
        (BEARING, "ganti koyo galo bos, asb cepet oblak", {"32211-ASB": 0, "32211-KYO": 4}),
        # How many.
        (MPX, "ambil 2 aja", {"OLI-MPX2": 2}),
        (MPX, "pesan 5 aja", {"OLI-MPX2": 5}),
        (MPX, "cukup 2", {"OLI-MPX2": 2}),
        (MPX, "dua ketang", {"OLI-MPX2": 2}),
        (MPX, "2 sajo", {"OLI-MPX2": 2}),
        (MPX, "eh 5 katanya", {"OLI-MPX2": 5}),
        (MPX, "bos bilang jadi 4", {"OLI-MPX2": 4}),
        (NOZZLE, "kebanyakan. balikin jadi 4", {"NZL-4D34": 4}),
        (PAIR, "masing2 2", {"TRE-CNT-KR": 2, "TRE-CNT-KN": 2}),
        (PAIR, "terotnya masing2 2 aja", {"TRE-CNT-KR": 2, "TRE-CNT-KN": 2}),
        (PAIR, "tambah sepasang", {"TRE-CNT-KR": 2, "TRE-CNT-KN": 2}),
        (THREE, "spion jadi 2 dan kampas jadi 4", {"SPN-CNT-KR": 2, "RM-102": 4}),
        (THREE, "spion 2 dan kampas 4", {"SPN-CNT-KR": 2, "RM-102": 4}),
        (THREE, "spion tambah 1 dan kampasnya kurangi 1", {"SPN-CNT-KR": 2, "RM-102": 1}),
        # Some lines stay, or fall.
        (THREE, "spion aja, yang lain batal", {"RM-102": 0, "C-5604": 0}),
        (THREE, "kampas sama filter aja yang lainnya ga jadi", {"SPN-CNT-KR": 0}),
        (THREE, "spionnyo dak usah, laennyo tetep", {"SPN-CNT-KR": 0}),
        (THREE, "spionnya ga jadi, masih biso dipake", {"SPN-CNT-KR": 0}),
        (THREE, "filternya coret, udah dapet di pasar 16", {"C-5604": 0}),
        (THREE, "yaudah filternyo dicoret be", {"C-5604": 0}),
        # Another thing besides.
        (THREE, "kanvas yang belakang juga 2 | ya", {"RM-104": 2}),
        (THREE, "kalo spion kanannya 1, masukin | 1", {"SPN-CNT-KN": 1}),
        (SPION, "kalo drag link canter 1, tambahin | ya", {"DRL-CNT": 1}),
    ],
)  # fmt: skip
def test_orders_change(
    before: tuple[str, str, dict[str, int]], text: str, after: dict[str, int]
) -> None:
    """What is said of the order changes just that in it."""
    name, first, order = before
    _, found = talked(name, [first, *text.split(" | ")])
    assert found == {code: count for code, count in (order | after).items() if count}


@pytest.mark.parametrize(
    ("before", "text", "chosen", "after"),
    [
        (MPX, "ganti yamalube", "1", {"OLI-YMT": 3}),
        (MPX, "olinya yamalube aja", "1", {"OLI-YMT": 3}),
        (MPX, "ganti enduro 1 liter", "ya", {"OLI-ENDURO1": 3}),
        (THREE, "filter olinya yg dutro aja", "1", {"SPN-CNT-KR": 1, "RM-102": 2, "C-1304": 4}),
        (THREE, "filternya yg dutro", "ya", {"SPN-CNT-KR": 1, "RM-102": 2, "C-1304": 4}),
    ],
)  # fmt: skip
def test_chosen_instead(
    before: tuple[str, str, dict[str, int]], text: str, chosen: str, after: dict[str, int]
) -> None:
    """What is chosen of a list of what is to be had instead comes for the line, not on top of it."""
    name, first, order = before
    assert talked(name, [first, text]) == (Kind.CHOICES, order)
    assert talked(name, [first, text, chosen])[1] == after


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (BULBS, "lampunya jadi 4"), (BULBS, "h4 -1"), (THREE, "sama spion 2"), (MPX, "oli mpx2 -1"),
        (THREE, "ganti wiper canter 2"), (THREE, "filternya buat dutro"), (THREE, "ganti l300"),
        (THREE, "spionnya yang kanan?"), (THREE, "spionnya yang kanan berapa"), (THREE, "2 aja"),
        (THREE, "pesan 2 aja"), (THREE, "yang lain ga jadi"), (THREE, "spion batal yang lain jangan"),
        (THREE, "batal, yang lain tetap"), (THREE, "tambah sepasang"), (THREE, "ambil 1"),
        (THREE, "batal ya, ambil di toko aja"), (THREE, "ga jadi batal, ambil di toko"),
        (MPX, "stok 5 katanya"), (MPX, "kata bos kemarin 5"), (MPX, "balikin 2"), (MPX, "sekitar 2"),
        (MPX, "jadi paling 2"), (MPX, "ganti itu aja"), (MPX, "bukan itu"), (MPX, "ganti berapa aja"),
        (MPX, "besok saya ambil"), (MPX, "nanti sore ambil"), (MPX, "total brp"), (MPX, "semua brp"),
        (MPX, "Alamat kirim: Jl. Mawar Km 12, Kec. Ilir"), (MPX, "busi cpr6ea 2 atau 3 ya | jadi 4"),
        (MPX, "kalo mpx1 murah ganti 2"), (PAIR, "ganti l300"),
        (PAIR, "2 atau 3 pasang"),
    ],
)  # fmt: skip
def test_orders_stay(before: tuple[str, str, dict[str, int]], text: str) -> None:
    """What may be meant otherwise, is asked, or tells of something else leaves the order as it is."""
    name, first, order = before
    assert talked(name, [first, *text.split(" | ")])[1] == order


QUOTE = ("pasar", "oli mpx2 0.8 brp")
LIST = ("pasar", "kampas rem depan beat ada?")
PROPOSED = ("pasar", "pesan busi bpr6es")
SHORT = ("pasar", "pesan dcpr7ea 30")
TWO = ("armada", "harga aki n70 gs sama aki n100 yuasa")
OUT = ("armada", "ready ga laher 22217")


@pytest.mark.parametrize(
    ("before", "text", "order"),
    [
        (QUOTE, "ok ambil | ya", {"OLI-MPX2": 1}), (QUOTE, "pesan | 3", {"OLI-MPX2": 3}),
        (QUOTE, "bungkus ya | ya", {"OLI-MPX2": 1}), (QUOTE, "yang tadi pesan 2", {"OLI-MPX2": 2}),
        (QUOTE, "kata bos pesan 2 | ya", {"OLI-MPX2": 2}), (QUOTE, "cocok, bungkus 2", {"OLI-MPX2": 2}),
        (QUOTE, "suami saya setuju, ambil 2 | ya", {"OLI-MPX2": 2}),
        (QUOTE, "yo wes harga pas, ambil 1", {"OLI-MPX2": 1}),
        (QUOTE, "dak papo hargo tadi, pesan sikok", {"OLI-MPX2": 1}),
        (QUOTE, "paling 2 | ya", {"OLI-MPX2": 2}), (QUOTE, "gas, ambil 2", {"OLI-MPX2": 2}),
        (LIST, "aspira 2 sama busi cpr6ea 1", {"KR001": 2, "NGK-CPR6EA": 1}),
        (LIST, "no 1 2 dan oli mpx2 0.8 3", {"KR001": 2, "OLI-MPX2": 3}),
        (PROPOSED, "ya kirim", {"NGK-BPR6ES": 1}), (PROPOSED, "bungkus", {"NGK-BPR6ES": 1}),
        (PROPOSED, "ya sama oli mpx2 0.8 2 | ya", {"NGK-BPR6ES": 1, "OLI-MPX2": 2}),
        (PROPOSED, "tambah 1 | ya", {"NGK-BPR6ES": 2}),
        (SHORT, "ambil semua", {"NGK-DCPR7": 24}), (SHORT, "segitu aja", {"NGK-DCPR7": 24}),
        (SHORT, "yaudah 24 itu ambil semua", {"NGK-DCPR7": 24}),
        (QUOTE, "nggih setunggal mawon", {"OLI-MPX2": 1}), (QUOTE, "payo sikok", {"OLI-MPX2": 1}),
        (QUOTE, "mahal nian, yang 0.65 aja 1 | ya", {"OLI-MPX2-65": 1}),
        (LIST, "nomor 1 dan 2 | masing2 1 | ya", {"KR001": 1, "06455-KVB-T01": 1}),
        (TWO, "yang murah 1", {"AKI-N70-GS": 1}), (TWO, "ambil 1 | 2", {"AKI-N100-YUA": 1}),
        (OUT, "kl 22215? | 2 aja", {"22215-EK": 2}),
        (("armada", "mau beli nozel 4d34 4 atau 6 ya"), "4 aja | ya", {"NZL-4D34": 4}),
        (("asesoris", "foglamp calya ado dak"), "kalu avanza 2013 | 1 set pesen", {"FL-AVZ12": 1}),
        (("asesoris", "led mobil c6 h4 pesan 1 set"), "led osram ylz brp | ganti itu be sikok",
         {"LD-H4-OSRYLZ": 1}),
    ],
)  # fmt: skip
def test_goods_ordered(before: tuple[str, str], text: str, order: dict[str, int]) -> None:
    """What was quoted, listed, proposed or left is ordered in few words."""
    assert talked(before[0], [before[1], *text.split(" | ")])[1] == order


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (QUOTE, "ok ambil"), (QUOTE, "mau"), (QUOTE, "kata bos pesan 2"), (QUOTE, "sekitar 3 aja"),
        (QUOTE, "40 ya ambil sekarang"), (QUOTE, "harga pas berapa, ambil 2"),
        (QUOTE, "cocok ga, ambil 2?"),
        (QUOTE, "yg tadi udah saya beli 2"), (QUOTE, "bos bilang sudah pesan 2"),
        (QUOTE, "kalau yg sachet? | ambil 2"), (QUOTE, "kalo murah ambil 2"), (LIST, "mau pesan"),
        (LIST, "nomor 1 dan 2"), (SHORT, "pesankan dulu"), (SHORT, "cari di tempat lain aja"),
        (("asesoris", "harga aki gtz5s gs"), "yang buat vario 150"),
        (PROPOSED, "ya bukan"), (PROPOSED, "tambah 1"), (TWO, "ambil 1"), (SHORT, "sisa berapa"),
        (("armada", "nozel 4d34 kemarin rusak"), "2 aja"), (("armada", "kalo nozel 4d34 2"), "2"),
        (("asesoris", "led osram ylz h4 berapa bang"), "400 ya bang ambil sekarang"),
        (("asesoris", "alarm motor 2 arah brp"), "yg biaso awet dak? | gas, ambil 2"),
    ],
)  # fmt: skip
def test_nothing_ordered(before: tuple[str, str], text: str) -> None:
    """What is not certain is no order yet."""
    assert not talked(before[0], [before[1], *text.split(" | ")])[1]


@pytest.mark.parametrize(
    "text", ["6301 nya 2, ntn jg", "yg 6301 2, ntn jugo", "6301nya 2 juga, yg ntn"]
)
def test_one_thing_in_two_words(text: str) -> None:
    """Of two words for one thing the one without a number says nothing of how many: it is asked."""
    ordered = {"LHR-6201-NTN": 4}
    outcome, order = talked("pelita", ["bang laher 6201 NTN masih?", "ambil 4", text])
    assert order in (ordered, {**ordered, "LHR-6301-NTN": 2}), outcome


@pytest.mark.parametrize("before", ["", "btw ", "hmm ", "oh ya, "])
def test_behind_another_thing_that_was_left_to_people(before: str) -> None:
    """A bare number is no order of what was quoted, once people were to answer to something else."""
    turns = ["busi iridium", "waduh 98 ribu yo mang, cr7hsa", f"{before}2"]
    shop = judge.Shop(stock_of("lampu"))
    answers = [shop.take(text) for text in turns]
    assert answers[1].outcome is Kind.HUMAN
    assert (answers[2].outcome is Kind.ORDER, shop.order) == (False, {})
