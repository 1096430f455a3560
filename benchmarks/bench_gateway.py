"""SMS in → answer on the line, against a bare script that writes the same commands.

Both talk to the same simulated modem, in a process of its own, over a pseudo-terminal paced at
115200 baud (10 bits an octet). First our worker serves, every state committed to the disk. Then
`benchmarks.bare` reads, deletes and answers with the same commands and the same answer, waits for
each final result, and does nothing else. Printed are answers a second (a burst) and the time from
an SMS to its answer, and ours over the bare script's: 1.00 is as fast. 0.90 is wanted of both.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crm_tui import sqlite
from tests.peers import Simulator, crm, end, founded, simulator, worker
from tests.shop import ITEMS

ROUNDS = 3
SINGLE = 60
BURST = 150
WANTED = 0.9
PATIENCE = 60.0


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


def bare(modem: Simulator, folder: Path, base: int) -> tuple[float, float]:
    """The floor, with an answer of our worker: 00, first octet, reference, recipient, the rest."""
    connection = sqlite.connect(folder / "crm.db")
    pdu = connection.execute("SELECT pdu FROM segments ORDER BY id DESC LIMIT 1").fetchone()[0]
    connection.close()
    recipient = 4 + 2 * ((int(pdu[6:8], 16) + 1) // 2)
    answer = pdu[:6] + "<sender>" + pdu[6 + recipient :]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare", str(modem.port), answer, str(len(pdu) // 2 - 1)]
    )
    try:
        time.sleep(1.0)
        return measure(modem, base)
    finally:
        end(process)


def main() -> int:
    ratios: list[tuple[float, float]] = []
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
    medians = [statistics.median(column) for column in zip(*ratios, strict=True)]
    good = min(medians) >= WANTED
    verdict = "yes" if good else "NO"
    print(f"median ratios {medians[0]:.2f} and {medians[1]:.2f}, at least {WANTED}: {verdict}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
