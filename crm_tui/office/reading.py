"""The read side of the office: each branch as its own programs see it, but out of PostgreSQL.

    a report ─SQL─▶ Reader.execute ─dialect─▶ WITH sales AS (… crm.sales of this branch), … ─▶
    PostgreSQL

So a report, its columns, its query and its charts are declared once, for both sides. What a branch
derives by triggers (stock, debts, sums of points) is derived from its ledgers here.
"""
# ruff: noqa: S608 - what is put into queries is names of ours and whole numbers

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import psycopg

from crm_tui import clock, sqlite
from crm_tui.clock import Clock
from crm_tui.errors import N_
from crm_tui.office import database, naming
from crm_tui.office.branch_views import BENEATH, DERIVED, Catalogue, Cuts, History
from crm_tui.office.dialect import translate
from crm_tui.office.rows import Answer, speak_as_the_store
from crm_tui.shop.branches.identity import SKEW
from crm_tui.shop.gate.context import Actor, Context
from crm_tui.shop.gate.errors import BadInput

if TYPE_CHECKING:
    from sqlite_utils import Database

    from crm_tui.shop.gate.shoptime import ShopTime
    from crm_tui.store import Store

T = TypeVar("T")


@dataclass(frozen=True)
class Branch:
    """A branch as the office knows it. `seen_at`: its last contact, "" before the first; `behind`: how
    many rows it said it had yet to send; `skew`: seconds by which its clock was ahead then."""

    id: int
    name: str
    zone: str = clock.ZONE
    seen_at: str = ""
    behind: int | None = None
    skew: float | None = None
    closed_at: str = ""

    @property
    def clock_off(self) -> bool:
        """Whether its clock was off by more than five minutes."""
        return self.skew is not None and abs(self.skew) > SKEW


_MOMENTS = frozenset({"begin", "end", "evening", "moment", "since"})
_ENDS = {"": "-infinity", "~": "infinity"}
"""How periods tell that they have no beginning or no end, and how PostgreSQL does."""


class Reader:
    """The tables of one branch, asked in the store's own SQL. One thread uses it."""

    def __init__(
        self, connection: "psycopg.Connection[Any]", catalogue: Catalogue, branch: Branch,
        history: History,
    ) -> None:  # fmt: skip
        self._connection, self._catalogue = connection, catalogue
        self.branch, self._history = branch, history
        self._asked: dict[str, str] = {}
        self._long = 0

    def execute(self, sql: str, values: Any = (), *, many: bool = False) -> Answer:
        """What the query finds. `values`: values by name, or in order; `many`: it may be more than
        should be here at once. Raises psycopg's errors."""
        if isinstance(values, Mapping):
            values = {
                name: _ENDS.get(value, value) if name in _MOMENTS else value
                for name, value in values.items()
            }
        else:
            values = tuple(_ENDS.get(each, each) for each in values)
        text = self._asked.get(sql)
        if text is None:
            text = self._asked[sql] = self._whole(sql)
        if many and self._connection.info.transaction_status:
            # In pieces, within the transaction that is open.
            self._long += 1
            long = self._connection.cursor(f"long_{self._long}")
            self._catalogue.long.append(long)
            long.execute(text.encode(), values)
            return Answer(long)
        return Answer(self._connection.execute(text.encode(), values))

    def _whole(self, sql: str) -> str:
        query = translate(sql)
        needed: dict[str, None] = {}

        def need(table: str) -> None:
            if table in needed:
                return
            for below in BENEATH.get(table, ()):
                need(below)
            needed[table] = None

        for word in sorted(query.words):
            if word in DERIVED or word in self._catalogue.tables:
                need(word)
        views = []
        for table in needed:
            view = self._catalogue.view(table, self.branch.id, self._history)
            if view is not None:
                once = "MATERIALIZED" if table in ("stock", "dues") else "NOT MATERIALIZED"
                views.append(f"{table} AS {once} ({view})")
        if not views:
            return query.text
        # A query with tables of its own has them behind these.
        rest = query.text.removeprefix("WITH ")
        return f"WITH {', '.join(views)}{' ' if rest == query.text else ', '}{rest}"


class _Time:
    """The office's own clock, as a branch has one of its shop."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now


class _Place:
    """Stands for a branch's store: what is asked of it beside its tables."""

    def __init__(self, folder: Path, reader: Reader, connection: "psycopg.Connection[Any]") -> None:
        self.path = folder / f"branch-{reader.branch.id}"
        self.db, self._connection = reader, connection
        self._shared: dict[object, object] = {}
        self._sharing = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """One consistent view; within another one, that one's."""
        if self._connection.info.transaction_status:
            yield self.db
            return
        with self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield self.db

    @contextmanager
    def told(self) -> Iterator[None]:
        yield

    def shared(self, key: object, make: Callable[[], T]) -> T:
        with self._sharing:
            if key not in self._shared:
                self._shared[key] = make()
            return cast(T, self._shared[key])


class BranchContext(Context):
    """A branch at the office: reports take it for the branch's own context. It only reads."""

    def __init__(
        self, folder: Path, reader: Reader, connection: "psycopg.Connection[Any]", clock: Clock,
        actor: Actor,
    ) -> None:  # fmt: skip
        # All that reports ask of a store, and no more; mypy knows the store's own class alone.
        self.reader = reader
        self.store = cast("Store", _Place(folder, reader, connection))
        self.clock = clock
        self.time = cast("ShopTime", _Time(clock))
        self.actor, self.permits, self.permitted, self.spent = actor, (), {}, []
        self.work, self.command, self.recorded, self.prove = None, "", False, None

    @property
    def db(self) -> "Database":
        return cast("Database", self.reader)

    def many(self, query: str, values: Mapping[str, str | int]) -> sqlite.Cursor:
        return cast(sqlite.Cursor, self.reader.execute(query, values, many=True))

    @property
    def branch(self) -> Branch:
        return self.reader.branch


class ChainContext(BranchContext):
    """All branches: what a report over them is made from."""

    def __init__(self, office: "ReadSide") -> None:
        nobody = Reader(office.connection, office.catalogue, Branch(0, ""), History())
        super().__init__(office.folder, nobody, office.connection, office.clock, office.actor)
        self.office = office


CANNOT_BE = N_("figures that cannot be")
"""What a branch sent cannot be computed with; nothing of it is in the sums."""


class CannotBe(Exception):
    """A branch has sent moments or amounts with which nobody can compute."""


_NO_FIGURES = (psycopg.DataError, ValueError, OverflowError)
"""What it comes to to compute with them."""


class BranchCannotBe(BadInput):
    text = N_(
        "{branch} has sent moments or amounts with which nobody can compute, so this cannot be"
        " told of it. What the other branches have is told as ever; ask there what happened."
    )


class UnknownBranch(BadInput):
    text = N_("There is no branch called {name}. There are: {names}.")


@contextmanager
def opened(office: database.Office, clock: Clock, actor: Actor) -> "Iterator[ReadSide]":
    """The read side of an office, as long as this lasts. Raises `DatabaseSilent`, `DatabaseRefused`."""
    with database.told(), database.connect(office.dsn) as connection:
        yield ReadSide(connection, office.folder, clock, actor)


def install(connection: "psycopg.Connection[Any]", reader: str = "") -> None:
    """Make what the read side needs in the office's database, as its owner; `reader`: the role, quoted,
    of those who read. It may be run again."""
    script = files("crm_tui.office").joinpath("reading.sql").read_text("utf-8")
    connection.execute(script.encode())
    if reader:
        connection.execute(f"GRANT USAGE ON SCHEMA crm_reading TO {reader}".encode())


class ReadSide:
    """The head office, for readers: one connection, one thread. Each thread opens one of its own."""

    def __init__(
        self, connection: "psycopg.Connection[Any]", folder: Path, clock: Clock, actor: Actor
    ) -> None:
        self.connection, self.folder, self.clock, self.actor = connection, folder, clock, actor
        connection.autocommit = True
        connection.prepare_threshold = None
        speak_as_the_store(connection)
        connection.execute("SET search_path = crm_reading, pg_catalog, crm")
        # A list that comes in pieces is read to its end.
        connection.execute("SET cursor_tuple_fraction = 1")
        connection.execute("SET jit = off")
        self.catalogue = Catalogue(connection)
        self._readers: dict[int, Reader] = {}

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent view of all branches."""
        if self.connection.info.transaction_status:
            yield
            return
        with self.connection.transaction():
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            with self._pieces():
                yield

    @contextmanager
    def _pieces(self) -> Iterator[None]:
        """What is read in pieces within it ends with it; one within another ends its own alone."""
        long = self.catalogue.long
        before = len(long)
        try:
            yield
        finally:
            while len(long) > before:
                long.pop().close()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What is asked within it is of one branch: what nobody can compute of its rows stops no
        other's. Raises `CannotBe`, after which the connection goes on."""
        try:
            with self.connection.transaction(), self._pieces():
                yield
        except _NO_FIGURES as trouble:
            raise CannotBe() from trouble

    @contextmanager
    def one(self, branch: Branch) -> "Iterator[BranchContext]":
        """A branch's own context, for a question to it alone. Raises `BranchCannotBe` at its end, if it
        has sent what cannot be computed with."""
        try:
            yield self.context(branch)
        except _NO_FIGURES as trouble:
            raise BranchCannotBe(branch=branch.name) from trouble

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction for what the office itself decides: all of it, or nothing."""
        with self.connection.transaction():
            yield

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def ask(self, query: str, given: Any = ()) -> list[Any]:
        """The rows of a query in PostgreSQL's own SQL, over the tables of all branches."""
        return Answer(self.connection.execute(query.encode(), given)).fetchall()

    def ask_nothing(self, statement: str, given: Any = ()) -> None:
        """Write what the office itself has decided; of no branch's rows."""
        self.connection.execute(statement.encode(), given)

    def branches(self) -> list[Branch]:
        """All branches by name, closed ones too."""
        zones = "NULL::text"
        if "settings" in self.catalogue.tables:
            zones = (
                "(SELECT value FROM crm.settings AS s WHERE s.branch = b.branch AND NOT gone"
                " AND s.key = 'shop.zone')"
            )
        rows = self.ask(
            "SELECT branch, name, seen_at, behind, extract(epoch FROM skew)::float8 AS skew,"
            f' closed_at, {zones} AS zone FROM crm.branches AS b ORDER BY name COLLATE "C", branch'
        )
        return [
            Branch(
                row["branch"], row["name"], row["zone"] or clock.ZONE, row["seen_at"] or "",
                row["behind"], row["skew"], row["closed_at"] or "",
            )
            for row in rows
        ]  # fmt: skip

    def branch(self, name: str) -> Branch:
        """The branch that is called so (`naming.chosen`). Raises `UnknownBranch`."""
        branches = self.branches()
        found = naming.chosen(name, {each.id: each.name for each in branches})
        for each in branches:
            if each.id == found:
                return each
        names = ", ".join(each.name for each in branches)
        raise UnknownBranch(name=name, names=names or "–")

    def chain(self) -> "ChainContext":
        """A context that stands for all branches; days and hours are those of the usual zone."""
        clock.use_zone(clock.ZONE)
        return ChainContext(self)

    def context(self, branch: Branch) -> BranchContext:
        """A branch's context. Days and hours are those of its zone from now on, in this process too."""
        reader = self._readers.get(branch.id)
        if reader is None or reader.branch != branch:
            history = History(
                self._cuts(branch.id), None, self._took_back(branch.id), self._since(branch.id)
            )
            reader = Reader(self.connection, self.catalogue, branch, history)
            self._readers[branch.id] = reader
        return self._in_zone(reader)

    def losses(self, branch: Branch) -> list[BranchContext]:
        """What the branch sold in epochs that a restore ended, and does not know any more: a context
        for each, in which those sales and payments are all there is."""
        cuts = self._cuts(branch.id)
        lost = dict(self.lost_epochs(branch))
        found = []
        for at, (epoch, upto) in enumerate(cuts):
            if upto is not None and epoch in lost:
                older = [*cuts[:at], (epoch, None)]
                history = History(older, upto, self._took_back(branch.id))
                found.append(Reader(self.connection, self.catalogue, branch, history))
        return [self._in_zone(reader) for reader in found]

    def lost_epochs(self, branch: Branch) -> list[tuple[int, int]]:
        """The epochs in which the branch sold what it does not know any more and has not imported
        again, and the last sale of each that it does know."""
        return [
            (epoch, upto.get("sales", 0))
            for epoch, upto in self._cuts(branch.id)
            if upto is not None and self._lost_any(branch.id, epoch, upto)
        ]

    def _lost_any(self, branch: int, epoch: int, upto: Mapping[str, int]) -> bool:
        found = self.ask(
            "SELECT EXISTS (SELECT FROM crm.sales WHERE branch = %s AND epoch = %s AND id > %s) AND NOT"
            " EXISTS (SELECT FROM crm.lost_files AS f JOIN crm.imports AS i USING (branch, digest)"
            "  WHERE f.branch = %s AND f.epoch = %s AND NOT i.gone AND i.back_from IS NULL"
            "  AND i.epoch >= %s)",
            (branch, epoch, upto.get("sales", 0), branch, epoch, self._since(branch)),
        )
        return bool(found[0][0])

    def _in_zone(self, reader: Reader) -> BranchContext:
        branch = reader.branch
        clock.use_zone(branch.zone)
        self.connection.execute(
            "SELECT set_config('TimeZone', %s, false)",
            (branch.zone if branch.zone in clock.ZONES else clock.ZONE,),
        )
        return BranchContext(self.folder, reader, self.connection, self.clock, self.actor)

    def _took_back(self, branch: int) -> bool:
        found = self.ask(
            "SELECT EXISTS (SELECT FROM crm.imports WHERE branch = %s AND NOT gone"
            " AND back_from IS NOT NULL)",
            (branch,),
        )
        return bool(found[0][0])

    def _since(self, branch: int) -> int:
        found = self.ask("SELECT since FROM crm.branches WHERE branch = %s", (branch,))
        return int(found[0][0]) if found else 0

    def _cuts(self, branch: int) -> Cuts:
        rows = self.ask(
            "SELECT epoch, lives FROM crm.epochs WHERE branch = %s ORDER BY epoch", (branch,)
        )
        return [
            (row["epoch"], None if row["lives"] is None else json.loads(row["lives"]))
            for row in rows
        ]
