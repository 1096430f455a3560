"""Restoring: the old store or the new one, nothing twice, nothing overwritten, and tried out before."""

import dataclasses
import functools
import itertools
import json
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filelock import FileLock
from sqlite_utils import Database

from crm_tui import clock, leaving, ledger_chain, replacing, schema, sqlite, triggers
from crm_tui.check_result import Checked
from crm_tui.cli.commands import main
from crm_tui.clock import SystemClock
from crm_tui.i18n import translate
from crm_tui.shop.backups import (
    checking,
    findings,
    making,
    places,
    preparing,
    rehearsing,
    restoring,
    schedule,
    state,
    telling,
)
from crm_tui.shop.backups.errors import (
    BackupMissing,
    BackupNewer,
    BackupUnreadable,
    ForeignBackup,
    NoRoom,
    PassphraseNeeded,
    ProgramOpen,
    RestoreUnsound,
    SeveralShops,
)
from crm_tui.shop.backups.places import Backup
from crm_tui.shop.checks import integrity
from crm_tui.shop.checks import ledger_chain as reading
from crm_tui.shop.customers import cards, merging
from crm_tui.shop.gate import health, settings, undo
from crm_tui.shop.gate.context import GATEWAY, Actor, Context, console
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.messages import correspondence, outbox, view
from crm_tui.shop.messages.outbox import AGAIN
from crm_tui.shop.orders import deciding
from crm_tui.shop.sales import collecting
from crm_tui.shop.upkeep import privacy
from crm_tui.shop.users import accounts, login
from crm_tui.store import Store, StoreMissing
from tests.counter import staff
from tests.day import money_adds_up
from tests.shop import ANI, BUDI, CITRA, Shop, calm, contents, ledgers_add_up
from tests.test_backups import PHRASE, killed_at, sell
from tests.test_commands import session


def restore(shop: Shop, backup: Path, **how: Any) -> Path | None:
    """Close the shop, restore, and open it again."""
    shop.leave()
    with preparing.prepared(shop.folder, shop.clock, backup, **how) as ready:
        return restoring.restore(shop.folder, shop.clock, ready)


# ── what comes back ───────────────────────────────────────────────────────────────────────────────


def test_a_day_that_is_lost(shop: Shop) -> None:
    """What was sold and ordered since is told before and gone after; the old store is kept whole."""
    shop.ask(ANI, "PESAN PQ-R 2")
    sell(shop)
    backup = making.make(shop.ctx)
    sell(shop)
    shop.ask(BUDI, "PESAN PQ-R 1")
    with shop.ctx.store.transaction() as db:
        db.execute("PRAGMA wal_autocheckpoint=0")
    ready = preparing.preview(shop.ctx, backup.path)
    assert dataclasses.asdict(ready.lost) == {
        "known": True, "sales": 1, "rupiah": 85_000, "orders": 1, "came": 1, "went": 1, "changes": 3,
    }  # fmt: skip
    assert shop.one("SELECT count(*) FROM sales") == 2
    aside = restore(shop, backup.path)
    assert shop.one("SELECT count(*) FROM sales") == 1
    assert shop.one("SELECT count(*) FROM orders") == 1
    ledgers_add_up(shop.ctx)
    money_adds_up(shop.ctx)
    assert aside is not None
    old = checking.opened(aside)
    assert old.execute("SELECT count(*) FROM sales").fetchone()[0] == 2
    assert old.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    old.close()
    assert sorted(os.listdir(aside.parent)) == [aside.name]
    assert not (shop.folder / preparing.SCRATCH).exists()


def test_numbers_and_epoch_go_on(shop: Shop) -> None:
    """No number of an order that a customer may have is given again; each restore begins an epoch."""
    shop.ask(ANI, "PESAN PQ-R 1")
    backup = making.make(shop.ctx)
    for epoch in (2, 3):
        shop.ask(BUDI, "PESAN PQ-R 1")
        known = int(shop.one("SELECT max(id) FROM orders"))
        sold = sell(shop)
        restore(shop, backup.path)
        assert places.epoch(shop.ctx) == epoch
        assert shop.one("SELECT max(id) FROM orders") == 1
        assert f"Pesanan {(known + 499) // 1000 * 1000 + 1001}" in shop.ask(CITRA, "PESAN PQ-R 1")
        assert sell(shop) > sold + 499
    (row,) = shop.rows("SELECT * FROM epochs WHERE epoch = 3")
    assert row["backup"] == backup.name
    assert json.loads(row["marks"])["orders"] == 1
    (told,) = shop.rows("SELECT * FROM audit WHERE command = 'backups.restore'")
    assert json.loads(told["after"])["epoch"] == 3


def test_an_epoch_that_only_a_backup_knows(shop: Shop) -> None:
    """Where the store is gone, the epochs of the backups beside it are not begun once more."""
    first = making.make(shop.ctx)
    restore(shop, first.path)
    shop.clock.wait(60)
    making.make(shop.ctx)
    shop.leave()
    (shop.folder / "crm.db").unlink()
    restore(shop, first.path)
    assert places.epoch(shop.ctx) == 3


STATES = (
    "queued", "held", "sending", "sent", "delivered", "failed", "in_doubt", "expired", "cancelled",
)  # fmt: skip
FINAL = {"sent", "delivered", "failed", "expired", "cancelled"}


def test_sms_in_every_state(shop: Shop) -> None:
    """What was not final is held until the staff decide, and goes out once, marked, or not at all; what
    was final stays."""
    for kind in outbox.KINDS:
        for status in STATES:
            with shop.ctx.store.transaction() as db:
                ctx = shop.ctx
                row = db.execute(
                    "INSERT INTO messages (direction, kind, at, phone, text, status, status_at,"
                    " not_before, expires_at) VALUES ('out', ?, ?, ?, ?, ?, ?, ?, '2027') RETURNING id",
                    (kind, ctx.at, ANI, f"{kind} {status}", status, ctx.at,
                     ctx.at if status in ("held", "in_doubt") else None),
                ).fetchone()  # fmt: skip
                part = status if status in ("sending", "sent", "delivered", "failed") else "queued"
                db.execute(
                    "INSERT INTO segments (message_id, number, phone, pdu, status, status_at)"
                    " VALUES (?, 1, ?, '00', ?, ?)",
                    (row[0], ANI, part, ctx.at),
                )
    backup = making.make(shop.ctx)
    restore(shop, backup.path)
    shop.run(700)
    assert shop.modem.sent == []
    for row in shop.rows("SELECT * FROM messages"):
        was = row["text"].partition(" ")[2]
        assert row["status"] == (was if was in FINAL else "held"), row["text"]
    assert not shop.one("SELECT count(*) FROM segments WHERE status = 'sending'")
    held = shop.rows("SELECT * FROM messages WHERE status = 'held' ORDER BY id")
    assert len(held) == len(outbox.KINDS) * 4
    # Nor is it said that it waits a moment: it waits for a person.
    assert all(view.look(shop.ctx, row["id"]).letter.to_decide for row in held)
    for place, row in enumerate(held):
        if outbox.KINDS[row["kind"]].promotes:
            with pytest.raises(correspondence.PromoOnce):
                correspondence.resend(shop.ctx, row["id"])
            correspondence.give_up(shop.ctx, row["id"])
        elif place % 2:
            correspondence.give_up(shop.ctx, row["id"])
        else:
            correspondence.resend(shop.ctx, row["id"])
    shop.run(60)
    expected = [
        row["text"] + AGAIN
        for place, row in enumerate(held)
        if not outbox.KINDS[row["kind"]].promotes and not place % 2
    ]
    assert sorted(sent.text for sent in shop.modem.sent) == sorted(expected)


def test_orders_in_every_state(shop: Shop) -> None:
    """An order comes back as it was, none runs out at once, and its goods are reserved as they were."""
    statuses = ("waiting", "confirmed", "rejected", "cancelled", "collected", "expired")
    schema_says = shop.one("SELECT sql FROM sqlite_master WHERE name = 'orders'")
    assert all(f"'{status}'" in schema_says for status in statuses)
    # The one that ran out came two days before the others.
    for number, status in sorted(
        enumerate(statuses, start=1), key=lambda each: each[1] != "expired"
    ):
        phone = f"+62811000001{number:02}"
        shop.ask(phone, "PESAN PQ-R 1")
        newest = shop.one("SELECT max(id) FROM orders")
        if status in ("confirmed", "collected"):
            deciding.confirm(shop.ctx, newest)
        if status == "collected":
            collecting.collect(shop.ctx, newest)
        if status == "rejected":
            deciding.reject(shop.ctx, newest, "habis")
        if status == "cancelled":
            shop.ask(phone, f"BATAL {newest}")
        if status == "expired":
            shop.clock.wait(48 * 3600)
    shop.run(30)
    before = shop.rows("SELECT id, status FROM orders")
    assert sorted(row["status"] for row in before) == sorted(statuses)
    backup = making.make(shop.ctx)
    shop.clock.wait(5 * 24 * 3600)
    restore(shop, backup.path)
    sent = len(shop.modem.sent)
    shop.run(300)
    assert shop.rows("SELECT id, status FROM orders") == before
    assert len(shop.modem.sent) == sent
    ledgers_add_up(shop.ctx)
    shop.clock.wait(25 * 3600)
    shop.run(5)
    assert "waiting" not in {row["status"] for row in shop.rows("SELECT status FROM orders")}


class Remembered(Store):
    """A store of which a copy is kept after each commit."""

    copies: list[Path]

    def commit(self, db: Database) -> None:
        super().commit(db)
        copy = self.path.with_name(f"moment-{len(self.copies):03}.db")
        source, target = sqlite.connect(self.path), sqlite.connect(copy)
        source.backup(target)
        source.close()
        target.close()
        self.copies.append(copy)


def an_exchange(shop: Shop) -> list[Path]:
    """An order and its answer in parts, a confirmation, goods handed out, an SMS by hand, and a call
    for staff; the store as it was after each commit."""
    store = Remembered(shop.ctx.store.path)
    store.copies = []
    ctx = Context(store, shop.clock, console())
    shop.modem.faults.report_delay = 2.0
    shop.modem.inject(ANI, "PESAN PQ-R 1" + " " * 150 + "PQ-S 2")
    shop.modem.inject(BUDI, "PESAN PQ-R 1")
    shop.after(6, lambda: deciding.confirm(ctx, 1))
    shop.after(12, lambda: deciding.reject(ctx, 2, "habis"))
    shop.after(14, lambda: outbox.send(ctx, CITRA, "Barang sudah siap. " * 20))
    shop.after(20, lambda: shop.modem.inject(CITRA, "Bang, mesin saya bunyi aneh, kenapa ya?"))
    shop.after(24, lambda: collecting.collect(ctx, 1))
    shop.run(40, store)
    ctx.store.close()
    return store.copies


def _any_moment(shop: Shop, monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    calm(monkeypatch)
    copies = an_exchange(shop)
    assert len(copies) > 30
    air = len(shop.modem.sent)
    seen = Counter[str]()
    for epoch, copy in enumerate(copies[::every], start=2):
        then = checking.opened(copy)
        was = dict(then.execute("SELECT id, status FROM orders").fetchall())
        out = dict(
            then.execute("SELECT id, status FROM messages WHERE direction = 'out'").fetchall()
        )
        came = then.execute("SELECT count(*) FROM messages WHERE direction = 'in'").fetchone()[0]
        then.close()
        seen.update(["order " + status for status in was.values()])
        seen.update(["SMS " + status for status in out.values()])
        restore(shop, copy)
        shop.run(700)
        assert len(shop.modem.sent) == air, copy.name
        assert places.epoch(shop.ctx) == epoch
        orders = shop.rows("SELECT id, status FROM orders")
        assert {row["id"]: row["status"] for row in orders} == was, copy.name
        messages = shop.rows("SELECT id, direction, status FROM messages")
        assert {row["id"]: row["status"] for row in messages if row["direction"] == "out"} == {
            each: status if status in FINAL else "held" for each, status in out.items()
        }, copy.name
        incoming = [row["status"] for row in messages if row["direction"] == "in"]
        assert len(incoming) == came
        assert not {"new"} & set(incoming), copy.name
        ledgers_add_up(shop.ctx)
        money_adds_up(shop.ctx)
    wanted = {"order waiting", "order confirmed", "order rejected", "order collected",
              "SMS queued", "SMS sending", "SMS sent", "SMS delivered"}  # fmt: skip
    assert every > 1 or wanted <= set(seen), wanted - set(seen)


def test_a_backup_of_any_moment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup of any moment of an exchange that went on afterwards: nothing goes out by itself, orders
    are as they were, and each SMS that was not final waits for the staff."""
    _any_moment(shop, monkeypatch, 9)


@pytest.mark.soak
def test_a_backup_of_every_moment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of the moment behind each commit."""
    _any_moment(shop, monkeypatch, 1)


def test_what_is_still_on_the_sim(shop: Shop) -> None:
    """An SMS that the backup has and the SIM still holds is not read again; a new one is, once."""
    shop.says(ANI, "PESAN PQ-R 1")
    shop.run(10)
    backup = making.make(shop.ctx)
    still = shop.one("SELECT pdu FROM pdus WHERE kind = 'deliver'")
    restore(shop, backup.path)
    assert shop.modem.card.put("SM", still) is not None
    shop.says(BUDI, "PESAN PQ-R 1")
    shop.run(60)
    assert [row["phone"] for row in shop.rows("SELECT phone FROM orders ORDER BY id")] == [
        ANI,
        BUDI,
    ]
    shop.run(60)
    assert shop.one("SELECT count(*) FROM orders") == 2


def test_an_sms_that_was_not_read_yet(shop: Shop) -> None:
    """It may have been answered since: it goes to the staff, with the reason."""
    with shop.ctx.store.transaction() as db:
        db.execute(
            "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
            " VALUES ('in', 'sms', ?, ?, 'PESAN PQ-R 1', 'new', ?)",
            (shop.ctx.at, ANI, shop.ctx.at),
        )
    restore(shop, making.make(shop.ctx).path)
    shop.run(30)
    (row,) = shop.rows("SELECT status, reason FROM messages")
    assert row["status"] == "staff"
    assert row["reason"]
    assert shop.modem.sent == []


# ── the exchange ──────────────────────────────────────────────────────────────────────────────────


def test_killed_at_any_step(shop: Shop, tmp_path: Path) -> None:
    """Killed at any moment of the exchange, what opens next is the old store or the new one, whole."""
    shop.ask(ANI, "INFO")
    backup = making.make(shop.ctx)
    sell(shop)
    shop.leave()
    seen = set()
    with preparing.prepared(shop.folder, shop.clock, backup.path) as ready:
        for damaged in (False, True):
            for step in range(1, 40):
                folder = tmp_path / f"{damaged}-{step}"
                shutil.copytree(shop.folder, folder)
                if damaged:
                    (folder / "crm.db").write_bytes(b"no store" * 1000)
                    (folder / "crm.db-wal").write_bytes(b"old wal" * 1000)
                mine = dataclasses.replace(ready, path=folder / preparing.SCRATCH / "crm.db")
                killed = killed_at(
                    step, functools.partial(restoring.restore, folder, shop.clock, mine)
                )
                seen.add((damaged, which(folder)))
                if not killed:
                    assert which(folder) == "new"
                    break
            else:
                raise AssertionError("it never came to its end")
            assert step > 5
    assert seen == {(False, "old"), (False, "new"), (True, "damaged"), (True, "new")}


def which(folder: Path) -> str:
    """Which store opens in a folder."""
    wal = folder / "crm.db-wal"
    path = folder / "crm.db"
    begun = (folder / "replace.json").exists()
    if not begun and path.read_bytes()[:8] == b"no store":
        assert wal.read_bytes()[:7] == b"old wal"
        return "damaged"
    store = Store(folder / "crm.db")
    try:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        sales = store.db.execute("SELECT count(*) FROM sales").fetchone()[0]
        epoch = store.db.execute("SELECT max(epoch) FROM epochs").fetchone()[0]
        assert (sales, epoch) in ((1, 1), (0, 2))
        return "old" if sales else "new"
    finally:
        store.close()


def test_a_mark_without_the_folder_of_the_old_one(shop: Shop) -> None:
    """A power cut that left the mark of an exchange, and not the folder for the old store, is gone on
    from as any other."""
    path = shop.ctx.store.path
    shop.leave()
    prepared = path.with_name("prepared.db")
    shutil.copy(path, prepared)
    (path.parent / "replace.json").write_text(
        json.dumps({"prepared": "prepared.db", "aside": "replaced/old.db"})
    )
    Store(path).close()
    assert (path.parent / "replaced" / "old.db").exists()
    assert not prepared.exists()


def test_a_damaged_store_is_kept_with_its_log(shop: Shop) -> None:
    """A store that nobody can read goes aside as it is, with its -wal, which touches nothing new."""
    backup = making.make(shop.ctx)
    shop.leave()
    (shop.folder / "crm.db").write_bytes(b"rubbish" * 1000)
    (shop.folder / "crm.db-wal").write_bytes(b"log" * 1000)
    (shop.folder / "crm.db-shm").write_bytes(b"shm" * 1000)
    aside = restore(shop, backup.path)
    assert aside is not None
    assert aside.read_bytes() == b"rubbish" * 1000
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"log" * 1000
    assert shop.one("PRAGMA integrity_check") == "ok"
    assert places.epoch(shop.ctx) == 2


def test_an_old_log_does_not_come_into_the_new_store(shop: Shop) -> None:
    """What only stands in the old store's -wal stays with the old store."""
    backup = making.make(shop.ctx)
    log = shop.folder / "crm.db-wal"
    sell(shop)
    kept = shop.folder / "kept"
    shutil.copytree(shop.folder, kept, ignore=shutil.ignore_patterns("backups"))
    assert (kept / log.name).stat().st_size > 0
    shop.leave()
    for name in ("crm.db", "crm.db-wal"):
        shutil.copy(kept / name, shop.folder / name)
    aside = restore(shop, backup.path)
    assert shop.one("SELECT count(*) FROM sales") == 0
    assert aside is not None
    old = checking.opened(aside)
    assert old.execute("SELECT count(*) FROM sales").fetchone()[0] == 1
    old.close()


def test_nobody_else_may_have_it_open(shop: Shop) -> None:
    """With another program open, or the modem in somebody's hands, nothing is changed."""
    backup = making.make(shop.ctx)
    sell(shop)
    other = shop.console()
    other.db.execute("SELECT 1 FROM sales").fetchone()
    with pytest.raises(ProgramOpen):
        restore(shop, backup.path)
    other.store.close()
    with FileLock(shop.folder / "modem.lock"), pytest.raises(ProgramOpen):
        restore(shop, backup.path)
    assert shop.one("SELECT count(*) FROM sales") == 1
    shop.leave()
    restore(shop, backup.path)
    assert shop.one("SELECT count(*) FROM sales") == 0


def test_whoever_opens_meanwhile_gets_the_new_one(shop: Shop) -> None:
    """A program that opens the store while it is exchanged writes into the new one, not the old."""
    backup = making.make(shop.ctx)
    sell(shop)
    shop.leave()
    found: list[int] = []

    def open_it() -> None:
        store = Store(shop.folder / "crm.db")
        found.append(store.db.execute("SELECT count(*) FROM sales").fetchone()[0])
        store.close()

    thread = threading.Thread(target=open_it)
    exchange = replacing._finish

    def slowly(path: Path) -> None:
        # The other one may finish it: then it comes here, too.
        if thread.ident is None:
            thread.start()
            thread.join(0.3)
        exchange(path)

    with (
        preparing.prepared(shop.folder, shop.clock, backup.path) as ready,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(replacing, "_finish", slowly)
        restoring.restore(shop.folder, shop.clock, ready)
    thread.join(10)
    assert found == [0]


def test_into_an_empty_folder(shop: Shop, tmp_path: Path) -> None:
    """On a new computer a backup from the stick is all that is needed."""
    shop.ask(ANI, "INFO")
    backup = making.make(shop.ctx)
    with preparing.prepared(tmp_path / "baru", shop.clock, backup.path) as ready:
        assert not ready.lost.known
        assert restoring.restore(tmp_path / "baru", shop.clock, ready) is None
    store = Store(tmp_path / "baru" / "crm.db")
    assert store.db.execute("SELECT count(*) FROM messages").fetchone()[0] == 2
    store.close()


def test_nobody_is_suspected_on_a_new_computer(shop: Shop, tmp_path: Path) -> None:
    """The backup before the restored one lies on the old computer: that nobody took it away, and one is
    made soon, is told there, until one is made."""
    making.make(shop.ctx)
    shop.clock.wait(60)
    backup = making.make(shop.ctx)
    shop.clock.wait(60)
    with preparing.prepared(tmp_path / "baru", shop.clock, backup.path) as ready:
        restoring.restore(tmp_path / "baru", shop.clock, ready)
    store = Store(tmp_path / "baru" / "crm.db")
    ctx = Context(store, shop.clock, console())
    found = findings.backup(ctx)
    assert found is not None
    assert (found.state, "since the restore" in found.sentence) == (health.ATTENTION, True)
    # Whatever hinders it is said instead.
    state.note_trouble(
        ctx.acting(GATEWAY), "own", places.own(ctx), NoRoom(needed=2, folder=tmp_path, free=1)
    )
    found = findings.backup(ctx)
    assert found is not None
    assert (found.state, "MB are free" in found.sentence) == (health.BAD, True)
    state.note_trouble(ctx.acting(GATEWAY), "own", places.own(ctx), None)
    making.make(ctx)
    found = findings.backup(ctx)
    assert found is not None
    assert found.state == health.WELL
    store.close()


def test_what_hinders_the_first_backup_is_said(shop: Shop) -> None:
    """Of a shop that has no backup yet, Health says what stands in its way."""
    state.note_trouble(
        shop.ctx.acting(GATEWAY), "own", shop.folder, NoRoom(needed=2, folder=shop.folder, free=1)
    )
    found = findings.backup(shop.ctx)
    assert found is not None
    assert (found.state, "MB are free" in found.sentence) == (health.BAD, True)


def test_backups_are_listed_by_the_zone_of_their_shop(shop: Shop) -> None:
    """Beside a store that is lost the newest backup that can be read says which zone the shop has."""
    assert places.zone_of([]) == ""
    shop.set(settings.ZONE, "Asia/Makassar")
    made = making.make(shop.ctx)
    sealed = replace(made, path=shop.folder / "crm.db.age")
    sealed.path.write_bytes(b"age-encryption.org/v1" * 99)
    assert places.zone_of([sealed, made]) == "Asia/Makassar"
    clock.use_zone(clock.ZONE)


# ── whole in the eyes of the check ────────────────────────────────────────────────────────────────


def looked_at(shop: Shop) -> Checked:
    """What the thorough check finds, as a process that has not got the store open."""
    shop.leave()
    return integrity.check(shop.ctx.store.path, SystemClock(), thorough=True, between=lambda: None)


def is_whole(found: Checked) -> bool:
    return (found.structure, found.pages, found.sums, found.lost) == ("", 0, (), 0)


@pytest.mark.parametrize("checked_first", [True, False])
def test_a_restored_store_is_called_whole(shop: Shop, checked_first: bool) -> None:
    """What was noted of the old store's pages accuses no page of the restored one, nor does its first
    page that changes with the first opening; a page that is damaged afterwards is found."""
    backup = making.make(shop.ctx)
    sell(shop)
    assert is_whole(looked_at(shop))
    aside = restore(shop, backup.path)
    assert aside is not None
    for suffix in ("-sums", "-checked"):
        assert aside.with_name(aside.name + suffix).exists()
    if checked_first:
        assert is_whole(looked_at(shop))
    for _ in range(2):
        sell(shop)
        shop.ctx.store.checkpoint()
        assert is_whole(looked_at(shop))
    with shop.ctx.store.path.open("r+b") as file:
        file.seek(20 * 4096 + 4000)
        octets = bytes(255 - octet for octet in file.read(9))
        file.seek(20 * 4096 + 4000)
        file.write(octets)
    assert not is_whole(looked_at(shop))


def test_a_restore_that_fails_leaves_it_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that was to be exchanged and was not is as it was, in the eyes of the check, too."""
    backup = making.make(shop.ctx)
    assert is_whole(looked_at(shop))
    sell(shop)

    def fails(path: Path, prepared: Path, aside: Path) -> None:
        raise OSError("no room")

    monkeypatch.setattr(replacing, "replace", fails)
    with pytest.raises(BackupUnreadable):
        restore(shop, backup.path)
    assert is_whole(looked_at(shop))
    sell(shop)
    assert is_whole(looked_at(shop))
    assert shop.one("SELECT count(*) FROM sales") == 2


class Refusing:
    """The system lets files be moved, but not at one step."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, step: int, trouble: type[BaseException]
    ) -> None:
        self.refused = ""
        replace, steps = Path.replace, itertools.count()

        def move(source: Path, target: Path) -> Path:
            if next(steps) == step:
                self.refused = source.name
                raise trouble(13, "in use")
            return replace(source, target)

        monkeypatch.setattr(Path, "replace", move)


@pytest.mark.parametrize("trouble", [PermissionError, KeyboardInterrupt])
def test_a_file_that_cannot_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[BaseException]
) -> None:
    """Whichever step of the exchange the system refuses, as where a program against viruses holds a
    file, what was there before is there again; called off by Ctrl+C, whoever opens it next finishes."""
    refused = []
    for step in range(20):
        folder = tmp_path / str(step)
        (folder / ".restore").mkdir(parents=True)
        path, prepared = folder / "crm.db", folder / ".restore/crm.db"
        old = {end: f"old{end}" for end in ("", *replacing._BESIDE)}
        for end, word in old.items():
            path.with_name(path.name + end).write_text(word)
        prepared.write_text("new")
        with monkeypatch.context() as patch:
            refusing = Refusing(patch, step, trouble)
            try:
                replacing.replace(path, prepared, folder / "replaced/crm-1.db")
            except trouble:
                refused.append(refusing.refused)
            else:
                break
        if trouble is KeyboardInterrupt and step:
            replacing.finish(path)
            assert (path.read_text(), list(folder.glob("crm.db-*"))) == ("new", [])
        else:
            assert {end: path.with_name(path.name + end).read_text() for end in old} == old
            assert prepared.read_text() == "new"
        assert not replacing.is_begun(path)
    assert refused == [".replace.json.part", *(f"crm.db{end}" for end in old), "crm.db"]


@pytest.mark.soak
@pytest.mark.parametrize("trouble", [PermissionError, KeyboardInterrupt])
def test_an_exchange_that_fails_half_way(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, trouble: type[BaseException]
) -> None:
    """The same of a whole restore: the store from before goes on, and after Ctrl+C one of the two."""
    backup = making.make(shop.ctx)
    sell(shop)
    failed: list[str] = []
    for step in range(20):
        shop.leave()
        done = False
        with preparing.prepared(shop.folder, shop.clock, backup.path) as ready:
            with monkeypatch.context() as patch, suppress(ProgramOpen, KeyboardInterrupt):
                refusing = Refusing(patch, step, trouble)
                restoring.restore(shop.folder, shop.clock, ready)
                done = True
            failed.append(refusing.refused)
        if done:
            break
        Store(shop.ctx.store.path).close()
        sales = int(shop.one("SELECT count(*) FROM sales"))
        assert sales == 1 or trouble is KeyboardInterrupt
        assert not replacing.is_begun(shop.ctx.store.path)
        shop.clock.wait(1)
    assert shop.one("SELECT count(*) FROM sales") == 0
    assert failed[:2] == [".replace.json.part", "crm.db"]
    assert len(failed) >= 4
    assert not (shop.folder / preparing.SCRATCH).exists()


def test_copies_and_rehearsals_harm_no_sums(shop: Shop) -> None:
    """Stores that are opened aside leave nothing beside them, and accuse no page of the real one."""
    assert is_whole(looked_at(shop))
    sell(shop)
    making.make(shop.ctx)
    rehearsing.rehearse(shop.ctx)
    assert is_whole(looked_at(shop))
    assert [path.name for path in shop.folder.rglob("*-sums")] == ["crm.db-sums"]
    assert [path.name for path in shop.folder.rglob("*-checked")] == ["crm.db-checked"]


# ── what is no backup ─────────────────────────────────────────────────────────────────────────────


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200_000])


def rubbish(path: Path) -> None:
    path.write_bytes(b"x" * 100_000)


def newer(path: Path) -> None:
    connection = sqlite.connect(path)
    connection.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    connection.close()


def another_program(path: Path) -> None:
    path.unlink()
    connection = sqlite.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()


@pytest.mark.parametrize("harm", [cut, rubbish, newer, another_program])
def test_what_cannot_be_restored(shop: Shop, harm: Callable[[Path], None]) -> None:
    """A file that is no whole backup is refused with the reason, one of a newer program with what to do
    about it, and nothing is touched."""
    backup = making.make(shop.ctx)
    harm(backup.path)
    with pytest.raises(BackupNewer if harm is newer else BackupUnreadable):
        restore(shop, backup.path)
    assert places.epoch(shop.ctx) == 1
    assert not (shop.folder / preparing.SCRATCH).exists()


def test_a_backup_of_another_shop(shop: Shop) -> None:
    """The backup of another shop never takes the place of this one."""
    backup = making.make(shop.ctx)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE identity SET shop = 'another'")
    with pytest.raises(ForeignBackup):
        restore(shop, backup.path)


def test_a_stick_of_two_shops(shop: Shop) -> None:
    """Of a stick with the backups of two shops a shop takes its own, though the other one's are newer;
    where it is not known which shop it is, the folders are named."""
    mine = making.make(shop.ctx)
    stick = shop.folder.parent / "stick"
    for name, at in ((places.shop_id(shop.ctx), ""), ("another", "2099-01-01T00:00:00.000Z")):
        assert mine.note is not None
        target = stick / f"crm-tui-{name[:8]}" / mine.name
        target.parent.mkdir(parents=True)
        shutil.copyfile(mine.path, target)
        places.write_note(target, dataclasses.replace(mine.note, shop=name, at=at or mine.note.at))
    ours = stick / f"crm-tui-{places.shop_id(shop.ctx)[:8]}" / mine.name
    assert preparing.find(shop.folder, str(stick)) == ours
    with pytest.raises(SeveralShops, match="crm-tui-another"):
        preparing.find(shop.folder / "new", str(stick))
    shop.leave()
    shop.ctx.store.path.unlink()
    assert preparing.find(shop.folder, str(stick)) == ours


def test_a_backup_of_an_older_program(shop: Shop) -> None:
    """A backup from before this version is brought up to date aside."""
    backup = making.make(shop.ctx)
    connection = sqlite.connect(backup.path)
    for table in ("identity", "epochs", "backup_places", "backup_rehearsals", "backup_keys"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '%backups'")
    connection.execute(f"PRAGMA user_version={ledger_chain.SINCE - 1}")
    connection.commit()
    connection.close()
    with preparing.prepared(shop.folder / "lain", shop.clock, backup.path) as ready:
        assert ready.epoch == 2


# ── sealed ones, and rehearsals ───────────────────────────────────────────────────────────────────


@pytest.mark.soak
def test_a_sealed_backup_on_another_computer(shop: Shop, tmp_path: Path) -> None:
    """Its own shop opens it by itself; elsewhere the passphrase is asked for, and must be right. It is
    typed, twice the same when it is chosen, and never an argument."""
    code, told = run(shop, "backup", "--passphrase", typed=f"{PHRASE}\nanother one\n")
    assert (code, told) == (1, "The two passphrases are not the same.\n")
    assert run(shop, "backup", "--passphrase", typed=f"{PHRASE}\n{PHRASE}\n")[0] == 0
    assert run(shop, "backup")[0] == 0
    (backup,) = places.listed(shop.ctx)
    assert backup.sealed
    assert preparing.preview(shop.ctx, backup.path).rows
    there = dataclasses.replace(shop)
    there.folder = tmp_path / "lain"
    with pytest.raises(PassphraseNeeded), preparing.prepared(there.folder, shop.clock, backup.path):
        pass
    code, told = run(there, "restore", str(backup.path), "--yes", typed="bukan ini, tentu\n")
    assert (code, told) == (1, f"This is not the passphrase of {backup.name}.\n")
    assert not (there.folder / "crm.db").exists()
    code, told = run(there, "restore", str(backup.path), "--yes", typed=f"{PHRASE}\n")
    assert code == 0, told
    ctx = Context(Store(there.folder / "crm.db"), shop.clock, console())
    assert state.is_sealed(ctx)
    ctx.store.close()


def test_a_rehearsal_changes_nothing(shop: Shop) -> None:
    """A restore that is tried out leaves store and backups as they are, and says how it went."""
    shop.ask(ANI, "PESAN PQ-R 1")
    backup = making.make(shop.ctx)
    sell(shop)
    before = contents(shop.ctx)
    done = rehearsing.rehearse(shop.ctx)
    changed = {table for table, *_ in before ^ contents(shop.ctx)}
    assert changed <= {"backup_rehearsals", "changes", "sqlite_sequence"}
    assert (done.backup, done.lost.sales) == (backup.path, 1)
    assert state.standing(shop.ctx).rehearsed_at == shop.clock.now()
    assert sorted(os.listdir(places.own(shop.ctx))) == [".lock", backup.name, backup.name + ".json"]
    assert not (shop.folder / ".rehearsal").exists()


def test_a_rehearsal_finds_what_differs(shop: Shop) -> None:
    """A ledger that says something else than the backup is noticed, and stays in the status."""
    sell(shop)
    making.make(shop.ctx)
    with shop.ctx.store.transaction() as db:
        db.execute("DROP TRIGGER payments_no_update")
        db.execute("UPDATE payments SET amount = amount + 1")
    with pytest.raises(RestoreUnsound):
        rehearsing.rehearse(shop.ctx)
    assert state.standing(shop.ctx).rehearsal


def test_each_month_by_itself(shop: Shop) -> None:
    """A restore is rehearsed by whatever program is open, once a month."""
    worker = shop.ctx.acting(GATEWAY)
    assert schedule.tend(worker) == "daily"
    assert state.standing(worker).rehearsed_at is None
    schedule.tend(worker)
    first = state.standing(worker).rehearsed_at
    assert first == shop.clock.now()
    shop.clock.wait(29 * 24 * 3600)
    assert (schedule.tend(worker), schedule.tend(worker)) == ("daily", "")
    assert state.standing(worker).rehearsed_at == first
    shop.clock.wait(24 * 3600)
    assert (schedule.tend(worker), schedule.tend(worker)) == ("daily", "")
    assert state.standing(worker).rehearsed_at == shop.clock.now()


def test_a_rehearsal_by_a_wrong_clock_keeps_no_other(shop: Shop) -> None:
    """One that was made while the clock was years ahead does not put the next one off until then."""
    making.make(shop.ctx)
    for at, due in (("2099-01-01T00:00:00.000Z", True), (shop.ctx.at, False)):
        with shop.ctx.store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO backup_rehearsals VALUES (1, ?, 'crm.db', 1, '')", (at,)
            )
        assert state.rehearsal_is_due(shop.ctx) is due


# ── who may, and how it is asked for ──────────────────────────────────────────────────────────────


def test_who_was_erased_stays_erased(shop: Shop) -> None:
    """A backup from before an erasure brings nobody back: who was erased since is erased again, with
    those who were merged into them, which the preview and the audit say; with whom something is open
    then is named."""
    ctx = shop.ctx
    ani, budi, citra = (
        cards.add(ctx, cards.Card(name, phone=phone))
        for name, phone in (("Ani Lestari", "0812 0000 0021"), ("Budi", "0812 0000 0022"),
                            ("Citra", "0812 0000 0023"))
    )  # fmt: skip
    shop.ask("+6281200000023", "PESAN PQ-R 2")
    backup = making.make(ctx)
    merging.merge(ctx, ani, budi)
    deciding.reject(ctx, 1, "habis")
    with ctx.store.transaction() as db:
        db.execute("UPDATE messages SET status = 'delivered' WHERE direction = 'out'")
    privacy.erase(ctx, ani)
    privacy.erase(ctx, citra)
    ready = preparing.preview(ctx, backup.path)
    assert (len(ready.erased.again), ready.left) == (3, 1)
    told = telling.preview(lambda text, /, **params: text.format(**params), ready)
    assert any("erased again: 2" in line for line in told)
    restore(shop, backup.path)
    with closing(Database(shop.folder / "crm.db").conn) as db:
        names = dict(db.execute("SELECT id, name FROM customers").fetchall())
        assert (names[ani], names[budi], names[citra]) == ("", "", "Citra")
        phones = db.execute("SELECT customer_id FROM phones").fetchall()
        assert {row[0] for row in phones} & {ani, budi} == set()
        rows = db.execute(
            "SELECT subject, after FROM audit WHERE command = 'upkeep.erase'"
        ).fetchall()
        erased = {subject: json.loads(after)["erased"] for subject, after in rows}
        assert erased == {
            f"customer {ani}": True,
            f"customer {budi}": True,
            f"customer {citra}": False,
        }


@pytest.mark.parametrize("lost", ["store", "store and folder"])
def test_who_was_erased_stays_erased_without_the_store(
    shop: Shop, tmp_path: Path, lost: str
) -> None:
    """A backup from before an erasure brings nobody back on a new computer either: beside the backups,
    also on the stick, lies a list of numbers of customers, and nothing else of them."""
    ctx = shop.ctx
    stick = tmp_path / "stick"
    stick.mkdir()
    settings.change(ctx, "backup.folder", str(stick))
    ani = cards.add(ctx, cards.Card("Ani Lestari", phone="0812 0000 0021"))
    budi = cards.add(ctx, cards.Card("Budi", phone="0812 0000 0022"))
    backup = making.make(ctx)
    privacy.erase(ctx, ani)
    making.make(ctx)
    away = places.chosen(ctx)
    assert away is not None
    for folder in (away, places.own(ctx)):
        assert json.loads((folder / "erased.json").read_text()) == {places.shop_id(ctx): [ani]}
    ctx.store.close()
    if lost == "store":
        shop.ctx.store.path.write_bytes(b"x" * 5000)
        there, file = shop.folder, backup.path
    else:
        there, file = tmp_path / "new", away / backup.name
    with preparing.prepared(there, shop.clock, file) as ready:
        assert (ready.erased.again, ready.left) == ((ani,), 0)
        told = telling.preview(lambda text, /, **params: text.format(**params), ready)
        assert any(f"of customers {ani}:" in line for line in told)
        restoring.restore(there, shop.clock, ready)
    with closing(Database(there / "crm.db").conn) as db:
        names = dict(db.execute("SELECT id, name FROM customers").fetchall())
    assert (names[ani], names[budi]) == ("", "Budi")


def test_no_list_erases_whom_the_shop_has(shop: Shop) -> None:
    """Whoever can write into the folder of backups has nobody erased whom the shop of now has: such a
    list is told, whatever else stands in it, and who was erased goes all the same."""
    ctx = shop.ctx
    ani, budi = (
        cards.add(ctx, cards.Card(name, phone=phone))
        for name, phone in (("Ani Lestari", "0812 0000 0021"), ("Budi", "0812 0000 0022"))
    )
    backup = making.make(ctx)
    privacy.erase(ctx, ani)
    listed = places.own(ctx) / "erased.json"
    for planted in (
        json.dumps({places.shop_id(ctx): [ani, budi, True, "2", None, 9999, 10**30]}),
        "[" * 100_000,
        '{"x": 1',
    ):
        listed.write_text(planted)
        ready = preparing.preview(ctx, backup.path)
        doubted = (budi,) if "9999" in planted else ()
        assert (ready.erased.again, ready.erased.doubted) == ((ani,), doubted)
        told = telling.preview(lambda text, /, **params: text.format(**params), ready)
        assert any(f"not erased: {budi}." in line for line in told) == bool(doubted)
    restore(shop, backup.path)
    names = {row["id"]: row["name"] for row in shop.rows("SELECT id, name FROM customers")}
    assert (names[ani], names[budi]) == ("", "Budi")


def test_nobody_is_erased_with_whom_they_were_merged(shop: Shop) -> None:
    """In a backup from when two were merged who were taken apart since, the one of them who was erased
    later does not take the other along: both stay, and that is told."""
    ctx = shop.ctx
    ani, budi = (
        cards.add(ctx, cards.Card(name, phone=phone))
        for name, phone in (("Ani Lestari", "0812 0000 0021"), ("Budi", "0812 0000 0022"))
    )
    merging.merge(ctx, budi, ani)
    backup = making.make(ctx)
    step = undo.last(ctx)
    assert step is not None
    undo.undo(ctx, step.id)
    privacy.erase(ctx, ani)
    ready = preparing.preview(ctx, backup.path)
    assert (ready.erased.again, ready.left) == ((ani,), 1)
    restore(shop, backup.path)
    names = {row["id"]: row["name"] for row in shop.rows("SELECT id, name FROM customers")}
    assert (names[ani], names[budi]) == ("Ani Lestari", "Budi")


def test_who_was_put_out_stays_out(shop: Shop) -> None:
    """Users who were put out or deleted since a backup may not sign in again because somebody restores
    it, and are named; that passwords and rights are those of then is told. Somebody manages users."""
    sari, tono = (staff(shop, "Staf Konter", name) for name in ("sari", "tono"))
    login.leave(shop.ctx.acting(sari.actor))
    backup = making.make(shop.ctx)
    ready = preparing.preview(shop.ctx, backup.path)
    assert (ready.powers, ready.out) == (False, ())
    accounts.remove(shop.ctx, sari.id)
    accounts.remove(shop.ctx, tono.id)
    ready = preparing.preview(shop.ctx, backup.path)
    assert (ready.powers, ready.out) == (True, ("sari", "tono"))
    told = telling.preview(lambda text, **named: translate(text, "en", **named), ready)
    assert "Who was put out since then stays out: sari, tono." in told
    assert any("rights become those of then" in line for line in told)
    restore(shop, backup.path)
    active = "SELECT group_concat(login) FROM users WHERE active = 1"
    assert shop.one(active) == "bos"
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'users.remove'") == 2
    assert reading.verify(shop.ctx.db.conn).first is None
    # Nobody would be left.
    again = making.make(shop.ctx)
    accounts.remove(shop.ctx.acting(staff(shop, name="ujang").actor), 1)
    restore(shop, again.path)
    assert shop.one(active) == "bos"


def test_who_may_restore(shop: Shop) -> None:
    """Without the permission nobody restores; the record of who did stands in both stores."""
    backup = making.make(shop.ctx)
    user = session(shop, {"settings.edit", "backups.make"})
    with pytest.raises(NotAllowed):
        restoring.begin(user, backup.name)
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO role_permissions SELECT max(id), 'backups.restore' FROM roles")
    restoring.begin(user, backup.name)
    aside = restore(shop, backup.path, actor=user.actor)
    told = "SELECT actor, user_id FROM audit WHERE command = 'backups.restore' ORDER BY id DESC LIMIT 1"
    # The user was added after the backup: it is told by name.
    assert [tuple(row.values()) for row in shop.rows(told)] == [("uji", None)]
    assert aside is not None
    old = checking.opened(aside)
    assert old.execute(told).fetchone() == ("uji", user.actor.user_id)
    old.close()


@pytest.mark.soak
def test_from_the_screens(shop: Shop) -> None:
    """What was asked for on a screen is done when the screens are closed; what fails is told then."""
    backup = making.make(shop.ctx)
    sell(shop)
    shop.leave()
    wanted = restoring.Wanted(backup.path, Actor("user", "bos", 1))
    assert leaving.restore(shop.folder, shop.clock, wanted, "id") == leaving.RESTORED
    assert shop.one("SELECT count(*) FROM sales") == 0
    shop.leave()
    backup.path.write_bytes(b"x")
    assert BackupUnreadable.text[:10] in leaving.restore(shop.folder, shop.clock, wanted, "id")
    assert "passphrase" not in repr(restoring.Wanted(backup.path, Actor("user", "bos", 1), PHRASE))


def run(shop: Shop, *args: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(
        main, ["--data", str(shop.folder), "--lang", "en", *args], input=typed
    )
    return done.exit_code, done.output


def test_from_the_command_line(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """backup makes and lists, restore asks, rehearses and restores; a damaged store is no hindrance."""
    assert run(shop, "backup")[0] == 0
    (backup,) = json.loads(run(shop, "backup", "--list", "--format", "json")[1])
    assert backup["checked"]
    assert backup["size"] == Path(backup["file"]).stat().st_size
    sell(shop)
    shop.leave()
    name = Path(backup["file"]).name
    assert name in run(shop, "restore")[1]
    code, told = run(shop, "restore", "--rehearse")
    assert code == 0
    assert "sales: 1 (Rp85.000)" in told
    code, told = run(shop, "restore", name)
    assert code == 1
    assert "sales: 1 (Rp85.000)" in told
    assert "--yes" in told
    assert shop.one("SELECT count(*) FROM sales") == 1
    shop.leave()
    code, told = run(shop, "restore", name, "--yes")
    assert code == 0, told
    assert shop.one("SELECT count(*) FROM sales") == 0
    shop.leave()
    (shop.folder / "crm.db").write_bytes(b"rubbish" * 1000)
    monkeypatch.setenv("TZ", "UTC0")
    time.tzset()
    # A store that cannot be asked for its zone: the list tells the hours of the shop all the same.
    assert f"{datetime.fromisoformat(backup['at']):%d/%m/%Y %H:%M}" in run(shop, "restore")[1]
    assert run(shop, "restore", name, "--yes")[0] == 0
    assert places.epoch(shop.ctx) == 3
    code, told = run(shop, "restore", "nothing.db")
    assert (code, told) == (1, "There is no backup nothing.db.\n")
    code, _ = run(shop, "backup", str(tmp_path / "my.db"))
    assert code == 0
    checking.check(tmp_path / "my.db")
    assert run(shop, "backup", str(tmp_path / "my.db"))[0] == 1


def test_there_is_no_such_backup(shop: Shop) -> None:
    """A name that nothing has is told; a store that is not there is no reason."""
    with pytest.raises(BackupMissing):
        preparing.find(shop.folder, "crm-20200101-000000.db")
    with pytest.raises(StoreMissing):
        Store(shop.folder / "nowhere" / "crm.db")
    assert isinstance(making.make(shop.ctx), Backup)


def test_what_was_planted_does_not_come_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trigger that somebody planted in a backup does nothing while it is restored, nor afterwards."""
    sell(shop)
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        connection.execute(
            "CREATE TRIGGER planted AFTER INSERT ON audit BEGIN UPDATE users SET name = 'x'; END"
        )
    with monkeypatch.context() as older:
        # Older programs did not take it away before they wrote.
        older.setattr(triggers, "taken_away", lambda db, gone: {})
        backup = making.make(shop.ctx)
    assert shop.one("SELECT count(*) FROM users WHERE name = 'x'") == 1
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET name = 'bos'")
    restore(shop, backup.path)
    assert shop.rows("SELECT name FROM sqlite_schema WHERE name = 'planted'") == []
