"""Turns as ordinary customers write them, behind a question or an order."""

from collections.abc import Sequence

import pytest

from crm_tui.reading.wishes import Kind
from tests.test_going_on import talked

CARRY = ("sriwijaya", ["pesan filter solar panther 2, filter oli panther 2"])
BEARING = ("bebekmatic", ["pesan bearing 6202 6"])
BRAKE = ("sriwijaya", ["minyak rem brp"])
SEALS = ("sriwijaya", ["seal kruk as avanza depan blkg brp"])
RODS = ("sriwijaya", ["tie rod avanza brp pak", "kalau yang long"])
PLUGS = ("kenten", ["busi c7hsa 10 ya bang"])
PADS = ("kenten", ["Pesan kampas rem belakang beat ahm 1, depan aspira 1"])
Talk = tuple[str, list[str]]


def after(talk: Talk, text: str) -> tuple[Kind, dict[str, int]]:
    """What a turn behind a talk was read as, and the order behind it."""
    name, turns = talk
    return talked(name, [*turns, text])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("eh 4, bukan 6. maklum jari gede", 4), ("ternyata butuh 8", 8), ("kurang, jadi 9", 9),
        ("Mohon maaf, setelah dihitung ulang ternyata butuh empat.", 4),
        ("tambah 2 lagi deh biar genap 8", 8), ("eh 5 aja, yg 1 masi kuat", 5),
    ],
)  # fmt: skip
def test_counted_anew(text: str, count: int) -> None:
    """The one thing ordered is counted anew where each number is accounted for."""
    assert after(BEARING, text) == (Kind.AMEND, {"6202-2RS": count})


@pytest.mark.parametrize(
    "text",
    ["eh 4, bukan 5", "5 aja, yg 2 masih kuat", "tambah jadi 4", "kurangi jadi 9", "eh 4 apa 5 ya",
     "mungkin 4 aja", "kalau jadi 4 brp", "4 aja besok kalau gajian", "eh 4 kncng"],
)  # fmt: skip
def test_not_counted_anew(text: str) -> None:
    """A number that contradicts the order, or a doubt, changes nothing without asking."""
    assert after(BEARING, text)[1] == {"6202-2RS": 6}


def test_a_named_line_counted_anew() -> None:
    """Of several lines the one that is named is counted anew, and what is still there tells why."""
    for text in (
        "filter oli nya 1 aja ternyata msh ada 1 dibengkel",
        "filter oli 1 aja, yg 1 masih bagus",
    ):
        assert after(CARRY, text)[1] == {"FS-PNT-SKR": 2, "FO-PNT-SKR": 1}, text
    assert after(CARRY, "filter oli 1 aja, yg 2 masih bagus")[1] == {
        "FS-PNT-SKR": 2, "FO-PNT-SKR": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("yg kecil 3", {"MR-STP-300": 3}), ("nu alit hiji", {"MR-STP-300": 1}),
        ("yg besar 1 yg kecil 2", {"MR-SKN-1L": 1, "MR-STP-300": 2}),
        ("yang paling besar aja 2", {"MR-SKN-1L": 2}), ("yg besar apa yg kecil 1", {}),
        ("yg kecil atau yg besar ya", {}), ("jangan yg kecil", {}),
    ],
)  # fmt: skip
def test_smaller_and_bigger(text: str, order: dict[str, int]) -> None:
    """The smaller or the bigger one of a list is told by how much it holds."""
    assert after(BRAKE, text)[1] == order


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (
            "pesan masing masing 1 sama paking tutup klep 1",
            {"SKR-AS-AVX": 1, "SKB-AS-AVX": 1, "PKK-AVX": 1},
        ),
        ("dua2nya 2 sama paking tutup klep 1", {"SKR-AS-AVX": 2, "SKB-AS-AVX": 2, "PKK-AVX": 1}),
        ("sama paking tutup klep, pesan masing masing 1", {}),
        ("pesan semua sama paking tutup klep 1", {}),
    ],
)  # fmt: skip
def test_each_beside_another(text: str, order: dict[str, int]) -> None:
    """ "Each" beside something else is of all that was quoted, and none of it is dropped."""
    assert after(SEALS, text)[1] == order


def test_what_the_talk_was_about() -> None:
    """Of several things quoted one after the other a word takes the one whose name it begins."""
    assert after(RODS, "pesan tie rod aja 1 pasang")[1] == {"TR-AVX": 1}
    shocks = ("sriwijaya", ["karet support shock avanza brp 1 bijinya", "shock depannya?"])
    assert after(shocks, "pesan shock 2 karetnya 2")[1] == {"SB-AVX-DPN": 2, "KSB-AVX": 2}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("eh ga jadi bang udah dikasih temen", Kind.CANCEL),
        ("batal bang mobil sudah hidup", Kind.CANCEL),
        ("batal udah dikirim belum", Kind.HUMAN), ("batal sudah dipesan", Kind.HUMAN),
    ],
)  # fmt: skip
def test_taken_back_since(text: str, outcome: Kind) -> None:
    """The one thing ordered is taken back for what has happened since, and for nothing else."""
    assert after(PLUGS, text) == (outcome, {} if outcome is Kind.CANCEL else {"C7HSA": 10})


@pytest.mark.parametrize(
    "text",
    ["filter olinya jangan dulu, nunggu gajian", "coret filter oli nya, bos bilang minggu depan aja",
     "filter oli ga usah dulu kata mekaniknya msh bagus",
     "filter oli gak jadi, kata tauke pake yg lama aja"],
)  # fmt: skip
def test_out_whatever_the_reason(text: str) -> None:
    """A named line falls whatever is told as its reason."""
    assert after(CARRY, text) == (Kind.AMEND, {"FS-PNT-SKR": 2})


@pytest.mark.parametrize(
    "text",
    ["filter oli batal, tunggu dulu", "filter oli batal, sudah saya transfer",
     "filter oli ga jadi kan?", "filter oli batal, ganti avanza", "filter oli batal, sama busi 2"],
)  # fmt: skip
def test_more_than_a_reason(text: str) -> None:
    """Beside a line that is taken out nothing that asks, waits, pays or wants passes for its reason."""
    outcome, order = after(CARRY, text)
    assert order == {"FS-PNT-SKR": 2, "FO-PNT-SKR": 2} or outcome is not Kind.AMEND, order


def test_by_whom_another_line_is_made() -> None:
    """ "The front one by AHM", where the rear one of AHM is ordered, is the front one of AHM."""
    wanted = (Kind.AMEND, {"KRB-BT-AHM": 1, "KRD-BT-AHM": 1})
    assert after(PADS, "yg depan ganti ahm jg dehh") == wanted
    assert after(PADS, "aspiranya ganti ahm") == wanted


@pytest.mark.parametrize(
    ("name", "turns", "outcome"),
    [
        ("kenten", ["HARGA FILTER UDARA BEAT", "YG VARIO 125?"], Kind.PRICE),
        ("lubuklinggau", ["RING SEHER RD85 ADA", "SAMA PISTONNYA BRP"], Kind.PRICE),
        ("lubuklinggau", ["plat kopling ps120 brp", "sama mataharinya"], Kind.PRICE),
        ("pasarminggu", ["filter udara mio", "ori?"], Kind.PRICE),
        ("sriwijaya", ["pompa bensin avanza brp", "asli denso?"], Kind.PRICE),
        ("pasarminggu", ["klakson 12v brp", "2 ya", "dp dulu gak bang?"], Kind.HUMAN),
        ("pasarminggu", ["kampas ganda vario brp"], Kind.NOT_FOUND),
        ("kenten", ["fiter oli avanza brp"], Kind.CHOICES),
        ("sriwijaya", ["brp kampas kopling avenza"], Kind.CHOICES),
    ],
)  # fmt: skip
def test_asked_on(name: str, turns: Sequence[str], outcome: Kind) -> None:
    """What is asked on is answered of such a thing, and left to people where it asks for no thing."""
    assert talked(name, turns)[0] is outcome


@pytest.mark.parametrize(
    "text",
    ["mungkin filter olinya batal, masih ada", "suami saya filter olinya batal kata montir",
     "mungkin filter oli gak jadi, nunggu gajian"],
)  # fmt: skip
def test_a_doubt_before_it(text: str) -> None:
    """What stands before a line that is taken out doubts it, and is no reason."""
    assert after(CARRY, text)[1] == {"FS-PNT-SKR": 2, "FO-PNT-SKR": 2}


@pytest.mark.parametrize("text", ["bukan jadi 3", "bukan eh jadi 5 deh", "bukan tambah 1 lagi"])
def test_denied_as_a_whole(text: str) -> None:
    """A "not" that stands before more than how many there were changes nothing."""
    assert after(BEARING, text)[1] == {"6202-2RS": 6}


@pytest.mark.parametrize(
    "text", ["ya saya ambil 2?", "itu sepasang kan", "maaf baru bales, itu 2 kan?"]
)
def test_asked_at_the_end(text: str) -> None:
    """A number with a question behind it orders nothing."""
    assert after(("kenten", ["lampu led h4 mobil brp?"]), text)[1] == {}


@pytest.mark.parametrize(
    ("name", "turns", "order"),
    [
        ("kenten", ["headlamp avanza 2013 kanan", "ok ambil 1. stoplamp kirinya ada?"],
         {"HL-AV12-R": 1}),
        ("kenten", ["headlamp avanza 2013 kanan", "ambil 1? stoplamp kirinya ada?"], {}),
        ("lubuklinggau", ["cross joint ps120 brp", "pesan cross joint 2 dulu lah, gantungan nanti aja"],
         {"CJ-PS": 2}),
        ("lubuklinggau", ["selang radiator ps bawah", "pesan 1, yang atas 1"],
         {"SRW-PS": 1, "SRA-PS": 1}),
        ("lubuklinggau", ["plat kopling ps120 brp", "sama mataharinya", "druklaher nya brp",
                          "pesan ketiganya satu satu"], {"PK-PS": 1, "DK-PS": 1, "DL-PS": 1}),
        ("kenten", ["cover motor 1, sarung jok 1 pesan", "sarung joknya nanti aja"], {"CVR-MTR": 1}),
        ("kenten", ["cover motor 1, sarung jok 1 pesan", "nanti aja"], {"CVR-MTR": 1, "JOK-SRG": 1}),
        # What another line becomes comes to it, at YA.
        ("kenten", ["air radiator hijau 2 merah 1 pesan", "merahnya diganti hijau semua aja"],
         {"RAD-H5": 2, "RAD-M5": 1}),
        ("kenten", ["air radiator hijau 2 merah 1 pesan", "yang merah ganti hijau aja", "ya"],
         {"RAD-H5": 3}),
    ],
)  # fmt: skip
def test_beside_others(name: str, turns: list[str], order: dict[str, int]) -> None:
    """An order stands beside a question about something else, and beside what is put off."""
    assert talked(name, turns)[1] == order


def test_the_last_line_taken_back() -> None:
    """Whatever takes the only line of an order takes the order back; who only comes asks nothing."""
    assert after(PLUGS, "businya ga jadi bang, masih bagus") == (Kind.CANCEL, {})
    assert after(PLUGS, "otw kesitu naik ojek") == (Kind.HUMAN, {"C7HSA": 10})


@pytest.mark.parametrize(
    "text",
    ["kira2 udh bisa diambil?", "udah bisa diambil blm", "bisa diambil skrg? udah siap kan",
     "Mohon rincian pesanan kami saat ini.", "rekap pesanan saya dong"],
)  # fmt: skip
def test_asked_what_became_of_it(text: str) -> None:
    """Whether it can be fetched, and what is ordered, is answered with the order."""
    assert after(BEARING, text) == (Kind.STATUS, {"6202-2RS": 6})


def test_taken_back_twice() -> None:
    """Two clauses that take the order back are one withdrawal; the last word may take that back."""
    for text in ("eh maap ga jadi, batalin", "ga jadi deh, cancel aja pesanannya"):
        assert after(BEARING, text) == (Kind.CANCEL, {}), text
    for text in ("batalin, eh ga jadi", "eh ga jadi dibatalin", "batal, eh jangan batal"):
        assert after(BEARING, text)[1] == {"6202-2RS": 6}, text


def test_a_suffix_behind_a_dash() -> None:
    """ "Shell-nya" names what "shellnya" names."""
    talk = ("pelita", ["Mohon disiapkan: MPX1-08 12, SHL-AX5 6"])
    for text in ("Maaf, shell-nya dikurangi jadi 3.", "shellnya 3 saja"):
        assert after(talk, text) == (Kind.AMEND, {"MPX1-08": 12, "SHL-AX5": 3}), text
    assert after(talk, "shell-nya batal")[1] == {"MPX1-08": 12}
