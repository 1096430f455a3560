"""Which items a customer's words name: those that have all of them, the best fitting first."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import ge, mul

from crm_tui.reading.edit_model import EXACT, FAR
from crm_tui.reading.vocabulary import SORT, Vocabulary

_ALIKE = 0.03
"""Weights that differ by less say nothing about which item is meant."""
_A_SIZE = 0.07
"""Nor does it whether a size stands alone or with more of it: 6301 may be 6301ZZ."""
_SIZE = re.compile(r"\d{3,}|\d+p\d+")
_MOSTLY = 0.6
"""Of so many items with one word, another word says nothing new."""
_FIRST = 2
"""So many words of a name tell what it is called."""
_MOST_SORTED = 400
_MOST_CALLED = 40
_MOST = 120
"""So many items are weighed against each other; more are too many to be named anyway."""


@dataclass(frozen=True)
class Term:
    """A word of the customer's with what it may stand for: catalogue words with their weights.

    `place`: the number of its word in the text. `soft`: it helps to choose, but need not fit;
    `carried`: it was said before, of what was named then.
    """

    key: str
    senses: dict[str, float] = field(hash=False)
    place: int
    soft: bool = False
    carried: bool = False

    def having(self, vocabulary: Vocabulary, among: set[int] | None) -> set[int]:
        """The items with one of the senses, of those `among` which is looked; not to be changed."""
        if among is None and len(self.senses) == 1:
            (word,) = self.senses
            return vocabulary.items(word)
        found: set[int] = set()
        for word in self.senses:
            items = vocabulary.items(word)
            found |= items if among is None else items & among
        return found

    def spread(self, vocabulary: Vocabulary) -> int:
        """In how many items it may stand, counted roughly."""
        return sum([len(vocabulary.items(word)) for word in self.senses])

    def weighed(self, vocabulary: Vocabulary) -> list[tuple[float, set[int]]]:
        """The weight of each sense with the items that have it, the best first."""
        senses = sorted(self.senses.items(), key=lambda pair: -pair[1])
        return [(weight, vocabulary.items(word)) for word, weight in senses]

    def fits(self, vocabulary: Vocabulary, item: int) -> float:
        """The weight of the best sense that the item has, 0 if it has none."""
        best = 0.0
        for word, weight in self.senses.items():
            if weight > best and item in vocabulary.items(word):
                best = weight
        return best


@dataclass(frozen=True)
class Match:
    """Items that fit: `items` by weight; `missing`: words that none of them has.

    `weights`: how well each of the items fits, 0..1. `headed`: the words say what kind of thing it
    is, not only for what; `contested`: other items have the words elsewhere in their names.
    `sure`: the weight of the least certain word.
    """

    items: tuple[int, ...] = ()
    missing: tuple[Term, ...] = ()
    weights: tuple[float, ...] = ()
    headed: bool = False
    contested: bool = False
    sure: float = 1.0

    @property
    def one(self) -> bool:
        """Whether exactly one item fits."""
        return not (self.missing or self.items[1:] or not self.items)


def match(terms: Sequence[Term], vocabulary: Vocabulary) -> Match:
    """The items that have all `terms` (the soft ones, if any item has them), best first."""
    needed = sorted(
        (term for term in terms if not term.soft), key=lambda term: term.spread(vocabulary)
    )
    if not needed:
        return Match()
    among, missing = _having(needed, vocabulary)
    if vocabulary.sorts and any(map(_sorted, needed)):
        left = _called_so(among, needed, vocabulary)
        if len(left) < len(among) and not missing:
            if not left:
                return match([_plain(term) for term in terms], vocabulary)
            among = left
    if missing and len(needed) > 1 and EXACT not in needed[0].senses.values():
        # The rarest word may be the one that was mistaken.
        others, still = _having(needed[1:], vocabulary)
        if others and not still:
            among, missing = others, needed[:1]
    implied = [term for term in missing if _implied(term, needed, missing, vocabulary)]
    missing = [term for term in missing if term not in implied]
    if missing or not among:
        return Match(tuple(sorted(among)[:_MOST]), tuple(missing))
    for term in terms:
        if term.soft:
            fewer = term.having(vocabulary, among)
            among = fewer or among
    found = _ranked(
        among, needed, [term for term in terms if term.soft and not term.carried], vocabulary
    )
    return replace(found, sure=min(found.sure, FAR)) if implied else found


def _sorted(term: Term) -> bool:
    """Whether a word may stand for the category of things."""
    return any(word.startswith(SORT) for word in term.senses)


def _plain(term: Term) -> Term:
    """A word without the category that it may stand for."""
    if not _sorted(term):
        return term
    senses = {word: weight for word, weight in term.senses.items() if not word.startswith(SORT)}
    return replace(term, senses=senses)


def _called_so(among: set[int], terms: Sequence[Term], vocabulary: Vocabulary) -> set[int]:
    """Those of some items that have the words in their names, or are called by their first words, of
    which the category then says what they are: "gemuk KENARI", of a KENARI that is in GEMUK. What is
    only of a category is nothing that was asked for."""
    others = [_plain(term) for term in terms if _sorted(term)]
    needed = [term for term in terms if not _sorted(term)]
    if len(among) > _MOST_SORTED:
        return {item for item in among if all(one.fits(vocabulary, item) for one in others)}
    return {
        item
        for item in among
        if all(one.fits(vocabulary, item) for one in others)
        or any(
            term.senses.get(word) == EXACT and _calls(word, place, item, vocabulary)
            for place, word in enumerate(vocabulary.words[item][:_FIRST])
            for term in needed
        )
    }


def _calls(word: str, place: int, item: int, vocabulary: Vocabulary) -> bool:
    """Whether a word is what an item is called: the first of its name, or the second one, where several
    have it and always behind the same."""
    if vocabulary.applies(word):
        return False
    items = vocabulary.items(word)
    first = vocabulary.words[item][0]
    return not place or (
        1 < len(items) <= _MOST_CALLED and all(vocabulary.words[one][0] == first for one in items)
    )


def _having(terms: Sequence[Term], vocabulary: Vocabulary) -> tuple[set[int], list[Term]]:
    among: set[int] | None = None
    missing = []
    for term in terms:
        fewer = term.having(vocabulary, among)
        if fewer:
            among = fewer
        else:
            missing.append(term)
    return among or set(), missing


def _implied(
    term: Term, terms: Sequence[Term], missing: Sequence[Term], vocabulary: Vocabulary
) -> bool:
    """Whether another word says as much already: a make, where most for this model is of it."""
    own = term.having(vocabulary, None)
    if not own or vocabulary.lexicon.name(term.key) in vocabulary.lexicon.canon:
        # Sides, sizes and kinds are said because they differ.
        return False
    if not term.key.isalpha() or not any(map(vocabulary.applies, term.senses)):
        return False
    for other in terms:
        if (
            other not in missing
            and vocabulary.lexicon.name(other.key) not in vocabulary.lexicon.canon
        ):
            theirs = other.having(vocabulary, None)
            narrower = 1 < len(theirs) < min(vocabulary.size / 4, len(own))
            if narrower and len(own & theirs) >= len(theirs) * _MOSTLY:
                return True
    return False


def _ranked(
    among: set[int], terms: Sequence[Term], soft: Sequence[Term], vocabulary: Vocabulary
) -> Match:
    if len(among) > _MOST:
        among = set(sorted(among)[:_MOST])
    having = [term.weighed(vocabulary) for term in terms]
    fits = {item: _weights(having, item) for item in among}
    least = [
        max(column) - (_A_SIZE if _SIZE.fullmatch(term.key) else _ALIKE)
        for term, column in zip(terms, zip(*fits.values(), strict=True), strict=True)
    ]
    fitting = [item for item in among if all(map(ge, fits[item], least))]
    among = set(fitting) or among
    if len(among) > 1:
        among = _of_the_phrase(among, terms, vocabulary)
    headed = _headed(among, [*terms, *soft], vocabulary)
    if len(headed) < len(among):
        kinds_said = vocabulary.lexicon.words["kinds"].intersection(
            word for term in (*terms, *soft) for word in term.senses
        )
        if kinds_said:
            headed |= {item for item in among - headed if vocabulary.made(item) in kinds_said}
    if len(headed) < len(among) and len(terms) > 1 and vocabulary.others:
        exact = {word for one in terms for word, weight in one.senses.items() if weight == EXACT}
        headed |= {item for item in among - headed if vocabulary.called(item, exact)}
    kinds = {vocabulary.heads[item][:1] for item in headed}
    headed |= {item for item in among - headed if vocabulary.heads[item][:1] in kinds}
    said = {word for term in terms for word in term.senses}
    contested = bool(headed) and any(
        vocabulary.second_kind(item) in said for item in among - headed
    )
    among = headed or among
    rarity = [1 / (1 + math.log1p(term.spread(vocabulary))) for term in terms]
    whole = sum(rarity)
    weight = {item: round(sum(map(mul, fits[item], rarity)) / whole, 3) for item in among}
    order = sorted(among, key=lambda item: (-weight[item], len(vocabulary.words[item]), item))
    sure = min((min(fits[item]) for item in among), default=0.0) or EXACT
    weights = tuple(weight[item] for item in order)
    return Match(tuple(order), (), weights, bool(headed), contested, sure)


def _weights(having: Sequence[Sequence[tuple[float, set[int]]]], item: int) -> list[float]:
    """How well an item fits each word, of which the weights with their items are given, best first."""
    found = []
    for senses in having:
        for weight, items in senses:
            if item in items:
                found.append(weight)
                break
        else:
            found.append(0.0)
    return found


def _of_the_phrase(
    among: set[int], terms: Sequence[Term], vocabulary: Vocabulary
) -> set[int]:  # fmt: skip
    """Of several items those that are what a phrase says, where the others only have its words apart: a
    SIRSAK DEPAN, and no SIRSAK SAMPING DEPAN."""
    if not any(word[:1] == "~" for term in terms for word in term.senses):
        return among
    lexicon = vocabulary.lexicon
    for one, two in pairwise(sorted(terms, key=lambda term: term.place)):
        if two.place - one.place != 1:
            continue
        phrase = lexicon.concepts.get((lexicon.name(one.key), lexicon.name(two.key)))
        kept = {item for item in among if phrase in vocabulary.heads[item]}
        if phrase and kept:
            return kept
    return among


def _headed(among: set[int], terms: Iterable[Term], vocabulary: Vocabulary) -> set[int]:
    """The items of which one of the terms says what kind of thing they are, or is their code."""
    senses = [sense for term in terms for sense in term.senses.items()]
    said = {word for word, _ in senses}
    codes: set[int] = set()
    for word, weight in senses:
        if weight == EXACT and word[:5] == "code:":
            codes |= vocabulary.items(word)
    heads = vocabulary.heads
    return {item for item in among if item in codes or not said.isdisjoint(heads[item])}
