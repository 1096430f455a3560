"""What all commands of the command line share: language, the shop's folder, errors as sentences."""

import gettext
import io
import logging
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import platformdirs

from crm_tui import i18n
from crm_tui.clock import SystemClock
from crm_tui.errors import N_, Problem, Sentence
from crm_tui.i18n import translate
from crm_tui.text import visible

if TYPE_CHECKING:
    # The shop is loaded by the commands that need it: the screens stand before that.
    from crm_tui.shop.gate.context import Context

log = logging.getLogger(__name__)
_SHOWN_ROWS = 20


class Place:
    """Where the command runs: the shop's folder and the language of the person."""

    def __init__(self, folder: Path | None = None, language: str | None = None) -> None:
        self.folder = folder or Path(platformdirs.user_data_dir("crm-tui", appauthor=False))
        self._language = language
        self.clock = SystemClock()

    def open(self) -> "Context":
        """The shop, acting as the console. Raises a `StoreProblem`."""
        from crm_tui.shop.gate import settings
        from crm_tui.shop.gate.context import Context, console
        from crm_tui.shop.gate.folder import store_path
        from crm_tui.shop.users.settings import CONSOLE_ASKS
        from crm_tui.store import Store

        _spoken["store"] = str(store_path(self.folder))
        store = Store(store_path(self.folder))
        ctx = Context(store, self.clock, console())
        if self._language is None:
            self._language = settings.LANGUAGE(ctx)
        if CONSOLE_ASKS(ctx):
            ctx.prove = self.ask_who
        return ctx

    def ask_who(self, ctx: "Context") -> None:
        """An Administrator's name and password, asked for, or two lines of standard input."""
        from crm_tui.shop.users import login

        if sys.stdin.isatty():
            name = click.prompt(self.tr(N_("Administrator")), default=login.last_one(ctx) or None)
            password = click.prompt(self.tr(N_("Password")), hide_input=True)
        else:
            name, password = (sys.stdin.readline().rstrip("\r\n") for _ in range(2))
        login.vouch(ctx, name, password)

    @property
    def chosen_language(self) -> str | None:
        """What --lang or CRM_TUI_LANG says; None: the shop's own."""
        wanted = os.environ.get("CRM_TUI_LANG", "")
        return self._language or (wanted if wanted in i18n.LANGUAGES else None)

    @property
    def language(self) -> str:
        return self._language or environment_language()

    @property
    def width(self) -> int:
        """How many characters a line of the terminal has."""
        return shutil.get_terminal_size((100, 24)).columns

    def tr(self, text: str, /, **params: object) -> str:
        """`text` in the person's language, harmless for a terminal."""
        return visible(translate(text, self.language, **params))

    def say(self, text: str, indent: str = "    ") -> None:
        """Print a sentence; on a terminal no word is cut, and it goes on behind `indent`."""
        if sys.stdout.isatty():
            text = "\n".join(textwrap.wrap(text, self.width, subsequent_indent=indent))
        click.echo(text)

    def sure(self, question: str) -> bool:
        """Whether the person at the terminal says yes; an end without an answer is a no."""
        try:
            told: str = click.prompt(f"{question} [y/N]", default="", show_default=False)
        except click.Abort:
            click.echo()
            return False
        return told.strip().casefold() in ("y", "ya", "yes")

    def retell(self, stored: Sentence) -> str:
        """A sentence that the store kept, in the person's language."""
        return visible(i18n.retell(stored, self.language))

    def log_to_file(self) -> None:
        """Diagnostics go to crm.log in the shop's folder, readable by its owner alone."""
        path = self.folder / "crm.log"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600))
        except OSError:
            # The first command that writes reports a folder that cannot be written.
            return
        # The handlers are loaded only when the first screen stands.
        from crm_tui.shop_log import ShopLog

        root = logging.getLogger()
        root.addHandler(ShopLog(path))
        root.setLevel(logging.INFO)


def environment_language() -> str:
    """CRM_TUI_LANG, or the program's own language."""
    wanted = os.environ.get("CRM_TUI_LANG", "")
    return wanted if wanted in i18n.LANGUAGES else i18n.DEFAULT


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
    return _spoken.get("language") or environment_language()


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
        # Whatever is written is the owner's alone, rotated logs and exports too.
        os.umask(0o077)
        # Diagnostics never go to the screen.
        logging.getLogger().addHandler(logging.NullHandler())
        for stream in (sys.stdout, sys.stderr):
            # A terminal or a file that cannot show a character gets a question mark.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        args = list(sys.argv[1:] if args is None else args)
        language = _argument_language(args)
        _teach_click(language)
        speak(language)
        extra.pop("standalone_mode", None)
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
        except (click.Abort, KeyboardInterrupt):
            click.echo(err=True)
            sys.exit(1)
        except Problem as problem:
            _show(problem, _spoken.get("language") or language)
            sys.exit(1)
        except BrokenPipeError:
            # The program that read our output has heard enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as trouble:
            of_the_store = _of_the_store(trouble)
            if of_the_store:
                _show(of_the_store, _spoken.get("language") or language)
                sys.exit(1)
            log.exception("unexpected")
            sentence = translate(_UNEXPECTED, _spoken.get("language") or language)
            click.echo(sentence, err=True)
            if os.environ.get("CRM_TUI_DEBUG"):
                raise
            sys.exit(1)


def _of_the_store(trouble: Exception) -> Problem | None:
    """What SQLite says of the shop's file, as a sentence."""
    from crm_tui import sqlite

    if not isinstance(trouble, sqlite.DatabaseError):
        return None
    from crm_tui.store import problem_of

    return problem_of(trouble, Path(_spoken.get("store", "")))


_UNEXPECTED = N_(
    "Something unexpected went wrong. Nothing half done was saved; the details are in crm.log."
)
_spoken: dict[str, str] = {}


def speak(language: str) -> None:
    """From now on errors are in `language` (the shop's, once it is open)."""
    _spoken["language"] = language


def _teach_click(language: str) -> None:
    """Click's own sentences come from the same catalogue: it asks Python's gettext for them."""
    gettext.bindtextdomain(i18n.DOMAIN, str(i18n.FOLDER))
    gettext.textdomain(i18n.DOMAIN)
    os.environ["LANGUAGE"] = language


def _show(problem: Problem, language: str) -> None:
    click.echo(visible(i18n.say(problem, language)), err=True)
    if "rows" in problem.params:
        rows = problem.params["rows"]
        assert isinstance(rows, list)
        for line, why in rows[:_SHOWN_ROWS]:
            told = translate(N_("line {line}: {why}"), language, line=line, why=why)
            click.echo("  " + visible(told), err=True)
        if len(rows) > _SHOWN_ROWS:
            more = translate(N_("… and {count} more"), language, count=len(rows) - _SHOWN_ROWS)
            click.echo("  " + more, err=True)


def open_shop(place: Place, *, warn: bool = True) -> "Context":
    """The shop of `place`; from then on everything is said in its language. `warn`: whether what is
    wrong with it is told first; what tells all of it anyway says it once."""
    from crm_tui import check_result, page_sums, shop_log
    from crm_tui.shop.checks import process, telling
    from crm_tui.shop.gate.folder import store_path
    from crm_tui.shop.imports import cut_off
    from crm_tui.shop.upkeep import surroundings
    from crm_tui.shop.upkeep.settings import LOG_MB

    path = store_path(place.folder)
    if path.exists() and (page_sums.touched(path) or check_result.read(path).strange):
        # After an unclean end, or if somebody else wrote into it.
        process.run(path)
    ctx = place.open()
    speak(place.language)
    place.log_to_file()
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
