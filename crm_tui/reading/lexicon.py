"""The words of customers' SMS as data: what they mean, and which mean the same.

`lexicon.toml` holds them; a shop adds rows of its own (`Lexicon.extended`). No word of a catalogue
stands here: those are in the index of the items.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from crm_tui.reading import stems
from crm_tui.reading.patterns import Patterns

Phrase = tuple[str, ...]
PAIR = 2
PACK = "pack:"
"""Begins the kinds of units of a lexicon that counts packs."""
DOZENS = ("dozen", "score", "gross")
"""Kinds of units that hold many pieces, and so many always."""
_STEM = 3
_NO_TALK = ("things", "makers", "named", "side", "kinds", "told_by", "begins_remarks")
"""Groups of words that stand for things, not for what is said of them."""


class Phrases:
    """Phrases of several meanings, found among words in one pass. `equal`: words that mean the same
    within a phrase, by their name: "dak usah" where "ga usah" is listed. What is one word is found as
    it is listed: "ga" alone asks."""

    def __init__(
        self, groups: Mapping[str, Iterable[str]], equal: Mapping[str, str] | None = None
    ) -> None:
        self._equal = equal or {}
        self._single: dict[str, list[str]] = {}
        self._by_first: dict[str, dict[tuple[Phrase, str], int]] = {}
        for name, texts in groups.items():
            for text in texts:
                words = tuple(text.split())
                if len(words) == 1:
                    self._single.setdefault(text, []).append(name)
                    continue
                words = tuple(self._equal.get(word, word) for word in words)
                self._by_first.setdefault(words[0], {})[words, name] = len(words)
        self._longest = {
            first: sorted(((size, words, name) for (words, name), size in found.items()),
                          key=lambda row: -row[0])
            for first, found in self._by_first.items()
        }  # fmt: skip

    def spans(self, words: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Where phrases stand, by their meaning: half-open spans, those of one meaning apart."""
        found: dict[str, list[tuple[int, int]]] = {}
        equal = self._equal
        names = [equal.get(word, word) for word in words]
        for start, name in enumerate(names):
            for size, phrase, meaning in self._longest.get(name, ()):
                if tuple(names[start : start + size]) == phrase:
                    _put(found, meaning, start, start + size)
            for meaning in self._single.get(words[start], ()):
                _put(found, meaning, start, start + 1)
        return found


def _put(found: dict[str, list[tuple[int, int]]], meaning: str, start: int, end: int) -> None:
    spans = found.setdefault(meaning, [])
    if not spans or spans[-1][1] <= start:
        spans.append((start, end))


@dataclass(frozen=True)
class Lexicon:
    """Words by meaning. `canon`: the name of all ways to write a word; `concepts`: the name of what
    a phrase of such names says; `numbers`: values; `units`: kinds of units; `measures`: sizes;
    `begins`: the first words of those phrases; `wider`: what a word may be said for besides;
    `houses`: makes by the builder of a vehicle; `classes`: of which class a model is;
    `apart`: kinds that are only meant if one of their words is said;
    `spelled`: words of talk in another spelling; `undoing`: what undoes a change beside it;
    `known`, `heard`: the words of talk by themselves and by their sounds (`stems`)."""

    canon: Mapping[str, str]
    concepts: Mapping[Phrase, str]
    numbers: Mapping[str, int]
    dozens: Mapping[str, int]
    ordinals: Mapping[str, int]
    units: Mapping[str, str]
    measures: Mapping[str, str]
    opposites: Mapping[str, str]
    words: Mapping[str, frozenset[str]]
    phrases: Phrases
    wider: Mapping[str, tuple[str, ...]]
    houses: Mapping[str, frozenset[str]]
    classes: Mapping[str, tuple[str, ...]]
    apart: Mapping[str, frozenset[str]]
    known: Mapping[str, str]
    heard: Mapping[str, str]
    begins: frozenset[str]
    spelled: Mapping[str, str]
    letters: Mapping[str, str]
    undoing: Patterns
    packs: Mapping[str, int] = field(default_factory=dict)
    """How many pieces a word counts that counts packs: "lusin", "selusin", "pasang"."""
    unions: dict[tuple[str, ...], frozenset[str]] = field(
        default_factory=dict, compare=False, repr=False
    )
    grouped: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def union(self, *names: str) -> frozenset[str]:
        """The words of several groups together."""
        found = self.unions.get(names)
        if found is None:
            found = frozenset().union(*(self.words[name] for name in names))
            self.unions[names] = found
        return found

    def groups(self, word: str) -> tuple[str, ...]:
        """The names of the groups that have a word."""
        if not self.grouped:
            found: dict[str, list[str]] = {}
            for name, words in self.words.items():
                for text in words:
                    found.setdefault(text, []).append(name)
            self.grouped.update((text, tuple(names)) for text, names in found.items())
        return self.grouped.get(word, ())

    def name(self, word: str) -> str:
        """The one name of `word`, itself if it has no other."""
        return self.canon.get(word, word)

    def named(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Concepts among `words`: spans with their names, longer phrases and overlaps included."""
        names = [self.name(word) for word in words]
        for start, first in enumerate(names):
            if first not in self.begins:
                continue
            for length in (1, 2, 3):
                concept = self.concepts.get(tuple(names[start : start + length]))
                if concept and start + length <= len(names):
                    yield start, start + length, concept

    def counting_packs(self, sold: Collection[int]) -> "Lexicon":
        """This lexicon for what is sold by packs of so many pieces: a dozen is one of those."""
        units = {word: f"{PACK}{self.dozens[word]}" for word in self.dozens}
        own = {word: unit for word, unit in units.items() if self.dozens[word] in sold}
        ones = {
            word: 1 for word, many in self.packs.items() if word in self.numbers and many in sold
        }
        changed = {
            "units": {**self.units, **own}, "numbers": {**self.numbers, **ones},
            "dozens": {word: many for word, many in self.dozens.items() if word not in own},
            "unions": {},
        }  # fmt: skip
        return Lexicon(**{**self.__dict__, **changed})

    def extended(self, same: Iterable[Iterable[str]]) -> "Lexicon":
        """This lexicon with more ways to say things: rows of words or phrases that mean the same."""
        canon, concepts = dict(self.canon), dict(self.concepts)
        _join(canon, concepts, [[text.lower() for text in row] for row in same])
        begins = frozenset(phrase[0] for phrase in concepts)
        own = {"canon": canon, "concepts": concepts, "begins": begins}
        return Lexicon(**{**self.__dict__, **own})


def _join(canon: dict[str, str], concepts: dict[Phrase, str], rows: list[list[str]]) -> None:
    for row in rows:
        if all(" " not in text for text in row):
            first = next((canon[text] for text in row if text in canon), row[0])
            for text in row:
                canon.setdefault(text, first)
    for row in rows:
        if any(" " in text for text in row):
            phrases = [tuple(canon.get(word, word) for word in text.split()) for text in row]
            phrases += [("".join(text.split()),) for text in row if " " in text]
            name = next((concepts[one] for one in phrases if one in concepts), "~" + row[0])
            for phrase in phrases:
                concepts.setdefault(phrase, name)


def _numbered(rows: Iterable[str]) -> dict[str, int]:
    """{"dua": 2, "duo": 2} of "2 dua duo"."""
    return {word: int(row.split()[0]) for row in rows for word in row.split()[1:]}


def _spelled(numbers: Mapping[str, Any]) -> dict[str, int]:
    """The words for numbers, "limabelas" and "duapuluh" in one word among them."""
    found = _numbered(numbers["words"])
    single = {word: value for word, value in found.items() if 1 < value < 10}
    for word, value in single.items():
        found |= {word + teen: value + 10 for teen in numbers["teens"].split()}
        found |= {word + ten: value * 10 for ten in numbers["tens"].split()}
    return found


def _packs(numbers: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, int]:
    """How many pieces the words for packs count, those with "one" before them among them."""
    dozens = _numbered(numbers["dozens"])
    found = dict(dozens)
    for word, value in _numbered(numbers["words"]).items():
        if any(word.endswith(dozen) and dozens[dozen] == value for dozen in dozens):
            found[word] = value
    pairs = [word for word, kind in units.items() if kind == "pair"]
    return found | dict.fromkeys((*pairs, *numbers["pair"]), PAIR)


def _named(rows: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, row in rows.items() for word in row.split()}


def _equal(rows: Iterable[str]) -> dict[str, str]:
    return {word: row.split()[0] for row in rows for word in row.split()}


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
    words |= {
        f"{group}.{name}": frozenset(row.split())
        for group in ("visit", "notify", "mild")
        for name, row in data[group].items()
        if isinstance(row, str)
    }
    words["visit.seeds"] = frozenset().union(
        *(words[f"visit.{name}"] for name in ("open", "holiday", "close", "place", "shop"))
    )
    # "Permeter brp"
    words["glue"] |= {f"per{unit}" for unit in _named(data["units"]) if len(unit) > 1}
    words["stop"] = frozenset().union(
        *(words[name] for name in ("greetings", "honorifics", "polite", "pronouns", "glue"))
    )
    words["doing"] = words["order"] | words["take"]
    words["asking"] = words["price"] | words["stock"]
    words["cue"] = words["doing"] | words["asking"]
    words |= {
        f"numbers.{name}": frozenset(numbers[name].split())
        for name in ("teens", "tens", "hundreds", "half")
    }
    words["personal"] = words["polite"] | words["pronouns"]
    words["side"] = frozenset(word for pair in pairs for word in pair)
    groups = {
        f"{group}.{key}": row
        for group in ("veto", "conditions", "intents", "dialogue")
        for key, row in data[group].items()
    }
    groups["notify.tell"] = data["notify"]["tell"]
    groups |= {f"numbers.{name}": numbers[name] for name in ("pair", "pairs", "each")}
    words["talking"] = (
        words["yes"]
        | {
            text
            for group in ("veto", "conditions", "intents", "dialogue")
            for row in data[group].values()
            for text in row
            if " " not in text
        }
        | {text for text in numbers["each"] if " " not in text}
    )
    written = [phrase.split() for row in same["phrases"] for phrase in row.split("|")]
    words["named"] = frozenset(canon) | words["things"] | words["makers"]
    words["named"] |= {word for phrase in written for word in phrase}
    general = {word for row in same["general"] for word in row.split()}
    words["kinds"] = words["things"] | general | {word for phrase in written for word in phrase}
    words["kinds"] -= words["vague"]
    words["remark.first"] = words.pop("first_of_remarks")
    words["adding"] = frozenset(data["dialogue"]["add"])
    words["remark.calm"] = words["polite"] | words["honorifics"] | words["order"]
    words["remark.begins"] = frozenset().union(
        *(words[name] for name in words["begins_remarks"]), words["remark.first"]
    )
    words["remark.words"] = frozenset().union(*(words[name] for name in words["told_by"]))
    words["open"] = words["grades"] | words["plain"] | words["vague"]
    words["verbs"] = (
        words["cue"] | words["want"] | {text for text in words["talking"] if len(text) > _STEM}
        | frozenset(("nanya", "bantu", "siap"))
    )  # fmt: skip
    known, heard = stems.forms(
        text for name, group in words.items() if name not in _NO_TALK for text in group
    )
    return Lexicon(
        canon, concepts, _spelled(numbers), _numbered(numbers["dozens"]),
        _numbered(numbers["ordinals"]), _named(data["units"]), _named(data["measures"]),
        {one: other for a, b in pairs for one, other in ((a, b), (b, a))}, words,
        Phrases(groups, _equal(data["equal"]["rows"])),
        {row.split()[0]: tuple(row.split()[1:]) for row in data["wider"]["rows"]},
        {row.split()[0]: frozenset(row.split()) for row in data["wider"]["houses"]},
        {
            word: (row.split()[0],)
            for row in data["wider"]["classes"]
            for word in row.split()[1:]
        },
        {"~" + name: frozenset(name.split()[1:]) for name in data["wider"]["apart"]}, known, heard,
        frozenset(phrase[0] for phrase in concepts),
        {word: row.split()[0] for row in data["spelled"]["rows"] for word in row.split()[1:]},
        _named(data["letters"]), _undoing(data["undoing"], words),
        _packs(numbers, _named(data["units"])),
    )  # fmt: skip


def _undoing(data: Mapping[str, Any], words: dict[str, frozenset[str]]) -> Patterns:
    """What is said beside a change and undoes it; its own groups of words are no talk elsewhere."""
    own = {name: row.split() for name, row in data["words"].items()}
    words["undoing.talk"] = frozenset(own["talk"])
    words["undoing.owned"] = frozenset((*own["owned"], *own["owns"]))
    rows = {
        f"{side}.{kind}": rows
        for side, kinds in data.items()
        if side != "words"
        for kind, rows in kinds.items()
    }
    return Patterns({**words, **own}, rows)


@cache
def standard() -> Lexicon:
    """The lexicon that comes with the program."""
    text = files("crm_tui.reading").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return _build(tomllib.loads(text))
