"""`python -m crm_tui.shop.checks.process STORE`: the check as a process of its own.

It takes a share of a core and no more, and ends by itself.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crm_tui import check_result
from crm_tui.check_result import Checked
from crm_tui.clock import SystemClock, stamp
from crm_tui.errors import N_

WHOLE = 1.0
"""The share of a core where somebody waits for it."""
BESIDE = 0.15
"""… and beside the work."""
_NOT_TO_ITS_END = N_("it was cut off before its end")
_LONGEST = 0.2
_LONGEST_OTHER = 600.0
"""Seconds that somebody waits for another check that is under way."""


def words(store: Path, *, thorough: bool, share: float) -> list[str]:
    """The words that start it. Nothing of the folder from which somebody opens the shop runs with it:
    that may be a stick."""
    started = [sys.executable, "-P", "-m", __name__, str(store), "--share", str(share)]
    return [*started, "--thorough"] if thorough else started


def begin(store: Path, *, thorough: bool) -> "subprocess.Popen[bytes]":
    """Begin a check beside the work. Raises `OSError`."""
    return subprocess.Popen(
        words(store, thorough=thorough, share=BESIDE),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def run(store: Path, *, thorough: bool = False) -> Checked:
    """Check now; what was found. A check that fails, or cannot be made at all, is a finding, too."""
    before = check_result.read(store).at
    try:
        ended = subprocess.run(
            words(store, thorough=thorough, share=WHOLE), check=False, capture_output=True
        )
        trouble = _NOT_TO_ITS_END if ended.returncode else ""
    except OSError as system:
        trouble = system.strerror or str(system)
    found = check_result.read(store)
    # What it could still say itself says more.
    return replace(found, trouble=trouble) if trouble and found.at == before else found


def main(args: Sequence[str]) -> int:
    from crm_tui.shop.checks import integrity

    store, share = Path(args[0]), float(args[args.index("--share") + 1])
    clock = SystemClock()
    if share < WHOLE and hasattr(os, "nice"):
        os.nice(10)
    last = clock.monotonic()

    def between() -> None:
        nonlocal last
        worked = clock.monotonic() - last
        if share < WHOLE:
            clock.wait(min(_LONGEST, worked * (1 / share - 1)))
        last = clock.monotonic()

    try:
        wait = 0.0 if share < WHOLE else _LONGEST_OTHER
        found = integrity.check(
            store, clock, thorough="--thorough" in args, between=between, wait=wait
        )
        if found.structure or found.pages:
            check_result.write(store, replace(found, backup=_last_good(store, clock)))
    except integrity.CheckedByAnother:
        # What the other one finds counts for all.
        return 0
    except OSError as trouble:
        at = stamp(clock.now())
        known = check_result.read_at(store, at)
        check_result.write(store, replace(known, trouble=trouble.strerror or str(trouble), at=at))
        return 1
    return 0


def _last_good(path: Path, clock: SystemClock) -> str:
    """The name of the last whole backup, as far as a damaged store can say it; else ""."""
    from crm_tui import sqlite
    from crm_tui.shop.backups import proving
    from crm_tui.shop.gate.context import Context, console
    from crm_tui.store import Store, StoreProblem

    try:
        store = Store(path)
    except (StoreProblem, sqlite.Error):
        return ""
    try:
        good = proving.last_whole(Context(store, clock, console()))
        return good.name if good else ""
    except (StoreProblem, sqlite.Error):
        return ""
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
