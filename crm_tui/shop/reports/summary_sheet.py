"""The first sheet of a workbook: totals and charts."""

import itertools
from typing import Any

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.reports.base import Chart, Report, change
from crm_tui.shop.reports.cells import Facts, _Cells
from crm_tui.shop.reports.paper import PORTRAIT, wide

_MOST_LEVEL, _SHORT = 8, 3
_RISING = -2_700_000
"""45 degrees, in sixty-thousandths of one."""
# Of the theme of the screens, dark enough to be printed.
_COLOURS = ("1F5F99", "E08A1E", "22703C", "8B97A5")
_COLUMNS = (38, 24, 23, PORTRAIT - 85)
_MANY = 10
"""A change of so many times the whole is told as times, not in percent."""
_ROW = 14.25
"""The height of a row in points."""
_LONGEST_LABEL = 52
"""Characters of a page's width that labels may take: the bars have the rest."""
_DRAWN, _PAGE = 17, 46
"""Rows under a chart, and on a page."""


class _Summary:
    """Figures as numbers, the period before beside them, and charts."""

    def __init__(self, sheet: Any, report: Report, facts: Facts, translate: Translate) -> None:
        self._sheet, self._report, self._facts, self._tell = sheet, report, facts, translate
        self._cells = _Cells(sheet)
        self._row = self._page = 0

    def _append(self, *cells: Any) -> None:
        self._sheet.append(list(cells))
        self._row += 1

    def write(self) -> None:
        for letter, width in zip("ABCD", _COLUMNS, strict=True):
            self._sheet.column_dimensions[letter].width = width
        self._sheet.sheet_format.defaultRowHeight = _ROW
        self._sheet.sheet_format.customHeight = True
        self._sheet.row_dimensions[1].height = 24
        text, facts, tr = self._cells.text, self._facts, self._tell
        self._append(text(f"{tr(self._report.title)}", bold=True, size=16))
        self._append(text(facts.shop))
        self._append(text(facts.period))
        self._append()
        self._write_totals()
        for label, told in facts.summary:
            # Nothing stands beside it, so that it may be as long as the page is wide.
            self._append(text(f"{label}: {told}"))
        self._append()
        for chart in facts.charts:
            if chart.labels:
                self._write_chart(chart)

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
                line.append(self._change(value, before))
            self._append(*line)

    def _change(self, value: int, before: int | None) -> Any:
        """How it stands against the period before; many times as much is told as such."""
        share = change(value, before or 0)
        if share is not None and abs(share) < _MANY:
            # What is rounded to nothing has no sign.
            return self._cells.number(round(share, 2) or 0, "+0%;-0%;0%")
        times = value / before if share is not None and before else 0
        return self._cells.text(f"×{times:.0f}" if 0 < times < 1000 else "–", right=True)

    def _write_chart(self, chart: Chart) -> None:
        """The chart, and the figures behind it below."""
        from openpyxl.worksheet.pagebreak import Break

        tr, cells = self._tell, self._cells
        # Figures may go on on the next page; where that ends, programs do not agree.
        if self._row - self._page + _DRAWN + 3 + min(len(chart.labels), 10) > _PAGE:
            self._sheet.row_breaks.append(Break(id=self._row))
            self._page = self._row
        self._append(cells.text(tr(chart.title), bold=True))
        begins = self._row + 1
        for _ in range(_DRAWN):
            self._append()
        # The names of a ranking reach over the next column.
        before = [cells.text("")] * (_beside(chart) - 1)
        self._append(*before, *(cells.text(tr(name), bold=True, right=True) for name in chart.rows))
        head = self._row
        for at, label in enumerate(chart.labels_in(tr)):
            values = [cells.number(each[at]) for each in chart.rows.values()]
            told = _short(label, sum(_COLUMNS[: len(before)]))
            if chart.kind == "ranked":
                # A name that a program breaks over two lines takes the place of the next one.
                told = told.replace(" ", "\u00a0")
            self._append(cells.text(told), *[None] * (len(before) - 1), *values)
        drawn = _drawn(self._sheet, chart, head, self._row, tr)
        self._sheet.add_chart(drawn, f"A{begins}")
        self._append()


def _beside(chart: Chart) -> int:
    """In which column its figures begin, from 1."""
    return 3 if chart.kind == "ranked" else 2


def _short(label: str, room: float) -> str:
    """A label as long as its columns hold, and as leaves room for its bar."""
    while wide(label) > min(room - 1, _LONGEST_LABEL):
        label = label.rstrip("…")[:-1] + "…"
    return label


def _drawn(sheet: Any, chart: Chart, head: int, last: int, translate: Translate) -> Any:
    from openpyxl.chart import BarChart, PieChart, Reference

    drawn: Any = PieChart() if chart.kind == "share" else BarChart()
    # Its title stands above it, in the sheet.
    drawn.height, drawn.width = 8, 17
    left = _beside(chart)
    right = left - 1 + len(chart.rows)
    data = Reference(sheet, min_col=left, max_col=right, min_row=head, max_row=last)
    drawn.add_data(data, titles_from_data=True)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    if chart.kind == "share":
        from openpyxl.chart.label import DataLabelList

        drawn.dataLabels = DataLabelList()
        labels = drawn.dataLabels
        labels.showPercent = labels.showCatName = True
        labels.showVal = labels.showSerName = labels.showLegendKey = labels.showLeaderLines = False
        labels.txPr = _letters()
        return drawn
    for series, colour in zip(drawn.series, itertools.cycle(_COLOURS)):
        series.graphicalProperties.solidFill = colour
    # Newer programs hide the axes without this.
    drawn.x_axis.delete = drawn.y_axis.delete = False
    # Side by side more months than these would stand against one another.
    names = chart.labels_in(translate)
    turned = chart.kind != "ranked" and len(names) > _MOST_LEVEL and max(map(len, names)) > _SHORT
    drawn.x_axis.txPr, drawn.y_axis.txPr = _letters(turned=turned), _letters()
    drawn.y_axis.number_format = _short_money(translate) if chart.money else "#,##0"
    drawn.x_axis.tickLblPos = "low"
    drawn.y_axis.majorGridlines = None if chart.kind == "ranked" else drawn.y_axis.majorGridlines
    drawn.gapWidth = 40
    if chart.kind == "ranked":
        drawn.type = "bar"
        # Each bar has its name; the largest is on top.
        drawn.x_axis.tickLblSkip = 1
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


def _letters(*, turned: bool = False) -> Any:
    """Letters of 9 pt, which stay readable. `turned`: they rise by 45 degrees."""
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import (
        CharacterProperties,
        Paragraph,
        ParagraphProperties,
        RichTextProperties,
    )

    letters = CharacterProperties(sz=900)
    return RichText(
        bodyPr=RichTextProperties(rot=_RISING) if turned else None,
        p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)],
    )


def _short_money(tr: Translate) -> str:
    """The format of rupiah beside a chart: 2,5 jt."""
    word = tr(N_(" m"))
    millions = f'0.0,,"{word}"'
    return f"[>=1000000]{millions};[<=-1000000]-{millions};#,##0"
