"""Items and quantities in a free text: which words name which item, which number is its quantity.

A number may be a size or a quantity. All ways to take the numbers of a clause are tried (within a
bound), and the one that names items best is kept; where another one is as good, it is a doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product

from crm_tui.reading.aiming import without_aims
from crm_tui.reading.channel import SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.matching import Match, Term, match
from crm_tui.reading.pieces import WHICH, Mention, Pieces, rate
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.shapes import named, numbers_behind, shape, without_headings, year

_MOST_HEADING = 4
_MOST_NUMBERS = 6
_MOST_SIZES = 10
_MOST_WORDS = 60
_MOST_STEPS = 80
_MOST_LOOKED = 40
_MOST_COUNTED = 30
"""So many pieces of a text are matched; a longer way to understand it is none."""


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


def find(tagged: Tagged, index: ItemIndex, *, ordering: bool, lone: bool = False) -> list[Mention]:
    """The items named in a text with their quantities; what was found is kept with the text.

    `lone`: a size alone names an item, for there are but a few to choose from.
    """
    key = f"mentions {id(index)} {ordering} {lone}"
    known = tagged.found.get(key)
    if isinstance(known, tuple):
        return list(known)
    finder = _Finder(tagged, index, ordering, lone)
    result = _one_each(finder, tagged) if ordering else []
    result = result or _found(finder, clauses(tagged), ordering=ordering)
    tagged.found[key] = tuple(result)
    return result


def _found(finder: "_Finder", parts: Sequence[Sequence[Word]], *, ordering: bool) -> list[Mention]:
    """What is named in the clauses of a text, each in the light of those before it."""
    result: list[Mention] = []
    before: tuple[Term, ...] = ()
    whole = len(parts)
    parts = finder.split(parts)
    more = len(parts) - whole
    heading = finder.heading(parts)
    for number, clause in enumerate(parts):
        if heading and not number:
            continue
        if result and ordering and (right := finder.corrected(result[-1], clause)) != result[-1]:
            result[-1] = right
            continue
        mentions = finder.headed(heading, clause, before) or finder.clause(clause, before)
        if not mentions and result and result[-1].quantity is None and ordering:
            result[-1] = finder.counted(result[-1], clause)
        # A clause that was parted stays one to whoever looks where something stands.
        place = max(number - more, 0)
        result += [replace(mention, clause=place) for mention in mentions]
        for mention in mentions:
            if mention.match.items and not mention.match.missing:
                before = _merged(mention.terms, before) if mention.lean else mention.terms
    result = finder.completed(without_headings(named(result)))
    if not finder.pieces.lone:
        result = without_aims(result, finder.tagged, finder.vocabulary)
    return finder.shared(result)


def _one_each(finder: "_Finder", tagged: Tagged) -> list[Mention]:
    """Several things and behind them as many numbers: "kenari sama sirsak 1 1"; [] if it is not so.

    Which number is whose is certain only where they are all the same.
    """
    numbers = numbers_behind(tagged)
    kept = {id(word) for word in numbers}
    parts = [[word for word in part if id(word) not in kept] for part in clauses(tagged)]
    found = _found(finder, [part for part in parts if part], ordering=True) if numbers else []
    if len(found) != len(numbers) or any(one.match.missing or not one.match.items for one in found):
        return []
    sizes = any(len(word.key) > 1 and finder.vocabulary.senses(word.key) for word in numbers)
    doubt = sizes or len({word.value for word in numbers}) > 1
    return [
        replace(
            mention, quantity=word.value, words=(*mention.words, word), doubt=mention.doubt or doubt
        )
        for mention, word in zip(found, numbers, strict=True)
    ]


def _merged(new: Sequence[Term], old: Sequence[Term]) -> tuple[Term, ...]:
    return (*old, *new)


class _Finder:
    def __init__(self, tagged: Tagged, index: ItemIndex, ordering: bool, lone: bool) -> None:
        self.tagged = tagged
        self.pieces = Pieces(tagged, index, ordering=ordering, lone=lone)
        self.places = self.pieces.places
        self.lexicon = index.lexicon
        self.vocabulary = index.words
        self.ordering = ordering
        self.budget = _Budget()
        self.each = self._each(tagged)
        self.here = False
        """Whether that is said in the clause that is read."""

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

    def clause(self, words: Sequence[Word], before: Sequence[Term]) -> list[Mention]:
        """The best way to take the words and numbers of a clause."""
        self.here = any(word.role is Role.EACH for word in words)
        if self.here:
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
        joined = any(self.pieces.joins(useful, at) for at in range(len(useful)))
        if not roles & {Role.NAME, Role.MAYBE} and Role.UNKNOWN in roles and not joined:
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
        if best is None or best[0][0] <= 0:
            run_on = self._run_on(useful, before) or self._sizes(useful)
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
            _meant(one) != meant and self._as_good(one, mentions_) for one in rivals
        ):
            mentions_ = [replace(mention, doubt=True) for mention in mentions_]
        return mentions_

    def _as_good(self, rival: Sequence[Mention], best: Sequence[Mention]) -> bool:
        """Whether another way to take a clause leaves out no word that this one takes, and names
        nothing by what only says which, without a number, where this one counts all."""
        counted = all(one.quantity is not None for one in best)
        if counted and any(one.lean and one.quantity is None for one in rival[1:]):
            return False
        return self._ignored(rival) <= self._ignored(best)

    def _ignored(self, mentions: Sequence[Mention]) -> int:
        """How many words that may name something go with none of the items."""
        return sum(
            term.soft and bool(term.senses) and not term.fits(self.vocabulary, one.match.items[0])
            for one in mentions
            for term in one.terms
        )

    def split(self, parts: Sequence[Sequence[Word]]) -> Sequence[Sequence[Word]]:
        """The clauses, the first one parted where the things begin behind what they are for: "buat Musi
        kenari 2"."""
        if not parts:
            return parts
        first = list(parts[0])
        if not any(word.purpose for word in first):
            return parts
        cut = next((at for at, word in enumerate(first) if self._starts(word)), 0)
        if not any(word.purpose and self.models(word) for word in first[:cut]):
            return parts
        return [first[:cut], first[cut:], *parts[1:]]

    def _starts(self, word: Word) -> bool:
        """Whether a word says what kind of thing is meant."""
        return word.role is Role.NAME and any(
            self.vocabulary.kinds.get(sense) and not self.vocabulary.applies(sense)
            for sense, weight in self.vocabulary.senses(word.key).items()
            if weight >= SOUND
        )

    def heading(self, parts: Sequence[Sequence[Word]]) -> list[Word]:
        """What all is for, where a list begins with it and nothing else: "Musi: kenari 2, sirsak 1"."""
        if len(parts) < 2 or not any(map(self.models, parts[0])):
            return []
        said = [word for word in parts[0] if word.role not in (Role.STILL, Role.CUE, Role.MAYBE)]
        plain = all(word.role in (Role.NAME, Role.NUMBER) and not word.unit for word in said)
        kinds = any(map(self._starts, said))
        pause = any(word.token.pause for word in parts[1][:1]) or parts[0][-1].purpose
        return said if plain and pause and not kinds and len(said) <= _MOST_HEADING else []

    def headed(
        self, heading: Sequence[Word], clause: Sequence[Word], before: Sequence[Term]
    ) -> list[Mention]:
        """What a clause names in the light of the heading, or of a word of it; [] if that is nothing,
        or the clause says itself for what."""
        if any(map(self.models, clause)):
            return []
        for some in (heading, *([word] for word in reversed(heading) if self.models(word))):
            found = self.clause([*some, *clause], before) if some else []
            if found and all(one.match.items and not one.match.missing for one in found):
                return found
        return []

    def models(self, word: Word) -> bool:
        """Whether a word says for what things are; none does that is part of what they are called."""
        if word.key in self.lexicon.words["named"]:
            return False
        return word.role is Role.NAME and any(
            self.vocabulary.applies(sense)
            for sense, weight in self.vocabulary.senses(word.key).items()
            if weight >= SOUND
        )

    def _nobodys(self, words: Sequence[Word]) -> list[Mention]:
        """A clause of words that nobody knows names something if one of them looks like a code."""
        numbers = [word for word in words if word.role is Role.NUMBER and not word.label]
        words = [word for word in words if word.role is Role.UNKNOWN]
        if not any(char.isdigit() for word in words for char in word.key):
            return []
        missing = tuple(Term(word.key, {}, self.places[id(word)]) for word in words)
        alone = len(numbers) == len(words) == 1 and not numbers[0].year and self.ordering
        quantity = numbers[0].value if alone else None
        counted = numbers if alone else ()
        return [Mention(Match((), missing), quantity, missing, (*words, *counted))]

    def _run_on(
        self, words: Sequence[Word], before: Sequence[Term], depth: int = 0
    ) -> list[Mention]:
        """Several items without anything between them: "kenari 12 gelatik a7"."""
        if depth > 4 or any(word.role is Role.NUMBER and word.unit for word in words):
            return []
        ways = {at: "a" for at, word in enumerate(words) if word.role is Role.NUMBER}
        kinds = self.vocabulary.kinds
        for cut in range(1, len(words)):
            if self.budget.steps <= 0:
                break
            senses = self.vocabulary.senses(words[cut].key)
            if not any(kinds.get(sense) or sense[:5] == "code:" for sense in senses):
                continue
            first = self._piece(words, (0, cut), ways, before)
            if first is None or not first.match.headed or first.match.missing:
                continue
            both = self._piece(words, (0, cut + 1), ways, before)
            if cut == 1 and both is not None and both.match.headed and not both.match.missing:
                # Two words of one kind of thing: a seed of a kenari is no seed and a kenari.
                continue
            rest = words[cut:]
            again = {at - cut: way for at, way in ways.items() if at >= cut}
            last = self._piece(rest, (0, len(rest)), again, before)
            if last is not None and last.match.headed and not last.match.missing:
                return [first, last]
            more = self._run_on(rest, before, depth + 1)
            if more:
                return [first, *more]
        return []

    def _sizes(
        self, words: Sequence[Word], before: Sequence[Term] = (), depth: int = 0
    ) -> list[Mention]:
        """One item in several sizes without anything between them: "kenari 8/9-14 9/9-14"; a long run
        of numbers is no such list."""
        if depth > 4 or any(word.role is Role.NUMBER and word.unit for word in words):
            return []
        ways = {at: "a" for at, word in enumerate(words) if word.role is Role.NUMBER}
        shapes = [shape(word.key) for word in words]
        cuts = [
            at
            for at in range(len(words) - 1, 0, -1)
            if len(words[at].key) > 1 and shapes[at] and shapes[at] in shapes[:at]
        ]
        if len(cuts) > _MOST_SIZES:
            return []
        for cut in cuts:
            if self.budget.steps <= 0:
                break
            rest = words[cut:]
            again = {at - cut: way for at, way in ways.items() if at >= cut}
            first = self._piece(words, (0, cut), ways, before)
            named = first is not None and (first.match.headed or (before and first.match.one))
            if first is None or not named or first.match.missing or not first.match.items:
                several = self._sizes(words[:cut], before, depth + 1)
                last = self._piece(rest, (0, len(rest)), again, several[0].terms if several else ())
                if several and last is not None and last.match.one:
                    doubt = last.doubt or self.ordering
                    return [*several, replace(last, doubt=doubt)]
                continue
            last = self._piece(rest, (0, len(rest)), again, first.terms)
            if last is not None and last.match.one and last.match.items != first.match.items:
                return [replace(one, doubt=one.doubt or self.ordering) for one in (first, last)]
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
        names = self.pieces.joins(words, at) or (
            bool(self.vocabulary.senses(word.key)) and self._in_place(words, at)
        )
        if word.year:
            return "a"
        if not word.unit and not word.label and len(word.key) > 2 and self._follows(words, at):
            # Behind a name, so many digits say which: a model, a maker's number.
            if names and len(word.key) > 3:
                return "a"
            if not names and (not self.ordering or (len(word.key) > 3 and at + 1 < len(words))):
                return "a" if self._numbered(words[at - 1], len(word.key)) else "i"
        if self.each is not None and names and not word.unit:
            return "a" if self.here else "aq"
        if word.purpose and not word.unit and self._ends(words, at):
            return "aq" if names else "q"
        if word.purpose and not word.unit:
            return "ai" if names else "i"
        if not word.unit and self._expected(words, at):
            return "a"
        if word.unit in ("meter", "liter", "kilogram"):
            sure = max(self.vocabulary.senses(word.key).values(), default=0.0) >= SOUND
            if not names or word.key.isdecimal() or not sure:
                return "q"
            return "a" if word.label else "aq"
        if word.unit:
            behind = [one for one in words[at + 1 : at + 3] if one.role is not Role.MAYBE]
            following = behind[0] if behind else word
            bare = following.role is Role.NUMBER and not following.unit and following is not word
            return "aq" if names and bare else "q"
        if word.label:
            which = not self.ordering and len(word.key) > 2
            return "a" if names or which else "i"
        if not self.ordering:
            return "ai" if names else "i"
        if not names:
            return "q"
        return "aq"

    def _in_place(self, words: Sequence[Word], at: int) -> bool:
        """Whether a single digit that ends a clause stands behind a word that it follows in a name: of
        KENARI MUSI 2 nobody means the 2 in "kenari 12 2"."""
        word = words[at]
        last = at == len(words) - 1 and at > 0 and self.ordering
        if len(word.key) > 1 or word.label or not last:
            return True
        items = self.vocabulary.items(word.key)
        return any(
            two == word.key and one == sense
            for sense in self.vocabulary.senses(words[at - 1].key)
            for item in sorted(items & self.vocabulary.items(sense))[:_MOST_LOOKED]
            for one, two in pairwise(self.vocabulary.words[item])
        )

    def _expected(self, words: Sequence[Word], at: int) -> bool:
        """Whether the word before is never without a number: the shop has dot3, so 4 is no count
        in "dot 4"."""
        if not self._follows(words, at) or not words[at - 1].key.isalpha():
            return False
        key = words[at - 1].key
        senses = [sense for sense in self.vocabulary.senses(key) if sense[:5] != "code:"]
        return bool(senses) and all(
            sense.startswith(key) and sense[len(key) :].isdecimal() for sense in senses
        )

    def _ends(self, words: Sequence[Word], at: int) -> bool:
        """Whether a small number behind what it is for is the only one: buat kenari 1."""
        others = sum(word.role is Role.NUMBER for word in words)
        last = at == len(words) - 1 and others == 1
        return (
            self.ordering and last and words[at].value < _MOST_COUNTED and self._follows(words, at)
        )

    def _follows(self, words: Sequence[Word], at: int) -> bool:
        """Whether a number stands right behind a name."""
        if at == 0 or words[at].token.pause:
            return False
        before = words[at - 1]
        near = self.places[id(words[at])] - self.places[id(before)] == 1
        return near and before.role is Role.NAME

    def _numbered(self, word: Word, digits: int) -> bool:
        """Whether the items with a word differ by the numbers behind it; of a model that the
        catalogue names without any, a number says no more than the shop needs to know."""
        found = self.vocabulary.senses(word.key)
        if not any(map(self.vocabulary.applies, found)):
            return True
        return any(
            two.isdecimal() and len(two) == digits and not year(two) and one in found
            for sense in found
            for item in sorted(self.vocabulary.items(sense))[:_MOST_LOOKED]
            for one, two in pairwise(self.vocabulary.words[item])
        )

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
            if made and mention.lean and ways.get(part[0]) == "q":
                # A number between two names may belong to the first: "21w 1 kaki zulu".
                mention = replace(mention, doubt=True)
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
            self.budget.known[key] = self.pieces.read(words, begin, end, ways, before)
        return self.budget.known[key]

    def counted(self, mention: Mention, clause: Sequence[Word]) -> Mention:
        """A mention with the number that stands alone in the clause behind it."""
        numbers = [word for word in clause if word.role is Role.NUMBER and not word.label]
        others = any(word.role in (Role.NAME, Role.UNKNOWN, Role.EACH) for word in clause)
        if len(numbers) != 1 or others or numbers[0].year:
            return mention
        quantity, doubt = self.pieces.quantity(numbers[0], mention.match)
        words = (*mention.words, numbers[0])
        return replace(mention, quantity=quantity, doubt=mention.doubt or doubt, words=words)

    def corrected(self, mention: Mention, clause: Sequence[Word]) -> Mention:
        """A mention with the number that is put in the place of its own: "kenari 2, eh 3 deh"."""
        first = self.places[id(clause[0])]
        if self.tagged.texts[first] not in self.lexicon.words["corrects"]:
            return mention
        found = self.counted(replace(mention, quantity=None), clause)
        return mention if found.quantity is None else replace(found, doubt=True)

    def completed(self, mentions: list[Mention]) -> list[Mention]:
        """Take with a piece what was said behind it: "kenari kecil sama besar dari Musi"."""
        for at in range(len(mentions) - 2, -1, -1):
            mention, following = mentions[at], mentions[at + 1]
            if (len(mention.match.items) != 1 or mention.match.missing) and following.match.items:
                fewer = self.pieces.narrowed(mention.terms, following.terms)
                if (
                    fewer.items
                    and not fewer.missing
                    and len(fewer.items) < len(mention.match.items)
                    and (following.lean or set(fewer.items) != set(following.match.items))
                ):
                    doubt = mention.doubt or (self.ordering and not self._of_all(following))
                    mentions[at] = replace(mention, match=fewer, doubt=doubt)
        return mentions

    def _of_all(self, mention: Mention) -> bool:
        """Whether what is said behind the last number is said of all that was named: "kenari 12 1 dan
        14 1 yang merah", where the last one has no kind of its own."""
        numbers = [self.places[id(word)] for word in mention.words if word.role is Role.NUMBER]
        behind = [term.place for term in mention.terms if numbers and term.place > max(numbers)]
        texts = self.tagged.texts
        return mention.lean and bool(behind) and texts[min(behind) - 1] in WHICH

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
                replace(
                    mention,
                    quantity=self.each,
                    doubt=mention.doubt
                    or self._behind_each(mention, result)
                    or not (mention.match.headed or mention.lean),
                )
                if mention.quantity is None
                else mention
                for mention in result
            ]
        return result

    def _behind_each(self, mention: Mention, mentions: Sequence[Mention]) -> bool:
        """Whether something is named only behind "each", which is said of others before it."""
        words = self.tagged.words
        at = next(place for place, one in enumerate(mentions) if one is mention)
        if at and (
            mention.clause - mentions[at - 1].clause > 1
            or any(one.match.items == mention.match.items for one in mentions[:at])
        ):
            # Something else is said between, or it is named again.
            return True
        each = next(at for at, word in enumerate(words) if word.role is Role.EACH)
        places = [min((term.place for term in one.terms), default=0) for one in mentions]
        mine = min((term.place for term in mention.terms), default=0)
        parted = any(word.token.pause for word in words[each + 1 : mine + 1])
        return min(places) < each < mine and parted

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
            if all(found.items and not found.missing and found.headed for found in both):
                items = (
                    *both[0].items,
                    *(one for one in both[1].items if one not in both[0].items),
                )
                weights = (*both[0].weights, *both[1].weights[: len(items) - len(both[0].items)])
                return [replace(mention, match=replace(both[0], items=items, weights=weights))]
            there = [found for found in both if found.items and not found.missing and found.headed]
            if mention.match.missing and len(there) == 1:
                return [replace(mention, match=found) for found in both]
            without = match(
                [one for one in mention.terms if one not in (term, other)], self.vocabulary
            )
            if without.one:
                quantity = 2 if mention.quantity is None else mention.quantity
                return [replace(mention, match=without, quantity=quantity, doubt=True)]
        return [mention]


def _meant(mentions: Sequence[Mention]) -> list[tuple[tuple[int, ...], int | None]]:
    return [(mention.match.items, mention.quantity) for mention in mentions]
