"""Words of talk as people bend and misspell them: dipesan, psnkan, nanyo, berenti, makasiih.

Only words that say nothing of items are found here; each comes back as the lexicon has it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz.distance import OSA

from crm_tui.reading.edit_model import VOWELS, leaves_out, likely, sound

_BEHIND = re.compile(r"^(.{3,}?)(keun|kan|ken|in|ke|no|i|an)?(nya|nyo|ny|ne|lah|kah|la|ya)?$")
_BEFORE = (
    ("nge", ""), ("ng", ""), ("ny", "s"), ("n", "t"), ("m", "p"), ("di", ""), ("de", ""), ("meng", ""),
    ("mem", "p"), ("men", "t"), ("me", ""), ("tak", ""), ("ku", ""), ("ta", ""),
)  # fmt: skip
_SLIP = 6
"""A word of talk with fewer letters is not corrected: too many other words are like it."""
_BONES = 4
"""So many consonants tell a word without its vowels."""

Forms = Mapping[str, str]


def forms(words: Iterable[str]) -> tuple[Forms, Forms]:
    """The words of talk by themselves and by how those of enough letters sound."""
    plain = {word: word for word in words}
    heard: dict[str, str] = {}
    for word in sorted(plain):
        if word.isalpha() and len(word) >= _SLIP:
            heard.setdefault(sound(word), word)
            if len(_bones(word)) >= _BONES:
                heard.setdefault("~" + _bones(word), word)
    return plain, heard


def _bones(word: str) -> str:
    """A word without its vowels but the first: psnn of pesanan."""
    return word[:1] + word[1:].translate(VOWELS)


def stems(text: str) -> Iterator[str]:
    """What may be left of a verb without what is put before and behind it, the longest first."""
    bent = _BEHIND.fullmatch(text)
    cores = {text}
    if bent:
        cores |= {bent[1], bent[1] + (bent[2] or ""), bent[1] + (bent[3] or "")}
    for core in sorted(cores, key=lambda one: (-len(one), one)):
        yield core
        if core.endswith("o"):
            yield core[:-1] + "a"
        for before, first in _BEFORE:
            rest = first + core[len(before) :]
            if core.startswith(before) and len(rest) > 2:
                yield rest
                if rest.endswith("o"):
                    yield rest[:-1] + "a"


def meant(text: str, verbs: frozenset[str], heard: Forms) -> str | None:
    """The word of talk that `text` is a form of; None if it is like none."""
    for stem in stems(text):
        if stem in verbs:
            return stem
    if len(text) == _BONES and text == _bones(text):
        # Nothing but consonants: tlng
        return heard.get("~" + text)
    if len(text) < _SLIP - 1:
        return None
    by_sound = heard.get(sound(text))
    if by_sound is not None:
        return by_sound
    bones = heard.get("~" + _bones(text)) if len(_bones(text)) >= _BONES else None
    if bones is not None and len(bones) - len(text) < _BONES and leaves_out(text, bones):
        return bones
    if len(text) < _SLIP:
        return None
    for word in heard.values():
        near = word[0] == text[0] and abs(len(word) - len(text)) < 2
        if near and OSA.distance(text, word, score_cutoff=1) < 2 and likely(text, word):
            return word
    return None
