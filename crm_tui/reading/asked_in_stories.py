"""What is asked for beside a story: "kenari brp ya, td jatuh patah", "motor sy jatoh, kenarinya
patah, motornya musi, brp ya".

A clause that only tells of what has happened, or of whose vehicle it is, asks nothing; of it counts no
more than what it names. Nothing comes of that but an answer: a price, the stock, a list. Where what is
told may be a complaint about goods of the shop, the text stays with people.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from crm_tui.reading import asides
from crm_tui.reading.happening import happened
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.remark_parts import Part
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.tagging import tag
from crm_tui.reading.vetoes import MINE
from crm_tui.reading.wishes import Conversation, Kind, Reading

Read = Callable[[str, ItemIndex, Conversation], Reading]

_MOST_WORDS = 40
_LEAST = 4
"""With fewer blanks a text tells no story."""
_LEFT = ("own", "spam", "mistaken", "others", "haggle", "advice", "negation")
"""What leaves a text to people, whatever stands beside it."""
_HAVING = frozenset(
    ("naik", "naek", "rp", "habis", "abis", "katek", "entek", "seep", "telas", "kosong", "punya",
     "keneh", "sisa", "banyak", "cari", "nyari", "golek", "jual")
)  # fmt: skip
"""Words that ask elsewhere, and are told in a story."""
_TELLING = ("worn", "states", "accidents", "yesterdays", "so_that", "vehicles", "bought", "uses")
_GOODS = ("bought", "got", "ordered", "reached", "from_here")
_AGAIN = frozenset(("lagi", "lg", "maneh", "meneh", "deui", "terus", "baru"))
_ANSWERS = (Kind.PRICE, Kind.STOCK, Kind.CHOICES)


def answered(text: str, index: ItemIndex, talk: Conversation, read: Read) -> Reading | None:
    """The answer to what is asked beside a story; None if there is no such question."""
    if text.count(" ") < _LEAST:
        return None
    tagged = tag(text, index)
    if index.lexicon.words["asking"].isdisjoint(tagged.texts):
        return None
    asking = _asking(index)
    if len(tagged.words) > _MOST_WORDS or asking.isdisjoint(tagged.texts):
        return None
    if tagged.priced or tagged.negative or happened(tagged, index):
        return None
    if tagged.has(*(f"veto.{name}" for name in _LEFT), "intents.cancel", "dialogue.remove"):
        return None
    parts = _parts(tagged, index)
    told = [part for part in parts if _tells(part, asking)]
    asked = [part for part in parts if part not in told and not asking.isdisjoint(part.texts)]
    if not told or not asked or any(map(_of_the_shop, told)) or _blames(told):
        return None
    for rest in _ways(tagged, text, told, asked):
        reading = read(rest, index, talk)
        if _answers(reading) and not _had(reading, told, index):
            return reading
    return None


def _asking(index: ItemIndex) -> frozenset[str]:
    """The words that ask for a price or the stock and nothing else."""
    return index.lexicon.union("price", "stock") - _HAVING


def _parts(tagged: Tagged, index: ItemIndex) -> list[Part]:
    """The clauses of a text, cut as well behind a price that is asked for, where a story begins."""
    words = index.lexicon.words
    begins = index.lexicon.union("begins_stories", "yesterdays", "vehicles", "accidents")
    calm = index.lexicon.union("polite", "honorifics")
    cuts = [0]
    for at in range(1, len(tagged.words)):
        before = at
        while before and tagged.texts[before - 1] in calm:
            before -= 1
        behind = before > 0 and tagged.texts[before - 1] in words["price"]
        because = tagged.texts[at] in words["mild.because"]
        if tagged.words[at].token.pause or because or (behind and tagged.texts[at] in begins):
            cuts.append(at)
    return [
        Part(tagged, index, begin, end, apart=True)
        for begin, end in pairwise([*cuts, len(tagged.words)])
    ]


def _tells(part: Part, asking: frozenset[str]) -> bool:
    """Whether a clause tells of something, or who writes, and neither asks, orders nor counts."""
    if any(word.token.asked for word in part.words):
        return False
    if _relayed(part):
        return True
    if not asking.isdisjoint(part.texts):
        return False
    orders = part.says("order", "take") and not part.says("yesterdays")
    if orders or part.roles(Role.NUMBER, Role.EACH) or part.says("either"):
        return False
    own = part.says("intends") and part.says("mine_here")
    own = own or part.within(part.texts[0], "mild.because")
    return own or _introduces(part) or part.says(*_TELLING)


def _introduces(part: Part) -> bool:
    """Whether a clause says who writes: "ini anton yg di simpang"."""
    first = part.texts[part.begun()]
    return part.within(first, "signs") and part.within(first, "that") and not part.roles(Role.CUE)


def _relayed(part: Part) -> bool:
    """Whether a clause says what somebody told of the shop: "kemaren kato adek aku ado", "temen saya
    bilang disini jual kenari"."""
    told = part.says("relays") and (part.says("people", "changed_mind") or _of_mine(part))
    orders = part.says("order", "take", "bought", "got", "ordered", "reached")
    return told and not orders and not part.roles(Role.NUMBER, Role.EACH)


def _of_mine(part: Part) -> bool:
    """Whether somebody is said to be one's own, beside a word for saying: "temen saya
    bilang", "kato adek aku"."""
    said = [at for at, text in enumerate(part.texts) if part.within(text, "relays")]
    return any(
        (at > 1 and part.texts[at - 1] in MINE)
        or (part.texts[at + 2 : at + 3] and part.texts[at + 2] in MINE)
        for at in said
    )


def _of_the_shop(part: Part) -> bool:
    """Whether it may be goods of the shop that are complained of."""
    worn = part.says("worn", "states", "lasting") or part.marked("veto.complaint")
    lone = all(part.within(part.tagged.texts[at], "worn") for at in part.marked("veto.complaint"))
    again = bool(worn) and not _AGAIN.isdisjoint(part.texts)
    return bool(worn) and (again or not lone or part.says(*_GOODS))


def _blames(told: list[Part]) -> bool:
    """Whether something was had, and something is worn: the one may be the other. So may a thing that
    is named and worn, where neither an accident nor one's own vehicle is told of."""
    worn = [part for part in told if part.says("worn", "states")]
    if any(part.says(*_GOODS) for part in told):
        return bool(worn)
    own = any(part.says("accidents", "vehicles", "mine_here") for part in told)
    return not own and any(part.roles(Role.NAME) for part in worn)


def _ways(tagged: Tagged, text: str, told: list[Part], asked: list[Part]) -> Iterator[str]:
    """A text with what its story names, and with no more of that than for which vehicle it is. Where
    the question names a kind of thing, a reason behind it names nothing that is asked for."""
    kinds = any(_names_kind(part) for part in asked)
    named = [
        part for part in told if _relayed(part) or not (part.says(*_GOODS) or _introduces(part))
    ]
    if kinds:
        named = [part for part in named if not part.within(part.texts[0], "mild.because")]
    yield _kept(tagged, text, told, named)
    yield _kept(tagged, text, told, [part for part in named if _which_vehicle(part)])


def _names_kind(part: Part) -> bool:
    """Whether a clause says what kind of thing is asked for."""
    words = part.index.words
    return any(
        words.kinds.get(sense) and not words.applies(sense)
        for word in part.roles(Role.NAME)
        for sense in words.senses(word.key)
    )


def _which_vehicle(part: Part) -> bool:
    """Whether a clause only says which vehicle it is for: "motornya musi"."""
    return part.within(part.texts[part.begun()], "vehicles") and not part.says("worn", "states")


def _kept(tagged: Tagged, text: str, told: list[Part], named: list[Part]) -> str:
    """A text with blanks for what is told, but for the names in some of it."""
    keep = {
        id(word)
        for part in named
        for word, said in zip(part.words, part.texts, strict=True)
        if word.role is Role.NAME and not part.within(said, "worn", "states", "accidents", "places")
    }
    signs = list(text)
    for part in told:
        begin = tagged.words[part.begin].span[0]
        last = part.end == len(tagged.words)
        end = len(text) if last else tagged.words[part.end].span[0]
        for word in part.words:
            if id(word) in keep:
                start, stop = word.span
                signs[begin:start] = " " * (start - begin)
                begin = stop
        signs[begin:end] = " " * (end - begin)
    return "".join(signs)


def _answers(reading: Reading) -> bool:
    """Whether a reading does nothing but answer."""
    return asides.asks(reading) and all(
        wish.kind in _ANSWERS and wish.choosing is not Kind.AMEND and not wish.quantity
        for wish in reading.wishes
    )


def _had(reading: Reading, told: list[Part], index: ItemIndex) -> bool:
    """Whether what is asked for is what somebody has had already."""
    own = {
        item
        for part in told
        if part.says(*_GOODS) and not _relayed(part)
        for word in part.roles(Role.NAME)
        for sense in index.words.senses(word.key)
        for item in index.words.items(sense)
    }
    named = {line.entry.id for wish in reading.wishes for line in wish.lines}
    named |= {entry.id for wish in reading.wishes for entry in wish.options}
    return not own.isdisjoint(named)
