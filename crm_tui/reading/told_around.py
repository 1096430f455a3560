"""What is told around an order: clauses that name, count, ask and take back nothing.

A text that is no order for them is read once more without them. Only an order that is certain then, or
the answer to a question, comes of that. A clause with a negation, a condition, a bid, a past that may
be about goods of the shop, or a wish of its own stays where it is, and the text is what it was.
"""

from itertools import pairwise

from crm_tui.reading import remarks
from crm_tui.reading.happening import happened, planned
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.remark_parts import WHICH, Part
from crm_tui.reading.roles import Role, Tagged, without
from crm_tui.reading.tagging import tag
from crm_tui.reading.tokenizer import tokens
from crm_tui.reading.turn import SUFFIXES
from crm_tui.reading.vetoes import AGREES, MINE, NEVER, hostile

_MOST_STRANGE = 5
FREE = frozenset(
    ("conditions.filler", "conditions.pickup", "conditions.when_ready", "conditions.list_price",
     "dialogue.idle", "intents.status_marks", "intents.done", "intents.again")
)  # fmt: skip
"""Phrases that stand in stories as they do elsewhere."""
_FEARED = ("veto.negation", "veto.later", "veto.complaint", "veto.advice", "conditions.condition")
"""What may be feared or hoped for: "biar ga licin kalo ujan"."""
_VERIES = """
amat banget bgt nian sekali terlalu lumayan agak nemen pisan men itu wah waduh ampun jg juga
"""
_VERY = frozenset(_VERIES.split())
_STILL_NOT = frozenset(("dulu", "jadi", "lah"))
_NEAR = 4
_AGAIN = frozenset(("lagi", "lg", "sekalian", "maneh", "meneh", "deui"))


def untold(text: str, index: ItemIndex) -> str:
    """A text with blanks in place of what is only told; "" if nothing is, or nothing else is left."""
    begins = index.lexicon.words["begins_stories"]
    if hostile(text) or not any(word.pause or word.text in begins for word in tokens(text)[1:]):
        return ""
    tagged = remarks.quieted(tag(text, index), index)
    if tagged.priced or tagged.negative or happened(tagged, index) or planned(tagged, index):
        # A price beside a number may be a bid.
        return ""
    parts = _parts(tagged, index)
    told = [part for part in parts if tells(part)]
    left = [part for part in parts if part not in told]
    if any(_agreed(part) for part in left):
        # "Mahal ya.. ya udah deh 1"
        told += [part for part in left if finds_dear(part)]
        left = [part for part in left if part not in told]
    wanted = index.lexicon.words["cue"]
    says = (Role.NAME, Role.NUMBER)
    if not told or not any(part.roles(*says) or not wanted.isdisjoint(part.texts) for part in left):
        return ""
    return without(tagged, text, (at for part in told for at in range(part.begin, part.end)))


def _parts(tagged: Tagged, index: ItemIndex) -> list[Part]:
    """The clauses of a text, cut where a story begins behind so many of something."""
    words = tagged.words
    pauses = {0, *(at for at, word in enumerate(words) if at and word.token.pause)}
    cuts = sorted(pauses | {at for at in range(1, len(words)) if _begins(tagged, index, at)})
    return [
        Part(tagged, index, begin, end, begin in pauses)
        for begin, end in pairwise([*cuts, len(words)])
    ]


def _begins(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether a story may begin here, right behind a number with its unit and courtesies."""
    words = index.lexicon.words
    if tagged.texts[at] not in words["begins_stories"]:
        return False
    calm = index.lexicon.union("polite", "honorifics", "just")
    before = at - 1
    while before >= 0 and tagged.texts[before] in calm | index.lexicon.units.keys():
        before -= 1
    return before >= 0 and tagged.words[before].role is Role.NUMBER


def tells(part: Part) -> bool:
    """Whether a clause says nothing of what is wanted."""
    if any(word.token.asked for word in part.words):
        return False
    if agrees_to_price(part):
        return True
    quiet = (Role.STILL, Role.UNKNOWN, Role.MAYBE)
    states = _states(part)
    for word in part.words:
        if word.role not in quiet and not (states and word.role is Role.NAME):
            return False
    lest = part.within(part.texts[part.begun()], "lest")
    unsure = part.group(
        "hedges", "about", "either", "doing", "bargains", "asks", "whether", "price"
    )
    if not unsure.isdisjoint(part.texts) or part.says("only", "contrary", "reason_alone", "halved"):
        return False
    if (part.texts[0] in WHICH and not states) or part.says("purpose"):
        # What is meant, or for what it is, says more.
        return False
    if _done_with(part):
        return False
    if not states and any(_says_which(part, text) for text in part.texts):
        return False
    denies = lest or (states and _of_old(part)) or _affirms(part)
    if not denies or len(part.roles(Role.UNKNOWN)) > _MOST_STRANGE:
        return False
    return _spoken(part) and all(
        (lest and name in _FEARED) or _harmless(part, name, start, end)
        for name, spans in part.tagged.marks.items()
        for start, end in spans
        if start < part.end and part.begin < end
    )


def _done_with(part: Part) -> bool:
    """Whether a clause only says that something is done, perhaps with what is ordered: "udah siap"."""
    at = part.begun()
    if not part.within(part.texts[at], "done"):
        return part.says("prepared", "reached", "got") and part.says("done")
    behind = part.texts[at + 1 : at + 2]
    if (
        not behind
        or _given(part)
        or (behind == ("di",) and not part.says("sent", "fetch", "reached"))
    ):
        return not behind
    return part.group("comes_true", "worn", "states", "honorifics").isdisjoint(behind)


def _given(part: Part) -> bool:
    """Whether money or somebody's consent was had: "udah dikasih duit", "sudah dapat acc"."""
    given = part.says("given") and part.says("money", "consents")
    return given and not part.says("too_little_money", "until")


def _of_old(part: Part) -> bool:
    """Whether a clause speaks of the old one: "yang lama udah ga kuat"."""
    return part.texts[0] in WHICH and part.within((*part.texts, "", "")[1], "former")


def _agreed(part: Part) -> bool:
    """Whether what is found dear is agreed to: "ya udah deh 1"."""
    return part.says("so_be_it") or any(
        one in AGREES and part.within(two, "done") for one, two in pairwise(part.texts)
    )


def finds_dear(part: Part) -> bool:
    """Whether a clause only says that something is dear, and does not bid."""
    calm = part.group("polite", "honorifics", "dearness", "pronouns", "so_be_it") | _VERY
    return part.says("dearness") and calm.issuperset(part.texts)


def _says_which(part: Part, text: str) -> bool:
    """Whether a word may say which thing is meant, or of which sort."""
    lexicon = part.index.lexicon
    return text in lexicon.canon or part.within(
        text, "named", "plain", "fine", "grades", "colours", "make"
    )


def _spoken(part: Part) -> bool:
    """Whether a word of talk stands in a clause: without one it may be the name of a thing."""
    calm = part.group("polite", "honorifics", "that", "just") | frozenset(WHICH)
    return any(
        (word.role is Role.STILL and text not in calm)
        or part.within(text, "begins_stories")
        or (word.role is Role.UNKNOWN and word.token.text.endswith(SUFFIXES))
        for word, text in zip(part.words, part.texts, strict=True)
    )


def _states(part: Part) -> bool:
    """Whether it is told how something of one's own is: "yg depan masih tebal", "kampas la dilepas"."""
    still = part.says("lasts", "worn", "states") or not part.group("done").isdisjoint(
        part.texts[1:]
    )
    goods = part.group("from_here", "bought", "got", "ordered", "want", "order", "take", "reached")
    return still and goods.isdisjoint(part.texts)


def _affirms(part: Part) -> bool:
    """Whether nothing is negated, but that an order had not been noted."""
    lexicon = part.index.lexicon
    never = NEVER | part.group("refusing", "none")
    for at, text in enumerate(part.texts):
        if text not in never:
            continue
        behind = part.texts[at + 1 : at + 2]
        noted = bool(behind) and behind[0] in lexicon.words["unnoted"]
        if not noted or text not in lexicon.words["yet"]:
            return False
    return True


def agrees_to_price(part: Part) -> bool:
    """Whether the shop's price is agreed to: "ya udah harga pas gapapa", "ikut harga situ deh"."""
    calm = part.group("polite", "honorifics", "fixed_price", "so_be_it", "done", "that", "just")
    calm |= part.group("follows", "from_here", "yes")
    yes = part.texts[0] in AGREES and part.within((*part.texts, "")[1], "just")
    agreed = (
        part.says("so_be_it", "follows")
        or yes
        or any(one in AGREES and part.within(two, "done") for one, two in pairwise(part.texts))
    )
    return agreed and part.says("fixed_price") and calm.issuperset(part.texts)


def _harmless(part: Part, name: str, start: int, end: int) -> bool:
    """Whether a phrase that has a meaning elsewhere is but told in this clause."""
    if start < part.begin or end > part.end:
        return False
    said = part.tagged.texts[start:end]
    if name in FREE:
        return True
    if name == "dialogue.also":
        return _AGAIN.issuperset(said)
    goods = part.group("bought", "got", "ordered", "from_here", "reached")
    own = goods.isdisjoint(part.texts)
    match name:
        case "veto.later" | "conditions.condition" if part.within(part.texts[0], "threats"):
            return True
        case "veto.later":
            before = part.tagged.texts[start - 1 : start] if start > part.begin else ()
            return (
                bool(before)
                and part.within(before[0], "done")
                and part.within(said[0], "comes_true")
            )
        case "veto.past":
            broken = part.says("states", "accidents") and not part.says("worn")
            return own and broken and part.says("yesterdays")
        case "veto.complaint":
            return own and part.group("worn").issuperset(said) and _AGAIN.isdisjoint(part.texts)
        case "veto.others":
            return part.group("mild.others", "people", "changed_mind").issuperset(said)
        case "veto.service":
            calm = part.group("people", "daytimes", "trades", "states", "uses")
            return own and calm.issuperset(said)
        case "dialogue.all":
            return _states(part)
        case "veto.negation" if _of_old(part):
            return True
        case "veto.negation":
            # What is negated was looked at as a word.
            return len(said) == 1 and part.within(said[0], "yet")
    return False


def unsettled(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether something beside an order may take it back, or another number or thing be meant: it is
    too many, there is no money, what it was for is sold, "yang lain aja"."""
    if tagged.has("dialogue.others", "dialogue.other_one"):
        return True
    return any(map(_unsettles, _parts(tagged, index)))


def _unsettles(part: Part) -> bool:
    """Whether a clause may take back an order that stands beside it."""
    lone = part.group("reason_alone", "jokes")
    if any(text in lone and not part.index.words.has(text) for text in part.texts):
        return True
    calm = part.group("polite", "honorifics", "just", "slips") | _STILL_NOT
    refuses = part.says("refusing") and calm.union(part.group("refusing")).issuperset(part.texts)
    kept = part.says("there") and part.says("stores") and part.says("lasts")
    half = part.says("halved") and not part.roles(Role.NAME) and part.begin > 0
    return (
        refuses
        or kept
        or half
        or _near(part, "money", "too_little", 3)
        or _near(part, "too_little", "money", 2)
        or _near(part, "done", "is_gone", 2)
        or _near(part, "until", "consents", _NEAR)
        or _near(part, "only", "asks", _NEAR)
    )


def _near(part: Part, first: str, second: str, most: int) -> bool:
    """Whether a word of one group stands at most so many words before one of the other."""
    texts, words = part.texts, part.index.lexicon.words
    if words[first].isdisjoint(texts):
        return False
    return any(
        text in words[first] and not words[second].isdisjoint(texts[at + 1 : at + 1 + most])
        for at, text in enumerate(texts)
    )


def orders_oneself(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether the writer says "I order", whoever gave word of it: "kata bos 2, saya pesan ya"."""
    order = index.lexicon.words["order"]
    return any(one in MINE and two in order for one, two in pairwise(tagged.texts))
