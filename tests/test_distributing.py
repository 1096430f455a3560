"""So many of each side, and rows of a list by what they are not: talks with shops of several trades."""

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked

HANDLES = {"kn": "HDL-BT-KN", "kr": "HDL-BT-KR"}


@pytest.mark.parametrize(
    "first", ["pesan handle rem beat 2", "handle rem beat brp", "harga handle rem beat kanan"]
)
@pytest.mark.parametrize(
    ("text", "right", "left"),
    [
        ("satu kanan satu kiri", 1, 1), ("1 kanan 1 kiri ya", 1, 1), ("2 kanan 1 kiri", 2, 1),
        ("kanan 1 kiri 2", 1, 2), ("kanan kiri 1 an", 1, 1), ("kiri kanan masing2 satu, pesan", 1, 1),
        ("siji tengen loro kiwo", 1, 2), ("1 pcs kiri, 3 pcs kanan", 3, 1), ("kiri kanan 1", 1, 1),
    ],
)  # fmt: skip
def test_each_side(first: str, text: str, right: int, left: int) -> None:
    """Behind a list, or the price of one of them, so many of each side are ordered."""
    assert talked("tepian", [first, text]) == (
        Kind.ORDER, {HANDLES["kn"]: right, HANDLES["kr"]: left}
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["kiri kanan 2", "kanan 2 atau kiri 1", "kanan 1 kiri 1 berapa", "kiri 1 kanan jangan"]
)
def test_no_certain_sides(text: str) -> None:
    """What may be so many in all, is open, asked or denied orders nothing."""
    assert talked("tepian", ["handle rem beat brp", text])[1] == {}


def test_several_of_a_side() -> None:
    """Of a side that several rows are of the row is asked, and the other side waits for it."""
    turns = ["kampas rem carry", "depan 2 blkg 1"]
    outcome, order = talked("perantau", turns)
    assert outcome is Kind.CHOICES
    assert order == {}
    assert talked("perantau", [*turns, "1"])[1] == {"RB-112": 2, "RB-113": 1}


@pytest.mark.parametrize(
    ("shop", "first", "text", "order"),
    [
        ("perantau", "pesan lampu h4 philips 2", "yg biasa bukan led", {"LMP-H4-PHL": 2}),
        ("perantau", "pesan lampu h4 philips 2", "bukan yg led, yg biasa 3", {"LMP-H4-PHL": 3}),
        ("serba", "busi beat 2 kak ambek", "yg biaso bae bukan iridium", {"1122-CP6": 2}),
        ("tepian", "pesan minyak rem 3", "yg dot4 jangan dot3", {"MR-DOT4-250": 3}),
        ("tepian", "pesan minyak rem 3", "bukan dot4, dot3 yg 300", {"MR-DOT3-300": 3}),
        # Only proposed: what is not wanted may be all that is not.
        ("perantau", "pesan lampu h4 philips 2", "bukan led", {}),
        ("perantau", "pesan lampu h4 philips 2", "yg biasa aja", {}),
    ],
)
def test_row_by_what_it_is_not(shop: str, first: str, text: str, order: dict[str, int]) -> None:
    """A row of the list is told by another one that is denied; a YA makes what was only proposed."""
    outcome, found = talked(shop, [first, text])
    assert found == order
    if not order:
        assert outcome is Kind.CHOICES
        assert talked(shop, [first, text, "ya"])[1] == {"LMP-H4-PHL": 2}


@pytest.mark.parametrize(
    "text", ["masih ada kan? sy ambil 2", "ready? pesan 2", "msh ado dak? ambek 2"]
)
def test_taken_if_there(text: str) -> None:
    """So many that are taken behind the question whether there are some are ordered if there are."""
    assert talked("kotalama", ["sepatu rem belakang avanza brp bu", text])[1] == {"SPR-AV": 2}


@pytest.mark.parametrize(
    ("shop", "first", "text", "kind"),
    [
        ("tepian", "enduro matic brp satu botol", "kalo mpx2 yg 0,8?", Kind.PRICE),
        ("tepian", "enduro matic brp satu botol", "nek mpx2 sing 0,8?", Kind.PRICE),
        ("kotalama", "pesan v belt nex 1", "kalo v belt mio m3?", Kind.PRICE),
        ("jalinsum", "vbelt vario 125", "kalo 10 ada?", Kind.STOCK),
    ],
)
def test_what_if(shop: str, first: str, text: str, kind: Kind) -> None:
    """ "If" before another thing, or before a number, asks about it and orders nothing."""
    assert talked(shop, [first, text]) == (kind, {})
