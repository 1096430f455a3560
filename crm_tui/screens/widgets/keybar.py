"""The last line: keys and what they do, as many as fit, none cut. A click is as good as the key."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message

from crm_tui.screens.widgets.speech import program
from crm_tui.screens.widgets.statusline import Bar
from crm_tui.text import visible

_CALLED = {
    "Esc": "escape", "Enter": "enter", "Tab": "tab", "/": "slash", "Space": "space", "Del": "delete",
    "+": "plus", "-": "minus", "←": "left", "→": "right", "PgUp": "pageup", "PgDn": "pagedown",
    "Home": "home", "End": "end",
}  # fmt: skip


def key_called(name: str) -> str | None:
    """The key that people call so; None for what is no single key, like ↑↓."""
    if name in _CALLED:
        return _CALLED[name]
    if name.startswith("Ctrl+"):
        return "ctrl+" + name[5:].lower()
    if name[:1] == "F" and name[1:].isdecimal():
        return name.lower()
    return name if len(name) == 1 and name.isalnum() else None


class KeyBar(Bar):
    """Shows (key, label) pairs. The first ones matter most; the `last` ones stand at the end."""

    class Clicked(Message):
        """Somebody clicked on a key, by the name that Textual has for it."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self._pairs: Sequence[tuple[str, str]] = ()
        self._last: Sequence[tuple[str, str]] = ()

    def show(self, pairs: Sequence[tuple[str, str]], last: Sequence[tuple[str, str]] = ()) -> None:
        self._pairs, self._last = pairs, last
        self._draw()

    @property
    def pairs(self) -> Sequence[tuple[str, str]]:
        """All of them, whether they fit or not."""
        return (*self._pairs, *self._last)

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        right = 0
        parts = laid_out(self._pairs, self._last, self.room)
        for (key, _), (label, _) in zip(parts[::2], parts[1::2], strict=True):
            left, right = right, right + cell_len(key + label)
            if left <= event.x < right:
                name = key.strip()
                named = "Space" if name == program(self).tr("Space") else name
                pressed = key_called(named)
                if pressed is not None:
                    self.post_message(self.Clicked(pressed))
                return

    def _draw(self) -> None:
        self.put(laid_out(self._pairs, self._last, self.room))


def laid_out(
    pairs: Sequence[tuple[str, str]], last: Sequence[tuple[str, str]], width: int
) -> list[tuple[str, str]]:
    """The pairs that fit into `width` cells, each whole: the help, the way out, the first three, then
    the rest."""
    way_out = [pair for pair in pairs if pair[0] == "Esc"]
    ranked = [*last[-1:], *way_out, *pairs[:3], *last[:-1], *pairs[3:]]
    fitting = set()
    room = width
    for pair in dict.fromkeys(ranked):
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
