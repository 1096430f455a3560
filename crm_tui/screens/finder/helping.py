"""What keys do over any page: its help, finding anything, taking back what was done last."""

from collections.abc import Sequence
from typing import Any

from textual.app import App
from textual.screen import Screen

from crm_tui.actions import Action
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import program


class HelpKeys:
    """F1, F2 and the key that undoes."""

    def __init__(self, app: App[str]) -> None:
        self._app = app

    async def do_app_help(self) -> None:
        """Tell what can be done on this page, and by which keys."""
        from crm_tui.screens.shell.help import help_about

        if isinstance(self._app.screen, Page):
            await self._app.push_screen(help_about(self._app.screen))

    async def do_undo(self) -> None:
        """Take back what the user did last."""
        from crm_tui.screens.finder.undoing import undo_last

        page = self._app.screen
        if isinstance(page, Page) and program(self._app).desk.user is not None:
            await undo_last(page)

    async def do_app_palette(self) -> None:
        """Find what can be done, screens, items, customers, orders by a part of their names."""
        from crm_tui.screens.finder.things import find
        from crm_tui.screens.menu.entries import ENTRIES
        from crm_tui.screens.shell.palette import Palette

        page, crm = self._app.screen, program(self._app)
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
            await self._app.push_screen(screen)

        def chosen(taken: Any) -> None:
            if taken in entries:
                crm.beside(lambda: opened(entries[taken].open(crm.figures)))
            elif isinstance(taken, Action):
                page.perform(taken)
            elif taken is not None:
                crm.beside(lambda: opened(taken.open()))

        await self._app.push_screen(Palette(offered, look), chosen)
