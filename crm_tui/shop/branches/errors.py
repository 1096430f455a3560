"""Broken rules about what goes between branches."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken


class NotEnrolled(RuleBroken):
    text = N_("This shop belongs to no chain of branches yet. The head office enrols it.")


class BranchIsClosed(RuleBroken):
    text = N_(
        "The head office closes this branch. What is on the way to it goes back; nothing is sent or"
        " received here any more."
    )


class OtherIsClosed(RuleBroken):
    text = N_("{branch} is closed. Receive what came from there; it can go nowhere else.")


class BranchUnknown(BadInput):
    text = N_("There is no other branch with the number {branch}.")


class TransferUnknown(RuleBroken):
    text = N_("This transfer is not on its way to us.")


class TransferReceived(RuleBroken):
    text = N_(
        "This transfer was received already. What is wrong goes back as a transfer of its own."
    )


class TooManyLines(RuleBroken):
    text = N_("A transfer holds at most {most} items; {count} are chosen. Send them as several.")


class ItemsOffSale(RuleBroken):
    text = N_(
        "{codes} are off sale here. Say whether they are sold again, or received all the same."
    )


class LinesUnchecked(RuleBroken):
    text = N_("{count} lines were not looked at yet. Enter how many came, 0 if none did.")


class RequestOpen(RuleBroken):
    text = N_("{branch} was asked for points of this customer already, and has not answered yet.")


class NoPointsThere(RuleBroken):
    text = N_("{branch} has {points} points of this customer, {wanted} are wanted.")


class PhoneMissing(RuleBroken):
    text = N_("The customer has no number here: other branches know customers by their numbers.")


class LendLimit(RuleBroken):
    text = N_("At most {most} points are lent before they come; {lent} are lent to this customer.")
