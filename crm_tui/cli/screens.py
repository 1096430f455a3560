"""Opening the screens from the command line."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.cli.place import Place

if TYPE_CHECKING:
    from crm_tui.practice.shop import Practice


def possible() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_shop(place: Place) -> None:
    """Open the screens of a shop; a first start leads through setting it up."""
    _run(place, place.folder, None)


def open_practice(place: Place, *, reset: bool) -> None:
    """Open the practice shop, which has a folder of its own."""
    from crm_tui.practice.shop import FOLDER, Practice

    folder = place.folder / FOLDER
    practice = Practice(folder, place.clock)
    if reset:
        practice.clear()
    _run(place, folder, practice)


def _run(place: Place, folder: Path, practice: "Practice | None") -> None:
    from crm_tui import memory

    # The store is loaded when the first line stands on the screen.
    memory.begin(engine=False)
    from crm_tui import app

    log_place = Place(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log_place.log_to_file()
    app.run(folder, place.clock, language=place.chosen_language, practice=practice)
