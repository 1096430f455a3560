"""A branch's end of the chain, against a head office on a PostgreSQL of its own that syncs its disk.

- rows a second that go up, over the same rows as ready octets of COPY with their marks, in commits of
  as many rows; the floor is taken in the same run, in turns; at least 0.5 is wanted;
- a sale's 95th percentile at a branch over that in a shop alone (`bench_branch`); 1.05 is wanted;
- MiB that the chain's process holds, after all of that; 45 is wanted;
- octets a sale on the line, TLS included, and how long the first load took, are told beside it;
- a day of many branches at once (`python -m benchmarks.bench_chain day BRANCHES SALES`): rows a second;
- rounds of many branches over kept connections, spread over some seconds (`… lag BRANCHES SECONDS`):
  how long after it is due a round of a few rows is at the office.
"""

import dataclasses
import os
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import bench_branch
from benchmarks.chain_shop import enrolled, filled, rounds, sell
from crm_tui.clock import SystemClock
from crm_tui.office import administering
from crm_tui.office.database import Office
from crm_tui.practice.clock import EventClock
from crm_tui.replication import line, reading
from crm_tui.replication.line import Address, Wire
from crm_tui.replication.reading import Batch, Mark
from crm_tui.shipped import Ledger
from crm_tui.shop.gate.context import Context, console
from crm_tui.store import Store
from tests import postgres
from tests.cuts import cut
from tests.shop import START, found

SALES = int(os.environ.get("CRM_TUI_BENCH_SALES", "60000"))
WANTED, MIB = 0.5, 45.0


def floor(ctx: Context, address: Address) -> tuple[int, float]:
    """The same rows of ledgers as octets that are ready before the watch runs, over the same line."""
    batches: list[tuple[list[tuple[str, list[bytes]]], Batch, int]] = []
    marks: dict[str, Mark] = {}
    epoch = reading.epochs(ctx.db)[-1]
    while (batch := reading.batch(ctx.db, epoch.number, marks, b"x" * 16)) is not None:
        copies = []
        for piece in batch.pieces:
            table = piece.table
            name = table.table if isinstance(table, Ledger) else table.versions
            names = ", ".join(f'"{each}"' for each in table.copied)
            octets = list(line.written(epoch.number, piece))
            copies.append((f"COPY crm.{name} ({names}) FROM STDIN", octets))
        batches.append((copies, Batch(batch.epoch, [], batch.moves), batch.size))
        marks |= {name: new for name, _, new in batch.moves}
    wire = Wire(address)
    wire.hello("floor", START)
    wire.begin_epoch(epoch.number, epoch.began_at, {})
    connection: Any = wire._connection
    began = time.perf_counter()
    for copies, moves, _ in batches:
        with connection.transaction():
            cursor = connection.cursor()
            for statement, octets in copies:
                with cursor.copy(statement) as copy:
                    for part in octets:
                        copy.write(part)
            line.put(cursor, moves)
    took = time.perf_counter() - began
    wire.close()
    return sum(size for _, _, size in batches), took


def rates(root: Path, office: Office) -> tuple[float, Context]:
    """Rows a second over the floor, in turns; the better of two each."""
    measured, floors = [], []
    ctx = found(root / "toko", EventClock(START))
    filled(ctx, SALES)
    for turn in range(2):
        ctx.db.execute("DELETE FROM chain")
        address = enrolled(ctx, office, f"Turn {turn}")
        rows, took = rounds(ctx, Wire(address))
        measured.append(rows / took)
        print(
            f"first load of {SALES:,} sales: {rows:,} rows in {took:.1f} s, {rows / took:,.0f} a second"
        )
        ctx.db.execute("DELETE FROM chain")
        rows, took = floor(ctx, enrolled(ctx, office, f"Floor {turn}"))
        floors.append(rows / took)
        print(f"ready octets: {rows:,} rows, {took:.1f} s, {rows / took:,.0f}/s")
    return max(measured) / max(floors), ctx


def octets(ctx: Context, address: Address, office: Office, count: int = 200) -> float:
    """Octets a sale on the line, both ways, when so many go up in one round."""
    with cut(office.port) as proxy:
        wire = Wire(dataclasses.replace(address, port=proxy.port))
        rounds(ctx, wire)
        before = sum(proxy.passed.values())
        for _ in range(count):
            sell(ctx)
        rounds(ctx, wire)
        return (sum(proxy.passed.values()) - before) / count


def day(branches: int, sales: int) -> float:
    """A day of so many branches with so many sales each, four at a time; rows a second."""
    server = postgres.begin({"fsync": "on", "synchronous_commit": "on", "shared_buffers": "256MB",
                             "max_wal_size": "2GB"})  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        office = postgres.office(root, server)
        ctx = found(root / "toko", EventClock(START))
        filled(ctx, sales)
        lock = threading.Lock()
        addresses = []
        for number in range(branches):
            told: dict[str, Any] = administering.add(office, f"Cabang {number}")
            folder = root / f"keys-{number}"
            postgres.enrolled(told, folder)
            addresses.append(
                Address(str(told["name"]), "localhost", server.port, office.database,
                        str(told["role"]), folder)
            )  # fmt: skip
        epoch = reading.epochs(ctx.db)[-1]

        def send(address: Address) -> int:
            store = Store(ctx.store.path)
            marks: dict[str, Mark] = {}
            rows = 0
            wire = Wire(address)
            try:
                wire.hello(address.role, START)
                wire.begin_epoch(epoch.number, epoch.began_at, {})
                while (
                    batch := reading.batch(store.db, epoch.number, marks, b"x" * 16)
                ) is not None:
                    wire.send(batch)
                    marks |= {name: new for name, _, new in batch.moves}
                    rows += batch.size
            finally:
                wire.close()
                store.close()
            with lock:
                return rows

        began = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            total = sum(pool.map(send, addresses))
        took = time.perf_counter() - began
        print(f"{branches} branches, {total:,} rows in {took:.1f} s: {total / took:,.0f} a second")
        with psycopg.connect(office.dsn) as connection:
            began = time.perf_counter()
            found_ = connection.execute(
                "SELECT branch, sum(total) FROM crm.sales GROUP BY branch"
            ).fetchall()
            print(f"revenue of {len(found_)} branches: {time.perf_counter() - began:.2f} s")
        assert len(found_) == branches
        server.stop()
        return total / took


def lag(branches: int, seconds: float) -> float:
    """So many branches, each with its line open, have a round each, evenly spread over so many seconds;
    the 95th percentile of the seconds from when a round is due until its rows are at the office."""
    server = postgres.begin({"fsync": "on", "synchronous_commit": "on", "shared_buffers": "128MB",
                             "max_connections": str(branches + 20)})  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        office = postgres.office(root, server)
        ctx = found(root / "toko", EventClock(START))
        filled(ctx, 40)
        epoch = reading.epochs(ctx.db)[-1]
        wires: list[tuple[Wire, dict[str, Mark]]] = []

        def turn(wire: Wire, marks: dict[str, Mark]) -> None:
            wire.hello(wire.address.role, START)
            batch = reading.batch(ctx.db, epoch.number, marks, b"x" * 16, 16)
            assert batch is not None
            wire.send(batch)
            marks |= {name: new for name, _, new in batch.moves}
            wire.downs(0, 1)
            wire.reached(0, 0)

        def opened(number: int) -> tuple[Wire, dict[str, Mark]]:
            told: dict[str, Any] = administering.add(office, f"Cabang {number}")
            folder = root / f"keys-{number}"
            postgres.enrolled(told, folder)
            wire = Wire(Address(str(told["name"]), "localhost", server.port, office.database,
                                str(told["role"]), folder))  # fmt: skip
            marks: dict[str, Mark] = {}
            wire.hello(wire.address.role, START)
            wire.begin_epoch(epoch.number, epoch.began_at, {})
            turn(wire, marks)
            return wire, marks

        for number in range(branches):
            wires.append(opened(number))
        began = time.perf_counter()

        def due(number: int) -> float:
            at = began + number * seconds / branches
            time.sleep(max(0.0, at - time.perf_counter()))
            turn(*wires[number])
            return time.perf_counter() - at

        with ThreadPoolExecutor(16) as pool:
            lags = list(pool.map(due, range(branches)))
        for wire, _ in wires:
            wire.close()
        server.stop()
    p95 = statistics.quantiles(lags, n=20)[-1]
    half = statistics.median(lags)
    print(
        f"{branches} branches in {seconds:.0f} s: a round is done {half:.3f} s after it is due,"
        f" {p95:.3f} s at the 95th percentile"
    )
    return p95


def told(what: str, value: float, wanted: float, more: bool = False) -> bool:
    good = value >= wanted if more else value <= wanted
    print(f"{what}: {value:.3f} ({'at least' if more else 'at most'} {wanted} is wanted)"
          f"{'' if good else '  ✗'}")  # fmt: skip
    return good


def main() -> int:
    if sys.argv[1:2] == ["day"]:
        day(int(sys.argv[2]), int(sys.argv[3]))
        return 0
    if sys.argv[1:2] == ["lag"]:
        lag(int(sys.argv[2]), float(sys.argv[3]))
        return 0
    server = postgres.begin({"fsync": "on", "synchronous_commit": "on", "shared_buffers": "128MB",
                             "max_wal_size": "2GB"})  # fmt: skip
    with tempfile.TemporaryDirectory() as root:
        office = postgres.office(Path(root), server)
        ratio, ctx = rates(Path(root), office)
        good = told("rows a second over the floor", ratio, WANTED, more=True)
        ctx.db.execute("DELETE FROM chain")
        own = Context(ctx.store, SystemClock(), console())
        address = enrolled(own, office, "Octets")
        rounds(own, Wire(address))
        print(f"octets a sale on the line: {octets(own, address, office):,.0f}")
        slower, memory = bench_branch.costs(server, Path(root) / "beside")
        good &= told("a sale's p95 with the chain over without", slower, bench_branch.WANTED)
        good &= told("MiB of the chain's process", memory, MIB)
    server.stop()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
