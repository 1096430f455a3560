"""Damage to the store's files: none goes on with wrong figures and without a word."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock

from crm_tui import check_result, page_reading, page_sums, rescue, sqlite, wal
from crm_tui.check_result import Checked
from crm_tui.clock import SystemClock
from crm_tui.shop.backups import making
from crm_tui.shop.checks import acknowledgement, integrity, process, telling
from crm_tui.shop.checks.maintenance import Caretaker
from crm_tui.shop.gate import consistency, health
from crm_tui.shop.gate.context import Context, console
from crm_tui.store import Store, StoreDamaged, StoreProblem
from tests.peers import PROGRAM, founded, until
from tests.shop import Shop

FILES = ("crm.db", "crm.db-wal", "crm.db-sums", "crm.db-checked")
SECTOR = 512


def copied(source: Path, target: Path) -> Path:
    """The store's files as they are now, in another folder."""
    target.mkdir()
    for name in FILES:
        with suppress(FileNotFoundError):
            shutil.copyfile(source / name, target / name)
    return target / "crm.db"


def fill(store: Store, count: int, begin: int = 0) -> None:
    """So many transactions of one row each."""
    for number in range(begin, begin + count):
        with store.transaction() as db:
            db.execute(
                "INSERT INTO settings VALUES (?, ?)",
                (f"key {number}", f"{number} " * (number % 90)),
            )


def rows(path: Path) -> list[tuple[str, str]]:
    store = Store(path)
    try:
        with store.reading() as db:
            return [
                tuple(row) for row in db.execute("SELECT * FROM settings WHERE key LIKE 'key %'")
            ]
    finally:
        store.close()


def flip(path: Path, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(bit // 8)
        octet = file.read(1)[0]
        file.seek(bit // 8)
        file.write(bytes((octet ^ 1 << bit % 8,)))


def check(path: Path, *, thorough: bool = False) -> Checked:
    return integrity.check(path, SystemClock(), thorough=thorough, between=lambda: None)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A folder with a store that was read through and closed."""
    store = Store(tmp_path / "sound" / "crm.db", create=True)
    fill(store, 60)
    store.close()
    assert check(store.path, thorough=True).structure == ""
    return store.path.parent


@pytest.fixture
def unclean(tmp_path: Path) -> Path:
    """A folder with a store whose program was killed: 30 transactions stand in its log alone."""
    store = Store(tmp_path / "live" / "crm.db", create=True)
    fill(store, 10)
    assert store.checkpoint()
    fill(store, 30, 10)
    store._notes.catch_up()
    folder = tmp_path / "unclean"
    copied(store.path.parent, folder)
    store.close()
    return folder


# ── the store itself ──────────────────────────────────────────────────────────────────────────


def _flips(sound: Path, tmp_path: Path, count: int, seed: int) -> None:
    wanted = (sound / "crm.db").read_bytes()
    chosen = random.Random(seed)
    for number in range(count):
        path = copied(sound, tmp_path / f"{number}")
        bit = chosen.randrange(8 * len(wanted))
        flip(path, bit)
        assert page_sums.touched(path)
        found = check(path)
        assert (path.read_bytes(), found.mended, found.pages) == (wanted, 1, 0), bit
        assert not page_sums.touched(path)
        shutil.rmtree(path.parent)


def test_flipped_bits(sound: Path, tmp_path: Path) -> None:
    """A flipped bit anywhere in the file is found at the next start, and put right."""
    _flips(sound, tmp_path, 5, 1)


@pytest.mark.parametrize("code", ["BUSY", "NOMEM", "CANTOPEN", "INTERRUPT"])
def test_a_store_that_cannot_be_asked(
    sound: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer that has no memory left, or another program's lock, is no damage of the store."""

    def refused(connection: sqlite.Connection) -> str:
        trouble = sqlite.OperationalError("not now")
        trouble.sqlite_errorcode = getattr(sqlite, f"SQLITE_{code}")
        raise trouble

    monkeypatch.setattr(integrity, "_structure", refused)
    assert process.main([str(sound / "crm.db"), "--share", "1.0", "--thorough"]) == 1
    found = check_result.read(sound / "crm.db")
    assert found.trouble == "not now"
    assert not found.structure
    assert telling.in_short(found) == ""


@pytest.mark.soak
def test_checks_at_the_same_time(sound: Path, tmp_path: Path) -> None:
    """Three programs that think of a check in the same moment, while one of them writes: nothing is
    called damaged, whoever puts the sums together anew."""
    path = sound / "crm.db"
    page_sums.path_of(path).unlink()
    store = Store(path)
    words = [[*process.words(path, thorough=True, share=1.0)] for _ in range(3)]
    begun = [subprocess.Popen(each) for each in words]
    number = 0
    while any(each.poll() is None for each in begun):
        fill(store, 1, 1000 + number)
        number += 1
        if number % 7 == 0:
            store.checkpoint()
    store.close()
    assert [each.returncode for each in begun] == [0, 0, 0]
    found = check(path, thorough=True)
    assert (found.structure, found.pages, found.trouble) == ("", 0, "")


def test_a_check_beside_another_one(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check beside the work leaves it to the one that is under way."""
    # It gives way to others for good: here that would be this worker, and all tests that come after.
    given_way: list[int] = []
    monkeypatch.setattr(os, "nice", given_way.append, raising=False)
    path = sound / "crm.db"
    before = check_result.read(path)
    with FileLock(path.with_name("crm.db-checking.lock")):
        with pytest.raises(integrity.CheckedByAnother):
            integrity.check(path, SystemClock(), thorough=True, between=lambda: None, wait=0.0)
        assert process.main([str(path), "--share", "0.15", "--thorough"]) == 0
    assert check_result.read(path) == before
    assert given_way == [10]


@pytest.mark.soak
def test_300_flipped_bits(sound: Path, tmp_path: Path) -> None:
    """300 stores with one flipped bit each: all of them are as they were."""
    _flips(sound, tmp_path, 300, 2)


def test_flip_in_use(sound: Path) -> None:
    """While somebody has the store open, a flipped bit is told, and put right when it is free."""
    path = sound / "crm.db"
    store = Store(path)
    assert store.db.execute("SELECT count(*) FROM settings").fetchone()[0] >= 60
    # In another process: whoever opens and closes the file by hand frees SQLite's locks.
    code = "import sys; from tests.test_damage import *; flip(Path(sys.argv[1]), int(sys.argv[2]))"
    bit = 8 * (path.stat().st_size - 30)
    subprocess.run([sys.executable, "-c", code, str(path), str(bit)], check=True)
    done = subprocess.run(process.words(path, thorough=False, share=1.0), check=False)
    found = check_result.read(path)
    assert (done.returncode, found.pages, found.mended) == (0, 1, 0)
    ctx = Context(store, SystemClock(), console())
    assert telling.damage(ctx).state == health.BAD
    assert telling.in_short(found)
    store.close()
    assert check(path).mended == 1
    assert telling.damage(ctx).state == health.ATTENTION
    store.close()


def _scribble(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes(range(256)) * 2)


def _damages(sound: Path, tmp_path: Path, count: int, seed: int) -> None:
    good = rows(copied(sound, tmp_path / "good"))
    size = (sound / "crm.db").stat().st_size
    chosen = random.Random(seed)
    for number in range(count):
        path = copied(sound, tmp_path / f"{number}")
        _scribble(path, chosen.randrange(size // SECTOR) * SECTOR)
        found = check(path)
        told = bool(found.structure or found.pages)
        try:
            same = rows(path) == good
        except StoreProblem:
            # A sentence is a word.
            same = told = True
        assert told, number
        assert same or telling.in_short(found), number
        shutil.rmtree(path.parent)


def test_damaged_sectors(sound: Path, tmp_path: Path) -> None:
    """A sector that holds something else is told, wherever it lies, and not read as if it were well."""
    _damages(sound, tmp_path, 5, 3)


@pytest.mark.soak
def test_300_damaged_sectors(sound: Path, tmp_path: Path) -> None:
    """The same of 300 stores."""
    _damages(sound, tmp_path, 300, 4)


def test_broken_trees_are_only_read(sound: Path) -> None:
    """A store whose trees are broken can be read, and nothing is written into it any more."""
    path = sound / "crm.db"
    root = _root(path, "messages")
    store = Store(path)
    made = making.make(Context(store, SystemClock(), console()))
    store.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\x77" * 4096)
    assert process.run(path).structure
    before = path.read_bytes()
    store = Store(path)
    assert store.db.execute("SELECT count(*) FROM settings").fetchone()[0] >= 60
    with pytest.raises(StoreDamaged) as told, store.transaction():
        pass
    assert made.name in str(told.value)
    assert made.name in telling.damage(Context(store, SystemClock(), console())).advice
    store.close()
    assert path.read_bytes() == before


def _root(path: Path, table: str) -> int:
    connection = sqlite.connect(path)
    row = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
    ).fetchone()
    connection.close()
    return int(row[0])


def test_another_program(sound: Path) -> None:
    """What another program wrote is told with its table, until somebody who may accepts it."""
    path = sound / "crm.db"
    connection = sqlite.connect(path)
    connection.execute("INSERT INTO settings VALUES ('theirs', '1')")
    connection.commit()
    connection.close()
    assert page_sums.touched(path)
    found = check(path)
    assert (found.structure, found.tables) == ("", ("settings",))
    assert found.pages
    store = Store(path)
    ctx = Context(store, SystemClock(), console())
    assert "settings" in telling.damage(ctx).sentence
    acknowledgement.accept(ctx)
    assert telling.damage(ctx).state == health.WELL
    store.close()
    assert check(path).pages == 0
    assert check(path).pages == 0


def test_sums_that_are_damaged_prove_nothing(sound: Path, tmp_path: Path) -> None:
    """A bit that flips in the sums themselves accuses no page."""
    size = (sound / "crm.db-sums").stat().st_size
    chosen = random.Random(5)
    for number in range(8):
        path = copied(sound, tmp_path / f"{number}")
        flip(page_sums.path_of(path), chosen.randrange(8 * size))
        found = check(path)
        assert (found.pages, found.mended, found.structure) == (0, 0, "")
        assert check(path).pages == 0


# ── no false alarm ────────────────────────────────────────────────────────────────────────────


def test_own_work_is_known(tmp_path: Path) -> None:
    """Whatever we write, bring to its place, close, or leave at a kill: no page is called wrong."""
    chosen = random.Random(6)
    folder, number = tmp_path / "0", 0
    stores = [Store(folder / "crm.db", create=True)]
    for step in range(80):
        store = chosen.choice(stores)
        match chosen.randrange(9):
            case 0:
                store.checkpoint()
            case 1:
                store.close()
            case 2:
                stores.append(Store(store.path))
            case 3 if step % 3 == 0:
                # Killed: what is in the log is somebody else's to bring to its place.
                path = copied(folder, tmp_path / f"killed {step}")
                for each in stores:
                    each.close()
                folder, stores = path.parent, [Store(path)]
            case 4:
                with suppress(ZeroDivisionError), store.transaction() as db:
                    db.execute("DELETE FROM settings WHERE key LIKE 'key %'")
                    raise ZeroDivisionError
            case 5:
                with store.transaction() as db:
                    db.execute("DELETE FROM settings WHERE key LIKE 'key %3'")
            case _:
                number += 3
                fill(store, 3, number)
    for each in stores:
        each.close()
    seen = page_reading.look(folder / "crm.db")
    assert (seen.wrong, seen.harmed) == ([], False)
    assert len(seen.sums) - 1 > 3 * seen.unknown


_WRITER = """
import sys, threading
from pathlib import Path
from crm_tui.clock import SystemClock
from crm_tui.shop.checks import maintenance
from crm_tui.store import Store
maintenance.EVERY = 0.03
store = Store(Path(sys.argv[1]))
caretaker = maintenance.Caretaker(store, SystemClock())
caretaker.start()
for number in range(int(sys.argv[2])):
    with store.transaction() as db:
        row = f"{sys.argv[3]} {number}", "x" * (number % 999)
        db.execute("INSERT INTO settings VALUES (?, ?)", row)
if sys.argv[3] != "left":
    caretaker.stop()
    store.close()
"""


@pytest.mark.soak
def test_two_processes_and_two_caretakers(tmp_path: Path) -> None:
    """Two programs that write, and bring to its place what the other wrote: no page is called wrong."""
    path = tmp_path / "crm.db"
    Store(path, create=True).close()
    for turn in range(10):
        writers = [
            subprocess.Popen([sys.executable, "-c", _WRITER, str(path), "150", f"{name} {turn}"])
            for name in ("left", "right", "third")
        ]
        assert [each.wait() for each in writers] == [0, 0, 0]
        seen = page_reading.look(path)
        assert (seen.wrong, seen.harmed) == ([], False), turn


# ── the log ───────────────────────────────────────────────────────────────────────────────────


def _extent(log: Path) -> int:
    """Octets of a log that count; behind them stands what was there before it began anew."""
    with log.open("rb") as file:
        of = wal.head(file)
        assert of is not None
        return 32 + (24 + of.page_size) * sum(1 for _ in wal.frames(file, of))


def _flips_in_the_log(unclean: Path, tmp_path: Path, count: int, seed: int) -> None:
    good = rows(copied(unclean, tmp_path / "good"))
    assert len(good) == 40
    size = _extent(unclean / "crm.db-wal")
    chosen = random.Random(seed)
    for number in range(count):
        path = copied(unclean, tmp_path / f"{number}")
        bit = chosen.randrange(8 * size)
        flip(wal.path_of(path), bit)
        same = rows(path) == good
        found = check_result.read(path)
        assert same or found.lost, bit
        shutil.rmtree(path.parent)


def test_flipped_bits_in_the_log(unclean: Path, tmp_path: Path) -> None:
    """A bit that flips in the log costs nothing that was committed, or it is told how much."""
    _flips_in_the_log(unclean, tmp_path, 5, 7)


@pytest.mark.soak
def test_300_flipped_bits_in_the_log(unclean: Path, tmp_path: Path) -> None:
    """The same of 300 stores."""
    _flips_in_the_log(unclean, tmp_path, 300, 8)


def test_unread_rest_is_told(unclean: Path) -> None:
    """What cannot be read of the log is counted, kept aside, and told in words."""
    path = unclean / "crm.db"
    log = wal.path_of(path)
    size = log.stat().st_size
    _scribble(log, _extent(log) // 2)
    there = len(rows(path))
    assert there < 40
    found = check_result.read(path)
    assert 40 - there - 2 <= found.lost <= 40 - there
    assert (unclean / found.kept).stat().st_size == size
    store = Store(path)
    told = telling.log(Context(store, SystemClock(), console()))
    assert told.state == health.BAD
    assert str(found.lost) in told.sentence
    store.close()


@pytest.mark.parametrize("how", ["cut", "gone", "zeros"])
def test_a_log_that_was_cut_off_is_told(unclean: Path, how: str) -> None:
    """Of a log that ends too soon, or is gone, nothing looks unreadable: what was committed and stands
    nowhere any more is told all the same, once, and accuses no page."""
    path = unclean / "crm.db"
    log = wal.path_of(path)
    octets = log.read_bytes()
    # Behind a whole transaction, as it happens to end there, too.
    for frames in (1, 40) if how == "cut" else (0,):
        folder = copied(unclean, unclean.parent / f"{frames}").parent
        log = wal.path_of(folder / "crm.db")
        log.write_bytes(octets[: 32 + frames * 4120] if how == "cut" else bytes(len(octets)))
        if how == "gone":
            log.unlink()
        for _ in range(2):
            assert len(rows(folder / "crm.db")) < 30
            assert check_result.read(folder / "crm.db").lost == 1
        assert check(folder / "crm.db", thorough=True).pages == 0
        store = Store(folder / "crm.db")
        told = telling.log(Context(store, SystemClock(), console()))
        store.close()
        assert told.state == health.BAD
        assert "gone from the disk" in told.sentence


def test_clean_log_is_left_alone(unclean: Path) -> None:
    """A log that can be read to its end is opened as it is, and nothing is said."""
    assert wal.rest(unclean / "crm.db-wal").lost == 0
    assert wal.mend(unclean / "crm.db-wal") is None
    rescue.log_of(unclean / "crm.db")
    assert not (unclean / rescue.KEPT).exists()
    assert len(rows(unclean / "crm.db")) == 40
    assert check_result.read(unclean / "crm.db") == Checked()


def test_log_is_kept_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon after the last step nothing stands in the log alone; an idle store is left alone."""
    monkeypatch.setattr("crm_tui.shop.checks.maintenance.EVERY", 0.02)
    store = Store(tmp_path / "crm.db", create=True)
    caretaker = Caretaker(store, SystemClock())
    caretaker.start()
    fill(store, 5)

    def in_its_place() -> bool:
        # Without the log, as after a flipped bit at its beginning.
        target = tmp_path / "copy.db"
        shutil.copyfile(store.path, target)
        connection = sqlite.connect(target)
        try:
            found = connection.execute("SELECT count(*) FROM settings WHERE key LIKE 'key %'")
            return bool(found.fetchone()[0] == 5)
        except sqlite.Error:
            return False
        finally:
            connection.close()
            for end in ("", "-wal", "-shm"):
                target.with_name(target.name + end).unlink(missing_ok=True)

    assert until(in_its_place)
    # What brings it to its place may still end its step.
    SystemClock().wait(0.2)
    before = store.path.stat().st_mtime_ns
    SystemClock().wait(0.2)
    assert store.path.stat().st_mtime_ns == before
    caretaker.stop()
    store.close()


# ── the power goes ────────────────────────────────────────────────────────────────────────────


def _torn(before: bytes, after: bytes, chosen: random.Random) -> bytes:
    """A file of which each sector came to the disk, or did not."""
    size = chosen.choice((len(before), len(after)))
    found = bytearray()
    for at in range(0, size, SECTOR):
        old, new = before[at : at + SECTOR], after[at : at + SECTOR]
        piece = chosen.choice((old or bytes(SECTOR), new or old))
        found += piece.ljust(SECTOR, b"\0")
    return bytes(found[:size])


def _power_cuts(tmp_path: Path, steps: int, seed: int) -> None:
    chosen = random.Random(seed)
    folder = tmp_path / "live"
    store = Store(folder / "crm.db", create=True)
    number = 0

    def now() -> dict[str, bytes]:
        return {
            name: (folder / name).read_bytes() for name in FILES[:3] if (folder / name).exists()
        }

    for step in range(steps):
        before, committed = now(), number
        if chosen.random() < 0.35:
            # The sums are on the disk before a page of the store is written.
            store._notes.catch_up(sync=True)
            before = now()
            store.checkpoint()
            after = now()
            torn = {"crm.db": _torn(before["crm.db"], after["crm.db"], chosen)}
        else:
            fill(store, 1, number)
            number += 1
            after = now()
            torn = {"crm.db-wal": _torn(before.get("crm.db-wal", b""), after["crm.db-wal"], chosen)}
        image = tmp_path / f"cut {step}"
        image.mkdir()
        for name, octets in {**before, **torn}.items():
            (image / name).write_bytes(octets)
        path = image / "crm.db"
        found = rows(path)
        keys = sorted(int(key.split()[1]) for key, _ in found)
        assert keys == list(range(len(keys))), step
        assert committed <= len(keys) <= number, step
        assert check_result.read(path).lost == 0, step
        after_check = check(path, thorough=True)
        assert (after_check.structure, after_check.pages, after_check.mended) == ("", 0, 0), step
        shutil.rmtree(image)
    store.close()


def test_power_cut(tmp_path: Path) -> None:
    """Of the writes after the last sync any sectors may be missing: what was committed is there, the
    store is whole, and nothing false is told."""
    _power_cuts(tmp_path, 15, 9)


@pytest.mark.soak
def test_600_power_cuts(tmp_path: Path) -> None:
    """The same of 600."""
    _power_cuts(tmp_path, 600, 10)


# ── the books ─────────────────────────────────────────────────────────────────────────────────

_BREAKS: dict[str, str] = {
    "stock": "UPDATE stock SET on_hand = on_hand + 1 WHERE item_id = 3",
    "reserved": "UPDATE stock SET reserved = reserved + 1 WHERE item_id = 3",
    "dues": "INSERT INTO dues (sale_id, customer_id, due) SELECT id, 1, 5 FROM sales LIMIT 1",
}


def test_books_are_added_up(shop: Shop) -> None:
    """What is kept of a ledger and is not what the ledger says is found, with its number."""
    assert list(consistency.differences(shop.ctx.db.conn)) == []
    names = [each.name for each in consistency.invariants()]
    assert len(set(names)) == len(names) >= 10
    with shop.ctx.store.transaction() as db:
        db.execute(_BREAKS["stock"])
        db.execute(_BREAKS["reserved"])
    found = {each.name: key for each, key in consistency.differences(shop.ctx.db.conn)}
    assert found == {"stock": 3, "reserved": 3}


def test_books_that_disagree_are_told(shop: Shop) -> None:
    """The staff read which book does not agree, and where; the shop goes on."""
    with shop.ctx.store.transaction() as db:
        db.execute(_BREAKS["stock"])
    found = check(shop.ctx.store.path, thorough=True)
    assert [key for _, key in found.sums] == [3]
    told = telling.sums(shop.ctx)
    assert (told.state, telling.in_short(found)) == (health.BAD, "the books do not agree")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE stock SET on_hand = on_hand - 1 WHERE item_id = 3")
    check(shop.ctx.store.path, thorough=True)
    assert telling.sums(shop.ctx).state == health.WELL


# ── told ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.soak
def test_told_beside_every_report(tmp_path: Path) -> None:
    """Whoever asks for figures of a store that was changed behind our back is told, on stderr."""
    folder = founded(tmp_path / "shop")
    command = [*PROGRAM, "--data", str(folder), "report", "stock", "--format", "csv"]
    before = subprocess.run(command, capture_output=True, text=True, check=True)
    connection = sqlite.connect(folder / "crm.db")
    connection.execute("UPDATE settings SET value = 'Toko Lain' WHERE key = 'shop.name'")
    connection.commit()
    connection.close()
    after = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (before.stderr, after.stdout) == ("", before.stdout)
    assert "settings" in after.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda known: replace(known, structure="stock: row missing"),
        lambda known: replace(known, pages=2, tables=("stock",)),
        lambda known: replace(known, lost=3, lost_at=known.at, kept="damaged/x"),
        lambda known: replace(known, sums=(("the books", 3),)),
    ],
)
def test_told_on_the_status_line(shop: Shop, change: Callable[[Checked], Checked]) -> None:
    """Whatever is wrong with the store has a word on the status line, and a sentence."""
    path = shop.ctx.store.path
    known = replace(Checked(), at=shop.ctx.at, thorough_at=shop.ctx.at)
    check_result.write(path, known)
    assert telling.in_short(check_result.read(path)) == ""
    assert telling.bad(shop.ctx) == []
    check_result.write(path, change(known))
    assert telling.in_short(check_result.read(path))
    assert [each.state for each in telling.bad(shop.ctx)] == [health.BAD]


def test_pieces_between_two_breaths(sound: Path) -> None:
    """A check beside the work breathes often: no piece of it is long."""
    clock = SystemClock()
    moments = [clock.monotonic()]
    integrity.check(
        sound / "crm.db", clock, thorough=True, between=lambda: moments.append(clock.monotonic())
    )
    assert len(moments) > 10
    assert sorted(b - a for a, b in pairwise(moments))[-3] < 0.1
