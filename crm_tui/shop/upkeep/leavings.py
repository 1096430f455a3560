"""What an erased customer leaves beside the store: files that were handed out, the log, older files.

What the program can take away, it does; what it must not, because it holds others as well, is counted.
"""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crm_tui import archive
from crm_tui.errors import N_
from crm_tui.shop.backups import erasures, places, reaching
from crm_tui.shop.backups.errors import BackupProblem
from crm_tui.shop.gate.context import Context
from crm_tui.store import StoreProblem

log = logging.getLogger(__name__)

HANDED_OUT = "customer-"
"""Begins the name of a file in exports/ with what is kept of a customer, whose number follows."""
_OF_ONE = re.compile(re.escape(HANDED_OUT) + r"(\d+)-\d{8}-\d{6}\.json")


def go(ctx: Context) -> None:
    """After an erasure: it is noted beside the backups, what was handed out in a file goes, and nothing
    stands in the logs any more but what is in store and archive. What cannot be done now, or was cut
    off, the upkeep does."""
    steps = (
        lambda: erasures.note(ctx, places.own(ctx)), lambda: _take_away(ctx), ctx.store.empty_log,
        lambda: archive.settle(ctx.store.path),
    )  # fmt: skip
    for step in steps:
        try:
            step()
        except (OSError, StoreProblem, archive.ArchiveProblem) as trouble:
            log.warning("what an erased customer leaves is still there: %s", trouble)


def _take_away(ctx: Context) -> None:
    files = [(path, found) for path in _files(ctx.store.path.parent / "exports")
             if (found := _OF_ONE.fullmatch(path.name))]  # fmt: skip
    # To look for them is to read the whole audit.
    erased = set(erasures.of_store(ctx)) if files else ()
    for path, found in files:
        if int(found[1]) in erased:
            try:
                path.unlink(missing_ok=True)
            except OSError as trouble:
                # The others go all the same.
                log.warning("what an erased customer leaves is still there: %s", trouble)


@dataclass(frozen=True)
class Left:
    """Files that may still hold somebody who was erased: `backups` that are kept, `exports`, stores and
    logs put `aside` (replaced/, damaged/)."""

    backups: int
    exports: int
    aside: int
    away: bool = False
    """Whether the second folder for backups is not there: what lies in it is told when it is."""

    @property
    def all(self) -> int:
        return self.backups + self.exports + self.aside


def left(ctx: Context) -> Left:
    """How many there are; whoever erases decides about them."""
    folder, other = ctx.store.path.parent, places.chosen(ctx)
    return Left(
        len(places.listed(ctx)), len(_files(folder / "exports")),
        sum(len(_files(folder / each)) for each in ("replaced", "damaged")),
        other is not None and not _answers(other),
    )  # fmt: skip


def _answers(folder: Path) -> bool:
    try:
        return reaching.is_there(folder)
    except BackupProblem:
        return False


def told(tr: Callable[..., str], what: Left) -> list[str]:
    """What is to be said of them; nothing where there are none."""
    away = N_("The second folder for backups is not there: backups in it hold it still. It is told when"
              " the folder is there again; delete them then.")  # fmt: skip
    lines = [tr(away)] if what.away else []
    if not what.all:
        return lines
    return [
        tr(N_("Files from before may still tell of it: {backups} backups, {exports} in exports/,"
              " {aside} in replaced/ and damaged/. A restore of a backup erases it again; delete"
              " what nobody needs any more."),
           backups=what.backups, exports=what.exports, aside=what.aside), *lines
    ]  # fmt: skip


def _files(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [each for each in sorted(folder.iterdir()) if each.is_file()]
    return []
