"""The head office: set up, its branches and their keys, epochs, marks; on a real PostgreSQL over
TLS."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm_tui import shipped
from crm_tui.cli.commands import main
from crm_tui.office import administering, advising, certificates, closing, database, status
from crm_tui.office.database import Connection, Office
from crm_tui.office.errors import BranchIsClosed, BranchUnknown
from crm_tui.replication import errors, sealing
from crm_tui.shipped import LEDGER, OLDEST, VERSION
from tests import postgres

SALES = LEDGER["sales"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = postgres.office(tmp_path_factory.mktemp("office"))
    yield made
    postgres.cluster().take_certificates(postgres.cluster().authority)


class Sender:
    """A branch as the office sees it: a store with sales, sent from where the office's mark is."""

    def __init__(self, line: Connection, sales: dict[int, int], epoch: int = 1) -> None:
        self.line, self.sales, self.epoch = line, sales, epoch
        line.autocommit = True

    def hello(self, shop: str = "shop", version: int = VERSION, oldest: int = OLDEST,
              at: datetime | None = None) -> dict[str, Any]:  # fmt: skip
        found = self.line.execute(
            "SELECT crm.hello(%s, %s, %s, %s)", (shop, version, oldest, at or datetime.now(UTC))
        ).fetchone()
        assert found is not None
        told: dict[str, Any] = found[0]
        return told

    def begin(self, epoch: int, **common: int) -> None:
        self.epoch = epoch
        self.line.execute("SELECT crm.begin_epoch(%s, now(), %s)", (epoch, json.dumps(common)))

    def row(self, number: int) -> tuple[Any, ...]:
        total = self.sales[number]
        return (
            number,
            "2026-11-26T01:00:00.000Z",
            "counter",
            None,
            None,
            total,
            "ani",
            "sale",
            None,
            "",
            None,
        )

    def digest(self, number: int) -> bytes:
        return (
            shipped.digest("sales", self.epoch, self.row(number)) if number in self.sales else b""
        )

    def send(self, last: int = 0, digest: bytes = b"", upto: int | None = None) -> None:
        """One batch from `last` on, in one commit."""
        rows = [n for n in sorted(self.sales) if n > last and (upto is None or n <= upto)]
        names = ", ".join(f'"{name}"' for name in SALES.copied)
        with self.line.transaction():
            with self.line.cursor().copy(f"COPY crm.sales ({names}) FROM STDIN".encode()) as copy:
                for number in rows:
                    copy.write(SALES.line(self.epoch, self.row(number)))
            self.line.execute(
                "SELECT crm.advance(%s, 'sales', %s, %s, %s, %s)",
                (self.epoch, last, rows[-1], digest, self.digest(rows[-1])),
            )

    def round(self) -> None:
        """What a branch does each time: look whether the office's last row is its own, then send the
        rest. Raises `AssertionError` if it is not."""
        told = self.hello()
        if told["open_epoch"] is None or told["open_epoch"] < self.epoch:
            self.begin(self.epoch)
        last, digest = told["marks"].get(f"{self.epoch}/sales", [0, ""])
        assert bytes.fromhex(digest) == self.digest(last), "another history"
        if any(n > last for n in self.sales):
            self.send(last, bytes.fromhex(digest))


def _state(raised: "pytest.ExceptionInfo[psycopg.Error]") -> str | None:
    return raised.value.sqlstate


def _held(office: Office, told: dict[str, object]) -> list[tuple[int, int, int]]:
    with office.connected() as own:
        rows = own.execute(
            "SELECT epoch, id, total FROM crm.sales WHERE branch = %s ORDER BY 1, 2",
            (told["branch"],),
        ).fetchall()
    return [(int(a), int(b), int(c)) for a, b, c in rows]


# ── epochs and marks ──────────────────────────────────────────────────────────────────────────────


def test_a_batch_is_taken_once(office: Office, tmp_path: Path) -> None:
    """A batch whose answer was lost is refused when it comes again, and nothing is there twice or half;
    a batch that moves a mark from elsewhere takes all its rows back."""
    told = administering.add(office, "Batch")
    with postgres.line(told, tmp_path) as line:
        branch = Sender(line, {1: 10, 2: 20})
        branch.hello()
        branch.begin(1)
        branch.send()
        with pytest.raises(psycopg.Error) as raised:
            branch.send()
        assert _state(raised) == "23505"
        branch.sales[3] = 30
        for last, digest in ((2, b"x" * 16), (1, branch.digest(1)), (9, b"")):
            branch.sales[10] = 5
            with pytest.raises(psycopg.Error) as raised:
                branch.send(last if last == 9 else 2, digest)
            assert _state(raised) == "CB003"
        for ledger, begin, old in (("no_ledger", 0, b""), ("sales", 1, branch.digest(2))):
            with pytest.raises(psycopg.Error) as raised:
                line.execute("SELECT crm.advance(1, %s, %s, 9, %s, '')", (ledger, begin, old))
            assert _state(raised) == "CB003"
        assert _held(office, told) == [(1, 1, 10), (1, 2, 20)]
        branch.round()
        branch.round()
        assert _held(office, told) == [(1, 1, 10), (1, 2, 20), (1, 3, 30), (1, 10, 5)]


def test_a_closed_epoch_takes_what_the_next_one_shares(office: Office, tmp_path: Path) -> None:
    """With a restore an epoch begins: of the one before only what both have in common is still taken. A
    beginning whose answer was lost may be repeated, an older one comes too late."""
    told = administering.add(office, "Epochs")
    with postgres.line(told, tmp_path) as line:
        branch = Sender(line, {1: 10, 2: 20, 3: 30, 4: 40})
        branch.hello()
        with pytest.raises(psycopg.Error) as raised:
            branch.send()
        assert _state(raised) == "CB001"
        branch.begin(1)
        branch.send(upto=1)
        branch.begin(2, sales=3)
        branch.begin(2, sales=3)
        for epoch, common in ((1, 0), (2, 2)):
            with pytest.raises(psycopg.Error) as raised:
                branch.begin(epoch, sales=common)
            assert _state(raised) == "CB001"
        branch.epoch = 1
        with pytest.raises(psycopg.Error) as raised:
            branch.send(1, branch.digest(1))
        assert _state(raised) == "CB001"
        branch.send(1, branch.digest(1), upto=3)
        branch.epoch = 2
        branch.sales = {1001: 7}
        with pytest.raises(psycopg.Error) as raised:
            branch.send(0)
        assert _state(raised) == "CB003"
        branch.send(3)
        assert _held(office, told) == [(1, 1, 10), (1, 2, 20), (1, 3, 30), (2, 1001, 7)]
        assert branch.hello()["epochs"] == {"1": {}, "2": {"sales": 3}}


@pytest.mark.parametrize("first", ["original", "copy"])
def test_a_copied_computer(office: Office, tmp_path: Path, first: str) -> None:
    """Of two computers with one store and one key the first to sell goes on; the other one becomes a
    branch of its own, and sends what only it has: every sale is counted once."""
    told = administering.add(office, f"Copied {first}")
    shared = {1: 10, 2: 20}
    with postgres.line(told, tmp_path / "a") as line:
        before = Sender(line, dict(shared))
        before.round()
        # A sale before the copy was made, that was not sent yet.
        shared[3] = 30
        one, two = Sender(line, {**shared, 4: 40}), Sender(line, {**shared, 4: 44, 5: 55})
        goes_on, other = (one, two) if first == "original" else (two, one)
        goes_on.round()
    forked = administering.add(office, f"Fork {first}", f"Copied {first}")
    with postgres.line(forked, tmp_path / "b") as line:
        other = Sender(line, other.sales)
        assert other.hello("fork")["forked_from"] == told["branch"]
        common = 0
        for number in other.sales:
            row = dict(zip(SALES.names, other.row(number), strict=True))
            row["at"] = shipped.moment(row["at"])
            held = line.execute("SELECT crm.holds('sales', 1, %s)", (json.dumps(row),)).fetchone()
            common = max(common, number if held == (True,) else 0)
        assert common == 3
        other.begin(1, sales=common)
        other.send(common)
    totals = [total for each in (told, forked) for _, _, total in _held(office, each)]
    assert sorted(totals) == sorted([10, 20, 30, 40, 44, 55])


def test_nobody_asks_after_the_rows_of_others(office: Office, tmp_path: Path) -> None:
    """Whether the office holds a row is told to its branch, and to whoever is a copy of that branch."""
    told, other = administering.add(office, "Holds"), administering.add(office, "Holds not")
    asked = "SELECT crm.holds('sales', 1, %s)"
    with postgres.line(told, tmp_path / "a") as line, postgres.line(other, tmp_path / "b") as else_:
        branch = Sender(line, {1: 10})
        branch.round()
        row = dict(zip(SALES.names, branch.row(1), strict=True))
        assert line.execute(asked, (json.dumps(row),)).fetchone() == (True,)
        assert line.execute(asked, (json.dumps({**row, "total": 11}),)).fetchone() == (False,)
        assert else_.execute(asked, (json.dumps(row),)).fetchone() == (False,)
        assert line.execute("SELECT crm.holds('facts', 1, '{}')").fetchone() == (False,)


def test_another_shop_with_the_key(office: Office, tmp_path: Path) -> None:
    """A store of another shop cannot be this branch, until the office ends the epoch of the one
    before."""
    told = administering.add(office, "Shop")
    with postgres.line(told, tmp_path) as line:
        branch = Sender(line, {1: 10})
        branch.round()
        with pytest.raises(psycopg.Error) as raised:
            branch.hello("another")
        assert _state(raised) == "CB002"
        administering.end_epoch(office, "Shop")
        [standing] = [each for each in status.look(office) if each.name == "Shop"]
        assert standing.state == "ended"
        assert standing.alarms
        branch.sales[2] = 20
        with pytest.raises(psycopg.Error) as raised:
            branch.send(1, branch.digest(1))
        assert _state(raised) == "CB001"
        branch.hello("another")
        branch.sales = {1: 99}
        branch.begin(2)
        branch.send()
        assert _held(office, told) == [(1, 1, 10), (2, 1, 99)]


def test_versions_that_do_not_fit(office: Office, tmp_path: Path) -> None:
    """An older branch than the office takes, or one that wants a newer office, is told who is too
    old; one version apart they go on. A column that the office has not is refused, and comes when it
    has."""
    told = administering.add(office, "Versions")
    with postgres.line(told, tmp_path) as line:
        branch = Sender(line, {1: 10})
        for version, oldest, who in (
            (OLDEST - 1, 0, "branch"),
            (VERSION + 1, VERSION + 1, "office"),
        ):
            with pytest.raises(psycopg.Error) as raised:
                branch.hello(version=version, oldest=oldest)
            assert _state(raised) == "CB005"
            assert raised.value.diag.message_detail == who
        assert branch.hello(version=VERSION + 1)["version"] == VERSION
        with pytest.raises(psycopg.errors.UndefinedColumn):
            line.execute("COPY crm.sales (epoch, id, a_new_column) FROM STDIN")
        branch.round()


def test_any_clock(office: Office, tmp_path: Path) -> None:
    """A branch's clock may be at 1970 or 2099: what it sends is taken as it is, and told; of a day the
    most that it was off."""
    told = administering.add(office, "Clock")
    with postgres.line(told, tmp_path) as line:
        branch = Sender(line, {1: 10})
        for year, way in ((1970, "behind"), (2099, "ahead")):
            branch.hello(at=datetime(year, 1, 1, tzinfo=UTC))
            [standing] = [each for each in status.look(office) if each.name == "Clock"]
            assert abs(standing.facts["skew"]) > 86_400 * 365
            assert way in str(standing.alarms[0])
        branch.round()
        assert not [each for each in status.look(office) if each.name == "Clock" and each.alarms]
    with office.connected() as connection:
        most = connection.execute(
            "SELECT max(skew) > interval '70 years' FROM crm.days WHERE branch = %s",
            (told["branch"],),
        )
        assert most.fetchone() == (True,)


def test_the_office_restored_to_yesterday(tmp_path: Path) -> None:
    """A backup of the office knows older marks: branches send again what is gone, once, and see by the
    lineage that what came down is to be read anew."""
    server = postgres.cluster()
    office = postgres.office(tmp_path)
    told = administering.add(office, "Restored")
    with postgres.line(told, tmp_path / "a") as line:
        branch = Sender(line, {1: 10})
        branch.round()
        before = branch.hello()["lineage"]
        assert branch.hello()["lineage"] == before
    database = office.database
    server.run(f"CREATE DATABASE yesterday TEMPLATE {database}")
    with postgres.line(told, tmp_path / "a") as line:
        branch = Sender(line, {1: 10, 2: 20})
        branch.round()
    server.run(
        f"DROP DATABASE {database}",
        f"CREATE DATABASE {database} TEMPLATE yesterday OWNER crm_office",
        "DROP DATABASE yesterday",
    )
    assert _held(office, told) == [(1, 1, 10)]
    with postgres.line(told, tmp_path / "a") as line:
        branch = Sender(line, {1: 10, 2: 20, 3: 30})
        branch.round()
        assert branch.hello()["lineage"] != before
    assert _held(office, told) == [(1, 1, 10), (1, 2, 20), (1, 3, 30)]


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────


def test_put_back_behind_new_keys(office: Office, tmp_path: Path) -> None:
    """An office that was put back to before a key or a branch was made makes others: no branch gets the
    number of one that was lost, and neither lost key signs in."""
    name = office.database
    administering.add(office, "Satu")
    postgres.cluster().run(f"CREATE DATABASE {name}_kemarin TEMPLATE {name} OWNER crm_office")
    lost: Any = [administering.renew(office, "Satu"), administering.add(office, "Dua")]
    postgres.cluster().run(f"ALTER DATABASE {name} RENAME TO {name}_hilang",
                           f"ALTER DATABASE {name}_kemarin RENAME TO {name}")  # fmt: skip
    made: Any = [administering.renew(office, "Satu"), administering.add(office, "Tiga")]
    assert [told["branch"] for told in made] == [lost[0]["branch"], lost[1]["branch"] + 1]
    for at, told in enumerate(lost):
        with (
            postgres.line(told, tmp_path / f"hilang{at}") as line,
            pytest.raises(psycopg.Error) as refused,
        ):
            line.execute("SELECT crm.hello('x', 1, 1, now())")
        assert refused.value.sqlstate == "CB006"
    for at, told in enumerate(made):
        with postgres.line(told, tmp_path / f"baru{at}") as line:
            row = line.execute("SELECT crm.hello(%s, 1, 1, now())", (f"toko {at}",)).fetchone()
        assert row is not None
        assert row[0]["branch"] == told["branch"]


def test_put_back_behind_a_key_in_use(office: Office, tmp_path: Path) -> None:
    """An office that was put back to before the key that a branch has now says so of that branch, and
    how to go on, and so does what the branch reads; a new enrolment ends it."""
    name = office.database
    administering.add(office, "Empat")
    postgres.cluster().run(f"CREATE DATABASE {name}_lama TEMPLATE {name} OWNER crm_office")
    lost: Any = administering.renew(office, "Empat")
    postgres.cluster().run(f"ALTER DATABASE {name} RENAME TO {name}_rusak",
                           f"ALTER DATABASE {name}_lama RENAME TO {name}")  # fmt: skip

    def alarms() -> list[str]:
        return [str(said) for each in status.look(office) if each.name == "Empat"
                for said in each.alarms]  # fmt: skip

    with (
        postgres.line(lost, tmp_path / "lama") as line,
        pytest.raises(psycopg.Error) as refused,
    ):
        line.execute("SELECT crm.hello('x', 1, 1, now())")
    assert (_state(refused), errors.refusal("CB006", None)) == ("CB006", errors.KeyRefused)
    assert "crm-tui office epoch" in errors.KeyRefused.text
    assert ["crm-tui office epoch" in said and "Empat" in said for said in alarms()] == [True]
    made: Any = administering.renew(office, "Empat")
    with postgres.line(made, tmp_path / "baru") as line:
        assert Sender(line, {}).hello()["branch"] == made["branch"]
    assert not [said for said in alarms() if "key" in said]


def test_which_key_is_waited_for(office: Office, tmp_path: Path) -> None:
    """Of a branch whose newest key has not come yet the office says so, and of one that fell silent
    behind a new one that older ones are refused, with the command that makes another."""
    told = administering.add(office, "Kunci")

    def alarms() -> list[str]:
        return [str(said) for each in status.look(office) if each.name == "Kunci"
                for said in each.alarms]  # fmt: skip

    assert alarms() == []
    with postgres.line(told, tmp_path / "a") as line:
        Sender(line, {}).hello()
    assert alarms() == []
    new: Any = administering.renew(office, "Kunci")
    assert ["chain enrol" in said for said in alarms()] == [True]
    with postgres.line(new, tmp_path / "b") as line:
        Sender(line, {}).hello()
    assert alarms() == []
    with office.connected() as connection:
        connection.execute("UPDATE crm.certificates SET made_at = made_at - interval '9 days'")
        connection.execute("UPDATE crm.branches SET seen_at = seen_at - interval '3 days'")
    assert ["office epoch" in said and "Kunci" in said for said in alarms()] == [False, True]


def test_a_revoked_key(office: Office, tmp_path: Path) -> None:
    """With a new enrolment the old key signs in no more, what it had open is ended, and the server
    itself refuses its certificate once it has read the list; the new one goes on where the old one
    was."""
    server = postgres.cluster()
    told = administering.add(office, "Keys")
    old = postgres.line(told, tmp_path / "a")
    branch = Sender(old, {1: 10})
    branch.round()
    new = administering.renew(office, "Keys")
    assert (new["branch"], new["role"]) == (told["branch"], f"{told['role']}_2")
    with pytest.raises(psycopg.OperationalError):
        old.execute("SELECT 1")
    old.close()
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        postgres.line(told, tmp_path / "a").close()
    server.run(f'ALTER ROLE "{told["role"]}" LOGIN')
    with postgres.line(told, tmp_path / "a") as line, pytest.raises(psycopg.Error) as raised:
        Sender(line, {}).hello()
    assert _state(raised) == "CB006"
    server.take_certificates(office.folder)
    with pytest.raises(psycopg.OperationalError, match="revoked"):
        postgres.line(told, tmp_path / "a").close()
    with postgres.line(new, tmp_path / "b") as line:
        branch = Sender(line, {1: 10, 2: 20}, 2)
        assert branch.hello()["branch"] == told["branch"]
        branch.begin(2, sales=1)
        branch.send(1)
    assert _held(office, told) == [(1, 1, 10), (2, 2, 20)]


def test_the_lines_of_admission(office: Office, tmp_path: Path) -> None:
    """With the lines that the administrator is told, a branch comes in with its certificate and in no
    other way, and the owner as before."""
    server = postgres.cluster()
    told = administering.add(office, "Admission")
    role = str(told["role"])
    server.run(f"ALTER ROLE \"{role}\" PASSWORD 'x'")
    hba = server.folder / "data" / "pg_hba.conf"
    before = hba.read_text()
    hba.write_text("\n".join(advising.admission(office, "trust", "trust")) + before)
    server.control("reload")
    try:
        with postgres.line(told, tmp_path) as line:
            Sender(line, {}).hello()
        plain = f"host=localhost sslmode=disable port={server.port} dbname={office.database}"
        for words in (server.dsn(office.database, role), f"{plain} user={role} password=x"):
            with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf rejects"):
                psycopg.connect(words).close()
        assert status.look(office)
    finally:
        hba.write_text(before)
        server.control("reload")


def test_a_closed_branch(office: Office, tmp_path: Path) -> None:
    """A closed branch is shut out for good, by line and by file; what it has sent stays."""
    told = administering.add(office, "Closed")
    with postgres.line(told, tmp_path) as line:
        Sender(line, {1: 10}).round()
        closing.close(office, "Closed")
        with pytest.raises(psycopg.OperationalError):
            line.execute("SELECT 1")
    for act in (closing.close, administering.end_epoch, administering.renew):
        with pytest.raises(BranchIsClosed):
            act(office, "Closed")
    with pytest.raises(BranchUnknown):
        closing.close(office, "nowhere")
    with office.connected() as own:
        own.execute("SELECT set_config('crm.acting_for', %s, true)", (str(told["branch"]),))
        for statement in ("SELECT crm.hello('shop', 1, 1, now())", "SELECT crm.downs(0, 1)",
                          "INSERT INTO crm.sales (epoch, id) VALUES (1, 2)"):  # fmt: skip
            own.execute("SAVEPOINT before")
            with pytest.raises(psycopg.Error) as raised:
                own.execute(statement.encode())
            assert _state(raised) == "CB004"
            own.execute("ROLLBACK TO before")
    assert _held(office, told) == [(1, 1, 10)]


def test_certificates_never_run_out(tmp_path: Path) -> None:
    """Neither a clock at 1970 nor one at 2099 finds a certificate that counts not yet or no more; the
    authority signs branches, and a branch's certificate signs nothing and is no server's."""
    from cryptography import x509

    certificates.begin(tmp_path, "crm", ["kantor.example", "10.0.0.1"])
    pair = certificates.of_branch(tmp_path, "crm_branch_1")
    branch = x509.load_pem_x509_certificate(pair.certificate.encode())
    authority = x509.load_pem_x509_certificate(certificates.authority(tmp_path).encode())
    for each in (branch, authority):
        assert each.not_valid_before_utc.year == 1970
        assert each.not_valid_after_utc.year == 9999
    branch.verify_directly_issued_by(authority)
    assert not branch.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    [use] = branch.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert use == x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH
    key, server = ((tmp_path / name).read_bytes() for name in ("authority.key", "server.crt"))
    certificates.begin(tmp_path, "crm", ["10.0.0.1", "kantor.example"])
    assert (tmp_path / "server.crt").read_bytes() == server
    certificates.begin(tmp_path, "crm", ["kantor.example"])
    assert (tmp_path / "server.crt").read_bytes() != server
    assert (tmp_path / "authority.key").read_bytes() == key
    assert {each.stat().st_mode & 0o077 for each in tmp_path.glob("*.key")} == {0}


@pytest.mark.soak
def test_what_does_not_open_an_enrolment(tmp_path: Path) -> None:
    """Another passphrase, or a file that was cut or changed anywhere, opens nothing, and says which
    it is."""
    words, file = sealing.passphrase(), tmp_path / "made"
    octets = sealing.sealed(dict.fromkeys(sealing.FIELDS, "x"), words)
    file.write_bytes(octets)
    heard = words.lower().replace("-", "\u2014")
    for typed in (words, heard, f"{words}.", " ".join(words.replace("-", ""))):
        assert sealing.opened(file, typed).keys() == sealing.FIELDS
    with pytest.raises(sealing.WrongPassphrase):
        sealing.opened(file, sealing.passphrase())
    for broken in (
        b"",
        octets[:20],
        octets[:-1],
        octets[:-9] + b"z" + octets[-8:],
        octets + b"x" * sealing.MOST,
    ):
        file.write_bytes(broken)
        with pytest.raises(sealing.NotAnEnrolment):
            sealing.opened(file, words)


# ── on the command line ───────────────────────────────────────────────────────────────────────────


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, str]:
    """Exit status and all that is said, in English."""
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(folder), "--lang", "en", "office", *words])
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out + told.err


def test_from_nothing_to_a_branch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plain owner of a database sets the office up, twice over; what is handed to a branch opens
    with the passphrase that was shown, and lets it say hello; the status tells where it stands."""
    server = postgres.cluster()
    server.run("CREATE DATABASE from_nothing OWNER crm_office")
    assert run(capsys, tmp_path, "status")[1].startswith("There is no head office in")
    for _ in range(2):
        code, said = run(capsys, tmp_path, "init", server.dsn("from_nothing"))
        assert code == 0
        assert 'hostssl  "from_nothing"  +from_nothing_branch  all  cert' in said
    file = tmp_path / "ilir.enrol"
    code, said = run(capsys, tmp_path, "branch", "add", "Ilir [bold]", "-o", str(file))
    words = re.search(r"(?:[A-Z2-9]{5}-){3}[A-Z2-9]{5}", said)
    assert words
    told = sealing.opened(file, words[0])
    assert (told["name"], told["branch"], told["host"]) == ("Ilir [bold]", 1, "localhost")
    assert run(capsys, tmp_path, "branch", "add", "Ulu", "-o", str(file))[0] == 1
    server.take_certificates(tmp_path / "office")
    try:
        with postgres.line(told, tmp_path / "keys") as line:
            Sender(line, {1: 10}).round()
    finally:
        server.take_certificates(server.authority)
    code, said = run(capsys, tmp_path, "status", "--format", "json")
    found = json.loads(said)
    assert code == 0
    assert found["well"]
    assert found.keys() == {
        "well", "database", "read_only", "rights_of_everybody", "branches", "aside",
    }  # fmt: skip
    assert found["branches"][0].keys() == {
        "branch", "name", "state", "closed_at", "seen_at", "silent", "skew", "behind", "version",
        "cursor", "forked_from", "epoch", "sent_at", "rows_today", "downs_waiting", "alarms",
            "aside", "stops_today", "epochs_today",
    }  # fmt: skip
    assert (found["branches"][0]["state"], found["branches"][0]["rows_today"]) == ("open", 1)
    assert "✓ 1 Ilir [bold]: open, epoch 1" in run(capsys, tmp_path, "status")[1]
    assert run(capsys, tmp_path, "epoch", "1")[0] == 0
    assert run(capsys, tmp_path, "status")[0] == 1
    assert run(capsys, tmp_path, "branch", "close", "Ilir [bold]", "--yes")[0] == 0
    assert run(capsys, tmp_path, "branch", "list")[1] == "1  Ilir [bold]  closed\n"


def test_a_server_of_one_s_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the server's folder is this account's, the lines are written into it, once; what stood
    there before stays, and the server starts with them."""
    server = postgres.cluster()
    server.run("CREATE DATABASE one_s_own OWNER crm_office")
    data = tmp_path / "data"
    data.mkdir()
    for name, line in (
        ("postgresql.conf", "port = 5433\n"),
        ("pg_hba.conf", "local all all trust\n"),
    ):
        (data / name).write_text(line)
    for _ in range(2):
        code, said = run(
            capsys, tmp_path, "init", server.dsn("one_s_own"), "--configure", str(data)
        )
        assert (code, "now restart PostgreSQL" in said) == (0, True)
    assert advising.open_rights(database.opened(tmp_path / "office"))
    # The server's administrator says at once what is to be said.
    run(capsys, tmp_path, "init", server.dsn("one_s_own", "postgres"), "--configure", str(data))
    assert not advising.open_rights(database.opened(tmp_path / "office"))
    run(capsys, tmp_path, "init", server.dsn("one_s_own"), "--configure", str(data))
    conf = (data / "postgresql.conf").read_text()
    hba = (data / "pg_hba.conf").read_text().splitlines()
    assert conf == "port = 5433\ninclude_if_exists = 'crm-tui.conf'\n"
    assert "ssl = on" in (data / "crm-tui.conf").read_text()
    assert hba[1].split() == ["local", '"one_s_own"', '"crm_office"', "trust"]
    assert hba[3].split() == ["hostssl", '"one_s_own"', "+one_s_own_branch", "all", "cert"]
    assert (hba[-1], len(hba)) == ("local all all trust", 8)
    code, said = run(capsys, tmp_path, "init", server.dsn("one_s_own"), "--configure", "/proc/1")
    assert (code, "cannot be written" in said) == (1, True)


def test_who_may_not_set_it_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in the way is said in one sentence with what to do, and nothing is left half made."""
    server = postgres.cluster()
    server.run("CREATE DATABASE not_mine", "CREATE ROLE anybody LOGIN")
    for dsn, sentence in (
        ("nonsense", "does not say where PostgreSQL is"),
        (f"host={tmp_path} dbname=crm", "does not answer, or lets nobody in"),
        (server.dsn("nowhere"), 'database "nowhere" does not exist'),
        (server.dsn("not_mine", "anybody"), 'ALTER ROLE "anybody" CREATEROLE'),
        (server.dsn("not_mine"), 'ALTER DATABASE "not_mine" OWNER TO "crm_office"'),
    ):
        code, said = run(capsys, tmp_path, "init", dsn)
        assert (code, sentence in said, len(said.splitlines())) == (1, True, 1), said
    server.run("ALTER DATABASE not_mine OWNER TO crm_office")
    monkeypatch.setattr(administering, "LEAST_VERSION", 99)
    assert "needs 15 or newer" in run(capsys, tmp_path, "init", server.dsn("not_mine"))[1]
    assert not (tmp_path / "office").exists()
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "make chain" in run(capsys, tmp_path, "status")[1]
