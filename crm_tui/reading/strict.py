"""The strict forms: a keyword, then codes and numbers. Certain, or left to people."""

import re
from collections.abc import Iterator, Sequence

from crm_tui.errors import N_
from crm_tui.reading import words
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.tokens import Code, Number, Part, Stray, Unknown, Word, parts, split
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish, human

MOST_LINES = 30


def read(text: str, index: ItemIndex, conversation: Conversation) -> Reading | None:
    """The reading of a strict form; None if `text` does not begin like one."""
    found = split(text)
    if not found:
        return Reading((Wish(Kind.HELP, evidence=text),)) if text.strip() == "?" else None
    first, rest = found[0].text, found[1:]
    if first in words.STOCK and rest and rest[0].text in words.STATUS:
        first, rest = rest[0].text, rest[1:]
    if first in words.ORDER:
        return _items(Kind.ORDER, rest, index, text)
    if first in words.PRICE:
        return _items(Kind.PRICE, rest, index, text)
    if first in words.STOCK:
        return _items(Kind.STOCK, rest, index, text)
    if first in words.SET | words.ADD:
        return _items(Kind.AMEND, rest, index, text, add=first in words.ADD)
    if first in words.STATUS:
        return _about_order(Kind.STATUS, rest, text)
    if first in words.CANCEL:
        return _about_order(Kind.CANCEL, rest, text)
    if first in words.YES:
        if not conversation.asked:
            return human(N_("YA, but nothing was asked"))
        return _about_order(Kind.CONFIRM, rest, text)
    if first in words.REGISTER:
        return _register(text)
    if first in words.STOP:
        return _alone(Kind.STOP, rest, text)
    if first in words.START:
        return _alone(Kind.START, rest, text)
    if first in words.HELP:
        return _alone(Kind.HELP, rest, text)
    return None


def _alone(kind: Kind, rest: Sequence[Word], text: str) -> Reading:
    """A keyword that stands alone, or beside PROMO and a courtesy."""
    if all(word.text in words.PROMO | words.COURTESY for word in rest):
        return Reading((Wish(kind, evidence=text),))
    return human(N_("more than {keyword} was said"), keyword=kind.value.upper())


def _about_order(kind: Kind, rest: Sequence[Word], text: str) -> Reading:
    numbers = [int(word.text) for word in rest if re.fullmatch(r"[0-9]{1,12}", word.text)]
    others = [
        word.text
        for word in rest
        if not re.fullmatch(r"[0-9]{1,12}", word.text)
        and word.text not in words.ABOUT_ORDERS | words.COURTESY
    ]
    if others or len(numbers) > 1:
        return human(N_("more than {keyword} was said"), keyword=kind.value.upper())
    return Reading((Wish(kind, number=numbers[0] if numbers else None, evidence=text),))


def _register(text: str) -> Reading:
    """DAFTAR name[, address]: parted by #, *, ; or a new line, else by the first comma."""
    body = re.sub(r"^\W*\w+[\s#*:;,.]*", "", text.strip(), count=1).strip(" #*;,\r\n")
    if not body:
        return Reading((Wish(Kind.HELP, evidence=text),))
    pieces = re.split(r"[#*;\n]+", body, maxsplit=1)
    if len(pieces) == 1:
        pieces = body.split(",", 1)
    name = " ".join(pieces[0].split()).strip(" ,.")
    address = " ".join(re.sub(r"[#*;\n]+", ", ", pieces[1]).split()) if len(pieces) > 1 else ""
    if not re.search(r"\w", name) or len(name) > 60 or len(address) > 200:
        return human(N_("no name that can be taken"))
    return Reading((Wish(Kind.REGISTER, name=name, address=address, evidence=text),))


def _items(
    kind: Kind, rest: list[Word], index: ItemIndex, text: str, *, add: bool = False
) -> Reading:
    found = parts(rest, index)
    if not found:
        # The keyword alone, or with a courtesy: show how it is done.
        return Reading((Wish(Kind.HELP, evidence=text),))
    strays = [part.text for part in found if isinstance(part, Stray)]
    if strays:
        return human(N_("not understood: {words}"), words=" ".join(strays[:5]))
    if any(isinstance(part, Number) for part in found) and not any(
        isinstance(part, Code | Unknown) for part in found
    ):
        return human(N_("numbers without a code"))
    unknown = tuple(part.text for part in found if isinstance(part, Unknown))
    codes = [part for part in found if isinstance(part, Code)]
    if len(codes) + len(unknown) > MOST_LINES:
        return human(N_("more items than an order by SMS may have"))
    if kind in (Kind.PRICE, Kind.STOCK):
        entries = list(dict.fromkeys(part.entry for part in codes))
        asked = Wish(kind, tuple(Line(entry) for entry in entries), unknown, evidence=text)
        missing = (Wish(Kind.NOT_FOUND, unknown=unknown, evidence=text),) if unknown else ()
        return Reading((asked, *missing) if entries else missing)
    if any(isinstance(part, Number) and part.value == 0 for part in found) and kind is Kind.ORDER:
        return human(N_("a quantity of 0"))
    if unknown:
        return Reading((Wish(Kind.NOT_FOUND, _plain_lines(codes), unknown, evidence=text),))
    return _quantities(kind, found, text, add=add)


def _plain_lines(codes: Sequence[Code]) -> tuple[Line, ...]:
    return tuple(Line(part.entry) for part in codes)


def _quantities(kind: Kind, found: Sequence[Part], text: str, *, add: bool) -> Reading:
    """Give each number to a neighbouring code; if that can be done in two ways, ask."""
    readings = list(dict.fromkeys(_sums(kind, each, add) for each in _assignments(found)))
    if not readings:
        return human(N_("numbers that belong to no code"))
    doubt = len(readings) > 1 or any(isinstance(part, Code) and part.doubt for part in found)
    lines = readings[0]
    wish = Wish(Kind.CHOICES if doubt else kind, lines, add=add, evidence=text)
    return Reading((wish,))


_Assigned = tuple[tuple[Code, int | None], ...]


def _assignments(found: Sequence[Part]) -> list[_Assigned]:
    """All ways to give each number to the code before or behind it, one number a code at most.

    Ways in which no number crosses a comma are preferred, if there are any.
    """
    ways = list(_ways(found, 0, ()))
    within = [way for way, crossed in ways if not crossed]
    return within or [way for way, _ in ways]


def _ways(
    found: Sequence[Part], at: int, before: tuple[tuple[Code, int | None], ...]
) -> Iterator[tuple[_Assigned, bool]]:
    # At most two ways matter (one, or doubt); the nesting is at most as deep as an SMS is long.
    if at == len(found):
        yield before, False
        return
    part = found[at]
    following = found[at + 1] if at + 1 < len(found) else None
    if isinstance(part, Code):
        yield from _ways(found, at + 1, (*before, (part, None)))
    elif isinstance(part, Number):
        if at and isinstance(found[at - 1], Code) and before[-1][1] is None:
            given = (*before[:-1], (before[-1][0], part.value))
            for way, crossed in _ways(found, at + 1, given):
                yield way, crossed or part.apart
        if isinstance(following, Code):
            given = (*before, (following, part.value))
            for way, crossed in _ways(found, at + 2, given):
                yield way, crossed or following.apart


def _sums(kind: Kind, way: _Assigned, add: bool) -> tuple[Line, ...]:
    """The lines of one way; an item named twice is one line. No number means one."""
    sums: dict[int, Line] = {}
    for code, number in way:
        quantity = 1 if number is None else number
        known = sums.get(code.entry.id)
        if known and (kind is Kind.ORDER or add):
            quantity += known.quantity or 0
        sums[code.entry.id] = Line(code.entry, quantity)
    return tuple(sums.values())
