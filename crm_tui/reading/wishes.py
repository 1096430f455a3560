"""What a customer wants, as far as his words say it: wishes with their evidence and certainty."""

from dataclasses import dataclass, field
from enum import StrEnum

from crm_tui.errors import stored
from crm_tui.reading.index import Entry


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


@dataclass(frozen=True)
class Line:
    """An item that is wished for; `quantity` None where no number was said."""

    entry: Entry
    quantity: int | None = None


@dataclass(frozen=True)
class Wish:
    """One thing that the customer wants.

    `lines`: the items. `unknown`: codes that no item has. `number`: the order meant, if one was
    named. `add`: an amendment adds instead of setting. `evidence`: the words that say it.
    """

    kind: Kind
    lines: tuple[Line, ...] = ()
    unknown: tuple[str, ...] = ()
    number: int | None = None
    name: str = ""
    address: str = ""
    add: bool = False
    evidence: str = ""


@dataclass(frozen=True)
class Reading:
    """What an SMS was read as. Only a `certain` one may act; `why` says what was in the way
    (`errors.stored`)."""

    wishes: tuple[Wish, ...]
    certain: bool = True
    why: str = ""
    kinds: tuple[Kind, ...] = field(init=False)

    def __post_init__(self) -> None:
        weights = list(Kind)
        found = sorted({wish.kind for wish in self.wishes}, key=weights.index)
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
    """What is open between this customer and the shop: whether a question that YA answers."""

    asked: bool = False
