"""A file that is written whole or not at all; its owner alone can read it, unless it is no secret."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_COARSE = 10_000_000
"""Nanoseconds: disks that keep no finer times than this (sticks) may keep them in steps of 2 s."""
_STEP = 2_000_000_000


@contextmanager
def written(target: Path, *, secret: bool = True) -> Iterator[IO[bytes]]:
    """Takes what is to stand at `target`: it stands there when all of it is on the disk, and nothing
    does if anything goes wrong before. What is not `secret` others may read. Raises `OSError`."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            if not secret:
                os.chmod(temporary, 0o644)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write(target: Path, octets: bytes, *, secret: bool = True) -> None:
    """Write octets so. Raises `OSError`."""
    with written(target, secret=secret) as file:
        file.write(octets)


def octets_of(path: Path) -> bytes:
    """What lies there; nothing where it cannot be read, or is no file: a pipe would be waited for."""
    with suppress(OSError):
        if path.is_file():
            return path.read_bytes()
    return b""


def fresh(path: Path) -> IO[bytes]:
    """A file that was not there, to be written, and its owner's alone: what lay there by this name
    goes, and where it is a link, nothing is written to where that leads. Raises `OSError`."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "rb+")


def make_way(target: Path) -> None:
    """A folder in the place of a file, which cannot be written over, goes aside. Raises `OSError`."""
    if target.is_dir() and not target.is_symlink():
        aside = tempfile.mkdtemp(dir=target.parent, prefix=f"{target.name}-")
        target.rename(Path(aside) / target.name)


def is_copied(path: Path, copy: Path) -> bool:
    """Whether a copy was made of a file as it is now: it bears its time. Which of two is later says
    nothing, for the clock may have been wrong meanwhile. Raises `OSError`."""
    if not copy.exists():
        return False
    here, there = path.stat().st_mtime_ns, copy.stat().st_mtime_ns
    return abs(here - there) < (1000 if there % _COARSE else _STEP)


@contextmanager
def as_it_is(path: Path, copy: Path) -> Iterator[None]:
    """Within, `copy` is made of `path`; it gets the time that `path` had before. Raises `OSError`."""
    here = path.stat()
    yield
    os.utime(copy, ns=(here.st_atime_ns, here.st_mtime_ns))
