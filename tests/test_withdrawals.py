"""Withdrawals in free words: what is taken back is never more than what is named."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.tokenizer import key_of
from crm_tui.reading.wishes import Conversation, Kind, Line
from tests import reading_judge as judge
from tests.test_following import PADS, TRADE

SHOPS = [TRADE, *(judge.catalogue(judge.CORPORA / name) for name in ("car", "motor", "trucks"))]
FORMS = [
    "batal yg {}", "cancel yang {}", "ga jadi {} nya", "{} nya batal", "batal yg tadi yg {}",
    "yg {} batalin aja ya", "tolong batalkan {}", "{} ga usah", "yg {} nya gak jadi deh", "batal {}",
    "batal pesanan yg {}", "batalkan order {} pak", "yg no {} batal", "hapus yg {}", "cancel {} aja",
    "maaf yg {} batal, masih punya", "pesanan {} batal semua", "ga jadi, {}", "batalin {} dong kak",
]  # fmt: skip
PLACES = {"pertama": 0, "kedua": 1, "terakhir": -1}
OTHERS = [
    "800", "2", "12", "satu", "dua", "pertama", "terakhir", "kedua", "botol", "set", "psg", "galon",
    "l", "r", "ka", "ki", "ori", "murah", "mahal", "besar", "zarqom", "itu", "satunya", "tadi", "lain",
]  # fmt: skip


def lines_of(index: ItemIndex, count: int, chance: random.Random) -> tuple[Line, ...]:
    """An order of some items, mostly of those that are like one another."""
    entries = [index.entry(item) for item in index.words.words]
    first = chance.choice(entries)
    near = [one for one in entries if one.name.split()[0] == first.name.split()[0]]
    chosen = {first.id: first}
    for _ in range(count - 1):
        one = chance.choice(near if chance.random() < 0.7 else entries)
        chosen[one.id] = one
    return tuple(Line(entry, chance.randint(1, 9)) for entry in chosen.values())


def name_of(index: ItemIndex, lines: tuple[Line, ...], chance: random.Random) -> str:
    """What may be named: a word of an item that was ordered, of another one, or anything."""
    if chance.random() < 0.3:
        return chance.choice(OTHERS)
    entries: list[Entry] = [line.entry for line in lines]
    if chance.random() < 0.3:
        entries = [index.entry(item) for item in index.words.words]
    words = chance.choice(entries).name.lower().split()
    return chance.choice([word for word in words if word.strip("+-&/")])


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(range(len(SHOPS))), st.integers(1, 4), st.sampled_from(FORMS), st.booleans(),
    st.integers(0, 10**9),
)  # fmt: skip
@example(0, 2, "batal yg {}", False, 168)
@example(0, 4, "ga jadi, {}", False, 283305241)
@example(1, 2, "ga jadi, {}", False, 874401370)
@example(3, 4, "ga jadi, {}", False, 263133887)
@example(1, 4, "ga jadi, {}", False, 155774463)
@example(1, 4, "{} ga usah", False, 888398559)
@example(2, 2, "{} ga usah", False, 174519778)
@example(1, 2, "batal {}", True, 988465925)
@example(2, 2, "batal {}", False, 157421691)
@example(2, 4, "cancel {} aja", True, 941141754)
@example(2, 4, "batal {}", True, 981331009)
@example(3, 3, "hapus yg {}", False, 243660868)
@example(3, 2, "yg no {} batal", True, 347628107)
def test_never_more_than_named(shop: int, count: int, form: str, asked: bool, seed: int) -> None:
    """Whatever a withdrawal names, no more than one line falls, and that line has the name."""
    index, chance = SHOPS[shop], random.Random(seed)
    lines = lines_of(index, count, chance)
    name = name_of(index, lines, chance)
    entries = tuple(line.entry for line in lines)
    talk = Conversation(order=lines, recent=entries, quoted=entries[-1:] if asked else ())
    reading = read(form.format(name), index, talk, free=True)
    if not reading.certain:
        return
    told = len(lines) == 1 or "pesanan" in form or "order" in form
    plain = name in ("itu", "tadi", "nomor") and told
    # BATAL and a number is the form for the order of that number.
    number = name.strip('"').removeprefix("no.")
    plain = plain or (form == "batal {}" and number.isdecimal())
    # A courtesy that names nothing where no "which" points at it: batalkan ka.
    words = index.lexicon.words
    courtesy = name in words["honorifics"] | words["polite"] | words["beg_pardon"]
    having = {_has(index, entry, name, 0.9) for entry in entries}
    plain = plain or (
        courtesy and len(having) == 1 and not {"yg", "yang", "nya"} & set(form.split())
    )
    # Of an order of one line that line is all of it, and it is the first and the last one.
    plain = plain or (
        len(lines) == 1 and (_has(index, entries[0], name) or PLACES.get(name) in (0, -1))
    )
    for wish in reading.wishes:
        assert wish.kind is not Kind.CANCEL or plain or "semua" in form, wish
        assert wish.kind not in (Kind.ORDER, Kind.CONFIRM), wish
        if wish.kind is Kind.AMEND:
            assert [line.quantity for line in wish.lines] == [0]
            assert wish.lines[0].entry in entries
            # "Yg terakhir", "yg no 2": a line is told by its place as well.
            place = PLACES.get(name, int(name) - 1 if name.isdecimal() else len(entries))
            placed = place < len(entries) and wish.lines[0].entry == entries[place]
            assert placed or _has(index, wish.lines[0].entry, name)


def _has(index: ItemIndex, entry: Entry, name: str, least: float = 0.0) -> bool:
    parts = [key_of(part) for part in (name, *name.replace("/", " ").replace("-", " ").split())]
    words = index.words
    return name in entry.name.lower().split() or any(
        weight >= least and entry.id in words.items(sense)
        for part in parts
        for sense, weight in words.senses(part).items()
    )


def talk(*codes: str, **more: object) -> Conversation:
    entries = {entry.code: entry for entry in PADS}
    lines = tuple(Line(entries[code], 2) for code in codes)
    return Conversation(order=lines, recent=tuple(map(entries.get, codes)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "text", "outcome", "lines"),
    [
        (("LT-25", "LT-50"), "batal yg 50", "amend", {"LT-50": 0}),
        (("LT-25", "LT-50"), "yang 25 batalin aja", "amend", {"LT-25": 0}),
        (("LT-25", "LT-50"), "cancel yg 6301", "human", {}),
        (("LT-25",), "batal yg 50", "human", {}),
        (("SP-1", "SP-2"), "batal yg depan", "amend", {"SP-1": 0}),
        (("SP-1", "SP-2"), "batal yg tadi yg depan", "amend", {"SP-1": 0}),
        (("SP-1", "SP-2"), "batal yg tadi", "human", {}),
        (("SP-1",), "batal yg tadi ya", "cancel", {}),
        (("SP-1", "SP-2"), "batalkan pesanan saya yang tadi", "cancel", {}),
        (("SP-1", "SP-2"), "pesanan yang depan batal", "amend", {"SP-1": 0}),
        (("NM-1", "NM-2", "SP-1"), "cancel yang biru", "amend", {"NM-2": 0}),
        (("NM-1", "NM-2", "SP-1"), "ga jadi namira nya", "human", {}),
        (("NM-1", "NM-2", "SP-1"), "batalin yg pertama", "choices", {"NM-1": 0}),
        (("SP-1", "SP-2"), "batal semua ya", "cancel", {}),
        (("SP-1", "SP-2"), "batalin aja ya", "cancel", {}),
    ],
)  # fmt: skip
def test_withdrawals(
    order: tuple[str, ...], text: str, outcome: str, lines: dict[str, int]
) -> None:
    """A part of an order falls alone; what is no certain part of it is left to the staff."""
    reading = read(text, TRADE, talk(*order), free=True)
    named = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    assert (reading.outcome.value, named) == (outcome, lines)


def test_not_the_order_but_the_question() -> None:
    """Behind a question about something else, a withdrawal may mean that: it is left to the staff."""
    asked = talk("SP-1", "SP-2", proposed=(Line(PADS[8], 1),), asked=True)
    assert read("batalin aja ya", TRADE, asked, free=True).outcome is Kind.HUMAN
    assert read("batalkan pesanan saya", TRADE, asked, free=True).outcome is Kind.CANCEL
