"""Items and quantities in a free text: which words name which item, which number is its quantity.

A number may be a size or a quantity. All ways to take the numbers of a clause are tried (within a
bound), and the one that names items best is kept; where another one is as good, it is a doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from crm_tui.reading.aiming import without_aims
from crm_tui.reading.heading import Heading
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.kinds_alike import with_alike
from crm_tui.reading.matching import Match, Term
from crm_tui.reading.pieces import Mention, rate
from crm_tui.reading.repeated_sizes import in_a_list, sized_or_counted, uncounted
from crm_tui.reading.roles import Role, Tagged, Word
from crm_tui.reading.shapes import named, numbers_behind, shape, without_headings

_A_COUNT = 2
"""More digits are rather what something is called than how many."""
_MOST_SIZES = 10
_MOST_WORDS = 60
_MOST_STEPS = 80
"""So many pieces of a text are matched; a longer way to understand it is none."""


@dataclass
class _Budget:
    steps: int = _MOST_STEPS
    known: dict[tuple[object, ...], "Mention | None"] = field(default_factory=dict)


def clauses(tagged: Tagged) -> list[list[Word]]:
    """The words parted at commas, lines, and what stands between two items."""
    known = tagged.found.get("clauses")
    if isinstance(known, list):
        return known
    found: list[list[Word]] = [[]]
    for word in tagged.words:
        if word.role is Role.LINK or word.token.pause:
            found.append([])
        if word.role is not Role.LINK:
            found[-1].append(word)
    tagged.found["clauses"] = parts = [clause for clause in found if clause]
    return parts


def find(tagged: Tagged, index: ItemIndex, *, ordering: bool, lone: bool = False) -> list[Mention]:
    """The items named in a text with their quantities; what was found is kept with the text.

    `lone`: a size alone names an item, for there are but a few to choose from.
    """
    key = f"mentions {id(index)} {ordering} {lone}"
    known = tagged.found.get(key)
    if isinstance(known, tuple):
        return list(known)
    finder = _Finder(tagged, index, ordering, lone)
    result = _one_each(finder, tagged) if ordering else _asked_each(finder, tagged)
    result = result or _found(finder, clauses(tagged), ordering=ordering)
    if ordering:
        result = with_alike(result, index)
    tagged.found[key] = tuple(result)
    return result


def _asked_each(finder: "_Finder", tagged: Tagged) -> list[Mention]:
    """Several things behind each of which the same is asked: "kenari brp gelatik brp"; [] if it is not
    so, or one of them is not known."""
    asking = [at for at, word in enumerate(tagged.words) if word.role is Role.CUE]
    says = (Role.NAME, Role.NUMBER)
    named = [at for at, word in enumerate(tagged.words) if word.role in says]
    cuts = [
        one + 1
        for one, two in pairwise(asking)
        if tagged.texts[one] == tagged.texts[two]
        and named[0:1] < [one]
        and any(one < at < two for at in named)
    ]
    if not cuts:
        return []
    whole = clauses(tagged)
    parts = [
        [word for word in clause if begin <= finder.places[id(word)] < end]
        for clause in whole
        for begin, end in pairwise([0, *cuts, len(tagged.words)])
    ]
    found = _found(finder, [part for part in parts if part], ordering=False)
    known = all(one.match.items and not one.match.missing for one in found)
    if not known or len(found) <= len(cuts):
        return []
    own = {id(word): number for number, clause in enumerate(whole) for word in clause}
    return [replace(one, clause=own.get(id(one.words[0]), 0)) for one in found if one.words]


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
        mentions = finder.headed(heading, clause, before)
        mentions = mentions or finder.said_again(clause, before) or finder.clause(clause, before)
        if not mentions and result and result[-1].quantity is None and ordering:
            result[-1] = finder.counted(result[-1], clause)
        # A clause that was parted stays one to whoever looks where something stands.
        place = max(number - more, 0)
        result += [one if one.clause == place else replace(one, clause=place) for one in mentions]
        for mention in mentions:
            if mention.match.items and not mention.match.missing:
                before = _merged(mention.terms, before) if mention.lean else mention.terms
    result = in_a_list(result) if ordering else result
    result = finder.completed(without_headings(named(result), each=finder.each is not None))
    if not finder.pieces.lone:
        result = without_aims(result, finder.tagged, finder.vocabulary)
    return finder.shared(result)


def _one_each(finder: "_Finder", tagged: Tagged) -> list[Mention]:
    """Several things and behind them as many numbers: "kenari sama sirsak 1 1"; [] if it is not so.

    Which number is whose is certain only where they are all the same.
    """
    behind = numbers_behind(tagged)
    for count in range(len(behind), 1, -1):
        found = _with_each(finder, tagged, behind[-count:])
        if found:
            return found
    return []


def _with_each(finder: "_Finder", tagged: Tagged, numbers: Sequence[Word]) -> list[Mention]:
    """As many things as these numbers, with one of them each; [] if it is not so."""
    kept = {id(word) for word in numbers}
    parts = [[word for word in part if id(word) not in kept] for part in clauses(tagged)]
    found = _found(finder, [part for part in parts if part], ordering=True)
    if len(found) != len(numbers) or any(
        one.match.missing or not one.match.items or one.quantity is not None for one in found
    ):
        return []
    sized = [len(word.key) for word in numbers if finder.vocabulary.senses(word.key)]
    if max(sized, default=0) > _A_COUNT:
        # "Kenari 6301 2": what it is called, and how many.
        return []
    sizes = max(sized, default=0) > 1
    doubt = sizes or len({word.value for word in numbers}) > 1
    return [
        replace(
            mention, quantity=word.value, words=(*mention.words, word), doubt=mention.doubt or doubt
        )
        for mention, word in zip(found, numbers, strict=True)
    ]


def _merged(new: Sequence[Term], old: Sequence[Term]) -> tuple[Term, ...]:
    return (*old, *new)


class _Finder(Heading):
    def __init__(self, tagged: Tagged, index: ItemIndex, ordering: bool, lone: bool) -> None:
        super().__init__(tagged, index, ordering, lone)
        self.budget = _Budget()

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
        if (
            not roles & {Role.NAME, Role.MAYBE}
            and Role.UNKNOWN in roles
            and not any(self.pieces.joins(useful, at) for at in range(len(useful)))
        ):
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
        if all(rate(one) >= 2.6 for one in mentions_):
            rivals = [
                one for one in rivals if _meant(one) != meant and self._as_good(one, mentions_)
            ]
            if all(uncounted(one, mentions_) for one in rivals):
                mentions_ = [
                    replace(mention, sized=any(one[at].quantity is None for one in rivals))
                    for at, mention in enumerate(mentions_)
                ] if rivals else mentions_  # fmt: skip
                return [sized_or_counted(mention, self.vocabulary) for mention in mentions_]
            mentions_ = [replace(mention, doubt=True) for mention in mentions_]
        return mentions_

    def _as_good(self, rival: Sequence[Mention], best: Sequence[Mention]) -> bool:
        """Whether another way to take a clause leaves out no word that this one takes, and names
        nothing by what only says which, without a number, where this one counts all."""
        counted = all(one.quantity is not None for one in best)
        if counted and any(one.lean and one.quantity is None for one in rival[1:]):
            return False
        sided = {word for one in best for term in one.terms for word in term.senses}
        if counted and best[0].lean and sided <= self.lexicon.opposites.keys():
            # "Yang belakang 1" goes on with the front one, and is no PER NO 1 BELAKANG.
            return any(one.match.headed or one.lean for one in rival)
        return self._ignored(rival) <= self._ignored(best)

    def _ignored(self, mentions: Sequence[Mention]) -> int:
        """How many words that may name something go with none of the items."""
        return sum(
            term.soft and bool(term.senses) and not term.fits(self.vocabulary, one.match.items[0])
            for one in mentions
            for term in one.terms
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


def _meant(mentions: Sequence[Mention]) -> list[tuple[tuple[int, ...], int | None]]:
    return [(mention.match.items, mention.quantity) for mention in mentions]
