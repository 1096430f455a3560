"""A scan where nobody types: what was scanned is offered, and no letter of it is a key."""

from functools import partial
from typing import Any

from textual.app import App
from textual.screen import Screen

from crm_tui.errors import N_
from crm_tui.screens.shell import words
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import program
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.items.catalogue import Item
from crm_tui.shop.sales import entry


class Offers:
    """Offers to sell or to show the item that was scanned."""

    def __init__(self, app: App[str]) -> None:
        self._app = app
        self._box: Choose | None = None

    def scanned(self, text: str) -> None:
        """Called with what was scanned outside of fields."""
        page = self._app.screen
        if page is self._box and self._box is not None:
            # The next item was scanned: it takes the place of the last.
            self._box.dismiss(None)
        beside(self._app, partial(self._offer, text), group="actions")

    async def _offer(self, text: str) -> None:
        crm, page = program(self._app), self._app.screen
        if not isinstance(page, Page) or crm.desk.user is None:
            self._app.bell()
            return
        if page.take_scan(text):
            return
        await page.guarded(partial(self._look, page, text))

    async def _look(self, page: Page, text: str) -> None:
        crm = program(self._app)
        item = await crm.desk.ask(entry.scanned, text)
        if item is None:
            self._app.bell()
            told = N_("“{text}” was scanned, but no item has this code. Nothing was done.")
            page.notice(crm.tr(told, text=text), bad=True)
            return
        await self._ask(page, item)

    async def _ask(self, page: Page, item: Item) -> None:
        answers = [("show", page.tr(N_("Show the item")))]
        if page.desk.may("sales.sell"):
            answers.insert(0, ("sell", page.tr(N_("Sell it"))))
        title = f"{item.code}  {item.name}  {words.rupiah(item.price)}"
        self._box = box = Choose(title, answers)
        chosen = await page.ask_for(box)
        if chosen is not None:
            await self._app.push_screen(_screen(str(chosen), item))


def _screen(chosen: str, item: Item) -> Screen[Any]:
    if chosen == "sell":
        from crm_tui.screens.sales.till import TillScreen

        return TillScreen(item.code)
    from crm_tui.screens.items.catalogue import ItemsScreen

    return ItemsScreen("", item.code)
