"""What works within the store by itself: its triggers, views and indexes, against the program's own.

A trigger that somebody plants writes rows in the program's name, which link like its own; a view that
is another one gives a customer's points to somebody else; an index that is unique lets nobody sell
any more. The chain over the ledgers sees none of them; so they are taken away before the program writes
anything, and put down in the audit.
"""
# ruff: noqa: S608 - what is put into queries is ours

import json
from contextlib import closing, suppress
from functools import cache
from hashlib import blake2b

from sqlite_utils import Database

from crm_tui import atomic_file, schema, secret, ship_triggers, sqlite
from crm_tui.text import one_line

AGAIN = 30.0
"""Seconds after which the file is looked into again where no connection reads its schema anew."""
_ANEW = "PRAGMA writable_schema=reset"
"""Has SQLite read the schema of the file once more; it is written by hand no more."""
_TOUCH = "SELECT 1 FROM main.chain WHERE 0"
"""Reads no row, only the number of the schema."""
_MOST = 60
_LONG = 500
"""Characters of what was planted that are kept."""


@cache
def _made() -> dict[str, tuple[str, str]]:
    """The program's own, by name: kind and SQL."""
    with closing(sqlite.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite.Row
        schema.migrations.apply(Database(connection, execute_plugins=False))
        return _there(connection)


# An index without SQL is a table's own; that of migrations is made by a library. What is called a table
# in capitals is for SQLite one, and a trigger one: it is looked at, and called right.
_LOOKED_AT = (
    "FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL"
    " AND NOT (type = 'index' AND tbl_name = '_sqlite_migrations')"
)


def _there(connection: sqlite.Connection) -> dict[str, tuple[str, str]]:
    rows = connection.execute(f"SELECT name, type, sql {_LOOKED_AT} ORDER BY name").fetchall()
    return {str(row[0]): (str(row[1]), str(row[2])) for row in rows}


def _call_right(db: Database) -> None:
    """Kinds in capitals are none by which SQLite itself would take anything away."""
    db.execute("PRAGMA writable_schema=on")
    try:
        db.execute("UPDATE sqlite_schema SET type = lower(type) WHERE type <> lower(type)")
    finally:
        db.execute(_ANEW)


def _own(connection: sqlite.Connection) -> dict[str, tuple[str, str]]:
    """What may be there beside those that must."""
    return {name: ("trigger", sql) for name, sql in ship_triggers.allowed(connection).items()}


def foreign(connection: sqlite.Connection) -> str:
    """The first trigger, view or index that is not as the program made it, or is missing, by its name
    on one line; "" if all are, or the store is an older program's."""
    if connection.execute("PRAGMA user_version").fetchone()[0] != schema.VERSION:
        return ""
    odd = _odd(connection)
    return one_line(odd[0], _MOST) if odd else ""


def _odd(connection: sqlite.Connection) -> list[str]:
    whole = tuple(connection.execute(_WHOLE).fetchone())
    # Compared, not hashed: who has sold waits for it whenever another program has written.
    if whole in _sound:
        return []
    there, own = _there(connection), _own(connection)
    told = json.dumps([each for each in sorted(there.items()) if own.get(each[0]) != each[1]])
    digest = blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    if digest == _remembered():
        _sound.append(whole)
        return []
    made = _made()
    odd = [name for name in sorted(there.keys() | made.keys())
           if there.get(name) != made.get(name, own.get(name))]  # fmt: skip
    if not odd:
        _sound.append(whole)
        _remember(digest)
    return odd


def taken_away(db: Database, gone: set[str]) -> dict[str, str]:
    """Put right, within a transaction of a store that is up to date, what somebody planted, changed or
    took away; what that was: SQL by name, "" for what was missing. Indexes that cannot be made again,
    for rows were planted that they refuse, are `gone`: the next check finds them, here they are told
    once."""
    odd = _odd(db.conn)
    if not odd:
        return {}
    there = _there(db.conn)
    odd = [name for name in odd if name not in gone or name in there]
    gone |= _put_right(db)
    return {one_line(name, _MOST): one_line(there.get(name, ("", ""))[1], _LONG) for name in odd}


def state(db: Database) -> int:
    """Another number whenever another connection has written."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


# ── as a connection has them ──────────────────────────────────────────────────────────────────────


class Parsed:
    """The schema as a connection has read it, which is what its statements run, whatever stands in the
    file since; it costs a hundred times less to know that this is still what was looked at.

    SQLite reads it anew when its number in the file is another one than what was read has, after a
    schema that was rolled back or could not be read, and when it is told so; then each statement is
    compiled once more before it runs. One that reads nothing else is kept: where it is not compiled
    anew, within a transaction, nobody can plant what this transaction runs. Numbers that somebody
    sets back, whatever was read between, say nothing else.
    """

    def __init__(self, db: Database) -> None:
        """Of a connection that has read nothing of the store yet."""
        self._opened = state(db)
        self._compiled = self._known = False

    def watch(self, connection: sqlite.Connection) -> None:
        """Be told from now on what the connection compiles."""
        connection.set_authorizer(self._compiles)

    def _compiles(self, *_: object) -> int:
        self._compiled = True
        return 0

    def is_known(self, connection: sqlite.Connection) -> bool:
        """Whether what the connection has read is what was looked at, within a transaction."""
        self._compiled = False
        connection.execute(_TOUCH).fetchone()
        self._known = self._known and not self._compiled
        return self._known

    def put_right(self, db: Database, seen: int, gone: set[str]) -> dict[str, str]:
        """Look at all (`taken_away`), as the file has it in the state `seen`; the connection has it so
        afterwards."""
        if not self._known and seen != self._opened:
            db.execute(_ANEW)
        planted = taken_away(db, gone)
        self.know(db.conn)
        self._opened = -1
        return planted

    def know(self, connection: sqlite.Connection) -> None:
        """What the connection has read is the program's own."""
        connection.execute(_TOUCH).fetchone()
        self._known = True


# ── which they are, beside the key: to make them all anew takes a tenth of a second ───────────────

# Of each its SQL alone: SQLite opens no store in which that says another name or kind than its row.
_WHOLE = (
    "SELECT EXISTS (SELECT 1 FROM chain),"
    f" (SELECT CAST(group_concat(sql, char(2)) AS BLOB) {_LOOKED_AT})"
)
_sound: list[tuple[object, ...]] = []
"""What this process found to be the program's own: whether the shop is a branch, and all of them."""


def _remembered() -> str:
    with suppress(OSError, ValueError):
        return secret.path().with_name(f"rules-{schema.VERSION}").read_text("ascii")
    return ""


def _remember(digest: str) -> None:
    with suppress(OSError):
        atomic_file.write(secret.path().with_name(f"rules-{schema.VERSION}"), digest.encode())


def is_index(connection: sqlite.Connection, name: str) -> bool:
    """Whether what `foreign` named is, or should be, an index."""
    found = _there(connection).get(name) or _made().get(name)
    return found is not None and found[0].lower() == "index"


def put_right(db: Database) -> None:
    """Take away what is not the program's, and make what is missing, within a transaction. Raises
    `sqlite.IntegrityError` where rows are in the way of that."""
    if missing := _put_right(db):
        db.execute(_made()[min(missing)][1])


def _put_right(db: Database) -> set[str]:
    """The same as far as it can be done; the names of indexes that rows are in the way of."""
    _call_right(db)
    there, made, own = _there(db.conn), _made(), _own(db.conn)
    for name, found in there.items():
        if found != made.get(name, own.get(name)):
            quoted = name.replace('"', '""')
            db.execute(f'DROP {found[0]} "{quoted}"')
    missing = set()
    for name, (_, sql) in made.items():
        if there.get(name) != made[name]:
            try:
                db.execute(sql)
            except sqlite.IntegrityError:
                missing.add(name)
    return missing
