"""The office's connection to its PostgreSQL, and what goes wrong on it as a sentence.

The office's folder holds `office.json` – how to reach the database, and by which name branches reach
it – and the certificates (`certificates`). All of it is readable by its owner alone.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from crm_tui import clock
from crm_tui.office.errors import (
    BadDsn,
    DatabaseReadOnly,
    DatabaseRefused,
    DatabaseSilent,
    NoOffice,
    NoteDamaged,
    OfficeUnwritable,
)
from crm_tui.replication.line import as_read

Connection = psycopg.Connection[tuple[Any, ...]]
NOTE = "office.json"
FOLDER = "office"
"""Within the folder of the program's data."""


@dataclass(frozen=True)
class Office:
    """A head office: its folder, how its owner reaches the database, and how branches do."""

    folder: Path
    dsn: str
    host: str
    port: int

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back by whatever is raised. Raises
        `DatabaseSilent`, `DatabaseRefused`."""
        with told(), connect(self.dsn) as connection:
            yield connection

    @property
    def database(self) -> str:
        return database_of(self.dsn)


PATIENCE = {
    "connect_timeout": 10, "tcp_user_timeout": 30_000,
    "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
}  # fmt: skip
"""So long (seconds, one in milliseconds) somebody waits for a server that is gone, where the DSN does
not say how long."""


def connect(dsn: str) -> Connection:
    """A connection on which values are written as they are read here, whatever the database, its roles
    or the server were set to. Raises psycopg's errors."""
    said = parts(dsn)
    words = PATIENCE | said | as_read(str(said.get("options") or ""))
    return psycopg.connect(make_conninfo("", **words))


def opened(folder: Path) -> Office:
    """The office whose folder this is; moments are told in the shops' usual zone from now on, wherever
    its computer stands. Raises `NoOffice`, `NoteDamaged`, `OfficeUnwritable`."""
    clock.use_zone(clock.ZONE)
    try:
        noted = json.loads((folder / NOTE).read_text("utf-8"))
        return Office(folder, str(noted["dsn"]), str(noted["host"]), int(noted["port"]))
    except FileNotFoundError as trouble:
        raise NoOffice(folder=folder.parent) from trouble
    except OSError as trouble:
        raise OfficeUnwritable(file=folder / NOTE, why=trouble.strerror or trouble) from trouble
    except (ValueError, KeyError, TypeError) as trouble:
        raise NoteDamaged(file=folder / NOTE) from trouble


def database_of(dsn: str) -> str:
    """The name of the database. Raises `BadDsn`."""
    return str(parts(dsn).get("dbname") or parts(dsn).get("user") or "")


def parts(dsn: str) -> dict[str, Any]:
    """What a DSN says, by libpq's own names. Raises `BadDsn`."""
    try:
        return conninfo_to_dict(dsn)
    except psycopg.Error as trouble:
        raise BadDsn(dsn=dsn, why=_said(trouble)) from trouble


@contextmanager
def told() -> Iterator[None]:
    """Turns what PostgreSQL says into a sentence."""
    try:
        yield
    except psycopg.errors.ReadOnlySqlTransaction as trouble:
        raise DatabaseReadOnly() from trouble
    except (psycopg.OperationalError, psycopg.InterfaceError) as trouble:
        answered = _ANSWERED.match(trouble.sqlstate or "")
        raise (DatabaseRefused if answered else DatabaseSilent)(why=_said(trouble)) from trouble
    except psycopg.Error as trouble:
        raise DatabaseRefused(why=_said(trouble)) from trouble


_ANSWERED = re.compile("40|53(?!300)|54|55|57014|58")
"""What psycopg counts as trouble with the line, and is said by a server that answers: a deadlock, a
disk that is full, a lock that somebody holds."""


def _said(trouble: psycopg.Error) -> str:
    """Its first line, which says most."""
    return (trouble.diag.message_primary or str(trouble).strip() or "?").splitlines()[0]
