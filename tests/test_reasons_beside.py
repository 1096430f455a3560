"""A change of the open order with why beside it is made; what may be more than why changes nothing."""

import pytest

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge

SHOP = ItemIndex(
    [
        Entry(1, "KNR-11", "Kenari Delta Musi", "pcs", "KENARI", (), 80_000, 90),
        Entry(2, "KNR-12", "Kenari Karsa Musi", "pcs", "KENARI", (), 60_000, 80),
        Entry(3, "SRS-21", "Sirsak Tirta Kanan", "pcs", "SIRSAK", (), 205_000, 70),
        Entry(4, "SRS-22", "Sirsak Tirta Kiri", "pcs", "SIRSAK", (), 205_000, 70),
        Entry(5, "NMR-31", "Namira Solara", "pcs", "NAMIRA", (), 15_000, 90),
    ]
)
KNR, SRS, TWO, SIDES = "KNR-11 10", "SRS-21 1", "KNR-11 4 NMR-31 2", "SRS-21 2 SRS-22 2"


def after(order: str, text: str, *between: str) -> tuple[Kind, dict[str, int]]:
    """What a text is read as behind an order, and the order then."""
    shop = judge.Shop(SHOP)
    for said in (f"PESAN {order}", *between):
        shop.take(said)
    return shop.take(text).outcome, shop.order


@pytest.mark.parametrize(
    ("order", "text", "then"),
    [
        (KNR, "sepuluh kebanyakan kata orang rumah, 7", {"KNR-11": 7}),
        (KNR, "kebanyakan ternyata, kata kepala gudang 6 dulu", {"KNR-11": 6}),
        (KNR, "jadi 12 aja, sekalian buat mobil tetangga", {"KNR-11": 12}),
        (KNR, "ya deh harga pas tapi 3 aja", {"KNR-11": 3}),
        (KNR, "separonya aja, duitnya kepake bayar sekolah", {"KNR-11": 5}),
        (KNR, "ah lima we, artosna teu cekap", {"KNR-11": 5}),
        (KNR, "kata montir musiku lain, batal aja", {}),
        (SRS, "ehh bentar, kata mekaniknya yg bocor tu yg kiri, tuker ya kak", {"SRS-22": 1}),
        (SRS, "eh sopirnya bilang yg oblak kiri, bukan kanan", {"SRS-22": 1}),
        (TWO, "kenarinya kebanyakan, separonya aja", {"KNR-11": 2, "NMR-31": 2}),
        (TWO, "namiranya masih kurang, jadiin 5", {"KNR-11": 4, "NMR-31": 5}),
        (TWO, "eh mahal ya kenarinya, ga jadi. pengen jajan dulu", {"NMR-31": 2}),
        (TWO, "kenarinya 3 aja, mobil 1 udah diganti", {"KNR-11": 3, "NMR-31": 2}),
        (TWO, "yg kenari nanti aja dicoret dulu. kata orang bengkel cuma namira", {"NMR-31": 2}),
        (TWO, "batal semua ah", {}),
        (TWO, "wurung pak, kenarine isih apik jare montir. namirane wae", {"NMR-31": 2}),
        (TWO, "cancel kecuali namira, mobilnya dijual bos", {"NMR-31": 2}),
    ],
)
def test_changed(order: str, text: str, then: dict[str, int]) -> None:
    """A change with why before or behind it is that change."""
    assert after(order, text)[1] == then


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("bedo dikit, ganti itu bae", {"KNR-12": 10}),
        ("eh selisihnya cuma 20rb, pindah ke karsa aja", {"KNR-12": 10}),
        ("hmm mahal jg.. ganti yg karsa aja kak", {"KNR-12": 10}),
        ("karsa aja", {"KNR-12": 10}),
    ],
)
def test_instead(text: str, then: dict[str, int]) -> None:
    """Behind the price of another one, that is had instead, whatever is said of the first one."""
    assert after(KNR, text, "kenari karsa musi berapa")[1] == then


@pytest.mark.parametrize(
    "text",
    [
        "jadi 3, tapi nanti saya kabari", "jadi 3 kalau bos setuju", "3 aja, bisa kurang harganya?",
        "barang yang kemarin bocor, ganti 3", "yang dikirim rusak, tuker yang karsa",
        "kata montir tunggu dulu, jangan 3", "kebanyakan katanya, tanya suami dulu jadi 5 apa 6",
        "kemahalan, 3 aja kalo 50 ribu", "montir bilang mungkin 3",
    ],
)  # fmt: skip
def test_more_than_why(text: str) -> None:
    """A condition, a bid, a complaint of what came, another day: nothing changes."""
    assert after(KNR, text)[1] == {"KNR-11": 10}


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (TWO, "batal, kenarinya udah dapet"),
        (TWO, "batal semua, yang kenari udah dapet"),
        (SIDES, "yang kiri masih bagus, 1 aja"),
        (TWO, "kebanyakan, 3 aja"),
        (KNR, "sembilan kebanyakan, 6"),
    ],
)
def test_which_is_not_said(order: str, text: str) -> None:
    """What may be said of one line or of all changes none of them by itself."""
    before = after(order, "makasih")[1]
    assert after(order, text)[1] == before


@pytest.mark.parametrize(
    ("order", "text", "then"),
    [
        ("SRS-21 2 SRS-22 2 NMR-31 1", "sirsak2nya ga jadi, nemu stok di laci", {"NMR-31": 1}),
        ("KNR-11 1 NMR-31 2", "yang 80 ribu gausah", {"NMR-31": 2}),
        ("KNR-11 1 NMR-31 2", "yang 15rb coret", {"KNR-11": 1}),
        ("KNR-11 1 KNR-12 1 NMR-31 2", "yg paling murah buang aja", {"KNR-11": 1, "KNR-12": 1}),
        ("KNR-11 1 KNR-12 1 NMR-31 2", "yg paling mahal batal", {"KNR-12": 1, "NMR-31": 2}),
        (TWO, "semuanya jadi lima lima", {"KNR-11": 5, "NMR-31": 5}),
        (TWO, "yang benar KNR-12, bukan KNR-11. Mobil saya Musi.", {"KNR-12": 4, "NMR-31": 2}),
        (KNR, "salah kode, harusnya KNR-12", {"KNR-12": 10}),
        # Two lines of that price, a price that none has, a code of another kind.
        (SIDES, "yang 205 ribu gausah", {"SRS-21": 2, "SRS-22": 2}),
        (TWO, "yang 70 ribu gausah", {"KNR-11": 4, "NMR-31": 2}),
        (KNR, "salah kode, harusnya NMR-31", {"KNR-11": 10}),
    ],
)
def test_told_otherwise(order: str, text: str, then: dict[str, int]) -> None:
    """A line is told by its price, by what is said twice, by its code; if that may be two, by none."""
    assert after(order, text)[1] == then


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("bukan itu, yg ke 2 maksudnya", {"KNR-12": 3}),
        ("eh urutan ke 2 maksudku, kekecilan yg itu", {"KNR-12": 3}),
        ("salah, yang nomor 2", {"KNR-12": 3}),
        ("yg satunya aja, kemahalan", {"KNR-12": 3}),
        ("yg ke 7 maksudnya", {"KNR-11": 3}),
        ("bukan yg ke 2 maksudnya", {"KNR-11": 3}),
    ],
)
def test_another_row(text: str, then: dict[str, int]) -> None:
    """Another row of the list from which was chosen comes instead of that; none that is not there."""
    shop = judge.Shop(SHOP)
    for said in ("kenari musi", "1 tiga", text):
        shop.take(said)
    assert shop.order == then


@pytest.mark.parametrize(
    ("order", "text", "then"),
    [
        (KNR, "eh sembilan bae, yang sikok la dapet dari paman", {"KNR-11": 9}),
        ("KNR-11 2", "1 aja ding yg 1 masih bisa dilas", {"KNR-11": 1}),
        (KNR, "slah ktik bang mksdnya 7", {"KNR-11": 7}),
        (TWO, "kenarinya kepanjangan, 2 aja", {"KNR-11": 2, "NMR-31": 2}),
        (TWO, "namiranya tunda dulu, selebihnya tetap", {"KNR-11": 4}),
        (TWO, "namiranya keluarin aja dari pesanan", {"KNR-11": 4}),
        (TWO, "kenarinya tidak jadi, kemarin sudah ganti", {"NMR-31": 2}),
        # Of two lines nobody knows which.
        (TWO, "salah, 3", {"KNR-11": 4, "NMR-31": 2}),
    ],
)
def test_counted(order: str, text: str, then: dict[str, int]) -> None:
    """What is said of the others must agree in number; a slip of the one number is put right."""
    assert after(order, text)[1] == then


@pytest.mark.parametrize(
    ("before", "text", "then"),
    [
        ("kenari delta musi berapa", "katanya oke, ambil 2", {"KNR-11": 2}),
        ("kenari delta musi berapa", "dua ya om, duit saya cuma 200 ribu", {"KNR-11": 2}),
        ("kenari delta musi berapa", "kata bos boleh. pesan 3", {"KNR-11": 3}),
        ("", "kalo ga bisa nganter saya ambil sendiri. pesan namira solara 4", {"NMR-31": 4}),
        # Another's order, a condition, a bid, a question about the goods.
        ("kenari delta musi berapa", "katanya oke kalau murah, ambil 2", {}),
        ("kenari delta musi berapa", "ambil 2, uangnya 50 ribu aja ya", {}),
        ("kenari delta musi berapa", "nanti saya tanya bos, ambil 2 apa 3", {}),
    ],
)
def test_told_beside(before: str, text: str, then: dict[str, int]) -> None:
    """An order beside what is only told is one; what may put it off or bids makes it none."""
    shop = judge.Shop(SHOP)
    for said in (before, text) if before else (text,):
        shop.take(said)
    assert shop.order == then


@pytest.mark.parametrize(
    ("order", "text", "then"),
    [
        (SRS, "taunya yg kiri bocor juga. tambah 1", {"SRS-21": 1, "SRS-22": 1}),
        (SRS, "setelah saya tanyakan kepada montir, yang kiri juga perlu diganti. Tambahkan 2",
         {"SRS-21": 1, "SRS-22": 2}),
        (TWO, "namiranya 3 ding, depan belakang kiri", {"KNR-11": 4, "NMR-31": 3}),
        # What is worn as well is not asked for; sides that do not come to the number.
        (SRS, "taunya yg kiri bocor juga", {"SRS-21": 1}),
    ],
)  # fmt: skip
def test_besides(order: str, text: str, then: dict[str, int]) -> None:
    """What is worn as well is had besides, where so many more are asked for."""
    assert after(order, text)[1] == then


@pytest.mark.parametrize(
    ("texts", "then"),
    [
        (("kenari musi", "1 satu", "eh dua2nya deh"), {"KNR-11": 1, "KNR-12": 1}),
        (("kenari musi", "1 satu", "no 2 nya juga 5"), {"KNR-11": 1, "KNR-12": 5}),
        (("kenari delta 10 pesan", "kurangi 3", "gak jadi dikurangi, tetap 10"), {"KNR-11": 10}),
        # How many of the other one, or which row, is not said.
        (("kenari musi", "1 empat", "eh dua2nya deh"), {"KNR-11": 4}),
        (("kenari musi", "1 satu", "no 7 nya juga 5"), {"KNR-11": 1}),
    ],
)
def test_in_a_talk(texts: tuple[str, ...], then: dict[str, int]) -> None:
    """The other row of a list besides; a change that is taken back."""
    shop = judge.Shop(SHOP)
    for said in texts:
        shop.take(said)
    assert shop.order == then


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("apakah menjual sirsak tirta kiri?", {"SRS-22"}),
        ("malem bos, belum tidur? mau tau namira solara masih ada gak", {"NMR-31"}),
    ],
)
def test_questions(text: str, codes: set[str]) -> None:
    """A question with small talk before it is answered."""
    answer = judge.Shop(SHOP).take(text)
    assert answer.outcome in (Kind.PRICE, Kind.STOCK)
    assert answer.named == codes


@pytest.mark.parametrize("text", ["saya menjual sirsak tirta kiri", "kami menjual namira, minat?"])
def test_sellers(text: str) -> None:
    """Customers who offer something themselves are left to people."""
    assert judge.Shop(SHOP).take(text).outcome is Kind.HUMAN
