"""What a clause does to the open order, and the words that say so: which of them do something, count,
name a line, or say nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from crm_tui.reading.index import Entry
from crm_tui.reading.order_lines import OrderLines, doubled
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.turn import SUFFIXES, WHICH
from crm_tui.reading.wishes import Wish
from crm_tui.reading.withdrawing import NUMBERED


class Deed(Enum):
    """What a clause does."""

    SET = auto()
    MORE = auto()
    LESS = auto()
    OUT = auto()
    STAY = auto()
    ONLY = auto()
    REST_OUT = auto()
    """All lines fall that neither it nor another clause names."""
    BUT = auto()
    """What another clause takes out spares these."""
    CANCEL = auto()
    CHANGE = auto()
    """Another thing instead, or besides: read by the other ways."""
    ASK = auto()
    REASON = auto()
    NOTHING = auto()


CHANGES = frozenset(
    (Deed.SET, Deed.MORE, Deed.LESS, Deed.OUT, Deed.REST_OUT, Deed.CANCEL, Deed.CHANGE)
)


_TWICE = 2
_IN_THE_END = ("jadinya", "jadinyo", "jadine")


@dataclass(frozen=True)
class Operation:
    """What a clause does, to which lines, and how many; `wanted`: of a change, how many there are then;
    `sure`: nothing of it is guessed. `bare`: its number stands with no word for setting; `also`: with
    one for "and"; `idle`: it is no clause by itself; `parted`: a
    pause stands before it; `alone`: it tells that these lines are all that is left."""

    deed: Deed
    entries: tuple[Entry, ...] = ()
    count: int = 0
    sure: bool = True
    bare: bool = False
    also: bool = False
    idle: bool = False
    parted: bool = False
    alone: bool = False
    wanted: Mapping[Entry, int] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()


def _bare(text: str) -> str:
    """A word without "-nya"."""
    return next((text.removesuffix(end) for end in SUFFIXES if text.endswith(end)), text)


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
        self.half = False
        self.every = False
        self.plural = False
        self.apart = False
        self.pointed: list[int] = []
        self.either = False
        self.ordinal = True
        self.valued: list[Entry] = []
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
        taken = {start for start, _ in self._marks("dialogue.remove")}
        # "Nanti aja dicoret dulu" takes it out once.
        later = [span for span in self._marks("dialogue.not_yet") if span[1] not in taken]
        later = later or self._later_on()
        outs = self._marks("dialogue.remove", "dialogue.unneeded", "intents.cancel")
        ways = {
            "out": [span for span in sorted([*outs, *later]) if span not in deny],
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
            if "out" in self.deeds and name == "set" and self._in_the_end(start, end):
                # "Yang dalam ga usah jadinya"
                self.inside.update(range(start, end))
            elif self.inside.isdisjoint(range(start, end)) and not self._called(start, end):
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

    def _in_the_end(self, start: int, end: int) -> bool:
        """Whether "jadinya" at the end of the span, right behind what falls, says nothing more."""
        _, stop = self.deeds["out"][-1]
        return stop == start and end == self.end and self.tagged.texts[start] in _IN_THE_END

    def _later_on(self) -> list[tuple[int, int]]:
        """ "Bawahnya nanti", "yg bawah minggu depan", where another clause says what is had first."""
        words, texts = self.turn.lexicon.words, self.tagged.texts
        first = words["before_all"]
        if first.isdisjoint(texts) or not self._parted():
            return []
        if first.isdisjoint((*texts[: self.begin], *texts[self.end :])):
            return []
        calm = self.turn.lexicon.union("polite", "honorifics", "just") | first
        end = self.end
        while end > self.begin and texts[end - 1] in calm:
            end -= 1
        later = [start for start, stop in self.tagged.marks.get("veto.later", ()) if stop == end]
        begin = max(later, default=end)
        named = any(word.role is Role.NAME for word in self.tagged.words[self.begin : begin])
        waits = words["soon"] | words["days"] | {"minggu", "bulan", "tahun"}
        return (
            [(begin, end)] if self.begin < begin < end and named and texts[begin] in waits else []
        )

    def _parted(self) -> bool:
        """Whether the span is all that stands between two pauses."""
        words = self.tagged.words
        begins = self.begin == 0 or bool(words[self.begin].token.pause)
        return begins and (self.end == len(words) or bool(words[self.end].token.pause))

    def _limits(self) -> list[tuple[int, int]]:
        """ "Cukup 3", "harusnya 3" """
        enough = self.turn.lexicon.words["enough"]
        before = enough | self.turn.lexicon.words["ought"]
        return [
            (at, at + 1)
            for at in range(self.begin, self.end - 1)
            if self.tagged.texts[at] in before and self.tagged.words[at + 1].role is Role.NUMBER
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
        every = {at for start, end in self._marks("dialogue.all") for at in range(start, end)}
        self.every = bool(every)
        places = self._point() | self._value() | self._in_the_list()
        for at in range(self.begin, self.end):
            if at in self.inside or at in every or at in places:
                continue
            word, text = self.tagged.words[at], self.tagged.texts[at]
            if word.role is Role.NUMBER:
                self.numbers.append(at)
            elif _bare(text) in lexicon.words["numbers.half"] and not self._measured(at):
                self.half = True
            elif text in lexicon.words["all_but"]:
                self.apart = True
                behind = self.tagged.texts[at + 1 : at + 2]
                named = at + 1 < self.end and self.tagged.words[at + 1].role is Role.NAME
                if self.names or not (named or not set(WHICH).isdisjoint(behind)):
                    self.rest.append(at)
            elif self._names(at, word, text):
                self.names.append(at)
                self.plural = self.plural or self.lines.said_twice(word)
            elif text in lexicon.words["once_more"] and (self.numbers or "more" in self.deeds):
                self.more = True
            elif word.role is Role.EACH:
                self.each = True
            elif (self.names or (places and min(places) < at)) and (
                word.role is Role.LINK or text in lexicon.words["also_first"]
            ):
                self.links.append(at)
            elif not (
                self._calm(at, text, calm)
                or self._shows(at)
                or self._for_now(text)
                or self._first(at, text)
            ):
                self.rest.append(at)
        if self.every and len(self.numbers) == _TWICE:
            # "Semuanya jadi tiga tiga"
            one, two = (self.tagged.words[at] for at in self.numbers)
            if one.value == two.value and self.numbers[0] + 1 == self.numbers[1]:
                self.numbers.pop()
        if self.links and max([*self.names, *places]) < self.links[-1]:
            # "Kirinya juga" links nothing.
            last = self.links.pop()
            if self.tagged.texts[last] not in lexicon.words["besides"]:
                self.rest.append(last)

    def _put_right(self) -> bool:
        """Whether the clause only says that something was told wrong, and by whom: "eh salah hitung",
        "maaf kebalik", "anak saya salah catat"."""
        words, texts = self.turn.lexicon.words, self.tagged.texts
        if self.numbers or self.names or self.pointed or set(self.deeds) - {"set"}:
            return False
        calm = self.turn.lexicon.union(
            "polite", "honorifics", "pronouns", "beg_pardon", "just", "announces", "reversed",
            "people", "changed_mind", "done",
        )  # fmt: skip
        said = False
        for at in range(self.begin, self.end):
            behind = at > self.begin and texts[at - 1] in words["announces"]
            wrong = behind and texts[at] in words["mistaken_in"]
            said = said or wrong or texts[at] in words["reversed"]
            if not wrong and texts[at] not in calm:
                return False
        return said

    def _shows(self, at: int) -> bool:
        """Whether "itu" only shows what was named right before it: "yang 6300 tu"."""
        that = self.tagged.texts[at] in self.turn.lexicon.words["that"]
        return that and at - 1 in (*self.names[-1:], *self.numbers[-1:])

    def _for_now(self, text: str) -> bool:
        """Whether "later" only says that what is taken out is not had now: "nanti aja dicoret"."""
        return "out" in self.deeds and text in self.turn.lexicon.words["soon"]

    def _first(self, at: int, text: str) -> bool:
        """Whether "dulu" says of what is named that it is had first: "yang atas dulu aja"."""
        words, texts = self.turn.lexicon.words, self.tagged.texts
        if text not in words["before_all"] or not self.names:
            return False
        return not words["just"].isdisjoint(texts[self.begin : self.end]) and self._parted()

    def _measured(self, at: int) -> bool:
        """Whether a half is one of a measure: "setengah kilo"."""
        lexicon = self.turn.lexicon
        behind = self.tagged.texts[at + 1 : at + 2]
        return any(one in lexicon.measures or one in lexicon.dozens for one in behind)

    def _point(self) -> set[int]:
        """The places of the words that point at a line by its place among those that are ordered: "yang
        pertama", "no 2", "yg paling bawah"; the lines are noted."""
        lexicon, texts, words = self.turn.lexicon, self.tagged.texts, self.tagged.words
        lines = len(self.lines.order)
        places: set[int] = set()
        for at in range(self.begin, self.end):
            text = texts[at]
            most = at > self.begin and texts[at - 1] in lexicon.words["most"]
            place = lexicon.ordinals.get(text, 0)
            most = most or lexicon.name(text) not in lexicon.words["side"]
            if text in lexicon.words["topmost"] and most and not self.lines.has(at):
                place = 1
            elif text in lexicon.words["lowest"] and most and not self.lines.has(at):
                place = lines
            elif (
                words[at].role is Role.NUMBER
                and words[at].token.digits
                and (len(words[at].token.key) == 1 or not self.lines.has(at))
            ):
                begin = at
                while (
                    begin > self.begin
                    and texts[begin - 1] in lexicon.words["numbering"]
                    and begin - 1 not in self.inside
                ):
                    # "Naikkan ke 6" is no sixth line.
                    begin -= 1
                place = words[at].value if begin < at and not words[at].unit else 0
                if place and self.lines.has(at):
                    # The first line, or an ALPA1?
                    self.either, place = True, place if place <= lines else 0
                places.update(range(begin, at) if place else ())
            if not place:
                continue
            places.add(at)
            if at > self.begin and texts[at - 1] in lexicon.words["most"]:
                places.add(at - 1)
            self.pointed.append(place - 1 if place <= lines else -1)
            self.ordinal = self.ordinal and text in lexicon.ordinals
        return places

    def _value(self) -> set[int]:
        """The places of the words that tell a line by its price, which is noted: "yang 60 ribu"."""
        found: set[int] = set()
        for at in range(self.begin, self.end - 1):
            if self.tagged.texts[at] in WHICH and at + 1 not in found:
                entries, stop = self.lines.priced(at + 1, self.end)
                found.update(range(at + 1, stop) if entries else ())
                self.valued += entries
        return found

    def _in_the_list(self) -> set[int]:
        """The places of "di daftar kami", which says where the line stands."""
        lexicon, texts = self.turn.lexicon, self.tagged.texts
        found: set[int] = set()
        for at in range(self.begin + 1, self.end - 1):
            if texts[at] in lexicon.words["within"] and texts[at + 1] in lexicon.words["own_list"]:
                found.update((at, at + 1))
        return found

    def _names(self, at: int, word: Word, text: str) -> bool:
        if word.role is Role.NAME:
            return True
        if word.role is Role.UNKNOWN:
            return bool(doubled(text)) and self.lines.has(at)
        if word.role not in (Role.MAYBE, Role.STILL) or not self.lines.has(at):
            return False
        if text in NUMBERED:
            # "Yg no tadi" is no NO.2.
            return False
        pointed = at > self.begin and self.tagged.texts[at - 1] in WHICH
        bent = word.token.text.endswith(SUFFIXES) and word.token.text != text
        bent = bent or (at + 1 < self.end and self.tagged.texts[at + 1] in SUFFIXES)
        return word.role is Role.MAYBE or pointed or bent

    def _calm(self, at: int, text: str, calm: frozenset[str]) -> bool:
        word = self.tagged.words[at]
        if word.role is Role.EACH or (
            word.role is Role.UNKNOWN and text not in self.turn.lexicon.words["only"]
        ):
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
        begins = edge and (text in words["onward"] or text in words["ought"] or alone)
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
