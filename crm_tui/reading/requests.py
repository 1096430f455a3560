"""Questions and orders in a free text: what is asked, what is ordered, what has to be asked back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.matching import Term
from crm_tui.reading.mentions import Mention
from crm_tui.reading.tagging import Role, Tagged, Word
from crm_tui.reading.vocabulary import EXACT
from crm_tui.reading.wishes import Candidate, Kind, Line, Reading, Wish, human

MOST_OPTIONS = 8
"""So many items are offered to choose from; more do not fit in two SMS."""
MOST_QUANTITY = 10**12
_SURE_ENOUGH = 0.8
"""An order rests on no word that is less certain; below, it is proposed."""
_HALF = 0.5
_FEW_WORDS = 6


@dataclass(frozen=True)
class Asked:
    """What the cues of a text say: whether something is ordered, and what is asked."""

    order: bool
    want: bool
    price: bool
    stock: bool
    question: bool


def cues(tagged: Tagged, index: ItemIndex) -> Asked:
    """What is wanted, by the words for it."""
    words = index.lexicon.words
    said = {
        text
        for text, word in zip(tagged.texts, tagged.words, strict=True)
        if word.role in (Role.CUE, Role.STILL, Role.MAYBE)
    }
    settled = {
        at
        for name in ("if_available", "if_out")
        for start, end in tagged.marks.get(f"conditions.{name}", ())
        for at in range(start, end)
    } | {out(tagged)}
    stock = any(
        text in words["stock"] and at not in settled for at, text in enumerate(tagged.texts)
    )
    return Asked(
        bool(said & (words["doing"])),
        bool(said & (words["want"] | {"ya", "yo", "lah"})),
        bool(said & words["price"]), stock, tagged.asked,
    )  # fmt: skip


def read(
    tagged: Tagged, text: str, index: ItemIndex, context: Sequence[Term] = ()
) -> Reading | None:
    """Questions and orders; None if no item is named at all."""
    asked = cues(tagged, index)
    if _open_number(tagged):
        return human(N_("two quantities to choose from"))
    available = tagged.has("conditions.if_available")
    asking = asked.price or asked.stock or asked.question
    ordering = asked.order or not asking or (available and not asked.price)
    found = finding.find(tagged, index, ordering=ordering, context=context)
    if found and not _meant(tagged, found, asked):
        return None
    if not found:
        return _nothing(tagged, text, index, asked)
    if ordering and _unless(tagged, index, found):
        return _instead(tagged, text, index, found)
    questions, orders = _parted(tagged, index, found, asked, ordering)
    if orders and not questions:
        return _order(tagged, text, index, orders, asked)
    if questions and not orders:
        return _question(tagged, text, index, questions, asked)
    first = _order(tagged, text, index, orders, replace(asked, price=False, stock=False))
    if not first.certain:
        return first
    second = _question(tagged, text, index, questions, asked)
    return Reading(
        (*first.wishes, *second.wishes), sureness=min(first.sureness, second.sureness),
        candidates=(*first.candidates, *second.candidates),
    ) if second.certain else second  # fmt: skip


def _meant(tagged: Tagged, found: Sequence[Mention], asked: Asked) -> bool:
    """Whether a text without a word for what is wanted is about items at all."""
    if asked.order or asked.price or asked.stock or tagged.has("conditions.if_available"):
        return True
    if tagged.priced:
        return False
    unknown = any(word.role is Role.UNKNOWN for word in tagged.words)
    resolved = all(mention.match.items and not mention.match.missing for mention in found)
    if any(mention.quantity is not None for mention in found) or asked.want:
        return resolved or not unknown
    if not resolved and not unknown and len(found) == 1 and len(tagged.words) <= _FEW_WORDS:
        return sum(EXACT in term.senses.values() for term in found[0].terms) > 1
    return (
        resolved and not unknown and all(mention.match.headed or mention.lean for mention in found)
    )


def _parted(
    tagged: Tagged, index: ItemIndex, found: list[Mention], asked: Asked, ordering: bool
) -> tuple[list[Mention], list[Mention]]:
    """What is asked about, and what is ordered, clause by clause."""
    if not ordering:
        return found, []
    if not (asked.price or asked.stock):
        return [], found
    words = index.lexicon.words
    asking = words["asking"]
    doing = words["doing"]
    parts = finding.clauses(tagged)
    questions: list[Mention] = []
    orders: list[Mention] = []
    for mention in found:
        said = {word.token.text for word in parts[mention.clause]}
        quiet = mention.quantity is None and not said & doing
        (questions if said & asking and quiet else orders).append(mention)
    named = {mention.match.items for mention in orders}
    if not orders and tagged.has("conditions.if_available"):
        return [], found
    counted = any(mention.quantity is not None for mention in orders)
    if orders and not counted and questions:
        return [], found
    # One item that is asked about and ordered is proposed, with its price.
    return [one for one in questions if one.match.items not in named], orders


# ── questions ─────────────────────────────────────────────────────────────────────────────────


def _question(
    tagged: Tagged, text: str, index: ItemIndex, found: Sequence[Mention], asked: Asked
) -> Reading:
    kind = Kind.STOCK if asked.stock and not asked.price else Kind.PRICE
    lines: list[Line] = []
    wishes: list[Wish] = []
    unknown: list[str] = []
    for mention in found:
        if mention.match.missing or not mention.match.items:
            near = _codes(mention.words, index)
            if near:
                wishes.append(_choices(near, None, kind, [mention]))
            else:
                unknown.append(said(mention))
        elif len(mention.match.items) == 1:
            lines += [Line(entry) for entry in mention.entries(index)]
        else:
            wishes.append(_offer(tagged, index, mention, None, kind))
    if lines:
        lines = list(dict.fromkeys(lines))
        wishes.insert(0, Wish(kind, tuple(lines), evidence=text, spans=_spans(found)))
    if unknown:
        wishes.append(
            Wish(Kind.NOT_FOUND, unknown=tuple(unknown), evidence=text, spans=_spans(found))
        )
    return _reading(wishes, found, index)


# ── orders ────────────────────────────────────────────────────────────────────────────────────


def _order(
    tagged: Tagged, text: str, index: ItemIndex, found: Sequence[Mention], asked: Asked
) -> Reading:
    bad = trouble(tagged, found)
    if bad is not None:
        return bad
    acting = asked.order or asked.want or any(mention.quantity is not None for mention in found)
    for mention in found:
        if mention.match.missing or not mention.match.items:
            near = _codes(mention.words, index)
            if near:
                return _reading(
                    [_choices(near, mention.quantity, Kind.ORDER, [mention])], found, index
                )
            lost = Wish(
                Kind.NOT_FOUND, unknown=(said(mention),), evidence=text, spans=_spans([mention])
            )
            return _reading([lost], found, index)
    if not acting:
        return _question(tagged, text, index, found, asked)
    for mention in found:
        if len(mention.match.items) > 1:
            offer = _offer(tagged, index, mention, mention.quantity, Kind.ORDER)
            if not offer.options:
                mention = replace(
                    mention, match=replace(mention.match, items=(offer.lines[0].entry.id,))
                )
                found = [mention if one.clause == mention.clause else one for one in found]
                continue
            return _reading([offer], found, index)
    return place(tagged, text, index, found, asked)


def place(
    tagged: Tagged, text: str, index: ItemIndex, found: Sequence[Mention], asked: Asked
) -> Reading:
    """An order of items that are certain, or a proposal where the rest is not."""
    lines = summed((index.entry(mention.match.items[0]), mention.quantity) for mention in found)
    available = tagged.has("conditions.if_available")
    asking = asked.question and not (available and not tagged.words[-1].token.asked)
    certain = all(line.quantity is not None for line in lines) and not asking
    certain = certain and not any(
        mention.doubt or mention.match.contested or mention.match.sure < _SURE_ENOUGH
        for mention in found
    )
    certain = certain and not asked.price and not _stray(tagged, found)
    if not (asked.order or asked.want):
        certain = certain and all(mention.match.headed or mention.lean for mention in found)
    if asked.stock and not available:
        certain = False
    if certain:
        wish = Wish(Kind.ORDER, lines, evidence=text, if_available=available, spans=_spans(found))
    else:
        proposed = tuple(Line(line.entry, line.quantity or 1) for line in lines)
        wish = Wish(Kind.CHOICES, proposed, evidence=text, choosing=Kind.ORDER, spans=_spans(found))
    return _reading([wish], found, index)


def trouble(tagged: Tagged, found: Sequence[Mention]) -> Reading | None:
    """What keeps an order from being read by a program, if anything."""
    if tagged.negative:
        return human(N_("a number below 0"))
    if tagged.priced:
        return human(N_("about the price"))
    if any(mention.quantity == 0 for mention in found):
        return human(N_("a quantity of 0"))
    if any(mention.quantity is not None and mention.quantity > MOST_QUANTITY for mention in found):
        return human(N_("a quantity that nobody means"))
    if ranged(tagged):
        return human(N_("two quantities to choose from"))
    return None


def ranged(tagged: Tagged) -> bool:
    """Whether a number is left open: 2 atau 3."""
    words = tagged.words
    for at in range(1, len(words) - 1):
        if tagged.texts[at] in ("atau", "ato", "atw", "or", "apa", "apo"):
            near = (words[at - 1].role, words[at + 1].role)
            if Role.NUMBER in near or (tagged.texts[at] in ("atau", "ato", "atw", "or")):
                return True
    return any(
        word.token.text.count("-") == 1 and word.role is Role.UNKNOWN
        and all(part.isdecimal() and len(part) < 3 for part in word.token.text.split("-"))
        for word in words
    )  # fmt: skip


def _open_number(tagged: Tagged) -> bool:
    """Whether "or" stands between two numbers."""
    words = tagged.words
    return any(
        tagged.texts[at] in ("atau", "ato", "atw", "or", "apa", "apo", "sampai", "sampe")
        and words[at - 1].role is Role.NUMBER and words[at + 1].role is Role.NUMBER
        for at in range(1, len(words) - 1)
    )  # fmt: skip


def summed(pairs: Iterable[tuple[Entry, int | None]]) -> tuple[Line, ...]:
    """One line an item: its numbers added, None where none was said."""
    sums: dict[int, Line] = {}
    for entry, quantity in pairs:
        known = sums.get(entry.id)
        if known and known.quantity is not None:
            quantity = known.quantity + (quantity or 0)
        sums[entry.id] = Line(entry, quantity)
    return tuple(sums.values())


def _stray(tagged: Tagged, found: Sequence[Mention]) -> bool:
    """Whether unknown words stand in a clause that names an item, or a number is left over."""
    parts = finding.clauses(tagged)
    within = {mention.clause for mention in found}
    place = {id(word): at for at, word in enumerate(tagged.words)}
    used = {term.place for mention in found for term in mention.terms if term.senses}
    counted = {id(word) for mention in found for word in mention.words}
    counted |= {
        id(word)
        for at, word in enumerate(tagged.words)
        if any(near.role is Role.EACH for near in tagged.words[max(0, at - 2) : at + 3])
    }
    return any(
        word.role is Role.UNKNOWN and not word.purpose and place[id(word)] not in used
        for number in within
        for word in parts[number]
    ) or any(
        word.role is Role.NUMBER
        and not (word.year or word.label or word.purpose)
        and id(word) not in counted
        for word in tagged.words
    )


# ── instead of what is out ────────────────────────────────────────────────────────────────────


def _unless(tagged: Tagged, index: ItemIndex, found: Sequence[Mention]) -> bool:
    return len(found) > 1 and (tagged.has("conditions.if_out") or out(tagged) is not None)


def out(tagged: Tagged) -> int | None:
    """The place of the word that says "is out" after a condition: kalau A habis, B."""
    for start, _ in tagged.marks.get("conditions.condition", ()):
        for place, _ in tagged.marks.get("conditions.out", ()):
            if start < place <= start + 8:
                return place
    return None


def _instead(tagged: Tagged, text: str, index: ItemIndex, found: Sequence[Mention]) -> Reading:
    """A, or B where A is out; or B only where A is out."""
    bad = trouble(tagged, found)
    if bad is not None:
        return bad
    whole = tagged.marks.get("conditions.if_out")
    border = whole[0][0] if whole else out(tagged)
    assert border is not None
    begins = [min((term.place for term in mention.terms), default=0) for mention in found]
    before = [mention for mention, begin in zip(found, begins, strict=True) if begin < border]
    after = [mention for mention, begin in zip(found, begins, strict=True) if begin > border]
    if not before or not after or not all(mention.match.one for mention in (*before, *after)):
        return human(N_("one thing instead of another"))
    if any(mention.doubt or mention.quantity is None for mention in after):
        return human(N_("one thing instead of another"))
    first = summed((index.entry(mention.match.items[0]), mention.quantity) for mention in before)
    second = summed((index.entry(mention.match.items[0]), mention.quantity) for mention in after)
    if whole:
        if any(line.quantity is None for line in first):
            return human(N_("one thing instead of another"))
        wish = Wish(Kind.ORDER, first, evidence=text, alternatives=second, spans=_spans(found))
    else:
        wish = Wish(Kind.ORDER, second, evidence=text, unless=first, spans=_spans(found))
    return _reading([wish], found, index)


# ── what they share ───────────────────────────────────────────────────────────────────────────


def _offer(
    tagged: Tagged, index: ItemIndex, mention: Mention, quantity: int | None, kind: Kind
) -> Wish:
    """A list to choose from; the one that is meant where "the cheap one" was said."""
    entries = mention.entries(index)
    if tagged.has("conditions.cheap"):
        one = cheapest(entries)
        if one is not None:
            return Wish(kind, (Line(one, quantity if kind is Kind.ORDER else None),))
    return _choices(entries, quantity, kind, [mention], mention.match.weights)


def cheapest(entries: Sequence[Entry]) -> Entry | None:
    """The one that costs least, if all prices are known and no two are the lowest."""
    prices = sorted(entry.price for entry in entries if entry.price is not None)
    if len(prices) < len(entries) or (len(prices) > 1 and prices[0] == prices[1]):
        return None
    return min(entries, key=lambda entry: entry.price or 0)


def _choices(
    entries: Sequence[Entry], quantity: int | None, kind: Kind, found: Sequence[Mention],
    weights: Sequence[float] = (),
) -> Wish:  # fmt: skip
    weigh = dict(zip((entry.id for entry in entries), weights, strict=False))
    ranked = sorted(
        entries,
        key=lambda one: (-weigh.get(one.id, 1.0), one.available == 0, -(one.available or 0)),
    )[:MOST_OPTIONS]
    return Wish(
        Kind.CHOICES, options=tuple(ranked), quantity=quantity, choosing=kind, spans=_spans(found)
    )


def _codes(words: Sequence[Word], index: ItemIndex) -> list[Entry]:
    """Items whose code is like a word that is no code."""
    return [
        entry
        for word in words
        if word.role is Role.UNKNOWN and any(char.isdigit() for char in word.key)
        for entry in index.near(word.token.text)
    ]


def _nothing(tagged: Tagged, text: str, index: ItemIndex, asked: Asked) -> Reading | None:
    """No item is named: what is like a code, what nobody has, or only how to order."""
    unknown = [word for word in tagged.words if word.role is Role.UNKNOWN]
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    near = _codes(unknown, index)
    if near and (asked.order or asked.price or asked.stock):
        quantity = numbers[0].value if len(numbers) == 1 else None
        return _reading(
            [_choices(near, quantity, Kind.ORDER if asked.order else Kind.PRICE, [])], [], index
        )
    if unknown and (asked.price or asked.stock or asked.order) and len(unknown) <= 5:
        words = " ".join(word.token.text for word in unknown)
        return Reading((Wish(Kind.NOT_FOUND, unknown=(words,), evidence=text),), sureness=_HALF)
    if asked.order and not unknown and not numbers and len(tagged.words) < 4:
        return Reading((Wish(Kind.HELP, evidence=text),), sureness=_HALF)
    return None


def said(mention: Mention) -> str:
    """The words that name something, as they were written."""
    words = sorted(mention.words, key=lambda word: word.token.start)
    named = [word.token.text for word in words if word.role is not Role.NUMBER or word.label]
    return " ".join(dict.fromkeys(named))


def _spans(found: Sequence[Mention]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({word.span for mention in found for word in mention.words}))


def _reading(wishes: Sequence[Wish], found: Sequence[Mention], index: ItemIndex) -> Reading:
    candidates = [
        Candidate(index.entry(item), weight)
        for mention in found
        for item, weight in zip(
            mention.match.items[:MOST_OPTIONS], mention.match.weights, strict=False
        )
    ]
    sure = min(
        (mention.match.sure * (_HALF if mention.doubt else 1) for mention in found), default=_HALF
    )
    return Reading(tuple(wishes), sureness=round(sure, 2), candidates=tuple(candidates))
