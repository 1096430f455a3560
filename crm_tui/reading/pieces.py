"""One piece of a free text: the words that name an item, and the number that counts it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm_tui.reading.edit_model import BEGINNING, EXACT, PART, SHORT, SOUND
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.leniency import Lenience
from crm_tui.reading.lexicon import DOZENS, PACK, PAIR
from crm_tui.reading.makes import only
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.numbers import CONTAINERS
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.terming import abbreviates, exactly, mixed, neighbours
from crm_tui.reading.unknown import Beside, guessed, without_weak

WHICH = ("yang", "yg", "yng", "nu", "sing")
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
    sized: bool = False
    """Its number may as well be the size that its name has: a doubt, unless other lines tell."""

    def entries(self, index: ItemIndex) -> list[Entry]:
        """The items, best first."""
        return [index.entry(item) for item in self.match.items]

    def only(self, items: tuple[int, ...], index: ItemIndex) -> "Mention":
        """With these of its items, and a pair counted in what they are sold by."""
        pairs = [word.value for word in self.words if word.pair]
        quantity = self.quantity
        if items and len(pairs) == 1 and quantity in (pairs[0], pairs[0] * PAIR):
            quantity = pairs[0] * _in_pair(items, index)
        return replace(self, match=replace(self.match, items=items), quantity=quantity)


class Pieces(Lenience):
    """Reads pieces of one text."""

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
            if counted is None or not self.ordering or counted.label:
                return None
            if begin == 0 and not self._backed(terms):
                return None
            if begin == 0:
                matched = match(terms, self.vocabulary)
                words_ = (*named, counted)
                return Mention(
                    matched, self.quantity(counted, matched)[0], tuple(terms), words_, doubt=True
                )
            missing = tuple(replace(term, senses={}, soft=False) for term in terms)
            return Mention(Match((), missing), counted.value, missing, (*named, counted))
        matched = self._as_written(named, match(terms, self.vocabulary))
        matched = self._of_fuel(terms, matched)
        matched = self._with_addressed(terms, matched)
        if self.made_by:
            matched = self._with_the_house(terms, matched)
        if self.kinds_apart:
            matched = self._told_apart(terms, matched)
        matched = self._meant(words, begin, end, matched)
        matched = self._by_itself(terms, self._sold_by(counted, matched))
        lean = counted_doubt = False
        if before and (len(matched.items) > 1 or matched.missing or not matched.headed):
            fewer = self.narrowed(terms, before)
            if (
                fewer.items
                and not fewer.missing
                and (matched.missing or len(fewer.items) < len(matched.items) or not matched.headed)
                and (matched.headed or self._kindred(fewer, before))
            ):
                # "Atas 1 bawah 1" is no LOWER ARM.
                kind = matched.headed and not self._other_side(terms, before)
                counted_doubt = kind and not self._of_it(named, before, fewer, matched)
                lean, matched = not kind, fewer
                counted_doubt = counted_doubt or self._turns(before, terms, fewer)
        numbers = [at for at in range(begin, end) if ways.get(at) == "a"]
        if (
            numbers
            and matched.items
            and not matched.missing
            and self._used_twice(
                [words[at] for at in numbers], [*terms, *(mixed(before) if lean else ())], matched
            )
        ):
            return None
        aim = [term for term in terms if self.words[term.place].purpose]
        if aim and len(aim) < len(terms) and not matched.one:
            # What it is for may be a car that the shop does not know.
            some = match([term for term in terms if term not in aim], self.vocabulary)
            own = [term for term in terms if term not in aim]
            if before and not (some.one and some.headed) and any(not term.soft for term in own):
                fewer = self.narrowed(own, before)
                if fewer.one and self._kindred(fewer, before):
                    lean, some = True, replace(fewer, headed=True)
            if some.one and some.headed:
                matched = some
                counted_doubt = not exactly(terms, some, self.vocabulary) and self._for_models(some)
        if matched.items and not matched.missing and not matched.headed and not lean:
            matched = self._of_its_kind(terms, matched)
        settled: set[int] = set()
        if matched.missing:
            matched = (self._of_the_house(terms, all_=True) if self.made_by else None) or matched
        makers = self.makers(terms) if self.made_by else set()
        settled |= set() if matched.missing else makers
        if matched.missing:
            matched = self._plainly(terms, matched)
        if matched.missing:
            graded = self._graded(terms, self._unsaid(terms, matched))
            if matched.missing and not graded.missing:
                settled |= {term.place for term in matched.missing}
            matched = graded
        rest = None
        if matched.missing:
            rest = self._unmade(terms) or self._of_the_house(terms, all_=False)
            rest = rest or self._without(terms, matched) or self._of_the_class(terms, matched)
        applied = rest is not None and any(self._models(term) for term in matched.missing)
        if rest is None:
            rest = without_weak(terms, matched, self.vocabulary)
            if rest is not None:
                terms = [term for term in terms if not guessed(term)]
        if rest is not None:
            matched, counted_doubt = rest, True
            settled |= makers
        common = [word for word in words[begin:end] if self._common(word)]
        if common and matched.missing:
            matched, counted_doubt = self._of_the_common(terms, common, matched), True
        if common and len(matched.items) > 1 and not matched.missing:
            matched = self._plainest(matched)
        rest_of = [
            word
            for word in words[begin:end]
            if word not in common and self.places[id(word)] not in settled
        ]
        of_it = [word for word in rest_of if self._of_common(word, common)]
        if of_it:
            rest_of, counted_doubt = [word for word in rest_of if word not in of_it], True
        beside = Beside(rest_of, self.places, terms, matched, self.vocabulary)
        unknown, doubt, ask = beside.words, beside.doubt(), beside.asks()
        other = self._another(words, begin, end, ways, matched)
        if other and matched.items and not matched.missing:
            matched = Match(matched.items, (Term(other.key, {}, self.places[id(other)]),))
            named.append(other)
        if unknown and not doubt:
            matched = Match(matched.items, tuple(terms[:1]))
        if (
            counted
            and matched.one
            and not counted.unit
            and len(counted.key) > 1
            and (matched.items[0] in self.vocabulary.items(counted.key))
        ):
            # It stands in the item's name: a size, or the make 555.
            return None
        quantity, uncertain = self.quantity(counted, matched)
        return Mention(
            matched, quantity, tuple(terms), (*named, *([counted] if counted else [])),
            tuple(word.token.text for word in unknown),
            doubt or bare or uncertain or counted_doubt or self._misspelt(named, matched)
            or (bool(self.kinds_apart) and self._unsaid_kind(terms, matched))
            or all(weak) or any(
                abbreviates(term) and not self.words[term.place].purpose for term in terms
            ),
            lean=lean, ask=ask or applied,
        )  # fmt: skip

    def _other_side(self, terms: Sequence[Term], before: Sequence[Term]) -> bool:
        """Whether nothing but the opposite side of what was named before is said."""
        name, opposites = self.lexicon.name, self.lexicon.opposites
        sides = {opposites.get(name(term.key), "") for term in terms}
        return len(sides) == 1 and sides <= {name(term.key) for term in before}

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

    def _backed(self, terms: Sequence[Term]) -> bool:
        """Whether a word with a slip and a word of talk beside it are of one thing alone: "kenrai
        panjang", of a KENARI PANJANG."""
        found = match(terms, self.vocabulary)
        return found.one and any(
            term.soft and term.fits(self.vocabulary, found.items[0]) == EXACT for term in terms
        )

    def _nobodys(self, named: Sequence[Word], counted: Word | None) -> Mention | None:
        """So many of what nobody knows, behind something else."""
        strange = [word for word in named if word.role is Role.UNKNOWN and word.key.isalpha()]
        if not strange or counted is None or counted.label or counted.year or not self.ordering:
            return None
        missing = tuple(Term(word.key, {}, self.places[id(word)]) for word in strange)
        return Mention(Match((), missing), counted.value, missing, (*strange, counted))

    def _another(
        self, words: Sequence[Word], begin: int, end: int, ways: dict[int, str], found: Match
    ) -> Word | None:
        """A number right behind a name that is no quantity, where the items have another such one
        in its place: a customer who asks for 16 wants no 24."""
        for at in range(begin, end):
            word = words[at]
            if ways.get(at) != "i" or word.unit or len(word.key) < 2 or word.purpose:
                continue
            near = at > begin and self.places[id(word)] - self.places[id(words[at - 1])] == 1
            if not near or words[at - 1].role is not Role.NAME or word.token.pause:
                continue
            marked = words[at - 1].key in self.lexicon.words["size_marks"]
            if any(
                one.isdecimal() and (marked or len(one) == len(word.key))
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
        if len(words) != 1 or not terms or max(terms[0].senses.values(), default=0.0) < PART:
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
                if term is not own and not neighbours(term, own, mine)
                for word, weight in term.senses.items()
                if item in self.vocabulary.items(word)
                and weight >= max(own.senses.get(word, 0), 0.94)
                # 17 and 160 are both of 17x160; the 4 of "x4" is said twice.
                and (weight == EXACT or own.key in term.key)
            }
            if mine and mine <= others:
                return True
        return False

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
                # A word like "belt" stands with many things, and is for none.
                self.lexicon.name(term.key) in self.lexicon.words["kinds"]
                or not any(map(self.vocabulary.applies, term.senses)),
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
            return counted.value * _in_pair(found.items, self.index), False
        fit = counted.unit in self.lexicon.words["honorifics"] or fits(counted.unit, own)
        return counted.value, not (fit or self.by_the_litre(counted, found))


def _in_pair(items: Sequence[int], index: ItemIndex) -> int:
    """How many a pair is of what one of these items is sold by."""
    single = index.by_packs and len(items) > 1
    single = single or all(index.pack_of(index.entry(item)) == PAIR for item in items)
    return 1 if items and single else PAIR


def rate(mention: Mention) -> float:
    """How good a piece is: one item, several, none."""
    found = mention.match
    if found.missing or not found.items:
        return 0.0
    if len(found.items) == 1:
        return 3.0 if found.headed else 2.7 if mention.lean else 2.6
    return 1.6 if found.headed or mention.lean else 1.2


def fits(unit: str, own: str) -> bool:
    """Whether what a customer counts in is what the item is sold by; both are kinds of units."""
    if unit == "piece" and own in DOZENS:
        return False
    if unit in ("", "piece", own) or unit.startswith(PACK):
        return True
    return (own == "piece" and unit in CONTAINERS) or {unit, own} <= {"set", "pair"}
