"""Setting up the head office, its branches, and their ends.

A branch has a number, which never changes, and enrolments: each is a role, a key and a certificate. A
new enrolment – after a computer is lost – revokes the ones before. What a branch has sent stays,
whatever becomes of it.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import errors as refused
from psycopg import sql

from crm_tui import atomic_file
from crm_tui.office import certificates, naming, reading, roles, schema
from crm_tui.office.database import NOTE, Connection, Office, parts
from crm_tui.office.errors import (
    BadBranchName,
    BadDatabaseName,
    BranchIsClosed,
    BranchThere,
    BranchUnknown,
    DatabaseTooOld,
    NotTheOwner,
    OfficeUnwritable,
)
from crm_tui.office.roles import Roles

LEAST_VERSION = 15
MOST_NAME = 60
_HERE = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Branch:
    """`number` never changes; `role` is the one of its newest enrolment."""

    number: int
    name: str
    role: str
    closed: bool


def begin(folder: Path, dsn: str, host: str = "") -> Office:
    """Set up the office in the database, or bring it up to date. `host`: the name or address by which
    branches reach PostgreSQL; "" for what the DSN says.

    Raises `BadDsn`, `DatabaseSilent`, `DatabaseTooOld`, `NotTheOwner`, `BadDatabaseName`,
    `OfficeUnwritable`.
    """
    told = parts(dsn)
    reached = str(told.get("host") or "")
    host = host or (reached if reached and not reached.startswith("/") else _HERE[0])
    office = Office(folder, dsn, host, int(told.get("port") or 5432))
    with office.connected() as connection:
        _may_begin(connection)
        own = _names(connection)
        roles.create_groups(connection, own)
        new = _is_new(connection)
        if not new:
            # What they have begun comes again; a table that is changed waits for nobody.
            _end_sessions_of_all(connection)
            connection.execute("SET LOCAL lock_timeout = '20s'")
        quoted = [roles.quoted(connection, each) for each in (own.group, own.reader)]
        for statement in schema.statements(*quoted):
            connection.execute(statement.encode())
        reading.install(connection, quoted[1])
        if new:
            _begin_facts(connection, own)
    with _writing(office):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        certificates.begin(folder, office.database, {host, *_HERE})
        note(office)
    return office


@contextmanager
def _writing(office: Office) -> Iterator[None]:
    """What goes wrong in the office's folder, as a sentence."""
    try:
        yield
    except OSError as trouble:
        raise OfficeUnwritable(file=office.folder, why=trouble.strerror or trouble) from trouble


def _may_begin(connection: Connection) -> None:
    info = connection.info
    if info.server_version < LEAST_VERSION * 10_000:
        raise DatabaseTooOld(found=info.server_version // 10_000)
    found = connection.execute(
        "SELECT (rolcreaterole AND pg_has_role(datdba, 'USAGE')) OR rolsuper FROM pg_roles, pg_database"
        " WHERE rolname = current_user AND datname = current_database()"
    ).fetchone()
    if not found or not found[0]:
        raise NotTheOwner(user=info.user, database=info.dbname)


def _end_sessions_of_all(connection: Connection) -> None:
    for (role,) in connection.execute("SELECT role FROM crm.certificates").fetchall():
        roles.end_sessions(connection, role)


def _is_new(connection: Connection) -> bool:
    return connection.execute("SELECT to_regclass('crm.facts')").fetchone() == (None,)


def _names(connection: Connection) -> Roles:
    """The office's roles: those that it began with, even if the database has another name now."""
    if not _is_new(connection):
        return names(connection)
    found = roles.named(connection.info.dbname)
    if found is None:
        raise BadDatabaseName(database=connection.info.dbname)
    return found


def names(connection: Connection) -> Roles:
    """The roles of an office that is set up."""
    found = connection.execute("SELECT value FROM crm.facts WHERE name = 'roles'").fetchone()
    return Roles(str(found[0]) if found else connection.info.dbname)


def _begin_facts(connection: Connection, own: Roles) -> None:
    connection.execute(
        "INSERT INTO crm.facts VALUES ('roles', %s), ('lineage', %s)",
        (own.prefix, secrets.token_hex(4)),
    )
    # A database that had this name before may have left roles: no branch gets the number of one.
    first = roles.highest(connection, own) + 1
    connection.execute(
        sql.SQL("ALTER TABLE crm.branches ALTER branch RESTART WITH {}").format(sql.Literal(first))
    )


def note(office: Office) -> None:
    """Keep how the office is reached, in its folder. Raises `OSError`."""
    told = {"dsn": office.dsn, "host": office.host, "port": office.port}
    atomic_file.write(office.folder / NOTE, json.dumps(told).encode())


def add(office: Office, name: str, forked_from: str = "") -> dict[str, object]:
    """Make a branch; what its enrolment says (`sealing.FIELDS`). `forked_from`: the branch whose
    computer was copied, if this is the copy. Raises `BadBranchName`, `BranchThere`, `BranchUnknown`."""
    name = name.strip()
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise BadBranchName(most=MOST_NAME)
    with office.connected() as connection:
        parent = branch(connection, forked_from).number if forked_from else None
        _pass_numbers_by(connection)
        if connection.execute("SELECT 1 FROM crm.branches WHERE name = %s", (name,)).fetchone():
            # Before a number is taken: they follow in the order in which branches were added.
            raise BranchThere(name=name)
        try:
            made = connection.execute(
                "INSERT INTO crm.branches (name, forked_from) VALUES (%s, %s) RETURNING branch",
                (name, parent),
            ).fetchone()
        except refused.UniqueViolation as trouble:
            raise BranchThere(name=name) from trouble
        assert made is not None
        return _enrol(office, connection, int(made[0]), name)


def _pass_numbers_by(connection: Connection) -> None:
    """A branch that was added behind what a database was put back to keeps its number: its role is
    there."""
    connection.execute("LOCK TABLE crm.branches IN SHARE ROW EXCLUSIVE MODE")
    taken = roles.highest(connection, names(connection))
    connection.execute(
        "SELECT setval(pg_get_serial_sequence('crm.branches', 'branch'), %s)"
        " WHERE %s > (SELECT coalesce(max(branch), 0) FROM crm.branches)",
        (taken, taken),
    )


def _enrol(office: Office, connection: Connection, number: int, name: str) -> dict[str, object]:
    """A new enrolment; the branch's earlier ones are revoked."""
    own = names(connection)
    before = connection.execute(
        "SELECT count(*) FROM crm.certificates WHERE branch = %s", (number,)
    ).fetchone()
    last = max(before[0] if before else 0, roles.enrolments(connection, own, number))
    role = own.of(number, last + 1)
    with _writing(office):
        pair = certificates.of_branch(office.folder, role)
        authority = certificates.authority(office.folder)
    roles.create(connection, own, role)
    connection.execute("UPDATE crm.branches SET role = %s WHERE branch = %s", (role, number))
    connection.execute(
        "INSERT INTO crm.certificates (role, branch, certificate) VALUES (%s, %s, %s)",
        (role, number, pair.certificate),
    )
    return {
        "branch": number, "name": name, "role": role, "host": office.host, "port": office.port,
        "database": office.database, "key": pair.key, "certificate": pair.certificate,
        "office_certificate": authority,
    }  # fmt: skip


def end_epoch(office: Office, name: str) -> None:
    """The store of a branch is lost, or not the one to go on with: nothing more is taken from it. The
    next one that comes with the branch's key begins another epoch. Raises `BranchUnknown`,
    `BranchIsClosed`."""
    with office.connected() as connection:
        end_epoch_of(connection, locked_one(connection, name), "office")


def renew(office: Office, name: str) -> dict[str, object]:
    """End the epoch, and make the branch a new enrolment: the keys that it had are revoked. Raises
    `BranchUnknown`, `BranchIsClosed`, `OfficeUnwritable`."""
    with office.connected() as connection:
        found = locked_one(connection, name)
        end_epoch_of(connection, found, "office")
        gone = revoke(connection, found)
        told = _enrol(office, connection, found.number, found.name)
    shut_out(office, gone)
    return told


def branch(connection: Connection, name: str) -> Branch:
    """The branch that is called so (`naming.chosen`). Raises `BranchUnknown`."""
    rows = connection.execute(
        "SELECT branch, name, coalesce(role, ''), closed_at IS NOT NULL FROM crm.branches"
    ).fetchall()
    found = naming.chosen(name, {row[0]: row[1] for row in rows})
    if found is None:
        raise BranchUnknown(name=name)
    return next(Branch(*row) for row in rows if row[0] == found)


def open_one(connection: Connection, name: str) -> Branch:
    """The same, of those that are open. Raises `BranchUnknown`, `BranchIsClosed`."""
    found = branch(connection, name)
    if found.closed:
        raise BranchIsClosed(name=found.name)
    return found


def locked_one(connection: Connection, name: str) -> Branch:
    """The same, which no other command of the office ends or gives a key meanwhile. Raises
    `BranchUnknown`, `BranchIsClosed`."""
    # Not so firmly that whoever has the counter could not send it a row.
    connection.execute(
        "SELECT 1 FROM crm.branches WHERE branch = %s FOR NO KEY UPDATE",
        (open_one(connection, name).number,),
    )
    return open_one(connection, name)


def end_epoch_of(connection: Connection, found: Branch, why: str) -> None:
    """Nothing more is taken of the branch's store, whatever shop comes next with its key."""
    connection.execute(
        "UPDATE crm.epochs SET ended_at = now(), why = %s WHERE branch = %s AND ended_at IS NULL",
        (why, found.number),
    )
    connection.execute(
        "UPDATE crm.branches SET shop = NULL, behind = NULL WHERE branch = %s", (found.number,)
    )
    connection.execute(
        "DELETE FROM crm.traffic WHERE branch = %s AND what = 'epochs'", (found.number,)
    )


def revoke(connection: Connection, found: Branch) -> list[str]:
    """No enrolment of the branch counts any more; their roles."""
    rows = connection.execute(
        "UPDATE crm.certificates SET revoked_at = now() WHERE branch = %s AND revoked_at IS NULL"
        " RETURNING role",
        (found.number,),
    ).fetchall()
    for (role,) in rows:
        roles.shut(connection, role)
    return [str(row[0]) for row in rows]


def route(office: Office, branch: int) -> None:
    """What a branch has sent goes on to those whom it concerns, some at a time, as at the end of a
    round."""
    while True:
        with office.connected() as connection:
            more = connection.execute("SELECT crm.route(%s)", (branch,)).fetchone()
        if more != (True,):
            return


def shut_out(office: Office, gone: list[str]) -> None:
    """What is committed is made good: open sessions end, and the list of what is revoked is written."""
    with office.connected() as connection:
        for role in gone:
            roles.end_sessions(connection, role)
        revoked = connection.execute(
            "SELECT certificate FROM crm.certificates WHERE revoked_at IS NOT NULL ORDER BY role"
        ).fetchall()
    with _writing(office):
        certificates.revoke(office.folder, [str(row[0]) for row in revoked])
