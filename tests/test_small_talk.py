"""What says nothing of what is wanted, wherever it stands: it changes no order and no withdrawal."""

import random
from collections.abc import Sequence

import pytest

from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge
from tests.test_going_on import stock_of, talked

IDLE = (
    "wkwk", "takut kehabisan", "biar aman", "buat cadangan",
    "mumpung ingat", "hehe", "buat jaga2", "cuy",
    "lagi butuh banget", "urgent", "kalo bisa", "biar cepet kelar", "buat orderan pelanggan", "an Budi",
)  # fmt: skip
HEADS = (
    "hmm", "oh gitu,", "makasih infonya,", "oh ya,", "ya udah",
    "sip,", "btw", "oiya", "haloo", "eh iya",
    "jd gini,", "aduh lupa,", "maaf baru bales,",
)  # fmt: skip
TALKS = [
    ("tepian", ["pesan handle rem beat 2", "yang kanan"], Kind.ORDER, {"HDL-BT-KN": 2}),
    ("kotalama", ["pesan gear set satria 2", "jadi 1"], Kind.AMEND, {"GRS-FU": 1}),
    ("kotalama", ["gear set satria brp", "pesan 1"], Kind.ORDER, {"GRS-FU": 1}),
    ("armada", ["pesan nozel 4d34 6", "batal"], Kind.CANCEL, {}),
    ("armada", ["pesan nozel 4d34 6", "ga jadi deh pak"], Kind.CANCEL, {}),
    (
        "armada", ["pesan tie rod end canter kiri 1 kanan 1", "yg kiri ga jadi"], Kind.AMEND,
        {"TRE-CNT-KN": 1},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("shop", "turns", "outcome", "order"), TALKS)
def test_small_talk(shop: str, turns: Sequence[str], outcome: Kind, order: dict[str, int]) -> None:
    """Before or behind the last SMS of a talk it leaves the same order."""
    *before, last = turns
    for said in (*(f"{last} {idle}" for idle in IDLE), *(f"{head} {last}" for head in HEADS)):
        assert talked(shop, [*before, said]) == (outcome, order), said


@pytest.mark.parametrize(
    ("shop", "text", "order"),
    [
        ("perantau", "ya udah pesan motor fan avanza 1", {"MTR-FAN-AV": 1}),
        ("perantau", "yo sudah pesan motor fan avanza 1", {"MTR-FAN-AV": 1}),
        ("perantau", "udah pesan motor fan avanza 1", {}),
        ("perantau", "ya, udah pesan motor fan avanza 1", {}),
        ("perantau", "ya udah pesan motor fan avanza 1 kemarin", {}),
    ],
)
def test_already_agrees(shop: str, text: str, order: dict[str, int]) -> None:
    """Right behind a yes "already" only says to go ahead; by itself it tells of a past."""
    assert talked(shop, [text])[1] == order


@pytest.mark.parametrize(
    "text", ["sip, ganti sok belakang mio bae, 2 jugo", "oke ganti sok belakang mio, 2 jg"]
)
def test_instead_behind_a_yes(text: str) -> None:
    """What is to be had instead never comes on top, whatever courtesy stands before it."""
    outcome, order = talked("sungai", ["pesan sok belakang beat 2", text])
    assert "SHB-MIO" not in order or "SHB-BEAT" not in order, outcome


WHOLE = [
    "batal deh bang istri marah", "batal semua ah", "ga jadi deh mas duitnya kepake",
    "kemahalan, ga jadi", "ga jadi deh bos, maaf ya, lain kali", "batal aja ah males",
    "gak jadi pak uangnya belum ada",
    "ora sido mas, duite entek", "males ah, batal",
]  # fmt: skip
NAMED = [
    "spionnya kemahalan, batal aja yg itu", "spionnya ternyata masih bagus, hapus aja",
    "ternyata spionnya masih bagus, ga jadi", "spion urung, masih bagus",
]  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_withdrawn_for_a_reason(text: str) -> None:
    """A reason without a pause, before or behind, leaves a plain withdrawal of the whole order."""
    assert talked("kotalama", ["pesan gear set satria 1", text]) == (Kind.CANCEL, {})


@pytest.mark.parametrize("text", NAMED)
def test_line_withdrawn_for_a_reason(text: str) -> None:
    """A line that is named with the reason falls, and no other."""
    first = "pesan gear set satria 1, spion beat kiri 1"
    assert talked("kotalama", [first, text])[1] == {"GRS-FU": 1}


@pytest.mark.parametrize(
    "text", ["spionnya masih bagus, gear setnya ga jadi", "kemahalan, ga jadi 1", "istri marah"]
)
def test_reason_takes_nothing_else(text: str) -> None:
    """A reason alone takes nothing back, and never what it does not name."""
    first = "pesan gear set satria 2, spion beat kiri 1"
    order = talked("kotalama", [first, text])[1]
    assert order["SPN-BTL"] == 1
    assert order.get("GRS-FU", 2) == 2


@pytest.mark.parametrize(
    ("shop", "turns", "order"),
    [
        ("armada", ["pesan spion canter kiri 1", "salah, kanan maksudku lagi butuh banget"],
         {"SPN-CNT-KN": 1}),
        ("armada", ["pesan spion canter kiri 1", "jd gini, kanannya juga"],
         {"SPN-CNT-KR": 1, "SPN-CNT-KN": 1}),
        ("perantau", ["pesan AIR-AKI 6", "eh iya AIR-ZUUR 2 juga"], {"AIR-AKI": 6, "AIR-ZUUR": 2}),
    ],
)  # fmt: skip
def test_talk_is_no_change(shop: str, turns: Sequence[str], order: dict[str, int]) -> None:
    """Words of talk that may say "also", "make it" or "rather" elsewhere add and replace nothing."""
    outcome, found = talked(shop, turns)
    assert found == order or outcome in (Kind.HUMAN, Kind.CHOICES)


@pytest.mark.soak
@pytest.mark.parametrize(
    "name",
    sorted(
        path.name for path in judge.CORPORA.iterdir() if (path / "conversations.jsonl").exists()
    ),
)
def test_small_talk_in_all_talks(name: str) -> None:
    """Small talk before or behind an SMS of a talk never makes an order that was not placed."""
    chance = random.Random(name)
    for label in judge.labels(judge.CORPORA / name / "conversations.jsonl"):
        for at, turn in enumerate(label["turns"]):
            said = (
                f"{chance.choice(HEADS)} {turn['text']}",
                f"{turn['text']} {chance.choice(IDLE)}",
            )
            for text in said:
                turns = [*label["turns"][:at], {**turn, "text": text}]
                assert not _wrong(name, turns), text


def _wrong(name: str, turns: Sequence[judge.Label]) -> bool:
    """Whether an order comes of a talk, or of a turn of it, that its labels do not allow; a talk that
    goes another way is told no further."""
    shop = judge.Shop(stock_of(name))
    expected: dict[str, int] = {}
    for turn in turns:
        before = dict(shop.order)
        answer = shop.take(judge._numbered(turn["text"], shop)[0])
        expected = judge._open(turn, expected)
        if shop.order != expected:
            return shop.order != before and not judge._placed(turn, shop.order)
        if not judge._right(turn, answer, shop.order):
            return False
    return False
