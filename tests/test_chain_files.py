"""What the chain writes into files and reads from them, and what the office's answers mean; without an
office."""

import gzip
import hashlib
import json
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.conninfo import conninfo_to_dict

from crm_tui import i18n, payment_numbers, sqlite
from crm_tui.cli import office as cli_office
from crm_tui.cli.commands import main
from crm_tui.cli.place import Place
from crm_tui.office import certificates, database, missing_sales, naming, status
from crm_tui.office.errors import (
    DatabaseRefused,
    DatabaseSilent,
    EnrolmentUnwritten,
    NoteDamaged,
)
from crm_tui.office.missing_sales import Lost
from crm_tui.office.reading import ReadSide
from crm_tui.replication import batch_up, change_capture, enrolling, errors, sealing, signing, up
from crm_tui.replication.line import Address, Wire
from crm_tui.replication.up import ACTOR
from crm_tui.shipped import OLDEST, VERSION
from crm_tui.shop.branches import applying
from crm_tui.shop.customers import cards
from crm_tui.shop.gate import rooms
from crm_tui.shop.gate.stored_words import DOWNS
from crm_tui.shop.loyalty import points
from crm_tui.shop.sales.payment_methods import METHODS
from tests.branch import enrol
from tests.day import found_people
from tests.shop import ANI, Shop


def test_no_line_is_longer_than_is_read(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows a batch has, each line of its file is one that is read, and all rows are in
    them."""
    found_people(shop.ctx)
    enrol(shop.ctx, 1)
    certificates.begin(tmp_path, "pusat", ["localhost"])
    pair = certificates.of_branch(tmp_path, "crm_branch_1")
    (tmp_path / "branch.key").write_text(pair.key)
    monkeypatch.setattr(batch_up, "_LONGEST", 4_000)
    monkeypatch.setattr(batch_up, "_PART", 500)
    change_capture.keep(shop.ctx.acting(ACTOR))
    rows = batch_up.write(shop.ctx.acting(ACTOR), tmp_path / "branch.key", tmp_path / "batch")
    opened = batch_up.Opened(tmp_path / "batch", "Satu", pair.certificate)
    found = [piece for batch in opened.batches() for piece in batch.pieces]
    assert sum(len(piece.rows) for piece in found) == rows
    assert len(found) > len({piece.table.table for piece in found})


def _signed(folder: Path, records: list[dict[str, Any]]) -> batch_up.Opened:
    """A file of these lines behind its head, as whoever has a branch's key can write it."""
    certificates.begin(folder, "pusat", ["localhost"])
    pair = certificates.of_branch(folder, "crm_branch_1")
    head = {"format": batch_up.FORMAT, "branch": 1, "shop": "x", "version": VERSION, "oldest": OLDEST,
            "epochs": [[1, "2026-01-01T00:00:00Z", {}]]}  # fmt: skip
    packed = gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in (head, *records)))
    digest = hashlib.blake2b(batch_up.FORMAT.encode() + packed).digest()
    signature = signing.sign(pair.key.encode(), digest)
    (folder / "batch").write_bytes(b"CRMBATCH1\n" + signature + b"\n" + packed)
    return batch_up.Opened(folder / "batch", "Satu", pair.certificate)


_MOVES = {"moves": [["sales", 0, 9, "00"]]}


@pytest.mark.parametrize(
    "line",
    [
        {"table": "users", "kind": "versions", "rows": [["1", 1, [1, "x"]]]},
        {"table": "users", "kind": "versions", "rows": [["1", 1, 7]]},
        {"table": "users", "kind": "versions", "rows": [["1", True, None], [None, "x", None]]},
        {"table": "sales", "kind": "ledger", "rows": [[1, 1]]},
        {"table": "users", "kind": "ledger", "rows": []},
        {"table": ["sales"], "kind": "ledger", "rows": []},
        {"kind": "versions"},
        [],
        7,
    ],
)
def test_rows_of_other_columns_are_damage(tmp_path: Path, line: Any) -> None:
    """What is signed and no batch all the same, of a branch that means ill, is told as damage."""
    opened = _signed(tmp_path, [line, _MOVES, {"end": 1}])
    with pytest.raises(batch_up.BatchDamaged):
        list(opened.batches())


def test_no_batch_is_endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that unpacks to more than a batch ever has, of a branch that means ill, takes no more
    of the office's memory than a batch does."""
    monkeypatch.setattr(batch_up, "_LARGEST", 60_000)
    line: dict[str, Any] = {
        "table": "users",
        "kind": "versions",
        "rows": [[str(each), each, None] for each in range(300)],
    }
    assert len(list(_signed(tmp_path, [*[line, _MOVES] * 40, {"end": 40}]).batches())) == 40
    seen: list[object] = []
    monkeypatch.setattr(batch_up, "_piece", lambda line: seen.append(line))
    with pytest.raises(batch_up.BatchDamaged):
        list(_signed(tmp_path, [*[line] * 60, _MOVES, {"end": 1}]).batches())
    assert 0 < len(seen) < 20


def test_the_server_may_read_what_is_revoked(tmp_path: Path) -> None:
    """What PostgreSQL reads and is no secret, others than the office's account may read, also when it
    is written anew: a server that cannot read what was revoked does not start any more. Keys nobody
    else reads."""
    certificates.begin(tmp_path, "pusat", ["localhost"])
    certificates.revoke(tmp_path, [certificates.of_branch(tmp_path, "crm_branch_1").certificate])
    certificates.begin(tmp_path, "pusat", ["localhost", "pusat.example"])
    modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    assert modes == {
        "authority.key": 0o600, "authority.crt": 0o644, "server.key": 0o600, "server.crt": 0o644,
        "revoked.crl": 0o644,
    }  # fmt: skip


def test_ways_of_paying_have_numbers() -> None:
    """Each way of paying has a number of its own, in SQL and here the same."""
    with closing(sqlite.connect(":memory:")) as db:
        told = {
            way: db.execute(f"SELECT {payment_numbers.number_in_sql('?')}", (way,)).fetchone()[0]
            for way in METHODS
        }
    assert told == {way: payment_numbers.number(way) for way in METHODS}
    assert len(set(told.values()) - {0}) == len(METHODS)


def test_all_that_comes_down_has_a_name() -> None:
    """Each kind of row of the head office is told in words."""
    rooms.load("from_office")
    assert set(DOWNS) == set(applying.KINDS)


def test_which_branch_is_meant() -> None:
    """A branch is called by its name, in any case, or by its number; a name comes before a number."""
    names = {1: "Ilir", 2: "ILIR", 3: "1", 17: "Ulu"}
    meant = [
        naming.chosen(each, names) for each in ("Ilir", "ILIR", " ilir", "1", "17", "ulu", "x")
    ]
    assert meant == [1, 2, 1, 3, 17, 17, None]


@pytest.mark.parametrize(
    ("skew", "words"), [(-301, "5 menit lebih lambat"), (3601, "60 menit lebih cepat")]
)
def test_a_clock_that_is_off(skew: int, words: str) -> None:
    """It is told by how many minutes, and which way."""
    row: dict[str, Any] = {"branch": 1, "name": "Satu", "closed_at": None, "spends": None,
                           "cannot_hear": False, "began": True, "epoch": 1, "alarm": 9, "silent": 0,
                           "skew": skew, "rows_today": 0, "aside": 0, "stops_today": 0,
                           "most_stops": 30, "epochs_today": 0, "renewed_at": None}  # fmt: skip
    (alarm,) = status._standing(row).alarms
    assert words in i18n.retell(alarm, "id")


@pytest.mark.parametrize(
    ("code", "problem"),
    [("40P01", DatabaseRefused), ("55P03", DatabaseRefused), ("53100", DatabaseRefused),
     ("57014", DatabaseRefused), ("42501", DatabaseRefused), ("53300", DatabaseSilent),
     ("57P03", DatabaseSilent), ("08006", DatabaseSilent)],
)  # fmt: skip
def test_who_answers_is_not_said_to_be_silent(code: str, problem: type[Exception]) -> None:
    """What PostgreSQL says while it answers (a deadlock, a lock, a full disk) is told as its word; that
    it does not answer only where nobody gets in."""
    with pytest.raises(problem), database.told():
        raise psycopg.errors.lookup(code)("kata")


@pytest.mark.soak
@pytest.mark.parametrize("refused", [True, False])
def test_who_leaves_a_chain_that_gives_out_its_points_is_told(shop: Shop, refused: bool) -> None:
    """They stay there; nothing is said of them otherwise."""
    enrol(shop.ctx, 1)
    points.give(shop.ctx, cards.add(shop.ctx, cards.Card("Ani", phone=ANI)), 30, "")
    shop.ctx.db.execute("UPDATE chain SET met_at = ?", (shop.ctx.at,))
    if refused:
        up.failed(shop.ctx.acting(ACTOR), errors.KeyRefused(office="-", name="-"))
    shop.leave()
    told = CliRunner().invoke(main, ["--lang", "en", "--data", str(shop.folder), "chain", "leave"])
    assert (told.exit_code, "30 points of its customers stay" in told.output) == (0, refused)


def test_trouble_with_files_is_a_sentence(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read or written is told without words of the program, with what to do."""
    (tmp_path / "office.json").write_text("{}")
    with pytest.raises(NoteDamaged):
        database.opened(tmp_path)
    nowhere = tmp_path / "office.json" / "x"
    monkeypatch.setattr(enrolling, "_folder", lambda ctx, branch: nowhere)
    with pytest.raises(errors.KeysUnkept):
        enrol(shop.ctx, 1)
    assert shop.one("SELECT count(*) FROM chain") == 0
    told = {"name": "Satu", "branch": 7} | dict.fromkeys(sealing.FIELDS, "x")
    with pytest.raises(EnrolmentUnwritten, match="office epoch"):
        cli_office._hand_out(cast(Place, None), told, tmp_path / "tidak" / "ada")


class _Office:
    """Keeps what was noted, and whether there was a file by then."""

    def __init__(self, target: Path) -> None:
        self.noted: list[tuple[Any, ...]] = []
        self._target = target

    def ask_nothing(self, statement: str, given: Any = ()) -> None:
        assert not self._target.exists()
        self.noted.append(given)


def test_what_was_lost_is_noted_before_it_is_written(tmp_path: Path) -> None:
    """Whoever dies between the two has noted a file that nobody can import, never the other way round:
    then those sales would count twice."""
    target = tmp_path / "hilang.csv"
    office = _Office(target)
    found = Lost(7, (1, 2), [dict.fromkeys(missing_sales.COLUMNS, 1)])
    missing_sales.save(cast(ReadSide, office), found, target)
    assert [row[:2] for row in office.noted] == [(7, 1), (7, 2)]
    assert target.read_text().splitlines()[0] == ",".join(missing_sales.COLUMNS)
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("code", "detail", "problem"),
    [
        ("CB001", None, errors.EpochClosed),
        ("CB003", None, errors.MarksDiffer),
        ("CB005", "branch", errors.BranchOlder),
        ("CB005", "office", errors.OfficeOlder),
        ("42703", None, None),
    ],
)
def test_what_a_refusal_means(code: str, detail: str | None, problem: type | None) -> None:
    """Over the line and for a file the office's refusals mean the same; each has a sentence without
    gaps."""
    found = errors.refusal(code, detail)
    assert found is problem
    if found is not None:
        assert "–" not in str(found(name="Satu", office="pusat:5432"))


def test_a_session_that_was_ended() -> None:
    """An office that restarts, or shuts a branch out in the middle of a round, is not called busy."""
    address = Address("Satu", "pusat", 5432, "crm", "crm_1_1", Path("-"))
    told = Wire(address)._problem(psycopg.errors.AdminShutdown("terminating connection"))
    assert type(told) is errors.SessionEnded


def test_nobody_waits_for_a_server_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's own connections end where nobody answers, as late as the DSN says if it does."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(psycopg, "connect", lambda said: asked.append(conninfo_to_dict(said)))
    database.connect("dbname=crm")
    database.connect("dbname=crm connect_timeout=99 options='-c work_mem=8MB'")
    assert {int(each["tcp_user_timeout"]) for each in asked} == {30_000}
    assert [int(each["connect_timeout"]) for each in asked] == [10, 99]
    assert asked[1]["options"].startswith("-c work_mem=8MB -c ")
