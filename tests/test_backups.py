"""Backups: made beside the work, checked before they count, sealed, kept by a schedule."""

import base64
import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crm_tui import leaving, sqlite
from crm_tui.cli.commands import main
from crm_tui.clock import stamp
from crm_tui.shop.backups import (
    checking,
    copying,
    erasures,
    findings,
    holding,
    making,
    places,
    preparing,
    retention,
    schedule,
    sealing,
    state,
    telling,
    unsealed,
)
from crm_tui.shop.backups.errors import (
    BackupFailed,
    BackupMissing,
    BackupRunning,
    BackupUnreadable,
    BackupUnsound,
    NoRoom,
    PassphraseNeeded,
    PassphraseTooShort,
    PlaceMissing,
    PlaceWithin,
)
from crm_tui.shop.backups.places import OTHER, OWN, Backup
from crm_tui.shop.backups.settings import AT_EXIT, FOLDER
from crm_tui.shop.customers import cards
from crm_tui.shop.gate import health
from crm_tui.shop.gate.context import GATEWAY, Context, console
from crm_tui.shop.gate.errors import BadSetting, Cancelled, NotAllowed
from crm_tui.shop.gate.practice import mark_practice
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.gate.shoptime import ShopTime
from crm_tui.shop.messages import outbox
from crm_tui.shop.sales import drawer, till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.upkeep import leavings, privacy
from crm_tui.store import Store, StoreLocked
from tests.counter import staff
from tests.peers import until
from tests.shop import ANI, BUDI, Shop, cart_of


def sell(shop: Shop) -> int:
    sold = cart_of([CartLine(6, "PQ-R", "x", "set", 85000, 1)]).sold()
    return till.sell(shop.ctx, sold, [Paid("cash", 85_000)], None)


def close_drawer(shop: Shop) -> None:
    now = drawer.current(shop.ctx)
    assert now is not None
    drawer.close(shop.ctx, dict(now.expected), now)


def under_real_names(folder: Path) -> list[str]:
    """What somebody who looks into the folder takes for backups."""
    if not folder.exists():
        return []
    return sorted(
        name for name in os.listdir(folder) if name.startswith("crm-") and "json" not in name
    )


class During(Progress):
    """Does something at each step that is told."""

    def __init__(self, do: Callable[[], Any]) -> None:
        super().__init__()
        self._do = do

    def at(self, done: int, total: int) -> None:
        self._do()
        super().at(done, total)


class CalledOff(Progress):
    """Somebody calls it off at a step."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self._left = step

    def at(self, done: int, total: int) -> None:
        self._left -= 1
        if not self._left:
            self.cancel()
        super().at(done, total)


# ── one is made ───────────────────────────────────────────────────────────────────────────────────


def test_a_backup_is_the_store_of_one_moment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sold while the copy is made is not in it, waits for nothing, and begins nothing anew."""
    monkeypatch.setattr(copying, "PAGES", 20)
    sell(shop)
    before = shop.one("SELECT count(*) FROM sales")
    other = shop.console()
    steps = 0

    def somebody_sells() -> None:
        nonlocal steps
        steps += 1
        if steps <= 5:
            sold = cart_of([CartLine(6, "PQ-R", "x", "set", 85000, 1)]).sold()
            till.sell(other, sold, [Paid("cash", 85_000)], None)

    made = making.run(shop.ctx, "hand", During(somebody_sells))
    other.store.close()
    assert 8 < steps < 16
    copy = checking.opened(made.path)
    assert copy.execute("SELECT count(*) FROM sales").fetchone()[0] == before
    assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert copy.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    copy.close()
    assert shop.one("SELECT count(*) FROM sales") == before + 5


def test_what_the_status_line_says_is_what_lies_there(shop: Shop) -> None:
    """The last good one is told with its moment, its place and its size, and stands in the list."""
    assert state.last_good(shop.ctx) is None
    made = making.make(shop.ctx)
    good = state.last_good(shop.ctx)
    assert good is not None
    assert (good.where, good.at, good.size) == (
        made.path,
        shop.clock.now(),
        made.path.stat().st_size,
    )
    (listed,) = places.listed(shop.ctx)
    assert listed.checked
    assert not listed.sealed
    assert listed.note == made.note
    assert (made.path.stat().st_mode & 0o777, made.path.parent.stat().st_mode & 0o777) == (
        0o600,
        0o700,
    )


def damaged(copied: Path) -> None:
    with copied.open("rb+") as file:
        file.seek(20_000)
        file.write(b"\xff" * 9_000)


def with_wrong_sums(copied: Path) -> None:
    connection = sqlite.connect(copied)
    connection.execute("UPDATE stock SET on_hand = on_hand + 1 WHERE item_id = 6")
    connection.commit()
    connection.close()


def with_a_row_less(copied: Path) -> None:
    connection = sqlite.connect(copied)
    connection.execute("DELETE FROM customers")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("harm", [damaged, with_wrong_sums, with_a_row_less])
def test_a_copy_that_is_not_the_store_does_not_count(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, harm: Callable[[Path], None]
) -> None:
    """Neither damage nor wrong sums nor a row that lacks gets a real name; the earlier one stays."""
    shop.ask(ANI, "INFO")
    first = making.make(shop.ctx)
    shop.clock.wait(60)
    copy = copying._copy

    def copied(ctx: Context, plain: Path, folder: Path, progress: Progress) -> Any:
        done = copy(ctx, plain, folder, progress)
        harm(plain)
        return done

    monkeypatch.setattr(copying, "_copy", copied)
    with pytest.raises(BackupUnsound):
        making.make(shop.ctx)
    assert under_real_names(first.path.parent) == [first.name]
    assert sorted(os.listdir(first.path.parent)) == [".lock", first.name, first.name + ".json"]
    standing = state.standing(shop.ctx)
    assert standing.good is not None
    assert standing.good.where == first.path
    assert standing.trouble


def test_books_that_do_not_agree(shop: Shop) -> None:
    """A shop whose own books do not agree still gets true copies, is told of it, and can restore them;
    a copy that breaks another rule than the store counts as none."""
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE stock SET on_hand = on_hand + 1 WHERE item_id = 6")
    made = making.make(shop.ctx)
    good, standing = state.last_good(shop.ctx), state.standing(shop.ctx)
    assert good is not None
    assert good.where == made.path
    assert not standing.bad
    assert "BackupDiffers" not in standing.trouble
    assert "true copy" in standing.trouble
    with preparing.prepared(shop.folder, shop.clock, made.path) as ready:
        assert ready.rows["stock"] > 0
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE stock SET on_hand = on_hand - 1 WHERE item_id = 6")
    shop.clock.wait(60)
    making.make(shop.ctx)
    assert not state.standing(shop.ctx).trouble


def test_a_backup_with_books_harmed_later(shop: Shop) -> None:
    """Whoever changes a figure in a backup's file is found out, though its note stands beside it."""
    made = making.make(shop.ctx)
    at, size = made.path.stat().st_mtime_ns, made.path.stat().st_size
    with closing(sqlite.connect(made.path)) as harmed:
        harmed.execute("UPDATE stock SET on_hand = on_hand + 1 WHERE item_id = 6")
        harmed.commit()
    os.utime(made.path, ns=(at, at))
    assert made.path.stat().st_size == size
    with pytest.raises(BackupUnreadable), preparing.prepared(shop.folder, shop.clock, made.path):
        pass


def test_a_full_disk_leaves_nothing_half(shop: Shop) -> None:
    """The disk is full at any size: one sentence, no file under a real name, the store goes on."""
    shop.ctx.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (100_000, 400_000, 700_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(BackupFailed):
                making.run(shop.ctx, "hand")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert os.listdir(places.own(shop.ctx)) == [".lock"]
    assert state.standing(shop.ctx).trouble
    making.make(shop.ctx)
    assert not state.standing(shop.ctx).trouble


def test_no_room_is_told_before(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is not begun."""
    monkeypatch.setattr(places, "free_bytes", lambda folder: 1000)
    with pytest.raises(NoRoom):
        making.make(shop.ctx)
    assert os.listdir(places.own(shop.ctx)) == [".lock"]


def test_a_folder_that_cannot_be_written(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is none, or only to be read: a sentence, and the trouble is known."""
    places.own(shop.ctx).write_text("x")
    with pytest.raises(BackupFailed):
        making.make(shop.ctx)
    places.own(shop.ctx).unlink()
    assert state.standing(shop.ctx).trouble

    def readonly(*args: Any, **kwargs: Any) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(copying, "_make_private", readonly)
    with pytest.raises(BackupFailed, match="Read-only file system"):
        making.make(shop.ctx)
    assert under_real_names(places.own(shop.ctx)) == []


def test_called_off(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls it off leaves nothing behind, at whatever step."""
    monkeypatch.setattr(copying, "PAGES", 20)
    for steps in (1, 2, 9, 10):
        with pytest.raises(Cancelled):
            making.run(shop.ctx, "hand", CalledOff(steps))
        assert os.listdir(places.own(shop.ctx)) == [".lock"]
    assert not state.standing(shop.ctx).trouble


def test_another_program_holds_the_store(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody writes for long the copy is made all the same, whole and checked."""
    monkeypatch.setattr("crm_tui.store.BUSY_SECONDS", 0.05)
    impatient = shop.console()
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE items SET price = price + 1 WHERE id = 1")
        with pytest.raises(StoreLocked):
            making.run(impatient, "hand")
    impatient.store.close()
    (made,) = places.listed(shop.ctx)
    assert made.checked


def test_one_at_a_time(shop: Shop) -> None:
    """Two programs do not make backups at once."""
    with making.one_at_a_time(places.own(shop.ctx)), pytest.raises(BackupRunning):
        making.make(shop.ctx)


def test_killed_at_any_step(shop: Shop) -> None:
    """Killed at any moment, a backup that has a real name is whole, and the next one is made."""
    shop.ask(ANI, "INFO")
    folder = places.own(shop.ctx)
    shop.leave()

    def backup() -> None:
        making.run(Context(Store(shop.folder / "crm.db"), shop.clock, console()), "hand")

    for step in range(1, 40):
        if not killed_at(step, backup):
            break
        for name in under_real_names(folder):
            checking.check(folder / name)
    else:
        raise AssertionError("it never came to its end")
    assert step > 8
    assert under_real_names(folder)
    shop.clock.wait(60)
    made = making.make(shop.ctx)
    assert not [name for name in os.listdir(folder) if name.startswith(".") and name != ".lock"]
    assert made.checked


def killed_at(step: int, do: Callable[[], Any]) -> bool:
    """Do something in a child that is killed before its `step`th dealing with names; whether it was."""
    import signal
    import sys

    child = os.fork()
    if child == 0:
        left = step

        def hook(event: str, args: tuple[Any, ...]) -> None:
            nonlocal left
            if event in ("os.rename", "os.remove", "os.mkdir"):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            do()
        except BaseException:  # noqa: BLE001 - it must not come back
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


# ── the other folder ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def stick(shop: Shop, tmp_path: Path) -> Path:
    """A USB stick that the shop has chosen; its own folder on it."""
    (tmp_path / "usb").mkdir()
    shop.set(FOLDER, tmp_path / "usb")
    found = places.chosen(shop.ctx)
    assert found is not None
    return found


def test_the_second_folder_has_it_too(shop: Shop, stick: Path) -> None:
    """What is made beside the store is on the stick, octet for octet, with its note."""
    made = making.make(shop.ctx)
    assert (stick / made.name).read_bytes() == made.path.read_bytes()
    assert places.read_note(stick / made.name) == made.note
    assert [each.place for each in places.listed(shop.ctx)] == [OWN, OTHER]


def test_no_link_on_a_stick_is_written_through(shop: Shop, tmp_path: Path) -> None:
    """Whoever had the stick before may leave links there by the names that the program will write: what
    they lead to is neither emptied nor written, and backups are not the shop's own once more."""
    victim = tmp_path / "ledger.key"
    victim.write_bytes(b"key")
    usb = tmp_path / "usb"
    mine = usb / f"crm-tui-{places.shop_id(shop.ctx)[:8]}"
    mine.mkdir(parents=True)
    (mine / f".trial{places.PART}").symlink_to(victim)
    shop.set(FOLDER, usb)
    assert victim.read_bytes() == b"key"
    name = places.name_at(shop.clock.now(), sealed=False)
    (mine / f".{name}{places.PART}").symlink_to(victim)
    made = making.make(shop.ctx)
    assert made.name == name
    assert victim.read_bytes() == b"key"
    assert (mine / name).read_bytes() == made.path.read_bytes()
    assert not (mine / name).is_symlink()
    shop.set(FOLDER, "")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / mine.name).symlink_to(places.own(shop.ctx))
    with pytest.raises(PlaceWithin):
        shop.set(FOLDER, tmp_path / "bad")


def test_a_stick_that_is_pulled_out_in_the_middle(shop: Shop, stick: Path) -> None:
    """The one beside the store counts; the status line is red until the stick has it, too."""

    def pull() -> None:
        if list(stick.glob(".crm*")):
            stick.rename(stick.parent.parent / "pulled")

    made = making.run(shop.ctx, "hand", During(pull))
    assert made.checked
    schedule.tend(shop.ctx.acting(GATEWAY))
    standing = state.standing(shop.ctx)
    assert standing.missing
    assert standing.bad
    assert not stick.exists()
    # A mount point without its stick is a folder of the same disk: nothing is written there.
    stick.parent.mkdir(exist_ok=True)
    assert not making.bring_out(shop.ctx)
    assert os.listdir(stick.parent) == []
    (stick.parent.parent / "pulled").rename(stick)
    assert under_real_names(stick) == []
    schedule.tend(shop.ctx.acting(GATEWAY))
    assert under_real_names(stick) == [made.name]
    assert not state.standing(shop.ctx).bad
    assert not state.standing(shop.ctx).trouble


def test_a_stick_that_answers_with_an_error(
    shop: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that is dying, or a computer that is off, says neither yes nor no: told as not there;
    the backup beside the store counts."""
    asked = os.stat

    def dying(path: Any, *args: Any, **how: Any) -> os.stat_result:
        if str(path).startswith(str(stick.parent)):
            raise OSError(errno.EIO, "Input/output error")
        return asked(path, *args, **how)

    monkeypatch.setattr(os, "stat", dying)
    assert making.run(shop.ctx, "hand").checked
    assert state.standing(shop.ctx).missing
    assert not making.bring_out(shop.ctx)
    assert leavings.left(shop.ctx).away
    holding.remove(shop.ctx, [])
    with pytest.raises(PlaceMissing):
        shop.set(FOLDER, stick.parent)


def test_names_that_no_disk_takes(shop: Shop, tmp_path: Path) -> None:
    """A name that is too long for the system is told as what is not there, wherever one is named."""
    long = tmp_path / ("a" * 300)
    with pytest.raises(PlaceMissing):
        shop.set(FOLDER, long)
    with pytest.raises(BackupMissing):
        preparing.find(shop.folder, long.name)
    with pytest.raises(PlaceMissing):
        making.make_file(shop.ctx, long / "crm.db")
    with pytest.raises(BackupFailed):
        making.make_file(shop.ctx, long)


def test_what_was_left_in_a_folder_of_others(shop: Shop, tmp_path: Path) -> None:
    """What a program that was killed has left where somebody wanted a backup goes with the next one;
    what is perhaps being written, and what is not ours, stays."""
    now = shop.clock.now().timestamp()
    for name, age in (
        (".77.part", 7200),
        (".78.age.part", 7200),
        (".79.part", 9),
        (".x.part", 7200),
    ):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now - age, now - age))
    making.make_file(shop.ctx, tmp_path / "toko.db")
    assert {each.name for each in tmp_path.glob(".*.part")} == {".79.part", ".x.part"}


def test_a_folder_among_what_is_left(shop: Shop) -> None:
    """A folder called as what an unfinished backup leaves keeps none from being made."""
    (places.own(shop.ctx) / f".x{places.PART}").mkdir(parents=True)
    assert making.make(shop.ctx).checked


def test_a_stick_that_is_full(shop: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick without room keeps what it has, and the reason is told."""
    monkeypatch.setattr(places, "free_bytes", lambda folder: 1000 if folder == stick else 10**12)
    assert making.make(shop.ctx).checked
    assert under_real_names(stick) == []
    assert state.standing(shop.ctx).trouble_in == OTHER


def test_a_stick_that_fails_for_long(shop: Shop, stick: Path) -> None:
    """A stick that is there and takes no backup, read-only or full, is shown in red after two days."""
    making.make(shop.ctx)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "free_bytes", lambda folder: 1000 if folder == stick else 10**12)
        for hours, bad in ((1, False), (46, False), (4, True)):
            shop.clock.wait(hours * 3600)
            making.make(shop.ctx)
            assert state.standing(shop.ctx).bad is bad
    told = findings.backup(shop.ctx)
    assert told is not None
    assert told.state == health.BAD
    making.make(shop.ctx)
    assert not state.standing(shop.ctx).bad


@pytest.mark.parametrize(
    "said", [{"epoch": "2"}, {"epoch": None}, {"shop": 7}, {"counts": [1]}, {"differs": {"x": 1}}]
)
def test_a_note_that_others_wrote(shop: Shop, said: dict[str, Any]) -> None:
    """A note on a stick in which something stands that belongs elsewhere is none; one of a newer
    program, which says more, is one."""
    made = making.make(shop.ctx)
    note = places.note_of(made.path)
    raw = json.loads(note.read_text("utf-8"))
    note.write_text(json.dumps(raw | {"more": 1}), "utf-8")
    assert places.read_note(made.path) == made.note
    note.write_text(json.dumps(raw | said), "utf-8")
    assert places.read_note(made.path) is None
    assert preparing.preview(shop.ctx, made.path).changed


def test_choosing_a_folder(shop: Shop, tmp_path: Path) -> None:
    """A folder that is not there cannot be chosen, nor one that is lost with the shop's own; no folder
    is one, too."""
    with pytest.raises(PlaceWithin):
        shop.set(FOLDER, places.own(shop.ctx).parent)
    with pytest.raises(PlaceMissing):
        shop.set(FOLDER, tmp_path / "nowhere")
    with pytest.raises(BadSetting):
        shop.set(FOLDER, "usb")
    assert places.chosen(shop.ctx) is None
    (tmp_path / "usb").mkdir()
    shop.set(FOLDER, tmp_path / "usb")
    shop.set(FOLDER, "")
    assert places.chosen(shop.ctx) is None
    assert not state.standing(shop.ctx).missing


# ── by itself ─────────────────────────────────────────────────────────────────────────────────────


def test_when_a_backup_is_due(shop: Shop) -> None:
    """At once in a new shop, each day, and when the drawer was closed; not twice."""
    worker = shop.ctx.acting(GATEWAY)
    assert schedule.tend(worker) == "daily"
    assert schedule.tend(worker) == ""
    sell(shop)
    assert schedule.due(worker) == ""
    shop.clock.wait(60)
    close_drawer(shop)
    assert schedule.tend(worker) == "drawer"
    assert schedule.tend(worker) == ""
    shop.clock.wait(24 * 3600)
    assert schedule.tend(worker) == "daily"


def test_a_practice_shop_needs_none(shop: Shop) -> None:
    """Nothing in a practice shop is worth a backup."""
    mark_practice(shop.ctx)
    assert schedule.due(shop.ctx) == ""
    assert not schedule.due_at_exit(shop.ctx)


def made_in_2099(shop: Shop) -> Backup:
    """One that was made while somebody had called a wrong clock right."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ShopTime, "now", lambda _: datetime(2099, 1, 1, tzinfo=UTC))
        return making.run(shop.ctx, "hand")


def test_a_clock_from_the_future_keeps_no_backup_from_being_made(shop: Shop) -> None:
    """One that was made in 2099 is neither the last word nor a reason to delete the others."""
    first = making.make(shop.ctx)
    made_in_2099(shop)
    shop.clock.wait(3600)
    assert schedule.due(shop.ctx) == "daily"
    making.run(shop.ctx, "daily")
    assert schedule.due(shop.ctx) == ""
    assert first.path.exists()
    assert len(places.listed(shop.ctx)) == 3


def test_behind_a_clock_from_the_future(shop: Shop, stick: Path) -> None:
    """With one from 2099 in both folders new ones still go to the stick and count, and old ones go."""
    future = made_in_2099(shop)
    for _ in range(12):
        shop.clock.wait(24 * 3600)
        made = making.run(shop.ctx, "daily")
        assert places.read_note(stick / made.name) == made.note
    for folder in (places.own(shop.ctx), stick):
        assert future.name in under_real_names(folder)
        assert len(under_real_names(folder)) <= 11
    shop.clock.wait(49 * 3600)
    assert state.standing(shop.ctx).bad


def test_a_moment_of_the_future_calms_nobody(shop: Shop, stick: Path) -> None:
    """What a wrong clock noted as the moment of the last backup is not the last one, hides no folder
    that fails, and does not say for years that all is well."""
    made = making.make(shop.ctx)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE backup_places SET good_at = '2099-01-01' || substr(good_at, 11)"
                   " WHERE place = 'other'")  # fmt: skip
    good = state.last_good(shop.ctx)
    assert good is not None
    assert (good.place, good.at) == (OWN, made.at)
    assert not state.standing(shop.ctx).old
    state.note_trouble(
        shop.ctx.acting(GATEWAY), OTHER, stick, NoRoom(needed=2, folder=stick, free=1)
    )
    assert state.standing(shop.ctx).failing
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE backup_places SET good_at = '2099-01-01' || substr(good_at, 11)")
    assert state.standing(shop.ctx).old


def test_a_backup_of_another_shop_is_none_of_ours(shop: Shop, stick: Path) -> None:
    """What was copied into our folder goes to no stick, and is not the last good one."""
    made = making.make(shop.ctx)
    foreign = places.own(shop.ctx) / places.name_at(
        shop.clock.now() - timedelta(seconds=1), sealed=False
    )
    shutil.copy(made.path, foreign)
    assert made.note
    places.write_note(foreign, replace(made.note, shop="0" * 16, at=stamp(shop.clock.now())))
    made.path.unlink()
    schedule.look_for_the_last(shop.ctx)
    making.bring_out(shop.ctx)
    assert under_real_names(stick) == [made.name]
    good = state.last_good(shop.ctx)
    assert good is not None
    assert good.where == stick / made.name


def test_red_after_two_days(shop: Shop) -> None:
    """A shop without a good backup for two days is told so in red, a new one after two days."""
    assert not state.standing(shop.ctx).bad
    shop.clock.wait(49 * 3600)
    assert state.standing(shop.ctx).bad
    making.make(shop.ctx)
    assert not state.standing(shop.ctx).bad
    shop.clock.wait(47 * 3600)
    assert not state.standing(shop.ctx).bad
    shop.clock.wait(2 * 3600)
    assert state.standing(shop.ctx).bad


def test_one_that_was_taken_away_is_not_the_last(shop: Shop) -> None:
    """If somebody deletes the newest, or changes it, the one before it is the last good one."""
    first = making.make(shop.ctx)
    shop.clock.wait(3600)
    second = making.make(shop.ctx)
    second.path.write_bytes(b"x")
    schedule.look_for_the_last(shop.ctx)
    good = state.last_good(shop.ctx)
    assert good is not None
    assert good.where == first.path
    assert [each.checked for each in places.listed(shop.ctx)] == [False, True]
    shutil.rmtree(first.path.parent)
    schedule.look_for_the_last(shop.ctx)
    assert state.last_good(shop.ctx) is None


def test_the_thread_of_a_program_makes_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a program is open its thread makes what is due, and ends when it is told to."""
    monkeypatch.setattr(schedule.Keeper, "first", 0.01)
    monkeypatch.setattr(schedule, "EVERY", 0.01)
    keeper = schedule.Keeper(Store(shop.ctx.store.path), shop.clock)
    keeper.start()
    for _ in range(6_000):
        if state.last_good(shop.ctx) is not None:
            break
        keeper._thread.join(0.01)
    keeper.stop()
    # It gives way to all others, and a computer may be busy.
    keeper._thread.join(60)
    assert not keeper._thread.is_alive()
    assert state.last_good(shop.ctx) is not None


def test_what_makes_it_ends_with_the_program(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that makes a backup is ended when the program ends meanwhile."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin(store: Path) -> "subprocess.Popen[bytes]":
        begun.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return begun[-1]

    monkeypatch.setattr(schedule, "begin", begin)
    monkeypatch.setattr(schedule.Keeper, "first", 0.0)
    keeper = schedule.Keeper(Store(shop.ctx.store.path), shop.clock)
    keeper.start()
    until(lambda: begun)
    keeper.stop()
    assert not keeper._thread.is_alive()
    assert [each.returncode for each in begun] == [-signal.SIGTERM]


def test_at_the_end_of_the_program(shop: Shop) -> None:
    """The program ends with a backup if anything changed, and without one if not, or if told so."""
    leaving.last_backup(shop.folder, shop.clock, "id")
    assert len(places.listed(shop.ctx)) == 1
    shop.clock.wait(60)
    leaving.last_backup(shop.folder, shop.clock, "id")
    assert len(places.listed(shop.ctx)) == 1
    outbox.send(shop.ctx, BUDI, "Halo")
    leaving.last_backup(shop.folder, shop.clock, "id")
    assert len(places.listed(shop.ctx)) == 2
    shop.clock.wait(60)
    shop.set(AT_EXIT, 0)
    leaving.last_backup(shop.folder, shop.clock, "id")
    assert len(places.listed(shop.ctx)) == 2


# ── kept by a schedule ────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.integers(0, 24 * 800), min_size=1, max_size=60))
def test_the_schedule(hours: list[int]) -> None:
    """The newest of each of 7 days, 4 weeks and 12 months that have one are kept, and few besides."""
    moments = {datetime(2026, 1, 1, 5, tzinfo=UTC) + timedelta(hours=each) for each in hours}
    kept = retention.kept(moments, daily=7, weekly=4, monthly=12)
    assert kept <= moments
    assert set(sorted(moments)[-retention.LAST :]) <= kept
    assert len(kept) <= 7 + 4 + 12 + retention.LAST
    days = sorted({each.astimezone().date() for each in moments})
    months = sorted({(each.year, each.month) for each in (one.astimezone() for one in moments)})
    assert set(days[-7:]) <= {each.astimezone().date() for each in kept}
    assert set(months[-12:]) <= {(each.astimezone().year, each.astimezone().month) for each in kept}


def test_old_ones_go(shop: Shop, stick: Path) -> None:
    """After 12 days there are as many as the schedule says, in both folders; strangers' files stay."""
    stranger = places.own(shop.ctx) / "crm-20200101-000000.db"
    stranger.parent.mkdir()
    stranger.write_text("x")
    for _ in range(12):
        shop.clock.wait(24 * 3600)
        making.run(shop.ctx, "daily")
    expected = len(
        retention.kept(
            [shop.clock.now() - timedelta(days=each) for each in range(12)],
            daily=7, weekly=4, monthly=12,
        )
    )  # fmt: skip
    assert 7 <= expected <= 10
    assert len(under_real_names(stick)) == expected
    assert len(under_real_names(stranger.parent)) == expected + 1
    assert len(os.listdir(stick)) == expected * 2


# ── sealed ────────────────────────────────────────────────────────────────────────────────────────


PHRASE = "jalan kapten rivai 12"


_WRAPPED = base64.b64decode(
    b"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBuREVIVzVHMlIyeEVhcUhOUWhqSmF3IDE3CnF5Y1JVNlpB"
    b"YzMvenFkc0hWTTM0VjhOT3h6Q3BYVU5iNkROcmtBMVN4Qk0KLS0tIEVVYVI3b3A1b0dJSG9va2ZRU0Nmbm1kMmJm"
    b"d2d6anVIdWZac3BIN2FCdzAKUJ5naMwVvCEmH2z3Lm09hHgwP34D4i3cIf/O9nk88fcRtxl3HQ3lt/AuILe/m1gp"
    b"c3bXDIe6SDb5dezmgu3RiTDuiljVMcy4whLUGD26qI0PfC3MFU1btFCRmcZFIMi/I6E8gESyo3uGpw=="
)
KEY = sealing.Key(
    "age12wk8tqcel38ut6qhzzw5pkgp8d2zvr8k3gd5ugt0rvxqxudrxv8qdvq5h9",
    "AGE-SECRET-KEY-1YTFHE25ZD8THFR882TVYC36WEDJAQMCGFNGSUWV3WUMQX03ZEAVQPRMNXU",
    _WRAPPED,
)
"""A key under this phrase: to make one takes two seconds."""


def test_a_sealed_backup_shows_nothing(shop: Shop, tmp_path: Path) -> None:
    """Neither texts nor numbers stand in it, and what comes out is the store; the phrase is nowhere."""
    shop.ask(ANI, "PESAN PQ-R 2")
    plain = making.make(shop.ctx)
    assert b"PESAN PQ-R 2" in plain.path.read_bytes()
    sealing._keep_key(shop.ctx, KEY)
    shop.clock.wait(60)
    made = making.make(shop.ctx)
    assert made.sealed
    assert made.name.endswith(".age")
    octets = made.path.read_bytes()
    assert b"PESAN" not in octets
    assert b"SQLite" not in octets
    with (tmp_path / "out.db").open("wb+") as file:
        sealing.unseal(made.path, file, identities=[KEY.identity], passphrase=None)
    checking.check(tmp_path / "out.db", made.note.counts if made.note else None)
    shop.ctx.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in shop.folder.rglob("*"):
        assert not path.is_file() or PHRASE.encode() not in path.read_bytes(), path
    told = json.dumps(shop.rows("SELECT * FROM audit WHERE command = 'backups.seal'"))
    assert KEY.identity not in told


def test_nothing_lies_open_on_the_way_to_a_stick(shop: Shop, tmp_path: Path) -> None:
    """A backup that is sealed into a file of somebody's own leaves nothing that can be read in that
    folder at any step: what was deleted on a stick can be brought back."""
    shop.ask(ANI, "PESAN PQ-R 2")
    sealing._keep_key(shop.ctx, KEY)
    stick = tmp_path / "usb"
    stick.mkdir()
    seen = 0

    def look() -> None:
        nonlocal seen
        seen += 1
        for each in stick.iterdir():
            assert b"SQLite" not in each.read_bytes()

    making.make_file(shop.ctx, stick / "crm.db.age", During(look))
    assert seen > 3
    assert [each.name for each in stick.iterdir()] == ["crm.db.age"]


def test_a_sealed_backup_that_was_changed(shop: Shop, tmp_path: Path) -> None:
    """A flipped bit or a lost end is told, wherever it is."""
    sealing._keep_key(shop.ctx, KEY)
    made = making.make(shop.ctx)
    whole = made.path.read_bytes()
    for harmed in (whole[:-1], whole[:5000], whole[:60], whole[:-100] + b"x" + whole[-99:]):
        made.path.write_bytes(harmed)
        with (
            (tmp_path / "out.db").open("wb+") as file,
            pytest.raises((OSError, PassphraseNeeded)),
        ):
            sealing.unseal(made.path, file, identities=[KEY.identity], passphrase=None)


def test_a_short_passphrase(shop: Shop) -> None:
    """One that is guessed in a day is refused; "" unseals from now on."""
    with pytest.raises(PassphraseTooShort):
        sealing.set_passphrase(shop.ctx, "rahasia")
    assert not state.is_sealed(shop.ctx)
    sealing.set_passphrase(shop.ctx, "")
    assert not making.make(shop.ctx).sealed


def test_what_was_made_open_is_told_and_deleted(shop: Shop, tmp_path: Path) -> None:
    """A passphrase reaches no backup that was made before it: how many can be read without is said, and
    who may restore deletes them, on the stick, too, once a sealed one is there for them; others and
    sealed ones stay, and the audit says which went."""
    stick = tmp_path / "stick"
    stick.mkdir()
    shop.set(FOLDER, stick)
    open_ones = []
    for _ in range(2):
        open_ones.append(making.make(shop.ctx).name)
        shop.clock.wait(86_400)
    (places.own(shop.ctx) / "theirs.db").write_text("x")
    assert unsealed.there(shop.ctx) == []
    sealing.set_passphrase(shop.ctx, PHRASE)
    assert unsealed.beside(shop.ctx) == 2
    told = telling.still_open(lambda text, /, **params: text.format(**params), 2)
    assert told.startswith("2 backups")
    assert telling.still_open(lambda text, /, **params: text, 0) == ""
    found = unsealed.there(shop.ctx)
    assert len(found) == 4
    with pytest.raises(unsealed.NoneSealed):
        unsealed.remove(shop.ctx, found)
    kept = making.make(shop.ctx)
    assert findings.backup(shop.ctx).state == "attention"  # type: ignore[union-attr]
    clerk = shop.ctx.acting(staff(shop, "Staf Konter").actor)
    with pytest.raises(NotAllowed):
        unsealed.remove(clerk, found)
    assert unsealed.remove(shop.ctx, found) == 4
    for folder in (places.own(shop.ctx), places.chosen(shop.ctx)):
        assert folder is not None
        assert {name for name in os.listdir(folder) if ".db" in name} - {"theirs.db"} == {
            kept.name, kept.name + ".json",
        }  # fmt: skip
    assert unsealed.beside(shop.ctx) == 0
    assert findings.backup(shop.ctx).state == "well"  # type: ignore[union-attr]
    (row,) = shop.rows("SELECT before FROM audit WHERE command = 'backups.remove_open'")
    assert set(json.loads(row["before"])["files"]) == set(open_ones)


def test_backups_that_hold_the_erased_are_told_and_deleted(shop: Shop, tmp_path: Path) -> None:
    """Backups from before somebody was erased are told, those on a stick that was away when it is seen
    again; who may restore deletes them once a newer one lies there. Those of before the customer came,
    and newer ones, stay."""
    stick, away = tmp_path / "stick", tmp_path / "away"
    stick.mkdir()
    shop.set(FOLDER, stick)

    def made() -> str:
        shop.clock.wait(86_400)
        return making.make(shop.ctx).name

    early = made()
    shop.clock.wait(60)
    who = cards.add(shop.ctx, cards.Card("Ani", phone="0812 0000 0021"))
    held = made()
    assert holding.there(shop.ctx) == []
    shop.clock.wait(60)
    stick.rename(away)
    privacy.erase(shop.ctx, who)
    left = leavings.left(shop.ctx)
    assert (left.backups, left.away) == (2, True)
    assert len(leavings.told(lambda text, /, **_: text, left)) == 2
    # Nothing is known of the stick as yet.
    assert holding.counted(shop.ctx) == 1
    found = findings.backup(shop.ctx)
    assert found is not None
    assert found.state == "attention"
    with pytest.raises(holding.NoneWithout):
        holding.remove(shop.ctx, holding.there(shop.ctx))
    away.rename(stick)
    kept = made()
    assert holding.counted(shop.ctx) == 2
    assert {(each.name, each.place) for each in holding.there(shop.ctx)} == {
        (held, "own"), (held, "other"),
    }  # fmt: skip
    clerk = shop.ctx.acting(staff(shop, "Staf Konter").actor)
    with pytest.raises(NotAllowed):
        holding.remove(clerk, holding.there(shop.ctx))
    assert holding.remove(shop.ctx, holding.there(shop.ctx)) == 2
    for folder in places.folders(shop.ctx).values():
        names = {name for name in os.listdir(folder) if name.endswith(".db")}
        assert names == {early, kept}
    assert (holding.counted(shop.ctx), holding.there(shop.ctx)) == (0, [])
    found = findings.backup(shop.ctx)
    assert found is not None
    assert found.state == "well"
    (row,) = shop.rows("SELECT before FROM audit WHERE command = 'backups.remove_erased'")
    assert json.loads(row["before"])["files"] == [held, held]


def test_the_erased_are_found_without_reading_the_audit(shop: Shop) -> None:
    """Who was erased is found by an index, however long the audit is."""
    for query in (erasures._DONE, erasures._LIVES):
        plan = " ".join(row["detail"] for row in shop.rows(f"EXPLAIN QUERY PLAN {query}"))
        assert "audit_erased" in plan
        assert "SCAN audit" not in plan.replace("SCAN audit USING INDEX audit_erased", "")


def test_open_backups_go_from_the_command_line(shop: Shop) -> None:
    """It asks first, says from when to when, and does nothing without a yes."""
    made = making.make(shop.ctx)
    sealing.set_passphrase(shop.ctx, PHRASE)
    shop.clock.wait(60)
    making.make(shop.ctx)

    def say(*words: str, answer: str = "") -> tuple[int, str]:
        ended = CliRunner().invoke(
            main, ["--data", str(shop.folder), "--lang", "en", "backup", "--delete-open", *words],
            input=answer,
        )  # fmt: skip
        return ended.exit_code, ended.output

    for answer in ("", "n\n"):
        assert say(answer=answer)[0] == 1
    assert made.path.exists()
    code, told = say(answer="ya\n")
    assert (code, "1 backups" in told, made.path.exists()) == (0, True, False)
    assert say()[0] == 0
