"""One message while it is dealt with, and what becomes of it."""

from dataclasses import dataclass

from crm_tui.reading.wishes import Kind
from crm_tui.shop.answers.talk import NOTHING, Said
from crm_tui.shop.customers.people import Customer
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders.questions import Question


@dataclass(frozen=True)
class Outcome:
    """What was done: the reply, what the message counts as, and the order it concerns.

    `staff`: somebody has to look at it, whether or not it was answered. `said`: what the reply offers
    to choose from.
    """

    kind: Kind
    reply: str = ""
    order: int | None = None
    staff: str = ""
    said: Said = NOTHING


@dataclass(frozen=True)
class Case:
    """One message while it is dealt with, within a command.

    `free`: it was read freely; a change then is about the order that the conversation is about.
    """

    ctx: Context
    message_id: int
    phone: str
    customer: Customer
    question: Question | None
    free: bool = False
