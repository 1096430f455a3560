"""What PostgreSQL's administrator has to say, once, for branches to reach the office.

The program itself says only what the database's owner may; these are the lines of the server's own
files, and a few rights that PostgreSQL gives to everybody.
"""

from pathlib import Path

from psycopg import sql

from crm_tui.office import administering, certificates
from crm_tui.office.database import Office
from crm_tui.office.errors import OfficeUnwritable

_OWN = "crm-tui.conf"
_INCLUDED = f"include_if_exists = '{_OWN}'"
_BEGIN, _END = "# crm-tui: branches", "# crm-tui: end\n"
USUAL = "scram-sha-256"
"""How the owner signs in, unless another method is named."""
EVERYBODY = (
    "lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)", "lowrite(integer, bytea)",
    "lo_put(oid, bigint, bytea)", "pg_export_snapshot()",
    *(f"pg_{way}advisory_{kind}({key})" for way in ("", "try_")
      for kind in ("lock", "lock_shared", "xact_lock", "xact_lock_shared")
      for key in ("bigint", "integer, integer")),
)  # fmt: skip
"""Functions with which everybody who may sign in can fill the disk, or the table of locks, behind which
nobody gets any work done. The office needs none of them."""
_MOST_ROOM = "10GB"
"""What a query may put on the disk for itself; without a word PostgreSQL knows no end."""


def settings(folder: Path) -> list[str]:
    """Lines of postgresql.conf; the server must be able to read the files they name."""
    files = {
        "ssl_cert_file": f"{certificates.SERVER}.crt",
        "ssl_key_file": f"{certificates.SERVER}.key",
        "ssl_ca_file": f"{certificates.AUTHORITY}.crt",
        "ssl_crl_file": certificates.REVOKED,
    }
    return [
        "ssl = on", *(f"{name} = '{folder / file}'" for name, file in files.items()),
        f"temp_file_limit = '{_MOST_ROOM}'",
    ]  # fmt: skip


def admission(office: Office, local: str = USUAL, host: str = USUAL) -> list[str]:
    """Lines at the head of pg_hba.conf: branches come with their certificate, and in no other way. The
    owner, who has made their roles and so is a member of them, comes before, by the methods named."""
    with office.connected() as connection:
        group = administering.names(connection).group
        names = (connection.info.dbname, connection.info.user)
        database, owner = (sql.Identifier(each).as_string(connection) for each in names)
    return [
        f"local    {database}  {owner}            {local}",
        f"host     {database}  {owner}  all       {host}",
        f"hostssl  {database}  +{group}  all  cert",
        f"host     all  +{group}  all  reject",
        f"local    all  +{group}       reject",
    ]


def configure(office: Office, data: Path) -> None:
    """Write these lines into the data folder of a server that is this account's own; it has to be
    restarted then. What stands there from before stays. Raises `OfficeUnwritable`."""
    conf, hba = data / "postgresql.conf", data / "pg_hba.conf"
    try:
        (data / _OWN).write_text("\n".join([*settings(office.folder.resolve()), ""]), "utf-8")
        before = conf.read_text("utf-8")
        if _INCLUDED not in before:
            conf.write_text(before.rstrip("\n") + f"\n{_INCLUDED}\n", "utf-8")
        rest = hba.read_text("utf-8")
        if rest.startswith(_BEGIN):
            rest = rest.partition(_END)[2]
        ways = [_method(rest, each) for each in ("local", "host")]
        hba.write_text("\n".join([_BEGIN, *admission(office, *ways), ""]) + _END + rest, "utf-8")
    except OSError as trouble:
        raise OfficeUnwritable(file=trouble.filename, why=trouble.strerror or trouble) from trouble


def _method(hba: str, kind: str) -> str:
    """How everybody signs in, by the first such line of pg_hba.conf."""
    for words in map(str.split, hba.splitlines()):
        if words[:3] == [kind, "all", "all"]:
            return words[3 if kind == "local" else 4]
    return USUAL


def statements(office: Office) -> list[str]:
    """SQL for the administrator, in the office's database: rights that branches need not have."""
    with office.connected() as connection:
        found = connection.execute(
            "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        owner = sql.Identifier(str(found and found[0])).as_string(connection)
    return [
        f"GRANT USAGE ON LANGUAGE plpgsql TO {owner};",
        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;",
        f"REVOKE EXECUTE ON FUNCTION {', '.join(EVERYBODY)} FROM PUBLIC;",
    ]


def take_rights(office: Office) -> bool:
    """Say those statements, if the office's own user is the server's administrator; whether it is."""
    lines = statements(office)
    with office.connected() as connection:
        found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if found.fetchone() != (True,):
            return False
        for line in lines:
            connection.execute(line.encode())
    return True


def open_rights(office: Office) -> list[str]:
    """Which of those rights everybody has still."""
    with office.connected() as connection:
        rows = connection.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE has_function_privilege('public',"
            " 'pg_catalog.' || name, 'EXECUTE') UNION ALL SELECT 'plpgsql' WHERE"
            " has_language_privilege('public', 'plpgsql', 'USAGE') ORDER BY 1",
            (list(EVERYBODY),),
        ).fetchall()
    return [str(row[0]) for row in rows]
