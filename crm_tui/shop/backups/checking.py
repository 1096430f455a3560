"""Whether a copy is the store: opened anew from the disk, read through, added up, counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm_tui import schema, sqlite
from crm_tui.errors import N_, Problem
from crm_tui.shop.backups.errors import BackupUnsound
from crm_tui.shop.gate import consistency

_OPS = 200_000
"""SQLite's steps between two calls: some milliseconds."""


@dataclass(frozen=True)
class Found:
    """What a copy holds: rows by table, and the sentences of the invariants that it breaks, by name."""

    counts: dict[str, int]
    differs: dict[str, str] = field(default_factory=dict)

    def beyond(self, known: Mapping[str, str]) -> str:
        """What does not agree in it although it does elsewhere, a sentence; "" if nothing."""
        return next((why for name, why in self.differs.items() if name not in known), "")


def opened(path: Path) -> sqlite.Connection:
    """A finished copy, only to be read; nothing is made beside it. Raises `sqlite.Error`."""
    return sqlite.connect(
        path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True, isolation_level=None
    )


def tables(connection: sqlite.Connection) -> list[str]:
    """The tables that hold something of the shop."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE lower(type) = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [str(row[0]) for row in rows]


def counts(connection: sqlite.Connection) -> dict[str, int]:
    """Rows by table, of the moment that the connection's transaction sees."""
    return {
        # Names of ours, out of the schema.
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
        for name in tables(connection)
    }


def check(
    path: Path, expected: Mapping[str, int] | None = None, alive: Callable[[], object] | None = None
) -> Found:
    """Read a copy through. Raises `BackupUnsound` with what is wrong, `sqlite.Error`. Books that do not
    agree are only told: whether that is the copy's fault the caller knows.

    `expected`: the rows that the store had at that moment. `alive` is called now and then, and may
    raise to call it off.
    """
    connection = opened(path)
    raised: list[Problem] = []

    def tick() -> int:
        try:
            if alive is not None:
                alive()
        except Problem as called_off:
            raised.append(called_off)
            return 1
        return 0

    try:
        if alive is not None:
            connection.set_progress_handler(tick, _OPS)
        return _check(connection, expected)
    except sqlite.OperationalError:
        if raised:
            raise raised[0] from None
        raise
    except sqlite.DatabaseError as trouble:
        raise BackupUnsound(why=str(trouble)) from trouble
    finally:
        connection.close()


def differs(connection: sqlite.Connection) -> dict[str, str]:
    """The invariants that a store breaks: their sentences by name."""
    return {rule.name: rule.sentence for rule, _ in consistency.differences(connection)}


def _check(connection: sqlite.Connection, expected: Mapping[str, int] | None) -> Found:
    if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        raise BackupUnsound(why=N_("it is no store of crm-tui"))
    said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise BackupUnsound(why=str(said).replace("\n", " ")[:200])
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    # An older store is brought up to date first; its sums are looked at then.
    broken = differs(connection) if version == schema.VERSION else {}
    found = counts(connection)
    if expected is not None and found != dict(expected):
        names = [name for name in {**expected, **found} if expected.get(name) != found.get(name)]
        raise BackupUnsound(why=", ".join(sorted(names)[:5]))
    return Found(found, broken)
