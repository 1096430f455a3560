""" "Kabari kalau ada": the wish to be told when something comes in that the shop has not got now."""

from dataclasses import dataclass, replace

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.roles import Role, Tagged
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish

_BETWEEN = 10
"""So many words behind "when" the one for "is there" may stand."""
_QUESTIONS = (Kind.PRICE, Kind.STOCK, Kind.CHOICES, Kind.NOT_FOUND)


@dataclass(frozen=True)
class Notice:
    """Where a text asks to be told; `rest`: the text with those words blanked out; `when`: whether it
    says that goods are waited for."""

    rest: str
    when: bool


def asked(tagged: Tagged, text: str, index: ItemIndex) -> Notice | None:
    """Whether and where a text asks to be told of something; None if it does not."""
    later = index.lexicon.words["notify.later"]
    spans = [
        (first - 1 if first and tagged.texts[first - 1] in later else first, last)
        for first, last in tagged.marks.get("notify.tell", ())
    ]
    if not spans:
        return None
    coming = _coming(tagged, index)
    rest = list(text)
    for first, last in (*spans, *coming):
        begin, end = tagged.words[first].span[0], tagged.words[last - 1].span[1]
        # What stood on both sides is parted as by a comma.
        rest[begin:end] = "," + " " * (end - begin - 1)
    return Notice("".join(rest), bool(coming))


def _coming(tagged: Tagged, index: ItemIndex) -> list[tuple[int, int]]:
    """Where "when … it is there" is said, as half-open spans of words: what comes may stand between."""
    words, texts = index.lexicon.words, tagged.texts
    found: list[tuple[int, int]] = []
    for first, text in enumerate(texts):
        if text not in words["notify.when"]:
            continue
        for comes in range(first + 1, min(first + _BETWEEN, len(texts))):
            if tagged.words[comes].token.pause or texts[comes] in words["doing"]:
                break
            if texts[comes] in words["notify.comes"]:
                begin, end = comes, comes + 1
                while begin - 1 > first and texts[begin - 1] in words["notify.again"]:
                    begin -= 1
                while end < len(texts) and texts[end] in words["notify.again"]:
                    end += 1
                found += [(first, first + 1), (begin, end)]
                break
    return found


def about(talk: Conversation) -> tuple[Line, ...]:
    """What was said to be out, or not enough, in the shop's last answer; with what was wanted of it."""
    wanted = talk.quantity if len(talk.quoted) == 1 else None
    return tuple(Line(entry, wanted) for entry in talk.quoted if lacking(entry, wanted))


def agreeable(talk: Conversation) -> tuple[Line, ...]:
    """What a mere yes asks to be told of: the one thing that the shop's last answer was about."""
    alone = len(talk.quoted) == 1 and not (talk.asked or talk.proposed or talk.offered)
    return about(talk) if alone else ()


def lacking(entry: Entry, wanted: int | None = None) -> bool:
    """Whether there is none of an item, or less than is wanted."""
    return entry.available is not None and entry.available < (wanted or 1)


def named(reading: Reading | None) -> Reading | None:
    """A question about items as the wish to be told of them; None if it is more than questions."""
    if reading is None or not reading.certain:
        return None
    if any(wish.kind not in _QUESTIONS or wish.choosing is Kind.ORDER for wish in reading.wishes):
        return None
    return replace(
        reading,
        wishes=tuple(
            replace(wish, kind=Kind.STOCK, notify=True) if wish.lines else wish
            for wish in reading.wishes
        ),
    )


def wish(lines: tuple[Line, ...], text: str) -> Wish:
    """The wish to be told when these items come in."""
    return Wish(Kind.STOCK, lines, evidence=text, spans=((0, len(text)),), notify=True)


def quiet(tagged: Tagged, index: ItemIndex) -> bool:
    """Whether a text says nothing of its own: courtesies, "yes", "it is out"."""
    stock = index.lexicon.words["stock"]
    return all(
        word.role in (Role.STILL, Role.LINK) or (word.role is Role.CUE and text in stock)
        for word, text in zip(tagged.words, tagged.texts, strict=True)
    )
