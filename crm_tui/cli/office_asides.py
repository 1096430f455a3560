"""What branches sent that the head office could not pass on, on the command line."""

import json

import click

from crm_tui.cli.base import Command, Group, Option
from crm_tui.cli.place import Place
from crm_tui.errors import N_, Sentence
from crm_tui.text import day_and_time


@click.group(
    "aside", cls=Group,
    help=N_("What branches sent that could not go on to others: list it, pass it on, let it go."),
)  # fmt: skip
def aside() -> None:
    pass


@aside.command(
    "list", cls=Command, help=N_("What lies aside, with its number, its branch and the reason.")
)
@click.option("--format", "form", cls=Option, type=click.Choice(("text", "json")), default="text",
              help=N_("text or json."))  # fmt: skip
@click.pass_obj
def list_(place: Place, form: str) -> None:
    from crm_tui.office import asides, database

    found = asides.look(database.opened(place.folder / database.FOLDER))
    if form == "json":
        click.echo(json.dumps({"aside": [each.record() for each in found]}, indent=1))
        return
    for each in found:
        why = place.tr(each.why) if isinstance(each.why, Sentence) else each.why
        told = N_("{number}  {branch}: {rows} rows of {ledger} ({first} to {last}), {at}: {why}")
        place.say(place.tr(
            told, number=each.number, branch=each.branch, rows=each.rows, ledger=each.ledger,
            first=each.id, last=each.upto, at=day_and_time(each.at), why=why,
        ))  # fmt: skip
    if not found:
        place.say(place.tr(N_("Nothing lies aside.")))


@aside.command(
    "retake", cls=Command,
    help=N_("Pass on what lies aside under NUMBER, also where it is more than others usually take."),
)  # fmt: skip
@click.argument("number", type=int)
@click.pass_obj
def retake(place: Place, number: int) -> None:
    from crm_tui.office import asides, database

    made = database.opened(place.folder / database.FOLDER)
    rows = asides.retake(made, number)
    left = sum(each.rows for each in asides.look(made))
    place.say(
        place.tr(N_("{rows} rows were tried again; {left} lie aside now."), rows=rows, left=left)
    )


@aside.command(
    "dismiss", cls=Command,
    help=N_("Let what lies aside under NUMBER go to nobody; in the books of its branch it stays, which"
            " is told: it counts goods that were to travel, and points come back."),
)  # fmt: skip
@click.argument("number", type=int)
@click.option("--yes", cls=Option, is_flag=True, help=N_("Do not ask."))
@click.pass_obj
def dismiss(place: Place, number: int, yes: bool) -> None:
    from crm_tui.office import asides, database

    made = database.opened(place.folder / database.FOLDER)
    if not yes and not place.sure(place.tr(N_("Let it go to nobody?"))):
        place.say(place.tr(N_("Nothing was changed.")))
        return
    said = place.tr(N_("The head office let it go to nobody; count what is there."))
    rows = asides.dismiss(made, number, said)
    place.say(place.tr(N_("{rows} rows go to nobody."), rows=rows))
