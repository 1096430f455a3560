"""Putting another file in the place of the store, so that a kill at any moment leaves one of the two.

    crm.db, -wal, -shm ─▶ replaced/…        prepared file ─▶ crm.db

A mark on the disk says what is to be moved where. From the moment it is there, whoever opens the store
next finishes the exchange; before that moment nothing was touched.
"""

import json
import logging
import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

log = logging.getLogger(__name__)

_MARK = "replace.json"
UNREADABLE = f"{_MARK}.unreadable"
"""What becomes of a mark that says nothing."""
_LOCK = "replace.lock"
_BESIDE = ("-wal", "-shm", "-journal", "-sums", "-checked")
"""What SQLite and the checks keep beside a database: it belongs to the old one, and would destroy
the new one, or call it damaged."""
PATIENCE = 20.0


def replace(path: Path, prepared: Path, aside: Path) -> None:
    """Put `prepared` in the place of the store at `path`; the old one goes to `aside`. All of it in
    one folder or below it. Raises `OSError`; then the old one stands."""
    with FileLock(path.with_name(_LOCK), timeout=PATIENCE, mode=0o600):
        if path.exists():
            aside.parent.mkdir(exist_ok=True, mode=0o700)
        mark = path.with_name(_MARK)
        part = path.with_name(f".{_MARK}.part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(
                {
                    "prepared": str(prepared.relative_to(path.parent)),
                    "aside": str(aside.relative_to(path.parent)),
                },
                file,
            )
            file.flush()
            os.fsync(file.fileno())
        part.replace(mark)
        sync(path.parent)
        try:
            _finish(path)
        except OSError as trouble:
            if not prepared.exists():
                # It is done but for the mark, which the next one takes away.
                log.warning("the mark of a restore is still there: %s", trouble)
                return
            # Windows lets nobody move a file that another program, one against viruses, has open.
            _take_back(path, aside, mark)
            raise


def _take_back(path: Path, aside: Path, mark: Path) -> None:
    """What went aside comes back, and the mark goes. Should that fail, too, the mark stays, and whoever
    opens the store next goes on."""
    with suppress(OSError):
        for end in ("", *_BESIDE):
            kept = aside.with_name(aside.name + end)
            if kept.exists():
                kept.replace(path.with_name(path.name + end))
        sync(path.parent)
        mark.unlink()


def is_begun(path: Path) -> bool:
    """Whether an exchange is to be gone on with: what it needs must stay where it is."""
    return os.path.lexists(path.with_name(_MARK))


def which(path: Path) -> tuple[int, int]:
    """Which file has this name now."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def finish(path: Path) -> None:
    """Finish an exchange that was cut off; all that open the store call it. Raises `OSError`."""
    if not path.with_name(_MARK).is_file():
        return
    try:
        with FileLock(path.with_name(_LOCK), timeout=PATIENCE, mode=0o600):
            _finish(path)
    except Timeout as trouble:
        raise OSError(str(trouble)) from trouble


def _finish(path: Path) -> None:
    mark = path.with_name(_MARK)
    try:
        wanted = json.loads(mark.read_text("utf-8"))
        prepared, aside = path.parent / wanted["prepared"], path.parent / wanted["aside"]
    except FileNotFoundError:
        # Somebody else has finished it meanwhile.
        return
    except (ValueError, KeyError, TypeError):
        # Whichever store lies there is whole: the first step takes it away from there.
        log.error("the mark of a restore cannot be read")
        mark.replace(path.with_name(UNREADABLE))
        return
    if prepared.exists():
        _move(path, aside)
        for end in _BESIDE:
            _move(path.with_name(path.name + end), aside.with_name(aside.name + end))
        prepared.replace(path)
        sync(path.parent)
    mark.unlink()
    sync(path.parent)


def _move(source: Path, target: Path) -> None:
    if source.exists():
        # A power cut may have left the mark without the folder.
        target.parent.mkdir(exist_ok=True, mode=0o700)
        source.replace(target)


def sync(folder: Path) -> None:
    """Bring names to the disk, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            # Some network folders know no such thing.
            os.fsync(handle)
    finally:
        os.close(handle)
