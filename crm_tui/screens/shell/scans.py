"""What a scanner types: quicker than any hand, so that it is told from keys and never taken for them.

key ─┬─ a field has the focus ──────────▶ the field; an Enter at the end of a scan comes as `scanned`
     └─ else: a letter waits a moment ─┬─▶ alone: it is a key, and does what that key does
                                       └─▶ with others: a scan, of which no letter is a key

What follows an Enter without a breath belongs to what stood before it: no letter of a paste is a key.
"""

import sys
from collections.abc import Awaitable, Callable
from functools import partial

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.widgets import Input

GAP = 0.05
"""Seconds between two characters of a scanner at most."""
SCANNED = "scanned"
"""The key that a field gets in place of the Enter at the end of a scan."""
_BEHIND = "\n"
"""Stands before the text that the key at a scan's end carries, so that no field takes it for a
letter."""
_LEAST = 3
"""So many characters in a field, each within a gap of the last, are a scan."""
OTHER_ENDS = ("ctrl+j", "tab")
"""The keys that some scanners end with instead of Enter."""
_ENDS = ("enter", *OTHER_ENDS)
AGAIN = 0.3
"""Seconds within which another end belongs to the same scan."""


def scanned_text(event: events.Key) -> str:
    """What a scanner typed, up to this key that ends it; "" where the key is no scan's end."""
    return (event.character or "").removeprefix(_BEHIND) if event.key == SCANNED else ""


def _takes_text(focused: object) -> bool:
    """Whether what one types goes into a field of one line, or of several."""
    if isinstance(focused, Input):
        return True
    # Half a megabyte, which no screen without such a field loads.
    areas = sys.modules.get("textual.widgets._text_area")
    return areas is not None and isinstance(focused, areas.TextArea)


class Scans:
    """`forward` hands a key on as if it came now; `scanned` is told what was scanned outside of
    fields."""

    def __init__(
        self,
        app: App[str],
        forward: Callable[[events.Key], Awaitable[None]],
        scanned: Callable[[str], None],
    ) -> None:
        self.gap = GAP
        """0: nobody has a scanner."""
        self._app, self._forward, self._scanned = app, forward, scanned
        self._held: list[events.Key] = []
        self._screen: Screen[object] | None = None
        self._run = ""
        """What was typed, each character within a gap of the last."""
        self._burst = False
        """Whether what comes now follows a scan, or a paste, without a breath: it belongs to it."""
        self._within = False
        """Whether what is held began so."""
        self._last = self._ended = float("-inf")

    async def take(self, event: events.Key) -> bool:
        """Whether this key is dealt with here; else it goes its usual way."""
        if not self.gap or event.is_forwarded:
            return False
        quick = event.time - self._last <= self.gap
        self._last = event.time
        if not quick:
            self._burst = False
        if self._held and (not quick or self._screen is not self._app.screen):
            await self._let_go()
        typing = _takes_text(self._app.screen.focused) and not self._held
        if event.is_printable:
            self._run = (self._run if quick else "") + (event.character or "")
            if not typing:
                self._hold(event)
            return not typing
        if event.key not in _ENDS:
            if self._held:
                await self._let_go()
            self._run = ""
            # Whoever pressed another key between means the next Enter.
            self._ended = float("-inf")
            return False
        return await self._end(event, quick, typing)

    async def _end(self, event: events.Key, quick: bool, typing: bool) -> bool:
        run, self._run = self._run, ""
        if self._held:
            self._finish()
        elif typing and quick and len(run) >= _LEAST:
            self._ended = event.time
            await self._forward(events.Key(SCANNED, _BEHIND + run))
        else:
            self._burst = self._burst or (quick and bool(run))
            return not run and event.time - self._ended <= AGAIN
        self._ended = event.time
        self._burst = True
        return True

    def _hold(self, event: events.Key) -> None:
        if not self._held:
            self._within = self._burst
        self._screen = self._app.screen
        self._held.append(event)
        self._app.set_timer(self.gap, partial(self._look, event))

    async def _look(self, event: events.Key) -> None:
        """A gap has passed since this key: if it was the last, what was held is whole."""
        if self._held and self._held[-1] is event:
            await self._let_go()

    async def _let_go(self) -> None:
        if len(self._held) > 1:
            self._finish()
            return
        held, self._held = self._held, []
        # A key is meant for the screen on which it was pressed; the rest of a paste is none.
        meant = self._screen is self._app.screen and not self._within
        for event in held if meant else ():
            await self._forward(event)

    def _finish(self) -> None:
        text = "".join(event.character or "" for event in self._held)
        self._held = []
        self._scanned(text)
