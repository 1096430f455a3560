"""Broken rules about orders."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, Overtaken, RuleBroken


class ReasonTooLong(BadInput):
    text = N_("The reason is too long: {characters} characters, {most} at most.")


class ReasonMissing(BadInput):
    text = N_("Give a reason: the customer is told.")


class OrderUnknown(RuleBroken):
    text = N_("There is no order number {number}.")


class OrderNotOpen(RuleBroken):
    text = N_("Order {number} is {status}; this cannot be done any more.")


class OthersWereQuicker(OrderNotOpen):
    text = N_("{who} was quicker: order {number} is {status}.")


class OrderChanged(Overtaken):
    text = N_("Order {number} has changed meanwhile. Look at it once more; nothing was done.")


class TooLateToTakeBack(RuleBroken):
    text = N_("Too late: the SMS about order {number} is on its way, or there is nothing to undo.")


class OnlyOrdered(BadInput):
    text = N_("Only {ordered} of {code} were ordered.")


class NothingLeft(RuleBroken):
    text = N_("An order needs at least one item. Reject it if nothing is left.")
