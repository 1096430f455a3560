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
├── Unreadable            no memory can be looked into         (again: yes)
├── Refused               +CMS ERROR, +CME ERROR, ERROR            (again: by its code)
├── SendInDoubt           it may have gone out                     (again: by the kind of message)
└── Interrupted           we were asked to stop
PduProblem                octets that are no SMS; TextTooLong
"""

from typing import ClassVar

from crm_tui.errors import N_, Problem

# 3GPP TS 27.005 § 3.2.5 and 24.011 annex E; vendors' 500 to 515. What passes with time.
_PASSING = frozenset({38, 41, 42, 47, 314, 331, 332, 500, 512, 513, 514, 515, 22, 322})
_CME_PASSING = frozenset({14, 30, 31, 32, 515, 256})


class ModemProblem(Problem):
    """Anything that keeps an SMS from going in or out."""

    again: ClassVar[bool] = True


class LineProblem(ModemProblem):
    """The way to the modem."""


class PortMissing(LineProblem):
    text = N_("There is no modem at {port}. Check the cable and the name of the port.")


class PortBusy(LineProblem):
    text = N_("Port {port} is in use by another program. Close that program first.")


class PortRefused(LineProblem):
    text = N_("The system does not allow the use of port {port}: {why}.")


class NoModemFound(LineProblem):
    text = N_("No port answers like a modem. Connect the modem, or name its port.")


class LineLost(LineProblem):
    text = N_("The connection to the modem at {port} broke. Check its cable.")


class NoAnswer(LineProblem):
    text = N_("The modem at {port} does not answer. Switch it off and on if this lasts.")


class SimProblem(ModemProblem):
    """The SIM card."""


class SimMissing(SimProblem):
    text = N_("There is no SIM card in the modem. Put it in.")


class SimBusy(SimProblem):
    text = N_("The SIM card is not ready yet.")


class PinNeeded(SimProblem):
    again = False
    text = N_("The SIM card asks for its PIN. Enter it in the settings of the modem.")


class PinRefused(SimProblem):
    again = False
    text = N_(
        "The SIM card refused the PIN. It is not tried again by itself, because three wrong ones "
        "lock the card: enter the right PIN in the settings of the modem."
    )


class PukNeeded(SimProblem):
    again = False
    text = N_("The SIM card is locked and asks for its PUK. Unlock it in a telephone.")


class Unreadable(ModemProblem):
    text = N_(
        "The modem does not let us read the SMS that have come. They stay in it: try another SIM "
        "card, or another modem."
    )


class Refused(ModemProblem):
    """The modem or the network said no: `kind` is CMS, CME or ERROR; `code` its number, or -1."""

    text = N_("The modem refused: {kind} {code}.")

    def __init__(self, kind: str, code: int = -1) -> None:
        super().__init__(kind=kind, code=code)
        self.kind = kind
        self.code = code

    @property
    def passing(self) -> bool:
        """Whether time may heal it. One without a number is given another chance."""
        if self.code < 0:
            return True
        return self.code in (_PASSING if self.kind == "CMS" else _CME_PASSING)

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
