"""What goes wrong between us and the network, and whether trying again makes sense.

ModemProblem
├── LineProblem           the way to the modem
│   ├── PortMissing       no such port, or the cable is out        (again: yes)
│   ├── PortBusy          another program holds it                 (again: yes)
│   ├── PortRefused       the system does not let us               (again: yes)
│   ├── NoModemFound      `auto` found none                        (again: yes)
│   ├── LineLost          it broke while in use                    (again: yes)
│   └── NoAnswer          the modem is silent                      (again: yes)
├── SimProblem
│   ├── SimMissing · SimBusy                                       (again: yes)
│   └── PinNeeded · PinRefused · PukNeeded                         (again: no)
├── OutletProblem         SMS wait, and nothing is tried           (again: now and then, by one SMS)
│   ├── NotRegistered · Denied                                     the network
│   └── CardRefused · Congested                                    what it says to each SMS
├── Unreadable            no memory can be looked into         (again: yes)
├── NoSlots               no memory has a slot                 (again: yes)
├── Refused               +CMS ERROR, +CME ERROR, ERROR            (again: by its code)
├── SendInDoubt           it may have gone out                     (again: by the kind of message)
└── Interrupted           we were asked to stop
PduProblem                octets that are no SMS; TextTooLong
"""

from collections.abc import Sequence
from typing import ClassVar

from crm_tui.errors import N_, Problem, Sentence, stored
from crm_tui.gsm import error_codes


class ModemProblem(Problem):
    """Anything that keeps an SMS from going in or out. `brief` is what the status line has room for;
    `again`: it is tried again without a person doing anything."""

    again: ClassVar[bool] = True
    brief: ClassVar[Sentence] = N_("modem is missing")


class LineProblem(ModemProblem):
    """The way to the modem."""


class PortMissing(LineProblem):
    text = N_("There is no modem at {port}. Check the cable and the name of the port.")


class PortBusy(LineProblem):
    brief = N_("modem port is in use")
    text = N_("Port {port} is in use by another program. Close that program first.")


class PortRefused(LineProblem):
    brief = N_("modem port is not allowed")
    text = N_("The system does not allow the use of port {port}: {why}.")


class NoModemFound(LineProblem):
    brief = N_("no modem found")
    text = N_(
        "No port of this computer answers like a modem. Connect the modem and switch it on; if it "
        "is connected, name its port in the settings."
    )


class LineLost(LineProblem):
    text = N_("The connection to the modem at {port} broke. Check its cable.")


class NoAnswer(LineProblem):
    brief = N_("modem is silent")
    text = N_("The modem at {port} does not answer. Switch it off and on if this lasts.")


class SimProblem(ModemProblem):
    """The SIM card."""


class SimMissing(SimProblem):
    brief = N_("no SIM card")
    text = N_(
        "There is no SIM card in the modem, or it has no contact. Take it out, wipe it, put it in."
    )


class SimBusy(SimProblem):
    brief = N_("SIM card is not ready")
    text = N_("The SIM card is not ready yet.")


class PinNeeded(SimProblem):
    again = False
    brief = N_("SIM wants its PIN")
    text = N_("The SIM card asks for its PIN. Enter it in the settings of the modem.")


class PinRefused(SimProblem):
    again = False
    brief = N_("wrong SIM PIN")
    text = N_(
        "The SIM card refused the PIN. It is not tried again by itself, because three wrong ones "
        "lock the card: enter the right PIN in the settings of the modem."
    )


class PukNeeded(SimProblem):
    again = False
    brief = N_("SIM wants its PUK")
    text = N_("The SIM card is locked and asks for its PUK. Unlock it in a telephone.")


class OutletProblem(ModemProblem):
    """SMS are taken in, but none can go out: they wait."""


class NotRegistered(OutletProblem):
    brief = N_("no network")
    text = N_(
        "The modem finds no network. Check its antenna, or put it near a window. SMS wait until it "
        "has a network."
    )


class Denied(OutletProblem):
    brief = N_("network refuses the SIM")
    text = N_(
        "The network does not let this SIM card in: its time may be over, or it is blocked. Put it "
        "into a telephone, or ask the operator. SMS wait until then."
    )


class CardRefused(OutletProblem):
    brief = N_("no SMS go out: check credit")
    text = N_(
        "The network takes no SMS from this SIM card ({kind} {code}: {why}). Check its credit and how "
        "long it is valid. SMS wait; every ten minutes one is tried."
    )


class Congested(OutletProblem):
    brief = N_("network takes no SMS now")
    text = N_(
        "The network takes no SMS at the moment ({kind} {code}). They wait, and are tried again by "
        "and by; if this lasts for hours, ask the operator."
    )


class Unreadable(ModemProblem):
    brief = N_("SMS cannot be read")
    text = N_(
        "The modem does not let us read the SMS that have come. They stay in it: try another SIM "
        "card, or another modem."
    )


class NoSlots(ModemProblem):
    brief = N_("SIM card keeps no SMS")
    text = N_(
        "Neither the SIM card nor the modem has a place to keep SMS in: none can come in. Try another "
        "SIM card, or another modem."
    )


class Refused(ModemProblem):
    """The modem or the network said no: `kind` is CMS, CME or ERROR; `code` its number, or -1."""

    text = N_("The modem refused: {kind} {code}.")

    def __init__(self, kind: str, code: int = -1, heard: Sequence[object] = ()) -> None:
        """`heard`: the lines of the answer that came before it."""
        super().__init__(kind=kind, code=code)
        self.kind = kind
        self.code = code
        self.heard = tuple(heard)

    @property
    def reason(self) -> Sentence:
        """What became of the SMS, as the store keeps it (`errors.stored`)."""
        if not self.of_the_card:
            return self.stored
        text = N_("The network refused it ({kind} {code}): {why}.")
        return stored(text, kind=self.kind, code=self.code, why=error_codes.OF_THE_CARD[self.code])

    @property
    def passing(self) -> bool:
        """Whether time may heal it. One without a number is given another chance."""
        if self.code < 0:
            return True
        return self.code in (error_codes.PASSING if self.kind == "CMS" else error_codes.CME_PASSING)

    @property
    def of_the_card(self) -> bool:
        """Whether it speaks of the card or its contract: any other SMS would fare the same."""
        return self.kind == "CMS" and self.code in error_codes.OF_THE_CARD

    @property
    def of_the_network(self) -> bool:
        """Whether there is no network to send by."""
        return (self.kind, self.code) in (("CMS", 331), ("CME", 30), ("CME", 32))

    @property
    def damaged(self) -> bool:
        """Whether the modem could not read what was written to it (27.005 § 3.2.5)."""
        return self.kind == "CMS" and self.code in (304, 305)

    @property
    def doubtful(self) -> bool:
        """Whether an SMS that was refused so may be out: the network was too late to say, or it
        is not said who refused what."""
        return self.code < 0 or (self.kind == "CMS" and self.code == 332)

    @property
    def of_a_slot(self) -> bool:
        """Whether it speaks of one slot of a memory: there is nothing, or no such slot."""
        return (self.kind, self.code) in (("CMS", 321), ("CME", 21), ("CME", 22))

    @property
    def of_the_sim(self) -> bool:
        """Whether the SIM is out, locked or busy: that is no fault of the message."""
        if self.kind == "CMS":
            return 310 <= self.code <= 318
        return self.kind == "CME" and 10 <= self.code <= 18


class SendInDoubt(ModemProblem):
    """The message was given to the modem whole, and its answer never came."""

    again = False
    text = N_("The modem took the message, but did not say whether it went out.")


class Interrupted(ModemProblem):
    again = False
    text = N_("Stopped.")


class PduProblem(Problem):
    text = N_("These octets are not an SMS that can be read: {why}.")


class TextTooLong(Problem):
    text = N_("The text is too long for an SMS: {characters} characters.")
