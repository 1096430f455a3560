"""A branch and a head office on PostgreSQL: cuts, deaths, restores; the sums agree after each."""

import contextlib
import dataclasses
import json
import os
import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("psycopg")

import psycopg
from click.testing import CliRunner
from sqlite_utils import Database

from crm_tui import sqlite
from crm_tui.cli.commands import main
from crm_tui.clock import stamp
from crm_tui.office import administering, batches, central, reading, status
from crm_tui.office.database import Office
from crm_tui.office.errors import DatabaseReadOnly
from crm_tui.replication import down, enrolling, errors, forking, line, up
from crm_tui.replication.enrolling import Enrolment
from crm_tui.replication.line import Wire
from crm_tui.shop.backups import making
from crm_tui.shop.customers import cards
from crm_tui.shop.gate.context import CHAIN, console
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.sales import till
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.store import DiskFull, Store
from tests import postgres
from tests.branch import Postgres, copy_of, plain, put_back, rounds_of, same_sums, told
from tests.conftest import HOSTILE
from tests.cuts import cut
from tests.daily import daily
from tests.day import STEPS, found_people
from tests.shop import Shop, cart_of
from tests.test_restore import restore

LINE = CartLine(6, "PQ-R", "x", "set", 85000, 1)


def sell(shop: Shop) -> Any:
    shop.clock.wait(1)
    return till.sell(shop.ctx, cart_of([LINE]).sold(), [Paid("cash", 85_000)])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return postgres.office(tmp_path)


@dataclasses.dataclass
class Branch:
    """A shop that is enrolled with the office."""

    shop: Shop
    number: int
    office: Office

    @property
    def books(self) -> Postgres:
        return Postgres(self.office)

    def wire(self, port: int | None = None, **extra: Any) -> Wire:
        where = enrolling.address(self.shop.ctx)
        return Wire(dataclasses.replace(where, port=port or where.port), **extra)

    def round(self, wire: Wire | None = None) -> int:
        made = rounds_of(self.shop, wire or self.wire())
        try:
            return made.round()
        finally:
            made.line.close()

    def round_at_last(self) -> int:
        """A round as soon as the office has noticed that the line of the one before is cut."""
        for _ in range(40):
            with contextlib.suppress(errors.OfficeBusy):
                return self.round()
            time.sleep(0.25)
        return self.round()

    def agrees(self) -> None:
        same_sums(self.shop.ctx, self.books, self.number)


def enrol(shop: Shop, office: Office, name: str = "Satu", **how: Any) -> Branch:
    told: dict[str, Any] = administering.add(office, name, **how)
    enrolling.enrol(shop.ctx, Enrolment(**told))
    return Branch(shop, int(told["branch"]), office)


@pytest.fixture
def branch(shop: Shop, office: Office) -> Branch:
    found_people(shop.ctx)
    return enrol(shop, office)


def test_a_day(branch: Branch) -> None:
    """Whatever a day does, the office has each row once, over TLS, as the branch that it is."""
    chance = random.Random(11)
    wire = branch.wire()
    for _ in range(4):
        for _ in range(30):
            with contextlib.suppress(RuleBroken):
                step = STEPS[chance.choice(sorted(STEPS))]
                step(branch.shop.ctx, *(chance.randrange(24) for _ in range(3)))
        made = rounds_of(branch.shop, wire)
        made.round()
        branch.agrees()
    wire.close()
    assert branch.round() == 0


@pytest.mark.soak
def test_moments_that_are_none(branch: Branch) -> None:
    """A moment of no calendar, in a store that was damaged, arrives as none in the same round, with all
    that stands behind it."""
    for at in ("0000-00-00", "kemarin", "2026-02-30T00:00:00Z", branch.shop.ctx.at):
        branch.shop.ctx.db.execute(
            "INSERT INTO audit (at, actor, command, subject) VALUES (?, 'x', 'x', '')", (at,)
        )
    branch.round()
    audit = [row for row in branch.books.ledger("audit", branch.number) if row["command"] == "x"]
    assert sorted(row["at"] is None for row in audit) == [False, True, True, True]
    # As one that undo has put back.
    number = branch.shop.ctx.db.execute(
        "INSERT INTO price_changes (item_id, at, actor, before, after) VALUES (6, 'kemarin', 'x', 1, 2)"
        " RETURNING id"
    ).fetchone()[0]
    for _ in range(2):
        branch.round()
        branch.shop.ctx.db.execute(
            "INSERT INTO ship SELECT 'price_changes', ?, max(seq) + 1, 0 FROM ship WHERE true"
            " ON CONFLICT DO UPDATE SET seq = excluded.seq", (str(number),))  # fmt: skip
    prices = branch.books.ledger("price_changes", branch.number)
    assert [row["at"] for row in prices if row["id"] == number] == [None]


def test_texts_of_all_kinds(branch: Branch) -> None:
    """Whatever a text holds, it arrives as it is, but for what PostgreSQL cannot hold."""
    texts = [*HOSTILE.values(), "a\\N\tb\r\nc\\", "\\."]
    for number, text in enumerate(texts):
        shop = branch.shop
        shop.ctx.db.execute(
            "INSERT INTO customers (id, name, created_at) VALUES (?, ?, '')",
            (500 + number, text + "\0"),
        )
        shop.ctx.db.execute(
            "INSERT INTO audit (at, actor, command, subject, after) VALUES (?, 'x', 'x', ?, ?)",
            (shop.ctx.at, text + "\0", text),
        )
    branch.round()
    rows = branch.books.now("customers", branch.number)
    audit = [row for row in branch.books.ledger("audit", branch.number) if row["command"] == "x"]
    assert [rows[str(500 + number)][1] for number in range(len(texts))] == [
        text + "\ufffd" for text in texts
    ]
    assert [(row["subject"], row["after"]) for row in sorted(audit, key=lambda row: row["id"])] == [
        (text + "\ufffd", text) for text in texts
    ]
    assert branch.round() == 0


@pytest.mark.parametrize("way", daily(["up", "down"]))
def test_cut_after_any_octet(branch: Branch, way: str) -> None:
    """A line that is cut after any number of octets, within COPY or before the answer to COMMIT, loses
    nothing and doubles nothing."""
    branch.round()
    sell(branch.shop)
    with cut(branch.office.port) as whole:
        branch.round(branch.wire(whole.port))
        total = whole.passed[way]
    chance = random.Random(5)
    tried = 0
    for _ in range(40):
        sell(branch.shop)
        at = chance.randrange(total)
        with cut(branch.office.port, **{way: at}) as line:
            with contextlib.suppress(errors.OfficeProblem):
                branch.round(branch.wire(line.port))
            tried += line.cut
    assert tried > 6
    branch.round_at_last()
    branch.agrees()


class Faulty:
    """A connection that dies before or after its n-th statement, COPY or end of a transaction: for the
    branch as if the line were cut, for the office as if the branch had gone."""

    def __init__(self, real: Any, at: int) -> None:
        self._real, self._at = real, at
        self.count = 0

    def _step(self) -> None:
        self.count += 1
        if self.count == self._at:
            self._real.close()
            raise psycopg.OperationalError("cut")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, *words: Any, **how: Any) -> Any:
        self._step()
        done = self._real.execute(*words, **how)
        self._step()
        return done

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._real.execute("BEGIN")
        try:
            yield
            self._step()
            self._real.execute("COMMIT")
            # The answer is lost.
            self._step()
        except BaseException:
            with contextlib.suppress(psycopg.Error):
                self._real.execute("ROLLBACK")
            raise

    def cursor(self) -> Any:
        return FaultyCursor(self, self._real.cursor())


class FaultyCursor:
    """A cursor of it."""

    def __init__(self, whole: Faulty, real: Any) -> None:
        self._whole, self._real = whole, real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def execute(self, *words: Any) -> Any:
        self._whole._step()
        done = self._real.execute(*words)
        self._whole._step()
        return done

    @contextmanager
    def copy(self, statement: str) -> Iterator[Any]:
        self._whole._step()
        with self._real.copy(statement) as copy:
            yield copy
            self._whole._step()
        self._whole._step()


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.soak)])
def test_dead_at_any_statement(branch: Branch, monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    """A branch that dies before or after any statement, within any COPY, before COMMIT or before its
    answer: the next round goes on, and nothing is lost or comes twice."""
    branch.round()
    at = 1
    while True:
        sell(branch.shop)
        made: list[Faulty] = []
        opened = Wire._open

        def faulty(
            wire: Wire, at: int = at, made: list[Faulty] = made, opened: Any = opened
        ) -> Any:
            if not made:
                made.append(Faulty(opened(wire), at))
                wire._connection = made[0]
            return opened(wire)

        with monkeypatch.context() as patched:
            patched.setattr(Wire, "_open", faulty)
            with contextlib.suppress(errors.OfficeProblem):
                branch.round()
        if made[0].count < at:
            break
        at += every
        if at % 9 == 0:
            branch.round()
            branch.agrees()
    assert at > 30
    branch.round()
    branch.agrees()


@pytest.mark.soak
def test_nobody_answers(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that hangs while the line is well is given up after a time, told, and tried again."""
    with cut(branch.office.port) as proxy:
        rounds = rounds_of(branch.shop, branch.wire(proxy.port))
        rounds.round()
        sell(branch.shop)
        monkeypatch.setattr(line, "LONGEST", 0.2)
        proxy.flowing.clear()
        with pytest.raises(errors.OfficeSilent):
            rounds.round()
        proxy.flowing.set()
        monkeypatch.undo()
        rounds.round()
        rounds.line.close()
    branch.agrees()


@pytest.mark.soak
def test_a_line_that_breaks_off(branch: Branch) -> None:
    """On a line that never lives as long as a batch takes, batches become smaller until they get
    through, and grow again when it is well."""
    for _ in range(60):
        sell(branch.shop)
    rounds = None
    for _ in range(40):
        with cut(branch.office.port, up=16_000) as proxy:
            rounds = rounds or rounds_of(branch.shop, branch.wire())
            rounds.line = branch.wire(proxy.port)
            with contextlib.suppress(errors.OfficeSilent):
                rounds.round()
                break
    else:
        pytest.fail("nothing comes through")
    rounds.line.close()
    branch.agrees()


@pytest.mark.soak
def test_the_office_dies(shop: Shop, tmp_path: Path) -> None:
    """A server that is killed while it takes a batch has all of it or nothing."""
    server = postgres.begin({"fsync": "on", "synchronous_commit": "on"})
    try:
        branch = enrol(shop, postgres.office(tmp_path, server), "Mati")
        branch.round()
        for octets in (2_000, 6_000, 9_000):
            sell(shop)
            sell(shop)
            with cut(server.port, up=octets) as line:
                with contextlib.suppress(errors.OfficeProblem):
                    branch.round(branch.wire(line.port))
                server.stop()
            with pytest.raises(errors.OfficeProblem):
                branch.round()
            server.control("start")
            branch.round()
            branch.agrees()
    finally:
        server.stop()


# ── histories ─────────────────────────────────────────────────────────────────────────────────────


def sold(branch: Branch) -> list[tuple[Any, ...]]:
    """The sales that the office has of a branch."""
    return sorted(
        plain("sales", row.values()) for row in branch.books.ledger("sales", branch.number)
    )


def mine(branch: Branch) -> list[tuple[Any, ...]]:
    return sorted(plain("sales", row) for row in told(branch.shop.ctx, "sales"))


@pytest.mark.parametrize("sold_on", daily([2, 0]))
def test_restored(branch: Branch, sold_on: int) -> None:
    """What the office knows and the store has forgotten stays; what is sold on has new numbers."""
    sell(branch.shop)
    backup = making.make(branch.shop.ctx)
    sell(branch.shop)
    branch.round()
    lost = set(sold(branch))
    restore(branch.shop, backup.path)
    for _ in range(sold_on):
        sell(branch.shop)
    branch.round()
    assert set(sold(branch)) == lost | set(mine(branch))
    assert len(sold(branch)) == 2 + sold_on
    sell(branch.shop)
    branch.round()
    assert len(sold(branch)) == 3 + sold_on


@pytest.mark.parametrize("sent", daily([True, False]))
def test_restored_to_the_wrong_backup_first(branch: Branch, sent: bool) -> None:
    """Who restored an old backup, went on, and then found the right one: what that one knows is the
    branch's history at the office, once, in whichever epoch it was sent; the rest is what it lost, and
    none of what was made in between counts as the branch's."""
    branch.round()
    sell(branch.shop)
    backups = [making.make(branch.shop.ctx).path]
    sell(branch.shop)
    if sent:
        branch.round()
    sell(branch.shop)
    backups.append(making.make(branch.shop.ctx).path)
    restore(branch.shop, backups[0])
    sell(branch.shop)
    lost = cards.add(branch.shop.ctx, cards.Card("Tamu"))
    branch.round()
    restore(branch.shop, backups[1])
    for _ in range(2):
        branch.round()
        sell(branch.shop)
    branch.round()
    lives = "SELECT id, {} FROM crm.sales WHERE branch = %s ORDER BY id"
    asked = lives.format("crm.lives(branch, epoch, 'sales', id)")
    held = branch.books.ask(asked, branch.number)
    ids = {row["id"] for row in branch.shop.rows("SELECT id FROM sales")}
    assert {number for number, alive in held if alive} == ids
    assert len(held) == len(ids) + 1
    with reading.opened(branch.office, branch.shop.clock, console()) as office:
        there = office.context(office.branch("Satu"))
        (losses,) = office.losses(office.branch("Satu"))
        for ctx, sold in (
            (there, sorted(ids)),
            (losses, [next(n for n, alive in held if not alive)]),
        ):
            with office.reading():
                rows = ctx.db.execute("SELECT id FROM sales ORDER BY id").fetchall()
            assert [row["id"] for row in rows] == sold
        with office.reading():
            people = {row["id"] for row in there.db.execute("SELECT id FROM customers").fetchall()}
        assert lost not in people
        assert len(people) == branch.shop.one("SELECT count(*) FROM customers")


@pytest.mark.soak
def test_rows_of_an_epoch_that_was_given_up_stay_so(branch: Branch) -> None:
    """What was sold before an old backup was restored counts no more, however often backups are
    restored after that, and though its numbers are lower than others that are known."""

    def kept(name: str) -> Path:
        made = making.make(branch.shop.ctx).path
        return Path(shutil.copy(made, branch.shop.folder.parent / name))

    first = kept("first.db")
    branch.round()
    restore(branch.shop, first)
    sell(branch.shop)
    branch.round()
    restore(branch.shop, first)
    # Before the office hears of it.
    sell(branch.shop)
    second = kept("second.db")
    for _ in range(2):
        restore(branch.shop, second)
        branch.round()
    alive = branch.books.ask(
        "SELECT id FROM crm.sales WHERE branch = %s AND crm.lives(branch, epoch, 'sales', id)",
        branch.number,
    )
    ids = [(row["id"],) for row in branch.shop.rows("SELECT id FROM sales")]
    assert (alive, len(ids)) == (ids, 1)


@pytest.mark.soak
@pytest.mark.parametrize("first", ["the old one", "the copy"])
def test_copied(
    branch: Branch, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Whoever of two copies comes first goes on; the other is refused, and is a branch of its own with
    what both have in common left where it is."""
    sell(branch.shop)
    branch.round()
    copy_of(branch.shop, tmp_path / "salinan.db")
    other = Shop(tmp_path / "lain")
    put_back(other, tmp_path / "salinan.db")
    twin = dataclasses.replace(branch, shop=other)
    one, two = (branch, twin) if first == "the old one" else (twin, branch)
    sell(one.shop)
    one.round()
    sell(two.shop)
    sell(two.shop)
    with pytest.raises(errors.HistoriesDiffer):
        two.round()
    # The keys of another computer lie elsewhere.
    here, there = os.environ["CRM_TUI_KEY"], str(tmp_path / "lain" / "ledger.key")
    monkeypatch.setenv("CRM_TUI_KEY", there)
    enrolling.leave(two.shop.ctx)
    forked = enrol(two.shop, office, "Dua", forked_from="Satu")
    forked.round()
    assert (len(sold(one)), len(sold(forked))) == (2, 2)
    sell(one.shop)
    monkeypatch.setenv("CRM_TUI_KEY", here)
    one.round()
    monkeypatch.setenv("CRM_TUI_KEY", there)
    sell(two.shop)
    forked.round()
    forked.round()
    assert (len(sold(one)), len(sold(forked))) == (3, 3)
    one.agrees()
    other.close()


@pytest.mark.soak
def test_two_copies_both_go_on(branch: Branch, tmp_path: Path) -> None:
    """What two copies share and neither had sent is at the office once, though both go on as the branch
    one after the other; an office that was put back to before that is asked anew."""
    sell(branch.shop)
    branch.round()
    server, name = postgres.cluster(), branch.office.database
    server.run(f"CREATE DATABASE {name}_kemarin TEMPLATE {name} OWNER crm_office")
    sell(branch.shop)
    copy_of(branch.shop, tmp_path / "salinan.db")
    other = Shop(tmp_path / "lain")
    put_back(other, tmp_path / "salinan.db")
    for shop in (other, branch.shop):
        shop.clock.wait(7)
        sell(shop)
        wire = branch.wire()
        forking.fork(shop.ctx, wire, up.hello(shop.ctx, wire))
        wire.close()
        for _ in range(2):
            dataclasses.replace(branch, shop=shop).round()
            sell(shop)
    branch.round()
    # One that both know, another, and three that each sold.
    assert len(sold(branch)) == 2 + 3 + 2
    assert set(mine(branch)) <= set(sold(branch))
    server.run(f"ALTER DATABASE {name} RENAME TO {name}_hilang",
               f"ALTER DATABASE {name}_kemarin RENAME TO {name}")  # fmt: skip
    branch.round()
    assert sold(branch) == mine(branch)
    other.close()


def test_put_back_by_hand(branch: Branch, tmp_path: Path) -> None:
    """An old crm.db in the store's place is refused until somebody says that it goes on."""
    sell(branch.shop)
    copy_of(branch.shop, tmp_path / "salinan.db")
    sell(branch.shop)
    sell(branch.shop)
    branch.round()
    put_back(branch.shop, tmp_path / "salinan.db")
    sell(branch.shop)
    with pytest.raises(errors.HistoriesDiffer):
        branch.round()
    wire = branch.wire()
    forking.fork(branch.shop.ctx, wire, up.hello(branch.shop.ctx, wire))
    wire.close()
    branch.round()
    assert len(sold(branch)) == 4
    assert set(mine(branch)) <= set(sold(branch))


@pytest.mark.soak
def test_the_office_of_yesterday(branch: Branch) -> None:
    """An office that lost a day has lost its marks, too: what is behind them comes again."""
    sell(branch.shop)
    branch.round()
    server, name = postgres.cluster(), branch.office.database
    server.run(f"CREATE DATABASE {name}_kemarin TEMPLATE {name} OWNER crm_office")
    sell(branch.shop)
    branch.round()
    server.run(f"ALTER DATABASE {name} RENAME TO {name}_hilang",
               f"ALTER DATABASE {name}_kemarin RENAME TO {name}")  # fmt: skip
    sell(branch.shop)
    branch.round()
    branch.agrees()


def test_the_office_s_files_put_back(branch: Branch) -> None:
    """An office whose database was put back as it was, so that nothing but what it knows of this branch
    tells it, gives the branch what is new once more, under numbers that were taken already."""
    sell(branch.shop)
    branch.round()
    price = "SELECT price FROM items WHERE id = 6"
    with branch.office.connected() as own:
        before = own.execute("SELECT last FROM crm.counter").fetchone()
        cursor = own.execute("SELECT cursor FROM crm.branches").fetchone()
    central.set_price(branch.office, "PQ-R", 91_000)
    central.set_price(branch.office, "PQ-S", 1_000)
    branch.round()
    assert branch.shop.one(price) == 91_000
    with branch.office.connected() as own:
        own.execute("DELETE FROM crm.downs_of WHERE seq > %s", before)
        own.execute("UPDATE crm.counter SET last = %s", before)
        own.execute("UPDATE crm.branches SET cursor = %s", cursor)
    central.set_price(branch.office, "PQ-R", 92_000)
    branch.round()
    assert branch.shop.one(price) == 92_000
    # Once: then both know the same.
    told = branch.shop.one("SELECT json_extract(told, '$.cursor') FROM chain")
    assert told == branch.shop.one("SELECT cursor FROM chain")
    # What it took is in its audit, and goes up.
    branch.round()
    branch.agrees()


# ── clocks, versions, disks ───────────────────────────────────────────────────────────────────────


def test_wrong_clocks(branch: Branch) -> None:
    """Times of 1970 and 2099, and back, are taken as they are, and by how much it was wrong."""
    today = datetime.now(UTC)
    for year in (1970, 2099, today.year):
        shown = today.replace(year=year)
        branch.shop.ctx.clock.set(shown)  # type: ignore[attr-defined]
        branch.shop.ctx.db.execute("UPDATE clock SET at = ?", (stamp(shown),))
        sell(branch.shop)
        branch.round()
        branch.agrees()
        skew = branch.shop.one("SELECT skew FROM chain")
        assert (skew > 86_400) == (year == 1970)
        assert (skew < -86_400) == (year == 2099)


@pytest.mark.soak
def test_a_database_of_other_habits(branch: Branch) -> None:
    """However a database writes moments and texts, the branch and the office understand it."""
    code = branch.shop.one("SELECT code FROM items WHERE id = 2")
    branch.round()
    for number, habit in enumerate(
        ("DateStyle TO 'German, DMY'", "DateStyle TO 'Postgres, MDY'", "client_encoding TO SQL_ASCII",
         "TimeZone TO 'Europe/Lisbon'", "search_path TO ''"),
    ):  # fmt: skip
        database = branch.office.database
        postgres.cluster().run(f"ALTER DATABASE {database} SET {habit}")
        central.set_price(branch.office, code, 1000 + number)
        sell(branch.shop)
        branch.round()
        assert branch.shop.one("SELECT price FROM central_prices") == 1000 + number
        assert status.look(branch.office)[0].state == "open"
        with reading.opened(branch.office, branch.shop.clock, console()) as side:
            assert side.branches()[0].name == "Satu"
        target = branch.shop.folder.parent / "turun"
        batches.give(branch.office, "Satu", target, branch.shop.clock, everything=True)
        down.take_file(branch.shop.ctx.acting(CHAIN), target)
        assert not branch.shop.rows("SELECT * FROM downs_aside")
        postgres.cluster().run(f"ALTER DATABASE {database} RESET ALL")
        branch.round()
        branch.agrees()


@pytest.mark.soak
def test_an_office_that_is_only_read(branch: Branch) -> None:
    """A copy that follows another server, or a database that is set so: both ends say so, and what
    waits comes as soon as it is not."""
    server, database = postgres.cluster(), branch.office.database
    server.run(f"ALTER DATABASE {database} SET default_transaction_read_only TO on")
    with pytest.raises(errors.OfficeReadOnly):
        branch.round()
    code = branch.shop.one("SELECT code FROM items WHERE id = 2")
    with pytest.raises(DatabaseReadOnly):
        central.set_price(branch.office, code, 1000)
    folder = ["--lang", "en", "--data", str(branch.office.folder.parent), "office", "status"]
    told = CliRunner().invoke(main, folder)
    assert told.exit_code == 1
    assert "PostgreSQL takes nothing in" in " ".join(told.output.split())
    assert json.loads(CliRunner().invoke(main, [*folder, "--format", "json"]).output)["read_only"]
    server.run(f"ALTER DATABASE {database} RESET ALL")
    branch.round()
    branch.agrees()


def test_an_older_and_a_newer_office(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that the office does not know yet: the branch waits, and sends all when it does; an
    office that takes nothing from so old a program says so, and one that is too old for it is told
    so."""
    sell(branch.shop)
    books = branch.books
    ask = f"{branch.office.dsn}"
    with psycopg.connect(ask, autocommit=True) as connection:
        connection.execute("ALTER TABLE crm.payments RENAME COLUMN note TO note_")
        with pytest.raises(errors.OfficeOlder):
            branch.round()
        assert books.ledger("sales", branch.number) == []
        connection.execute("ALTER TABLE crm.payments RENAME COLUMN note_ TO note")
        branch.round()
        branch.agrees()
        connection.execute("UPDATE crm.facts SET value = '9' WHERE name IN ('oldest', 'version')")
        with pytest.raises(errors.BranchOlder):
            branch.round()
        connection.execute("UPDATE crm.facts SET value = '1' WHERE name IN ('oldest', 'version')")
        monkeypatch.setattr(line, "VERSION", 2)
        monkeypatch.setattr(line, "OLDEST", 2)
        with pytest.raises(errors.OfficeOlder):
            branch.round()


def test_a_full_disk_at_the_office(branch: Branch) -> None:
    """An office that has no room says so at the branch; nothing is lost."""
    sell(branch.shop)
    with psycopg.connect(branch.office.dsn, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION crm.full_() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER full_ BEFORE INSERT ON crm.payments EXECUTE FUNCTION crm.full_()"
        )
        with pytest.raises(errors.OfficeFull):
            branch.round()
        assert branch.books.ledger("sales", branch.number) == []
        connection.execute("DROP TRIGGER full_ ON crm.payments")
    branch.round()
    branch.agrees()


def test_a_full_disk_at_the_branch(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that takes nothing more sends no changes that it could not remember; it goes on later."""
    branch.round()
    sell(branch.shop)
    connected = Store._connection
    pages = branch.shop.one("PRAGMA page_count")

    def full(store: Store) -> Database:
        db = connected(store)
        db.execute(f"PRAGMA max_page_count={pages}")
        for statement in ("INSERT INTO counters VALUES (hex(randomblob(300)), 0)",
                          "INSERT INTO chain_tokens (token) VALUES (randomblob(16))"):  # fmt: skip
            with contextlib.suppress(sqlite.OperationalError):
                while True:
                    db.execute(statement)
        return db

    made = rounds_of(branch.shop, branch.wire())
    before = branch.books.ask("SELECT count(*) FROM crm.sales")
    with monkeypatch.context() as patched:
        patched.setattr(Store, "_connection", full)
        with pytest.raises(DiskFull):
            made.round()
    assert branch.books.ask("SELECT count(*) FROM crm.sales") == before
    made.line.close()
    branch.round()
    branch.agrees()


@pytest.mark.soak
def test_a_month_offline(branch: Branch) -> None:
    """A month without a line goes up in one round, in many batches."""
    branch.round()
    for _ in range(30):
        branch.shop.clock.wait(86_400)
        for _ in range(4):
            sell(branch.shop)
    made = rounds_of(branch.shop, branch.wire())
    made.most = 100
    assert made.round() > 500
    made.line.close()
    branch.agrees()
