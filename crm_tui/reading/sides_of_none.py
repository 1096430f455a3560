"""Two sides beside a number of what has no side: "pesan 2 kanan kiri" of a LINK STABIL is two of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation, Kind, Reading, human

_BOTH = 2


def silenced(tagged: Tagged, index: ItemIndex, talk: Conversation) -> Tagged:
    """A text of which both sides say no more than its number two, where the one thing that was quoted
    is of no side, nor is anything of its kind for the same vehicle; else as it is."""
    if not talk.quoted or talk.offered or talk.proposed:
        return tagged
    names = [at for at, word in enumerate(tagged.words) if word.role is Role.NAME][:_BOTH]
    if len(names) < _BOTH or names[1] != names[0] + 1:
        return tagged
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    if not numbers or not all(one.pair or one.value == _BOTH for one in numbers):
        return tagged
    lexicon = index.lexicon
    one, two = (lexicon.name(tagged.words[at].key) for at in names)
    if lexicon.opposites.get(one) != two:
        return tagged
    if not all(_of_no_side(index, entry.id, {one, two}) for entry in talk.quoted):
        return tagged
    more = any(word.role is Role.NAME for word in tagged.words[names[1] + 1 :])
    if (more or len(talk.quoted) > 1) and not _before_a_pause(tagged, names):
        return tagged
    words = [
        replace(word, role=Role.STILL) if at in names else word
        for at, word in enumerate(tagged.words)
    ]
    return replace(tagged, words=tuple(words))


def _of_no_side(index: ItemIndex, item: int, sides: set[str]) -> bool:
    words = index.words
    own = words.words[item]
    if not sides.isdisjoint(own):
        return False
    uses = {word for word in own if words.applies(word)}
    return not any(
        not sides.isdisjoint(words.words[other]) and not uses.isdisjoint(words.words[other])
        for other in words.kindred(item) - {item}
    )


def not_missed(reading: Reading, tagged: Tagged, index: ItemIndex, talk: Conversation) -> Reading:
    """`reading`, or people, where two opposite sides and no thing are named, and it would be said that
    there is none: that of what was spoken of none is of a side, nobody wants to know."""
    if reading.outcome is not Kind.NOT_FOUND or not (talk.order or talk.quoted or talk.offered):
        return reading
    if any(word.role is Role.UNKNOWN for word in tagged.words):
        return reading
    lexicon = index.lexicon
    names = {lexicon.name(word.key) for word in tagged.words if word.role is Role.NAME}
    both = any(lexicon.opposites.get(name) in names for name in names)
    return (
        human(N_("so many of which item?"))
        if both and names <= lexicon.opposites.keys()
        else reading
    )


def _before_a_pause(tagged: Tagged, names: Sequence[int]) -> bool:
    """Whether two words are a clause of their own before all that is counted: "kanan kiri, jadi luar 2
    dalam 2"."""
    before, end = tagged.words[: names[0]], names[1] + 1
    calm = all(word.role in (Role.STILL, Role.CUE) for word in before)
    return calm and end < len(tagged.words) and bool(tagged.words[end].token.pause)


def one_of_both(entry: Entry, lexicon: Lexicon) -> bool:
    """Whether a thing is sold with that for the other side: a KENARI KN-KR, or a pair of them."""
    parts = re.split("[^a-z]+", entry.name.lower())
    sides = {lexicon.name(part) for part in parts} & lexicon.words["lateral"]
    own = lexicon.units.get(entry.unit.lower(), entry.unit.lower())
    return len(sides) > 1 or (own == "pair" and not sides)
