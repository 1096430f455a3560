"""The line in which items are typed or scanned: taken in turn, given back if nothing was taken.

typed ──Enter──▶ line free at once ──in its turn──▶ `take` ─┬─▶ taken; what was said against it goes
                                                           └─▶ refused: given back, what fits is marked
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from textual import events
from textual.dom import DOMNode

from crm_tui.errors import N_, Problem
from crm_tui.screens.items.fitting import Fitting
from crm_tui.screens.shell.program import program
from crm_tui.screens.shell.scans import scanned_text
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.sales import entry

log = logging.getLogger(__name__)

Take = Callable[[str, int | None, bool], Awaitable[None]]
"""Takes what was typed; the key of the item that was chosen by hand from what fits, if one was; and
whether it was asked about and typed again. A `Problem`: nothing was taken."""
Say = Callable[[str, bool], None]
"""Says a sentence, in red or not; "" takes back the last one, and whatever stands there in red."""

_BRIEF = 24
_TWICE = 0.4
"""Seconds within which a second Enter is the scanner's, not the clerk's."""
_LONE_NUMBER = re.compile(r"\s*[0-9]{1,7}\s*")
_COUNT_BEFORE = re.compile(r"\s*[0-9]{1,7}(?:\s*\*\s*|\s+)")


class ItemLine(Line):
    """The line; `pressed` sees each key first, in the order in which they were pressed."""

    def __init__(
        self, field: Field, pressed: Callable[[events.Key], bool],
        entered: Callable[[Sequence[str]], None],
    ) -> None:  # fmt: skip
        super().__init__(field, "")
        self._pressed, self._put_in = pressed, entered

    def pasted(self, lines: Sequence[str]) -> None:
        """Several lines that were pasted are put in one by one."""
        self._put_in(lines)

    async def _on_key(self, event: events.Key) -> None:
        if self.app.screen is self.screen and self._pressed(event):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)


class Entering:
    """What is typed in an `ItemLine` of `over`, which shows what fits in a `Fitting`.

    `done` is called when all that was typed has been dealt with; `what` gives the part of what was
    typed that says how many of what.
    """

    def __init__(
        self, over: DOMNode, take: Take, say: Say, done: Callable[[], Awaitable[None]],
        what: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        self._over, self._take, self._say, self._done = over, take, say, done
        self._what = what
        self._entries: list[tuple[str, int | None, bool]] = []
        self._putting = False
        self.misses = 0
        """How often nothing was taken."""
        self._fits: str | None = None
        """What was typed when the items were found that are shown."""
        self._back: str | None = None
        """What was given back because nothing was taken."""
        self._asked: str | None = None
        """A quantity that was asked about."""
        self._entered_at = 0.0
        self._lost = False
        """Something was not taken while more was typed: what is said of it stays for now."""
        self._behind = ""
        """What stood in the line when something was not taken: a number would be for that."""

    @property
    def line(self) -> ItemLine:
        return self._over.query_one(ItemLine)

    @property
    def fitting(self) -> Fitting:
        return self._over.query_one(Fitting)

    @property
    def busy(self) -> bool:
        """Whether something that was typed is still to be put in."""
        return bool(self._entries) or self._putting

    async def idle(self) -> None:
        """Wait until all that was typed has been put in, or given back."""
        while self.busy:
            await asyncio.sleep(0.01)

    # ── looking for it ────────────────────────────────────────────────────────────────────────

    def typed(self, text: str) -> None:
        """The line holds this now: look for what fits."""
        if text != self._back:
            self._back = None
        if text != self._fits:
            beside(self._over, partial(self._find, text), group="search", exclusive=True)

    async def _find(self, typed: str) -> None:
        text = entry.searched(self._what(typed))
        desk = program(self._over).desk
        rows = await desk.ask(entry.matches, text) if text else []
        if self.line.is_mounted and self.line.value == typed:
            self._fits = typed
            self.fitting.put(rows, typed=bool(text))

    def mark(self, key: str) -> bool:
        """↑ ↓ mark another of what fits; whether that is what the key did."""
        self._entered_at = 0.0
        step = {"up": -1, "down": 1}.get(key)
        if step is None or not self.fitting.display:
            return False
        now = self.fitting.marked
        self.fitting.mark((0 if step > 0 else None) if now is None else now + step)
        return True

    # ── putting it in ─────────────────────────────────────────────────────────────────────────

    def enter(self, event: events.Key) -> bool:
        """Put in what is typed, at Enter or at the end of a scan; False if Enter was pressed on an
        empty line, by a person."""
        twice = event.time - self._entered_at < _TWICE
        self._entered_at = event.time
        line, scanned = self.line, scanned_text(event)
        if twice and line.value in ("", self._back):
            # A scanner's second Enter takes nothing that only a person may.
            return True
        if scanned and line.value.endswith(scanned):
            before = line.value.removesuffix(scanned)
            if before and not _COUNT_BEFORE.fullmatch(before):
                # What stood there was typed for something else.
                line.value = scanned
        if line.value.strip():
            self.put([line.value])
            return True
        return event.key != "enter"

    def put(self, typed: Sequence[str]) -> None:
        """Put in what was typed, in its turn; the line is free for what comes next. A number that was
        begun behind what was not taken counts nothing: it would be of another item."""
        behind, self._behind = self._behind, ""
        if behind and typed[0].startswith(behind) and _LONE_NUMBER.fullmatch(typed[0]):
            self.line.value = ""
            self._over.app.bell()
            return
        whole = [self._fits] == list(typed)
        chosen = self.fitting.chosen if whole else None
        again = [self._asked] == list(typed) and self._back == self._asked
        self._entries += [(each, chosen, again) for each in typed]
        self._fits, self.line.value, self._asked = "", "", None
        self.fitting.put((), typed=False)
        if not self._putting:
            self._putting = True
            beside(self._over, self._put_in, group="entries")

    async def _put_in(self) -> None:
        try:
            while self._entries:
                typed, chosen, again = self._entries.pop(0)
                await self._one(typed, chosen, again)
        finally:
            self._putting = self._lost = False
        await self._done()

    async def _one(self, typed: str, chosen: int | None, again: bool) -> None:
        if not self._lost:
            self._say("", False)
        try:
            await self._take(typed, chosen, again)
        except Problem as problem:
            await self._missed(typed, problem)
        except Exception:
            log.exception("%r could not be put in", typed)
            await self._missed(typed, program(self._over).unforeseen())

    async def _missed(self, typed: str, problem: Problem) -> None:
        """Nothing was taken: say why, and give the text back, so that typing replaces it."""
        self.misses += 1
        crm, line = program(self._over), self.line
        self._over.app.bell()
        quantity = isinstance(problem, entry.BeyondStock)
        text = entry.searched(self._what(typed)) or self._what(typed).strip()
        rows = [] if quantity else await crm.desk.ask(entry.matches, text)
        if line.value or self._entries:
            self._lost = True
            if not self._entries:
                self._behind = line.value
            elif _LONE_NUMBER.fullmatch(self._entries[0][0]):
                # So many of what was not taken, not of the line before it.
                self._entries.pop(0)
            told = N_("“{text}” was not taken: scan it again.")
            self._say(crm.tr(told, text=typed[:_BRIEF]), True)
            return
        asking = isinstance(problem, entry.TO_BE_MARKED)
        self._say(crm.say(problem), not (asking or quantity))
        self._fits = self._back = line.value = typed
        self._asked = typed if quantity else None
        line.select_all()
        self.fitting.put(rows, typed=not quantity)
        if asking and rows:
            self.fitting.mark(0)
