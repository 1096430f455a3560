"""The folders of backups: their names, the note beside each file, what lies there.

    DIR/backups/crm-20261126-103000.db          beside the store ("own")
    DIR/backups/crm-20261126-103000.db.json     its note: it was checked, when and what it holds
    CHOSEN/crm-tui-3f2a9c10/crm-….db            the folder of the shop's choice ("other")

A note is written last: a file without one was never found good. The notes stand beside the files and
not in the store, for they must outlive it; the store only keeps where the last good one lies.
"""

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from crm_tui import atomic_file, sqlite
from crm_tui.clock import moment
from crm_tui.shop.backups import reaching
from crm_tui.shop.backups.errors import (
    BackupFailed,
    PlaceMissing,
    PlaceSilent,
    PlaceWithin,
    SeveralShops,
)
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress

OWN, OTHER = "own", "other"
PART = ".part"
"""Ends the name of what is not finished yet."""
SEALED = ".age"
_EPOCHS = "epochs.json"
_HURRIED = 3.0
"""Seconds that a folder has where others wait."""
_NAME = re.compile(r"crm-(\d{8}-\d{6})(?:-\d+)?\.db(\.age)?")


@dataclass(frozen=True)
class Note:
    """What is known of a good backup: `at` the moment it shows, `seconds` that it took, `digest` of the
    file's octets, rows of each table. `differs`: in what the store's own books did not agree at that
    moment, sentences by name: it is a true copy all the same. A note holds nothing of a customer.
    """

    shop: str
    epoch: int
    at: str
    size: int
    seconds: float
    digest: str
    reason: str
    seq: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    differs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Backup:
    """A file under a real name; `note` None: it was not checked, or changed since."""

    path: Path
    place: str
    at: datetime
    size: int
    sealed: bool
    note: Note | None

    @property
    def checked(self) -> bool:
        return self.note is not None

    @property
    def name(self) -> str:
        return self.path.name


def shop_id(ctx: Context) -> str:
    """What tells this shop from every other: 16 hexadecimal digits, for good."""
    return str(ctx.db.execute("SELECT shop FROM identity").fetchone()[0])


def epoch(ctx: Context) -> int:
    """The epoch of the shop's data: 1, and one more with each restore."""
    return int(ctx.db.execute("SELECT max(epoch) FROM epochs").fetchone()[0])


def last_epoch(folder: Path, shop: str) -> int:
    """The highest epoch that a restore into a shop's folder has begun: it outlives the store."""
    try:
        return max(1, int(json.loads((beside(folder) / _EPOCHS).read_text("utf-8"))[shop]))
    except (OSError, ValueError, KeyError, TypeError):
        return 1


def note_epoch(folder: Path, shop: str, epoch: int) -> None:
    """An epoch is about to begin: no other one is called so, whatever comes of it. Raises `OSError`."""
    path = beside(folder) / _EPOCHS
    atomic_file.write(path, json.dumps({shop: max(epoch, last_epoch(folder, shop))}).encode())
    sync_folder(path.parent)


def own(ctx: Context) -> Path:
    """The folder beside the store."""
    return beside(ctx.store.path.parent)


def beside(folder: Path) -> Path:
    """The folder of backups of a shop's folder."""
    return folder / "backups"


def chosen(ctx: Context) -> Path | None:
    """The shop's part of the folder of its choice; None if it has chosen none."""
    text = settings.stored(ctx, "backup.folder")
    return Path(text) / f"crm-tui-{shop_id(ctx)[:8]}" if text else None


def folders(ctx: Context) -> dict[str, Path]:
    """The folders in force by place."""
    other = chosen(ctx)
    return {OWN: own(ctx)} | ({OTHER: other} if other else {})


def open_other(ctx: Context, text: str) -> None:
    """Begin to keep backups in a folder, within the command that chooses it. Raises `PlaceMissing`,
    `PlaceWithin`, `BackupFailed`.

    Ours is made now and never later: where a stick was pulled out, its mount point may still be a
    folder, and what is written there would lie on the same disk as the store.
    """
    ctx.db.execute("DELETE FROM backup_places WHERE place = 'other'")
    ctx.changed("backups", 0)
    if not text:
        return
    folder = Path(text)
    # All others wait for the store meanwhile.
    if not reaching.is_there(folder, _HURRIED):
        raise PlaceMissing(folder=folder)
    mine, own = folder / f"crm-tui-{shop_id(ctx)[:8]}", ctx.store.path.parent
    reaching.patiently(folder, lambda _: _try_out(folder, mine, own), Progress(), _HURRIED)
    ctx.db.execute("INSERT INTO backup_places (place, folder) VALUES ('other', ?)", (str(mine),))


def _try_out(folder: Path, mine: Path, own: Path) -> None:
    if folder.resolve().is_relative_to(own.resolve()):
        raise PlaceWithin(folder=folder)
    try:
        mine.mkdir(exist_ok=True, mode=0o700)
        # What lies there already may be a link.
        if mine.resolve().is_relative_to(own.resolve()):
            raise PlaceWithin(folder=folder)
        trial = mine / f".trial{PART}"
        with atomic_file.fresh(trial) as file:
            file.write(b"crm-tui")
        trial.unlink()
    except OSError as trouble:
        raise BackupFailed(folder=folder, why=trouble.strerror or trouble) from trouble


def name_at(at: datetime, *, sealed: bool) -> str:
    """The name of a backup of that moment, in UTC so that names sort and never repeat."""
    return f"crm-{at.astimezone(UTC):%Y%m%d-%H%M%S}.db" + (SEALED if sealed else "")


def free_name(folder: Path, at: datetime, *, sealed: bool) -> Path:
    """A name that no file of `folder` has."""
    path = folder / name_at(at, sealed=sealed)
    for number in range(2, 1000):
        if not path.exists():
            break
        path = folder / name_at(at, sealed=sealed).replace(".db", f"-{number}.db")
    return path


def free_bytes(folder: Path) -> int:
    """How much fits on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def note_of(path: Path) -> Path:
    """Where the note of a backup stands."""
    return path.with_name(path.name + ".json")


def write_note(path: Path, note: Note) -> None:
    """From now on `path` counts. Raises `OSError`."""
    part = path.with_name(f".{path.name}.json{PART}")
    try:
        # Of its owner alone, as what it is about.
        with atomic_file.fresh(part) as file:
            file.write(json.dumps(asdict(note), indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(note_of(path))
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_note(path: Path) -> Note | None:
    """The note beside a backup, if the file still is what was noted."""
    try:
        with note_of(path).open("rb") as file:
            raw = json.loads(file.read(1_000_000))
        # A newer program may note more.
        note = Note(**{each.name: raw[each.name] for each in fields(Note) if each.name in raw})
        moment(note.at)
        fits = note.size == path.stat().st_size and _is_one(note)
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None
    return note if fits else None


def _is_one(note: Note) -> bool:
    """Whether each field is what it should be: others may write into a stick."""
    numbers = note.epoch, note.size, note.seq
    texts = note.shop, note.digest, note.reason, *note.differs.values()
    return (
        isinstance(note.seconds, int | float)
        and all(type(each) is int for each in (*numbers, *note.counts.values()))
        and all(isinstance(each, str) for each in texts)
    )


def sync_folder(folder: Path) -> None:
    """Bring names to the disk, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        # Some network folders know no such thing.
        pass
    finally:
        os.close(handle)


def within(folder: Path, place: str) -> list[Backup]:
    """The backups in a folder, newest first; none if it cannot be read, or does not answer."""
    if place == OWN:
        return seen(folder, place)
    try:
        if not reaching.is_there(folder):
            return []
        return reaching.patiently(folder, lambda _: seen(folder, place), Progress())
    except (PlaceSilent, BackupFailed):
        return []


def seen(folder: Path, place: str) -> list[Backup]:
    """The same, for who may wait for the folder."""
    backups: list[Backup] = []
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None:
            continue
        path = folder / name
        try:
            size = path.stat().st_size
            at = datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        except (OSError, ValueError):
            continue
        note = read_note(path)
        backups.append(
            Backup(path, place, moment(note.at) if note else at, size, bool(match[2]), note)
        )
    return sorted(backups, key=lambda each: (each.at, each.name), reverse=True)


def good(ctx: Context, folder: Path, place: str) -> list[Backup]:
    """The good backups of this shop in a folder, newest first. Those of a moment that is still to come
    were made with a wrong clock, or it is wrong now: they are the last."""
    return good_of(ctx, within(folder, place))


def good_of(ctx: Context, backups: Sequence[Backup]) -> list[Backup]:
    """The good ones of them."""
    shop = shop_id(ctx)
    found = [each for each in backups if each.note and each.note.shop == shop]
    return sorted(found, key=lambda each: each.at > ctx.now)


def zone_of(backups: Sequence[Backup]) -> str:
    """The shop's zone, as the newest of its backups that can be read has it; "" if none can, or none
    is set: the usual one, then."""
    for each in backups:
        try:
            with closing(
                sqlite.connect(f"{each.path.absolute().as_uri()}?immutable=1", uri=True)
            ) as db:
                row = db.execute("SELECT value FROM settings WHERE key = 'shop.zone'").fetchone()
        except sqlite.DatabaseError:
            continue
        return str(row[0]) if row else ""
    return ""


def newest_below(folder: Path, shop: str = "") -> Path | None:
    """The newest backup of a folder, or of the folders of backups in it; one that was found good goes
    before one that was not. None if there is none. On a stick that several shops share those of `shop`
    count, if it is known; else `SeveralShops` is raised."""
    try:
        inner = [folder / name for name in sorted(os.listdir(folder))]
    except OSError:
        return None
    found = [backup for each in (folder, *inner) for backup in within(each, OTHER)]
    shops = {backup.note.shop: backup.path.parent.name for backup in found if backup.note}
    if len(shops) > 1 and shop not in shops:
        raise SeveralShops(file=folder, folders=", ".join(sorted(shops.values())))
    if len(shops) > 1:
        found = [backup for backup in found if backup.note and backup.note.shop == shop]
    best = max(found, key=lambda each: (each.checked, each.at), default=None)
    return best.path if best else None


def listed(ctx: Context) -> list[Backup]:
    """All backups of this shop in both folders, newest first; a stick may take a while."""
    every = [each for place, folder in folders(ctx).items() for each in within(folder, place)]
    return sorted(every, key=lambda each: (each.at, each.place), reverse=True)


def delete(backups: Sequence[Backup]) -> int:
    """Take backups away, with their notes; how many. Raises `BackupFailed`."""
    for each in backups:
        # The note goes first: half of the two is no backup.
        for path in (note_of(each.path), each.path):
            try:
                path.unlink(missing_ok=True)
            except OSError as trouble:
                why = trouble.strerror or trouble
                raise BackupFailed(folder=each.path.parent, why=why) from trouble
    for folder in {each.path.parent for each in backups}:
        with suppress(OSError):
            sync_folder(folder)
    return len(backups)
