"""Short texts that go on from what was named before: both of them, one and something else, the other
side, the same for another model."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.answering import Answer
from crm_tui.reading.channel import SOUND
from crm_tui.reading.contrasting import other_sides, other_sizes
from crm_tui.reading.index import Entry
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.measuring import measures
from crm_tui.reading.ordering import ranged, summed, trouble
from crm_tui.reading.pieces import Mention, Pieces
from crm_tui.reading.proposals import choices
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import Resolved
from crm_tui.reading.vetoes import WHY
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_BOTH = ("dua", "duo", "2", "kedua", "loro", "kadua")
_MOST_TOGETHER = 4
_LINKS = frozenset(
    ("sama", "samo", "sm", "dan", "dn", "plus", "ama", "karo", "jeung", "sareng", "and")
)
_THAT = frozenset(("itu", "ini", "tu", "niki", "iki", "kuwi", "eta"))
_FEW_WORDS = 6
_A_SIZE = 10
"""From here on a number alone may be a size."""


class Following(Answer):
    """A message that is understood by what the talk was about before."""

    def plural(self) -> Reading | None:
        """ "Dua-duanya", "masing-masing 1", "1 1": so many of each that was named."""
        words = self.tagged.words
        each = any(word.role is Role.EACH for word in words)
        whole = self.tagged.has("dialogue.all")
        each = each or self._doubled()
        if not (each or whole) or self.names() or self.asked.question or self.asked.price:
            return None
        if self.asked.stock or ranged(self.tagged) or self.tagged.priced or self.tagged.negative:
            return None
        group, sure = self._group()
        if len(group) < 2 and whole and not each and self._in_all():
            return None
        if len(group) < 2:
            return human(N_("of which items?"))
        numbers = [word for word in words if word.role is Role.NUMBER]
        numbers = self._but_for_both(numbers, len(group))
        if any(word.label for word in numbers):
            return None
        values = [word.value for word in numbers] or [
            word.value for word in words if word.role is Role.EACH and word.value
        ]
        if not values:
            return self.propose([Line(entry, self.talk.quantity or 1) for entry in group])
        if len(values) not in (1, len(group)) or not all(values):
            return human(N_("numbers that belong to no item"))
        counts = values * len(group) if len(values) == 1 else values
        lines = [Line(entry, count) for entry, count in zip(group, counts, strict=True)]
        alone = set(counts) == {1}
        certain = sure and (each or len(values) > 1 or alone) and len(set(counts)) == 1
        # Behind a list to order from, how many is all that was left to say.
        asked = bool(self.talk.offered) and self.talk.choosing is Kind.ORDER
        wanted = asked or self._wanted() or bool(self.talk.proposed)
        return self.order(lines) if certain and wanted else self.propose(lines)

    def _in_all(self) -> bool:
        """Whether a number with "all" behind it counts the one thing that was named: "36 galo"."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        both = any(text.startswith(_BOTH) for text in self.tagged.texts)
        alone = len(numbers) == 1 and len(self.target()) == 1
        return alone and not both and not self.talk.offered

    def _but_for_both(self, numbers: Sequence[Word], size: int) -> list[Word]:
        """The numbers without the one that says that all of so many are meant: "galo duo itu 1 1"."""
        words = self.tagged.words
        if len(numbers) in (1, size):
            return list(numbers)
        near = {
            id(words[at])
            for begin, end in self.tagged.marks.get("dialogue.all", ())
            for at in (begin - 1, end)
            if 0 <= at < len(words) and words[at].value == size
        }
        return [word for word in numbers if id(word) not in near]

    def _doubled(self) -> bool:
        """ "Sikok sikok", "1 1": the same number for each of what was proposed or quoted."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        digits = any(word.token.digits for word in numbers)
        if (self.talk.offered and digits) or any(word.label or word.year for word in numbers):
            return False
        return len(numbers) > 1 and len({word.value for word in numbers}) == 1

    def _wanted(self) -> bool:
        return self.asked.order or self.asked.want

    def _group(self) -> tuple[Sequence[Entry], bool]:
        """Which items "both" and "each" are about, and whether that can be no others."""
        talk = self.talk
        if talk.parts:
            return (), False
        ordered = {line.entry.id for line in talk.order}
        for group in (talk.offered, tuple(line.entry for line in talk.proposed), talk.quoted):
            if 1 < len(group) <= _MOST_TOGETHER:
                return group, True
        if talk.offered or len(talk.quoted) > 1:
            return (), False
        recent = [entry for entry in talk.recent if entry.id not in ordered]
        if len(recent) == 2:
            return recent, True
        two = any(text.startswith(_BOTH) for text in self.tagged.texts)
        return recent[-2:] if two else recent[-_MOST_TOGETHER:], False

    def one_and_more(self) -> Reading | None:
        """ "Ambil 1 sama segitiga 2": so many of what was quoted, and something else."""
        target = [line.entry for line in self.talk.proposed] or list(self.talk.quoted)
        parts = finding.clauses(self.tagged)
        if len(target) != 1 or self.talk.offered or len(parts) < 2:
            return None
        pointed = not _THAT.isdisjoint(word.token.text for word in parts[0])
        if self.asked.question or self.asked.price or self.asked.stock:
            return None
        first = [word for word in parts[0] if word.role is Role.NUMBER]
        # "3 sama segitiga 2": a number that stands alone counts what was quoted.
        pointed = pointed or all(word.role in (Role.NUMBER, Role.STILL) for word in parts[0])
        if not (self._wanted() or pointed):
            return None
        if len(first) != 1 or first[0].label or first[0].unit or self._names(parts[0]):
            return None
        found = finding.find(self.tagged, self.index, ordering=True)
        if not found:
            return None
        found = [self.companion(mention, target[0]) for mention in found]
        if any(not mention.match.one or not mention.quantity for mention in found):
            return human(N_("so many of one thing, and another that is not certain"))
        bad = trouble(self.tagged, found)
        if bad is not None:
            return bad
        if not first[0].value or any(first[0].span in _spans(mention) for mention in found):
            return None
        lines = summed([(target[0], first[0].value), *((self.one(m), m.quantity) for m in found)])
        rest = [word for word in self.tagged.words if word.role is Role.NUMBER and word != first[0]]
        used = {span for mention in found for span in _spans(mention)}
        certain = all(
            mention.match.headed and not mention.doubt and not mention.unknown for mention in found
        ) and all(word.span in used for word in rest)
        return self.order(lines) if certain else self.propose(lines)

    def picked_and_more(self) -> Reading | None:
        """ "Karsa 2 sama sepul alpa 1": so many of the list, and something else."""
        parts = finding.clauses(self.tagged)
        if not self.talk.offered or len(parts) < 2 or not parts[0] or not parts[1]:
            return None
        if self.asked.question or self.asked.price or self.asked.stock or ranged(self.tagged):
            return None
        begin, cut = parts[0][0].span[0], parts[1][0].span[0]
        first, rest = self.text[begin:cut].rstrip(" +&,"), self.text[cut:]
        tagged = tag(rest, self.index)
        found = finding.find(tagged, self.index, ordering=True)
        plain = all(one.match.one and one.match.headed and one.quantity for one in found)
        if not found or not plain or trouble(tagged, found) is not None:
            return None
        own = Following(tag(_unlinked(first), self.index), _unlinked(first), self.index, self.talk)
        chosen = own.picked() or own.numbered()
        wish = chosen.wishes[0] if chosen is not None and chosen.certain else None
        counted = wish is not None and wish.lines and all(line.quantity for line in wish.lines)
        if wish is None or not counted or wish.kind not in (Kind.ORDER, Kind.CHOICES):
            return None
        lines = summed(
            [*((line.entry, line.quantity) for line in wish.lines),
             *((self.one(one), one.quantity) for one in found)]
        )  # fmt: skip
        sure = wish.kind is Kind.ORDER and all(
            not (one.doubt or one.unknown or one.match.contested) and one.match.sure >= SOUND
            for one in found
        )
        strange = any(word.role is Role.UNKNOWN for word in tagged.words)
        return self.order(lines) if sure and not strange else self.propose(lines)

    def _names(self, words: Sequence[Word]) -> bool:
        return any(
            word.role in (Role.NAME, Role.UNKNOWN)
            or (word.role is Role.MAYBE and word.key in self.lexicon.canon)
            for word in words
        )

    def contrasted(self) -> Reading | None:
        """ "Kalau yang belakang?", "putih bae", "yang os 50": what differs so from what was named."""
        said = self.last_said() or self.talk.recent[-1:]
        if not said or not self.sized() or self._only_places():
            return None
        if self._either_or():
            return human(WHY["advice"])
        if self.names_kind():
            return self._either(said) if self.which() else None
        bad = trouble(self.tagged, ())
        if bad is not None:
            return bad
        found = self.resolved(said)
        before = [entry for entry in self.talk.recent if entry not in said]
        named = self.among(before) if before else None
        several = sum(word.role is Role.NAME for word in self.tagged.words) > 1
        if named is None and found is None and before and several:
            named = self.among(self.talk.recent)
        if named is not None and (found is None or not self._last(found, said)):
            # Something that was named earlier is meant rather than what nobody has named.
            items = {item for one in (found.mentions if found else ()) for item in one.match.items}
            others = {item for mention in named for item in mention.match.items}
            if items - others:
                both = sorted(items | others)
                return self._choose_of([self.index.entry(item) for item in both], None)
            found = Resolved(named, self.accounted(named))
        if found is None:
            return self._one_such(said) or self._none_such(said)
        return self._meant(found)

    def both_sides(self) -> Reading | None:
        """ "Kanan kiri berapa?", where one of them was named: both; None if nothing else is said, or
        there is no such other one."""
        said = self.last_said()
        names = {self.lexicon.name(w.key) for w in self.tagged.words if w.role is Role.NAME}
        one = next(iter(names), "")
        if len(said) != 1 or names != {one, self.lexicon.opposites.get(one)} or self._strange():
            return None
        others = other_sides(self.index, said[0])
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if len(others) != 1 or len({word.value for word in numbers}) > 1:
            return None
        asking = self.asked.question or self.asked.price or self.asked.stock
        if asking or not numbers:
            return self.wish(Wish(Kind.PRICE, (Line(said[0]), Line(others[0]))))
        bad = trouble(self.tagged, ())
        count = numbers[0].value if numbers[0].pair or len(numbers) > 1 else 1
        return bad or self.propose([Line(said[0], count), Line(others[0], count)])

    def _only_places(self) -> bool:
        """Whether nothing but places in a list is said, where there is none: "nomor 2"."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        places = all(word.value < _A_SIZE and not word.unit for word in numbers)
        return bool(numbers) and places and not self.names()

    def besides(self) -> Reading | None:
        """ "Kalau sirsak?" where something of this kind was asked for in vain: the same for it."""
        if not self.talk.sought or self.last_said() or not self.sized() or self.names_kind():
            return None
        asking = self.asked.question or self.asked.price or self.asked.stock
        if not (asking or self.which()) or self.asked.order or len(self.tagged.words) > _FEW_WORDS:
            return None
        before = finding.find(tag(self.talk.sought, self.index), self.index, ordering=False)
        own = Pieces(self.tagged, self.index, ordering=False)
        new = own.terms([w for w in self.tagged.words if w.role in (Role.NAME, Role.NUMBER)])
        if len(before) != 1 or not new or not all(term.senses for term in new):
            return None
        kept = [term for term in before[0].terms if self._goes_with(term, new)]
        kinds = self.index.words.kinds
        if not any(kinds.get(sense) for term in kept for sense in term.senses):
            return None
        found = match([replace(term, soft=False) for term in (*kept, *new)], self.index.words)
        words = " ".join(dict.fromkeys(term.key for term in (*kept, *new)))
        if found.missing or not found.items or not found.headed:
            return self.wish(Wish(Kind.NOT_FOUND, unknown=(words,)))
        entries = [self.index.entry(item) for item in found.items]
        kind = Kind.STOCK if self.asked.stock and not self.asked.price else Kind.PRICE
        if len(entries) > 1:
            return self.wish(choices(entries, None, kind, ()))
        return self.wish(Wish(kind, (Line(entries[0]),)))

    def _goes_with(self, term: Term, new: Sequence[Term]) -> bool:
        """Whether a word that was said before holds beside new ones: no model beside another one, no
        side beside the other."""
        words = self.index.words
        if not term.senses or any(map(words.applies, term.senses)):
            return False
        opposite = self.lexicon.opposites.get(self.lexicon.name(term.key))
        return all(self.lexicon.name(one.key) != opposite for one in new)

    def graded(self) -> Reading | None:
        """ "Yang kecil 2", of things that differ in one size only: the smallest of them, or the
        greatest; that is asked about."""
        names = [word.key for word in self.tagged.words if word.role is Role.NAME]
        grades = {self.lexicon.name(name) for name in names}
        if grades not in ({"kecil"}, {"besar"}) or self._strange():
            return None
        entries = self.talk.offered or self.talk.quoted
        if len(entries) == 1:
            entries = (*entries, *other_sizes(self.index, entries[0]))
        if len(entries) < 2:
            return None
        sizes = measures([self.index.words.words[entry.id] for entry in entries])
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if sizes is None or len(numbers) > 1 or any(word.label for word in numbers):
            return None
        wanted = min(sizes) if grades == {"kecil"} else max(sizes)
        entry = entries[sizes.index(wanted)]
        asking = self.asked.question or self.asked.price or self.asked.stock
        quantity = numbers[0].value if numbers else self.talk.quantity
        if asking or not (quantity or self.asked.order):
            return self.wish(Wish(Kind.PRICE, (Line(entry),)))
        bad = trouble(self.tagged, ())
        return bad or self.propose([Line(entry, quantity or 1)])

    def _either(self, said: Sequence[Entry]) -> Reading | None:
        """ "Yang bendix 2": a make of what was named, or a thing of that name."""
        found = self.resolved(said)
        if found is None or any(not mention.match.one for mention in found.mentions):
            return None
        asking = self.asked.question or self.asked.price or self.asked.stock
        if asking and not self.asked.order:
            return self.wish(
                Wish(Kind.PRICE, tuple(Line(self.one(mention)) for mention in found.mentions))
            )
        lines = [
            Line(self.one(mention), mention.quantity or self.talk.quantity or 1)
            for mention in found.mentions
        ]
        return self.propose(lines)

    def _last(self, found: Resolved, said: Sequence[Entry]) -> bool:
        """Whether only items of the shop's last answer are meant."""
        last = {entry.id for entry in said}
        return all(set(mention.match.items) <= last for mention in found.mentions)

    def _choose_of(self, options: Sequence[Entry], quantity: int | None) -> Reading:
        ordering = quantity is not None or self.asked.order or self.talk.quantity is not None
        return self.wish(
            Wish(
                Kind.CHOICES, options=tuple(options[:8]),
                quantity=quantity if quantity is not None else self.talk.quantity,
                choosing=Kind.ORDER if ordering else Kind.PRICE,
            )
        )  # fmt: skip

    def _meant(self, found: Resolved) -> Reading | None:
        asking = self.asked.question or self.asked.price or self.asked.stock
        for mention in found.mentions:
            if len(mention.match.items) > 1:
                return self._choose_of(mention.entries(self.index), mention.quantity)
        entries = [self.one(mention) for mention in found.mentions]
        counted = [mention.quantity for mention in found.mentions]
        if any(count == 0 for count in counted):
            return human(N_("a quantity of 0"))
        if asking and not self.asked.order:
            return self.wish(Wish(Kind.PRICE, tuple(Line(entry) for entry in entries)))
        held = self.talk.quantity if len(entries) == 1 else None
        proposed = self.talk.proposed[0].quantity if len(self.talk.proposed) == 1 else None
        lines = [
            Line(entry, count or held or proposed or 1)
            for entry, count in zip(entries, counted, strict=True)
        ]
        certain = found.sure and not asking
        certain = certain and not any(mention.doubt for mention in found.mentions)
        if all(counted) or (certain and held and self.agreed()):
            return self.order(lines) if certain else self.propose(lines)
        if any(counted) or self.asked.order or self.asked.want or held or proposed:
            return self.propose(lines)
        return self.wish(Wish(Kind.PRICE, tuple(Line(entry) for entry in entries)))

    def _either_or(self) -> bool:
        """ "Hitam apa merah?": which of two it is, or which is to be had, is asked of people."""
        words, texts = self.tagged.words, self.tagged.texts
        if self.asked.price or self.asked.stock or self.asked.order:
            return False
        return any(
            texts[at] in self.lexicon.words["either"]
            and words[at - 1].role is Role.NAME
            and words[at + 1].role is Role.NAME
            for at in range(1, len(words) - 1)
        )

    def _one_such(self, said: Sequence[Entry]) -> Reading | None:
        """ "Karsa?", where that is a make of one such thing only: what it costs. Whether it is for the
        same use, its name tells."""
        names = [word for word in self.tagged.words if word.role is Role.NAME]
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        words = self.index.words
        kinds = {head for entry in said for head in words.heads[entry.id][:1]}
        by_number = (
            not names and len(numbers) == 1 and self.called(numbers[0]) and self.asked.question
        )
        if by_number:
            # "Kalo 6205?"
            names, numbers = numbers, []
        if len(names) != 1 or numbers or self.asked.order or self._strange() or len(kinds) != 1:
            return None
        senses = [one for one, weight in words.senses(names[0].key).items() if weight >= SOUND]
        having = set().union(*map(words.items, senses)) & words.items(next(iter(kinds)))
        having -= {entry.id for entry in said}
        if len(having) != 1 or names[0].key in self.lexicon.opposites:
            return None
        (item,) = having
        if not by_number and all(
            len(set(words.words[one.id]) & set(words.words[item])) < 2 for one in said
        ):
            return None
        return self.wish(Wish(Kind.PRICE, (Line(self.index.entry(item)),)))

    def _none_such(self, said: Sequence[Entry]) -> Reading | None:
        """What differs in that from what was named is not sold; the word may not be taken for a thing
        of another kind."""
        if not self.short() or self._strange():
            return None
        named = [word for word in self.tagged.words if word.role is Role.NAME]
        asking = self.asked.question or self.asked.price or self.asked.stock
        if not named or not (asking or self.asked.order):
            return human(N_("not one of what was named"))
        kinds = list(dict.fromkeys(entry.name.split()[0].lower() for entry in said))
        words = " ".join([*kinds[:1], *(word.token.text for word in named)])
        return self.wish(Wish(Kind.NOT_FOUND, unknown=(words,)))

    def refined(self, found: list[Mention]) -> list[Mention]:
        """What a message names, in the light of what was named before: of several things of a kind
        those for the same use; a word that only says which one names no thing of another kind."""
        said = self.last_said() or [line.entry for line in self.talk.order] or self.talk.recent
        if not found or not said:
            return found
        first = found[0]
        if first.match.headed:
            if not self.tagged.has("conditions.cheap"):
                # "The cheap one" may well be another than that which was named.
                first = self._own(first) or self.companion(first, self.like(first, said))
            return [replace(first, doubt=first.doubt or self.which()), *found[1:]]
        if first.match.items and not first.match.missing and self.short():
            asking = self.asked.question or self.asked.price or self.asked.stock
            if not asking and not self.asked.order:
                return []
            if any(self.lexicon.opposites.get(term.key) for term in first.terms) and len(found) > 1:
                return []
            first = replace(first, match=Match((), first.terms))
        elif first.match.items and not first.lean:
            plain = all(term.key.isalpha() for term in first.terms)
            first = replace(first, doubt=first.doubt or plain or self.which())
        return [first, *found[1:]]

    def _own(self, mention: Mention) -> Mention | None:
        """Of several things the one that is ordered, where only that is asked about: "kenarinya
        berapa?"; None if it is not asked so, or there is none such."""
        asked = self.asked
        ordered = {line.entry.id for line in self.talk.order}
        items = tuple(item for item in mention.match.items if item in ordered)
        asking = (asked.price or asked.stock) and not asked.order and not self.last_said()
        if not asking or len(items) != 1 or len(mention.match.items) < 2 or mention.match.missing:
            return None
        return replace(mention, match=replace(mention.match, items=items))

    def together(self, reading: Reading) -> Reading:
        """ "Sama sirsak 1 juga", behind a proposal: both are proposed, for nobody has said no to it."""
        wish = reading.wishes[0] if reading.certain and len(reading.wishes) == 1 else None
        proposed = self.talk.proposed
        if wish is None or wish.options or not proposed or self.talk.order:
            return reading
        if wish.kind not in (Kind.ORDER, Kind.CHOICES) or wish.alternatives or wish.unless:
            return reading
        words = self.tagged.words
        also = self.tagged.marks.get("dialogue.also", ())
        agreed = self.lexicon.words["yes"] | self.lexicon.words["polite"]
        linked = any(
            end == len(words) or agreed.issuperset(self.tagged.texts[:start]) for start, end in also
        )
        linked = linked or any(self._last_said_but_courtesies(end) for _, end in also)
        if not linked and not self.tagged.has("dialogue.add"):
            return reading
        named = {line.entry for line in wish.lines}
        if any(line.entry in named for line in proposed):
            return reading
        return self.propose([*proposed, *wish.lines])

    def _last_said_but_courtesies(self, end: int) -> bool:
        words = self.lexicon.words
        calm = words["polite"] | words["honorifics"]
        return calm.issuperset(self.tagged.texts[end:])

    def status(self) -> Reading | None:
        """ "Udah disiapkan belum?", "pesananku apa saja tadi?" of somebody with an open order."""
        words = self.lexicon.words
        texts = self.tagged.texts
        named = any(
            word.role in (Role.NAME, Role.UNKNOWN) and text not in words["totals"]
            for word, text in zip(self.tagged.words, texts, strict=True)
        )
        if not self.talk.order or self.last_said() or self._numbers() or named:
            return None
        summed = any(text in words["totals"] for text in texts) or self.tagged.has("dialogue.all")
        if summed and self.tagged.cue("price", self.lexicon) and not self.asked.order:
            return self.wish(Wish(Kind.STATUS))
        asking = self.asked.question or self.tagged.cue("whether", self.lexicon)
        done = any(text in words["done"] for text in texts)
        about = any(text in words["ordered"] for text in texts)
        ready = any(text in words["prepared"] for text in texts)
        if asking and ((done and ready) or about):
            return self.wish(Wish(Kind.STATUS))
        # "Jadi berapa semuanya?": what is ordered is told with its total.
        summed_up = any(text in words["sums"] for text in texts) and self.asked.price
        plain = not (self.asked.order or self.tagged.has("dialogue.add", "veto.haggle"))
        return self.wish(Wish(Kind.STATUS)) if summed_up and plain else None

    def _numbers(self) -> bool:
        return any(word.role is Role.NUMBER for word in self.tagged.words)


def _unlinked(text: str) -> str:
    """A piece of a text without the word behind it that links it to the next one."""
    words = text.split()
    return " ".join(words[:-1] if words and words[-1].lower() in _LINKS else words)


def _spans(mention: Mention) -> set[tuple[int, int]]:
    return {word.span for word in mention.words}
