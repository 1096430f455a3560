"""One line of an order against another, the last list again, one thing by its price or place."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.measuring import otherwise
from crm_tui.reading.roles import Role
from crm_tui.reading.siblings import another_size
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading
from tests import reading_judge as judge

ENTRIES = [
    Entry(1, "KN-K", "KENARI VILA KN", "pcs", price=32_000, available=20),
    Entry(2, "KN-R", "KENARI VILA KR", "pcs", price=32_000, available=20),
    Entry(3, "CL-M", "COLANI PRESTA 1L MERAH", "botol", price=37_000, available=40),
    Entry(4, "CL-H", "COLANI PRESTA 1L HIJAU", "botol", price=37_000, available=40),
    Entry(5, "TR-K", "TIRTA VILA KARSA", "pcs", price=24_000, available=40),
    Entry(6, "TR-O", "TIRTA VILA/MUSI ORI OGP", "pcs", price=33_000, available=40),
    Entry(7, "BN-G", "BANDA 18565 GETE RADIAN", "pcs", price=555_000, available=9),
    Entry(8, "BN-B", "BANDA 18565 BRISTON EKO", "pcs", price=695_000, available=9),
    Entry(18, "BN-7", "BANDA 17565 GETE RADIAN", "pcs", price=455_000, available=9),
    Entry(19, "DL-18", "DALANGA 275-18 SUALO", "pcs", price=31_000, available=90),
    Entry(9, "RL-13", "ROLANA KAWARA MUSI 13 GRAM", "set", price=60_000, available=90),
    Entry(10, "RL-16", "ROLANA KAWARA MUSI 16 GRAM", "set", price=60_000, available=90),
    Entry(11, "TB-M", "TIMBANG BELTA BALANSA MUSI", "pcs", price=90_000, available=9),
    Entry(12, "TB-S", "TIMBANG BELTA MUSI MITSUBA", "pcs", price=99_000, available=9),
    Entry(13, "ML-D", "METALA DUDUK MUSI", "set", price=99_000, available=9),
    Entry(14, "ML-J", "METALA JALAN MUSI", "set", price=99_000, available=9),
    Entry(15, "PL-8", "PELUMA SATU 0.8L", "botol", price=45_000, available=90),
    Entry(16, "PL-1", "PELUMA SATU 1L", "botol", price=55_000, available=90),
    Entry(17, "KB-T", "KABELA GASA TIGRA", "psg", price=48_000, available=9),
]  # fmt: skip
INDEX = ItemIndex(ENTRIES)
BY_CODE = {entry.code: entry for entry in ENTRIES}


def entries(*codes: str) -> tuple[Entry, ...]:
    return tuple(BY_CODE[code] for code in codes)


def ordered(*listed: str, **order: int) -> Conversation:
    """An open order; `listed`: what stood in the last list."""
    lines = tuple(Line(BY_CODE[code.replace("_", "-")], count) for code, count in order.items())
    return Conversation(
        order=lines, recent=tuple(line.entry for line in lines), listed=entries(*listed)
    )


def shown(talk: Conversation, text: str) -> tuple[str, dict[str, int | None]]:
    reading = read(text, INDEX, talk, free=True)
    return reading.outcome.value, lines_of(reading)


def lines_of(reading: Reading) -> dict[str, int | None]:
    return {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}


SIDES = {"KN_K": 2, "KN_R": 2}
GREEN = ordered("CL-M", "CL-H", CL_H=2)


@pytest.mark.parametrize(
    ("talk", "text", "outcome", "lines"),
    [
        (ordered(**SIDES), "jadi 1 pasang aja", "amend", {"KN-K": 1, "KN-R": 1}),
        (ordered(KN_K=2, KN_R=3), "jadi 1 pasang aja", "human", {}),
        (ordered(KN_K=2, CL_H=2), "jadi 1 pasang aja", "human", {}),
        (ordered(**SIDES), "kiri aja", "amend", {"KN-K": 0}),
        (ordered(KN_K=2, CL_H=2), "colaninya aja", "human", {}),
        (ordered(**SIDES), "semua tambah 1", "amend", {"KN-K": 3, "KN-R": 3}),
        (GREEN, "1 merah 1 hijau aja deh", "amend", {"CL-M": 1, "CL-H": 1}),
        (GREEN, "2 merah 3 hijau aja", "amend", {"CL-M": 2, "CL-H": 3}),
        (ordered(CL_H=2, CL_M=3), "merah semua aja, 5", "human", {}),
        (ordered(CL_H=2), "tetangga mau jg 1 jadi total 3", "amend", {"CL-H": 3}),
        (ordered(CL_H=2), "tetangga mau jg 1 jadi total 4", "human", {}),
        (ordered(CL_H=3), "tetangga ga jadi, balik 2 aja", "amend", {"CL-H": 2}),
        (ordered(**SIDES), "yg kiri tambah 1 lagi jadi 3", "amend", {"KN-R": 3}),
        (ordered(**SIDES), "yg kiri tambah 1 lagi jadi 5", "human", {}),
        (ordered(CL_H=2), "yg tadi jadi 5", "amend", {"CL-H": 5}),
        (ordered(CL_H=2), "5 deh", "amend", {"CL-H": 5}),
        (ordered(**SIDES), "kenari kirinya jangan", "amend", {"KN-R": 0}),
        (ordered(CL_H=2), "colani nya jangan dibatalin", "human", {}),
        (ordered(KN_K=3), "2 pasang aja", "amend", {"KN-K": 4}),
        (ordered(KB_T=3), "2 pasang aja", "amend", {"KB-T": 2}),
        (ordered(CL_H=2), "batal pak, istri ga setuju", "cancel", {}),
        (ordered(CL_H=2), "pesanan istri saya batal", "human", {}),
        (ordered(CL_H=2), "batalin aja semua pesanan saya, orangnya ga jadi", "cancel", {}),
        (ordered(**SIDES), "kirinya dak jadi, kato montir masih bagus", "amend", {"KN-R": 0}),
    ],
)  # fmt: skip
def test_lines_of_an_order(
    talk: Conversation, text: str, outcome: str, lines: dict[str, int | None]
) -> None:
    """Lines change together, against each other, or by a sum that is right; else people decide."""
    assert shown(talk, text) == (outcome, lines)


BANDA = ("BN-G", "BN-B")


@pytest.mark.parametrize(
    ("talk", "text", "outcome", "lines"),
    [
        (ordered(*BANDA, BN_G=4), "eh ga jd, ganti yg briston aja 4", "amend", {"BN-G": 0, "BN-B": 4}),
        (ordered(*BANDA, BN_G=4), "tambah yg briston 1", "amend", {"BN-B": 1}),
        (ordered(BN_G=4), "yang briston aja", "choices", {}),
        (ordered(TR_K=2), "ganti yg ori, 1 aja", "amend", {"TR-K": 0, "TR-O": 1}),
        (ordered(TR_K=2), "tirtanya tuker yg ori biar murah, tetap 2", "amend", {"TR-K": 0, "TR-O": 2}),
        (ordered(TB_M=2), "ganti yg mitsuba aja", "choices", {}),
        (ordered(RL_13=1), "eh 16 deng", "human", {}),
        (ordered(RL_13=1), "eh 5 deng", "amend", {"RL-13": 5}),
        (ordered(TR_K=2), "eh ganti colani merah aja 1 botol, tirtanya ga usah", "amend",
         {"TR-K": 0, "CL-M": 1}),
    ],
)  # fmt: skip
def test_another_thing(
    talk: Conversation, text: str, outcome: str, lines: dict[str, int | None]
) -> None:
    """Another thing comes for a line where it stood in the list, or is for the same use; a part, a size
    or a make that nobody gave up does not fall, but is asked about."""
    assert shown(talk, text) == (outcome, lines)


def offered(quantity: int | None = None) -> Conversation:
    """The list of two that was sent for an order."""
    return Conversation(
        offered=entries("TR-K", "TR-O", "BN-G"), choosing=Kind.ORDER, quantity=quantity
    )


def quoted(*codes: str, **order: int) -> Conversation:
    """The shop told what these cost, with an order that is open."""
    lines = tuple(Line(BY_CODE[code.replace("_", "-")], count) for code, count in order.items())
    recent = (*(line.entry for line in lines), *entries(*codes))
    return Conversation(quoted=entries(*codes), recent=recent, order=lines)


PROPOSED = Conversation(
    asked=True, proposed=tuple(Line(one, 1) for one in entries("TR-K", "CL-M")),
    recent=entries("TR-K", "CL-M"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("talk", "text", "outcome", "lines"),
    [
        (offered(), "yang 24rb itu pesan 3", "order", {"TR-K": 3}),
        (offered(2), "yg 33 ribu", "order", {"TR-O": 2}),
        (offered(2), "yg 33", "choices", {"TR-O": 2}),
        (offered(2), "yg 40rb", "human", {}),
        (offered(2), "yang paling atas", "choices", {"TR-K": 2}),
        (offered(2), "yg terakhir 1", "choices", {"BN-G": 1}),
        (offered(2), "berapa harga masing2", "choices", {}),
        (quoted("KB-T"), "sepasang berapo", "price", {"KB-T": None}),
        (quoted("KB-T"), "kalau 20 berapa", "human", {}),
        (PROPOSED, "sikok sikok", "order", {"TR-K": 1, "CL-M": 1}),
        (PROPOSED, "2 2", "order", {"TR-K": 2, "CL-M": 2}),
        (quoted("TR-K"), "3 sama colani merah 2", "order", {"TR-K": 3, "CL-M": 2}),
        (quoted("TR-K", CL_M=2), "2 aja", "order", {"TR-K": 2}),
        (quoted("TR-K", CL_M=1), "yo sikok jugo", "order", {"TR-K": 1}),
        (quoted("TR-K", CL_M=1), "jadi 2 aja", "human", {}),
        (quoted("ML-D"), "sama yg jalan 1", "human", {}),
        (quoted("CL-M"), "warnanya merah apa hijau", "human", {}),
        (quoted("RL-13"), "16 aja", "choices", {"RL-13": 16}),
        (quoted("BN-G"), "briston?", "price", {"BN-B": None}),
        (Conversation(asked=True, proposed=(Line(BY_CODE["DL-18"], 1),)), "yang ring 18", "choices",
         {"DL-18": 1}),
    ],
)  # fmt: skip
def test_what_is_pointed_at(
    talk: Conversation, text: str, outcome: str, lines: dict[str, int | None]
) -> None:
    """A price, a place or a number points at what the shop last said; what may be a size, or stands for
    another thing, is ordered as nothing."""
    assert shown(talk, text) == (outcome, lines)


def test_sizes_in_other_measures() -> None:
    """800 ml are 0.8 litres, and the other way round; what is no content stays what it is."""
    sizes = ("800ml", "1000ml", "0p8l", "1l", "500gr", "5mm", "12v")
    assert [otherwise(one) for one in sizes] == ["0p8l", "1l", "800ml", "1000ml", "0p5kg", "", ""]
    talk = Conversation(
        offered=entries("PL-8", "PL-1"), choosing=Kind.ORDER, quantity=3
    )  # fmt: skip
    assert shown(talk, "yg 800 ml") == ("order", {"PL-8": 3})


SHOPS = [INDEX, *(judge.catalogue(judge.CORPORA / name) for name in ("car", "bebek", "kakikaki"))]
FORMS = [
    "ganti yg {} aja",
    "yang {} 2 juga",
    "tambah yg {} 1",
    "eh yg {} aja",
    "sama yg {} 1",
    "{} aja",
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(range(len(SHOPS))), st.sampled_from(FORMS), st.integers(0, 10**9))
def test_what_comes_has_what_was_said(shop: int, form: str, seed: int) -> None:
    """Whatever a word brings into an order has that word, and is of the kind that was ordered, or is
    named by it in the whole catalogue; a bare word never brings two things."""
    index, chance = SHOPS[shop], random.Random(seed)
    words = index.words
    first = index.entry(chance.choice(list(words.words)))
    kind = [one for one in words.words if words.heads[one][:1] == words.heads[first.id][:1]]
    other = index.entry(chance.choice(kind))
    said = chance.choice([one for one in other.name.lower().split() if one.isalnum()] or ["x"])
    talk = Conversation(order=(Line(first, 2),), recent=(first,))
    reading = read(form.format(said), index, talk, free=True)
    if reading.outcome not in (Kind.AMEND, Kind.ORDER):
        return
    new = [line.entry for wish in reading.wishes for line in wish.lines if line.entry != first]
    assert len(new) <= 1
    for entry in new:
        having = set().union(*map(words.items, words.senses(said)))
        assert entry.id in having or said.isdecimal()
        assert words.heads[entry.id][:1] == words.heads[first.id][:1] or said in words.kinds


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(range(len(SHOPS))), st.integers(0, 10**9))
def test_a_size_is_no_count(shop: int, seed: int) -> None:
    """Where the same thing is sold in a size of some number, that number alone is never ordered."""
    index, chance = SHOPS[shop], random.Random(seed)
    entry = index.entry(chance.choice(list(index.words.words)))
    sizes = [word for word in index.words.words[entry.id] if word.isdecimal() and len(word) == 2]
    if not sizes:
        return
    number = str(int(chance.choice(sizes)) + 2)
    text = f"{number} aja"
    talk = Conversation(quoted=(entry,), recent=(entry,))
    word = next(one for one in tag(text, index).words if one.role is Role.NUMBER)
    if another_size(index, entry, word):
        assert read(text, index, talk, free=True).outcome is not Kind.ORDER
