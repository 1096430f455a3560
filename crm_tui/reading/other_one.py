"""The other one of two: "yang satunya lagi 1", where one of them is ordered or proposed."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading.following import Following
from crm_tui.reading.index import Entry
from crm_tui.reading.ordering import ranged
from crm_tui.reading.presuming import asked_about
from crm_tui.reading.replacement import ONLY
from crm_tui.reading.roles import Role
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_TWO = 2
_QUIET = (Role.STILL, Role.LINK, Role.CUE, Role.NUMBER)


def other(turn: Following) -> Reading | None:
    """So many of the other one, its price, or which one is meant; None if nobody says "the other"."""
    tagged, talk = turn.tagged, turn.talk
    both = _both(turn)
    if both is not None:
        return both
    if not tagged.has("dialogue.other_one") or any(w.role not in _QUIET for w in tagged.words):
        return None
    unclear = human(N_("so many of which item?"))
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    if tagged.has("dialogue.change", "dialogue.remove", "dialogue.less", "dialogue.deny"):
        return unclear
    taken = {line.entry for line in (*talk.order, *talk.proposed)}
    pair = _pair(turn, taken)
    if not pair or len(numbers) > 1 or ranged(tagged) or tagged.priced:
        return unclear
    rest = [entry for entry in pair if entry not in taken]
    count = turn.count(numbers[0], rest[0]) if numbers else None
    if numbers and (not count or numbers[0].label):
        return unclear
    if turn.asked.price or turn.asked.stock or turn.asked.question:
        return turn.wish(Wish(Kind.PRICE, tuple(map(Line, rest)))) if not count else unclear
    if len(rest) > 1:
        return turn.wish(
            Wish(Kind.CHOICES, options=tuple(rest), quantity=count, choosing=Kind.ORDER)
        )
    lines = [Line(rest[0], count or 1)]
    instead = _instead(turn, pair, rest[0])
    if instead is not None:
        return turn.amend(instead)
    if talk.proposed:
        return turn.propose([*talk.proposed, *lines])
    return turn.amend({rest[0]: count}) if count else turn.propose(lines)


def _both(turn: Following) -> Reading | None:
    """ "Dua2nya deh", where one of the two that were listed is ordered: the other one besides, as many;
    more than one is asked about. None if it is not said so."""
    tagged, talk, words = turn.tagged, turn.talk, turn.lexicon.words
    if len(talk.order) != 1 or len(talk.listed) != _TWO or turn.last_said() or talk.left:
        return None
    line = talk.order[0]
    rest = [entry for entry in talk.listed if entry != line.entry]
    if len(rest) != 1 or words["both"].isdisjoint(tagged.texts) or not talk.amendable:
        return None
    calm = turn.lexicon.union(
        "polite", "honorifics", "just", "exclaims", "sighs", "both", "doing", "also_first", "want"
    )
    if not tagged.has("dialogue.all") or any(w.role is Role.NUMBER for w in tagged.words):
        return None
    marked = {name for name, spans in tagged.marks.items() if spans}
    idle = {"dialogue.all", "dialogue.also", "intents.orders", "intents.status_marks"}
    if not calm.issuperset(tagged.texts) or tagged.asked or marked - idle:
        return None
    count = line.quantity or 1
    found = turn.amend({rest[0]: count})
    return found if count == 1 else asked_about(found, talk, asking=False)


def _instead(turn: Following, pair: Sequence[Entry], new: Entry) -> dict[Entry, int] | None:
    """ "Yg satunya aja", where of two that were listed one is all that is ordered: the other one
    instead; None if it may be wanted besides."""
    talk = turn.talk
    also = turn.tagged.has("dialogue.also", "dialogue.add") or turn.asked.order
    if (
        also
        or talk.proposed
        or talk.offered
        or len(talk.order) != 1
        or set(talk.listed) != set(pair)
    ):
        return None
    numbers = any(word.role is Role.NUMBER for word in turn.tagged.words)
    if numbers or ONLY.isdisjoint(turn.tagged.texts) or talk.order[0].entry not in pair:
        return None
    return {talk.order[0].entry: 0, new: talk.order[0].quantity or 1}


def _pair(turn: Following, taken: set[Entry]) -> Sequence[Entry]:
    """The two things of which one is meant: those of the last list or answer, or that were spoken of
    last; none if there are no such two."""
    talk = turn.talk
    for group in (talk.offered, talk.quoted, talk.listed, talk.recent[-_TWO:]):
        if len(group) == _TWO and not taken.issuperset(group):
            return group
    return ()
