"""The process of a branch in a chain: rounds with the head office, one after the other, beside the
shop.

Nothing of the shop ever waits for it: it reads in short views, and writes one row. One process a
shop has the lock; the system frees it when its holder dies. What goes wrong is told once, and
tried again, later and later, each branch at moments of its own."""

import logging
import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from crm_tui import memory
from crm_tui.clock import Clock
from crm_tui.program_lock import ProgramLock
from crm_tui.replication import change_capture, enrolling, errors, forking, reading, up
from crm_tui.replication.line import Hello, Line
from crm_tui.shop.gate.context import Context
from crm_tui.store import Store, StoreProblem

log = logging.getLogger(__name__)

LOCK = "chain.lock"
EVERY = 30.0
"""Seconds between two rounds that found little to do."""
LEAST_PAUSE, MOST_PAUSE = 5.0, 600.0
"""Seconds after trouble: twice as many each time, up to the most."""
LEAST_ROWS = 50
"""So few a batch come through any line that is worth the name."""


class Rounds:
    """Rounds until `stop` is set. `connect` makes the line, which is opened at the first question;
    `tell` gets each trouble once, and None when all is well again."""

    def __init__(
        self,
        store: Path,
        clock: Clock,
        folder: Path,
        connect: Callable[[], Line],
        *,
        every: float = EVERY,
        tell: Callable[[errors.ChainProblem | StoreProblem | None], None] = lambda trouble: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.stop = threading.Event()
        self.line: Line = connect()
        self.most = reading.AT_ONCE
        """Rows of a batch. On a line that breaks off before one is through they become fewer, so that
        some get there."""
        self._store = store
        self._clock = clock
        self._lock = ProgramLock(folder / LOCK, mode=0o600, thread_local=False)
        self._every = every
        self._tell = tell
        self._chance = chance
        self._failures = 0
        self._trouble = "?"
        self._loaded = 0

    def run(self) -> None:
        """Serve. Raises `ChainHeld` if another process does."""
        with self._held():
            while not self.stop.is_set():
                self._clock.wait(self._one(), self.stop)

    def once(self) -> int:
        """One round; how many rows went up. Raises `ChainHeld`, `ChainProblem`, `StoreProblem`."""
        with self._held():
            return self.round()

    @contextmanager
    def _held(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise errors.ChainHeld() from None
        try:
            yield
        finally:
            self.line.close()
            self._lock.release()

    def _one(self) -> float:
        """One round; seconds until the next."""
        try:
            self.round()
        except errors.ChainProblem as trouble:
            self._say(trouble)
            if isinstance(trouble, errors.HistoryProblem):
                return MOST_PAUSE * self._spread()
        except StoreProblem as trouble:
            # The disk may be full, or a restore is going on.
            self._say(trouble)
        else:
            if self._failures or self._loaded != len(sys.modules):
                # What a round loaded is kept; what it read is not.
                self._loaded = len(sys.modules)
                memory.settle()
            else:
                # What points at itself goes at once, not when there is a megabyte of it.
                memory.tidy()
            self._failures = 0
            self._say(None)
            return self._every * self._spread()
        self._failures += 1
        pause = LEAST_PAUSE * 2.0 ** min(self._failures - 1, 10)
        return min(MOST_PAUSE, pause) * self._spread()

    def _spread(self) -> float:
        """When the office comes back, not all branches come at once."""
        return 0.5 + self._chance()

    def round(self) -> int:
        """Say hello, send what is new, take what came; how many rows went up. Raises `ChainProblem`,
        `StoreProblem`.

        The store is open for the round alone: between two of them it can be restored.
        """
        ctx = Context(Store(self._store), self._clock, up.ACTOR)
        try:
            return self._round(ctx)
        except errors.ChainProblem as trouble:
            self.line.close()
            known = up.as_known(ctx, trouble)
            up.failed(ctx, known)
            raise known from trouble.__cause__
        finally:
            ctx.store.close()

    def _round(self, ctx: Context) -> int:
        enrolling.enrolled(ctx)
        change_capture.keep(ctx)
        hello = up.hello(ctx, self.line)
        if forking.wanted(ctx, hello):
            forking.fork(ctx, self.line, hello)
            hello = up.hello(ctx, self.line)
        up.look_back(ctx, hello)
        known = up.compare(ctx, hello)
        up.begin(ctx, self.line, known)
        sent = 0
        while not self.stop.is_set():
            rows = self._send(ctx, known)
            if rows < 0:
                break
            sent += rows
        if not self.stop.is_set() and self._something_comes(ctx, hello):
            # It loads much of the shop: only where there is something to take.
            from crm_tui.replication import down

            down.take(ctx, self.line, hello)
        with ctx.store.reading() as db:
            left = reading.behind(db, up.positions(known.marks))
            cursor = int(db.execute("SELECT cursor FROM chain").fetchone()[0])
        while self.line.reached(cursor, left) and not self.stop.is_set():
            # It passes on what came some rows at a time, so that others get their turn.
            pass
        # Not before the office has noted it.
        up.meet(ctx, known, hello, left, cursor)
        return sent

    def _send(self, ctx: Context, known: up.Known) -> int:
        as_text = self.line.as_text
        try:
            rows = up.send(ctx, self.line, known, most=self.most)
        except errors.OfficeProblem:
            if as_text and not self.line.as_text:
                # What could not be read as it stood is written row by row.
                return self._send(ctx, known)
            self.most = max(LEAST_ROWS, self.most // 4)
            raise
        self.most = min(reading.AT_ONCE, self.most * 2)
        return rows

    def _something_comes(self, ctx: Context, hello: Hello) -> bool:
        """Whether the office has rows for this branch, or is another one than before."""
        row = ctx.db.execute("SELECT cursor, lineage FROM chain").fetchone()
        changed = row["lineage"] not in ("", hello.lineage)
        return changed or bool(self.line.downs(row["cursor"], 1))

    def _say(self, trouble: errors.ChainProblem | StoreProblem | None) -> None:
        told = "" if trouble is None else trouble.stored
        if told != self._trouble:
            self._trouble = told
            if trouble is not None:
                log.warning("%s", trouble, exc_info=trouble.__cause__)
            self._tell(trouble)
