"""Orders that need no more questions: as many as were asked about, each and all of what was quoted."""

import pytest

from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge
from tests.test_going_on import stock_of, talked


@pytest.mark.parametrize(
    ("shop", "before", "text", "order"),
    [
        ("sukarami", ["sekring 15a 20 biji brp"], "ok pesan itu", {"SKR-15A": 20}),
        ("sukarami", ["shock blkg beat", "yg ori kalo 2 brp totalnya"], "ok pesan",
         {"SB-BEAT-BLK-AHM": 2}),
        ("prabumulih", ["glow plug hilux 4 pcs, ready?"], "siap pesan", {"BP-INN-D": 4}),
        ("sukarami", ["BRP BOHLAM STOP"], "PESAN 10", {"LS-T20": 10}),
        ("sukarami", ["punten, cairan anti bocor sabaraha?"], "Hoyong 2 atuh", {"CRN-1L": 2}),
        ("prabumulih", ["oli rimula 5 liter pinten"], "kulo pendet 2 nggih", {"OM-RIM-R4": 2}),
    ],
)  # fmt: skip
def test_as_many_as_were_asked_about(
    shop: str, before: list[str], text: str, order: dict[str, int]
) -> None:
    """A number that was said with the question is ordered by a word that orders; none is made up."""
    assert talked(shop, [*before, text])[1] == order


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (["sekring 15a brp"], "ok pesan itu"), (["sekring 15a 20 biji brp"], "ok"),
        (["sekring 15a 20 biji brp"], "pesan?"), (["sekring 15a 20 biji brp"], "ok pesan kalau gajian"),
    ],
)  # fmt: skip
def test_nothing_is_ordered_without_both(before: list[str], text: str) -> None:
    """Without a number, or without a word that orders, it is asked."""
    assert talked("sukarami", [*before, text])[1] == {}


@pytest.mark.parametrize(
    ("shop", "before", "text", "order"),
    [
        ("prabumulih", ["release bearing l300 sama avanza ada?"], "pesan l300 2 avanza 1",
         {"RL-L300": 2, "RL-AVZ": 1}),
        ("prabumulih", ["ada filter oli triton ga", "filter solarnya", "udaranya sekalian"],
         "pesan semua masing2 2", {"FO-TRITON": 2, "FS-TRITON": 2, "FU-TRITON": 2}),
        ("sukarami", ["ban belakang nmax masih ada? berapa", "depannya?"],
         "pesan depan belakang masing2 1", {"BL-11070-13-MAX": 1, "BL-13070-13-MAX": 1}),
        ("sukarami", ["kampas rem depan supra x 125 ada?"],
         "sama yg belakang, pesan masing2 2 set", {"KRD-SUPX-FED": 2, "KRB-SUPX-FED": 2}),
    ],
)  # fmt: skip
def test_each_of_what_was_quoted(
    shop: str, before: list[str], text: str, order: dict[str, int]
) -> None:
    """So many of each of what was quoted are ordered, and nothing that was quoted is dropped."""
    assert talked(shop, [*before, text])[1] == order


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("ambil ban fdr 90/90-14 1 sm pentil tubeles 1 hari ini", {"BL-9090-14-FDR": 1, "PT-TBL": 1}),
        ("Mohon disiapkan 2 (dua) set kampas rem belakang NMAX", {"KRB-NMAX-YGP": 2}),
        ("min pesan holder hp yg ada cas nya 1 ya", {"HLD-HP-CAS": 1}),
    ],
)  # fmt: skip
def test_a_number_beside_a_day_or_said_twice(text: str, order: dict[str, int]) -> None:
    """A number before "today" counts, one that is said once more in words does not count twice."""
    assert talked("sukarami", [text]) == (Kind.ORDER, order)


@pytest.mark.parametrize(
    "text", ["pesan sekring 15a 2 (tiga)", "ambil pentil tubeles dalam 2 hari"]
)
def test_numbers_that_contradict(text: str) -> None:
    """Two numbers that differ, or so many days, order nothing."""
    assert talked("sukarami", [text])[1] == {}


HILUX = "untuk Hilux LV-07: filter oli diesel Sakura 2 pcs, filter solar Sakura 2 pcs"


@pytest.mark.parametrize(
    ("shop", "text", "order"),
    [
        ("prabumulih", "filter oli avanza 5, yg sakura. pesan ya", {"FO-AVZ-SKR": 5}),
        ("prabumulih", "Mohon disiapkan " + HILUX, {"FO-INN-D": 2, "FS-INN-D": 2}),
        ("prabumulih", "pesan kampas rem dpn hilux 2 eh 1 aja, sama yg blkg 1",
         {"KR008": 1, "KR009": 1}),
        ("prabumulih", "pesan filter oli l300 1 sama filter udaranya 1", {"FO-L300": 1, "FU-L300": 1}),
        ("sukarami", "pesen laher 6301 4, kalo bisa sore ini dah siap soalnya motor orang nunggu",
         {"LH-6301": 4}),
        ("sukarami", "tolong siapin pesanan laher 6302 2 sama 6301 2 nanti anak saya kesana",
         {"LH-6302": 2, "LH-6301": 2}),
    ],
)  # fmt: skip
def test_orders_with_something_beside(shop: str, text: str, order: dict[str, int]) -> None:
    """The make behind the number, one's own vehicle before the list, a number that is put right, and
    when it shall be ready leave an order certain."""
    assert talked(shop, [text]) == (Kind.ORDER, order)


@pytest.mark.parametrize(
    ("shop", "text"),
    [
        ("sukarami", "tolong siapin pesanan saya laher 6302 2"),
        ("sukarami", "pesanan laher 6302 2 sudah siap?"),
        ("prabumulih", "pesan filter oli avanza ori 1 sama busi nya 4"),
        ("prabumulih", "untuk Hilux atau Triton: filter oli diesel 2"),
    ],
)
def test_no_orders_on_doubts_beside(shop: str, text: str) -> None:
    """An order that was placed before, its state, and what may be of two makes order nothing."""
    assert talked(shop, [text])[1] == {}


@pytest.mark.parametrize(
    ("before", "text", "order"),
    [
        (
            "ban scoopy dpn yg 110/70-12 ada?",
            "pesan ban 1 pentil 1",
            {"BL-11070-12-IRC": 1, "PT-TBL": 1},
        ),
        ("ban scoopy dpn yg 110/70-12 ada?", "pesan ban beat 1 pentil 1", {}),
        ("ban scoopy dpn yg 110/70-12 ada?", "pesan ban fdr 1 pentil 1", {}),
    ],
)
def test_by_its_kind_alone(before: str, text: str, order: dict[str, int]) -> None:
    """What was just spoken of is called by its kind; with another model or make it is not that."""
    assert talked("sukarami", [before, text])[1] == order


@pytest.mark.parametrize(
    ("shop", "before", "text", "code"),
    [
        ("sukarami", ["V-belt Vario 125 harganya berapa ya Pak?"], "Kalau roller-nya?", "RL-VAR-15"),
        ("sukarami", [], "aki nmax yg gs masih ada gak ya soalnya kemarin motor temen mogok",
         "AKI-GTZ6V"),
        ("prabumulih", [], "info harga segitiga pengaman untuk unit kami. Terima kasih", "SGT-PNG"),
    ],
)  # fmt: skip
def test_questions_are_answered(shop: str, before: list[str], text: str, code: str) -> None:
    """ "-nya" behind a sign, a reason behind the question and thanks behind "kami" hinder no answer."""
    talk = judge.Shop(stock_of(shop))
    answer = [talk.take(said) for said in [*before, text]][-1]
    assert answer.outcome in (Kind.PRICE, Kind.STOCK)
    assert answer.named == {code}
