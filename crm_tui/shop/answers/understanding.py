"""What an SMS is read as in its conversation, and whether the shop lets that be done by itself."""

from dataclasses import dataclass

from crm_tui.reading import read
from crm_tui.reading.index import ItemIndex
from crm_tui.reading.wishes import Conversation, Kind, Reading
from crm_tui.shop.answers import talk
from crm_tui.shop.answers.settings import FREE_TEXT
from crm_tui.shop.customers import people
from crm_tui.shop.gate.context import Context
from crm_tui.shop.orders import questions
from crm_tui.shop.orders.questions import Question
from crm_tui.text import plainly_written

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


class Foreseen:
    """What an SMS was read as before the store was locked for it, so that nobody waits while it is
    read. It holds as long as the text and all that was said before are the same."""

    def __init__(self) -> None:
        self._read: list[tuple[str, ItemIndex, Conversation, bool, Reading]] = []

    def read(
        self, text: str, index: ItemIndex, conversation: Conversation, *, free: bool = False
    ) -> Reading:
        """As `reading.read`, which is asked for what was not foreseen."""
        for seen in self._read:
            if seen[0] == text and seen[1] is index and seen[2:4] == (conversation, free):
                return seen[4]
        found = read(text, index, conversation, free=free)
        self._read.append((text, index, conversation, free, found))
        return found

    def forget(self) -> None:
        self._read.clear()


def foresee(ctx: Context, message_id: int, index: ItemIndex, foreseen: Foreseen) -> None:
    """Read a new message as far as it can be read before the store is locked."""
    foreseen.forget()
    row = ctx.db.execute(
        "SELECT phone, reachable, text FROM messages WHERE id = ?", (message_id,)
    ).fetchone()
    if not row["reachable"]:
        return
    customer = people.by_phone(ctx, row["phone"])
    # Nobody has said anything yet to a number that nobody knows.
    key = customer.id if customer else 0
    question = questions.answered_by(ctx, key, row["phone"], message_id)
    understand(ctx, message_id, row["text"], key, row["phone"], question, index, foreseen)


def understand(
    ctx: Context, message_id: int, text: str, customer_id: int, phone: str,
    question: Question | None, index: ItemIndex, foreseen: Foreseen | None = None,
) -> Understood:  # fmt: skip
    """Read an SMS of a customer. Strict forms always count; free text as far as the setting says."""
    text = plainly_written(text)
    how = (foreseen or Foreseen()).read
    strict = how(text, index, Conversation(asked=question is not None))
    mode = FREE_TEXT(ctx)
    if mode == "off":
        return Understood(strict, free=False, acts=True)
    if _says_which(strict, question) or (strict.certain and not set(strict.kinds) & _IN_THE_TALK):
        # A strict form says all by itself.
        return Understood(strict, free=False, acts=True)
    said_at = questions.said_at(ctx, phone, message_id)
    conversation = talk.recall(ctx, customer_id, phone, said_at, question, index, message_id)
    reading = how(text, index, conversation, free=True)
    if reading == strict:
        return Understood(strict, free=False, acts=True)
    return Understood(reading, free=True, acts=not reading.certain or _may_act(reading, mode))


def _says_which(strict: Reading, question: Question | None) -> bool:
    """Whether a YA names the order that one of two questions is about."""
    if question is None or not strict.certain or set(strict.kinds) != {Kind.CONFIRM}:
        return False
    orders = {question.order_id, question.other.order_id if question.other else None}
    number = strict.wishes[0].number
    return number is not None and number in orders


def _may_act(reading: Reading, mode: str) -> bool:
    if mode == "orders" or set(reading.kinds) == {Kind.STOP}:
        # A STOP counts at once, whoever has to read the SMS first.
        return True
    asks = all(
        wish.kind in _QUESTIONS
        or (wish.kind is Kind.CHOICES and wish.choosing in (Kind.PRICE, Kind.STOCK))
        for wish in reading.wishes
    )
    return mode == "answers" and asks
