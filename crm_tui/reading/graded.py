"""The smaller or the bigger one of a list, by how much they hold: "yg kecil 3", of 50 and 300 ml."""

from collections.abc import Sequence

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.measuring import held
from crm_tui.reading.roles import Tagged
from crm_tui.reading.turn import SUFFIXES, WHICH
from crm_tui.reading.wishes import Conversation

_SMALL, _BIG = "kecil", "besar"
"""The lexicon's names for them."""


def named(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> str:
    """The text with the code of the one that is meant in place of its size; "" where no size is said
    so, or more than one thing may be it."""
    if not (talk.offered or talk.listed or talk.quoted):
        return ""
    name, texts = index.lexicon.name, tagged.texts
    most = index.lexicon.words["most"]
    graded = [at for at, one in enumerate(texts) if name(one) in (_SMALL, _BIG)]
    both = len({name(texts[at]) for at in graded}) == len(graded) == 2
    places = [
        at
        for at in graded
        if (
            both
            or not at
            or (at and (texts[at - 1] in WHICH or texts[at - 1] in most))
            or (at + 1 < len(texts) and texts[at + 1] in SUFFIXES)
            or tagged.words[at].token.text.endswith(SUFFIXES)
        )
    ]
    said = [name(texts[at]) for at in places]
    if len(said) > 1 and not index.lexicon.words["either"].isdisjoint(texts):
        return ""
    if not said or len(said) > len({*said}):
        return ""
    for at, size in zip(reversed(places), reversed(said), strict=True):
        entry = _one(size, talk.offered or talk.listed or talk.quoted, index)
        if entry is None:
            return ""
        begin, end = tagged.words[at].span
        if at and texts[at - 1] in most:
            begin = tagged.words[at - 1].span[0]
        text = f"{text[:begin]}{entry.code}{text[end:]}"
    return text


def _one(said: str, entries: Sequence[Entry], index: ItemIndex) -> Entry | None:
    """The smallest or biggest of some things, of which each has one size of one kind."""
    if len(entries) < 2:
        return None
    sizes: dict[float, list[Entry]] = {}
    kinds: set[str] = set()
    for entry in entries:
        words = index.words.words.get(entry.id, ())
        if any(index.lexicon.name(word) in (_SMALL, _BIG) for word in words):
            return None
        found = {held(word) for word in words} - {None}
        if len(found) != 1:
            return None
        ((kind, size),) = (one for one in found if one is not None)
        kinds.add(kind)
        sizes.setdefault(size, []).append(entry)
    if len(kinds) != 1 or len(sizes) < 2:
        return None
    having = sizes[min(sizes) if said == _SMALL else max(sizes)]
    return having[0] if len(having) == 1 else None
