"""What the staff teach by putting an SMS right: the customer's words as another name of the item."""

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from crm_tui.archive import TEXT
from crm_tui.reading.entries import Entry
from crm_tui.reading.wishes import Conversation
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items import naming
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.orders import book

if TYPE_CHECKING:
    from crm_tui.reading.index import ItemIndex


@dataclass(frozen=True)
class Proposal:
    """`name`: what a customer called the item with this key and code."""

    item_id: int
    code: str
    name: str


class Learner:
    """Asks for proposals again and again, from any thread: the index of the items is kept."""

    def __init__(self) -> None:
        self._catalogue = Catalogue()
        self._one_at_a_time = Lock()

    def proposals(self, ctx: Context, message_id: int) -> list[Proposal]:
        """What an SMS suggests."""
        with self._one_at_a_time:
            return proposals(ctx, message_id, self._catalogue)


def proposals(ctx: Context, message_id: int, catalogue: Catalogue) -> list[Proposal]:
    """Other names that an SMS suggests of which a person made an order; none were refused before.

    Of an order of several items nobody knows which words were said of which.
    """
    row = ctx.db.execute(
        f"SELECT {TEXT} AS text, order_id FROM messages WHERE id = ? AND direction = 'in'"  # noqa: S608
        " AND read_as = 'human' AND status = 'answered' AND order_id IS NOT NULL",
        (message_id,),
    ).fetchone()
    if row is None:
        return []
    order = book.get(ctx, row["order_id"])
    if order.message_id != message_id or len(order.lines) != 1:
        return []
    # What few SMS ask for.
    from crm_tui.reading import aliases

    index = catalogue.index(ctx)
    entry = index.get(order.lines[0].item_id)
    if entry is None:
        return []
    unwanted = naming.refused(ctx, entry.id)
    return [
        Proposal(entry.id, entry.code, name)
        for name in aliases.proposed(row["text"], entry, index)
        if name not in unwanted
        and len(name) <= naming.MOST_NAME
        and not _names_another(name, entry, index)
    ]


def _names_another(name: str, entry: Entry, index: "ItemIndex") -> bool:
    """Whether these words are read as another item, or as one of several, already."""
    from crm_tui.reading import read

    found = read(f"harga {name}", index, Conversation(), free=True)
    named = {line.entry.id for wish in found.wishes for line in wish.lines}
    named |= {option.id for wish in found.wishes for option in wish.options}
    named |= {candidate.entry.id for candidate in found.candidates}
    return bool(named - {entry.id})
