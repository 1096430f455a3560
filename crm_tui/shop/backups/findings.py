"""What backups watch over: how old the last good one is, and whether it can be restored."""

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_, stored
from crm_tui.shop.backups import copying, holding, places, state, telling, unsealed
from crm_tui.shop.backups.settings import FOLDER
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import ATTENTION, BAD, WELL, Check, Finding, finding
from crm_tui.shop.gate.practice import is_practice

_MAKE = N_("Settings, Backups: make one now, and read what stands in its way.")


def backup(ctx: Context) -> Finding | None:
    """How the shop stands with its backups; practice needs none."""
    if is_practice(ctx):
        return None
    standing = state.standing(ctx)
    good = standing.good
    facts = {
        "at": stamp(good.at) if good else None, "file": str(good.where) if good else None,
        "size": good.size if good else None, "sealed": standing.sealed, "missing": standing.missing,
        "silent": standing.silent,
    }  # fmt: skip
    if good is None and standing.trouble:
        return Finding(BAD, standing.trouble, stored(_MAKE), facts)
    if good is None:
        return finding(BAD, N_("There is no backup yet."), _MAKE, facts)
    shown = {"at": telling.when(stamp(good.at)), "file": good.where.name}
    if good.place == places.OWN and places.read_note(good.where) is None:
        restored, of = ctx.db.execute(
            "SELECT began_at, backup_at FROM epochs WHERE backup_at IS NOT NULL"
            " ORDER BY epoch DESC LIMIT 1"
        ).fetchone() or ("", "")
        if restored and good.at <= moment(of) and standing.trouble:
            return Finding(BAD, standing.trouble, stored(_MAKE), facts)
        if restored and good.at <= moment(of):
            # On a new computer it lies where the old one is: nobody took it away.
            return finding(
                ATTENTION, N_("No backup has been made since the restore of {at}."),
                N_("Leave the program open: one is made by itself within a few minutes."), facts,
                at=telling.when(restored),
            )  # fmt: skip
        return finding(
            BAD, N_("The last good backup, of {at}, is not there any more, or not as it was: {file}."),
            N_("Settings, Backups: make one now. Ask who can write into the folder of the backups."),
            facts, **shown,
        )  # fmt: skip
    if standing.silent:
        return finding(
            BAD, N_("The second folder for backups does not answer: {folder}. The last good backup is"
                    " of {at}: {file}."),
            N_("Is the network up, and the computer or disk on which it lies? Else choose another"
               " folder: Settings, Backups."), facts, **shown, folder=FOLDER(ctx),
        )  # fmt: skip
    if standing.missing:
        return finding(
            BAD, N_("The second folder for backups is not there: {folder}. The last good backup is of"
                    " {at}: {file}."),
            N_("Put the stick in, or choose another folder: Settings, Backups."), facts, **shown,
            folder=FOLDER(ctx),
        )  # fmt: skip
    if standing.old:
        return finding(BAD, N_("The last good backup is of {at}: {file}."), _MAKE, facts, **shown)
    if standing.trouble:
        state_of = BAD if standing.failing else ATTENTION
        return Finding(state_of, standing.trouble, stored(_MAKE), facts)
    if standing.rehearsal:
        return Finding(ATTENTION, standing.rehearsal, stored(_MAKE), facts)
    if count := unsealed.beside(ctx):
        return finding(
            ATTENTION,
            N_("{count} backups from before the passphrase can still be read without it."),
            N_("Settings, Backups: make a sealed one, then delete these with Del; or crm-tui backup"
               " --delete-open."),
            facts | {"open": count}, count=count,
        )  # fmt: skip
    if count := holding.counted(ctx):
        return finding(
            ATTENTION,
            N_("{count} backups still hold customers who were erased since."),
            N_("Settings, Backups: make one now, then delete these with Del; or crm-tui backup"
               " --delete-erased."),
            facts | {"holding": count}, count=count,
        )  # fmt: skip
    return finding(WELL, N_("The last good backup is of {at}: {file}."), "", facts, **shown)


def read(ctx: Context) -> Finding | None:
    """The same, and the last good backup beside the store read: one that rotted is no backup."""
    good = state.last_good(ctx)
    if good is None or good.place != places.OWN:
        return backup(ctx)
    try:
        note = places.read_note(good.where)
        if note is None or copying.digest_of(good.where) == note.digest:
            return backup(ctx)
    except OSError as trouble:
        return finding(
            BAD, N_("The backup {file} cannot be read: {why}."), _MAKE, {"file": str(good.where)},
            file=good.where.name, why=trouble.strerror or trouble,
        )  # fmt: skip
    return finding(
        BAD, N_("The backup {file} is not as it was written any more: the disk damaged it, or somebody"
                " changed it."),
        N_("Settings, Backups: make one now. Have the disk looked at."), {"file": str(good.where)},
        file=good.where.name,
    )  # fmt: skip


CHECKS = (Check("backup", N_("Backup"), backup, place=50, thorough=read),)
