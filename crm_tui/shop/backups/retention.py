"""Which backups are kept: the newest of each of the last days, weeks and months that have one, and the
last few whatever their day: one made after an accident takes the place of none from before it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

LAST = 3


def kept(
    moments: Iterable[datetime], *, daily: int, weekly: int, monthly: int
) -> frozenset[datetime]:
    """Those of `moments` (aware; local time decides about days) that are kept."""
    newest_first = sorted(set(moments), reverse=True)
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (max(1, daily), lambda moment: moment.date()),
        (weekly, lambda moment: moment.isocalendar()[:2]),
        (monthly, lambda moment: (moment.year, moment.month)),
    )
    chosen = set(newest_first[:LAST])
    for most, period in rules:
        seen: set[object] = set()
        for moment in newest_first:
            if len(seen) == most:
                break
            name = period(moment.astimezone())
            if name not in seen:
                seen.add(name)
                chosen.add(moment)
    return frozenset(chosen)
