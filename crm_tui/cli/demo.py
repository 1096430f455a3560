"""The practice shop."""

import click

from crm_tui.cli.base import Command, Option, Place
from crm_tui.errors import N_
from crm_tui.practice import story


@click.command("demo", cls=Command, help=N_("A day in the practice shop, with a simulated modem."))
@click.option(
    "--story", "in_words", cls=Option, is_flag=True, help=N_("Told in words, without a screen.")
)
@click.pass_obj
def demo(place: Place, in_words: bool) -> None:
    def say(text: str) -> None:
        for line in text.split("\n"):
            # A table fits already; a sentence goes on below its own beginning.
            place.say(line, " " * (len(line) - len(line[10:].lstrip()) if len(line) > 10 else 0))

    story.tell(place.tell, place.retell, say, place.width)
