"""The strict forms: a keyword, then codes and numbers. Certain, or left to people."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from crm_tui.errors import N_
from crm_tui.reading import keywords, registering
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.strict_tokens import (
    Code,
    Number,
    Part,
    Stray,
    Unknown,
    Word,
    fits,
    is_list,
    parts,
    split,
)
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish, human

_BEGINNING = 40
"""Among so many characters the keyword is, if there is one."""
_FIRST = frozenset().union(
    keywords.ORDER, keywords.PRICE, keywords.STOCK, keywords.NOTIFY, keywords.SET, keywords.ADD,
    keywords.STATUS, keywords.CANCEL, keywords.YES, keywords.REGISTER, keywords.STOP, keywords.START,
    keywords.HELP, keywords.POINTS, keywords.OFFERS,
)  # fmt: skip
_A_NUMBER = 1_000
MOST_LINES = 30
MOST_ASKED = 10
"""More prices than this are no answer by SMS."""
MOST_WAYS = 64
MOST_STEPS = 1_000
"""Tried while looking for them: each number has two neighbours, so ways double with each."""


def read(text: str, index: ItemIndex, conversation: Conversation) -> Reading | None:
    """The reading of a strict form; None if `text` does not begin like one."""
    found = split(text.lstrip()[:_BEGINNING], most=1)
    if not found:
        return Reading((Wish(Kind.HELP, evidence=text),)) if text.strip() == "?" else None
    if found[0].text not in _FIRST:
        return None
    found = split(text if len(text) > _BEGINNING else text.lstrip())
    first, rest = found[0].text, found[1:]
    if first in keywords.STOCK and rest and rest[0].text in keywords.STATUS | keywords.POINTS:
        first, rest = rest[0].text, rest[1:]
    if first in keywords.ORDER:
        return _items(Kind.ORDER, rest, index, text)
    if first in keywords.PRICE:
        return _items(Kind.PRICE, rest, index, text)
    if first in keywords.STOCK:
        return _items(Kind.STOCK, rest, index, text)
    if first in keywords.NOTIFY:
        return _notify(rest, index, text)
    if first in keywords.SET | keywords.ADD:
        return _items(Kind.AMEND, rest, index, text, add=first in keywords.ADD)
    if first in keywords.STATUS:
        return _about_order(Kind.STATUS, rest, text)
    if first in keywords.CANCEL:
        return _about_order(Kind.CANCEL, rest, text)
    if first in keywords.YES:
        if not conversation.asked:
            return human(N_("YA, but nothing was asked"))
        return _about_order(Kind.CONFIRM, rest, text)
    if first in keywords.REGISTER and not registering.lists(text):
        return registering.keyword(text)
    if first in keywords.STOP:
        return _alone(Kind.STOP, rest, text)
    if first in keywords.START:
        return _alone(Kind.START, rest, text)
    if first in keywords.HELP:
        return _alone(Kind.HELP, rest, text)
    if first in keywords.POINTS:
        return _alone(Kind.POINTS, [word for word in rest if word.text != "SAYA"], text)
    if first in keywords.OFFERS:
        return _alone(Kind.PROMO, rest, text)
    return None


def begins(text: str, words: Collection[str]) -> bool:
    """Whether the first word of a text is one of these."""
    return any(word.text in words for word in split(text.lstrip()[:_BEGINNING])[:1])


def _alone(kind: Kind, rest: Sequence[Word], text: str) -> Reading:
    """A keyword that stands alone, or beside PROMO and a courtesy."""
    if all(word.text in keywords.PROMO | keywords.COURTESY for word in rest):
        return Reading((Wish(kind, evidence=text),))
    return human(N_("more than {keyword} was said"), keyword=kind.value.upper())


def _about_order(kind: Kind, rest: Sequence[Word], text: str) -> Reading:
    numbers = [int(word.text) for word in rest if re.fullmatch(r"[0-9]{1,12}", word.text)]
    others = [
        word.text
        for word in rest
        if not re.fullmatch(r"[0-9]{1,12}", word.text)
        and word.text not in keywords.ABOUT_ORDERS | keywords.COURTESY
    ]
    if others or len(numbers) > 1:
        return human(N_("more than {keyword} was said"), keyword=kind.value.upper())
    return Reading((Wish(kind, number=numbers[0] if numbers else None, evidence=text),))


def _items(
    kind: Kind, rest: list[Word], index: ItemIndex, text: str, *, add: bool = False
) -> Reading:
    asking = kind in (Kind.PRICE, Kind.STOCK)
    pieces = parts(rest, index, asking=asking)
    if not pieces:
        # The keyword alone, or with a courtesy: show how it is done.
        return Reading((Wish(Kind.HELP, evidence=text),))
    codes = [part for part in pieces if isinstance(part, Code)]
    unknown = tuple(part.text for part in pieces if isinstance(part, Unknown))
    trouble = _trouble(pieces, rest, asking=asking)
    if trouble:
        return trouble
    if asking:
        entries = list(dict.fromkeys(part.entry for part in codes))
        asked = Wish(kind, tuple(Line(entry) for entry in entries), unknown, evidence=text)
        missing = (Wish(Kind.NOT_FOUND, unknown=unknown, evidence=text),) if unknown else ()
        return Reading((asked, *missing) if entries else missing)
    if unknown:
        lines = tuple(Line(part.entry) for part in codes)
        return Reading((Wish(Kind.NOT_FOUND, lines, unknown, evidence=text),))
    return _quantities(kind, pieces, text, add=add)


def _notify(rest: list[Word], index: ItemIndex, text: str) -> Reading | None:
    """KABARI and codes; None with anything else."""
    reading = _items(Kind.STOCK, rest, index, text)
    if reading.kinds != (Kind.STOCK,) or not reading.certain:
        return None
    return replace(reading, wishes=(replace(reading.wishes[0], notify=True),))


def _trouble(found: Sequence[Part], rest: list[Word], *, asking: bool) -> Reading | None:
    """What keeps the parts from being a certain form, if anything."""
    strays = [part.text for part in found if isinstance(part, Stray)]
    if strays:
        return human(N_("not understood: {words}"), words=" ".join(strays[:5]))
    named = sum(isinstance(part, Code | Unknown) for part in found)
    if not named:
        return human(N_("numbers without a code"))
    beyond = named > 1 or any(isinstance(part, Number) and part.apart for part in found)
    if asking and beyond and any(_like_a_code(part) for part in found):
        return human(N_("numbers that belong to no code"))
    if named > (MOST_ASKED if asking else MOST_LINES):
        return human(N_("more items than an SMS may have"))
    if not asking and is_list(rest):
        return human(N_("numbers that may be those of a list"))
    return None


def _like_a_code(part: Part) -> bool:
    """Whether a number is one that nobody asks the price of so many of: 6205."""
    return isinstance(part, Number) and not part.unit and part.value >= _A_NUMBER


def _quantities(kind: Kind, found: Sequence[Part], text: str, *, add: bool) -> Reading:
    """Give each number to a neighbouring code; if that can be done in two ways, ask."""
    ways = _assignments(found)
    if not ways:
        return human(N_("numbers that belong to no code"))
    if len(ways) >= MOST_WAYS:
        return human(N_("numbers that could belong to many codes"))
    pairs = [pair for way in ways for pair in way]
    places = {id(part): place for place, part in enumerate(found)}
    for code, number in pairs:
        if number is not None and not fits(number, code.entry):
            return human(N_("another unit than the item's: {unit}"), unit=number.unit)
        if number is not None and number.value == 0 and (kind is Kind.ORDER or add):
            return human(N_("a quantity of 0"))
        if number is None and kind is Kind.AMEND and not add:
            return human(N_("a change without a number"))
    readings = list(dict.fromkeys(_sums(way, together=kind is Kind.ORDER or add) for way in ways))
    doubt = len(readings) > 1 or not all(
        code.certain(number, ahead=places[id(number)] < places[id(code)] if number else False)
        for code, number in pairs
    )
    if doubt and kind is not Kind.ORDER:
        return human(N_("a change that can be meant in two ways"))
    return Reading((Wish(Kind.CHOICES if doubt else kind, readings[0], add=add, evidence=text),))


_Way = tuple[tuple[Code, Number | None], ...]


def _assignments(found: Sequence[Part]) -> list[_Way]:
    """All ways to give each number to the code before or behind it, one number a code at most.

    Ways in which no number crosses a comma are preferred, if there are any. `MOST_WAYS` of them
    mean that there are more than can be looked at.
    """
    for crossing in (False, True):
        steps = iter(range(MOST_STEPS))
        ways = list(islice(_ways(found, 0, (), crossing, steps), MOST_WAYS))
        if next(steps, None) is None:
            # Most that was tried led nowhere; nobody can mean such a text in one way only.
            return [()] * MOST_WAYS
        if ways:
            return ways
    return []


def _ways(
    pieces: Sequence[Part], at: int, before: _Way, crossing: bool, steps: Iterator[int]
) -> Iterator[_Way]:
    if next(steps, None) is None:
        return
    if at == len(pieces):
        yield before
        return
    part = pieces[at]
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if isinstance(part, Code):
        yield from _ways(pieces, at + 1, (*before, (part, None)), crossing, steps)
    elif isinstance(part, Number):
        free = at > 0 and isinstance(pieces[at - 1], Code) and before[-1][1] is None
        if free and (crossing or not part.apart):
            given = (*before[:-1], (before[-1][0], part))
            yield from _ways(pieces, at + 1, given, crossing, steps)
        if isinstance(following, Code) and (crossing or not following.apart):
            yield from _ways(pieces, at + 2, (*before, (following, part)), crossing, steps)


def _sums(way: _Way, *, together: bool) -> tuple[Line, ...]:
    """The lines of one way; an item named twice is one line. No number means one."""
    sums: dict[int, Line] = {}
    for code, number in way:
        quantity = 1 if number is None else number.value
        known = sums.get(code.entry.id)
        if known and together:
            quantity += known.quantity or 0
        sums[code.entry.id] = Line(code.entry, quantity)
    return tuple(sums.values())
