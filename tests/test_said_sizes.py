"""Sizes that are said behind a list: they choose what has the size, never a place of the list."""

from itertools import product

import pytest

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Reading

ENTRIES = [
    Entry(1, "OK-08", "OLIVA KENARI 4T 20W-50 0.8L", "btl", price=45_000, available=30),
    Entry(2, "OK-1", "OLIVA KENARI 4T 20W-50 1L", "btl", price=55_000, available=20),
    Entry(3, "OK-2", "OLIVA KENARI 4T 20W-50 2L", "btl", price=99_000, available=20),
    Entry(4, "GM-4", "GEMUKA SIRSAK 4KG", "klg", price=90_000, available=9),
    Entry(5, "GM-1", "GEMUKA SIRSAK 1KG", "klg", price=30_000, available=9),
    Entry(6, "GM-2", "GEMUKA SIRSAK 2KG", "klg", price=50_000, available=9),
    Entry(7, "TP-1", "TOPANGIN TRUK BETA", "pcs", price=70_000, available=9),
    Entry(8, "RN-K", "RANTARI DELTA KW", "pcs", price=20_000, available=9),
]
INDEX = ItemIndex(ENTRIES)
OILS, GREASES = tuple(ENTRIES[:3]), tuple(ENTRIES[3:6])


def behind(offered: tuple[Entry, ...], text: str) -> Reading:
    return read(text, INDEX, Conversation(offered=offered, choosing=Kind.PRICE), free=True)


@pytest.mark.parametrize(
    ("offered", "size", "code"),
    [(OILS, size, "OK-1") for size in ("1 liter", "1 ltr", "1l", "1 l", "seliter", "satu liter")]
    + [(OILS, size, "OK-2") for size in ("2 liter", "2l")]
    + [(OILS, size, "OK-08") for size in ("0.8 liter", "0,8l", "800 ml", "800ml")]
    + [(GREASES, size, "GM-1") for size in ("1 kg", "1kg", "sekilo", "1 kilo")]
    + [(GREASES, size, "GM-2") for size in ("2 kg", "2 kilo")],
)  # fmt: skip
def test_size_is_no_place(offered: tuple[Entry, ...], size: str, code: str) -> None:
    """ "Yg 1 liter 2" is two of one litre, and no two of the first row."""
    for count, form in product(
        (1, 2, 3), ("yg {} {}", "yg {} {} pcs", "mau yg {} {}", "{1} yg {0}")
    ):
        for wish in behind(offered, form.format(size, count)).wishes:
            assert {line.entry.code for line in wish.lines} <= {code}, (form, count)
            if wish.kind is Kind.ORDER:
                assert [line.quantity for line in wish.lines] == [count], (form, count)
    assert behind(offered, f"yg {size} 2").outcome is Kind.ORDER
    (wish,) = behind(offered, f"yg {size}").wishes
    assert [line.entry.code for line in wish.lines] == [code]


def test_sizes_of_each() -> None:
    """ "Yg 1 liter sama yg 2 liter masing2 2" takes no rows of the list."""
    (wish,) = behind(OILS, "yg 2 liter sama yg 1 liter masing2 2").wishes
    assert {line.entry.code for line in wish.lines} == {"OK-1", "OK-2"}


@pytest.mark.parametrize("text", ["kw pak?", "barangnya kw?", "kw?"])
def test_kw_is_no_other_thing(text: str) -> None:
    """Whether what was quoted is a copy is for people, and then that is what is taken."""
    spoken = ENTRIES[6]
    talk = Conversation(quoted=(spoken,), recent=(spoken,))
    assert not read(text, INDEX, talk, free=True).certain
    talk = Conversation(quoted=(spoken,), recent=(spoken,), left="barangnya ori atau kw pak?")
    reading = read("ok ambil 1 pak", INDEX, talk, free=True)
    assert reading.outcome is Kind.ORDER
    assert [(line.entry, line.quantity) for line in reading.wishes[0].lines] == [(spoken, 1)]


TYRES = [
    Entry(1, "BL-225", "BANTAL LUAR IRCA 2.25-17", "pcs", price=148_000, available=6),
    Entry(2, "BL-250", "BANTAL LUAR IRCA 2.50-17", "pcs", price=172_000, available=8),
    Entry(3, "BD-225", "BANTAL DALAM IRCA 2.25/2.50-17", "pcs", price=34_000, available=20),
    Entry(4, "BT-7L", "BANTAL 7.50-16 LUGA", "pcs", price=165_000, available=16),
    Entry(5, "BT-7R", "BANTAL 7.50-16 RIBA", "pcs", price=155_000, available=20),
    Entry(6, "BT-10R", "BANTAL 10.00-20 RIBA", "pcs", price=310_000, available=12),
    Entry(7, "KM-F", "KAMPIS REMO FUSA", "set", price=42_000, available=6),
    Entry(8, "PK-8", "PAKUR KELINGA KAMPIS 8-10", "dus", price=8_000, available=30),
    Entry(9, "HL-M", "HELMI KYTA M", "pcs", price=31_000, available=3),
    Entry(10, "HL-L", "HELMI KYTA L", "pcs", price=31_000, available=3),
    Entry(11, "KP-S", "KIPROKA SUPRIMA", "pcs", price=58_000, available=5),
    Entry(12, "LM-S", "LAMPIR SUPRIMA", "pcs", price=9_000, available=30),
]
MORE = ItemIndex(TYRES)


def quoted(
    text: str, *places: int, before: tuple[int, ...] = ()
) -> tuple[Kind, dict[str, int | None]]:
    """What comes of a text behind some prices, with its lines; `before`: what was quoted earlier."""
    told = tuple(TYRES[place - 1] for place in places)
    earlier = tuple(TYRES[place - 1] for place in before)
    talk = Conversation(quoted=told, recent=(*earlier, *told))
    reading = read(text, MORE, talk, free=True)
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    return reading.outcome, lines


@pytest.mark.parametrize("text", ["yg 225 1 yg 250 2", "225 1 250 2", "yg 225 1, yg 250 2"])
def test_each_of_two_that_were_quoted(text: str) -> None:
    """Two sizes that were quoted are two things, and not the one that is for both."""
    assert quoted(text, 1, 2) == (Kind.ORDER, {"BL-225": 1, "BL-250": 2})


def test_of_the_kind_it_is() -> None:
    """ "Kampisnya 2 pakurnya 1", of both that were quoted one after the other, counts each."""
    wanted = (Kind.ORDER, {"KM-F": 2, "PK-8": 1})
    assert quoted("kampisnya 2 set pakurnya 1 dus kirim", 8, before=(7,)) == wanted


def test_no_other_width() -> None:
    """What is asked on about a tyre is of its width and diameter."""
    assert quoted("klo riba?", 4) == (Kind.PRICE, {"BT-7R": None})


def test_letters_as_sizes() -> None:
    """ "M sama L" are two sizes."""
    assert quoted("helmi kyta brp yg M sama L")[1] == {"HL-M": None, "HL-L": None}


@pytest.mark.parametrize("begins", ["mau tanya", "mas mau nanya", "tanya", "mau cek"])
@pytest.mark.parametrize("count", ["", " 2", " 2 pcs", " 81"])
def test_who_asks_orders_nothing(begins: str, count: str) -> None:
    """ "Mau tanya kenari 2" is answered, and no order; with a word that orders behind it, it is one."""
    assert quoted(f"{begins} kiproka suprima{count}") == (Kind.PRICE, {"KP-S": None})
    if not count:
        assert quoted(f"{begins} kiproka suprima, pesan 2 ya") == (Kind.ORDER, {"KP-S": 2})
    assert quoted(f"numpang {begins} kiproka suprima{count}")[0] is not Kind.ORDER


@pytest.mark.parametrize("why", ["soalnya lampir saya putus terus", "soalnya lampir saya mati"])
def test_why_it_is_asked(why: str) -> None:
    """What a reason behind a question names is not asked about."""
    assert quoted(f"kiproka suprima brp bang {why}") == (Kind.PRICE, {"KP-S": None})
