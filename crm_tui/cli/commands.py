"""All commands, and the options that they share."""

from pathlib import Path

import click

from crm_tui import __version__, i18n
from crm_tui.cli import screens
from crm_tui.cli.base import Group, Option
from crm_tui.cli.place import Place, speak
from crm_tui.errors import N_


@click.group(
    cls=Group,
    help=N_("Customer relations over SMS for a spare-parts shop."),
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--data",
    cls=Option,
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CRM_TUI_DATA",
    metavar="DIR",
    help=N_("The shop's folder."),
)
@click.option(
    "--lang", cls=Option, type=click.Choice(i18n.LANGUAGES), help=N_("Language: id or en.")
)
@click.version_option(
    __version__, prog_name="crm-tui", cls=Option, help=N_("Show the version and exit.")
)
@click.pass_context
def main(ctx: click.Context, data: Path | None, lang: str | None) -> None:
    if lang:
        speak(lang)
    ctx.obj = Place(data, lang)
    if ctx.invoked_subcommand is None:
        if not screens.possible():
            click.echo(ctx.get_help())
        else:
            screens.open_shop(ctx.obj)


assert isinstance(main, Group)
main.rooms = {
    "demo": ("crm_tui.cli.demo", "demo"),
    "init": ("crm_tui.cli.shop", "init"),
    "import": ("crm_tui.cli.importing", "import_"),
    "settings": ("crm_tui.cli.shop", "settings_"),
    "recover": ("crm_tui.cli.shop", "recover"),
    "gateway": ("crm_tui.cli.sms", "gateway"),
    "clock": ("crm_tui.cli.clock", "clock"),
    "balance": ("crm_tui.cli.sms", "balance_"),
    "send": ("crm_tui.cli.sms", "send"),
    "read": ("crm_tui.cli.sms", "read"),
    "confirm": ("crm_tui.cli.sms", "confirm"),
    "reject": ("crm_tui.cli.sms", "reject"),
    "report": ("crm_tui.cli.reports", "report"),
    "backup": ("crm_tui.cli.backups", "backup"),
    "restore": ("crm_tui.cli.backups", "restore"),
    "customer": ("crm_tui.cli.privacy", "customer"),
    "export": ("crm_tui.cli.upkeep", "export"),
    "check": ("crm_tui.cli.upkeep", "check"),
    "office": ("crm_tui.cli.office", "office"),
    "chain": ("crm_tui.cli.chain", "chain"),
    "simulate": ("crm_tui.cli.simulate", "simulate"),
}
