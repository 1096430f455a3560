"""Words of a piece that the items do not have: whether they are noise, a doubt, or the very thing.

A word that nobody knows may be a courtesy, a name, a verb, a maker, or it may say which item is
meant. What stands beside it decides: behind the name of a kind of thing it says which one; where
the model or the size is said already, or before all else that is named, it is but a doubt.
"""

from collections.abc import Mapping, Sequence

from crm_tui.reading.edit_model import BEGINNING, EXACT
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.vocabulary import Vocabulary

_MOST_BESIDE = 2
"""So many unknown words beside a model are a doubt; more of them are another thing."""


def guessed(term: Term) -> bool:
    """Whether a word is like one of the catalogue only by a far guess."""
    return not term.soft and 0 < max(term.senses.values(), default=0.0) < BEGINNING


def without_weak(terms: Sequence[Term], found: Match, vocabulary: Vocabulary) -> Match | None:
    """The items without the words that were only guessed, where those do not go with the others.

    None if the guesses are not what was in the way.
    """
    far = [term for term in terms if guessed(term)]
    if not found.missing or not far or len(far) == len(terms):
        return None
    some = match([term for term in terms if term not in far], vocabulary)
    return some if some.items and not some.missing and some.headed else None


class Beside:
    """The unknown words of one piece. `terms`: by the place of their words; `places`: of words."""

    def __init__(
        self, words: Sequence[Word], places: Mapping[int, int], terms: Sequence[Term],
        found: Match, vocabulary: Vocabulary,
    ) -> None:  # fmt: skip
        self.vocabulary = vocabulary
        self.lexicon = vocabulary.lexicon
        self.found = found
        self.terms = {term.place: term for term in terms if term.senses}
        self.places = places
        self.heads = {head for item in found.items[:20] for head in vocabulary.heads[item]}
        self.words = self._beside(words)

    def _beside(self, words: Sequence[Word]) -> list[Word]:
        """Unknown words that touch a word of the item, or another such one."""
        beside: list[Word] = []
        near: set[int] = set()
        for word in words:
            place = self.places[id(word)]
            if word.role in (Role.NUMBER, Role.MAYBE) or place in self.terms:
                continue
            if word.role is Role.STILL:
                continue
            if word.role is Role.NAME and not word.key.isalpha():
                continue
            left = self.terms.get(place - 1) if not word.token.pause else None
            apart = left is None and self.terms.get(place + 1) is None and place - 1 not in near
            if apart and (self.found.headed or word.purpose or word.role is not Role.UNKNOWN):
                continue
            beside.append(word)
            near.add(place)
        return beside

    def doubt(self) -> bool:
        """Whether they leave but a doubt, so that the items are still those that are meant."""
        if not self.words:
            return False
        if self._coded():
            return True
        if not self.found.headed or len(self.words) >= len(self.terms):
            return False
        return not any(map(self._tells, self.words)) and (
            all(map(self._harmless, self.words))
            or (self._settled() and len(self.words) <= _MOST_BESIDE)
        )

    def _coded(self) -> bool:
        """Whether the very code of one thing is said, and beside it a word or two of letters."""
        exact = any(
            weight == EXACT and sense[:5] == "code:"
            for term in self.terms.values()
            for sense, weight in term.senses.items()
        )
        plain = all(word.key.isalpha() for word in self.words)
        return exact and plain and self.found.one and len(self.words) <= _MOST_BESIDE

    def asks(self) -> bool:
        """Whether the doubt is great enough to ask even where only a price was asked for."""
        return self.doubt() and not all(map(self._harmless, self.words))

    def _harmless(self, word: Word) -> bool:
        """Whether it stands behind a word for what the item is for: "baru" behind a model."""
        if word.key in self.lexicon.words["plain"]:
            return True
        place = self.places[id(word)]
        right = self._needed(place + 1)
        if word.key in self.lexicon.words["makers"] and right and self._applies(right):
            return True
        near = {self.places[id(one)]: one for one in self.words}
        while place - 1 in near and not near[place].token.pause:
            place -= 1
        left = self._needed(place - 1) if not near[place].token.pause else None
        return left is not None and self._applies(left)

    def _needed(self, place: int) -> Term | None:
        term = self.terms.get(place)
        return None if term is None or term.soft else term

    def _applies(self, term: Term) -> bool:
        """Whether a word says for what an item is, not what it is."""
        general = self.lexicon.name(term.key) in self.lexicon.canon
        sized = len(term.key) > 1 and any(char.isdigit() for char in term.key)
        applied = sized or any(map(self.vocabulary.applies, term.senses))
        return applied and not general and not self.heads & set(term.senses)

    def _settled(self) -> bool:
        """Whether the model or the size of the items is said with words that are known."""
        vocabulary = self.vocabulary
        strange = {self.places[id(word)] for word in self.words}
        for place, term in self.terms.items():
            if term.soft or (place - 1 in strange and term.key.isdecimal()):
                # The number behind a strange word belongs to it: zulu 125.
                continue
            own = [
                word for word in term.senses
                if any(item in vocabulary.items(word) for item in self.found.items[:8])
            ]  # fmt: skip
            sized = len(term.key) > 1 and any(char.isdigit() for char in term.key)
            if own and (sized or (self._applies(term) and any(map(vocabulary.applies, own)))):
                return True
        return False

    def _of_another_age(self, word: Word) -> bool:
        """Whether the new one is meant, and all that was found says that it is the old one."""
        words = self.lexicon.words
        for one, other in (("newer", "older"), ("older", "newer")):
            if word.key in words[one]:
                names = [self.vocabulary.words[item] for item in self.found.items]
                return bool(names) and all(not words[other].isdisjoint(name) for name in names)
        return False

    def _tells(self, word: Word) -> bool:
        """Whether it says another size, another kind of thing, or a later or earlier model."""
        if any(char.isdigit() for char in word.key) or self._of_another_age(word):
            return True
        return word.key in self.lexicon.words["things"]
