"""What a branch notes for its head office: all that changed since the last round and nothing else,
though a sale notes nothing."""

import random
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import crm_tui
from crm_tui import sqlite
from crm_tui.replication import change_capture, reading, standing
from crm_tui.replication.reading import Batch
from crm_tui.replication.up import ACTOR
from crm_tui.shipped import VERSIONS, Ledger, Versions
from crm_tui.shop.backups import making
from crm_tui.shop.gate.commands import together
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items import stock
from crm_tui.shop.items.stock import Goods
from crm_tui.store import Store
from tests.branch import enrol, plain, rounds_of, same_sums, told
from tests.daily import daily
from tests.day import STEPS, found_people
from tests.memory_office import MemoryLine, Office
from tests.shop import Shop
from tests.test_branch_up import sell
from tests.test_restore import restore

Keys = set[tuple[str, str]]


class Line(MemoryLine):
    """A line on which is seen which rows came as changes."""

    def __init__(self, office: Office, branch: int) -> None:
        super().__init__(office, branch)
        self.came: Keys = set()

    def send(self, batch: Batch) -> None:
        super().send(batch)
        for piece in batch.pieces:
            if not isinstance(piece.table, Ledger):
                rows = [(piece.table.table, key) for key, _, _ in piece.rows]
                assert not self.came & set(rows), "a change came twice"
                self.came |= set(rows)


def round_(shop: Shop, office: Office) -> Keys:
    """The changes that a round sends."""
    line = Line(office, 1)
    rounds_of(shop, line).round()
    return line.came


@pytest.fixture
def office() -> Office:
    made = Office()
    made.add("Satu")
    return made


@pytest.fixture
def branch(shop: Shop, office: Office) -> Shop:
    """A branch of which the office has all."""
    found_people(shop.ctx)
    sell(shop)
    enrol(shop.ctx, 1)
    round_(shop, office)
    return shop


# ── a sale ────────────────────────────────────────────────────────────────────────────────────────


def written(shop: Shop) -> int:
    """How many statements a sale takes, those of triggers among them."""
    said: list[str] = []
    shop.ctx.db.conn.set_trace_callback(said.append)
    sell(shop)
    shop.ctx.db.conn.set_trace_callback(None)
    return len(said)


@pytest.mark.parametrize("sold_out", [False, True])
def test_a_sale_writes_as_much_as_without_a_chain(
    branch: Shop, office: Office, tmp_path: Path, sold_out: bool
) -> None:
    """A sale takes the statements of one in a shop that is no branch, sold out or not, and notes
    nothing; the office has the stock all the same, and until then the branch says that it lacks it."""
    alone = Shop(tmp_path / "sendiri")
    found_people(alone.ctx)
    for shop in (alone, branch):
        if not sold_out:
            stock.receive(shop.ctx, [Goods(6, 100)], "CV Jaya")
        sell(shop)
    round_(branch, office)
    # Behind another's commit all is looked at.
    sell(branch)
    noted = branch.rows("SELECT * FROM ship")
    counts = [written(shop) for shop in (alone, branch)]
    assert counts[0] == counts[1]
    assert branch.rows("SELECT * FROM ship") == noted
    lacking = standing.read(branch.ctx).behind
    line = Line(office, 1)
    assert lacking == rounds_of(branch, line).round() > 0
    assert line.came == {("stock", "6")}
    same_sums(branch.ctx, office, 1)
    alone.close()


def test_moves_of_weeks_are_noted_in_slices(
    branch: Shop, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many moves came since the last round, the store is held for some of them at a time; dead
    between two, the next round goes on."""
    stock.receive(branch.ctx, [Goods(6, 100)], "CV Jaya")
    for _ in range(30):
        sell(branch)
    stock.receive(branch.ctx, [Goods(1, 5), Goods(2, 5)], "CV Jaya")
    ctx = branch.ctx.acting(ACTOR)
    monkeypatch.setattr("crm_tui.shop.gate.slices.FIRST", 4)
    monkeypatch.setattr("crm_tui.shop.gate.slices.LEAST", 4)
    slices: list[int] = []
    note = change_capture._note_moved

    def noted(db: Any, table: Versions, after: int, upto: int) -> None:
        if len(slices) == 2:
            raise KeyboardInterrupt
        slices.append(upto - after)
        note(db, table, after, upto)

    monkeypatch.setattr(change_capture, "_note_moved", noted)
    with pytest.raises(KeyboardInterrupt):
        change_capture.note_moves(ctx)
    assert max(slices) <= 8
    monkeypatch.setattr(change_capture, "_note_moved", note)
    assert round_(branch, office) == {("stock", "1"), ("stock", "2"), ("stock", "6")}
    same_sums(branch.ctx, office, 1)


def test_what_moves_is_moved_by_its_ledger_alone(shop: Shop) -> None:
    """A column that no trigger notes is written where a row of its ledger is added, and nowhere else;
    such a row is never taken away."""
    source = " ".join(
        path.read_text("utf-8")
        for path in Path(crm_tui.__file__).parent.rglob("*.py")
        if path.parent.name != "schema"
    )
    for table in reading.MOVED:
        ledger, *columns = table.moved_by
        assert not re.findall(rf"(UPDATE(?: OR \w+)?|REPLACE INTO) {table.table}\b", source)
        writing = [
            f"{row['name']}: {row['tbl_name']}"
            for row in shop.rows("SELECT * FROM sqlite_schema WHERE type = 'trigger'")
            for column in columns
            if re.search(rf"UPDATE {table.table} SET [^;]*\b{column} =", row["sql"])
        ]
        assert writing == [f"goods_moved: {ledger}"]
        with pytest.raises(sqlite.DatabaseError, match="only added to"):
            shop.ctx.db.execute(f"DELETE FROM {ledger}")


# ── a store of the program of before ──────────────────────────────────────────────────────────────

BEFORE = (
    'CREATE TRIGGER ship_stock_update AFTER UPDATE OF "item_id", "on_hand", "reserved" ON stock'
)


def made_older(shop: Shop) -> None:
    """The store as a program of before the moves were looked at leaves it."""
    path = shop.ctx.store.path
    shop.ctx.store.close()
    connection = sqlite.connect(path)
    (sql,) = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE name = 'ship_stock_update'"
    ).fetchone()
    connection.execute("DROP TRIGGER ship_stock_update")
    connection.execute(BEFORE + sql.split(" ON stock", 1)[1])
    connection.execute("ALTER TABLE chain DROP COLUMN moved")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'v042_moved'")
    connection.execute("PRAGMA user_version=41")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("met", [True, False])
def test_a_store_of_before(shop: Shop, office: Office, met: bool) -> None:
    """A branch that a newer program takes over sends what its old one had noted, and what came
    since; nothing that was noted is lost, and nothing is held for planted."""
    found_people(shop.ctx)
    sell(shop)
    enrol(shop.ctx, 1)
    if met:
        round_(shop, office)
    made_older(shop)
    with sqlite.connect(shop.ctx.store.path) as connection:
        # As its triggers note them.
        connection.execute("UPDATE stock SET on_hand = on_hand + 0 WHERE item_id IN (1, 6)")
        connection.execute("UPDATE customers SET name = 'Lain' WHERE id = 1")
        connection.execute("DELETE FROM phones WHERE customer_id = 2")
        noted = {*connection.execute("SELECT tbl, key, gone FROM ship").fetchall()}
    connection.close()
    assert len(noted) == (4 if not met else shop.one("SELECT count(*) FROM ship"))
    Store(shop.ctx.store.path).close()
    sell(shop)
    assert noted <= {tuple(row.values()) for row in shop.rows("SELECT tbl, key, gone FROM ship")}
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'checks.planted'") == 0
    came = round_(shop, office)
    assert {(table, key) for table, key, _ in noted if table != "phones"} <= came or met
    assert {("stock", "1"), ("stock", "6"), ("customers", "1")} <= came
    same_sums(shop.ctx, office, 1)
    sell(shop)
    assert round_(shop, office) == {("stock", "6")}


# ── whatever happens ──────────────────────────────────────────────────────────────────────────────


def watch(shop: Shop) -> None:
    """Let this connection write down each row that any statement changes, by triggers that know
    nothing of how a branch finds it."""
    db = shop.ctx.store.may_write()
    db.execute("CREATE TEMP TABLE seen (tbl, key, PRIMARY KEY (tbl, key))")
    for table in VERSIONS:
        columns = ", ".join(f'"{name}"' for name in table.names)
        for event, rows in (
            ("INSERT", ("new",)), (f"UPDATE OF {columns}", ("old", "new")), ("DELETE", ("old",)),
        ):  # fmt: skip
            notes = " ".join(
                f"INSERT OR IGNORE INTO seen SELECT '{table.table}', {table.key_of(row)}"
                f" WHERE {table.only.format(row) or 'true'};"
                for row in rows
            )
            db.execute(
                f"CREATE TEMP TRIGGER seen_{table.table}_{event.split()[0]} AFTER {event}"
                f" ON main.{table.table} BEGIN {notes} END"
            )


def seen(shop: Shop) -> Keys:
    keys = {(row["tbl"], row["key"]) for row in shop.rows("SELECT * FROM seen")}
    shop.ctx.db.execute("DELETE FROM seen")
    return keys


IN_PARTS = {"address book", "price list", "old book", "book back", "rank"}
"""Steps of several transactions."""


def step(shop: Shop, chance: random.Random) -> None:
    """A step of a day, now and then one that comes to nothing, or the same key again."""
    name = chance.choice(sorted(STEPS))
    numbers = [chance.randrange(24) for _ in range(3)]
    shop.clock.wait(1)
    what = chance.random()
    if what < 0.15 and name not in IN_PARTS:
        with suppress(RuleBroken, ZeroDivisionError), together(shop.ctx):
            STEPS[name](shop.ctx, *numbers)
            raise ZeroDivisionError
    elif what < 0.25:
        with shop.ctx.store.transaction() as db:
            for table in ("phones", "settings", "waiting_list"):
                row = db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
                key = {"phones": "number", "settings": "key", "waiting_list": "id"}[table]
                if row is not None:
                    db.execute(f"DELETE FROM {table} WHERE {key} = ?", (row[key],))
                    marks = ", ".join("?" for _ in row)
                    db.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row))
    else:
        with suppress(RuleBroken):
            STEPS[name](shop.ctx, *numbers)


@pytest.mark.parametrize("seed", daily(range(16)))
def test_what_is_sent_is_what_changed(branch: Shop, office: Office, seed: int) -> None:
    """A round sends just the rows that some statement has changed since the one before, each once, as
    they stand; after a restore all of them."""
    chance = random.Random(seed)
    backup: Path | None = None
    watch(branch)
    for _ in range(8):
        for _ in range(chance.randrange(1, 12)):
            step(branch, chance)
        what = chance.random()
        if what < 0.3:
            backup = making.make(branch.ctx).path
        elif what < 0.5 and backup is not None:
            restore(branch, backup)
            watch(branch)
            came = round_(branch, office)
            seen(branch)
            here = {(table.table, row) for table in VERSIONS for row in keys(branch, table)}
            assert here <= came
            for table in VERSIONS:
                now = {plain(table.table, row) for row in office.now(table.table, 1).values()}
                assert {plain(table.table, row) for row in told(branch.ctx, table.table)} <= now
            continue
        changed = seen(branch)
        assert round_(branch, office) == changed
        if branch.one("SELECT count(*) FROM epochs") == 1:
            same_sums(branch.ctx, office, 1)


def keys(shop: Shop, table: Versions) -> list[str]:
    only = table.only.format("t") or "true"
    return [
        row["key"]
        for row in shop.rows(
            f"SELECT {table.key_of('t')} AS key FROM {table.table} AS t WHERE {only}"
        )
    ]
