"""Name and password, or PIN: what the login and the locked screen have in common."""

from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from crm_tui.errors import N_, Problem
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.line import Field, Line
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.tasks import beside

if TYPE_CHECKING:
    from crm_tui.shop.users.login import User


_BARCODES = (12, 13, 14)
"""So many digits have the barcodes on goods."""


class _Name(Line):
    """Names are chosen with ↑ and ↓; what is typed then is the secret, which nobody may read here."""

    def step(self, steps: int) -> None:
        super().step(steps)
        if self._usual:
            self.screen.set_focus(self.screen.query_one("#field-secret", Line))


class Door(Vertical):
    """Asks for name and secret. `known` names are offered with ↑ and ↓."""

    class Opened(Message):
        """A user has proved who they are."""

        def __init__(self, user: "User") -> None:
            super().__init__()
            self.user = user

    def __init__(self, *, with_pin: bool) -> None:
        super().__init__(id="door")
        self._with_pin = with_pin
        self._busy = False
        # What was entered while another secret was being tried.
        self._next: tuple[str, str] | None = None
        self._changing = False
        # What stands below the fields because of a wrong try.
        self._said: Problem | None = None

    @property
    def crm(self) -> Program:
        return program(self)

    def compose(self) -> ComposeResult:
        tr = self.crm.tr
        secret = N_("Password or PIN") if self._with_pin else N_("Password")
        yield Plain(tr(N_("Name")), classes="label", id="name-label")
        yield _Name(Field("name", ""), "", self._to_secret)
        yield Plain(tr(secret), classes="label", id="secret-label")
        yield Line(Field("secret", "", secret=True), "", self._enter)
        yield Plain("", id="door-problem", classes="problem")

    def speak(self) -> None:
        """Tell the labels again: the language is known by now."""
        secret = N_("Password or PIN") if self._with_pin else N_("Password")
        self.query_one("#name-label", Plain).show(self.crm.tr(N_("Name")))
        self.query_one("#secret-label", Plain).show(self.crm.tr(secret))

    def offer(self, names: list[str], first: str) -> None:
        """Begin with the name `first`; ↑ and ↓ go through `names`. On a slow PC the names may come
        after somebody has begun to type: what was typed stays, and so does the cursor."""
        name = self.query_one("#field-name", Line)
        secret = self.query_one("#field-secret", Line)
        name.offer(names)
        if secret.value or self._busy or (secret.has_focus and name.value):
            return
        if not name.value:
            name.value = first
            # Whoever comes after somebody who left is somebody else, most likely.
            (secret if first and not self._changing else name).focus()
            # Another name is typed over the one that is offered.
            name.select_all()
        elif not name.has_focus:
            secret.focus()

    def forget(self) -> None:
        """Nothing typed is left for the next user, who begins with the name."""
        name = self.query_one("#field-name", Line)
        self.query_one("#field-secret", Line).value = name.value = ""
        self.tell("")
        self.screen.set_focus(name)
        self._changing = True

    def tell(self, sentence: str) -> None:
        """Say something below the fields, until the next try."""
        self._said = None
        self.query_one("#door-problem", Plain).show(sentence)

    def on_key(self, event: events.Key) -> None:
        # The names are chosen from the secret's field, too: that is where the cursor stands.
        if event.key in ("up", "down") and self.query_one("#field-secret").has_focus:
            self.query_one("#field-name", Line).step(1 if event.key == "down" else -1)
            event.stop()

    def _to_secret(self) -> None:
        if self._named():
            self.screen.set_focus(self.query_one("#field-secret"))

    def _named(self) -> bool:
        """Whether a name stands there; else it is asked for, and the cursor belongs there."""
        name = self.query_one("#field-name", Line)
        if name.value.strip():
            return True
        self.tell(self.crm.tr(N_("The name is missing. Type it first.")))
        self.screen.set_focus(name)
        return False

    def _enter(self) -> None:
        secret = self.query_one("#field-secret", Line)
        name, given = self.query_one("#field-name", Line).value, secret.value
        scanned = secret.scanned
        # Emptied at Enter: what is typed from now on is a new attempt, and stays.
        secret.value = ""
        if (not scanned and not self._named()) or not given:
            return
        if self._busy:
            # A scan is no attempt.
            self._next = self._next if scanned else (name, given)
        else:
            self._busy = True
            beside(self, partial(self._try, name, given, scanned))

    def _wait(self, problem: Problem) -> None:
        """Where one has to wait, the sentence goes when that is over. What was tried is not kept:
        the next try would be typed behind it, or somebody else would press Enter."""
        seconds = problem.params.get("seconds")
        if seconds is None:
            return
        self._said = problem

        def over() -> None:
            if self._said is problem:
                self.tell("")

        self.set_timer(float(str(seconds)), over)

    async def _try(self, name: str, given: str, scanned: str) -> None:
        from crm_tui.shop.users import login

        line = self.query_one("#door-problem", Plain)
        if scanned and await self._is_goods(scanned):
            # Nobody tries to come in with it: it counts as no wrong password.
            told = N_("That was scanned: it is an item's code, no password. Nothing was counted.")
            line.show(self.crm.tr(told))
            self._busy, self._next = False, None
            return
        line.show(self.crm.tr(N_("One moment …")))
        tried: tuple[str, str] | None = name, given
        try:
            while tried is not None:
                try:
                    user = await self.crm.desk.act(login.sign_in, *tried)
                except Problem as problem:
                    self._said = None
                    line.show(self.crm.say(problem))
                    self._wait(problem)
                    tried, self._next = self._next, None
                else:
                    line.show("")
                    self.post_message(self.Opened(user))
                    tried = None
        finally:
            self._busy, self._next = False, None

    async def _is_goods(self, text: str) -> bool:
        """Whether a scanner read this off an item: one of the shop's, or a retail barcode."""
        from crm_tui.shop.sales import entry

        if text.isdecimal() and len(text) in _BARCODES:
            return True
        try:
            return await self.crm.desk.ask(entry.scanned, text) is not None
        except Problem:
            return False
