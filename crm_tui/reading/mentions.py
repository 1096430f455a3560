"""Items and quantities in a free text: which words name which item, which number is its quantity.

A number may be a size or a quantity. All ways to take the numbers of a clause are tried (within a
bound), and the one that names items best is kept; where another one is as good, it is a doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.tagging import Role, Tagged, Word
from crm_tui.reading.vocabulary import BEGINNING, EXACT, Vocabulary

_MOST_NUMBERS = 6
_MOST_WORDS = 60
_MOST_STEPS = 80
"""So many pieces of a text are matched; a longer way to understand it is none."""


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

    def entries(self, index: ItemIndex) -> list[Entry]:
        """The items, best first."""
        return [index.entry(item) for item in self.match.items]


@dataclass
class _Budget:
    steps: int = _MOST_STEPS
    known: dict[tuple[object, ...], "Mention | None"] = field(default_factory=dict)


def clauses(tagged: Tagged) -> list[list[Word]]:
    """The words parted at commas, lines, and what stands between two items."""
    found: list[list[Word]] = [[]]
    for word in tagged.words:
        if word.role is Role.LINK or word.token.pause:
            found.append([])
        if word.role is not Role.LINK:
            found[-1].append(word)
    return [clause for clause in found if clause]


def find(
    tagged: Tagged, index: ItemIndex, *, ordering: bool, context: Sequence[Term] = (),
    lone: bool = False,
) -> list[Mention]:  # fmt: skip
    """The items named in a text with their quantities; `context`: what was named before it.

    `lone`: a size alone names an item, for there are but a few to choose from.
    """
    finder = _Finder(tagged, index, ordering, lone)
    result: list[Mention] = []
    before = tuple(context)
    for number, clause in enumerate(clauses(tagged)):
        mentions = finder.clause(clause, before)
        if not mentions and result and result[-1].quantity is None and ordering:
            result[-1] = finder.counted(result[-1], clause)
        result += [replace(mention, clause=number) for mention in mentions]
        for mention in mentions:
            if mention.match.items and not mention.match.missing:
                before = _merged(mention.terms, before) if mention.lean else mention.terms
    result = finder.completed(result)
    return finder.shared(result)


def _merged(new: Sequence[Term], old: Sequence[Term]) -> tuple[Term, ...]:
    return (*old, *new)


class _Finder:
    def __init__(
        self, tagged: Tagged, index: ItemIndex, ordering: bool, lone: bool = False
    ) -> None:
        self.lone = lone
        self.index = index
        self.lexicon = index.lexicon
        self.vocabulary = index.words
        self.ordering = ordering
        self.words = tagged.words
        self.places = {id(word): place for place, word in enumerate(tagged.words)}
        self.budget = _Budget()
        self.each = self._each(tagged)

    def _each(self, tagged: Tagged) -> int | None:
        """The number that stands for each item: "masing-masing 2"."""
        words = tagged.words
        for at, word in enumerate(words):
            if word.role is Role.EACH:
                if word.value:
                    return word.value
                for near in (*words[at + 1 : at + 3], *reversed(words[max(0, at - 1) : at])):
                    if near.role is Role.NUMBER:
                        return near.value
        return None

    # ── one clause ────────────────────────────────────────────────────────────────────────────

    def clause(self, words: Sequence[Word], before: Sequence[Term]) -> list[Mention]:
        """The best way to take the words and numbers of a clause."""
        if any(word.role is Role.EACH for word in words):
            words = [
                word for word in words if word.role is not Role.NUMBER or word.value != self.each
            ]
        useful = [
            word
            for word in words
            if word.role in (Role.NAME, Role.MAYBE, Role.NUMBER, Role.UNKNOWN)
        ][:_MOST_WORDS]
        roles = {word.role for word in useful}
        if not useful:
            return []
        if not roles & {Role.NAME, Role.MAYBE} and Role.UNKNOWN in roles:
            return self._nobodys(useful)
        best: tuple[tuple[float, ...], list[Mention]] | None = None
        rivals: list[list[Mention]] = []
        for ways in self._ways(useful):
            for parts in self._parts(useful, ways):
                if self.budget.steps <= 0:
                    break
                made = self._pieces(useful, parts, ways, before)
                if not made:
                    continue
                score = self._score(made, [ways[at] for at in ways])
                apart = len({mention.match.items for mention in made}) == len(made)
                if apart and min(rate(mention) for mention in made) >= 2.6:
                    rivals.append(made)
                if best is None or score > best[0]:
                    best = score, made
        if best is None or best[0][0] == 0:
            run_on = self._run_on(useful)
            if run_on:
                return run_on
        if best is None:
            return []
        mentions_ = best[1]
        if len({mention.match.items for mention in mentions_}) < len(mentions_):
            # One item twice without anything between: numbers may be parts of its name.
            mentions_ = [replace(mention, doubt=True) for mention in mentions_]
        meant = _meant(mentions_)
        if all(rate(one) >= 2.6 for one in mentions_) and any(
            _meant(one) != meant for one in rivals
        ):
            mentions_ = [replace(mention, doubt=True) for mention in mentions_]
        return mentions_

    def _nobodys(self, words: Sequence[Word]) -> list[Mention]:
        """A clause of words that nobody knows names something if one of them looks like a code."""
        words = [word for word in words if word.role is Role.UNKNOWN]
        if not any(char.isdigit() for word in words for char in word.key):
            return []
        missing = tuple(Term(word.key, {}, self.places[id(word)]) for word in words)
        return [Mention(Match((), missing), None, missing, tuple(words))]

    def _run_on(self, words: Sequence[Word], depth: int = 0) -> list[Mention]:
        """Several items without anything between them: "oli mpx2 busi cpr6"."""
        if depth > 4 or any(word.role is Role.NUMBER and word.unit for word in words):
            return []
        ways = {at: "a" for at, word in enumerate(words) if word.role is Role.NUMBER}
        kinds = self.vocabulary.kinds
        for cut in range(1, len(words)):
            senses = self.vocabulary.senses(words[cut].key)
            if not any(kinds.get(sense) or sense[:5] == "code:" for sense in senses):
                continue
            first = self._piece(words, (0, cut), ways, ())
            if first is None or not first.match.headed or first.match.missing:
                continue
            rest = words[cut:]
            again = {at - cut: way for at, way in ways.items() if at >= cut}
            last = self._piece(rest, (0, len(rest)), again, ())
            if last is not None and last.match.headed and not last.match.missing:
                return [first, last]
            more = self._run_on(rest, depth + 1)
            if more:
                return [first, *more]
        return []

    def _ways(self, words: Sequence[Word]) -> Iterator[dict[int, str]]:
        """What each number may be: q a quantity, a a part of a name, i nothing."""
        numbers = [at for at, word in enumerate(words) if word.role is Role.NUMBER]
        options = []
        for count, at in enumerate(numbers):
            options.append(self._options(words, at) if count < _MOST_NUMBERS else "q")
        for way in product(*options):
            yield dict(zip(numbers, way, strict=True))

    def _options(self, words: Sequence[Word], at: int) -> str:
        word = words[at]
        names = bool(self.vocabulary.senses(word.key)) or self._joins(words, at)
        if word.year:
            return "a"
        if word.purpose and not word.unit:
            return "ai" if names else "i"
        if word.unit in ("meter", "liter", "kilogram"):
            return "aq" if not word.key.isdecimal() else "q"
        if word.unit:
            behind = [one for one in words[at + 1 : at + 3] if one.role is not Role.MAYBE]
            following = behind[0] if behind else word
            bare = following.role is Role.NUMBER and not following.unit and following is not word
            return "aq" if names and bare else "q"
        if word.label:
            return "a" if names else "i"
        if not self.ordering:
            return "ai" if names else "i"
        if not names:
            return "q"
        return "aq"

    def _joins(self, words: Sequence[Word], at: int) -> bool:
        return any(
            self._joined(words[a], words[b])
            for a, b in ((at - 1, at), (at, at + 1))
            if a >= 0 and b < len(words)
        )

    def _joined(self, one: Word, two: Word) -> dict[str, float]:
        """What two words that stand side by side mean in one: ps 120, fm 260, v belt."""
        if self.places[id(two)] != self.places[id(one)] + 1 or two.token.pause:
            return {}
        if one.key.isdecimal() and two.key.isdecimal():
            return {}
        return self.vocabulary.whole(one.key + two.key)

    def _parts(
        self, words: Sequence[Word], ways: dict[int, str]
    ) -> Iterator[list[tuple[int, int]]]:
        """How a clause falls into pieces of one quantity each: numbers behind, or before."""
        quantities = [at for at, way in ways.items() if way == "q"]
        size = len(words)
        if len(quantities) < 2:
            yield [(0, size)]
            if not quantities:
                return
        if len(quantities) > 1 or quantities[0] < size - 1:
            ends = [at + 1 for at in quantities]
            behind = list(zip([0, *ends[:-1]], ends, strict=True))
            if self._names(words, ends[-1], size):
                yield [*behind, (ends[-1], size)]
            if len(quantities) > 1:
                yield [*behind[:-1], (behind[-1][0], size)]
        if len(quantities) > 1 and not self._names(words, 0, quantities[0]):
            yield list(zip(quantities, [*quantities[1:], size], strict=True))

    def _names(self, words: Sequence[Word], begin: int, end: int) -> bool:
        return any(word.role in (Role.NAME, Role.UNKNOWN) for word in words[begin:end])

    def _score(self, mentions: Sequence[Mention], ways: Sequence[str]) -> tuple[float, ...]:
        lacking = 0.3 if self.ordering and "a" not in ways else 0.0
        rates = [rate(mention) - (mention.quantity is None) * lacking for mention in mentions]
        spread = sum(len(mention.match.items) for mention in mentions)
        return (
            round(min(rates), 3),
            round(sum(rates) / len(rates) - 0.5 * ways.count("i"), 3),
            -spread,
            sum(mention.quantity is not None for mention in mentions),
            -len(mentions),
        )

    # ── one piece ─────────────────────────────────────────────────────────────────────────────

    def _pieces(
        self, words: Sequence[Word], parts: Sequence[tuple[int, int]], ways: dict[int, str],
        before: Sequence[Term],
    ) -> list[Mention]:  # fmt: skip
        """The pieces of one way to part a clause; none if one of them names nothing."""
        made: list[Mention] = []
        for part in parts:
            mention = self._piece(words, part, ways, before)
            if mention is None:
                return []
            made.append(mention)
            if mention.match.items and not mention.match.missing:
                before = _merged(mention.terms, before) if mention.lean else mention.terms
        return made

    def _piece(
        self,
        words: Sequence[Word],
        part: tuple[int, int],
        ways: dict[int, str],
        before: Sequence[Term],
    ) -> Mention | None:
        """What one piece of a clause names; None if it names nothing at all."""
        begin, end = part
        known = tuple(term.place for term in before)
        key = (id(words[begin]), end, known, tuple(ways.get(at, "") for at in range(begin, end)))
        if key not in self.budget.known:
            self.budget.steps -= 1
            self.budget.known[key] = self._read(words, begin, end, ways, before)
        return self.budget.known[key]

    def _read(
        self,
        words: Sequence[Word],
        begin: int,
        end: int,
        ways: dict[int, str],
        before: Sequence[Term],
    ) -> Mention | None:
        named: list[Word] = []
        counted: Word | None = None
        for at in range(begin, end):
            word = words[at]
            if word.role is not Role.NUMBER or ways[at] == "a":
                named.append(word)
            elif ways[at] == "q":
                counted = word
        terms = self.terms(named)
        if not any(not term.soft for term in terms):
            return None
        if (
            not any(word.role in (Role.NAME, Role.UNKNOWN) for word in named)
            and not self.lone
            and not (
                counted and any(sense[:5] == "code:" for term in terms for sense in term.senses)
            )
            and not self._another_size(terms, before)
        ):
            return None
        if not self.lone and all(
            term.soft or 0 < max(term.senses.values(), default=0.0) <= BEGINNING for term in terms
        ):
            # A slip alone is more likely a name: Budi is no busi.
            return None
        found = self._opposed(terms)
        lean = counted_doubt = False
        if before and (len(found.items) > 1 or found.missing or not found.headed):
            fewer = self.narrowed(terms, before)
            if (
                fewer.items
                and not fewer.missing
                and (found.missing or len(fewer.items) < len(found.items) or not found.headed)
            ):
                counted_doubt = found.headed and len(fewer.items) == 1
                lean, found = not found.headed, fewer
        numbers = [at for at in range(begin, end) if ways.get(at) == "a"]
        if (
            numbers
            and found.items
            and not found.missing
            and self._used_twice([words[at] for at in numbers], terms, found)
        ):
            return None
        aim = [term for term in terms if self.words[term.place].purpose]
        if aim and len(aim) < len(terms) and not found.one:
            # What it is for may be a car that the shop does not know.
            some = match([term for term in terms if term not in aim], self.vocabulary)
            if some.one and some.headed:
                found, counted_doubt = some, not _exact(terms, some, self.vocabulary)
        if found.items and not found.missing and not found.headed and not lean:
            found = self._of_its_kind(terms, found)
        rest = self._without(terms, found) if found.missing else None
        if rest is not None:
            found, counted_doubt = rest, True
        unknown, doubt = self._unknown(words, begin, end, terms, found)
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
        quantity, uncertain = self._quantity(counted, found)
        return Mention(
            found, quantity, tuple(terms), (*named, *([counted] if counted else [])),
            tuple(word.token.text for word in unknown), doubt or uncertain or counted_doubt, lean=lean,
        )  # fmt: skip

    def _of_its_kind(self, terms: Sequence[Term], found: Match) -> Match:
        """Nothing of another kind than was said: who asks for a wiper wants no wiper's tank."""
        kinds = self.vocabulary.kinds
        for term in terms:
            said = [word for word, weight in term.senses.items() if weight == EXACT]
            if any(kinds.get(word) and not self.vocabulary.applies(word) for word in said):
                others = [one for one in terms if one is not term and not one.soft]
                rare = [one for one in others if any(map(self.vocabulary.applies, one.senses))]
                return Match(found.items, tuple(rare or others or terms))
        return found

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
        names = {self.lexicon.name(term.key) for term in found.missing}
        if names == {"original"}:
            return some
        having = {word for item in some.items[:40] for word in self.vocabulary.words[item]}
        if names <= set(self.lexicon.opposites):
            sided = {side for name in names for side in (name, self.lexicon.opposites[name])}
            return None if sided & having else some
        applied = all(
            any(
                self.vocabulary.applies(word)
                for word, weight in term.senses.items()
                if weight > 0.9
            )
            for term in found.missing
        )
        return some if applied and not any(map(self.vocabulary.applies, having)) else None

    def _another_size(self, terms: Sequence[Term], before: Sequence[Term]) -> bool:
        """Whether a number alone is another size of what was named before: laher 6301 sama 6203."""
        needed = [term for term in terms if not term.soft and len(term.key) > 1]
        if not before or len(needed) != 1:
            return False
        found = self.narrowed(needed, before)
        heads = {head for item in found.items for head in self.vocabulary.heads[item]}
        return found.one and any(heads & set(term.senses) for term in before)

    def _used_twice(self, numbers: Sequence[Word], terms: Sequence[Term], found: Match) -> bool:
        """Whether a number only repeats a word that is named already: the 4 behind "h4"."""
        return all(self._repeats(numbers, terms, item) for item in found.items[:8])

    def _repeats(self, numbers: Sequence[Word], terms: Sequence[Term], item: int) -> bool:
        for number in numbers:
            place = self.places[id(number)]
            own = next((term for term in terms if term.place == place), None)
            if own is None:
                continue
            mine = {word for word in own.senses if item in self.vocabulary.items(word)}
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
            for word, weight in self._joined(words[at], words[at + 1]).items():
                for one in (at, at + 1):
                    senses[one][word] = max(weight, senses[one].get(word, 0))
        for start, stop, concept in self.lexicon.named([word.key for word in words]):
            if self.vocabulary.items(concept):
                for at in range(start, stop):
                    senses[at].setdefault(concept, 0.97)
        return [
            Term(word.key, senses[at], self.places[id(word)], self._soft(word))
            for at, word in enumerate(words)
            if senses[at] or word.role is Role.NAME or (word.role is Role.NUMBER and not word.year)
        ]  # fmt: skip

    def _soft(self, word: Word) -> bool:
        return word.role is Role.MAYBE or word.year

    def _opposed(self, terms: Sequence[Term]) -> Match:
        return match(terms, self.vocabulary)

    def narrowed(self, terms: Sequence[Term], before: Sequence[Term]) -> Match:
        """`terms` with as much of what was named before as goes with them."""
        own = {self.lexicon.name(term.key) for term in terms}
        clash = {self.lexicon.opposites.get(name) for name in own}
        carried = [
            replace(term, soft=True, carried=True)
            for term in before
            if self.lexicon.name(term.key) not in own | clash
        ]
        needed = [replace(term, soft=False) for term in terms if term.senses]
        return match([*needed, *carried], self.vocabulary)

    def _unknown(
        self, words: Sequence[Word], begin: int, end: int, terms: Sequence[Term], found: Match
    ) -> tuple[list[Word], bool]:
        """Unknown words beside those that name the item, and whether they are but a doubt.

        Behind the name of a kind of thing they say which one is meant; behind another word, as
        "veloz" behind "avanza", they say no more than the shop needs to know.
        """
        places = {term.place: term for term in terms if term.senses}
        beside: list[Word] = []
        near: set[int] = set()
        doubt = found.headed
        for word in words[begin:end]:
            place = self.places[id(word)]
            if word.role is not Role.UNKNOWN or place in places:
                continue
            left = places.get(place - 1) if not word.token.pause else None
            if left is None and places.get(place + 1) is None and place - 1 not in near:
                continue
            beside.append(word)
            if place - 1 not in near and (left is None or not self._applies(left, found)):
                doubt = False
            near.add(place)
        doubt = doubt and len(beside) < len(places)
        return beside, bool(beside) and doubt

    def _applies(self, term: Term, found: Match) -> bool:
        """Whether a word says for what an item is, not what it is."""
        general = self.lexicon.name(term.key) in self.lexicon.canon
        heads = {head for item in found.items[:20] for head in self.vocabulary.heads[item]}
        return bool(term.senses) and not general and not heads & set(term.senses)

    def _quantity(self, counted: Word | None, found: Match) -> tuple[int | None, bool]:
        """The quantity in the item's unit, and whether that is uncertain."""
        if counted is None:
            return None, False
        entry = self.index.entry(found.items[0]) if found.items else None
        own = self.lexicon.units.get(entry.unit.lower(), entry.unit.lower()) if entry else ""
        if counted.pair:
            return counted.value * (1 if own in ("pair", "set") else 2), False
        return counted.value, not fits(counted.unit, own)

    def counted(self, mention: Mention, clause: Sequence[Word]) -> Mention:
        """A mention with the number that stands alone in the clause behind it."""
        numbers = [word for word in clause if word.role is Role.NUMBER and not word.label]
        others = any(word.role in (Role.NAME, Role.UNKNOWN, Role.EACH) for word in clause)
        if len(numbers) != 1 or others or numbers[0].year:
            return mention
        quantity, doubt = self._quantity(numbers[0], mention.match)
        words = (*mention.words, numbers[0])
        return replace(mention, quantity=quantity, doubt=mention.doubt or doubt, words=words)

    # ── all of them together ──────────────────────────────────────────────────────────────────

    def completed(self, mentions: list[Mention]) -> list[Mention]:
        """Take with a piece what was said behind it: "boom, arm sama bucket pc200"."""
        for at in range(len(mentions) - 2, -1, -1):
            mention, following = mentions[at], mentions[at + 1]
            if (len(mention.match.items) != 1 or mention.match.missing) and following.match.items:
                fewer = self.narrowed(mention.terms, following.terms)
                if (
                    fewer.items
                    and not fewer.missing
                    and len(fewer.items) < len(mention.match.items)
                ):
                    mentions[at] = replace(
                        mention, match=fewer, doubt=mention.doubt or self.ordering
                    )
        return mentions

    def shared(self, mentions: list[Mention]) -> list[Mention]:
        """Both sides of a pair as two items, and the number that is for each."""
        result: list[Mention] = []
        for mention in mentions:
            result += (
                self._sides(mention)
                if mention.match.missing or not mention.match.one
                else [mention]
            )
        if self.each:
            result = [
                replace(mention, quantity=self.each) if mention.quantity is None else mention
                for mention in result
            ]
        return result

    def _sides(self, mention: Mention) -> list[Mention]:
        names = {self.lexicon.name(term.key): term for term in mention.terms}
        for name, term in names.items():
            other = names.get(self.lexicon.opposites.get(name, ""))
            if other is None:
                continue
            both = [
                match([one for one in mention.terms if one is not left], self.vocabulary)
                for left in (other, term)
            ]
            if all(found.one for found in both) and both[0].items != both[1].items:
                pair = any(word.pair for word in mention.words)
                quantity = mention.quantity
                if pair and quantity is not None:
                    counts = [word.value for word in mention.words if word.pair]
                    quantity = counts[0]
                doubt = mention.doubt or (quantity is not None and not pair and not self.each)
                return [
                    replace(mention, match=found, quantity=quantity, doubt=doubt) for found in both
                ]
            without = match(
                [one for one in mention.terms if one not in (term, other)], self.vocabulary
            )
            if without.one:
                quantity = 2 if mention.quantity is None else mention.quantity
                return [replace(mention, match=without, quantity=quantity, doubt=True)]
        return [mention]


def rate(mention: Mention) -> float:
    """How good a piece is: one item, several, none."""
    found = mention.match
    if found.missing or not found.items:
        return 0.0
    if len(found.items) == 1:
        return 3.0 if found.headed else 2.7 if mention.lean else 2.6
    return 1.6 if found.headed or mention.lean else 1.2


def _exact(terms: Sequence[Term], found: Match, vocabulary: Vocabulary) -> bool:
    """Whether a size or code names the item: nobody says those of something else."""
    item = found.items[0]
    return any(
        any(char.isdigit() for char in term.key) and not term.key.isdecimal()
        and term.fits(vocabulary, item) == EXACT
        for term in terms
    )  # fmt: skip


def _neighbours(term: Term, own: Term, mine: set[str]) -> bool:
    """Whether two terms make one word together: ps 120."""
    return abs(term.place - own.place) == 1 and any(
        term.key + own.key in word or own.key + term.key in word for word in mine
    )


def _meant(mentions: Sequence[Mention]) -> list[tuple[tuple[int, ...], int | None]]:
    return [(mention.match.items, mention.quantity) for mention in mentions]


def fits(unit: str, own: str) -> bool:
    """Whether what a customer counts in is what the item is sold by."""
    if unit in ("", "piece", own):
        return True
    if unit == "container":
        return own in ("piece", "container", "liter")
    return {unit, own} <= {"set", "pair"}
