"""Text on the screen, always literal: no markup is read, no control reaches the terminal."""

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from crm_tui.text import one_line, visible

Piece = str | tuple[str, str]
"""A text, or a text and its style ("bold", "$accent", "dim" …)."""


def content(*pieces: Piece) -> Content:
    """Pieces of literal text, some with a style, as one content."""
    return Content.assemble(
        *(
            visible(each) if isinstance(each, str) else (visible(each[0]), each[1])
            for each in pieces
        )
    )


class Plain(Static):
    """A `Static` that shows what it is given as it is."""

    def __init__(
        self, text: str | Content = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(_safe(text), markup=False, id=id, classes=classes)

    def show(self, text: str | Content) -> None:
        self.update(_safe(text))


def _safe(text: str | Content) -> Content:
    return text if isinstance(text, Content) else Content(visible(text))


def fit(text: str, width: int, align: str = "left") -> str:
    """`text` on one line of exactly `width` cells; what is too long ends in an ellipsis."""
    # A cell holds one character at least, marks that combine aside: so much is surely enough.
    line = one_line(text, width * 4 + 8)
    wide = cell_len(line)
    if wide > width:
        # Half of a wide character leaves a blank before the ellipsis.
        return set_cell_size(line, max(0, width - 1)) + "…" if width else ""
    room = " " * (width - wide)
    return room + line if align == "right" else line + room
