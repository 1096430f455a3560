"""The chain over the ledgers: each row that the program writes leaves a sum that only its key makes.

 INSERT, UPDATE, DELETE ─temporary trigger─▶ pending ─commit─▶ links: rows, sum of (last sum, rows)

The triggers belong to the program's own connection, from its first transaction on; before that it can
only read. A row that anything else writes, changes or takes away has no sum, or another one. The key
lies outside of the shop's folder (`secret`). A row's sum holds what stands in it; a link's sum the
link before it, so that none can be left out or put in between, and where the chain begins, so that
nobody lets it begin later. What the program itself changes later (a
drawer that is closed, a text that is erased, an old book that is taken back) leaves a new sum, or says
that the row is gone; `shop.checks.ledger_chain` reads it all again.

Besides the ledgers, the tables that say who may do what (`linked_tables.STATES`): their rows come,
change and go, and each time leave a sum.

A link's `rows`: runs of rows of one ledger, `_RUN` (ledger, what was done, first key, step of the keys,
how many), with eight octets a row behind, except where rows went.
"""

from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from struct import Struct

from sqlite_utils import Database

from crm_tui import secret, sqlite
from crm_tui.linked_tables import FIRST_STATE, KNOWN, POWERS, know_places

SINCE = 20
"""The migration that made its table."""
SEALED = 33
"""The migration from which on a link's sum holds where the chain begins."""
NONE = -1
"""The place of no link."""
ADDED, CHANGED, GONE = 0, 1, 2
SUM = 8
"""Octets of a row's sum."""
LINK = 16
"""Octets of a link's sum."""

_ROW = Struct("<BBq8s")
_RUN = Struct("<BBqqI")
_PLACE = Struct("<q")
_NOTHING = bytes(SUM)
_AT_ONCE = 50_000


def row_sum(content: str, key: bytes) -> bytes:
    """The sum of a row's content; without a key one that anybody can make."""
    told, _, whole = content.partition("\0")
    if "\0" in whole:
        told += whole
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=SUM, key=key).digest()


def link_sum(before: bytes, begun: int, rows: bytes, key: bytes) -> bytes:
    """The sum of a link: of the one before it, of the number of that with which the chain begins (0:
    with this one, `NONE`: with the first), and of its rows."""
    told = before + _PLACE.pack(begun) + rows
    return blake2b(told, digest_size=LINK, key=key, person=b"crm-tui link").digest()


def link_sum_before(before: bytes, rows: bytes, key: bytes) -> bytes:
    """The sum of a link that a program made before the migration `SEALED`."""
    return blake2b(before + rows, digest_size=LINK, key=key).digest()


def has_links(connection: sqlite.Connection) -> bool:
    """Whether there is a chain."""
    row = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'links'").fetchone()
    return row is not None


def head(connection: sqlite.Connection) -> secret.Head | None:
    """The last link that is there."""
    row = connection.execute("SELECT id, hex(sum) FROM links ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else secret.Head(row[0], str(row[1]).lower(), begun(connection))


def begun(connection: sqlite.Connection) -> int:
    """The link with which the chain begins; `NONE` if none says so."""
    # No index is asked: others may have written that.
    row = connection.execute("SELECT max(id) FROM links NOT INDEXED WHERE begins = 1").fetchone()
    return NONE if row[0] is None else int(row[0])


class Recorder:
    """What one connection writes into the ledgers, from one commit to the next."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self._key = key = secret.key()
        self._name = secret.name_of(key)
        self._rows = b""
        """Of the link that is being written."""
        self._with_changes = False
        self.pending: list[bytes] = []
        """A row each, packed by `_ROW`, in the order of writing."""
        append, pack = self.pending.append, _ROW.pack

        def note(ledger: int, done: int, row: int, content: str | None) -> None:
            told = _NOTHING if content is None else row_sum(content, key)
            append(pack(ledger, done, row, told))

        connection.create_function("crm_note", 4, note)
        connection.create_function("crm_take", 0, self._take)
        connection.create_function("crm_key", 0, lambda: self._name)
        connection.create_function("crm_rows", 0, lambda: self._rows)
        connection.create_function(
            "crm_link", 2, lambda last, begun: link_sum(last, begun, self._rows, key)
        )
        know_places(connection)
        self.watch(connection)

    def watch(self, connection: sqlite.Connection) -> None:
        """Note what is written into all ledgers that the store has: an older one, before it is brought
        up to date, lacks some."""
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        wanted = _triggers(_names(connection, "sqlite_schema", "table"),
                           _names(connection, "sqlite_temp_schema", "trigger"),
                           version >= POWERS)  # fmt: skip
        if connection.in_transaction:
            for trigger in wanted:
                connection.execute(trigger)
            return
        # Every connection that writes waits for them: together they are made in half the time.
        try:
            connection.executescript(f"BEGIN; {'; '.join(wanted)}; COMMIT")
        except BaseException:
            connection.rollback()
            raise

    def _take(self) -> bool:
        """Whether the first of the changes that end a transaction takes the link along."""
        if not self._with_changes or not self.pending:
            return False
        self._pack()
        return True

    def _pack(self) -> None:
        self._rows = packed(self.pending)
        self.pending.clear()

    @contextmanager
    def with_changes(self) -> Iterator[None]:
        """The rows of the change feed that are written within end the transaction: the link is written
        with them, in the same statement."""
        self._with_changes = True
        try:
            yield
        finally:
            self._with_changes = False

    def forget(self, since: int = 0) -> None:
        """What was written after so many rows was rolled back."""
        del self.pending[since:]

    def write(self, db: Database) -> None:
        """Add the link of what is pending, within its transaction."""
        if self.pending:
            self._pack()
            self._add(db)

    def seal(self, db: Database) -> None:
        """Add a link of no rows, within a transaction: where the chain begins is fixed with it."""
        self._rows = b""
        self._add(db)

    def _add(self, db: Database, begins: int = 0) -> None:
        db.execute(_BEGINNING if begins else _FOLLOWING)

    def adopt(self, db: Database) -> None:
        """The store was brought up to date, within a transaction: note what is written into all that is
        linked by now, and take the rows of `STATES` as an older program left them. Not once more:
        whoever sets the store's version back would have theirs taken, too."""
        self.watch(db.conn)
        links = db.execute("SELECT rows FROM links")
        if not any(run.ledger >= FIRST_STATE for (rows,) in links for run in _sound_runs(rows)):
            self._take_all(db, FIRST_STATE, 0)

    def begin(self, db: Database) -> None:
        """Take all rows as they stand: what was before is not asked for any more. Within a transaction;
        links of some ten thousand rows, of which the first says that the chain begins with it."""
        self.forget()
        if begins := self._take_all(db, 0, 1):
            self._rows = b""
            self._add(db, begins)

    def _take_all(self, db: Database, first: int, begins: int) -> int:
        """Link the rows of what has this number or a higher one; `begins`, if there were none."""
        for number, ledger in KNOWN.items():
            if number < first:
                continue
            query = (
                f"SELECT {ledger.key.format('t')}, {ledger.content('t')}"  # noqa: S608 - names of ours
                f" FROM {ledger.table} AS t WHERE {ledger.where.format('t')} ORDER BY 1"
            )
            rows = db.execute(query)
            while some := rows.fetchmany(_AT_ONCE):
                told = [
                    _ROW.pack(number, ADDED, row[0], row_sum(row[1], self._key)) for row in some
                ]
                self._rows = packed(told)
                self._add(db, begins)
                begins = 0
        return begins


_LINK = """INSERT INTO links (key, begins, rows, sum) SELECT crm_key(), {begins}, crm_rows(),
    crm_link(coalesce((SELECT sum FROM links ORDER BY id DESC LIMIT 1), x''), {begun})"""
_BEGINNING = _LINK.format(begins=1, begun=0)
_FOLLOWING = _LINK.format(
    begins=0,
    begun="coalesce((SELECT id FROM links WHERE begins = 1 ORDER BY id DESC LIMIT 1), -1)",
)


def _names(connection: sqlite.Connection, schema: str, kind: str) -> frozenset[str]:
    rows = connection.execute(f"SELECT name FROM {schema} WHERE lower(type) = ?", (kind,))  # noqa: S608
    return frozenset(row[0] for row in rows)


@lru_cache(4)
def _triggers(tables: Set[str], there: Set[str], powers: bool) -> tuple[str, ...]:
    """SQL for the triggers that these tables need, beside those that are there."""
    return tuple(_written(tables, there, powers))


def _written(tables: Set[str], there: Set[str], powers: bool) -> Iterator[str]:
    if "link_with_changes" not in there:
        yield (
            "CREATE TEMP TRIGGER link_with_changes BEFORE INSERT ON main.changes WHEN crm_take()"
            f" BEGIN {_FOLLOWING}; END"
        )
    for number, ledger in KNOWN.items():
        state = number >= FIRST_STATE
        if ledger.table not in tables or f"note_{ledger.table}_insert" in there:
            continue
        if state and not powers:
            continue
        # A user's row has besides when who signed in last, and the like.
        changed = f"UPDATE OF {', '.join(ledger.columns.split())}" if state else "UPDATE"
        now, before = (ledger.where.format(row) for row in ("new", "old"))
        # A row that is changed so that it counts no more is gone.
        still = f"CASE WHEN {now} THEN {CHANGED} ELSE {GONE} END"
        content = f"CASE WHEN {now} THEN {ledger.content('new')} END"
        for event, when, row, noted in (
            ("INSERT", now, "new", f"{ADDED}, {{}}, {ledger.content('new')}"),
            (changed, f"{now} OR {before}", "new", f"{still}, {{}}, {content}"),
            ("DELETE", before, "old", f"{GONE}, {{}}, NULL"),
        ):
            noted = noted.replace("{}", ledger.key.format(row))
            yield (
                f"CREATE TEMP TRIGGER note_{ledger.table}_{event.split()[0].lower()} AFTER {event}"
                f" ON main.{ledger.table} WHEN {when} BEGIN SELECT crm_note({number}, {noted}); END"
            )


def packed(pending: list[bytes]) -> bytes:
    """The rows as a link keeps them: by ledger, each in the order of writing."""
    by_ledger: dict[int, list[bytes]] = {}
    for row in pending:
        by_ledger.setdefault(row[0], []).append(row)
    made: list[bytes] = []
    for ledger, rows in sorted(by_ledger.items()):
        run: list[bytes] = []
        done, first, last, step = -1, 0, 0, 0
        for row in rows:
            _, what, key, told = _ROW.unpack(row)
            if what == done and key > last and (len(run) == 1 or key - last == step):
                step = key - last
                run.append(told)
            else:
                _close(made, ledger, done, first, step, run)
                done, first, step, run = what, key, 0, [told]
            last = key
        _close(made, ledger, done, first, step, run)
    return b"".join(made)


def _close(
    made: list[bytes], ledger: int, done: int, first: int, step: int, run: list[bytes]
) -> None:
    if run:
        made.append(_RUN.pack(ledger, done, first, step, len(run)))
        if done != GONE:
            made.extend(run)


@dataclass(frozen=True)
class Run:
    """Rows of one ledger that one link holds; `sums` are eight octets each, b"" for rows that went."""

    ledger: int
    done: int
    keys: range | tuple[int, ...]
    sums: bytes


def unpacked(rows: bytes) -> Iterator[Run]:
    """The runs of a link. Raises `ValueError` for what is none."""
    at = 0
    while at < len(rows):
        if len(rows) - at < _RUN.size:
            raise ValueError("a run is cut off")
        ledger, done, first, step, count = _RUN.unpack_from(rows, at)
        at += _RUN.size
        octets = 0 if done == GONE else SUM * count
        if ledger not in KNOWN or len(rows) - at < octets or (not step and count > 1):
            raise ValueError("a run that cannot be")
        keys = range(first, first + step * count, step) if step else (first,)
        yield Run(ledger, done, keys, rows[at : at + octets])
        at += octets


def _sound_runs(rows: bytes) -> Iterator[Run]:
    """The runs of a link up to what is none: that it is broken is told elsewhere."""
    with suppress(ValueError):
        yield from unpacked(rows)
