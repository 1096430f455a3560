"""What stands beside an order or a question, and what is named by less than its kind."""

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Reading
from tests import reading_judge as judge

TALK = Conversation()
catalogue = cache(judge.catalogue)
KINDS = ["kenari", "sirsak", "gelatik", "catra", "lumpa", "terapi"]
MODELS = ["vega9", "barito", "musi", "ogan", "komering", "rawas"]
MAKES = ["karsa", "solara", "tirta"]


def lines(reading: Reading) -> dict[str, int | None]:
    return {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}


def options(reading: Reading) -> set[str]:
    named = {entry.code for wish in reading.wishes for entry in wish.options}
    return named | set(lines(reading))


def shop(pairs: list[tuple[str, str]]) -> ItemIndex:
    """Things of some kinds for some models, and one without a model in several sizes."""
    entries = [
        Entry(number, f"Q-{number}", f"{kind} {model} {MAKES[number % 3]}".upper(), "pcs",
              price=1000 * number, available=50)
        for number, (kind, model) in enumerate(pairs, start=1)
    ]  # fmt: skip
    sizes = [Entry(900 + size, f"PD-{size}", f"PANDAN TIRTA ULUNG {size} INCH", "pcs", price=9000,
                   available=50) for size in (14, 16, 20)]  # fmt: skip
    return ItemIndex([*entries, *sizes])


SHOPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(MODELS)), min_size=8, max_size=24, unique=True
)
AIMS = [
    ", mobil {}", ", motor {}", " buat {}", " utk {}", " punya {}", ", mobilnya {}", " untuk mobil {}",
    ", buat motor {}", " kanggo {}", ". mobil sy {} ya", " buat mobil {} bos", ", punyo {}",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    SHOPS, st.integers(0, 10**9), st.integers(1, 9), st.sampled_from(AIMS),
    st.sampled_from(["pesan {} {} {}", "ambil {} {} {} ya", "mau {} {} {} pcs"]),
)  # fmt: skip
def test_for_which_model(
    pairs: list[tuple[str, str]], seed: int, count: int, aim: str, form: str
) -> None:
    """For which model something is does not change an order of it for that model."""
    index, chance = shop(pairs), random.Random(seed)
    kind, model = chance.choice(pairs)
    body = form.format(kind, model, count)
    plain, aimed = (read(text, index, TALK, free=True) for text in (body, body + aim.format(model)))
    assert plain.outcome is Kind.ORDER
    assert (aimed.outcome, lines(aimed)) == (plain.outcome, lines(plain))


@settings(max_examples=150, deadline=None)
@given(SHOPS, st.integers(0, 10**9), st.integers(1, 9), st.sampled_from([*AIMS, ", {}", " {}"]))
def test_no_line_of_its_own(pairs: list[tuple[str, str]], seed: int, count: int, aim: str) -> None:
    """A model behind an order of something else orders nothing for that model."""
    index, chance = shop(pairs), random.Random(seed)
    _, model = chance.choice(pairs)
    text = f"saya ambil pandan tirta 20 sama 16 masing2 {count} ya" + aim.format(model)
    reading = read(text, index, TALK, free=True)
    if reading.outcome is Kind.ORDER:
        assert lines(reading) == {"PD-20": count, "PD-16": count}
    kind, other = chance.choice(pairs)
    text = f"pesan {kind} {other} {count}" + aim.format(model)
    reading = read(text, index, TALK, free=True)
    if reading.outcome is Kind.ORDER:
        wanted = index.entry(pairs.index((kind, other)) + 1).code
        assert lines(reading) == {wanted: count}


@settings(max_examples=100, deadline=None)
@given(
    SHOPS, st.integers(1, 9), st.data(), st.sampled_from(["pesan {} {}", "{} {} ya", "mau {} {}"])
)
def test_named_by_a_model_alone(
    pairs: list[tuple[str, str]], count: int, data: st.DataObject, form: str
) -> None:
    """Nothing is ordered of which only a model or a make is said that several kinds of things have."""
    index = shop(pairs)
    word = data.draw(st.sampled_from([*MODELS, *MAKES]))
    having = sum(
        word in entry.name.lower().split() for entry in map(index.entry, index.words.words)
    )
    reading = read(form.format(word, count), index, TALK, free=True)
    assert having < 2 or reading.outcome is not Kind.ORDER


@pytest.mark.parametrize(
    "aim",
    [
        ", mobil komering", " utk komering", ", buat mobil komering 2015", " punya komering",
        ", mobilnya komering ya", " untuk motor komering", ", motorku komering", " kanggo komering pak",
        ", unitnya komering", " buat mobil sy komering",
    ],
)  # fmt: skip
def test_against_another_model(aim: str) -> None:
    """A thing for one model is not ordered for another without asking."""
    index = shop([("kenari", "musi"), ("sirsak", "komering"), ("gelatik", "komering"),
                  ("catra", "komering"), ("terapi", "musi"), ("lumpa", "musi")])  # fmt: skip
    assert read("pesan kenari 2" + aim, index, TALK, free=True).outcome is not Kind.ORDER


# ── a shop of colours, sizes and sorts ────────────────────────────────────────────────────────

ENTRIES = [
    Entry(1, "TL-M", "TALI RAMI 1.25MM MERAH", "mtr", price=4500, available=100),
    Entry(2, "TL-H", "TALI RAMI 1.25MM HITAM", "mtr", "", ("tali 1.25 hitam",), 4500, 80),
    Entry(3, "TL-75", "TALI RAMI 0.75MM MERAH", "mtr", price=3000, available=100),
    Entry(4, "PT-B", "PELITA X10 5 MATA BIRU", "pcs", price=5000, available=80),
    Entry(5, "PT-M", "PELITA X10 5 MATA MERAH", "pcs", price=5000, available=75),
    Entry(6, "PT-H", "PELITA X10 5 MATA HITAM", "pcs", price=5000, available=75),
    Entry(7, "TR-60", "TIRAI LUMAR 60% HITAM 50CM", "mtr", price=85000, available=20),
    Entry(8, "TR-80", "TIRAI LUMAR 80% HITAM 50CM", "mtr", price=85000, available=20),
    Entry(9, "SR-MU", "SURYAN SET MUSI 2012-2015", "set", price=285000, available=4),
    Entry(10, "SR-OG", "SURYAN SET OGAN 2012-2015", "set", price=285000, available=4),
    Entry(11, "SR-BA", "SURYAN SET BARITO 2018 UP", "set", price=285000, available=4),
    Entry(12, "CB-MU", "CERMIN MUSI/OGAN 2012-2015", "pcs", price=55000, available=4),
    Entry(13, "CB-BA", "CERMIN BARITO", "pcs", price=55000, available=4),
    Entry(14, "TB-MU", "TABIR MUSI/OGAN", "pcs", price=55000, available=4),
    Entry(15, "STL-B", "STOPLAMP ASSY BARITO AHM", "pcs", price=198000, available=3),
    Entry(16, "STL-M", "STOPLAMP LED MUSI", "pcs", price=215000, available=3),
    Entry(17, "BT-MZ", "BATARI MOTOBA MZ5S", "pcs", price=205000, available=6),
    Entry(18, "BT-GZ", "BATARI GEES GZ5S", "pcs", price=235000, available=6),
    Entry(19, "KN-A", "LAP KANEBA AION", "pcs", "", ("kaneba",), 38000, 20),
    Entry(20, "KN-P", "LAP KANEBA PLAS", "pcs", "", ("kaneba murah",), 15000, 26),
    Entry(21, "CT-D", "CATRA PILOX HITAM DOFF", "klg", price=30000, available=20),
    Entry(22, "CT-C", "CATRA PILOX CLEAR", "klg", price=30000, available=20),
    Entry(23, "CT-T", "CATRA DITONA HITAM", "klg", price=20000, available=20),
]  # fmt: skip
INDEX = ItemIndex(ENTRIES)


def shown(text: str) -> tuple[str, dict[str, int | None]]:
    reading = read(text, INDEX, TALK, free=True)
    return reading.outcome.value, lines(reading)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("beli pelita x10 biru 10 merah 10", {"PT-B": 10, "PT-M": 10}),
        ("pesan pelita x10 merah 5 biru 10", {"PT-M": 5, "PT-B": 10}),
        ("pelita x10 biru 3 merah 2 item 10 ya", {"PT-B": 3, "PT-M": 2, "PT-H": 10}),
        ("mau pelita x10 abang 10 ireng 10", {"PT-M": 10, "PT-H": 10}),
        ("bang mau tali 1.25 merah 10m item 10m", {"TL-M": 10, "TL-H": 10}),
        ("pesan tali rami 1.25 merah 5 meter hitam 7 meter", {"TL-M": 5, "TL-H": 7}),
        ("tali 1.25 item 3 mtr sama merah 2 mtr pesan", {"TL-H": 3, "TL-M": 2}),
        ("tirai lumar 60 persen 3 meter, pesan yo", {"TR-60": 3}),
        ("pesan tirai lumar 80 prosen 2m", {"TR-80": 2}),
        ("tirai lumar 60% 4 meter ambil", {"TR-60": 4}),
        ("ambil suryan musi 2013 1 set sama ogan 2014 1 set", {"SR-MU": 1, "SR-OG": 1}),
        ("pesan suryan ogan 2 set samo musi 1 set", {"SR-OG": 2, "SR-MU": 1}),
        ("Pesanan bengkel Jaya Abadi\n1. pelita x10 biru 4\n2. tirai 60% 2", {"PT-B": 4, "TR-60": 2}),
        ("Pesanan toko Makmur: pelita x10 biru 4, catra clear 2", {"PT-B": 4, "CT-C": 2}),
        ("Orderan bengkel pak mat:\ncatra clear 2\npelita x10 merah 3", {"CT-C": 2, "PT-M": 3}),
        ("PESANAN HARI INI:\n1. catra clear 2\n2. suryan barito 1", {"CT-C": 2, "SR-BA": 1}),
        ("pesenan utk besok: catra clear 4", {"CT-C": 4}),
    ],
)  # fmt: skip
def test_lists(text: str, wanted: dict[str, int]) -> None:
    """Colours, sizes, years and headings of lists are no doubt, and no quantities."""
    assert shown(text) == ("order", wanted)


@pytest.mark.parametrize(
    "text",
    [
        "pesanan bengkel jaya: catra clear 2 sudah dikirim?", "pesanan saya catra clear 2 mana",
        "pesanan bengkel jaya catra clear 2 belum datang", "pesanan bu ratna: catra clear 2",
        "pesanan kemarin: catra clear 2", "pesanan yg tadi: catra clear 2",
        "pesanan bengkel jaya: catra clear 2 udah siap", "pesanannya sudah: catra clear 2",
        "ini pesanan catra clear 2, kok kurang", "diskon 60 persen catra clear 2 ya",
    ],
)  # fmt: skip
def test_no_heading(text: str) -> None:
    """An order that was given before is not given again."""
    assert shown(text)[0] == "human"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("stop barito yg ori masih ada?", {"STL-B"}), ("stop barito ahm brp", {"STL-B"}),
        ("stop led musi redi kaga", {"STL-M"}), ("harga stop musi", {"STL-M"}),
        ("stop musi brp bos", {"STL-M"}), ("ado dak stop barito mang", {"STL-B"}),
        ("regane stop led musi pinten", {"STL-M"}), ("cek stok stop barito", {"STL-B"}),
        ("batari motoba mz5s dgn gees gz5s beda brp harganya", {"BT-MZ", "BT-GZ"}),
        ("harga tirai 60 dengan 80 selisih brp", {"TR-60", "TR-80"}),
        ("catra clear dg doff bedo berapo hargonyo", {"CT-C", "CT-D"}),
        ("kaneba brp an bang", {"KN-A", "KN-P"}), ("hrg kaneba", {"KN-A", "KN-P"}),
        ("tali rami 0.75 brp semeter", {"TL-75"}), ("tali rami 1.25 berapa semeter", {"TL-M", "TL-H"}),
        ("suryan musi udah masuk blm", {"SR-MU"}), ("suryan barito sudah datang belum ya", {"SR-BA"}),
        ("tirai 60 la dateng blom kak", {"TR-60"}), ("catra clear wis teko durung", {"CT-C"}),
        ("stop barito udah ready belum min", {"STL-B"}), ("catra clear dah masuk dak", {"CT-C"}),
        ("udah masuk blm suryan musi", {"SR-MU"}), ("pak, sudah datang belum catra clear", {"CT-C"}),
        ("ga pesan kok, cuma tanya suryan ogan ada ga", {"SR-OG"}),
        ("bukan pesan cuma nanya catra clear msh ada kah", {"CT-C"}),
        ("blm mau pesan, tanya dulu catra clear brp", {"CT-C"}),
        ("cuma mau nanya, bukan order, suryan ogan ada?", {"SR-OG"}),
        ("dak pesen kak cuman nanyo catra clear berapo", {"CT-C"}),
        ("ora tuku mung takon catra clear pinten", {"CT-C"}),
        ("gak beli cm tanya harga suryan musi", {"SR-MU"}),
        ("sanes pesen ngan naros catra clear sabaraha", {"CT-C"}),
        ("belum pesan ya, sekedar tanya tirai 80 ready?", {"TR-80"}),
    ],
)  # fmt: skip
def test_questions(text: str, codes: set[str]) -> None:
    """A question is answered with all that it is about, and orders nothing."""
    reading = read(text, INDEX, TALK, free=True)
    assert reading.outcome in (Kind.PRICE, Kind.STOCK, Kind.CHOICES)
    assert not any(wish.kind is Kind.CHOICES and wish.lines for wish in reading.wishes)
    assert options(reading) == codes


@pytest.mark.parametrize("text", ["STOP", "stop promo", "stop sms promo ya", "STOP PROMO BOS"])
def test_opting_out(text: str) -> None:
    """STOP alone or with a word for promos opts out; with the name of a thing it is a lamp."""
    assert shown(text)[0] == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "bukan pesan cuma nanya, catra clear 2 kirim",
        "dak jadi pesen cuman nanyo",
        "bukan order 2 catra clear cuma tanya",
        "pesanan saya belum, cuma nanya catra clear",
    ],
)
def test_only_asking_orders_nothing(text: str) -> None:
    """A customer who says "I only ask" orders nothing, whatever else is written."""
    reading = read(text, INDEX, TALK, free=True)
    assert reading.outcome not in (Kind.ORDER, Kind.CONFIRM, Kind.AMEND)
    assert not any(wish.kind is Kind.CHOICES and wish.lines for wish in reading.wishes)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pesen catra doff 3 sm clear 2, yg pilox y jgn ditona", {"CT-D": 3, "CT-C": 2}),
        ("pesan catra pilox doff 3 kaleng, jangan yg ditona", {"CT-D": 3}),
        ("catra clear 2 ya, bukan yg ditona", {"CT-C": 2}),
        ("pesan suryan musi 1, ojo sing barito", {"SR-MU": 1}),
        ("ambil pelita x10 biru 4, jgn yg merah", {"PT-B": 4}),
        ("pesan catra doff 3, yg pilox jgn clear", {"CT-D": 3}),
        ("pesan tirai 60% 3 meter, jgn kw2an", {"TR-60": 3}),
        ("pesan tirai lumar 60% 3 meter, ulah nu merk lain", {}),
        ("mau catra clear 2, bukan zulu", {"CT-C": 2}),
        ("ambek suryan barito 1 bang, yg baru jgn zulu", {"SR-BA": 1}),
        ("pesan catra clear 2, jgn yg clear", {}),
        ("pesan catra clear 2, jangan dikirim dulu", {}),
        ("pesan catra clear 2, jgn kirim yg ditona", {}),
        ("jangan pesan catra clear 2, yg ditona aja", {}),
        ("pesan catra clear 2 catra doff 3, bukan doff 2", {}),
    ],
)
def test_what_is_not_liked(text: str, wanted: dict[str, int]) -> None:
    """What is not wanted for an order is no reason to pass it over; it orders nothing else."""
    outcome, found = shown(text)
    assert found == wanted
    assert outcome in (("order", "choices") if wanted else ("human",))


# ── words behind the orders of other shops ────────────────────────────────────────────────────

BEHIND = [", mobil {}", " buat {}", ", motor {} ya", " utk mobil {}", ". mobilnya {}", ", bukan {}"]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["car", "motor", "diesel", "workshop", "trucks", "variasi"]),
    st.integers(0, 10**9), st.sampled_from(BEHIND),
)  # fmt: skip
def test_models_behind_orders(name: str, seed: int, behind: str) -> None:
    """For which car it is never makes another order of one that is placed."""
    chance = random.Random(seed)
    index = catalogue(judge.CORPORA / name)
    orders = [
        label for label in judge.labels(judge.CORPORA / name / "messages.jsonl")
        if label["expect"] == "order" and " masing" not in label["text"]
    ]  # fmt: skip
    words = sorted(word for word in index.words.postings if index.words.applies(word))
    genuine = index.lexicon.wider["original"]
    models = [word for word in words if word.isalpha() and len(word) > 2 and word not in genuine]
    label = chance.choice(orders)
    shop = judge.Shop(index)
    shop.take(label["text"] + behind.format(chance.choice(models)))
    assert shop.order in ({}, dict(label["items"]))


@pytest.mark.parametrize("cheap", ["yg murah", "yang murah", "yg paling murah", "yg termurah"])
@pytest.mark.parametrize("noise", ["", " karbu"])
def test_the_cheap_one_is_none_that_costs_more(cheap: str, noise: str) -> None:
    """Who wants the cheap one is not sold a dearer one because a word fits that one alone."""
    index = ItemIndex(
        [
            Entry(1, "GR-A", "GERITA SIRSAK KARBU TULEN", "set", "GERITA", (), 59_000, 9),
            Entry(2, "GR-B", "GERITA SIRSAK KARSA", "set", "GERITA", (), 22_000, 9),
            Entry(3, "GR-C", "GERITA KENARI KARSA", "set", "GERITA", (), 12_000, 9),
        ]
    )
    reading = read(f"kirim gerita sirsak{noise} {cheap} 5 set", index, Conversation(), free=True)
    (wish,) = reading.wishes
    if noise:
        assert wish.kind is Kind.CHOICES
    else:
        assert [(line.entry.code, line.quantity) for line in wish.lines] == [("GR-B", 5)]
