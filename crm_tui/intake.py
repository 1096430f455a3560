"""What comes in: stored (T1), taken off the SIM, read (T2).

    CMGR 5 · CMGR 6 ‖ T1 of 5 · CMGD 5 · CMGR 7 ‖ T1 of 6, T2 of 5 · CMGD 6 …

Where several SMS wait, one is stored while the next is read, and what it asks for is done meanwhile,
too: an answer of a hundred octets takes as long as both. The last one is stored while its own final
result is on the way, and read while it is deleted.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from crm_tui.clock import Clock
from crm_tui.errors import N_, Problem
from crm_tui.gsm.line import nothing_with
from crm_tui.modem import Modem, Stored
from crm_tui.shop.gate.context import Context
from crm_tui.shop.items.catalogue import Catalogue
from crm_tui.shop.messages import deduplication, inbox
from crm_tui.shop.messages.deduplication import Received
from crm_tui.store import StoreProblem, state_of

if TYPE_CHECKING:
    from crm_tui.shop.answers.understanding import Foreseen

log = logging.getLogger(__name__)

_UNHANDLED = N_("it could not be dealt with; the details are in crm.log")
_REFUSED, _STUCK = 60.0, 600.0
"""Seconds until a slot that could not be emptied is tried again: the first time, and from then on."""
T = TypeVar("T")
Place = tuple[str, int]
"""A memory, and a slot of it."""


class Intake:
    """What one worker takes in. `flush` commits what the line has told; `turn` is called between two
    SMS, so that what goes out gets its turn, and `due` says whether that has come; `beside` is done
    while the last SMS is deleted; `step` says that the worker goes on."""

    def __init__(
        self,
        clock: Clock,
        flush: Callable[[], object],
        *,
        due: Callable[[], bool],
        turn: Callable[[Context, Modem], object],
        beside: Callable[[Context], object],
        step: Callable[[], object],
    ) -> None:
        self._clock = clock
        self._flush = flush
        self._due, self._turn, self._beside, self._step = due, turn, beside, step
        self._catalogue = Catalogue()
        self._foreseen: Foreseen | None = None
        self._emptied: list[str] = []
        self._none_at: tuple[int, int] | None = None
        """How the store was when no message was unread."""
        self.in_hand: list[Stored] = []
        """Handed over directly, and on no SIM."""
        self.stuck: dict[Stored, float] = {}
        """What could not be taken off the SIM, and when that is tried again (monotonic)."""
        self._marked: set[Stored] = set()
        """Which of them the SIM had marked as read."""
        self.reachable: datetime | None = None
        """Since when the network can reach us."""

    # ── T1 ────────────────────────────────────────────────────────────────────────────────────

    def scanned(self, ctx: Context, modem: Modem, stored: list[Stored]) -> bool:
        """Take in what a scan showed; whether there was any. What could not be taken off before, and is
        not among it, is looked for at its place: the answer to its deletion may have been lost."""
        busy = self.listed(ctx, modem, stored)
        left = [*self.stuck, *(_at(*each) for each in deduplication.unsettled(ctx))]
        for sms in dict.fromkeys(left):
            if sms not in stored and not self._is_stuck(sms):
                self._take_off(ctx, modem, sms)
                self._turn(ctx, modem)
        return busy

    def listed(self, ctx: Context, modem: Modem, stored: list[Stored]) -> bool:
        """Take in what a listing showed, one while the one before is deleted; whether there was any."""
        # A slot may be announced twice: emptied twice, it would lose what came in between.
        waiting = [sms for sms in dict.fromkeys(stored) if not self._is_stuck(sms)]
        for sms, after in _with_next(waiting):
            if sms is waiting[0]:
                self._store(ctx, [sms])
            self._take_off(ctx, modem, sms, after)
            self._turn(ctx, modem)
        return bool(waiting)

    def announced(self, ctx: Context, modem: Modem, places: list[Place]) -> bool:
        """Take in what lies at these places; whether there was anything."""
        places = [place for place in places if place[1] >= 0]
        listed = modem.listing(places)
        busy = self.listed(ctx, modem, listed)
        there = {(sms.memory, sms.index) for sms in listed}
        places = [place for place in places if place not in there]
        read: Stored | None = None
        for place, after in _with_next(places):
            if read is not None and (place[0] != read.memory or not modem.brisk or self._due()):
                self._finish(ctx, modem, read)
                read = None
            alone = after is None or not modem.brisk
            found, kept = self._read(ctx, modem, place, read, early=alone)
            busy = busy or kept or found is not None
            if read is not None:
                self._take_off(ctx, modem, read, last=False)
                read = None
            if found is not None and (kept or alone):
                if not kept:
                    self._store(ctx, [found])
                self._take_off(ctx, modem, found, last=after is None)
            else:
                read = found
            if read is None:
                self._turn(ctx, modem)
        if read is not None:
            self._finish(ctx, modem, read)
        return busy

    def _finish(self, ctx: Context, modem: Modem, read: Stored) -> None:
        self._store(ctx, [read])
        self._take_off(ctx, modem, read)
        self._turn(ctx, modem)

    def _read(
        self, ctx: Context, modem: Modem, place: Place, before: Stored | None, *, early: bool
    ) -> tuple[Stored | None, bool]:
        """What lies at a place, None if it is nothing to take off; and whether it is stored, which is
        done before its final result has come if `early`. `before` is stored meanwhile."""
        kept: list[Stored] = []
        done = False

        def keep(sms: Stored) -> None:
            self._store(ctx, [sms])
            kept.append(sms)

        def meanwhile() -> None:
            nonlocal done
            done = True
            if before is not None:
                self._store(ctx, [before])
            else:
                self._flush()
            self.read_next(ctx)

        sms = modem.read(*place, keep if early else nothing_with, meanwhile)
        if not done:
            meanwhile()
        if sms is None or self._is_stuck(sms):
            return None, bool(kept)
        return sms, sms in kept

    def keep_in_hand(self, ctx: Context) -> bool:
        """Store what was handed over directly; whether there was any."""
        if not self.in_hand:
            return False
        self._store(ctx, self.in_hand)
        self.in_hand.clear()
        return True

    def note_emptied(self, ctx: Context) -> None:
        """Without a next SMS, with which it is noted: what comes into these slots came anew."""
        if self._emptied:
            deduplication.emptied(ctx, self._emptied)
            self._emptied.clear()

    def _is_stuck(self, sms: Stored) -> bool:
        if sms.unread and sms in self._marked:
            # That one is gone, whatever was said of it: another one of the same octets came.
            return False
        return self.stuck.get(sms, 0.0) > self._clock.monotonic()

    def _store(self, ctx: Context, stored: list[Stored]) -> None:
        # A report can only be matched once the reference of its message is written.
        self._flush()
        received = [Received(sms.pdu, sms.place, sms.unread) for sms in stored]
        inbox.take_in(ctx, received, since=self.reachable, emptied=self._emptied)
        self._emptied.clear()

    # ── off the SIM ───────────────────────────────────────────────────────────────────────────

    def _take_off(
        self,
        ctx: Context,
        modem: Modem,
        stored: Stored,
        after: Stored | None = None,
        *,
        last: bool = True,
    ) -> None:
        """Delete what is stored; meanwhile store what comes `after` it, or go on with T2 if it is the
        `last` one."""
        self._step()
        careful = stored.index >= 0 and deduplication.needs_care(ctx, stored.place)
        marked = False
        if careful:
            # Only what the SIM says of this slot will tell the next SMS of these words from it.
            seen = modem.read(stored.memory, stored.index)
            marked = seen is not None and seen.unread is False
            deduplication.about_to_empty(ctx, stored.place, marked=marked)
        done = False

        def meanwhile() -> None:
            nonlocal done
            done = True
            if after is not None:
                self._store(ctx, [after])
            elif last:
                self.read_next(ctx)
                self._beside(ctx)

        gone = modem.delete(stored, meanwhile, prove=careful, marked=marked)
        if not done:
            meanwhile()
        if not gone:
            pause = _STUCK if stored in self.stuck else _REFUSED
            self.stuck[stored] = modem.memories.deletes_again or self._clock.monotonic() + pause
            if marked:
                self._marked.add(stored)
            return
        self.stuck.pop(stored, None)
        self._marked.discard(stored)
        if careful:
            deduplication.emptied(ctx, [stored.place])
        elif stored.place:
            self._emptied.append(stored.place)

    # ── T2 ────────────────────────────────────────────────────────────────────────────────────

    def read_next(self, ctx: Context) -> bool:
        """T2 for the oldest unread message; whether there was one."""
        if self._none_at is not None and self._none_at == state_of(ctx.db):
            return False
        waiting = inbox.unread(ctx, 1)
        if not waiting:
            self._none_at = state_of(ctx.db)
            return False
        # What reads and answers is much, and waits for the first SMS.
        from crm_tui.shop.answers import handling, understanding

        self._foreseen = self._foreseen or understanding.Foreseen()
        try:
            # What the store says is no fault of the SMS.
            with ctx.store.told():
                # Made anew, if items were renamed, before the store is locked for writing.
                index = self._catalogue.index(ctx)
                understanding.foresee(ctx, waiting[0], index, self._foreseen)
                handling.handle(ctx, waiting[0], self._catalogue, self._foreseen)
        except StoreProblem:
            raise
        except Exception as trouble:
            # Whatever a message does to us, it must reach a person, and the next one its turn.
            log.exception("message %s could not be handled", waiting[0])
            reason = trouble.stored if isinstance(trouble, Problem) else _UNHANDLED
            handling.leave_to_staff(ctx, waiting[0], reason)
        return True


def _at(place: str, pdu: str) -> Stored:
    """What lay at a place (`Stored.place`)."""
    memory, index = place.rsplit(" ", 1)
    return Stored(memory, int(index), pdu)


def _with_next(items: list[T]) -> list[tuple[T, T | None]]:
    """Each with the one behind it."""
    return [(item, items[at] if at < len(items) else None) for at, item in enumerate(items, 1)]
