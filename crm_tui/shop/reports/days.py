"""Charts over time: every day or month of a period has its place, also those on which nothing was."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from crm_tui.shop.gate.context import Context
from crm_tui.shop.reports.base import Chart, evening
from crm_tui.shop.reports.period import Period

FEW_DAYS = 35
"""Longer periods are drawn a month at a time."""


def over_time(
    ctx: Context,
    period: Period,
    query: str,
    titles: tuple[str, str],
    names: Sequence[str],
    *,
    money: bool = False,
) -> Chart:
    """A chart of what `query` gives for each local day that has something: "2026-12-31" and a value for
    each of `names`; it has :begin and :end. `titles`: a day, a month."""
    found: dict[date, list[int]] = {
        date.fromisoformat(row[0]): [int(value or 0) for value in list(row)[1:]]
        for row in ctx.db.execute(query, evening(ctx, period)).fetchall()
    }
    if not found:
        return Chart(titles[0], "bar", [], {name: [] for name in names}, money)
    first = period.first or min(found)
    # Days that have not come yet have no place.
    last = max(min(period.last or max(found), ctx.now.astimezone().date()), *found)
    if (last - first).days < FEW_DAYS:
        days = [first + timedelta(at) for at in range((last - first).days + 1)]
        labels, title = [f"{day:%d/%m}" for day in days], titles[0]
        values = [found.get(day, [0] * len(names)) for day in days]
    else:
        sums = _by_month(found, first, last, len(names))
        labels, title = [f"{month:%m/%Y}" for month in sums], titles[1]
        values = list(sums.values())
    rows = {name: [each[at] for each in values] for at, name in enumerate(names)}
    return Chart(title, "bar", labels, rows, money)


def _by_month(
    found: Mapping[date, Sequence[int]], first: date, last: date, width: int
) -> dict[date, list[int]]:
    sums: dict[date, list[int]] = {}
    month = first.replace(day=1)
    while month <= last:
        sums[month] = [0] * width
        month = (month + timedelta(31)).replace(day=1)
    for day, values in found.items():
        month = day.replace(day=1)
        sums[month] = [one + more for one, more in zip(sums[month], values, strict=True)]
    return sums
