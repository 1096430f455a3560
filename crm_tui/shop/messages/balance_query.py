"""Asking the network for the credit, one question at a time, while SMS go on coming in."""

from typing import Protocol

from crm_tui.clock import Clock
from crm_tui.gsm.errors import Refused
from crm_tui.gsm.ussd import Said, Status
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import balance

PATIENCE = 40.0
"""Seconds that the network has for its answer; SMS to send wait for so long."""


class Modem(Protocol):
    """What is used of `modem.Modem`."""

    def ask_network(self, code: str, /) -> None: ...
    def network_said(self) -> Said | None: ...
    def end_question(self) -> None: ...


class Asking:
    """The questions of one modem, from opening it to losing it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: tuple[int, float] | None = None

    @property
    def waits(self) -> bool:
        """Whether the network owes an answer: most modems send no SMS meanwhile."""
        return self._open is not None

    def begin(self, ctx: Context, modem: Modem) -> bool:
        """Ask what is to be asked; whether there was anything. Raises what ends the service of this
        modem."""
        found = None if self.waits else balance.next_code(ctx)
        if found is None:
            return False
        key, code = found
        balance.begin(ctx, key)
        if not code:
            balance.failed(ctx, key, balance.NoCode())
            return True
        self._open = key, self._clock.monotonic() + PATIENCE
        try:
            modem.ask_network(code)
        except Refused as refusal:
            self._open = None
            balance.failed(ctx, key, refusal)
        return True

    def listen(self, ctx: Context, modem: Modem) -> bool:
        """Take in what the network has said; whether that changed the store."""
        said = modem.network_said()
        if said is not None and said.status is Status.ASKS:
            # A menu that nobody reads would keep the line from everything else.
            modem.end_question()
        if self._open is None:
            return False
        key, until = self._open
        if said is not None and (said.text or said.status is not Status.ENDED):
            balance.answered(ctx, key, said.text, balance.amount(said.text, cut=said.cut))
        elif said is not None or self._clock.monotonic() >= until:
            modem.end_question()
            balance.failed(ctx, key, balance.NO_ANSWER)
        else:
            return False
        self._open = None
        return True
