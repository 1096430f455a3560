"""SQLite's write-ahead log as a file: what stands in it, what cannot be read, and putting it right.

It is only read here. That is safe beside SQLite, which holds no locks on this file – unlike the store
itself and its -shm, which a process that has them open in SQLite must never open and close by hand: on
POSIX that would free SQLite's locks.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_MAGIC = 0x377F0682
_VERSION = 3007000
_SIZES = tuple(1 << power for power in range(9, 17))
_AT_FIRST, _AT_ONCE = 4, 64
_ALL = 0xFFFFFFFF

Known = Callable[[int, int], bool]


def path_of(store: Path) -> Path:
    """The log of a store."""
    return store.with_name(store.name + "-wal")


@dataclass(frozen=True)
class Head:
    """`salts` change each time the log begins anew; `sums` begin the chain of checksums."""

    page_size: int
    salts: tuple[int, int]
    sums: tuple[int, int]
    big_endian: bool


@dataclass(frozen=True)
class Frame:
    """A page as it was written: its number, its CRC-32, whether a transaction ends with it."""

    page: int
    crc: int
    commits: bool


@dataclass(frozen=True)
class Rest:
    """What SQLite would read of a log at the next opening, and what it would leave.

    `frames` stand behind the last whole transaction and are unreadable; `lost` transactions among
    these had been written to their end. A last one that a power cut tore apart is none of them: nobody
    was told yet that it was done.
    """

    frames: int
    lost: int


def head(file: BinaryIO) -> Head | None:
    """The head of a log; None if it is empty, or none."""
    file.seek(0)
    raw = file.read(_HEADER.size)
    if len(raw) < _HEADER.size:
        return None
    magic, version, size, _, *rest = _HEADER.unpack(raw)
    if magic & ~1 != _MAGIC or version != _VERSION or size not in _SIZES:
        return None
    big = bool(magic & 1)
    if _chain((0, 0), raw[:24], big) != (rest[2], rest[3]):
        return None
    return Head(size, (rest[0], rest[1]), (rest[2], rest[3]), big)


def frames(file: BinaryIO, of: Head, begin: int = 0) -> Iterator[Frame]:
    """The frames of this generation from number `begin` on, up to the first that is of another one.

    Their checksums are not tried: this is for a log that is in use.
    """
    size = _FRAME.size + of.page_size
    # A commit has few frames: what stands behind them need not be read.
    count = _AT_FIRST
    file.seek(_HEADER.size + begin * size)
    while block := file.read(size * count):
        count = min(2 * count, _AT_ONCE)
        for at in range(0, len(block) - size + 1, size):
            page, commit, salt, other, _, _ = _FRAME.unpack_from(block, at)
            if (salt, other) != of.salts or not page:
                return
            body = memoryview(block)[at + _FRAME.size : at + size]
            yield Frame(page, zlib.crc32(body), commit > 0)
        if len(block) % size:
            return


def sums_of(path: Path) -> dict[int, list[int]]:
    """The CRC-32 of each page that stands in a log, up to the end of the last transaction, the last one
    last. Raises `OSError`."""
    found: dict[int, list[int]] = {}
    open_frames: list[Frame] = []
    if not path.is_file():
        # A pipe would be waited for.
        return found
    with suppress(FileNotFoundError), path.open("rb") as file:
        of = head(file)
        if of is not None:
            for frame in frames(file, of):
                open_frames.append(frame)
                if frame.commits:
                    for each in open_frames:
                        found.setdefault(each.page, []).append(each.crc)
                    open_frames.clear()
    return found


def rest(
    path: Path,
    known: Known = lambda page, crc: False,
    placed: Callable[[tuple[int, int]], int] = lambda salts: 0,
) -> Rest:
    """What can be read of a log that nobody is writing, tried as SQLite tries it; `known` as for
    `mend`, `placed`: how many frames of a generation are in the store already. Raises `OSError`."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return Rest(0, 0)
    with file:
        of = head(file)
        if of is None:
            file.seek(0)
            return _unreadable(file, placed)
        good = _readable(file, of)
        size = _FRAME.size + of.page_size
        file.seek(_HEADER.size + good * size)
        left = ends = sure = foreign = 0
        there = placed(of.salts)
        while len(raw := file.read(size)) == size:
            page, commit, salt, other, _, _ = _FRAME.unpack_from(raw)
            # A flipped bit may stand in the salts themselves: only two such frames in a row end it.
            foreign = foreign + 1 if (salt, other) != of.salts else 0
            if foreign > 1:
                break
            if not foreign and page and good + left >= there:
                ends += commit > 0
                sure += commit > 0 and known(page, zlib.crc32(memoryview(raw)[_FRAME.size :]))
            left += 1
    # What a power cut tears apart is the last transaction, and its last frame may have come first.
    return Rest(left if ends else 0, max(ends - 1, sure) if ends else 0)


def mend(path: Path, known: Known = lambda page, crc: False) -> bytes | None:
    """A log in which single bits were flipped, as it was; None if nothing, or more, is wrong with it.

    The chain of checksums says which bit it was: what a bit adds to the sums depends on its place.
    Where several would fit, `known` decides: whether a page is known to have been written with this
    CRC-32. Raises `OSError`.
    """
    was = path.read_bytes()
    log = bytearray(was)
    of = _mend_head(log)
    if of is None:
        return None
    size = _FRAME.size + of.page_size
    sums = of.sums
    for at in range(_HEADER.size, len(log) - size + 1, size):
        if not _mend_frame(log, at, of, sums, known):
            break
        one, two = struct.unpack_from(">2I", log, at + 16)
        sums = one, two
    return bytes(log) if log != was else None


def _mend_head(log: bytearray) -> Head | None:
    if (of := head(BytesIO(log))) is not None:
        return of
    first = bytes(log[_HEADER.size + 8 : _HEADER.size + 16])
    for bit in range(_HEADER.size * 8 if len(first) == 8 else 0):
        log[bit // 8] ^= 1 << bit % 8
        if (of := head(BytesIO(log))) is not None and log[16:24] == first:
            return of
        log[bit // 8] ^= 1 << bit % 8
    return None


def _mend_frame(log: bytearray, at: int, of: Head, sums: tuple[int, int], known: Known) -> bool:
    """Put a frame right if a bit of it was flipped; whether it is good now."""
    body = at + _FRAME.size
    page, _, *salts, one, two = _FRAME.unpack_from(log, at)
    here = _chain(_chain(sums, log[at : at + 8], of.big_endian), log[body : body + of.page_size],
                  of.big_endian)  # fmt: skip
    wrong = (salts[0] ^ of.salts[0]).bit_count() + (salts[1] ^ of.salts[1]).bit_count()
    if here == (one, two) and page and wrong < 2:
        struct.pack_into(">2I", log, at + 8, *of.salts)
        return True
    if wrong or here == (one, two):
        # Of an earlier generation, or torn.
        return False
    bits = [
        (word, octet, bit)
        for word, octet, bit, rises in _flipped((one - here[0]) & _ALL, (two - here[1]) & _ALL, of)
        if bool(log[_octet(at, word, octet)] >> bit & 1) is not rises
    ]
    places = [(_octet(at, word, octet), bit) for word, octet, bit in bits]
    differing = (here[0] ^ one) << 32 | here[1] ^ two
    if differing.bit_count() == 1:
        # Or the bit is one of the sums themselves.
        high = 63 - (differing.bit_length() - 1)
        places.append((at + 16 + high // 8, 7 - high % 8))
    if len(places) > 1:
        places = [place for place in places if _fits(log, at, of, place, known)]
    if len(places) != 1:
        return False
    octet, bit = places[0]
    log[octet] ^= 1 << bit
    return True


def _octet(at: int, word: int, octet: int) -> int:
    """Where an octet of a word of a frame stands: its first two words, then the page."""
    return at + word * 4 + octet + (0 if word < 2 else _FRAME.size - 8)


def _fits(log: bytearray, at: int, of: Head, place: tuple[int, int], known: Known) -> bool:
    """Whether, with this bit put right, it is a page that is known to have been written."""
    octet, bit = place
    log[octet] ^= 1 << bit
    body = at + _FRAME.size
    fits = known(
        _FRAME.unpack_from(log, at)[0], zlib.crc32(memoryview(log)[body : body + of.page_size])
    )
    log[octet] ^= 1 << bit
    return fits


def _flipped(one: int, two: int, of: Head) -> Iterator[tuple[int, int, int, bool]]:
    """The bits that would change the sums so: word, octet in it, bit, whether it is to be set."""
    changes = [((1 << bit) & _ALL, bit, True) for bit in range(32)]
    changes += [(-(1 << bit) & _ALL, bit, False) for bit in range(32)]
    # What the first and the second word of a pair add, seen from the last pair backwards.
    first, second = (1, 1), (0, 1)
    for pair in range((of.page_size + 8) // 8 - 1, -1, -1):
        for word, (by_one, by_two) in ((2 * pair, first), (2 * pair + 1, second)):
            for change, bit, rises in changes:
                if change * by_one & _ALL == one and change * by_two & _ALL == two:
                    octet = 3 - bit // 8 if of.big_endian else bit // 8
                    yield word, octet, bit % 8, rises
        first = (first[0] + first[1]) & _ALL, (first[0] + 2 * first[1]) & _ALL
        second = (second[0] + second[1]) & _ALL, (second[0] + 2 * second[1]) & _ALL


def _unreadable(file: BinaryIO, placed: Callable[[tuple[int, int]], int]) -> Rest:
    """A log whose head is damaged: SQLite reads nothing of it, whatever stands there."""
    raw = file.read()
    size = int.from_bytes(raw[8:12], "big")
    if size not in _SIZES:
        size = 4096
    first = raw[_HEADER.size + 8 : _HEADER.size + 16].ljust(8)
    one, two = struct.unpack(">II", first)
    there = placed((one, two))
    count = ends = 0
    for at in range(_HEADER.size, len(raw) - size - _FRAME.size + 1, size + _FRAME.size):
        _, commit = struct.unpack_from(">II", raw, at)
        if raw[at + 8 : at + 16] != first:
            break
        ends += commit > 0 and count >= there
        count += 1
    return Rest(count if ends else 0, ends)


def _readable(file: BinaryIO, of: Head) -> int:
    """How many frames lead to the end of the last whole transaction."""
    size = _FRAME.size + of.page_size
    file.seek(_HEADER.size)
    sums, number, good = of.sums, 0, 0
    while len(raw := file.read(size)) == size:
        page, commit, salt, other, one, two = _FRAME.unpack_from(raw)
        if (salt, other) != of.salts or not page:
            break
        sums = _chain(_chain(sums, raw[:8], of.big_endian), raw[_FRAME.size :], of.big_endian)
        if sums != (one, two):
            break
        number += 1
        if commit:
            good = number
    return good


def _chain(sums: tuple[int, int], octets: bytes | bytearray, big_endian: bool) -> tuple[int, int]:
    """SQLite's checksum over pairs of words, going on from `sums`."""
    one, two = sums
    words = struct.unpack(f"{'>' if big_endian else '<'}{len(octets) // 4}I", octets)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _ALL
        two = (two + second + one) & _ALL
    return one, two
