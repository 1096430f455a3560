"""The last thing before a text is left to people: which of the few things that it may name is meant.

what the talk is about, and what is like it ─▶ the whole catalogue ─▶ what has all that is said
   few of them ─▶ asked about: their prices · a list · so many of the one for YA · another one instead

It never orders, and asks nothing that the shop asked just before.
"""

from collections.abc import Sequence

from crm_tui.reading import cues, leftover, presuming, vetoes
from crm_tui.reading import mentions as finding
from crm_tui.reading.amending import Change
from crm_tui.reading.guessing import Guess
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.replacement import CORRECTS, REPLACES
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish

MOST_ASKED = 4
"""So many things are asked about; a list of more would be no help."""
_MOST_NAMED = 6
_MOST_LEFT = 10
"""Of more than that nobody is told how many there are."""
_MOST_ITEMS = 400
_MOST_CLAUSES = 4
_TAKES_BACK = (
    "dialogue.remove",
    "dialogue.deny",
    "dialogue.others",
    "dialogue.keep",
    "intents.cancel",
)


class LastResort(Guess):
    """A text of which only the things that it may name are looked for."""

    def asked_about(self) -> Reading | None:
        """A question about the things that a text may name; None if there are none, or too many."""
        if self.asking and self._asks_whether():
            return None
        named = self._told()
        if named and self.tagged.has("dialogue.all"):
            return None
        entries = self._candidates(named) if named else self._all_of_it()
        if not entries:
            entries = self._either_one()
        if not 0 < len(entries) <= MOST_ASKED:
            return None
        if self.asking:
            return self.turn.wish(Wish(Kind.PRICE, tuple(map(Line, entries))))
        count = self.count(self.tagged.words, entries)
        return self._changed(entries, count) if self.talk.order else self._wanted(entries, count)

    def _asks_whether(self) -> bool:
        """Whether it is asked whether something may be done, or about what nobody knows."""
        lexicon = self.turn.lexicon
        may = lexicon.words["may"] - lexicon.words["visit.whether"]
        plain = lexicon.words["common"]
        return not may.isdisjoint(self.tagged.texts) or any(
            word.role is Role.UNKNOWN and word.key not in plain for word in self.tagged.words
        )

    def _all_of_it(self) -> list[Entry]:
        """The one thing that was spoken of last, where all of it is wanted: "ambil semua"."""
        quiet = (Role.STILL, Role.CUE, Role.LINK)
        spoken = self.turn.last_said()
        alone = all(word.role in quiet for word in self.tagged.words)
        wanted = alone and self.tagged.has("dialogue.all", "dialogue.rest") and len(spoken) == 1
        few = bool(spoken) and 0 < (spoken[0].available or 0) <= _MOST_LEFT
        return [*spoken] if wanted and few and not self.talk.order else []

    def _either_one(self) -> list[Entry]:
        """Things of one kind of which one is to come for another that is out: "kenari biru 2, kalau
        habis yang merah juga boleh"."""
        if not self.tagged.has("conditions.out"):
            return []
        found = finding.find(self.tagged, self.index, ordering=True)
        if any(one.match.missing or not one.match.items for one in found):
            return []
        items = list(dict.fromkeys(item for one in found for item in one.match.items))
        heads = self.index.words.heads
        alike = len(items) > 1 and len({heads[item][:1] for item in items}) == 1
        return [self.index.entry(item) for item in items] if alike else []

    def _told(self) -> list[Word]:
        """The words that say what is meant; [] if as many are known to nobody."""
        plain = self.turn.lexicon.words["common"]
        strange = [
            word for word in self.tagged.words
            if word.role is Role.UNKNOWN and word.key not in plain
        ]  # fmt: skip
        named = [word for word in self.named(self.tagged.words) if self.having(word)]
        names = sum(word.role is not Role.NUMBER for word in named)
        return named if len(strange) < names and len(named) <= _MOST_NAMED else []

    def _candidates(self, named: Sequence[Word]) -> list[Entry]:
        """What has all of these words: of the talk and what is like it, or else of the catalogue."""
        talk = self.talk
        pools = [self.turn.last_said(), talk.listed, [*self.own(), *talk.recent]]
        spoken = list(dict.fromkeys(entry for pool in pools for entry in pool))
        pools.append(leftover.named(self.index, talk))
        if spoken:
            pools.append([one for one in self._like(named, spoken) if one not in spoken])
            pools.append([one for one in self._nearest_kin(named, spoken) if one not in spoken])
        having = [self.having(word) for word in named]
        for pool in pools:
            found = [one for one in dict.fromkeys(pool) if all(one.id in some for some in having)]
            if found:
                return found
        lines = self._lines_of_kind(named, having)
        if lines:
            return lines
        items = set.intersection(*having)
        if not items or len(items) > _MOST_ITEMS or not self._headed(named):
            return []
        return [self.index.entry(item) for item in sorted(items)[: MOST_ASKED + 1]]

    def _lines_of_kind(self, named: Sequence[Word], having: Sequence[set[int]]) -> list[Entry]:
        """What is ordered and has all but one of these words, where the one says no kind of thing, and
        another one does: "oli mesinnya" of an oil that is called otherwise."""
        heads = self.index.words.heads
        return [
            one for one in self.own()
            if sum(one.id in some for some in having) == len(named) - 1 > 0
            and any(heads[one.id][0] in self._senses(word) for word in named)
        ]  # fmt: skip

    def _nearest_kin(self, named: Sequence[Word], pool: Sequence[Entry]) -> list[Entry]:
        """Things of the kind of what the talk is about that have all that is said, and most in common
        with it besides, be it but a part of what that is for."""
        vocabulary = self.index.words
        kinds = {head for entry in pool for head in vocabulary.heads[entry.id][:1]}
        items: set[int] = set().union(*map(vocabulary.items, kinds))
        for word in named:
            items &= self.having(word)
        applied = {
            word for one in pool for word in self._words(one) if vocabulary.applies(word)
        }  # fmt: skip
        alike = {
            one: max(len(self._words(one) & self._words(other)) for other in pool)
            for one in map(self.index.entry, sorted(items)[:_MOST_ITEMS])
            if not applied or not applied.isdisjoint(self._words(one))
        }
        most = max(alike.values(), default=0)
        return [one for one, count in alike.items() if count == most]

    def _headed(self, named: Sequence[Word]) -> bool:
        """Whether it is said what kind of thing is meant."""
        spans = {word.span for word in named}
        return any(
            one.match.headed and not one.match.missing
            and spans.issuperset(word.span for word in one.words if word.role is Role.NAME)
            for one in finding.find(self.tagged, self.index, ordering=True)
        )  # fmt: skip

    def _wanted(self, entries: Sequence[Entry], count: int | None) -> Reading | None:
        """A proposal of the one thing, or the list of several; a price where nothing says how many."""
        wants = bool(count) or self.asked.order or self.asked.want
        if not wants:
            return self.turn.wish(Wish(Kind.PRICE, tuple(map(Line, entries))))
        if len(entries) == 1:
            all_ = (
                entries[0].available if self.tagged.has("dialogue.all", "dialogue.rest") else None
            )
            count = count or all_ or self._known(entries[0])
            return self.turn.propose([Line(entries[0], count)])
        return self.turn.wish(
            Wish(
                Kind.CHOICES, options=tuple(entries), quantity=count or self.talk.quantity,
                choosing=Kind.ORDER,
            )
        )  # fmt: skip

    def _changed(self, entries: Sequence[Entry], count: int | None) -> Reading | None:
        """What is asked where something is ordered: of its lines only a change that says how many, of
        other things whether they come for a line, or besides."""
        own = self.own()
        if all(entry in own for entry in entries):
            if not count or not self.talk.amendable:
                return None
            if len(entries) == 1:
                before = {line.entry: line.quantity or 0 for line in self.talk.order}[entries[0]]
                wanted = self._in_all(before, count)
                return self._change({entries[0]: wanted}) if wanted != before else None
            counts = {
                self._in_all(line.quantity or 0, count)
                for line in self.talk.order
                if line.entry in entries
            }
            if len(counts) > 1:
                # "One less" of lines with other numbers is no number that holds for each.
                return None
            (wanted,) = counts
            return self.turn.wish(
                Wish(Kind.CHOICES, options=tuple(entries), quantity=wanted, choosing=Kind.AMEND)
            )
        if any(entry in own for entry in entries) or self._counts():
            # "Yang karsa jadi 2": that should have been ordered.
            return None
        instead = not frozenset((*REPLACES, *CORRECTS)).isdisjoint(self.tagged.texts)
        line = self.turn.line_like(entries) if instead else None
        if instead and (line is None or not self.talk.amendable):
            return None
        if line is None:
            return self._wanted(entries, count)
        if len(entries) == 1:
            return self._change({line.entry: 0, entries[0]: count or line.quantity or 1})
        return self.turn.wish(
            Wish(
                Kind.CHOICES, options=tuple(entries), quantity=count or line.quantity,
                choosing=Kind.AMEND,
            )
        )  # fmt: skip


def asked(
    tagged: Tagged,
    text: str,
    index: ItemIndex,
    talk: Conversation,
    read: presuming.Read,
    *,
    missed: bool = False,
) -> Reading | None:
    """A question about the few things that a text may name, or about what one clause of it wants where
    the others say nothing; None if it is for people.

    `missed`: something was read as not sold; then the other clauses have to be questions.
    """
    mild = _open_to_question(tagged, text, index, talk)
    if mild is None:
        return None
    found = _one_clause(tagged, text, index, talk, read, missed=missed)
    if found is not None or missed:
        return found
    asked = cues.cues(tagged, index)
    out = tagged.has("conditions.out")
    asking = (asked.price or asked.stock or asked.question or tagged.asked) and not out
    asking = asking or (not out and presuming.wonders(tagged, index))
    turn = Change(presuming.quieted(tagged, mild), text, index, talk)
    found = LastResort(turn, asking=asking, wide=True).asked_about()
    return presuming.asked_about(found, talk, asking=True)


def _open_to_question(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation
) -> frozenset[int] | None:
    """The places of words that are mere remarks in a text of which it may be asked what it names; None
    if it is for people."""
    if len(tagged.words) > presuming.MOST_WORDS or tagged.priced or tagged.negative:
        return None
    if presuming.otherwise_meant(tagged, text, index):
        return None
    if tagged.has("intents.status"):
        # About what the customer has ordered: nothing more is wanted.
        return None
    dear = not index.lexicon.words["dearness"].isdisjoint(tagged.texts)
    if dear and any(word.role is Role.NUMBER for word in tagged.words):
        # It may be what somebody would give.
        return None
    if presuming.BROKEN.search(text) and (dear or any(map(_fraction, tagged.words))):
        # A part of a price, perhaps.
        return None
    # Of somebody's first words none is a mere remark.
    mild = presuming.mild_places(tagged, index) if presuming.live(talk) else frozenset()
    if presuming.for_people(tagged, index, mild) or presuming.either(tagged, index):
        return None
    if tagged.has("dialogue.add", "dialogue.less") and tagged.has("dialogue.change"):
        # How many more, and how many in all, contradict one another.
        return None
    if vetoes.vetoed(presuming.quieted(tagged, mild), index, ("negation",)) or tagged.has(
        *_TAKES_BACK
    ):
        return None
    return mild


def _fraction(word: Word) -> bool:
    """Whether a word is a number with a fraction that nothing is called by."""
    return word.role is not Role.NAME and bool(presuming.BROKEN.search(word.token.text))


def _one_clause(
    tagged: Tagged,
    text: str,
    index: ItemIndex,
    talk: Conversation,
    read: presuming.Read,
    *,
    missed: bool,
) -> Reading | None:
    """What one clause wants, where no other names or counts anything: "harga pas ya, pesan 1"."""
    begins = [0, *(at for at, word in enumerate(tagged.words) if at and word.token.pause)]
    spans = list(zip(begins, [*begins[1:], len(tagged.words)], strict=True))
    telling = [
        (begin, end) for begin, end in spans
        if any(word.role in presuming.SAYS for word in tagged.words[begin:end])
    ]  # fmt: skip
    if len(telling) != 1 or not 1 < len(spans) <= _MOST_CLAUSES:
        return None
    begin, end = telling[0]
    if missed and any(not tagged.words[last - 1].token.asked for _, last in spans if last != end):
        return None
    rest = text[tagged.words[begin].span[0] : tagged.words[end - 1].span[1]]
    found = presuming.asked_about(read(rest, talk), talk, asking=False)
    many = found is not None and any(len(wish.options) > MOST_ASKED for wish in found.wishes)
    return None if many else found
