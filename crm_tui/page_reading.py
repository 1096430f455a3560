"""Reading a store through: its pages against their sums (`page_sums`).

It reads the store itself as a file: only in a process that has not got it open in SQLite, for closing
it would free SQLite's locks (`shop.checks.process`).
"""

import zlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crm_tui import page_sums, wal

_PIECE = 64
_TRIED = 50
"""So many wrong pages are tried for a single flipped bit, 70 ms each: more are no matter of bits."""


@dataclass(frozen=True)
class Wrong:
    """A page that is not as it was written. `bit`: the one that was flipped, None if it was more."""

    page: int
    bit: int | None


@dataclass(frozen=True)
class Seen:
    """What a reading of the whole store showed. `sums`: as the pages are; `unknown`: pages of which no
    sum was known; `octets`: of the notes that were read; `harmed`: the notes cannot be relied on, and
    `lost`: they are not those that were there; `logged`: notes of what stood in the log before."""

    wrong: list[Wrong]
    sums: "array[int]"
    unknown: int
    octets: int
    harmed: bool
    logged: bytes
    lost: bool = False


def look(store: Path, between: Callable[[], object] = lambda: None, noted: str = "") -> Seen:
    """Read the store through; `between` is called between two pieces. `noted`: the mark that its sums
    had (`mark`), "" if nobody knows. Raises `OSError`."""
    raw = page_sums.octets_of(store)
    known = page_sums.read(raw)
    lost = bool(noted) and not page_sums.has_mark(raw, noted)
    # After the notes: what was noted since then stands behind them.
    logged = page_sums.of_log(store)
    suspects: list[int] = []
    unknown = 0
    with store.open("rb") as file:
        size = page_size(file.read(100))
        sums = array("I", bytes(4))
        file.seek(0)
        while piece := file.read(size * _PIECE):
            for at in range(0, len(piece) - size + 1, size):
                crc = zlib.crc32(memoryview(piece)[at : at + size])
                page = len(sums)
                sums.append(crc)
                says = known.knows(page, crc) if known is not None else None
                if says is None:
                    unknown += 1
                elif not says:
                    suspects.append(page)
            between()
    wrong = _looked_again(store, size, suspects, sums, between)
    harmed = lost or known is None or known.damaged > 0
    octets = known.octets if known else 0
    return Seen([] if harmed else wrong, sums, unknown, octets, harmed, logged, lost)


def page_size(head: bytes) -> int:
    size = int.from_bytes(head[16:18], "big")
    size = 65_536 if size == 1 else size
    return size if size >= 512 and not size & (size - 1) else 4096


def _looked_again(
    store: Path,
    size: int,
    suspects: list[int],
    sums: "array[int]",
    between: Callable[[], object],
) -> list[Wrong]:
    """Which of them are wrong still: a checkpoint may have been writing them."""
    wrong: list[Wrong] = []
    for last in (False, False, True):
        if not suspects:
            break
        between()
        known = page_sums.load(store)
        waiting = _in_the_log(store)
        left: list[int] = []
        with store.open("rb") as file:
            for page in suspects:
                file.seek((page - 1) * size)
                octets = file.read(size)
                sums[page] = zlib.crc32(octets)
                right = known is None or known.knows(page, sums[page]) is not False
                # What stands in the log is written once more, whatever a power cut left half written.
                if known is None or right or page in waiting:
                    continue
                left.append(page)
                if last:
                    bit = flipped(octets, known, page) if len(wrong) < _TRIED else None
                    wrong.append(Wrong(page, bit))
        suspects = left
    return wrong


def _in_the_log(store: Path) -> set[int]:
    try:
        with wal.path_of(store).open("rb") as file:
            of = wal.head(file)
            return {frame.page for frame in wal.frames(file, of)} if of else set()
    except FileNotFoundError:
        return set()


def fits(known: page_sums.Sums, page: int, octets: bytes | bytearray) -> bool:
    """Whether a page was written so."""
    return known.knows(page, zlib.crc32(octets)) is True


def flipped(octets: bytes, known: page_sums.Sums, page: int) -> int | None:
    """The bit that must be turned for the page to be one that was written; None if there is none."""
    wanted = set(known.newer.get(page, ()))
    if page < len(known.settled):
        wanted.add(known.settled[page])
    here = zlib.crc32(octets)
    # What a bit does to the sum depends on nothing but its place.
    nothing = zlib.crc32(bytes(len(octets)))
    blank = bytearray(len(octets))
    for place in range(len(octets)):
        for bit in range(8):
            blank[place] = 1 << bit
            if here ^ zlib.crc32(blank) ^ nothing in wanted:
                return place * 8 + bit
        blank[place] = 0
    return None
