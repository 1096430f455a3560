"""Something that takes a while: how far it is, and Esc to call it off."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from textual.widget import Widget

from crm_tui.errors import N_, Problem
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.plain import Plain, content
from crm_tui.screens.widgets.tasks import beside

log = logging.getLogger(__name__)

_LOOKS = 10
"""Times a second that the bar is drawn."""


class Going(Protocol):
    """News of the work: a share from 0 to 1, and whether it can be called off."""

    share: float
    final: bool

    def cancel(self) -> bool:
        """Call it off; whether that was in time."""


class Working(Dialog[object]):
    """Does `work` and comes back with its result, or with the `Problem` that it raised."""

    def __init__(self, title: str, going: Going, work: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._title, self._going, self._work = title, going, work

    def title_text(self) -> str:
        return self._title

    def body(self) -> Sequence[Widget]:
        return [Plain("", id="bar")]

    def on_mount(self) -> None:
        self.show_keys([("Esc", N_("Call it off"))])
        self.set_interval(1 / _LOOKS, self._draw)
        beside(self, self._do)

    async def _do(self) -> None:
        try:
            self.dismiss(await self._work())
        except Problem as problem:
            self.dismiss(problem)
        except Exception:
            log.exception("%s failed", self._title)
            self.dismiss(self.program.unforeseen())

    def _draw(self) -> None:
        bar = self.query_one("#bar", Plain)
        wide = max(10, bar.size.width - 6)
        full = round(wide * self._going.share)
        bar.show(
            content(
                ("━" * full, "$primary"), ("━" * (wide - full), "$panel"),
                (f" {self._going.share:4.0%}", "bold"),
            )
        )  # fmt: skip
        if self._going.final:
            self.show_keys([])

    def action_leave(self) -> None:
        # The work ends by itself then, and takes the box away.
        if self._going.cancel():
            self.show_keys([])
