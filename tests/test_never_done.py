"""What is nobody's order, or another number of it, beside what a shop has just spoken of."""

import pytest

from tests import reading_judge as judge

SIZES = [
    ("pasar", "pesan baut cakram honda (isi 6) 4", "BT-CAKRAM", 6),
    ("pasar", "pesan karet tromol supra/revo (isi 5) 4", None, 5),
    ("pasar", "pesan tambal ban tubeless cacing (isi 6) 5", None, 6),
    ("niaga", "relay 8 kaki 12v bosch 4 ya", "RLY-4", 8),
    ("lampu", "pesan flasher sen led 7 kaki motor 2", None, 7),
    ("curup", "pesan minyak rem dot 7 50ml jumbo 3", None, 7),
    ("pasar", "pesan 12 klakson cakram motor 2v", None, 12),
]
OTHERS = [
    ("roller nmax berapa", "kawahara 13 2"), ("roller nmax berapa", "kawahara 15 2"),
    ("roller mio berapa", "kawahara 11 2"), ("v belt nmax berapa", "2020 up 1"),
    ("ada shock mio?", "yss 330 1"), ("per cvt nmax ada?", "1000 rpm 1"),
    *(
        ("ada spion nmax kanan?", text)
        for text in (
            "pesan klem 2", "pesan 2 meja", "pesan talang 2", "pesan kipas 2", "pesan kopi 2",
            "ambil bautnya 2", "pesan ojek 2", "pesan tempat 2", "pesan 2 untuk avanza",
            "pesan 2 buat fuso", "pesan 2 yang toyota", "pesan 2, buat fuso",
        )
    ),
    *(
        ("harga oli mpx2 berapa", text)
        for text in ("tetangga ambil 2", "andi pesan 2", "ipar ambil 2", "mertua pesan 2")
    ),
]  # fmt: skip
NOT_THE_ORDER = (
    "gak jadi diantar, saya ambil sendiri", "ga jadi transfer, bayar di toko ya", "dak jadi cod",
    "batal dijemput", "ga jadi titip bus, saya ke situ", "maaf travel batal, saya langsung ke toko",
    "ojek batal, saya langsung ke toko", "batal nikah hehe", "servis gak jadi", "jok jadi 1",
    "jok batal", "kaca batal", "ring batal", "kopi batal", "budi minta tambah 1",
    "bengkel sebelah minta tambah 1", "semoga jadi 3 cukup", "pakai kardus jadi 2",
    "alhamdulillah bengkel jadi 2",
)  # fmt: skip


@pytest.mark.parametrize(("name", "text", "code", "never"), SIZES)
def test_a_size_is_no_quantity(name: str, text: str, code: str | None, never: int) -> None:
    """Of two numbers that may both count, the wrong one never does."""
    shop = judge.Shop(judge.catalogue(judge.CORPORA / name))
    for said in (f"berapa {text.split('pesan ')[-1].rsplit(' ', 1)[0]}", text):
        shop.take(said)
        assert never not in shop.order.values(), said


@pytest.mark.parametrize(("first", "text"), OTHERS)
def test_another_thing_is_none_of_it(first: str, text: str) -> None:
    """What was quoted is not ordered by what names something else, somebody else or another vehicle."""
    shop = judge.Shop(judge.catalogue(judge.CORPORA / "curup"))
    shop.take(first)
    shop.take(text)
    assert shop.order == {}


@pytest.mark.parametrize("text", NOT_THE_ORDER)
@pytest.mark.parametrize(
    ("name", "code"),
    [("curup", "KPG-MIO-IND"), ("niaga", "FO101"), ("pasar", "OLI-MPX2"), ("lampu", "KL-DENSO")],
)
def test_something_else_changes_no_order(name: str, code: str, text: str) -> None:
    """What falls, or is counted, beside the order, is not the order."""
    shop = judge.Shop(judge.catalogue(judge.CORPORA / name))
    shop.take(f"PESAN {code} 3")
    before = dict(shop.order)
    assert before
    shop.take(text)
    assert shop.order == before
