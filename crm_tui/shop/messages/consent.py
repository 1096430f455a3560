"""Writing unasked, to whom and when: the rule that every promo passes at its very last moment."""

from datetime import datetime, timedelta

from crm_tui import sqlite
from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.messages.outbox import HOWTO
from crm_tui.shop.messages.settings import CONSENT, FROM_HOUR, TO_HOUR


def lacking(policy: str, kind: str, answer: str, of_whom: str) -> str:
    """Why a customer gets no promo (`kind` promo) or explanation (howto), "" if they may get it.
    `policy` is what CONSENT says, `answer` the customer's consent, `of_whom` customer or prospect."""
    if answer == "stopped":
        return N_("said STOP")
    if kind == HOWTO or answer == "yes":
        return ""
    if policy == "bought" and of_whom == "customer":
        return ""
    return N_("no consent")


def given_by(ctx: Context, phone: str, kind: str) -> bool:
    """Whether the customer with this number may be written to now."""
    row: sqlite.Row | None = ctx.db.execute(
        "SELECT consent, kind FROM phones JOIN customers ON customers.id = customer_id"
        " WHERE number = ? AND active = 1",
        (phone,),
    ).fetchone()
    return row is not None and not lacking(CONSENT(ctx), kind, row["consent"], row["kind"])


def opens_at(ctx: Context) -> datetime | None:
    """When promos may go out again; None if they may now."""
    begin, end = FROM_HOUR(ctx), TO_HOUR(ctx)
    now = ctx.now.astimezone()
    if begin >= end or begin <= now.hour < end:
        return None
    morning = now.replace(hour=begin, minute=0, second=0, microsecond=0)
    return morning if morning > now else morning + timedelta(days=1)
