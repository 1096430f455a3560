"""Reading a store through: its pages against their sums, its trees, its ledgers.

For a process of its own, which has not got the store open (`process`).
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from crm_tui import check_result, page_reading, page_sums, rescue, secret, sqlite
from crm_tui.check_result import Checked
from crm_tui.clock import Clock, stamp
from crm_tui.page_reading import Wrong
from crm_tui.shop.checks import ledger_chain
from crm_tui.shop.checks.ledger_chain import Verdict
from crm_tui.shop.gate import consistency

_STEPS = 20_000
"""SQLite's steps between two breaths: about a millisecond."""
_SPARE = 1_000_000
"""The sums are put together anew when they have grown by so many octets."""

_TRIES = 3
"""A reading that the system cut short is tried so often; one that goes on is the disk's fault."""

Between = Callable[[], object]

_PASSING = {
    sqlite.SQLITE_BUSY, sqlite.SQLITE_LOCKED, sqlite.SQLITE_NOMEM, sqlite.SQLITE_INTERRUPT,
    sqlite.SQLITE_FULL, sqlite.SQLITE_CANTOPEN, sqlite.SQLITE_PERM, sqlite.SQLITE_READONLY,
    sqlite.SQLITE_PROTOCOL,
}  # fmt: skip
"""What says nothing of the store, only that it could not be asked now."""


class CheckedByAnother(Exception):
    """Another process is reading the same store through."""


def check(
    store: Path, clock: Clock, *, thorough: bool, between: Between, wait: float = 600.0
) -> Checked:
    """Read the store through and keep what was found; `thorough`: trees and ledgers, too. They are
    looked at in any case where something is wrong or not known.

    One process at a time: another one is waited for, so many seconds. Raises `OSError` where the store
    cannot be read now, `CheckedByAnother`.
    """
    try:
        # Two that put the sums together anew would each leave out what the other one read.
        with FileLock(_lock_of(store), mode=0o600, timeout=wait):
            return _check(store, clock, thorough, between)
    except Timeout as trouble:
        raise CheckedByAnother from trouble


def _lock_of(store: Path) -> Path:
    return store.with_name(store.name + "-checking.lock")


def _check(store: Path, clock: Clock, thorough: bool, between: Between) -> Checked:
    begun = clock.monotonic()
    if not page_sums.usable(store):
        # What is written while it is read for the first time is noted by the program that writes it.
        page_sums.begin(store)
    # Before anything here may bring the log to its place.
    rescue.log_of(store)
    at = stamp(clock.now())
    strange = check_result.read(store).strange
    known = check_result.read_at(store, at)
    seen = page_reading.look(store, between, known.noted)
    if seen.lost:
        known = replace(known, unsummed_at=at)
    if _is_forgotten(store, known):
        known = replace(known, forgotten_at=at)
    mended = _mend(store, seen.wrong)
    if mended:
        seen = page_reading.look(store, between, known.noted)
    adopting = seen.harmed or seen.unknown > 0
    thorough = thorough or adopting or bool(seen.wrong or known.structure) or strange
    checked = replace(
        known, at=at, pages=len(seen.wrong), mended=known.mended + mended,
        mended_at=at if mended else known.mended_at, octets=store.stat().st_size, trouble="",
    )  # fmt: skip
    if thorough:
        asked = _asked(store, [each.page for each in seen.wrong], between)
        checked = replace(
            checked, thorough_at=at, structure=asked.structure, sums=tuple(asked.sums),
            tables=tuple(asked.tables),
        )  # fmt: skip
        if asked.chain is not None:
            first = asked.chain.first
            checked = replace(
                checked, links=asked.chain.links, foreign=asked.chain.foreign,
                head=ledger_chain.head(*asked.chain.last),
                chain=(first.table, first.key, first.what) if first is not None else (),
            )  # fmt: skip
    if not seen.wrong and not checked.structure:
        checked = replace(checked, tables=())
        if adopting or seen.octets > _SPARE + 24 * len(seen.sums):
            # If this ends in between, it was nobody else who put others there.
            check_result.write(store, replace(known, noted=""))
            page_sums.write(store, seen.sums, seen.octets, seen.logged)
    seconds = round(clock.monotonic() - begun, 3)
    checked = replace(
        checked, seconds=seconds, noted=page_sums.mark(store),
        heads=tuple(secret.remembered(store).items()),
    )  # fmt: skip
    check_result.write(store, checked)
    page_sums.notes_of(store).seen()
    return checked


def _is_forgotten(store: Path, known: Checked) -> bool:
    """Whether it is not remembered any more how far the chain was at the last check: an older store in
    this one's place would not be noticed. By other names, or with another key, it never was."""
    there, marks = secret.remembered(store), secret.marks(store)
    return any(mark in marks and there.get(mark, -1) < link for mark, link in known.heads)


@dataclass(frozen=True)
class _Asked:
    """What SQLite says is broken ("" if nothing), what does not agree, the tables of pages, and how
    the chain is; None where it could not be read."""

    structure: str
    sums: Sequence[tuple[str, int]] = ()
    tables: Sequence[str] = ()
    chain: Verdict | None = None


def _asked(store: Path, wrong: list[int], between: Between) -> _Asked:
    """Raises `OSError` where it could not be asked."""
    for tried in range(1, _TRIES + 1):
        try:
            return _asked_once(store, wrong, between)
        except sqlite.DatabaseError as trouble:
            code = (getattr(trouble, "sqlite_errorcode", None) or 0) & 0xFF
            broken = code not in _PASSING and code != sqlite.SQLITE_IOERR
            if broken or tried == _TRIES:
                if code in _PASSING:
                    raise OSError(str(trouble)) from trouble
                return _Asked(str(trouble))
            between()
    raise AssertionError("unreachable")


def _asked_once(store: Path, wrong: list[int], between: Between) -> _Asked:
    def breathe() -> int:
        between()
        return 0

    with closing(_only_read(store)) as connection:
        connection.set_progress_handler(breathe, _STEPS)
        structure = _structure(connection)
        if structure:
            return _Asked(structure)
        sums = [(each.sentence, key) for each, key in consistency.differences(connection, between)]
        connection.execute("BEGIN")
        verdict = ledger_chain.remembered(
            connection, store, ledger_chain.verify(connection, between)
        )
        connection.execute("ROLLBACK")
        return _Asked("", sums, _tables(connection, store, wrong), verdict)


def _only_read(store: Path) -> sqlite.Connection:
    return sqlite.connect(
        f"{store.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5.0
    )


def _structure(connection: sqlite.Connection) -> str:
    """What is broken first, "" if nothing is: table by table, so that no reading lasts long."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE lower(type) = 'table' ORDER BY name"
    ).fetchall()
    for (table,) in tables:
        said = str(connection.execute(f"PRAGMA quick_check('{table}')").fetchone()[0])
        if said != "ok":
            return f"{table}: {said}"[:300]
    # Pages that belong to no table, and the list of free ones.
    said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    return "" if said == "ok" else said[:300]


def _tables(connection: sqlite.Connection, store: Path, wrong: list[int]) -> list[str]:
    """The tables in whose trees these pages lie; pages of long rows are not followed."""
    if not wrong:
        return []
    roots = connection.execute(
        "SELECT tbl_name, rootpage FROM sqlite_master WHERE rootpage > 0"
    ).fetchall()
    found: set[str] = set()
    with store.open("rb") as file:
        size = page_reading.page_size(file.read(100))

        def page_at(number: int) -> bytes:
            file.seek((number - 1) * size)
            return file.read(size)

        for table, root in roots:
            if not found.issuperset({table}) and _tree(page_at, root).intersection(wrong):
                found.add(str(table))
    return sorted(found)


def _tree(page_at: Callable[[int], bytes], root: int) -> set[int]:
    """The pages of a tree, without those of its long rows."""
    pages: set[int] = set()
    waiting = [root]
    while waiting:
        number = waiting.pop()
        if number in pages or not number:
            continue
        pages.add(number)
        octets = page_at(number)
        head = 100 if number == 1 else 0
        if len(octets) < head + 12 or octets[head] not in (2, 5):
            continue
        cells = int.from_bytes(octets[head + 3 : head + 5], "big")
        waiting.append(int.from_bytes(octets[head + 8 : head + 12], "big"))
        for at in range(head + 12, min(head + 12 + 2 * cells, len(octets) - 1), 2):
            cell = int.from_bytes(octets[at : at + 2], "big")
            waiting.append(int.from_bytes(octets[cell : cell + 4], "big"))
    return pages


def _mend(store: Path, wrong: Iterable[Wrong]) -> int:
    """Put single flipped bits right, if nobody else has the store open; how many."""
    bits = [each for each in wrong if each.bit is not None]
    if not bits:
        return 0
    # The last one to close brings the log to its place.
    page_sums.notes_of(store).catch_up(sync=True)
    try:
        connection = sqlite.connect(store, isolation_level=None, timeout=0.0)
        try:
            connection.execute("PRAGMA locking_mode=exclusive")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("PRAGMA user_version").fetchone()
            return _turn(store, bits)
        except sqlite.OperationalError:
            # Somebody works with it: at the next start.
            return 0
        finally:
            connection.close()
    except sqlite.DatabaseError:
        # SQLite cannot open it as it is, so nobody can have it open.
        return _turn(store, bits)


def _turn(store: Path, bits: list[Wrong]) -> int:
    known = page_sums.load(store)
    turned = 0
    with store.open("r+b") as file:
        size = page_reading.page_size(file.read(100))
        for each in bits:
            assert each.bit is not None
            file.seek((each.page - 1) * size)
            octets = bytearray(file.read(size))
            octets[each.bit // 8] ^= 1 << each.bit % 8
            if known is not None and page_reading.fits(known, each.page, octets):
                file.seek((each.page - 1) * size + each.bit // 8)
                file.write(octets[each.bit // 8 : each.bit // 8 + 1])
                turned += 1
        file.flush()
        os.fsync(file.fileno())
    return turned
