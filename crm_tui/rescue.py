"""Before SQLite opens a store after an unclean end: what its log would lose, and saving it.

SQLite reads the log up to the first frame whose checksum is wrong and throws away what stands behind
it, without a word. Of a single flipped bit the checksums say where it was: it is put right, and nothing
is lost. Else the log is kept aside, and the staff are told how much could not be read.

A log that was cut off, or is gone, looks like one of which nothing is missing: that more was committed
the sums of pages know (`page_sums`).
"""

import logging
import os
import shutil
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from filelock import Timeout

from crm_tui import check_result, page_reading, page_sums, wal
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
    lost = 0
    try:
        if path.exists() and path.stat().st_size and _lost(store, path):
            # Another program may have been writing it just now.
            SystemClock().wait(0.1)
            if lost := _lost(store, path):
                _save(store, path, lost)
        if _missing(store, path):
            SystemClock().wait(0.1)
            if missing := _missing(store, path):
                _take(store, missing, told=lost > 0)
    except (OSError, Timeout):
        log.warning("the log could not be looked at", exc_info=True)


def _missing(store: Path, path: Path) -> dict[int, tuple[int, int]]:
    """The pages that were committed with other octets than stand anywhere now: the sum that they had
    then, and the one that they have. What was committed is in the log or in its place; a page that
    never was as it is was written by others, or damaged, which a check finds (`page_sums`)."""
    with page_sums.alone(store):
        noted = page_sums.waiting(store)
        if not noted:
            return {}
        logged = wal.sums_of(path)
        missing: dict[int, tuple[int, int]] = {}
        with store.open("rb") as file:
            size = page_reading.page_size(file.read(100))
            for page, crc in noted.items():
                there = logged.get(page, [])
                if crc in there:
                    continue
                file.seek((page - 1) * size)
                octets = file.read(size)
                # One behind the end was given back to the disk.
                if len(octets) == size and zlib.crc32(octets) != crc:
                    missing[page] = crc, there[-1] if there else zlib.crc32(octets)
        sums = page_sums.load(store) if missing else None
        if sums is None:
            return {}
        return {
            page: (crc, now) for page, (crc, now) in missing.items()
            if page in logged or sums.knows(page, now)
        }  # fmt: skip


def _take(store: Path, missing: dict[int, tuple[int, int]], *, told: bool) -> None:
    """Take the pages as they are, and tell it once; how many steps are gone nobody can say."""
    if not (told or _told(store, missing)):
        at = stamp(SystemClock().now())
        known = check_result.read_at(store, at)
        check_result.write(store, replace(known, lost=known.lost + 1, lost_at=at, kept=""))
    with page_sums.alone(store):
        page_sums.take(store, {page: now for page, (_, now) in missing.items()})
    log.error("the log was cut off: %s pages are not as they were committed last", len(missing))


def _told(store: Path, missing: dict[int, tuple[int, int]]) -> bool:
    """Whether they stand in the unreadable rest of a log that was kept aside, and told of, before."""
    for kept in store.with_name(KEPT).glob(f"{wal.path_of(store).name}-*"):
        there = wal.sums_of(kept)
        if all(crc in there.get(page, ()) for page, (crc, _) in missing.items()):
            return True
    return False


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
