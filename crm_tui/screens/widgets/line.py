"""A field of a form, and the line in which it is typed."""

from collections.abc import Sequence
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


class Line(Input):
    """One line; ↑ ↓ go through the usual answers, if there are some."""

    def __init__(self, field: Field, value: str) -> None:
        super().__init__(
            visible(value), password=field.secret, id=f"field-{field.name}", compact=True
        )
        self.cursor_blink = False
        self._usual = list(field.usual)
        self._at = -1

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
            self._at = (self._at + steps) % len(self._usual)
            self.value = self._usual[self._at]
            self.cursor_position = len(self.value)

    async def _on_key(self, event: events.Key) -> None:
        if self._usual and event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.step(1 if event.key == "down" else -1)
            return
        await super()._on_key(event)
