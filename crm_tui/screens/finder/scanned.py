"""A scan where nobody types: what was scanned is offered, and no letter of it is a key."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from crm_tui.errors import N_
from crm_tui.screens.shell import display
from crm_tui.screens.shell.going import go_to
from crm_tui.screens.shell.page import Page
from crm_tui.screens.shell.program import program
from crm_tui.screens.widgets.choose import Choose
from crm_tui.screens.widgets.dialog import Dialog
from crm_tui.screens.widgets.tasks import beside
from crm_tui.text import brief

if TYPE_CHECKING:
    from crm_tui.shop.items.catalogue import Item


class Offers:
    """Offers to sell or to show what was scanned; what is scanned while that is asked joins it."""

    def __init__(self, app: App[str]) -> None:
        self._app = app
        self._texts: list[str] = []
        self._items: list[Item] = []
        self._box: Choose | None = None
        self._busy = False

    def scanned(self, text: str) -> None:
        """Called with what was scanned outside of fields."""
        self._texts.append(text)
        if self._box is not None and self._app.screen is self._box:
            self._box.dismiss(None)
        if not self._busy:
            self._busy = True
            beside(self._app, self._offer, group="actions")

    async def _offer(self) -> None:
        try:
            while self._texts:
                await self._next()
        finally:
            self._busy = False
            self._items.clear()

    async def _next(self) -> None:
        crm, page = program(self._app), self._app.screen
        if not isinstance(page, Page) or crm.desk.user is None:
            if isinstance(page, Dialog) and crm.desk.user is not None:
                page.scanned(self._texts[-1])
            self._texts.clear()
            self._app.bell()
            return
        texts = list(self._texts)
        self._texts.clear()
        left = [each for each in texts if not page.take_scan(each)]
        if left:
            await page.guarded(partial(self._look, page, left))

    async def _look(self, page: Page, texts: Sequence[str]) -> None:
        from crm_tui.shop.sales import entry

        crm = program(self._app)
        for text in texts:
            item = await crm.desk.ask(entry.scanned, text)
            if item is None:
                self._app.bell()
                told = N_("“{text}” was scanned, but no item has this code. Nothing was done.")
                page.notice(crm.tr(told, text=brief(text)), bad=True)
            else:
                self._items.append(item)
        if self._items and not self._texts:
            await self._ask(page)

    async def _ask(self, page: Page) -> None:
        items = self._items
        answers = [("show", page.tr(N_("Show the item")))]
        if page.desk.may("sales.sell"):
            sell = N_("Sell it") if len(items) == 1 else N_("Sell all {count}")
            answers.insert(0, ("sell", page.tr(sell, count=len(items))))
        last = items[-1]
        title = f"{last.code}  {last.name}  {display.rupiah(last.price)}"
        if len(items) > 1:
            title = page.tr(N_("{count} scanned, the last:"), count=len(items)) + f"  {title}"
        self._box = box = Choose(title, answers)
        chosen = await page.ask_for(box)
        if chosen is not None:
            taken = list(items)
            items.clear()
            await go_to(self._app, _screen(str(chosen), taken))
        elif not self._texts:
            items.clear()


def _screen(chosen: str, items: "Sequence[Item]") -> Screen[Any]:
    if chosen == "sell":
        from crm_tui.screens.sales.till import TillScreen

        return TillScreen([each.code for each in items])
    from crm_tui.screens.items.catalogue import ItemsScreen

    return ItemsScreen("", items[-1].code)
