"""A file that is written whole or not at all, and that its owner alone can read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def written(target: Path) -> Iterator[IO[bytes]]:
    """Takes what is to stand at `target`: it stands there when all of it is on the disk, and nothing
    does if anything goes wrong before. Raises `OSError`."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write(target: Path, octets: bytes) -> None:
    """Write octets so. Raises `OSError`."""
    with written(target) as file:
        file.write(octets)


def make_way(target: Path) -> None:
    """A folder in the place of a file, which cannot be written over, goes aside. Raises `OSError`."""
    if target.is_dir() and not target.is_symlink():
        aside = tempfile.mkdtemp(dir=target.parent, prefix=f"{target.name}-")
        target.rename(Path(aside) / target.name)
