"""The pane beside a list, or below it: a text of any length, and how much more of it there is."""

from textual.containers import VerticalScroll
from textual.message import Message


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
