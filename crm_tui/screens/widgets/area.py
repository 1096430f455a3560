"""A field of several lines."""

import asyncio

from textual import events
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.message import Message
from textual.widgets import TextArea

from crm_tui.screens.widgets.line import Field
from crm_tui.text import visible

_PASTED = 0.01
"""Seconds between two keys that no hand can press."""


class Area(TextArea):
    """Several lines that wrap; Enter goes on."""

    class Done(Message):
        """Enter was pressed."""

    def __init__(self, field: Field, value: str) -> None:
        super().__init__(
            visible(value), id=f"field-{field.name}", soft_wrap=True, show_line_numbers=False,
            compact=True, highlight_cursor_line=False,
        )  # fmt: skip
        self.cursor_blink = False
        self._typed_at = 0.0
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        # Terminals paste a line's end as a carriage return.
        edit.text = visible(edit.text.replace("\r\n", "\n").replace("\r", "\n"))
        return super().edit(edit)

    def load_text(self, text: str) -> None:
        super().load_text(visible(text))

    async def _on_key(self, event: events.Key) -> None:
        now = asyncio.get_running_loop().time()
        quick, self._typed_at = now - self._typed_at < _PASTED, now
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            if quick:
                # Nobody types so fast: it is pasted text, and must not send itself.
                self.insert("\n")
            else:
                self.post_message(self.Done())
            return
        await super()._on_key(event)
