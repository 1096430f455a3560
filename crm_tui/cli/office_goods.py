"""Items and prices of the head office, on the command line."""

from collections.abc import Sequence
from pathlib import Path

import click

from crm_tui.cli.base import Command, Option
from crm_tui.cli.place import Place
from crm_tui.errors import N_


@click.command(
    "price", cls=Command,
    help=N_("Ask for a price in all branches that have the item and no price of their own."),
)  # fmt: skip
@click.argument("code")
@click.argument("rupiah")
@click.pass_obj
def price(place: Place, code: str, rupiah: str) -> None:
    from crm_tui.office import central, database
    from crm_tui.shop.gate import money

    amount = money.parsed(rupiah)
    central.set_price(database.opened(place.folder / database.FOLDER), code, amount)
    place.say(
        place.tr(N_("{code} costs {price} from now on, in each branch as soon as it comes."),
                 code=code, price=money.rupiah(amount))
    )  # fmt: skip


@click.command(
    "items", cls=Command,
    help=N_("Send the items of a CSV or XLSX file to all branches: new ones, names, units, prices."),
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--answer", "answers", cls=Option, multiple=True, metavar="KEY=ANSWER",
    help=N_("The answer to a question of the file."),
)  # fmt: skip
@click.pass_obj
def items(place: Place, file: Path, answers: Sequence[str]) -> None:
    from crm_tui.cli import importing
    from crm_tui.office import central, database
    from crm_tui.shop.imports import items as import_items
    from crm_tui.shop.imports.errors import QuestionsOpen

    made = database.opened(place.folder / database.FOLDER)
    try:
        rows = import_items.read_file(file, dict(map(importing.parted, answers)))
    except QuestionsOpen as asked:
        importing.show_questions(place, asked.questions)
        raise
    count = central.set_items(made, rows)
    place.say(place.tr(N_("{count} items go to all branches."), count=count))
