"""The sheet of a workbook that holds the records."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.reports.base import Column, Record, Report, Words
from crm_tui.shop.reports.cells import _FORMULA, _LONGEST, Facts, _Cells, flat
from crm_tui.text import visible

_LOOKED_AT = 200
"""Rows by which the widths of columns are chosen."""


_STEP = 500


_FORMATS = {
    "money": "#,##0", "number": "#,##0", "time": "dd/mm/yyyy hh:mm", "day": "dd/mm/yyyy",
    "seconds": "#,##0.0", "key": "0", "decimal": "#,##0.0",
}  # fmt: skip


_WIDTHS = {"money": 15, "number": 10, "time": 17, "day": 12, "seconds": 11, "status": 14,
           "key": 10, "decimal": 10}  # fmt: skip


_WIDEST = 48


_RIGHT = ("money", "number", "seconds", "key", "decimal")


_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones


class _Data:
    """A row a record, as many as there are."""

    def __init__(self, sheet: Any, report: Report, facts: Facts, translate: Translate) -> None:
        self._sheet, self._report, self._facts, self._tell = sheet, report, facts, translate
        self._cells = _Cells(sheet)
        self._words: dict[str, str] = {}

    def write(self, rows: Iterator[Record], progress: Progress) -> int:
        """Returns how many there were."""
        from openpyxl.utils import get_column_letter

        columns = self._report.columns
        first = list(itertools.islice(rows, _LOOKED_AT))
        sheet = self._sheet
        # Before the first row, or it is lost.
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        for place, column in enumerate(columns, start=1):
            wide = self._wide(column, first)
            sheet.column_dimensions[get_column_letter(place)].width = wide
        sheet.append(
            [
                self._cells.text(
                    self._tell(column.heading),
                    bold=True,
                    fill="DCE6F1",
                    right=column.kind in _RIGHT,
                )
                for column in columns
            ]
        )
        # A cell a column, filled anew for each row: openpyxl writes a row at once.
        fill = [self._filler(column) for column in columns]
        keys = [column.key for column in columns]
        total = max(1, self._facts.totals.get("count", 0))
        count = 0
        for row in itertools.chain(first, rows):
            if count % _STEP == 0:
                # The last part is for the ZIP.
                progress.at(count, total + total // 4)
            sheet.append([put(row[key]) for put, key in zip(fill, keys, strict=True)])
            count += 1
        last = get_column_letter(len(columns))
        sheet.auto_filter.ref = f"A1:{last}{count + 1}"
        if count and any(column.total for column in columns):
            self._write_sums(count)
        return count

    def _write_sums(self, count: int) -> None:
        from openpyxl.utils import get_column_letter

        cells = []
        for place, column in enumerate(self._report.columns, start=1):
            if column.total:
                letter = get_column_letter(place)
                cell = self._cells.styled(_FORMATS[column.kind], bold=True)
                # Rows that somebody hides are not summed.
                cell.value = f"=SUBTOTAL(109,{letter}2:{letter}{count + 1})"
                cells.append(cell)
            else:
                told = self._tell(N_("Total")) if place == 1 else ""
                cells.append(self._cells.text(told, bold=True) if told else None)
        self._sheet.append(cells)

    def _wide(self, column: Column, rows: Sequence[Record]) -> float:
        least = len(self._tell(column.heading)) + 3
        if column.kind in _WIDTHS:
            return max(least, _WIDTHS[column.kind])
        longest = max((len(str(flat(column, row[column.key]) or "")) for row in rows), default=0)
        return max(least, min(longest + 2, _WIDEST))

    def _filler(self, column: Column) -> Callable[[Any], Any]:
        """What puts a value into the column's cell; None leaves it empty."""
        cell = self._cells.styled(_FORMATS.get(column.kind, ""))
        plain = cell
        quoted = self._cells.styled()
        quoted.quotePrefix = True
        tr, words = self._tell, self._words

        def number(value: Any) -> Any:
            if value is None:
                return None
            cell._value = value
            cell.data_type = "n"
            return cell

        def moment(value: Any) -> Any:
            if value is None:
                return None
            # What Excel keeps: days since its epoch, in local time.
            at = datetime.fromisoformat(value).replace(tzinfo=None) - _EPOCH
            cell._value = at.days + at.seconds / 86400
            cell.data_type = "n"
            return cell

        def day(value: Any) -> Any:
            if value is None:
                return None
            cell._value = (date.fromisoformat(value) - _EPOCH.date()).days
            cell.data_type = "n"
            return cell

        def text(value: Any) -> Any:
            if value is None or value == "":
                return None
            if isinstance(value, Words):
                return word(value)
            string = str(value)
            if not (string.isascii() and string.isprintable()):
                string = visible(string)
            string = string[:_LONGEST]
            target = quoted if string.startswith(_FORMULA) else plain
            target._value = string
            target.data_type = "s"
            return target

        def word(value: Any) -> Any:
            if not value:
                return None
            told = words.get(value)
            if told is None:
                told = words[str(value)] = ", ".join(tr(each) for each in str(value).split(","))
            return text(told)

        def listed(value: Any) -> Any:
            return text(flat(column, value))

        made: dict[str, Callable[[Any], Any]] = {
            "money": number, "number": number, "seconds": number, "key": number,
            "decimal": number,
            "time": moment, "day": day,
            "status": word, "words": word, "lines": listed, "list": listed,
        }  # fmt: skip
        return made.get(column.kind, text)
