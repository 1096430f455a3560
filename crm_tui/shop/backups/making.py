"""Making a backup while the shop runs.

    lock ─▶ room? ─▶ copy in steps ─▶ fsync ─▶ opened, read through, added up, counted ─▶ sealed
         ─▶ under its real name ─▶ note ─▶ the same in the other folder ─▶ old ones go

The copy is SQLite's own, within one read transaction: it shows one moment, is not begun anew when
somebody writes, and holds up no writer. Between two steps the disk is left to the others.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout

from crm_tui.clock import moment, stamp
from crm_tui.shop.backups import checking, places, schedule, sealing, state
from crm_tui.shop.backups.errors import (
    BackupFailed,
    BackupRunning,
    BackupUnsound,
    FileExists,
    ImportUnfinished,
    NoRoom,
    PlaceMissing,
)
from crm_tui.shop.backups.places import OTHER, OWN, PART, Backup, Note
from crm_tui.shop.backups.settings import DAILY, MONTHLY, WEEKLY
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import Cancelled
from crm_tui.shop.gate.progress import Progress
from crm_tui.store import DiskFull, StoreProblem, StoreReadOnly

PAGES = 512
"""Pages a step: 2 MB, some milliseconds."""
REST = 0.12
"""The share of a step's time that the disk is left to the others afterwards."""
_PIECE = 1 << 20
_SPARE = 16 << 20
_MB = 1 << 20


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


@command("backups.make", "backups.make")
def _begin(ctx: Context, reason: str) -> None:
    """The record that somebody asked for a backup."""
    ctx.record("backup", None, {"reason": reason})
    ctx.changed("backups", 0)


def make(ctx: Context, reason: str = "hand", progress: Progress | None = None) -> Backup:
    """Make a backup because somebody wants one; it counts when this returns.

    Raises a `BackupProblem`, `StoreProblem`, `NotAllowed`, `Cancelled`; then nothing stays behind.
    """
    _begin(ctx, reason)
    return run(ctx, reason, progress)


def make_file(ctx: Context, target: Path, progress: Progress | None = None) -> Note:
    """Make one under a name of somebody's own; it is none of those that are kept by the schedule.

    Raises as `make`, and `FileExists`.
    """
    target = target.absolute()
    if target.exists():
        raise FileExists(file=target)
    if not target.parent.is_dir():
        raise PlaceMissing(folder=target.parent)
    _begin(ctx, "file")
    with one_at_a_time(places.own(ctx)), _told(target.parent):
        return _write(ctx, lambda at, sealed: target, target.parent, "file", progress or Progress())


def run(ctx: Context, reason: str, progress: Progress | None = None) -> Backup:
    """Make a backup in the name of nobody: what is due. Raises as `make`.

    What keeps it from being made is noted, so that the status line tells it.
    """
    progress = progress or Progress()
    keeper = ctx.acting(GATEWAY)
    folder = places.own(ctx)
    try:
        if ctx.db.execute("SELECT 1 FROM imports WHERE status = 'merging'").fetchone():
            raise ImportUnfinished()
        with _told(folder):
            folder.mkdir(exist_ok=True, mode=0o700)
        with one_at_a_time(folder):
            with _told(folder):
                made = _make_own(ctx, folder, reason, progress)
            state.note_good(keeper, OWN, made.path, _known(made))
            _prune(ctx, folder, OWN)
            # What the other folder does to us, this one counts.
            copy_out(ctx, progress)
    except (BackupFailed, NoRoom, BackupUnsound, StoreProblem) as problem:
        state.note_trouble(keeper, OWN, folder, problem)
        raise
    return made


def _known(backup: Backup) -> Note:
    assert backup.note is not None
    return backup.note


def _make_own(ctx: Context, folder: Path, reason: str, progress: Progress) -> Backup:
    names: list[Path] = []

    def name(at: datetime, sealed: bool) -> Path:
        names.append(places.free_name(folder, at, sealed=sealed))
        return names[-1]

    note = _write(ctx, name, folder, reason, progress)
    places.write_note(names[-1], note)
    return Backup(
        names[-1], OWN, moment(note.at), note.size, sealing.current(ctx) is not None, note
    )


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """One program makes backups; what one that was killed left behind goes. Raises `BackupRunning`."""
    with _told(folder):
        folder.mkdir(exist_ok=True, mode=0o700)
        lock = FileLock(folder / ".lock", mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BackupRunning() from None
    try:
        _sweep(folder)
        yield
    finally:
        lock.release()


def _sweep(folder: Path) -> None:
    for left in folder.glob(f".*{PART}*"):
        left.unlink(missing_ok=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What the system says of a folder becomes a sentence."""
    try:
        yield
    except OSError as trouble:
        raise BackupFailed(folder=folder, why=trouble.strerror or trouble) from trouble


def _write(
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
    free = places.free_bytes(folder)
    if free < need * (2 if key else 1) + _SPARE:
        raise NoRoom(needed=need * (2 if key else 1) // _MB + 16, folder=folder, free=free // _MB)
    plain = folder / f".{os.getpid()}{PART}"
    sealed = folder / f".{os.getpid()}.age{PART}"
    try:
        _make_private(plain)
        at, counts, seq = _copy(ctx, plain, folder, progress)
        checking.check(plain, counts, lambda: progress.at(60, 100))
        done = plain
        if key is not None:
            _seal(plain, sealed, key, progress)
            done = sealed
        progress.at(90, 100)
        note = Note(
            places.shop_id(ctx), places.epoch(ctx), stamp(at), done.stat().st_size,
            round(ctx.clock.monotonic() - began, 3), digest_of(done), reason, seq, counts,
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
) -> tuple[datetime, dict[str, int], int]:
    """Copy the store as it is at one moment: that moment, the rows by table, the last change."""
    now = ctx.clock.monotonic
    step_began = now()

    def step(status: int, left: int, total: int) -> None:
        nonlocal step_began
        progress.at(total - left, total * 2)
        ctx.clock.wait((now() - step_began) * REST)
        step_began = now()

    target = sqlite3.connect(plain, isolation_level=None)
    try:
        for pragma in ("journal_mode=off", "synchronous=off", "locking_mode=exclusive"):
            target.execute(f"PRAGMA {pragma}")
        with ctx.store.reading() as db:
            at = ctx.clock.now()
            counts = checking.counts(db.conn)
            seq = state.newest_change(ctx)
            db.conn.backup(target, pages=PAGES, progress=step)
        # It stands alone: nothing beside it belongs to it.
        target.execute("PRAGMA journal_mode=delete")
    except (sqlite3.OperationalError, DiskFull, StoreReadOnly) as trouble:
        # What is full or cannot be written is the copy: of the store nothing but reading was asked.
        why = trouble.__cause__ if isinstance(trouble, StoreProblem) else trouble
        raise BackupFailed(folder=folder, why=why) from trouble
    finally:
        target.close()
    _to_the_disk(plain)
    return at, counts, seq


def _to_the_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _seal(plain: Path, sealed: Path, key: sealing.Key, progress: Progress) -> None:
    """Seal a checked copy, and open it again: what comes out is what went in."""
    _make_private(sealed)
    with sealed.open("rb+") as file:
        sealing.seal(plain, file, key, lambda size: progress.at(70, 100))
        file.flush()
        os.fsync(file.fileno())
    digest = _Digest()
    sealing.unseal(
        sealed, digest, identities=[key.identity], passphrase=None,
        alive=lambda size: progress.at(80, 100),
    )  # fmt: skip
    if digest.text() != digest_of(plain):
        raise BackupFailed(folder=sealed.parent, why="sealed ≠ plain")


class _Digest:
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
        while piece := file.read(_PIECE):
            digest.update(piece)
            alive()
    return digest.hexdigest()


# ── the other folder ──────────────────────────────────────────────────────────────────────────────


def copy_out(ctx: Context, progress: Progress | None = None) -> bool:
    """Bring the newest good backup to the folder of the shop's choice, if it is not there yet; whether
    it is there now. What hinders it is noted."""
    folder = places.chosen(ctx)
    if folder is None:
        return False
    keeper = ctx.acting(GATEWAY)
    try:
        good = next((each for each in places.within(places.own(ctx), OWN) if each.checked), None)
        if not folder.is_dir():
            raise PlaceMissing(folder=folder.parent)
        if good is None:
            return False
        target = folder / good.name
        note = places.read_note(target)
        if note is None:
            with _told(folder):
                _sweep(folder)
                _bring(good, target, progress or Progress())
            note = _known(good)
            state.note_good(keeper, OTHER, target, note)
            _prune(ctx, folder, OTHER)
        else:
            state.note_trouble(keeper, OTHER, folder, None)
    except (BackupFailed, NoRoom, PlaceMissing) as problem:
        state.note_trouble(keeper, OTHER, folder, problem)
        return False
    except Cancelled:
        return False
    return True


def _bring(good: Backup, target: Path, progress: Progress) -> None:
    """Copy a backup, read it back, and only then give it its name and its note."""
    note = _known(good)
    free = places.free_bytes(target.parent)
    if free < good.size + _SPARE:
        raise NoRoom(needed=good.size // _MB + 16, folder=target.parent, free=free // _MB)
    part = target.with_name(f".{target.name}{PART}")
    try:
        with good.path.open("rb") as source, part.open("wb") as file:
            while piece := source.read(_PIECE):
                file.write(piece)
                progress.at(95, 100)
            file.flush()
            os.fsync(file.fileno())
        if digest_of(part, lambda: progress.at(98, 100)) != note.digest:
            raise BackupFailed(folder=target.parent, why="≠")
        part.replace(target)
        places.write_note(target, note)
    finally:
        # A stick that was pulled out meanwhile takes it along.
        with suppress(OSError):
            part.unlink(missing_ok=True)


# ── old ones go ───────────────────────────────────────────────────────────────────────────────────


def _prune(ctx: Context, folder: Path, place: str) -> None:
    """Take away what the schedule does not keep. A file without a good note is nobody's to delete, and
    with a clock that went back nothing is."""
    found = [each for each in places.within(folder, place) if each.checked]
    shop = places.shop_id(ctx)
    mine = [each for each in found if _known(each).shop == shop]
    if any(each.at > ctx.now for each in mine):
        return
    keep = schedule.kept(
        [each.at for each in mine],
        daily=DAILY(ctx), weekly=WEEKLY(ctx), monthly=MONTHLY(ctx),
    )  # fmt: skip
    for each in mine:
        if each.at not in keep:
            # The note goes first: half of the two is no backup.
            for path in (each.path.with_name(each.name + ".json"), each.path):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    return
