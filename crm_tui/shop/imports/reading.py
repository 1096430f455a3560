"""A file from its octets to rows: looked at, understood, and read below its headings."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_tui.shop.imports import files
from crm_tui.shop.imports.planning import Columns, Plan, planned
from crm_tui.shop.imports.questions import Asks, Choices
from crm_tui.shop.imports.source import Line, Source


@contextmanager
def read(
    columns: Columns, path: Path, asks: Asks, choices: Choices | None = None
) -> Iterator[tuple[Plan, Iterator[Line], Collection[int]]]:
    """What the file is, its rows below the headings, and the lines that are hidden. Raises an
    `ImportProblem`."""
    source = files.opened(path, files.look(path))
    try:
        plan = planned(columns, source, path.name, choices or Choices(), asks)
        yield plan, below(source, plan), source.hidden(plan.sheet)
    finally:
        source.close()


def below(source: Source, plan: Plan) -> Iterator[Line]:
    """The rows below the headings."""
    for line, cells in source.rows(plan.sheet):
        if line > plan.line:
            yield line, cells
