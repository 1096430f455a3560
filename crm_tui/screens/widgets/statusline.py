"""The line above the keys: how all is, in words, what needs somebody in colour."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from crm_tui.screens.widgets.plain import fit
from crm_tui.text import visible

Part = tuple[str, str]
"""A text and its tone: "", "good", "due" or "bad"."""
LongPart = tuple[str, str, str]
"""The same, and behind it what is told where there is room for it."""

_STYLES = {"": "$text-muted", "good": "$success", "due": "$accent bold", "bad": "$error bold"}


_BOX = 68
"""Cells of a line in a box."""


class Bar(Static):
    """A line of fixed height; it is drawn anew only when it has something else to say."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._drawn: Sequence[str | tuple[str, str]] = ()

    @property
    def room(self) -> int:
        """The cells of the line; before it is laid out those that it is going to have, so that the
        first picture of a screen is the one that stays."""
        if self.size.width:
            return self.size.width
        return self.app.size.width if isinstance(self.parent, Screen) else _BOX

    def put(self, pieces: Sequence[str | tuple[str, str]]) -> None:
        """Say this: texts, and texts with their style."""
        if pieces != self._drawn:
            self._drawn = pieces
            self.update(Content.assemble(*pieces), layout=False)

    def notify_style_update(self) -> None:
        """Other colours: what is said next is drawn, even if it is the same."""
        super().notify_style_update()
        self._drawn = ()


class StatusLine(Bar):
    """Parts side by side, the first ones first. Where they do not fit, first what stands behind some
    of them is left out, then those that do not fit; none is cut."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: Sequence[Part | LongPart] = ()

    def show(self, parts: Sequence[Part | LongPart]) -> None:
        self._parts = parts
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        room = self.room - 1
        pieces: list[str | tuple[str, str]] = [" "]
        whole = [visible(each[0] + "".join(each[2:])) for each in self._parts]
        fits = cell_len(" · ".join(whole)) <= room
        for number, (each, long) in enumerate(zip(self._parts, whole, strict=True)):
            shown, tone = long if fits else visible(each[0]), each[1]
            gap = " · " if number and len(pieces) > 1 else ""
            if cell_len(gap + shown) > room:
                continue
            room -= cell_len(gap + shown)
            pieces += [(gap, "$text-disabled"), (shown, _STYLES[tone])]
        self.put(pieces)


class HeadLine(Bar):
    """Where you are: the shop and the screen on the left, user and time on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._left: Sequence[Part] = ()
        self._right: Sequence[Part] = ()

    def show(self, left: Sequence[Part], right: Sequence[Part]) -> None:
        """Each part with a style of its own."""
        self._left, self._right = left, right
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.room
        left = [(visible(text), style) for text, style in self._left]
        right = [(visible(text), style) for text, style in self._right]
        taken = sum(cell_len(text) for text, _ in left + right)
        while taken > width - 2 and len(right) > 1:
            taken -= cell_len(right.pop(0)[0])
        # Which screen it is tells more than whose.
        if taken > width - 2:
            taken -= sum(cell_len(text) for text, _ in left[:-1])
            left = left[-1:]
        if taken > width - 2 and left:
            text, style = left[-1]
            kept = max(1, cell_len(text) - (taken - (width - 2)))
            left[-1] = (fit(text, kept), style)
            taken = width - 2
        gap = max(1, width - taken - 2)
        self.put([" ", *left, " " * gap, *right, " "])
