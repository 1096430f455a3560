"""What says nothing of what is wanted, wherever it stands: it changes no order and no withdrawal."""

from collections.abc import Sequence

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked

IDLE = (
    "wkwk",
    "takut kehabisan",
    "biar aman",
    "buat cadangan",
    "mumpung ingat",
    "hehe",
    "buat jaga2",
)
HEADS = ("hmm", "oh gitu,", "makasih infonya,", "oh ya,", "ya udah", "sip,")
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
