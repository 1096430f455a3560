"""What changes by itself: the store, by others' hands and the worker's; the time; the user.

watcher thread ─hear→ topics ─StoreChanged→ figures counted once ─→ every screen on the stack
"""

import asyncio
import logging
import threading
from typing import TYPE_CHECKING

from textual.app import App
from textual.css.query import NoMatches
from textual.message import Message

from crm_tui.clock import moment
from crm_tui.errors import Problem
from crm_tui.screens.shell.page import Page, Watching
from crm_tui.screens.shell.program import program
from crm_tui.screens.widgets.tasks import beside

if TYPE_CHECKING:
    from crm_tui.feed import Changes
    from crm_tui.shop.overview.dashboard import Figures

log = logging.getLogger(__name__)

TICK_SECONDS = 20.0


class StoreChanged(Message):
    """Somebody changed the store. Many of them become one."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, StoreChanged)


class Pulse:
    """Keeps the figures of all screens fresh, rings, and locks when nobody is here."""

    def __init__(self, app: App[str]) -> None:
        self._app = app
        self.figures: Figures | None = None
        self.lock_minutes = 0
        self.old_minutes = 15
        self.rings = True
        self._heard: set[str] = set()
        self._heard_lock = threading.Lock()
        self._noting = False
        self._last_input = 0.0
        self._rung_for: str | None = None

    # ── the store changes ─────────────────────────────────────────────────────────────────────

    def hear(self, changes: "Changes") -> None:
        """Somebody committed; called on the watcher's thread."""
        with self._heard_lock:
            self._heard |= set(changes)
        self._app.post_message(StoreChanged())

    def look(self) -> None:
        """Take in what was heard, beside the app's own messages, through which all keys pass."""
        if not self._noting:
            self._noting = True
            beside(self._app, self._take_notes, group="notes")

    async def _take_notes(self) -> None:
        try:
            while True:
                with self._heard_lock:
                    topics, self._heard = frozenset(self._heard), set()
                if not topics:
                    return
                await self._take_note(topics)
        finally:
            self._noting = False

    async def _take_note(self, topics: frozenset[str]) -> None:
        """Let everything that shows these topics look again."""
        crm = program(self._app)
        try:
            if "settings" in topics:
                await crm.learn_settings()
            if topics & {"users", "roles"} and crm.desk.user is not None:
                await crm.desk.look_up_rights()
                if not crm.desk.is_welcome:
                    from crm_tui.shop.gate.errors import SessionEnded

                    await crm.sign_out(crm.tr(SessionEnded.text))
                else:
                    await crm.leave_forbidden()
            await self.count()
        except Problem as problem:
            log.warning("looking again failed: %s", problem)
        self.tell_screens(topics)

    def tell_screens(self, topics: frozenset[str]) -> None:
        """Let all that is open look again, if it shows these topics; its frame in any case."""
        for screen in self._app.screen_stack:
            if isinstance(screen, Watching):
                try:
                    screen.store_changed(topics)
                except NoMatches:
                    # The screen is being built, or taken away; it looks by itself when it stands.
                    log.debug("%s was told too early", screen)

    def say(self, problem: Problem) -> None:
        """Say what went wrong of a command whose screen was left, where one is now."""
        for page in [each for each in self._app.screen_stack if isinstance(each, Page)][-1:]:
            page.notice(program(page).say(problem), bad=True)

    async def count(self) -> None:
        """Count what waits, and ring for a new order."""
        from crm_tui.shop.overview import dashboard

        before = self.figures
        desk = program(self._app).desk
        self.figures = await desk.ask(dashboard.figures, desk.held_place)
        if before is not None and self.figures.newest > before.newest:
            self.ring()

    # ── time passes ───────────────────────────────────────────────────────────────────────────

    def somebody_is_here(self) -> None:
        """A key was pressed, or the mouse."""
        self._last_input = asyncio.get_running_loop().time()

    async def tick(self) -> None:
        """Now and then: ages grow, orders grow old, nobody is here."""
        self._ring_for_the_old()
        for screen in self._app.screen_stack:
            if isinstance(screen, Page):
                screen.minute()
        self.tell_screens(frozenset())
        idle = asyncio.get_running_loop().time() - self._last_input
        if self.lock_minutes and idle >= 60 * self.lock_minutes:
            await program(self._app).do_app_lock()

    def _ring_for_the_old(self) -> None:
        oldest = self.figures.oldest_at if self.figures else None
        if oldest and oldest != self._rung_for and self.is_old(oldest):
            self._rung_for = oldest
            self.ring()

    def is_old(self, at: str) -> bool:
        """Whether an order that came at this moment has waited long."""
        waited = program(self._app).desk.clock.now() - moment(at)
        return waited.total_seconds() >= 60 * self.old_minutes

    def ring(self) -> None:
        """The terminal's bell, unless the shop wants none."""
        if self.rings:
            self._app.bell()
