"""The days that a report is about, and the days before to compare them with."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from crm_tui.clock import stamp
from crm_tui.errors import N_
from crm_tui.shop.reports.errors import BadDate, BadPeriod, NoDate

NAMED = {
    "today": N_("today"), "yesterday": N_("yesterday"), "week": N_("this week"),
    "month": N_("this month"), "last_month": N_("last month"), "quarter": N_("this quarter"),
    "year": N_("this year"), "all": N_("from the beginning"),
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Local days, both included; None is open. `as_of`: the day whose evening counts.

    `unit` is what the days are a part of: "", day, week, month, quarter or year; they are
    compared with so much of the one before.
    """

    first: date | None = None
    last: date | None = None
    as_of: date | None = None
    unit: str = ""

    @classmethod
    def parse(cls, first: str | None, last: str | None, as_of: str | None = None) -> "Period":
        """From "2026-12-31" each. Raises `BadDate` or `BadPeriod`."""
        period = cls(_day(first), _day(last), _day(as_of))
        if period.first and period.last and period.first > period.last:
            raise BadPeriod(first=first, last=last)
        return replace(period, unit=period._guessed())

    @classmethod
    def named(cls, name: str, today: date) -> "Period":
        """One of `NAMED`, seen from a day; what has not ended yet ends with it."""
        month = today.replace(day=1)
        match name:
            case "today":
                return cls(today, today, unit="day")
            case "yesterday":
                return cls(today - timedelta(1), today - timedelta(1), unit="day")
            case "week":
                return cls(today - timedelta(today.weekday()), today, unit="week")
            case "month":
                return cls(month, today, unit="month")
            case "last_month":
                return cls(
                    (month - timedelta(1)).replace(day=1), month - timedelta(1), unit="month"
                )
            case "quarter":
                return cls(_quarter(today), today, unit="quarter")
            case "year":
                return cls(today.replace(month=1, day=1), today, unit="year")
            case _:
                return cls()

    def _guessed(self) -> str:
        """What whole unit the days are, if they are one."""
        if self.first is None or self.last is None:
            return ""
        if self.first == self.last:
            return "day"
        if self.first.day == 1 and self.last == _month_end(self.first):
            return "month"
        if self.first == _quarter(self.first) and self.last == _month_end(_months(self.first, 2)):
            return "quarter"
        whole = (self.first.month, self.first.day, self.last.month, self.last.day)
        if whole == (1, 1, 12, 31) and self.first.year == self.last.year:
            return "year"
        return ""

    def before(self) -> "Period | None":
        """As many days of the unit before, or the days just before; None if there is no beginning."""
        if self.first is None or self.last is None:
            return None
        length = (self.last - self.first).days
        match self.unit:
            case "month" | "quarter" | "year" as unit:
                months = {"month": 1, "quarter": 3, "year": 12}[unit]
                first = _months(self.first, -months)
                end = _month_end(_months(self.first, -1))
                # The whole of a unit is compared with the whole of the one before.
                whole = self.last == _month_end(_months(self.first, months - 1))
                last = end if whole else min(end, first + timedelta(length))
            case "week":
                first, last = self.first - timedelta(7), self.last - timedelta(7)
            case _:
                first, last = self.first - timedelta(length + 1), self.first - timedelta(1)
        return Period(first, last, unit=self.unit)

    def bounds(self) -> tuple[str, str]:
        """The moments as the store writes them: from, and before."""
        begin = stamp(_midnight(self.first)) if self.first else ""
        return begin, self.evening

    @property
    def evening(self) -> str:
        """The moment at which its last day is over, as the store writes it; "~" if it has none."""
        last = self.as_of or self.last
        return stamp(_midnight(last + timedelta(days=1))) if last else "~"

    @property
    def label(self) -> str:
        """For names of files: 2026-11-25, 2026-11, 2026-Q4, 2026, 2026-11-01_2026-11-25,
        from-2026-11-01 or to-2026-11-25; "" if it is all of the time."""
        if self.as_of is not None:
            return self.as_of.isoformat()
        if self.first is None and self.last is None:
            return ""
        if self.first is None or self.last is None:
            return f"to-{self.last}" if self.first is None else f"from-{self.first}"
        if self.first == self.last:
            return self.first.isoformat()
        match self._guessed():
            case "month":
                return f"{self.first:%Y-%m}"
            case "quarter":
                return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
            case "year":
                return f"{self.first.year}"
        return f"{self.first}_{self.last}"

    @property
    def in_words(self) -> str:
        """For people: 25/11/2026, or 01/11/2026 – 25/11/2026."""
        days = [f"{day:%d/%m/%Y}" if day else "…" for day in (self.first, self.last)]
        return days[0] if self.first == self.last and self.first else " – ".join(days)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(_iso(text))
    except ValueError:
        raise (BadDate(date=text) if text.strip() else NoDate()) from None
    if not 1970 < day.year < 9999:
        raise BadDate(date=text)
    return day


def _iso(text: str) -> str:
    """31/12/2026 as 2026-12-31; anything else as it is."""
    parts = re.split(r"[/.-]", text.strip())
    if len(parts) == 3 and len(parts[2]) == 4:
        return f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}"
    return text.strip()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _months(day: date, count: int) -> date:
    """The first day of the month so many months later."""
    month = day.year * 12 + day.month - 1 + count
    return date(month // 12, month % 12 + 1, 1)


def _month_end(day: date) -> date:
    return _months(day, 1) - timedelta(1)
