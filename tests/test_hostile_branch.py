"""A branch that wants more than is its own: what its role and its certificate let it do, on a real
server."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import errors as refused

from crm_tui import shipped
from crm_tui.office import administering, advising, status
from crm_tui.office.database import Connection, Office
from crm_tui.shipped import LEDGER, LEDGERS, VERSIONED, VERSIONS
from tests import postgres

SALE = (1, "2026-01-01T00:00:00Z", "counter", None, None, 5000, "ani", "sale", None, "", None)
HEAD = (1, "2026-01-01T00:00:00Z", "ani", None, "x", "x", None, None)


@dataclass(frozen=True)
class Two:
    """An office with two branches; `ilir` is the hostile one's line, `ulu` holds a sale."""

    office: Office
    folder: Path
    first: dict[str, object]
    second: dict[str, object]
    ilir: Connection

    @property
    def number(self) -> int:
        return int(str(self.first["branch"]))

    @property
    def other(self) -> int:
        return int(str(self.second["branch"]))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("chain")
    office = postgres.office(folder)
    first, second = administering.add(office, "Ilir"), administering.add(office, "Ulu")
    with postgres.line(second, folder / "ulu") as ulu:
        _begin(ulu, "ulu")
        send(ulu, LEDGER["sales"], SALE)
        ulu.execute("SELECT crm.advance(1, 'sales', 0, 1, '', %s)", (b"d" * 16,))
    with postgres.line(first, folder / "ilir") as ilir:
        _begin(ilir, "ilir")
        ilir.commit()
        yield Two(office, folder, first, second, ilir)
    ulu.close()


@pytest.fixture(autouse=True)
def _clean(chain: Two) -> Iterator[None]:
    yield
    if not chain.ilir.closed:
        chain.ilir.rollback()


def _begin(line: Connection, shop: str) -> None:
    line.execute("SELECT crm.hello(%s, 1, 1, now())", (shop,))
    line.execute("SELECT crm.begin_epoch(1, now(), '{}')")


def send(line: Connection, ledger: shipped.Ledger, *rows: tuple[object, ...]) -> None:
    """COPY rows of epoch 1, as a branch does."""
    names = ", ".join(f'"{name}"' for name in ledger.copied)
    with line.cursor().copy(f"COPY crm.{ledger.table} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write(ledger.line(1, row))  # type: ignore[arg-type]


def test_every_table_is_shut_but_for_adding(chain: Two) -> None:
    """Of no table of the office can a branch read, change or take away a row, name the branch it is of,
    or write beside the columns that are its own; nor of a partition, nor into what the office keeps."""
    with chain.office.connected() as own:
        found = own.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE n.nspname LIKE 'crm%' AND relkind IN ('r', 'p', 'v', 'm', 'S')"
        ).fetchall()
        rights = own.execute(
            "SELECT c.relname, string_agg(p, ' ') FROM pg_class AS c JOIN pg_namespace AS n"
            " ON n.oid = relnamespace, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',"
            " 'REFERENCES', 'TRIGGER']) AS p WHERE n.nspname LIKE 'crm%%' AND relkind IN"
            " ('r', 'p', 'v', 'm') AND has_table_privilege(%s, c.oid, p) GROUP BY 1",
            (str(chain.first["role"]),),
        ).fetchall()
        columns = own.execute(
            "SELECT relname, array_agg(attname ORDER BY attname), string_agg(DISTINCT p, ' ')"
            " FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid JOIN pg_namespace AS n"
            " ON n.oid = relnamespace, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS p"
            " WHERE n.nspname LIKE 'crm%%' AND attnum > 0 AND relkind IN ('r', 'p', 'v')"
            " AND has_column_privilege(%s, c.oid, attnum, p) GROUP BY 1",
            (str(chain.first["role"]),),
        ).fetchall()
    assert len(found) > 60
    assert rights == []
    may = {each.table: each.copied for each in LEDGERS} | {
        each.versions: each.copied for each in VERSIONS
    }
    assert {row[0]: sorted(row[1]) for row in columns} == {
        name: sorted(each) for name, each in may.items()
    }
    assert {row[2] for row in columns} == {"INSERT"}


def test_every_function_is_shut_but_for_the_protocol(chain: Two) -> None:
    """A branch may call what the protocol has, and no other function of the office; each that acts with
    the office's rights looks for names in the office's own schema, whatever the session says."""
    with chain.office.connected() as own:
        rows = own.execute(
            "SELECT proname, has_function_privilege(%(role)s, p.oid, 'EXECUTE')"
            " AND has_schema_privilege(%(role)s, n.oid, 'USAGE'), prosecdef, proconfig"
            " FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace"
            " WHERE nspname LIKE 'crm%%'",
            {"role": str(chain.first["role"])},
        ).fetchall()
    assert {row[0] for row in rows if row[1]} == {
        "me", "member", "hello", "begin_epoch", "advance", "holds", "blot", "downs", "reached",
    }  # fmt: skip
    assert len(rows) > 20
    for name, _, definer, settings in rows:
        path = next((each for each in settings or () if each.startswith("search_path=")), "")
        assert not definer or path.startswith("search_path=pg_catalog"), name
        assert not definer or path.endswith("pg_temp"), name


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM crm.sales",
        "SELECT * FROM crm.branches",
        "COPY crm.sales TO STDOUT",
        "INSERT INTO crm.sales (branch, epoch, id) VALUES ({other}, 1, 77)",
        "INSERT INTO crm.sales (epoch, id) VALUES (1, 77) RETURNING total",
        "INSERT INTO crm.sales (epoch, id) VALUES (1, 1) ON CONFLICT (branch, epoch, id) DO NOTHING",
        "INSERT INTO crm.sales_p00 (epoch, id) VALUES (1, 77)",
        "UPDATE crm.sales SET total = 0",
        "DELETE FROM crm.sales",
        "TRUNCATE crm.sales",
        "UPDATE crm.marks SET last = 0",
        "INSERT INTO crm.marks VALUES ({other}, 1, 'sales', 9, '')",
        "INSERT INTO crm.downs_of VALUES (1, NULL, 'price', 'x', '{{}}')",
        "SELECT crm.send(NULL, 'price', 'x', '{{}}')",
        "SELECT crm.sweep()",
        "LOCK TABLE crm.sales IN ACCESS EXCLUSIVE MODE",
        "LOCK TABLE crm.counter IN SHARE MODE",
        "CREATE TEMP TABLE crowd (x int)",
        "CREATE TABLE crm.crowd (x int)",
        "CREATE TABLE public.crowd (x int)",
        "CREATE SCHEMA crowd",
        "COPY crm.sales (epoch, id) FROM PROGRAM 'cat /etc/passwd'",
        "COPY crm.sales (epoch, id) FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/passwd')",
        "SET SESSION AUTHORIZATION crm_office",
        "SET ROLE crm_office",
        "ALTER ROLE {role2} SET work_mem = '1GB'",
        "ALTER ROLE {role} CONNECTION LIMIT 1000",
        "ALTER ROLE {role} CREATEROLE",
        "CREATE ROLE crowd",
        "GRANT {role2} TO {role}",
        "SET session_replication_role = replica",
        "ALTER TABLE crm.sales DISABLE TRIGGER ALL",
        "CREATE EXTENSION dblink SCHEMA crm",
        "CREATE FUNCTION crm.me() RETURNS integer LANGUAGE sql AS 'SELECT {other}'",
    ],
)
def test_what_is_refused(chain: Two, statement: str) -> None:
    """Each is refused for want of a right, whatever a branch says before."""
    wanted = statement.format(
        other=chain.other, role=chain.first["role"], role2=chain.second["role"]
    )
    with pytest.raises(refused.InsufficientPrivilege):
        chain.ilir.execute(wanted.encode())


def test_a_row_is_the_sender_s(chain: Two) -> None:
    """Whose a row is follows from who sends it, whatever the session says of itself."""
    chain.ilir.execute("SELECT set_config('crm.acting_for', %s, false)", (str(chain.other),))
    assert chain.ilir.execute("SELECT crm.me()").fetchone() == (chain.number,)
    send(chain.ilir, LEDGER["sales"], SALE)
    with pytest.raises(psycopg.Error) as raised:
        chain.ilir.execute("SELECT crm.advance(1, 'sales', 1, 2, %s, '')", (b"d" * 16,))
    assert raised.value.sqlstate == "CB003"


def test_another_s_certificate_is_none(chain: Two, tmp_path: Path) -> None:
    """With its own key nobody signs in as another branch or the owner; with none, or one that another
    authority has signed, nobody signs in at all."""
    for user in (str(chain.second["role"]), "crm_office", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="certificate authentication failed"):
            postgres.line(chain.first, tmp_path / "a", user=user).close()
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        postgres.line(chain.first, tmp_path / "a", sslcert="/x", sslkey="/x").close()
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        postgres.line(chain.first, tmp_path / "a", sslmode="disable").close()
    from crm_tui.office import certificates

    certificates.begin(tmp_path, "crm", ["localhost"])
    own = certificates.of_branch(tmp_path, str(chain.second["role"]))
    forged = {**chain.second, "key": own.key, "certificate": own.certificate}
    with pytest.raises(psycopg.OperationalError):
        postgres.line(forged, tmp_path / "b").close()


def test_who_is_no_office_hears_nothing(chain: Two, tmp_path: Path) -> None:
    """A server that another authority vouches for, or that has another name, is not spoken to."""
    from crm_tui.office import certificates

    certificates.begin(tmp_path, "crm", ["localhost"])
    told = {**chain.first, "office_certificate": certificates.authority(tmp_path)}
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        postgres.line(told, tmp_path / "c").close()
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        postgres.line(chain.first, tmp_path / "d", host="127.0.0.2", hostaddr="127.0.0.1").close()


def test_connections_and_patience_are_bounded(chain: Two, tmp_path: Path) -> None:
    """A branch has few connections, and what it begins does not last forever."""
    lines = [postgres.line(chain.second, tmp_path / "u") for _ in range(3)]
    try:
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            postgres.line(chain.second, tmp_path / "u").close()
        shown = {
            name: lines[0].execute(f"SHOW {name}".encode()).fetchone()
            for name in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout")
        }
        assert shown == {
            "statement_timeout": ("5min",), "idle_in_transaction_session_timeout": ("1min",),
            "lock_timeout": ("30s",),
        }  # fmt: skip
    finally:
        for each in lines:
            each.close()


def test_its_text_is_shown_literally(chain: Two) -> None:
    """What a branch writes stays the text it is, and a branch's name in a table is no other thing."""
    mean = "'; DROP TABLE crm.sales; --\x1b[31m\u202e[bold]{x.__class__}"
    customers = VERSIONED["customers"]
    row = (1, mean, "", "customer", "yes", None, "", None, "2026-01-01T00:00:00Z", None, 1)
    names = ", ".join(f'"{name}"' for name in customers.copied)
    with chain.ilir.cursor().copy(
        f"COPY crm.customers_versions ({names}) FROM STDIN".encode()
    ) as copy:
        copy.write(customers.line(1, "1", 1, row))
    chain.ilir.commit()
    with chain.office.connected() as own:
        held = own.execute("SELECT branch, name FROM crm.customers").fetchall()
    assert held == [(chain.number, mean)]


def test_many_rows_are_told(chain: Two) -> None:
    """Rows are counted even if no mark is moved for them; too many in a day are told by name."""
    with chain.office.connected() as own:
        own.execute("UPDATE crm.branches SET alarm = 20 WHERE branch = %s", (chain.number,))
    before = {each.number: each.facts["rows_today"] for each in status.look(chain.office)}
    send(chain.ilir, LEDGER["audit"], *((n, *HEAD[1:]) for n in range(100, 110)))
    send(chain.ilir, LEDGER["audit"], *((n, *HEAD[1:]) for n in range(110, 125)))
    chain.ilir.commit()
    found = {each.number: each for each in status.look(chain.office)}
    assert found[chain.number].facts["rows_today"] == before[chain.number] + 25
    assert "rows today" in str(found[chain.number].alarms[0])
    assert found[chain.other].facts["rows_today"] == before[chain.other]
    assert not found[chain.other].alarms


def test_a_transaction_held_open_ends(chain: Two) -> None:
    """Whoever sits on a transaction for longer than the office says is put out when another branch says
    hello, so that no lock that all wait for is held for long; until then nobody is."""
    with postgres.line(chain.second, chain.folder / "ulu") as held:
        held.execute("SELECT crm.hello('ulu', 1, 1, now())")
        chain.ilir.execute("SELECT crm.hello('ilir', 1, 1, now())")
        chain.ilir.commit()
        held.execute("SELECT 1")
        with chain.office.connected() as own:
            own.execute("INSERT INTO crm.facts VALUES ('held_minutes', '0')")
        try:
            chain.ilir.execute("SELECT crm.hello('ilir', 1, 1, now())")
            with pytest.raises(psycopg.OperationalError):
                held.execute("SELECT 1")
        finally:
            with chain.office.connected() as own:
                own.execute("DELETE FROM crm.facts WHERE name = 'held_minutes'")


def test_rights_of_everybody_can_be_taken(chain: Two) -> None:
    """With the statements that the administrator is told to say, a branch can neither keep large
    objects nor run programs of its own, nor take all locks that the server has; everything else goes
    on."""
    assert "plpgsql" in advising.open_rights(chain.office)
    with chain.office.connected() as own:
        rows = own.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname ~ 'advisory.*lock'"
            " AND proname !~ 'unlock'"
        ).fetchall()
    assert {row[0].replace(",", ", ") for row in rows} <= set(advising.EVERYBODY)
    server = postgres.cluster()
    server.run(*advising.statements(chain.office), database=chain.office.database)
    assert advising.open_rights(chain.office) == []
    for statement in ("SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')", "DO 'BEGIN END'",
                      "SELECT pg_advisory_lock(g) FROM generate_series(1, 30000) AS g",
                      "SELECT pg_try_advisory_lock_shared(1, 2)",
                      "SELECT pg_export_snapshot()"):  # fmt: skip
        with pytest.raises(refused.InsufficientPrivilege):
            chain.ilir.execute(statement.encode())
        chain.ilir.rollback()
    send(chain.ilir, LEDGER["sales"], SALE)
    chain.ilir.execute("SELECT crm.advance(1, 'sales', 0, 1, '', %s)", (b"d" * 16,))
    # Its transaction is still open: to bring the office up to date does not wait for it.
    administering.begin(chain.office.folder, chain.office.dsn, chain.office.host)
    with pytest.raises(psycopg.OperationalError):
        chain.ilir.execute("SELECT 1")
