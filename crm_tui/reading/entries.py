"""Items as reading asks for them, and how their codes are compared: what the shop needs of reading
where it reads nothing."""

import re
from dataclasses import dataclass
from itertools import accumulate

_PIECES = re.compile(r"[^\W_]+")


def code_key(text: str) -> str:
    """A code as it is compared: capitals and digits, without dashes, dots or blanks."""
    return "".join([char for char in text.upper() if char.isalnum()])


def signed_otherwise(typed: str, code: str) -> bool:
    """Whether a word has a sign where the code, which has the same letters and digits, has none, and no
    digit meets a letter: AB-C1 is no A-BC1."""
    key = code_key(code)
    return any(key[at - 1].isdigit() == key[at].isdigit() for at in borders(typed) - borders(code))


def borders(text: str) -> set[int]:
    """Before which of its letters and digits, counted from 0, something else stands in `text`."""
    ends = accumulate(map(len, _PIECES.findall(text)))
    return set(list(ends)[:-1])


@dataclass(frozen=True)
class Entry:
    """An item that can be asked for.

    `price` in rupiah and `available` units, where they are known, tell which one "the cheap one"
    is, and what to list first.
    """

    id: int
    code: str
    name: str
    unit: str
    category: str = ""
    other_names: tuple[str, ...] = ()
    price: int | None = None
    available: int | None = None
