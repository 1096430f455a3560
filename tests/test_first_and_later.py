"""What is had first and what another day, what goes with what is ordered, so many of each side."""

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_ordinary_talks import Talk, after

CLUTCH = ("sriwijaya", ["pesan master kopling atas kijang 1 master kopling bawah kijang 1"])
BATTERY = ("bengkelku", ["aki basah motor yang 5 ah 2 pesan"])
SHOCKS = ("muaraenim", ["sok belakang l300 berapa", "pesan 2", "depan jg 2"])
PADS = ("sriwijaya", ["kampas rem dpn innova 1 set ya"])
PLATE = ("muaraenim", ["plat kopling ps 125 brp", "pesan 1"])
GEARS = ("kenten", ["gear set supra x 125", "1 set ya pak"])
UPPER, BOTH = {"MKA-KJG": 1}, {"MKA-KJG": 1, "MKB-KJG": 1}


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("yang atas dulu saja pak, bawahnya nanti", UPPER),
        ("atas aja dulu, bawahnya minggu depan", UPPER),
        ("yg atas dulu aja, bawahnya lusa", UPPER), ("yg bawah besok aja", BOTH),
        ("yg bawah nanti sore aja", BOTH), ("yg atas dulu, yg bawah besok kalau gajian", BOTH),
    ],
)  # fmt: skip
def test_one_line_first(text: str, order: dict[str, int]) -> None:
    """What is put off falls where it is said what is had first, and nothing else does."""
    assert after(CLUTCH, text)[1] == order


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1 dulu aja, sisanya nanti", 1), ("1 dulu aja yg 1 minggu depan", 1),
        ("akinya 1 dulu aja, yg satunya bulan depan", 1), ("1 dulu, yang 3 minggu depan", 2),
        ("1 dulu sisanya besok kalau gajian", 2), ("3 dulu, sisanya nanti", 2), ("sisanya nanti", 2),
    ],
)  # fmt: skip
def test_some_first(text: str, count: int) -> None:
    """So many are had first where the others, whose number is right, are had another day."""
    assert after(BATTERY, text)[1] == {"AK-GM5Z": count}


def test_all_that_is_left() -> None:
    """A reason that names just the line which is left is none for that line."""
    left = {"SH-L300-R": 2}
    for text in (
        "yg depan ga jd, duit bos cuma cukup yg blkg",
        "yg depan batal, coba pake yg blkg dulu aja",
    ):
        assert after(SHOCKS, text) == (Kind.AMEND, left), text
    assert after(SHOCKS, "yg depan batal duit cuma cukup yg depan")[1] == {**left, "SH-L300-F": 2}


@pytest.mark.parametrize(
    ("talk", "text", "more"),
    [
        (PADS, "belakangnya juga 1 set", {"KRB-INV-ASP": 1}),
        (PADS, "sama belakangnya 2", {"KRB-INV-ASP": 2}),
        (PLATE, "dekrupnya 1", {"DK-PS125": 1}),
        (GEARS, "sama kampas remnya depan belakang 1 set 1 set", {"KRD-SPX": 1, "KRB-SPX": 1}),
        (GEARS, "sama kampas remnya depan 1 set belakang 2 set", {"KRD-SPX": 1, "KRB-SPX": 2}),
    ],
)  # fmt: skip
def test_for_the_same_vehicle(talk: Talk, text: str, more: dict[str, int]) -> None:
    """What is alone of its side or kind for the vehicle is ordered besides, whatever its make."""
    before = after((talk[0], talk[1][:-1]), talk[1][-1])[1]
    assert after(talk, text)[1] == {**before, **more}


@pytest.mark.parametrize(
    ("name", "text", "one"),
    [
        # Two makes of the other side, and another number of teeth.
        ("baturaja", "kampas rem belakang avanza", "BS-AV"),
        ("pagaralam", "gear belakang supra", "GB-SUPX35"),
    ],
)  # fmt: skip
def test_not_alone_there(name: str, text: str, one: str) -> None:
    """Where there are several of the other side, or another vehicle's alone, none is ordered for it."""
    talk = (name, [f"pesan {text} 1"])
    for turn in ("depannya juga 1", "sama yang depan 1"):
        assert set(after(talk, turn)[1]) <= {one}, turn


@pytest.mark.parametrize(
    ("name", "text", "order"),
    [
        ("pelita", "siapke kampas rem nmax depan belakang 2 set 2 set", {"KRD-NMAX": 2, "KRB-NMAX": 2}),
        ("rantau", "lampu t10 putih sama biru satu pasang satu pasang pesan", {"T10-P": 1, "T10-B": 1}),
        ("pelita", "kampas rem nmax depan belakang 1 2 pesan", {}),
        ("sriwijaya", "master kopling kijang atas 1 bawah 2 pesan", {"MKA-KJG": 1, "MKB-KJG": 2}),
    ],
)  # fmt: skip
def test_so_many_of_each(name: str, text: str, order: dict[str, int]) -> None:
    """Two equal numbers behind two things are one for each; of a side nobody thinks of a LOWER ARM."""
    assert after((name, []), text)[1] == order
