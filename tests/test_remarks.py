"""Remarks beside an order: when it is fetched, by whom, why, where, thanks; a shop of made-up goods."""

import pytest

from crm_tui.reading.wishes import Conversation, Line
from tests.test_sorts import CODE, shown

ORDER = "pesan terbang 7 elang 3"
LINES = {"TRB-7": 3}
AFTER = [
    "besok pagi sebelum narik saya mampir",
    "nanti sore habis kerja saya ambil",
    "paling lambat besok saya ambil",
    "lusa saya turun ke kota",
    "setelah zuhur saya jemput",
    "nanti adik saya yang ke toko",
    "nanti teman saya yang mampir",
    "nanti dijemput gojek",
    "tetangga saya yang ambilin nanti",
    "saya tunggu di toko",
    "ditunggu kabarnya",
    "tunggu saya ya jam 3",
    "titip di meja depan",
    "titip ke mang udin ya",
    "jangan sampai lecet ya",
    "jgn salah kirim ya",
    "dak usah lamo2",
    "ojo suwe2",
    "awas salah",
    "maaf kalau banyak nanya",
    "maaf baru sms",
    "mohon maaf sebelumnya",
    "terima kasih atas bantuannya",
    "simpang empat lampu merah",
    "rumah saya belakang masjid",
    "sesuai anjuran montir",
    "buat dijual lagi",
    "mau servis besok",
    "biar awet",
    "tolong pilihkan yang bagus",
    "pelanggan nunggu",
]
"""What is said behind an order."""


@pytest.mark.parametrize("remark", AFTER)
@pytest.mark.parametrize("between", [", ", ". ", " "])
def test_what_is_said_behind(remark: str, between: str) -> None:
    """A remark changes nothing of an order, whether or not a pause stands before it."""
    assert shown(ORDER + between + remark)[:2] == ("order", LINES)


@pytest.mark.parametrize(
    "remark", ["Dodi travel", "ini Pendi L300 tangga buntung", "stok di bengkel habis"]
)
def test_who_writes(remark: str) -> None:
    """Who writes, in a clause of its own, is no question about how goods are sent."""
    assert shown(f"{ORDER}. {remark}")[:2] == ("order", LINES)


@pytest.mark.parametrize(
    "reason",
    ["yang lama sudah bocor", "karena yang lama patah", "punya saya sudah aus", "yang merak mahal"],
)  # fmt: skip
def test_a_reason_that_may_be_a_complaint(reason: str) -> None:
    """Why something is needed leaves the order a proposal where it may be a complaint, too."""
    assert shown(f"{ORDER}, {reason}")[:2] == ("choices", LINES)


@pytest.mark.parametrize(
    "end",
    [
        "eh ga jadi", "jangan dulu", "ojo dulu", "becanda", "cuma tes", "lain kali aja", "nanti aja",
        "nanti saya kabari lagi", "tunggu kabar saya", "nunggu gajian", "setelah gajian saya ambil",
        "kalau istri setuju", "tapi tanya istri dulu", "besok saya pesan", "besok baru pesan",
        "kemarin sudah saya ambil", "sudah saya terima", "sudah datang", "dulu saya beli",
        "barangnya rusak", "kok rusak", "jgn dikirim", "siapa yang pesan", "bilangin ke bos",
        "utang dulu", "nanti saya transfer", "kasih diskon ya", "jadi ga ya", "bisa ga ya",
        "makasih ga jadi", "maaf batal", "maaf kalau ga jadi", "ditunggu dulu ya",
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", [ORDER, "terbang 7 elang 3, kalau habis terbang 9 rajawali aja"])
def test_what_is_no_remark(order: str, end: str) -> None:
    """A withdrawal, a condition, a past, a complaint or a question behind an order never leaves it one,
    whatever else the order says."""
    for between in (", ", " ", ". "):
        assert shown(order + between + end)[0] != "order"
        assert shown(f"{order}, makasih{between}{end}")[0] != "order"


def test_of_a_talk_nothing_is_taken() -> None:
    """A remark alone orders nothing that was proposed."""
    asked = Conversation(asked=True, proposed=(Line(CODE["TRB-7"], 2),))
    assert shown("saya tunggu di toko", asked)[0] == "human"
    assert shown("jangan sampai lecet", asked)[0] == "human"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("berapa terbang 7 elang? saya disuruh suami beli", "price"),
        ("istri saya mau tanya terbang 7 elang ada ga", "stock"),
        ("pesan terbang 7 elang 3, punya suami saya", "human"),
        ("suami saya pesan terbang 7 elang 3", "human"),
        ("pesanan suami saya terbang 7 elang berapa", "human"),
    ],
)
def test_somebody_else(text: str, wanted: str) -> None:
    """A question is answered whoever wants to know; an order for another person is for people."""
    assert shown(text)[0] == wanted


def test_a_number_put_right() -> None:
    """Of two numbers with "oh" between them the second one counts, unless something follows it."""
    order = Conversation(order=(Line(CODE["TRB-7"], 1),))
    assert shown("jadi 2 eh 3 aja", order)[:2] == ("amend", LINES)
    assert shown("pesan terbang 7 elang 2 eh 3")[1] == LINES
    assert shown("pesan terbang 7 elang 2 eh 3 zamrud botolan")[:2] != ("order", LINES)
