"""What is told when the shop's file cannot be used.

StoreProblem
├── StoreMissing ── StoreGone · StoreForeign · StoreNewer
├── StoreCorrupt · StoreDamaged ── StoreDamagedAlone
├── StoreReadOnly ── StoreOnReadOnlyDisk
├── EngineTooOld
└── StoreLocked · DiskFull
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crm_tui import sqlite
from crm_tui.errors import N_, Problem


class StoreProblem(Problem):
    """The shop's file cannot be used; it was not harmed."""


class StoreMissing(StoreProblem):
    text = N_(
        "There is no shop in {path} yet. Set one up with: crm-tui --data {path} init --shop NAME"
        " --admin USER"
    )


class StoreGone(StoreMissing):
    text = N_(
        "The shop's file {file} is gone from {path}; backups of it are there. Bring it back with:"
        " crm-tui --data {path} restore, which lists them."
    )


class EngineTooOld(StoreProblem):
    text = N_(
        "SQLite {version} of this system is too old to keep a shop; {oldest} or later is needed."
        " Install the package pysqlite3 beside the program, or bring the system up to date; nothing was"
        " changed."
    )


class StoreForeign(StoreProblem):
    text = N_("{path} belongs to another program. Name another folder with --data.")


class StoreNewer(StoreProblem):
    text = N_("{path} was made by a newer crm-tui. Update this program; nothing was changed.")


class StoreCorrupt(StoreProblem):
    text = N_(
        "{path} is damaged. Restore a backup: crm-tui restore lists them. Do not copy one into its"
        " place by hand. Nothing was changed."
    )


class StoreDamaged(StoreProblem):
    text = N_(
        "{path} is damaged: it can still be read, but nothing is written into it any more. Restore the"
        " last good backup ({backup}), or take the data out with a report."
    )


class StoreDamagedAlone(StoreDamaged):
    text = N_(
        "{path} is damaged: it can still be read, but nothing is written into it any more. There is no"
        " good backup to go back to: take out what can still be read (crm-tui export --all FOLDER)."
    )


class StoreReadOnly(StoreProblem):
    text = N_("{path} cannot be written. Check who owns it; nothing was changed.")


class StoreOnReadOnlyDisk(StoreReadOnly):
    text = N_(
        "The disk of {path} can only be read, perhaps because it fails. Copy the shop's whole folder to"
        " another disk and open it there with --data; nothing was changed."
    )


class StoreLocked(StoreProblem):
    text = N_("Another program holds {path}. Close it and try again; nothing was changed.")


class DiskFull(StoreProblem):
    text = N_(
        "The disk is full, or fails: nothing can be stored in {path}. Make room and try again."
    )


def look_at_the_engine() -> None:
    """Raises `EngineTooOld`."""
    if sqlite.is_too_old():
        raise EngineTooOld(version=sqlite.engine().version, oldest=sqlite.OLDEST)


_PROBLEMS = {
    sqlite.SQLITE_BUSY: StoreLocked,
    sqlite.SQLITE_LOCKED: StoreLocked,
    sqlite.SQLITE_FULL: DiskFull,
    sqlite.SQLITE_IOERR: DiskFull,
    sqlite.SQLITE_READONLY: StoreReadOnly,
    sqlite.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite.SQLITE_PERM: StoreReadOnly,
    sqlite.SQLITE_CORRUPT: StoreCorrupt,
    sqlite.SQLITE_NOTADB: StoreCorrupt,
}


def problem_of(trouble: sqlite.DatabaseError, path: Path) -> StoreProblem | None:
    """What SQLite says of the file, as a sentence; None if it says something of a query."""
    code = (getattr(trouble, "sqlite_errorcode", None) or 0) & 0xFF
    if sqlite.is_no_text(trouble):
        code = sqlite.SQLITE_CORRUPT
    problem = _PROBLEMS.get(code)
    if problem is StoreReadOnly and _disk_is_read_only(path):
        problem = StoreOnReadOnlyDisk
    return problem(path=path) if problem is not None else None


def _disk_is_read_only(path: Path) -> bool:
    """Whether the system lets nobody write there, as it does when a disk fails."""
    if sys.platform == "win32":
        return False
    with suppress(OSError):
        return bool(os.statvfs(path.parent).f_flag & os.ST_RDONLY)
    return False


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what SQLite says of the file into a sentence."""
    try:
        yield
    except sqlite.DatabaseError as trouble:
        problem = problem_of(trouble, path)
        if problem is None:
            raise
        raise problem from trouble
