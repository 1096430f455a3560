"""What a clause does to the open order, and the words that say so: which of them do something, count,
name a line, or say nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from crm_tui.reading.index import Entry
from crm_tui.reading.order_lines import OrderLines
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.turn import SUFFIXES, WHICH
from crm_tui.reading.wishes import Wish


class Deed(Enum):
    """What a clause does."""

    SET = auto()
    MORE = auto()
    LESS = auto()
    OUT = auto()
    STAY = auto()
    ONLY = auto()
    REST_OUT = auto()
    """All lines fall that no other clause names."""
    CANCEL = auto()
    CHANGE = auto()
    """Another thing instead, or besides: read by the other ways."""
    ASK = auto()
    REASON = auto()
    NOTHING = auto()


CHANGES = frozenset(
    (Deed.SET, Deed.MORE, Deed.LESS, Deed.OUT, Deed.REST_OUT, Deed.CANCEL, Deed.CHANGE)
)


@dataclass(frozen=True)
class Operation:
    """What a clause does, to which lines, and how many; `wanted`: of a change, how many there are then;
    `sure`: nothing of it is guessed. `bare`: its number stands with no word for setting; `also`: with
    one for "and"; `idle`: it is no clause by itself."""

    deed: Deed
    entries: tuple[Entry, ...] = ()
    count: int = 0
    sure: bool = True
    bare: bool = False
    also: bool = False
    idle: bool = False
    lone: bool = False
    """Nothing but a number: so many of the one line, or of what comes instead of it."""
    wanted: Mapping[Entry, int] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()


class ClauseWords:
    """A span of the words of a turn, and what each of them is there for."""

    def __init__(self, lines: OrderLines, begin: int, end: int) -> None:
        self.lines = lines
        self.turn = lines.turn
        self.tagged = self.turn.tagged
        self.begin, self.end = begin, end
        self.deeds: dict[str, list[tuple[int, int]]] = {}
        self.inside: set[int] = set()
        self.numbers: list[int] = []
        self.names: list[int] = []
        self.rest: list[int] = []
        self.links: list[int] = []
        self.each = False
        self.more = False

    def _marks(self, *names: str) -> list[tuple[int, int]]:
        """The phrases of some meanings that stand wholly in the span."""
        return sorted(
            span
            for name in names
            for span in self.tagged.marks.get(name, ())
            if self.begin <= span[0] and span[1] <= self.end
        )

    def _take_deeds(self) -> None:
        """What is done, by the longest phrases for it: "ga jadi" is none of "jadi"."""
        deny = set(self._marks("dialogue.deny"))
        ways = {
            "out": [
                span
                for span in self._marks(
                    "dialogue.remove", "dialogue.unneeded", "dialogue.not_yet", "intents.cancel"
                )
                if span not in deny
            ],
            "keep": self._marks("dialogue.keep"),
            "more": self._marks("dialogue.add"),
            "less": self._marks("dialogue.less"),
            "set": [*self._marks("dialogue.change"), *self._limits()],
        }
        found = sorted(
            ((end - start, -order, start, end, name)
             for order, (name, spans) in enumerate(ways.items())
             for start, end in spans),
            reverse=True,
        )  # fmt: skip
        for _, _, start, end, name in found:
            if self.inside.isdisjoint(range(start, end)) and not self._called(start, end):
                self.inside.update(range(start, end))
                self.deeds.setdefault(name, []).append((start, end))
        for spans in self.deeds.values():
            spans.sort()
        spans = self.deeds.get("set", [])
        if spans:
            for at in range(len(spans) - 1, 0, -1):
                if spans[at - 1][1] == spans[at][0]:
                    # "Diubah jadi"
                    spans[at - 1 : at + 1] = [(spans[at - 1][0], spans[at][1])]

    def _limits(self) -> list[tuple[int, int]]:
        """ "Cukup 3" """
        enough = self.turn.lexicon.words["enough"]
        return [
            (at, at + 1)
            for at in range(self.begin, self.end - 1)
            if self.tagged.texts[at] in enough and self.tagged.words[at + 1].role is Role.NUMBER
        ] + [
            (at, at + 1)
            for at in range(self.begin + 1, self.end)
            if self.tagged.texts[at] in enough
            and at == self.end - 1
            and self.tagged.words[at - 1].role is Role.NUMBER
        ]

    def _called(self, start: int, end: int) -> bool:
        """Whether a word for a deed says which line is meant: "yang tambah" of a KENARI TAMBAH."""
        pointed = start > self.begin and self.tagged.texts[start - 1] in WHICH
        return end - start == 1 and pointed and self.lines.has(start)

    def _sort_words(self) -> None:
        """Which words count, name, or are left over."""
        lexicon = self.turn.lexicon
        calm = lexicon.union(
            "polite", "honorifics", "pronouns", "beg_pardon", "just", "greetings", "recent_words"
        )
        for at in range(self.begin, self.end):
            if at in self.inside:
                continue
            word, text = self.tagged.words[at], self.tagged.texts[at]
            if word.role is Role.NUMBER:
                self.numbers.append(at)
            elif self._names(at, word, text):
                self.names.append(at)
            elif text in lexicon.words["once_more"] and (self.numbers or "more" in self.deeds):
                self.more = True
            elif word.role is Role.EACH:
                self.each = True
            elif self.names and (word.role is Role.LINK or text in lexicon.words["also_first"]):
                self.links.append(at)
            elif not self._calm(at, text, calm):
                self.rest.append(at)
        if self.links and self.names[-1] < self.links[-1]:
            # "Kirinya juga" links nothing.
            last = self.links.pop()
            if self.tagged.texts[last] not in lexicon.words["besides"]:
                self.rest.append(last)

    def _names(self, at: int, word: Word, text: str) -> bool:
        if word.role is Role.NAME:
            return True
        if word.role not in (Role.MAYBE, Role.STILL) or not self.lines.has(at):
            return False
        pointed = at > self.begin and self.tagged.texts[at - 1] in WHICH
        bent = word.token.text.endswith(SUFFIXES) and word.token.text != text
        bent = bent or (at + 1 < self.end and self.tagged.texts[at + 1] in SUFFIXES)
        return word.role is Role.MAYBE or pointed or bent

    def _calm(self, at: int, text: str, calm: frozenset[str]) -> bool:
        word = self.tagged.words[at]
        if word.role in (Role.UNKNOWN, Role.EACH):
            return False
        edge = at == self.begin or all(
            self.tagged.texts[one] in calm for one in range(self.begin, at)
        )
        words = self.turn.lexicon.words
        following = self.tagged.texts[at + 1 : at + 2]
        # "Cuma sirsaknya jadi 1", "cukup yang kiri"
        alone = (text in words["only"] and "set" in self.deeds) or (
            text in words["enough"] and bool(following) and following[0] in WHICH
        )
        begins = edge and (text in words["onward"] or alone)
        return text in calm or text in WHICH or begins or self._follows(at)

    def _follows(self, at: int) -> bool:
        """Whether the word is a unit behind a number, or belongs to "and then"."""
        before = self.tagged.words[at - 1] if at > self.begin else None
        spans = self.tagged.marks.get("dialogue.onward", ())
        if any(start <= at < end for start, end in spans):
            return True
        if before is None or before.role is not Role.NUMBER:
            return False
        return self.tagged.words[at].span[1] <= before.span[1] or bool(
            before.unit and self.tagged.texts[at] in self.turn.lexicon.units
        )
