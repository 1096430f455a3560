"""Short texts in the light of what a talk is about: never a thing of another kind or another number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line

PADS = [
    Entry(key, code, name, "set", "SEPUL", (), 10_000 * key, 20)
    for key, code, name in (
        (1, "SP-1", "SEPUL TALI DPN ALPA KARSA"), (2, "SP-2", "SEPUL TALI BLK ALPA KARSA"),
        (3, "SP-3", "SEPUL TALI DPN ALPA SOLARA"), (4, "SP-4", "SEPUL TALI DPN ZULU 250 KARSA"),
        (5, "SP-5", "SEPUL TALI BLK BETO 150 KARSA"), (6, "TR-1", "TERAPI ALPA KARSA"),
        (7, "TR-2", "TERAPI ZULU 250 KARSA"), (8, "TR-3", "TERAPI BETO 150 SOLARA"),
        (9, "NM-1", "NAMIRA ALPA MERAH SOLARA"), (10, "NM-2", "NAMIRA ALPA BIRU SOLARA"),
        (11, "LT-25", "LENTERA ALPA OS 25 KARSA"), (12, "LT-50", "LENTERA ALPA OS 50 KARSA"),
        (13, "KN-A", "KENARI ALPA"), (14, "KN-B", "KENARI BETO 150"),
        (15, "AT-1", "AIR TAMBAH 1L"),
        (16, "KN-6301", "KENARI 6301 KARSA"),
    )
]  # fmt: skip
"""A trade of pairs: sides, makes, models, sizes, colours."""
TRADE = ItemIndex(PADS)


def about(*codes: str, order: dict[str, int] | None = None, **more: object) -> Conversation:
    """A talk in which these were quoted, one after the other."""
    entries = {entry.code: entry for entry in PADS}
    lines = tuple(Line(entries[code], count) for code, count in (order or {}).items())
    recent = tuple(entries[code] for code in (*codes, *(order or {})))
    quoted = () if order else recent[-1:]
    return Conversation(quoted=quoted, order=lines, recent=recent, **more)  # type: ignore[arg-type]


OFFERED = Conversation(offered=(PADS[0], PADS[1]), choosing=Kind.ORDER, quantity=3)


@pytest.mark.parametrize(
    ("talk", "text", "outcome", "lines"),
    [
        (about("SP-1"), "kalo yg belakang?", "price", {"SP-2": None}),
        (about("SP-1"), "yang solara 2 ya", "order", {"SP-3": 2}),
        (about("SP-1"), "yang zulu berapa", "price", {"SP-4": None}),
        (about("SP-4"), "yg belakang?", "not_found", {}),
        (about("SP-4"), "pesan yg belakang 2", "not_found", {}),
        (about("NM-1"), "pesan yang biru 3", "order", {"NM-2": 3}),
        (about("SP-1"), "pesan yang biru 3", "not_found", {}),
        (about("SP-1"), "terapinya?", "price", {"TR-1": None}),
        (about("SP-4"), "terapi nya 1 pesan", "order", {"TR-2": 1}),
        (about("LT-25"), "yg os 50", "price", {"LT-50": None}),
        (about("LT-25"), "ambil yg os 50 1", "order", {"LT-50": 1}),
        (about("SP-1", "TR-1"), "pesan masing2 2", "order", {"SP-1": 2, "TR-1": 2}),
        (about("SP-1", "TR-1"), "ambil dua duanya 1 1", "order", {"SP-1": 1, "TR-1": 1}),
        (about("SP-1", "TR-1", "NM-1"), "ambil dua duanya", "choices", {"TR-1": 1, "NM-1": 1}),
        (about("SP-1"), "ambil masing2 1", "human", {}),
        (about("SP-1"), "ambil 1 sama namira biru 2", "order", {"SP-1": 1, "NM-2": 2}),
        (about("SP-1"), "ya udah 2 harga toko aja", "order", {"SP-1": 2}),
        (about(order={"SP-1": 2}), "belakangnya 1", "amend", {"SP-2": 1}),
        (about(order={"SP-1": 2}), "sama yg buat zulu 1", "amend", {"SP-4": 1}),
        (about(order={"SP-1": 2}), "eh ganti yg solara aja", "amend", {"SP-1": 0, "SP-3": 2}),
        (about(order={"SP-4": 2}), "eh ganti yg belakang aja", "choices", {}),
        (about(order={"SP-1": 2}), "yang solara jadi 3", "human", {}),
        (about(order={"SP-1": 2}), "jadi yang solara aja", "amend", {"SP-1": 0, "SP-3": 2}),
        (OFFERED, "tambah 2 lagi", "human", {}),
        (OFFERED, "jadi 2 aja", "human", {}),
        (OFFERED, "no 2 aja", "order", {"SP-2": 3}),
        (about(order={"KN-6301": 3, "SP-1": 1}), "6301 nya gak usah", "amend", {"KN-6301": 0}),
        (about("SP-1"), "yg terapi 2", "choices", {"TR-1": 2}),
        (about(order={"SP-1": 2}), "tambah namira merah 1", "amend", {"NM-1": 1}),
        (about(order={"SP-1": 2}), "tambah air tambah 1", "amend", {"AT-1": 1}),
        (about(order={"LT-25": 1}), "yg os 50", "price", {"LT-50": None}),
        (about(order={"SP-1": 2, "TR-1": 1}), "terapinya batal, msh punya", "amend", {"TR-1": 0}),
        (about(order={"SP-1": 2}), "batalin aja ya, maaf", "cancel", {}),
        (about(order={"SP-1": 2}), "udah disiapkan blm pak", "status", {}),
        (Conversation(quoted=(PADS[0], PADS[5])), "yang pertama 2 yang kedua 1", "order",
         {"SP-1": 2, "TR-1": 1}),
    ],
)  # fmt: skip
def test_in_the_light_of_the_talk(
    talk: Conversation, text: str, outcome: str, lines: dict[str, int | None]
) -> None:
    """A short text names what differs in that one respect from what the talk is about, nothing else."""
    reading = read(text, TRADE, talk, free=True)
    named = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    assert (reading.outcome.value, named) == (outcome, lines)


SIDES = st.sampled_from(["depan", "dpn", "belakang", "blkg", "muka"])
SAID = st.sampled_from(
    ["solara", "karsa", "merah", "biru", "os 25", "os 50", "zulu", "beto", "alpa"]
)


@settings(max_examples=300)
@given(
    st.sampled_from(PADS), st.one_of(SIDES, SAID), st.integers(2, 9),
    st.sampled_from(["yang {} {}", "pesan yg {} {}", "{}nya {}", "yg {} {} ya"]), st.booleans(),
)  # fmt: skip
def test_never_another_kind(entry: Entry, word: str, count: int, form: str, ordered: bool) -> None:
    """Whatever short word follows an item, nothing is ordered but one of its kind that has that word,
    and as many of it as were said."""
    talk = about(entry.code) if not ordered else about(order={entry.code: 1})
    reading = read(form.format(word, count), TRADE, talk, free=True)
    for wish in reading.wishes:
        if not reading.certain or wish.kind not in (Kind.ORDER, Kind.AMEND):
            continue
        for line in wish.lines:
            assert line.entry.name.split()[0] == entry.name.split()[0]
            assert line.quantity == count
            said = TRADE.words.senses(word.split()[-1])
            assert any(line.entry.id in TRADE.words.items(sense) for sense in said)
