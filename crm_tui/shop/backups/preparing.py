"""Restoring: what would be lost, a store prepared aside, and the exchange at the end.

    backup ─unseal─▶ DIR/.restore/crm.db ─check─▶ brought up to date, settled, checked ─┐
    modem's lock, nobody else has the store ─▶ the old one aside ◀── replacing.replace ─┘

Until the exchange nothing is touched; it leaves the old store or the new one, whenever it is killed.
"""

import errno
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from crm_tui import ledger_chain, replacing, schema, secret, sqlite
from crm_tui.clock import Clock
from crm_tui.shop.backups import (
    after_restore,
    checking,
    copying,
    erasures,
    making,
    places,
    proving,
    reaching,
    sealing,
    standing_since,
)
from crm_tui.shop.backups.copying import MB, SPARE
from crm_tui.shop.backups.errors import (
    BackupMissing,
    BackupNewer,
    BackupUnreadable,
    BackupUnsound,
    ForeignBackup,
    NoRoomToRestore,
)
from crm_tui.shop.gate.context import Actor, Context, console
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.gate.progress import Progress
from crm_tui.store import Store, StoreProblem

SCRATCH = ".restore"
REPLACED = "replaced"


@dataclass(frozen=True)
class Lost:
    """What the store holds and the backup does not: sales and rupiah, orders, SMS in and out, other
    changes; `known` False: there is no store that could be asked."""

    known: bool
    sales: int = 0
    rupiah: int = 0
    orders: int = 0
    came: int = 0
    went: int = 0
    changes: int = 0


@dataclass(frozen=True)
class Prepared:
    """A backup that is ready to be the store. `at`: the moment that it shows; `rows` by table; `head`:
    the end of its chain. `erased`: customers who were erased since, and are again; `left`: how many of
    them are not, for something is open with them. `powers`: whether passwords, rights or users were
    changed since; `out`: who was put out since, and is again. `changed`: the file is not as it was
    written; `harmed`: the store was damaged when it was."""

    path: Path
    backup: Path
    shop: str
    name: str
    at: str
    epoch: int
    lost: Lost
    rows: dict[str, int]
    head: secret.Head | None = None
    erased: erasures.Since = field(default_factory=erasures.Since)
    left: int = 0
    powers: bool = False
    out: tuple[str, ...] = ()
    changed: bool = False
    harmed: bool = False


def find(folder: Path, wanted: str) -> Path:
    """A backup by its path, by its name in a shop's folder of backups, or the newest one of this shop
    of a stick or a folder. Raises `BackupMissing`, `SeveralShops`."""
    for path in (Path(wanted).expanduser(), places.beside(folder) / wanted):
        if os.path.isfile(path):
            return path
        newest = places.newest_below(path, _shop_of(folder)) if reaching.is_there(path) else None
        if newest is not None:
            return newest
    raise BackupMissing(file=wanted)


def _shop_of(folder: Path) -> str:
    """Which shop's folder it is, as its store says or the last backup beside it; "" if neither does."""
    try:
        store = Store(store_path(folder))
    except StoreProblem:
        found = places.within(places.beside(folder), places.OWN)
        return next((each.note.shop for each in found if each.note), "")
    try:
        with store.told():
            return str(store.db.execute("SELECT shop FROM identity").fetchone()[0])
    except StoreProblem:
        return ""
    finally:
        store.close()


@contextmanager
def prepared(
    folder: Path,
    clock: Clock,
    backup: Path,
    *,
    passphrase: str | None = None,
    actor: Actor | None = None,
    progress: Progress | None = None,
    scratch: str = SCRATCH,
) -> Iterator[Prepared]:
    """A backup made ready in a folder aside, which goes at the end. Nothing of the shop is changed.

    Raises `BackupUnreadable`, `BackupNewer`, `NoRoomToRestore`, `ForeignBackup`, `PassphraseNeeded`,
    `WrongPassphrase`, `Cancelled`.
    """
    progress = progress or Progress()
    aside = folder / scratch
    with _told(backup, folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        replacing.finish(store_path(folder))
    # No backup is made meanwhile, and what another restore left lies about no longer.
    with making.one_at_a_time(places.beside(folder)):
        try:
            with _told(backup, folder):
                shutil.rmtree(aside, ignore_errors=True)
                aside.mkdir(mode=0o700)
                path, digest = _fetch(folder, clock, backup, aside, passphrase, progress)
                _sound(path, backup, progress, 40)
                ready = _made_ready(folder, clock, backup, path, actor or console(), progress)
                ready = replace(
                    ready, changed=_is_another(backup, digest), harmed=_was_harmed(backup)
                )
            yield ready
        finally:
            if not replacing.is_begun(store_path(folder)):
                shutil.rmtree(aside, ignore_errors=True)


def _is_another(backup: Path, digest: str) -> bool:
    """Whether a file is not the one that its note was written for."""
    note = places.read_note(backup)
    return places.note_of(backup).exists() if note is None else note.digest != digest


def _was_harmed(backup: Path) -> bool:
    note = places.read_note(backup)
    return note is not None and not proving.is_whole(note)


def no_room(trouble: Exception, folder: Path, backup: Path) -> None:
    """Raise `NoRoom` where the disk of the shop is full: no other backup would be the better one."""
    if getattr(trouble, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        needed, free = backup.stat().st_size + SPARE, places.free_bytes(folder)
        raise NoRoomToRestore(needed=needed // MB, folder=folder, free=free // MB) from trouble


@contextmanager
def _told(backup: Path, folder: Path) -> Iterator[None]:
    try:
        yield
    except BackupUnsound as trouble:
        raise BackupUnreadable(file=backup.name, why=trouble.params["why"]) from trouble
    except (OSError, sqlite.DatabaseError) as trouble:
        no_room(trouble, folder, backup)
        why = getattr(trouble, "strerror", None) or trouble
        raise BackupUnreadable(file=backup.name, why=why) from trouble


def _fetch(
    folder: Path,
    clock: Clock,
    backup: Path,
    aside: Path,
    passphrase: str | None,
    progress: Progress,
) -> tuple[Path, str]:
    """The plain store that a backup holds, in the folder aside; the digest of the backup's octets."""
    digest = copying.Digest()
    path = aside / store_path(folder).name
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "rb+") as file:
        if sealing.is_sealed(backup):
            sealing.unseal(
                backup, file, identities=_identities(folder, clock), passphrase=passphrase,
                alive=lambda size: progress.at(20, 100),
            )  # fmt: skip
            # What is sealed proves itself; this is whether it is what the note speaks of.
            with backup.open("rb") as source:
                while piece := source.read(copying.PIECE):
                    digest.write(piece)
        else:
            with backup.open("rb") as source:
                while piece := source.read(copying.PIECE):
                    file.write(piece)
                    digest.write(piece)
                    progress.at(20, 100)
        file.flush()
        os.fsync(file.fileno())
    return path, digest.text()


def _identities(folder: Path, clock: Clock) -> list[str]:
    """What this shop's own store opens without a passphrase; nothing if it cannot be asked."""
    try:
        store = Store(store_path(folder))
    except StoreProblem:
        return []
    try:
        return sealing.known_identities(Context(store, clock, console()))
    except sqlite.Error:
        return []
    finally:
        store.close()


def _made_ready(
    folder: Path, clock: Clock, backup: Path, path: Path, actor: Actor, progress: Progress
) -> Prepared:
    version = _pragma(path, "user_version")
    if version > schema.VERSION:
        raise BackupNewer(file=backup.name)
    note = places.read_note(backup)
    before = note.at if note else _last_moment(path)
    # It is brought up to date here, aside.
    store = Store(path)
    try:
        ctx = Context(store, clock, console())
        if ctx.db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BackupUnsound(why="foreign_key_check")
        shop = places.shop_id(ctx)
        name = str(ctx.db.execute(
            "SELECT coalesce((SELECT value FROM settings WHERE key = 'shop.name'), '')"
        ).fetchone()[0])  # fmt: skip
        known = _compare(folder, ctx, shop, name, backup)
        at = before or known.newest
        done = after_restore.settle(
            _acting(ctx, actor), backup.name, at, epoch=known.epoch, known=known.marks,
            aside=aside_path(folder, ctx.now).name, erased=known.erased.again, out=known.out,
            ended=known.ended,
        )  # fmt: skip
        epoch, head = places.epoch(ctx), ledger_chain.head(ctx.db.conn)
        ctx.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ctx.db.execute("PRAGMA journal_mode=delete")
    finally:
        store.close()
    rows = _sound(path, backup, progress, 80)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return Prepared(path, backup, shop, name, at, epoch, known.lost, rows, head, known.erased,
                    done.left, known.powers, done.out)  # fmt: skip


def _sound(path: Path, backup: Path, progress: Progress, share: int) -> dict[str, int]:
    """Rows by table of a copy that is as sound as its store was. Raises `BackupUnsound`."""
    note = places.read_note(backup)
    found = checking.check(path, alive=lambda: progress.at(share, 100))
    if why := found.beyond(note.differs if note else {}):
        raise BackupUnsound(why=why)
    return found.counts


def _pragma(path: Path, name: str) -> int:
    connection = checking.opened(path)
    try:
        return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
    finally:
        connection.close()


def _last_moment(path: Path) -> str:
    """The last moment that a backup shows, as the store writes it."""
    connection = checking.opened(path)
    try:
        row = connection.execute(
            "SELECT max(at) FROM (SELECT max(at) AS at FROM audit UNION ALL"
            " SELECT at FROM (SELECT at FROM messages ORDER BY id DESC LIMIT 1) UNION ALL"
            " SELECT at FROM gateway)"
        ).fetchone()
        return str(row[0] or "")
    finally:
        connection.close()


def _acting(ctx: Context, actor: Actor) -> Context:
    """The person who restores, as the backup knows them; a user who was added later by name alone."""
    if actor.user_id is not None:
        known = ctx.db.execute("SELECT 1 FROM users WHERE id = ?", (actor.user_id,)).fetchone()
        if known is None:
            actor = Actor(actor.kind, actor.name, None)
    return ctx.acting(actor)


@dataclass(frozen=True)
class _Known:
    lost: Lost
    marks: dict[str, int]
    epoch: int
    newest: str
    erased: erasures.Since
    powers: bool = False
    out: tuple[int, ...] = ()
    ended: bool = False


def _compare(folder: Path, backup: Context, shop: str, name: str, file: Path) -> _Known:
    """What the store of now says beside the backup; of one that cannot be asked, what lies beside the
    backups says who was erased, and its branch may have ended."""
    epoch = _noted_epoch(folder, shop)
    lists = file.parent, places.beside(folder)
    erased = erasures.since(backup, shop, None, lists)
    alone = _Known(Lost(known=False), {}, epoch, "", erased, ended=True)
    try:
        store = Store(store_path(folder))
    except StoreProblem:
        return alone
    try:
        now = Context(store, backup.clock, console())
        with store.reading() as db:
            if places.shop_id(now) != shop:
                raise ForeignBackup(file=file.name, shop=name or shop)
            return _Known(
                _lost(now, backup),
                after_restore.marks(db.conn),
                max(epoch, places.epoch(now)),
                "",
                erasures.since(backup, shop, now, lists),
                standing_since.powers_changed(now, backup),
                standing_since.put_out(now, backup),
                standing_since.has_ended(now, backup),
            )
    except (sqlite.DatabaseError, StoreProblem):
        return alone
    finally:
        store.close()


def _noted_epoch(folder: Path, shop: str) -> int:
    """The highest epoch of this shop that is known beside the store."""
    found = places.within(places.beside(folder), places.OWN)
    noted = [each.note.epoch for each in found if each.note and each.note.shop == shop]
    return max([places.last_epoch(folder, shop), *noted])


def _lost(now: Context, backup: Context) -> Lost:
    """What was written since the last row that both have."""
    last = dict(backup.db.execute("SELECT name, seq FROM sqlite_sequence").fetchall())

    def since(query: str, table: str) -> tuple[int, ...]:
        row = now.db.execute(query, (last.get(table, 0),)).fetchone()
        return tuple(int(each or 0) for each in row)

    sales, rupiah = since("SELECT count(*), sum(total) FROM sales WHERE id > ?", "sales")
    (orders,) = since("SELECT count(*) FROM orders WHERE id > ?", "orders")
    came, went = since(
        "SELECT sum(direction = 'in'), sum(direction = 'out') FROM messages WHERE id > ?",
        "messages",
    )
    (changes,) = since(
        "SELECT count(*) FROM audit WHERE id > ? AND command NOT LIKE 'backups.%'", "audit"
    )
    return Lost(True, sales, rupiah, orders, came, went, changes)


def preview(
    ctx: Context, backup: Path, *, passphrase: str | None = None, progress: Progress | None = None
) -> Prepared:
    """What restoring a backup would mean: it is prepared, looked at and thrown away. Raises as
    `prepared`."""
    with prepared(
        ctx.store.path.parent, ctx.clock, backup, passphrase=passphrase, actor=ctx.actor,
        progress=progress,
    ) as ready:  # fmt: skip
        return ready


def aside_path(folder: Path, now: datetime) -> Path:
    """Where the old store goes: a name that nothing has, though a clock may have been set back."""
    made = folder / REPLACED / f"crm-{now.astimezone(UTC):%Y%m%d-%H%M%S}.db"
    numbers = itertools.count(2)
    path = made
    while path.exists():
        path = made.with_name(f"{made.stem}-{next(numbers)}.db")
    return path
