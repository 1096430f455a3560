"""Broken rules about SMS and the line."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken


class TextMissing(BadInput):
    text = N_("The message is empty.")


class TellsADecision(RuleBroken):
    text = N_("This SMS tells the customer about order {number}. Take the decision back instead.")


class AnsweredMeanwhile(RuleBroken):
    text = N_("Somebody has answered meanwhile. Look at that answer first; yours was not sent.")


class MessageSettled(RuleBroken):
    text = N_("This message has been settled already.")


class NotAnswerable(RuleBroken):
    text = N_("{phone} cannot be answered by SMS.")


class ModemHeld(RuleBroken):
    text = N_("Another crm-tui already serves this shop's modem: {holder}. Close that one first.")


class ClockWentBack(RuleBroken):
    brief = N_("the clock went back")
    text = N_(
        "The computer's clock went back (it showed {seen} before). Set it right; until then nothing "
        "expires. If it is right now, start once with: crm-tui gateway --trust-clock"
    )


class Unexpected(RuleBroken):
    brief = N_("the worker begins anew")
    text = N_("Something went wrong in the worker; it begins anew. The details are in crm.log.")


class SimFull(RuleBroken):
    brief = N_("SIM card is full")
    text = N_(
        "The SIM card is full ({used} of {capacity}) and its SMS cannot be taken off, so no new ones "
        "come in. Delete the SMS on it in a telephone; all of them are stored here."
    )
