"""Words that choose from the shop's last list, or from what it quoted: "yang depan 2", "os 25"."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.numbering import Numbering
from crm_tui.reading.ordering import trouble
from crm_tui.reading.pieces import Mention
from crm_tui.reading.proposals import cheapest
from crm_tui.reading.roles import Role
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human


class Picking(Numbering):
    """A message that chooses by words."""

    def picked(self) -> Reading | None:
        """Words that choose from the list, or from what was quoted: "yang depan 2", "os 25"."""
        talk = self.talk
        entries = talk.offered or talk.quoted
        mentions: Sequence[Mention] | None = self.chosen(entries)
        if not talk.offered and (mentions is None or len(talk.recent) > len(entries)):
            mentions = self._of_recent(mentions)
        if mentions is None or self._elsewhere(mentions):
            return None
        bad = trouble(self.tagged, mentions)
        if bad is not None:
            return bad
        if (
            talk.offered
            and len(mentions) == 1
            and mentions[0].match.one
            and self._of_all(mentions[0])
        ):
            ordering = talk.choosing if mentions[0].quantity is None else Kind.ORDER
            count = talk.quantity if mentions[0].quantity is None else mentions[0].quantity
            return self.wish(Wish(Kind.CHOICES, options=entries, quantity=count, choosing=ordering))
        several = next((mention for mention in mentions if len(mention.match.items) > 1), None)
        if several is not None and len(mentions) == 1 and (each := self._of_each_part(several)):
            return each
        if several is not None:
            if len(several.match.items) == len(entries) and several.quantity is None:
                return None
            options = tuple(
                entry for entry in (*entries, *(talk.recent if not talk.offered else ()))
                if entry.id in several.match.items
            )  # fmt: skip
            options = tuple(dict.fromkeys(options))
            if self.tagged.has("conditions.cheap") and len(mentions) == 1:
                one = cheapest(options)
                if one is not None:
                    return self.answer_chosen([Line(one, several.quantity)])
            quantity = several.quantity if several.quantity is not None else talk.quantity
            return self.wish(
                Wish(
                    Kind.CHOICES,
                    options=options,
                    quantity=quantity,
                    choosing=talk.choosing or Kind.ORDER,
                )
            )
        if any(mention.doubt for mention in mentions) and not (
            self._each_of(mentions) or self._each_behind_its_number(mentions)
        ):
            lines = [
                Line(self.one(mention), mention.quantity or talk.quantity or 1)
                for mention in mentions
            ]
            return self.propose(lines)
        lines = [Line(self.one(mention), mention.quantity) for mention in mentions]
        labelled = any(word.label for word in self.tagged.words)
        if any(line.quantity for line in lines) and not (labelled or self.accounted(mentions)):
            # "Yang karsa 2, 3 aja deh": which of the numbers?
            return human(N_("a number that is not certain"))
        if not talk.offered and not any(line.quantity for line in lines):
            return None
        if self.asked.stock and not self.asked.order:
            return self.wish(
                Wish(Kind.STOCK, tuple(Line(line.entry) for line in lines), evidence=self.text)
            )
        return self.answer_chosen(lines)

    def _of_recent(self, quoted: Sequence[Mention] | None) -> Sequence[Mention] | None:
        """What is named of all that the talk was about, where it was quoted one after the other: each
        with its number, "pesan kenari 2 ringnya 2"; or what a word may be as well as what was
        `quoted` last."""
        ordered = {line.entry for line in self.talk.order}
        recent = [entry for entry in self.talk.recent if entry not in ordered]
        if len(recent) < 2:
            return quoted
        if quoted is not None:
            wider = self.among(recent)
            if wider and _of_one(quoted) and not _of_one(wider) and all(map(_certain, wider)):
                # "Sirsaknya 2, kenarinya 1", of KENARI SIRSAK quoted behind SIRSAK.
                return wider
            several = wider and any(len(one.match.items) > 1 for one in wider)
            # "Tie rod aja", of LONG TIE ROD quoted behind TIE ROD: what the name begins with.
            begins = wider and all(one.match.headed for one in wider)
            begins = begins and not any(one.match.headed for one in quoted)
            return wider if wider and (several or begins) and len(wider) == len(quoted) else quoted
        found = self.chosen(recent)
        if found is None:
            return None
        counted = all(one.match.one and one.quantity and not one.doubt for one in found)
        return found if counted and self.asked.order and self.accounted(found) else None

    def _of_all(self, mention: Mention) -> bool:
        """Whether only the kind of thing is said, which another one of the list is as well, be it under
        another name: a pad is a lining."""
        words = self.index.words
        item = mention.match.items[0]
        said = {word.key for word in self.tagged.words if word.role is Role.NAME}
        if {self.lexicon.name(key) for key in said} != set(words.words[item][:1]):
            return False
        own = words.concepts(item)
        return any(
            not own.isdisjoint(words.concepts(entry.id))
            for entry in self.talk.offered
            if entry.id != item
        )

    def _each_behind_its_number(self, found: Sequence[Mention]) -> bool:
        """Whether how many stands before each of several things, "satu alpa dua beto": a number behind
        the last one would be its size."""
        said = [
            word
            for word in self.tagged.words
            if word.role in (Role.NAME, Role.MAYBE, Role.NUMBER) and not word.token.minus
        ]
        numbers, names = said[::2], said[1::2]
        if len(found) < 2 or not len(numbers) == len(names) == len(found):
            return False
        counts = [word.value for word in numbers if word.role is Role.NUMBER and not word.label]
        named = all(word.role is Role.NAME for word in names)
        return named and counts == [mention.quantity for mention in found]

    def _each_of(self, mentions: Sequence[Mention]) -> bool:
        """Whether sizes of the list are said, and so many of each: "yang 20 sama 16 masing2 1"."""
        words = self.tagged.words
        each = [at for at, word in enumerate(words) if word.role is Role.EACH]
        near = (
            [words[at] for at in (each[-1] + 1, each[0] - 1) if 0 <= at < len(words)]
            if each
            else []
        )
        near = [word for word in near if word.role is Role.NUMBER]
        if not near or {mention.quantity for mention in mentions} != {near[0].value}:
            return False
        sizes = [word for word in words if word.role is Role.NUMBER and word is not near[0]]
        own = [
            {entry.id for entry in self.talk.offered}
            & set().union(*map(self.index.words.items, self.index.words.senses(word.key)))
            for word in sizes
        ]
        return sorted(map(sorted, own)) == sorted(sorted(one.match.items) for one in mentions)

    def _of_each_part(self, mention: Mention) -> Reading | None:
        """ "Yang karsa semua, 2 2": what is said so of each thing that the list is for."""
        rows = self.talk.rows()
        named = [[entry for entry in few if entry.id in mention.match.items] for few in rows]
        if len(rows) < 2 or any(len(few) != 1 for few in named) or self.asked.question:
            return None
        entries = [few[0] for few in named]
        used = {term.place for term in mention.terms}
        numbers = [
            word
            for at, word in enumerate(self.tagged.words)
            if word.role is Role.NUMBER and at not in used
        ]
        whole = self.tagged.has("dialogue.all") or self.tagged.has("numbers.each")
        counts = [word.value for word in numbers] * (len(rows) if len(numbers) == 1 else 1)
        counted = len(counts) == len(rows) and (whole or len(numbers) > 1)
        if numbers and (not counted or any(word.label for word in numbers) or not all(counts)):
            return None
        lines = [
            Line(entry, counts[at] if counts else self.talk.wanted(entry))
            for at, entry in enumerate(entries)
        ]
        same = len({line.quantity for line in lines}) == 1
        if all(line.quantity for line in lines) and (same or not counts) and not mention.doubt:
            return self.order(lines)
        return self.propose([Line(line.entry, line.quantity or 1) for line in lines])

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


def _of_one(found: Sequence[Mention]) -> bool:
    """Whether two words are of the same thing."""
    return len({mention.match.items for mention in found}) < len(found)


def _certain(mention: Mention) -> bool:
    """Whether so many of one thing are named by what it is."""
    plain = mention.match.one and mention.match.headed and not mention.doubt
    return plain and bool(mention.quantity)
