"""Free texts: what customers write, read as a careful clerk would; never an order nobody placed."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.aliases import proposed
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.lexicon import standard
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading
from tests import reading_judge as judge

TALK = Conversation()
ENTRIES = [
    Entry(1, "SPL-D", "SEPUL DPN ALPA/BETO 110", "set", "SEPUL", ("sepul muka",), 50_000, 10),
    Entry(2, "SPL-B", "SEPUL BLK ALPA/BETO 110", "set", "SEPUL", (), 45_000, 10),
    Entry(3, "GRT-12", "Gerita 12mm Karsa", "pcs", "GERITA", (), 8_000, 100),
    Entry(4, "GRT-14", "Gerita 14mm Karsa", "pcs", "GERITA", (), 9_000, 100),
    Entry(5, "LM-5", "Lumas Tirta 15W-40 5L", "klg", "LUMAS", (), 250_000, 8),
    Entry(6, "LM-1", "Lumas Tirta 15W-40 1L", "botol", "LUMAS", (), 60_000, 30),
    Entry(7, "NMR-KA", "Namira Pintu Gamma KA", "pcs", "NAMIRA", (), 70_000, 5),
    Entry(8, "NMR-KI", "Namira Pintu Gamma KI", "pcs", "NAMIRA", (), 70_000, 5),
    Entry(9, "KRD-C7", "Kardus C7HSA", "pcs", "KARDUS", (), 20_000, 50),
    Entry(10, "SLG-8", "SLG SOLARA 8MM", "mtr", "SELANG", (), 15_000, 80),
    Entry(11, "HND-S", "Handuk Sepasang Delta", "psg", "HANDUK", (), 30_000, 9),
    Entry(12, "TRP-57", "Terapi Delta 5x7", "lbr", "TERAPI", (), 300_000, 4),
]
INDEX = ItemIndex(ENTRIES)


def free(text: str, talk: Conversation = TALK) -> Reading:
    return read(text, INDEX, talk, free=True)


def shown(text: str, talk: Conversation = TALK) -> tuple[str, dict[str, int | None], list[str]]:
    reading = free(text, talk)
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    options = sorted(entry.code for wish in reading.wishes for entry in wish.options)
    return reading.outcome.value, lines, options


def test_a_number_beside_a_year_of_nothing() -> None:
    """A year that nothing is called by, and a number that something is, are read without an error."""
    one = Entry(1, "KND-0", "Kandil Delta 140 Biru", "pcs", "KANDIL", (), 40_000, 9)
    for text in ("2014 140", "kandil 2 sama 2014 140"):
        assert read(text, ItemIndex([one]), TALK, free=True).outcome is not Kind.ORDER


# ── labelled sets ─────────────────────────────────────────────────────────────────────────────


NEWEST = 2


def by_turns(rows: Sequence[tuple[str, float]], parts: int) -> Iterator[Any]:
    """The newest sets each day, of the older ones one of so many parts a day; all of them in soak."""
    today = date.today().toordinal()
    for at, row in enumerate(rows):
        rests = at < len(rows) - NEWEST and (at + today) % parts
        yield pytest.param(*row, marks=pytest.mark.soak if rests else ())


@pytest.mark.parametrize(
    ("name", "wanted"),
    by_turns([
        ("shop", 0.97), ("trucks", 0.95), ("workshop", 0.95), ("car", 0.95), ("motor", 0.95),
        ("car_put_away", 0.95), ("motor_put_away", 0.95), ("diesel", 0.95), ("variasi", 0.95),
        ("matic", 0.95), ("bebek", 0.95), ("kakikaki", 0.95), ("grosir", 0.95), ("pasar", 0.95),
        ("sungai", 0.95), ("niaga", 0.95), ("roda", 0.95),
        ("armada", 0.88), ("serba", 0.95), ("jalinsum", 0.95), ("kotalama", 0.95),
        ("perantau", 0.9), ("tepian", 0.95), ("kapal", 0.95), ("simpang", 0.9),
        ("pelita", 0.9), ("lampu", 0.95), ("truk", 0.95), ("bebekmatic", 0.95),
        ("kampung", 0.9), ("mobil", 0.88), ("bengkelku", 0.95), ("sumber", 0.95),
        ("rantau", 0.92), ("niagara", 0.87), ("pasarminggu", 0.97), ("sriwijaya", 0.97),
        ("kenten", 0.96), ("lubuklinggau", 0.94),
        ("talangkelapa", 0.96), ("baturaja", 0.96), ("pagaralam", 0.94), ("muaraenim", 0.9),
        ("sukarami", 0.94), ("prabumulih", 0.92), ("kertapati", 0.96), ("martapura", 0.98),
        ("plaju", 0.94), ("lahat", 0.94), ("kayuagung", 0.96), ("jakabaring", 0.92),
        ("indralaya", 0.98), ("tanjungenim", 0.94), ("curup", 0.93), ("baganbatu", 0.9),
        ("sekayu", 0.98), ("betung", 0.95),
    ], 6),
)  # fmt: skip
def test_messages(name: str, wanted: float) -> None:
    """Labelled messages are read right, and nothing is ordered that nobody ordered."""
    verdict = judge.messages(judge.CORPORA / name)
    print(name, verdict.told())
    assert not verdict.wrong, verdict.told()
    assert verdict.share >= wanted, verdict.told()


CONVERSATIONS: list[tuple[str, float]] = [
    *((name, 0.85) for name in ("trucks", "workshop", "car", "motor", "car_put_away")),
    *((name, 0.85) for name in ("motor_put_away", "diesel", "variasi", "matic")),
    ("bebek", 0.9), ("kakikaki", 0.9), ("grosir", 0.9), ("pasar", 0.9),
    ("sungai", 0.9), ("niaga", 0.9), ("roda", 0.9),
    ("armada", 0.9), ("asesoris", 0.92), ("serba", 0.86), ("borongan", 0.9),
    ("jalinsum", 0.9), ("kotalama", 0.94), ("perantau", 0.88), ("tepian", 0.96), ("kapal", 0.92),
    ("simpang", 0.88), ("pelita", 0.78), ("lampu", 0.58), ("truk", 0.8), ("bebekmatic", 0.5),
    ("mobil", 0.65), ("kampung", 0.6), ("bengkelku", 0.53), ("sumber", 0.7),
    ("rantau", 0.6), ("niagara", 0.5), ("pasarminggu", 0.78), ("sriwijaya", 0.88),
    ("kenten", 0.9), ("lubuklinggau", 0.83),
    ("talangkelapa", 0.92), ("baturaja", 0.84), ("pagaralam", 0.76), ("muaraenim", 0.78),
    ("sukarami", 0.78), ("prabumulih", 0.78), ("kertapati", 0.73), ("martapura", 0.86),
    ("plaju", 0.83), ("lahat", 0.86), ("kayuagung", 0.85), ("jakabaring", 0.82),
    ("indralaya", 0.78), ("tanjungenim", 0.65), ("curup", 0.83), ("baganbatu", 0.78),
    ("sekayu", 0.65), ("betung", 0.73),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wanted"), by_turns(CONVERSATIONS, 8))
def test_conversations(name: str, wanted: float) -> None:
    """Labelled conversations are followed to their end, and orders are what was said."""
    verdict = judge.conversations(judge.CORPORA / name)
    print(name, verdict.told())
    assert not verdict.wrong, verdict.told()
    assert verdict.share >= wanted, verdict.told()


@pytest.mark.soak
@pytest.mark.parametrize("name", ["armada", "grosir", "roda"])
def test_any_turn_of_a_long_talk(name: str) -> None:
    """Whatever is written behind whatever in one endless talk, reading never raises."""
    texts = [label["text"] for label in judge.labels(judge.CORPORA / name / "messages.jsonl")]
    for seed in range(3):
        random.Random(seed).shuffle(texts)
        shop = judge.Shop(judge.catalogue(judge.CORPORA / name))
        for text in texts:
            shop.take(text)


# ── another shop ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "outcome", "lines", "options"),
    [
        ("bos sepul depan alpa brp", "price", {"SPL-D": None}, []),
        ("ado dak sepul beto mang", "choices", {}, ["SPL-B", "SPL-D"]),
        ("pesen sepul blkg beto duo set", "order", {"SPL-B": 2}, []),
        ("tlg siapin 3 gerita 12, besok saya ambil", "order", {"GRT-12": 3}, []),
        ("pesan gerita 12 4, 14 6", "order", {"GRT-12": 4, "GRT-14": 6}, []),
        ("pesan gerita 3", "choices", {}, ["GRT-12", "GRT-14"]),
        ("lumas tirta 5 liter 2 kaleng pesan", "order", {"LM-5": 2}, []),
        ("namira gamma kanan kiri masing2 2 pesan", "order", {"NMR-KA": 2, "NMR-KI": 2}, []),
        ("pesan namira gamma kanan kiri", "choices", {"NMR-KA": 1, "NMR-KI": 1}, []),
        ("kardus c7 selusin order", "order", {"KRD-C7": 12}, []),
        ("slg solara 8mm 10 meter pesan", "order", {"SLG-8": 10}, []),
        ("handuk delta sepasang pesan", "order", {"HND-S": 1}, []),
        ("kardus c7 sepasang pesan", "order", {"KRD-C7": 2}, []),
        ("pesan terapi 5x7 2 kirim ke jl merdeka 12 rt 4", "order", {"TRP-57": 2}, []),
        ("pesan: 1. gerita 12 4 2. kardus 2", "order", {"GRT-12": 4, "KRD-C7": 2}, []),
        ("klo ada kirim kardus 5", "order", {"KRD-C7": 5}, []),
        ("hrg gerita 12 sama 14", "price", {"GRT-12": None, "GRT-14": None}, []),
        ("pesan gerita 12 4 sama harga kardus", "order", {"GRT-12": 4, "KRD-C7": None}, []),
        ("spul dpan alpa berapa", "price", {"SPL-D": None}, []),
        ("pesan SPL-X 2", "not_found", {}, []),
        ("harga torak zulu", "not_found", {}, []),
        ("sepul depan gamma brp", "not_found", {}, []),
    ],
)
def test_requests(
    text: str, outcome: str, lines: dict[str, int | None], options: list[str]
) -> None:
    """Items, sizes, sides, units and lists are understood from the catalogue alone."""
    assert shown(text) == (outcome, lines, options)


@pytest.mark.parametrize(
    "text",
    [
        "jangan pesan kardus 2", "ga jadi pesan kardus 2", "kemarin pesan kardus 2 belum datang",
        "suami saya mau pesan kardus 2", "pesan kardus 2 atau 3", "pesan kardus 2 nanti kalau gajian",
        "kardus 15rb ya saya ambil 2", "kardus yang kemarin rusak 2", "pesan kardus 2 bisa transfer?",
        "yang bagus gerita atau kardus ya", "selamat anda menang hadiah 2 kardus", "ya", "2", "1 ya",
        "pesan kardus -2", "pesan kardus 0", "kardus 2 tapi harganya kurang dikit ya nego",
    ],
)  # fmt: skip
def test_for_people(text: str) -> None:
    """What a careful clerk would show to somebody is left to people."""
    assert free(text).outcome is Kind.HUMAN


@pytest.mark.parametrize(
    "text", (judge.CORPORA / "no_orders.txt").read_text(encoding="utf-8").splitlines()
)
def test_no_orders(text: str) -> None:
    """An item and a number are no order where something else is said about them."""
    assert free(text).outcome is not Kind.ORDER


# ── conversations ─────────────────────────────────────────────────────────────────────────────

OFFER = Conversation(
    offered=(ENTRIES[0], ENTRIES[1]), choosing=Kind.ORDER, quantity=2,
)  # fmt: skip
QUOTE = Conversation(quoted=(ENTRIES[0],))
ASKED = Conversation(asked=True, proposed=(Line(ENTRIES[2], 4),))
ORDER = Conversation(order=(Line(ENTRIES[0], 2),))


@pytest.mark.parametrize(
    ("talk", "text", "outcome", "lines"),
    [
        (OFFER, "2", "order", {"SPL-B": 2}),
        (OFFER, "no 1 aja 3 set", "order", {"SPL-D": 3}),
        (OFFER, "yang depan", "order", {"SPL-D": 2}),
        (OFFER, "yg blkg 4", "order", {"SPL-B": 4}),
        (OFFER, "yang kedua", "order", {"SPL-B": 2}),
        (OFFER, "yg murah", "order", {"SPL-B": 2}),
        (OFFER, "9", "choices", {}),
        (OFFER, "2 atau 1", "human", {}),
        (QUOTE, "2 ya", "order", {"SPL-D": 2}),
        (QUOTE, "ok pesan 3", "order", {"SPL-D": 3}),
        (QUOTE, "ya", "choices", {"SPL-D": 1}),
        (QUOTE, "yang belakang brp", "price", {"SPL-B": None}),
        (QUOTE, "kalo belakang?", "price", {"SPL-B": None}),
        (ASKED, "ya", "confirm", {}),
        (ASKED, "ok siap pak", "confirm", {}),
        (ASKED, "ya 6", "order", {"GRT-12": 6}),
        (ASKED, "ga jadi", "human", {}),
        (ORDER, "jadi 3 aja", "amend", {"SPL-D": 3}),
        (ORDER, "tambah 1", "amend", {"SPL-D": 3}),
        (ORDER, "tambah kardus 5", "amend", {"KRD-C7": 5}),
        (ORDER, "yang belakang juga", "amend", {"SPL-B": 2}),
        (ORDER, "eh salah, yg belakang", "amend", {"SPL-D": 0, "SPL-B": 2}),
        (ORDER, "sepulnya ga jadi", "cancel", {}),
        (ORDER, "udah itu aja makasih", "human", {}),
        (ORDER, "ok", "human", {}),
        (ORDER, "nanti kalau ada uang tambah 4", "human", {}),
        (ORDER, "batal semua", "cancel", {}),
    ],
)
def test_goes_on(talk: Conversation, text: str, outcome: str, lines: dict[str, int]) -> None:
    """The next message is read in the light of what was offered, quoted, asked or ordered."""
    assert shown(text, talk)[:2] == (outcome, lines)


# ── properties ────────────────────────────────────────────────────────────────────────────────

TALKS = st.sampled_from([TALK, OFFER, QUOTE, ASKED, ORDER])
VOCABULARY = [
    "pesan",
    "tolong",
    "kirim",
    "harga",
    "brp",
    "ada",
    "ga",
    "sepul",
    "depan",
    "dpn",
    "blk",
    "beto",
    "alpa",
    "gerita",
    "12",
    "14mm",
    "4",
    "2",
    "dua",
    "lusin",
    "kardus",
    "c7",
    "c7hsa",
    ",",
    ".",
    "?",
    "dan",
    "sama",
    "ya",
    "pak",
    "jangan",
    "kalau",
    "nanti",
    "no",
    "1",
    "yang",
    "jadi",
    "tambah",
    "set",
    "pcs",
    "kanan",
    "kiri",
    "kemarin",
    "atau",
    "juga",
    "ini",
    "masing2",
    "sepasang",
    "3x",
    "SPL-D",
    "GRT-12",
    "batal",
    "ok",
    "makasih",
    "0",
    "-2",
    "15rb",
    "buat",
    "stop",
]


@given(st.text(max_size=300), TALKS)
def test_never_raises(text: str, talk: Conversation) -> None:
    """No text whatever makes it raise."""
    free(text, talk)


CARS = judge.catalogue(judge.CORPORA / "car")
"""A shop whose items are for models, as those above are not."""


def test_models_before_all() -> None:
    """What all is for, said first with nothing behind it, is for each; what stands behind is found
    where it stands."""
    for text, wanted in {
        "pesan utk innova shock depan 2 belakang 2 merk kyb": {"SB07": 2, "SB08": 2},
        "pesan utk l300 shock belakang 2 depan 2": {"SB13": 2, "SB12": 2},
        "pesan utk l300 kampas rem depan 1, busi 2": {"KR008": 1, "BPJ1": 2},
    }.items():
        wishes = read(text, CARS, TALK, free=True).wishes
        assert [wish.kind for wish in wishes] == [Kind.ORDER], text
        assert {line.entry.code: line.quantity for line in wishes[0].lines} == wanted, text


def test_what_it_is_for_said_first() -> None:
    """Any item with the model before the rest of its name is ordered or asked back, never another."""
    read_right = named = 0
    for item in CARS.words.words:
        entry = CARS.entry(item)
        words = entry.name.lower().split()
        model = next(
            (word for word in words if any(map(CARS.words.applies, CARS.words.senses(word)))), ""
        )
        if model:
            named += 1
            rest = " ".join(word for word in words if word != model)
            found = read(f"pesan utk {model} {rest} 2", CARS, TALK, free=True)
            if found.outcome is Kind.ORDER:
                read_right += 1
                assert [(one.entry, one.quantity) for one in found.wishes[0].lines] == [(entry, 2)]
    assert read_right > 0.85 * named > 250


@settings(max_examples=600)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=14), TALKS)
def test_orders_are_explicit(words: list[str], talk: Conversation) -> None:
    """An order has items and quantities of at least 1 that the text or the conversation names."""
    text = " ".join(words)
    reading = free(text, talk)
    for wish in reading.wishes:
        if wish.kind is Kind.ORDER and reading.certain:
            assert wish.lines
            said = {"2", "4", "12", "3x", "dua", "lusin", "14mm", "1", "sepasang", "masing2"} & set(
                words
            )
            for line in wish.lines:
                assert line.quantity is not None
                assert line.quantity >= 1
                # A code without a number is one, twice that is two; or as many as were proposed.
                named = words.count(line.entry.code)
                proposed = {one.quantity for one in talk.proposed if one.entry == line.entry}
                assert said or line.quantity in {talk.quantity or 1, named, *proposed}


NAMES = {
    "sepul depan beto": 1,
    "gerita 14mm": 4,
    "kardus c7hsa": 9,
    "namira gamma kiri": 8,
    "lumas tirta 5l": 5,
}
ORDERS = st.lists(
    st.tuples(st.sampled_from(sorted(NAMES)), st.integers(1, 9)), min_size=1, max_size=4,
    unique_by=lambda pair: pair[0],
)  # fmt: skip


def ordered(text: str) -> dict[int, int | None] | None:
    """What is ordered, None if nothing is."""
    reading = free(text)
    if reading.outcome is not Kind.ORDER:
        return None
    return {line.entry.id: line.quantity for wish in reading.wishes for line in wish.lines}


def written(wanted: list[tuple[str, int]], between: str = ", ") -> str:
    return "pesan " + between.join(f"{name} {count}" for name, count in wanted)


@given(ORDERS, st.sampled_from([", ", " dan ", "\n", "; ", " & ", " + "]))
def test_plain_orders(wanted: list[tuple[str, int]], between: str) -> None:
    """Items with their numbers, parted by anything, are ordered exactly."""
    assert ordered(written(wanted, between)) == {NAMES[name]: count for name, count in wanted}


@given(ORDERS, st.randoms(use_true_random=False))
def test_order_of_lines(wanted: list[tuple[str, int]], chance: object) -> None:
    """Permuting the lines gives the same order."""
    other = list(wanted)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert ordered(written(wanted)) == ordered(written(other))


@given(
    ORDERS,
    st.sampled_from(
        ["", "halo bos ", "Assalamualaikum, ", "pak ", "siang mas, ", "🙏 ", "saya ", "min tolong "]
    ),
    st.sampled_from(
        ["", " ya", " makasih", " 🙏🙏", "   ", " ya pak terima kasih", ". Joko", " trims bos", "!"]
    ),
    st.booleans(),
)
def test_manners(wanted: list[tuple[str, int]], before: str, behind: str, capitals: bool) -> None:
    """Courtesies, pictures, case, blanks, a greeting or a name do not change what is ordered."""
    text = before + written(wanted) + behind
    text = text.upper() if capitals else text.replace(" ", "  ")
    assert ordered(text) == {NAMES[name]: count for name, count in wanted}


@given(
    ORDERS,
    st.sampled_from(
        ["jangan", "ga jadi", "kalau", "kalo", "batal", "tidak", "nanti", "mungkin", "jika", "kemarin",
         "belum", "bukan", "misal", "?", "katanya"]
    ),
    st.integers(0, 40),
)  # fmt: skip
def test_doubts_put_in(wanted: list[tuple[str, int]], doubt: str, at: int) -> None:
    """A negation, a condition or a question mark put into an order never leaves it an order."""
    words = written(wanted).split(" ")
    words.insert(at % (len(words) + 1), doubt)
    assert ordered(" ".join(words)) is None


@given(st.lists(st.sampled_from(VOCABULARY), min_size=150, max_size=200), TALKS)
@settings(max_examples=30, deadline=None)
def test_bounded(words: list[str], talk: Conversation) -> None:
    """A long text takes a bounded number of steps."""
    text = " ".join(words)[:1000]
    free(text, talk)
    begin = time.thread_time()
    free(text, talk)
    assert time.thread_time() - begin < 0.02


def test_interleaved() -> None:
    """Reading keeps nothing: two customers' conversations do not touch each other."""
    alone = [shown("2", OFFER), shown("2 ya", QUOTE)]
    shown("pesan kardus 3")
    assert [shown("2", OFFER), shown("2 ya", QUOTE)] == alone


def test_kept_up_to_date() -> None:
    """An item that is put, renamed or taken away is found, or not found, at once."""
    index = ItemIndex(ENTRIES[:3])
    assert read("harga zeta", index, TALK, free=True).outcome is Kind.NOT_FOUND
    index.put(Entry(50, "ZT-1", "Zeta Besar", "pcs"))
    assert read("harga zeta", index, TALK, free=True).outcome is Kind.PRICE
    index.put(Entry(50, "ZT-1", "Omega Besar", "pcs"))
    assert read("harga zeta", index, TALK, free=True).outcome is Kind.NOT_FOUND
    assert read("harga omega", index, TALK, free=True).outcome is Kind.PRICE
    index.remove(50)
    assert read("harga omega", index, TALK, free=True).outcome is Kind.NOT_FOUND


def test_strict_forms_alone() -> None:
    """Without `free`, only strict forms are read."""
    assert read("tlg kirim kardus c7 2", INDEX, TALK).outcome is Kind.HUMAN


# ── learning ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "item", "names"),
    [
        ("bos bemper zulu brp", 0, ("bemper zulu",)),
        ("sepul depan alpa brp", 0, ()),
        ("pesan cakram alpa 2 ya pak", 0, ("cakram alpa",)),
        ("2", 0, ()),
    ],
)
def test_aliases(text: str, item: int, names: tuple[str, ...]) -> None:
    """Words that an item does not have are proposed as another name of it, and nothing else."""
    assert proposed(text, ENTRIES[item], INDEX) == names


def test_alias_is_read() -> None:
    """Once a proposed name is the item's, the same text is read."""
    text = "bos bemper zulu brp"
    names = proposed(text, ENTRIES[0], INDEX)
    index = ItemIndex(ENTRIES)
    index.put(replace(ENTRIES[0], other_names=names))
    assert read(text, INDEX, TALK, free=True).outcome is Kind.NOT_FOUND
    assert read(text, index, TALK, free=True).wishes[0].lines == (Line(index.entry(1)),)


def test_lexicon_is_extended() -> None:
    """A shop's own rows of words that mean the same are read like those of the lexicon."""
    own = ItemIndex(ENTRIES, standard().extended([["kardus", "kotakan"], ["namira", "kupu kupu"]]))
    assert read("harga kotakan", own, TALK, free=True).wishes[0].lines[0].entry.code == "KRD-C7"
    assert read("pesan kupu kupu gamma kiri 2", own, TALK, free=True).outcome is Kind.ORDER
    assert free("harga kotakan").outcome is Kind.NOT_FOUND
