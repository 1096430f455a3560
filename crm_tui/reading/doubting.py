"""Doubts, asked once: what would change an order passes here, whichever way it was read.

text, what would be done ─▶ one of `DOUBTS` in it? ─▶ done · asked about (CHOICES) · left to people
The ways of reading look for no doubt of these kinds themselves, unless they read the text otherwise for
it. What stands in `_SETTLED` is none: those phrases say that the stock, the shop's price or an hour
settles it.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from crm_tui.errors import N_
from crm_tui.reading import undoing, vetoes
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.presuming import asked_about
from crm_tui.reading.remark_parts import WHICH
from crm_tui.reading.replacement import ONLY, REPLACES
from crm_tui.reading.roles import SAYS, Role, Tagged
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Kind, Reading, human
from crm_tui.reading.withdrawing import which_line

_CHANGES = frozenset((Kind.ORDER, Kind.AMEND, Kind.CANCEL, Kind.CONFIRM))
_ANSWERS = frozenset((Kind.PRICE, Kind.STOCK, Kind.HELP, Kind.STATUS))
_SETTLED = (
    "conditions.if_available", "conditions.if_out", "conditions.when_ready", "conditions.pickup",
    "conditions.filler", "conditions.list_price", "dialogue.idle", "dialogue.keep",
)  # fmt: skip
_TAKES = ("dialogue.remove", "dialogue.unneeded")
_TWO = 2


class Said:
    """A text whose reading would change an order."""

    def __init__(self, text: str, index: ItemIndex, talk: Conversation, found: Reading) -> None:
        self.tagged: Tagged = tag(text, index)
        self.index, self.talk = index, talk
        self.texts = self.tagged.texts
        self.words = index.lexicon.words
        self.union = index.lexicon.union
        self.found = found
        self.settled = {
            at
            for name in _SETTLED
            for span in self.tagged.marks.get(name, ())
            for at in range(*span)
        }
        self.calm = self.union("polite", "honorifics", "greetings", "beginnings", "beg_pardon")
        self.begin = next((at for at, text in enumerate(self.texts) if text not in self.calm), 0)

    def says(self, name: str) -> bool:
        """Whether a word of a group stands where nothing settles it."""
        group = self.words[name]
        return any(text in group and at not in self.settled for at, text in enumerate(self.texts))

    def clause(self, begin: int) -> int:
        """Where the clause ends that begins here, with courtesies that are parted from it."""
        words, calm = self.tagged.words, self.calm | self.words["exclaims"]
        at = begin + 1
        while at < len(words) and self.texts[at] in calm:
            at += 1
        first = at if at == begin + 1 else at + 1
        but = {start for start, _ in self.tagged.marks.get("dialogue.but", ())}
        ends = (at for at in range(first, len(words)) if words[at].token.pause or at in but)
        return next(ends, len(words))

    def roles(self, begin: int, end: int) -> set[Role]:
        """What the words of a span do."""
        return {word.role for word in self.tagged.words[begin:end]}

    def harmless(self, at: int) -> bool:
        """Whether a condition only asks for something else, threatens, begins a reason, begs pardon, or
        leaves it open whether one may: "awas kalo rusak", "biar ga licin kalo ujan", "kalo bisa"."""
        begin = at
        while begin and not self.tagged.words[begin].token.pause:
            begin -= 1
        may = not self.words["may"].isdisjoint(self.texts[at + 1 : at + 2])
        may = may and self.roles(at, len(self.texts)).isdisjoint(SAYS)
        reason = not self.words["so_that"].isdisjoint(self.texts[begin:at])
        # "Biar terang, besok kalau gajian" waits for the money.
        reason = reason and self.words["comes_true"].isdisjoint(self.texts[at + 1 :])
        if begin == at and not _ANSWERS.isdisjoint(self.found.kinds):
            # "Kenari 7, kalo sirsak ada ga?" is answered.
            return True
        calm = self.union("threats", "beg_pardon")
        return may or reason or self.texts[at - 1] in calm

    def swaps(self) -> tuple[int, int] | None:
        """How many of one line fall, and how many of another thing come for it; None if that is not all
        that would be done."""
        lines = {line.entry: line.quantity for wish in self.found.wishes for line in wish.lines}
        gone = [line.quantity or 0 for line in self.talk.order if lines.get(line.entry) == 0]
        come = [count for count in lines.values() if count]
        return (gone[0], come[0]) if len(gone) == len(come) == 1 else None

    def wants(self) -> bool:
        """Whether something is to be had, and not only left out."""
        return (
            any(line.quantity != 0 for wish in self.found.wishes for line in wish.lines)
            or Kind.CONFIRM in self.found.kinds
        )


def _asks(said: Said) -> bool:
    """A question mark, or "right?", behind all or behind the last thing or number that is said: "itu 2?
    buat cadangan", "itu 2 kan"; and nothing that it asks for besides."""
    words = said.tagged.words
    last = max((at for at, word in enumerate(words) if word.role in SAYS), default=len(words) - 1)
    end = last + 1
    while end < len(words) and said.texts[end] in said.calm and not words[end - 1].token.asked:
        end += 1
    asked = words[-1].token.asked or words[end - 1].token.asked
    asked = asked or not said.words["agrees_with"].isdisjoint(said.texts[last + 1 : end])
    return asked and _ANSWERS.isdisjoint(said.found.kinds)


def _perhaps(said: Said) -> bool:
    return said.says("perhaps") or said.says("hedges")


def _denies(said: Said) -> bool:
    """A text that begins with "not", unless another thing is named, or another number said, behind
    that clause: "jangan yg alpa, 2"."""
    if said.texts[said.begin] not in said.words["denying"] or said.begin in said.settled:
        return False
    if _counted_anew(said):
        return False
    end = said.clause(said.begin)
    first, rest = said.roles(said.begin, end), said.roles(end, len(said.texts))
    which = not set(WHICH).isdisjoint(said.texts[said.begin : end])
    if Role.NAME in rest or not set(WHICH).isdisjoint(said.texts[end:]):
        return False
    return Role.NAME in first or which or Role.NUMBER not in rest


def _counted_anew(said: Said) -> bool:
    """Whether one number is denied and another one set, and nothing is named: "jgn 3 deh 5"."""
    numbers = [at for at, word in enumerate(said.tagged.words) if word.role is Role.NUMBER]
    lines = [line for wish in said.found.wishes for line in wish.lines]
    if len(numbers) != _TWO or len(lines) != 1 or said.found.outcome is not Kind.AMEND:
        return False
    first, second = (said.tagged.words[at] for at in numbers)
    between = said.texts[said.begin + 1 : numbers[0]] + said.texts[numbers[0] + 1 : numbers[1]]
    plain = Role.NAME not in said.roles(0, len(said.texts)) and said.calm.issuperset(between)
    return plain and first.value != second.value == lines[0].quantity


def _past(said: Said) -> bool:
    """A text that begins with a day that is over, with what is wanted in that clause, or tells that
    something is another one already: "businya udah ganti alpa"."""
    done = any(
        one in said.words["done"] and two in REPLACES and at not in said.settled
        for at, (one, two) in enumerate(pairwise(said.texts))
    )
    if done and said.swaps() and ONLY.isdisjoint(said.texts):
        return True
    if said.texts[said.begin] not in said.words["yesterdays"]:
        return False
    return not said.roles(said.begin, said.clause(said.begin)).isdisjoint(SAYS)


def _others(said: Said) -> bool:
    """A text that begins with somebody else, with what is wanted or taken back in that clause."""
    texts, begin = said.texts, said.begin
    mine = texts[begin + 1 : begin + 2]
    if texts[begin] not in said.words["changed_mind"] or not mine:
        return False
    if mine[0] not in said.words["pronouns"]:
        return False
    end = said.clause(begin + 1)
    takes = [span for name in _TAKES for span in said.tagged.marks.get(name, ())]
    return any(start < end for start, _ in takes) or not said.roles(begin, end).isdisjoint(SAYS)


def _some_of_it(said: Said) -> bool:
    """ "Businya 2 ganti alpa" of four: of two of them, or of all?"""
    fewer = said.swaps()
    if fewer is None or fewer[1] >= fewer[0]:
        return False
    places = [at for at, text in enumerate(said.texts) if text in REPLACES]
    return any(
        word.role is Role.NUMBER and word.value == fewer[1] and not word.label
        for word in said.tagged.words[: max(places, default=0)]
    )


def _or_another(said: Said) -> bool:
    """ "Or another one" behind what is wanted: "ganti alpa atau yg lain"."""
    others = {start for start, _ in said.tagged.marks.get("dialogue.others", ())}
    return any(
        text in said.words["either"] and at + 1 in others for at, text in enumerate(said.texts)
    )


def _either(said: Said) -> bool:
    """ "Or" before a number."""
    return any(
        text in said.words["either"]
        and (two.role is Role.NUMBER or two.token.digits)
        and at not in said.settled
        for at, (text, two) in enumerate(zip(said.texts, said.tagged.words[1:], strict=False))
    )


def _whether(said: Said) -> bool:
    """ "Or not" behind all that is said: "jadi 3 apa enggak ya"."""
    calm = said.union("polite", "honorifics")
    end = len(said.texts)
    while end and said.texts[end - 1] in calm:
        end -= 1
    return (
        end > 1
        and said.texts[end - 1] in said.union("none", "tags")
        and said.texts[end - 2] in said.words["either"]
    )


def _asked_first(said: Said) -> bool:
    """Somebody is to be asked before: "2, tapi tanya bos dulu"."""
    first = said.words["before_all"]
    asks = [at for at, text in enumerate(said.texts) if text in said.words["asks"]]
    return any(not first.isdisjoint(said.texts[at + 1 : said.clause(at)]) for at in asks)


def _later(said: Said) -> bool:
    """A condition behind what is wanted that nothing settles, or "later" before all of it."""
    if not said.wants() or any(wish.alternatives or wish.unless for wish in said.found.wishes):
        return False
    later = {at for at, _ in said.tagged.marks.get("veto.later", ())} - said.settled
    first = said.roles(said.begin, said.clause(said.begin))
    looked = said.texts[said.begin] in said.words["after"]
    if said.begin in later and not looked and not first.isdisjoint(SAYS):
        return True
    return any(
        at not in said.settled and Role.NUMBER in said.roles(0, at) and not said.harmless(at)
        for at, _ in said.tagged.marks.get("conditions.condition", ())
    )


def _bids(said: Said) -> bool:
    return said.says("bargains")


def _which(said: Said) -> bool:
    """The whole order taken back, where one of its lines alone may be meant."""
    cancelled = Kind.CANCEL in said.found.kinds
    return cancelled and which_line(said.tagged, said.index, said.talk)


DOUBTS: Sequence[tuple[Callable[[Said], bool], str]] = (
    (_asks, N_("only asked, perhaps")),
    (_perhaps, vetoes.WHY["later"]),
    (_denies, vetoes.WHY["negation"]),
    (_past, vetoes.WHY["past"]),
    (_others, vetoes.WHY["others"]),
    (_some_of_it, N_("which line of the order is to be another one?")),
    (_or_another, N_("which line of the order is to be another one?")),
    (_either, N_("two quantities to choose from")),
    (_whether, N_("only asked, perhaps")),
    (_asked_first, vetoes.WHY["later"]),
    (_later, vetoes.WHY["later"]),
    (_bids, vetoes.WHY["haggle"]),
    (_which, N_("takes back something, perhaps not all")),
)
"""What makes a doubt of any change, and why it is for people where it cannot be asked about."""


def doubted(found: Reading, text: str, index: ItemIndex, talk: Conversation) -> Reading:
    """What a text was read as, if nothing in it doubts that; else as a question, or for people."""
    if not found.certain or _CHANGES.isdisjoint(found.kinds):
        return found
    said = Said(text, index, talk, found)
    if not said.texts:
        return found
    why = next((why for doubts, why in DOUBTS if doubts(said)), "")
    why = why or undoing.undone(found, said.tagged, index, talk, said.settled)
    if not why:
        return found
    return asked_about(found, talk, asking=True) or human(why)
