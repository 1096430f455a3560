"""A word for one kind of thing that others are called by as well: which is meant is asked."""

import pytest

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind
from tests import reading_judge as judge

TALK = Conversation()
NAMES = (
    ("LD-1", "LAMPU LED DEPAN ZARA/MUSI", "LAMPU"), ("BH-1", "BOHLAM DPN 12V ZARA/MUSI", "LAMPU"),
    ("BH-2", "BOHLAM DPN 12V KAPUAS", "LAMPU"), ("LB-1", "LAMPU BELAKANG MUSI", "LAMPU"),
    ("AK-1", "AKI GARUDA G5S", "AKI"), ("AK-2", "MERPATI RAWA G5S", "AKI"),
    ("AK-3", "AKI GARUDA G7S", "AKI"),
    ("BT-1", "BAUT KENARI 10MM", "BAUT"), ("MR-1", "MUR KENARI 10MM", "BAUT"),
    ("KB-1", "KABEL GAS KAPUAS", "KABEL"), ("TL-1", "TALI GAS KAPUAS", "KABEL"),
    ("KP-1", "KAMPAS DEPAN MUSI", ""), ("KP-2", "KAMPAS DEPAN ZARA", ""), ("KP-3", "KAMPAS ZARA", ""),
)  # fmt: skip
INDEX = ItemIndex(
    Entry(number, code, name, "pcs", category, (), 10_000 * number, 20)
    for number, (code, name, category) in enumerate(NAMES, start=1)
)


def asked(text: str) -> tuple[Kind, set[str]]:
    """What comes of a text, with the codes that it orders, quotes or lists."""
    reading = read(text, INDEX, TALK, free=True)
    named = {line.entry.code for wish in reading.wishes for line in wish.lines}
    return reading.outcome, named | {one.code for wish in reading.wishes for one in wish.options}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("pesan lampu depan zara 2", {"LD-1", "BH-1"}),
        ("pesan lampu dpn musi 1 ya", {"LD-1", "BH-1"}),
        ("lampu depan musi 3", {"LD-1", "BH-1"}),
        ("pesan aki g5s 1", {"AK-1", "AK-2"}),
        ("pesan kabel gas kapuas 2", {"KB-1", "TL-1"}),
        ("pesan tali gas kapuas 1", {"KB-1", "TL-1"}),
    ],
)
def test_which_is_asked(text: str, codes: set[str]) -> None:
    """An order of one thing by a word for its kind lists what is called so, too, and has all else
    that was said."""
    assert asked(text) == (Kind.CHOICES, codes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pesan lampu led depan zara 2", "LD-1"), ("pesan bohlam depan zara 2", "BH-1"),
        ("pesan lampu belakang musi 1", "LB-1"), ("pesan aki g7s 1", "AK-3"),
        ("pesan aki garuda g5s 1", "AK-1"), ("pesan baut kenari 10mm 4", "BT-1"),
        ("pesan LD-1 2", "LD-1"),
    ],
)  # fmt: skip
def test_what_says_more_is_ordered(text: str, code: str) -> None:
    """What one of them alone has, another side, a code, or a kind that only one is called by orders."""
    assert asked(text) == (Kind.ORDER, {code})


def test_both_are_quoted() -> None:
    """A question by a word for several kinds names the few that it may be of."""
    assert asked("lampu depan zara brp")[1] == {"LD-1", "BH-1"}
    assert asked("lampu led depan zara brp")[1] == {"LD-1"}


def test_what_is_had_besides_is_asked_too() -> None:
    """Nothing is added to an order by a word that may mean another thing; the answer to the list is."""
    shop = judge.Shop(judge.catalogue(judge.CORPORA / "kertapati"))
    shop.take("pesan busi mio 2")
    before = dict(shop.order)
    assert before
    answer = shop.take("tambah lampu depan vario 1")
    assert (set(answer.options), shop.order) == ({"LED-HS1-LMN", "BH-DP-HS1"}, before)
    shop.take("yg bohlam")
    assert shop.order == {**before, "BH-DP-HS1": 1}


@pytest.mark.parametrize("text", ["pesan 2", "pesan lampu depan vario 2"])
def test_what_was_chosen_before_holds(text: str) -> None:
    """Who asked for one of them by its own word and then orders means that one."""
    shop = judge.Shop(judge.catalogue(judge.CORPORA / "kertapati"))
    shop.take("lampu depan vario yg led brp")
    shop.take(text)
    assert shop.order == {"LED-HS1-LMN": 2}
