"""What a text most likely wants that nobody understands for certain: a second, lenient reading.

Within a talk it is read once more without what may say nothing: words that nobody knows, that something
is dear, for whom it is, what one thinks. What is found so is asked about, and never more: a proposal, a
change that is made at YA, a list, a price.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from crm_tui.reading import around, cues, happening, vetoes
from crm_tui.reading.amending import Change
from crm_tui.reading.asking_back import Question
from crm_tui.reading.guessing import Guess, dear_part
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.ordering import ranged, summed
from crm_tui.reading.parting import parts_of
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.roles import Role, Tagged, without
from crm_tui.reading.tagging import tag
from crm_tui.reading.turn import WHICH
from crm_tui.reading.wishes import Conversation, Kind, Reading, Wish

_HALF = 0.5
MOST_WORDS = 24
"""A longer text says more than what a talk goes on with."""
_MOST_BEHIND = 4
_HARD = (
    "own",
    "spam",
    "mistaken",
    "past",
    "advice",
    "service",
    "complaint",
    "others",
    "haggle",
    "later",
)
_MILD = ("complaint", "later", "others", "haggle", "past", "advice", "service")
_AS_IT_IS = (Kind.PRICE, Kind.STOCK)
SAYS = (Role.NAME, Role.NUMBER)

BROKEN = re.compile(r"\d[.,]\d")
"""A number with a fraction, or a price."""

Read = Callable[[str, Conversation], Reading | None]


def presumed(
    tagged: Tagged, text: str, index: ItemIndex, talk: Conversation, strict: Reading, read: Read
) -> Reading | None:
    """What is most likely meant, as a question back; None if there is no telling."""
    missed = Kind.NOT_FOUND in strict.kinds
    if missed and _may_it(tagged, index, talk):
        missed = False
    if len(tagged.words) > MOST_WORDS or tagged.priced or tagged.negative:
        return None
    if otherwise_meant(tagged, text, index):
        return None
    why = _because(tagged, index) or _may_it(tagged, index, talk)
    if why:
        text = text[: tagged.words[why].span[0]].rstrip(" ,.")
        shortened = read(text, talk)
        sure = asked_about(shortened, talk, asking=False)
        if sure is not None:
            return sure
        tagged = tag(text, index)
    mild = mild_places(tagged, index)
    if for_people(tagged, index, mild):
        return None
    asked = cues.cues(tagged, index)
    asking = asked.price or asked.stock or asked.question or tagged.asked
    counted = any(word.role is Role.NUMBER for word in tagged.words)
    asking = asking or (not counted and wonders(tagged, index))
    if missed and asking:
        return None
    if not _says_enough(tagged, index) or either(tagged, index) or _miscounts(tagged, index, talk):
        return None
    tried = {text}
    for rest in _ways(tagged, text, mild, asking=asking):
        if rest in tried or _about_that(tagged, index):
            continue
        tried.add(rest)
        found = asked_about(read(rest, talk), talk, asking=asking)
        if found is not None:
            return found
    turn = Change(quieted(tagged, mild), text, index, talk)
    return asked_about(Guess(turn, asking=asking, wide=not missed).guessed(), talk, asking=asking)


def which_one(tagged: Tagged, text: str, index: ItemIndex, talk: Conversation) -> Reading | None:
    """Which of what was spoken of is meant, where a turn only counts; None where it says more."""
    if len(tagged.words) > MOST_WORDS or tagged.priced or tagged.negative:
        return None
    mild = mild_places(tagged, index)
    asked = cues.cues(tagged, index)
    if for_people(tagged, index, mild) or asked.price or either(tagged, index):
        return None
    turn = Change(quieted(tagged, mild), text, index, talk)
    return asked_about(Question(turn, wide=False).asked(), talk, asking=False)


def otherwise_meant(tagged: Tagged, text: str, index: ItemIndex) -> bool:
    """Whether a text counts none, tells of another day or what others have ordered, or is a message
    for somebody."""
    none = any(word.role is Role.NUMBER and not word.value for word in tagged.words)
    told = tagged.has("veto.past") and tagged.has("veto.others")
    told = told and cues.cues(tagged, index).order
    return none or told or happening.planned(tagged, index) or around.message_for_somebody(text)


def asked_before(reading: Reading, talk: Conversation) -> bool:
    """Whether that is what the shop has just asked: nobody is asked twice what they did not answer."""
    asked = [wish for wish in reading.wishes if wish.kind is Kind.CHOICES]
    return any(
        (wish.options and set(wish.options) == set(talk.offered) and wish.quantity == talk.quantity)
        or (wish.lines and wish.choosing is Kind.ORDER and wish.lines == talk.proposed)
        for wish in asked
    )


def _says_enough(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a text names something, or has words that nobody knows beside a number, or a unit. Mere
    numbers have been read as far as they can be: they contradict what was said."""
    roles = {word.role for word in tagged.words}
    counts = not roles.isdisjoint((Role.NUMBER, Role.EACH))
    units = any(word.unit not in ("", "pair") for word in tagged.words)
    tints = index.lexicon.words["tints"]
    tinted = any(
        word.role is Role.MAYBE and index.lexicon.name(word.key) in tints for word in tagged.words
    )
    wanted = counts and bool(_relayed(tagged, index))
    return Role.NAME in roles or tinted or wanted or (counts and (units or Role.UNKNOWN in roles))


def _miscounts(tagged: Tagged, index: ItemIndex, talk: Conversation) -> bool:
    """Whether a text that names nothing denies a number that no line of the order has, nor its name:
    "salah, 4 bukan 5" of nine contradicts what is ordered, whatever else nobody knows in it."""
    if not talk.order or any(word.role is Role.NAME for word in tagged.words):
        return False
    counts = {line.quantity for line in talk.order}
    called = {line.entry.id for line in talk.order}
    return any(
        word.role is Role.NUMBER
        and word.value not in counts
        and (len(word.key) == 1 or called.isdisjoint(index.words.items(word.key)))
        for part in parts_of(tagged)
        if part.denies
        for word in tagged.words[part.begin : part.end]
    )


def either(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether one of two things is meant, and which is not said."""
    either = index.lexicon.words["either"]
    names = [at for at, word in enumerate(tagged.words) if word.role is Role.NAME]
    return any(
        text in either and any(at < place for at in names) and any(at > place for at in names)
        for place, text in enumerate(tagged.texts)
    )


def wonders(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether it is asked about something without a mark: "kalo fdr", "buatan mana"."""
    asks = not index.lexicon.words["whether"].isdisjoint(tagged.texts)
    return asks or cues.supposes(tagged, index)


def _about_that(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether what is said of it belongs to what is named: "mahal yang karsa", "kurangi 2"."""
    words = index.lexicon.words
    if not words["mild.haggle"].isdisjoint(tagged.texts):
        return True
    return bool(dear_part(tagged, index))


def quieted(tagged: Tagged, mild: frozenset[int]) -> Tagged:
    """A text in which the words at some places say nothing."""
    words = tuple(
        replace(word, role=Role.STILL, value=0, unit="") if at in mild else word
        for at, word in enumerate(tagged.words)
    )
    marks = {
        name: [span for span in spans if name[:5] != "veto." or not mild.issuperset(range(*span))]
        for name, spans in tagged.marks.items()
    }
    return replace(tagged, words=words, marks=marks)


def open_to_more(text: str, talk: Conversation, strict: Reading) -> bool:
    """Whether a text may be read once more: a turn of a talk of which nothing is certain."""
    missed = not strict.certain or Kind.NOT_FOUND in strict.kinds
    return missed and live(talk) and not BROKEN.search(text)


def live(talk: Conversation) -> bool:
    """Whether something was spoken of."""
    return bool(talk.order or talk.offered or talk.proposed or talk.quoted or talk.recent)


def asked_about(reading: Reading | None, talk: Conversation, *, asking: bool) -> Reading | None:
    """A reading that does no more than ask or answer; None if it wants anything else."""
    if reading is None or not reading.certain:
        return None
    wishes = [_weaker(wish, talk, asking=asking) for wish in reading.wishes]
    certain = [wish for wish in wishes if wish is not None]
    if len(certain) < len(wishes):
        return None
    doing = [wish for wish in certain if wish.kind not in _AS_IT_IS]
    if len(doing) > 1:
        return None
    return replace(reading, wishes=tuple(certain), sureness=min(reading.sureness, _HALF))


def _weaker(wish: Wish, talk: Conversation, *, asking: bool) -> Wish | None:
    """A wish that only asks; None if there is none such."""
    if wish.alternatives or wish.unless or wish.notify:
        return None
    if wish.kind in _AS_IT_IS:
        return wish if asking else None
    ordered = {line.entry for line in talk.order}
    if wish.kind is not Kind.AMEND and wish.choosing is not Kind.AMEND:
        named = (*wish.options, *(line.entry for line in (*wish.lines, *wish.held)))
        if not ordered.isdisjoint(named):
            # At YA it would come on top of what is ordered.
            return None
    if wish.kind is Kind.CHOICES:
        return wish
    if wish.kind is Kind.AMEND and talk.amendable:
        return replace(wish, kind=Kind.CHOICES, choosing=Kind.AMEND)
    lines = talk.proposed if wish.kind is Kind.CONFIRM else wish.lines
    if wish.kind not in (Kind.ORDER, Kind.CONFIRM) or not lines:
        return None
    lines = summed((line.entry, line.quantity or 1) for line in lines)
    return replace(
        wish, kind=Kind.CHOICES, choosing=Kind.ORDER, lines=tuple(lines), if_available=False
    )


def for_people(tagged: Tagged, index: ItemIndex, mild: frozenset[int]) -> bool:
    """Whether a text has what no leniency passes over."""
    if ranged(tagged) or (happening.happened(tagged, index) and not tagged.asked):
        return True
    return bool(vetoes.vetoed(quieted(tagged, mild), index, _HARD))


def mild_places(tagged: Tagged, index: ItemIndex) -> frozenset[int]:
    """The places of words that are taken for remarks."""
    words = index.lexicon.words
    places: set[int] = set()
    for name in _MILD:
        for start, end in tagged.marks.get(f"veto.{name}", ()):
            texts = tagged.texts[start:end]
            if words[f"mild.{name}"].issuperset(texts) and _topical(
                tagged, index, name, start, end
            ):
                places.update(range(start, end))
    pairs = {at for span in tagged.marks.get("numbers.pairs", ()) for at in range(*span)}
    places |= {at for span in tagged.marks.get("veto.service", ()) for at in range(*span)} & pairs
    if cues.cues(tagged, index).order:
        # "The price is fixed then": it is agreed to.
        spans = tagged.marks.get("veto.haggle", ())
        agreed = words["fixed_price"]
        places |= {
            at for span in spans if agreed.issuperset(tagged.texts[slice(*span)])
            for at in range(*span)
        }  # fmt: skip
    for said in (_purposes, _relayed, _if_it_may):
        places |= said(tagged, index)
    return frozenset(places)


def _topical(tagged: Tagged, index: ItemIndex, name: str, start: int, end: int) -> bool:
    """Whether "if" only says what it is about, "kalo yang karsa", somebody only who has said it, "kata
    montir", and no advice is asked for: "mending yang karsa"."""
    words = index.lexicon.words
    if name == "service":
        return start > 0 and tagged.texts[start - 1] in words["relays"]
    if name == "advice":
        return not tagged.asked and words["tags"].isdisjoint(tagged.texts)
    if name != "later" or all(
        end != stop for _, stop in tagged.marks.get("conditions.condition", ())
    ):
        return True
    return end < len(tagged.words) and (
        tagged.words[end].role in SAYS or tagged.texts[end] in WHICH
    )


def _purposes(tagged: Tagged, index: ItemIndex) -> set[int]:
    """The places of "for my brother", "buat cadangan": behind a word of purpose what names nothing."""
    words = index.lexicon.words
    found: set[int] = set()
    for at, text in enumerate(tagged.texts):
        if text not in words["mild.for"]:
            continue
        end = at + 1
        while end < len(tagged.words) and not tagged.words[end].token.pause:
            if tagged.words[end].role in (*SAYS, Role.LINK, Role.EACH, Role.CUE):
                break
            end += 1
        if end > at + 1:
            found.update(range(at, end))
        elif _own_vehicle(tagged, index, at):
            found.update(range(at, len(tagged.words)))
    return found


def _own_vehicle(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether a text ends with "for my vario"."""
    words = index.lexicon.words
    named = any(word.role in SAYS for word in tagged.words[:at])
    mine = tagged.texts[-1] in words["pronouns"] or tagged.texts[-1] in words["mine"]
    behind = tagged.words[at + 1 :]
    plain = not any(word.role is Role.NUMBER or word.token.pause for word in behind)
    return named and mine and plain and len(behind) < _MOST_BEHIND


def _if_it_may(tagged: Tagged, index: ItemIndex) -> set[int]:
    """The places of "kalo bisa hari ini" at the end."""
    words = index.lexicon.words
    for at, (one, two) in enumerate(pairwise(tagged.texts)):
        if one in words["visit.if"] and two in words["may"]:
            behind = tagged.words[at:]
            if not any(word.role in SAYS for word in behind):
                return set(range(at, len(tagged.words)))
    return set()


def _relayed(tagged: Tagged, index: ItemIndex) -> set[int]:
    """The places of "kata bos", "istri saya minta": who wants it so."""
    words = index.lexicon.words
    people = index.lexicon.union("changed_mind", "people")
    found: set[int] = set()
    for at, text in enumerate(tagged.texts[:-1]):
        if text in words["relays"] and tagged.texts[at + 1] in people | words["honorifics"]:
            found.update((at, at + 1))
        elif text in people:
            end = at + 1
            while end < len(tagged.texts) and tagged.texts[end] in words["pronouns"]:
                end += 1
            if end < len(tagged.texts) and tagged.texts[end] in words["mild.wants"]:
                found.update(range(at, end + 1))
    return found


def _because(tagged: Tagged, index: ItemIndex) -> int:
    """The place of "because" behind what is wanted, from which on it is said why; 0 if it is not."""
    if tagged.asked:
        return 0
    words = index.lexicon.words
    for at, text in enumerate(tagged.texts):
        if text in words["mild.because"] and any(word.role in SAYS for word in tagged.words[:at]):
            return at
    return 0


def _may_it(tagged: Tagged, index: ItemIndex, talk: Conversation) -> int:
    """The place of "may I?" at the end, behind a change of the order; 0 if there is none."""
    words = index.lexicon.words
    asked = cues.cues(tagged, index)
    if not talk.order or asked.price or asked.stock or REPLACES.isdisjoint(tagged.texts):
        return 0
    calm = index.lexicon.union("tags", "polite", "honorifics")
    end = len(tagged.texts)
    while end and tagged.texts[end - 1] in calm:
        end -= 1
    may = end > 1 and tagged.texts[end - 1] in words["may"] - words["whether"]
    return end - 1 if may else 0


def _ways(tagged: Tagged, text: str, mild: frozenset[int], *, asking: bool) -> Iterator[str]:
    """A text without what may say nothing, more and more of it."""
    yield without(tagged, text, mild)
    if not asking:
        # What is asked about may be just what nobody knows.
        unknown = {at for at, word in enumerate(tagged.words) if word.role is Role.UNKNOWN}
        yield without(tagged, text, unknown | mild)
