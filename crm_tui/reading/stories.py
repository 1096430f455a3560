"""What is told beside a question, and asks nothing: "kenari ada? musi saya ditabrak dari belakang".

Where one thing is asked about and found, another clause without a cue, a number or a thing of its own
is no second question.
"""

from collections.abc import Sequence

from crm_tui.reading import mentions as finding
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged, Word

_TOLD = ("states", "accidents", "worn", "uses", "vehicles", "mine_here", "so_that", "purpose")
_SEVERAL = 2
_CHANGES = ("dialogue.swap", "conditions.filler")


def without_told(tagged: Tagged, index: ItemIndex, mentions: list[Mention]) -> list[Mention]:
    """The things that are named, without what is only told behind a question about others."""
    if len(mentions) < _SEVERAL:
        return mentions
    mentions = _without_why(tagged, index, mentions)
    if len(mentions) < _SEVERAL:
        return mentions
    parts = finding.clauses(tagged)
    asking = index.lexicon.words["asking"]
    asks = [
        number
        for number, part in enumerate(parts)
        if any(word.token.asked or _text(tagged, word) in asking for word in part)
    ]
    if not asks:
        return mentions
    answered = [
        one
        for one in mentions
        if one.clause <= asks[-1] and one.match.items and not one.match.missing and not one.unknown
    ]
    if not answered:
        return mentions
    return [
        one
        for one in mentions
        if one.clause in range(asks[0], asks[-1] + 1)
        or not parts[one.clause if one.clause > asks[-1] else one.clause + 1][0].token.pause
        or not _told(one, parts[one.clause], tagged, index)
    ]


def _wishes(index: ItemIndex) -> frozenset[str]:
    """Words with which something is asked for, ordered, or wanted besides."""
    return index.lexicon.union("asking", "doing", "links", "besides", "want")


def _without_why(tagged: Tagged, index: ItemIndex, mentions: list[Mention]) -> list[Mention]:
    """The things that are named, without what a reason at the end names behind the question about
    another: "kenari musi brp ya soalnya ringnya putus"."""
    words, texts = index.lexicon.words, tagged.texts
    why = next((at for at, text in enumerate(texts) if text in words["mild.because"]), 0)
    behind = texts[why + 1 :]
    asks = not words["asking"].isdisjoint(texts[:why])
    if not why or not asks or not _wishes(index).isdisjoint(behind):
        return mentions
    if any(word.role is Role.NUMBER or word.token.asked for word in tagged.words[why:]):
        return mentions
    start = tagged.words[why].span[0]
    before = [one for one in mentions if all(word.span[0] < start for word in one.words)]
    named = before and all(one.match.items and not one.match.missing for one in before)
    reasons = all(
        one in before or all(word.span[0] > start for word in one.words) for one in mentions
    )
    return before if named and reasons else mentions


def told_once(tagged: Tagged, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Without what is not found in another sentence that speaks of the same once more: "kenari musi
    saya patah terus. kalo ganti baru kenarinya brp"."""
    found = {
        item for one in mentions if not one.match.missing and one.match.items
        for item in one.match.items
    }  # fmt: skip
    if len(mentions) < _SEVERAL or not found:
        return mentions
    parts = finding.clauses(tagged)
    apart = {number for number, part in enumerate(parts) if part[0].token.pause or not number}
    return [
        one
        for one in mentions
        if not (one.match.missing and one.match.items and found.issuperset(one.match.items))
        or not apart.issuperset(range(1, len(parts)))
    ]


def _told(
    mention: Mention, clause: Sequence[Word], tagged: Tagged, index: ItemIndex
) -> bool:  # fmt: skip
    """Whether a clause tells of something, and what it names is nothing that is sold, or only which."""
    if mention.quantity is not None or (mention.match.headed and not mention.match.missing):
        return False
    words = index.lexicon.words
    texts = {_text(tagged, word) for word in clause}
    if not texts.isdisjoint(index.lexicon.union("doing", "cue", "links")):
        return False
    strange = any(word.role is Role.UNKNOWN for word in clause)
    told = any(not texts.isdisjoint(words[name]) for name in _TOLD)
    return strange or told or any(_within(tagged, name, clause) for name in _CHANGES)


def _within(tagged: Tagged, mark: str, clause: Sequence[Word]) -> bool:
    """Whether a phrase of a group stands in a clause."""
    places = {at for span in tagged.marks.get(mark, ()) for at in range(*span)}
    own = {id(word) for word in clause}
    return any(id(tagged.words[at]) in own for at in places)


def _text(tagged: Tagged, word: Word) -> str:
    """A word as the lexicon has it."""
    return tagged.texts[tagged.words.index(word)]
