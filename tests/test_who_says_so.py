"""Changes beside who says so, what was looked at before, and why it is better."""

import pytest

from tests.test_going_on import talked

LED = ["kak lampu senja led ada warna apa aja", "yg biruuu 2 pasang yaa"]
UNITS = ["Kak pillow block 205 yg model ucp ya, 4 pcs pesan"]
OIL = ["Selamat pagi Pak, oli Meditran SX kemasan apa saja yang tersedia?",
       "Saya pesan yang 10 liter dua galon."]  # fmt: skip
SHOCKS = ["bang shock hilux depan belakang ready gak", "dpn 2 blkg 2 pesan"]
PADS = ["Mohon info harga kampas rem depan dan belakang Innova.",
        "Saya pesan keduanya, masing-masing satu set."]  # fmt: skip


@pytest.mark.parametrize(
    ("shop", "before", "text", "order"),
    [
        ("lampu", LED, "kata pacarku norak, putih aja deh", {"B-T10-LP": 2}),
        ("lampu", LED, "kata suami putih aja", {"B-T10-LP": 2}),
        ("lampu", LED, "kata temenku 1 pasang aja", {"B-T10-LB": 1}),
        ("niagara", UNITS, "maaf kak setelah dicek ternyata yg ucf, ganti ya", {"BR-UCF205": 4}),
        ("niagara", OIL, "Mohon diganti yang pail saja satu, lebih hemat.", {"MED-SX-P": 1}),
        ("niagara", OIL, "1 aja, lebih hemat kata bos", {"MED-SX-10": 1}),
        ("prabumulih", SHOCKS, "yg blkg batalin, kata foreman belum perlu", {"SBD-HLX": 2}),
        ("sumber", PADS, "yang belakang jangan dahulu", {"BP-INV-BDX": 1}),
        ("mobil", ["mang ado shock blakang avanza dak"],
         "lumayan mahal e, yo sudah pesen sepasang bae", {"SB-AV-BLK": 1}),
    ],
)  # fmt: skip
def test_a_change_stands_beside_who_says_so(
    shop: str, before: list[str], text: str, order: dict[str, int]
) -> None:
    """Who says so, what was looked at before, and "that saves" only tell why."""
    assert talked(shop, [*before, text])[1] == order


@pytest.mark.parametrize(
    ("shop", "before", "text"),
    [
        ("lampu", LED, "kata pacarku jangan yang putih"), ("lampu", LED, "kata pacar nanti aja"),
        ("prabumulih", SHOCKS, "batalin, kata foreman belum perlu"),
        ("prabumulih", SHOCKS, "yg blkg 3, kata foreman belum perlu"),
        ("lampu", LED, "kata pacarku putih atau merah aja"),
        ("lampu", LED, "kata montir putih aja yg rusak"), ("lampu", LED, "kata suami putih aja?"),
        ("niagara", UNITS, "setelah gajian yg ucf"), ("niagara", UNITS, "setelah dicek besok yg ucf"),
        ("niagara", OIL, "ganti yang 5 liter aja 1, lebih besar"),
        ("niagara", OIL, "1 aja, lebih bagus jangan"),
        ("mobil", ["mang ado shock blakang avanza dak"], "lumayan mahal, 1 aja kurang dikit ya"),
    ],
)  # fmt: skip
def test_what_is_more_than_a_reason_changes_nothing(
    shop: str, before: list[str], text: str
) -> None:
    """A negation, another day, a choice, a bid or a question beside it leaves the order as it was."""
    assert talked(shop, [*before, text])[1] == talked(shop, before)[1]
