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

from crm_tui.clock import moment
from crm_tui.shop.backups import (
    bringing,
    copying,
    erasures,
    places,
    proving,
    reaching,
    sealing,
    state,
)
from crm_tui.shop.backups.errors import (
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
from crm_tui.shop.backups.places import OWN, PART, Backup, Note
from crm_tui.shop.gate import rooms
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import GATEWAY, Context
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
    if not reaching.is_there(target.parent):
        raise PlaceMissing(folder=target.parent)
    _begin(ctx, "file")
    with one_at_a_time(places.own(ctx)), bringing.told(target.parent):
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
        if any(room.under_way(ctx) for room in rooms.load("cut_off")):
            raise ImportUnfinished()
        with bringing.told(folder):
            folder.mkdir(exist_ok=True, mode=0o700)
        with one_at_a_time(folder):
            with bringing.told(folder):
                made = _make_own(ctx, folder, reason, progress)
                erasures.note(ctx, folder)
            state.note_good(keeper, OWN, made.path, _known(made))
            if not proving.is_whole(_known(made)):
                state.note_trouble(keeper, OWN, folder, BackupDamaged())
            elif _known(made).differs:
                why = next(iter(_known(made).differs.values()))
                state.note_trouble(keeper, OWN, folder, BackupDiffers(why=why))
            with suppress(OSError):
                bringing.let_go(bringing.old(ctx, places.within(folder, OWN)))
            # What the other folder does to us, this one counts.
            bringing.copy_out(ctx, progress)
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
    with bringing.told(folder):
        folder.mkdir(exist_ok=True, mode=0o700)
        lock = FileLock(folder / ".lock", mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BackupRunning() from None
    try:
        with bringing.told(folder):
            bringing.sweep(folder)
        yield
    finally:
        lock.release()


def _sweep_strange(ctx: Context, folder: Path) -> None:
    """The same in a folder that is not only ours: what is another shop's may be being written now."""
    for left in folder.glob(f".*{PART}"):
        if copying.UNFINISHED.fullmatch(left.name) and left.is_file():
            age = ctx.clock.now().timestamp() - left.stat().st_mtime
            if abs(age) > _LEFT:
                left.unlink(missing_ok=True)


# ── the other folder ──────────────────────────────────────────────────────────────────────────────


def bring_out(ctx: Context, progress: Progress | None = None) -> bool:
    """Bring the newest good backup to the folder of the shop's choice, if it is not there yet; whether
    it is there now. What hinders it is noted; another program that does it already is let do it."""
    folder = places.own(ctx)
    if places.chosen(ctx) is None:
        return False
    try:
        with one_at_a_time(folder):
            return bringing.copy_out(ctx, progress)
    except BackupRunning:
        return False
    except BackupFailed as problem:
        state.note_trouble(ctx.acting(GATEWAY), OWN, folder, problem)
        return False
