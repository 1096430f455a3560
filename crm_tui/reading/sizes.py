"""Sizes of several numbers, however they are written: 2.75-17 and 275 x 17, M8-25 and 8X25.

They are found by their digits, "size:27517": signs, a cross and what the numbers are measured in are
left out of the catalogue's and of the customer's.
"""

import re
from collections.abc import Iterator

SIZE = "size:"
"""Before the digits of a size."""
_WIDE = r"(?:\d{1,2}[.,]\d\d|[1-9]\d{1,2})"
_RIM = r"((?:[89]|1\d|2[0-4])(?:[.,]5)?)"
"""A diameter in inches."""
_RIMMED = re.compile(
    rf"(?<![\w.,/-])({_WIDE})(?:/({_WIDE}))?(?:-({_WIDE}/{_WIDE}))?\s*(?:-|/|x|z?r)\s*{_RIM}(?![\d.,/])"
)
"""A width, what goes with it (the height in percent, or the next width), both of the next one, and
the diameter."""
_NUMBER = r"\d+(?:[.,p]\d+)?"
_BETWEEN = r"(?:x|z?r|w|v|a|ah)?"
_KEY = re.compile(rf"m?({_NUMBER}(?:{_BETWEEN}{_NUMBER})*)(?:w|v|a|ah|t|l|mm)?")
_COMPOUND = re.compile(
    rf"(?<![\w.,/-])m?\d+(?:[.,]\d+)?(?:(?:\s?x\s?|z?r|[wv]?\s?[-/]\s?|w\s?){_NUMBER})+(?:w|v|ah|a|t|mm)?"
    r"(?![\w.,/-])"
)
_WIDTH = re.compile(r"\d{1,2}[.,]\d\d|[1-9]\d(?:/?[1-9]\d)?|[1-9]\d\d(?:/[1-9]\d{1,2})?")
_HUNDREDTHS = re.compile(r"0?p?(\d\d)")
_PERCENT = 100
"""What is no less than that is no height in percent of a width."""
_LEAST = 3
"""So many digits tell a size of several numbers."""


def written(name: str) -> Iterator[str]:
    """What the sizes in a name, in small letters, are found by; each width by itself."""
    for found in _COMPOUND.finditer(name):
        digits = _digits(found[0])
        if len(digits) >= _LEAST:
            yield SIZE + digits
    yield from rimmed(name)


def rimmed(name: str) -> Iterator[str]:
    """The same of a width with its diameter, as tyres have it."""
    for found in _RIMMED.finditer(name):
        wide, following, more = (_digits(found[place] or "") for place in (1, 2, 3))
        rim = _digits(found[4])
        if len(wide) < _LEAST and not following:
            # 8x14 and 12-14 are no widths of a tyre.
            continue
        yield SIZE + wide + following + rim
        if more:
            yield SIZE + more + rim
        if following and int(following) >= _PERCENT:
            # A tube of 275/300-17 is asked for as 275-17 or as 300-17.
            yield SIZE + wide + rim
            yield SIZE + following + rim


def key(typed: str) -> str:
    """What a size as it was typed is found by, of which only letters, digits and points are left:
    size:27517 of 2p75x17; "" if it is none."""
    if not any(map(str.isdecimal, typed[:2])):
        return ""
    found = _KEY.fullmatch(typed)
    digits = _digits(found[1]) if found else ""
    return SIZE + digits if len(digits) >= _LEAST else ""


def hundredths(number: str) -> str:
    """The hundredths of a millimetre that a number says: 50 of 50, 050 and 0p50; "" if it says none."""
    found = _HUNDREDTHS.fullmatch(number)
    return found[1] if found else ""


def oversize(digits: str) -> str:
    """What is found by how much larger it is than its standard, in hundredths of a millimetre."""
    return f"{SIZE}+{digits}"


def width(text: str) -> str:
    """The digits of what may be a width, with or without its height: 9090 of 90/90; "" if none."""
    return _digits(text) if _WIDTH.fullmatch(text) else ""


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
