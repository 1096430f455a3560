"""Long lists of the shop, a page at a time, as `widgets/paged` asks for them."""

from collections.abc import Sequence

from crm_tui.desk import Desk
from crm_tui.screens.widgets.window import PAGE, Key, Record
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.listing import Listing, View


class ListingSource:
    """Pages of a listing of the shop."""

    def __init__(self, desk: Desk, wanted: Listing, view: View) -> None:
        self._desk, self._listing, self._view = desk, wanted, view

    async def fetch(
        self,
        *,
        after: Key | None = None,
        before: Key | None = None,
        last: bool = False,
        including: bool = False,
        limit: int = PAGE,
    ) -> Sequence[Record]:
        return await self._desk.ask(
            listing.page, self._listing, self._view, after=after, before=before, last=last,
            including=including, limit=limit,
        )  # fmt: skip

    async def find(self, row_id: int) -> Record | None:
        return await self._desk.ask(listing.one, self._listing, self._view, row_id)

    async def count(self, before: Key | None = None) -> int:
        return await self._desk.ask(listing.count, self._listing, self._view, before)
