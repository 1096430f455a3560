"""The folder of the shop's choice, which may lie on a network that is dead: whoever asks the system for
anything there waits for ever, and often cannot even be killed. So nothing of ours waits for it.

    is_there ─▶ a process looks into it ─▶ there · not there · nothing for 10 s: PlaceSilent
    patiently ─▶ a thread reads, writes, tells each step ─▶ no step for 2 minutes: PlaceSilent

Of what is left waiting there is one of each at most: as long as it waits, the folder is not asked anew.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from crm_tui.shop.backups.errors import BackupFailed, PlaceSilent
from crm_tui.shop.gate.progress import Progress

T = TypeVar("T")

LOOK = 10.0
"""Seconds for a look: a disk that slept turns first."""
SOON = 3.0
"""Seconds for a look into a folder that did not answer the last time."""
STEP = 120.0
"""Seconds for a step: a slow stick takes long for what it was given."""
_PAUSE = 0.2
"""Seconds between two looks whether a step was told."""
_AWAY = 3
_EYE = (
    "import os, sys\n"
    "if not os.path.isdir(sys.argv[1]): sys.exit(3)\n"
    "try: next(os.scandir(sys.argv[1]), None)\n"
    "except OSError: pass\n"
)

_eyes: "dict[Path, subprocess.Popen[bytes]]" = {}
"""What still looks, by folder."""
_silent: set[Path] = set()
"""What did not answer when it was looked into last."""
_left: list[threading.Thread] = []
"""What was given up and still waits."""


def is_there(folder: Path, patience: float = LOOK) -> bool:
    """Whether a folder is there. Raises `PlaceSilent`, `BackupFailed` if it could not be looked at."""
    # A folder that did not answer a moment ago is not waited for as long, time and again.
    patience = min(patience, SOON) if folder in _silent else patience
    eye = _eyes.pop(folder, None)
    if eye is not None and eye.poll() is None:
        _eyes[folder] = eye
        raise PlaceSilent(folder=folder)
    try:
        # It loads next to nothing, nor what lies in the folder in which somebody has opened the shop.
        eye = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _EYE, str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except ValueError:
        # No folder has such a name.
        return False
    except OSError as trouble:
        raise BackupFailed(folder=folder, why=trouble.strerror or trouble) from trouble
    try:
        code = eye.wait(patience)
    except subprocess.TimeoutExpired:
        # It may wait where no signal reaches it.
        eye.kill()
        _eyes[folder] = eye
        _silent.add(folder)
        raise PlaceSilent(folder=folder) from None
    _silent.discard(folder)
    # One on a stick that is dying may give an error of its own, which `Path.is_dir` raises.
    return code != _AWAY and os.path.isdir(folder)


class _Steps(Progress):
    """The progress of what is done on a thread: it knows how many steps were told."""

    def __init__(self, outer: Progress) -> None:
        super().__init__()
        self._outer = outer
        self.told = 0

    def at(self, done: int, total: int) -> None:
        self.told += 1
        super().at(done, total)
        self._outer.at(done, total)


def patiently(
    folder: Path, do: Callable[[Progress], T], progress: Progress, step: float | None = None
) -> T:
    """Do something in a folder, on a thread that is left when no step is told for so long (`STEP`);
    it ends by itself at its next one, and must know nothing of the store. Raises `PlaceSilent`, and
    what it raises."""
    _left[:] = [each for each in _left if each.is_alive()]
    if _left:
        raise PlaceSilent(folder=folder)
    steps = _Steps(progress)
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(do(steps))
        except BaseException as trouble:  # noqa: BLE001 - raised where it is waited for
            failed.append(trouble)

    thread = threading.Thread(target=run, name="folder", daemon=True)
    thread.start()
    known, silent = -1, 0.0
    try:
        while thread.is_alive():
            silent = silent + _PAUSE if known == steps.told else 0.0
            known = steps.told
            if silent >= (STEP if step is None else step):
                raise PlaceSilent(folder=folder)
            thread.join(_PAUSE)
    finally:
        if thread.is_alive():
            steps.cancel()
            _left.append(thread)
    if failed:
        raise failed[0]
    return done[0]
