"""Proposals that nothing doubts are done; what leaves anything to ask is asked about as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading
from tests import reading_judge as judge
from tests.test_near_items import index

KARSA, TIRTA, DEPAN, BELAKANG = (
    "SIRSAK KARSA 1KG",
    "SIRSAK TIRTA 1KG",
    "KENARI MUSI DPN",
    "KENARI MUSI BLKG",
)
NURI, MERPATI, SPRAYER = "NURI BETO", "MERPATI LEMATANG", "GELATIK SEMPROT 16 LITER"
SHOP = index((KARSA, TIRTA, DEPAN, BELAKANG, NURI, MERPATI, SPRAYER))
ENTRIES = {entry.name: entry for entry in map(SHOP.entry, range(1, len(SHOP) + 1))}
ORDERED = {MERPATI: 6, NURI: 6}


def said(text: str, order: dict[str, int], quoted: tuple[str, ...] = (), left: str = "") -> Reading:
    lines = tuple(Line(ENTRIES[name], many) for name, many in order.items())
    talk = Conversation(
        order=lines, quoted=tuple(ENTRIES[name] for name in quoted), left=left,
        recent=tuple(ENTRIES[name] for name in (*order, *quoted)),
    )  # fmt: skip
    return read(text, SHOP, talk, free=True)


def done(reading: Reading) -> dict[str, int | None] | None:
    """What is ordered or set, by name; None if it is only asked about."""
    if reading.outcome not in (Kind.ORDER, Kind.AMEND):
        return None
    return {line.entry.name: line.quantity for wish in reading.wishes for line in wish.lines}


@pytest.mark.parametrize(
    ("text", "order", "quoted", "what"),
    [
        ("pesan 1 dulu deh pak, takut mogok terus", {}, (NURI,), {NURI: 1}),
        ("merpati ikut 8", ORDERED, (), {MERPATI: 8}),
        ("tirta 1 dek aku mau pulang", {KARSA: 3}, (KARSA, TIRTA), {TIRTA: 1}),
    ],
)
def test_what_nothing_doubts(
    text: str, order: dict[str, int], quoted: tuple[str, ...], what: dict[str, int]
) -> None:
    """What is named, counted and said beside harmless words is done at once."""
    assert done(said(text, order, quoted)) == what


@pytest.mark.parametrize(
    ("text", "order", "quoted"),
    [
        # Who waits for something, or has had it, orders nothing yet.
        ("pesan 1 lagi pikir2", {}, (NURI,)),
        ("pesan 1 dulu deh pak tapi jangan dicatat", {}, (NURI,)),
        # A sort that no name has
        ("tirta besar 1", {KARSA: 3}, (KARSA, TIRTA)),
        # A number too many, and one that is a size
        ("merpati ikut 8 9", ORDERED, ()),
        ("gelatik semprot 16 liter", {}, (SPRAYER,)),
        # Two things may be so called.
        ("kenari ikut 2", ORDERED, ()),
        ("pesan 1 dulu deh drpd mogok terus", {}, (NURI, MERPATI)),
        # A word that nobody knows beside the number, and for what it is
        ("pesan 1 dulu deh pak drpd mogok terus", {}, (NURI,)),
        ("pesan 12, buat truk kebun", {}, (NURI,)),
    ],
)
def test_what_leaves_something_to_ask(
    text: str, order: dict[str, int], quoted: tuple[str, ...]
) -> None:
    """What is in doubt by a word, a number or a name is not done."""
    assert done(said(text, order, quoted)) is None


def test_behind_what_people_answered() -> None:
    """Nobody knows what people said in between: so many of what was quoted is asked about."""
    assert (
        done(said("pesan 1 dulu deh pak, takut mogok terus", {}, (NURI,), left="yg biasa?")) is None
    )


@given(
    st.sampled_from(("merpati ikut {}", "nurinya ikut {}")), st.integers(7, 20),
    st.sampled_from(("mungkin", "?", "atau 3", "kalau bos mau", "kata bos jangan", "bukan")),
)  # fmt: skip
def test_a_doubt_is_none_to_be_passed_over(text: str, many: int, doubt: str) -> None:
    """With a doubt behind it nothing is set that was only proposed."""
    assert done(said(f"{text.format(many)} {doubt}", ORDERED)) is None


@pytest.mark.parametrize(
    ("turns", "order"),
    [
        # A make that only the list's codes tell; a unit cut short
        (["Bang, ban 7.50-16 berapa sekarang", "yang GT lug 2"], {"B-75016-GT-LUG": 2}),
        (["pesan jaring sawit 2", "tali tambang 1 gulung"], {"JRG-SWT-46": 2, "TLI-TMB-12": 1}),
        # A kilo of what is sold by the kilo
        (["pesan jaring sawit 2", "gemuk skf 1 kg"], {"JRG-SWT-46": 2, "GMK-SKF-1": 1}),
    ],
)
def test_in_a_talk(turns: list[str], order: dict[str, int]) -> None:
    """What was just listed, or goes on beside an order, is done where it can be nothing else."""
    shop = judge.Shop(judge.catalogue(judge.CORPORA / "baganbatu"))
    for text in turns:
        shop.take(text)
    assert shop.order == order


def test_a_dozen_is_no_size() -> None:
    """A number in words that counts nothing which is proposed is no size of it: "selusin" no 12V."""
    shop = judge.Shop(judge.catalogue(judge.CORPORA / "bengkelku"))
    shop.take("lampu depan bebek halogen brp mang")
    shop.take("jd gini, selusin jadi, samo flasher tigo")
    assert shop.order in ({}, {"BHL-M5-12": 12, "FLS-12V": 3})
