"""The store as the screens have it: questions and commands run on threads of their own.

    screen ─ask→ reader thread ─→ store          screen ←StoreChanged─ watcher thread
    screen ─act→ writer thread ─→ command         worker thread ⇄ modem

Nothing here imports the shop before it is needed: the first screen stands before that.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from crm_tui import memory
from crm_tui.clock import Clock
from crm_tui.errors import N_, Problem

if TYPE_CHECKING:
    from crm_tui.feed import Changes, Watcher
    from crm_tui.shop.backups.schedule import Keeper
    from crm_tui.shop.checks.maintenance import Caretaker
    from crm_tui.shop.gate.context import Context, Permit
    from crm_tui.shop.sales.unfinished import Place
    from crm_tui.shop.upkeep.schedule import Keeper as Upkeep
    from crm_tui.shop.users.login import User
    from crm_tui.store import Store

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger(__name__)

AskPermit = Callable[[str, int, str], Awaitable["Permit | None"]]
"""Asks somebody to permit a permission, up to an amount (0: none), for an action of this label."""
_STATEMENTS = 64
"""What screens ask again and again, the menu's figures above all, is half as many; lists have some each
that are soon not asked any more."""
_MOST_PERMITS = 4
"""A command needs no more of them."""
LEAVE_SECONDS = 4.0
"""How long the end of the program waits for an SMS that is on the line."""


class Unforeseen(Problem):
    """Something went wrong that should not; the log has it."""

    text = N_("Something unexpected went wrong. The details are in crm.log.")


class Desk:
    """One shop, one place at the counter. All coroutines are for the interface's loop."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.computer = clock
        """The computer's own clock, which may be wrong."""
        self.clock: Clock = clock
        """What screens go by: as soon as a shop is open, the time that counts there."""
        self.user: User | None = None
        self.granted: frozenset[str] = frozenset()
        self._store: Store | None = None
        self._reader = ThreadPoolExecutor(2, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._long = ThreadPoolExecutor(1, "long")
        self.done = 0
        """How many commands were done here."""
        self._watcher: Watcher | None = None
        self._caretaker: Caretaker | None = None
        self._keeper: Keeper | None = None
        self._worker: threading.Thread | None = None
        self._upkeep: Upkeep | None = None
        self._place: Place | None = None
        self._leaving = threading.Event()
        self._permits: list[Permit] = []
        self.ask_permit: AskPermit | None = None
        """Asks a second person to permit what the user may not do; None from it: nobody does."""
        self.unheard: Callable[[Problem], None] | None = None
        """Told what a command fails with whose screen was left meanwhile."""

    # ── the store ─────────────────────────────────────────────────────────────────────────────

    async def open(self) -> None:
        """Open the shop's file. Raises a `StoreProblem`; `StoreMissing` if there is no shop yet."""

        def do() -> "Store":
            from crm_tui.shop.gate.folder import store_path
            from crm_tui.shop.gate.shoptime import time_of
            from crm_tui.store import Store

            store = Store(store_path(self.folder), kept=_STATEMENTS)
            # The last moment is read here, for the screens do not wait for the store.
            time_of(store, self.computer).now()
            return store

        self.adopt(await self._run(self._writer, do))

    def adopt(self, store: "Store") -> None:
        """Work on a store that was opened elsewhere."""
        from crm_tui.shop.gate.shoptime import ShopClock, time_of

        self._store = store
        self.clock = ShopClock(self.computer, time_of(store, self.computer))

    @property
    def store(self) -> "Store":
        assert self._store is not None, "no shop is open"
        return self._store

    def _context(self, more: "Sequence[Permit]" = ()) -> "Context":
        from crm_tui.shop.gate.context import DOOR, Context

        actor = self.user.actor if self.user else DOOR
        ctx = Context(self.store, self.computer, actor, (*self._permits, *more))
        ctx.place = self.held_place or 0
        return ctx

    async def ask(
        self, query: Callable[Concatenate["Context", P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """What `query` finds. Raises nothing but a `Problem`."""
        return await self._call(self._reader, self._context(), self._seen(query), *args, **kwargs)

    async def act(
        self, command: Callable[Concatenate["Context", P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a command as the user who is signed in; what the user may not do, somebody else may
        permit on the spot. Raises nothing but a `Problem`."""
        result, _ = await self._act(command, *args, **kwargs)
        return result

    async def permits_for(
        self, check: Callable[Concatenate["Context", P], object], *args: P.args, **kwargs: P.kwargs
    ) -> "Sequence[Permit]":
        """What somebody else permitted so that `check` raised nothing: for the command that follows.
        Raises what `check` does if nobody permits it."""
        _, permits = await self._act(check, *args, **kwargs)
        return permits

    async def _act(
        self, command: Callable[Concatenate["Context", P], R], *args: P.args, **kwargs: P.kwargs
    ) -> "tuple[R, Sequence[Permit]]":
        from crm_tui.shop.gate.errors import SessionEnded

        permits: list[Permit] = []
        asked = self.user
        with suppress(OSError):
            # Wrong passwords are counted by counter; a folder that nobody can write has none.
            await self.place()
        try:
            while True:
                if self.user is not asked:
                    # Somebody else signed in while a permit was asked for: nobody wants it now.
                    raise SessionEnded()
                ctx = self._context(permits)
                try:
                    result = await self._call(self._writer, ctx, command, *args, **kwargs)
                    self.done += 1
                    return result, permits
                except Problem as problem:
                    if len(permits) == _MOST_PERMITS:
                        raise
                    permits.append(await self._permit(problem))
        finally:
            if self._watcher is not None:
                self._watcher.nudge()

    async def _permit(self, problem: Problem) -> "Permit":
        """What lets the refused command go on. Raises the problem, or who could have permitted it."""
        from crm_tui.shop.gate import access
        from crm_tui.shop.gate.errors import NotAllowed, OnlyOthers

        named = str(problem.params.get("permission", ""))
        if not isinstance(problem, NotAllowed) or self.user is None or self.ask_permit is None:
            raise problem
        amount = int(str(problem.params.get("amount") or 0))
        permit = await self.ask_permit(named, amount, "")
        if permit is None:
            roles = await self.ask(access.who_may, named, amount)
            if roles:
                raise OnlyOthers(**problem.params, roles=", ".join(roles)) from problem
            raise problem
        return permit

    @contextmanager
    def permitted(self, *permits: "Permit") -> "Iterator[None]":
        """As long as this lasts, and until a command has used it up, the user may do what somebody else
        has permitted."""
        mine = [replace(each) for each in permits]
        self._permits += mine
        try:
            yield
        finally:
            self._without(mine)

    def _without(self, gone: "Sequence[Permit]") -> None:
        # By identity: what lasts longer may have begun earlier, or permit the same.
        own = {id(each) for each in gone}
        self._permits = [each for each in self._permits if id(each) not in own]

    async def take_time(
        self, work: Callable[Concatenate["Context", P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """What takes long, on a thread of its own: questions and commands go on beside it. Raises
        nothing but a `Problem`."""
        seen = self._seen(work)

        def do(ctx: "Context", /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return seen(ctx, *args, **kwargs)
            finally:
                # It is rare: neither its connection nor what it took is kept for the next one.
                ctx.store.close()
                memory.give_back()

        return await self._call(self._long, self._context(), do, *args, **kwargs)

    @staticmethod
    def _seen(
        query: Callable[Concatenate["Context", P], R],
    ) -> Callable[Concatenate["Context", P], R]:
        """The same, for a user whose session goes on; commands ask for that themselves."""

        def do(ctx: "Context", /, *args: P.args, **kwargs: P.kwargs) -> R:
            from crm_tui.shop.gate import access

            access.see(ctx)
            return query(ctx, *args, **kwargs)

        return do

    async def _call(
        self,
        threads: ThreadPoolExecutor,
        ctx: "Context",
        function: Callable[Concatenate["Context", P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        def do() -> R:
            try:
                with self.store.told():
                    return function(ctx, *args, **kwargs)
            except Problem:
                raise
            except Exception as trouble:
                # Whatever it is, the person at the counter gets a sentence and goes on.
                log.exception("%s failed", function)
                raise Unforeseen() from trouble

        running = asyncio.get_running_loop().run_in_executor(threads, do)
        try:
            if threads is not self._writer:
                return await running
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            if threads is self._writer:
                # Who asked for it has left the screen: it is done all the same.
                running.add_done_callback(partial(self._left_behind, self.user))
            raise
        finally:
            self._without(ctx.spent)

    def _left_behind(self, user: "User | None", done: "asyncio.Future[Any]") -> None:
        """Tell of it if it failed, as long as the same user is here."""
        problem = None if done.cancelled() else done.exception()
        if isinstance(problem, Problem) and self.unheard is not None and self.user is user:
            self.unheard(problem)

    @staticmethod
    async def _run(threads: ThreadPoolExecutor, do: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(threads, do)

    async def elsewhere(self, do: Callable[[], R]) -> R:
        """Whatever takes long and is neither question nor command: hashes, imports, ports."""
        return await self._run(self._writer, do)

    async def place(self) -> int:
        """The number of this counter, held from the first time it is asked for."""

        def do() -> "Place":
            from crm_tui.shop.sales.unfinished import Place

            return Place(self.folder)

        if self._place is None:
            self._place = await self._run(self._writer, do)
        return self._place.number

    @property
    def held_place(self) -> int | None:
        """The number of this counter; None as long as nobody has asked for it."""
        return None if self._place is None else self._place.number

    # ── who is here ───────────────────────────────────────────────────────────────────────────

    async def welcome(self, user: "User") -> None:
        """From now on commands are this user's."""
        from crm_tui.shop.gate import access

        self.user, self._permits = user, []
        self.granted = await self._call(self._reader, self._context(), access.granted)

    async def look_up_rights(self) -> None:
        """Ask anew what the user may do: somebody may have changed it."""
        from crm_tui.shop.gate import access

        user = self.user
        if user is None:
            return
        granted = await self._call(self._reader, self._context(), access.granted)
        # Another one may have come meanwhile, who has other ones.
        if self.user is user:
            self.granted = granted

    @property
    def is_welcome(self) -> bool:
        """Whether the user may still be here; somebody may have put them out."""
        from crm_tui.shop.gate import access

        return access.OWN in self.granted

    def goodbye(self) -> None:
        self.user, self._permits = None, []
        self.granted = frozenset()

    def may(self, permission: str) -> bool:
        """Whether to offer it; the command itself asks the store."""
        held = any(permit.permission == permission for permit in self._permits)
        return not permission or permission in self.granted or held

    # ── threads beside the screens ────────────────────────────────────────────────────────────

    def watch(self, post: "Callable[[Changes], None]") -> None:
        """Call `post`, on a thread of its own, with what anybody commits."""
        from crm_tui.feed import Watcher
        from crm_tui.shop.checks.maintenance import Caretaker

        if self._watcher is None:
            self._watcher = Watcher(self.store, self.computer, post)
            self._watcher.start()
            self._caretaker = Caretaker(self.store, self.computer, post)
            self._caretaker.start()

    async def keep(self) -> None:
        """Make backups when they are due, as long as the program is open."""

        def do() -> "Keeper":
            from crm_tui.shop.backups.schedule import Keeper

            return Keeper(self.store, self.clock)

        if self._keeper is None:
            self._keeper = await self._run(self._writer, do)
            self._keeper.start()

    def serve(self, port: str | None = None) -> None:
        """Drive the modem as soon as nobody else does."""
        if self._worker is None:
            self._worker = threading.Thread(
                target=self._serve, args=(port,), name="gateway", daemon=True
            )
            self._worker.start()
            self._tend()

    def _tend(self) -> None:
        from crm_tui.shop.upkeep.schedule import Keeper

        self._upkeep = Keeper(self.store, self.clock)
        self._upkeep.start()

    def _serve(self, port: str | None) -> None:
        from crm_tui.gateway import Gateway
        from crm_tui.store import Store
        from crm_tui.watchdog import Watchdog

        while not self._leaving.is_set():
            try:
                store = Store(self.store.path)
                worker = Gateway(store, self.computer, self.folder, port, stop=self._leaving)
                with Watchdog(worker, store, self.computer):
                    worker.run(wait=True)
            except BaseException:
                # A disk that is full, a file that is locked: whatever it is, it is tried again.
                log.exception("the worker stopped")
                self.computer.wait(5.0, self._leaving)

    def close(self) -> None:
        """End all threads; an SMS that is on the line is waited for a moment."""
        self._leaving.set()
        if self._watcher is not None:
            self._watcher.stop()
        if self._keeper is not None:
            self._keeper.stop()
        if self._upkeep is not None:
            self._upkeep.stop()
        if self._worker is not None:
            self._worker.join(LEAVE_SECONDS)
        if self._caretaker is not None:
            self._caretaker.stop()
        if self._place is not None:
            self._place.give_back()
        for threads in (self._reader, self._writer, self._long):
            # Connections end with their threads.
            threads.shutdown(wait=False, cancel_futures=True)
