"""A change of the open order with why beside it: "mahal jg, ganti yang no 1 aja", "kata montir 2 dulu".

text ─pauses, who says so─▶ clauses ─▶ some tell why · what is left ─▶ read by itself ─▶ AMEND, CANCEL
A clause that tells why counts nothing, takes nothing back, asks nothing (`telling_why`). Of something
that it names and that does not change, nobody knows what is meant: the change is proposed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from crm_tui.reading import operations
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.presuming import asked_about
from crm_tui.reading.remark_parts import Part
from crm_tui.reading.roles import Role, Tagged, without
from crm_tui.reading.telling_why import TellingWhy, Why
from crm_tui.reading.turn import WHICH, Turn
from crm_tui.reading.wishes import Conversation, Kind, Reading

MOST_WORDS = 30
"""A longer text tells more than why."""
_MOST_CLAUSES = 5
_MOST_WHO = 4
_SETTLED = "reasons_beside"
Read = Callable[[str, ItemIndex, Conversation], Reading]


class ReasonsBeside(TellingWhy):
    """The clauses of a turn that tell why, and what is left without them."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(turn)
        self.whys: list[Why] = []
        self.left: list[tuple[int, int]] = []
        for begin, end in self._spans():
            for start, stop, why in self._parted(begin, end):
                if why is None:
                    self.left.append((start, stop))
                else:
                    self.whys.append(why)

    def _spans(self) -> list[tuple[int, int]]:
        words = self.tagged.words
        but = {start for start, _ in self.tagged.marks.get("dialogue.but", ())}
        starts = [
            at for at in range(1, len(words))
            if words[at].token.pause or at in but or self._one_of_them(at)
        ]  # fmt: skip
        return [
            (begin + (begin in but), end)
            for begin, end in pairwise([0, *starts, len(words)])
            if begin + (begin in but) < end
        ]

    def _one_of_them(self, at: int) -> bool:
        """Whether behind a number it begins to be said what of the others: "1 aja yg 1 masih …"."""
        words = self.tagged.words
        counted = any(word.role is Role.NUMBER for word in words[:at])
        one = words[at + 1 : at + 2]
        return (
            counted and self.tagged.texts[at] in WHICH and bool(one) and one[0].role is Role.NUMBER
        )

    def _parted(self, begin: int, end: int) -> Iterator[tuple[int, int, Why | None]]:
        """The parts of a clause: who says so, why, and what is wanted."""
        said = (
            self._who_says(begin, end) if begin else max(self._who_says(0, end), self._looked(end))
        )
        if said > begin:
            yield begin, said, Why(begin, said)
        worn = self._worn_one(said, end, told=said > begin)
        if worn > said:
            yield said, worn, Why(said, worn)
        whom = self._for_whom_at(worn, end)
        if worn < whom:
            why = None
            if worn == said and not (said > begin and self._that_one(said, whom)):
                why = self.why(worn, whom, relayed=said > begin)
            yield worn, whom, why
        if whom < end:
            yield whom, end, Why(whom, end)

    def _for_whom_at(self, begin: int, end: int) -> int:
        """Where behind a number it is said for whom it is: "1 lagi buat motor adek"; the end if not."""
        for at in range(begin + 1, end):
            counted = any(word.role is Role.NUMBER for word in self.tagged.words[begin:at])
            if self.tagged.texts[at] in self.words["mild.for"] and counted:
                part = Part(self.tagged, self.turn.index, at, end, apart=False)
                return at if self.for_whom(part) else end
        return end

    def _who_says(self, begin: int, end: int) -> int:
        """Where what somebody else says begins: behind "kata montir", "mekaniknya bilang"."""
        texts, words = self.tagged.texts, self.words
        calm = self.turn.lexicon.union(
            "polite", "honorifics", "beg_pardon", "exclaims", "greetings"
        )
        who = self.turn.lexicon.union(
            "people", "changed_mind", "honorifics", "pronouns", "mild.others"
        )
        at = begin
        while at < end and texts[at] in calm and texts[at] not in words["people"]:
            at += 1
        first = at
        if at < end and texts[at] in words["says_so"]:
            at += 1
        while at < end and at - first <= _MOST_WHO and (
            texts[at] in who
            or (at > first and texts[at] in words["whose"])
            or self.turn.lexicon.words["people"].intersection((texts[at].removesuffix("nya"),))
        ):  # fmt: skip
            at += 1
        told = first < end and texts[first] in words["says_so"]
        named = at > first + told
        if not named:
            return begin
        if told:
            return at
        if at < end and texts[at] in words["says_so"] and not who.isdisjoint(texts[first:at]):
            return at + 1
        return begin

    def _looked(self, end: int) -> int:
        """Where what was found out begins, behind what was looked at first: "setelah dicek ternyata
        yg …"; 0 if it is not told so."""
        texts = self.tagged.texts[:end]
        found = next((at for at, one in enumerate(texts) if one in self.words["found_out"]), 0)
        first = Part(self.tagged, self.turn.index, 0, found, apart=True) if found else None
        calm = self.turn.lexicon.union(
            "polite", "honorifics", "exclaims", "beg_pardon", "after", "looked_into", "considered",
            "pronouns", "people", "changed_mind", "greetings",
        )  # fmt: skip
        told = first is not None and first.says("after") and first.says("looked_into", "considered")
        return found if told and calm.issuperset(texts[:found]) else 0

    def _that_one(self, begin: int, end: int) -> bool:
        """Whether what is said, or was found out, is which one it is to be: "putih aja", "ternyata yg
        putih"; what is worn or dear says why."""
        part = Part(self.tagged, self.turn.index, begin, end, apart=False)
        words, texts = self.tagged.words, self.tagged.texts
        named = [at for at in range(begin, end) if words[at].role is Role.NAME]
        just = self.words["just"]
        first = begin + (texts[begin] in self.words["found_out"])
        alone = any(not just.isdisjoint(texts[at + 1 : at + 2]) for at in named)
        which = first > begin and texts[first] in WHICH and first + 1 in named
        told = part.says("worn", "states", "dearness", "reason_alone", "lasts")
        strange = part.roles(Role.UNKNOWN)
        return not told and (alone or (which and not strange))

    def _worn_one(self, begin: int, end: int, *, told: bool) -> int:
        """Where it is named what is broken, "yg oblak tu yg kiri", if somebody was told so."""
        texts = self.tagged.texts
        at = begin
        if not told or at + 2 >= end or texts[at] not in WHICH:
            return begin
        if texts[at + 1] not in self.turn.lexicon.union("worn", "states"):
            return begin
        at += 2
        calm = self.turn.lexicon.union("that", "just", "only")
        while at < end and texts[at] in calm:
            at += 1
        behind = at < end and (texts[at] in WHICH or self.tagged.words[at].role is Role.NAME)
        return at if behind else begin

    def rest(self) -> str:
        """What is left of the text without why; with the name of what that is about, where it only says
        that there is too much of it, or the rest takes something back: "bautnya kebanyakan, separonya
        aja", "tomoknya mahal, ga jadi"."""
        text = self.turn.text
        told = [at for why in self.whys for at in range(why.begin, why.end)]
        but = [at for span in self.tagged.marks.get("dialogue.but", ()) for at in range(*span)]
        rest = without(self.tagged, text, [*told, *but, *self._idle()]).strip(" ,.;:-\n")
        named = [why for why in self.whys if why.names]
        about = named[0] if len(named) == 1 else None
        if about is None or self._names_left():
            return rest
        # "Batal, ringnya udah dapet" may take back everything.
        takes_back = about.end <= self.left[0][0] and not self.tagged.has("dialogue.all")
        takes_back = takes_back and self.tagged.has(
            "dialogue.remove", "dialogue.unneeded", "intents.cancel"
        )
        if self.tagged.has("dialogue.also") and self.tagged.has("dialogue.add"):
            # "Taunya yg depan botak juga, tambah 1"
            begin, end = self._span(about.names[0], about.names[-1] + 1)
            return f"yang {text[begin:end]} {rest}"
        line = self.lines.named(about.names)
        if line is None or not line.sure or not (about.much or takes_back):
            return rest
        begin, end = self._span(about.names[0], about.names[-1] + 1)
        return f"{text[begin:end]} {rest}"

    def _idle(self) -> list[int]:
        """The places of the clauses that are mere courtesies."""
        calm = self.turn.lexicon.union("polite", "honorifics", "beg_pardon", "exclaims")
        return [
            at
            for begin, end in self.left
            if calm.issuperset(self.tagged.texts[begin:end])
            and "eh" not in self.tagged.texts[begin:end]
            for at in range(begin, end)
        ]

    def _span(self, begin: int, end: int) -> tuple[int, int]:
        words = self.tagged.words
        return words[begin].span[0], words[end - 1].span[1]

    def _names_left(self) -> bool:
        return any(
            self.tagged.words[at].role is Role.NAME or self.tagged.texts[at] in WHICH
            for begin, end in self.left
            for at in range(begin, end)
        )

    def bare_count(self) -> int:
        """The number that is all that is left, where there is too much of the one thing ordered:
        "sepuluh kebanyakan, 6"; 0 if it is not."""
        order = self.turn.talk.order
        undone = any(why.undoes for why in self.whys)
        much = any(why.much and not why.names for why in self.whys)
        if len(order) != 1 or not (much or undone):
            return 0
        calm = self.turn.lexicon.union("polite", "honorifics", "just")
        calm |= self.words["stays"] if undone else frozenset()
        places = [at for begin, end in self.left for at in range(begin, end)]
        numbers = [at for at in places if self.tagged.words[at].role is Role.NUMBER]
        others = [at for at in places if at not in numbers and self.tagged.texts[at] not in calm]
        if len(numbers) != 1 or others or self.tagged.words[numbers[0]].label:
            return 0
        count = self.turn.count(self.tagged.words[numbers[0]], order[0].entry) or 0
        before = order[0].quantity or 0
        return count if count < before or (undone and count != before) else 0

    def asks(self) -> bool:
        """Whether what is left asks for something."""
        asking = self.words["asking"]
        return any(
            self.tagged.words[at].token.asked or self.tagged.texts[at] in asking
            for begin, end in self.left
            for at in range(begin, end)
        )

    def relayed(self) -> bool:
        """Whether it is somebody else who wants what is left."""
        words, texts = self.tagged.words, self.tagged.texts
        begins = {begin for begin, _ in self.left if not words[begin].token.pause}
        return any(
            why.end in begins and not self.words["says_so"].isdisjoint(texts[why.begin : why.end])
            for why in self.whys
        )

    def counted_off(self, found: Reading) -> bool:
        """Whether so many fewer are left as the reasons count: "eh duo bae, yang sikok la dapet"."""
        counted = sum(why.counted for why in self.whys if not why.much)
        if not counted:
            return True
        order = self.turn.talk.order
        lines = [line for wish in found.wishes for line in wish.lines]
        return (
            len(order) == len(lines) == 1
            and lines[0].entry == order[0].entry
            and (lines[0].quantity or 0) == (order[0].quantity or 0) - counted
        )

    def prices_told(self) -> bool:
        """Whether prices are only told in reasons: "bedanya cuma 30rb", "duit saya cuma 10 ribu"."""
        words, texts = self.words, self.tagged.texts
        telling = words["differs"] | words["money"]
        return not any(
            any(map(str.isdigit, texts[at])) and self.tagged.words[at].role is Role.STILL
            for begin, end in self.left
            for at in range(begin, end)
        ) and all(
            not telling.isdisjoint(texts[why.begin : why.end])
            for why in self.whys
            if any(any(map(str.isdigit, text)) for text in texts[why.begin : why.end])
        )

    def explained(self, found: Reading) -> bool:
        """Whether what is named in the reasons is something that changes."""
        changed = {line.entry.id for wish in found.wishes for line in wish.lines}
        if found.outcome is Kind.CANCEL:
            # "Batal semua, ringnya udah dapet" may take back the one alone.
            named = any(why.names for why in self.whys)
            return len(self.turn.talk.order) == 1 or not named
        for why in self.whys:
            line = self.lines.named(why.names) if why.names else None
            if line is not None and not changed.issuperset(entry.id for entry in line.entries):
                return False
        return all(
            not changed.isdisjoint(self.lines.having(at)) for why in self.whys for at in why.names
        )

    def fits(self, entries: Sequence[Entry]) -> bool:
        """Whether new things have each word that names for whom or what they are."""
        index = self.turn.index
        named = [
            word
            for why in self.whys
            if self.tagged.texts[why.begin] in self.words["mild.for"]
            for word in self.tagged.words[why.begin : why.end]
            if word.role is Role.NAME
        ]
        having = [
            set().union(*map(index.words.items, index.words.senses(word.key))) for word in named
        ]
        return all(items.issuperset(entry.id for entry in entries) for items in having)

    def tells_of_all(self) -> bool:
        """Whether the reasons say more than one word, that may as well say which line is meant."""
        calm = self.turn.lexicon.union("polite", "honorifics", "exclaims", "just", "pronouns")
        return any(
            sum(text not in calm for text in self.tagged.texts[why.begin : why.end]) > 1
            for why in self.whys
        )


def settled(tagged: Tagged) -> bool:
    """Whether each clause of a text is accounted for: what is left without why was read by itself."""
    return _SETTLED in tagged.found


def _settled(tagged: Tagged) -> None:
    operations.as_clause(tagged)
    tagged.found[_SETTLED] = True


def read(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, ask: Read
) -> Reading | None:
    """The change of the order that stands beside why; None if there is none, or no reason for it."""
    if not talk.order or not talk.amendable:
        return None
    beside = _beside(tagged, text, index, talk)
    if beside is None or tagged.asked:
        return None
    count = beside.bare_count()
    if count:
        _settled(tagged)
        return beside.turn.amend({talk.order[0].entry: count})
    rest = beside.rest()
    change = ask(rest, index, talk) if rest else None
    if change is None or change.outcome not in (Kind.AMEND, Kind.CANCEL):
        return None
    if change.outcome is Kind.CANCEL and not beside.tells_of_all():
        return None
    if not beside.counted_off(change):
        return None
    before = {line.entry for line in talk.order}
    new = [line.entry for wish in change.wishes for line in wish.lines if line.entry not in before]
    gone = any(line.quantity == 0 for wish in change.wishes for line in wish.lines)
    counted = any(word.role is Role.NUMBER for word in tagged.words)
    if new and not beside.fits(new):
        # "Yg ori 1 buat musi x nya" is none for another musi.
        return None
    if beside.explained(change) and (gone or counted or not new):
        _settled(tagged)
        return change
    return asked_about(change, talk, asking=False)


def wanted(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, ask: Read
) -> Reading | None:
    """What is ordered or asked beside what is only told, in a talk or not; None if that is not so.

    What somebody else wants is proposed.
    """
    beside = _beside(tagged, text, index, talk)
    rest = beside.rest() if beside is not None else ""
    if beside is None or not rest:
        return None
    found = ask(rest, index, talk)
    if not found.certain or Kind.NOT_FOUND in found.kinds:
        return None
    if found.outcome in (Kind.PRICE, Kind.STOCK):
        return found if beside.asks() else None
    ordered = {line.entry for line in talk.order}
    again = any(line.entry in ordered for wish in found.wishes for line in wish.lines)
    if again or found.outcome not in (Kind.ORDER, Kind.CONFIRM, Kind.CHOICES):
        return None
    if not all(why.plain for why in beside.whys):
        return None
    plain = found.outcome is not Kind.CHOICES and not tagged.asked and not beside.relayed()
    return found if plain else asked_about(found, talk, asking=False)


def _beside(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation
) -> ReasonsBeside | None:
    """The reasons of a turn and what is left, where there are both."""
    if not 2 < len(tagged.words) <= MOST_WORDS or tagged.negative:
        return None
    if talk.asked and not talk.proposed:
        return None
    cuts = index.lexicon.union("says_so", "mild.for", "people", "changed_mind")
    if (
        not any(word.token.pause for word in tagged.words[1:])
        and not tagged.has("dialogue.but")
        and cuts.isdisjoint(tagged.texts)
        and not any(one in WHICH and two.isdecimal() for one, two in pairwise(tagged.texts))
    ):
        # One clause alone.
        return None
    beside = ReasonsBeside(Turn(tagged, text, index, talk))
    if not beside.whys or not beside.left or len(beside.whys) + len(beside.left) > _MOST_CLAUSES:
        return None
    return beside if not tagged.priced or beside.prices_told() else None
