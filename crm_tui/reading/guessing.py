"""A question back about what a turn comes nearest to: a proposal, a change that is made at YA,
a list, a price; never an order.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

from crm_tui.reading.amending import Change
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.nearest import Meant, Nearest
from crm_tui.reading.ordering import summed
from crm_tui.reading.parting import Part, parts_of
from crm_tui.reading.proposals import MOST_OPTIONS
from crm_tui.reading.replacement import CORRECTS, ONLY, REPLACES
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_MOST_PIECES = 4


def dear_part(tagged: Tagged, index: ItemIndex) -> tuple[int, int] | None:
    """The span of a clause that finds something dear which it names; None if there is none."""
    words = index.lexicon.words["dearness"]
    begins = [0, *(at for at, word in enumerate(tagged.words) if at and word.token.pause)]
    for begin, end in zip(begins, [*begins[1:], len(tagged.words)], strict=True):
        dear = not words.isdisjoint(tagged.texts[begin:end])
        if dear and any(word.role is Role.NAME for word in tagged.words[begin:end]):
            return (begin, end) if len(begins) > 1 else None
    return None


def _counted_alike(meant: Sequence[Meant]) -> list[Meant]:
    """Things of which only the last has a number with that number each: "kiri kanan 2"."""
    if len(meant) < 2 or any(one.quantity for one in meant[:-1]):
        return list(meant)
    return [Meant(one.entries, meant[-1].quantity) for one in meant]


class Guess(Nearest):
    """A turn of which only the likeliest meaning is looked for."""

    def __init__(self, turn: Change, *, asking: bool, wide: bool) -> None:
        """`asking`: something is asked."""
        super().__init__(turn, wide=wide)
        self.asking = asking
        self.asked = turn.asked

    def guessed(self) -> Reading | None:
        """A question back about what the text comes nearest to; None if it comes near nothing."""
        if any(word.year or word.token.minus for word in self.tagged.words):
            return None
        parts = self._parts()
        if self._stray(parts) or len(parts) > 2 * _MOST_PIECES:
            return None
        wanted = [words for part in parts if not part.denies for words in self._pieces(part)]
        denied = {
            entry.id
            for part in parts
            if part.denies
            for words in self._pieces(part)
            for entry in self.said(words, (*self.own(), *self.turn.last_said(), *self.talk.recent))
        }
        if self.asking:
            return self._answered(wanted)
        if self.tagged.has("dialogue.remove") and not any(map(self._says, wanted)):
            return self._taken_out(denied) if len(parts) == 1 else None
        if self.tagged.has("dialogue.others", "dialogue.keep"):
            # What becomes of the rest is no part of a guess.
            return None
        if self.tagged.has("dialogue.add", "dialogue.less") and self.tagged.has("dialogue.change"):
            # How many more, and how many in all, has been read.
            return None
        meant = [self.meant(words, denied) for words in wanted if self._says(words)]
        if not meant or any(one is None for one in meant) or len(meant) > _MOST_PIECES:
            return None
        found = self._merged(_counted_alike([one for one in meant if one is not None]))
        return self._asked_back(found, bool(denied)) if found else None

    def _parts(self) -> list[Part]:
        """The parts of the text; of what is found dear something else is wanted."""
        dear = dear_part(self.tagged, self.index)
        return [
            replace(part, denies=True) if dear and dear[0] <= part.begin < dear[1] else part
            for part in parts_of(self.tagged)
        ]

    def _stray(self, parts: Sequence[Part]) -> bool:
        """Whether something is denied outside of the pieces that deny."""
        inside = {at for part in parts if part.denies for at in range(part.begin, part.end)}
        inside |= {at for at, text in enumerate(self.tagged.texts) if text in CORRECTS}
        spans = self.tagged.marks.get("veto.negation", ())
        return any(not inside.issuperset(range(*span)) for span in spans)

    def _pieces(self, part: Part) -> list[list[Word]]:
        """The words of a part, cut where another thing may begin: behind "and", a pause, a thing with
        its number, or one side."""
        found: list[list[Word]] = [[]]
        for word in self.tagged.words[part.begin : part.end]:
            if self._begins(found[-1], word):
                found.append([])
            if word.role is not Role.LINK:
                found[-1].append(word)
        return [words for words in found if words]

    def _begins(self, words: Sequence[Word], word: Word) -> bool:
        """Whether a word begins another piece behind these words."""
        if not words:
            return False
        if word.role is Role.LINK or word.token.pause:
            return True
        said = [one for one in words if one.role in (Role.NAME, Role.NUMBER)]
        roles = {one.role for one in said}
        if word.role in roles and len(roles) > 1 and said[-1].role is not word.role:
            sized = word.role is Role.NUMBER and len(word.key) > 1 and self.having(word)
            return not sized
        lexicon = self.turn.lexicon
        other = lexicon.opposites.get(lexicon.name(word.key))
        return bool(other) and any(lexicon.name(one.key) == other for one in said)

    def _says(self, words: Sequence[Word]) -> bool:
        """Whether a piece names or counts something."""
        counted = any(word.role is Role.NUMBER and not word.label for word in words)
        return counted or bool(self.named(words))

    def _merged(self, meant: Sequence[Meant]) -> list[Meant]:
        """The pieces, of which one that only counts belongs to what stands beside it; none if one thing
        is named twice."""
        names = [one for one in meant if len(one.entries) == 1]
        entries = [one.entries[0] for one in names]
        if len(set(entries)) < len(entries):
            counts = {one.quantity for one in names if one.quantity}
            if len(set(entries)) > 1 or len(counts) > 1:
                return []
            return [Meant(entries[:1], counts.pop() if counts else None)]
        return list(meant)

    def _answered(self, wanted: Sequence[Sequence[Word]]) -> Reading | None:
        """The prices of what is asked about, if that is said by more than what is not known."""
        may = self.turn.lexicon.words["may"] - {"apa", "apo", "apakah"}
        plain = self.turn.lexicon.words["common"]
        if not may.isdisjoint(self.tagged.texts) or any(
            word.role is Role.UNKNOWN and word.key not in plain for word in self.tagged.words
        ):
            return None
        if any(word.role is Role.NUMBER and not word.label for one in wanted for word in one):
            return None
        meant = [self.meant(words, frozenset()) for words in wanted if self._says(words)]
        entries = [entry for one in meant if one is not None for entry in one.entries]
        if not entries or len(entries) > MOST_OPTIONS or any(one is None for one in meant):
            return None
        lines = tuple(Line(entry) for entry in dict.fromkeys(entries))
        return self.turn.wish(Wish(Kind.PRICE, lines, evidence=self.turn.text))

    def _taken_out(self, denied: Set[int]) -> Reading | None:
        """The line of the order that falls, of several."""
        falls = [line for line in self.talk.order if line.entry.id in denied]
        if len(falls) != 1 or len(self.talk.order) < 2 or not self.talk.amendable:
            return None
        return self._change({falls[0].entry: 0})

    def _asked_back(self, meant: Sequence[Meant], denied: bool) -> Reading | None:
        """A proposal, a change that YA makes, or a list, of what is meant."""
        open_ones = [one for one in meant if len(one.entries) > 1]
        certain = [one for one in meant if len(one.entries) == 1]
        instead = self._instead(denied)
        if open_ones:
            return self._listed(open_ones, certain, instead=instead)
        order = {line.entry: line.quantity or 0 for line in self.talk.order}
        wanted: dict[Entry, int] = {}
        replaces = not REPLACES.isdisjoint(self.tagged.texts)
        if replaces:
            # What is ordered and has no number is what something else comes for.
            certain = [one for one in certain if one.quantity or one.entries[0] not in order]
            if len(certain) > 1:
                return None
        counts = bool(order) and self._counts() and not replaces
        for one in certain:
            entry = one.entries[0]
            line = self.turn.line_like([entry]) if instead and entry not in order else None
            if entry in order and not one.quantity:
                continue
            if entry not in order and counts and not one.by_unit:
                # "Yang karsa jadi 2": that should have been ordered.
                return None
            count = one.quantity or (line and line.quantity) or self._known(entry)
            wanted[entry] = self._in_all(order.get(entry, 0), count)
            if line is not None and line.entry not in wanted:
                wanted[line.entry] = 0
        if not wanted or all(order.get(entry) == count for entry, count in wanted.items()):
            return None
        if any(entry in order for entry in wanted):
            return self._change(wanted) if self.talk.amendable else None
        return self.turn.propose(summed(wanted.items()))

    def _counts(self) -> bool:
        """Whether "jadi" says how many of something there shall be, and not that it is off."""
        off = {at for a, b in self.tagged.marks.get("dialogue.remove", ()) for at in range(a, b)}
        changes = self.tagged.marks.get("dialogue.change", ())
        return any(at not in off for a, b in changes for at in range(a, b))

    def _in_all(self, before: int, count: int) -> int:
        """How many there are in all, where so many more or less are wanted."""
        if self._counts():
            return count
        if self.tagged.has("dialogue.less") and before > count:
            return before - count
        return before + count if self.tagged.has("dialogue.add") else count

    def _known(self, entry: Entry) -> int:
        """How many of something were spoken of before."""
        before = {line.entry: line.quantity for line in self.talk.proposed}
        if len(before) == 1 and entry not in before:
            return next(iter(before.values())) or 1
        return before.get(entry) or self.talk.quantity or 1

    def _instead(self, denied: bool) -> bool:
        """Whether what is named may be meant for what is ordered, and not besides."""
        more = self.tagged.has("dialogue.add", "dialogue.also") or self.asked.order
        said = frozenset((*ONLY, *CORRECTS, *REPLACES, "be"))
        return denied or (not more and not said.isdisjoint(self.tagged.texts))

    def _listed(
        self, open_ones: Sequence[Meant], certain: Sequence[Meant], *, instead: bool
    ) -> Reading | None:
        """The list of what is still to choose, with what is certain behind it."""
        entries = tuple(dict.fromkeys(entry for one in open_ones for entry in one.entries))
        if len(entries) > MOST_OPTIONS or any(entry in self.own() for entry in entries):
            # What is chosen of it would come on top of what is ordered.
            return None
        line = self.turn.line_like(entries) if instead else None
        count = open_ones[0].quantity if len(open_ones) == 1 else None
        held = tuple(Line(one.entries[0], one.quantity or 1) for one in certain)
        if held and any(line.entry in self.own() for line in held):
            return None
        return self.turn.wish(
            Wish(
                Kind.CHOICES, options=entries, held=held, unsure=bool(held),
                quantity=count or (line.quantity if line else self.talk.quantity),
                choosing=Kind.AMEND if line else Kind.ORDER,
            )
        )  # fmt: skip

    def _change(self, wanted: dict[Entry, int]) -> Reading:
        lines = tuple(Line(entry, count) for entry, count in wanted.items())
        return self.turn.wish(Wish(Kind.CHOICES, lines, choosing=Kind.AMEND))
