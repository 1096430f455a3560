"""What is told around a question or an order by ordinary customers: stories, sharers, makes behind."""

import pytest

from tests import reading_judge as judge
from tests.test_going_on import stock_of


def after(shop: str, before: list[str], text: str) -> tuple[str, dict[str, int]]:
    """The outcome of a turn behind others, and what is ordered then."""
    talk = judge.Shop(stock_of(shop))
    for turn in before:
        talk.take(turn)
    return talk.take(text).outcome.value, dict(talk.order)


BEAT = "talangkelapa"


@pytest.mark.parametrize(
    "text",
    [
        "brp sih harga handle rem beat yg kanan, td jatuh patah hehe",
        "bang tadi motor sy jatoh di simpang, handle remnya patah, motornya beat, brp ya",
        "lampu beat ada? td ketabrak pecah",
        "bang busi beat ada ga soalnya motor sy brebet",
        "mlm bang kanvas rem dpn nmax brp, mau sy ganti sendiri",
        "oli drum seliternya brp",
        "busi beat kira2 habis berapa ya",
        "mau tanya klo v belt beat fi brp ya",
    ],
)
def test_a_story_beside_a_question_is_read_past(text: str) -> None:
    """What has happened to somebody's vehicle keeps no question from its answer."""
    outcome, order = after(BEAT, [], text)
    assert outcome in ("price", "stock", "choices")
    assert not order


@pytest.mark.parametrize(
    "text",
    [
        "aki yg kmrn beli sini udah soak, aki baru brp",
        "ban yg kmrn bocor lagi, ban baru brp",
        "barangnya udah rusak, brp yg baru",
        "kemaren beli kampas rem nmax disini udah bunyi, brp yg bagus",
        "kemarin handle rem beat patah, skrg ada ganti?",
    ],
)
def test_a_complaint_stays_with_people(text: str) -> None:
    """Nothing is quoted to somebody who complains of what the shop sold."""
    assert after(BEAT, [], text) == ("human", {})


@pytest.mark.parametrize(
    ("shop", "before", "text", "order"),
    [
        (BEAT, ["stok ban luar irc 70/90 17 ada"], "4 ya pak, 2 untuk saya 2 untuk adik",
         {"BL-7090-17-IRC": 4}),
        (BEAT, ["stok ban luar irc 70/90 17 ada"], "2 ya, tetangga nitip", {"BL-7090-17-IRC": 2}),
        (BEAT, ["pesan kabel gas beat 1"], "kabel gasnya dua, satu buat cadangan", {"KBG-BEAT": 2}),
        (BEAT, ["filter oli vixion ada?"], "pesen 2, minggu sy ambil", {"FO-VIX": 2}),
        (BEAT, ["pesan standar samping beat 1"], "tambah 1 lg kak, temen nitip", {"STD-BEAT": 2}),
        (BEAT, ["pesan oli drum 5 liter"], "10 liter jadinya, pas 1 jerigen", {"OL16": 10}),
        (BEAT, ["paking set beat?", "sil klep?"], "ambil semua 1 1", {"PKS-BEAT": 1, "SK-SUP": 1}),
        (BEAT, ["pesan lampu stop 10 sama bohlam sen 20"], "lampu stopnya 20 juga",
         {"BH-1034": 20, "BH-SEIN": 20}),
        (BEAT, ["pesan kampas kopling jupiter z 1"], "ganti yg supra x ya", {"KK-SUP": 1}),
        (BEAT, ["pesan mpx1 yg 1 liter 3"], "eh bentar min, yang 0,8 maksudnya", {"OL02": 3}),
        ("baturaja", ["pesan selang radiator atas avanza 1"], "yg bawah 1 jg deh udah getas",
         {"SLG-AV-A": 1, "SLG-AV-B": 1}),
        ("baturaja", ["pesan aki n70 1"], "ternyata perlu 2 buah untuk 2 unit mobil", {"N70": 2}),
        ("baturaja", ["pesan head lamp l300 kiri 1", "brp tu"], "waduh mahal, batalin aja pak", {}),
        (BEAT, ["pesan kabel gas beat 1"], "mahal ya, ga jadi deh", {}),
    ],
)  # fmt: skip
def test_what_is_told_around_an_order(
    shop: str, before: list[str], text: str, order: dict[str, int]
) -> None:
    """Who shares in it, for whom it is, and why: the order is what was said."""
    assert after(shop, before, text)[1] == order


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (["stok ban luar irc 70/90 17 ada"], "4 ya pak, 2 untuk saya 3 untuk adik"),
        (["stok ban luar irc 70/90 17 ada"], "2 ya, bukan buat saya"),
        (["paking set beat?", "sil klep?"], "ambil semua 1 2"),
        (["paking set beat?", "sil klep?"], "ok pesan"),
        (["kalo slebor depannya?"], "yg hitam kan? 1 ya"),
    ],
)
def test_a_sum_that_is_wrong_orders_nothing(before: list[str], text: str) -> None:
    """What does not add up, what is denied and what is only made sure of is no order."""
    assert after(BEAT, before, text)[1] == {}


def test_another_vehicle_than_was_said_is_not_had_besides() -> None:
    """ "Yg ori 1 buat supra x nya" is none for another supra."""
    before = ["gir set supra fit ori sama indoparts brp pak", "bungkus yang indoparts 2",
              "eh maaf buat supra x 125 maksud saya"]  # fmt: skip
    assert "GS01" not in after("borongan", before, "yg ori aja deh 1 buat supra x nya")[1]


@pytest.mark.parametrize(
    "text",
    [
        "pesan plat 1 dekrup 1 druk laher 1",
        "pesan plat 1, dekrup 1, druk laher 1",
        "pesan dekrup 1 druk laher 1 plat 1",
    ],
)
@pytest.mark.parametrize("before", [[], ["kopling set avanza brp bang plat sama dekrup"]])
def test_no_thing_is_left_out_whose_word_stands_before_numbers_too(
    text: str, before: list[str]
) -> None:
    """A word of the catalogue with a count behind it is a thing, not the number of a vehicle."""
    outcome, order = after("muaraenim", before, text)
    assert outcome != "order" or len(order) == 3, order
    told, ordered = after("muaraenim", before, "pesan dekrup avanza 1, mobil plat bg 1234 xx")
    assert (told, ordered) == ("order", {"DK-AVZ": 1})
