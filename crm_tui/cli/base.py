"""What all commands of the command line share: language, the shop's folder, errors as sentences."""

import gettext
import os
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from crm_tui import i18n
from crm_tui.cli.place import Place, ending, environment_language, speak, spoken_language
from crm_tui.i18n import translate

if TYPE_CHECKING:
    # The shop is loaded by the commands that need it: the screens stand before that.
    from crm_tui.shop.gate.context import Context


def _argument_language(args: list[str]) -> str:
    """--lang as it stands on the command line: the help needs it before options are parsed."""
    for position, word in enumerate(args):
        value = word.partition("=")[2] or (args[position + 1 : position + 2] or [""])[0]
        if word.startswith("--lang") and value in i18n.LANGUAGES:
            return value
    return environment_language()


class _Translated:
    """Shows help in the person's language."""

    help: str | None

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(translate(self.help, _help_language()))

    def get_short_help_str(self, limit: int = 45) -> str:
        told = translate(self.help or "", _help_language())
        # The first sentence; the rest is for the command's own help.
        return re.split(r"[.;] |\n|:? \(", told)[0].rstrip(".")


def _help_language() -> str:
    return spoken_language(environment_language())


class Option(click.Option):
    """An option whose help is translated."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record and self.help:
            told = translate(self.help, _help_language())
            return record[0], record[1].replace(self.help, told)
        return record


class Command(_Translated, click.Command):
    """A command whose help is translated."""


class Group(_Translated, click.Group):
    """The whole command line: problems become one sentence and exit 1, never a traceback.

    `rooms` names the module of each command below; it is loaded when it is needed.
    """

    command_class = Command
    rooms: Mapping[str, tuple[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.rooms, *self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.rooms:
            module, name = self.rooms[cmd_name]
            found: click.Command = getattr(import_module(module), name)
            return found
        return super().get_command(ctx, cmd_name)

    def main(  # type: ignore[override]
        self, args: Any = None, **extra: Any
    ) -> Any:
        args = list(sys.argv[1:] if args is None else args)
        language = _argument_language(args)
        _teach_click(language)
        extra.pop("standalone_mode", None)
        with ending(language):
            self._run(args, extra)

    def _run(self, args: list[str], extra: dict[str, Any]) -> None:
        try:
            for word in args:
                if any(0xDC80 <= ord(char) <= 0xDCFF for char in word):
                    from crm_tui.shop.gate.errors import BadText

                    raise BadText(text=word)
            result = super().main(args, standalone_mode=False, **extra)
            sys.exit(result if isinstance(result, int) else 0)
        except click.exceptions.NoArgsIsHelpError as asked:
            click.echo(asked.ctx.get_help() if asked.ctx else "")
            sys.exit(0)
        except click.ClickException as trouble:
            trouble.show()
            sys.exit(2 if isinstance(trouble, click.UsageError) else 1)
        except click.Abort:
            click.echo(err=True)
            sys.exit(1)


def _teach_click(language: str) -> None:
    """Click's own sentences come from the same catalogue: it asks Python's gettext for them."""
    gettext.bindtextdomain(i18n.DOMAIN, str(i18n.FOLDER))
    gettext.textdomain(i18n.DOMAIN)
    os.environ["LANGUAGE"] = language
    for room in (click.core, click.exceptions, click.parser, click.types):
        vars(room)["ngettext"] = _one_or_many


def _one_or_many(one: str, many: str, count: int) -> str:
    """The catalogues have each of the two as a text of its own: Indonesian knows no plural."""
    return gettext.gettext(one if count == 1 else many)


def open_light(place: Place) -> "Context":
    """The shop of `place`, with nothing loaded but what opening it needs; from then on everything is
    said in its language."""
    from crm_tui import check_result, page_sums
    from crm_tui.shop.gate.folder import store_path

    path = store_path(place.folder)
    if path.exists() and (page_sums.touched(path) or check_result.read(path).strange):
        # After an unclean end, or if somebody else wrote into it.
        from crm_tui.shop.checks import process

        process.run(path)
    ctx = place.open()
    speak(place.language)
    place.log_to_file()
    return ctx


def open_shop(place: Place, *, warn: bool = True) -> "Context":
    """As `open_light`, and what was cut off is finished. `warn`: whether what is wrong with the shop is
    told first; what tells all of it anyway says it once."""
    from crm_tui import shop_log
    from crm_tui.shop.checks import telling
    from crm_tui.shop.imports import cut_off
    from crm_tui.shop.upkeep import surroundings
    from crm_tui.shop.upkeep.settings import LOG_MB

    ctx = open_light(place)
    shop_log.bound(LOG_MB(ctx))
    # What any program does when it opens the shop asks nobody.
    ask, ctx.prove = ctx.prove, None
    for each in (*telling.bad(ctx), *surroundings.daily(ctx)) if warn else ():
        # Whoever reads figures must know; the output itself stays as programs expect it.
        click.echo(place.retell(each.sentence), err=True)
    # The next program to start finishes what was cut off.
    if cut_off.found(ctx):
        from crm_tui.shop.imports import staging

        staging.resume(ctx)
    ctx.prove = ask
    return ctx
