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
        (17, "TR-12", "TERAPI ZULU", "pcs", ()), (18, "SR-1", "SELANG RADIATOR ALPA", "pcs", ()),
        (19, "ZX-2", "ZAMORA OIL ZX2 0.8L", "btl", ()), (20, "BR-Z", "BENJU ZAMORA", "pcs", ()),
        (21, "SP-Z", "SEPUL BETO ZAMORA", "pcs", ()),
        (22, "TB-225", "TABUNG SOLARA 2.25/2.50-17", "pcs", ()),
        (23, "TB-275", "TABUNG SOLARA 2.75/3.00-17", "pcs", ()),
        (26, "MS-K", "MAS KENDI PLATINA", "pcs", ()), (27, "KM-1", "KARPET MERAH KECIL", "pcs", ()),
        (28, "KH-1", "KARPET HIJAU KECIL", "pcs", ()),
        (24, "KW-17", "KARPET WERAS R17", "pcs", ()), (25, "KW-14", "KARPET WERAS R14", "pcs", ()),
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
REPLACED_BY = Conversation(quoted=(GOODS[2],), quantity=24, recent=(GOODS[2],))
"""The shop told that there are so many as were asked for."""
_THREE = tuple(BY_CODE[code] for code in ("TR-1", "TR-1X", "RG-8"))
ALL_THREE = Conversation(quoted=_THREE, recent=_THREE)
ASKED_ON = Conversation(quoted=_THREE[1:], recent=_THREE)
"""One thing was asked about, then two in one text."""
REPLACED = Conversation(
    order=(Line(GOODS[0], 3),), recent=tuple(GOODS[:2]), quoted=(GOODS[1],)
)  # fmt: skip
CHOSEN = Conversation(
    order=(Line(GOODS[0], 3),), recent=tuple(GOODS[:2]), listed=tuple(GOODS[:2])
)  # fmt: skip


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
        (BOTH, "cukup 1", "choices", {}),
        (ordered(TL_5=15, GR_8=6), "talisnya kurangi jadi 12 meter", "amend", {"TL-5": 12}),
        (ordered(TL_5=15, GR_8=6), "geritanya kurangi jadi 4 meter", "human", {}),
        (BOTH, "ring per nyo dak usah", "amend", {"RG-8": 0}),
        (BOTH, "ringnya ga usah, udah dapet di kampung", "amend", {"RG-8": 0}),
        (BOTH, "yang ring ga jadi", "amend", {"RG-8": 0}),
        (BOTH, "ga jadi pesan ring per", "amend", {"RG-8": 0}),
        (BOTH, "ringnya jadi 6", "amend", {"RG-8": 6}),
        (BOTH, "m8 nya 6", "choices", {}),
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
        (BOTH, "gerita 2, yang lain batal", "amend", {"GR-8": 2, "RG-8": 0}),
        (BOTH, "gerita aja, yang lain ga jadi dibatalin", "human", {}),
        (BOTH, "gerita aja dulu, sisanya batal dikirim hari ini", "choices", {"RG-8": 0}),
        (ordered(SP_KA=1), "yang kiri cukup", "price", {"SP-KI": None}),
        (BOTH, "jadi berapa semuanya", "status", {}),
        (BOTH, "jadi berapa semuanya kalo tambah 1", "human", {}),
        (ordered(SP_KA=2), "bukan, yang kiri", "amend", {"SP-KA": 0, "SP-KI": 2}),
        (ordered(SP_KA=2), "jangan, besok aja", "human", {}),
        (proposed(SP_KA=2), "bukan itu, yang kiri", "choices", {"SP-KI": 2}),
        (proposed(SP_KA=2), "bukan itu", "human", {}),
        (proposed(SP_KA=2), "ya, sama terapi alpa 1", "choices", {"SP-KA": 2, "TR-1": 1}),
        (proposed(SP_KA=2), "yang kiri aja", "choices", {"SP-KI": 2}),
        (quoted("TR-1"), "mantap, 2", "order", {"TR-1": 2}),
        (quoted("TR-1"), "dak apo 2 bae", "order", {"TR-1": 2}),
        (quoted("TR-1"), "2 apo 3 bae", "human", {}),
        (quoted("TR-1", "GR-8"), "pesan dua-duanya satu satu", "order", {"TR-1": 1, "GR-8": 1}),
        (Conversation(), "sepul alpa yang bukan kiri brp", "price", {"SP-KA": None}),
        (Conversation(), "terapi alpa 2, titip disiapin ya mbak", "order", {"TR-1": 2}),
        (
            Conversation(),
            "terapi alpa 2, gerita 3, pesan pak mau naik bubut",
            "order",
            {"TR-1": 2, "GR-8": 3},
        ),
        (Conversation(), "radiator alpa brp", "not_found", {}),
        (Conversation(), "selang radiator alpa brp", "price", {"SR-1": None}),
        (Conversation(), "sepul alpa tengen wonten mboten", "stock", {"SP-KA": None}),
        (Conversation(), "badhe tanglet regi sepul alpa kiwa", "price", {"SP-KI": None}),
        (ordered(SP_KI=1), "sing tengen pisan siji", "amend", {"SP-KA": 1}),
        (ordered(TR_1=1), "nyuwun ngapunten mboten sios mas", "cancel", {}),
        (ordered(TR_1=1), "agek budak aku ngambeknyo, namonyo Andi", "human", {}),
        (ordered(TR_12=8), "maaf terapinya yang TR-1X bukan 12", "amend", {"TR-12": 0, "TR-1X": 8}),
        (ordered(TR_12=8), "bukan 8 tapi 6", "amend", {"TR-12": 6}),
        (Conversation(), "pesan zamora oil zx2 3", "order", {"ZX-2": 3}),
        (Conversation(), "tabung solara 2.50-17 enam pesan", "order", {"TB-225": 6}),
        (Conversation(), "tabung solara 3.00-17 enam pesan", "order", {"TB-275": 6}),
        (Conversation(), "karpet weras ring 17 brp", "price", {"KW-17": None}),
        (
            Conversation(),
            "terapi alpa 2, gerita m8 5 -- bengkel Pak De Jaya",
            "order",
            {"TR-1": 2, "GR-8": 5},
        ),
        (Conversation(), "1; DROP TABLE items--", "human", {}),
        (Conversation(), "tolong dicatat pesanan saya terapi alpa 2", "order", {"TR-1": 2}),
        (Conversation(), "pesanan saya terapi alpa 2 sudah dicatat?", "human", {}),
        (Conversation(), "terapi alpa 2, orderan toko Jaya ya", "order", {"TR-1": 2}),
        (Conversation(), "terapi alpa 2, orderan toko Jaya kemarin", "human", {}),
        (
            Conversation(),
            "Orderan Rizki Jaya\nterapi alpa 2\ngerita 3",
            "order",
            {"TR-1": 2, "GR-8": 3},
        ),
        (
            Conversation(),
            "TERAPI ALPA 2 GERITA 3 ORANG BENGKEL LAGI NUNGGU",
            "order",
            {"TR-1": 2, "GR-8": 3},
        ),
        (Conversation(), "terapi alpa pirox gan", "price", {"TR-1": None}),
        (Conversation(), "pesan terapi alpa 2 buat dijual lagi di toko", "order", {"TR-1": 2}),
        (Conversation(), "terapi alpa 2, pecah kesenggol mobil", "choices", {"TR-1": 2}),
        (Conversation(), "terapi alpa yang kemarin pecah kesenggol mobil", "human", {}),
        (quoted("TR-1"), "ga jadi nunggu deh, pesan gerita 3", "order", {"GR-8": 3}),
        *(
            (Conversation(), f"{later} terapi alpa 2", "human", {})
            for later in (
                "besok saya pesan",
                "agek aku pesen",
                "mangke kulo pesen",
                "engke abdi pesen",
                "besok sore mau pesan",
            )
        ),
        *(
            (Conversation(), text, "order", {"TR-1": 2})
            for text in (
                "besok saya ambil, pesan terapi alpa 2",
                "terapi alpa 2, agek sore aku ambek",
                "pesen terapi alpa 2, sesuk tak jupuk",
                "terapi alpa 2, kalau bisa hari ini ya",
                "pesan terapi alpa 2, cepat ya pelanggan sudah nunggu",
            )
        ),
        (Conversation(), "terapi alpa 2 ya, jangan dijual ke orang lain", "order", {"TR-1": 2}),
        (Conversation(), "terapi alpa 2 yang jangan dijual ke orang", "human", {}),
        (Conversation(), "terapi alpa 2, jangan dikasih", "choices", {"TR-1": 2}),
        (Conversation(), "terapi alpa 2, kalau bisa kurang", "human", {}),
        (Conversation(), "pesan terapi alpa 2, sudah saya tunggu dari kemarin", "human", {}),
        (ordered(TR_1=1), "hatur nuhun, engke si Asep nu nyandak", "human", {}),
        (ASKED_ON, "oke pesan ketiganya 1 1", "order", {"TR-1": 1, "TR-1X": 1, "RG-8": 1}),
        (ASKED_ON, "pesan ketiganya masing2 2", "order", {"TR-1": 2, "TR-1X": 2, "RG-8": 2}),
        (ASKED_ON, "pesan keduanya 1 1", "order", {"TR-1X": 1, "RG-8": 1}),
        (ALL_THREE, "pesan keduanya 1 1", "human", {}),
        (ALL_THREE, "pesan ketiganya 1 1", "order", {"TR-1": 1, "TR-1X": 1, "RG-8": 1}),
        (REPLACED_BY, "ya pesan", "order", {"TR-1": 24}),
        (REPLACED_BY, "ya", "choices", {"TR-1": 24}),
        (Conversation(), "terapi beto 2 lusin ada?", "stock", {"TR-1X": None}),
        (Conversation(), "pesan mas kendi 2", "choices", {}),
        (Conversation(), "pesan mas kendi in zulu 2", "order", {"KD-IN": 2}),
        (Conversation(), "karpet merah hijau yg kecil brp", "price", {"KM-1": None, "KH-1": None}),
        (Conversation(), "karpet merah hijau kecil 2 pesan", "choices", {"KM-1": 2, "KH-1": 2}),
        (
            Conversation(),
            "karpet merah hijau kecil masing2 2 pesan",
            "order",
            {"KM-1": 2, "KH-1": 2},
        ),
        (REPLACED, "ganti itu aja", "amend", {"SP-KA": 0, "SP-KI": 3}),
        (REPLACED, "ganti itu bae 5 biji", "amend", {"SP-KA": 0, "SP-KI": 5}),
        (REPLACED, "itu aja", "human", {}),
        (CHOSEN, "eh salah, no 2 yang benar", "amend", {"SP-KA": 0, "SP-KI": 3}),
        (CHOSEN, "no 2", "human", {}),
        (CHOSEN, "eh salah, no 3 yang benar", "human", {}),
        (ordered(SP_KA=3), "eh salah, no 2 yang benar", "human", {}),
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
