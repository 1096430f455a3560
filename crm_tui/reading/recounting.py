"""A line of the order, counted anew: "eh 4, bukan 6. maklum jari gede", "kurang, jadi 18".

Each number is accounted for: how many there shall be, how many there were, how many more or fewer that
makes. What else is said tells why, and names nothing of which there could be more.
"""

from collections.abc import Iterator

from crm_tui.reading import cues, leftover
from crm_tui.reading.adding import AGAIN
from crm_tui.reading.order_lines import OrderLines
from crm_tui.reading.presuming import either
from crm_tui.reading.replacement import CORRECTS
from crm_tui.reading.roles import Role
from crm_tui.reading.siblings import another_size
from crm_tui.reading.turn import SUFFIXES, WHICH, Turn
from crm_tui.reading.wishes import Line, Reading

_MOST_WORDS = 16
_MOST_STRANGE = 4
_LACKS = frozenset(("kurang", "krg", "kurangan", "kirang", "kirangan"))
_NO = frozenset(("bukan", "bkn", "bukannya", "dudu", "sanes"))
_MARKS = {"dialogue.change", "dialogue.deny", "dialogue.add", "dialogue.less", "dialogue.also",
          "dialogue.idle", "intents.status_marks", "intents.again", "intents.done"}  # fmt: skip
_OF_THE_REST = {"veto.later", "conditions.pickup", "dialogue.not_yet", "dialogue.others",
                "dialogue.other_one"}  # fmt: skip
"""How it is marked that the others are had another day."""
_NOT = {"veto.negation", "dialogue.swap", "dialogue.unneeded"}
"""So "not" is marked, besides; here it stands before what there were."""


class Recount:
    """A turn that says how many of a line there shall be; `count` is 0 where it does not."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.tagged = turn.tagged
        self.lines = OrderLines(turn)
        self.line = self._line()
        self.before = self.line.quantity or 0 if self.line else 0
        lexicon = turn.lexicon
        self.words = lexicon.words
        self.calm = lexicon.union(
            "polite", "honorifics", "exclaims", "beg_pardon", "just", "only", "found_out", "that",
            "pronouns",
        )  # fmt: skip
        self.anew = (
            lexicon.union("needs", "enough", "ought") - self.words["mild.wants"]
        ) | CORRECTS
        self.first = self.words["before_all"]
        self.parts = list(self._parts())
        self.off = {at for part in self.parts for at in self._put_off(*part)}
        self.sets: set[int] = set()
        self.more: set[int] = set()
        self.had: set[int] = set()
        self.others: set[int] = set()

    def _line(self) -> Line | None:
        """The line of the order that is meant: the one there is, or the one that is named."""
        order = self.turn.talk.order
        places = [at for at in range(len(self.tagged.words)) if self._named(at)]
        if len(order) == 1 and not places:
            return order[0]
        named = self.lines.named(places) if places else None
        if named is None or not named.sure:
            return None
        return next(line for line in order if line.entry == named.entries[0])

    def _named(self, at: int) -> bool:
        """Whether the word at a place names a line."""
        word = self.tagged.words[at]
        return word.role is Role.NAME and self.lines.has(at)

    def _calls(self, at: int) -> bool:
        """Whether the word at a place is of the line's name, or right beside it: "yang depan"."""
        texts = self.tagged.texts
        which = texts[at] in WHICH and at + 1 < len(texts) and self._named(at + 1)
        return (
            which or self._named(at) or (at > 0 and texts[at] in SUFFIXES and self._named(at - 1))
        )

    def _parts(self) -> Iterator[tuple[int, int]]:
        begin = 0
        for at, word in enumerate(self.tagged.words):
            if at and (word.token.pause or self._others_begin(at) or self._tells_why(at)):
                yield begin, at
                begin = at
        yield begin, len(self.tagged.words)

    def _others_begin(self, at: int) -> bool:
        """ "1 aja yg 1 masih kuat": behind a number it is said what of the others."""
        words = self.tagged.words
        counted = any(word.role is Role.NUMBER for word in words[:at])
        texts = self.tagged.texts
        one = at + 1 < len(words) and (
            self._counts(at + 1) or texts[at + 1] in self.words["rest_of_it"]
        )
        rest = texts[at] in self.words["rest_of_it"] and texts[at - 1] not in WHICH
        return counted and ((one and texts[at] in WHICH) or rest)

    def _counts(self, at: int) -> bool:
        """Whether the word at a place is a number, be it one that is read as saying nothing."""
        word = self.tagged.words[at]
        return word.role is Role.NUMBER or (word.role is Role.STILL and word.token.text.isdecimal())

    def _put_off(self, begin: int, end: int) -> range:
        """The places of "yang satunya minggu depan", "sisanya nanti": another day."""
        texts = self.tagged.texts
        at = begin + (texts[begin] in WHICH)
        rest = at < end and texts[at] in self.words["rest_of_it"]
        if not begin or at == end or not (rest or (at > begin and self._counts(at))):
            return range(0)
        later = {
            one for span in self.tagged.marks.get("veto.later", ()) for one in range(*span)
            if texts[one] not in self.words["visit.if"]
        }  # fmt: skip
        behind = range(at + 1, end)
        put_off = [one for one in behind if one in later]
        calm = self.calm | AGAIN | self.first
        quiet = all(one in put_off or texts[one] in calm for one in behind)
        return range(begin, end) if put_off and quiet else range(0)

    def _tells_why(self, at: int) -> bool:
        """ "1 aja ternyata masih ada 1": behind a number it is told what was found out."""
        counted = any(word.role is Role.NUMBER for word in self.tagged.words[:at])
        return counted and self.tagged.texts[at] in self.words["found_out"]

    def count(self) -> int:
        """How many there shall be; 0 if that is not certain."""
        if (
            self.line is None
            or not self._plain()
            or not all(self._part(begin, end) for begin, end in self.parts)
        ):
            return 0
        if len(self.sets) > 1 or len(self.more) > 1 or (self.had and self.had != {self.before}):
            return 0
        shall = {*self.sets, *(self.before + more for more in self.more)}
        if len(shall) != 1:
            return 0
        count = shall.pop()
        if count < self.before and (self.tagged.has("dialogue.add", "dialogue.also")):
            return 0
        texts = self.tagged.texts
        takes = [
            texts[at] for a, b in self.tagged.marks.get("dialogue.less", ()) for at in range(a, b)
        ]
        if count > self.before and (self.off or not _LACKS.issuperset(takes)):
            # "Kurang, jadi 18" finds it too little; "kurangi jadi 18" is none of the two.
            return 0
        fewer = {self.before - count}
        return count if count > 0 and count != self.before and self.others <= fewer else 0

    def _plain(self) -> bool:
        """Whether nothing is asked, taken back, put off or on a condition."""
        tagged, index = self.tagged, self.turn.index
        said = self.turn.last_said()
        if self.line is None:
            return False
        named = leftover.named(index, self.turn.talk)
        if named and set(named) != {self.line.entry}:
            return False
        if said and set(said) != {self.line.entry}:
            return False
        if tagged.asked or tagged.priced or tagged.negative or len(tagged.words) > _MOST_WORDS:
            return False
        asked = cues.cues(tagged, index)
        still = not self.words["still_having"].isdisjoint(tagged.texts)
        if asked.order or asked.price or asked.question or either(tagged, index):
            return False
        if asked.stock and not still:
            return False
        having = self.words["still_having"] | self.words["there"]
        for at, word in enumerate(tagged.words):
            cue = word.role is Role.CUE and tagged.texts[at] not in having
            if cue or word.role in (Role.LINK, Role.EACH):
                return False
        denied = {at for at, text in enumerate(tagged.texts) if text in _NO}
        after = {
            at for begin, end in self.parts for at in range(begin, self._behind_after(begin, end))
        }
        for name, spans in tagged.marks.items():
            places = {at for span in spans for at in range(*span)}
            if name in _NOT and places <= denied:
                continue
            if name == "veto.later" and places <= after:
                continue
            if name in _OF_THE_REST and places <= self.off:
                continue
            if (
                places
                and name not in _MARKS
                and name.startswith(("veto.", "dialogue.", "conditions.", "intents."))
            ):
                return False
        # Whether it is doubted is asked of every change (`doubting`).
        return True

    def _behind_after(self, begin: int, end: int) -> int:
        """Where a clause goes on behind "setelah dihitung ulang"; else where it begins."""
        texts = self.tagged.texts
        at = begin
        while at < end and texts[at] in self.calm:
            at += 1
        if at + 1 >= end or texts[at] not in self.words["after"]:
            return begin
        looked = [one for one in range(at + 1, end) if texts[one] in self.words["looked_into"]]
        if not looked:
            return begin
        stop = looked[0] + 1
        while stop < end and (
            texts[stop] in self.calm - self.words["found_out"] or texts[stop] == "ulang"
        ):
            stop += 1
        return stop

    def _part(self, begin: int, end: int) -> bool:
        """Take in a clause; whether all of it is accounted for."""
        begin = self._behind_after(begin, end)
        words, texts = self.tagged.words, self.tagged.texts
        numbers = [at for at in range(begin, end) if words[at].role is Role.NUMBER]
        if begin in self.off:
            self.others.update(int(texts[at]) for at in range(begin, end) if texts[at].isdecimal())
            self.others.update(words[at].value for at in numbers)
            return True
        if not numbers:
            return self._tells(begin, end)
        if len(numbers) == 1 and self._still_there(begin, end):
            # "Ternyata masih ada 1 di bengkel"
            self.others.add(words[numbers[0]].value)
            return True
        if texts[begin] in WHICH and begin + 1 < end and words[begin + 1].role is Role.NUMBER:
            # "Yg 1 masih kuat" tells why; "yg 6 jadi 5" would count a thing that is called so.
            self.others.add(words[begin + 1].value if numbers == [begin + 1] else -1)
            return numbers == [begin + 1] and self._tells(begin + 2, end)
        if len(self.turn.talk.order) > 1 and not any(map(self._calls, range(begin, end))):
            # "Yang kiri masih bagus, 1 aja": of which?
            return False
        return all(self._number(at, begin, end) for at in numbers) and self._rest(
            numbers, begin, end
        )

    def _still_there(self, begin: int, end: int) -> bool:
        """Whether a clause tells how many somebody still has: "ternyata masih ada 1 di bengkel"."""
        words, texts = self.tagged.words, self.tagged.texts
        told = [at for at in range(begin, end) if texts[at] in self.words["still_having"]]
        having = self.calm | self.words["still_having"] | self.words["there"]
        rest = [
            at for at in range(begin, end)
            if texts[at] not in having and words[at].role is not Role.NUMBER
        ]  # fmt: skip
        quiet = all(words[at].role in (Role.STILL, Role.UNKNOWN) for at in rest)
        return bool(told) and quiet and len(rest) <= _MOST_STRANGE

    def _number(self, at: int, begin: int, end: int) -> bool:
        words, texts = self.tagged.words, self.tagged.texts
        if self.line is None:
            return False
        entry = self.line.entry
        count = self.turn.count(words[at], entry)
        sized = another_size(self.turn.index, entry, words[at]) or self.turn.model(entry, words[at])
        if words[at].label or not count or sized:
            return False
        before = next(
            (
                one for one in range(at - 1, begin - 1, -1)
                if texts[one] not in self.calm and not self._calls(one)
            ),
            -1,
        )  # fmt: skip
        following = at + 1 + (at + 1 < end and texts[at + 1] in self.turn.lexicon.units)
        behind = texts[following] if following < end else ""
        adds = {stop for _, stop in self.tagged.marks.get("dialogue.add", ())}
        less = {stop for _, stop in self.tagged.marks.get("dialogue.less", ())}
        if before >= 0 and texts[before] in _NO:
            self.had.add(count)
        elif before >= 0 and texts[before] in self.words["in_all"]:
            self.sets.add(count)
        elif at in less:
            self.more.add(-count)
        elif at in adds or behind in AGAIN:
            self.more.add(count)
        elif self._anew(before, at, behind):
            self.sets.add(count)
        else:
            return False
        return True

    def _anew(self, before: int, at: int, behind: str) -> bool:
        """Whether so many are wanted instead of as many as were ordered."""
        texts = self.tagged.texts
        changes = {stop - 1 for _, stop in self.tagged.marks.get("dialogue.change", ())}
        first = [text for text in texts[:at] if text not in self.words["honorifics"]]
        corrects = bool(first) and (first[0] in CORRECTS or first[0] in self.words["beg_pardon"])
        said = before >= 0 and (before in changes or texts[before] in self.anew)
        only = before < 0 and (behind in self.words["just"] or behind in self.words["enough"])
        only = only or (bool(self.off) and before < 0 and behind in self.first)
        return said or only or (before < 0 and corrects) or (before < 0 and bool(self.sets))

    def _rest(self, numbers: list[int], begin: int, end: int) -> bool:
        """Whether what stands beside the numbers says nothing else: a purpose, the thing's own name."""
        words, texts = self.tagged.words, self.tagged.texts
        marked = {
            at for name in ("dialogue.change", "dialogue.add", "dialogue.less", "dialogue.also")
            for span in self.tagged.marks.get(name, ()) for at in range(*span)
        }  # fmt: skip
        for at in range(begin, end):
            text = texts[at]
            if at in numbers or at in marked or text in self.calm | self.anew | AGAIN | _NO:
                continue
            if at + 1 < end and texts[at + 1] in self.words["in_all"]:
                continue
            if text in self.words["in_all"] or (self.off and text in self.first):
                continue
            if text in self.words["mild.for"] or text in self.words["mild.because"]:
                return self._tells(at + 1, end)
            if self._calls(at):
                continue
            if words[at].role is Role.STILL and (
                text in self.words["tags"] or text in self.turn.lexicon.units
            ):
                continue
            return False
        return True

    def _tells(self, begin: int, end: int) -> bool:
        """Whether some words without a number only tell why."""
        words, texts = self.tagged.words, self.tagged.texts
        strange = [at for at in range(begin, end) if words[at].role is Role.UNKNOWN]
        excused = begin < end and texts[begin] in self.words["excuses"]
        named = [
            at for at in range(begin, end)
            if words[at].role in (Role.NAME, Role.MAYBE) and not self.lines.has(at)
        ]  # fmt: skip
        opposites = self.turn.lexicon.opposites
        sides = bool(strange) and all(
            self.turn.lexicon.name(words[at].key) in opposites and at - 1 in strange for at in named
        )
        numbered = any(words[at].role is Role.NUMBER for at in range(begin, end))
        digits = any(any(map(str.isdigit, texts[at])) for at in strange)
        if numbered or digits or len(strange) > _MOST_STRANGE:
            return False
        return not named or excused or sides


def read(turn: Turn) -> Reading | None:
    """The change of the one line; None where it is not just counted anew."""
    order = turn.talk.order
    if not order or not turn.talk.amendable:
        return None
    if not any(word.role is Role.NUMBER for word in turn.tagged.words):
        return None
    recount = Recount(turn)
    count = recount.count()
    return turn.amend({recount.line.entry: count}) if count and recount.line else None
