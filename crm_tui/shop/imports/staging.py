"""Taking in files: checked and staged aside, looked at, then merged a slice at a time.

    file ─read, checked─▶ import.db ─preview─▶ "begin" ─slice─▶ store ─slice─▶ … ─▶ done
           holds up nobody                       │
                                                 └ from here on it is finished, if need be by
                                                   the next program that opens the shop

All or nothing without a long transaction: until the merge begins nothing of it is in the store, and
then every slice of it will be. Between two slices other writers have their turn.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from crm_tui import sqlite
from crm_tui.errors import Problem
from crm_tui.shop.gate import slices
from crm_tui.shop.gate.commands import part
from crm_tui.shop.gate.context import Actor, Context
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import tables
from crm_tui.shop.imports.errors import ImportLost, ImportRunning, RowsRefused
from crm_tui.store import StoreProblem

log = logging.getLogger(__name__)

ASIDE, LOCK = "import.db", "import.lock"
_MOST_REFUSED = 1000
_LOG_OCTETS = 16_000_000
"""The log may grow so long while a merge goes on: a page that many slices touch is brought from it to
its place once, not by each of them."""
_CACHE = -48_000
"""KiB (negative: SQLite's way of saying so) of the store's pages that a merge keeps in memory: rows go
to all places of the indexes."""

Staged = Sequence[object]
Difference = dict[str, tuple[object, object]]


@dataclass
class Preview:
    """What an import does, or did: what is new, what changes of the known ones, how many stay."""

    new: list[str] = field(default_factory=list)
    changed: dict[str, Difference] = field(default_factory=dict)
    same: int = 0


class Kind:
    """A kind of file. `staged` are the columns of its rows aside, behind `n` (from 1) and `line`.

    Rows are staged `block` by block, in each by `order` if there is one: what lies together in the
    indexes of the store is merged together, and a slice changes fewer of their pages.
    """

    name: str
    columns: tables.Columns
    staged: str
    block: int = 2000
    order: Callable[[Any], Any] | None = None

    def checker(self, ctx: Context) -> "Callable[[tables.Row, Any], Staged | Problem]":
        """What makes a row to be staged of a row of the file, or says what is wrong with it."""
        raise NotImplementedError

    def preview(self, ctx: Context) -> tuple[Preview, list[tuple[int, Problem]]]:
        """What merging would do, and the lines that the store refuses; rows are in aside.staged."""
        raise NotImplementedError

    def begin(self, ctx: Context, staging: "Staging") -> int:
        """The command that begins to merge; it calls `Staging.write_begin`."""
        raise NotImplementedError

    def merge(self, ctx: Context, file: str, after: int, upto: int) -> tuple[int, int]:
        """Merge the rows with after < n ≤ upto, within a transaction; how many are new and changed."""
        raise NotImplementedError

    def ended(self, ctx: Context) -> None:
        """What is done when all rows are in; done once more if that is cut off."""


def kind_of(name: str) -> Kind:
    """The kind of this name; its module is loaded when it is needed."""
    kind: Kind = import_module(f"crm_tui.shop.imports.{name}").KIND
    return kind


class Staging:
    """A file whose rows are staged aside. Close it, unless it was merged."""

    def __init__(self, ctx: Context, kind: Kind, file: str) -> None:
        self.kind, self.file = kind, file
        self.total = 0
        self.digest = ""
        self.preview = Preview()
        self._folder = ctx.store.path.parent
        self._lock = FileLock(self._folder / LOCK, mode=0o600, thread_local=False)

    @property
    def path(self) -> Path:
        return self._folder / ASIDE

    def close(self, *, keep: bool = False) -> None:
        """Others may import; what lies aside is thrown away, unless somebody will need it."""
        if self._lock.is_locked:
            if not keep:
                self.path.unlink(missing_ok=True)
            self._lock.release()

    def lock(self) -> None:
        """Be the only import of the shop. Raises `ImportRunning`."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout as trouble:
            raise ImportRunning() from trouble

    def stage(self, rows: Iterable[tuple[int, Staged]], *, about: int, progress: Progress) -> None:
        """Write rows aside; their lines come first."""
        self.path.unlink(missing_ok=True)
        os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        connection = sqlite.connect(self.path, isolation_level=None)
        try:
            # Nobody needs it after a crash before the merge; then it is brought to the disk once.
            for pragma in ("journal_mode=off", "synchronous=off", "locking_mode=exclusive"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(
                f"CREATE TABLE staged (n INTEGER PRIMARY KEY, line INTEGER, {self.kind.staged})"
            )
            marks = ", ".join("?" * (2 + self.kind.staged.count(",")))
            insert = f"INSERT INTO staged VALUES (NULL, {marks})"  # noqa: S608 - ours
            connection.execute("BEGIN")
            flat = ((line, *values) for line, values in rows)
            while some := list(islice(flat, self.kind.block)):
                line = int(str(some[-1][0]))
                if self.kind.order is not None:
                    some.sort(key=self.kind.order)
                connection.executemany(insert, some)
                self.total += len(some)
                progress.at(line, about)
            connection.execute("COMMIT")
        finally:
            connection.close()

    def to_the_disk(self) -> None:
        """It will be needed again after a power cut."""
        handle = os.open(self.path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def write_begin(self, ctx: Context) -> int:
        """Write that the merge begins, within the kind's command; the import's key."""
        row = ctx.db.execute(
            "INSERT INTO imports (kind, file, digest, at, actor_kind, actor, user_id, status, total)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'merging', ?) RETURNING id",
            (self.kind.name, self.file, self.digest, ctx.at, ctx.actor.kind, ctx.actor.name,
             ctx.actor.user_id, self.total),
        ).fetchone()  # fmt: skip
        ctx.record(f"import {self.file}", None, {"rows": self.total})
        ctx.changed("imports", row[0])
        return int(row[0])


@contextmanager
def _aside(ctx: Context, path: Path) -> Iterator[None]:
    """The rows of the file as aside.staged."""
    ctx.db.execute("ATTACH DATABASE ? AS aside", (str(path),))
    kept = ctx.db.execute("PRAGMA cache_size").fetchone()[0]
    ctx.db.execute(f"PRAGMA cache_size={_CACHE}")
    usual, ctx.store.log_octets = ctx.store.log_octets, _LOG_OCTETS

    def detach() -> None:
        ctx.db.execute(f"PRAGMA cache_size={kept}")
        ctx.store.log_octets = usual
        # A disk that is full tells so elsewhere, and a transaction around it detaches it later.
        with suppress(StoreProblem, sqlite.OperationalError):
            # Holds up nobody; else the next writer would have to bring it all to its place.
            ctx.store.checkpoint()
        with suppress(sqlite.OperationalError):
            ctx.db.execute("DETACH DATABASE aside")

    try:
        yield
    finally:
        if ctx.work is None:
            detach()
        else:
            # A transaction around it holds it as long as it lasts.
            ctx.work.after.append(detach)


def stage(ctx: Context, kind: Kind, path: Path, progress: Progress | None = None) -> Staging:
    """Read and check a file, and look at what it would do. Raises an `ImportProblem`; `RowsRefused`
    names each bad line; `Cancelled`, `ImportRunning`."""
    table = tables.opened(path, kind.columns)
    check = kind.checker(ctx)
    refused: list[tuple[int, Problem]] = []
    count = 0

    def rows() -> Iterator[tuple[int, Staged]]:
        nonlocal count
        for row in table.rows:
            line: int
            checked: Staged | Problem
            if isinstance(row, tuple):
                line, checked = row
            else:
                line, checked = row.line, check(row, table.headings)
            if isinstance(checked, Problem):
                count += 1
                if count <= _MOST_REFUSED:
                    refused.append((line, checked))
            else:
                yield line, checked

    return _staged(
        ctx, kind, path.name, rows(), progress, about=table.about, digest=table.digest,
        refused=lambda: (count, refused),
    )  # fmt: skip


def stage_rows(
    ctx: Context, kind: Kind, file: str, rows: Sequence[tuple[int, Staged]],
    progress: Progress | None = None,
) -> Staging:  # fmt: skip
    """The same with rows that were checked already."""
    return _staged(ctx, kind, file, rows, progress, about=len(rows))


def _staged(
    ctx: Context,
    kind: Kind,
    file: str,
    rows: Iterable[tuple[int, Staged]],
    progress: Progress | None,
    *,
    about: int,
    digest: str = "",
    refused: Callable[[], tuple[int, list[tuple[int, Problem]]]] = lambda: (0, []),
) -> Staging:
    made = Staging(ctx, kind, file)
    made.lock()
    try:
        finish(ctx, made)
    except BaseException:
        made.close(keep=True)
        raise
    try:
        made.stage(rows, about=about, progress=progress or Progress())
        made.digest = digest
        count, bad = refused()
        if not count:
            with _aside(ctx, made.path):
                made.preview, bad = kind.preview(ctx)
                count = len(bad)
        if count:
            bad.sort(key=lambda each: each[0])
            raise RowsRefused(file=file, count=count, rows=bad)
    except BaseException:
        made.close()
        raise
    return made


def merge(ctx: Context, staging: Staging, progress: Progress | None = None) -> Preview:
    """Take in what is staged; what that did. Raises `NotAllowed`, `Cancelled`; afterwards it is
    finished whatever happens."""
    progress = progress or Progress()
    try:
        progress.begin_final()
        staging.to_the_disk()
        staging.kind.begin(ctx, staging)
    except BaseException:
        # It may have begun all the same, and then it is finished by the next.
        staging.close(keep=_has_begun(ctx))
        raise
    _finish_and_close(ctx, staging, progress)
    return staging.preview


def _finish_and_close(ctx: Context, staging: Staging, progress: Progress | None = None) -> None:
    done = False
    try:
        finish(ctx, staging, progress)
        done = True
    finally:
        staging.close(keep=not done)


def _has_begun(ctx: Context) -> bool:
    found = ctx.db.execute("SELECT 1 FROM imports WHERE status = 'merging'").fetchone()
    return found is not None


def resume(ctx: Context) -> None:
    """Finish an import that was cut off, and throw away what lies aside for nothing, if nobody is at
    it. Every program that opens the shop calls it."""
    staging = Staging(ctx, Kind(), "")
    if not staging.path.exists() and not _has_begun(ctx):
        return
    with suppress(ImportRunning):
        staging.lock()
        _finish_and_close(ctx, staging)


def finish(ctx: Context, staging: Staging, progress: Progress | None = None) -> None:
    """Merge all slices that are left of the import that has begun, if there is one."""
    row = ctx.db.execute("SELECT * FROM imports WHERE status = 'merging'").fetchone()
    if row is None:
        return
    kind = kind_of(row["kind"])
    actor = Actor(row["actor_kind"], row["actor"], row["user_id"])
    # In the name of the user who began it; within the same transaction, if there is one around it.
    own = ctx if actor == ctx.actor else ctx.acting(actor)
    if not staging.path.exists():
        _end(own, row, kind, "lost")
        raise ImportLost(file=row["file"])
    with _aside(own, staging.path):

        def merge_slice(after: int, upto: int) -> None:
            new, changed = kind.merge(own, row["file"], after, upto)
            own.db.execute(
                "UPDATE imports SET merged = ?, new = new + ?, changed = changed + ? WHERE id = ?",
                (upto, new, changed, row["id"]),
            )

        name = f"imports.{kind.name}"
        with _unhurried(own):
            slices.run(own, name, row["merged"], row["total"], merge_slice, progress)
            kind.ended(own)
        _end(own, row, kind, "done")


@contextmanager
def _unhurried(ctx: Context) -> Iterator[None]:
    """Slices need not be on the disk one by one: a power cut takes the last ones back together with
    what they wrote of how far they are, and they are merged once more."""
    if ctx.work is not None:
        yield
        return
    ctx.db.execute("PRAGMA synchronous=normal")
    try:
        yield
    finally:
        ctx.db.execute("PRAGMA synchronous=full")


def _end(ctx: Context, row: sqlite.Row, kind: Kind, status: str) -> None:
    with part(ctx, f"imports.{kind.name}"):
        ctx.db.execute(
            "UPDATE imports SET status = ?, ended_at = ? WHERE id = ?", (status, ctx.at, row["id"])
        )
        found = ctx.db.execute(
            "SELECT total, new, changed FROM imports WHERE id = ?", (row["id"],)
        ).fetchone()
        ctx.record(f"import {row['file']}", None, {"import": status, **dict(found)})
        ctx.changed("imports", row["id"])
