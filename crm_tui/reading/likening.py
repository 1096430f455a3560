"""What is like the things that were named before: the other side, another size, make or colour, the
same for another model."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading import sizes
from crm_tui.reading.answering import Answer
from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.index import Entry
from crm_tui.reading.matching import Term, match
from crm_tui.reading.measuring import measures
from crm_tui.reading.notifying import lacking
from crm_tui.reading.ordering import trouble
from crm_tui.reading.pieces import Mention, Pieces
from crm_tui.reading.proposals import choices
from crm_tui.reading.resolving import Resolved, meaning
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.siblings import another_size, other_sides, other_sizes
from crm_tui.reading.sides_of_none import one_of_both
from crm_tui.reading.tagging import tag
from crm_tui.reading.unsaid_makes import models_of
from crm_tui.reading.vetoes import WHY
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_FEW_WORDS = 6
_MOST_TOLD = 3
"""So many prices are told of what a short word may mean."""
_A_SIZE = 10
"""From here on a number alone may be a size."""


class Likening(Answer):
    """A message that names things by that in which they differ from what was named."""

    def contrasted(self) -> Reading | None:
        """ "Kalau yang belakang?", "putih bae", "yang os 50": what differs so from what was named."""
        said = self.spoken()
        if not said or not (self.sized() or self._only_size()) or self._only_places():
            return None
        if self._either_or():
            return human(WHY["advice"])
        if self.names_kind():
            return self._either(said) if self.which() else None
        bad = trouble(self.tagged, ())
        if bad is not None:
            return bad
        resolved = self.resolved(said)
        before = [entry for entry in self.talk.recent if entry not in said]
        named = self.among(before) if before else None
        several = sum(word.role is Role.NAME for word in self.tagged.words) > 1
        if named is None and resolved is None and before and several:
            named = self.among(self.talk.recent)
        if resolved is not None and before and self._each_of_recent(resolved):
            # "No 1 2, no 2 1", which were asked about one after the other.
            return self._meant(resolved)
        if named is not None and (resolved is None or not self._last(resolved, said)):
            # Something that was named earlier is meant rather than what nobody has named.
            items = {
                item for one in (resolved.mentions if resolved else ()) for item in one.match.items
            }
            others = {item for mention in named for item in mention.match.items}
            if items - others:
                both = sorted(items | others)
                return self._choose_of([self.index.entry(item) for item in both], None)
            resolved = Resolved(named, self.accounted(named))
        if resolved is None:
            return self._one_side(said) or self._one_such(said) or self._none_such(said)
        return self._meant(resolved)

    def _each_of_recent(self, found: Resolved) -> bool:
        """Whether each word names one of the things that were spoken of, and no two the same."""
        each = {mention.match.items for mention in found.mentions if mention.match.one}
        if len(each) < 2 or len(each) < len(found.mentions):
            return False
        recent = self.among(self.talk.recent)
        return recent is not None and meaning(recent) == meaning(found.mentions)

    def both_sides(self) -> Reading | None:
        """ "Kanan kiri berapa?", where one of them was named: both; None if nothing else is said, or
        there is no such other one."""
        said = self.last_said()
        if len(said) != 1:
            return None
        names = {self.lexicon.name(w.key) for w in self.tagged.words if w.role is Role.NAME}
        one = next(iter(names), "")
        if names != {one, self.lexicon.opposites.get(one)} or self._strange():
            return None
        others = other_sides(self.index, said[0])
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        whole = not others and one_of_both(said[0], self.lexicon)
        if (len(others) != 1 and not whole) or len({word.value for word in numbers}) > 1:
            return None
        asking = self.asked.question or self.asked.price or self.asked.stock
        if asking or not numbers:
            return self.wish(Wish(Kind.PRICE, tuple(map(Line, (said[0], *others)))))
        bad = trouble(self.tagged, ())
        if whole:
            return bad or self.propose([Line(said[0], numbers[0].value)])
        count = numbers[0].value if numbers[0].pair or len(numbers) > 1 else 1
        return bad or self.propose([Line(said[0], count), Line(others[0], count)])

    def _only_size(self) -> bool:
        """Whether it is asked about a number alone that is another size of what the shop last spoke of:
        "68?", of a KENARI 46."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        asking = self.tagged.asked or self.asked.price or self.asked.stock
        if len(numbers) != 1 or not asking or self.asked.order or numbers[0].value < _A_SIZE:
            return False
        return any(another_size(self.index, entry, numbers[0]) for entry in self.last_said())

    def _only_places(self) -> bool:
        """Whether nothing but places in a list is said, where there is none: "nomor 2"."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        # Of a KENARI NO.1, "no 2" is another one.
        places = all(w.value < _A_SIZE and not w.unit and w.key.isdecimal() for w in numbers)
        return bool(numbers) and places and not self.names()

    def besides(self) -> Reading | None:
        """ "Kalau sirsak?" where something of this kind was asked for in vain: the same for it."""
        if not self.talk.sought or self.last_said() or self.names_kind():
            return None
        if not self.sized() and not (
            self.tagged.asked and any(map(self.called_so, self._counts()))
        ):
            return None
        asking = self.asked.question or self.asked.price or self.asked.stock
        if not (asking or self.which()) or self.asked.order or len(self.tagged.words) > _FEW_WORDS:
            return None
        named = finding.find(self.tagged, self.index, ordering=False)
        if not self.which() and any(one.match.headed and not one.match.missing for one in named):
            # It says itself what it is about.
            return None
        before = finding.find(tag(self.talk.sought, self.index), self.index, ordering=False)
        own = Pieces(self.tagged, self.index, ordering=False)
        new = own.terms([w for w in self.tagged.words if w.role in (Role.NAME, Role.NUMBER)])
        if len(before) != 1 or not new or not all(term.senses for term in new):
            return None
        tinted = all(self._tints(term) for term in new)
        kept = [
            term
            for term in before[0].terms
            if (term.senses and not self._tints(term) if tinted else self._goes_with(term, new))
        ]
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

    def _counts(self) -> list[Word]:
        return [word for word in self.tagged.words if word.role is Role.NUMBER]

    def of_sought(self, mentions: list[Mention]) -> list[Mention]:
        """Of several things that are asked about those for the vehicle for which something else was
        asked for in vain: "kenari alpa ada?", "kalau gelatiknya?"."""
        asked = self.asked
        asking = (asked.question or asked.price or asked.stock) and not asked.order
        if not self.talk.sought or not asking or len(mentions) != 1:
            return mentions
        found, words = mentions[0].match, self.index.words
        makers = self.lexicon.words["makers"]
        if found.missing or len(found.items) < 2 or not found.headed:
            return mentions
        if any(words.applies(sense) for term in mentions[0].terms for sense in term.senses):
            return mentions
        for word in tag(self.talk.sought, self.index).words:
            own = {
                sense for sense, weight in words.senses(word.key).items()
                if weight >= SOUND and words.applies(sense) and sense not in makers
            }  # fmt: skip
            items = tuple(
                item for item in found.items if any(item in words.items(sense) for sense in own)
            )
            if items and word.role is Role.NAME:
                return [mentions[0].only(items, self.index)]
        return mentions

    def _tints(self, term: Term) -> bool:
        """Whether a word is a colour: it says nothing of the vehicle."""
        tints = self.lexicon.words["tints"] | self.lexicon.words["colours"]
        return self.lexicon.name(term.key) in tints

    def _goes_with(self, term: Term, new: Sequence[Term]) -> bool:
        """Whether a word that was said before holds beside new ones: no model beside another one, no
        side beside the other."""
        words = self.index.words
        made = term.key in self.lexicon.words["makers"]
        if not term.senses or made or any(map(words.applies, term.senses)):
            return False
        opposite = self.lexicon.opposites.get(self.lexicon.name(term.key))
        return all(self.lexicon.name(one.key) != opposite for one in new)

    def graded(self) -> Reading | None:
        """ "Yang kecil 2", of things that differ in one size only: the smallest of them, or the
        greatest; that is asked about."""
        if not (self.talk.offered or self.talk.quoted):
            return None
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

    def _meant(self, resolved: Resolved) -> Reading | None:
        asking = self.asked.question or self.asked.price or self.asked.stock
        named = self._each_its_own(resolved)
        if named is None:
            return human(N_("so many of which item?"))
        resolved = replace(resolved, mentions=named)
        for mention in resolved.mentions:
            if len(mention.match.items) > 1:
                return self._choose_of(mention.entries(self.index), mention.quantity)
        entries = [self.one(mention) for mention in resolved.mentions]
        counted = [mention.quantity for mention in resolved.mentions]
        if any(count == 0 for count in counted):
            return human(N_("a quantity of 0"))
        if asking and not self.asked.order:
            every = [item for mention in resolved.wide for item in mention.match.items]
            if len(every) > len(entries):
                uses = self._uses(entries)
                every = [
                    item
                    for item in every
                    if any(not some or item in some for some in uses)
                    and not self._of_other_side(item, entries)
                    and not self._of_other_size(item, entries)
                ]
            if len(entries) < len(every) <= _MOST_TOLD and not any(counted):
                # Nobody said of which make.
                own = [entry.id for entry in entries]
                every = sorted(dict.fromkeys(every), key=lambda item: item not in own)
                entries = [self.index.entry(item) for item in every]
            return self.wish(Wish(Kind.PRICE, tuple(Line(entry) for entry in entries)))
        held = self.talk.quantity if len(entries) == 1 else None
        proposed = self.talk.proposed[0].quantity if len(self.talk.proposed) == 1 else None
        lines = [
            Line(entry, count or held or proposed or 1)
            for entry, count in zip(entries, counted, strict=True)
        ]
        certain = resolved.sure and not asking
        certain = certain and not any(mention.doubt for mention in resolved.mentions)
        # So many that were only asked for are proposed.
        out = any(lacking(entry) for entry in self.talk.quoted) or not self.talk.quoted
        if all(counted) or (certain and held and out and self.agreed()):
            return self.order(lines) if certain else self.propose(lines)
        if any(counted) or self.asked.order or self.asked.want or held or proposed:
            return self.propose(lines)
        return self.wish(Wish(Kind.PRICE, tuple(Line(entry) for entry in entries)))

    def _each_its_own(self, resolved: Resolved) -> Sequence[Mention] | None:
        """What is named, where two counts that came to one thing are of two: "4 koyo. 6305 2" of a list
        with a 6308 by KOYO; None if it cannot be told of which."""
        found = [*resolved.mentions]
        for at, mention in enumerate(found):
            twice = [one for one in found if one.match.items == mention.match.items]
            if len(twice) < 2 or None in [one.quantity for one in twice]:
                continue
            last = {entry.id for entry in self.last_said()}
            wide = resolved.wide[at].match.items if len(resolved.wide) == len(found) else ()
            rest = tuple(item for item in wide if item in last and item not in mention.match.items)
            if len(rest) == 1:
                found[at] = replace(mention.only(rest, self.index), doubt=True)
        things = {(one.match.items, one.quantity) for one in found if one.quantity}
        return found if len({items for items, _ in things}) == len(things) else None

    def _of_other_side(self, item: int, entries: Sequence[Entry]) -> bool:
        """Whether a thing is of the side opposite to that of all of these: "depan" where "belakang" was
        spoken of."""
        words = self.index.words.words
        return all(
            any(self.lexicon.opposites.get(word) in words[item] for word in words[entry.id])
            for entry in entries
        )

    def _of_other_size(self, item: int, entries: Sequence[Entry]) -> bool:
        """Whether a thing has a width and a diameter, and none of these has them."""
        own = {*sizes.rimmed(self.index.entry(item).name.lower())}
        theirs = [{*sizes.rimmed(entry.name.lower())} for entry in entries]
        return bool(own) and all(theirs) and all(own.isdisjoint(some) for some in theirs)

    def _uses(self, entries: Sequence[Entry]) -> list[set[int]]:
        """What is for a model that each of these is for, as far as their names tell, or else what they
        are called besides; of one that is for none, nothing."""
        words = self.index.words
        found: list[set[int]] = []
        for entry in entries:
            named = [
                word for word in words.words[entry.id] if words.applies(word) and word.isalpha()
            ]
            models = named or models_of(self.index, entry)
            found.append(set().union(*map(words.items, models)))
        return found

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
        sized = names[0].key[:1].isalpha() and any(map(str.isdigit, names[0].key))
        if names[0].key in self.lexicon.opposites or not having:
            return None
        if len(having) > (_MOST_TOLD if sized else 1):
            return None
        if not by_number and all(
            len(set(words.words[one.id]) & set(words.words[item])) < 2
            for one in said
            for item in having
        ):
            return None
        lines = tuple(Line(self.index.entry(item)) for item in sorted(having))
        return self.wish(Wish(Kind.PRICE, lines))

    def _one_side(self, said: Sequence[Entry]) -> Reading | None:
        """ "Yg kanan aja bisa?", of what is sold as a pair: whether it is had so, people know."""
        names = {self.lexicon.name(w.key) for w in self.tagged.words if w.role is Role.NAME}
        sided = len(names) == 1 and names <= self.lexicon.words["lateral"]
        if not sided or self._strange() or not all(one_of_both(one, self.lexicon) for one in said):
            return None
        return human(N_("asks for one side of what is sold as a pair"))

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
