"""Whether the program can use what it keeps in the shop's folder, and beside the key.

A folder in a file's place, a link that leads nowhere, a file that became another account's because
somebody ran the program as that one: each takes something away from the shop, and no error comes up.
"""

import fnmatch
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from crm_tui import secret
from crm_tui.errors import N_
from crm_tui.replacing import UNREADABLE
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import ATTENTION, BAD, WELL, Finding, finding

_FILES = (
    "crm.db", "crm.db-wal", "crm.db-shm", "crm.db-sums", "crm.db-checked", "crm-archive.db",
    "crm-archive.db-wal", "crm-archive.db-shm", "crm.log*", "*.lock", "import.db", "replace.json",
    "backups/*.db", "backups/*.age", "backups/*.json", "backups/.lock",
)  # fmt: skip
_BESIDE_THE_KEY = ("heads.json", "heads.lock", "rules-*", "checked-*")
_FOLDERS = ("backups", "exports", "replaced", "damaged")
_MANY = 5


def usable(ctx: Context) -> Finding:
    """Whether they are what the program made, and this account may use them."""
    home, key = ctx.store.path.parent, secret.path()
    files = [*_found(home, _FILES), *_found(key.parent, _BESIDE_THE_KEY), key]
    folders = [home / name for name in _FOLDERS]
    strange = [each for each in files if os.path.lexists(each) and not each.is_file()]
    strange += [each for each in folders if os.path.lexists(each) and not each.is_dir()]
    barred = [each for each in files if each.is_file() and not os.access(each, os.R_OK | os.W_OK)]
    barred += [each for each in folders if each.is_dir() and not os.access(each, _ALL)]
    facts = {"strange": [str(each) for each in strange], "barred": [str(each) for each in barred]}
    if strange:
        return finding(
            BAD, N_("Something else lies in the place of files of the program: {files}."),
            N_("Move it elsewhere: the program makes its files anew, and says here what is lost."),
            facts, files=_told(strange, home),
        )  # fmt: skip
    if barred:
        return finding(
            BAD, N_("This account may not use files of the shop: {files}."),
            N_("Somebody ran the program as another user, perhaps with sudo. Give the folder back to"
               " this account: sudo chown -R {user} {folder}"),
            facts, files=_told(barred, home), user=_account(), folder=_folder_of(barred[0], home),
        )  # fmt: skip
    if (left := ctx.store.path.with_name(UNREADABLE)).exists():
        return finding(
            ATTENTION,
            N_("A restore was cut off, and its mark could not be read: the store is the one from"
               " before."),
            N_("Restore once more if that is wanted; then delete {file}."), facts, file=left.name,
        )  # fmt: skip
    return finding(WELL, N_("All files of the program are its own."), "", facts)


_ALL = os.R_OK | os.W_OK | os.X_OK


def _found(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    """What lies in a folder, and in those of its folders that a pattern names, under such a name."""
    for inner in {Path(each).parent for each in patterns}:
        wanted = [Path(each).name for each in patterns if Path(each).parent == inner]
        with suppress(OSError):
            for name in sorted(os.listdir(folder / inner)):
                if any(fnmatch.fnmatchcase(name, each) for each in wanted):
                    yield folder / inner / name


def _told(paths: list[Path], home: Path) -> str:
    some = [
        str(each.relative_to(home) if each.is_relative_to(home) else each)
        for each in paths[:_MANY]
    ]  # fmt: skip
    return ", ".join(some) + (", …" if len(paths) > _MANY else "")


def _folder_of(path: Path, home: Path) -> Path:
    return home if path.is_relative_to(home) else path.parent


def _account() -> str:
    """Its name, or its number where nobody has named it."""
    if os.name != "posix":
        return os.environ.get("USERNAME", "?")
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
