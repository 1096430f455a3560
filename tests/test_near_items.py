"""Things that are nearly the same: what is named well is ordered, and never the neighbour of it."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Reading

KINDS = ("KENARI", "GELATIK", "PERKUTUT")
MODELS = ("BETO", "MUSI", "KELINGI", "LEMATANG")
ENDS = ("TIRTA", "KARSA", "KARSU", "DELIMA", "DELIMO", "BERANI")
COUNTS = st.integers(2, 9)


def index(names: Sequence[str]) -> ItemIndex:
    return ItemIndex(
        Entry(at, f"QZ{at:03}", name, "pcs", "", (), 10_000, 500)
        for at, name in enumerate(names, 1)
    )


def ordered(text: str, names: Sequence[str]) -> dict[str, int | None] | None:
    """What is ordered by name, None if nothing is."""
    reading: Reading = read(text, index(names), Conversation(), free=True)
    if reading.outcome is not Kind.ORDER:
        return None
    return {line.entry.name: line.quantity for wish in reading.wishes for line in wish.lines}


CATALOGUES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(MODELS), st.sampled_from(ENDS)),
    min_size=4, max_size=14, unique=True,
)  # fmt: skip


@settings(max_examples=60)
@given(CATALOGUES, st.data())
def test_dropped_vowels(items: list[tuple[str, str, str]], data: st.DataObject) -> None:
    """A name without some of its vowels, or with letters twice, orders nothing that another name may as
    well have become."""
    wanted = data.draw(st.sampled_from(items))
    count = data.draw(COUNTS)
    words = []
    for word in wanted:
        at = data.draw(st.integers(1, len(word) - 1))
        drop = data.draw(st.sampled_from(("none", "vowel", "twice")))
        if drop == "vowel" and word[at] in "AEIOU":
            word = word[:at] + word[at + 1 :]
        elif drop == "twice":
            word = word[:at] + word[at] + word[at:]
        words.append(word.lower())
    names = [" ".join(item) for item in items]
    got = ordered(f"pesan {' '.join(words)} {count}", names)
    fitting = [item for item in items if all(map(_may_be, words, item))]
    if got is not None:
        assert fitting == [wanted]
        assert got == {" ".join(wanted): count}


def _may_be(written: str, word: str) -> bool:
    """Whether `written` is a word with letters doubled or vowels left out."""
    loose = "".join(f"{char}+" if char not in "aeiou" else f"{char}*" for char in word.lower())
    return bool(re.fullmatch(loose, written))


@pytest.mark.parametrize(
    ("written", "word"),
    [("kntak", "KONTAK"), ("kncci", "KUNCI"), ("delimaa", "DELIMA"), ("perkutt", "PERKUTUT")],
)
def test_found_without_vowels(written: str, word: str) -> None:
    """A word without some of its vowels is found where no other is like it."""
    names = [f"{word} MUSI", "GELATIK MUSI", f"{word} BETO", "KENARI BETO"]
    assert ordered(f"pesan {written} musi 2", names) == {f"{word} MUSI": 2}


@given(st.sampled_from(("klping", "kplnig", "kplign")), COUNTS)
def test_swapped_letters_are_asked_about(written: str, count: int) -> None:
    """A word whose consonants changed places, with vowels left out besides, orders nothing."""
    names = ["KABUT KOPLING MUSI", "KABUT MUSI", "KABUT BERANI MUSI"]
    assert ordered(f"pesan kabut {written} musi {count}", names) is None


SIZED = ("RELASI GAMMA {} KAKI", "KENARI MUSI", "GELATIK BETO", "PERKUTUT KELINGI")


@settings(max_examples=25)
@given(st.integers(2, 9), st.integers(1, 3), st.booleans())
def test_sizes_of_names(size: int, others: int, behind: bool) -> None:
    """A number that the name has as a size counts only within a list of which the others are counted;
    the word that stands before it never makes a quantity of it."""
    names = [SIZED[0].format(size), *SIZED[1:]]
    lines = [f"{name.lower()} {at + 1}" for at, name in enumerate(names[1 : others + 1])]

    def told(line: str) -> dict[str, int | None] | None:
        return ordered("pesan " + ", ".join([*lines, line] if behind else [line, *lines]), names)

    assert ordered(f"pesan relasi gamma {size}", names) is None
    assert told(f"relasi gamma kaki {size}") is None
    counted = told(f"relasi gamma {size}")
    assert counted is None if others < 2 else counted == {
        names[0]: size, **{name: at + 1 for at, name in enumerate(names[1 : others + 1])}
    }  # fmt: skip


@given(
    st.lists(
        st.sampled_from(("", "LED", "RACING", "IRIDIUM", "TIRTA", "KARSA")),
        min_size=1, max_size=4, unique=True,
    ),
    COUNTS,
)  # fmt: skip
def test_the_common_one(sorts: list[str], count: int) -> None:
    """ "The common one" is the one without anything special about it, if it is only one."""
    names = [f"KENARI MUSI {sort}".strip() for sort in sorts]
    plain = [
        name for name, sort in zip(names, sorts, strict=True)
        if sort not in ("LED", "RACING", "IRIDIUM")
    ]  # fmt: skip
    got = ordered(
        f"pesan kenari musi yang biasa {count}", [*names, "GELATIK MUSI LED", "SIRSAK KARSA"]
    )
    if got is not None and len(names) > 1:
        assert got == {plain[0] if "" not in sorts else "KENARI MUSI": count}
        assert len(plain) == 1 or "" in sorts


@given(st.integers(2, 5), st.booleans(), COUNTS)
def test_what_things_of_one_kind_are_called(many: int, also: bool, count: int) -> None:
    """A word that several things of one kind have, and no other, orders the one with what else is said;
    one that another kind has, too, asks."""
    ends = ("TIRTA", "KARSA", "DELIMA", "BERANI", "SOLARA")[:many]
    names = [f"LUMAS KENCANA {end}" for end in ends]
    names += [f"GELATIK {end}" for end in ends]
    names += ["PERKUTUT KENCANA MUSI"] * also
    got = ordered(f"pesan kencana {ends[-1].lower()} {count}", names)
    if also or many < 3:
        assert got is None
    else:
        assert got == {names[many - 1]: count}


@settings(max_examples=30)
@example("BG 1234 KL", "yg kemaren mogok itu", 2)
@example("BG 1234 BH", "", 2)
@given(
    st.from_regex(r"\A(BG|B|BH) [1-9][0-9]{2,3} [A-Z]{2}\Z"),
    st.sampled_from(("yg kemaren mogok itu", "yang tadi mogok", "", "yg ditabrak kemarin")),
    COUNTS,
)
def test_plates(plate: str, which: str, count: int) -> None:
    """For which vehicle it is, by its number, and what has happened to it, changes no order."""
    names = ["KENARI MUSI", "GELATIK BETO"]
    assert ordered(f"pesan kenari musi {count} bang, plat {plate} {which}", names) == {
        "KENARI MUSI": count
    }


SHOP = (
    "KENARI MUSI MERAH", "KENARI MUSI BIRU", "GELATIK BETO DPN", "GELATIK BETO BLKG KN",
    "GELATIK BETO BLKG KR", "PERKUTUT MUSI OLD", "CANARY LEMATANG 2012-2015", "SIRSAK 7.50-16 KARSA",
    "SIRSAK 7.50-16 TIRTA", "KENARI FUSO 24V", "SIRSAK FUSO", "PERKUTUT BETO",
)  # fmt: skip


def answered(text: str) -> tuple[str, set[str]]:
    """The outcome, and the names of all that it is about."""
    reading = read(text, index(SHOP), Conversation(), free=True)
    named = {line.entry.name for wish in reading.wishes for line in wish.lines}
    named |= {entry.name for wish in reading.wishes for entry in wish.options}
    return reading.outcome.value, named


@pytest.mark.parametrize(
    ("text", "outcome", "names"),
    [
        ("gelatik beto dpn ada? motorku ditabrak dari belakang", "stock", {SHOP[2]}),
        ("gelatik beto blkg kr brp, yg kanan msh utuh soalnya", "price", {SHOP[4]}),
        ("kata bos: \"gelatik beto dpn 2\" tolong disiapkan", "order", {SHOP[2]}),
        ("lebih murah mana sirsak 750-16 karsa apa tirta? harganya", "price", {SHOP[7], SHOP[8]}),
        ("bandingin harga sirsak 750-16 karsa lawan tirta", "price", {SHOP[7], SHOP[8]}),
        ("perkutut musi new ada?", "not_found", set()),
        ("perkutut fuso ada?", "not_found", set()),
        ("kenari musi ada? yang merah jangan yang biasa", "stock", {SHOP[0]}),
        ("harga gelatik beto (blkg) kr brp", "price", {SHOP[4]}),
        ("perkutut beto 1,5 juta bae lah, ku angkut 4", "human", set()),
        ("Daftar belanja:\n1. gelatik beto dpn x 3\n2. perkutut beto x 2\nMohon dipesankan", "order",
         {SHOP[2], SHOP[11]}),
        ("PO 0417/LOG\ngelatik beto dpn = 4 pcs\nperkutut beto = 2\nMohon diproses", "order",
         {SHOP[2], SHOP[11]}),
        ("gelatik beto blkg kn pecah ketabrak truk, ada gantinya? berapa", "price", {SHOP[3]}),
        ("bos nyuruh pesan perkutut beto 2 sama gelatik beto dpn 1", "order", {SHOP[11], SHOP[2]}),
        ("perkutut beto satu ya mas, uang pas kok", "order", {SHOP[11]}),
        ("ogah pesan perkutut beto 2", "human", set()),
        ("beto saya susah hidup pagi2, gelatik beto dpnnya brp?", "price", {SHOP[2]}),
        ("nitip pesen perkutut beto siji", "order", {SHOP[11]}),
        ("nitip pesen perkutut beto siji buat pak rt", "human", set()),
        ("perkutut beto yg biasa bukan iridium 2 pesan", "order", {SHOP[11]}),
        ("perkutut beto ready gak? kalau ready aku kesana sekarang", "stock", {SHOP[11]}),
        ("ini pesan dari pak RT: besok bawa cangkul 2 sama karung", "human", set()),
        ("pesan perkutut beto 2. Punya rental, tiap minggu ada aja yang jatuh", "order", {SHOP[11]}),
    ],
)  # fmt: skip
def test_told_beside(text: str, outcome: str, names: set[str]) -> None:
    """What is told, quoted, compared or headed beside a thing does not hide what is wanted of it."""
    got, named = answered(text)
    assert got == outcome
    assert not names or named == names
