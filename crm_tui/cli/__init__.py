"""The command line. Each file holds a group of commands; they call what the screens call.

The screens are the command that is given all day, and waited for: without others click is not loaded.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from crm_tui import i18n
from crm_tui.cli import screens
from crm_tui.cli.place import Place, ending, environment_language, keep_streams


def main(args: Sequence[str] | None = None) -> None:
    """The program as people call it."""
    keep_streams()
    words = list(sys.argv[1:] if args is None else args)
    place = of_the_screens(words) if screens.possible() else None
    if place is None:
        from crm_tui.cli import commands

        commands.main(words)
        return
    with ending(place.chosen_language or environment_language()):
        screens.open_shop(place)


def of_the_screens(words: list[str]) -> Place | None:
    """Where the screens are asked for, by nothing but a folder and a language; None if anything else
    is, or what click would complain of."""
    given = {"--data": os.environ.get("CRM_TUI_DATA", ""), "--lang": ""}
    left = iter(words)
    for word in left:
        name, written, value = word.partition("=")
        given[name] = value if written else next(left, "")
        if len(given) > 2 or not given[name]:
            return None
    folder, language = given["--data"], given["--lang"]
    if language and language not in i18n.LANGUAGES:
        return None
    if folder.startswith("-") or (folder and not folder.isprintable()) or Path(folder).is_file():
        return None
    return Place(Path(folder) if folder else None, language or None)
