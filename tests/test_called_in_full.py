"""Orders whose items are certain though a word beside them looks like something else: a number that a
name has, a fuel, a unit, another size of what was quoted."""

import pytest

from crm_tui.reading.index import Entry, ItemIndex
from tests import reading_judge as judge

GOODS = (
    ("KNR-D3", "Kenari Darat Tiga 450-12", "pcs"),
    ("KNR-D5", "Kenari Darat Tiga 500-12", "pcs"),
    ("KNR-12", "Kenari 12 Alpa", "pcs"),
    ("FLT-B", "Filter Bensin Plastik", "pcs"),
    ("FLT-S", "Filter Solar Alpa R180", "pcs"),
    ("SRS-14", "Sirsak Laut 14in", "pcs"),
    ("SRS-20", "Sirsak Laut 20in", "pcs"),
    ("GND-M", "Gandaria Karet Merah", "psg"),
    ("GND-H", "Gandaria Karet Hitam", "psg"),
    ("SPL-B", "Sepul Beto", "pcs"),
    ("SRB-B", "Serabi Beto", "pcs"),
    ("SLS-B", "Selasih Beto", "pcs"),
    ("GIR-15", "Gear 15T Beto", "pcs"),
    ("GIR-14", "Gear 14T Beto", "pcs"),
)


def shop() -> judge.Shop:
    return judge.Shop(
        ItemIndex(
            Entry(at, code, name.upper(), unit, name.split()[0].upper(), (), 9_000, 50)
            for at, (code, name, unit) in enumerate(GOODS, 1)
        )
    )


@pytest.mark.parametrize(
    ("turns", "order"),
    [
        # A name has a number in words; another number counts.
        (("pesan kenari darat tigo 450-12 duo ikok",), {"KNR-D3": 2}),
        (("pesan kenari darat tiga 500-12 4, sepul beto 1",), {"KNR-D5": 4, "SPL-B": 1}),
        # None counts: three of it, perhaps.
        (("pesan sepul beto tigo",), {"SPL-B": 3}),
        # A filter for petrol, where there is one for diesel, too.
        (("pesan filter bensin 3",), {"FLT-B": 3}),
        (("pesan saringan solar 2, saringan bensin 3",), {"FLT-S": 2, "FLT-B": 3}),
        # What is for no model, for one.
        (("pesan gandaria merah 1 psg buat beto ku",), {"GND-M": 1}),
        # Teeth, apart from their number; a unit of the west.
        (("pesan gear 15 t beto 2",), {"GIR-15": 2}),
        (("pesan gear 14t beto 8 siki",), {"GIR-14": 8}),
        # Another size of what was quoted.
        (("sirsak laut 20 in ada?", "oke mau 1, trs yg 14 in juga 2"), {"SRS-20": 1, "SRS-14": 2}),
        # So many of each of a list.
        (
            ("sirsak laut ukuran brp aja yg ada", "dua-duanya, masing masing 1"),
            {"SRS-20": 1, "SRS-14": 1},
        ),
    ],
)
def test_orders(turns: tuple[str, ...], order: dict[str, int]) -> None:
    """The order has just what was said, and so many of it."""
    it = shop()
    for text in turns:
        it.take(text)
    assert it.order == order


@pytest.mark.parametrize(
    "turns",
    [
        ("sirsak laut ukuran brp aja yg ada", "dua-duanya, masing masing 1?"),
        ("sirsak laut ukuran brp aja yg ada", "dua-duanya brp"),
        ("pesan gandaria buat beto 1",),
        ("sirsak laut 20 in ada?", "oke mau 1, trs yg 16 in juga 2"),
    ],
)
def test_none(turns: tuple[str, ...]) -> None:
    """What is asked, or not told apart, orders nothing."""
    it = shop()
    for text in turns:
        it.take(text)
    assert it.order == {}


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("sepul beto 2 ya, pesan. buat motor suami", {"SPL-B": 2}),
        ("udah gajian nih, pesen sepul beto 1", {"SPL-B": 1}),
        ("pesan sepul beto 2, udah nunggu ya", {"SPL-B": 2}),
        ("sepul beto 2, serabi beto 1, pesan. dak usah diantar", {"SPL-B": 2, "SRB-B": 1}),
        ("pesan sepul beto 2 punya suami", {}),
        ("sepul beto 2 suami yg pesan", {}),
        ("kalau udah gajian pesen sepul beto 1", {}),
        ("belum udah gajian, pesen sepul beto 1", {}),
        ("pesan sepul beto 2, buat motor suami apa?", {}),
        ("pesan sepul beto 2, nunggu suami", {}),
        ("pesan sepul beto 2, tunggu gajian", {}),
    ],
)
def test_whose_and_when(text: str, order: dict[str, int]) -> None:
    """For whose vehicle it is, that there is money now, and that nothing is to be brought leave an
    order one; somebody else's wish and a condition do not."""
    it = shop()
    it.take(text)
    assert it.order == order
