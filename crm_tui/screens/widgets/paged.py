"""A list of any length: only what is on the screen and a little around it is in memory."""

import asyncio
import textwrap
from collections.abc import Callable, Sequence
from functools import partial

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.screens.widgets.columns import GAP, Cell, Column, Measured, fit_cell
from crm_tui.screens.widgets.plain import fit
from crm_tui.screens.widgets.tasks import beside
from crm_tui.screens.widgets.window import Record, Source, Window

Shape = Callable[[Record], Sequence[Cell]]


_MEASURED = 60
"""Rows around those on the screen whose columns are measured."""
_EMPTY_LINES = 8


def _now() -> float:
    return asyncio.get_running_loop().time()


class PagedList(Widget, can_focus=True):
    """Rows from a `Source`, the cursor held by the row's id. Keys: ↑ ↓ PgUp PgDn Home End Enter."""

    COMPONENT_CLASSES = {
        "list--heading", "list--cursor", "list--cursor-blurred", "list--dim", "list--strong",
        "list--due", "list--bad", "list--info", "list--empty",
    }  # fmt: skip
    SETTLED = 1.5
    """Seconds without a key after which arrivals above may show themselves."""

    class Moved(Message):
        """Another row is under the cursor, or it has changed.

        `slipped`: another row came under the cursor though nobody moved it, because its row has gone.
        """

        def __init__(self, sender: "PagedList", row: Record | None, slipped: bool) -> None:
            super().__init__()
            self.list = sender
            self.row = row
            self.slipped = slipped

        @property
        def control(self) -> "PagedList":
            return self.list

    class Chosen(Message):
        """Enter, or a second click."""

        def __init__(self, sender: "PagedList", row: Record) -> None:
            super().__init__()
            self.list = sender
            self.row = row

        @property
        def control(self) -> "PagedList":
            return self.list

    def __init__(self, columns: Sequence[Column], shape: Shape, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._measured = Measured()
        self._extent = (0, 0)
        self._shape = shape
        self._window: Window | None = None
        self._generation = 0
        self._growing = False
        self._top = 0
        self._line_of_cursor = 0
        self.settled = False
        """Whether what it shows is what was asked for last."""
        self._touched = 0.0
        self._announced: tuple[int, object] = (0, None)
        self._empty: tuple[str, str] = ("", "")
        self._words: Callable[[int, int, int | None, int], str] = lambda a, b, c, d: ""
        self.widened: Callable[[], None] = lambda: None
        """Called when it would like to be wider, or less wide, than before."""

    # ── what it shows ─────────────────────────────────────────────────────────────────────────

    def explain(
        self, empty: tuple[str, str], words: Callable[[int, int, int | None, int], str]
    ) -> None:
        """What an empty list says (what, and what to do), and how the last line is told from the
        first and last row shown, the number of rows and of arrivals."""
        self._empty, self._words = empty, words
        self.refresh()

    def show_columns(self, columns: Sequence[Column]) -> None:
        if list(columns) == list(self._columns):
            self.refresh()
            return
        self._columns = columns
        self._draw()

    def _draw(self) -> None:
        """Draw the rows as they are now; where they need another room, everything around them, too."""
        window = self._window
        if window is not None:
            near = slice(max(0, self._top - _MEASURED // 2), self._top + _MEASURED)
            self._measured.see([self._shape(row) for row in window.rows[near]])
            extent = (self._measured.width(self._columns), len(window.rows))
            if extent != self._extent:
                self._extent = extent
                # At once: what stands beside it finds its place in the same picture.
                self.widened()
                if self.styles.is_auto_width or self.styles.is_auto_height:
                    self.refresh(layout=True)
                    return
        self.refresh()

    @property
    def natural_width(self) -> int:
        """Cells with which nothing in it would be cut."""
        return self._extent[0]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self._extent[0] or container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All rows with what stands above and below them; what is said of an empty list needs room."""
        return (self._extent[1] or _EMPTY_LINES) + 2

    async def use(self, source: Source) -> None:
        """Show another source, from its first row. Until it is there, `settled` is False."""
        self._generation += 1
        generation = self._generation
        self.settled = False
        window = Window(source, self._hold)
        try:
            await window.first()
        except BaseException:
            if generation == self._generation:
                # Old rows under a new heading would be mistaken for what was asked for.
                self._window = None
                self.refresh()
            raise
        if generation != self._generation:
            return
        self._window, self._top, self.settled = window, 0, True
        self._measured = Measured()
        self._tell()
        self._draw()
        if window.total is None:
            beside(self, partial(self._count, window), group="count", exclusive=True)

    def _hold(self) -> None:
        """Remember on which line the cursor stands: it stays there while rows change around it."""
        if self._window is not None:
            self._line_of_cursor = self._window.index - self._top

    async def look_again(self) -> None:
        """The store has changed: read what is shown anew."""
        window = self._window
        if window is None:
            return
        held = window.current
        followed = False

        def follow() -> bool:
            nonlocal followed
            settled = _now() - self._touched > self.SETTLED
            followed = self._top == 0 and settled and window.index + 3 < self._height
            return followed

        await window.look_again(follow)
        if window is not self._window:
            return
        if not followed:
            self._top = window.index - self._line_of_cursor
        self._keep_in_view()
        row = window.current
        self._tell(again=True, slipped=held is not None and row is not None and row.id != held.id)
        self._draw()
        beside(self, partial(self._count, window), group="count", exclusive=True)

    async def _count(self, window: Window) -> None:
        await window.count()
        if window is self._window:
            self.refresh()

    @property
    def current(self) -> Record | None:
        """The row under the cursor."""
        return self._window.current if self._window else None

    @property
    def is_empty(self) -> bool:
        """Whether it was read and holds no row."""
        return self._window is not None and not self._window.rows

    @property
    def total(self) -> int | None:
        """How many rows there are, once that is known."""
        return self._window.total if self._window else None

    async def bring(self, row_id: int) -> None:
        """Read what is new, and put the cursor on the row with this id, wherever it stands."""
        await self.look_again()
        window = self._window
        if window is None or self.seek(row_id):
            return
        # It stands beyond what was read, or above it, where it does not push rows down by itself.
        if await window.around(row_id) and window is self._window:
            self._top = window.index - self._height // 2
            self._keep_in_view()
            self._tell()
            self._draw()

    async def newest(self) -> None:
        """Read it anew from the first row, where what was just made stands."""
        if self._window is not None:
            await self._go(self._window, first=True)

    def seek(self, row_id: int) -> bool:
        """Put the cursor on the row with this id, if it is near; whether it is."""
        window = self._window
        places = (
            [place for place, row in enumerate(window.rows) if row.id == row_id] if window else []
        )
        if window is not None and places:
            self.move(places[0] - window.index)
        return bool(places)

    # ── moving ────────────────────────────────────────────────────────────────────────────────

    @property
    def _height(self) -> int:
        return max(1, self.size.height - 2)

    def on_key(self, event: events.Key) -> None:
        window = self._window
        if window is None:
            return
        steps = {"up": -1, "down": 1, "pageup": -self._height, "pagedown": self._height}
        if event.key in steps:
            self.move(steps[event.key])
        elif event.key == "home":
            beside(self, partial(self._go, window, first=True), group="go", exclusive=True)
        elif event.key == "end":
            beside(self, partial(self._go, window, first=False), group="go", exclusive=True)
        elif event.key == "enter" and window.current is not None:
            self.post_message(self.Chosen(self, window.current))
        else:
            return
        self._touched = _now()
        event.stop()
        event.prevent_default()

    def move(self, steps: int) -> None:
        """Move the cursor by so many rows."""
        window = self._window
        if window is None or not window.rows:
            return
        window.index = max(0, min(window.index + steps, len(window.rows) - 1))
        self._keep_in_view()
        self._tell()
        self.refresh()
        self._grow_if_near(window)

    def _grow_if_near(self, window: Window) -> None:
        if self._growing:
            return
        near_end = not window.at_end and window.index > len(window.rows) - 2 * self._height
        near_start = not window.at_start and window.index < 2 * self._height
        if near_end or near_start:
            self._growing = True
            beside(self, partial(self._grow, window, near_end), group="grow")

    async def _grow(self, window: Window, down: bool) -> None:
        try:
            await window.grow(down)
        finally:
            self._growing = False
        if window is self._window:
            self._top = window.index - self._line_of_cursor
            self._keep_in_view()
            self._draw()

    async def _go(self, window: Window, *, first: bool) -> None:
        await (window.first() if first else window.last())
        if window is self._window:
            self._top = 0 if first else len(window.rows)
            self._keep_in_view()
            self._tell()
            self._draw()

    def _keep_in_view(self) -> None:
        window = self._window
        assert window is not None
        self._top = min(self._top, window.index)
        self._top = max(self._top, window.index - self._height + 1)
        self._top = max(0, min(self._top, len(window.rows) - self._height))

    def _tell(self, again: bool = False, slipped: bool = False) -> None:
        row = self.current
        announcement = (self._generation, row and row.id)
        if again or announcement != self._announced:
            self._announced = announcement
            self.post_message(self.Moved(self, row, slipped))

    # ── the mouse ─────────────────────────────────────────────────────────────────────────────

    def on_click(self, event: events.Click) -> None:
        window = self._window
        place = self._top + event.y - 1
        if window is None or not 0 <= place < len(window.rows) or event.y < 1:
            return
        if place == window.index and event.chain > 1 and window.current is not None:
            self.post_message(self.Chosen(self, window.current))
        else:
            self.move(place - window.index)

    def on_mouse_scroll_down(self) -> None:
        self.move(3)

    def on_mouse_scroll_up(self) -> None:
        self.move(-3)

    def on_resize(self) -> None:
        if self._window is not None:
            self._keep_in_view()

    # ── drawing ───────────────────────────────────────────────────────────────────────────────

    def _tone(self, name: str) -> Style:
        return self.get_component_rich_style(f"list--{name}", partial=False)

    def _widths(self, room: int) -> list[int]:
        """The width of each column, 0 for one that is left out."""
        return self._measured.widths(self._columns, room)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        plain = self.rich_style
        window = self._window
        if window is None or not window.loaded:
            return Strip.blank(width, plain)
        if y == self.size.height - 1:
            shown = " " + fit(self._information(window), width - 1)
            return Strip([Segment(shown, self._tone("info"))], width)
        if not window.rows:
            return self._empty_line(y, width, plain)
        widths = self._widths(width - 2)
        if y == 0:
            cells = [Cell(column.heading) for column in self._columns]
            return self._line(cells, widths, self._tone("heading"), {})
        place = self._top + y - 1
        if place >= len(window.rows):
            return Strip.blank(width, plain)
        tones = {name: self._tone(name) for name in ("dim", "strong", "due", "bad")}
        base = plain
        if place == window.index:
            base = self._tone("cursor" if self.has_focus else "cursor-blurred")
            tones = {name: Style(color=tone.color, bold=tone.bold) for name, tone in tones.items()}
            if self.has_focus:
                tones = {name: Style(bold=tone.bold) for name, tone in tones.items()}
        return self._line(self._shape(window.rows[place]), widths, base, tones)

    def _line(
        self, cells: Sequence[Cell], widths: Sequence[int], base: Style, tones: dict[str, Style]
    ) -> Strip:
        segments = [Segment(" ", base)]
        first = True
        for column, cell, width in zip(self._columns, cells, widths, strict=True):
            if not width:
                continue
            if not first:
                segments.append(Segment(" " * GAP, base))
            first = False
            style = base + tones[cell.tone] if cell.tone in tones else base
            segments.append(Segment(fit_cell(cell.text, width, column.align), style))
        segments.append(Segment(" ", base))
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _information(self, window: Window) -> str:
        if not window.rows:
            return ""
        offset = window.offset
        first = 0 if offset is None else offset + self._top + 1
        last = (
            0
            if offset is None
            else min(offset + self._top + self._height, offset + len(window.rows))
        )
        return self._words(first, last, window.total, window.news)

    def _empty_line(self, y: int, width: int, plain: Style) -> Strip:
        lines = [self._empty[0], *textwrap.wrap(self._empty[1], max(20, width - 8))]
        top = max(0, (self._height - len(lines)) // 2)
        if not top <= y < top + len(lines):
            return Strip.blank(width, plain)
        style = self._tone("strong" if y == top else "empty")
        # Where the rows would begin.
        shown = " " + fit(lines[y - top], width - 1)
        return Strip([Segment(shown, style)]).adjust_cell_length(width, plain)
