"""Orders in a free text: whether they are certain, and what is to be had instead of what is out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crm_tui.errors import N_
from crm_tui.reading import mentions as finding
from crm_tui.reading import remarks
from crm_tui.reading.cues import Asked, out, roughly
from crm_tui.reading.edit_model import EXACT, SOUND
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.matching import Term
from crm_tui.reading.pieces import Mention
from crm_tui.reading.proposals import reading, spans
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.shapes import dated
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

_SHORT_SIZE = 4
_SEVERAL = 3
MOST_QUANTITY = 10**12
SURE_ENOUGH = 0.8
"""An order rests on no word that is less certain; below, it is proposed."""


def place(
    tagged: Tagged, text: str, index: ItemIndex, mentions: Sequence[Mention], asked: Asked,
    beside: Sequence[Mention] = (),
) -> Reading:  # fmt: skip
    """An order of items that are certain, or a proposal where the rest is not. `beside`: what else is
    named, which is dealt with elsewhere."""
    lines = summed((index.entry(mention.match.items[0]), mention.quantity) for mention in mentions)
    available = tagged.has("conditions.if_available")
    asking = asked.question and not (available and not _tagged_on(tagged, index))
    acting = asked.order or asked.want or tagged.has(remarks.FETCHED)
    certain = all(line.quantity is not None for line in lines) and not asking
    settled = _settled(tagged, mentions, index)
    certain = certain and settled and not any(mention.doubt for mention in mentions)
    certain = (
        certain
        and not tagged.priced
        and not asked.price
        and not _stray(tagged, [*mentions, *beside], index)
    )
    certain = certain and all(
        mention.match.headed or mention.lean or (acting and _by_its_own(mention, index))
        for mention in mentions
    )
    if (asked.stock and not available) or tagged.has(remarks.DOUBT):
        certain = False
    if certain:
        wish = Wish(Kind.ORDER, lines, evidence=text, if_available=available, spans=spans(mentions))
    else:
        proposed = tuple(Line(line.entry, line.quantity or 1) for line in lines)
        wish = Wish(
            Kind.CHOICES, proposed, evidence=text, choosing=Kind.ORDER, spans=spans(mentions),
            open=not settled,
        )  # fmt: skip
    return reading([wish], mentions, index)


def _settled(tagged: Tagged, mentions: Sequence[Mention], index: ItemIndex) -> bool:
    """Whether it is settled which things are meant: no other has the words, each is certain, of the
    side and the years that were said, named once, and dear enough where the cheap one is wanted."""
    if any(one.match.contested or one.match.sure < SURE_ENOUGH for one in mentions):
        return False
    if any(_other_side(one, index) or _of_other_years(one, tagged, index) for one in mentions):
        return False
    if _named_again(mentions) or roughly(tagged, index.lexicon):
        return False
    cheap = tagged.has("conditions.cheap")
    return not (cheap and any(_dearer(mention, index) for mention in mentions))


def _of_other_years(mention: Mention, tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a year is said beside an item whose name tells other ones."""
    item = mention.match.items[0]
    parts = finding.clauses(tagged)
    said = parts[mention.clause] if mention.clause < len(parts) else []
    years = [word for word in (*said, *mention.words) if word.year]
    return any(item not in index.words.items(word.key) for word in years) and any(
        map(dated, index.words.words[item])
    )


def _named_again(found: Sequence[Mention]) -> bool:
    """Whether what goes on from the line before comes to the same item as another line: then the word
    that tells them apart was not understood."""
    items = [mention.match.items[0] for mention in found]
    return any(
        mention.lean and items.count(item) > 1 for mention, item in zip(found, items, strict=True)
    )


def _tagged_on(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a text ends as a question does."""
    words = index.lexicon.words
    calm = index.lexicon.union("polite", "honorifics")
    said = [text for text in tagged.texts if text not in calm]
    return tagged.words[-1].token.asked or bool(said and said[-1] in words["tags"])


def _other_side(mention: Mention, index: ItemIndex) -> bool:
    """Whether an item is of a side that nobody said, and its opposite is what goes without saying: who
    wants a tyre wants no inner one."""
    lexicon = index.lexicon
    item = mention.match.items[0]
    said = {lexicon.name(term.key) for term in mention.terms}
    said |= {word for term in mention.terms for word in term.senses if word[:5] == "code:"}
    if any(word[:5] == "code:" and item in index.words.items(word) for word in said):
        return False
    sides = {lexicon.opposites[side] for side in lexicon.words["unsaid"]}
    return any(side in index.words.words[item] and side not in said for side in sides)


def _dearer(mention: Mention, index: ItemIndex) -> bool:
    """Whether, where the cheap one is wanted, another of its kind costs less and has all that was said
    but for one word."""
    entry, words = index.entry(mention.match.items[0]), index.words
    if entry.price is None:
        return True
    said = [
        {word for word, weight in term.senses.items() if weight >= SOUND}
        for term in mention.terms
        if not term.soft
    ]
    heads = set(words.heads[entry.id])
    for other in {item for head in heads for item in words.items(head)}:
        price = index.entry(other).price
        if other == entry.id or price is None or price >= entry.price:
            continue
        having = set(words.words[other])
        if words.words[other][:2] != words.words[entry.id][:2]:
            continue
        lacking = [senses for senses in said if having.isdisjoint(senses)]
        if len(lacking) > 1:
            continue
        models = [senses for senses in said if any(map(words.applies, senses))]
        if lacking and models == lacking:
            # It is for something else.
            continue
        if lacking and any(index.lexicon.opposites.get(word) in having for word in lacking[0]):
            # It is of the other side.
            continue
        return True
    return False


def _by_its_own(mention: Mention, index: ItemIndex) -> bool:
    """Whether something is named by what no other thing has, though no word says what it is: a model, a
    make or a short size that others share is not enough, however few have it with another such word.

    What many things are called that are all of one kind says what kind it is, as well."""
    words = index.words
    if (
        mention.match.one
        and sum(map(_exactly, mention.terms)) > 1
        and any(
            weight == EXACT and _of_one_kind(word, index)
            for term in mention.terms
            if not term.soft
            for word, weight in term.senses.items()
        )
    ):
        return True

    def alone(word: str) -> bool:
        items = words.items(word)
        digits = sum(char.isdigit() for char in word)
        # Letters before a digit are as good as a long size.
        lettered = digits > 0 and len(word) == _SHORT_SIZE and word[:2].isalpha()
        numbered = (len(word) > _SHORT_SIZE and digits > 0) or lettered
        # A long size that things of one kind have says what kind it is.
        return len(items) == 1 or (numbered and len({words.heads[item][:1] for item in items}) == 1)

    return any(
        weight == EXACT and alone(word)
        for term in mention.terms
        if not term.soft
        for word, weight in term.senses.items()
    )


def _exactly(term: Term) -> bool:
    """Whether a word is one of the catalogue's as it is written."""
    return not term.soft and EXACT in term.senses.values()


def _of_one_kind(word: str, index: ItemIndex) -> bool:
    """Whether several things have a word that is no size, and all of them are of one kind."""
    items = index.words.items(word)
    kinds = {index.words.heads[item][:1] for item in items}
    return word.isalpha() and len(items) >= _SEVERAL and len(kinds) == 1


def trouble(
    tagged: Tagged, found: Sequence[Mention], index: ItemIndex | None = None
) -> Reading | None:
    """What keeps an order from being read by a program, if anything.

    `index`: with it, a price that is the list's own is no trouble.
    """
    if tagged.negative:
        return human(N_("a number below 0"))
    if tagged.priced and not (index and listed(tagged, found, index)):
        return human(N_("about the price"))
    if any(mention.quantity == 0 for mention in found):
        return human(N_("a quantity of 0"))
    if any(mention.quantity is not None and mention.quantity > MOST_QUANTITY for mention in found):
        return human(N_("a quantity that nobody means"))
    if ranged(tagged):
        return human(N_("two quantities to choose from"))
    return None


def listed(tagged: Tagged, found: Sequence[Mention], index: ItemIndex) -> bool:
    """Whether all prices that the writer names are those of the shop, for one or for all."""
    own: set[int] = set()
    for mention in found:
        for item in mention.match.items:
            price = index.entry(item).price
            if price is not None:
                own |= {price, price * (mention.quantity or 1)}
    return bool(tagged.prices) and own.issuperset(tagged.prices)


def ranged(tagged: Tagged) -> bool:
    """Whether a number is left open: 2 atau 3."""
    words = tagged.words
    idle = {at for span in tagged.marks.get("conditions.filler", ()) for at in range(*span)}
    for at in range(1, len(words) - 1):
        if at not in idle and tagged.texts[at] in ("atau", "ato", "atw", "or", "apa", "apo"):
            near = (words[at - 1].role, words[at + 1].role)
            if Role.NUMBER in near or (tagged.texts[at] in ("atau", "ato", "atw", "or")):
                return True
    return any(
        word.token.text.count("-") == 1 and word.role is Role.UNKNOWN
        and all(part.isdecimal() and len(part) < 3 for part in word.token.text.split("-"))
        for word in words
    )  # fmt: skip


def open_number(tagged: Tagged) -> bool:
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


def _leads_in(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether a word of talk stands before the one that orders, and before all that is named: "bos
    nyuruh pesan kenari 2"."""
    words, texts = tagged.words, tagged.texts
    if texts[at] not in index.lexicon.known:
        return False
    for place in range(at - 1, -1, -1):
        if words[place + 1].token.pause:
            break
        if words[place].role in (Role.NAME, Role.NUMBER):
            return False
    for word, text in zip(words[at + 1 :], texts[at + 1 :], strict=True):
        if word.token.pause or word.role not in (Role.STILL, Role.UNKNOWN, Role.CUE):
            return False
        if word.role is Role.CUE:
            return text in index.lexicon.words["doing"]
    return False


def _stray(tagged: Tagged, found: Sequence[Mention], index: ItemIndex) -> bool:
    """Whether unknown words stand in a clause that names an item, or a number is left over."""
    parts = finding.clauses(tagged)
    beside = index.lexicon.words["makers"] | index.lexicon.words["common"]
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
        word.role is Role.UNKNOWN
        and not (word.purpose or word.key in beside)
        and place[id(word)] not in used
        and not _leads_in(tagged, index, place[id(word)])
        for number in within
        for word in parts[number]
    ) or any(
        word.role is Role.NUMBER
        and not ((word.year and number in within) or word.label or word.purpose)
        and id(word) not in counted
        for number, part in enumerate(parts)
        for word in part
    )


def unless(tagged: Tagged, found: Sequence[Mention]) -> bool:
    """Whether something is wanted in place of what is out."""
    return len(found) > 1 and (tagged.has("conditions.if_out") or out(tagged) is not None)


def instead(tagged: Tagged, text: str, index: ItemIndex, mentions: Sequence[Mention]) -> Reading:
    """A, or B where A is out; or B only where A is out."""
    bad = trouble(tagged, mentions)
    if bad is not None:
        return bad
    whole = tagged.marks.get("conditions.if_out")
    border = whole[0][0] if whole else out(tagged)
    assert border is not None
    begins = [min((term.place for term in mention.terms), default=0) for mention in mentions]
    before = [mention for mention, begin in zip(mentions, begins, strict=True) if begin < border]
    after = [mention for mention, begin in zip(mentions, begins, strict=True) if begin > border]
    named = all(mention.match.items and not mention.match.missing for mention in before)
    certain = [*before, *after] if whole else after
    if not before or not after or not named or not all(one.match.one for one in certain):
        return human(N_("one thing instead of another"))
    if len(after) == 1 and len(before) == 1 and after[0].quantity is None and before[0].match.one:
        # So many were wanted of the first.
        after = [replace(after[0], quantity=before[0].quantity)]
    if any(mention.doubt or mention.quantity is None for mention in after):
        return human(N_("one thing instead of another"))
    # What has to be out is all that was named.
    first = summed(
        (entry, mention.quantity) for mention in before for entry in mention.entries(index)
    )
    second = summed((index.entry(mention.match.items[0]), mention.quantity) for mention in after)
    if whole:
        if any(line.quantity is None for line in first):
            return human(N_("one thing instead of another"))
        wish = Wish(Kind.ORDER, first, evidence=text, alternatives=second, spans=spans(mentions))
    else:
        wish = Wish(Kind.ORDER, second, evidence=text, unless=first, spans=spans(mentions))
    return reading([wish], mentions, index)
