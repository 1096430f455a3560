"""Messages that stand alone: sizes in pieces, qualifiers said behind, makes, whole sizes that lack."""

import pytest

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation

_ROWS = [
    ("KNR-8014", "KENARI ALPA 80/90-14 TL", "pcs", 90),
    ("KNR-9014", "KENARI ALPA 90/90-14 TL", "pcs", 90),
    ("SRS-20", "SIRSAK BETO 20W-50 1L", "btl", 90),
    ("SRS-10", "SIRSAK GAMA 10W-40 0.8L", "btl", 90),
    ("GLT-428", "GELATIK 428H-120L ZULU", "pcs", 200),
    ("LHR-1", "ZIRKON 6301-2RS NATA", "pcs", 50),
]
INDEX = ItemIndex(
    Entry(number, code, name, unit, "", (), 10_000 * number, stock)
    for number, (code, name, unit, stock) in enumerate(_ROWS, start=1)
)


def shown(text: str, index: ItemIndex = INDEX) -> tuple[str, dict[str, int | None]]:
    reading = read(text, index, Conversation(), free=True)
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    lines |= {entry.code: None for wish in reading.wishes for entry in wish.options}
    return reading.outcome.value, lines


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pesan kenari alpa 80/90 14", "KNR-8014"),
        ("saya mau pesan kenari 90/90 14", "KNR-9014"),
        ("kirim sirsak beto 20w 50", "SRS-20"),
        ("pesan sirsak 1 liter 20w 50", "SRS-20"),
        ("tolong siapkan sirsak gama 10w 40 ya", "SRS-10"),
        ("pesan gelatik 428h 120", "GLT-428"),
    ],
)
def test_the_rest_of_a_size_counts_nothing(text: str, code: str) -> None:
    """The last number of a size that is written in pieces orders nothing; a number behind it does."""
    assert shown(text) == ("choices", {code: 1})
    assert shown(f"{text} 3") == ("order", {code: 3})


def test_a_number_behind_a_whole_size_counts() -> None:
    """A number that no size goes on with is how many."""
    assert shown("pesan kenari alpa 80/90-14 12") == ("order", {"KNR-8014": 12})
    assert shown("pesan zirkon 6301 2") == ("order", {"LHR-1": 2})
    assert shown("pesan 12 kenari alpa 80/90") == ("order", {"KNR-8014": 12})


@pytest.mark.parametrize(
    "rest",
    [
        ". Yang bayar anak saya", ", nanti dibayar istri", " yang bayar bos saya",
        ", nanti istri saya yg terima", ", nanti karyawan yang ambil",
    ],
)  # fmt: skip
def test_who_pays_or_takes_it_in(rest: str) -> None:
    """Who will pay or take in an order makes it nobody else's."""
    assert shown(f"tolong kirim sirsak beto 4{rest}") == ("order", {"SRS-20": 4})


@pytest.mark.parametrize(
    "rest",
    [
        ", sudah dibayar anak saya", ", bayar transfer ke mana?", ", bayarnya bulan depan",
        ", kemarin istri saya yang terima", ", yang terima anak saya kurang 1",
    ],
)  # fmt: skip
def test_what_was_paid_is_for_people(rest: str) -> None:
    """What is paid already, how to pay, and what has come in are for people."""
    assert shown(f"kirim sirsak beto 4{rest}")[0] == "human"


@pytest.mark.parametrize(
    "text",
    [
        "Selamat siang Bapak/Ibu, saya Suroso dari kelompok tani Makmur. Kami perlu sirsak beto"
        " sebanyak 12 botol, mohon disiapkan",
        "dek ini tante Mira, tolong pesankan sirsak beto selusin. nanti sopir yang ambil",
        "pagi, ini bu Piri. pesan sirsak beto 12",
        "kk mau order sirsak beto 12",
        "cek minta sirsak beto duo belas ikok yo",
    ],
)
def test_who_writes_asks_nothing(text: str) -> None:
    """The name of somebody who says who they are is no word of talk, and no one else's order."""
    assert shown(text) == ("order", {"SRS-20": 12})


def test_numbers_in_dialects() -> None:
    """Ten and tens are understood as they are said along the Musi."""
    assert shown("pesan sirsak beto sepuloh") == ("order", {"SRS-20": 10})
    assert shown("pesan sirsak beto tigo puloh") == ("order", {"SRS-20": 30})


def _shop(*names: str) -> ItemIndex:
    return ItemIndex(
        Entry(number, f"K-{number}", name, "btl", "", (), 1_000 * number, 50)
        for number, name in enumerate(names, start=1)
    )


def test_house_of_a_maker() -> None:
    """Who builds the vehicle says which one, where all that there is comes from such houses."""
    shop = _shop("KENARI SAMPING AHM 120ML", "KENARI SAMPING YAMALUBE 100ML", "SIRSAK BETO 1L")
    assert shown("pesan kenari samping honda 3", shop) == ("order", {"K-1": 3})
    assert shown("kenari samping yamaha 6 pesan", shop) == ("order", {"K-2": 6})
    assert shown("pesan kenari samping suzuki 3", shop)[0] != "order"


def test_maker_beside_another_make() -> None:
    """Where another make is sold beside that of the house, or under the maker's name, it is asked."""
    shop = _shop("KENARI MUSI AHM", "KENARI MUSI NATA", "SIRSAK HONDA ALPA", "SIRSAK AHM GAMA")
    assert shown("pesan kenari musi honda 3", shop) == ("choices", {"K-1": 3})
    assert shown("pesan sirsak honda 3", shop) == ("choices", {"K-3": None, "K-4": None})


def test_class_of_a_model() -> None:
    """What is made for scooters is offered to owners of one, and never ordered by that alone."""
    shop = _shop("KENARI ALPA MATIC", "KENARI ALPA BEBEK", "SIRSAK MIO")
    assert shown("kenari vario berapa", shop) == ("price", {"K-1": None})
    assert shown("pesan kenari supra 2", shop) == ("choices", {"K-2": 2})
    assert shown("sirsak mio berapa", shop) == ("price", {"K-3": None})
    assert shown("sirsak beat berapa", shop)[0] == "not_found"


def test_an_oversize_that_is_not_sold() -> None:
    """An oversize of more digits than those that are sold is not found, and counts nothing."""
    shop = _shop("KENARI MUSI OS 25", "KENARI MUSI OS 50")
    for text in ("kenari musi os 100 ada ga", "pesan kenari musi os 100", "kenari musi os 75 brp"):
        assert shown(text, shop)[0] == "not_found"
    assert shown("pesan kenari musi os 50 2", shop) == ("order", {"K-2": 2})


def test_a_kind_that_is_only_meant_if_it_is_said() -> None:
    """Who says oil wants no gear oil, and where there is nothing else it is proposed."""
    shop = _shop("OLI ALPA MATIC 0.8L", "OLI GARDAN MATIC ALPA 100ML", "OLI GARDAN BETO 100ML")
    assert shown("oli alpa matic brp", shop) == ("price", {"K-1": None})
    assert shown("pesan oli alpa matic 2", shop) == ("order", {"K-1": 2})
    assert shown("pesan oli beto 2", shop) == ("choices", {"K-3": 2})
    assert shown("pesan oli gardan beto 2", shop) == ("order", {"K-3": 2})


def test_which_ones_there_are() -> None:
    """Which there are for what no name says is a list of their kind, not a lack."""
    shop = _shop("OLI ALPA 5L", "OLI BETO 4L", "KENARI DIESEL")
    assert shown("oli apa aja yg ada buat diesel", shop) == ("choices", {"K-1": None, "K-2": None})
    assert shown("oli buat diesel brp", shop)[0] == "not_found"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("PESAN KR01 2", {"KR001": 2}),
        ("kirim KR01 2", {"KR001": 2}),
        ("HARGA KR02", {"KR002": None}),
    ],
)
def test_a_code_without_its_zero(text: str, lines: dict[str, int | None]) -> None:
    """A code that lacks a zero is the one with the same number, and no other with the next digit."""
    index = ItemIndex(
        Entry(number, code, f"KENARI {name}", "pcs", "", (), 1_000, 90)
        for number, (code, name) in enumerate(
            [("KR001", "ALPA"), ("KR002", "BETO"), ("KR012", "GAMA"), ("KR010", "NATA")]
        )
    )
    assert shown(text, index) == ("choices", lines)


def test_a_number_before_what_sizes_are_told_in() -> None:
    """Before a word that names have behind their sizes a number is one, and no such is not found."""
    shop = _shop(
        "KENARI KI 3 LAPIS", "KENARI KA 7 LAPIS", "SIRSAK 7 LAPIS NATA", "SIRSAK POLOS LAPIS"
    )
    assert shown("kenari kiri 7 lapis", shop)[0] == "not_found"
    assert shown("pesan kenari kanan 7 lapis", shop) == ("choices", {"K-2": 1})
    assert shown("pesan kenari kanan 7 lapis 2", shop) == ("order", {"K-2": 2})


def test_thanks_before_a_keyword() -> None:
    """A keyword with thanks before it asks for no help."""
    assert shown("makasih cek")[0] == "human"


def test_letters_of_a_group() -> None:
    """Who writes a letter is no word of the order, though no pause stands behind the name."""
    text = "Dengan ini kami kelompok tani Maju Jaya memesan sirsak beto sebanyak 24 botol"
    assert shown(text) == ("order", {"SRS-20": 24})


def test_years_of_an_item() -> None:
    """A year that the item's name does not cover is a doubt; who says whose vehicle it is, is none."""
    shop = _shop("KENARI ALPA 2012-2015 NATA", "SIRSAK ALPA", "GELATIK ALPA", "GELATIK BETO")
    assert shown("pesan kenari alpa 2013 1", shop) == ("order", {"K-1": 1})
    assert shown("pesan kenari alpa 2018 1", shop) == ("choices", {"K-1": 1})
    assert shown("pesan kenari alpa 1, alpa saya 2018", shop) == ("choices", {"K-1": 1})
    assert shown("pesan sirsak alpa 1, alpa saya thn 2016", shop) == ("order", {"K-2": 1})
    assert shown("sirsak alpa 1 pesan, alpa 2016", shop) == ("order", {"K-2": 1})
    assert shown("pesan gelatik alpa 1, beto saya 2016", shop) != ("order", {"K-3": 1})


def test_which_vehicle_tells_things_apart() -> None:
    """Of things for cars and motorcycles so many of each are ordered."""
    shop = _shop("KENARI MOBIL NATA", "KENARI MOTOR NATA", "SIRSAK BETO")
    assert shown("pesan kenari motor 1 mobil 2", shop)[1] == {"K-2": 1, "K-1": 2}


def test_another_side_than_was_said() -> None:
    """What goes on from one side is never ordered of the other side, which nobody said."""
    shop = _shop("KENARI DPN ALPA NATA", "KENARI DPN ALPA BETO", "KENARI BLKG ALPA NATA", "SIRSAK")
    text = "kalu kenari alpa {} nata katek, beto bae 2 kirim"
    assert shown(text.format("depan"), shop)[0] == "order"
    assert shown(text.format("belakang"), shop)[0] != "order"


def test_a_model_before_its_year() -> None:
    """The number of a model stands though a year is said behind it."""
    shop = _shop("KENARI ALPA 125", "SIRSAK ALPA 125", "GELATIK ALPA 125")
    assert shown("pesan kenari alpa 125 tahun 2018 2", shop) == ("order", {"K-1": 2})
    assert shown("pesan kenari alpa 150 tahun 2018 2", shop)[0] != "order"
