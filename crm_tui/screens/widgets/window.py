"""The rows around the cursor: a stretch of a long list that moves with it.

The cursor is held by the row's id. Rows that arrive above it wait behind a count until somebody asks
for them, so that nothing moves under the finger; those below simply come.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

Key = tuple[str | int, int]

PAGE = 100
MOST = 300


class Record(Protocol):
    """A row: what it is sorted by with its id behind, and the id."""

    @property
    def key(self) -> Key: ...
    @property
    def id(self) -> int: ...


class Source(Protocol):
    """Where rows come from, a page at a time."""

    async def fetch(
        self,
        *,
        after: Key | None = None,
        before: Key | None = None,
        last: bool = False,
        including: bool = False,
        limit: int = PAGE,
    ) -> Sequence[Record]:
        """Up to `limit` rows, in order."""

    async def count(self, before: Key | None = None) -> int:
        """How many rows there are, or stand before a key."""

    async def find(self, row_id: int) -> Record | None:
        """The row with this id, if it is among them."""


class Window:
    """Up to 300 rows in memory; `index` is the cursor's place among them.

    One reading at a time: `before_change` is called when one is there, just before the rows are.
    """

    def __init__(self, source: Source, before_change: Callable[[], None] = lambda: None) -> None:
        self.source = source
        self._before_change = before_change
        self._turn = asyncio.Lock()
        self.rows: list[Record] = []
        self.index = 0
        self.loaded = False
        self.at_start = True
        self.at_end = True
        self.total: int | None = None
        self.offset: int | None = 0
        """How many rows stand before the first one in memory, as far as is known."""
        self.news = 0
        """Rows that arrived above and wait to be shown."""

    @property
    def current(self) -> Record | None:
        return self.rows[self.index] if 0 <= self.index < len(self.rows) else None

    async def first(self) -> None:
        """Begin at the first row."""
        async with self._turn:
            await self._first()

    async def _first(self) -> None:
        rows = list(await self.source.fetch(limit=PAGE))
        self._before_change()
        self.rows, self.index, self.loaded = rows, 0, True
        self.at_start, self.at_end = True, len(rows) < PAGE
        self.offset, self.news = 0, 0
        if self.at_end:
            self.total = len(rows)

    async def around(self, row_id: int) -> bool:
        """Begin anew around the row with this id; whether it is among them."""
        async with self._turn:
            row = await self.source.find(row_id)
            if row is None:
                return False
            above = list(await self.source.fetch(before=row.key))
            below = list(await self.source.fetch(after=row.key, including=True))
            before = await self.source.count(row.key)
            self._before_change()
            self.rows, self.index, self.loaded = above + below, len(above), True
            self.at_start, self.at_end = len(above) < PAGE, len(below) < PAGE
            self.offset, self.news = before - len(above), 0
            return True

    async def last(self) -> None:
        """Go to the last row."""
        async with self._turn:
            if self.at_end:
                self.index = max(0, len(self.rows) - 1)
                return
            rows = list(await self.source.fetch(last=True, limit=PAGE))
            self._before_change()
            self.rows, self.index = rows, max(0, len(rows) - 1)
            self.at_start, self.at_end = len(rows) < PAGE, True
            self.offset = None if self.total is None else max(0, self.total - len(rows))

    async def count(self) -> None:
        """Find out how many rows there are; it may take longer than showing them."""
        self.total = await self.source.count()
        if self.at_end and self.at_start:
            self.offset = 0
        elif self.at_end:
            self.offset = max(0, self.total - len(self.rows))

    async def grow(self, down: bool) -> None:
        """Fetch the next stretch below or above, and let the far end go."""
        async with self._turn:
            if down:
                await self._grow_down()
            else:
                await self._grow_up()

    async def _grow_down(self) -> None:
        if self.at_end or not self.rows:
            return
        more = await self.source.fetch(after=self.rows[-1].key)
        self._before_change()
        self.at_end = len(more) < PAGE
        self.rows += more
        spare = max(0, min(len(self.rows) - MOST, self.index - PAGE // 2))
        if spare:
            del self.rows[:spare]
            self.index -= spare
            self.at_start = False
            if self.offset is not None:
                self.offset += spare

    async def _grow_up(self) -> None:
        if self.at_start or not self.rows:
            return
        more = await self.source.fetch(before=self.rows[0].key)
        self._before_change()
        self.at_start = len(more) < PAGE
        self.rows[:0] = more
        self.index += len(more)
        if self.offset is not None:
            self.offset = 0 if self.at_start else max(0, self.offset - len(more))
        if len(self.rows) > MOST:
            del self.rows[max(MOST, self.index + PAGE // 2) :]
            self.at_end = False

    async def look_again(self, follow: Callable[[], bool]) -> None:
        """Read the stretch anew. If `follow` says so, arrivals above are shown; else counted.

        The cursor stays with its row; if that has gone, with the one that followed it.
        """
        async with self._turn:
            if not self.rows:
                await self._first()
                return
            anchor = self.rows[0].key
            limit = max(PAGE, len(self.rows))
            above = await self.source.count(anchor) if self.at_start else 0
            shown = self.at_start and (above == 0 or follow())
            if shown:
                rows = list(await self.source.fetch(limit=limit + above))
            else:
                rows = list(await self.source.fetch(after=anchor, including=True, limit=limit))
            self._before_change()
            self.news = 0 if shown else above if self.at_start else self.news
            self.at_end = len(rows) < limit + (above if shown else 0)
            self.index = self._place(rows)
            self.rows = rows
            if len(rows) > MOST and self.index < MOST - PAGE:
                del rows[MOST:]
                self.at_end = False
            if not rows:
                await self._first()

    def _place(self, rows: list[Record]) -> int:
        """Where the cursor belongs among `rows`."""
        places = {row.id: place for place, row in enumerate(rows)}
        for row in [*self.rows[self.index :], *reversed(self.rows[: self.index])]:
            if row.id in places:
                return places[row.id]
        return max(0, min(self.index, len(rows) - 1))
