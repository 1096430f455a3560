"""Days as old books write them, and in which order day and month stand in a whole file."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from crm_tui.clock import moment
from crm_tui.shop.imports.source import EPOCH
from crm_tui.text import day

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar mrt",
            "april apr", "mei may", "juni june jun", "juli july jul",
            "agustus august agu agt ags agst aug agust",
            "september sep sept", "oktober october okt oct", "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_TIME = re.compile(
    r"[T ,]+(?:pukul |jam |pkl\.? ?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?"
    r"(?:\s*[AP]M|\s*WI(?:B|T|TA)| ?\+0[7-9]:?00)?$", re.I,
)  # fmt: skip
"""A time of day behind it; that of a zone of the country leaves the day as it is."""
_ABROAD = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)", re.I
)
"""A moment as programs write it that count by a zone of another country."""
_WEEKDAY = re.compile(
    r"^(?:(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|mon|tue|wed|thu|fri|sat|sun)[a-z]*"
    r"|sen|sel|rab|kam|jum|sab|min|tgl|tanggal)\.?,?\s+",
    re.I,
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})")
_FIGURES = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?['’]?(\d{4}|\d{2})")
_SHORT = re.compile(r"(\d{2})[-/.](\d{1,2})[-/.](\d{2})")
_NAMED = re.compile(r"(\d{1,2})[-/. ]*([a-z]{3,9})\.?[-/., ]*['’]?(\d{4}|\d{2})", re.I)
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.?[-/. ]*(\d{1,2})[,-/. ]+(\d{4})", re.I)
_LABEL = re.compile(
    r"^(?:hari *[/,&]? *(?:dan )?(?:tanggal|tgl)|hari|tanggal|tgl|day|date)\b\.?\s*[:=]?\s*", re.I
)
_LIKE = re.compile(
    r"\d\s*[-/]\s*\d|\b(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad)\b", re.I
)
_TITLE_CELLS = 4
_AT_HOME = ("+07", "+08", "+09")
_SERIALS = range(20_000, 80_000)
_FEW = 3
"""So many days tell nothing of a file."""


def is_month(word: str) -> bool:
    """Whether a word is the name of a month."""
    return word.casefold() in _MONTHS


def day_of(at: str) -> str:
    """The shop's day of a moment that the store keeps, as people write it."""
    return day(moment(at))


def titled(cells: Sequence[object]) -> object:
    """The day that a line names if it holds nothing else, as it stands there: a text like "Senin, 3
    Februari 2025", behind "Tanggal:" or not, or a cell that is a day. None if it names none."""
    told = [cell for cell in cells if cell is not None and cell != ""]
    if not 1 <= len(told) <= _TITLE_CELLS:
        return None
    label, last = _LABEL.sub("", " ".join(map(str, told[:-1]))), told[-1]
    if isinstance(last, date):
        return None if label else last
    text = _LABEL.sub("", " ".join(map(str, told)).strip(" :"))
    # 45000 alone is a sum.
    day = None if text.isdecimal() else Days(date.max).read(text)
    return text if day is not None else None


def like_a_day(cells: Sequence[object]) -> bool:
    """Whether a line that holds nothing else may name a day, and be one that nobody can read."""
    told = [str(cell) for cell in cells if cell is not None and cell != ""]
    if not told or (len(told) > 1 and not _LABEL.match(told[0])):
        return False
    text = " ".join(told)
    words = map(is_month, re.findall(r"[^\W\d_]+", text))
    return bool(_LABEL.match(text) or _LIKE.search(text) or any(words)) and len(text) <= 60


class Days:
    """Reads the days of a file, and remembers what speaks for which order.

    `month_first` and `swapped` (Excel took day for month in the cells that it knows as dates) are what
    somebody has decided.
    """

    def __init__(
        self, today: date, *, month_first: bool = False, year_first: bool = False,
        swapped: bool = False, epoch: date = EPOCH,
    ) -> None:  # fmt: skip
        self._today, self._epoch = today, epoch
        self.month_first, self.year_first, self.swapped = month_first, year_first, swapped
        # In the order in which they came; each text once, however many rows it stands in.
        self._figures: dict[str, tuple[int, int, int]] = {}
        self._cells: dict[date, None] = {}
        self.names = self.iso = 0
        self.short_year = ""
        """The first day that was read with its year in front, of two digits."""

    def read(self, value: object) -> date | None:
        """The day that a cell names, not in the future; None if it names none."""
        day = self._read(value)
        return day if day is not None and day.year > 1970 and day <= self._today else None

    def _read(self, value: object) -> date | None:
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            self._cells[value] = None
            if self.swapped and value.day <= 12:
                return date(value.year, value.day, value.month)
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if 19700101 < value < 21000101:
                # 20250807, as programs write days.
                return self._text(f"{value:.0f}")
            return self._serial(int(value))
        return self._text(str(value))

    def _serial(self, number: int) -> date | None:
        return self._epoch + timedelta(days=number) if number in _SERIALS else None

    def _text(self, text: str) -> date | None:
        if (match := _ABROAD.fullmatch(text.strip())) and not match[3].startswith(_AT_HOME):
            return self._abroad(*match.groups())
        text = _WEEKDAY.sub("", _TIME.sub("", text.strip())).strip()
        if text.isdecimal() and len(text) == 5:
            return self._serial(int(text))
        if self.year_first and (match := _SHORT.fullmatch(text)):
            self.iso, self.short_year = self.iso + 1, self.short_year or text
            return _day(self._year(match[1]), int(match[2]), int(match[3]))
        if match := _FIGURES.fullmatch(text):
            first, second, year = int(match[1]), int(match[2]), self._year(match[3])
            self._figures[text] = (first, second, year)
            return _day(year, first, second) if self.month_first else _day(year, second, first)
        if match := _YEAR_FIRST.fullmatch(text):
            self.iso += 1
            return _day(int(match[1]), int(match[3]), int(match[4]))
        self.names += 1
        if match := _NAMED.fullmatch(text):
            return _day(self._year(match[3]), _MONTHS.get(match[2].casefold(), 0), int(match[1]))
        if match := _NAMED_FIRST.fullmatch(text):
            return _day(int(match[3]), _MONTHS.get(match[1].casefold(), 0), int(match[2]))
        return None

    def _abroad(self, day: str, time: str, zone: str) -> date | None:
        """The shop's day of a moment elsewhere: what UTC calls the evening before is this morning."""
        self.iso += 1
        sign = "+00:00" if zone[0] not in "+-" else zone
        try:
            return datetime.fromisoformat(f"{day}T{time}{sign}").astimezone().date()
        except ValueError:
            return None

    def _year(self, digits: str) -> int:
        if len(digits) == 4:
            return int(digits)
        # A book is of the past.
        return 2000 + int(digits) - (100 if 2000 + int(digits) > self._today.year else 0)

    def certain(self) -> bool | None:
        """Whether the month stands first in the texts, if some of them can be read in one way only and
        none in the other way only."""
        day_first = any(first > 12 for first, _, _ in self._figures.values())
        month_first = any(second > 12 for _, second, _ in self._figures.values())
        return month_first if day_first != month_first else None

    def doubtful(self) -> str:
        """A day that could be another one, if the whole file could be: no number in it is above 12, and
        reading it the usual way makes no better sense than the other. Else ""."""
        figures = self._figures
        if len(figures) < _FEW or any(max(each[:2]) > 12 for each in figures.values()):
            return ""
        usual = [_day(year, second, first) for first, second, year in figures.values()]
        other = [_day(year, first, second) for first, second, year in figures.values()]
        steps, other_steps = _back(usual), _back(other)
        if steps < other_steps or (steps == other_steps and _span(usual) < _span(other)):
            return ""
        return next((text for text, each in figures.items() if each[0] != each[1]), "")

    def short(self) -> str:
        """A day that may begin with its year, "25-08-07", if what stands first hardly changes in the
        whole file, as no day does, and what stands last does. Else ""."""
        short = [text for text in self._figures if _SHORT.fullmatch(text)]
        firsts, lasts = (
            {each[at] for each in map(self._figures.get, short) if each} for at in (0, 2)
        )
        if len(short) < max(_FEW, len(self._figures)) or len(lasts) <= 2 * len(firsts):
            return ""
        return short[0] if all(12 < first <= self._today.year - 2000 for first in firsts) else ""

    def mixed_up(self) -> str:
        """A day among the date cells if Excel has probably taken day for month in them: they go to 12
        only, and texts stand where the day is above 12. Else ""."""
        apart = {day for day in self._cells if day.day != day.month}
        texts = self._figures.values()
        if len(apart) < _FEW or any(day.day > 12 for day in self._cells):
            return ""
        if not texts or any(max(first, second) <= 12 for first, second, _ in texts):
            return ""
        return str(min(apart))

    @property
    def form(self) -> str:
        """How the days are written: "dmy", "mdy", or "" if in no order that could be another."""
        if not self._figures:
            return ""
        return "mdy" if self.month_first else "dmy"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _back(days: Sequence[date | None]) -> int:
    """How often the next day is an earlier one: a book is written in the order of time."""
    there = [day for day in days if day is not None]
    return sum(later < earlier for earlier, later in pairwise(there))


def _span(days: Iterable[date | None]) -> int:
    there = [day for day in days if day is not None]
    return (max(there) - min(there)).days
