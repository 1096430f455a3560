"""Pictures of the screen as text: what stands there, and beside each line which words stand out.

A line of the screen is a line of the picture, between two `│`. Of colours only their meaning is kept,
as the theme names it, so that another shade changes no picture:

    `[ ]` a field, a chosen tab, a bubble     `> <` the chosen row     `( )` chosen, without the focus
    `█`   where one types
    right of the screen, a mark for each word of the line (a single one for all, if they are alike):
    `.` plain   `*` bold   `~` dim   `!` waits for somebody   `x` wrong   `+` good   `o` primary

What lies behind a box is in the picture of its own screen.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

Cell = tuple[str, Style]
Ends = tuple[str, str]

_WORDS = {"error": "x", "accent": "!", "warning": "!", "success": "+", "primary": "o",
          "muted": "~", "text-muted": "~", "faint": "~", "text-disabled": "~"}  # fmt: skip
_GROUNDS = {"list-cursor": (">", "<"), "list-cursor-blurred": ("(", ")"), "panel": ("[", "]")}
_NO_ENDS = (" ", " ")
_FOCUS_TINT = 0.05
"""How much of the foreground Textual mixes into a field that has the focus."""
_CARET = "input-cursor-background"
_DRAWN = range(0x2500, 0x25A0)
"""Lines and blocks: frames, charts and scrollbars are no words."""
_PLAIN = "."


def picture(app: App[Any]) -> str:
    """What stands on the screen of `app`."""
    theme = _Theme(app)
    return "".join(_line(strip, app.size.width, theme) + "\n" for strip in drawn(app.screen))


def drawn(screen: Screen[Any]) -> list[Strip]:
    """The lines of `screen`; of a box only the box: whether what lies behind it is drawn, too, depends
    on who looked first."""
    strips = screen._compositor.render_strips()
    if not screen.is_modal:
        return strips
    shown = [child.region for child in screen.children if child.display]
    box = Region.from_union(shown) if shown else Region()
    return [
        Strip([Segment(" " * box.x), *strip.crop(box.x, box.right)])
        if y in box.line_range
        else Strip([])
        for y, strip in enumerate(strips)
    ]


class _Theme:
    """What the colours of a theme mean."""

    def __init__(self, app: App[object]) -> None:
        named = app.theme_variables
        self.plain = _rgb(named["foreground"])
        self.words = {_rgb(named[name]): mark for name, mark in reversed(_WORDS.items())}
        self.words.pop(self.plain, None)
        self.grounds = {_rgb(named[name]): ends for name, ends in reversed(_GROUNDS.items())}
        field, ink = Color.parse(named["panel"]), Color.parse(named["foreground"])
        self.grounds[field.tint(ink.with_alpha(_FOCUS_TINT)).rgb] = _GROUNDS["panel"]
        self.caret = _rgb(named[_CARET])

    def mark(self, style: Style) -> str:
        """How a word of this style stands out."""
        ink = _triplet(style.bgcolor if style.reverse else style.color)
        if ink in self.words:
            return self.words[ink]
        return "~" if style.dim else "*" if style.bold else _PLAIN


def _line(strip: Strip, width: int, theme: _Theme) -> str:
    cells = [(char, segment.style or Style.null()) for segment in strip for char in segment.text]
    text = "".join(_shown(cells, width, theme)).rstrip()
    marks = _marks(cells, theme)
    return f"│{text}{' ' * (width - cell_len(text))}│ {marks}" if marks else f"│{text}"


def _shown(cells: Sequence[Cell], width: int, theme: _Theme) -> Iterator[str]:
    """The characters, with the ends of each ground and the caret where blanks leave room for them."""
    begins = 0
    for (first, last), run in _grounds(cells, theme):
        chars = [
            "█" if char == " " and _under(style) == theme.caret else char for char, style in run
        ]
        ends = begins + cell_len("".join(chars))
        # Head and keys lie on a panel that reaches to the edges.
        if first != "[" or (begins > 0 and ends < width):
            chars[0] = chars[0].replace(" ", first)
            chars[-1] = chars[-1].replace(" ", last)
        begins = ends
        yield from chars


def _grounds(cells: Sequence[Cell], theme: _Theme) -> Iterator[tuple[Ends, list[Cell]]]:
    """The cells of a line by what lies under them; the caret belongs to what is before it."""
    ends = _NO_ENDS
    run: list[Cell] = []
    for cell in cells:
        under = _under(cell[1])
        found = ends if run and under == theme.caret else theme.grounds.get(under, _NO_ENDS)
        if run and found != ends:
            yield ends, run
            run = []
        ends = found
        run.append(cell)
    if run:
        yield ends, run


def _marks(cells: Sequence[Cell], theme: _Theme) -> str:
    """A mark for each word, one for all that are alike, none where all is plain."""
    marks = ""
    for written, word in groupby(cells, key=lambda cell: _written(cell[0])):
        if written:
            found = [theme.mark(style) for _, style in word]
            marks += next((each for each in found if each != _PLAIN), _PLAIN)
    if set(marks) <= {_PLAIN}:
        return ""
    return marks[0] if len(set(marks)) == 1 else marks


def _written(char: str) -> bool:
    return not char.isspace() and ord(char) not in _DRAWN


def _rgb(colour: str) -> tuple[int, ...]:
    return Color.parse(colour).rgb


def _under(style: Style) -> tuple[int, ...]:
    return _triplet(style.color if style.reverse else style.bgcolor)


def _triplet(colour: RichColor | None) -> tuple[int, ...]:
    return tuple(colour.triplet) if colour is not None and colour.triplet is not None else ()
