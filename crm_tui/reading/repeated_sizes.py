"""Numbers that count a thing or only repeat a size of its name: "bohlam rem 2", of a BOHLAM REM 2 KAKI.

A dozen is no size. Of a list in which the other lines are counted, a number in the same place counts,
too, unless the name has it with its measure in one word, 9GR, or the word before it behind it: of a
RELAY 5 KAKI "relay kaki 5" says which. Else it is a doubt.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.reading.edit_model import EXACT
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.vocabulary import Vocabulary

_LEAST_COUNTED = 2
"""So many other lines with numbers of their own make a list of it."""


def uncounted(rival: Sequence[Mention], best: Sequence[Mention]) -> bool:
    """Whether another way to take a clause names the same and only counts less of it."""
    return len(rival) == len(best) and all(
        one.match.items == other.match.items and one.quantity in (None, other.quantity)
        for one, other in zip(rival, best, strict=True)
    )


def sized_or_counted(mention: Mention, vocabulary: Vocabulary) -> Mention:
    """A mention whose number is no size after all, or is a doubt that no list can settle."""
    if not mention.sized:
        return mention
    number = _number(mention)
    dozens = vocabulary.lexicon.dozens
    if number is not None and any(number.token.text.endswith(dozen) for dozen in dozens):
        return replace(mention, sized=False)
    if number is None or _in_name(number, mention, vocabulary):
        return replace(mention, sized=False, doubt=True)
    return mention


def in_a_list(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions of which each is sure, or a doubt, in the light of the others of a list."""
    if not any(one.sized for one in mentions):
        return list(mentions)
    counted = [
        one
        for one in mentions
        if one.quantity is not None and not (one.sized or one.doubt) and _counts_behind(one)
    ]
    clauses = {one.clause for one in counted}
    return [
        replace(
            one,
            sized=False,
            doubt=one.doubt
            or not _counts_behind(one)
            or not _enough(one, counted, len(clauses - {one.clause})),
        )
        if one.sized
        else one
        for one in mentions
    ]


def _enough(mention: Mention, counted: Sequence[Mention], lines: int) -> bool:
    """Whether so many other lines tell that a number counts; of numbers in words one line does."""
    number = _number(mention)
    spelled = number is not None and not number.token.digits
    words = spelled and any(
        not other.token.digits for other in map(_number, counted) if other is not None
    )
    return lines >= _LEAST_COUNTED or (words and lines > 0)


def _number(mention: Mention) -> Word | None:
    numbers = [word for word in mention.words if word.role is Role.NUMBER]
    counting = [word for word in numbers if word.value == mention.quantity]
    return counting[-1] if counting else None


def _counts_behind(mention: Mention) -> bool:
    """Whether a mention ends with its number."""
    number = _number(mention)
    return number is not None and all(
        word.span <= number.span for word in mention.words if word.role is not Role.MAYBE
    )


def _in_name(number: Word, mention: Mention, vocabulary: Vocabulary) -> bool:
    """Whether the item's name has the number with its measure in one word, with more than one digit, or
    right before the word that stands before it in the text."""
    if number.token.digits and len(number.key) > 1:
        return True
    item = mention.match.items[0]
    names = vocabulary.words[item]
    key = str(number.value)
    if any(
        weight < EXACT and item in vocabulary.items(sense) and key not in names
        for sense, weight in vocabulary.senses(number.key).items()
    ):
        return True
    before = [word for word in mention.words if word.span < number.span and word is not number]
    if not before:
        return True
    last = max(before, key=lambda word: word.span)
    said = {vocabulary.lexicon.name(last.key), *vocabulary.senses(last.key)}
    return any(one == key and two in said for one, two in pairwise(names))
