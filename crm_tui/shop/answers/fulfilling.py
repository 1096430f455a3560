"""What each wish of a customer does: prices told, orders placed, changed and cancelled by SMS."""

from collections.abc import Callable

from crm_tui.errors import N_
from crm_tui.reading.vetoes import WHY
from crm_tui.reading.wishes import Kind, Reading, Wish
from crm_tui.shop.answers.amending import amend, cancel, confirm
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
from crm_tui.shop.answers.quoting import tell_prices, tell_unknown
from crm_tui.shop.answers.talk import joined

OBEYED_ALWAYS = {Kind.STOP, Kind.START}
"""What is done even when no answer may be given any more."""


def fulfil(case: Case, reading: Reading) -> Outcome:
    """Do what a certain reading asks for; anything else is for the staff."""
    if not reading.certain:
        return Outcome(Kind.HUMAN, staff=reading.why or N_("not understood"))
    if any(left_to_staff(case.ctx, wish) for wish in reading.wishes):
        # Nothing else is recorded of a message that a person has to answer.
        return Outcome(Kind.HUMAN, staff=WHY["service"])
    outcomes = [_ACTIONS[wish.kind](case, wish) for wish in reading.wishes]
    kind = min((outcome.kind for outcome in outcomes), key=list(Kind).index)
    return Outcome(
        kind,
        "\n".join(outcome.reply for outcome in outcomes if outcome.reply),
        next((outcome.order for outcome in outcomes if outcome.order), None),
        next((outcome.staff for outcome in outcomes if outcome.staff), ""),
        joined(outcome.said for outcome in outcomes),
    )


_ACTIONS: dict[Kind, Callable[[Case, Wish], Outcome]] = {
    Kind.PRICE: tell_prices, Kind.STOCK: tell_prices, Kind.NOT_FOUND: tell_unknown,
    Kind.ORDER: take_order, Kind.CHOICES: ask_back, Kind.AMEND: amend, Kind.CANCEL: cancel,
    Kind.CONFIRM: confirm, Kind.STATUS: tell_status, Kind.REGISTER: register, Kind.STOP: stop,
    Kind.START: start, Kind.HELP: tell_how, Kind.POINTS: tell_points, Kind.PROMO: tell_offers,
}  # fmt: skip
