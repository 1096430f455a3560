"""What is answered or asked back: lists to choose from, readings with what they rest on."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading.entries import borders, signs
from crm_tui.reading.index import Entry, ItemIndex, code_key
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.wishes import Candidate, Kind, Line, Reading, Wish

MOST_OPTIONS = 8
"""So many items are offered to choose from; more do not fit in two SMS."""
HALF = 0.5
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_LOOKS = str.maketrans("OILSBZ", "011582")


def offer(
    tagged: Tagged, index: ItemIndex, mention: Mention, quantity: int | None, kind: Kind
) -> Wish:
    """A list to choose from; the one that is meant where "the cheap one" was said."""
    entries = mention.entries(index)
    if tagged.has("conditions.cheap"):
        one = cheapest(entries)
        if one is not None:
            return Wish(kind, (Line(one, quantity if kind is Kind.ORDER else None),))
    return choices(entries, quantity, kind, [mention], mention.match.weights)


def cheaper(tagged: Tagged) -> bool:
    """Whether "the cheaper one" chooses, and nothing is said about the price besides."""
    inside = {at for a, b in tagged.marks.get("conditions.cheap", ()) for at in range(a, b)}
    spans = tagged.marks.get("veto.haggle", ())
    return bool(inside) and all(inside.issuperset(range(a, b)) for a, b in spans)


def cheapest(entries: Sequence[Entry]) -> Entry | None:
    """The one that costs least, if all prices are known and no two are the lowest."""
    prices = sorted(entry.price for entry in entries if entry.price is not None)
    if len(prices) < len(entries) or (len(prices) > 1 and prices[0] == prices[1]):
        return None
    return min(entries, key=lambda entry: entry.price or 0)


def choices(
    entries: Sequence[Entry], quantity: int | None, kind: Kind, found: Sequence[Mention],
    weights: Sequence[float] = (),
) -> Wish:  # fmt: skip
    weigh = dict(zip((entry.id for entry in entries), weights, strict=False))
    ranked = sorted(
        entries,
        key=lambda one: (-weigh.get(one.id, 1.0), one.available == 0, -(one.available or 0)),
    )[:MOST_OPTIONS]
    return Wish(
        Kind.CHOICES, options=tuple(ranked), quantity=quantity, choosing=kind, spans=spans(found)
    )


def codes(words: Sequence[Word], index: ItemIndex) -> list[Entry]:
    """Items whose code is like a word that is no code; of letters alone a sign may only be missing or
    too much, or two of them have changed places."""
    return [
        entry
        for word in words
        if word.role is Role.UNKNOWN and _like_a_code(word)
        for entry in _likest(word, index.near(word.token.text))
        if _has_digit(word)
        or _lacking(code_key(entry.code), code_key(word.token.text))
        or _signed_alike(entry.code, word.token.text)
    ]


def _lacking(code: str, typed: str) -> bool:
    """Whether a sign is missing or too much, or two have changed places."""
    return len(code) != len(typed) or sorted(code) == sorted(typed)


def _signed_alike(code: str, typed: str) -> bool:
    """Whether a word of letters has the signs of a code at the same places: AB-CDE-FX of AB-CDE-FG."""
    return len(signs(typed)) > 1 and signs(code) == signs(typed) and borders(code) == borders(typed)


def _like_a_code(word: Word) -> bool:
    """Whether a word has a digit, or a sign within it, as codes have."""
    return _has_digit(word) or not word.token.text.isalnum()


def _has_digit(word: Word) -> bool:
    return any(char.isdigit() for char in word.key)


def _likest(word: Word, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Those of several codes that look just as it is written, O for 0 and I for 1, or else all."""
    shown = code_key(word.key).translate(_LOOKS)
    looks = [one for one in entries if code_key(one.code).translate(_LOOKS) == shown]
    number = _without_zeros(code_key(word.key))
    return (
        looks or [one for one in entries if _without_zeros(code_key(one.code)) == number] or entries
    )


def _without_zeros(key: str) -> str:
    """A code without the zeros that its numbers begin with: KR001 is KR01."""
    return _ZEROS.sub("", key)


def listed_for(found: Sequence[Mention], besides: Reading | None, index: ItemIndex) -> Wish:
    """The list to choose from for each of these, with what is ordered or proposed `besides`."""
    lists = [
        choices(one.entries(index), one.quantity, Kind.ORDER, [one], one.match.weights)
        for one in found
    ]
    wish = lists[0]
    rows = MOST_OPTIONS // len(lists)
    if len(lists) > 1 and rows > 1:
        own: list[tuple[Entry, ...]] = []
        for one in lists:
            new = tuple(entry for entry in one.options if all(entry not in few for few in own))
            own.append(new[:rows])
        if all(own):
            wish = replace(
                wish, options=tuple(entry for few in own for entry in few), spans=spans(found),
                quantity=None,
                parts=tuple(
                    (len(few), one.quantity) for few, one in zip(own, lists, strict=True)
                ),
            )  # fmt: skip
    if besides is None or not besides.certain:
        return replace(wish, unsure=besides is not None)
    certain = besides.outcome is Kind.ORDER and not any(
        one.alternatives or one.unless or one.if_available for one in besides.wishes
    )
    held = tuple(line for one in besides.wishes for line in one.lines)
    return replace(wish, held=held, unsure=not certain)


def said(mention: Mention) -> str:
    """The words that name something, as they were written."""
    words = sorted(mention.words, key=lambda word: word.token.start)
    named = [
        word.token.text
        for word in words
        if (word.role is not Role.NUMBER or word.label or word.value != mention.quantity)
    ]
    return " ".join(dict.fromkeys(named))


def spans(found: Sequence[Mention]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({word.span for mention in found for word in mention.words}))


def reading(wishes: Sequence[Wish], found: Sequence[Mention], index: ItemIndex) -> Reading:
    candidates = [
        Candidate(index.entry(item), weight)
        for mention in found
        for item, weight in zip(
            mention.match.items[:MOST_OPTIONS], mention.match.weights, strict=False
        )
    ]
    sure = min(
        (mention.match.sure * (HALF if mention.doubt else 1) for mention in found), default=HALF
    )
    return Reading(tuple(wishes), sureness=round(sure, 2), candidates=tuple(candidates))
