"""The only door to time. Everything takes a `Clock`, so that a simulated day takes seconds."""

import contextlib
import itertools
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

ZONES = {"Asia/Jakarta": "WIB-7", "Asia/Makassar": "WITA-8", "Asia/Jayapura": "WIT-9"}
"""The zones of Indonesia, and how every system understands them without a table of zones."""
ZONE = "Asia/Jakarta"
"""The usual one."""


def use_zone(name: str) -> None:
    """Local days and hours are those of this zone from now on, in Python and in SQLite, whatever the
    computer is set to. A name that is none of `ZONES` stands for the usual one."""
    wanted = ZONES.get(name, ZONES[ZONE])
    if os.environ.get("TZ") == wanted:
        return
    os.environ["TZ"] = wanted
    # Windows reads it by itself.
    if hasattr(time, "tzset"):
        time.tzset()


def day_begin(at: datetime) -> datetime:
    """When the shop's day of this moment began."""
    return at.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


class Clock(Protocol):
    """What the program may ask of time."""

    def now(self) -> datetime:
        """The wall clock: an aware datetime in UTC. It may jump."""

    def monotonic(self) -> float:
        """Seconds since some moment, those in which the computer slept too. It never jumps back."""

    @property
    def boot(self) -> str:
        """A name of the time in which `monotonic` counts on, for all programs; "" if none is known."""

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        """Let `seconds` pass, or fewer if `until` is set meanwhile; whether it is set."""


_SLEEPS_TOO: int = getattr(time, "CLOCK_BOOTTIME", 0)
_simulated = itertools.count(1)


class SystemClock:
    """The computer's own clock."""

    _boot: str | None = None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        # Linux stops its usual count while it sleeps.
        return time.clock_gettime(_SLEEPS_TOO) if _SLEEPS_TOO else time.monotonic()

    @property
    def boot(self) -> str:
        if self._boot is None:
            self._boot = ""
            with contextlib.suppress(OSError):
                self._boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return self._boot

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        if until is None:
            time.sleep(max(0.0, seconds))
            return False
        return until.wait(max(0.0, seconds))


class SimulatedClock:
    """A clock that stands still until somebody waits for it."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._monotonic = 0.0
        self.boot = f"simulated {next(_simulated)}"

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        if until is not None and until.is_set():
            return True
        self._monotonic += max(0.0, seconds)
        self._now += timedelta(seconds=max(0.0, seconds))
        return until is not None and until.is_set()

    def set(self, moment: datetime) -> None:
        """Put the wall clock to another moment, as a dead battery or a repairman does."""
        self._now = moment.astimezone(UTC)

    def reboot(self, seconds: float = 60.0) -> None:
        """The computer was off for so long: no program can tell how long from its count of seconds."""
        self.wait(seconds)
        self.boot = f"simulated {next(_simulated)}"


class Beside:
    """Another clock's moments, but real seconds: for a thread that works beside the one whose clock it
    is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._own = SystemClock()

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._own.monotonic()

    @property
    def boot(self) -> str:
        return self._own.boot

    def wait(self, seconds: float, until: threading.Event | None = None) -> bool:
        return self._own.wait(seconds, until)


def stamp(moment: datetime) -> str:
    """The store's form of a moment: ISO 8601 in UTC with milliseconds; sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.fromisoformat(text)
