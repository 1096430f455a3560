"""What is told of a customer: what was bought and what happened, newest first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.program import Program
from crm_tui.screens.widgets.plain import Piece
from crm_tui.shop.gate.stored_words import ground
from crm_tui.shop.sales.payment_methods import METHODS
from crm_tui.text import one_line

if TYPE_CHECKING:
    from crm_tui.shop.overview.customer import CustomerView, Happening

KINDS = {
    "in": N_("SMS in"), "out": N_("SMS out"), "order": N_("order"), "sale": N_("sale"),
    "return": N_("return"), "void": N_("voided"), "repayment": N_("repayment"),
    "consent": N_("promos"), "points": N_("points"), "promo": N_("promo"),
}  # fmt: skip
POINT_KINDS = {
    "earned": N_("earned"), "gift": N_("given"), "spent": N_("spent"), "redeemed": N_("redeemed"),
    "taken_back": N_("taken back"), "given_back": N_("given back"), "expired": N_("forfeited"),
    "moved_in": N_("from a branch"), "moved_out": N_("to a branch"), "lent": N_("lent"),
    "repaid": N_("made good"),
}  # fmt: skip
CONSENTS = {"yes": N_("wants promos"), "stopped": N_("wants no promos"), "unknown": ""}


def bought(crm: Program, view: "CustomerView") -> str:
    """How often and for how much; "" for whoever may not see sales."""
    if view.spent is None:
        return ""
    if not view.sales:
        return crm.tr(N_("has never bought"))
    total = display.rupiah(view.spent)
    return crm.tr(N_("{count} sales, {total}"), count=view.sales, total=total)


def standing(crm: Program, view: "CustomerView") -> str:
    """The points, what they are worth, and which are soon forfeited; "" if there are none."""
    balance = view.points
    if not balance.points:
        return ""
    if balance.ended:
        text = N_("{points}, none to be spent here")
        return crm.tr(text, points=display.thousands(balance.points))
    sentence = crm.tr(
        N_("{points}, worth {value}"), points=display.thousands(balance.points),
        value=display.rupiah(balance.rupiah),
    )  # fmt: skip
    if balance.soon:
        until = display.clock_time(balance.until, crm.desk.clock.now())
        soon = crm.tr(N_("{points} until {day}"), points=balance.soon, day=until)
        sentence += f" ({soon})"
    return sentence


def happened(crm: Program, line: "Sequence[Happening]") -> list[Piece]:
    """A line of text for each thing that happened, its words in the language of the screen."""
    now, pieces = crm.desk.clock.now(), list[Piece]()
    for event in line:
        amount = "" if event.amount is None else f"  {display.rupiah(event.amount)}"
        number = f" {event.number}" if event.kind in ("order", "sale", "return", "void") else ""
        pieces += [
            (f"{display.clock_time(event.at, now):>11}  ", "$muted"),
            (f"{crm.tr(KINDS[event.kind])}{number}  ", "$primary"),
            f"{_words(crm, event)}{amount}\n",
        ]
    return pieces


def _words(crm: Program, event: "Happening") -> str:
    # An SMS of several lines is one here: the conversation has them all.
    text = one_line(event.text or "")
    if event.kind == "repayment":
        return crm.tr(METHODS[text].word)
    if event.kind == "consent":
        # An answer without a basis ends in the point.
        answer, _, basis = (event.text or "").partition(" · ")
        told = ground(one_line(basis), crm.tr)
        return " · ".join(part for part in (crm.tr(CONSENTS[answer]), told) if part)
    if event.kind == "points":
        return f"{event.number:+} {crm.tr(POINT_KINDS[text])}"
    return text
