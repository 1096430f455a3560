"""A head office in memory: the rules by which marks move, and lines that are cut wherever a test
says.

The office of PostgreSQL keeps the same rules (`office/protocol.sql`); here thousands of rounds
take seconds."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crm_tui import shipped
from crm_tui.replication import errors
from crm_tui.replication.line import Hello, hello_of
from crm_tui.replication.reading import Batch, Mark
from crm_tui.shipped import Ledger, Versions

Key = tuple[int, int, tuple[Any, ...]]
"""Branch, epoch, key of the row."""


@dataclass
class Office:
    """What it has: rows of ledgers, the newest version of each row of the others, marks."""

    names: dict[int, str] = field(default_factory=dict)
    forked: dict[int, int] = field(default_factory=dict)
    shops: dict[int, str] = field(default_factory=dict)
    epochs: dict[tuple[int, int], dict[str, int]] = field(default_factory=dict)
    open: dict[int, int] = field(default_factory=dict)
    marks: dict[tuple[int, int, str], Mark] = field(default_factory=dict)
    ledgers: dict[str, dict[Key, tuple[Any, ...]]] = field(default_factory=dict)
    rows: dict[str, dict[tuple[int, str], tuple[int, int, tuple[Any, ...] | None]]] = field(
        default_factory=dict
    )
    lineage: str = "one"
    commits: int = 0

    def add(self, name: str, forked_from: int | None = None) -> int:
        number = len(self.names) + 1
        self.names[number] = name
        if forked_from:
            self.forked[number] = forked_from
        return number

    def ledger(self, table: str, branch: int) -> list[dict[str, Any]]:
        """The rows of a branch's ledger, in the order of their keys."""
        names = shipped.LEDGER[table].names
        return [
            dict(zip(names, row, strict=True))
            for (whose, _, _), row in sorted(self.ledgers.get(table, {}).items())
            if whose == branch
        ]

    def now(self, table: str, branch: int) -> dict[str, tuple[Any, ...]]:
        """The rows of a mutable table as they are now, by key."""
        return {
            key: row
            for (whose, key), (_, _, row) in self.rows.get(table, {}).items()
            if whose == branch and row is not None
        }


Fault = Callable[[int], Exception | None]
"""Asked before each statement, by its number; what it returns is raised."""


class MemoryLine:
    """A branch's line to it. `fault` is asked before each statement and, with the next number,
    after it: then the answer is lost."""

    as_text = False

    def __init__(self, office: Office, branch: int, fault: Fault = lambda number: None) -> None:
        self.office = office
        self.branch = branch
        self.fault = fault
        self.asked = 0
        self.closed = 0

    def _step(self) -> None:
        self.asked += 1
        trouble = self.fault(self.asked)
        if trouble is not None:
            raise trouble

    def hello(self, shop: str, at: datetime) -> Hello:
        self._step()
        office, own = self.office, self.branch
        if office.shops.setdefault(own, shop) != shop:
            raise errors.OtherShop(name=office.names[own])
        raw = {
            "branch": own, "name": office.names[own], "lineage": office.lineage,
            "now": datetime(2026, 11, 24, tzinfo=UTC).isoformat(),
            "epochs": {epoch: {} for whose, epoch in office.epochs if whose == own},
            "open_epoch": office.open.get(own), "forked_from": office.forked.get(own),
            "marks": {
                f"{epoch}/{name}": [mark.last, mark.digest.hex()]
                for (whose, epoch, name), mark in office.marks.items() if whose == own
            },
        }  # fmt: skip
        self._step()
        return hello_of(json.loads(json.dumps(raw)))

    def begin_epoch(self, epoch: int, began_at: str, common: Mapping[str, int]) -> None:
        self._step()
        office, own = self.office, self.branch
        last = max((number for whose, number in office.epochs if whose == own), default=0)
        if epoch == office.open.get(own) and office.epochs[own, epoch] == dict(common):
            return
        if epoch <= last:
            raise errors.EpochClosed(name=office.names[own])
        office.epochs[own, epoch] = dict(common)
        office.open[own] = epoch
        self._step()

    def send(self, batch: Batch) -> None:
        office, own = self.office, self.branch
        self._step()
        for piece in batch.pieces:
            for row in piece.rows:
                assert len(row) == (len(piece.table.names) if _is(piece.table) else 3)
            self._step()
        marks, ledgers = dict(office.marks), Counter[tuple[str, Key]]()
        for name, old, new in batch.moves:
            if office.open.get(own) != batch.epoch and new.last > self._shared(batch.epoch, name):
                raise errors.EpochClosed(name=office.names[own])
            common = office.epochs[own, batch.epoch].get(name, 0)
            present = marks.get((own, batch.epoch, name), Mark(common, b""))
            if present != old or new.last < old.last:
                raise errors.HistoriesDiffer(name="", ledger=name, number=old.last)
            marks[own, batch.epoch, name] = new
            self._step()
        for piece in batch.pieces:
            if isinstance(piece.table, Ledger) and not piece.again:
                for row in piece.rows:
                    key = own, batch.epoch, _key(piece.table, row)
                    ledgers[piece.table.table, key] += 1
                    assert key not in office.ledgers.get(piece.table.table, {}), "twice"
        assert all(count == 1 for count in ledgers.values()), "twice in a batch"
        office.marks = marks
        for piece in batch.pieces:
            if piece.again and isinstance(piece.table, Ledger) and piece.table.free:
                self._blot(piece.table, piece.rows)
            else:
                self._take(piece.table, batch.epoch, piece.rows)
        office.commits += 1
        # Committed: only the answer is lost.
        self._step()

    def _shared(self, epoch: int, ledger: str) -> int:
        """What a closed epoch has in common with the next one, and still takes."""
        own = self.branch
        later = [each for whose, each in self.office.epochs if whose == own and each > epoch]
        if not later or (own, epoch) not in self.office.epochs:
            return -1
        return self.office.epochs[own, min(later)].get(ledger, 0)

    def _take(self, table: Ledger | Versions, epoch: int, rows: Sequence[Any]) -> None:
        own = self.branch
        if isinstance(table, Ledger):
            kept = self.office.ledgers.setdefault(table.table, {})
            for row in rows:
                kept.setdefault((own, epoch, _key(table, row)), row)
            return
        current = self.office.rows.setdefault(table.table, {})
        for key, version, row in rows:
            before = current.get((own, key))
            if before is None or (epoch, version) > before[:2]:
                current[own, key] = epoch, version, row

    def _blot(self, table: Ledger, rows: Sequence[Any]) -> None:
        """A person was taken out of them: rows that are there lose the text, none is added."""
        kept = self.office.ledgers.get(table.table, {})
        for row in rows:
            for key, held in kept.items():
                if (key[0], key[2]) == (self.branch, _key(table, row)) and _same(table, held, row):
                    kept[key] = row

    def holds(self, ledger: Ledger, epoch: int, row: Sequence[Any]) -> bool:
        self._step()
        whose: int | None = self.branch
        while whose is not None:
            found = self.office.ledgers.get(ledger.table, {}).get(
                (whose, epoch, _key(ledger, tuple(row)))
            )
            if found is not None and _same(ledger, found, tuple(row)):
                return True
            whose = self.office.forked.get(whose)
        return False

    def downs(self, after: int, most: int) -> list[tuple[int, str, str, Any, datetime]]:
        self._step()
        return []

    def reached(self, cursor: int, behind: int) -> bool:
        self._step()
        return False

    def close(self) -> None:
        self.closed += 1


def _same(table: Ledger, one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return all(
        a == b or column.free for column, a, b in zip(table.columns, one, other, strict=True)
    )


def _is(table: Ledger | Versions) -> bool:
    return isinstance(table, Ledger)


def _key(table: Ledger, row: tuple[Any, ...]) -> tuple[Any, ...]:
    told = dict(zip(table.names, row, strict=True))
    return tuple(told[name] for name in table.keys)
