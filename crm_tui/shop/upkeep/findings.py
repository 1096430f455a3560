"""What upkeep watches over: room on the disk, the log, the folder of exports."""

import shutil
from pathlib import Path

from crm_tui import archive, shop_log
from crm_tui.archive import ArchiveProblem
from crm_tui.clock import moment
from crm_tui.errors import N_
from crm_tui.shop.backups import archived as archived_copy
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.findings import megabytes
from crm_tui.shop.gate.health import ATTENTION, BAD, WELL, Check, Finding, finding
from crm_tui.shop.messages import archiving
from crm_tui.shop.upkeep import own_files, retention, schedule, surroundings
from crm_tui.shop.upkeep.settings import LOG_MB
from crm_tui.text import day_and_time, thousands

MANY = 1_000_000_000
"""Octets in exports/ that somebody should look at."""
SCARCE = 200_000_000
"""Octets free on the disk below which the shop may stand still any day."""
LITTLE = 1_000_000_000
"""Octets below which room should be made."""


def disk(ctx: Context) -> Finding:
    """Room on the disk of the shop's folder: a backup needs as much again as the store."""
    path = ctx.store.path
    usage = shutil.disk_usage(path.parent)
    needed = 2 * path.stat().st_size
    facts = {"free_octets": usage.free, "total_octets": usage.total}
    free = megabytes(usage.free)
    if usage.free < SCARCE:
        return finding(
            BAD, N_("Only {free} are left on the disk; when it is full nothing can be stored."),
            N_("Delete what is not needed, or move old exports and backups elsewhere."), facts,
            free=free,
        )  # fmt: skip
    if usage.free < max(LITTLE, needed):
        return finding(
            ATTENTION, N_("{free} are left on the disk."),
            N_("Make room: a backup needs as much again as the store."), facts, free=free,
        )  # fmt: skip
    return finding(WELL, N_("{free} are left on the disk."), "", facts, free=free)


def octets(files: list[Path]) -> int:
    """How much these files hold; one that went meanwhile holds nothing."""
    total = 0
    for each in files:
        try:
            total += each.stat().st_size
        except OSError:
            continue
    return total


def log(ctx: Context) -> Finding:
    """The log, which is kept in bounds."""
    size, allowed = octets(shop_log.files(ctx.store.path.parent)), LOG_MB(ctx)
    facts = {"octets": size, "allowed_mb": allowed}
    if size > 2_000_000 * allowed:
        return finding(
            ATTENTION, N_("The log has grown to {size}, more than the {allowed} MB that are allowed."),
            N_("Close all programs of the shop and open them again; then crm.log is cut."), facts,
            size=megabytes(size), allowed=allowed,
        )  # fmt: skip
    return finding(WELL, N_("The log takes {size}."), "", facts, size=megabytes(size))


def exports(ctx: Context) -> Finding | None:
    """The folder of exports."""
    files = retention.exported(ctx.store.path.parent)
    if not files:
        return None
    size = octets(files)
    facts = {"files": len(files), "octets": size}
    shown = {"count": len(files), "size": megabytes(size)}
    if size > MANY:
        return finding(
            ATTENTION, N_("{count} files in exports/ take {size}."),
            N_("Move what is wanted elsewhere and delete the rest; Settings, Upkeep: for how many days "
               "files are kept."), facts, **shown,
        )  # fmt: skip
    return finding(WELL, N_("{count} files in exports/ take {size}."), "", facts, **shown)


def messages(ctx: Context) -> Finding:
    """How many SMS there are, and how many of their texts stand in the archive."""
    row = ctx.db.execute(
        "SELECT count(*), (SELECT done_at FROM upkeep WHERE task = 'daily') FROM messages"
    ).fetchone()
    count, done_at = int(row[0]), row[1]
    path = archive.beside(ctx.store.path)
    facts = {"messages": count, "archive": path.exists(), "upkeep_at": done_at}
    shown = {"count": thousands(count), "file": path.name}
    if not _moved(ctx):
        return finding(
            WELL, N_("{count} SMS, all with their texts in the store."), "", facts, **shown
        )
    try:
        held = archive.count(ctx.store.path)
    except ArchiveProblem:
        return _damaged(path, archive.trouble(ctx.store.path, used=True))
    if held is None:
        return finding(
            BAD, N_("The archive {file} is gone; texts of old SMS cannot be read."),
            N_("Bring it back: crm-tui restore {file}, which takes the copy in backups/."), facts,
            file=path.name,
        )  # fmt: skip
    return finding(
        WELL, N_("{count} SMS; the texts of old ones stand in {file}."), "", facts, **shown
    )


def _moved(ctx: Context) -> bool:
    """Whether texts were ever moved into the archive."""
    row = ctx.db.execute("SELECT 1 FROM upkeep WHERE task = 'archive' AND upto > 0").fetchone()
    return row is not None


def archived(ctx: Context) -> Finding:
    """The same, and the archive read through."""
    path, store = archive.beside(ctx.store.path), ctx.store.path
    if why := archive.trouble(store, used=_moved(ctx)):
        return _damaged(path, why)
    if changed := archive.changed(store):
        return finding(
            BAD, N_("{count} rows of the archive {file} are not as they were written: texts of old SMS"
                    " may be wrong."),
            N_("Look after the disk. Right texts come back by an older copy: crm-tui restore {file}."),
            {"changed": changed}, count=changed, file=path.name,
        )  # fmt: skip
    if path.exists() and (lacking := archive.lacking(store, archiving.moved(ctx))):
        return finding(
            BAD, N_("{count} texts of old SMS are not in the archive {file}: it is an older one, or"
                    " another shop's."),
            N_("If there is a newer copy of it, bring that back: crm-tui restore FILE."),
            {"lacking": lacking}, count=lacking, file=path.name,
        )  # fmt: skip
    if why := archived_copy.trouble(ctx):
        return finding(
            ATTENTION,
            N_("The copy of the archive beside the backups is damaged or gone: {why}."),
            N_("Leave the program open: it makes it anew within a day. Have the disk looked at."),
            {"copy": why}, why=why,
        )  # fmt: skip
    return messages(ctx)


def _damaged(path: Path, why: str) -> Finding:
    return finding(
        BAD, N_("The archive {file} is damaged: {why}"),
        N_("Bring it back: crm-tui restore {file}; the shop itself goes on."), {"trouble": why},
        file=path.name, why=why,
    )  # fmt: skip


def upkeep(ctx: Context) -> Finding | None:
    """Whether the daily upkeep comes to its end; what is there for a day is told."""
    since = schedule.fails_since(ctx)
    if since is None or ctx.now - moment(since) < schedule.EVERY:
        return None
    return finding(
        ATTENTION, N_("Not all of the daily upkeep can be done since {at}."),
        N_("See what else stands here, and crm.log; it is tried again by itself."), {"since": since},
        at=day_and_time(moment(since)),
    )  # fmt: skip


CHECKS = (
    Check("messages", N_("SMS kept"), messages, place=45, thorough=archived),
    Check("upkeep", N_("Upkeep"), upkeep, place=46),
    Check("disk", N_("Disk"), disk, place=60),
    Check("log", N_("Log"), log, place=61),
    Check("exports", N_("Exports"), exports, place=62),
    Check("files", N_("Files"), own_files.usable, place=63),
    Check("folder", N_("Folder"), surroundings.folder, place=63),
    Check("versions", N_("Versions"), surroundings.versions, place=64),
)
