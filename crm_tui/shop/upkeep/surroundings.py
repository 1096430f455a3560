"""What the shop stands on and cannot mend itself: who may write its folder, and what it runs with.

Health and `crm-tui check` tell of it; whoever opens the shop is told once a day.
"""

import os
import pyexpat
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import crm_tui
from crm_tui import secret
from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.shop.checks import telling
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.health import ATTENTION, BAD, WELL, Finding, finding
from crm_tui.store import StoreProblem

_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_READ = stat.S_IRGRP | stat.S_IROTH
_ENTER = stat.S_IXGRP | stat.S_IXOTH
_OWN = frozenset(
    {"crm.db", "crm-archive.db", "crm.log", "backups", "exports", "replaced", "damaged", "practice"}
)
"""What people move to another disk, and leave a link to."""
_MOST = 20_000
"""Files that are looked at; a folder with more is no shop's."""
_TOLD, _EVERY = "told", timedelta(days=1)
_EXPAT = (2, 5, 0)
"""Older ones can be made to write beyond their memory by a workbook."""
_MENDED_UNTIL = {
    (3, 11): date(2027, 10, 31), (3, 12): date(2028, 10, 31), (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}  # fmt: skip
"""The day from which a Python gets no mends any more; a newer one has them for years."""


def folder(ctx: Context) -> Finding | None:
    """Whether others may write, or read, what is in the shop's folder, or the key of its ledgers; None
    where that is not told by the files themselves."""
    if os.name != "posix":
        return None
    home = ctx.store.path.parent
    modes = list(_modes(home))
    written = [_named(each, home) for each, mode in modes if mode & _OTHERS]
    # Accounts that may write above it can put another folder in its place, and those that may write
    # the program need no folder.
    written += [str(each) for each in _above(home) if _is_anybodys(each)]
    written += [each for each in _program() if _is_anybodys(each, sticky=True)]
    read = [_named(each, home) for each, mode in modes if each != home and mode & _READ]
    keys = _open_keys(secret.path())
    facts = {"writable": written, "readable": read, "key": keys}
    if keys:
        return finding(
            BAD,
            N_("Others who use this computer may read or change the key of the ledgers: {files}."
               " Whoever has it can change the books unseen."),
            N_("Take the right from them, as the owner of the key: chmod go= {files}"), facts,
            files=" ".join(keys[:5]),
        )  # fmt: skip
    if written:
        return finding(
            BAD, N_("Others who use this computer may change the shop's files: {files}."),
            N_("Take the right from them, as the owner of the folder: chmod -R go-w {folder}"), facts,
            files=", ".join(written[:5]), folder=home,
        )  # fmt: skip
    if read:
        return finding(
            ATTENTION, N_("Others who use this computer may read the shop's files: {files}."),
            N_("Take the right from them, as the owner of the folder: chmod -R go= {folder}"), facts,
            files=", ".join(read[:5]), folder=home,
        )  # fmt: skip
    return finding(
        WELL, N_("Nobody but their owner may read or write the files of the shop."), "", facts
    )


def _is_anybodys(path: Path | str, *, sticky: bool = False) -> bool:
    """Whether everybody may change this file, or exchange what lies in this folder; with `sticky`, also
    put something beside it."""
    with suppress(OSError):
        mode = os.stat(path).st_mode
        kept = mode & stat.S_ISVTX and stat.S_ISDIR(mode) and not sticky
        return bool(mode & stat.S_IWOTH and not kept)
    return False


def _above(place: Path) -> list[Path]:
    """The folders in which a place lies, those of links on the way to it included."""
    place = Path(os.path.abspath(place))
    seen: dict[Path, None] = {}
    waiting = [place, place.resolve()]
    while waiting:
        path = waiting.pop()
        for each in (path, *path.parents):
            if each in seen:
                continue
            seen[each] = None
            if each.is_symlink():
                waiting.append(Path(os.path.normpath(each.parent / os.readlink(each))))
    return [each for each in seen if each not in (place, place.resolve())]


def _program() -> Iterator[str]:
    """What the program is made of, and the Python that runs it, with the folders in which they lie:
    hundreds of files, at each start."""
    own, python = Path(crm_tui.__file__).parent, Path(sys.executable)
    yield from map(str, (own.parent, python.parent, python))
    for folder, _, files in os.walk(own):
        yield folder
        yield from (os.path.join(folder, each) for each in files if each.endswith(".py"))


def _modes(home: Path) -> Iterator[tuple[Path, int]]:
    """The folder and all that lies in it, with what is allowed to others who come to it. Where each may
    only change what is theirs, they may still put there what is not there yet: a log that SQLite takes
    for the store's own, a backup. Links count only if they stand for the
    program's own files."""
    waiting, seen = [home], 0
    while waiting and seen < _MOST:
        path = waiting.pop()
        seen += 1
        with suppress(OSError):
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                if path.parent == home and path.name in _OWN:
                    yield path, path.stat().st_mode
                continue
            if stat.S_ISDIR(mode):
                yield path, mode
                # Whatever its files allow, else nobody comes to them.
                if mode & _ENTER:
                    waiting.extend(sorted(path.iterdir(), reverse=True))
            else:
                yield path, mode if stat.S_ISREG(mode) else mode & ~_READ


def _named(path: Path, home: Path) -> str:
    return path.name if path == home else str(path.relative_to(home))


def _open_keys(key: Path) -> list[str]:
    """What others may read or change of the key, of what is kept beside it – how far the chain was, a
    branch's keys – and of the folders on the way to it."""
    place = key.parent
    found = [str(each) for each in _above(place) if _is_anybodys(each)]
    beside = (key, key.with_name("heads.json"), *place.glob("chain-*"))
    with suppress(OSError):
        allowed = place.stat().st_mode
        if allowed & _OTHERS:
            found.append(str(place))
        for each in beside if allowed & _ENTER else ():
            for path, mode in _modes(each):
                # How far the chain was is no secret.
                forbidden = (
                    _OTHERS if path.name == "heads.json" or path.is_dir() else _OTHERS | _READ
                )
                if mode & forbidden:
                    found.append(str(path))
    return found


def versions(ctx: Context) -> Finding:
    """What reads workbooks, and the Python that all runs with."""
    expat, python = pyexpat.version_info, sys.version_info
    facts = {"expat": list(expat), "python": list(python[:3])}
    version = ".".join(map(str, python[:3]))
    if expat < _EXPAT:
        return finding(
            BAD, N_("expat {version} of this system can be made to crash by a workbook."),
            N_("Bring the system, or Python, up to date; until then import CSV files only."), facts,
            version=".".join(map(str, expat)),
        )  # fmt: skip
    until = _MENDED_UNTIL.get(python[:2])
    if python.releaselevel != "final":
        return finding(
            ATTENTION, N_("Python {version} is not finished yet."),
            N_("Install a finished Python, and set the program up with it."), facts, version=version,
        )  # fmt: skip
    if until is not None and ctx.now.date() > until:
        return finding(
            ATTENTION, N_("Python {version} has had no corrections since {day}."),
            N_("Install a newer Python, and set the program up with it."), facts, version=version,
            day=f"{until:%d/%m/%Y}",
        )  # fmt: skip
    return finding(WELL, N_("Python {version} keeps it running."), "", facts, version=version)


def daily(ctx: Context) -> list[Finding]:
    """What whoever opens the shop must know of all this, once a day; else nothing."""
    row = ctx.db.execute("SELECT done_at FROM upkeep WHERE task = ?", (_TOLD,)).fetchone()
    if row is not None and abs(ctx.now - moment(row[0])) < _EVERY:
        return []
    looked = (folder(ctx), telling.engine(ctx), versions(ctx))
    bad = [each for each in looked if each is not None and not each.well]
    if bad:
        # What cannot be written down is told again.
        with suppress(StoreProblem), part(ctx.acting(GATEWAY), "upkeep"):
            ctx.db.execute(
                "INSERT INTO upkeep (task, done_at) VALUES (?, ?)"
                " ON CONFLICT (task) DO UPDATE SET done_at = excluded.done_at",
                (_TOLD, stamp(ctx.now)),
            )
    return bad
