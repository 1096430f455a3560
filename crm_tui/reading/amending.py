"""Changes of the open order: something more, less, instead, or not at all."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading import vetoes, withdrawing
from crm_tui.reading.channel import EXACT, SOUND
from crm_tui.reading.contrasting import another_part, another_size
from crm_tui.reading.index import Entry
from crm_tui.reading.matching import Match
from crm_tui.reading.ordering import SURE_ENOUGH, ranged
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import WHICH, Turn
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_ONLY = {"aja", "aj", "saja", "bae", "wae", "ae", "we", "doang"}
_SO = {"deh", "dehh", "ding", "deng", "dhing", "be", "lah", "dulu"}
"""Behind a number alone they say the same as "only"."""
_MORE = {"lagi", "lg", "maning", "meneh", "deui"}
_CORRECTS = {"eh", "ralat", "maksud", "maksudnya", "mksd", "mksdnya", "salah", "koreksi", "keliru"}
_REPLACES = {"ganti", "diganti", "gantiin", "gantike", "digantiin", "tukar", "tuker", "ditukar"}
_WITH = {"sama", "samo", "sm", "dengan", "dgn", "karo", "jo", "pake", "ke"}
_A_NAME = 3
"""So many digits are rather what something is called than how many."""
_YEARS = re.compile(r"((19|20)\d\d){1,2}")


class Change(Turn):
    """A message as a change of the customer's open order."""

    def change(self) -> Reading | None:
        """A change of the open order; None where none is meant."""
        if not self.talk.order:
            return None
        if self.named_or_counted() and ranged(self.tagged):
            return human(N_("two quantities to choose from"))
        if self.named_or_counted() and vetoes.stray_negation(self.tagged, self.index):
            return human(vetoes.WHY["negation"])
        return (
            self._each()
            or self._corrected()
            or self.swapped()
            or self._added()
            or self._set()
            or self._beside()
        )

    def _each(self) -> Reading | None:
        """ "Masing2 jadi 2": so many of each line of the order."""
        words = self.tagged.words
        numbers = [word for word in words if word.role is Role.NUMBER]
        each = any(word.role is Role.EACH for word in words)
        changed = self.tagged.has("dialogue.change") or not _ONLY.isdisjoint(self.tagged.texts)
        if not each or not changed or self.names() or self.last_said() or len(numbers) != 1:
            return None
        if self.tagged.has("dialogue.add", "dialogue.less", "dialogue.remove"):
            return None
        if len(self.talk.order) < 2 or not numbers[0].value or not self.plain(numbers):
            return None
        return self.amend({line.entry: numbers[0].value for line in self.talk.order})

    def named_or_counted(self) -> bool:
        """Whether something is named, or there is a number."""
        return self.sized() or any(word.role is Role.NUMBER for word in self.tagged.words)

    def again(self, reading: Reading | None) -> Reading | None:
        """An order that names what is ordered already: with a word for changing, it says how many in
        all; with none for ordering, nobody knows whether more is meant."""
        certain = reading is not None and reading.certain and len(reading.wishes) == 1
        wish = reading.wishes[0] if reading is not None and certain else None
        ordered = {line.entry.id for line in self.talk.order}
        kinds = (Kind.ORDER, Kind.CHOICES)
        if wish is None or wish.kind not in kinds or self.asked.order:
            return reading
        if self.tagged.has("dialogue.add", "dialogue.also") or all(
            line.entry.id not in ordered for line in wish.lines
        ):
            return reading
        among = self.among([line.entry for line in self.talk.order]) or ()
        if any(len(mention.match.items) > 1 for mention in among):
            return human(N_("so many of which item?"))
        if wish.kind is Kind.ORDER and self.tagged.has("dialogue.change", "dialogue.swap"):
            return self.amend({line.entry: line.quantity or 1 for line in wish.lines})
        return human(N_("so many more, or so many in all?"))

    def replaced(self, reading: Reading | None) -> Reading | None:
        """A reading that would order, or answer with the price of, what is to be had instead of what
        is ordered: it is had instead of the one line that there is, or left to people."""
        wishes = reading.wishes if reading is not None and reading.certain else ()
        if len(wishes) != 1 or not self._replaced_by(wishes[0]):
            return reading
        return self._for_the_one(wishes[0])

    def _replaced_by(self, wish: Wish) -> bool:
        """Whether something that is not ordered is to be had "instead", in so many words."""
        ordered = {line.entry.id for line in self.talk.order}
        named = bool(wish.lines) and all(line.entry.id not in ordered for line in wish.lines)
        asking = self.asked.price or self.asked.stock or self.asked.question
        heads = self.index.words.heads
        own = {heads[item][:1] for item in ordered}
        related = all(heads[line.entry.id][:1] in own for line in wish.lines)
        # What is of one kind may still be asked about.
        kinds = (Kind.ORDER, Kind.PRICE) if related else (Kind.ORDER, Kind.PRICE, Kind.CHOICES)
        instead = not _REPLACES.isdisjoint(self.tagged.texts)
        return bool(ordered) and named and instead and not asking and wish.kind in kinds

    def _for_the_one(self, wish: Wish) -> Reading:
        """What is to be had instead of the one line there is; of several nobody knows which."""
        order, (line, *more) = self.talk.order, wish.lines
        if len(order) > 1 or more or wish.kind is not Kind.ORDER or self._elsewhere():
            return human(N_("which line of the order is to be another one?"))
        return self.amend({order[0].entry: 0, line.entry: line.quantity or 1})

    def removed(self) -> Reading | None:
        """The order is taken back, or what is named of it; None where nothing is."""
        if not self.talk.order or not self.tagged.has("dialogue.remove"):
            return None
        spans = self.tagged.marks["dialogue.remove"]
        if self._replaced(spans[-1][1]):
            return None
        if not withdrawing.plainly(self.tagged, self.index, naming=True):
            return human(N_("takes back something, perhaps not all"))
        why = withdrawing.reason(self.tagged, self.index)
        if withdrawing.unclear(self.tagged, self.index) and not self.sized():
            return human(N_("takes back something, perhaps not all"))
        if why < len(self.tagged.words):
            # What is given for a reason names nothing that is taken back.
            text = self.text[: self.tagged.words[why].span[0]]
            return Change(tag(text, self.index), text, self.index, self.talk).removed()
        if self._withdrawn():
            return self.wish(Wish(Kind.CANCEL, evidence=self.text))
        called = any(withdrawing.called(self.tagged, at) for at in range(len(self.tagged.words)))
        if (self.sized() or called) and not self._goes_on(spans):
            found = self.among([line.entry for line in self.talk.order])
            named = found if self.names() or not self._one_of_many() else None
            if named and len(named) > 1 and not _ONLY.isdisjoint(self.tagged.texts[: spans[0][0]]):
                # "Yang kanan aja, kiri ga jadi" takes nothing from the first.
                named = None
            if named and all(mention.match.one and mention.quantity is None for mention in named):
                return self.amend({self.one(mention): 0 for mention in named})
            return human(N_("takes back something, perhaps not all"))
        return None

    def _one_of_many(self) -> bool:
        """Whether a number may be the place of a line, or how many of it were ordered: "yang 2"."""
        counts = {line.quantity for line in self.talk.order}
        return any(
            len(word.key) < 2 or word.token.text.isalpha() or word.value in counts
            for word in self.tagged.words
            if word.role is Role.NUMBER
        )

    def _replaced(self, end: int) -> bool:
        """ "Ga jadi, ganti yang belakang": what is taken back has no name, what is had instead has."""
        words = self.tagged.words
        replaced = any(text in _REPLACES for text in self.tagged.texts[end:])
        before = any(word.role in (Role.NAME, Role.NUMBER) for word in words[:end])
        return replaced and not before and self.sized()

    def _withdrawn(self) -> bool:
        """ "Ga jadi deh", and nothing was asked meanwhile: the order is taken back."""
        talk = self.talk
        return not (
            talk.offered or talk.proposed or talk.quoted or self.asked.question
            or len(self.tagged.words) > 9
            or not withdrawing.whole(self.tagged, self.index, talk)
        )  # fmt: skip

    def lessened(self) -> Reading | None:
        """ "Kurangi 1", "kenari nya kurangi jadi 2": fewer of one item that is ordered."""
        order = self.talk.order
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if (
            not order or len(numbers) != 1 or not self.tagged.has("dialogue.less")
            or not self.plain(numbers)
        ):  # fmt: skip
            return None
        if self.talk.proposed and not self.names():
            return human(N_("so many of which item?"))
        line = order[0] if len(order) == 1 and not self.names() else self._counted_line()
        if line is None or not numbers[0].value:
            return None
        before, value = line.quantity or 0, numbers[0].value
        left = value if self.tagged.has("dialogue.change") else before - value
        if not 0 < left < before:
            return None
        return self._doubted() or self.amend({line.entry: left})

    def _counted_line(self) -> Line | None:
        """The one line of the order that is named with a number, and nothing else."""
        order = self.talk.order
        found = self.chosen([line.entry for line in order]) if self.names() else None
        if not found or len(found) != 1 or not found[0].match.one or found[0].quantity is None:
            return None
        if found[0].doubt or not self.accounted(found):
            return None
        return next(line for line in order if line.entry.id == found[0].match.items[0])

    def totalled(self) -> Reading | None:
        """ "Nambah 2 jadi 6", "kenarinya tambah 1 jadi 3": how many more and how many in all, of the
        one item that is ordered, or that is named."""
        lines = self._lines()
        if not lines:
            return None
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        less, more = self.tagged.has("dialogue.less"), self.tagged.has("dialogue.add")
        marked = (less or more) and self.tagged.has("dialogue.change")
        if not 0 < len(numbers) < 3 or not marked or not self.plain(numbers):
            return None
        if len(numbers) == 1 and (less or not self._in_all(numbers[0])):
            return None
        line = self._line_of(lines)
        if line is None:
            return None if self.names() else human(N_("so many of which item?"))
        if len(numbers) == 1 and not self.names() and self._elsewhere():
            return human(N_("so many of which item?"))
        before, total = line.quantity or 0, numbers[-1].value
        by = numbers[0].value if len(numbers) == 2 else max(total - before, 0)
        if not total or less == more or before + (by if more else -by) != total:
            return None if self.names() else human(N_("numbers that belong to no item"))
        if not self.talk.order:
            return self._doubted() or self.propose([Line(line.entry, total)])
        return self._doubted() or self.amend({line.entry: total})

    def _elsewhere(self) -> bool:
        """Whether the shop's last word was about something that is not ordered."""
        own = {line.entry.id for line in self.talk.order}
        return bool(self.talk.order) and any(one.id not in own for one in self.last_said())

    def _lines(self) -> Sequence[Line]:
        """What is ordered, or else the one thing that was proposed."""
        proposed = self.talk.proposed
        return self.talk.order or (proposed if len(proposed) == 1 else ())

    def _in_all(self, number: Word) -> bool:
        """Whether a number stands right behind "jadi": "tambah jadi 8"."""
        at = next(place for place, word in enumerate(self.tagged.words) if word is number)
        return any(end == at for _, end in self.tagged.marks.get("dialogue.change", ()))

    def _line_of(self, order: Sequence[Line]) -> Line | None:
        """The one line there is, or the one that is named; None if that is none or several."""
        if not self.names():
            return order[0] if len(order) == 1 else None
        words = self.index.words
        fitting = list(order)
        for word in self.tagged.words:
            if word.role is Role.UNKNOWN:
                return None
            if word.role is Role.NAME:
                senses = words.senses(word.key).items()
                having = [words.items(sense) for sense, weight in senses if weight >= SOUND]
                fitting = [
                    line for line in fitting if any(line.entry.id in items for items in having)
                ]
        return fitting[0] if len(fitting) == 1 else None

    def _doubted(self) -> Reading | None:
        """What leaves to people how many more or less is wanted: "nanti nambah 2 jadi 6"."""
        why = vetoes.vetoed(self.tagged, self.index, ("past", "later", "advice", "negation"))
        net = self.tagged.cue("bargains", self.lexicon)
        return human(why or vetoes.WHY["haggle"]) if why or net else None

    def _corrected(self) -> Reading | None:
        """ "Eh 2 deng", "maksudnya 3": the number of the one item that is ordered was another one."""
        words = self.tagged.words
        numbers = [word for word in words if word.role is Role.NUMBER]
        marked = not _CORRECTS.isdisjoint(self.tagged.texts) and not self.tagged.has("dialogue.add")
        if len(numbers) != 1 or not marked or self.tagged.has("dialogue.less", "dialogue.remove"):
            return None
        if any(word.role not in (Role.STILL, Role.NUMBER) for word in words):
            return None
        if self.last_said() or not self.plain(numbers):
            return None
        order = self.talk.order
        if len(order) != 1:
            return human(N_("so many of which item?"))
        if not numbers[0].value:
            return human(N_("a quantity of 0"))
        if another_size(self.index, order[0].entry, numbers[0]):
            return human(N_("a number that may be a size"))
        return self.amend({order[0].entry: numbers[0].value})

    def plain(self, numbers: Sequence[Word]) -> bool:
        """Whether numbers count what is ordered, and nothing is asked or left open."""
        order = self._lines()
        own = {self.lexicon.units.get(one.entry.unit.lower(), one.entry.unit) for one in order}
        return not (
            any(word.label or word.year or word.pair for word in numbers)
            or any(not self.fits(word.unit, unit) for word in numbers for unit in own)
            or self.asked.question or self.asked.price or self.asked.stock
            or ranged(self.tagged) or self.tagged.priced or self.tagged.negative
        )  # fmt: skip

    def _goes_on(self, spans: Sequence[tuple[int, int]]) -> bool:
        """Whether something else is named behind the withdrawal, in a clause of its own."""
        end = spans[-1][1]
        behind = self.tagged.words[end:]
        return (
            bool(behind)
            and any(word.role is Role.NAME for word in behind)
            and bool(self.tagged.has("dialogue.swap"))
        )

    def swapped(self) -> Reading | None:
        """ "Ganti yang biru", "eh yang kiri": another thing for a line of the order; None if none is
        meant."""
        marked = self.tagged.has("dialogue.swap", "dialogue.change") or "eh" in self.tagged.texts
        named = self.which() or not self.names_kind()
        marked = marked or (not self.last_said() and self._only() and named)
        if not marked or not self.sized() or self.asked.question or self.asked.order:
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
        if known and len(order) == 1 and known[0].match.one and not self.last_said():
            # What is meant is what is ordered.
            return self.amend({order[0].entry: order[0].quantity or 1})
        ways = [(line, new) for line in order if (new := self.instead_of(line)) is not None]
        if not ways:
            return None
        if self._counts():
            return human(N_("not one of what was named"))
        (line, (mention, sure)), *others = ways
        if self.one(mention) in [one.entry for one in self.talk.proposed]:
            # So many of what was proposed are wanted, instead of nothing that is ordered.
            return self.propose([Line(self.one(mention), mention.quantity or 1)])
        if others or not sure:
            return human(N_("which line of the order is to be another one?"))
        return self.amend(
            {line.entry: 0, self.one(mention): mention.quantity or line.quantity or 1}
        )

    def _only(self) -> bool:
        """Whether "only" is said, and no number: "yang belakang aja"."""
        numbers = any(word.role is Role.NUMBER and not word.label for word in self.tagged.words)
        return not numbers and not _ONLY.isdisjoint(self.tagged.texts)

    def _begins_anew(self) -> bool:
        """Whether "instead" is said first, or right before "with": "ganti sirsak aja, 2 juga"."""
        texts = self.tagged.texts
        return next(iter(texts), "") in _REPLACES or any(
            one in _REPLACES and two in _WITH for one, two in pairwise(texts)
        )

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
        marks = _REPLACES | _CORRECTS
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
            and len(needed) > 1 and heads[new][:1] == heads[line.entry.id][:1]
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

    def _added(self) -> Reading | None:
        marked = self.tagged.has("dialogue.add") or self.tagged.has("dialogue.also")
        if not marked or self._begins_anew() or self.asked.question or self.asked.price:
            return None
        order = self.talk.order
        if not self.sized():
            numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
            more = self.tagged.has("dialogue.add") or not _MORE.isdisjoint(self.tagged.texts)
            if not more or len(numbers) != 1 or numbers[0].label or self.last_said():
                return None
            adding = {at for at, _ in self.tagged.marks.get("dialogue.add", ())}
            which = any(at and self.tagged.texts[at - 1] in WHICH for at in adding)
            if which or self.another([line.entry for line in order]):
                return human(N_("more of which item?"))
            count = self.count(numbers[0], order[0].entry) if len(order) == 1 else None
            if count:
                return self.amend({order[0].entry: (order[0].quantity or 0) + count})
            return human(N_("more of which item?"))
        found = self._more_of_it() or self._more()
        if found is None:
            return None
        mentions, sure = found
        if not self.accounted(mentions):
            counted = self._left_over(mentions)
            if counted is None:
                return human(N_("numbers that belong to no item"))
            mentions, sure = counted, False
        quiet = all(m.quantity is None and m.match.headed for m in mentions)
        if not sure or quiet or any(mention.doubt for mention in mentions):
            return self.propose(
                [Line(self.one(mention), mention.quantity or 1) for mention in mentions]
            )
        having = {line.entry.id: line.quantity or 0 for line in order}
        wanted: dict[Entry, int] = {}
        for mention in mentions:
            entry = self.one(mention)
            quantity = mention.quantity
            if quantity is None and not mention.match.headed and entry.id not in having:
                if len(order) > 1:
                    return self.propose([Line(entry, 1)])
                quantity = order[-1].quantity
            if not quantity or (entry.id in having and not self.tagged.has("dialogue.add")):
                return None
            wanted[entry] = having.get(entry.id, 0) + quantity
        return self.amend(wanted)

    def _more_of_it(self) -> tuple[Sequence[Mention], bool] | None:
        """ "Kenarinya tambah 2": how many more of a line of the order; None where it is not said so."""
        starts = [end for _, end in self.tagged.marks.get("dialogue.add", ())]
        words = self.tagged.words
        if len(starts) != 1 or not any(
            at < len(words) and words[at].role is Role.NUMBER and not words[at].label
            for at in starts
        ):
            return None
        line = self._numbered_line(starts[0])
        if line is not None:
            same = Match((line.entry.id,), headed=True)
            numbers = tuple(word for word in words if word.role is Role.NUMBER)
            return [Mention(same, words[starts[0]].value, words=numbers)], True
        found = self.among([line.entry for line in self.talk.order])
        if not found or len(found) != 1 or not found[0].match.one or found[0].doubt:
            return None
        before = any(word.role is Role.NAME for word in words[: starts[0]])
        behind = any(word.role is Role.NAME for word in words[starts[0] :])
        counted = found[0].quantity == words[starts[0]].value
        return (found, True) if before and not behind and counted else None

    def _numbered_line(self, end: int) -> Line | None:
        """The one line of which a number before `end` is the name: "yg 6204 tambah 1"."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if self.names() or len(numbers) != 2 or not numbers[0].label or numbers[1].label:
            return None
        if numbers[0].span[1] > self.tagged.words[end].span[0] or len(numbers[0].key) < _A_NAME:
            return None
        having = self.index.words.items(numbers[0].key)
        lines = [line for line in self.talk.order if line.entry.id in having]
        return lines[0] if len(lines) == 1 else None

    def _more(self) -> tuple[Sequence[Mention], bool] | None:
        """What is named to be had besides, and whether nothing about it is guessed; None if that is
        not one item each."""
        found = finding.find(self.tagged, self.index, ordering=True)
        order = [line.entry for line in self.talk.order]
        if self.which() and (chosen := self.from_list()) is not None:
            return chosen, True
        if not found or not found[0].match.headed:
            short = self.resolved(order)
            if short is not None and all(mention.match.one for mention in short.mentions):
                return short.mentions, short.sure or self._as_ordered(short.mentions)
            if self.short() and found:
                # "Depannya juga" names a part of something, and nothing of another kind.
                sides = [term.key for term in found[0].terms if term.key.isalpha()]
                opposites = self.lexicon.opposites
                if sides and all(self.lexicon.name(key) in opposites for key in sides):
                    return None
        elif not found[0].match.one:
            # Of several such things, the one for what was ordered last.
            found = [self.companion(mention, order[-1]) for mention in found]
        if not found or any(not mention.match.one for mention in found):
            return None
        sure = all(
            (mention.match.headed or mention.lean)
            and not mention.match.contested
            and mention.match.sure >= SURE_ENOUGH
            for mention in found
        )
        sure = sure and not (self.which() and self._lone_name())
        return found, sure or self._as_ordered(found)

    def _as_ordered(self, mentions: Sequence[Mention]) -> bool:
        """Whether these are of a kind that is ordered, and one thing each has all the words that name
        it, the whole catalogue over."""
        named = finding.find(self.tagged, self.index, ordering=True)
        heads = self.index.words.heads
        kinds = {head for line in self.talk.order for head in heads[line.entry.id][:1]}
        return (
            [one.match.items for one in named] == [one.match.items for one in mentions]
            and all(one.match.sure == EXACT and not one.doubt for one in named)
            and all(sum(not term.soft for term in one.terms) > 1 for one in named)
            and all(kinds.issuperset(heads[one.match.items[0]][:1]) for one in named)
            and self.accounted(mentions)
        )

    def _lone_name(self) -> bool:
        """Whether one word alone names something: "yang rem", which is in many names."""
        return sum(word.role is Role.NAME for word in self.tagged.words) == 1

    def _left_over(self, mentions: Sequence[Mention]) -> Sequence[Mention] | None:
        """One thing with the one number that stands beside it, though it may be no quantity."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if len(mentions) != 1 or mentions[0].quantity is not None or len(numbers) != 1:
            return None
        return [replace(mentions[0], quantity=numbers[0].value)] if numbers[0].value else None

    def _beside(self) -> Reading | None:
        """ "Kanannya 1", where the left one is ordered: that one as well."""
        if (
            not self.sized() or self.last_said() or ranged(self.tagged) or self.tagged.priced
            or self.asked.order or self.asked.question or self.asked.price or self.asked.stock
            or self.tagged.has("dialogue.swap", "dialogue.change", "dialogue.remove", "dialogue.less")
        ):  # fmt: skip
            return None
        order = [line.entry for line in self.talk.order]
        found = self.resolved(order)
        if found is None or len(found.mentions) != 1:
            return None
        mention = found.mentions[0]
        if not mention.match.one or not mention.quantity or self.one(mention) in order:
            return None
        if self.names_kind():
            return None
        if not found.sure or mention.doubt:
            return self.propose([Line(self.one(mention), mention.quantity)])
        return self.amend({self.one(mention): mention.quantity})

    def _set(self) -> Reading | None:
        """ "Jadi 3 aja", "packing head nya 2"."""
        if self.asked.order or self.asked.question or self.asked.price or ranged(self.tagged):
            return None
        order = self.talk.order
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if self.sized():
            found = self.chosen([line.entry for line in order])
            if not found or any(
                not mention.match.one or mention.quantity is None or mention.doubt
                for mention in found
            ):
                return None
            if not self.accounted(found):
                return human(N_("numbers that belong to no item"))
            if self.tagged.has("dialogue.less"):
                return human(N_("numbers that belong to no item"))
            if self.tagged.has("dialogue.add"):
                # So many more of them, if that is what is meant.
                return self.propose([Line(self.one(one), one.quantity) for one in found])
            if self.tagged.has("dialogue.all") and len(found) < len(order):
                # "Merah semua aja, 5" speaks of the others, too.
                return human(N_("so many of which item?"))
            return self.amend({self.one(mention): mention.quantity or 0 for mention in found})
        if len(numbers) != 1 or numbers[0].label:
            return None
        elsewhere = {entry.id for entry in self.last_said()} - {line.entry.id for line in order}
        if elsewhere:
            # The shop's last word was about something else.
            changed = self.tagged.has("dialogue.change")
            return human(N_("so many of which item?")) if changed else None
        same = len(order) == 1 and numbers[0].value == order[0].quantity
        if same and self.asked.want:
            return self.amend({order[0].entry: numbers[0].value})
        only = any(text in _ONLY or text in _SO for text in self.tagged.texts)
        if not self.tagged.has("dialogue.change") and not only:
            return None
        if self.talk.offered or self.talk.proposed or self.tagged.priced:
            return None
        if numbers[0].value == 0:
            return human(N_("a quantity of 0"))
        if self.another([line.entry for line in order]):
            return human(N_("so many of which item?"))
        if len(order) > 1:
            if self.tagged.has("dialogue.all") and self.plain(numbers):
                return self.amend({line.entry: numbers[0].value for line in order})
            return human(N_("so many of which item?"))
        count = self.count(numbers[0], order[0].entry)
        if count is None:
            return human(N_("numbers that belong to no item"))
        counts = self.tagged.has("dialogue.change") and not self.tagged.has("dialogue.swap")
        if not counts and (
            self.model(order[0].entry, numbers[0])
            or another_size(self.index, order[0].entry, numbers[0])
        ):
            return human(N_("a number that may be a size"))
        return self.amend({order[0].entry: count})
