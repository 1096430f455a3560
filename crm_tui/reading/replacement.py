"""Another thing for a line of the open order: "ganti yang biru", "eh yang kiri"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.edit_model import EXACT
from crm_tui.reading.index import Entry
from crm_tui.reading.matching import Term
from crm_tui.reading.pieces import Mention
from crm_tui.reading.proposals import MOST_OPTIONS
from crm_tui.reading.roles import Role
from crm_tui.reading.siblings import another_part
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import WHICH, Turn
from crm_tui.reading.unsaid_makes import widened
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

ONLY = {"aja", "aj", "saja", "sajo", "mawon", "bae", "wae", "ae", "we", "doang"}
CORRECTS = {"eh", "ralat", "maksud", "maksudnya", "mksd", "mksdnya", "salah", "koreksi", "keliru"}
_REPLACES = """
ganti gnti diganti gantiin gantike gantino gantine ganteni gantekeun digantiin digantike tukar ditukar
tuker tukerin tukarin tukarke tukerke tukerno gentos gentosan ijol ijoli
"""
REPLACES = frozenset(_REPLACES.split())
_WITH = {"sama", "samo", "sm", "dengan", "dgn", "karo", "jo", "pake", "ke"}
_MOST_LOST = 2
"""So many words of what is ordered may be said anew: a model of two words."""
_THAT = frozenset(("itu", "ini", "tu", "iku", "kuwi", "eta", "niku"))
_SIZE = re.compile(r"\d[\dp]*(l|ml|kg|gr|mm|cm|in|v|w|ah|a)?$")
_A_NAME = 3
_YEARS = re.compile(r"((19|20)\d\d){1,2}")


class Swap(Turn):
    """A message that wants another thing for a line of the open order."""

    def replaced(self, reading: Reading | None) -> Reading | None:
        """A reading that would order, or answer with the price of, what is to be had instead of what
        is ordered: it is had instead of the one line that there is, or left to people."""
        wishes = reading.wishes if reading is not None and reading.certain else ()
        if len(wishes) != 1 or reading is None:
            return reading
        if self.talk.choosing is Kind.AMEND and self.talk.offered:
            return self._chosen_instead(reading)
        asked = self._asked_instead(wishes[0])
        if asked is not None:
            return asked
        if wishes[0].kind is Kind.NOT_FOUND and self._instead() and not self._strange():
            return human(N_("which line of the order is to be another one?"))
        if self._replaced_by(wishes[0]):
            return self._for_the_one(wishes[0])
        return self._corrected_by(wishes[0]) or reading

    def _corrected_by(self, wish: Wish) -> Reading | None:
        """What is "meant", and would come on top of what is ordered: asked about, instead of the one
        line there is; None if nothing is put right."""
        order, talk = self.talk.order, self.talk
        if not order or wish.kind is not Kind.ORDER:
            return None
        meant = not (CORRECTS - {"eh"}).isdisjoint(self.tagged.texts)
        if not meant or self._failed_before():
            return None
        new = [line for line in wish.lines if not self._ordered(line.entry)]
        if (
            self.tagged.has("dialogue.add", "dialogue.also")
            or talk.proposed
            or talk.offered
            or not new
        ):
            return None
        if len(order) > 1 or len(wish.lines) > 1 or not talk.amendable:
            return human(N_("which line of the order is to be another one?"))
        lines = (Line(order[0].entry, 0), Line(new[0].entry, new[0].quantity or 1))
        return self.wish(Wish(Kind.CHOICES, lines, choosing=Kind.AMEND))

    def _instead(self) -> bool:
        """Whether something is to be had instead of a line of the order, in so many words."""
        asking = self.asked.price or self.asked.stock or self.asked.question
        said = not REPLACES.isdisjoint(self.tagged.texts) or self._one_is() or self._put_right()
        more = self.tagged.has("dialogue.add", "dialogue.remove")
        return bool(self.talk.order) and said and not asking and not more

    def _put_right(self) -> bool:
        """Whether what is ordered was not what was meant: "maksudnya kenari"."""
        said = not (CORRECTS - {"eh"}).isdisjoint(self.tagged.texts)
        return said and not self._failed_before()

    def _one_is(self) -> bool:
        """ "Kenarinya yang karsa": what something of the order is to be."""
        texts = self.tagged.texts
        return any(
            word.role is Role.NAME and word.token.text != texts[at] and texts[at + 1] in WHICH
            for at, word in enumerate(self.tagged.words[:-1])
        )

    def line_like(self, entries: Sequence[Entry]) -> Line | None:
        """The one line of the order that is of the kind of all of these, none of which is ordered."""
        heads = self.index.words.heads
        kinds = {heads[entry.id][:1] for entry in entries}
        ordered = {line.entry.id for line in self.talk.order}
        lines = [line for line in self.talk.order if heads[line.entry.id][:1] in kinds]
        new = all(entry.id not in ordered for entry in entries)
        return lines[0] if len(kinds) == len(lines) == 1 and new else None

    def _asked_instead(self, wish: Wish) -> Reading | None:
        """A list from which is chosen what comes instead of a line of the order, where a choice or a
        proposal would come on top of it; None if nothing is wanted instead."""
        if wish.kind is not Kind.CHOICES or len(wish.lines) > 1 or not self._instead():
            return None
        entries = wish.options or tuple(line.entry for line in wish.lines)
        line = self.line_like(entries)
        if line is None:
            return None
        counted = wish.quantity if wish.options else wish.lines[0].quantity
        numbers = any(word.role is Role.NUMBER for word in self.tagged.words)
        quantity = counted if counted and numbers else line.quantity
        return self.wish(
            Wish(Kind.CHOICES, options=entries, quantity=quantity, choosing=Kind.AMEND)
        )

    def _chosen_instead(self, reading: Reading) -> Reading:
        """What is chosen of a list that was sent for what comes instead of a line of the order, or for
        which of its lines is meant."""
        wish, offered = reading.wishes[0], set(self.talk.offered)
        if wish.kind is Kind.CHOICES and wish.options and offered.issuperset(wish.options):
            return replace(reading, wishes=(replace(wish, choosing=Kind.AMEND),))
        if wish.kind not in (Kind.ORDER, Kind.CHOICES) or not wish.lines:
            return reading
        if not offered.issuperset(line.entry for line in wish.lines):
            return reading
        new = wish.lines[0]
        if len(wish.lines) == 1 and new.quantity and self._ordered(new.entry):
            return self.amend({new.entry: new.quantity})
        line = self.line_like([one.entry for one in wish.lines])
        if line is None or len(wish.lines) > 1:
            return human(N_("which line of the order is to be another one?"))
        return self.amend({line.entry: 0, new.entry: new.quantity or line.quantity or 1})

    def _ordered(self, entry: Entry) -> bool:
        return any(line.entry == entry for line in self.talk.order)

    def _replaced_by(self, wish: Wish) -> bool:
        """Whether something that is not ordered is to be had "instead", in so many words."""
        ordered = {line.entry.id for line in self.talk.order}
        if not ordered or REPLACES.isdisjoint(self.tagged.texts):
            return False
        named = bool(wish.lines) and all(line.entry.id not in ordered for line in wish.lines)
        asking = self.asked.price or self.asked.stock or self.asked.question
        heads = self.index.words.heads
        own = {heads[item][:1] for item in ordered}
        related = all(heads[line.entry.id][:1] in own for line in wish.lines)
        # What is of one kind may still be asked about.
        kinds = (Kind.ORDER, Kind.PRICE) if related else (Kind.ORDER, Kind.PRICE, Kind.CHOICES)
        return named and not asking and wish.kind in kinds

    def _for_the_one(self, wish: Wish) -> Reading:
        """What is to be had instead of the one line there is; of several nobody knows which."""
        order, (line, *more) = self.talk.order, wish.lines
        if len(order) > 1 or more or wish.kind is not Kind.ORDER or self._elsewhere():
            return human(N_("which line of the order is to be another one?"))
        return self.amend({order[0].entry: 0, line.entry: line.quantity or 1})

    def _elsewhere(self) -> bool:
        """Whether the shop's last word was about something that is not ordered."""
        own = {line.entry.id for line in self.talk.order}
        return bool(self.talk.order) and any(one.id not in own for one in self.last_said())

    def swapped(self) -> Reading | None:
        """ "Ganti yang biru", "eh yang kiri": another thing for a line of the order; None if none is
        meant."""
        if REPLACES.isdisjoint(self.tagged.texts) and self._failed_before():
            # What is put right is what was not found, and nothing that is ordered.
            return None
        marked = self.tagged.has("dialogue.swap", "dialogue.change") or "eh" in self.tagged.texts
        that = self._that_instead()
        if that is not None:
            return that
        named = self.which() or not self.names_kind()
        marked = marked or (
            (not self.last_said() or self._quoted_like()) and self._only() and named
        )
        if not marked or not self.sized() or self.asked.question or self.asked.order:
            return None
        if self.asked.stock and REPLACES.isdisjoint(self.tagged.texts):
            return None
        if self.tagged.has("dialogue.deny"):
            # What is not to be had instead: "jangan ganti yang solara".
            return None
        also = self.tagged.has("dialogue.also") and not self._begins_anew()
        if self.tagged.has("dialogue.add") or also:
            return None
        order = self.talk.order
        known = self.chosen([line.entry for line in order])
        if known is not None and all(mention.quantity is not None for mention in known):
            return None
        same = known and len(order) == 1 and known[0].match.one and self.accounted(known)
        if same and not self.last_said():
            # What is meant is what is ordered.
            return self.amend({order[0].entry: order[0].quantity or 1})
        ways = [(line, new) for line in order if (new := self.instead_of(line)) is not None]
        if not ways:
            alone = len(order) == 1 and not REPLACES.isdisjoint(self.tagged.texts)
            return self._some_instead(order[0]) if alone and not self._counts() else None
        if self._counts():
            return human(N_("not one of what was named"))
        (line, (mention, sure)), *others = ways
        spoken = self.last_said()
        if self._elsewhere() and self.one(mention) not in spoken and not self.names_kind():
            # The shop's last word was about something else.
            return human(N_("which line of the order is to be another one?"))
        if self.one(mention) in [one.entry for one in self.talk.proposed]:
            # So many of what was proposed are wanted, instead of nothing that is ordered.
            return self.propose([Line(self.one(mention), mention.quantity or 1)])
        if not (others or sure):
            some = self._some_instead(line)
            if some is not None:
                return some
        if others or not sure:
            return human(N_("which line of the order is to be another one?"))
        return self.amend(
            {line.entry: 0, self.one(mention): mention.quantity or line.quantity or 1}
        )

    def _failed_before(self) -> bool:
        """Whether the text before asked in vain, or named a code that nobody has; or this one chooses
        from the list that asked which was meant."""
        talk = self.talk
        if talk.sought:
            return True
        if talk.offered and talk.choosing is Kind.ORDER:
            ordered = {line.entry.id for line in talk.order}
            found = self.among(talk.offered)
            return bool(found) and all(
                one.match.one and one.match.items[0] not in ordered for one in found or ()
            )
        before = tag(self.talk.left, self.index) if self.talk.left else None
        return before is not None and any(
            word.role is Role.UNKNOWN and any(map(str.isdigit, word.key)) for word in before.words
        )

    def _that_instead(self) -> Reading | None:
        """ "Ganti itu aja 1", behind the price of something else: that for the one line there is."""
        talk = self.talk
        if REPLACES.isdisjoint(self.tagged.texts) or self.names() or len(talk.quoted) != 1:
            return None
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        new = talk.quoted[0]
        if talk.offered or talk.proposed or len(numbers) > 1 or _THAT.isdisjoint(self.tagged.texts):
            return None
        if self.asked.question or self.tagged.has(
            "dialogue.add", "dialogue.remove", "dialogue.deny"
        ):
            return None
        line = self.line_like([new])
        count = self.count(numbers[0], new) if numbers else None
        if line is None or len(talk.order) > 1 or (numbers and not count):
            return None
        return self.amend({line.entry: 0, new: count or line.quantity or 1})

    def _some_instead(self, line: Line) -> Reading | None:
        """A list of what has the words that are said, of the kind of a line of the order, if it is
        short."""
        named = finding.find(self.tagged, self.index, ordering=True)
        if len(named) != 1 or named[0].match.missing or not self.accounted(named):
            return None
        heads = self.index.words.heads
        items = [
            item for item in named[0].match.items
            if heads[item][:1] == heads[line.entry.id][:1] and item != line.entry.id
        ]  # fmt: skip
        entries = tuple(map(self.index.entry, items))
        if not 0 < len(entries) <= MOST_OPTIONS or self.line_like(entries) != line:
            return None
        quantity = named[0].quantity or line.quantity
        told = len(self.talk.order) == 1 or named[0].match.headed
        nearest = self._nearest(line.entry, entries) if told else None
        if nearest and len(widened(self.index, [line.entry], [nearest.id], items)) > 1:
            nearest = None
        if nearest is not None and quantity:
            return self.amend({line.entry: 0, nearest: quantity})
        return self.wish(
            Wish(Kind.CHOICES, options=entries, choosing=Kind.AMEND, quantity=quantity)
        )

    def _nearest(self, own: Entry, entries: Sequence[Entry]) -> Entry | None:
        """Of several things the one that leaves fewer words of what is ordered unsaid than each other,
        and none that another one keeps: "ganti yg musi" of what is for the clutch."""
        words, before = self.index.words.words, set(self.index.words.words[own.id])
        lost = {entry: before.difference(words[entry.id]) for entry in entries}
        for entry in entries if len(entries) > 1 else ():
            others = [lost[other] for other in entries if other != entry]
            few = 0 < len(lost[entry]) <= _MOST_LOST
            if few and all(lost[entry] < other for other in others):
                return entry
        return None

    def _only(self) -> bool:
        """Whether "only" is said, and no number: "yang belakang aja"."""
        numbers = any(word.role is Role.NUMBER and not word.label for word in self.tagged.words)
        return not numbers and not ONLY.isdisjoint(self.tagged.texts)

    def _quoted_like(self) -> bool:
        """Whether the shop's last word was the price of one thing of the kind of the one line there is:
        "incoe aja" is that instead."""
        talk = self.talk
        plain = not (talk.offered or talk.proposed) and len(talk.order) == len(talk.quoted) == 1
        return plain and self.line_like(talk.quoted) is not None

    def _begins_anew(self) -> bool:
        """Whether "instead" is said first in its clause, or right before "with": "sip, ganti
        sirsak aja, 2 juga"."""
        texts, words = self.tagged.texts, self.tagged.words
        calm = self.lexicon.union(
            "polite", "honorifics", "greetings", "beginnings", "yes", "done", "so_be_it"
        )
        return any(
            text in REPLACES and (bool(words[at].token.pause) or calm.issuperset(texts[:at]))
            for at, text in enumerate(texts)
        ) or any(one in REPLACES and two in _WITH for one, two in pairwise(texts))

    def _counts(self) -> bool:
        """ "Yang X jadi 2": the number of X is changed, which then should have been ordered."""
        words = self.tagged.words
        behind = {end for _, end in self.tagged.marks.get("dialogue.change", ())}
        return not self.tagged.has("dialogue.swap") and any(
            at < len(words) and words[at].role is Role.NUMBER for at in behind
        )

    def instead_of(self, line: Line) -> tuple[Mention, bool] | None:
        """What is named to be had instead of a line of the order, and whether that is certain."""
        ordered = {one.entry.id for one in self.talk.order}
        found = self.resolved([line.entry])
        if found is not None and len(found.mentions) == 1 and found.mentions[0].match.one:
            mention = found.mentions[0]
            if mention.match.items[0] not in ordered:
                sure = found.sure or self._by_its_own(line, mention) or self._newer(line, mention)
                sure = sure or self._in_full(line, mention)
                return mention, sure and not mention.doubt
        named = finding.find(self.tagged, self.index, ordering=True)
        if len(named) != 1 or not named[0].match.one or named[0].doubt:
            return None
        heads = self.index.words.heads
        new = named[0].match.items[0]
        known = named[0].match.headed or self._by_its_own(line, named[0])
        known = known or self._in_full(line, named[0])
        related = known and heads[new][:1] == heads[line.entry.id][:1]
        if new in ordered or not related:
            return None
        return named[0], self.accounted(named)

    def _replaces(self) -> bool:
        """Whether "instead" is said, of the one line there is."""
        marks = REPLACES | CORRECTS
        return len(self.talk.order) == 1 and not marks.isdisjoint(self.tagged.texts)

    def _newer(self, line: Line, mention: Mention) -> bool:
        """Whether another thing lacks nothing of the ordered one but its years: "yg 2021, ganti"."""
        vocabulary = self.index.words
        new = mention.match.items[0]
        lost = set(vocabulary.words[line.entry.id]) - set(vocabulary.words[new])
        years = bool(lost) and all(_YEARS.fullmatch(word) for word in lost)
        same = vocabulary.heads[new][:1] == vocabulary.heads[line.entry.id][:1]
        return years and same and self._replaces() and self.accounted([mention])

    def _in_full(self, line: Line, mention: Mention) -> bool:
        return self._replaces() and self.in_full(line, mention)

    def in_full(self, line: Line, mention: Mention) -> bool:
        """Whether, said to be had instead, one thing of the whole catalogue has just these words, be it
        without its kind, which is that of the ordered one: "ganti solara gz5s"."""
        named = finding.find(self.tagged, self.index, ordering=True)
        new = mention.match.items[0]
        needed = [term for one in named for term in one.terms if not term.soft]
        heads = self.index.words.heads
        return (
            len(named) == 1 and named[0].match.items == (new,) and named[0].match.sure == EXACT
            and not (named[0].doubt or named[0].match.contested or named[0].match.missing)
            and (len(needed) > 1 or any(map(_designates, needed)))
            and heads[new][:1] == heads[line.entry.id][:1]
            and self.accounted(named)
        )  # fmt: skip

    def _by_its_own(self, line: Line, mention: Mention) -> bool:
        """Whether a thing is named by what it alone has, and what it lacks the other one alone has."""
        vocabulary = self.index.words
        new, old = mention.match.items[0], line.entry.id
        lost = set(vocabulary.words[old]) - set(vocabulary.words[new])
        named = finding.find(self.tagged, self.index, ordering=True)
        alone = len(named) == 1 and named[0].match.items == (new,) and not named[0].doubt
        same = vocabulary.heads[new][:1] == vocabulary.heads[old][:1]
        counted = self.accounted([mention])
        sizes = [word for word in lost if any(map(str.isdigit, word))]
        said = [word for word in self.tagged.words if any(map(str.isdigit, word.key))]
        if another_part(self.index, line.entry, self.index.entry(new)):
            return False
        plain = all(any(map(str.isdigit, one.key)) for one in self.tagged.words
                    if one.role is Role.NAME)  # fmt: skip
        if plain and len(sizes) < len(lost):
            # A size alone says nothing of another make.
            return False
        if sizes and not said:
            # Nobody gives up a size without a word for another one.
            return False
        return alone and same and counted and all(vocabulary.items(word) == {old} for word in lost)


def _designates(term: Term) -> bool:
    """Whether a word is what one thing is called, with a number in it, and no size: "alpa1"."""
    return (
        len(term.key) >= _A_NAME and any(map(str.isdigit, term.key)) and not _SIZE.match(term.key)
    )
