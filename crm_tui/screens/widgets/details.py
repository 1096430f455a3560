"""The pane beside a list, or below it: a text of any length, and how much more of it there is."""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from crm_tui.screens.widgets.plain import Plain

_HEADED = re.compile(r" *\S+(?: \S+)*? {2,}(?=\S)")
"""What stands before the text of a line, like a name or a moment, with the gap behind it."""
_FARTHEST = 28
"""Further to the right no line begins anew."""


def hung(text: Content, width: int) -> Content:
    """`text` with each line that is wider than `width` cells wrapped below its own text, not below what
    is said before it (a name, a moment); so are the lines of what is quoted."""
    lines: list[Content] = []
    within = 0
    for line in text.split("\n", allow_blank=True):
        told = line.plain
        heading = _HEADED.match(told)
        indent = within or (heading.end() if heading else len(told) - len(told.lstrip()))
        indent = indent if indent <= min(_FARTHEST, width // 2) else 0
        if within:
            line = Content(" " * indent) + line
        lines += _wrapped(line, width, indent)
        opened, closed = told.rfind("“"), told.rfind("”")
        if opened > closed:
            within = indent if heading else 0
        elif closed >= 0:
            within = 0
    return Content("\n").join(lines)


def _wrapped(line: Content, width: int, indent: int) -> Iterator[Content]:
    """The lines into which it is broken at blanks, all but the first behind `indent` blanks."""
    text, start, room, margin = line.plain, 0, width, Content("")
    while cell_len(text[start:]) > room:
        end, used = start, 0
        while used + cell_len(text[end]) <= room:
            used += cell_len(text[end])
            end += 1
        cut = text.rfind(" ", start + (0 if start else indent), end + 1)
        cut = cut if cut > start else end
        yield margin + line[start:cut]
        start = cut + len(text[cut:]) - len(text[cut:].lstrip(" "))
        room, margin = width - indent, Content(" " * indent)
    yield margin + line[start:]


class DetailsText(Plain):
    """The text of the pane, laid out anew where the pane has another width."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._whole = Content("")
        self._laid = (self._whole, 0)

    def show(self, text: str | Content) -> None:
        self._whole = text if isinstance(text, Content) else Content(text)
        self._lay_out()

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.content_size.width
        if self._laid != (self._whole, width):
            self._laid = (self._whole, width)
            super().show(hung(self._whole, width) if width else self._whole)


class Details(VerticalScroll, can_focus=False):
    """The pane beside the list; its text is wrapped to its width. Its last line says how much more
    there is."""

    class Resized(Message):
        """It has another width."""

    class Seen(Message):
        """Another part of its text is in sight."""

    def on_resize(self) -> None:
        self.post_message(self.Resized())
        self.post_message(self.Seen())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Seen())

    @property
    def seen(self) -> tuple[int, int]:
        """From which line on nothing can be seen, and how many lines there are."""
        lines = self.query_one("#details-text").size.height
        below = round(self.scroll_y) + self.content_size.height
        # What says that there is more covers a line itself.
        return (lines, lines) if below >= lines else (below - 1, lines)
