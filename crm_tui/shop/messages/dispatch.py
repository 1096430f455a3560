"""Handing SMS to the modem, one at a time, and writing down what became of each."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

from crm_tui.gsm.errors import (
    Interrupted,
    LineProblem,
    ModemProblem,
    Refused,
    SendInDoubt,
    SimBusy,
)
from crm_tui.gsm.send_gate import TRIAL, Outlet
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages import delivery
from crm_tui.shop.messages.outbox import KINDS
from crm_tui.store import StoreProblem, state_of

log = logging.getLogger(__name__)
_LOG_AFTER = 16
"""SMS after which the store's log is brought to its place. Where many go out quickly it would grow so
long meanwhile that a commit had to do it, with the line idle behind that."""


class Modem(Protocol):
    """What is used of `modem.Modem`."""

    def send(
        self, pdu: str, claim: Callable[[], bool], meanwhile: Callable[[], object], /
    ) -> int | None: ...
    def suspects(self) -> None: ...


class HandingOver:
    """What goes out, through `outlet`. What the line has told is put into `after`, to be committed
    while it is busy with the next; `unwanted` as `sending.claim` has it."""

    def __init__(
        self, outlet: Outlet, after: deque[Callable[[], object]], unwanted: delivery.Unwanted
    ) -> None:
        self.outlet = outlet
        self._after = after
        self._unwanted = unwanted
        self._served: deque[str] = deque(maxlen=64)
        self._sent: Callable[[], object] | None = None
        self._looked: tuple[tuple[int, int], delivery.Segment | None] | None = None
        self._in_log = 0
        """SMS that were handed over since the log was brought to its place."""

    def upcoming(self, ctx: Context) -> delivery.Segment | None:
        """The SMS that is sent next, None if there is none or nothing can go out."""
        if not self.outlet.may_send():
            return None
        state = state_of(ctx.db)
        if self._looked is None or self._looked[0] != state:
            self._looked = state, delivery.upcoming(ctx, self._served)
        return self._looked[1]

    def look_ahead(self, ctx: Context) -> None:
        """Find out what is sent next, as long as nobody waits for it."""
        self.upcoming(ctx)

    def _shorten_log(self, ctx: Context) -> None:
        self._in_log += 1
        if self._in_log >= _LOG_AFTER:
            self._in_log = 0
            ctx.store.checkpoint()

    def presses(self, ctx: Context) -> bool:
        """Whether an SMS waits that is sent before what came in is read: an answer, or what goes before
        answers. What was not asked for may be called off by what came in."""
        segment = self.upcoming(ctx)
        return segment is not None and segment.priority <= KINDS["answer"].priority

    def next(
        self,
        ctx: Context,
        modem: Modem,
        flush: Callable[[], object],
        meanwhile: Callable[[], object],
    ) -> bool:
        """Send the next SMS of the outbox; whether there was one. `flush` commits `after`; `meanwhile`
        is done while the network takes it.

        Raises what ends the service of this modem, the SMS being kept.
        """
        segment = self.upcoming(ctx)
        if segment is None:
            return False
        trouble: list[Exception] = []

        def beside() -> None:
            try:
                flush()
                meanwhile()
                self._shorten_log(ctx)
                self.look_ahead(ctx)
            except Exception as problem:  # noqa: BLE001 - raised below
                # The SMS is on its way: what becomes of it is heard before.
                trouble.append(problem)

        self._hand(ctx, modem, segment, flush, beside)
        if trouble:
            raise trouble[0]
        return True

    def _hand(
        self,
        ctx: Context,
        modem: Modem,
        segment: delivery.Segment,
        flush: Callable[[], object],
        meanwhile: Callable[[], object],
    ) -> None:
        claimed = False

        def claim() -> bool:
            nonlocal claimed
            try:
                if list(self._after) == [self._sent]:
                    claimed = delivery.claim_behind(ctx, self._after[0], segment, self._unwanted)
                    self._after.clear()
                else:
                    flush()
                    claimed = delivery.claim(ctx, segment, self._unwanted)
            except StoreProblem:
                raise
            except Exception:
                # It would fail again and again, and nothing behind it would go out.
                log.exception("message %s could not be claimed", segment.message_id)
                self._after.append(lambda: delivery.given_up(ctx, segment))
            if claimed:
                self.outlet.begins()
                if segment.phone in self._served:
                    self._served.remove(segment.phone)
                self._served.append(segment.phone)
            return claimed

        try:
            reference = modem.send(segment.pdu, claim, meanwhile)
        except Refused as refusal:
            if claimed and refusal.of_the_sim:
                self._after.append(lambda: delivery.not_sent(ctx, segment))
            elif claimed:
                self._refused(ctx, modem, segment, refusal)
            if refusal.of_the_sim:
                raise SimBusy() from refusal
        except SendInDoubt as doubt:
            self._after.append(lambda: delivery.doubted(ctx, segment))
            if isinstance(doubt.__cause__, Refused):
                # The modem goes on; only this SMS is in doubt.
                return
            if isinstance(doubt.__cause__, ModemProblem):
                raise doubt.__cause__ from doubt
            raise
        except (LineProblem, Interrupted):
            if claimed:
                self._after.append(lambda: delivery.not_sent(ctx, segment))
            raise
        else:
            if reference is not None:
                self.outlet.sent(segment.phone)
                self._sent = lambda: delivery.sent(ctx, segment, reference)
                self._after.append(self._sent)

    def _refused(
        self, ctx: Context, modem: Modem, segment: delivery.Segment, refusal: Refused
    ) -> None:
        trial = self.outlet.trying
        again = self.outlet.refused(segment.phone, refusal)
        # The next trial is for another customer: this one's number may be at fault.
        pause = 1.5 * TRIAL if trial and again else 0.0
        # The exception's name ends with its block; what it said is written later.
        reason = refusal.reason
        self._after.append(
            lambda: delivery.refused(ctx, segment, reason, passing=again, pause=pause)
        )
        if refusal.of_the_network:
            modem.suspects()
