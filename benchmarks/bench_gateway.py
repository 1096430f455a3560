"""SMS in → answer on the line, against a bare script that writes the same commands.

Both talk to the same simulated modem, in a process of its own, over a pseudo-terminal paced at
115200 baud (10 bits an octet). First our worker serves, every state committed to the disk. Then
`benchmarks.bare` reads, deletes and answers with the same commands and the same answer, waits for
each final result, and does nothing else. Printed are answers a second (a burst) and the time from
an SMS to its answer, and ours over the bare script's: 1.00 is as fast. Then both begin with work that
lies ready (`TASKS`), timed from the first command on the line. 0.95 is wanted of the rates, 0.90 of the
single answer.
"""

import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crm_tui import sqlite
from crm_tui.clock import SystemClock
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.messages import outbox
from crm_tui.store import Store
from tests.peers import Simulator, crm, end, founded, simulator, worker
from tests.shop import ITEMS

ROUNDS = 3
SINGLE = 60
BURST = 150
WANTED = 0.95
SINGLE_WANTED = 0.9
PATIENCE = 60.0
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


def measure(modem: Simulator, base: int) -> tuple[float, float]:
    """Answers a second in a burst, and the median seconds to a single answer."""
    waits = []
    for number in range(SINGLE):
        start = modem.do("count")[0]
        began = time.perf_counter()
        modem.do("inject", **{"from": phone(base + number), "text": "HARGA AB-1"})
        until(modem, start + 1)
        waits.append(time.perf_counter() - began)
        until(modem)
        time.sleep(0.02)
    start = modem.do("count")[0]
    began = time.perf_counter()
    for number in range(BURST):
        modem.do("inject", **{"from": phone(base + 1000 + number), "text": "HARGA AB-1"})
    until(modem, start + BURST)
    # To the end of the exchange: the two do not take the reports in the same order.
    until(modem)
    rate = BURST / (time.perf_counter() - began)
    return rate, statistics.median(waits)


def ours(modem: Simulator, folder: Path, base: int) -> tuple[float, float]:
    process = worker(folder, modem.port)
    try:
        time.sleep(2.0)
        return measure(modem, base)
    finally:
        end(process)


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


def bare(modem: Simulator, folder: Path, base: int) -> tuple[float, float]:
    """The floor, with an answer of our worker."""
    process = script(modem, *answer_of(folder))
    try:
        time.sleep(1.0)
        return measure(modem, base)
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
            modem.do("inject", **{"from": phone(next(_people)), "text": "HARGA AB-1"})
        process = start(modem)
        try:
            if task.arriving:
                while not modem.do("heard"):
                    time.sleep(0.001)
                for _ in range(task.arriving):
                    modem.do("inject", **{"from": phone(next(_people)), "text": "HARGA AB-1"})
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
    print(f"{task.name}: ours {ours:.2f} s, bare {bare:.2f} s, ratio {bare / ours:.2f}")
    return bare / ours


def main() -> int:
    ratios: list[tuple[float, float]] = []
    tasks: dict[str, list[float]] = {task.name: [] for task in TASKS}
    with tempfile.TemporaryDirectory() as place:
        folder = founded(Path(place) / "toko")
        crm(folder, "import", "items", str(ITEMS))
        crm(folder, "settings", "sms.limit_day", "1000000")
        for turn in range(ROUNDS):
            with simulator(Path(place), "--baud", "115200") as modem:
                # A full SIM keeps modems from sending, which the script would not survive.
                modem.do("capacity", memory="SM", slots=2 * BURST)
                rate, wait = ours(modem, folder, turn * 10_000)
                bare_rate, bare_wait = bare(modem, folder, turn * 10_000 + 5_000)
            ratios.append((rate / bare_rate, bare_wait / wait))
            print(
                f"answers a second: ours {rate:.1f}, bare {bare_rate:.1f},"
                f" ratio {ratios[-1][0]:.2f}; SMS to answer: ours {wait * 1000:.1f} ms,"
                f" bare {bare_wait * 1000:.1f} ms, ratio {ratios[-1][1]:.2f}"
            )
            for task in TASKS:
                tasks[task.name].append(over_bare(Path(place), folder, task))
    rates, waits = zip(*ratios, strict=True)
    rows = {"answers a second": rates, "SMS to answer": waits, **tasks}
    good = True
    for name, values in rows.items():
        wanted = SINGLE_WANTED if name == "SMS to answer" else WANTED
        median = statistics.median(values)
        good = good and median >= wanted
        verdict = "yes" if median >= wanted else "NO"
        print(f"{name:20} median ratio {median:.2f}, at least {wanted}: {verdict}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
