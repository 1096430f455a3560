"""One message while it is dealt with, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_tui.errors import UNSAID, Sentence
from crm_tui.reading.wishes import Kind
from crm_tui.shop.answers.talk import NOTHING, Said
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders.questions import Question

if TYPE_CHECKING:
    from crm_tui.reading.index import ItemIndex


@dataclass(frozen=True)
class More:
    """What is said behind an answer if there is room: the first of `texts` that fits, the longest of
    them first. `offered`: the item keys that it numbers, `choosing`: what a choice of them is for."""

    texts: Sequence[str]
    offered: tuple[int, ...] = ()
    choosing: Kind | None = None


@dataclass(frozen=True)
class Outcome:
    """What was done: the reply, what the message counts as, and the order it concerns.

    `staff`: somebody has to look at it, whether or not it was answered. `said`: what the reply offers
    to choose from. `more` is said behind it as far as there is room.
    """

    kind: Kind
    reply: str = ""
    order: int | None = None
    staff: Sentence = UNSAID
    said: Said = NOTHING
    more: tuple[More, ...] = ()


@dataclass(frozen=True)
class Case:
    """One message while it is dealt with, within a command.

    `free`: it was read freely; a change then is about the order that the conversation is about.
    `index`: the items, to look for others in; `alike`: where there is no index, the keys of items that
    may stand in for others, as they were found before; `alone`: the message holds one wish.
    """

    ctx: Context
    message_id: int
    phone: str
    customer: Customer
    question: Question | None
    free: bool = False
    index: "ItemIndex | None" = None
    alone: bool = True
    alike: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def substitutes(self, item_id: int) -> Sequence[int]:
        """The keys of items that may stand in for one that is out."""
        if self.index is None:
            return self.alike.get(item_id, ())
        from crm_tui.reading.substitutes import substitutes

        entry = self.index.get(item_id)
        return [one.id for one in substitutes(self.index, entry)] if entry else ()
