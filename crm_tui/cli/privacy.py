"""What the law lets customers ask for: their data handed out, or erased."""

import sys
from pathlib import Path

import click

from crm_tui.cli.base import Command, Group, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_
from crm_tui.shop.customers import people
from crm_tui.shop.customers.errors import NumberUnknown
from crm_tui.shop.gate import folder, output_files, settings
from crm_tui.shop.gate.context import Context
from crm_tui.shop.gate.phones import checked
from crm_tui.shop.upkeep import leavings, privacy
from crm_tui.text import visible


@click.group(
    "customer", cls=Group,
    help=N_("What a customer may ask for by law: all that is kept of them, or that it is erased."),
)  # fmt: skip
def customer() -> None:
    pass


@customer.command(
    "hand-out",
    cls=Command,
    help=N_("Write all that is kept of the customer with NUMBER into a file."),
)
@click.argument("number")
@click.option(
    "-o", "--output", cls=Option, required=True, type=click.Path(path_type=Path), metavar="FILE",
    help=N_("A JSON file; an existing one is replaced."),
)  # fmt: skip
@click.pass_obj
def hand_out(place: Place, number: str, output: Path) -> None:
    ctx = open_shop(place)
    output_files.check(output, ctx.store.path)
    found = privacy.hand_out(ctx, _customer(ctx, number).id)
    folder.write(output, privacy.written(found))
    click.echo(place.tr(N_("Written: {file}"), file=output))


@customer.command(
    "erase", cls=Command,
    help=N_("Erase name, numbers, address and all SMS of the customer with NUMBER, for good. Sales and "
            "points stay, without the name; what the audit and older backups hold stays there."),
)  # fmt: skip
@click.argument("number")
@click.option("--yes", cls=Option, is_flag=True, help=N_("Do not ask."))
@click.pass_obj
def erase(place: Place, number: str, yes: bool) -> None:
    ctx = open_shop(place)
    found = _customer(ctx, number)
    name = found.name or number
    if not yes and not place.sure(
        place.tr(N_("Erase all that says who {name} is, for good?"), name=name)
    ):
        click.echo(place.tr(N_("Nothing was changed.")))
        sys.exit(1)
    privacy.erase(ctx, found.id)
    click.echo(visible(place.tr(N_("{name} is erased."), name=name)))
    for line in leavings.told(place.tr, leavings.left(ctx)):
        click.echo(line)


def _customer(ctx: Context, number: str) -> people.Customer:
    """Raises `BadPhone`, `NumberUnknown`."""
    found = people.by_phone(ctx, checked(number, settings.COUNTRY(ctx)))
    if found is None:
        raise NumberUnknown(phone=number)
    return found
