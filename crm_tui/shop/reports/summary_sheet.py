"""The first sheet of a workbook: totals and charts."""

import itertools
from typing import Any

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.reports.base import Chart, Report
from crm_tui.shop.reports.cells import Facts, _Cells

# Of the theme of the screens, dark enough to be printed.
_COLOURS = ("1F5F99", "E08A1E", "22703C", "8B97A5")


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
        text, facts, tr = self._cells.text, self._facts, self._tell
        self._append(text(f"{tr(self._report.title)}", bold=True, size=16))
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
        tr, facts, cells = self._tell, self._facts, self._cells
        if not facts.totals:
            return
        head = [cells.text(""), cells.text(facts.period, bold=True, right=True)]
        if facts.before is not None:
            head += [
                cells.text(facts.before_period, bold=True, right=True),
                cells.text("±", bold=True, right=True),
            ]
        self._append(*head)
        now = self._report.as_of_now
        for key, label in [("count", tr(N_("Rows")))] + [
            (column.key, tr(column.heading)) for column in self._report.columns if column.total
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
        tr, cells = self._tell, self._cells
        self._append(cells.text(tr(chart.title), bold=True))
        self._append(
            cells.text(""), *(cells.text(tr(name), bold=True, right=True) for name in chart.rows)
        )
        head = self._row
        for at, label in enumerate(chart.labels):
            values = [cells.number(each[at]) for each in chart.rows.values()]
            self._append(cells.text(tr(label)), *values)
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
    # Newer programs hide the axes without this.
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
