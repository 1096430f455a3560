"""Changes of the open order: something more, less, instead, or not at all."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading import withdrawing
from crm_tui.reading.index import Entry
from crm_tui.reading.ordering import ranged
from crm_tui.reading.roles import Role
from crm_tui.reading.turn import Turn, terms_of
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_ONLY = {"aja", "saja", "bae", "wae", "doang"}


class Change(Turn):
    """A message as a change of the customer's open order."""

    def change(self) -> Reading | None:
        """A change of the open order; None where none is meant."""
        if not self.talk.order:
            return None
        return self._removed() or self._swapped() or self._added() or self._set()

    def _removed(self) -> Reading | None:
        if not self.tagged.has("dialogue.remove"):
            return None
        spans = self.tagged.marks["dialogue.remove"]
        if not withdrawing.plainly(self.tagged, self.index, naming=True):
            return human(N_("takes back something, perhaps not all"))
        if self._withdrawn():
            return self.wish(Wish(Kind.CANCEL, evidence=self.text))
        if self.sized() and not self._goes_on(spans):
            found = self.among([line.entry for line in self.talk.order])
            if found and all(mention.match.one and mention.quantity is None for mention in found):
                return self.amend({self.one(mention): 0 for mention in found})
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
            or self.names() or self.asked.question or self.asked.price or self.tagged.priced
        ):  # fmt: skip
            return None
        left = (order[0].quantity or 0) - numbers[0].value
        return self.amend({order[0].entry: left}) if left > 0 and numbers[0].value else None

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
        marked = self.tagged.has("dialogue.swap", "dialogue.change") or "eh" in self.tagged.texts
        if not marked or not self.sized() or self.asked.question or self.asked.order:
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
            new = self.one(found[0])
            related = (
                self.index.words.heads[new.id][:1] == self.index.words.heads[line.entry.id][:1]
            )
            if new.id != line.entry.id and related:
                if len(order) > 1 and line is not order[-1]:
                    return human(N_("which line of the order is to be another one?"))
                return self.amend({line.entry: 0, new: found[0].quantity or line.quantity or 1})
        return None

    def _added(self) -> Reading | None:
        marked = self.tagged.has("dialogue.add") or self.tagged.has("dialogue.also")
        if not marked or self.asked.question or self.asked.price:
            return None
        order = self.talk.order
        if not self.sized():
            numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
            if not self.tagged.has("dialogue.add") or len(numbers) != 1 or numbers[0].label:
                return None
            if len(order) == 1 and numbers[0].value:
                entry = order[0].entry
                return self.amend({entry: (order[0].quantity or 0) + numbers[0].value})
            return human(N_("more of which item?"))
        context = terms_of([order[-1].entry], self.index)
        found = finding.find(self.tagged, self.index, ordering=True, context=context)
        if not found:
            return None
        if any(not mention.match.one for mention in found):
            return None
        doubt = any(mention.doubt for mention in found)
        if doubt or all(mention.quantity is None and mention.match.headed for mention in found):
            return self.propose(
                [Line(self.one(mention), mention.quantity or 1) for mention in found]
            )
        having = {line.entry.id: line.quantity or 0 for line in order}
        wanted: dict[Entry, int] = {}
        for mention in found:
            entry = self.one(mention)
            quantity = mention.quantity
            if quantity is None and not mention.match.headed and entry.id not in having:
                quantity = order[-1].quantity
            if not quantity or (entry.id in having and not self.tagged.has("dialogue.add")):
                return None
            wanted[entry] = having.get(entry.id, 0) + quantity
        return self.amend(wanted)

    def _set(self) -> Reading | None:
        """ "Jadi 3 aja", "packing head nya 2"."""
        if self.asked.order or self.asked.question or self.asked.price or ranged(self.tagged):
            return None
        order = self.talk.order
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        if self.sized():
            found = self.among([line.entry for line in order])
            if not found or any(
                not mention.match.one or mention.quantity is None or mention.doubt
                for mention in found
            ):
                return None
            return self.amend({self.one(mention): mention.quantity or 0 for mention in found})
        if len(numbers) != 1 or numbers[0].label:
            return None
        if len(order) == 1 and numbers[0].value == order[0].quantity and self.asked.want:
            return self.amend({order[0].entry: numbers[0].value})
        only = any(text in _ONLY for text in self.tagged.texts)
        if not self.tagged.has("dialogue.change") and not only:
            return None
        if self.talk.offered or self.talk.proposed or self.tagged.priced:
            return None
        if len(order) > 1:
            return human(N_("so many of which item?"))
        if numbers[0].value == 0:
            return human(N_("a quantity of 0"))
        return self.amend({order[0].entry: numbers[0].value})
