"""A proposal of several lines is changed as an order is: "yg 15a nya ga usah, masih ada".

text, talk with a proposal ─▶ read as if it were ordered ─▶ AMEND of its lines ─▶ proposed anew
Nothing is ordered so: what is left is asked about once more.
"""

from collections.abc import Callable
from dataclasses import replace

from crm_tui.reading.index import Entry, ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Line, Reading, Wish

_SEVERAL = 2
_HALF = 0.5
Read = Callable[[str, ItemIndex, Conversation], Reading]


def read(text: str, index: ItemIndex, talk: Conversation, ask: Read) -> Reading | None:
    """What is left of a proposal, or how many of it; None where nothing else than that is certain."""
    if len(talk.proposed) < _SEVERAL or talk.order or talk.offered:
        return None
    ordered = replace(talk, order=talk.proposed, proposed=(), quoted=(), asked=False)
    change = ask(text, index, ordered)
    if change.outcome is not Kind.AMEND or len(change.wishes) != 1 or change.wishes[0].add:
        return None
    before: dict[Entry, int | None] = {line.entry: line.quantity for line in talk.proposed}
    changed = {line.entry: line.quantity for line in change.wishes[0].lines}
    after = {entry: count for entry, count in (before | changed).items() if count != 0}
    if not changed.keys() <= before.keys() or not after or after == before:
        return None
    lines = tuple(Line(entry, count) for entry, count in after.items())
    wish = Wish(Kind.CHOICES, lines, choosing=Kind.ORDER)
    return replace(change, wishes=(wish,), sureness=min(change.sureness, _HALF))


def lost(
    text: str, index: ItemIndex, talk: Conversation, found: Reading, ask: Read
) -> Reading | None:
    """The same where `found` would propose some of those lines alone: "15a gak jadi, 20a jadi 5" says
    nothing of the others."""
    before = {line.entry for line in talk.proposed}
    named = {line.entry for wish in found.wishes for line in wish.lines}
    return read(text, index, talk, ask) if named and named < before else None
