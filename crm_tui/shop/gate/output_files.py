"""Files that people name to be written: never one of the shop's own, never anything but a file."""

import os
import re
import stat
from pathlib import Path

from crm_tui import secret
from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, FileUnwritable, FolderMissing

_OWN_SUFFIXES = (
    ".db",
    ".db-wal",
    ".db-shm",
    ".db-journal",
    ".db-sums",
    ".db-checked",
    ".log",
    ".lock",
)
_OWN_NAMES = re.compile(r"(?:replace|erased|epochs)\.json|crm-.+\.db(?:\.age)?(?:\.json)?")
"""What lies beside the store, and in a folder of backups: they, their notes, what is known of all."""
_MARKS = ("crm.db", "authority.key")
"""What lies in the folder of a shop, and in that of a head office."""
_FOLDERS = frozenset({"backups", "exports", "replaced", "damaged", "practice", "office"})
"""What is a folder there, or will be."""
_WRITTEN = (".csv", ".xlsx", ".txt", ".json")
"""What people have written there, and may write once more."""


class TargetTaken(BadInput):
    text = N_("{file} may be a file of the shop itself. Name another one.")


class TargetNoFile(BadInput):
    text = N_("{file} is a folder, a pipe or a device, and would be lost. Name a file.")


class FileThere(BadInput):
    text = N_("{file} is there already; nothing was changed. Name another one.")


def check_kind(target: Path, begins: bytes, store: Path | None = None) -> None:
    """As `check`, where nothing but an earlier file of the same kind may be replaced: it `begins` so.
    Raises `FileThere`, too."""
    check(target, store)
    try:
        with target.open("rb") as file:
            there = file.read(len(begins))
    except FileNotFoundError:
        return
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    if there and there != begins:
        raise FileThere(file=target)


def check(target: Path, store: Path | None = None) -> None:
    """Whether a file may be written there, in the place of one that there is; `store`: the shop's own,
    by whatever name it is called. Raises `FolderMissing`, `TargetTaken`, `TargetNoFile`."""
    if not os.path.isdir(target.parent):
        raise FolderMissing(folder=target.parent)
    # Where names of any case are one file, CRM.DB is the store.
    name = target.name.casefold()
    if name.endswith(_OWN_SUFFIXES) or _OWN_NAMES.fullmatch(name) or secret.keeps(target):
        raise TargetTaken(file=target)
    try:
        there = target.stat()
    except FileNotFoundError:
        # A file where a folder of backups is to be would keep all of them away.
        marked = any((target.parent / mark).exists() for mark in _MARKS)
        if marked and name in _FOLDERS:
            raise TargetTaken(file=target) from None
        return
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    if not stat.S_ISREG(there.st_mode):
        raise TargetNoFile(file=target)
    if _is_kept(target.resolve()):
        raise TargetTaken(file=target)
    own = () if store is None else (store, *store.parent.glob(store.name + "-*"))
    if any(each.exists() and os.path.samefile(each, target) for each in own):
        raise TargetTaken(file=target)


def is_of_the_program(there: Path) -> bool:
    """Whether a file, its links followed, is one that the program keeps for itself: nothing to be read
    by whoever may name a file."""
    if _OWN_NAMES.fullmatch(there.name.casefold()) or secret.keeps(there):
        return True
    below = _below_shop(there)
    return len(below) > 1 and below[0] != "exports"


def is_in_exports(there: Path) -> bool:
    """Whether a file, its links followed, lies in the exports of a shop."""
    below = _below_shop(there)
    return len(below) > 1 and below[0] == "exports"


def is_beside_store(there: Path) -> bool:
    """Whether a file, its links followed, lies in the folder of a shop itself."""
    return len(_below_shop(there)) == 1


def _below_shop(there: Path) -> tuple[str, ...]:
    """The parts of a path below the folder of the shop, or office, in which it lies; () if in none."""
    for folder in there.parents:
        if any((folder / mark).exists() for mark in _MARKS):
            return tuple(part.casefold() for part in there.relative_to(folder).parts)
    return ()


def _is_kept(there: Path) -> bool:
    """Whether a file that there is belongs to what a shop or an office keeps: backups with their notes,
    keys, logs, what was set aside. Not what was written into exports/, or beside the store."""
    for folder in there.parents:
        if any((folder / mark).exists() for mark in _MARKS):
            if folder == there.parent:
                return there.suffix.casefold() not in _WRITTEN
            return there.relative_to(folder).parts[0].casefold() != "exports"
    return False
