"""Words of the catalogue that somebody may have meant who wrote another: by its sound, shortened, or
with a slip of the finger."""

from itertools import pairwise

from rapidfuzz.distance import OSA

from crm_tui.reading.edit_model import (
    BEGINNING,
    FAR,
    OWN,
    SHORT,
    SLIP,
    SOUND,
    THINNED,
    VOWELS,
    likely,
    shortens,
    sound,
    swapped,
    thinned,
)
from crm_tui.reading.lexicon import Lexicon

_MOST_SENSES = 12
_FEW = 3


class Noisy:
    """The words of names, by how they begin and sound. `postings`: the items of each; `words`: those of
    each item's name, in their order."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.postings: dict[str, set[int]] = {}
        self.words: dict[int, tuple[str, ...]] = {}
        self._sounds: dict[str, set[str]] = {}
        self._starts: dict[str, set[str]] = {}
        self._joined: set[str] = set()
        self._initials: dict[str, set[str]] = {}

    def _noisy(self, key: str, starts: list[str], known: bool) -> dict[str, float]:
        found: dict[str, float] = {}
        if len(key) > 2:
            for word in self._sounds.get(sound(key), ()):
                found[word] = SOUND
        if len(key) > 1:
            for word in starts:
                if shortens(key, word):
                    found.setdefault(word, SHORT)
                elif len(key) > 2 and word.startswith(key) and len(word) <= 4 * len(key):
                    found.setdefault(word, BEGINNING)
                elif thinned(key, word):
                    found.setdefault(word, THINNED)
        if not found and not known and len(key) > 3:
            found = self._slips(key, starts)
        result: dict[str, float] = {}
        for word, weight in found.items():
            name = self.lexicon.name(word)
            result[name] = max(weight, result.get(name, 0.0))
        best = sorted(result.items(), key=lambda pair: -pair[1])[:_MOST_SENSES]
        return {word: weight for word, weight in best if word in self.postings}

    def _shortened(self, key: str, starts: list[str], known: bool) -> dict[str, float]:
        """Words that the catalogue itself has shortened: KNR for kenari, SIR/… for sirsak.

        Of a word that it has nowhere in full (not `known`), consonants may be those of another: it is
        shortened only by what has all of them, or is how it begins.
        """
        found = {
            word: OWN if known else FAR for word in starts
            if len(word) > 2 and shortens(word, key) and (known or _whole(word, key))
        }  # fmt: skip
        for word in starts:
            if (
                key.startswith(word) and len(key) > len(word) + 1 and len(word) > 1
                and word in self._joined and word not in self.lexicon.canon
            ):  # fmt: skip
                found[word] = OWN
            elif key[:-1] == word and word in self._joined and word not in self.lexicon.canon:
                found[word] = SHORT
        if any(self._begins(key, following) for following in self._initials.get(key[0], ())):
            found[key[0]] = OWN
        return found

    def _short_forms(self, key: str, starts: list[str], known: bool) -> dict[str, float]:
        """`_shortened`, without the few letters that a slip of a whole word only begins with as well:
        "kenri" is a KENARI, though there is a KE/XEN."""
        found = self._shortened(key, starts, known)
        few = [word for word in found if len(word) <= _FEW and key.startswith(word)]
        if known or not few or len(key) <= _FEW + 1:
            return found
        whole = any(len(word) > len(few[0]) + 1 for word in self._slips(key, starts))
        return {word: weight for word, weight in found.items() if not whole or word not in few}

    def _begins(self, key: str, following: str) -> bool:
        """Whether an initial before a word (K/REM) stands for `key`: whether, of the words with
        that initial, it is the one that mostly stands before it."""
        counts: dict[str, int] = {}
        for item in self.postings.get(following, ()):
            for one, two in pairwise(self.words[item]):
                if two == following and one[0] == key[0] and len(one) > 1:
                    counts[one] = counts.get(one, 0) + 1
        return bool(counts) and max(counts, key=lambda word: counts[word]) == self.lexicon.name(key)

    def _slips(self, key: str, starts: list[str]) -> dict[str, float]:
        """Words that differ by a slip of the finger: one sign, two in a long word."""
        most = 1 if len(key) < 8 else 2
        found: dict[str, float] = {}
        for word in starts:
            if abs(len(word) - len(key)) <= most and len(word) > 3:
                distance = OSA.distance(key, word, score_cutoff=most)
                if distance <= most and likely(key, word):
                    found[word] = SLIP if distance == 1 else SLIP - 0.1
            if word not in found and swapped(key, word):
                found[word] = SLIP - 0.1
        nearest = max(found.values(), default=0)
        return {word: weight for word, weight in found.items() if weight == nearest}


def _whole(short: str, key: str) -> bool:
    """Whether nothing but vowels was left out of `key`, or all behind its beginning."""
    return key.startswith(short) or short.translate(VOWELS) == key.translate(VOWELS)
