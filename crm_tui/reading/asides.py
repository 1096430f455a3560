"""What stands beside a question or an order and is none: that somebody only asks, the heading of a
list, and what is not wanted for it.

Each finding takes words away; what is left is read by itself, and may then say less than an order.
"""

from dataclasses import dataclass
from itertools import pairwise

from crm_tui.reading.edit_model import SOUND
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Kind, Reading

_LIMITED = (Kind.ORDER, Kind.AMEND, Kind.CONFIRM, Kind.CANCEL)
_OF_IT = ("nya", "nyo", "ny", "ne", "na")
_NOT = frozenset(("jangan", "jgn", "jgan", "ojo", "ojok", "ulah", "bukan", "bkn", "dudu", "sanes"))


def only_asks(tagged: Tagged, text: str, index: ItemIndex) -> str | None:
    """A text without "I order nothing, I only ask"; None if it does not say so."""
    words, texts = index.lexicon.words, tagged.texts
    if not words["ordered"].isdisjoint(texts):
        return None
    denied = asked = None
    for at, word in enumerate(texts):
        if word in words["none"]:
            end = at + 1
            while end < len(texts) and texts[end] in words["intends"]:
                end += 1
            if end < len(texts) and texts[end] in words["order"] | words["adding"]:
                end += 1
                while end < len(texts) and texts[end] in words["polite"]:
                    end += 1
                denied = denied or (at, end)
        if word in words["asks"] and (denied is None or not denied[0] <= at < denied[1]):
            begin = at
            while begin and texts[begin - 1] in words["only"] | words["intends"]:
                begin -= 1
            asked = asked or (begin, at + 1)
    if denied is None or asked is None:
        return None
    rest = text
    for begin, end in (denied, asked):
        start, stop = tagged.words[begin].span[0], tagged.words[end - 1].span[1]
        rest = rest[:start] + " " * (stop - start) + rest[stop:]
    return rest


def asks(reading: Reading | None) -> bool:
    """Whether a reading asks about something, and neither orders nor proposes it."""
    return (
        reading is not None
        and reading.certain
        and not any(
            wish.kind in _LIMITED or (wish.kind is Kind.CHOICES and wish.lines)
            for wish in reading.wishes
        )
    )


def asks_measure(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether it is asked how long, heavy or strong something is, which no list of prices tells: "itu
    panjangnya berapa", "itu berapa watt"."""
    words, texts = index.lexicon.words, tagged.texts
    priced = words["price"] - words["visit.many"]
    if not words["doing"].isdisjoint(texts) or not priced.isdisjoint(texts):
        return False
    if not words["stock"].isdisjoint(texts) or not words["just"].isdisjoint(texts):
        # "Ada ukuran berapa aja" asks for a list.
        return False
    said = [
        (text, at and tagged.words[at - 1].token.digits)
        for at, text in enumerate(texts)
        if text not in _OF_IT
    ]
    return any(
        (one in words["dimensions"] | words["qualities"] and two in words["visit.many"])
        or (one in words["strengths"] and two in words["visit.many"] and not counted)
        or (one in words["visit.many"] and two in words["measured_in"])
        for (one, counted), (two, _) in pairwise(said)
    )


def heading(tagged: Tagged, index: ItemIndex, at: int) -> bool:
    """Whether "order" is the heading of a list: "Pesanan bengkel Jaya: 1. kenari 2"."""
    calm = {Role.STILL, Role.LINK, Role.MAYBE}
    if any(word.role not in calm for word in tagged.words[:at]) or tagged.asked:
        return False
    # Whose order it is says a name that nobody knows.
    calm.add(Role.UNKNOWN)
    telling = index.lexicon.union("done", "whether", "prepared", "none", "tags")
    end = at + 1
    while end < len(tagged.words) and not tagged.words[end].token.pause:
        if tagged.words[end].role not in calm:
            return False
        end += 1
    behind = {word.role for word in tagged.words[end:]}
    return {Role.NAME, Role.NUMBER} <= behind and telling.isdisjoint(tagged.texts)


@dataclass(frozen=True)
class Aside:
    """A text without the clause that says what is not wanted; `items`: those that have a word of it."""

    rest: str
    items: frozenset[int]


def unliked(tagged: Tagged, text: str, index: ItemIndex) -> Aside | None:
    """An order and behind it what is not wanted for it: "catra merah 2, yg solara, jgn karsa".

    In the last clause stands one "not", and behind it nothing but names; it counts and orders nothing.
    """
    words = tagged.words
    starts = [at for at, word in enumerate(words) if at and word.token.pause]
    denied = [at for at, one in enumerate(tagged.texts) if one in _NOT]
    if not starts or len(denied) != 1 or denied[0] < starts[-1] or tagged.asked:
        return None
    begin, at = starts[-1], denied[0]
    if sum(start == at for start, _ in tagged.marks.get("veto.negation", ())) != len(
        tagged.marks.get("veto.negation", ())
    ):
        return None
    behind = words[at + 1 :]
    names = [word for word in behind if word.role in (Role.NAME, Role.UNKNOWN)]
    doing = index.lexicon.words["doing"]
    if not names or any(word.role is Role.NUMBER for word in words[begin:]):
        return None
    if any(one in doing for one in tagged.texts[begin:]):
        return None
    items = {
        item
        for word in names
        for sense, weight in index.words.senses(word.key).items()
        if weight >= SOUND
        for item in index.words.items(sense)
    }
    return Aside(text[: words[begin].span[0]], frozenset(items))
