"""What nobody said, the catalogue's line does not say either: a make that was never chosen."""

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked

PLUG = ("sukarami", ["min pesan busi mio 2"])


@pytest.mark.parametrize(
    "text",
    [
        "sorry maksudnya busi supra", "eh busi supra", "ganti busi supra", "busi supra aja",
        "busi supra juga 1", "harusnya supra", "jadi supra aja", "ganti yg supra 3", "kalo yg supra?",
    ],
)  # fmt: skip
def test_another_makers_fits_as_well(text: str) -> None:
    """Behind the one plug that fits, of two makers' plugs for another motorcycle none is taken."""
    shop, before = PLUG
    outcome, order = talked(shop, [*before, text])
    assert (outcome, order) == (Kind.CHOICES, {"BS-CR7E": 2})


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("yg ngk", {"BS-C7HSA": 2}), ("yg ngk aja", {"BS-C7HSA": 2}), ("ngk 2", {"BS-C7HSA": 2}),
        ("yg denso", {"BS-DENSO-U22": 2}), ("denso 3", {"BS-DENSO-U22": 3}),
    ],
)  # fmt: skip
def test_what_is_chosen_comes_instead(text: str, order: dict[str, int]) -> None:
    """What is chosen of the list comes for what was ordered, though that is of the same make."""
    shop, before = PLUG
    assert talked(shop, [*before, "sorry maksudnya busi supra", text])[1] == order


def test_a_chosen_make_holds() -> None:
    """Who chose a make of two has the other side of the same make."""
    before = ["kampas rem depan beat", "yg indoparts 2"]
    assert talked("sukarami", [*before, "belakangnya juga 1"])[1] == {
        "KRD-BEAT-IND": 2, "KRB-BEAT-IND": 1,
    }  # fmt: skip
