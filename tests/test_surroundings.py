"""What the shop stands on: a folder that others may write, versions that endanger it."""

import os
import pyexpat
import re
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import crm_tui
from crm_tui import sqlite
from crm_tui.shop.backups import making, schedule
from crm_tui.shop.checks import process
from crm_tui.shop.gate.context import Context, console
from crm_tui.shop.upkeep import surroundings
from crm_tui.store import Store
from tests.shop import ANI, Shop


def states(shop: Shop) -> list[str]:
    """What whoever opens the shop now is told."""
    return [each.state for each in surroundings.daily(shop.ctx)]


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_a_folder_that_others_may_write(shop: Shop) -> None:
    """A folder or file of the shop that others may write, or read, is told of with what to do; so is
    one in which each may change only what is theirs, for a log beside the store may be put there."""
    shop.folder.chmod(0o755)
    store = shop.ctx.store.path
    store.chmod(0o600)
    found = surroundings.folder(shop.ctx)
    assert found is not None
    assert found.well, found
    (shop.folder / "backups").mkdir(mode=0o700, exist_ok=True)
    for path, mode, state in (
        (shop.folder, 0o777, "bad"), (shop.folder, 0o775, "bad"), (shop.folder, 0o1777, "bad"),
        (shop.folder, 0o700, "well"), (store, 0o602, "bad"), (store, 0o644, "attention"),
        (shop.folder / "backups", 0o722, "bad"), (shop.folder / "backups", 0o1733, "bad"),
    ):  # fmt: skip
        before = path.stat().st_mode
        path.chmod(mode)
        found = surroundings.folder(shop.ctx)
        path.chmod(before)
        assert found is not None
        assert (found.state, bool(found.advice)) == (state, state != "well"), (path, oct(mode))


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_whatever_lies_in_the_folder(shop: Shop) -> None:
    """All that lies in the shop's folder is looked at, however deep; what stands behind a folder that
    others do not enter, or leads elsewhere, is nobody's. Nothing that lies there makes it last."""
    shop.folder.chmod(0o755)
    for each in shop.folder.rglob("*"):
        each.chmod(0o700 if each.is_dir() else 0o600)
    (shop.folder / "elsewhere").symlink_to("/")
    (shop.folder / "around").symlink_to(shop.folder)
    for place in ("exports", "replaced/2026", "damaged", "backups/x", "crm-x/y"):
        file = shop.folder / place / "a.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Ani +62811")
        for inner, outer, state in (
            (0o666, 0o711, "bad"), (0o644, 0o711, "attention"), (0o600, 0o711, "well"),
            (0o600, 0o733, "bad"), (0o666, 0o700, "well"), (0o600, 0o700, "well"),
        ):  # fmt: skip
            file.chmod(inner)
            file.parent.chmod(outer)
            if file.parent.parent != shop.folder:
                file.parent.parent.chmod(0o711)
            found = surroundings.folder(shop.ctx)
            assert found is not None
            assert found.state == state, (place, oct(inner), oct(outer), found.facts)
            assert (place in found.sentence) == (state != "well")


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_a_key_that_others_may_read(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key of the ledgers, its folder, what is remembered beside it and a branch's keys are nobody
    else's: whoever has them can change the books unseen."""
    shop.folder.chmod(0o700)
    place = tmp_path / "keys"
    place.mkdir(mode=0o700)
    key, heads, branch = (
        place / "ledger.key",
        place / "heads.json",
        place / "chain-ab-2" / "key.pem",
    )
    branch.parent.mkdir(mode=0o700)
    for each in (key, heads, branch):
        each.write_bytes(b"x" * 32)
        each.chmod(0o600)
    monkeypatch.setenv("CRM_TUI_KEY", str(key))
    for path, mode, within, state in (
        (key, 0o600, 0o755, "well"), (key, 0o640, 0o755, "bad"), (key, 0o604, 0o711, "bad"),
        (key, 0o602, 0o711, "bad"), (key, 0o666, 0o700, "well"), (key, 0o600, 0o777, "bad"),
        (key, 0o600, 0o1777, "bad"), (key, 0o666, 0o1777, "bad"), (heads, 0o644, 0o755, "well"),
        (heads, 0o646, 0o755, "bad"), (branch.parent, 0o733, 0o755, "bad"),
    ):  # fmt: skip
        before = path.stat().st_mode
        path.chmod(mode)
        place.chmod(within)
        found = surroundings.folder(shop.ctx)
        path.chmod(before)
        assert found is not None
        assert found.state == state, (path, oct(mode), oct(within), found.facts)
    branch.parent.chmod(0o711)
    branch.chmod(0o644)
    place.chmod(0o755)
    assert states(shop) == ["bad"]
    found = surroundings.folder(shop.ctx)
    assert found is not None
    assert str(branch) in found.sentence
    tmp_path.chmod(0o777)
    branch.chmod(0o600)
    found = surroundings.folder(shop.ctx)
    tmp_path.chmod(0o700)
    assert found is not None
    assert found.state == "bad"


def _python(*version: object) -> SimpleNamespace:
    """A version as sys has it."""

    class Version(tuple[object, ...]):
        releaselevel = version[3]

    return Version(version)  # type: ignore[return-value]


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_a_folder_that_can_be_exchanged(shop: Shop) -> None:
    """Who may write above the shop's folder can put another one in its place: that is told, unless each
    may only move there what is theirs."""
    above = shop.folder.parent
    for mode, state in ((0o777, "bad"), (0o1777, "well"), (0o700, "well")):
        above.chmod(mode)
        found = surroundings.folder(shop.ctx)
        assert found is not None
        assert found.state == state, oct(mode)
        assert (str(above.resolve()) in str(found.sentence)) == (state == "bad")


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_a_link_that_can_be_exchanged(shop: Shop, tmp_path: Path) -> None:
    """So can whoever may exchange a link by which the shop is opened, at whatever end of links."""
    home, open_one = shop.ctx.store.path.parent, tmp_path / "umum"
    open_one.mkdir()
    (open_one / "toko").symlink_to(home)
    (tmp_path / "pintu").symlink_to(open_one / "toko")
    ctx = Context(Store(tmp_path / "pintu" / "crm.db"), shop.clock, console())
    assert _writable(ctx) == []
    open_one.chmod(0o777)
    assert _writable(ctx) == [str(open_one)]
    open_one.chmod(0o1777)
    assert _writable(ctx) == []
    ctx.store.close()


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_a_link_to_where_others_may_write(shop: Shop, tmp_path: Path) -> None:
    """What the program keeps, moved to another place behind a link, is looked at there."""
    shop.folder.chmod(0o755)
    place = tmp_path / "disk"
    place.mkdir()
    (shop.folder / "backups").symlink_to(place)
    for mode, state in ((0o777, "bad"), (0o1777, "bad"), (0o755, "attention"), (0o700, "well")):
        place.chmod(mode)
        found = surroundings.folder(shop.ctx)
        assert found is not None
        assert found.state == state, oct(mode)
        assert ("backups" in found.sentence) == (state != "well")


def _writable(ctx: Context) -> object:
    """What others may write, as Health tells it."""
    found = surroundings.folder(ctx)
    assert found is not None
    assert (found.state == "well") == (found.facts["writable"] == [])
    return found.facts["writable"]


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_a_program_that_can_be_exchanged(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may write the program itself needs no shop's folder: that is told, too."""
    file = tmp_path / "crm_tui" / "shop" / "app.py"
    file.parent.mkdir(parents=True)
    file.touch()
    monkeypatch.setattr(crm_tui, "__file__", str(tmp_path / "crm_tui" / "__init__.py"))
    assert _writable(shop.ctx) == []
    for each, more in ((file, 0o002), (file.parent, 0o002), (file.parent, 0o1002)):
        mode = each.stat().st_mode
        each.chmod(mode | more)
        assert _writable(shop.ctx) == [str(each)]
        each.chmod(mode)


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_what_the_program_makes_is_its_owner_s(shop: Shop) -> None:
    """Nothing that the program writes into the shop's folder may be read by others, backups and their
    notes included, whatever the system's default is."""
    before = os.umask(0)
    try:
        shop.ask(ANI, "PESAN PQ-R 1")
        making.run(shop.ctx, "daily")
        keeping = list(shop.folder.rglob("*"))
        assert any(each.suffix == ".json" for each in keeping)
    finally:
        os.umask(before)
    open_to_others = {
        each.name for each in keeping if each.is_file() and each.stat().st_mode & 0o077
    }
    assert not open_to_others


def test_versions_that_endanger(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An expat that a workbook can make crash, a Python that is unfinished or gets no mends."""
    monkeypatch.setattr(sys, "version_info", _python(3, 11, 9, "final", 0))
    assert surroundings.versions(shop.ctx).well
    yesterday = shop.ctx.now.date() - timedelta(days=1)
    monkeypatch.setitem(surroundings._MENDED_UNTIL, (3, 11), yesterday)
    assert surroundings.versions(shop.ctx).state == "attention"
    monkeypatch.setattr(sys, "version_info", _python(3, 15, 0, "candidate", 1))
    assert surroundings.versions(shop.ctx).state == "attention"
    monkeypatch.setattr(pyexpat, "version_info", (2, 4, 9))
    assert surroundings.versions(shop.ctx).state == "bad"


def test_told_once_a_day(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the shop is told of it, and told again the next day; of what is well, never."""
    shop.folder.chmod(0o700)
    monkeypatch.setattr(sqlite, "engine", lambda: sqlite.Engine("", "3.51.3", sound=True))
    assert states(shop) == []
    monkeypatch.setattr(sqlite, "engine", lambda: sqlite.Engine("", "3.40.1", sound=False))
    assert states(shop) == ["attention"]
    assert states(shop) == []
    shop.clock.wait(timedelta(hours=25).total_seconds())
    assert states(shop) == ["attention"]


def test_no_program_of_the_folder_begins() -> None:
    """Whatever the program starts of its own leaves out the folder in which somebody has opened it."""
    started = re.compile(r"sys\.executable,\s*(\S+)")
    package = Path(crm_tui.__file__).parent
    found = [
        each for path in package.rglob("*.py") for each in started.findall(path.read_text("utf-8"))
    ]
    assert len(found) > 1
    assert set(found) <= {'"-P",', '"-I",'}


@pytest.mark.soak
@pytest.mark.parametrize(
    "planted", ["crm_tui/__init__.py", "sqlite_utils.py", "argparse.py", "json.py"]
)
def test_nothing_on_a_stick_runs(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    """Who opens the shop from within a folder of somebody else's runs nothing of what lies there:
    checks and backups are made as anywhere."""
    stick, mark = tmp_path / "stick", tmp_path / "mark"
    (stick / planted).parent.mkdir(parents=True)
    (stick / planted).write_text(f"open({str(mark)!r}, 'w').close()\nraise SystemExit(0)\n")
    monkeypatch.chdir(stick)
    shop.leave()
    assert not process.run(shop.ctx.store.path, thorough=True).trouble
    assert schedule.begin(shop.ctx.store.path).wait() == 0
    assert not mark.exists()
