"""What a page says of what was done: one line above the status, for some seconds."""

import asyncio
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.screen import Screen

from crm_tui import actions
from crm_tui.errors import N_
from crm_tui.screens.shell.program import Program, program
from crm_tui.screens.widgets.plain import Plain

if TYPE_CHECKING:
    from crm_tui.desk import Desk
    from crm_tui.shop.users.login import User

NOTICE_SECONDS = 6.0


class Speaking(Screen[None]):
    """A screen with a line `#notice`, which lies over the status."""

    def __init__(self) -> None:
        super().__init__()
        self._notice_until = 0.0
        self._words_said = 0
        """How often something was said of what was done."""
        self._last_said = ""
        self._stood = False
        self._reader: User | None = None
        """Who saw it when it came onto the screen."""
        self._notice_text = ""
        """What stands in the line, or stood there last."""

    def on_mount(self) -> None:
        self._stood, self._reader = True, self.desk.user

    def on_resize(self) -> None:
        self._fit_notice()

    # ── the program around it ─────────────────────────────────────────────────────────────────

    @property
    def crm(self) -> Program:
        return program(self)

    @property
    def desk(self) -> "Desk":
        return self.crm.desk

    def tr(self, text: str, /, **params: object) -> str:
        return self.crm.tr(text, **params)

    @property
    def noticing(self) -> bool:
        """Whether something is being said above the status."""
        # A page that is just being built, or has gone, says nothing.
        return any(line.has_class("shown") for line in self.query("#notice"))

    # ── notices ───────────────────────────────────────────────────────────────────────────────

    def notice(self, text: str, *, bad: bool = False, seconds: float = NOTICE_SECONDS) -> None:
        """Say something in the line above the status, for some seconds."""
        self._words_said += 1
        reader = self._said_at()
        if reader is not None:
            reader.notice(text, bad=bad, seconds=seconds)
            return
        if not self.is_mounted or not self.query("#notice"):
            return
        line = self.query_one("#notice", Plain)
        told = f"✗ {text}" if bad and text else text
        line.show(told)
        self._notice_text = told
        self._fit_notice()
        line.set_class(bool(text), "shown")
        line.set_class(bad, "bad")
        self._notice_until = asyncio.get_running_loop().time() + seconds
        self.set_timer(seconds + 0.05, self._clear_notice)

    def _said_at(self) -> "Speaking | None":
        """The page that covers it, or that was left for it, where what it says is read; None if it is
        read here, or by nobody."""
        if not self._stood:
            return None
        stack = self.app.screen_stack
        if self in stack:
            stack = stack[stack.index(self) + 1 :]
        elif self.desk.user is not self._reader:
            return None
        return next((each for each in reversed(stack) if isinstance(each, Speaking)), None)

    def _fit_notice(self) -> None:
        """Two lines high only where one does not hold it: the second covers the keys."""
        for line in self.query("#notice"):
            line.set_class(cell_len(self._notice_text) > self.size.width - 2, "tall")

    def notice_undoable(self, text: str, hold: float) -> None:
        """Say what was done, and for how many seconds which key takes it back, here or elsewhere."""
        self.notice(text + self.undo_hint(hold), seconds=hold or NOTICE_SECONDS)

    def undo_hint(self, hold: float) -> str:
        """For how many seconds which key takes back what was just done, to stand behind what is said of
        it; from now on the key does so. "" where nothing waits."""
        if not hold:
            return ""
        self.crm.can_undo(hold)
        told = N_("{key} takes it back within {seconds} seconds.")
        return " " + self.tr(told, key=self.undo_key, seconds=round(hold))

    @property
    def undo_key(self) -> str:
        """The key that takes back what was done last, as it is called."""
        return actions.key_name(dict(self.crm.keyed([actions.UNDO]))[actions.UNDO])

    def unsay(self) -> None:
        """Take back what was said in the line above the status: what is to be said stands elsewhere."""
        self._words_said += 1
        self.query("#notice").remove_class("shown")

    def say(self, text: str, bad: bool) -> None:
        """Say it, in red or not; "" takes back what was said here last, and what stands there in red:
        somebody goes on."""
        if text:
            self.notice(text, bad=bad)
            self._last_said = self._notice_text
        elif self.noticing:
            bad = self.query_one("#notice").has_class("bad")
            if bad or self._notice_text == self._last_said:
                self.unsay()

    def _clear_notice(self) -> None:
        if asyncio.get_running_loop().time() >= self._notice_until:
            self.query("#notice").remove_class("shown")
