"""The words of customers' SMS as data: what they mean, and which mean the same.

`lexicon.toml` holds them; a shop adds rows of its own (`Lexicon.extended`). No word of a catalogue
stands here: those are in the index of the items.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Phrase = tuple[str, ...]


class Phrases:
    """Phrases of one meaning, found among words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[Phrase]] = {}
        for text in phrases:
            words = tuple(text.split())
            self._by_first.setdefault(words[0], []).append(words)
        for found in self._by_first.values():
            found.sort(key=len, reverse=True)

    def at(self, words: Sequence[str], start: int) -> int:
        """How many words of the longest phrase stand at `start`; 0 if none does."""
        for phrase in self._by_first.get(words[start], ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                return len(phrase)
        return 0

    def spans(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where the phrases stand, as half-open spans that do not overlap."""
        start = 0
        while start < len(words):
            length = self.at(words, start)
            if length:
                yield start, start + length
            start += length or 1

    def __contains__(self, word: str) -> bool:
        return (word,) in self._by_first.get(word, ())


@dataclass(frozen=True)
class Lexicon:
    """Words by meaning. `canon`: the name of all ways to write a word; `concepts`: the name of what
    a phrase of such names says; `numbers`: values; `units`: kinds of units; `measures`: sizes."""

    canon: Mapping[str, str]
    concepts: Mapping[Phrase, str]
    numbers: Mapping[str, int]
    dozens: Mapping[str, int]
    ordinals: Mapping[str, int]
    units: Mapping[str, str]
    measures: Mapping[str, str]
    opposites: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Phrases]

    def name(self, word: str) -> str:
        """The one name of `word`, itself if it has no other."""
        return self.canon.get(word, word)

    def named(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Concepts among `words`: spans with their names, longer phrases and overlaps included."""
        names = [self.name(word) for word in words]
        for start in range(len(names)):
            for length in (1, 2, 3):
                concept = self.concepts.get(tuple(names[start : start + length]))
                if concept and start + length <= len(names):
                    yield start, start + length, concept

    def extended(self, same: Iterable[Iterable[str]]) -> "Lexicon":
        """This lexicon with more ways to say things: rows of words or phrases that mean the same."""
        canon, concepts = dict(self.canon), dict(self.concepts)
        _join(canon, concepts, [[text.lower() for text in row] for row in same])
        return Lexicon(**{**self.__dict__, "canon": canon, "concepts": concepts})


def _join(canon: dict[str, str], concepts: dict[Phrase, str], rows: list[list[str]]) -> None:
    for row in rows:
        if all(" " not in text for text in row):
            first = next((canon[text] for text in row if text in canon), row[0])
            for text in row:
                canon.setdefault(text, first)
    for row in rows:
        if any(" " in text for text in row):
            phrases = [tuple(canon.get(word, word) for word in text.split()) for text in row]
            name = next((concepts[one] for one in phrases if one in concepts), "~" + row[0])
            for phrase in phrases:
                concepts.setdefault(phrase, name)


def _numbered(rows: Iterable[str]) -> dict[str, int]:
    """{"dua": 2, "duo": 2} of "2 dua duo"."""
    return {word: int(row.split()[0]) for row in rows for word in row.split()[1:]}


def _named(rows: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, row in rows.items() for word in row.split()}


def _build(data: Mapping[str, Any]) -> Lexicon:
    canon: dict[str, str] = {}
    concepts: dict[Phrase, str] = {}
    same = data["same"]
    single = [row.split() for group in ("side", "quality", "general") for row in same[group]]
    _join(canon, concepts, single)
    _join(canon, concepts, [row.split("|") for row in same["phrases"]])
    numbers = data["numbers"]
    pairs = [pair.split() for pair in data["opposites"]["pairs"]]
    words = {name: frozenset(row.split()) for name, row in data["function"].items()}
    words["stop"] = frozenset().union(
        *(words[name] for name in ("greetings", "honorifics", "polite", "pronouns", "glue"))
    )
    words["side"] = frozenset(word for pair in pairs for word in pair)
    phrases = {
        name: Phrases(row)
        for group in ("veto", "conditions", "intents", "dialogue")
        for name, row in ((f"{group}.{key}", row) for key, row in data[group].items())
    }
    words["talking"] = frozenset(
        text for row in data["dialogue"].values() for text in row if " " not in text
    )
    words["phrased"] = frozenset(
        text
        for group in ("veto", "conditions", "intents", "dialogue")
        for row in data[group].values()
        for text in row
        if " " not in text
    ) | frozenset(text for text in numbers["each"] if " " not in text)
    for name in ("half", "pair", "pairs", "each"):
        phrases[f"numbers.{name}"] = Phrases(numbers[name])
    return Lexicon(
        canon, concepts, _numbered(numbers["words"]), _numbered(numbers["dozens"]),
        _numbered(numbers["ordinals"]), _named(data["units"]), _named(data["measures"]),
        {one: other for a, b in pairs for one, other in ((a, b), (b, a))}, words, phrases,
    )  # fmt: skip


@cache
def standard() -> Lexicon:
    """The lexicon that comes with the program."""
    text = files("crm_tui.reading").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return _build(tomllib.loads(text))
