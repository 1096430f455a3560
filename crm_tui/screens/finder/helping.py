"""What keys do over any page: its help, finding anything, taking back what was done last."""

from collections.abc import Sequence
from typing import Any

from textual.app import App
from textual.screen import Screen

from crm_tui.errors import N_
from crm_tui.screens.shell.going import go_to
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
        from crm_tui.screens.finder.offers import entry_to, offers
        from crm_tui.screens.finder.pages import pages
        from crm_tui.screens.finder.things import find
        from crm_tui.screens.shell.palette import Offer, Palette

        page, crm = self._app.screen, program(self._app)
        if not isinstance(page, Page):
            return

        async def look(text: str) -> Sequence[Any]:
            if not crm.desk.user:
                return ()
            return [*pages(crm.desk, crm.tr, text), *await find(crm.desk, text)]

        async def opened(screen: Screen[Any], hint: str = "") -> None:
            there = await go_to(self._app, screen)
            if hint and isinstance(there, Page):
                there.notice(hint)

        def chosen(taken: Any) -> None:
            if isinstance(taken, Offer):
                take(taken)
            elif taken is not None:
                crm.beside(lambda: opened(taken.open()))

        def take(offer: Offer) -> None:
            action = offer.action
            if offer.barred:
                told = crm.tr(
                    N_("{what}: only {roles}"), what=crm.tr(action.label), roles=offer.barred
                )
                page.notice(told, bad=True)
            elif action in page.all_actions():
                page.perform(action)
            else:
                entry = entry_to(action)
                hint = "" if entry.action == action else f"{offer.key}  {crm.tr(action.help)}"
                crm.beside(lambda: opened(entry.open(crm.figures), hint))

        await self._app.push_screen(Palette(await offers(page), look), chosen)
