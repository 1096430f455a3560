"""A file from its octets to rows: looked at, understood, and read below its headings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_tui.shop.imports import files
from crm_tui.shop.imports.cells import plain
from crm_tui.shop.imports.planning import Columns, Plan, planned
from crm_tui.shop.imports.questions import Asks, Choices
from crm_tui.shop.imports.source import Line, Source


@contextmanager
def read(
    columns: Columns, path: Path, asks: Asks, choices: Choices | None = None
) -> Iterator[tuple[Plan, Iterator[Line], Source]]:
    """What the file is, its rows below the headings, and the file itself. Raises an `ImportProblem`."""
    source = files.opened(path, files.look(path))
    try:
        plan = planned(columns, source, path.name, choices or Choices(), asks)
        yield plan, below(source, plan), source
    finally:
        source.close()


SPANNING = frozenset({"date", "phone", "name", "status", "category", "unit"})
"""Fields that a merged cell tells of all the lines that it reaches over. A sum is told once."""


def below(source: Source, plan: Plan) -> Iterator[Line]:
    """The rows below the headings, a table after the other."""
    for begins in plan.tables or (0,):
        plan.begins = begins
        rows = _spread(source, plan)
        if plan.tables:
            end = begins + len(plan.headings)
            rows = ((line, cells[begins:end]) for line, cells in rows)
            rows = (each for each in rows if any(map(plain, each[1])))
        yield from rows


def _spread(source: Source, plan: Plan) -> Iterator[Line]:
    """The rows with what merged cells tell of them."""
    fields = enumerate(plan.fields, start=plan.begins)
    wanted = {column for column, name in fields if name in SPANNING}
    spans = {
        column: {line: last for line, last in ranges if line > plan.line}
        for column, ranges in source.spans(plan.sheet).items() if column in wanted
    }  # fmt: skip
    held: dict[int, tuple[int, object]] = {}
    for line, cells in source.rows(plan.sheet):
        if line <= plan.line:
            continue
        if spans:
            cells = list(cells)
            for column, begun in spans.items():
                last, value = held.get(column, (0, None))
                if line in begun and column < len(cells):
                    held[column] = begun[line], cells[column]
                elif line <= last:
                    cells += [None] * (column + 1 - len(cells))
                    cells[column] = value
        yield line, cells
