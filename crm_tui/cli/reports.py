"""Reports on the command line."""

import sys
from pathlib import Path

import click

from crm_tui.cli.base import Command, Option, Place, open_shop
from crm_tui.errors import N_
from crm_tui.i18n import translate
from crm_tui.shop import formats, loyalty, reports


@click.command(
    "report", cls=Command, help=N_("Show or save a report: orders, messages, times, ranking.")
)
@click.argument("name")
@click.option("--from", "first", cls=Option, metavar="DATE", help=N_("The first day, 2026-12-31."))
@click.option("--to", "last", cls=Option, metavar="DATE", help=N_("The last day."))
@click.option(
    "--as-of", cls=Option, metavar="DATE",
    help=N_("Ranking only: as it stood on the evening of that day."),
)  # fmt: skip
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
    help=N_("Write to a file."),
)
@click.pass_obj
def report(
    place: Place,
    name: str,
    first: str | None,
    last: str | None,
    as_of: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    ctx = open_shop(place)
    # The name of the file says what is wanted, unless it is said.
    suffix = output.suffix.removeprefix(".") if output else ""
    form = form or (suffix if suffix in formats.FORMATS else "table")
    period = reports.Period.parse(first, last, as_of)
    found = reports.find(ctx, name)
    if name == "ranking" and as_of is None and loyalty.is_due(ctx):
        loyalty.choose(ctx)

    def tell(text: str) -> str:
        return translate(text, place.language)

    with ctx.store.reading():
        rows = found.rows(ctx, period)
        if form == "xlsx" and output is None:
            output = place.folder / "exports" / f"{name}.xlsx"
            output.parent.mkdir(exist_ok=True)
        if output is not None:
            formats.save(found, rows, form, output, tell)
            click.echo(place.tell(N_("Written: {file}"), file=output))
            return
        width = place.width if sys.stdout.isatty() else None
        click.echo(formats.written(found, rows, form, tell, width), nl=False)
        if form == "table":
            for figure in found.summary(ctx, period):
                click.echo(
                    place.tell(
                        N_("{what}: median {median}, 95 % within {p95} ({count})"),
                        what=tell(figure["what"]), count=figure["count"],
                        median=formats.duration(figure["median"]),
                        p95=formats.duration(figure["p95"]),
                    )
                )  # fmt: skip
