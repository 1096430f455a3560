"""Numbers of a free text, in digits or words, with the units and sizes behind them."""

import re
from dataclasses import replace
from itertools import pairwise, takewhile

from crm_tui.reading.roles import Draft, Role, Word

CONTAINERS = {"bottle", "canister", "can", "jerrycan", "pail", "drum", "cylinder", "roll"}
"""Units that also tell the sizes of one thing apart: oli, yang drum."""
_LENGTHS = ("in", "mm", "cm", "persen")
"""Sizes that catalogues give without them, too: KENARI 24."""
_GLUED = re.compile(r"x?(\d{1,6})x?([a-z]*)")
_ONE = re.compile("se|sak(?=..)|sa(?=..)")
"""Before a unit: sebotol, sakbotol, sabotol."""
_MOST_APART = 4
_LEAST_SIZE = 100
_A_SIZE = 2
"""So many digits are rather a size than so many of a thing."""
_OF_IT = ("nya", "nyo", "ny", "ne")
_WHICH = ("yang", "yg", "yng", "nu", "sing")
"""Before a number they choose: yang 22."""
_TWO = 2
_MOST_NAMES = 40
_FAR = 5
"""So far from a word of a name stands how many of it are wanted."""
_MOST_DIGITS = 3
_WHOLE = (100, 1000)
"""Numbers of one word to which another one is added."""


def take(draft: Draft, at: int) -> int:
    """Take a number with its unit; the place behind it, 0 if there is none here."""
    apart = _apart(draft, at)
    if apart:
        return apart
    half = _half(draft, at)
    if half:
        return half
    value, end, unit = _value(draft, at)
    if value is None:
        return 0
    token = draft.found[at]
    called = _in_words(draft, at, value) if end == at + 1 else ""
    if called:
        draft.roles[at] = Word(token, Role.NAME, called)
        return end
    following = draft.texts[end] if end < len(draft.found) and not draft.found[end].pause else ""
    measure = draft.lexicon.measures.get(following)
    if following == "a" and token.digits and f"{value}a" in draft.vocabulary.postings:
        measure = "a"
    if measure == "a" and not draft.vocabulary.senses(f"{value}a"):
        measure = "ah"
    if measure == "persen" and not draft.vocabulary.senses(token.key):
        measure = None
    if measure == "t" and not draft.vocabulary.senses(f"{value}t"):
        # Of what is called "mata", it counts; of a chain it is a size.
        measure = None
        if token.digits and len(token.key) >= _A_SIZE and draft.vocabulary.senses(token.key):
            return _size(draft, at, at + 1, also=1)
    if (measure and not unit and end - at == 1) or (measure and not unit and token.text.isalpha()):
        merged = f"{value if token.text.isalpha() else token.key}{measure}"
        known = bool(draft.vocabulary.senses(merged))
        if known or (following not in draft.lexicon.units and not _begins_a_name(draft, end)):
            kind = draft.lexicon.units.get(following, "")
            bare = measure in _LENGTHS and len(token.key) > 1
            if bare and not draft.vocabulary.senses(merged) and draft.vocabulary.senses(token.key):
                merged = token.key
            # "Yang 4 liter" says which one.
            which = at > 0 and draft.texts[at - 1] in _WHICH and draft.vocabulary.has(merged)
            word = Word(token, Role.NUMBER if kind else Role.NAME, merged, value, kind, which)
            draft.roles[at] = replace(word, end=draft.found[end].end)
            draft.fill(at + 1, end + 1)
            return end + 1
    measure = draft.lexicon.measures.get(draft.texts[at][2:]) if unit else None
    size = f"{value}{measure}" if measure and draft.texts[at][:2] == "se" else ""
    if not unit and following:
        unit = unit_of(draft, following)
        end += bool(unit)
        if unit in CONTAINERS and f"unit:{unit}" in draft.vocabulary.postings:
            draft.roles[end - 1] = Word(draft.found[end - 1], Role.MAYBE, following)
    before = draft.texts[at - 1] if at else ""
    label = before in ("no", "nomor", "nomer", "nmr") or (not unit and before in _WHICH)
    label = label or (not unit and _measures(draft, at)) or _place_of(draft, at)
    label = label or (not unit and (_supposed(draft, at) or _called(draft, at, following)))
    pair = unit == "pair" or draft.texts[at] in ("sepasang", "spasang")
    year = token.digits and len(token.key) == 4 and 1970 <= value <= 2035 and not unit
    key = token.key if token.key.isalnum() and token.key[0].isdigit() else str(value)
    if size and draft.vocabulary.senses(size):
        # "Yang seliter" is 1 litre as a size.
        key = size
        label = label or before in _WHICH
    if label and draft.vocabulary.senses(f"no{key}"):
        key = f"no{key}"
    draft.roles[at] = Word(
        token, Role.NUMBER, key, value, unit, label, pair, year, draft.found[end - 1].end
    )
    draft.fill(at + 1, end)
    return end


def _in_words(draft: Draft, at: int, value: int) -> str:
    """The word for a number as names of the catalogue have it behind the word before it, where another
    number says how many: the "tiga" of a KENARI TIGA in "kenari tigo 2"; "" if it is not so."""
    before = draft.roles[at - 1] if at else None
    if before is None or before.role is not Role.NAME or not draft.texts[at].isalpha():
        return ""
    if draft.found[at].pause or draft.lexicon.name(before.key) in draft.vocabulary.kinds:
        return ""
    lexicon, vocabulary = draft.lexicon, draft.vocabulary
    names = {
        two
        for item in sorted(vocabulary.items(lexicon.name(before.key)))[:_MOST_NAMES]
        for one, two in pairwise(vocabulary.words[item])
        if one == lexicon.name(before.key) and lexicon.numbers.get(two) == value
    }
    near = range(max(0, at - _FAR), min(at + _FAR, len(draft.found)))
    counted = len(names) == 1 and any(_counts(draft, place) for place in near if place != at)
    return names.pop() if counted else ""


def _counts(draft: Draft, at: int) -> bool:
    """Whether a number that may say how many stands at a place."""
    role, token = draft.roles[at], draft.found[at]
    if role is not None:
        return role.role is Role.NUMBER
    short = token.digits and len(token.key) <= _MOST_DIGITS
    return short or draft.texts[at] in draft.lexicon.numbers


def _begins_a_name(draft: Draft, at: int) -> bool:
    """Whether what may be a measure begins the name of a kind of thing: "125 v belt"."""
    texts = tuple(draft.lexicon.name(text) for text in draft.texts[at : at + 2])
    return texts in draft.lexicon.concepts


def _apart(draft: Draft, at: int) -> int:
    """Take a size whose numbers stand apart (35 55 8); the place behind it, 0 if there is none here."""
    found = draft.found[at : at + _MOST_APART]
    if len(found) < 2 or not found[0].digits or not (found[1].digits or found[1].text == "x"):
        return 0
    crossed = len(found) > 2 and found[1].text == "x" and found[2].digits
    if crossed and draft.vocabulary.whole(f"{found[0].key}x{found[2].key}"):
        return _size(draft, at, at + 3)
    behind = takewhile(lambda token: token.digits and not token.pause, found[1:])
    keys = [found[0].key, *(token.key for token in behind)]
    for count in range(len(keys), 1, -1):
        if draft.vocabulary.apart(keys[:count]):
            return _size(draft, at, at + count)
    return 0


def _half(draft: Draft, at: int) -> int:
    """Take "setengah kilo", where something has that size; the place behind it, 0 if there is none."""
    if draft.texts[at] not in draft.lexicon.words["numbers.half"] or at + 1 == len(draft.found):
        return 0
    measure = draft.lexicon.measures.get(draft.texts[at + 1], "")
    key = "1f2in" if measure == "in" else f"0p5{measure}"
    if measure == "in" and not draft.vocabulary.senses(key):
        key = "1f2"
    if measure not in ("l", "kg", "in") or not draft.vocabulary.senses(key):
        return 0
    draft.roles[at] = Word(draft.found[at], Role.NAME, key, end=draft.found[at + 1].end)
    draft.fill(at + 1, at + 2)
    return at + 2


def _size(draft: Draft, at: int, end: int, also: int = 0) -> int:
    """Take the words up to `end` as one size; so many behind it say nothing new."""
    found = draft.found
    key = "".join(token.key for token in found[at:end])
    draft.roles[at] = Word(found[at], Role.NAME, key, end=found[end - 1].end)
    draft.fill(at + 1, end + also)
    return end + also


def _place_of(draft: Draft, at: int) -> bool:
    """Whether a number is a place in a list: "yg ke 2", "urutan ke 3"."""
    before = tuple(draft.texts[max(0, at - 2) : at])
    ranked = before[:1] and before[0] in (*_WHICH, "urutan", "nomor", "no", "baris")
    return len(before) == _TWO and before[1] in ("ke", "ka") and bool(ranked)


def _measures(draft: Draft, at: int) -> bool:
    """Whether a word for a measure stands before a number of two digits that the shop has in a size:
    "yang lebar 160"."""
    token = draft.found[at]
    named = at > 0 and draft.texts[at - 1] in draft.lexicon.words["dimensions"]
    sized = token.digits and len(token.key) >= _A_SIZE and bool(draft.vocabulary.senses(token.key))
    if named and sized and draft.roles[at - 1] is not None and not draft.found[at].pause:
        before = draft.roles[at - 1]
        if before is not None and before.role is Role.UNKNOWN:
            draft.set(at - 1, Role.STILL)
        return True
    return False


def _supposed(draft: Draft, at: int) -> bool:
    """Whether a number behind "if" is a size that the shop has: kalo 6302?"""
    token = draft.found[at]
    if all(end != at for _, end in draft.marks.get("conditions.condition", ())):
        return False
    return token.digits and len(token.key) >= _A_SIZE and bool(draft.vocabulary.senses(token.key))


def _called(draft: Draft, at: int, following: str) -> bool:
    """Whether a number is what something is called: 22 nya?"""
    token = draft.found[at]
    sized = token.digits and len(token.key) >= _A_SIZE
    named = sized and bool(draft.vocabulary.senses(token.key))
    return named and following in _OF_IT


def unit_of(draft: Draft, text: str) -> str:
    unit = draft.lexicon.units.get(text)
    return unit if unit else text if draft.index.is_unit(text.upper()) else ""


def _value(draft: Draft, at: int) -> tuple[int | None, int, str]:
    """The number at a place, the place behind it, and the unit that is stuck to it."""
    lexicon, token = draft.lexicon, draft.found[at]
    following = draft.texts[at + 1] if at + 1 < len(draft.found) else ""
    text = draft.texts[at]
    if text in lexicon.words["numbers.half"] and following in lexicon.dozens:
        return lexicon.dozens[following] // 2, at + 2, ""
    if text in ("sepasang", "spasang"):
        return 1, at + 1, "pair"
    one = _ONE.match(text)
    if one and text[one.end() :] in lexicon.units and text not in lexicon.numbers:
        return 1, at + 1, lexicon.units[text[one.end() :]]
    if text in lexicon.dozens:
        return lexicon.dozens[text], at + 1, ""
    value: int | None = None
    end = at + 1
    unit = ""
    if token.digits:
        if len(token.key) > 12:
            return None, at, ""
        value = int(token.key)
    elif text in lexicon.numbers and not (text in lexicon.words["links"] and _links(draft, at)):
        value, end = spelled(draft, at)
    else:
        glued = _GLUED.fullmatch(token.text)
        times = glued and "x" in (token.text[0], token.text[-1])
        if (
            glued
            and not (times and draft.vocabulary.has(token.key))
            and (times or not draft.vocabulary.senses(token.key))
        ):
            unit = unit_of(draft, glued[2]) if glued[2] else ""
            if not glued[2] or unit:
                value = int(glued[1])
    if value is not None and end < len(draft.found) and draft.texts[end] in lexicon.dozens:
        return value * lexicon.dozens[draft.texts[end]], end + 1, unit
    if value is not None and end < len(draft.found) and draft.texts[end] == "x" and token.digits:
        end += 1
    return value, end, unit


def _links(draft: Draft, at: int) -> bool:
    """Whether a number that also says "and" stands before another thing: "kenari kalih sirsak"."""
    following = draft.texts[at + 1] if at + 1 < len(draft.texts) else ""
    return bool(draft.vocabulary.kinds.get(draft.lexicon.name(following)))


def _counts_apart(draft: Draft, value: int, behind: int) -> bool:
    """Whether the rest of a number counts what the first part is the size of, where the shop has that
    size: "delapan ratus satu lusin"."""
    if behind >= len(draft.texts) or value < _LEAST_SIZE:
        return False
    counts = draft.texts[behind] in draft.lexicon.dozens or bool(
        unit_of(draft, draft.texts[behind])
    )
    return counts and any(draft.vocabulary.has(f"{value}{measure}") for measure in ("", "ml", "gr"))


def spelled(draft: Draft, at: int) -> tuple[int, int]:
    """A number in words: lima belas, empat puluh dua, dua ratus."""
    lexicon, texts = draft.lexicon, draft.texts
    value = lexicon.numbers[texts[at]]
    end = at + 1
    following = texts[end] if end < len(texts) else ""
    words = lexicon.words
    if following in words["numbers.teens"] and value < 10:
        return value + 10, end + 1
    if following in words["numbers.tens"] | words["numbers.hundreds"] and value < 10:
        tens = following in words["numbers.tens"]
        value *= 10 if tens else 100
        end += 1
        if end < len(texts) and texts[end] in lexicon.numbers and value >= 10:
            more, further = spelled(draft, end)
            if _counts_apart(draft, value, further):
                return value, end
            if more < (10 if tens else 100):
                return value + more, further
    elif value in _WHOLE and following in lexicon.numbers and not draft.found[end].pause:
        # "Seratus lima puluh"
        more, further = spelled(draft, end)
        if more < value and not _counts_apart(draft, value, further):
            return value + more, further
    return value, end
