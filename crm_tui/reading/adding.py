"""Something more besides what is ordered: "tambah 2", "kanannya juga"."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.edit_model import EXACT
from crm_tui.reading.index import Entry
from crm_tui.reading.matching import Match
from crm_tui.reading.ordering import SURE_ENOUGH, ranged
from crm_tui.reading.pieces import Mention
from crm_tui.reading.replacement import CORRECTS, Swap
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Line, Reading, human

AGAIN = frozenset(("lagi", "lg", "lgi", "maning", "meneh", "deui"))
"""Behind a number: so many more."""
_WHICH = frozenset(WHICH)
_A_NAME = 3
_MANY = 1000
"""So many digits are rather what something is called than how many."""


class Addition(Swap):
    """A message that wants something more."""

    def _added(self) -> Reading | None:
        marked = self.tagged.has("dialogue.add") or self.tagged.has("dialogue.also")
        if not self.tagged.has("dialogue.add") and not (CORRECTS - {"eh"}).isdisjoint(
            self.tagged.texts
        ):
            # "Salah, kanan maksudku, lagi …" wants nothing besides.
            return None
        if not marked or self._begins_anew() or self.asked.question or self.asked.price:
            return None
        order = self.talk.order
        counts = [
            word.value for word in self.tagged.words if word.role is Role.NUMBER and not word.label
        ]
        if self.may_raise_to(max(counts, default=0), [line.entry for line in order]):
            return human(N_("so many more, or so many in all?"))
        linked = all(
            self.tagged.words[start].role is Role.LINK
            and any(word.role is Role.NUMBER for word in self.tagged.words[:start])
            for start, _ in self.tagged.marks.get("dialogue.also", ())
        )
        linked = linked and self.tagged.has("dialogue.also")
        if (linked or self.tagged.has("dialogue.change")) and not self.tagged.has("dialogue.add"):
            known = self.among([line.entry for line in order])
            if known and all(one.quantity is not None for one in known):
                # "Kenari jadi 2 dan sirsak jadi 4" adds nothing.
                return None
        if not self.sized():
            numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
            more = self.tagged.has("dialogue.add") or not AGAIN.isdisjoint(self.tagged.texts)
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
        found = self._more_of_it() or self._more() or self._of_ordered()
        if found is None:
            return None
        mentions, sure = found
        if not self.accounted(mentions):
            counted = self._left_over(mentions)
            if counted is None:
                return human(N_("numbers that belong to no item"))
            mentions, sure = counted, False
        quiet = all(m.quantity is None and m.match.headed for m in mentions)
        # "6301 nya 2, ntn jg": two words for one thing, of which one has no number.
        twice = len({mention.match.items for mention in mentions}) < len(mentions)
        if not sure or quiet or twice or any(mention.doubt for mention in mentions):
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

    def _of_ordered(self) -> tuple[Sequence[Mention], bool] | None:
        """ "Tambah kenari 1", where one line of the order alone may be called so; that is a guess."""
        found = self.among([line.entry for line in self.talk.order])
        if not found or len(found) != 1 or not found[0].match.one or not found[0].quantity:
            return None
        return (found, False) if self.tagged.has("dialogue.add") else None

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
        mentions = finding.find(self.tagged, self.index, ordering=True)
        order = [line.entry for line in self.talk.order]
        if self.which() and (chosen := self.from_list() or self._of_offered()) is not None:
            return chosen, True
        if not mentions or not mentions[0].match.headed:
            short = self.resolved(order)
            if short is not None and all(mention.match.one for mention in short.mentions):
                return short.mentions, short.sure or self._as_ordered(short.mentions)
            if self.short() and mentions:
                # "Depannya juga" names a part of something, and nothing of another kind.
                sides = [term.key for term in mentions[0].terms if term.key.isalpha()]
                opposites = self.lexicon.opposites
                if sides and all(self.lexicon.name(key) in opposites for key in sides):
                    return None
        elif not mentions[0].match.one:
            # Of several such things, the one for what was ordered last.
            mentions = [self.companion(one, self.like(one, order)) for one in mentions]
        if not mentions or any(not mention.match.one for mention in mentions):
            return None
        sure = all(
            (mention.match.headed or mention.lean)
            and not mention.match.contested
            and mention.match.sure >= SURE_ENOUGH
            for mention in mentions
        )
        vague = self.which() and (self._lone_name() or self._of_another_kind(mentions))
        sure = sure and (not vague or self._plainly_another(mentions))
        return mentions, sure or self._as_ordered(mentions)

    def _of_offered(self) -> Sequence[Mention] | None:
        """ "Tambah yang biru 6": what is named so of the shop's last list alone, with how many."""
        ordered = {line.entry.id for line in self.talk.order}
        found = self.among(self.talk.offered) if self.talk.offered else None
        certain = found and all(
            one.match.one and one.quantity and not one.doubt and one.match.items[0] not in ordered
            for one in found
        )
        return found if certain and self.accounted(found or ()) else None

    def _as_ordered(self, mentions: Sequence[Mention]) -> bool:
        """Whether these are of a kind that is ordered, and one thing each has all the words that name
        it, the whole catalogue over."""
        named = finding.find(self.tagged, self.index, ordering=True)
        heads = self.index.words.heads
        kinds = {head for line in self.talk.order for head in heads[line.entry.id][:1]}
        return (
            [one.match.items for one in named] == [one.match.items for one in mentions]
            and all(one.match.sure == EXACT for one in named)
            and all(
                (not one.doubt and sum(not term.soft for term in one.terms) > 1)
                or self._called_by_number(one)
                or self._called_by_word(one)
                for one in named
            )
            and all(kinds.issuperset(heads[one.match.items[0]][:1]) for one in named)
            and self.accounted(mentions)
        )

    def _called_by_word(self, mention: Mention) -> bool:
        """Whether one long word, or a size with its measure, names a thing that is counted: "rored
        sabotol", "b48 duo"."""
        keys = [term.key for term in mention.terms if not term.soft]
        if len(keys) != 1 or not mention.quantity or mention.doubt or self.tagged.asked:
            return False
        mixed = not keys[0].isalpha() and not keys[0].isdecimal()
        return mixed or (keys[0].isalpha() and len(keys[0]) > _A_NAME)

    def _called_by_number(self, mention: Mention) -> bool:
        """Whether one number alone names a thing, and how many cannot be what another line is called:
        "tambah 6203 2"."""
        keys = [term.key for term in mention.terms if not term.soft]
        long = len(keys) == 1 and len(keys[0]) > _A_NAME and any(map(str.isdigit, keys[0]))
        having = self.index.words.items(str(mention.quantity))
        long = long and (mention.quantity or 0) < _MANY
        return long and all(line.entry.id not in having for line in self.talk.order)

    def _of_another_kind(self, found: Sequence[Mention]) -> bool:
        """Whether one of these is of no kind that is ordered: "yang tromol" may be a sort of what is
        ordered, and no drum."""
        heads = self.index.words.heads
        kinds = {head for line in self.talk.order for head in heads[line.entry.id][:1]}
        return any(kinds.isdisjoint(heads[item][:1]) for one in found for item in one.match.items)

    def _plainly_another(self, mentions: Sequence[Mention]) -> bool:
        """ "Kenarinya satu": counted things that their names' first word calls so, and no "yang"."""
        return _WHICH.isdisjoint(self.tagged.texts) and all(
            one.match.headed and one.match.sure == EXACT and one.quantity and not one.doubt
            for one in mentions
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
