"""Bars by the hour of the day."""

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.screens.shell.plots import Hours

_DAY = st.lists(st.integers(0, 3) | st.integers(0, 10**9), min_size=24, max_size=24)


@given(_DAY, _DAY, st.integers(0, 12), st.integers(1, 14))
def test_a_window_of_any_size_has_bars_or_none(
    came: list[int], went: list[int], width: int, height: int
) -> None:
    """However narrow the window is drawn, no line of bars is wider, and nothing fails."""
    lines = Hours((came, went), ("a", "b")).drawn(width, height).plain.split("\n")
    assert all(cell_len(line) <= width for line in lines[1:])


@given(_DAY, _DAY, st.integers(12, 130), st.integers(3, 14))
# The highest figure is nearly as wide as the room.
@example([0] * 24, [0] * 23 + [10**9], 12, 3)
def test_the_bars_keep_to_their_room(
    came: list[int], went: list[int], width: int, height: int
) -> None:
    """No line is wider than the room, none is missing, and what happened lately is seen."""
    lines = Hours((came, went), ("a", "b")).drawn(width, height).plain.split("\n")
    assert len(lines) == height
    # The line of names is cut by the screen where nothing else would fit, too.
    assert all(cell_len(line) <= width for line in lines[1:])
    last = max([18, *(hour for hour in range(24) if came[hour] or went[hour])])
    if came[last] or went[last]:
        assert lines[-2].rstrip()[-1] in "▁▂▃▄▅▆▇█"
