"""Users: added, changed, put out, let in again; passwords and what becomes of forgotten ones.

The hash of a password takes a tenth of a second on purpose; none of it runs within a transaction.
"""

from datetime import timedelta

from crm_tui import sqlite
from crm_tui.clock import stamp
from crm_tui.shop.gate import access, settings, undo
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import NotAllowed, PersonNameMissing
from crm_tui.shop.users import login, passwords, setup
from crm_tui.shop.users.errors import (
    NoManager,
    NotYourself,
    RoleUnknown,
    SamePassword,
    SecretMissing,
    UserUnknown,
    WrongLogin,
    WrongOldPassword,
)
from crm_tui.shop.users.hashing import NOBODY, hashed

MOST_NAME = 60
RECOVERY_TOLD = timedelta(days=7)
"""So long each login tells that the console gave somebody a new password."""


def add(ctx: Context, login: str, name: str, role: str, password: str) -> int:
    """Add a user, who changes the password at the first login; the key. Raises a `BadInput`."""
    setup.check_login(login)
    _check_name(name)
    passwords.check(password, login, name, settings.SHOP_NAME(ctx))
    return _add(ctx, login, name, role, hashed(password))


@command("users.add_one", "users.edit")
def _add(ctx: Context, login: str, name: str, role: str, password_hash: str) -> int:
    user_id = setup.add_hashed(ctx, login, password_hash, role, name)
    ctx.db.execute("UPDATE users SET must_change = 1 WHERE id = ?", (user_id,))
    ctx.record(f"user {login}", None, {"must change the password": True})
    return user_id


def _row(ctx: Context, user_id: int) -> sqlite.Row:
    row: sqlite.Row | None = ctx.db.execute(
        "SELECT users.*, roles.name AS role FROM users JOIN roles ON roles.id = role_id"
        " WHERE users.id = ?",
        (user_id,),
    ).fetchone()
    if row is None:
        raise UserUnknown(login=user_id)
    return row


@command("users.edit", "users.edit")
def edit(ctx: Context, user_id: int, login: str, name: str, role: str) -> None:
    """Change name, login and role. Raises a `BadInput`, or `LastManager`."""
    setup.check_login(login)
    _check_name(name)
    before = _row(ctx, user_id)
    setup.not_taken(ctx, login, user_id)
    role_id = ctx.db.execute("SELECT id FROM roles WHERE name = ?", (role,)).fetchone()
    if role_id is None:
        raise RoleUnknown(name=role)
    ctx.db.execute(
        # Another role ends the user's session.
        "UPDATE users SET session = session + (role_id <> :role), login = :login, name = :name,"
        " role_id = :role WHERE id = :id",
        {"login": login, "name": name.strip(), "role": role_id[0], "id": user_id},
    )
    access.somebody_manages(ctx)
    ctx.record(
        f"user {login}",
        {"login": before["login"], "name": before["name"], "role": before["role"]},
        {"login": login, "name": name.strip(), "role": role},
    )
    ctx.changed("users", user_id)


def _check_name(name: str) -> None:
    if not 1 <= len(name.strip()) <= MOST_NAME:
        raise PersonNameMissing(most=MOST_NAME)


@command("users.remove", "users.edit")
def remove(ctx: Context, user_id: int) -> str:
    """Delete a user without history, put out one who has some: "deleted" or "deactivated"."""
    if user_id == ctx.actor.user_id:
        raise NotYourself()
    row = _row(ctx, user_id)
    used = ctx.db.execute("SELECT 1 FROM audit WHERE user_id = ? LIMIT 1", (user_id,)).fetchone()
    if used is None:
        # The hashes go with the user: who comes back gets a new password, and no session comes back.
        instead = {
            "password_hash": NOBODY, "pin_hash": None, "must_change": 1,
            "session": row["session"] + 1,
        }  # fmt: skip
        undo.keep(ctx, "users", row["login"], "users", user_id, instead=instead)
        ctx.db.execute("DELETE FROM users WHERE id = ?", (user_id,))
    else:
        ctx.db.execute(
            "UPDATE users SET active = 0, pin_hash = NULL, session = session + 1 WHERE id = ?",
            (user_id,),
        )
    access.somebody_manages(ctx)
    done = "deleted" if used is None else "deactivated"
    ctx.record(f"user {row['login']}", {"active": bool(row["active"])}, {"user": done})
    ctx.changed("users", user_id)
    return done


@command("users.activate", "users.edit")
def activate(ctx: Context, user_id: int) -> None:
    """Let a user who was put out in again."""
    row = _row(ctx, user_id)
    ctx.db.execute("UPDATE users SET active = 1 WHERE id = ?", (user_id,))
    ctx.record(f"user {row['login']}", {"active": bool(row["active"])}, {"active": True})
    ctx.changed("users", user_id)


@command("users.unlock", "users.edit")
def unlock(ctx: Context, user_id: int) -> None:
    """Let a user try again after too many wrong tries."""
    row = _row(ctx, user_id)
    login.forget_tries(ctx, user_id)
    ctx.record(f"user {row['login']}", {"wrong tries": row["wrong_tries"]}, {"wrong tries": 0})
    ctx.changed("users", user_id)


def reset_password(ctx: Context, user_id: int, password: str) -> None:
    """Choose a password for a user who forgot theirs; the user changes it at the next login, and
    chooses a PIN anew. Raises a `BadInput`."""
    row = _row(ctx, user_id)
    passwords.check(password, row["login"], row["name"], settings.SHOP_NAME(ctx))
    _reset(ctx, user_id, hashed(password))


@command("users.reset_password", "users.edit")
def _reset(ctx: Context, user_id: int, password_hash: str) -> None:
    row = _row(ctx, user_id)
    ctx.db.execute(
        "UPDATE users SET password_hash = ?, must_change = 1, pin_hash = NULL, signed_in_at = NULL,"
        " session = session + 1 WHERE id = ?",
        (password_hash, user_id),
    )
    login.forget_tries(ctx, user_id)
    ctx.record(f"user {row['login']}", None, {"password": "reset", "PIN": "none"})
    ctx.changed("users", user_id)


def recover(ctx: Context, login: str, password: str) -> None:
    """Give somebody who manages users a new password, from the console: nobody else can any more. It is
    told at every login for a week. Raises `NotAllowed`, `UserUnknown`, `NoManager` or a `BadInput`."""
    if ctx.actor.kind != "console":
        raise NotAllowed(who=ctx.actor.name, permission="console")
    row = ctx.db.execute(
        "SELECT id, EXISTS (SELECT 1 FROM role_permissions WHERE role_id = users.role_id"
        " AND permission = 'users.edit'), name FROM users WHERE login = ?",
        (login,),
    ).fetchone()
    if row is None:
        raise UserUnknown(login=login)
    if not row[1]:
        raise NoManager(login=login)
    passwords.check(password, login, row[2], settings.SHOP_NAME(ctx))
    _recover(ctx, row[0], hashed(password))


@command("users.recover", "users.edit")
def _recover(ctx: Context, user_id: int, password_hash: str) -> None:
    _reset(ctx, user_id, password_hash)
    row = _row(ctx, user_id)
    ctx.db.execute("UPDATE users SET active = 1, recovered_at = ? WHERE id = ?", (ctx.at, user_id))
    ctx.record(f"user {row['login']}", {"active": bool(row["active"])}, {"password": "recovered"})


def recovered(ctx: Context) -> list[tuple[str, str]]:
    """Whose password the console gave anew within a week: login and moment, the last first."""
    rows = ctx.db.execute(
        "SELECT login, recovered_at FROM users WHERE recovered_at > ? ORDER BY recovered_at DESC",
        (stamp(ctx.now - RECOVERY_TOLD),),
    )
    return [(row[0], row[1]) for row in rows]


def change_password(ctx: Context, old: str, new: str) -> None:
    """Change one's own; all sessions of the user's but this one end, for somebody else may have known
    the old one. Raises `WrongOldPassword`, `TooManyTries`, `SessionEnded`, `SamePassword` or another
    `BadInput`."""
    proof = _prove(ctx, old)
    if new == old:
        raise SamePassword()
    passwords.check(new, proof.user.login, proof.user.name, settings.SHOP_NAME(ctx))
    mine = ctx.actor.session
    try:
        number = _change(ctx, proof, hashed(new))
        if mine is not None:
            mine.number = number
    finally:
        if mine is not None:
            mine.next = None


def _prove(ctx: Context, password: str) -> login.Proof:
    """The user at the counter knows the password. Whoever finds the counter open guesses here no
    better than at the door: wrong tries count, and are paused for, as there; after many the session
    is over."""
    access.see(ctx)
    name = _row(ctx, ctx.actor.user_id or 0)["login"]
    try:
        return login.prove(ctx, name, password, pin=False, inside=True)
    except (SecretMissing, WrongOldPassword):
        raise
    except WrongLogin:
        raise WrongOldPassword() from None


def choose_pin(ctx: Context, password: str, pin: str) -> None:
    """Choose one's own PIN, or with "" have none: whoever finds the counter open cannot. Raises
    `WrongOldPassword`, `TooManyTries`, `SessionEnded`, `BadPin`."""
    login.set_pin(ctx, pin, _prove(ctx, password))


@command("users.change_password", access.OWN)
def _change(ctx: Context, proof: login.Proof, password_hash: str) -> int:
    login.proved(ctx, proof)
    number = ctx.db.execute(
        "UPDATE users SET password_hash = ?, must_change = 0, session = session + 1 WHERE id = ?"
        " RETURNING session",
        (password_hash, ctx.actor.user_id),
    ).fetchone()[0]
    if ctx.actor.session is not None:
        # Whatever else this session does is not refused for a moment.
        ctx.actor.session.next = number
    ctx.record(f"user {ctx.actor.name}", None, {"password": "changed"})
    ctx.changed("users", ctx.actor.user_id or 0)
    return int(number)
