"""Questions and orders in a free text: what is asked, what is ordered, what has to be asked back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from crm_tui.errors import N_
from crm_tui.reading import called_so, mixed, remarks, row_of_sizes, stories
from crm_tui.reading import mentions as finding
from crm_tui.reading.cues import Asked, cues
from crm_tui.reading.edit_model import EXACT
from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.makes import only
from crm_tui.reading.matching import match
from crm_tui.reading.ordering import instead, listed, open_number, place, summed, trouble, unless
from crm_tui.reading.pieces import WHICH, Mention
from crm_tui.reading.proposals import (
    HALF,
    choices,
    codes,
    listed_for,
    offer,
    reading,
    said,
    spans,
)
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.vetoes import worn
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

Refine = Callable[[list[Mention]], list[Mention]]

_FEW_WORDS = 6
_TO = ("ke", "di", "ning", "menyang", "nang")
_AT = ("di", "neng", "ning", "nang")
_SHORT = 2


def read(
    tagged: Tagged, text: str, index: ItemIndex, refine: Refine | None = None
) -> Reading | None:
    """Questions and orders; None if no item is named at all. `refine`: what is named, in the light of
    what was named before."""
    asked = cues(tagged, index)
    if open_number(tagged):
        return human(N_("two quantities to choose from"))
    available = tagged.has("conditions.if_available") and not _comes_if(tagged, index)
    asking = asked.price or asked.stock or asked.question
    ordering = asked.order or not asking or (available and not asked.price)
    ordering = ordering or _taken(tagged, asked) or mixed.wanted_apart(tagged, index)
    ordering = ordering or (asked.question and mixed.wanted(tagged, index, asked))
    found = finding.find(tagged, index, ordering=ordering)
    plain = list(found)
    if refine is not None:
        found = refine(found)
    found = _wanted(tagged, index, found)
    if asking and not asked.order:
        found = stories.without_told(tagged, index, found)
    if found and not _meant(tagged, found, asked, index):
        return _coded(tagged, index, asked)
    if not found:
        return _nothing(tagged, text, index, asked)
    if ordering and unless(tagged, found):
        if asked.question or asked.price or tagged.has(remarks.DOUBT):
            return human(N_("one thing instead of another"))
        return instead(tagged, text, index, found)
    questions, orders = _parted(tagged, index, found, asked, ordering)
    if orders and not questions:
        return _order(tagged, text, index, orders, asked)
    if questions and not orders:
        return _counted(
            _question(tagged, text, index, questions, asked, plain), questions, tagged, index
        )
    question = asked.question and mixed.asked_within(tagged, index, orders)
    first = _order(
        tagged, text, index, orders, replace(asked, price=False, stock=False, question=question)
    )
    if not first.certain:
        return first
    second = _question(tagged, text, index, questions, asked, plain)
    return Reading(
        (*first.wishes, *second.wishes), sureness=min(first.sureness, second.sureness),
        candidates=(*first.candidates, *second.candidates),
    ) if second.certain else second  # fmt: skip


def _counted(
    reading_: Reading, asked_about: Sequence[Mention], tagged: Tagged, index: ItemIndex
) -> Reading:
    """A question about one thing with how many of it are asked for: "kenari 2 lusin ada?"."""
    sized = {term.place for mention in asked_about for term in mention.terms if term.senses}
    left = any(
        word.role is Role.NUMBER and at not in sized and not (word.label or word.year)
        for at, word in enumerate(tagged.words)
    )
    if len(reading_.wishes) != 1 or not left:
        return reading_
    (wish,) = reading_.wishes
    if wish.kind not in (Kind.PRICE, Kind.STOCK) or len(wish.lines) != 1:
        return reading_
    found = finding.find(tagged, index, ordering=True)
    same = len(found) == 1 and found[0].match.items == (wish.lines[0].entry.id,)
    count = found[0].quantity if same and not found[0].doubt else None
    return replace(reading_, wishes=(replace(wish, quantity=count),)) if count else reading_


def _wanted(tagged: Tagged, index: ItemIndex, mentions: list[Mention]) -> list[Mention]:
    """Without what is only told to be broken, where something is asked for behind it."""
    broken = [
        tagged.words[start]
        for start, _ in tagged.marks.get("veto.complaint", ())
        if worn(tagged, index, start)
    ]
    if not broken or not index.lexicon.words["accidents"].isdisjoint(tagged.texts):
        # What an accident has broken is what is asked for.
        return mentions
    parts = finding.clauses(tagged)
    told = {number for number, part in enumerate(parts) if any(word in part for word in broken)}
    wanted = [one for one in mentions if one.clause not in told]
    models = [
        {sense for sense in index.words.senses(word.key) if index.words.applies(sense)}
        for number in told
        for word in parts[number]
        if word.role is Role.NAME
    ]
    return [_of(one, [senses for senses in models if senses], index) for one in wanted] or mentions


def _of(mention: Mention, models: Sequence[set[str]], index: ItemIndex) -> Mention:
    """What is named, of several things those for one of these models only, where there are such."""
    items = mention.match.items
    for senses in models:
        having = set().union(*map(index.words.items, senses))
        items = tuple(item for item in items if item in having) or items
    return replace(mention, match=only(mention.match, items) or mention.match)


def _taken(tagged: Tagged, asked: Asked) -> bool:
    """Whether behind a question so many are wanted: "79rb kan? 2 ya mau"."""
    if asked.price or asked.stock or not asked.want or tagged.words[-1].token.asked:
        return False
    places = [at for at, word in enumerate(tagged.words) if word.token.asked]
    behind = tagged.words[places[-1] + 1 :] if places else ()
    return any(word.role is Role.NUMBER and not word.label for word in behind)


def _meant(tagged: Tagged, mentions: Sequence[Mention], asked: Asked, index: ItemIndex) -> bool:
    """Whether a text without a word for what is wanted is about items at all."""
    if asked.order or asked.price or asked.stock or tagged.has("conditions.if_available"):
        return True
    if tagged.priced and not listed(tagged, mentions, index):
        return False
    used = {term.place for mention in mentions for term in mention.terms if term.senses}
    unknown = any(
        word.role is Role.UNKNOWN and at not in used for at, word in enumerate(tagged.words)
    )
    resolved = all(mention.match.items and not mention.match.missing for mention in mentions)
    if any(mention.quantity is not None for mention in mentions) or asked.want:
        counted = sum(one.match.one and one.quantity is not None for one in mentions)
        all_counted = bool(counted) and all(one.quantity is not None for one in mentions)
        return resolved or not unknown or counted > 1 or all_counted
    if not resolved and not unknown and len(mentions) == 1 and len(tagged.words) <= _FEW_WORDS:
        return sum(EXACT in term.senses.values() for term in mentions[0].terms) > 1
    named = sum(EXACT in term.senses.values() for mention in mentions for term in mention.terms)
    if resolved and not unknown and asked.question and named and len(tagged.words) <= _FEW_WORDS:
        # "Kalo kenari yg 0,8?"
        return True
    return (
        resolved
        and not unknown
        and all(mention.match.headed or mention.lean for mention in mentions)
    )


def _parted(
    tagged: Tagged, index: ItemIndex, mentions: list[Mention], asked: Asked, ordering: bool
) -> tuple[list[Mention], list[Mention]]:
    """What is asked about, and what is ordered, clause by clause."""
    if not ordering:
        return mentions, []
    if not (asked.price or asked.stock):
        return [], mentions
    words = index.lexicon.words
    asking = words["asking"]
    doing = words["doing"]
    parts = finding.clauses(tagged)
    questions: list[Mention] = []
    orders: list[Mention] = []
    for mention in mentions:
        said = {word.token.text for word in parts[mention.clause]}
        quiet = mention.quantity is None and not said & doing
        (questions if said & asking and quiet else orders).append(mention)
    named = {mention.match.items for mention in orders}
    if not orders and tagged.has("conditions.if_available"):
        return [], mentions
    counted = any(mention.quantity is not None for mention in orders)
    if orders and not counted and questions:
        return [], mentions
    # One item that is asked about and ordered is proposed, with its price.
    return [one for one in questions if one.match.items not in named], orders


def _question(
    tagged: Tagged, text: str, index: ItemIndex, mentions: Sequence[Mention], asked: Asked,
    plain: Sequence[Mention],
) -> Reading:  # fmt: skip
    """`plain`: what the text names by itself."""
    kind = Kind.STOCK if asked.stock and not asked.price else Kind.PRICE
    lines: list[Line] = []
    wishes: list[Wish] = []
    unknown: list[str] = []
    mentions = stories.told_once(tagged, mentions)
    for own in mentions:
        mention = called_so.widened(tagged, own, index) if own in plain else own
        if mention.match.missing or not mention.match.items:
            near = codes(mention.words, index)
            some = _of_the_kind(tagged, mention, index)
            if near or some:
                wishes.append(choices(near or some, None, kind, [mention]))
            else:
                unknown.append(said(mention))
        elif mention.ask:
            wishes.append(choices(mention.entries(index), None, kind, [mention]))
        elif len(mention.match.items) == 1:
            lines += [Line(entry) for entry in mention.entries(index)]
        elif own.match.one:
            # What is called so, too, is quoted with it.
            lines += [Line(entry) for entry in mention.entries(index)]
        else:
            wishes.append(offer(tagged, index, mention, None, kind))
    if lines:
        lines += map(Line, row_of_sizes.others(tagged, mentions, index))
        lines = list(dict.fromkeys(lines))
        wishes.insert(0, Wish(kind, tuple(lines), evidence=text, spans=spans(mentions)))
    if unknown:
        wishes.append(
            Wish(Kind.NOT_FOUND, unknown=tuple(unknown), evidence=text, spans=spans(mentions))
        )
    return reading(wishes, mentions, index)


def _of_the_kind(tagged: Tagged, mention: Mention, index: ItemIndex) -> list[Entry]:
    """What there is of a kind, where it is asked which there are for something that names need not say:
    "oli apa aja buat diesel"; [] if it is not so."""
    if not mention.match.missing or not tagged.has("intents.which_ones"):
        return []
    canon, names = index.lexicon.canon, index.words
    general = [term for term in mention.terms if index.lexicon.name(term.key) in canon]
    unsaid = [term for term in general if not any(map(names.begins, term.senses))]
    rest = [term for term in mention.terms if term not in unsaid]
    found = match(rest, index.words)
    kinds = {index.words.heads[item][:1] for item in found.items}
    plain = found.headed and not found.missing and len(kinds) == 1
    return [index.entry(item) for item in found.items] if plain else []


def _order(
    tagged: Tagged, text: str, index: ItemIndex, mentions: Sequence[Mention], asked: Asked
) -> Reading:
    bad = trouble(tagged, mentions, index)
    if bad is not None:
        return bad
    acting = asked.order or asked.want or any(mention.quantity is not None for mention in mentions)
    absent = [one for one in mentions if one.match.missing or not one.match.items]
    for mention in absent:
        near = codes(mention.words, index)
        if near and len(near) == len(mentions) == 1 and mention.quantity:
            line = (Line(near[0], mention.quantity),)
            likely = Wish(Kind.CHOICES, line, choosing=Kind.ORDER, spans=spans(mentions))
            return reading([likely], mentions, index)
        if near:
            return reading(
                [choices(near, mention.quantity, Kind.ORDER, [mention])], mentions, index
            )
        if not said(mention):
            return human(N_("numbers that belong to no item"))
    if absent:
        return _besides(text, index, mentions, absent)
    if not acting:
        return _question(tagged, text, index, mentions, asked, mentions)
    for mention in mentions:
        if len(mention.match.items) > 1:
            sent = offer(tagged, index, mention, mention.quantity, Kind.ORDER)
            if sent.options:
                continue
            one = mention.only((sent.lines[0].entry.id,), index)
            mentions = [one if other is mention else other for other in mentions]
    several = [mention for mention in mentions if len(mention.match.items) > 1]
    if not several:
        return place(tagged, text, index, mentions, asked)
    others = [mention for mention in mentions if mention not in several]
    besides = place(tagged, text, index, others, asked, several) if others else None
    return reading([listed_for(several, besides, index)], mentions, index)


def _besides(
    text: str, index: ItemIndex, mentions: Sequence[Mention], absent: Sequence[Mention]
) -> Reading:
    """What is not there is said; the rest of the list, where it is certain, is asked about."""
    lost = Wish(
        Kind.NOT_FOUND, unknown=tuple(dict.fromkeys(map(said, absent))), evidence=text,
        spans=spans(absent),
    )  # fmt: skip
    known = [one for one in mentions if one not in absent]
    certain = all(one.match.one and one.quantity and not one.doubt for one in known)
    # A code that nobody has may be a slip of another one; a name is what it says.
    certain = certain and not any(
        char.isdigit()
        for one in absent
        for text in one.unknown or said(one).split()
        if len(text) > _SHORT or not text.isdecimal()
        for char in text
    )
    if not known or not certain:
        return reading([lost], mentions, index)
    lines = summed((index.entry(one.match.items[0]), one.quantity) for one in known)
    rest = Wish(Kind.CHOICES, lines, evidence=text, choosing=Kind.ORDER, spans=spans(known))
    return reading([rest, lost], mentions, index)


def _comes_if(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether somebody only comes if there is something, and wants no number of it: "kenari ada? kalau
    ada saya kesana"."""
    words = index.lexicon.words
    end = tagged.marks["conditions.if_available"][-1][1]
    counted = any(word.role is Role.NUMBER and not word.label for word in tagged.words)
    comes = not words["coming"].isdisjoint(tagged.texts[end:])
    return comes and not counted and tagged.asked and words["doing"].isdisjoint(tagged.texts)


def _to_where(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether it is only said where something shall be brought: "antar ke dermaga"."""
    sends = index.lexicon.union("sent", "take")
    return any(one in sends and two in _TO for one, two in pairwise(tagged.texts))


def _on_the_way(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether somebody only says "I am coming": "otw kesitu naik ojek"."""
    calm = index.lexicon.union("polite", "honorifics", "pronouns", "yes", "done")
    first = next((text for text in tagged.texts if text not in calm), "")
    counted = any(word.role is Role.NUMBER for word in tagged.words)
    return first in index.lexicon.words["coming"] and not (counted or tagged.asked)


def _by_oneself(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether it is only said that somebody fetches what there is, "ya udah tak ambil sendiri"."""
    oneself, takes = index.lexicon.words["by_oneself"], index.lexicon.union("take", "fetch")
    unknown = {word.key for word in tagged.words if word.role is Role.UNKNOWN}
    return bool(unknown) and unknown <= oneself and not takes.isdisjoint(tagged.texts)


def _only_told(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether it is only told who fetches something, what was bought, or that it is bought elsewhere:
    "besok saya ambil", "anak saya yg ambil", "yg saya beli …", "beli di pasar cuma 60"."""
    lexicon, texts = index.lexicon, tagged.texts
    takes = lexicon.union("take", "order", "fetch", "bought")
    who = lexicon.words["pronouns"]
    for at, (word, text) in enumerate(zip(tagged.words, texts, strict=True)):
        if word.role is not Role.CUE or text not in takes:
            continue
        if texts[at + 1 : at + 2] and texts[at + 1] in _AT:
            return True
        before = texts[max(0, at - 2) : at]
        which = before[-1:] and (before[-1] in WHICH or (before[0] in WHICH and before[-1] in who))
        end = next(
            (one for one in range(at + 1, len(texts)) if tagged.words[one].token.pause), len(texts)
        )
        behind = [one for one in tagged.words[at + 1 : end] if one.role is Role.UNKNOWN]
        said = before[-1:] and before[-1] in who and (not behind or tagged.has("conditions.pickup"))
        return bool(which or said)
    return False


def _coded(tagged: Tagged, index: ItemIndex, asked: Asked) -> Reading | None:
    """The codes that an unknown one is like, where something is wanted of it, or nothing else is said;
    None if there are none."""
    unknown = [word for word in tagged.words if word.role is Role.UNKNOWN]
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    near = codes(unknown, index)
    named = len(unknown) > 1 or any(word.role is Role.NAME for word in tagged.words)
    bare = not named and len(near) == 1 and len(tagged.words) <= _FEW_WORDS
    quantity = numbers[0].value if len(numbers) == 1 else None
    more = bool(quantity) and tagged.has("dialogue.add", "dialogue.also") and len(unknown) == 1
    if not near or not (asked.order or asked.price or asked.stock or bare or more):
        return None
    kind = Kind.ORDER if asked.order or more or (bare and quantity) else Kind.PRICE
    if kind is Kind.ORDER and quantity and len(near) == 1:
        return reading(
            [Wish(Kind.CHOICES, (Line(near[0], quantity),), choosing=Kind.ORDER)], [], index
        )
    return reading([choices(near, quantity, kind, [])], [], index)


def _nothing(tagged: Tagged, text: str, index: ItemIndex, asked: Asked) -> Reading | None:
    """No item is named: what is like a code, what nobody has, or only how to order."""
    unknown = [word for word in tagged.words if word.role is Role.UNKNOWN]
    numbers = [word for word in tagged.words if word.role is Role.NUMBER]
    coded = _coded(tagged, index, asked)
    if coded is not None or _to_where(tagged, index) or _on_the_way(tagged, index):
        return coded
    if _by_oneself(tagged, index) or (not tagged.asked and _only_told(tagged, index)):
        return None
    wondered = tagged.asked and tagged.has("conditions.condition") and len(tagged.words) < 5
    if unknown and (asked.price or asked.stock or asked.order or wondered) and len(unknown) <= 5:
        words = " ".join(word.token.text for word in unknown)
        return Reading((Wish(Kind.NOT_FOUND, unknown=(words,), evidence=text),), sureness=HALF)
    if asked.order and not unknown and not numbers and len(tagged.words) < 4:
        return Reading((Wish(Kind.HELP, evidence=text),), sureness=HALF)
    return None
