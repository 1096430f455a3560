"""SMS as a telephone shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from crm_tui.errors import N_
from crm_tui.gsm.errors import TextTooLong
from crm_tui.gsm.text import plain, segments
from crm_tui.screens.shell import display
from crm_tui.screens.shell.program import Program
from crm_tui.screens.widgets.plain import Plain, content

if TYPE_CHECKING:
    from crm_tui.shop.messages.view import Letter

_TICKS = {
    "queued": "…", "held": "…", "sending": "…", "sent": "✓", "delivered": "✓✓", "failed": "✗",
    "in_doubt": "?", "expired": "✗", "cancelled": "✗",
}  # fmt: skip


_BESIDE = 34
"""Cells of a last line that has room for the time beside it, also in a bubble of 80 columns."""


def tick(status: str) -> str:
    """How far an outgoing SMS has come, as telephones show it."""
    return _TICKS.get(status, "")


def bubbles(letters: Sequence["Letter"], now: datetime) -> list[tuple[str, Content]]:
    """A conversation: each SMS with the side on which it stands, "in" or "out"."""
    talk = []
    for letter in letters:
        mark = f" {tick(letter.status)}" if letter.direction == "out" else ""
        style = "$error" if mark.strip() in ("✗", "?") else "$muted"
        at = display.clock_time(letter.at, now)
        # What was taken back is not to be mistaken for a second one that went out.
        text = letter.text.strip()
        tone = "strike $muted" if letter.status == "cancelled" else ""
        # Time and mark are read together: no line ends between them.
        between = "  " if cell_len(text.rpartition("\n")[2]) <= _BESIDE else "\n"
        talk.append(
            (letter.direction, content((text, tone), (between + at, "$muted"), (mark, style)))
        )
    return talk


def sms_count(crm: Program, text: str) -> str:
    """The number of characters and of SMS."""
    if not text.strip():
        return ""
    try:
        parts = len(segments(plain(text)))
    except TextTooLong as problem:
        return crm.say(problem)
    return crm.tr(N_("{count} characters, {parts} SMS"), count=len(text), parts=parts)


def _placed(side: str, text: object) -> Widget:
    """A bubble on its side; one of the right stands against the edge, however wide the window."""
    bubble = Plain(text, classes=f"bubble {side}")  # type: ignore[arg-type]
    return bubble if side == "in" else Horizontal(bubble, classes="to-the-right")


class Talk(VerticalScroll):
    """Bubbles: the customer's on the left, the shop's on the right."""

    async def show(self, messages: list[tuple[str, object]], *, to_end: bool) -> None:
        """Show these, and go to the newest if it was in view before."""
        at_end = to_end or self.scroll_offset.y >= self.max_scroll_y - 1
        await self.remove_children()
        await self.mount(*(_placed(side, text) for side, text in messages))
        if at_end:
            # Once the bubbles have found their heights.
            self.call_after_refresh(self.scroll_end, animate=False)
