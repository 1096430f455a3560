"""What waits while something is chosen: the rest of an order, and the other things of one list.

Nothing that was said is lost behind a list: what is certain besides is ordered with what is chosen, and
of several things that were to choose each is asked about until it is.
"""

from collections.abc import Sequence
from dataclasses import replace

from crm_tui.reading.index import Entry
from crm_tui.reading.ordering import summed
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish


def completed(reading: Reading | None, talk: Conversation) -> Reading | None:
    """A reading of an answer to the shop's last list, with what waits behind that list."""
    waits = talk.held or talk.parts or talk.unsure
    if not waits or reading is None or not reading.certain or len(reading.wishes) != 1:
        return reading
    wish = reading.wishes[0]
    own = {entry.id for entry in (*talk.offered, *talk.quoted)}
    own |= {line.entry.id for line in talk.proposed}
    named = [*wish.options, *(line.entry for line in wish.lines)]
    if not named or any(entry.id not in own for entry in named):
        return reading
    if wish.kind in (Kind.PRICE, Kind.STOCK):
        held = replace(wish, held=talk.held, unsure=True)
    elif wish.kind is Kind.CHOICES and wish.options:
        held = _narrowed(wish, talk)
    elif wish.kind in (Kind.ORDER, Kind.CHOICES):
        held = _chosen(wish, talk)
    else:
        return reading
    return replace(reading, wishes=(held,))


def _narrowed(wish: Wish, talk: Conversation) -> Wish:
    """A shorter list; of the things of which it has nothing all rows are still to choose from."""
    if not talk.parts:
        return replace(wish, held=talk.held, unsure=talk.unsure)
    rows: list[Sequence[Entry]] = []
    parts: list[tuple[int, int | None]] = []
    for own, (_, quantity) in zip(talk.rows(), talk.parts, strict=True):
        left = [entry for entry in own if entry in wish.options]
        rows.append(left or own)
        parts.append((len(rows[-1]), wish.quantity if left and wish.quantity else quantity))
    options = tuple(entry for few in rows for entry in few)
    if len(options) > len(rows):
        return replace(
            wish, options=options, parts=tuple(parts), quantity=None, held=talk.held,
            unsure=talk.unsure,
        )  # fmt: skip
    lines = [Line(entry, count) for entry, (_, count) in zip(options, parts, strict=True)]
    return _proposed(wish, (*talk.held, *lines))


def _chosen(wish: Wish, talk: Conversation) -> Wish:
    """What was chosen, with what waited for it; or the list of what is still to choose."""
    chosen = {line.entry for line in wish.lines}
    still = [
        (rows, quantity)
        for rows, (_, quantity) in zip(talk.rows(), talk.parts, strict=True)
        if chosen.isdisjoint(rows)
    ]
    unsure = talk.unsure or wish.kind is not Kind.ORDER
    if still:
        return Wish(
            Kind.CHOICES, evidence=wish.evidence, spans=wish.spans, choosing=Kind.ORDER,
            options=tuple(entry for rows, _ in still for entry in rows),
            quantity=still[0][1] if len(still) == 1 else None,
            parts=tuple((len(rows), count) for rows, count in still) if len(still) > 1 else (),
            held=(*talk.held, *wish.lines), unsure=unsure,
        )  # fmt: skip
    lines = summed((line.entry, line.quantity) for line in (*talk.held, *wish.lines))
    if unsure or any(line.quantity is None for line in lines):
        return _proposed(wish, lines)
    return replace(wish, lines=lines)


def _proposed(wish: Wish, lines: Sequence[Line]) -> Wish:
    return replace(
        wish, kind=Kind.CHOICES, choosing=Kind.ORDER, options=(), quantity=None,
        lines=tuple(Line(line.entry, line.quantity or 1) for line in summed(
            (line.entry, line.quantity) for line in lines
        )),
    )  # fmt: skip
