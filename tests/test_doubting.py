"""Doubts put into what orders: whichever way a turn is read, none of them changes an order."""

import random
import re
from functools import cache

import pytest

from tests import reading_judge as judge
from tests.daily import daily
from tests.test_going_on import talked

BEFORE = [
    "jangan {}", "bukan {}", "belum {}", "kemarin {}", "mungkin {}", "kayaknya {}", "suami saya {}",
    "kalau {} gimana", "nanti kalo gajian {}", "belum tentu {}", "minggu depan {}", "tunggu dulu, {}",
]  # fmt: skip
BEHIND = [
    "{}?", "{} ga ya?", "{} apa enggak ya", "{} kayaknya", "{} mungkin", "{} atau 9",
    "{} besok kalau gajian", "{}, tapi tanya bos dulu", "{} tapi nego ya",
]  # fmt: skip
SHOPS = sorted(
    path.parent.name
    for path in judge.CORPORA.glob("*/conversations.jsonl")
    if (path.parent / "catalogue.csv").exists()
)
_FALLS = re.compile(r"batal|jadi|usah|urung|coret|hapus")
stock_of = cache(judge.catalogue)


def _clear(doubt: str, text: str) -> bool:
    """Whether a doubt is one of the whole turn: before a turn of several clauses, or behind one that
    ends with a question or a reason, it may be one of that clause alone."""
    if doubt in BEFORE:
        return not re.search(r"[.,:;!?\"]|\bsalah\b", text)
    return not (re.search(r"[.,:;]", text) or (_FALLS.search(text) and "gajian" in doubt))


def _tries(name: str) -> list[tuple[judge.Shop, str]]:
    """A shop as it was before each turn that ordered or changed something, and that turn."""
    index = stock_of(judge.CORPORA / name)
    found = []
    for talk in judge.labels(judge.CORPORA / name / "conversations.jsonl"):
        shop = judge.Shop(index)
        for turn in talk["turns"]:
            text, _ = judge._numbered(turn["text"], shop)
            before = judge.Shop(index)
            before.__dict__ |= shop.__dict__ | {"order": dict(shop.order)}
            shop.take(text)
            if shop.order != before.order:
                found.append((before, text))
    return found


def _changed(shop: judge.Shop, text: str) -> bool:
    tried = judge.Shop(shop.index)
    tried.__dict__ |= shop.__dict__ | {"order": dict(shop.order)}
    tried.take(text)
    return tried.order != shop.order


@pytest.mark.soak
@pytest.mark.parametrize("name", SHOPS)
def test_no_doubt_changes_an_order(name: str) -> None:
    """No turn of a shop's talks orders or changes anything with a doubt before or behind it."""
    assert not [
        said
        for shop, text in _tries(name)
        for doubt in (*BEFORE, *BEHIND)
        if _clear(doubt, text) and _changed(shop, said := doubt.format(text))
    ]


@pytest.mark.parametrize("seed", daily(range(4)))
def test_some_doubts_change_no_order(seed: int) -> None:
    """The same of some turns of one talk in each of a few shops."""
    chance = random.Random(seed)
    for name in chance.sample(SHOPS, 3):
        shop = judge.Shop(stock_of(judge.CORPORA / name))
        labels = judge.labels(judge.CORPORA / name / "conversations.jsonl")
        for turn in chance.choice(labels)["turns"]:
            text, _ = judge._numbered(turn["text"], shop)
            before = judge.Shop(shop.index)
            before.__dict__ |= shop.__dict__ | {"order": dict(shop.order)}
            shop.take(text)
            if shop.order != before.order:
                for doubt in chance.sample([*BEFORE, *BEHIND], 4):
                    clear = _clear(doubt, text)
                    assert not (clear and _changed(before, doubt.format(text))), doubt.format(text)


@pytest.mark.parametrize(
    ("talk", "text", "done"),
    [
        ("pesan kampas kopling avanza exedy 2", "jadi 3 apa enggak ya", False),
        ("pesan kampas kopling avanza exedy 2", "jadi 3, tapi tanya bos dulu", False),
        ("pesan kampas kopling avanza exedy 2", "bukan 2, jadi 3", True),
        ("bohlam h4 ada?", "jangan yg philips, 1 ya", False),
        ("bohlam h4 ada?", "jangan yg philips, osram aja 1", True),
        ("bohlam h4 ada?", "suami saya yg osram 1", False),
        ("bohlam h4 ada?", "yg osram 1, awas kalo rusak", True),
    ],
)
def test_what_is_a_doubt(talk: str, text: str, done: bool) -> None:
    """A doubt of what is wanted keeps it from being done; a contrast, a threat and a reason do not."""
    shop = judge.Shop(stock_of(judge.CORPORA / "sriwijaya"))
    shop.take(talk)
    before = dict(shop.order)
    shop.take(text)
    assert (shop.order != before) is done


@pytest.mark.parametrize(
    "text",
    ["itu sepasang? buat cadangan", "itu 2? buat cadangan", "itu sepasang kan, buat cadangan"],
)
def test_what_is_only_made_sure_of(text: str) -> None:
    """A question whether what was quoted is so many orders nothing, whatever is told behind it."""
    assert talked("kertapati", ["tanya shock blkg grand", text])[1] == {}
