"""An order and a question in one text, and what is said besides, in a shop of made-up goods."""

import pytest

from crm_tui.reading.wishes import Conversation, Kind, Line
from tests.test_sorts import CODE, shown

EXTRA = Conversation(asked=True, proposed=(Line(CODE["TRB-7"], 2),))


@pytest.mark.parametrize(
    "text",
    [
        "terbang 7 elang 3 ya, sekalian harga zamrud 0.8 botolan brp",
        "pesan terbang 7 elang 3, kalo oli zamrud 0.8 botolan ada ga?",
        "terbang 7 elang 3 pesan. oli zamrud 0.8 botolan ada stok?",
    ],
)
def test_an_order_and_a_question(text: str) -> None:
    """So many of one thing are ordered though another one is asked about behind it."""
    outcome, lines, _ = shown(text)
    assert outcome == "order"
    assert lines == {"TRB-7": 3, "OLZ-1": None}


@pytest.mark.parametrize(
    "text",
    [
        "pesan terbang 7 elang 3 ada ga?",
        "terbang 7 elang 3 ya? sekalian harga oli zamrud botolan brp",
        "pesan terbang 7 elang 3, kalo ada ga?",
        "mau terbang 7 elang 3 bisa?",
        "terbang 7 elang 3, kalo oli zamrud 0.8 botolan ada 2 ga?",
    ],
)
def test_a_question_about_the_order_itself(text: str) -> None:
    """A question that is about what would be ordered never leaves it an order."""
    assert shown(text)[0] != "order"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fuel terbang 7 elang 3 gas", {}),
        ("pesan terbang 7 elang 3 gas", {"TRB-7": 3}),
        ("mau tanya dulu, harga terbang 7 elang berapa", {"TRB-7": None}),
        ("pesan terbang 7 elang 2 biji bkn utk rajawali", {"TRB-7": 2}),
    ],
)
def test_said_besides(text: str, wanted: dict[str, int | None]) -> None:
    """What urges on, begins a question, or says for what it is not, is nothing that is ordered."""
    if wanted:
        assert shown(text)[1] == wanted
    else:
        assert shown(text)[0] != "order"


def test_more_behind_a_proposal() -> None:
    """What is wanted as well as what was proposed is proposed with it; what is wanted alone is not."""
    assert shown("pesan oli zamrud 0.8 botolan 1 juga", EXTRA)[:2] == (
        "choices", {"TRB-7": 2, "OLZ-1": 1},
    )  # fmt: skip
    assert shown("pesan oli semeru matic 1", EXTRA)[:2] == ("order", {"SMR-M": 1})


def test_the_small_one_of_one() -> None:
    """Of one thing, "yang kecil" is what differs from it in nothing but a smaller size."""
    quoted = Conversation(quoted=(CODE["SMR-1"],), recent=(CODE["SMR-1"],))
    assert shown("yang kecil 2", quoted)[:2] == ("choices", {"SMR-8": 2})
    assert shown("yg kecilnya brp", quoted)[:2] == ("price", {"SMR-8": None})


def test_adverts_are_not_wanted() -> None:
    """A customer who wants no adverts by SMS gets none, in whatever words."""
    assert shown("aku dak galak lagi disms promo")[0] == Kind.STOP.value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("terbang 7 elang x10", {"TRB-7": 10}),
        ("pesanin 10 terbang 7 elang dong, eh 12 deng", {"TRB-7": 12}),
        ("pesan aki kutilang nx60 2, bukan yg kw", {"AKI-6": 2}),
    ],
)
def test_said_otherwise(text: str, wanted: dict[str, int]) -> None:
    """So many times, a number put right, and what it shall not be; what may be meant otherwise is
    asked about."""
    outcome, lines, _ = shown(text)
    assert outcome in ("order", "choices")
    assert lines == wanted


def test_both_are_two() -> None:
    """ "Both" of one thing that was quoted is no number of it, and no code that nobody has."""
    quoted = Conversation(quoted=(CODE["OLZ-1"],), recent=(CODE["OLZ-1"],))
    assert shown("pesan dua2nya 1", quoted)[0] == "human"
    assert shown("pesan 3 semuanya", quoted)[:2] == ("order", {"OLZ-1": 3})


def test_go_ahead_is_nothing_that_is_sold() -> None:
    """A word that urges on, before a number alone, names no item that is called so."""
    quoted = Conversation(quoted=(CODE["TRB-7"],), recent=(CODE["TRB-7"],))
    assert shown("gas 2", quoted)[:2] == ("order", {"TRB-7": 2})


ORDERED = Conversation(order=(Line(CODE["KMP-A"], 2), Line(CODE["OLZ-1"], 1)))
ONE = Conversation(order=(Line(CODE["KMP-A"], 2),))


@pytest.mark.parametrize("text", ["tambah kampasnya 1", "kampasnya ditambah 1 ya"])
def test_more_never_makes_it_less(text: str) -> None:
    """So many more of what is ordered are never set as so many in all."""
    outcome, lines, _ = shown(text, ORDERED)
    assert (outcome, lines) in [("choices", {"KMP-A": 1}), ("amend", {"KMP-A": 3})]


def test_so_many_in_all() -> None:
    """ "Tambah jadi 5" is how many in all, of what is ordered or was proposed, if it is more."""
    assert shown("tambah jadi 5", ONE)[:2] == ("amend", {"KMP-A": 5})
    assert shown("tambah jadi 1", ONE)[0] == "human"
    assert shown("tambah 3 lagi jadi 5", EXTRA)[:2] == ("choices", {"TRB-7": 5})
    quoted = Conversation(order=ONE.order, quoted=(CODE["TRB-7"],))
    assert shown("tambah jadi 5", quoted)[0] == "human"


def test_instead_is_not_besides() -> None:
    """What is to be had instead of what is ordered never comes on top of it."""
    assert shown("ganti terbang 7 elang 3", ONE)[:2] == ("amend", {"KMP-A": 0, "TRB-7": 3})
    assert shown("ganti terbang 7 elang 3", ORDERED)[0] == "human"
    assert shown("ganti terbang 7 elang aja", ONE)[0] == "human"
    quoted = Conversation(order=ONE.order, quoted=(CODE["TRB-7"],), recent=(CODE["TRB-7"],))
    assert shown("ganti terbang 7 elang 3", quoted)[0] == "human"


def test_a_number_of_what_was_proposed() -> None:
    """A number put right of what was proposed takes nothing from what is ordered."""
    talk = Conversation(
        order=(Line(CODE["TRB-7"], 2),), asked=True, proposed=(Line(CODE["TRB-9"], 2),),
        recent=(CODE["TRB-7"], CODE["TRB-9"]),
    )  # fmt: skip
    outcome, lines, _ = shown("eh terbang 9 nya 4 ding", talk)
    assert outcome in ("choices", "order")
    assert lines == {"TRB-9": 4}


def test_engines_and_belts() -> None:
    """A letter that begins the name of a thing is no measure of the number before it."""
    assert shown("berapa terbang 7 v belt")[0] != "price"


def test_a_kind_alone_chooses_nothing() -> None:
    """Of a list of things of one kind, be they called otherwise, the kind's name chooses none."""
    listed = Conversation(
        offered=(CODE["KMP-A"], CODE["PAD-E"]), choosing=Kind.ORDER, quantity=2
    )  # fmt: skip
    assert shown("kampasnya aja", listed)[2] == {"KMP-A", "PAD-E"}
    assert shown("kampas yang nuri", listed)[:2] == ("order", {"KMP-A": 2})


@pytest.mark.parametrize("text", ["nomor 2", "1 sama 2", "ga pake oli"])
def test_nothing_is_said_of_it(text: str) -> None:
    """Places in a list that there is not, and what somebody does not want, name nothing."""
    assert shown(text, ORDERED)[0] == "human"
    assert shown(text)[0] == "human"


def test_a_make_under_a_heading() -> None:
    """A make, which stands with many kinds as a model does, does not hide the model said first."""
    assert shown("elang: kampas rem nuri 2, terbang 7 1")[1] == {"KMP-A": 2, "TRB-7": 1}
    talk = shown("buat elang kampas rem nuri 2, buat rajawali terbang 9 1")
    assert talk[1] == {"KMP-A": 2, "TRB-9": 1}
