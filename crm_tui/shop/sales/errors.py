"""Broken rules about sales and money."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken


class CartEmpty(BadInput):
    text = N_("Nothing is in the sale yet.")


class PriceChanged(RuleBroken):
    text = N_("The price of {code} is {now} by now, not {seen}. Look at the sum once more.")


class PaidTooLittle(BadInput):
    text = N_("{missing} is still to be paid.")


class PaidTooMuch(BadInput):
    text = N_("{paid} is {excess} more than is to be paid. Take it off a part that is not cash.")


class PartTooSmall(BadInput):
    text = N_("Each part of a payment is Rp1 or more.")


class NotEnoughCash(BadInput):
    text = N_("{received} is less than {amount}.")


class AccountNeedsCustomer(BadInput):
    text = N_("On account needs a customer. Choose one first.")


class OverLimit(RuleBroken):
    text = N_(
        "{name} may owe {limit}; with this it would be {due}. The limit stands on the customer’s page"
        " (u), or for all in the settings, under till."
    )


class SaleUnknown(RuleBroken):
    text = N_("There is no sale {number}.")


class NotReturnable(RuleBroken):
    text = N_("Only {left} of {code} in sale {number} can still be given back.")


class SaleVoided(RuleBroken):
    text = N_("Sale {number} was voided or is no sale that can be taken back.")


class SaleFromBook(RuleBroken):
    text = N_(
        "Sale {number} comes from an old sales book: its goods and money never moved here, so nothing "
        "of it can be taken back. Correct the stock instead, with the reason."
    )


class UseReturn(RuleBroken):
    text = N_(
        "A part of sale {number} was given back or repaid already. Take the rest back instead."
    )


class NothingDue(RuleBroken):
    text = N_("{name} owes nothing.")


class TooMuchPaid(BadInput):
    text = N_("{amount} is more than the {due} that is due.")


class DrawerUsed(RuleBroken):
    text = N_("Money has moved in the drawer meanwhile. Count once more.")


class ParkedGone(RuleBroken):
    text = N_("Somebody has taken this sale up already.")


class NoPrinter(RuleBroken):
    text = N_("This computer has no printing program. Save the receipt to a file instead.")


class PrinterFailed(RuleBroken):
    text = N_("The printer {printer} did not take it: {why}")


class PrinterNoDevice(RuleBroken):
    text = N_(
        "{printer} is a file, not a printer, and was left as it is. Choose another printer under "
        "Settings."
    )
