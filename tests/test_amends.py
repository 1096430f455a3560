"""Ways to change an open order, to agree to what there is, and to ask on, as other shops hear them."""

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading
from tests import reading_judge as judge

ENTRIES = [
    Entry(1, "PL-O", "PELITA H11 55W OSTA", "pcs", price=72_000, available=18),
    Entry(2, "PL-P", "PELITA H11 55W PILIS", "pcs", price=85_000, available=0),
    Entry(3, "PL-4", "PELITA H4 60W OSTA", "pcs", price=38_000, available=18),
    Entry(4, "TB-C", "TABIR AIR CARIN/SIGAR SLIM", "set", price=98_000, available=9),
    Entry(5, "TB-V", "TABIR AIR AVANI 2012-2018 SLIM", "set", price=115_000, available=9),
    Entry(6, "TB-N", "TABIR AIR NEW AVANI 2022 SLIM", "set", price=135_000, available=9),
    Entry(7, "BT-G", "BATARI GEES ASTA GZ5S MF", "pcs", price=235_000, available=9),
    Entry(8, "BT-Y", "BATARI YUSA YZ5S MF", "pcs", price=228_000, available=9),
    Entry(9, "BT-8", "BATARI YUSA YZ8V MF", "pcs", price=328_000, available=9),
    Entry(10, "CT-D", "CATRA PILOX HITAM DOFF", "klg", price=30_000, available=20),
    Entry(11, "CT-C", "CATRA PILOX CLEAR", "klg", price=30_000, available=20),
    Entry(12, "CT-M", "CATRA PILOX MERAH", "klg", price=30_000, available=20),
    Entry(13, "TP-B", "TERAPI CENSI BIRU", "pcs", price=45_000, available=20),
    Entry(14, "TP-M", "TERAPI CENSI MERAH", "pcs", price=45_000, available=20),
    Entry(15, "VS-S", "VISORI ENMA 2015-2019 SMOK", "pcs", price=95_000, available=9),
    Entry(16, "VS-2S", "VISORI NEW ENMA 2020 SMOK", "pcs", "", ("visori enma baru smok",), 110_000, 9),
    Entry(17, "VS-2B", "VISORI NEW ENMA 2020 BENING", "pcs", "", ("visori enma baru bening",),
          110_000, 9),
    Entry(18, "WP-24", "WIPARA BOSKA 24 INCH", "pcs", price=52_000, available=0),
    Entry(19, "WP-F24", "WIPARA FRAMLES KARET 24 INCH", "pcs", "", ("framles 24",), 36_000, 9),
    Entry(20, "SD-B", "SIDAL SOK BETA", "set", price=45_000, available=30),
]  # fmt: skip
INDEX = ItemIndex(ENTRIES)
catalogue = cache(judge.catalogue)
BY_CODE = {entry.code: entry for entry in ENTRIES}


def ordered(*recent: str, **order: int) -> Conversation:
    """An open order; `recent`: what the talk was about before."""
    lines = tuple(Line(BY_CODE[code.replace("_", "-")], count) for code, count in order.items())
    before = tuple(BY_CODE[code] for code in recent)
    return Conversation(order=lines, recent=(*before, *(line.entry for line in lines)))


def told(code: str, quantity: int | None = None) -> Conversation:
    """The shop told the price of this, or that there is none."""
    return Conversation(quoted=(BY_CODE[code],), recent=(BY_CODE[code],), quantity=quantity)


def follow(talk: Conversation, text: str) -> Reading:
    return read(text, INDEX, talk, free=True)


def shown(talk: Conversation, text: str) -> tuple[str, dict[str, int | None]]:
    reading = follow(talk, text)
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    return reading.outcome.value, lines


TWO = ordered(CT_D=3, CT_C=2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("dopnya jadi 4", {"CT-D": 4}), ("yg dop jadi 4 aja", {"CT-D": 4}),
        ("doffnya jadi 5 ya", {"CT-D": 5}), ("hitamnya jadi 1", {"CT-D": 1}),
        ("itemnyo jadi 4", {"CT-D": 4}), ("yang clear jadi 6", {"CT-C": 6}),
        ("clearnya jd 1", {"CT-C": 1}), ("sing dop dadi 4", {"CT-D": 4}),
        ("nu clear jadi 3", {"CT-C": 3}),
        ("yg item jadiin 5", {"CT-D": 5}), ("clear nya ganti jadi 7", {"CT-C": 7}),
        ("clearnya tambah 2", {"CT-C": 4}), ("dopnya kurangi 1", {"CT-D": 2}),
        ("yg dop batal", {"CT-D": 0}), ("yang clear batal ya", {"CT-C": 0}),
        ("dopnya ga jadi", {"CT-D": 0}), ("itemnya cancel aja", {"CT-D": 0}),
        ("clearnyo dak jadi", {"CT-C": 0}), ("sing clear ora sido", {"CT-C": 0}),
        ("masing2 jadi 2", {"CT-D": 2, "CT-C": 2}), ("masing masing jadi 5 ya", {"CT-D": 5, "CT-C": 5}),
        ("jadi masing2 4 bos", {"CT-D": 4, "CT-C": 4}), ("@ jadi 6", {"CT-D": 6, "CT-C": 6}),
        ("masing2 4 aja", {"CT-D": 4, "CT-C": 4}), ("ganti masing2 1", {"CT-D": 1, "CT-C": 1}),
        ("masing2 siji wae", {"CT-D": 1, "CT-C": 1}), ("masing2 duo bae kak", {"CT-D": 2, "CT-C": 2}),
        ("masing-masing jadi selusin", {"CT-D": 12, "CT-C": 12}),
        ("masing2nya jadi 3", {"CT-D": 3, "CT-C": 3}),
    ],
)  # fmt: skip
def test_lines(text: str, wanted: dict[str, int]) -> None:
    """A line is named by any word that it alone has; "each" is each line of the order."""
    assert shown(TWO, text) == (("amend", wanted) if wanted else ("human", {}))


@pytest.mark.parametrize(
    "text",
    ["masing2 jadi 2?", "masing2 brp", "masing2 jadi 2 atau 3", "masing2 2 jadi berapa",
     "masing2 jadi 0", "nanti masing2 jadi 2", "piloxnya jadi 4", "catranya jadi 2", "merahnya jadi 4"],
)  # fmt: skip
def test_no_lines(text: str) -> None:
    """What may be several lines, or none, or is only asked, changes nothing."""
    assert follow(TWO, text).outcome is not Kind.AMEND


@pytest.mark.parametrize(
    "text",
    [
        "ga jadi kak maaf, batalin aja pesanannya", "maaf ga jadi, batalkan aja ya",
        "dak jadi mang, batalke bae",
        "gak jadi. batalin pesanannya pak", "ga jadi deh, cancel aja",
        "tidak jadi bu, mohon dibatalkan",
        "ora sido pak, batalno wae", "teu jadi kang, batalkeun",
        "nggak jadi ya maaf, batal aja pesanannya",
        "ga usah kak, batalin semua", "ndak jadi bang maap, batalin bae galonyo",
    ],
)  # fmt: skip
@pytest.mark.parametrize("talk", [ordered(CT_D=3), TWO], ids=["one", "two"])
def test_whole_order(talk: Conversation, text: str) -> None:
    """Said twice and with an apology, a withdrawal is one of the whole order, or a person sees it."""
    outcome, lines = shown(talk, text)
    assert outcome == "cancel" or (outcome, lines) == ("human", {})
    if "pesanan" in text or "semua" in text or len(talk.order) == 1:
        assert outcome == "cancel"


@pytest.mark.parametrize(
    "text",
    ["batal, ga jadi batal", "ga jadi batalin", "eh ga jadi, jangan dibatalin", "batalin. eh ga jadi",
     "ga jadi batal kak, lanjut", "ga jadi, batalin ga ya?", "dopnya ga jadi, batalin yg dop",
     "ga jadi dibatalkan pesanannya", "kalau ga jadi, batalin bisa?", "ga jadi 2, batalin 1",
     "ga jadi, itu", "batal, yang itu", "batalin, yg tadi ya pak", "dak jadi, sing iki"],
)  # fmt: skip
def test_no_whole_order(text: str) -> None:
    """A withdrawal of a withdrawal, of a part or on a condition does not cancel the order."""
    assert follow(TWO, text).outcome is not Kind.CANCEL


@pytest.mark.parametrize(
    ("talk", "text", "wanted"),
    [
        (ordered(BT_G=2), "eh salah, ganti yusa yz5s", {"BT-G": 0, "BT-Y": 2}),
        (ordered(BT_G=2), "ganti yusa yz5s aja", {"BT-G": 0, "BT-Y": 2}),
        (ordered(BT_G=2), "maaf salah, ganti sama yusa yz8v", {"BT-G": 0, "BT-8": 2}),
        (ordered(BT_G=2), "diganti batari yusa yz5s ya", {"BT-G": 0, "BT-Y": 2}),
        (ordered(BT_G=2), "salah bos, gantike yusa yz5s", {"BT-G": 0, "BT-Y": 2}),
        (ordered(BT_G=2), "eh keliru, ganti yz5s yusa 3", {"BT-G": 0, "BT-Y": 3}),
        (ordered(BT_G=2), "batarinya ganti yusa yz5s", {"BT-G": 0, "BT-Y": 2}),
        (ordered(BT_G=2), "yg itu ganti yusa yz5s aja", {"BT-G": 0, "BT-Y": 2}),
        (ordered(BT_G=2), "itu ganti yusa yz8v", {"BT-G": 0, "BT-8": 2}),
        (ordered(TP_B=1), "itu ganti yg merah", {"TP-B": 0, "TP-M": 1}),
        (ordered(TP_B=1), "terapinya ganti merah aja", {"TP-B": 0, "TP-M": 1}),
        (ordered(TP_B=4), "eh salah, ganti terapi merah", {"TP-B": 0, "TP-M": 4}),
        (ordered(TP_B=4), "ganti yg merah aja, jgn biru", {"TP-B": 0, "TP-M": 4}),
        (ordered(VS_S=1), "eh enma nya yg baru 2021, ganti", {"VS-S": 0, "VS-2S": 1}),
        (ordered(VS_S=1), "ganti yg enma baru", {"VS-S": 0, "VS-2S": 1}),
        (ordered(VS_2S=1), "bening aja jgn smok", {"VS-2S": 0, "VS-2B": 1}),
    ],
)  # fmt: skip
def test_instead(talk: Conversation, text: str, wanted: dict[str, int]) -> None:
    """Of one line there is, another thing is had instead, and as many of it."""
    assert shown(talk, text) == ("amend", wanted)


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        (ordered(BT_G=2), "ganti yusa"), (ordered(BT_G=2), "eh salah, ganti yusa"),
        (ordered(BT_G=2, CT_D=1), "ganti yusa yz5s ga ya"), (ordered(BT_G=2), "ganti yusa yz5s brp?"),
        (ordered(BT_G=2), "ganti terapi merah"), (ordered(BT_G=2), "kalo ganti yusa yz5s bisa?"),
        (ordered(VS_S=1), "ganti yg bening"), (ordered(BT_G=2), "jangan ganti yusa yz5s"),
        (ordered(BT_G=2), "ganti yusa yz5s atau yz8v"), (ordered(BT_G=2), "nanti ganti yusa yz5s"),
    ],
)  # fmt: skip
def test_not_instead(talk: Conversation, text: str) -> None:
    """What may be several things, another kind, or only a question changes nothing."""
    assert follow(talk, text).outcome is not Kind.AMEND


@pytest.mark.parametrize(
    "text",
    ["yg avani jg 1", "avani nya juga 1", "yang avani juga 1 ya", "yg avani jugo 1",
     "sing avani sisan 1",
     "sama yg avani 1", "tambah yg avani 1", "nu avani oge hiji", "yg avani sekalian 1 set",
     "plus yg avani 1", "yg avani sikok jugo"],
)  # fmt: skip
def test_another_model(text: str) -> None:
    """The same for another model is the one that the talk was about, if there was one."""
    assert shown(ordered("TB-V", TB_C=1), text) in (
        ("amend", {"TB-V": 1}),
        ("choices", {"TB-V": 1}),
    )
    outcome, lines = shown(ordered(TB_C=1), text)
    assert (outcome, lines) in (("choices", {}), ("human", {}))


@pytest.mark.parametrize(
    "text",
    ["kalo yg framles 24 ada?", "kalau framles 24 ada ga", "yg framles ada?", "klo yg framles brp",
     "kalu yang framles ado dak", "yang framles 24 ready?",
     "nek sing framles ono?", "yg framles 24 brp",
     "kalo framles?", "ada yg framles 24 ga", "men yg framles berapo"],
)  # fmt: skip
@pytest.mark.parametrize("quantity", [None, 1])
def test_asking_on(text: str, quantity: int | None) -> None:
    """A question about another make is answered, not proposed."""
    assert shown(told("WP-24", quantity), text) in (
        ("price", {"WP-F24": None}), ("stock", {"WP-F24": None})
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("10 aja deh kebanyakan", 10), ("5 aja, kebanyakan", 5), ("kebanyakan, 10 aja", 10),
        ("kakehan, 10 wae", 10), ("10 bae kebanyaken", 10), ("kebanyakan pak, jadi 8 aja", 8),
        ("dua aja kebanyakan", 2), ("eh 10 aja deng kebanyakan", 10), ("kelebihan, 10 saja", 10),
        ("10 aja ya kebanyakan soalnya", 10), ("kabanyakan kang, 10 we", 10),
        ("kebanyakan 2", None), ("kebanyakan", None), ("kebanyakan ga 10?", None),
        ("10 kebanyakan ga ya", None), ("10 atau 12 aja kebanyakan", None),
    ],
)  # fmt: skip
def test_too_many(text: str, count: int | None) -> None:
    """Too many: the one line gets the number that is wanted, if it is said."""
    outcome, lines = shown(ordered(SD_B=20), text)
    assert (outcome, lines) == (("amend", {"SD-B": count}) if count else ("human", {}))
    assert follow(TWO, text).outcome is not Kind.AMEND


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("yo lah 235 jg dak apo, aku ambek 1", 1), ("ya udah 235 gapapa, ambil 2", 2),
        ("ok 235 ya, saya ambil 1", 1), ("235rb jadi, kirim 2 ya", 2), ("ya 235 ribu gpp pesan 1", 1),
        ("235.000 ok, pesan 3", 3), ("yo wis 235 ora opo2, jupuk 1", 1), ("235 ga apa apa ambil 1", 1),
        ("yo 235 jadilah aku ambek sikok", 1), ("oke deh 235 ambil dua", 2),
        ("235000 ya udah ambil 1", 1),
        ("230 aja ya aku ambil 1", None), ("200rb ya ambil 2", None), ("ya 235", None),
        ("235 ya", None), ("235 ambil 1 bisa kurang ga?", None), ("235 dapet 2 ya ambil", None),
        ("235 mahal, ambil 1 ya 200", None),
    ],
)  # fmt: skip
def test_at_the_told_price(text: str, count: int | None) -> None:
    """Whoever agrees to the price that was told orders as many as they say, at no other price."""
    outcome, lines = shown(told("BT-G"), text)
    if count:
        assert (outcome, lines) in (("order", {"BT-G": count}), ("choices", {"BT-G": count}))
    else:
        assert outcome in ("human", "choices")
        assert lines in ({}, {"BT-G": 1})


@pytest.mark.parametrize(
    "text",
    ["osta aja kalo gitu", "kalau gitu osta aja", "ya udah osta aja", "yaudah yg osta aja",
     "yo wis osta wae",
     "kalu cak itu yg osta bae", "ya sudah osta saja", "oke udah osta aja", "gpp osta aja",
     "kalo begitu yg osta aja ya", "lamun kitu osta we"],
)  # fmt: skip
def test_what_there_is(text: str) -> None:
    """Another make, agreed to, is had in the number that was said, be it asked about once more."""
    wanted = {"PL-O": 2}
    assert shown(told("PL-P", 2), text) in (("order", wanted), ("choices", wanted))
    reading = follow(told("PL-P"), text)
    assert reading.outcome not in (Kind.ORDER, Kind.CONFIRM)


@pytest.mark.parametrize("text", ["osta aja kalo gitu?", "osta ada?", "kalo osta?", "osta berapa"])
def test_only_asked(text: str) -> None:
    """A question about what there is orders nothing."""
    assert follow(told("PL-P", 2), text).outcome not in (Kind.ORDER, Kind.CONFIRM)


# ── doubts put into the turns of labelled talks ───────────────────────────────────────────────

NAMES = ["car", "motor", "diesel", "workshop", "trucks", "variasi"]
DOUBTS = [
    "jangan {}", "{}?", "kalau {} gimana", "mungkin {}", "bukan {}", "kemarin {}", "{} atau 9",
    "suami saya {}", "belum {}", "{} besok kalau gajian", "{} tapi nego ya", "nanti kalo gajian {}",
]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 10**9), st.sampled_from(DOUBTS))
def test_doubts_change_nothing(name: str, seed: int, doubt: str) -> None:
    """A turn of a talk that orders or amends does neither with a doubt, a past or a question in it."""
    chance = random.Random(seed)
    talk = chance.choice(judge.labels(judge.CORPORA / name / "conversations.jsonl"))
    shop = judge.Shop(catalogue(judge.CORPORA / name))
    for turn in talk["turns"]:
        order, said, recent = dict(shop.order), shop.talk, shop.recent
        shop.take(turn["text"])
        if shop.order != order:
            after = dict(shop.order), shop.talk, shop.recent
            shop.order, shop.talk, shop.recent = dict(order), said, recent
            if doubt == "jangan {}" and turn["text"].startswith("salah"):
                # "Don't get it wrong, I mean the blue one": no doubt.
                shop.order, shop.talk, shop.recent = after
                continue
            shop.take(doubt.format(turn["text"]))
            assert shop.order == order
            shop.order, shop.talk, shop.recent = after


@pytest.mark.parametrize(
    "text",
    ["nanti kurangi 4", "jangan kurangi 4", "belum nambah 2 jadi 22", "kemarin kurangi 4",
     "kurangi 4 nego ya",
     "kalau kurangi 4 gimana", "mungkin nambah 2 jadi 22", "jangan tambah 2", "belum jadi 3",
     "tambah 2 atau 3", "ga jadi kurangi 4", "besok kalau gajian tambah 2"],
)  # fmt: skip
def test_no_more_and_no_less(text: str) -> None:
    """So many more or less is changed only where nothing stands against it."""
    assert follow(ordered(SD_B=20), text).outcome is not Kind.AMEND


@pytest.mark.parametrize("text", ["PESAN PL-O 2?", "PL-O 2 ?", "pesan pl-o.2?", "ORDER PL-O?"])
def test_codes_asked_about(text: str) -> None:
    """A code with a question mark is asked about or told the price of, too."""
    assert follow(Conversation(), text).outcome in (Kind.CHOICES, Kind.PRICE)


@pytest.mark.parametrize("word", ["GANTI", "ganti sama", "tukar", "ganti dengan", "ganti jadi"])
@pytest.mark.parametrize("order", [{"BT_G": 2}, {"PL_O": 1}, {"BT_G": 2, "PL_O": 1}])
def test_swap_word_adds_nothing(word: str, order: dict[str, int]) -> None:
    """GANTI and one other code is had instead of the one line, or asked about; never on top of it."""
    reading = follow(ordered(**order), f"{word} BT-8 1")
    lines = {line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines}
    if len(order) == 1:
        assert lines == {next(iter(order)).replace("_", "-"): 0, "BT-8": 1}
    assert reading.outcome not in (Kind.ORDER, Kind.AMEND) or 0 in lines.values()


def test_swap_word_with_what_is_ordered() -> None:
    """GANTI and what is ordered sets its number; with another thing beside it, people are asked."""
    talk = ordered(BT_G=2)
    assert shown(talk, "GANTI BT-G 3") == ("amend", {"BT-G": 3})
    assert not follow(talk, "GANTI BT-G 2 BT-8 1").certain
