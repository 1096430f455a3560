"""Boxes over the screen: a frame with a title, a body and a line that says which keys do what."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from crm_tui.errors import N_
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.plain import Plain
from crm_tui.screens.widgets.speech import Program, program

T = TypeVar("T")

WIDTHS = [(0, "-narrow"), (110, "-wide")]
"""From how many columns on a screen has which class of layout."""
HEIGHTS = [(0, "-flat"), (18, "-low"), (36, "-high")]
"""From how many lines on a box may be high; in fewer its keys must have room, too."""


class Dialog(ModalScreen[T], Generic[T]):
    """`heading` and keys are in the program's language; Esc leaves it with nothing."""

    BINDINGS = [("escape", "leave", ""), ("f9", "lock", "")]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    heading: str = ""
    keys: Sequence[tuple[str, str]] = ()

    @property
    def program(self) -> Program:
        return program(self)

    def tr(self, text: str, /, **params: object) -> str:
        return self.program.tr(text, **params)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Plain(self.title_text(), id="dialog-title")
            yield from self.body()
            yield KeyBar()

    def title_text(self) -> str:
        return self.tr(self.heading)

    def body(self) -> Sequence[Widget]:
        """What stands between title and keys."""
        return ()

    def on_mount(self) -> None:
        # Textual calls the on_mount of each class of a widget: nobody calls super's.
        if self.keys:
            self.show_keys(self.keys)

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        self.query_one(KeyBar).show([(key, self.tr(label)) for key, label in keys])

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_lock(self) -> None:
        self.program.lock()


class Ask(Dialog[bool]):
    """A question that is answered with a key (yes) or Esc (no). What cannot be taken back has a key of
    its own: Enter is pressed without thinking."""

    def __init__(
        self, question: str, detail: str, yes: str, no: str, *, key: str = "enter"
    ) -> None:
        super().__init__()
        self._question, self._detail, self._yes, self._no = question, detail, yes, no
        self._key = key

    def title_text(self) -> str:
        return self._question

    def body(self) -> Sequence[Widget]:
        return [Plain(self._detail, classes="text")]

    def on_mount(self) -> None:
        name = "Enter" if self._key == "enter" else self._key
        self.query_one(KeyBar).show([(name, self._yes), ("Esc", self._no)])

    def on_key(self, event: events.Key) -> None:
        if event.key == self._key:
            event.stop()
            self.dismiss(True)

    def action_leave(self) -> None:
        self.dismiss(False)


class Decide(Dialog[str]):
    """A question whose answers (key, its name, text) have keys of their own; the key comes back, None
    from Esc. What cannot be taken back never lies on Enter, which scanners press, too."""

    def __init__(self, question: str, detail: str, answers: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self._question, self._detail, self._answers = question, detail, answers

    def title_text(self) -> str:
        return self._question

    def body(self) -> Sequence[Widget]:
        return [Plain(self._detail, classes="text")]

    def on_mount(self) -> None:
        keys = [(name, told) for _, name, told in self._answers]
        self.query_one(KeyBar).show([*keys, ("Esc", self.tr(N_("Back")))])

    def on_key(self, event: events.Key) -> None:
        if event.key in (key for key, _, _ in self._answers):
            event.stop()
            self.dismiss(event.key)


class Show(Dialog[None]):
    """Something to read, scrolled with the arrow keys; Esc or Enter leaves it."""

    BINDINGS = [("enter", "leave", "")]

    def __init__(self, title: str, text: Content, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._text = title, text
        self.keys = keys

    def title_text(self) -> str:
        return self._title

    def body(self) -> Sequence[Widget]:
        return [VerticalScroll(Plain(self._text), id="reading")]

    def on_mount(self) -> None:
        self.query_one("#reading").focus()
