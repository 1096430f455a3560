"""Mistakes of libraries, mended here until a release of theirs does."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from rich.segment import Segment
from textual import events
from textual._styles_cache import StylesCache
from textual.await_complete import AwaitComplete
from textual.color import Color
from textual.css.model import RuleSet
from textual.css.styles import RenderStyles
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from crm_tui.screens.shell.heard import mend_hearing


@lru_cache(256)
def _grounds(base: Color, ground: Color) -> tuple[Style, Style]:
    """The styles inside and outside of a widget's border."""
    return Style(background=base + ground), Style(background=base)


def mend_textual() -> None:
    """Hear whatever a terminal says; let a screen take away itself alone, be seen through all boxes
    that lie over it, and let go what widgets that are gone had drawn: a list opened took 1 MB for good.
    The most frequent steps of showing a screen are taken without a detour.

    The original of `get_inner_outer` memoizes a method, and with it the instance and all its lines
    (https://github.com/Textualize/textual/issues/6665).
    """
    mend_hearing()
    if {*Strip.__slots__} == {*_CACHES, *_OTHERS}:
        Strip.__init__ = _begin  # type: ignore[method-assign]
        Strip.__getattr__ = _cache_of  # type: ignore[attr-defined]
    # A million of each in a walk through all screens.
    RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]
    RenderStyles.get_rule = _rule  # type: ignore[method-assign]
    Screen.dismiss = _dismiss  # type: ignore[method-assign]
    Screen._compositor_refresh = _compositor_refresh  # type: ignore[method-assign]
    StylesCache.get_inner_outer = lambda _self, base, ground: _grounds(base, ground)  # type: ignore[method-assign, assignment]


_LEAST = Size(22, 6)
"""Cells and lines of the smallest window that is drawn for."""


def bearable(event: events.Resize) -> events.Resize:
    """In a window with no cell for a line of a list the original fails: it is drawn for a larger one,
    of which nothing is seen until somebody draws the window larger."""
    size = Size(max(event.size.width, _LEAST.width), max(event.size.height, _LEAST.height))
    return event if size == event.size else events.Resize(size, size)


_CACHES = {
    "_divide_cache": 4, "_crop_cache": 16, "_style_cache": 16, "_filter_cache": 4,
    "_line_length_cache": 4, "_crop_extend_cache": 4, "_offsets_cache": 4,
}  # fmt: skip
"""What a line keeps of itself, and how many of each."""
_OTHERS = ("_segments", "_cell_length", "_render_cache", "_link_ids", "_cell_count")


def _begin(self: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    """The original makes all seven caches of each line, with a dictionary in each, of which one in
    twenty is ever used: 2 MB of a screen's lines."""
    self._segments = list(segments)
    self._cell_length = cell_length
    self._render_cache = self._link_ids = self._cell_count = None


def _cache_of(self: Strip, name: str) -> "_Cache":
    """A cache that is looked into for the first time."""
    if name not in _CACHES:
        raise AttributeError(name)
    cache = _Cache(_CACHES[name])
    setattr(self, name, cache)
    return cache


class _Cache:
    """Of what was put in last, as many as it may hold."""

    __slots__ = ("_items", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: dict[Any, Any] = {}

    def get(self, key: Any) -> Any:
        return self._items.get(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        items = self._items
        if len(items) >= self._most and key not in items:
            del items[next(iter(items))]
        items[key] = value


def _rule(self: RenderStyles, rule_name: str, default: object = None) -> object:
    """The original asks twice where a rule is the widget's own, and thrice where it is its style's."""
    own = self._inline_styles._rules
    return own[rule_name] if rule_name in own else self._base_styles._rules.get(rule_name, default)  # type: ignore[literal-required]


_dismiss_top = Screen.dismiss


def _dismiss(self: Screen[Any], result: Any = None) -> AwaitComplete:
    """The original takes away whatever lies on top: a form that was done when the lock lay over it
    took away the lock."""
    stack = self.app._screen_stack
    if self not in stack:
        return AwaitComplete()
    if stack[-1] is self:
        return _dismiss_top(self, result)
    if self._result_callbacks:
        self._result_callbacks[-1](result)
        self._pop_result_callback()
    stack.remove(self)
    return AwaitComplete(self.app._replace_screen(self)).call_next(self.app)


_refresh_compositor = Screen._compositor_refresh


def _compositor_refresh(self: Screen[Any]) -> None:
    """The original tells only the box on top that a screen below it has changed: through two boxes its
    clock stood still."""
    stack = self.app._screen_stack
    if self in stack[:-2]:
        for between in stack[stack.index(self) + 1 : -1]:
            between._set_dirty(*self._compositor._dirty_regions)
    _refresh_compositor(self)


def forget_lines(screen: Screen[object]) -> None:
    """Let a screen that is covered go without what it had drawn: it is drawn anew when it comes back.

    A line of 120 columns takes a kilobyte, most of it empty caches, and a screen has hundreds.
    """
    for widget in screen.walk_children(Widget, with_self=True):
        widget._set_dirty()
        widget._render_cache = widget._render_cache._replace(lines=[])
