"""One copy of the store, checked and perhaps sealed, under the name that it is to have.

The copy is SQLite's own, within one read transaction: it shows one moment, is not begun anew when
somebody writes, and holds up no writer. Between two steps the disk is left to the others.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from crm_tui import sqlite
from crm_tui.clock import stamp
from crm_tui.shop.backups import checking, places, proving, sealing, state
from crm_tui.shop.backups.errors import BackupFailed, BackupUnsound, NoRoom
from crm_tui.shop.backups.places import PART, Note
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress
from crm_tui.store import DiskFull, StoreProblem, StoreReadOnly

PAGES = 2048
"""Pages a step: 8 MB, some milliseconds."""
REST = 0.08
"""The share of a step's time that the disk is left to the others afterwards."""
PIECE = 1 << 20
UNFINISHED = re.compile(rf"\.\d+(?:\.age)?{re.escape(PART)}")
"""What a file is called as long as it is no backup yet: after the process that makes it."""
SPARE = 16 << 20
MB = 1 << 20


@dataclass(frozen=True)
class Need:
    """What a backup needs: octets on the disk of each folder, and about how many seconds (None: nobody
    knows yet). `free`: octets that are free beside the store."""

    octets: int
    seconds: float | None
    free: int


def needed(ctx: Context) -> Need:
    """What the next backup will need, by the store of now and the last backup."""
    pages, size = (
        int(ctx.db.execute(f"PRAGMA {each}").fetchone()[0]) for each in ("page_count", "page_size")
    )
    octets = pages * size
    good = state.last_good(ctx)
    seconds = good.seconds * octets / good.size if good and good.size else None
    folder = places.own(ctx)
    return Need(octets, seconds, places.free_bytes(folder if folder.exists() else folder.parent))


def write(
    ctx: Context,
    name: Callable[[datetime, bool], Path],
    folder: Path,
    reason: str,
    progress: Progress,
) -> Note:
    """Copy the store, check the copy, and only then give it the name; what is known of it."""
    began = ctx.clock.monotonic()
    key = sealing.current(ctx)
    need = needed(ctx).octets
    # What is to be sealed lies open beside the store alone, never on a stick, not for a moment.
    opened = folder if key is None else places.own(ctx)
    for where in {folder, opened}:
        copies, free = 1 if key is None or opened != folder else 2, places.free_bytes(where)
        if free < need * copies + SPARE:
            raise NoRoom(needed=need * copies // MB + 16, folder=where, free=free // MB)
    plain = opened / f".{os.getpid()}{PART}"
    sealed = folder / f".{os.getpid()}.age{PART}"
    try:
        _make_private(plain)
        at, counts, seq, sums = _copy(ctx, plain, opened, progress)
        harmed = proving.prove(plain, sums, lambda: progress.at(50, 100))
        found = checking.check(plain, counts, lambda: progress.at(60, 100))
        if found.differs and (why := found.beyond(checking.differs(ctx.db.conn))):
            raise BackupUnsound(why=why)
        differs = found.differs | ({proving.PAGES: proving.SENTENCE} if harmed else {})
        done = plain
        if key is not None:
            seal_and_open(plain, sealed, key, progress)
            done = sealed
        progress.at(90, 100)
        note = Note(
            places.shop_id(ctx), places.epoch(ctx), stamp(at), done.stat().st_size,
            round(ctx.clock.monotonic() - began, 3), digest_of(done), reason, seq, counts,
            differs,
        )  # fmt: skip
        # The moment from which it is a backup.
        done.replace(name(at, key is not None))
        places.sync_folder(folder)
        return note
    finally:
        for left in (plain, sealed):
            for end in ("", "-journal", "-wal", "-shm"):
                left.with_name(left.name + end).unlink(missing_ok=True)


def _make_private(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _copy(
    ctx: Context, plain: Path, folder: Path, progress: Progress
) -> tuple[datetime, dict[str, int], int, bytes]:
    """Copy the store as it is at one moment: that moment, the rows by table, the last change, the sums
    of its pages."""
    now = ctx.clock.monotonic
    step_began = now()

    def step(status: int, left: int, total: int) -> None:
        nonlocal step_began
        progress.at(total - left, total * 2)
        # All of it at the end would hold up the sales, which wait for the same disk.
        os.fsync(written.fileno())
        ctx.clock.wait((now() - step_began) * REST)
        step_began = now()

    target = sqlite.connect(plain, isolation_level=None)
    written = plain.open("rb+")
    try:
        for pragma in ("journal_mode=off", "synchronous=off", "locking_mode=exclusive"):
            target.execute(f"PRAGMA {pragma}")
        # The time that counts: by a clock that is doubted it would be due again at once, and again.
        at = ctx.now
        with ctx.store.reading() as db:
            counts = checking.counts(db.conn)
            seq = state.newest_change(ctx)
            sums = proving.sums(ctx)
            db.conn.backup(target, pages=PAGES, progress=step)
        # It stands alone: nothing beside it belongs to it.
        target.execute("PRAGMA journal_mode=delete")
    except (sqlite.OperationalError, DiskFull, StoreReadOnly) as trouble:
        # What is full or cannot be written is the copy: of the store nothing but reading was asked.
        why = trouble.__cause__ if isinstance(trouble, StoreProblem) else trouble
        raise BackupFailed(folder=folder, why=why) from trouble
    finally:
        target.close()
        written.close()
    _to_the_disk(plain)
    return at, counts, seq, sums


def _to_the_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def seal_and_open(plain: Path, sealed: Path, key: sealing.Key, progress: Progress) -> None:
    """Seal a checked copy, and open it again: what comes out is what went in. Raises `OSError`,
    `BackupFailed`."""
    _make_private(sealed)
    with sealed.open("rb+") as file:
        sealing.seal(plain, file, key, lambda size: progress.at(70, 100))
        file.flush()
        os.fsync(file.fileno())
    digest = Digest()
    sealing.unseal(
        sealed, digest, identities=[key.identity], passphrase=None,
        alive=lambda size: progress.at(80, 100),
    )  # fmt: skip
    if digest.text() != digest_of(plain):
        raise BackupFailed(folder=sealed.parent, why="sealed ≠ plain")


class Digest:
    """A file that keeps nothing of what is written into it but its digest."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)

    def write(self, octets: bytes) -> int:
        self._hash.update(octets)
        return len(octets)

    def seek(self, place: int) -> int:
        return place

    def truncate(self) -> int:
        self._hash = blake2b(digest_size=16)
        return 0

    def flush(self) -> None:
        pass

    def text(self) -> str:
        return self._hash.hexdigest()


def digest_of(path: Path, alive: Callable[[], object] = lambda: None) -> str:
    """A digest of a file's octets. Raises `OSError`."""
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            alive()
    return digest.hexdigest()
