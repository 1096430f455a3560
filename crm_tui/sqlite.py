"""The one door to SQLite: whatever the store stands on is imported from here, and nowhere else.

The package pysqlite3 brings an engine of its own; where there is no wheel of it, Python's stands in.
Two engines in one process that open the same file would take away each other's locks (on POSIX, closing
any handle of a file frees all of the process): so nothing else may import `sqlite3`. sqlite-utils makes
the same choice by itself.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3 as _engine
    from sqlite3 import Connection as Connection
    from sqlite3 import Cursor as Cursor
    from sqlite3 import Row as Row
else:
    try:
        from pysqlite3 import dbapi2 as _engine
    except ImportError:
        import sqlite3 as _engine
    Connection, Cursor, Row = _engine.Connection, _engine.Cursor, _engine.Row


class _Told(_engine.Connection):
    """A connection that says of a damaged file what it is: of a name in it that is no text the engine
    makes a `UnicodeDecodeError`, which nobody expects of a store."""

    def execute(self, *words: Any) -> Cursor:
        try:
            return super().execute(*words)
        except UnicodeDecodeError as trouble:
            raise _damaged(trouble) from trouble


def _damaged(trouble: UnicodeDecodeError) -> Exception:
    problem = DatabaseError(bytes(trouble.object).decode("utf-8", "replace"))
    problem.sqlite_errorcode = SQLITE_CORRUPT
    return problem


def is_no_text(trouble: Exception) -> bool:
    """Whether a text in the file was found to be none: no program of ours has written it so."""
    return str(trouble).startswith("Could not decode to UTF-8")


def connect(file: Any, **options: Any) -> Connection:
    """A connection as the engine makes it, which believes no file: triggers, views, defaults and checks
    in it call functions of SQLite's own alone. Those of the program, of which some sign rows, are for
    its own statements and temporary triggers."""
    connection: Connection = _engine.connect(file, factory=_Told, **options)
    connection.execute("PRAGMA trusted_schema=off")
    return connection


Error = _engine.Error
DatabaseError = _engine.DatabaseError
IntegrityError = _engine.IntegrityError
OperationalError = _engine.OperationalError
ProgrammingError = _engine.ProgrammingError

# The primary codes; pysqlite3 does not name the extended ones.
SQLITE_BUSY = _engine.SQLITE_BUSY
SQLITE_CANTOPEN = _engine.SQLITE_CANTOPEN
SQLITE_CORRUPT = _engine.SQLITE_CORRUPT
SQLITE_FULL = _engine.SQLITE_FULL
SQLITE_INTERRUPT = _engine.SQLITE_INTERRUPT
SQLITE_IOERR = _engine.SQLITE_IOERR
SQLITE_LOCKED = _engine.SQLITE_LOCKED
SQLITE_NOMEM = _engine.SQLITE_NOMEM
SQLITE_NOTADB = _engine.SQLITE_NOTADB
SQLITE_PERM = _engine.SQLITE_PERM
SQLITE_PROTOCOL = _engine.SQLITE_PROTOCOL
SQLITE_READONLY = _engine.SQLITE_READONLY

_SOUND = (3, 51, 3)
_MENDED: dict[tuple[int, ...], int] = {(3, 44): 6, (3, 50): 7}
"""Older lines that got the mend too, and the first release of each that has it."""


@dataclass(frozen=True)
class Engine:
    """`package`: what it came with, "pysqlite3" or "" for the system's own. `sound`: it has not the bug
    by which a checkpoint that meets another connection's commit may lose committed writes."""

    package: str
    version: str
    sound: bool


OLDEST = "3.37"
"""The first release with strict tables, of which the store is made."""


def is_too_old() -> bool:
    """Whether the engine cannot keep a store at all."""
    return _engine.sqlite_version_info < tuple(map(int, OLDEST.split(".")))


def engine() -> Engine:
    """The engine that stands."""
    package = "pysqlite3" if _engine.__name__.startswith("pysqlite3") else ""
    return Engine(package, _engine.sqlite_version, _is_sound(_engine.sqlite_version_info))


def _is_sound(version: tuple[int, ...]) -> bool:
    """Releases before 3.7 knew no write-ahead log; those before 3.51.3 have the WAL-reset bug."""
    mended = _MENDED.get(version[:2])
    return version >= _SOUND or (mended is not None and version[2] >= mended)
