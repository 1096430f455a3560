"""Messages that stand alone: sizes in pieces, qualifiers said behind, makes, whole sizes that lack."""

import pytest

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation

_ROWS = [
    ("KNR-8014", "KENARI ALPA 80/90-14 TL", "pcs", 90),
    ("KNR-9014", "KENARI ALPA 90/90-14 TL", "pcs", 90),
    ("SRS-20", "SIRSAK BETO 20W-50 1L", "btl", 90),
    ("SRS-10", "SIRSAK GAMA 10W-40 0.8L", "btl", 90),
    ("GLT-428", "GELATIK 428H-120L ZULU", "pcs", 200),
    ("LHR-1", "ZIRKON 6301-2RS NATA", "pcs", 50),
]
INDEX = ItemIndex(
    Entry(number, code, name, unit, "", (), 10_000 * number, stock)
    for number, (code, name, unit, stock) in enumerate(_ROWS, start=1)
)


def shown(text: str, index: ItemIndex = INDEX) -> tuple[str, dict[str, int | None]]:
    reading = read(text, index, Conversation(), free=True)
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    lines |= {entry.code: None for wish in reading.wishes for entry in wish.options}
    return reading.outcome.value, lines


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pesan kenari alpa 80/90 14", "KNR-8014"),
        ("saya mau pesan kenari 90/90 14", "KNR-9014"),
        ("kirim sirsak beto 20w 50", "SRS-20"),
        ("pesan sirsak 1 liter 20w 50", "SRS-20"),
        ("tolong siapkan sirsak gama 10w 40 ya", "SRS-10"),
        ("pesan gelatik 428h 120", "GLT-428"),
    ],
)
def test_the_rest_of_a_size_counts_nothing(text: str, code: str) -> None:
    """The last number of a size that is written in pieces orders nothing; a number behind it does."""
    assert shown(text) == ("choices", {code: 1})
    assert shown(f"{text} 3") == ("order", {code: 3})


def test_a_number_behind_a_whole_size_counts() -> None:
    """A number that no size goes on with is how many."""
    assert shown("pesan kenari alpa 80/90-14 12") == ("order", {"KNR-8014": 12})
    assert shown("pesan zirkon 6301 2") == ("order", {"LHR-1": 2})
    assert shown("pesan 14 kenari alpa 80/90") == ("order", {"KNR-8014": 14})
