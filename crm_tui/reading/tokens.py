"""An SMS as words with the separators before them, and the items and numbers among the words."""

import re
import unicodedata
from dataclasses import dataclass

from crm_tui.reading import words
from crm_tui.reading.index import Entry, ItemIndex, code_key

_WORD = re.compile(r"[^\s#*,;.:()]+")
_STRONG = re.compile(r"[,;\n]")
_DIGITS = re.compile(r"[0-9]{1,12}")
_TIMES = re.compile(r"X?([0-9]{1,12})X?")
_WITH_UNIT = re.compile(r"([0-9]{1,12})([A-Z]+)")
_SIGNS = {"-", "=", "/"}


@dataclass(frozen=True)
class Word:
    """A word in capitals; `apart`: a comma, semicolon or new line stands before it."""

    text: str
    apart: bool


@dataclass(frozen=True)
class Code:
    """An item that was named; `doubt` if the same words could also mean something else."""

    entry: Entry
    apart: bool
    doubt: bool = False


@dataclass(frozen=True)
class Number:
    """A quantity; it belongs to a neighbour."""

    value: int
    apart: bool


@dataclass(frozen=True)
class Unknown:
    """What looks like a code and is none of ours."""

    text: str
    apart: bool


@dataclass(frozen=True)
class Stray:
    """A word without a place in a strict form."""

    text: str
    apart: bool


Part = Code | Number | Unknown | Stray


def split(text: str) -> list[Word]:
    """The words of `text`, in capitals and in their plain form (NFKC)."""
    plain = unicodedata.normalize("NFKC", text.replace("\r", "\n")).upper()
    found: list[Word] = []
    end = 0
    apart = False
    for match in _WORD.finditer(plain):
        apart = apart or bool(_STRONG.search(plain, end, match.start()))
        end = match.end()
        word = match[0].strip("!\"'")
        if word in words.AND:
            # "and" parts two items as a comma does.
            apart = True
        elif word and word not in _SIGNS:
            found.append(Word(word, apart))
            apart = False
    return found


def parts(found: list[Word], index: ItemIndex) -> list[Part]:
    """Items, numbers and the rest among the words after a keyword."""
    result: list[Part] = []
    at = 0
    while at < len(found):
        taken, new = _take(found, at, index)
        for part in new:
            if isinstance(part, Number) and part.value == -1:
                _dozens(result, part)
            else:
                result.append(part)
        at += taken
    return result


def _dozens(result: list[Part], dozen: Number) -> None:
    """A dozen multiplies the number before it."""
    before = result[-1] if result else None
    if isinstance(before, Number) and not dozen.apart:
        result[-1] = Number(before.value * 12, before.apart)
    else:
        result.append(Number(12, dozen.apart))


def _take(found: list[Word], at: int, index: ItemIndex) -> tuple[int, list[Part]]:
    """How many words from `at` belong together, and what they are."""
    word = found[at]
    if word.text == words.HALF and at + 1 < len(found) and found[at + 1].text == words.DOZEN:
        return 2, [Number(6, word.apart)]
    code = _code(found, at, index)
    if code:
        return code
    if word.text == words.DOZEN:
        return 1, [Number(-1, word.apart)]
    number = _number(word, index)
    if number is not None:
        return 1, [Number(number, word.apart)]
    if word.text in words.UNITS or index.is_unit(word.text) or word.text in words.COURTESY:
        return 1, []
    if word.text == "X":
        return 1, []
    glued = _unglue(word, index)
    if glued:
        return 1, glued
    key = code_key(word.text)
    if 3 <= len(key) <= 20 and re.search(r"[A-Z]", key) and re.search(r"[0-9-]", word.text):
        return 1, [Unknown(word.text, word.apart)]
    return 1, [Stray(word.text, word.apart)]


def _code(found: list[Word], at: int, index: ItemIndex) -> tuple[int, list[Part]] | None:
    """The longest run of words that is a code.

    It is in doubt if it ends in a number of its own which, left out, leaves a code as well.
    """
    fits: list[tuple[int, Entry]] = []
    key = ""
    for count, word in enumerate(found[at:], start=1):
        if count > 1 and word.apart:
            break
        key += code_key(word.text)
        if len(key) > index.longest:
            break
        entry = index.find(key)
        if entry:
            fits.append((count, entry))
    # A code of digits alone is a number unless it was typed in one word with its signs.
    fits = [
        (count, entry)
        for count, entry in fits
        if not _DIGITS.fullmatch(found[at].text) or count > 1
    ]
    if not fits:
        return None
    count, entry = fits[-1]
    doubt = len(fits) > 1 and bool(_DIGITS.fullmatch(found[at + count - 1].text))
    return count, [Code(entry, found[at].apart, doubt)]


def _number(word: Word, index: ItemIndex) -> int | None:
    plain = _TIMES.fullmatch(word.text)
    if plain:
        return int(plain[1])
    counted = _WITH_UNIT.fullmatch(word.text)
    if counted and (counted[2] in words.UNITS or index.is_unit(counted[2])):
        return int(counted[1])
    return words.NUMBERS.get(word.text)


def _unglue(word: Word, index: ItemIndex) -> list[Part]:
    """A code with its quantity stuck to it, where only one reading fits.

    Digits stuck to a code that ends in a digit could as well be a mistyped code: that is doubt.
    """
    readings: list[list[Part]] = []
    for cut in range(1, min(6, len(word.text) - 1) + 1):
        head, tail = word.text[:-cut], word.text[-cut:]
        entry = index.find(code_key(head)) or index.find(code_key(head.removesuffix("X")))
        if tail.isdecimal() and entry:
            doubt = head[-1].isdigit()
            readings.append([Code(entry, word.apart, doubt), Number(int(tail), False)])
        head, tail = word.text[:cut], word.text[cut:]
        entry = index.find(code_key(tail)) or index.find(code_key(tail.removeprefix("X")))
        if head.isdecimal() and entry and not tail[0].isdigit():
            readings.append([Number(int(head), word.apart), Code(entry, False)])
    if len(readings) > 1:
        first = readings[0]
        return [
            Code(part.entry, part.apart, True) if isinstance(part, Code) else part for part in first
        ]
    return readings[0] if readings else []
