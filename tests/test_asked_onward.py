"""Questions of ordinary customers: which side, for which vehicle, which ones there are; and what is
told beside them."""

from functools import cache

import pytest

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.wishes import Kind
from tests import reading_judge as judge


@cache
def stock_of(name: str) -> ItemIndex:
    return judge.catalogue(judge.CORPORA / name)


def asked(name: str, *turns: str) -> tuple[Kind, set[str], dict[str, int]]:
    """What the last of these SMS was answered with: the outcome, the codes in it, the order."""
    shop = judge.Shop(stock_of(name))
    answer = [shop.take(text) for text in turns][-1]
    return answer.outcome, answer.named | set(answer.options), shop.order


@pytest.mark.parametrize(
    ("shop", "turns", "codes"),
    [
        ("pelita", ["ban depan nmax fdr brp", "yg belakang?"], {"BL-13070-13-NMAX"}),
        ("pagaralam", ["ban belakang nmax brp", "depannyo?"], {"BL-11070-13"}),
        ("pagaralam", ["ban trail belakang klx ada?", "yg depan ado?"], {"BL-275-21"}),
        ("pelita", ["pesen kampas rem belakang supra 2", "yg depan brp"], {"KRD-SPX"}),
        ("lampu", ["spul grand ada?", "supra x 125?"], {"SPL-SX"}),
        ("mobil", ["master rem innova ada?", "kalau kampas rem belakangnya?"], {"KR005"}),
        ("niagara", ["saringan oli dongfeng ada?", "kalau saringan solarnya?"], {"NG-FS09"}),
        ("muaraenim", ["wiper 24 inch ada ga", "22?"], {"WIP-22"}),
        ("pagaralam", ["karet footstep supra brp", "standar sampingnya berapa?"], {"STD-SPX"}),
    ],
)
def test_what_is_asked_on_is_for_the_vehicle_that_was_spoken_of(
    shop: str, turns: list[str], codes: set[str]
) -> None:
    """A side, a size or another thing alone is answered for what was spoken of and nothing else."""
    outcome, named, _ = asked(shop, *turns)
    assert outcome in (Kind.PRICE, Kind.STOCK)
    assert named == codes


def test_a_size_of_another_vehicle_is_not_had() -> None:
    """Of a size that there is for another vehicle alone it is said that there is none."""
    outcome, named, _ = asked("pagaralam", "piston mio ada?", "yg oversize 50 ada gak")
    assert outcome is Kind.NOT_FOUND
    assert not named


@pytest.mark.parametrize(
    ("shop", "text", "codes"),
    [
        ("pagaralam", "bohlam depan supra ada bang", {"LP-T19", "LP-LEDT19"}),
        ("bengkelku", "bohlam h6 ada om", {"BHL-H6", "LED-H6-RTD"}),
        ("bengkelku", "coolant ijo brp merah brp", {"CLT-HJ1", "CLT-MR1"}),
        ("muaraenim", "wiper 16 brp 20 brp", {"WIP-16", "WIP-20"}),
        ("muaraenim", "kampas kopling ps125 brp", {"KK-PS125"}),
        ("diesel", "plat kopling panther brp", {"ISD-015U"}),
        ("jalinsum", "gear set revo brp", {"GR03"}),
    ],
)
def test_all_that_is_called_so_is_quoted(shop: str, text: str, codes: set[str]) -> None:
    """A question is answered with each thing that has its words, and with no other one."""
    outcome, named, order = asked(shop, text)
    assert outcome in (Kind.PRICE, Kind.STOCK)
    assert (named, order) == (codes, {})


@pytest.mark.parametrize(
    ("shop", "text", "codes"),
    [
        ("talangkelapa", "oli matic ada merk apa aja",
         {"OL01", "OL04", "OL05", "OL08", "OL10", "OL11"}),
        ("talangkelapa", "oli yamaha ada apa aja", {"OL05", "OL06", "OL07", "OL14"}),
        ("kampung", "oli yamalube apa aja", {"OL-YML-08", "OL-YML-SP", "OL-YML-MT", "OG-YML"}),
    ],
)  # fmt: skip
def test_which_ones_there_are_is_all_of_them(shop: str, text: str, codes: set[str]) -> None:
    """Asked which ones there are, the shop lists all that have the words."""
    outcome, named, _ = asked(shop, text)
    assert outcome is Kind.CHOICES
    assert codes <= named


@pytest.mark.parametrize(
    ("shop", "text", "codes"),
    [
        ("niagara", "mau nanya kingpin canter brp", {"KP-FE74"}),
        ("pasarminggu", "tutup busi ada?", {"CUP-NGK"}),
        ("pagaralam", "motor saya revo mati total, cdi nya ada pak?", {"CDI-JUP", "CDI-SPX"}),
        ("pagaralam", "karbu supra fit sy banjir terus. kalo ganti baru karburatornya brp",
         {"KRB-GRAND"}),
        ("pagaralam", "ini anton yg di simpang, chain lube ado dak? kemaren kato adek aku ado",
         {"OL21"}),
        ("bengkelku", "tmn saya bilang disini jual lampu led h6, hrgnya brp?", {"LED-H6-RTD"}),
        ("lubuklinggau", "pak yg tadi sy tanya nozzle tf85 jadi brp", {"NZ-TF85"}),
        ("muaraenim", "kan kemaren tanya kampas rem carry futura depan masih ada kan, mau ganti "
         "soalnya bunyi terus, sekalian yg blkg berapa", {"KR-CRY-F", "KR-CRY-R"}),
    ],
)  # fmt: skip
def test_a_story_beside_a_question_does_not_hide_it(shop: str, text: str, codes: set[str]) -> None:
    """Who writes, who told of it, what has happened, why it is replaced: what is asked is answered."""
    _, named, order = asked(shop, text)
    assert (named, order) == (codes, {})


@pytest.mark.parametrize(
    ("shop", "turns"),
    [
        ("muaraenim", ["500 boleh ya kk kampas kopling ps120 nya ambil 2"]),
        ("pagaralam", ["kampas rem nmax depan berapa", "beli di shopee cuma 60 om"]),
        ("pagaralam", ["pedal gigi revo pesan 1", "Besok pulang sekolah saya ambil. Terima kasih"]),
        ("pelita", ["pesan oli mpx1 1", "anak sayo yg ambek ye bu, namonyo Rudi"]),
        ("truk", ["pesan kampas rem blkg l300 1", "yg sy beli dulu cepet banget habisnya pak"]),
        ("muaraenim", ["yg kemaren beli bunyi terus, mau ganti baru berapa"]),
        ("muaraenim", ["kampas rem l300 yg kemaren beli bunyi terus pak"]),
    ],
)
def test_what_asks_for_nothing_is_left_to_people(shop: str, turns: list[str]) -> None:
    """A bid, who fetches it, what it costs elsewhere, a complaint: none is told to be out."""
    before = asked(shop, *turns[:-1])[2] if turns[1:] else {}
    outcome, named, order = asked(shop, *turns)
    assert outcome is Kind.HUMAN
    assert (named, order) == (set(), before)


def test_one_less_of_lines_with_other_numbers_is_no_number_for_each() -> None:
    """ "One less" of two lines with other numbers never makes one of the line that is chosen."""
    order = asked(
        "sumber", "balljoint l300 brp", "atas 2 bawah 2", "atas 4",
        "ball joint nyo kurangi sikok, kebanyakan", "yang atas",
    )[2]  # fmt: skip
    assert order == {"BJ-L300-A": 4, "BJ-L300-B": 2}
