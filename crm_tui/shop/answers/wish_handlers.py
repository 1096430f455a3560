"""What each wish of a customer does: prices told, orders placed, changed and cancelled by SMS."""

from collections.abc import Callable
from dataclasses import replace

from crm_tui.errors import N_, UNSAID
from crm_tui.reading.wishes import Kind, Reading, Wish
from crm_tui.shop.answers.amending import amend, cancel, confirm
from crm_tui.shop.answers.choosing import bounded, fits
from crm_tui.shop.answers.informing import (
    left_to_staff,
    register,
    start,
    stop,
    tell_how,
    tell_offers,
    tell_points,
    tell_status,
)
from crm_tui.shop.answers.ordering import ask_back, take_order
from crm_tui.shop.answers.outcome import Case, Outcome
from crm_tui.shop.answers.promising import tell_stock
from crm_tui.shop.answers.quoting import tell_prices, tell_unknown
from crm_tui.shop.answers.settings import ANSWER_PARTS
from crm_tui.shop.answers.talk import joined

OBEYED_ALWAYS = {Kind.STOP, Kind.START}
"""What is done even when no answer may be given any more."""

OBEYED_OUTSIDE = {Kind.STOP}
"""What is done for a number that is never answered."""


def fulfil(case: Case, reading: Reading) -> Outcome:
    """Do what a certain reading asks for; anything else is for the staff."""
    if not reading.certain:
        return Outcome(Kind.HUMAN, staff=reading.why or N_("not understood"))
    staff = next(filter(None, (left_to_staff(case.ctx, wish) for wish in reading.wishes)), UNSAID)
    if staff:
        # Nothing else is recorded of a message that a person has to answer.
        return Outcome(Kind.HUMAN, staff=staff)
    case = replace(case, alone=len(reading.wishes) == 1)
    outcomes = [_ACTIONS[wish.kind](case, wish) for wish in reading.wishes]
    kind = min((outcome.kind for outcome in outcomes), key=list(Kind).index)
    reply = bounded(
        "\n".join(outcome.reply for outcome in outcomes if outcome.reply), ANSWER_PARTS(case.ctx)
    )
    said = joined(outcome.said for outcome in outcomes)
    for more in (more for outcome in outcomes for more in outcome.more):
        text = next((text for text in more.texts if fits(reply + text)), "")
        reply += text
        if text and more.offered:
            said = replace(said, offered=more.offered, choosing=more.choosing)
    return Outcome(
        kind, reply,
        next((outcome.order for outcome in outcomes if outcome.order), None),
        next((outcome.staff for outcome in outcomes if outcome.staff), UNSAID), said,
    )  # fmt: skip


def _ask(case: Case, wish: Wish) -> Outcome:
    """Ask back: which item is meant, or whether an order, or a change of one, is."""
    changes = wish.choosing is Kind.AMEND and not wish.options
    return amend(case, wish) if changes else ask_back(case, wish)


_ACTIONS: dict[Kind, Callable[[Case, Wish], Outcome]] = {
    Kind.PRICE: tell_prices, Kind.STOCK: tell_stock, Kind.NOT_FOUND: tell_unknown,
    Kind.ORDER: take_order, Kind.CHOICES: _ask, Kind.AMEND: amend, Kind.CANCEL: cancel,
    Kind.CONFIRM: confirm, Kind.STATUS: tell_status, Kind.REGISTER: register, Kind.STOP: stop,
    Kind.START: start, Kind.HELP: tell_how, Kind.POINTS: tell_points, Kind.PROMO: tell_offers,
}  # fmt: skip
