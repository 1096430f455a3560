"""Of two lines of the order one falls, and the other stays: "yang kanan 3, kiri ga jadi"."""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.reading.amending import Change
from crm_tui.reading.index import Entry
from crm_tui.reading.pieces import Mention
from crm_tui.reading.replacement import REPLACES
from crm_tui.reading.siblings import opposed
from crm_tui.reading.wishes import Kind, Line, Reading, Wish, human

WHICH_LINE = human(N_("which line of the order is to be another one?"))


def read(turn: Change, wish: Change, line: Line, stays: Sequence[Mention]) -> Reading | None:
    """The change in which a line falls and another one, that `wish` names, stays or is counted anew;
    None where `wish` rather names something to be had instead."""
    sibling = _sibling_of(turn, wish, line)
    if sibling is not None and opposed(turn.index, line.entry, sibling):
        # "Yang depan ganti yang belakang aja": the rear one that is ordered, or another one?
        return WHICH_LINE
    if sibling is not None:
        return None
    entry = turn.one(stays[0])
    count = stays[0].quantity
    if len(stays) > 1 or entry == line.entry or stays[0].doubt or count == 0:
        return WHICH_LINE
    denied = turn.tagged.has("dialogue.deny", "dialogue.remove", "dialogue.unneeded")
    if not REPLACES.isdisjoint(turn.tagged.texts) and not denied:
        # "Yang merah ganti hijau", where some green ones are ordered: so many more of them.
        kept = next((one.quantity or 0 for one in turn.talk.order if one.entry == entry), 0)
        if count or not kept:
            return WHICH_LINE
        lines = (Line(line.entry, 0), Line(entry, kept + (line.quantity or 1)))
        return turn.wish(Wish(Kind.CHOICES, lines, choosing=Kind.AMEND))
    return turn.amend({line.entry: 0} | ({entry: count} if count else {}))


def _sibling_of(turn: Change, wish: Change, line: Line) -> Entry | None:
    """ "Yang depan ganti karsa", where the rear one of KARSA is ordered: its front one may be meant."""
    if turn.tagged.has("dialogue.deny", "dialogue.remove"):
        return None
    found = wish.instead_of(line)
    ordered = {one.entry.id for one in turn.talk.order}
    new = found and found[0].match.one and found[0].match.items[0] not in ordered
    return turn.one(found[0]) if found and new else None
