"""The manager's page: what is drawn on it, from one moment."""

from crm_tui.errors import N_
from crm_tui.shop.gate.context import Context
from crm_tui.shop.reports.base import Chart, ranked
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.sales import TOP_ITEMS, over_time
from crm_tui.shop.reports.sms import by_day


def page(ctx: Context, period: Period) -> list[Chart]:
    """Sales over time, sales by the hour of the day, SMS in and out, and the top ten items."""
    with ctx.store.reading():
        return [
            over_time(ctx, period),
            hours(ctx, period),
            by_day(ctx, period),
            ranked(
                ctx, N_("Top ten items"), TOP_ITEMS.format(only=""), period, N_("Total"), money=True
            ),
        ]


def hours(ctx: Context, period: Period) -> Chart:
    """When customers buy: rupiah by the hour of the day, from the first to the last busy one."""
    begin, end = period.bounds()
    rows = dict(
        ctx.db.execute(
            "SELECT CAST(strftime('%H', at, 'localtime') AS INTEGER), sum(total) FROM sales"
            # An old book has no times.
            " WHERE at >= ? AND at < ? AND import_id IS NULL GROUP BY 1",
            (begin, end),
        ).fetchall()
    )
    shown = range(min([7, *rows]), max([18, *rows]) + 1)
    return Chart(
        N_("Sales by the hour"), "bar", [f"{hour:02}" for hour in shown],
        {N_("Total"): [int(rows.get(hour, 0)) for hour in shown]}, money=True,
    )  # fmt: skip
