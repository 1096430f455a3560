"""Proposals that nothing doubts: what is proposed is done where each word is accounted for.

proposal ─each name one of its lines', each number said and used, each line the only one so called, what
else is said is harmless company (`company`)─▶ done
One of the ways of reading found something doubtful by itself; whether the text as a whole leaves
anything to ask is looked at here, once, before the doubts of `doubting`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crm_tui.reading import company
from crm_tui.reading.edit_model import BEGINNING, OWN, SOUND
from crm_tui.reading.entries import Entry
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.vetoes import hostile
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading

_MOST_WORDS = 40
_HARMLESS = 1.0
"""So many log-odds a run of other words weighs at least: nothing of it was left out in reading."""
_PLAINLY = 4.0
"""… and one that has a phrase in it that would put an order in doubt alone."""
_MARKS = frozenset(
    ("conditions.filler", "conditions.pickup", "conditions.list_price", "dialogue.idle",
     "dialogue.also", "dialogue.add", "dialogue.change", "dialogue.swap", "dialogue.keep",
     "intents.again", "intents.done", "intents.orders", "intents.status_marks",
     "numbers.each", "numbers.pair", "numbers.pairs")
)  # fmt: skip
"""Phrases that put nothing in doubt."""
_FEW = 2
"""With more words a thing is named in full, whatever is ordered."""
_NAMES = (Role.NAME, Role.NUMBER, Role.EACH)


def settled(found: Reading, text: str, index: ItemIndex, talk: Conversation) -> Reading:
    """What a text was read as; what it proposes as done, where nothing is left to ask."""
    if found.outcome is not Kind.CHOICES or len(found.wishes) != 1:
        return found
    (wish,) = found.wishes
    asks = wish.options or wish.alternatives or wish.unless or wish.unknown or wish.held
    if talk.left or not wish.lines or asks or not all(line.quantity for line in wish.lines):
        return found
    tagged = tag(text, index)
    if not 0 < len(tagged.words) <= _MOST_WORDS or hostile(text):
        return found
    if not Accounted(tagged, index, talk, wish.lines).wholly():
        return found
    kind = Kind.AMEND if wish.choosing is Kind.AMEND else Kind.ORDER
    return replace(found, wishes=(replace(wish, kind=kind, choosing=None),))


class Accounted:
    """The words of a text against the lines that it may order."""

    def __init__(
        self, tagged: Tagged, index: ItemIndex, talk: Conversation, lines: Sequence[Line]
    ) -> None:
        self.tagged, self.index, self.talk, self.lines = tagged, index, talk, lines
        self.words = index.lexicon.words
        self.own = {line.entry.id for line in lines}
        self._having: dict[tuple[str, float], set[int]] = {}
        self._counts: set[int] = set()
        """The places of the numbers that count lines."""

    def wholly(self) -> bool:
        """Whether nothing that is said is left over or may mean another thing."""
        tagged = self.tagged
        if tagged.asked or tagged.priced or tagged.negative:
            return False
        if not self.words["asking"].isdisjoint(tagged.texts):
            return False
        return self._counted() and self._named() and self._alone() and self._calm()

    def having(self, word: Word, least: float = SOUND) -> set[int]:
        """The items that are called by a word, which is at least so like one of theirs."""
        found = self._having.get((word.key, least))
        if found is None:
            words = self.index.words
            found = {
                item
                for sense, weight in words.senses(word.key).items()
                if weight >= least and not sense.startswith("code:")
                for item in words.items(sense)
            }
            coded = self.index.find(word.key) if len(word.key) > 1 else None
            if coded is not None:
                found.add(coded.id)
            self._having[word.key, least] = found
        return found

    def _counted(self) -> bool:
        """Whether each number is one line's, said once, or a size of its name, and no size counts."""
        wanted = Counter(line.quantity for line in self.lines)
        each = [word.value for word in self.tagged.words if word.role is Role.EACH]
        for at, word in enumerate(self.tagged.words):
            if word.role is not Role.NUMBER:
                continue
            if word.label:
                return False
            sized = not self.own.isdisjoint(self.having(word, OWN))
            if each and set(wanted) == {word.value}:
                self._counts.add(at)
            elif not each and wanted[word.value] > 0 and not sized:
                wanted[word.value] -= 1
                self._counts.add(at)
            elif not sized and self.own.isdisjoint(self.having(word)):
                return False
        if each:
            value = each[0] or next((self.tagged.words[at].value for at in self._counts), 0)
            return set(wanted) == {value}
        return not +wanted

    def _named(self) -> bool:
        """Whether all lines together have each name, and each word that says of which sort."""
        sorts = self.index.lexicon.union("plain", "grades", "fine", "colours", "make", "dearness")
        for word, text in zip(self.tagged.words, self.tagged.texts, strict=True):
            coded = len(word.key) > 2 and not word.key.isalpha() and not word.key.isdecimal()
            if word.role is Role.NAME or text in sorts:
                if self.own.isdisjoint(self.having(word, OWN if coded else SOUND)):
                    return False
            elif coded and word.role is Role.UNKNOWN:
                return False
        return True

    def _alone(self) -> bool:
        """Whether each line is the only thing that is called so, in the catalogue or in the list or
        answer that the shop last sent."""
        parts = list(self._parts())
        if len(self.lines) == 1:
            parts = [[word for part in parts for word in part]]
        elif len(parts) != len(self.lines):
            return False
        left = list(self.lines)
        said: list[Word] = []
        for part in parts:
            line = next((one for one in left if self._called(one.entry, part)), None)
            if line is None:
                return False
            left.remove(line)
            # "Ban luar 80/90 2, ban dalamnya 2": the size goes on.
            before = [word for word in said if line.entry.id in self.having(word)]
            if not (self._only(line.entry, part) or self._only(line.entry, [*part, *before])):
                return False
            said += part
        return True

    def _called(self, entry: Entry, part: Sequence[Word]) -> bool:
        return all(entry.id in self.having(word) for word in part)

    def _only(self, entry: Entry, part: Sequence[Word]) -> bool:
        if not part:
            quoted = self.talk.quoted or tuple(line.entry for line in self.talk.proposed)
            return len(self.own) == 1 and quoted == (entry,) and not self.talk.order
        others = set.intersection(*(self.having(word, BEGINNING) for word in part)) - self.own
        if not others:
            return True
        near: list[Sequence[Entry]] = [self.talk.offered, self.talk.quoted]
        if len(part) <= _FEW:
            near.append(tuple(line.entry for line in self.talk.order))
        if not any(map(self.index.words.kinds.get, (word.key for word in part))):
            near.append(self.talk.recent)
        return any(entry in some and others.isdisjoint(one.id for one in some) for some in near)

    def _parts(self) -> Iterator[list[Word]]:
        """The names beside each number: what stands before it, or behind it where nothing does."""
        part: list[Word] = []
        counted = False
        for at, word in enumerate(self.tagged.words):
            counts = at in self._counts or word.role is Role.EACH
            names = word.role is Role.NAME or (
                word.role in (Role.MAYBE, Role.NUMBER)
                and not counts
                and not self.own.isdisjoint(self.having(word))
            )
            ends = word.role is Role.LINK or word.token.pause or (names and part) or counts
            if counted and ends and (part or not counts):
                yield part
                part, counted = [], False
            if names:
                part.append(word)
            counted = counted or counts
        if part or counted:
            yield part

    def _calm(self) -> bool:
        """Whether what else is said is harmless company, the more so what would be a doubt alone."""
        doubts = [
            span
            for name, spans in self.tagged.marks.items()
            if name not in _MARKS
            for span in spans
        ]
        if len(self.lines) > 1 and self.tagged.has("dialogue.all"):
            return False
        runs = list(self._runs())
        for begin, end in runs:
            said = company.spoken(self.tagged.texts[begin:end], self.index.lexicon)
            doubted = any(begin <= start and stop <= end for start, stop in doubts)
            least = _PLAINLY if doubted else _HARMLESS
            if company.weigh(said, before=not begin) < least:
                return False
        return all(
            any(begin <= start and stop <= end for begin, end in runs) for start, stop in doubts
        )

    def _runs(self) -> Iterator[tuple[int, int]]:
        """The words between names and numbers: half-open spans."""
        begin = 0
        for at, word in enumerate(self.tagged.words):
            if word.role in _NAMES:
                if begin < at:
                    yield begin, at
                begin = at + 1
        if begin < len(self.tagged.words):
            yield begin, len(self.tagged.words)
