"""The office's read side on the command line: reports over all branches, and what only they can
tell."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm_tui.cli.base import Command, Option
from crm_tui.cli.place import Place
from crm_tui.cli.reports import sums
from crm_tui.errors import N_, Problem
from crm_tui.i18n import translate
from crm_tui.shop.reports import formats, publish
from crm_tui.shop.reports.base import Record, Report, Wanted, summed
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.publish import Order
from crm_tui.text import day_and_time

if TYPE_CHECKING:
    from crm_tui.office.reading import BranchContext, ReadSide


@contextmanager
def read_side(place: Place) -> "Iterator[ReadSide]":
    """The office of this place, for reading. What goes wrong on the way to it is a sentence."""
    from crm_tui.office import database, reading
    from crm_tui.shop.gate.context import console

    office = database.opened(place.folder / database.FOLDER)
    with reading.opened(office, place.clock, console()) as found:
        yield found


@click.command(
    "report", cls=Command,
    help=N_("Show or save a report over all branches, or of one: branches, revenue, transfers, and the "
            "reports of a shop."),
)  # fmt: skip
@click.argument("name")
@click.option("--branch", cls=Option, metavar="NAME", help=N_("Of this branch alone."))
@click.option(
    "--by", cls=Option, type=click.Choice(("branch", "sum", "row")),
    help=N_("branch: a line a branch (as it is without this); sum: all in one line; row: all rows, "
            "with their branch."),
)  # fmt: skip
@click.option("--from", "first", cls=Option, metavar="DATE", help=N_("The first day, 2026-12-31."))
@click.option("--to", "last", cls=Option, metavar="DATE", help=N_("The last day."))
@click.option(
    "--as-of", cls=Option, metavar="DATE", help=N_("As it stood on the evening of that day.")
)
@click.option("--part", cls=Option, metavar="NAME", help=N_("Only a part of the rows."))
@click.option("--search", cls=Option, metavar="WORDS", help=N_("Only rows with these words."))
@click.option(
    "--format", "form", cls=Option, type=click.Choice(formats.FORMATS),
    help=N_("table, csv, json or xlsx."),
)  # fmt: skip
@click.option(
    "-o", "--output", cls=Option, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help=N_("Write to a file; an existing one is replaced."),
)  # fmt: skip
@click.pass_obj
def report(
    place: Place, name: str, branch: str | None, by: str | None, first: str | None, last: str | None,
    as_of: str | None, part: str | None, search: str | None, form: str | None, output: Path | None,
) -> None:  # fmt: skip
    from crm_tui.office import reports

    form = formats.form_of(form, output)
    wanted = Wanted(Period.parse(first, last, as_of), part or "", search or "")
    found = reports.find(name, branch, by)
    with read_side(place) as office, office.reading():
        one = office.one(office.branch(branch)) if branch else nullcontext(office.chain())
        with one as ctx:
            _tell(place, ctx, found, wanted, form, output)


def _tell(
    place: Place,
    ctx: "BranchContext",
    report: Report,
    wanted: Wanted,
    form: str,
    output: Path | None,
) -> None:
    report.check(ctx, wanted)
    if form == "xlsx" and output is None:
        output = formats.free_name(publish.usual_target(ctx, report, wanted, form))
    if output is not None:
        publish.write(ctx, Order(report, wanted, form, output), _translated(place))
        click.echo(place.tr(N_("Written: {file}"), file=output))
        return
    rows: Iterable[Record] = report.rows(ctx, wanted.period, wanted.part, wanted.search)
    if form == "table":
        rows = list(rows)
    width = place.width if sys.stdout.isatty() else None
    tr = _translated(place)
    click.echo(formats.written(report, iter(rows), form, tr, width), nl=False)
    if isinstance(rows, list):
        keys = [column.key for column in report.columns if column.total]
        sums(place, report, summed(rows, keys), tr)
        _as_of(place, ctx)


def _translated(place: Place) -> "Translated":
    return Translated(place.language)


class Translated:
    """Translates into one language; what comes from the store stays as it is."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, text: str, /, **params: object) -> str:
        return translate(text, self._language, **params)


def _as_of(place: Place, ctx: "BranchContext") -> None:
    """As of when one branch's figures are."""
    from crm_tui.clock import moment

    branch = ctx.branch
    if not branch.id:
        return
    if not branch.seen_at:
        click.echo(place.tr(N_("{branch}: never heard of yet"), branch=branch.name))
        return
    at = day_and_time(moment(branch.seen_at))
    text = N_("{branch}: as of {at}")
    if branch.clock_off:
        text = N_("{branch}: as of {at}; its clock was off by more than 5 minutes")
    click.echo(place.tr(text, branch=branch.name, at=at))


@click.command(
    "open", cls=Command,
    help=N_("Open the screens of the head office: the reports of all branches."),
)  # fmt: skip
@click.pass_obj
def open_(place: Place) -> None:
    from crm_tui.cli import screens
    from crm_tui.office import database

    office = database.opened(place.folder / database.FOLDER)
    if not screens.possible():
        raise NoTerminal()
    from crm_tui import memory

    memory.begin()
    from crm_tui import office_app

    place.log_to_file()
    office_app.run(office, place.clock, language=place.chosen_language)


class NoTerminal(Problem):
    text = N_("The screens need a terminal. For programs there is: crm-tui office report")


@click.command(
    "lost",
    cls=Command,
    help=N_(
        "Sales that a restored branch no longer has, as a file that `crm-tui import sales` takes."
    ),
)
@click.argument("branch")
@click.option(
    "-o", "--output", cls=Option, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help=N_("Write to a file; an existing one is replaced."),
)  # fmt: skip
@click.pass_obj
def lost(place: Place, branch: str, output: Path | None) -> None:
    from crm_tui.office import missing_sales as losses

    with read_side(place) as office:
        whose = office.branch(branch)
        with office.one(whose):
            found = losses.of(office, whose)
        if output is None:
            click.echo(losses.written(found), nl=False)
            return
        losses.save(office, found, output)
    click.echo(
        place.tr(N_("{count} lines written: {file}"), count=len(found.lines), file=output)
        if found.lines else place.tr(N_("Nothing is lost. Written: {file}"), file=output)
    )  # fmt: skip
