"""Who acts, on which store, at what time: the first argument of every command."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from crm_tui import sqlite
from crm_tui.clock import Clock, stamp
from crm_tui.shop.gate.shoptime import ShopTime, time_of
from crm_tui.store import Store


@dataclass
class Session:
    """A user's session: its number, which the user's row has as long as it goes on."""

    number: int
    next: int | None = None
    """What the number is about to become, because it is this session that ends all others."""


@dataclass(frozen=True)
class Actor:
    """A user's session, the gateway, the console (anybody who can open the file), the door (anybody
    before the login), or the chain (the head office, of whose words this branch takes what its rules
    allow)."""

    kind: str
    name: str
    user_id: int | None = None
    session: Session | None = field(default=None, compare=False)
    """Of a user: the one that must not have ended; None: whichever."""


GATEWAY = Actor("gateway", "gateway")
DOOR = Actor("door", "login")
CHAIN = Actor("chain", "chain:office")
"""What comes from the head office; no user can be called so."""


def console() -> Actor:
    """The person at the command line, by the account that the operating system knows: what stands in
    LOGNAME or USER anybody can choose."""
    return Actor("console", f"console:{_account()}")


def _account() -> str:
    if sys.platform == "win32":
        try:
            # Asks the system, not the environment.
            return os.getlogin()
        except OSError:
            return "?"
    import pwd

    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


@dataclass(frozen=True)
class Permit:
    """A second person's leave for one thing: who gave it, for which permission, and up to which
    amount (None: as far as that person may). The first command that needs it uses it up."""

    actor: Actor
    permission: str
    most: int | None = None


@dataclass
class Work:
    """What one transaction has to record beside its own rows; `at` None: each command its moment.

    `after` is done when the transaction has ended, however it did. `settings`: all that are stored, as
    soon as one was asked for; nobody else can change them while it lasts. `did`: what happened within,
    so that what may follow from it is looked for only then.
    """

    at: datetime | None
    changes: list[tuple[str, int]] = field(default_factory=list)
    after: list[Callable[[], object]] = field(default_factory=list)
    settings: Mapping[str, str] | None = None
    did: set[str] = field(default_factory=set)
    spent: list[Permit] = field(default_factory=list)
    """The permits that its commands needed."""


class Context:
    """Store, clock and actor. One thread uses it; another thread makes its own."""

    def __init__(
        self, store: Store, clock: Clock, actor: Actor, permits: Sequence[Permit] = ()
    ) -> None:
        self.store = store
        self.clock: Clock = clock
        self.time: ShopTime = time_of(store, clock)
        self.actor = actor
        self.permits = tuple(permits)
        """What others allow the actor to do now."""
        self.permitted: dict[Permit, int] = {}
        """Those that were needed, with the amount, by the command that is running."""
        self.spent: list[Permit] = []
        """Those that were needed by commands that have come to their end."""
        self.work: Work | None = None
        self.command = ""
        """The command that is running, by its name; "" outside of one."""
        self.recorded = False
        self.place = 0
        """The number of the counter at which somebody acts; 0: at none."""
        self.prove: Callable[[Context], None] | None = None
        """Asked before the first change: who is it? It may refuse, or say who acts."""

    @property
    def db(self) -> Database:
        return self.store.db

    def many(self, query: str, values: Mapping[str, str | int]) -> sqlite.Cursor:
        """The rows of a query that finds perhaps very many, to be fetched some at a time."""
        cursor: sqlite.Cursor = self.db.execute(query, dict(values))
        return cursor

    @property
    def now(self) -> datetime:
        """The moment that counts: within a command one and the same."""
        if self.work is None:
            return self.time.now()
        # What is made in bulk has a clock of its own, which may stand in the past.
        return self.work.at or self.clock.now()

    @property
    def at(self) -> str:
        """`now` as the store writes it."""
        return stamp(self.now)

    def acting(self, actor: Actor) -> "Context":
        """The same place and time, another actor. Whoever is to say who they are says so under any
        name, but for the door, which is what they are asked at."""
        other = Context(self.store, self.clock, actor)
        other.place = self.place
        if self.prove is not None and actor != DOOR:
            other.prove = lambda _: self.ask_who()
        return other

    def ask_who(self) -> None:
        """Before anything is changed, once: who is it? Raises what `prove` refuses with."""
        if self.prove is not None:
            self.prove(self)
            self.prove = None

    @property
    def names(self) -> str:
        """All names under which the actor's deeds may stand in the store, as JSON: those of a user
        before a change of name, too. A name is nobody else's for good."""
        if self.actor.kind != "user":
            return json.dumps([self.actor.name])
        rows = self.db.execute(
            "SELECT login FROM users WHERE id = :user UNION"
            " SELECT login FROM former_logins WHERE user_id = :user UNION SELECT :name",
            {"user": self.actor.user_id, "name": self.actor.name},
        )
        return json.dumps([row[0] for row in rows])

    def changed(self, topic: str, row_id: int) -> None:
        """Tell those who watch that a row is new or different."""
        assert self.work is not None, "a change outside a command"
        self.work.changes.append((topic, row_id))

    def record(
        self,
        subject: str,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        """Write the audit row of the command that is running."""
        assert self.work is not None, "a record outside a command"
        self.recorded = True
        self.db.execute(
            "INSERT INTO audit (at, actor, user_id, command, subject, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self.at,
                self.actor.name,
                self.actor.user_id,
                self.command,
                subject,
                None if before is None else json.dumps(before, ensure_ascii=False),
                None if after is None else json.dumps(after, ensure_ascii=False),
            ),
        )

    def recorded_at_its_end(self) -> None:
        """The command adds to what is not done yet: whichever ends that records all of it."""
        self.recorded = True

    def enter(self, command: str) -> tuple[str, bool]:
        """Begin a command's own record; what `leave` takes back."""
        before = self.command, self.recorded
        self.command, self.recorded = command, False
        return before

    def leave(self, before: tuple[str, bool]) -> None:
        self.command, self.recorded = before
