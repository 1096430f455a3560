"""Backups of a store of 1,000,000 messages, made while somebody sells.

- the copy in steps, on the disk, over SQLite's bare backup in one step, on the disk; 1.3 is wanted;
- all of it, checked and under its name, over that bare backup with SQLite's bare integrity check; 1.3;
- how long a sale takes at most while it is made, ms; 100 is wanted;
- keys: from the key to what it does on the screen of a program that makes its daily backup meanwhile,
  moving the cursor and typing a search: the 95th percentile in ms; 50 is wanted.
"""

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench_screens import percentile, sign_in, wait
from crm_tui import sqlite
from crm_tui.clock import SystemClock
from crm_tui.shop.backups import checking, copying, making
from crm_tui.shop.gate import folder as gate_folder
from crm_tui.shop.gate.context import GATEWAY, Context, console
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.store import Store
from tests.peers import founded, until
from tests.shop import cart_of
from tests.terminal import Terminal

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "1000000"))
_RUNS = 3


def filled(folder: Path) -> Path:
    """A shop with so many SMS in and out, written straight into the tables."""
    founded(folder)
    store = Store(gate_folder.store_path(folder))
    with store.transaction() as db:
        db.execute("INSERT INTO items (code, code_key, name, unit, price, cost) VALUES"
                   " ('ABC-1', 'ABC1', 'Barang Satu', 'pcs', 85000, 60000)")  # fmt: skip
        db.conn.executemany(
            "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (("in", "out")[n % 2], ("sms", "answer")[n % 2],
                 f"2026-{n % 12 + 1:02}-11T05:00:00.000Z", f"+62812{n % 5000:08}",
                 f"HARGA BSI-C7 berapa ya pak, nomor {n}",
                 ("answered", "delivered")[n % 2], "2026-11-11T05:00:00.000Z")
                for n in range(MESSAGES)
            ),
        )  # fmt: skip
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return gate_folder.store_path(folder)


def bare(path: Path, target: Path, *, checked: bool) -> float:
    """The floor: SQLite's own backup in one step, brought to the disk; perhaps its own check of it."""
    target.unlink(missing_ok=True)
    source, copy = sqlite.connect(path), sqlite.connect(target)
    began = time.perf_counter()
    source.backup(copy)
    copy.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    if checked:
        again = sqlite.connect(target)
        assert again.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        again.close()
    took = time.perf_counter() - began
    source.close()
    return took


def timed(spent: list[float], do: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any) -> Any:
        began = time.perf_counter()
        try:
            return do(*args)
        finally:
            spent.append(time.perf_counter() - began)

    return run


def ours(path: Path) -> tuple[float, float]:
    """Seconds of the copy, and of all of it."""
    copies: list[float] = []
    counts: list[float] = []
    copy, copying._copy = copying._copy, timed(copies, copying._copy)
    # To count the rows of that moment is a part of the check.
    count, checking.counts = checking.counts, timed(counts, checking.counts)
    ctx = Context(Store(path), SystemClock(), GATEWAY)
    began = time.perf_counter()
    try:
        making.run(ctx, "hand")
    finally:
        copying._copy, checking.counts = copy, count
        ctx.store.close()
    return copies[0] - counts[0], time.perf_counter() - began


def selling(path: Path) -> tuple[float, float]:
    """The longest sale, in milliseconds, without a backup and while one is made."""
    ctx = Context(Store(path), SystemClock(), console())
    item = ctx.db.execute("SELECT max(id) FROM items").fetchone()[0]
    sold = cart_of([CartLine(item, "ABC-1", "Barang Satu", "pcs", 85000, 1)]).sold()

    def sale() -> float:
        began = time.perf_counter()
        till.sell(ctx, sold, [Paid("cash", 85_000)], None)
        return (time.perf_counter() - began) * 1000

    ctx.store.may_write()
    ctx.db.execute("INSERT INTO stock_moves (item_id, at, quantity, reason)"
                   " VALUES (?, '2026-01-01T00:00:00.000Z', 100000, 'opening')", (item,))  # fmt: skip
    quiet = max(sale() for _ in range(100))
    worker = threading.Thread(target=ours, args=(path,))
    worker.start()
    slowest = 0.0
    while worker.is_alive():
        slowest = max(slowest, sale())
        time.sleep(0.02)
    ctx.store.close()
    return quiet, slowest


def keys(folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds from a key to the screen before the program's daily backup, and while it is made."""
    # None was made today: the program makes one by itself, a minute after its start.
    shutil.rmtree(folder / "backups")
    here = Terminal(folder, log=False)
    sign_in(here)
    here.write("3")
    time.sleep(1.5)
    chance = random.Random(7)
    # The background of the row under the cursor, which moves with it.
    cursor = b"48;2;43;69;96"

    def moved(number: int) -> float:
        mark = len(here.raw)
        began = here.write("\x1b[B" if number % 6 < 3 else "\x1b[A")
        took = (wait(here, mark, lambda octets: cursor in octets) - began) * 1000
        time.sleep(chance.uniform(0.02, 0.1))
        return took

    def typed() -> Iterator[float]:
        here.write("/")
        time.sleep(0.5)
        words = ""
        for _ in range(10):
            words += chance.choice("bdfgjkpqvwxz")
            mark = len(here.raw)
            began = here.write(words[-1])
            yield (wait(here, mark, lambda octets: words.encode() in octets) - began) * 1000  # noqa: B023
            time.sleep(chance.uniform(0.02, 0.1))
        here.write("\x1b")
        time.sleep(0.5)

    def twenty() -> list[float]:
        return [*map(moved, range(10)), *typed()]

    quiet = [took for _ in range(5) for took in twenty()]
    until(lambda: list(folder.glob("backups/.*.part")), 90)
    meanwhile: list[float] = []
    while not list(folder.glob("backups/crm-*.json")):
        meanwhile += twenty()
    here.close()
    return quiet, meanwhile


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        path = filled(Path(name) / "toko")
        target = Path(name) / "bare.db"
        runs = []
        for _ in range(_RUNS):
            # In turns, so that what else the computer does meets all alike.
            copy, whole = ours(path)
            runs.append(
                (copy, whole, bare(path, target, checked=False), bare(path, target, checked=True))
            )
        copy, whole, floor, checked = (min(each) for each in zip(*runs, strict=True))
        quiet, slowest = selling(path)
        size = path.stat().st_size / (1 << 20)
        before, meanwhile = keys(path.parent)
    good = True
    for what, value, wanted in (
        (
            f"{MESSAGES:,} messages, {size:.0f} MB: copy over bare ({floor:.2f} s)",
            copy / floor,
            1.3,
        ),
        (f"checked over bare with bare check ({checked:.1f} s)", whole / checked, 1.3),
        (f"slowest sale meanwhile, ms (without: {quiet:.0f})", slowest, 100),
        (
            f"95 % of {len(meanwhile)} keys meanwhile, ms (before: {percentile(before):.0f})",
            percentile(meanwhile),
            50,
        ),
    ):
        mark = "" if value <= wanted else "✗"
        good &= value <= wanted
        print(f"  {what:<60} {value:7.2f}   wanted at most {wanted:g} {mark}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
