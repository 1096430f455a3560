"""A PostgreSQL of the tests' own: one cluster a test process, begun when it is first asked for.

It listens on a socket, and on localhost with TLS alone, where a client's certificate says who it is.
What it writes need not survive the test (`fsync=off`).
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from crm_tui.office import administering, certificates, roles
from crm_tui.office.database import Connection, Office

_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "16MB",
    "max_connections": "80",
    "jit": "off",
    "autovacuum": "off",
    "log_min_messages": "warning",
}
_HBA = """
local all all trust
hostssl all all 127.0.0.1/32 cert
"""


def _programs() -> Path:
    """Where initdb and pg_ctl are. Debian keeps them out of the way. Without them: skip."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    if os.environ.get("CRM_TUI_NEED_OTHERS"):
        pytest.fail("PostgreSQL is not installed")
    pytest.skip("PostgreSQL is not installed")


@dataclass(frozen=True)
class Cluster:
    """A running server. Its administrator is `postgres`, on the socket in `folder`."""

    folder: Path
    port: int
    programs: Path
    owner: str

    def dsn(self, database: str, user: str = "crm_office") -> str:
        """How to reach a database over the socket."""
        return f"host={self.folder} port={self.port} dbname={database} user={user}"

    def run(self, *statements: str, database: str = "postgres") -> list[Any]:
        """What the administrator says; the rows of the last statement."""
        with psycopg.connect(self.dsn(database, "postgres"), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def control(self, *words: str) -> None:
        """pg_ctl, as the user that the server runs as."""
        data = str(self.folder / "data")
        _as(
            self.owner, [str(self.programs / "pg_ctl"), "-D", data, "-w", "-s", *words], self.folder
        )

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")

    @property
    def authority(self) -> Path:
        """The folder of the authority whose certificates this server knows."""
        return self.folder / "authority"

    def take_certificates(self, folder: Path) -> None:
        """The certificates that lie there are the server's from now on, with the list of revoked
        ones."""
        for name in ("server.key", "server.crt", "authority.crt", "revoked.crl"):
            kept = self.folder / "data" / name
            shutil.copyfile(folder / name, kept)
            kept.chmod(0o600)
            if self.owner:
                shutil.chown(kept, self.owner)
        if (self.folder / "data" / "postmaster.pid").exists():
            self.control("reload")


def _as(owner: str, words: list[str], folder: Path) -> None:
    # The server refuses to run as root. Its output is not ours to wait for.
    with (folder / "log").open("ab") as log:
        subprocess.run(
            words, check=True, user=owner or None, cwd=folder, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def begin(settings: dict[str, str] | None = None) -> Cluster:
    """A cluster of its own; `stop` ends it, at the latest when the process ends."""
    programs = _programs()
    owner = "postgres" if os.geteuid() == 0 else ""
    folder = Path(tempfile.mkdtemp(prefix="crm-pg-"))
    if owner:
        shutil.chown(folder, owner)
    made = Cluster(folder, _free_port(), programs, owner)
    atexit.register(_end, made)
    _as(
        owner,
        [str(programs / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-N", "-U", "postgres",
         "-E", "UTF8", "--locale=C"],
        folder,
    )  # fmt: skip
    kept = {**_SETTINGS, **(settings or {}), "port": str(made.port), "timezone": "UTC",
            "unix_socket_directories": str(folder), "listen_addresses": "127.0.0.1"}  # fmt: skip
    made.authority.mkdir()
    certificates.begin(made.authority, "tests", ("localhost", "127.0.0.1"))
    made.take_certificates(made.authority)
    kept |= {"ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key",
             "ssl_ca_file": "authority.crt", "ssl_crl_file": "revoked.crl"}  # fmt: skip
    with (folder / "data" / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in kept.items())
    (folder / "data" / "pg_hba.conf").write_text(_HBA)
    made.control("start")
    made.run("CREATE ROLE crm_office LOGIN CREATEROLE")
    return made


def _end(cluster: Cluster) -> None:
    if (cluster.folder / "data" / "postmaster.pid").exists():
        cluster.stop()
    shutil.rmtree(cluster.folder, ignore_errors=True)


@lru_cache(1)
def cluster() -> Cluster:
    """The one of this process."""
    return begin()


# ── offices ───────────────────────────────────────────────────────────────────────────────────────

_TEMPLATE = "office_0"
_numbers = count(1)


def office(folder: Path, server: Cluster | None = None) -> Office:
    """A head office in a database of its own, set up; its folder has the server's authority. Branches
    have numbers that no other office's have, for roles are the whole server's."""
    server = server or cluster()
    template = _template(server)
    name = f"office_{next(_numbers)}"
    server.run(
        f"CREATE DATABASE {name} OWNER crm_office TEMPLATE {_TEMPLATE} "
        # Its files are copied, which is half the work of writing each page to the log.
        "STRATEGY FILE_COPY"
    )
    made = Office(folder / "office", server.dsn(name), "localhost", server.port)
    shutil.copytree(template.folder, made.folder)
    administering.note(made)
    with made.connected() as connection:
        own = administering.names(connection)
        roles.create_groups(connection, own)
        first = sql.Literal(max(roles.highest(connection, own) + 1, 1000 * next(_numbers)))
        connection.execute(
            sql.SQL("ALTER TABLE crm.branches ALTER branch RESTART WITH {}").format(first)
        )
    return made


@lru_cache(2)
def _template(server: Cluster) -> Office:
    server.run(f"CREATE DATABASE {_TEMPLATE} OWNER crm_office")
    return administering.begin(server.authority, f"{server.dsn(_TEMPLATE)}", "localhost")


def enrolled(told: Mapping[str, object], folder: Path) -> dict[str, str]:
    """What a branch keeps of an enrolment, as libpq takes it: keys in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in (("key", "branch.key"), ("certificate", "branch.crt"),
                       ("office_certificate", "office.crt")):  # fmt: skip
        (folder / file).write_text(str(told[name]))
        (folder / file).chmod(0o600)
    return {
        "host": str(told["host"]), "port": str(told["port"]), "dbname": str(told["database"]),
        "user": str(told["role"]), "sslmode": "verify-full", "sslrootcert": str(folder / "office.crt"),
        "sslcert": str(folder / "branch.crt"), "sslkey": str(folder / "branch.key"),
    }  # fmt: skip


def line(told: Mapping[str, object], folder: Path, **changed: str) -> Connection:
    """A branch's line to its office, over TLS with its certificate."""
    return psycopg.connect(**{**enrolled(told, folder), **changed})  # type: ignore[arg-type]
