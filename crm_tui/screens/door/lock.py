"""The locked screen: what lies below waits untouched for its user, or somebody else signs in."""

from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Center, Vertical
from textual.screen import ModalScreen

from crm_tui.errors import N_, Problem
from crm_tui.screens.door import after_login
from crm_tui.screens.door.credentials import Door
from crm_tui.screens.shell import display
from crm_tui.screens.shell.guarded import Overlay
from crm_tui.screens.shell.page import Watching
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.line import Line
from crm_tui.screens.widgets.plain import Plain


class LockScreen(ModalScreen[None], Watching, Overlay, inherit_bindings=False):
    """Covers everything; orders that wait are still counted."""

    BINDINGS = [("tab", "app.focus_next", ""), ("shift+tab", "app.focus_previous", "")]

    @property
    def crm(self) -> Program:
        return program(self)

    def compose(self) -> ComposeResult:
        with Center(), Vertical(id="lock-box"):
            yield Plain("", id="lock-title")
            yield Plain("", id="lock-waiting")
            yield Door(with_pin=True)
        yield KeyBar()

    async def on_mount(self) -> None:
        from crm_tui.shop.users import login

        user = self.crm.desk.user
        if user is None:
            return
        self.store_changed(frozenset())
        self.query_one(KeyBar).show([("Enter", self.crm.tr(N_("Unlock")))])
        self.query_one(Door).offer([user.login], user.login)
        try:
            names = await self.crm.desk.ask(login.today)
        except Problem:
            # Any name can be typed; these are only offered.
            return
        known = list(dict.fromkeys([user.login, *names]))
        self.query_one("#field-name", Line).offer(known)
        if len(known) > 1:
            self.query_one(KeyBar).show(
                [("Enter", self.crm.tr(N_("Unlock"))), ("↑↓", self.crm.tr(N_("Another name")))]
            )

    def store_changed(self, topics: frozenset[str]) -> None:
        """Show how many orders wait now."""
        user, figures = self.crm.desk.user, self.crm.figures
        if user is None or figures is None:
            return
        self.query_one("#lock-title", Plain).show(
            self.crm.tr(N_("Locked · {name}"), name=user.name)
        )
        waiting = self.query_one("#lock-waiting", Plain)
        waiting.set_class(bool(figures.waiting), "due")
        told = display.age(self.crm.tr, figures.oldest_at, self.crm.desk.clock.now())
        waiting.show(
            self.crm.tr(
                N_("orders waiting: {count}, the oldest {age}"), count=figures.waiting, age=told
            )
            if figures.waiting
            else self.crm.tr(N_("no orders waiting"))
        )

    @on(Door.Opened)
    def _opened(self, message: Door.Opened) -> None:
        user = self.crm.desk.user
        if user is not None and user.id == message.user.id:
            self.crm.unlocked.set()
            self.dismiss(None)
            # On the page that lies below.
            self.app.call_later(after_login.tell_of_tries, self.app, message.user)
        else:
            # Another person begins at the menu; what was typed is kept for its user.
            self.crm.beside(partial(self.crm.signed_in, message.user))
