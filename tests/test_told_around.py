"""What is told around an order: it changes nothing, and takes away no reason to ask."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading.index import Entry, ItemIndex
from tests import reading_judge as judge

SHOP = ItemIndex(
    [
        Entry(1, "KNR-1", "Kenari Delta", "pcs", "KENARI", (), 80_000, 90),
        Entry(2, "KNR-2", "Kenari Karsa", "pcs", "KENARI", (), 60_000, 80),
        Entry(3, "SRS-1", "Sirsak Tirta", "set", "SIRSAK", (), 205_000, 70),
    ]
)
ORDERS = [
    (("kenari delta ada?",), "pesan 2", {"KNR-1": 2}),
    (("kenari delta berapa",), "ok ambil 3 ya", {"KNR-1": 3}),
    (("sirsak tirta ado dak",), "aku minta 4", {"SRS-1": 4}),
    (("kenari",), "yg karsa 2", {"KNR-2": 2}),
    ((), "pesan sirsak tirta 2", {"SRS-1": 2}),
]
PEOPLE = ["istri", "bini", "anak", "bos", "adek", "emak"]
TOLD = ["udah nungguin", "ngomel terus", "lagi rewel", "udah ribut", "lagi liburan", "ikut nebeng"]
STORIES = [
    "cepet saya ke sana", "mau aku stikerin", "motorku mogok lagi di jalan", "lagi hujan disini",
    "udah cair pak", "terserah warnanya", "awas kalo putus lagi", "yang lama udah botak",
    "yg depan masih tebel", "oh belum tercatat ya", "ya udah harga pas gapapa", "takut keburu lebaran",
    "biar besok bisa narik", "wong la kehujanan dijalan", "biar ga licin kalo ujan",
    "yang lama udah ga kuat",
]  # fmt: skip
TAKEN_BACK = [
    "ga jadi deh", "nanti aja", "kalau udah gajian", "besok kalau jadi", "jangan dulu",
    "tanya istri dulu", "belum pasti", "kalo boleh kurang", "100rb aja ya", "asal 50 ribu",
    "bisa kurang ga?", "kemarin udah saya ambil", "kok belum datang", "barangnya kemarin pecah",
    "itu pesanan suami saya", "istri ga setuju", "duit ga cukup", "ga ada duit", "batal", "urung",
    "dak jadi mang", "cuma nanya", "salah sambung", "yang lain aja", "yang satunya aja", "atau 3",
    "mungkin", "tergantung ongkir", "bisa cod?", "gjd", "kebanyakan", "lagi bokek",
    "dompet ketinggalan",
    "motornya udah dijual", "nunggu acc bos", "sampe istri setuju", "separuh aja", "eh ga deh",
    "kemahalan", "tapi bohong",
]  # fmt: skip


def ordered(*texts: str) -> dict[str, int]:
    shop = judge.Shop(SHOP)
    for text in texts:
        shop.take(text)
    return shop.order


@settings(max_examples=40)
@given(
    st.sampled_from(ORDERS),
    st.one_of(
        st.sampled_from(STORIES),
        st.builds(
            lambda who, what: f"{who} {what}", st.sampled_from(PEOPLE), st.sampled_from(TOLD)
        ),
    ),
    st.sampled_from(["{order}, {told}", "{told}, {order}", "{order}. {told}", "{told}\n{order}"]),
)
def test_no_story_changes_an_order(
    order: tuple[tuple[str, ...], str, dict[str, int]], told: str, form: str
) -> None:
    """Whatever is told before or behind an order, that order is recorded, or none."""
    before, text, wanted = order
    assert ordered(*before, form.format(order=text, told=told)) in (wanted, {})


@pytest.mark.parametrize("told", STORIES)
def test_an_order_is_read_beside_a_story(told: str) -> None:
    """An order behind what is told is recorded; of two that are told neither hides the other."""
    assert ordered("kenari delta ada?", f"{told}, pesan 2 ya") == {"KNR-1": 2}
    assert ordered(f"pesan sirsak tirta 3. {told}. makasih") == {"SRS-1": 3}


@settings(max_examples=60)
@given(
    st.sampled_from(ORDERS), st.sampled_from(TAKEN_BACK), st.sampled_from(STORIES),
    st.sampled_from(
        ["{order}, {back}", "{order}. {back}. {told}", "{told}, {order}, {back}", "{order} {back}"]
    ),
)  # fmt: skip
def test_no_story_hides_what_takes_back(
    order: tuple[tuple[str, ...], str, dict[str, int]], back: str, told: str, form: str
) -> None:
    """A withdrawal, a condition, a bid, a past or a doubt in its own clause or in that of the order is
    never passed over, whatever is told besides."""
    before, text, _ = order
    text = form.format(order=text, back=back, told=told)
    assert not ordered(*before, text), text


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("kenari", "yg ke 2 pesan 2"), {"KNR-2": 2}),
        (("kenari", "yang 60 ribu ambil 3"), {"KNR-2": 3}),
        (("kenari", "pesan yang harganya delapan puluh ribu itu, dua buah"), {"KNR-1": 2}),
        (("kenari delta ada?", "kata bos 2, saya pesan ya"), {"KNR-1": 2}),
        (("kenari delta ada?", "kata bos 2"), {}),
        (("kenari delta ada?", "ok pesan 1. eh toko buka jam brp?"), {"KNR-1": 1}),
        (("kenari", "yg karsa 2, 3 aja deh"), {}),
        (("kenari", "2 satu sama 1 tiga, pesan"), {"KNR-1": 3, "KNR-2": 1}),
        (("kenari", "1 sama 2, masing2 4"), {"KNR-1": 4, "KNR-2": 4}),
        (("pesan kenari delta", "iya maksudnya kenari, yang delta"), {"KNR-1": 1}),
        (("kenari", "mahal ya.. ya udah deh, yg karsa 1"), {"KNR-2": 1}),
        (("kenari", "mahal ya.. yg karsa 1"), {}),
    ],
)
def test_what_names_one_and_how_many(texts: tuple[str, ...], order: dict[str, int]) -> None:
    """A place, a price or somebody's own decision tells which one is taken, and how many."""
    assert ordered(*texts) == order
