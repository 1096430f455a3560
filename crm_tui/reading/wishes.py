"""What a customer wants, as far as the words say it: wishes with their evidence and certainty."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from crm_tui.errors import UNSAID, Sentence, stored
from crm_tui.reading.entries import Entry


class Kind(StrEnum):
    """The words of `read_as`, the weightiest first."""

    ORDER = "order"
    AMEND = "amend"
    CANCEL = "cancel"
    CONFIRM = "confirm"
    CHOICES = "choices"
    UNAVAILABLE = "unavailable"
    NOT_FOUND = "not_found"
    PRICE = "price"
    STOCK = "stock"
    REGISTER = "register"
    STOP = "stop"
    START = "start"
    STATUS = "status"
    POINTS = "points"
    PROMO = "promo"
    HELP = "help"
    HUMAN = "human"


_WEIGHTS = {kind: place for place, kind in enumerate(Kind)}


def weightiest(kinds: Iterable[str]) -> str:
    """The weightiest of these words of `read_as`, "" if there are none."""
    return min(kinds, key=[kind.value for kind in Kind].index, default="")


@dataclass(frozen=True)
class Line:
    """An item that is wished for; `quantity` None where no number was said."""

    entry: Entry
    quantity: int | None = None


@dataclass(frozen=True)
class Wish:
    """One thing that the customer wants.

    `lines`: the items. `unknown`: codes or words that no item has. `number`: the order meant, if
    one was named. `add`: an amendment adds instead of setting; a quantity of 0 takes a line out.
    `topic`: of HELP, what about: "hours" of opening, "address" of the shop, "" how to write to it.
    `evidence`: the words that say it.

    Of free texts, besides: CHOICES with `lines` proposes them, and is answered by YA (`choosing`
    AMEND: the change that they make of the open order); with
    `options` it asks which of them is meant, `quantity` being known or None, and `choosing` what
    for (order, price or stock). `if_available`: stock settles whether it is an order; it is none
    of what is short. `alternatives`: to be ordered instead where what `lines` hold is out;
    `unless`: what has to be out for `lines` to be ordered (if it is there: ask).
    `quantity` of a question about one item: how many were asked for.
    `notify`: of STOCK, the customer wants to be told when there is some; `quantity` of a line: how
    much was wanted of it. `spans`: the characters of the text on which it rests.
    `held`: what is certain besides, or chosen already, and is ordered with what the list is for; with
    `unsure` it is proposed. `parts`: of a list for several things, how many of its rows each has, and
    how many are wanted of it.
    """

    kind: Kind
    lines: tuple[Line, ...] = ()
    unknown: tuple[str, ...] = ()
    number: int | None = None
    name: str = ""
    address: str = ""
    add: bool = False
    evidence: str = ""
    options: tuple[Entry, ...] = ()
    quantity: int | None = None
    choosing: "Kind | None" = None
    if_available: bool = False
    alternatives: tuple[Line, ...] = ()
    unless: tuple[Line, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    topic: str = ""
    notify: bool = False
    held: tuple[Line, ...] = ()
    parts: tuple[tuple[int, int | None], ...] = ()
    unsure: bool = False
    packed: int | None = None
    pack: int = 0
    open: bool = False


@dataclass(frozen=True)
class Candidate:
    """An item that was thought of, and how well it fits, 0..1."""

    entry: Entry
    weight: float


@dataclass(frozen=True)
class Reading:
    """What an SMS was read as. Only a `certain` one may act; `why` says what was in the way
    (`errors.stored`). `sureness`: 0..1, of the least certain word that it rests on; 1 of a strict
    form. `candidates`: the items that were thought of, best first."""

    wishes: tuple[Wish, ...]
    certain: bool = True
    why: Sentence = UNSAID
    sureness: float = 1.0
    candidates: tuple[Candidate, ...] = ()
    kinds: tuple[Kind, ...] = field(init=False)

    def __post_init__(self) -> None:
        kinds = [wish.kind for wish in self.wishes]
        found = kinds if len(kinds) < 2 else sorted(set(kinds), key=_WEIGHTS.__getitem__)
        object.__setattr__(self, "kinds", tuple(found))

    @property
    def outcome(self) -> Kind:
        """The weightiest wish; without certainty it is for the staff."""
        return self.kinds[0] if self.kinds and self.certain else Kind.HUMAN


def human(why: str, /, **params: object) -> Reading:
    """A reading that is left to the staff, and why: a sentence with what fills it."""
    return Reading((), certain=False, why=stored(why, **params))


@dataclass(frozen=True)
class Conversation:
    """What is open between this customer and the shop. What is over is not in it: the shop decides.

    `asked`: a question that YA answers; `proposed`: what it would order, if it is about an order.
    `offered`: the numbered list that was the shop's last word, in its order; `choosing`: what it
    was for, UNAVAILABLE: to name what is there instead of what was ordered, so that a choice is asked
    about once more. `quantity`: what the customer said already of an item that is still to be chosen.
    `quoted`: the items in the shop's last answer, or of which it said that they are out. `order`:
    the lines of the one open order, in the order in which they were named; `amendable`: the staff
    have not confirmed it yet. `recent`: what the shop has named in this talk by itself (quoted,
    proposed, ordered), each item once, the last one last. `listed`: the last list that was sent in this
    talk, though another word followed: it tells what was to choose from; its numbers only put right
    what was chosen.
    `sought`: what was asked for last, in the customer's words, where the shop's last answer was that it
    has no such thing. `left`: the last SMS, if it was left to people. `held`, `parts`, `unsure`,
    `packed`, `pack`: as in the wish that the shop's last word answered.
    """

    asked: bool = False
    proposed: tuple[Line, ...] = ()
    offered: tuple[Entry, ...] = ()
    choosing: Kind | None = None
    quantity: int | None = None
    quoted: tuple[Entry, ...] = ()
    order: tuple[Line, ...] = ()
    amendable: bool = True
    recent: tuple[Entry, ...] = ()
    listed: tuple[Entry, ...] = ()
    sought: str = ""
    left: str = ""
    held: tuple[Line, ...] = ()
    parts: tuple[tuple[int, int | None], ...] = ()
    unsure: bool = False
    packed: int | None = None
    pack: int = 0

    def wanted(self, entry: Entry) -> int | None:
        """How many the customer said already of something on the list, None if that was not said."""
        for (_, quantity), rows in zip(self.parts, self.rows(), strict=True):
            if entry in rows:
                return quantity
        return self.quantity

    def rows(self) -> list[tuple[Entry, ...]]:
        """The rows of the list by the things that it is for; none if it is for one alone."""
        found, begin = [], 0
        for count, _ in self.parts:
            found.append(self.offered[begin : begin + count])
            begin += count
        return found
