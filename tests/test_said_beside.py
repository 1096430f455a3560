"""What is said beside a change of an order: what undoes it, and what leaves it as certain as it is."""

from functools import cache
from itertools import product

import pytest

from crm_tui.reading.patterns import Patterns, Place
from tests import reading_judge as judge

BEFORE = "PESAN KRD-AVX-BDX 2, OM-TMO-10W40 1"
MORE = ["olinya jadi 3", "tambah minyak rem seiken 1"]
LESS = ["kampas remnya ga jadi", "batal semua"]
ALWAYS = {
    "unsure": ["ragu aku kak", "bengkelnya belum pasti", "entah lah", "masih dirundingin dulu"],
    "later": ["nanti saya kabari lagi", "besok baru dipastikan", "tunggu dulu", "gek kuputuske"],
    "taken back": ["abaikan sms tadi", "anggap ga ada ya", "salah kirim mas", "balik ke awal aja"],
    "joke": ["becanda ya bang", "cuma ngetes", "prank doang"],
    "not meant": ["bukan gitu maksudku", "dak cak itu", "jangan diproses ya", "saya ga pernah bilang"],
    "elsewhere": ["itu sms buat toko lain", "eh nomor siapa ini"],
    "not mine": ["itu pesanan tetangga", "bukan punya saya", "tanya dia aja ya"],
    "done": ["udah diterima kemarin", "sudah dikirim kan"],
    "hearsay": ["katanya", "kata orang, ga tau bener apa ga"],
    "asked": ["boleh ga", "gimana menurut abang", "cuma nanya"],
    "condition": ["kalo suami setuju", "tergantung bos"],
    "complaint": ["dasar penipu", "barangnya pecah semua"],
}  # fmt: skip
"""Texts that undo any change, by kind."""
AGAINST_MORE = {
    "has": ["ternyata udah punya", "nemu di laci", "masih ada di rumah"],
    "money": ["duitnya kurang", "lagi bokek", "tanggal tua"],
    "gone": ["motornya udah dijual", "mobilnya dipinjam saudara"],
    "needless": ["ga perlu", "kebanyakan", "yang lama masih bagus"],
    "bids": ["bisa kurang", "minta diskon"],
    "waits": ["nunggu gajian", "abis lebaran aja"],
}
AGAINST_LESS = {
    "broken": ["yang lama patah", "ternyata rusak"],
    "needs": ["masih butuh", "kata montir harus diganti"],
}
HARMLESS = [
    "makasih ya kak", "maaf ganggu lagi", "istri sudah setuju",
    "ga berubah lagi", "kata montir", "sudah ditanya ke bengkel",
    "ga becanda ini", "tolong dicatat ya",
]  # fmt: skip
stock = cache(lambda: judge.catalogue(judge.CORPORA / "sriwijaya"))


def _order(text: str) -> dict[str, int]:
    """The open order of somebody who has ordered `BEFORE`, after `text`."""
    shop = judge.Shop(stock())
    shop.take(BEFORE)
    shop.take(text)
    return dict(shop.order)


@cache
def _ordered() -> dict[str, int]:
    shop = judge.Shop(stock())
    shop.take(BEFORE)
    return dict(shop.order)


@pytest.mark.parametrize("kind", ALWAYS)
def test_what_undoes_any_change(kind: str) -> None:
    """No change is done beside what undoes it, before it or behind it."""
    assert not [
        text
        for head, said in product(MORE + LESS, ALWAYS[kind])
        for text in (f"{head}, {said}", f"{said}, {head}")
        if _order(text) != _ordered()
    ]


@pytest.mark.parametrize(
    ("heads", "kind", "said"),
    [
        *((MORE, kind, said) for kind, said in AGAINST_MORE.items()),
        *((LESS, kind, said) for kind, said in AGAINST_LESS.items()),
    ],
    ids=lambda row: row if isinstance(row, str) else "",
)
def test_what_speaks_against_it(heads: list[str], kind: str, said: list[str]) -> None:
    """No more is ordered beside what speaks against more, and nothing falls beside what needs it."""
    assert not [
        text for head in heads for one in said if _order(text := f"{head}, {one}") != _ordered()
    ]


@pytest.mark.parametrize("head", MORE + LESS)
def test_what_undoes_nothing(head: str) -> None:
    """A change is what it is by itself beside thanks, who agrees and what is denied."""
    alone = _order(head)
    assert alone != _ordered()
    assert not [said for said in HARMLESS if _order(f"{head}, {said}") != alone]


@pytest.mark.parametrize(
    ("said", "head"),
    [("duitnya kurang", LESS[0]), ("udah punya di rumah", LESS[1]), ("ternyata rusak", MORE[0])],
)
def test_why_it_is_changed_undoes_nothing(said: str, head: str) -> None:
    """What speaks against more is a reason for less, and the other way round."""
    assert _order(f"{head}, {said}") == _order(head)


def test_what_the_stock_settles() -> None:
    """ "If you have it" leaves nothing open that the stock does not settle."""
    assert _order("kalau ada stok olinya jadi 3") == _order("olinya jadi 3")


def _places(text: str) -> list[Place]:
    words = text.replace(",", " ,").split()
    said = [word for word in words if word != ","]
    cuts = {
        len([one for one in words[:at] if one != ","]) for at, one in enumerate(words) if one == ","
    }
    return [
        Place(
            (word,), begins=at in cuts or not at, ends=at + 1 in cuts or at + 1 == len(said),
            cut=at in cuts, stops=at + 1 in cuts or at + 1 == len(said), core=word.isdecimal(),
            settled=False, at=at,
        )
        for at, word in enumerate(said)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("<yet> .. sure", "saya belum terlalu sure", True),
        ("<yet> .. sure", "belum, sure", False),
        ("<yet> .. sure", "belum 2 sure", False),
        ("<yet> sure", "belumnya sure", False),
        ("<tell>", "kukabari", True),
        ("^ sure $", "sure", True),
        ("^ sure $", "ya sure", False),
        ("sure _ ok", "sure deh ok", True),
        ("sure , ok", "sure, ok", True),
        ("sure , ok", "sure ok", False),
        ("sure .", "sure ok", False),
    ],
)
def test_patterns(pattern: str, text: str, found: bool) -> None:
    """Groups, forms of their words, gaps, clauses and pauses are as they are written."""
    groups = {"yet": ["belum"], "tell": ["kabar"], "closed": ["yet"]}
    assert bool(list(Patterns(groups, {"kind": [pattern]}).found(_places(text)))) is found
