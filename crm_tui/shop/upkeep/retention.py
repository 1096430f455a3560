"""Tidying up: old exports, room in the store that nothing fills, figures for SQLite's planner."""

import logging
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crm_tui.shop.backups.preparing import REPLACED
from crm_tui.shop.gate import slices, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.upkeep.settings import EXPORT_DAYS

log = logging.getLogger(__name__)

FORMS = (".csv", ".json", ".txt", ".xlsx")
"""What the program writes into exports/; other files there are somebody's own."""
KEPT_ASIDE = timedelta(days=180)
"""A store that a restore put aside is kept for so long."""
LEFT = timedelta(days=1)
"""Nothing is being written for so long."""
_STORE = re.compile(r"crm-\d{8}-\d{6}(?:-\d+)?\.db")
_STEM = len("crm-20261124-010000")
_ARCHIVE = ".db-archive"
_PAGES = 256
"""Pages a step: 1 MB."""
_FEW = 2_000
"""Free pages that may stay: new rows fill them before the file grows."""


def old_exports(ctx: Context) -> list[Path]:
    """Files in exports/ that are older than the shop keeps them."""
    days = EXPORT_DAYS(ctx)
    if not days or ctx.time.doubted:
        return []
    limit = ctx.now - timedelta(days=days)
    return sorted(each for each in exported(ctx.store.path.parent) if _written_at(each) < limit)


def exported(folder: Path) -> list[Path]:
    """The files that the program wrote into exports/ of the shop in `folder`."""
    try:
        every = list((folder / "exports").iterdir())
    except OSError:
        return []
    return [
        each for each in every
        if each.suffix in FORMS and not each.name.startswith(".") and each.is_file()
        and not each.is_symlink()
    ]  # fmt: skip


def left_over(ctx: Context) -> list[Path]:
    """What programs that were killed were writing, beside the store and in exports/; it may tell of
    customers. Among the backups it goes with the next one."""
    if ctx.time.doubted:
        return []
    home, limit = ctx.store.path.parent, ctx.now - LEFT
    return sorted(
        each for folder in (home, home / "exports") for each in folder.glob(".*.part")
        if not each.is_symlink() and each.is_file() and _written_at(each) < limit
    )  # fmt: skip


def old_stores(ctx: Context) -> list[Path]:
    """Stores, and archives, that restores put aside so long ago that nobody goes back to them; the last
    one of each stays."""
    if ctx.time.doubted:
        return []
    try:
        found = [each for each in (ctx.store.path.parent / REPLACED).iterdir() if each.is_file()]
    except OSError:
        return []
    # crm-20261124-010000.db and what lay beside it then: -wal, -sums …; crm-….db-archive and its -wal.
    named = [each for each in found if _STORE.match(each.name)]
    archives = [each for each in named if _ARCHIVE in each.name]
    limit = f"crm-{ctx.now - KEPT_ASIDE:%Y%m%d-%H%M%S}"
    old: list[Path] = []
    for kind in (archives, [each for each in named if each not in archives]):
        newest = max((each.name[:_STEM] for each in kind), default="")
        old += [each for each in kind if newest != each.name[:_STEM] < limit]
    return sorted(old)


def _written_at(file: Path) -> datetime:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return datetime.max.replace(tzinfo=UTC)


@command("upkeep.prune", "upkeep.run")
def prune(ctx: Context, files: Sequence[Path]) -> int:
    """Delete old exports and stores put aside; how many went. What cannot be deleted stays, and is
    tried another day."""
    gone = []
    for each in files:
        try:
            each.unlink(missing_ok=True)
        except OSError as trouble:
            log.warning("an old file cannot be deleted: %s", trouble)
        else:
            gone.append(each.name)
    ctx.record("exports", {"files": gone}, None)
    ctx.changed("upkeep", 0)
    return len(gone)


@command("upkeep.forget_steps", "upkeep.run")
def forget_steps(ctx: Context, steps: Sequence[int]) -> int:
    """Let go what these steps hold, of which nobody can take one back any more: rows of customers that
    were deleted, names; how many."""
    for step in steps:
        undo.forget(ctx, step)
    ctx.record("undo", None, {"forgotten": len(steps)})
    ctx.changed("upkeep", 0)
    return len(steps)


def optimise(ctx: Context, stop: Callable[[], bool] = lambda: False) -> int:
    """Give back what is free in the store, in small steps, and let SQLite look how its tables have
    grown; how many pages went. A store of before this program could has none to give back."""
    db = ctx.store.may_write()
    # Looks at some hundred rows a table: a moment, whatever their size.
    db.execute("PRAGMA analysis_limit=400").fetchall()
    with ctx.store.told():
        db.execute("PRAGMA optimize").fetchall()
    if db.execute("PRAGMA auto_vacuum").fetchone()[0] != 2:
        return 0
    given = 0
    while not stop() and _free(ctx) > _FEW:
        with ctx.store.told():
            db.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
        given += _PAGES
        slices.breathe(ctx)
    return given


def _free(ctx: Context) -> int:
    return int(ctx.db.execute("PRAGMA freelist_count").fetchone()[0])
