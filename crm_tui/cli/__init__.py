"""The command line. Each file holds a group of commands; they call what the screens call."""

from pathlib import Path

import click

from crm_tui import __version__, i18n
from crm_tui.cli import demo, reports, shop, simulate, sms
from crm_tui.cli.base import Group, Option, Place, speak
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
        click.echo(ctx.get_help())


for command in (
    demo.demo,
    shop.init,
    shop.import_,
    shop.settings_,
    sms.gateway,
    sms.send,
    sms.read,
    sms.confirm,
    sms.reject,
    reports.report,
    simulate.simulate,
):
    main.add_command(command)
