"""Orders that need no more questions: as many as were asked about, each and all of what was quoted."""

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked


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
