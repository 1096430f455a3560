"""What the worker says of itself, for every screen and for the next worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_tui.clock import moment, stamp
from crm_tui.errors import Problem, Sentence
from crm_tui.gsm.errors import PinRefused
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.commands import command, journal
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.errors import ClockDoubted, ClockLeapt, ClockUnset, ClockWentBack
from crm_tui.shop.messages.settings import PIN, PIN_TRIED
from crm_tui.text import day_and_time

SILENT = timedelta(seconds=150)
"""The worker says every 40 s how it is; one that says nothing for so long is gone, or stuck."""
_STRONGEST = 31
"""The best that modems say of the signal (3GPP TS 27.007, +CSQ)."""


@dataclass(frozen=True)
class GatewayState:
    """`state`: starting, ready, waiting or stopped. `signal` 0 to 31. `error` is for
    `i18n.retell`, "" if all is well; `brief` the same in a few words, `again`: it is tried again
    without anybody's doing. `network` as `gsm.standing.Network` has it. `used` of `capacity`
    places on the SIM card. It is so `since`, and was said `at`."""

    holder: str
    port: str
    state: str
    signal: int | None
    operator: str
    error: Sentence
    at: str
    brief: Sentence
    again: bool
    network: str
    since: str
    used: int
    capacity: int

    def silence(self, now: datetime) -> timedelta | None:
        """For how long a worker that did not stop has said nothing, once that is too long."""
        passed = now - moment(self.at)
        return passed if passed > SILENT and self.state != "stopped" else None

    @property
    def strength(self) -> int | None:
        """The signal in percent."""
        return None if self.signal is None else round(self.signal / _STRONGEST * 100)


@dataclass(frozen=True)
class Line:
    """What a modem says of itself, as far as it does."""

    signal: int | None = None
    operator: str = ""
    network: str = ""
    used: int = 0
    capacity: int = 0


def read(ctx: Context) -> GatewayState | None:
    """What was said last; None before the first worker ran."""
    row = ctx.db.execute("SELECT * FROM gateway").fetchone()
    if row is None:
        return None
    return GatewayState(
        row["holder"], row["port"], row["state"], row["signal"], row["operator"],
        Sentence(row["error"]), row["at"], Sentence(row["brief"]), bool(row["again"]),
        row["network"], row["since"], row["used"], row["capacity"],
    )  # fmt: skip


@journal
def write(
    ctx: Context,
    holder: str,
    port: str,
    state: str,
    *,
    line: Line | None = None,
    error: Problem | None = None,
) -> None:
    """Say how it is."""
    said = line or Line()
    brief = getattr(error, "brief", "")
    again = getattr(error, "again", True)
    ctx.db.execute(
        "INSERT INTO gateway (id, holder, port, state, signal, operator, error, at, brief, again,"
        " network, since, used, capacity) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET since = CASE WHEN gateway.state = excluded.state"
        " AND gateway.error = excluded.error AND gateway.since <> '' THEN gateway.since"
        " ELSE excluded.since END, holder = excluded.holder, port = excluded.port,"
        " state = excluded.state, signal = excluded.signal, operator = excluded.operator,"
        " error = excluded.error, at = excluded.at, brief = excluded.brief,"
        " again = excluded.again, network = excluded.network, used = excluded.used,"
        " capacity = excluded.capacity",
        (
            holder, port, state, said.signal, said.operator, error.stored if error else "", ctx.at,
            brief, again, said.network, ctx.at, said.used, said.capacity,
        ),
    )  # fmt: skip
    ctx.changed("gateway", 1)


@journal
def stands_still(ctx: Context, problem: Problem) -> None:
    """Say that the worker, which says nothing itself, stands still; it says anew how it is when it
    goes on."""
    ctx.db.execute(
        "UPDATE gateway SET error = ?, brief = ?, again = 1, since = ?",
        (problem.stored, getattr(problem, "brief", ""), ctx.at),
    )
    ctx.changed("gateway", 1)


@command("messages.trust_clock", "settings.edit")
def trust_clock(ctx: Context) -> None:
    """A person says: the computer's clock is right now, whatever it was before."""
    assert ctx.work is not None
    before, at = ctx.now, ctx.time.agree()
    # What is written from here on, the audit row too, is of the time that counts now.
    ctx.work.at = at
    ctx.record("clock", {"at": stamp(before)}, {"at": stamp(at)})
    ctx.changed("gateway", 1)


def clock_problem(ctx: Context) -> ClockDoubted | None:
    """What is wrong with the computer's clock, and what to do; None if it is believed."""
    doubt = ctx.time.doubt()
    if doubt is None:
        return None
    told = ClockUnset if doubt.unset else ClockWentBack if doubt.back else ClockLeapt
    return told(shown=local_time(doubt.shown), counts=local_time(doubt.counts))


def local_time(at: datetime) -> str:
    """Day and time as people here write them."""
    return day_and_time(at)


@journal
def heard_time(ctx: Context, said: datetime) -> None:
    """The network says what time it is now; what follows of it is stored."""
    ctx.time.heard(said)


def queue_length(ctx: Context) -> int:
    """How many messages wait to go out."""
    row = ctx.db.execute(
        "SELECT (SELECT count(*) FROM messages WHERE status = 'queued')"
        " + (SELECT count(*) FROM messages WHERE status = 'held' AND not_before > '')"
        " + (SELECT count(*) FROM messages WHERE status = 'sending')"
    ).fetchone()
    return int(row[0])


@journal
def note_pin(ctx: Context, pin: str) -> None:
    """Remember that `pin` is about to be tried; "" once it was accepted."""
    settings.put(ctx, PIN_TRIED, pin)


class StoredPin:
    """The SIM's PIN from the settings. One that was tried and not accepted is not tried again.

    It serves `modem.Pin`.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def take(self) -> str | None:
        pin = PIN(self._ctx)
        if not pin:
            return None
        if settings.stored(self._ctx, PIN_TRIED) == pin:
            raise PinRefused()
        note_pin(self._ctx, pin)
        return pin

    def accepted(self) -> None:
        if settings.stored(self._ctx, PIN_TRIED):
            note_pin(self._ctx, "")
