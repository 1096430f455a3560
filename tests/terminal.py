"""A real terminal under test: the program on a pseudo-terminal, its octets read by a terminal in
memory, and kept as they came."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte

from tests.peers import PROGRAM, Process, Quick, until


class Terminal:
    """`crm-tui` in a terminal of its own. `raw` holds all that it wrote, with the moments.
    A `quick` one need not load the program first."""

    def __init__(
        self,
        folder: Path,
        *words: str,
        size: tuple[int, int] = (80, 24),
        log: bool = True,
        quick: bool = False,
    ) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw: list[tuple[float, bytes]] = []
        self._log = log
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        env = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        env.pop("COLUMNS", None)
        words = ("--data", str(folder), *words)
        self.process: Process = (
            Quick(*words, streams=[os.ttyname(slave)] * 3, env=env)
            if quick
            else subprocess.Popen(
                [*PROGRAM, *words], stdin=slave, stdout=slave, stderr=slave,
                env=env, start_new_session=True, close_fds=True,
            )
        )  # fmt: skip
        # Until it has ended: a process that splits off opens its terminal by itself.
        self._slave = slave
        self._master = master
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._ended.is_set():
            ready, _, _ = select.select([self._master], [], [], 0.2)
            if not ready:
                continue
            try:
                octets = os.read(self._master, 65536)
            except OSError:
                return
            if not octets:
                return
            with self._lock:
                self.raw.append((time.perf_counter(), octets))
                if self._log:
                    self._stream.feed(octets)

    @property
    def text(self) -> str:
        """What a person sees."""
        with self._lock:
            # Not `display`: it takes no wide sign that is half drawn over.
            lines = [self.screen.buffer[y] for y in range(self.screen.lines)]
            wide = range(self.screen.columns)
            return "\n".join("".join(line[x].data for x in wide).rstrip() for line in lines)

    @property
    def octets(self) -> bytes:
        with self._lock:
            return b"".join(octets for _, octets in self.raw)

    def write(self, keys: str) -> float:
        """Press keys, as octets; the moment."""
        moment = time.perf_counter()
        os.write(self._master, keys.encode())
        return moment

    def sees(self, text: str, seconds: float = 20.0) -> float:
        """Wait until `text` stands on the screen; how long that took."""
        began = time.perf_counter()
        try:
            until(lambda: text in self.text, seconds)
        except AssertionError:
            raise AssertionError(f"{text!r} does not stand here:\n{self.text}") from None
        return time.perf_counter() - began

    def takes_keys(self, hint: str, seconds: float = 20.0) -> None:
        """Wait until the caret stands on the first letter of what an empty field says."""

        def caret() -> bool:
            with self._lock:
                for y, line in enumerate(self.screen.display):
                    if hint in line:
                        row, x = self.screen.buffer[y], line.index(hint)
                        one, next_one = row[x], row[x + 1]
                        return (one.bg, one.reverse) != (next_one.bg, next_one.reverse)
            return False

        until(caret, seconds)

    def sign_in(self, name: str, password: str) -> None:
        """From the login to the menu, as fast as keys can be pressed: none may be lost."""
        self.sees("Kata sandi")
        self.sees("F10")
        time.sleep(0.5)
        if name not in self.text:
            self.write(name + "\r")
            self.sees(name)
        self.write(password + "\r")
        self.sees("Menu Utama")

    def kill(self) -> None:
        """As when the power fails."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.close()

    def quit(self) -> int:
        """F10; the exit status."""
        self.write("\x1b[21~")
        status = self.process.wait(15)
        self.close()
        return status

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join(2)
            os.close(self._master)
            os.close(self._slave)


@contextmanager
def terminal(folder: Path, *words: str, size: tuple[int, int] = (80, 24)) -> Iterator[Terminal]:
    made = Terminal(folder, *words, size=size, quick=True)
    try:
        yield made
    finally:
        made.close()
