"""What is typed or scanned at the till, on its way into the sale: found while it is typed, taken in its
turn, given back with the reason if nothing was taken.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crm_tui.errors import N_, Problem
from crm_tui.screens.sales.lines import Fitting, TillLine
from crm_tui.screens.widgets.tasks import beside
from crm_tui.shop.sales import entry
from crm_tui.shop.sales.cart import Cart

if TYPE_CHECKING:
    from crm_tui.screens.shell.page import Page

_BRIEF = 24
Change = Callable[[Cart, int | None], Awaitable[None]]
"""Makes the sale this, with the line at this place marked; None: as it was."""


class Entering:
    """The entries of one till. `sale` gives the sale and the place of the marked line, `change` makes
    it another, `settled` follows when all entries are in."""

    def __init__(
        self,
        page: "Page",
        sale: Callable[[], tuple[Cart, int]],
        change: Change,
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        self._page = page
        self._sale, self._change, self._settled = sale, change, settled
        self._entries: list[tuple[str, int | None]] = []
        self._fits: str | None = None
        """What was typed when the items were found that are shown."""
        self.back: str | None = None
        """What was given back because nothing was taken."""
        self.putting, self.misses = False, 0

    @property
    def waits(self) -> bool:
        """Whether something that was entered is not in the sale yet."""
        return bool(self._entries) or self.putting

    @property
    def _line(self) -> TillLine:
        return self._page.query_one(TillLine)

    @property
    def _fitting(self) -> Fitting:
        return self._page.query_one(Fitting)

    def typed(self, text: str) -> None:
        """Find what fits, as it is typed."""
        if text != self.back:
            self.back = None
        if text != self._fits:
            find = partial(self._find, text)
            beside(self._page, partial(self._page.guarded, find), group="search", exclusive=True)

    async def _find(self, typed: str) -> None:
        text = entry.searched(typed)
        rows = await self._page.desk.ask(entry.matches, text) if text else []
        if self._page.is_mounted and self._line.value == typed:
            self._fits = typed
            self._fitting.put(rows, typed=bool(text))

    def enter(self, typed: Sequence[str]) -> None:
        """Put in what was typed, in its turn; the line is free for what comes next."""
        chosen = self._fitting.chosen if [self._fits] == list(typed) else None
        self._entries += [(each, chosen) for each in typed]
        self._fits, self._line.value = "", ""
        self._fitting.put((), typed=False)
        if not self.putting:
            self.putting = True
            beside(self._page, self._put_in, group="entries")

    async def _put_in(self) -> None:
        page = self._page
        try:
            while self._entries:
                typed, chosen = self._entries.pop(0)
                await page.guarded(partial(self._take, typed, chosen))
        finally:
            self.putting = False
        beside(page, partial(page.guarded, self._settled), group="offers", exclusive=True)

    async def _take(self, typed: str, chosen: int | None) -> None:
        page = self._page
        cart, place = self._sale()
        having = {line.item_id: line.quantity for line in cart.lines}
        marked = cart.lines[place].item_id if cart.lines else None
        try:
            meant = await page.desk.ask(entry.enter, typed, having, marked, sure=chosen)
        except Problem as problem:
            self.misses += 1
            await self._missed(typed, problem)
            return
        item, (cart, _) = meant.item, self._sale()
        if meant.sets:
            await self._change(cart.change(item.id, meant.count), None)
            if not meant.count:
                page.notice(page.tr(N_("{code} is out of the sale."), code=item.code))
            return
        cart = cart.put(meant.line)
        await self._change(cart, cart.place(item.id))
        if chosen is not None:
            page.unsay()

    async def _missed(self, typed: str, problem: Problem) -> None:
        """Nothing was taken: say why, and give the text back, so that typing replaces it."""
        page = self._page
        page.app.bell()
        rows = await page.desk.ask(entry.matches, entry.searched(typed) or typed.strip())
        if self._line.value or self._entries:
            text = N_("“{text}” was not taken: scan it again.")
            page.notice(page.tr(text, text=typed[:_BRIEF]), bad=True)
            return
        asking = isinstance(problem, entry.TO_BE_MARKED)
        page.notice(page.crm.say(problem), bad=not asking)
        self._fits = self.back = self._line.value = typed
        self._line.select_all()
        self._fitting.put(rows, typed=True)
        if asking and rows:
            self._fitting.mark(0)
