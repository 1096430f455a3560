"""The stretch of a list in memory, against a list that changes behind it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.screens.widgets.window import MOST, PAGE, Key, Record, Window


@dataclass(frozen=True)
class Row:
    id: int

    @property
    def key(self) -> Key:
        return (-self.id, self.id)


class Everything:
    """Rows in memory, newest (the largest id) first."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = set(ids)

    def _sorted(self) -> list[Row]:
        return [Row(each) for each in sorted(self.ids, reverse=True)]

    async def fetch(
        self,
        *,
        after: Key | None = None,
        before: Key | None = None,
        last: bool = False,
        including: bool = False,
        limit: int = PAGE,
    ) -> Sequence[Record]:
        rows = self._sorted()
        if after is not None:
            return [r for r in rows if r.key > after or (including and r.key == after)][:limit]
        if before is not None:
            return [r for r in rows if r.key < before][-limit:]
        return rows[-limit:] if last else rows[:limit]

    async def count(self, before: Key | None = None) -> int:
        return len([r for r in self._sorted() if before is None or r.key < before])

    async def find(self, row_id: int) -> Record | None:
        return Row(row_id) if row_id in self.ids else None


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("down"), st.integers(1, 120)),
        st.tuples(st.just("up"), st.integers(1, 120)),
        st.tuples(st.just("add"), st.integers(1, 30)),
        st.tuples(st.just("remove"), st.integers(0, 700)),
        st.tuples(st.just("look"), st.booleans()),
        st.tuples(st.just("home"), st.just(0)),
        st.tuples(st.just("end"), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=150)
@given(st.integers(0, 700), MOVES)
def test_the_cursor_stays_with_its_row(size: int, moves: list[tuple[str, int]]) -> None:
    """Whatever arrives or goes, the cursor's row is the same as long as it is there, the rows in
    memory are a stretch of the list without a gap, and they are few."""
    asyncio.run(_play(size, moves))


async def _play(size: int, moves: list[tuple[str, int]]) -> None:
    source = Everything(range(1, size + 1))
    newest = size
    window = Window(source)
    await window.first()
    for what, amount in moves:
        match what:
            case "down" | "up":
                down = what == "down"
                window.index += amount if down else -amount
                window.index = max(0, min(window.index, len(window.rows) - 1))
                held = window.current
                near = window.index > len(window.rows) - 60 if down else window.index < 60
                if near:
                    await window.grow(down)
                assert window.current == held
            case "add":
                source.ids |= set(range(newest + 1, newest + amount + 1))
                newest += amount
            case "remove":
                source.ids.discard(amount)
            case "look":
                held = window.current
                there = held is not None and held.id in source.ids
                await window.look_again(lambda amount=amount: bool(amount))  # type: ignore[misc]
                if there:
                    assert window.current == held
            case "home":
                await window.first()
                assert window.news == 0
                assert window.current == next(iter(source._sorted()), None)
            case "end":
                await window.look_again(lambda: False)
                await window.last()
                assert window.current == next(reversed(source._sorted()), None)
        assert len(window.rows) <= MOST + PAGE
    await window.look_again(lambda: False)
    rows = source._sorted()
    if not rows:
        assert window.current is None
        return
    first = rows.index(Row(window.rows[0].id))
    assert window.rows == rows[first : first + len(window.rows)]
    if window.at_end:
        assert first + len(window.rows) == len(rows)
    if window.at_start:
        assert window.news == first


def test_arrivals_wait_behind_a_count() -> None:
    """Rows that arrive above are counted and not shown, until somebody goes to the first row."""

    async def play() -> None:
        source = Everything(range(1, 51))
        window = Window(source)
        await window.first()
        source.ids |= {51, 52, 53}
        await window.look_again(lambda: False)
        assert [window.rows[0].id, window.news] == [50, 3]
        await window.look_again(lambda: False)
        assert window.news == 3
        await window.first()
        assert [window.rows[0].id, window.news] == [53, 0]
        source.ids.add(54)
        await window.look_again(lambda: True)
        assert [window.rows[0].id, window.news] == [54, 0]
        assert window.current == Row(53)

    asyncio.run(play())


@settings(max_examples=50)
@given(st.integers(1, 700), st.integers(1, 720))
def test_a_row_is_brought_from_anywhere(size: int, wanted: int) -> None:
    """The cursor goes to any row of the list, with its neighbours around it and its true place; to
    what is none of them it does not go."""

    async def play() -> None:
        source = Everything(range(1, size + 1))
        window = Window(source)
        await window.first()
        assert await window.around(wanted) == (wanted <= size)
        if wanted > size:
            assert window.current == Row(size)
            return
        assert window.current == Row(wanted)
        rows = source._sorted()
        first = rows.index(Row(window.rows[0].id))
        assert window.rows == rows[first : first + len(window.rows)]
        assert (window.offset, window.at_start) == (first, first == 0)
        assert window.at_end == (first + len(window.rows) == len(rows)) or len(window.rows) >= PAGE

    asyncio.run(play())


@settings(max_examples=100)
@given(st.integers(0, 700), MOVES, st.randoms(use_true_random=False))
def test_readings_that_overlap(size: int, moves: list[tuple[str, int]], chance: Random) -> None:
    """Readings that are begun while others are under way neither lose nor double a row."""

    class Slow(Everything):
        async def fetch(self, **how: Any) -> Sequence[Record]:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            found = await super().fetch(**how)
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            return found

    async def play() -> None:
        source = Slow(range(1, size + 1))
        window = Window(source)
        await window.first()
        begun = []
        newest = size
        for what, amount in moves:
            if what in ("down", "up"):
                window.index = max(0, min(window.index + amount, len(window.rows) - 1))
                begun.append(asyncio.create_task(window.grow(what == "down")))
            elif what == "add":
                source.ids |= set(range(newest + 1, newest + amount + 1))
                newest += amount
            elif what == "remove":
                source.ids.discard(amount)
            elif what == "look":
                begun.append(asyncio.create_task(window.look_again(lambda: bool(amount))))  # noqa: B023
            else:
                act = window.first if what == "home" else window.last
                begun.append(asyncio.create_task(act()))
            await asyncio.sleep(0)
        await asyncio.gather(*begun)
        await window.look_again(lambda: False)
        ids = [row.id for row in window.rows]
        everything = [row.id for row in source._sorted()]
        if ids:
            first = everything.index(ids[0])
            assert ids == everything[first : first + len(ids)]
            if window.at_start:
                assert window.news == first
        else:
            assert not everything

    asyncio.run(play())
