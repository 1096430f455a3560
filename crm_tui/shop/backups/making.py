"""Making a backup while the shop runs.

    lock ─▶ room? ─▶ copy in steps ─▶ fsync ─▶ opened, read through, added up, counted ─▶ sealed
         ─▶ under its real name ─▶ note ─▶ the same in the other folder ─▶ old ones go

What was made beside the store counts, whatever the other folder does to us.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from crm_tui import atomic_file
from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.shop.backups import (
    copying,
    erasures,
    holding,
    places,
    proving,
    retention,
    sealing,
    state,
    wanted,
)
from crm_tui.shop.backups.copying import MB, PIECE, SPARE
from crm_tui.shop.backups.errors import (
    BackupChanged,
    BackupDamaged,
    BackupDiffers,
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
from crm_tui.shop.gate.commands import command, journal
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import Cancelled
from crm_tui.shop.gate.progress import Progress
from crm_tui.store import StoreProblem

log = logging.getLogger(__name__)

_LEFT = 3600.0
"""Seconds without writing after which nobody writes a backup any more."""


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
    if os.path.lexists(target):
        raise FileExists(file=target)
    if not places.is_there(target.parent):
        raise PlaceMissing(folder=target.parent)
    _begin(ctx, "file")
    with one_at_a_time(places.own(ctx)), _told(target.parent):
        _sweep_strange(ctx, target.parent)
        return copying.write(
            ctx, lambda at, sealed: target, target.parent, "file", progress or Progress()
        )


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
                erasures.note(ctx, folder)
            state.note_good(keeper, OWN, made.path, _known(made))
            if not proving.is_whole(_known(made)):
                state.note_trouble(keeper, OWN, folder, BackupDamaged())
            elif _known(made).differs:
                why = next(iter(_known(made).differs.values()))
                state.note_trouble(keeper, OWN, folder, BackupDiffers(why=why))
            _prune(ctx, folder, OWN)
            # What the other folder does to us, this one counts.
            _copy_out(ctx, progress)
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

    note = copying.write(ctx, name, folder, reason, progress)
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
        with _told(folder):
            _sweep(folder)
        yield
    finally:
        lock.release()


def _sweep(folder: Path) -> None:
    for left in folder.glob(f".*{PART}*"):
        # A folder of such a name is nobody's that makes backups.
        if left.is_symlink() or not left.is_dir():
            left.unlink(missing_ok=True)


def _sweep_strange(ctx: Context, folder: Path) -> None:
    """The same in a folder that is not only ours: what is another shop's may be being written now."""
    for left in folder.glob(f".*{PART}"):
        if copying.UNFINISHED.fullmatch(left.name) and left.is_file():
            age = ctx.clock.now().timestamp() - left.stat().st_mtime
            if abs(age) > _LEFT:
                left.unlink(missing_ok=True)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """What the system says of a folder becomes a sentence."""
    try:
        yield
    except OSError as trouble:
        raise BackupFailed(folder=folder, why=trouble.strerror or trouble) from trouble


# ── the other folder ──────────────────────────────────────────────────────────────────────────────


def bring_out(ctx: Context, progress: Progress | None = None) -> bool:
    """Bring the newest good backup to the folder of the shop's choice, if it is not there yet; whether
    it is there now. What hinders it is noted; another program that does it already is let do it."""
    folder = places.own(ctx)
    if places.chosen(ctx) is None:
        return False
    try:
        with one_at_a_time(folder):
            return _copy_out(ctx, progress)
    except BackupRunning:
        return False
    except BackupFailed as problem:
        state.note_trouble(ctx.acting(GATEWAY), OWN, folder, problem)
        return False


def _copy_out(ctx: Context, progress: Progress | None) -> bool:
    folder = places.chosen(ctx)
    if folder is None:
        return False
    keeper = ctx.acting(GATEWAY)
    good = next(iter(places.good(ctx, places.own(ctx), OWN)), None)
    try:
        if not places.is_there(folder):
            raise PlaceMissing(folder=folder.parent)
        with _told(folder):
            erasures.note(ctx, folder)
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
        holding.look(ctx, folder)
    except BackupChanged as problem:
        assert good is not None
        withdraw(ctx, good.path, problem)
        return False
    except (BackupFailed, NoRoom, PlaceMissing) as problem:
        state.note_trouble(keeper, OTHER, folder, problem)
        return False
    except Cancelled:
        return False
    return True


def withdraw(ctx: Context, path: Path, problem: BackupChanged) -> None:
    """A backup that is not as it was written counts no more, and another one is wanted in its place;
    the file stays, for whoever has no other one."""
    place = next((name for name, each in places.folders(ctx).items() if each == path.parent), None)
    if place is None:
        return
    with suppress(OSError):
        places.note_of(path).unlink(missing_ok=True)
    keeper = ctx.acting(GATEWAY)
    state.note_gone(keeper, place, next(iter(places.good(ctx, path.parent, place)), None))
    state.note_trouble(keeper, place, path.parent, problem)
    if place == OWN:
        _want(keeper)


def read_back(ctx: Context, progress: Progress | None = None) -> None:
    """Read the newest backup in the other folder anew: sticks lose what was once written well. One that
    is not as it was written, or cannot be read, counts no more, and is brought there again."""
    folder, progress = places.chosen(ctx), progress or Progress()
    good = next(iter(places.good(ctx, folder, OTHER)), None) if folder else None
    if good is None:
        return
    try:
        there = copying.digest_of(good.path, lambda: progress.at(98, 100))
    except OSError as trouble:
        if not places.is_there(good.path.parent):
            # The stick was pulled out, which is told by whoever looks for it next.
            return
        log.warning("%s cannot be read: %s", good.path, trouble)
        there = ""
    if there != _known(good).digest:
        withdraw(ctx, good.path, BackupChanged(file=good.name))


@journal
def _want(ctx: Context) -> None:
    wanted.want(ctx)


def _bring(good: Backup, target: Path, progress: Progress) -> None:
    """Copy a backup, read it back, and only then give it its name and its note."""
    note = _known(good)
    free = places.free_bytes(target.parent)
    if free < good.size + SPARE:
        raise NoRoom(needed=good.size // MB + 16, folder=target.parent, free=free // MB)
    part = target.with_name(f".{target.name}{PART}")
    try:
        # A stick may bring a link of that name along.
        with atomic_file.fresh(part) as file:
            for piece in _octets_of(good):
                file.write(piece)
                progress.at(95, 100)
            file.flush()
            os.fsync(file.fileno())
        if copying.digest_of(part, lambda: progress.at(98, 100)) != note.digest:
            digest = copying.Digest()
            for piece in _octets_of(good):
                digest.write(piece)
                progress.at(98, 100)
            if digest.text() != note.digest:
                raise BackupChanged(file=good.name)
            raise BackupFailed(folder=target.parent, why=N_("what was written is not what is read"))
        part.replace(target)
        places.write_note(target, note)
    finally:
        # A stick that was pulled out meanwhile takes it along.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _octets_of(good: Backup) -> Iterator[bytes]:
    """A backup, piece by piece. Raises `BackupChanged` where the disk does not give it back: that is no
    fault of the folder to which it is brought."""
    try:
        with good.path.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece
    except OSError as trouble:
        log.warning("%s cannot be read: %s", good.path, trouble)
        raise BackupChanged(file=good.name) from trouble


# ── old ones go ───────────────────────────────────────────────────────────────────────────────────


def _prune(ctx: Context, folder: Path, place: str) -> None:
    """Take away what the schedule does not keep. A file without a good note is nobody's to delete, nor
    is one of a moment that is still to come: whether its clock was wrong or ours is, nobody knows. The
    last one from before the store was damaged stays."""
    mine = [each for each in places.good(ctx, folder, place) if each.at <= ctx.now]
    keep = retention.kept(
        [each.at for each in mine],
        daily=DAILY(ctx), weekly=WEEKLY(ctx), monthly=MONTHLY(ctx),
    )  # fmt: skip
    whole = next((each.at for each in mine if proving.is_whole(_known(each))), None)
    for each in mine:
        if each.at not in keep and each.at != whole:
            # The note goes first: half of the two is no backup.
            for path in (each.path.with_name(each.name + ".json"), each.path):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    return
