"""What PostgreSQL's administrator has to say, once, for branches to reach the office.

The program itself says only what the database's owner may; these are the lines of the server's own
files, and a few rights that PostgreSQL gives to everybody.
"""

from pathlib import Path

from psycopg import sql

from crm_tui.office import administering, certificates
from crm_tui.office.database import Office

EVERYBODY = (
    "lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)", "lowrite(integer, bytea)",
    "lo_put(oid, bigint, bytea)",
)  # fmt: skip
"""Functions with which everybody who may sign in can fill the disk."""


def settings(folder: Path) -> list[str]:
    """Lines of postgresql.conf; the server must be able to read the files they name."""
    files = {
        "ssl_cert_file": f"{certificates.SERVER}.crt",
        "ssl_key_file": f"{certificates.SERVER}.key",
        "ssl_ca_file": f"{certificates.AUTHORITY}.crt",
        "ssl_crl_file": certificates.REVOKED,
    }
    return ["ssl = on", *(f"{name} = '{folder / file}'" for name, file in files.items())]


def admission(office: Office) -> list[str]:
    """Lines at the head of pg_hba.conf: branches come with their certificate, and in no other way."""
    with office.connected() as connection:
        group = administering.names(connection).group
        database = sql.Identifier(connection.info.dbname).as_string(connection)
    return [
        f"hostssl  {database}  +{group}  all  cert",
        f"host     all  +{group}  all  reject",
        f"local    all  +{group}       reject",
    ]


def statements(office: Office) -> list[str]:
    """SQL for the administrator, in the office's database: rights that branches need not have."""
    with office.connected() as connection:
        owner = sql.Identifier(connection.info.user).as_string(connection)
    return [
        f"GRANT USAGE ON LANGUAGE plpgsql TO {owner};",
        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;",
        f"REVOKE EXECUTE ON FUNCTION {', '.join(EVERYBODY)} FROM PUBLIC;",
    ]


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
