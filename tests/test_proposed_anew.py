"""A proposal of several lines is changed as an order is."""

import pytest

from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge
from tests.test_going_on import stock_of

FUSES = ["pesan sekring tancap 10a 15a 20a masing2 10"]


def proposed(shop: str, turns: list[str]) -> tuple[Kind, dict[str, int | None], dict[str, int]]:
    """What the last of these SMS was read as, what the shop then proposes, and what is ordered."""
    talk = judge.Shop(stock_of(shop))
    answer = [talk.take(text) for text in turns][-1]
    lines = {line.entry.code: line.quantity for line in talk.talk.proposed}
    return answer.outcome, lines, talk.order


@pytest.mark.parametrize(
    ("shop", "before", "text", "lines"),
    [
        ("asesoris", FUSES, "15a nya gak jadi", {"SKR-10": 10, "SKR-20": 10}),
        ("asesoris", FUSES, "yg 15a ga usah, masih ada", {"SKR-10": 10, "SKR-20": 10}),
        ("asesoris", FUSES, "ok tapi 15a nya ga usah", {"SKR-10": 10, "SKR-20": 10}),
        ("asesoris", FUSES, "15a gak jadi, 20a jadi 5", {"SKR-10": 10, "SKR-20": 5}),
        ("asesoris", FUSES, "15a nya 5 aja", {"SKR-10": 10, "SKR-15": 5, "SKR-20": 10}),
        ("kapal", ["busi supra brp bang", "1 2, 3 1 pesan"], "bang denso nyo dak usah",
         {"NGK-C7HSA": 2}),
    ],
)  # fmt: skip
def test_what_is_left_is_proposed(
    shop: str, before: list[str], text: str, lines: dict[str, int]
) -> None:
    """One line that falls or is counted anew leaves the others proposed, and orders nothing."""
    assert proposed(shop, [*before, text]) == (Kind.CHOICES, lines, {})


@pytest.mark.parametrize(
    "text",
    [
        "gak jadi",
        "yang 30a gak jadi",
        "temen saya ga jadi 15a nya",
        "15a nya ga usah, ganti yang 30a",
    ],
)
def test_what_is_of_no_line_stays_with_people(text: str) -> None:
    """What names no line of it, another thing or somebody else proposes nothing anew."""
    assert proposed("asesoris", [*FUSES, text])[0] is Kind.HUMAN
