"""Records that were made at once, as a list reads them a page at a time."""

from collections.abc import Sequence

from crm_tui.screens.widgets.window import PAGE, Key, Record
from crm_tui.shop.gate import listing
from crm_tui.shop.reports import base


class Few:
    """Records that were made at once, as a list shows them."""

    def __init__(self, records: Sequence[base.Record]) -> None:
        self._lines = [listing.Line((at, at), record) for at, record in enumerate(records)]

    async def fetch(
        self, *, after: Key | None = None, before: Key | None = None, last: bool = False,
        including: bool = False, limit: int = PAGE,
    ) -> Sequence[Record]:  # fmt: skip
        records = self._lines
        if after is not None:
            records = [
                each for each in records if each.key > after or (including and each.key == after)
            ]
        if before is not None:
            records = [
                each for each in records if each.key < before or (including and each.key == before)
            ]
        return records[-limit:] if last or before is not None else records[:limit]

    async def count(self, before: Key | None = None) -> int:
        if before is None:
            return len(self._lines)
        return sum(each.key < before for each in self._lines)

    async def find(self, row_id: int) -> Record | None:
        return next((each for each in self._lines if each.id == row_id), None)
