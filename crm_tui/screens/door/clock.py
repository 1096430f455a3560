"""The computer's clock is doubted: a person says whether it is right."""

from typing import TYPE_CHECKING

from textual.app import App

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.asking import sure
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import program

if TYPE_CHECKING:
    from crm_tui.shop.gate.shoptime import Doubt


class ClockKeys:
    """What the action "Clock" does over any page."""

    def __init__(self, app: App[str]) -> None:
        self._app = app

    async def do_app_clock(self) -> None:
        """Ask whether the clock is right, with all that is known about it."""
        from crm_tui.shop.messages import gateway_state

        page, figures = self._app.screen, program(self._app).figures
        if not isinstance(page, Page) or figures is None or figures.clock is None:
            return
        shown = display.local_time(figures.clock.shown)
        question = page.tr(N_("The computer's clock shows {shown}. Is that right?"), shown=shown)
        yes = page.tr(N_("Yes, it is right"))
        if await sure(page, question, told(page, figures.clock), yes):
            await page.desk.act(gateway_state.trust_clock)
            page.notice(page.tr(N_("From now on this time counts: {shown}"), shown=shown))


def told(page: Page, doubt: "Doubt") -> str:
    """Why it is doubted, and what comes of either answer."""
    counts = N_("By the shop's own count it is {counts}.")
    if doubt.gap:
        counts = N_("The last moment that counted was {counts}, before the computer was off.")
    sentences = [page.tr(counts, counts=display.local_time(doubt.counts))]
    if doubt.network is not None:
        said = display.local_time(doubt.network)
        sentences.append(page.tr(N_("The telephone network says {said}."), said=said))
    sentences.append(
        page.tr(
            N_("If it is wrong, go back and set the computer's clock: then everything goes on by "
               "itself. If it is right, what has run out by it expires now: orders, points, SMS.")
        )
    )  # fmt: skip
    return " ".join(sentences)
