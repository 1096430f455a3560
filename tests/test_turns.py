"""Ways to say things in a talk, or around an order, tried on catalogues of several shops."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading
from tests import reading_judge as judge
from tests.test_following import PADS, TRADE, about

SHOPS = [TRADE, *(judge.catalogue(judge.CORPORA / name) for name in ("car", "motor", "trucks"))]
CHANCES = st.tuples(st.sampled_from(range(len(SHOPS))), st.integers(0, 10**9))
TALK = Conversation()


def some(index: ItemIndex, chance: random.Random) -> Entry:
    return index.entry(chance.choice(list(index.words.words)))


def lines(reading: Reading) -> dict[str, int | None]:
    return {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}


@settings(max_examples=60, deadline=None)
@given(
    CHANCES, st.integers(1, 9),
    st.sampled_from(
        ["ini udin bengkel maju ", "pak ini bengkel jaya motor plaju, ", "sy rudi bengkel abadi "]
    ),
)  # fmt: skip
def test_workshop_before_an_order(chances: tuple[int, int], count: int, before: str) -> None:
    """A writer's name, and the workshop's, do not change what is ordered behind them."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    body = f"kirim {some(index, chance).name.lower()} {count}"
    plain = read(body, index, TALK, free=True)
    if plain.outcome is Kind.ORDER:
        named = read(before + body, index, TALK, free=True)
        assert lines(named) in (lines(plain), {})


@settings(max_examples=60, deadline=None)
@given(
    CHANCES,
    st.sampled_from(["kalo {}", "kalo yg {}", "kalau {} nya", "klo yang {}", "pak kalu yg {}"]),
    st.sampled_from([None, 3]), st.booleans(),
)  # fmt: skip
def test_if_asks(chances: tuple[int, int], form: str, quantity: int | None, listed: bool) -> None:
    """ "If" before another make, size or side is a question: it never orders, whatever was offered."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    entry = some(index, chance)
    near = [one for one in index.words.words if one != entry.id and index.words.heads[one][:1]
            == index.words.heads[entry.id][:1]][:3]  # fmt: skip
    offered = (entry, *map(index.entry, near)) if listed and near else ()
    talk = Conversation(
        offered=offered, choosing=Kind.ORDER if offered else None, quantity=quantity,
        quoted=() if offered else (entry,), recent=(entry,),
    )  # fmt: skip
    word = chance.choice(chance.choice([entry, *map(index.entry, near)]).name.lower().split())
    reading = read(form.format(word), index, talk, free=True)
    assert reading.outcome not in (Kind.ORDER, Kind.AMEND, Kind.CONFIRM, Kind.CANCEL)


@settings(max_examples=80, deadline=None)
@given(
    CHANCES, st.integers(1, 9), st.integers(1, 9), st.integers(1, 12),
    st.sampled_from(["nambah {} jadi {}", "tambah {} lg jadi {} ya", "tambahin {}, jadinya {}",
                     "kurangi {} jadi {}", "kurangin {} pak jd {} aja"]),
)  # fmt: skip
def test_sums(chances: tuple[int, int], before: int, by: int, total: int, form: str) -> None:
    """So many more or less, and so many in all, change an order only where the sum is right."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    entry = some(index, chance)
    talk = Conversation(order=(Line(entry, before),), recent=(entry,))
    reading = read(form.format(by, total), index, talk, free=True)
    after = before - by if form.startswith("kurang") else before + by
    if after == total:
        assert (reading.outcome, lines(reading)) == (Kind.AMEND, {entry.code: total})
    else:
        assert reading.outcome is Kind.HUMAN


@settings(max_examples=60, deadline=None)
@given(
    CHANCES, st.integers(1, 9), st.integers(1, 3),
    st.sampled_from(
        ["eh {} deng", "ralat, {}", "maksudnya {}", "eh salah {} bos", "eh {} dong maksud saya"]
    ),
)  # fmt: skip
def test_corrections(chances: tuple[int, int], count: int, several: int, form: str) -> None:
    """A corrected number is that of the one line there is; of several it is asked at most which."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    entries = tuple({one.id: one for one in (some(index, chance) for _ in range(several))}.values())
    talk = Conversation(order=tuple(Line(entry, 20) for entry in entries), recent=entries)
    reading = read(form.format(count), index, talk, free=True)
    if len(entries) == 1:
        assert (reading.outcome, lines(reading)) == (Kind.AMEND, {entries[0].code: count})
    for asked in reading.wishes if len(entries) > 1 else ():
        assert (asked.kind, asked.choosing) == (Kind.CHOICES, Kind.AMEND)
        assert (set(asked.options), asked.quantity) == (set(entries), count)


MORE = [
    Entry(40, "LM-08", "LUMAS TIRTA 0.8L", "botol"), Entry(41, "LM-1", "LUMAS TIRTA 1L", "botol"),
    Entry(42, "BN-275", "BANDUL 2.75/3.00-17", "pcs"),
    Entry(43, "BN-225", "BANDUL 2.25/2.50-17", "pcs"),
    Entry(44, "KN-7402", "KENARI 7402-2RS SOLARA", "pcs"), Entry(45, "Q-2131", "SIRSAK ALPA", "pcs"),
    Entry(46, "GL-5", "LUMAS TIRTA GALON 5L", "galon"),
    Entry(47, "AR-S", "ARUM TALI DALU ALPA", "set", "ARUM", ("carbon arum",)),
    Entry(48, "AR-A", "ARUM TALI REMA ALPA", "set", "ARUM"),
]  # fmt: skip
SIZES = ItemIndex([*PADS, *MORE])
ARUM = Conversation(order=(Line(MORE[8], 2),), recent=(MORE[8],))


@pytest.mark.parametrize(
    ("talk", "text", "outcome", "wanted"),
    [
        (TALK, "pesan lumas tirta yg seliter 6", "order", {"LM-1": 6}),
        (TALK, "pesan 4 bandul 275/300 ring 17", "order", {"BN-275": 4}),
        (TALK, "bandul 225/250 brp", "price", {"BN-225": None}),
        (TALK, "stok 7402 masih ado", "stock", {"KN-7402": None}),
        (TALK, "pesan 7402 2", "choices", {"KN-7402": 2}),
        (TALK, "q 2131 brp", "price", {"Q-2131": None}),
        (TALK, "lumas tirta kemasan 5 liter satu galon pesan", "order", {"GL-5": 1}),
        (TALK, "catat pesanan saya: sirsak alpa 2, lumas tirta 0.8l 3", "order",
         {"Q-2131": 2, "LM-08": 3}),
        (TALK, "mana pesanan saya: sirsak alpa 2", "human", {}),
        (TALK, "bandul 275/300 msh ad?", "stock", {"BN-275": None}),
        (ARUM, "tambah yg dalu 1", "amend", {"AR-S": 1}),
        (about("SP-1"), "kalo solara nya", "price", {"SP-3": None}),
        (about("SP-1"), "kalau yg belakang", "price", {"SP-2": None}),
        (about("SP-1"), "kalau yg belakang ada kirim 2", "order", {"SP-2": 2}),
        (TALK, "kalau yg belakang", "human", {}),
    ],
)  # fmt: skip
def test_ways_to_say(
    talk: Conversation, text: str, outcome: str, wanted: dict[str, int | None]
) -> None:
    """Sizes, numbers, codes and headings are understood in other ways to say them."""
    reading = read(text, SIZES, talk, free=True)
    assert (reading.outcome.value, lines(reading)) == (outcome, wanted)


@settings(max_examples=60, deadline=None)
@given(CHANCES, st.integers(1, 9))
def test_code_in_two_words(chances: tuple[int, int], count: int) -> None:
    """A code that is written in two words is never ordered without asking, as nothing but itself."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    entry = some(index, chance)
    letters, _, digits = entry.code.partition("-")
    if letters.isalpha() and digits.isdecimal() and len(digits) > 1:
        reading = read(f"pesan {letters.lower()} {digits} {count}", index, TALK, free=True)
        assert reading.outcome is not Kind.ORDER or set(lines(reading)) <= {entry.code}
