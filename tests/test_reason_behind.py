"""A withdrawal with why in a clause of its own."""

import pytest

from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge
from tests.test_going_on import stock_of

ONE = ["order head unit android 9 inch 1"]
TWO = [*ONE, "tambah kamera mundur 1"]


def after(before: list[str], text: str) -> tuple[Kind, dict[str, int]]:
    """What an SMS was read as, and what is ordered behind it."""
    talk = judge.Shop(stock_of("asesoris"))
    return [talk.take(one) for one in [*before, text]][-1].outcome, talk.order


@pytest.mark.parametrize(
    "text",
    [
        "dak jadi mang, dimarahi mak aku",
        "batal aja bang udah dibenerin temen pake punya dia",
        "batalin semuanya aja ya bang, motornya ketabrak lagi semalem, masuk asuransi",
        "ga jadi pak, suami saya sudah membeli",
        "maaf pak batal ya, suami saya sudah membeli",
    ],
)
def test_the_reason_changes_nothing(text: str) -> None:
    """Whoever the reason tells of, the one line that is taken back for certain falls."""
    assert after(ONE, text) == (Kind.CANCEL, {})


@pytest.mark.parametrize(
    "text",
    [
        "ga jadi, temen saya yang batal",
        "temen saya ga jadi",
        "suami saya ga jadi, dimarahi mak aku",
        "ga jadi pak, yang 7 inch aja",
        "ga jadi, 2 aja",
        "batal, kalau belum dikirim",
        "batal, kirim ke jambi aja",
        "ga jadi besok, lusa aja",
        "batal kak, yang punya adek saya",
        "ga jadi pak, barangnya rusak",
        "ga jadi batal, suami saya mau",
        "batal gak ya, suami saya sudah membeli",
        "ga jadi pak, suami saya sudah membeli kan?",
        "ga jadi pak, suami saya membeli kamera mundur",
        "ga jadi, minta kabel aja",
        "batal, tadi pesan aki ibu saya",
    ],
)
def test_what_may_say_more_takes_nothing_back(text: str) -> None:
    """Another's no, another thing, number or place, a condition or a question leaves the order."""
    assert after(ONE, text)[1] == {"HU-ANDR9": 1}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ga jadi pak, suami saya sudah membeli", {"HU-ANDR9": 1, "KMR-MND": 1}),
        ("batal semua pak, suami saya sudah membeli", {}),
    ],
)
def test_of_several_lines_all_must_be_said(text: str, left: dict[str, int]) -> None:
    """Of two lines nothing falls unless the words take back all of it."""
    assert after(TWO, text)[1] == left
