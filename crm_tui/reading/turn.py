"""A message in a conversation: what it says, and what may come of it."""

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.companions import certain, companions
from crm_tui.reading.cues import Asked, cues, roughly
from crm_tui.reading.edit_model import EXACT, SOUND
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.leniency import by_the_litre
from crm_tui.reading.numbered_models import another_model
from crm_tui.reading.pieces import Mention, fits
from crm_tui.reading.resolving import Resolved, meaning
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.siblings import siblings
from crm_tui.reading.sole_sides import sole_sides
from crm_tui.reading.tagging import tag
from crm_tui.reading.unsaid_makes import narrowed, widened
from crm_tui.reading.vetoes import AGREES
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish, human

_SURE = 0.9
_MOST_LOOKED = 40
_A_NAME = 3
WHICH = ("yang", "yg", "yng", "nu", "sing")
SUFFIXES = ("nya", "nyo", "ny", "ne")


class Turn:
    """One message in a conversation."""

    def __init__(self, tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> None:
        self.tagged = tagged
        self.text = text
        self.index = index
        self.talk = talk
        self.lexicon = index.lexicon
        self.asked: Asked = cues(tagged, index)
        self._among: dict[tuple[int, ...], list[Mention] | None] = {}
        self._having: dict[str, set[int]] = {}
        self._resolved: dict[tuple[int, ...], Resolved | None] = {}

    def last_said(self) -> tuple[Entry, ...]:
        """What the shop's last answer was about."""
        talk = self.talk
        return talk.offered or tuple(line.entry for line in talk.proposed) or talk.quoted

    def spoken(self) -> tuple[Entry, ...]:
        """What was spoken of last, be it by the customer."""
        return self.last_said() or self.talk.recent[-1:]

    def target(self) -> list[Entry]:
        """What a number that stands alone counts: what was proposed, or else quoted."""
        return [line.entry for line in self.talk.proposed] or list(self.talk.quoted)

    def accounted(self, found: Sequence[Mention]) -> bool:
        """Whether each number of the text belongs to one of these mentions: one that is left over may
        say how many, or that something else was meant."""
        used = {word.span for mention in found for word in mention.words}
        each = {at for at, word in enumerate(self.tagged.words) if word.role is Role.EACH}
        return all(
            word.span in used or word.year or bool(each & set(range(at - 2, at + 3)))
            for at, word in enumerate(self.tagged.words)
            if word.role is Role.NUMBER
        )

    def resolved(self, entries: Sequence[Entry]) -> "Resolved | None":
        """What the text names by that in which it differs from one of `entries`, or is like one of
        them; None if its words say no such thing."""
        key = tuple(entry.id for entry in entries)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(entries)
        return self._resolved[key]

    def _resolve(self, entries: Sequence[Entry]) -> "Resolved | None":
        own = {entry.id for entry in entries}
        listed = self._listed(own)
        alike: dict[int, Entry] = {}
        exact: set[int] = set()
        lost: dict[int, int] = {}
        for entry in entries:
            others = siblings(self.index, entry, self.tagged, self._having, len(entries))
            alike |= {one.id: one for one in others.entries if one.id not in own}
            exact |= others.exact
            lost |= {item: min(few, lost.get(item, few)) for item, few in others.lost.items()}
            for one, plainly in sole_sides(self.index, entry, self.tagged):
                alike[one.id], lost[one.id] = one, 1
                exact |= {one.id} if plainly else set()
        for one in listed:
            if one.id not in own and one.id not in alike:
                alike[one.id], lost[one.id] = one, len(self.index.words.words[one.id])
        found = self.among([*entries, *alike.values()])
        if found is None:
            return None
        recent = {entry.id for entry in self.talk.recent}
        choice = {entry.id for entry in listed}
        taken = choice if own & choice else set()
        known = own | recent | taken
        mentions = [
            narrowed(self._recent(mention, own, recent, taken), known, entries, lost, self.index)
            for mention in found
        ]
        known |= exact
        sure = all(set(mention.match.items) <= known for mention in mentions)
        return Resolved(mentions, sure and self.accounted(mentions), found)

    def _listed(self, own: Set[int]) -> tuple[Entry, ...]:
        """The last list, if something was taken from it, or if it is of the same kind."""
        listed = self.talk.listed
        heads = self.index.words.heads
        kinds = {head for item in own for head in heads[item][:1]}
        same = all(kinds.issuperset(heads[entry.id][:1]) for entry in listed)
        return listed if same or own & {entry.id for entry in listed} else ()

    def from_list(self) -> list[Mention] | None:
        """What is named among the rest of the last list, where something of it is ordered."""
        own = {line.entry.id for line in self.talk.order}
        listed = self.talk.listed if own & {entry.id for entry in self.talk.listed} else ()
        rest = [entry for entry in listed if entry.id not in own]
        found = self.among(rest) if rest else None
        sure = found and all(one.match.one and not one.doubt for one in found)
        return found if sure and self.accounted(found or ()) else None

    def _recent(self, mention: Mention, own: set[int], *known: set[int]) -> Mention:
        """Of several things the one that the talk was about, or else the one that stood in its list."""
        if not own.isdisjoint(mention.match.items):
            return mention
        for some in known:
            items = tuple(item for item in mention.match.items if item in some)
            if len(items) == 1:
                return mention.only(items, self.index)
        return mention

    def among(self, entries: Sequence[Entry]) -> list[Mention] | None:
        """What is named among these items only; None unless every word fits one of them."""
        key = tuple(entry.id for entry in entries)
        if key not in self._among:
            self._among[key] = self._named_among(entries) if entries else None
        return self._among[key]

    def _named_among(self, entries: Sequence[Entry]) -> list[Mention] | None:
        if self._strange() or not self._all_fit({entry.id for entry in entries}):
            return None
        few = self.index.few(entries)
        tagged = tag(self.text, few)
        unknown = [word for word in tagged.words if word.role is Role.UNKNOWN]
        if unknown:
            return None
        found = finding.find(tagged, few, ordering=True, lone=True)
        found = [mention for mention in found if mention.terms]
        if not found or any(mention.match.missing or not mention.match.items for mention in found):
            return None
        if another_model(self.tagged, self.index, found):
            return None
        found = [self._all_called(mention, entries) for mention in found]
        items = {item for mention in found for item in mention.match.items}
        return found if self._all_fit(items) else None

    def _all_called(self, mention: Mention, entries: Sequence[Entry]) -> Mention:
        """With all of these items that are called so in another way, as a bulb is a lamp, where none is
        called just so."""
        if not mention.match.one or mention.match.sure >= EXACT:
            return mention
        terms = [term for term in mention.terms if not term.soft]
        others = tuple(
            entry.id
            for entry in entries
            if entry.id not in mention.match.items
            and all(term.fits(self.index.words, entry.id) for term in terms)
        )
        items = (*mention.match.items, *others)
        return mention.only(items, self.index) if others else mention

    def _strange(self) -> bool:
        """Whether a word is unknown in the whole catalogue: then it is in each part of it."""
        return any(word.role is Role.UNKNOWN for word in self.tagged.words)

    def chosen(self, entries: Sequence[Entry]) -> list[Mention] | None:
        """What is named among these items, unless the same words name others that are like them: in
        "os 50", of an item of size 25, 50 is no quantity."""
        found = self.among(entries)
        if found is None or all(mention.quantity is None for mention in found):
            return found
        wider = self.resolved(entries)
        if wider is None or meaning(wider.mentions) == meaning(found):
            return found
        each = {one.match.items for one in found if one.match.one and one.quantity}
        other = {one.match.items for one in wider.mentions}
        told = len(each) == len(found) > len(other) and self.accounted(found)
        # "Yg 225 1 yg 250 1", of both that were quoted, is no 225/250.
        return found if told and not any(one.doubt for one in found) else None

    def _all_fit(self, items: Set[int]) -> bool:
        """Whether all that names something in the whole catalogue names one of these items."""
        words = self.index.words
        for at, word in enumerate(self.tagged.words):
            if word.role is Role.NAME or self._begins_before(at):
                senses = words.senses(word.key)
                if senses and all(items.isdisjoint(words.items(sense)) for sense in senses):
                    return False
        return True

    def _begins_before(self, at: int) -> bool:
        """Whether a word of talk begins names of the catalogue, and stands right before another such
        word, or one that only names: the "ring" and "per" of "ring per m8"."""
        words = self.tagged.words
        if words[at].role is not Role.MAYBE or not self.index.words.begins(
            self.lexicon.name(words[at].key)
        ):
            return False
        while at < len(words) and words[at].role is Role.MAYBE:
            at += 1
            if at < len(words) and words[at].token.pause:
                return False
        return at < len(words) and words[at].role is Role.NAME

    def companion(self, mention: Mention, entry: Entry) -> Mention:
        """Of several items of a kind those for what `entry` is for; a guess, but of one alone."""
        named = mention.match.headed or mention.lean
        if mention.match.missing or len(mention.match.items) < 2 or not named:
            return mention
        items = companions(self.index, entry, mention.match.items)
        items = [*widened(self.index, [entry], items, mention.match.items)]
        if not items:
            return mention
        spoken = {one.id for one in self.talk.recent}.intersection(mention.match.items)
        if entry.id not in spoken and not spoken <= {*items}:
            # The one that was spoken of before, for another vehicle, may be meant as well.
            return replace(mention.only((*(spoken - {*items}), *items), self.index), doubt=True)
        own = [line.entry for line in self.talk.order] or [entry]
        sure = certain(self.index, own, mention, items, self.tagged)
        called = all(term.fits(self.index.words, entry.id) for term in mention.terms)
        if called and [entry.id] == [*items] and self.last_said() == (entry,):
            # What was just spoken of is called by its kind alone: "pesan kenari 1, sirsak 2".
            sure, mention = True, replace(mention, match=replace(mention.match, contested=False))
        doubt = mention.doubt or not sure
        return replace(mention.only(tuple(items), self.index), doubt=doubt)

    def like(self, mention: Mention, said: Sequence[Entry]) -> Entry:
        """Of what was spoken of, the last one of the kind of what is named, or else the last one."""
        heads = self.index.words.heads
        kinds = {head for item in mention.match.items[:_MOST_LOOKED] for head in heads[item][:1]}
        alike = [entry for entry in said if kinds.issuperset(heads[entry.id][:1])]
        return [*said, *alike][-1]

    def agreed(self) -> bool:
        """Whether what there is is agreed to: "sirsak aja kalo gitu", "ya udah yang biru aja"."""
        texts = self.tagged.texts
        words = self.lexicon.words
        so = not words["so_be_it"].isdisjoint(texts) or any(
            one in AGREES and two in words["done"] for one, two in pairwise(texts)
        )
        then = any(two in words["then"] for _, two in pairwise(texts))
        only = not words["just"].isdisjoint(texts)
        return only and (so or then) and not self.tagged.asked

    def which(self) -> bool:
        """Whether the first word that names something only says which one: "yang merah", "belakangnya";
        a word for a kind of thing says so, too, where nothing else is named: "yang radiator"."""
        names = [at for at, word in enumerate(self.tagged.words) if word.role is Role.NAME]
        if not names:
            return False
        at = names[0]
        text = self.tagged.words[at].token.text
        bare = text != self.tagged.texts[at] and text.endswith(SUFFIXES)
        return bare or (at > 0 and self.tagged.texts[at - 1] in WHICH)

    def short(self) -> bool:
        """Whether that is said with a word that is no size and no code."""
        names = [word for word in self.tagged.words if word.role is Role.NAME]
        return self.which() and not any(char.isdigit() for char in names[0].key)

    def names_kind(self) -> bool:
        """Whether a word says what kind of thing is meant, so that nothing named before is needed."""
        found = finding.find(self.tagged, self.index, ordering=True)
        return any(mention.match.headed and self._begins(mention) for mention in found)

    def _begins(self, mention: Mention) -> bool:
        """Whether a word is the first one of an item's name, and not only one that it is called by."""
        words = self.index.words
        first = {
            word
            for item in mention.match.items[:_MOST_LOOKED]
            for word in (*words.words[item][:1], *words.concepts(item))
        }
        return any(not first.isdisjoint(term.senses) for term in mention.terms)

    def one(self, mention: Mention) -> Entry:
        return self.index.entry(mention.match.items[0])

    def names(self) -> bool:
        """Whether a word names something, or is unknown."""
        named = any(word.role in (Role.NAME, Role.UNKNOWN) for word in self.tagged.words)
        return named or self._pointed_at()

    def _pointed_at(self) -> bool:
        """Whether a word that mostly says nothing stands where it names a thing: "ring nya ga usah"."""
        texts = self.tagged.texts
        return any(
            word.role is Role.MAYBE
            and (
                (at > 0 and texts[at - 1] in (*WHICH, *self.lexicon.words["order"]))
                or (at + 1 < len(texts) and texts[at + 1] in SUFFIXES)
                or word.token.text.endswith(SUFFIXES)
            )
            for at, word in enumerate(self.tagged.words)
        )

    def sized(self) -> bool:
        """Whether something is named, be it by a number: "yang 16 2"."""
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        return self.names() or len(numbers) > 1 or any(map(self.called, numbers))

    def called(self, number: Word) -> bool:
        """Whether a number says which one: "no" stands before it, or it is long, and things are called
        so."""
        long = len(number.key) > _A_NAME and number.token.digits and not number.unit
        return number.label or (long and bool(self.index.words.items(number.key)))

    def called_so(self, number: Word) -> bool:
        """Whether a thing of the catalogue has a number in its name or code."""
        words = self.index.words
        return any(words.items(sense) for sense in words.senses(number.key))

    def counts_nothing(self) -> bool:
        """Whether nothing but small numbers, or places in a list, is said: "24 12", "nomor 2"."""
        asked = self.asked
        if self.names() or asked.order or asked.price or asked.stock or asked.question:
            return False
        numbers = [word for word in self.tagged.words if word.role is Role.NUMBER]
        maybe = any(word.role is Role.MAYBE for word in self.tagged.words)
        return bool(numbers) and not maybe and all(len(word.key) <= _A_NAME for word in numbers)

    def fits(self, unit: str, own: str) -> bool:
        """Whether what is counted in is what an item is sold by; "pak" may be an address instead."""
        return unit in self.lexicon.words["honorifics"] or fits(unit, own)

    def count(self, number: Word, entry: Entry) -> int | None:
        """How many of something a number means; None where it is counted in what it is not sold by."""
        own = self.lexicon.units.get(entry.unit.lower(), entry.unit.lower())
        if number.pair and own not in ("pair", "set"):
            return number.value * 2
        litres = number.unit == "liter" and by_the_litre(self.index.words, number.value, entry.id)
        return number.value if litres or self.fits(number.unit, own) else None

    def another(self, entries: Sequence[Entry]) -> bool:
        """Whether a word that mostly says nothing stands where it is said which one is meant, and names
        something else than these: "yg jalan 1", "ring nya 1"."""
        own = {entry.id for entry in entries}
        texts, words = self.tagged.texts, self.index.words
        for at, word in enumerate(self.tagged.words):
            before = at > 0 and texts[at - 1] in WHICH
            behind = at + 1 < len(texts) and texts[at + 1] in SUFFIXES
            if word.role not in (Role.STILL, Role.MAYBE) or not (before or behind):
                continue
            senses = [one for one, weight in words.senses(texts[at]).items() if weight >= SOUND]
            if senses and all(own.isdisjoint(words.items(sense)) for sense in senses):
                return True
        return False

    def model(self, entry: Entry, number: Word) -> bool:
        """Whether so many digits may be what another thing of this kind is called."""
        words = self.index.words
        if len(number.key) < _A_NAME or number.unit:
            return False
        kind = words.kindred(entry.id)
        return any(not kind.isdisjoint(words.items(sense)) for sense in words.senses(number.key))

    def may_raise_to(self, count: int, entries: Sequence[Entry]) -> bool:
        """ "Naikin 10", where fewer of one of these are ordered: ten more, or ten in all?"""
        said = not self.lexicon.words["raises"].isdisjoint(self.tagged.texts)
        return said and any(
            (line.quantity or 0) < count for line in self.talk.order if line.entry in entries
        )

    def amend(self, wanted: dict[Entry, int]) -> Reading:
        if roughly(self.tagged, self.lexicon):
            return human(N_("a number that is not certain"))
        lines = tuple(Line(entry, quantity) for entry, quantity in wanted.items())
        return self.wish(Wish(Kind.AMEND, lines, evidence=self.text))

    def order(self, lines: Sequence[Line]) -> Reading:
        if roughly(self.tagged, self.lexicon) or len({line.entry for line in lines}) < len(lines):
            return self.propose(lines)
        return self.wish(Wish(Kind.ORDER, tuple(lines), evidence=self.text))

    def propose(self, lines: Sequence[Line]) -> Reading:
        """A proposal; of a thing that two words came to the greater number: the sum was never said."""
        most: dict[Entry, Line] = {}
        for line in lines:
            known = most.get(line.entry, line)
            most[line.entry] = max(known, line, key=lambda one: one.quantity or 0)
        lines = tuple(most.values())
        return self.wish(Wish(Kind.CHOICES, lines, evidence=self.text, choosing=Kind.ORDER))

    def wish(self, wish: Wish) -> Reading:
        spans = tuple(
            word.span for word in self.tagged.words if word.role in (Role.NAME, Role.NUMBER)
        )
        return Reading((replace(wish, evidence=self.text, spans=spans),), sureness=_SURE)
