"""Batches that travel as a file, by stick or mail: what the office lacks since the last round, signed.

    CRMBATCH1\\n · signature (Ed25519, base64)\\n · gzip of lines of JSON
        {"format": "crm-chain-1", "branch", "shop", "version", "epochs": [[number, began, marks]…],
         "heard": null │ [lineage, cursor]}
        {"table", "kind": "ledger" │ "again" │ "versions", "rows": […]} …
        {"moves": [[ledger, from, to, digest]…]}
        {"end": number of batches}

A row of a ledger is written with its number before its columns. The office skips what it has already:
files may come twice, in any order that leaves no gap, beside rounds over the line.
"""

import gzip
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from crm_tui import atomic_file, payment_numbers, shipped
from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.replication import errors, following, reading, signing, up
from crm_tui.replication.batch_down import ODD
from crm_tui.replication.reading import NONE, Batch, Epoch, Mark, Piece
from crm_tui.shipped import CHANGES, LEDGER, OLDEST, VERSION, VERSIONED, Ledger
from crm_tui.shop.backups import places
from crm_tui.shop.branches import identity
from crm_tui.shop.gate import output_files
from crm_tui.shop.gate.context import Context

FORMAT = "crm-chain-1"
_MAGIC = b"CRMBATCH1\n"
_SIGNED = signing.SIZE
_LONGEST = 20_000_000
"""Octets of one line, unpacked, that are read."""
_PART = 1_000_000
"""About so many octets of rows are written into one."""
_LARGEST = 100_000_000
"""Octets of a batch, unpacked, that are read: more than its rows ever are, and no more than the office
has room for."""


class BatchDamaged(errors.ChainProblem):
    text = N_(
        "{file} is no batch of branch {name}, or it was changed or cut on its way. Write it once more."
    )


class BatchMissing(errors.ChainProblem):
    text = N_(
        "A file that was written before {file} is missing. Take that one in first, or let the"
        " branch write all that it has: crm-tui chain export --all FILE"
    )


@dataclass(frozen=True)
class Head:
    """What a file says of itself. `epochs`: the path of the store, oldest first; `heard`: up to which
    row of which office (`lineage`) it had taken what goes down, if it had heard that it closes."""

    branch: int
    shop: str
    version: int
    oldest: int
    epochs: tuple[Epoch, ...]
    heard: tuple[str, int] | None = None


# ── written by the branch ─────────────────────────────────────────────────────────────────────────


def write(ctx: Context, key: Path, target: Path, *, everything: bool = False) -> int:
    """Write what the office lacks, by the last round that came to its end, or `everything`, for an
    office that was restored and lacks more than it had; how many rows. `key`: the branch's private
    key (PEM, Ed25519). A file that was written before is replaced, and no other. Raises
    `BatchUnwritable`, `FileThere`, `NotEnrolled`, `OtherNumber`."""
    if not up.told(ctx).lineage:
        # The office was not met yet as this branch.
        up.known_by_number(ctx)
    output_files.check_kind(target, _MAGIC, ctx.store.path)
    try:
        with atomic_file.written(target) as file:
            file.write(_MAGIC + b" " * _SIGNED + b"\n")
            with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
                rows = _lines(ctx, packed, everything)
            signature = signing.sign(key.read_bytes(), _digest(file))
            file.seek(len(_MAGIC))
            file.write(signature)
    except OSError as trouble:
        raise errors.BatchUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    return rows


def _lines(ctx: Context, packed: gzip.GzipFile, everything: bool) -> int:
    def say(record: Mapping[str, object]) -> None:
        packed.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")

    # Asked before the rows are: all that was spent before it heard is among them.
    own = ctx.db.execute("SELECT branch, lineage, cursor FROM chain").fetchone()
    closed = identity.is_closed(ctx, own["branch"])
    path = reading.epochs(ctx.db)
    say({
        "format": FORMAT, "branch": own["branch"], "shop": places.shop_id(ctx), "version": VERSION,
        "oldest": OLDEST, "at": stamp(ctx.clock.now()),
        "epochs": [[each.number, each.began_at, dict(each.marks)] for each in path],
        "heard": [own["lineage"], own["cursor"]] if closed else None,
    })  # fmt: skip
    known = _known(ctx, path, everything)
    written = batches = 0
    while True:
        token = secrets.token_bytes(up.TOKEN)
        batch = up.next_batch(ctx, known, token)
        if batch is None:
            break
        if any(name == CHANGES for name, _, _ in batch.moves):
            up.expect(ctx, token)
        up.may_have(ctx, batch)
        for piece in batch.pieces:
            for record in _told(piece):
                say(record)
        moves = [[name, old.last, new.last, new.digest.hex()] for name, old, new in batch.moves]
        say({"moves": moves})
        for name, _, new in batch.moves:
            known.marks[name] = new
        written += batch.size
        batches += 1
    say({"end": batches})
    return written


def _known(ctx: Context, path: list[Epoch], everything: bool) -> up.Known:
    """The office's marks as they were told last; of an older epoch, as far as it is this store's.
    None if all is wanted, or a file came since from an office that was restored: nobody knows what
    it has."""
    told = up.told(ctx)
    epoch, marks = told.epoch, told.marks
    newest = path[-1]
    lineage = ctx.db.execute("SELECT lineage FROM chain").fetchone()[0]
    if everything or told.lineage not in ("", lineage):
        return up.Known(newest, {}, True)
    if epoch != newest.number:
        at = {(epoch, name): mark for name, mark in marks.items()}
        marks = {
            ledger.table: following.position(path, at, {epoch} if epoch else (), False, ledger)[0]
            for ledger in shipped.LEDGERS
        }
    return up.Known(newest, dict(marks), True)


def _told(piece: Piece) -> Iterator[dict[str, object]]:
    """A piece in lines that whoever reads them takes."""
    table = piece.table
    kind = "versions" if not isinstance(table, Ledger) else "again" if piece.again else "ledger"
    rows: list[object] = []
    size = 0
    for row in piece.rows:
        told = [number_of(table, row), *row] if isinstance(table, Ledger) else row
        rows.append(told)
        size += len(json.dumps(told))
        if size >= _PART:
            yield {"table": table.table, "kind": kind, "rows": rows}
            rows, size = [], 0
    if rows:
        yield {"table": table.table, "kind": kind, "rows": rows}


def number_of(ledger: Ledger, row: tuple[Any, ...]) -> int:
    """The number of a row, as `Ledger.number` has it in SQL."""
    told = dict(zip(ledger.names, row, strict=True))
    lead = int(told[ledger.lead])
    if ledger.factor == 1:
        return lead
    second = told[ledger.keys[1]]
    if isinstance(second, str):
        second = payment_numbers.number(second)
    return lead * ledger.factor + int(second)


def _digest(file: IO[bytes]) -> bytes:
    """Of all that stands behind the signature."""
    told = hashlib.blake2b(FORMAT.encode())
    file.seek(len(_MAGIC) + _SIGNED + 1)
    while some := file.read(1 << 20):
        told.update(some)
    return told.digest()


# ── read by the office ────────────────────────────────────────────────────────────────────────────


def claimed(path: Path) -> int:
    """Which branch a file says it is of; only its signature shows it. Raises `BatchDamaged`,
    `OSError`."""
    damaged = BatchDamaged(file=path.name, name="?")
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise damaged
        file.seek(len(_MAGIC) + _SIGNED + 1)
        try:
            with gzip.GzipFile(fileobj=file, mode="rb") as packed:
                return int(json.loads(packed.readline(_LONGEST))["branch"])
        except ODD as trouble:
            raise damaged from trouble


class Opened:
    """A file whose signature is right. `certificate` (PEM): the branch's, as the office knows it.

    Raises `BatchDamaged` at the beginning, and wherever it is damaged; `OSError`.
    """

    def __init__(self, path: Path, name: str, certificate: str) -> None:
        self._path, self._name = path, name
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC) + _SIGNED + 1)
            signature = begins[len(_MAGIC) : -1]
            if not begins.startswith(_MAGIC) or not signing.is_signed(
                certificate, signature, _digest(file)
            ):
                raise self._damaged()
        self.head = self._head()

    def _damaged(self) -> BatchDamaged:
        return BatchDamaged(file=self._path.name, name=self._name)

    def _each(self) -> Iterator[dict[str, Any]]:
        with self._path.open("rb") as file:
            file.seek(len(_MAGIC) + _SIGNED + 1)
            try:
                with gzip.GzipFile(fileobj=file, mode="rb") as packed:
                    size = 0
                    while line := packed.readline(_LONGEST):
                        record = json.loads(line)
                        size = 0 if "moves" in record else size + len(line)
                        if size > _LARGEST:
                            raise self._damaged()
                        yield record
            except ODD as trouble:
                raise self._damaged() from trouble

    def _head(self) -> Head:
        told = next(self._each(), {})
        try:
            if told["format"] != FORMAT:
                raise self._damaged()
            path = tuple(
                Epoch(int(number), str(began), {name: int(last) for name, last in marks.items()})
                for number, began, marks in told["epochs"]
            )
            if not path:
                raise ValueError("no epoch")
            heard = told.get("heard")
            return Head(
                int(told["branch"]), str(told["shop"]), int(told["version"]), int(told["oldest"]),
                path, None if heard is None else (str(heard[0]), int(heard[1])),
            )  # fmt: skip
        except (*ODD, AttributeError) as trouble:
            raise self._damaged() from trouble

    def batches(self) -> Iterator[Batch]:
        """Its batches, as they were written."""
        made, count, ended = Batch(self.head.epochs[-1].number), 0, False
        lines = self._each()
        next(lines)
        for line in lines:
            try:
                if "end" in line:
                    ended = line["end"] == count
                elif "moves" in line:
                    for name, old, new, digest in line["moves"]:
                        moved = Mark(int(old), b""), Mark(int(new), bytes.fromhex(digest))
                        made.moves.append((str(name), *moved))
                    yield made
                    made, count = Batch(made.epoch), count + 1
                else:
                    made.pieces.append(_piece(line))
            except ODD as trouble:
                raise self._damaged() from trouble
        if not ended:
            raise self._damaged()

    def lacking(self, batch: Batch, marks: dict[str, Mark]) -> Batch | None:
        """What an office with these marks (of the file's epoch, `following.position`) has not got of a
        batch, to be put in one transaction; None if it has it all. Moves `marks` behind it.

        Raises `HistoriesDiffer` if a row that the office has is another one in the file,
        `BatchMissing`.
        """
        made = Batch(batch.epoch, [piece for piece in batch.pieces if piece.again])
        moving = {name: (old, new) for name, old, new in batch.moves}
        for piece in batch.pieces:
            if piece.again:
                continue
            is_ledger = isinstance(piece.table, Ledger)
            at = marks.get(piece.table.table if is_ledger else CHANGES, NONE)
            rows = [row for row in piece.rows if (row[0] if is_ledger else row[1]) > at.last]
            if isinstance(piece.table, Ledger):
                self._same(piece, at, batch.epoch)
                rows = [tuple(row[1:]) for row in rows]
            if rows:
                made.pieces.append(Piece(piece.table, rows))
        for name, (old, new) in moving.items():
            at = marks.get(name, NONE)
            if old.last > at.last:
                raise BatchMissing(file=self._path.name)
            if new.last > at.last:
                made.moves.append((name, at, new))
                marks[name] = new
        return made if made.moves else None

    def _same(self, piece: Piece, at: Mark, epoch: int) -> None:
        assert isinstance(piece.table, Ledger)
        for number, *row in piece.rows:
            if number == at.last and at.digest:
                if not shipped.tells(piece.table.table, epoch, row, at.digest):
                    raise errors.HistoriesDiffer(
                        name=self._name, ledger=piece.table.table,
                        number=number // piece.table.factor,
                    )  # fmt: skip
                return


def _piece(line: dict[str, Any]) -> Piece:
    """The numbers of a ledger's rows stand before them; `lacking` takes them off."""
    kind = line["kind"]
    if kind == "versions":
        rows = [
            (str(key), int(seq), None if row is None else tuple(row))
            for key, seq, row in line["rows"]
        ]
        changing = VERSIONED[line["table"]]
        if any(row is not None and len(row) != len(changing.names) for _, _, row in rows):
            raise ValueError("a row of other columns")
        return Piece(changing, rows)
    ledger = LEDGER[line["table"]]
    rows_ = [tuple(row) for row in line["rows"]]
    if any(len(row) != len(ledger.names) + 1 or type(row[0]) is not int for row in rows_):
        raise ValueError("a row of other columns")
    again = kind == "again"
    return Piece(ledger, [row[1:] for row in rows_] if again else rows_, again)
