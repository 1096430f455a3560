"""Answers to what the shop said: a number of its list, a yes, a quantity of what it quoted."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading import notifying
from crm_tui.reading.index import Entry
from crm_tui.reading.ordering import ranged
from crm_tui.reading.picking import Picking
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.siblings import another_size, opposed
from crm_tui.reading.taking import A_PRICE, THANKS
from crm_tui.reading.turn import WHICH
from crm_tui.reading.vetoes import AGREES
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_NAMED = 2
"""So many words name a thing that was proposed once more."""
_BARGAINS = 5
"""From here on who asks what so many cost may want another price."""
_FOR_IT = frozenset(("dapat", "dapet", "dpt", "kena", "bonus", "gratis"))
"""With one of these a price is offered for more than one."""
_ALRIGHT = frozenset(("ok", "oke", "okey", "okay", "okeh", "siap", "sip", "deal", "boleh", "jadi"))
"""Behind prices these may say no more than that they were read."""
_QUIET = (Role.STILL, Role.CUE, Role.LINK, Role.MAYBE)


class Answer(Picking):
    """A message as an answer to the shop's last one."""

    def closing(self) -> Reading | None:
        """ "Udah itu aja", "ok makasih": nothing more is wanted, nothing changes."""
        names = [
            word
            for word in self.tagged.words
            if word.role in (Role.NAME, Role.UNKNOWN, Role.NUMBER)
        ]
        if self._counts_lines(names):
            # "Ya sudah, dua itu aja", of two that are ordered.
            names = []
        if names or self.asked.order or self.tagged.asked:
            return None
        if self.tagged.has("dialogue.rest") and self.talk.proposed:
            return None
        if not REPLACES.isdisjoint(self.tagged.texts):
            # "Ganti itu aja" is no end.
            return None
        if self._agrees_to_that():
            return None
        if self.tagged.has("intents.done") and not self._goes_ahead():
            return human(N_("nothing more is wanted"))
        return None

    def _counts_lines(self, said: Sequence[Word]) -> bool:
        """Whether nothing is said but how many things are ordered, "those two", and the shop's last
        words were about no others."""
        at = self.tagged.words.index(said[0]) if len(said) == 1 else -1
        that = self.tagged.texts[at + 1 : at + 2] if at >= 0 else ()
        counted = at >= 0 and said[0].role is Role.NUMBER and not (said[0].label or said[0].unit)
        counted = counted and 1 < said[0].value == len(self.talk.order) and not self.last_said()
        return counted and not self.lexicon.words["that"].isdisjoint(that)

    def _agrees_to_that(self) -> bool:
        """Whether a yes is meant for what was proposed: "ya itu aja"."""
        texts = self.tagged.texts
        waits = bool(self.talk.proposed) or self.talk.asked
        if not waits or not texts or texts[0] not in AGREES:
            return False
        calm = self.lexicon.union("that", "just", "polite", "honorifics")
        return calm.issuperset(texts[1:])

    def _goes_ahead(self) -> bool:
        """Whether "already" only agrees, before what is wanted: "ya udah yang murah"."""
        texts = self.tagged.texts
        done = self.tagged.marks.get("intents.done", ())
        agrees = all(
            end - start == 1 and start and texts[start - 1] in AGREES and end < len(texts)
            for start, end in done
        )
        said = self.tagged.has("conditions.cheap", "dialogue.remove", "intents.cancel")
        return agrees and (said or self.asked.price or self.asked.stock)

    def yes(self) -> Reading | None:
        """A yes and nothing else: to a question, to what was quoted, or to nothing."""
        words = self.lexicon.words
        texts = self.tagged.texts
        if self.tagged.asked or words["yes"].isdisjoint(texts):
            return None
        said = [text for text in texts if text in words["yes"]]
        quiet = self.lexicon.union("yes", "polite", "honorifics") | {"udah", "jadi", "pesan"}
        rest = [text for text in texts if text not in quiet]
        asked = self.talk.proposed or self.talk.asked
        if self._agrees_to_that() or (asked and self._fetches(rest)):
            rest = []
        out = notifying.agreeable(self.talk)
        if not (words["want"] if out else frozenset()).issuperset(rest):
            return None
        if any(text in THANKS for text in texts) and not (asked and words["right"] & set(said)):
            return human(N_("thanks"))
        if asked:
            return self.wish(Wish(Kind.CONFIRM, evidence=self.text))
        if out:
            # The shop said that there is none: what is left to agree to is being told when there is.
            agreed = not words["notify.agree"].isdisjoint(texts)
            told = self.wish(notifying.wish(out, self.text))
            return told if agreed else human(N_("nothing more is wanted"))
        if len(self.talk.offered) == 1 and self.talk.choosing is Kind.AMEND:
            return self.answer_chosen([Line(self.talk.offered[0], self.talk.quantity)])
        priced = self.talk.choosing in (Kind.PRICE, Kind.STOCK)
        if self.talk.offered and not (priced and _ALRIGHT.issuperset(said)):
            return self._which_row()
        alone = len(self.talk.quoted) == 1 and not self.talk.offered
        if alone and not self.talk.order:
            many = Line(self.talk.quoted[0], self.talk.quantity or 1)
            return self.so_many_as_asked() or self.propose([many])
        if len(self.talk.quoted) > 1 and self.asked.order:
            # "Ok pesan": but which?
            return self.which_of_quoted()
        return human(N_("YA, but nothing was asked"))

    def _fetches(self, rest: Sequence[str]) -> bool:
        """Whether what stands beside a yes only says that it is fetched, and when: "benar pak, segera
        saya ambil"."""
        calm = self.lexicon.union("fetch", "take", "pronouns", "soon", "daytimes", "today", "days")
        fetched = not self.lexicon.union("fetch", "take").isdisjoint(rest)
        return fetched and calm.issuperset(rest) and not self.tagged.has("dialogue.not_yet")

    def _which_row(self) -> Reading:
        """A yes to a list: its one row, as a proposal, or the list once more."""
        talk = self.talk
        if len(talk.offered) == 1:
            return self.propose([Line(talk.offered[0], talk.quantity or 1)])
        return self.wish(
            Wish(
                Kind.CHOICES, options=talk.offered, quantity=talk.quantity, choosing=talk.choosing,
                held=talk.held, parts=talk.parts, unsure=talk.unsure,
            )
        )  # fmt: skip

    def repeated(self) -> Reading | None:
        """ "KR102 maksudnya", where just that was proposed: its code, as it should have been."""
        talk = self.talk
        if len(talk.proposed) != 1 or self.asked.question or self.asked.price or self.asked.stock:
            return None
        quiet = (Role.STILL, Role.CUE)
        names = [word for word in self.tagged.words if word.role not in quiet]
        if self.tagged.has("dialogue.deny"):
            return None
        if self._agreed_to_by_name(names):
            return self.order(talk.proposed)
        if len(names) != 1 or names[0].role is not Role.NAME:
            return None
        code = self.index.find(names[0].key.upper())
        same = code == talk.proposed[0].entry and names[0].token.text.upper() == code.code.upper()
        return self.order(talk.proposed) if same else None

    def _agreed_to_by_name(self, names: Sequence[Word]) -> bool:
        """ "Iya maksudnya V01, v-belt beat fi": a yes, and words that name what was proposed, and no
        other thing of the catalogue."""
        if len(names) < _NAMED or any(word.role is not Role.NAME for word in names):
            return False
        words, own = self.index.words, self.talk.proposed[0].entry.id
        having = [set().union(*map(words.items, words.senses(word.key))) for word in names]
        yes = self.tagged.texts[0] in AGREES and not self.tagged.has("dialogue.change")
        return yes and set.intersection(*having) == {own}

    def what_is_left(self) -> Reading | None:
        """ "Yang ada aja": as much as the shop said that there is."""
        quiet = (Role.STILL, Role.CUE)
        if not self.talk.proposed or self.talk.offered or not self.tagged.has("dialogue.rest"):
            return None
        asking = self.asked.question or self.asked.price
        asking = asking or self.tagged.cue("whether", self.lexicon)
        inside = {
            at for begin, end in self.tagged.marks["dialogue.rest"] for at in range(begin, end)
        }
        others = [word for at, word in enumerate(self.tagged.words) if at not in inside]
        short = any(line.quantity == line.entry.available for line in self.talk.proposed)
        counts = {line.quantity for line in self.talk.proposed}
        alone = len(counts) == len(self.talk.proposed) == 1
        if (
            asking
            or not short
            or any(
                word.role not in quiet
                and not (alone and word.role is Role.NUMBER and word.value in counts)
                for word in others
            )
        ):
            return None
        return self.wish(Wish(Kind.CONFIRM, evidence=self.text))

    def at_its_price(self) -> Reading | None:
        """ "Ya 845 ga apa, ambil 1", where that is the price which the shop told: so many of it."""
        target = self.target()
        if len(target) != 1 or self.talk.offered or not target[0].price:
            return None
        price = target[0].price
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        own = [word for word in numbers if word.value in (price, price / 1000) and not word.unit]
        told = bool(self.tagged.prices) and set(self.tagged.prices) == {price}
        count = [word for word in numbers if word not in own]
        named = (Role.NAME, Role.UNKNOWN, Role.EACH)
        if any(word.role in named for word in self.tagged.words) or len(own) + told != 1:
            return None
        if self.tagged.priced and not told:
            return None
        if self.asked.question or self.asked.price or self.asked.stock or ranged(self.tagged):
            return None
        if own and not count and own[0].value >= A_PRICE:
            # So many are not meant.
            return self.propose([Line(target[0], 1)])
        agreed = (self.asked.order or self.asked.want) and _FOR_IT.isdisjoint(self.tagged.texts)
        if (
            len(count) != 1
            or not agreed
            or self.tagged.negative
            or self._unfit(count[0], target[0])
        ):
            return None
        return self.order([Line(target[0], count[0].value)])

    def _unfit(self, number: Word, entry: Entry) -> bool:
        """Whether a number cannot be taken for how many of something are wanted."""
        own = self.lexicon.units.get(entry.unit.lower(), entry.unit.lower())
        other = number.label or number.year or number.pair or not self.fits(number.unit, own)
        return other or not 0 < number.value < A_PRICE

    def counted(self) -> Reading | None:
        """A quantity of what was quoted or proposed: "2 ya", "ya udah 4 aja", "pesan 1"."""
        talk = self.talk
        words = self.tagged.words
        numbers = [word for word in words if word.role is Role.NUMBER]
        named = (Role.NAME, Role.UNKNOWN, Role.EACH)
        if any(word.role in named for word in words) or len(numbers) != 1:
            return None
        number = numbers[0]
        if number.year:
            return None
        if self._sized(number):
            return self.propose([Line(talk.proposed[0].entry, talk.quantity or 1)])
        if self.asked.question or self.asked.price or ranged(self.tagged) or self.tagged.negative:
            return None
        if self.tagged.texts[-1] in self.lexicon.words["tags"] and not self.asked.order:
            # "Itu sepasang kan" asks.
            return None
        if talk.offered and not number.pair and (number.unit or not number.token.digits):
            return self.wish(
                Wish(Kind.CHOICES, options=talk.offered, quantity=number.value, choosing=Kind.ORDER)
            )
        pair = self._pair(number)
        if pair is not None:
            return pair
        target = self.target()
        if len(target) > 1 and not talk.proposed and not (number.label or number.unit):
            # So many, but of which?
            return self.of_which(target, number)
        if self.tagged.has("dialogue.all") and (talk.offered or len(target) != 1):
            return None
        if len(target) != 1 or number.label or self.another(target):
            return None
        if number.value == 0 or self.tagged.priced:
            return human(N_("a quantity of 0"))
        if self.bids(number, target[0]):
            return human(N_("about the price"))
        if self.tagged.has("dialogue.add") and not self.tagged.has("dialogue.change"):
            before = talk.proposed[0].quantity or 0 if talk.proposed else 0
            if before:
                # So many more than were proposed, perhaps.
                return self.propose([Line(target[0], before + number.value)])
        value = number.value
        own = self.lexicon.units.get(target[0].unit.lower(), target[0].unit.lower())
        if number.pair and own not in ("pair", "set"):
            value *= 2
        elif number.unit in ("liter", "meter", "kilogram") and number.unit != own:
            return None
        elif number.unit and not self.fits(number.unit, own):
            return self.propose([Line(target[0], value)])
        model = self.model(target[0], number)
        swapped = self.tagged.has("dialogue.swap") and not talk.proposed
        if model or swapped or another_size(self.index, target[0], number):
            return self.propose([Line(target[0], value)])
        if len(words) > 1 or talk.proposed:
            return self.order([Line(target[0], value)])
        return self.propose([Line(target[0], value)])

    def _pair(self, number: Word) -> Reading | None:
        """ "1 pasang", of the left and the right one, which were proposed or offered: one of each."""
        both = self.talk.offered or tuple(self.target())
        if not number.pair or not number.value or len(both) != 2:
            return None
        if not opposed(self.index, *both):
            return None
        lines = [Line(entry, number.value) for entry in both]
        ordering = self.talk.proposed or self.talk.choosing is Kind.ORDER or self.asked.order
        return self.order(lines) if ordering else self.propose(lines)

    def _sized(self, number: Word) -> bool:
        """ "Yang ring 18", of a thing of that size that was proposed: it is that one."""
        proposed = self.talk.proposed
        said = "".join(self.tagged.texts)
        which = any(text in WHICH for text in self.tagged.texts)
        if len(proposed) != 1 or not which or not number.token.digits or said.isdecimal():
            return False
        return len(number.key) > 1 and any(
            proposed[0].entry.id in self.index.words.items(sense)
            for sense in (number.key, *self.index.words.senses(number.key))
        )

    def quoted_price(self) -> Reading | None:
        """The price of what was just quoted, offered or proposed: "regonyo?", "masing2 brp", "sepasang
        berapo"; of many there may be another one."""
        words, talk = self.tagged.words, self.talk
        entries = talk.quoted or talk.offered or tuple(line.entry for line in talk.proposed)
        if not entries or self.asked.order or not (self.asked.price or self.asked.stock):
            return None
        numbers = [word for word in words if word.role is Role.NUMBER]
        few = len(numbers) < 2 and all(0 < word.value < _BARGAINS for word in numbers)
        quiet = (*_QUIET, Role.EACH, Role.NUMBER)
        if any(word.role not in quiet for word in words) or len(words) > 6 or not few:
            return None
        if any(word.label or word.year for word in numbers) or (numbers and len(entries) > 1):
            return None
        if talk.offered:
            # With its prices the same list is sent once more.
            return self.wish(
                Wish(
                    Kind.CHOICES, options=talk.offered, quantity=talk.quantity,
                    choosing=talk.choosing,
                )
            )  # fmt: skip
        return self.wish(
            Wish(Kind.PRICE, tuple(Line(entry) for entry in entries), evidence=self.text)
        )

    def enough(self) -> Reading | None:
        """ "Kalo 10 ada?": whether there are so many of the one thing that was spoken of."""
        target, words = self.target(), self.tagged.words
        numbers = [word for word in words if word.role is Role.NUMBER]
        asked = self.asked
        if len(target) != 1 or self.talk.offered or len(numbers) != 1 or not asked.stock:
            return None
        if asked.order or asked.price or any(w.role not in (*_QUIET, Role.NUMBER) for w in words):
            return None
        if self.tagged.has("dialogue.add", "dialogue.also", "dialogue.change", "dialogue.remove"):
            return None
        count = self.count(numbers[0], target[0])
        likely = count and not another_size(self.index, target[0], numbers[0])
        if not likely or self.bids(numbers[0], target[0]) or numbers[0].year:
            return None
        lines = (Line(target[0]),)
        return self.wish(Wish(Kind.STOCK, lines, evidence=self.text, quantity=count))

    def instead(self, reading: Reading) -> Reading:
        """Another item of which the number holds that was said before: "yang sakura aja"."""
        wish = reading.wishes[0] if len(reading.wishes) == 1 else None
        proposed = self.talk.proposed
        quantity = proposed[0].quantity if len(proposed) == 1 else self.talk.quantity
        if quantity is None:
            return reading
        quiet = not (self.asked.price or self.asked.stock or self.asked.question)
        if wish is None or wish.kind is not Kind.PRICE or len(wish.lines) != 1 or not quiet:
            return reading
        return self.propose([Line(wish.lines[0].entry, quantity)])
