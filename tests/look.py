"""Looking at a running program: a picture of each of its screens, in which nothing may be wrong.

The pictures of a walk stand one under the other in one file, each under the name of its screen; a few
are kept in colours besides. After a change that is meant: `pytest tests/test_pictures.py
--snapshot-update`, and look at the difference.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.screen import Screen

from tests.counter import Counter
from tests.layout import faults
from tests.pictures import picture

_LATEST = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""On a busy computer the focus, or what is read from the store, may come after the rest."""
_STILL = 0.4


class TextPictures(SingleFileSnapshotExtension):
    """The pictures of a walk in a file of text."""

    _file_extension = "txt"
    _write_mode = WriteMode.TEXT


class Look:
    """Takes pictures on a walk through the screens, and looks for what is wrong in them.

    `coloured`: the screens that are kept in colours as well.
    """

    def __init__(self, snapshot: SnapshotAssertion, coloured: frozenset[str]) -> None:
        self._text = snapshot.use_extension(TextPictures)
        self._svg = snapshot.use_extension(SVGImageSnapshotExtension)
        self._coloured = coloured
        self._before = _pictures(self._text)
        self._taken: dict[str, str] = {}
        self.here: Counter

    async def at(self, what: str, screen: type[Screen[Any]], *keys: str) -> None:
        """A picture of what stands there after these keys, which must be this screen."""
        here = self.here
        if keys:
            await here.press(*keys)
        await here.until(lambda: isinstance(here.app.screen, screen), f"no {what}")
        await here.settle()
        await here.paint()
        if self._text.update_snapshots:
            await self._come_to_rest()
        # What is written anew has its size a moment later.
        await self._until(
            lambda: picture(here.app) == self._before.get(what) and not faults(here.app.screen)
        )
        self._taken[what] = picture(here.app)
        found = faults(here.app.screen)
        assert not found, (what, found)
        if what in self._coloured:
            assert _coloured(here) == self._svg(name=what), f"{what} has other colours"

    def end(self) -> None:
        """The walk is over: all that was seen looks as it did."""
        assert self._text == "".join(
            f"{what} {'─' * 20}\n{shown}\n" for what, shown in self._taken.items()
        )

    async def _until(self, true: Callable[[], bool]) -> None:
        """Give what is late some time; what is not true then is told of where it is asserted."""
        for seconds in _LATEST if not self._text.update_snapshots else ():
            if true():
                return
            await self.here.pilot.pause(seconds)
            await self.here.paint()

    async def _come_to_rest(self) -> None:
        """Wait until nothing moves: there is nothing yet to compare with."""
        before = ""
        while before != (before := picture(self.here.app)):
            await self.here.pilot.pause(_STILL)


def _pictures(snapshot: SnapshotAssertion) -> dict[str, str]:
    """The pictures that were taken before, by their names."""
    place = Path(
        snapshot.extension.get_location(test_location=snapshot.test_location, index=snapshot.index)
    )
    if not place.is_file():
        return {}
    parts = re.split(r"^(\S+) ─{20}\n", place.read_text("utf-8"), flags=re.M)
    return {
        what: shown.removesuffix("\n") for what, shown in zip(parts[1::2], parts[2::2], strict=True)
    }


def _coloured(here: Counter) -> str:
    # The fonts that it would fetch from elsewhere are no part of the picture.
    return re.sub(r"@font-face \{.*?\}\s*", "", here.app.export_screenshot(), flags=re.S)
