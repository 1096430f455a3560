"""Another thing for a line of the order, where each word says so; with a word more nothing changes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.errors import N_
from crm_tui.reading import accounted_swaps, read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, human
from tests.test_contrasts import CHANCES, SHOPS, _has, lines

PARTS = ItemIndex(
    [
        Entry(1, "KP-M", "KERANTU REMBO DPN MUSI KARSA", "set"),
        Entry(2, "KP-O", "KERANTU REMBO DPN OGAN KARSA", "set"),
        Entry(3, "KP-OB", "KERANTU REMBO BLK OGAN KARSA", "set"),
        Entry(4, "KS-O", "KERANTU KOPLU OGAN KARSA", "set"),
        Entry(5, "BS-A", "BUSIRU ALPA X22 MUSI", "pcs"),
        Entry(6, "BS-K", "BUSIRU KARSA C7 MUSI", "pcs"),
        Entry(7, "HG-M", "GAGANGU KARET MERAH", "pcs"), Entry(8, "HG-H", "GAGANGU KARET HITAM", "pcs"),
        Entry(9, "TJ-M", "TALIJU MUSI", "pcs"), Entry(10, "TJ-P", "TALIJU PS120 KARSA", "pcs"),
        Entry(11, "TJ-O", "TALIJU OGAN", "pcs"), Entry(12, "SL-O", "SILIRU OGAN", "pcs"),
        Entry(13, "SL-M", "SILIRU MUSI", "pcs"), Entry(14, "SP-M", "SPAKBU MUSI", "pcs"),
        Entry(15, "SP-O", "SPAKBU OGAN", "pcs"),
    ]
)  # fmt: skip


def read_of(text: str, *ordered: tuple[int, int]) -> tuple[Kind, dict[str, int | None]]:
    """What a text makes of an order of these items."""
    order = tuple(Line(PARTS.entry(item), count) for item, count in ordered)
    talk = Conversation(order=order, recent=tuple(line.entry for line in order))
    reading = read(text, PARTS, talk, free=True)
    return reading.outcome, lines(reading)


@pytest.mark.parametrize(
    ("text", "ordered", "wanted"),
    [
        ("eh salah pak, ogan bukan musi", [(1, 2)], {"KP-M": 0, "KP-O": 2}),
        ("salah, mobil kantor ogan bukan musi. ganti yg ogan", [(1, 2)], {"KP-M": 0, "KP-O": 2}),
        ("kerantunya untuk ogan juga pak, bukan musi", [(1, 2), (9, 1)], {"KP-M": 0, "KP-O": 2}),
        ("busiru ganti alpa x22", [(1, 1), (6, 4)], {"BS-K": 0, "BS-A": 4}),
        ("busirunya gnti yg alpa x22 aj", [(6, 4), (1, 1)], {"BS-K": 0, "BS-A": 4}),
        ("eh kata pacarku norak wkwk ganti item aja deh", [(7, 2)], {"HG-M": 0, "HG-H": 2}),
        ("eh kata montir item aja biar ga keliatan kotor, ganti ya", [(7, 2)],
         {"HG-M": 0, "HG-H": 2}),
        ("salah bang, ps 120", [(9, 3)], {"TJ-M": 0, "TJ-P": 3}),
        ("salah ketik, musi itu mestinya ogan", [(9, 3)], {"TJ-M": 0, "TJ-O": 3}),
    ],
)  # fmt: skip
def test_each_word_says_so(
    text: str, ordered: list[tuple[int, int]], wanted: dict[str, int]
) -> None:
    """As many of what is named come for the line that it is said of, and no other line changes."""
    assert read_of(text, *ordered) == (Kind.AMEND, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "busiru jangan ganti alpa x22", "bukan salah, busiru alpa x22", "busiru 2 ganti alpa x22",
        "busiru udah ganti alpa x22", "sudah ganti alpa x22", "busiru ganti alpa x22?",
        "temen saya ganti alpa x22", "busiru ganti alpa x22 atau lainnya",
        "eh kata montir busiru karsa jelek, alpa x22 mahal", "busirunya alpa x22 aja ga ya",
        "busiru ganti alpa x22 atau yg lain", "mungkin busiru ganti alpa x22",
    ],
)  # fmt: skip
def test_a_word_more_changes_nothing(text: str) -> None:
    """With a doubt, another day or somebody else in it nothing changes without asking."""
    assert read_of(text, (6, 4))[0] is not Kind.AMEND


def test_what_nobody_knows_may_be_another_line() -> None:
    """What somebody finds ugly that nobody knows may be another line: nothing changes by itself."""
    assert (
        read_of("eh kata pacarku spiyun jelek, ganti item aja", (7, 2), (9, 1))[0] is not Kind.AMEND
    )


def test_another_part_never_comes_for_it() -> None:
    """What there is for the other vehicle only as another part, or of two sides, is asked about."""
    for text, item in (("salah, ogan bukan musi", 5), ("salah bos, yg ogan", 5)):
        assert read_of(text, (item, 1))[0] is not Kind.AMEND


FORMS = [
    "eh salah pak, {1} bukan {0}", "salah, yg {1} bukan {0}", "{2} ganti {1}",
    "{2}nya ganti yg {1} aja", "{2}nya {1} aja", "salah ketik, {0} itu mestinya {1}",
    "eh kata montir {1} aja", "salah bang, {1}",
    "eh kata istri saya jelek, ganti {1} aja", "{2}nya untuk {1} juga pak, bukan {0}", "ralat, yg {1}",
    "salah, motorku {1} bukan {0}, ganti yg {1}",
]  # fmt: skip
UNREAD = human(N_("no wish that is known"))


def tried(
    chances: tuple[int, int], form: str, several: int
) -> tuple[ItemIndex, Reading | None, dict[Entry, int | None], str, str]:
    """What a text of this form makes of an order of several things, and its two words: one of the name
    of what is ordered, and one of the name of another thing of that kind."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    heads, items = index.words.heads, chance.sample(list(index.words.words), several)
    order = tuple(Line(index.entry(item), chance.randint(1, 9)) for item in items)
    old = chance.choice(order).entry
    kind = [
        item for item in index.words.words
        if heads[item][:1] == heads[old.id][:1] and item not in items
    ]  # fmt: skip
    names = old.name, index.entry(chance.choice(kind or list(index.words.words))).name
    denied, new = (
        chance.choice([one for one in name.lower().split() if one.isalnum()] or ["x"])
        for name in names
    )
    text = form.format(denied, new, old.name.lower().split()[0])
    talk = Conversation(order=order, recent=tuple(line.entry for line in order))
    reading = accounted_swaps.read(text, index, talk, UNREAD)
    return index, reading, {line.entry: line.quantity for line in order}, denied, new


@settings(max_examples=150, deadline=None)
@given(CHANCES, st.sampled_from(FORMS), st.integers(1, 3))
def test_nothing_but_what_is_named(chances: tuple[int, int], form: str, several: int) -> None:
    """Whatever is said to be another thing, as many of one thing of its kind come for one line; it has
    what is named, nothing has that and keeps more of the line, and no vehicle changes unsaid."""
    index, reading, ordered, denied, new = tried(chances, form, several)
    if reading is None:
        return
    changed = {line.entry: line.quantity for wish in reading.wishes for line in wish.lines}
    ((gone, none), (come, count)) = sorted(changed.items(), key=lambda one: one[1] or 0)
    assert (none, count) == (0, ordered[gone])
    assert come not in ordered
    assert _has(index, come, new)
    heads, words = index.words.heads, index.words.words
    assert heads[come.id][:1] == heads[gone.id][:1]
    kept, keeps = set(words[gone.id]), set(words[come.id])
    others = [
        index.entry(item) for item in words
        if heads[item][:1] == heads[gone.id][:1] and index.entry(item) not in ordered
        and ("{0}" not in form or not _has(index, index.entry(item), denied))
    ]  # fmt: skip
    assert not any(
        kept & keeps < kept & set(words[other.id]) and _has(index, other, new) for other in others
    )
    vehicles = [set(filter(index.words.applies, words[one.id])) for one in (gone, come)]
    said = any(map(index.words.applies, index.words.senses(new)))
    assert said or not vehicles[0] or vehicles[0] & vehicles[1]


def test_a_number_and_a_word_of_many_things() -> None:
    """A number beside a word that names something raises nothing: it is asked about or left."""
    index = SHOPS[4]
    order = (Line(next(index.entry(item) for item in index.words.words), 1),)
    talk = Conversation(order=order, recent=(order[0].entry,))
    for text in ("platnya untuk 130 juga pak, bukan kopling", "platnya yg 130 juga, bukan kopling"):
        assert read(text, index, talk, free=True).outcome is not Kind.AMEND
