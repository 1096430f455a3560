"""What is said of an item and need not stand in its name: its side, its unit, its make.

Each way here leaves less to choose from, or leaves out a word that keeps the others from going
together; none brings in what was not named.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.reading.edit_model import CONCEPT, EXACT, SOUND
from crm_tui.reading.entries import code_key, numbered_otherwise, signed_otherwise
from crm_tui.reading.makes import Makes, only
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.measuring import held, of_grade
from crm_tui.reading.numbers import CONTAINERS
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.vocabulary import CLASS, Vocabulary

_MEASURED = re.compile(r"[0-9]+(p[0-9]+)?(v|w|ah|l|ml|gr|kg|mm|cm|m|in)")
"""A size with its measure: no model."""
_OF_IT = ("nya", "nyo", "ny", "ne")
_SOLD_IN = CONTAINERS | {"pack"}
_TOLD = 3
"""So many words of a name, one of them a size, are of nothing else."""
_LETTERS = 3
"""So many letters behind a model tell which of its kind it is: musi x, ogan mx."""
_MOST_ALIKE = 8
"""Among so many items codes are compared by their signs."""


class Lenience(Makes):
    """The items that are meant though their names say less, or say it otherwise."""

    def _sold_by(self, counted: Word | None, found: Match) -> Match:
        """Of several those that are sold by what is counted: 10 bottles are none of the canisters."""
        if counted is None or counted.unit not in _SOLD_IN or len(found.items) < 2:
            return found
        units = self.lexicon.units
        sold = {item: self.index.entry(item).unit.lower() for item in found.items}
        kept = [item for item in sold if units.get(sold[item], sold[item]) == counted.unit]
        return only(found, kept) or found

    def _common(self, word: Word) -> bool:
        """Whether a word that no name has says that the common one is meant: "yang biasa"."""
        return word.role is Role.UNKNOWN and word.key in self.lexicon.words["common"]

    def _of_common(self, word: Word, common: Sequence[Word]) -> bool:
        """Whether a word that nobody knows stands right before one for the common one."""
        behind = self.places[id(word)] + 1
        return word.role is Role.UNKNOWN and any(self.places[id(one)] == behind for one in common)

    def _of_the_common(self, terms: Sequence[Term], common: Sequence[Word], found: Match) -> Match:
        """The same without a part that is told to be the common one, "kaki biasa", where the names of
        such things do not tell it."""
        parts = {self.places[id(word)] - 1 for word in common}
        some = [term for term in terms if term.place not in parts]
        if not some or len(some) == len(terms):
            return found
        others = match(some, self.vocabulary)
        return others if others.headed and not others.missing else found

    def _plainest(self, found: Match) -> Match:
        """Of several that one whose name has nothing that the others' have not."""
        names = {item: set(self.vocabulary.words[item]) for item in found.items[:_MOST_ALIKE]}
        least = [item for item in names if all(names[item] <= other for other in names.values())]
        if len(least) != 1:
            special = self.lexicon.words["special"]
            least = [item for item, name in names.items() if special.isdisjoint(name)]
        plain = len(least) == 1 and len(names) == len(found.items)
        return (only(found, least) if plain else None) or found

    def _as_written(self, words: Sequence[Word], found: Match) -> Match:
        """Of several items whose codes differ in signs only, the one that is written exactly so."""
        if not 1 < len(found.items) <= _MOST_ALIKE or found.missing or not self._coded(words):
            return found
        codes = {self.index.entry(item).code.lower(): item for item in found.items}
        exact = [codes[word.token.text] for word in words if word.token.text in codes]
        if len(exact) != 1 or len({code_key(code) for code in codes}) > 1:
            return found
        return Match((exact[0],), (), found.weights[:1], headed=True, sure=found.sure)

    def _of_fuel(self, terms: Sequence[Term], found: Match) -> Match:
        """Of several those whose names have the fuel that is said: a filter for petrol is as well the
        name of all that filter fuel."""
        fuels = self.lexicon.words["fuels"]
        said = {self.lexicon.name(term.key) for term in terms} & fuels
        if len(said) != 1 or found.missing or len(found.items) < 2:
            return found
        words = self.vocabulary.words
        return only(found, [one for one in found.items if said <= set(words[one])]) or found

    def _coded(self, words: Sequence[Word]) -> bool:
        """Whether a word has the letters and digits of a code, and signs between them."""
        return any(
            not word.token.text.isalnum() and self.vocabulary.items(f"code:{word.key}")
            for word in words
        )

    def _misspelt(self, words: Sequence[Word], found: Match) -> bool:
        """Whether an item is named by its code, with signs where the code has none, or with others
        beside a number."""
        if not found.one or not self._coded(words):
            return False
        entry = self.index.entry(found.items[0])
        code, names = entry.code, entry.name.lower().split()
        key = code_key(code).lower()
        # A code that the name has with its signs may be written so.
        texts = [
            word.token.text for word in words if word.key == key and word.token.text not in names
        ]
        return any(signed_otherwise(text, code) or numbered_otherwise(text, code) for text in texts)

    def _of_its_kind(self, terms: Sequence[Term], matched: Match) -> Match:
        """Nothing of another kind than was said: a lid that is asked for is no pan without one."""
        kinds = self.vocabulary.kinds
        also = self.vocabulary.also
        if matched.one and self._all_told(terms, matched.items[0]):
            return matched
        for term in terms:
            if term.soft and all(term.fits(self.vocabulary, item) for item in matched.items):
                continue
            said = [word for word, weight in term.senses.items() if weight >= CONCEPT]
            if any(all(word in also.get(item, ()) for item in matched.items) for word in said):
                # All of them are called so besides: a pad is a brake lining.
                continue
            if any(
                kinds.get(word)
                # Of LOWER ARM the first word says no kind of thing.
                and word not in self.lexicon.words["side"]
                and not self.vocabulary.applies(word)
                and not self._only_called(word, matched)
                for word in said
            ):
                others = [one for one in terms if one is not term and not one.soft]
                rare = [one for one in others if any(map(self.vocabulary.applies, one.senses))]
                return Match(matched.items, tuple(rare or others or terms))
        return matched

    def _all_told(self, terms: Sequence[Term], item: int) -> bool:
        """Whether so many words of the one item are said as they are, a size among them, that no other
        can be meant, whichever kind of thing one of them may be."""
        name = self.vocabulary.words[item]
        exact = [
            term
            for term in terms
            if not term.soft
            and any(weight == EXACT and word in name for word, weight in term.senses.items())
        ]
        sized = any(not term.key.isalpha() and not term.key.isdecimal() for term in exact)
        return sized and len(exact) >= _TOLD and len(exact) == len(terms)

    def _by_itself(self, terms: Sequence[Term], found: Match) -> Match:
        """Nothing where a thing by itself is asked for, and the shop has but parts of such things: who
        asks for a kenari wants no hose of one."""
        wholes = self.lexicon.words["wholes"]
        if self.lone or found.headed or found.missing or not found.items:
            # Of a few to choose from, each may be told by what it is for.
            return found
        for term in terms:
            name = self.lexicon.name(term.key)
            if name in wholes and not term.soft and not self.vocabulary.begins(name):
                return Match(found.items, (term,))
        return found

    def _only_called(self, word: str, found: Match) -> bool:
        """Whether a word begins no name, but is only how some are called besides, and stands in the
        names of all that was found: it says what they are called, not what kind of thing they are."""
        words = self.vocabulary.words
        if self.vocabulary.begins(word):
            # Some names begin with the make, others have it behind the kind.
            plain = word not in self.lexicon.words["kinds"] and word[:1] != "~"
            return plain and all(words[one][1:2] == (word,) for one in found.items)
        return all(word in words[one] for one in found.items)

    def _plainly(self, terms: Sequence[Term], matched: Match) -> Match:
        """The same with the words as missing that a shop's names need not say, "baru" or "besar", where
        only those keep the others from going together."""
        plain = self.lexicon.words["open"]
        sides = [term for term in terms if self._side(term)]
        for left in ([], *([term] for term in sides), sides[: len(sides) * (len(sides) > 1)]):
            some = [
                term
                for term in terms
                if term not in left and self.lexicon.name(term.key) not in plain
            ]
            if not some or len(some) == len(terms):
                continue
            others = match(some, self.vocabulary)
            if (
                others.missing
                or not others.headed
                or any(self._sided(term, others) for term in left)
            ):
                continue
            return replace(others, missing=tuple(term for term in terms if term not in some))
        return matched

    def _side(self, term: Term) -> bool:
        """Whether it is a side that many things have without another name: left or right."""
        return self.lexicon.name(term.key) in self.lexicon.words["lateral"]

    def _turns(self, before: Sequence[Term], terms: Sequence[Term], found: Match) -> bool:
        """Whether all that was found is of the other side than was said before it, which is not said
        anew: behind a front one "beto" is no rear one."""
        own = {self.lexicon.name(term.key) for term in terms}
        sides = {self.lexicon.name(term.key) for term in before} & set(self.lexicon.opposites)
        for side in sides:
            other = self.lexicon.opposites[side]
            turned = all(
                other in self.vocabulary.words[item] and side not in self.vocabulary.words[item]
                for item in found.items
            )
            if turned and other not in sides and own.isdisjoint((side, other)):
                return True
        return False

    def _of_it(
        self, named: Sequence[Word], before: Sequence[Term], fewer: Match, found: Match
    ) -> bool:
        """Whether "its" is said of one thing that alone is for the vehicle that was said: "kenari
        musi 1 sama sirsaknya 1"; or several are left, of which is asked."""
        if len(fewer.items) != 1:
            return True
        last = named[-1]
        place = self.places[id(last)] + 1
        text = last.token.text
        bent = text.endswith(_OF_IT) and text != last.key
        bent = bent or (place < len(self.words) and self.words[place].token.text in _OF_IT)
        models = {word for term in before for word in term.senses if self.vocabulary.applies(word)}
        others = [item for item in found.items if item not in fewer.items]
        of_model = [word for word in models if fewer.items[0] in self.vocabulary.items(word)]
        return bent and bool(of_model) and all(
            self.vocabulary.items(word).isdisjoint(others) for word in of_model
        )  # fmt: skip

    def _sided(self, term: Term, found: Match) -> bool:
        """Whether one of the items says this side or the opposite one."""
        name = self.lexicon.name(term.key)
        both = self.vocabulary.items(name) | self.vocabulary.items(self.lexicon.opposites[name])
        return not both.isdisjoint(found.items)

    def _unsaid(self, terms: Sequence[Term], found: Match) -> Match:
        """Those without a side that names need not say, where others of their kind say the opposite:
        an outer tyre is one that is no inner one."""
        for term in terms:
            name = self.lexicon.name(term.key)
            if name not in self.lexicon.words["unsaid"] or term.soft:
                continue
            some = match([one for one in terms if one is not term], self.vocabulary)
            if some.missing or not some.headed:
                continue
            others = self.vocabulary.items(self.lexicon.opposites[name])
            kind = {head for item in some.items for head in self.vocabulary.heads[item][:1]}
            if any(not others.isdisjoint(self.vocabulary.items(head)) for head in kind):
                left = only(some, [item for item in some.items if item not in others])
                found = left or found
        return found

    def _graded(self, terms: Sequence[Term], found: Match) -> Match:
        """Of two that differ in a size the small or the big one, where no name says so."""
        grades = {self.lexicon.name(term.key) for term in found.missing}
        if len(grades) != 1 or not grades <= self.lexicon.words["grades"]:
            return found
        some = match([term for term in terms if term not in found.missing], self.vocabulary)
        if some.missing or not some.headed or len(some.items) != 2:
            return found
        names = [self.vocabulary.words[item] for item in some.items]
        one = of_grade(next(iter(grades)), some.items, names)
        return found if one is None else only(some, [one]) or found

    def _without(self, terms: Sequence[Term], matched: Match) -> Match | None:
        """The items without words that the catalogue need not say of such items.

        Which make is the genuine one; the side, where none of them has one; the model, where none of
        them is for one (spark plugs). That is a doubt, but no other thing.
        """
        some = match([term for term in terms if term not in matched.missing], self.vocabulary)
        if some.missing or not some.items or not some.headed:
            return None
        if not all(term.key.isalpha() for term in matched.missing):
            return None
        said = {word for term in matched.missing for word in term.senses if word[:1] == "~"}
        if said and all(said.isdisjoint(self.vocabulary.heads[item]) for item in some.items[:40]):
            # Of one kind with another side it is another kind.
            return None
        names = {self.lexicon.name(term.key) for term in matched.missing}
        having = {word for item in some.items[:40] for word in self.vocabulary.words[item]}
        if names == {"original"} or names <= self.lexicon.words["open"] - having:
            return some
        if names <= set(self.lexicon.opposites):
            sided = {side for name in names for side in (name, self.lexicon.opposites[name])}
            return None if sided & having else some
        applied = all(map(self._models, matched.missing))
        if not applied or not any(map(self.vocabulary.applies, having)):
            return some if applied else None
        # What stands first says rather what is wanted than for what.
        behind = min(term.place for term in terms) < min(term.place for term in matched.missing)
        return some if behind and not any(map(self._for_a_model, some.items[:40])) else None

    def _for_a_model(self, item: int) -> bool:
        """Whether a name says for what model a thing is, with more than a size or what is counted: the
        "24V" and "3 kaki" of a KENARI."""
        name = self.vocabulary.words[item]
        return any(
            self.vocabulary.applies(word)
            and not before.isdecimal()
            and not _MEASURED.fullmatch(word)
            for before, word in pairwise(("", *name))
        )

    def _of_the_class(self, terms: Sequence[Term], found: Match) -> Match | None:
        """What is for a class of vehicles, where nothing that is has the letters behind a model of it:
        "kenari ogan x", of a KENARI BEBEK; None if nothing is."""
        models = {
            term.place: term
            for term in terms
            if any(sense.startswith(CLASS) for sense in term.senses)
        }
        letters = [
            term
            for term in terms
            if term.place - 1 in models and term.key.isalpha() and len(term.key) <= _LETTERS
        ]
        if not letters or not {term.place for term in found.missing} <= {
            term.place for term in (*letters, *models.values())
        }:
            return None
        some = match([term for term in terms if term not in letters], self.vocabulary)
        classes = {
            sense for one in models.values() for sense in one.senses if sense.startswith(CLASS)
        }
        of_class = set().union(*map(self.vocabulary.items, classes))
        plain = some.headed and not some.missing
        return some if plain and of_class.issuperset(some.items) else None

    def _models(self, term: Term) -> bool:
        """Whether a word says for what model an item is."""
        return any(
            self.vocabulary.applies(word) for word, weight in term.senses.items() if weight > SOUND
        )

    def _for_models(self, found: Match) -> bool:
        """Whether things of the kind of the one that was found are for models, as their names tell."""
        vocabulary = self.vocabulary
        kind = vocabulary.kindred(found.items[0])
        return any(any(map(vocabulary.applies, vocabulary.words[item])) for item in kind)

    def _kinds(self, term: Term) -> bool:
        """Whether a word says what kind of thing is meant."""
        return any(
            weight >= CONCEPT
            and self.vocabulary.kinds.get(word)
            and not self.vocabulary.applies(word)
            for word, weight in term.senses.items()
        )

    def by_the_litre(self, counted: Word, found: Match) -> bool:
        """Whether so many litres are as many pieces of the one thing that is meant."""
        return (
            counted.unit == "liter"
            and len(found.items) == 1
            and by_the_litre(self.vocabulary, counted.value, found.items[0])
        )


def by_the_litre(vocabulary: Vocabulary, count: int, item: int) -> bool:
    """Whether so many litres are as many pieces of a thing: "6 liter" of what holds one; where
    something of that size is sold, that may be meant."""
    sizes = [size for size in map(held, vocabulary.words[item]) if size]
    size = f"{count}l"
    return sizes == [("l", 1.0)] and not (vocabulary.items(size) or size in vocabulary.wide)
