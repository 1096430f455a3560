"""A second folder for backups that does not answer: a network that is dead, a disk that hangs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.i18n import retell, translate
from crm_tui.shop.backups import findings, making, places, reaching, state
from crm_tui.shop.backups.errors import PlaceMissing, PlaceSilent
from crm_tui.shop.backups.places import OTHER, OWN
from crm_tui.shop.backups.settings import FOLDER
from crm_tui.shop.gate import health
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.upkeep import leavings
from tests.peers import until
from tests.shop import Shop

_HANGS = "import time; time.sleep(60)"
DAY = 24 * 3600


@pytest.fixture
def share(shop: Shop, tmp_path: Path) -> Path:
    """The shop's part of a folder on the network."""
    (tmp_path / "nas").mkdir()
    shop.set(FOLDER, tmp_path / "nas")
    folder = places.chosen(shop.ctx)
    assert folder is not None
    return folder


@pytest.fixture
def dead(share: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same, where whoever asks for anything waits, and cannot be killed."""
    kill = subprocess.Popen.kill
    eye = reaching._EYE
    with monkeypatch.context() as patch:
        patch.setattr(reaching, "_EYE", _HANGS)
        patch.setattr(reaching, "LOOK", 0.2)
        patch.setattr(subprocess.Popen, "kill", lambda _: None)
        yield share
    assert eye == reaching._EYE
    for each in reaching._eyes.values():
        kill(each)
        each.wait()
    reaching._eyes.clear()


def _let_go() -> None:
    for eye in reaching._eyes.values():
        eye.terminate()
        eye.wait()


def _good(shop: Shop, place: str) -> int:
    return len(places.seen(places.folders(shop.ctx)[place], place))


def test_a_folder_that_does_not_answer(shop: Shop, dead: Path) -> None:
    """The backup beside the store counts, the next day's comes, and what is wrong is said in red; the
    folder is asked by one process that waits, however often somebody looks."""
    began = time.monotonic()
    for day in (1, 2, 3):
        assert making.run(shop.ctx, "daily").checked
        assert not making.bring_out(shop.ctx)
        assert _good(shop, OWN) == day
        shop.clock.wait(DAY)
    standing = state.standing(shop.ctx)
    assert (standing.silent, standing.missing, standing.bad) == (True, True, True)
    assert "tidak menjawab" in retell(standing.trouble, "id")
    told = findings.backup(shop.ctx)
    assert told is not None
    assert told.state == health.BAD
    assert "tidak menjawab" in retell(told.sentence, "id")
    assert [each.place for each in places.listed(shop.ctx)] == [OWN] * 3
    assert leavings.left(shop.ctx).away
    assert len(reaching._eyes) == 1
    assert time.monotonic() - began < 10


def test_a_folder_that_answers_again(shop: Shop, dead: Path) -> None:
    """What was missed is brought as soon as the folder answers, and all is well."""
    making.run(shop.ctx, "daily")
    assert state.standing(shop.ctx).silent
    _let_go()
    with pytest.MonkeyPatch.context() as patch:
        # It is not waited for as long, time and again.
        patch.setattr(reaching, "SOON", 0.1)
        with pytest.raises(PlaceSilent):
            reaching.is_there(dead, 60)
    _let_go()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reaching, "_EYE", "")
        assert making.bring_out(shop.ctx)
    assert not state.standing(shop.ctx).bad
    assert len(places.seen(dead, OTHER)) == 1


def test_it_cannot_be_chosen(shop: Shop, dead: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that does not answer is not chosen, and the store waits for it a moment only."""
    monkeypatch.setattr(places, "_HURRIED", 0.2)
    with pytest.raises(PlaceSilent):
        shop.set(FOLDER, dead.parent.parent)
    assert places.chosen(shop.ctx) == dead


def test_a_folder_that_dies_on_the_way(
    shop: Shop, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is opened and never answers holds up neither the backup nor the next one, by one
    thread; whoever it lets go at last does no harm."""
    monkeypatch.setattr(reaching, "STEP", 0.4)
    pipe = share / (places.name_at(shop.clock.now(), sealed=False) + ".json")
    os.mkfifo(pipe)
    assert making.run(shop.ctx, "daily").checked
    assert state.standing(shop.ctx).silent
    shop.clock.wait(DAY)
    assert making.run(shop.ctx, "daily").checked
    assert not making.bring_out(shop.ctx)
    assert len(reaching._left) == 1
    os.close(os.open(pipe, os.O_WRONLY))
    until(lambda: not reaching._left[0].is_alive(), 5, 0.02)
    pipe.unlink()
    assert making.bring_out(shop.ctx)
    assert not state.standing(shop.ctx).bad
    assert [each.checked for each in places.seen(share, OTHER)] == [True]


def test_what_goes_on_is_waited_for(tmp_path: Path) -> None:
    """What tells its steps may take as long as it wants; what it raises is raised."""

    def steps(progress: Progress) -> int:
        for step in range(8):
            time.sleep(0.1)
            progress.at(step, 8)
        return 8

    def away(_: Progress) -> None:
        raise PlaceMissing(folder=tmp_path)

    assert reaching.patiently(tmp_path, steps, Progress(), 0.4) == 8
    with pytest.raises(PlaceMissing):
        reaching.patiently(tmp_path, away, Progress())


@pytest.mark.soak
def test_a_program_ends_beside_it(tmp_path: Path) -> None:
    """A program ends, though something of it waits for the folder."""
    os.mkfifo(tmp_path / "pipe")
    code = (
        "from pathlib import Path\n"
        "from crm_tui.shop.backups import reaching\n"
        "from crm_tui.shop.backups.errors import PlaceSilent\n"
        "from crm_tui.shop.gate.progress import Progress\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "try: reaching.patiently(folder, lambda _: (folder / 'pipe').read_bytes(), Progress(), 0.2)\n"
        "except PlaceSilent: print('silent')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], timeout=20, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "silent\n"


def test_in_few_words() -> None:
    """The status line says it in words that fit beside the rest."""
    assert (
        translate("2nd backup folder does not answer", "id") == "folder cadangan ke-2 tak menjawab"
    )
