"""What an order says it does not mean: "kenari musi, bukan yang merah, 5".

The words that say so are taken out of the text, and what they name is none of what is meant. So nothing
is ordered that was not named besides.
"""

from dataclasses import replace

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged

_WHICH = ("yang", "yg", "yng", "nu", "sing")
_CORRECTS = ("eh", "ralat", "salah", "maaf", "maap", "sori", "sorry", "keliru", "maksudnya", "oh")
_LESSER = frozenset(
    ("kw", "palsu", "tiruan", "imitasi", "lokal", "abal2", "bekas", "second", "seken")
)
"""What is not the genuine part."""
_GROUPS = (
    "veto.negation", "veto.advice", "veto.complaint", "dialogue.swap", "dialogue.unneeded",
    "dialogue.deny",
)  # fmt: skip
_MOST = 3
"""So many words say what is not meant."""


def without_excluded(tagged: Tagged, index: ItemIndex) -> Tagged:
    """A text without what it says it does not mean, right behind what it means; itself if it says no
    such thing, or may put one thing in the place of another."""
    spans = tagged.marks.get("dialogue.deny", ())
    if len(spans) != 1:
        return tagged
    start, begin = spans[0]
    which = index.lexicon.words["purpose"].union(_WHICH)
    if not start or begin >= len(tagged.words):
        return tagged
    if tagged.texts[begin] not in which and tagged.texts[start - 1] in _WHICH:
        # "Yang bukan merah" says the same as "bukan yang merah".
        start, begin = start - 1, start
    elif _only_special(tagged, index, start, begin):
        begin -= 1
    elif tagged.texts[begin] not in which:
        begins = _contrast(tagged, index, start)
        if begins is None:
            return tagged
        start, begin = begins, begin - 1
    if tagged.texts[start - 1] in _CORRECTS or not _named_before(tagged, start):
        return tagged
    end = begin + 1
    while end < len(tagged.words) and _names(tagged, end, index):
        end += 1
    if not 0 < end - begin - 1 <= _MOST or _goes_on(tagged, end):
        return tagged
    items = frozenset.intersection(
        *(_having(tagged.words[at].key, index) for at in range(begin + 1, end))
    )
    # What is none of the shop's names, a letter of a size, is said of nothing else either.
    if not items and any(word.role is Role.NAME for word in tagged.words[begin + 1 : end]):
        return tagged
    words = tuple(
        replace(word, role=Role.STILL, token=replace(word.token, pause=0))
        if start <= at < end
        else word
        for at, word in enumerate(tagged.words)
    )
    marks = {
        name: [span for span in found if name not in _GROUPS or not start <= span[0] < end]
        for name, found in tagged.marks.items()
    }
    return replace(tagged, words=words, marks=marks, excluded=((start, items),))


def _only_special(tagged: Tagged, index: ItemIndex, start: int, begin: int) -> bool:
    """Whether behind the common one it is said which special one is not meant: "yg biasa bukan
    iridium"."""
    words = index.lexicon.words
    said = {tagged.texts[start - 1], tagged.words[start - 1].key}
    return not said.isdisjoint(words["common"]) and tagged.texts[begin] in words["special"]


def _contrast(tagged: Tagged, index: ItemIndex, start: int) -> int | None:
    """Where behind a question a clause begins that says which, and which not: "kenari ada? yg komplit
    bukan bijinya"; None if it is none."""
    begin = start
    while begin and not tagged.words[begin].token.pause:
        begin -= 1
    asking = index.lexicon.words["asking"]
    plain = tagged.words[begin + 1 : start]
    behind = tagged.words[start + 1 :]
    calm = all(word.role in (Role.NAME, Role.STILL, Role.MAYBE) for word in behind)
    if not begin or tagged.texts[begin] not in _WHICH or not calm or not 0 < len(plain) <= _MOST:
        return None
    if asking.isdisjoint(tagged.texts[:begin]) or not index.lexicon.words["doing"].isdisjoint(
        tagged.texts
    ):
        return None
    unknown = all(word.role is Role.UNKNOWN for word in plain)
    named = any(word.role is Role.NAME for word in behind)
    return begin if unknown and named else None


def _named_before(tagged: Tagged, start: int) -> bool:
    """Whether the clause before it names something."""
    for word in reversed(tagged.words[:start]):
        if word.role is Role.NAME:
            return True
        if word.role is Role.LINK or word.token.pause > 1:
            return False
    return False


def _names(tagged: Tagged, at: int, index: ItemIndex) -> bool:
    word = tagged.words[at]
    special = word.role is Role.UNKNOWN and word.key in index.lexicon.words["special"]
    common = word.role is Role.UNKNOWN and word.key in index.lexicon.words["common"]
    letter = word.role is Role.STILL and len(tagged.texts[at]) == 1
    lesser = word.role is Role.STILL and tagged.texts[at] in _LESSER
    which = (word.role is Role.MAYBE or letter or lesser or common) and tagged.texts[
        at - 1
    ] in _WHICH
    return (word.role is Role.NAME or which or special) and not word.token.pause


def _goes_on(tagged: Tagged, end: int) -> bool:
    """Whether an unknown word stands right behind it: then it may say something else."""
    return end < len(tagged.words) and (
        tagged.words[end].role is Role.UNKNOWN and not tagged.words[end].token.pause
    )


def _having(key: str, index: ItemIndex) -> frozenset[int]:
    words = index.words
    senses = [word for word, weight in words.senses(key).items() if weight >= SOUND]
    return frozenset().union(*map(words.items, senses))
