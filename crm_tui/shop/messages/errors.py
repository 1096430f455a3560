"""Broken rules about SMS and the line."""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, Overtaken, RuleBroken


class TextMissing(BadInput):
    text = N_("The message is empty.")


class TooManySms(BadInput):
    text = N_("This would be {parts} SMS; {most} are the most. Shorten the text.")


class TellsADecision(RuleBroken):
    text = N_("This SMS tells the customer about order {number}. Take the decision back instead.")


class AnsweredMeanwhile(Overtaken):
    text = N_("Somebody has answered meanwhile. Look at that answer first; yours was not sent.")


class MessageSettled(Overtaken):
    text = N_("This message has been settled already.")


class NotAnswerable(RuleBroken):
    text = N_("{phone} cannot be answered by SMS.")


class ModemHeld(RuleBroken):
    text = N_("Another crm-tui already serves this shop's modem: {holder}. Close that one first.")


class ClockDoubted(RuleBroken):
    """The computer's clock cannot be right; `shown` and `counts` are local times."""


class ClockWentBack(ClockDoubted):
    brief = N_("the clock went back")
    text = N_(
        "The computer's clock went back: it shows {shown}, but it is {counts} or later. Set it right. "
        "Until then the shop goes by its own count, and nothing expires. If the clock is right: F2, "
        "“Clock”, or crm-tui clock --agree"
    )


class ClockLeapt(ClockDoubted):
    text = N_(
        "The computer's clock leapt ahead: it shows {shown}, but by the shop's own count it is "
        "{counts}. Set it right. Until then nothing expires. If the clock is right: F2, “Clock”, or "
        "crm-tui clock --agree"
    )


class ClockUnset(ClockDoubted):
    brief = N_("the clock is not set")
    text = N_(
        "The computer's clock was never set: it shows {shown}. Set day and time right; until then "
        "nothing expires, and what is written has a wrong day."
    )


CLOCK_BEFORE = N_(
    "The computer's clock went back (it showed {seen} before). Set it right; until then nothing "
    "expires. If it is right now, start once with: crm-tui gateway --trust-clock"
)
"""As programs before this one said it; what the store keeps is never worded anew."""


class Unexpected(RuleBroken):
    brief = N_("the worker begins anew")
    text = N_("Something went wrong in the worker; it begins anew. The details are in crm.log.")


class DueUndone(RuleBroken):
    brief = N_("something due is left undone")
    text = N_(
        "Something that is due by itself could not be done: orders that expire, points, promos. SMS "
        "come and go, and it is tried again; the details are in crm.log."
    )


class StandsStill(RuleBroken):
    brief = N_("the worker stands still")
    text = N_(
        "The worker has stood still for {minutes} minutes; it is being started anew, and nothing is "
        "lost by that. If this stays, close the program and open it again."
    )


class SimFull(RuleBroken):
    brief = N_("SIM card is full")
    text = N_(
        "The SIM card is full ({used} of {capacity}) and its SMS cannot be taken off, so no new ones "
        "come in. Delete the SMS on it in a telephone; all of them are stored here."
    )


class SimFullOfOthers(RuleBroken):
    brief = N_("SIM card is full")
    text = N_(
        "The SIM card is full ({used} of {capacity}) of SMS that were written or sent with a "
        "telephone, so no new ones come in. Put it into a telephone and delete them."
    )
