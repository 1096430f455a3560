"""Upkeep by itself: when, how much, and a log that tells strangers nothing."""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock
from rich.traceback import Traceback

from crm_tui import archive, shop_log
from crm_tui.archive import ArchiveProblem
from crm_tui.cli.commands import main
from crm_tui.clock import stamp
from crm_tui.screens.shell import guarded
from crm_tui.shop.backups import archived, places, sealing, state
from crm_tui.shop.backups.settings import FOLDER
from crm_tui.shop.gate import settings
from crm_tui.shop.messages import outbox, view
from crm_tui.shop.upkeep import retention, schedule
from crm_tui.shop.upkeep.findings import upkeep
from crm_tui.shop.upkeep.settings import EXPORT_DAYS
from crm_tui.shop_log import ShopLog, masked
from tests.shop import ANI, Shop
from tests.test_backups import KEY
from tests.test_findings import found

DAY = 86400


def exported(shop: Shop, name: str, days: int) -> Path:
    """A file in exports/ that was written so many days ago."""
    folder = shop.folder / "exports"
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text("x")
    at = (shop.clock.now() - timedelta(days=days)).timestamp()
    os.utime(file, (at, at))
    return file


def test_once_a_day_in_a_quiet_hour(shop: Shop) -> None:
    """It waits until nobody is disturbed, is done once a day, and at last whoever is disturbed."""
    shop.ask(ANI, "HARGA BSI-C7")
    assert not schedule.tend(shop.ctx)
    shop.clock.wait(600)
    assert schedule.tend(shop.ctx)
    shop.clock.wait(600)
    assert not schedule.tend(shop.ctx)
    shop.clock.wait(DAY)
    outbox.send(shop.ctx, ANI, "Halo")
    assert not schedule.tend(shop.ctx)
    shop.clock.wait(2 * DAY)
    assert schedule.tend(shop.ctx)


def test_one_at_a_time(shop: Shop) -> None:
    """Of two programs on one shop one tends, and the other does not wait for it."""
    lock = FileLock(shop.folder / schedule.LOCK, thread_local=False)
    with lock:
        assert not schedule.tend(shop.ctx)
    assert schedule.tend(shop.ctx)


def test_what_fails_keeps_nothing_else(shop: Shop) -> None:
    """Where the archive cannot be used all else is done; it is told when that lasts for a day, and no
    more when it is well again."""
    old = exported(shop, "sales-2020.csv", 4000)
    shop.clock.wait(600)
    path = archive.beside(shop.ctx.store.path)
    shop.ask(ANI, "HARGA BSI-C7")
    shop.clock.wait(3 * 365 * DAY)
    path.mkdir()
    with pytest.raises(ArchiveProblem):
        schedule.tend(shop.ctx)
    assert not old.exists()
    assert upkeep(shop.ctx) is None
    shop.clock.wait(DAY + 60)
    with pytest.raises(ArchiveProblem):
        schedule.tend(shop.ctx)
    told = upkeep(shop.ctx)
    assert told is not None
    assert told.state == "attention"
    path.rmdir()
    assert schedule.tend(shop.ctx)
    assert upkeep(shop.ctx) is None


def test_stores_put_aside_go(shop: Shop) -> None:
    """What restores put aside goes after half a year with all that lay beside it; the last one stays,
    and so does what somebody else put there."""
    folder = shop.folder / "replaced"
    folder.mkdir()
    old, later, newest = (
        "crm-20260101-080000.db",
        "crm-20260301-080000.db",
        "crm-20260401-080000.db",
    )
    archives = ["crm-20260102-080000.db-archive", "crm-20260402-080000.db-archive"]
    names = [
        old,
        old + "-wal",
        old + "-sums",
        later,
        newest,
        newest + "-sums",
        "catatan.txt",
        *archives,
    ]
    for name in names:
        (folder / name).touch()
    found = retention.old_stores(shop.ctx)
    gone = [old, old + "-sums", old + "-wal", archives[0], later]
    assert [each.name for each in found] == gone
    retention.prune(shop.ctx, found)
    assert sorted(each.name for each in folder.iterdir()) == [
        "catatan.txt",
        newest,
        newest + "-sums",
        archives[1],
    ]
    assert retention.old_stores(shop.ctx) == []


def test_old_exports_go(shop: Shop) -> None:
    """Old files that the program wrote go and are named in the audit; others, and young ones, stay."""
    old = exported(shop, "sales-2020.xlsx", 800)
    kept = [exported(shop, "sales-2026.xlsx", 100), exported(shop, "foto.jpg", 900)]
    schedule.tend(shop.ctx)
    assert not old.exists()
    assert all(each.exists() for each in kept)
    row = shop.rows("SELECT * FROM audit WHERE command = 'upkeep.prune'")[0]
    assert "sales-2020.xlsx" in row["before"]


def test_what_was_left_half_written_goes(shop: Shop) -> None:
    """What a program that was killed was writing goes after a day, beside the store and in exports/;
    what may be being written, and what is somebody's own, stays."""
    old = [exported(shop, ".tmp1.part", 2), exported(shop, "../.tmp2.part", 2)]
    kept = [exported(shop, ".tmp3.part", 0), exported(shop, "foto.part", 2)]
    assert schedule.tend(shop.ctx)
    assert not any(each.exists() for each in old)
    assert all(each.exists() for each in kept)


def test_exports_for_ever(shop: Shop) -> None:
    """A shop that keeps its exports keeps them; so does one whose clock went back."""
    settings.change(shop.ctx, EXPORT_DAYS.key, "0")
    exported(shop, "sales-2020.xlsx", 9000)
    assert retention.old_exports(shop.ctx) == []


def test_room_is_given_back(shop: Shop) -> None:
    """What was freed in the store is given back to the disk, in steps that end when asked to."""
    with shop.ctx.store.transaction() as db:
        db.execute("CREATE TABLE large (x)")
        db.execute("INSERT INTO large VALUES (zeroblob(20000000))")
    with shop.ctx.store.transaction() as db:
        db.execute("DROP TABLE large")
    pages = shop.one("PRAGMA page_count")
    assert retention.optimise(shop.ctx, lambda: True) == 0
    assert retention.optimise(shop.ctx) > 0
    assert shop.one("PRAGMA page_count") < pages / 2
    assert shop.one("PRAGMA freelist_count") <= 2000


def test_a_copy_beside_the_backups(shop: Shop) -> None:
    """Where backups lie the archive has a copy, renewed when it grew."""
    shop.ask(ANI, "HARGA BSI-C7")
    shop.clock.wait(3 * 365 * DAY)
    (shop.folder / "backups").mkdir()
    schedule.tend(shop.ctx)
    copy = shop.folder / "backups" / archive.beside(shop.ctx.store.path).name
    assert archive.count(shop.folder / "backups" / "crm.db") == 2
    assert sorted(each.name for each in (shop.folder / "backups").iterdir()) == [copy.name]


def test_the_archive_beside_sealed_backups(shop: Shop) -> None:
    """Where backups are sealed the archive's copy is, too, and no plain one stays; it is renewed with
    the passphrase, and comes back from either form by its name."""
    shop.ask(ANI, "HARGA BSI-C7 rahasia")
    shop.clock.wait(3 * 365 * 86400)
    folder, path = shop.folder / "backups", archive.beside(shop.ctx.store.path)
    folder.mkdir()
    assert schedule.tend(shop.ctx)
    plain, sealed = folder / path.name, folder / (path.name + ".age")
    assert [plain.exists(), sealed.exists()] == [True, False]
    sealing._keep_key(shop.ctx, KEY)
    assert archived.keep(shop.ctx) == sealed
    assert [plain.exists(), sealed.exists()] == [False, True]
    assert b"rahasia" not in sealed.read_bytes()
    assert b"SQLite" not in sealed.read_bytes()
    assert archived.keep(shop.ctx) is None

    def say(*words: str) -> int:
        return CliRunner().invoke(main, ["--data", str(shop.folder), *words]).exit_code

    path.write_bytes(b"broken")
    assert say("restore", path.name) != 0
    assert path.read_bytes() == b"broken"
    assert say("restore", path.name, "--yes") == 0
    assert archive.count(shop.ctx.store.path) == 2
    assert "rahasia" in view.words(shop.ctx, 1).text
    sealing.set_passphrase(shop.ctx, "")
    assert archived.keep(shop.ctx) == plain
    assert [plain.exists(), sealed.exists()] == [True, False]
    path.unlink()
    assert say("restore", path.name, "--yes") == 0
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'backups.restore_archive'") == 2
    foreign = folder / f"other{archive.SUFFIX}"
    shop.leave()
    shutil.copy(shop.ctx.store.path, foreign)
    assert say("restore", str(foreign), "--yes") != 0


def test_the_archive_goes_to_the_other_folder(shop: Shop, tmp_path: Path) -> None:
    """The archive's copy goes where backups go, sealed as they are and renewed with it; a folder that
    is not there, or takes nothing, hinders nobody and is told with the backups."""
    (tmp_path / "usb").mkdir()
    shop.set(FOLDER, tmp_path / "usb")
    other = places.chosen(shop.ctx)
    assert other is not None
    shop.ask(ANI, "HARGA BSI-C7 rahasia")
    shop.clock.wait(3 * 365 * DAY)
    (shop.folder / "backups").mkdir()
    assert schedule.tend(shop.ctx)
    name = archive.beside(shop.ctx.store.path).name
    plain, sealed = other / name, other / f"{name}.age"
    assert plain.read_bytes() == (shop.folder / "backups" / name).read_bytes()
    assert plain.stat().st_mode & 0o077 == 0
    sealing._keep_key(shop.ctx, KEY)
    archived.keep(shop.ctx)
    assert [plain.exists(), sealed.exists()] == [False, True]
    assert b"rahasia" not in sealed.read_bytes()
    sealed.unlink()
    sealed.mkdir()
    archived.keep(shop.ctx)
    assert state.standing(shop.ctx).trouble_in == places.OTHER
    shutil.rmtree(tmp_path / "usb")
    archived.keep(shop.ctx)


def test_the_findings(shop: Shop) -> None:
    """Exports, log and archive are told; an archive that is gone, or damaged, is bad."""
    exported(shop, "sales-2026.xlsx", 1)
    assert found(shop, "exports").facts["files"] == 1
    assert found(shop, "log").well
    shop.ask(ANI, "HARGA BSI-C7")
    shop.clock.wait(3 * 365 * DAY)
    schedule.tend(shop.ctx)
    assert found(shop, "messages").facts["archive"] is True
    path = archive.beside(shop.ctx.store.path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    assert found(shop, "messages", thorough=True).state == "bad"
    path.unlink()
    assert found(shop, "messages").state == "bad"


def test_a_keeper_ends_at_once(shop: Shop) -> None:
    """The thread ends when the program does, without waiting for its next look."""
    keeper = schedule.Keeper(shop.ctx.store, shop.clock)
    keeper.start()
    keeper.stop()
    assert not keeper._thread.is_alive()


# ── the log ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def log(tmp_path: Path) -> Iterator[logging.Logger]:
    """What writes into a log of the shop's kind."""
    logger = logging.getLogger("uji.log")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    handler = ShopLog(tmp_path / "crm.log", 1)
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)
    handler.close()


PDU = "07912618010000F0040C9126181100000000006211" * 3


@pytest.mark.parametrize(
    "secret",
    ["+6281100000001", "081100000001", "0811-0000-0001", "6281100000001", "0811 0000 0001", PDU],
)
def test_no_numbers_and_no_texts(log: logging.Logger, tmp_path: Path, secret: str) -> None:
    """Numbers and SMS are not in the log in the clear, in whatever way they came there."""
    log.warning("%s cannot be answered by SMS.", secret)
    log.error(f"slot SM 3: {secret}; rest")
    customer = "Bu " + "tini".title()
    try:
        raise KeyError(f"PESAN kampas buat {customer} {secret}")
    except KeyError:
        log.exception("message %s could not be handled", 17)
    written = (tmp_path / "crm.log").read_text("utf-8")
    assert secret not in written
    assert "Tini" not in written
    assert "message 17 could not be handled" in written
    assert "KeyError" in written
    assert "in test_no_numbers_and_no_texts" in written


def test_no_words_of_people_by_any_way(log: logging.Logger, tmp_path: Path) -> None:
    """What an error says in several lines, came from or holds within it, and with what somebody wanted
    something done, is no more in the log than what it quotes; what it was, and where, is."""

    def look(name: str) -> None:
        raise ValueError(f"nothing is called\n  {name}\n{name} {name!r}")

    said = "Bu " + "tini".title()
    try:
        try:
            look(said)
        except ValueError as trouble:
            raise ExceptionGroup("several", [trouble, KeyError(f"\n'{said}'")]) from trouble
    except ExceptionGroup as trouble:
        log.exception("%s failed", partial(look, said))
        log.warning("the row lies aside: %s", trouble.exceptions[1])
    written = (tmp_path / "crm.log").read_text("utf-8")
    assert "Tini" not in written
    assert "look failed" in written
    assert "ValueError: nothing is called" in written
    assert "ExceptionGroup: several" in written
    assert "in look" in written


def test_the_library_gives_up_without_values() -> None:
    """What the library shows when it gives up names the error and its place, and no value."""
    secret = "kuda-" + "rahasia"
    try:
        raise ValueError(secret)
    except ValueError:
        told = guarded._where(Traceback(show_locals=True))
    assert secret not in told
    assert re.fullmatch(r"ValueError in .*test_upkeep\.py:\d+", told)
    assert guarded._where(secret) == "str"


def test_nothing_in_the_log_is_obeyed(log: logging.Logger, tmp_path: Path) -> None:
    """What a modem says is one line of the log, and no terminal that shows it obeys it."""
    said = "ERROR\x1b]0;x\x07\x9b31m\u202e\r\n2026-01-01 INFO forged"
    log.info("AT+CNMI: %s", said)
    try:
        raise ValueError(said)
    except ValueError:
        log.exception("%s", said)
    written = (tmp_path / "crm.log").read_bytes().decode("utf-8")
    assert all(sign in "\n\t" or sign.isprintable() for sign in written)
    assert not [line for line in written.splitlines() if line.startswith("2026-01-01 INFO forged")]


def test_what_is_needed_stays() -> None:
    """Keys, moments, ports and errors are readable; a number can still be told from another."""
    for text in (
        "2026-11-26 10:43:22,123 INFO crm_tui.gateway gateway ready, signal 21, well",
        "order 12345678 did not expire", "AT+CPMS=?: +CMS ERROR: 321", "/dev/ttyUSB0 is no modem",
        "<function page at 0x7f93510215a0> failed",
    ):  # fmt: skip
        assert masked(text) == text
    assert masked("+6281234567890") == "+628…890"
    assert masked('AT+CPIN="1234"') == "AT+CPIN=…"
    assert masked(PDU) != masked(PDU.replace("0", "1"))


@pytest.mark.soak
def test_the_log_stays_in_bounds(log: logging.Logger, tmp_path: Path) -> None:
    """However much is written, all files of the log together take what is allowed."""
    for number in range(30_000):
        log.info("%06d %s", number, "x" * 80)
    files = shop_log.files(tmp_path)
    assert sum(each.stat().st_size for each in files) <= 1_000_000
    assert len(files) == shop_log.FILES
    assert "029999" in (tmp_path / "crm.log").read_text("utf-8")


def test_stamps_are_not_numbers() -> None:
    """A moment of the store is no telephone number."""
    text = stamp(datetime(2026, 11, 26, tzinfo=UTC))
    assert masked(text) == text
