"""Broken rules and bad input, as sentences for the person who met them.

RuleBroken
├── NotAllowed         somebody who may can permit it: permission, amount (0: none)
│   ├── AboveCeiling   the actor may, but not so much
│   └── OnlyOthers     somebody could have permitted it, and did not
├── Overtaken …      somebody else was quicker
├── BadInput …       what was typed cannot be taken as it is
└── the others …     what was asked cannot be done now
"""

from crm_tui.errors import N_, Problem


class RuleBroken(Problem):
    """The shop's rules forbid it; nothing was changed."""


class NotAllowed(RuleBroken):
    text = N_("{who} may not do this (permission: {permission}).")


class SessionEnded(RuleBroken):
    text = N_("Your session has ended: your password or role was changed, a password was wrong too"
              " often, or you were put out. Sign in again.")  # fmt: skip


class AboveCeiling(NotAllowed):
    text = N_("This is beyond what {who} may do alone (permission: {permission}).")


class OnlyOthers(NotAllowed):
    text = N_("Only {roles} may do this.")


class Overtaken(RuleBroken):
    """What was looked at is not so any more: somebody else was quicker."""


class BadInput(RuleBroken):
    """What was typed cannot be taken."""


class BadPhone(BadInput):
    text = N_("{phone} is no telephone number that an SMS can be sent to.")


class NoPhone(BadPhone):
    text = N_("Type a telephone number, for example 081234567890.")


class LastManager(RuleBroken):
    text = N_("Somebody must remain who manages the users. Give that right to somebody else first.")


class PersonNameMissing(BadInput):
    text = N_("The name is missing, or longer than {most} characters.")


class BadMoney(BadInput):
    text = N_("{text} is no amount in rupiah. Write it as 85000 or 85.000.")


class NoMoney(BadMoney):
    text = N_("Type an amount, for example 85000.")


class BadPercent(BadInput):
    text = N_("{text} is no percentage. Write it as 10 or -2,5.")


class NoPercent(BadPercent):
    text = N_("Type a percentage, for example 10.")


class BadDiscount(BadInput):
    text = N_("{text} is no discount. Write it as 10% or 5000.")


class DiscountTooLarge(BadInput):
    text = N_("The discount of {discount} is more than the amount of {amount}.")


class NothingChosen(BadInput):
    text = N_("Nothing was chosen.")


class ReasonNeeded(BadInput):
    text = N_("Give a reason; it is kept with the change.")


class TooLateToUndo(RuleBroken):
    text = N_("This cannot be undone any more.")


class BadQuantity(BadInput):
    text = N_("{quantity} is no quantity: a whole number of 1 or more is needed.")


class UnknownSetting(BadInput):
    text = N_("There is no setting called {key}.")


class BadSetting(BadInput):
    text = N_("{key} cannot be {value}: {why}.")


class BadText(BadInput):
    text = N_("{text} cannot be read: it is not in UTF-8.")


class FolderMissing(BadInput):
    text = N_("There is no folder {folder}.")


class FileUnwritable(RuleBroken):
    text = N_("{file} cannot be written: {why}.")


class Cancelled(RuleBroken):
    text = N_("Called off. Nothing was changed.")
