"""Other processes that tests talk to: the simulated modem, the worker, programs of others."""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from crm_tui.cli import main

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
        self.process = subprocess.Popen(
            [
                *PROGRAM,
                "simulate",
                "--link",
                str(self.port),
                "--control",
                str(self._socket),
                *options,
            ],
            stdout=subprocess.DEVNULL,
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


def end(process: subprocess.Popen[Any]) -> None:
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


# The program's modules are loaded once, in a process from which the others split off.
_loaded = multiprocessing.get_context("forkserver")
_loaded.set_forkserver_preload(
    ["tests.peers", "crm_tui.cli.shop", "crm_tui.cli.sms", "crm_tui.cli.reports"]
)


def _become(words: list[str], place: str, streams: list[str]) -> None:
    """Be the program, in this folder, with these files for its input, output and errors."""
    os.chdir(place)
    for number, name in enumerate(streams):
        os.dup2(os.open(name, os.O_WRONLY if number else os.O_RDONLY), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.argv = [PROGRAM[0], *words]
    main()


def crm(folder: Path, *words: str, given: str | None = None, ok: bool = True) -> str:
    """Run the program on a shop; its output. With `ok` it must succeed, else fail with a sentence."""
    with tempfile.TemporaryDirectory(prefix="crm-tui-") as made:
        streams = [Path(made) / name for name in ("in", "out", "err")]
        for each in streams:
            each.touch()
        streams[0].write_text(given or "", "utf-8")
        process = _loaded.Process(
            target=_become,
            args=(
                ["--data", str(folder), *words],
                str(Path.cwd()),
                [str(each) for each in streams],
            ),
        )
        process.start()
        process.join(60)
        code = process.exitcode
        process.kill()
        out, err = (each.read_text("utf-8") for each in streams[1:])
    assert "Traceback" not in err + out
    if ok:
        assert code == 0, err
        return out
    assert code in (1, 2)
    assert err.strip()
    return err.strip()


def quick_worker(folder: Path, port: Path | str) -> BaseProcess:
    """`crm-tui gateway` in a process that need not load the program first."""
    words = ["--data", str(folder), "gateway", "--port", str(port)]
    process = _loaded.Process(target=_become, args=(words, str(Path.cwd()), [os.devnull] * 3))
    process.start()
    return process


def founded(folder: Path) -> Path:
    """A shop set up by the command line, without items."""
    crm(folder, "init", "--shop", "Toko Uji", "--admin", "bos", given="rahasia-bos\nrahasia-bos\n")
    return folder


def worker(folder: Path, port: Path | str, *options: str) -> subprocess.Popen[bytes]:
    """`crm-tui gateway` in a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, "--data", str(folder), "gateway", "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
