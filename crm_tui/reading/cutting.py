"""A written word of a catalogue cut into the words by which it is found: 90/90-14, AV/XEN, 10-15."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from crm_tui.reading import sizes
from crm_tui.reading.edit_model import sound
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.tokenizer import key_of, pieces

_EDGES = ".,;:!?()[]{}*#=_'"
_YEARS = re.compile(r"\(?(\d{2}|(?:19|20)\d{2})-(\d{2}|(?:19|20)\d{2})?\)?")
OPEN_YEARS = 15
"""So many years after its first one, a model without a last year may still be meant."""
_FRACTION = re.compile(r"\d{1,2}/(2|4|8|16|32)\"?")
_SERIES = re.compile(r"([a-z][a-z0-9-]*?)(\d+)/(\d+)")
_PARTED = re.compile(r"[/()+,;:&]")
_FULL = re.compile(r"[1-9]p\d\d")
_COMMA = re.compile(r"(?<![\w,.])(\d{1,2}),(\d{1,2})(?![\d,.])")
"""Before and behind the point of a number: 0,8 is 0.8."""
_LETTER = re.compile("[a-z]")
_MOST_PARTS = 6
_A_WORD = 4
"""So many letters behind a hyphen may be a word by themselves."""


class Known(NamedTuple):
    """By what a word can be found: how it sounds ("" if it is too short to tell, or no plain word), and
    by which parts of it."""

    key: str
    sound: str = ""
    parts: tuple[str, ...] | None = None


class Cut(NamedTuple):
    """What a written word gives: `found`, the words to find it by; `ordered`, those that stand in the
    name; `known`, by what each is found; `joined`, words that a stroke joins; `initials`, single
    letters before one with the word behind it."""

    found: tuple[str, ...]
    ordered: tuple[str, ...]
    known: tuple[Known, ...] = ()
    joined: tuple[str, ...] = ()
    initials: tuple[tuple[str, str], ...] = ()


def cut(raw: str, lexicon: Lexicon) -> Cut:
    """What a written word of a catalogue gives, in small letters."""
    years = _YEARS.fullmatch(raw)
    more: list[str] = []
    if years:
        first = _year(years[1])
        last = _year(years[2]) if years[2] else first + OPEN_YEARS
        if 0 <= last - first <= 40 and 1960 <= first <= 2040:
            more = [str(year) for year in range(first, last + 1)]
    raw = _COMMA.sub(r"\1.\2", raw.strip(_EDGES))
    parts = [part for part in _PARTED.split(raw) if part]
    if _FRACTION.fullmatch(raw):
        # Of 3/4 nobody says 3 or 4.
        parts = [raw]
    series = _SERIES.fullmatch(raw)
    if series:
        # PS120/125 is PS120 and PS125; PC200-7/8 is PC200-7 and PC200-8.
        parts.append(series[1] + series[3])
    compound = "/" in raw and all(map(_LETTER.search, parts))
    whole = raw if len(parts) == 1 or not compound else ""
    ordered: list[str] = []
    known: list[Known] = []
    joined: list[str] = []
    initials: list[tuple[str, str]] = []
    for written in dict.fromkeys([whole, *parts]):
        key = key_of(written.strip(_EDGES + '-"')) if '"' not in written else key_of(written)
        if not key:
            continue
        key = measured(key, lexicon)
        more.append(key)
        if written is not whole or len(parts) == 1:
            ordered.append(key)
        if compound:
            joined.append(key)
            if len(key) == 1 and len(parts) == 2 and written is parts[0]:
                initials.append((key, lexicon.name(parts[1])))
        if "p" in key and "." in written:
            bare = "".join([char for char in written if char.isalnum()])
            if len(bare) > 3:
                more.append(bare)
                known.append(known_by(bare, written.replace(".", "")))
        known.append(known_by(key, written))
    return Cut(
        tuple(dict.fromkeys(more)), tuple(ordered), tuple(known), tuple(joined), tuple(initials)
    )


def known_by(key: str, written: str) -> Known:
    """By what a word can be found that was written so."""
    if key.isalpha():
        # A KENARI-RAWA is asked for as RAWA, too.
        last = written.rpartition("-")[2]
        parts = (last,) if last.isalpha() and _A_WORD <= len(last) < len(key) else None
        return Known(key, sound(key) if len(key) > 2 else "", parts)
    atoms = pieces(written) or [key]
    found: list[str] = []
    # A single digit is said with what it belongs to: "oli 1" is no litre.
    for begin in range(len(atoms)):
        for end in range(begin + 1, min(len(atoms), begin + _MOST_PARTS) + 1):
            part = "".join(atoms[begin:end])
            if part != key and len(part) > 1:
                found.append(part)
            whole = end - begin > 1 or _FULL.fullmatch(part)
            if "p" in part and whole and part.replace("p", "").isdecimal():
                # 2.75/3.00 is asked for as 275/300, 2.75 as 275.
                found.append(part.replace("p", ""))
            if part.startswith("0p"):
                # Of 0.25, people say 25 and 025.
                found += [part[2:], "0" + part[2:]]
    return Known(key, parts=tuple(found))


def measured(key: str, lexicon: Lexicon) -> str:
    """A size with the one name of its measure: 5liter is 5l."""
    if not key[:1].isdigit() or key.isdecimal():
        return key
    atoms = pieces(key)
    if len(atoms) == 2 and atoms[0][0].isdigit() and atoms[1] in lexicon.measures:
        return atoms[0] + lexicon.measures[atoms[1]]
    return key


def is_year(text: str) -> bool:
    """Whether a word of a name may be a year."""
    return len(text) == 4 and text.isdecimal() and 1960 <= int(text) <= 2040


def _year(text: str) -> int:
    number = int(text)
    return number if number > 99 else 2000 + number if number < 60 else 1900 + number


def apart(words: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """Sizes of a name that are asked for in one piece: m8x25 of M8 X 25; 50 of OS 0.50."""
    for place, word in enumerate(words[:-2]):
        if word == "x" or not word[-1].isdigit():
            continue
        size = word
        for cross, number in zip(words[place + 1 :: 2], words[place + 2 :: 2], strict=False):
            if cross != "x" or not number[0].isdigit():
                break
            size += f"x{number}"
            yield size
    marks = lexicon.words["size_marks"]
    for word in words:
        mark = word.rstrip("0123456789")
        if mark in marks and (over := sizes.hundredths(word[len(mark) :])):
            yield sizes.oversize(over)
    for one, two in pairwise(words):
        if one in marks and (over := sizes.hundredths(two)):
            yield sizes.oversize(over)
        whole, point, part = two.partition("p")
        if one in marks and point and whole.isdecimal() and len(part) == 2 and part.isdecimal():
            yield str(int(whole + part))


def several(names: Iterable[str]) -> Iterator[str]:
    """Other names, and of those that commas or strokes part each: "tutup kenari/kop kenari"."""
    for name in names:
        yield name
        listed = [part for part in name.split(", ") if part] if ", " in name else []
        yield from listed
        for one in listed or (name,):
            parts = one.split("/") if "/" in one else []
            if len(parts) > 1 and all(len(part.split()) > 1 for part in parts):
                yield from parts
