"""Setting up the shop: init, settings."""

import sys

import click

from crm_tui.cli.base import Command, Option, open_shop
from crm_tui.cli.place import Place
from crm_tui.errors import N_
from crm_tui.shop.gate import settings
from crm_tui.shop.gate.errors import BadInput
from crm_tui.shop.messages import filling
from crm_tui.shop.users import accounts, setup
from crm_tui.shop.users.errors import PasswordsDiffer


@click.command(
    "init",
    cls=Command,
    help=N_("Set up a shop. The Administrator's password is read twice from standard input."),
)
@click.option("--shop", cls=Option, required=True, metavar="NAME", help=N_("The shop's name."))
@click.option(
    "--admin", cls=Option, required=True, metavar="USER", help=N_("The first Administrator.")
)
@click.pass_obj
def init(place: Place, shop: str, admin: str) -> None:
    password = _new_password(place)
    setup.init(place.folder, place.clock, shop=shop, admin=admin, password=password)
    click.echo(place.tr(N_("{shop} is set up in {folder}."), shop=shop, folder=place.folder))


def _new_password(place: Place) -> str:
    """Asked for twice, or two lines of standard input. Raises `PasswordsDiffer`."""
    if sys.stdin.isatty():
        first: str = click.prompt(place.tr(N_("Password")), hide_input=True)
        second: str = click.prompt(place.tr(N_("The same again")), hide_input=True)
    else:
        first, second = (sys.stdin.readline().rstrip("\r\n") for _ in range(2))
    if first != second:
        raise PasswordsDiffer()
    return first


@click.command(
    "recover",
    cls=Command,
    help=N_("Give an Administrator a new password when nobody can sign in any more; it is read twice"
            " from standard input. Every login tells of it for a week."),
)  # fmt: skip
@click.argument("user")
@click.pass_obj
def recover(place: Place, user: str) -> None:
    ctx = open_shop(place)
    # Nobody may be left who could be asked.
    ctx.prove = None
    accounts.recover(ctx, user, _new_password(place))
    click.echo(
        place.tr(N_("{user} has a new password, and chooses another one at the login."), user=user)
    )


@click.command(
    "settings",
    cls=Command,
    help=N_(
        "Show the settings (all, or those that begin with KEY), or change one: KEY VALUE. Secret ones "
        "are asked for: KEY -"
    ),
)
@click.argument("key", required=False)
@click.argument("value", required=False)
@click.option("--reset", cls=Option, is_flag=True, help=N_("Go back to the default."))
@click.pass_obj
def settings_(place: Place, key: str | None, value: str | None, reset: bool) -> None:
    ctx = open_shop(place)
    if key is not None and value is not None:
        settings.change(ctx, key, _value(place, key, value))
    elif key is not None and reset:
        settings.reset(ctx, key)
    known = settings.every()
    wanted = [name for name in sorted(known) if name.startswith(key or "")]
    if not wanted:
        settings.find(key or "")
    for name in wanted:
        setting = known[name]
        shown = "…" if setting.secret and setting(ctx) else setting.told(setting(ctx), place.tr)
        if setting.words:
            # As it is typed here.
            shown = str(setting(ctx))
        click.echo(place.tr(setting.help))
        click.echo(
            "    " + place.tr("{name} = {shown}", name=name, shown=shown.replace("\n", "\n      "))
        )
        if setting.words:
            choices = (f"{each} ({place.tr(word)})" for each, word in setting.words.items())
            click.echo("      " + place.tr(N_("may be: {choices}"), choices=", ".join(choices)))
        refused = setting.refused(ctx)
        if refused is not None:
            click.echo("      " + place.tr(settings.REFUSED, value=refused))
        fields = filling.fields_of(name)
        if fields:
            click.echo("      " + place.tr(N_("may contain: {fields}"), fields=" ".join(fields)))


class SecretTold(BadInput):
    text = N_("Whoever uses this computer sees what stands in a command. Let it be asked for:"
              " crm-tui settings {key} -")  # fmt: skip


class SecretUntold(BadInput):
    text = N_("Nothing came from standard input; {key} stays as it is.")


def _value(place: Place, key: str, value: str) -> str:
    """What was typed; a secret is asked for, and never stands in the command. Raises `SecretTold`,
    `SecretUntold`."""
    if not settings.find(key).secret:
        return value
    if value not in ("", "-"):
        raise SecretTold(key=key)
    if not value:
        return value
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise SecretUntold(key=key)
        return line.rstrip("\r\n")
    told: str = click.prompt(place.tr(settings.find(key).help), hide_input=True, default="")
    return told
