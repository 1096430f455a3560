"""A report as a table of text, CSV, JSON or a workbook. Text from outside stays text everywhere."""

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from tabulate import tabulate

from crm_tui.shop.errors import FileUnwritable, TargetTaken
from crm_tui.shop.replies import rupiah
from crm_tui.shop.reports import Column, Record, Report
from crm_tui.text import one_line, visible

Translate = Callable[[str], str]
FORMATS = ("table", "csv", "json", "xlsx")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"\+\d+")
_WIDEST = 60


def duration(seconds: float) -> str:
    """4 s, 3 min 5 s, 2 h 10 min"""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _lines(value: Iterable[Record]) -> str:
    return ", ".join(f"{line['quantity']} {line['code']}" for line in value)


def _shown(column: Column, value: Any, translate: Translate) -> str:
    """A cell for people."""
    if value is None or value == []:
        return ""
    match column.kind:
        case "money":
            return rupiah(int(value))
        case "time":
            return f"{datetime.fromisoformat(value):%d/%m/%Y %H:%M}"
        case "seconds":
            return duration(float(value))
        case "lines":
            return one_line(_lines(value), _WIDEST)
        case "list":
            return ", ".join(translate(str(each["kind"])) for each in value)
        case "status":
            return translate(str(value))
        case _:
            return one_line(str(value), _WIDEST)


def table(report: Report, rows: Iterable[Record], translate: Translate) -> str:
    """The report as text, numbers to the right."""
    numeric = ("number", "money", "seconds")
    return tabulate(
        [[_shown(column, row[column.key], translate) for column in report.columns] for row in rows],
        [translate(column.heading) for column in report.columns],
        disable_numparse=True,
        colalign=["right" if column.kind in numeric else "left" for column in report.columns],
    )


def write_json(rows: Iterable[Record], out: TextIO) -> None:
    """One array, a record a line. Escapes keep it plain ASCII: no terminal obeys it."""
    out.write("[")
    for number, row in enumerate(rows):
        out.write(("," if number else "") + "\n" + json.dumps(dict(row)))
    out.write("\n]\n")


def _flat(column: Column, value: Any) -> str | int | float | None:
    if column.kind == "lines":
        return _lines(value)
    if column.kind == "list":
        return ", ".join(str(each["kind"]) for each in value)
    if value is None or isinstance(value, int | float):
        return value
    return visible(str(value))


def write_csv(report: Report, rows: Iterable[Record], out: TextIO) -> None:
    """Keys in the first line. Text that a spreadsheet would compute is led by an apostrophe."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in report.columns])
    for row in rows:
        cells = [_flat(column, row[column.key]) for column in report.columns]
        writer.writerow(
            [
                "'" + cell
                if isinstance(cell, str)
                and cell.startswith(_FORMULA)
                and not _NUMBER.fullmatch(cell)
                else cell
                for column, cell in zip(report.columns, cells, strict=True)
            ]
        )


def write_xlsx(report: Report, rows: Iterable[Record], out: Path, translate: Translate) -> None:
    """A workbook with one sheet: headings that stay, a filter, numbers and dates as such."""
    # Takes an eighth of a second to import, and few commands need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(translate(report.title)[:31])
    # Before the first row, or it is lost.
    sheet.freeze_panes = "A2"
    for position, column in enumerate(report.columns, start=1):
        wide = 40 if column.key in ("text", "lines") else 18
        sheet.column_dimensions[get_column_letter(position)].width = wide
    heads = []
    for column in report.columns:
        cell = WriteOnlyCell(sheet, translate(column.heading))
        cell.font = Font(bold=True)
        heads.append(cell)
    sheet.append(heads)
    count = 1
    for row in rows:
        sheet.append(
            [_cell(sheet, column, row[column.key], WriteOnlyCell) for column in report.columns]
        )
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(report.columns))}{count}"
    book.save(out)


def _cell(sheet: Any, column: Column, value: Any, make: Callable[[Any, Any], Any]) -> Any:
    flat = _flat(column, value)
    if isinstance(flat, str) and column.kind == "time":
        cell = make(sheet, datetime.fromisoformat(flat).replace(tzinfo=None))
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(flat, str):
        cell = make(sheet, visible(flat)[:32_000])
        # Never a formula, whatever a customer wrote.
        cell.data_type = "s"
        cell.quotePrefix = flat.startswith(_FORMULA)
    else:
        cell = make(sheet, flat)
        cell.number_format = "#,##0" if column.kind == "money" else "General"
    return cell


def written(report: Report, rows: Iterator[Record], format: str, translate: Translate) -> str:
    """The report as one text: a table, CSV or JSON."""
    out = io.StringIO()
    if format == "json":
        write_json(rows, out)
    elif format == "csv":
        write_csv(report, rows, out)
    else:
        out.write(table(report, rows, translate) + "\n")
    return out.getvalue()


def save(
    report: Report, rows: Iterator[Record], format: str, target: Path, translate: Translate
) -> None:
    """Write a file, whole or not at all: first beside it, then in its place."""
    if target.suffix in (".db", ".db-wal", ".db-shm", ".log", ".lock"):
        raise TargetTaken(file=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
        os.close(handle)
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    temporary = Path(name)
    try:
        if format == "xlsx":
            write_xlsx(report, rows, temporary, translate)
        else:
            temporary.write_text(written(report, rows, format, translate), "utf-8")
        temporary.replace(target)
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    finally:
        temporary.unlink(missing_ok=True)
