"""Workbooks: 100,000 sales into an Excel file over a bare styled write-only loop of the same cells.

- the report's file over a loop that gives openpyxl the ready values in styled cells; 1.2 is wanted;
- the memory of the program that writes it; 150 MB is wanted;
- how long calling it off takes, at any tenth of the way; 0.5 s is wanted.
"""

import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crm_tui.clock import SystemClock
from crm_tui.shop.gate import folder as gate_folder
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.errors import Cancelled
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.reports import publish, registry
from crm_tui.shop.reports.base import Wanted
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.publish import Order
from crm_tui.store import Store
from tests.peers import founded

ROWS = 100_000
_RUNS = 3


def tr(text: str, /, **params: object) -> str:
    return text.format(**params) if params else text


def filled(folder: Path) -> Path:
    """A shop with so many sales of two lines each, written straight into the tables."""
    founded(folder)
    store = Store(gate_folder.store_path(folder))
    first = date(2025, 1, 1)
    with store.transaction() as db:
        db.execute("INSERT INTO items (code, code_key, name, unit, price, cost) VALUES"
                   " ('ABC-1', 'ABC1', 'Barang Satu', 'pcs', 85000, 60000)")  # fmt: skip
        item = db.execute("SELECT max(id) FROM items").fetchone()[0]
        db.conn.executemany(
            "INSERT INTO customers (name, created_at, kind) VALUES (?, '', 'customer')",
            ((f"Pelanggan Nomor {at}",) for at in range(1000)),
        )
        base = db.execute("SELECT max(id) FROM customers").fetchone()[0] - 1000
        db.conn.executemany(
            "INSERT INTO sales (id, at, channel, customer_id, total, actor)"
            " VALUES (?, ?, ?, ?, ?, 'sari')",
            (
                (at, f"{first + timedelta(days=at // 300)}T{at % 9 + 1:02}:12:13.000Z",
                 ("counter", "sms")[at % 2], base + at % 1000 + 1, 170_000)
                for at in range(1, ROWS + 1)
            ),
        )  # fmt: skip
        db.conn.executemany(
            "INSERT INTO sale_lines (sale_id, line, item_id, code, name, unit, price, quantity, total,"
            " cost)"
            " VALUES (?, ?, ?, 'ABC-1', 'Barang Satu', 'pcs', 85000, 1, 85000, 60000)",
            ((at, line, item) for at in range(1, ROWS + 1) for line in (1, 2)),
        )
    store.close()
    return folder


def context(folder: Path) -> Context:
    return Context(Store(gate_folder.store_path(folder)), SystemClock(), console())


def ours(folder: Path, target: Path, progress: Progress | None = None) -> float:
    ctx = context(folder)
    order = Order(registry.REPORTS["sales"], Wanted(), "xlsx", target)
    began = time.perf_counter()
    publish.write(ctx, order, tr, progress)
    took = time.perf_counter() - began
    ctx.store.close()
    return took


def bare(folder: Path, target: Path) -> float:
    """The floor: values that are ready, into styled cells, into a file."""
    from datetime import datetime

    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    ctx = context(folder)
    report = registry.REPORTS["sales"]
    keys = [(column.key, column.kind) for column in report.columns]
    rows = []
    for record in report.rows(ctx, Period()):
        row: list[Any] = []
        for key, kind in keys:
            value = record[key]
            if kind == "time":
                value = datetime.fromisoformat(value).replace(tzinfo=None)
            elif kind == "lines":
                value = ", ".join(f"{line['quantity']} {line['code']}" for line in value)
            row.append(value)
        rows.append(row)
    formats = [
        {"money": "#,##0", "number": "#,##0", "time": "dd/mm/yyyy hh:mm"}.get(kind, "General")
        for _, kind in keys
    ]
    began = time.perf_counter()
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Data")
    sheet.append([key for key, _ in keys])
    for row in rows:
        cells = []
        for value, form in zip(row, formats, strict=True):
            cell = WriteOnlyCell(sheet, value)
            cell.number_format = form
            cells.append(cell)
        sheet.append(cells)
    book.save(target)
    took = time.perf_counter() - began
    ctx.store.close()
    return took


def called_off(folder: Path, target: Path) -> float:
    """The longest time from calling it off to its end."""
    longest = 0.0
    for tenth in range(10):
        progress = Progress()
        ended: list[float] = []

        def write(progress: Progress = progress, ended: list[float] = ended) -> None:
            try:
                ours(folder, target, progress)
            except Cancelled:
                ended.append(time.perf_counter())

        worker = threading.Thread(target=write)
        worker.start()
        while progress.share < tenth / 10 and worker.is_alive():
            time.sleep(0.001)
        progress.cancel()
        called = time.perf_counter()
        worker.join()
        if ended:
            longest = max(longest, ended[0] - called)
    return longest


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        if len(sys.argv) > 2:
            # In a process of its own, so that its memory is its own.
            ours(Path(sys.argv[1]), Path(sys.argv[2]))
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
            return 0
        folder = filled(root / "toko")
        target = root / "sales.xlsx"
        # In turns, so that what else the computer does meets both alike.
        pairs = [(ours(folder, target), bare(folder, root / "bare.xlsx")) for _ in range(_RUNS)]
        mine, floor = (min(each) for each in zip(*pairs, strict=True))
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_workbook", str(folder), str(root / "m.xlsx")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        memory = int(child.stdout) / 1024
        late = called_off(folder, target)
    good = True
    for what, value, wanted in (
        (f"{ROWS:,} sales over a bare loop ({floor:.1f} s)", mine / floor, 1.2),
        ("memory, MB", memory, 150), ("called off within, s", late, 0.5),
    ):  # fmt: skip
        mark = "" if value <= wanted else "✗"
        good &= value <= wanted
        print(f"  {what:<50} {value:7.2f}   wanted at most {wanted:g} {mark}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
