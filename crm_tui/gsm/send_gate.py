"""Whether SMS can go out now, and why not.

What cannot go out is not tried again and again: without a network, with a card that the network
refuses, or after the same refusal to several customers, all SMS wait. Every ten minutes one is
tried, for what a modem says of its network may be wrong; when one goes out, so do the others.
"""

from crm_tui.clock import Clock
from crm_tui.gsm import error_codes
from crm_tui.gsm.errors import CardRefused, Congested, Denied, NotRegistered, OutletProblem, Refused
from crm_tui.gsm.network import Network

TRIAL = 600.0
"""Seconds between two trials while SMS wait."""
_SEVERAL = 3
_GIVEN_UP = 4
_GRACE = 30.0
_PAUSES = (5.0, 10.0, 20.0, 60.0, 300.0)


class Outlet:
    """The way out of one modem with its card, from opening it to losing it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._network = Network.UNKNOWN
        self._since = clock.monotonic()
        self._believed = True
        self._refusals: dict[str, Refused] = {}
        self._tries: dict[str, tuple[int, int]] = {}
        self._successes = 0
        self._pauses = 0
        self._next = 0.0
        self._closed: OutletProblem | None = None

    @property
    def problem(self) -> OutletProblem | None:
        """Why SMS wait, None if they do not."""
        if not self._usable:
            if self._network is Network.DENIED:
                return Denied()
            # A modem that was just switched on looks for its network for a while.
            waited = self._clock.monotonic() - self._since
            return NotRegistered() if waited >= _GRACE else self._closed
        return self._closed

    @property
    def _usable(self) -> bool:
        return self._network.usable or not self._believed

    def network(self, network: Network) -> None:
        """What the modem says of its network now."""
        if network.usable != self._network.usable:
            self._since = self._clock.monotonic()
            if not network.usable:
                self._next = self._since + TRIAL
            elif self._closed is None:
                self._next = 0.0
        self._network = network

    def may_send(self) -> bool:
        """Whether the next SMS is to be given to the modem."""
        if self._usable and self._closed is None:
            return True
        return self._clock.monotonic() >= self._next

    @property
    def trying(self) -> bool:
        """Whether an SMS that goes out now is a trial."""
        return not self._usable or self._closed is not None

    def begins(self) -> None:
        """An SMS is being given to the modem: if it is a trial, the next is some time off."""
        if self.trying:
            self._next = self._clock.monotonic() + self._pause

    @property
    def _pause(self) -> float:
        if isinstance(self._closed, Congested):
            return _PAUSES[min(self._pauses, len(_PAUSES) - 1)]
        return TRIAL

    def sent(self, phone: str) -> None:
        """One went out."""
        # What was said of the network was wrong.
        self._believed = self._believed and self._network.usable
        self._refusals.clear()
        self._tries.pop(phone, None)
        self._successes += 1
        self._pauses = 0
        self._closed = None

    def refused(self, phone: str, refusal: Refused) -> bool:
        """One was refused; whether it is worth another try."""
        if not (refusal.of_the_card or refusal.passing):
            return False
        if self.trying:
            self._pauses += 1
            self._next = self._clock.monotonic() + self._pause
            return True
        self._refusals[phone] = refusal
        alike = [
            each for each in self._refusals.values() if each.of_the_card == refusal.of_the_card
        ]
        if len(alike) >= _SEVERAL:
            told = {"kind": refusal.kind, "code": refusal.code if refusal.code >= 0 else ""}
            if refusal.of_the_card:
                self._closed = CardRefused(**told, why=error_codes.OF_THE_CARD[refusal.code])
            else:
                self._closed = Congested(**told)
            self._next = self._clock.monotonic() + self._pause
            return True
        if not refusal.of_the_card:
            return True
        # Others go out, or this one was refused again and again: it is this SMS, not the card.
        tries, before = self._tries.get(phone, (0, self._successes))
        self._tries[phone] = tries + 1, before
        if before == self._successes and tries + 1 < _GIVEN_UP:
            return True
        del self._tries[phone]
        self._refusals.pop(phone, None)
        return False
