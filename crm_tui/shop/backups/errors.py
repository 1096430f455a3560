"""What keeps a backup from being made or restored, as sentences.

BackupProblem
├── NoRoom · BackupFailed · BackupUnsound · BackupRunning · PlaceMissing   while one is made
└── BackupMissing · BackupUnreadable · WrongPassphrase · ForeignBackup …   while one is restored
"""

from crm_tui.errors import N_
from crm_tui.shop.gate.errors import BadInput, RuleBroken


class BackupProblem(RuleBroken):
    """A backup could not be made or restored; the store was not harmed."""


class NoRoom(BackupProblem):
    text = N_(
        "A backup needs {needed} MB in {folder}, and only {free} MB are free. Make room there."
    )


class BackupFailed(BackupProblem):
    text = N_("No backup could be written into {folder}: {why}.")


class BackupUnsound(BackupProblem):
    text = N_(
        "The copy of the store did not pass its check ({why}), so it does not count as a backup. The"
        " earlier ones are kept; have the store looked at before you go on selling."
    )


class BackupDiffers(BackupProblem):
    text = N_(
        "The backup was made, and is a true copy; but the books of the shop do not agree ({why}). Have"
        " that looked at."
    )


class BackupDamaged(BackupProblem):
    text = N_(
        "The backup was made, but pages of the store are not as this program wrote them: figures in"
        " both may be wrong. Restore the last whole backup; Health says which that is."
    )


class BackupChanged(BackupProblem):
    text = N_(
        "The backup {file} is not as it was written any more: the disk damaged it, or somebody changed"
        " it. It does not count; a new one is made. Have the disk looked at."
    )


class BackupRunning(BackupProblem):
    text = N_("A backup is being made already. Wait a moment.")


class ImportUnfinished(BackupProblem):
    text = N_("An import is not finished yet: the backup is made right after it.")


class PlaceMissing(BackupProblem):
    text = N_(
        "The folder for backups {folder} is not there. Plug the stick in again, or choose another"
        " folder in the settings."
    )


class PlaceSilent(PlaceMissing):
    text = N_(
        "The folder for backups {folder} does not answer. Is the network up, and the computer or disk"
        " on which it lies? Else choose another folder in the settings."
    )


class PlaceWithin(BackupProblem):
    text = N_(
        "{folder} lies within the shop's own folder and is lost together with it. Choose one on a USB"
        " stick, another disk or the network."
    )


class FileExists(BadInput):
    text = N_("{file} is there already. Name another file.")


class PassphraseTooShort(BadInput):
    text = N_("The passphrase needs at least {least} characters.")


class PassphrasesDiffer(BadInput):
    text = N_("The two passphrases are not the same.")


class SealMissing(BackupProblem):
    text = N_(
        "This computer cannot seal or open sealed backups: the package pyrage is missing. Install it"
        " with a 64-bit Python: pip install pyrage"
    )


class SealBroken(BackupProblem):
    text = N_("Sealing was tried out and failed: {why}. Nothing was changed.")


class BackupMissing(BadInput):
    text = N_("There is no backup {file}.")


class SeveralShops(BackupMissing):
    text = N_(
        "{file} holds backups of several shops. Name the folder of the one that is meant: {folders}."
    )


class NoBackup(BadInput):
    text = N_("There is no good backup yet. Make one first.")


class BackupUnreadable(BackupProblem):
    text = N_("{file} cannot be restored: {why}. Choose another backup; nothing was changed.")


class BackupNewer(BackupProblem):
    text = N_(
        "{file} was made by a newer crm-tui. Update this program, then restore it; nothing was changed."
    )


class PassphraseNeeded(BadInput):
    text = N_("{file} is sealed: its passphrase is needed.")


class WrongPassphrase(BadInput):
    text = N_("This is not the passphrase of {file}.")


class NoRoomToRestore(BackupProblem):
    text = N_(
        "To restore it {needed} MB are needed in {folder}, and only {free} MB are free. Make room there"
        " and try again; nothing was changed."
    )


class ForeignBackup(BackupProblem):
    text = N_(
        "{file} is a backup of another shop ({shop}). Restore it into a folder of its own, with --data."
    )


class ProgramOpen(BackupProblem):
    text = N_(
        "Another program has this shop open. Close crm-tui everywhere, the worker too, and try again;"
        " nothing was changed."
    )


class RestoreUnsound(BackupProblem):
    text = N_("The restored store differs from the backup: {why}. Nothing was changed.")
