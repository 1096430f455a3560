"""Sizes and names that somebody dictates letter by letter: "empat te" is 4t, "es ex" is sx."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.reading.index import ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.tokenizer import Token

_ONE = "satu"
_OF_ONE = "se"
_MOST_LETTERS = 4
_MOST_WORDS = 3
"""So many words say one number: lima puluh dua."""


def written(tokens: Sequence[Token], index: ItemIndex) -> Sequence[Token]:
    """The words with what is dictated or said twice in one piece, where the catalogue has just that."""
    tokens = _and_a_half(_parted(_doubled(tokens, index), index), index)
    letters = index.lexicon.letters
    if not any(token.text in letters for token in tokens):
        return tokens
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        key, end = _longest(tokens, at, index)
        if end:
            result.append(
                replace(tokens[end - 1], text=key, key=key, start=tokens[at].start,
                        pause=tokens[at].pause)
            )  # fmt: skip
        else:
            result.append(tokens[at])
        at = end or at + 1
    return result


def _doubled(tokens: Sequence[Token], index: ItemIndex) -> Sequence[Token]:
    """The words with "lumba lumba" in one, where the catalogue has a LUMBA-LUMBA."""
    again = [
        at
        for at in range(1, len(tokens))
        if tokens[at].text == tokens[at - 1].text
        and not tokens[at].pause
        and tokens[at].text.isalpha()
        and index.words.has(tokens[at].text * 2)
    ]
    if not again:
        return tokens
    result = list(tokens)
    for at in reversed(again):
        text = tokens[at].text * 2
        first = tokens[at - 1]
        result[at - 1 : at + 1] = [
            replace(tokens[at], text=text, key=text, start=first.start, pause=first.pause)
        ]
    return result


def _parted(tokens: Sequence[Token], index: ItemIndex) -> Sequence[Token]:
    """The words with the "one" of "se botol" as a word of its own."""
    units = index.lexicon.units
    return [
        replace(token, text=_ONE, key=_ONE)
        if token.text == "se" and after.text in units and not after.pause
        else token
        for token, after in pairwise([*tokens, tokens[-1]])
    ] if any(token.text == "se" for token in tokens) else tokens  # fmt: skip


def _and_a_half(tokens: Sequence[Token], index: ItemIndex) -> Sequence[Token]:
    """The words with "semeter setengah", "satu setengah liter" as the size that the catalogue has."""
    lexicon = index.lexicon
    half = lexicon.words["numbers.half"]
    result = list(tokens)
    for at in range(len(tokens) - 1, 0, -1):
        if tokens[at].text not in half or tokens[at].pause:
            continue
        unit = tokens[at - 1].text.removeprefix(_OF_ONE)
        behind = tokens[at + 1].text if at + 1 < len(tokens) else ""
        joined = unit != tokens[at - 1].text and unit in lexicon.measures
        value = 1 if joined else lexicon.numbers.get(tokens[at - 1].text, 0)
        measure = lexicon.measures.get(unit if joined else behind)
        size = f"{value}p5{measure}"
        if not value or measure is None or not index.words.has(size):
            continue
        end = at + 1 if joined else at + 2
        first = tokens[at - 1]
        text = size.replace("p", ".")
        result[at - 1 : end] = [
            replace(tokens[end - 1], text=text, key=size, start=first.start, pause=first.pause)
        ]
    return result


def _longest(tokens: Sequence[Token], at: int, index: ItemIndex) -> tuple[str, int]:
    """The longest size or name that begins at a place, and the place behind it; 0 if there is none."""
    lexicon = index.lexicon
    before, begin = _number(tokens, at, lexicon)
    end = begin
    spelled = ""
    while end < len(tokens) and end - begin < _MOST_LETTERS:
        letter = lexicon.letters.get(tokens[end].text)
        if letter is None or (end > at and tokens[end].pause):
            break
        spelled += letter
        end += 1
    if not spelled or (before and _other_word(tokens[begin].text, lexicon)):
        return "", 0
    if before:
        behind, further = _number(tokens, end, lexicon)
        if behind and not tokens[end].pause and index.words.has(f"{before}{spelled}{behind}"):
            return f"{before}{spelled}{behind}", further
    enough = before or len(spelled) > 1
    return (before + spelled, end) if enough and index.words.has(before + spelled) else ("", 0)


def _other_word(text: str, lexicon: Lexicon) -> bool:
    """Whether a word behind a number is rather a side, an address or a short word of talk."""
    sided = lexicon.name(text) in lexicon.words["side"]
    return sided or len(text) < 2 or text in lexicon.words["honorifics"]


def _number(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[str, int]:
    """A number in digits or words and the place behind it; "" and the same place if there is none."""
    if at >= len(tokens):
        return "", at
    if tokens[at].digits:
        return tokens[at].key, at + 1
    value, end = 0, at
    for place in range(at, min(at + _MOST_WORDS, len(tokens))):
        text = tokens[place].text
        if place > at and tokens[place].pause:
            break
        if text in lexicon.words["numbers.tens"] and 0 < value < 10:
            value *= 10
        elif text in lexicon.words["numbers.teens"] and 0 < value < 10:
            value += 10
        elif lexicon.numbers.get(text, 0) and (not value or (value % 10 == 0 and value < 100)):
            value += lexicon.numbers[text]
        else:
            break
        end = place + 1
    return (str(value), end) if value else ("", at)
