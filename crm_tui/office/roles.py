"""The roles of the office's database: one for all branches, one for readers, one an enrolment.

    NAME_branch        all branches; may insert and call the functions of `protocol.sql`
    NAME_branch_17     branch 17; after its second enrolment NAME_branch_17_2, …
    NAME_reader        may read everything and change nothing: for tables and charts of other programs

NAME is the database's. Plain SQL that the database's owner may say who may also make roles: no
superuser.
"""

import re
from dataclasses import dataclass

from psycopg import sql

from crm_tui.office.database import Connection

MOST_CONNECTIONS = 3
"""Of one branch at a time: the line, a new one while the server still believes in the old one, a
file."""
_SETTINGS = {
    "statement_timeout": "5min",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "1min",
    "search_path": '""',
}
"""Against what goes wrong. A hostile role can set them anew, within its own sessions."""
_LONGEST = 40


@dataclass(frozen=True)
class Roles:
    """The names of this office's roles."""

    prefix: str

    @property
    def group(self) -> str:
        return f"{self.prefix}_branch"

    @property
    def reader(self) -> str:
        return f"{self.prefix}_reader"

    def of(self, branch: int, enrolment: int) -> str:
        """The role of a branch's enrolment, the first of which is 1."""
        return f"{self.group}_{branch}" + (f"_{enrolment}" if enrolment > 1 else "")

    def parts(self, role: str) -> tuple[int, int]:
        """The branch and the enrolment of a role; (0, 0) for a role of nobody's."""
        found = re.fullmatch(
            rf"{re.escape(self.group)}_([0-9]{{1,9}})(?:_([0-9]{{1,9}}))?", role, re.ASCII
        )
        return (int(found[1]), int(found[2] or 1)) if found else (0, 0)


def named(database: str) -> Roles | None:
    """The roles of a database; None if no name can be made of its own."""
    letters = re.sub(r"[^a-z0-9]+", "_", database.lower()).strip("_")[:_LONGEST]
    # `_branch_` stands before a branch's number, and nowhere else.
    prefix = letters.replace("_branch", "_br")
    return Roles(prefix) if prefix else None


def quoted(connection: Connection, name: str) -> str:
    """A name as SQL writes it."""
    return sql.Identifier(name).as_string(connection)


def create_groups(connection: Connection, roles: Roles) -> None:
    """Make the roles of all branches and of readers, unless they are there."""
    for role in (roles.group, roles.reader):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    database = connection.info.dbname
    connection.execute(
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
    )
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
            *map(sql.Identifier, (database, roles.group, roles.reader))
        )
    )


def highest(connection: Connection, roles: Roles) -> int:
    """The highest number that a role of a branch has, of whatever office had this name before."""
    found = connection.execute(
        "SELECT max(split_part(substr(rolname::text, %s), '_', 1)::integer) FROM pg_roles"
        " WHERE starts_with(rolname::text, %s)"
        " AND substr(rolname::text, %s) ~ '^[0-9]{1,9}(_[0-9]+)?$'",
        (len(roles.group) + 2, roles.group + "_", len(roles.group) + 2),
    ).fetchone()
    return (found and found[0]) or 0


def enrolments(connection: Connection, roles: Roles, number: int) -> int:
    """The highest enrolment of a branch that a role was made for. The server keeps roles where a
    database is put back as it was."""
    first = roles.of(number, 1)
    found = connection.execute(
        "SELECT max(coalesce(nullif(substr(rolname::text, %s), ''), '1')::integer) FROM pg_roles"
        " WHERE rolname = %s OR (starts_with(rolname::text, %s)"
        " AND substr(rolname::text, %s) ~ '^[0-9]{1,9}$')",
        (len(first) + 2, first, first + "_", len(first) + 2),
    ).fetchone()
    return (found and found[0]) or 0


def ahead(connection: Connection, roles: Roles) -> set[int]:
    """The branches that have a later enrolment than the database knows of, whose role may sign in: it
    was put back to before that was made."""
    rows = connection.execute(
        "SELECT rolname::text FROM pg_roles WHERE rolcanlogin AND starts_with(rolname::text, %s)",
        (roles.group + "_",),
    ).fetchall()
    newest: dict[int, int] = {}
    for (role,) in rows:
        branch, enrolment = roles.parts(role)
        newest[branch] = max(enrolment, newest.get(branch, 0))
    known = connection.execute("SELECT branch, role::text FROM crm.branches WHERE role IS NOT NULL")
    return {
        branch for branch, role in known.fetchall() if newest.get(branch, 0) > roles.parts(role)[1]
    }


def create(connection: Connection, roles: Roles, role: str) -> None:
    """A role for an enrolment: it may sign in, and do what all branches may."""
    name, group = sql.Identifier(role), sql.Identifier(roles.group)
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN CONNECTION LIMIT {} IN ROLE {}").format(
            name, sql.Literal(MOST_CONNECTIONS), group
        )
    )
    for setting, value in _SETTINGS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                name, sql.Identifier(setting), sql.Literal(value)
            )
        )
    # To end its sessions. What the office owns, it may not thereby do less.
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))


def shut(connection: Connection, role: str) -> None:
    """From now on the role may not sign in, and its sessions are ended with the next commit's help:
    `end_sessions`."""
    connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role)))


def end_sessions(connection: Connection, role: str) -> int:
    """End what a role still has open; call it when the role may not sign in any more."""
    found = connection.execute(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename = %s",
        (role,),
    ).fetchone()
    return found[0] if found else 0
