"""What stands on the screen while the shop is opened: one line, or why it cannot be opened."""

from textual.app import ComposeResult
from textual.screen import Screen

from crm_tui.screens.widgets.plain import Plain


class OpeningScreen(Screen[None]):
    """The first thing that is painted; nothing is loaded for it that it does not need."""

    BINDINGS = [("f10", "app.quit", "")]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield Plain(self._text, id="opening")

    def say(self, text: str, *, bad: bool = False) -> None:
        """Tell how far it is, or what is in the way."""
        line = self.query_one("#opening", Plain)
        line.show(text)
        line.set_class(bad, "problem")
