"""Backups that still hold customers who were erased since. They go by the schedule, as all do, or at
once, when somebody says so and a newer one is there in their place.

    erased ─▶ beside the store: told at once      the stick was away ─▶ told when it is seen again
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from crm_tui.errors import N_
from crm_tui.shop.backups import erasures, places, reaching, state
from crm_tui.shop.backups.errors import BackupFailed, BackupProblem, PlaceMissing
from crm_tui.shop.backups.places import OTHER, OWN, Backup
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import GATEWAY, Context


class NoneWithout(BackupProblem):
    text = N_(
        "There is no backup in {folder} from after the erasing. Make one now; nothing was deleted."
    )


def there(ctx: Context) -> list[Backup]:
    """Those of this shop, in both folders, newest first. A stick may take a while."""
    return [
        each for place, folder in places.folders(ctx).items() for each in _of(ctx, folder, place)
    ]


def _of(ctx: Context, folder: Path, place: str) -> list[Backup]:
    return _among(ctx, places.within(folder, place))


def _among(ctx: Context, backups: Sequence[Backup]) -> list[Backup]:
    shop = places.shop_id(ctx)
    return [
        each for each in backups
        if (each.note is None or each.note.shop == shop) and erasures.held(ctx, each)
    ]  # fmt: skip


def counted(ctx: Context) -> int:
    """How many there are: beside the store, and in the other folder when it was last seen."""
    other = places.chosen(ctx)
    row = ctx.db.execute(
        "SELECT holding FROM backup_places WHERE place = 'other' AND folder = ?", (str(other),)
    ).fetchone()
    return len(_of(ctx, places.own(ctx), OWN)) + (int(row[0]) if row else 0)


def look(ctx: Context, backups: Sequence[Backup]) -> None:
    """These lie in the other folder now: remember how many of them do."""
    state.note_holding(ctx.acting(GATEWAY), OTHER, len(_among(ctx, backups)))


def remove(ctx: Context, backups: Sequence[Backup]) -> int:
    """Delete these; how many. Raises `NoneWithout` if none from after the erasing lies beside them,
    `BackupFailed`."""
    for place, folder in places.folders(ctx).items():
        mine = [each.at for each in backups if each.place == place]
        newest = next(iter(places.good(ctx, folder, place)), None)
        if mine and (newest is None or newest.at < max(mine) or erasures.held(ctx, newest)):
            raise NoneWithout(folder=folder)
    _record(ctx, [each.name for each in backups])
    try:
        return places.delete(backups)
    finally:
        with suppress(PlaceMissing, BackupFailed):
            if (other := places.chosen(ctx)) is not None and reaching.is_there(other):
                look(ctx, places.within(other, OTHER))


@command("backups.remove_erased", "backups.restore")
def _record(ctx: Context, names: list[str]) -> None:
    """The record that somebody has them deleted."""
    ctx.record("backup", {"files": names}, {"files": []})
    ctx.changed("backups", 0)
