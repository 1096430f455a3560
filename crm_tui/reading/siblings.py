"""What was named before, in another size, side, colour or make: "yang belakang?", "kanannya juga".

A short word says in which one respect another item differs from one that the talk is about. So it is
looked for among the siblings of that item alone: the same kind of thing, for the same use. What no
sibling has is not there; the same word on a thing of another kind, or model, is never meant.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.measuring import measures
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.substitutes import beside
from crm_tui.reading.vocabulary import Vocabulary

_MOST, _LEAST = 24, 6
"""So many siblings are looked at of all items together, and of each at least: those that have most
words in common."""
_MOST_SIZES = 8
_MOST_COMPARED = 400
_TWO_DIGITS = 2


@dataclass(frozen=True)
class Siblings:
    """Items like another one: they differ from it in one respect, `exact` ones of them in one word of
    its name, or in nothing of use but what was said. `lost`: how many words of its name each has not
    got."""

    entries: tuple[Entry, ...] = ()
    exact: frozenset[int] = frozenset()
    lost: Mapping[int, int] = field(default_factory=dict)


def siblings(
    index: ItemIndex, entry: Entry, tagged: Tagged, having: dict[str, set[int]], of: int = 1
) -> Siblings:
    """Items of the kind of `entry` and for the same use that have the words of a text.

    `having`: what was found so of each kind, kept from one call to the next; `of`: how many items they
    are looked for of.
    """
    words = index.words
    own = NameWords(words, entry.id)
    said = _said(words, tagged)
    entries: list[Entry] = []
    exact: set[int] = set()
    lost: dict[int, int] = {}
    if own.head not in having:
        having[own.head] = _having(words, own.head, tagged)
    most = max(_LEAST, _MOST // of)
    for item in _likest(words, entry.id, having[own.head] - {entry.id}, most):
        other = NameWords(words, item)
        if other.head != own.head or not own.same_kind(other):
            continue
        lost[item], new = own.apart(other)
        only = max(lost[item], new) <= 1 and own.alike_but_for_one(other)
        if only or own.but_as_said(other, said):
            exact.add(item)
        near = item in exact or own.in_one_respect(other) or own.for_the_same(other)
        if near or own.but_for_one(other):
            entries.append(index.entry(item))
    return Siblings(tuple(entries), frozenset(exact), lost)


def _said(words: Vocabulary, tagged: Tagged) -> frozenset[str]:
    """What the words and numbers of a text stand for in names, for certain."""
    return frozenset(
        words.lexicon.name(sense)
        for word in tagged.words
        if word.role in (Role.NAME, Role.MAYBE, Role.NUMBER)
        for sense, weight in words.senses(word.key).items()
        if weight >= SOUND or (sense.startswith(word.key) and word.token.digits)
    )


@lru_cache(maxsize=16)
def _sizes(said: frozenset[str]) -> list[str]:
    return [word for word in said if _is_size(word)]


def _parts(words: Iterable[str], said: frozenset[str]) -> set[str]:
    """The sizes of a name that a longer size which was said is made of: 100 and 90w of 100/90w."""
    sizes = _sizes(said)
    return {
        word
        for word in words
        if _is_size(word) and len(word) > 1 and any(word in size for size in sizes)
    }


def opposed(index: ItemIndex, one: Entry, other: Entry) -> bool:
    """Whether two items are the same thing for the two sides: the left and the right one."""
    first, second = NameWords(index.words, one.id), NameWords(index.words, other.id)
    return first.said != second.said and first.turned(second)


def other_sides(index: ItemIndex, entry: Entry) -> Sequence[Entry]:
    """The same thing for the other side."""
    words = index.words
    own = words.words.get(entry.id, ())
    if not own:
        return ()
    near = _likest(words, entry.id, words.items(own[0]) - {entry.id}, _MOST_SIZES)
    return [one for one in map(index.entry, near) if opposed(index, entry, one)]


def another_size(index: ItemIndex, entry: Entry, number: Word) -> bool:
    """Whether the same thing is to be had in a size of this number, so that a number without more may
    be that: 16, of a thing of 13 grams."""
    if number.unit or not number.token.digits or len(number.key) < _TWO_DIGITS:
        return False
    words = index.words
    own, canon = NameWords(words, entry.id), words.lexicon.canon
    having = _with(words, words.items(own.head), [number]) - {entry.id}
    for item in sorted(having)[:_MOST_COMPARED]:
        other = NameWords(words, item)
        lost, new = own.lost(other), other.lost(own)
        if any(word in canon and not _is_size(word) for word in (*lost, *new)):
            # For a lamp of another kind.
            continue
        shapes = {_shape(word) for word in lost if _is_size(word)}
        if any(_is_size(word) and _shape(word) in shapes for word in new & _said_as(words, number)):
            return True
    return False


def other_sizes(index: ItemIndex, entry: Entry) -> Sequence[Entry]:
    """Those that have all words of an item's name but a size, of which they have another one."""
    words = index.words
    own = words.words.get(entry.id, ())
    if len(own) < 2:
        return ()
    among = _likest(words, entry.id, words.items(own[0]) - {entry.id}, _MOST_SIZES)
    alike = [item for item in among if len(words.words[item]) == len(own)]
    return [index.entry(item) for item in alike if measures([own, words.words[item]]) is not None]


def another_part(index: ItemIndex, one: Entry, other: Entry) -> bool:
    """Whether what two items have not in common stands before the model that both are for, and so says
    what they are, not who made them."""
    words = index.words
    return NameWords(words, one.id).another_part(NameWords(words, other.id), ())


def _said_as(words: Vocabulary, number: Word) -> set[str]:
    """The words of names that a number may stand for."""
    return {words.lexicon.name(sense) for sense in words.senses(number.key)}


def _before(words: Sequence[str], some: Collection[str]) -> list[str]:
    """The words before the first of some; none if there is none of them."""
    first = next((at for at, word in enumerate(words) if word in some), 0)
    return list(words[:first])


def _likest(words: Vocabulary, entry_id: int, items: Collection[int], most: int) -> list[int]:
    """Those of some items that share most words with one, as they stand in the names."""
    some = sorted(items)[:_MOST_COMPARED]
    if len(some) < 2:
        return some
    own = set(words.words.get(entry_id, ()))
    return heapq.nlargest(most, some, key=lambda item: len(own.intersection(words.words[item])))


def _having(words: Vocabulary, head: str, tagged: Tagged) -> set[int]:
    """Items of a kind that have what a piece of a text says, be it only a number."""
    items = words.items(head)
    parts: list[list[Word]] = [[]]
    for word in tagged.words:
        if word.role in (Role.NUMBER, Role.LINK) or word.token.pause:
            parts.append([])
        if word.role is Role.NAME:
            parts[-1].append(word)
    named = [part for part in parts if part]
    if not named:
        return _with(words, items, [word for word in tagged.words if word.role is Role.NUMBER])
    found: set[int] = set()
    for part in named:
        some = items
        for word in part:
            some = _with(words, some, [word])
        found |= some
    return found


def _with(words: Vocabulary, items: set[int], said: Iterable[Word]) -> set[int]:
    """Those of some items that have one of these words."""
    found: set[int] = set()
    for word in said:
        for sense in words.senses(word.key):
            found |= items & words.items(sense)
    return found


def is_long_size(word: str) -> bool:
    return _is_size(word) and len(word) > _TWO_DIGITS


class NameWords:
    """The words of an item as they are compared."""

    def __init__(self, vocabulary: Vocabulary, item: int) -> None:
        self.vocabulary = vocabulary
        self.item = item
        canon = vocabulary.lexicon.canon
        ordered = [canon.get(word, word) for word in vocabulary.words.get(item, ())]
        self.ordered = tuple(dict.fromkeys(ordered))
        self.said = frozenset(ordered)
        self.head = next(iter(vocabulary.heads.get(item, ())), "")
        self._lost: dict[int, frozenset[str]] = {}

    def same_kind(self, other: "NameWords") -> bool:
        """Whether the first words of both names say the same kind of thing, but for a side in them."""
        sided = self.vocabulary.lexicon.opposites
        if any(sided.get(word) in other.said for word in self.said - other.said):
            return True
        one, two = (self.vocabulary.concepts(item) for item in (self.item, other.item))
        return one == two or not one.isdisjoint(two)

    def lost(self, other: "NameWords") -> frozenset[str]:
        """The words that the other one has not got, be it shortened (av of avanza)."""
        known = self._lost.get(other.item)
        if known is not None:
            return known
        theirs = [one for one in other.said - self.said if len(one) > 1 and one.isalpha()]
        begins = tuple(theirs)
        found = self._lost[other.item] = frozenset(
            word
            for word in self.said - other.said
            if not (
                len(word) > 1
                and word.isalpha()
                and (word.startswith(begins) or any(one.startswith(word) for one in theirs))
            )
        )
        return found

    def apart(self, other: "NameWords") -> tuple[int, int]:
        """How many words only this one has, and how many only the other; those that always stand
        together count as one."""
        return self._grouped(self.lost(other)), self._grouped(other.lost(self))

    def _grouped(self, words: Iterable[str]) -> int:
        groups: list[set[int]] = []
        for word in words:
            items = self.vocabulary.items(word)
            # What stands in one name only stands together by chance.
            if len(items) < 2 or all(len(items) != len(one) or items != one for one in groups):
                groups.append(items)
        return len(groups)

    def turned(self, other: "NameWords") -> bool:
        """Whether nothing but one side is another one."""
        sides = {
            word
            for word in self.said - other.said
            if self.vocabulary.lexicon.opposites.get(word) in other.said - self.said
        }
        return len(sides) == 1 and len(self.said - other.said) == len(other.said - self.said) == 1

    def in_one_respect(self, other: "NameWords") -> bool:
        """Whether two items differ in opposite sides only, or in one run of other words only."""
        opposites = self.vocabulary.lexicon.opposites
        sides = {
            word for word in self.said - other.said if opposites.get(word) in other.said - self.said
        }
        others = {opposites[word] for word in sides}
        mine = [word for word in self.ordered if word not in sides]
        theirs = [word for word in other.ordered if word not in others]
        if sides:
            return len(sides) == 1 and mine == theirs
        while mine and theirs and mine[0] == theirs[0]:
            del mine[0], theirs[0]
        while mine and theirs and mine[-1] == theirs[-1]:
            del mine[-1], theirs[-1]
        return set(mine).isdisjoint(theirs)

    def but_for_one(self, other: "NameWords") -> bool:
        """Whether the other has all words but one, or such as always stand together, which is no side,
        whatever it has besides."""
        lost = self.lost(other)
        return self._grouped(lost) <= 1 and lost.isdisjoint(self.vocabulary.lexicon.opposites)

    def for_the_same(self, other: "NameWords") -> bool:
        """Whether, but for a side, only makers differ: no model is lost, no size is another."""
        lost, new = self.lost(other), other.lost(self)
        sides = {word for word in lost if self.vocabulary.lexicon.opposites.get(word) in new}
        lost -= sides
        sized = {_shape(word) for word in lost if _is_size(word)}
        if sized & {_shape(word) for word in new if _is_size(word)} and (sides or len(lost) > 1):
            return False
        shared = {word for word in self.said & other.said if self._says_use(word)}
        return self.by_maker({word for word in lost if not _is_size(word)}, shared)

    def but_as_said(self, other: "NameWords", said: frozenset[str]) -> bool:
        """Whether the other is for the same use: each size or side that it has not got is another one
        that was said, it has no other size besides, and what it lacks else is only who made it, where
        another make was said."""
        if self.said >= other.said:
            return False
        lost, new = self.lost(other), other.lost(self)
        named = new & said | _parts(new, said)
        if not named or not self._for_one_use(other) or self.another_part(other, said):
            return False
        opposites = self.vocabulary.lexicon.opposites
        shapes = {_shape(word) for word in named if _is_size(word)}
        makes = self.vocabulary.lexicon.words["numbered_makes"]
        sizes = {word for word in lost - makes if _is_size(word)}
        if any(_shape(word) not in shapes for word in sizes):
            return False
        models = self._with_models(other)
        if any(_is_size(word) and word not in named for word in new - makes - models):
            return False
        sides = {word for word in lost if word in opposites}
        if any(opposites[word] not in named for word in sides):
            return False
        rest = lost - sizes - sides
        plain = all(_is_size(word) or word in opposites for word in named)
        if plain and (new - named - makes or sides):
            # A size or a side alone says nothing of another make.
            return not rest and not new - named - self._more_models(other)
        makers = {word for word in rest - makes if self.vocabulary.applies(word)}
        shared = {word for word in self.said & other.said if self._says_use(word)}
        return not makers or self.by_maker(makers, shared)

    def _more_models(self, other: "NameWords") -> set[str]:
        """The models that the other is for besides, where it is for all that this one is for."""
        canon, applies = self.vocabulary.lexicon.canon, self.vocabulary.applies
        own, theirs = (
            {word for word in one.said if word.isalpha() and word not in canon and applies(word)}
            for one in (self, other)
        )
        return theirs - own if own and own <= theirs else set()

    def _with_models(self, other: "NameWords") -> set[str]:
        """The numbers in the other's name of models that it is for besides those that both are for."""
        canon = self.vocabulary.lexicon.canon
        models = {
            word for word in other.said
            if word not in canon and word[:1].isalpha() and self.vocabulary.applies(word)
        }  # fmt: skip
        if not models & self.said:
            return set()
        return {
            two for one, two in pairwise(other.ordered)
            if one in models - self.said and two.isdecimal()
        }  # fmt: skip

    def _for_one_use(self, other: "NameWords") -> bool:
        """Whether both names have a model, or two sizes, in common."""
        shared = self.said & other.said
        canon = self.vocabulary.lexicon.canon
        models = any(self.vocabulary.applies(word) and word not in canon for word in shared)
        return models or sum(map(_is_size, shared)) > 1

    def another_part(self, other: "NameWords", said: Collection[str]) -> bool:
        """Whether one of them has a word before the model that both are for, which the other has not
        and nobody said: it says what the thing is, as who made it stands behind."""
        canon = self.vocabulary.lexicon.canon
        shared = self.said & other.said
        models = {word for word in shared if word not in canon and self.vocabulary.applies(word)}
        return any(
            word in unlike
            for one, unlike in (
                (self, self.lost(other) - other.said), (other, other.lost(self) - set(said))
            )
            for word in _before(one.ordered, models)
            if word not in canon and not _is_size(word)
        )  # fmt: skip

    def alike_but_for_one(self, other: "NameWords") -> bool:
        """Whether one word stands for another one at its place, or only another make."""
        lost, new = self.lost(other), other.lost(self)
        shared = {word for word in self.said & other.said if self._says_use(word)}
        if not lost or not new or self.in_one_respect(other):
            return True
        return self.by_maker(lost, shared) and not self.another_part(other, ())

    def by_maker(self, lost: Iterable[str], shared: Collection[str]) -> bool:
        """Whether what the other has not got is a maker's name: within its kind, that stands beside
        more words than a model's does."""
        make = self.vocabulary.lexicon.words["make"]
        lost = [word for word in lost if word not in make]
        if not shared:
            return False
        fewest = min(beside(self.vocabulary, (self.head,), word) for word in shared)
        return all(beside(self.vocabulary, (self.head,), word) > fewest for word in lost)

    def _says_use(self, word: str) -> bool:
        return self.vocabulary.applies(word) or (
            _is_size(word) and len(self.vocabulary.items(word)) > 1
        )


@lru_cache(maxsize=4_096)
def _is_size(word: str) -> bool:
    return not word.isalpha() and any(map(str.isdigit, word))


@lru_cache(maxsize=4_096)
def _shape(word: str) -> str:
    """What a size measures, as far as its letters tell: "0p8l" and "1l" are both in litres."""
    return "".join(char for char in word if char.isalpha() and char != "p")
