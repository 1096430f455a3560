"""The credit on the SIM card: asked of the network on request and once a day, told when it is low.

asked ─the worker begins─▶ asking ─the network says─▶ answered
                              └─no, nothing, the line is gone─▶ failed
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from crm_tui import sqlite
from crm_tui.clock import moment, stamp
from crm_tui.errors import N_, Problem, Sentence, stored
from crm_tui.shop.gate.commands import command, journal
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.messages.settings import BALANCE_CODE, BALANCE_LIMIT
from crm_tui.text import rupiah

DAILY = timedelta(days=1)
_WRONG_CLOCK = timedelta(hours=1)
NO_ANSWER = N_("The network gave no answer. Try again later, or check the code in the settings.")
CUT_OFF = N_("The connection to the modem broke before the network answered. Ask again.")
LOW = N_("credit is low")
TOP_UP = N_("Top up the SIM card: without credit no SMS go out.")

_AMOUNT = re.compile(r"(?:\bRp|\bIDR)\s*[.:]?\s*(\d[\d.,]*)", re.IGNORECASE)
_CENTS = re.compile(r"(?<=\d)[.,]\d{1,2}$")


def amount(text: str, *, cut: bool = False) -> int | None:
    """The first amount of rupiah in what the network says, None if there is none; of a text that is
    `cut` what stands at its end may be a part of one."""
    said = _AMOUNT.search(text)
    if said is None or (cut and not text[said.end() :].strip()):
        return None
    return int(re.sub(r"[.,]", "", _CENTS.sub("", said[1].rstrip(".,"))))


class NoCode(RuleBroken):
    text = N_(
        "It is not set how to ask for the credit. Set modem.balance_code to what you would dial: "
        "*888#, *123# …"
    )


@dataclass(frozen=True)
class Balance:
    """A question for the credit. `status` as the store has it, `asked_at` and `at` stored moments,
    `amount` in rupiah, `says` the network's words, `reason` for `i18n.retell`."""

    id: int
    asked_at: str
    status: str
    at: str | None
    amount: int | None
    says: str
    reason: Sentence

    @property
    def is_open(self) -> bool:
        return self.status in ("asked", "asking")

    @property
    def told(self) -> Sentence:
        """What came of it, for `i18n.retell`."""
        if self.amount is not None:
            return Sentence(rupiah(self.amount))
        if self.status == "answered":
            return stored(N_("No amount in: {says}"), says=" ".join(self.says.split()) or "–")
        return self.reason or N_("asked")


_COLUMNS = "id, asked_at, status, at, amount, says, reason"


def _of(row: sqlite.Row) -> Balance:
    return Balance(**{**dict(row), "reason": Sentence(row["reason"] or "")})


def get(ctx: Context, key: int) -> Balance:
    """One question."""
    return _of(ctx.db.execute(f"SELECT {_COLUMNS} FROM balances WHERE id = ?", (key,)).fetchone())  # noqa: S608


def latest(ctx: Context) -> Balance | None:
    """The last one that is not open any more."""
    row = ctx.db.execute(
        f"SELECT {_COLUMNS} FROM balances WHERE status IN ('answered', 'failed')"  # noqa: S608
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return None if row is None else _of(row)


def is_low(ctx: Context) -> bool:
    """Whether the credit that was heard last is below the shop's limit."""
    row = ctx.db.execute(
        "SELECT amount FROM balances WHERE status = 'answered' AND amount IS NOT NULL"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return row is not None and int(row[0]) < BALANCE_LIMIT(ctx)


@command("messages.ask_balance", "messages.send")
def ask(ctx: Context) -> int:
    """Have the worker ask; the question's key. One that is open already is not asked twice. Raises
    `NoCode`."""
    if not BALANCE_CODE(ctx):
        raise NoCode()
    row = ctx.db.execute(
        "SELECT id FROM balances WHERE status IN ('asked', 'asking') ORDER BY id LIMIT 1"
    ).fetchone()
    key = _add(ctx) if row is None else int(row[0])
    ctx.record(f"balance {key}")
    return key


def _add(ctx: Context) -> int:
    key = ctx.db.execute(
        "INSERT INTO balances (asked_at, actor, status) VALUES (?, ?, 'asked') RETURNING id",
        (ctx.at, ctx.actor.name),
    ).fetchone()[0]
    ctx.changed("gateway", 1)
    return int(key)


# ── the worker ────────────────────────────────────────────────────────────────────────────────────


def due_at(ctx: Context) -> str | None:
    """When the worker is to ask by itself."""
    if not BALANCE_CODE(ctx):
        return None
    row = ctx.db.execute("SELECT asked_at FROM balances ORDER BY id DESC LIMIT 1").fetchone()
    # One of a moment that is still to come was asked by a wrong clock, and keeps no other.
    if row is None or moment(row[0]) > ctx.now + _WRONG_CLOCK:
        return ""
    return stamp(moment(row[0]) + DAILY)


@journal
def ask_daily(ctx: Context) -> None:
    """It is time to ask."""
    _add(ctx)


@journal
def recover(ctx: Context) -> None:
    """What was being asked when the worker or the line ended got no answer; it is not asked again by
    itself, in case that it was the question."""
    _end(ctx, "status = 'asking'", "failed", reason=CUT_OFF)


def next_code(ctx: Context) -> tuple[int, str] | None:
    """The key and the code of the next question that is to be asked."""
    row = ctx.db.execute(
        "SELECT id FROM balances WHERE status IN ('asked', 'asking') AND status = 'asked'"
        " ORDER BY id LIMIT 1"
    ).fetchone()
    return None if row is None else (int(row[0]), BALANCE_CODE(ctx))


@journal
def begin(ctx: Context, key: int) -> None:
    """It is about to be asked."""
    ctx.db.execute("UPDATE balances SET status = 'asking' WHERE id = ?", (key,))
    ctx.changed("gateway", 1)


@journal
def answered(ctx: Context, key: int, says: str, amount: int | None) -> None:
    """The network said so."""
    _end(ctx, f"id = {key:d}", "answered", says=says, amount=amount)


@journal
def failed(ctx: Context, key: int, why: Problem | str) -> None:
    """Nothing came of it; `why` is a problem, or a text of the catalogues."""
    _end(
        ctx, f"id = {key:d}", "failed", reason=why.stored if isinstance(why, Problem) else why
    )  # fmt: skip


def _end(
    ctx: Context, which: str, status: str, *, says: str = "", amount: int | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    ended = ctx.db.execute(
        f"UPDATE balances SET status = ?, at = ?, says = ?, amount = ?, reason = ? WHERE {which}",  # noqa: S608
        (status, ctx.at, says, amount, reason),
    ).rowcount
    if ended:
        ctx.changed("gateway", 1)
