"""Sizes in the pieces in which the catalogue has them: "90/90 ring 14" in one, "12v5ah" in two."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from crm_tui.reading import sizes
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.tokenizer import Token, key_of
from crm_tui.reading.vocabulary import Vocabulary

_GLUED = re.compile(r"z?r(\d\d)")
_BETWEEN = ("r", "x", "zr")
_DECIMAL = re.compile(r"\d{1,2}[.,]\d{1,2}")
_VOLTS = re.compile(r"(\d+v)[-/]?(\d.*)")
_CLOTHES = frozenset(("xs", "s", "m", "l", "xl", "xxl"))
_TWO = 2

Taken = tuple[str, str, int]
"""The text and the key of a size that begins at a place, and the place behind it."""
_NONE: Taken = ("", "", 0)


def written(tokens: Sequence[Token], index: ItemIndex) -> Sequence[Token]:
    """The words with each such size as the catalogue has it."""
    lexicon = index.lexicon
    marks = lexicon.words["size_marks"]
    telling = lexicon.words["diameters"] | marks | frozenset(_BETWEEN)
    if not any(token.text in telling or _said_so(token.text, marks) for token in tokens):
        return tokens
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        text, key, end = next(filter(None, (one(tokens, at, index) for one in _WAYS)), _NONE)
        if end:
            last = tokens[end - 1]
            joined = replace(last, text=text, key=key, start=tokens[at].start)
            result.append(replace(joined, pause=tokens[at].pause, minus=tokens[at].minus))
        else:
            result += _parted(tokens[at], index)
        at = end or at + 1
    return result


def of_clothes(words: list[Word], vocabulary: Vocabulary) -> list[Word]:
    """The words of a text, where two sizes that are letters are named together: "yang M sama L"."""
    places = [
        at
        for at in range(1, len(words) - 1)
        if words[at].role is Role.LINK
        and not words[at].token.pause
        and (at < _TWO or words[at - _TWO].role is not Role.NUMBER)
        and all(
            one.role is Role.MAYBE and one.token.text in _CLOTHES and vocabulary.has(one.token.text)
            for one in (words[at - 1], words[at + 1])
        )
    ]
    named = {at + step for at in places for step in (-1, 1)}
    return (
        [replace(word, role=Role.NAME) if at in named else word for at, word in enumerate(words)]
        if named
        else words
    )


def _said_so(text: str, marks: frozenset[str]) -> bool:
    """Whether a word may be part of such a size."""
    if text.isalpha():
        return False
    formed = any(form.fullmatch(text) for form in (_GLUED, _DECIMAL, _VOLTS))
    return formed or text.rstrip("0123456789") in marks


def _rimmed(tokens: Sequence[Token], at: int, index: ItemIndex) -> Taken | None:
    """A width with its diameter behind it: "90/90 ring 14", "275 r17"."""
    says = index.lexicon.words["diameters"].union(_BETWEEN)
    wide = ""
    for end in range(at, min(at + 2, len(tokens))):
        more = sizes.width(tokens[end].text)
        if not more or (end > at and (tokens[end].pause or not tokens[end].digits)):
            break
        wide += more
        diameter, behind = _diameter(tokens, end + 1, says)
        if diameter and index.words.has(f"{sizes.SIZE}{wide}{diameter}"):
            # A number alone would count something.
            return f"{wide}/{diameter}", wide + diameter, behind
    return None


def _diameter(tokens: Sequence[Token], at: int, says: frozenset[str]) -> tuple[str, int]:
    """The diameter that is told at a place, and the place behind it; "" if there is none."""
    if at >= len(tokens) or tokens[at].pause:
        return "", at
    glued = _GLUED.fullmatch(tokens[at].text)
    if glued:
        return glued[1], at + 1
    told = tokens[at].text in says and at + 1 < len(tokens) and not tokens[at + 1].pause
    return (tokens[at + 1].key, at + 2) if told and tokens[at + 1].digits else ("", at)


def _measured(tokens: Sequence[Token], at: int, index: ItemIndex) -> Taken | None:
    """A fraction with what it is measured in: "0,8 liter"."""
    if at + 1 >= len(tokens) or tokens[at + 1].pause or not _DECIMAL.fullmatch(tokens[at].text):
        return None
    measure = index.lexicon.measures.get(tokens[at + 1].text)
    key = f"{tokens[at].key}{measure}"
    return (key, key, at + 2) if measure and index.words.senses(key) else None


def _marked(tokens: Sequence[Token], at: int, index: ItemIndex) -> Taken | None:
    """How much larger something is than its standard, where names write that otherwise: "os 0,50"."""
    mark = tokens[at].text.rstrip("0123456789")
    if mark not in index.lexicon.words["size_marks"]:
        return None
    apart = mark == tokens[at].text
    if apart and (at + 1 >= len(tokens) or tokens[at + 1].pause):
        return None
    number = sizes.hundredths(tokens[at + 1].key if apart else tokens[at].text[len(mark) :])
    key = sizes.oversize(number)
    own = all(index.words.has(token.key) for token in tokens[at : at + 1 + apart])
    known = number and index.words.has(key) and not own
    return (f"{mark}{number}", key, at + 1 + apart) if known else None


_WAYS: tuple[Callable[[Sequence[Token], int, ItemIndex], Taken | None], ...] = (
    _rimmed, _measured, _marked,
)  # fmt: skip


def _parted(token: Token, index: ItemIndex) -> list[Token]:
    """A word of two sizes in two, where the catalogue has both apart: "12v5ah"."""
    found = _VOLTS.fullmatch(token.text)
    if found is None or index.words.senses(token.key):
        return [token]
    keys = [key_of(found[1]), key_of(found[2])]
    if not all(map(index.words.senses, keys)):
        return [token]
    middle = token.start + found.start(2)
    first = replace(token, text=found[1], key=keys[0], end=middle, asked=False, listed=False)
    last = replace(token, text=found[2], key=keys[1], start=middle, pause=0, minus=False)
    return [first, last]
