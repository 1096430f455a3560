"""What the program costs while nothing happens.

- at the menu, the modem served: the share of a core in `SECONDS` of a real terminal, and how often each
  of its threads is woken; 0.6 % is wanted;
- the worker alone: processor seconds in ten simulated minutes on a simulated line;
- how soon a program that rests is told what another one has committed; 0.3 s is wanted.
"""

import os
import queue
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench_screens import busy, sign_in, told
from crm_tui.clock import SystemClock
from crm_tui.feed import Watcher
from crm_tui.store import Store
from tests.peers import crm, founded, simulator, until
from tests.shop import ITEMS, Shop
from tests.terminal import Terminal

SECONDS = 60.0
MINUTES = 10
COMMITS = 20


def woken(pid: int) -> dict[str, int]:
    """How often each thread of a process has begun to wait."""
    found = {}
    for task in sorted(os.listdir(f"/proc/{pid}/task"), key=int):
        status = Path(f"/proc/{pid}/task/{task}/status").read_text("ascii")
        found[task] = int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])
    return found


def at_the_menu(root: Path) -> float:
    """Per cent of a core."""
    folder = founded(root / "toko")
    crm(folder, "import", "items", str(ITEMS))
    with simulator(root) as modem:
        crm(folder, "settings", "modem.port", str(modem.port))
        here = Terminal(folder, log=False)
        sign_in(here)
        until(lambda: b"modem siap" in here.octets)
        # The first check of the store, 10 s after the start, is over.
        time.sleep(15)
        pid = here.process.pid
        before = woken(pid)
        began, used = time.perf_counter(), busy(pid)
        time.sleep(SECONDS)
        took = time.perf_counter() - began
        share = (busy(pid) - used) / took * 100
        rates = [(count - before.get(task, 0)) / took for task, count in woken(pid).items()]
        here.close()
    print("threads are woken, times a second:", ", ".join(f"{rate:.1f}" for rate in rates))
    return share


def worker_alone(root: Path) -> float:
    """Processor seconds in `MINUTES` simulated minutes."""
    shop = Shop(root / "worker")
    shop.run(60)
    began = time.process_time()
    shop.run(60 * MINUTES)
    took = time.process_time() - began
    shop.close()
    return took


def told_of_a_commit(root: Path) -> float:
    """Seconds from a commit until it is posted, the median of `COMMITS`."""
    folder = founded(root / "lain")
    store, other = Store(folder / "crm.db"), Store(folder / "crm.db")
    came: queue.Queue[float] = queue.Queue()
    watcher = Watcher(store, SystemClock(), lambda changes: came.put(time.perf_counter()))
    watcher.start()
    waits = []
    for _ in range(COMMITS):
        with other.transaction() as db:
            db.execute("INSERT INTO changes (topic, row_id) VALUES ('orders', 7)")
        began = time.perf_counter()
        waits.append(came.get(timeout=10) - began)
    watcher.stop()
    other.close()
    store.close()
    return statistics.median(waits)


def main() -> int:
    with tempfile.TemporaryDirectory() as root:
        good = told("idle at the menu", at_the_menu(Path(root)), 0.6, " %")
        good &= told("the worker, ten minutes", worker_alone(Path(root)), 0.27, " s")
        good &= told("a commit of another program", told_of_a_commit(Path(root)), 0.3, " s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
