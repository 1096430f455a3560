"""A word that nobody knows, beside others that name things: what of those it may be a misspelling of.

Among the few things that have the other words a word may be farther from how it is written than in the
whole catalogue: "laher roda cery" of a CARRY, "fanbel" of a FAN BELT. What is found so is asked about.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from rapidfuzz.distance import OSA

from crm_tui.reading import presuming, vetoes
from crm_tui.reading.edit_model import VOWELS, single, sound
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.proposals import MOST_OPTIONS
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.wishes import Conversation, Kind, Reading, Wish

_LEAST = 3
_LONG = 6
"""A word of so many letters may lack one."""
_MOST_STRANGE = 2
_MOST_LOOKED = 80
_AS_HEARD = str.maketrans("fv", "pp")

Read = Callable[[str, Conversation], Reading | None]


def asked(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading | None:
    """What was most likely asked for, as a question back; None if the words that nobody knows are no
    misspellings of what the others name."""
    strange = [word for word in tagged.words if word.role is Role.UNKNOWN]
    if not 0 < len(strange) <= _MOST_STRANGE or vetoes.vetoed(tagged, index, vetoes.PERSONAL):
        return None
    items = _having_most(tagged, index)
    if not items:
        return None
    meant = text
    for word in reversed(strange):
        fitting = {said for said in _said(items, index) if _like(word, said)}
        if len({said.replace(" ", "") for said in fitting}) != 1:
            return None
        begin, end = word.span
        meant = meant[:begin] + min(fitting) + meant[end:]
    found = read(meant, talk)
    if found is None or not found.certain:
        return None
    wishes = [_asked(wish) for wish in found.wishes]
    found = replace(found, wishes=tuple(wishes))
    return presuming.asked_about(found, talk, asking=True)


def _asked(wish: Wish) -> Wish:
    """The price of a thing as the question whether that is meant."""
    options = tuple(line.entry for line in wish.lines)
    if wish.kind not in (Kind.PRICE, Kind.STOCK) or len(options) > MOST_OPTIONS:
        return wish
    return Wish(Kind.CHOICES, options=options, choosing=wish.kind, evidence=wish.evidence)


def _having_most(tagged: Tagged, index: ItemIndex) -> list[int]:
    """The items that have most of the words that name something."""
    words = index.words
    hits: dict[int, int] = {}
    for word in tagged.words:
        if word.role is Role.NAME:
            for item in set().union(*map(words.items, words.senses(word.key))):
                hits[item] = hits.get(item, 0) + 1
    most = max(hits.values(), default=0)
    found = [item for item, count in hits.items() if count == most]
    return found if len(found) <= _MOST_LOOKED else []


def _said(items: Iterable[int], index: ItemIndex) -> Iterator[str]:
    """The words that some items are called by, and two of them that stand side by side."""
    for item in items:
        called = (name.lower().split() for name in index.entry(item).other_names)
        for words in (index.words.words[item], *called):
            yield from words
            yield from (f"{one} {two}" for one, two in pairwise(words))


def _like(word: Word, said: str) -> bool:
    """Whether a word may be a misspelling: it sounds alike but for its vowels, or a long one lacks a
    letter."""
    key, whole = word.key, said.replace(" ", "")
    if not (key.isalpha() and whole.isalpha()) or min(len(key), len(whole)) < _LEAST:
        return False
    one, two = (single(sound(part)).translate(_AS_HEARD) for part in (key, whole))
    if " " not in said and one[0] == two[0] and one.translate(VOWELS) == two.translate(VOWELS):
        return abs(len(key) - len(whole)) <= 1
    lacks = abs(len(key) - len(whole)) == 1 and OSA.distance(key, whole, score_cutoff=1) == 1
    return lacks and len(key) >= _LONG and key[0] == whole[0]
