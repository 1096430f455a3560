"""Mistakes of libraries, mended here until a release of theirs does."""

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget


@lru_cache(256)
def _grounds(base: Color, ground: Color) -> tuple[Style, Style]:
    """The styles inside and outside of a widget's border."""
    return Style(background=base + ground), Style(background=base)


def mend_textual() -> None:
    """Let go what widgets that are gone had drawn: a list opened took 1 MB for good.

    The original memoizes a method, and with it the instance and all its lines
    (https://github.com/Textualize/textual/issues/6665).
    """
    StylesCache.get_inner_outer = lambda _self, base, ground: _grounds(base, ground)  # type: ignore[method-assign, assignment]


def forget_lines(screen: Screen[object]) -> None:
    """Let a screen that is covered go without what it had drawn: it is drawn anew when it comes back.

    A line of 120 columns takes a kilobyte, most of it empty caches, and a screen has hundreds.
    """
    for widget in screen.walk_children(Widget):
        widget._set_dirty()
        widget._render_cache = widget._render_cache._replace(lines=[])
