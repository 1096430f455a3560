"""Reports as Excel workbooks: a summary with charts, the data, and what it all is.

    rows ─stream─▶ sheet (a temporary XML file) ─zip─▶ temporary workbook ─rename─▶ its place

Nothing grows with the number of rows but the files. Every step looks whether it was called off.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crm_tui.errors import N_
from crm_tui.shop.errors import RuleBroken
from crm_tui.shop.progress import Progress
from crm_tui.shop.reports.base import Chart, Column, Record, Report
from crm_tui.text import visible

Translate = Callable[[str], str]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_000
"""Excel takes 32,767 characters a cell, counted in UTF-16."""
_LOOKED_AT = 200
"""Rows by which the widths of columns are chosen."""
_STEP = 500
_FORMATS = {
    "money": "#,##0", "number": "#,##0", "time": "dd/mm/yyyy hh:mm", "day": "dd/mm/yyyy",
    "seconds": "#,##0.0",
}  # fmt: skip
_WIDTHS = {"money": 15, "number": 10, "time": 17, "day": 12, "seconds": 11, "status": 14}
_WIDEST = 48
_RIGHT = ("money", "number", "seconds")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones
# Of the theme of the screens, dark enough to be printed.
_COLOURS = ("1F5F99", "E08A1E", "22703C", "8B97A5")


MOST_ROWS = 1_048_570
"""A sheet holds 1,048,576, the heading and the totals among them."""


class TooManyRows(RuleBroken):
    text = N_(
        "{count} rows are too many for this form, which holds {most}. Choose fewer days, or CSV."
    )


@dataclass(frozen=True)
class Facts:
    """What a workbook tells beside the data. `totals` and `before` by column key, "count" the rows;
    `info`: lines of a label and what it is."""

    shop: str
    period: str
    totals: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, int] | None = None
    before_period: str = ""
    summary: Sequence[tuple[str, str]] = ()
    charts: Sequence[Chart] = ()
    info: Sequence[tuple[str, str]] = ()


def flat(column: Column, value: Any) -> Any:
    """A value as a cell holds it: lists as text, the rest as it is."""
    if column.kind == "lines":
        return ", ".join(f"{line['quantity']} {line['code']}" for line in value)
    if column.kind == "list":
        return ", ".join(str(each["kind"]) for each in value)
    return value


def write(
    report: Report, rows: Iterator[Record], facts: Facts, out: Path, translate: Translate,
    progress: Progress | None = None,
) -> None:  # fmt: skip
    """Write the workbook. Raises `Cancelled`; what it wrote until then is the caller's to remove."""
    # Takes an eighth of a second to import, and few commands need it.
    from openpyxl import Workbook

    if facts.totals.get("count", 0) > MOST_ROWS:
        raise TooManyRows(count=facts.totals["count"], most=MOST_ROWS)
    progress = progress or Progress()
    book = Workbook(write_only=True)
    try:
        summary = book.create_sheet(translate(N_("Summary"))[:31])
        data = book.create_sheet(translate(N_("Data"))[:31])
        info = book.create_sheet(translate(N_("Info"))[:31])
        for sheet in (summary, data, info):
            _for_paper(sheet, report, facts, translate)
        _Summary(summary, report, facts, translate).write()
        count = _Data(data, report, facts, translate).write(rows, progress)
        _write_info(info, report, facts, translate, count)
        _zip(book, out, progress)
    finally:
        for sheet in book.worksheets:
            _forget(sheet)


def _zip(book: Any, out: Path, progress: Progress) -> None:
    from openpyxl.writer.excel import ExcelWriter

    from crm_tui.shop.archive import Archive

    with Archive(out, progress) as archive:
        ExcelWriter(book, archive).save()


def _forget(sheet: Any) -> None:
    """Take the sheet's temporary file away, whatever became of it."""
    writer = getattr(sheet, "_writer", None)
    if writer is None:
        return
    if not sheet.closed:
        # Half a sheet: its XML is ended as well as it can be, for nobody to read.
        with contextlib.suppress(Exception):
            sheet.close()
    Path(writer.out).unlink(missing_ok=True)


def _for_paper(sheet: Any, report: Report, facts: Facts, translate: Translate) -> None:
    """A4, landscape, one page wide, with the shop above and the page below."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.oddHeader.left.text = _paper(facts.shop)
    sheet.oddHeader.right.text = _paper(f"{translate(report.title)} {facts.period}")
    sheet.oddFooter.center.text = "&P / &N"


def _paper(text: str) -> str:
    # & begins a code there.
    return visible(text).replace("\n", " ").replace("&", "&&")[:100]


def _text(text: str) -> str:
    return visible(text)[:_LONGEST]


class _Cells:
    """Makes cells of one sheet; a style is made once."""

    def __init__(self, sheet: Any) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._sheet, self._make = sheet, WriteOnlyCell

    def styled(self, format: str = "", *, bold: bool = False, size: int = 0, right: bool = False,
               fill: str = "", colour: str = "") -> Any:  # fmt: skip
        """A cell to be filled again and again."""
        from openpyxl.styles import Alignment, Font, PatternFill

        cell = self._make(self._sheet)
        if format:
            cell.number_format = format
        if bold or size or colour:
            # A font without a name is another one in each program.
            cell.font = Font(name="Calibri", bold=bold, size=size or 11, color=colour or None)
        if right:
            cell.alignment = Alignment(horizontal="right")
        if fill:
            cell.fill = PatternFill("solid", start_color=fill)
        return cell

    def text(self, told: str, **style: Any) -> Any:
        """A cell with a text that nobody computes."""
        cell = self.styled(**style)
        set_text(cell, told)
        return cell

    def number(self, value: float | None, format: str = "#,##0", **style: Any) -> Any:
        cell = self.styled(format, **style)
        cell.value = value
        return cell


def set_text(cell: Any, told: str) -> None:
    """Put a text into a cell: never a formula, whatever a customer wrote."""
    cell._value = told = _text(told)
    cell.data_type = "s"
    if told.startswith(_FORMULA):
        cell.quotePrefix = True


class _Summary:
    """Figures as numbers, the period before beside them, and charts."""

    def __init__(self, sheet: Any, report: Report, facts: Facts, translate: Translate) -> None:
        self._sheet, self._report, self._facts, self._tell = sheet, report, facts, translate
        self._cells = _Cells(sheet)
        self._row = 0

    def _append(self, *cells: Any) -> None:
        self._sheet.append(list(cells))
        self._row += 1

    def write(self) -> None:
        for letter, wide in (("A", 38), ("B", 25), ("C", 25), ("D", 10)):
            self._sheet.column_dimensions[letter].width = wide
        text, facts, tell = self._cells.text, self._facts, self._tell
        self._append(text(f"{tell(self._report.title)}", bold=True, size=16))
        self._append(text(facts.shop))
        self._append(text(facts.period))
        self._append()
        self._write_totals()
        for label, told in facts.summary:
            self._append(text(label), text(told, right=True))
        self._append()
        begins = self._row + 1
        places = [self._write_figures(chart) for chart in facts.charts if chart.labels]
        drawable = [each for each in facts.charts if each.labels]
        for at, (chart, (head, last)) in enumerate(zip(drawable, places, strict=True)):
            drawn = _drawn(self._sheet, chart, head, last, self._tell)
            self._sheet.add_chart(
                drawn, f"{'F' if at % 2 == 0 else 'O'}{begins - 4 + at // 2 * 17}"
            )

    def _write_totals(self) -> None:
        tell, facts, cells = self._tell, self._facts, self._cells
        if not facts.totals:
            return
        head = [cells.text(""), cells.text(facts.period, bold=True, right=True)]
        if facts.before is not None:
            head += [
                cells.text(facts.before_period, bold=True, right=True),
                cells.text("±", bold=True, right=True),
            ]
        self._append(*head)
        now = {column.key for column in self._report.columns if column.as_of_now}
        now |= set() if self._report.at else {"count"}
        for key, label in [("count", tell(N_("Rows")))] + [
            (column.key, tell(column.heading)) for column in self._report.columns if column.total
        ]:
            value = facts.totals.get(key)
            if value is None:
                continue
            line = [cells.text(label), cells.number(value, bold=True)]
            if facts.before is not None and key not in now:
                before = facts.before.get(key)
                line.append(cells.number(before))
                change = (value - before) / abs(before) if before else None
                line.append(
                    cells.number(change, "+0%;-0%;0%") if before else cells.text("–", right=True)
                )
            self._append(*line)

    def _write_figures(self, chart: Chart) -> tuple[int, int]:
        """The figures behind a chart; the rows of their head and of the last one."""
        tell, cells = self._tell, self._cells
        self._append(cells.text(tell(chart.title), bold=True))
        self._append(
            cells.text(""), *(cells.text(tell(name), bold=True, right=True) for name in chart.rows)
        )
        head = self._row
        for at, label in enumerate(chart.labels):
            values = [cells.number(each[at]) for each in chart.rows.values()]
            self._append(cells.text(tell(label)), *values)
        last = self._row
        self._append()
        return head, last


def _drawn(sheet: Any, chart: Chart, head: int, last: int, translate: Translate) -> Any:
    from openpyxl.chart import BarChart, PieChart, Reference

    drawn: Any = PieChart() if chart.kind == "share" else BarChart()
    drawn.title = translate(chart.title)
    drawn.height, drawn.width = 8, 15
    data = Reference(sheet, min_col=2, max_col=1 + len(chart.rows), min_row=head, max_row=last)
    drawn.add_data(data, titles_from_data=True)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    if chart.kind == "share":
        from openpyxl.chart.label import DataLabelList

        drawn.dataLabels = DataLabelList()
        drawn.dataLabels.showPercent = True
        return drawn
    for series, colour in zip(drawn.series, itertools.cycle(_COLOURS)):
        series.graphicalProperties.solidFill = colour
    # Without this newer programs hide the axes.
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.numFmt = "#,##0"
    drawn.y_axis.majorGridlines = None if chart.kind == "ranked" else drawn.y_axis.majorGridlines
    drawn.gapWidth = 40
    if chart.kind == "ranked":
        drawn.type = "bar"
        # The largest on top.
        drawn.x_axis.scaling.orientation = "maxMin"
        drawn.legend = None
    else:
        drawn.type = "col"
        if len(chart.rows) > 1:
            drawn.grouping = "stacked"
            drawn.overlap = 100
            drawn.legend.position = "b"
        else:
            drawn.legend = None
    return drawn


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
        tell, words = self._tell, self._words

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
            told = str(value)
            if not (told.isascii() and told.isprintable()):
                told = visible(told)
            told = told[:_LONGEST]
            target = quoted if told.startswith(_FORMULA) else plain
            target._value = told
            target.data_type = "s"
            return target

        def word(value: Any) -> Any:
            if not value:
                return None
            told = words.get(value)
            if told is None:
                told = words[value] = ", ".join(tell(each) for each in str(value).split(","))
            return text(told)

        def listed(value: Any) -> Any:
            return text(flat(column, value))

        made: dict[str, Callable[[Any], Any]] = {
            "money": number, "number": number, "seconds": number, "time": moment, "day": day,
            "status": word, "words": word, "lines": listed, "list": listed,
        }  # fmt: skip
        return made.get(column.kind, text)


def _write_info(sheet: Any, report: Report, facts: Facts, translate: Translate, count: int) -> None:
    cells = _Cells(sheet)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 60
    lines = [
        (translate(N_("Shop")), facts.shop),
        (translate(N_("Report")), translate(report.title)),
        (translate(N_("Period")), facts.period),
        *facts.info,
    ]
    for label, told in lines:
        sheet.append([cells.text(label, bold=True), cells.text(told)])
    sheet.append([cells.text(translate(N_("Rows")), bold=True), cells.number(count)])
