"""The tests' files lie in memory where there is room: they need not outlive the tests, and creating,
filling and deleting thousands of them on a disk is most of what a run would wait for."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3
"""Octets; a run takes up to half of them, most of it copies of the office's database."""
_NAME = "crm-test-"
"""And the number of the process. Short, for the path of a socket has 107 octets at most."""


def begin() -> None:
    """From now on in this process and in those that it starts, which find `TMPDIR` set, as does whoever
    sets it: their files lie there."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    for left in MEMORY.glob(f"{_NAME}*"):
        number = left.name.removeprefix(_NAME)
        if number.isdecimal() and not _lives(int(number)):
            shutil.rmtree(left, ignore_errors=True)
    if shutil.disk_usage(MEMORY).free < _ROOM:
        return
    made = MEMORY / f"{_NAME}{os.getpid()}"
    try:
        made.mkdir(0o700)
    except FileExistsError:
        return
    # PostgreSQL goes through it, which is somebody else where root runs the tests.
    made.chmod(0o711)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    os.environ["TMPDIR"] = str(made)
    tempfile.tempdir = None


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
