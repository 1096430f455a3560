"""Backups from before a passphrase was chosen: whoever gets hold of one can read it. They go when
sealed ones are there in their place, and somebody says so.
"""

from collections.abc import Sequence

from crm_tui.errors import N_
from crm_tui.shop.backups import places, state
from crm_tui.shop.backups.errors import BackupProblem
from crm_tui.shop.backups.places import Backup
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context


class NoneSealed(BackupProblem):
    text = N_(
        "There is no sealed backup in {folder} that is newer. Make one now; nothing was deleted."
    )


def there(ctx: Context) -> list[Backup]:
    """Those of this shop, in both folders, newest first; none as long as backups are not sealed. A
    stick may take a while."""
    if not state.is_sealed(ctx):
        return []
    shop = places.shop_id(ctx)
    return [
        each for each in places.listed(ctx)
        if not each.sealed and (each.note is None or each.note.shop == shop)
    ]  # fmt: skip


def beside(ctx: Context) -> int:
    """How many of them lie beside the store."""
    if not state.is_sealed(ctx):
        return 0
    return sum(not each.sealed for each in places.within(places.own(ctx), places.OWN))


def remove(ctx: Context, backups: Sequence[Backup]) -> int:
    """Delete these backups, which can be read without the passphrase; how many. Raises `NoneSealed` if
    a newer sealed one does not lie beside each, `BackupFailed`."""
    for place, folder in places.folders(ctx).items():
        newest = max((each.at for each in backups if each.place == place), default=None)
        good = (each for each in places.good(ctx, folder, place) if each.sealed)
        if newest is not None and not any(each.at >= newest for each in good):
            raise NoneSealed(folder=folder)
    _record(ctx, [each.name for each in backups])
    return places.delete(backups)


@command("backups.remove_open", "backups.restore")
def _record(ctx: Context, names: list[str]) -> None:
    """The record that somebody has them deleted."""
    ctx.record("backup", {"files": names}, {"files": []})
    ctx.changed("backups", 0)
