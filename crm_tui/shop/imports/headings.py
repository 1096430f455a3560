"""Which column is which field: what shops write above them is a table (`headings.toml`)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

_SEVERAL = {"customers": ("phone",)}
"""Fields that may stand in several columns: a customer has all the numbers."""
ROWS = 20
"""Titles may stand above: the headings are looked for in so many rows."""
_MONEY = ("rp", "idr", "rupiah")
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_SIGNS = re.compile(r"[^\w%]+|_+")


def words(text: str) -> str:
    """A heading as it is looked up: "No. HP" is "no hp", "HARGA_JUAL (Rp)" is "harga jual"."""
    kept = _SIGNS.sub(" ", text.casefold()).split()
    return " ".join(word for word in kept if word not in _MONEY)


@dataclass(frozen=True)
class Aliases:
    """What columns of one kind of file are called: words to the fields they can mean."""

    sure: Mapping[str, Sequence[str]]
    vague: Mapping[str, Sequence[str]]
    first: Mapping[str, Sequence[str]]

    def known_as(self, name: str) -> str:
        """The field with what people call it: "price (harga)"."""
        other = next((each for each in self.first[name] if each != name.replace("_", " ")), name)
        return f"{name} ({other})" if other != name else name

    def meanings(self, heading: str) -> tuple[Sequence[str], bool]:
        """The fields that a heading can mean, the likeliest first, and whether one of them is."""
        for text in dict.fromkeys((words(heading), words(_BRACKETS.sub(" ", heading)))):
            for spelt in dict.fromkeys((text, re.sub(r"(?<=\D)[ ]?\d$", "", text))):
                sure, vague = self.sure.get(spelt, ()), self.vague.get(spelt, ())
                if sure or vague:
                    return (*sure, *(each for each in vague if each not in sure)), bool(sure)
        return (), False


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    text = (files("crm_tui.shop.imports") / "headings.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def aliases(kind: str) -> Aliases:
    """The words of this kind of file."""
    sure: dict[str, list[str]] = {}
    vague: dict[str, list[str]] = {}
    first: dict[str, Sequence[str]] = {}
    for name, lists in _table()[kind].items():
        first[name] = lists["words"]
        for into, listed in ((sure, lists["words"]), (vague, lists.get("vague", ()))):
            for each in listed:
                into.setdefault(words(each), []).append(name)
    return Aliases(sure, vague, first)


@dataclass
class Meaning:
    """Which field each column is (None: not taken), and between which columns nobody can choose."""

    fields: list[str | None]
    rivals: dict[str, list[int]] = field(default_factory=dict)


def mapped(kind: str, headings: Sequence[str], chosen: Mapping[int, str]) -> Meaning:
    """What each column is; `chosen` is what a person said (column → field, "" for none)."""
    known = aliases(kind)
    claims: dict[str, list[int]] = {}
    open_: list[tuple[int, Sequence[str]]] = []
    vague: list[tuple[int, Sequence[str]]] = []
    result = Meaning([None] * len(headings))
    for column, heading in enumerate(headings):
        if column in chosen:
            result.fields[column] = chosen[column] or None
            continue
        meanings, sure = known.meanings(heading)
        if not meanings:
            continue
        if not sure:
            vague.append((column, meanings))
        elif len(meanings) > 1:
            open_.append((column, meanings))
        else:
            claims.setdefault(meanings[0], []).append(column)
    taken = set(result.fields)
    # "Jumlah" is what "Qty" and "Total" leave over.
    for column, meanings in open_:
        free = [each for each in meanings if each not in claims and each not in taken]
        if free:
            claims.setdefault(free[0], []).append(column)
    late: dict[str, list[int]] = {}
    for column, meanings in vague:
        free = [each for each in meanings if each not in claims and each not in taken]
        if free:
            late.setdefault(free[0], []).append(column)
    for name, columns in (*claims.items(), *late.items()):
        if name in taken:
            # A person has said which it is.
            continue
        if len(columns) == 1 or name in _SEVERAL.get(kind, ()):
            for column in columns:
                result.fields[column] = name
        else:
            result.rivals[name] = columns
    for name in late:
        _add_behind(kind, name, headings, result)
    return result


def _add_behind(kind: str, name: str, headings: Sequence[str], meaning: Meaning) -> None:
    """A first name goes on in other columns."""
    behind = _table()[kind][name].get("behind", ())
    if name in meaning.fields:
        for column, heading in enumerate(headings):
            if meaning.fields[column] is None and words(heading) in behind:
                meaning.fields[column] = name


@dataclass(frozen=True)
class Found:
    """Where the headings stand: the index of the last of their rows, and how many fields they name."""

    at: int
    headings: Sequence[str]
    score: int


def found(kind: str, rows: Sequence[Sequence[str]]) -> Found | None:
    """The row of headings among the first ones; None if no row names two fields.

    Two rows may be one heading: "Harga" above "Beli" and "Jual".
    """
    best: Found | None = None
    for at, row in enumerate(rows):
        score = _score(kind, row)
        if score >= 2 and (best is None or score > best.score):
            best = Found(at, row, score)
    for at, (above, below) in enumerate(pairwise(rows)):
        joined = _joined(above, below)
        score = _score(kind, joined) if joined else 0
        if score >= 2 and (best is None or score > best.score):
            best = Found(at + 1, joined, score)
    return best


def _score(kind: str, row: Sequence[str]) -> int:
    known = aliases(kind)
    names = {known.meanings(cell)[0][:1] for cell in row if cell}
    return len(names - {()})


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Two rows as one heading; nothing if the second one holds more than words."""
    if sum(map(bool, below)) < 2 or any(re.search(r"\d", cell) for cell in below):
        return []
    told: list[str] = []
    group = ""
    for column in range(max(len(above), len(below))):
        top = above[column] if column < len(above) else ""
        sub = below[column] if column < len(below) else ""
        group = top or group
        told.append(f"{group} {sub}".strip() if sub else top)
    return told
