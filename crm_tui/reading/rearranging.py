"""The lines of the open order against one another: so many of one and of another, the left one only,
and what is said beside a change."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import vetoes
from crm_tui.reading.amending import Change
from crm_tui.reading.ordering import ranged, summed
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.siblings import opposed
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Line, Reading, human

_ONLY = frozenset(("aja", "aj", "saja", "sajo", "bae", "wae", "ae", "ajo", "doang", "tok", "thok"))
_BACK = frozenset(("balik", "kembali", "balek", "tetap", "tetep", "ttp", "jadi", "jd", "jadinya"))
_NEVER = frozenset(("jangan", "jgn", "jangn", "ojo", "ojok", "ulah"))


def rearranged(turn: Change) -> Reading | None:
    """A change that says how the lines of the order stand in the end; None if none is said so."""
    if not turn.talk.order or turn.asked.question or turn.asked.price or turn.asked.stock:
        return None
    if turn.tagged.has("dialogue.remove", "dialogue.deny", "dialogue.less"):
        return None
    if turn.tagged.has("dialogue.add"):
        return _each_more(turn) or _pair_more(turn)
    if ranged(turn.tagged) or turn.tagged.priced or turn.tagged.negative:
        return None
    if vetoes.stray_negation(turn.tagged, turn.index):
        return None
    return _pairs(turn) or _shared_out(turn) or _kept(turn)


def _each_more(turn: Change) -> Reading | None:
    """ "Semua tambah 1": so many more of each line."""
    order = turn.talk.order
    numbers = [word for word in turn.tagged.words if word.role is Role.NUMBER]
    if len(order) < 2 or len(numbers) != 1 or turn.names() or turn.last_said():
        return None
    if not turn.tagged.has("dialogue.all") or not turn.plain(numbers) or not numbers[0].value:
        return None
    if turn.tagged.has("dialogue.change") or vetoes.stray_negation(turn.tagged, turn.index):
        return None
    return turn.amend({line.entry: (line.quantity or 0) + numbers[0].value for line in order})


def _of_both_sides(turn: Change) -> int:
    """How many pairs are said where just the left and the right one of a thing are ordered; 0 if none
    are, or anything else is named."""
    order = turn.talk.order
    numbers = [word for word in turn.tagged.words if word.role is Role.NUMBER]
    if len(order) != 2 or len(numbers) != 1 or not numbers[0].pair or turn.names():
        return 0
    if turn.last_said() or numbers[0].label:
        return 0
    return numbers[0].value if opposed(turn.index, order[0].entry, order[1].entry) else 0


def _pair_more(turn: Change) -> Reading | None:
    """ "Tambah sepasang", where the left and the right one are ordered: one more of each."""
    pairs = _of_both_sides(turn)
    if not pairs or turn.tagged.has("dialogue.change"):
        return None
    if ranged(turn.tagged) or turn.tagged.priced:
        return None
    return turn.amend({line.entry: (line.quantity or 0) + pairs for line in turn.talk.order})


def _pairs(turn: Change) -> Reading | None:
    """ "Jadi 1 pasang aja", where the left and the right one are ordered: one of each."""
    pairs, order = _of_both_sides(turn), turn.talk.order
    only = turn.tagged.has("dialogue.change") or not _ONLY.isdisjoint(turn.tagged.texts)
    if not pairs or not only or order[0].quantity != order[1].quantity:
        return None
    return turn.amend({line.entry: pairs for line in order})


def _shared_out(turn: Change) -> Reading | None:
    """ "1 merah 1 hijau aja", where two green ones are ordered: so many of each, and no more. It is so
    where the numbers make what was ordered, or where "only" is said."""
    order = {line.entry: line.quantity or 0 for line in turn.talk.order}
    if len(order) != 1 or not turn.sized() or turn.asked.order:
        return None
    (before,) = order.values()
    found = turn.resolved(list(order))
    if found is None or len(found.mentions) < 2:
        return None
    mentions = found.mentions
    doubted = any(one.doubt for one in mentions) and not _by_turns(turn.tagged)
    if doubted or any(not one.match.one or not one.quantity for one in mentions):
        return None
    lines = summed((turn.one(one), one.quantity) for one in mentions)
    named = {line.entry for line in lines}
    if len(lines) < len(mentions) or named.isdisjoint(order) or not found.sure:
        return None
    whole = sum(line.quantity or 0 for line in lines) == before
    if not whole and _ONLY.isdisjoint(turn.tagged.texts):
        return None
    return turn.amend({line.entry: line.quantity or 0 for line in lines})


def _by_turns(tagged: Tagged) -> bool:
    """Whether each name has its number beside it: "1 merah 1 hijau", "merah 1 hijau 1"."""
    roles = [word.role for word in tagged.words if word.role in (Role.NAME, Role.NUMBER)]
    turns = [one for at, one in enumerate(roles) if not at or one is not roles[at - 1]]
    singly = roles.count(Role.NUMBER) == turns.count(Role.NUMBER) == turns.count(Role.NAME)
    return singly and turns[0] is not turns[-1]


def _kept(turn: Change) -> Reading | None:
    """ "Kiri aja", where the left and the right one are ordered: the other one falls. Of other things
    nobody knows."""
    order = turn.talk.order
    numbers = any(word.role is Role.NUMBER and not word.label for word in turn.tagged.words)
    only = not _ONLY.isdisjoint(turn.tagged.texts)
    words = turn.lexicon.words
    if len(order) < 2 or numbers or not only or not turn.names() or turn.last_said():
        return None
    if turn.asked.order or turn.tagged.has("dialogue.also", "dialogue.swap", "dialogue.change"):
        return None
    found = turn.among([line.entry for line in order])
    if not found or len(found) != 1 or not found[0].match.one:
        return None
    kept = turn.one(found[0])
    others = [line.entry for line in order if line.entry != kept]
    if len(others) != 1 or not opposed(turn.index, kept, others[0]):
        return human(N_("takes back something, perhaps not all"))
    texts = turn.tagged.texts
    if not turn.lexicon.union("days", "soon").isdisjoint(texts) and words["before_all"].isdisjoint(
        texts
    ):
        # "Yg bawah besok aja"
        return human(vetoes.WHY["later"])
    return turn.amend({others[0]: 0})


def summed_up(turn: Change) -> Reading | None:
    """ "Tetangga mau juga 1, jadi total 3", "tetangga ga jadi, balik 2 aja": whoever wants it, what
    there is to be in all is said, and the sum is right."""
    order, tagged = turn.talk.order, turn.tagged
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    if len(order) != 1 or not numbers or turn.names() or not turn.plain(numbers):
        return None
    if turn.last_said() or vetoes.vetoed(tagged, turn.index, ("complaint", "service", "past")):
        return None
    before = order[0].quantity or 0
    total = numbers[-1].value
    back = tagged.has("dialogue.remove") and not tagged.has("dialogue.add", "dialogue.less")
    if back and len(numbers) == 1 and 0 < total < before:
        at = next(at for at, word in enumerate(tagged.words) if word is numbers[0])
        end = max(end for _, end in tagged.marks["dialogue.remove"])
        said = tagged.texts[end:at]
        if end <= at and not _BACK.isdisjoint(said) and tagged.words[at - 1].role is Role.STILL:
            return turn.amend({order[0].entry: total})
    more = tagged.has("dialogue.also", "dialogue.add") and tagged.has("dialogue.change")
    more = more and not tagged.has("dialogue.remove", "dialogue.less")
    if more and len(numbers) == 2 and total and before + numbers[0].value == total:
        return turn.amend({order[0].entry: total})
    return None


def without_never(tagged: Tagged, lines: Sequence[Line]) -> Tagged:
    """A text in which "jangan" behind what is named, at its end, takes it back: "kenarinya jangan"."""
    if not lines or tagged.asked or tagged.has("dialogue.remove", "dialogue.but", "dialogue.swap"):
        return tagged
    places = [at for at, text in enumerate(tagged.texts) if text in _NEVER]
    if len(places) != 1 or not places[0]:
        return tagged
    at = places[0]
    behind = tagged.words[at + 1 :]
    if any(word.role is not Role.STILL or word.token.pause for word in behind) or len(behind) > 2:
        return tagged
    if tagged.words[at].token.pause or any(word.role is Role.NUMBER for word in tagged.words):
        return tagged
    own = {name: [span for span in found if span[0] != at] for name, found in tagged.marks.items()}
    return replace(tagged, marks={**own, "dialogue.remove": [(at, at + 1)]})


def without_reason(tagged: Tagged, turn: Change) -> Change:
    """A change without what is said for its reason: "ganti kenari aja biar murah, tetap 4"."""
    words = turn.lexicon.words
    for at, text in enumerate(tagged.texts):
        if text not in words["so_that"] or not at:
            continue
        end = at + 1
        while end < len(tagged.words) and not tagged.words[end].token.pause:
            end += 1
        inside = tagged.words[at + 1 : end]
        calm = all(
            word.role in (Role.STILL, Role.MAYBE, Role.CUE) or one in words["plain"]
            for one, word in zip(tagged.texts[at + 1 : end], inside, strict=True)
        )
        if not inside or not calm or any(word.role is Role.NUMBER for word in inside):
            continue
        begin, stop = tagged.words[at].span[0], inside[-1].span[1]
        text = turn.text[:begin] + " " * (stop - begin) + turn.text[stop:]
        return Change(tag(text, turn.index), text, turn.index, turn.talk)
    return turn
