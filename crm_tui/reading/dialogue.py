"""The next message of a conversation: an answer to the shop's list or question, a change of the
open order, or what goes on from what was named before."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.matching import Term
from crm_tui.reading.mentions import Mention
from crm_tui.reading.requests import Asked, cheapest, cues, ranged, trouble
from crm_tui.reading.tagging import Role, Tagged, Word, tag
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish, human

_SURE = 0.9
_QUIET = (Role.STILL, Role.CUE, Role.LINK, Role.MAYBE)


def terms_of(entries: Sequence[Entry], index: ItemIndex) -> list[Term]:
    """What was named by items: the words that they have in common, those of one item all."""
    common: dict[str, None] = {}
    for number, entry in enumerate(entries):
        words = index.words.words.get(entry.id, ())
        if number == 0:
            common = dict.fromkeys(words)
        else:
            common = {word: None for word in common if word in words}
    return [Term(word, {word: 1.0}, -1 - at, soft=True) for at, word in enumerate(common)]


class Turn:
    """One message in a conversation."""

    def __init__(self, tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> None:
        self.tagged = tagged
        self.text = text
        self.index = index
        self.talk = talk
        self.lexicon = index.lexicon
        self.asked: Asked = cues(tagged, index)

    # ── short answers ─────────────────────────────────────────────────────────────────────────

    def closing(self) -> Reading | None:
        """ "Udah itu aja", "ok makasih": nothing more is wanted, nothing changes."""
        names = [
            word
            for word in self.tagged.words
            if word.role in (Role.NAME, Role.UNKNOWN, Role.NUMBER)
        ]
        if names or self.asked.order or self.tagged.asked:
            return None
        if self.tagged.has("intents.done"):
            return human(N_("nothing more is wanted"))
        return None

    def yes(self) -> Reading | None:
        """A yes and nothing else: to a question, to what was quoted, or to nothing."""
        words = self.lexicon.words
        texts = self.tagged.texts
        said = [text for text in texts if text in words["yes"]]
        rest = [
            text
            for text in texts
            if text
            not in words["yes"] | words["polite"] | words["honorifics"] | {"udah", "jadi", "pesan"}
        ]
        if not said or rest or self.tagged.asked:
            return None
        if any(text in _THANKS for text in texts):
            return human(N_("thanks"))
        if self.talk.proposed or self.talk.asked:
            return self._wish(Wish(Kind.CONFIRM, evidence=self.text))
        if len(self.talk.quoted) == 1 and not self.talk.order:
            return self._propose([Line(self.talk.quoted[0], self.talk.quantity or 1)])
        return human(N_("YA, but nothing was asked"))

    # ── the list ──────────────────────────────────────────────────────────────────────────────

    def numbered(self) -> Reading | None:
        """Numbers of the list that was sent: "2", "no 2 aja 4 pcs", "no 1 3 no 2 2", "1 dan 3"."""
        offered = self.talk.offered
        if not offered or any(word.role in (Role.NAME, Role.UNKNOWN) for word in self.tagged.words):
            return None
        if self.tagged.has("conditions.cheap"):
            return self._cheap(offered)
        chosen = self._chosen()
        if chosen is None:
            return None
        if not chosen:
            # A number beyond the list may be a size: "yang 22 aja".
            sized = self.picked()
            if sized is not None:
                return sized
            return human(N_("a number that is none of the list"))
        if ranged(self.tagged):
            return human(N_("two quantities to choose from"))
        return self._choose([Line(offered[place - 1], quantity) for place, quantity in chosen])

    def _chosen(self) -> list[tuple[int, int | None]] | None:
        """Places in the list with quantities; None: no number, or a quantity; empty: impossible."""
        size = len(self.talk.offered)
        for at, text in enumerate(self.tagged.texts):
            if text in self.lexicon.ordinals:
                place = self.lexicon.ordinals[text]
                numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
                quantity = numbers[0].value if len(numbers) == 1 and at else None
                return [(place, quantity)] if place <= size else []
        if self.tagged.has("dialogue.all") and not any(
            word.role is Role.NUMBER for word in self.tagged.words
        ):
            return [(place, None) for place in range(1, size + 1)] if size <= 3 else None
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        plain = [word for word in numbers if not word.unit and word.token.digits]
        if not numbers:
            return None
        if any(word.label for word in numbers):
            return self._labelled(numbers)
        if len(numbers) == 1:
            if numbers[0].unit or not numbers[0].token.digits:
                return None
            return [(numbers[0].value, None)] if 1 <= numbers[0].value <= size else []
        if len(numbers) == 2 and len(plain) == 1 and plain[0] is numbers[0]:
            return [(plain[0].value, numbers[1].value)] if plain[0].value <= size else []
        linked = sum(len(clause) > 0 for clause in finding.clauses(self.tagged))
        if len(plain) == len(numbers) == linked:
            places = [word.value for word in plain]
            return (
                [(place, None) for place in places] if max(places) <= size and min(places) else []
            )
        return []

    def _labelled(self, numbers: Sequence[Word]) -> list[tuple[int, int | None]]:
        chosen: list[tuple[int, int | None]] = []
        for word in numbers:
            if word.label:
                if not 1 <= word.value <= len(self.talk.offered):
                    return []
                chosen.append((word.value, None))
            elif chosen and chosen[-1][1] is None:
                chosen[-1] = (chosen[-1][0], word.value)
            else:
                return []
        return chosen

    def _choose(self, lines: Sequence[Line]) -> Reading:
        quantity = self.talk.quantity
        if len(lines) > 1 and any(line.quantity is None for line in lines):
            quantity = None
        lines = [
            line if line.quantity is not None else Line(line.entry, quantity) for line in lines
        ]
        if (self.asked.question and not self.asked.order) or self.asked.price:
            return self._wish(
                Wish(Kind.PRICE, tuple(Line(line.entry) for line in lines), evidence=self.text)
            )
        if any(line.quantity == 0 for line in lines):
            return human(N_("a quantity of 0"))
        if all(line.quantity is not None for line in lines):
            return self._order(lines)
        if self.talk.choosing in (Kind.PRICE, Kind.STOCK) and not (
            self.asked.order or self.asked.want
        ):
            return self._wish(
                Wish(Kind.PRICE, tuple(Line(line.entry) for line in lines), evidence=self.text)
            )
        return self._propose([Line(line.entry, line.quantity or 1) for line in lines])

    def _cheap(self, entries: Sequence[Entry]) -> Reading | None:
        one = cheapest(entries)
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if one is None or len(numbers) > 1:
            return None
        return self._choose([Line(one, numbers[0].value if numbers else None)])

    # ── words that choose among a few ─────────────────────────────────────────────────────────

    def among(self, entries: Sequence[Entry]) -> list[Mention] | None:
        """What is named among these items only; None unless every word fits one of them."""
        if not entries:
            return None
        few = ItemIndex(entries, self.lexicon)
        tagged = tag(self.text, few, self.lexicon)
        unknown = [word for word in tagged.words if word.role is Role.UNKNOWN]
        if unknown:
            return None
        found = finding.find(tagged, few, ordering=True, lone=True)
        found = [mention for mention in found if mention.terms]
        if not found or any(mention.match.missing or not mention.match.items for mention in found):
            return None
        return found if self._all_fit(found) else None

    def _all_fit(self, found: Sequence[Mention]) -> bool:
        """Whether all that names something in the whole catalogue names one of these items."""
        items = {item for mention in found for item in mention.match.items}
        words = self.index.words
        for word in self.tagged.words:
            if word.role is Role.NAME:
                senses = words.senses(word.key)
                if senses and not any(items & words.items(sense) for sense in senses):
                    return False
        return True

    def picked(self) -> Reading | None:
        """Words that choose from the list, or from what was quoted: "yang depan 2", "os 25"."""
        talk = self.talk
        entries = talk.offered or talk.quoted
        found = self.among(entries)
        if found is None or self._elsewhere(found):
            return None
        bad = trouble(self.tagged, found)
        if bad is not None:
            return bad
        several = next((mention for mention in found if len(mention.match.items) > 1), None)
        if several is not None:
            if len(several.match.items) == len(entries) and several.quantity is None:
                return None
            options = tuple(entry for entry in entries if entry.id in several.match.items)
            if self.tagged.has("conditions.cheap") and len(found) == 1:
                one = cheapest(options)
                if one is not None:
                    return self._choose([Line(one, several.quantity)])
            quantity = several.quantity if several.quantity is not None else talk.quantity
            return self._wish(
                Wish(
                    Kind.CHOICES,
                    options=options,
                    quantity=quantity,
                    choosing=talk.choosing or Kind.ORDER,
                )
            )
        if any(mention.doubt for mention in found):
            lines = [
                Line(self._one(mention), mention.quantity or talk.quantity or 1)
                for mention in found
            ]
            return self._propose(lines)
        lines = [Line(self._one(mention), mention.quantity) for mention in found]
        if not talk.offered and not any(line.quantity for line in lines):
            return None
        if self.asked.stock and not self.asked.order:
            return self._wish(
                Wish(Kind.STOCK, tuple(Line(line.entry) for line in lines), evidence=self.text)
            )
        return self._choose(lines)

    def _elsewhere(self, found: Sequence[Mention]) -> bool:
        """Whether the words name other items as well, by what kind of thing they are."""
        own = {item for mention in found for item in mention.match.items}
        if any(mention.match.headed for mention in found):
            everywhere = finding.find(self.tagged, self.index, ordering=True)
            return any(
                mention.match.one and mention.match.headed and mention.match.items[0] not in own
                for mention in everywhere
            )
        return False

    def _one(self, mention: Mention) -> Entry:
        return self.index.entry(mention.match.items[0])

    # ── a number alone ────────────────────────────────────────────────────────────────────────

    def counted(self) -> Reading | None:
        """A quantity of what was quoted or proposed: "2 ya", "ya udah 4 aja", "pesan 1"."""
        talk = self.talk
        words = self.tagged.words
        numbers = [word for word in words if word.role is Role.NUMBER]
        if any(word.role in (Role.NAME, Role.UNKNOWN) for word in words) or len(numbers) != 1:
            return None
        number = numbers[0]
        if self.asked.question or self.asked.price or ranged(self.tagged) or self.tagged.negative:
            return None
        if talk.offered and (number.unit or not number.token.digits):
            return self._wish(
                Wish(Kind.CHOICES, options=talk.offered, quantity=number.value, choosing=Kind.ORDER)
            )
        target = [line.entry for line in talk.proposed] or list(talk.quoted)
        if self.tagged.has("dialogue.all"):
            return None
        if len(target) != 1 or number.label:
            return None
        if number.value == 0 or self.tagged.priced:
            return human(N_("a quantity of 0"))
        value = number.value
        own = self.lexicon.units.get(target[0].unit.lower(), target[0].unit.lower())
        if number.pair and own not in ("pair", "set"):
            value *= 2
        elif number.unit and not finding.fits(number.unit, own):
            return self._propose([Line(target[0], value)])
        if len(words) > 1 or talk.proposed:
            return self._order([Line(target[0], value)])
        return self._propose([Line(target[0], value)])

    def quoted_price(self) -> Reading | None:
        """The price of what was just quoted: "regonyo?"."""
        words = self.tagged.words
        if not self.talk.quoted or not (self.asked.price or self.asked.stock):
            return None
        if any(word.role not in _QUIET for word in words) or len(words) > 5:
            return None
        return self._wish(
            Wish(Kind.PRICE, tuple(Line(entry) for entry in self.talk.quoted), evidence=self.text)
        )

    def instead(self, reading: Reading) -> Reading:
        """Another item of which the number holds that was said before: "yang sakura aja"."""
        wish = reading.wishes[0] if len(reading.wishes) == 1 else None
        quiet = not (self.asked.price or self.asked.stock or self.asked.question)
        if wish is None or wish.kind is not Kind.PRICE or len(wish.lines) != 1 or not quiet:
            return reading
        return self._propose([Line(wish.lines[0].entry, self.talk.quantity)])

    # ── the open order ────────────────────────────────────────────────────────────────────────

    def change(self) -> Reading | None:
        """A change of the open order; None where none is meant."""
        if not self.talk.order:
            return None
        return self._removed() or self._swapped() or self._added() or self._set()

    def _removed(self) -> Reading | None:
        if not self.tagged.has("dialogue.remove"):
            return None
        spans = self.tagged.marks["dialogue.remove"]
        if self._withdrawn():
            return self._wish(Wish(Kind.CANCEL, evidence=self.text))
        if self._names() and not self._goes_on(spans):
            found = self.among([line.entry for line in self.talk.order])
            if found and all(mention.match.one and mention.quantity is None for mention in found):
                return self._amend({self._one(mention): 0 for mention in found})
            return human(N_("takes back something, perhaps not all"))
        return None

    def _withdrawn(self) -> bool:
        """ "Ga jadi deh", and nothing was asked meanwhile: the order is taken back."""
        talk = self.talk
        return not (
            talk.offered or talk.proposed or talk.quoted or self.asked.question
            or len(self.tagged.words) > 6 or len(self.tagged.marks["dialogue.remove"]) > 1
            or any(word.role in (Role.NAME, Role.UNKNOWN, Role.NUMBER) for word in self.tagged.words)
        )  # fmt: skip

    def lessened(self) -> Reading | None:
        """ "Kurangi 1": fewer of the one item that is ordered."""
        order = self.talk.order
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if (
            len(order) != 1 or len(numbers) != 1 or not self.tagged.has("dialogue.less")
            or self._names() or self.asked.question or self.asked.price or self.tagged.priced
        ):  # fmt: skip
            return None
        left = (order[0].quantity or 0) - numbers[0].value
        return self._amend({order[0].entry: left}) if left > 0 and numbers[0].value else None

    def _goes_on(self, spans: Sequence[tuple[int, int]]) -> bool:
        """Whether something else is named behind the withdrawal, in a clause of its own."""
        end = spans[-1][1]
        behind = self.tagged.words[end:]
        return (
            bool(behind)
            and any(word.role is Role.NAME for word in behind)
            and bool(self.tagged.has("dialogue.swap"))
        )

    def _swapped(self) -> Reading | None:
        if not self.tagged.has("dialogue.swap") or not self._names() or self.asked.question:
            return None
        if self.tagged.has("dialogue.add") or self.tagged.has("dialogue.also"):
            return None
        order = self.talk.order
        known = self.among([line.entry for line in order])
        if known is not None and all(mention.quantity is not None for mention in known):
            return None
        for line in reversed(order):
            found = finding.find(
                self.tagged, self.index, ordering=True, context=terms_of([line.entry], self.index)
            )
            if len(found) != 1 or not found[0].match.one or found[0].doubt:
                continue
            new = self._one(found[0])
            related = (
                self.index.words.heads[new.id][:1] == self.index.words.heads[line.entry.id][:1]
            )
            if new.id != line.entry.id and related:
                if len(order) > 1 and line is not order[-1]:
                    return human(N_("which line of the order is to be another one?"))
                return self._amend({line.entry: 0, new: found[0].quantity or line.quantity or 1})
        return None

    def _added(self) -> Reading | None:
        marked = self.tagged.has("dialogue.add") or self.tagged.has("dialogue.also")
        if not marked or self.asked.question or self.asked.price:
            return None
        order = self.talk.order
        if not self._names():
            numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
            if not self.tagged.has("dialogue.add") or len(numbers) != 1 or numbers[0].label:
                return None
            if len(order) == 1 and numbers[0].value:
                entry = order[0].entry
                return self._amend({entry: (order[0].quantity or 0) + numbers[0].value})
            return human(N_("more of which item?"))
        context = terms_of([order[-1].entry], self.index)
        found = finding.find(self.tagged, self.index, ordering=True, context=context)
        if not found:
            return None
        if any(not mention.match.one or mention.doubt for mention in found):
            return None
        if all(mention.quantity is None and mention.match.headed for mention in found):
            return self._propose([Line(self._one(mention), 1) for mention in found])
        having = {line.entry.id: line.quantity or 0 for line in order}
        wanted: dict[Entry, int] = {}
        for mention in found:
            entry = self._one(mention)
            quantity = mention.quantity
            if quantity is None and not mention.match.headed and entry.id not in having:
                quantity = order[-1].quantity
            if not quantity or (entry.id in having and not self.tagged.has("dialogue.add")):
                return None
            wanted[entry] = having.get(entry.id, 0) + quantity
        return self._amend(wanted)

    def _set(self) -> Reading | None:
        """ "Jadi 3 aja", "packing head nya 2"."""
        if self.asked.order or self.asked.question or self.asked.price or ranged(self.tagged):
            return None
        order = self.talk.order
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if self._names():
            found = self.among([line.entry for line in order])
            if not found or any(
                not mention.match.one or mention.quantity is None or mention.doubt
                for mention in found
            ):
                return None
            return self._amend({self._one(mention): mention.quantity or 0 for mention in found})
        if len(numbers) != 1 or numbers[0].label:
            return None
        if len(order) == 1 and numbers[0].value == order[0].quantity and self.asked.want:
            return self._amend({order[0].entry: numbers[0].value})
        only = any(text in _ONLY for text in self.tagged.texts)
        if not self.tagged.has("dialogue.change") and not only:
            return None
        if self.talk.offered or self.talk.proposed or self.tagged.priced:
            return None
        if len(order) > 1:
            return human(N_("so many of which item?"))
        if numbers[0].value == 0:
            return human(N_("a quantity of 0"))
        return self._amend({order[0].entry: numbers[0].value})

    def _names(self) -> bool:
        return any(word.role in (Role.NAME, Role.UNKNOWN) for word in self.tagged.words)

    # ── what comes of it ──────────────────────────────────────────────────────────────────────

    def _amend(self, wanted: dict[Entry, int]) -> Reading:
        lines = tuple(Line(entry, quantity) for entry, quantity in wanted.items())
        return self._wish(Wish(Kind.AMEND, lines, evidence=self.text))

    def _order(self, lines: Sequence[Line]) -> Reading:
        return self._wish(Wish(Kind.ORDER, tuple(lines), evidence=self.text))

    def _propose(self, lines: Sequence[Line]) -> Reading:
        return self._wish(Wish(Kind.CHOICES, tuple(lines), evidence=self.text, choosing=Kind.ORDER))

    def _wish(self, wish: Wish) -> Reading:
        spans = tuple(
            word.span for word in self.tagged.words if word.role in (Role.NAME, Role.NUMBER)
        )
        return Reading((replace(wish, evidence=self.text, spans=spans),), sureness=_SURE)


_THANKS = {
    "makasih", "makasi", "mksh", "mksih", "terima", "trims", "trimakasih", "terimakasih", "tks",
    "thx", "thanks", "thank", "suwun", "nuhun", "mokasih",
}  # fmt: skip
_ONLY = {"aja", "saja", "bae", "wae", "doang"}
