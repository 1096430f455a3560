"""A line that was wrong and what it ought to be; a number denied and set anew; the cheap one of two."""

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked

BEARINGS = ["komstir beat 1 sama laher 6301 2 pesan ya bg"]
TWO_BEARINGS = ["laher 6302 2 sama laher 6301 2 pesan"]


@pytest.mark.parametrize(
    ("before", "text", "order"),
    [
        (BEARINGS, "lahernya salah, 6201 harusnya", {"KS-BEAT": 1, "LH-6201": 2}),
        (BEARINGS, "laher salah, harusnya 6201", {"KS-BEAT": 1, "LH-6201": 2}),
        (BEARINGS, "6301 salah, yg bener 6201", {"KS-BEAT": 1, "LH-6201": 2}),
        (BEARINGS, "lahernya salah, 6302 harusnya 3", {"KS-BEAT": 1, "LH-6302": 3}),
        (TWO_BEARINGS, "6302 nya ganti 6201", {"LH-6301": 2, "LH-6201": 2}),
        (TWO_BEARINGS, "6301 salah, harusnya 6201", {"LH-6302": 2, "LH-6201": 2}),
        (["laher 6301 2 pesan"], "maaf salah, harusnya 6201", {"LH-6201": 2}),
    ],
)  # fmt: skip
def test_what_it_ought_to_be(before: list[str], text: str, order: dict[str, int]) -> None:
    """The other thing comes for the one line that was wrong, as many; no number of it is a count."""
    outcome, after = talked("sukarami", [*before, text])
    assert (outcome, after) == (Kind.AMEND, order)


@pytest.mark.parametrize(
    "text",
    [
        "lahernya salah", "lahernya salah, 6201", "lahernya salah kirim, harusnya 6201",
        "lahernya salah, harusnya 6201?", "kemarin lahernya salah, harusnya 6201",
    ],
)  # fmt: skip
def test_nothing_changes_on_half_of_it(text: str) -> None:
    """What it ought to be has to be said, of the order and not of what was sent."""
    assert talked("sukarami", [*BEARINGS, text])[1] == {"KS-BEAT": 1, "LH-6301": 2}


def test_which_of_two_was_wrong() -> None:
    """Of two lines of one kind none is taken that was not named."""
    order = {"LH-6302": 2, "LH-6301": 2}
    assert talked("sukarami", [*TWO_BEARINGS, "lahernya salah, harusnya 6201"])[1] == order


@pytest.mark.parametrize(
    ("shop", "before", "text", "order"),
    [
        ("prabumulih", ["parfum stella 3 pesan bu"], "jgn 3 deh 5", {"PWG-STELLA": 5}),
        ("prabumulih", ["parfum stella 3 pesan bu"], "jgn 4 deh 5", {"PWG-STELLA": 3}),
        ("prabumulih", ["parfum stella 3 pesan bu"], "jgn 5 deh", {"PWG-STELLA": 3}),
        ("prabumulih", ["ganjal ban ada", "ok 1 pasang"], "eh 2 pasang buat 2 unit", {"GJL-RD": 2}),
        ("sukarami", ["gear set supra x brp ya", "pesan no 2 1 set"],
         "ganti yg murah aja kata bapak", {"GS-SUPX-SSS": 1}),
        ("sukarami", ["gear set supra x brp ya", "pesan no 2 1 set"],
         "ganti yg murah aja ya?", {"GS-SUPX-AHM": 1}),
    ],
)  # fmt: skip
def test_counted_or_chosen_anew(
    shop: str, before: list[str], text: str, order: dict[str, int]
) -> None:
    """The number that was ordered is denied and another one set; of two that were listed the cheap
    one is the other. A question, or another number, changes nothing."""
    assert talked(shop, [*before, text])[1] == order
