"""F1 and F2: the help of a screen, and finding anything."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.screen import Screen

from crm_tui.actions import Action
from crm_tui.screens.shell.page import Page

if TYPE_CHECKING:
    from crm_tui.app import CrmApp


class HelpActions(App[str]):
    """A part of the app."""

    async def do_app_help(self) -> None:
        from crm_tui.screens.shell.help import help_about

        if isinstance(self.screen, Page):
            await self.push_screen(help_about(self.screen))

    async def do_app_palette(self) -> None:
        from crm_tui.screens.finder.things import find
        from crm_tui.screens.menu.entries import ENTRIES
        from crm_tui.screens.shell.palette import Palette

        crm, page = cast("CrmApp", self), self.screen
        if not isinstance(page, Page):
            return
        offered = page.palette_actions()
        known = {action for action, _ in offered}
        entries = {
            entry.action: entry
            for entry in ENTRIES
            if crm.desk.user and crm.desk.may(entry.action.needs) and entry.action not in known
        }
        offered += [(action, "") for action in entries]

        async def look(text: str) -> Sequence[Any]:
            return await find(crm.desk, text) if crm.desk.user else ()

        async def opened(screen: Screen[Any]) -> None:
            await self.push_screen(screen)

        def chosen(taken: Any) -> None:
            if taken in entries:
                crm.beside(lambda: opened(entries[taken].open(crm.pulse.figures)))
            elif isinstance(taken, Action):
                page.perform(taken)
            elif taken is not None:
                crm.beside(lambda: opened(taken.open()))

        await self.push_screen(Palette(offered, look), chosen)
