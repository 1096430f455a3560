"""Sizes that stand in a row behind one word, where it is asked about them: "laher 6201 6301 ada?"."""

from collections.abc import Sequence

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged

_MOST_MAKES = 2
_ROW = 2
_A_SIZE = 3
"""So many digits are no count of what is asked about."""


def others(tagged: Tagged, mentions: Sequence[Mention], index: ItemIndex) -> list[Entry]:
    """What numbers name that stand right behind a number by which one thing is meant: things of
    the same kind, of two makes at most; such a number is in no name of what was found."""
    numbers = sum([word.role is Role.NUMBER for word in tagged.words])
    if numbers < _ROW:
        return []
    used = {term.place for mention in mentions for term in mention.terms}
    found: list[Entry] = []
    for mention in mentions:
        if not mention.match.one or not mention.match.headed:
            continue
        item = mention.match.items[0]
        for place in sorted(term.place for term in mention.terms):
            at = place + 1
            while _sized(tagged, place) and _sized(tagged, at) and at not in used:
                if tagged.words[at].token.pause:
                    break
                some = _of_its_kind(index, item, tagged.words[at].key)
                if not 0 < len(some) <= _MOST_MAKES:
                    break
                found += map(index.entry, some)
                at += 1
    return found


def _sized(tagged: Tagged, at: int) -> bool:
    if at >= len(tagged.words):
        return False
    word = tagged.words[at]
    plain = word.role is Role.NUMBER and not word.unit and not word.label and not word.year
    return plain and word.token.digits and len(word.key) >= _A_SIZE


def _of_its_kind(index: ItemIndex, item: int, number: str) -> list[int]:
    words = index.words
    return sorted((words.items(number) & words.kindred(item)) - {item})
