"""A turn as operations on the open order, one a clause: "kenarinya jadi 5, sirsak batal".

text ─clauses─▶ each: set · more · less · out · besides · instead · stays · a question · a reason
                  which line: `order_lines`, what it does: `clauses`, read otherwise: `side_clauses`
  all read, each line touched once ─▶ the order after it ─▶ AMEND, CANCEL; a doubt in one: proposed
  one not read ─▶ none of the others counts
"""

from collections.abc import Callable, Sequence

from crm_tui.errors import N_
from crm_tui.reading.clauses import Clause
from crm_tui.reading.deeds import CHANGES, Deed, Operation
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.meant_instead import of_the_list
from crm_tui.reading.only_why import tells_only
from crm_tui.reading.order_after import (
    after_operations,
    applied,
    completed,
    contradicts,
    spared,
)
from crm_tui.reading.order_lines import OrderLines
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.side_clauses import SideClauses
from crm_tui.reading.turn import WHICH, Turn
from crm_tui.reading.wishes import Conversation, Kind, Reading, Wish, human

UNCLEAR = human(N_("several changes, of which one is not clear"))
"""A part of a turn changes a line for certain, and another one is not read."""
MOST_WORDS = 40
"""A longer text is no list of changes."""
_MOST_CUTS = 3
_NEEDED = frozenset(("perlu", "butuh"))
"""What "jangan dulu" denies may be what was said before it."""
_MOST_PLACES = 12
_DEEDS = ("add", "less", "change", "remove", "unneeded", "not_yet", "onward", "others", "keep")
_ENDS = (
    "dialogue.remove", "dialogue.unneeded", "dialogue.not_yet", "dialogue.all", "intents.orders",
)  # fmt: skip
_PHRASES = ("dialogue.", "intents.", "conditions.")

Read = Callable[[str, Conversation], Reading | None]


class Operations:
    """All operations of a turn."""

    def __init__(self, turn: Turn, read: Read) -> None:
        self.turn = turn
        self.tagged = turn.tagged
        self.lines = OrderLines(turn)
        self.side = SideClauses(turn, read)
        self._read: dict[tuple[int, int], Operation | None] = {}

    def read(self) -> tuple[list[Operation], bool]:
        """The operations of all clauses, and whether each clause was read."""
        found: list[Operation] = []
        open_spans: list[tuple[int, int]] = []
        for begin, end in self._spans():
            some = self._cut(begin, end)
            if some is None:
                open_spans.append((begin, end))
            found += some or ()
        if not any(one.deed in CHANGES for one in found) and len(open_spans) != 1:
            parts = [part for span in open_spans for part in self._part(*span)]
            return [*found, *parts], not open_spans
        for begin, end in open_spans:
            some = self._beside(begin, end, alone=not found) or self._only_why(begin, end, found)
            if some is None:
                return [*found, *self._part(begin, end)], False
            found += some
        return found, True

    def _part(self, begin: int, end: int) -> list[Operation]:
        """The last clause of a span that is not read, or else its first one, if that is read."""
        roles = [word.role for word in self.tagged.words]
        places = [
            at
            for at in self._places(begin, end)
            if self.side.begins(at)
            and self.tagged.texts[at] in self.turn.lexicon.words["onward"]
            and Role.NAME in roles[begin:at]
            and Role.NAME in roles[at:end]
        ]
        ways = [*((at, end) for at in places), *((begin, at) for at in reversed(places))]
        parts = (self._clause(*way) for way in ways)
        return [part for part in parts if part is not None and part.deed in CHANGES][:1]

    def _spans(self) -> list[tuple[int, int]]:
        """The spans between pauses."""
        words = self.tagged.words
        starts = [0, *(at for at in range(1, len(words)) if words[at].token.pause)]
        return list(zip(starts, [*starts[1:], len(words)], strict=True))

    def _clause(self, begin: int, end: int) -> Operation | None:
        """What a span does as one clause."""
        key = (begin, end)
        if key not in self._read:
            self._read[key] = Clause(self.lines, begin, end).read()
        return self._read[key]

    def _cut(self, begin: int, end: int) -> list[Operation] | None:
        """The operations of a span, cut into as few clauses as can be; None if it cannot be read, or in
        two ways."""
        one = self._clause(begin, end)
        if one is not None:
            return [one]
        places = self._places(begin, end)
        for count in range(1, _MOST_CUTS + 1):
            ways = self._ways(begin, end, places, count)
            if ways:
                first = min(ways, key=lambda way: sum(one.bare for one in way))
                return first if all(_same(first, way) for way in ways) else None
        return None

    def _ways(
        self, begin: int, end: int, places: Sequence[int], cuts: int
    ) -> list[list[Operation]]:
        """All ways to read a span with so many cuts."""
        if cuts == 0:
            one = self._clause(begin, end)
            return [[one]] if one is not None and not one.idle else []
        found = []
        for at in places:
            first = self._clause(begin, at) if begin < at < end else None
            if first is not None and not first.idle:
                found += [[first, *rest] for rest in self._ways(at, end, places, cuts - 1)]
        return found

    def _places(self, begin: int, end: int) -> list[int]:
        """Where within a span a clause may begin: before or behind what is done, a number, a name, a
        reason, and "and then"; never within a phrase."""
        words, texts, marks = self.tagged.words, self.tagged.texts, self.tagged.marks
        lexicon = self.turn.lexicon
        known = lexicon.words
        starts = {start for name in _DEEDS for start, _ in marks.get(f"dialogue.{name}", ())}
        ends = {stop for name in _ENDS for _, stop in marks.get(name, ())}
        within = {
            at
            for name, spans in marks.items()
            if name.startswith(_PHRASES)
            for start, stop in spans
            for at in range(start + 1, stop)
        }
        calm = lexicon.union("polite", "honorifics", "just")
        why = lexicon.union(
            "reasons", "because_words", "changed_mind", "told_first", "mild.because"
        )
        names, told = (Role.NAME, Role.MAYBE, Role.LINK), (Role.NAME, Role.NUMBER)
        places = [
            at
            for at in range(begin + 1, end)
            if at not in within
            and (
                at in starts
                or at in ends
                or texts[at] in known["onward"]
                or texts[at] in WHICH
                or (texts[at] in why and texts[at - 1] not in why)
                or (words[at - 1].role in told and words[at].role not in told)
                or (words[at - 1].role is words[at].role is Role.NUMBER)
                or (words[at].role in names and texts[at - 1] not in WHICH)
                or (texts[at - 1] in calm and texts[at] not in calm)
            )
        ]
        return places[:_MOST_PLACES]

    def _beside(self, begin: int, end: int, *, alone: bool) -> list[Operation] | None:
        """The operations of a span of which one part has to be read otherwise. `alone`: it is all that
        changes anything, so that another part of it has to."""
        whole = None if alone else self.side.read(begin, end)
        if whole is not None:
            return [whole]
        for at in self._places(begin, end):
            if not self.side.begins(at):
                continue
            for native, side in (((begin, at), (at, end)), ((at, end), (begin, at))):
                some = self._cut(*native)
                if some is None or (alone and not any(one.deed in CHANGES for one in some)):
                    continue
                other = self.side.read(*side)
                if other is not None:
                    return [*some, other] if native[0] == begin else [other, *some]
        return None

    def _only_why(self, begin: int, end: int, found: Sequence[Operation]) -> list[Operation] | None:
        """The operations of a span of which the rest only tells why something is taken out: "coret
        ringnya, bos bilang minggu depan aja"; None if it may want anything."""
        why = Operation(Deed.REASON)
        doing = [one for one in found if one.deed in CHANGES]
        if doing and _takes_out(doing, Deed.REST_OUT) and self._not_needed(begin, end):
            return [why]
        if doing and _takes_out(doing) and tells_only(self.lines, begin, end, doing):
            return [why]
        for at in self._places(begin, end):
            # What stands before it, "mungkin kenarinya batal", doubts it.
            some = self._cut(begin, at)
            own = [one for one in some or () if one.deed in CHANGES]
            if begin == 0 and not doing and _takes_all_back(own) and self._has_happened(at, end):
                return [*(some or ()), why]
            if own and _takes_out([*doing, *own]) and tells_only(self.lines, at, end, own):
                return [*(some or ()), why]
        return None

    def _not_needed(self, begin: int, end: int) -> bool:
        """Whether a span only says that what falls is not needed, or not yet: "belum perlu"."""
        marks = self.tagged.marks
        spans = [
            span
            for name in ("dialogue.not_yet", "dialogue.unneeded")
            for span in marks.get(name, ())
            if begin <= span[0] and span[1] <= end and self.tagged.texts[span[1] - 1] in _NEEDED
        ]
        said = {at for span in spans for at in range(*span)}
        calm = self.turn.lexicon.union("polite", "honorifics", "just", "done", "because_words")
        return bool(said) and all(
            at in said or self.tagged.texts[at] in calm for at in range(begin, end)
        )

    def _has_happened(self, begin: int, end: int) -> bool:
        """Whether a span tells what has happened since, and names nothing: "udah dikasih temen"."""
        texts = self.tagged.texts[begin:end]
        if len(self.turn.talk.order) != 1 or not set(WHICH).isdisjoint(texts):
            return False
        if self.turn.lexicon.words["done"].isdisjoint(texts):
            return False
        whole = [Operation(Deed.OUT, tuple(self.lines.order))]
        return tells_only(self.lines, begin, end, whole)


def _takes_all_back(operations: Sequence[Operation]) -> bool:
    return bool(operations) and all(one.deed is Deed.CANCEL and one.sure for one in operations)


def _takes_out(operations: Sequence[Operation], *also: Deed) -> bool:
    """Whether lines that are named for certain are taken out, and nothing else is done; `also`: what
    else counts as that."""
    deeds = (Deed.OUT, *also)
    return all(one.deed in deeds and one.sure and one.entries for one in operations)


def _same(one: Sequence[Operation], other: Sequence[Operation]) -> bool:
    """Whether two ways to cut a span come to the same."""

    def doing(way: Sequence[Operation]) -> list[object]:
        quiet = (Deed.NOTHING, Deed.REASON)
        told = [one for one in spared(way, ()) if one.deed not in quiet]
        return [(one.deed, one.entries, one.count) for one in told]

    return doing(one) == doing(other)


def operated(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading | None:
    """The order after all operations of a turn; None if they are not all read for certain."""
    return _read(tagged, text, index, talk, read, asking=False)


def proposed(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading | None:
    """The order after all operations of a turn, as a change that is asked about; None if one of them is
    not read at all."""
    return _read(tagged, text, index, talk, read, asking=True)


def _read(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read, *, asking: bool
) -> Reading | None:
    if not talk.order or not talk.amendable or len(tagged.words) > MOST_WORDS:
        return None
    if tagged.negative or (talk.asked and not talk.proposed):
        return None
    turn = Turn(tagged, text, index, talk)
    if tagged.priced and not OrderLines(turn).told_by_price():
        return None
    operations, whole = _known(turn, read)
    if not whole:
        return None
    quiet = (Deed.STAY, Deed.NOTHING, Deed.REASON)
    stays = [one for one in operations if one.deed is Deed.STAY and one.entries and one.sure]
    if stays and all(one.deed in quiet for one in operations) and not tagged.asked:
        # "Kenarinya ttp ya": as it was ordered.
        return human(N_("nothing more is wanted"))
    return applied(turn, operations, asking=asking)


def as_clause(tagged: Tagged) -> Tagged:
    """A clause of a turn, that is not cut again."""
    tagged.found["operations"] = ((), False)
    return tagged


def _known(turn: Turn, read: Read) -> tuple[Sequence[Operation], bool]:
    """The operations of a turn, which are read once."""
    known = turn.tagged.found.get("operations")
    if not isinstance(known, tuple):
        operations, whole = Operations(turn, read).read()
        known = turn.tagged.found["operations"] = (completed(turn, operations), whole)
    return known


def checked(
    reading: Reading, tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, read: Read
) -> Reading:
    """A reading of a turn by the other ways, if it does what each clause does that is read for certain
    by itself: none may pass silently. As something else is said, too, it is asked about."""
    if not talk.order or not talk.amendable or len(tagged.words) > MOST_WORDS:
        return reading
    turn = Turn(tagged, text, index, talk)
    if reading.outcome is Kind.AMEND and of_the_list(turn):
        return reading
    operations, whole = _known(turn, read)
    before = {line.entry: line.quantity or 0 for line in talk.order}
    if contradicts(reading, before, operations, whole=whole):
        return UNCLEAR
    if whole:
        either = any(one.deed is Deed.ONLY and not one.sure for one in operations)
        fits = not either and after_operations(before, operations) is not None
        return reading if fits or reading.outcome is Kind.CHOICES else UNCLEAR
    doing = [one for one in operations if one.deed in CHANGES and one.sure and not one.bare]
    if not doing:
        return reading
    after = after_operations(before, doing)
    if after is None or any(one.deed is Deed.CANCEL for one in doing):
        return reading if Kind.CANCEL in reading.kinds else UNCLEAR
    changes = {entry: count for entry, count in after.items() if count != before.get(entry, 0)}
    wanted = {
        line.entry: line.quantity
        for wish in reading.wishes
        for line in wish.lines
        if wish.kind is Kind.AMEND or wish.choosing is Kind.AMEND
    }
    kept = all(wanted.get(entry, before.get(entry, 0)) == count for entry, count in changes.items())
    if not kept or reading.outcome is Kind.CHOICES:
        return reading if kept else UNCLEAR
    more = [entry for entry in wanted if entry not in changes]
    if more and not any(entry in before for entry in more):
        # What is had instead of what falls.
        return reading
    if (
        len(reading.wishes) > 1
        or reading.outcome is not Kind.AMEND
        or not any((before | wanted).values())
    ):
        return UNCLEAR
    return turn.wish(Wish(Kind.CHOICES, reading.wishes[0].lines, choosing=Kind.AMEND))
