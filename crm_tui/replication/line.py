"""The line to the head office: one connection to its PostgreSQL, over TLS with the branch's
certificate.

What goes wrong on it is a `ChainProblem`. The connection is kept between rounds; after any trouble
it is closed, and the next round opens another one and asks anew how far the office is: an answer
that got lost is no matter."""

import contextlib
import json
import os
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from crm_tui import memory
from crm_tui.errors import Problem
from crm_tui.replication import errors
from crm_tui.replication.reading import NULL, Batch, Mark, Piece
from crm_tui.shipped import OLDEST, VERSION, Ledger

PATIENCE = 20
"""Seconds that a line may be silent before it counts as cut."""
LONGEST = 400.0
"""Seconds that the office may take over one question, also where the line itself is well: somewhat more
than it allows itself (`office/roles.py`)."""
PART = 65_536
"""About so many octets are handed to the line at once."""


@dataclass(frozen=True)
class Address:
    """Where the head office is, and what shows who we are. `folder` holds branch.key, branch.crt
    and office.crt."""

    name: str
    host: str
    port: int
    database: str
    role: str
    folder: Path

    @property
    def office(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Hello:
    """What the office answers. `marks` by epoch and ledger; `now`: its clock. `epochs`: those of
    the branch that it has heard of; `forked`: the branch is a copy of another one; `held`: all
    epochs in which a row of its history can stand, also those that another copy of its store began;
    `cursor`: how far the branch was with its own rows, as it noted it last."""

    branch: int
    name: str
    lineage: str
    now: datetime
    open_epoch: int | None
    marks: Mapping[tuple[int, str], Mark]
    epochs: tuple[int, ...]
    forked: bool
    cursor: int | None = None
    held: tuple[int, ...] = ()


def hello_of(raw: Mapping[str, Any]) -> Hello:
    """What the office said, taken apart. Raises `ValueError`, `KeyError` for what is no hello."""
    marks = {}
    for name, (last, digest) in raw["marks"].items():
        epoch, ledger = name.split("/", 1)
        marks[int(epoch), ledger] = Mark(int(last), bytes.fromhex(digest))
    return Hello(
        int(raw["branch"]), str(raw["name"]), str(raw["lineage"]),
        datetime.fromisoformat(raw["now"]), raw["open_epoch"], marks,
        tuple(sorted(int(epoch) for epoch in raw["epochs"])), raw["forked_from"] is not None,
        raw.get("cursor"), tuple(int(epoch) for epoch in raw.get("held", ())),
    )  # fmt: skip


class Line(Protocol):
    """What a round needs of the head office. Each call raises a `ChainProblem`. `as_text`: it wants
    rows of ledgers as COPY takes them."""

    as_text: bool

    def hello(self, shop: str, at: datetime) -> Hello: ...

    def begin_epoch(self, epoch: int, began_at: str, common: Mapping[str, int]) -> None: ...

    def send(self, batch: Batch) -> None:
        """All of a batch, with its marks, in one commit."""

    def holds(self, ledger: Ledger, epoch: int, row: Sequence[Any]) -> bool: ...

    def downs(self, after: int, most: int) -> list[tuple[int, str, str, Any, datetime]]: ...

    def reached(self, cursor: int, behind: int) -> bool:
        """The end of a round; whether it is to be said once more, for the office has more to do."""

    def close(self) -> None: ...


_UNUSED = ("ssl", "asyncio", "importlib.metadata")
"""What psycopg loads for others: 8 MB less without."""


def driver() -> ModuleType:
    """psycopg. Raises `ChainExtraMissing`."""
    try:
        return memory.import_without("psycopg", *_UNUSED)
    except ImportError as trouble:
        raise errors.ChainExtraMissing() from trouble


def as_read(options: str = "") -> dict[str, str]:
    """What libpq is told besides, behind `options`, so that PostgreSQL writes values as they are read
    here, whatever its database, its roles or the server were set to."""
    return {"client_encoding": "UTF8", "options": f"{options} -c DateStyle=ISO,YMD".lstrip()}


class Wire:
    """A `Line` to PostgreSQL. `extra`: further words for the connection, such as another host
    address."""

    def __init__(self, address: Address, **extra: Any) -> None:
        self.address = address
        self.as_text = True
        self.waits = False
        """Whether it waits for the office: then a signal may break it off."""
        self._extra = extra
        self._psycopg = driver()
        self._connection: Any = None

    # ── asked of the office ───────────────────────────────────────────────────────────────────

    def hello(self, shop: str, at: datetime) -> Hello:
        kept = self._connection is not None
        try:
            row = self._hello(shop, at)
        except errors.SessionEnded:
            if not kept:
                raise
            # The office ended the session between two rounds: a new one says why.
            row = self._hello(shop, at)
        try:
            return hello_of(row[0])
        except (ValueError, KeyError, TypeError) as trouble:
            raise errors.OfficeOlder(office=self.address.office) from trouble

    def _hello(self, shop: str, at: datetime) -> Any:
        with self._told():
            return (
                self._open()
                .execute("SELECT crm.hello(%s, %s, %s, %s)", (shop, VERSION, OLDEST, at))
                .fetchone()
            )

    def begin_epoch(self, epoch: int, began_at: str, common: Mapping[str, int]) -> None:
        with self._told():
            self._open().execute(
                "SELECT crm.begin_epoch(%s, %s::text::timestamptz, %s::text::jsonb)",
                (epoch, began_at, json.dumps(dict(common))),
            )

    def send(self, batch: Batch) -> None:
        try:
            with self._told(), self._open().transaction():
                put(self._connection.cursor(), batch)
        except errors.OfficeUnexpected as trouble:
            if str(trouble.params["code"]).startswith("22"):
                # A moment that is none, in a store that was damaged: next time row by row.
                self.as_text = False
            raise

    def holds(self, ledger: Ledger, epoch: int, row: Sequence[Any]) -> bool:
        told = ledger.record(row)
        with self._told():
            found = (
                self._open()
                .execute(
                    "SELECT crm.holds(%s, %s, %s::text::jsonb)",
                    (ledger.table, epoch, json.dumps(told)),
                )
                .fetchone()
            )
        return bool(found[0])

    def downs(self, after: int, most: int) -> list[tuple[int, str, str, Any, datetime]]:
        with self._told():
            rows = self._open().execute("SELECT * FROM crm.downs(%s, %s)", (after, most)).fetchall()
        return [tuple(row) for row in rows]

    def reached(self, cursor: int, behind: int) -> bool:
        with self._told():
            row = self._open().execute("SELECT crm.reached(%s, %s)", (cursor, behind)).fetchone()
        # An older office says nothing.
        return bool(row and row[0])

    # ── the connection ────────────────────────────────────────────────────────────────────────

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = self._psycopg.connect(
                autocommit=True, prepare_threshold=2, **self.words()
            )
        return self._connection

    def words(self) -> dict[str, Any]:
        """What libpq is told."""
        address = self.address
        return {
            "host": address.host, "port": address.port, "dbname": address.database,
            "user": address.role, "sslmode": "verify-full",
            "sslrootcert": str(address.folder / "office.crt"),
            "sslcert": str(address.folder / "branch.crt"),
            "sslkey": str(address.folder / "branch.key"),
            "ssl_min_protocol_version": "TLSv1.2", "gssencmode": "disable",
            "connect_timeout": PATIENCE, "tcp_user_timeout": PATIENCE * 1000,
            "keepalives_idle": PATIENCE, "keepalives_interval": 5, "keepalives_count": 3,
            "application_name": "crm-tui chain",
        } | as_read() | self._extra  # fmt: skip

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(self._psycopg.Error):
                connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what the driver says into a `ChainProblem`, and lets the connection go then."""
        self.waits = True
        watch = threading.Timer(LONGEST, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        except self._psycopg.Error as trouble:
            self.close()
            raise self._problem(trouble) from trouble
        except BaseException:
            # A transaction may be open, or an answer on its way.
            self.close()
            raise
        finally:
            watch.cancel()
            self.waits = False

    def _cut(self) -> None:
        """Nobody answers, though the line does not say so: a computer that was put to sleep, a proxy.
        Whoever waits is told that the line has ended."""
        connection = self._connection
        if connection is not None:
            with (
                contextlib.suppress(OSError, self._psycopg.Error),
                socket.socket(fileno=os.dup(connection.fileno())) as line,
            ):
                line.shutdown(socket.SHUT_RDWR)

    def _problem(self, trouble: Any) -> Problem:
        office, name = self.address.office, self.address.name
        code = trouble.sqlstate or ""
        said = str(trouble)
        refused = errors.refusal(code, trouble.diag.message_detail) or _BY_CODE.get(code)
        if refused is not None:
            return refused(office=office, name=name, database=self.address.database)
        if code[:2] in _BY_CLASS:
            return _BY_CLASS[code[:2]](office=office, name=name)
        if code:
            return errors.OfficeUnexpected(office=office, code=code)
        if not isinstance(trouble, self._psycopg.OperationalError):
            return errors.OfficeUnexpected(office=office, code=type(trouble).__name__)
        if not self.address.folder.joinpath("branch.key").exists():
            return errors.KeyMissing(name=name)
        if any(word in said for word in _UNUSABLE):
            return errors.KeyUnusable(name=name, folder=self.address.folder)
        if any(word in said for word in _BUSY):
            return errors.OfficeBusy(office=office)
        if 'database "' in said and "does not exist" in said:
            return errors.DatabaseGone(office=office, database=self.address.database)
        if "pg_hba.conf" in said:
            return errors.NotAdmitted(office=office, name=name)
        if any(word in said for word in _REFUSED):
            return errors.KeyRefused(office=office, name=name)
        if any(word in said for word in _UNTRUSTED):
            return errors.OfficeUntrusted(office=office)
        return errors.OfficeSilent(office=office)


_BY_CODE: dict[str, type[Problem]] = {
    # A column, table or function that it does not know.
    "42703": errors.OfficeOlder, "42P01": errors.OfficeOlder, "42883": errors.OfficeOlder,
    "53100": errors.OfficeFull, "25006": errors.OfficeReadOnly, "53300": errors.OfficeBusy,
    "42501": errors.KeyRefused, "28000": errors.KeyRefused, "28P01": errors.KeyRefused,
    "3D000": errors.DatabaseGone, "57014": errors.OfficeBusy,
    "57P01": errors.SessionEnded,
}  # fmt: skip
_BY_CLASS: dict[str, type[Problem]] = {
    "08": errors.OfficeSilent, "57": errors.OfficeBusy, "53": errors.OfficeFull,
    "55": errors.OfficeBusy, "40": errors.OfficeBusy, "25": errors.OfficeBusy,
}  # fmt: skip
# Before a session there is, libpq has no code for what the office said.
_BUSY = ("too many connections", "is starting up", "is shutting down", "in recovery mode",
         "not yet accepting connections", "remaining connection slots")  # fmt: skip
_REFUSED = (
    "certificate revoked", "certificate expired", "unknown ca", "bad certificate",
    "is not permitted to log in", "certificate authentication failed", "does not exist",
)  # fmt: skip
_UNUSABLE = ("private key file", "read certificate file", "load certificate")
_UNTRUSTED = (
    "certificate verify failed", "server certificate", "server does not support SSL",
    "root certificate",
)  # fmt: skip


def put(cursor: Any, batch: Batch) -> None:
    """All of a batch by a cursor of psycopg, within a transaction."""
    for piece in batch.pieces:
        if piece.again:
            _put_again(cursor, batch.epoch, piece)
        else:
            _copy(cursor, batch.epoch, piece)
    for ledger, old, new in batch.moves:
        cursor.execute(
            "SELECT crm.advance(%s, %s, %s, %s, %s, %s)",
            (batch.epoch, ledger, old.last, new.last, old.digest, new.digest),
        )


def _copy(cursor: Any, epoch: int, piece: Piece) -> None:
    table = piece.table
    name = table.table if isinstance(table, Ledger) else table.versions
    names = ", ".join(f'"{each}"' for each in table.copied)
    null = f" WITH (NULL '{NULL}')" if piece.text else ""
    with cursor.copy(f"COPY crm.{name} ({names}) FROM STDIN{null}") as copy:
        for part in written(epoch, piece):
            copy.write(part)


def _put_again(cursor: Any, epoch: int, piece: Piece) -> None:
    assert isinstance(piece.table, Ledger)
    if piece.table.free:
        # A person was taken out of them.
        cursor.executemany(
            "SELECT crm.blot(%s, %s::text::jsonb)",
            [(piece.table.table, json.dumps(piece.table.record(row))) for row in piece.rows],
        )
        return
    names = ", ".join(f'"{each}"' for each in piece.table.copied)
    marks = ", ".join("%s" for _ in piece.table.copied)
    cursor.executemany(
        f"INSERT INTO crm.{piece.table.table} ({names}) VALUES ({marks})"  # noqa: S608
        " ON CONFLICT DO NOTHING",
        [(epoch, *piece.table.record(row).values()) for row in piece.rows],
    )


def written(epoch: int, piece: Piece) -> Iterator[bytes]:
    """The rows of a piece as COPY's text, some at a time."""
    if piece.text:
        yield from piece.text
        return
    table, lines, size = piece.table, [], 0
    for row in piece.rows:
        line = table.line(epoch, row) if isinstance(table, Ledger) else table.line(epoch, *row)
        lines.append(line)
        size += len(line)
        if size >= PART:
            yield "".join(lines).encode()
            lines, size = [], 0
    if lines:
        yield "".join(lines).encode()
