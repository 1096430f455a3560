"""Corrections by contrast, acceptances and sorts, as customers of several shops say them: what is
denied falls, what is named instead comes, and nothing else changes."""

import random
import string

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex, code_key
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading
from tests import reading_judge as judge
from tests.daily import by_turns
from tests.test_following import PADS, TRADE, about

SHOPS = [
    TRADE, *(judge.catalogue(judge.CORPORA / name) for name in ("car", "motor", "trucks", "diesel"))
]  # fmt: skip
CHANCES = st.tuples(st.sampled_from(range(len(SHOPS))), st.integers(0, 10**9))
TALK = Conversation()
FEW = st.integers(1, 9)


def some(index: ItemIndex, chance: random.Random) -> Entry:
    return index.entry(chance.choice(list(index.words.words)))


def lines(reading: Reading) -> dict[str, int | None]:
    return {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}


# ── codes that differ in their signs ──────────────────────────────────────────────────────────

PARTS = st.lists(
    st.text(string.ascii_uppercase + "23456789", min_size=1, max_size=3), min_size=3, max_size=4
)


@settings(max_examples=150, deadline=None)
@given(
    PARTS, st.integers(1, 9),
    st.sampled_from(["{}#{}", "{}.{}", "pesan {} {}", "PESAN {} {}", "tlg kirim {} {} ya", "{} {}"]),
    st.sampled_from(["first", "last", "neither"]), st.booleans(),
)  # fmt: skip
def test_signs_of_codes(parts: list[str], count: int, form: str, typed: str, turned: bool) -> None:
    """Of two codes that differ in their signs only, the one that is written exactly is ordered; where
    none is, or only the other one is sold, nothing is ordered without asking."""
    first, last = "-".join([parts[0] + parts[1], *parts[2:]]), "-".join([parts[0], parts[1] + parts[2],
                                                                        *parts[3:]])  # fmt: skip
    assume(not code_key(first).isdecimal() and any(map(str.isalpha, first)))
    entries = [Entry(1, first, "SEPUL ALPA", "pcs"), Entry(2, last, "TERAPI BETO", "pcs")]
    index = ItemIndex(entries[::-1] if turned else entries)
    word = {"first": first, "last": last, "neither": "-".join(code_key(first))}[typed]
    reading = read(form.format(word, count), index, TALK, free=True)
    if reading.outcome is Kind.ORDER:
        assert lines(reading) == {word: count}
    assert set(lines(reading)) <= ({word} if typed != "neither" else set())
    alone = ItemIndex(entries[1:] if typed == "first" else entries[:1])
    other = read(form.format(word, count), alone, TALK, free=True)
    letters = all(part.isalpha() for part in parts)
    assert other.outcome is not Kind.ORDER or not letters


# ── another number ────────────────────────────────────────────────────────────────────────────

NUMBERS = [
    "bukan {0} tapi {1}", "eh bukan {0} tapi {1}", "{1} bukan {0}", "salah, {1} bukan {0} pak",
    "jangan {0}, {1} aja", "ojo {0}, {1} wae", "dudu {0} ning {1}", "sanes {0} tapi {1}",
    "keliru, {1} bukan {0} pak", "eh salah, bukan {0} tapi {1} pak", "{1} bukan {0} pak, salah",
    "bukan {0} bos, {1}", "eh maaf bukan {0} melainkan {1}", "jgn {0}, {1} bae", "bkn {0} tp {1} ya",
]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(CHANCES, FEW, FEW, FEW, st.integers(1, 3), st.sampled_from(NUMBERS))
@example((1, 0), 1, 2, 3, 1, "salah, {1} bukan {0} pak")
@example((4, 798867), 9, 1, 8, 1, "eh salah, bukan {0} tapi {1} pak")
@example((4, 237202), 6, 2, 1, 2, "eh salah, bukan {0} tapi {1} pak")
@example((4, 251463), 7, 2, 1, 3, "jgn {0}, {1} bae")
@example((3, 612014), 4, 1, 4, 3, "{1} bukan {0}")
@example((1, 835011), 8, 3, 5, 1, "keliru, {1} bukan {0} pak")
def test_another_number(
    chances: tuple[int, int], before: int, denied: int, count: int, several: int, form: str
) -> None:
    """A denied number and another one change that line of the order that has the denied one; where none
    has it, or more than one, nothing changes."""
    assume(denied != count)
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    entries = {one.id: one for one in (some(index, chance) for _ in range(several))}.values()
    order = tuple(Line(entry, before + at * 10) for at, entry in enumerate(entries))
    talk = Conversation(order=order, recent=tuple(entries))
    reading = read(form.format(denied, count), index, talk, free=True)
    if denied == before:
        assert (reading.outcome, lines(reading)) == (Kind.AMEND, {order[0].entry.code: count})
    else:
        assert reading.outcome is Kind.HUMAN


# ── another thing ─────────────────────────────────────────────────────────────────────────────

PIPES = ItemIndex(
    [
        Entry(1, "PN-1", "PIPANU 1/2 TIRTA", "btg"), Entry(2, "PN-2", "PIPANU 3/4 TIRTA", "btg"),
        Entry(3, "PN-3", "PIPANU 1 TIRTA", "btg"), Entry(4, "KR-T", "KERANTU TEMBOK TIRTA", "pcs"),
        Entry(5, "KR-S", "KERANTU TEMBOK SOLARA", "pcs"), Entry(6, "CT-M", "CATRA MERAH 1KG", "klg"),
        Entry(7, "CT-H", "CATRA HITAM 1KG", "klg"), Entry(8, "CT-P", "CATRA PUTIH 5KG", "gln"),
        Entry(9, "LP-9", "LUMPA KARSA 9W", "pcs"), Entry(10, "LP-13", "LUMPA KARSA 13W", "pcs"),
        Entry(11, "SG-358", "SEGEL KARSA 35-55-8", "pcs"), Entry(12, "SG-457", "SEGEL KARSA 45-62-7",
        "pcs"),
        Entry(13, "TR-46", "TERPALU 4X6", "lbr"), Entry(14, "TR-57", "TERPALU 5X7", "lbr"),
        Entry(15, "AK-I", "AKISU INKU N70", "pcs"), Entry(16, "AK-G", "AKISU GESU N70 HIBRA", "pcs"),
        Entry(17, "AK-G5", "AKISU GESU N50 HIBRA", "pcs"),
    ]
)  # fmt: skip
"""Sizes, makes and colours of another trade."""
PAIRS = [
    ("PN-2", "3/4", "1/2", "PN-1"), ("PN-1", "1/2", "3/4", "PN-2"), ("KR-T", "tirta", "solara", "KR-S"),
    ("KR-S", "solara", "tirta", "KR-T"), ("CT-M", "merah", "hitam", "CT-H"),
    ("LP-9", "9w", "13w", "LP-13"), ("TR-46", "4x6", "5x7", "TR-57"), ("AK-I", "inku", "gesu", "AK-G"),
]  # fmt: skip
THINGS = [
    "{1} aja, {0} ga jadi", "eh {1} bae lah, yg {0} dak jadi", "salah, maksudku yg {1}, bukan {0}",
    "bukan {0} tapi {1}", "jangan {0}, {1} aja", "jgn yg {0} pak, yg {1}", "dudu {0}, {1} wae",
    "sanes {0}, {1} wae", "{0} ga jadi, ganti {1}", "yg {0} batal, {1} aja", "{0} ganti {1}",
    "ganti {0} jadi {1}", "yg {0} ganti yg {1} aja", "yg {1} bukan {0}", "{0} ora sido, {1} wae",
    "{0} teu jadi, {1} wae",
]  # fmt: skip


@pytest.mark.parametrize("form", by_turns(THINGS, 4))
@pytest.mark.parametrize(("code", "old", "new", "other"), PAIRS)
@pytest.mark.parametrize("several", [False, True])
def test_another_thing(form: str, code: str, old: str, new: str, other: str, several: bool) -> None:
    """What is denied of the order falls, and as many of what is named instead come for it."""
    entry = PIPES.find(code_key(code))
    assert entry
    more = PIPES.find("CTP" if code != "CT-M" else "LP9")
    assert more
    order = (Line(entry, 4), Line(more, 2)) if several else (Line(entry, 4),)
    talk = Conversation(order=order, recent=tuple(line.entry for line in order))
    reading = read(form.format(old, new), PIPES, talk, free=True)
    assert (reading.outcome, lines(reading)) == (Kind.AMEND, {code: 0, other: 4})


@settings(max_examples=150, deadline=None)
@given(CHANCES, FEW, st.sampled_from([*THINGS, *NUMBERS]), st.booleans(), st.booleans())
def test_exchanges_take_no_more(
    chances: tuple[int, int], count: int, form: str, named: bool, proposed: bool
) -> None:
    """Whatever is denied and named instead, no line falls that has not the denied word, nothing comes
    that has not the other one, and of nothing else the number changes."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    entries = {one.id: one for one in (some(index, chance) for _ in range(chance.randint(1, 3)))}
    order = tuple(Line(entry, count) for entry in entries.values())
    first = chance.choice(order).entry
    old = chance.choice(first.name.lower().split())
    new = chance.choice((first if named else some(index, chance)).name.lower().split())
    recent = tuple(entries.values())
    talk = (
        Conversation(proposed=order[:1], asked=True, recent=recent)
        if proposed
        else Conversation(order=order, recent=recent)
    )
    reading = read(form.format(old, new), index, talk, free=True)
    assert reading.outcome not in (Kind.CANCEL, Kind.CONFIRM)
    for wish in reading.wishes if reading.certain else ():
        for line in wish.lines:
            if wish.kind is Kind.AMEND and line.quantity == 0:
                assert _has(index, line.entry, old)
            elif wish.kind in (Kind.AMEND, Kind.ORDER) and line.entry.id not in entries:
                assert _has(index, line.entry, new)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("merah aja, hitam ga jadi", {"CT-H": 0}), ("yg merah bae, yg hitam dak jadi", {"CT-H": 0}),
        ("merah 3, hitam ga jadi", {"CT-M": 3, "CT-H": 0}),
        ("hitam batal, merah 3 aja", {"CT-M": 3, "CT-H": 0}),
        ("abang wae, ireng ora sido", {"CT-H": 0}), ("jangan yg hitam, merah aja", {"CT-H": 0}),
        ("merah sama hitam ga jadi", {"CT-M": 0, "CT-H": 0}),
        ("hitam nya ga usah, merah tetep", {"CT-H": 0}),
        ("beureum wae, hideung teu jadi", {"CT-H": 0}), ("bukan hitam, merah", {"CT-H": 0}),
    ],
)  # fmt: skip
def test_one_of_two(text: str, wanted: dict[str, int]) -> None:
    """Of two that are ordered the denied one falls, and the other one stays."""
    order = (Line(PIPES.entry(6), 2), Line(PIPES.entry(7), 2), Line(PIPES.entry(9), 1))
    talk = Conversation(order=order, recent=tuple(line.entry for line in order))
    reading = read(text, PIPES, talk, free=True)
    assert (reading.outcome, lines(reading)) in ((Kind.AMEND, wanted), (Kind.HUMAN, {}))
    if "tetep" not in text and "abang" not in text:
        # "Abang" may be an address.
        assert reading.outcome is Kind.AMEND


def _has(index: ItemIndex, entry: Entry, word: str) -> bool:
    parts = [word, *word.replace("-", "/").split("/")]
    return any(
        entry.id in index.words.items(sense)
        for part in parts
        for key in (part, "".join(char for char in part if char.isalnum()))
        for sense in index.words.senses(key)
    )


# ── acceptances, and what is left ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "ya udah pesan 3", "yo wis 3 aja", "yaudah ambil 3", "ya sudah saya ambil 3", "oke ambil 3 deh",
        "iya udah 3 bae", "yo wes pesen telu", "3 we lah", "ok lah 3 ya", "ya udah kirim 3 aja pak",
        "yowis njaluk 3", "ya wis 3 wae mas",
    ],
)  # fmt: skip
@pytest.mark.parametrize("code", ["SP-1", "TR-1", "NM-2", "AT-1"])
def test_accepted(text: str, code: str) -> None:
    """So many of the one thing that was quoted, with words of agreeing before, are an order."""
    reading = read(text, TRADE, about(code), free=True)
    assert (reading.outcome, lines(reading)) == (Kind.ORDER, {code: 3})


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("yang ada aja", "confirm"), ("ya udah ambil yg ada", "confirm"), ("seadanya pak", "confirm"),
        ("sak onone wae", "confirm"), ("yg ado bae", "confirm"), ("oke yang ada dulu", "confirm"),
        ("semua yang ada", "confirm"), ("sisanya aja deh", "confirm"), ("yg ada aja ga?", "price"),
        ("yg ada berapa", "price"), ("yg ada merah aja", "human"), ("yang ada apa aja", "price"),
    ],
)  # fmt: skip
def test_what_is_left(text: str, outcome: str) -> None:
    """Who takes what is left gets so many as the shop said that there are, without a word beside it."""
    entry = Entry(1, "SP-1", "SEPUL ALPA", "pcs", available=3)
    index = ItemIndex([entry, Entry(2, "SP-2", "SEPUL MERAH", "pcs", available=9)])
    talk = Conversation(asked=True, proposed=(Line(entry, 3),), quoted=(entry,), quantity=5)
    reading = read(text, index, talk, free=True)
    assert reading.outcome is Kind(outcome) or (
        outcome != "confirm"
        and reading.outcome in (Kind.HUMAN, Kind.PRICE, Kind.STOCK, Kind.CHOICES)
    )


# ── both, each, and sorts under a heading ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "dua duanya, masing2 2", "dua2nya masing2 2", "dua duanya 2 2", "keduanya 2 2", "masing2 2",
        "masing masing 2 ya", "loro lorone 2 2", "kaduana masing2 2", "duo2nyo masing2 duo",
        "semua, masing2 2", "22nya masing-masing 2", "kedua duanya @ 2",
        "dua duanya masing masing dua pcs",
    ],
)  # fmt: skip
@pytest.mark.parametrize("held", [None, 2, 5])
def test_each_of_a_list(text: str, held: int | None) -> None:
    """A number beside "both" is how many of each, and never one of the list."""
    talk = Conversation(offered=(PADS[8], PADS[9]), choosing=Kind.ORDER, quantity=held)
    reading = read(text, TRADE, talk, free=True)
    if not text.startswith("22"):
        assert reading.outcome is Kind.ORDER
    assert lines(reading) in ({"NM-1": 2, "NM-2": 2}, {})


@pytest.mark.parametrize(
    "form",
    [
        "{0} {2} 1 {3} 2", "{0} nya: {2} 1 {3} 2", "{0}nya sekalian, {2} 1 {3} 2",
        "{0} e pisan, {2} 1 {3} 2",
        "{0} juga: yg {2} 1 yg {3} 2", "{0}, {2} 1, {3} 2", "{0} {2} 1 sama {3} 2",
        "{0} yg {2} siji {3} loro",
        "{0} {2} satu {3} dua", "sama {0} {2} 1 {3} 2", "{0} {2} sikok, {3} duo",
        "{0} na oge {2} hiji {3} dua",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("kind", "one", "two", "codes"),
    [("catra", "merah", "hitam", ("CT-M", "CT-H")), ("kerantu", "tirta", "solara", ("KR-T", "KR-S")),
     ("lumpa", "9w", "13w", ("LP-9", "LP-13"))],
)  # fmt: skip
def test_sorts(form: str, kind: str, one: str, two: str, codes: tuple[str, str]) -> None:
    """Sorts with their numbers behind the name of their kind are ordered, the kind itself is not."""
    talk = Conversation(order=(Line(PIPES.entry(1), 4),), recent=(PIPES.entry(1),))
    reading = read(form.format(kind, "", one, two), PIPES, talk, free=True)
    wanted = dict(zip(codes, (1, 2), strict=True))
    assert reading.outcome in (Kind.ORDER, Kind.AMEND, Kind.CHOICES)
    assert lines(reading) == wanted


@settings(max_examples=80, deadline=None)
@given(
    CHANCES, FEW, FEW,
    st.sampled_from(["{} sama {} {} {}", "pesan {} dan {} {} {}", "{} karo {} sekalian {} {}",
                     "{}, {}, {} {} ya"]),
)  # fmt: skip
def test_numbers_behind_all(chances: tuple[int, int], one: int, two: int, form: str) -> None:
    """Two things and two numbers behind both are ordered only where the numbers are the same."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    first, last = some(index, chance), some(index, chance)
    assume(first != last)
    reading = read(
        form.format(first.name.lower(), last.name.lower(), one, two), index, TALK, free=True
    )
    if reading.outcome is Kind.ORDER and set(lines(reading)) == {first.code, last.code}:
        assert lines(reading) in (
            {first.code: one, last.code: one},
            {first.code: 1, last.code: one},
        )
        assert one == two or lines(reading)[first.code] == 1


# ── what is not wanted beside what is ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "form",
    [
        "pesan sepul tali {0} alpa karsa 2, yg {1} gak usah",
        "sepul tali {0} alpa karsa 2, {1} nya ga usah",
        "kirim sepul tali {0} alpa karsa 2, yang {1} jangan",
        "sepul tali {0} alpa karsa 2, sing {1} ora usah",
        "sepul tali {0} alpa karsa 2 ya, {1}nya dak usah",
        "pesan sepul tali {0} alpa karsa 2, yg {1} ga perlu",
        "sepul tali {0} alpa karsa 2, bukan yg {1}",
        "sepul tali {0} alpa karsa 2, yg {1} dak perlu pak",
        "sepul tali {0} alpa karsa 2, nu {1} teu kedah", "sepul tali {0} alpa karsa 2, yg {1} skip aja",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("one", "two", "code"), [("depan", "belakang", "SP-1"), ("blkg", "dpn", "SP-2")]
)
def test_not_wanted_besides(form: str, one: str, two: str, code: str) -> None:
    """A clause that only says what is not wanted takes nothing from the order before it."""
    reading = read(form.format(one, two), TRADE, TALK, free=True)
    assert lines(reading) == {code: 2}
    assert reading.outcome in (Kind.ORDER, Kind.CHOICES)


@settings(max_examples=100, deadline=None)
@given(
    CHANCES, FEW,
    st.sampled_from([", yg {} gak usah", ", {} jangan", ", bukan {}", ", {} nya ga jadi", ", skip {}",
                     ", yang {} {} gak usah", " jangan {}", ", jangan {} 2", ", yg {} batal"]),
)  # fmt: skip
def test_denied_is_not_ordered(chances: tuple[int, int], count: int, form: str) -> None:
    """What a text names and denies is no order, be it the very thing that stands before it."""
    index, chance = SHOPS[chances[0]], random.Random(chances[1])
    first = some(index, chance)
    denied = chance.choice((first, some(index, chance)))
    body = f"pesan {first.name.lower()} {count}"
    reading = read(body + form.format(denied.name.lower(), ""), index, TALK, free=True)
    if reading.outcome is Kind.ORDER:
        assert denied != first
        assert lines(reading) == {first.code: count}


# ── withdrawals with a reason ─────────────────────────────────────────────────────────────────

REASONS = [
    "masih ado stok di rumah", "kemahalan", "masih punya", "sudah beli di toko lain", "duitnya kurang",
    "ternyata masih ada", "soalnya masih bagus", "salah ukuran", "kebanyakan", "msh ada di bengkel",
    "wis tuku nang toko liyo", "dana ne entek", "larang", "karena yg lama masih bagus",
]  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("form", ["{}nya batal, ", "yg {} ga jadi, ", "{} nya dak jadi pak, "])
@pytest.mark.parametrize(("word", "code"), [("terapi", "TR-1"), ("namira", "NM-1")])
def test_reasons(reason: str, form: str, word: str, code: str) -> None:
    """A named line falls, whatever reason is given, and no other one."""
    reading = read(
        form.format(word) + reason, TRADE, about(order={"TR-1": 2, "NM-1": 3, "SP-4": 1}), free=True
    )
    assert (reading.outcome, lines(reading)) in ((Kind.AMEND, {code: 0}), (Kind.HUMAN, {}))
    if "liyo" not in reason:
        assert reading.outcome is Kind.AMEND


@pytest.mark.parametrize(
    "more",
    [
        "tapi kalo ada diskon jadi",
        "nanti saya kabari",
        "besok aja",
        "apa bisa?",
        "yg lain jangan",
        "namira nya 5",
        "namira tetap 3 ya",
        "kata bos",
        "eh jadi deh",
    ],
)
def test_no_reason(more: str) -> None:
    """What is more than a reason leaves a withdrawal open, or does what it says besides."""
    reading = read(
        f"terapinya batal, {more}", TRADE, about(order={"TR-1": 2, "NM-1": 3}), free=True
    )
    changed = {code: count for code, count in lines(reading).items() if code == "NM-1"}
    assert reading.outcome in (Kind.HUMAN, Kind.CHOICES, Kind.AMEND)
    assert changed in ({}, {"NM-1": 3}, {"NM-1": 5})


# ── sizes, questions, payments, lists ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code", "count"),
    [
        ("pesan segel 35 55 8 empat", "SG-358", 4), ("psn segel karsa 45 62 7 2 pcs", "SG-457", 2),
        ("segel 35 55 8 brp", "SG-358", None), ("terpalu 4 x 6 2 lembar pesan", "TR-46", 2),
        ("pesan terpalu 5x7 1", "TR-57", 1), ("terpalu 5 x 7 ada?", "TR-57", None),
        ("pesan pipanu 1/2 tirta 5", "PN-1", 5), ("pipanu 3/4 tirta 2 btg pesan ya", "PN-2", 2),
        ("segel ukuran 35 55 8 ya pak 3", "SG-358", 3), ("mau segel 45 62 7 sikok", "SG-457", 1),
    ],
)  # fmt: skip
def test_sizes_apart(text: str, code: str, count: int | None) -> None:
    """The numbers of a size are that size, also with blanks between them, and no quantity."""
    reading = read(text, PIPES, TALK, free=True)
    assert lines(reading) == {code: count}


@pytest.mark.parametrize("paid", [
    "bayar pas ambil", "bayar di toko ya", "bayar cash", "langsung bayar", "bayarnya pas ambil, siap",
    "duitnya pas ambil", "bayar di tempat", "bayar tunai pak", "bayarnyo pas ambek", "bayare pas jupuk",
])  # fmt: skip
@pytest.mark.parametrize("body", ["lumpa karsa 9w 2", "catra merah 2 pak", "pesan pipanu 3/4 2"])
def test_paid_at_the_counter(paid: str, body: str) -> None:
    """A customer who pays on fetching it orders no less plainly."""
    plain = read(body, PIPES, TALK, free=True)
    reading = read(f"{body}, {paid}", PIPES, TALK, free=True)
    assert (reading.outcome, lines(reading)) == (plain.outcome, lines(plain))
    assert reading.outcome is Kind.ORDER


@pytest.mark.parametrize(
    ("quoted", "text", "code"),
    [
        ("LP-9", "kalo 13", "LP-13"), ("LP-9", "klo 13w?", "LP-13"), ("LP-9", "kalo yg 13 watt brp",
        "LP-13"),
        ("PN-1", "kalo 3/4", "PN-2"), ("KR-T", "klo solara", "KR-S"), ("KR-T",
        "kalau yang solara piro", "KR-S"),
        ("CT-M", "men hitam", "CT-H"), ("CT-M", "nek ireng piro", "CT-H"), ("CT-M", "lamun hideung?",
        "CT-H"),
        ("TR-46", "kalu 5x7", "TR-57"),
    ],
)  # fmt: skip
def test_if_another(quoted: str, text: str, code: str) -> None:
    """ "If" before a size, make or colour asks for the sibling that has it."""
    entry = PIPES.find(code_key(quoted))
    assert entry
    reading = read(text, PIPES, Conversation(quoted=(entry,), recent=(entry,)), free=True)
    assert reading.outcome in (Kind.PRICE, Kind.STOCK)
    assert lines(reading) == {code: None}


@pytest.mark.parametrize(
    ("sought", "text", "outcome", "named"),
    [
        ("sepul tali zirkon", "klo zulu?", "price", {"SP-4"}),
        ("sepul tali zirkon", "kalau buat beto", "price", {"SP-5"}),
        ("namira alpa kuning", "kalo yg biru brp", "price", {"NM-2"}),
        ("sepul tali dpn zirkon", "klo beto?", "not_found", set()),
        ("sepul tali zirkon", "klo rajawali?", "not_found", set()),
        ("zirkon", "klo zulu?", "choices", set()),
        ("sepul tali zirkon", "ambil zulu 2", "choices", set()),
    ],
)
def test_sought_in_vain(sought: str, text: str, outcome: str, named: set[str]) -> None:
    """What was asked for in vain is asked for again with another model or colour, of the same kind."""
    reading = read(text, TRADE, Conversation(sought=sought), free=True)
    assert reading.outcome is not Kind.ORDER
    if outcome != "choices":
        assert (reading.outcome.value, set(lines(reading))) == (outcome, named)


@pytest.mark.parametrize(
    "text",
    [
        "pesan catra merah 2, lumpa 9w 3, kerantu zirkon 1",
        "kirim kerantu zirkon 1 catra merah 2 lumpa 9w 3",
        "catra merah 2\nkerantu zirkon 1\nlumpa 9w 3",
        "tlg siapin lumpa 9w 3 sama kerantu zirkon 2 catra merah 2",
    ],
)  # fmt: skip
def test_one_of_a_list_is_unknown(text: str) -> None:
    """Of a list with something unknown in it the rest is asked about, and what is not there is said."""
    reading = read(text, PIPES, TALK, free=True)
    assert reading.outcome in (Kind.CHOICES, Kind.NOT_FOUND)
    if reading.outcome is Kind.CHOICES:
        assert lines(reading) == {"CT-M": 2, "LP-9": 3}
        assert Kind.NOT_FOUND in reading.kinds


@pytest.mark.parametrize(
    "text",
    [
        "lumpa 9w nya 20 aja ya bos, sy ambil 5", "catra merah 45 aja gimana, ambil 4",
        "kerantu tirta 40 ya, saya ambil 6", "lumpa 13w 30 saja pak, kirim 5",
        "pipanu 3/4 35 aja, beli 10",
    ],
)  # fmt: skip
def test_counter_offers(text: str) -> None:
    """A price that the customer names is no number of things."""
    assert read(text, PIPES, TALK, free=True).outcome is not Kind.ORDER


@pytest.mark.parametrize(
    ("text", "code", "count"),
    [
        ("yg kecil 2", "LP-9", 2), ("yang besar 1 ya", "LP-13", 1), ("sing gede siji", "LP-13", 1),
        ("yg kecik bae 3", "LP-9", 3), ("yang kecil brp", "LP-9", None), ("ambil yg besar", "LP-13", 1),
        ("nu gede dua", "LP-13", 2), ("yang cilik wae loro", "LP-9", 2), ("kecil 4", "LP-9", 4),
        ("yg gede aja 2 pcs", "LP-13", 2),
    ],
)  # fmt: skip
def test_smaller_and_greater(text: str, code: str, count: int | None) -> None:
    """Of things that differ in their size only, "the small one" is proposed, and never another."""
    offered = (PIPES.entry(9), PIPES.entry(10))
    reading = read(text, PIPES, Conversation(offered=offered, choosing=Kind.PRICE), free=True)
    assert reading.outcome in (Kind.CHOICES, Kind.PRICE)
    assert lines(reading) == {code: count}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ganti hitam 1 merahnya 1", {"CT-H": 1, "CT-M": 1}),
        ("merah jadi 1, hitam 1", {"CT-M": 1, "CT-H": 1}),
        ("catra merahnya tambah 2", {"CT-M": 6}), ("merah nya kurangi 1", {"CT-M": 3}),
        ("merahnya dikurangi jadi 1", {"CT-M": 1}), ("semua jadi 5", {"CT-M": 5, "LP-9": 5}),
        ("merah 6, yg lain tetap", {"CT-M": 6}), ("lumpa e 8 ding, liyane tetep", {"LP-9": 8}),
        ("lumpanya jadi 3 aja", {"LP-9": 3}), ("lumpa nya tambah 1 lagi", {"LP-9": 3}),
    ],
)  # fmt: skip
def test_so_many_in_all(text: str, wanted: dict[str, int]) -> None:
    """A number beside what is ordered changes that line to it, or by it where that is said."""
    order = (Line(PIPES.entry(6), 4), Line(PIPES.entry(9), 2))
    talk = Conversation(order=order, recent=tuple(line.entry for line in order))
    reading = read(text, PIPES, talk, free=True)
    amended = (Kind.AMEND, wanted, False)
    # Where it is not certain, nothing is proposed either: a yes would add to what is ordered.
    doubted = (Kind.HUMAN, {}, False) if len(wanted) > 1 and "semua" not in text else amended
    assert (reading.outcome, lines(reading), any(wish.add for wish in reading.wishes)) in (
        amended, doubted,
    )  # fmt: skip
