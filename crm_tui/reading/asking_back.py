"""Which of the things that were spoken of is meant: asked where a turn counts, and nothing says what.

the shop said that so many are left, or spoke of one thing ─▶ so many of that, asked for YA
it spoke of several, or they are ordered                   ─▶ the list of them
"""

from crm_tui.reading.index import Entry
from crm_tui.reading.nearest import Nearest
from crm_tui.reading.proposals import MOST_OPTIONS
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Kind, Line, Reading, Wish

_MOST = 99
"""Nobody asks back about a larger number: it is a size, a year or a price."""


class Question(Nearest):
    """A turn that counts without saying what."""

    def asked(self) -> Reading | None:
        """A proposal of what the shop itself last offered, or the list of what was spoken of; None if
        the turn has no number that counts, more than one, or names anything else."""
        number = self._number()
        if number is None or self._says_what() or self._says_else() or self._only_agrees():
            return None
        offer = self.talk.proposed
        if len(offer) == 1 and number <= (offer[0].quantity or 1):
            return self._propose(offer[0].entry, number)
        pool = list(dict.fromkeys(self.turn.last_said() or self.own()))
        if len(pool) == 1:
            return self._propose(pool[0], number)
        if not 1 < len(pool) <= MOST_OPTIONS:
            return None
        ordered = set(self.own())
        if ordered.isdisjoint(pool):
            choosing = Kind.ORDER
        elif ordered.issuperset(pool) and self.talk.amendable:
            choosing = Kind.AMEND
        else:
            return None
        return self.turn.wish(
            Wish(Kind.CHOICES, options=tuple(pool), quantity=number, choosing=choosing)
        )

    def _number(self) -> int | None:
        """The one number that may count."""
        counts = [word for word in self.tagged.words if word.role is Role.NUMBER]
        values = {word.value for word in counts}
        if len(values) != 1 or not all(map(_may_count, counts)):
            return None
        value = int(values.pop())
        return value if 0 < value <= _MOST else None

    def _says_what(self) -> bool:
        """Whether a word names or points at something, says that all are meant, or is known to nobody;
        or the number may be what something is called."""
        if any(text in WHICH for text in self.tagged.texts):
            return True
        plain = self.turn.lexicon.words["common"]
        return any(
            word.role in (Role.NAME, Role.EACH)
            or (word.role is Role.UNKNOWN and word.key not in plain)
            or (word.role is Role.NUMBER and len(word.key) > 1 and bool(self.having(word)))
            for word in self.tagged.words
        )

    def _only_agrees(self) -> bool:
        """Whether it is yes to a number, which may be an order's."""
        words = self.turn.lexicon.words
        if self.talk.proposed and all(word.role is Role.NUMBER for word in self.tagged.words):
            return False
        quiet = words["yes"] | words["polite"] | words["honorifics"]
        return all(
            word.role is Role.NUMBER or text in quiet
            for word, text in zip(self.tagged.words, self.tagged.texts, strict=True)
        )

    def _says_else(self) -> bool:
        """Whether the number may say something else than how many of something are wanted."""
        if self.tagged.has("dialogue.add", "dialogue.less") and self.tagged.has("dialogue.change"):
            # How many more, and how many in all, has been read: it contradicts what is ordered.
            return True
        if self.talk.offered:
            # It may be a number of the list.
            return True
        if not self.turn.lexicon.words["reason_alone"].isdisjoint(self.tagged.texts):
            # "2 too many": not what is wanted, but what is not.
            return True
        return self.tagged.has("dialogue.all", "dialogue.remove", "dialogue.deny", "dialogue.swap")

    def _propose(self, entry: Entry, count: int) -> Reading | None:
        own = {line.entry: line.quantity for line in self.talk.order}
        if entry not in own:
            return self.turn.propose([Line(entry, count)])
        if not self.talk.amendable or own[entry] == count:
            return None
        return self.turn.wish(Wish(Kind.CHOICES, (Line(entry, count),), choosing=Kind.AMEND))


def _may_count(word: Word) -> bool:
    return not word.label and len(word.key) <= 2 and not word.year and not word.unit
