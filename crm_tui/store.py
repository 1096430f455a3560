"""The shop's file: opening it, transactions, and what is told when it cannot be used.

StoreProblem
├── StoreMissing · StoreForeign · StoreNewer · StoreCorrupt
└── StoreReadOnly · StoreLocked · DiskFull
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from sqlite_utils import Database

from crm_tui import archive, replacing, schema
from crm_tui.errors import N_, Problem

T = TypeVar("T")

BUSY_SECONDS = 5.0
"""How long a writer waits for another one."""


class StoreProblem(Problem):
    """The shop's file cannot be used; it was not harmed."""


class StoreMissing(StoreProblem):
    text = N_(
        "There is no shop in {path} yet. Set one up with: crm-tui --data {path} init --shop NAME"
        " --admin USER"
    )


class StoreForeign(StoreProblem):
    text = N_("{path} belongs to another program. Name another folder with --data.")


class StoreNewer(StoreProblem):
    text = N_("{path} was made by a newer crm-tui. Update this program; nothing was changed.")


class StoreCorrupt(StoreProblem):
    text = N_("{path} is damaged. Put a backup copy in its place. Nothing was changed.")


class StoreReadOnly(StoreProblem):
    text = N_("{path} cannot be written. Check who owns it; nothing was changed.")


class StoreLocked(StoreProblem):
    text = N_("Another program holds {path}. Close it and try again; nothing was changed.")


class DiskFull(StoreProblem):
    text = N_(
        "The disk is full, or fails: nothing can be stored in {path}. Make room and try again."
    )


_PROBLEMS = {
    sqlite3.SQLITE_BUSY: StoreLocked,
    sqlite3.SQLITE_LOCKED: StoreLocked,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: DiskFull,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite3.SQLITE_PERM: StoreReadOnly,
    sqlite3.SQLITE_CORRUPT: StoreCorrupt,
    sqlite3.SQLITE_NOTADB: StoreCorrupt,
}


def problem_of(trouble: sqlite3.DatabaseError, path: Path) -> StoreProblem | None:
    """What SQLite says of the file, as a sentence; None if it says something of a query."""
    code = (getattr(trouble, "sqlite_errorcode", None) or 0) & 0xFF
    return _PROBLEMS[code](path=path) if code in _PROBLEMS else None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what SQLite says of the file into a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as trouble:
        problem = problem_of(trouble, path)
        if problem is None:
            raise
        raise problem from trouble


class Store:
    """One shop's file. Each thread gets a connection of its own; close it where the thread ends.

    With `create` a missing file is made, readable by its owner alone; else it is `StoreMissing`.
    A file of an older crm-tui is brought up to date.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        self._local = threading.local()
        self._shared: dict[object, object] = {}
        self._sharing = threading.Lock()
        try:
            # A restore that was cut off is finished by whoever comes next.
            replacing.finish(path)
        except OSError as trouble:
            raise StoreLocked(path=path) from trouble
        if not path.exists():
            if not create:
                raise StoreMissing(path=path.parent.resolve())
            _make_private(path)
        with _told(path):
            self._bring_up_to_date(self.db)

    @property
    def db(self) -> Database:
        """This thread's connection."""
        database: Database | None = getattr(self._local, "database", None)
        if database is None:
            with _told(self.path):
                database = self._connect()
            self._local.database = database
            self._local.archive = archive.Reader(self.path)
            self._local.archive.offer(database.conn)
        return database

    def shared(self, key: object, make: Callable[[], T]) -> T:
        """What all threads that use this store have in common under a key; made once."""
        with self._sharing:
            if key not in self._shared:
                self._shared[key] = make()
            return cast(T, self._shared[key])

    def _connect(self) -> Database:
        while True:
            before = _which(self.path)
            database = self._connection()
            if _which(self.path) == before:
                return database
            # A restore has put another file in its place since: that one is the store.
            database.conn.close()

    def _connection(self) -> Database:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=512
        )
        connection.row_factory = sqlite3.Row
        database = Database(connection)
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > schema.VERSION:
            connection.close()
            raise StoreNewer(path=self.path)
        if not database.execute("PRAGMA page_count").fetchone()[0]:
            # Before there are tables: what is freed later can be given back in small pieces. Asked of a
            # store that has some it would write into it.
            database.execute("PRAGMA auto_vacuum=incremental")
        for pragma in (
            "journal_mode=wal",
            "synchronous=full",
            "foreign_keys=on",
            # Little: five threads have a connection, and the system keeps the file's pages anyway.
            "cache_size=-128",
        ):
            database.execute(f"PRAGMA {pragma}")
        return database

    def _bring_up_to_date(self, db: Database) -> None:
        mark = db.execute("PRAGMA application_id").fetchone()[0]
        if mark != schema.APPLICATION_ID and (mark or db.table_names()):
            self.close()
            raise StoreForeign(path=self.path)
        if db.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION:
            return
        with self.transaction():
            schema.migrations.apply(db)
            db.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
            db.execute(f"PRAGMA user_version={schema.VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """A transaction that may write: all of it is on the disk at the end, or nothing.

        It is IMMEDIATE: one that reads first and writes later would fail at once, without waiting,
        if another process wrote in between.
        """
        db = self.db
        with _told(self.path):
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                self.commit(db)
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def told(self) -> Iterator[None]:
        """What SQLite says within becomes a `StoreProblem`; for queries outside a transaction."""
        with _told(self.path):
            yield

    def commit(self, db: Database) -> None:
        """The moment a transaction becomes durable."""
        db.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One consistent view for several queries; within another one, or a transaction, that one's."""
        db = self.db
        outer: bool = db.conn.in_transaction
        if outer:
            yield db
            return
        with _told(self.path):
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")

    def close(self) -> None:
        """Close this thread's connection."""
        database: Database | None = getattr(self._local, "database", None)
        if database is not None:
            database.conn.close()
            self._local.archive.close()
            self._local.database = None


def _which(path: Path) -> tuple[int, int]:
    """Which file has this name now."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as trouble:
        raise StoreReadOnly(path=path.parent) from trouble
