"""Sorts, sizes and containers told by "yang", and what is dictated, in a shop of made-up goods."""

from itertools import count

import pytest

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line

NEW = Conversation()
_ids = count(1)


def item(
    code: str, name: str, unit: str = "btl", category: str = "OLI", others: tuple[str, ...] = (),
    price: int = 10_000,
) -> Entry:  # fmt: skip
    return Entry(next(_ids), code, name, unit, category, others, price, 90)


ENTRIES = [
    item("MRP-1", "MERAPI QZ 15W-40 1L"),
    item("MRP-5", "MERAPI QZ 15W-40 5L", "galon", others=("oli kapal merapi qz",)),
    item("SMR-8", "NUSA SEMERU 4T 20W-50 0.8L", others=("semeru 800",)),
    item("SMR-1", "NUSA SEMERU 4T 20W-50 1L", others=("semeru seliter",)),
    item("SMR-M", "NUSA SEMERU MATIC 10W-30 0.8L"),
    item("OLZ-1", "OLI ZAMRUD 0.8L"),
    item("OLZ-D", "OLI ZAMRUD 0.8L DUS ISI 24", "dus", price=200_000),
    item("GMK-5", "GEMUK KENARI 500GR", "klg", "GREASE"),
    item("GMK-1", "GEMUK KENARI 1KG", "klg", "GREASE", ("stempet kenari sekilo",)),
    item("GMK-E", "GEMUK KENARI EMBER 15KG", "pail", "GREASE"),
    item("AKI-6", "AKI KUTILANG NX60", "pcs", "AKI", price=70_000),
    item("AKI-6L", "AKI KUTILANG NX60L", "pcs", "AKI", price=75_000),
    item("FLS-1", "PENGEDIP RAJAWALI 12V", "pcs", "LAMPU"),
    item("KMP-A", "KAMPAS REM ELANG NURI", "set", "KAMPAS", price=20_000),
    item("KMP-B", "KAMPAS REM ELANG MERAK", "set", "KAMPAS", price=30_000),
    item("PAD-E", "PAD SET ELANG JALAK", "set", "KAMPAS", ("bantalan elang",), price=40_000),
    item("TRB-7", "TERBANG 7 ELANG", "pcs", "LAIN"),
    item("TRB-9", "TERBANG 9 RAJAWALI", "pcs", "LAIN"),
]
INDEX = ItemIndex(ENTRIES)
CODE = {entry.code: entry for entry in ENTRIES}


def shown(text: str, talk: Conversation = NEW) -> tuple[str, dict[str, int | None], set[str]]:
    reading = read(text, INDEX, talk, free=True)
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    options = {entry.code for wish in reading.wishes for entry in wish.options}
    return reading.outcome.value, lines, options


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pesan oli semeru 4t 1 liter 3", {"SMR-1": 3}),
        ("oli semeru matic 2 botol pesan", {"SMR-M": 2}),
        ("pesan oli merapi qz yang 5 liter 2", {"MRP-5": 2}),
        ("pesan oli semeru empat te yang satu liter dua lusin", {"SMR-1": 24}),
        ("pesan semeru empat te yang delapan ratus satu lusin", {"SMR-8": 12}),
        ("oli merapi ki zet lima belas we empat puluh yang lima liter empat pesan", {"MRP-5": 4}),
        ("pesan aki kutilang nx60 bukan yg L 1 biji", {"AKI-6": 1}),
        ("pesan gemuk kenari yg ember 2", {"GMK-E": 2}),
        ("kirim terbang 7 elang 3, ambil abis isya", {"TRB-7": 3}),
        ("pesan terbang 7 elang 3 ya, diambil nanti abis magrib", {"TRB-7": 3}),
        ("pesan terbang 7 elang 10 hub anak saya 081273552210", {"TRB-7": 10}),
        ("batal aja dlu, ganti pesan terbang 7 elang 10", {"TRB-7": 10}),
    ],
)
def test_sorts_are_ordered(text: str, wanted: dict[str, int]) -> None:
    """A category says what something is whose name does not; a size, a container or a letter tells
    which; what is said of when it is fetched and of whom to ring up does not stand in the way."""
    assert shown(text)[:2] == ("order", wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("harga gemuk kenari yg setengah kilo, yg sekilo, sm yg ember", {"GMK-5", "GMK-1", "GMK-E"}),
        ("harga zamrud satu dus berapa kalo botolan berapa", {"OLZ-D", "OLZ-1"}),
        ("pk stok aki nx60 masih? terbang 7 elang jg", {"AKI-6", "TRB-7"}),
        ("oli merapi qz yang 5 liter masih ada ndak?", {"MRP-5"}),
    ],
)  # fmt: skip
def test_sorts_are_asked_for(text: str, wanted: set[str]) -> None:
    """Each sort that is asked for is answered, be it told by its container alone."""
    outcome, lines, _ = shown(text)
    assert outcome in ("price", "stock")
    assert set(lines) == wanted


def test_of_a_category_alone_nothing_is_meant() -> None:
    """What is only in the category that was said is not what was asked for; of two that are called
    so, one with the word in another name is not the one that is meant."""
    assert shown("pesan lampu rajawali 2")[0] not in ("order", "choices")
    assert shown("pesan oli merapi qz 2")[2] == {"MRP-1", "MRP-5"}


def test_a_part_that_is_the_common_one() -> None:
    """ "Kaki biasa" is nothing that the shop has to have in a name; it is asked about."""
    assert shown("pesan aki kutilang nx60 kaki biasa 2")[:2] == ("choices", {"AKI-6": 2})


@pytest.mark.parametrize(
    "text", ["jangan dulu diproses ya pesanan saya", "pesanan saya tahan dulu ya, udah siap jgn"]
)
def test_held_back(text: str) -> None:
    """That an order is not to be done yet is no question how far it is."""
    assert shown(text)[0] == "human"


def test_choices_in_a_talk() -> None:
    """The cheaper one of a list, so many of all of what was quoted, a code as it should have been, and
    another size of what is ordered are what is meant."""
    brakes = (CODE["KMP-A"], CODE["KMP-B"])
    listed = Conversation(offered=brakes, choosing=Kind.ORDER, quantity=6)
    assert shown("yang lebih murah", listed)[:2] == ("order", {"KMP-A": 6})
    quoted = Conversation(quoted=(CODE["OLZ-1"],), recent=(CODE["OLZ-1"],))
    assert shown("pesan 36 botol galo", quoted)[:2] == ("order", {"OLZ-1": 36})
    assert shown("PESAN TR8-7 12")[:2] == ("choices", {"TRB-7": 12})
    asked = Conversation(asked=True, proposed=(Line(CODE["TRB-7"], 12),))
    assert shown("TRB-7 maksudnya", asked)[:2] == ("order", {"TRB-7": 12})
    assert shown("TRB-9 maksudnya", asked)[0] != "order"
    ordered = Conversation(order=(Line(CODE["SMR-8"], 12),))
    assert shown("ganti yang 1 liter aja", ordered)[:2] == ("amend", {"SMR-8": 0, "SMR-1": 12})


def test_who_has_changed_his_mind() -> None:
    """That somebody else does not want it is why an order is taken back, and no more than is said."""
    order = Conversation(order=(Line(CODE["TRB-7"], 2), Line(CODE["KMP-A"], 1)))
    assert shown("suami bilang belum usah, batalin ya pak", order)[0] == "cancel"
    assert shown("bos ga jadi, batalin kampasnya aja", order)[:2] == ("amend", {"KMP-A": 0})
    assert shown("suami ga jadi, batal yang itu", order)[0] == "human"
    assert shown("kata suami jangan, jangan dibatalin", order)[0] == "human"
