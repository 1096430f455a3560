"""Changes of the open order: something more, less, instead, or not at all."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import vetoes, withdrawing
from crm_tui.reading.adding import Addition
from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.meant_instead import of_the_list
from crm_tui.reading.order_lines import elsewhere_placed
from crm_tui.reading.ordering import ranged
from crm_tui.reading.replacement import CORRECTS, ONLY, REPLACES
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.siblings import another_size
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish, human
from crm_tui.reading.withdrawing import NUMBERED

_SO = {"deh", "dehh", "ding", "deng", "dhing", "ketang", "be", "lah", "dulu"}
"""Behind a number alone they say the same as "only"."""
_A_COUNT = 3
"""More digits are rather what something is called."""
_ENOUGH = {"cukup", "cukuplah", "ckp", "cekap"}
"""Before a number they say that it is all that is wanted."""


class Change(Addition):
    """A message as a change of the customer's open order."""

    @classmethod
    def of(cls, text: str, index: ItemIndex, talk: Conversation) -> "Change":
        """Another text, in the same talk."""
        return cls(tag(text, index), text, index, talk)

    def change(self) -> Reading | None:
        """A change of the open order; None where none is meant."""
        if not self.talk.order:
            return None
        if self.named_or_counted() and ranged(self.tagged):
            return human(N_("two quantities to choose from"))
        if self.named_or_counted() and vetoes.stray_negation(self.tagged, self.index):
            return human(vetoes.WHY["negation"])
        if of_the_list(self):
            return None
        return (
            self._of_proposed()
            or self._each()
            or self._corrected()
            or self._of_list()
            or self._by_that()
            or self.swapped()
            or self._added()
            or self._set()
            or self._beside()
        )

    def _of_proposed(self) -> Reading | None:
        """ "Jadi 3 aja", where one thing more was just proposed: so many of that, as a proposal."""
        proposed, ordered = self.talk.proposed, {line.entry for line in self.talk.order}
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if len(proposed) != 1 or proposed[0].entry in ordered or len(numbers) != 1:
            return None
        if not self.tagged.has("dialogue.change") or self.names() or self.asked.question:
            return None
        if self.tagged.has("dialogue.add", "dialogue.also", "dialogue.less", "dialogue.swap"):
            return None
        count = self.count(numbers[0], proposed[0].entry)
        plain = (
            count
            and self.plain(numbers)
            and all(w.role is not Role.EACH for w in self.tagged.words)
        )
        return self.propose([Line(proposed[0].entry, count)]) if plain else None

    def _each(self) -> Reading | None:
        """ "Masing2 jadi 2": so many of each line of the order."""
        words = self.tagged.words
        numbers = [word for word in words if word.role is Role.NUMBER]
        each = any(word.role is Role.EACH for word in words)
        if not each or self.last_said() or len(numbers) != 1 or self.asked.order:
            return None
        if self.tagged.has("dialogue.add", "dialogue.also", "dialogue.less", "dialogue.remove"):
            return None
        lines = self._of_one_kind() if self.names() else self.talk.order
        if len(lines) < 2 or not numbers[0].value or not self.plain(numbers):
            return None
        return self.amend({line.entry: numbers[0].value for line in lines})

    def _of_one_kind(self) -> Sequence[Line]:
        """The lines of the order that one name is for: "silindernya masing2 1"."""
        order = self.talk.order
        found = self.among([line.entry for line in order])
        if not found or len(found) != 1 or found[0].doubt or found[0].match.missing:
            return ()
        return [line for line in order if line.entry.id in found[0].match.items]

    def named_or_counted(self) -> bool:
        """Whether something is named, or there is a number."""
        return self.sized() or any(word.role is Role.NUMBER for word in self.tagged.words)

    def again(self, reading: Reading | None) -> Reading | None:
        """An order that names what is ordered already: with a word for changing, it says how many in
        all; with none for ordering, nobody knows whether more is meant."""
        certain = reading is not None and reading.certain and len(reading.wishes) == 1
        wish = reading.wishes[0] if reading is not None and certain else None
        kinds = (Kind.ORDER, Kind.CHOICES)
        if wish is None or wish.kind not in kinds or self.asked.order or not self.talk.order:
            # Without an order, not one line of it is named again.
            return reading
        ordered = {line.entry.id for line in self.talk.order}
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
            return Change.of(text, self.index, self.talk).removed()
        if self._withdrawn():
            return self.wish(Wish(Kind.CANCEL, evidence=self.text))
        called = any(withdrawing.called(self.tagged, at) for at in range(len(self.tagged.words)))
        if (self.sized() or called) and not self._goes_on(spans):
            found = self.among([line.entry for line in self.talk.order])
            named = found if self.names() or not self._one_of_many() else None
            if named and len(named) > 1 and not ONLY.isdisjoint(self.tagged.texts[: spans[0][0]]):
                # "Yang kanan aja, kiri ga jadi" takes nothing from the first.
                named = None
            order = [line.entry for line in self.talk.order]
            if named and elsewhere_placed(self.tagged, order, [self.one(one) for one in named]):
                return human(N_("takes back something, perhaps not all"))
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
        replaced = any(text in REPLACES for text in self.tagged.texts[end:])
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

    def totalled(self) -> Reading | None:
        """ "Nambah 2 jadi 6", "kenarinya tambah 1 jadi 3": how many more and how many in all, of the
        one item that is ordered, or that is named."""
        lines = self._lines()
        if not lines:
            return None
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        less, more = self.tagged.has("dialogue.less"), self.tagged.has("dialogue.add")
        marked = (less or more) and self.tagged.has("dialogue.change")
        if not 0 < len(numbers) < 3 or not marked or not self._simply(numbers):
            return None
        if len(numbers) == 1 and (less or not self._in_all(numbers[0])):
            return None
        line = self._line_of(lines)
        if line is None:
            return None if self.names() else human(N_("so many of which item?"))
        if not self.plain(numbers, [line]):
            return None
        if len(numbers) == 1 and not self.names() and self._elsewhere():
            return human(N_("so many of which item?"))
        before, total = line.quantity or 0, numbers[-1].value
        by = numbers[0].value if len(numbers) == 2 else max(total - before, 0)
        if not total or less == more or before + (by if more else -by) != total:
            return None if self.names() else human(N_("numbers that belong to no item"))
        if not self.talk.order:
            return self._doubted() or self.propose([Line(line.entry, total)])
        return self._doubted() or self.amend({line.entry: total})

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
        marked = not CORRECTS.isdisjoint(self.tagged.texts) and not self.tagged.has("dialogue.add")
        if len(numbers) != 1 or not marked or self.tagged.has("dialogue.less", "dialogue.remove"):
            return None
        if any(word.role not in (Role.STILL, Role.NUMBER) for word in words):
            return None
        order = self.talk.order
        single = [replace(word, pair=False) for word in numbers]
        if self.last_said() or not self.plain(single, order if len(order) == 1 else ()):
            return None
        if len(order) != 1:
            return human(N_("so many of which item?"))
        if not numbers[0].value:
            return human(N_("a quantity of 0"))
        if another_size(self.index, order[0].entry, numbers[0]):
            return human(N_("a number that may be a size"))
        return self.amend({order[0].entry: self.count(numbers[0], order[0].entry) or 0})

    def _by_that(self) -> Reading | None:
        """ "Ganti itu aja", behind the price of another thing of that kind: that one instead of the one
        line there is."""
        order, said = self.talk.order, self.last_said()
        heads = self.index.words.heads
        if len(order) != 1 or len(said) != 1 or REPLACES.isdisjoint(self.tagged.texts):
            return None
        (line,), (entry,) = order, said
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        pointed = not self.lexicon.words["that"].isdisjoint(self.tagged.texts)
        if (self.named_or_counted() and not numbers) or not pointed or entry == line.entry:
            return None
        if self.names() or heads[entry.id][:1] != heads[line.entry.id][:1] or len(numbers) > 1:
            return None
        if not self.plain(numbers, [Line(entry)]) or self.talk.offered or self.asked.order:
            return None
        count = numbers[0].value if numbers else line.quantity
        return self.amend({line.entry: 0, entry: count}) if count else None

    def _of_list(self) -> Reading | None:
        """ "Eh salah, no 2 yang benar", where the one line was taken from the last list: another
        one of that list instead."""
        order, listed = self.talk.order, self.talk.listed
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        marked = not (CORRECTS | REPLACES).isdisjoint(self.tagged.texts)
        if len(order) != 1 or len(numbers) != 1 or not marked or self.last_said():
            return None
        calm = (Role.STILL, Role.NUMBER)
        if any(word.role not in calm for word in self.tagged.words) or self.tagged.asked:
            return None
        at = next(at for at, word in enumerate(self.tagged.words) if word is numbers[0])
        called = at > 0 and self.tagged.texts[at - 1] in NUMBERED
        if not called or order[0].entry not in listed or not 1 <= numbers[0].value <= len(listed):
            return None
        entry = listed[numbers[0].value - 1]
        if entry == order[0].entry:
            return None
        return self.amend({order[0].entry: 0, entry: order[0].quantity or 1})

    def plain(self, numbers: Sequence[Word], lines: Sequence[Line] = ()) -> bool:
        """Whether numbers count what is ordered, or these lines of it, and nothing is asked or left
        open."""
        order = lines or self._lines()
        own = {self.lexicon.units.get(one.entry.unit.lower(), one.entry.unit) for one in order}
        unfit = any(not self.fits(word.unit, unit) for word in numbers for unit in own)
        return not unfit and self._simply(numbers)

    def _simply(self, numbers: Sequence[Word]) -> bool:
        """Whether numbers say how many, and nothing is asked or left open."""
        return not (
            any(word.label or word.year or word.pair for word in numbers)
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

    def _more_words(self) -> bool:
        """Whether more is wanted, or the same again."""
        return self.tagged.has("dialogue.add", "dialogue.also", "dialogue.less")

    def _only_so_many(self) -> bool:
        """Whether "only" stands behind a number: "ambil 2 aja"."""
        return any(
            one.role is Role.NUMBER and text in ONLY
            for one, text in zip(self.tagged.words, self.tagged.texts[1:], strict=False)
        )

    def _set(self) -> Reading | None:
        """ "Jadi 3 aja", "packing head nya 2"."""
        if self.asked.question or self.asked.price or ranged(self.tagged):
            return None
        if any(word.token.minus for word in self.tagged.words):
            return human(N_("so many more, or so many in all?"))
        order = self.talk.order
        if self.asked.order and (self.sized() or self._more_words() or not self._only_so_many()):
            return None
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if self.sized():
            named = self.chosen([line.entry for line in order])
            if not named or any(
                not mention.match.one or mention.quantity is None or mention.doubt
                for mention in named
            ):
                return None
            if any(
                len(w.key) > _A_COUNT and self.model(self.one(named[0]), w) for w in numbers[-1:]
            ):
                # "6302 nya ganti 6201"
                return None
            twice = len({mention.match.items for mention in named}) < len(named)
            if twice or not self.accounted(named) or self.tagged.has("dialogue.less"):
                return human(N_("numbers that belong to no item"))
            if self.tagged.has("dialogue.add"):
                # So many more of them, if that is what is meant.
                return self.propose([Line(self.one(one), one.quantity) for one in named])
            if self.tagged.has("dialogue.all") and len(named) < len(order):
                # "Merah semua aja, 5" speaks of the others, too.
                return human(N_("so many of which item?"))
            return self.amend({self.one(mention): mention.quantity or 0 for mention in named})
        if len(numbers) != 1 or numbers[0].label:
            return None
        elsewhere = {entry.id for entry in self.last_said()} - {line.entry.id for line in order}
        if elsewhere:
            # The shop's last word was about something else.
            changed = self.tagged.has("dialogue.change")
            return human(N_("so many of which item?")) if changed else None
        same = len(order) == 1 and self.count(numbers[0], order[0].entry) == order[0].quantity
        if same and self.asked.want:
            return self.amend({order[0].entry: order[0].quantity or 0})
        only = any(text in ONLY or text in _SO or text in _ENOUGH for text in self.tagged.texts)
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
