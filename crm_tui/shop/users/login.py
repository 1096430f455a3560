"""Signing in at the counter: passwords, PINs, and the pause after wrong tries.

Whoever types wrong passwords for somebody else's name holds up nobody elsewhere, ends no session and
locks nobody out: tries are counted by counter and name, cost minutes at most, and are told. A PIN has
few digits: its tries are counted over all counters as well, before they are made, and when they are
used up the whole password is asked for.

The hash of a password takes a moment on purpose; none of it runs within a transaction.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from crm_tui.clock import moment, stamp
from crm_tui.shop.gate import access
from crm_tui.shop.gate.commands import command, part
from crm_tui.shop.gate.context import DOOR, Actor, Context, Session
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.users import passwords
from crm_tui.shop.users.errors import (
    FewOldPasswords,
    FewPins,
    FewTries,
    PasswordFirst,
    PauseBegins,
    PinSpent,
    SecretMissing,
    TooManyTries,
    WrongLogin,
    WrongOldPassword,
    WrongPin,
)
from crm_tui.shop.users.hashing import NOBODY, fits, hashed, outdated
from crm_tui.shop.users.settings import LOGIN_TRIES
from crm_tui.store import StoreDamaged

FREE_TRIES = 3
_LONGEST_PAUSE = 300
_PIN_TRIES = 3
_PIN_TRIES_ANYWHERE = 10
"""How often a PIN may be wrong at all counters together, until the whole password is typed."""
_FEW = 2
"""From so few tries left on it is told how many they are."""
_LONGEST = 1_000
"""Characters of a secret that is looked at: what is longer is not hashed, and wrong."""
_STRANGERS = 200
"""How many names that nobody has are counted, by counter."""


@dataclass(frozen=True)
class User:
    """Somebody who is signed in."""

    id: int
    login: str
    name: str
    role: str
    must_change: bool = False
    """Somebody else chose the user's password."""
    session: Session | None = None
    """The session that began at the login."""
    missed: int = 0
    """Wrong tries in a row before it, wherever they were."""
    missed_at: str = ""
    """When the last of them was; "" without any."""

    @property
    def actor(self) -> Actor:
        return Actor("user", self.login, self.id, self.session)


def pause(tries: int) -> int:
    """Seconds to wait after so many wrong tries: three are free, then it doubles up to 5 minutes."""
    return 0 if tries < FREE_TRIES else min(_LONGEST_PAUSE, 2 ** (tries - FREE_TRIES + 1))


def vouch(ctx: Context, login: str, password: str) -> None:
    """Let the console act with an Administrator's password, and in that name, too. Raises as `sign_in`,
    and `NotAllowed`, `PasswordFirst`."""
    who = sign_in(ctx, login, password, pin=False)
    if who.must_change:
        # Somebody else chose it, and may know it.
        raise PasswordFirst(login=who.login)
    if not access.allowed(ctx.acting(who.actor), "users.edit"):
        raise NotAllowed(who=who.login, permission="users.edit")
    ctx.actor = Actor(ctx.actor.kind, f"{ctx.actor.name} ({who.login})", who.id)


@dataclass(frozen=True)
class Proof:
    """A user's name and secret fitted. `whole`: the password, not the PIN; `anew`: it hashed at today's
    price, if that rose."""

    user: User
    whole: bool
    anew: str | None


def sign_in(ctx: Context, login: str, secret: str, *, pin: bool = True) -> User:
    """Check the whole password, or the PIN (`pin`) of a user who has typed the password today.

    Raises `WrongLogin`, `WrongPin` or `TooManyTries`; after three wrong tries in a row, or
    ten anywhere, only the password counts.
    """
    proof = prove(ctx, login, secret, pin=pin)
    with suppress(StoreDamaged):
        # A store that is only read any more can still be looked at.
        _enter(ctx.acting(DOOR), proof.user.id, proof.whole, proof.anew)
    now = user(ctx, proof.user.id)
    return replace(now, missed=proof.user.missed, missed_at=proof.user.missed_at)


def prove(
    ctx: Context, login: str, secret: str, *, pin: bool = True, inside: bool = False
) -> Proof:
    """Check a secret as `sign_in` does, and raise what it raises; wrong tries are counted. `inside`:
    somebody who is signed in proves once more who they are; many wrong tries end the session. Where
    nothing was typed (`SecretMissing`), that was no try."""
    if not secret:
        raise SecretMissing
    door = ctx.acting(DOOR)
    row = door.db.execute("SELECT * FROM users WHERE login = ?", (login.strip(),)).fetchone()
    digits = pin and bool(passwords.PIN.fullmatch(secret))
    if row is None:
        raise _nobody(door, login, secret, digits)
    tries = _wait(door, row["id"])
    long, secret = len(secret) > _LONGEST, secret[:_LONGEST]
    counts = digits and row["pin_hash"] is not None
    counts = counts and tries < _PIN_TRIES and _same_day(ctx, row["signed_in_at"])
    counts = counts and _take_pin_try(door, row["id"])
    # Where none counts, it takes as long.
    by_pin = digits and fits(row["pin_hash"] if counts else NOBODY, secret)
    # Digits can be a whole password as well.
    # One that is too long takes as long as any other, as with a name that nobody has.
    whole = not by_pin and fits(row["password_hash"], secret) and not long
    if not row["active"] or not (by_pin or whole):
        tries = _wrong(door, row["id"], inside)
        if digits:
            raise _wrong_pin(tries)
        raise _wrong_password(tries, LOGIN_TRIES(door) if inside else None)
    anew = hashed(secret) if whole and outdated(row["password_hash"]) else None
    return Proof(user(ctx, row["id"]), whole, anew)


def _nobody(ctx: Context, login: str, secret: str, digits: bool) -> WrongLogin | WrongPin:
    """A name that nobody has is counted and paused for like any other, as long as the program is open:
    how it is refused tells nobody which names there are. Raises `TooManyTries`."""
    known = ctx.store.shared("strangers", dict[tuple[int, str], tuple[int, datetime]])
    key = ctx.place, login.strip().casefold()[:_LONGEST]
    tries, at = known.get(key, (0, ctx.now))
    _pause(ctx, tries, at)
    for _ in range(1 + digits):
        fits(NOBODY, secret[:_LONGEST])
    known.pop(key, None)
    while len(known) >= _STRANGERS:
        known.pop(next(iter(known)))
    known[key] = tries + 1, ctx.now
    return _wrong_pin(tries + 1) if digits else _wrong_password(tries + 1, None)


def _wrong_password(tries: int, ends: int | None) -> WrongLogin:
    """What is told of the wrong password that is the `tries`th in a row; `ends`: after how many the
    session is over."""
    if ends is not None:
        left = ends - tries
        return FewOldPasswords(left=left) if 0 < left <= _FEW else WrongOldPassword()
    left = FREE_TRIES - tries
    if left > _FEW:
        return WrongLogin()
    return FewTries(left=left) if left > 0 else PauseBegins(seconds=pause(tries))


def _wrong_pin(tries: int) -> WrongPin:
    """What is told of digits that are the `tries`th wrong try in a row here, whosever they are."""
    left = FREE_TRIES - tries
    if left > 0:
        return WrongPin() if tries == 1 else FewPins(left=left)
    return PinSpent(seconds=pause(tries))


def _same_day(ctx: Context, at: str | None) -> bool:
    return at is not None and moment(at).astimezone().date() == ctx.now.astimezone().date()


def today(ctx: Context) -> list[str]:
    """The logins of those who signed in today, the last one first."""
    rows = ctx.db.execute(
        "SELECT login, signed_in_at FROM users WHERE active = 1 ORDER BY signed_in_at DESC, login"
    ).fetchall()
    return [str(row["login"]) for row in rows if _same_day(ctx, row["signed_in_at"])]


def last_one(ctx: Context) -> str:
    """The name of the user who signed in last, or of the only one; "" if it could be anybody."""
    rows = ctx.db.execute(
        "SELECT login, signed_in_at FROM users WHERE active = 1"
        " ORDER BY signed_in_at IS NULL, signed_in_at DESC LIMIT 2"
    ).fetchall()
    known = rows and (len(rows) == 1 or rows[0]["signed_in_at"])
    return str(rows[0]["login"]) if known else ""


def user(ctx: Context, user_id: int) -> User:
    """The user with this key, which is there."""
    row = ctx.db.execute(
        "SELECT users.id, login, users.name, roles.name AS role, must_change, session, wrong_tries,"
        " coalesce(wrong_at, '') AS wrong_at FROM users"
        " JOIN roles ON roles.id = role_id WHERE users.id = ?",
        (user_id,),
    ).fetchone()
    return User(row["id"], row["login"], row["name"], row["role"], bool(row["must_change"]),
                Session(row["session"]), row["wrong_tries"], row["wrong_at"])  # fmt: skip


def _wait(ctx: Context, user_id: int) -> int:
    """How many wrong tries there were in a row for this name at this counter. Raises `TooManyTries` as
    long as they are to be waited for."""
    row = ctx.db.execute(
        "SELECT tries, at FROM login_tries WHERE place = ? AND user_id = ?", (ctx.place, user_id)
    ).fetchone()
    if row is None:
        return 0
    tries = int(row["tries"])
    _pause(ctx, tries, moment(row["at"]))
    return tries


def _pause(ctx: Context, tries: int, at: datetime) -> None:
    since = (ctx.now - at).total_seconds()
    # A clock that was set back locks nobody out: a person who can set it has the computer anyway.
    if 0 <= since < pause(tries):
        raise TooManyTries(seconds=int(pause(tries) - since) + 1)


def _take_pin_try(ctx: Context, user_id: int) -> bool:
    """Whether a PIN may still be tried. It counts before it is looked at: others try meanwhile."""
    try:
        with part(ctx, "users.refuse"):
            taken = ctx.db.execute(
                "UPDATE users SET pin_tries = pin_tries + 1 WHERE id = ? AND pin_tries < ? RETURNING 1",
                (user_id, _PIN_TRIES_ANYWHERE),
            ).fetchone()
    except StoreDamaged:
        # It is only looked at.
        return True
    return taken is not None


@command("users.refuse", access.ENTER)
def _wrong(ctx: Context, user_id: int, inside: bool = False) -> int:
    tries: int = ctx.db.execute(
        "INSERT INTO login_tries VALUES (?, ?, 1, ?) ON CONFLICT (place, user_id) DO UPDATE SET"
        " tries = tries + 1, at = excluded.at RETURNING tries",
        (ctx.place, user_id, ctx.at),
    ).fetchone()[0]
    over = inside and tries >= LOGIN_TRIES(ctx)
    row = ctx.db.execute(
        "UPDATE users SET wrong_tries = wrong_tries + 1, wrong_at = ?, session = session + ?"
        " WHERE id = ? RETURNING login, wrong_tries",
        (ctx.at, over, user_id),
    ).fetchone()
    after = {"wrong tries": row["wrong_tries"]}
    ctx.record(f"user {row['login']}", None, after | ({"counter": ctx.place} if ctx.place else {}))
    ctx.changed("users", user_id)
    return tries


@command("users.enter", access.ENTER)
def _enter(ctx: Context, user_id: int, whole: bool, anew: str | None = None) -> None:
    name = _forget_tries(ctx, user_id, whole, anew)
    ctx.record(f"user {name}", None, {"signed in with": "password" if whole else "PIN"})


def proved(ctx: Context, proof: Proof) -> None:
    """A secret fitted, within a command that is no signing in: wrong tries are forgotten, and a whole
    password lets the PIN count for the rest of the day."""
    _forget_tries(ctx, proof.user.id, proof.whole, proof.anew)


def _forget_tries(ctx: Context, user_id: int, whole: bool, anew: str | None) -> str:
    # What was tried at another counter, its own pauses are for.
    ctx.db.execute("DELETE FROM login_tries WHERE place = ? AND user_id = ?", (ctx.place, user_id))
    row = ctx.db.execute(
        "UPDATE users SET wrong_tries = 0, wrong_at = NULL,"
        " password_hash = coalesce(?, password_hash),"
        # One of them was this one.
        " pin_tries = CASE WHEN ? THEN 0 ELSE max(pin_tries - 1, 0) END,"
        " signed_in_at = CASE WHEN ? THEN ? ELSE signed_in_at END WHERE id = ? RETURNING login",
        (anew, whole, whole, stamp(ctx.now), user_id),
    ).fetchone()
    ctx.changed("users", user_id)
    return str(row["login"])


def forget_tries(ctx: Context, user_id: int) -> None:
    """Let a user try again at once wherever somebody has tried for them, within a command."""
    ctx.db.execute("DELETE FROM login_tries WHERE user_id = ?", (user_id,))
    ctx.db.execute(
        "UPDATE users SET wrong_tries = 0, wrong_at = NULL, pin_tries = 0 WHERE id = ?", (user_id,)
    )


@command("users.leave", access.OWN)
def leave(ctx: Context) -> None:
    """Sign out."""
    ctx.record(f"user {ctx.actor.name}", None, {"signed": "out"})
    ctx.changed("users", ctx.actor.user_id or 0)


def set_pin(ctx: Context, pin: str, proof: Proof | None = None) -> None:
    """Choose one's own PIN, 4 to 8 digits; "" takes it away. `proof`: of the password that was asked
    for. Raises `BadPin`, `EasyPin`."""
    if pin:
        passwords.check_pin(pin)
    _set_pin(ctx, hashed(pin) if pin else None, proof)


@command("users.pin", access.OWN)
def _set_pin(ctx: Context, pin_hash: str | None, proof: Proof | None) -> None:
    if proof is not None:
        proved(ctx, proof)
    ctx.db.execute("UPDATE users SET pin_hash = ? WHERE id = ?", (pin_hash, ctx.actor.user_id))
    ctx.record(f"user {ctx.actor.name}", None, {"PIN": "set" if pin_hash else "none"})
    ctx.changed("users", ctx.actor.user_id or 0)
