"""One of several things by its price or its place in a list: "yang 27rb itu 3", "yang paling atas"."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading.answering import Answer
from crm_tui.reading.index import Entry
from crm_tui.reading.ordering import ranged
from crm_tui.reading.roles import Role, Word
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_WHICH = frozenset(("yang", "yg", "yng", "nu", "sing", "harga", "hrg", "rego", "hargo"))
_THOUSAND = 1000
_LEAST_PRICE = 100


def pointed(turn: Answer) -> Reading | None:
    """The thing that is pointed at; None if nothing is, or not at one alone."""
    named = (Role.NAME, Role.UNKNOWN, Role.EACH)
    entries = turn.talk.offered or turn.talk.quoted
    if not turn.talk.offered and len(turn.talk.quoted) == 1 and not turn.talk.order:
        return _one_of_the_talk(turn)
    if len(entries) < 2 or turn.tagged.negative or ranged(turn.tagged):
        return None
    if any(word.role in named for word in turn.tagged.words) and not turn.tagged.prices:
        return _placed(turn, entries)
    if any(word.role in named for word in turn.tagged.words):
        return None
    return _priced(turn, entries) or _placed(turn, entries)


def _priced(turn: Answer, entries: Sequence[Entry]) -> Reading | None:
    """By the price that the shop told of it, and of no other."""
    numbers = _numbers(turn)
    prices = set(turn.tagged.prices)
    certain = True
    if not prices:
        # Without "rb" it must be none of the list's numbers.
        labelled = [word for word in numbers if word.label and word.value > len(entries)]
        numbers = [word for word in numbers if word not in labelled]
        prices = {word.value * _THOUSAND for word in labelled}
        certain = all(map(_only_a_price, labelled)) and not any(map(turn.called_so, labelled))
    if len(prices) != 1 or len(numbers) > 1 or any(word.label for word in numbers):
        return None
    if _WHICH.isdisjoint(turn.tagged.texts) or turn.tagged.has("veto.haggle"):
        return None
    having = [entry for entry in entries if entry.price in prices]
    if len(having) != 1:
        return None
    return _take(turn, having[0], numbers, certain=certain)


def _only_a_price(word: Word) -> bool:
    """Whether so many digits are no count of things that somebody takes of a list."""
    return word.value >= _LEAST_PRICE and not word.unit


def _placed(turn: Answer, entries: Sequence[Entry]) -> Reading | None:
    """By its place: "yang paling atas", "yang terakhir". A word that names some of the list is none."""
    words = turn.lexicon.words
    if not turn.talk.offered or _WHICH.isdisjoint(turn.tagged.texts):
        return None
    first = [text for text in turn.tagged.texts if text in words["topmost"]]
    last = [text for text in turn.tagged.texts if text in words["lowest"]]
    if len(first) + len(last) != 1:
        return None
    (said,) = first or last
    for at, word in enumerate(turn.tagged.words):
        if word.role in (Role.NAME, Role.UNKNOWN) and turn.tagged.texts[at] != said:
            return None
    senses = turn.index.words.senses(said)
    own = {entry.id for entry in entries}
    if any(not own.isdisjoint(turn.index.words.items(sense)) for sense in senses):
        return None
    numbers = _numbers(turn)
    if len(numbers) > 1 or any(word.label for word in numbers) or turn.tagged.priced:
        return None
    return _take(turn, entries[0 if first else -1], numbers, certain=False)


def _one_of_the_talk(turn: Answer) -> Reading | None:
    """ "2 yang pertama tadi", of what was asked about one after the other: proposed, or left to people
    where it is none of them, for it is hardly what was quoted last."""
    places = {turn.lexicon.ordinals[text] for text in turn.tagged.texts
              if text in turn.lexicon.ordinals}  # fmt: skip
    numbers = _numbers(turn)
    named = any(word.role in (Role.NAME, Role.UNKNOWN) for word in turn.tagged.words)
    if not places or named or turn.tagged.asked:
        return None
    recent = turn.talk.recent
    if len(places) > 1 or len(numbers) > 1 or len(recent) < max(2, *places):
        return human(N_("not one of what was named"))
    return _take(turn, recent[places.pop() - 1], numbers, certain=False)


def _numbers(turn: Answer) -> list[Word]:
    return [word for word in turn.tagged.words if word.role is Role.NUMBER]


def _take(turn: Answer, entry: Entry, numbers: Sequence[Word], *, certain: bool) -> Reading | None:
    """So many of it are ordered, or proposed; or it is asked about."""
    asked = turn.asked
    if (asked.question or asked.price or asked.stock) and not asked.order:
        return turn.wish(Wish(Kind.PRICE, (Line(entry),)))
    own = turn.lexicon.units.get(entry.unit.lower(), entry.unit.lower())
    if numbers and (not numbers[0].value or numbers[0].year or not turn.fits(numbers[0].unit, own)):
        return None
    quantity = numbers[0].value if numbers else turn.talk.wanted(entry)
    ordering = turn.talk.choosing is Kind.ORDER or asked.order or asked.want
    if certain and quantity and ordering and not asked.question:
        return turn.order([Line(entry, quantity)])
    if quantity or ordering:
        return turn.propose([Line(entry, quantity or 1)])
    return turn.wish(Wish(Kind.PRICE, (Line(entry),)))
