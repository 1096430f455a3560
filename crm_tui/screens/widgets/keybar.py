"""The last line: keys and what they do, as many as fit, none cut."""

from collections.abc import Sequence

from rich.cells import cell_len

from crm_tui.screens.widgets.statusline import Bar
from crm_tui.text import visible


class KeyBar(Bar):
    """Shows (key, label) pairs. The first ones matter most; the `last` ones stand at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._pairs: Sequence[tuple[str, str]] = ()
        self._last: Sequence[tuple[str, str]] = ()

    def show(self, pairs: Sequence[tuple[str, str]], last: Sequence[tuple[str, str]] = ()) -> None:
        self._pairs, self._last = pairs, last
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self.put(laid_out(self._pairs, self._last, self.size.width or 80))


def laid_out(
    pairs: Sequence[tuple[str, str]], last: Sequence[tuple[str, str]], width: int
) -> list[tuple[str, str]]:
    """The pairs that fit into `width` cells, each whole: the help, the first three, then the rest."""
    ranked = [*last[-1:], *pairs[:3], *last[:-1], *pairs[3:]]
    fitting = set()
    room = width
    for pair in ranked:
        if _width(pair) <= room:
            room -= _width(pair)
            fitting.add(pair)
    shown = [pair for pair in (*pairs, *last) if pair in fitting]
    parts: list[tuple[str, str]] = []
    for key, label in shown:
        parts += [(f" {visible(key)} ", "$accent bold"), (f"{visible(label)} ", "$text-muted")]
    return parts


def _width(pair: tuple[str, str]) -> int:
    return cell_len(pair[0]) + cell_len(pair[1]) + 3
