"""A report as a table of text, CSV, JSON or a workbook. Text from outside stays text everywhere."""

import csv
import io
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate import output_files
from crm_tui.shop.gate.errors import BadInput, FileUnwritable, RuleBroken
from crm_tui.shop.gate.money import rupiah
from crm_tui.shop.gate.progress import Progress
from crm_tui.shop.reports.base import Column, Record, Report, Words
from crm_tui.shop.reports.telling import in_language, in_words
from crm_tui.text import cell, day, one_line, phone, plain_cells, visible

if TYPE_CHECKING:
    from crm_tui.shop.reports.cells import Facts

FORMATS = ("table", "csv", "json", "xlsx")
_WIDEST = 60
_AT_ONCE = 1000
# What may shrink, and how far before another column is left out for it.
_SHRINK = {"text": 28, "lines": 16, "list": 14, "customer": 14}
_SHORTEST = 10
_NUMERIC = ("number", "money", "seconds", "key", "decimal")


class FileOpenElsewhere(RuleBroken):
    text = N_("{file} is open in another program, Excel perhaps. Close it there and try again.")


class NamedOtherwise(BadInput):
    text = N_(
        "What stands in {file} would not be what its name says: reports are written as .xlsx, .csv, "
        ".json or .txt."
    )


def form_of(form: str | None, output: Path | None) -> str:
    """In which form a report is told: the one that is named, or the one that the file's name says.
    Raises `NamedOtherwise`."""
    suffix = output.suffix.lower().removeprefix(".") if output is not None else ""
    said = "table" if suffix in ("", "txt") else suffix
    if form is None:
        form = said
    elif said not in FORMATS or not suffix:
        # A name that says nothing of reports.
        said = form
    if said not in FORMATS or said != form:
        raise NamedOtherwise(file=output)
    return form


def duration(seconds: float) -> str:
    """20 ms, 4,2 s, 3 min 5 s, 2 h 10 min"""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s".replace(".", ",") if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def decimal(value: float) -> str:
    """29.841.900, 12,5 or 0,00123: six digits that tell, never an exponent."""
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", ".")
    places = 5 - math.floor(math.log10(abs(value))) if value else 0
    told = f"{value:.{min(max(places, 0), 12)}f}"
    return (told.rstrip("0").rstrip(".") if "." in told else told).replace(".", ",")


def _lines(value: Iterable[Record]) -> str:
    return ", ".join(f"{line['quantity']} {line['code']}" for line in value)


def shown(column: Column, row: Record, translate: Translate) -> str:
    """A cell for people."""
    value = row[column.key]
    if column.kind == "customer":
        # A customer without a name is known by the number.
        return one_line(str(value or phone(str(row["phone"]))), _WIDEST)
    if value is None or value == []:
        return ""
    if column.told is not None:
        return one_line(column.told(value, translate), _WIDEST)
    if column.key == "phone":
        return one_line(phone(str(value)), _WIDEST)
    if isinstance(value, Words):
        return in_words(value, translate)
    if isinstance(value, float) and column.kind == "number":
        return decimal(value)
    match column.kind:
        case "money":
            return rupiah(int(value))
        case "decimal":
            return f"{value:.1f}".replace(".", ",")
        case "time":
            return f"{datetime.fromisoformat(value):%d/%m/%Y %H:%M}"
        case "day":
            return day(date.fromisoformat(value))
        case "seconds":
            return duration(float(value))
        case "lines":
            return one_line(_lines(value), _WIDEST)
        case "list":
            return ", ".join(translate(str(each["kind"])) for each in value)
        case "sentence":
            return translate(str(value))
        case "told":
            return visible(in_language(value, translate))
        case "status" | "words":
            return in_words(value, translate)
        case _:
            return one_line(str(value), _WIDEST)


def row_shown(columns: Sequence[Column], row: Record, translate: Translate) -> list[str]:
    """The cells of a row for people. A customer without a name is known by the number, which need not
    stand beside itself."""
    cells = [shown(column, row, translate) for column in columns]
    named = {text for column, text in zip(columns, cells, strict=True) if column.kind == "customer"}
    return [
        "" if column.key == "phone" and text in named else text
        for column, text in zip(columns, cells, strict=True)
    ]


def table(
    report: Report, rows: Iterable[Record], translate: Translate, width: int | None = None
) -> str:
    """The report as text, numbers to the right; it fits into `width` characters if one is given.

    What does not fit gives way: columns by their rank, then the ends of the longest texts.
    """
    # Screens that only write workbooks go without it.
    from tabulate import tabulate

    columns = list(report.columns)
    cells = [row_shown(columns, row, translate) for row in rows]
    heads = [translate(column.heading) for column in columns]
    # tabulate gives a heading two blanks more.
    sizes = [
        max(len(head) + 2, *map(len, each), 0) for head, *each in zip(heads, *cells, strict=True)
    ]
    places = list(range(len(columns)))
    least = [
        min(size, _SHRINK.get(column.kind, size))
        for size, column in zip(sizes, columns, strict=True)
    ]
    while width and sum(least[at] + 2 for at in places) - 2 > width:
        last = max(places, key=lambda at: columns[at].rank)
        if not columns[last].rank:
            break
        places.remove(last)
    while width and (over := sum(sizes[at] + 2 for at in places) - 2 - width) > 0:
        widest = max(places, key=lambda at: (columns[at].kind in _SHRINK, sizes[at]))
        if columns[widest].kind not in _SHRINK or sizes[widest] <= _SHORTEST:
            break
        sizes[widest] = max(_SHORTEST, sizes[widest] - over)
    return tabulate(
        [[one_line(row[at], max(1, sizes[at])) for at in places] for row in cells],
        [heads[at] for at in places],
        disable_numparse=True,
        colalign=["right" if columns[at].kind in _NUMERIC else "left" for at in places],
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


def _text_cell(value: Any) -> str | None:
    """Text for a cell of a CSV."""
    return None if value is None else cell(str(value))


def _flattener(column: Column) -> Callable[[Any], Any] | None:
    """What makes a cell of a value; None: the value itself."""
    if column.kind in ("lines", "list"):
        return lambda value: _text_cell(_flat(column, value))
    return None if column.kind in (*_NUMERIC, "day", "time") else _text_cell


def write_csv(report: Report, rows: Iterable[Record], out: TextIO) -> None:
    """Keys in the first line. Each text stands in quotes, and what a spreadsheet would compute is led
    by an apostrophe, whatever it takes for the separator."""
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    keys = [column.key for column in report.columns]
    writer.writerow(keys)
    # It would give no tuple for one key.
    assert len(keys) > 1, report.name
    pick = itemgetter(*keys)
    made = [(at, _flattener(column)) for at, column in enumerate(report.columns)]
    changed = [(at, make) for at, make in made if make is not None]
    texts = [at for at, make in changed if make is _text_cell]
    plainly = len(texts) == len(changed)

    def flat(row: Sequence[Any]) -> Sequence[Any]:
        cells = list(row)
        for at, make in changed:
            cells[at] = make(cells[at])
        return cells

    picked = map(pick, rows)
    while some := list(islice(picked, _AT_ONCE)):
        columns = list(zip(*some, strict=True))
        told = [*chain.from_iterable(columns[at] for at in texts)]
        if plainly and set(map(type, told)) == {str} and plain_cells(told):
            writer.writerows(some)
        else:
            writer.writerows(map(flat, some))


def written(
    report: Report,
    rows: Iterator[Record],
    format: str,
    translate: Translate,
    width: int | None = None,
) -> str:
    """The report as one text: a table (`width` characters at most), CSV or JSON."""
    out = io.StringIO()
    _write(report, rows, format, out, translate, width)
    return out.getvalue()


def save(
    report: Report,
    rows: Iterator[Record],
    format: str,
    target: Path,
    translate: Translate,
    facts: "Facts | None" = None,
    progress: Progress | None = None,
    store: Path | None = None,
) -> None:
    """Write a file, whole or not at all: first beside it, then in its place. Raises `Cancelled`,
    `FileOpenElsewhere`, `FileUnwritable`, and what `targets.check` raises; `store` as there."""
    output_files.check(target, store)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
        os.close(handle)
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    temporary = Path(name)
    try:
        if format == "xlsx":
            from crm_tui.shop.reports import cells as report_cells
            from crm_tui.shop.reports import workbook

            workbook.write(
                report, rows, facts or report_cells.Facts("", ""), temporary, translate, progress
            )
        else:
            with temporary.open("w", encoding="utf-8") as out:
                _write(report, _watched(rows, progress), format, out, translate)
        if progress is not None:
            progress.begin_final()
        temporary.replace(target)
    except PermissionError as trouble:
        # Windows lets nobody replace a file that a program has open.
        raise FileOpenElsewhere(file=target) from trouble
    except OSError as trouble:
        raise FileUnwritable(file=target, why=trouble.strerror or trouble) from trouble
    finally:
        temporary.unlink(missing_ok=True)


def _write(
    report: Report, rows: Iterator[Record], format: str, out: TextIO, translate: Translate,
    width: int | None = None,
) -> None:  # fmt: skip
    if format == "json":
        write_json(rows, out)
    elif format == "csv":
        write_csv(report, rows, out)
    else:
        out.write(table(report, rows, translate, width) + "\n")


def _watched(rows: Iterator[Record], progress: Progress | None) -> Iterator[Record]:
    """The rows, while somebody may call it off."""
    for count, row in enumerate(rows):
        if progress is not None and count % 500 == 0:
            # How many there will be would take as long to count: the bar only creeps.
            progress.at(count, count + 100_000)
        yield row


def free_name(target: Path) -> Path:
    """A name beside it that no file has yet: "sales 2026-11 (2).xlsx"."""
    number = 2
    path = target
    while path.exists():
        path = target.with_stem(f"{target.stem} ({number})")
        number += 1
    return path
