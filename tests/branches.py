"""Branches of a chain in one process, and a head office in memory that tells each what it is to do."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crm_tui.shop.branches import applying
from crm_tui.shop.branches.applying import Down, Taken
from crm_tui.shop.gate.context import CHAIN
from tests.shop import Shop

Row = dict[str, Any]


def enrol(shop: Shop, number: int, name: str) -> None:
    """Make a shop a branch, as enrolling does."""
    with shop.ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO chain (id, branch, name, office, enrolled_at) VALUES (1, ?, ?, 'kantor', ?)",
            (number, name, shop.ctx.at),
        )


def take(shop: Shop, *told: tuple[str, str, Row], lineage: str = "kantor") -> Taken:
    """Let a branch take rows of the head office, numbered on from its cursor."""
    chain = shop.ctx.acting(CHAIN)
    first = applying.cursor(chain, lineage) + 1
    rows = [
        Down(first + n, kind, key, body, "2026-11-24T01:00:00.000Z")
        for n, (kind, key, body) in enumerate(told)
    ]
    return applying.take(chain, lineage, rows, first + len(rows) - 1)


class Chain:
    """Branches 1, 2, … and the office. What the office has for a branch waits in `waiting` until a test
    delivers it, in any order and as often as it likes."""

    def __init__(self, folder: Path, count: int) -> None:
        self.shops = [Shop(folder / str(n)) for n in range(1, count + 1)]
        self.waiting: list[list[tuple[str, str, Row]]] = [[] for _ in self.shops]
        self._marks: dict[tuple[int, str], int] = {}
        names = [f"Cabang {n}" for n in range(1, count + 1)]
        for n, shop in enumerate(self.shops, start=1):
            enrol(shop, n, names[n - 1])
            take(shop, *(("branch", str(b), {"branch": b, "name": name})
                         for b, name in enumerate(names, start=1)))  # fmt: skip

    def close(self) -> None:
        for shop in self.shops:
            shop.close()

    def meet(self, n: int) -> None:
        """Branch `n` (from 1) tells the office its new rows."""
        for to, told in self._told(n):
            for other in range(1, len(self.shops) + 1) if to is None else [to]:
                if other != n:
                    self.waiting[other - 1].append(told)

    def deliver(self, n: int, *places: int, keep: bool = False) -> Taken:
        """Branch `n` takes what waits for it: all, or the rows at these places; with `keep` they wait
        on, as if the answer was lost."""
        queue = self.waiting[n - 1]
        chosen = [queue[place] for place in places] if places else list(queue)
        if not keep:
            for row in chosen:
                queue.remove(row)
        return take(self.shops[n - 1], *chosen)

    def settle(self) -> None:
        """Everybody meets the office until nothing is new."""
        while True:
            for n in range(1, len(self.shops) + 1):
                self.meet(n)
            if not any(self.waiting):
                return
            for n in range(1, len(self.shops) + 1):
                assert not self.deliver(n).aside

    def _new(self, n: int, table: str, lead: str = "id") -> list[Row]:
        after = self._marks.get((n, table), 0)
        rows = self.shops[n - 1].rows(f"SELECT * FROM {table} WHERE {lead} > ? ORDER BY 1", after)
        if rows:
            self._marks[n, table] = max(row[lead] for row in rows)
        return rows

    def _told(self, n: int) -> Iterator[tuple[int | None, tuple[str, str, Row]]]:
        shop = self.shops[n - 1]
        for row in self._new(n, "transfers"):
            lines = shop.rows("SELECT * FROM transfer_lines WHERE transfer_id = ?", row["id"])
            back = None if row["back_id"] is None else [
                row["back_branch"], row["back_epoch"], row["back_id"]
            ]  # fmt: skip
            body = {**_of(row, "at actor note"), "back": back, "lines": lines}
            yield row["to_branch"], ("transfer", f"{n}/1/{row['id']}", body)
        for row in self._new(n, "transfer_receipts"):
            lines = shop.rows(
                "SELECT * FROM transfer_receipt_lines WHERE receipt_id = ?", row["id"]
            )
            body = {
                **_of(row, "at actor note"), "by": n,
                "lines": [[line["line"], line["arrived"], line["broken"]] for line in lines],
            }  # fmt: skip
            key = f"{row['from_branch']}/{row['from_epoch']}/{row['from_id']}"
            yield row["from_branch"], ("transfer_receipt", key, body)
        for row in self._new(n, "grant_requests"):
            yield row["home"], ("grant_request", f"{n}/1/{row['id']}", _of(row, "phone points at"))
        for row in self._new(n, "grants"):
            request = [row["to_branch"], row["to_epoch"], row["to_id"]]
            body = {"request": request, "phone": row["phone"], "lots": json.loads(row["lots"]),
                    "points": row["points"]}  # fmt: skip
            yield row["to_branch"], ("grant", f"{n}/1/{row['id']}", body)
        for row in self._new(n, "consents"):
            if row["answer"] == "stopped" and not row["actor"].startswith("chain:"):
                phones = [each["number"] for each in shop.rows(
                    "SELECT number FROM phones WHERE customer_id = ?", row["customer_id"])]  # fmt: skip
                body = {"stop": [n, 1, row["id"]], "phones": phones, "at": row["at"]}
                yield None, ("consent", f"{n}/1/{row['id']}", body)
        for row in self._new(n, "consent_lifts", "consent_id"):
            tag = [row["of_branch"] or n, row["of_epoch"] or 1, row["of_id"]]
            body = {"lifts": [tag], "at": "2026-11-24T01:00:00.000Z"}
            yield None, ("consent", f"{n}/1/{row['consent_id']}/{row['line']}", body)


def _of(row: Row, names: str) -> Row:
    return {name: row[name] for name in names.split()}


@contextmanager
def chain(folder: Path, count: int = 2) -> Iterator[Chain]:
    made = Chain(folder, count)
    try:
        yield made
    finally:
        made.close()


def each(shops: Iterable[Shop], ask: Callable[[Shop], Any]) -> list[Any]:
    return [ask(shop) for shop in shops]
