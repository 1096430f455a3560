"""SMS in → answer on the line, against a bare script that writes the same commands.

    python -m benchmarks.bench_gateway [--only ROW] [--repeat N] [--share PERCENT]

Both talk to the same simulated modem, in a process of its own, over a pseudo-terminal paced at
115200 baud (10 bits an octet). First our worker serves, every state committed to the disk. Then
`benchmarks.bare` reads, deletes and answers with the same commands and the same answer, waits for
each final result, and does nothing else. Printed are answers a second (a burst) and the time from
an SMS to its answer, and ours over the bare script's: 1.00 is as fast. A row more is of SMS in free
words, to a shop with 500 items. Then both begin with work that lies ready (`TASKS`), timed from the
first command on the line. 0.95 is wanted of the rates, 0.90 of the single answer and of free words.

The two take turns, so that a busy computer harms both; medians of `--repeat` turns count. `--share`
makes all of it smaller; `--only` (several times, a part of its name) chooses rows.
"""

import argparse
import functools
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench_reading import catalogue
from crm_tui import sqlite
from crm_tui.clock import SystemClock
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.messages import outbox
from crm_tui.store import Store
from tests.peers import Simulator, crm, end, founded, simulator, worker
from tests.shop import ITEMS

SINGLE = 60
BURST = 150
WANTED = 0.95
SINGLE_WANTED = 0.9
FREE_WANTED = 0.9
PATIENCE = 60.0
CATALOGUE = 500
STRICT = "HARGA AB-1"
RATE, WAIT, FREE = "answers a second", "SMS to answer", "free words a second"
_people = itertools.count(1_000_000)
"""Nobody writes twice: a number gets so many answers and no more."""


def phone(number: int) -> str:
    return f"+62811{number:08d}"


def until(modem: Simulator, sent: int | None = None) -> None:
    """Until so many SMS went out; without a number, until nothing waits and the SIM is empty."""
    deadline = time.monotonic() + PATIENCE
    while True:
        count, waiting, stored = modem.do("count")
        if (not waiting and not stored) if sent is None else count >= sent:
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"stuck: {count} of {sent} sent, {waiting} wait, {stored} stored")
        time.sleep(0.001)


def single(modem: Simulator, count: int) -> float:
    """The median seconds to a single answer."""
    waits = []
    for _ in range(count):
        start = modem.do("count")[0]
        began = time.perf_counter()
        modem.do("inject", **{"from": phone(next(_people)), "text": STRICT})
        until(modem, start + 1)
        waits.append(time.perf_counter() - began)
        until(modem)
        time.sleep(0.02)
    return statistics.median(waits)


def burst(modem: Simulator, count: int, text: str) -> float:
    """Answers a second."""
    start = modem.do("count")[0]
    began = time.perf_counter()
    for _ in range(count):
        modem.do("inject", **{"from": phone(next(_people)), "text": text})
    until(modem, start + count)
    # To the end of the exchange: the two do not take the reports in the same order.
    until(modem)
    return count / (time.perf_counter() - began)


def answer_of(folder: Path) -> tuple[str, int]:
    """An answer of our worker for `benchmarks.bare`: 00, first octet, reference, recipient, the rest;
    and its length."""
    connection = sqlite.connect(folder / "crm.db")
    pdu = connection.execute(
        "SELECT pdu FROM segments JOIN messages ON messages.id = message_id"
        " WHERE kind = 'answer' ORDER BY segments.id DESC LIMIT 1"
    ).fetchone()[0]
    connection.close()
    recipient = 4 + 2 * ((int(pdu[6:8], 16) + 1) // 2)
    return pdu[:6] + "<sender>" + pdu[6 + recipient :], len(pdu) // 2 - 1


def script(modem: Simulator, answer: str, length: int, *files: Path) -> subprocess.Popen[bytes]:
    """The bare script at work."""
    words = [str(modem.port), answer, str(length), *map(str, files)]
    return subprocess.Popen([sys.executable, "-m", "benchmarks.bare", *words])


def both(
    place: Path, folder: Path, measure: Callable[[Simulator], float], room: int
) -> tuple[float, float]:
    """What is measured of our worker, and of the bare script with an answer of our worker."""
    with simulator(place, "--baud", "115200") as modem:
        # A full SIM keeps modems from sending, which the script would not survive.
        modem.do("capacity", memory="SM", slots=room)
        process = worker(folder, modem.port)
        try:
            time.sleep(2.0)
            ours = measure(modem)
        finally:
            end(process)
        process = script(modem, *answer_of(folder))
        try:
            time.sleep(1.0)
            return ours, measure(modem)
        finally:
            end(process)


@dataclass(frozen=True)
class Task:
    """Work that lies ready when a program begins: SMS in the outbox, on the SIM, or on their way.

    Timed is from the first command on the line until all is out and the SIM is empty.
    """

    name: str
    out: int = 0
    waiting: int = 0
    arriving: int = 0

    @property
    def expected(self) -> int:
        return self.out + self.waiting + self.arriving


TASKS = (
    Task("200 queued SMS", out=200),
    Task("500 waiting SMS", waiting=500),
    Task("500 arriving SMS", arriving=500),
)


def timed(place: Path, task: Task, start: Callable[[Simulator], subprocess.Popen[bytes]]) -> float:
    """Seconds that a program needs for it."""
    with simulator(place, "--baud", "115200") as modem:
        modem.do("capacity", memory="SM", slots=1200)
        for _ in range(task.waiting):
            modem.do("inject", **{"from": phone(next(_people)), "text": STRICT})
        process = start(modem)
        try:
            if task.arriving:
                while not modem.do("heard"):
                    time.sleep(0.001)
                for _ in range(task.arriving):
                    modem.do("inject", **{"from": phone(next(_people)), "text": STRICT})
            until(modem, task.expected)
            until(modem)
            return float(modem.do("heard"))
        finally:
            end(process)


def over_bare(place: Path, folder: Path, task: Task) -> float:
    """The bare script's seconds over ours."""
    sample = answer_of(folder)
    queued = place / "queued"
    ctx = Context(Store(folder / "crm.db"), SystemClock(), console())
    for _ in range(task.out):
        outbox.send(
            ctx, phone(next(_people)), "Pesanan Anda sudah siap diambil di toko. Terima kasih."
        )
    pdus = ctx.db.execute("SELECT pdu FROM segments WHERE status = 'queued' ORDER BY id")
    queued.write_text("\n".join(row[0] for row in pdus), "ascii")
    ctx.store.close()
    ours = timed(place, task, lambda modem: worker(folder, modem.port))
    bare = timed(place, task, lambda modem: script(modem, *sample, queued))
    print(f"{task.name}: ours {ours:.2f} s, bare {bare:.2f} s, ratio {bare / ours:.2f}", flush=True)
    return bare / ours


def rate_over_bare(place: Path, folder: Path, name: str, text: str, count: int) -> float:
    """Our answers a second over the bare script's."""
    ours, bare = both(place, folder, lambda modem: burst(modem, count, text), 2 * count)
    print(f"{name}: ours {ours:.1f}, bare {bare:.1f}, ratio {ours / bare:.2f}", flush=True)
    return ours / bare


def wait_over_bare(place: Path, folder: Path, count: int) -> float:
    """The bare script's time from an SMS to its answer over ours."""
    ours, bare = both(place, folder, lambda modem: single(modem, count), 2 * count)
    print(
        f"{WAIT}: ours {ours * 1000:.1f} ms, bare {bare * 1000:.1f} ms, ratio {bare / ours:.2f}",
        flush=True,
    )
    return bare / ours


def shop(folder: Path, items: Path) -> Path:
    founded(folder)
    crm(folder, "import", "items", str(items))
    crm(folder, "settings", "sms.limit_day", "1000000")
    return folder


def large(place: Path) -> tuple[Path, str]:
    """A shop with many items, and a question in free words about one of them."""
    entries = catalogue(CATALOGUE)
    items = place / "items.csv"
    rows = [f"{each.code},{each.name},{each.unit},{each.price},5" for each in entries]
    items.write_text("\n".join(["code,name,unit,price,stock", *rows]) + "\n", "utf-8")
    names = entries[CATALOGUE // 2].name.lower()
    return shop(place / "besar", items), f"bos {names} ada ga, brp hrgnya"


def rows(place: Path, share: float) -> dict[str, tuple[float, Callable[[], float]]]:
    """Each row: what is wanted of it, and how it is measured once."""

    @functools.cache
    def small() -> Path:
        return shop(place / "toko", ITEMS)

    @functools.cache
    def free() -> tuple[Path, str]:
        return large(place)

    def many(count: int) -> int:
        return max(10, round(count * share))

    def of(task: Task) -> Callable[[], float]:
        scaled = Task(task.name, *(n and many(n) for n in (task.out, task.waiting, task.arriving)))

        def run() -> float:
            if not _has_answered(small()):
                # The script is given an answer of our worker.
                wait_over_bare(place, small(), 2)
            return over_bare(place, small(), scaled)

        return run

    return {
        RATE: (WANTED, lambda: rate_over_bare(place, small(), RATE, STRICT, many(BURST))),
        WAIT: (SINGLE_WANTED, lambda: wait_over_bare(place, small(), many(SINGLE))),
        FREE: (FREE_WANTED, lambda: rate_over_bare(place, free()[0], FREE, free()[1], many(BURST))),
        **{task.name: (WANTED, of(task)) for task in TASKS},
    }


def _has_answered(folder: Path) -> bool:
    connection = sqlite.connect(folder / "crm.db")
    found = connection.execute("SELECT 1 FROM messages WHERE kind = 'answer' LIMIT 1").fetchone()
    connection.close()
    return found is not None


def main() -> int:
    wants = argparse.ArgumentParser()
    wants.add_argument("--only", action="append", default=[])
    wants.add_argument("--repeat", type=int, default=3)
    wants.add_argument("--share", type=int, default=100)
    wanted = wants.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as place:
        chosen = {
            name: row
            for name, row in rows(Path(place), wanted.share / 100).items()
            if not wanted.only or any(word in name for word in wanted.only)
        }
        ratios: dict[str, list[float]] = {name: [] for name in chosen}
        for _ in range(wanted.repeat):
            for name, (_, measure) in chosen.items():
                ratios[name].append(measure())
    print(f"load {os.getloadavg()[0]:.1f}")
    for name, (least, _) in chosen.items():
        median = statistics.median(ratios[name])
        good = good and median >= least
        verdict = "yes" if median >= least else "NO"
        print(f"{name:20} median ratio {median:.2f}, at least {least}: {verdict}")
    return 0 if good and chosen else 1


if __name__ == "__main__":
    sys.exit(main())
