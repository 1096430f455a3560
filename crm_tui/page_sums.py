"""What each page of the store was when it was written: a CRC-32 a page, noted in `crm.db-sums`.

    commits ─▶ frames in the -wal ─▶ noted here ─checkpoint─▶ pages of the store ─▶ settled here

SQLite's own check finds what breaks its trees; a bit that flips in a name or a price it cannot see.
A page whose sum is not one of those that were noted was written by something else than this program,
or by the disk; and of a single flipped bit the sum says which one it was (`page_reading`).
"""

import logging
import os
import struct
import threading
import zlib
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from filelock import FileLock, Timeout

from crm_tui import atomic_file, sqlite, wal

log = logging.getLogger(__name__)

_RECORD = struct.Struct("<III")
_MARK = b"CRMPAGES0001"
_SETTLED = 0
"""A record with this for its page: what was noted in the records up to here is in its place by now."""
_SEEN = 0xFFFFFFFF
"""… how the file was when it was last looked at or written by us: its size and its time. It is the
first record, and the only one that is written over."""
_BEGIN = len(_MARK) + _RECORD.size
"""What is not written over begins there."""
_PLACED, _FRAMES = 0xFFFFFFFE, 0xFFFFFFFD
"""… which generation of the log was brought to its place last, and how many of its frames: they are
needed no more, whatever becomes of them."""
_PATIENCE = 5.0


def path_of(store: Path) -> Path:
    """Where the sums of a store stand."""
    return store.with_name(store.name + "-sums")


@dataclass(frozen=True)
class Noted:
    """How far all was noted: octets of the sums, and which file they are in (they are put together anew
    now and then)."""

    octets: int
    file: int


NOTHING = Noted(0, 0)
"""No sums are kept."""


def alone(store: Path) -> FileLock:
    """Held while the log is read and noted: what one process noted late, in the wrong order, would
    accuse a page. Nobody holds it for long."""
    path = path_of(store)
    return FileLock(path.with_name(path.name + ".lock"), mode=0o600, timeout=_PATIENCE)


def _record(page: int, value: int) -> bytes:
    check = zlib.crc32(struct.pack("<II", page, value))
    return _RECORD.pack(page, value, check)


def _stat(store: Path) -> int | None:
    try:
        found = store.stat()
    except OSError:
        return None
    return zlib.crc32(f"{found.st_ino} {found.st_size} {found.st_mtime_ns}".encode())


def _generation(salts: tuple[int, int]) -> int:
    return zlib.crc32(struct.pack("<II", *salts))


def begin(store: Path) -> None:
    """Note sums of a store from now on, whatever lay in their place; what is not noted is adopted at
    the next check."""
    with suppress(OSError):
        path = path_of(store)
        atomic_file.make_way(path)
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(_MARK + _record(_SEEN, 0))


def usable(store: Path) -> bool:
    """Whether sums are kept, in a file that can be read and written."""
    path = path_of(store)
    return path.is_file() and os.access(path, os.R_OK | os.W_OK)


def octets_of(store: Path) -> bytes:
    """The sums as they stand; nothing where there are none, or what lies there is no file of ours."""
    return atomic_file.octets_of(path_of(store))


def mark(store: Path) -> str:
    """What the sums of now are known again by, however much is noted behind them; they are on the disk.
    "" if there are none."""
    if not usable(store):
        return ""
    with path_of(store).open("rb+") as file:
        raw = file.read()
        os.fsync(file.fileno())
    return f"{len(raw)} {zlib.crc32(memoryview(raw)[_BEGIN:])}"


def has_mark(raw: bytes, noted: str) -> bool:
    """Whether sums begin with those that had this mark."""
    octets, crc = map(int, noted.split())
    known = memoryview(raw)[_BEGIN:octets]
    return len(raw) >= octets and zlib.crc32(known) == crc


def begin_log(connection: sqlite.Connection) -> None:
    """Begin a write-ahead log where there is none, as in a store that came out of a backup.

    That changes the first page beside the log; so it is written into the log as well, as it is, for all
    that is there is noted.
    """
    if connection.execute("PRAGMA journal_mode=wal").fetchone()[0] != "wal":
        return
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA user_version={version}")
    connection.execute("COMMIT")


def touched(store: Path) -> bool:
    """Whether the store was written since we saw it last: by another program, by us before we were cut
    off, or by nobody who should. It opens nothing but the sums."""
    path = path_of(store)
    try:
        if not path.is_file():
            return True
        with path.open("rb") as file:
            file.seek(len(_MARK))
            said = file.read(_RECORD.size)
    except OSError:
        return True
    now = _stat(store)
    return now is None or said != _record(_SEEN, now)


class Notes:
    """The sums of one store, as this process adds to them. Threads share it."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._path = path_of(store)
        self._log = wal.path_of(store)
        # Another store of the file may be thrown away while this thread is in here, and notes, too.
        self._lock = threading.RLock()
        self._noting = False
        self._salts: tuple[int, int] | None = None
        self._frame = 0
        self._looked: int | None = None
        self.broken = ""
        """What SQLite said is broken; such a store is only read."""

    def once(self, do: Callable[[], object]) -> None:
        """What must come before this process opens the store for the first time; one that was restored
        since is another one."""
        with self._lock, suppress(OSError):
            file = self._store.stat().st_ino
            if self._looked != file:
                do()
            self._looked = file

    def catch_up(self, *, sync: bool = False) -> Noted | None:
        """Note what was committed since the last time; with `sync`, it is on the disk afterwards.

        How far, for `settle`; None if another process is at it for too long: nothing may be brought to
        its place then. A disk that fails costs sums, no sale.
        """
        with self._lock:
            if self._noting:
                return None
            self._noting = True
            try:
                if not self._path.is_file():
                    return NOTHING
                with alone(self._store):
                    return self._catch_up(sync)
            except Timeout:
                return None
            except OSError:
                log.warning("sums of pages could not be noted", exc_info=True)
                # Those that are there would call damage what is written without being noted.
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)
                return NOTHING
            finally:
                self._noting = False

    def _catch_up(self, sync: bool) -> Noted:
        found = bytearray()
        with suppress(FileNotFoundError), self._log.open("rb") as file:
            of = wal.head(file)
            if of is not None:
                if of.salts != self._salts:
                    self._salts, self._frame = of.salts, 0
                some = bytearray()
                begin = self._frame
                for number, frame in enumerate(wal.frames(file, of, begin), begin + 1):
                    some += _record(frame.page, frame.crc)
                    if frame.commits:
                        found += some
                        some.clear()
                        self._frame = number
        return self._append(bytes(found), sync)

    def _append(self, records: bytes, sync: bool) -> Noted:
        with self._path.open("ab") as file:
            # A power cut may have left half a record.
            file.write(b"\0" * (-file.tell() % _RECORD.size) + records)
            file.flush()
            if sync:
                os.fsync(file.fileno())
            return Noted(file.tell(), os.fstat(file.fileno()).st_ino)

    def settle(self, noted: Noted, frames: int) -> None:
        """All that was noted so far is in its place now: so many frames of the log."""
        with self._lock, suppress(OSError):
            if not noted.octets or not self._salts:
                return
            self._noting = True
            try:
                with alone(self._store):
                    self._settle(noted, frames, self._salts)
            finally:
                self._noting = False

    def _settle(self, noted: Noted, frames: int, salts: tuple[int, int]) -> None:
        if self._path.stat().st_ino != noted.file:
            # They were put together anew since: there its numbers mean nothing.
            return
        records = _record(_PLACED, _generation(salts)) + _record(_FRAMES, frames)
        # On the disk before the log begins anew over these frames.
        self._append(records + _record(_SETTLED, noted.octets // _RECORD.size), sync=True)

    def seen(self) -> None:
        """The file is as we know it."""
        now = _stat(self._store)
        with self._lock, suppress(OSError):
            if now is not None and touched(self._store):
                with self._path.open("r+b") as file:
                    file.seek(len(_MARK))
                    file.write(_record(_SEEN, now))


_NOTES: WeakValueDictionary[Path, Notes] = WeakValueDictionary()
_GUARD = threading.Lock()


def notes_of(store: Path) -> Notes:
    """This process's notes of a store: all that have it open share them."""
    with _GUARD:
        found = _NOTES.get(store)
        if found is None:
            found = _NOTES[store] = Notes(store)
        return found


@dataclass
class Sums:
    """`settled[page]`: its sum, 0 where nobody knows; `newer`: those that may stand there as well.
    `damaged`: records that cannot be read, so that a page may have a sum that is not known."""

    settled: "array[int]"
    newer: dict[int, set[int]]
    damaged: int
    octets: int
    generation: int
    frames: int

    def placed(self, salts: tuple[int, int]) -> int:
        """How many frames of this generation of the log are known to be in their places."""
        return self.frames if _generation(salts) == self.generation else 0

    def knows(self, page: int, crc: int) -> bool | None:
        """Whether a page was written with this sum; None if nothing is known of the page."""
        there = self.settled[page] if page < len(self.settled) else 0
        newer = self.newer.get(page, ())
        if not there and not newer:
            return None
        return crc == there or crc in newer


def load(store: Path) -> Sums | None:
    """All sums of a store; None if there are none."""
    return read(octets_of(store))


def read(raw: bytes) -> Sums | None:
    """The sums in these octets of such a file."""
    if not raw.startswith(_MARK):
        return None
    usable = len(raw) - len(raw) % _RECORD.size
    records: list[tuple[int, int, int]] = []
    upto = damaged = generation = placed = 0
    for number, (page, value, check) in enumerate(
        _RECORD.iter_unpack(memoryview(raw)[len(_MARK) : usable]), 1
    ):
        if zlib.crc32(struct.pack("<II", page, value)) != check:
            damaged += 1
        elif page == _SETTLED:
            upto = max(upto, value)
        elif page == _PLACED:
            generation, placed = value, 0
        elif page == _FRAMES:
            placed = value
        elif page != _SEEN:
            records.append((number, page, value))
    settled = array("I", bytes(4 * (1 + max((page for _, page, _ in records), default=0))))
    newer: dict[int, set[int]] = {}
    for number, page, value in records:
        if number < upto:
            settled[page] = value
        else:
            newer.setdefault(page, set()).add(value)
    return Sums(settled, newer, damaged, len(raw), generation, placed)


def waiting(store: Path) -> dict[int, int]:
    """The last sum of each page that was noted since what was noted is known to be in its place; {} if
    that cannot be told."""
    raw = octets_of(store)
    end = len(raw) - len(raw) % _RECORD.size
    upto = 0
    for at in range(end - _RECORD.size, 0, -_RECORD.size):
        page, upto, _ = _RECORD.unpack_from(raw, at)
        if page == _SETTLED:
            break
    else:
        upto = 0
    last: dict[int, int] = {}
    begin = max(upto * _RECORD.size, len(_MARK))
    for page, value, check in _RECORD.iter_unpack(memoryview(raw)[begin:end]):
        if zlib.crc32(struct.pack("<II", page, value)) != check:
            return {}
        if page not in (_SETTLED, _SEEN, _PLACED, _FRAMES):
            last[page] = value
    return last if raw.startswith(_MARK) else {}


def take(store: Path, pages: dict[int, int]) -> None:
    """Whatever was noted of these pages before, they have these sums. Raises `OSError`."""
    with path_of(store).open("ab") as file:
        file.write(b"\0" * (-file.tell() % _RECORD.size))
        file.write(b"".join(_record(page, crc) for page, crc in pages.items()))
        file.flush()
        os.fsync(file.fileno())


def write(store: Path, found: "array[int]", read_upto: int, logged: bytes = b"") -> None:
    """Put the sums together anew: one a page, what stood in the log before they were read (`logged`),
    and what was noted behind `read_upto` octets since."""
    path = path_of(store)
    part = path.with_name(path.name + ".part")
    with alone(store):
        handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(_MARK + _record(_SEEN, 0))
            file.write(
                b"".join(_record(page, crc) for page, crc in enumerate(found) if page and crc)
            )
            file.write(_record(_SETTLED, file.tell() // _RECORD.size))
            # Noted long ago, perhaps, and brought to its place only after that page was read.
            file.write(logged + _since(path, read_upto))
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)


def _since(path: Path, read_upto: int) -> bytes:
    """What was noted behind `read_upto` octets, but for what is in its place by now: that is told by
    numbers of records, which have others here."""
    try:
        raw = path.read_bytes()[read_upto:]
    except FileNotFoundError:
        return b""
    raw = raw[: len(raw) - len(raw) % _RECORD.size]
    return b"".join(_RECORD.pack(*each) for each in _RECORD.iter_unpack(raw) if each[0] != _SETTLED)


def of_log(store: Path) -> bytes:
    """Notes of all that stands in the log."""
    with suppress(FileNotFoundError), wal.path_of(store).open("rb") as file:
        of = wal.head(file)
        if of is not None:
            return b"".join(_record(each.page, each.crc) for each in wal.frames(file, of, 0))
    return b""
