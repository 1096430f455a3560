"""One piece of a free text: the words that name an item, and the number that counts it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm_tui.reading.channel import BEGINNING, CODE, CONCEPT, EXACT, PART, SHORT, SOUND
from crm_tui.reading.index import Entry, ItemIndex, code_key, signed_otherwise
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.measuring import of_grade
from crm_tui.reading.numbers import CONTAINERS
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.unknown import Beside, guessed, without_weak
from crm_tui.reading.vocabulary import Vocabulary

WHICH = ("yang", "yg", "yng", "nu", "sing")
_SOLD_IN = CONTAINERS | {"pack"}
_MOST_ALIKE = 8
"""Among so many items codes are compared by their signs."""
_SHORT_NUMBER = 3
"""A number of more digits may be a maker's, and name something by itself."""


@dataclass(frozen=True)
class Mention:
    """What one piece of a text names: `match` its items, `quantity` in their unit or None.

    `doubt`: the number, its unit or a word may mean something else. `unknown`: words that nobody
    knows among those that name the item. `clause`: the number of the clause that it stands in.
    """

    match: Match
    quantity: int | None = None
    terms: tuple[Term, ...] = ()
    words: tuple[Word, ...] = ()
    unknown: tuple[str, ...] = ()
    doubt: bool = False
    clause: int = 0
    lean: bool = False
    """It names no kind of thing; what was named before was taken with it."""
    ask: bool = False
    """A word beside it may say that another thing is meant."""

    def entries(self, index: ItemIndex) -> list[Entry]:
        """The items, best first."""
        return [index.entry(item) for item in self.match.items]


class Pieces:
    """Reads pieces of one text. `ordering`: a number may be a quantity. `lone`: a size alone names
    an item, for there are but a few to choose from."""

    def __init__(
        self, tagged: Tagged, index: ItemIndex, *, ordering: bool, lone: bool = False
    ) -> None:
        self.words = tagged.words
        self.places = {id(word): place for place, word in enumerate(tagged.words)}
        self.index = index
        self.lexicon = index.lexicon
        self.vocabulary = index.words
        self.ordering = ordering
        self.lone = lone
        self.excluded = tagged.excluded

    def read(
        self,
        words: Sequence[Word],
        begin: int,
        end: int,
        ways: dict[int, str],
        before: Sequence[Term],
    ) -> Mention | None:
        bare = False
        named: list[Word] = []
        counted: Word | None = None
        for at in range(begin, end):
            word = words[at]
            if word.role is not Role.NUMBER or ways[at] == "a":
                named.append(word)
            elif ways[at] == "q":
                counted = word
        terms = self.terms(named)
        if self.lone and all(term.soft for term in terms):
            terms = [replace(term, soft=False) for term in terms if term.senses]
        which = bool(before and terms) and self._which(named)
        if which:
            # "Yang ember", behind other sorts of it, says which one.
            terms = [replace(term, soft=False) for term in terms if term.senses]
        if (
            before
            and terms
            and all(term.soft and word.year for term, word in zip(terms, named, strict=False))
        ):
            # Nothing but a number like a year: another size of what was named before.
            terms = [replace(term, soft=False) for term in terms]
        if not any(not term.soft for term in terms):
            return self._nobodys(named, counted) if begin else None
        if (
            not any(word.role in (Role.NAME, Role.UNKNOWN) for word in named)
            and not self.lone
            and not (
                counted and any(sense[:5] == "code:" for term in terms for sense in term.senses)
            )
            and not self._another_size(terms, before)
            and not (which and self.narrowed(terms, before).one)
            and not (bare := self._numbered(named, terms))
        ):
            return None
        weak = [term.soft or 0 < max(term.senses.values(), default=0.0) < SOUND for term in terms]
        if (
            not self.lone
            and all(weak)
            and not any(
                word[:5] == "code:" or weight > (BEGINNING if len(term.key) > 2 else SHORT)
                for term in terms
                for word, weight in term.senses.items()
                if not term.soft
            )
        ):
            # A slip alone is more likely a name of a person, but nobody counts those.
            if counted is None or not self.ordering or counted.label or begin == 0:
                return None
            missing = tuple(replace(term, senses={}, soft=False) for term in terms)
            return Mention(Match((), missing), counted.value, missing, (*named, counted))
        found = self._as_written(named, match(terms, self.vocabulary))
        found = self._meant(words, begin, end, found)
        found = self._sold_by(counted, found)
        lean = counted_doubt = False
        if before and (len(found.items) > 1 or found.missing or not found.headed):
            fewer = self.narrowed(terms, before)
            if (
                fewer.items
                and not fewer.missing
                and (found.missing or len(fewer.items) < len(found.items) or not found.headed)
                and (found.headed or self._kindred(fewer, before))
            ):
                counted_doubt = found.headed and len(fewer.items) == 1
                lean, found = not found.headed, fewer
        numbers = [at for at in range(begin, end) if ways.get(at) == "a"]
        if (
            numbers
            and found.items
            and not found.missing
            and self._used_twice(
                [words[at] for at in numbers], [*terms, *(_mixed(before) if lean else ())], found
            )
        ):
            return None
        aim = [term for term in terms if self.words[term.place].purpose]
        if aim and len(aim) < len(terms) and not found.one:
            # What it is for may be a car that the shop does not know.
            some = match([term for term in terms if term not in aim], self.vocabulary)
            own = [term for term in terms if term not in aim]
            if before and not (some.one and some.headed) and any(not term.soft for term in own):
                fewer = self.narrowed(own, before)
                if fewer.one and self._kindred(fewer, before):
                    lean, some = True, replace(fewer, headed=True)
            if some.one and some.headed:
                found, counted_doubt = some, not _exact(terms, some, self.vocabulary)
        if found.items and not found.missing and not found.headed and not lean:
            found = self._of_its_kind(terms, found)
        settled: set[int] = set()
        if found.missing:
            found = self._plainly(terms, found)
        if found.missing:
            graded = self._graded(terms, self._unsaid(terms, found))
            if found.missing and not graded.missing:
                settled = {term.place for term in found.missing}
            found = graded
        rest = self._unmade(terms) or self._without(terms, found) if found.missing else None
        applied = rest is not None and any(self._models(term) for term in found.missing)
        if rest is None:
            rest = without_weak(terms, found, self.vocabulary)
            if rest is not None:
                terms = [term for term in terms if not guessed(term)]
        if rest is not None:
            found, counted_doubt = rest, True
        common = [word for word in words[begin:end] if self._common(word)]
        if common and found.missing:
            found, counted_doubt = self._of_the_common(terms, common, found), True
        if common and len(found.items) > 1 and not found.missing:
            found = self._plainest(found)
        rest_of = [
            word
            for word in words[begin:end]
            if word not in common and self.places[id(word)] not in settled
        ]
        of_it = [word for word in rest_of if self._of_common(word, common)]
        if of_it:
            rest_of, counted_doubt = [word for word in rest_of if word not in of_it], True
        beside = Beside(rest_of, self.places, terms, found, self.vocabulary)
        unknown, doubt, ask = beside.words, beside.doubt(), beside.asks()
        other = self._another(words, begin, end, ways, found)
        if other and found.items and not found.missing:
            found = Match(found.items, (Term(other.key, {}, self.places[id(other)]),))
            named.append(other)
        if unknown and not doubt:
            found = Match(found.items, tuple(terms[:1]))
        if (
            counted
            and found.one
            and not counted.unit
            and len(counted.key) > 1
            and (found.items[0] in self.vocabulary.items(counted.key))
        ):
            # It stands in the item's name: a size, or the make 555.
            return None
        quantity, uncertain = self.quantity(counted, found)
        return Mention(
            found, quantity, tuple(terms), (*named, *([counted] if counted else [])),
            tuple(word.token.text for word in unknown),
            doubt or bare or uncertain or counted_doubt or self._misspelt(named, found)
            or all(weak) or any(
                _guess(term) and not self.words[term.place].purpose for term in terms
            ),
            lean=lean, ask=ask or applied,
        )  # fmt: skip

    def _meant(self, words: Sequence[Word], begin: int, end: int, found: Match) -> Match:
        """Without what is said, in this piece or right behind it, not to be meant."""
        after = self.places[id(words[end])] if end < len(words) else len(self.words)
        for place, items in self.excluded:
            if self.places[id(words[begin])] < place < after and not found.missing:
                found = only(found, [one for one in found.items if one not in items]) or found
        return found

    def _which(self, named: Sequence[Word]) -> bool:
        """Whether nothing but a word behind "which" is said, which for itself may say nothing."""
        if len(named) != 1 or named[0].role is not Role.MAYBE:
            return False
        place = self.places[id(named[0])]
        before = self.words[place - 1].token.text if place else ""
        return before in WHICH or before in self.lexicon.words["visit.if"]

    def _nobodys(self, named: Sequence[Word], counted: Word | None) -> Mention | None:
        """So many of what nobody knows, behind something else."""
        strange = [word for word in named if word.role is Role.UNKNOWN and word.key.isalpha()]
        if not strange or counted is None or counted.label or counted.year or not self.ordering:
            return None
        missing = tuple(Term(word.key, {}, self.places[id(word)]) for word in strange)
        return Mention(Match((), missing), counted.value, missing, (*strange, counted))

    def _sold_by(self, counted: Word | None, found: Match) -> Match:
        """Of several those that are sold by what is counted: 10 bottles are none of the canisters."""
        if counted is None or counted.unit not in _SOLD_IN or len(found.items) < 2:
            return found
        units = self.lexicon.units
        sold = {item: self.index.entry(item).unit.lower() for item in found.items}
        kept = [item for item in sold if units.get(sold[item], sold[item]) == counted.unit]
        return only(found, kept) or found

    def _common(self, word: Word) -> bool:
        """Whether a word that no name has says that the common one is meant: "yang biasa"."""
        return word.role is Role.UNKNOWN and word.key in self.lexicon.words["common"]

    def _of_common(self, word: Word, common: Sequence[Word]) -> bool:
        """Whether a word that nobody knows stands right before one for the common one."""
        behind = self.places[id(word)] + 1
        return word.role is Role.UNKNOWN and any(self.places[id(one)] == behind for one in common)

    def _of_the_common(self, terms: Sequence[Term], common: Sequence[Word], found: Match) -> Match:
        """The same without a part that is told to be the common one, "kaki biasa", where the names of
        such things do not tell it."""
        parts = {self.places[id(word)] - 1 for word in common}
        some = [term for term in terms if term.place not in parts]
        if not some or len(some) == len(terms):
            return found
        others = match(some, self.vocabulary)
        return others if others.headed and not others.missing else found

    def _plainest(self, found: Match) -> Match:
        """Of several that one whose name has nothing that the others' have not."""
        names = {item: set(self.vocabulary.words[item]) for item in found.items[:_MOST_ALIKE]}
        least = [item for item in names if all(names[item] <= other for other in names.values())]
        plain = len(least) == 1 and len(names) == len(found.items)
        return (only(found, least) if plain else None) or found

    def _as_written(self, words: Sequence[Word], found: Match) -> Match:
        """Of several items whose codes differ in signs only, the one that is written exactly so."""
        if not 1 < len(found.items) <= _MOST_ALIKE or found.missing or not self._coded(words):
            return found
        codes = {self.index.entry(item).code.lower(): item for item in found.items}
        exact = [codes[word.token.text] for word in words if word.token.text in codes]
        if len(exact) != 1 or len({code_key(code) for code in codes}) > 1:
            return found
        return Match((exact[0],), (), found.weights[:1], headed=True, sure=found.sure)

    def _coded(self, words: Sequence[Word]) -> bool:
        """Whether a word has the letters and digits of a code, and signs between them."""
        return any(
            not word.token.text.isalnum() and self.vocabulary.items(f"code:{word.key}")
            for word in words
        )

    def _misspelt(self, words: Sequence[Word], found: Match) -> bool:
        """Whether an item is named by its code, with signs where the code has none."""
        if not found.one or not self._coded(words):
            return False
        code = self.index.entry(found.items[0]).code
        key = code_key(code).lower()
        return any(word.key == key and signed_otherwise(word.token.text, code) for word in words)

    def _of_its_kind(self, terms: Sequence[Term], found: Match) -> Match:
        """Nothing of another kind than was said: who asks for a lid wants no pan without one."""
        kinds = self.vocabulary.kinds
        for term in terms:
            if term.soft and all(term.fits(self.vocabulary, item) for item in found.items):
                continue
            said = [word for word, weight in term.senses.items() if weight >= CONCEPT]
            if any(
                kinds.get(word)
                and not self.vocabulary.applies(word)
                and not self._only_called(word, found)
                for word in said
            ):
                others = [one for one in terms if one is not term and not one.soft]
                rare = [one for one in others if any(map(self.vocabulary.applies, one.senses))]
                return Match(found.items, tuple(rare or others or terms))
        return found

    def _only_called(self, word: str, found: Match) -> bool:
        """Whether a word begins no name, but is only how some are called besides, and stands in the
        names of all that was found: it says what they are called, not what kind of thing they are."""
        words = self.vocabulary.words
        if self.vocabulary.begins(word):
            # Some names begin with the make, others have it behind the kind.
            plain = word not in self.lexicon.words["kinds"] and word[:1] != "~"
            return plain and all(words[one][1:2] == (word,) for one in found.items)
        return all(word in words[one] for one in found.items)

    def _plainly(self, terms: Sequence[Term], found: Match) -> Match:
        """The same with the words as missing that a shop's names need not say, "baru" or "besar", where
        only those keep the others from going together."""
        plain = self.lexicon.words["open"]
        sides = [term for term in terms if self._side(term)]
        for left in ([], *([term] for term in sides), sides[: len(sides) * (len(sides) > 1)]):
            some = [
                term
                for term in terms
                if term not in left and self.lexicon.name(term.key) not in plain
            ]
            if not some or len(some) == len(terms):
                continue
            others = match(some, self.vocabulary)
            if (
                others.missing
                or not others.headed
                or any(self._sided(term, others) for term in left)
            ):
                continue
            return replace(others, missing=tuple(term for term in terms if term not in some))
        return found

    def _side(self, term: Term) -> bool:
        """Whether it is a side that many things have without another name: left or right."""
        return self.lexicon.name(term.key) in self.lexicon.words["lateral"]

    def _sided(self, term: Term, found: Match) -> bool:
        """Whether one of the items says this side or the opposite one."""
        name = self.lexicon.name(term.key)
        both = self.vocabulary.items(name) | self.vocabulary.items(self.lexicon.opposites[name])
        return not both.isdisjoint(found.items)

    def _unsaid(self, terms: Sequence[Term], found: Match) -> Match:
        """Those without a side that names need not say, where others of their kind say the opposite:
        an outer tyre is one that is no inner one."""
        for term in terms:
            name = self.lexicon.name(term.key)
            if name not in self.lexicon.words["unsaid"] or term.soft:
                continue
            some = match([one for one in terms if one is not term], self.vocabulary)
            if some.missing or not some.headed:
                continue
            others = self.vocabulary.items(self.lexicon.opposites[name])
            kind = {head for item in some.items for head in self.vocabulary.heads[item][:1]}
            if any(not others.isdisjoint(self.vocabulary.items(head)) for head in kind):
                left = only(some, [item for item in some.items if item not in others])
                found = left or found
        return found

    def _graded(self, terms: Sequence[Term], found: Match) -> Match:
        """Of two that differ in a size the small or the big one, where no name says so."""
        grades = {self.lexicon.name(term.key) for term in found.missing}
        if len(grades) != 1 or not grades <= self.lexicon.words["grades"]:
            return found
        some = match([term for term in terms if term not in found.missing], self.vocabulary)
        if some.missing or not some.headed or len(some.items) != 2:
            return found
        names = [self.vocabulary.words[item] for item in some.items]
        one = of_grade(next(iter(grades)), some.items, names)
        return found if one is None else only(some, [one]) or found

    def _without(self, terms: Sequence[Term], found: Match) -> Match | None:
        """The items without words that the catalogue need not say of such items.

        Which make is the genuine one; the side, where none of them has one; the model, where none of
        them is for one (spark plugs). That is a doubt, but no other thing.
        """
        some = match([term for term in terms if term not in found.missing], self.vocabulary)
        if some.missing or not some.items or not some.headed:
            return None
        if not all(term.key.isalpha() for term in found.missing):
            return None
        said = {word for term in found.missing for word in term.senses if word[:1] == "~"}
        if said and all(said.isdisjoint(self.vocabulary.heads[item]) for item in some.items[:40]):
            # Of one kind with another side it is another kind.
            return None
        names = {self.lexicon.name(term.key) for term in found.missing}
        having = {word for item in some.items[:40] for word in self.vocabulary.words[item]}
        if names == {"original"} or names <= self.lexicon.words["open"] - having:
            return some
        if names <= set(self.lexicon.opposites):
            sided = {side for name in names for side in (name, self.lexicon.opposites[name])}
            return None if sided & having else some
        applied = all(map(self._models, found.missing))
        return some if applied and not any(map(self.vocabulary.applies, having)) else None

    def _unmade(self, terms: Sequence[Term]) -> Match | None:
        """The items without who builds the vehicle, of what the shop has under another make."""
        makers = self.lexicon.words["makers"]
        some = [term for term in terms if term.key not in makers]
        if not some or len(some) == len(terms):
            return None
        others = match(some, self.vocabulary)
        having = {word for item in others.items[:40] for word in self.vocabulary.words[item]}
        named = others.headed and not others.missing and makers.isdisjoint(having)
        return others if named else None

    def _models(self, term: Term) -> bool:
        """Whether a word says for what model an item is."""
        return any(
            self.vocabulary.applies(word) for word, weight in term.senses.items() if weight > SOUND
        )

    def _another(
        self, words: Sequence[Word], begin: int, end: int, ways: dict[int, str], found: Match
    ) -> Word | None:
        """A number right behind a name that is no quantity, where the items have another such one
        in its place: who asks for 16 wants no 24."""
        for at in range(begin, end):
            word = words[at]
            if ways.get(at) != "i" or word.unit or len(word.key) < 2 or word.purpose:
                continue
            near = at > begin and self.places[id(word)] - self.places[id(words[at - 1])] == 1
            if not near or words[at - 1].role is not Role.NAME or word.token.pause:
                continue
            if any(
                one.isdecimal() and len(one) == len(word.key)
                for item in found.items[:8]
                for one in self.vocabulary.words[item]
            ):
                return word
        return None

    def _kindred(self, found: Match, before: Sequence[Term]) -> bool:
        """Whether items are of the kind that was named before."""
        kinds = {word for term in before for word in term.senses if self.vocabulary.kinds.get(word)}
        heads = {head for item in found.items[:20] for head in self.vocabulary.heads[item]}
        return not kinds or bool(heads & kinds)

    def _kinds(self, term: Term) -> bool:
        """Whether a word says what kind of thing is meant."""
        return any(
            weight >= CONCEPT
            and self.vocabulary.kinds.get(word)
            and not self.vocabulary.applies(word)
            for word, weight in term.senses.items()
        )

    def _another_size(self, terms: Sequence[Term], before: Sequence[Term]) -> bool:
        """Whether a number alone is another size of what was named before: kenari 6301 sama 6203."""
        needed = [term for term in terms if not term.soft and len(term.key) > 1]
        if not before or len(needed) != 1:
            return False
        found = self.narrowed(needed, before)
        heads = {head for item in found.items for head in self.vocabulary.heads[item]}
        return found.one and any(heads & set(term.senses) for term in before)

    def _numbered(self, words: Sequence[Word], terms: Sequence[Term]) -> bool:
        """Whether a maker's number alone names something: "stok 6302"."""
        if len(terms) != 1 or max(terms[0].senses.values(), default=0.0) < PART:
            return False
        (word,) = words
        plain = word.role is Role.NUMBER and not (word.year or word.unit or word.purpose)
        return plain and len(word.key) > _SHORT_NUMBER

    def _used_twice(self, numbers: Sequence[Word], terms: Sequence[Term], found: Match) -> bool:
        """Whether a number only repeats a word that is named already: the 4 behind "x4"."""
        return all(self._repeats(numbers, terms, item) for item in found.items[:8])

    def _repeats(self, numbers: Sequence[Word], terms: Sequence[Term], item: int) -> bool:
        for number in numbers:
            place = self.places[id(number)]
            own = next((term for term in terms if term.place == place), None)
            if own is None:
                continue
            mine = {word for word in own.senses if item in self.vocabulary.items(word)}
            if mine and any(
                weight == EXACT and word[:5] == "code:" and item in self.vocabulary.items(word)
                for term in terms
                if term is not own
                for word, weight in term.senses.items()
            ):
                return True
            others = {
                word
                for term in terms
                if term is not own and not _neighbours(term, own, mine)
                for word, weight in term.senses.items()
                if item in self.vocabulary.items(word)
                and weight >= max(own.senses.get(word, 0), 0.94)
            }
            if mine and mine <= others:
                return True
        return False

    def terms(self, words: Sequence[Word]) -> list[Term]:
        """The words as terms: alone, joined with a neighbour, and as what a phrase of them says."""
        senses = [
            {} if word.role is Role.UNKNOWN else dict(self.vocabulary.senses(word.key))
            for word in words
        ]
        for at in range(len(words) - 1):
            if Role.UNKNOWN in (words[at].role, words[at + 1].role) and not words[at].key.isalpha():
                continue
            joined = self._joined(words[at], words[at + 1])
            if self.lexicon.name(words[at].key) == "oversize" and EXACT in joined.values():
                # OS 50 is no other 50.
                senses[at] = senses[at + 1] = {}
            for word, weight in joined.items():
                for one in (at, at + 1):
                    senses[one][word] = max(weight, senses[one].get(word, 0))
        for start, stop, concept in self.lexicon.named([word.key for word in words]):
            if self.vocabulary.items(concept):
                for at in range(start, stop):
                    senses[at].setdefault(concept, CONCEPT)
        return [
            Term(word.key, senses[at], self.places[id(word)], self._soft(word))
            for at, word in enumerate(words)
            if senses[at] or word.role is Role.NAME or (word.role is Role.NUMBER and not word.year)
        ]  # fmt: skip

    def _soft(self, word: Word) -> bool:
        return word.role is Role.MAYBE or word.year

    def narrowed(self, terms: Sequence[Term], before: Sequence[Term]) -> Match:
        """`terms` with as much of what was named before as goes with them."""
        own = {self.lexicon.name(term.key) for term in terms}
        clash = {self.lexicon.opposites.get(name) for name in own}
        carried = [
            replace(term, soft=True, carried=True)
            for term in before
            if self.lexicon.name(term.key) not in own | clash
        ]
        # What it is, unless that is said anew, then for what, say more than what else was said: the
        # first that fit narrow what is left.
        same = not any(map(self._kinds, terms))
        carried.sort(
            key=lambda term: (
                not (same and self._kinds(term)),
                not any(map(self.vocabulary.applies, term.senses)),
            )
        )
        needed = [replace(term, soft=False) for term in terms if term.senses]
        found = match([*needed, *carried], self.vocabulary)
        kindred = found.headed or self._kindred(found, before)
        if kindred or not any(map(self._models, needed)):
            return found
        # Another model comes in the place of the one that was said.
        return match(
            [*needed, *(term for term in carried if not self._models(term))], self.vocabulary
        )

    def quantity(self, counted: Word | None, found: Match) -> tuple[int | None, bool]:
        """The quantity in the item's unit, and whether that is uncertain."""
        if counted is None:
            return None, False
        entry = self.index.entry(found.items[0]) if found.items else None
        own = self.lexicon.units.get(entry.unit.lower(), entry.unit.lower()) if entry else ""
        if counted.pair:
            return counted.value * (1 if own in ("pair", "set") else 2), False
        addressed = counted.unit in self.lexicon.words["honorifics"]
        return counted.value, not (addressed or fits(counted.unit, own))

    def joins(self, words: Sequence[Word], at: int) -> bool:
        return any(
            self._joined(words[a], words[b])
            for a, b in ((at - 1, at), (at, at + 1))
            if a >= 0 and b < len(words)
        )

    def _joined(self, one: Word, two: Word) -> dict[str, float]:
        """What two words that stand side by side mean in one: xy 120."""
        if self.places[id(two)] != self.places[id(one)] + 1 or two.token.pause:
            return {}
        if one.key.isdecimal() and two.key.isdecimal():
            return {}
        found = self.vocabulary.whole(one.key + two.key)
        code = f"code:{one.key}{two.key}"
        if one.key.isalpha() and two.key.isdecimal() and self.vocabulary.items(code):
            # A code that is written in two words is but a guess.
            found[code] = CODE
        return found


def only(found: Match, items: Sequence[int]) -> Match | None:
    """Of a match these items only; None of none."""
    kept = [at for at, item in enumerate(found.items) if item in items]
    if not kept:
        return None
    weights = tuple(found.weights[at] for at in kept if at < len(found.weights))
    return replace(found, items=tuple(found.items[at] for at in kept), weights=weights)


def rate(mention: Mention) -> float:
    """How good a piece is: one item, several, none."""
    found = mention.match
    if found.missing or not found.items:
        return 0.0
    if len(found.items) == 1:
        return 3.0 if found.headed else 2.7 if mention.lean else 2.6
    return 1.6 if found.headed or mention.lean else 1.2


def _mixed(terms: Sequence[Term]) -> list[Term]:
    """Those that are more than a number: the x10 of "catra x10 biru 10 merah 10"."""
    return [term for term in terms if not term.key.isdecimal()]


def _guess(term: Term) -> bool:
    """Whether two letters are only guessed to be an abbreviation."""
    best = max(term.senses.values(), default=1.0)
    return not term.soft and len(term.key) <= 2 and best <= SHORT


def _exact(terms: Sequence[Term], found: Match, vocabulary: Vocabulary) -> bool:
    """Whether a size or code names the item: nobody says those of something else."""
    item = found.items[0]
    return any(
        any(char.isdigit() for char in term.key) and not term.key.isdecimal()
        and term.fits(vocabulary, item) == EXACT
        for term in terms
    )  # fmt: skip


def _neighbours(term: Term, own: Term, mine: set[str]) -> bool:
    """Whether two terms make one word together: xy 120."""
    return abs(term.place - own.place) <= 2 and any(
        term.key + own.key in word or own.key + term.key in word for word in mine
    )


def fits(unit: str, own: str) -> bool:
    """Whether what a customer counts in is what the item is sold by; both are kinds of units."""
    if unit in ("", "piece", own):
        return True
    return (own == "piece" and unit in CONTAINERS) or {unit, own} <= {"set", "pair"}
