"""Reports as Excel workbooks: a summary with charts, the data, and what it all is.

    rows ─stream─▶ sheet (a temporary XML file) ─zip─▶ temporary workbook ─rename─▶ its place

Nothing grows with the number of rows but the files. Every step looks whether it was called off.
"""

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate.errors import RuleBroken
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.reports.base import Record, Report
from crm_tui.shop.reports.cells import Facts, _Cells
from crm_tui.shop.reports.data_sheet import _Data
from crm_tui.shop.reports.paper import prepare, set_up
from crm_tui.shop.reports.summary_sheet import _Summary

MOST_ROWS = 1_048_570
"""A sheet holds 1,048,576, the heading and the totals among them."""


class TooManyRows(RuleBroken):
    text = N_(
        "{count} rows are too many for this form, which holds {most}. Choose fewer days, or CSV."
    )


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
    prepare(book)
    try:
        summary = book.create_sheet(translate(N_("Summary"))[:31])
        data = book.create_sheet(translate(N_("Data"))[:31])
        info = book.create_sheet(translate(N_("Info"))[:31])
        for sheet in (summary, data, info):
            set_up(sheet, report, facts.shop, facts.period, translate, portrait=sheet is not data)
        _Summary(summary, report, facts, translate).write()
        count = _Data(data, report, facts, translate).write(rows, progress)
        _write_info(info, report, facts, translate, count)
        _zip(book, out, progress)
    finally:
        for sheet in book.worksheets:
            _forget(sheet)


def write_many(
    notes: Sequence[tuple[str, ...]],
    title: str,
    tables: Sequence[tuple[Report, Iterator[Record], int]],
    out: Path,
) -> None:
    """Write a workbook of bare tables, each with how many rows it has, behind a sheet of `notes`. A
    table that is longer than a sheet goes on on another."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    prepare(book)
    try:
        first = book.create_sheet(title[:31])
        for letter, width in zip("ABC", (20, 20, 80), strict=True):
            first.column_dimensions[letter].width = width
        cells = _Cells(first)
        for line in notes:
            first.append([cells.text(told, bold=not line[1]) for told in line])
        for report, rows, count in tables:
            for part in range(max(1, -(-count // MOST_ROWS))):
                name = report.name if not part else f"{report.name} {part + 1}"
                sheet = book.create_sheet(name[:31])
                _Data(sheet, report, Facts("", ""), _as_it_is).write(
                    itertools.islice(rows, MOST_ROWS), Progress()
                )
        _zip(book, out, Progress())
    finally:
        for sheet in book.worksheets:
            _forget(sheet)


def _as_it_is(text: str, /, **params: object) -> str:
    return text


def _zip(book: Any, out: Path, progress: Progress) -> None:
    from openpyxl.writer.excel import ExcelWriter

    from crm_tui.shop.reports.zip_file import Archive

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


def _write_info(sheet: Any, report: Report, facts: Facts, translate: Translate, count: int) -> None:
    cells = _Cells(sheet)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 72
    lines = [
        (translate(N_("Shop")), facts.shop),
        (translate(N_("Report")), translate(report.title)),
        (translate(N_("Period")), facts.period),
        *facts.info,
    ]
    for label, told in lines:
        sheet.append([cells.text(label, bold=True), cells.text(told, wrap=True)])
    sheet.append([cells.text(translate(N_("Rows")), bold=True), cells.number(count, wrap=True)])
