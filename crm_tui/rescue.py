"""Before SQLite opens a store after an unclean end: what its log would lose, and saving it.

SQLite reads the log up to the first frame whose checksum is wrong and throws away what stands behind
it, without a word. Of a single flipped bit the checksums say where it was: it is put right, and nothing
is lost. Else the log is kept aside, and the staff are told how much could not be read.
"""

import logging
import os
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from crm_tui import check_result, page_sums, wal
from crm_tui.clock import SystemClock, stamp
from crm_tui.store_problems import StoreCorrupt

log = logging.getLogger(__name__)

KEPT = "damaged"
"""The folder in the shop's folder in which damaged files are kept."""


_FIRST = b"SQLite format 3\0"


def before_opening(store: Path) -> None:
    """Look at a store that is about to be opened for the first time, and at its log. Raises
    `StoreCorrupt` for what is no store any more: closing it, SQLite would throw its log away, and make
    an empty one of a file that holds nothing."""
    with store.open("rb") as file:
        head = file.read(len(_FIRST))
    if head != _FIRST and (head or _was_one(store)):
        raise StoreCorrupt(path=store)
    log_of(store)


def _was_one(store: Path) -> bool:
    """Whether an empty file was a store, and not one whose making was cut off: it was read through, or
    its pages are noted, and they stand in no log."""
    with suppress(OSError):
        if wal.path_of(store).stat().st_size:
            return False
    known = page_sums.load(store)
    return check_result.path_of(store).exists() or (known is not None and len(known.settled) > 1)


def log_of(store: Path) -> None:
    """Look at the log of a store that is about to be opened."""
    path = wal.path_of(store)
    try:
        if not path.exists() or not path.stat().st_size or not _lost(store, path):
            return
        # Another program may have been writing it just now.
        SystemClock().wait(0.1)
        lost = _lost(store, path)
        if lost:
            _save(store, path, lost)
    except OSError:
        log.warning("the log could not be looked at", exc_info=True)


def _known(store: Path) -> wal.Known:
    sums = page_sums.load(store)
    return lambda page, crc: sums is not None and sums.knows(page, crc) is True


def _rest(store: Path, path: Path) -> wal.Rest:
    sums = page_sums.load(store)
    return wal.rest(path, _known(store), sums.placed if sums else lambda salts: 0)


def _lost(store: Path, path: Path) -> int:
    if not wal.rest(path).frames:
        return 0
    rest = _rest(store, path)
    if not rest.frames:
        return 0
    # The last transaction may have been torn by a power cut, or hit by the flipped bit.
    return rest.lost or (1 if wal.mend(path, _known(store)) is not None else 0)


def _save(store: Path, path: Path, lost: int) -> None:
    at = stamp(SystemClock().now())
    folder = store.with_name(KEPT)
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"{path.name}-{at[:19].replace(':', '')}"
    shutil.copyfile(path, kept)
    os.chmod(kept, 0o600)
    known = check_result.read_at(store, at)
    mended = wal.mend(path, _known(store))
    if mended is not None:
        _put_right(path, mended)
        lost_still = _rest(store, path).lost
        known = replace(known, rescued=known.rescued + lost - lost_still, mended_at=at)
        lost = lost_still
    if lost:
        known = replace(known, lost=known.lost + lost, lost_at=at, kept=f"{KEPT}/{kept.name}")
    check_result.write(store, known)
    log.error("the log was damaged: %s transactions could not be read; %s", lost, kept)


def _put_right(path: Path, mended: bytes) -> None:
    """Write only what is different: the log may be in use."""
    with path.open("r+b") as file:
        now = file.read()
        for at, (old, new) in enumerate(zip(now, mended, strict=False)):
            if old != new:
                file.seek(at)
                file.write(bytes((new,)))
        file.flush()
        os.fsync(file.fileno())
