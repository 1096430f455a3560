"""A new shop: its store, its roles, its first Administrator."""

import re
from pathlib import Path

from crm_tui.clock import Clock
from crm_tui.shop.gate import access, settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import DOOR, GATEWAY, Context, console
from crm_tui.shop.gate.folder import store_path
from crm_tui.shop.users import passwords
from crm_tui.shop.users.errors import (
    BadLogin,
    LoginAlike,
    LoginReserved,
    LoginTaken,
    LoginWas,
    NameMissing,
    RoleUnknown,
    ShopExists,
)
from crm_tui.shop.users.hashing import hashed
from crm_tui.store import Store

_LOGIN = re.compile(r"[A-Za-z0-9._-]{2,30}")
"""No letters of other scripts: some look like these."""
_ALIKE = str.maketrans("I1|0", "lllo")
RESERVED = frozenset({GATEWAY.name, DOOR.name, "console", "system", "root", "crm-tui"})


def init(folder: Path, clock: Clock, *, shop: str, admin: str, password: str) -> Context:
    """Set up the shop `shop` in `folder` with the Administrator `admin`.

    Raises `ShopExists` if there is one already, or a `BadInput`; then nothing is left behind.
    """
    path = store_path(folder)
    if not shop.strip():
        raise NameMissing()
    check_login(admin)
    passwords.check(password, admin, shop)
    if path.exists():
        there = Context(Store(path), clock, console())
        name = settings.SHOP_NAME(there)
        if name:
            there.store.close()
            raise ShopExists(path=folder, name=name)
    ctx = Context(Store(path, create=True), clock, console())
    _found(ctx, shop.strip(), admin, hashed(password))
    return ctx


@command("users.found_shop", "users.edit")
def _found(ctx: Context, shop: str, admin: str, password_hash: str) -> None:
    access.ship_roles(ctx.db)
    settings.put(ctx, settings.SHOP_NAME.key, shop)
    add_hashed(ctx, admin, password_hash, "Administrator", admin)
    ctx.record("shop", None, {"name": shop})


def add_user(ctx: Context, login: str, password: str, *, role: str, name: str = "") -> int:
    """Add a user with a shipped or own role; the user's key. Raises a `BadInput`."""
    check_login(login)
    passwords.check(password, login, name, settings.SHOP_NAME(ctx))
    # The hash takes a tenth of a second: before the transaction, not within.
    return add_hashed(ctx, login, hashed(password), role, name or login)


@command("users.add", "users.edit")
def add_hashed(ctx: Context, login: str, password_hash: str, role: str, name: str) -> int:
    """Add a user whose password is hashed already; the key. Raises `LoginTaken`, `RoleUnknown`."""
    not_taken(ctx, login)
    row = ctx.db.execute(
        "INSERT INTO users (login, name, password_hash, role_id, created_at)"
        " SELECT ?, ?, ?, id, ? FROM roles WHERE name = ? RETURNING id",
        (login, name, password_hash, ctx.at, role),
    ).fetchone()
    if row is None:
        raise RoleUnknown(name=role)
    ctx.record(f"user {login}", None, {"login": login, "role": role})
    ctx.changed("users", row[0])
    return int(row[0])


def not_taken(ctx: Context, login: str, user_id: int | None = None) -> None:
    """Whether a user, or a new one, may be called so. Raises `LoginTaken`, or `LoginWas` if somebody
    else was called so before: the books know people by their names; or `LoginAlike`."""
    for query, problem in (
        ("SELECT id FROM users WHERE login = ?", LoginTaken),
        ("SELECT user_id FROM former_logins WHERE login = ?", LoginWas),
    ):
        row = ctx.db.execute(query, (login,)).fetchone()
        if row is not None and row[0] != user_id:
            raise problem(login=login)
    before = ctx.db.execute("SELECT login FROM users WHERE id = ?", (user_id,)).fetchone()
    if before is not None and _look(before[0]) == _look(login):
        # Two who were called alike before it was refused keep their names.
        return
    others = ctx.db.execute(
        "SELECT login FROM users WHERE id IS NOT ? UNION SELECT login FROM former_logins"
        " WHERE user_id IS NOT ?",
        (user_id, user_id),
    )
    if any(_look(row[0]) == _look(login) for row in others.fetchall()):
        raise LoginAlike(login=login)


def _look(login: str) -> str:
    """What a login looks like at a glance: capital I, small L and 1 are one sign, so are rn and m; dots
    and dashes are not seen."""
    seen = login.translate(_ALIKE).casefold()
    return re.sub("[._-]", "", seen).replace("rn", "m").replace("vv", "w")


def check_login(login: str) -> None:
    """Raises `BadLogin`, or `LoginReserved` for what the audit calls actors that are no users."""
    if not _LOGIN.fullmatch(login):
        raise BadLogin(login=login)
    if _look(login) in {_look(each) for each in RESERVED}:
        raise LoginReserved(login=login)
