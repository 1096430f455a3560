"""What lies beside the store and the key: lost, emptied, exchanged or somebody else's, it is told."""

import gc
import json
import logging
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from crm_tui import archive, check_result, modem_trial, page_sums, replacing, secret, sqlite
from crm_tui.clock import stamp
from crm_tui.program_lock import LockUnusable
from crm_tui.shop.backups import archived, making, places, rehearsing, state
from crm_tui.shop.backups import findings as backup_findings
from crm_tui.shop.backups.errors import BackupRunning
from crm_tui.shop.backups.settings import FOLDER
from crm_tui.shop.checks import acknowledgement, findings, integrity, telling
from crm_tui.shop.gate import health
from crm_tui.shop.gate.folder import MODEM_LOCK
from crm_tui.shop.messages import archiving
from crm_tui.shop.messages.settings import POLL
from crm_tui.shop.sales.unfinished import Place
from crm_tui.shop.upkeep import findings as upkeep_findings
from crm_tui.shop.upkeep import own_files
from crm_tui.shop_log import ShopLog
from crm_tui.store import Store, StoreCorrupt, StoreGone, StoreMissing
from tests.daily import daily
from tests.shop import ANI, Shop

YEARS = 3 * 365 * 86400


def check(shop: Shop) -> check_result.Checked:
    """The store read through, as by the process that has not got it open."""
    shop.leave()
    return integrity.check(shop.ctx.store.path, shop.clock, thorough=False, between=lambda: None)


def checked(shop: Shop) -> check_result.Checked:
    """The same, with its ledgers."""
    shop.leave()
    return integrity.check(shop.ctx.store.path, shop.clock, thorough=True, between=lambda: None)


def write(shop: Shop, value: str = "1") -> None:
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT OR REPLACE INTO settings VALUES ('key', ?)", (value * 3000,))
    assert shop.ctx.store.checkpoint()


# ── the sums of pages ─────────────────────────────────────────────────────────────────────────


def _instead(make: Callable[[Path], object]) -> Callable[[Path, bytes], object]:
    def put(path: Path, before: bytes) -> None:
        path.unlink()
        make(path)

    return put


LOST: dict[str, Callable[[Path, bytes], object]] = {
    "gone": _instead(lambda path: None),
    "emptied": lambda path, before: path.write_bytes(b""),
    "cut off": lambda path, before: path.write_bytes(path.read_bytes()[: len(before) // 24 * 12]),
    "older": lambda path, before: path.write_bytes(before),
    "others": lambda path, before: path.write_bytes(os.urandom(len(before))),
    "folder": _instead(Path.mkdir),
    "no way": _instead(lambda path: path.symlink_to("/nowhere/at all")),
    "pipe": _instead(os.mkfifo),
}


@pytest.mark.parametrize("way", daily(LOST, 5))
def test_lost_sums_are_told_and_accuse_nobody(shop: Shop, way: str) -> None:
    """Whatever becomes of the sums of pages, no page is called damaged for it: what was lost is told
    with the file's name, until it was read anew for a week or somebody has taken note of it."""
    path = page_sums.path_of(shop.ctx.store.path)
    # Of another shop of a test, whose folder was called so.
    check_result.forget(shop.ctx.store.path)
    check(shop)
    before = path.read_bytes()
    write(shop)
    assert not check(shop).unsummed_at
    LOST[way](path, before)
    found = check(shop)
    assert (found.pages, found.structure, found.trouble) == (0, "", "")
    told = telling.damage(shop.ctx)
    assert told.state == health.ATTENTION
    assert path.name in told.sentence
    write(shop, "2")
    again = check(shop)
    assert (again.pages, again.unsummed_at) == (0, found.unsummed_at)
    acknowledgement.accept(shop.ctx)
    assert telling.damage(shop.ctx).state == health.WELL


def test_a_torn_end_of_the_sums_is_no_loss(shop: Shop) -> None:
    """What a power cut leaves half written behind the sums that were on the disk is nobody's work."""
    path = page_sums.path_of(shop.ctx.store.path)
    check(shop)
    with path.open("ab") as file:
        file.write(b"\1\2\3\4\5\6\7")
    write(shop)
    found = check(shop)
    assert (found.pages, found.unsummed_at) == (0, "")


def test_sums_that_cannot_be_noted_accuse_nobody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that are written while their sums cannot be noted, for the lock of the sums is another
    account's, are not called damaged afterwards."""
    check(shop)

    def refused(store: Path) -> object:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(page_sums, "alone", refused)
        write(shop)
        shop.leave()
    found = check(shop)
    assert (found.pages, found.structure) == (0, "")
    assert found.unsummed_at


@pytest.mark.parametrize("time", [1, 2], ids=["noting", "settling"])
def test_a_store_that_is_thrown_away_while_another_notes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, time: int
) -> None:
    """A store that nobody holds any more may be collected at any moment, also while the same thread
    notes for another store of the file: neither waits for the other."""
    check(shop)
    write(shop)
    alone, times = page_sums.alone, list[Path]()

    def work() -> None:
        others, mine = [Store(shop.ctx.store.path)], Store(shop.ctx.store.path)
        for each in (*others, mine):
            each.db.execute("SELECT 1")
        del each

        @contextmanager
        def collected(store: Path) -> Iterator[None]:
            with alone(store):
                times.append(store)
                if len(times) == time:
                    others.clear()
                    gc.collect()
                yield

        monkeypatch.setattr(page_sums, "alone", collected)
        mine.checkpoint()

    done = threading.Thread(target=work, daemon=True)
    done.start()
    done.join(page_sums._PATIENCE - 1)
    assert not done.is_alive()
    assert len(times) >= time
    found = check(shop)
    assert (found.pages, found.structure) == (0, "")


@pytest.mark.parametrize("ends", [OSError(12, "Cannot allocate memory"), -9])
def test_a_check_that_is_not_made_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, ends: OSError | int
) -> None:
    """A check that could not be begun, or was killed, does not leave the last one's "all is well"."""
    check(shop)

    def run(*words: object, **how: object) -> object:
        if isinstance(ends, OSError):
            raise ends
        return subprocess.CompletedProcess([], ends)

    monkeypatch.setattr(subprocess, "run", run)
    told = findings.damage_now(shop.ctx)
    assert told.state == health.ATTENTION
    assert "could not be read through" in told.sentence


# ── beside the key ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", daily(LOST, 4))
def test_lost_heads_are_told(shop: Shop, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Whatever becomes of what is remembered of the chain beside the key, the next check tells it with
    the file's name, accuses no row, and tells it until somebody has taken note of it."""
    own = shop.folder.parent / "keys" / "shop.key"
    own.parent.mkdir()
    own.write_bytes(secret.key())
    monkeypatch.setenv("CRM_TUI_KEY", str(own))
    checked(shop)
    path = secret.heads_file()
    before = path.read_bytes()
    shop.set(POLL, 17)
    checked(shop)
    assert telling.chain(shop.ctx).state == health.WELL
    LOST[way](path, before)
    found = checked(shop)
    assert (found.chain, found.structure) == ((), "")
    told = telling.chain(shop.ctx)
    assert (told.state, str(path) in told.sentence) == (health.ATTENTION, True)
    again = checked(shop)
    assert (again.chain, again.forgotten_at) == ((), found.forgotten_at)
    acknowledgement.accept(shop.ctx)
    checked(shop)
    usable = own_files.usable(shop.ctx).state == health.WELL
    assert (telling.chain(shop.ctx).state, usable) == (health.WELL, way != "folder")


def test_a_lost_digest_is_told(shop: Shop) -> None:
    """Where what a check found is no more to be told from what others put there, all is read anew, and
    the staff are told; a store that was moved, or was to be replaced by a backup, lost nothing."""
    checked(shop)
    notes = check_result._notes(shop.ctx.store.path)
    for each in notes:
        each.unlink()
    assert telling.damage(shop.ctx).state == health.BAD
    checked(shop)
    assert telling.damage(shop.ctx).state == health.ATTENTION
    acknowledgement.accept(shop.ctx)
    assert telling.damage(shop.ctx).state == health.WELL
    check_result.expect_another(shop.ctx.store.path)
    assert not check_result.read(shop.ctx.store.path).strange
    checked(shop)
    shop.leave()
    moved = shop.folder.rename(shop.folder.with_name("moved")) / "crm.db"
    assert not check_result.read(moved).strange
    found = integrity.check(moved, shop.clock, thorough=True, between=lambda: None)
    assert (found.strange_at, found.forgotten_at) == ("", "")
    moved.parent.rename(shop.folder)


# ── the store itself ──────────────────────────────────────────────────────────────────────────


def test_an_emptied_store_is_not_begun_anew(shop: Shop) -> None:
    """A store of which nothing is left but its name is damaged, and stays as it is; one whose making
    was cut off is made."""
    check(shop)
    path = Path(shutil.copytree(shop.folder, shop.folder.parent / "emptied")) / "crm.db"
    path.write_bytes(b"")
    with pytest.raises(StoreCorrupt):
        Store(path)
    assert path.read_bytes() == b""
    other = shop.folder.parent / "begun" / "crm.db"
    other.parent.mkdir()
    other.write_bytes(b"")
    page_sums.begin(other)
    Store(other).close()
    assert other.stat().st_size


def test_a_store_that_is_gone_leads_to_its_backups(shop: Shop) -> None:
    """Where backups lie nobody is told to set up a new shop."""
    making.make(shop.ctx)
    shop.leave()
    path = shop.ctx.store.path
    path.unlink()
    with pytest.raises(StoreGone):
        Store(path)
    shutil.rmtree(places.own(shop.ctx))
    with pytest.raises(StoreMissing) as told:
        Store(path)
    assert not isinstance(told.value, StoreGone)


@pytest.mark.parametrize("octets", [b"", b"\0" * 40, b"[]", b'{"prepared": 3}'])
def test_a_mark_of_a_restore_that_says_nothing(shop: Shop, octets: bytes) -> None:
    """The store that stands is opened, and the staff are told of the restore that was not."""
    shop.leave()
    (shop.folder / "replace.json").write_bytes(octets)
    Store(shop.ctx.store.path).close()
    assert not (shop.folder / "replace.json").exists()
    told = own_files.usable(shop.ctx)
    assert (told.state, replacing.UNREADABLE in told.advice) == (health.ATTENTION, True)


# ── locks, and what lies in the place of files ────────────────────────────────────────────────


def test_locks_that_cannot_be_taken_are_named(shop: Shop) -> None:
    """A lock that is no file, or another account's, is named by whoever wants it, with what to do."""
    for name in (MODEM_LOCK, "till-1.lock"):
        (shop.folder / name).mkdir()
    with pytest.raises(LockUnusable, match=MODEM_LOCK):
        shop.worker().run()
    told = modem_trial.line(shop.ctx, shop.folder, shop.port)
    assert told is not None
    assert told.state == health.BAD
    with pytest.raises(LockUnusable, match="till-1"):
        Place(shop.folder)


def test_what_lies_in_the_place_of_files_is_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, a pipe or a link to nowhere in the place of a file of the program, and a file of
    another account, are named in Health."""
    making.make(shop.ctx)
    assert own_files.usable(shop.ctx).state == health.WELL
    for name, put in (
        ("upkeep.lock", Path.mkdir), ("import.db", os.mkfifo), ("backups/epochs.json", Path.mkdir),
        ("crm.db-sums.lock", lambda path: path.symlink_to("/nowhere/at all")),
        ("exports", Path.touch),
    ):  # fmt: skip
        path = shop.folder / name
        path.unlink(missing_ok=True)
        put(path)
        told = own_files.usable(shop.ctx)
        assert (told.state, name in told.sentence) == (health.BAD, True)
        path.rmdir() if path.is_dir() else path.unlink()
    asked = os.access

    def access(path: Path, mode: int) -> bool:
        return asked(path, mode) and Path(path).name != "upkeep.lock"

    (shop.folder / "upkeep.lock").touch()
    monkeypatch.setattr(os, "access", access)
    told = own_files.usable(shop.ctx)
    assert (told.state, "upkeep.lock" in told.sentence) == (health.BAD, True)
    assert json.loads(told.advice)[1]["folder"] == str(shop.folder)


def test_no_pipe_is_waited_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe in the place of the key, of what lies beside it or of crm.log stops nothing."""

    def late(*_: object) -> None:
        raise AssertionError("it waits for somebody who writes")

    key = shop.folder / "here.key"
    for each in (key, key.with_name("heads.json"), shop.folder / "piped.log"):
        os.mkfifo(each)
    monkeypatch.setenv("CRM_TUI_KEY", str(key))
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(10)
    try:
        assert secret.key() == b""
        assert secret.heads(shop.ctx.store.path, "1") == []
        log = ShopLog(shop.folder / "piped.log")
        log.handle(logging.LogRecord("x", logging.INFO, "x", 1, "one line", None, None))
        log.close()
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# ── backups and the archive ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["file", "note", "folder", "emptied"])
def test_a_lost_backup_is_not_called_the_last(shop: Shop, way: str) -> None:
    """Health and `check` look whether the last good backup beside the store is there still."""
    made = making.make(shop.ctx)
    assert backup_findings.backup(shop.ctx) == backup_findings.read(shop.ctx)
    ways: dict[str, Callable[[], object]] = {
        "file": made.path.unlink, "note": places.note_of(made.path).unlink,
        "folder": lambda: shutil.rmtree(made.path.parent),
        "emptied": lambda: made.path.write_bytes(b""),
    }  # fmt: skip
    ways[way]()
    told = backup_findings.backup(shop.ctx)
    assert told is not None
    assert (told.state, made.name in told.sentence) == (health.BAD, True)
    assert backup_findings.read(shop.ctx) == told


def test_a_rotten_backup_is_found_by_a_thorough_look(shop: Shop) -> None:
    """`check` reads the last good backup: one that is not as it was written is told."""
    made = making.make(shop.ctx)
    octets = bytearray(made.path.read_bytes())
    octets[len(octets) // 2] ^= 1
    made.path.write_bytes(octets)
    told = backup_findings.read(shop.ctx)
    assert told is not None
    assert (told.state, made.name in told.sentence) == (health.BAD, True)


def test_two_programs_do_not_fill_a_stick_at_once(shop: Shop, tmp_path: Path) -> None:
    """While another program of the shop brings a backup to the stick nothing of it is swept away, and
    nothing is told."""
    making.make(shop.ctx)
    (tmp_path / "usb").mkdir()
    shop.set(FOLDER, tmp_path / "usb")
    stick = places.chosen(shop.ctx)
    assert stick is not None
    half = stick / f".crm-20261124-010000.db{places.PART}"
    half.write_bytes(b"half")
    with making.one_at_a_time(places.own(shop.ctx)):
        assert not making.bring_out(shop.ctx)
    assert half.exists()
    assert not state.standing(shop.ctx).trouble
    assert making.bring_out(shop.ctx)
    assert not half.exists()


def test_a_rehearsal_beside_a_backup_says_nothing_of_it(shop: Shop) -> None:
    """A rehearsal that must wait for a backup is no rehearsal that failed."""
    making.make(shop.ctx)
    with making.one_at_a_time(places.own(shop.ctx)), pytest.raises(BackupRunning):
        rehearsing.rehearse(shop.ctx)
    assert shop.one("SELECT count(*) FROM backup_rehearsals") == 0


@pytest.mark.soak
def test_an_emptied_or_older_archive_is_told(shop: Shop) -> None:
    """An archive that holds nothing, or lacks texts that were moved into it, is told."""
    path = archive.beside(shop.ctx.store.path)
    shop.ask(ANI, "HARGA BSI-C7")
    shop.clock.wait(YEARS)
    archiving.run(shop.ctx)
    older = path.read_bytes()
    shop.ask(ANI, "STOK BSI-C7")
    shop.clock.wait(YEARS)
    archiving.run(shop.ctx)
    making.make(shop.ctx)
    archived.keep(shop.ctx)
    assert upkeep_findings.archived(shop.ctx).state == health.WELL
    newest = path.read_bytes()
    path.write_bytes(older)
    told = upkeep_findings.archived(shop.ctx)
    lacking = shop.one(
        "SELECT count(*) FROM messages WHERE archived = 1 AND at > ?",
        stamp(shop.clock.now())[:4].replace("2032", "2029"),
    )
    assert lacking
    assert (told.state, told.facts["lacking"]) == (health.BAD, lacking)
    path.write_bytes(b"")
    for each in (upkeep_findings.messages(shop.ctx), upkeep_findings.archived(shop.ctx)):
        assert (each.state, "holds nothing" in each.sentence) == (health.BAD, True)
    path.write_bytes(newest)
    with closing(sqlite.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM texts").fetchone()[0] > lacking
    assert upkeep_findings.archived(shop.ctx).state == health.WELL
    copy = places.own(shop.ctx) / path.name
    for octets in (b"", b"no" * 999, None):
        copy.unlink() if octets is None else copy.write_bytes(octets)
        told = upkeep_findings.archived(shop.ctx)
        assert (told.state, "copy" in told.facts) == (health.ATTENTION, True)
        archived.keep(shop.ctx)
        assert upkeep_findings.archived(shop.ctx).state == health.WELL
