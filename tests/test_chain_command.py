"""crm-tui chain: enrolled, run, asked, carried as a file, as a person does it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("psycopg")

from crm_tui.cli.commands import main
from crm_tui.office import administering
from crm_tui.office.database import Office
from crm_tui.replication import batch_up, enrolling, errors, following, line, reading, sealing
from crm_tui.replication.reading import Mark
from crm_tui.shipped import CHANGES, LEDGERS, VERSIONS
from tests import postgres
from tests.branch import Postgres, copy_of, put_back, same_sums
from tests.daily import daily
from tests.shop import Shop
from tests.test_branch_postgres import Branch, enrol, sell

WORDS = "ABCDE-FGHJK-LMNPQ-23456"
HEARD = "abcde fghjklmnpq-23456"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return postgres.office(tmp_path)


def chain(shop: Shop, *words: str, given: str = "") -> Result:
    shop.leave()
    return CliRunner().invoke(
        main, ["--lang", "en", "--data", str(shop.folder), "chain", *words], input=given
    )


def said(shop: Shop, *words: str, given: str = "") -> str:
    result = chain(shop, *words, given=given)
    assert result.exit_code == 0, result.output
    return result.output


def standing(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(shop, "status", "--format", "json"))
    return found


def test_from_the_file_to_the_office(shop: Shop, office: Office, tmp_path: Path) -> None:
    """Enrolled with the passphrase alone, one round, and all is there; status says so."""
    refused = chain(shop, "status")
    assert refused.exit_code == 1
    assert "belongs to no chain" in refused.output
    told = administering.add(office, "Satu")
    file = tmp_path / "satu.crm"
    file.write_bytes(sealing.sealed(told, WORDS))
    wrong = chain(shop, "enrol", str(file), given="LAIN\n")
    assert wrong.exit_code == 1
    assert "passphrase" in wrong.output
    # As it was heard on the telephone.
    assert "branch Satu now" in said(shop, "enrol", str(file), given=HEARD + "\n")
    sell(shop)
    assert standing(shop)["behind"] > 0
    assert "rows went to the head office" in said(shop, "run", "--once")
    now = standing(shop)
    assert (now["behind"], now["name"], now["trouble"]) == (0, "Satu", "")
    assert "Rows that it lacks: 0" in said(shop, "status")
    same_sums(shop.ctx, Postgres(office), int(str(told["branch"])))
    # The key lies beside the key of the ledgers, for its owner alone.
    key = enrolling.folder_of(shop.ctx) / "branch.key"
    assert shop.folder not in key.parents
    assert key.stat().st_mode & 0o077 == 0
    said(shop, "leave")
    assert not key.exists()
    assert chain(shop, "run", "--once").exit_code == 1


@pytest.mark.soak
def test_trouble_is_one_sentence(shop: Shop, office: Office) -> None:
    """No office, a revoked key, no key: one sentence each, no traceback, and nothing is lost."""
    branch = enrol(shop, office)
    where = enrolling.address(shop.ctx)
    key = where.folder / "branch.key"
    words = json.loads((where.folder / "words.json").read_text())
    (where.folder / "words.json").write_text(json.dumps(words | {"port": 1}))
    silent = chain(shop, "run", "--once")
    assert silent.exit_code == 1
    assert "does not answer" in silent.output
    (where.folder / "words.json").write_text(json.dumps(words))
    server, name = postgres.cluster(), office.database
    server.run(f"ALTER DATABASE {name} RENAME TO {name}_lain")
    gone = chain(shop, "run", "--once")
    assert f"no database {name}" in gone.output
    server.run(f"ALTER DATABASE {name}_lain RENAME TO {name}")
    administering.renew(office, "Satu")
    server.take_certificates(office.folder)
    refused = chain(shop, "run", "--once")
    assert "refuses the key of branch Satu" in refused.output
    for spoil in (lambda: key.chmod(0o644), lambda: key.write_text("x")):
        spoil()
        assert "cannot be used" in chain(shop, "run", "--once").output
    key.unlink()
    missing = chain(shop, "run", "--once")
    assert "not on this computer" in missing.output
    for each in (silent, gone, refused, missing):
        assert len(each.output.strip().splitlines()) == 1
        assert each.exit_code == 1
    assert branch.number


@pytest.mark.soak
def test_the_office_ends_an_epoch(shop: Shop, office: Office) -> None:
    """A new enrolment for a computer that goes on: a new epoch by itself; without one, when asked."""
    branch = enrol(shop, office)
    sell(shop)
    branch.round()
    administering.end_epoch(office, "Satu")
    sell(shop)
    ended = chain(shop, "run", "--once")
    assert ended.exit_code == 1
    assert "chain epoch" in ended.output
    assert "Epoch 2 has begun" in said(shop, "epoch")
    said(shop, "run", "--once")
    sell(shop)
    told = administering.renew(office, "Satu")
    postgres.cluster().take_certificates(office.folder)
    enrolling.enrol(shop.ctx, enrolling.Enrolment(**told))  # type: ignore[arg-type]
    said(shop, "run", "--once")
    sales = branch.books.ledger("sales", branch.number)
    assert sorted(row["id"] for row in sales) == [
        row["id"] for row in shop.rows("SELECT id FROM sales ORDER BY id")
    ]
    assert shop.one("SELECT max(epoch) FROM epochs") == 3


# ── files ─────────────────────────────────────────────────────────────────────────────────────────


def take(branch: Branch, file: Path, certificate: str) -> int:
    """What the office does with a file: what it lacks of each batch, in one transaction each."""
    opened = batch_up.Opened(file, "Satu", certificate)
    newest = opened.head.epochs[-1]
    rows = 0
    with branch.office.connected() as connection:
        at = connection.execute(
            "SELECT epoch, ledger, last, digest FROM crm.marks WHERE branch = %s", (branch.number,)
        ).fetchall()
        marks = {(epoch, ledger): Mark(last, digest) for epoch, ledger, last, digest in at}
        known = connection.execute(
            "SELECT epoch, ended_at FROM crm.epochs WHERE branch = %s", (branch.number,)
        ).fetchall()
        connection.execute("SELECT set_config('crm.acting_for', %s, true)", (str(branch.number),))
        now = {
            each.table: following.position(
                opened.head.epochs, marks, [row[0] for row in known], False, each
            )[0]
            for each in LEDGERS
        }
        now[CHANGES] = marks.get((newest.number, CHANGES), reading.NONE)
        if newest.number not in [row[0] for row in known if row[1] is None]:
            common = json.dumps({each.table: now[each.table].last for each in LEDGERS})
            connection.execute(
                "SELECT crm.begin_epoch(%s, %s::text::timestamptz, %s::text::jsonb)",
                (newest.number, newest.began_at, common),
            )
        for batch in opened.batches():
            lacking = opened.lacking(batch, now)
            if lacking is not None:
                line.put(connection.cursor(), lacking)
                rows += lacking.size
    return rows


@pytest.mark.soak
def test_batches_as_files(shop: Shop, office: Office, tmp_path: Path) -> None:
    """A file holds what the office lacks; twice, behind a later one, or beside the line: each row once.
    One that was changed on its way is refused."""
    branch = enrol(shop, office)
    certificate = (enrolling.address(shop.ctx).folder / "branch.crt").read_text()
    one, two = tmp_path / "satu.batch", tmp_path / "dua.batch"
    sell(shop)
    assert " rows" in said(shop, "export", str(one))
    assert take(branch, one, certificate) > 0
    branch.agrees()
    sell(shop)
    said(shop, "export", str(two))
    assert take(branch, two, certificate) > 0
    assert take(branch, two, certificate) == 0
    assert take(branch, one, certificate) == 0
    branch.agrees()
    sell(shop)
    branch.round()
    assert take(branch, two, certificate) == 0
    sell(shop)
    said(shop, "export", str(two))
    branch.round()
    assert take(branch, two, certificate) == 0
    branch.agrees()
    octets = bytearray(two.read_bytes())
    octets[-20] ^= 1
    two.write_bytes(octets)
    with pytest.raises(batch_up.BatchDamaged):
        batch_up.Opened(two, "Satu", certificate)
    two.write_bytes(one.read_bytes()[:-30])
    with pytest.raises(batch_up.BatchDamaged):
        batch_up.Opened(two, "Satu", certificate)


@pytest.mark.soak
def test_files_for_an_office_that_was_restored(shop: Shop, office: Office, tmp_path: Path) -> None:
    """An office that lost what files had brought is told by the next one that one is missing, and gets
    all by one with --all, or, once a file of its own has come to the branch, by any."""
    branch = enrol(shop, office)
    certificate = (enrolling.address(shop.ctx).folder / "branch.crt").read_text()
    sell(shop)
    branch.round()
    with branch.office.connected() as own:
        own.execute("DELETE FROM crm.marks")
        for ledger in LEDGERS:
            own.execute(f"ALTER TABLE crm.{ledger.table} DISABLE TRIGGER USER".encode())
            own.execute(f"DELETE FROM crm.{ledger.table}".encode())
            own.execute(f"ALTER TABLE crm.{ledger.table} ENABLE TRIGGER USER".encode())
        for changing in VERSIONS:
            own.execute(f"DELETE FROM crm.{changing.versions}".encode())
            own.execute(f"DELETE FROM crm.{changing.table}".encode())
    sell(shop)
    said(shop, "export", str(tmp_path / "baru"))
    with pytest.raises(batch_up.BatchMissing, match="--all"):
        take(branch, tmp_path / "baru", certificate)
    said(shop, "export", "--all", str(tmp_path / "semua"))
    assert take(branch, tmp_path / "semua", certificate) > 0
    branch.agrees()
    # What a file of another office has told the branch.
    shop.ctx.store.may_write().execute("UPDATE chain SET lineage = 'lain'")
    said(shop, "export", str(tmp_path / "lagi"))
    assert take(branch, tmp_path / "lagi", certificate) == 0
    assert (tmp_path / "lagi").stat().st_size > (tmp_path / "baru").stat().st_size


def test_a_copied_store_has_keys_of_its_own(shop: Shop, office: Office, tmp_path: Path) -> None:
    """Two stores of one shop, the other one a copy, are two branches on one account: the keys of
    each stay its own, also when one leaves; a copy that leaves takes no key of the branch that
    goes on."""
    enrol(shop, office)
    own = enrolling.folder_of(shop.ctx)
    key = (own / "branch.key").read_text()
    copy = Shop(tmp_path / "salinan")
    copy_of(shop, tmp_path / "salinan.db")
    put_back(copy, tmp_path / "salinan.db")
    assert enrolling.folder_of(copy.ctx) == own
    enrolling.leave(copy.ctx)
    assert (own / "branch.key").read_text() == key
    told = administering.add(office, "Dua", "Satu")
    enrolling.enrol(copy.ctx, enrolling.Enrolment(**told))  # type: ignore[arg-type]
    assert (own / "branch.key").read_text() == key
    assert enrolling.address(copy.ctx).role == told["role"]
    # As earlier programs kept them.
    own.rename(own.with_name(own.name.rpartition("-")[0]))
    assert enrolling.address(shop.ctx).folder == own
    enrolling.leave(copy.ctx)
    assert (own / "branch.key").read_text() == key
    enrolling.leave(shop.ctx)
    assert not (own / "branch.key").exists()
    copy.close()


@pytest.mark.soak
def test_another_row_in_a_file(shop: Shop, office: Office, tmp_path: Path) -> None:
    """A file of another history than the office has is refused."""
    branch = enrol(shop, office)
    certificate = (enrolling.address(shop.ctx).folder / "branch.crt").read_text()
    sell(shop)
    said(shop, "export", str(tmp_path / "a"))
    take(branch, tmp_path / "a", certificate)
    shop.ctx.store.may_write().execute("DROP TRIGGER sales_no_update")
    shop.ctx.db.execute("UPDATE sales SET total = total + 1")
    said(shop, "export", str(tmp_path / "b"))
    with pytest.raises(errors.HistoriesDiffer):
        take(branch, tmp_path / "b", certificate)


# ── the process ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", daily([signal.SIGTERM, signal.SIGINT]))
def test_it_stops_when_asked(shop: Shop, office: Office, number: int) -> None:
    """Ctrl+C and the system's end stop it, with a sentence, while it waits; a second one is refused.
    What the counter does beside it comes first."""
    enrol(shop, office)
    shop.leave()
    words = [sys.executable, "-m", "crm_tui", "--lang", "en", "--data", str(shop.folder), "chain"]
    process = subprocess.Popen([*words, "run"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    assert b"at the head office" in process.stdout.readline()
    assert os.getpriority(os.PRIO_PROCESS, process.pid) >= min(19, os.nice(0) + 10)
    second = subprocess.run([*words, "run"], capture_output=True, check=False)
    assert second.returncode == 1
    assert b"already" in second.stderr
    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest.strip() == b"The chain has stopped."


@pytest.mark.soak
def test_killed_at_any_moment(shop: Shop, office: Office) -> None:
    """SIGKILL of the chain's process, and of the office's server, at any moment, 60 times: in the end
    the sums agree."""
    import random

    server = postgres.begin({"fsync": "on", "synchronous_commit": "on"})
    try:
        own = postgres.office(shop.folder.parent / "lain", server)
        branch = enrol(shop, own, "Lain")
        words = [sys.executable, "-m", "crm_tui", "--data", str(shop.folder), "chain", "run"]
        chance = random.Random(3)
        for turn in range(60):
            sell(shop)
            process = subprocess.Popen(
                [*words, "--every", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if turn % 6 == 5:
                time.sleep(chance.uniform(0.8, 1.5))
                pid = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
                os.kill(pid, signal.SIGKILL)
                _gone(pid)
                server.control("start")
            time.sleep(chance.uniform(0.6, 1.6))
            process.kill()
            process.wait()
        for _ in range(20):
            try:
                branch.round()
                break
            except errors.OfficeProblem:
                time.sleep(0.5)
        branch.agrees()
    finally:
        server.stop()


def _gone(pid: int) -> None:
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    # Its children notice, and let go of the memory that they share.
    time.sleep(1.0)
