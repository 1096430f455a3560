"""A field of a form, and the line in which it is typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.widgets import Input

from crm_tui.errors import Problem
from crm_tui.text import visible


@dataclass(frozen=True)
class Field:
    """One field. Texts are translated already. `errors`: the problems that are this field's.

    `usual`: texts that ↑ and ↓ offer. `long` ones are several lines high and wrap; `digits` ones
    take so many digits and nothing else.
    """

    name: str
    label: str
    help: str = ""
    initial: str = ""
    errors: tuple[type[Problem], ...] = ()
    secret: bool = False
    long: bool = False
    digits: int = 0
    usual: Sequence[str] = ()
    placeholder: str = ""
    """What may be typed, shown while nothing is."""
    chosen: bool = False
    """Nothing is typed in it: it is chosen from `usual` while the cursor stands elsewhere."""


class Line(Input):
    """One line; ↑ ↓ go through the usual answers, if there are some.

    `entered` is called at Enter itself, before any later key is looked at; without it Enter submits.
    """

    def __init__(self, field: Field, value: str, entered: Callable[[], None] | None = None) -> None:
        super().__init__(
            visible(value), placeholder=field.placeholder, password=field.secret,
            id=f"field-{field.name}", compact=True,
        )  # fmt: skip
        self.cursor_blink = False
        self.can_focus = not field.chosen
        self._usual = list(field.usual)
        self._at = -1
        self._entered = entered
        self.scanned = ""
        """What a scanner typed, if the Enter that is dealt with now was a scanner's."""

    def validate_value(self, value: str) -> str:
        """What is pasted may hold controls: they are shown as marks, and sent as those."""
        return visible(value)

    def offer(self, usual: Sequence[str]) -> None:
        """Go through these with ↑ and ↓ from now on."""
        self._usual = list(usual)
        self._at = self._usual.index(self.value) if self.value in self._usual else -1

    def step(self, steps: int) -> None:
        """Show the next of the usual answers, or the one before."""
        if self._usual:
            if self.value in self._usual:
                # From what stands there, however it came there: no key shows what is shown already.
                self._at = self._usual.index(self.value)
            self._at = (self._at + steps) % len(self._usual)
            self.value = self._usual[self._at]
            self.cursor_position = len(self.value)

    def action_copy(self) -> None:
        """As the library does; nobody takes a secret along, to read it in another field."""
        if self.password:
            self.app.bell()
        else:
            super().action_copy()

    def action_cut(self) -> None:
        """The same."""
        if self.password:
            self.app.bell()
        else:
            super().action_cut()

    def pasted(self, lines: Sequence[str]) -> None:
        """Several lines were pasted: in a field they are one text."""
        self.insert_text_at_cursor(" ".join(lines))

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        lines = [line for line in event.text.splitlines() if line.strip()]
        if not self.selection.is_empty:
            self.replace("", *self.selection)
        if len(lines) > 1:
            self.pasted(lines)
        elif lines:
            self.insert_text_at_cursor(lines[0])

    async def _on_key(self, event: events.Key) -> None:
        above = self.app.screen
        focused = above.focused or above
        if self._entered is not None and focused is not self:
            # Typed ahead of the cursor, which has gone on at Enter.
            event.stop()
            event.prevent_default()
            focused.post_message(events.Key(event.key, event.character))
            return
        # What the key carries begins with a line's end.
        self.scanned = (event.character or "")[1:] or " " if event.key == "scanned" else ""
        if self.scanned or (self._entered is not None and event.key == "enter"):
            # As a binding it would come after what is typed behind it.
            event.stop()
            event.prevent_default()
            if self._entered is not None:
                self._entered()
            else:
                await self.action_submit()
            return
        if self._usual and event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.step(1 if event.key == "down" else -1)
            return
        await super()._on_key(event)
