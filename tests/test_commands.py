"""The gate: permission, audit row and change rows, for every command there is."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from crm_tui.practice import lessons
from crm_tui.shop import (
    access,
    correspondence,
    customers,
    decisions,
    import_items,
    login,
    orders,
    outbox,
    sales,
    settings,
    setup,
    state,
)
from crm_tui.shop.access import PERMISSIONS, SHIPPED_ROLES
from crm_tui.shop.commands import COMMANDS, command
from crm_tui.shop.context import DOOR, GATEWAY, Actor, Context
from crm_tui.shop.errors import NotAllowed
from tests.shop import ANI, BUDI, ITEMS, Shop, ledgers_add_up

Act = Callable[[Context], Any]


def _order(shop: Shop) -> int:
    """A waiting order of a prospect."""
    shop.ask(ANI, "PESAN PQ-R 2")
    number = int(shop.one("SELECT max(id) FROM orders"))
    shop.ask(ANI, "Pak, ada yang murah?")
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE messages SET status = 'failed' WHERE kind = 'answer'")
    return number


def acts(shop: Shop) -> dict[str, Act]:
    """How each command is called so that it succeeds."""
    rows = import_items.read_file(ITEMS)
    number = int(shop.one("SELECT coalesce(max(id), 0) FROM orders"))
    letter = int(shop.one("SELECT coalesce(max(id), 0) FROM messages WHERE status = 'staff'"))
    stuck = int(shop.one("SELECT coalesce(max(id), 0) FROM messages WHERE status = 'failed'"))
    return {
        "orders.place": lambda ctx: orders.place(ctx, 1, ANI, {6: 1}),
        "orders.confirm": lambda ctx: decisions.confirm(ctx, number),
        "orders.reject": lambda ctx: decisions.reject(ctx, number, "habis"),
        "orders.cancel": lambda ctx: orders.cancel(ctx, number),
        "orders.amend": lambda ctx: orders.amend(ctx, number, {6: 1}),
        "orders.change": lambda ctx: decisions.change(ctx, number, {6: 1}),
        "orders.expire": lambda ctx: orders.expire(ctx, number),
        "orders.later": lambda ctx: decisions.later(ctx, number),
        "orders.call_off": lambda ctx: decisions.call_off(ctx, number),
        "orders.take_back": lambda ctx: decisions.take_back(ctx, number),
        "orders.place_for": lambda ctx: decisions.place_for(ctx, letter, {6: 1}),
        "messages.reply": lambda ctx: correspondence.reply(ctx, letter, "Baik"),
        "messages.settle": lambda ctx: correspondence.settle(ctx, letter),
        "messages.resend": lambda ctx: correspondence.resend(ctx, stuck),
        "messages.give_up": lambda ctx: correspondence.give_up(ctx, stuck),
        "users.leave": login.leave,
        "users.pin": lambda ctx: login.set_pin(ctx, "1234"),
        "users.enter": lambda ctx: login._enter(ctx, 1, True),
        "users.refuse": lambda ctx: login._wrong(ctx, 1),
        "shop.mark_practice": state.mark_practice,
        "practice.begin": lessons.begin,
        "orders.collect": lambda ctx: sales.collect(ctx, number),
        "messages.send": lambda ctx: outbox.send(ctx, ANI, "Halo"),
        "customers.prospect": lambda ctx: customers.prospect(ctx, BUDI),
        "customers.register": lambda ctx: customers.register(ctx, 1, "Ani", ""),
        "customers.consent": lambda ctx: customers.consent(ctx, 1, "yes", "uji"),
        "settings.change": lambda ctx: settings.change(ctx, "language", "en"),
        "settings.reset": lambda ctx: settings.reset(ctx, "language"),
        "items.import": lambda ctx: import_items.apply(ctx, rows, "uji"),
        "users.add": lambda ctx: setup.add_user(ctx, "ujang", "rahasia12", role="Staf Konter"),
        "gateway.trust_clock": state.trust_clock,
        "shop.found": lambda ctx: setup._found(ctx, "Lain", "lain", "hash"),
    }


def session(shop: Shop, permissions: set[str]) -> Context:
    """A user's open session with just these permissions."""
    with shop.ctx.store.transaction() as db:
        role = db.execute("INSERT INTO roles (name) VALUES ('Uji') RETURNING id").fetchone()[0]
        for permission in permissions:
            db.execute("INSERT INTO role_permissions VALUES (?, ?)", (role, permission))
        user = db.execute(
            "INSERT INTO users (login, name, password_hash, role_id, created_at)"
            " VALUES ('uji', 'uji', 'x', ?, '') RETURNING id", (role,),
        ).fetchone()[0]  # fmt: skip
    return Context(shop.ctx.store, shop.clock, Actor("user", "uji", user))


def test_every_command_is_tried(shop: Shop) -> None:
    """No command escapes the tests below, and each asks for a permission that there is."""
    assert set(acts(shop)) == {name for name in COMMANDS if not name.startswith("test.")}
    assert set(COMMANDS.values()) <= {*PERMISSIONS, access.OWN, access.ENTER}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_permission_audit_and_changes(shop: Shop, name: str) -> None:
    """Without the permission nothing happens; with it there is an audit row and a change row."""
    _order(shop)
    if name == "orders.expire":
        shop.clock.wait(25 * 3600)
    if name == "orders.take_back":
        decisions.confirm(shop.ctx, 1, hold=5)
    if name == "shop.found":
        with shop.ctx.store.transaction() as db:
            db.execute("DELETE FROM role_permissions")
            db.execute("DELETE FROM users")
            db.execute("DELETE FROM roles")
    act = acts(shop)[name]
    permission = COMMANDS[name]
    ctx = session(shop, set(PERMISSIONS) - {permission})
    allowed = ctx.acting(DOOR) if permission == access.ENTER else ctx
    with shop.ctx.store.transaction() as db:
        db.execute("UPDATE users SET active = ? WHERE login = 'uji'", (permission != access.OWN,))
    before = shop.rows("SELECT * FROM audit"), shop.one("SELECT max(seq) FROM changes")
    with pytest.raises(NotAllowed):
        act(ctx)
    assert (shop.rows("SELECT * FROM audit"), shop.one("SELECT max(seq) FROM changes")) == before
    with shop.ctx.store.transaction() as db:
        role = db.execute("SELECT role_id FROM users WHERE login = 'uji'").fetchone()[0]
        db.execute("INSERT INTO role_permissions VALUES (?, ?)", (role, permission))
        db.execute("UPDATE users SET active = 1 WHERE login = 'uji'")
    act(allowed)
    rows = shop.rows("SELECT * FROM audit WHERE command = ?", name)
    assert rows[-1]["actor"] == allowed.actor.name
    assert rows[-1]["user_id"] == allowed.actor.user_id
    assert rows[-1]["subject"]
    if name not in ("shop.found", "items.import"):
        assert shop.one("SELECT max(seq) FROM changes") > before[1]
    ledgers_add_up(shop.ctx)


def test_demoted_in_the_middle(shop: Shop) -> None:
    """A session that is still open loses a permission the moment its role does."""
    number = _order(shop)
    ctx = session(shop, {"orders.confirm"})
    decisions.change(ctx, number, {6: 1})
    with shop.ctx.store.transaction() as db:
        db.execute("DELETE FROM role_permissions WHERE role_id = (SELECT max(id) FROM roles)")
    with pytest.raises(NotAllowed):
        decisions.confirm(ctx, number)
    with shop.ctx.store.transaction() as db:
        db.execute("INSERT INTO role_permissions SELECT max(id), 'orders.confirm' FROM roles")
        db.execute("UPDATE users SET active = 0 WHERE login = 'uji'")
    with pytest.raises(NotAllowed):
        decisions.confirm(ctx, number)


def test_journal_is_the_workers(shop: Shop) -> None:
    """What only the worker may write, nobody else writes."""
    with pytest.raises(NotAllowed):
        state.write(shop.ctx, "x", "y", "ready")


def test_no_audit_no_commit(shop: Shop) -> None:
    """A command that leaves no audit row fails and changes nothing."""

    @command("test.silent", "reports.view")
    def silent(ctx: Context) -> None:
        ctx.db.execute("UPDATE items SET price = 1")

    with pytest.raises(AssertionError):
        silent(shop.ctx)
    del COMMANDS["test.silent"]
    assert shop.one("SELECT max(price) FROM items") > 1


def test_ledgers_only_grow(shop: Shop) -> None:
    """Ledgers cannot be rewritten, not even by SQL."""
    sales.collect(shop.ctx, _order(shop))
    for table in ("audit", "stock_moves", "changes", "price_changes", "sales", "sale_lines"):
        column = shop.one(f"SELECT name FROM pragma_table_info('{table}') LIMIT 1")
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                shop.ctx.db.execute(statement)


def test_the_gateway_may_not_do_everything(shop: Shop) -> None:
    """The worker has its own few permissions."""
    with pytest.raises(NotAllowed):
        settings.change(shop.ctx.acting(GATEWAY), "language", "en")


def test_shipped_roles() -> None:
    """Shipped roles hold permissions that there are; the Administrator holds all."""
    for permissions in SHIPPED_ROLES.values():
        assert permissions <= set(PERMISSIONS)
    assert SHIPPED_ROLES["Administrator"] == set(PERMISSIONS)
