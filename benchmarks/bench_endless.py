"""A modem that does not stop, at full speed on a pseudo-terminal: what it costs the program beside it.

- Keys: a piece of work of the screens' thread, alone and beside a worker that hears the modem, by turns
  of a second, so that what else the computer does meets both; twice as long is the most that is wanted.
- What the process takes of memory at most beyond what it took; 20 MB are wanted.
- How soon the worker stops when it is told to; half a second is wanted.
"""

import os
import pty
import resource
import statistics
import subprocess
import sys
import threading
import time
import tty

import serial

from crm_tui.clock import SystemClock
from crm_tui.gsm.errors import Interrupted
from crm_tui.gsm.line import Line
from tests.test_endless import ENDLESS, doings

TURNS = 6
SECONDS, WARM = 1.0, 0.3
TIMES, MEGABYTES, STOPS = 2.0, 20, 0.5

_TALK = """
import os, sys
each = bytes.fromhex(sys.argv[1])
try:
    while True:
        os.write(1, each)
except OSError:
    pass
"""


def work() -> float:
    """Seconds that a key takes, as far as the processor is concerned: a list is made, sorted, told."""
    began = time.perf_counter()
    rows = [f"{n * 7919 % 10007:05d} Kampas Rem" for n in range(20_000)]
    " ".join(sorted(rows))
    return time.perf_counter() - began


def keys(seconds: float) -> list[float]:
    """How long keys take, pressed ten times a second."""
    until, took = time.monotonic() + seconds, []
    while time.monotonic() < until:
        took.append(work())
        time.sleep(0.1)
    return took


def beside(each: bytes) -> tuple[list[float], float]:
    """Keys beside the modem, and how long the worker goes on behind its stop."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    stop = threading.Event()
    words = [sys.executable, "-c", _TALK, each.hex()]
    talker = subprocess.Popen(words, stdout=master, stdin=subprocess.DEVNULL)
    port = serial.Serial(os.ttyname(slave), 115200, timeout=0.25, write_timeout=1)
    line = Line(port, "endless", SystemClock(), stop)

    def serve() -> None:
        try:
            for _ in doings(line):
                pass
        except Interrupted:
            pass

    worker = threading.Thread(target=serve, daemon=True)
    try:
        worker.start()
        time.sleep(WARM)
        took = keys(SECONDS)
        stop.set()
        began = time.perf_counter()
        worker.join(10)
        return took, time.perf_counter() - began
    finally:
        talker.kill()
        talker.wait()
        port.close()
        os.close(master)
        os.close(slave)


def main() -> int:
    bad = False
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind, each in ENDLESS.items():
        alone: list[float] = []
        noisy: list[float] = []
        stopped = 0.0
        for _ in range(TURNS):
            alone += keys(SECONDS)
            took, stops = beside(each)
            noisy, stopped = noisy + took, max(stopped, stops)
        times = statistics.median(noisy) / statistics.median(alone)
        bad = bad or times > TIMES or stopped > STOPS
        print(f"{kind:22} a key takes {times:.2f} times as long, stops in {stopped:.2f} s")
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory at most {more:.0f} MB more; {TIMES:.0f} times, {STOPS} s, {MEGABYTES} MB wanted")
    return 1 if bad or more > MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
