"""Other processes that tests talk to: the simulated modem, the worker, programs of others."""

import atexit
import functools
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from crm_tui import page_sums
from crm_tui.cli import main
from crm_tui.shop.checks import process
from crm_tui.shop.gate.folder import store_path

BIN = Path(sys.executable).parent
PROGRAM = [str(BIN / "crm-tui")]


def need(program: str, package: str = "") -> str:
    """The path of a program of others, which Debian has in `package`; where it is missing the test says
    so, and CI fails."""
    path = shutil.which(program)
    if path is None:
        line = f"{program} is not installed: apt-get install {package or program}"
        if os.environ.get("CRM_TUI_NEED_OTHERS"):
            pytest.fail(line)
        pytest.skip(line)
    return path


def until(true: Callable[[], Any], seconds: float = 20.0, every: float = 0.02) -> Any:
    """Wait until `true()` is, at most so long; what it gave."""
    deadline = time.monotonic() + seconds
    while True:
        got = true()
        if got:
            return got
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(every)


class Simulator:
    """`crm-tui simulate` in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = folder / "modem"
        self._socket = folder / "control"
        self.process = Quick(
            "simulate", "--link", str(self.port), "--control", str(self._socket), *options
        )
        until(lambda: self.port.exists() and self._socket.exists())
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(str(self._socket))
        self._stream = self._connection.makefile("rw", encoding="utf-8", newline="\n")

    def do(self, op: str, **request: Any) -> Any:
        """One request of the control channel; its result."""
        self._stream.write(json.dumps({"op": op, **request}) + "\n")
        self._stream.flush()
        answer = json.loads(self._stream.readline())
        assert answer["ok"], answer
        return answer["result"]

    def close(self) -> None:
        self._stream.close()
        self._connection.close()
        end(self.process)


def end(process: "Process") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@contextmanager
def simulator(folder: Path, *options: str) -> Iterator[Simulator]:
    made = Simulator(folder, *options)
    try:
        yield made
    finally:
        made.close()


# All of the program is loaded once, in a process from which the others split off.
_loaded = multiprocessing.get_context("forkserver")
_loaded.set_forkserver_preload(["tests.peers", "tests.loaded"])


def _become(words: list[str], place: str, env: dict[str, str], streams: list[str]) -> None:
    """Be the program, in this folder, with these files for its input, output and errors; where the
    first is a terminal, in a session of its own."""
    os.chdir(place)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    if streams[0].startswith("/dev/pts/"):
        os.setsid()
    for number, name in enumerate(streams):
        os.dup2(os.open(name, (os.O_WRONLY if number else os.O_RDONLY) | os.O_NOCTTY), number)
    # The streams of before know where they stood in another file.
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = [PROGRAM[0], *words]
    try:
        main()
    finally:
        # As Python ends by itself, and this process would not: the store is closed, so that the next
        # one finds no log of it to look through.
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()


class Quick:
    """The program in a process that need not load it first; asked as a `subprocess.Popen` is."""

    def __init__(
        self, *words: str, streams: Sequence[str] = (os.devnull,) * 3,
        env: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._process = _loaded.Process(
            target=_become,
            args=(list(words), str(Path.cwd()), dict(env or os.environ), list(streams)),
            daemon=True,
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, which is minus the signal that ended it. Raises `TimeoutExpired`."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0.0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _look_through(words: list[str], env: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    sys.exit(process.main(words))


def look_through(words: list[str], **how: Any) -> "subprocess.CompletedProcess[bytes]":
    """As `subprocess.run` does it for a check, in a process that need not load it first."""
    program, *rest = words
    begins = ["-P", "-m", process.__name__]
    assert program == sys.executable
    assert rest[: len(begins)] == begins
    assert how == {"check": False, "capture_output": True}
    check = _loaded.Process(target=_look_through, args=(rest[len(begins) :], dict(os.environ)))
    check.start()
    check.join()
    return subprocess.CompletedProcess(words, check.exitcode or 0, b"", b"")


QUICKLY = SimpleNamespace(run=look_through, Popen=subprocess.Popen, DEVNULL=subprocess.DEVNULL)
"""What a check is started with, instead of `subprocess`."""


Process = subprocess.Popen[bytes] | Quick


@dataclass(frozen=True)
class Done:
    """How a program ended, and what it said."""

    code: int
    out: str
    err: str


def run(*words: str, given: str = "", env: Mapping[str, str] = MappingProxyType({})) -> Done:
    """Run the program to its end, which takes at most a minute."""
    with tempfile.TemporaryDirectory(prefix="crm-tui-") as made:
        streams = [Path(made) / name for name in ("in", "out", "err")]
        for each in streams:
            each.touch()
        streams[0].write_text(given, "utf-8")
        program = Quick(*words, streams=[str(each) for each in streams], env={**os.environ, **env})
        try:
            code = program.wait(60)
        finally:
            program.kill()
        return Done(code, streams[1].read_text("utf-8"), streams[2].read_text("utf-8"))


def crm(folder: Path, *words: str, given: str | None = None, ok: bool = True) -> str:
    """Run the program on a shop; its output. With `ok` it must succeed, else fail with a sentence."""
    done = run("--data", str(folder), *words, given=given or "")
    assert "Traceback" not in done.err + done.out
    if ok:
        assert done.code == 0, done.err
        return done.out
    assert done.code in (1, 2)
    assert done.err.strip()
    return done.err.strip()


def quick_worker(folder: Path, port: Path | str, *options: str) -> Quick:
    """`crm-tui gateway` in a process that need not load the program first."""
    return Quick("--data", str(folder), "gateway", "--port", str(port), *options)


@functools.cache
def _founded() -> Path:
    made = tempfile.TemporaryDirectory(prefix="crm-tui-")
    atexit.register(made.cleanup)
    folder = Path(made.name) / "toko"
    crm(folder, "init", "--shop", "Toko Uji", "--admin", "bos", given="harimau-bos\nharimau-bos\n")
    return folder


def founded(folder: Path) -> Path:
    """A shop set up by the command line, without items. Founding one takes a while: it is done once in
    a process, and copied."""
    return copied(_founded(), folder)


def copied(shop: Path, folder: Path) -> Path:
    """A shop that was copied, and is known: a copy that somebody else made is looked through by the
    first program that opens it, which takes longer than what most tests ask of it."""
    made = Path(shutil.copytree(shop, folder))
    page_sums.notes_of(store_path(made)).seen()
    return made


def worker(folder: Path, port: Path | str, *options: str) -> subprocess.Popen[bytes]:
    """`crm-tui gateway` in a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, "--data", str(folder), "gateway", "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
