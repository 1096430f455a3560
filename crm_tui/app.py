"""The program in the terminal: one desk, one user at a time, screens over it."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events
from textual.binding import Binding
from textual.screen import Screen
from textual.timer import Timer

from crm_tui import actions, i18n, memory
from crm_tui.actions import Action
from crm_tui.clock import Clock
from crm_tui.desk import Desk, Unforeseen
from crm_tui.errors import N_, UNSAID, Problem, Sentence
from crm_tui.screens.door import after_login
from crm_tui.screens.door.clock import ClockKeys
from crm_tui.screens.door.opening import OpeningScreen
from crm_tui.screens.finder.helping import HelpKeys
from crm_tui.screens.finder.scanned import Offers
from crm_tui.screens.practice.keys import BEGIN_ANEW, PracticeKeys
from crm_tui.screens.shell import theme as themes
from crm_tui.screens.shell.guarded import GuardedApp, Overlay
from crm_tui.screens.shell.loading import load_screens
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import Program
from crm_tui.screens.shell.pulse import TICK_SECONDS, Pulse
from crm_tui.screens.shell.scans import Scans
from crm_tui.screens.shell.upstream import bearable, forget_lines, mend_textual
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.tasks import beside

if TYPE_CHECKING:
    from crm_tui.practice.shop import Practice
    from crm_tui.screens.widgets.statusline import Part
    from crm_tui.shop.backups.restoring import Wanted
    from crm_tui.shop.gate.context import Permit
    from crm_tui.shop.overview.dashboard import Figures
    from crm_tui.shop.users.login import User

log = logging.getLogger(__name__)

_STYLES = Path(__file__).parent / "screens"
_WORTH_IT = 15.0
"""The program begins again only if it ran so many seconds: else it might fail at once for ever."""
_TIDY_AFTER = 0.4
_TERMINAL_SECONDS = 2.0

mend_textual()


class CrmApp(GuardedApp):
    """`language` overrides the shop's setting; `practice` is what a practice shop has beside."""

    # What the first line needs; the rest is read when it has been painted.
    CSS_PATH = "screens/opening.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "crm-tui"
    # The library's own keys, which it would bind to ends of its own.
    BINDINGS = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        Binding("ctrl+c", "help_quit", show=False),
    ]

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        language: str | None = None,
        port: str | None = None,
        practice: "Practice | None" = None,
        remark: Sentence = UNSAID,
        drafts: dict[str, dict[str, str]] | None = None,
    ) -> None:
        super().__init__()
        self.no_shop_yet = False
        self.place = "crm-tui"
        self.standing: Sequence[Part] | None = None
        self.remark = remark
        """For the login, as `errors.stored` keeps it: why the program began again."""
        self.restoring: Wanted | None = None
        """What is to be restored when the program has ended."""
        self.desk = Desk(folder, clock)
        self.desk.ask_permit = self.permit
        self.practice = practice
        self.drafts = {} if drafts is None else drafts
        self.pulse = Pulse(self)
        self.desk.unheard = self.pulse.say
        self._offers = Offers(self)
        self.scans = Scans(self, super().on_event, self._offers.scanned)
        self._practice_keys = PracticeKeys(self)
        self._parts = (self, HelpKeys(self), ClockKeys(self), self._practice_keys)
        self._tidying: Timer | None = None
        self._apart = copy_context()
        self._undoable_until = 0.0
        self._forced_language = language
        self.language = language or i18n.DEFAULT
        self._port = port
        self._wished_keys, self._known_actions = "", 0
        self._chosen_keys: dict[str, str] = {}
        for theme in themes.ALL:
            self.register_theme(theme)
        self.theme = themes.fitting("dark", self.console.color_system).name

    # ── what the building blocks ask for (widgets.speech.Program) ─────────────────────────────

    def tr(self, text: str, /, **params: object) -> str:
        return i18n.translate(text, self.language, **params)

    def retell(self, stored: Sentence) -> str:
        """A sentence that the store kept."""
        return i18n.retell(stored, self.language)

    def unforeseen(self) -> Problem:
        return Unforeseen()

    def customers_words(self, text: str) -> str:
        """A text for a customer, who is answered in Indonesian whatever the screens speak."""
        return i18n.translate(text, i18n.DEFAULT)

    def say(self, problem: Problem) -> str:
        return i18n.say_briefly(problem, self.language)

    def draft_key(self, form: str) -> str:
        return f"{self.desk.user.login if self.desk.user else ''}/{form}"

    # ── beginning and end ─────────────────────────────────────────────────────────────────────

    def get_default_screen(self) -> Screen[Any]:
        told = self.tr(N_("Opening the shop …"))
        return OpeningScreen(f"crm-tui\n\n{told}")

    def on_mount(self) -> None:
        self._apart = copy_context()
        self.pulse.somebody_is_here()
        # One line is painted before anything else is loaded.
        self.call_after_refresh(beside, self, self._begin)
        if not self.is_headless:
            self.set_interval(_TERMINAL_SECONDS, self._look_for_the_terminal)

    def _look_for_the_terminal(self) -> None:
        """End when the terminal is gone: where `make` or another program stands between, nobody is
        told that its window was closed, and reading from what is gone would go round in circles."""
        if not os.isatty(0):
            log.warning("the terminal is gone")
            self.exit()

    async def _begin(self) -> None:
        opening = self.screen
        assert isinstance(opening, OpeningScreen)
        memory.load_engine()
        try:
            if self.practice is not None:
                await self._prepare(self.practice, opening)
            await self.desk.open()
            # Name and password can be typed before anything else is known or done.
            await self._know_the_shop()
            self._read_styles("door.tcss")
            await self._show_login()
            await self._drawn()
            self.read_styles()
            await self.opened()
            self.pulse.tell_screens(frozenset({"orders"}))
            self.serve()
        except Problem as problem:
            await self._cannot_open(opening, problem)
        except Exception:
            log.exception("the shop could not be opened")
            await self._cannot_open(opening, Unforeseen())

    async def _drawn(self) -> None:
        """Wait until the screen on top has been drawn."""
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()

    def read_styles(self) -> None:
        """The styles of all screens, behind those of the first line."""
        for name in ("door.tcss", "counter.tcss"):
            self._read_styles(name)

    def _read_styles(self, name: str) -> None:
        path = _STYLES / name
        if not self.stylesheet.has_source(str(path), ""):
            self.stylesheet.read(path)
            self.stylesheet.parse()

    async def _prepare(self, practice: "Practice", opening: OpeningScreen) -> None:
        """Set the practice shop up, and say how far it is."""

        def show_progress() -> None:
            if practice.progress:
                opening.say(
                    self.tr(N_("Preparing the practice shop … {share} %"),
                              share=round(practice.progress * 100))
                )  # fmt: skip

        ticking = self.set_interval(0.1, show_progress)
        try:
            await self.desk.elsewhere(practice.prepare)
        finally:
            ticking.stop()

    async def _show_login(self) -> None:
        from crm_tui.screens.door.login import LoginScreen

        # The line that was painted first stays below: a stack is never empty.
        await self.push_screen(LoginScreen())

    async def _cannot_open(self, opening: OpeningScreen, problem: Problem) -> None:
        from crm_tui.store import StoreGone, StoreMissing

        self.read_styles()
        while self.screen is not opening:
            # Whatever stands there by now, nobody can work with it.
            await self.pop_screen()
        if isinstance(problem, StoreMissing):
            from crm_tui.screens.door.first_start import FirstStart

            self.no_shop_yet = True
            await self.push_screen(FirstStart(gone=isinstance(problem, StoreGone)))
        else:
            leave = self.tr(N_("F10 ends the program."))
            opening.say(f"{self.say(problem)}\n\n{leave}", bad=True)

    async def opened(self) -> None:
        """The shop's file is open: know it, and watch it."""
        await self._know_the_shop()
        await self.pulse.count()
        self.desk.watch(self.pulse.hear)
        await self.desk.keep()
        self.set_interval(TICK_SECONDS, self.pulse.tick)

    async def _know_the_shop(self) -> None:
        """Learn its name, its settings, and whether it is one to practise in."""
        from crm_tui.shop.gate import settings
        from crm_tui.shop.gate.practice import is_practice

        await self.learn_settings()
        self.place = str(await self.desk.ask(settings.SHOP_NAME))
        if self.practice is None and await self.desk.ask(is_practice):
            from crm_tui.practice.shop import Practice

            self.practice = Practice(self.desk.folder, self.desk.computer)

    def leave_to_restore(self, wanted: "Wanted") -> None:
        """End; `run` restores what is wanted, and begins again."""
        self.restoring = wanted
        self.exit()

    def serve(self) -> None:
        """Drive the shop's modem, or the one of the practice shop."""
        port = self._port
        if self.practice is not None:
            port = self.practice.plug_in()
            self.set_interval(0.5, self.practice.breathe)
        self.desk.serve(port)

    async def learn_settings(self) -> None:
        """Language, colours, keys and times as the shop has them."""
        from crm_tui.shop.gate import settings
        from crm_tui.shop.orders.settings import OLD_MINUTES

        wanted = (
            settings.LANGUAGE, settings.THEME, settings.KEYS, settings.LOCK_MINUTES,
            OLD_MINUTES, settings.BELL, settings.ZONE,
        )  # fmt: skip
        values = await self.desk.ask(lambda ctx: {each.key: each(ctx) for each in wanted})
        self.language = self._forced_language or str(values[settings.LANGUAGE.key])
        chosen = str(values[settings.THEME.key])
        self.theme = themes.fitting(chosen, self.console.color_system).name
        self.pulse.lock_minutes = int(values[settings.LOCK_MINUTES.key])
        self.pulse.old_minutes = int(values[OLD_MINUTES.key])
        self.pulse.rings = bool(values[settings.BELL.key])
        self._wished_keys, self._known_actions = str(values[settings.KEYS.key]), 0
        self._choose_keys()

    def on_unmount(self) -> None:
        self.desk.close()

    def screens_changed(self) -> None:
        """A screen was opened or closed: give back what is not needed, when all has been drawn."""
        if self._tidying is not None:
            self._tidying.stop()
        # A timer, and the messages that follow from it, hold the screen on which it is begun.
        self._tidying = self._apart.run(self.set_timer, _TIDY_AFTER, self._tidy)

    def _tidy(self) -> None:
        if not self.screen_stack:
            # The program is ending.
            return
        covering = self.screen.styles.background.a == 1
        seen = [self.screen] if covering else [self.screen, *self._background_screens]
        for screen in self.screen_stack:
            if screen not in seen:
                forget_lines(screen)
        memory.tidy()

    def do_app_quit(self) -> None:
        """End, unless somebody is in the midst of something and wants to go on."""
        beside(self, self._quit, group="actions")

    async def _quit(self) -> None:
        if not self.unlocked.is_set():
            return
        for screen in self.screen_stack:
            if isinstance(screen, Page) and not await screen.may_end():
                return
        if self.unlocked.is_set():
            self.exit()

    def on_key_bar_clicked(self, message: KeyBar.Clicked) -> None:
        # A page does what it offers by itself; to a box it is the key.
        self.simulate_key(message.key)

    async def action_quit(self) -> None:
        # The library's own key.
        self.do_app_quit()

    def action_help_quit(self) -> None:
        """Ctrl+C, which copies and ends elsewhere."""
        if isinstance(self.screen, Page):
            self.screen.notice(self.tr(N_("F10 ends the program.")))
        else:
            self.bell()

    def perform(self, action: Action) -> None:
        """Do what is no screen's own: the method do_<name> of the app, or of a part of it."""
        method = "do_" + action.name.replace(".", "_")
        part = next(part for part in self._parts if hasattr(part, method))
        self.beside(getattr(part, method))

    def beside(self, do: Callable[[], Any]) -> None:
        """Run what outlives the screen that asked for it: it may take screens away."""

        async def run() -> None:
            page = self.screen
            if isinstance(page, Page):
                await page.guarded(do)
            else:
                await do()

        beside(self, run, group="app")

    # ── who is here ───────────────────────────────────────────────────────────────────────────

    async def signed_in(self, user: "User") -> None:
        """Show the menu to a user who has just signed in."""
        from crm_tui.screens.menu.main import MenuScreen

        # All actions must be known before any text names their keys.
        await self.desk.elsewhere(load_screens)
        # Only now is it known which actions the setting may have other keys for.
        await self.learn_settings()
        async with self.changing_hands():
            await self.desk.welcome(user)
            self.another_stay()
            await self._clear()
            memory.settle()
            # Some figures are the user's own.
            await self.pulse.count()
            await self.push_screen(MenuScreen())
        after_login.tell_of_tries(self, user)
        self.beside(partial(after_login.see_to_the_shop, self))
        if user.must_change:
            self.beside(self._choose_password)

    async def _choose_password(self) -> None:
        """Somebody else chose the user's password: the user chooses a new one now, or signs out."""
        from crm_tui.screens.door.password import own_password

        page = self.screen
        if isinstance(page, Page) and not await self.push_screen_wait(own_password(page)):
            await self.sign_out()

    async def _clear(self) -> None:
        """Take away all screens above the login."""
        from crm_tui.screens.door.login import LoginScreen

        while len(self.screen_stack) > 1 and not isinstance(self.screen, LoginScreen):
            await self.pop_screen()
        if len(self.screen_stack) == 1:
            # After the first start there was no login yet.
            self.no_shop_yet = False
            await self._show_login()

    async def sign_out(self, why: str = "") -> None:
        """Back to the login, which says why if the user did not ask for it."""
        from crm_tui.screens.door.credentials import Door
        from crm_tui.shop.users import login

        async with self.changing_hands():
            if self.desk.user is not None:
                with contextlib.suppress(Problem):
                    # A user without rights, or with a full disk, may still leave.
                    await self.desk.act(login.leave)
            self.desk.goodbye()
            self._undoable_until = 0.0
            self.another_stay()
            await self._clear()
        if why:
            self.screen.query_one(Door).tell(why)

    async def leave_forbidden(self) -> None:
        """Close the pages that the user may not see any more, with what lies over them but the
        lock."""
        stack = list(self.screen_stack)
        lost = next(
            (n for n, screen in enumerate(stack)
             if isinstance(screen, Page) and not screen.may_stay()), len(stack)
        )  # fmt: skip
        for screen in reversed(stack[lost:]):
            if not isinstance(screen, Overlay):
                await screen.dismiss(None)

    async def permit(self, permission: str, amount: int, what: str) -> "Permit | None":
        """Ask a second person to permit what the user may not do."""
        from crm_tui.screens.door import permit

        return await permit.ask(self, permission, amount, what)

    async def do_app_lock(self) -> None:
        """Lock the screen."""
        from crm_tui.screens.door.lock import LockScreen

        await self.between_hands()
        if self.desk.user is not None and self.unlocked.is_set():
            self.close_the_door()
            await self.push_screen(LockScreen())

    def lock(self) -> None:
        """Lock the screen from wherever the user is."""
        self.beside(self.do_app_lock)

    # ── what screens ask of the parts ─────────────────────────────────────────────────────────

    @property
    def figures(self) -> "Figures | None":
        return self.pulse.figures

    def is_old(self, at: str) -> bool:
        return self.pulse.is_old(at)

    @property
    def undoable(self) -> bool:
        return asyncio.get_running_loop().time() < self._undoable_until

    def can_undo(self, seconds: float) -> None:
        self._undoable_until = asyncio.get_running_loop().time() + seconds
        self._redraw_keys()
        if seconds:
            self.set_timer(seconds + 0.05, self._redraw_keys)

    def _redraw_keys(self) -> None:
        # The program may have ended in the meantime.
        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(screen, Page) and screen.is_mounted:
            screen.draw_frame()

    async def place_telephone(self, page: Screen[Any]) -> None:
        await self._practice_keys.place_telephone(page)

    def offer_scans(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._offers.scanned(text)

    # ── time and keys ─────────────────────────────────────────────────────────────────────────

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self.pulse.somebody_is_here()
        if isinstance(event, events.Key) and await self.scans.take(event):
            return
        if isinstance(event, events.Resize):
            event = bearable(event)
        await super().on_event(event)

    def on_store_changed(self) -> None:
        self.pulse.look()

    def _choose_keys(self) -> None:
        """Let the keys of the setting count, also for actions of a screen that has just been loaded."""
        if self._known_actions != len(actions.ALL):
            self._known_actions = len(actions.ALL)
            self._chosen_keys = actions.remapped(self._wished_keys)
            self.set_keymap(self._chosen_keys)

    def keyed(self, wanted: Iterable[Action]) -> list[tuple[Action, str]]:
        """Actions with the keys in force."""
        self._choose_keys()
        return actions.keyed(wanted, self._chosen_keys)

    def key_names(self) -> dict[str, str]:
        """The keys in force by action, as texts name them: {orders_confirm}."""
        named = self.keyed(actions.ALL.values())
        return {
            action.name.replace(".", "_"): self.tr(actions.key_name(key)) for action, key in named
        }


def _fits(app: CrmApp) -> Program:
    """mypy proves that the app is what screens take it for."""
    return app


def run(
    folder: Path,
    clock: Clock,
    *,
    language: str | None = None,
    port: str | None = None,
    practice: "Practice | None" = None,
) -> None:
    """Open the program in this terminal and stay until it ends.

    Raises `Unforeseen` if it ended by itself just after it began; later than that it begins again.
    """
    remark = UNSAID
    # What was half typed is there again, should the program have to begin anew.
    drafts: dict[str, dict[str, str]] = {}
    while True:
        app = CrmApp(
            folder, clock, language=language, port=port, practice=practice, remark=remark,
            drafts=drafts,
        )  # fmt: skip
        begun = clock.monotonic()
        ended = app.run()
        remark = UNSAID
        if app.failed:
            if clock.monotonic() - begun < _WORTH_IT:
                raise Unforeseen()
            remark = Unforeseen.text
        elif app.restoring is not None:
            from crm_tui import leaving

            remark = leaving.restore(folder, clock, app.restoring, app.language)
        elif ended == BEGIN_ANEW and app.practice is not None:
            practice = app.practice
            practice.clear()
        else:
            from crm_tui import leaving

            leaving.last_backup(folder, clock, app.language)
            return
