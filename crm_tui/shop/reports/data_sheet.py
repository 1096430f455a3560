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
from crm_tui.shop.reports.paper import ROW, WIDEST, Layout, Pages, laid_out, lines_in, wide
from crm_tui.shop.reports.telling import in_language, in_words
from crm_tui.text import visible

_LOOKED_AT = 200
"""Rows by which the widths of columns are chosen."""


_STEP = 500


_FORMATS = {
    "money": "#,##0", "number": "#,##0", "time": "dd/mm/yyyy hh:mm", "day": "dd/mm/yyyy",
    "seconds": "#,##0.0", "key": "0", "decimal": "#,##0.0",
}  # fmt: skip


_WIDTHS = {
    "money": 11,
    "number": 6,
    "time": 16.5,
    "day": 11.5,
    "seconds": 9,
    "key": 6,
    "decimal": 7,
}


_WIDEST = 48


_SHORTEST = {"customer": 16, "lines": 24, "list": 16, "sentence": 26, "told": 26}
"""How narrow texts become before another column is left out for them."""


_READ = 44
"""How narrow what is read through becomes."""


_GAP, _ARROW = 3.0, 3.0
"""What a text leaves free beside it, and a heading for the arrow of its filter."""


_LINE, _MOST_LINES = 13.0, 31
"""The height of a line in points, and how many lines a row can have."""


_LONGEST_WORD = 28
"""A longer word is broken."""


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

        first = list(itertools.islice(rows, _LOOKED_AT))
        layout = self._layout(first)
        columns, sheet = layout.columns, self._sheet
        # Before the first row, or it is lost.
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        sheet.page_setup.scale = layout.scale
        for place, width in enumerate(layout.widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        head = [wide(self._heading(column), bold=True) for column in columns]
        room = [width - _ARROW for width in layout.widths]
        if any(size > width for size, width in zip(head, room, strict=True)):
            most = max(
                lines_in(self._heading(column), width / 1.08)
                for column, width in zip(columns, room, strict=True)
            )
            sheet.row_dimensions[1].height = heading = _LINE * most + 2
        else:
            heading = ROW
        self._pages = Pages(heading, layout.scale)
        sheet.append(
            [
                self._cells.text(
                    self._heading(column),
                    bold=True,
                    fill="DCE6F1",
                    right=column.kind in _RIGHT,
                    wrap=True,
                )
                for column in columns
            ]
        )
        # A cell a column, filled anew for each row: openpyxl writes a row at once.
        fill = [self._filler(column) for column in columns]
        keys = [column.key for column in columns]
        texts = [
            (at, layout.widths[at] - _GAP)
            for at, column in enumerate(columns[: layout.printed])
            if column.kind not in _FORMATS
        ]
        total = max(1, self._facts.totals.get("count", 0))
        count = 0
        for row in itertools.chain(first, rows):
            if count % _STEP == 0:
                # The last part is for the ZIP.
                progress.at(count, total + total // 4)
            made = [put(row[key]) for put, key in zip(fill, keys, strict=True)]
            count += 1
            self._append(made, count + 1, texts)
        last = get_column_letter(len(columns))
        sheet.auto_filter.ref = f"A1:{last}{count + 1}"
        summed = bool(count) and any(column.total for column in columns)
        if summed:
            self._write_sums(columns, count)
            self._pages.add(ROW)
        if behind := self._pages.break_behind:
            from openpyxl.worksheet.pagebreak import Break

            sheet.row_breaks.append(Break(id=behind + 1))
        # What is right of it stays on the screen.
        sheet.print_area = f"A1:{get_column_letter(layout.printed)}{count + 1 + summed}"
        return count

    def _append(self, cells: Sequence[Any], row: int, texts: Sequence[tuple[int, float]]) -> None:
        """Write a row, as high as the texts in it (their places and how much their columns hold)."""
        lines = 1
        for at, width in texts:
            cell = cells[at]
            # Most are short enough, whatever letters they have.
            if cell is not None and (len(cell._value) * WIDEST > width or "\n" in cell._value):
                lines = max(lines, lines_in(cell._value, width))
        if lines > 1:
            # Not all programs find out by themselves.
            height = self._sheet.row_dimensions[row].height = _LINE * min(lines, _MOST_LINES) + 2
            self._pages.add(height)
            self._sheet.append(cells)
            del self._sheet.row_dimensions[row]
        else:
            self._pages.add(ROW)
            self._sheet.append(cells)

    def _write_sums(self, columns: Sequence[Column], count: int) -> None:
        from openpyxl.utils import get_column_letter

        cells = []
        for place, column in enumerate(columns, start=1):
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

    def _heading(self, column: Column) -> str:
        """What stands above a column; figures that have no unit beside them have it there."""
        heading = self._tell(column.heading)
        return self._tell(N_("{what} (s)"), what=heading) if column.kind == "seconds" else heading

    def _layout(self, rows: Sequence[Record]) -> Layout:
        columns = self._report.columns
        sizes = [self._sizes(column, rows) for column in columns]
        return laid_out(columns, [size[0] for size in sizes], [size[1] for size in sizes])

    def _sizes(self, column: Column, rows: Sequence[Record]) -> tuple[float, float]:
        """How wide the column would be, and how narrow it may become without breaking a word."""
        heading = self._heading(column)
        # Beside a word of the heading there is the filter's arrow.
        least = max(wide(word, bold=True) for word in heading.split()) + _ARROW + 0.5
        if column.kind in _RIGHT:
            values = [row[column.key] or 0 for row in rows]
            values.append(self._facts.totals.get(column.key, 0) if column.total else 0)
            longest = max(wide(f"{value:,.0f}", bold=column.total) for value in values)
            size = max(least, _WIDTHS[column.kind], longest + 1.5)
            return size, size
        if column.kind in _WIDTHS:
            size = max(least, _WIDTHS[column.kind])
            return size, size
        texts = [self._in_cell(column, row[column.key]) for row in rows]
        longest = max((wide(text) for text in texts), default=0)
        words = (word for text in texts for word in text.split())
        word = max(map(wide, words), default=0)
        full = max(least, min(longest + _GAP, _WIDEST))
        if column.read:
            return full, max(least, min(full, _READ))
        return full, max(
            least, min(full, max(word + _GAP, _SHORTEST.get(column.kind, 26)), _LONGEST_WORD)
        )

    def _in_cell(self, column: Column, value: Any) -> str:
        """What stands in the cell, to be measured."""
        if value is None:
            return ""
        if column.told is not None:
            return column.told(value, self._tell)
        if column.kind == "list":
            value = flat(column, value)
        if column.kind == "told":
            return in_language(value, self._tell)
        if column.kind == "sentence":
            return self._tell(str(value))
        if column.kind in ("status", "words", "list") or isinstance(value, Words):
            return in_words(value, self._tell)
        return str(flat(column, value))

    def _filler(self, column: Column) -> Callable[[Any], Any]:
        """What puts a value into the column's cell; None leaves it empty."""
        texts = column.kind not in _FORMATS
        cell = self._cells.styled(_FORMATS.get(column.kind, ""), wrap=texts)
        plain = cell
        quoted = self._cells.styled(wrap=True)
        quoted.quotePrefix = True
        tr, words = self._tell, self._words

        # As `formats.decimal` tells it: of large ones nobody wants fractions, of small ones all.
        fraction = self._cells.styled("General")

        def number(value: Any) -> Any:
            if value is None:
                return None
            small = isinstance(value, float) and abs(value) < 1000 and column.kind == "number"
            target = fraction if small else cell
            target._value = value
            target.data_type = "n"
            return target

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
                told = words[str(value)] = in_words(value, tr)
            return text(told)

        def as_told(value: Any) -> Any:
            return None if value is None or column.told is None else text(column.told(value, tr))

        def sentence(value: Any) -> Any:
            return text(self._in_cell(column, value)) if value else None

        def lines(value: Any) -> Any:
            return text(flat(column, value))

        def kinds(value: Any) -> Any:
            return word(flat(column, value))

        made: dict[str, Callable[[Any], Any]] = {
            "money": number, "number": number, "seconds": number, "key": number,
            "decimal": number,
            "time": moment, "day": day,
            "sentence": sentence, "told": sentence,
            "status": word, "words": word, "lines": lines, "list": kinds,
        }  # fmt: skip
        return as_told if column.told is not None else made.get(column.kind, text)
