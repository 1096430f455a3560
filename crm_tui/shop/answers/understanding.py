"""What an SMS is read as in its conversation, and whether the shop lets that be done by itself."""

from dataclasses import dataclass

from crm_tui.reading import read
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Reading
from crm_tui.shop.answers import talk
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders.questions import Question

_QUESTIONS = {
    Kind.PRICE, Kind.STOCK, Kind.NOT_FOUND, Kind.STATUS, Kind.HELP, Kind.POINTS, Kind.PROMO,
}  # fmt: skip
"""What changes nothing for the customer but what they know."""


_IN_THE_TALK = {Kind.CONFIRM, Kind.NOT_FOUND}
"""Strict forms that the conversation may give another meaning: "ya 6", a code that is a word."""


@dataclass(frozen=True)
class Understood:
    """`free`: it is no strict form; `acts`: it is done by itself, else it is suggested to the staff."""

    reading: Reading
    free: bool
    acts: bool


def understand(
    ctx: Context, text: str, customer_id: int, phone: str, question: Question | None,
    index: ItemIndex,
) -> Understood:  # fmt: skip
    """Read an SMS of a customer. Strict forms always count; free text as far as the setting says."""
    strict = read(text, index, Conversation(asked=question is not None))
    mode = FREE_TEXT(ctx)
    if mode == "off":
        return Understood(strict, free=False, acts=True)
    if strict.certain and not set(strict.kinds) & _IN_THE_TALK:
        # A strict form says all by itself.
        return Understood(strict, free=False, acts=True)
    conversation = talk.recall(ctx, customer_id, phone, question, index)
    reading = read(text, index, conversation, free=True)
    if reading == strict:
        return Understood(strict, free=False, acts=True)
    return Understood(reading, free=True, acts=not reading.certain or _may_act(reading, mode))


def _may_act(reading: Reading, mode: str) -> bool:
    if mode == "orders" or set(reading.kinds) == {Kind.STOP}:
        # Who wants no promos gets none, whoever has to read it first.
        return True
    asks = all(
        wish.kind in _QUESTIONS
        or (wish.kind is Kind.CHOICES and wish.choosing in (Kind.PRICE, Kind.STOCK))
        for wish in reading.wishes
    )
    return mode == "answers" and asks
