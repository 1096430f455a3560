"""What stands beside a change or an order, weighed: would a careful clerk do it all the same?

text ─each beginning and end─▶ weighed ─harmful, and the rest says the same without it─▶ asked about
People never write the bare change: they say why, tell what has happened, joke, or take it all back.
The weights are log-odds of words, pairs, first and last words, learned from what people write beside
changes (`tests/company`, `python -m tests.company_weights`); a word that stands there once is strange.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from crm_tui.errors import N_
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.lexicon import Lexicon
from crm_tui.reading.presuming import asked_about
from crm_tui.reading.remark_parts import Part
from crm_tui.reading.remarking import DOUBT, kind_of
from crm_tui.reading.roles import SAYS, Tagged, without
from crm_tui.reading.tagging import tag
from crm_tui.reading.wishes import Conversation, Kind, Reading, human

Read = Callable[[str, ItemIndex, Conversation], Reading]

HARMFUL = -4.0
"""Company of less log-odds makes a doubt of a change: of what a writer had put away unseen, 50 in 100
of what undoes a change, and 1 in 100 of what leaves it as it is."""
WHY = N_("what is said beside it may undo it")
BIAS, STRANGE = "<bias>", "<strange>"
BEFORE, BEHIND = "<before>", "<behind>"
WANTS, TAKES = "<+>", "<->"
_LONG = "<long>"
"""Features that no word of a text can be."""
MOST_STRANGE = 4
_MOST_WORDS = 30
_MOST_TRIED = 3
_LENGTHS = (1, 2, 3, 5, 8)
_NUMBER = "<n>"
_DIGITS = frozenset("0123456789")
_CHANGES = ("dialogue.", "conditions.")
"""Phrases that the ways of reading have accounted for."""
_DOES = frozenset((Kind.ORDER, Kind.AMEND, Kind.CANCEL))


@cache
def learned(name: str) -> Mapping[str, float]:
    """The log-odds of each feature in a file of weights."""
    rows = files("crm_tui.reading").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    split = (row.split("\t") for row in rows.splitlines())
    return {feature: float(weight) for feature, weight in split}


def weights() -> Mapping[str, float]:
    """What words weigh."""
    return learned("company")


def spoken(texts: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Words as the lexicon has them, with one sign for all numbers."""
    numbers = lexicon.numbers
    return [
        _NUMBER if text in numbers or not (text.isalpha() or _DIGITS.isdisjoint(text)) else text
        for text in texts
    ]


def features(said: Sequence[str], *, before: bool, takes: bool) -> Iterator[str]:
    """What is weighed of company that stands `before` a change or behind it; `takes`: the change only
    takes something back."""
    side = TAKES if takes else WANTS
    yield BIAS
    yield BEFORE if before else BEHIND
    yield side
    yield _length(len(said))
    for word in dict.fromkeys(said):
        yield word
        yield side + word
    yield from dict.fromkeys(f"{said[at]} {said[at + 1]}" for at in range(len(said) - 1))
    yield f"^{said[0]}"
    yield f"{said[-1]}$"


def _length(many: int) -> str:
    return next((f"<{most}>" for most in _LENGTHS if many <= most), _LONG)


def weigh(said: Sequence[str], *, before: bool, takes: bool = False) -> float:
    """The log-odds that company (not empty) leaves a change as certain as it is."""
    known = weights()
    strange = min(sum(word not in known for word in said), MOST_STRANGE)
    odds = sum(known.get(one, 0.0) for one in features(said, before=before, takes=takes))
    return odds + known[STRANGE] * strange


@cache
def _by_word() -> Mapping[str, tuple[float, float, float, float, bool]]:
    """What a word weighs beside what is wanted, beside what takes something back, and more as the first
    and as the last word; whether it is strange."""
    known = weights()

    def weight(*features: str) -> float:
        return sum(known.get(one, 0.0) for one in features)

    words = {
        one.removeprefix("^").removesuffix("$")
        for one in known
        if " " not in one and not one.startswith((WANTS, TAKES))
    }
    return {
        word: (
            weight(word, WANTS + word), weight(word, TAKES + word),
            weight(f"^{word}"), weight(f"{word}$"), word not in known,
        )
        for word in words
    }  # fmt: skip


def harmful(said: Sequence[str], *, before: bool, takes: bool) -> list[tuple[float, int]]:
    """The beginnings (`before`) or ends of a text that are harmful: their weights, as `weigh` has them,
    and lengths. In one pass, for each order goes through it."""
    known, by_word = weights(), _by_word()
    odds = known[BIAS] + known.get(BEFORE if before else BEHIND, 0.0)
    odds += known.get(TAKES if takes else WANTS, 0.0)
    lengths, none = _lengths(), (0.0, 0.0, 0.0, 0.0, True)
    outer, inner = (2, 3) if before else (3, 2)
    unknown, seen, strange, last = known[STRANGE], set(), 0, ""
    spans = []
    for many, word in enumerate(said[:-1] if before else said[:0:-1], start=1):
        row = by_word.get(word, none)
        strange += row[4] and strange < MOST_STRANGE
        if many == 1:
            odds += row[outer]
        else:
            pair = f"{last} {word}" if before else f"{word} {last}"
            if pair not in seen:
                seen.add(pair)
                odds += known.get(pair, 0.0)
        if word not in seen:
            seen.add(word)
            odds += row[takes]
        last = word
        weight = odds + row[inner] + unknown * strange
        weight += lengths[many] if many < len(lengths) else lengths[0]
        if weight < HARMFUL:
            spans.append((weight, many))
    return spans


@cache
def _lengths() -> Sequence[float]:
    """What so many words weigh; the first: more than all others."""
    known = weights()
    return [known.get(_LONG, 0.0)] + [
        known.get(_length(many), 0.0) for many in range(1, _LENGTHS[-1] + 1)
    ]


def doubted(
    reading: Reading, text: str, index: ItemIndex, talk: Conversation, ask: Read
) -> Reading:
    """What a text was read as; as a question, or for people, where what stands before or behind the
    change may undo it."""
    if not reading.certain or _DOES.isdisjoint(reading.kinds):
        return reading
    tagged = tag(text, index)
    many = len(tagged.words)
    if not 1 < many <= _MOST_WORDS:
        return reading
    said = spoken(tagged.texts, index.lexicon)
    takes = only_takes(reading, talk)
    spans = [
        (weight, *((0, length) if before else (many - length, many)))
        for before in (True, False)
        for weight, length in harmful(said, before=before, takes=takes)
    ]
    company = [span for span in sorted(spans) if _is_company(tagged, index, *span[1:])]
    for _, begin, end in company[:_MOST_TRIED]:
        rest = without(tagged, text, range(begin, end)).strip(" ,.;:-!\n")
        if done(ask(rest, index, talk)) == done(reading):
            return asked_about(reading, talk, asking=True) or human(WHY)
    return reading


def _is_company(tagged: Tagged, index: ItemIndex, begin: int, end: int) -> bool:
    """Whether words name and count nothing, no phrase of change stands in them, and it is not known
    what they say (`remarking`)."""
    if any(word.role in SAYS for word in tagged.words[begin:end]):
        return False
    first = begin
    while first and tagged.words[first - 1].role not in SAYS:
        first -= 1
    for start in range(first, begin + 1):
        if kind_of(Part(tagged, index, start, end, apart=True), 2) not in ("", DOUBT):
            return False
    return not any(
        start < end and begin < stop
        for name, spans in tagged.marks.items()
        if name.startswith(_CHANGES)
        for start, stop in spans
    )


def done(reading: Reading) -> Sequence[object] | None:
    """What a reading would do, to be compared with another; None if it is not certain."""
    if not reading.certain:
        return None
    return [
        (wish.kind, wish.add, [(line.entry.id, line.quantity) for line in wish.lines])
        for wish in reading.wishes
    ]


def only_takes(found: Reading, talk: Conversation) -> bool:
    """Whether a change only takes something back: all of it, or so many of what is ordered."""
    if found.outcome is Kind.CANCEL:
        return True
    before = {line.entry: line.quantity or 0 for line in talk.order}
    return found.outcome is Kind.AMEND and all(
        not wish.add and line.entry in before and (line.quantity or 0) < before[line.entry]
        for wish in found.wishes
        for line in wish.lines
    )
