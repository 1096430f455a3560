"""Files as shops have them: a workbook of 20,000 items, understood before anything is written.

- From the choice of the file to its preview; 3 s are wanted, of which the library that reads
  workbooks takes most.
- What the process takes of memory at most; 150 MB are wanted.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

from crm_tui.clock import SystemClock
from crm_tui.shop.imports import items as import_items
from crm_tui.shop.imports import staging
from crm_tui.shop.users import setup

COUNT = 20_000
HEAD = (
    "No", "Kode Barang", "Nama Barang", "Satuan", "Harga Beli", "Harga Jual", "Stok Akhir",
    "Kategori", "Barcode",
)  # fmt: skip


def workbook(file: Path) -> None:
    """A list of items as a shop has it, below a title."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["DAFTAR BARANG"])
    sheet.append(HEAD)
    for n in range(COUNT):
        sheet.append(
            [n, f"REM-{n:05d}", f"Kampas Rem Depan Vario {n}", "PCS", 60000 + n, 85000 + n, n % 40,
             "Rem", str(8990000000000 + n)]
        )  # fmt: skip
    made.save(file)


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if len(sys.argv) < 2:
            # Memory is measured in a process that only reads.
            import subprocess

            workbook(folder / "barang.xlsx")
            words = [sys.executable, "-m", "benchmarks.bench_files", str(folder / "barang.xlsx")]
            return subprocess.run(words, check=False).returncode
        ctx = setup.init(folder, SystemClock(), shop="Toko", admin="bos", password="harimau-bos")
        began, used = time.perf_counter(), time.process_time()
        staged = staging.stage(ctx, import_items.KIND, Path(sys.argv[1]))
        took, cpu = time.perf_counter() - began, time.process_time() - used
        assert len(staged.preview.new) == COUNT
        staged.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"preview of {COUNT} items in a workbook: {took:.1f} s (processor {cpu:.1f} s), 3 wanted")
    print(f"memory at most: {most:.0f} MB, 150 wanted")
    return 0 if took <= 3 and most <= 150 else 1


if __name__ == "__main__":
    sys.exit(main())
