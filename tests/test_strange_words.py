"""Words that a catalogue does not have: never an order of the nearest other thing."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.lexicon import standard
from crm_tui.reading.stems import meant
from crm_tui.reading.wishes import Conversation, Kind, Reading

KINDS = ("sepul", "gerita", "kardus rapi", "namira")
MODELS = ("alpa", "beto 110", "gamma", "delta x")
SIZES = ("", "12mm", "14mm", "16v")
EVERY = list(itertools.product(KINDS, MODELS, SIZES))
Combination = tuple[str, str, str]


def shop(wanted: list[Combination]) -> ItemIndex:
    """A shop with these items, each named by its kind, model and size."""
    return ItemIndex(
        Entry(number, f"BRG-{number}", " ".join(one).upper().strip(), "pcs", price=1000 * number,
              available=20)
        for number, one in enumerate(wanted, start=1)
    )  # fmt: skip


def asked(text: str, index: ItemIndex) -> Reading:
    return read(text, index, Conversation(), free=True)


def named(reading: Reading) -> set[str]:
    """The names of the items that are ordered or quoted."""
    return {
        line.entry.name.lower()
        for wish in reading.wishes
        if wish.kind in (Kind.ORDER, Kind.PRICE, Kind.STOCK)
        for line in wish.lines
    }


SHOPS = st.lists(st.sampled_from(EVERY), min_size=2, max_size=14, unique=True)


@settings(max_examples=100)
@given(SHOPS, st.sampled_from(EVERY), st.sampled_from(["pesan {} 3", "{} 3 ya"]))
def test_other_things(wanted: list[Combination], one: Combination, form: str) -> None:
    """What is ordered has every word that was said of it; what is not there is never ordered."""
    text = form.format(" ".join(one).strip())
    for name in named(asked(text, shop(wanted))):
        assert set(" ".join(one).split()) <= set(name.split()), (text, name)


@settings(max_examples=100)
@given(SHOPS, st.data(), st.sampled_from(["zulu", "kx9", "torak", "hijau", "racing", "95"]))
def test_strange_words(wanted: list[Combination], data: st.DataObject, strange: str) -> None:
    """A strange word among those that name an item never leaves a certain order."""
    one = data.draw(st.sampled_from(wanted))
    words = " ".join(one).split()
    at = data.draw(st.integers(1, len(words)))
    words.insert(at, strange)
    if strange.isdecimal() and at == len(words) - 1:
        words.append("set")  # else it would be the number of pieces
    reading = asked("pesan " + " ".join(words) + " 3", shop(wanted))
    assert reading.outcome is not Kind.ORDER, words


@pytest.mark.parametrize(
    ("names", "text", "outcome"),
    [
        (["SEPUL PRIMA DOT3"], "pesan sepul prima dot 4", "not_found"),
        (["SEPUL PRIMA DOT3"], "sepul prima dot 4 ada?", "not_found"),
        (["SEPUL PRIMA DOT3"], "pesan sepul prima dot 3 2", "order"),
        (["GERITA KARET 24"], "gerita karet 16 ada?", "not_found"),
        (["GERITA 6301-2RS KOSI", "GERITA 6301-ZZ ALPI"], "pesan gerita 6301 2", "choices"),
        (["NAMIRA 80/90-14", "NAMIRA 90/90-14"], "hrg namira 80/90-14 90/90-14", "price"),
        (["SEPUL BETO", "NAMIRA BETO", "KARDUS BETO"], "hrg sepul suzuki beto", "price"),
        (["SEPUL BETO", "NAMIRA BETO", "KARDUS BETO"], "hrg sepul zulu", "not_found"),
        (["SEPUL BETO", "NAMIRA BETO", "KARDUS BETO"], "hrg sepul zulu beto", "choices"),
        (["SEPUL BETO", "NAMIRA BETO", "KARDUS BETO"], "nanyo om sepul beto berapo yo", "price"),
        (["SEPUL BETO", "NAMIRA BETO"], "tolong dipesankan sepul beto 2", "order"),
        (["AMARA 1000", "AMARA 2000"], "pesan amara 1000 sama 2000 masing2 20", "order"),
        (["SEPUL KN BETO", "SEPUL KR BETO"], "pesan sepul beto ka ki masing2 2", "order"),
        (["SEPUL BETO"], "aya keneh teu sepul beto", "stock"),
        (["SEPUL BETO"], "kalau sepul beto ada pesan 2", "order"),
        (["SEPUL BETO"], "batal. eh salah, pesan sepul beto 2", "order"),
        (["SEPUL BETO"], "batal pesan sepul beto 2", "human"),
        (["SEPUL BETO"], "500 aja ya sepul beto saya ambil 2", "human"),
        (["SEPUL BETO"], "pesan sepul beto 2 pcs 1rb kan", "choices"),
        (["SEPUL BETO"], "pesan dari pak RT: besok sepul jam 7", "human"),
        (["SEPUL BETO"], "kirim ke jl veteran no 45 sepul beto 2", "order"),
        (["SEPUL BETO"], "nak berenti sms promo", "stop"),
        (["SEPUL NKR 71", "SEPUL BETO"], "pesan sepul nkr71 2", "order"),
    ],
)  # fmt: skip
def test_kinds_of_texts(names: list[str], text: str, outcome: str) -> None:
    """Strange words, sizes, makers, bent verbs and what is said around an order, in other shops."""
    index = ItemIndex(
        Entry(number, f"KD{number}", name, "pcs", "", (), 1000, 50)
        for number, name in enumerate(names, start=1)
    )
    assert asked(text, index).outcome.value == outcome


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("dipesan", "pesan"), ("psnkan", "psn"), ("ngambilin", "ngambil"), ("minjam", "pinjam"),
        ("berhnti", "berhenti"), ("terimakasiih", "terimakasih"), ("torak", None), ("gerita", None),
    ],
)  # fmt: skip
def test_bent_words(text: str, word: str | None) -> None:
    """Verbs with what is put before and behind them, and misspelt words of talk, are known."""
    lexicon = standard()
    assert meant(text, lexicon.words["verbs"], lexicon.heard) == word
