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
    for count, form in product((1, 2, 3), ("yg {} {}", "yg {} {} pcs", "mau yg {} {}", "{1} yg {0}")):
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
