"""The lines of a file that cannot be taken, as a file of their own by which they are put right."""

import csv
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from crm_tui.errors import N_, Problem
from crm_tui.i18n import Translate
from crm_tui.shop.gate import folder, output_files
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.imports.errors import RowProblem
from crm_tui.shop.imports.planning import Plan
from crm_tui.shop.imports.staged import Staging
from crm_tui.text import cell

_HEADINGS = (N_("Line of the file"), N_("Column"), N_("Value"), N_("Why"))


class TargetIsSource(BadInput):
    text = N_("{file} is the file that is taken in, and would be lost. Name another one.")


def check(target: Path, source: Path, store: Path) -> None:
    """Whether the lines of `source` that are wrong may be written there. Raises `TargetIsSource`, and
    what `output_files.check` raises."""
    output_files.check(target, store)
    if target.exists() and source.exists() and os.path.samefile(target, source):
        raise TargetIsSource(file=target)


def table(rows: Sequence[tuple[int, Problem]], plan: Plan | None, tr: Translate) -> str:
    """CSV with a line for each: which line, column and value, and why."""
    out = io.StringIO()
    # Spreadsheets take it for UTF-8.
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([tr(each) for each in _HEADINGS])
    for line, why in rows:
        writer.writerow((line, *map(cell, _told(why, plan, tr))))
    return out.getvalue()


def _told(why: Problem, plan: Plan | None, tr: Translate) -> Iterator[str]:
    column = str(why.params.get("column", ""))
    if not column and isinstance(why, RowProblem) and why.field:
        column = plan.heading(why.field) if plan is not None else why.field
    yield column
    yield why.value if isinstance(why, RowProblem) else ""
    yield tr(why.text, **why.params)


def said(count: int, every: int, file: Path, tr: Translate) -> str:
    """That `count` of `every` line that is wrong are in a file now."""
    if count < every:
        told = N_("The first {count} of {every} lines are in {file}.")
        return tr(told, count=count, every=every, file=file)
    return tr(N_("All {count} lines are in {file}."), count=count, file=file)


def into_exports(ctx: Context, staged: Staging, tr: Translate) -> str:
    """Write the wrong lines of a file into exports/, named after it; where they are now, in words.
    Raises `FileUnwritable`."""
    name = tr(N_("wrong-lines-{file}"), file=Path(staged.file).stem[:60]) + ".csv"
    written = table(staged.refused, staged.plan, tr).removesuffix("\n")
    target = folder.save(ctx, name, written)
    return said(len(staged.refused), staged.refused_count, target, tr)
