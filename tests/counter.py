"""The screens under test: the app on a small shop, without a worker of its own, at a fixed moment."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual import events
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import Worker

from crm_tui import memory
from crm_tui.app import CrmApp
from crm_tui.clock import SystemClock
from crm_tui.practice.shop import Practice
from crm_tui.screens.shell import page, scans
from crm_tui.screens.widgets.plain import Plain
from crm_tui.shop.checks import maintenance
from crm_tui.shop.gate.context import Context
from crm_tui.shop.users import login, setup
from tests import at_rest
from tests.pictures import drawn
from tests.shop import START, Shop

SMALL, LARGE = (80, 24), (120, 40)
PATIENCE = 30.0
"""Seconds that a busy computer is waited for; nobody waits for what has come about."""
PASSWORD = "kuda-lari"


def key_event(key: str) -> events.Key:
    """A character, or a key by its name."""
    return events.Key(_character_to_key(key), key) if len(key) == 1 else events.Key(key, None)


at_rest.begin()
GAP = scans.GAP
# The pilot's keys are as quick as a scanner's.
scans.GAP = 0.0
# … and nobody is dazzled by what is shown anew again and again.
page._BREATH = 0.0


class StillClock(SystemClock):
    """The wall clock stands still; waiting takes its real time."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Counter:
    """An app with its pilot and the shop behind it."""

    def __init__(self, app: CrmApp, pilot: Pilot[str], shop: Shop) -> None:
        self.app, self.pilot, self.shop = app, pilot, shop

    async def press(self, *keys: str) -> None:
        """Press keys, and let what they do come to its end."""
        for key in keys:
            await self.pilot.press(key)
            await self._beyond_a_scan()
        await self.settle()

    async def type(self, text: str) -> None:
        await self.press(*("space" if char == " " else char for char in text))

    async def _beyond_a_scan(self) -> None:
        """Where there is a scanner, a person's keys come slower than its own."""
        if self.app.scans.gap:
            await asyncio.sleep(self.app.scans.gap * 1.5)

    async def paste(self, text: str) -> None:
        """What the terminal hands over at once."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def scan(self, text: str, *ends: str) -> None:
        """What a scanner types: all at once, with one Enter or what it ends with."""
        for each in (*text, *(ends or ("enter",))):
            self.app.post_message(key_event(each))
        await self.pilot.pause()
        await self._beyond_a_scan()
        await self.settle()

    async def settle(self) -> None:
        """Wait until no worker of the app has anything left to do; while it is locked, what was asked
        below waits on."""
        for _ in range(200 if self.app.unlocked.is_set() else 20):
            await self.pilot.pause()
            if all(each.is_finished or self._asks(each) for each in self.app.workers):
                break
            await asyncio.sleep(0.01)
        await self.pilot.pause()

    def _asks(self, worker: Worker[Any]) -> bool:
        """Whether somebody is to answer first: who acts in a list, or below a box that is open."""
        below = worker.node.screen is not self.app.screen
        return worker.group == "actions" or (worker.group == "default" and below)

    async def paint(self) -> None:
        """Draw all of the screen, as a terminal would be sent it."""
        app = self.app
        app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
        await self.settle()

    async def until(self, true: Callable[[], Any], what: str = "") -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, what or "it did not come about in time"
            await self.pilot.pause()
            await asyncio.sleep(0.01)

    @property
    def text(self) -> str:
        """What stands on the screen, or in the box above it."""
        return "\n".join(strip.text.rstrip() for strip in drawn(self.app.screen))

    @property
    def notice(self) -> str:
        return str(self.app.screen.query_one("#notice", Plain).render())


def staff(shop: Shop, role: str = "Administrator", name: str = "sari") -> login.User:
    """A user of the shop with a role."""
    user_id = setup.add_user(shop.ctx, name, PASSWORD, role=role, name=name.title())
    return login.user(shop.ctx, user_id)


_render_update = Compositor.render_update


def unpainted(
    self: Compositor,
    full: bool = False,
    screen_stack: list[Screen[Any]] | None = None,
    simplify: bool = False,
) -> Any:
    """Draw a screen when somebody looks at it, not for a terminal that is not there."""
    if full:
        return _render_update(self, full, screen_stack, simplify)
    visible_screen_stack.set(screen_stack or [])
    self._dirty_regions.clear()
    return None


_parsed: dict[frozenset[tuple[str, str]], LRUCache[tuple[Any, ...], list[RuleSet]]] = {}
"""What was parsed of the styles, by the theme's values: each test opens an app, and they are alike."""
_set_variables = Stylesheet.set_variables


def _with_parsed(self: Stylesheet, variables: dict[str, str]) -> None:
    self._parse_cache = LRUCache(1)
    _set_variables(self, variables)
    self._parse_cache = _parsed.setdefault(frozenset(variables.items()), LRUCache(1024))


Stylesheet.set_variables = _with_parsed  # type: ignore[method-assign]


async def _nobody() -> None:
    """Keeps no backups."""


def _nothing() -> None:
    """Gives nothing back."""


@asynccontextmanager
async def counter(
    shop: Shop,
    user: login.User | None = None,
    *,
    size: tuple[int, int] = SMALL,
    language: str | None = None,
    practice: bool = False,
    painted: bool = False,
    scanner: bool = False,
    tidied: bool = False,
) -> AsyncIterator[Counter]:
    """The app, opened; with a `user` it stands at the menu. Tests are spared a third of
    their time, for not every step is painted for a terminal that is not there. Pictures are `painted`:
    how a long text wraps, and what a box dims, depends on it. Only a `tidied` one gives back memory
    after each screen: that looks through all that the tests of a worker ever made."""
    clock = StillClock(shop.clock.now())
    app = CrmApp(
        shop.folder, clock, language=language,
        practice=Practice(shop.folder, clock) if practice else None,
    )  # fmt: skip
    if scanner:
        app.scans.gap = GAP
    # The shop of the tests has its own worker.
    app.desk.serve = lambda port=None: None  # type: ignore[method-assign]
    # Nor does a backup come in between because a test takes long.
    app.desk.keep = _nobody  # type: ignore[method-assign]
    made = _render_update if painted else unpainted
    kept: AbstractContextManager[Any] = (
        nullcontext() if tidied else patch.multiple(memory, tidy=_nothing, settle=_nothing)
    )
    # … or its store is read through.
    unchecked = patch.object(maintenance, "FIRST_CHECK", float("inf"))
    with patch.object(Compositor, "render_update", made), kept, unchecked:
        async with app.run_test(size=size) as pilot:
            here = Counter(app, pilot, shop)
            await here.until(lambda: app.pulse.figures is not None, "the shop did not open")
            await here.settle()
            if user is not None:
                await app.signed_in(user)
                await here.settle()
            yield here


def acting(shop: Shop, user: login.User) -> Context:
    return shop.ctx.acting(user.actor)


__all__ = [
    "LARGE", "PASSWORD", "SMALL", "START", "Counter", "Path", "acting", "counter", "staff", "unpainted",
]  # fmt: skip
