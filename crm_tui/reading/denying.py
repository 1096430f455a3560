"""A mere "no" before what is meant: "bukan, yang biru"."""

from collections.abc import Sequence

from crm_tui.reading.amending import Change
from crm_tui.reading.wishes import Line, Reading

_THAT = frozenset(("itu", "ini", "tu", "niki", "iki", "kuwi", "eta", "yang", "yg"))
_WITHDRAWS = ("dialogue.remove", "dialogue.add", "dialogue.less")


def rather(turn: Change, lines: Sequence[Line]) -> Reading | None:
    """ "Bukan, yang biru": another one like what was proposed or quoted, which then is proposed."""
    after = _behind_no(turn)
    if after is None:
        return None
    found = after.resolved([line.entry for line in lines])
    if found is None or len(found.mentions) != 1 or not found.mentions[0].match.one:
        return None
    entry = after.one(found.mentions[0])
    if entry in [line.entry for line in lines]:
        return None
    held = lines[0].quantity if len(lines) == 1 else None
    return turn.propose([Line(entry, found.mentions[0].quantity or held or 1)])


def _behind_no(turn: Change) -> Change | None:
    """What is said behind a mere "no" at the beginning, as a text by itself; None if there is no such
    "no", or more than what is meant behind it."""
    tagged = turn.tagged
    denied = tagged.marks.get("dialogue.deny", ())
    calm = turn.lexicon.words["polite"] | turn.lexicon.words["honorifics"]
    if len(denied) != 1 or not calm.issuperset(tagged.texts[: denied[0][0]]) or tagged.asked:
        return None
    begin = denied[0][1]
    while begin < len(tagged.words) and tagged.texts[begin] in calm | _THAT:
        begin += 1
    parted = any(word.token.pause for word in tagged.words[denied[0][1] : begin + 1])
    rest = tagged.words[begin:]
    if not rest or not parted or any(word.token.pause for word in rest[1:]):
        return None
    text = turn.text[rest[0].span[0] :]
    after = Change.of(text, turn.index, turn.talk)
    asking = after.asked.price or after.asked.stock or tagged.priced
    return None if asking or after.tagged.has(*_WITHDRAWS) else after


def instead(turn: Change) -> Reading | None:
    """ "Bukan, yang biru" of somebody with an open order of one line: the blue one instead of it."""
    after = _behind_no(turn)
    if after is None or len(turn.talk.order) != 1:
        return None
    # It is said as "eh, yang biru" is.
    start, end = turn.tagged.words[turn.tagged.marks["dialogue.deny"][0][0]].span
    text = turn.text[:start] + "eh".ljust(end - start) + turn.text[end:]
    found = Change.of(text, turn.index, turn.talk).swapped()
    return found if found is not None and found.certain else None
