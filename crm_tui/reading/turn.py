"""A message in a conversation: what it says, and what may come of it."""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading import mentions as finding
from crm_tui.reading.cues import Asked, cues
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.matching import Term
from crm_tui.reading.pieces import Mention
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish

_SURE = 0.9


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

    def among(self, entries: Sequence[Entry]) -> list[Mention] | None:
        """What is named among these items only; None unless every word fits one of them."""
        if not entries:
            return None
        few = ItemIndex(entries, self.lexicon)
        tagged = tag(self.text, few)
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

    def one(self, mention: Mention) -> Entry:
        return self.index.entry(mention.match.items[0])

    def names(self) -> bool:
        """Whether a word names something, or is unknown."""
        return any(word.role in (Role.NAME, Role.UNKNOWN) for word in self.tagged.words)

    def sized(self) -> bool:
        """Whether something is named, be it by a number: "yang 16 2"."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        return self.names() or len(numbers) > 1 or any(word.label for word in numbers)

    def amend(self, wanted: dict[Entry, int]) -> Reading:
        lines = tuple(Line(entry, quantity) for entry, quantity in wanted.items())
        return self.wish(Wish(Kind.AMEND, lines, evidence=self.text))

    def order(self, lines: Sequence[Line]) -> Reading:
        return self.wish(Wish(Kind.ORDER, tuple(lines), evidence=self.text))

    def propose(self, lines: Sequence[Line]) -> Reading:
        return self.wish(Wish(Kind.CHOICES, tuple(lines), evidence=self.text, choosing=Kind.ORDER))

    def wish(self, wish: Wish) -> Reading:
        spans = tuple(
            word.span for word in self.tagged.words if word.role in (Role.NAME, Role.NUMBER)
        )
        return Reading((replace(wish, evidence=self.text, spans=spans),), sureness=_SURE)
