"""What each number of a clause may be: how many, a part of a name, or nothing.

All of the ways are tried; which of them names items best is told elsewhere.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from string import ascii_lowercase

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.pieces import Pieces
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.shapes import year

_MOST_NUMBERS = 6
_MOST_LOOKED = 40
_MOST_COUNTED = 30


class Counting:
    """The numbers of one text."""

    def __init__(self, tagged: Tagged, index: ItemIndex, ordering: bool, lone: bool) -> None:
        self.tagged = tagged
        self.pieces = Pieces(tagged, index, ordering=ordering, lone=lone)
        self.places = self.pieces.places
        self.lexicon = index.lexicon
        self.vocabulary = index.words
        self.ordering = ordering
        self.each = self._each(tagged)
        self._going_on: dict[tuple[str, str], bool] = {}
        self.here = False
        """Whether that is said in the clause that is read."""

    def _each(self, tagged: Tagged) -> int | None:
        """The number that stands for each item: "masing-masing 2"."""
        words = tagged.words
        for at, word in enumerate(words):
            if word.role is Role.EACH:
                if word.value:
                    return word.value
                for near in (*words[at + 1 : at + 3], *reversed(words[max(0, at - 1) : at])):
                    if near.role is Role.NUMBER:
                        return near.value
        return None

    def _ways(self, words: Sequence[Word]) -> Iterator[dict[int, str]]:
        """What each number may be: q a quantity, a a part of a name, i nothing."""
        numbers = [at for at, word in enumerate(words) if word.role is Role.NUMBER]
        options = []
        for count, at in enumerate(numbers):
            options.append(self._options(words, at) if count < _MOST_NUMBERS else "q")
        for way in product(*options):
            yield dict(zip(numbers, way, strict=True))

    def _options(self, words: Sequence[Word], at: int) -> str:
        word = words[at]
        names = self.pieces.joins(words, at) or (
            bool(self.vocabulary.senses(word.key)) and self._in_place(words, at)
        )
        if word.year or (not word.unit and self._goes_on(words, at)):
            return "a"
        if self._says_size(words, at):
            return "a"
        marks = self.lexicon.words["size_marks"]
        if not word.unit and at and words[at - 1].key in marks and self._follows(words, at):
            return "a" if names else "i"
        if not word.unit and not word.label and len(word.key) > 2 and self._follows(words, at):
            # Behind a name, so many digits say which: a model, a maker's number.
            if names and len(word.key) > 3:
                return "a"
            if not names and (not self.ordering or (len(word.key) > 3 and at + 1 < len(words))):
                return "a" if self._numbered(words[at - 1], len(word.key)) else "i"
        if self.each is not None and names and not word.unit:
            return "a" if self.here else "aq"
        if word.purpose and not word.unit and self._ends(words, at):
            return "aq" if names else "q"
        if word.purpose and not word.unit:
            return "ai" if names else "i"
        if not word.unit and self._expected(words, at):
            return "a"
        if word.unit in ("meter", "liter", "kilogram"):
            sure = max(self.vocabulary.senses(word.key).values(), default=0.0) >= SOUND
            if not names or word.key.isdecimal() or not sure:
                return "q"
            return "a" if word.label else "aq"
        if word.unit:
            behind = [one for one in words[at + 1 : at + 3] if one.role is not Role.MAYBE]
            following = behind[0] if behind else word
            bare = following.role is Role.NUMBER and not following.unit and following is not word
            return "aq" if names and bare else "q"
        if word.label:
            which = not self.ordering and len(word.key) > 2
            return "a" if names or which else "i"
        if not self.ordering:
            return "ai" if names else "i"
        if not names:
            return "q"
        return "aq"

    def _goes_on(self, words: Sequence[Word], at: int) -> bool:
        """Whether a size that is broken off goes on with this number: the 14 behind 80/90."""
        if at == 0 or words[at].token.pause:
            return False
        before = words[at - 1]
        near = self.places[id(words[at])] - self.places[id(before)] == 1
        if not near or before.key.isalpha():
            return False
        key = (before.key, words[at].key)
        known = self._going_on.get(key)
        if known is None:
            known = self._going_on[key] = self._continues(*key)
        return known

    def _continues(self, begun: str, number: str) -> bool:
        """Whether a size of the catalogue is these two, one behind the other."""
        senses = self.vocabulary.senses(begun)
        if begun in senses:
            return False
        rests = [sense[len(begun) :].lstrip("p") for sense in senses if sense.startswith(begun)]
        if len(number) > 1:
            # The 120 of 428-120L; of 6301-2RS a 2 is none.
            rests = [rest.rstrip(ascii_lowercase) for rest in rests]
        return number in rests

    def _says_size(self, words: Sequence[Word], at: int) -> bool:
        """Whether a word stands behind a number that in names mostly stands behind such numbers, and
        several of them: the "speed" of 3 SPEED and 7 SPEED."""
        if at + 1 >= len(words) or words[at].unit or words[at].label:
            return False
        word, digits = words[at + 1], len(words[at].key)
        if word.role is Role.NUMBER or not word.key.isalpha():
            return False
        near = self.places[id(word)] - self.places[id(words[at])] == 1
        if not near or word.token.pause:
            return False
        key = self.lexicon.name(word.key)
        numbers: list[str] = []
        items = self.vocabulary.items(key)
        for item in sorted(items)[:_MOST_LOOKED]:
            name = self.vocabulary.words[item]
            place = name.index(key) if key in name else 0
            before = name[place - 1] if place else ""
            if before.isdecimal() and len(before) != digits:
                return False
            numbers += [before] * before.isdecimal()
        return len(set(numbers)) > 1 and len(numbers) * 2 > min(len(items), _MOST_LOOKED)

    def _in_place(self, words: Sequence[Word], at: int) -> bool:
        """Whether a single digit that ends a clause stands behind a word that it touches in a name: of
        KENARI MUSI 2 nobody means the 2 in "kenari 12 2"; of a SIRSAK 5 KAKI "kaki 5" may be that."""
        word = words[at]
        last = at == len(words) - 1 and at > 0 and self.ordering
        if len(word.key) > 1 or word.label or not last:
            return True
        items = self.vocabulary.items(word.key)
        return any(
            (one, two) in ((sense, word.key), (word.key, sense))
            for sense in self.vocabulary.senses(words[at - 1].key)
            for item in sorted(items & self.vocabulary.items(sense))[:_MOST_LOOKED]
            for one, two in pairwise(self.vocabulary.words[item])
        )

    def _expected(self, words: Sequence[Word], at: int) -> bool:
        """Whether the word before is never without a number: the shop has dot3, so 4 is no count
        in "dot 4"."""
        if not self._follows(words, at) or not words[at - 1].key.isalpha():
            return False
        key = words[at - 1].key
        senses = [sense for sense in self.vocabulary.senses(key) if sense[:5] != "code:"]
        return bool(senses) and all(
            sense.startswith(key) and sense[len(key) :].isdecimal() for sense in senses
        )

    def _ends(self, words: Sequence[Word], at: int) -> bool:
        """Whether a small number behind what it is for is the only one: buat kenari 1."""
        others = sum(word.role is Role.NUMBER for word in words)
        last = at == len(words) - 1 and others == 1
        return (
            self.ordering and last and words[at].value < _MOST_COUNTED and self._follows(words, at)
        )

    def _follows(self, words: Sequence[Word], at: int) -> bool:
        """Whether a number stands right behind a name."""
        if at == 0 or words[at].token.pause:
            return False
        before = words[at - 1]
        near = self.places[id(words[at])] - self.places[id(before)] == 1
        return near and before.role is Role.NAME

    def _numbered(self, word: Word, digits: int) -> bool:
        """Whether the items with a word differ by the numbers behind it; of a model that the
        catalogue names without any, a number says no more than the shop needs to know."""
        found = self.vocabulary.senses(word.key)
        if not any(map(self.vocabulary.applies, found)):
            return True
        return any(
            two.isdecimal() and len(two) == digits and not year(two) and one in found
            for sense in found
            for item in sorted(self.vocabulary.items(sense))[:_MOST_LOOKED]
            for one, two in pairwise(self.vocabulary.words[item])
        )
