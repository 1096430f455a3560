"""What is found dear, told of the past, or told apart by "the other one", size and code."""

from collections.abc import Sequence

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked

BRAKES = ("tepian", ["kampas rem belakang beat sing ori regane pinten"], "KRB-BEAT-FED")
LININGS = ("armada", ["kampas rem depan canter ps125 nibk brp"], "RM-103")
ALARM = ("asesoris", ["alarm motor 2 arah brp"], "ALM-MTR-2W")


DEAR = ["mahal, ada yg lebih murah?", "ado yg lebih murah dak", "mahal nian, kalu yg biaso?"]
BIDS = ["kemahalan, bisa kurang?", "mahal, 40rb aja ya", "yg lebih murah lagi dong kurangin"]


@pytest.mark.parametrize("text", DEAR)
@pytest.mark.parametrize(("shop", "before", "code"), [BRAKES, LININGS, ALARM])
def test_something_cheaper(shop: str, before: list[str], code: str, text: str) -> None:
    """Its price is told, and so many of it can be ordered then; nothing is ordered by asking."""
    assert talked(shop, [*before, text]) == (Kind.PRICE, {})
    assert talked(shop, [*before, text, "ok pesan 2"])[1] == {code: 2}


@pytest.mark.parametrize("text", BIDS)
def test_bids_stay_with_people(text: str) -> None:
    """Who wants the same for less gets no price of anything else."""
    shop, before, _ = BRAKES
    assert talked(shop, [*before, text]) == (Kind.HUMAN, {})


def test_cheaper_instead() -> None:
    """Something cheaper instead of what is ordered is asked about; as a reason it changes nothing."""
    before = ["pesan filter oli avanza 2", "yg ori"]
    outcome, order = talked("perantau", [*before, "ganti yg lebih murah"])
    assert (outcome, order) == (Kind.CHOICES, {"15601-BZ030": 2})
    assert talked("perantau", [*before, "ganti yg lebih murah", "ya"])[1] == {"FO-201": 2}
    assert talked("perantau", [*before, "ganti sakura aja deh lebih murah"])[1] == {"FO-201": 2}


@pytest.mark.parametrize(
    "text",
    [
        "minggu lalu saya kesana spion honda kosong, skrg ada?",
        "kemarin kosong, sekarang spion honda ada?",
        "dulu pernah beli spion honda disini, saiki regane piro",
    ],
)  # fmt: skip
def test_today_behind_a_past(text: str) -> None:
    """A question about today is answered, whatever was told of the past before it."""
    outcome, order = talked("tepian", [text])
    assert outcome in (Kind.STOCK, Kind.PRICE)
    assert order == {}


@pytest.mark.parametrize(
    "text",
    ["kemarin saya pesan spion honda 2, skrg mana?", "kemarin spion honda rusak, skrg ada ganti?"],
)
def test_past_stays_with_people(text: str) -> None:
    """An order of the past, or what was broken, is no question about goods."""
    assert talked("tepian", [text]) == (Kind.HUMAN, {})


PADS = "kampas rem nmax dpn blkg brp"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("yg satunya lagi tambah 1", {"KR125": 2, "KR126": 1}),
        ("yang satunya 1", {"KR125": 2, "KR126": 1}),
        ("satunya lagi 2 juga", {"KR125": 2, "KR126": 2}), ("yg satu lagi 2", {"KR125": 2, "KR126": 2}),
        ("yg satunya berapa", {"KR125": 2}), ("yg satunya ga jadi", {"KR125": 2}),
        ("tambah 1 lagi", {"KR125": 3}),
    ],
)  # fmt: skip
def test_the_other_one(text: str, order: dict[str, int]) -> None:
    """ "The other one" is never the one that is ordered."""
    assert talked("borongan", [PADS, "PESAN KR125 2", text])[1] == order


@pytest.mark.parametrize(
    ("shop", "turns", "outcome", "order"),
    [
        # A doubled word in one, or as two.
        ("tepian", ["jari jari ring 17 brp se set"], Kind.PRICE, {}),
        ("tepian", ["jari2 ring 17 brp"], Kind.PRICE, {}),
        ("tepian", ["pesan jari jari ring 17 se set"], Kind.ORDER, {"JRJ-17": 1}),
        # Two letters of a code that have changed places are asked about.
        ("tepian", ["PESAN KRD-BEAT-APS 2"], Kind.CHOICES, {}),
        ("tepian", ["PESAN KRD-BAET-ASP 2"], Kind.CHOICES, {}),
        # Sizes of the list, and so many of each.
        (
            "perantau", ["wiper bosch ada ukuran brp aja?", "yg 20 sama 16 masing masing 1, pesan"],
            Kind.ORDER, {"WPR-20": 1, "WPR-16": 1},
        ),
        (
            "perantau", ["wiper bosch ada ukuran brp aja?", "20 dan 16 masing2 1"], Kind.ORDER,
            {"WPR-20": 1, "WPR-16": 1},
        ),
        # The smallest and the greatest are asked about.
        ("jalinsum", ["terpal 6x8 harga brp, kalo 4x6?", "yg kecil 2", "ya"], Kind.CONFIRM,
         {"TRP-46": 2}),
        (
            "jalinsum", ["WD 40 besar brp kecil brp", "besar 2 kecil 3 pesan"], Kind.ORDER,
            {"WD-333": 2, "WD-191": 3},
        ),
        # What goes with what was quoted.
        (
            "tepian", ["ban luar viar 4.00-12 msh ada", "pesan 2 sm ban dalamnya 2"],
            Kind.ORDER, {"BL-400-12": 2, "BD-400-12": 2},
        ),
        # So many more, of the list that was sent.
        (
            "jalinsum",
            ["oli Mesran Super 1 liter 12 botol", "Apakah ada air aki juga?", "tambah yang biru 6"],
            Kind.AMEND, {"OL-07": 12, "AT-1L": 6},
        ),
        (
            "tepian", ["PESAN SKB-BEAT 1", "oke pak, tambah oli gardan ahm satu"], Kind.AMEND,
            {"SKB-BEAT": 1, "OLI-GRD-AHM": 1},
        ),
    ],
)  # fmt: skip
def test_told_apart(shop: str, turns: Sequence[str], outcome: Kind, order: dict[str, int]) -> None:
    """What is said of sizes, codes and goods that go together is ordered, or asked about."""
    assert talked(shop, turns) == (outcome, order)


PAD = ("tepian", "PESAN KRD-NMAX 1", {"KRD-NMAX": 1})


@pytest.mark.parametrize(
    "text", ["antar ke 7 ulu ya", "salah alamat, ke 10 ulu ding", "kirim ke dermaga 3 jam 2"]
)
def test_where_to_is_no_goods(text: str) -> None:
    """Where something goes names and counts nothing that is ordered; people see it."""
    shop, first, order = PAD
    assert talked(shop, [first, text]) == (Kind.HUMAN, order)


@pytest.mark.parametrize(
    ("shop", "turns", "outcome", "order"),
    [
        # Rows of the list with their numbers, and so many of each.
        ("tepian", ["handle rem beat brp", "1 2, 2 1 pesan", "ya"], Kind.CONFIRM,
         {"HDL-BT-KN": 2, "HDL-BT-KR": 1}),
        ("tepian", ["handle rem beat brp", "no 1 sama no 2 masing2 2"], Kind.ORDER,
         {"HDL-BT-KN": 2, "HDL-BT-KR": 2}),
        ("jalinsum", ["WD 40 besar brp kecil brp", "no 1 samo no 2 masing-masing 3"], Kind.ORDER,
         {"WD-191": 3, "WD-333": 3}),
        # One and a half of what is measured so.
        ("kapal", ["pesan as ketek semeter setengah 1"], Kind.ORDER, {"AS-KTK-150": 1}),
        ("kapal", ["pesan as ketek satu setengah meter 1"], Kind.ORDER, {"AS-KTK-150": 1}),
        # A code of letters alone with a wrong one at its place.
        ("tepian", ["PESAN KRD-BEAT-AXP 2"], Kind.CHOICES, {}),
        ("kapal", ["PESAN KLP-SUPX-IM 2", "maksudnyo KLP-SUPX-IN"], Kind.ORDER,
         {"KLP-SUPX-IN": 2}),
        # A correction behind a code that nobody has is no change of what is ordered.
        ("perantau", ["pesan KK-013 2", "sama KK-033 2", "eh maksudnya KK-023 2"], Kind.ORDER,
         {"KK-013": 2, "KK-023": 2}),
        ("perantau", ["pesan KK-013 2", "PESAN ZZ-999 2", "maksudnya KK-023 2"], Kind.ORDER,
         {"KK-013": 2, "KK-023": 2}),
        ("perantau", ["pesan KK-013 2", "eh maksudnya KK-023 2"], Kind.CHOICES, {"KK-013": 2}),
        ("perantau", ["pesan KK-013 2", "maksudnya KK-023 2", "ya"], Kind.CONFIRM, {"KK-023": 2}),
        # All of what little is left.
        ("kapal", ["v belt vario 150 ori brp",
         "ambil semua", "ya"], Kind.CONFIRM, {"23100-K36-J01": 2}),
        # Agreed, and nothing that was done already.
        ("kotalama", ["gear set satria brp", "yo sudah la, pesan 1"], Kind.ORDER, {"GRS-FU": 1}),
        ("kotalama", ["gear set satria brp", "sudah la saya pesan 1"], Kind.HUMAN, {}),
        ("kotalama",
         ["pesan gear set satria 1, spion beat kiri 1", "gak jadi spionnya, tekor wkwk"], Kind.AMEND,
         {"GRS-FU": 1}),
        ("kotalama", ["pesan gear set satria 1", "ya udah gear setnya aja"], Kind.HUMAN, {"GRS-FU": 1}),
        ("kotalama", ["ado jual helm dak", "kalo payung?"], Kind.NOT_FOUND, {}),
    ],
)  # fmt: skip
def test_said_in_few_words(
    shop: str, turns: Sequence[str], outcome: Kind, order: dict[str, int]
) -> None:
    """Rows, halves, letters and what is left are understood as they are written."""
    assert talked(shop, turns) == (outcome, order)
