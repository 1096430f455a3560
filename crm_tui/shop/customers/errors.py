"""Broken rules about customers."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken


class CustomerUnknown(RuleBroken):
    text = N_("This customer is not there any more.")


class NumberUnknown(CustomerUnknown):
    text = N_("No customer has the number {phone}.")


class PhoneTaken(BadInput):
    text = N_("{phone} belongs to {name}. Merge the two if they are one person.")


class LastPhone(RuleBroken):
    text = N_("{phone} has written SMS, which are found by it. Merge the customers instead.")


class MergeSame(RuleBroken):
    text = N_("These two are one customer already.")
