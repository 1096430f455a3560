"""50,000 items: import against a bare executemany of the same rows, who waits meanwhile, and search.

- time: reading, checking, preview and merge, over an executemany of the same rows into the same table
  of an equal store (its triggers and indexes, one transaction, no ledgers); 3 is wanted;
- waits: how long another program takes at most for a row of its own meanwhile; 100 ms is wanted;
- search: a page of what was found for one or two words, every second search with a typo; p95 30 ms.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crm_tui import sqlite
from crm_tui.clock import SystemClock
from crm_tui.reading.entries import code_key
from crm_tui.shop.gate import listing
from crm_tui.shop.gate.context import Context
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import staging
from crm_tui.shop.items.lists import ITEMS
from crm_tui.shop.users import setup

COUNT = 50_000
ROUNDS = 3
_WRITER = """
import sys, time; from crm_tui import sqlite
connection = sqlite.connect(sys.argv[1], timeout=5, isolation_level=None)
waits = []
print("ready", flush=True)
end = time.perf_counter() + float(sys.argv[2])
while time.perf_counter() < end:
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR REPLACE INTO counters VALUES ('bench', 1)")
    connection.execute("COMMIT")
    waits.append(time.perf_counter() - began)
    time.sleep(0.003)
waits.sort()
print(len(waits), waits[int(len(waits) * 0.95)], waits[-1])
"""


def rows() -> list[tuple[object, ...]]:
    """Codes, names of four words, prices, barcodes."""
    chance = random.Random(5)
    words = [
        "".join(chance.choices("abdegiklmnoprstu", k=chance.randint(3, 8))) for _ in range(3000)
    ]
    return [
        (f"AB{n:05d}-X", " ".join(chance.choices(words, k=4)), "pcs", chance.randrange(1, 900) * 500,
         5, 1000, f"cat{n % 30}", str(899_000_000 + n), f"oem{n}")
        for n in range(COUNT)
    ]  # fmt: skip


def shop(folder: Path) -> Context:
    return setup.init(folder, SystemClock(), shop="Toko", admin="bos", password="harimau-bos")


def bare(folder: Path, wanted: list[tuple[object, ...]]) -> float:
    """Seconds of the floor."""
    ctx = shop(folder)
    made = [(row[0], code_key(str(row[0])), *row[1:4], *row[5:]) for row in wanted]
    began = time.perf_counter()
    with ctx.store.transaction() as db:
        db.conn.executemany(
            "INSERT INTO items (code, code_key, name, unit, price, cost, category, barcode,"
            " other_names) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", made,
        )  # fmt: skip
    return time.perf_counter() - began


def ours(folder: Path, file: Path) -> float:
    """Seconds of an import of the file."""
    ctx = shop(folder)
    began = time.perf_counter()
    done = staging.merge(ctx, staging.stage(ctx, import_items.KIND, file))
    took = time.perf_counter() - began
    assert len(done.new) == COUNT
    return took


def waits(folder: Path, file: Path) -> tuple[int, float, float]:
    """How often another program wrote meanwhile, and how long it waited (95 %, at most)."""
    ctx = shop(folder)
    staged = staging.stage(ctx, import_items.KIND, file)
    words = [sys.executable, "-c", _WRITER, str(ctx.store.path), "1.2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        staging.merge(ctx, staged)
        count, p95, most = other.stdout.readline().split()
    return int(count), float(p95), float(most)


def searches(folder: Path, file: Path, wanted: list[tuple[object, ...]]) -> list[float]:
    """Seconds of each of 400 searches, sorted; the first one has read the words."""
    ctx = shop(folder)
    staging.merge(ctx, staging.stage(ctx, import_items.KIND, file))
    chance = random.Random(7)
    listing.page(ctx, ITEMS, listing.View("code", "active", "zzzzzz"))
    taken = []
    for number in range(400):
        words = str(chance.choice(wanted)[1]).split()[: chance.randint(1, 2)]
        if number % 2 and len(words[0]) > 4:
            at = chance.randrange(len(words[0]) - 1)
            words[0] = words[0][:at] + words[0][at + 1] + words[0][at] + words[0][at + 2 :]
        view = listing.View("code", "active", " ".join(words))
        began = time.perf_counter()
        found = listing.page(ctx, ITEMS, view)
        taken.append(time.perf_counter() - began)
        assert found, words
    return sorted(taken)


def main() -> None:
    wanted = rows()
    print(f"SQLite {sqlite.engine().version}, {COUNT} items")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file = folder / "barang.csv"
        head = "code,name,unit,price,stock,cost,category,barcode,other_names\n"
        file.write_text(head + "".join(",".join(map(str, row)) + "\n" for row in wanted))
        floors = [bare(folder / f"floor{n}", wanted) for n in range(ROUNDS)]
        taken = [ours(folder / f"ours{n}", file) for n in range(ROUNDS)]
        floor, took = statistics.median(floors), statistics.median(taken)
        print(f"bare executemany {floor:.2f} s, import {took:.2f} s: {took / floor:.2f} (3)")
        for n in range(ROUNDS):
            count, p95, most = waits(folder / f"waits{n}", file)
            print(f"another program wrote {count} times: p95 {p95 * 1000:.0f} ms, at most"
                  f" {most * 1000:.0f} ms (100)")  # fmt: skip
        taken = searches(folder / "search", file, wanted)
        p50, p95 = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        print(f"search: median {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms (30)")


if __name__ == "__main__":
    main()
