"""The modem tried out for `crm-tui check`: opened, asked how it is, and let go."""

from pathlib import Path

from filelock import Timeout

from crm_tui.errors import N_
from crm_tui.gateway import port_name
from crm_tui.gsm.errors import ModemProblem
from crm_tui.modem import Health, Modem, Stored
from crm_tui.program_lock import LockUnusable, ProgramLock
from crm_tui.shop.gate.context import GATEWAY, Context
from crm_tui.shop.gate.folder import MODEM_LOCK
from crm_tui.shop.gate.health import ATTENTION, BAD, WELL, Finding, finding
from crm_tui.shop.messages import gateway_state, inbox
from crm_tui.shop.messages.deduplication import Received
from crm_tui.shop.messages.findings import WEAK


def line(ctx: Context, folder: Path, port: str | None = None) -> Finding | None:
    """How the modem answers now; None if a worker serves it, which says so itself.

    Nothing is taken off the SIM; what the modem hands over meanwhile is stored.
    """
    lock = ProgramLock(folder / MODEM_LOCK, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    except LockUnusable as problem:
        return Finding(BAD, problem.stored, N_("Do what stands here, then check again."))
    arrived: list[Stored] = []
    worker = ctx.acting(GATEWAY)
    name = port_name(ctx, port)
    try:
        modem = Modem(name, ctx.clock, pin=gateway_state.StoredPin(worker), rescue=arrived.extend)
        try:
            return _told(name, modem.health())
        finally:
            arrived += modem.arrivals()[1]
            modem.close()
    except ModemProblem as problem:
        return Finding(
            BAD, problem.stored, N_("Do what stands here, then check again."), {"port": name}
        )
    finally:
        if arrived:
            inbox.take_in(worker, [Received(sms.pdu, sms.place, sms.unread) for sms in arrived])
        lock.release()


def _told(port: str, health: Health) -> Finding:
    signal = None if health.signal is None else round(100 * health.signal / 31)
    facts = {
        "port": port, "state": "tried", "operator": health.operator, "signal": signal,
        "registered": health.registered, "used": health.used, "capacity": health.capacity,
    }  # fmt: skip
    shown = {"port": port, "operator": health.operator or "–", "signal": signal or 0}
    if not health.registered:
        return finding(
            BAD, N_("The modem at {port} answers, but no network has taken it in."),
            N_("Look whether the SIM is valid and has credit, and move the antenna."), facts, **shown,
        )  # fmt: skip
    if health.full:
        return finding(
            ATTENTION, N_("The SIM is full: {used} of {capacity} SMS."),
            N_("Start the program: it takes them in and makes room."), facts, used=health.used,
            capacity=health.capacity,
        )  # fmt: skip
    if health.signal is not None and health.signal < WEAK:
        return finding(
            ATTENTION, N_("The modem at {port} is ready, but its signal is weak: {signal} %."),
            N_("Put the modem or its antenna nearer to a window."), facts, **shown,
        )  # fmt: skip
    return finding(
        WELL, N_("The modem at {port} answers: {operator}, signal {signal} %."), "", facts, **shown
    )
