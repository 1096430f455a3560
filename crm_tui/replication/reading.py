"""What the head office has not got yet of a branch's store, some thousand rows at a time.

Ledgers: rows with a higher number than the office's mark, since one connection at a time writes and
numbers grow with each commit. Mutable tables: rows of `ship` with a higher `seq`, as they stand
now. Each reading is one short view of the store: nothing is held while the line is slow."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from crm_tui import ship_triggers, shipped
from crm_tui.shipped import (
    CHANGES,
    LEDGER,
    LEDGERS,
    VERSIONED,
    Column,
    Ledger,
    Value,
    Versions,
)

AT_ONCE = 7_400
"""Rows of a batch: the office takes most rows a second at about so many a commit."""


@dataclass(frozen=True)
class Mark:
    """How far a ledger has come: its last number, and the digest of that row."""

    last: int
    digest: bytes


NONE = Mark(0, b"")

MOVED = tuple(table for table in VERSIONED.values() if table.moved_by)
"""The tables that change with new rows of a ledger."""
GROWN = {
    by: tuple(
        # First the one that the others name.
        sorted((each for each in VERSIONED.values() if each.grows_by[:1] == (by,)),
               key=lambda each: each.table != by)
    )
    for by in dict.fromkeys(each.grows_by[0] for each in VERSIONED.values() if each.grows_by)
}  # fmt: skip
"""The tables whose new rows are found by an `id` that grows, by the table that has it."""
_SOME = 500
"""Rows that are put together at once."""
NULL = secrets.token_hex(8)
"""Stands for None in texts for COPY: no text of the store is it."""


@dataclass(frozen=True)
class Epoch:
    """An epoch of the store, and the highest keys that it has in common with the one before."""

    number: int
    began_at: str
    marks: Mapping[str, int]

    @property
    def forked(self) -> bool:
        """Whether the office was asked for each mark: it has all up to there, in whatever epoch."""
        return "forked" in self.marks


@dataclass(frozen=True)
class Piece:
    """Rows of one table in a batch. `rows` of a ledger are its columns; of versions (key, seq, row
    or None for one that is gone). `again`: rows of a ledger that undo has put back, or out of
    which a person was taken: the office may have them. `text`: in the place of `rows`, `count` rows
    as COPY takes them, None as `NULL`."""

    table: Ledger | Versions
    rows: list[Any]
    again: bool = False
    text: tuple[bytes, ...] = ()
    count: int = 0

    @property
    def size(self) -> int:
        return self.count or len(self.rows)


@dataclass
class Batch:
    """What goes in one commit: pieces, and the marks it moves: (ledger, from, to)."""

    epoch: int
    pieces: list[Piece] = field(default_factory=list)
    moves: list[tuple[str, Mark, Mark]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)


def epochs(db: Database) -> list[Epoch]:
    """The epochs of this store, oldest first."""
    rows = db.execute("SELECT epoch, began_at, marks FROM epochs ORDER BY epoch").fetchall()
    return [Epoch(row[0], row[1], json.loads(row[2])) for row in rows]


def last_change(db: Database) -> int:
    """The highest number of a change."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM ship").fetchone()[0])


# ── ledgers ───────────────────────────────────────────────────────────────────────────────────────


def _columns(table: Ledger | Versions, row: str) -> str:
    return ", ".join(f'{row}."{name}"' for name in table.names)


def _after(ledger: Ledger) -> str:
    """SQL: the rows behind a number, in their order; ?1 the number, ?2 how many at most."""
    if ledger.factor == 1:
        return f'WHERE t."{ledger.lead}" > ?1 ORDER BY t."{ledger.lead}" LIMIT ?2'
    number = ledger.number.format("t")
    return (
        f'WHERE t."{ledger.lead}" >= ?1 / {ledger.factor} AND {number} > ?1'
        f' ORDER BY t."{ledger.lead}", {number} LIMIT ?2'
    )


def ledger_rows(
    db: Database, ledger: Ledger, after: int, most: int
) -> tuple[list[tuple[Value, ...]], int]:
    """Rows behind a number, at most so many, and the number of the last one."""
    number = ledger.number.format("t")
    rows = db.execute(
        f"SELECT {_columns(ledger, 't')}, {number}"  # noqa: S608
        f" FROM {ledger.table} AS t {_after(ledger)}",
        (after, most),
    ).fetchall()
    return [tuple(row)[:-1] for row in rows], int(rows[-1][-1]) if rows else after


def ledger_text(
    db: Database, ledger: Ledger, epoch: int, after: int, most: int
) -> tuple[Piece, int]:
    """The same as COPY takes them, put together by SQLite, which takes a third of the time; as rows
    if a text among them holds what has to be escaped."""
    values = "||'\t'||".join(_written(column) for column in ledger.columns)
    number = ledger.number.format("t")
    cursor = db.execute(
        f"SELECT '{int(epoch)}\t'||{values}, {number}"  # noqa: S608
        f" FROM {ledger.table} AS t {_after(ledger)}",
        (after, most),
    )
    parts: list[bytes] = []
    count, last = 0, after
    while rows := cursor.fetchmany(_SOME):
        text = "\n".join([row[0] for row in rows]) + "\n"
        signs = (text.count("\t"), text.count("\n"))
        if signs != (len(rows) * len(ledger.columns), len(rows)) or any(
            sign in text for sign in "\\\r\0"
        ):
            break
        parts.append(text.encode())
        count, last = count + len(rows), rows[-1][1]
    else:
        return Piece(ledger, [], text=tuple(parts), count=count), last
    plain, last = ledger_rows(db, ledger, after, most)
    return Piece(ledger, list(plain)), last


def _written(column: Column) -> str:
    value = f't."{column.name}"'
    if column.kind == "moment":
        # The store has it as the office takes it, or "".
        value = f"nullif({value}, '')"
    if column.kind == "real":
        value = f"printf('%!.17g', {value})"
        return f"iif(t.\"{column.name}\" IS NULL, '{NULL}', {value})"
    return f"coalesce({value}, '{NULL}')"


def row_at(db: Database, ledger: Ledger, number: int) -> tuple[Value, ...] | None:
    """The row of a ledger that has this number."""
    row = db.execute(
        f"SELECT {_columns(ledger, 't')} FROM {ledger.table} AS t"  # noqa: S608
        f' WHERE t."{ledger.lead}" = ?1 / {ledger.factor} AND {ledger.number.format("t")} = ?1',
        (number,),
    ).fetchone()
    return None if row is None else tuple(row)


def went(db: Database, ledger: Ledger, number: int) -> bool:
    """Whether the row of this number was there and was taken away by the program itself."""
    lead = number // ledger.factor
    if ledger.factor == 1:
        found = db.execute(
            "SELECT 1 FROM ship WHERE tbl = ? AND key = ? AND gone", (ledger.table, str(lead))
        )
    else:
        found = db.execute(
            "SELECT 1 FROM ship WHERE tbl = ? AND key GLOB ? AND gone LIMIT 1",
            (ledger.table, f"{lead}/*"),
        )
    return found.fetchone() is not None


def behind(db: Database, positions: Mapping[str, int]) -> int:
    """About how many rows the office lacks: of ledgers by their numbers."""
    missing = 0
    for ledger in LEDGERS:
        query = f'SELECT max("{ledger.lead}") FROM {ledger.table}'  # noqa: S608
        highest = db.execute(query).fetchone()[0]
        told = positions.get(ledger.table, 0) // ledger.factor
        missing += max(0, (highest or 0) - told)
    changes = positions.get(CHANGES, 0)
    row = db.execute("SELECT count(*) FROM ship WHERE seq > ?", (changes,)).fetchone()
    return missing + int(row[0]) + sum(_unnoted(db, each, changes) for each in VERSIONED.values())


def _unnoted(db: Database, table: Versions, changes: int) -> int:
    """How many rows of a table came, or changed with new rows of another one, since that was noted
    last."""
    found = [(table.key_of("t"), table.table, *table.grows_by)] if table.grows_by else []
    if table.moved_by:
        found.append((table.key_of("t"), table.moved_by[0], table.moved_by[0], "id"))
    found += [
        (f"t.\"{each.moves[1]}\" || ''", each.table, *each.grows_by)
        for each in VERSIONED.values()
        if each.moves[:1] == (table.table,)
    ]
    if not found:
        return 0
    new = " UNION ".join(
        f'SELECT {key} AS key FROM {source} AS t WHERE t."{column}" > {noted(db, by)}'  # noqa: S608
        for key, source, by, column in found
    )
    row = db.execute(
        f"SELECT count(*) FROM ({new}) AS new WHERE NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM ship WHERE tbl = ? AND key = new.key AND seq > ?)",
        (table.table, changes),
    ).fetchone()
    return int(row[0])


def noted(db: Database, table: str) -> int:
    """The last row of a table of which it is noted what came, or changed, with it."""
    row = db.execute(f"SELECT coalesce({ship_triggers.noted(table)}, 0)").fetchone()
    return int(row[0])


# ── mutable tables ────────────────────────────────────────────────────────────────────────────────


def _keys(table: Ledger | Versions, key: str) -> str:
    """SQL: a row of `ship` (s) is of the row t of its table."""
    told = {column.name: column.kind for column in table.columns}
    if len(table.keys) == 1:
        name = table.keys[0]
        value = _typed(told, name, key)
        return f't."{name}" = {value}'
    first, second = table.keys
    at = f"instr({key}, '/')"
    values = f"substr({key}, 1, {at} - 1)", f"substr({key}, {at} + 1)"
    parts = [
        f't."{name}" = {_typed(told, name, value)}'
        for name, value in zip((first, second), values, strict=True)
    ]
    return " AND ".join(parts)


def _typed(kinds: Mapping[str, str], name: str, value: str) -> str:
    # A key that is no column of what is sent is a text.
    return value if kinds.get(name, "text") == "text" else f"CAST({value} AS INTEGER)"


def changed(
    db: Database, after: int, most: int, marks: Mapping[str, Mark]
) -> tuple[list[Piece], int]:
    """Rows that changed behind a number of `ship`, by table, and the number of the last change. Rows of
    ledgers that are behind their mark come by themselves."""
    rows = db.execute(
        "SELECT tbl, seq FROM ship WHERE seq > ? ORDER BY seq LIMIT ?", (after, most)
    ).fetchall()
    if not rows:
        return [], after
    upto = int(rows[-1][1])
    # In the order of the declaration: what others name comes first.
    present = {row[0] for row in rows}
    pieces = [_versions(db, VERSIONED[name], after, upto) for name in VERSIONED if name in present]
    pieces += [
        _again(db, LEDGER[name], after, upto, marks.get(name, NONE).last)
        for name in LEDGER
        if name in present
    ]
    return [piece for piece in pieces if piece.rows], upto


def _versions(db: Database, table: Versions, after: int, upto: int) -> Piece:
    # What must not leave the shop does not, whoever has noted it.
    only = table.only.format("t") if table.only else "true"
    rows = db.execute(
        f'SELECT s.key, s.seq, s.gone OR t."{table.keys[0]}" IS NULL OR NOT ({only}),'  # noqa: S608
        f" {_columns(table, 't')}"
        f" FROM ship AS s LEFT JOIN {table.table} AS t ON {_keys(table, 's.key')}"
        " WHERE s.tbl = ? AND s.seq > ? AND s.seq <= ? ORDER BY s.seq",
        (table.table, after, upto),
    ).fetchall()
    return Piece(table, [(row[0], row[1], None if row[2] else tuple(row)[3:]) for row in rows])


def _again(db: Database, ledger: Ledger, after: int, upto: int, mark: int) -> Piece:
    # A text that was emptied is emptied wherever the row is already; nothing is added by that.
    most = "" if ledger.free else f" AND {ledger.number.format('t')} <= {int(mark)}"
    rows = db.execute(
        f"SELECT {_columns(ledger, 't')} FROM ship AS s"  # noqa: S608
        f" JOIN {ledger.table} AS t ON {_keys(ledger, 's.key')}"
        " WHERE s.tbl = ? AND s.seq > ? AND s.seq <= ? AND NOT s.gone"
        f"{most} ORDER BY s.seq",
        (ledger.table, after, upto),
    ).fetchall()
    return Piece(ledger, [tuple(row) for row in rows], again=True)


# ── batches ───────────────────────────────────────────────────────────────────────────────────────


def batch(
    db: Database,
    epoch: int,
    marks: Mapping[str, Mark],
    token: bytes,
    most: int = AT_ONCE,
    *,
    as_text: bool = False,
) -> Batch | None:
    """The next rows that the office lacks, in one view of the store; None if it has them all.

    `marks`: how far each ledger has come, and `CHANGES`; `token`: what stands beside the changes of
    this batch. Changes go first: what ledgers name is known before them. `as_text`: rows of ledgers
    as COPY takes them.
    """
    made = Batch(epoch)
    at = marks.get(CHANGES, NONE)
    pieces, upto = changed(db, at.last, most, marks)
    if upto > at.last:
        made.pieces += pieces
        made.moves.append((CHANGES, at, Mark(upto, token)))
    for ledger in LEDGERS:
        room = most - made.size
        if room <= 0:
            break
        at = marks.get(ledger.table, NONE)
        if as_text:
            piece, last = ledger_text(db, ledger, epoch, at.last, room)
        else:
            rows, last = ledger_rows(db, ledger, at.last, room)
            piece = Piece(ledger, list(rows))
        if piece.size:
            row = row_at(db, ledger, last)
            assert row is not None, "a row that was just read"
            made.pieces.append(piece)
            digest = shipped.digest(ledger.table, epoch, row)
            made.moves.append((ledger.table, at, Mark(last, digest)))
    return made if made.moves else None
