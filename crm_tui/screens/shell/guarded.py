"""The one way of every screen onto the stack and off it: while the lock lies there, nothing passes it.

push ─▶ unlocked? ─yes─▶ the stack
           │ no: waits ─▶ the same person unlocked ─▶ the stack
           └────────────▶ somebody else signed in  ─▶ never

What the last one left goes at once: nobody sees it, no key reaches it, no lock comes between.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen

log = logging.getLogger(__name__)

_ON_THE_LOCK = ("focus_next", "focus_previous")
"""The program's own actions that keys may do while it is locked."""


class Overlay:
    """A screen that may be opened over the locked program: the lock itself."""


class GuardedApp(App[str], inherit_bindings=False):
    """A program whose lock holds: no screen is opened or closed above it or through it, and no key of
    the library ends it. Each signing in or out begins another stay: what was asked for in the
    last one is gone."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = False
        self.unlocked = asyncio.Event()
        self.unlocked.set()
        self._stay = 0
        self._hands = asyncio.Lock()

    @asynccontextmanager
    async def changing_hands(self) -> AsyncIterator[None]:
        """As long as this lasts one user's screens go and another one's come: what is pressed or
        clicked is meant for neither. A second Enter could pay what the last one had left open."""
        async with self._hands:
            with self.batch_update():
                yield

    async def between_hands(self) -> None:
        """Wait until nobody comes or goes."""
        async with self._hands:
            pass

    async def on_event(self, event: events.Event) -> None:
        """As the library does; keys, pastes and the mouse reach nothing while users change."""
        if self._hands.locked() and isinstance(event, events.InputEvent | events.Paste):
            return
        await super().on_event(event)

    def another_stay(self) -> None:
        """Somebody signs in or out: what waits for the last one is never opened; the lock is gone."""
        self._stay += 1
        self._clipboard = ""
        self.unlocked.set()

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """As the library does; while the program is locked it is opened only when it is unlocked."""
        if self.unlocked.is_set() or isinstance(screen, Overlay):
            return super().push_screen(screen, *args, **kwargs)
        return self._push_later(screen, *args, **kwargs)

    async def _push_later(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        stay = self._stay
        while not self.unlocked.is_set():
            await self.unlocked.wait()
        if stay != self._stay:
            # Nobody is left who asked for it: whoever waits ends here.
            raise asyncio.CancelledError
        pushed: Awaitable[Any] = super().push_screen(screen, *args, **kwargs)
        return await pushed

    def close_the_door(self) -> None:
        """From now on it is locked; what somebody had copied is not to be read by pasting it there."""
        self._clipboard = ""
        self.unlocked.clear()

    def pop_screen(self) -> AwaitComplete:
        """As the library does; the lock is taken away by unlocking alone."""
        return super().pop_screen() if self.unlocked.is_set() else AwaitComplete()

    def switch_screen(self, screen: Screen[Any] | str) -> AwaitComplete:
        """As the library does, if no lock lies there."""
        if self.unlocked.is_set():
            return super().switch_screen(screen)
        return AwaitComplete()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Beneath the lock the program does nothing by keys, whatever is bound."""
        if not self.unlocked.is_set() and action not in _ON_THE_LOCK:
            return False
        return super().check_action(action, parameters)

    def _handle_exception(self, error: Exception) -> None:
        """A mistake of ours ends in the log and one sentence, never in a traceback."""
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self._give_up(error)

    def panic(self, *renderables: Any) -> None:
        """The library gives up for reasons of its own: the same."""
        if self.is_headless:
            super().panic(*renderables)
        else:
            log.error("the library gave up: %s", "; ".join(map(_where, renderables)))
            self._give_up(None)

    def _give_up(self, error: Exception | None) -> None:
        log.error("the screens failed", exc_info=error)
        self.failed = True
        self.exit(return_code=1)


def _where(renderable: Any) -> str:
    """What went wrong where, of what the library shows when it gives up: that holds values, too, which
    may be a customer's words, or a password."""
    trace = getattr(renderable, "trace", None)
    if trace is None:
        return type(renderable).__name__
    return ", ".join(
        f"{stack.exc_type} in {frame.filename}:{frame.lineno}"
        for stack in trace.stacks for frame in stack.frames[-1:]
    )  # fmt: skip
