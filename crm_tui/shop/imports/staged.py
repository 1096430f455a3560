"""What is staged of a file: kinds of files, the rows that lie aside, and what merging them does."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from itertools import islice
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

from filelock import Timeout

from crm_tui import atomic_file, sqlite
from crm_tui.errors import Problem
from crm_tui.program_lock import ProgramLock
from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.imports import choices as remembered
from crm_tui.shop.imports.cut_off import ASIDE, LOCK
from crm_tui.shop.imports.errors import (
    ImportRunning,
    QuestionsOpen,
    RowsRefused,
)
from crm_tui.shop.imports.planning import Columns, Plan
from crm_tui.shop.imports.questions import Asks, Choices, Question
from crm_tui.shop.imports.rows import Left, Reader, Staged

Difference = dict[str, tuple[object, object]]


@dataclass
class Preview:
    """What an import does, or did: what is new, what changes of the known ones, how many stay."""

    new: list[str] = field(default_factory=list)
    changed: dict[str, Difference] = field(default_factory=dict)
    same: int = 0
    filled: set[str] = field(default_factory=set)
    """Columns that say something of new ones and need a permission of their own."""
    names: dict[str, str] = field(default_factory=dict)
    """What the new and changed ones are called, where they are listed by a code."""


class Kind:
    """A kind of file. `staged` are the columns of its rows aside, behind `n` (from 1) and `line`.

    Rows are staged `block` by block, in each by `order` if there is one: what lies together in the
    indexes of the store is merged together, and a slice changes fewer of their pages.
    """

    name: str
    columns: Columns
    staged: str
    guarded: Mapping[str, str] = MappingProxyType({})
    """The permission of each column that needs one of its own."""
    block: int = 2000
    order: Callable[[Any], Any] | None = None

    def reader(self, ctx: Context, plan: Plan, asks: Asks, epoch: date) -> Reader:
        """What makes rows to be staged of the rows of a file whose days count from `epoch`."""
        raise NotImplementedError

    def preview(
        self, ctx: Context, staging: "Staging"
    ) -> tuple[Preview, list[tuple[int, Problem]]]:
        """What merging would do, and the lines that the store refuses; rows are in aside.staged. It may
        ask, and leave rows out."""
        raise NotImplementedError

    def begin(self, ctx: Context, staging: "Staging") -> int:
        """The command that begins to merge; it calls `Staging.write_begin`."""
        raise NotImplementedError

    def withhold(self, ctx: Context, columns: Collection[str], after: int, upto: int) -> None:
        """Leave out what those of the rows with after < n ≤ upto say in guarded columns for which
        nobody was asked, within a transaction."""

    def merge(self, ctx: Context, file: str, after: int, upto: int) -> tuple[int, int]:
        """Merge the rows with after < n ≤ upto, within a transaction; how many are new and changed."""
        raise NotImplementedError

    def ended(self, ctx: Context) -> None:
        """What is done when all rows are in; done once more if that is cut off."""


def kind_of(name: str) -> Kind:
    """The kind of this name; its module is loaded when it is needed."""
    kind: Kind = import_module(f"crm_tui.shop.imports.{name}").KIND
    return kind


def _filled(
    columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> tuple[str, Iterable[tuple[object, ...]]]:
    """How rows are inserted: without the columns that say nothing in any of them, for to hand SQLite an
    empty value takes Python longer than three others."""
    there = [at for at in range(len(columns)) if any(row[at] is not None for row in rows)]
    names, marks = ", ".join(columns[at] for at in there), ", ".join("?" * len(there))
    insert = f"INSERT INTO staged ({names}) VALUES ({marks})"  # noqa: S608 - ours
    # The line is always there, and whatever makes a row a record.
    return insert, map(itemgetter(*there), rows) if 1 < len(there) < len(columns) else rows


class Staging:
    """A file whose rows are staged aside. Close it, unless it was merged.

    `plan` is what the file was understood to be (None for rows that came from no file), `left` what is
    left out of it, `refused` the lines that cannot be taken, with why; `samples` the first rows as they
    are staged. `label` is what the import is called, if the file is several. `count` rows would be
    merged, out of `total` that were staged. `remembered`: its columns were chosen for an earlier file.
    """

    def __init__(self, ctx: Context, kind: Kind, file: str) -> None:
        self.kind, self.file = kind, file
        self.plan: Plan | None = None
        self.reader: Reader | None = None
        self.asks, self.left = Asks({}), Left()
        self.choices = Choices()
        self.remembered = False
        self.refused: list[tuple[int, Problem]] = []
        self.unlisted = 0
        self.samples: list[tuple[int, Staged]] = []
        self.count = self.total = 0
        self.digest = self.label = ""
        self.preview = Preview()
        self._folder = ctx.store.path.parent
        self._lock = ProgramLock(self._folder / LOCK, mode=0o600, thread_local=False)

    @property
    def path(self) -> Path:
        return self._folder / ASIDE

    @property
    def refused_count(self) -> int:
        """How many lines cannot be taken, the ones that nobody has listed (`unlisted`) too."""
        return len(self.refused) + self.unlisted

    @property
    def questions(self) -> list[Question]:
        """What is asked of the file, the answered ones too."""
        return list(self.asks.questions.values())

    @property
    def open_questions(self) -> list[Question]:
        """What must be answered before the import."""
        return [question for question in self.questions if question.open]

    def raise_if_bad(self) -> None:
        """Raises `ColumnsMissing`, `QuestionsOpen`, `RowsRefused` if it cannot be merged."""
        if self.plan is not None and (lack := self.plan.lack) is not None:
            raise lack
        if questions := self.open_questions:
            raise QuestionsOpen(
                file=self.file, count=len(questions), questions=questions, rows=self.refused,
                every=self.refused_count,
            )  # fmt: skip
        if self.refused:
            raise RowsRefused(file=self.file, count=self.refused_count, rows=self.refused,
                              every=self.refused_count)  # fmt: skip

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
            columns = ("line", *(each.split()[0] for each in self.kind.staged.split(",")))
            connection.execute("BEGIN")
            flat = ((line, *values) for line, values in rows)
            while some := list(islice(flat, self.kind.block)):
                line = int(str(some[-1][0]))
                if self.kind.order is not None:
                    some.sort(key=self.kind.order)
                connection.executemany(*_filled(columns, some))
                self.total += len(some)
                progress.at(line, about)
            connection.execute("COMMIT")
        finally:
            connection.close()

    def throw_away_rubbish(self) -> None:
        """What lies aside goes, if it is no such file, or cannot be read to its end: it helps nobody,
        and would stand in the way of all that the shop does."""
        if not os.path.lexists(self.path) or self._is_sound():
            return
        atomic_file.make_way(self.path)
        self.path.unlink(missing_ok=True)

    def _is_sound(self) -> bool:
        if not self.path.is_file():
            return False
        try:
            with closing(sqlite.connect(self.path, isolation_level=None)) as connection:
                connection.execute("SELECT n FROM staged LIMIT 1")
                return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite.OperationalError as trouble:
            # What the disk or the system refuses now, it may give later.
            return "no such table" not in str(trouble)
        except sqlite.DatabaseError:
            return False

    def to_the_disk(self) -> None:
        """It will be needed again after a power cut."""
        handle = os.open(self.path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @property
    def asks_for(self) -> list[str]:
        """The guarded columns that say something, as the file was looked at."""
        named = self.preview.filled.union(*self.preview.changed.values())
        return [column for column in self.kind.guarded if column in named]

    def require(self, ctx: Context) -> None:
        """Refuse columns that say something without the permission that they need."""
        for column in self.asks_for:
            access.require(ctx, self.kind.guarded[column])

    def note_asked(self) -> None:
        """Write aside what is asked for: merging does no more, whatever the store is by then, and
        whoever finishes it."""
        with closing(sqlite.connect(self.path, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE asked (name TEXT PRIMARY KEY)")
            connection.executemany(
                "INSERT INTO asked VALUES (?)", ((each,) for each in self.asks_for)
            )

    @staticmethod
    def withheld(ctx: Context, kind: Kind) -> list[str]:
        """The guarded columns for which nobody was asked."""
        noted = ctx.db.execute("SELECT 1 FROM aside.sqlite_schema WHERE name = 'asked'").fetchone()
        if noted is None:
            # It was begun by a program that did not note them.
            return []
        asked = {row[0] for row in ctx.db.execute("SELECT name FROM aside.asked")}
        return [column for column in kind.guarded if column not in asked]

    def write_begin(self, ctx: Context) -> int:
        """Write that the merge begins, within the kind's command; the import's key."""
        row = ctx.db.execute(
            "INSERT INTO imports (kind, file, digest, at, actor_kind, actor, user_id, status, total)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 'merging', ?) RETURNING id",
            (self.kind.name, self.label or self.file, self.digest, ctx.at, ctx.actor.kind,
             ctx.actor.name, ctx.actor.user_id, self.total),
        ).fetchone()  # fmt: skip
        ctx.record(f"import {self.file}", None, {"rows": self.count})
        ctx.changed("imports", row[0])
        if self.plan is not None:
            remembered.remember(ctx, self.kind.name, self.plan, self.choices)
        return int(row[0])
