"""Who stands at the counter: passwords, PINs, and the pause after wrong tries.

The hash of a password takes a tenth of a second on purpose; none of it runs within a transaction.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm_tui.clock import moment, stamp
from crm_tui.shop import access
from crm_tui.shop.commands import command
from crm_tui.shop.context import DOOR, Actor, Context
from crm_tui.shop.errors import BadPin, PinNotYet, TooManyTries, WrongLogin, WrongPin

_FREE_TRIES = 3
_LONGEST_PAUSE = 300
_PIN_TRIES = 3
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""Nobody's password: a name that does not exist takes as long as one that does."""


@dataclass(frozen=True)
class User:
    """Somebody who is signed in."""

    id: int
    login: str
    name: str
    role: str

    @property
    def actor(self) -> Actor:
        return Actor("user", self.login, self.id)


def pause(tries: int) -> int:
    """Seconds to wait after so many wrong tries: three are free, then it doubles up to 5 minutes."""
    return 0 if tries < _FREE_TRIES else min(_LONGEST_PAUSE, 2 ** (tries - _FREE_TRIES + 1))


def sign_in(ctx: Context, login: str, password: str) -> User:
    """Check the whole password. Raises `WrongLogin` or `TooManyTries`."""
    door = ctx.acting(DOOR)
    row = door.db.execute("SELECT * FROM users WHERE login = ?", (login.strip(),)).fetchone()
    if row is not None:
        _wait(door, row["wrong_tries"], row["wrong_at"])
    right = _fits(row["password_hash"] if row else _NOBODY, password)
    if row is None or not row["active"] or not right:
        if row is not None:
            _wrong(door, row["id"])
        raise WrongLogin()
    _enter(door, row["id"], True)
    return user(ctx, row["id"])


def sign_in_by_pin(ctx: Context, login: str, pin: str) -> User:
    """Check the PIN of somebody who has typed his whole password today.

    Raises `PinNotYet`, `WrongPin` or `TooManyTries`; after three wrong ones the password is needed.
    """
    door = ctx.acting(DOOR)
    row = door.db.execute(
        "SELECT * FROM users WHERE login = ? AND active = 1", (login.strip(),)
    ).fetchone()
    if row is None or not _pin_counts(ctx, row["pin_hash"], row["signed_in_at"]):
        raise PinNotYet()
    _wait(door, row["wrong_tries"], row["wrong_at"])
    if row["wrong_tries"] >= _PIN_TRIES:
        raise PinNotYet()
    if not _fits(row["pin_hash"], pin):
        _wrong(door, row["id"])
        raise WrongPin()
    _enter(door, row["id"], False)
    return user(ctx, row["id"])


def _pin_counts(ctx: Context, pin_hash: str | None, signed_in_at: str | None) -> bool:
    if not pin_hash or not signed_in_at:
        return False
    return moment(signed_in_at).astimezone().date() == ctx.now.astimezone().date()


def by_pin(ctx: Context) -> list[User]:
    """Who can sign in with his PIN now: he typed his password today."""
    rows = ctx.db.execute(
        "SELECT users.id, pin_hash, signed_in_at, wrong_tries FROM users WHERE active = 1"
        " AND pin_hash IS NOT NULL ORDER BY login"
    ).fetchall()
    return [
        user(ctx, row["id"])
        for row in rows
        if row["wrong_tries"] < _PIN_TRIES
        and _pin_counts(ctx, row["pin_hash"], row["signed_in_at"])
    ]


def last_one(ctx: Context) -> str:
    """The name of whoever signed in last, "" if nobody did."""
    row = ctx.db.execute(
        "SELECT login FROM users WHERE active = 1 AND signed_in_at IS NOT NULL"
        " ORDER BY signed_in_at DESC LIMIT 1"
    ).fetchone()
    return "" if row is None else str(row[0])


def user(ctx: Context, user_id: int) -> User:
    """The user with this key, which is there."""
    row = ctx.db.execute(
        "SELECT users.id, login, users.name, roles.name AS role FROM users"
        " JOIN roles ON roles.id = role_id WHERE users.id = ?",
        (user_id,),
    ).fetchone()
    return User(row["id"], row["login"], row["name"], row["role"])


def _fits(hashed: str, secret: str) -> bool:
    try:
        return PasswordHasher().verify(hashed, secret)
    except (VerificationError, InvalidHashError):
        return False


def _wait(ctx: Context, tries: int, wrong_at: str | None) -> None:
    if not tries or wrong_at is None:
        return
    left = moment(wrong_at) + timedelta(seconds=pause(tries)) - ctx.now
    # A clock that was set back must lock nobody out for longer than the pause itself.
    seconds = min(left.total_seconds(), pause(tries))
    if seconds > 0:
        raise TooManyTries(seconds=int(seconds) + 1)


@command("users.refuse", access.ENTER)
def _wrong(ctx: Context, user_id: int) -> None:
    row = ctx.db.execute(
        "UPDATE users SET wrong_tries = wrong_tries + 1, wrong_at = ? WHERE id = ?"
        " RETURNING login, wrong_tries",
        (ctx.at, user_id),
    ).fetchone()
    ctx.record(f"user {row['login']}", None, {"wrong tries": row["wrong_tries"]})
    ctx.changed("users", user_id)


@command("users.enter", access.ENTER)
def _enter(ctx: Context, user_id: int, whole: bool) -> None:
    row = ctx.db.execute(
        "UPDATE users SET wrong_tries = 0, wrong_at = NULL,"
        " signed_in_at = CASE WHEN ? THEN ? ELSE signed_in_at END WHERE id = ? RETURNING login",
        (whole, stamp(ctx.now), user_id),
    ).fetchone()
    ctx.record(f"user {row['login']}", None, {"signed in with": "password" if whole else "PIN"})
    ctx.changed("users", user_id)


@command("users.leave", access.OWN)
def leave(ctx: Context) -> None:
    """Sign out."""
    ctx.record(f"user {ctx.actor.name}", None, {"signed": "out"})
    ctx.changed("users", ctx.actor.user_id or 0)


def set_pin(ctx: Context, pin: str) -> None:
    """Choose one's own PIN, 4 to 8 digits; "" takes it away. Raises `BadPin`."""
    if pin and not re.fullmatch(r"[0-9]{4,8}", pin):
        raise BadPin()
    _set_pin(ctx, PasswordHasher().hash(pin) if pin else None)


@command("users.pin", access.OWN)
def _set_pin(ctx: Context, pin_hash: str | None) -> None:
    ctx.db.execute("UPDATE users SET pin_hash = ? WHERE id = ?", (pin_hash, ctx.actor.user_id))
    ctx.record(f"user {ctx.actor.name}", None, {"PIN": "set" if pin_hash else "none"})
    ctx.changed("users", ctx.actor.user_id or 0)
