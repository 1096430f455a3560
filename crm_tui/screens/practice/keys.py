"""What the practice shop adds to the program: a telephone beside the counter, and a new beginning."""

from typing import TYPE_CHECKING, Any

from textual.app import App

from crm_tui.errors import N_
from crm_tui.screens.shell.page import Page

if TYPE_CHECKING:
    from crm_tui.practice.shop import Practice

BEGIN_ANEW = "begin anew"
"""What the program ends with when the practice shop is to be thrown away."""

_WIDE = 110
"""Columns from which on the telephone has room beside the counter."""


class PracticeActions(App[str]):
    """The actions of the practice shop, for the program that has one."""

    practice: "Practice | None" = None

    def tell(self, text: str, /, **params: object) -> str:
        """A text of the catalogues in the language of the screen."""
        raise NotImplementedError

    async def do_practice_telephone(self) -> None:
        """Beside the counter where there is room, else over it."""
        from crm_tui.screens.practice.telephone import PhonePanel, Telephone

        page = self.screen
        if not isinstance(page, Page) or self.practice is None:
            return
        if self.size.width < _WIDE:
            await self.push_screen(Telephone())
            return
        panels = page.query(PhonePanel)
        if panels and panels.first().line.has_focus:
            self.practice.beside = False
            await self.place_telephone(page)
            page.focus_next()
        else:
            self.practice.beside = True
            await self.place_telephone(page)
            page.query_one(PhonePanel).line.focus()

    async def place_telephone(self, page: Page) -> None:
        """Let the telephone stand beside a screen, or not, as it did beside the last one."""
        if self.practice is None or not page.has_room:
            return
        from crm_tui.screens.practice.telephone import PhonePanel

        panels = page.query(PhonePanel)
        wanted = self.practice.beside and self.size.width >= _WIDE
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
        if self.practice is not None:
            self.practice.in_hand += 1
            self._draw_telephone()

    def do_telephone_pace(self) -> None:
        if self.practice is not None:
            self.practice.next_pace()
            self._draw_telephone()

    def _draw_telephone(self) -> None:
        from crm_tui.screens.practice.telephone import PhonePanel

        page: Any = self.screen
        if isinstance(page, Page):
            for panel in page.query(PhonePanel):
                panel.draw()
            page.look_again()

    async def do_practice_reset(self) -> None:
        from crm_tui.screens.widgets.dialog import Ask

        ask = Ask(
            self.tell(N_("Begin the practice anew?")),
            self.tell(N_("All that was done in the practice shop is thrown away.")),
            self.tell(N_("Begin anew")),
            self.tell(N_("Back")),
        )
        if await self.push_screen_wait(ask):
            self.exit(BEGIN_ANEW)
