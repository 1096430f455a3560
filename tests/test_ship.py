"""What a branch notes for its head office: all that changed since the last round and nothing else,
though a sale notes nothing."""

import random
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import crm_tui
from crm_tui import ship_triggers, sqlite
from crm_tui.replication import change_capture, reading, standing, up
from crm_tui.replication.reading import Batch
from crm_tui.replication.up import ACTOR
from crm_tui.shipped import VERSIONS, Ledger, Versions
from crm_tui.shop.backups import making
from crm_tui.shop.gate.commands import together
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.items import stock
from crm_tui.shop.items.stock import Goods
from crm_tui.shop.orders import deciding
from crm_tui.shop.sales import drawer
from crm_tui.shop.upkeep import privacy
from crm_tui.store import Store
from tests.branch import enrol, plain, rounds_of, same_sums, told
from tests.daily import daily
from tests.day import STEPS, found_people
from tests.memory_office import MemoryLine, Office
from tests.shop import ANI, Shop
from tests.test_branch_up import sell
from tests.test_restore import restore
from tests.test_rewards import person

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


def test_who_is_erased_behind_an_update_is_erased_at_the_office(
    branch: Shop, office: Office
) -> None:
    """A newer program makes the triggers otherwise: whoever is erased before the chain's process has
    seen that is taken out of the books at the office, too."""
    ani = person(branch, "+6281299998888", "Ani Wijaya")
    drawer.move(branch.ctx, -5_000, "ongkos Ani Wijaya")
    round_(branch, office)
    with branch.ctx.store.transaction() as db:
        for name, sql in ship_triggers.wanted().items():
            ship_triggers.drop(db.conn, name)
            db.execute(sql.replace("BEGIN", "BEGIN SELECT 1;", 1))
        ship_triggers.drop_outdated(db.conn)
    privacy.erase(branch.ctx, ani)
    round_(branch, office)
    same_sums(branch.ctx, office, 1)
    assert "Ani Wijaya" not in str(office.ledger("payments", 1))
    assert ship_triggers.present(branch.ctx.db.conn) == ship_triggers.wanted()


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
    """A column that no trigger notes is written where a row of its ledger is added, or a row of a table
    that notes it, and nowhere else; a row of a ledger is never taken away."""
    source = " ".join(
        path.read_text("utf-8")
        for path in Path(crm_tui.__file__).parent.rglob("*.py")
        if path.parent.name != "schema"
    )
    for table in reading.MOVED:
        ledger, *columns = table.moved_by
        beside = {each.table for each in VERSIONS if each.moves[:1] == (table.table,)}
        assert not re.findall(rf"(UPDATE(?: OR \w+)?|REPLACE INTO) {table.table}\b", source)
        writing = [
            f"{row['name']}: {row['tbl_name']}"
            for row in shop.rows("SELECT * FROM sqlite_schema WHERE type = 'trigger'")
            for column in columns
            if re.search(rf"UPDATE {table.table} SET [^;]*\b{column} =", row["sql"])
        ]
        assert sorted(writing) == [
            "goods_freed: reservations", f"goods_moved: {ledger}", "goods_reserved: reservations",
        ]  # fmt: skip
        assert beside == {"reservations"}
        with pytest.raises(sqlite.DatabaseError, match="only added to"):
            shop.ctx.db.execute(f"DELETE FROM {ledger}")


# ── an order by SMS ───────────────────────────────────────────────────────────────────────────────


def orders(shop: Shop) -> dict[str, Any]:
    return {
        table: {plain(table, row) for row in told(shop.ctx, table)}
        for table in ("orders", "order_lines", "reservations", "stock", "messages")
    }


def at_office(office: Office) -> dict[str, Any]:
    return {
        table: {plain(table, row) for row in office.now(table, 1).values()}
        for table in ("orders", "order_lines", "reservations", "stock", "messages")
    }


def test_an_order_by_sms_notes_nothing(branch: Shop, office: Office) -> None:
    """A new order, what is reserved for it and its SMS are noted with the next round alone, which says
    before how much it lacks; what becomes of them then is noted as it happens."""
    stock.receive(branch.ctx, [Goods(6, 100)], "CV Jaya")
    branch.ask(ANI, "INFO")
    round_(branch, office)
    noted = branch.rows("SELECT * FROM ship")
    branch.ask(ANI, "PESAN PQ-R 2, AB-1 1")
    number = int(branch.one("SELECT max(id) FROM orders"))
    assert branch.one("SELECT count(*) FROM reservations WHERE order_id = ?", number) > 0
    assert branch.rows("SELECT * FROM ship") == noted
    lacking = standing.read(branch.ctx).behind
    line = Line(office, 1)
    assert lacking == rounds_of(branch, line).round() > 0
    assert ("orders", str(number)) in line.came
    assert orders(branch) == at_office(office)
    deciding.reject(branch.ctx, number, "uji")
    assert ("orders", str(number)) in round_(branch, office)
    assert orders(branch) == at_office(office)


def test_an_order_that_comes_while_a_batch_is_read(
    branch: Shop, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stock that a batch takes along may hold back for an order that is noted later, and called off
    before that: the office has what is held then."""
    stock.receive(branch.ctx, [Goods(6, 100)], "CV Jaya")
    branch.ask(ANI, "INFO")
    round_(branch, office)
    note = change_capture.note_moves
    asked: list[str] = []

    def noted(ctx: Context) -> None:
        note(ctx)
        if not asked:
            asked.append(branch.ask(ANI, "PESAN PQ-R 2"))

    sell(branch)
    with monkeypatch.context() as patch:
        patch.setattr(change_capture, "note_moves", noted)
        with branch.ctx.store.reading() as db:
            before = reading.noted(db, "orders")
        known = up.compare(branch.ctx, up.hello(branch.ctx, line := Line(office, 1)))
        assert up.send(branch.ctx.acting(ACTOR), line, known) > 0
    number = int(branch.one("SELECT max(id) FROM orders"))
    assert number > before == reading.noted(branch.ctx.db, "orders")
    assert any(row[2] for row in office.now("stock", 1).values()), "held by what is not noted"
    deciding.reject(branch.ctx, number, "uji")
    round_(branch, office)
    assert orders(branch) == at_office(office)


@pytest.mark.parametrize("seed", daily(range(16)))
def test_whatever_happens_while_batches_are_read(
    branch: Shop, office: Office, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps between the noting and the reading of a batch are sent by it or by a later one."""
    chance = random.Random(seed)
    note = change_capture.note_moves

    def noted(ctx: Context) -> None:
        note(ctx)
        for _ in range(chance.randrange(3)):
            step(branch, chance)

    for _ in range(5):
        for _ in range(chance.randrange(1, 9)):
            step(branch, chance)
        with monkeypatch.context() as patch:
            patch.setattr(change_capture, "note_moves", noted)
            known = up.compare(branch.ctx, up.hello(branch.ctx, line := MemoryLine(office, 1)))
            for _ in range(2):
                up.send(branch.ctx.acting(ACTOR), line, known)
    rounds_of(branch, MemoryLine(office, 1)).round()
    same_sums(branch.ctx, office, 1)
    assert orders(branch) == at_office(office)


# ── a store of the program of before ──────────────────────────────────────────────────────────────


def made_older(shop: Shop, version: int) -> None:
    """The store as a program of before leaves it: at 41 it noted all, at 42 no stock on hand."""
    path = shop.ctx.store.path
    shop.leave()
    connection = sqlite.connect(path)
    for table in VERSIONS:
        by_moves = table.moved_by[:2] if version == 42 else ()
        older = replace(table, moved_by=by_moves, grows_by=(), moves=())
        if older != table:
            for name in ship_triggers.triggers(table):
                connection.execute(f"DROP TRIGGER {name}")
            for sql in ship_triggers.triggers(older).values():
                connection.execute(sql)
    if version == 41:
        connection.execute("ALTER TABLE chain DROP COLUMN moved")
    else:
        moved = "json_remove(moved, '$.orders', '$.messages')"
        connection.execute(f"UPDATE chain SET moved = {moved}")
    for name in ("v042_moved", "v043_grown")[version - 41 :]:
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (name,))
    connection.execute(f"PRAGMA user_version={version}")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("met", [True, False])
@pytest.mark.parametrize("version", [41, 42])
def test_a_store_of_before(shop: Shop, office: Office, version: int, met: bool) -> None:
    """A branch that a newer program takes over sends what its old one had noted, and what came
    since; nothing that was noted is lost, and nothing is held for planted."""
    found_people(shop.ctx)
    sell(shop)
    enrol(shop.ctx, 1)
    if met:
        round_(shop, office)
    made_older(shop, version)
    with sqlite.connect(shop.ctx.store.path) as connection:
        # As its triggers note them.
        connection.execute("UPDATE stock SET reserved = reserved + 0 WHERE item_id IN (1, 6)")
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
    """A round sends just rows that some statement has changed since the one before, each once, as they
    stand, and all that are others now; after a restore all of them."""
    chance = random.Random(seed)
    backup: Path | None = None
    watch(branch)
    before = standing_rows(branch)
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
            before = standing_rows(branch)
            continue
        changed, was = seen(branch), before
        before = standing_rows(branch)
        came = round_(branch, office)
        # What came and went between two rounds need not go.
        assert {each for each in changed if was.get(each) != before.get(each)} <= came <= changed
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


def standing_rows(shop: Shop) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The rows as they are sent, by table and key."""
    rows = {}
    for table in VERSIONS:
        names = ", ".join(f't."{name}"' for name in table.names)
        only = table.only.format("t") or "true"
        query = f"SELECT {table.key_of('t')}, {names} FROM {table.table} AS t WHERE {only}"
        for row in shop.ctx.db.execute(query):
            rows[table.table, row[0]] = tuple(row)[1:]
    return rows
