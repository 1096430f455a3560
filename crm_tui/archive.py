"""The archive: a file beside the store that holds the texts and PDUs of old messages.

    store   messages row (archived = 1, text "") ── id, at ──▶ texts row   archive
            pdus row (identity, pdu "")          ── id ──────▶ pdus row
                                                               segments row

The rows of messages stay in the store, with all that leads to them; so do the identities by which a
repeated SMS is known. Queries reach a text by the function `archived_text(id, at)`, which each
connection of the store has: the file is opened when the first of them is wanted, for reading only, and
a store without one knows no difference. A text counts only for the row with its moment, so that an
archive that is newer than a store that was restored lends no text to another message.

Each row has a sum beside it, kept by triggers of whoever writes: a bit that flips in a text breaks no
tree. A row that does not fit is taken from the copy beside the backups, where it fits there.
"""

import json
import logging
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crm_tui import atomic_file, sqlite
from crm_tui.errors import N_, Problem

log = logging.getLogger(__name__)

APPLICATION_ID = 0x43524D41
"""Marks a SQLite file as an archive of ours ("CRMA")."""
SUFFIX = "-archive.db"
TEXT = (
    "CASE messages.archived WHEN 0 THEN messages.text"
    " ELSE archived_text(messages.id, messages.at) END"
)
"""SQL: the text of a row of `messages`, wherever it stands. Queries that reach old ones name this."""
MISSING = "(…)"
"""Stands for a text whose archive is not there."""

_NO_FILE = N_("something else lies in its place")
_BLOCK = 64
"""So many texts are fetched at once: lists are read in the order of their keys."""
_BUSY_SECONDS = 5.0

_TABLES = (
    """CREATE TABLE IF NOT EXISTS texts (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, direction TEXT NOT NULL, phone TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS pdus (
        id INTEGER PRIMARY KEY, identity BLOB NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
        pdu TEXT NOT NULL, message_id INTEGER, segment INTEGER
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS segments (
        id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, number INTEGER NOT NULL,
        phone TEXT NOT NULL, pdu TEXT NOT NULL, status TEXT NOT NULL, status_at TEXT NOT NULL,
        reference INTEGER, taken_at TEXT
    ) STRICT""",
)
_SUMS = """CREATE TABLE sums (
    name TEXT NOT NULL, id INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (name, id)
) STRICT, WITHOUT ROWID"""
_SUMMED = ("texts", "pdus", "segments")


class ArchiveProblem(Problem):
    text = N_("The archive {path} cannot be used: {why}. Nothing was moved into it.")


def beside(store: Path) -> Path:
    """Where the archive of this store lies."""
    return store.with_name(store.stem + SUFFIX)


class Reader:
    """Reads one store's archive for one connection."""

    def __init__(self, store: Path) -> None:
        self._path = beside(store)
        self._connection: sqlite.Connection | None = None
        self._block: dict[int, tuple[str, str]] = {}
        self._complained = False

    def offer(self, connection: sqlite.Connection) -> None:
        """Give a connection of the store the function `archived_text`."""
        connection.create_function("archived_text", 2, self.text)

    def text(self, message_id: int, at: str) -> str:
        """The text of an archived message that has this key and moment; else `MISSING`."""
        row = self._block.get(message_id)
        if row is None or row[0] != at:
            try:
                self._fetch(message_id)
            except (sqlite.Error, OSError) as trouble:
                # A list is shown all the same; the page of health says what to do.
                if not self._complained:
                    log.warning("the archive cannot be read: %s", trouble)
                self._complained = True
                self.close()
            row = self._block.get(message_id)
        return row[1] if row is not None and row[0] == at else MISSING

    def _fetch(self, message_id: int) -> None:
        if self._connection is None:
            self._block = {}
            self._connection = _open(self._path, "ro")
        first = message_id - message_id % _BLOCK
        rows = self._connection.execute(
            "SELECT id, at, text FROM texts WHERE id BETWEEN ? AND ?", (first, first + _BLOCK - 1)
        )
        self._block = {row[0]: (row[1], row[2]) for row in rows}

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _open(path: Path, mode: str) -> sqlite.Connection:
    if path.exists() and not path.is_file():
        # A pipe would be waited for.
        raise sqlite.OperationalError(_NO_FILE)
    return sqlite.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS,
        isolation_level=None, check_same_thread=False,
    )  # fmt: skip


@contextmanager
def writing(store: Path) -> Iterator[sqlite.Connection]:
    """A connection that writes into the archive, which is made if there is none, readable by its
    owner alone. What is committed is on the disk, and what is deleted is overwritten. Raises
    `ArchiveProblem`."""
    path = beside(store)
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(_open(path, "rw")) as connection:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            known = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            if mark != APPLICATION_ID and (mark or known):
                raise ArchiveProblem(path=path, why=N_("it belongs to another program"))
            connection.execute("PRAGMA journal_mode=wal")
            connection.execute("PRAGMA synchronous=full")
            # A slice that was cut off is moved once more: its rows replace others, and of those
            # nothing may be left in the file when the texts go.
            connection.execute("PRAGMA secure_delete=on")
            # In one transaction: a file that has the mark has all tables.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            for statement in _TABLES:
                connection.execute(statement)
            keep_sums(connection)
            connection.execute("COMMIT")
            yield connection
            # Afterwards the file is whole by itself: it may be copied as it lies there.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite.Error, OSError) as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble


def settle(store: Path) -> None:
    """Bring to its place what a program that was killed, or somebody who was reading, left in the
    archive's log: until then the file still holds what was deleted. Raises `ArchiveProblem`."""
    path = beside(store)
    log_file = path.with_name(path.name + "-wal")
    if path.exists() and log_file.exists() and log_file.stat().st_size:
        with writing(store):
            pass


# ── the sums of rows ──────────────────────────────────────────────────────────────────────────


def _sum(*values: str | int | bytes | None) -> int:
    plain = [value.hex() if isinstance(value, bytes) else value for value in values]
    return zlib.crc32(json.dumps(plain).encode())


def _summed(table: str, prefix: str) -> str:
    """SQL: the sum of a row of `table`."""
    return f"row_sum({', '.join(prefix + name for name in columns(table))})"


def keep_sums(connection: sqlite.Connection) -> None:
    """From now on this connection keeps the sums of what it writes, within its transaction; an archive
    that has none yet gets those of what stands there."""
    connection.create_function("row_sum", -1, _sum, deterministic=True)
    new = not _has_sums(connection)
    if new:
        connection.execute(_SUMS)
    for table in _SUMMED:
        if new:
            connection.execute(
                f"INSERT INTO sums SELECT '{table}', id, {_summed(table, '')} FROM {table}"  # noqa: S608
            )
        for event, row, does in (
            ("INSERT", "new", "in"), ("UPDATE", "new", "as"), ("DELETE", "old", "out"),
        ):  # fmt: skip
            what = f"DELETE FROM sums WHERE name = '{table}' AND id = old.id"  # noqa: S608
            if row == "new":
                value = _summed(table, "new.")
                what = f"INSERT OR REPLACE INTO sums VALUES ('{table}', new.id, {value})"  # noqa: S608
            connection.execute(
                f"CREATE TEMP TRIGGER sums_{table}_{does} AFTER {event} ON main.{table}"
                f" BEGIN {what}; END"
            )


def _has_sums(connection: sqlite.Connection) -> bool:
    found = connection.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'sums'").fetchone()
    return found is not None


def changed(store: Path) -> int:
    """How many of its rows are not as they were written, or gone; 0, too, if there is no archive.
    Raises `ArchiveProblem`."""
    path = beside(store)
    if not path.exists():
        return 0
    try:
        with closing(_open(path, "ro")) as connection:
            connection.create_function("row_sum", -1, _sum, deterministic=True)
            if not _has_sums(connection):
                return 0
            return sum(
                connection.execute(f"SELECT count(*) FROM {_wrong(table)}").fetchone()[0]  # noqa: S608
                for table in _SUMMED
            )
    except sqlite.Error as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble


def _wrong(table: str) -> str:
    """SQL: the keys of rows that do not fit."""
    return (
        f"(SELECT row.id FROM main.{table} AS row"  # noqa: S608 - a name of ours
        f" LEFT JOIN main.sums ON name = '{table}' AND main.sums.id = row.id"
        f" WHERE sum IS NOT {_summed(table, 'row.')}"
        f" UNION ALL SELECT id FROM main.sums WHERE name = '{table}'"
        f" AND id NOT IN (SELECT id FROM main.{table}))"
    )


def mend(store: Path, kept: Path) -> int:
    """Take from a copy the rows that do not fit, where they fit there; how many. Raises
    `ArchiveProblem`."""
    if not kept.exists() or not changed(store):
        return 0
    mended = 0
    with writing(store) as file:
        try:
            file.execute("ATTACH ? AS kept", (f"{kept.absolute().as_uri()}?mode=ro",))
            file.execute("BEGIN IMMEDIATE")
            for table in _SUMMED:
                mended += file.execute(
                    f"INSERT OR REPLACE INTO main.{table} SELECT copy.* FROM kept.{table} AS copy"  # noqa: S608
                    f" JOIN main.sums ON name = '{table}' AND main.sums.id = copy.id"
                    f" WHERE copy.id IN {_wrong(table)} AND sum = {_summed(table, 'copy.')}"
                ).rowcount
            file.execute("COMMIT")
        finally:
            if file.in_transaction:
                file.execute("ROLLBACK")
            file.execute("DETACH kept")
    log.warning("%s rows of the archive were put right from its copy", mended)
    return mended


# ── copies ────────────────────────────────────────────────────────────────────────────────────


def copy(store: Path, folder: Path) -> Path | None:
    """Copy it into a folder of backups, if it changed since; the copy, whole or not at all, or None.

    Raises `ArchiveProblem`.
    """
    path = beside(store)
    target = folder / path.name
    try:
        if not path.exists() or atomic_file.is_copied(path, target):
            return None
        temporary = target.with_name(f".{target.name}.part")
        try:
            with atomic_file.as_it_is(path, temporary):
                write_copy(store, temporary)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble
    return target


def write_copy(store: Path, target: Path) -> None:
    """Copy it into a file that its owner alone may read, and read the copy through. Raises
    `ArchiveProblem`."""
    path = beside(store)
    try:
        target.unlink(missing_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(_open(path, "ro")) as source, closing(_open(target, "rw")) as aim:
            source.backup(aim, pages=256, sleep=0.01)
            # A copy is one file, whoever opens it.
            aim.execute("PRAGMA journal_mode=delete")
            # Read through before it takes the place of the last good one.
            said = str(aim.execute("PRAGMA quick_check(1)").fetchone()[0])
        if said != "ok":
            raise ArchiveProblem(path=path, why=said)
    except (sqlite.Error, OSError) as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble


def count(store: Path) -> int | None:
    """How many texts it holds; None if there is no archive. Raises `ArchiveProblem`."""
    path = beside(store)
    if not path.exists():
        return None
    try:
        with closing(_open(path, "ro")) as connection:
            return int(connection.execute("SELECT count(*) FROM texts").fetchone()[0])
    except sqlite.Error as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble


def columns(table: str) -> dict[str, str]:
    """The columns of one of its tables, with their types."""
    with closing(sqlite.connect(":memory:")) as empty:
        for statement in _TABLES:
            empty.execute(statement)
        return {row[1]: row[2] for row in empty.execute(f"PRAGMA table_info({table})")}


def rows(store: Path, table: str) -> Iterator[tuple[str | int | bytes | None, ...]]:
    """All rows of one of its tables, one by one. Raises `ArchiveProblem`."""
    path = beside(store)
    try:
        with closing(_open(path, "ro")) as connection:
            yield from connection.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 - ours
    except sqlite.Error as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble


def lacking(store: Path, wanted: Iterable[tuple[int, str]]) -> int:
    """How many of these texts it does not hold; keys in their order, each with its moment. All of them
    if there is no archive. Raises `ArchiveProblem`."""
    path = beside(store)
    if not path.exists():
        return sum(1 for _ in wanted)
    count = 0
    try:
        with closing(_open(path, "ro")) as connection:
            held = connection.execute("SELECT id, at FROM texts ORDER BY id")
            row = held.fetchone()
            for message_id, at in wanted:
                while row is not None and row[0] < message_id:
                    row = held.fetchone()
                count += row is None or (row[0], row[1]) != (message_id, at)
    except sqlite.Error as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble
    return count


def older(store: Path, before: str) -> Iterator[int]:
    """The keys of its texts and PDUs from before a moment, one by one; none if there is no archive.
    Raises `ArchiveProblem`."""
    path = beside(store)
    if not path.exists():
        return
    try:
        with closing(_open(path, "ro")) as connection:
            for table in ("texts", "pdus"):
                found = connection.execute(
                    f"SELECT id FROM {table} WHERE at < ?",  # noqa: S608 - ours
                    (before,),
                )
                yield from (int(row[0]) for row in found)
    except sqlite.Error as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble


def trouble(store: Path, *, used: bool = False) -> str:
    """What is wrong in it, read through; "" if it is sound, or not there. `used`: texts were moved into
    it, so it is more than one whose making was cut off."""
    path = beside(store)
    return unsound(path, marked=used) if path.exists() else ""


def unsound(path: Path, *, marked: bool = True) -> str:
    """What is wrong with a file that should be an archive, read through; "" if nothing is. `marked`: it
    must say that it is one."""
    try:
        with closing(_open(path, "ro")) as connection:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
    except sqlite.Error as problem:
        return str(problem)
    if said == "ok" and marked and not path.stat().st_size:
        return N_("it holds nothing")
    if said == "ok" and marked and mark != APPLICATION_ID:
        return N_("it belongs to another program")
    return "" if said == "ok" else said
