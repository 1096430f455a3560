"""Searches that forgive: a word that nothing has is taken for the words that are nearest to it.

Words of letters alone: a code with another digit is another code.
"""

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from crm_tui.shop.gate.context import Context

_LEAST = 4
"""Shorter words are near to too many."""
_MOST = 3
"""The words that are tried in the place of one."""
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Vocabulary:
    """Where words come from: questions of ours. `version` gives another answer when they have changed,
    `texts` a text a row."""

    version: str
    texts: str


@dataclass(frozen=True)
class _Known:
    """All words of a vocabulary, each once; `text` holds them a line each."""

    path: Path
    version: object
    words: tuple[str, ...]
    text: str


_last: dict[Vocabulary, _Known] = {}


def _known(ctx: Context, vocabulary: Vocabulary) -> _Known:
    """The words as they are now; they are collected anew when they have changed."""
    version = ctx.db.execute(vocabulary.version).fetchone()[0]
    known = _last.get(vocabulary)
    if known is None or (known.path, known.version) != (ctx.store.path, version):
        distinct: set[str] = set()
        rows = ctx.db.execute(vocabulary.texts)
        while some := [row[0] for row in islice(rows, 1000)]:
            distinct.update(_LETTERS.findall(" ".join(some).lower()))
        words = tuple(sorted(distinct))
        known = _last[vocabulary] = _Known(ctx.store.path, version, words, "\n".join(words))
    return known


def nearest(ctx: Context, vocabulary: Vocabulary, word: str) -> list[str]:
    """The words that `word` may stand for, nearest first; none if it is among them itself."""
    word = word.lower()
    if len(word) < _LEAST or not _LETTERS.fullmatch(word):
        return []
    known = _known(ctx, vocabulary)
    if word in known.text:
        return []
    # Nobody who types without mistakes needs it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    far = 1 if len(word) < 6 else 2
    matches = process.extract(
        word, known.words, scorer=OSA.distance, score_cutoff=far, limit=_MOST, processor=None
    )
    if not matches:
        # Typed only so far: the beginnings of the words.
        begun = dict.fromkeys(each[: len(word)] for each in known.words if len(each) > len(word))
        matches = process.extract(
            word, list(begun), scorer=OSA.distance, score_cutoff=1, limit=_MOST, processor=None
        )
    return [str(each[0]) for each in matches if each[1] == matches[0][1]]
