"""The archive: old texts move into a file beside the store, and everything reads as before."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crm_tui import archive, sqlite
from crm_tui.archive import ArchiveProblem
from crm_tui.clock import stamp
from crm_tui.shop.backups import archived, copying, making, places, sealing, state
from crm_tui.shop.backups.settings import FOLDER
from crm_tui.shop.gate import access, health, listing, settings
from crm_tui.shop.gate.context import GATEWAY
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.gate.listing import View
from crm_tui.shop.messages import archiving, correspondence, inbox, view
from crm_tui.shop.messages.lists import INBOX, OUTBOX
from crm_tui.shop.messages.settings import ARCHIVE_MONTHS
from crm_tui.shop.overview import customer
from crm_tui.shop.reports import registry
from crm_tui.shop.reports.period import Period
from crm_tui.store import DiskFull
from tests.daily import daily
from tests.shop import ANI, BUDI, Shop
from tests.test_backups import KEY
from tests.test_commands import session

YEARS = 3 * 365 * 86400


@pytest.fixture
def old(shop: Shop) -> Shop:
    """A shop whose first SMS are three years old: questions, orders, answers, a promo's STOP."""
    for phone, text in (
        (ANI, "HARGA BSI-C7"), (ANI, "PESAN PQ-R 2"), (BUDI, "Pak, ada yang murah?"), (BUDI, "STOP"),
    ):  # fmt: skip
        shop.ask(phone, text)
    shop.clock.wait(YEARS)
    shop.ask(ANI, "STOK BSI-C7")
    return shop


def everything(shop: Shop) -> dict[str, Any]:
    """What people see of messages: reports, lists, searches, conversations, a customer's page."""
    ctx = shop.ctx
    seen: dict[str, Any] = {
        name: list(registry.REPORTS[name].rows(ctx, Period()))
        for name in ("messages", "orders", "times", "readings")
    }
    for listed, part in ((INBOX, "all"), (OUTBOX, "all")):
        for words in ("", "harga", "murah", "0811"):
            rows = listing.page(ctx, listed, View("newest", part, words))
            seen[f"{part} {words} {listed is INBOX}"] = [row.values for row in rows]
    seen["talk"] = [view.conversation(ctx, phone, 50) for phone in (ANI, BUDI)]
    seen["each"] = [view.look(ctx, row["id"]) for row in shop.rows("SELECT id FROM messages")]
    seen["page"] = [customer.look(ctx, number) for number in (1, 2)]
    return seen


def doubled(shop: Shop) -> list[int]:
    """Messages whose text stands in the store and counts as archived, or in neither."""
    return [
        row["id"]
        for row in shop.rows("SELECT id, at, text, archived FROM messages")
        if row["archived"] == (row["text"] != "")
    ]


def test_everything_reads_as_before(old: Shop) -> None:
    """Reports, lists, searches, conversations and the customer's page show the same as before."""
    before = everything(old)
    moved = archiving.run(old.ctx)
    assert moved == old.one("SELECT count(*) FROM messages WHERE archived = 1")
    assert moved >= 6
    assert everything(old) == before
    assert not doubled(old)


def test_the_store_lets_go(old: Shop) -> None:
    """Neither texts nor PDUs of archived messages stand in the store any more, but in the archive."""
    pdus = old.one("SELECT count(*) FROM pdus WHERE at < '2027'")
    archiving.run(old.ctx)
    assert old.one("SELECT count(*) FROM segments JOIN messages ON messages.id = message_id"
                   " WHERE archived = 1") == 0  # fmt: skip
    kept = old.one("SELECT count(*) FROM pdus WHERE at < '2027' AND pdu = ''")
    with closing(sqlite.connect(archive.beside(old.ctx.store.path))) as file:
        assert file.execute("SELECT count(*) FROM pdus WHERE pdu <> ''").fetchone()[0] == kept
    # One waits for the staff, and stays as it is.
    assert kept == pdus - 1


def test_what_waits_stays(old: Shop) -> None:
    """What the staff have not settled, and what is young, is not archived."""
    archiving.run(old.ctx)
    left = old.rows("SELECT text FROM messages WHERE archived = 0 AND direction = 'in'")
    assert [row["text"] for row in left] == ["Pak, ada yang murah?", "STOK BSI-C7"]


def test_a_repeat_is_known(shop: Shop) -> None:
    """An SMS that comes again is still known, though its PDU is archived."""
    shop.ask(ANI, "HARGA BSI-C7")
    shop.ask(BUDI, "PESAN PQ-R 2")
    pdus = [row["pdu"] for row in shop.rows("SELECT pdu FROM pdus WHERE kind = 'deliver'")]
    with archive.writing(shop.ctx.store.path) as file:
        assert archiving.archive_slice(shop.ctx, file, stamp(shop.clock.now()), 100) >= 2
    assert not shop.rows("SELECT 1 FROM pdus WHERE kind = 'deliver' AND pdu <> ''")
    assert inbox.take_in(shop.ctx.acting(GATEWAY), pdus) == 0


def test_never(old: Shop) -> None:
    """A shop that wants no archive has none."""
    settings.change(old.ctx, ARCHIVE_MONTHS.key, "0")
    assert archiving.run(old.ctx) == 0
    assert not archive.beside(old.ctx.store.path).exists()


def test_audited_and_by_right(old: Shop) -> None:
    """Each slice leaves an audit row; without the permission nothing moves."""
    with pytest.raises(NotAllowed):
        archiving.run(session(old, set(access.PERMISSIONS) - {"upkeep.run"}))
    assert old.one("SELECT count(*) FROM messages WHERE archived = 1") == 0
    archiving.run(old.ctx.acting(GATEWAY))
    row = old.rows("SELECT * FROM audit WHERE command = 'messages.archive'")[0]
    assert row["actor"] == "gateway"


def test_sent_again(old: Shop) -> None:
    """A message that failed long ago is sent again with its own text."""
    with old.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET status = 'failed' WHERE direction = 'out'")
    wanted = old.rows("SELECT id, text FROM messages WHERE direction = 'out' ORDER BY id")[0]
    archiving.run(old.ctx)
    again = correspondence.resend(old.ctx, wanted["id"])
    assert old.one("SELECT text FROM messages WHERE id = ?", again) == wanted["text"]


class _Cut(Exception):
    """The power fails."""


@pytest.mark.parametrize("step", ["_copy", "_let_go", "_come_to", "record"])
@pytest.mark.parametrize("done", daily([False, True]))
def test_cut_off_between_two_steps(
    old: Shop, monkeypatch: pytest.MonkeyPatch, step: str, done: bool
) -> None:
    """Wherever a slice is cut off, nothing is lost or doubled, and the next run ends it."""
    before = everything(old)
    place: Any = old.ctx if step == "record" else archiving
    real = getattr(place, step)

    def cut(*args: Any, **more: Any) -> None:
        if done:
            real(*args, **more)
        raise _Cut

    monkeypatch.setattr(place, step, cut)
    with pytest.raises(_Cut):
        archiving.run(old.ctx)
    monkeypatch.undo()
    assert old.one("SELECT count(*) FROM messages WHERE archived = 1") == 0
    assert everything(old) == before
    assert archiving.run(old.ctx) >= 6
    assert everything(old) == before
    assert not doubled(old)


_ARCHIVE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from crm_tui.clock import SimulatedClock
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.messages import archiving
from crm_tui.store import Store
slices.FIRST = slices.MOST = slices.LEAST = 3
slices.next_size = lambda *_: 3
ctx = Context(Store(Path(sys.argv[1])), SimulatedClock(datetime(2030, 1, 1, tzinfo=UTC)), console())
print("begun", flush=True)
archiving.run(ctx)
"""


@pytest.mark.parametrize("pause", daily([0.004, 0.0, 0.01, 0.02, 0.04], 2))
def test_killed(old: Shop, pause: float) -> None:
    """A process that is killed while it archives leaves all as it was to read, and nothing twice."""
    with old.ctx.store.transaction() as db:
        for number in range(200):
            db.execute(
                "INSERT INTO messages (direction, kind, at, phone, text, status, status_at)"
                " SELECT direction, kind, at, phone, ?, 'done', status_at FROM messages"
                " WHERE direction = 'in' AND at < '2027' LIMIT 1", (f"Pesan {number}",),
            )  # fmt: skip
    before = everything(old)
    old.ctx.store.close()
    process = subprocess.Popen(
        [sys.executable, "-c", _ARCHIVE, str(old.ctx.store.path)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert everything(old) == before
    assert not doubled(old)
    archiving.run(old.ctx)
    assert everything(old) == before
    assert not doubled(old)


@pytest.fixture
def guarded(old: Shop) -> Iterator[Path]:
    """The shop's folder, which cannot be written."""
    folder = old.ctx.store.path.parent
    if os.geteuid() == 0:
        # Root writes anywhere: what stands in the way is a folder with the archive's name.
        archive.beside(old.ctx.store.path).mkdir()
    else:
        folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


def test_a_folder_that_cannot_be_written(old: Shop, guarded: Path) -> None:
    """Where the archive cannot be made a sentence says so, and the store keeps all."""
    before = everything(old)
    with pytest.raises(ArchiveProblem):
        archiving.run(old.ctx)
    assert everything(old) == before


def test_disk_full(old: Shop) -> None:
    """When the disk is full in the middle, what was not written whole stays in the store."""
    before = everything(old)
    with archive.writing(old.ctx.store.path) as file:
        pages = file.execute("PRAGMA page_count").fetchone()[0]
        file.execute(f"PRAGMA max_page_count={pages}")
        with old.ctx.store.transaction() as db:
            db.execute("UPDATE messages SET text = text || ? WHERE at < '2027'", ("x" * 5000,))
        before = everything(old)
        with pytest.raises(DiskFull):
            archiving.archive_slice(old.ctx, file, archiving.limit(old.ctx) or "", 100)
    assert everything(old) == before
    assert not doubled(old)


def test_anothers_file(old: Shop) -> None:
    """A file of another program with the archive's name is left alone."""
    path = archive.beside(old.ctx.store.path)
    with closing(sqlite.connect(path)) as other:
        other.execute("CREATE TABLE hers (x)")
    before = path.read_bytes()
    with pytest.raises(ArchiveProblem):
        archiving.run(old.ctx)
    assert path.read_bytes() == before


def test_an_archive_that_is_gone(old: Shop) -> None:
    """Without its archive the shop goes on: a sign stands for each text that cannot be read."""
    archiving.run(old.ctx)
    path = archive.beside(old.ctx.store.path)
    aside = path.with_suffix(".aside")
    before = everything(old)
    old.ctx.store.close()
    path.rename(aside)
    texts = [row["text"] for row in everything(old)["messages"]]
    assert texts.count(archive.MISSING) == old.one("SELECT sum(archived) FROM messages")
    aside.rename(path)
    assert everything(old) == before


@pytest.mark.parametrize("sealed", [False, True])
def test_a_wrong_clock_keeps_no_copy_from_being_renewed(
    old: Shop, tmp_path: Path, sealed: bool
) -> None:
    """Copies made while the clock was years ahead are renewed all the same, on the stick too; one of
    what stands there already is not made again."""
    ctx = old.ctx
    (tmp_path / "usb").mkdir()
    old.set(FOLDER, tmp_path / "usb")
    stick = places.chosen(ctx)
    assert stick is not None
    if sealed:
        sealing._keep_key(ctx, KEY)
    making.make(ctx)
    archiving.run(ctx)
    assert archived.keep(ctx)
    assert archived.keep(ctx) is None or sealed
    name = archive.beside(ctx.store.path).name + sealed * places.SEALED
    copies = [places.own(ctx) / name, stick / name]
    for copy in copies:
        os.utime(copy, (4e9, 4e9))
    with archive.writing(ctx.store.path) as file:
        file.execute("DELETE FROM texts WHERE id = (SELECT min(id) FROM texts)")
    before = [copy.read_bytes() for copy in copies]
    archived.keep(ctx)
    after = [copy.read_bytes() for copy in copies]
    assert after[0] == after[1]
    assert before[0] != after[0]
    times = [copy.stat().st_ino for copy in copies]
    archived.keep(ctx)
    assert times == [copy.stat().st_ino for copy in copies]


def test_a_copy_on_a_stick_is_read_back(
    old: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stick that gives back other octets than were written has no copy, and that is told."""
    (tmp_path / "usb").mkdir()
    old.set(FOLDER, tmp_path / "usb")
    stick = places.chosen(old.ctx)
    assert stick is not None
    making.make(old.ctx)
    archiving.run(old.ctx)
    digest = copying.digest_of
    monkeypatch.setattr(
        copying, "digest_of", lambda path, *_: f"{digest(path)}{path.parent == stick}"
    )
    archived.keep(old.ctx)
    assert state.standing(old.ctx).trouble_in == places.OTHER
    assert [each.name for each in stick.iterdir() if "archive" in each.name] == []


def test_what_was_there_goes_with_its_log(old: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the log of the archive that was there holds, because somebody who read kept it there,
    goes aside with it, and does not lie beside the copy that is brought back."""
    ctx = old.ctx
    making.make(ctx)
    archiving.run(ctx)
    copied = archived.keep(ctx)
    assert copied is not None
    path = archive.beside(ctx.store.path)
    monkeypatch.setattr(archive, "_BUSY_SECONDS", 0.0)
    with closing(archive._open(path, "ro")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM texts").fetchone()
        with archive.writing(ctx.store.path) as file:
            file.execute("UPDATE texts SET text = 'nowhere else'")
        aside = archived.bring_back(ctx, copied)
    assert aside is not None
    assert not path.with_name(f"{path.name}-wal").exists()
    for each, word in ((aside, "nowhere else"), (path, "HARGA BSI-C7")):
        with closing(archive._open(each, "rw")) as file:
            assert word in {row[0] for row in file.execute("SELECT text FROM texts")}


def test_no_text_of_another_message(old: Shop) -> None:
    """An archive that is newer than the store lends its texts to no other message of the same key."""
    archiving.run(old.ctx)
    with old.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET at = '2020-01-01T00:00:00.000Z' WHERE id = 1")
    assert view.words(old.ctx, 1).text == archive.MISSING


def flip(path: Path, within: bytes) -> None:
    """Flip one bit of the last octet of some octets that stand in a file."""
    octets = bytearray(path.read_bytes())
    octets[octets.rindex(within) + len(within) - 1] ^= 1
    path.write_bytes(octets)


@pytest.mark.parametrize("words", [b"HARGA BSI-C7", b"+6281100000001"])
def test_a_flipped_bit_is_told_and_put_right(old: Shop, words: bytes) -> None:
    """A bit that flips in an archived row, which breaks no tree of SQLite's, is told; the copy beside
    the backups gives the row back before it is renewed. An archive from before gets its sums."""
    store = old.ctx.store.path
    path = archive.beside(store)
    archiving.run(old.ctx)
    with closing(sqlite.connect(path, isolation_level=None)) as file:
        before = [tuple(row) for row in file.execute("SELECT * FROM texts")]
        file.execute("DROP TABLE sums")
    with archive.writing(store):
        pass
    places.own(old.ctx).mkdir(exist_ok=True)
    archived.keep(old.ctx)
    flip(path, words)
    assert archive.trouble(store) == ""
    assert archive.changed(store) == 1
    found = next(each for each in health.look(old.ctx, thorough=True) if each.name == "messages")
    assert (found.state, found.facts["changed"]) == (health.BAD, 1)
    # What is archived next renews the copy.
    os.utime(path, (time.time() + 60, time.time() + 60))
    archived.keep(old.ctx)
    assert archive.changed(store) == 0
    with closing(sqlite.connect(path)) as file:
        assert [tuple(row) for row in file.execute("SELECT * FROM texts")] == before


def test_rows_that_go_or_change_are_summed(old: Shop) -> None:
    """What the program itself deletes or writes over is no damage; a row that somebody else took out
    is."""
    store = old.ctx.store.path
    archiving.run(old.ctx)
    with archive.writing(store) as file:
        file.execute("DELETE FROM texts WHERE id = (SELECT min(id) FROM texts)")
        file.execute("UPDATE texts SET phone = '' WHERE id = (SELECT max(id) FROM texts)")
        file.execute("INSERT OR REPLACE INTO pdus SELECT * FROM pdus")
    assert archive.changed(store) == 0
    with closing(sqlite.connect(archive.beside(store), isolation_level=None)) as file:
        file.execute("DELETE FROM texts WHERE id = (SELECT max(id) FROM texts)")
    assert archive.changed(store) == 1
