"""What customers say after each thing that the shop can have said, and before it."""

import pytest

from crm_tui.reading import read
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading

GOODS = [
    Entry(key, code, name, unit, "", other, 1_000 * key, 90)
    for key, code, name, unit, other in (
        (1, "SP-KA", "SEPUL ALPA KANAN", "pcs", ()), (2, "SP-KI", "SEPUL ALPA KIRI", "pcs", ()),
        (3, "TR-1", "TERAPI ALPA", "pcs", ()), (4, "RG-8", "RING PER M8", "pcs", ()),
        (5, "GR-8", "GERITA M8", "pcs", ()), (6, "LM-1", "LUMAS TIRTA 1L", "btl", ()),
        (7, "LM-5", "LUMAS TIRTA 5L", "galon", ()), (8, "TL-5", "TALIS SOLARA 5MM", "meter", ()),
        (9, "KD-IN", "KENDI IN ZULU", "pcs", ()), (10, "KD-EX", "KENDI EX ZULU", "pcs", ()),
        (11, "BJ-1", "BENJU DEWASA", "pcs", ()), (12, "BJ-2", "BENJU ANAK", "pcs", ()),
        (13, "WR-17", "WERAS 17X160", "pcs", ()), (14, "WR-14", "WERAS 14X160", "pcs", ()),
        (15, "TR-1X", "TERAPI BETO", "pcs", ()), (16, "ZM-ALTO", "ZAMRUD ALPA", "pcs", ()),
        (17, "TR-12", "TERAPI ZULU", "pcs", ()),
    )
]  # fmt: skip
SHOP = ItemIndex(GOODS)
BY_CODE = {entry.code: entry for entry in GOODS}


def ordered(**counts: int) -> Conversation:
    """A talk with an open order; codes with "_" for "-"."""
    lines = tuple(Line(BY_CODE[code.replace("_", "-")], count) for code, count in counts.items())
    return Conversation(order=lines, recent=tuple(line.entry for line in lines))


def quoted(*codes: str) -> Conversation:
    """A talk in which prices were told."""
    entries = tuple(BY_CODE[code] for code in codes)
    return Conversation(quoted=entries, recent=entries)


def proposed(**counts: int) -> Conversation:
    """A talk in which a YA was asked for."""
    talk = ordered(**counts)
    return Conversation(asked=True, proposed=talk.order, recent=talk.recent)


def shown(text: str, talk: Conversation) -> tuple[str, dict[str, int | None]]:
    reading: Reading = read(text, SHOP, talk, free=True)
    return reading.outcome.value, {
        line.entry.code: line.quantity for wish in reading.wishes for line in wish.lines
    }


BOTH = ordered(RG_8=3, GR_8=5)
OILS = ordered(LM_1=12, LM_5=1)


@pytest.mark.parametrize(
    ("talk", "text", "outcome", "lines"),
    [
        (Conversation(), "PESAN TR-1 2", "order", {"TR-1": 2}),
        (Conversation(), "PESAN TR-1 3", "order", {"TR-1": 3}),
        (Conversation(), "PESAN TR-1 2, GR-8 4", "order", {"TR-1": 2, "GR-8": 4}),
        (Conversation(), "PESAN TR-1 2 3", "choices", {"TR-12": 3}),
        (Conversation(), "PESAN 3 TR-1 2", "choices", {"TR-12": 3}),
        (Conversation(), "PESAN TR 1 2", "choices", {"TR-12": 1}),
        (Conversation(), "kendi in kendi ex zulu brp", "price", {"KD-IN": None, "KD-EX": None}),
        (
            Conversation(),
            "pesan kendi in sama kendi ex zulu 2 2",
            "order",
            {"KD-IN": 2, "KD-EX": 2},
        ),
        (
            Conversation(),
            "kendi in sama kendi ex zulu 2 1 pesan",
            "choices",
            {"KD-IN": 2, "KD-EX": 1},
        ),
        (Conversation(), "benju anak2 ado dak", "stock", {"BJ-2": None}),
        (Conversation(), "weras 17 yg lebar 160 brp", "price", {"WR-17": None}),
        (
            Conversation(),
            "ORDER RG-8 5 GR-8 2 A/N ZARKASI JL MERAPI NO 4",
            "order",
            {"RG-8": 5, "GR-8": 2},
        ),
        (Conversation(), "lumas tirta 5l isinya berapa kilo", "human", {}),
        (quoted("TR-1"), "itu panjangnya berapa senti", "human", {}),
        (quoted("TR-1"), "ya udah harga pas aja, kirim 2", "order", {"TR-1": 2}),
        (quoted("TR-1"), "harga pas berapa", "human", {}),
        (quoted("TR-1"), "ok harga pas 2rb ya, kirim 2", "human", {}),
        (quoted("TR-1", "GR-8"), "pesan dua duanya itu 1 1", "order", {"TR-1": 1, "GR-8": 1}),
        (proposed(SP_KA=1, SP_KI=1), "2 pasang", "order", {"SP-KA": 2, "SP-KI": 2}),
        (proposed(SP_KA=1, SP_KI=1), "sepasang aja", "order", {"SP-KA": 1, "SP-KI": 1}),
        (proposed(SP_KA=1, TR_1=1), "sepasang aja", "human", {}),
        (ordered(TR_1=2), "oh cukup 1", "amend", {"TR-1": 1}),
        (BOTH, "cukup 1", "human", {}),
        (ordered(TL_5=15, GR_8=6), "talisnya kurangi jadi 12 meter", "amend", {"TL-5": 12}),
        (ordered(TL_5=15, GR_8=6), "geritanya kurangi jadi 4 meter", "human", {}),
        (BOTH, "ring per nyo dak usah", "amend", {"RG-8": 0}),
        (BOTH, "ringnya ga usah, udah dapet di kampung", "amend", {"RG-8": 0}),
        (BOTH, "yang ring ga jadi", "amend", {"RG-8": 0}),
        (BOTH, "ga jadi pesan ring per", "amend", {"RG-8": 0}),
        (BOTH, "ringnya jadi 6", "amend", {"RG-8": 6}),
        (BOTH, "m8 nya 6", "human", {}),
        (OILS, "yang 1 liter jadi 10", "amend", {"LM-1": 10}),
        (OILS, "yang seliter 10 bae", "amend", {"LM-1": 10}),
        (BOTH, "batal galo bae mang, mobil la dijual", "cancel", {}),
        (BOTH, "batal semua pak, duitnya kepakai bayar listrik", "cancel", {}),
        (BOTH, "batal semua, ringnya udah dapet", "cancel", {}),
        (BOTH, "batal, ringnya udah dapet", "human", {}),
        (BOTH, "batal semua, yang ring udah dapet", "human", {}),
        (BOTH, "batal semua, kirim ringnya aja", "human", {}),
        (BOTH, "batal semua, eh jadi deh", "human", {}),
        (ordered(TR_1=2), "ga jadi pesan bos, motornya keburu dijual", "cancel", {}),
        (ordered(TR_1=2), "batal mas, barangnya udah rusak", "human", {}),
        (ordered(TR_1=2), "batal ambil sore, besok pagi udah di sana", "human", {}),
        (ordered(TR_1=2), "jangan dibatalin ya, uangnya udah ada", "human", {}),
        (BOTH, "ringnya tambah 1, gerita kurangi 2", "amend", {"RG-8": 4, "GR-8": 3}),
        (BOTH, "geritanya ga usah. ringnya jadi 6. makasih", "amend", {"GR-8": 0, "RG-8": 6}),
        (BOTH, "geritanya ga usah, ganti terapi alpa 2", "amend", {"GR-8": 0, "TR-1": 2}),
        (BOTH, "ring jadi 4, eh ga jadi", "human", {}),
        (BOTH, "geritanya aja, yang lain batal", "amend", {"RG-8": 0}),
        (BOTH, "gerita 2, yang lain batal", "human", {}),
        (BOTH, "jadi berapa semuanya", "status", {}),
        (BOTH, "jadi berapa semuanya kalo tambah 1", "human", {}),
        (ordered(SP_KA=2), "bukan, yang kiri", "amend", {"SP-KA": 0, "SP-KI": 2}),
        (ordered(SP_KA=2), "jangan, besok aja", "human", {}),
        (proposed(SP_KA=2), "bukan itu, yang kiri", "choices", {"SP-KI": 2}),
        (proposed(SP_KA=2), "bukan itu", "human", {}),
        (proposed(SP_KA=2), "ya, sama terapi alpa 1", "choices", {"SP-KA": 2, "TR-1": 1}),
        (proposed(SP_KA=2), "yang kiri aja", "choices", {"SP-KI": 2}),
        (quoted("TR-1"), "mantap, 2", "order", {"TR-1": 2}),
    ],
)
def test_said_then(
    talk: Conversation, text: str, outcome: str, lines: dict[str, int | None]
) -> None:
    """What is chosen, changed, agreed to or taken back is just what was said."""
    assert shown(text, talk) == (outcome, lines)


LISTED = Conversation(
    offered=(GOODS[0], GOODS[1], GOODS[2], GOODS[14]), choosing=Kind.ORDER,
    parts=((2, 2), (2, None)), held=(Line(GOODS[3], 4),),
)  # fmt: skip
"""The left or the right one, 2 of it; and which of two, who knows how many; 4 of a third thing wait."""


@pytest.mark.parametrize(
    ("text", "outcome", "lines", "options", "held"),
    [
        ("2", "choices", {}, ["TR-1", "TR-1X"], {"RG-8": 4, "SP-KI": 2}),
        ("yang kiri", "choices", {}, ["TR-1", "TR-1X"], {"RG-8": 4, "SP-KI": 2}),
        ("2 sama 3", "choices", {"RG-8": 4, "SP-KI": 2, "TR-1": 1}, [], {}),
        ("kiri 2, terapi beto 3", "order", {"RG-8": 4, "SP-KI": 2, "TR-1X": 3}, [], {}),
        ("yang kanan berapa", "price", {"SP-KA": None}, [], {"RG-8": 4}),
        ("dua duanya", "human", {}, [], {}),
    ],
)
def test_lists_for_two_things(
    text: str, outcome: str, lines: dict[str, int], options: list[str], held: dict[str, int]
) -> None:
    """Each thing of a list is chosen by itself; nothing is ordered before all are, nothing is lost."""
    reading = read(text, SHOP, LISTED, free=True)
    assert shown(text, LISTED) == (outcome, lines)
    assert [entry.code for wish in reading.wishes for entry in wish.options] == options
    assert {line.entry.code: line.quantity for w in reading.wishes for line in w.held} == held


def test_another_thing_of_the_same_size() -> None:
    """A size that an ordered thing shares with another kind changes nothing but what is named."""
    outcome, lines = shown("ring per m8 nya 6", ordered(GR_8=5))
    assert (outcome, lines) != ("amend", {"GR-8": 6})


@pytest.mark.parametrize("text", ["PESAN ZM-ALT 2", "HARGA ZM-ALT", "pesan ZM-ALTOX 2 ya"])
def test_codes_cut_short(text: str) -> None:
    """A code of letters with a sign too few or too many is asked about."""
    reading = read(text, SHOP, Conversation(), free=True)
    assert reading.outcome is Kind.CHOICES
    named = [entry.code for wish in reading.wishes for entry in wish.options]
    named += [line.entry.code for wish in reading.wishes for line in wish.lines]
    assert named == ["ZM-ALTO"]
