"""The practice shop."""

import click

from crm_tui.cli import screens
from crm_tui.cli.base import Command, Option
from crm_tui.cli.place import Place
from crm_tui.errors import N_


@click.command(
    "demo",
    cls=Command,
    help=N_("The practice shop, with a simulated modem and a customer's telephone."),
)
@click.option(
    "--story", "in_words", cls=Option, is_flag=True, help=N_("Tell it in words, without a screen.")
)
@click.option(
    "--reset", cls=Option, is_flag=True, help=N_("Throw the practice shop away and start again.")
)
@click.pass_obj
def demo(place: Place, in_words: bool, reset: bool) -> None:
    if screens.possible() and not in_words:
        screens.open_practice(place, reset=reset)
        return
    from crm_tui.practice import story

    def say(text: str) -> None:
        for line in text.split("\n"):
            # A table fits already; a sentence goes on below its own beginning.
            place.say(line, " " * (len(line) - len(line[10:].lstrip()) if len(line) > 10 else 0))

    story.narrate(place.tr, place.retell, say, place.width)
