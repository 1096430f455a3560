"""The time that counts. A computer's wall clock may be wrong: a dead battery, a hand that slipped.

    wall clock ─agrees with the count of seconds since the last moment─▶ it counts
        └─leaps─▶ doubted: the count goes on without it, and nothing expires
                     └─it is set right │ the network agrees │ a person agrees─▶ it counts again

The last moment that counted is stored, with the computer's own count of seconds at it. While the
computer runs, that count tells exactly how much time went by, also for programs that start later.
After it was off, an unknown time has passed: the clock is believed within two weeks, unless the
network's time says that it cannot be right. A clock that shows a moment before the program was written
was never set: what was counted from it says nothing, and whoever knows better is believed.

There is one `ShopTime` a store in each program; `Context.now` asks it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from crm_tui.clock import Clock, moment, stamp
from crm_tui.store import Store

LEAP = timedelta(minutes=5)
"""A clock that is moved less is corrected; one that is moved further is doubted."""
AWAY = timedelta(days=14)
"""A shop may have been closed for so long without a question."""
_AGREES = timedelta(minutes=5)
_ZONES = timedelta(hours=15)
"""So far apart are two clocks that only know different time zones."""
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""Modems and boards that were never set show a moment before the program was written."""
_STEADY = 3600.0
"""Seconds in which all corrections together may be no more than one (`LEAP`)."""
_NOTED_EVERY = 15.0
_LEARNT_EVERY = 1.0
_YOUNG = 3600.0
"""So long after a start that followed an unknown time the network may still know better (seconds)."""


@dataclass(frozen=True)
class Doubt:
    """`shown`: what the wall clock shows; `counts`: the time that counts instead, at least if `gap`: an
    unknown time passed before; `network`: what the network says, None if it says nothing."""

    shown: datetime
    counts: datetime
    network: datetime | None
    gap: bool

    @property
    def back(self) -> bool:
        """Whether the clock went back."""
        return self.shown < self.counts

    @property
    def unset(self) -> bool:
        """Whether nothing better is known than a clock that was never set."""
        return self.counts < _BUILT


class ShopTime:
    """The time that counts in one store, by one clock. Safe to use from several threads."""

    def __init__(self, clock: Clock, database: Callable[[], Database]) -> None:
        self._clock = clock
        self._database = database
        self._lock = threading.RLock()
        self._loaded = False
        self._began = clock.monotonic()
        self._trusts = False
        # The last moment that counted, and the count of seconds then.
        self._at, self._elapsed = clock.now(), clock.monotonic()
        # The same where the corrections of this hour began.
        self._steady, self._steady_elapsed = self._at, self._elapsed
        # As `_at`, of a wall clock that is doubted; None: it is believed.
        self._wrong: datetime | None = None
        self._wrong_elapsed = 0.0
        self._gap = False
        self._network: tuple[datetime, float] | None = None
        self._version = 0
        self._changed = False
        self._noted = self._learnt = float("-inf")

    # ── asking ────────────────────────────────────────────────────────────────────────────────

    def now(self) -> datetime:
        """The moment that counts."""
        with self._lock:
            return self._look()

    def peek(self) -> datetime:
        """As `now`, for those who must not wait: the store is not asked."""
        with self._lock:
            return self._clock.now() if not self._loaded else self._look(ask=False)

    def refresh(self) -> None:
        """Take what other programs know by now."""
        with self._lock:
            self._look()
            if not self._trusts:
                self._learn(self._clock.now(), self._clock.monotonic())

    @property
    def doubted(self) -> bool:
        """Whether nothing may expire now."""
        with self._lock:
            self._look()
            return self._wrong is not None

    def doubt(self) -> Doubt | None:
        """What is wrong with the computer's clock; None if it is believed."""
        with self._lock:
            counts = self._look()
            if self._wrong is None:
                return None
            return Doubt(self._clock.now(), counts, self.network, self._gap)

    @property
    def network(self) -> datetime | None:
        """The network's time now, as far as it was heard since the program began."""
        if self._network is None:
            return None
        said, elapsed = self._network
        return said + timedelta(seconds=self._clock.monotonic() - elapsed)

    def _look(self, *, ask: bool = True) -> datetime:
        wall, elapsed = self._clock.now(), self._clock.monotonic()
        if not self._loaded:
            self._load(wall, elapsed)
        if self._trusts:
            return wall
        if ask and elapsed - self._learnt >= self._patience(elapsed):
            self._learnt = elapsed
            self._learn(wall, elapsed)
        counted = self._counted(elapsed)
        if counted < _BUILT <= wall:
            # The network may still know better.
            self._believe(wall, elapsed)
            self._gap = True
            return wall
        if self._wrong is None:
            if self._is_steady(wall, elapsed, counted):
                self._at, self._elapsed = wall, elapsed
                return wall
            self._doubt(wall, elapsed, gap=False)
        elif self._right_again(wall, elapsed, counted):
            self._believe(wall, elapsed)
            return wall
        else:
            self._wrong, self._wrong_elapsed = wall, elapsed
        return counted

    def _is_steady(self, wall: datetime, elapsed: float, counted: datetime) -> bool:
        """Whether the wall clock was moved no further than it is corrected, at once or in an hour."""
        went = elapsed - self._steady_elapsed
        leaps = abs(wall - counted) > LEAP
        if leaps or went >= _STEADY:
            self._steady, self._steady_elapsed, went = counted, elapsed, 0.0
        return not leaps and abs(wall - self._steady - timedelta(seconds=went)) <= LEAP

    def _patience(self, elapsed: float) -> float:
        """Seconds after which another program may have changed its mind, and the store is asked."""
        if self._wrong is not None:
            return _LEARNT_EVERY
        young = self._gap and elapsed - self._began < _YOUNG
        return 5 * _LEARNT_EVERY if young else float("inf")

    def _counted(self, elapsed: float) -> datetime:
        return self._at + timedelta(seconds=elapsed - self._elapsed)

    def _right_again(self, wall: datetime, elapsed: float, counted: datetime) -> bool:
        if not self._gap:
            return self._is_steady(wall, elapsed, counted)
        assert self._wrong is not None
        went = timedelta(seconds=elapsed - self._wrong_elapsed)
        moved = abs(wall - self._wrong - went) > LEAP
        return moved and counted - LEAP <= wall <= counted + AWAY

    # ── changing its mind ─────────────────────────────────────────────────────────────────────

    def _doubt(self, wall: datetime, elapsed: float, *, gap: bool) -> None:
        counted = self._counted(elapsed)
        self._at, self._elapsed = counted, elapsed
        self._wrong, self._wrong_elapsed = wall, elapsed
        self._gap = gap
        self._changed = True

    def _believe(self, wall: datetime, elapsed: float) -> None:
        self._at, self._elapsed = wall, elapsed
        self._steady, self._steady_elapsed = wall, elapsed
        self._wrong = None
        self._gap = False
        self._changed = True

    def agree(self) -> datetime:
        """A person says that the wall clock is right; the moment that counts from now on."""
        with self._lock:
            self._look()
            wall = self._clock.now()
            self._believe(wall, self._clock.monotonic())
            return wall

    def heard(self, said: datetime, *, late: bool = False) -> None:
        """The network said what time it is. `late`: it may have been said long ago, as the moment of an
        SMS: then it is at least that time now."""
        with self._lock:
            counted = self._look()
            unset = counted < _BUILT
            if self._trusts or said < _BUILT or (abs(said - counted) > 100 * AWAY and not unset):
                return
            wall, elapsed = self._clock.now(), self._clock.monotonic()
            if not late or self.network is None or said > self.network:
                self._network = said, elapsed
            if abs(wall - said) <= _AGREES:
                if self._wrong is not None or self._gap:
                    self._believe(wall, elapsed)
            elif self._wrong is None:
                self._contradicted(wall, said, elapsed, late=late)
            elif self._gap and (unset or counted < said <= counted + AWAY):
                # Later than that it surely is.
                self._at, self._elapsed = said, elapsed
                self._changed = True

    def _contradicted(self, wall: datetime, said: datetime, elapsed: float, *, late: bool) -> None:
        """While it is only believed because an unknown time had passed, the network knows better."""
        if not self._gap or abs(said - wall) > AWAY:
            return
        if said - wall > _ZONES or (wall - said > _ZONES and not late):
            self._at, self._elapsed = min(said, wall), elapsed
            self._wrong, self._wrong_elapsed = wall, elapsed
            self._changed = True

    # ── the store ─────────────────────────────────────────────────────────────────────────────

    def _load(self, wall: datetime, elapsed: float) -> None:
        self._loaded = True
        db = self._database()
        mark = db.execute("SELECT value FROM settings WHERE key = 'shop.practice'").fetchone()
        # Nothing is lost there, whatever day it is.
        self._trusts = mark is not None and mark[0] == "1"
        self._at, self._elapsed = wall, elapsed
        if not self._trusts:
            self._learn(wall, elapsed, first=True)
        self._learnt = elapsed

    def _learn(self, wall: datetime, elapsed: float, *, first: bool = False) -> None:
        """Take what the store says, if another program has changed its mind."""
        row = self._database().execute("SELECT * FROM clock").fetchone()
        if row is None and first and wall < _BUILT:
            self._doubt(wall, elapsed, gap=True)
        if row is None or (not first and row["version"] == self._version):
            return
        self._version = row["version"]
        self._changed = False
        at = moment(row["at"])
        if first:
            # Programs that run for a second store a moment, too, once the last one is old.
            self._noted = elapsed - abs((wall - at).total_seconds())
        wrong = moment(row["doubt"]) if row["doubt"] else None
        if row["boot"] and row["boot"] == self._clock.boot and row["elapsed"] <= elapsed:
            self._at, self._elapsed = at, row["elapsed"]
            self._steady, self._steady_elapsed = at, row["elapsed"]
            self._wrong, self._wrong_elapsed = wrong, row["elapsed"]
            self._gap = bool(row["gap"])
            return
        self._at, self._elapsed = at, elapsed
        goes_on = wrong is not None and wrong > at and wall >= wrong - LEAP
        if at - LEAP <= wall <= at + AWAY and not goes_on:
            self._believe(wall, elapsed)
            self._gap = True
            self._changed = False
        else:
            self._doubt(wall, elapsed, gap=True)

    def note(self, db: Database) -> tuple[int, float] | None:
        """Store the moment, within a transaction that changes the store; what to give to `kept` when it
        is on the disk, None if there was nothing to do."""
        with self._lock:
            counted = self._look()
            elapsed = self._clock.monotonic()
            if self._trusts or not (self._changed or elapsed - self._noted >= _NOTED_EVERY):
                return None
            version = self._version + self._changed
            stored = db.execute(
                "INSERT INTO clock (id, at, elapsed, boot, doubt, gap, network, version)"
                " VALUES (1, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at,"
                " elapsed = excluded.elapsed, boot = excluded.boot, doubt = excluded.doubt,"
                " gap = excluded.gap, network = excluded.network, version = excluded.version"
                " WHERE version = ?",
                (
                    stamp(counted), elapsed, self._clock.boot,
                    stamp(self._wrong) if self._wrong else "", int(self._gap),
                    stamp(self.network) if self.network else "", version, self._version,
                ),
            ).rowcount  # fmt: skip
            if not stored:
                # Another program has changed its mind meanwhile: it knows more than we do.
                self._learn(self._clock.now(), elapsed)
                return None
            return version, elapsed

    def kept(self, noted: tuple[int, float]) -> None:
        """What `note` stored is on the disk."""
        with self._lock:
            self._version, self._noted = noted
            self._changed = False


def time_of(store: Store, clock: Clock) -> ShopTime:
    """The time that counts in a store, one for all threads that share it."""

    def make() -> ShopTime:
        time = ShopTime(clock, lambda: store.db)
        # Read at once, so that those who must not wait for the store never do.
        time.now()
        return time

    return store.shared(clock, make)


class ShopClock:
    """A clock of the time that counts, for those who must not wait. It serves `clock.Clock`."""

    def __init__(self, clock: Clock, time: ShopTime) -> None:
        self._clock = clock
        self._time = time

    def now(self) -> datetime:
        return self._time.peek()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    @property
    def boot(self) -> str:
        return self._clock.boot

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        return self._clock.wait(seconds, until)
