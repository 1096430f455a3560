"""Conditions that the stock settles, with the item between their words: kalau kenari ada, kirim 2."""

from collections.abc import Sequence

from crm_tui.reading.lexicon import Lexicon

Marks = dict[str, list[tuple[int, int]]]
"""Names of phrases with the half-open spans of words in which they stand."""

FAR = 8
"""So many words may stand between "if" and "is there"."""


def if_available(texts: Sequence[str], marks: Marks, lexicon: Lexicon) -> None:
    """Mark "if … is there" with the item between: kalau kenari merah ada, kirim 2."""
    words = lexicon.words
    denied = {start for start, _ in marks.get("conditions.out", ())}
    for start, end in marks.get("conditions.condition", ()):
        if any(begin <= start < stop for begin, stop in marks.get("conditions.if_available", ())):
            continue
        for at in range(end + 1, min(end + FAR, len(texts))):
            if texts[at] in words["doing"] or texts[at] in words["price"]:
                break
            if texts[at] in words["there"] and at not in denied and at - 1 not in denied:
                ordered = not words["doing"].isdisjoint(texts[at + 1 : at + 3])
                if ordered:
                    found = marks.setdefault("conditions.if_available", [])
                    found += [(start, end), (at, at + 1)]
                break
