"""A rehearsal: the last backup is restored into a folder aside and compared, so that the day on which
it is needed is not the first one on which it is tried.
"""

from dataclasses import dataclass
from pathlib import Path

from crm_tui.errors import UNSAID
from crm_tui.shop.backups import bringing, checking, places, preparing, reaching, state
from crm_tui.shop.backups.errors import (
    BackupChanged,
    BackupMissing,
    BackupProblem,
    BackupRunning,
    NoBackup,
    PlaceMissing,
    RestoreUnsound,
)
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.progress import Progress

_LEDGERS = ("sales", "stock_moves", "payments", "receivables", "point_moves", "price_changes")
"""What was in them once stays in them: the backup's rows must stand in the store of today."""


@dataclass(frozen=True)
class Rehearsed:
    """How it went: seconds that a restore takes, rows of the restored store, what it would lose."""

    backup: Path
    at: str
    seconds: float
    rows: int
    lost: preparing.Lost


@command("backups.rehearse", "backups.make")
def _begin(ctx: Context, file: str) -> None:
    ctx.record(f"backup {file}", None, {"rehearsal": True})
    ctx.changed("backups", 0)


def ask(
    ctx: Context,
    backup: Path | None = None,
    *,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> Rehearsed:
    """Rehearse because somebody wants to know. Raises as `rehearse`, and `NotAllowed`."""
    _begin(ctx, backup.name if backup else "")
    return rehearse(ctx, backup, passphrase=passphrase, progress=progress)


def rehearse(
    ctx: Context,
    backup: Path | None = None,
    *,
    passphrase: str | None = None,
    progress: Progress | None = None,
) -> Rehearsed:
    """Restore a backup, the last good one if none is named, into a folder aside and compare it with its
    note and with the store. Raises a `BackupProblem`; how it went is noted."""
    began = ctx.clock.monotonic()
    keeper = ctx.acting(GATEWAY)
    chosen = backup or _last(ctx)
    try:
        with preparing.prepared(
            ctx.store.path.parent, ctx.clock, chosen, passphrase=passphrase, progress=progress,
            scratch=".rehearsal",
        ) as ready:  # fmt: skip
            _compare(ctx, chosen, ready)
            seconds = round(ctx.clock.monotonic() - began, 3)
            done = Rehearsed(chosen, ready.at, seconds, sum(ready.rows.values()), ready.lost)
    except BackupRunning:
        # It says nothing of the backup.
        raise
    except BackupProblem as problem:
        if isinstance(problem, BackupChanged):
            bringing.withdraw(ctx, chosen, problem)
        state.note_rehearsal(keeper, chosen.name, 0.0, problem.stored)
        raise
    state.note_rehearsal(keeper, chosen.name, seconds, UNSAID)
    return done


def _last(ctx: Context) -> Path:
    good = state.last_good(ctx)
    if good is None:
        raise NoBackup()
    if good.place == places.OTHER and not reaching.is_there(good.where.parent):
        raise PlaceMissing(folder=good.where.parent.parent)
    if not good.where.is_file():
        raise BackupMissing(file=good.where.name)
    return good.where


def _compare(ctx: Context, chosen: Path, ready: preparing.Prepared) -> None:
    """Raises `RestoreUnsound`."""
    if ready.changed:
        raise BackupChanged(file=chosen.name)
    note = places.read_note(chosen)
    restored = checking.opened(ready.path)
    try:
        for table in _LEDGERS:
            rows = ready.rows[table]
            if note is not None and note.counts.get(table, rows) != rows:
                raise RestoreUnsound(why=f"{table}: {rows} ≠ {note.counts[table]}")
            last = restored.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1").fetchone()  # noqa: S608
            if last is None:
                continue
            here = ctx.db.execute(
                f"SELECT * FROM {table} WHERE id = ?",  # noqa: S608
                (last[0],),
            ).fetchone()
            if here is None or tuple(here) != tuple(last):
                raise RestoreUnsound(why=f"{table} {last[0]}")
    finally:
        restored.close()
