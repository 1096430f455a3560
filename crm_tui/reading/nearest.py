"""What a piece of a turn comes nearest to, where no reading of all its words is certain.

Of what the talk is about, and what is like it, the things are found that have most of what is said. A
word that nothing has is passed over; one that names another kind of thing is not.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from crm_tui.reading import leftover
from crm_tui.reading import mentions as finding
from crm_tui.reading.amending import Change
from crm_tui.reading.edit_model import SHORT
from crm_tui.reading.following import Following
from crm_tui.reading.index import Entry
from crm_tui.reading.proposals import MOST_OPTIONS
from crm_tui.reading.replacement import CORRECTS, ONLY, REPLACES
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.siblings import siblings
from crm_tui.reading.turn import SUFFIXES
from crm_tui.reading.unsaid_makes import widened

_MOST_LOOKED = 200
_MOST_COUNT = 3
"""More digits are rather a size or a price than how many."""
_LEAST_BID = 20


@dataclass(frozen=True)
class Meant:
    """What a piece of a text comes nearest to, and how many of it; None if that is not said."""

    entries: Sequence[Entry]
    quantity: int | None
    by_unit: bool = False
    """It is sold by what is counted, and what was spoken of is not."""


class Nearest:
    """The things that pieces of a turn come nearest to."""

    def __init__(self, turn: Change, *, wide: bool) -> None:
        """`wide`: what is like what the talk is about may be meant; without it only what is for the
        same, or was named."""
        self.turn = turn
        self.wide = wide
        self.tagged = turn.tagged
        self.index = turn.index
        self.talk = turn.talk
        self.texts = dict(zip(map(id, turn.tagged.words), turn.tagged.texts, strict=True))
        self._having: dict[int, set[int]] = {}
        self._kind: dict[tuple[str, ...], set[int]] = {}

    def own(self) -> list[Entry]:
        return [line.entry for line in self.talk.order]

    def _senses(self, word: Word) -> list[str]:
        """The words of the catalogue that a word stands for, be it shortened; without "-nya"."""
        words = self.index.words
        text = self.texts.get(id(word), word.key)
        senses = words.senses(text) if words.has(text) else words.senses(word.key)
        return [
            sense for sense, weight in senses.items()
            if weight >= SHORT and not sense.startswith("unit:")
        ]  # fmt: skip

    def having(self, word: Word) -> set[int]:
        """The items that have a word; not to be changed."""
        known = self._having.get(id(word))
        if known is None or id(word) not in self.texts:
            found = [*map(self.index.words.items, self._senses(word))]
            known = found[0] if len(found) == 1 else set().union(*found)
            self._having[id(word)] = known
        return known

    def _of_kind(self, entry: Entry) -> set[int]:
        """The items of the same kind of thing."""
        vocabulary = self.index.words
        first = vocabulary.heads[entry.id][:1]
        if first not in self._kind:
            self._kind[first] = vocabulary.kindred(entry.id)
        return self._kind[first]

    def named(self, words: Sequence[Word]) -> list[Word]:
        """The words of a piece that may say what is meant; where none names anything, such as only
        may."""
        canon = self.turn.lexicon.canon
        found, maybe = [], []
        for word in words:
            quiet = word.role in (Role.STILL, Role.MAYBE)
            if word.role is Role.NAME or (word.role is Role.NUMBER and self._sizes(word)):
                found.append(word)
            elif quiet and self.texts[id(word)] in canon:
                maybe.append(word)
        return found or [word for word in maybe if self.having(word)]

    def _sizes(self, word: Word) -> bool:
        """Whether a number may be what something is called."""
        if word.value == 1 and word.token.text.endswith(SUFFIXES):
            # "Yang satunya" is the other one.
            return False
        return (word.label or len(word.key) > 1) and (not word.unit or bool(self.having(word)))

    def _another_kind(self, words: Sequence[Word], entries: Sequence[Entry]) -> bool:
        """Whether a word begins names, and has nothing to do with these."""
        vocabulary = self.index.words
        own = {entry.id for entry in entries}
        return any(
            vocabulary.begins(sense)
            for word in words
            if word.role is Role.NAME and own.isdisjoint(self.having(word))
            for sense in self._senses(word)
        )

    def _hits(self, words: Sequence[Word], entries: Iterable[Entry]) -> dict[Entry, int]:
        """How many of these words each of some items has."""
        having = [self.having(word) for word in self.named(words)]
        return {entry: sum(entry.id in some for some in having) for entry in entries}

    def _lacks(self, having: Iterable[Set[int]], entry: Entry) -> bool:
        """Whether a thing has not a word that others of its kind have, of which these are the items:
        one of another make."""
        kind = self._of_kind(entry)
        return any(entry.id not in some and not kind.isdisjoint(some) for some in having)

    def said(self, words: Sequence[Word], pool: Iterable[Entry]) -> list[Entry]:
        """Those of a pool that have all that a piece names."""
        hits = self._hits(words, pool)
        named = len(self.named(words))
        return [entry for entry, count in hits.items() if count == named > 0]

    def _like(self, words: Sequence[Word], pool: Sequence[Entry]) -> list[Entry]:
        """Things of the kind of what the talk is about, most like it, that have most of what a piece
        names."""
        vocabulary = self.index.words
        kinds = {head for entry in pool for head in vocabulary.heads[entry.id][:1]}
        items: set[int] = set().union(*map(vocabulary.items, kinds)) if kinds else set()
        having = [self.having(word) & items for word in self.named(words)]
        items = set().union(*having)
        entries = [self.index.entry(item) for item in sorted(items)[:_MOST_LOOKED]]
        models = self._models(words)
        own = [self._words(one) for one in pool]
        uses = [] if models else [frozenset(filter(vocabulary.applies, one)) for one in own]
        rated = {
            entry: (
                sum(entry.id in some for some in having),
                max(len(theirs & one) for one in own),
            )
            for entry in entries
            # It has all words that say what one of them is for.
            if models or any(use <= self._words(entry) for use in uses)
            for theirs in (self._words(entry),)
        }
        most = max(rated.values(), default=(0, 0))
        found = [entry.id for entry, rate in rated.items() if rate == most]
        every = [entry.id for entry, (said, _) in rated.items() if said == most[0]]
        return [*map(self.index.entry, widened(self.index, pool, found, every))]

    def _siblings(self, pool: Sequence[Entry]) -> list[Entry]:
        having: dict[str, set[int]] = {}
        found = [
            siblings(self.index, entry, self.tagged, having, len(pool)).entries for entry in pool
        ]
        return list(dict.fromkeys(one for some in found for one in some))

    def _models(self, words: Sequence[Word]) -> bool:
        """Whether a piece says for what it is."""
        vocabulary = self.index.words
        return any(
            vocabulary.applies(sense) for word in self.named(words) for sense in self._senses(word)
        )

    def _words(self, entry: Entry) -> frozenset[str]:
        return self.index.words.said(entry.id)

    def _anywhere(self, words: Sequence[Word]) -> list[Entry]:
        """What a piece names in the whole catalogue by what kind of thing it is."""
        spans = {word.span for word in words}
        found = [
            one for one in finding.find(self.tagged, self.index, ordering=True)
            if one.words and spans.issuperset(word.span for word in one.words)
        ]  # fmt: skip
        if len(found) != 1 or found[0].match.missing or not found[0].match.headed:
            return []
        mention = found[0]
        said = [*self.own(), *self.talk.recent, *self.turn.last_said()]
        if len(mention.match.items) > MOST_OPTIONS and said:
            mention = self.turn.companion(mention, self.turn.like(mention, said))
        return mention.entries(self.index)

    def meant(self, words: Sequence[Word], denied: Set[int]) -> Meant | None:
        """What a piece that names or counts something comes nearest to."""
        talk = self.talk
        spoken = [entry for entry in self.turn.last_said() if entry.id not in denied]
        own = [entry for entry in self.own() if entry.id not in denied]
        rest = (*leftover.named(self.index, talk), *talk.recent, *talk.listed)
        rest = tuple(one for one in rest if one.id not in denied)
        everything = [*spoken, *own, *rest, *(self.index.entry(item) for item in sorted(denied))]
        like = self._like(words, everything) if self.wide else self._siblings(everything)
        like = [one for one in like if one.id not in denied]
        groups = [spoken, own, rest, like]
        if not self.named(words):
            own = own if len(own) == 1 and self._sets() else []
            return self._counted(words, spoken or own)
        if self._another_kind(self.named(words), [*everything, *like]):
            groups = [[one for one in self._anywhere(words) if one.id not in denied]]
        names = [self.having(word) for word in self.named(words) if word.role is Role.NAME]
        lacking = {one for one in dict.fromkeys(chain(*groups)) if self._lacks(names, one)}
        groups = [[one for one in group if one not in lacking] for group in groups]
        hits = self._hits(words, (entry for group in groups for entry in group))
        most = max(hits.values(), default=0)
        for group in groups if most else ():
            entries = [entry for entry in dict.fromkeys(group) if hits[entry] == most]
            if len(entries) > 1:
                # What is said of all of them may be said of another one.
                entries += [one for one in like if hits.get(one) == most and one not in entries]
            if 0 < len(entries) <= MOST_OPTIONS:
                return Meant(entries, self.count(words, entries))
        return None

    def _sets(self) -> bool:
        """Whether it is said that a number is to be another one: "kebanyakan 2" does not."""
        said = frozenset((*ONLY, *CORRECTS, *REPLACES, "be"))
        changes = self.tagged.has("dialogue.change", "dialogue.add", "dialogue.less")
        wants = self.turn.lexicon.words["mild.wants"]
        return (
            changes
            or not said.isdisjoint(self.tagged.texts)
            or any(
                word.role is Role.STILL and text in wants
                for word, text in zip(self.tagged.words, self.tagged.texts, strict=True)
            )
        )

    def _counted(self, words: Sequence[Word], target: Sequence[Entry]) -> Meant | None:
        """So many of what was last spoken of."""
        count = self.count(words, ())
        if not target or not count or len(target) > MOST_OPTIONS or self._bids(words, target):
            return None
        units = {word.unit for word in words if word.role is Role.NUMBER and word.value == count}
        others = self._sold_by(units, target[0]) if len(target) == 1 else []
        return Meant(others or target, count, by_unit=bool(others))

    def _sold_by(self, units: Set[str], entry: Entry) -> list[Entry]:
        """What is like a thing that is not sold by what is counted, and is sold by it: a carton of what
        is ordered by the bottle."""
        lexicon = self.turn.lexicon
        own = lexicon.units.get(entry.unit.lower(), entry.unit.lower())
        unit = next(iter(units), "")
        if len(units) != 1 or not unit or unit == "pair" or self.turn.fits(unit, own):
            return []
        entries = [
            one for one in map(self.index.entry, sorted(self._of_kind(entry))[:_MOST_LOOKED])
            if lexicon.units.get(one.unit.lower(), one.unit.lower()) == unit
        ]  # fmt: skip
        shared = {one: len(self._words(one) & self._words(entry)) for one in entries}
        most = max(shared.values(), default=0)
        return [one for one in entries if shared[one] == most]

    def _bids(self, words: Sequence[Word], target: Sequence[Entry]) -> bool:
        """Whether a number may be what somebody would give for it."""
        answer = Following(self.tagged, self.turn.text, self.index, self.talk)
        dear = not self.turn.lexicon.words["dearness"].isdisjoint(self.tagged.texts)
        return any(
            word.role is Role.NUMBER
            and (
                (dear and word.value >= _LEAST_BID) or any(answer.bids(word, one) for one in target)
            )
            for word in words
        )

    def count(self, words: Sequence[Word], entries: Sequence[Entry]) -> int | None:
        """The number of a piece that is no size of what it names."""
        ids = {entry.id for entry in entries}
        numbers = [
            word
            for word in words
            if word.role is Role.NUMBER
            and word.value
            and not (word.label or word.year)
            and len(word.key) <= _MOST_COUNT
        ]
        sizes = [
            word for word in numbers if len(word.key) > 1 and not word.unit
            and ids & self.having(word)
        ]  # fmt: skip
        counts = [word for word in numbers if word not in sizes] or sizes[1:]
        changed = {end for _, end in self.tagged.marks.get("dialogue.change", ())}
        set_to = [word for word in counts if self._place(word) in changed]
        counts = set_to if len(set_to) == 1 else counts
        values = {word.value for word in counts}
        return values.pop() if len(values) == 1 else None

    def _place(self, word: Word) -> int:
        return next(at for at, one in enumerate(self.tagged.words) if one is word)
