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
from crm_tui.reading.roles import MEASURED, SAYS, Role, Tagged, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.tokenizer import pieces
from crm_tui.reading.vetoes import NEVER, hostile
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
_MILD = frozenset(
    ("veto.service", "veto.others", "veto.later", "veto.complaint", "dialogue.all")
)  # fmt: skip
"""… and those that put none in doubt where what stands about them is plainly harmless."""
_FEW = 2
"""With more words a thing is named in full, whatever is ordered."""
_MANY = 12
"""More than so many of what nobody names are a price, or a size, perhaps."""
_PIECE = "piece"


def settled(reading: Reading, text: str, index: ItemIndex, talk: Conversation) -> Reading:
    """What a text was read as; what it proposes as done, where nothing is left to ask."""
    if reading.outcome is not Kind.CHOICES or len(reading.wishes) != 1:
        return reading
    (wish,) = reading.wishes
    asks = wish.options or wish.alternatives or wish.unless or wish.unknown or wish.held
    if talk.left or talk.proposed or not wish.lines or asks or wish.open:
        return reading
    again = wish.choosing is not Kind.AMEND and any(
        line.entry == one.entry for line in wish.lines for one in talk.order
    )
    if again or not all(line.quantity for line in wish.lines):
        # Once more of what is ordered, or so many in all?
        return reading
    tagged = tag(text, index)
    if not 0 < len(tagged.words) <= _MOST_WORDS or hostile(text):
        return reading
    if not Accounted(tagged, index, talk, wish.lines).wholly():
        return reading
    kind = Kind.AMEND if wish.choosing is Kind.AMEND else Kind.ORDER
    return replace(reading, wishes=(replace(wish, kind=kind, choosing=None),))


class Accounted:
    """The words of a text against the lines that it may order."""

    def __init__(
        self, tagged: Tagged, index: ItemIndex, talk: Conversation, lines: Sequence[Line]
    ) -> None:
        self.tagged, self.index, self.talk, self.lines = tagged, index, talk, lines
        self.words = index.lexicon.words
        self.own = {line.entry.id for line in lines}
        self.sold = [
            {unit, index.lexicon.units.get(unit, _PIECE)}
            for unit in (line.entry.unit.lower() for line in lines)
        ]
        """The unit that each line is sold by, as it is written and by its kind."""
        self.units = set().union(*self.sold)
        self._having: dict[tuple[str, float], set[int]] = {}
        self._counts: set[int] = set()
        """The places of the numbers that count lines."""

    def wholly(self) -> bool:
        """Whether nothing that is said is left over or may mean another thing."""
        tagged = self.tagged
        if tagged.asked or tagged.priced or tagged.negative:
            return False
        doubts = self.index.lexicon.union(
            "asking", "asks", "none", "denying", "refusing", "forbidding"
        )
        if not (doubts | NEVER).isdisjoint(tagged.texts):
            return False
        return self._counted() and self._named() and self._alone() and self._calm()

    def having(self, word: Word, least: float = SOUND) -> set[int]:
        """The items that are called by a word, which is at least so like one of theirs."""
        called = self._having.get((word.key, least))
        if called is None:
            words = self.index.words
            called = {
                item
                for sense, weight in words.senses(word.key).items()
                if weight >= least and not sense.startswith("code:")
                for item in words.items(sense)
            }
            coded = self.index.find(word.key) if len(word.key) > 1 else None
            if coded is not None:
                called.add(coded.id)
            # A make that only the codes of the list tell: "gt" of a "…-GT-…"
            told = (one for one in self.talk.offered if word.key in pieces(one.code.lower()))
            called.update(one.id for one in told)
            self._having[word.key, least] = called
        return called

    def _counted(self) -> bool:
        """Whether each number is one line's, said once, or a size of its name, and no size counts."""
        wanted = Counter(line.quantity for line in self.lines)
        for_each = [word.value for word in self.tagged.words if word.role is Role.EACH]
        for at, word in enumerate(self.tagged.words):
            if word.role is not Role.NUMBER:
                continue
            sold = word.unit in MEASURED and word.unit in self.units
            if word.label or (word.unit in MEASURED and not sold):
                return False
            sized = not sold and not self.own.isdisjoint(self.having(word, OWN))
            if for_each and set(wanted) == {word.value}:
                self._counts.add(at)
            elif not for_each and wanted[word.value] > 0 and not sized:
                wanted[word.value] -= 1
                self._counts.add(at)
            elif word.token.digits or word.token.text.isalpha() or not sized:
                # "Relay 8 kaki 12v 4" of one of 4: which is how many? A size that is left says what it
                # measures, "24v".
                return False
        if for_each:
            value = for_each[0] or next((self.tagged.words[at].value for at in self._counts), 0)
            return set(wanted) == {value}
        return not +wanted

    def _named(self) -> bool:
        """Whether all lines together have each name, and each word that says of which sort."""
        lexicon, words = self.index.lexicon, self.index.words
        said = {one for word in self.tagged.words for one in words.senses(word.key)}
        kinds = {one for line in self.lines for one in words.concepts(line.entry.id)}
        if any(lexicon.apart[kind].isdisjoint(said) for kind in kinds if kind in lexicon.apart):
            # Who wants oil wants no gear oil.
            return False
        sorts = lexicon.union("plain", "grades", "fine", "colours", "make", "dearness")
        for at, (word, text) in enumerate(zip(self.tagged.words, self.tagged.texts, strict=True)):
            coded = len(word.key) > 2 and not word.key.isalpha() and not word.key.isdecimal()
            if word.role is Role.NAME or text in sorts:
                if self.own.isdisjoint(self.having(word, OWN if coded else SOUND)):
                    return False
            elif word.role is Role.UNKNOWN and (coded or self._strange(at)):
                return False
            if self._of_others(at):
                return False
            unit = lexicon.units.get(text)
            if unit is not None and not all(
                unit in sold or any(one and text.startswith(one) for one in sold)
                for sold in self.sold
            ):
                return False
        return True

    def _strange(self, at: int) -> bool:
        """Whether a word that nobody knows may name something: it stands in a clause that names or
        counts, or says for what something is."""
        text = self.tagged.texts[at]
        if text in self.words["follows"]:
            return False
        begin, end = self._clause(at)
        purpose = self.words["purpose"] | self.words["mild.for"]
        return not purpose.isdisjoint(self.tagged.texts[begin:end]) or any(
            word.role in SAYS for word in self.tagged.words[begin:end]
        )

    def _of_others(self, at: int) -> bool:
        """Whether somebody else is named in a clause that names or counts: "tetangga ambil 2"."""
        others = self.index.lexicon.union("people", "changed_mind", "other_people", "mild.others")
        if self.tagged.texts[at] not in others - self.words["honorifics"]:
            return False
        begin, end = self._clause(at)
        return any(word.role in SAYS for word in self.tagged.words[begin:end])

    def _clause(self, at: int) -> tuple[int, int]:
        words = self.tagged.words
        begin, end = at, at + 1
        while begin and not words[begin].token.pause:
            begin -= 1
        while end < len(words) and not words[end].token.pause:
            end += 1
        return begin, end

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
        near: list[Sequence[Entry]] = [self.talk.offered, self.talk.quoted]
        if not part:
            # "Pesan 2": of the one thing that was quoted, which nothing says by its number alone.
            doing = not self.words["doing"].isdisjoint(self.tagged.texts)
            few = all((line.quantity or 0) <= _MANY for line in self.lines)
            return doing and few and self.talk.quoted == (entry,) and not self.talk.order
        others = set.intersection(*(self.having(word, BEGINNING) for word in part)) - self.own
        kinds = any(map(self.index.words.kinds.get, (word.key for word in part)))
        if not others and kinds:
            # What is of no kind that was said is asked about: a make may be one of another vehicle.
            return True
        if len(part) <= _FEW:
            near.append(tuple(line.entry for line in self.talk.order))
        if not kinds:
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
        marks = self.tagged.marks
        named = {name for name, spans in marks.items() if spans} - _MARKS
        if not named <= _MILD or (len(self.lines) > 1 and "dialogue.all" in named):
            return False
        doubts = [span for name in named for span in marks[name]]
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
            if word.role in SAYS:
                if begin < at:
                    yield begin, at
                begin = at + 1
        if begin < len(self.tagged.words):
            yield begin, len(self.tagged.words)
