"""The chain over the ledgers: whatever else than the program writes there is found, by its row."""

import json
import os
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

import crm_tui
from crm_tui import (
    check_result,
    ledger_chain,
    linked_tables,
    replacing,
    schema,
    secret,
    ship_triggers,
    sqlite,
    triggers,
)
from crm_tui.clock import stamp
from crm_tui.i18n import retell, translate
from crm_tui.shop.backups import making, preparing
from crm_tui.shop.backups import restoring as restores
from crm_tui.shop.backups.errors import BackupUnreadable
from crm_tui.shop.checks import acknowledgement, process, telling
from crm_tui.shop.checks import ledger_chain as reading
from crm_tui.shop.checks.ledger_chain import (
    CHAIN_BEGUN,
    CHAIN_CUT,
    LINK_BROKEN,
    LINK_STRANGE,
    ROW_CHANGED,
    ROW_FOREIGN,
    ROW_GONE,
    RULE_FOREIGN,
    RULE_INDEX,
    RULE_PLANTED,
)
from crm_tui.shop.customers import cards as customer_cards
from crm_tui.shop.customers import merging, people
from crm_tui.shop.gate import consistency, settings, undo
from crm_tui.shop.gate.commands import part, savepoint
from crm_tui.shop.items import cards, prices, stock
from crm_tui.shop.loyalty import points
from crm_tui.shop.loyalty.settings import POINT_RUPIAH
from crm_tui.shop.sales import drawer, till
from crm_tui.shop.sales import z_report as closing_paper
from crm_tui.shop.sales.cart import CartLine
from crm_tui.shop.sales.payment_methods import Paid
from crm_tui.shop.users import accounts, login, roles
from crm_tui.store import Store, StoreNewer, StoreProblem
from tests.counter import staff
from tests.daily import daily
from tests.peers import QUICKLY
from tests.shop import ANI, BUDI, Shop, cart_of


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is remembered beside the key is of this test alone; checks begin quickly."""
    file = tmp_path / "keys" / "ledger.key"
    file.parent.mkdir()
    shutil.copy(secret.path(), file)
    monkeypatch.setenv("CRM_TUI_KEY", str(file))
    monkeypatch.setattr(process, "subprocess", QUICKLY)
    return file


def found(shop: Shop) -> tuple[str, str, str] | None:
    """What does not fit first: table, key, and what is wrong."""
    with closing(sqlite.connect(shop.ctx.store.path)) as connection:
        verdict = reading.remembered(connection, shop.ctx.store.path, reading.verify(connection))
    first = verdict.first
    return None if first is None else (first.table, first.key, first.what)


def meddle(shop: Shop, *statements: str) -> None:
    """What somebody does who has the file: triggers hold nobody up."""
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def restoring(shop: Shop, *statements: str) -> None:
    """The same, by somebody who puts the triggers back as they were."""
    rules = shop.rows("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
    meddle(shop, *statements, *(row["sql"] for row in rules))


def _sell(shop: Shop, *keys: int) -> None:
    rows = shop.rows("SELECT * FROM items ORDER BY id")
    lines = [CartLine(row["id"], row["code"], row["name"], row["unit"], row["price"], 1)
             for row in rows if row["id"] in keys]  # fmt: skip
    sold = cart_of(lines)
    till.sell(shop.ctx, sold.sold(), [Paid("cash", sold.total)])


def a_day(shop: Shop) -> None:
    """Sales, an order by SMS, new prices, a drawer that is closed, a step that is taken back."""
    _sell(shop, 1, 2, 6)
    shop.ask(ANI, "PESAN PQ-R 1, AB-1 2")
    prices.set_price(shop.ctx, 1, 12_500)
    _sell(shop, 6)
    drawer.move(shop.ctx, -5_000, "parkir")
    now = drawer.current(shop.ctx)
    assert now is not None
    drawer.close(shop.ctx, {"cash": now.expected["cash"]}, now)
    new = cards.add(shop.ctx, cards.Card("ZZ-9", "Zat", "pcs", 1_000))
    cards.remove(shop.ctx, new)
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)


def test_what_the_program_writes_fits(shop: Shop) -> None:
    """After any day all rows fit, those that were changed, went and came back among them; what a
    savepoint or a transaction took back leaves nothing in the chain."""
    a_day(shop)
    assert found(shop) is None
    with part(shop.ctx, "test"):
        shop.ctx.record("first")
        with suppress(RuntimeError), savepoint(shop.ctx):
            shop.ctx.record("second")
            raise RuntimeError
    with suppress(RuntimeError), part(shop.ctx, "test"):
        shop.ctx.record("third")
        raise RuntimeError
    with part(shop.ctx, "test"):
        shop.ctx.record("fourth")
    assert found(shop) is None
    rows = shop.one("SELECT count(*) FROM audit WHERE command = 'test'")
    assert rows == 2


def test_no_write_goes_past_the_chain(shop: Shop) -> None:
    """A connection writes nothing before it notes all ledgers, whatever thread it is of; what it writes
    then, within a command or beside, is in the chain."""
    row = (
        "INSERT INTO audit (at, actor, command, subject, before, after)"
        " VALUES ('2026-11-24T01:00:00.000Z', 'x', 'test', '', '', '')"
    )
    store = Store(shop.ctx.store.path)

    def write() -> None:
        with pytest.raises(sqlite.OperationalError, match="readonly"):
            store.db.execute(row)
        with store.transaction() as db:
            db.execute(row)
        db.execute(row)
        noted = {name for (name,) in db.execute("SELECT name FROM sqlite_temp_schema")}
        events = ("insert", "update", "delete")
        assert noted == {"link_with_changes"} | {
            f"note_{each.table}_{event}"
            for each in linked_tables.KNOWN.values()
            for event in events
        }
        with store.transaction():
            pass
        store.close()

    write()
    with ThreadPoolExecutor(1) as other:
        other.submit(write).result()
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'test'") == 4
    assert found(shop) is None


LAST = "(SELECT max(id) FROM {0})"


@pytest.mark.parametrize(
    ("statement", "table", "what"),
    [
        ("UPDATE audit SET actor = 'tono' WHERE id = 3", "audit", ROW_CHANGED),
        ("UPDATE sales SET total = total - 5000 WHERE id = 1", "sales", ROW_CHANGED),
        ("UPDATE sale_lines SET price = 1 WHERE sale_id = 1 AND line = 2", "sale_lines", ROW_CHANGED),
        ("UPDATE payments SET method = 'qris' WHERE id = 2", "payments", ROW_CHANGED),
        ("UPDATE drawers SET closed_by = 'tono'", "drawers", ROW_CHANGED),
        ("UPDATE drawer_counts SET counted = 0 WHERE method = 'cash'", "drawer_counts", ROW_CHANGED),
        ("UPDATE undo_steps SET label = 'x'", "undo_steps", ROW_CHANGED),
        # Behind a sign at which SQLite's printf ends.
        ("UPDATE payments SET note = note || char(0) || '!' WHERE note = 'parkir'", "payments",
         ROW_CHANGED),
        ("DELETE FROM payments WHERE note = 'parkir'", "payments", ROW_GONE),
        ("DELETE FROM stock_moves WHERE id = (SELECT max(id) FROM stock_moves)", "stock_moves",
         ROW_GONE),
        ("INSERT INTO payments (at, kind, method, amount, drawer_id, actor)"
         " VALUES ('2026-11-24T01:00:00.000Z', 'drawer', 'cash', -9000, 1, 'tono')", "payments",
         ROW_FOREIGN),
        ("UPDATE links SET rows = x'' WHERE id = 5", "links", LINK_BROKEN),
        ("DELETE FROM links WHERE id = 5", "links", LINK_BROKEN),
    ],
)  # fmt: skip
def test_what_others_write_is_found(shop: Shop, statement: str, table: str, what: str) -> None:
    """A row that was changed, taken away or put in by anything else is the first that does not fit, and
    stays so whatever the program writes afterwards."""
    a_day(shop)
    meddle(shop, statement)
    first = found(shop)
    assert first is not None
    assert (first[0], first[2]) == (table, what)
    prices.set_price(shop.ctx, 2, 17_000)
    assert found(shop) == first


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("INSERT INTO users (login, name, password_hash, role_id, created_at) SELECT 'hantu', name,"
         " password_hash, role_id, created_at FROM users LIMIT 1", "users"),
        ("INSERT INTO users (login, name, password_hash, role_id, created_at) SELECT 'hantu', name,"
         " password_hash, role_id, created_at FROM users; INSERT INTO former_logins SELECT 'bos', id"
         " FROM users WHERE login = 'hantu'", "users"),
        ("UPDATE items SET price = 1 WHERE id = 2", "prices"),
        ("UPDATE customers SET consent = 'yes' WHERE id = 1", "consents"),
        ("UPDATE counters SET value = value - 500 WHERE name = 'drawer float'", "float"),
        ("UPDATE drawers SET float = float - 500 WHERE closed_at IS NULL", "float"),
    ],
)  # fmt: skip
def test_what_is_no_ledger_agrees_with_one(shop: Shop, statement: str, name: str) -> None:
    """Who may sign in, what an item costs, and what cash a drawer begins with stand in no ledger; but a
    ledger says what they must be, so that nobody puts them there without the program."""
    a_day(shop)
    if "UPDATE drawers" in statement:
        drawer.move(shop.ctx, 5_000, "uang kecil")
    assert not list(consistency.differences(shop.ctx.db.conn))
    restoring(shop, *statement.split("; "))
    assert [each.name for each, _ in consistency.differences(shop.ctx.db.conn)] == [name]


BY_HAND = (
    ("INSERT INTO role_permissions VALUES ({clerk}, 'users.edit')", "role_permissions",
     "Staf Konter users.edit", ROW_FOREIGN),
    ("DELETE FROM role_permissions WHERE permission = 'orders.confirm' AND role_id = {clerk}",
     "role_permissions", "Staf Konter orders.confirm", ROW_GONE),
    ("UPDATE role_ceilings SET most = 9999", "role_ceilings", "Staf Konter sales.discount",
     ROW_CHANGED),
    ("DELETE FROM role_ceilings", "role_ceilings", "Staf Konter sales.discount", ROW_GONE),
    ("UPDATE roles SET name = 'Pemilik' WHERE id = {clerk}", "roles", "Pemilik", ROW_CHANGED),
    ("UPDATE users SET role_id = 1 WHERE login = 'sari'", "users", "sari", ROW_CHANGED),
    ("UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE login = 'sari')"
     " WHERE login = 'bos'", "users", "bos", ROW_CHANGED),
    ("UPDATE users SET pin_hash = password_hash WHERE login = 'bos'", "users", "bos", ROW_CHANGED),
    ("UPDATE users SET active = 1 WHERE login = 'dewi'", "users", "dewi", ROW_CHANGED),
    ("UPDATE settings SET value = '0' WHERE key = 'login.console'", "settings", "login.console",
     ROW_CHANGED),
    ("DELETE FROM settings WHERE key = 'login.console'", "settings", "login.console", ROW_GONE),
    ("INSERT INTO settings VALUES ('sms.notices', '0')", "settings", "sms.notices", ROW_FOREIGN),
    ("UPDATE customers SET credit_limit = 9000000 WHERE id = 1", "customers", "1", ROW_CHANGED),
    ("UPDATE customers SET credit_limit = 9000000 WHERE id = 2", "customers", "2", ROW_FOREIGN),
    ("UPDATE customers SET credit_limit = NULL WHERE id = 1", "customers", "1", ROW_GONE),
    ("INSERT INTO backup_keys (at, recipient, identity, wrapped) VALUES ('', 'age1x', '', x'00')",
     "backup_keys", "1", ROW_FOREIGN),
)  # fmt: skip
"""What somebody writes who wants to have more to say, and what is found: table, row, and why."""


def in_charge(shop: Shop) -> int:
    """Everything that changes who may do what, by the program; the key of the clerks' role."""
    clerk = int(shop.one("SELECT id FROM roles WHERE name = 'Staf Konter'"))
    staff(shop, "Staf Konter")
    dewi = staff(shop, "Kepala Bengkel", "dewi")
    roles.set_ceilings(shop.ctx, clerk, {"sales.discount": 500, "sales.credit": 10})
    roles.set_ceilings(shop.ctx, clerk, {"sales.credit": None})
    roles.grant(shop.ctx, clerk, "costs.view", True)
    roles.grant(shop.ctx, clerk, "costs.view", False)
    roles.rename(shop.ctx, roles.add(shop.ctx, "Magang", clerk), "Murid")
    accounts.edit(shop.ctx, dewi.id, "dewi", "Dewi S.", "Staf Konter")
    accounts.reset_password(shop.ctx, dewi.id, "kuda-putih-7")
    accounts.remove(shop.ctx, accounts.add(shop.ctx, "tono", "Tono", "Staf Konter", "kuda-putih-7"))
    step = undo.last(shop.ctx)
    assert step is not None
    undo.undo(shop.ctx, step.id)
    login.leave(shop.ctx.acting(login.sign_in(shop.ctx, "dewi", "kuda-putih-7").actor))
    accounts.remove(shop.ctx, dewi.id)
    accounts.recover(shop.ctx, "bos", "kuda-hitam-9")
    ani = customer_cards.add(shop.ctx, customer_cards.Card("Ani", phone=ANI, credit_limit=50_000))
    budi = customer_cards.add(shop.ctx, customer_cards.Card("Budi", phone=BUDI))
    for who, name in ((ani, "Ani"), (budi, "Budi")):
        for limit in (None, 0, 70_000):
            customer_cards.edit(shop.ctx, who, customer_cards.Card(name, credit_limit=limit))
    customer_cards.edit(shop.ctx, budi, customer_cards.Card("Budi S."))
    settings.change(shop.ctx, "shop.hours", "8-16")
    settings.reset(shop.ctx, "shop.hours")
    settings.change(shop.ctx, "login.console", "1")
    return clerk


def test_who_may_do_what_is_written_by_the_program(shop: Shop) -> None:
    """A right, a ceiling, a limit, a setting, a user or a hash that was written, changed or taken away
    by hand is found and named, whatever version the store says it has; what the program does fits."""
    clerk = in_charge(shop)
    assert found(shop) is None
    shop.leave()
    with closing(sqlite.connect(shop.ctx.store.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=on")
        for statement, table, row, what in BY_HAND:
            for version in (schema.VERSION, linked_tables.POWERS - 1):
                connection.execute("BEGIN")
                connection.execute(statement.format(clerk=clerk))
                connection.execute(f"PRAGMA user_version = {version}")
                first = reading.verify(connection).first
                connection.execute("ROLLBACK")
                assert first is not None, statement
                assert (first.table, first.key, first.what) == (table, row, what)
        assert reading.verify(connection).first is None


def test_who_may_do_what_is_taken_over_once(shop: Shop) -> None:
    """A store of a program that did not link rights is taken as it is; whoever sets the version of a
    later one back has nothing taken over."""
    as_before_powers(shop)
    assert found(shop) is None
    Store(shop.ctx.store.path).close()
    assert found(shop) is None
    give = "INSERT INTO role_permissions VALUES (4, 'users.edit')"
    restoring(shop, give, f"PRAGMA user_version = {linked_tables.POWERS - 1}",
              "DELETE FROM _sqlite_migrations WHERE name = 'v040_powers'")  # fmt: skip
    Store(shop.ctx.store.path).close()
    assert found(shop) == ("role_permissions", "Staf Konter users.edit", ROW_FOREIGN)
    acknowledgement.accept(shop.ctx)


def test_no_version_keeps_the_program_from_linking(shop: Shop) -> None:
    """Whoever sets the version back while the program is open has it link what it does all the same."""

    def grant() -> None:
        restoring(shop, f"PRAGMA user_version = {linked_tables.POWERS - 1}")
        roles.grant(shop.ctx, 4, "costs.view", True)
        shop.leave()

    with ThreadPoolExecutor(1) as other:
        other.submit(grant).result()
    assert shop.one("PRAGMA user_version") == schema.VERSION
    assert found(shop) is None


def test_who_accepts_is_told_of(shop: Shop) -> None:
    """Whoever gives themselves the right to accept what they wrote by hand is named at each login for a
    week; that a disk's damage was accepted is not told."""
    acknowledgement.accept(shop.ctx)
    assert acknowledgement.accepted(shop.ctx) == []
    sari = staff(shop, "Staf Konter")
    shop.leave()
    restoring(shop, "INSERT INTO role_permissions VALUES (4, 'settings.edit')")
    process.run(shop.ctx.store.path, thorough=True)
    acknowledgement.accept(shop.ctx.acting(sari.actor))
    assert [who for who, _ in acknowledgement.accepted(shop.ctx)] == ["sari"]
    assert "settings.edit" in shop.one(
        "SELECT before FROM audit WHERE command = 'checks.accept' ORDER BY id DESC"
    )
    shop.clock.wait(7 * 86_400 + 1)
    assert acknowledgement.accepted(shop.ctx) == []


def as_before_powers(shop: Shop) -> None:
    """The store becomes as a program left it that linked ledgers alone."""
    shop.leave()
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        links = connection.execute("SELECT id, rows, begins FROM links ORDER BY id").fetchall()
        rule = "SELECT sql FROM sqlite_schema WHERE name = 'links_no_update'"
        (refused,) = connection.execute(rule).fetchone()
        connection.execute("DROP TRIGGER links_no_update")
        last, key, begun = b"", secret.key(), ledger_chain.NONE
        for number, rows, begins in links:
            kept = []
            for run in ledger_chain.unpacked(rows):
                sums = [run.sums[at : at + 8] for at in range(0, len(run.sums), 8)]
                if run.ledger < linked_tables.FIRST_STATE:
                    sums = sums or [bytes(8)] * len(run.keys)
                    kept += [ledger_chain._ROW.pack(run.ledger, run.done, *each)
                             for each in zip(run.keys, sums, strict=True)]  # fmt: skip
            told = ledger_chain.packed(kept)
            last = ledger_chain.link_sum(last, 0 if begins else begun, told, key)
            begun = number if begins else begun
            connection.execute(
                "UPDATE links SET rows = ?, sum = ? WHERE id = ?", (told, last, number)
            )
        connection.execute(refused)
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'v040_powers'")
        connection.execute(f"PRAGMA user_version = {linked_tables.POWERS - 1}")


def test_what_stands_beside_the_ledgers_agrees(shop: Shop) -> None:
    """Whose points and debts are whose, who is one with whom or wants promos, and what was handed out:
    whoever writes it past the program is found, by what ledgers say."""
    shop.set(POINT_RUPIAH, 1000)
    ani, budi = (customer_cards.add(shop.ctx, customer_cards.Card(each, credit_limit=10**7))
                 for each in ("Ani", "Budi"))  # fmt: skip
    item = shop.rows("SELECT * FROM items WHERE code = 'PQ-R'")[0]
    sold = cart_of([CartLine(item["id"], "PQ-R", "", "", item["price"], 1)])
    till.sell(shop.ctx, sold.sold(), [Paid("account", sold.total)], ani)
    points.give(shop.ctx, ani, 5, "hadiah")
    people.consent(shop.ctx, ani, "stopped", "lisan")
    shop.ask(ANI, "PESAN PQ-S 1")
    merging.merge(shop.ctx, budi, ani)
    assert not list(consistency.differences(shop.ctx.db.conn))
    three = shop.one("SELECT max(id) FROM customers")
    tries = {
        f"UPDATE point_lots SET customer_id = {budi} WHERE sale_id > 0": "points_whose",
        f"UPDATE point_lots SET customer_id = {budi} WHERE sale_id IS NULL": "points_whose",
        f"UPDATE dues SET customer_id = {budi}": "dues",
        f"UPDATE customers SET merged_into = {budi} WHERE id = {three}": "merged",
        f"UPDATE customers SET consent = 'yes' WHERE id = {ani}": "consents",
        f"UPDATE customers SET consent = 'yes' WHERE id = {three}": "consents",
        "UPDATE orders SET status = 'collected'": "handed_out",
    }
    with closing(sqlite.connect(shop.ctx.store.path, isolation_level=None)) as connection:
        for statement, name in tries.items():
            connection.execute("BEGIN")
            connection.execute(statement)
            assert name in {each.name for each, _ in consistency.differences(connection)}, statement
            connection.execute("ROLLBACK")


def test_the_first_one_is_named(shop: Shop) -> None:
    """Of several rows the one that was written first is named, by number and line."""
    a_day(shop)
    meddle(
        shop, "UPDATE sale_lines SET quantity = 9 WHERE sale_id = 1 AND line = 3",
        "UPDATE sales SET total = 1 WHERE id = 2", "DELETE FROM payments WHERE id = 3",
    )  # fmt: skip
    assert found(shop) == ("sale_lines", "1/3", ROW_CHANGED)


def test_an_older_file_is_found(shop: Shop) -> None:
    """The end of the chain that was seen once must be there: rows and links that went with it do not
    go unseen. A copy elsewhere is its own."""
    a_day(shop)
    old = shop.folder / "old.db"
    with (
        closing(sqlite.connect(shop.ctx.store.path)) as now,
        closing(sqlite.connect(old)) as copy,
    ):
        now.backup(copy)
    prices.set_price(shop.ctx, 1, 13_000)
    assert found(shop) is None
    last = shop.one("SELECT max(id) FROM links")
    with (
        closing(sqlite.connect(shop.ctx.store.path)) as now,
        closing(sqlite.connect(old)) as copy,
    ):
        copy.backup(now)
    assert found(shop) == ("links", str(last), CHAIN_CUT)
    with closing(sqlite.connect(old)) as copy:
        assert reading.remembered(copy, old, reading.verify(copy)).first is None


def _older(shop: Shop) -> Path:
    """A copy of the store, from before the last new price, which the program has seen."""
    a_day(shop)
    old = shop.folder / "old.db"
    with (
        closing(sqlite.connect(shop.ctx.store.path)) as now,
        closing(sqlite.connect(old)) as copy,
    ):
        now.backup(copy)
    prices.set_price(shop.ctx, 1, 13_000)
    assert found(shop) is None
    return old


def _put(shop: Shop, old: Path) -> None:
    with (
        closing(sqlite.connect(shop.ctx.store.path)) as now,
        closing(sqlite.connect(old)) as copy,
    ):
        copy.backup(now)


@pytest.mark.parametrize(
    "disguise",
    ["UPDATE identity SET shop = 'x' || substr(shop, 2)",
     "INSERT INTO epochs SELECT max(epoch) + 1, '2026-01-01T00:00:00.000Z', '', '', '{}' FROM epochs",
     f"PRAGMA user_version = {ledger_chain.SINCE - 1}", f"PRAGMA user_version = {schema.VERSION - 1}",
     "DROP TABLE links", "UPDATE links SET begins = 1 WHERE id = 4"],
)  # fmt: skip
def test_an_older_file_in_disguise(shop: Shop, disguise: str) -> None:
    """An older file is found whatever it says of its shop, its epoch or its version, and stays so when
    the program has gone on with it."""
    old = _older(shop)
    last = shop.one("SELECT max(id) FROM links")
    shop.leave()
    _put(shop, old)
    (meddle if "DROP" in disguise else restoring)(shop, disguise)
    first = found(shop)
    assert first is not None
    with suppress(StoreProblem, sqlite.DatabaseError):
        Store(shop.ctx.store.path).close()
        prices.set_price(shop.ctx, 2, 17_000)
    again = found(shop)
    assert again is not None
    assert again[2] in (CHAIN_CUT, ROW_FOREIGN, RULE_FOREIGN, LINK_BROKEN)
    if "UPDATE identity" in disguise or "PRAGMA" in disguise:
        assert first == ("links", str(last), CHAIN_CUT)


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own there")
def test_a_link_to_an_older_file(shop: Shop) -> None:
    """An older file elsewhere to which the store's name leads is found like one in its place."""
    old = _older(shop)
    last = shop.one("SELECT max(id) FROM links")
    path = shop.ctx.store.path
    shop.leave()
    path.rename(shop.folder / "aside.db")
    path.symlink_to(old)
    assert found(shop) == ("links", str(last), CHAIN_CUT)


def test_a_chain_begun_anew_is_accepted_by_somebody(shop: Shop) -> None:
    """Where the chain begins is remembered from the moment in which somebody accepts the ledgers, and
    only then another beginning counts; a slip from before it is told as such."""
    a_day(shop)
    told = reading.last(shop.ctx)
    meddle(shop, "UPDATE audit SET actor = 'tono' WHERE id = 3")
    process.run(shop.ctx.store.path, thorough=True)
    acknowledgement.accept(shop.console())
    assert telling.of_slip(shop.ctx, told).state == "attention"
    old = shop.folder / "old.db"
    with closing(sqlite.connect(shop.ctx.store.path)) as now, closing(sqlite.connect(old)) as copy:
        now.backup(copy)
    with shop.ctx.store.transaction():
        shop.ctx.store.begin_chain()
    begun = shop.one("SELECT max(id) FROM links WHERE begins = 1")
    assert found(shop) == ("links", str(begun), CHAIN_BEGUN)
    _put(shop, old)
    assert found(shop) is None
    assert telling.of_slip(shop.ctx, reading.last(shop.ctx)).well


@pytest.mark.parametrize("cut", [False, True])
def test_a_restore_is_no_attack(shop: Shop, cut: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store that a restore puts in the place of another one fits, and so does the other one if it
    stayed; an older file that comes in its place afterwards does not."""
    a_day(shop)
    backup = making.make(shop.ctx)
    prices.set_price(shop.ctx, 1, 13_000)
    assert found(shop) is None
    last = shop.one("SELECT max(id) FROM links")
    old = shop.folder / "old.db"
    with closing(sqlite.connect(shop.ctx.store.path)) as now, closing(sqlite.connect(old)) as copy:
        now.backup(copy)
    shop.leave()
    with preparing.prepared(shop.folder, shop.clock, backup.path) as ready:
        if cut:
            with monkeypatch.context() as patch:
                patch.setattr(replacing, "replace", lambda *_: os.listdir(shop.folder / "nowhere"))
                with pytest.raises(BackupUnreadable):
                    restores.restore(shop.folder, shop.clock, ready)
            assert found(shop) is None
        restores.restore(shop.folder, shop.clock, ready)
    assert found(shop) is None
    shop.leave()
    now_last = shop.one("SELECT max(id) FROM links")
    assert now_last != last
    shop.leave()
    _put(shop, old)
    assert found(shop) == ("links", str(now_last), CHAIN_CUT)


def test_another_key(shop: Shop, own_key: Path) -> None:
    """What was linked with a key that is not here is told as what nobody can vouch for, not as changed;
    accepting begins anew with what stands there, and leaves an audit row. Without any key nothing holds
    up the counter."""
    own_key.unlink()
    other = own_key.with_name("other.key")
    shop.leave()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_TUI_KEY", str(other))
        a_day(shop)
        first = found(shop)
        assert first is not None
        assert first[::2] == ("links", LINK_STRANGE)
        process.run(shop.ctx.store.path, thorough=True)
        told = telling.chain(shop.ctx)
        assert (told.state, told in telling.bad(shop.ctx)) == ("bad", True)
        assert told.facts["first"] == list(first)
        assert (
            telling.in_short(check_result.read(shop.ctx.store.path))
            == "the ledgers have another key"
        )
        assert acknowledgement.wanted(shop.ctx)
        acknowledgement.accept(shop.ctx)
        assert check_result.read(shop.ctx.store.path).foreign == 0
        with closing(sqlite.connect(shop.ctx.store.path)) as connection:
            verdict = reading.verify(connection)
        assert (verdict.first, verdict.foreign) == (None, 0)
        assert shop.one("SELECT count(*) FROM audit WHERE command = 'checks.accept'") == 1
        meddle(shop, "UPDATE audit SET actor = 'tono' WHERE id = 3")
        assert found(shop) == ("audit", "3", ROW_CHANGED)
        shop.leave()
        (own_key.parent / "file").write_text("")
        patch.setenv("CRM_TUI_KEY", str(own_key.parent / "file" / "ledger.key"))
        prices.set_price(shop.ctx, 1, 14_000)
        assert secret.key() == b""


def link_of(shop: Shop, table: str, key: int) -> int:
    """The link that holds a row of a ledger."""
    number = next(n for n, each in enumerate(linked_tables.LEDGERS) if each.table == table)
    for link in shop.rows("SELECT id, rows FROM links ORDER BY id"):
        if any(
            run.ledger == number and key in run.keys for run in ledger_chain.unpacked(link["rows"])
        ):
            return int(link["id"])
    raise LookupError(key)


@pytest.mark.parametrize("named", ["x'00112233'", "x''", "x'00'"])
def test_no_link_gets_another_name(shop: Shop, named: str) -> None:
    """A link that is said to be of another key, or of none, vouches for nothing: it is named, and told
    to whoever opens the shop."""
    a_day(shop)
    link = link_of(shop, "audit", 5)
    rows = "UPDATE audit SET actor = 'tono' WHERE id = 5"
    restoring(shop, f"UPDATE links SET key = {named} WHERE id = {link}", rows)
    assert found(shop) == ("links", str(link), LINK_STRANGE)
    prices.set_price(shop.ctx, 2, 17_000)
    process.run(shop.ctx.store.path, thorough=True)
    assert telling.chain(shop.ctx) in telling.bad(shop.ctx)
    assert found(shop) == ("links", str(link), LINK_STRANGE)


def only_what(shop: Shop, link: int) -> list[str]:
    """Takes away all rows of the ledgers that one link does not hold."""
    kept: dict[int, list[int]] = {}
    for run in ledger_chain.unpacked(shop.one("SELECT rows FROM links WHERE id = ?", link)):
        kept.setdefault(run.ledger, []).extend(run.keys)
    return [
        f"DELETE FROM {ledger.table} WHERE {ledger.key.format(ledger.table)} NOT IN"
        f" ({', '.join(map(str, kept.get(number, [-1])))})"
        for number, ledger in enumerate(linked_tables.LEDGERS)
    ]


@pytest.mark.parametrize(
    "behind", ["", "DELETE FROM links WHERE id > {link}", "DELETE FROM links WHERE id < {link}"]
)
@pytest.mark.parametrize("older", daily([False, True]))
def test_nobody_lets_the_chain_begin_later(shop: Shop, behind: str, older: bool) -> None:
    """Where the chain begins stands in all links behind it, and is remembered beside the key: nothing
    that went before is forgotten, whether a program of today or an older one wrote it."""
    a_day(shop)
    link = shop.one("SELECT max(id) FROM links")
    if older:
        made_before(shop)
        shop.leave()
        Store(shop.ctx.store.path).close()
        assert shop.one("SELECT max(id) FROM links") == link + 1
    assert found(shop) is None
    gone = only_what(shop, link)
    restoring(
        shop,
        f"UPDATE links SET begins = 1 WHERE id = {link}",
        *gone,
        behind.format(link=link) or "SELECT 1",
    )
    first = found(shop)
    assert first is not None
    assert first[0] == "links"
    assert first[2] in (LINK_BROKEN, CHAIN_CUT)
    process.run(shop.ctx.store.path, thorough=True)
    assert telling.chain(shop.ctx).state == "bad"


def made_before(shop: Shop) -> None:
    """The store becomes as a program left it whose links did not hold where the chain begins."""
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        links = connection.execute("SELECT id, rows FROM links ORDER BY id").fetchall()
        rule = "SELECT sql FROM sqlite_schema WHERE name = 'links_no_update'"
        (refused,) = connection.execute(rule).fetchone()
        connection.execute("DROP TRIGGER links_no_update")
        last, key = b"", secret.key()
        for number, rows in links:
            last = ledger_chain.link_sum_before(last, rows, key)
            connection.execute("UPDATE links SET sum = ? WHERE id = ?", (last, number))
        connection.execute(refused)
        connection.execute("DROP INDEX links_begun")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'v033_begun'")
        connection.execute("PRAGMA user_version = 32")


def test_slips_name_the_last_link(shop: Shop) -> None:
    """The slip of a drawer that was closed names the last link, which is known again for good; another
    sum is not."""
    _sell(shop, 1, 2)
    now = drawer.current(shop.ctx)
    assert now is not None
    drawer.close(shop.ctx, {"cash": now.expected["cash"] - 500}, now)
    told = reading.last(shop.ctx)
    text = closing_paper.text(shop.ctx, now.id)
    assert told in text.split()
    assert "-Rp500" in text
    assert all(len(line) <= 48 for line in text.splitlines())
    assert telling.of_slip(shop.ctx, told).well
    assert not telling.of_slip(shop.ctx, "7-0000-0000").well
    prices.set_price(shop.ctx, 1, 13_000)
    assert reading.knows(shop.ctx, told)
    assert not reading.knows(shop.ctx, told[:-1] + ("0" if told[-1] != "0" else "1"))
    assert not reading.knows(shop.ctx, "x")


def test_links_are_packed(shop: Shop) -> None:
    """What is packed is unpacked as it was, by ledger; what is cut off or made up is refused."""
    pack: Callable[..., bytes] = ledger_chain._ROW.pack
    pending = [
        pack(1, 0, 5, b"a" * 8), pack(0, 0, 9, b"b" * 8), pack(1, 0, 6, b"c" * 8),
        pack(1, 0, 8, b"d" * 8), pack(1, 1, 5, b"e" * 8), pack(1, 1, 5, b"f" * 8),
        pack(2, 2, 7, bytes(8)), pack(2, 2, 6, bytes(8)), pack(2, 2, 9, bytes(8)),
    ]  # fmt: skip
    rows = ledger_chain.packed(pending)
    runs = [(run.ledger, run.done, list(run.keys), run.sums) for run in ledger_chain.unpacked(rows)]
    assert runs == [
        (0, 0, [9], b"b" * 8),
        (1, 0, [5, 6], b"a" * 8 + b"c" * 8), (1, 0, [8], b"d" * 8),
        (1, 1, [5], b"e" * 8), (1, 1, [5], b"f" * 8),
        (2, 2, [7], b""), (2, 2, [6, 9], b""),
    ]  # fmt: skip
    for bad in (rows[:-3], rows + b"x" * 30):
        with pytest.raises(ValueError, match="run"):
            list(ledger_chain.unpacked(bad))


def test_every_ledger_is_linked(shop: Shop) -> None:
    """Each table that is only added to, but the feed of changes, the links and papers, is in the chain
    with all columns that it has; each of the chain refuses to be changed or to lose rows."""
    refused = {
        row["tbl_name"]
        for row in shop.rows("SELECT tbl_name FROM sqlite_schema WHERE name LIKE '%_no_update'")
    }
    linked = {ledger.table for ledger in linked_tables.LEDGERS}
    assert refused - {"changes", "links"} - set(UNLINKED) <= linked, (
        "name a new ledger at the end of LEDGERS in linked_tables.py"
    )
    assert linked <= refused
    assert schema.VERSION >= ledger_chain.SINCE
    for ledger in linked_tables.LEDGERS:
        columns = {row["name"] for row in shop.rows(f"PRAGMA table_info({ledger.table})")}
        assert {name.lstrip("~") for name in ledger.columns.split()} == columns, (
            f"{ledger.table}: a ledger's columns never grow; a new one gets a ledger of its own"
        )


UNLINKED = {
    "former_logins": "a name stands in each row of the audit that its user left",
    "reward_periods": "each entry of a period is linked",
    "stock_documents": "each of its moves is linked",
    "transfer_ends": "the head office says it, and would say it again",
    "transfers_lost": "the head office says it, and would say it again",
}
"""Tables that refuse to be changed without being in the chain, and why they are not."""
NO_LEDGERS = {
    "identity": "which store this is: written once, by the migration; the chain knows it",
    "backup_keys": "keys of people, not what happened",
    "quotes": "the last price that a customer was told, written anew each time",
}
"""Tables that no statement of the program changes or clears by name, and why they are no ledgers."""


def test_what_is_only_added_to_says_so(shop: Shop) -> None:
    """A table that no statement of the program changes or clears is a ledger, and refuses both."""
    tables = {
        row["name"] for row in shop.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    rules = {
        row["name"] for row in shop.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    }
    package = Path(crm_tui.__file__).parent
    source = "".join(
        path.read_text("utf-8") for path in package.rglob("*.py") if path.parent.name != "schema"
    )
    # A statement may go on in the next literal.
    words = re.sub(r"""["']\s+f?["']""", "", source)
    changed = set(re.findall(r"(?:UPDATE(?: OR \w+)?|DELETE FROM|REPLACE INTO) (\w+)", words))
    changed |= set(re.findall(r"INSERT INTO (\w+)[^;\"]*? ON CONFLICT[^;\"]*? DO UPDATE", words))
    triggers = " ".join(str(row["sql"]) for row in shop.rows(
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger'"))  # fmt: skip
    changed |= set(re.findall(r"(?:UPDATE(?: OR \w+)?|DELETE FROM|REPLACE INTO) (\w+)", triggers))
    open_ones = {
        each for each in tables - changed
        if not each.startswith(("sqlite_", "_"))
        and not {f"{each}_no_update", f"{each}_no_delete"} <= rules
    }  # fmt: skip
    assert open_ones == set(NO_LEDGERS), "give it triggers, as crm_tui/schema/v039_papers.py does"


def test_papers_lose_names_alone(shop: Shop) -> None:
    """What is written once is neither changed nor taken away; of papers a name may go, nothing else."""
    stock.receive(shop.ctx, [stock.Goods(1, 2)], "PT Sumber")
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO former_logins SELECT 'lama', id FROM users LIMIT 1")
        db.execute(
            "INSERT INTO reward_periods (name, last_day, at, actor) VALUES ('x', 'x', 'x', 'x')"
        )
        db.execute("INSERT INTO transfer_ends VALUES (1, 1, '', '', 'Ani', '')")
        db.execute("INSERT INTO transfers_lost VALUES (1, 1, '', 'Ani')")
    free = {"stock_documents": "partner", "transfer_ends": "note", "transfers_lost": "note"}
    for table in ("epochs", *UNLINKED):
        columns = [row["name"] for row in shop.rows(f"PRAGMA table_info({table})")]
        assert shop.one(f"SELECT count(*) FROM {table}"), table
        tries = [f"DELETE FROM {table}", *(f"UPDATE {table} SET {each} = 77" for each in columns)]
        for statement in tries:
            with pytest.raises(sqlite.DatabaseError, match="only added to"):
                shop.ctx.db.execute(statement)
        if table in free:
            shop.ctx.db.execute(f"UPDATE {table} SET {free[table]} = '…'")
            shop.ctx.db.execute(f"UPDATE {table} SET {free[table]} = ''")


CALLS = "crm_note(0, 0, id, " + linked_tables.LEDGERS[0].content("audit") + ")"
"""Has the program sign a row of the audit."""


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TRIGGER ship_aaa AFTER INSERT ON sales BEGIN INSERT INTO ship SELECT 'a', 'b', 1, 0"
        f" FROM audit WHERE actor = 'tono' AND {CALLS} IS NOT NULL; END",
        "CREATE VIEW seen AS SELECT 1 AS one FROM audit WHERE actor = 'tono' AND"
        f" {CALLS} IS NOT NULL; CREATE TRIGGER ship_aaa AFTER INSERT ON sales BEGIN"
        " INSERT INTO ship SELECT 'a', 'b', 1, 0 FROM seen; END",
        "CREATE TABLE mine (a TEXT DEFAULT (crm_note(0, 0, 1, 'x')), b); CREATE TRIGGER ship_aaa"
        " AFTER INSERT ON sales BEGIN INSERT INTO mine (b) VALUES (1); END",
        "CREATE TABLE mine (a TEXT CHECK (crm_note(0, 0, 1, 'x') IS NULL)); CREATE TRIGGER ship_aaa"
        " AFTER INSERT ON sales BEGIN INSERT INTO mine VALUES (1); END",
        "CREATE TABLE mine (a TEXT); CREATE TRIGGER ship_aaa AFTER INSERT ON sales BEGIN"
        " INSERT INTO mine SELECT crm_link(x'00', 0); END",
    ],
)  # fmt: skip
def test_nothing_within_the_file_signs(shop: Shop, planted: str) -> None:
    """What somebody plants in the file – trigger, view, default, check – does not reach the program's
    own functions: it signs no row that was forged."""
    a_day(shop)
    restoring(
        shop, "INSERT INTO audit (at, actor, command, subject) VALUES ('2026-01-01T00:00:00.000Z',"
        " 'tono', 'items.set_price', 'item 1')",
    )  # fmt: skip
    first = found(shop)
    assert first is not None
    assert first[::2] == ("audit", ROW_FOREIGN)
    gone = "DROP TRIGGER ship_aaa; DROP VIEW IF EXISTS seen; DROP TABLE IF EXISTS mine"
    with closing(sqlite.connect(shop.ctx.store.path)) as connection:
        # Who plants has functions of these names, too.
        connection.create_function("crm_note", 4, lambda *_: None)
        connection.execute("PRAGMA trusted_schema=on")
        connection.executescript(planted)
        # Even if it were not taken away before.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(triggers, "taken_away", lambda db, gone: {})
            with pytest.raises(sqlite.DatabaseError, match="unsafe use of"):
                _sell(shop, 1)
        connection.executescript(gone)
    _sell(shop, 1)
    assert found(shop) == first


_GIFT = "UPDATE users SET role_id = 1"
PLANTED = (
    # What is linked like the program's own rows, in its own transactions.
    f"CREATE TRIGGER aaa AFTER INSERT ON sales BEGIN {_GIFT}; END",
    "CREATE TRIGGER ship_sales_gift AFTER INSERT ON sales BEGIN"
    " UPDATE point_lots SET rest = 999; END",
    # What looks as if it noted for the head office, and notes something else besides.
    f"CREATE TRIGGER ship_x AFTER INSERT ON sales BEGIN INSERT INTO ship SELECT 'a', 'b', 1, 0;"
    f" {_GIFT}; END",
    f"CREATE TRIGGER ship_x AFTER INSERT ON sales BEGIN {_GIFT}"
    " /* BEGIN INSERT INTO ship SELECT 1 */;INSERT INTO ship SELECT 'a','b',1,0 WHERE 0; END",
    f"CREATE TRIGGER ship_x AFTER INSERT ON sales WHEN ' BEGIN INSERT INTO ship SELECT ' > ''"
    f" BEGIN {_GIFT} WHERE 'INSERT INTO ship SELECT ' > '';"
    "INSERT INTO ship SELECT 'a','b',1,0 WHERE 0; END",
    "CREATE TRIGGER ship_x AFTER INSERT ON sales BEGIN INSERT INTO ship SELECT raise(ignore); END",
    'CREATE TRIGGER "ship_"" x" AFTER INSERT ON sales BEGIN'
    " INSERT INTO ship SELECT 1, 1, 1, 1 WHERE 0; END",
    "CREATE VIEW mine AS SELECT 1",
    # Nobody could sell a third time.
    "CREATE UNIQUE INDEX once ON sales (kind, total, id / 3)",
)


@pytest.mark.parametrize("branch", daily([False, True]))
@pytest.mark.parametrize("planted", daily(PLANTED, 3))
def test_no_trigger_is_planted(shop: Shop, planted: str, branch: bool) -> None:
    """A trigger, view or index that is not the program's is found, in a shop by itself and in a branch;
    the next that the program writes takes it away before it does anything, and the audit says what it
    was, which is told until that is accepted."""
    clerk = staff(shop, "Staf Konter", "sari")
    if branch:
        with shop.ctx.store.transaction() as db:
            db.execute("INSERT INTO chain (id, branch, name, office, enrolled_at)"
                       " VALUES (1, 2, 'Ilir', 'x', '')")  # fmt: skip
            for sql in ship_triggers.wanted().values():
                db.execute(sql)
        assert found(shop) is None
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        connection.execute(planted)
        (name,) = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type <> 'table' ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
    rule = RULE_INDEX if "INDEX" in planted else RULE_FOREIGN
    assert found(shop) == ("sqlite_schema", name, rule)
    _sell(shop, 1)
    role = "SELECT role_id FROM users WHERE id = ?"
    assert shop.one(role, clerk.id) != 1
    assert found(shop) == ("sqlite_schema", name, RULE_PLANTED)
    told = shop.rows("SELECT * FROM audit WHERE command = 'checks.planted'")
    assert [json.loads(row["before"])["planted"] for row in told] == [name]
    assert shop.rows("SELECT name FROM sqlite_schema WHERE name = ?", name) == []
    process.run(shop.ctx.store.path, thorough=True)
    assert telling.chain(shop.ctx).state == "bad"
    assert acknowledgement.wanted(shop.ctx)
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET role_id = 2 WHERE id = ?", (clerk.id,))
    acknowledgement.accept(shop.console())
    assert found(shop) is None
    assert shop.one("SELECT count(*) FROM sqlite_schema WHERE name = ?", name) == 0
    _sell(shop, 1)
    assert shop.one(role, clerk.id) == 2
    noting = shop.one(
        "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'ship_*' AND type = 'trigger'"
    )
    assert noting == (len(ship_triggers.wanted()) if branch else 0)


@pytest.mark.parametrize("kind", ["TRIGGER", "Trigger", "TABLE"])
def test_no_kind_in_capitals_hides(shop: Shop, kind: str) -> None:
    """SQLite takes the kind of what stands in its schema in capitals, too: a trigger that is planted so
    is taken away for good before it does anything, and the rows of a ledger that is called so are
    linked."""
    clerk = staff(shop, "Staf Konter", "sari")
    name = "sales" if kind == "TABLE" else "aaa"
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        connection.execute("PRAGMA writable_schema=on")
        if kind == "TABLE":
            connection.execute("UPDATE sqlite_schema SET type = ? WHERE name = 'sales'", (kind,))
        else:
            connection.execute("INSERT INTO sqlite_schema VALUES (?, 'aaa', 'sales', 0, ?)",
                               (kind, PLANTED[0]))  # fmt: skip
    shop.leave()
    assert found(shop) == ("sqlite_schema", name, RULE_FOREIGN)
    _sell(shop, 1)
    assert shop.one("SELECT role_id FROM users WHERE id = ?", clerk.id) != 1
    assert found(shop) == ("sqlite_schema", name, RULE_PLANTED)
    with closing(sqlite.connect(shop.ctx.store.path)) as connection:
        kinds = connection.execute("SELECT type FROM sqlite_schema WHERE name = ?", (name,))
        assert kinds.fetchall() == ([("table",)] if kind == "TABLE" else [])
    acknowledgement.accept(shop.console())
    _sell(shop, 1)
    assert found(shop) is None


def _plant(shop: Shop, connection: sqlite.Connection, by: str) -> None:
    """Plant a trigger so that it is not looked for, where the program looks into the file for that."""
    schemas, own = (connection.execute(f"PRAGMA {each}_version").fetchone()[0]
                    for each in ("schema", "user"))  # fmt: skip
    connection.execute(PLANTED[0])
    if by == "an open counter that has read":
        shop.rows("SELECT id FROM items")
        connection.execute(f"PRAGMA schema_version={schemas}")
    elif by.startswith("an older store"):
        connection.execute(f"PRAGMA user_version={own - 1}")


@pytest.mark.parametrize(
    "by",
    ["another program", "an open counter", "one that starts", "an open counter that has read",
     "an older store at an open counter", "an older store for one that starts"],
)  # fmt: skip
def test_what_is_planted_and_taken_away_does_nothing(shop: Shop, by: str) -> None:
    """Whoever plants a trigger between two checks, lets the program write with it, and takes it away
    again, has had nothing written, whichever connection it was that wrote, and whatever versions they
    had the file say."""
    clerk = staff(shop, "Staf Konter", "sari")
    _sell(shop, 1)
    assert found(shop) is None
    with closing(sqlite.connect(shop.ctx.store.path, isolation_level=None)) as connection:
        _plant(shop, connection, by)
        if by == "another program":
            prices.set_price(shop.console(), 1, 12_000)
        elif "one that starts" in by:
            shop.leave()
            shop.ctx.store = Store(shop.ctx.store.path)
        _sell(shop, 2)
        connection.execute("DROP TRIGGER IF EXISTS aaa")
    assert shop.one("SELECT role_id FROM users WHERE id = ?", clerk.id) != 1
    assert found(shop) == ("sqlite_schema", "aaa", RULE_PLANTED)
    assert shop.one("PRAGMA user_version") == schema.VERSION


def test_nothing_is_written_into_a_newer_store(shop: Shop) -> None:
    """Where a newer program brought the store up to date, or somebody has it say so, an open counter
    writes nothing any more: which rules are its own, it does not know."""
    _sell(shop, 1)
    with closing(sqlite.connect(shop.ctx.store.path, isolation_level=None)) as connection:
        connection.execute(PLANTED[0])
        connection.execute(f"PRAGMA user_version={schema.VERSION + 1}")
        with pytest.raises(StoreNewer):
            _sell(shop, 2)
        assert shop.one("SELECT count(*) FROM sales") == 1
        connection.execute(f"PRAGMA user_version={schema.VERSION}")
    _sell(shop, 2)
    assert found(shop) == ("sqlite_schema", "aaa", RULE_PLANTED)


def test_what_rows_are_in_the_way_of_keeps_no_other_rule_away(shop: Shop) -> None:
    """An index that cannot be made again is told once, and all the others and the triggers are made."""
    rules = "SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
    _sell(shop, 1)
    before = {row["name"] for row in shop.rows(rules)}
    with closing(sqlite.connect(shop.ctx.store.path, isolation_level=None)) as connection:
        connection.execute("DROP INDEX drawers_open")
        for name in ("sales_no_update", "users_no_same_id"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        columns = ", ".join(
            row[1] for row in connection.execute("PRAGMA table_info(drawers)") if row[1] != "id"
        )
        for _ in range(2):
            connection.execute(
                f"INSERT INTO drawers ({columns}) SELECT {columns} FROM drawers LIMIT 1"
            )
        for number in range(2, 5):
            _sell(shop, number)
            connection.execute("UPDATE items SET recount = 1 - recount WHERE id = 2")
    assert {row["name"] for row in shop.rows(rules)} == before - {"drawers_open"}
    told = shop.rows("SELECT * FROM audit WHERE command = 'checks.planted'")
    names = [json.loads(row["before"])["planted"] for row in told]
    assert sorted(names) == sorted({*names})
    assert "drawers_open" in names


def test_what_was_planted_is_not_forgotten_with_a_command_that_fails(shop: Shop) -> None:
    """A command that comes to nothing takes nothing with it of what is known."""
    with closing(sqlite.connect(shop.ctx.store.path)) as connection:
        connection.execute("CREATE VIEW mine AS SELECT 1")
    with suppress(RuntimeError), part(shop.ctx, "test"):
        raise RuntimeError
    _sell(shop, 1)
    assert found(shop) == ("sqlite_schema", "mine", RULE_PLANTED)
    assert shop.one("SELECT count(*) FROM audit WHERE command = 'checks.planted'") == 1


def _planted_over(shop: Shop) -> dict[str, Callable[[], object]]:
    """What somebody who can write into the shop's folder does to what a check has found."""
    kept = check_result.path_of(shop.ctx.store.path)
    clean = kept.read_bytes()
    store = shop.ctx.store.path

    def swapped() -> None:
        shop.leave()
        shutil.copy2(store, store.with_name("other"))
        os.replace(store.with_name("other"), store)

    def in_the_way() -> None:
        kept.unlink()
        kept.mkdir()

    return {
        "an older one": lambda: kept.write_bytes(clean),
        "none": kept.unlink,
        "a folder": in_the_way,
        "another one": lambda: kept.write_text(kept.read_text().replace("audit", "sales")),
        "no words": lambda: kept.write_bytes(b"\xff{"),
        "another file": swapped,
    }


@pytest.mark.parametrize(
    "how", daily(["an older one", "a folder", "none", "another one", "no words", "another file"], 2)
)
def test_no_planted_finding_hides_what_was_found(shop: Shop, how: str) -> None:
    """Whoever puts another finding in the place of the last check's, takes it away, or has the store
    look like one that was never checked, hides nothing: that is told at once, and the next check reads
    all anew and says so for a week."""
    path = shop.ctx.store.path
    process.run(path, thorough=True)
    assert telling.bad(shop.ctx) == []
    plant = _planted_over(shop)[how]
    restoring(shop, "UPDATE audit SET actor = 'tono' WHERE id = 3")
    process.run(path, thorough=True)
    assert telling.in_short(check_result.read(path)) == "the ledgers were changed"
    plant()
    assert [each.state for each in telling.bad(shop.ctx)] == ["bad"]
    assert telling.in_short(check_result.read(path))
    process.run(path)
    again = check_result.read(path)
    assert (again.chain[:2], bool(again.strange_at)) == (("audit", "3"), True)
    assert telling.damage(shop.ctx).state == "attention"


def test_nothing_but_a_look_at_all_ends_a_strange_check(shop: Shop) -> None:
    """Whoever takes away what a check found, and has the program itself write there before all was read
    anew – by a log that is damaged, a check that cannot be made, by accepting it –, hides nothing."""
    path = shop.ctx.store.path
    at = stamp(shop.clock.now())
    check_result.write(
        path, replace(check_result.read(path), thorough_at=at, chain=("audit", "3", ""))
    )
    check_result.path_of(path).unlink()
    check_result.write(path, replace(check_result.read_at(path, at), trouble="x"))
    assert [each.state for each in telling.bad(shop.ctx)] == ["bad"]
    assert telling.in_short(check_result.read(path)) == "a check was tampered with"
    acknowledgement.accept(shop.console())
    assert check_result.read(path).strange
    check_result.write(path, replace(check_result.read_at(path, at), thorough_at=at))
    assert not check_result.read(path).strange
    assert telling.damage(shop.ctx).state == "attention"


def test_a_shop_that_is_moved_or_made_anew_has_no_strange_check(shop: Shop) -> None:
    """What is known beside the key is of a place: a folder that is carried elsewhere is no alarm, nor
    is a shop that is made where one was before."""
    path = shop.ctx.store.path
    process.run(path, thorough=True)
    shop.leave()
    for each in sorted(path.parent.glob("crm.db*")):
        other = path.parent / "elsewhere"
        other.mkdir(exist_ok=True)
        shutil.move(each, other / each.name)
    assert not check_result.read(other / path.name).strange
    Store(path, create=True).close()
    assert not check_result.read(path).strange


def test_what_notes_for_the_office_is_no_trigger_of_a_shop(shop: Shop) -> None:
    """The very triggers of a branch are foreign where no head office waits for what they note; what a
    program made otherwise goes when the store is brought up to date."""
    name, sql = next(iter(ship_triggers.wanted().items()))
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        connection.execute(sql)
    assert found(shop) == ("sqlite_schema", name, RULE_FOREIGN)
    with closing(sqlite.connect(shop.ctx.store.path)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION - 1}")
    shop.leave()
    Store(shop.ctx.store.path).close()
    assert found(shop) is None


@pytest.mark.parametrize(
    "done",
    ["DROP TRIGGER audit_no_update", "DROP VIEW kept", "DROP INDEX orders_customer",
     "DROP VIEW kept; CREATE VIEW kept (id, kept_id) AS SELECT id, 2 FROM customers"],
)  # fmt: skip
def test_no_rule_is_taken_away(shop: Shop, done: str) -> None:
    """One of the program's own that is missing or another one is found, and made again by accepting."""
    rules = "SELECT name, sql FROM sqlite_schema WHERE type <> 'table' ORDER BY name"
    wanted = shop.rows(rules)
    with closing(sqlite.connect(shop.ctx.store.path)) as connection:
        connection.executescript(done)
    first = found(shop)
    assert first is not None
    assert first[::2] == ("sqlite_schema", RULE_INDEX if "INDEX" in done else RULE_FOREIGN)
    acknowledgement.accept(shop.console())
    assert found(shop) is None
    assert shop.rows(rules) == wanted


@pytest.mark.parametrize("what", [reading.ROW_GONE, reading.RULE_FOREIGN, reading.CHAIN_CUT])
def test_what_does_not_fit_is_told_in_the_reader_s_language(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The sentence of a check has none of its words left in English."""
    found = check_result.Checked(chain=("audit", "12", what))
    monkeypatch.setattr(check_result, "read", lambda path: found)
    told = retell(telling.chain(shop.ctx).sentence, "id")
    assert translate(what, "id") in told
    assert what not in told


def test_what_is_no_link_is_called_so(shop: Shop) -> None:
    """Only what looks like a slip's link is said to have been changed."""
    for told, said in (
        ("abc", "is no link"),
        ("12", "is no link"),
        ("7-0000-0000", "is not in the"),
    ):
        found = telling.of_slip(shop.ctx, told)
        assert not found.well
        assert said in found.sentence
