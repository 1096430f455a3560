"""A noisy channel: how a word may come to be written otherwise, and how likely each way is."""

from itertools import pairwise

EXACT, OWN, PART, SOUND, SHORT, BEGINNING, SLIP, CODE = 1.0, 0.98, 0.94, 0.9, 0.86, 0.84, 0.82, 0.79
"""The weight of each way; OWN is a word that the catalogue itself shortens."""
CONCEPT = 0.97
"""What a phrase of the lexicon says, in other words."""
FAR = 0.79
THINNED = 0.85
"""A word of which vowels were left out, or letters written twice."""


_LEAST_THINNED = 4
_LEAST_SWAPPED = 6
VOWELS = str.maketrans("", "", "aeiou")
_SOUNDS = (
    ("que", "k"),
    ("ck", "k"), ("ph", "f"), ("th", "t"), ("sh", "s"), ("sy", "s"), ("ch", "c"), ("kh", "k"),
    ("x", "ks"), ("q", "k"), ("c", "k"), ("v", "f"), ("z", "s"), ("y", "i"), ("j", "i"),
    ("ea", "i"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("w", "u"), ("h", ""),
)  # fmt: skip


def sound(word: str) -> str:
    """How a word sounds to somebody from Indonesia: sirsak and zirzak are one."""
    word = word[:1] + word[1:]
    for written, spoken in _SOUNDS:
        word = word.replace(written, spoken)
    return word[:1] + "".join(b for a, b in pairwise(word) if a != b)


def shortens(short: str, word: str) -> bool:
    """Whether `short` is an abbreviation of `word`: its consonants in order, the first and last."""
    if (
        len(short) >= len(word)
        or short[0] != word[0]
        or any(char in "aeiou" for char in short[len(short) > 2 :])
    ):
        return False
    rest = iter(word)
    if not all(char in rest for char in short):
        return False
    consonants = word.translate(VOWELS)
    return len(short) * 2 > len(consonants) or short[-1] == consonants[-1]


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    (a, b)
    for row in _ROWS
    for pair in pairwise(row)
    for a, b in (pair, pair[::-1])
}  # fmt: skip


def likely(key: str, word: str) -> bool:
    """Whether a word is a slip of another rather than another name: camry is no carry.

    A letter too many or too few, two that changed places, a vowel for a vowel, a neighbour on the
    keys; in long words anything.
    """
    if len(key) > 7 or len(key) != len(word) or sorted(key) == sorted(word):
        return len(key) > 4 or len(key) != len(word)
    return all(
        a == b or (a in "aeiou" and b in "aeiou") or (a, b) in _BESIDE
        for a, b in zip(key, word, strict=True)
    )


def single(word: str) -> str:
    """A word with each of its letters once where it is written several times: busii, kunnci."""
    return word[:1] + "".join(b for a, b in pairwise(word) if a != b)


def thinned(key: str, word: str) -> bool:
    """Whether `key` is a word of which some vowels were left out: kntak of kontak, kncci of kunci.

    It has all its consonants in their order, and each of its vowels in its place.
    """
    plain, whole = single(key), single(word)
    if len(plain) < _LEAST_THINNED or len(plain) >= len(whole) or plain[0] != whole[0]:
        return False
    return leaves_out(plain, whole)


def leaves_out(plain: str, whole: str) -> bool:
    """Whether `plain` is the whole word but for some of its vowels."""
    at = 0
    for char in whole:
        if at < len(plain) and plain[at] == char:
            at += 1
        elif char not in "aeiou":
            return False
    return at == len(plain)


def swapped(key: str, word: str) -> bool:
    """Whether two consonants that stand side by side changed places, and vowels were left out beside:
    klping of kopling."""
    if len(key) < _LEAST_SWAPPED or not len(key) < len(word) <= len(key) + 2:
        return False
    one, two = key.translate(VOWELS), word.translate(VOWELS)
    if len(one) < _LEAST_THINNED or len(one) != len(two) or one == two:
        return False
    at = next(at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b)
    vowels = iter(word)
    kept = all(char in vowels for char in key if char in "aeiou")
    return kept and one[at : at + 2] == two[at : at + 2][::-1] and one[at + 2 :] == two[at + 2 :]
