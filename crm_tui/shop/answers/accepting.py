"""The staff send what was read and suggested: it is done as if the program had done it by itself."""

from crm_tui.errors import N_
from crm_tui.reading.wishes import Kind
from crm_tui.shop.answers.outcome import Case
from crm_tui.shop.answers.suggesting import alike_of, evidence_of
from crm_tui.shop.answers.wish_codec import from_json
from crm_tui.shop.customers import people
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import Overtaken
from crm_tui.shop.orders import questions

_OF_ORDERS = {Kind.ORDER, Kind.AMEND, Kind.CANCEL, Kind.CONFIRM}


class NothingSuggested(Overtaken):
    text = N_("There is no suggestion for this SMS any more. Look at it once more.")


@command("answers.accept", "messages.handle")
def accept(ctx: Context, message_id: int) -> int:
    """Do what the SMS was read as, and send the answer; the key of the answer.

    Raises `NothingSuggested`, or what stands in the way of an order by now.
    """
    # All answers, which a counter need not know before one is sent.
    from crm_tui.shop.answers.handling import answer, finish
    from crm_tui.shop.answers.wish_handlers import fulfil

    row = ctx.db.execute(
        "SELECT phone, customer_id, wishes, status FROM messages WHERE id = ?", (message_id,)
    ).fetchone()
    evidence = evidence_of(ctx, message_id)
    if row is None or row["status"] != "staff" or evidence is None or not evidence.waits:
        raise NothingSuggested()
    reading = from_json(ctx, row["wishes"])
    if _OF_ORDERS & set(reading.kinds):
        access.require(ctx, "orders.confirm")
    # What follows is the gateway's, within this command: the customer's wish, not the user's.
    worker = ctx.acting(GATEWAY)
    worker.work = ctx.work
    customer = people.by_id(worker, row["customer_id"])
    question = questions.answered_by(worker, customer.id, row["phone"], message_id)
    if Kind.CONFIRM in reading.kinds and question is None:
        raise NothingSuggested()
    case = Case(
        worker, message_id, row["phone"], customer, question, free=True,
        alike=alike_of(worker, message_id),
    )  # fmt: skip
    outcome = fulfil(case, reading)
    finish(worker, message_id, customer.id, outcome, reading)
    ctx.db.execute(
        "UPDATE readings SET verdict = 'accepted', decided_at = ?, actor = ? WHERE message_id = ?",
        (ctx.at, ctx.actor.name, message_id),
    )
    key = answer(case, outcome, reading) if outcome.reply else 0
    if not key:
        questions.asks(worker, customer.id, None)
    ctx.record(f"message {message_id}", None, {"accepted": outcome.kind.value, "answer": key})
    return key
