"""A branch's end of the chain, against a head office on a PostgreSQL of its own that syncs its disk.

- rows a second that go up, over the same rows as ready octets of COPY with their marks, in commits of
  as many rows; the floor is taken in the same run, in turns; at least 0.5 is wanted;
- a sale's 95th percentile with the chain's process beside it, over that without; 1.05 is wanted;
- MiB that the chain's process holds, after all of it; 45 is wanted;
- octets a sale on the line, TLS included, and how long the first load took, are told beside it;
- a day of many branches at once (`python -m benchmarks.bench_chain day BRANCHES SALES`): rows a second;
- rounds of many branches over kept connections, spread over some seconds (`… lag BRANCHES SECONDS`):
  how long after it is due a round of a few rows is at the office.
"""

import dataclasses
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from crm_tui import sqlite
from crm_tui.clock import SystemClock
from crm_tui.office import administering
from crm_tui.office.database import Office
from crm_tui.practice.clock import EventClock
from crm_tui.replication import enrolling, line, reading
from crm_tui.replication.enrolling import Enrolment
from crm_tui.replication.line import Address, Wire
from crm_tui.replication.reading import Batch, Mark
from crm_tui.replication.rounds import Rounds
from crm_tui.shipped import Ledger
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.store import Store
from tests import postgres
from tests.cuts import cut
from tests.peers import PROGRAM
from tests.shop import START, cart_of, found

SALES = int(os.environ.get("CRM_TUI_BENCH_SALES", "60000"))
WANTED, SLOWER, MIB = 0.5, 1.05, 45.0
LINE = CartLine(6, "PQ-R", "x", "set", 85000, 1)


def filled(ctx: Context, sales: int) -> None:
    """So many sales of 2.3 lines each, with payments, moves of stock and audit: 7.6 rows a sale."""
    connection = ctx.db.conn
    connection.execute("BEGIN")
    connection.execute(
        "INSERT OR IGNORE INTO drawers (id, opened_at, opened_by) VALUES (1, '', 'x')"
    )
    numbers = "WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < ?)"
    at = "strftime('%Y-%m-%dT%H:%M:%fZ', '2025-01-01', (n * 25) || ' seconds')"
    connection.execute(
        f"INSERT INTO sales (id, at, channel, total, actor) {numbers}"
        f" SELECT n, {at}, 'counter', 85000 + n % 7 * 1000, 'konter-' || n % 3 FROM n", (sales,)
    )  # fmt: skip
    for number, every in ((1, 1), (2, 1), (3, 3)):
        connection.execute(
            f"INSERT INTO sale_lines (sale_id, line, item_id, code, name, unit, price, quantity,"
            f" total, cost) {numbers} SELECT n, {number}, 1 + n % 7, 'KODE-' || n % 7,"
            f" 'Kampas rem depan ' || n % 7, 'buah', 42500, 1, 42500, 30000 FROM n"
            f" WHERE n % {every} = 0", (sales,)
        )  # fmt: skip
        connection.execute(
            f"INSERT INTO stock_moves (item_id, at, quantity, reason, sale_id, actor, cost) {numbers}"
            f" SELECT 1 + n % 7, {at}, -1, 'sale', n, 'konter-' || n % 3, 30000 FROM n"
            f" WHERE n % {every} = 0", (sales,)
        )  # fmt: skip
    connection.execute(
        f"INSERT INTO payments (at, kind, method, amount, sale_id, drawer_id, actor) {numbers}"
        f" SELECT {at}, 'sale', 'cash', 85000, n, 1, 'konter-' || n % 3 FROM n", (sales,)
    )  # fmt: skip
    connection.execute(
        f"INSERT INTO audit (at, actor, command, subject, after) {numbers} SELECT {at},"
        f" 'konter-' || n % 3, 'sales.sell', 'sale ' || n, '{{\"total\": 85000}}' FROM n", (sales,)
    )  # fmt: skip
    connection.execute("COMMIT")


def enrolled(ctx: Context, office: Office, name: str) -> Address:
    told: dict[str, Any] = administering.add(office, name)
    enrolling.enrol(ctx, Enrolment(**told))
    return enrolling.address(ctx)


def rounds(ctx: Context, wire: Wire) -> tuple[int, float]:
    """One round of a branch: rows, seconds."""
    made = Rounds(ctx.store.path, SystemClock(), ctx.store.path.parent, lambda: wire)
    began = time.perf_counter()
    rows = made.round()
    took = time.perf_counter() - began
    wire.close()
    return rows, took


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


def sell(ctx: Context) -> float:
    began = time.perf_counter()
    till.sell(ctx, cart_of([LINE]).sold(), [Paid("cash", LINE.price)])
    return time.perf_counter() - began


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


def beside(ctx: Context, folder: Path) -> tuple[float, float]:
    """A sale's p95 with the chain's process beside it over that without, and the process's MiB.

    In turns of two seconds: the process is stopped for every other one, while it holds nothing.
    """
    times: dict[bool, list[float]] = {True: [], False: []}
    process = subprocess.Popen(
        [*PROGRAM, "--data", str(folder), "chain", "run", "--every", "2"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    time.sleep(6)
    for turn in range(40):
        runs = turn % 2 == 0
        process.send_signal(signal.SIGCONT if runs else signal.SIGSTOP)
        while not runs and not _free(ctx):
            process.send_signal(signal.SIGCONT)
            time.sleep(0.05)
            process.send_signal(signal.SIGSTOP)
        for _ in range(20):
            times[runs].append(sell(ctx))
            time.sleep(0.05)
    process.send_signal(signal.SIGCONT)
    memory = resident(process.pid)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said.decode()
    p95 = {runs: statistics.quantiles(each, n=20)[-1] for runs, each in times.items()}
    print(f"sale p95: {p95[True] * 1000:.1f} ms with the chain, {p95[False] * 1000:.1f} ms without")
    return p95[True] / p95[False], memory


def _free(ctx: Context) -> bool:
    """Whether nobody holds the store."""
    try:
        ctx.db.execute("PRAGMA busy_timeout=50")
        ctx.db.execute("BEGIN IMMEDIATE")
    except sqlite.OperationalError:
        return False
    finally:
        ctx.db.execute("PRAGMA busy_timeout=5000")
    ctx.db.execute("ROLLBACK")
    return True


def resident(pid: int) -> float:
    """MiB that a process holds; how much of it is nobody else's is told."""
    with open(f"/proc/{pid}/status") as source:
        told = dict(each.split(":", 1) for each in source)
    own, all_ = (int(told[name].split()[0]) / 1024 for name in ("RssAnon", "VmRSS"))
    print(f"the chain's process: {all_:.1f} MiB, of which {own:.1f} are no libraries")
    return all_


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
        address = enrolled(own, office, "Beside")
        rounds(own, Wire(address))
        print(f"octets a sale on the line: {octets(own, address, office):,.0f}")
        slower, memory = beside(own, ctx.store.path.parent)
        good &= told("a sale's p95 with the chain over without", slower, SLOWER)
        good &= told("MiB of the chain's process", memory, MIB)
    server.stop()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
