"""Several changes of the open order in one text: "kenari tambah 1, sirsak ga jadi"; and what shall be
left of it: "kenari aja, yang lain batal".

Each clause is read by itself, in the light of what those before it have changed. The whole counts only
where every clause changes a line for certain.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from crm_tui.reading.amending import Change
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.replacement import ONLY, REPLACES
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish

_DEEDS = ("dialogue.add", "dialogue.less", "dialogue.change", "dialogue.swap", "dialogue.remove")
_MOST = 4
"""So many changes are read in one text."""

Read = Callable[[str, Conversation], Reading | None]


def compound(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading | None:
    """The changes of a text together; None if it has but one clause, or one of them is no change.

    `read`: reads a text in a talk.
    """
    clauses = _clauses(tagged, text, index)
    if not talk.order or not talk.amendable or not 1 < len(clauses) <= _MOST or tagged.asked:
        return None
    if talk.offered or talk.proposed or talk.quoted:
        return None
    if tagged.has("dialogue.remove", "dialogue.deny") and not REPLACES.isdisjoint(tagged.texts):
        # What is to be had instead is had instead of what falls, and of nothing else.
        return None
    before = {line.entry: line.quantity or 0 for line in talk.order}
    after = dict(before)
    touched: set[Entry] = set()
    for clause in clauses:
        lines = tuple(Line(entry, count) for entry, count in after.items() if count)
        reading = read(clause, replace(talk, order=lines)) if lines else None
        wishes = reading.wishes if reading is not None and reading.certain else ()
        wish = wishes[0] if len(wishes) == 1 else None
        if wish is None or wish.kind is not Kind.AMEND or wish.add:
            return None
        changed = {line.entry: line.quantity or 0 for line in wish.lines}
        if not touched.isdisjoint(changed):
            # What is changed twice is put right, perhaps.
            return None
        touched |= set(changed)
        after |= changed
    if not any(after.values()):
        return None
    changes = {entry: count for entry, count in after.items() if count != before.get(entry, 0)}
    turn = Change(tagged, text, index, talk)
    return turn.amend(changes) if changes else None


def _linked(tagged: Tagged, at: int) -> bool:
    """Whether a clause begins behind "and" with a name, after one that ends with a number or a deed:
    "kenari jadi 4 dan sirsak jadi 1"."""
    words = tagged.words
    if at < 2 or words[at - 1].role is not Role.LINK or words[at].role is not Role.NAME:
        return False
    before = words[at - 2]
    ends = any(end == at - 1 for name in _DEEDS for _, end in tagged.marks.get(name, ()))
    return before.role is Role.NUMBER or ends


def _clauses(tagged: Tagged, text: str, index: ItemIndex) -> Sequence[str]:
    """The clauses of a text as they were written; none if one of them changes nothing that it names."""
    starts = [
        0,
        *(
            at
            for at, word in enumerate(tagged.words)
            if at and (word.token.pause or _linked(tagged, at))
        ),
    ]
    parts = list(zip(starts, [*starts[1:], len(tagged.words)], strict=True))
    calm = index.lexicon.union("polite", "honorifics")
    parts = [(begin, end) for begin, end in parts if not calm.issuperset(tagged.texts[begin:end])]
    for begin, end in parts:
        deed = any(
            begin <= start < end for name in _DEEDS for start, _ in tagged.marks.get(name, ())
        )
        names = any(
            word.role in (Role.NAME, Role.MAYBE, Role.NUMBER) for word in tagged.words[begin:end]
        )
        if not deed or not names:
            return ()
    return [
        text[tagged.words[begin].span[0] : tagged.words[_last(tagged, begin, end)].span[1]]
        for begin, end in parts
    ]


def _last(tagged: Tagged, begin: int, end: int) -> int:
    """The place of the last word of a clause, without "and" behind it."""
    linked = end - 2 > begin and tagged.words[end - 1].role is Role.LINK
    return end - 2 if linked else end - 1


def only_this(turn: Change) -> Reading | None:
    """ "Kenari aja, yang lain batal": all other lines of the order fall, in so many words."""
    order, tagged = turn.talk.order, turn.tagged
    rest = tagged.marks.get("dialogue.others", ())
    if len(order) < 2 or not rest or tagged.asked or turn.last_said():
        return None
    if turn.asked.order or turn.asked.price or tagged.has("dialogue.keep", "dialogue.add"):
        return None
    (begin, _), *more = rest
    removed = tagged.marks.get("dialogue.remove", ())
    behind = [span for span in removed if span[0] >= begin]
    if more or len(removed) != 1 or len(behind) != 1 or ONLY.isdisjoint(tagged.texts[:begin]):
        return None
    if any(word.role is Role.NUMBER for word in tagged.words):
        return None
    calm = turn.lexicon.union("polite", "honorifics")
    told = {at for start, end in (rest[0], removed[0]) for at in range(start, end)}
    if any(
        at not in told and tagged.texts[at] not in calm for at in range(begin, len(tagged.texts))
    ):
        # "Yang lain ga jadi dibatalin" takes back nothing.
        return None
    text = turn.text[: tagged.words[begin].span[0]]
    kept = Change.of(text, turn.index, turn.talk).among([line.entry for line in order])
    if not kept or any(not one.match.one or one.doubt for one in kept):
        return None
    stays = {turn.one(one) for one in kept}
    falls = {line.entry: 0 for line in order if line.entry not in stays}
    return turn.wish(
        Wish(Kind.AMEND, tuple(Line(entry, count) for entry, count in falls.items()))
    ) if falls else None  # fmt: skip
