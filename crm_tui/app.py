"""The program in the terminal: one desk, one user at a time, screens over it."""

import asyncio
import contextlib
import logging
import pkgutil
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen

from crm_tui import actions, i18n
from crm_tui.actions import Action
from crm_tui.clock import Clock, moment
from crm_tui.desk import Desk, Unforeseen
from crm_tui.errors import N_, Problem
from crm_tui.screens import words
from crm_tui.screens.base import Page, Watching
from crm_tui.screens.opening import OpeningScreen
from crm_tui.screens.theme import THEMES
from crm_tui.screens.widgets.statusline import Part
from crm_tui.screens.widgets.tasks import beside

if TYPE_CHECKING:
    from crm_tui.feed import Changes
    from crm_tui.practice.shop import Practice
    from crm_tui.shop.dashboard import Figures
    from crm_tui.shop.login import User

log = logging.getLogger(__name__)

BEGIN_ANEW = "begin anew"
"""What the program ends with when the practice shop is to be thrown away."""

_STYLES = Path(__file__).parent / "screens" / "counter.tcss"
_TICK = 20.0
_SILENT = timedelta(seconds=150)
"""A worker that says nothing for so long is not there any more."""
_WIDE = 110
_WORTH_IT = 15.0


class StoreChanged(Message):
    """Somebody changed the store. Many of them become one."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, StoreChanged)


def load_screens() -> None:
    """Load every screen, with the actions that it declares; not before the login stands."""
    from crm_tui import screens

    for module in pkgutil.iter_modules(screens.__path__, screens.__name__ + "."):
        import_module(module.name)


class CrmApp(App[str]):
    """`language` overrides the shop's setting; `practice` is what a practice shop has beside."""

    # What the first line needs; the rest is read when it has been painted.
    CSS_PATH = "screens/opening.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "crm-tui"

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        language: str | None = None,
        port: str | None = None,
        practice: "Practice | None" = None,
        remark: str = "",
        drafts: dict[str, dict[str, str]] | None = None,
    ) -> None:
        super().__init__()
        self.no_shop_yet = False
        self.remark = remark
        """A text of the catalogues for the login: why the program began again."""
        self.failed = False
        self.desk = Desk(folder, clock)
        self.practice = practice
        self.drafts = {} if drafts is None else drafts
        self.unlocked = asyncio.Event()
        self.unlocked.set()
        self.figures: Figures | None = None
        self._forced_language = language
        self.language = language or i18n.DEFAULT
        self._port = port
        self._chosen_keys: dict[str, str] = {}
        self._lock_minutes = 0
        self._old_minutes = 15
        self._rings = True
        self._heard: set[str] = set()
        self._heard_lock = threading.Lock()
        self._noting = False
        self._last_input = 0.0
        self._rung_for: str | None = None
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES["dark"].name

    # ── what the building blocks ask for (widgets.speech.Program) ─────────────────────────────

    def tell(self, text: str, /, **params: object) -> str:
        return i18n.translate(text, self.language, **params)

    def retell(self, stored: str) -> str:
        """A sentence that the store kept."""
        return i18n.retell(stored, self.language)

    def unforeseen(self) -> Problem:
        return Unforeseen()

    def customers_words(self, text: str) -> str:
        """A text for a customer, who is answered in Indonesian whatever the screens speak."""
        return i18n.translate(text, i18n.DEFAULT)

    def say(self, problem: Problem) -> str:
        return i18n.say(problem, self.language)

    def draft_key(self, form: str) -> str:
        return f"{self.desk.user.login if self.desk.user else ''}/{form}"

    # ── beginning and end ─────────────────────────────────────────────────────────────────────

    def get_default_screen(self) -> Screen[Any]:
        return OpeningScreen(f"crm-tui\n\n{self.tell(N_('Opening the shop …'))}")

    def on_mount(self) -> None:
        self._last_input = self._now()
        # One line is painted before anything else is loaded.
        self.call_after_refresh(beside, self, self._begin)

    async def _begin(self) -> None:
        opening = self.screen
        assert isinstance(opening, OpeningScreen)
        self.stylesheet.read(_STYLES)
        self.stylesheet.parse()
        try:
            if self.practice is not None:
                await self._prepare(self.practice, opening)
            await self.desk.open()
            await self.opened()
            self.serve()
            await self._show_login()
        except Problem as problem:
            await self._cannot_open(opening, problem)
        except Exception:
            log.exception("the shop could not be opened")
            opening.say(self.say(Unforeseen()), bad=True)

    async def _prepare(self, practice: "Practice", opening: OpeningScreen) -> None:
        """Set the practice shop up, and say how far it is."""

        def tell() -> None:
            if practice.progress:
                opening.say(
                    self.tell(N_("Preparing the practice shop … {share} %"),
                              share=round(practice.progress * 100))
                )  # fmt: skip

        ticking = self.set_interval(0.1, tell)
        try:
            await self.desk.elsewhere(practice.prepare)
        finally:
            ticking.stop()

    async def _show_login(self) -> None:
        from crm_tui.screens.login import LoginScreen

        # Below it stays the line that was painted first: a stack is never empty.
        await self.push_screen(LoginScreen())

    async def _cannot_open(self, opening: OpeningScreen, problem: Problem) -> None:
        from crm_tui.store import StoreMissing

        if isinstance(problem, StoreMissing):
            from crm_tui.screens.first_start import FirstStart

            self.no_shop_yet = True
            await self.push_screen(FirstStart())
        else:
            leave = self.tell(N_("F10 ends the program."))
            opening.say(f"{self.say(problem)}\n\n{leave}", bad=True)

    async def opened(self) -> None:
        """The shop's file is open: learn its settings, and watch it."""
        await self.learn_settings()
        await self._count()
        self.desk.watch(self._hear)
        if self.practice is None and self.figures is not None and self.figures.practice:
            from crm_tui.practice.shop import Practice

            self.practice = Practice(self.desk.folder, self.desk.clock)
        self.set_interval(_TICK, self._tick)

    def serve(self) -> None:
        """Drive the shop's modem, or the one of the practice shop."""
        port = self._port
        if self.practice is not None:
            port = self.practice.plug_in()
            self.set_interval(0.5, self.practice.breathe)
        self.desk.serve(port)

    async def learn_settings(self) -> None:
        """Language, colours, keys and times as the shop has them."""
        from crm_tui.shop import settings

        wanted = (
            settings.LANGUAGE, settings.THEME, settings.KEYS, settings.LOCK_MINUTES,
            settings.OLD_MINUTES, settings.BELL,
        )  # fmt: skip
        found = await self.desk.ask(lambda ctx: {each.key: each(ctx) for each in wanted})
        self.language = self._forced_language or str(found[settings.LANGUAGE.key])
        self.theme = THEMES[str(found[settings.THEME.key])].name
        self._lock_minutes = int(found[settings.LOCK_MINUTES.key])
        self._old_minutes = int(found[settings.OLD_MINUTES.key])
        self._rings = bool(found[settings.BELL.key])
        self._chosen_keys = actions.remapped(str(found[settings.KEYS.key]))
        self.set_keymap(self._chosen_keys)

    def on_unmount(self) -> None:
        self.desk.close()

    def _handle_exception(self, error: Exception) -> None:
        """A mistake of ours ends in the log and one sentence, never in a traceback."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        log.error("the screens failed", exc_info=error)
        self.failed = True
        self.exit(return_code=1)

    def do_app_quit(self) -> None:
        self.exit()

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
        from crm_tui.screens.menu import MenuScreen

        # All actions must be known before any text names their keys.
        await self.desk.elsewhere(load_screens)
        await self.desk.welcome(user)
        self.unlocked.set()
        await self._clear()
        await self.push_screen(MenuScreen())

    async def _clear(self) -> None:
        """Take away all screens above the login."""
        from crm_tui.screens.login import LoginScreen

        while len(self.screen_stack) > 1 and not isinstance(self.screen, LoginScreen):
            await self.pop_screen()
        if len(self.screen_stack) == 1:
            # After the first start there was no login yet.
            self.no_shop_yet = False
            await self._show_login()

    async def sign_out(self) -> None:
        """Back to the login."""
        from crm_tui.shop import login

        if self.desk.user is not None:
            with contextlib.suppress(Problem):
                # Whoever may do nothing any more, or whose disk is full, may still go.
                await self.desk.act(login.leave)
        self.desk.goodbye()
        self.unlocked.set()
        await self._clear()

    async def do_app_lock(self) -> None:
        """Lock the screen."""
        from crm_tui.screens.lock import LockScreen

        if self.desk.user is not None and not isinstance(self.screen, LockScreen):
            self.unlocked.clear()
            await self.push_screen(LockScreen())

    def lock(self) -> None:
        """Lock the screen from wherever one is."""
        self.beside(self.do_app_lock)

    # ── time and keys ─────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._last_input = self._now()
        await super().on_event(event)

    async def _tick(self) -> None:
        """Now and then: ages grow, orders grow old, nobody is here."""
        self._ring_for_the_old()
        for screen in self.screen_stack:
            if isinstance(screen, Page):
                screen.minute()
        self._tell_screens(frozenset())
        idle = self._now() - self._last_input
        if self._lock_minutes and idle >= 60 * self._lock_minutes:
            await self.do_app_lock()

    def _ring_for_the_old(self) -> None:
        oldest = self.figures.oldest_at if self.figures else None
        if oldest and oldest != self._rung_for and self.is_old(oldest):
            self._rung_for = oldest
            self.ring()

    def is_old(self, at: str) -> bool:
        """Whether an order that came at this moment has waited long."""
        return (self.desk.clock.now() - moment(at)).total_seconds() >= 60 * self._old_minutes

    def ring(self) -> None:
        """The terminal's bell, unless the shop wants none."""
        if self._rings:
            self.bell()

    # ── the store changes ─────────────────────────────────────────────────────────────────────

    def _hear(self, changes: "Changes") -> None:
        """On the watcher's thread."""
        with self._heard_lock:
            self._heard |= set(changes)
        self.post_message(StoreChanged())

    def on_store_changed(self, message: StoreChanged) -> None:
        # Beside the app's own messages, through which all keys pass.
        if not self._noting:
            self._noting = True
            beside(self, self._take_notes, group="notes")

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
        try:
            if "settings" in topics:
                await self.learn_settings()
            if topics & {"users", "roles"} and self.desk.user is not None:
                await self.desk.look_up_rights()
                if not self.desk.is_welcome:
                    await self.sign_out()
            await self._count()
        except Problem as problem:
            log.warning("looking again failed: %s", problem)
        self._tell_screens(topics)

    def _tell_screens(self, topics: frozenset[str]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Watching):
                try:
                    screen.store_changed(topics)
                except NoMatches:
                    # It is being built, or taken away; it looks by itself when it stands.
                    log.debug("%s was told too early", screen)

    async def _count(self) -> None:
        from crm_tui.shop import dashboard

        before = self.figures
        self.figures = await self.desk.ask(dashboard.figures)
        if before is not None and self.figures.newest > before.newest:
            self.ring()

    # ── the frame of every screen ─────────────────────────────────────────────────────────────

    def keyed(self, wanted: Iterable[Action]) -> list[tuple[Action, str]]:
        """Actions with the keys in force."""
        return actions.keyed(wanted, self._chosen_keys)

    def head_parts(self, title: str) -> tuple[list[Part], list[Part]]:
        figures = self.figures
        left = [(figures.shop if figures else "crm-tui", "bold"), ("  ›  ", "$faint"), (title, "")]
        right: list[Part] = []
        if self.desk.user is not None:
            right.append((self.desk.user.name + "  ", "$muted"))
        if figures is not None and figures.practice:
            mark = self.tell(N_("PRACTICE"))
            right.append((f" {mark} ", "bold $background on $primary"))
            right.append(("  ", ""))
        local = self.desk.clock.now().astimezone()
        right.append((f"{local:%H:%M}", "$muted"))
        return left, right

    def status_parts(self) -> list[Part]:
        figures, parts = self.figures, []
        if figures is None:
            return [] if self.no_shop_yet else [(self.tell(N_("Opening the shop …")), "")]
        now = self.desk.clock.now()
        if figures.waiting:
            tone = "bad" if figures.oldest_at and self.is_old(figures.oldest_at) else "due"
            parts.append(
                (self.tell(N_("orders waiting: {count}, the oldest {age}"), count=figures.waiting,
                           age=words.age(self.tell, figures.oldest_at, now)), tone)
            )  # fmt: skip
        else:
            parts.append((self.tell(N_("no order waits")), ""))
        parts.append(self._modem_part())
        if figures.queue:
            parts.append((self.tell(N_("{count} SMS to send"), count=figures.queue), ""))
        if figures.trouble:
            parts.append((self.tell(N_("{count} SMS to decide"), count=figures.trouble), "due"))
        if figures.backup_at is None:
            parts.append((self.tell(N_("no backup yet")), ""))
        else:
            told = words.age(self.tell, figures.backup_at, now)
            parts.append((self.tell(N_("backup {age}"), age=told), ""))
        return parts

    def _modem_part(self) -> Part:
        assert self.figures is not None
        said = self.figures.gateway
        if said is None:
            return self.tell(N_("no modem yet")), ""
        text = self.tell(words.STATES[said.state])
        if moment(said.at) + _SILENT < self.desk.clock.now() and said.state != "stopped":
            return "● " + self.tell(N_("the worker is silent")), "bad"
        if said.state == "ready":
            strength = "" if said.signal is None else f" {round(said.signal / 31 * 100)} %"
            name = f" {said.operator}" if said.operator else ""
            return f"● {text}{name}{strength}", "bad" if said.error else "good"
        return f"● {text}", "bad" if said.state in ("waiting", "stopped") else ""

    def key_names(self) -> dict[str, str]:
        """The keys in force by action, as texts name them: {orders_confirm}."""
        named = self.keyed(actions.ALL.values())
        return {
            action.name.replace(".", "_"): self.tell(actions.key_name(key)) for action, key in named
        }

    # ── palette and help ──────────────────────────────────────────────────────────────────────

    async def do_app_help(self) -> None:
        from crm_tui.screens.help import help_about

        if isinstance(self.screen, Page):
            await self.push_screen(help_about(self.screen))

    # ── the practice shop ─────────────────────────────────────────────────────────────────────

    async def do_practice_telephone(self) -> None:
        """Beside the counter where there is room, else over it."""
        from crm_tui.screens.telephone import PhonePanel, Telephone

        page = self.screen
        if not isinstance(page, Page) or self.practice is None:
            return
        if self.size.width < _WIDE:
            await self.push_screen(Telephone())
            return
        panels = page.query(PhonePanel)
        if panels and panels.first().line.has_focus:
            self.practice.beside = False
            await self.place_telephone(page)
            page.focus_next()
        else:
            self.practice.beside = True
            await self.place_telephone(page)
            page.query_one(PhonePanel).line.focus()

    async def place_telephone(self, page: Page) -> None:
        """Let the telephone stand beside a screen, or not, as it did beside the last one."""
        if self.practice is None or not page.has_room:
            return
        from crm_tui.screens.telephone import PhonePanel

        panels = page.query(PhonePanel)
        wanted = self.practice.beside and self.size.width >= _WIDE
        if wanted and not panels:
            panel = PhonePanel()
            await page.query_one("#frame").mount(panel)
            page.add_class("-beside")
            panel.draw()
            page.look_again()
        elif panels and not wanted:
            await panels.remove()
            page.remove_class("-beside")

    def do_telephone_next(self) -> None:
        if self.practice is not None:
            self.practice.in_hand += 1
            self._draw_telephone()

    def do_telephone_pace(self) -> None:
        if self.practice is not None:
            self.practice.next_pace()
            self._draw_telephone()

    def _draw_telephone(self) -> None:
        from crm_tui.screens.telephone import PhonePanel

        page = self.screen
        if isinstance(page, Page):
            for panel in page.query(PhonePanel):
                panel.draw()
            page.look_again()

    async def do_practice_reset(self) -> None:
        from crm_tui.screens.widgets.dialog import Ask

        ask = Ask(
            self.tell(N_("Begin the practice anew?")),
            self.tell(N_("All that was done in the practice shop is thrown away.")),
            self.tell(N_("Begin anew")),
            self.tell(N_("Back")),
        )
        if await self.push_screen_wait(ask):
            self.exit(BEGIN_ANEW)

    async def do_app_palette(self) -> None:
        from crm_tui.screens.palette import Palette

        page = self.screen
        if isinstance(page, Page):

            def chosen(action: Action | None) -> None:
                if action is not None:
                    page.perform(action)

            await self.push_screen(Palette(page.palette_actions()), chosen)


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
    remark = ""
    # What was half typed is there again, should the program have to begin anew.
    drafts: dict[str, dict[str, str]] = {}
    while True:
        app = CrmApp(
            folder, clock, language=language, port=port, practice=practice, remark=remark,
            drafts=drafts,
        )  # fmt: skip
        begun = clock.monotonic()
        ended = app.run()
        remark = ""
        if app.failed:
            if clock.monotonic() - begun < _WORTH_IT:
                raise Unforeseen()
            remark = Unforeseen.text
        elif ended == BEGIN_ANEW and app.practice is not None:
            practice = app.practice
            practice.clear()
        else:
            return
