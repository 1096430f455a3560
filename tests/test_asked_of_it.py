"""What is said of the very things that were spoken of: both of them, what their names do not tell."""

from random import Random

import pytest

from crm_tui.reading import read
from crm_tui.reading.wishes import Conversation, Kind, Line
from tests.test_asked_onward import asked, stock_of

_BOTH = (
    "dua dua nya 1, {} 2", "dua2nya 1 sama {} 2", "masing2 1, {} 2", "keduanya 1 {} 2",
    "semuanya 1, sama {} 2", "pesan dua-duanya 1, {} 2", "ambil semua 1 terus {} 2",
)  # fmt: skip


@pytest.mark.parametrize("name", ["pelita", "muaraenim", "jalinsum"])
def test_neither_of_both_falls(name: str) -> None:
    """So many of both of what was quoted one after the other, beside something else: what is ordered is
    both, or neither."""
    index = stock_of(name)
    random = Random(name)
    entries = [index.entry(item) for item in index.words.words]
    for _ in range(25):
        one, two, other = random.sample(entries, 3)
        text = random.choice(_BOTH).format(other.name.lower())
        talk = Conversation(quoted=(two,), recent=(one, two))
        found = read(text, index, talk, free=True)
        lines = {line for wish in found.wishes for line in wish.lines if wish.kind is Kind.ORDER}
        both = {Line(one, 1), Line(two, 1)}
        assert both <= lines or both.isdisjoint(lines), text


@pytest.mark.parametrize("text", ["dua dua nya satu, pentil 2", "dua2nya 1 sama pentil 2"])
def test_both_of_what_was_quoted_in_turn_are_ordered_with_something_else(text: str) -> None:
    """A front tyre and the rear one, which were asked about one after the other, and a valve."""
    outcome, _, order = asked("pelita", "ban depan nmax brp", "belakangnya?", text)
    assert outcome is Kind.ORDER
    assert order == {"BL-11070-13-NMAX": 1, "BL-13070-13-NMAX": 1, "PTL-TL": 2}


@pytest.mark.parametrize(
    "text", ["watt nya brp tu", "itu berapa ampere", "masangnya brp kak", "yaudah sy ambil sendiri"]
)
def test_what_no_list_of_prices_tells_is_for_people(text: str) -> None:
    """How strong a thing is, what its fitting costs and who fetches it: nothing of that is not sold."""
    assert asked("pelita", "flasher sein brp", text)[0] is Kind.HUMAN


@pytest.mark.parametrize("text", ["permeter brp", "perbijinya berapa", "sabotolna sabaraha"])
def test_what_one_of_it_costs_is_its_price(text: str) -> None:
    """A word for what things are counted in asks for no other thing."""
    assert asked("pelita", "ban depan nmax brp", text)[:2] == (Kind.PRICE, {"BL-11070-13-NMAX"})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("belt nmax ada gak", {"VB-NMAX"}),
        ("flasher vario ada", {"FLS-12V"}),
        ("oli mpx supra x brp", {"MPX1-08"}),
        ("busi vario z ada", set()),
    ],
)
def test_what_serves_any_vehicle_is_asked_about(text: str, codes: set[str]) -> None:
    """A thing that names no vehicle, or a class of them, is answered for one of them, and nothing that
    is for others."""
    _, named, order = asked("pelita", text)
    assert (named, order) == (codes, {})


@pytest.mark.parametrize("name", ["pelita", "sukarami"])
def test_a_colour_that_no_name_tells_is_for_people(name: str) -> None:
    """Of what was quoted, where its name tells no colour, nothing of another kind is answered."""
    index = stock_of(name)
    tints = index.lexicon.words["tints"]
    random = Random(name)
    entries = [index.entry(item) for item in index.words.words]
    plain = [entry for entry in entries if tints.isdisjoint(index.words.words[entry.id])]
    for entry in random.sample(plain, 20):
        text = random.choice(("warna merah ada gak", "yg merah ada?", "itu warna merah kan?"))
        found = read(text, index, Conversation(quoted=(entry,), recent=(entry,)), free=True)
        kind = index.words.kindred(entry.id)
        assert all(line.entry.id in kind for wish in found.wishes for line in wish.lines), text


def test_what_was_asked_about_stays_when_its_colour_is_asked() -> None:
    """Who is told nothing of the colour orders what was quoted before."""
    turns = ["sarung jok matic ada?", "warna hitam ada gak kak", "yaudah 1 ya kak"]
    assert asked("sukarami", *turns[:2])[0] is Kind.HUMAN
    assert asked("sukarami", *turns)[1] == {"CVR-JOK-M"}


@pytest.mark.parametrize(
    ("shop", "turns", "codes"),
    [
        ("muaraenim", ["wiper 24 inch ada ga", "22 ada?"], {"WIP-22"}),
        ("niagara", ["center bearing canter ada", "yang l300?"], {"CTR-L300"}),
        ("armada", ["matahari kopling dutro brp", "plat nya ada?"], {"PK-DTR130"}),
        ("pelita", ["pesan v belt vario 125 1 roller vario 125 1", "kampas gandanya ada?"], set()),
        ("pelita", ["roller mio brp", "kampas gandanya ada?"], {"KG-MIO"}),
        ("pelita", ["roller mio brp", "per nya ada?"], set()),
        ("bebekmatic", ["kampas rem depan mio ada merk apa", "selain ygp brp"], {"KD-MIO-ASP"}),
        ("sukarami", ["ada saringan hawa beat?", "selain yg ori brp"], {"FU-BEAT-IND"}),
        ("sukarami", ["saringan hawa beat ori brp", "selain ori ada?"], {"FU-BEAT-IND"}),
    ],
)
def test_one_word_asks_for_the_vehicle_that_was_spoken_of(
    shop: str, turns: list[str], codes: set[str]
) -> None:
    """A size, a model or a part of it is answered for that, and nothing that is for another one."""
    assert asked(shop, *turns)[1] == codes


@pytest.mark.parametrize(
    "text", ["yg kanan aja bisa?", "kiri aja boleh?", "beli kanannya doang bisa ga"]
)
def test_one_side_of_a_pair_is_for_people(text: str) -> None:
    """Nothing else of that side is answered, nor that there is none; both sides are the pair."""
    assert asked("pagaralam", "spion honda ada?", text)[:2] == (Kind.HUMAN, set())
    assert asked("sukarami", "spion nmax ada?", "kanan kiri brp")[1] == {"SPN-NMAX"}


def test_another_colour_is_for_the_same_vehicle() -> None:
    """Behind one colour that was asked for in vain another one asks for the same thing."""
    turns = ["spakbor depan beat merah ada?", "kalo item?"]
    assert asked("pelita", *turns[:1])[0] is Kind.NOT_FOUND
    assert asked("pelita", *turns)[1] == {"SPB-BT-DPN"}


def test_those_two_are_all_that_is_wanted() -> None:
    """How many things are ordered, and nothing else, changes nothing and asks nothing."""
    order = "pesan v belt vario 125 1 roller vario 125 1"
    assert asked("pelita", order, "ya sudah dua itu aja")[:2] == (Kind.HUMAN, set())


@pytest.mark.parametrize(
    "text", ["no 1 dua lembar, no 2 satu lembar", "no 2 1, no 1 2", "pesan no 1 2 no 2 1"]
)
def test_two_that_were_asked_about_in_turn_are_told_by_their_numbers(text: str) -> None:
    """So many of the leaf spring NO.1 and of NO.2, which was quoted behind it, are just these."""
    turns = ["per daun canter no 1 brp", "no 2 nya jg brp"]
    assert asked("niagara", *turns)[1] == {"PER-FE-2"}
    assert asked("niagara", *turns, text)[2] == {"PER-FE-1": 2, "PER-FE-2": 1}


@pytest.mark.parametrize("text", ["{} 2, buat canter", "{} 2 untuk canter", "yg {} 2, utk canter"])
def test_for_which_vehicle_a_row_is_wanted_leaves_it_the_row(text: str) -> None:
    """The vehicle behind a row that is for none is no other thing: the row is proposed, or ordered."""
    offered = ["aki n70 ada?"]
    outcome, named, order = asked("armada", *offered, text.format("gs"))
    assert outcome in (Kind.CHOICES, Kind.ORDER)
    assert named | set(order) == {"AKI-N70-GS"}


def test_sides_of_what_has_none_count_nothing_of_their_own() -> None:
    """Two sides before so many of each of two things that are of neither side."""
    turns = ["filter udara luar dalam hino 500 ada", "kanan kiri, jadi luar 2 dalam 2"]
    assert asked("lahat", *turns)[2] == {"FU-HN500-L": 2, "FU-HN500-D": 2}


def test_two_sides_alone_are_never_answered_with_none() -> None:
    """Sides and counts that contradict one another are for people, and what was quoted stays."""
    turns = ["filter udara luar dalam hino 500 ada", "kanan kiri, luar 1 dalam 1"]
    assert asked("lahat", *turns)[::2] == (Kind.HUMAN, {})
    assert asked("lahat", *turns, "luar 2 dalam 2")[2] == {"FU-HN500-L": 2, "FU-HN500-D": 2}
