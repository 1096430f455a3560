"""The words of a text as terms: what each may stand for, alone, with a neighbour, or in a phrase."""

from collections.abc import Sequence

from crm_tui.reading.edit_model import CODE, CONCEPT, EXACT, SHORT
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.matching import Match, Term
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.vocabulary import Vocabulary


class Terms:
    """The words of one text. `ordering`: a number may be a quantity. `lone`: a size alone names an
    item, for there are but a few to choose from."""

    def __init__(
        self, tagged: Tagged, index: ItemIndex, *, ordering: bool, lone: bool = False
    ) -> None:
        self.words = tagged.words
        self.places = {id(word): place for place, word in enumerate(tagged.words)}
        self.index = index
        self.lexicon = index.lexicon
        self.vocabulary = index.words
        self.ordering = ordering
        self.lone = lone
        self.excluded = tagged.excluded
        houses, vocabulary = self.lexicon.houses, self.vocabulary
        self.made_by = any(word.key in houses for word in tagged.words)
        self.kinds_apart = [kind for kind in self.lexicon.apart if vocabulary.items(kind)]
        self._pairs: dict[tuple[int, int], dict[str, float]] = {}

    def terms(self, words: Sequence[Word]) -> list[Term]:
        """The words as terms: alone, joined with a neighbour, and as what a phrase of them says."""
        senses = [
            {} if word.role is Role.UNKNOWN else dict(self.vocabulary.senses(word.key))
            for word in words
        ]
        for at in range(len(words) - 1):
            if Role.UNKNOWN in (words[at].role, words[at + 1].role) and not words[at].key.isalpha():
                continue
            joined = self._joined(words[at], words[at + 1])
            if self.lexicon.name(words[at].key) == "oversize" and EXACT in joined.values():
                # OS 50 is no other 50.
                senses[at] = senses[at + 1] = {}
            for word, weight in joined.items():
                for one in (at, at + 1):
                    senses[one][word] = max(weight, senses[one].get(word, 0))
        for start, stop, concept in self.lexicon.named([word.key for word in words]):
            if self.vocabulary.items(concept):
                for at in range(start, stop):
                    senses[at].setdefault(concept, CONCEPT)
        return [
            Term(word.key, senses[at], self.places[id(word)], self._soft(word))
            for at, word in enumerate(words)
            if senses[at] or word.role is Role.NAME or (word.role is Role.NUMBER and not word.year)
        ]  # fmt: skip

    def _soft(self, word: Word) -> bool:
        return word.role is Role.MAYBE or word.year

    def joins(self, words: Sequence[Word], at: int) -> bool:
        return any(
            self._joined(words[a], words[b])
            for a, b in ((at - 1, at), (at, at + 1))
            if a >= 0 and b < len(words)
        )

    def _joined(self, one: Word, two: Word) -> dict[str, float]:
        """What two words that stand side by side mean in one: xy 120."""
        key = (id(one), id(two))
        found = self._pairs.get(key)
        if found is None:
            found = self._pairs[key] = self._in_one(one, two)
        return found

    def _in_one(self, one: Word, two: Word) -> dict[str, float]:
        if self.places[id(two)] != self.places[id(one)] + 1 or two.token.pause:
            return {}
        if one.key.isdecimal() and two.key.isdecimal():
            return {}
        found = self.vocabulary.whole(one.key + two.key)
        code = f"code:{one.key}{two.key}"
        if one.key.isalpha() and two.key.isdecimal() and self.vocabulary.items(code):
            # A code that is written in two words is but a guess.
            found[code] = CODE
        return found


def mixed(terms: Sequence[Term]) -> list[Term]:
    """Those that are more than a number: the x10 of "catra x10 biru 10 merah 10"."""
    return [term for term in terms if not term.key.isdecimal()]


def abbreviates(term: Term) -> bool:
    """Whether two letters are only guessed to be an abbreviation."""
    best = max(term.senses.values(), default=1.0)
    return not term.soft and len(term.key) <= 2 and best <= SHORT


def exactly(terms: Sequence[Term], found: Match, vocabulary: Vocabulary) -> bool:
    """Whether a size or code names the item: nobody says those of something else."""
    item = found.items[0]
    return any(
        any(char.isdigit() for char in term.key) and not term.key.isdecimal()
        and term.fits(vocabulary, item) == EXACT
        for term in terms
    )  # fmt: skip


def neighbours(term: Term, own: Term, mine: set[str]) -> bool:
    """Whether two terms make one word together: xy 120."""
    return abs(term.place - own.place) <= 2 and any(
        term.key + own.key in word or own.key + term.key in word for word in mine
    )
