"""Items as reading asks for them, and how their codes are compared: what the shop needs of reading
where it reads nothing."""

import re
from dataclasses import dataclass
from itertools import accumulate

_PIECES = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"(?<=[^\W_])[\W_]+(?=[^\W_])")
_DASHES = dict.fromkeys(range(0x2010, 0x2016), "-")


def code_key(text: str) -> str:
    """A code as it is compared: capitals and digits, without dashes, dots or blanks."""
    return "".join([char for char in text.upper() if char.isalnum()])


def signed_otherwise(typed: str, code: str) -> bool:
    """Whether a word has a sign where the code, which has the same letters and digits, has none, and no
    digit meets a letter: AB-C1 is no A-BC1."""
    key = code_key(code)
    return any(key[at - 1].isdigit() == key[at].isdigit() for at in borders(typed) - borders(code))


def signs(text: str) -> list[str]:
    """What stands between the pieces of a code, however its dashes are written."""
    return _BETWEEN.findall(text.translate(_DASHES).strip())


def numbered_otherwise(typed: str, code: str) -> bool:
    """Whether a code begins or ends with a number, and other signs stand in it than in the code: AB.12
    is 12 of an AB as well."""
    found = _PIECES.findall(typed)
    numbered = len(found) > 1 and (found[0].isdecimal() or found[-1].isdecimal())
    return numbered and signs(typed) != signs(code)


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

    def __hash__(self) -> int:
        """By its key alone, as items are put in sets and found again some hundred times a turn."""
        return hash(self.id)
