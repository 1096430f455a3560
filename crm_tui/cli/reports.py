"""Reports on the command line."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from crm_tui.cli.base import Command, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_
from crm_tui.i18n import translate
from crm_tui.shop.reports import formats, publish, registry
from crm_tui.shop.reports.base import Record, Report, Wanted, summed
from crm_tui.shop.reports.period import Period
from crm_tui.shop.reports.publish import Order


@click.command(
    "report", cls=Command,
    help=N_("Show or save a report: customers, sales, sales-direct, sales-sms, profit, takings, "
            "drawers, stock, moves, purchases, idle, abc, orders, lost, messages, times, health, "
            "readings, ranking, promos, receivables, ageing, statement, exceptions, audit."),
)  # fmt: skip
@click.argument("name")
@click.option("--from", "first", cls=Option, metavar="DATE", help=N_("The first day, 2026-12-31."))
@click.option("--to", "last", cls=Option, metavar="DATE", help=N_("The last day."))
@click.option(
    "--as-of", cls=Option, metavar="DATE",
    help=N_("As it stood on the evening of that day: ranking, stock, idle, customers, receivables, "
            "ageing."),
)  # fmt: skip
@click.option("--part", cls=Option, metavar="NAME", help=N_("Only a part of the rows."))
@click.option("--search", cls=Option, metavar="WORDS", help=N_("Only rows with these words."))
@click.option(
    "--format",
    "form",
    cls=Option,
    type=click.Choice(formats.FORMATS),
    help=N_("table, csv, json or xlsx."),
)
@click.option(
    "-o",
    "--output",
    cls=Option,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=N_("Write to a file; an existing one is replaced."),
)
@click.pass_obj
def report(
    place: Place,
    name: str,
    first: str | None,
    last: str | None,
    as_of: str | None,
    part: str | None,
    search: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    ctx = open_shop(place)
    form = formats.form_of(form, output)
    wanted = Wanted(Period.parse(first, last, as_of), part or "", search or "")
    report = registry.find(ctx, name)
    report.check(ctx, wanted)
    report.bring_up_to_date(ctx, wanted.period)

    def tr(text: str, /, **params: object) -> str:
        return translate(text, place.language, **params)

    if form == "xlsx" and output is None:
        # Nobody has said that another file may go.
        output = formats.free_name(publish.usual_target(ctx, report, wanted, form))
    if output is not None:
        publish.write(ctx, Order(report, wanted, form, output), tr)
        click.echo(place.tr(N_("Written: {file}"), file=output))
        return
    with ctx.store.reading():
        rows: Iterable[Record] = report.rows(ctx, wanted.period, wanted.part, wanted.search)
        if form == "table":
            # It is held whole anyway: its sums come from it, not from another query.
            rows = list(rows)
        width = place.width if sys.stdout.isatty() else None
        click.echo(formats.written(report, iter(rows), form, tr, width), nl=False)
        if isinstance(rows, list):
            if not rows and (told := publish.too_early(ctx, wanted, tr)):
                click.echo(told)
            keys = [column.key for column in report.columns if column.total]
            sums(place, report, summed(rows, keys), tr)
            for heading, told in publish.without_cost(report, report.unknown_among(rows), tr):
                click.echo(f"{heading}: {told}")
            figures = report.summary(ctx, wanted.period)
            for figure in figures:
                click.echo(
                    place.tr(
                        N_("{what}: median {median}, 95 % within {p95} ({count})"),
                        what=tr(figure["what"]), count=figure["count"],
                        median=formats.duration(figure["median"]),
                        p95=formats.duration(figure["p95"]),
                    )
                )  # fmt: skip
            if figures and (scope := publish.of_all(report, wanted, tr)):
                click.echo(scope)


def sums(place: Place, report: Report, totals: Mapping[str, int], tr: Any) -> None:
    """The totals below a table."""
    columns = [column for column in report.columns if column.total and column.key in totals]
    if not columns or not totals["count"]:
        return
    sums = ", ".join(
        f"{tr(column.heading)} {formats.shown(column, totals, tr)}" for column in columns
    )
    click.echo(place.tr(N_("{count} rows: {sums}"), count=totals["count"], sums=sums))
    if told := publish.covered(report, totals, tr):
        click.echo(tr(N_("Profit")) + f" {told}")
