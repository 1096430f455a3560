"""Reports: each declares its columns once, for the screen, text, CSV, JSON and workbooks."""

from crm_tui.shop import access
from crm_tui.shop.context import Context
from crm_tui.shop.errors import NotAllowed, UnknownReport
from crm_tui.shop.reports import goods, people, sales, sms
from crm_tui.shop.reports.base import Chart, Column, Record, Report, Wanted, local
from crm_tui.shop.reports.period import NAMED, Period

__all__ = [
    "NAMED", "REPORTS", "Chart", "Column", "Period", "Record", "Report", "Wanted", "find", "local",
]  # fmt: skip

REPORTS = {
    report.name: report
    for report in (
        people.CUSTOMERS, sales.DIRECT, sales.BY_SMS, sales.SALES, goods.STOCK, goods.MOVES,
        sms.ORDERS, sms.LOST, sms.MESSAGES, sms.TIMES, people.RANKING, sms.PROMOS,
        sales.RECEIVABLES, people.AUDIT,
    )
}  # fmt: skip
"""In the order of the menu."""


def find(ctx: Context, name: str) -> Report:
    """The report called `name`. Raises `UnknownReport` or `NotAllowed`."""
    if name not in REPORTS:
        raise UnknownReport(name=name, names=", ".join(REPORTS))
    for permission in ("reports.view", REPORTS[name].permission):
        if permission and not access.allowed(ctx, permission):
            raise NotAllowed(who=ctx.actor.name, permission=permission)
    return REPORTS[name]
