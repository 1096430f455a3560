"""Something cheaper than what was spoken of: "mahal, ada yg lebih murah?", "ganti yg lebih murah"."""

import re
from collections.abc import Sequence

from crm_tui.reading.amending import Change
from crm_tui.reading.index import Entry
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import Turn
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_MOST = 4
_QUIET = (Role.STILL, Role.LINK, Role.CUE, Role.MAYBE)
_MORE = frozenset(("lebih", "lbh", "luwih", "leuwih"))
_CHEAPER = frozenset(("lebih", "lbh", "luwih", "leuwih", "murah", "murahan"))


def cheaper(turn: Change) -> Reading | None:
    """The prices of what costs less and serves the same, or a change to it that is asked about; None
    where nothing cheaper is asked for, or there is none."""
    tagged, talk = turn.tagged, turn.talk
    words = turn.lexicon.words
    common = words["common"]
    if not tagged.has("conditions.cheap") and common.isdisjoint(tagged.texts):
        return None
    said = zip(tagged.words, tagged.texts, strict=True)
    if any(word.role not in _QUIET and text not in common for word, text in said):
        return None
    wanted = tagged.has("conditions.cheap")
    plain = not common.isdisjoint(tagged.texts)
    dear = not words["dearness"].isdisjoint(tagged.texts)
    asking = turn.asked.question or turn.asked.stock or turn.asked.price
    replaces = not REPLACES.isdisjoint(tagged.texts)
    if not (wanted or plain) or not (asking or replaces) or _haggles(turn):
        return None
    if plain and not wanted and not dear:
        return None
    base = _base(turn)
    found = _less(turn, base.entry) if base else []
    if base is None or not found:
        return None
    if base not in talk.order or not replaces or not talk.amendable:
        count = talk.quantity if len(found) == 1 else None
        return turn.wish(Wish(Kind.PRICE, tuple(map(Line, found)), quantity=count))
    if len(found) == 1:
        lines = (Line(base.entry, 0), Line(found[0], base.quantity))
        if _the_cheap_one(turn, base.entry, found[0]):
            return turn.amend({base.entry: 0, found[0]: base.quantity or 1})
        return turn.wish(Wish(Kind.CHOICES, lines, choosing=Kind.AMEND))
    return turn.wish(
        Wish(
            Kind.CHOICES, options=tuple(found), quantity=base.quantity, choosing=Kind.AMEND
        )
    )  # fmt: skip


def _the_cheap_one(turn: Change, own: Entry, other: Entry) -> bool:
    """Whether "the cheap one" is the other one of the two that the last list had: "ganti yg murah"."""
    listed = turn.talk.listed
    cheap = turn.tagged.has("conditions.cheap") and not turn.asked.question
    cheap = cheap and _MORE.isdisjoint(turn.tagged.texts)
    return cheap and set(listed) == {own, other}


def _haggles(turn: Change) -> bool:
    """Whether another price is wanted, or something is complained of besides."""
    tagged = turn.tagged
    dear = turn.lexicon.words["dearness"]
    others = (
        "own", "spam", "mistaken", "others", "service", "past", "later", "negation", "advice",
    )  # fmt: skip
    haggled = any(
        not _CHEAPER.issuperset(tagged.texts[start:end])
        for start, end in tagged.marks.get("veto.haggle", ())
    )
    blamed = any(
        not dear.issuperset(tagged.texts[start:end])
        for start, end in tagged.marks.get("veto.complaint", ())
        if tagged.texts[start] not in REPLACES
    )
    opens = {start for start, _ in tagged.marks.get("conditions.condition", ())}
    told = any(
        start not in opens
        for name in others
        for start, _ in tagged.marks.get(f"veto.{name}", ())
    )  # fmt: skip
    return haggled or blamed or told or tagged.priced or tagged.has("dialogue.remove")


def _base(turn: Change) -> Line | None:
    """What was spoken of alone, or the one line that is ordered."""
    talk = turn.talk
    if talk.offered:
        return None
    target = turn.target()
    if len(target) == 1:
        return Line(target[0], talk.quantity)
    return talk.order[0] if not target and len(talk.order) == 1 else None


def _less(turn: Change, entry: Entry) -> Sequence[Entry]:
    """What serves the same, is there, and costs less: the dearest of it first; none if it is much."""
    words = turn.index.words
    kind = words.kindred(entry.id)
    found = [
        one
        for one in map(turn.index.entry, kind - {entry.id})
        if one.available != 0
        and one.price
        and entry.price
        and one.price < entry.price
        and serves_the_same(turn, entry, one)
    ]
    shared = {one: len(_words(turn, one) & _words(turn, entry)) for one in found}
    most = max(shared.values(), default=0)
    found = [one for one in found if shared[one] == most]
    return sorted(found, key=lambda one: -(one.price or 0)) if len(found) <= _MOST else ()


def _words(turn: Turn, entry: Entry) -> frozenset[str]:
    return frozenset(map(turn.lexicon.name, turn.index.words.words[entry.id]))


def serves_the_same(turn: Turn, one: Entry, other: Entry) -> bool:
    """Whether two things of a kind are for the same: of the same side and size, for a model of both."""
    words, lexicon = turn.index.words, turn.lexicon
    own, its = _words(turn, one), _words(turn, other)
    if words.concepts(one.id) != words.concepts(other.id):
        return False
    if any(lexicon.opposites.get(word) in its - own for word in own - its):
        return False
    sizes = [
        {re.sub(r"\d+", "#", word) for word in mine if len(words.items(word)) > 1 and _sized(word)}
        for mine in (own - its, its - own)
    ]
    vehicles = lexicon.words["vehicles"]
    if own & vehicles != its & vehicles:
        return False
    models = {word for word in own if words.applies(word) and word not in lexicon.canon}
    return sizes[0].isdisjoint(sizes[1]) and (not models or bool(models & its))


def _sized(word: str) -> bool:
    return any(map(str.isdigit, word)) and not word.isdecimal()
