"""What rots: a backup that is not as it was written, a backup of a damaged store, a store that says no
text any more, and what can still be taken out of it."""

import csv
import errno
import gc
import os
import shutil
import unicodedata
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crm_tui import check_result, page_sums, sqlite, store_problems
from crm_tui.cli.commands import main
from crm_tui.i18n import say, translate
from crm_tui.shop.backups import (
    bringing,
    making,
    places,
    preparing,
    proving,
    rehearsing,
    schedule,
    sealing,
    state,
    telling,
)
from crm_tui.shop.backups.errors import (
    BackupChanged,
    BackupFailed,
    NoBackup,
    NoRoomToRestore,
    WrongPassphrase,
)
from crm_tui.shop.backups.places import OTHER, OWN
from crm_tui.shop.backups.settings import DAILY, FOLDER
from crm_tui.shop.checks import integrity
from crm_tui.shop.checks import telling as health
from crm_tui.shop.gate.context import GATEWAY, console
from crm_tui.shop.messages import outbox
from crm_tui.shop.upkeep import exporting
from crm_tui.store import Store
from tests.shop import ANI, START, Shop

WORD = b"Rp123.456"


def tr(text: str, /, **params: object) -> str:
    return translate(text, "en", **params)


def harm(path: Path, *, word: bytes = WORD, bits: tuple[int, ...] = (1,)) -> None:
    """Turn one bit of so many of the first octets of a word, wherever it stands in a file."""
    octets = bytearray(path.read_bytes())
    at = octets.find(word)
    assert at >= 0
    while at >= 0:
        for number, bit in enumerate(bits):
            octets[at + 2 + number] ^= bit
        at = octets.find(word, at + 1)
    path.write_bytes(octets)


@pytest.fixture
def kept(shop: Shop) -> Shop:
    """A shop whose pages are known, with an SMS that names a sum."""
    outbox.send(shop.ctx, ANI, WORD.decode())
    shop.leave()
    integrity.check(shop.ctx.store.path, shop.clock, thorough=True, between=lambda: None)
    return shop


def texts(path: Path) -> set[str]:
    with closing(sqlite.connect(path)) as file:
        return {row[0] for row in file.execute("SELECT text FROM messages")}


def test_a_backup_that_is_not_as_it_was_written(kept: Shop) -> None:
    """A bit that flips in a text of a backup, which breaks nothing, is told before it is restored;
    tried out, it counts no more, and another one is made."""
    made = making.make(kept.ctx)
    with preparing.prepared(kept.folder, kept.clock, made.path) as ready:
        assert "not as it was written" not in str(telling.preview(tr, ready))
    harm(made.path)
    with preparing.prepared(kept.folder, kept.clock, made.path) as ready:
        assert "not as it was written" in str(telling.preview(tr, ready))
    kept.clock.wait(60)
    with pytest.raises(BackupChanged):
        rehearsing.rehearse(kept.ctx)
    assert state.last_good(kept.ctx) is None
    assert made.path.exists()
    assert "not as it was written" in tr(str(state.standing(kept.ctx).trouble))
    assert schedule.tend(kept.ctx.acting(GATEWAY))
    good = state.last_good(kept.ctx)
    assert good is not None
    assert good.where != made.path
    kept.ctx.db.execute("DELETE FROM backup_places")
    with pytest.raises(NoBackup):
        rehearsing.rehearse(kept.ctx)


def test_one_that_rots_beside_the_stick(kept: Shop, tmp_path: Path) -> None:
    """A backup that rotted before it was brought to the stick is no fault of the stick's; one that rots
    there is brought anew."""
    (tmp_path / "usb").mkdir()
    made = making.make(kept.ctx)
    kept.set(FOLDER, tmp_path / "usb")
    stick = places.chosen(kept.ctx)
    assert stick is not None
    harm(made.path)
    assert not making.bring_out(kept.ctx)
    trouble = dict(kept.ctx.db.execute("SELECT place, trouble FROM backup_places").fetchall())
    assert trouble[OWN]
    assert not trouble[OTHER]
    kept.clock.wait(60)
    again = making.make(kept.ctx)
    right = (stick / again.name).read_bytes()
    harm(stick / again.name)
    bringing.read_back(kept.ctx)
    assert not places.good(kept.ctx, stick, OTHER)
    assert making.bring_out(kept.ctx)
    assert (stick / again.name).read_bytes() == right
    assert not state.standing(kept.ctx).trouble


@pytest.mark.parametrize("where", [OWN, OTHER])
def test_a_backup_that_cannot_be_read(
    kept: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A backup whose octets the disk does not give back any more counts no more, and is made or brought
    anew; told is the folder in which it lies."""
    (tmp_path / "usb").mkdir()
    made = making.make(kept.ctx)
    kept.set(FOLDER, tmp_path / "usb")
    stick = places.chosen(kept.ctx)
    assert stick is not None
    if where == OTHER:
        assert making.bring_out(kept.ctx)
    bad = (stick if where == OTHER else made.path.parent) / made.name
    opened = Path.open

    def worn(path: Path, *args: Any, **how: Any) -> Any:
        if path == bad and args == ("rb",):
            raise OSError(errno.EIO, "Input/output error")
        return opened(path, *args, **how)

    monkeypatch.setattr(Path, "open", worn)
    if where == OTHER:
        bringing.read_back(kept.ctx)
    else:
        assert not making.bring_out(kept.ctx)
    monkeypatch.undo()
    trouble = dict(kept.ctx.db.execute("SELECT place, trouble FROM backup_places").fetchall())
    assert [place for place, why in trouble.items() if why] == [where]
    assert places.read_note(bad) is None
    kept.clock.wait(60)
    schedule.tend(kept.ctx.acting(GATEWAY))
    assert not state.standing(kept.ctx).trouble


def test_a_damaged_page_is_no_good_backup(kept: Shop) -> None:
    """A backup of a store with a damaged page is told, named for what it is before it is restored, and
    not what the staff are sent to; the one from before stays beyond the schedule."""
    whole = making.make(kept.ctx)
    kept.ctx.store.close()
    harm(kept.ctx.store.path, bits=(1, 2, 4))
    kept.set(DAILY, 2)
    for _ in range(3):
        kept.clock.wait(24 * 3600)
        made = making.run(kept.ctx, "daily")
    assert "pages of the store" in tr(str(state.standing(kept.ctx).trouble))
    found = proving.last_whole(kept.ctx)
    assert found is not None
    assert found.name == whole.name
    kept.ctx.store.close()
    integrity.check(kept.ctx.store.path, kept.clock, thorough=True, between=lambda: None)
    assert whole.name in str(health.damage(kept.ctx).advice)
    with preparing.prepared(kept.folder, kept.clock, made.path) as ready:
        assert "pages of the store" in str(telling.preview(tr, ready))


@pytest.mark.parametrize("wrong", [1970, 2099])
def test_a_doubted_clock_makes_no_backup_after_another(shop: Shop, wrong: int) -> None:
    """With a clock that leapt days ago one backup is made each day, not one each half a minute, and its
    moment is of the time that counts."""
    worker = shop.ctx.acting(GATEWAY)
    schedule.tend(worker)
    shop.clock.set(datetime(wrong, 1, 1, tzinfo=UTC))
    shop.clock.wait(25 * 3600)
    assert [schedule.tend(worker), schedule.tend(worker)] == ["daily", ""]
    good = state.last_good(shop.ctx)
    assert good is not None
    assert good.at - START == timedelta(hours=25)
    assert not state.standing(shop.ctx).bad


def test_a_flipped_bit_goes_into_no_backup(kept: Shop) -> None:
    """A bit that flipped in the store is put right in its backup."""
    kept.ctx.store.close()
    harm(kept.ctx.store.path)
    made = making.make(kept.ctx)
    assert WORD.decode() in texts(made.path)
    assert made.note is not None
    assert proving.is_whole(made.note)


def test_a_moved_shop_has_its_backups(kept: Shop, tmp_path: Path) -> None:
    """A shop's folder that was moved, or is called by another name, has its backups still."""
    made = making.make(kept.ctx)
    kept.ctx.store.close()
    moved = Path(shutil.copytree(kept.folder, tmp_path / "pindah"))
    store = Store(moved / "crm.db")
    good = state.last_good(type(kept.ctx)(store, kept.clock, console()))
    store.close()
    assert good is not None
    assert good.where == moved / "backups" / made.name


@pytest.mark.soak
def test_what_can_be_read_of_a_broken_store(kept: Shop, tmp_path: Path) -> None:
    """What a person is told to do with a store that is only read can be done: all that can be read is
    taken out, what is no text any more as far as it is, and what is missing is named."""
    for number in range(100):
        outbox.send(kept.ctx, ANI, f"Kabar {number} " + "x" * 100)
    kept.ctx.store.close()
    with closing(sqlite.connect(kept.ctx.store.path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.execute("PRAGMA journal_mode=delete")
    path = kept.ctx.store.path
    octets = bytearray(path.read_bytes())
    inner = octets.find(b"Kabar 50 ") // 4096 * 4096
    octets[inner : inner + 4096] = b"\x77" * 4096
    octets[octets.find(b"Kabar 80 ") + 1] = 0xFF
    path.write_bytes(octets)
    check_result.forget(path)
    page_sums.path_of(path).unlink()
    integrity.check(path, kept.clock, thorough=True, between=lambda: None)
    kept.ctx.store.look_at_the_check()
    taken = exporting.export(kept.ctx, tmp_path / "semua", tr)
    assert taken.cut == ("messages",)
    with (tmp_path / "semua" / "messages.csv").open(encoding="utf-8", newline="") as file:
        read = [row["text"] for row in csv.DictReader(file)]
    assert 60 < len(read) < 101
    assert read[0] == WORD.decode()
    assert read[-1].startswith("Kabar 99 ")
    assert any("�bar 80" in text for text in read)
    assert "" not in read


def test_a_name_that_is_no_text(kept: Shop) -> None:
    """A store whose schema holds no text any more is called damaged; its backups are listed, and can be
    restored, by one command each."""
    made = making.make(kept.ctx)
    path = kept.ctx.store.path
    kept.ctx.store.close()
    octets = bytearray(path.read_bytes())
    at = octets.find(b"CREATE TABLE orders")
    octets[at + 8 : at + 10] = b"\xa0\xff"
    octets[at + 30] = 0xA1
    path.write_bytes(octets)
    for words in ([], [made.name, "--yes"]):
        done = CliRunner().invoke(main, ["--data", str(kept.folder), "restore", *words])
        assert done.exit_code == 0
        assert "Jangan menyalinnya sendiri" in done.output
        assert made.name in done.output
    assert WORD.decode() in texts(path)


def test_what_is_no_store_keeps_its_log(kept: Shop, tmp_path: Path) -> None:
    """A file that is no store any more goes aside with its log: no program that looks at it throws that
    away."""
    made = making.make(kept.ctx)
    kept.ctx.store.close()
    # Which no program of this process has ever had open.
    folder = Path(shutil.copytree(kept.folder, tmp_path / "lain"))
    path = folder / "crm.db"
    path.write_bytes(b"rubbish" * 1000)
    log = path.with_name("crm.db-wal")
    log.write_bytes(b"log" * 1000)
    for words in (["check"], ["report", "stock"], ["restore", made.name, "--yes"]):
        CliRunner().invoke(main, ["--data", str(folder), *words])
        gc.collect()
    (aside,) = (folder / "replaced").glob("*-wal")
    assert aside.read_bytes() == b"log" * 1000
    assert WORD.decode() in texts(path)


def test_a_passphrase_as_it_is_written_down(kept: Shop) -> None:
    """Another computer's keyboard, which writes é as two signs, or a blank that nobody sees opens what
    the passphrase sealed, however it was typed then; another word does not."""
    chosen = "kereta api ké "
    sealing.set_passphrase(kept.ctx, chosen)
    made = making.make(kept.ctx)
    head = sealing.head_of(made.path)
    for typed in (chosen, chosen.strip(), unicodedata.normalize("NFD", chosen)):
        assert sealing.identity_under(head, typed, "")
    with pytest.raises(WrongPassphrase):
        sealing.identity_under(head, "kereta api ke", "")


def test_a_disk_that_can_only_be_read(kept: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that the system lets nobody write to any more, for it fails, is named with what to do;
    what the system says of a file is told in the person's language."""
    trouble = sqlite.OperationalError("unable to open database file")
    trouble.sqlite_errorcode = sqlite.SQLITE_CANTOPEN
    path = kept.ctx.store.path
    assert type(store_problems.problem_of(trouble, path)) is store_problems.StoreReadOnly
    flags = os.statvfs_result((0, 0, 0, 0, 0, 0, 0, 0, os.ST_RDONLY, 0))
    monkeypatch.setattr(os, "statvfs", lambda _: flags)
    told = store_problems.problem_of(trouble, path)
    assert isinstance(told, store_problems.StoreOnReadOnlyDisk)
    why = os.strerror(errno.EROFS)
    assert "hanya bisa dibaca" in say(BackupFailed(folder=path, why=why), "id")


def test_no_room_to_restore(kept: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no fault of the backup: room is asked for, and no other backup."""
    made = making.make(kept.ctx)

    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(NoRoomToRestore),
        preparing.prepared(kept.folder, kept.clock, made.path),
    ):
        pass
    assert not (kept.folder / ".restore").exists()
