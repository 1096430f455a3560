"""Bars by the hour of the day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from crm_tui.screens.widgets.plain import Piece, Plain, content

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_COLOURS = ("$primary", "$faint")
_MARK = "■"
_NARROWEST = 2
"""Cells: the two bars of one hour."""
_OPEN = (7, 18)
"""The hours that are shown even if nothing happened in them."""


@dataclass(frozen=True)
class Hours:
    """Two rows of 24 figures, what they are called, and how the highest is told."""

    rows: tuple[Sequence[int], Sequence[int]]
    names: tuple[str, str]
    label: Callable[[int], str] = str

    def drawn(self, width: int, height: int) -> Content:
        """Both rows as bars side by side, in `width` × `height` cells: a line that names them, the
        bars, a line of hours."""
        top = max(1, *self.rows[0], *self.rows[1])
        scale = self.label(top)
        left = cell_len(scale) + 1
        if width < left + _NARROWEST:
            # The bars tell more than the figure beside them.
            scale, left = "", 0
        if width < _NARROWEST:
            # No bar has room: somebody draws the window narrow, or wide again.
            return Content("")
        busy = [hour for hour in range(24) if self.rows[0][hour] or self.rows[1][hour]]
        last = max([_OPEN[1], *busy])
        # Where there is no room for all, the latest are of interest.
        first = max(min([_OPEN[0], *busy]), last + 1 - (width - left) // 2)
        hours = range(first, last + 1)
        each = (width - left) // len(hours)
        bar = max(1, (each - 1) // 2)
        high = max(1, height - 2)
        pieces: list[Piece] = [" " * left]
        for name, colour in zip(self.names, _COLOURS, strict=True):
            pieces += [(_MARK, colour), (f" {name}  ", "$muted")]
        for line in range(high - 1, -1, -1):
            beside = scale if line == high - 1 else "0" if not line else ""
            pieces.append((f"\n{beside:>{left - 1}} " if left else "\n", "$muted"))
            for hour in hours:
                for row, colour in zip(self.rows, _COLOURS, strict=True):
                    pieces.append((_piece(row[hour], top, line, high) * bar, colour))
                pieces.append(" " * (each - 2 * bar))
        pieces.append(("\n" + " " * left + _names(hours, each), "$muted"))
        return content(*pieces)


def _piece(figure: int, top: int, line: int, high: int) -> str:
    """What a bar fills of a line, counted from below; whatever is not nothing is seen."""
    eighths = max(figure > 0, round(figure * high * 8 / top))
    return _EIGHTHS[max(0, min(8, eighths - 8 * line))]


def _names(hours: range, each: int) -> str:
    """As many of the hours as have room, each below its bars."""
    step = -(-3 // each)
    return "".join(f"{hour:02d}".ljust(each * step) for hour in hours[::step]).rstrip()


class HoursPlot(Plain):
    """Shows them in the room that it has."""

    _hours: Hours | None = None

    def draw(self, hours: Hours) -> None:
        self._hours = hours
        self.on_resize()

    def on_resize(self) -> None:
        if self._hours is not None and self.size.width and self.size.height > 2:
            self.show(self._hours.drawn(self.size.width, self.size.height))
