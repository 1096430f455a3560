"""Boxes over the screen: a frame with a title, a body and a line that says which keys do what."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from crm_tui.errors import N_
from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.plain import Piece, Plain, content
from crm_tui.screens.widgets.speech import Program, program
from crm_tui.text import brief

T = TypeVar("T")

WIDTHS = [(0, "-narrow"), (110, "-wide")]
"""From how many columns on a screen has which class of layout."""
_EVERYWHERE = (("F9", N_("Lock the screen, or let somebody else sign in")),)
HEIGHTS = [(0, "-flat"), (18, "-low"), (36, "-high")]
"""From how many lines on a box may be high; in fewer its keys must have room, too."""


class Dialog(ModalScreen[T], Generic[T]):
    """`heading` and keys are in the program's language; Esc leaves it with nothing."""

    BINDINGS = [("escape", "leave", ""), ("f9", "lock", ""), ("f1", "help", "")]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    heading: str = ""
    keys: Sequence[tuple[str, str]] = ()
    tells: ClassVar[bool] = False
    """Whether it says what came of something, so that nobody else has to."""
    hints: Sequence[tuple[str, str]] = ()
    """Keys that its last line does not name, with what they do."""

    _busy = False
    """Whether it does what was asked for: whoever called for the box is told what came of it."""

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

    def scanned(self, text: str) -> None:
        """Something was scanned while the box stands and nobody types: it went nowhere."""
        told = self.tr(N_("“{text}” was scanned, but this box is open: close it, then scan again."),
                       text=brief(text))  # fmt: skip
        said = self.query("#box-said")
        if said:
            said.first(Plain).show(f"✗ {told}")
        else:
            box = self.query_one("#box").add_class("-told")
            line = Plain(f"✗ {told}", id="box-said", classes="problem")
            box.mount(line, before=self.query_one(KeyBar))

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
        self.tell_keys([(key, self.tr(label)) for key, label in keys])

    def tell_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show keys with words that are translated already, and the one that tells of all."""
        self.query_one(KeyBar).show(keys, [("F1", self.tr(N_("Help")))])

    def explained(self) -> Sequence[tuple[str, str]]:
        """What the box asks for, as (name, what is to be known of it), for its help."""
        return ()

    def action_help(self) -> None:
        """Tell what every key does here, and what is asked for."""
        bar = [pair for pair in self.query_one(KeyBar).pairs if pair[0] != "F1"]
        more = [(key, self.tr(text)) for key, text in (*self.hints, *_EVERYWHERE)]
        pieces: list[Piece] = []
        for name, text in self.explained():
            pieces += [(name, "bold"), f"\n  {text}\n" if text else "\n"]
        if pieces:
            pieces.append("\n")
        for key, text in (*bar, *more):
            pieces += [(f"{key:<11}", "$accent bold"), f"{text}\n"]
        title = self.tr(N_("Help: {title}"), title=self.title_text())
        told = content(*pieces)
        self.app.push_screen(Show(title, told, [("↑↓", N_("Read on")), ("Esc", N_("Back"))]))

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
        self.tell_keys([(name, self._yes), ("Esc", self._no)])

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
        self.tell_keys([*keys, ("Esc", self.tr(N_("Back")))])

    def on_key(self, event: events.Key) -> None:
        if event.key in (key for key, _, _ in self._answers):
            event.stop()
            self.dismiss(event.key)


class Show(Dialog[None]):
    """Something to read, scrolled with the arrow keys; Esc or Enter leaves it."""

    tells = True
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

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        # It may be the help itself.
        self.query_one(KeyBar).show([(key, self.tr(label)) for key, label in keys])

    def action_help(self) -> None:
        """Nothing is asked here."""
