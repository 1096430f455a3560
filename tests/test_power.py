"""The power goes at any moment: what anybody was told is there, no half backup has a real name."""

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from crm_tui.clock import SystemClock
from crm_tui.shop.backups import checking, making, places, preparing, restoring
from crm_tui.shop.backups.places import read_note
from crm_tui.shop.checks import integrity
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.gate.folder import store_path
from crm_tui.store import Store
from tests.peers import need
from tests.power import Call, Disk, calls, record
from tests.shop import Shop, ledgers_add_up

STEPS = 60


def tell(*words: object) -> None:
    """Tell somebody outside: from here on it must not be lost."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def live(folder: Path, seed: int) -> None:
    """A day of a shop: commits, checkpoints, openings, backups, and in the middle a restore."""
    chosen = random.Random(seed)
    path, clock = store_path(folder), SystemClock()
    store = Store(path)
    last = ""
    for number in range(STEPS):
        dice = chosen.random()
        if number == STEPS * 2 // 3 and last:
            store.close()
            tell("restoring", last)
            with preparing.prepared(folder, clock, places.beside(folder) / last) as ready:
                restoring.restore(folder, clock, ready)
            tell("restored")
            store = Store(path)
        elif dice < 0.06 or number == STEPS // 3:
            last = making.make(Context(store, clock, console())).name
            tell("backup", last)
        elif dice < 0.2:
            store.checkpoint()
        elif dice < 0.28:
            store.close()
            store = Store(path)
        else:
            tell("begin", number)
            with store.transaction() as db:
                for part in range(chosen.choice((1, 1, 3, 40))):
                    db.execute(
                        "INSERT INTO settings VALUES (?, ?)",
                        (f"key {number} {part}", f"{number} " * chosen.randrange(400)),
                    )
                db.execute("INSERT INTO settings VALUES (?, '')", (f"whole {number}",))
            tell("committed", number)
    store.close()


class Told:
    """What the outside knows by some moment."""

    def __init__(self) -> None:
        self.begun: set[int] = set()
        self.committed: set[int] = set()
        self.backups: dict[str, set[int]] = {}
        self.restoring = ""
        self.epoch = 1

    def hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        match word:
            case "begin":
                self.begun.add(int(rest))
            case "committed":
                self.committed.add(int(rest))
            case "backup":
                self.backups[rest] = set(self.committed)
            case "restoring":
                self.restoring = rest
            case "restored":
                self.committed = set(self.backups[self.restoring])
                self.begun = set(self.committed)
                self.restoring = ""
                self.epoch = 2


def look(folder: Path, told: Told, kept: set[str]) -> None:
    """What a program finds that opens the shop after the power cut. `kept`: the names of files that
    nobody had begun to remove."""
    store = Store(store_path(folder))
    ctx = Context(store, SystemClock(), console())
    epoch = places.epoch(ctx)
    rows = store.db.execute("SELECT key FROM settings WHERE key LIKE 'whole %'").fetchall()
    keys = {int(row[0].split()[1]) for row in rows}
    if told.restoring and epoch == 2:
        assert keys == told.backups[told.restoring], "restored, and not what the backup holds"
    else:
        assert epoch == told.epoch
        assert told.committed <= keys, "committed, and lost"
        assert keys <= told.begun | told.committed
    assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    ledgers_add_up(ctx)
    # Nothing has to be made good: it goes on, and what it writes stays.
    with store.transaction() as db:
        db.execute("INSERT INTO settings VALUES ('after', '')")
    store.close()
    found = integrity.check(store.path, SystemClock(), thorough=True, between=lambda: None)
    assert (found.structure, found.pages, found.lost) == ("", 0, 0), "told of damage that is none"
    for name in told.backups:
        # A note goes before what it is about.
        counts = {name, name + ".json"} <= kept
        assert not counts or read_note(places.beside(folder) / name), (
            "a backup that was told of does not count"
        )
    good = [name for name in told.backups if read_note(places.beside(folder) / name)]
    assert good or not told.backups, "there was a backup, and there is none"
    for path in places.beside(folder).glob("crm-*.db"):
        note = read_note(path)
        if note is None:
            # It does not count yet, or no more; but it is no half one.
            checking.check(path)
            continue
        assert note.size == path.stat().st_size
        checking.check(path, note.counts)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_power_cuts(tmp_path: Path, seed: int) -> None:
    """The power goes at any of 100 moments of a day: what was told is there, and all is whole."""
    need("strace")
    shop = Shop(tmp_path / "shop")
    shop.leave()
    start = tmp_path / "start"
    shutil.copytree(shop.folder, start)
    log = tmp_path / "log"
    code = "import sys; from tests.test_power import *; live(Path(sys.argv[1]), int(sys.argv[2]))"
    said = record([sys.executable, "-c", code, str(shop.folder), str(seed)], log).splitlines()
    disk = Disk(shop.folder, start)
    everything = list(calls(log))
    touching = [number for number, call in enumerate(everything) if changes(call)]
    chosen = random.Random(seed)
    moments = set(chosen.sample(touching, 100))
    told = Told()
    for number, call in enumerate(everything):
        disk.do(call)
        for line in disk.said:
            told.hear(line)
        disk.said.clear()
        if number in moments:
            image = tmp_path / "cut"
            disk.cut(image, chosen)
            look(image, told, {Path(name).name for name in disk.names})
            shutil.rmtree(image)
    assert {line.split()[0] for line in said} >= {"committed", "backup", "restored"}
    # The replay has come to what the process left.
    for name, file in disk.names.items():
        assert Path(name).read_bytes() == file.now(), name


def changes(call: Call) -> bool:
    """Whether a call may change what a power cut leaves."""
    return call.name in ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "unlink")
