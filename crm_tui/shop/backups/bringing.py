"""The newest good backup in the folder of the shop's choice: brought there, read back, let go.

What is done in that folder knows nothing of the store, and is waited for only so long (`reaching`).
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from crm_tui import atomic_file
from crm_tui.errors import N_
from crm_tui.shop.backups import (
    copying,
    erasures,
    holding,
    places,
    proving,
    reaching,
    retention,
    state,
    wanted,
)
from crm_tui.shop.backups.copying import MB, PIECE, SPARE
from crm_tui.shop.backups.errors import BackupChanged, BackupFailed, NoRoom, PlaceMissing
from crm_tui.shop.backups.places import OTHER, OWN, PART, Backup, Note
from crm_tui.shop.backups.settings import DAILY, MONTHLY, WEEKLY
from crm_tui.shop.gate.commands import journal
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.errors import Cancelled
from crm_tui.shop.gate.progress import Progress

log = logging.getLogger(__name__)

_AT_ONCE = 16
"""Pieces that a disk is given before it must have them."""


def copy_out(ctx: Context, progress: Progress | None = None) -> bool:
    """Bring the newest good backup to the folder of the shop's choice, if it is not there yet; whether
    it is there now. What hinders it is noted."""
    folder = places.chosen(ctx)
    if folder is None:
        return False
    keeper, progress = ctx.acting(GATEWAY), progress or Progress()
    good = next(iter(places.good(ctx, places.own(ctx), OWN)), None)
    shop, erased = places.shop_id(ctx), erasures.of_store(ctx)

    def bring(steps: Progress) -> bool:
        with told(folder):
            erasures.write(folder, shop, erased)
        if good is None or places.read_note(folder / good.name) is not None:
            return False
        with told(folder):
            sweep(folder)
            _bring(good, folder / good.name, steps)
        return True

    try:
        patience = reaching.SOON if state.standing(ctx).silent else reaching.LOOK
        if not reaching.is_there(folder, patience):
            raise PlaceMissing(folder=folder.parent)
        brought = reaching.patiently(folder, bring, progress)
        if good is None:
            return False
        if brought:
            state.note_good(keeper, OTHER, folder / good.name, _known(good))
        else:
            state.note_trouble(keeper, OTHER, folder, None)
        _tidy(ctx, folder, progress, brought=brought)
    except BackupChanged as problem:
        assert good is not None
        withdraw(ctx, good.path, problem)
        return False
    except PlaceMissing as problem:
        # Under the name by which it was chosen.
        missing = type(problem)(folder=folder.parent)
        state.note_trouble(keeper, OTHER, folder, missing)
        return False
    except (BackupFailed, NoRoom) as problem:
        state.note_trouble(keeper, OTHER, folder, problem)
        return False
    except Cancelled:
        return False
    return True


def _tidy(ctx: Context, folder: Path, progress: Progress, *, brought: bool) -> None:
    """Let go what the schedule does not keep, where one came in, and count who is held by the rest."""
    found = reaching.patiently(folder, lambda _: places.seen(folder, OTHER), progress)
    if brought and (gone := old(ctx, found)):
        with suppress(OSError):
            reaching.patiently(folder, lambda _: let_go(gone), progress)
        found = reaching.patiently(folder, lambda _: places.seen(folder, OTHER), progress)
    holding.look(ctx, found)


def withdraw(ctx: Context, path: Path, problem: BackupChanged) -> None:
    """A backup that is not as it was written counts no more, and another one is wanted in its place;
    the file stays, for whoever has no other one."""
    place = next((name for name, each in places.folders(ctx).items() if each == path.parent), None)
    if place is None:
        return
    with suppress(OSError, PlaceMissing):
        reaching.patiently(
            path.parent, lambda _: places.note_of(path).unlink(missing_ok=True), Progress()
        )
    keeper = ctx.acting(GATEWAY)
    state.note_gone(keeper, place, next(iter(places.good(ctx, path.parent, place)), None))
    state.note_trouble(keeper, place, path.parent, problem)
    if place == OWN:
        _want(keeper)


def read_back(ctx: Context, progress: Progress | None = None) -> None:
    """Read the newest backup in the other folder anew: sticks lose what was once written well. One that
    is not as it was written, or cannot be read, counts no more, and is brought there again."""
    folder, progress = places.chosen(ctx), progress or Progress()
    good = next(iter(places.good(ctx, folder, OTHER)), None) if folder else None
    if folder is None or good is None:
        return

    def digest(steps: Progress) -> str:
        return copying.digest_of(good.path, lambda: steps.at(98, 100))

    try:
        there = reaching.patiently(folder, digest, progress)
    except PlaceMissing:
        return
    except OSError as trouble:
        with suppress(PlaceMissing, BackupFailed):
            if reaching.is_there(folder):
                log.warning("%s cannot be read: %s", good.path, trouble)
                withdraw(ctx, good.path, BackupChanged(file=good.name))
        # Else the stick was pulled out, which is told by whoever looks for it next.
        return
    if there != _known(good).digest:
        withdraw(ctx, good.path, BackupChanged(file=good.name))


@journal
def _want(ctx: Context) -> None:
    wanted.want(ctx)


def _bring(good: Backup, target: Path, progress: Progress) -> None:
    """Copy a backup, read it back, and only then give it its name and its note."""
    note = _known(good)
    free = places.free_bytes(target.parent)
    if free < good.size + SPARE:
        raise NoRoom(needed=good.size // MB + 16, folder=target.parent, free=free // MB)
    part = target.with_name(f".{target.name}{PART}")
    try:
        # A stick may bring a link of that name along.
        with atomic_file.fresh(part) as file:
            for number, piece in enumerate(_octets_of(good), 1):
                file.write(piece)
                if number % _AT_ONCE == 0:
                    # A slow stick shows at each step that it goes on.
                    file.flush()
                    os.fsync(file.fileno())
                progress.at(95, 100)
            file.flush()
            os.fsync(file.fileno())
        if copying.digest_of(part, lambda: progress.at(98, 100)) != note.digest:
            digest = copying.Digest()
            for piece in _octets_of(good):
                digest.write(piece)
                progress.at(98, 100)
            if digest.text() != note.digest:
                raise BackupChanged(file=good.name)
            raise BackupFailed(folder=target.parent, why=N_("what was written is not what is read"))
        part.replace(target)
        places.write_note(target, note)
    finally:
        # A stick that was pulled out meanwhile takes it along.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _octets_of(good: Backup) -> Iterator[bytes]:
    """A backup, piece by piece. Raises `BackupChanged` where the disk does not give it back: that is no
    fault of the folder to which it is brought."""
    try:
        with good.path.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece
    except OSError as trouble:
        log.warning("%s cannot be read: %s", good.path, trouble)
        raise BackupChanged(file=good.name) from trouble


def _known(backup: Backup) -> Note:
    assert backup.note is not None
    return backup.note


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What the system says of a folder becomes a sentence."""
    try:
        yield
    except OSError as trouble:
        raise BackupFailed(folder=folder, why=trouble.strerror or trouble) from trouble


def sweep(folder: Path) -> None:
    """Take away what one that was killed left half written. Raises `OSError`."""
    for left in folder.glob(f".*{PART}*"):
        # A folder of such a name is nobody's that makes backups.
        if left.is_symlink() or not left.is_dir():
            left.unlink(missing_ok=True)


# ── old ones go ───────────────────────────────────────────────────────────────────────────────────


def old(ctx: Context, backups: Sequence[Backup]) -> list[Backup]:
    """Those of a folder that the schedule does not keep. A file without a good note is nobody's to
    delete, nor is one of a moment that is still to come: whether its clock was wrong or ours is, nobody
    knows. The last one from before the store was damaged stays."""
    mine = [each for each in places.good_of(ctx, backups) if each.at <= ctx.now]
    keep = retention.kept(
        [each.at for each in mine],
        daily=DAILY(ctx), weekly=WEEKLY(ctx), monthly=MONTHLY(ctx),
    )  # fmt: skip
    whole = next((each.at for each in mine if proving.is_whole(_known(each))), None)
    return [each for each in mine if each.at not in keep and each.at != whole]


def let_go(backups: Sequence[Backup]) -> None:
    """Take them away. Raises `OSError`."""
    for each in backups:
        # The note goes first: half of the two is no backup.
        places.note_of(each.path).unlink(missing_ok=True)
        each.path.unlink(missing_ok=True)
