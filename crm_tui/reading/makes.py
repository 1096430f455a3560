"""Makes: those of builders of vehicles and of their houses, and names that address somebody as well."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading.edit_model import EXACT
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.terming import Terms

_MOST_LOOKED = 40
_MOST_HOUSED = 40


class Makes(Terms):
    """The items of a make, where it is said otherwise than in their names."""

    def makers(self, terms: Sequence[Term]) -> set[int]:
        """The places of the words for the vehicle's builder."""
        return {term.place for term in terms if term.key in self.lexicon.houses}

    def _of_the_house(self, terms: Sequence[Term], *, all_: bool) -> Match | None:
        """The items of the house of the vehicle's builder; if `all_`, only where all that the shop has
        of them are of such houses: of two houses, the maker's own. None if it is not so."""
        if not self.made_by:
            return None
        houses = self.lexicon.houses
        said = [term for term in terms if term.key in houses]
        some = match([term for term in terms if term not in said], self.vocabulary)
        if len(said) != 1 or some.missing or not 0 < len(some.items) <= _MOST_HOUSED:
            return None
        kinds = {self.vocabulary.heads[item][:1] for item in some.items}
        if not some.headed and (all_ or len(kinds) > 1):
            return None
        names = {item: set(self.vocabulary.words[item]) for item in some.items}
        if all_ and any(
            all(own.isdisjoint(house) for house in houses.values()) for own in names.values()
        ):
            return None
        own = houses[said[0].key]
        return only(some, [item for item in names if not names[item].isdisjoint(own)])

    def _with_the_house(self, terms: Sequence[Term], matched: Match) -> Match:
        """Items that have a maker's name, and those that are of its house: what is asked for by it may
        be either."""
        if not self.made_by or matched.missing or not matched.headed:
            return matched
        said = [term for term in terms if term.key in self.lexicon.houses and not term.soft]
        some = [term for term in terms if term not in said]
        if len(said) != 1 or not some:
            return matched
        others = match(some, self.vocabulary)
        house = self.lexicon.houses[said[0].key]
        more = [
            item
            for item in others.items
            if item not in matched.items and not house.isdisjoint(self.vocabulary.words[item])
        ]
        if others.missing or not more:
            return matched
        weights = (*matched.weights, *(others.weights[others.items.index(item)] for item in more))
        return replace(matched, items=(*matched.items, *more), weights=weights)

    def _unsaid_kind(self, terms: Sequence[Term], found: Match) -> bool:
        """Whether all that was found is of a kind that is only meant if it is said, and the word for
        such things is said without it."""
        if not self.kinds_apart or not found.items:
            return False
        heads = {head for item in found.items for head in self.vocabulary.heads[item][:1]}
        return any(not heads.isdisjoint(term.senses) for term in terms) and any(
            self.vocabulary.items(kind).issuperset(found.items) and not self._says(terms, kind)
            for kind in self.kinds_apart
        )

    def _says(self, terms: Sequence[Term], kind: str) -> bool:
        words = self.lexicon.apart[kind]
        exact = any(
            word[:5] == "code:" and weight == EXACT
            for term in terms
            for word, weight in term.senses.items()
        )
        return exact or any(
            self.lexicon.name(term.key) in words or kind in term.senses for term in terms
        )

    def _told_apart(self, terms: Sequence[Term], found: Match) -> Match:
        """Without things of a kind that is only meant if it is said: who asks for oil wants no gear
        oil. Where there is nothing else, they are found, as they are."""
        for kind in self.kinds_apart:
            own = self.vocabulary.items(kind)
            if found.missing or own.isdisjoint(found.items):
                continue
            if self._says(terms, kind):
                continue
            found = only(found, [item for item in found.items if item not in own]) or found
        return found

    def _unmade(self, terms: Sequence[Term]) -> Match | None:
        """The items without who builds the vehicle, of what the shop has under another make; not where
        names tell by it alone for which vehicle things are."""
        makers = self.lexicon.words["makers"]
        some = [term for term in terms if term.key not in makers]
        if not some or len(some) == len(terms):
            return None
        if any(self._models_by(term.key) for term in terms if term not in some) and not any(
            any(map(self.vocabulary.applies, term.senses)) for term in some
        ):
            return None
        others = match(some, self.vocabulary)
        having = {word for item in others.items[:40] for word in self.vocabulary.words[item]}
        named = others.headed and not others.missing and makers.isdisjoint(having)
        return others if named else None

    def _models_by(self, maker: str) -> bool:
        """Whether a name says by a maker alone for which vehicle a thing is."""
        applies, words = self.vocabulary.applies, self.vocabulary.words
        return any(
            not any(applies(word) for word in words[item][1:] if word != maker)
            for item in sorted(self.vocabulary.items(maker))[:_MOST_LOOKED]
        )

    def _with_addressed(self, terms: Sequence[Term], found: Match) -> Match:
        """Items that are meant if a word is a part of a name, and those that are if it addresses
        somebody: "mas kenari 2" may be of MAS KENARI, or of KENARI."""
        names = self.lexicon.words["honorifics"]
        some = [term for term in terms if not (term.soft and term.key in names)]
        if len(some) == len(terms) or found.missing:
            return found
        other = match(some, self.vocabulary)
        more = [item for item in other.items if item not in found.items]
        if other.missing or not more:
            return found
        weights = (*found.weights, *(other.weights[other.items.index(item)] for item in more))
        return replace(found, items=(*found.items, *more), weights=weights)


def only(found: Match, items: Sequence[int]) -> Match | None:
    """Of a match these items only; None of none."""
    kept = [at for at, item in enumerate(found.items) if item in items]
    if not kept:
        return None
    weights = tuple(found.weights[at] for at in kept if at < len(found.weights))
    return replace(found, items=tuple(found.items[at] for at in kept), weights=weights)
