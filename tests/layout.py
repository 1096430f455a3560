"""What must hold of the layout of any screen: nothing is cut, covers another, or lies outside."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.screens.widgets.keybar import KeyBar
from crm_tui.screens.widgets.paged import PagedList
from crm_tui.screens.widgets.plain import Plain


def faults(screen: Screen[Any]) -> list[str]:
    """Everything that is wrong with what `screen` shows now, in words."""
    shown = [each for each in screen.walk_children(Widget) if _is_shown(each)]
    return [
        *(fault for bar in shown if isinstance(bar, KeyBar) for fault in _keys(bar)),
        *(fault for rows in shown if isinstance(rows, PagedList) for fault in _headings(rows)),
        *(fault for text in shown if isinstance(text, Static) for fault in _cut(text)),
        *_overlaps([screen, *shown]),
        *(fault for each in shown if each.focusable for fault in _outside(each)),
        *_too_wide(screen),
    ]


def _is_shown(widget: Widget) -> bool:
    return all(each.display and each.visible for each in widget.ancestors_with_self)


def _keys(bar: KeyBar) -> Iterator[str]:
    """The keys stand on the screen, each whole, the last ones always."""
    for holder in (bar.screen, bar.parent):
        assert isinstance(holder, Widget)
        if not holder.region.contains_region(bar.region):
            yield f"the keys lie outside of {holder}"
    told = bar.render()
    assert isinstance(told, Content)
    if cell_len(told.plain) > bar.size.width:
        yield f"the keys are wider than their line: {told.plain}"
    left = told.plain
    for key, label in (*bar._last, *bar._pairs):
        left = left.replace(f" {key} {label} ", "", 1)
    if left.strip():
        yield f"a key is cut: {left}"
    for key, label in bar._last:
        if f" {key} {label} " not in told.plain:
            yield f"a key is missing: {key} {label}"


def _headings(rows: PagedList) -> Iterator[str]:
    """The heading of a column that is shown has room; a list in which nothing is shows none."""
    window = rows._window
    if window is not None and window.loaded and not window.rows:
        return
    widths = rows._widths(rows.size.width - 2)
    for column, width in zip(rows._columns, widths, strict=True):
        if width and cell_len(column.heading) > width:
            yield f"a heading is cut: {column.heading}"


def _cut(text: Static) -> Iterator[str]:
    """A text has all the lines that it needs, and room for its longest word."""
    room = text.content_region.size
    told = text.visual
    if not isinstance(told, Content) or not told.plain.strip():
        return
    if text.get_content_height(room, room, room.width) > room.height:
        yield f"a text is cut: {told.plain!r} in {room.width} × {room.height}"
    elif isinstance(text, Plain):
        for word in told.plain.split():
            # A file's name may be as long as its folder's.
            if cell_len(word) > room.width and "/" not in word:
                yield f"a word is cut: {word}"


def _overlaps(holders: list[Widget]) -> Iterator[str]:
    """Of what stands side by side in one layer nothing covers another."""
    for holder in holders:
        placed = [each for each in holder.children if each.display and each.region]
        for one, other in combinations(placed, 2):
            if one.layer == other.layer and one.region.overlaps(other.region):
                yield f"{one} covers {other}"


def _outside(control: Widget) -> Iterator[str]:
    """What can be chosen lies within the screen, or can be scrolled to; what has the focus is seen."""
    if not control.region:
        yield f"{control} has no room"
        return
    place: Region = control.region
    for holder in control.ancestors:
        if not isinstance(holder, Widget):
            continue
        window = holder.scrollable_content_region
        across, along = holder.allow_horizontal_scroll, holder.allow_vertical_scroll
        if control.has_focus and not window.overlaps(place):
            yield f"{control} has the focus, out of sight"
        if not across and not (window.x <= place.x and place.right <= window.right):
            yield f"{control} is wider than {holder}"
        if not along and not (window.y <= place.y and place.bottom <= window.bottom):
            yield f"{control} is higher than {holder}"
        if across or along:
            # From here on it is this container that must be in sight.
            place = holder.region


def _too_wide(screen: Screen[Any]) -> Iterator[str]:
    """No line is longer than the screen is wide."""
    for strip in screen._compositor.render_strips():
        if cell_len(strip.text) > screen.size.width:
            yield f"a line is wider than the screen: {strip.text}"
