"""Everything taken out at once, so that nobody is locked in: a CSV a table, all of them in a workbook,
and what their columns hold.

    store (one moment) ─stream─▶ .NAME.part/ ─rename─▶ NAME/ customers.csv … columns.csv everything.xlsx

The folder stands there whole, or not at all. Passwords, PINs and secret settings stay where they are.
"""

import csv
import itertools
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_tui.errors import N_
from crm_tui.i18n import Translate
from crm_tui.shop.gate import access, settings
from crm_tui.shop.gate.commands import command
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.errors import BadInput, FileUnwritable, FolderMissing
from crm_tui.shop.reports import formats
from crm_tui.shop.reports.base import Report
from crm_tui.shop.upkeep import tables
from crm_tui.shop.upkeep.tables import Table
from crm_tui.store import StoreCorrupt, StoreDamaged
from crm_tui.text import day_and_time

log = logging.getLogger(__name__)

BOOK = "everything.xlsx"
NOTES = "columns.csv"

Tell = Callable[[str, int], object]


class FolderTaken(BadInput):
    text = N_("{folder} holds files already. Name a folder that is empty, or is not there yet.")


@command("upkeep.export", "upkeep.export")
def begin(ctx: Context, folder: Path) -> None:
    """The record that somebody takes everything out; it stands before the first row is read."""
    ctx.record("everything", None, {"folder": str(folder)})
    ctx.changed("upkeep", 0)


@dataclass(frozen=True)
class Taken:
    """The rows of each table; `cut`: tables of a damaged store of which some could not be read."""

    rows: dict[str, int]
    cut: tuple[str, ...] = ()


def export(
    ctx: Context, folder: Path, tr: Translate, progress: Tell = lambda name, rows: None
) -> Taken:
    """Write everything into `folder`, of a damaged store what can be read. Memory does not grow with
    the rows.

    Raises `NotAllowed`, `FolderTaken`, `FolderMissing`, `FileUnwritable`; then nothing stays behind.
    """
    folder = folder.absolute()
    _refuse_taken(folder)
    try:
        begin(ctx, folder)
        return Taken(_export(ctx, folder, tr, progress, None))
    except (StoreDamaged, StoreCorrupt) as trouble:
        # Nothing is written into such a store, an audit neither.
        log.warning("everything is taken out of a damaged store: %s", trouble)
        access.require(ctx, "upkeep.export")
    cut: set[str] = set()
    with _whatever_stands_there(ctx):
        rows = _export(ctx, folder, tr, progress, cut)
    return Taken(rows, tuple(sorted(cut)))


@contextmanager
def _whatever_stands_there(ctx: Context) -> Iterator[None]:
    """Texts that are damaged are read as far as they are texts."""
    connection = ctx.db.conn
    connection.text_factory = lambda octets: octets.decode("utf-8", "replace")
    try:
        yield
    finally:
        connection.text_factory = str


def _export(
    ctx: Context, folder: Path, tr: Translate, tell: Tell, cut: set[str] | None
) -> dict[str, int]:
    part = folder.with_name(f".{folder.name}.part")
    try:
        # What an export that was killed has left.
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        with ctx.store.reading():
            counts = _write(ctx, part, tr, tell, cut)
        if folder.exists():
            folder.rmdir()
        os.replace(part, folder)
    except OSError as trouble:
        raise FileUnwritable(file=folder, why=trouble.strerror or trouble) from trouble
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return counts


def _refuse_taken(folder: Path) -> None:
    # What the system says of a name, its length or its disk, is told where it is written.
    if not os.path.isdir(folder.parent):
        raise FolderMissing(folder=folder.parent)
    try:
        if not os.listdir(folder):
            return
    except OSError:
        if not os.path.lexists(folder):
            return
    raise FolderTaken(folder=folder)


def _write(
    ctx: Context, folder: Path, tr: Translate, tell: Tell, cut: set[str] | None
) -> dict[str, int]:
    every = tables.every(ctx, tr, cut)
    counts = {}
    for table in every:
        counts[table.name] = _write_csv(table, folder / f"{table.name}.csv")
        tell(table.name, counts[table.name])
    _write_notes(every, folder / NOTES, tr)
    _write_book(ctx, every, counts, folder / BOOK, tr)
    return counts


def _report(table: Table) -> Report:
    """The table as the reports' writers take it."""
    return Report(table.name, table.name, table.columns, make=lambda ctx, period: table.rows())


def _write_csv(table: Table, file: Path) -> int:
    """Returns how many rows there were."""
    counter = itertools.count()

    def counted() -> Iterator[dict[str, Any]]:
        for row in table.rows():
            next(counter)
            yield row

    with file.open("w", encoding="utf-8") as out:
        formats.write_csv(_report(table), counted(), out)
    return next(counter)


def _notes(every: Sequence[Table], tr: Translate) -> Iterator[tuple[str, str, str]]:
    """Lines of what tables and columns hold; a table's own line names no column."""
    for table in every:
        yield table.name, "", tr(table.about)
        for column, note in zip(table.columns, table.notes, strict=True):
            yield table.name, column.key, note


def _write_notes(every: Sequence[Table], file: Path, tr: Translate) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(("table", "column", "holds"))
        writer.writerows(_notes(every, tr))


def _write_book(
    ctx: Context, every: Sequence[Table], counts: dict[str, int], file: Path, tr: Translate
) -> None:
    """One workbook, a sheet a table; a table that is too long for one goes on on the next."""
    from crm_tui.shop.reports import workbook

    heading = [
        (settings.SHOP_NAME(ctx), "", day_and_time(ctx.now)),
        (
            "",
            "",
            tr(N_("Moments are this computer's local time; passwords and PINs are left out.")),
        ),
    ]
    sheets = [(_report(table), table.rows(), counts[table.name]) for table in every]
    workbook.write_many([*heading, *_notes(every, tr)], tr(N_("Columns")), sheets, file)
