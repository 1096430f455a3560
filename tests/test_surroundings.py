"""What the shop stands on: a folder that others may write, versions that endanger it."""

import os
import pyexpat
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest

from crm_tui import sqlite
from crm_tui.shop.backups import making
from crm_tui.shop.upkeep import surroundings
from tests.shop import ANI, Shop


def states(shop: Shop) -> list[str]:
    """What whoever opens the shop now is told."""
    return [each.state for each in surroundings.daily(shop.ctx)]


@pytest.mark.skipif(os.name == "nt", reason="rights are no part of a file's mode there")
def test_a_folder_that_others_may_write(shop: Shop) -> None:
    """A folder or file of the shop that others may write, or read, is told of with what to do; one in
    which each may change only what is theirs is as good as closed."""
    shop.folder.chmod(0o755)
    store = shop.ctx.store.path
    store.chmod(0o600)
    found = surroundings.folder(shop.ctx)
    assert found is not None
    assert found.well, found
    (shop.folder / "backups").mkdir(mode=0o700, exist_ok=True)
    for path, mode, state in (
        (shop.folder, 0o777, "bad"), (shop.folder, 0o775, "bad"), (shop.folder, 0o1777, "well"),
        (shop.folder, 0o700, "well"), (store, 0o602, "bad"), (store, 0o644, "attention"),
        (shop.folder / "backups", 0o722, "bad"),
    ):  # fmt: skip
        before = path.stat().st_mode
        path.chmod(mode)
        found = surroundings.folder(shop.ctx)
        path.chmod(before)
        assert found is not None
        assert (found.state, bool(found.advice)) == (state, state != "well"), (path, oct(mode))


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
