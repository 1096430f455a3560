"""The exchange at the end of a restore: nobody else has the store, the old one goes aside, the prepared
one takes its place. It leaves the old store or the new one, whenever it is killed.
"""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import Timeout

from crm_tui import check_result, page_sums, replacing, rescue, secret, sqlite
from crm_tui.clock import Clock
from crm_tui.program_lock import ProgramLock
from crm_tui.shop.backups import places
from crm_tui.shop.backups.errors import BackupUnreadable, ProgramOpen
from crm_tui.shop.backups.preparing import Prepared, aside_path, no_room
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Actor, Context
from crm_tui.shop.gate.folder import MODEM_LOCK, store_path


@dataclass(frozen=True)
class Wanted:
    """A restore that somebody has asked for and confirmed: it is done when the program has closed the
    store. The passphrase is kept in memory alone."""

    backup: Path
    actor: Actor
    passphrase: str | None = field(default=None, repr=False)


@command("backups.restore", "backups.restore")
def begin(ctx: Context, backup: str) -> None:
    """Ask for the permission to restore, and leave a record in the store that will be replaced."""
    ctx.record(f"backup {backup}", None, {"restore": "begun"})
    ctx.changed("backups", 0)


def restore(folder: Path, clock: Clock, ready: Prepared, *, wait: float = 0.0) -> Path | None:
    """Put a prepared backup in the store's place; where the old one lies (None: there was none).

    `wait`: seconds for programs that are just ending. Raises `ProgramOpen`,
    `BackupUnreadable`, `LockUnusable`; then nothing was changed.
    """
    path = store_path(folder)
    until = clock.monotonic() + wait
    lock = ProgramLock(folder / MODEM_LOCK, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=max(0.0, wait))
    except Timeout:
        raise ProgramOpen() from None
    try:
        aside = aside_path(folder, clock.now())
        with _held(path, clock, until):
            try:
                places.note_epoch(folder, ready.shop, ready.epoch)
                if ready.head is not None:
                    secret.expect_head(path, ready.head)
                check_result.expect_another(path)
                replacing.replace(path, ready.path, aside)
            except Timeout as trouble:
                raise ProgramOpen() from trouble
            except PermissionError as trouble:
                raise ProgramOpen() from trouble
            except OSError as trouble:
                no_room(trouble, folder, ready.backup)
                raise BackupUnreadable(
                    file=ready.backup.name, why=trouble.strerror or trouble
                ) from trouble
            # What an import had laid aside belongs to the store that is gone.
            with suppress(OSError):
                (folder / "import.db").replace(aside.with_name("import.db"))
        return aside if aside.exists() else None
    finally:
        lock.release()


@contextmanager
def _held(path: Path, clock: Clock, until: float) -> Iterator[None]:
    """Nobody else has the store open, nor opens it meanwhile; what its -wal holds is in it.

    Raises `ProgramOpen`. A damaged store cannot be asked: its -wal goes aside with it.
    """
    if not path.exists():
        yield
        return
    notes, file, changed = page_sums.notes_of(path), path.stat().st_ino, False
    # This process reads the file nowhere else meanwhile: that would free our lock.
    notes.once(lambda: rescue.log_of(path))
    connection = sqlite.connect(path, timeout=0.2, isolation_level=None)
    try:
        while True:
            try:
                # What a program that was cut off left in the log; the others have noted theirs.
                notes.catch_up(sync=True)
                # Leaving the write-ahead log is granted to nobody but the only one there.
                mode = connection.execute("PRAGMA journal_mode=delete").fetchone()[0]
                changed = changed or mode == "delete"
                connection.execute("BEGIN EXCLUSIVE")
                if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
                    break
                # Somebody came between the two, and went back to it.
                connection.execute("ROLLBACK")
            except sqlite.OperationalError as trouble:
                code = (getattr(trouble, "sqlite_errorcode", None) or 0) & 0xFF
                if code not in (sqlite.SQLITE_BUSY, sqlite.SQLITE_LOCKED):
                    _nobody_reads(path)
                    break
                if clock.monotonic() >= until:
                    raise ProgramOpen() from trouble
                # A connection of a thread that has ended is closed when it is looked for.
                gc.collect()
                clock.wait(0.2)
            except sqlite.DatabaseError:
                _nobody_reads(path)
                break
        if os.name == "nt":
            # There nobody can move a file that is open, not even we.
            connection.close()
        yield
    finally:
        if changed and path.exists() and path.stat().st_ino == file:
            # It stays the store.
            with suppress(sqlite.DatabaseError):
                _go_back(connection)
                notes.catch_up(sync=True)
        connection.close()


def _go_back(connection: sqlite.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    page_sums.begin_log(connection)


def _nobody_reads(path: Path) -> None:
    """Whether another program has a store open that is too damaged for SQLite to say so: its lock
    tells (SQLite's os_unix.c: 510 octets from 2**30 + 2 on). Raises `ProgramOpen`.

    Windows lets nobody move a file that is open anyway.
    """
    if sys.platform == "win32":
        return
    import fcntl

    with path.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, (1 << 30) + 2)
        except OSError as trouble:
            raise ProgramOpen() from trouble
