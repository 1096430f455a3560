"""What the practice shop adds to the program: a telephone beside the counter, and a new beginning."""

from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from crm_tui.errors import N_
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import program

if TYPE_CHECKING:
    from crm_tui.practice.shop import Practice

BEGIN_ANEW = "begin anew"
"""What the program ends with when the practice shop is to be thrown away."""

_WIDE = 110
"""Columns from which on the telephone has room beside the counter."""


class PracticeKeys:
    """What the keys of the practice shop do; nothing where there is none."""

    def __init__(self, app: App[str]) -> None:
        self._app = app

    @property
    def _practice(self) -> "Practice | None":
        return program(self._app).practice

    async def do_practice_telephone(self) -> None:
        """Beside the counter where there is room, else over it."""
        from crm_tui.screens.practice.telephone import PhonePanel, Telephone

        page, practice = self._app.screen, self._practice
        if not isinstance(page, Page) or practice is None:
            return
        if self._app.size.width < _WIDE:
            await self._app.push_screen(Telephone())
            return
        panels = page.query(PhonePanel)
        if panels and panels.first().line.has_focus:
            practice.beside = False
            await self.place_telephone(page)
            page.focus_next()
        else:
            practice.beside = True
            await self.place_telephone(page)
            page.query_one(PhonePanel).line.focus()

    async def place_telephone(self, page: Screen[Any]) -> None:
        """Let the telephone stand beside a page, or not, as it did beside the last one."""
        practice = self._practice
        if practice is None or not isinstance(page, Page) or not page.has_room:
            return
        from crm_tui.screens.practice.telephone import PhonePanel

        panels = page.query(PhonePanel)
        wanted = practice.beside and self._app.size.width >= _WIDE
        if wanted and not panels:
            panel = PhonePanel()
            await page.query_one("#frame").mount(panel)
            page.add_class("-beside")
            panel.draw()
            page.look_again()
        elif panels and not wanted:
            await panels.remove()
            page.remove_class("-beside")

    def do_telephone_next(self) -> None:
        practice = self._practice
        if practice is not None:
            practice.in_hand += 1
            self._draw_telephone()

    def do_telephone_pace(self) -> None:
        practice = self._practice
        if practice is not None:
            from crm_tui.screens.practice.telephone import told_pace

            practice.next_pace()
            self._draw_telephone()
            page = self._app.screen
            if isinstance(page, Page):
                page.notice(told_pace(program(self._app), practice))

    def _draw_telephone(self) -> None:
        from crm_tui.screens.practice.telephone import PhonePanel

        page = self._app.screen
        if isinstance(page, Page):
            for panel in page.query(PhonePanel):
                panel.draw()
            page.look_again()

    async def do_practice_reset(self) -> None:
        from crm_tui.screens.shell.asking import SURE
        from crm_tui.screens.widgets.dialog import Ask

        tr = program(self._app).tr
        ask = Ask(
            tr(N_("Start the practice again?")),
            tr(N_("Everything done in the practice shop is thrown away.")),
            tr(N_("Start again")),
            tr(N_("Back")),
            key=SURE,
        )
        if await self._app.push_screen_wait(ask):
            self._app.exit(BEGIN_ANEW)
