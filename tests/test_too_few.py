"""What there is too little of, and two numbers of which each counts a thing of its own."""

import pytest

from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge
from tests.shop import ANI, Shop
from tests.test_free_text import brakes, lines
from tests.test_going_on import stock_of, talked

__all__ = ["brakes"]

BEHIND = ["pesan laher roda depan l300 1 set", "master rem atas l300 3 sekalian"]
HUB, BOTH = {"LHR-L300-D": 1}, {"LHR-L300-D": 1, "MR-L300": 2}


@pytest.mark.parametrize(
    "text", ["ya 2 saja adanya", "2 aja", "ya udah 2", "itu aja 2", "2 aja kalo gitu", "ambil 2"]
)
def test_what_is_left_is_counted(text: str) -> None:
    """A number behind what a change was told too little of counts that, and no line ordered before."""
    assert talked("kayuagung", [*BEHIND, text])[1] == BOTH


@pytest.mark.parametrize(
    "text", ["ya", "ga jadi", "jadi 2 aja", "ya udah adanya aja", "sisanya aja"]
)
def test_nothing_is_guessed(text: str) -> None:
    """What says no number, or may be about either, changes nothing."""
    assert talked("kayuagung", [*BEHIND, text])[1] == HUB


def test_a_shop_remembers_what_is_too_few(brakes: Shop) -> None:
    """A shop that says how many there are counts what is answered for that, not for the open order."""
    brakes.ask(ANI, "pesan kampas rem depan vario 1")
    assert "sisa 10" in brakes.ask(ANI, "busi iridium 12 sekalian")
    brakes.ask(ANI, "ya 10 saja adanya")
    assert sorted(lines(brakes)) == [("BS-1", 10), ("KR-D", 1)]


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("pesan 4 koyo. 6305 nya 2", {"BR-6308-KYO": 4, "BR-6305-KYO": 2}),
        ("6305 2, koyo 4", {"BR-6308-KYO": 4, "BR-6305-KYO": 2}),
    ],
)
def test_each_number_counts_its_own(text: str, proposed: dict[str, int]) -> None:
    """Two counts that would come to one thing are proposed of two, one of them from the list."""
    outcome, order = talked("lahat", ["ada bearing 6308?", text])
    assert (outcome, order) == (Kind.CHOICES, {})
    assert talked("lahat", ["ada bearing 6308?", text, "ya"])[1] == proposed


@pytest.mark.parametrize(
    ("name", "turns", "order"),
    [
        ("kayuagung", ["pesan oli meditran sc 6 liter"], {"MED-SC-1": 6}),
        # There are cans of five litres, and of four.
        ("kayuagung", ["pesan oli meditran sc 5 liter"], {}),
        ("kayuagung", ["pesan filter oli l300 1, oli meditran sc 6", "olinya 7 liter aja"],
         {"FO-L300": 1, "MED-SC-1": 7}),
        ("kayuagung", ["pesan filter oli l300 1, oli meditran sc 6", "olinya 5 liter aja"],
         {"FO-L300": 1, "MED-SC-1": 6}),
        ("jakabaring", ["bohlam sennya 4"], {"BHL-SEN": 4}),
        ("kayuagung", ["busi bpr6es 10 pcs siap bayar"], {"BPR6": 10}),
        ("kayuagung", ["kran bensin gx160 ada?", "1 min sm avr 2.5 kw 1"],
         {"KRN-GX160": 1, "AVR-25": 1}),
        ("kayuagung", ["coolant 5l 2", "tutup radiator 0.9 satu", "coolantnya satu ajah"],
         {"COOL-5": 1, "TR-UNI": 1}),
        ("kayuagung", ["pesan kampas rem l300 depan 2 set, belakang 1 set",
                       "Yang depan 1 set dulu, satunya minggu depan"],
         {"KRD-L300": 1, "KRB-L300": 1}),
        ("jakabaring", ["vanbelt mio m3", "vanbelt mio karbu ada? 1 kalo ada"], {"VB-MIO-YMH": 1}),
    ],
)  # fmt: skip
def test_as_people_count(name: str, turns: list[str], order: dict[str, int]) -> None:
    """Litres of what holds one are pieces, and words beside a number say no more than they do."""
    assert talked(name, turns)[1] == order


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("pesan 2 kanan kiri", 2),
        ("kanan kiri 2", 2),
        ("pesan kanan kiri 3", 0),
        ("pesan 2 kanan", 0),
    ],
)
def test_sides_of_what_has_none(text: str, count: int) -> None:
    """Both sides beside a two say no more than that of what is of no side; other numbers are asked."""
    wanted = {"LS-AVZ": count} if count else {}
    assert talked("kayuagung", ["link stabil avanza ada", text])[1] == wanted


@pytest.mark.parametrize(
    ("text", "falls"),
    [
        ("dak jadi mang, dimarahi mak aku", True), ("ga jadi bang, diomelin bini", True),
        ("batal aja bang udah dibenerin temen pake punya dia", True), ("temen ga jadi", False),
        ("ga jadi, dikirimin bos aja", False), ("batal udah ditelpon bos mau ambil 2", False),
    ],
)  # fmt: skip
def test_what_was_done_to_somebody_tells_why(text: str, falls: bool) -> None:
    """The one thing ordered falls for what somebody has done; who else wants what is for people."""
    order = {} if falls else {"KG-BT-IND": 1}
    assert talked("jakabaring", ["pesan kampas ganda beat indoparts 1", text])[1] == order


@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("jakabaring", "laher roda 6201 6301, ada semua?", ["LHR-6201", "LHR-6301"]),
        ("jakabaring", "laher 6201 2 brp", ["LHR-6201"]),
        ("lahat", "bearing 6305 6308 brp", ["BR-6305-KYO", "BR-6308-FBJ", "BR-6308-KYO"]),
    ],
)
def test_sizes_in_a_row_are_all_asked_about(name: str, text: str, codes: list[str]) -> None:
    """A number behind a size is another size where that is of the same kind, and no count of it."""
    answer = judge.Shop(stock_of(name)).take(text)
    assert sorted(answer.named) == codes


def test_a_price_is_no_count() -> None:
    """So many as nobody has, at about the price in thousands, are a bid: for people."""
    assert talked("kayuagung", ["saya ambil aki incoe n70 nya 850 ya pak, deal?"])[0] in (
        Kind.HUMAN, Kind.PRICE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "turns", "order"),
    [
        ("kayuagung", ["ring piston 15pk 1 punya kawan"], {"RP-15": 1}),
        ("kayuagung", ["ring piston 15pk punya kawan?"], {}),
        ("kayuagung", ["tie rod end avanza brp", "tie rod aja 2 pak, yg ball joint belum", "ya"],
         {"TRE-AVZ": 2}),
        ("kayuagung", ["tie rod end avanza brp", "tie rod 2, belum"], {}),
        ("jakabaring", ["pesan ban mobil 185/70 R14 Dunlop 4. jgn sampe kosong ya"],
         {"BM-185-14": 4}),
    ],
)  # fmt: skip
def test_beside_a_number(name: str, turns: list[str], order: dict[str, int]) -> None:
    """Whose it is, what is not wanted yet, and that it shall not be out, doubt no number beside it."""
    assert talked(name, turns)[1] == order
