"""The archive of old SMS beside the backups: its copy, sealed where backups are, and how it comes back.

crm-archive.db ─copy─▶ backups/crm-archive.db            without a passphrase
               └─copy─▶ sealed, opened again ─▶ backups/crm-archive.db.age
the copy ─▶ the folder of the shop's choice, as backups are
either of them ─unseal─▶ read through ─▶ crm-archive.db; the one that was there goes to replaced/
"""

import os
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol, cast

from crm_tui import archive, atomic_file, sqlite
from crm_tui.archive import ArchiveProblem
from crm_tui.errors import N_
from crm_tui.shop.backups import copying, places, reaching, sealing, state
from crm_tui.shop.backups.errors import BackupFailed, BackupUnreadable, PlaceMissing
from crm_tui.shop.backups.places import PART, SEALED
from crm_tui.shop.backups.preparing import aside_path
from crm_tui.shop.gate import rooms
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.progress import Progress


class _Eraser(Protocol):
    def from_archive(self, ctx: Context, file: sqlite.Connection) -> None:
        """Take the customers whom the store has erased out of an archive."""


def keep(ctx: Context) -> Path | None:
    """Renew the copy beside the backups, if the archive or the passphrase changed since, and the one in
    the folder of the shop's choice; the copy, or None. Only one of the two forms stays. Raises
    `ArchiveProblem`, `BackupFailed`, `SealMissing`; what hinders the other folder is noted."""
    made = _keep_own(ctx)
    _bring_out(ctx)
    return made


def _keep_own(ctx: Context) -> Path | None:
    store, folder = ctx.store.path, places.own(ctx)
    if not folder.is_dir():
        return None
    path, key = archive.beside(store), sealing.current(ctx)
    plain = folder / path.name
    sealed = plain.with_name(plain.name + SEALED)
    try:
        if key is None:
            if plain.is_file() and archive.unsound(plain):
                # It may be newer than the archive, and helps nobody.
                plain.unlink()
            if not (path.exists() and atomic_file.is_copied(path, plain)):
                archive.mend(store, plain)
            made = archive.copy(store, folder)
            if plain.exists():
                sealed.unlink(missing_ok=True)
            return made
        if not path.exists():
            return None
        if atomic_file.is_copied(path, sealed) and sealing.head_of(sealed) == key.wrapped:
            plain.unlink(missing_ok=True)
            return None
        aside = folder / f".{path.name}{PART}"
        part = folder / f".{sealed.name}{PART}"
        try:
            with atomic_file.as_it_is(path, part):
                archive.write_copy(store, aside)
                copying.seal_and_open(aside, part, key, Progress())
            os.replace(part, sealed)
        finally:
            aside.unlink(missing_ok=True)
            part.unlink(missing_ok=True)
        plain.unlink(missing_ok=True)
    except OSError as trouble:
        raise ArchiveProblem(path=path, why=str(trouble)) from trouble
    return sealed


def trouble(ctx: Context) -> str:
    """What is wrong with the copy beside the backups; "" if nothing, or there is none yet."""
    path, folder = archive.beside(ctx.store.path), places.own(ctx)
    if not path.is_file() or not folder.is_dir():
        return ""
    key = sealing.current(ctx)
    copy = folder / path.name
    if key is not None and (sealed := copy.with_name(copy.name + SEALED)).is_file():
        copy = sealed
    if not copy.is_file():
        return N_("it is not there")
    if copy.suffix != SEALED:
        # Where a passphrase was just chosen, too.
        return archive.unsound(copy)
    # What is sealed is read where it is made, and where it is needed.
    return "" if sealing.is_sealed(copy) else N_("it is no sealed file")


def _bring_out(ctx: Context) -> None:
    """Copy what lies beside the own backups to the other folder; one that is not there is told with
    the backups."""
    own, folder = places.own(ctx), places.chosen(ctx)
    plain = archive.beside(ctx.store.path).name
    if folder is None or not any((own / name).exists() for name in (plain, plain + SEALED)):
        return

    def bring(steps: Progress) -> None:
        for name, other in ((plain, plain + SEALED), (plain + SEALED, plain)):
            source, target = own / name, folder / name
            if not source.exists():
                continue
            if not _is_there(source, target):
                _copy_out(source, target, steps)
            (folder / other).unlink(missing_ok=True)

    try:
        if reaching.is_there(folder):
            reaching.patiently(folder, bring, Progress())
    except PlaceMissing:
        return
    except OSError as trouble:
        _note(ctx, folder, BackupFailed(folder=folder, why=trouble.strerror or trouble))
    except BackupFailed as failed:
        _note(ctx, folder, failed)


def _note(ctx: Context, folder: Path, failed: BackupFailed) -> None:
    state.note_trouble(ctx.acting(GATEWAY), places.OTHER, folder, failed)


def _copy_out(source: Path, target: Path, steps: Progress) -> None:
    part = target.with_name(f".{target.name}{PART}")
    try:
        with (
            atomic_file.as_it_is(source, part),
            source.open("rb") as octets,
            atomic_file.fresh(part) as out,
        ):
            while piece := octets.read(copying.PIECE):
                out.write(piece)
                steps.at(0, 1)
            out.flush()
            os.fsync(out.fileno())
        there = copying.digest_of(part, lambda: steps.at(0, 1))
        if there != copying.digest_of(source, lambda: steps.at(0, 1)):
            raise BackupFailed(folder=target.parent, why=N_("what was written is not what is read"))
        part.replace(target)
        places.sync_folder(target.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _is_there(source: Path, target: Path) -> bool:
    return atomic_file.is_copied(source, target) and target.stat().st_size == source.stat().st_size


def is_one(path: Path) -> bool:
    """Whether a file is called as a copy of an archive is."""
    return path.name.removesuffix(SEALED).endswith(archive.SUFFIX)


@command("backups.restore_archive", "backups.restore")
def begin(ctx: Context, name: str) -> None:
    """The record that somebody brings an archive back."""
    ctx.record(f"backup {name}", None, {"archive": True})
    ctx.changed("backups", 0)


def bring_back(ctx: Context, file: Path, passphrase: str | None = None) -> Path | None:
    """Put a copy of the archive in its place; where the one that was there went. Texts count only for
    the SMS that they are of, so a copy of another shop or time shows nothing wrong; who was erased
    since the copy is erased in it.

    Raises `BackupUnreadable`, `PassphraseNeeded`, `WrongPassphrase`; then nothing was changed.
    """
    begin(ctx, file.name)
    store = ctx.store.path
    path = archive.beside(store)
    part = path.with_name(f".{path.name}{PART}")
    try:
        with atomic_file.fresh(part) as out:
            if sealing.is_sealed(file):
                sealing.unseal(
                    file, out, identities=sealing.known_identities(ctx), passphrase=passphrase
                )
            else:
                with file.open("rb") as source:
                    while piece := source.read(copying.PIECE):
                        out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if why := archive.unsound(part):
            raise BackupUnreadable(file=file.name, why=why)
        with closing(sqlite.connect(part, isolation_level=None)) as opened:
            opened.execute("PRAGMA secure_delete=on")
            archive.keep_sums(opened)
            for room in rooms.load("erasing_again"):
                cast(_Eraser, room).from_archive(ctx, opened)
        aside = aside_path(store.parent, ctx.now)
        aside = aside.with_name(aside.name + "-archive")
        # What the log of the old one holds stands nowhere else; and left here, it would be taken for
        # the new one's. The file itself goes last: cut off before, the old one is still the archive.
        for end in ("-wal", "-shm", ""):
            old = path.with_name(path.name + end)
            if old.exists():
                aside.parent.mkdir(mode=0o700, exist_ok=True)
                old.replace(aside.with_name(aside.name + end))
        part.replace(path)
        places.sync_folder(path.parent)
    except OSError as trouble:
        raise BackupUnreadable(file=file.name, why=trouble.strerror or trouble) from trouble
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return aside if aside.exists() else None
