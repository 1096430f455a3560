"""The core of a text: a change or an order that is certain by itself, beside what only accompanies it.

text ─begins and ends where a clause may─▶ company · core · company
  core ─read by itself─▶ certain?
  company ─names, counts, asks nothing; weighed (`accompanying`)─▶ harmless?
  all cores that fit do the same ─▶ that is done
Words that leave a text to people wherever they stand do so only where their clause may touch the
order: "barusan dicek montir, yang kiri gak jadi". What undoes a change is looked for behind this, as
behind all ways of reading (`doubting`, `company`).
"""

from collections.abc import Callable, Iterable
from itertools import pairwise

from crm_tui.reading import accompanying, company, told_around
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.plainer import nothing_else
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Tagged, without
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import WHICH
from crm_tui.reading.vetoes import hostile
from crm_tui.reading.wishes import Conversation, Kind, Reading

HARMLESS = 6.0
"""Company of as many log-odds leaves a core as certain as it is."""
_MOST_WORDS = 30
_MOST_CUTS = 3
_MARGINS = " ,.;:-!\n"
_DOES = frozenset((Kind.ORDER, Kind.AMEND, Kind.CANCEL))
_COUNTS = (Role.NUMBER, Role.EACH)
_NAMES = (Role.NAME, Role.MAYBE)
_DEEDS = (
    "dialogue.add", "dialogue.all", "dialogue.change", "dialogue.deny", "dialogue.keep",
    "dialogue.less", "dialogue.not_yet", "dialogue.others", "dialogue.remove", "dialogue.rest",
    "dialogue.swap", "dialogue.unneeded", "intents.cancel", "intents.orders",
)  # fmt: skip
"""Phrases with which a core may begin or end, and company beside it must not."""
_NEVER = (
    "conditions.condition", "conditions.if_available", "conditions.if_out", "dialogue.all",
    "dialogue.but", "numbers.each", "numbers.half", "numbers.pair", "numbers.pairs", "veto.haggle",
    "veto.own",
)  # fmt: skip
"""Phrases that are no company."""
_EACH = 1.5
"""What each clause of company weighs at least."""
_WHOLE = ("dialogue.all", "intents.orders")
_BESIDES = ("dialogue.add", "dialogue.also")

Read = Callable[[str], Reading]


def read(
    text: str, index: ItemIndex, talk: Conversation, unclear: Reading, ask: Read
) -> Reading | None:
    """What a text orders or changes beside its company, within a talk; None if that may not be all, or
    another thing would be done than was proposed as `unclear`."""
    if not (talk.order or talk.quoted or talk.offered or talk.proposed) or hostile(text):
        return None
    tagged = tag(text, index)
    if not 1 < len(tagged.words) <= _MOST_WORDS or tagged.negative:
        return None
    return _Cores(tagged, text, index, talk).read(unclear, ask)


class _Cores:
    """The ways to cut a text into a core and what stands before and behind it."""

    def __init__(self, tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> None:
        self.tagged, self.text, self.index, self.talk = tagged, text, index, talk
        self.lexicon = index.lexicon
        self.many = len(tagged.words)
        marks = tagged.marks
        self.deeds = [span for name in _DEEDS for span in marks.get(name, ())]
        self.inside = {
            at for spans in marks.values() for start, stop in spans for at in range(start + 1, stop)
        }
        self.never = {at for name in _NEVER for span in marks.get(name, ()) for at in range(*span)}
        self.ordered = {line.entry.id for line in talk.order}
        self.weights: dict[tuple[int, int], tuple[float, float]] = {}

    def read(self, unclear: Reading, ask: Read) -> Reading | None:
        """What all cores that are certain do; None if there is none, or they do not do the same."""
        agreed = None
        for begin, end in self._cuts():
            out = [at for at in range(self.many) if not begin <= at < end]
            core = ask(without(self.tagged, self.text, out).strip(_MARGINS))
            if not core.certain or core.outcome not in _DOES or len(core.kinds) > 1:
                continue
            if (
                _dropped(core, unclear)
                or not nothing_else(core, unclear)
                or not self._enough(core, begin, end)
            ):
                continue
            spans = [
                (start, stop) for start, stop in ((0, begin), (end, self.many)) if start < stop
            ]
            takes = company.only_takes(core, self.talk)
            if min(self._weigh(*span)[takes] for span in spans) < HARMLESS:
                continue
            clauses = [clause for span in spans for clause in self._clauses(*span)]
            if min(self._weigh(*clause)[takes] for clause in clauses) < _EACH:
                # One clause that is harmless hides none that is not.
                continue
            if not takes and told_around.unsettled(self.tagged, self.index):
                continue
            if agreed is not None and company.done(agreed) != company.done(core):
                return None
            agreed = core
        return agreed

    def _clauses(self, begin: int, end: int) -> list[tuple[int, int]]:
        words = self.tagged.words
        cuts = [at for at in range(begin + 1, end) if words[at].token.pause]
        return list(pairwise([begin, *cuts, end]))

    def _weigh(self, begin: int, end: int) -> tuple[float, float]:
        weights = self.weights.get((begin, end))
        if weights is None:
            weights = accompanying.weigh(self.tagged, self.lexicon, begin, end, before=not begin)
            self.weights[begin, end] = weights
        return weights

    def _enough(self, core: Reading, begin: int, end: int) -> bool:
        """Whether a core says all that it needs: that all falls, where all of several lines do, and
        that something is had besides what is ordered: "uangnya kurang, yg 800ml aja 2" is instead."""
        beside = {*self.tagged.texts[:begin], *self.tagged.texts[end:]}
        if not beside.isdisjoint(REPLACES):
            # "Kenari batal, ganti musi"
            return False
        lines = [line for wish in core.wishes for line in wish.lines]
        gone = core.outcome is Kind.CANCEL or any(line.quantity == 0 for line in lines)
        if gone and end < self.many and not self.tagged.words[end].token.pause:
            # "Gak jadi diantar, saya ambil sendiri" takes back no order.
            return False
        if core.outcome is Kind.CANCEL:
            # "Batal, yang punya adek", "ga jadi, dikirimin bos aja" may take back less.
            less = self.lexicon.words["just"].union(WHICH)
            if not beside.isdisjoint(less):
                return False
            whole = self._has(_WHOLE, begin, end)
            return whole or (len(self.ordered) == 1 and not self._points(begin, end))
        counts = sum(word.role in _COUNTS for word in self.tagged.words[begin:end])
        if len({line.quantity for line in lines if line.quantity}) > max(1, counts):
            # Two quantities of one number are a guess.
            return False
        named = any(word.role in _NAMES for word in self.tagged.words[begin:end])
        if not named and self._points(begin, end):
            return False
        comes = any(line.entry.id not in self.ordered for line in lines)
        if not self.ordered or not comes or gone:
            return True
        return self._has(_BESIDES, begin, end)

    def _points(self, begin: int, end: int) -> bool:
        """Whether "which", "number" or what is done stands in the clause of a core beside it: "yg no ka
        batal", "batal ambil sore"."""
        words = self.tagged.words
        first, last = begin, end
        while first and not words[first].token.pause:
            first -= 1
        while last < self.many and not words[last].token.pause:
            last += 1
        which = self.lexicon.union("numbering", "doing").union(WHICH)
        texts = self.tagged.texts
        return not which.isdisjoint((*texts[first:begin], *texts[end:last]))

    def _has(self, names: Iterable[str], begin: int, end: int) -> bool:
        marks = self.tagged.marks
        return any(begin <= start < end for name in names for start, _ in marks.get(name, ()))

    def _cuts(self) -> list[tuple[int, int]]:
        """Where cores begin and end, those with company on one side first."""
        places = range(1, self.many)
        begins = self._lightest((at, 0, at) for at in places if self._begins(at))
        ends = self._lightest((at, at, self.many) for at in places if self._ends(at))
        both = [(begin, end) for begin in begins for end in ends if begin < end]
        cuts = [(at, self.many) for at in begins] + [(0, at) for at in ends] + both
        return [cut for cut in cuts if self._whole_clauses(*cut)]

    def _whole_clauses(self, begin: int, end: int) -> bool:
        """Whether a core begins its clause, and what goes on behind it in the same clause is talk: "jok
        jadi 1" is of something else, "jadikan 2 dus" counts no bottles."""
        words = self.tagged.words
        first = not begin or bool(words[begin].token.pause)
        last = end == self.many or bool(words[end].token.pause)
        if any(word.token.pause for word in words[begin + 1 : end]):
            # What is left of its last clause may say more of the others, "batal, kenarinya udah dapet".
            return first and last
        return first and (last or words[end].role is Role.STILL)

    def _lightest(self, cuts: Iterable[tuple[int, int, int]]) -> list[int]:
        """The places with the most harmless company, those at a pause first."""
        weighed = []
        for at, start, stop in cuts:
            weight = max(self._weigh(start, stop)) if self._company(start, stop) else 0.0
            if weight >= HARMLESS:
                weighed.append((not self.tagged.words[at].token.pause, -weight, at))
        return [at for *_, at in sorted(weighed)[:_MOST_CUTS]]

    def _begins(self, at: int) -> bool:
        """Whether a core may begin at a place: behind a pause, or with what is named or done."""
        word, text = self.tagged.words[at], self.tagged.texts[at]
        if word.token.pause:
            return True
        if not self._parted(at, at - 1):
            return False
        starts = word.role in (*_NAMES, *_COUNTS) or text in WHICH
        starts = starts or text in self.lexicon.words["doing"]
        return starts or any(start == at for start, _ in self.deeds)

    def _ends(self, at: int) -> bool:
        """Whether a core may end before a place: at a pause, or behind what is named or done."""
        if self.tagged.words[at].token.pause:
            return True
        text = self.tagged.texts[at]
        if not self._parted(at, at) or text in self.lexicon.words["just"]:
            return False
        if text in self.lexicon.units or text in self.lexicon.measures:
            # "Jadikan 2 dus" counts no bottles.
            return False
        says = (*_NAMES, *_COUNTS)
        calm = self.lexicon.union("just", "polite", "honorifics")
        ends = self.tagged.words[at - 1].role in says or self.tagged.texts[at - 1] in calm
        unit = at > 1 and self.tagged.words[at - 2].role in _COUNTS
        return ends or unit or any(stop == at for _, stop in self.deeds)

    def _parted(self, at: int, beside: int) -> bool:
        """Whether a text may be cut at a place without a pause, the word `beside` it being company."""
        if at in self.inside or self.tagged.words[beside].role in (*_NAMES, *_COUNTS, Role.LINK):
            return False
        deed = any(start <= beside < stop for start, stop in self.deeds)
        return not deed and self.tagged.texts[beside] not in WHICH

    def _company(self, begin: int, end: int) -> bool:
        """Whether words may be company at all: they ask, count and name nothing, and do not begin with
        when it will be so, "setelah gajian"; behind what was looked at it is told why."""
        looked = self.lexicon.union("looked_into", "considered")
        later = any(start < end for start, _ in self.tagged.marks.get("veto.later", ()))
        if not begin and later and looked.isdisjoint(self.tagged.texts[:end]):
            return False
        for at in range(begin, end):
            word = self.tagged.words[at]
            if word.token.asked or word.role in _COUNTS or at in self.never:
                return False
            if word.role in _NAMES and not self._of_talk(at):
                return False
            if begin and self.tagged.texts[at] in self.lexicon.words["meant"]:
                return False
            if any(map(str.isdigit, self.tagged.texts[at])) and not self._of_time(at):
                return False
        return True

    def _of_talk(self, at: int) -> bool:
        """Whether a name is a word of talk as well, and says neither what is meant nor which."""
        key, text = self.tagged.words[at].key, self.tagged.texts[at]
        sorts = self.lexicon.union("side", "colours", "make", "makers", "grades", "plain")
        vocabulary = self.index.words
        if vocabulary.kinds.get(key) or text in sorts or key in sorts:
            return False
        senses = vocabulary.senses(key)
        if any(not self.ordered.isdisjoint(vocabulary.items(sense)) for sense in senses):
            return False
        return not company.weights().keys().isdisjoint((text, self.tagged.words[at].token.text))

    def _of_time(self, at: int) -> bool:
        """Whether a number is an hour, a date, or so many hours or years."""
        near = self.tagged.texts[max(0, at - 1) : at + 2]
        return not self.lexicon.union("time", "lasting").isdisjoint(near)


def _dropped(core: Reading, unclear: Reading) -> bool:
    """Whether something was proposed that a core does not order or change."""
    lines = {line.entry for wish in core.wishes for line in wish.lines}
    proposed = {line.entry for wish in unclear.wishes for line in wish.lines}
    return unclear.outcome is Kind.CHOICES and not proposed <= lines
