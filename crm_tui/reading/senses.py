"""Which words of the catalogue a customer's word may stand for, and which items have them."""

from collections.abc import Container, Sequence

from crm_tui.reading import sizes
from crm_tui.reading.cutting import measured
from crm_tui.reading.edit_model import CODE, CONCEPT, EXACT, FAR, PART, SOUND, sound
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.measuring import displacement, otherwise
from crm_tui.reading.spelling import Noisy

SORT, CLASS = "sort:", "class:"
"""Before the word of a category, and of a class of vehicles."""
_MOST_SENSES = 20_000


class Senses(Noisy):
    """What the words of items are found by, and what was found so far: that holds until an item
    changes."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__(lexicon)
        self.wide: Container[str] = ()  # of a part of a catalogue: all of its words
        self._called: dict[str, dict[str, int]] = {}
        self._codes: dict[str, set[int]] = {}
        self._parts: dict[str, set[str]] = {}
        self._code_parts: dict[str, set[str]] = {}
        self._senses: dict[str, dict[str, float]] = {}
        self._said: dict[int, frozenset[str]] = {}

    def _unit(self, text: str) -> str:
        """The word by which items are found that are sold by this: btl is botol."""
        unit = text.lower()
        return f"unit:{self.lexicon.units.get(unit, unit)}"

    def items(self, word: str) -> set[int]:
        """The items with this word; "code:…" is a code's key."""
        found = self.postings.get(word)
        if found is None:
            # No word of a name has a colon behind "code".
            found = self._codes.get(word[5:]) if word[:5] == "code:" else None
        return set() if found is None else found

    def said(self, item: int) -> frozenset[str]:
        """The words of an item's name, without their order."""
        known = self._said.get(item)
        if known is None:
            known = self._said[item] = frozenset(self.words[item])
        return known

    def has(self, word: str) -> bool:
        """Whether the word itself, or another way to write it, stands in the catalogue's names."""
        return word in self.postings or self.lexicon.name(word) in self.postings

    def whole(self, key: str) -> dict[str, float]:
        """The words of names that `key` is, or is a whole part of; nothing less certain."""
        found = {word: PART for word in self._parts.get(key, ()) if word in self.postings}
        for word in (key, self.lexicon.name(key)):
            if word in self.postings:
                found[word] = EXACT
        return found

    def apart(self, numbers: Sequence[str]) -> bool:
        """Whether there is a size that is written in these numbers: 35-55-8."""
        key = "".join(numbers)
        long = [number for number in numbers if len(number) > 1]
        if len(long) < 2 or key not in self.postings:
            return False
        having = [self._parts.get(number, set()) for number in long]
        return any(word.replace("p", "") == key for word in set.intersection(*having))

    def senses(self, key: str) -> dict[str, float]:
        """Which words of the catalogue `key` may stand for, with the weight of each."""
        known = self._senses.get(key)
        if known is None:
            if len(self._senses) > _MOST_SENSES:
                self._senses.clear()
            known = self._senses[key] = self._look(key)
        return known

    def _look(self, key: str) -> dict[str, float]:
        weights: dict[str, float] = {}
        name = self.lexicon.name(key)
        if name in self.postings:
            weights[name] = EXACT
        size = measured(key, self.lexicon)
        # 800 ml of what is sold as 0.8 L.
        litres = f"{size}l" if size[:2] == "0p" and size[-1].isdigit() else size
        other = otherwise(litres) if key[:1].isdigit() else ""
        for word in (key, size, other, displacement(size)):
            if word in self.postings:
                weights[word] = EXACT
        for word in self._parts.get(size, self._parts.get(key, ())):
            if word in self.postings:
                weights.setdefault(word, PART)
        compound = sizes.key(key)
        if compound in self.postings:
            weights.setdefault(compound, PART)
        if key in self._codes:
            weights[f"code:{key}"] = EXACT
        if SORT + name in self.postings:
            weights[SORT + name] = CONCEPT
        if self._unit(key) in self.postings:
            weights.setdefault(self._unit(key), PART)
        if not key.isdecimal():
            for code in self._code_parts.get(key, ()):
                if code in self._codes:
                    weights.setdefault(f"code:{code}", CODE)
        for head, count in self._called.get(key, {}).items():
            if count and head in self.postings:
                weights.setdefault(head, SOUND)
        for narrow in map(self.lexicon.name, self.lexicon.wider.get(name, ())):
            if narrow in self.postings:
                weights.setdefault(narrow, SOUND)
        for broad in self.lexicon.classes.get(name, ()):
            if CLASS + broad in self.postings:
                weights.setdefault(CLASS + broad, FAR)
        if key.isalpha():
            starts = [word for word in self._starts.get(key[0], ()) if word in self.postings]
            known = EXACT in weights.values() or name in self.wide
            if known and len(key) > 3:
                for word in self._sounds.get(sound(key), ()):
                    weights.setdefault(self.lexicon.name(word), SOUND)
            for word, weight in self._short_forms(key, starts, known).items():
                weights.setdefault(self.lexicon.name(word), weight)
            if not any(weight == EXACT for weight in weights.values()):
                noisy = self._noisy(key, starts, any(weight > FAR for weight in weights.values()))
                weights |= {
                    word: weight
                    for word, weight in noisy.items()
                    if weight > weights.get(word, 0.0)
                }
        return weights
