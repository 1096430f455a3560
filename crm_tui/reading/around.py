"""What is said around an order: what is taken back before it, an own price.

Each finding takes away a reason to leave the text to people, or adds one; none makes an order.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged, Word

_LEAST_PRICE = 50
_ONLY = ("aja", "aj", "saja", "bae", "ae", "wae", "ajo", "je", "deh", "ya", "gimana")
_MESSAGE = re.compile(r"^\W*(pesan|pesen|psn)\s+(dari|dr)\b[^:\n]{1,30}:", re.IGNORECASE)
_SAID_BACK = """
eh maaf maap mf sori sorry salah ketik ralat aja yang yg tadi td itu nya pesanan pesenan pesanannya
semua dulu deh ya saja bae kirim tulis orderan maksudnya
"""
_BACK = frozenset(_SAID_BACK.split())


def without_withdrawn(tagged: Tagged) -> Tagged:
    """A text without what is taken back before its order, of somebody who has no open order."""
    for start, end in tagged.marks.get("intents.cancel", ()):
        if any(word.role not in (Role.STILL, Role.LINK) for word in tagged.words[:start]):
            return tagged
        border = end
        while border < len(tagged.words):
            word = tagged.words[border]
            if word.role is Role.CUE and word.token.pause:
                break
            code = word.role is Role.NAME and border == end
            if not code and tagged.texts[border] not in _BACK:
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


def own_price(words: Sequence[Word], texts: Sequence[str]) -> int | None:
    """The place of a number that is a price which the customer names: "150 aja ya, ambil 4"."""
    numbers = [at for at, word in enumerate(words) if word.role is Role.NUMBER]
    for at in numbers:
        word = words[at]
        plain = not word.unit and not word.label and not word.year and word.token.digits
        if not plain or word.value < _LEAST_PRICE or word.value % 5:
            continue
        only = at + 1 < len(texts) and texts[at + 1] in _ONLY and not words[at + 1].token.pause
        others = [words[one] for one in numbers if one != at and words[one].value < word.value]
        if only and others:
            return at
    return None


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
    return opening and few and words["doing"].isdisjoint(tagged.texts)
