"""All reports by name."""

from collections.abc import Callable

from crm_tui.shop.gate import access
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import NotAllowed
from crm_tui.shop.reports import (
    abc_classes,
    earnings,
    goods,
    health,
    idle,
    owing,
    people,
    purchases,
    readings,
    sales,
    sms,
    till_exceptions,
)
from crm_tui.shop.reports.base import Report
from crm_tui.shop.reports.errors import UnknownReport

REPORTS = {
    report.name: report
    for report in (
        people.CUSTOMERS, sales.DIRECT, sales.BY_SMS, sales.SALES, earnings.PROFIT,
        earnings.TAKINGS, earnings.DRAWERS, goods.STOCK, goods.MOVES, purchases.PURCHASES, idle.IDLE,
        abc_classes.ABC,
        sms.ORDERS, sms.LOST, sms.MESSAGES, sms.TIMES, health.HEALTH, readings.READINGS,
        people.RANKING, sms.PROMOS, sales.RECEIVABLES, owing.AGEING, owing.STATEMENT,
        till_exceptions.EXCEPTIONS, people.AUDIT,
    )
}  # fmt: skip
"""In the order of the menu."""


def find(ctx: Context, name: str) -> Report:
    """The report called `name` as the actor may see it. Raises `UnknownReport`, `NotAllowed`."""
    if name not in REPORTS:
        raise UnknownReport(name=name, names=", ".join(REPORTS))
    for permission in ("reports.view", REPORTS[name].permission):
        if permission and not access.allowed(ctx, permission):
            raise NotAllowed(who=ctx.actor.name, permission=permission)
    return as_seen(REPORTS[name], lambda permission: access.allowed(ctx, permission))


def as_seen(report: Report, may: Callable[[str], bool]) -> Report:
    """A report as somebody is told it who may do what `may` says: no costs without that right, and
    no drawer that is open still to whoever counts it blind."""
    if report is earnings.DRAWERS and not may("drawer.look"):
        report = earnings.CLOSED_DRAWERS
    if report is people.AUDIT and not may("costs.view"):
        report = people.AUDIT_WITHOUT_COSTS
    return report if may("costs.view") else report.without_costs()
