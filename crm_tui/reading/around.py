"""What is said around an order: what is taken back before it, an own price.

Each finding takes away a reason to leave the text to people, or adds one; none makes an order.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged, Word

_COURTESIES = """
yang yg yng nu sing nya nyo ny ne e aja saja bae wae ya yo pak bu bos mas bang kak koh om
lah deh dulu kalau untuk buat
"""
_CALM = frozenset(_COURTESIES.split())
_LEAST_PRICE = 50
_LEAST_BID = 10
_ONLY = ("aja", "aj", "saja", "bae", "ae", "wae", "ajo", "je", "deh", "ya", "gimana")
_MAY = ("boleh", "bisa", "biso", "pacak")
_MESSAGE = re.compile(
    r"^\W*(?:ini\s+|ada\s+)?(pesan|pesen|psn)\s+(dari|dr)\b[^:\n]{1,30}:", re.IGNORECASE
)
_SAID_BACK = """
eh maaf maap mf sori sorry salah ketik ralat aja yang yg tadi td itu nya pesanan pesenan pesanannya
semua dulu deh ya saja bae kirim tulis orderan maksudnya
"""
_BACK = frozenset(_SAID_BACK.split())
_INSTEAD = ("ganti", "gantinya", "gantinyo", "diganti", "jadinya", "jadinyo", "gantine")


def without_withdrawn(tagged: Tagged) -> Tagged:
    """A text without what is taken back before its order, of somebody who has no open order."""
    for start, end in tagged.marks.get("intents.cancel", ()):
        if any(word.role not in (Role.STILL, Role.LINK) for word in tagged.words[:start]):
            return tagged
        vetoed = {
            at
            for name, spans in tagged.marks.items()
            for begin, stop in spans
            if name[:5] == "veto." and name != "veto.past"
            for at in range(begin, stop)
        }
        border = end
        while border < len(tagged.words):
            word = tagged.words[border]
            if word.role is Role.CUE and (word.token.pause or tagged.texts[border - 1] in _INSTEAD):
                break
            if tagged.texts[border] in _INSTEAD:
                border += 1
                continue
            code = word.role is Role.NAME and border == end
            calm = tagged.texts[border] in _BACK or (
                word.role is Role.STILL and not word.value and border not in vetoed
            )
            if not code and not calm:
                return tagged
            border += 1
        if border >= len(tagged.words):
            return tagged
        marks = {
            name: [span for span in spans if span[0] >= border]
            for name, spans in tagged.marks.items()
        }
        words = tuple(
            replace(word, role=Role.STILL) if at < border else word
            for at, word in enumerate(tagged.words)
        )
        return replace(tagged, words=words, marks=marks)
    return tagged


def without_unwanted(tagged: Tagged) -> Tagged:
    """An order without a clause that only says what is not wanted besides: "atas 2, yg bawah ga usah".

    Nothing else may stand in it: no number, no wish, nothing that nobody knows.
    """
    spans = tagged.marks.get("dialogue.unneeded", ())
    if not spans:
        return tagged
    starts = [0, *(at for at, word in enumerate(tagged.words) if at and word.token.pause)]
    for begin, end in pairwise([*starts, len(tagged.words)]):
        inside = [span for span in spans if begin <= span[0] and span[1] <= end]
        if not begin or len(inside) != 1 or not _unwanted(tagged, begin, end, inside[0]):
            continue
        marks = {
            name: [span for span in found if span[1] <= begin or span[0] >= end]
            for name, found in tagged.marks.items()
        }
        words = tuple(
            replace(word, role=Role.STILL) if begin <= at < end else word
            for at, word in enumerate(tagged.words)
        )
        return replace(tagged, words=words, marks=marks)
    return tagged


def _unwanted(tagged: Tagged, begin: int, end: int, span: tuple[int, int]) -> bool:
    names = [
        at
        for at in range(begin, end)
        if tagged.words[at].role is Role.NAME and not span[0] <= at < span[1]
    ]
    plain = all(
        at in names or span[0] <= at < span[1] or tagged.texts[at] in _CALM
        for at in range(begin, end)
    )
    before = tagged.words[:begin]
    counted = any(word.role is Role.NUMBER for word in before)
    return plain and bool(names) and counted and any(word.role is Role.NAME for word in before)


def own_price(words: Sequence[Word], texts: Sequence[str]) -> int | None:
    """The place of a number that is a price which the customer names: "150 aja ya, ambil 4"."""
    numbers = [at for at, word in enumerate(words) if word.role is Role.NUMBER]
    for at in numbers:
        word = words[at]
        plain = not word.unit and not word.label and not word.year and word.token.digits
        if not plain or word.value % 5 or not _as_price(words, numbers, at):
            continue
        behind = texts[at + 1] if at + 1 < len(texts) and not words[at + 1].token.pause else ""
        # "500 boleh ya, ambil 2"
        may = behind in _MAY and not (at and words[at - 1].role is Role.NAME)
        only = behind in _ONLY or may
        others = [words[one] for one in numbers if one != at and words[one].value < word.value]
        if only and others:
            return at
    return None


def _as_price(words: Sequence[Word], numbers: Sequence[int], at: int) -> bool:
    """Whether a number is great enough for a price, which a small one is only where how many are taken
    is said behind it, in words of their own: "40 aja ya, saya ambil 5"."""
    if words[at].value >= _LEAST_PRICE:
        return True
    before = any(word.role is Role.CUE for word in words[:at])
    behind = [one for one in numbers if one > at]
    if words[at].value < _LEAST_BID or before or len(behind) != 1:
        return False
    between = words[at + 1 : behind[0]]
    named = any(word.role in (Role.NAME, Role.UNKNOWN) for word in between)
    return not named and any(word.role is Role.CUE for word in between)


def message_for_somebody(text: str) -> bool:
    """Whether a text begins as a message that somebody sends: "pesan dari pak X: …"."""
    return bool(_MESSAGE.match(text))


def asks_first(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a text that begins with "if" only asks for a price: kalau kenari satu set berapa?"""
    words = index.lexicon.words
    begins = next(
        (at for at, word in enumerate(tagged.words) if word.role is not Role.STILL
         or any(at == start for start, _ in tagged.marks.get("conditions.condition", ()))),
        None,
    )  # fmt: skip
    opening = any(start == begins for start, _ in tagged.marks.get("conditions.condition", ()))
    few = all(word.value < 2 for word in tagged.words if word.role is Role.NUMBER and word.unit)
    asked = tagged.texts[-1] in words["tags"] or tagged.asked
    few = few or (asked and tagged.cue("stock", index.lexicon))
    return opening and few and words["doing"].isdisjoint(tagged.texts)
