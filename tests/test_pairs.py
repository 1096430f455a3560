"""A pair of what is sold by the piece is two, wherever in a talk it is said."""

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked

LIST = "ball joint kijang brp"
BELOW, ABOVE = "BJ-KJG-BWH", "BJ-KJG-ATS"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("no 1 sepasang", {BELOW: 2}), ("1 sepasang", {BELOW: 2}),
        ("yang pertama sepasang", {BELOW: 2}),
        ("no 1 2 pasang no 2 1", {BELOW: 4, ABOVE: 1}), ("yang bawah sepasang", {BELOW: 2}),
        ("no 1 dan no 2 masing-masing sepasang", {BELOW: 2, ABOVE: 2}),
        ("yang murah sepasang", {ABOVE: 2}), ("no 1 3", {BELOW: 3}),
        # Counted in what it is not sold by.
        ("no 1 2 dus", {}), ("no 1 2 set", {}), ("yang pertama 2 dus", {}),
    ],
)  # fmt: skip
def test_chosen_from_a_list(text: str, order: dict[str, int]) -> None:
    """Places of a list are counted in what their items are sold by."""
    assert talked("simpang", [LIST, text])[1] == order


@pytest.mark.parametrize("first", ["pesan ball joint bawah kijang 1", "PESAN BJ-KJG-BWH 1"])
@pytest.mark.parametrize(
    ("text", "count"), [("jadi sepasang", 2), ("jadi 1", 1), ("jadi 2 pasang", 4), ("jadi dua", 2)]
)
def test_changed(first: str, text: str, count: int) -> None:
    """An order of one becomes a pair."""
    assert talked("simpang", [first, text]) == (Kind.AMEND, {BELOW: count})
