"""Where the program runs, and how it ends: for the screens, too, which know nothing of click."""

import io
import logging
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
_UNEXPECTED = N_(
    "Something unexpected went wrong. Nothing half done was saved; the details are in crm.log."
)
_NO_TEXT = N_("What was typed cannot be read: it is not in UTF-8.")
_spoken: dict[str, str] = {}


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
            import click

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
        import click

        click.echo(text)

    def sure(self, question: str) -> bool:
        """Whether the person at the terminal says yes; an end without an answer is a no."""
        import click

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


def speak(language: str) -> None:
    """From now on errors are in `language` (the shop's, once it is open)."""
    _spoken["language"] = language


def spoken_language(otherwise: str) -> str:
    """The language of errors by now."""
    return _spoken.get("language") or otherwise


def keep_streams() -> None:
    """Streams that whoever began the program has closed lead nowhere; else the next file that is
    opened, a log perhaps, would be what error messages are written into."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - to the end


@contextmanager
def ending(language: str) -> Iterator[None]:
    """The whole program runs within: what goes wrong becomes one sentence and exit 1, never a
    traceback."""
    # Whatever is written is the owner's alone, rotated logs and exports too.
    os.umask(0o077)
    # Diagnostics never go to the screen.
    logging.getLogger().addHandler(logging.NullHandler())
    if isinstance(sys.stdin, io.TextIOWrapper):
        # What is no text there is told by what comes upon it.
        sys.stdin.reconfigure(errors="surrogateescape")
    for stream in (sys.stdout, sys.stderr):
        # A terminal or a file that cannot show a character gets a question mark.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    speak(language)
    try:
        yield
    except KeyboardInterrupt:
        print(file=sys.stderr)
        sys.exit(1)
    except Problem as problem:
        _show(problem, spoken_language(language))
        sys.exit(1)
    except BrokenPipeError:
        # The program that read our output has heard enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as trouble:
        if isinstance(trouble, UnicodeEncodeError) and "surrogates" in trouble.reason:
            # Only what comes from outside has such signs; it may be a password, and is not shown.
            print(translate(_NO_TEXT, spoken_language(language)), file=sys.stderr)
            sys.exit(1)
        of_the_store = _of_the_store(trouble)
        if of_the_store:
            _show(of_the_store, spoken_language(language))
            sys.exit(1)
        log.exception("unexpected")
        print(translate(_UNEXPECTED, spoken_language(language)), file=sys.stderr)
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


def _show(problem: Problem, language: str) -> None:
    print(visible(i18n.say(problem, language)), file=sys.stderr)
    if "rows" in problem.params:
        rows = problem.params["rows"]
        assert isinstance(rows, list)
        for line, why in rows[:_SHOWN_ROWS]:
            told = translate(N_("line {line}: {why}"), language, line=line, why=why)
            print("  " + visible(told), file=sys.stderr)
        every = problem.params.get("every", len(rows))
        assert isinstance(every, int)
        if every > _SHOWN_ROWS:
            more = translate(N_("… and {count} more"), language, count=every - _SHOWN_ROWS)
            print("  " + more, file=sys.stderr)
