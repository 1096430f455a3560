"""What sizes, years and lists look like, and which mentions are no more than a guess."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.pieces import Mention, rate
from crm_tui.reading.roles import Role, Tagged, Word

_SAY_NOTHING = (Role.STILL, Role.CUE)
_YEAR = 4
_WHOLE = ("", "piece", "set")
"""Units in which things are counted, and no size is told."""


def named(mentions: list[Mention]) -> list[Mention]:
    """Without what is only like an abbreviation, where something else is named well; and without what
    no kind of thing and only a part of a word tells, where another kind is named."""
    if any(one.match.headed and not one.match.missing for one in mentions):
        # "Musi mati, kenarinya ada?": no MATIK.
        mentions = [
            one
            for one in mentions
            if one.match.headed or one.match.missing or one.quantity is not None or one.lean
            or one.match.sure >= SOUND or len(one.match.items) != 1
        ]  # fmt: skip
    if not any(rate(mention) > 2.5 for mention in mentions):
        return mentions
    return [
        mention
        for mention in mentions
        if mention.quantity is not None or len(mention.terms) > 1 or mention.match.sure >= SOUND
        or mention.match.missing
    ]  # fmt: skip


@lru_cache(4096)
def shape(key: str) -> str:
    """What a size looks like: 0 for a digit, a for a letter; "" of a plain word."""
    if not any(char.isdigit() for char in key):
        return ""
    return "".join("0" if char.isdigit() else "a" for char in key)


def year(number: str) -> bool:
    """Whether it is a year, or two of them: 2015, 1215."""
    first, last = int(number[:2]), int(number[2:] or 0)
    return len(number) == 4 and (1970 <= int(number) <= 2035 or first < last <= 35)


def dated(word: str) -> bool:
    """Whether a word of a name tells years: 2012, 1221, 20122015."""
    return word.isdecimal() and (
        (len(word) == _YEAR and year(word)) or (len(word) == 2 * _YEAR and year(word[:_YEAR]))
    )


def numbers_behind(tagged: Tagged) -> Sequence[Word]:
    """Two or more bare numbers with which a text ends, but for a word that orders; none if it is not
    so."""
    found: list[Word] = []
    for word in reversed(tagged.words):
        if word.role is Role.NUMBER:
            found.insert(0, word)
        elif found or word.role not in _SAY_NOTHING:
            break
    if any(word.label or word.year or not word.value for word in found):
        return ()
    if len({word.unit for word in found}) > 1 or (found[:1] and found[0].unit not in _WHOLE):
        return ()
    return found if len(found) > 1 else ()


def without_headings(found: list[Mention], *, each: bool = False) -> list[Mention]:
    """Without the name of a kind before its sorts: "kenari: besar 1, kecil 2". `each`: so many of each
    of them are counted behind them all."""
    return [one for at, one in enumerate(found) if not _heads(one, found[at + 1 :], each=each)]


def _heads(mention: Mention, following: Sequence[Mention], *, each: bool) -> bool:
    sorts = [*takewhile(lambda one: one.lean, following)]
    kind = mention.match
    return (
        len(sorts) > 1 and mention.quantity is None and kind.headed
        and len(kind.items) > 1 and not kind.missing
        and all(each or one.quantity is not None for one in sorts)
        and all(set(one.match.items) <= set(kind.items) for one in sorts)
    )  # fmt: skip
