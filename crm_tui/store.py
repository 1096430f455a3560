"""The shop's file: opening it, transactions; what is told when it cannot be used is in
`store_problems`, and can be had here."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar, cast
from weakref import finalize

from sqlite_utils import Database

from crm_tui import (
    archive,
    check_result,
    ledger_chain,
    page_sums,
    replacing,
    rescue,
    schema,
    secret,
    ship_triggers,
    sqlite,
    triggers,
    wal,
)
from crm_tui.clock import SystemClock, use_zone
from crm_tui.store_problems import (
    DiskFull,
    StoreCorrupt,
    StoreDamaged,
    StoreDamagedAlone,
    StoreForeign,
    StoreGone,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreProblem,
    StoreReadOnly,
    look_at_the_engine,
    problem_of,
    told,
)

__all__ = [
    "DiskFull", "Store", "StoreCorrupt", "StoreDamaged", "StoreForeign", "StoreGone", "StoreLocked",
    "StoreMissing", "StoreNewer", "StoreProblem", "StoreReadOnly", "problem_of", "state_of",
]  # fmt: skip

T = TypeVar("T")

BUSY_SECONDS = 5.0
"""How long a writer waits for another one."""
_BACKUPS = "backups/crm-*.db*"
"""What tells that a shop was there (`shop.backups.places`)."""
_SHORT_LOG = 100_000
"""Octets of a log that has just begun anew."""
LOG_OCTETS = 4_000_000
"""The log may grow so long before a writer itself brings it to its place; it is kept much shorter by
who watches over the store (`shop.checks.maintenance`)."""


class Store:
    """One shop's file. Each thread gets a connection of its own; close it where the thread ends.

    With `create` a missing file is made, readable by its owner alone; else it is `StoreMissing`.
    A file of an older crm-tui is brought up to date. A connection keeps `kept` statements prepared.
    """

    def __init__(self, path: Path, *, create: bool = False, kept: int = 512) -> None:
        self.path, self._kept = path, kept
        self.log_octets = LOG_OCTETS
        self._log = os.fspath(wal.path_of(path))
        self._local = threading.local()
        self._shared: dict[object, object] = {}
        self._sharing = threading.Lock()
        self.planted: dict[str, str] = {}
        """Triggers, views and indexes of others that were taken away before a write, by name, until a
        command puts them down."""
        self._gone: set[str] = set()
        """Indexes that were taken away, and cannot be made again."""
        self._up_to_date = False
        self.looked_at = float("-inf")  # Monotonic: when nothing planted was found in the file.
        look_at_the_engine()
        try:
            # A restore that was cut off is finished by whoever comes next.
            replacing.finish(path)
        except OSError as trouble:
            raise StoreLocked(path=path) from trouble
        self._notes = page_sums.notes_of(path)
        new = not path.exists()
        if new:
            if not create:
                missing = StoreGone if any(path.parent.glob(_BACKUPS)) else StoreMissing
                raise missing(path=path.parent.resolve(), file=path.name)
            _make_private(path)
            check_result.forget(path)
            secret.forget_head(path)
            page_sums.begin(path)
        self.look_at_the_check()
        self._notes.once(lambda: rescue.before_opening(path))
        with told(path):
            self._bring_up_to_date(self.db)
            self._use_zone(self.db)
        if new:
            self._notes.seen()

    def _use_zone(self, db: Database) -> None:
        """Days are the shop's, whatever the computer is set to."""
        row = db.execute("SELECT value FROM settings WHERE key = 'shop.zone'").fetchone()
        use_zone(row[0] if row else "")

    def look_at_the_check(self) -> None:
        """Learn what the last check found: a store whose trees are broken is only read from now on."""
        self._notes.broken = check_result.read(self.path).structure

    @property
    def db(self) -> Database:
        """This thread's connection."""
        return self._own.database

    @property
    def _own(self) -> "_Own":
        own: _Own | None = getattr(self._local, "own", None)
        if own is None:
            with told(self.path):
                made = self._connect(), self._local.parsed
                own = self._local.own = _Own(*made, self._notes, self.path)
        return own

    def shared(self, key: object, make: Callable[[], T]) -> T:
        """What all threads that use this store have in common under a key; made once."""
        with self._sharing:
            if key not in self._shared:
                self._shared[key] = make()
            return cast(T, self._shared[key])

    def _connect(self) -> Database:
        while True:
            before = replacing.which(self.path)
            database = self._connection()
            if replacing.which(self.path) == before:
                return database
            # A restore has put another file in its place since: that one is the store.
            database.conn.close()

    def _connection(self) -> Database:
        connection = sqlite.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=self._kept
        )
        connection.row_factory = sqlite.Row
        # Plugins of others have nothing to do in a shop; looking for some would load much.
        database = Database(connection, execute_plugins=False)
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > schema.VERSION:
            connection.close()
            raise StoreNewer(path=self.path)
        self._local.parsed = triggers.Parsed(database)
        if not database.execute("PRAGMA page_count").fetchone()[0]:
            # Before there are tables: what is freed later can be given back in small pieces. Asked of a
            # store that has some it would write into it.
            database.execute("PRAGMA auto_vacuum=incremental")
        elif (
            database.execute("PRAGMA journal_mode").fetchone()[0] != "wal"
            and database.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
        ):
            page_sums.begin_log(connection)
        for pragma in (
            "journal_mode=wal",
            "synchronous=full",
            "foreign_keys=on",
            # What is changed or deleted stands no longer in the room that it leaves, pages that become
            # free among it (`benchmarks/bench_erasing.py`).
            "secure_delete=on",
            # Only `checkpoint` brings the log to its place: its sums are on the disk before.
            "wal_autocheckpoint=0",
            f"journal_size_limit={LOG_OCTETS}",
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
        if db.execute("PRAGMA user_version").fetchone()[0] != schema.VERSION:
            self._migrate(db)
        self._up_to_date = True

    def _migrate(self, db: Database) -> None:
        with self.transaction():
            schema.bring_up_to_date(db)
            ship_triggers.drop_outdated(db.conn)
            # A store whose version somebody set back is up to date but for what they planted.
            self.planted |= triggers.taken_away(db, self._gone)
            if self._own.recorder is None:
                self._own.record()
                self.begin_chain()
            else:
                self._own.recorder.adopt(db)
                self._own.recorder.seal(db)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """A transaction that may write: all of it is on the disk at the end, or nothing.

        It is IMMEDIATE: one that reads first and writes later would fail at once, without waiting,
        if another process wrote in between.
        """
        if self._notes.broken:
            backup = check_result.read(self.path).backup
            raise (StoreDamaged if backup else StoreDamagedAlone)(path=self.path, backup=backup)
        db = self.db
        with told(self.path):
            self._own.may_write()
            db.execute("BEGIN IMMEDIATE")
            try:
                seen = self._look_at_rules(db)
                yield db
                if self._own.recorder is not None:
                    self._own.recorder.write(db)
                self.commit(db)
                self._own.seen = seen
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")
                self.forget()
                raise

    def _look_at_rules(self, db: Database) -> int | None:
        """Take away, as a transaction begins, what others planted, if what the connection runs was not
        looked at, or nobody looked of late. In which state of the store the file was then."""
        if not self._up_to_date:
            return None
        own, now = self._own, SystemClock().monotonic()
        if (known := own.parsed.is_known(db.conn)) and now - self.looked_at < triggers.AGAIN:
            return own.seen
        seen = triggers.state(db)
        if seen != own.seen:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > schema.VERSION:
                raise StoreNewer(path=self.path)
            if version != schema.VERSION and own.recorder is not None:
                db.execute(f"PRAGMA user_version={schema.VERSION}")
                own.recorder.watch(db.conn)
            self.planted |= own.parsed.put_right(db, seen, self._gone)
        elif not known:
            # Its own schema that was taken back: nobody else has written.
            own.parsed.know(db.conn)
        self.looked_at = now
        return seen

    def may_write(self) -> Database:
        """This thread's connection, for what SQLite writes of its own accord, outside a transaction."""
        with told(self.path):
            self._own.may_write()
        return self.db

    def mark(self) -> int:
        """A place within a transaction, for `forget`."""
        recorder = self._own.recorder
        return len(recorder.pending) if recorder is not None else 0

    def forget(self, mark: int = 0) -> None:
        """What was written since was rolled back."""
        recorder = self._own.recorder
        if recorder is not None:
            recorder.forget(mark)

    @contextmanager
    def last_changes(self) -> Iterator[None]:
        """Rows of the change feed that are written within are the last of their transaction."""
        recorder = self._own.recorder
        assert recorder is not None, "changes in a store without links"
        with recorder.with_changes():
            yield

    def begin_chain(self) -> None:
        """Take the ledgers as they stand, within a transaction: what was before does not count."""
        recorder = self._own.recorder
        assert recorder is not None, "a chain in a store without links"
        recorder.begin(self.db)

    @contextmanager
    def told(self) -> Iterator[None]:
        """What SQLite says within becomes a `StoreProblem`; for queries outside a transaction."""
        with told(self.path):
            yield

    def commit(self, db: Database) -> None:
        """The moment a transaction becomes durable."""
        db.execute("COMMIT")
        if self.log_size() > self.log_octets:
            self.checkpoint()

    def log_size(self) -> int:
        """Octets of the log as a file; what it held before it began anew may stand in it still."""
        try:
            return os.stat(self._log).st_size
        except OSError:
            return 0

    def checkpoint(self) -> bool:
        """Bring the log to its place, with nobody waiting for it; whether all of it is there now.

        What it holds is safe, but a bit that flips in it would take all that stands behind with it.
        """
        with told(self.path), closing(sqlite.connect(self.path, isolation_level=None)) as pin:
            # What others commit from here on stays in the log: it may be without its sums yet.
            pin.execute("BEGIN")
            pin.execute("PRAGMA user_version").fetchone()
            noted = self._notes.catch_up(sync=True)
            if noted is None:
                return False
            known = not page_sums.touched(self.path)
            busy, length, done = self.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        whole = not busy and length == done
        if whole:
            self._notes.settle(noted, done)
        if known:
            self._notes.seen()
        return whole

    def empty_log(self) -> bool:
        """Let nothing stand in the log that was brought to its place: neither what was changed or
        erased since. Whether that is so; somebody who is just reading keeps it."""
        if not self.checkpoint():
            return False
        db = self.db
        # The first commit of a log that begins anew cuts it off behind itself.
        db.execute("PRAGMA journal_size_limit=0")
        try:
            with self.transaction():
                db.execute(f"PRAGMA user_version={schema.VERSION}")
        finally:
            db.execute(f"PRAGMA journal_size_limit={LOG_OCTETS}")
        return self.log_size() < _SHORT_LOG

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """One consistent view for several queries; within another one, or a transaction, that one's."""
        db = self.db
        outer: bool = db.conn.in_transaction
        if outer:
            yield db
            return
        with told(self.path):
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")

    def close(self) -> None:
        """Close this thread's connection."""
        own: _Own | None = getattr(self._local, "own", None)
        if own is not None:
            self._local.own = None
            own.close()


class _Own:
    """A thread's connection; it is closed when nobody has it any more, or with the process.

    Most only read. One gets what sums the ledgers' rows with its first transaction: until then it
    cannot write at all, so that no row is ever left out.
    """

    def __init__(
        self, database: Database, parsed: triggers.Parsed, notes: page_sums.Notes, path: Path
    ) -> None:
        self.database, self.parsed = database, parsed
        self.recorder: ledger_chain.Recorder | None = None
        """What it writes into the ledgers is summed, as soon as the store has tables for that."""
        self.seen: int | None = None
        """The state of the store (`PRAGMA data_version`) in which all that works by itself was the
        program's own."""
        # Whatever version the file says it has: a chain that is there is gone on with, not begun anew.
        version = database.execute("PRAGMA user_version").fetchone()[0]
        self._has_chain = version >= ledger_chain.SINCE or ledger_chain.has_links(database.conn)
        if self._has_chain:
            database.execute("PRAGMA query_only=on")
        reader = archive.Reader(path)
        reader.offer(database.conn)
        self.close = finalize(self, _close, database, reader, notes, path)

    def may_write(self) -> None:
        """Before the first write."""
        if self._has_chain and self.recorder is None:
            self.record()

    def record(self) -> None:
        self.database.execute("PRAGMA query_only=off")
        self.parsed.watch(self.database.conn)
        try:
            self.recorder = ledger_chain.Recorder(self.database.conn)
        except BaseException:
            self.database.execute("PRAGMA query_only=on")
            raise


def _close(database: Database, reader: archive.Reader, notes: page_sums.Notes, path: Path) -> None:
    # The last one to close brings the log to its place.
    notes.catch_up()
    known = not page_sums.touched(path)
    # At the end of the process the connections of other threads are left to the system.
    with suppress(sqlite.ProgrammingError):
        database.conn.close()
    reader.close()
    if known and not wal.path_of(path).exists():
        notes.seen()


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as trouble:
        raise StoreReadOnly(path=path.parent) from trouble


def state_of(db: Database) -> tuple[int, int]:
    """What changes whenever this connection, or another one, has changed the store: it is asked instead
    of the store itself."""
    return triggers.state(db), db.conn.total_changes
