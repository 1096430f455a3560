"""What the room of SMS watches over: the line, its worker, what waits to go out, the clock."""

from datetime import timedelta

from crm_tui.clock import moment, stamp
from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.health import ATTENTION, BAD, UNKNOWN, WELL, Check, Finding, finding
from crm_tui.shop.gate.listing import View, count
from crm_tui.shop.messages import balance, budget, gateway_state
from crm_tui.shop.messages.lists import OUTBOX
from crm_tui.shop.messages.settings import BALANCE_CODE
from crm_tui.text import rupiah

WEAK = 7
"""A signal below this (0 to 31; −99 dBm) loses SMS."""
LONG = timedelta(minutes=30)
"""An SMS that could go out and has not by then is told of."""
UNREPORTED = timedelta(hours=3)
"""A telephone that is on, and a network that reports, have done so by then."""
_LOOKED_AT, _MANY, _SEVERAL = 200, 10, 5


def line(ctx: Context) -> Finding:
    """The modem, as the worker that holds it says."""
    said = gateway_state.read(ctx)
    if said is None:
        return finding(
            UNKNOWN, N_("No modem has been served yet."),
            N_("Connect the modem; the program finds it by itself while it is open."),
        )  # fmt: skip
    signal = None if said.signal is None else round(100 * said.signal / 31)
    facts = {
        "port": said.port, "state": said.state, "operator": said.operator, "signal": signal,
    }  # fmt: skip
    if said.error:
        advice = (
            N_("Do what stands here; the program tries again by itself.") if said.again
            else N_("Do what stands here; then the program goes on by itself.")
        )  # fmt: skip
        return Finding(BAD, said.error, advice, facts)
    if said.state != "ready":
        return finding(
            ATTENTION, N_("The modem is not being served now."),
            N_("Open the program, or start: crm-tui gateway"), facts,
        )  # fmt: skip
    if signal is None:
        return finding(WELL, N_("The modem at {port} is ready."), "", facts, port=said.port)
    if said.signal is not None and said.signal < WEAK:
        return finding(
            ATTENTION, N_("The modem at {port} is ready, but its signal is weak: {signal} %."),
            N_("Put the modem or its antenna nearer to a window."), facts, port=said.port,
            signal=signal,
        )  # fmt: skip
    return finding(
        WELL, N_("The modem at {port} is ready: {operator}, signal {signal} %."), "", facts,
        port=said.port, operator=said.operator or "–", signal=signal,
    )  # fmt: skip


def worker(ctx: Context) -> Finding | None:
    """Whether the worker that says it serves the modem is alive."""
    said = gateway_state.read(ctx)
    if said is None or said.state == "stopped":
        return None
    silent = said.silence(ctx.now)
    facts = {"holder": said.holder, "seen_at": said.at}
    if silent is not None:
        return finding(
            BAD, N_("The worker ({holder}) has said nothing for {minutes} minutes."),
            N_("Close crm-tui on that computer and open it again; nothing is lost by that."), facts,
            holder=said.holder, minutes=int(silent.total_seconds() // 60),
        )  # fmt: skip
    return finding(WELL, N_("The worker is at work ({holder})."), "", facts, holder=said.holder)


def queue(ctx: Context) -> Finding:
    """SMS that wait to go out, and those that the staff have to decide about."""
    waiting = gateway_state.queue_length(ctx)
    trouble = count(ctx, OUTBOX, View("newest", "trouble"))
    oldest = ctx.db.execute(
        "SELECT min(status_at) FROM messages WHERE status = 'queued'"
    ).fetchone()[0]
    facts = {"waiting": waiting, "to_decide": trouble, "oldest": oldest}
    if oldest is not None and ctx.now - moment(oldest) > LONG:
        return finding(
            BAD, N_("{count} SMS wait to go out, the oldest for {minutes} minutes."),
            N_("Look at the line above: nothing goes out until it is well."), facts, count=waiting,
            minutes=int((ctx.now - moment(oldest)).total_seconds() // 60),
        )  # fmt: skip
    if trouble:
        return finding(
            ATTENTION, N_("{count} SMS did not go out, or may not have, and wait for a decision."),
            N_("Open SMS out, part “To decide”: send them again, or leave them."), facts,
            count=trouble,
        )  # fmt: skip
    return finding(WELL, N_("{count} SMS wait to go out."), "", facts, count=waiting)


def arriving(ctx: Context) -> Finding | None:
    """Whether SMS arrive: a modem, or a network, may take all and bring none. Where reports never came
    nobody can say; one telephone may be switched off for long."""
    rows = ctx.db.execute(
        "SELECT phone, status, sent_at FROM"
        " (SELECT * FROM messages WHERE direction = 'out' ORDER BY id DESC LIMIT ?)"
        " WHERE status IN ('sent', 'delivered') AND sent_at <= ?",
        (_LOOKED_AT, stamp(ctx.now - UNREPORTED)),
    ).fetchall()
    last = next((number for number, row in enumerate(rows) if row["status"] == "delivered"), None)
    if last is None:
        return None
    silent = rows[:last]
    facts = {"unreported": len(silent), "since": silent[-1]["sent_at"] if silent else None}
    if len(silent) < _MANY or len({row["phone"] for row in silent}) < _SEVERAL:
        return finding(WELL, N_("The network reports that SMS arrive."), "", facts)
    at = gateway_state.local_time(moment(silent[-1]["sent_at"]))
    return finding(
        BAD, N_("Since {at} {count} SMS went out, and the network reports of none that it arrived."),
        N_("Send an SMS to your own telephone. If it does not come, check the card's credit, or try it"
           " in a telephone; what customers wait for, tell them another way."),
        facts, at=at, count=len(silent),
    )  # fmt: skip


def credit(ctx: Context) -> Finding | None:
    """The credit on the SIM card, as the network said last."""
    said = balance.latest(ctx)
    if said is None or not BALANCE_CODE(ctx):
        return None
    facts = {"amount": said.amount, "asked_at": said.asked_at, "status": said.status}
    if balance.is_low(ctx):
        return Finding(ATTENTION, said.told, balance.TOP_UP, facts)
    if said.amount is None:
        return Finding(
            ATTENTION, said.told,
            N_("Check the code in the settings (modem.balance_code), and ask again."), facts,
        )  # fmt: skip
    at = gateway_state.local_time(moment(said.at or said.asked_at))
    return finding(
        WELL, N_("{amount}, asked at {at}."), "", facts, amount=rupiah(said.amount), at=at
    )


def spending(ctx: Context) -> Finding | None:
    """What SMS have cost of the budgets that are set."""
    shares = budget.shares(ctx)
    if not shares:
        return None
    facts = {share.span: {"used": share.used, "most": share.most} for share in shares}
    worst = max(shares, key=lambda share: share.percent)
    params = {"used": worst.used, "most": worst.most, "percent": worst.percent}
    if worst.used >= worst.most:
        return finding(
            BAD,
            N_("Today's budget of {most} SMS is used up: no automatic answers.")
            if worst.span == "day"
            else N_("This month's budget of {most} SMS is used up: no automatic answers."),
            N_("Answer in SMS in by hand, or raise the budget in the settings."), facts, **params,
        )  # fmt: skip
    text = (
        N_("Today {used} of {most} SMS went out: {percent} %.")
        if worst.span == "day"
        else N_("This month {used} of {most} SMS went out: {percent} %.")
    )
    if worst.percent >= budget.WARN:
        advice = N_("At 100 % nothing is answered by itself. Raise the budget, or see who writes.")
        return finding(ATTENTION, text, advice, facts, **params)
    return finding(WELL, text, "", facts, **params)


def clock(ctx: Context) -> Finding:
    """Whether the computer's clock stands where it can."""
    problem = gateway_state.clock_problem(ctx)
    if problem is not None:
        # Its sentence says what to do.
        return Finding(
            BAD, problem.stored, N_("Until then the shop goes by its own count."), {"now": ctx.at}
        )
    now = gateway_state.local_time(ctx.now)
    return finding(WELL, N_("The clock says {now}."), "", {"now": ctx.at}, now=now)


CHECKS = (
    Check("line", N_("Line"), line, place=10),
    Check("worker", N_("Worker"), worker, place=11),
    Check("queue", N_("SMS out"), queue, place=12),
    Check("arriving", N_("SMS that arrive"), arriving, place=12),
    Check("credit", N_("Credit"), credit, place=13),
    Check("budget", N_("SMS budget"), spending, place=14),
    Check("clock", N_("Clock"), clock, place=30),
)
